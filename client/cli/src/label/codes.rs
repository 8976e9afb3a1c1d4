//! Making lists of codes.

use crate::{
    fields::show,
    files::{is_free, write_whole},
    output::{Printer, note},
};
use clap::Args;
use ecoledger_client::{
    Error,
    labels::{CODES_MAX, CodeScheme, random_codes},
};
use serde_json::json;
use std::{io::Write as _, path::PathBuf};

/// How many codes, of which kind, and where they go.
#[derive(Args, Debug)]
pub(crate) struct CodesArgs {
    /// How many codes.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(CODES_MAX)))]
    count: u32,
    /// Organic codes (有机码) of this certification body and year, such as 134/26: the last three
    /// digits of its approval number, and two of the year. Serial numbers of 16 characters unless
    /// given.
    #[arg(long, value_name = "BODY/YEAR", value_parser = read_scheme)]
    organic: Option<CodeScheme>,
    /// File to write, which its owner alone can read.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace the file if it is there: its codes are lost.
    #[arg(long)]
    force: bool,
}

fn read_scheme(text: &str) -> Result<CodeScheme, String> {
    text.split_once('/')
        .filter(|(body, year)| (body.len(), year.len()) == (3, 2))
        .and_then(|(body, year)| CodeScheme::organic_like(&format!("{body}{year}{:012}", 0)).ok())
        .ok_or_else(|| {
            "three digits of a body and two of a year are expected, such as 134/26".into()
        })
}

pub(super) fn make(args: &CodesArgs, printer: Printer) -> Result<(), Error> {
    is_free(&args.out, args.force)?;
    let codes = random_codes(args.organic.as_ref().unwrap_or(&CodeScheme::Gs1Serial), args.count)?;
    write_whole(&args.out, args.force, |out| {
        for code in &codes {
            writeln!(out, "{code}")?;
        }
        Ok(())
    })?;
    show(
        printer,
        &json!({ "codes": args.count, "out": args.out }),
        &[("codes", args.count.to_string()), ("written to", args.out.display().to_string())],
    );
    note(
        "keep the file secret until its labels are in use, and keep a copy: who has a code can print its label",
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_and_years_are_read() {
        let scheme = CodeScheme::Organic { certifier: "134".into(), year: "26".into() };
        assert_eq!(read_scheme("134/26"), Ok(scheme));
        for text in ["", "134", "134/2026", "13/426", "13A/26", "134/2六", "134/26/"] {
            assert!(read_scheme(text).is_err(), "{text}");
        }
    }
}

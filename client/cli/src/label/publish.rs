//! Publishing lists of codes, and printing them.

use super::{open, series_of};
use crate::{
    fields::show,
    files::{is_free, write_whole},
    http,
    output::Printer,
};
use clap::Args;
use ecoledger_client::{
    Client, Error,
    digital_link::DigitalLink,
    labels::{CodeError, CodeScheme, ListIndex, Series},
    sheet::{Label, Layout, LayoutBuilder, SheetError, sheets_svg, write_pdf},
};
use ecoledger_gateway::read_address;
use serde_json::json;
use std::{
    io::Write as _,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

/// What a list is.
const KIND: &str = "text/plain; charset=utf-8";

/// A list and where it goes.
#[derive(Args, Debug)]
pub(crate) struct PublishArgs {
    /// Number of the series.
    series: u32,
    /// File with one code a line.
    #[arg(long, value_name = "FILE")]
    codes: PathBuf,
    /// Address of a gateway; give several to have the list in several places.
    #[arg(long, value_name = "URL", required = true, value_parser = read_address)]
    gateway: Vec<String>,
}

/// What is printed, and how.
#[derive(Args, Debug)]
pub(crate) struct PrintArgs {
    /// Number of the series.
    series: u32,
    /// File with one code a line.
    #[arg(long, value_name = "FILE")]
    codes: PathBuf,
    /// Address that the QR codes lead to, such as `https://trace.example`: a gateway or resolver.
    #[arg(long, value_name = "URL", value_parser = read_address)]
    to: String,
    /// File to write: one .pdf; or, where the name ends in .svg, one file a page, numbered.
    #[arg(long, value_name = "FILE", value_parser = read_out)]
    out: PathBuf,
    /// Replace files that are there.
    #[arg(long)]
    force: bool,
    /// Labels beside each other on an A4 page.
    #[arg(long, default_value_t = 4)]
    columns: u16,
    /// Labels below each other on an A4 page.
    #[arg(long, default_value_t = 8)]
    rows: u16,
    /// Width of a module of the QR code, in micrometres; a multiple of the printer's dot is sharpest.
    #[arg(long, default_value_t = 500)]
    module_um: u32,
    /// Position of the first code to print, from 0.
    #[arg(long, default_value_t = 0)]
    from: usize,
    /// How many to print, as far as there are; all unless given.
    #[arg(long)]
    count: Option<NonZeroUsize>,
}

/// By which the kind of file is told.
const KINDS: [&str; 2] = ["pdf", "svg"];

fn kind_of(out: &Path) -> Option<&'static str> {
    let extension = out.extension()?.to_str()?;
    KINDS.into_iter().find(|kind| extension.eq_ignore_ascii_case(kind))
}

fn read_out(text: &str) -> Result<PathBuf, String> {
    let out = PathBuf::from(text);
    kind_of(&out)
        .map(|_| out.clone())
        .ok_or_else(|| "a name that ends in .pdf or .svg is expected".into())
}

/// Checks that the file is the list of the series; gives the list's bytes in canonical form.
fn checked(id: u32, series: &Series, codes: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let index = ListIndex::build(open(codes)?, &series.scheme, &series.gtin, &mut bytes)?;
    if index.committed().list == series.list {
        return Ok(bytes);
    }
    Err(Error::Arguments(format!(
        "codes: {} is not the list of series {id}: SHA-256 {} is expected, got {}",
        codes.display(),
        series.list,
        index.committed().list
    )))
}

pub(super) async fn publish(
    client: &Client,
    args: &PublishArgs,
    printer: Printer,
) -> Result<(), Error> {
    let series = series_of(client, args.series).await?;
    let bytes = checked(args.series, &series, &args.codes)?;
    for gateway in &args.gateway {
        printer.progress(&format!("{} codes to {gateway}", series.n_codes));
        let (gateway, body) = (gateway.clone(), bytes.clone());
        let path = format!("/api/v1/series/{}/list", args.series);
        let sent =
            tokio::task::spawn_blocking(move || http::put(&gateway, &path, KIND, &body)).await;
        sent.map_err(|error| Error::Gateway(error.to_string()))??;
    }
    show(
        printer,
        &json!({ "series": args.series, "list": series.list, "gateways": args.gateway }),
        &[
            ("series", args.series.to_string()),
            ("list", series.list.to_string()),
            ("published at", args.gateway.join(", ")),
        ],
    );
    Ok(())
}

fn refused(error: SheetError) -> Error {
    Error::Arguments(format!("labels: {error}"))
}

/// The Digital Link of a code; an organic code has a path of its own, which is none of GS1's.
fn uri_of(series: &Series, lot: &str, to: &str, code: &str) -> String {
    match series.scheme {
        CodeScheme::Gs1Serial => DigitalLink {
            key: ("01".into(), series.gtin.to_string()),
            qualifiers: vec![("10".into(), lot.into()), ("21".into(), code.into())],
            attributes: Vec::new(),
            other_query: Vec::new(),
        }
        .uri(to),
        CodeScheme::Organic { .. } => format!("{to}/product/organic/{code}"),
    }
}

pub(super) async fn print(
    client: &Client,
    args: &PrintArgs,
    printer: Printer,
) -> Result<(), Error> {
    let series = series_of(client, args.series).await?;
    let height = client.height().await?;
    let batch = client.batch(series.batch.as_str(), height).await?;
    let lot = batch.ok_or_else(|| Error::NotFound(format!("batch {}", series.batch)))?.lot;
    let bytes = checked(args.series, &series, &args.codes)?;
    let layout = LayoutBuilder {
        columns: args.columns,
        rows: args.rows,
        module_um: args.module_um,
        ..LayoutBuilder::default()
    }
    .build()
    .map_err(refused)?;
    let codes: Vec<&str> =
        std::str::from_utf8(&bytes).map_err(|_| CodeError::Text(bytes.len()))?.lines().collect();
    let count = args.count.map_or(usize::MAX, NonZeroUsize::get);
    let printed = codes.get(args.from..).filter(|codes| !codes.is_empty()).ok_or_else(|| {
        Error::Arguments(format!(
            "--from: the list has {} codes, the first at position 0; got {}",
            codes.len(),
            args.from
        ))
    })?;
    let printed = printed.get(..count).unwrap_or(printed);
    let labels = printed.iter().map(|code| {
        let lines = match series.scheme {
            CodeScheme::Gs1Serial => {
                vec![format!("(01){}", series.gtin), format!("(10){lot}"), format!("(21){code}")]
            }
            CodeScheme::Organic { .. } => vec![(*code).to_owned()],
        };
        Ok(Label { uri: uri_of(&series, &lot, &args.to, code), lines })
    });
    let n_pages = if kind_of(&args.out) == Some("svg") {
        let n_pages = printed.len().div_ceil(layout.labels_per_page() as usize);
        write_svg(labels, n_pages, &layout, args)?
    } else {
        is_free(&args.out, args.force)?;
        write_whole(&args.out, args.force, |out| {
            Ok(write_pdf(labels, &layout, out).map_err(refused)?)
        })?
    };
    show(
        printer,
        &json!({ "series": args.series, "out": args.out, "pages": n_pages }),
        &[("printed to", args.out.display().to_string()), ("pages", n_pages.to_string())],
    );
    Ok(())
}

/// One file a page: `labels-1.svg`, `labels-2.svg`.
fn write_svg(
    labels: impl Iterator<Item = Result<Label, SheetError>>,
    n_pages: usize,
    layout: &Layout,
    args: &PrintArgs,
) -> Result<u64, Error> {
    let stem = args.out.with_extension("");
    let file_of = |page: usize| PathBuf::from(format!("{}-{page}.svg", stem.display()));
    for page in 1..=n_pages {
        is_free(&file_of(page), args.force)?;
    }
    for (page, text) in (1..).zip(sheets_svg(labels, layout)) {
        let text = text.map_err(refused)?;
        write_whole(&file_of(page), args.force, |out| Ok(out.write_all(text.as_bytes())?))?;
    }
    Ok(n_pages as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_of_kinds_that_are_written() {
        for name in ["labels.pdf", "a/labels.SVG"] {
            assert_eq!(read_out(name), Ok(PathBuf::from(name)));
        }
        for name in ["labels.png", "labels", "pdf", ".svg", ""] {
            assert!(read_out(name).is_err(), "{name}");
        }
    }
}

//! Publishing lists of codes, and printing them.

use super::{open, series_of};
use crate::{fields::show, http, output::Printer};
use clap::Args;
use ecoledger_client::{
    Client, Error,
    digital_link::DigitalLink,
    labels::{CodeScheme, ListIndex, Series},
    sheet::{Label, Layout, LayoutBuilder, SheetError, sheets_svg, write_pdf},
};
use serde_json::json;
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
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
    #[arg(long, value_name = "URL", required = true)]
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
    #[arg(long, value_name = "URL")]
    to: String,
    /// File to write: one PDF; or, where the name ends in .svg, one file a page, numbered.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
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
    /// How many to print; all unless given.
    #[arg(long)]
    count: Option<usize>,
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
        let url = format!("{}/api/v1/series/{}/list", gateway.trim_end_matches('/'), args.series);
        printer.progress(&format!("{} codes to {gateway}", series.n_codes));
        let body = bytes.clone();
        let sent = tokio::task::spawn_blocking(move || http::put(&url, KIND, &body)).await;
        let sent = sent.map_err(|error| Error::Connection(format!("{gateway}: {error}")))?;
        sent.map_err(|why| Error::Connection(format!("{gateway}: {why}")))?;
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

/// A label that was refused, or a file.
#[derive(Debug, thiserror::Error)]
enum PrintError {
    #[error("labels: {0}")]
    Sheet(#[from] SheetError),
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl From<PrintError> for Error {
    fn from(error: PrintError) -> Self {
        Self::Arguments(error.to_string())
    }
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
    let to = args.to.trim_end_matches('/').to_owned();
    if !(to.starts_with("https://") || to.starts_with("http://")) {
        return Err(Error::Arguments(format!(
            "--to: an address with https:// is expected, got {to}"
        )));
    }
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
    .map_err(PrintError::from)?;
    let labels = BufReader::new(bytes.as_slice())
        .lines()
        .skip(args.from)
        .take(args.count.unwrap_or(usize::MAX))
        .map(|code| {
            let code = code?;
            let shown = match series.scheme {
                CodeScheme::Gs1Serial => {
                    vec![
                        format!("(01){}", series.gtin),
                        format!("(10){lot}"),
                        format!("(21){code}"),
                    ]
                }
                CodeScheme::Organic { .. } => vec![code.clone()],
            };
            Ok(Label { uri: uri_of(&series, &lot, &to, &code), lines: shown })
        });
    let is_svg = args.out.extension().is_some_and(|extension| extension == "svg");
    let n_pages = if is_svg {
        write_svg(labels, &layout, &args.out)?
    } else {
        write_whole(labels, &layout, &args.out)?
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
    labels: impl Iterator<Item = Result<Label, PrintError>>,
    layout: &Layout,
    out: &Path,
) -> Result<u64, PrintError> {
    let stem = out.with_extension("");
    let mut n_pages = 0u64;
    for page in sheets_svg(labels, layout) {
        n_pages += 1;
        fs::write(format!("{}-{n_pages}.svg", stem.display()), page?)?;
    }
    Ok(n_pages)
}

/// Under another name until it is whole.
fn write_whole(
    labels: impl Iterator<Item = Result<Label, PrintError>>,
    layout: &Layout,
    out: &Path,
) -> Result<u64, PrintError> {
    let partial = out.with_extension("partial");
    let mut file = BufWriter::new(File::create(&partial)?);
    let written = write_pdf(labels, layout, &mut file).and_then(|n_pages| {
        file.flush()?;
        Ok(n_pages)
    });
    match written {
        Ok(n_pages) => {
            fs::rename(&partial, out)?;
            Ok(n_pages)
        }
        Err(error) => {
            fs::remove_file(&partial)?;
            Err(error)
        }
    }
}

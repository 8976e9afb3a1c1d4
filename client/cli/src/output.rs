//! Results for people and for programs.

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use ecoledger_client::{Entry, Error, KeyPair, Receipt};
use serde_json::{Value, json};
use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
    process,
};

/// Writes a line to standard output. When nobody reads it any more, as behind `| head`, there is
/// nothing left to do, and the command ends without a word.
pub(crate) fn line(text: impl Display) {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(0),
        Err(error) => {
            note(format_args!("error: standard output: {error}"));
            process::exit(1);
        }
    }
}

/// Writes a line to standard error, if it is there.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// For programs: one JSON value on standard output.
    Json,
}

/// Prints in one format.
#[derive(Clone, Copy)]
pub(crate) struct Printer {
    format: Format,
}

impl Printer {
    pub(crate) fn new(format: Format) -> Self {
        Self { format }
    }

    /// Whether results are for programs.
    pub(crate) fn is_json(self) -> bool {
        self.format == Format::Json
    }

    /// One value; objects become a table of their fields.
    pub(crate) fn value(self, value: &Value) {
        match (self.format, value) {
            (Format::Json, value) => line(value),
            (Format::Table, Value::Object(fields)) => {
                let rows = fields.iter().map(|(name, value)| vec![name.clone(), cell(value)]);
                print_table(&["field", "value"], rows);
            }
            (Format::Table, Value::Array(items)) => self.array(items),
            (Format::Table, Value::Null) => line("nothing there"),
            (Format::Table, value) => line(cell(value)),
        }
    }

    fn array(self, items: &[Value]) {
        let Some(Value::Object(first)) = items.first() else {
            for item in items {
                line(cell(item));
            }
            return;
        };
        let names: Vec<_> = first.keys().map(String::as_str).collect();
        let rows = items.iter().map(|item| {
            names.iter().map(|name| item.get(name).map(cell).unwrap_or_default()).collect()
        });
        print_table(&names, rows);
    }

    /// Entries of a storage map.
    pub(crate) fn entries(self, entries: &[Entry]) {
        if self.format == Format::Json {
            line(json!(entries));
            return;
        }
        let rows = entries.iter().map(|entry| {
            let keys: Vec<_> = entry.keys.iter().map(cell).collect();
            vec![keys.join(", "), cell(&entry.value)]
        });
        print_table(&["key", "value"], rows);
        line(format_args!("{} entries", entries.len()));
    }

    /// Where and how a transaction became final.
    pub(crate) fn receipt(self, receipt: &Receipt) {
        if self.format == Format::Json {
            line(json!(receipt));
            return;
        }
        line(format_args!("final at height {} in block {:?}", receipt.height, receipt.block));
        let rows = receipt
            .events
            .iter()
            .map(|event| vec![format!("{}.{}", event.pallet, event.name), cell(&event.fields)]);
        print_table(&["event", "fields"], rows);
    }

    /// A note on work in progress; never on standard output, which is for results.
    pub(crate) fn progress(self, text: &str) {
        if self.format == Format::Table {
            note(text);
        }
    }

    /// Why a command failed.
    pub(crate) fn error(self, error: &Error) {
        if self.format == Format::Table {
            note(format_args!("error: {error}"));
            return;
        }
        let detail = match error {
            Error::Dispatch { pallet, error, explanation } => {
                json!({ "kind": "dispatch", "pallet": pallet, "error": error, "explanation": explanation })
            }
            Error::Refused { code, message } => {
                json!({ "kind": "refused", "code": code, "message": message })
            }
            Error::Audit(difference) => {
                json!({ "kind": "audit", "difference": difference.to_string() })
            }
            Error::NotFound(what) => json!({ "kind": "notFound", "what": what }),
            Error::Connection(message) => json!({ "kind": "connection", "message": message }),
            Error::GatewayConnection(_) => {
                json!({ "kind": "connection", "message": error.to_string() })
            }
            Error::Gateway(message) => json!({ "kind": "gateway", "message": message }),
            Error::WrongChain { expected, got } => {
                json!({ "kind": "wrongChain", "expected": expected, "got": got })
            }
            Error::Value(value) => {
                json!({ "kind": "value", "path": value.path, "expected": value.expected, "got": value.got })
            }
            other => json!({ "kind": "usage", "message": other.to_string() }),
        };
        note(json!({ "error": detail }));
    }
}

/// The account of `key`.
pub(crate) fn account(key: &KeyPair) -> Value {
    let public = key.public_key();
    json!({
        "address": ecoledger_client::address(&public),
        "publicKey": format!("0x{}", hex::encode(public)),
        "scheme": key.scheme(),
    })
}

pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "—".into(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match value {
                Value::Object(_) | Value::Array(_) => format!("{name}: {value}"),
                value => format!("{name}: {}", cell(value)),
            })
            .collect::<Vec<_>>()
            .join("\n"),
        other => other.to_string(),
    }
}

/// A table without a header for a record: names and what they have.
pub(crate) fn print_record(rows: &[(&str, String)]) {
    let rows = rows.iter().map(|(name, text)| vec![(*name).to_owned(), text.clone()]);
    print_table(&["field", "value"], rows);
}

pub(crate) fn print_table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let mut table = Table::new();
    table
        .load_preset(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.iter().copied())
        .add_rows(rows);
    line(table);
}

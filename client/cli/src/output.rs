//! Results for people and for programs.

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use ecoledger_client::{Entry, Error, KeyPair, Receipt};
use serde_json::{Value, json};

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
            (Format::Json, value) => println!("{value}"),
            (Format::Table, Value::Object(fields)) => {
                let rows = fields.iter().map(|(name, value)| vec![name.clone(), cell(value)]);
                print_table(&["field", "value"], rows);
            }
            (Format::Table, Value::Array(items)) => self.array(items),
            (Format::Table, Value::Null) => println!("nothing there"),
            (Format::Table, value) => println!("{}", cell(value)),
        }
    }

    fn array(self, items: &[Value]) {
        let Some(Value::Object(first)) = items.first() else {
            for item in items {
                println!("{}", cell(item));
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
            println!("{}", json!(entries));
            return;
        }
        let rows = entries.iter().map(|entry| {
            let keys: Vec<_> = entry.keys.iter().map(cell).collect();
            vec![keys.join(", "), cell(&entry.value)]
        });
        print_table(&["key", "value"], rows);
        println!("{} entries", entries.len());
    }

    /// Where and how a transaction became final.
    pub(crate) fn receipt(self, receipt: &Receipt) {
        if self.format == Format::Json {
            println!("{}", json!(receipt));
            return;
        }
        println!("final at height {} in block {:?}", receipt.height, receipt.block);
        let rows = receipt
            .events
            .iter()
            .map(|event| vec![format!("{}.{}", event.pallet, event.name), cell(&event.fields)]);
        print_table(&["event", "fields"], rows);
    }

    /// A note on work in progress; never on standard output, which is for results.
    pub(crate) fn progress(self, text: &str) {
        if self.format == Format::Table {
            eprintln!("{text}");
        }
    }

    /// Why a command failed.
    pub(crate) fn error(self, error: &Error) {
        if self.format == Format::Table {
            eprintln!("error: {error}");
            return;
        }
        let detail = match error {
            Error::Dispatch { pallet, error, explanation } => {
                json!({ "kind": "dispatch", "pallet": pallet, "error": error, "explanation": explanation })
            }
            Error::Refused { code, message } => {
                json!({ "kind": "refused", "code": code, "message": message })
            }
            Error::NotFound(what) => json!({ "kind": "notFound", "what": what }),
            Error::Connection(message) => json!({ "kind": "connection", "message": message }),
            Error::Value(value) => {
                json!({ "kind": "value", "path": value.path, "expected": value.expected, "got": value.got })
            }
            other => json!({ "kind": "usage", "message": other.to_string() }),
        };
        eprintln!("{}", json!({ "error": detail }));
    }
}

/// The account of `key`.
pub(crate) fn account(key: &KeyPair) -> Value {
    let public = key.public_key();
    json!({
        "address": ecoledger_client::address(&public),
        "publicKey": format!("0x{}", hex::encode(public)),
        "scheme": match key {
            KeyPair::Ed25519(_) => "ed25519",
            KeyPair::Sr25519(_) => "sr25519",
        },
    })
}

fn cell(value: &Value) -> String {
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

fn print_table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let mut table = Table::new();
    table
        .load_preset(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.iter().copied())
        .add_rows(rows);
    println!("{table}");
}

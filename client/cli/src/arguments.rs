//! Arguments of calls and queries, as people type them.

use ecoledger_client::Error;
use serde_json::{Map, Value};
use std::io::Read;

/// Longest JSON that is read from standard input, in bytes: far above any transaction.
const INPUT_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Reads `text` as JSON where it is an object, an array, a quoted text, `true`, `false`, `null`
/// or an integer without leading zeros, and as plain text otherwise, so that a GTIN or a lot that
/// looks like a number can be quoted or simply starts with its zero.
pub(crate) fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// Reads each of `texts`.
pub(crate) fn list(texts: &[String]) -> Vec<Value> {
    texts.iter().map(|text| value(text)).collect()
}

/// Reads `name=value` pairs.
///
/// # Errors
/// When a pair has no `=` or a name comes twice.
pub(crate) fn named(texts: &[String]) -> Result<Value, Error> {
    let mut object = Map::new();
    for text in texts {
        let (name, given) = text
            .split_once('=')
            .ok_or_else(|| Error::Arguments(format!("expected name=value, got {text:?}")))?;
        if object.insert(name.to_owned(), value(given)).is_some() {
            return Err(Error::Arguments(format!("{name} is given twice")));
        }
    }
    Ok(Value::Object(object))
}

/// Reads a JSON object from `text`, or from standard input where `text` is `-`.
///
/// # Errors
/// When it is not JSON or too long.
pub(crate) fn object(text: &str) -> Result<Value, Error> {
    let mut input = String::new();
    let text = if text == "-" {
        std::io::stdin()
            .take(INPUT_BYTES_MAX)
            .read_to_string(&mut input)
            .map_err(|error| Error::Arguments(format!("read standard input: {error}")))?;
        &input
    } else {
        text
    };
    serde_json::from_str(text).map_err(|error| Error::Arguments(format!("not JSON: {error}")))
}

/// `text` as it stands, never as a number.
pub(crate) fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

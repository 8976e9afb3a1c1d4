//! Arguments of calls and queries, as people type them.

use ecoledger_client::Error;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::io::Read;

/// Longest JSON that is read from standard input, in bytes: far above any transaction.
const INPUT_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Reads `text` as JSON where it is an object, an array, a quoted text, `true`, `false`, `null`
/// or an integer without leading zeros, and as plain text otherwise, so that a GTIN or a lot that
/// looks like a number can be quoted or simply starts with its zero.
pub(crate) fn value(text: &str) -> Value {
    match serde_json::from_str(text) {
        // No type of the chain has a fraction: this is a lot such as 1.10, which must keep its zero.
        Ok(Value::Number(number)) if !number.is_u64() && !number.is_i64() => {
            Value::String(text.to_owned())
        }
        Ok(value) => value,
        Err(_) => Value::String(text.to_owned()),
    }
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

/// Reads JSON as a `T`.
///
/// # Errors
/// What is wrong: the field, such as `terms.accept.days`, where one is, what was expected there, and
/// line and column.
pub(crate) fn typed<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| error.to_string())?;
    json.end().map_err(|error| error.to_string())?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_json_or_plain_text() {
        assert_eq!(value("7"), json!(7));
        assert_eq!(value("\"7\""), json!("7"));
        assert_eq!(value("09506000200019"), json!("09506000200019"));
        assert_eq!(value("1.10"), json!("1.10"));
        assert_eq!(value("1e3"), json!("1e3"));
        assert_eq!(value("LEAF-1"), json!("LEAF-1"));
        assert_eq!(value("{\"a\":[1]}"), json!({ "a": [1] }));
        assert_eq!(value("null"), json!(null));
    }

    #[test]
    fn named_arguments_keep_what_follows_the_first_equals_sign() {
        let texts = ["remark=a=b".to_owned(), "n=1".to_owned()];
        assert_eq!(named(&texts).unwrap(), json!({ "remark": "a=b", "n": 1 }));
    }

    #[test]
    fn named_arguments_reject_a_missing_sign_and_a_second_value() {
        assert!(named(&["remark".to_owned()]).is_err());
        assert!(named(&["n=1".to_owned(), "n=2".to_owned()]).is_err());
    }
}

//! Texts in JSON as [`crate::value`] writes them: hexadecimal where they have other than printable
//! ASCII characters or begin with `0x`.

use crate::value::{text_from_json, text_to_json};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub(crate) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    text_to_json(text).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let written = String::deserialize(deserializer)?;
    text_from_json(&written).ok_or_else(|| D::Error::custom("the text is not UTF-8"))
}

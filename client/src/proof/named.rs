//! Records of the chain's state by name, with their proof.

use super::{Bounds, Bundle, Checkpoint};
use crate::{client::Client, error::Error, moment::Moment, value::decode_json};
use serde_json::Value as Json;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 200;

/// The name of a record: pallet, item, and the parts of its key as JSON.
///
/// Written `Pallet.Item[parts]`, such as `Compensation.Settlements[3,2026]`, or `Pallet.Item[]` where
/// there is one only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordName {
    pallet: String,
    item: String,
    /// A JSON array without spaces.
    key: String,
}

impl RecordName {
    /// The record of `pallet` and `item` with these parts of its key.
    pub fn new(pallet: &str, item: &str, key: &[Json]) -> Self {
        Self { pallet: pallet.into(), item: item.into(), key: Json::from(key).to_string() }
    }

    /// Name of the pallet.
    pub fn pallet(&self) -> &str {
        &self.pallet
    }

    /// Name of the map or value in its pallet.
    pub fn item(&self) -> &str {
        &self.item
    }

    /// Parts of the key.
    pub fn key(&self) -> Vec<Json> {
        serde_json::from_str(&self.key).unwrap_or_default()
    }
}

impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}{}", self.pallet, self.item, self.key)
    }
}

/// A text that names no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record such as Compensation.Settlements[3,2026] is expected")]
pub struct RecordNameError;

impl FromStr for RecordName {
    type Err = RecordNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_name =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let (pallet, rest) = text.split_once('.').ok_or(RecordNameError)?;
        let (item, _) = rest.split_once('[').ok_or(RecordNameError)?;
        let key: Vec<Json> =
            serde_json::from_str(&rest[item.len()..]).map_err(|_| RecordNameError)?;
        if text.len() > NAME_BYTES_MAX || !is_name(pallet) || !is_name(item) {
            return Err(RecordNameError);
        }
        Ok(Self::new(pallet, item, &key))
    }
}

/// Records with their proof.
#[derive(Clone, Debug)]
pub struct ProvenRecords {
    /// The records that there are, by the metadata that the node gave at connection.
    pub records: BTreeMap<RecordName, Json>,
    /// The proof of their bytes. That a record is missing is not proven.
    pub bundle: Bundle,
}

impl Client {
    /// Records in the block at `height`, with one proof for all.
    ///
    /// - `names`: at most [`super::RECORDS_MAX`].
    /// - `from`: where those who are given the proof begin to verify it.
    /// - `trusted`: a block from which it is verified here; the same, or a later one.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the state has none of them, [`Error::Proof`] when what the node says
    /// does not hold, and as [`Client::query`].
    pub async fn proven_records(
        &self,
        names: &[RecordName],
        from: &Checkpoint,
        trusted: &Checkpoint,
        height: u32,
    ) -> Result<ProvenRecords, Error> {
        let at = self.at(Some(height)).await?;
        let mut wanted = BTreeMap::new();
        for name in names {
            let key = self.key_of(&at, &name.pallet, &name.item, &name.key())?;
            wanted.insert(key, name);
        }
        let keys: Vec<_> = wanted.keys().cloned().collect();
        let bundle = self.prove_at(&at, &keys, from).await?;
        bundle.verify(trusted, &Bounds::at(Moment::now()))?;
        let metadata = at.metadata();
        let mut records = BTreeMap::new();
        for (key, value) in bundle.records() {
            let Some(name) = wanted.get(key) else { continue };
            let type_id = self.type_of(&at, &name.pallet, &name.item)?;
            records.insert((*name).clone(), decode_json(value, type_id, metadata.types())?);
        }
        Ok(ProvenRecords { records, bundle })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_read_as_they_are_written() {
        for (name, text) in [
            (
                RecordName::new("Compensation", "Settlements", &[json!(3), json!(2026)]),
                "Compensation.Settlements[3,2026]",
            ),
            (RecordName::new("Traceability", "OpenRecalls", &[]), "Traceability.OpenRecalls[]"),
            (
                RecordName::new("Funds", "Holdings", &[json!([1, 2]), json!({"Organisation": 4})]),
                r#"Funds.Holdings[[1,2],{"Organisation":4}]"#,
            ),
        ] {
            assert_eq!(name.to_string(), text);
            assert_eq!(text.parse(), Ok(name));
        }
    }

    #[test]
    fn other_texts_name_no_record() {
        for text in [
            "",
            "Funds",
            "Funds.Tags",
            "Funds.Tags[",
            "Funds.Tags{}",
            ".Tags[]",
            "Funds.[]",
            "a b.c[]",
        ] {
            assert_eq!(text.parse::<RecordName>(), Err(RecordNameError), "{text}");
        }
        let long = format!("Funds.Tags[\"{}\"]", "a".repeat(NAME_BYTES_MAX));
        assert_eq!(long.parse::<RecordName>(), Err(RecordNameError));
    }
}

//! The validators pallet: who votes, and which nodes may connect.
//!
//! Every change is the committee's: its call is proposed as a motion ([`crate::governance`]). A
//! change of the set acts on the second height behind its block.

use crate::{
    call::Call, client::Client, error::Error, hex32::hex32, traceability::decode,
    value::text_to_json,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

const PALLET: &str = "Validators";

/// Longest label of a node, in bytes of UTF-8.
pub const LABEL_BYTES_MAX: usize = 64;

hex32! {
    /// Ed25519 public key of a validator or node, `0x` and 64 digits, as `ecoledger-node key` prints
    /// it.
    PublicKey, "public key"
}

/// A member of a validator set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validator {
    /// Key that votes are signed with.
    pub key: PublicKey,
    /// Key of the node that it votes through.
    pub node_key: PublicKey,
}

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Adds a validator, whose node may connect from the same block on.
///
/// - `key`, `node_key`: two different keys that no other validator has.
pub fn add_validator(key: &PublicKey, node_key: &PublicKey) -> Call {
    call("add_validator", json!({ "key": key, "node_key": node_key }))
}

/// Removes a validator.
pub fn remove_validator(key: &PublicKey) -> Call {
    call("remove_validator", json!({ "key": key }))
}

/// Gives a validator another voting key, and leaves it its node.
pub fn rotate_validator(old: &PublicKey, new: &PublicKey) -> Call {
    call("rotate_validator", json!({ "old": old, "new": new }))
}

/// Gives a validator another node.
pub fn replace_node(key: &PublicKey, node_key: &PublicKey) -> Call {
    call("replace_node", json!({ "key": key, "node_key": node_key }))
}

/// Permits a node to connect in its own right.
///
/// - `label`: which institution's node it is, 1 to [`LABEL_BYTES_MAX`] bytes; public.
pub fn permit_node(node_key: &PublicKey, label: &str) -> Call {
    call("permit_node", json!({ "node_key": node_key, "label": text_to_json(label) }))
}

/// Withdraws a node's own permission to connect.
pub fn forbid_node(node_key: &PublicKey) -> Call {
    call("forbid_node", json!({ "node_key": node_key }))
}

impl Client {
    /// The validators of the height behind `height`, or behind the last final block, ascending.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn next_validators(&self, height: Option<u32>) -> Result<Vec<Validator>, Error> {
        decode(self.view(PALLET, "next_validators", &[], height).await?)
    }

    /// The validators of the second height behind `height`, or behind the last final block,
    /// ascending.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn after_next_validators(
        &self,
        height: Option<u32>,
    ) -> Result<Vec<Validator>, Error> {
        decode(self.view(PALLET, "after_next_validators", &[], height).await?)
    }

    /// Keys of all nodes that may connect, ascending: those of the validators of the next two
    /// heights, and those permitted in their own right.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn permitted_nodes(&self, height: Option<u32>) -> Result<Vec<PublicKey>, Error> {
        decode(self.view(PALLET, "permitted_nodes", &[], height).await?)
    }

    /// The label of a node that is permitted in its own right.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn node_label(
        &self,
        node_key: &PublicKey,
        height: Option<u32>,
    ) -> Result<Option<String>, Error> {
        #[derive(Deserialize)]
        struct Label(#[serde(with = "crate::text")] String);
        let label: Option<Label> =
            decode(self.view(PALLET, "node_label", &[json!(node_key)], height).await?)?;
        Ok(label.map(|Label(text)| text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_64_digits() {
        let text = format!("0x{}", "aB".repeat(32));
        assert_eq!(text.parse::<PublicKey>().unwrap().to_string(), text.to_ascii_lowercase());
        for text in ["", "0x12", &"ab".repeat(32), &format!("0x{}", "zz".repeat(32))] {
            let error = text.parse::<PublicKey>().unwrap_err().to_string();
            assert!(error.starts_with("public key: 0x and 64"), "{error}");
        }
    }
}

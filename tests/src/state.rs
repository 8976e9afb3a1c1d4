//! What transactions leave behind in the state of a chain.

use crate::rpc::{Rpc, hex_of};
use ecoledger_primitives::Hash;
use eyre::WrapErr;
use jsonrpsee::rpc_params;
use sp_io::hashing::twox_128;
use std::collections::BTreeMap;

/// Keys of a page of state.
const KEYS_PAGE: u32 = 500;
/// Records that change with blocks, transactions and motions as such, whatever becomes of a call:
/// pallets, or items of one.
const CHANGES_ANYWAY: [(&str, Option<&str>); 11] = [
    ("System", Some("BlockHash")),
    ("System", Some("Number")),
    ("System", Some("ParentHash")),
    ("System", Some("Digest")),
    ("System", Some("ExtrinsicCount")),
    ("System", Some("Events")),
    ("System", Some("EventCount")),
    ("System", Some("BlockWeight")),
    ("Timestamp", None),
    ("Committee", None),
    // An agent's use of its quota.
    ("Participants", Some("Agents")),
];
/// Bytes of an account's nonce, which its record begins with.
const NONCE_BYTES: usize = 4;

/// Every record of the state at a block, of all pallets, but for those that change anyway and for
/// the nonces of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastingState(BTreeMap<String, String>);

impl LastingState {
    /// Reads the state of `block`.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn at(rpc: &Rpc, block: Hash) -> eyre::Result<Self> {
        let left_out: Vec<_> =
            CHANGES_ANYWAY.iter().map(|(pallet, item)| prefix(pallet, *item)).collect();
        let accounts = prefix("System", Some("Account"));
        let mut state = BTreeMap::new();
        let mut last: Option<String> = None;
        loop {
            let keys: Vec<String> = rpc
                .call("state_getKeysPaged", rpc_params!["0x", KEYS_PAGE, last.as_ref(), block])
                .await
                .wrap_err("list keys")?;
            let Some(end) = keys.last() else { return Ok(Self(state)) };
            last = Some(end.clone());
            let wanted: Vec<_> =
                keys.iter().filter(|key| !left_out.iter().any(|p| key.starts_with(p))).collect();
            let sets: Vec<serde_json::Value> = rpc
                .call("state_queryStorageAt", rpc_params![wanted, block])
                .await
                .wrap_err("read values")?;
            for change in sets.iter().filter_map(|set| set["changes"].as_array()).flatten() {
                let text = |index: usize| change[index].as_str().unwrap_or_default();
                let (key, mut value) = (text(0), text(1));
                if key.starts_with(&accounts) {
                    value = value.get(2 + 2 * NONCE_BYTES..).unwrap_or_default();
                    // A first transaction makes a record of the nonce alone.
                    if value.bytes().all(|digit| digit == b'0') {
                        continue;
                    }
                }
                state.insert(key.to_owned(), value.to_owned());
            }
        }
    }

    /// The keys whose values differ, for people.
    pub fn difference(&self, other: &Self) -> String {
        let keys: Vec<_> = self
            .0
            .keys()
            .chain(other.0.keys())
            .filter(|key| self.0.get(*key) != other.0.get(*key))
            .collect();
        format!("these records differ: {keys:?}")
    }
}

fn prefix(pallet: &str, item: Option<&str>) -> String {
    let item = item.map(|item| twox_128(item.as_bytes()).to_vec()).unwrap_or_default();
    hex_of(&[&twox_128(pallet.as_bytes())[..], &item].concat())
}

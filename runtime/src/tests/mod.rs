//! The runtime as a whole: its shape, its laws under random calls, and breaks that the laws see.

mod breaks;
mod laws;
mod layouts;
mod lives;
mod shape;

use crate::{System, genesis};
use serde_json::{Value, json};
use sp_keyring::Ed25519Keyring;

/// The validator of the development chain, who proposes every block.
pub(crate) const PROPOSER: Ed25519Keyring = Ed25519Keyring::One;

/// The complete configuration that a patch makes of the default one.
fn complete(patch: Value) -> Vec<u8> {
    let mut config = serde_json::to_value(crate::RuntimeGenesisConfig::default()).unwrap();
    for (pallet, values) in patch.as_object().unwrap() {
        for (key, value) in values.as_object().unwrap() {
            config[pallet][key] = value.clone();
        }
    }
    serde_json::to_vec(&config).unwrap()
}

fn development() -> Value {
    let preset = genesis::preset(&"development".to_string()).unwrap();
    let mut config: Value = serde_json::from_slice(&preset).unwrap();
    config["validators"] = json!({ "validators": [{
        "key": sp_core::H256(PROPOSER.to_raw_public()),
        "nodeKey": sp_core::H256(Ed25519Keyring::Two.to_raw_public()),
    }] });
    config
}

fn development_chain() -> sp_io::TestExternalities {
    let mut chain = sp_io::TestExternalities::new_empty();
    chain.execute_with(|| {
        genesis::build_state(complete(development())).unwrap();
        System::set_block_number(1);
    });
    chain
}

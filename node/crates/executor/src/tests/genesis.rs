use super::chain::{self, TestChain, genesis_config, node_key, open, open_with, validator};
use crate::{ExecutorError, genesis};
use ecoledger_primitives::{Hash, ValidatorSet};
use ecoledger_runtime::upgrade::code_marker;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn genesis_is_deterministic() {
    let (one, two) = (TestChain::new(), TestChain::new());
    assert_eq!(one.head().header, two.head().header);
    assert_eq!(one.head().number, 0);
    assert_eq!(one.head().header.parent_hash, Hash::zero());
    assert!(one.head().header.digest.logs.is_empty());
}

#[test]
fn genesis_names_validators_and_nodes() {
    let chain = TestChain::new();
    let expected = ValidatorSet::new((0..4).map(validator).collect()).unwrap();
    for height in [1, 2] {
        assert_eq!(chain.validator_set(height).unwrap(), Some(expected.clone()));
    }
    assert_eq!(chain.validator_set(3).unwrap(), None);
    let nodes = (0..4).map(node_key).collect::<BTreeSet<_>>();
    assert_eq!(*chain.permitted_nodes().unwrap(), nodes);
    assert_eq!(chain.validator_nodes().unwrap(), nodes);
}

#[test]
fn genesis_has_code_marker() {
    let chain = TestChain::new();
    let state = chain.storage().state(0).unwrap();
    assert_eq!(state.get(b":code").unwrap(), Some(code_marker().to_vec()));
}

#[test]
fn open_works_on_the_same_chain() {
    let chain = TestChain::new();
    chain.extend(&[]);
    let head = chain.head();
    let TestChain { executor, dir } = chain;
    drop(executor);
    let again = open(&dir).unwrap();
    assert_eq!(again.head().hash, head.hash);
}

#[test]
fn open_rejects_another_genesis() {
    let TestChain { executor, dir } = TestChain::new();
    drop(executor);
    let mut config = genesis_config();
    config["participants"]["dailyQuota"] = json!(7);
    let error = open_with(&dir, &config).err().unwrap();
    assert!(matches!(error, ExecutorError::OtherGenesis { .. }), "{error}");
}

fn with(member: &str, value: Value) -> Value {
    let mut config = genesis_config();
    config[member] = value;
    config
}

/// The tests' configuration, but for the code of its first organisation.
fn with_uscc(uscc: &str) -> Value {
    let mut config = genesis_config();
    config["participants"]["organisations"][0]["uscc"] = json!(uscc);
    config
}

#[test]
fn check_accepts_what_opens() {
    genesis::check(&genesis_config()).unwrap();
}

#[test]
fn open_rejects_bad_configurations() {
    for (config, reason) in [
        (json!({ "validators": { "validators": [] } }), "name at least one"),
        (with("nothing", json!({})), "nothing"),
        (with("balances", json!(3)), "invalid type"),
        (with_uscc("1"), "wrong length"),
        (with_uscc("11331100MA2DEM0170"), "UsccInvalid"),
    ] {
        let checked = genesis::check(&config).unwrap_err();
        let dir = tempfile::tempdir().unwrap();
        let error = open_with(&dir, &config).err().unwrap();
        assert!(matches!(error, ExecutorError::GenesisConfig(_)), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(checked.to_string(), error.to_string());
        // Nothing was written: the right configuration still works.
        chain::open(&dir).unwrap();
    }
}

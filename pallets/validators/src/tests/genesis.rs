//! What a genesis accepts, and how it is written.

use crate::{AfterNextValidators, GenesisConfig, GenesisNode, NextValidators, mock::*};
use sp_core::H256;
use std::panic::catch_unwind;

fn panic_message(builder: ExtBuilder) -> String {
    let Err(error) = catch_unwind(|| builder.build()) else { panic!("the genesis is refused") };
    error.downcast_ref::<String>().expect("it says why").clone()
}

fn node_entry(index: u8, label: &str) -> GenesisNode {
    GenesisNode { node_key: H256(node(index)), label: label.into() }
}

#[test]
fn genesis_sorts_validators() {
    ExtBuilder::default().build_and_execute(|| {
        let next = NextValidators::<Test>::get();
        assert!(next.windows(2).all(|pair| pair[0].key < pair[1].key));
        assert_eq!(next, AfterNextValidators::<Test>::get());
        assert_eq!(ValidatorsPallet::next_validators(), next.to_vec());
        assert_eq!(ValidatorsPallet::after_next_validators(), next.to_vec());
    });
}

#[test]
fn genesis_permits_nodes() {
    let nodes = vec![node_entry(9, "Lishui data bureau")];
    ExtBuilder { nodes, ..Default::default() }.build_and_execute(|| {
        assert_eq!(ValidatorsPallet::node_label(node(9)).unwrap().to_vec(), b"Lishui data bureau");
        let mut expected: Vec<_> = [0, 1, 2, 3, 9].map(node).to_vec();
        expected.sort();
        assert_eq!(ValidatorsPallet::permitted_nodes(), expected);
    });
}

#[test]
fn genesis_rejects_what_calls_reject() {
    let refused = [
        (vec![genesis_validator(0)], "at least 2"),
        ((0..7).map(genesis_validator).collect(), "TooManyValidators"),
        (vec![genesis_validator(0), genesis_validator(0)], "AlreadyValidator"),
    ];
    for (validators, reason) in refused {
        let message = panic_message(ExtBuilder { validators, nodes: Vec::new() });
        assert!(message.contains(reason), "{message}");
    }
    let mut weak = genesis_validator(1);
    weak.key = H256::zero();
    let validators = vec![genesis_validator(0), weak];
    assert!(panic_message(ExtBuilder { validators, nodes: Vec::new() }).contains("WeakKey"));

    let long = "x".repeat(33);
    for (nodes, reason) in [
        (vec![node_entry(9, "")], "LabelInvalid"),
        (vec![node_entry(9, &long)], "LabelInvalid"),
        (vec![node_entry(9, "a"), node_entry(9, "b")], "NodeAlreadyPermitted"),
    ] {
        let message = panic_message(ExtBuilder { nodes, ..Default::default() });
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn genesis_without_validators_has_no_first_block() {
    let mut ext = ExtBuilder { validators: Vec::new(), nodes: Vec::new() }.build();
    ext.execute_with(|| {
        assert!(catch_unwind(|| run_block(0, || ())).is_err());
        assert!(catch_unwind(ValidatorsPallet::validator_sets).is_err());
        assert!(ValidatorsPallet::do_try_state().is_err());
    });
}

#[test]
fn genesis_is_written_in_hexadecimal() {
    let config = GenesisConfig::<Test> {
        validators: vec![genesis_validator(1)],
        nodes: vec![node_entry(9, "full node")],
        ..Default::default()
    };
    let json = serde_json::to_value(&config).unwrap();
    let hex = |bytes: [u8; 32]| format!("{:?}", H256(bytes));
    let expected = serde_json::json!({
        "validators": [{ "key": hex(key(1)), "nodeKey": hex(node(1)) }],
        "nodes": [{ "nodeKey": hex(node(9)), "label": "full node" }],
    });
    assert_eq!(json, expected);
    let back: GenesisConfig<Test> = serde_json::from_value(json).unwrap();
    assert_eq!(back.validators, config.validators);
    assert_eq!(back.nodes, config.nodes);
}

#[test]
fn genesis_json_is_strict() {
    let key = format!("{:?}", H256(key(1)));
    for bad in [
        serde_json::json!({ "validators": [{ "key": key }], "nodes": [] }),
        serde_json::json!({
            "validators": [{ "key": key, "nodeKey": &key[..64] }], "nodes": []
        }),
        serde_json::json!({
            "validators": [{ "key": key, "nodeKey": key, "power": 3 }], "nodes": []
        }),
        serde_json::json!({ "validators": [], "nodes": [], "more": 1 }),
    ] {
        assert!(serde_json::from_value::<GenesisConfig<Test>>(bad.clone()).is_err(), "{bad}");
    }
}

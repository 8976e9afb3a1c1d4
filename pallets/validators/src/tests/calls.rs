//! Every call: that it works, and each way in which it is refused.

use crate::{AfterNextValidators, Error, Event, NextValidators, PermittedNodes, mock::*};
use ecoledger_primitives::ValidatorId;
use frame_support::{BoundedVec, assert_noop, assert_ok, traits::ConstU32};
use sp_runtime::{DispatchError, DispatchError::BadOrigin};

/// Encodings of points of small order, and of no point at all.
const WEAK_KEYS: [[u8; 32]; 4] = [
    // Order 4: y = 0.
    [0; 32],
    // The neutral element: y = 1.
    *b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    // Order 8.
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    // y = 2 is on no point of the curve.
    *b"\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
];

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

fn stranger() -> RuntimeOrigin {
    RuntimeOrigin::signed([9; 32].into())
}

fn label(text: &str) -> BoundedVec<u8, ConstU32<32>> {
    text.as_bytes().to_vec().try_into().unwrap()
}

fn after_next() -> Vec<ValidatorId> {
    AfterNextValidators::<Test>::get().iter().map(|validator| validator.key).collect()
}

fn sorted(indices: &[u8]) -> Vec<ValidatorId> {
    let mut keys: Vec<_> = indices.iter().map(|index| key(*index)).collect();
    keys.sort();
    keys
}

/// Runs `test` inside block 1, where events are recorded.
fn in_block_1(test: impl FnOnce()) {
    ExtBuilder::default().build_and_execute(|| {
        run_block(0, test);
    });
}

#[test]
fn add_validator_works() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::add_validator(root(), key(4), node(4)));
        assert_eq!(after_next(), sorted(&[0, 1, 2, 3, 4]));
        assert_eq!(NextValidators::<Test>::get().len(), 4);
        assert!(ValidatorsPallet::permitted_nodes().contains(&node(4)));
        System::assert_last_event(
            Event::ValidatorAdded { key: key(4), node_key: node(4), active_from: 3 }.into(),
        );
    });
}

#[test]
fn add_validator_takes_a_permitted_node() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::permit_node(root(), node(4), label("bureau")));
        assert_ok!(ValidatorsPallet::add_validator(root(), key(4), node(4)));
        assert_eq!(ValidatorsPallet::permitted_nodes().len(), 5);
    });
}

#[test]
fn add_validator_rejects_other_origins() {
    in_block_1(|| {
        for origin in [stranger(), RuntimeOrigin::none()] {
            assert_noop!(ValidatorsPallet::add_validator(origin, key(4), node(4)), BadOrigin);
        }
    });
}

#[test]
fn add_validator_rejects_weak_keys() {
    in_block_1(|| {
        for weak in WEAK_KEYS {
            assert_noop!(
                ValidatorsPallet::add_validator(root(), weak, node(4)),
                Error::<Test>::WeakKey
            );
            assert_noop!(
                ValidatorsPallet::add_validator(root(), key(4), weak),
                Error::<Test>::WeakKey
            );
        }
    });
}

#[test]
fn add_validator_rejects_a_member() {
    in_block_1(|| {
        assert_noop!(
            ValidatorsPallet::add_validator(root(), key(3), node(4)),
            Error::<Test>::AlreadyValidator
        );
    });
}

#[test]
fn add_validator_rejects_a_taken_node() {
    in_block_1(|| {
        assert_noop!(
            ValidatorsPallet::add_validator(root(), key(4), node(3)),
            Error::<Test>::NodeKeyTaken
        );
    });
}

#[test]
fn add_validator_rejects_two_uses_of_a_key() {
    in_block_1(|| {
        for (key, node_key) in [(key(4), key(4)), (key(4), key(3)), (node(3), node(4))] {
            assert_noop!(
                ValidatorsPallet::add_validator(root(), key, node_key),
                Error::<Test>::KeyHasTwoUses
            );
        }
    });
}

#[test]
fn add_validator_boundary_maximum() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::add_validator(root(), key(4), node(4)));
        assert_ok!(ValidatorsPallet::add_validator(root(), key(5), node(5)));
        assert_noop!(
            ValidatorsPallet::add_validator(root(), key(6), node(6)),
            Error::<Test>::TooManyValidators
        );
        assert_ok!(ValidatorsPallet::remove_validator(root(), key(0)));
        assert_ok!(ValidatorsPallet::add_validator(root(), key(6), node(6)));
    });
}

#[test]
fn remove_validator_works() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::remove_validator(root(), key(1)));
        assert_eq!(after_next(), sorted(&[0, 2, 3]));
        assert!(ValidatorsPallet::permitted_nodes().contains(&node(1)), "it votes in block 2");
        System::assert_last_event(Event::ValidatorRemoved { key: key(1), active_from: 3 }.into());
    });
}

#[test]
fn remove_validator_lets_the_node_go_with_it() {
    ExtBuilder::default().build_and_execute(|| {
        run_block(0, || {
            assert_ok!(ValidatorsPallet::remove_validator(root(), key(1)));
            assert_ok!(ValidatorsPallet::remove_validator(root(), key(2)));
            assert_ok!(ValidatorsPallet::permit_node(root(), node(2), label("stays")));
        });
        run_block(1, || ());
        let nodes = ValidatorsPallet::permitted_nodes();
        assert!(!nodes.contains(&node(1)));
        assert!(nodes.contains(&node(2)));
    });
}

#[test]
fn remove_validator_rejects_other_origins() {
    in_block_1(|| {
        assert_noop!(ValidatorsPallet::remove_validator(stranger(), key(1)), BadOrigin);
    });
}

#[test]
fn remove_validator_rejects_strangers_and_those_who_leave() {
    in_block_1(|| {
        assert_noop!(
            ValidatorsPallet::remove_validator(root(), key(4)),
            Error::<Test>::NotValidator
        );
        assert_ok!(ValidatorsPallet::remove_validator(root(), key(1)));
        assert_noop!(
            ValidatorsPallet::remove_validator(root(), key(1)),
            Error::<Test>::NotValidator
        );
    });
}

#[test]
fn remove_validator_boundary_minimum() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::remove_validator(root(), key(0)));
        assert_ok!(ValidatorsPallet::remove_validator(root(), key(1)));
        assert_noop!(
            ValidatorsPallet::remove_validator(root(), key(2)),
            Error::<Test>::TooFewValidators
        );
    });
}

#[test]
fn a_removed_validator_can_be_added_again_with_another_node() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::remove_validator(root(), key(1)));
        assert_ok!(ValidatorsPallet::add_validator(root(), key(1), node(5)));
        let nodes = ValidatorsPallet::permitted_nodes();
        assert!(nodes.contains(&node(1)) && nodes.contains(&node(5)));
    });
}

#[test]
fn rotate_validator_works() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::rotate_validator(root(), key(1), key(7)));
        assert_eq!(after_next(), sorted(&[0, 2, 3, 7]));
        let rotated = AfterNextValidators::<Test>::get();
        assert!(rotated.iter().any(|it| it.key == key(7) && it.node_key == node(1)));
        System::assert_last_event(
            Event::ValidatorRotated { old: key(1), new: key(7), active_from: 3 }.into(),
        );
    });
}

#[test]
fn rotate_validator_rejects_bad_input() {
    in_block_1(|| {
        let refused: [(ValidatorId, ValidatorId, DispatchError); 6] = [
            (key(4), key(7), Error::<Test>::NotValidator.into()),
            (key(1), key(1), Error::<Test>::AlreadyValidator.into()),
            (key(1), key(2), Error::<Test>::AlreadyValidator.into()),
            (key(1), [0; 32], Error::<Test>::WeakKey.into()),
            (key(1), node(1), Error::<Test>::KeyHasTwoUses.into()),
            (key(1), node(2), Error::<Test>::KeyHasTwoUses.into()),
        ];
        for (old, new, error) in refused {
            assert_noop!(ValidatorsPallet::rotate_validator(root(), old, new), error);
        }
        assert_noop!(ValidatorsPallet::rotate_validator(stranger(), key(1), key(7)), BadOrigin);
    });
}

#[test]
fn rotate_validator_boundary_full_set() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::add_validator(root(), key(4), node(4)));
        assert_ok!(ValidatorsPallet::add_validator(root(), key(5), node(5)));
        assert_ok!(ValidatorsPallet::rotate_validator(root(), key(1), key(7)));
    });
}

#[test]
fn replace_node_works() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::replace_node(root(), key(1), node(7)));
        assert_eq!(after_next(), sorted(&[0, 1, 2, 3]));
        let nodes = ValidatorsPallet::permitted_nodes();
        assert!(nodes.contains(&node(1)) && nodes.contains(&node(7)));
        System::assert_last_event(
            Event::ValidatorNodeReplaced {
                key: key(1),
                old: node(1),
                new: node(7),
                active_from: 3,
            }
            .into(),
        );
    });
}

#[test]
fn replace_node_rejects_bad_input() {
    in_block_1(|| {
        let refused: [(ValidatorId, ValidatorId, DispatchError); 6] = [
            (key(4), node(7), Error::<Test>::NotValidator.into()),
            (key(1), node(1), Error::<Test>::NodeKeyTaken.into()),
            (key(1), node(2), Error::<Test>::NodeKeyTaken.into()),
            (key(1), [0; 32], Error::<Test>::WeakKey.into()),
            (key(1), key(1), Error::<Test>::KeyHasTwoUses.into()),
            (key(1), key(2), Error::<Test>::KeyHasTwoUses.into()),
        ];
        for (key, node_key, error) in refused {
            assert_noop!(ValidatorsPallet::replace_node(root(), key, node_key), error);
        }
        assert_noop!(ValidatorsPallet::replace_node(stranger(), key(1), node(7)), BadOrigin);
    });
}

#[test]
fn permit_node_works() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::permit_node(root(), node(9), label("丽水市数据局")));
        assert_eq!(ValidatorsPallet::node_label(node(9)), Some(label("丽水市数据局")));
        assert_eq!(PermittedNodes::<Test>::count(), 1);
        assert!(ValidatorsPallet::permitted_nodes().is_sorted());
        assert!(ValidatorsPallet::permitted_nodes().contains(&node(9)));
        System::assert_last_event(
            Event::NodePermitted { node_key: node(9), label: label("丽水市数据局") }.into(),
        );
    });
}

#[test]
fn permit_node_rejects_bad_input() {
    in_block_1(|| {
        for weak in WEAK_KEYS {
            assert_noop!(
                ValidatorsPallet::permit_node(root(), weak, label("a")),
                Error::<Test>::WeakKey
            );
        }
        let not_utf8 = vec![0xff].try_into().unwrap();
        for label in [label(""), not_utf8] {
            assert_noop!(
                ValidatorsPallet::permit_node(root(), node(9), label),
                Error::<Test>::LabelInvalid
            );
        }
        assert_noop!(ValidatorsPallet::permit_node(stranger(), node(9), label("a")), BadOrigin);
        assert_ok!(ValidatorsPallet::permit_node(root(), node(9), label("a")));
        assert_noop!(
            ValidatorsPallet::permit_node(root(), node(9), label("b")),
            Error::<Test>::NodeAlreadyPermitted
        );
    });
}

#[test]
fn permit_node_boundary_maximum() {
    in_block_1(|| {
        for index in 10..13 {
            assert_ok!(ValidatorsPallet::permit_node(root(), node(index), label("full node")));
        }
        assert_noop!(
            ValidatorsPallet::permit_node(root(), node(13), label("full node")),
            Error::<Test>::TooManyNodes
        );
        assert_ok!(ValidatorsPallet::forbid_node(root(), node(10)));
        assert_ok!(ValidatorsPallet::permit_node(root(), node(13), label("full node")));
    });
}

#[test]
fn forbid_node_works() {
    in_block_1(|| {
        assert_ok!(ValidatorsPallet::permit_node(root(), node(9), label("a")));
        assert_ok!(ValidatorsPallet::forbid_node(root(), node(9)));
        assert_eq!(ValidatorsPallet::node_label(node(9)), None);
        assert!(!ValidatorsPallet::permitted_nodes().contains(&node(9)));
        System::assert_last_event(Event::NodeForbidden { node_key: node(9) }.into());
    });
}

#[test]
fn forbid_node_rejects_bad_input() {
    in_block_1(|| {
        // A validator's node is permitted by its validator only.
        for node_key in [node(9), node(1)] {
            assert_noop!(
                ValidatorsPallet::forbid_node(root(), node_key),
                Error::<Test>::NodeNotPermitted
            );
        }
        assert_noop!(ValidatorsPallet::forbid_node(stranger(), node(9)), BadOrigin);
    });
}

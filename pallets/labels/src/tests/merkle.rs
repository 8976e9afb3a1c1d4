//! The tree: known answers, every position of every size, and what does not pass.

use super::*;
use crate::merkle::{Hash, leaf_hash, node_hash, path, root, verify};
use proptest::prelude::*;

fn hash(text: &str) -> Hash {
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    let bytes: Vec<_> = (0..64).step_by(2).map(byte).collect();
    bytes.try_into().unwrap()
}

/// Leaves of the reference tree of Certificate Transparency (RFC 6962), whose tree is the same.
const REFERENCE_LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// Its roots, by number of leaves.
const REFERENCE_ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn roots_are_those_of_certificate_transparency() {
    for (count, expected) in (1..=8).zip(REFERENCE_ROOTS) {
        assert_eq!(root(&REFERENCE_LEAVES[..count]), Some(hash(expected)), "{count}");
    }
    assert_eq!(root::<&[u8]>(&[]), None);
}

#[test]
fn every_position_of_every_size_is_proven() {
    for count in 1..=70u32 {
        let leaves = leaves("S", count);
        let root = root(&leaves).unwrap();
        for index in 0..count {
            let path = path(&leaves, index).unwrap();
            let leaf = &leaves[index as usize];
            assert!(verify(&root, count, index, leaf, &path), "{index} of {count}");
            for other in (0..count).filter(|other| *other != index) {
                assert!(!verify(&root, count, other, leaf, &path), "{index} as {other}");
            }
        }
        assert_eq!(path(&leaves, count), None);
    }
}

#[test]
fn changed_proofs_fail() {
    let leaves = leaves("S", 11);
    let root = root(&leaves).unwrap();
    for index in 0..11u32 {
        let path = path(&leaves, index).unwrap();
        let leaf = &leaves[index as usize];
        let fails = |leaf: &[u8], path: &[Hash]| !verify(&root, 11, index, leaf, path);
        assert!(fails(b"other", &path));
        assert!(fails(leaf, &path[1..]));
        assert!(fails(leaf, &path[..path.len() - 1]));
        assert!(fails(leaf, &[&path[..], &[[0; 32]]].concat()));
        for level in 0..path.len() {
            let mut changed = path.clone();
            changed[level][7] ^= 1;
            assert!(fails(leaf, &changed));
        }
        assert!(!verify(&[0; 32], 11, index, leaf, &path));
        assert!(!verify(&root, 0, index, leaf, &path));
    }
}

#[test]
fn a_node_does_not_pass_for_a_leaf() {
    let leaves = leaves("S", 4);
    let hashes: Vec<_> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    let (left, right) = (node_hash(&hashes[0], &hashes[1]), node_hash(&hashes[2], &hashes[3]));
    let root = root(&leaves).unwrap();
    assert_eq!(root, node_hash(&left, &right));
    // The two children of a node, given as a leaf of a tree half as large.
    let inner = [hashes[0], hashes[1]].concat();
    assert!(!verify(&root, 2, 0, &inner, &[right]));
    assert_ne!(leaf_hash(&inner), left);
}

#[test]
fn a_tree_without_its_odd_node_has_another_root() {
    // Duplicating an odd node would give trees of 3 and 4 leaves one root.
    let three = leaves("S", 3);
    let mut four = three.clone();
    four.push(three[2].clone());
    assert_ne!(root(&three), root(&four));
}

#[test]
fn a_million_codes_have_paths_of_twenty() {
    let depth = |n_leaves: u32| (0..32).find(|level| 1u64 << level >= u64::from(n_leaves));
    assert_eq!(depth(MAX_CODES), Some(PATH_MAX));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_paths_do_not_pass(
        count in 1u32..1_000,
        index in 0u32..1_000,
        siblings in prop::collection::vec(any::<[u8; 32]>(), 0..12),
    ) {
        let leaves = leaves("S", count);
        let root = root(&leaves).unwrap();
        let genuine = path(&leaves, index % count).unwrap();
        let passes = verify(&root, count, index % count, &leaf("S0"), &siblings);
        prop_assert!(!passes);
        prop_assert!(verify(&root, count, index % count, &leaves[(index % count) as usize], &genuine));
    }
}

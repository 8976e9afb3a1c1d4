//! The tree against the `jmt` crate, and proofs against the `ics23` crate.

use super::{
    Change, Digest, Node, NodeKey, NodeSource,
    node::{Inner, Leaf, PLACEHOLDER, Path, nibble},
    proof_spec, prove, sha256, update,
};
use crate::{StorageError, tests::fixtures};
use ecoledger_primitives::BlockNumber;
use ics23::{CommitmentProof, HostFunctionsManager, commitment_proof::Proof};
use jmt::{
    JellyfishMerkleTree, KeyHash, OwnedValue, Version,
    storage::{HasPreimage, LeafNode, TreeReader},
};
use proptest::prelude::*;
use prost::Message as _;
use sha2::Sha256;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Our tree in memory, stale nodes removed at once.
#[derive(Default)]
struct Ours {
    nodes: BTreeMap<NodeKey, Node>,
}

impl NodeSource for Ours {
    fn node(&self, key: &NodeKey) -> Result<Option<Node>, StorageError> {
        Ok(self.nodes.get(key).cloned())
    }
}

/// jmt's tree in memory.
#[derive(Default)]
struct Theirs {
    nodes: BTreeMap<jmt::storage::NodeKey, jmt::storage::Node>,
    values: BTreeMap<KeyHash, BTreeMap<Version, Option<OwnedValue>>>,
    preimages: BTreeMap<KeyHash, Vec<u8>>,
}

impl TreeReader for Theirs {
    fn get_node_option(
        &self,
        key: &jmt::storage::NodeKey,
    ) -> anyhow::Result<Option<jmt::storage::Node>> {
        Ok(self.nodes.get(key).cloned())
    }

    fn get_value_option(
        &self,
        max_version: Version,
        key: KeyHash,
    ) -> anyhow::Result<Option<OwnedValue>> {
        let versions = self.values.get(&key);
        Ok(versions.and_then(|v| v.range(..=max_version).next_back()?.1.clone()))
    }

    fn get_rightmost_leaf(&self) -> anyhow::Result<Option<(jmt::storage::NodeKey, LeafNode)>> {
        unreachable!("only restoring asks for it")
    }
}

impl HasPreimage for Theirs {
    fn preimage(&self, key: KeyHash) -> anyhow::Result<Option<Vec<u8>>> {
        Ok(self.preimages.get(&key).cloned())
    }
}

/// One key's change: its hash, which the test chooses, and the new value.
type Put = (Digest, Option<Vec<u8>>);

/// Both trees, fed with the same changes.
#[derive(Default)]
struct Pair {
    ours: Ours,
    theirs: Theirs,
    next: BlockNumber,
    live: BTreeMap<Digest, Vec<u8>>,
    /// Whether a version deleted and inserted: jmt may then have written nodes anew that did not
    /// change, and names them by that version for as long as they stand.
    is_mixed: bool,
}

impl Pair {
    /// Applies one version; `names` are the keys where they matter.
    fn apply(&mut self, puts: &[Put], names: &BTreeMap<Digest, Vec<u8>>) {
        let version = self.next;
        fn name<'a>(names: &'a BTreeMap<Digest, Vec<u8>>, hash: &'a Digest) -> &'a [u8] {
            names.get(hash).map_or(hash.as_slice(), Vec::as_slice)
        }
        let changes = puts.iter().map(|(key_hash, value)| Change {
            key_hash: *key_hash,
            key: name(names, key_hash),
            value_hash: value.as_deref().map(sha256),
            // Every other key leaves the update to find out.
            existed: self.live.contains_key(key_hash) && key_hash[31].is_multiple_of(2),
        });
        let ours = update(&self.ours, version.checked_sub(1), version, changes.collect()).unwrap();

        for (key_hash, _) in puts {
            self.theirs.preimages.insert(KeyHash(*key_hash), name(names, key_hash).to_vec());
        }
        let set = puts.iter().map(|(key, value)| (KeyHash(*key), value.clone()));
        let tree = JellyfishMerkleTree::<_, Sha256>::new(&self.theirs);
        let (root, batch) = tree.put_value_set(set, version.into()).unwrap();
        assert_eq!(ours.root, root.0);

        let n_inserted = puts.iter().filter(|(_, value)| value.is_some()).count();
        self.is_mixed |= n_inserted > 0 && n_inserted < puts.len();
        if n_inserted > 0 && !self.is_mixed {
            let positions: BTreeSet<_> = batch.node_batch.nodes().keys().map(position).collect();
            assert_eq!(
                ours.written.iter().map(|(key, _)| *key).collect::<BTreeSet<_>>(),
                positions
            );
            let stale: BTreeSet<_> =
                batch.stale_node_index_batch.iter().map(|s| position(&s.node_key)).collect();
            // jmt keeps the root of an empty tree for ever.
            let ours_stale: BTreeSet<_> = ours
                .stale
                .iter()
                .filter(|key| self.ours.nodes.get(key) != Some(&Node::Empty))
                .copied()
                .collect();
            assert_eq!(ours_stale, stale);
        }

        for key in &ours.stale {
            assert!(self.ours.nodes.remove(key).is_some(), "stale node was there: {key:?}");
        }
        for (key, node) in ours.written {
            assert!(self.ours.nodes.insert(key, node).is_none(), "{key:?} was written twice");
        }
        self.theirs.nodes.extend(batch.node_batch.nodes().clone());
        for ((version, key), value) in batch.node_batch.values() {
            self.theirs.values.entry(*key).or_default().insert(*version, value.clone());
        }
        for (key, value) in puts {
            match value {
                Some(value) => self.live.insert(*key, value.clone()),
                None => self.live.remove(key),
            };
        }
        self.next += 1;
        self.check_reachable(version);
    }

    /// What is kept is exactly what the newest root reaches, and that is exactly the live keys.
    fn check_reachable(&self, version: BlockNumber) {
        let mut reached = BTreeSet::new();
        let mut leaves = BTreeMap::new();
        let mut open = vec![NodeKey::root(version)];
        while let Some(key) = open.pop() {
            reached.insert(key);
            match self.ours.existing(&key).unwrap() {
                Node::Empty => assert_eq!(key.path, Path::default()),
                Node::Leaf(leaf) => {
                    assert_eq!(key.path, Path::prefix_of(&leaf.key_hash, key.path.len()));
                    leaves.insert(leaf.key_hash, leaf.value_hash);
                }
                Node::Inner(inner) => {
                    for (index, child) in inner.present() {
                        let below = NodeKey { version: child.version, path: key.path.child(index) };
                        let node = self.ours.existing(&below).unwrap();
                        assert_eq!(node.hash(), child.hash);
                        assert_eq!(matches!(node, Node::Leaf(_)), child.is_leaf);
                        open.push(below);
                    }
                }
            }
        }
        assert_eq!(reached, self.ours.nodes.keys().copied().collect());
        let live = self.live.iter().map(|(key, value)| (*key, sha256(value))).collect();
        assert_eq!(leaves, live);
    }
}

fn position(key: &jmt::storage::NodeKey) -> NodeKey {
    let path = key.nibble_path();
    let path = (0..path.num_nibbles())
        .fold(Path::default(), |ours, i| ours.child(path.get_nibble(i).as_usize()));
    NodeKey { version: key.version().try_into().unwrap(), path }
}

/// Key hashes that part late and often share long prefixes.
fn crowded_hash() -> impl Strategy<Value = Digest> {
    (0usize..6, prop::sample::select(vec![0u8, 0x01, 0x10, 0xff]), any::<bool>()).prop_map(
        |(at, byte, low)| {
            let mut hash = [0xabu8; 32];
            hash[at] = byte;
            hash[31] = u8::from(low);
            hash
        },
    )
}

fn any_hash() -> impl Strategy<Value = Digest> {
    prop_oneof![crowded_hash(), (0u8..40).prop_map(|seed| sha256(&[seed]))]
}

fn versions() -> impl Strategy<Value = Vec<BTreeMap<Digest, Option<Vec<u8>>>>> {
    let value = prop::option::weighted(0.6, prop::collection::vec(any::<u8>(), 0..3));
    prop::collection::vec(prop::collection::btree_map(any_hash(), value, 0..24), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn update_equals_jmt(versions in versions()) {
        let mut pair = Pair::default();
        for changes in versions {
            pair.apply(&changes.into_iter().collect::<Vec<_>>(), &BTreeMap::new());
        }
    }

    #[test]
    fn insertions_write_the_nodes_that_jmt_writes(
        versions in prop::collection::vec(
            prop::collection::btree_map(any_hash(), any::<u8>(), 1..24), 1..8)
    ) {
        let mut pair = Pair::default();
        for changes in versions {
            let puts: Vec<Put> = changes.into_iter().map(|(k, v)| (k, Some(vec![v]))).collect();
            pair.apply(&puts, &BTreeMap::new());
        }
    }

    #[test]
    fn proofs_equal_jmt_and_verify(
        versions in prop::collection::vec(
            prop::collection::btree_map(0u8..30, prop::option::weighted(0.7, 1u8..), 1..12), 1..6)
    ) {
        let names: BTreeMap<Digest, Vec<u8>> = (0u8..60).map(|k| (sha256(&[k]), vec![k])).collect();
        let mut pair = Pair::default();
        for changes in versions {
            let puts: Vec<Put> =
                changes.into_iter().map(|(k, v)| (sha256(&[k]), v.map(|v| vec![v]))).collect();
            pair.apply(&puts, &names);
        }
        let version = pair.next - 1;
        let root = pair.ours.existing(&NodeKey::root(version)).unwrap().hash();
        for key in 0u8..60 {
            let value_of = |key: &[u8]| Ok(pair.live.get(&sha256(key)).cloned());
            let proof = prove(&pair.ours, version, &[key], value_of);
            if pair.live.is_empty() {
                assert!(matches!(proof, Err(StorageError::Unprovable { .. })));
                continue;
            }
            let proof = proof.unwrap();
            let tree = JellyfishMerkleTree::<_, Sha256>::new(&pair.theirs);
            let (value, theirs) = tree.get_with_ics23_proof(vec![key], version.into()).unwrap();
            prop_assert_eq!(&proof, &theirs);
            check_proof(&proof, &root, &[key], value.as_deref());
        }
    }

    #[test]
    fn node_decodes_what_it_encodes(
        children in prop::collection::btree_map(0usize..16, (any::<[u8; 32]>(), any::<u32>(), any::<bool>()), 1..16),
        key in prop::collection::vec(any::<u8>(), 0..80),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut inner = Inner::default();
        for (index, (hash, version, is_leaf)) in children {
            inner.children[index] = Some(super::node::Child { version, hash, is_leaf });
        }
        let leaf = Leaf { key_hash: sha256(&key), key, value_hash: [7; 32] };
        for node in [Node::Empty, Node::Leaf(leaf), Node::Inner(Arc::new(inner.clone()))] {
            prop_assert_eq!(Node::decode(&encode(&node)).unwrap(), node);
        }
        let encoded = encode(&Node::Inner(Arc::new(inner)));
        prop_assert!(Node::decode(&encoded[..cut.index(encoded.len())]).is_err());
    }
}

fn encode(node: &Node) -> Vec<u8> {
    let mut encoded = Vec::new();
    node.encode_to(&mut encoded);
    encoded
}

fn check_proof(proof: &CommitmentProof, root: &Digest, key: &[u8], value: Option<&[u8]>) {
    let (spec, root) = (proof_spec(), root.to_vec());
    let verifies_as = |value: &[u8]| {
        ics23::verify_membership::<HostFunctionsManager>(proof, &spec, &root, key, value)
    };
    let absent = ics23::verify_non_membership::<HostFunctionsManager>(proof, &spec, &root, key);
    match value {
        Some(value) => {
            assert!(verifies_as(value) && !absent);
            assert!(!verifies_as(b"another"));
        }
        None => assert!(absent && !verifies_as(b"any")),
    }
}

#[test]
fn node_decode_rejects_what_no_update_writes() {
    // Empty input, unknown tag, bytes behind, no child, a leaf that is no child.
    for encoded in [&[][..], &[3], &[0, 0], &[1, 0], &[2, 0, 0, 0, 0], &[2, 0, 1, 0, 2]] {
        assert!(Node::decode(encoded).is_err(), "{encoded:?}");
    }
}

#[test]
fn keys_of_a_long_common_prefix_rise_when_left_alone() {
    let mut twin = [0x55; 32];
    twin[31] = 0x56;
    let mut pair = Pair::default();
    pair.apply(&[([0x55; 32], Some(vec![1])), (twin, Some(vec![2]))], &BTreeMap::new());
    assert_eq!(pair.ours.nodes.len(), 66, "64 inner nodes and two leaves");
    pair.apply(&[(twin, None)], &BTreeMap::new());
    assert_eq!(pair.ours.nodes.len(), 1, "the leaf is the root");
    pair.apply(&[([0x55; 32], None)], &BTreeMap::new());
    assert_eq!(pair.ours.nodes.get(&NodeKey::root(2)), Some(&Node::Empty));
}

#[test]
fn spec_is_that_of_jmt() {
    assert_eq!(proof_spec(), jmt::ics23_spec());
    assert_eq!(PLACEHOLDER, JellyfishMerkleTree::<Theirs, Sha256>::EMPTY_ROOT.0);
}

#[test]
fn empty_value_is_committed_but_not_proven() {
    let names = BTreeMap::from([(sha256(b"a"), b"a".to_vec()), (sha256(b"b"), b"b".to_vec())]);
    let mut pair = Pair::default();
    pair.apply(&[(sha256(b"a"), Some(vec![]))], &names);
    let with_empty = pair.ours.existing(&NodeKey::root(0)).unwrap().hash();
    assert_ne!(with_empty, PLACEHOLDER);
    let value_of = |key: &[u8]| Ok(pair.live.get(&sha256(key)).cloned());
    for key in [b"a", b"b"] {
        assert!(matches!(
            prove(&pair.ours, 0, key, value_of),
            Err(StorageError::Unprovable { .. })
        ));
    }
    assert!(matches!(prove(&pair.ours, 0, b"", value_of), Err(StorageError::Unprovable { .. })));
}

#[test]
fn missing_node_is_corruption() {
    let mut pair = Pair::default();
    let puts: Vec<Put> = (0..8u8).map(|key| (sha256(&[key]), Some(vec![key]))).collect();
    pair.apply(&puts, &BTreeMap::new());
    let change = |key: u8| Change {
        key_hash: sha256(&[key]),
        key: &[],
        value_hash: Some([0; 32]),
        existed: true,
    };
    pair.ours.nodes.remove(&NodeKey::root(0));
    assert!(matches!(
        update(&pair.ours, Some(0), 1, vec![change(1)]),
        Err(StorageError::Corrupt { .. })
    ));
}

#[test]
fn nibbles_are_high_first() {
    let mut digest = [0u8; 32];
    (digest[0], digest[31]) = (0x1f, 0xc2);
    assert_eq!([0, 1, 62, 63].map(|depth| nibble(&digest, depth)), [1, 0xf, 0xc, 2]);
    let key = NodeKey { version: 258, path: Path::prefix_of(&digest, 3) };
    assert_eq!(key.encode(), [0, 0, 1, 2, 3, 0x1f, 0x00]);
    assert_eq!(NodeKey::root(1).encode(), [0, 0, 0, 1, 0]);
}

#[test]
fn roots_equal_the_vectors_of_jmt() {
    let Some(folder) = fixtures("jmt") else { return };
    let text = std::fs::read_to_string(folder.join("sha2_256_vectors.json")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert!(!vectors.is_empty());
    for vector in vectors {
        let bytes = |value: &serde_json::Value| hex::decode(value.as_str().unwrap()).unwrap();
        let data: Vec<_> = vector["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| (bytes(&entry["key"]), bytes(&entry["value"])))
            .collect();
        let changes = data.iter().map(|(key, value)| Change {
            key_hash: sha256(key),
            key,
            value_hash: Some(sha256(value)),
            existed: false,
        });
        let root = update(&Ours::default(), None, 0, changes.collect()).unwrap().root;
        assert_eq!(root.to_vec(), bytes(&vector["expected_root"]));
    }
}

#[test]
fn verifier_accepts_the_vectors_of_ics23() {
    let Some(folder) = fixtures("ics23") else { return };
    for (name, spec) in [
        ("iavl", ics23::iavl_spec()),
        ("smt", ics23::smt_spec()),
        ("tendermint", ics23::tendermint_spec()),
    ] {
        for side in ["left", "middle", "right"] {
            for presence in ["exist", "nonexist"] {
                let path = folder.join(name).join(format!("{presence}_{side}.json"));
                let text = std::fs::read_to_string(path).unwrap();
                let vector: serde_json::Value = serde_json::from_str(&text).unwrap();
                let bytes = |field: &str| hex::decode(vector[field].as_str().unwrap()).unwrap();
                let proof = CommitmentProof::decode(bytes("proof").as_slice()).unwrap();
                let (root, key, value) = (bytes("root"), bytes("key"), bytes("value"));
                let is_proven = match proof.proof.as_ref().unwrap() {
                    Proof::Exist(_) => ics23::verify_membership::<HostFunctionsManager>(
                        &proof, &spec, &root, &key, &value,
                    ),
                    _ => ics23::verify_non_membership::<HostFunctionsManager>(
                        &proof, &spec, &root, &key,
                    ),
                };
                assert!(is_proven, "{name} {presence}_{side}");
                // A chain's verifier must not take proofs of another tree.
                assert!(!ics23::verify_membership::<HostFunctionsManager>(
                    &proof,
                    &proof_spec(),
                    &root,
                    &key,
                    &value,
                ));
            }
        }
    }
}

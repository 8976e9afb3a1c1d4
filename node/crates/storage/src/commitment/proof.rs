//! ICS-23 proofs of presence and absence.

use super::{
    Digest, Inner, Node, NodeKey, NodeSource,
    node::{
        INNER_DOMAIN, LEAF_DOMAIN, Leaf, PLACEHOLDER, Path, Subtree, nibble, sha256, subtree,
        subtree_hash,
    },
};
use crate::StorageError;
use ecoledger_primitives::{BlockNumber, committed_value};
use ics23::{
    CommitmentProof, ExistenceProof, HashOp, InnerOp, InnerSpec, LeafOp, LengthOp,
    NonExistenceProof, ProofSpec, commitment_proof::Proof,
};
use std::sync::Arc;

/// How a verifier reads the proofs of this chain.
///
/// Source: ICS-23; the same parameters as `jmt::ics23_spec`.
pub fn proof_spec() -> ProofSpec {
    ProofSpec {
        leaf_spec: Some(leaf_op()),
        inner_spec: Some(InnerSpec {
            hash: HashOp::Sha256.into(),
            child_order: vec![0, 1],
            min_prefix_length: 16,
            max_prefix_length: 16,
            child_size: 32,
            empty_child: PLACEHOLDER.to_vec(),
        }),
        min_depth: 0,
        max_depth: 64,
        prehash_key_before_comparison: true,
    }
}

fn leaf_op() -> LeafOp {
    LeafOp {
        hash: HashOp::Sha256.into(),
        prehash_key: HashOp::Sha256.into(),
        prehash_value: HashOp::Sha256.into(),
        length: LengthOp::NoPrefix.into(),
        prefix: LEAF_DOMAIN.to_vec(),
    }
}

/// Proves at height `version` that `key` has its value, or that there is none.
///
/// - `value_of`: values at the same height.
///
/// # Errors
/// [`StorageError::Unprovable`] when ICS-23 has no way to say it: the key is empty, a value that
/// the proof must carry is empty, or the tree is.
pub(crate) fn prove<S: NodeSource>(
    source: &S,
    version: BlockNumber,
    key: &[u8],
    value_of: impl Fn(&[u8]) -> Result<Option<Vec<u8>>, StorageError>,
) -> Result<CommitmentProof, StorageError> {
    if key.is_empty() {
        return Err(StorageError::Unprovable { reason: "the key is empty" });
    }
    let prover = Prover { source, version, value_of };
    let target = sha256(key);
    let walk = prover.walk(&target)?;
    let proof = match &walk.leaf {
        Some(leaf) if leaf.key_hash == target => Proof::Exist(prover.existence(leaf, &walk)?),
        _ => {
            let left = prover.neighbour(&walk, &target, Side::Left)?;
            let right = prover.neighbour(&walk, &target, Side::Right)?;
            if left.is_none() && right.is_none() {
                return Err(StorageError::Unprovable { reason: "the state is empty" });
            }
            Proof::Nonexist(NonExistenceProof { key: key.to_vec(), left, right })
        }
    };
    Ok(CommitmentProof { proof: Some(proof) })
}

/// The way from the root towards a key.
struct Walk {
    /// Inner nodes passed, root first.
    passed: Vec<(Path, Arc<Inner>)>,
    /// Hash of the other half at each binary level, root first.
    siblings: Vec<Digest>,
    /// The leaf at its end; none where the binary subtree is empty.
    leaf: Option<Leaf>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

struct Prover<'a, S, F> {
    source: &'a S,
    version: BlockNumber,
    value_of: F,
}

impl<S, F> Prover<'_, S, F>
where
    S: NodeSource,
    F: Fn(&[u8]) -> Result<Option<Vec<u8>>, StorageError>,
{
    fn walk(&self, target: &Digest) -> Result<Walk, StorageError> {
        let mut walk = Walk { passed: Vec::new(), siblings: Vec::new(), leaf: None };
        let mut key = NodeKey::root(self.version);
        loop {
            let inner = match self.source.existing(&key)? {
                Node::Empty => return Ok(walk),
                Node::Leaf(leaf) => {
                    walk.leaf = Some(leaf);
                    return Ok(walk);
                }
                Node::Inner(inner) => inner,
            };
            let index = nibble(target, key.path.len());
            let next = descend(&inner, index, &mut walk.siblings);
            walk.passed.push((key.path, inner));
            match next {
                None => return Ok(walk),
                Some((index, version)) => {
                    key = NodeKey { version, path: key.path.child(index) };
                }
            }
        }
    }

    /// Proof of the leaf nearest to `target` on one side of it, if there is any.
    fn neighbour(
        &self,
        walk: &Walk,
        target: &Digest,
        side: Side,
    ) -> Result<Option<ExistenceProof>, StorageError> {
        let on_side = |leaf: &&Leaf| (leaf.key_hash < *target) == (side == Side::Left);
        if let Some(leaf) = walk.leaf.as_ref().filter(on_side) {
            return self.existence(leaf, walk).map(Some);
        }
        for (path, inner) in walk.passed.iter().rev() {
            let index = nibble(target, path.len());
            let nearest = match side {
                Side::Left => inner.present().rfind(|(other, _)| *other < index),
                Side::Right => inner.present().find(|(other, _)| *other > index),
            };
            if let Some((index, child)) = nearest {
                let key = NodeKey { version: child.version, path: path.child(index) };
                let leaf = self.extreme(key, side)?;
                return self.existence(&leaf, &self.walk(&leaf.key_hash)?).map(Some);
            }
        }
        Ok(None)
    }

    /// The last leaf below `key` for the left side, the first for the right.
    fn extreme(&self, mut key: NodeKey, side: Side) -> Result<Leaf, StorageError> {
        loop {
            let inner = match self.source.existing(&key)? {
                Node::Leaf(leaf) => return Ok(leaf),
                Node::Inner(inner) => inner,
                Node::Empty => {
                    return Err(StorageError::corrupt("tree node below the root is empty"));
                }
            };
            let child = match side {
                Side::Left => inner.present().next_back(),
                Side::Right => inner.present().next(),
            };
            let Some((index, child)) = child else {
                return Err(StorageError::corrupt("inner tree node has no child"));
            };
            key = NodeKey { version: child.version, path: key.path.child(index) };
        }
    }

    fn existence(&self, leaf: &Leaf, walk: &Walk) -> Result<ExistenceProof, StorageError> {
        let value = (self.value_of)(&leaf.key)?
            .ok_or_else(|| StorageError::corrupt("key in the tree has no value"))?;
        let value = committed_value(&leaf.key, &value).into_owned();
        if sha256(&value) != leaf.value_hash {
            return Err(StorageError::corrupt("value differs from its hash in the tree"));
        }
        if leaf.key.is_empty() || value.is_empty() {
            return Err(StorageError::Unprovable {
                reason: "it, or its neighbour in an absence, has an empty key or value",
            });
        }
        let path = walk.siblings.iter().enumerate().rev().map(|(depth, sibling)| {
            let byte = leaf.key_hash.get(depth / 8).copied().unwrap_or(0);
            let is_right = byte >> (7 - depth % 8) & 1 == 1;
            let mut op = InnerOp {
                hash: HashOp::Sha256.into(),
                prefix: INNER_DOMAIN.to_vec(),
                suffix: Vec::new(),
            };
            if is_right { &mut op.prefix } else { &mut op.suffix }.extend_from_slice(sibling);
            op
        });
        Ok(ExistenceProof {
            key: leaf.key.clone(),
            value,
            leaf: Some(leaf_op()),
            path: path.collect(),
        })
    }
}

/// Walks the four binary levels of `inner` towards the child at `index`.
///
/// Returns index and version of the child that stands where the walk ends, which may be another
/// than `index` when that one is alone in its half; `None` when the half is empty.
fn descend(
    inner: &Inner,
    index: usize,
    siblings: &mut Vec<Digest>,
) -> Option<(usize, BlockNumber)> {
    let (mut start, mut run) = (0, inner.children.as_slice());
    while run.len() > 1 {
        let half = run.len() / 2;
        let (left, right) = run.split_at(half);
        let other;
        (run, other) = if index & half == 0 { (left, right) } else { (right, left) };
        start += index & half;
        siblings.push(subtree_hash(other));
        match subtree(run) {
            Subtree::Empty => return None,
            Subtree::Sole(offset, child) => return Some((start + offset, child.version)),
            Subtree::Fork => {}
        }
    }
    None
}

//! Nodes of the tree: their shape, their hashes and their bytes on disk.

use crate::StorageError;
use ecoledger_primitives::BlockNumber;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// A SHA-256 digest.
pub(crate) type Digest = [u8; 32];

/// Root of an empty tree, and what stands for an empty half of a node.
pub(crate) const PLACEHOLDER: Digest = *b"SPARSE_MERKLE_PLACEHOLDER_HASH__";
/// Separates hashes of leaves from all others.
pub(crate) const LEAF_DOMAIN: &[u8; 13] = b"JMT::LeafNode";
/// Separates hashes of inner nodes from all others.
pub(crate) const INNER_DOMAIN: &[u8; 16] = b"JMT::IntrnalNode";

/// Children of an inner node, and nibble values.
pub(crate) const FANOUT: usize = 16;

/// SHA-256 of `bytes`.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// Hash of an inner node of the binary tree.
pub(crate) fn inner_hash(left: &Digest, right: &Digest) -> Digest {
    let mut bytes = [0u8; 80];
    bytes[..16].copy_from_slice(INNER_DOMAIN);
    bytes[16..48].copy_from_slice(left);
    bytes[48..].copy_from_slice(right);
    sha256(&bytes)
}

/// Hash of a leaf.
pub(crate) fn leaf_hash(key_hash: &Digest, value_hash: &Digest) -> Digest {
    let mut bytes = [0u8; 77];
    bytes[..13].copy_from_slice(LEAF_DOMAIN);
    bytes[13..45].copy_from_slice(key_hash);
    bytes[45..].copy_from_slice(value_hash);
    sha256(&bytes)
}

/// The nibble of `digest` at `depth`.
pub(crate) fn nibble(digest: &Digest, depth: u8) -> usize {
    let byte = digest.get(usize::from(depth / 2)).copied().unwrap_or(0);
    usize::from(if depth.is_multiple_of(2) { byte >> 4 } else { byte & 0x0f })
}

/// Nibbles from the root to a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Path {
    len: u8,
    /// Two nibbles a byte, high one first; zero beyond `len`.
    bytes: [u8; 32],
}

impl Path {
    /// The first `len` nibbles of `digest`.
    #[cfg(test)]
    pub(crate) fn prefix_of(digest: &Digest, len: u8) -> Self {
        (0..len).fold(Self::default(), |path, depth| path.child(nibble(digest, depth)))
    }

    /// Number of nibbles; the root's is 0.
    pub(crate) fn len(&self) -> u8 {
        self.len
    }

    /// The path of the child at `index`, which is below [`FANOUT`]. No path is longer than the 64
    /// nibbles of a key hash, because two different hashes part before.
    pub(crate) fn child(mut self, index: usize) -> Self {
        let shift = if self.len.is_multiple_of(2) { 4 } else { 0 };
        if let Some(byte) = self.bytes.get_mut(usize::from(self.len / 2)) {
            *byte |= (index as u8) << shift;
        }
        self.len += 1;
        self
    }
}

/// Where a node is kept: the height that wrote it, then its path.
///
/// ```text
/// ┌────────┬───────────┬─────────────────────────┐
/// │ height │ n nibbles │ nibbles, high one first │
/// │ 4, BE  │ 1         │ ⌈n / 2⌉                 │
/// └────────┴───────────┴─────────────────────────┘
/// ```
///
/// The height comes first so that each block's nodes are appended behind all others, which costs
/// a log-structured store least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeKey {
    /// The height that wrote the node.
    pub(crate) version: BlockNumber,
    /// Nibbles from the root.
    pub(crate) path: Path,
}

impl NodeKey {
    /// The root as of `version`; every height has one.
    pub(crate) fn root(version: BlockNumber) -> Self {
        Self { version, path: Path::default() }
    }

    /// Bytes on disk.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut encoded = Vec::with_capacity(5 + 32);
        encoded.extend_from_slice(&self.version.to_be_bytes());
        encoded.push(self.path.len);
        encoded.extend(self.path.bytes.iter().take(usize::from(self.path.len.div_ceil(2))));
        encoded
    }
}

/// One key of the state.
///
/// It carries the key itself and not only its hash: an absence is proven by naming a neighbour's
/// key, and whatever prunes the leaf prunes its key with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// The state key.
    pub(crate) key: Vec<u8>,
    /// SHA-256 of the key: its place in the tree.
    pub(crate) key_hash: Digest,
    /// SHA-256 of the value.
    pub(crate) value_hash: Digest,
}

impl Leaf {
    /// The leaf's hash.
    pub(crate) fn hash(&self) -> Digest {
        leaf_hash(&self.key_hash, &self.value_hash)
    }
}

/// What a node knows of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    /// The height that wrote the child.
    pub(crate) version: BlockNumber,
    /// The child's hash.
    pub(crate) hash: Digest,
    /// Whether it is a leaf, which stands for the whole subtree in which it is alone.
    pub(crate) is_leaf: bool,
}

/// Four levels of the binary tree in one node: at least two leaves lie below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inner {
    /// By nibble.
    pub(crate) children: [Option<Child>; FANOUT],
}

impl Inner {
    /// The node's hash.
    pub(crate) fn hash(&self) -> Digest {
        subtree_hash(&self.children)
    }

    /// The children that exist, ascending by nibble.
    pub(crate) fn present(&self) -> impl DoubleEndedIterator<Item = (usize, &Child)> {
        self.children.iter().enumerate().filter_map(|(index, child)| Some((index, child.as_ref()?)))
    }
}

/// What a run of neighbouring children amounts to in the binary tree.
pub(crate) enum Subtree {
    /// No child.
    Empty,
    /// The child at that index of the run stands for the whole run.
    Sole(usize, Child),
    /// Has two halves that are hashed together.
    Fork,
}

/// Classifies `children`, a run of 1, 2, 4, 8 or 16.
pub(crate) fn subtree(children: &[Option<Child>]) -> Subtree {
    let mut present =
        children.iter().enumerate().filter_map(|(index, child)| Some((index, (*child)?)));
    match (present.next(), present.next()) {
        (None, _) => Subtree::Empty,
        (Some((index, child)), None) if child.is_leaf || children.len() == 1 => {
            Subtree::Sole(index, child)
        }
        _ => Subtree::Fork,
    }
}

/// Hash of the binary subtree over `children`, a run of 1, 2, 4, 8 or 16.
pub(crate) fn subtree_hash(children: &[Option<Child>]) -> Digest {
    match subtree(children) {
        Subtree::Empty => PLACEHOLDER,
        Subtree::Sole(_, child) => child.hash,
        Subtree::Fork => {
            let (left, right) = children.split_at(children.len() / 2);
            inner_hash(&subtree_hash(left), &subtree_hash(right))
        }
    }
}

/// A node as it is kept.
///
/// ```text
/// empty   00
/// leaf    01 │ value hash 32 │ key
/// inner   02 │ which children exist 2, BE │ which are leaves 2, BE │ (version 4, BE │ hash 32)…
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// Root of the empty tree.
    Empty,
    /// One key.
    Leaf(Leaf),
    /// Two keys or more.
    Inner(Arc<Inner>),
}

impl Node {
    /// The node's hash.
    pub(crate) fn hash(&self) -> Digest {
        match self {
            Self::Empty => PLACEHOLDER,
            Self::Leaf(leaf) => leaf.hash(),
            Self::Inner(inner) => inner.hash(),
        }
    }

    /// Appends the bytes on disk.
    pub(crate) fn encode_to(&self, encoded: &mut Vec<u8>) {
        match self {
            Self::Empty => encoded.push(0),
            Self::Leaf(leaf) => {
                encoded.push(1);
                encoded.extend_from_slice(&leaf.value_hash);
                encoded.extend_from_slice(&leaf.key);
            }
            Self::Inner(inner) => {
                let bits = |is_set: fn(&Child) -> bool| {
                    inner
                        .present()
                        .fold(0u16, |bits, (index, child)| bits | u16::from(is_set(child)) << index)
                };
                encoded.push(2);
                encoded.extend_from_slice(&bits(|_| true).to_be_bytes());
                encoded.extend_from_slice(&bits(|child| child.is_leaf).to_be_bytes());
                for (_, child) in inner.present() {
                    encoded.extend_from_slice(&child.version.to_be_bytes());
                    encoded.extend_from_slice(&child.hash);
                }
            }
        }
    }

    /// Inverse of [`Self::encode_to`].
    pub(crate) fn decode(encoded: &[u8]) -> Result<Self, StorageError> {
        Self::try_decode(encoded).ok_or_else(|| StorageError::corrupt("tree node does not decode"))
    }

    fn try_decode(encoded: &[u8]) -> Option<Self> {
        let (tag, body) = encoded.split_first()?;
        match tag {
            0 => body.is_empty().then_some(Self::Empty),
            1 => {
                let (value_hash, key) = body.split_first_chunk::<32>()?;
                Some(Self::Leaf(Leaf {
                    key: key.to_vec(),
                    key_hash: sha256(key),
                    value_hash: *value_hash,
                }))
            }
            2 => {
                let (exist, body) = body.split_first_chunk::<2>()?;
                let (leaves, mut body) = body.split_first_chunk::<2>()?;
                let (exist, leaves) = (u16::from_be_bytes(*exist), u16::from_be_bytes(*leaves));
                let mut inner = Inner::default();
                for (index, slot) in inner.children.iter_mut().enumerate() {
                    if exist >> index & 1 == 1 {
                        let (version, rest) = body.split_first_chunk::<4>()?;
                        let (hash, rest) = rest.split_first_chunk::<32>()?;
                        body = rest;
                        *slot = Some(Child {
                            version: BlockNumber::from_be_bytes(*version),
                            hash: *hash,
                            is_leaf: leaves >> index & 1 == 1,
                        });
                    }
                }
                (body.is_empty() && exist != 0 && exist & leaves == leaves)
                    .then(|| Self::Inner(Arc::new(inner)))
            }
            _ => None,
        }
    }
}

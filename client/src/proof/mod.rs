//! Proofs that need no server: an item code, its records, and the validators' signatures in one
//! bundle, and the light client that verifies it.
//!
//! # What a bundle proves
//!
//! ```text
//! item code → label series → batch, certificates, licence, open recalls     records
//!           → root of the state → header                                    one block
//!           → precommits of its validators → validators announced before    followed from
//!           → … → checkpoint                                                a checkpoint
//! ```
//!
//! Nobody is asked and nothing is believed but the [`Checkpoint`]. Only presence is proven, never
//! absence: records carry their own status, and `Traceability.OpenRecalls` is always in the state.
//! While it is not empty, marks of recalls may be on their way, and goods that have none are
//! [being assessed](RecallVerdict::BeingAssessed) unless the bundle proves that
//! [none will come](#open-recalls).
//!
//! # Binary form, version 1
//!
//! SCALE throughout: integers little-endian of fixed size, `compact` where said, lists and byte
//! strings with their length before them as `compact`, options with a byte 0 or 1 before. There is
//! one encoding of a bundle, and nothing behind it.
//!
//! ```text
//! magic      4 B   "ECOP"
//! version    u8    1
//! genesis    32 B  hash of the chain's first block
//! steps      list  1 to 64, ascending by height
//!   header   bytes  at most 512: SCALE of the Substrate header
//!   round    u32    of the precommits
//!   set      u8     index in `sets`: the validators of the header's height
//!   precommits list ascending by validator
//!     validator u8    index in the set
//!     signature 64 B  Ed25519
//! sets       list  1 to 64, each once
//!   validators list  1 to 100 keys of 32 B, ascending
//! records    list  1 to 256, ascending by SHA-256 of the key
//!   key      bytes  1 to 256: storage key
//!   value    bytes  1 to 65,536
//!   depth    u8     inner nodes above its leaf
//! siblings        hashes beside the records' paths, in the order of the walk
//!   count    compact u32
//!   bits     ⌈count / 8⌉ B, from the least significant bit of each on; 1: the hash follows,
//!                   0: it is that of the empty subtree; unused bits are 0
//!   hashes   32 B for each bit that is 1, none of them that of the empty subtree
//! item       option
//!   leaf     bytes  1 to 64: a byte for the scheme, and the code
//!   index    u32    position in the series, from 0
//!   path     list   at most 20 hashes of 32 B, from the leaf up
//! ```
//!
//! At most 262,144 bytes. A header is, in this order: hash of its parent 32 B, height `compact`, root
//! of the state 32 B, root of the transactions 32 B, and a list of two digest items: the byte 6,
//! `BFTC`, and as bytes of length 40 the time (u64, Unix milliseconds) and the proposer's key; the
//! byte 4, `BFTC`, and as bytes of length 64 the hashes of the sets of the next height and of the
//! one after it. The hash of a set is SHA-256 of its SCALE encoding, as in `sets`.
//!
//! # Verification
//!
//! In this order; each step has a [name](ProofStep), each refusal an [error](ProofError).
//!
//! 1. **Bundle.** It is read strictly, within the bounds above.
//! 2. **Validators.** The bundle is of the checkpoint's chain. A header's value is SHA-256 of its
//!    encoding, and a precommit signs 92 bytes: `"ecoledger:pc:v1\0"`, the hash of the first block,
//!    height (u64 big-endian), round (u32 big-endian), value. Ed25519 is judged strictly: s and R
//!    and keys in canonical form, no key of small order, no cofactor. Every signature must verify.
//!    Trust begins at the checkpoint, at height t with the sets of t + 1 and t + 2; headers at or
//!    below t are passed over. Each further header at height h
//!    - is *decided* if h is t + 1 or t + 2, its set has the hash announced for h, and more than two
//!      thirds of that set signed; it is then what trust goes on from;
//!    - is otherwise *endorsed* if more than a third of the set of t + 2 signed. The next header must
//!      be at h + 1, and is decided if its set has the hash that the endorsed header announces and
//!      more than two thirds of it signed.
//!
//!    The last header must be decided. Before each, the block that trust goes on from must be
//!    younger than the trusting period; the last must be neither ahead of the clock by more than the
//!    skew, nor older than the age that is accepted.
//! 3. **Records.** The root above the records (see below) is that of the last header's state.
//! 4. **Item.** `Labels.Series` has exactly one record; the leaf is at its position in the series'
//!    tree (RFC 9162 §2.1.3.2) and is a code of its scheme.
//! 5. **Story.** The batch of the series, every certificate that the batch carries or the series
//!    names, the licence that the series names with the certificate that it rests on, and `OpenRecalls`
//!    are there, and these and whatever else is needed can be read.
//!
//! Why an endorsement is enough to go on: fewer than a third of a set that was announced within the
//! trusting period break the rules, so that one who keeps them signed. He signs only a block that he
//! has executed on top of decided ones, and which validators vote at h + 1 was settled by the block
//! before h at the latest. Whether h itself was decided, he does not say: a precommit is no decision.
//! So nothing is read from an endorsed header but that one hash.
//!
//! # Open recalls
//!
//! A recall affects the batch that it names, its *root*; the root's siblings of its scope; and all that
//! was made of these. Goods without a mark are clear of the recalls in `OpenRecalls` if the bundle has
//! the record of each, and of those whose phase is `Spreading` a walk proves it. (One that is being
//! lifted sets no further mark; until its own is taken off, a batch counts as recalled.) The walk goes
//! from the goods' batch to the inputs of the derivation that `formed_by` names, and on from these, up
//! to batches without one, which were produced at a base. It proves that no recall comes if
//!
//! - the bundle has the record of each batch and of each derivation,
//! - there are at most [`ANCESTRY_MAX`] batches,
//! - none of them has a mark, whosever it is,
//! - none of them is a root, and
//! - none was made from a batch that a recall has among its `parents`, as the derivation of that batch
//!   whose `index` is below the `n_derivations` there.
//!
//! Otherwise they are being assessed: leaving records out can only make the verdict worse.
//!
//! Why that is enough: whatever a recall affects has an ancestor, or is itself, where the recall
//! starts. That is the root; or a sibling by the same derivation, which is marked in the call that
//! opens the recall and stays so until it is lifted; or a sibling by the same parents, which is one of
//! their derivations of before. An ancestry cannot change afterwards: `formed_by` is written with the
//! batch and its derivation, under ids that were unused, and no batch takes anything in later. What is
//! made while a recall spreads is walked by the same rule. Declared times say nothing of it.
//!
//! # The walk
//!
//! The state is a Jellyfish Merkle tree over SHA-256:
//!
//! ```text
//! leaf   SHA-256( "JMT::LeafNode"    ‖ SHA-256(key) ‖ SHA-256(value) )
//! inner  SHA-256( "JMT::IntrnalNode" ‖ left 32 B ‖ right 32 B )
//! empty  "SPARSE_MERKLE_PLACEHOLDER_HASH__"
//! ```
//!
//! `node(records, depth)`, begun with all records at depth 0, is: without records, the next of
//! `siblings`; with one record of that depth, its leaf; otherwise, if all are deeper, the inner node
//! above `node` of those whose bit `depth` of SHA-256(key) is 0 and then of those where it is 1, at
//! `depth + 1`; otherwise the bundle is malformed. Bits count from the most significant of the first
//! byte. All siblings must be used.
//!
//! # JSON form
//!
//! The same members by name, bytes as `0x` and lower-case digits, and `"format": "ecoledger-proof"`
//! before `version`. Records have, in place of depth and siblings, `proof`: the ICS-23
//! `CommitmentProof` of existence in Protocol Buffers, which any ICS-23 library verifies against the
//! root of the state with the specification of `jmt`. Both forms hold the same, and each can be made
//! from the other.

mod bundle;
mod error;
mod evidence;
mod follow;
mod json;
mod make;
mod named;
mod recalls;
mod records;
mod scan;
#[cfg(test)]
mod tests;
mod tree;
mod trust;

pub use bundle::{
    BUNDLE_BYTES_MAX, Bundle, HEADER_BYTES_MAX, KEY_BYTES_MAX, LEAF_BYTES_MAX, MAGIC, PATH_MAX,
    RECORDS_MAX, SETS_MAX, STEPS_MAX, VALIDATORS_MAX, VALUE_BYTES_MAX, VERSION,
};
pub use error::ProofError;
pub use evidence::{Conflict, Evidence};
pub use follow::ProvenBlock;
pub use named::{ProvenRecords, RecordName, RecordNameError};
pub use recalls::ANCESTRY_MAX;
pub use scan::{
    CertificateScan, LicenceScan, Objection, OriginScan, ProofStep, RecallVerdict, Scan, ScanError,
};
pub use trust::{AGE_MAX_MS, Bounds, Checkpoint, SKEW_MS, TRUSTING_PERIOD_MS};

//! The bundle: everything that a proof needs, in its one canonical form.

use super::{
    ProofError, json,
    tree::{self, EMPTY, Hash, Leaf, sha256},
};
use codec::{Compact, Decode, DecodeAll, Encode, Error as CodecError, Input, Output};

/// First bytes of a bundle.
pub const MAGIC: [u8; 4] = *b"ECOP";
/// Version of the format.
pub const VERSION: u8 = 1;
/// Longest bundle that is read, in bytes.
pub const BUNDLE_BYTES_MAX: usize = 256 * 1024;
/// Most headers on the way from the checkpoint.
pub const STEPS_MAX: usize = 64;
/// Most validator sets.
pub const SETS_MAX: usize = 64;
/// Most validators of a set.
pub const VALIDATORS_MAX: usize = 100;
/// Longest header, in bytes.
pub const HEADER_BYTES_MAX: usize = 512;
/// Most records.
pub const RECORDS_MAX: usize = 256;
/// Longest key of a record, in bytes.
pub const KEY_BYTES_MAX: usize = 256;
/// Longest value of a record, in bytes.
pub const VALUE_BYTES_MAX: usize = 64 * 1024;
/// Longest leaf of a label series, in bytes.
pub const LEAF_BYTES_MAX: usize = 64;
/// Longest path in a label series.
pub const PATH_MAX: usize = 20;

/// A proof that records stand on the chain, and that an item code is in its label series; see
/// [`crate::proof`] for the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    pub(crate) genesis: Hash,
    pub(crate) steps: Vec<Step>,
    pub(crate) sets: Vec<Vec<Hash>>,
    pub(crate) records: Vec<Record>,
    /// Hashes beside the records' paths, in the order of the walk.
    pub(crate) siblings: Vec<Hash>,
    pub(crate) item: Option<Item>,
}

/// A header with signatures.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Step {
    /// SCALE of the header; its SHA-256 is what was signed.
    pub(crate) header: Vec<u8>,
    /// Round of the precommits.
    pub(crate) round: u32,
    /// Index of the set of the header's height.
    pub(crate) set: u8,
    /// Precommits, ascending by validator.
    pub(crate) precommits: Vec<Precommit>,
}

/// One validator's precommit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Precommit {
    /// Index in the set.
    pub(crate) validator: u8,
    /// Ed25519 signature.
    pub(crate) signature: [u8; 64],
}

/// A storage key with its value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Record {
    pub(crate) key: Vec<u8>,
    pub(crate) value: Vec<u8>,
    /// Inner nodes above its leaf.
    pub(crate) depth: u8,
}

impl Record {
    /// What is proven of it.
    pub(crate) fn leaf(&self) -> Leaf {
        Leaf { key: sha256(&self.key), value: sha256(&self.value), depth: self.depth }
    }
}

/// An item code's place in its series.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Item {
    /// Scheme's byte and code.
    pub(crate) leaf: Vec<u8>,
    /// Position from 0.
    pub(crate) index: u32,
    /// Siblings from the leaf up.
    pub(crate) path: Vec<Hash>,
}

impl Bundle {
    /// Reads the binary form.
    ///
    /// # Errors
    /// [`ProofError::TooLong`], [`ProofError::Version`], [`ProofError::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.len() > BUNDLE_BYTES_MAX {
            return Err(ProofError::TooLong(bytes.len()));
        }
        let rest = bytes.strip_prefix(&MAGIC).ok_or(ProofError::Malformed("first bytes"))?;
        match rest.split_first() {
            Some((&VERSION, rest)) => {
                let bundle =
                    Self::decode_all(&mut &*rest).map_err(|_| ProofError::Malformed("encoding"))?;
                bundle.check()?;
                Ok(bundle)
            }
            Some((&version, _)) => Err(ProofError::Version(version)),
            None => Err(ProofError::Malformed("length")),
        }
    }

    /// The binary form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        self.encode_to(&mut bytes);
        bytes
    }

    /// Reads either form; JSON begins with a brace.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes) and [`from_json`](Self::from_json).
    pub fn read(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.first() == Some(&b'{') { Self::from_json(bytes) } else { Self::from_bytes(bytes) }
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`ProofError::TooLong`], [`ProofError::Version`], [`ProofError::Malformed`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, ProofError> {
        let bundle = json::read(bytes)?;
        bundle.check()?;
        Ok(bundle)
    }

    /// The JSON form, whose records carry ICS-23 proofs each.
    ///
    /// # Errors
    /// [`ProofError::Malformed`] if the records' proof is.
    pub fn to_json(&self) -> Result<serde_json::Value, ProofError> {
        json::write(self)
    }

    /// What is proven of each record.
    pub(crate) fn leaves(&self) -> Vec<Leaf> {
        self.records.iter().map(Record::leaf).collect()
    }

    /// Root of the state that the records are from.
    pub(crate) fn state_root(&self) -> Result<Hash, ProofError> {
        tree::root(&self.leaves(), &self.siblings)
    }

    /// The bounds and orders that make the form the only one.
    fn check(&self) -> Result<(), ProofError> {
        let wrong = |what| Err(ProofError::Malformed(what));
        if !(1..=STEPS_MAX).contains(&self.steps.len()) {
            return wrong("number of headers");
        }
        if !(1..=SETS_MAX).contains(&self.sets.len()) {
            return wrong("number of validator sets");
        }
        for (index, set) in self.sets.iter().enumerate() {
            if !(1..=VALIDATORS_MAX).contains(&set.len()) || !ascend(set) {
                return wrong("validators of a set");
            }
            if self.sets[..index].contains(set) {
                return wrong("a validator set twice");
            }
        }
        for step in &self.steps {
            let Some(set) = self.sets.get(usize::from(step.set)) else {
                return wrong("a validator set that is not there");
            };
            if step.header.len() > HEADER_BYTES_MAX {
                return wrong("length of a header");
            }
            if !is_signed_by(step, set) {
                return wrong("signers");
            }
        }
        if !(1..=RECORDS_MAX).contains(&self.records.len()) {
            return wrong("number of records");
        }
        for record in &self.records {
            if !(1..=KEY_BYTES_MAX).contains(&record.key.len())
                || !(1..=VALUE_BYTES_MAX).contains(&record.value.len())
            {
                return wrong("length of a record");
            }
        }
        let keys: Vec<_> = self.records.iter().map(|record| sha256(&record.key)).collect();
        if !ascend(&keys) {
            return wrong("order of records");
        }
        let fits = |item: &Item| {
            (1..=LEAF_BYTES_MAX).contains(&item.leaf.len()) && item.path.len() <= PATH_MAX
        };
        if !self.item.as_ref().is_none_or(fits) {
            return wrong("item");
        }
        Ok(())
    }
}

/// Whether keys ascend, so that none is there twice.
pub(super) fn ascend(keys: &[Hash]) -> bool {
    keys.windows(2).all(|pair| pair[0] < pair[1])
}

/// Whether the signers of a step are of the set, each once; their signatures are not looked at.
pub(super) fn is_signed_by(step: &Step, set: &[Hash]) -> bool {
    step.precommits.iter().all(|it| usize::from(it.validator) < set.len())
        && step.precommits.windows(2).all(|pair| pair[0].validator < pair[1].validator)
}

/// Hashes, of which those of empty subtrees are left out: a count, a bit for each in bytes from the
/// least significant bit on (1: it follows), and those that follow.
fn encode_siblings<O: Output + ?Sized>(siblings: &[Hash], out: &mut O) {
    Compact(siblings.len() as u32).encode_to(out);
    for eight in siblings.chunks(8) {
        let bits = eight.iter().enumerate().map(|(i, hash)| u8::from(*hash != EMPTY) << i);
        out.push_byte(bits.sum());
    }
    siblings.iter().filter(|hash| **hash != EMPTY).for_each(|hash| out.write(hash));
}

fn decode_siblings<I: Input>(input: &mut I) -> Result<Vec<Hash>, CodecError> {
    let count = Compact::<u32>::decode(input)?.0 as usize;
    // Each record has at most 255 hashes beside it.
    if count > RECORDS_MAX * 255 {
        return Err("number of hashes".into());
    }
    let mut bits = vec![0u8; count.div_ceil(8)];
    input.read(&mut bits)?;
    let is_there = |index: usize| bits[index / 8] >> (index % 8) & 1 == 1;
    if (count..bits.len() * 8).any(is_there) {
        return Err("bits behind the last hash".into());
    }
    let mut siblings = Vec::new();
    for index in 0..count {
        siblings.push(if is_there(index) { Hash::decode(input)? } else { EMPTY });
        if is_there(index) && siblings[index] == EMPTY {
            return Err("hash of an empty subtree in full".into());
        }
    }
    Ok(siblings)
}

impl Encode for Bundle {
    fn encode_to<O: Output + ?Sized>(&self, out: &mut O) {
        self.genesis.encode_to(out);
        self.steps.encode_to(out);
        self.sets.encode_to(out);
        self.records.encode_to(out);
        encode_siblings(&self.siblings, out);
        self.item.encode_to(out);
    }
}

impl Decode for Bundle {
    fn decode<I: Input>(input: &mut I) -> Result<Self, CodecError> {
        Ok(Self {
            genesis: Decode::decode(input)?,
            steps: Decode::decode(input)?,
            sets: Decode::decode(input)?,
            records: Decode::decode(input)?,
            siblings: decode_siblings(input)?,
            item: Decode::decode(input)?,
        })
    }
}

//! From a checkpoint to a block that the validators decided.

use super::{
    Bundle, ProofError,
    bundle::Step,
    tree::{Hash, sha256},
};
use crate::moment::Moment;
use codec::{DecodeAll, Encode};
use ecoledger_primitives::{
    Hash as BlockHash, Header, HeaderDigest, ValueId, VoteKind, ed25519_verify, vote_bytes,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A validator set: keys, ascending, as `0x` and 64 digits.
type Keys = Vec<crate::validators::PublicKey>;

/// What is known of the chain without a proof: a block that was decided, and the validators of the
/// two blocks behind it.
///
/// Take it from somebody you trust: from a node of your own, from the operators' publication, or
/// from two sources that agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Checkpoint {
    /// Hash of the chain's first block.
    pub genesis: crate::digest::Digest,
    /// Height of the block; 0 for the first.
    pub height: u32,
    /// Time of the block, in Unix milliseconds.
    pub time_ms: Moment,
    /// Validators of the next height.
    pub next: Keys,
    /// Validators of the height after that.
    pub after_next: Keys,
}

/// What a proof must meet beside being right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bounds {
    /// The clock of whoever asks.
    pub now: Moment,
    /// Oldest block that is accepted, in milliseconds before `now`.
    pub age_max_ms: u64,
    /// How long the validators that a trusted block announces are trusted, in milliseconds: less
    /// than it takes until one could sign without fear of being held to it.
    pub trusting_period_ms: u64,
    /// How far a block's time may be ahead of `now`, in milliseconds.
    pub skew_ms: u64,
}

/// A day: an idle chain writes a block every ten seconds, and a gateway proves anew at each scan.
pub const AGE_MAX_MS: u64 = 24 * 3600 * 1000;
/// Half a year: whoever leaves the set is still bound by contract.
pub const TRUSTING_PERIOD_MS: u64 = 183 * 24 * 3600 * 1000;
/// Half a minute, as validators allow one another.
pub const SKEW_MS: u64 = 30_000;

impl Bounds {
    /// The usual bounds at `now`.
    pub fn at(now: Moment) -> Self {
        Self {
            now,
            age_max_ms: AGE_MAX_MS,
            trusting_period_ms: TRUSTING_PERIOD_MS,
            skew_ms: SKEW_MS,
        }
    }
}

/// A block that is proven to be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decided {
    pub(crate) height: u32,
    pub(crate) time: Moment,
    pub(crate) value: ValueId,
    pub(crate) state_root: Hash,
    /// Hashes of the sets of the next two heights.
    pub(crate) next: Hash,
    pub(crate) after_next: Hash,
}

/// A header of the bundle, read.
pub(crate) struct SignedHeader<'a> {
    pub(crate) step: &'a Step,
    pub(crate) header: Header,
    pub(crate) digest: HeaderDigest,
    pub(crate) value: ValueId,
}

impl<'a> SignedHeader<'a> {
    /// Reads the header of a step; `None` if it is none of this chain.
    pub(crate) fn read(step: &'a Step) -> Option<Self> {
        let header = Header::decode_all(&mut step.header.as_slice()).ok()?;
        let digest = HeaderDigest::of(&header)?;
        Some(Self { step, header, digest, value: ValueId(sha256(&step.header)) })
    }

    fn decided(&self) -> Decided {
        Decided {
            height: self.header.number,
            time: Moment(self.digest.pre.time_ms),
            value: self.value,
            state_root: self.header.state_root.0,
            next: self.digest.sets.next,
            after_next: self.digest.sets.after_next,
        }
    }
}

/// The hash by which headers announce a set: SHA-256 of its SCALE encoding.
pub(crate) fn set_hash(keys: &[Hash]) -> Hash {
    sha256(&keys.encode())
}

fn keys_of(keys: &Keys) -> Option<Vec<Hash>> {
    keys.iter().map(|key| key.to_string().parse::<BlockHash>().ok().map(|hash| hash.0)).collect()
}

/// Reads the headers of a bundle, whose heights must ascend.
pub(crate) fn headers(bundle: &Bundle) -> Result<Vec<SignedHeader<'_>>, ProofError> {
    let mut headers: Vec<SignedHeader<'_>> = Vec::new();
    for (index, step) in bundle.steps.iter().enumerate() {
        let signed = SignedHeader::read(step).ok_or(ProofError::HeaderMalformed(index))?;
        if headers.last().is_some_and(|last| last.header.number >= signed.header.number) {
            return Err(ProofError::BrokenTrust);
        }
        headers.push(signed);
    }
    Ok(headers)
}

/// A header that is proven to be decided, with the validators of its height, which the headers
/// before it announce.
pub(crate) struct DecidedHeader<'a> {
    pub(crate) signed: SignedHeader<'a>,
    pub(crate) set: &'a [Hash],
}

/// The validators whose precommits a step has, all of them verified.
pub(crate) fn signers(
    genesis: &Hash,
    signed: &SignedHeader<'_>,
    set: &[Hash],
) -> Result<Vec<Hash>, ProofError> {
    let height = signed.header.number;
    let (round, value) = (signed.step.round, Some(signed.value));
    let bytes = vote_bytes(VoteKind::Precommit, &BlockHash::from(*genesis), height, round, value);
    let mut signers = Vec::new();
    for precommit in &signed.step.precommits {
        let key = set.get(usize::from(precommit.validator)).ok_or(ProofError::BrokenTrust)?;
        if !ed25519_verify(&precommit.signature, &bytes, key) {
            return Err(ProofError::BadSignature(height));
        }
        signers.push(*key);
    }
    Ok(signers)
}

/// Follows a bundle's headers from the checkpoint to its last, which is proven to be decided.
pub(crate) fn follow(
    bundle: &Bundle,
    checkpoint: &Checkpoint,
    bounds: &Bounds,
) -> Result<Decided, ProofError> {
    let decided = decided(bundle, checkpoint, bounds)?;
    decided.last().map(|last| last.signed.decided()).ok_or(ProofError::BrokenTrust)
}

/// As [`follow`]; gives all headers that are decided, and neither those that were passed over nor
/// those that were endorsed, whose sets nobody announced.
pub(crate) fn decided<'a>(
    bundle: &'a Bundle,
    checkpoint: &Checkpoint,
    bounds: &Bounds,
) -> Result<Vec<DecidedHeader<'a>>, ProofError> {
    let malformed = ProofError::Malformed("checkpoint");
    let genesis: BlockHash =
        checkpoint.genesis.to_string().parse().map_err(|_| malformed.clone())?;
    if bundle.genesis != genesis.0 {
        return Err(ProofError::WrongChain(bundle.genesis));
    }
    let known = |keys: &Keys| keys_of(keys).ok_or_else(|| malformed.clone());
    let (next, after_next) = (known(&checkpoint.next)?, known(&checkpoint.after_next)?);
    let mut trusted = Decided {
        height: checkpoint.height,
        time: checkpoint.time_ms,
        value: ValueId::default(),
        state_root: Hash::default(),
        next: set_hash(&next),
        after_next: set_hash(&after_next),
    };
    let all = bundle.sets.iter().cloned().chain([next, after_next]);
    let sets: BTreeMap<Hash, Vec<Hash>> = all.map(|set| (set_hash(&set), set)).collect();

    let headers = headers(bundle)?;
    let last = headers.last().map_or(0, |last| last.header.number);
    if last <= checkpoint.height {
        let checkpoint = checkpoint.height;
        return Err(ProofError::BeforeCheckpoint { height: last, checkpoint });
    }
    let mut decided = Vec::new();
    // The set of the height behind a header that was endorsed.
    let mut endorsed: Option<(u32, Hash)> = None;
    for signed in headers.into_iter().filter(|it| it.header.number > checkpoint.height) {
        let height = signed.header.number;
        let set = bundle.sets.get(usize::from(signed.step.set)).ok_or(ProofError::BrokenTrust)?;
        if trusted.time.0.saturating_add(bounds.trusting_period_ms) <= bounds.now.0 {
            return Err(ProofError::CheckpointExpired(trusted.time));
        }
        let announced = match (height - trusted.height, endorsed.take()) {
            (1, None) => trusted.next,
            (2, None) => trusted.after_next,
            (_, Some((before, next))) if height == before + 1 => next,
            (_, Some(_)) => return Err(ProofError::BrokenTrust),
            (_, None) => {
                let signers = signers(&bundle.genesis, &signed, set)?;
                let trusted_set =
                    sets.get(&trusted.after_next).ok_or(ProofError::WrongValidators(height))?;
                let n_trusted = signers.iter().filter(|key| trusted_set.contains(key)).count();
                if n_trusted * 3 <= trusted_set.len() {
                    return Err(ProofError::NotEndorsed(height));
                }
                endorsed = Some((height, signed.digest.sets.next));
                continue;
            }
        };
        if set_hash(set) != announced {
            return Err(ProofError::WrongValidators(height));
        }
        if signers(&bundle.genesis, &signed, set)?.len() * 3 <= set.len() * 2 {
            return Err(ProofError::NoQuorum(height));
        }
        trusted = signed.decided();
        decided.push(DecidedHeader { signed, set });
    }
    if endorsed.is_some() {
        return Err(ProofError::BrokenTrust);
    }
    if trusted.time.0 > bounds.now.0.saturating_add(bounds.skew_ms) {
        return Err(ProofError::FromFuture(trusted.time));
    }
    if trusted.time.0.saturating_add(bounds.age_max_ms) < bounds.now.0 {
        return Err(ProofError::Stale(trusted.time));
    }
    Ok(decided)
}

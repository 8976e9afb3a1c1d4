//! Two blocks decided at one height: what honest validators never do.

use super::{
    Bounds, Bundle, Checkpoint, ProofError,
    bundle::{Step, ascend, is_signed_by},
    json,
    tree::Hash,
    trust::{self, SignedHeader, signers},
};
use serde::Serialize;

/// Proof that two blocks were decided at one height by one set of validators, so that more than a
/// third of them broke the rules.
///
/// [`check`](Self::check) needs nothing else; that the set is the chain's at that height is what
/// [`between`](Self::between) has verified from a checkpoint, and whoever did not run it compares
/// the keys with those that the chain had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub(super) genesis: Hash,
    pub(super) set: Vec<Hash>,
    pub(super) steps: [Step; 2],
}

/// What evidence shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// The height.
    pub height: u32,
    /// SHA-256 of the two headers, as `0x` and 64 digits.
    pub values: [String; 2],
    /// Rounds in which each was decided.
    pub rounds: [u32; 2],
    /// Validators that signed both, more than a third. In one round nobody may; across two rounds
    /// some of them may have followed the rules, but not all.
    pub signed_both: Vec<String>,
}

impl Evidence {
    /// The first height at which two bundles, each of which verifies from the checkpoint, have
    /// decided blocks of one set that differ; `None` if they do not contradict each other. Headers
    /// that are passed over or only endorsed are no decisions, and count for nothing.
    ///
    /// # Errors
    /// [`ProofError`] if one of them does not verify; [`ProofError::WrongValidators`] if they have
    /// different sets for one height, so that the checkpoint's own set gave way before it.
    pub fn between(
        one: &Bundle,
        other: &Bundle,
        checkpoint: &Checkpoint,
        bounds: &Bounds,
    ) -> Result<Option<Self>, ProofError> {
        one.verify(checkpoint, bounds)?;
        other.verify(checkpoint, bounds)?;
        let all = trust::decided(other, checkpoint, bounds)?;
        for mine in trust::decided(one, checkpoint, bounds)? {
            let height = mine.signed.header.number;
            let Some(theirs) = all.iter().find(|it| it.signed.header.number == height) else {
                continue;
            };
            if mine.set != theirs.set {
                return Err(ProofError::WrongValidators(height));
            }
            if mine.signed.value != theirs.signed.value {
                let step = |step: &Step| Step { set: 0, ..step.clone() };
                let steps = [step(mine.signed.step), step(theirs.signed.step)];
                return Ok(Some(Self { genesis: one.genesis, set: mine.set.to_vec(), steps }));
            }
        }
        Ok(None)
    }

    /// Reads what [`to_json`](Self::to_json) wrote; whether it shows anything,
    /// [`check`](Self::check) says.
    ///
    /// # Errors
    /// [`ProofError::TooLong`], [`ProofError::Version`], [`ProofError::Malformed`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, ProofError> {
        json::read_evidence(bytes)
    }

    /// Genesis, set and steps as the JSON form of bundles has them, under
    /// `"format": "ecoledger-evidence"`.
    ///
    /// # Errors
    /// [`ProofError::Malformed`] if it cannot be written.
    pub fn to_json(&self) -> Result<serde_json::Value, ProofError> {
        json::write_evidence(self)
    }

    /// What it shows, once headers and signatures are checked.
    ///
    /// # Errors
    /// [`ProofError`] if the set or signers are out of order, a header cannot be read, a signature
    /// does not verify, no quorum signed, or the two headers are one or of two heights.
    pub fn check(&self) -> Result<Conflict, ProofError> {
        // Each key and each signature counts once.
        if !ascend(&self.set) || !self.steps.iter().all(|step| is_signed_by(step, &self.set)) {
            return Err(ProofError::Malformed("signers"));
        }
        let [one, other] = &self.steps;
        let mut read = Vec::new();
        for (index, step) in [one, other].into_iter().enumerate() {
            let signed = SignedHeader::read(step).ok_or(ProofError::HeaderMalformed(index))?;
            let signers = signers(&self.genesis, &signed, &self.set)?;
            if signers.len() * 3 <= self.set.len() * 2 {
                return Err(ProofError::NoQuorum(signed.header.number));
            }
            read.push((signed, signers));
        }
        match read.as_slice() {
            [(one, by_one), (other, by_other)]
                if one.header.number == other.header.number && one.value != other.value =>
            {
                let both = by_one.iter().filter(|key| by_other.contains(key));
                Ok(Conflict {
                    height: one.header.number,
                    values: [one, other].map(|it| format!("0x{}", hex::encode(it.value.0))),
                    rounds: [one.step.round, other.step.round],
                    signed_both: both.map(|key| format!("0x{}", hex::encode(key))).collect(),
                })
            }
            _ => Err(ProofError::BrokenTrust),
        }
    }
}

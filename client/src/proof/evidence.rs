//! Two blocks decided at one height: what honest validators never do.

use super::{
    Bounds, Bundle, Checkpoint, ProofError,
    bundle::Step,
    tree::Hash,
    trust::{self, SignedHeader, set_hash, signers},
};
use serde::Serialize;

/// Proof that validators signed two blocks at one height, so that more than a third of them broke
/// the rules. Complete in itself: [`check`](Self::check) needs the set and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    genesis: Hash,
    set: Vec<Hash>,
    steps: [Step; 2],
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
    /// Validators that signed both.
    pub signed_both: Vec<String>,
}

impl Evidence {
    /// The first height at which two bundles, each of which verifies from the checkpoint, were
    /// decided by one set and differ; `None` if they do not contradict each other.
    ///
    /// # Errors
    /// [`ProofError`] if one of them does not verify.
    pub fn between(
        one: &Bundle,
        other: &Bundle,
        checkpoint: &Checkpoint,
        bounds: &Bounds,
    ) -> Result<Option<Self>, ProofError> {
        one.verify(checkpoint, bounds)?;
        other.verify(checkpoint, bounds)?;
        for mine in trust::headers(one)? {
            let theirs = trust::headers(other)?
                .into_iter()
                .find(|it| it.header.number == mine.header.number && it.value != mine.value);
            let (Some(theirs), Some(set)) =
                (theirs, one.sets.get(usize::from(mine.step.set)).cloned())
            else {
                continue;
            };
            let same_set = other
                .sets
                .get(usize::from(theirs.step.set))
                .is_some_and(|it| set_hash(it) == set_hash(&set));
            let found =
                Self { genesis: one.genesis, set, steps: [mine.step.clone(), theirs.step.clone()] };
            if same_set && found.check().is_ok() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// What it shows, once headers and signatures are checked.
    ///
    /// # Errors
    /// [`ProofError`] if a header cannot be read, a signature does not verify, no quorum signed, or
    /// the two headers are one or of two heights.
    pub fn check(&self) -> Result<Conflict, ProofError> {
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

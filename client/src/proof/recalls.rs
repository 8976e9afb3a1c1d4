//! Whether recalls that are open reach goods that have no mark of them; the rule and its reasons are
//! in the module's documentation.

use super::{
    Bundle, ProofError,
    records::{self as state, BatchKey},
    scan::RecallVerdict,
};
use codec::Encode;

/// Most batches of an ancestry, the goods' own included: as many as the chain looks at before goods
/// may move while a recall is open.
pub const ANCESTRY_MAX: usize = 64;

/// A walk over a batch and its ancestors, breadth first, for whoever makes a proof and whoever
/// verifies it.
pub(super) struct Ancestry {
    /// Recalls that set marks.
    spreading: Vec<state::Recall>,
    /// Batches found, each once, in the order of the walk.
    found: Vec<BatchKey>,
    n_walked: usize,
}

impl Ancestry {
    /// Begins at `batch`; without steps if none of the open `recalls` sets marks.
    pub(super) fn of(batch: BatchKey, mut recalls: Vec<state::Recall>) -> Self {
        recalls.retain(|recall| matches!(recall.phase, state::RecallPhase::Spreading(_)));
        let found = if recalls.is_empty() { Vec::new() } else { vec![batch] };
        Self { spreading: recalls, found, n_walked: 0 }
    }

    /// The next batch; `None` once there are no more, so that no recall reaches the first one.
    pub(super) fn next(&mut self) -> Option<BatchKey> {
        let next = self.found.get(self.n_walked).copied()?;
        self.n_walked += 1;
        Some(next)
    }

    /// Whether a recall is still excluded behind `batch`, which `id` names and `made_by` made: it is
    /// neither marked nor where one starts, and the ancestry is not too long.
    pub(super) fn goes_on(
        &mut self,
        id: BatchKey,
        batch: &state::Batch,
        made_by: Option<&state::Derivation>,
    ) -> bool {
        let inputs = made_by.map_or(&[][..], |derivation| &derivation.inputs);
        for input in inputs {
            if self.found.len() <= ANCESTRY_MAX && !self.found.contains(&input.batch) {
                self.found.push(input.batch);
            }
        }
        let starts = |recall: &state::Recall| {
            recall.root == id || inputs.iter().any(|input| recall.shares(input))
        };
        batch.n_recalls == 0
            && self.found.len() <= ANCESTRY_MAX
            && !self.spreading.iter().any(starts)
    }
}

impl state::Recall {
    /// Whether what was made from `input` is a sibling of the root: derived from a parent of it
    /// before the recall opened.
    fn shares(&self, input: &state::DerivationInput) -> bool {
        self.parents
            .iter()
            .any(|parent| parent.batch == input.batch && input.index < parent.n_derivations)
    }
}

impl Bundle {
    /// Whether the batch that `id` names is recalled, as far as the records prove.
    pub(super) fn recall_verdict(
        &self,
        id: BatchKey,
        batch: &state::Batch,
    ) -> Result<RecallVerdict, ProofError> {
        let open: Vec<u32> = state::OPEN_RECALLS.get(self, &[])?;
        Ok(match batch.n_recalls {
            0 if self.excludes(&open, id)? => RecallVerdict::Clear,
            0 => RecallVerdict::BeingAssessed,
            n_recalls => RecallVerdict::Recalled(n_recalls),
        })
    }

    /// Whether the records prove that no recall of `open` is going to mark `batch`.
    fn excludes(&self, open: &[u32], batch: BatchKey) -> Result<bool, ProofError> {
        let mut recalls = Vec::new();
        for recall in open {
            match state::RECALL.find(self, &[recall.encode()])? {
                Some(recall) => recalls.push(recall),
                None => return Ok(false),
            }
        }
        let mut ancestry = Ancestry::of(batch, recalls);
        while let Some(id) = ancestry.next() {
            let found: Option<state::Batch> = state::BATCH.find(self, &[id.to_vec()])?;
            let Some(batch) = found else { return Ok(false) };
            let made_by: Option<state::Derivation> = match batch.formed_by {
                None => None,
                Some(id) => match state::DERIVATION.find(self, &[id.to_vec()])? {
                    Some(derivation) => Some(derivation),
                    None => return Ok(false),
                },
            };
            if !ancestry.goes_on(id, &batch, made_by.as_ref()) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

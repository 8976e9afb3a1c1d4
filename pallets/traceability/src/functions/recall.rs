//! Recalls: marking, lifting, and exact answers while either goes on.

use super::record::{Parties, Step};
use crate::{
    Affected, BatchDetails, BatchId, Batches, Commitment, Config, CurrentRuleSet, Derivation,
    DerivationInput, Derivations, DerivationsOf, Error, Event, LiftedRecall, MAX_ANCESTORS_CHECKED,
    MAX_INPUTS, MAX_PAGE, MAX_VIEW_BATCHES, NextRecallId, OpenRecalls, Pallet, RecallClass,
    RecallDetails, RecallId, RecallPhase, RecallRules, RecallScope, RecallStatus, Recalls,
    RecallsOf, Reference, SharedParent, SpreadCursor,
};
use alloc::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    vec::Vec,
};
use codec::{Decode, Encode};
use frame_support::{
    BoundedVec, defensive, ensure,
    storage::with_storage_layer,
    traits::{ConstU32, Get},
};
use pallet_participants::{Authority, OrganisationId};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

/// One page of the batches that a recall affects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AffectedPage {
    /// Rows from the index asked for, in order of marking.
    pub batches: Vec<BatchId>,
    /// How many batches are affected in all; at least, where `exact` is false.
    pub total: u32,
    /// How many of them are marked already.
    pub marked: u32,
    /// Whether every affected batch was found within the limit of a view function.
    pub exact: bool,
}

/// Batches among the ancestors of one batch, itself included.
struct Ancestry {
    batches: BTreeMap<BatchId, Ancestor>,
    /// Whether none was left out.
    complete: bool,
}

/// What must be known of an ancestor.
struct Ancestor {
    is_marked: bool,
    made_from: Vec<DerivationInput>,
}

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::recall`]. Returns how many steps were taken.
    pub(crate) fn do_recall(
        who: &T::AccountId,
        root: BatchId,
        class: RecallClass,
        reason: Commitment,
    ) -> Result<u32, DispatchError> {
        let batch = Batches::<T>::get(root).ok_or(Error::<T>::BatchNotFound)?;
        let opened_by = Self::producer_or_samr(who, &batch)?;
        let scope = RecallRules::<T>::get(class).ok_or(Error::<T>::RecallRuleNotSet)?;
        let id = NextRecallId::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let mut open = OpenRecalls::<T>::get();
        open.try_push(id).map_err(|_| Error::<T>::TooManyOpenRecalls)?;
        let derivation = batch.formed_by.and_then(Derivations::<T>::get);
        let mut recall = RecallDetails {
            root,
            class,
            scope,
            rule_set: CurrentRuleSet::<T>::get().version,
            opened_by,
            opened_at: Self::now(),
            reason,
            parents: Self::shared_parents(scope, derivation.as_ref()),
            n_affected: 0,
            phase: RecallPhase::Spreading(SpreadCursor::default()),
            lifted: None,
        };
        NextRecallId::<T>::put(next);
        OpenRecalls::<T>::put(open);
        Self::deposit_event(Event::RecallOpened { recall: id, root, class, scope, by: opened_by });
        Self::mark(id, &mut recall, root)?;
        if let (RecallScope::SameEvent, Some(derivation)) = (scope, derivation) {
            for sibling in derivation.outputs {
                Self::mark(id, &mut recall, sibling)?;
            }
        }
        Recalls::<T>::insert(id, recall);
        Ok(Self::advance(id, T::RecallStepsPerCall::get()))
    }

    /// The producer of `batch`, or market supervision, that `who` acts for.
    fn producer_or_samr(
        who: &T::AccountId,
        batch: &BatchDetails,
    ) -> Result<OrganisationId, DispatchError> {
        if T::Authority::organisation_of(who)? == batch.producer {
            return Self::trace_node(who);
        }
        Self::market_supervision(who, batch.producer)
    }

    fn shared_parents(
        scope: RecallScope,
        derivation: Option<&Derivation>,
    ) -> BoundedVec<SharedParent, ConstU32<MAX_INPUTS>> {
        let inputs = match (scope, derivation) {
            (RecallScope::SameParents, Some(derivation)) => derivation.inputs.as_slice(),
            _ => &[],
        };
        BoundedVec::truncate_from(
            inputs
                .iter()
                .filter_map(|input| {
                    let n_derivations = Batches::<T>::get(input.batch)?.n_derivations;
                    Some(SharedParent { batch: input.batch, n_derivations })
                })
                .collect(),
        )
    }

    /// See [`crate::Call::lift_recall`]. Returns how many steps were taken.
    pub(crate) fn do_lift_recall(
        who: &T::AccountId,
        id: RecallId,
        reason: Commitment,
    ) -> Result<u32, DispatchError> {
        let mut recall = Recalls::<T>::get(id).ok_or(Error::<T>::RecallNotFound)?;
        let root = Batches::<T>::get(recall.root).ok_or(Error::<T>::BatchNotFound)?;
        let by = Self::market_supervision(who, root.producer)?;
        ensure!(recall.lifted.is_none(), Error::<T>::RecallAlreadyLifted);
        let mut open = OpenRecalls::<T>::get();
        if !open.contains(&id) {
            open.try_push(id).map_err(|_| Error::<T>::TooManyOpenRecalls)?;
        }
        recall.lifted = Some(LiftedRecall { by, at: Self::now(), reason });
        recall.phase = RecallPhase::Lifting { remaining: recall.n_affected };
        OpenRecalls::<T>::put(open);
        Recalls::<T>::insert(id, recall);
        Self::deposit_event(Event::RecallLifted { recall: id, by });
        Ok(Self::advance(id, T::RecallStepsPerCall::get()))
    }

    /// Takes up to `budget` steps in all open recalls, oldest first; returns how many it took.
    pub(crate) fn advance_open_recalls(budget: u32) -> u32 {
        let mut taken = 0u32;
        for id in OpenRecalls::<T>::get() {
            let left = budget.saturating_sub(taken);
            if left == 0 {
                break;
            }
            taken = taken.saturating_add(Self::advance(id, left));
        }
        taken
    }

    /// Takes up to `budget` steps in one recall; returns how many it took.
    fn advance(id: RecallId, budget: u32) -> u32 {
        let Some(mut recall) = Recalls::<T>::get(id) else { return 0 };
        let mut taken = 0u32;
        while taken < budget && !recall.phase.is_settled() {
            taken = taken.saturating_add(1);
            let mut next = recall.clone();
            match with_storage_layer(|| Self::step(id, &mut next)) {
                Ok(()) => recall = next,
                Err(error) => {
                    // The recall stays open, so that everything it may reach stays stopped.
                    defensive!("a batch or derivation on the way of a recall is missing", error);
                    break;
                }
            }
        }
        if recall.phase.is_settled() {
            OpenRecalls::<T>::mutate(|open| open.retain(|other| *other != id));
            Self::deposit_event(match recall.phase {
                RecallPhase::Complete => {
                    Event::RecallCompleted { recall: id, n_affected: recall.n_affected }
                }
                _ => Event::RecallLiftCompleted { recall: id },
            });
        }
        Recalls::<T>::insert(id, recall);
        taken
    }

    /// Follows one derivation, or takes one mark off.
    fn step(id: RecallId, recall: &mut RecallDetails) -> DispatchResult {
        match recall.phase {
            RecallPhase::Spreading(cursor) => Self::spread(id, recall, cursor),
            RecallPhase::Lifting { remaining } => Self::unmark_last(id, recall, remaining),
            RecallPhase::Complete | RecallPhase::Lifted => Ok(()),
        }
    }

    fn spread(
        id: RecallId,
        recall: &mut RecallDetails,
        mut cursor: SpreadCursor,
    ) -> DispatchResult {
        let parent = usize::try_from(cursor.parent).ok().and_then(|i| recall.parents.get(i));
        let (source, n_derivations) = match parent {
            Some(parent) => (parent.batch, parent.n_derivations),
            None => {
                let source =
                    Affected::<T>::get(id, cursor.affected).ok_or(Error::<T>::Inconsistent)?;
                let batch = Batches::<T>::get(source).ok_or(Error::<T>::Inconsistent)?;
                (source, batch.n_derivations)
            }
        };
        if cursor.derivation < n_derivations {
            for output in Self::outputs_of(source, cursor.derivation)? {
                Self::mark(id, recall, output)?;
            }
            cursor.derivation = cursor.derivation.saturating_add(1);
        }
        if cursor.derivation >= n_derivations {
            cursor.derivation = 0;
            if parent_pending(recall, &cursor) {
                cursor.parent = cursor.parent.saturating_add(1);
            } else {
                cursor.affected = cursor.affected.saturating_add(1);
            }
        }
        let done = !parent_pending(recall, &cursor) && cursor.affected >= recall.n_affected;
        recall.phase = if done { RecallPhase::Complete } else { RecallPhase::Spreading(cursor) };
        Ok(())
    }

    /// Batches made by derivation number `index` of `source`.
    fn outputs_of(source: BatchId, index: u32) -> Result<Vec<BatchId>, DispatchError> {
        let derivation = DerivationsOf::<T>::get(source, index)
            .and_then(Derivations::<T>::get)
            .ok_or(Error::<T>::Inconsistent)?;
        Ok(derivation.outputs.into_inner())
    }

    /// Marks a batch, once.
    fn mark(id: RecallId, recall: &mut RecallDetails, batch_id: BatchId) -> DispatchResult {
        if RecallsOf::<T>::contains_key(batch_id, id) {
            return Ok(());
        }
        let mut batch = Batches::<T>::get(batch_id).ok_or(Error::<T>::Inconsistent)?;
        let index = recall.n_affected;
        recall.n_affected = index.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        batch.n_recalls = batch.n_recalls.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let quantity = batch.quantities.produced;
        let context = Self::context_now(&batch, Some(recall.reason));
        let parties =
            Parties::alone(recall.opened_by).with(batch.holder).about(Reference::Recall(id));
        Self::record(batch_id, &mut batch, Step::RECALL, quantity, parties, context)?;
        Affected::<T>::insert(id, index, batch_id);
        RecallsOf::<T>::insert(batch_id, id, index);
        Batches::<T>::insert(batch_id, batch);
        Self::deposit_event(Event::BatchRecalled { batch: batch_id, recall: id });
        Ok(())
    }

    fn unmark_last(id: RecallId, recall: &mut RecallDetails, remaining: u32) -> DispatchResult {
        let Some(index) = remaining.checked_sub(1) else {
            recall.phase = RecallPhase::Lifted;
            return Ok(());
        };
        let batch_id = Affected::<T>::get(id, index).ok_or(Error::<T>::Inconsistent)?;
        let mut batch = Batches::<T>::get(batch_id).ok_or(Error::<T>::Inconsistent)?;
        let lifted = recall.lifted.ok_or(Error::<T>::Inconsistent)?;
        batch.n_recalls = batch.n_recalls.checked_sub(1).ok_or(Error::<T>::Inconsistent)?;
        let quantity = batch.quantities.produced;
        let context = Self::context_now(&batch, Some(lifted.reason));
        let parties = Parties::alone(lifted.by).with(batch.holder).about(Reference::Recall(id));
        Self::record(batch_id, &mut batch, Step::RELEASE, quantity, parties, context)?;
        Batches::<T>::insert(batch_id, batch);
        recall.phase = match index {
            0 => RecallPhase::Lifted,
            remaining => RecallPhase::Lifting { remaining },
        };
        Self::deposit_event(Event::RecallMarkRemoved { batch: batch_id, recall: id });
        Ok(())
    }

    /// Neither a mark nor an open recall stops the batch.
    pub(crate) fn ensure_not_recalled(id: BatchId, batch: &BatchDetails) -> DispatchResult {
        ensure!(batch.n_recalls == 0, Error::<T>::BatchRecalled);
        let spreading = Self::spreading_recalls();
        if spreading.is_empty() {
            return Ok(());
        }
        let ancestry = Self::ancestry(id, MAX_ANCESTORS_CHECKED);
        ensure!(
            !spreading.iter().any(|(recall, details)| ancestry.reaches::<T>(*recall, details)),
            Error::<T>::BatchRecalled
        );
        ensure!(ancestry.complete, Error::<T>::RecallInProgress);
        Ok(())
    }

    /// Whether a recall stops the batch for certain.
    pub(crate) fn is_recalled(id: BatchId, batch: &BatchDetails) -> bool {
        batch.n_recalls > 0 || {
            let spreading = Self::spreading_recalls();
            !spreading.is_empty() && {
                let ancestry = Self::ancestry(id, MAX_ANCESTORS_CHECKED);
                spreading.iter().any(|(recall, details)| ancestry.reaches::<T>(*recall, details))
            }
        }
    }

    fn spreading_recalls() -> Vec<(RecallId, RecallDetails)> {
        OpenRecalls::<T>::get()
            .into_iter()
            .filter_map(|id| Some((id, Recalls::<T>::get(id)?)))
            .filter(|(_, recall)| matches!(recall.phase, RecallPhase::Spreading(_)))
            .collect()
    }

    /// `batch` and its ancestors, breadth first, `limit` at most.
    fn ancestry(batch: BatchId, limit: u32) -> Ancestry {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut batches = BTreeMap::new();
        let mut seen = BTreeSet::from([batch]);
        let mut queue = VecDeque::from([batch]);
        while let Some(id) = queue.pop_front() {
            if batches.len() >= limit {
                return Ancestry { batches, complete: false };
            }
            let Some(details) = Batches::<T>::get(id) else { continue };
            let made_from = details
                .formed_by
                .and_then(Derivations::<T>::get)
                .map(|derivation| derivation.inputs.into_inner())
                .unwrap_or_default();
            for input in &made_from {
                if seen.insert(input.batch) {
                    queue.push_back(input.batch);
                }
            }
            batches.insert(id, Ancestor { is_marked: details.n_recalls > 0, made_from });
        }
        Ancestry { batches, complete: true }
    }

    /// See [`Pallet::recall_status`].
    pub(crate) fn exact_recall_status(id: BatchId) -> RecallStatus {
        let open: BTreeMap<_, _> = OpenRecalls::<T>::get()
            .into_iter()
            .filter_map(|recall| Some((recall, Recalls::<T>::get(recall)?)))
            .collect();
        let mut recalls: BTreeSet<RecallId> = RecallsOf::<T>::iter_key_prefix(id)
            .filter(|recall| {
                Recalls::<T>::get(recall).is_some_and(|details| details.lifted.is_none())
            })
            .collect();
        let spreading: Vec<_> = open
            .into_iter()
            .filter(|(_, details)| matches!(details.phase, RecallPhase::Spreading(_)))
            .collect();
        if !spreading.is_empty() {
            let ancestry = Self::ancestry(id, MAX_VIEW_BATCHES);
            if !ancestry.complete {
                return RecallStatus::TooManyAncestors;
            }
            recalls.extend(
                spreading
                    .iter()
                    .filter(|(recall, details)| ancestry.reaches::<T>(*recall, details))
                    .map(|(recall, _)| *recall),
            );
        }
        if recalls.is_empty() {
            RecallStatus::Clear
        } else {
            RecallStatus::Recalled(recalls.into_iter().collect())
        }
    }

    /// See [`Pallet::affected_by`].
    pub(crate) fn affected_page(id: RecallId, start: u32, limit: u32) -> AffectedPage {
        let Some(recall) = Recalls::<T>::get(id) else { return AffectedPage::default() };
        let marked = recall.n_affected;
        let (unmarked, exact) = match recall.phase {
            RecallPhase::Spreading(cursor) => Self::still_to_mark(id, &recall, cursor),
            _ => (Vec::new(), true),
        };
        let total = marked.saturating_add(u32::try_from(unmarked.len()).unwrap_or(u32::MAX));
        let end = start.saturating_add(limit.min(MAX_PAGE)).min(total);
        let batches = (start..end)
            .filter_map(|index| match index.checked_sub(marked) {
                None => Affected::<T>::get(id, index),
                Some(ahead) => unmarked.get(usize::try_from(ahead).ok()?).copied(),
            })
            .collect();
        AffectedPage { batches, total, marked, exact }
    }

    /// The batches that a spreading recall is going to mark, in that order, and whether all were
    /// found.
    fn still_to_mark(
        id: RecallId,
        recall: &RecallDetails,
        cursor: SpreadCursor,
    ) -> (Vec<BatchId>, bool) {
        let limit = usize::try_from(MAX_VIEW_BATCHES).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut visited = 0usize;
        let mut follow = |found: &mut Vec<BatchId>, source, from: u32, until: u32| -> bool {
            for index in from..until {
                visited = visited.saturating_add(1);
                if visited > limit {
                    return false;
                }
                let outputs = Self::outputs_of(source, index).unwrap_or_default();
                found.extend(outputs.into_iter().filter(|output| {
                    !RecallsOf::<T>::contains_key(output, id) && seen.insert(*output)
                }));
            }
            true
        };
        let first = usize::try_from(cursor.parent).unwrap_or(usize::MAX);
        for (nth, parent) in recall.parents.iter().skip(first).enumerate() {
            let from = if nth == 0 { cursor.derivation } else { 0 };
            if !follow(&mut found, parent.batch, from, parent.n_derivations) {
                return (found, false);
            }
        }
        let seeding = parent_pending(recall, &cursor);
        for index in cursor.affected..recall.n_affected {
            let Some(source) = Affected::<T>::get(id, index) else { continue };
            let from = if !seeding && index == cursor.affected { cursor.derivation } else { 0 };
            let until = Batches::<T>::get(source).map_or(0, |batch| batch.n_derivations);
            if !follow(&mut found, source, from, until) {
                return (found, false);
            }
        }
        let mut next = 0usize;
        while let Some(source) = found.get(next).copied() {
            next = next.saturating_add(1);
            let until = Batches::<T>::get(source).map_or(0, |batch| batch.n_derivations);
            if !follow(&mut found, source, 0, until) {
                return (found, false);
            }
        }
        (found, true)
    }
}

impl Ancestry {
    /// Whether one of these batches is where the recall starts, or is marked by it.
    fn reaches<T: Config>(&self, id: RecallId, recall: &RecallDetails) -> bool {
        self.batches.iter().any(|(batch, ancestor)| {
            *batch == recall.root
                || (ancestor.is_marked && RecallsOf::<T>::contains_key(batch, id))
                || ancestor.is_sibling(recall)
        })
    }
}

impl Ancestor {
    /// Whether it is derived from a parent of the root since before the recall opened. The siblings
    /// by the same event are marked when it opens.
    fn is_sibling(&self, recall: &RecallDetails) -> bool {
        self.made_from.iter().any(|input| {
            recall
                .parents
                .iter()
                .any(|parent| parent.batch == input.batch && input.index < parent.n_derivations)
        })
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl<T: Config> Pallet<T> {
    /// A spreading recall of `root` alone, not yet written down.
    pub(crate) fn benchmark_recall(root: BatchId) -> Result<RecallDetails, DispatchError> {
        let mut recall = RecallDetails {
            root,
            class: 3,
            scope: RecallScope::Descendants,
            rule_set: 0,
            opened_by: 0,
            opened_at: 0,
            reason: [1; 32],
            parents: BoundedVec::new(),
            n_affected: 0,
            phase: RecallPhase::Spreading(SpreadCursor::default()),
            lifted: None,
        };
        Self::mark(0, &mut recall, root)?;
        Ok(recall)
    }

    /// One step of recall 0.
    pub(crate) fn benchmark_step(recall: &mut RecallDetails) -> DispatchResult {
        Self::step(0, recall)
    }
}

impl RecallPhase {
    /// Whether nothing is left to do.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Complete | Self::Lifted)
    }
}

/// Whether siblings are still being collected from the parents.
fn parent_pending(recall: &RecallDetails, cursor: &SpreadCursor) -> bool {
    usize::try_from(cursor.parent).is_ok_and(|parent| parent < recall.parents.len())
}

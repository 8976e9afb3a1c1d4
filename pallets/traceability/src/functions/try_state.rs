//! What must hold in storage after every call.

use crate::{
    Affected, BatchDetails, Batches, CertificateStatus, Certificates, Claim, Config, Derivations,
    DerivationsOf, LogisticUnits, OpenRecalls, Pallet, Places, Products, RecallPhase, Recalls,
    RecallsOf, Stage,
};
use alloc::collections::{BTreeMap, BTreeSet};
use pallet_participants::Authority;
use sp_runtime::TryRuntimeError;

macro_rules! require {
    ($condition:expr, $message:literal) => {
        if !$condition {
            return Err(TryRuntimeError::Other($message));
        }
    };
}

impl<T: Config> Pallet<T> {
    /// Checks the pallet's laws over its whole state:
    ///
    /// 1. every batch accounts for every unit, its stage agrees with where its units are, and its
    ///    producer and holder exist;
    /// 2. what batches lost to derivations is what derivations took, and the other way round;
    /// 3. in every derivation contents in equal contents out plus loss;
    /// 4. the graph has no cycle, and origins are the union of the inputs' origins;
    /// 5. logistic units and batches name each other;
    /// 6. marks of recalls agree with the batches' counts, and no unsettled recall is unlisted;
    /// 7. a marked batch has no derivation behind a recall that is complete;
    /// 8. claims ascend without repetition, and for each claim of a derived batch every batch that
    ///    went into it carries that certificate or one of the same scheme; a claim says what the
    ///    certificate's status was when the batch was made, or comes from all that went into it.
    ///
    /// # Errors
    /// Says which law is broken.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_batches()?;
        Self::try_derivations()?;
        Self::try_claims()?;
        Self::try_units()?;
        Self::try_recalls()
    }

    fn try_batches() -> Result<(), TryRuntimeError> {
        for (id, batch) in Batches::<T>::iter() {
            require!(id == crate::BatchId::of(&batch.gtin, &batch.lot), "batch under another id");
            require!(batch.quantities.is_balanced(), "units of a batch do not add up");
            require!(Products::<T>::contains_key(batch.gtin), "batch of no product");
            let in_transit = batch.quantities.in_transit > 0;
            require!(
                in_transit == batch.transit.is_some()
                    && in_transit == (batch.stage == Stage::InTransit),
                "shipment, stage and units under way disagree"
            );
            require!(
                batch.stage.is_available() == (batch.quantities.on_hand > 0 && !in_transit),
                "stage and units on hand disagree"
            );
            require!(
                (batch.stage == Stage::Growing) == (batch.quantities.produced == 0),
                "growing batch with units, or harvested batch without"
            );
            require!(batch.n_events > 0, "batch without events");
            let known = [batch.producer, batch.holder]
                .into_iter()
                .all(|id| T::Authority::organisation(id).is_some());
            require!(known, "batch of no organisation");
            require!(
                !batch.origins.is_empty() && batch.origins.iter().all(Places::<T>::contains_key),
                "batch without origin"
            );
        }
        Ok(())
    }

    fn try_derivations() -> Result<(), TryRuntimeError> {
        let mut taken = BTreeMap::<_, u128>::new();
        let mut outputs_seen = BTreeSet::new();
        let mut n_edges = 0u32;
        for (id, derivation) in Derivations::<T>::iter() {
            require!(derivation.outputs.first() == Some(&id), "derivation under another id");
            let mut content_in = 0u128;
            let mut origins = BTreeSet::new();
            for input in &derivation.inputs {
                let batch = Batches::<T>::get(input.batch).ok_or("input does not exist")?;
                let product = Products::<T>::get(batch.gtin).ok_or("input of no product")?;
                let content = product.content_in(derivation.balance_unit, input.quantity);
                content_in = content_in.saturating_add(content.ok_or("input without content")?);
                let sum = taken.entry(input.batch).or_default();
                *sum = sum.saturating_add(input.quantity);
                origins.extend(batch.origins);
                require!(
                    DerivationsOf::<T>::get(input.batch, input.index) == Some(id),
                    "input does not list the derivation"
                );
                n_edges = n_edges.saturating_add(1);
            }
            let mut content_out = derivation.loss;
            for output in &derivation.outputs {
                require!(outputs_seen.insert(*output), "batch made twice");
                let batch = Batches::<T>::get(output).ok_or("output does not exist")?;
                let product = Products::<T>::get(batch.gtin).ok_or("output of no product")?;
                let content =
                    product.content_in(derivation.balance_unit, batch.quantities.produced);
                content_out = content_out.saturating_add(content.ok_or("output without content")?);
                require!(batch.formed_by == Some(id), "output does not name its derivation");
                require!(
                    batch.origins.iter().copied().eq(origins.iter().copied()),
                    "origins are not the union"
                );
            }
            require!(content_in == content_out, "a derivation does not balance");
        }
        let mut formed = 0usize;
        for (id, batch) in Batches::<T>::iter() {
            require!(
                taken.get(&id).copied().unwrap_or(0) == batch.quantities.consumed,
                "units consumed do not agree with the derivations"
            );
            formed = formed.saturating_add(usize::from(batch.formed_by.is_some()));
            n_edges = n_edges.checked_sub(batch.n_derivations).ok_or("index without edge")?;
        }
        require!(formed == outputs_seen.len(), "batch made by no derivation");
        require!(n_edges == 0, "edge without index");
        Self::try_acyclic()
    }

    /// Takes away batches all of whose inputs are taken away; a cycle would stay.
    fn try_acyclic() -> Result<(), TryRuntimeError> {
        let mut waiting: BTreeMap<_, usize> = BTreeMap::new();
        let mut ready = alloc::vec::Vec::new();
        for (id, batch) in Batches::<T>::iter() {
            let n_inputs = match batch.formed_by {
                Some(derivation) => {
                    Derivations::<T>::get(derivation).ok_or("derivation is missing")?.inputs.len()
                }
                None => 0,
            };
            if n_inputs == 0 {
                ready.push(id);
            } else {
                waiting.insert(id, n_inputs);
            }
        }
        while let Some(id) = ready.pop() {
            let n_derivations = Batches::<T>::get(id).map_or(0, |batch| batch.n_derivations);
            for index in 0..n_derivations {
                let derivation = DerivationsOf::<T>::get(id, index).ok_or("index has a gap")?;
                let details = Derivations::<T>::get(derivation).ok_or("derivation is missing")?;
                for output in details.outputs {
                    let left = waiting.get_mut(&output).ok_or("batch derives from itself")?;
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        waiting.remove(&output);
                        ready.push(output);
                    }
                }
            }
        }
        require!(waiting.is_empty(), "the graph has a cycle");
        Ok(())
    }

    /// Claims are only ever added, so that what held when a batch was derived or claimed goes on
    /// holding.
    fn try_claims() -> Result<(), TryRuntimeError> {
        for batch in Batches::<T>::iter_values() {
            require!(
                batch.claims.is_sorted_by(|left, right| left.certificate < right.certificate),
                "claims are not in order"
            );
            let mut parents = alloc::vec::Vec::new();
            if let Some(id) = batch.formed_by {
                let inputs = Derivations::<T>::get(id).ok_or("derivation is missing")?.inputs;
                for input in inputs {
                    parents.push(Batches::<T>::get(input.batch).ok_or("input does not exist")?);
                }
            }
            for claim in &batch.claims {
                require!(
                    Self::is_inherited(claim, &parents) || Self::is_own(claim, batch.produced_at),
                    "a claim is not what the certificate's status was when the batch was made"
                );
            }
            for parent in parents {
                for claim in &batch.claims {
                    let same = parent.claims.iter().any(|it| it.certificate == claim.certificate);
                    let scheme = T::Certificates::scheme(claim.certificate);
                    require!(
                        same || scheme.is_some_and(|scheme| Self::carries(&parent, scheme)),
                        "a batch carries a certificate that its parents do not"
                    );
                }
            }
        }
        Ok(())
    }

    /// Whether all `parents`, and some there are, carry what is claimed, suspended if it is so for
    /// one of them.
    fn is_inherited(claim: &Claim, parents: &[BatchDetails]) -> bool {
        let mut suspended = false;
        let carried = parents.iter().all(|parent| {
            let found = parent.claims.iter().find(|it| it.certificate == claim.certificate);
            suspended |= found.is_some_and(|found| found.made_while_suspended);
            found.is_some()
        });
        carried && !parents.is_empty() && suspended == claim.made_while_suspended
    }

    /// Whether the status of a certificate was as claimed at `at`.
    fn is_own(claim: &Claim, at: crate::Moment) -> bool {
        let status = |at| T::Certificates::status_at(claim.certificate, at);
        let claimed = Some(match claim.made_while_suspended {
            true => CertificateStatus::Suspended,
            false => CertificateStatus::Valid,
        });
        // A status that changed at that very moment may have done so after the claim.
        let (before, after) = (status(at.saturating_sub(1)), status(at));
        after.is_some() && (before != after || claimed == after)
    }

    fn try_units() -> Result<(), TryRuntimeError> {
        let mut inside = 0usize;
        for (sscc, unit) in LogisticUnits::<T>::iter() {
            require!(unit.closed == unit.contents.is_empty(), "empty unit is open");
            for id in &unit.contents {
                let batch = Batches::<T>::get(id).ok_or("content does not exist")?;
                require!(batch.unit == Some(sscc), "content does not name its unit");
                require!(batch.holder == unit.holder, "unit and content have different holders");
                require!(
                    batch.transit.map(|transit| transit.consignee) == unit.consignee,
                    "unit and content go to different consignees"
                );
                inside = inside.saturating_add(1);
            }
        }
        let named = Batches::<T>::iter_values().filter(|batch| batch.unit.is_some()).count();
        require!(named == inside, "batch names a unit that does not hold it");
        Ok(())
    }

    fn try_recalls() -> Result<(), TryRuntimeError> {
        let open = OpenRecalls::<T>::get();
        let mut marks = BTreeMap::<_, u32>::new();
        for (id, recall) in Recalls::<T>::iter() {
            require!(
                open.contains(&id) != recall.phase.is_settled(),
                "list of open recalls is wrong"
            );
            let in_force = match recall.phase {
                RecallPhase::Spreading(_) | RecallPhase::Complete => recall.n_affected,
                RecallPhase::Lifting { remaining } => remaining,
                RecallPhase::Lifted => 0,
            };
            for index in 0..recall.n_affected {
                let batch = Affected::<T>::get(id, index).ok_or("list of affected has a gap")?;
                require!(
                    RecallsOf::<T>::get(batch, id) == Some(index),
                    "affected batch does not list the recall"
                );
                if index < in_force {
                    let count = marks.entry(batch).or_default();
                    *count = count.saturating_add(1);
                }
            }
            if recall.phase == RecallPhase::Complete {
                Self::try_closed(id, recall.n_affected)?;
            }
        }
        for (id, batch) in Batches::<T>::iter() {
            require!(
                marks.get(&id).copied().unwrap_or(0) == batch.n_recalls,
                "count of recalls is wrong"
            );
        }
        Ok(())
    }

    /// Every child of a batch that a complete recall marked is marked, too.
    fn try_closed(recall: crate::RecallId, n_affected: u32) -> Result<(), TryRuntimeError> {
        for index in 0..n_affected {
            let Some(id) = Affected::<T>::get(recall, index) else { continue };
            let n_derivations = Batches::<T>::get(id).map_or(0, |batch| batch.n_derivations);
            for derivation in (0..n_derivations).filter_map(|n| DerivationsOf::<T>::get(id, n)) {
                let details = Derivations::<T>::get(derivation).ok_or("derivation is missing")?;
                for output in details.outputs {
                    require!(
                        RecallsOf::<T>::contains_key(output, recall),
                        "descendant of a recalled batch is not marked"
                    );
                }
            }
        }
        Ok(())
    }
}

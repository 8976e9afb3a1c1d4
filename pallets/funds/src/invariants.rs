//! What must hold after every block.

use crate::{
    Config, Controller, Draws, Fen, HoldReason, Holder, Holdings, MovementId, MovementKind,
    MovementOf, Movements, NextMovementId, NextProgrammeId, Pallet, Programmes, Stopped, TagKey,
    Tags,
};
use alloc::collections::BTreeMap;
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::TryRuntimeError;

/// Adds up what a loop over the state finds.
fn add(total_fen: &mut Fen, amount_fen: Fen) -> Result<(), TryRuntimeError> {
    *total_fen = total_fen.checked_add(amount_fen).ok_or("a sum overflows")?;
    Ok(())
}

/// Sums over the movements of a tag, or of a holder under a tag.
#[derive(Default)]
struct Sums {
    in_fen: Fen,
    paid_fen: Fen,
    passed_on_fen: Fen,
    clawed_back_fen: Fen,
    left_fen: Fen,
    n_open: usize,
}

impl<T: Config> Pallet<T> {
    /// Checks what must always hold.
    ///
    /// 1. Conservation: under each tag, what holders have is what was appropriated, less what was
    ///    paid and clawed back; it is what is on hold in the tag's account, and within the ceiling
    ///    with what was paid. A stopped tag is open, and of a mechanism.
    /// 2. Totals of tags and holdings are the sums of their movements.
    /// 3. A holding's balance is what remains of its lots; its lots are exactly the movements that
    ///    came to it and have something left, oldest first.
    /// 4. A movement other than an appropriation moved on what its sources say, of its own tag, and
    ///    of the holder it came from; what was drawn on a movement are consecutive ranges of its
    ///    fen, one for each movement that drew on it.
    /// 5. The next numbers are above all numbers.
    ///
    /// # Errors
    /// The sentence that does not hold.
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut of_tags: BTreeMap<TagKey, Sums> = BTreeMap::new();
        let mut of_holders: BTreeMap<(TagKey, Holder), Sums> = BTreeMap::new();
        for (id, movement) in Movements::<T>::iter() {
            ensure!(id < NextMovementId::<T>::get(), "5: the next movement is above all");
            Self::try_state_movement(id, &movement)?;
            let of_tag = of_tags.entry(movement.tag).or_default();
            match movement.kind {
                MovementKind::Appropriation { .. } => add(&mut of_tag.in_fen, movement.amount_fen)?,
                MovementKind::Payment { .. } => add(&mut of_tag.paid_fen, movement.amount_fen)?,
                MovementKind::ClawBack { .. } => {
                    add(&mut of_tag.clawed_back_fen, movement.amount_fen)?;
                }
                MovementKind::Transfer { .. } => (),
            }
            if let Some(from) = movement.kind.from() {
                let of_holder = of_holders.entry((movement.tag, from)).or_default();
                match movement.kind {
                    MovementKind::Payment { .. } => {
                        add(&mut of_holder.paid_fen, movement.amount_fen)?;
                    }
                    MovementKind::ClawBack { .. } => {
                        add(&mut of_holder.clawed_back_fen, movement.amount_fen)?;
                    }
                    _ => add(&mut of_holder.passed_on_fen, movement.amount_fen)?,
                }
            }
            if let Some(to) = movement.kind.to() {
                let of_holder = of_holders.entry((movement.tag, to)).or_default();
                add(&mut of_holder.in_fen, movement.amount_fen)?;
                add(&mut of_holder.left_fen, movement.remaining_fen())?;
                of_holder.n_open += usize::from(movement.remaining_fen() > 0);
            }
        }
        let mut held_fen = Self::try_state_holdings(of_holders)?;
        Self::try_state_tags(of_tags, &mut held_fen)?;
        for id in Programmes::<T>::iter_keys() {
            ensure!(id < NextProgrammeId::<T>::get(), "5: the next programme is above all");
        }
        Ok(())
    }

    /// Invariant 4.
    fn try_state_movement(id: MovementId, movement: &MovementOf<T>) -> Result<(), TryRuntimeError> {
        let mut moved_fen = 0;
        for source in &movement.sources {
            let parent = Movements::<T>::get(source.movement).ok_or("4: sources exist")?;
            ensure!(source.movement < id, "4: sources are older");
            ensure!(parent.tag == movement.tag, "4: the tag is kept on every hop");
            ensure!(parent.kind.to() == movement.kind.from(), "4: money leaves who had it");
            let listed = Draws::<T>::get(source.movement, id) == Some(source.amount_fen);
            ensure!(listed, "4: a source lists who drew on it");
            add(&mut moved_fen, source.amount_fen)?;
        }
        if movement.kind.from().is_some() {
            ensure!(moved_fen == movement.amount_fen, "4: sources add up to the movement");
        } else {
            ensure!(movement.sources.is_empty(), "4: an appropriation has no sources");
        }

        let children: BTreeMap<MovementId, Fen> = Draws::<T>::iter_prefix(id).collect();
        let mut drawn_fen = 0;
        for (child, amount_fen) in children {
            let of_child = Movements::<T>::get(child).ok_or("4: who drew exists")?;
            let consecutive = of_child.sources.iter().any(|source| {
                source.movement == id
                    && source.offset_fen == drawn_fen
                    && source.amount_fen == amount_fen
            });
            ensure!(consecutive, "4: draws are consecutive");
            add(&mut drawn_fen, amount_fen)?;
        }
        ensure!(drawn_fen == movement.drawn_fen, "4: draws add up");
        ensure!(drawn_fen <= movement.amount_fen, "4: no fen is drawn twice");
        Ok(())
    }

    /// Invariants 2 and 3 of holdings; returns what is held under each tag.
    fn try_state_holdings(
        mut of_holders: BTreeMap<(TagKey, Holder), Sums>,
    ) -> Result<BTreeMap<TagKey, Fen>, TryRuntimeError> {
        let mut held_fen: BTreeMap<TagKey, Fen> = BTreeMap::new();
        for (tag, holder, holding) in Holdings::<T>::iter() {
            let sums = of_holders.remove(&(tag, holder)).unwrap_or_default();
            let agrees = sums.in_fen == holding.received_fen
                && sums.paid_fen == holding.paid_fen
                && sums.passed_on_fen == holding.passed_on_fen
                && sums.clawed_back_fen == holding.clawed_back_fen;
            ensure!(agrees, "2: a holding's totals are the sums of its movements");
            ensure!(sums.left_fen == holding.balance_fen, "3: a balance is what lots have left");
            ensure!(sums.n_open == holding.lots.len(), "3: a holding has all its open lots");
            ensure!(holding.lots.is_sorted(), "3: the oldest lot is first");
            for id in &holding.lots {
                let lot = Movements::<T>::get(id).ok_or("3: lots exist")?;
                let own = lot.tag == tag && lot.kind.to() == Some(holder);
                ensure!(own && lot.remaining_fen() > 0, "3: lots are the holder's and open");
            }
            add(held_fen.entry(tag).or_default(), holding.balance_fen)?;
        }
        ensure!(of_holders.is_empty(), "2: every movement's holder has a holding");
        Ok(held_fen)
    }

    /// Invariants 1, and 2 of tags.
    fn try_state_tags(
        mut of_tags: BTreeMap<TagKey, Sums>,
        held_fen: &mut BTreeMap<TagKey, Fen>,
    ) -> Result<(), TryRuntimeError> {
        for (tag, details) in Tags::<T>::iter() {
            ensure!(Programmes::<T>::contains_key(tag.0), "1: a tag has a programme");
            let sums = of_tags.remove(&tag).unwrap_or_default();
            let agrees = sums.in_fen == details.appropriated_fen
                && sums.paid_fen == details.paid_fen
                && sums.clawed_back_fen == details.clawed_back_fen;
            ensure!(agrees, "2: a tag's totals are the sums of its movements");
            let left_fen = details
                .appropriated_fen
                .checked_sub(details.paid_fen)
                .and_then(|fen| fen.checked_sub(details.clawed_back_fen));
            ensure!(left_fen == Some(details.held_fen), "1: money of a tag is conserved");
            let held_fen = held_fen.remove(&tag).unwrap_or_default();
            ensure!(held_fen == details.held_fen, "1: what a tag has is what its holders have");
            let reason = HoldReason::Purpose.into();
            let on_hold_fen = T::Currency::balance_on_hold(&reason, &Self::tag_account(tag));
            ensure!(on_hold_fen == details.held_fen, "1: what is held is on hold");
            let net_fen = details.appropriated_fen.saturating_sub(details.clawed_back_fen);
            ensure!(net_fen <= details.ceiling_fen, "1: a tag is within its ceiling");
        }
        for (tag, ()) in Stopped::<T>::iter() {
            let of_mechanism = Programmes::<T>::get(tag.0)
                .is_some_and(|details| details.controller == Controller::Mechanism);
            let open = Tags::<T>::contains_key(tag);
            ensure!(open && of_mechanism, "1: a stopped tag is open, and of a mechanism");
        }
        ensure!(of_tags.is_empty(), "2: every movement's tag is open");
        ensure!(held_fen.is_empty(), "1: every holding's tag is open");
        Ok(())
    }
}

//! Following money, fen by fen, from its appropriation to its payees and back.
//!
//! The fen of a movement are numbered from 0. A movement's sources say, in order, which fen of
//! which earlier movements they are; a lot's fen leave in order of their numbers. So each range of
//! fen of one movement maps to ranges of fen of another, without rounding.

use crate::{
    Config, Draws, Fen, Followed, FollowedPage, MovementId, MovementOf, Movements, Pallet,
    TRACE_STEPS_MAX,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};

/// A range of fen of a movement: the number of its first and how many.
type Range = (Fen, Fen);

/// The common part of two ranges.
fn common((a, a_len): Range, (b, b_len): Range) -> Option<Range> {
    let start = a.max(b);
    let end = a.saturating_add(a_len).min(b.saturating_add(b_len));
    (start < end).then(|| (start, end.saturating_sub(start)))
}

fn sum(ranges: &[Range]) -> Fen {
    ranges.iter().fold(0, |total: Fen, (_, len)| total.saturating_add(*len))
}

/// How much of `ranges` is still with the movement's receiver.
fn remaining<T: Config>(movement: &MovementOf<T>, ranges: &[Range]) -> Fen {
    if movement.kind.to().is_none() {
        return 0;
    }
    let left = (movement.drawn_fen, movement.remaining_fen());
    ranges
        .iter()
        .filter_map(|range| common(*range, left))
        .fold(0, |total: Fen, (_, len)| total.saturating_add(len))
}

impl<T: Config> Pallet<T> {
    /// The way of the money of movement `of` forward, in ascending order of movements.
    ///
    /// A child has a higher number than its parents, so that the lowest number on the way has all
    /// its parents behind it.
    pub(crate) fn way_forward(of: MovementId, start: MovementId, limit: u32) -> FollowedPage {
        let mut way: BTreeMap<MovementId, Vec<Range>> = BTreeMap::new();
        if let Some(movement) = Movements::<T>::get(of) {
            way.insert(of, vec![(0, movement.amount_fen)]);
        }
        let mut page = FollowedPage::default();
        let mut steps_left = TRACE_STEPS_MAX;
        while let Some((id, ranges)) = way.pop_first() {
            let Some(movement) = Movements::<T>::get(id) else { continue };
            if page.movements.len() >= limit as usize {
                page.next = Some(id);
                break;
            }
            for child in Draws::<T>::iter_key_prefix(id) {
                let Some(left) = steps_left.checked_sub(1) else {
                    page.truncated = true;
                    break;
                };
                steps_left = left;
                Self::enter_child(id, &ranges, child, &mut way);
            }
            if id >= start {
                page.movements.push(Followed {
                    movement: id,
                    amount_fen: sum(&ranges),
                    remaining_fen: remaining::<T>(&movement, &ranges),
                });
            }
        }
        page
    }

    /// Adds to `way` which fen of `child` come from `ranges` of `parent`.
    fn enter_child(
        parent: MovementId,
        ranges: &[Range],
        child: MovementId,
        way: &mut BTreeMap<MovementId, Vec<Range>>,
    ) {
        let Some(movement) = Movements::<T>::get(child) else { return };
        let mut child_offset: Fen = 0;
        for source in &movement.sources {
            if source.movement == parent {
                let drawn = (source.offset_fen, source.amount_fen);
                for (start, len) in ranges.iter().filter_map(|range| common(*range, drawn)) {
                    let offset = start.saturating_sub(source.offset_fen);
                    way.entry(child).or_default().push((child_offset.saturating_add(offset), len));
                }
            }
            child_offset = child_offset.saturating_add(source.amount_fen);
        }
    }

    /// The way of the money of movement `of` back, in descending order of movements.
    pub(crate) fn way_back(of: MovementId, start: Option<MovementId>, limit: u32) -> FollowedPage {
        let mut way: BTreeMap<MovementId, Vec<Range>> = BTreeMap::new();
        if let Some(movement) = Movements::<T>::get(of) {
            way.insert(of, vec![(0, movement.amount_fen)]);
        }
        let mut page = FollowedPage::default();
        let mut steps_left = TRACE_STEPS_MAX;
        while let Some((id, ranges)) = way.pop_last() {
            let Some(movement) = Movements::<T>::get(id) else { continue };
            if page.movements.len() >= limit as usize {
                page.next = Some(id);
                break;
            }
            let mut offset: Fen = 0;
            for source in &movement.sources {
                let Some(left) = steps_left.checked_sub(1) else {
                    page.truncated = true;
                    break;
                };
                steps_left = left;
                let own = (offset, source.amount_fen);
                for (start, len) in ranges.iter().filter_map(|range| common(*range, own)) {
                    let within = start.saturating_sub(offset);
                    let parent_start = source.offset_fen.saturating_add(within);
                    way.entry(source.movement).or_default().push((parent_start, len));
                }
                offset = offset.saturating_add(source.amount_fen);
            }
            if start.is_none_or(|start| id <= start) {
                page.movements.push(Followed {
                    movement: id,
                    amount_fen: sum(&ranges),
                    remaining_fen: remaining::<T>(&movement, &ranges),
                });
            }
        }
        page
    }
}

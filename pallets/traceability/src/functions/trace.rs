//! Tracing back and tracking forward.

use crate::{
    BatchId, Batches, Config, Derivation, DerivationId, DerivationKind, Derivations, DerivationsOf,
    MAX_PAGE, MAX_VIEW_BATCHES, Pallet,
};
use alloc::{
    collections::{BTreeSet, VecDeque},
    vec::Vec,
};
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// Which way to follow the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what a batch comes from.
    Back,
    /// To what comes from a batch.
    Forward,
}

/// A batch that was reached, by the shortest way.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct TraceRow {
    /// The batch.
    pub batch: BatchId,
    /// Generations between it and the batch asked for.
    pub depth: u32,
    /// The batch next to it on that way.
    pub next_to: BatchId,
    /// The derivation between the two.
    pub derivation: DerivationId,
    /// How.
    pub kind: DerivationKind,
    /// Base units that the derivation took from the older of the two.
    pub quantity: u128,
}

/// One page of a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct TracePage {
    /// Rows, nearest first.
    pub rows: Vec<TraceRow>,
    /// All rows within the depth; at least, where `complete` is false.
    pub total: u32,
    /// Whether everything within the depth was found within the limit of a view function.
    pub complete: bool,
}

impl<T: Config> Pallet<T> {
    /// Walks breadth first from `batch`; each batch is reached once.
    pub(crate) fn trace(
        batch: BatchId,
        direction: Direction,
        depth: u32,
        start: u32,
        limit: u32,
    ) -> TracePage {
        let end = start.saturating_add(limit.min(MAX_PAGE));
        let mut page = TracePage { complete: true, ..TracePage::default() };
        let mut seen = BTreeSet::from([batch]);
        let mut queue = VecDeque::from([(batch, 0u32)]);
        while let Some((id, at)) = queue.pop_front() {
            if at >= depth {
                continue;
            }
            let mut complete = true;
            let neighbours = match direction {
                Direction::Back => Self::parents_of(id),
                Direction::Forward => {
                    let left = MAX_VIEW_BATCHES.saturating_sub(page.total);
                    let (children, all) = Self::children_of(id, left);
                    complete = all;
                    children
                }
            };
            page.complete &= complete;
            for mut row in neighbours {
                if !seen.insert(row.batch) {
                    continue;
                }
                if page.total >= MAX_VIEW_BATCHES {
                    page.complete = false;
                    return page;
                }
                row.depth = at.saturating_add(1);
                queue.push_back((row.batch, row.depth));
                if (start..end).contains(&page.total) {
                    page.rows.push(row);
                }
                page.total = page.total.saturating_add(1);
            }
        }
        page
    }

    fn parents_of(id: BatchId) -> Vec<TraceRow> {
        let Some(derivation) = Batches::<T>::get(id).and_then(|batch| batch.formed_by) else {
            return Vec::new();
        };
        let Some(details) = Derivations::<T>::get(derivation) else { return Vec::new() };
        details
            .inputs
            .iter()
            .map(|input| row(input.batch, id, derivation, &details, input.quantity))
            .collect()
    }

    /// What was made from `id`, following `limit` derivations at most; whether that was all.
    fn children_of(id: BatchId, limit: u32) -> (Vec<TraceRow>, bool) {
        let n_derivations = Batches::<T>::get(id).map_or(0, |batch| batch.n_derivations);
        let mut rows = Vec::new();
        for index in 0..n_derivations.min(limit) {
            let Some(derivation) = DerivationsOf::<T>::get(id, index) else { continue };
            let Some(details) = Derivations::<T>::get(derivation) else { continue };
            let quantity = details
                .inputs
                .iter()
                .find(|input| input.batch == id)
                .map_or(0, |input| input.quantity);
            rows.extend(
                details
                    .outputs
                    .iter()
                    .map(|output| row(*output, id, derivation, &details, quantity)),
            );
        }
        (rows, n_derivations <= limit)
    }
}

fn row(
    batch: BatchId,
    next_to: BatchId,
    derivation: DerivationId,
    details: &Derivation,
    quantity: u128,
) -> TraceRow {
    TraceRow { batch, depth: 0, next_to, derivation, kind: details.kind, quantity }
}

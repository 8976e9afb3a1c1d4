//! Tests of every call, error and boundary, by topic, and of the laws over random lives.

mod claims;
mod custody;
mod exact;
mod genesis;
mod governance;
mod identifiers;
mod invariants;
mod logistics;
mod master_data;
mod packing;
mod production;
mod random;
mod recall;
mod safety;
mod sale;
mod split_merge;
mod testing;
mod transformation;
mod views;

use crate::{mock::*, *};
use frame_support::assert_ok;

/// Harvests so many kilograms of leaf at base 0; the garden has them.
pub(crate) fn harvest(text: &str, kilograms: u128) -> BatchId {
    assert_ok!(Traceability::produce(
        by(GARDEN),
        gtin(LEAF),
        lot(text),
        kg(kilograms),
        0,
        at_now()
    ));
    id(LEAF, text)
}

/// Ships a batch and receives all of it.
pub(crate) fn deliver(batch: BatchId, from: u32, to: u32) {
    let quantity = Batches::<Test>::get(batch).unwrap().quantities.on_hand;
    let unit = Products::<Test>::get(Batches::<Test>::get(batch).unwrap().gtin).unwrap().base_unit;
    let quantity = Measure { value: quantity, decimals: 0, unit: unit.unit_code() };
    let item = ShippedItem::Batch(batch);
    assert_ok!(Traceability::ship(by(from), item, to, ShipPurpose::Delivery, at_now()));
    let into = ReceiveInto::Store;
    assert_ok!(Traceability::receive(by(to), batch, quantity, None, into, at_now()));
}

/// Leaf at the factory.
pub(crate) fn leaf_at_factory(text: &str, kilograms: u128) -> BatchId {
    let batch = harvest(text, kilograms);
    deliver(batch, GARDEN, FACTORY);
    batch
}

/// So many kilograms of tea at the factory, from four times as much leaf of the same lot.
pub(crate) fn tea(text: &str, kilograms: u128) -> BatchId {
    let leaf = leaf_at_factory(text, kilograms * 4);
    let inputs = taken(&[(leaf, kg(kilograms * 4))]);
    let outputs = outputs(&[(TEA, text, kg(kilograms))]);
    let loss = Some(kg(kilograms * 3));
    assert_ok!(Traceability::transform(by(FACTORY), inputs, outputs, loss, at_now()));
    id(TEA, text)
}

/// Tins of tea at the factory.
pub(crate) fn tins(text: &str, pieces: u128) -> BatchId {
    let kilograms = pieces.div_ceil(10);
    let bulk = tea(text, kilograms);
    let amount = measure(pieces * 100, "GRM");
    let item = NewBatch { gtin: gtin(TIN), lot: lot(text), quantity: measure(pieces, "EA") };
    let from = Taken { batch: bulk, quantity: amount };
    assert_ok!(Traceability::pack(by(FACTORY), from, item, None, at_now()));
    id(TIN, text)
}

/// Amounts taken.
pub(crate) fn taken(amounts: &[(BatchId, Measure)]) -> TakenInputs {
    let amounts: Vec<_> = amounts
        .iter()
        .map(|(batch, quantity)| Taken { batch: *batch, quantity: *quantity })
        .collect();
    amounts.try_into().unwrap()
}

/// Batches to be made.
pub(crate) fn outputs(batches: &[(&str, &str, Measure)]) -> Outputs {
    let batches: Vec<_> = batches
        .iter()
        .map(|(product, text, quantity)| NewBatch {
            gtin: gtin(product),
            lot: lot(text),
            quantity: *quantity,
        })
        .collect();
    batches.try_into().unwrap()
}

/// Parts of a split.
pub(crate) fn parts(amounts: &[(&str, Measure)]) -> Parts {
    let amounts: Vec<_> = amounts
        .iter()
        .map(|(text, quantity)| Part { lot: lot(text), quantity: *quantity })
        .collect();
    amounts.try_into().unwrap()
}

/// Batches in a logistic unit.
pub(crate) fn contents(batches: &[BatchId]) -> Contents {
    batches.to_vec().try_into().unwrap()
}

/// An SSCC by number.
pub(crate) fn sscc(number: u32) -> Sscc {
    Sscc::parse(&with_check_digit(&format!(
        "{:017}0",
        6_901_234_000_000_000u64 + u64::from(number)
    )))
    .unwrap()
}

/// Splits all of a leaf batch at the garden into parts of one kilogram.
pub(crate) fn split_leaf(batch: BatchId, lots: &[&str]) {
    let amounts: Vec<_> = lots.iter().map(|text| (*text, kg(1))).collect();
    assert_ok!(Traceability::split(by(GARDEN), batch, parts(&amounts), at_now()));
}

/// A hold by market supervision.
pub(crate) fn hold_by_samr(batch: BatchId) {
    assert_ok!(Traceability::hold(by(SAMR), batch, None));
}

/// A recall of class 3 by market supervision: the batch and its descendants.
pub(crate) fn recall_by_samr(batch: BatchId) -> RecallId {
    let id = NextRecallId::<Test>::get();
    assert_ok!(Traceability::recall(by(SAMR), batch, 3, [9; 32]));
    id
}

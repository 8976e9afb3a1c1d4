//! Deliberate breaks of chains that have lived, each of which a law sees.

mod goods;
mod members;
mod money;

use super::{laws, lives};
use crate::{
    Brands, Calendar, Certification, Compensation, Funds, Labels, Participants, Settlement, System,
    Traceability, Validators,
};
use frame_support::{storage::with_transaction, traits::Hooks};
use sp_runtime::{DispatchError, TransactionOutcome, TryRuntimeError};

/// Most chains that are looked at for a record of every kind.
const CHAINS_MAX: u64 = 32;

/// A number that no record has.
const NOBODY: u32 = 9_999;

/// What is broken, how, and the sentence of the law that sees it; nothing is broken where the chain
/// has no such record.
type Break = (&'static str, fn() -> Option<()>, &'static str);

/// The key of the first record that is as wanted.
fn key_of<K, V>(
    mut records: impl Iterator<Item = (K, V)>,
    is_wanted: impl Fn(&V) -> bool,
) -> Option<K> {
    records.find(|(_, record)| is_wanted(record)).map(|(key, _)| key)
}

/// The first law that a pallet of this chain says is broken, or else the runtime.
fn broken_law() -> Option<&'static str> {
    let now = System::block_number();
    let found = [
        Participants::try_state(now),
        Validators::try_state(now),
        Settlement::try_state(now),
        Calendar::try_state(now),
        Traceability::try_state(now),
        Certification::try_state(now),
        Brands::try_state(now),
        Labels::try_state(now),
        Funds::try_state(now),
        Compensation::try_state(now),
        laws::check(),
    ];
    found.into_iter().find_map(Result::err).map(|error| match error {
        TryRuntimeError::Other(sentence) => sentence,
        _ => "another error",
    })
}

/// Breaks something and mends it; the law that saw it, or `None` if there was nothing to break.
fn see(how: fn() -> Option<()>) -> Option<Option<&'static str>> {
    with_transaction(|| {
        let seen = how().map(|()| {
            let all_together = laws::check();
            broken_law().filter(|_| all_together.is_err())
        });
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(seen))
    })
    .unwrap()
}

#[test]
fn every_break_is_seen() {
    let tables = [
        goods::BATCHES,
        goods::CERTIFICATES,
        goods::LABELS,
        money::MONEY,
        money::COMPENSATION,
        members::MEMBERS,
    ];
    let mut waiting: Vec<&Break> = tables.into_iter().flatten().collect();
    let mut missed = Vec::new();
    for seed in 0..CHAINS_MAX {
        if waiting.is_empty() {
            break;
        }
        lives::grown(seed).execute_with(|| {
            assert_eq!(broken_law(), None);
            waiting.retain(|(what, how, sentence)| match see(*how) {
                None => true,
                Some(seen) => {
                    if seen != Some(*sentence) {
                        missed.push(format!("{what}: {seen:?} instead of {sentence:?}"));
                    }
                    false
                }
            });
            assert_eq!(broken_law(), None);
        });
    }
    let waiting: Vec<_> = waiting.into_iter().map(|(what, ..)| what).collect();
    assert!(waiting.is_empty(), "no chain had a record for {waiting:#?}");
    assert!(missed.is_empty(), "{missed:#?}");
}

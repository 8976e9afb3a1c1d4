//! Ceilings and quotas against an independent implementation on big numbers.

use crate::{
    PeriodRule, Usage, YieldCeiling,
    functions::{checks::yield_of, quota::Purpose},
};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::{
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use std::cell::Cell;

/// Random cases of each comparison.
const CASES: u32 = 100_000;

fn compare<S: Strategy>(cases: S, check: impl Fn(S::Value)) {
    let config = ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(12),
        ..ProptestConfig::default()
    };
    let done = TestRunner::new(config).run(&cases, |case| {
        check(case);
        Ok(())
    });
    done.unwrap();
}

/// Numbers of up to `bits` bits, small ones as often as large ones.
fn of_bits(bits: u32) -> impl Strategy<Value = u128> {
    (0..=bits, any::<u128>()).prop_map(|(bits, number)| match bits {
        0 => 0,
        bits => number >> (128 - bits),
    })
}

fn ratio(number: impl Into<BigInt>) -> BigRational {
    BigRational::from_integer(number.into())
}

fn purpose() -> impl Strategy<Value = Purpose> {
    prop_oneof![Just(Purpose::Order), Just(Purpose::Series)]
}

/// A quota is admitted exactly if it is at most what the mu of the bases bear in the period's part
/// of a year.
#[test]
fn ceilings_agree_with_fractions() {
    let period =
        prop_oneof![Just(PeriodRule::CalendarYear), any::<u16>().prop_map(PeriodRule::Days)];
    let cases = (of_bits(68), of_bits(64), period, of_bits(80), any::<bool>());
    let admitted = Cell::new(0);
    compare(cases, |(area_units, ceiling, period, some_quota, near)| {
        let ceiling = YieldCeiling::try_from(ceiling).unwrap();
        let years = match period {
            PeriodRule::CalendarYear => ratio(1),
            PeriodRule::Days(days) => ratio(days) / ratio(365),
        };
        let mu = ratio(area_units) / ratio(200_000);
        let exact = mu * ratio(ceiling) * years;
        let Some(most) = yield_of(area_units, ceiling, period) else {
            // 365 · 200,000 is the largest divisor.
            assert!(exact * ratio(73_000_000) >= ratio(BigInt::from(1) << 128));
            return;
        };
        assert_eq!(exact.floor(), ratio(most));
        let quota = if near { most.saturating_add(some_quota % 2) } else { some_quota };
        assert_eq!(quota <= most, ratio(quota) <= exact);
        admitted.set(admitted.get() + u32::from(quota <= most));
    });
    assert!((CASES / 10..CASES * 9 / 10).contains(&admitted.get()), "{}", admitted.get());
}

/// Whatever is drawn and given back, what is labelled is what both purposes have drawn, and never
/// more than the quota.
#[test]
fn draws_agree_with_big_numbers() {
    let step = (purpose(), prop::bool::weighted(0.7), of_bits(20), 0u8..12);
    let cases = (of_bits(128), of_bits(20), prop::collection::vec(step, 1..8), any::<bool>());
    let refused = Cell::new(0);
    compare(cases, |(wide_quota, quota, steps, wide)| {
        let quota = if wide { wide_quota } else { quota };
        let mut usage = Usage::default();
        let mut book = [BigInt::ZERO, BigInt::ZERO];
        for (purpose, draws, amount, kind) in steps {
            let part = usize::from(matches!(purpose, Purpose::Series));
            let labelled = &book[0] + &book[1];
            let left = BigInt::from(quota) - &labelled;
            // Exactly what is left, and one more, and as much as there is no more of.
            let quantity = match kind {
                0 => u128::try_from(&left).unwrap(),
                1 => u128::try_from(&left).unwrap().saturating_add(1),
                2 => u128::try_from(&book[part]).unwrap(),
                3 => u128::MAX,
                _ => amount,
            };
            let (after, expected) = if draws {
                let fits = &labelled + quantity <= BigInt::from(quota);
                (usage.drawn(purpose, quantity, quota), fits.then(|| &book[part] + quantity))
            } else {
                let fits = BigInt::from(quantity) <= book[part];
                (usage.given_back(purpose, quantity), fits.then(|| &book[part] - quantity))
            };
            assert_eq!(after.is_some(), expected.is_some());
            if let (Some(after), Some(expected)) = (after, expected) {
                book[part] = expected;
                usage = after;
            } else {
                refused.set(refused.get() + 1);
            }
            assert_eq!([usage.orders, usage.series].map(BigInt::from), book);
            assert!(&book[0] + &book[1] <= BigInt::from(quota));
        }
    });
    assert!(refused.get() > CASES / 2, "{}", refused.get());
}

//! Certified quantities against an independent implementation on big numbers.

use crate::{CertifiedProduct, Schemes, functions::decision::quantity_max, mock::*};
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

/// The most that may be certified: what the mu bear in the months of the certificate, and the
/// tolerance, as one fraction that is rounded down once.
#[test]
fn certified_quantities_agree_with_fractions() {
    let organic = new_test_ext().execute_with(|| Schemes::<Test>::get(ORGANIC).unwrap());
    let cases = (of_bits(64), of_bits(64), 1u16..=120, 0u32..=1_000_000_000);
    let answered = Cell::new(0);
    compare(cases, |(area_units, ceiling, validity_months, tolerance_ppb)| {
        let line = crate::ProductLine {
            gtin: tea(),
            quantity: 0,
            area_units: area_units.try_into().unwrap(),
        };
        let scheme = crate::Scheme { validity_months, tolerance_ppb, ..organic.clone() };
        let years = ratio(validity_months) / ratio(12);
        let tolerated = ratio(1) + ratio(tolerance_ppb) / ratio(1_000_000_000);
        let mu = ratio(area_units) / ratio(200_000);
        let exact = mu * ratio(ceiling) * years * tolerated;
        match quantity_max(&line, ceiling.try_into().unwrap(), &scheme) {
            Some(most) => {
                assert_eq!(ratio(most), exact.floor());
                answered.set(answered.get() + 1);
            }
            // Only what is beyond 128 bits in parts per billion, give or take a rounding.
            None => {
                let scaled = (exact + ratio(2)) * ratio(1_000_000_000);
                assert!(scaled >= ratio(BigInt::from(1) << 128));
            }
        }
    });
    assert!(answered.get() > CASES / 2, "{}", answered.get());
}

/// Whatever is drawn for marks, given back and sold, neither marks nor sales are ever more than
/// what is certified.
#[test]
fn marks_and_sales_agree_with_big_numbers() {
    let step = (0u8..3, of_bits(20), 0u8..12);
    let cases = (of_bits(128), of_bits(20), prop::collection::vec(step, 1..8), any::<bool>());
    let refused = Cell::new(0);
    compare(cases, |(wide_quantity, quantity, steps, wide)| {
        let quantity = if wide { wide_quantity } else { quantity };
        let mut product =
            CertifiedProduct { gtin: tea(), quantity, area_units: 1, drawn: 0, sold: 0 };
        let certified = BigInt::from(quantity);
        let (mut drawn, mut sold) = (BigInt::ZERO, BigInt::ZERO);
        for (step, amount, kind) in steps {
            let left = &certified - if step == 2 { &sold } else { &drawn };
            let amount = match kind {
                0 => u128::try_from(&left).unwrap(),
                1 => u128::try_from(&left).unwrap().saturating_add(1),
                2 => u128::try_from(&drawn).unwrap(),
                3 => u128::MAX,
                _ => amount,
            };
            let (done, fits) = match step {
                0 => (product.draw(amount), &drawn + amount <= certified),
                1 => (product.give_back(amount), BigInt::from(amount) <= drawn),
                _ => (product.sell(amount), &sold + amount <= certified),
            };
            assert_eq!(done.is_some(), fits);
            match step {
                _ if !fits => refused.set(refused.get() + 1),
                0 => drawn += amount,
                1 => drawn -= amount,
                _ => sold += amount,
            }
            assert_eq!(
                [product.drawn, product.sold].map(BigInt::from),
                [drawn.clone(), sold.clone()]
            );
            assert!(drawn <= certified && sold <= certified);
        }
    });
    assert!(refused.get() > CASES / 2, "{}", refused.get());
}

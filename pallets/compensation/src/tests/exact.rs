//! Splits of money against an independent implementation on big fractions.

use super::Numbers;
use crate::{
    Fault, Fen,
    exact::{Bounds, half_up, largest_remainder, share_of, water_fill},
    vertical::score::{self, Basis},
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};
use sp_core::U512;

/// Random cases of each comparison.
const CASES: u32 = 100_000;

fn ratio(number: u128) -> BigRational {
    BigRational::from_integer(BigInt::from(number))
}

/// Largest remainders by sorting fractions.
fn split_by_fractions(total: Fen, weights: &[BigRational]) -> Vec<Fen> {
    let whole: BigRational = weights.iter().sum();
    let quotas: Vec<BigRational> =
        weights.iter().map(|weight| ratio(total) * weight / &whole).collect();
    let mut parts: Vec<Fen> =
        quotas.iter().map(|it| it.floor().to_integer().to_u128().unwrap()).collect();
    let mut order: Vec<usize> = (0..quotas.len()).collect();
    order.sort_by_key(|n| (-quotas[*n].fract(), *n));
    let left = total - parts.iter().sum::<Fen>();
    for n in order.into_iter().take(usize::try_from(left).unwrap()) {
        parts[n] += 1;
    }
    parts
}

/// Shares within bounds, by the level at which the parts sum to the total.
fn fill_by_level(total: Fen, weights: &[Fen], bounds: &[Bounds]) -> Option<Vec<Fen>> {
    let clamp = |level: &BigRational, n: usize| {
        let (floor, cap) = bounds[n];
        (level * ratio(weights[n])).max(ratio(floor)).min(ratio(cap))
    };
    let sum =
        |level: &BigRational| -> BigRational { (0..weights.len()).map(|n| clamp(level, n)).sum() };
    let mut levels: Vec<BigRational> = vec![BigRational::zero()];
    for (weight, (floor, cap)) in weights.iter().zip(bounds) {
        if *weight > 0 {
            levels.extend([ratio(*floor) / ratio(*weight), ratio(*cap) / ratio(*weight)]);
        }
    }
    levels.sort();
    // The last level at which the parts are not above the total, and the rise from there on.
    let start = levels.iter().rfind(|level| sum(level) <= ratio(total))?.clone();
    let missing = ratio(total) - sum(&start);
    let rise: BigRational = (0..weights.len())
        .filter(|n| {
            let at = &start * ratio(weights[*n]);
            at >= ratio(bounds[*n].0) && at < ratio(bounds[*n].1)
        })
        .map(|n| ratio(weights[n]))
        .sum();
    if missing > BigRational::zero() && rise.is_zero() {
        return None;
    }
    let level = if missing.is_zero() { start } else { start + missing / rise };
    let quotas: Vec<BigRational> = (0..weights.len()).map(|n| clamp(&level, n)).collect();
    let mut parts: Vec<Fen> =
        quotas.iter().map(|it| it.floor().to_integer().to_u128().unwrap()).collect();
    let mut order: Vec<usize> = (0..quotas.len()).collect();
    order.sort_by_key(|n| (-quotas[*n].fract(), *n));
    let left = total - parts.iter().sum::<Fen>();
    for n in order.into_iter().take(usize::try_from(left).unwrap()) {
        parts[n] += 1;
    }
    Some(parts)
}

#[test]
fn largest_remainder_agrees_with_fractions() {
    let mut numbers = Numbers(1);
    for case in 0..CASES {
        let weights: Vec<Fen> =
            (0..=numbers.below(6)).map(|_| numbers.of_bits(40).into()).collect();
        let total = Fen::from(numbers.of_bits(60));
        let wide: Vec<U512> = weights.iter().map(|it| (*it).into()).collect();
        let parts = largest_remainder(total, &wide);
        if weights.iter().all(|it| *it == 0) {
            let expected =
                if total == 0 { Ok(vec![0; weights.len()]) } else { Err(Fault::NoBasis) };
            assert_eq!(parts, expected, "case {case}");
            continue;
        }
        let fractions: Vec<BigRational> = weights.iter().map(|it| ratio(*it)).collect();
        let parts = parts.unwrap();
        assert_eq!(parts.iter().sum::<Fen>(), total, "case {case}");
        assert_eq!(parts, split_by_fractions(total, &fractions), "case {case}: {weights:?}");
    }
}

#[test]
fn largest_remainder_breaks_ties_by_order() {
    let wide = |weights: &[u64]| weights.iter().map(|it| U512::from(*it)).collect::<Vec<_>>();
    assert_eq!(largest_remainder(5, &wide(&[1, 1, 1])), Ok(vec![2, 2, 1]));
    assert_eq!(largest_remainder(1, &wide(&[1, 1])), Ok(vec![1, 0]));
    assert_eq!(largest_remainder(0, &wide(&[1, 1])), Ok(vec![0, 0]));
    assert_eq!(largest_remainder(7, &wide(&[0, 3, 0])), Ok(vec![0, 7, 0]));
    assert_eq!(largest_remainder(7, &[]), Err(Fault::NoBasis));
    assert_eq!(largest_remainder(2, &[U512::MAX]), Err(Fault::TooLarge));
    assert_eq!(largest_remainder(0, &[U512::MAX, U512::one()]), Err(Fault::TooLarge));
}

#[test]
fn water_fill_agrees_with_levels() {
    let mut numbers = Numbers(2);
    let mut n_bound = 0;
    for case in 0..CASES {
        let n = numbers.below(5) + 1;
        let weights: Vec<Fen> = (0..n).map(|_| numbers.of_bits(10).into()).collect();
        let total = Fen::from(numbers.below(1_000));
        let bounds: Vec<Bounds> = (0..n)
            .map(|_| {
                let floor = Fen::from(numbers.below(4) * numbers.below(60));
                let width = Fen::from(numbers.of_bits(10));
                (floor, if numbers.below(3) == 0 { Fen::MAX } else { floor + width })
            })
            .collect();
        let wide: Vec<U512> = weights.iter().map(|it| (*it).into()).collect();
        let parts = water_fill(total, &wide, &bounds);
        let floors: Fen = bounds.iter().map(|(floor, _)| floor).sum();
        let caps = bounds.iter().fold(0, |sum: Fen, (_, cap)| sum.saturating_add(*cap));
        if floors > total {
            assert_eq!(parts, Err(Fault::FloorsExceedPool), "case {case}");
        } else if caps < total {
            assert_eq!(parts, Err(Fault::CapsBelowPool), "case {case}");
        } else if let Some(expected) = fill_by_level(total, &weights, &bounds) {
            assert_eq!(parts, Ok(expected.clone()), "case {case}: {total} {weights:?} {bounds:?}");
            n_bound += u32::from(
                expected.iter().zip(&bounds).any(|(it, (floor, cap))| it == floor || it == cap),
            );
        } else {
            assert_eq!(parts, Err(Fault::NoBasis), "case {case}: {total} {weights:?} {bounds:?}");
        }
    }
    assert!(n_bound > CASES / 5, "bounds bind in {n_bound} cases");
}

#[test]
fn water_fill_rejects_impossible_bounds() {
    let one = [U512::one(); 2];
    assert_eq!(water_fill(10, &one, &[(6, 9), (5, 9)]), Err(Fault::FloorsExceedPool));
    assert_eq!(water_fill(10, &one, &[(0, 4), (0, 5)]), Err(Fault::CapsBelowPool));
    assert_eq!(water_fill(10, &one, &[(5, 4), (0, 9)]), Err(Fault::BoundsInvalid));
    assert_eq!(water_fill(10, &one, &[(0, 9)]), Err(Fault::BoundsInvalid));
    assert_eq!(water_fill(10, &one, &[(8, 9), (0, 9)]), Ok(vec![8, 2]));
    assert_eq!(water_fill(10, &one, &[(0, 3), (0, Fen::MAX)]), Ok(vec![3, 7]));
    assert_eq!(water_fill(10, &one, &[(5, 5), (5, 5)]), Ok(vec![5, 5]));
    assert_eq!(water_fill(10, &[U512::zero(); 2], &[(0, 9), (0, 9)]), Err(Fault::NoBasis));
    assert_eq!(water_fill(9, &[U512::zero(); 2], &[(4, 9), (5, 9)]), Ok(vec![4, 5]));
}

#[test]
fn weighted_shares_agree_with_fractions() {
    let mut numbers = Numbers(3);
    for case in 0..CASES {
        let n_factors = numbers.below(3) + 1;
        let mut left = 1_000_000_000;
        let mut weights: Vec<u64> = (1..n_factors)
            .map(|_| {
                let weight = numbers.below(left + 1);
                left -= weight;
                weight
            })
            .collect();
        weights.push(left);
        let n = numbers.below(5) + 1;
        let values: Vec<Vec<u128>> =
            (0..n).map(|_| weights.iter().map(|_| numbers.of_bits(40).into()).collect()).collect();
        let coefficients: Vec<u64> = (0..n).map(|_| numbers.below(2_000_000_000)).collect();
        let pool = Fen::from(numbers.of_bits(50));
        let bases: Vec<Basis<'_>> = values
            .iter()
            .zip(&coefficients)
            .map(|(values, coefficient)| Basis { values, coefficient_ppb: *coefficient })
            .collect();
        let scores = score::weighted(&weights, &bases);
        let sums: Vec<u128> =
            (0..weights.len()).map(|j| values.iter().map(|it| it[j]).sum()).collect();
        if sums.contains(&0) {
            assert_eq!(scores, Err(Fault::FactorSumZero), "case {case}");
            continue;
        }
        // raw_i = P · Σ_j w_j · (x_ij / Σ_i x_ij) · k_i
        let raw: Vec<BigRational> = values
            .iter()
            .zip(&coefficients)
            .map(|(values, coefficient)| {
                let sum: BigRational = (0..weights.len())
                    .map(|j| ratio(weights[j].into()) * ratio(values[j]) / ratio(sums[j]))
                    .sum();
                sum * ratio(pool) * ratio((*coefficient).into())
            })
            .collect();
        let parts = largest_remainder(pool, &scores.unwrap());
        if raw.iter().all(Zero::is_zero) {
            assert!(pool == 0 || parts == Err(Fault::NoBasis), "case {case}");
            continue;
        }
        assert_eq!(parts, Ok(split_by_fractions(pool, &raw)), "case {case}");
    }
}

#[test]
fn weighted_refuses_what_leaves_512_bits() {
    // Eight sums without a common factor, of 64 bits each.
    let sums: [u128; 8] = [59, 83, 95, 179, 189, 257, 279, 323].map(|n| (1u128 << 64) - n);
    let basis = |values| Basis { values, coefficient_ppb: 1_000_000_000 };
    let weights = [125_000_000; 8];
    assert_eq!(score::weighted(&weights, &[basis(&sums)]), Err(Fault::TooLarge));
    let smaller = sums.map(|n| n >> 12);
    assert!(score::weighted(&weights, &[basis(&smaller)]).is_ok());
}

#[test]
fn half_up_rounds_halves_up() {
    let wide = U512::from;
    for (numerator, denominator, expected) in
        [(1u64, 2u64, 1), (1, 3, 0), (2, 3, 1), (3, 2, 2), (5, 2, 3), (0, 9, 0), (9, 3, 3)]
    {
        assert_eq!(half_up(wide(numerator), wide(denominator)), Ok(expected));
    }
    assert_eq!(half_up(U512::MAX, U512::MAX), Ok(1));
    assert_eq!(half_up(U512::MAX, U512::one()), Err(Fault::TooLarge));
    assert_eq!(share_of(101, 500_000_000), Ok(51));
    assert_eq!(share_of(Fen::MAX, 1_000_000_000), Ok(Fen::MAX));
    assert_eq!(share_of(Fen::MAX, 1_000_000_001), Err(Fault::TooLarge));
}

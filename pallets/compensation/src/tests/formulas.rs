//! Formulas against an independent implementation on big fractions.

use super::Numbers;
use crate::{
    FailureRule, Fault, Fen, Formula, Indicator, IndicatorRule, Leg, Mean, MicrogramsPerLitre,
    Step, Trace,
    exact::ONE_PPB,
    horizontal::formula::{change_ratio, class_of, section_class, settle, weighted_index},
    mock::*,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive};
use std::slice::from_ref;

/// Random cases of each comparison.
const CASES: u32 = 100_000;

fn ratio(number: u64) -> BigRational {
    BigRational::from_integer(BigInt::from(number))
}

fn mean(mean: Mean) -> BigRational {
    ratio(mean.sum) / ratio(mean.months.into())
}

/// Rounds half up.
fn rounded(value: &BigRational) -> u128 {
    let half = BigRational::new(BigInt::one(), BigInt::from(2));
    (value + half).floor().to_integer().to_u128().unwrap()
}

fn random_mean(numbers: &mut Numbers, least: u64) -> Mean {
    let months = u8::try_from(numbers.below(12) + 1).unwrap();
    Mean { sum: numbers.of_bits(20).max(least), months }
}

const INDICATORS: [Indicator; 5] = [
    Indicator::PermanganateIndex,
    Indicator::ChemicalOxygenDemand,
    Indicator::AmmoniaNitrogen,
    Indicator::TotalPhosphorus,
    Indicator::TotalNitrogen,
];

#[test]
fn weighted_index_agrees_with_fractions() {
    let mut numbers = Numbers(11);
    for case in 0..CASES {
        let n = usize::try_from(numbers.below(5) + 1).unwrap();
        let indicators: Vec<IndicatorRule> = INDICATORS[..n]
            .iter()
            .map(|it| indicator(*it, numbers.of_bits(20) + 1, numbers.below(ONE_PPB)))
            .collect();
        let means: Vec<Mean> = indicators.iter().map(|_| random_mean(&mut numbers, 0)).collect();
        let k0 = numbers.below(2 * ONE_PPB) + 1;
        let expected: BigRational = indicators
            .iter()
            .zip(&means)
            .map(|(rule, it)| {
                ratio(rule.weight_ppb) / ratio(ONE_PPB) * mean(*it) / ratio(rule.base.0)
            })
            .sum::<BigRational>()
            * ratio(k0)
            / ratio(ONE_PPB);
        let index = weighted_index(k0, &indicators, &means).unwrap();
        let ppb = rounded(&(&expected * ratio(ONE_PPB)));
        assert_eq!(u128::from(index.to_ppb().unwrap()), ppb, "case {case}");
        for threshold in [ONE_PPB, u64::try_from(ppb).unwrap(), numbers.below(2 * ONE_PPB)] {
            let below = expected <= ratio(threshold) / ratio(ONE_PPB);
            assert_eq!(index.is_at_most(threshold), Ok(below), "case {case}");
        }
    }
}

/// Where every value is as large as an agreement admits, nothing leaves 512 bits.
#[test]
fn weighted_index_has_room_for_what_is_admitted() {
    // Bases without a common factor, just below the limit.
    let bases = [63, 71, 107, 117, 203, 239, 243, 249].map(|n| crate::CONCENTRATION_MAX - n);
    let indicators: Vec<IndicatorRule> =
        bases.iter().map(|base| indicator(Indicator::TotalNitrogen, *base, ONE_PPB)).collect();
    let means: Vec<Mean> = [12, 11, 7, 5, 12, 11, 7, 5]
        .map(|months| Mean { sum: 12 * crate::CONCENTRATION_MAX, months })
        .to_vec();
    let index = weighted_index(10 * ONE_PPB, &indicators, &means).unwrap();
    assert!(index.to_ppb().is_ok());
    assert!(change_ratio(&means, &means[..]).unwrap().to_ppb().is_ok());
    let zero = [indicator(Indicator::TotalNitrogen, 0, ONE_PPB)];
    assert_eq!(weighted_index(ONE_PPB, &zero, &means), Err(Fault::BaseZero));
}

#[test]
fn class_ladder_agrees_with_fractions() {
    let mut numbers = Numbers(12);
    for case in 0..CASES {
        let it = Mean { sum: numbers.below(250_000), months: 1 + numbers.below(12) as u8 };
        let expected = 1 + PERMANGANATE.iter().filter(|limit| mean(it) > ratio(**limit)).count();
        let class = class_of(it, &PERMANGANATE.map(MicrogramsPerLitre));
        assert_eq!(usize::from(class), expected, "case {case}: {it:?}");
    }
}

#[test]
fn class_ladder_boundary_limits() {
    let class = |sum, months| class_of(Mean { sum, months }, &PERMANGANATE.map(MicrogramsPerLitre));
    for (n, limit) in (1u8..).zip(PERMANGANATE) {
        assert_eq!(class(limit, 1), n);
        assert_eq!(class(limit + 1, 1), n + 1);
        // A mean of a twelfth of a µg/L more.
        assert_eq!(class(12 * limit, 12), n);
        assert_eq!(class(12 * limit + 1, 12), n + 1);
    }
    let table = Some(PERMANGANATE.map(MicrogramsPerLitre));
    let with = IndicatorRule { class_limits: table, ..four_indicators()[0] };
    let without = four_indicators()[1];
    let good = Mean { sum: 1, months: 1 };
    let bad = Mean { sum: 15_001, months: 1 };
    assert_eq!(section_class(&[with, with], &[good, bad]), Ok(6));
    assert_eq!(section_class(&[with], &[good]), Ok(1));
    assert_eq!(section_class(&[with, without], &[good; 2]), Err(Fault::ClassTableMissing));
}

#[test]
fn class_and_change_agrees_with_fractions() {
    let mut numbers = Numbers(13);
    let table = Some(PERMANGANATE.map(MicrogramsPerLitre));
    for case in 0..CASES {
        let n = usize::try_from(numbers.below(4) + 1).unwrap();
        let indicators: Vec<IndicatorRule> = INDICATORS[..n]
            .iter()
            .map(|it| IndicatorRule { class_limits: table, ..indicator(*it, 1, 0) })
            .collect();
        let means: Vec<Mean> = (0..n).map(|_| random_mean(&mut numbers, 0)).collect();
        let before: Vec<Mean> = (0..n).map(|_| random_mean(&mut numbers, 1)).collect();
        let (class_fen, class_cap) = (numbers.of_bits(40), numbers.of_bits(40));
        let (change_fen, change_cap) = (numbers.of_bits(40), numbers.of_bits(40));
        let basis_class = u8::try_from(numbers.below(6) + 1).unwrap();
        let rules = rules(
            vec![section(indicators.clone())],
            Formula::ClassAndChange {
                section: 0,
                basis_class,
                class_fen: class_fen.into(),
                class_cap_fen: class_cap.into(),
                change_fen: change_fen.into(),
                change_cap_fen: change_cap.into(),
            },
        );
        let (trace, legs) = settle(&rules, from_ref(&means), from_ref(&before), 0).unwrap();

        let class = means
            .iter()
            .map(|it| 1 + PERMANGANATE.iter().filter(|l| mean(*it) > ratio(**l)).count())
            .max()
            .unwrap();
        let steps = i128::from(basis_class) - class as i128;
        let for_class =
            (steps * i128::from(class_fen)).clamp(-i128::from(class_cap), class_cap.into());
        let k: BigRational =
            means.iter().zip(&before).map(|(a, b)| mean(*a) / mean(*b)).sum::<BigRational>()
                / ratio(n as u64);
        let change = (BigRational::one() - &k) * ratio(change_fen);
        let size = i128::try_from(rounded(&change.abs())).unwrap().min(change_cap.into());
        let for_change = if change.is_negative() { -size } else { size };
        let Trace::ClassAndChange { class: c, ratio_ppb, class_fen: a, change_fen: b } = trace
        else {
            panic!("{trace:?}")
        };
        assert_eq!((usize::from(c), a, b), (class, for_class, for_change), "case {case}");
        assert_eq!(u128::from(ratio_ppb), rounded(&(k * ratio(ONE_PPB))), "case {case}");
        let total = for_class + for_change;
        let (payer, payee) = if total < 0 { (0, 1) } else { (1, 0) };
        let leg = Leg { payer, payee, amount_fen: total.unsigned_abs(), paid_fen: 0 };
        let expected = if total == 0 { vec![] } else { vec![leg] };
        assert_eq!(legs.into_inner(), expected, "case {case}");
    }
}

#[test]
fn change_has_no_answer_without_a_year_before() {
    let zero = Mean { sum: 0, months: 12 };
    let one = Mean { sum: 1, months: 12 };
    assert_eq!(change_ratio(&[one], &[zero]), Err(Fault::BaseZero));
    assert_eq!(change_ratio(&[zero], &[one]).unwrap().to_ppb(), Ok(0));
}

/// Exactly 1.0 is on the lower step, and a billionth of a billionth more is not.
#[test]
fn ladder_boundary_threshold() {
    let step = |up_to_ppb, amount_fen| Step { up_to_ppb, payer: 1, payee: 0, amount_fen };
    let at = |sum: u64, base: u64| {
        let indicators = vec![indicator(Indicator::TotalNitrogen, base, ONE_PPB)];
        let formula = Formula::WeightedIndex {
            section: 0,
            k0_ppb: ONE_PPB,
            steps: vec![step(900_000_000, 3), step(ONE_PPB, 2), step(u64::MAX, 0)]
                .try_into()
                .unwrap(),
        };
        let rules = rules(vec![section(indicators)], formula);
        let means = vec![vec![Mean { sum, months: 12 }]];
        let (trace, legs) = settle(&rules, &means, &means, 0).unwrap();
        let Trace::WeightedIndex { step, index_ppb } = trace else { panic!("{trace:?}") };
        (step, index_ppb, legs.first().map(|leg| leg.amount_fen))
    };
    assert_eq!(at(9 * 12, 10), (0, 900_000_000, Some(3)));
    assert_eq!(at(12_000_000_000, 1_000_000_000), (1, ONE_PPB, Some(2)));
    // The published index is rounded; the step is not.
    assert_eq!(at(12_000_000_001, 1_000_000_000), (2, ONE_PPB, None));
}

/// A pool is conserved whatever fails, and payments balance it.
#[test]
fn pools_are_conserved() {
    let mut numbers = Numbers(14);
    for case in 0..CASES {
        let n = usize::try_from(numbers.below(3) + 2).unwrap();
        let mut ratios = || -> Vec<u32> {
            let mut ratios: Vec<u32> = (0..n).map(|_| numbers.below(6) as u32).collect();
            ratios[0] += u32::from(ratios.iter().all(|it| *it == 0));
            ratios
        };
        let (contribution, distribution) = (ratios(), ratios());
        let to: Vec<Vec<u32>> = (0..4).map(|_| ratios()).collect();
        let failures: Vec<FailureRule> = to
            .into_iter()
            .map(|mut to| {
                let from = numbers.below(n as u64) as usize;
                to[from] = 0;
                let other = (from + 1) % n;
                to[other] += u32::from(to.iter().all(|it| *it == 0));
                FailureRule {
                    section: 0,
                    from: from as u8,
                    share_ppb: numbers.below(ONE_PPB + 1),
                    to: to.try_into().unwrap(),
                }
            })
            .collect();
        let pool_fen = Fen::from(numbers.of_bits(50));
        let formula = Formula::Pool {
            pool_fen,
            contribution: contribution.try_into().unwrap(),
            distribution: distribution.try_into().unwrap(),
            failures: failures.try_into().unwrap(),
        };
        let rules = rules(vec![section(four_indicators())], formula);
        let means = vec![vec![Mean { sum: 900 + numbers.below(200), months: 1 }; 4]];
        let (trace, legs) = settle(&rules, &means, &means, 0).unwrap();
        let Trace::Pool { contributions_fen, distributions_fen, failed } = trace else {
            panic!("{trace:?}")
        };
        assert_eq!(failed != 0, means[0][0].sum > 1_000, "case {case}");
        assert_eq!(contributions_fen.iter().sum::<Fen>(), pool_fen, "case {case}");
        assert_eq!(distributions_fen.iter().sum::<Fen>(), pool_fen, "case {case}");
        for party in 0..n {
            let paid: Fen = legs
                .iter()
                .filter(|it| usize::from(it.payer) == party)
                .map(|it| it.amount_fen)
                .sum();
            let got: Fen = legs
                .iter()
                .filter(|it| usize::from(it.payee) == party)
                .map(|it| it.amount_fen)
                .sum();
            assert!(paid == 0 || got == 0, "case {case}");
            assert_eq!(
                contributions_fen[party] + got,
                distributions_fen[party] + paid,
                "case {case}"
            );
        }
    }
}

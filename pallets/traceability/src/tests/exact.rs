//! Mass balance, yields and units against an independent implementation on big fractions.

use super::*;
use crate::functions::balance::{Amount, Fault, check_yields, common_unit, content_of};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::{
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use std::{cell::Cell, collections::BTreeMap};

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

/// A product by mass, by volume with or without a density, by the piece, or a pack of either.
fn product() -> impl Strategy<Value = ProductDetails> {
    let content = prop_oneof![Just(BaseUnit::Milligram), Just(BaseUnit::Millilitre)];
    let kind = prop_oneof![
        4 => Just((BaseUnit::Milligram, None)),
        2 => Just((BaseUnit::Millilitre, None)),
        1 => Just((BaseUnit::Each, None)),
        3 => (content, 1u64..1 << 20).prop_map(|(unit, quantity)| {
            (BaseUnit::Each, Some(NetContent { unit, quantity, of: None }))
        }),
    ];
    (kind, prop::option::weighted(0.7, 1u32..5_000)).prop_map(
        |((base_unit, net_content), density_mg_per_ml)| ProductDetails {
            owner: 0,
            base_unit,
            net_content,
            density_mg_per_ml,
            category: 10_000_115,
        },
    )
}

/// So much of the `n`th product.
fn amount(n: usize, product: ProductDetails, quantity: u128) -> Amount {
    Amount { gtin: Gtin([n as u8; 14]), product, quantity }
}

fn amounts(from: usize, of: &[(ProductDetails, u128)]) -> Vec<Amount> {
    (from..).zip(of).map(|(n, (product, quantity))| amount(n, *product, *quantity)).collect()
}

/// The content of an amount in its own unit.
fn content(amount: &Amount) -> (BaseUnit, BigRational) {
    match amount.product.net_content {
        Some(net) => (net.unit, ratio(amount.quantity) * ratio(net.quantity)),
        None => (amount.product.base_unit, ratio(amount.quantity)),
    }
}

/// Contents are compared in the unit that all have, or weighed.
#[test]
fn contents_agree_with_fractions() {
    let one = || (product(), of_bits(60));
    let cases = (prop::collection::vec(one(), 1..5), prop::option::of(product()));
    let [weighed, mismatched] = [Cell::new(0), Cell::new(0)];
    compare(cases, |(mut of, same)| {
        if let Some(same) = same {
            of.iter_mut().for_each(|(product, _)| *product = same);
        }
        let all = amounts(0, &of);
        let contents: Vec<_> = all.iter().map(content).collect();
        let alike = contents.iter().all(|(unit, _)| *unit == contents[0].0);
        let unit = common_unit(all.iter().map(|it| &it.product)).unwrap();
        let expected: Option<BigRational> = if alike {
            assert_eq!(unit, contents[0].0);
            Some(contents.into_iter().map(|(_, content)| content).sum())
        } else {
            assert_eq!(unit, BaseUnit::Milligram);
            contents
                .into_iter()
                .zip(&all)
                .map(|((unit, content), amount)| match unit {
                    BaseUnit::Milligram => Some(content),
                    BaseUnit::Millilitre => {
                        Some(content * ratio(amount.product.density_mg_per_ml?))
                    }
                    BaseUnit::Each => None,
                })
                .sum()
        };
        let found = content_of(unit, &all);
        weighed.set(weighed.get() + u32::from(!alike && expected.is_some()));
        mismatched.set(mismatched.get() + u32::from(expected.is_none()));
        match expected {
            Some(expected) => assert_eq!(found.map(ratio), Ok(expected)),
            None => assert_eq!(found, Err(Fault::DimensionMismatch)),
        }
    });
    assert!(weighed.get() > CASES / 20 && mismatched.get() > CASES / 20);
}

/// What a transformation may give: for each product a part of what the inputs yield of it, and of
/// main products together the whole.
///
/// Exact shares are compared as fractions; the pallet may miss an excess of less than 10⁻¹⁸ for
/// each product, and nothing else.
#[test]
fn yields_agree_with_fractions() {
    let rule = prop::option::weighted(0.9, (of_bits(50), prop::bool::weighted(0.2)));
    let output = (product(), 0u32..6, prop_oneof![6 => Just(0u128), 1 => Just(1), 1 => of_bits(8)]);
    let cases = (
        prop::collection::vec((product(), of_bits(50)), 1..4),
        prop::collection::vec(output, 1..4),
        prop::collection::vec(rule, 9),
        0u32..2,
    );
    let [accepted, exceeded, ungoverned] = [Cell::new(0), Cell::new(0), Cell::new(0)];
    compare(cases, |(taken, made, rules, spare)| {
        let inputs = amounts(0, &taken);
        let governed = |input: usize, output: usize| {
            let (max_ppb, by_product) = rules[3 * input + output]?;
            Some(YieldRule { max_ppb: u64::try_from(max_ppb).unwrap() + 1, by_product })
        };
        // The most of each product, and whether it is a main one.
        let limits: Vec<Option<(BigRational, bool)>> = (0..made.len())
            .map(|output| {
                let of: Vec<_> = (0..inputs.len())
                    .filter_map(|input| Some((content(&inputs[input]).1, governed(input, output)?)))
                    .collect();
                let most: BigRational = of
                    .iter()
                    .map(|(content, rule)| content * ratio(rule.max_ppb) / ratio(1_000_000_000))
                    .sum();
                (!most.is_zero()).then(|| (most, !of.iter().all(|(_, rule)| rule.by_product)))
            })
            .collect();
        // Amounts near the limits: of each product its part of the whole, and at times more.
        let whole: u32 = made
            .iter()
            .zip(&limits)
            .filter(|(_, limit)| limit.as_ref().is_some_and(|(_, main)| *main))
            .map(|((_, part, _), _)| part)
            .sum();
        let made: Vec<(ProductDetails, u128)> = made
            .iter()
            .zip(&limits)
            .map(|((product, part, more), limit)| {
                let most = limit.as_ref().map_or_else(BigRational::zero, |(most, _)| most.clone());
                let piece = product.net_content.map_or(1, |net| net.quantity);
                let quantity = most * ratio(*part) / ratio((whole + spare).max(1)) / ratio(piece);
                let quantity = u128::try_from(quantity.floor().to_integer()).unwrap();
                (*product, quantity + more)
            })
            .collect();
        let outputs = amounts(100, &made);

        let index = |amount: &Amount| usize::from(amount.gtin.0[0] % 100);
        let found =
            check_yields(&inputs, &outputs, |input, output| governed(index(input), index(output)));

        let unused = (0..inputs.len())
            .any(|input| (0..outputs.len()).all(|output| governed(input, output).is_none()));
        let is_ungoverned = unused || limits.iter().any(Option::is_none);
        let mut shares = BigRational::zero();
        let mut is_exceeded = false;
        for (output, limit) in outputs.iter().zip(limits.iter()) {
            let Some((most, main)) = limit else { continue };
            let gained = content(output).1;
            is_exceeded |= gained > *most;
            if *main {
                shares += gained / most;
            }
        }
        let unseen = ratio(outputs.len()) / ratio(10u64.pow(18));
        let surely_exceeded = is_exceeded || shares >= ratio(1) + unseen;
        match found {
            Ok(()) => {
                assert!(!is_ungoverned && !surely_exceeded);
                accepted.set(accepted.get() + 1);
            }
            Err(Fault::YieldNotGoverned) => {
                assert!(is_ungoverned);
                ungoverned.set(ungoverned.get() + 1);
            }
            Err(Fault::YieldExceeded) => {
                assert!(is_exceeded || shares > ratio(1));
                exceeded.set(exceeded.get() + 1);
            }
            Err(fault) => panic!("{fault:?}"),
        }
    });
    for count in [accepted, exceeded, ungoverned] {
        assert!(count.get() > CASES / 20, "{}", count.get());
    }
}

/// Outputs of one product count together.
#[test]
fn outputs_of_one_product_are_summed() {
    let product = ProductDetails {
        owner: 0,
        base_unit: BaseUnit::Milligram,
        net_content: None,
        density_mg_per_ml: None,
        category: 10_000_115,
    };
    let inputs = [amount(0, product, 100)];
    let half = YieldRule { max_ppb: 500_000_000, by_product: false };
    let made = |parts: &[u128]| {
        let outputs: Vec<_> = parts.iter().map(|part| amount(1, product, *part)).collect();
        check_yields(&inputs, &outputs, |_, _| Some(half))
    };
    assert_eq!(made(&[20, 30]), Ok(()));
    assert_eq!(made(&[20, 31]), Err(Fault::YieldExceeded));
}

/// What is lost is what was taken and not gained, to the unit; a unit more or less is refused.
#[test]
fn losses_agree_with_fractions() {
    let one = || (product(), of_bits(50));
    let cases = (
        prop::collection::vec(one(), 1..4),
        prop::collection::vec(one(), 1..4),
        -1i8..=1,
        product(),
        any::<bool>(),
    );
    let balanced = Cell::new(0);
    compare(cases, |(mut taken, mut made, off, same, alike)| {
        if alike {
            taken.iter_mut().chain(&mut made).for_each(|(product, _)| *product = same);
        }
        let (inputs, outputs) = (amounts(0, &taken), amounts(100, &made));
        let products = inputs.iter().chain(&outputs).map(|it| &it.product);
        let unit = common_unit(products).unwrap();
        let (Ok(content_in), Ok(content_out)) =
            (content_of(unit, &inputs), content_of(unit, &outputs))
        else {
            return;
        };
        let in_unit = |amount: &Amount| {
            let (own, content) = content(amount);
            let weight = match own == unit {
                true => 1,
                false => amount.product.density_mg_per_ml.unwrap(),
            };
            content * ratio(weight)
        };
        let sum = |amounts: &[Amount]| amounts.iter().map(in_unit).sum::<BigRational>();
        let loss = sum(&inputs) - sum(&outputs) + ratio(off);
        if loss < ratio(0) {
            return;
        }
        let stated = u128::try_from(loss.to_integer()).unwrap();
        assert_eq!(content_out + stated == content_in, off == 0);
        balanced.set(balanced.get() + u32::from(off == 0));
    });
    assert!(balanced.get() > CASES / 20, "{}", balanced.get());
}

/// A declared measure is exactly a whole number of base units, or refused.
#[test]
fn measures_agree_with_fractions() {
    let cases = (of_bits(128), 0u8..12, of_bits(40), of_bits(20), any::<bool>());
    let [exact, inexact, large] = [Cell::new(0), Cell::new(0), Cell::new(0)];
    compare(cases, |(value, decimals, numerator, denominator, round)| {
        let (numerator, denominator) = (numerator as u64 + 1, denominator as u64 + 1);
        let scale = 10u128.pow(decimals.into()) * u128::from(denominator);
        let value = if round { (value % (1 << 60)) * scale } else { value };
        let rule = UnitRule { base: BaseUnit::Milligram, numerator, denominator };
        let measure = Measure { value, decimals, unit: UnitCode(*b"KGM") };
        let quantity = ratio(value) * ratio(numerator) / ratio(scale);
        let whole = quantity.is_integer();
        match measure.in_base_units(&rule) {
            Ok(found) => {
                assert!(decimals <= MAX_DECIMALS && found <= MAX_QUANTITY);
                assert_eq!(ratio(found), quantity);
                exact.set(exact.get() + 1);
            }
            Err(MeasureError::Inexact) => {
                assert!(!whole || decimals > MAX_DECIMALS);
                inexact.set(inexact.get() + 1);
            }
            Err(MeasureError::TooLarge) => {
                let scaled = ratio(value) * ratio(numerator);
                let wide = scaled >= ratio(BigInt::from(1) << 128);
                assert!(wide || (whole && quantity > ratio(MAX_QUANTITY)));
                large.set(large.get() + 1);
            }
        }
    });
    for count in [exact, inexact, large] {
        assert!(count.get() > CASES / 20, "{}", count.get());
    }
}

/// All yields that apply are looked up once for each pair, by product or by category.
#[test]
fn yields_are_found_for_every_pair() {
    let of = ProductDetails {
        owner: 0,
        base_unit: BaseUnit::Milligram,
        net_content: None,
        density_mg_per_ml: None,
        category: 10_000_115,
    };
    let inputs: Vec<_> = (0..3).map(|n| amount(n, of, 10)).collect();
    let outputs: Vec<_> = (10..12).map(|n| amount(n, of, 1)).collect();
    let asked = std::cell::RefCell::new(BTreeMap::<_, u32>::new());
    let rule = YieldRule { max_ppb: 1_000_000_000, by_product: true };
    let found = check_yields(&inputs, &outputs, |input, output| {
        *asked.borrow_mut().entry((input.gtin, output.gtin)).or_default() += 1;
        Some(rule)
    });
    assert_eq!(found, Ok(()));
    assert_eq!(asked.into_inner().into_values().collect::<Vec<_>>(), [1; 6]);
}

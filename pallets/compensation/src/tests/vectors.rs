//! Published cases, reproduced through calls.
//!
//! Amounts in yuan are of the sources named; a yuan is 100 fen.

use crate::{
    DecidedLegs, FailureRule, Fen, Formula, Indicator, IndicatorRule, MicrogramsPerLitre, Section,
    Trace, exact::ONE_PPB, mock::*,
};
use frame_support::{BoundedVec, assert_ok};

const YUAN: Fen = 100;

/// Net receipts by party, in yuan.
fn nets(id: u32, parties: usize) -> Vec<i128> {
    let mut nets = vec![0; parties];
    for leg in Compensation::settlement(id, 2025).unwrap().legs {
        let yuan = i128::try_from(leg.amount_fen / YUAN).unwrap();
        assert_eq!(leg.amount_fen % YUAN, 0);
        nets[usize::from(leg.payer)] -= yuan;
        nets[usize::from(leg.payee)] += yuan;
    }
    nets
}

/// Xin'an River, first round (source XAJ-R1; formula recalled, our inputs): C/C₀ = 1.02, 0.95, 1.10,
/// 1.00, k₀ = 0.85 and kᵢ = 0.25 give P = 0.864875; downstream pays 100,000,000 yuan.
#[test]
fn xaj_p() {
    execute(|| {
        let id = with_agreement();
        // In the order of the indicators: COD(Mn), NH₃-N, TP, TN.
        sample_year(id, 2025, 0, &[1_020, 950, 1_100, 1_000]);
        assert_ok!(Compensation::compute_settlement(signed(UPSTREAM), id, 2025));
        let settlement = Compensation::settlement(id, 2025).unwrap();
        let trace = Trace::WeightedIndex { index_ppb: 864_875_000, step: 0 };
        assert_eq!(settlement.trace, trace);
        assert_eq!(nets(id, 2), [100_000_000, -100_000_000]);
    });
}

/// Yellow River, Henan to Shandong (sources YR-2021 and YR-2024): class II and a key index 2.07 %
/// lower give 60,000,000 + 2,070,000 = 62,070,000 yuan, the payment of 2024.
#[test]
fn yellow_class() {
    execute(|| {
        let limits = PERMANGANATE.map(MicrogramsPerLitre);
        // The year before: 4,000 µg/L; 2.07 % less is 3,917.2, a mean of whole months.
        let rule = IndicatorRule {
            class_limits: Some(limits),
            ..indicator(Indicator::PermanganateIndex, 4_000, ONE_PPB)
        };
        let formula = Formula::ClassAndChange {
            section: 0,
            basis_class: 3,
            class_fen: 60 * MILLION_YUAN,
            class_cap_fen: 60 * MILLION_YUAN,
            change_fen: 100 * MILLION_YUAN,
            change_cap_fen: 40 * MILLION_YUAN,
        };
        let mut rules = rules(vec![section(vec![rule])], formula);
        // Two months were left out, so that ten months have the mean exactly.
        rules.missing_months_max = 2;
        let id = sign(&[UPSTREAM, DOWNSTREAM], rules);
        for month in 1..=10 {
            let value = if month <= 2 { 3_918 } else { 3_917 };
            sample(id, 2025, 0, month, &[value]);
        }
        assert_ok!(Compensation::compute_settlement(signed(UPSTREAM), id, 2025));
        let settlement = Compensation::settlement(id, 2025).unwrap();
        let trace = Trace::ClassAndChange {
            class: 2,
            ratio_ppb: 979_300_000,
            class_fen: 60_000_000 * 100,
            change_fen: 2_070_000 * 100,
        };
        assert_eq!(settlement.trace, trace);
        assert_eq!(nets(id, 2), [62_070_000, -62_070_000]);
    });
}

/// Chishui River (source CHISHUI): parties Yunnan, Guizhou, Sichuan; sections Qingshuipu, Lianyuxi
/// and upstream of Maotai; class II limits of three indicators are the targets.
fn chishui() -> u32 {
    let targets = || {
        [
            (Indicator::PermanganateIndex, 4_000, 400_000_000),
            (Indicator::AmmoniaNitrogen, 500, 300_000_000),
            (Indicator::TotalPhosphorus, 100, 300_000_000),
        ]
        .map(|(it, base, weight)| indicator(it, base, weight))
        .to_vec()
    };
    let at = |upstream, downstream| Section { upstream, downstream, ..section(targets()) };
    let failure = |section, from, to: [u32; 3]| FailureRule {
        section,
        from,
        share_ppb: ONE_PPB,
        to: to.to_vec().try_into().unwrap(),
    };
    let formula = Formula::Pool {
        pool_fen: 200_000_000 * YUAN,
        contribution: vec![1, 5, 4].try_into().unwrap(),
        distribution: vec![3, 4, 3].try_into().unwrap(),
        failures: vec![failure(0, 0, [0, 1, 1]), failure(1, 1, [0, 0, 1])].try_into().unwrap(),
    };
    let sections = vec![at(0, 1), at(1, 2), at(1, 2)];
    sign(&[UPSTREAM, THIRD, DOWNSTREAM], rules(sections, formula))
}

/// All sections meet class II: contributions of 20, 100 and 80 million yuan, distributions of 60, 80
/// and 60; Guizhou and Sichuan pay Yunnan 20 million each.
#[test]
fn chishui_full() {
    execute(|| {
        let id = chishui();
        for section in 0..3 {
            sample_year(id, 2025, section, &[4_000, 500, 100]);
        }
        assert_ok!(Compensation::compute_settlement(signed(UPSTREAM), id, 2025));
        let million = |values: [Fen; 3]| {
            BoundedVec::truncate_from(values.map(|it| it * MILLION_YUAN).to_vec())
        };
        let trace = Trace::Pool {
            failed: 0,
            contributions_fen: million([20, 100, 80]),
            distributions_fen: million([60, 80, 60]),
        };
        assert_eq!(Compensation::settlement(id, 2025).unwrap().trace, trace);
        assert_eq!(nets(id, 3), [40_000_000, -20_000_000, -20_000_000]);
    });
}

/// Qingshuipu fails: Yunnan's part is half Guizhou's and half Sichuan's. Lianyuxi fails: Guizhou's is
/// Sichuan's.
#[test]
fn chishui_failures() {
    for (failing, expected) in
        [(0, [-20_000_000, 10_000_000, 10_000_000]), (1, [40_000_000, -100_000_000, 60_000_000])]
    {
        execute(|| {
            let id = chishui();
            for section in 0..3 {
                let phosphorus = if section == failing { 101 } else { 100 };
                sample_year(id, 2025, section, &[4_000, 500, phosphorus]);
            }
            assert_ok!(Compensation::compute_settlement(signed(UPSTREAM), id, 2025));
            assert_eq!(nets(id, 3), expected);
        });
    }
}

/// Dongjiang (source DONGJIANG): 1,500 million yuan of the centre, 600 each of Guangdong and Jiangxi
/// over two rounds; 2,700 million are in escrow.
#[test]
fn dongjiang_sum() {
    execute(|| {
        let mut long = terms(&[UPSTREAM, DOWNSTREAM, THIRD]);
        long.cap_fen = 1_500 * MILLION_YUAN;
        let rules = rules(vec![section(four_indicators())], ladder());
        assert_ok!(Compensation::propose_agreement(signed(UPSTREAM), long, rules));
        let hash = Compensation::pending_rules(0).unwrap().hash;
        for party in [DOWNSTREAM, THIRD] {
            assert_ok!(Compensation::sign_rules(signed(party), 0, hash));
        }
        for (party, million) in [(THIRD, 1_500), (DOWNSTREAM, 600), (UPSTREAM, 600)] {
            let fen = million * MILLION_YUAN;
            assert_ok!(Compensation::pay_in(signed(party), 0, 2025, fen, DOCUMENT));
        }
        let held: Fen = pallet_funds::Tags::<Test>::iter_values().map(|tag| tag.held_fen).sum();
        assert_eq!(held, 2_700_000_000 * YUAN);
    });
}

/// 301 county sections in Shandong (source YR-301): 217 million yuan from downstream to upstream and
/// 107 million the other way are 324 million.
#[test]
fn shandong_301() {
    execute(|| {
        let id = with_agreement();
        let decided = [(1, 0, 217_000_000 * YUAN), (0, 1, 107_000_000 * YUAN)];
        let legs = DecidedLegs::truncate_from(decided.to_vec());
        assert_ok!(Compensation::decide_settlement(signed(SUPERIOR), id, 2025, legs, DOCUMENT));
        for (party, (_, _, fen)) in [DOWNSTREAM, UPSTREAM].into_iter().zip(decided) {
            assert_ok!(Compensation::pay_in(signed(party), id, 2025, fen, DOCUMENT));
        }
        for (leg, (_, _, fen)) in (0..).zip(decided) {
            assert_ok!(Compensation::pay_settlement(
                signed(UPSTREAM),
                id,
                2025,
                leg,
                fen,
                DOCUMENT
            ));
        }
        let paid: Fen =
            Compensation::settlement(id, 2025).unwrap().legs.iter().map(|leg| leg.paid_fen).sum();
        assert_eq!(paid, 324_000_000 * YUAN);
    });
}

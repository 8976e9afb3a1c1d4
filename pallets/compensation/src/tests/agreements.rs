//! Proposing and signing agreements and their rules.

use crate::{
    AgreementRules, AgreementStatus, AgreementTerms, CONCENTRATION_MAX, Error, Event, FailureRule,
    Formula, Indicator, MicrogramsPerLitre, VERSIONS_MAX, exact::ONE_PPB, mock::*,
};
use frame_support::{assert_noop, assert_ok};
use pallet_calendar::Term;
use sp_runtime::DispatchResult;

const PARTIES: [u32; 2] = [UPSTREAM, DOWNSTREAM];

fn good_rules() -> AgreementRules {
    rules(vec![section(four_indicators())], ladder())
}

fn propose(terms: AgreementTerms, rules: AgreementRules) -> DispatchResult {
    Compensation::propose_agreement(signed(UPSTREAM), terms, rules)
}

/// Proposes with changed terms.
fn with_terms(change: impl FnOnce(&mut AgreementTerms)) -> DispatchResult {
    let mut changed = terms(&PARTIES);
    change(&mut changed);
    propose(changed, good_rules())
}

/// Proposes with changed rules.
fn with_rules(change: impl FnOnce(&mut AgreementRules)) -> DispatchResult {
    let mut changed = good_rules();
    change(&mut changed);
    propose(terms(&PARTIES), changed)
}

fn by_class(basis_class: u8) -> Formula {
    Formula::ClassAndChange {
        section: 0,
        basis_class,
        class_fen: 60 * MILLION_YUAN,
        class_cap_fen: 60 * MILLION_YUAN,
        change_fen: 100 * MILLION_YUAN,
        change_cap_fen: 40 * MILLION_YUAN,
    }
}

fn pool(contribution: &[u32], failures: Vec<FailureRule>) -> Formula {
    Formula::Pool {
        pool_fen: 200 * MILLION_YUAN,
        contribution: contribution.to_vec().try_into().unwrap(),
        distribution: vec![1, 1].try_into().unwrap(),
        failures: failures.try_into().unwrap(),
    }
}

#[test]
fn an_agreement_is_in_force_when_all_have_signed() {
    execute(|| {
        assert_ok!(propose(terms(&PARTIES), good_rules()));
        let pending = Compensation::pending_rules(0).unwrap();
        let hash = pending.hash;
        System::assert_last_event(
            Event::RulesProposed { agreement: 0, version: 1, hash, party: 0 }.into(),
        );
        let details = Compensation::agreement(0).unwrap();
        assert_eq!((details.status, details.version), (AgreementStatus::Negotiating, 0));
        assert_noop!(
            Compensation::pay_in(signed(UPSTREAM), 0, 2025, 1, DOCUMENT),
            Error::<Test>::AgreementNotInForce
        );
        assert_noop!(
            Compensation::propose_rules(signed(UPSTREAM), 0, good_rules()),
            Error::<Test>::AgreementNotInForce
        );
        let sign = |who, hash| Compensation::sign_rules(signed(who), 0, hash);
        assert_noop!(sign(UPSTREAM, hash), Error::<Test>::AlreadySigned);
        assert_noop!(sign(THIRD, hash), Error::<Test>::NotAParty);
        assert_noop!(sign(PROVINCE, hash), NO_CAPACITY);
        assert_noop!(sign(DOWNSTREAM, [9; 32]), Error::<Test>::HashMismatch);
        assert_ok!(sign(DOWNSTREAM, hash));
        System::assert_has_event(Event::RulesSigned { agreement: 0, hash, party: 1 }.into());
        System::assert_last_event(Event::RulesInForce { agreement: 0, version: 1, hash }.into());
        let details = Compensation::agreement(0).unwrap();
        assert_eq!((details.status, details.version), (AgreementStatus::InForce, 1));
        assert_eq!(Compensation::agreement_rules(0, 1), Some(good_rules()));
        assert_noop!(sign(DOWNSTREAM, hash), Error::<Test>::NothingProposed);
        assert_noop!(
            Compensation::sign_rules(signed(UPSTREAM), 9, hash),
            Error::<Test>::AgreementUnknown
        );
    });
}

#[test]
fn propose_agreement_rejects_bad_terms() {
    execute(|| {
        let parties = |ids: &[u32]| ids.to_vec().try_into().unwrap();
        for ids in [&[UPSTREAM][..], &[UPSTREAM, UPSTREAM], &[UPSTREAM, PROVINCE]] {
            let call = with_terms(|it| it.parties = parties(ids));
            assert_noop!(call, Error::<Test>::PartiesInvalid);
        }
        let call = with_terms(|it| it.parties = parties(&[DOWNSTREAM, THIRD]));
        assert_noop!(call, Error::<Test>::NotAParty);
        for superior in [UPSTREAM, THIRD, 9_999] {
            let call = with_terms(|it| it.superior = superior);
            assert_noop!(call, Error::<Test>::SuperiorNotCommon);
        }
        for change in [
            (|it: &mut AgreementTerms| it.first_year = 1_999) as fn(&mut AgreementTerms),
            |it| it.last_year = 9_999,
            |it| it.last_year = 2_024,
            |it| it.pay_term = Term::calendar(0),
            |it| it.text = [0; 32],
            |it| it.cap_fen = 0,
            |it| it.national_station = 9_999,
        ] {
            assert_noop!(with_terms(change), Error::<Test>::AgreementTermsInvalid);
        }
        assert_noop!(with_rules(|it| it.from_year = 2_026), Error::<Test>::YearMismatch);
        assert_noop!(with_terms(|it| it.first_year = 2_024), Error::<Test>::YearMismatch);
        let call = with_terms(|it| it.cap_fen = 100 * MILLION_YUAN - 1);
        assert_noop!(call, Error::<Test>::CapExceeded);
        assert_ok!(with_terms(|it| it.cap_fen = 100 * MILLION_YUAN));
    });
}

#[test]
fn rules_with_bad_sections_are_refused() {
    execute(|| {
        assert_noop!(with_rules(|it| it.missing_months_max = 12), Error::<Test>::RulesInvalid);
        assert_noop!(with_rules(|it| it.tolerance_ppb = ONE_PPB + 1), Error::<Test>::RulesInvalid);
        assert_noop!(
            with_rules(|it| it.sections = Default::default()),
            Error::<Test>::SectionInvalid
        );
        for change in [
            (|it: &mut crate::Section| it.upstream = 1) as fn(&mut crate::Section),
            |it| it.downstream = 2,
            |it| it.stations = [20, 20],
            |it| it.stations = [20, 9_999],
            |it| it.indicators = Default::default(),
            |it| it.indicators[1].indicator = Indicator::PermanganateIndex,
        ] {
            let call = with_rules(|it| change(&mut it.sections[0]));
            assert_noop!(call, Error::<Test>::SectionInvalid);
        }
        let indicator = |change: fn(&mut crate::IndicatorRule)| {
            with_rules(|it| change(&mut it.sections[0].indicators[0]))
        };
        assert_noop!(indicator(|it| it.base.0 = 0), Error::<Test>::BaseZero);
        assert_noop!(
            indicator(|it| it.base.0 = CONCENTRATION_MAX + 1),
            Error::<Test>::ConcentrationOutOfRange
        );
        for change in [
            (|it: &mut crate::IndicatorRule| it.weight_ppb += 1) as fn(&mut crate::IndicatorRule),
            |it| it.weight_ppb -= 1,
            |it| it.weight_ppb = u64::MAX,
        ] {
            assert_noop!(indicator(change), Error::<Test>::WeightsNotOne);
        }
        for limits in [[1, 2, 3, 4, 4], [0, 1, 2, 3, 4], [1, 2, 3, 4, CONCENTRATION_MAX + 1]] {
            let call = with_rules(|it| {
                it.sections[0].indicators[0].class_limits = Some(limits.map(MicrogramsPerLitre));
            });
            assert_noop!(call, Error::<Test>::ClassTableInvalid);
        }
    });
}

#[test]
fn rules_with_bad_formulas_are_refused() {
    execute(|| {
        let formula = |formula| with_rules(|it| it.formula = formula);
        let ladder_with = |change: fn(&mut u8, &mut u64, &mut Vec<crate::Step>)| {
            let Formula::WeightedIndex { mut section, mut k0_ppb, steps } = ladder() else {
                unreachable!()
            };
            let mut steps = steps.into_inner();
            change(&mut section, &mut k0_ppb, &mut steps);
            let steps = steps.try_into().unwrap();
            formula(Formula::WeightedIndex { section, k0_ppb, steps })
        };
        let unknown = ladder_with(|section, _, _| *section = 1);
        assert_noop!(unknown, Error::<Test>::SectionUnknown);
        for change in [
            (|_: &mut u8, k0: &mut u64, _: &mut Vec<crate::Step>| *k0 = 0)
                as fn(&mut u8, &mut u64, &mut Vec<crate::Step>),
            |_, k0, _| *k0 = 10_000_000_001,
            |_, _, steps| steps.clear(),
            |_, _, steps| steps.reverse(),
            |_, _, steps| steps[1].up_to_ppb -= 1,
            |_, _, steps| steps[0].up_to_ppb = u64::MAX,
        ] {
            assert_noop!(ladder_with(change), Error::<Test>::LadderInvalid);
        }
        let itself = ladder_with(|_, _, steps| steps[0].payee = steps[0].payer);
        assert_noop!(itself, Error::<Test>::PayerIsPayee);
        let nobody = ladder_with(|_, _, steps| steps[0].payee = 2);
        assert_noop!(nobody, Error::<Test>::NotAParty);
        let too_much = ladder_with(|_, _, steps| steps[1].amount_fen = 1_000 * MILLION_YUAN + 1);
        assert_noop!(too_much, Error::<Test>::CapExceeded);

        for class in [0, 7] {
            assert_noop!(formula(by_class(class)), Error::<Test>::ClassOutsideTable);
        }
        assert_noop!(formula(by_class(3)), Error::<Test>::ClassTableMissing);

        for ratios in [&[1][..], &[0, 0], &[1, 1, 1]] {
            assert_noop!(formula(pool(ratios, vec![])), Error::<Test>::RatiosInvalid);
        }
        let failure = |section, from, share_ppb, to: &[u32]| {
            let to = to.to_vec().try_into().unwrap();
            formula(pool(&[1, 1], vec![FailureRule { section, from, share_ppb, to }]))
        };
        assert_noop!(failure(1, 0, 1, &[0, 1]), Error::<Test>::SectionUnknown);
        assert_noop!(failure(0, 0, ONE_PPB + 1, &[0, 1]), Error::<Test>::RatiosInvalid);
        assert_noop!(failure(0, 0, 1, &[0, 0]), Error::<Test>::RatiosInvalid);
        assert_noop!(failure(0, 2, 1, &[0, 1]), Error::<Test>::NotAParty);
        assert_noop!(failure(0, 0, 1, &[1, 1]), Error::<Test>::PayerIsPayee);
        assert_ok!(failure(0, 0, ONE_PPB, &[0, 1]));
    });
}

#[test]
fn rules_have_versions() {
    execute(|| {
        let id = with_agreement();
        let from = |year| AgreementRules { from_year: year, ..good_rules() };
        let propose = |who, year| Compensation::propose_rules(signed(who), id, from(year));
        for year in [2_025, 2_028] {
            assert_noop!(propose(UPSTREAM, year), Error::<Test>::YearMismatch);
        }
        assert_noop!(propose(THIRD, 2_026), Error::<Test>::NotAParty);
        let bad = AgreementRules { tolerance_ppb: u64::MAX, ..from(2_026) };
        assert_noop!(
            Compensation::propose_rules(signed(UPSTREAM), id, bad),
            Error::<Test>::RulesInvalid
        );
        assert_noop!(
            Compensation::propose_rules(signed(UPSTREAM), 9, from(2_026)),
            Error::<Test>::AgreementUnknown
        );
        assert_ok!(propose(UPSTREAM, 2_026));
        let hash = Compensation::pending_rules(id).unwrap().hash;
        System::assert_last_event(
            Event::RulesProposed { agreement: id, version: 2, hash, party: 0 }.into(),
        );
        // A sample of 2026 comes first: the rules of that year stay as they are.
        sample(id, 2_026, 0, 1, &[1; 4]);
        assert_noop!(
            Compensation::sign_rules(signed(DOWNSTREAM), id, hash),
            Error::<Test>::YearMismatch
        );
        assert_ok!(propose(DOWNSTREAM, 2_027));
        let hash = Compensation::pending_rules(id).unwrap().hash;
        assert_ok!(Compensation::sign_rules(signed(UPSTREAM), id, hash));
        assert_eq!(Compensation::agreement(id).unwrap().version, 2);
        assert_eq!(Compensation::agreement_rules(id, 2), Some(from(2_027)));
    });
}

#[test]
fn rules_boundary_versions() {
    execute(|| {
        let mut long = terms(&PARTIES);
        long.last_year = 2_100;
        assert_ok!(propose(long, good_rules()));
        let sign = || {
            let hash = Compensation::pending_rules(0).unwrap().hash;
            assert_ok!(Compensation::sign_rules(signed(DOWNSTREAM), 0, hash));
        };
        sign();
        let propose = |year| {
            let rules = AgreementRules { from_year: year, ..good_rules() };
            Compensation::propose_rules(signed(UPSTREAM), 0, rules)
        };
        let mut year = 2_025;
        for _ in 1..VERSIONS_MAX {
            year += 1;
            assert_ok!(propose(year));
            sign();
        }
        assert_noop!(propose(year + 1), Error::<Test>::TooManyVersions);
    });
}

//! Policies, data of counties, computation.

use crate::{
    AllocationStatus, COEFFICIENT_PPB_MAX, CountyData, Error, Event, FactorRule, Form,
    PolicyStatus, Quantity, Unit, exact::ONE_PPB, mock::*,
};
use frame_support::{assert_noop, assert_ok};
use pallet_calendar::Term;
use pallet_participants::authority::OrganisationId;
use sp_runtime::{DispatchError::BadOrigin, DispatchResult};

fn submit(component: u8, county: OrganisationId, data: CountyData) -> DispatchResult {
    Compensation::submit_county(signed(PROVINCE), POLICY, component, county, data)
}

fn by_factors() -> CountyData {
    data(&[Quantity::AreaUnits(100), Quantity::Persons(70)])
}

#[test]
fn set_performance_table_works() {
    execute(|| {
        assert_eq!(Compensation::performance_table(1), Some(crate::DEFAULT_PERFORMANCE));
        let table = [1, 1, 0, 0, 0, -1, -1_000_000_000];
        assert_ok!(Compensation::set_performance_table(RuntimeOrigin::root(), table));
        System::assert_last_event(Event::PerformanceTableSet { version: 2, table }.into());
        // A policy keeps the version that it was created under.
        with_data();
        assert_eq!(Compensation::policy(POLICY).unwrap().rule_set, 2);
        assert_ok!(Compensation::set_performance_table(RuntimeOrigin::root(), [0; 7]));
        assert_eq!(Compensation::policy(POLICY).unwrap().rule_set, 2);
        assert_eq!(Compensation::performance_table(2), Some(table));
    });
}

#[test]
fn set_performance_table_rejects_bad_input() {
    let set = |table| Compensation::set_performance_table(RuntimeOrigin::root(), table);
    execute(|| {
        assert_noop!(set([0, 1, 0, 0, 0, 0, 0]), Error::<Test>::PerformanceTableInvalid);
        let one = 1_000_000_000;
        assert_noop!(set([one + 1, 0, 0, 0, 0, 0, 0]), Error::<Test>::PerformanceTableInvalid);
        assert_noop!(set([0, 0, 0, 0, 0, 0, -one - 1]), Error::<Test>::PerformanceTableInvalid);
        assert_ok!(set([one, 0, 0, 0, 0, 0, -one]));
        let signed = Compensation::set_performance_table(signed(PROVINCE), [0; 7]);
        assert_noop!(signed, BadOrigin);
    });
}

#[test]
fn create_policy_works() {
    execute(|| {
        assert_ok!(Compensation::create_policy(signed(PROVINCE), new_policy()));
        let policy = Compensation::policy(POLICY).unwrap();
        assert_eq!((policy.treasury, policy.status), (PROVINCE, PolicyStatus::Open));
        assert_eq!((policy.terms, policy.factors_hash), (new_policy(), None));
        System::assert_last_event(
            Event::PolicyCreated {
                policy: POLICY,
                treasury: PROVINCE,
                programme: policy.programme,
                rules_hash: policy.rules_hash,
            }
            .into(),
        );
    });
}

#[test]
fn create_policy_rejects_bad_input() {
    let create = |change: fn(&mut crate::NewPolicy)| {
        let mut terms = new_policy();
        change(&mut terms);
        Compensation::create_policy(signed(PROVINCE), terms)
    };
    execute(|| {
        for change in [
            (|it: &mut crate::NewPolicy| it.year = 1_999) as fn(&mut crate::NewPolicy),
            |it| it.year = 10_000,
            |it| it.text = [0; 32],
            |it| it.remit_term = Term::working(0),
            |it| it.components = Default::default(),
            |it| it.components[1].pool_fen = 0,
        ] {
            assert_noop!(create(change), Error::<Test>::PolicyTermsInvalid);
        }
        for weights in [[600_000_000, 400_000_001], [600_000_000, 399_999_999], [u64::MAX, 1]] {
            let mut terms = new_policy();
            terms.components[0].form = factors(weights);
            assert_noop!(
                Compensation::create_policy(signed(PROVINCE), terms),
                Error::<Test>::WeightsNotOne
            );
        }
        let no_factor = |it: &mut crate::NewPolicy| {
            it.components[0].form = Form::Weighted(Default::default());
        };
        assert_noop!(create(no_factor), Error::<Test>::WeightsNotOne);
        for change in [
            (|it: &mut crate::NewPolicy| it.counties = Default::default())
                as fn(&mut crate::NewPolicy),
            |it| it.counties = vec![2, 1].try_into().unwrap(),
            |it| it.counties = vec![1, 1].try_into().unwrap(),
            |it| it.counties = vec![PROVINCE, 1].try_into().unwrap(),
            |it| it.counties = vec![1, 9_999].try_into().unwrap(),
        ] {
            assert_noop!(create(change), Error::<Test>::CountiesInvalid);
        }
        let bad_code = |it: &mut crate::NewPolicy| it.code = code("");
        assert_noop!(create(bad_code), pallet_funds::Error::<Test>::CodeInvalid);
        let village = Compensation::create_policy(signed(VILLAGE), new_policy());
        assert_noop!(village, NO_CAPACITY);
    });
}

#[test]
fn submit_county_works() {
    execute(|| {
        with_data();
        assert_ok!(submit(0, COUNTIES[0], by_factors()));
        assert_eq!(Compensation::county_data(POLICY, 0, COUNTIES[0]), Some(by_factors()));
        let data_hash = sp_io::hashing::sha2_256(&codec::Encode::encode(&by_factors()));
        System::assert_last_event(
            Event::CountySubmitted { policy: POLICY, component: 0, county: COUNTIES[0], data_hash }
                .into(),
        );
    });
}

#[test]
fn submit_county_rejects_bad_input() {
    execute(|| {
        with_data();
        let county = COUNTIES[0];
        let by =
            |who, policy| Compensation::submit_county(signed(who), policy, 0, county, by_factors());
        assert_noop!(by(PROVINCE, 9), Error::<Test>::PolicyUnknown);
        assert_noop!(by(ELSEWHERE, POLICY), Error::<Test>::NotThePolicysTreasury);
        assert_noop!(by(AUDIT, POLICY), NO_CAPACITY);
        assert_noop!(submit(2, county, by_factors()), Error::<Test>::ComponentUnknown);
        assert_noop!(submit(0, ELSEWHERE, by_factors()), Error::<Test>::CountyUnknown);

        let mut data = by_factors();
        data.coefficient_ppb = COEFFICIENT_PPB_MAX + 1;
        assert_noop!(submit(0, county, data.clone()), Error::<Test>::CoefficientInvalid);
        data.coefficient_ppb = COEFFICIENT_PPB_MAX;
        assert_ok!(submit(0, county, data));

        let mut data = by_factors();
        (data.floor_fen, data.cap_fen) = (2, Some(1));
        assert_noop!(submit(0, county, data.clone()), Error::<Test>::BoundsInvalid);
        data.cap_fen = Some(2);
        assert_ok!(submit(0, county, data));
    });
}

#[test]
fn submit_county_rejects_wrong_units() {
    execute(|| {
        with_data();
        for wrong in [
            [Quantity::Persons(100), Quantity::AreaUnits(70)],
            [Quantity::Pieces(100), Quantity::Persons(70)],
            [Quantity::AreaUnits(100), Quantity::Fen(70)],
        ] {
            let call = submit(0, COUNTIES[0], data(&wrong));
            assert_noop!(call, Error::<Test>::UnitMismatch);
        }
        for wrong in [&[Quantity::AreaUnits(100)][..], &[Quantity::AreaUnits(1); 3]] {
            let call = submit(0, COUNTIES[0], data(wrong));
            assert_noop!(call, Error::<Test>::FactorsIncomplete);
        }
        let call = submit(1, COUNTIES[0], data(&[Quantity::Fen(1), Quantity::Litres(1)]));
        assert_noop!(call, Error::<Test>::UnitMismatch);
    });
}

#[test]
fn submit_county_rejects_unpublished_factors() {
    execute(|| {
        with_data();
        let with = |published_at, hash| {
            let mut data = by_factors();
            data.values[1].source.published_at = published_at;
            data.values[1].source.hash = hash;
            submit(0, COUNTIES[0], data)
        };
        let now = Now::get();
        assert_noop!(with(now + 1, [2; 32]), Error::<Test>::FactorUnpublished);
        assert_noop!(with(0, [2; 32]), Error::<Test>::FactorUnpublished);
        assert_noop!(with(now, [0; 32]), Error::<Test>::FactorUnpublished);
        assert_ok!(with(now, [2; 32]));
    });
}

#[test]
fn submit_county_rejects_a_negative_gap() {
    execute(|| {
        let mut terms = new_policy();
        terms.components[1].form = Form::Gap { negative_is_zero: false };
        assert_ok!(Compensation::create_policy(signed(PROVINCE), terms));
        let gap = |expenditure, revenue| {
            submit(1, COUNTIES[0], data(&[Quantity::Fen(expenditure), Quantity::Fen(revenue)]))
        };
        assert_noop!(gap(99, 100), Error::<Test>::NegativeGap);
        assert_ok!(gap(100, 100));
    });
}

#[test]
fn freeze_factors_works() {
    execute(|| {
        with_data();
        assert_ok!(Compensation::freeze_factors(signed(PROVINCE), POLICY));
        let policy = Compensation::policy(POLICY).unwrap();
        let factors_hash = policy.factors_hash.unwrap();
        System::assert_last_event(Event::FactorsFrozen { policy: POLICY, factors_hash }.into());
        assert_noop!(submit(0, COUNTIES[0], by_factors()), Error::<Test>::FactorsAreFrozen);
        assert_noop!(
            Compensation::freeze_factors(signed(PROVINCE), POLICY),
            Error::<Test>::FactorsAreFrozen
        );
    });
}

#[test]
fn freeze_factors_rejects_incomplete_data() {
    execute(|| {
        assert_ok!(Compensation::create_policy(signed(PROVINCE), new_policy()));
        assert_ok!(submit(0, COUNTIES[0], by_factors()));
        assert_noop!(
            Compensation::freeze_factors(signed(PROVINCE), POLICY),
            Error::<Test>::FactorsIncomplete
        );
        assert_eq!(Compensation::recompute_shares(POLICY), None);
    });
}

/// Counties have 100, 200, 300 units of area of 600, and 60, 50, 40 persons of 150; gaps of 100,
/// 1,100 and 2,100 fen.
#[test]
fn compute_shares_works() {
    execute(|| {
        with_data();
        assert_ok!(Compensation::freeze_factors(signed(PROVINCE), POLICY));
        assert_ok!(Compensation::compute_shares(signed(PROVINCE), POLICY));
        let rules_hash = Compensation::policy(POLICY).unwrap().rules_hash;
        System::assert_last_event(Event::SharesComputed { policy: POLICY, rules_hash }.into());
        // 0.6 · 1/6 + 0.4 · 60/150 = 0.26; 0.6 · 2/6 + 0.4 · 50/150 = 1/3; the rest 0.40666….
        // 500,001 · 1/33, 11/33, 21/33.
        let expected = [[260_000, 15_152], [333_333, 166_667], [406_667, 318_182]];
        for (county, shares) in COUNTIES.into_iter().zip(expected) {
            let allocation = Compensation::allocation(POLICY, county).unwrap().allocation;
            assert_eq!(allocation.components_fen.into_inner(), shares);
            assert_eq!(allocation.total_fen, shares[0] + shares[1]);
            assert_eq!(allocation.status, AllocationStatus::Computed);
        }
        let recomputed = Compensation::recompute_shares(POLICY).unwrap();
        assert_eq!(recomputed, [[260_000, 333_333, 406_667], [15_152, 166_667, 318_182]]);
        assert_noop!(
            Compensation::compute_shares(signed(PROVINCE), POLICY),
            Error::<Test>::AlreadyComputed
        );
    });
}

#[test]
fn compute_shares_keeps_floors_and_caps() {
    execute(|| {
        with_data();
        let mut floor = data(&[Quantity::AreaUnits(100), Quantity::Persons(60)]);
        floor.floor_fen = 300_000;
        assert_ok!(submit(0, COUNTIES[0], floor));
        let mut cap = data(&[Quantity::AreaUnits(300), Quantity::Persons(40)]);
        cap.cap_fen = Some(350_000);
        assert_ok!(submit(0, COUNTIES[2], cap));
        assert_ok!(Compensation::freeze_factors(signed(PROVINCE), POLICY));
        assert_ok!(Compensation::compute_shares(signed(PROVINCE), POLICY));
        let shares = Compensation::recompute_shares(POLICY).unwrap();
        assert_eq!(shares[0], [300_000, 350_000, 350_000]);
    });
}

#[test]
fn compute_shares_rejects_bad_data() {
    let compute = |change: fn(u128, &mut CountyData)| {
        for (n, county) in (1u128..).zip(COUNTIES) {
            let mut data = data(&[Quantity::AreaUnits(n), Quantity::Persons(n)]);
            change(n, &mut data);
            assert_ok!(submit(0, county, data));
        }
        assert_ok!(Compensation::freeze_factors(signed(PROVINCE), POLICY));
        Compensation::compute_shares(signed(PROVINCE), POLICY)
    };
    let rejects = |change, error: Error<Test>| {
        execute(|| {
            with_data();
            let result = frame_support::storage::with_storage_layer(|| compute(change));
            assert_eq!(result, Err(error.into()));
        });
    };
    rejects(|_, it| it.values[0] = value(Quantity::AreaUnits(0)), Error::FactorSumZero);
    rejects(|_, it| it.coefficient_ppb = 0, Error::NoBasis);
    rejects(|_, it| it.floor_fen = 333_334, Error::FloorsExceedPool);
    rejects(|_, it| it.cap_fen = Some(333_333), Error::CapsBelowPool);
}

/// Eight factors of 128 bits whose sums have little in common.
#[test]
fn compute_shares_refuses_what_is_too_large() {
    execute(|| {
        let mut terms = new_policy();
        let factor = |n| FactorRule { factor: n, unit: Unit::Persons, weight_ppb: 125_000_000 };
        let factors: Vec<_> = (0..8).map(factor).collect();
        terms.components.truncate(1);
        terms.components[0].form = Form::Weighted(factors.try_into().unwrap());
        assert_ok!(Compensation::create_policy(signed(PROVINCE), terms));
        for (n, county) in (1u128..).zip(COUNTIES) {
            let values = [3u128, 5, 7, 11, 13, 17, 19, 23]
                .map(|prime| Quantity::Persons(u128::MAX / 4 - n * prime * prime));
            assert_ok!(submit(0, county, data(&values)));
        }
        assert_ok!(Compensation::freeze_factors(signed(PROVINCE), POLICY));
        assert_noop!(
            Compensation::compute_shares(signed(PROVINCE), POLICY),
            Error::<Test>::TooLarge
        );
    });
}

#[test]
fn steps_have_their_order() {
    execute(|| {
        let freeze = || Compensation::freeze_factors(signed(PROVINCE), POLICY);
        let compute = || Compensation::compute_shares(signed(PROVINCE), POLICY);
        let publish = || Compensation::publish_shares(signed(PROVINCE), POLICY);
        assert_noop!(freeze(), Error::<Test>::PolicyUnknown);
        assert_noop!(compute(), Error::<Test>::PolicyUnknown);
        assert_noop!(publish(), Error::<Test>::PolicyUnknown);
        with_data();
        assert_noop!(compute(), Error::<Test>::FactorsNotFrozen);
        assert_noop!(publish(), Error::<Test>::NotComputed);
        assert_ok!(freeze());
        assert_noop!(publish(), Error::<Test>::NotComputed);
        assert_ok!(compute());
        assert_ok!(publish());
        assert_noop!(publish(), Error::<Test>::AlreadyPublished);
        for call in [
            Compensation::freeze_factors(signed(ELSEWHERE), POLICY),
            Compensation::compute_shares(signed(ELSEWHERE), POLICY),
            Compensation::publish_shares(signed(ELSEWHERE), POLICY),
        ] {
            assert_noop!(call, Error::<Test>::NotThePolicysTreasury);
        }
    });
}

/// The sum over counties is the pool exactly, and a coefficient moves only shares.
#[test]
fn a_coefficient_moves_shares() {
    execute(|| {
        with_data();
        let mut raised = data(&[Quantity::AreaUnits(100), Quantity::Persons(60)]);
        raised.coefficient_ppb = 2 * ONE_PPB;
        assert_ok!(submit(0, COUNTIES[0], raised));
        // Raw 0.52, 1/3, 0.40666…: over their sum of 1.26.
        let shares = Compensation::recompute_shares(POLICY).unwrap();
        assert_eq!(shares[0], [412_699, 264_550, 322_751]);
        assert_eq!(shares[0].iter().sum::<u128>(), 1_000_000);
    });
}

//! Benchmarks of every call, each on its most expensive path.

use super::*;
use crate::{Pallet as Compensation, exact::ONE_PPB};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, traits::EnsureOrigin};
use frame_system::RawOrigin;
use pallet_calendar::Term;
use pallet_funds::{Holder, LOTS_MAX, PurposeFunds};
use pallet_participants::authority::OrganisationId;

/// Registers the parties that benchmarks need, in the state that the benchmark starts from.
pub trait BenchmarkHelper<AccountId> {
    /// Makes the calendar know the years around now.
    fn prepare();
    /// An agent of the `nth` finance department, and its organisation, ascending.
    fn finance(nth: u32) -> (AccountId, OrganisationId);
    /// An agent of the `nth` government, and its organisation.
    fn government(nth: u32) -> (AccountId, OrganisationId);
    /// An agent of a government whose region covers those of all others.
    fn superior() -> (AccountId, OrganisationId);
    /// An agent of the `nth` station, and its organisation.
    fn station(nth: u32) -> (AccountId, OrganisationId);
    /// An agent with the role `Auditor`.
    fn auditor() -> AccountId;
    /// An agent of an organisation that is no office, and the organisation.
    fn payee() -> (AccountId, OrganisationId);
    /// Gives an account free money.
    fn endow(who: &AccountId, amount_fen: Fen);
    /// Names the organisation of `to` a payee and pays it.
    fn pay(programme: u32, tag: u32, by: &AccountId, to: &AccountId, amount_fen: Fen);
}

/// Any commitment.
const DOCUMENT: Commitment = [7; 32];
/// The policy or agreement under test.
const FIRST: u32 = 0;
/// A year that is over.
const YEAR: u16 = 2_020;
/// What is moved at a time.
const PART_FEN: Fen = 1_000;
/// Cap of the agreement.
const CAP_FEN: Fen = 1_000_000_000;

fn code() -> pallet_funds::BudgetCode {
    vec![b'2'; 32].try_into().expect("it has 32 bytes; qed")
}

fn value(quantity: Quantity) -> FactorValue {
    let source = SourceRecord { record: 1, hash: [1; 32], published_at: 1 };
    FactorValue { quantity, source }
}

/// A policy of `n` counties with one component of the most factors.
fn new_policy<T: Config>(n: u32) -> NewPolicy {
    let weight_ppb = ONE_PPB / u64::from(FACTORS_MAX);
    let factors = (0..FACTORS_MAX)
        .map(|_| FactorRule { factor: 1, unit: Unit::Persons, weight_ppb })
        .collect::<Vec<_>>();
    let form = Form::Weighted(factors.try_into().expect("there are FACTORS_MAX; qed"));
    let component = Component { kind: ComponentKind::Key, pool_fen: CAP_FEN, form };
    let mut counties: Vec<OrganisationId> =
        (1..=n).map(|nth| T::BenchmarkHelper::finance(nth).1).collect();
    counties.sort_unstable();
    NewPolicy {
        year: YEAR,
        code: code(),
        text: [1; 32],
        components: vec![component].try_into().expect("one is allowed; qed"),
        counties: counties.try_into().expect("n is at most COUNTIES_MAX; qed"),
        remit_term: Term::working(30),
    }
}

fn county_data(n: u128) -> CountyData {
    let values: Vec<_> = (0..u128::from(FACTORS_MAX))
        .map(|factor| value(Quantity::Persons(1_000_003 + n * 7_919 + factor * 104_729)))
        .collect();
    CountyData {
        coefficient_ppb: ONE_PPB,
        floor_fen: 0,
        cap_fen: None,
        values: values.try_into().expect("there are FACTORS_MAX; qed"),
    }
}

/// A policy of `n` counties up to a step, and its finance department's agent.
fn policy_until<T: Config>(n: u32, status: PolicyStatus) -> Result<T::AccountId, BenchmarkError> {
    T::BenchmarkHelper::prepare();
    let (treasury, _) = T::BenchmarkHelper::finance(0);
    T::BenchmarkHelper::endow(&treasury, CAP_FEN.saturating_mul(10));
    let terms = new_policy::<T>(n);
    let counties = terms.counties.clone();
    Compensation::<T>::do_create_policy(&treasury, terms)?;
    for (n, county) in (0u128..).zip(counties) {
        Compensation::<T>::do_submit_county(&treasury, FIRST, 0, county, county_data(n))?;
    }
    if status >= PolicyStatus::FactorsFrozen {
        Compensation::<T>::do_freeze_factors(&treasury, FIRST)?;
    }
    if status >= PolicyStatus::Computed {
        Compensation::<T>::do_compute(&treasury, FIRST)?;
    }
    if status >= PolicyStatus::Published {
        Compensation::<T>::do_publish(&treasury, FIRST)?;
    }
    Ok(treasury)
}

/// A published policy of one county with as many lots as may be, half of them remitted.
fn remitted<T: Config>() -> Result<(T::AccountId, T::AccountId, OrganisationId), BenchmarkError> {
    let treasury = policy_until::<T>(1, PolicyStatus::Published)?;
    let (county, id) = T::BenchmarkHelper::finance(1);
    for _ in 0..LOTS_MAX {
        Compensation::<T>::do_appropriate(&treasury, FIRST, id, PART_FEN, DOCUMENT)?;
        Compensation::<T>::do_remit(&treasury, FIRST, id, PART_FEN, DOCUMENT)?;
    }
    Ok((treasury, county, id))
}

/// The same, with payments and a report of use.
fn used<T: Config>() -> Result<(T::AccountId, T::AccountId, OrganisationId), BenchmarkError> {
    let (treasury, county, id) = remitted::<T>()?;
    let (payee, _) = T::BenchmarkHelper::payee();
    let programme = Policies::<T>::get(FIRST).map_or(0, |policy| policy.programme);
    T::BenchmarkHelper::pay(programme, id, &county, &payee, 1);
    Compensation::<T>::do_report_use(&county, FIRST, 1, DOCUMENT)?;
    Ok((treasury, county, id))
}

/// Rules with `n` sections and the most indicators, by pool.
fn rules<T: Config>(n: u32, from_year: u16) -> AgreementRules {
    let indicators = [
        Indicator::PermanganateIndex,
        Indicator::ChemicalOxygenDemand,
        Indicator::AmmoniaNitrogen,
        Indicator::TotalPhosphorus,
        Indicator::TotalNitrogen,
    ]
    .map(|indicator| IndicatorRule {
        indicator,
        base: MicrogramsPerLitre(1_000),
        weight_ppb: ONE_PPB / 5,
        class_limits: Some([1, 2, 3, 4, 5].map(MicrogramsPerLitre)),
    });
    let section = Section {
        upstream: 0,
        downstream: 1,
        stations: [T::BenchmarkHelper::station(0).1, T::BenchmarkHelper::station(1).1],
        indicators: indicators.to_vec().try_into().expect("there are fewer than the most; qed"),
    };
    let failures: Vec<FailureRule> = (0u8..)
        .take(n as usize)
        .map(|section| FailureRule {
            section,
            from: 0,
            share_ppb: 1_000,
            to: vec![0, 1].try_into().expect("there are two parties; qed"),
        })
        .collect();
    AgreementRules {
        from_year,
        sections: vec![section; n as usize].try_into().expect("n is at most the most; qed"),
        missing_months_max: 0,
        tolerance_ppb: 0,
        incident_fails: true,
        disaster_exempts: true,
        formula: Formula::Pool {
            pool_fen: CAP_FEN,
            contribution: vec![0, 1].try_into().expect("there are two parties; qed"),
            distribution: vec![1, 0].try_into().expect("there are two parties; qed"),
            failures: failures.try_into().expect("n is at most the most; qed"),
        },
    }
}

fn terms<T: Config>() -> AgreementTerms {
    let parties: Vec<OrganisationId> =
        (0..2).map(|nth| T::BenchmarkHelper::government(nth).1).collect();
    AgreementTerms {
        parties: parties.try_into().expect("two are allowed; qed"),
        superior: T::BenchmarkHelper::superior().1,
        national_station: T::BenchmarkHelper::station(2).1,
        first_year: YEAR,
        last_year: YEAR.saturating_add(2),
        cap_fen: CAP_FEN,
        pay_term: Term::working(30),
        code: code(),
        text: [1; 32],
    }
}

/// An agreement in force with `n` sections; agents of its parties.
fn agreement<T: Config>(n: u32) -> Result<[T::AccountId; 2], BenchmarkError> {
    T::BenchmarkHelper::prepare();
    let parties = [0, 1].map(|nth| T::BenchmarkHelper::government(nth).0);
    let [first, second] = &parties;
    T::BenchmarkHelper::endow(second, CAP_FEN.saturating_mul(10));
    Compensation::<T>::do_propose_agreement(first, terms::<T>(), rules::<T>(n, YEAR))?;
    let hash = PendingVersions::<T>::get(FIRST).map_or([0; 32], |pending| pending.hash);
    Compensation::<T>::do_sign_rules(second, FIRST, hash)?;
    Ok(parties)
}

fn reading(value: u64) -> Reading {
    BoundedVec::truncate_from(vec![MicrogramsPerLitre(value); 5])
}

/// The same, with samples of all months but one half of December of the first section.
fn sampled<T: Config>(n: u32, last: u8) -> Result<[T::AccountId; 2], BenchmarkError> {
    let parties = agreement::<T>(n)?;
    for section in (0u8..).take(n as usize) {
        for month in 1..=12 {
            for nth in 0..2 {
                if (section, month, nth) == (0, 12, 1) && last == 1 {
                    continue;
                }
                let (station, _) = T::BenchmarkHelper::station(nth);
                let key = (YEAR, section, month);
                let value = reading(2_000);
                Compensation::<T>::do_submit_sample(&station, FIRST, key, value, DOCUMENT)?;
            }
        }
    }
    Ok(parties)
}

/// The same, computed; the results' digest.
fn computed<T: Config>() -> Result<([T::AccountId; 2], Digest), BenchmarkError> {
    let parties = sampled::<T>(1, 2)?;
    Compensation::<T>::do_compute_settlement(&parties[0], FIRST, YEAR)?;
    let hash = Settlements::<T>::get(FIRST, YEAR).map_or([0; 32], |it| it.results_hash);
    Ok((parties, hash))
}

/// The same, confirmed, with `n` lots in escrow.
fn confirmed<T: Config>(n: u32) -> Result<[T::AccountId; 2], BenchmarkError> {
    let (parties, hash) = computed::<T>()?;
    for party in &parties {
        Compensation::<T>::do_confirm_settlement(party, FIRST, YEAR, hash)?;
    }
    for _ in 0..n {
        Compensation::<T>::do_pay_in(&parties[1], FIRST, YEAR, PART_FEN, DOCUMENT)?;
    }
    Ok(parties)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_performance_table() -> Result<(), BenchmarkError> {
        let origin = T::GovernanceOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Weightless)?;
        let version = CurrentRuleSet::<T>::get();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, DEFAULT_PERFORMANCE);

        assert_eq!(CurrentRuleSet::<T>::get(), version + 1);
        Ok(())
    }

    #[benchmark]
    fn create_policy(n: Linear<1, COUNTIES_MAX>) -> Result<(), BenchmarkError> {
        let (treasury, _) = T::BenchmarkHelper::finance(0);
        let terms = new_policy::<T>(n);

        #[extrinsic_call]
        _(RawOrigin::Signed(treasury), terms);

        assert!(Policies::<T>::contains_key(FIRST));
        Ok(())
    }

    #[benchmark]
    fn submit_county() -> Result<(), BenchmarkError> {
        let treasury = policy_until::<T>(1, PolicyStatus::Open)?;
        let (_, county) = T::BenchmarkHelper::finance(1);

        #[extrinsic_call]
        _(RawOrigin::Signed(treasury), FIRST, 0, county, county_data(1));

        assert!(Counties::<T>::contains_key(FIRST, (0, county)));
        Ok(())
    }

    #[benchmark]
    fn freeze_factors(n: Linear<1, COUNTIES_MAX>) -> Result<(), BenchmarkError> {
        let treasury = policy_until::<T>(n, PolicyStatus::Open)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(treasury), FIRST);

        assert!(Policies::<T>::get(FIRST).is_some_and(|it| it.factors_hash.is_some()));
        Ok(())
    }

    #[benchmark]
    fn compute_shares(n: Linear<1, COUNTIES_MAX>) -> Result<(), BenchmarkError> {
        let treasury = policy_until::<T>(n, PolicyStatus::FactorsFrozen)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(treasury), FIRST);

        assert_eq!(Allocations::<T>::iter_prefix(FIRST).count(), n as usize);
        Ok(())
    }

    #[benchmark]
    fn publish_shares(n: Linear<1, COUNTIES_MAX>) -> Result<(), BenchmarkError> {
        let treasury = policy_until::<T>(n, PolicyStatus::Computed)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(treasury), FIRST);

        assert_eq!(Dues::<T>::iter().count(), n as usize);
        Ok(())
    }

    #[benchmark]
    fn appropriate() -> Result<(), BenchmarkError> {
        let treasury = policy_until::<T>(1, PolicyStatus::Published)?;
        let (_, county) = T::BenchmarkHelper::finance(1);

        #[extrinsic_call]
        _(RawOrigin::Signed(treasury), FIRST, county, PART_FEN, DOCUMENT);

        let info = Compensation::<T>::allocation(FIRST, county);
        assert!(info.is_some_and(|info| info.appropriated_fen == PART_FEN));
        Ok(())
    }

    #[benchmark]
    fn remit() -> Result<(), BenchmarkError> {
        let treasury = policy_until::<T>(1, PolicyStatus::Published)?;
        let (_, county) = T::BenchmarkHelper::finance(1);
        for _ in 0..LOTS_MAX {
            Compensation::<T>::do_appropriate(&treasury, FIRST, county, PART_FEN, DOCUMENT)?;
        }
        let all_fen = PART_FEN.saturating_mul(LOTS_MAX.into());

        #[extrinsic_call]
        _(RawOrigin::Signed(treasury), FIRST, county, all_fen, DOCUMENT);

        let info = Compensation::<T>::allocation(FIRST, county);
        assert!(info.is_some_and(|info| info.received_fen == all_fen));
        Ok(())
    }

    #[benchmark]
    fn report_use() -> Result<(), BenchmarkError> {
        let (_, county, id) = used::<T>()?;
        let (payee, _) = T::BenchmarkHelper::payee();
        let programme = Policies::<T>::get(FIRST).map_or(0, |policy| policy.programme);
        T::BenchmarkHelper::pay(programme, id, &county, &payee, 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(county), FIRST, 1, DOCUMENT);

        let allocation = Allocations::<T>::get(FIRST, id);
        assert!(allocation.is_some_and(|allocation| allocation.reported_fen == 2));
        Ok(())
    }

    #[benchmark]
    fn evaluate() -> Result<(), BenchmarkError> {
        let (_, _, county) = used::<T>()?;
        let auditor = T::BenchmarkHelper::auditor();

        #[extrinsic_call]
        _(RawOrigin::Signed(auditor), FIRST, county, Grade::ObviouslyWorse, DOCUMENT);

        let evaluated = AllocationStatus::Evaluated(Grade::ObviouslyWorse);
        assert!(Allocations::<T>::get(FIRST, county).is_some_and(|it| it.status == evaluated));
        Ok(())
    }

    #[benchmark]
    fn conclude() -> Result<(), BenchmarkError> {
        let (treasury, _, county) = used::<T>()?;
        // All that may be appropriated is, so that a deduction takes lots of both.
        let info = Compensation::<T>::allocation(FIRST, county);
        let left_fen =
            info.map_or(0, |info| info.allocation.total_fen.saturating_sub(info.appropriated_fen));
        let lots = Fen::from(LOTS_MAX);
        for _ in 1..LOTS_MAX {
            let fen = left_fen / lots / 1_000;
            Compensation::<T>::do_appropriate(&treasury, FIRST, county, fen, DOCUMENT)?;
        }
        let auditor = T::BenchmarkHelper::auditor();
        let grade = Grade::ObviouslyWorse;
        Compensation::<T>::do_evaluate(&auditor, FIRST, county, grade, DOCUMENT)?;
        // What is deducted is all that both hold.
        Policies::<T>::mutate(FIRST, |policy| {
            if let Some(policy) = policy {
                let version = u32::MAX;
                RuleSets::<T>::insert(version, [-1_000_000_000; GRADES]);
                policy.rule_set = version;
            }
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(treasury), FIRST, county, DOCUMENT);

        let programme = Policies::<T>::get(FIRST).map_or(0, |policy| policy.programme);
        let held = T::Funds::holding((programme, county), Holder::Organisation(county));
        assert_eq!(held.balance_fen, 0);
        Ok(())
    }

    #[benchmark]
    fn propose_agreement() -> Result<(), BenchmarkError> {
        let (party, _) = T::BenchmarkHelper::government(0);
        let (terms, rules) = (terms::<T>(), rules::<T>(SECTIONS_MAX, YEAR));

        #[extrinsic_call]
        _(RawOrigin::Signed(party), terms, rules);

        assert!(Agreements::<T>::contains_key(FIRST));
        Ok(())
    }

    #[benchmark]
    fn propose_rules() -> Result<(), BenchmarkError> {
        let [party, _] = agreement::<T>(SECTIONS_MAX)?;
        let rules = rules::<T>(SECTIONS_MAX, YEAR.saturating_add(1));

        #[extrinsic_call]
        _(RawOrigin::Signed(party), FIRST, rules);

        assert!(PendingVersions::<T>::contains_key(FIRST));
        Ok(())
    }

    #[benchmark]
    fn sign_rules() -> Result<(), BenchmarkError> {
        let [first, second] = [0, 1].map(|nth| T::BenchmarkHelper::government(nth).0);
        let rules = rules::<T>(SECTIONS_MAX, YEAR);
        Compensation::<T>::do_propose_agreement(&first, terms::<T>(), rules)?;
        let hash = PendingVersions::<T>::get(FIRST).map_or([0; 32], |pending| pending.hash);

        #[extrinsic_call]
        _(RawOrigin::Signed(second), FIRST, hash);

        assert!(AgreementVersions::<T>::contains_key(FIRST, 1));
        Ok(())
    }

    #[benchmark]
    fn submit_sample() -> Result<(), BenchmarkError> {
        agreement::<T>(SECTIONS_MAX)?;
        let [first, second] = [0, 1].map(|nth| T::BenchmarkHelper::station(nth).0);
        let key = (YEAR, 0, 1);
        Compensation::<T>::do_submit_sample(&first, FIRST, key, reading(1), DOCUMENT)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(second), FIRST, YEAR, 0, 1, reading(1), DOCUMENT);

        let status = SampleStatus::Agreed(reading(1));
        assert!(Samples::<T>::get(FIRST, key).is_some_and(|it| it.status == status));
        Ok(())
    }

    #[benchmark]
    fn dispute_sample() -> Result<(), BenchmarkError> {
        let ([party, _], _) = computed::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(party), FIRST, YEAR, 0, 1, DOCUMENT);

        let status = SampleStatus::Disputed;
        assert!(Samples::<T>::get(FIRST, (YEAR, 0, 1)).is_some_and(|it| it.status == status));
        Ok(())
    }

    #[benchmark]
    fn decide_sample() -> Result<(), BenchmarkError> {
        let ([party, _], _) = computed::<T>()?;
        let key = (YEAR, 0, 1);
        Compensation::<T>::do_dispute_sample(&party, FIRST, key, DOCUMENT)?;
        let (national, _) = T::BenchmarkHelper::station(2);

        #[extrinsic_call]
        _(RawOrigin::Signed(national), FIRST, YEAR, 0, 1, reading(1), DOCUMENT);

        let status = SampleStatus::Decided(reading(1));
        assert!(Samples::<T>::get(FIRST, key).is_some_and(|it| it.status == status));
        Ok(())
    }

    #[benchmark]
    fn exempt_month() -> Result<(), BenchmarkError> {
        computed::<T>()?;
        let (superior, _) = T::BenchmarkHelper::superior();

        #[extrinsic_call]
        _(RawOrigin::Signed(superior), FIRST, YEAR, 0, 1, DOCUMENT);

        let status = SampleStatus::Exempt;
        assert!(Samples::<T>::get(FIRST, (YEAR, 0, 1)).is_some_and(|it| it.status == status));
        Ok(())
    }

    #[benchmark]
    fn mark_incident() -> Result<(), BenchmarkError> {
        computed::<T>()?;
        let (superior, _) = T::BenchmarkHelper::superior();

        #[extrinsic_call]
        _(RawOrigin::Signed(superior), FIRST, YEAR, 0, DOCUMENT);

        assert_eq!(Incidents::<T>::get(FIRST, YEAR), Some(1));
        Ok(())
    }

    #[benchmark]
    fn compute_settlement(n: Linear<1, SECTIONS_MAX>) -> Result<(), BenchmarkError> {
        let [party, _] = sampled::<T>(n, 2)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(party), FIRST, YEAR);

        assert!(Settlements::<T>::contains_key(FIRST, YEAR));
        Ok(())
    }

    #[benchmark]
    fn confirm_settlement() -> Result<(), BenchmarkError> {
        let ([first, second], hash) = computed::<T>()?;
        Compensation::<T>::do_confirm_settlement(&first, FIRST, YEAR, hash)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(second), FIRST, YEAR, hash);

        let confirmed = SettlementStatus::Confirmed;
        assert!(Settlements::<T>::get(FIRST, YEAR).is_some_and(|it| it.status == confirmed));
        Ok(())
    }

    #[benchmark]
    fn dispute_settlement() -> Result<(), BenchmarkError> {
        let ([party, _], _) = computed::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(party), FIRST, YEAR, DOCUMENT);

        let disputed = SettlementStatus::Disputed;
        assert!(Settlements::<T>::get(FIRST, YEAR).is_some_and(|it| it.status == disputed));
        Ok(())
    }

    #[benchmark]
    fn decide_settlement(n: Linear<1, SECTIONS_MAX>) -> Result<(), BenchmarkError> {
        sampled::<T>(n, 1)?;
        let (superior, _) = T::BenchmarkHelper::superior();
        let legs = BoundedVec::truncate_from(vec![(1, 0, PART_FEN); LEGS_MAX as usize]);

        #[extrinsic_call]
        _(RawOrigin::Signed(superior), FIRST, YEAR, legs, DOCUMENT);

        let decided = SettlementStatus::Decided;
        assert!(Settlements::<T>::get(FIRST, YEAR).is_some_and(|it| it.status == decided));
        Ok(())
    }

    #[benchmark]
    fn pay_in() -> Result<(), BenchmarkError> {
        let [_, party] = agreement::<T>(1)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(party), FIRST, YEAR, PART_FEN, DOCUMENT);

        assert_eq!(escrow::<T>(), PART_FEN);
        Ok(())
    }

    #[benchmark]
    fn pay_settlement(n: Linear<1, LOTS_MAX>) -> Result<(), BenchmarkError> {
        let [_, payer] = confirmed::<T>(n)?;
        let all_fen = PART_FEN.saturating_mul(n.into());

        #[extrinsic_call]
        _(RawOrigin::Signed(payer), FIRST, YEAR, 0, all_fen, DOCUMENT);

        assert_eq!(escrow::<T>(), 0);
        Ok(())
    }

    #[benchmark]
    fn return_escrow(n: Linear<1, LOTS_MAX>) -> Result<(), BenchmarkError> {
        let [_, payer] = confirmed::<T>(n)?;
        Settlements::<T>::mutate(FIRST, YEAR, |settlement| {
            if let Some(settlement) = settlement {
                settlement.status = SettlementStatus::Paid;
            }
        });
        let all_fen = PART_FEN.saturating_mul(n.into());

        #[extrinsic_call]
        _(RawOrigin::Signed(payer), FIRST, YEAR, all_fen, DOCUMENT);

        assert_eq!(escrow::<T>(), 0);
        Ok(())
    }

    /// What the second party has in escrow.
    fn escrow<T: Config>() -> Fen {
        Agreements::<T>::get(FIRST)
            .and_then(|details| Compensation::<T>::escrow_tag(&details, YEAR, 1).ok())
            .map_or(0, |tag| T::Funds::holding(tag, Holder::Escrow).balance_fen)
    }

    impl_benchmark_test_suite!(Compensation, crate::mock::benchmark_ext(), crate::mock::Test);
}

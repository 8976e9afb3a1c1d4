//! Order of money over random calls.

use crate::{Fen, Grade, mock::*};
use frame_support::storage::with_storage_layer;
use pallet_funds::{Finding, Holder, Part};
use pallet_participants::authority::OrganisationId;
use proptest::prelude::*;
use sp_runtime::DispatchResult;

/// Random call sequences that are tried.
const CASES: u32 = 64;

/// A call, or a change of the world around.
#[derive(Clone, Debug)]
enum Step {
    Appropriate(OrganisationId, Fen),
    Remit(OrganisationId, Fen),
    Pay(OrganisationId, OrganisationId, Fen),
    Report(OrganisationId, Fen),
    Evaluate(OrganisationId, Grade),
    Conclude(OrganisationId),
    Flag(OrganisationId),
    LiftFlag(OrganisationId),
    Sample(u8, u64, u64),
    DecideSample(u8, u64),
    DisputeSample(u8),
    Compute,
    Confirm(OrganisationId),
    Dispute(OrganisationId),
    Decide(Fen),
    PayIn(OrganisationId, Fen),
    PaySettlement(OrganisationId, Fen),
    ReturnEscrow(OrganisationId, Fen),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let county = || 1u32..5;
    let party = || prop_oneof![Just(UPSTREAM), Just(DOWNSTREAM), Just(THIRD)];
    let fen = || prop_oneof![6 => 0u128..200_000, 1 => Just(Fen::MAX)];
    let amount = || {
        prop_oneof![
            2 => 0u128..200_000,
            4 => Just(100 * MILLION_YUAN),
            1 => Just(Fen::MAX),
        ]
    };
    let grade = prop_oneof![
        Just(Grade::ObviouslyBetter),
        Just(Grade::Stable),
        Just(Grade::Worse),
        Just(Grade::ObviouslyWorse),
    ];
    let value = || 800u64..1_300;
    prop_oneof![
        6 => (county(), fen()).prop_map(|(it, fen)| Step::Appropriate(it, fen)),
        6 => (county(), fen()).prop_map(|(it, fen)| Step::Remit(it, fen)),
        6 => (county(), county(), fen()).prop_map(|(it, tag, fen)| Step::Pay(it, tag, fen)),
        5 => (county(), fen()).prop_map(|(it, fen)| Step::Report(it, fen)),
        3 => (county(), grade).prop_map(|(it, grade)| Step::Evaluate(it, grade)),
        3 => county().prop_map(Step::Conclude),
        1 => county().prop_map(Step::Flag),
        1 => county().prop_map(Step::LiftFlag),
        4 => (11u8..14, value(), value()).prop_map(|(it, a, b)| Step::Sample(it, a, b)),
        3 => (10u8..13, value()).prop_map(|(it, a)| Step::DecideSample(it, a)),
        1 => (1u8..13).prop_map(Step::DisputeSample),
        6 => Just(Step::Compute),
        6 => party().prop_map(Step::Confirm),
        1 => party().prop_map(Step::Dispute),
        1 => amount().prop_map(Step::Decide),
        5 => (party(), amount()).prop_map(|(it, fen)| Step::PayIn(it, fen)),
        5 => (party(), amount()).prop_map(|(it, fen)| Step::PaySettlement(it, fen)),
        3 => (party(), amount()).prop_map(|(it, fen)| Step::ReturnEscrow(it, fen)),
        1 => (0u64..40).prop_map(Step::Wait),
    ]
}

fn run(step: &Step) -> DispatchResult {
    let programme = Compensation::policy(POLICY).unwrap().programme;
    let year = 2025;
    match *step {
        Step::Appropriate(county, fen) => {
            Compensation::appropriate(signed(PROVINCE), POLICY, county, fen, DOCUMENT)
        }
        Step::Remit(county, fen) => {
            Compensation::remit(signed(PROVINCE), POLICY, county, fen, DOCUMENT)
        }
        Step::Pay(by, tag, fen) => {
            Funds::pay(signed(by), programme, tag, agent(VILLAGE), fen, DOCUMENT)
                .map(|_| ())
                .map_err(|error| error.error)
        }
        Step::Report(by, fen) => Compensation::report_use(signed(by), POLICY, fen, DOCUMENT),
        Step::Evaluate(county, grade) => {
            Compensation::evaluate(signed(AUDIT), POLICY, county, grade, DOCUMENT)
        }
        Step::Conclude(county) => {
            Compensation::conclude(signed(PROVINCE), POLICY, county, DOCUMENT)
        }
        Step::Flag(it) => Funds::flag(signed(AUDIT), programme, it, Finding::Fraud, DOCUMENT),
        Step::LiftFlag(it) => Funds::lift_flag(signed(AUDIT), programme, it, DOCUMENT),
        Step::Sample(month, a, b) => {
            for (station, value) in STATIONS.into_iter().zip([a, b]) {
                Compensation::submit_sample(
                    signed(station),
                    0,
                    year,
                    0,
                    month,
                    micrograms(&[value; 4]),
                    DOCUMENT,
                )?;
            }
            Ok(())
        }
        Step::DecideSample(month, value) => {
            let reading = micrograms(&[value; 4]);
            Compensation::decide_sample(signed(NATIONAL), 0, year, 0, month, reading, DOCUMENT)
        }
        Step::DisputeSample(month) => {
            Compensation::dispute_sample(signed(UPSTREAM), 0, year, 0, month, DOCUMENT)
        }
        Step::Compute => Compensation::compute_settlement(signed(UPSTREAM), 0, year),
        Step::Confirm(by) => {
            let hash = Compensation::settlement(0, year).map_or([0; 32], |it| it.results_hash);
            Compensation::confirm_settlement(signed(by), 0, year, hash)
        }
        Step::Dispute(by) => Compensation::dispute_settlement(signed(by), 0, year, DOCUMENT),
        Step::Decide(fen) => {
            let legs = vec![(1, 0, fen)].try_into().unwrap();
            Compensation::decide_settlement(signed(SUPERIOR), 0, year, legs, DOCUMENT)
        }
        Step::PayIn(by, fen) => Compensation::pay_in(signed(by), 0, year, fen, DOCUMENT),
        Step::PaySettlement(by, fen) => {
            Compensation::pay_settlement(signed(by), 0, year, 0, fen, DOCUMENT)
        }
        Step::ReturnEscrow(by, fen) => {
            Compensation::return_escrow(signed(by), 0, year, fen, DOCUMENT)
        }
        Step::Wait(days) => {
            Now::set(Now::get() + days * pallet_calendar::DAY_MS);
            Ok(())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(15),
        ..ProptestConfig::default()
    })]

    /// After whatever calls, every record agrees with the money; a refused call writes nothing.
    #[test]
    fn records_agree_with_money(steps in prop::collection::vec(step(), 1..80)) {
        execute(|| {
            with_shares();
            let programme = Compensation::policy(POLICY).unwrap().programme;
            for county in COUNTIES {
                let part = Some(Part::Payee);
                Funds::set_part(signed(county), programme, VILLAGE, part).unwrap();
            }
            with_agreement();
            for month in 1..=10 {
                sample(0, 2025, 0, month, &[900; 4]);
            }
            for step in &steps {
                let root = || sp_io::storage::root(sp_runtime::StateVersion::V1);
                let before = root();
                if with_storage_layer(|| run(step)).is_err() {
                    assert_eq!(root(), before, "{step:?}");
                }
                assert_eq!(Balances::total_issuance(), 4 * BUDGET_FEN, "{step:?}");
                Compensation::do_try_state().unwrap();
                for county in COUNTIES {
                    let info = Compensation::allocation(POLICY, county).unwrap();
                    let tag = Funds::tag(programme, county).unwrap();
                    assert!(info.disbursed_fen <= info.received_fen, "{step:?}");
                    assert!(info.received_fen <= tag.appropriated_fen, "{step:?}");
                    assert!(info.appropriated_fen <= tag.ceiling_fen, "{step:?}");
                    let own = Funds::holding(programme, county, Holder::Organisation(county));
                    assert!(own.balance_fen <= info.held_fen, "{step:?}");
                }
            }
        });
    }
}

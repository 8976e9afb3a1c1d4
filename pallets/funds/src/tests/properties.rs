//! Conservation over random calls.

use super::follow::assert_every_fen_is_followed;
use crate::{Fen, Finding, Part, TagId, mock::*};
use frame_support::storage::with_storage_layer;
use pallet_participants::OrganisationId;
use proptest::prelude::*;
use sp_runtime::DispatchResult;

/// Random call sequences that are tried.
const CASES: u32 = 128;

/// A call, or a change of the world around.
#[derive(Clone, Debug)]
enum Step {
    Appropriate(OrganisationId, TagId, Fen),
    Transfer(OrganisationId, TagId, OrganisationId, Fen),
    Pay(OrganisationId, TagId, OrganisationId, Fen),
    ClawBack(OrganisationId, TagId, OrganisationId, Fen),
    SetCeiling(TagId, Fen),
    SetPart(OrganisationId, Option<Part>),
    Flag(OrganisationId),
    LiftFlag(OrganisationId),
    Free(OrganisationId, OrganisationId, Fen),
}

fn step() -> impl Strategy<Value = Step> {
    let office =
        || prop_oneof![4 => Just(PROVINCE), 3 => Just(COUNTY), 2 => Just(TOWNSHIP), 1 => 0u32..9];
    let any = || 0u32..8;
    let tag = || prop_oneof![4 => Just(FOREST), 2 => Just(WATER), 1 => Just(7)];
    let fen = || prop_oneof![6 => 0u128..300, 2 => 0u128..5, 1 => Just(Fen::MAX)];
    let part = prop_oneof![Just(None), Just(Some(Part::Intermediary)), Just(Some(Part::Payee))];
    prop_oneof![
        6 => (office(), tag(), fen()).prop_map(|(it, tag, fen)| Step::Appropriate(it, tag, fen)),
        8 => (office(), tag(), office(), fen())
            .prop_map(|(it, tag, to, fen)| Step::Transfer(it, tag, to, fen)),
        6 => (office(), tag(), any(), fen())
            .prop_map(|(it, tag, to, fen)| Step::Pay(it, tag, to, fen)),
        3 => (office(), tag(), office(), fen())
            .prop_map(|(it, tag, to, fen)| Step::ClawBack(it, tag, to, fen)),
        1 => (tag(), fen()).prop_map(|(tag, fen)| Step::SetCeiling(tag, fen)),
        1 => (any(), part).prop_map(|(it, part)| Step::SetPart(it, part)),
        1 => any().prop_map(Step::Flag),
        1 => any().prop_map(Step::LiftFlag),
        1 => (any(), any(), fen()).prop_map(|(it, to, fen)| Step::Free(it, to, fen)),
    ]
}

fn run(step: &Step) -> DispatchResult {
    let plain = |result: frame_support::dispatch::DispatchResultWithPostInfo| {
        result.map(|_| ()).map_err(|error| error.error)
    };
    match *step {
        Step::Appropriate(by, tag, fen) => {
            Funds::appropriate(signed(by), PROGRAMME, tag, fen, DOCUMENT)
        }
        Step::Transfer(by, tag, to, fen) => {
            plain(Funds::transfer(signed(by), PROGRAMME, tag, to, fen, DOCUMENT))
        }
        Step::Pay(by, tag, to, fen) => {
            plain(Funds::pay(signed(by), PROGRAMME, tag, agent(to, 0), fen, DOCUMENT))
        }
        Step::ClawBack(by, tag, from, fen) => {
            plain(Funds::claw_back(signed(by), PROGRAMME, tag, from, fen, DOCUMENT))
        }
        Step::SetCeiling(tag, fen) => Funds::set_ceiling(signed(PROVINCE), PROGRAMME, tag, fen),
        Step::SetPart(it, part) => Funds::set_part(signed(PROVINCE), PROGRAMME, it, part),
        Step::Flag(it) => Funds::flag(signed(AUDIT), PROGRAMME, it, Finding::Fraud, DOCUMENT),
        Step::LiftFlag(it) => Funds::lift_flag(signed(AUDIT), PROGRAMME, it, DOCUMENT),
        Step::Free(by, to, fen) => Balances::transfer_allow_death(signed(by), agent(to, 0), fen),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(14),
        ..ProptestConfig::default()
    })]

    /// After whatever calls, every record agrees and all money is there; a refused call writes
    /// nothing; every fen can be followed to both ends of its way.
    #[test]
    fn money_is_conserved(steps in prop::collection::vec(step(), 1..60)) {
        execute(|| {
            for step in &steps {
                let root = || sp_io::storage::root(sp_runtime::StateVersion::V1);
                let before = root();
                if with_storage_layer(|| run(step)).is_err() {
                    assert_eq!(root(), before, "{step:?}");
                }
                assert_eq!(Balances::total_issuance(), BUDGET_FEN, "{step:?}");
                Funds::do_try_state().unwrap();
            }
            assert_every_fen_is_followed();
        });
    }
}

//! Random lives of the whole chain: calls of every pallet, by whoever, in order and out of order,
//! over many months. After every block every law holds, and a refused call writes nothing.

mod brands;
mod cast;
mod certification;
mod custody;
mod governance;
mod horizontal;
mod labels;
mod members;
mod money;
mod production;
mod reached;
mod vertical;
mod world;

use self::{reached::Reached, world::World};
use super::development_chain;

/// What happens in a life.
type Step = fn(&mut World);

/// What may happen next, and how often beside the others.
const STEPS: &[(u64, Step)] = &[
    (6, World::repeat),
    // Participants and governance.
    (2, World::change_organisations),
    (5, World::reinstate),
    (1, World::suspend_somebody),
    (2, World::change_capacities),
    (3, World::change_agents),
    (1, World::govern_members),
    (1, World::lose_a_motion),
    (1, World::execute_alone),
    (1, World::change_members),
    (2, World::change_validators),
    (1, World::set_calendar),
    (2, World::batch),
    (1, World::sign_together),
    (1, World::sign_alone),
    // Batches.
    (1, World::change_master_data),
    (1, World::govern_production),
    (8, World::produce),
    (4, World::grow),
    (3, World::test_batch),
    (4, World::transform),
    (6, World::pack),
    (4, World::split),
    (3, World::merge),
    (3, World::hold_or_release),
    (3, World::aggregate),
    (5, World::move_unit),
    (5, World::ship),
    (7, World::receive),
    (8, World::use_up),
    (3, World::recall_or_lift),
    (9, World::claim),
    // Certification.
    (2, World::change_bodies),
    (1, World::govern_certification),
    (4, World::apply_for_certificate),
    (14, World::advance_application),
    (3, World::find_fault),
    (3, World::act_on_finding),
    (2, World::restore_certificate),
    (4, World::change_certificate),
    (1, World::publish_change),
    (2, World::complain),
    (6, World::certify_sale),
    // Brands and labels.
    (3, World::change_brands),
    (4, World::apply_for_licence),
    (8, World::advance_licence),
    (3, World::change_licence),
    (7, World::use_printed_labels),
    (1, World::misuse_brand),
    (5, World::make_certified),
    (7, World::create_series),
    (3, World::change_series),
    (8, World::mark_item),
    // Money and compensation.
    (2, World::deposit),
    (2, World::transfer_money),
    (6, World::redeem),
    (3, World::open_purpose),
    (4, World::name_parts),
    (4, World::appropriate_own),
    (6, World::move_purpose_money),
    (2, World::audit),
    (6, World::advance_policy),
    (6, World::fund_share),
    (6, World::use_share),
    (4, World::judge_share),
    (1, World::govern_compensation),
    (2, World::sign_rules),
    (5, World::sample),
    (4, World::judge_sample),
    (5, World::settle_year),
    (6, World::pay_settlement),
];

/// Pallets of which every call must be reached, but for [`EXCEPTIONS`].
const PALLETS: &[&str] = &[
    "Participants",
    "Validators",
    "Settlement",
    "Calendar",
    "Traceability",
    "Certification",
    "Brands",
    "Labels",
    "Funds",
    "Compensation",
    "Committee",
    "CommitteeMembership",
    "Utility",
    "Multisig",
];

/// Calls that nobody makes here: of the SDK, and for Root alone or without use on this chain.
const EXCEPTIONS: &[&str] = &[
    "Committee.set_members",
    "Committee.kill",
    "Committee.release_proposal_cost",
    "CommitteeMembership.reset_members",
    "CommitteeMembership.change_key",
    "CommitteeMembership.set_prime",
    "CommitteeMembership.clear_prime",
    "Utility.dispatch_as",
    "Utility.dispatch_as_fallible",
    "Utility.with_weight",
    "Multisig.poke_deposit",
];

/// Says where a life ended that did not end well.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the life with seed {} broke", self.0);
        }
    }
}

/// A chain that has lived long enough to have records of most kinds.
pub(super) fn grown(seed: u64) -> sp_io::TestExternalities {
    live(seed, 200).0
}

/// Lives a chain of so many blocks; the chain, and what calls it reached.
fn live(seed: u64, n_blocks: u32) -> (sp_io::TestExternalities, Reached) {
    let _seed = Seed(seed);
    let mut chain = development_chain();
    let mut world = World::new(seed);
    let mut block = |steps: &mut dyn FnMut(&mut World)| {
        chain.execute_with(|| world.block(steps));
        // Roots are found faster where little has changed since.
        chain.commit_all().unwrap();
        world.pass();
    };
    block(&mut |world| {
        world.begin_members();
        world.begin_production();
        world.begin_certification();
    });
    block(&mut |world| {
        world.begin_brands();
        world.begin_money();
        world.propose_agreement();
        world.sign_rules();
    });
    let weight = STEPS.iter().map(|(weight, _)| weight).sum();
    for _ in 0..n_blocks {
        block(&mut |world| {
            for _ in 0..=world.numbers.below(12) {
                let mut at = world.numbers.below(weight);
                for (weight, step) in STEPS {
                    match at.checked_sub(*weight) {
                        Some(left) => at = left,
                        None => {
                            step(world);
                            break;
                        }
                    }
                }
            }
        });
    }
    let World { reached, .. } = world;
    (chain, reached)
}

/// Lives of a few hundred blocks each, until every call was done; `ECOLEDGER_TEST_LONG` makes more
/// and longer ones.
#[test]
fn every_law_holds_over_random_lives() {
    let long = std::env::var_os("ECOLEDGER_TEST_LONG").is_some_and(|value| value != "0");
    let (lives_min, lives_max, n_blocks) = if long { (24, 48, 600) } else { (2, 32, 300) };
    let mut reached = Reached::default();
    for seed in 0..lives_max {
        if seed >= lives_min && reached.missing(PALLETS, EXCEPTIONS).is_empty() {
            break;
        }
        reached.add(&live(seed, n_blocks).1);
    }
    let missing = reached.missing(PALLETS, EXCEPTIONS);
    assert!(missing.is_empty(), "never done: {missing:?}\n{reached}");
    // Lives in which little works would prove little.
    let [done, refused] = reached.totals();
    assert!(done > refused / 3, "{done} calls were done and {refused} refused\n{reached}");
}

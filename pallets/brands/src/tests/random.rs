//! Random lives of licences and labels: every law holds after every call.

use super::*;
use proptest::{prelude::*, test_runner::RngAlgorithm};

/// One thing that somebody tries; indices are taken modulo what there is.
#[derive(Clone, Debug)]
enum Op {
    Apply { base: u8, quota: u16, days: u16, collective: bool },
    Inspect(u8, bool),
    Grant(u8),
    Refuse(u8),
    Suspend(u8),
    Restore(u8),
    Revoke(u8),
    Withdraw(u8),
    Extend(u8, u16),
    Member(bool),
    Order(u8, u16),
    Issue(u8),
    Cancel(u8),
    Account(u8, u8, u16),
    Draw(u8, u16),
    GiveBack(u8, u16),
    Report(u8),
    Pass(u16),
}

fn op() -> impl Strategy<Value = Op> {
    let n = any::<u8>;
    prop_oneof![
        4 => (n(), 1u16..6_000, 1u16..500, any::<bool>()).prop_map(
            |(base, quota, days, collective)| Op::Apply { base, quota, days, collective }
        ),
        5 => (n(), prop::bool::weighted(0.8)).prop_map(|(a, b)| Op::Inspect(a, b)),
        6 => n().prop_map(Op::Grant),
        1 => n().prop_map(Op::Refuse),
        1 => n().prop_map(Op::Suspend),
        2 => n().prop_map(Op::Restore),
        1 => n().prop_map(Op::Revoke),
        1 => n().prop_map(Op::Withdraw),
        1 => (n(), 1u16..500).prop_map(|(a, b)| Op::Extend(a, b)),
        1 => any::<bool>().prop_map(Op::Member),
        4 => (n(), 1u16..3_000).prop_map(|(a, b)| Op::Order(a, b)),
        5 => n().prop_map(Op::Issue),
        1 => n().prop_map(Op::Cancel),
        5 => (n(), n(), 1u16..2_000).prop_map(|(a, b, c)| Op::Account(a, b, c)),
        3 => (n(), 1u16..3_000).prop_map(|(a, b)| Op::Draw(a, b)),
        2 => (n(), 1u16..3_000).prop_map(|(a, b)| Op::GiveBack(a, b)),
        1 => n().prop_map(Op::Report),
        2 => (0u16..200).prop_map(Op::Pass),
    ]
}

/// Whether it is allowed does not matter: the laws hold either way.
fn attempt(op: &Op) {
    let nth = |n: u8| u32::from(n) % NextLicenceId::<Test>::get().max(1);
    let order = |n: u8| u32::from(n) % NextLabelOrderId::<Test>::get().max(1);
    let company = || by(COMPANY);
    let pieces = |n: u16| u128::from(n) * 100_000;
    let _ = match *op {
        Op::Apply { base, quota, days, collective } => {
            let valid_until = Brands::now() + u64::from(days) * DAY_MS;
            let bases = [PlaceId::from(base % 2)];
            let application = Application { valid_until, ..asked(TIN, pieces(quota), &bases) };
            Brands::apply(by(GARDEN), u32::from(collective), application).is_ok()
        }
        Op::Inspect(n, passed) => Brands::inspect(by(INSPECTOR), nth(n), passed, REASON).is_ok(),
        Op::Grant(n) => Brands::grant(by(ASSOCIATION), nth(n), 1).is_ok(),
        Op::Refuse(n) => Brands::refuse(by(ASSOCIATION), nth(n), REASON).is_ok(),
        Op::Suspend(n) => Brands::suspend(company(), nth(n), REASON).is_ok(),
        Op::Restore(n) => Brands::restore(company(), nth(n), REASON).is_ok(),
        Op::Revoke(n) => Brands::revoke(company(), nth(n), REASON).is_ok(),
        Op::Withdraw(n) => Brands::withdraw(by(GARDEN), nth(n)).is_ok(),
        Op::Extend(n, days) => LicencesById::<Test>::get(nth(n)).is_some_and(|licence| {
            let until = licence.valid_until + u64::from(days) * DAY_MS;
            Brands::extend(by(ASSOCIATION), nth(n), until, 1).is_ok()
        }),
        Op::Member(true) => Brands::admit_member(by(ASSOCIATION), 1, GARDEN).is_ok(),
        Op::Member(false) => Brands::remove_member(by(ASSOCIATION), 1, GARDEN, REASON).is_ok(),
        Op::Order(n, labels) => {
            Brands::order_labels(by(GARDEN), nth(n), gtin(TIN), labels.into()).is_ok()
        }
        Op::Issue(n) => Brands::issue_labels(company(), order(n)).is_ok(),
        Op::Cancel(n) => Brands::cancel_order(by(GARDEN), order(n)).is_ok(),
        Op::Account(n, fate, labels) => {
            let fate =
                [LabelFate::Used, LabelFate::Void, LabelFate::Destroyed][usize::from(fate % 3)];
            Brands::account_labels(by(GARDEN), order(n), fate, labels.into()).is_ok()
        }
        Op::Draw(n, amount) => {
            draw_or_not(|| Brands::draw(nth(n), GARDEN, &gtin(TIN), pieces(amount)).map(|_| ()))
        }
        Op::GiveBack(n, amount) => {
            draw_or_not(|| Brands::give_back(nth(n), &gtin(TIN), 2026, pieces(amount)))
        }
        Op::Report(n) => Brands::report_premium(by(GARDEN), nth(n), 2026, REASON).is_ok(),
        Op::Pass(days) => {
            pass(u64::from(days) * DAY_MS);
            true
        }
    };
}

/// As a call does: all of it or nothing.
fn draw_or_not(act: impl FnOnce() -> Result<(), DispatchError>) -> bool {
    frame_support::storage::with_storage_layer(act).is_ok()
}

/// Land never gives two quotas: of one base in one year, no more is labelled than the greatest
/// quota that it was ever licensed for.
fn compare() {
    for brand in 0..2 {
        for base in 0..2u32 {
            let licences: Vec<_> = LicencesById::<Test>::iter()
                .filter(|(_, it)| it.brand == brand && it.bases.contains(&base))
                .collect();
            for year in 2026..2040 {
                let drawn = licences
                    .iter()
                    .map(|(id, _)| Usages::<Test>::get((*id, gtin(TIN), year)).total().unwrap());
                let most = licences.iter().filter_map(|(_, it)| it.quota(&gtin(TIN))).max();
                assert!(drawn.sum::<u128>() <= most.unwrap_or(0));
            }
        }
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: proptest::test_runner::RngSeed::Fixed(12),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn lives_keep_every_law(ops in prop::collection::vec(op(), 1..100)) {
        run(|| {
            gi();
            brand(MarkKind::Collective, rules());
            for op in &ops {
                attempt(op);
                Brands::do_try_state().unwrap();
            }
            compare();
        });
    }
}

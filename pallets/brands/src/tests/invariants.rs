//! Deliberate breaks of every law.

use super::*;
use pallet_traceability::Gtin;

/// Breaks something in a state with a licence, labels and a collective mark with a member, and
/// expects the law's sentence.
#[track_caller]
fn broken(breaking: impl FnOnce(), sentence: &'static str) {
    new_test_ext().execute_with(|| {
        let id = garden_licence();
        let order = issued(id, 10);
        assert_ok!(Brands::account_labels(by(GARDEN), order, LabelFate::Used, 4));
        let collective = brand(MarkKind::Collective, rules());
        assert_ok!(Brands::admit_member(by(ASSOCIATION), collective, GARDEN));
        licensed(GARDEN, collective, asked(TIN, KG, &[1]));
        assert_ok!(Brands::do_try_state());
        breaking();
        assert_eq!(Brands::do_try_state(), Err(sentence.into()));
    });
}

fn change_licence(id: LicenceId, change: impl FnOnce(&mut LicenceDetails)) {
    LicencesById::<Test>::mutate(id, |licence| change(licence.as_mut().unwrap()));
}

fn change_order(change: impl FnOnce(&mut LabelOrder)) {
    LabelOrders::<Test>::mutate(0, |order| change(order.as_mut().unwrap()));
}

#[test]
fn broken_brands_are_found() {
    broken(|| NextBrandId::<Test>::put(1), "next brand is not above all brands");
    broken(|| BrandsByMark::<Test>::remove(mark("G0")), "mark does not name its brand");
    broken(|| BrandsByMark::<Test>::insert(mark("X"), 0), "mark without brand");
    broken(|| RulesOf::<Test>::remove(0, 0), "rules of a brand have a gap");
    broken(|| Members::<Test>::insert(1, FACTORY, 0), "count of members is wrong");
    broken(
        || {
            BrandsById::<Test>::mutate(0, |it| it.as_mut().unwrap().n_members = 1);
            Members::<Test>::insert(0, FACTORY, 0);
        },
        "a mark that is not collective has members",
    );
}

#[test]
fn broken_licences_are_found() {
    use LicenceStatus::{Granted, Restored, Suspended};
    broken(
        || change_licence(0, |it| it.bases = vec![3].try_into().unwrap()),
        "licence for bases of another",
    );
    broken(
        || change_licence(0, |it| it.products[0].gtin = Gtin([b'9'; 14])),
        "licence for a product that does not exist",
    );
    broken(
        || change_licence(0, |it| it.certificate = Some(9)),
        "licence on a certificate that does not exist",
    );
    broken(|| NextLicenceId::<Test>::put(1), "next licence is not above all licences");
    broken(
        || change_licence(0, |it| it.valid_from = it.valid_until),
        "lists or term of a licence are out of order",
    );
    broken(
        || change_licence(0, |it| it.status = Suspended),
        "status is not that of the latest change",
    );
    broken(|| change_licence(0, |it| it.n_changes = 4), "history has a gap");
    broken(|| change_licence(0, |it| it.n_changes = 2), "status is not that of the latest change");
    broken(|| change_licence(0, |it| it.n_inspections = 2), "count of inspections is wrong");
    let put = |index, at, status| {
        let change = StatusChange { at, status, by: COMPANY, reason: None };
        StatusChanges::<Test>::insert(0, index, change);
    };
    broken(move || put(1, START_MS - 1, LicenceStatus::Inspected), "history goes back in time");
    broken(move || put(1, START_MS, Restored), "a status does not follow from the one before");
    broken(move || put(3, START_MS, Granted), "change of status is not counted");
}

#[test]
fn broken_grants_are_found() {
    let run_by = |owner, operator| {
        BrandsById::<Test>::mutate(0, |brand| {
            let brand = brand.as_mut().unwrap();
            (brand.owner, brand.operator) = (owner, operator);
        });
    };
    broken(move || run_by(GARDEN, None), "who runs a brand is licensed under it");
    broken(move || run_by(ASSOCIATION, Some(GARDEN)), "who runs a brand is licensed under it");
    broken(
        || {
            Members::<Test>::remove(1, GARDEN);
            Members::<Test>::insert(1, FACTORY, 0);
        },
        "a collective mark is licensed outside its members",
    );
    broken(|| change_licence(0, |it| it.granted_at = None), "licence in force was never granted");
    broken(|| Tenures::<Test>::remove(0, 0), "base without tenure");
    broken(
        || {
            let tenure = Tenure { licence: 0, before: 0, until: START_MS };
            Tenures::<Test>::insert(0, 0, tenure);
        },
        "another licence counts the base",
    );
}

#[test]
fn broken_lists_are_found() {
    broken(|| OpenLicences::<Test>::remove(0, GARDEN), "open licence is not listed");
    broken(
        || OpenLicences::<Test>::insert(0, FACTORY, OpenLicenceIds::new()),
        "list of open licences is empty or out of order",
    );
    let list = |id: LicenceId| {
        OpenLicences::<Test>::insert(0, FACTORY, OpenLicenceIds::truncate_from(vec![id]));
    };
    broken(move || list(0), "list of open licences is wrong");
    broken(move || list(9), "open licence does not exist");
}

#[test]
fn broken_labels_are_found() {
    let unaccounted = "labels issued are not used, void, destroyed or in stock";
    broken(|| NextLabelOrderId::<Test>::put(0), "next label order is not above all orders");
    broken(|| change_order(|it| it.n_stock = 7), unaccounted);
    broken(|| change_order(|it| it.n_used = u32::MAX), unaccounted);
    broken(|| change_order(|it| it.status = LabelOrderStatus::Ordered), unaccounted);
    broken(|| change_order(|it| it.content = 1), "draws of orders are not their labels");
    broken(|| change_order(|it| it.period = 2025), "draws of orders are not their labels");
    let key = || (0, gtin(TIN), 2026);
    broken(move || Usages::<Test>::remove(key()), "labels were issued without a draw");
    broken(
        move || Usages::<Test>::mutate(key(), |usage| usage.series = 300 * KG),
        "more is labelled than the quota",
    );
    broken(
        || Usages::<Test>::insert((0, gtin(BOX), 2026), Usage { orders: 0, series: 1 }),
        "more is labelled than the quota",
    );
}

#[test]
fn broken_records_are_found() {
    let tenure = |licence| Tenure { licence, before: 0, until: Moment::MAX };
    broken(move || Tenures::<Test>::insert(0, 9, tenure(0)), "tenure of another licence");
    broken(move || Tenures::<Test>::insert(0, 9, tenure(9)), "tenure of no licence");
    broken(
        || PremiumReports::<Test>::insert(9, 2026, REASON),
        "premium of a licence that was never granted",
    );
    broken(
        || {
            let kind = MisuseKind::Other;
            assert_ok!(Brands::record_misuse(by(SAMR), 0, GARDEN, None, kind, 0, REASON));
            NextMisuseId::<Test>::put(0);
        },
        "misuse of no brand, or next misuse is not above all misuses",
    );
}

#[test]
fn numbers_run_out() {
    run(|| {
        let id = garden_licence();
        let refused = |call: &dyn Fn() -> Result<(), DispatchError>| {
            assert_noop!(call(), Error::<Test>::NumbersExhausted);
        };
        let next = [NextBrandId::<Test>::get(), NextLicenceId::<Test>::get()];
        NextBrandId::<Test>::put(u32::MAX);
        refused(&|| {
            Brands::register_brand(by(ASSOCIATION), mark("X"), MarkKind::Collective, rules())
        });
        NextBrandId::<Test>::put(next[0]);
        NextLicenceId::<Test>::put(u32::MAX);
        refused(&|| Brands::apply(by(GARDEN), 0, asked(TIN, KG, &[1])));
        NextLicenceId::<Test>::put(next[1]);
        NextLabelOrderId::<Test>::put(LabelOrderId::MAX);
        refused(&|| Brands::order_labels(by(GARDEN), id, gtin(TIN), 1));
        NextLabelOrderId::<Test>::put(0);
        NextMisuseId::<Test>::put(MisuseId::MAX);
        let kind = MisuseKind::Other;
        refused(&|| Brands::record_misuse(by(SAMR), 0, GARDEN, None, kind, 0, REASON));
        NextMisuseId::<Test>::put(0);
        let current = CurrentRuleSet::<Test>::get();
        CurrentRuleSet::<Test>::mutate(|rule_set| rule_set.version = u32::MAX);
        let scope = CeilingScope::Category(TEA_CATEGORY);
        refused(&|| Brands::set_yield_ceiling(RuntimeOrigin::signed(GOVERNOR), scope, Some(1)));
        CurrentRuleSet::<Test>::put(current);
    });
}

#[test]
fn records_that_contradict_each_other_are_not_acted_on() {
    new_test_ext().execute_with(|| {
        let id = garden_licence();
        let ordered = issued(id, 10);
        change_order(|order| (order.n_stock, order.n_used) = (1, u32::MAX));
        assert_noop!(
            Brands::account_labels(by(GARDEN), ordered, LabelFate::Used, 1),
            Error::<Test>::Inconsistent
        );
        Tenures::<Test>::remove(0, 0);
        let until = licence(id).valid_until + DAY_MS;
        assert_noop!(Brands::extend(by(ASSOCIATION), id, until, 1), Error::<Test>::Inconsistent);
        RulesOf::<Test>::remove(0, 0);
        let apply = Brands::apply(by(GARDEN), 0, asked(TIN, KG, &[1]));
        assert_noop!(apply, Error::<Test>::Inconsistent);
    });
}

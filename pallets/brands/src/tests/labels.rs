//! Label orders and stock.

use super::*;

fn account(order: LabelOrderId, fate: LabelFate, n_labels: u32) -> Result<(), DispatchError> {
    Brands::account_labels(by(GARDEN), order, fate, n_labels)
}

fn order(id: LabelOrderId) -> LabelOrder {
    LabelOrders::<Test>::get(id).unwrap()
}

#[test]
fn order_labels_works() {
    run(|| {
        let id = garden_licence();
        assert_ok!(Brands::order_labels(by(GARDEN), id, gtin(TIN), 10));
        assert!(has_event(Event::LabelsOrdered {
            order: 0,
            licence: id,
            licensee: GARDEN,
            gtin: gtin(TIN),
            n_labels: 10
        }));
        let found = order(0);
        assert_eq!((found.n_labels, found.content, found.n_stock), (10, 100_000, 0));
        assert_eq!(usage(id), Usage::default(), "nothing is drawn before issue");
        let order =
            |who, licence, product, n| Brands::order_labels(by(who), licence, gtin(product), n);
        assert_noop!(order(GARDEN, id, TIN, 0), Error::<Test>::CountZero);
        assert_noop!(order(GARDEN, id, BOX, 1), Error::<Test>::ProductNotLicensed);
        assert_noop!(order(FACTORY, id, TIN, 1), Error::<Test>::NotLicensee);
        assert_noop!(order(GARDEN, 9, TIN, 1), Error::<Test>::LicenceNotFound);
        assert_noop!(order(COMPANY, id, TIN, 1), FORBIDDEN);
        let bulk = licensed(GARDEN, 0, asked(TEA, KG, &[1]));
        assert_noop!(order(GARDEN, bulk, TEA, 1), Error::<Test>::NotInPieces);
        assert_ok!(Brands::suspend(by(COMPANY), id, REASON));
        assert_noop!(order(GARDEN, id, TIN, 1), Error::<Test>::LicenceNotInForce);
    });
}

#[test]
fn orders_wait_for_the_begin_of_the_term() {
    run(|| {
        let later = Application { valid_from: START_MS + 10, ..asked(TIN, KG, &[0]) };
        let id = licensed(GARDEN, gi(), later);
        let order = || Brands::order_labels(by(GARDEN), id, gtin(TIN), 1);
        assert_noop!(order(), Error::<Test>::LicenceNotInForce);
        pass(10);
        assert_ok!(order());
    });
}

#[test]
fn issue_labels_boundary_quota() {
    run(|| {
        // 300 kg are 3,000 tins.
        let id = garden_licence();
        let (first, second, third) = (ordered(id, 2_999), ordered(id, 2), ordered(id, 1));
        let issue = |order| Brands::issue_labels(by(COMPANY), order);
        assert_noop!(Brands::issue_labels(by(GARDEN), first), Error::<Test>::NotBrandParty);
        assert_ok!(issue(first));
        assert!(has_event(Event::LabelsIssued { order: first, by: COMPANY, n_labels: 2_999 }));
        let quantity = 2_999 * 100_000;
        assert!(has_event(Event::QuotaDrawn {
            licence: id,
            gtin: gtin(TIN),
            period: 2026,
            quantity
        }));
        assert_eq!((order(first).n_stock, order(first).period), (2_999, 2026));
        assert_noop!(issue(second), Error::<Test>::QuotaExhausted);
        assert_ok!(issue(third));
        assert_eq!(usage(id), Usage { orders: 300 * KG, series: 0 });
        assert_noop!(issue(first), Error::<Test>::OrderStatusInvalid);
        assert_noop!(issue(9), Error::<Test>::OrderNotFound);
        // The next period has its own quota.
        pass_until(NEW_YEAR_MS - 1);
        assert_noop!(issue(second), Error::<Test>::QuotaExhausted);
        pass(1);
        assert_ok!(issue(second));
        assert_eq!(order(second).period, 2027);
    });
}

#[test]
fn cancel_order_works() {
    run(|| {
        let id = garden_licence();
        let orders = [ordered(id, 1), ordered(id, 1), ordered(id, 1)];
        assert_noop!(Brands::cancel_order(by(FACTORY), orders[0]), Error::<Test>::NotBrandParty);
        for (order, who) in orders.into_iter().zip([GARDEN, COMPANY, ASSOCIATION]) {
            assert_ok!(Brands::cancel_order(by(who), order));
            assert!(has_event(Event::LabelOrderCancelled { order, by: who }));
            assert_noop!(
                Brands::issue_labels(by(COMPANY), order),
                Error::<Test>::OrderStatusInvalid
            );
            assert_noop!(Brands::cancel_order(by(who), order), Error::<Test>::OrderStatusInvalid);
        }
        assert_noop!(Brands::cancel_order(by(GARDEN), 9), Error::<Test>::OrderNotFound);
    });
}

#[test]
fn account_labels_works() {
    run(|| {
        let id = garden_licence();
        let stock = issued(id, 100);
        assert_ok!(account(stock, LabelFate::Used, 60));
        assert!(has_event(Event::LabelsAccounted {
            order: stock,
            by: GARDEN,
            fate: LabelFate::Used,
            n_labels: 60
        }));
        assert_eq!(usage(id).orders, 10 * KG);
        assert_ok!(account(stock, LabelFate::Void, 10));
        assert_ok!(account(stock, LabelFate::Destroyed, 5));
        assert!(has_event(Event::QuotaGivenBack {
            licence: id,
            gtin: gtin(TIN),
            period: 2026,
            quantity: 500_000
        }));
        assert_eq!(usage(id).orders, 85 * 100_000);
        let found = order(stock);
        assert_eq!((found.n_used, found.n_void, found.n_destroyed), (60, 10, 5));
        assert_eq!(found.n_stock, 25);
        for fate in [LabelFate::Used, LabelFate::Void, LabelFate::Destroyed] {
            assert_noop!(account(stock, fate, 26), Error::<Test>::StockInsufficient);
            assert_noop!(account(stock, fate, 0), Error::<Test>::CountZero);
        }
        assert_noop!(account(9, LabelFate::Used, 1), Error::<Test>::OrderNotFound);
        let waiting = ordered(id, 5);
        assert_noop!(account(waiting, LabelFate::Used, 1), Error::<Test>::StockInsufficient);
        for fate in [LabelFate::Used, LabelFate::Void] {
            assert_noop!(
                Brands::account_labels(by(FACTORY), stock, fate, 1),
                Error::<Test>::NotLicensee
            );
            assert_noop!(Brands::account_labels(by(COMPANY), stock, fate, 1), FORBIDDEN);
        }
        assert_ok!(account(stock, LabelFate::Used, 25));
    });
}

#[test]
fn suspension_freezes_stock() {
    run(|| {
        let id = garden_licence();
        let stock = issued(id, 100);
        let waiting = ordered(id, 1);
        assert!(!Brands::label_order(stock).unwrap().1);
        assert_ok!(Brands::suspend(by(COMPANY), id, REASON));
        assert!(Brands::label_order(stock).unwrap().1);
        assert_noop!(Brands::issue_labels(by(COMPANY), waiting), Error::<Test>::LicenceNotInForce);
        assert_noop!(account(stock, LabelFate::Used, 1), Error::<Test>::LabelsFrozen);
        assert_ok!(account(stock, LabelFate::Void, 1));
        assert_ok!(Brands::restore(by(COMPANY), id, REASON));
        assert_ok!(account(stock, LabelFate::Used, 1));
    });
}

#[test]
fn the_brand_destroys_what_is_left_of_an_ended_licence() {
    run(|| {
        let id = garden_licence();
        let stock = issued(id, 100);
        assert_ok!(Brands::revoke(by(COMPANY), id, REASON));
        assert_noop!(account(stock, LabelFate::Used, 1), Error::<Test>::LabelsFrozen);
        let destroy = |who| Brands::account_labels(by(who), stock, LabelFate::Destroyed, 50);
        assert_noop!(destroy(FACTORY), Error::<Test>::NotBrandParty);
        assert_ok!(destroy(COMPANY));
        assert_ok!(destroy(GARDEN));
        assert_eq!(order(stock).n_stock, 0);
        assert_eq!(usage(id).orders, 0);
    });
}

#[test]
fn what_comes_back_goes_to_the_period_it_was_drawn_from() {
    run(|| {
        let id = garden_licence();
        let stock = issued(id, 3_000);
        pass_until(NEW_YEAR_MS);
        assert_ok!(account(stock, LabelFate::Destroyed, 3_000));
        assert_eq!(usage(id).orders, 0);
        assert_eq!(
            Brands::quota_use(id, gtin(TIN), None).unwrap(),
            (2027, 300 * KG, Usage::default())
        );
        assert_eq!(Brands::quota_use(id, gtin(BOX), None), None);
        assert_eq!(Brands::quota_use(9, gtin(TIN), None), None);
    });
}

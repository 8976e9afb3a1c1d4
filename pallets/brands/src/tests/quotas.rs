//! What label series draw through the trait.

use super::*;

fn draw(who: u32, id: LicenceId, product: &str, quantity: u128) -> Result<Period, DispatchError> {
    Brands::draw(id, who, &gtin(product), quantity)
}

#[test]
fn draws_share_the_quota_with_orders() {
    run(|| {
        let id = garden_licence();
        issued(id, 1_000);
        assert_eq!(draw(GARDEN, id, TIN, 150 * KG), Ok(2026));
        assert_eq!(usage(id), Usage { orders: 100 * KG, series: 150 * KG });
        assert_eq!(draw(GARDEN, id, TIN, 50 * KG + 1), Err(Error::<Test>::QuotaExhausted.into()));
        assert_eq!(draw(GARDEN, id, TIN, u128::MAX), Err(Error::<Test>::QuotaExhausted.into()));
        assert_eq!(draw(GARDEN, id, TIN, 50 * KG), Ok(2026));
        assert_eq!(Brands::drawn(id, &gtin(TIN), 2026), 200 * KG);
        assert_noop!(
            Brands::give_back(id, &gtin(TIN), 2026, 200 * KG + 1),
            Error::<Test>::MoreThanDrawn
        );
        assert_ok!(Brands::give_back(id, &gtin(TIN), 2026, 200 * KG));
        assert_noop!(Brands::give_back(id, &gtin(TIN), 2025, 1), Error::<Test>::MoreThanDrawn);
        assert_eq!(usage(id), Usage { orders: 100 * KG, series: 0 });
    });
}

#[test]
fn draws_are_the_licensees_and_need_force() {
    run(|| {
        let id = garden_licence();
        let failed = |who, licence, product, error: Error<Test>| {
            assert_eq!(draw(who, licence, product, 1), Err(error.into()));
        };
        failed(FACTORY, id, TIN, Error::NotLicensee);
        failed(GARDEN, id, BOX, Error::ProductNotLicensed);
        failed(GARDEN, 9, TIN, Error::LicenceNotFound);
        assert!(Brands::is_in_force(id, START_MS));
        assert_ok!(Brands::suspend(by(COMPANY), id, REASON));
        assert!(!Brands::is_in_force(id, START_MS));
        assert!(Brands::is_stopped(id) && !Brands::is_stopped(9));
        assert!(!Brands::is_in_force(9, START_MS));
        failed(GARDEN, id, TIN, Error::LicenceNotInForce);
        pass(1);
        assert_ok!(Brands::restore(by(COMPANY), id, REASON));
        assert_eq!(draw(GARDEN, id, TIN, 1), Ok(2026));
        assert!(!Brands::is_in_force(id, START_MS), "it was suspended then");
        assert!(Brands::is_in_force(id, START_MS + 1));
        assert!(!Brands::is_stopped(id));
        assert!(Brands::has_bases(id, &[0]));
        assert!(!Brands::has_bases(id, &[0, 1]));
        pass(365 * DAY_MS);
        failed(GARDEN, id, TIN, Error::LicenceNotInForce);
    });
}

#[test]
fn draws_need_the_certificate_that_the_brand_asks_for() {
    run(|| {
        let scheme = BrandRules { certificate_scheme: Some(4), ..rules() };
        let brand = brand(MarkKind::Certification, scheme);
        TableCertificates::issue(1, 4, 300 * KG);
        let application = Application { certificate: Some(1), ..asked(TIN, 300 * KG, &[0]) };
        let id = licensed(GARDEN, brand, application);
        TableCertificates::change(1, |it| it.status = CertificateStatus::Revoked);
        assert_eq!(draw(GARDEN, id, TIN, 1), Err(Error::<Test>::CertificateNotValid.into()));
    });
}

#[test]
fn periods_of_days_count_from_the_first_day() {
    run(|| {
        let by_days = BrandRules { period: PeriodRule::Days(30), ..rules() };
        let id =
            licensed(GARDEN, brand(MarkKind::Certification, by_days), asked(TIN, 40 * KG, &[0]));
        assert_eq!(draw(GARDEN, id, TIN, 40 * KG), Ok(0));
        // The term begins at 8:00 in China; the period ends at midnight.
        let end = START_MS - 8 * 3_600_000 + 30 * DAY_MS;
        assert_eq!(licence(id).period_end(START_MS), end);
        pass_until(end - 1);
        assert_eq!(draw(GARDEN, id, TIN, 1), Err(Error::<Test>::QuotaExhausted.into()));
        pass(1);
        assert_eq!(draw(GARDEN, id, TIN, 40 * KG), Ok(1));
    });
}

#[test]
fn a_chain_without_licences_has_none() {
    assert!(<() as crate::Licences>::draw(0, GARDEN, &gtin(TIN), 1).is_err());
    assert!(<() as crate::Licences>::give_back(0, &gtin(TIN), 0, 1).is_err());
    assert_eq!(<() as crate::Licences>::drawn(0, &gtin(TIN), 0), 0);
    assert!(!<() as crate::Licences>::is_in_force(0, 0));
    assert!(!<() as crate::Licences>::is_stopped(0));
    assert!(!<() as crate::Licences>::has_bases(0, &[]));
}

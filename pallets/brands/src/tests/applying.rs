//! Applications: what the rules and the governed data allow.

use super::*;
use pallet_traceability::Certificates;

fn try_apply(brand: BrandId, asked: Application) -> Result<(), DispatchError> {
    Brands::apply(by(GARDEN), brand, asked)
}

#[test]
fn apply_works() {
    run(|| {
        let id = gi();
        let application = Application {
            sub_brand: Some("梅园".as_bytes().to_vec().try_into().unwrap()),
            ..asked(TIN, 300 * KG, &[0, 1])
        };
        assert_ok!(try_apply(id, application.clone()));
        let (found, status) = Brands::licence(0).unwrap();
        assert_eq!(status, LicenceStatus::Applied);
        assert_eq!((found.brand, found.licensee, found.status_since), (id, GARDEN, START_MS));
        assert_eq!(found.sub_brand, application.sub_brand);
        assert_eq!((found.products, found.bases), (application.products, application.bases));
        assert_eq!((found.granted_at, found.fee_fen), (None, 0));
        assert_eq!((found.n_changes, found.n_inspections), (1, 0));
        assert_eq!((found.rules_version, found.rule_set), (0, 2));
        assert!(has_event(Event::LicenceStatusChanged {
            licence: 0,
            brand: id,
            licensee: GARDEN,
            status: LicenceStatus::Applied,
            by: GARDEN
        }));
        assert_eq!(Brands::open_licences(id, GARDEN).len(), 1);
    });
}

#[test]
fn apply_rejects_those_who_run_the_brand_and_strangers() {
    run(|| {
        let id = brand(MarkKind::GeographicalIndication, rules());
        let asked_by = |who: u32, base| Brands::apply(by(who), id, asked(TIN, KG, &[base]));
        assert_noop!(asked_by(COMPANY, 0), FORBIDDEN);
        assert_noop!(asked_by(SUSPENDED, 0), FORBIDDEN);
        assert_ok!(Brands::set_operator(by(ASSOCIATION), id, Some(MIXED)));
        assert_noop!(asked_by(MIXED, 5), Error::<Test>::LicenseeRunsBrand);
        let other = BrandRules { area: vec![HUANGSHAN].try_into().unwrap(), ..rules() };
        let kind = MarkKind::Certification;
        assert_ok!(Brands::register_brand(by(OTHER_OWNER), mark("H1"), kind, other));
        assert_noop!(
            Brands::apply(by(OTHER_OWNER), 1, asked(TIN, KG, &[4])),
            Error::<Test>::LicenseeRunsBrand
        );
        assert_noop!(try_apply(9, asked(TIN, KG, &[0])), Error::<Test>::BrandNotFound);
    });
}

#[test]
fn apply_rejects_malformed_applications() {
    run(|| {
        let id = gi();
        let good = asked(TIN, KG, &[0, 1]);
        let product = |text, quota| LicensedProduct { gtin: gtin(text), quota };
        let with = |products: Vec<LicensedProduct>| Application {
            products: products.try_into().unwrap(),
            ..good.clone()
        };
        for bad in [
            with(vec![]),
            with(vec![product(BOX, KG), product(TIN, KG)]),
            with(vec![product(TIN, KG), product(TIN, KG)]),
            asked(TIN, KG, &[]),
            asked(TIN, KG, &[1, 0]),
            asked(TIN, KG, &[0, 0]),
        ] {
            assert_noop!(try_apply(id, bad), Error::<Test>::ListInvalid);
        }
        for quota in [0, MAX_QUOTA + 1] {
            assert_noop!(
                try_apply(id, with(vec![product(TIN, quota)])),
                Error::<Test>::QuotaInvalid
            );
        }
        for name in ["".as_bytes(), "a\nb".as_bytes(), &[0xff]] {
            let sub_brand = Some(name.to_vec().try_into().unwrap());
            let bad = Application { sub_brand, ..good.clone() };
            assert_noop!(try_apply(id, bad), Error::<Test>::SubBrandInvalid);
        }
        let terms = [
            (START_MS, START_MS),
            (START_MS - 2, START_MS),
            (START_MS, rules().registered_until + 1),
        ];
        for (valid_from, valid_until) in terms {
            let bad = Application { valid_from, valid_until, ..good.clone() };
            assert_noop!(try_apply(id, bad), Error::<Test>::TermInvalid);
        }
        let longest = Application { valid_until: rules().registered_until, ..good };
        assert_ok!(try_apply(id, longest));
    });
}

#[test]
fn apply_rejects_products_and_bases_that_the_rules_exclude() {
    run(|| {
        let id = gi();
        assert_noop!(
            try_apply(id, asked("06901234000090", KG, &[0])),
            Error::<Test>::ProductNotFound
        );
        assert_noop!(try_apply(id, asked(TIN, KG, &[99])), Error::<Test>::BaseNotFound);
        assert_noop!(try_apply(id, asked(TIN, KG, &[3])), Error::<Test>::BaseNotLicensees);
        assert_noop!(try_apply(id, asked(TIN, KG, &[2])), Error::<Test>::BaseOutsideArea);
        let only_box = BrandRules {
            categories: Categories::new(),
            products: vec![gtin(BOX)].try_into().unwrap(),
            ..rules()
        };
        assert_ok!(Brands::amend_rules(by(ASSOCIATION), id, only_box));
        assert_noop!(try_apply(id, asked(TIN, KG, &[0])), Error::<Test>::ProductOutOfScope);
        assert_ok!(try_apply(id, asked(BOX, KG, &[0])));
    });
}

#[test]
fn apply_boundary_yield() {
    run(|| {
        let id = gi();
        // 3 mu at 500 kg.
        assert_noop!(
            try_apply(id, asked(TIN, 1_500 * KG + 1, &[0, 1])),
            Error::<Test>::QuotaExceedsYield
        );
        assert_ok!(try_apply(id, asked(TIN, 1_500 * KG, &[0, 1])));
        // A ceiling for the product goes before one for its category.
        let (scope, governor) = (CeilingScope::Product(gtin(TIN)), by_governor());
        assert_ok!(Brands::set_yield_ceiling(governor, scope, Some(7)));
        assert_noop!(try_apply(id, asked(TIN, 22, &[0, 1])), Error::<Test>::QuotaExceedsYield);
        assert_ok!(try_apply(id, asked(TIN, 21, &[0, 1])));
        for scope in [scope, CeilingScope::Category(TEA_CATEGORY)] {
            assert_ok!(Brands::set_yield_ceiling(by_governor(), scope, None));
        }
        assert_noop!(try_apply(id, asked(TIN, 1, &[0])), Error::<Test>::CeilingNotSet);
        // Pieces without net content are counted.
        assert_noop!(
            try_apply(id, asked(SEEDLING, 10_001, &[0])),
            Error::<Test>::QuotaExceedsYield
        );
        assert_ok!(try_apply(id, asked(SEEDLING, 10_000, &[0])));
    });
}

#[test]
fn apply_boundary_yield_of_days() {
    run(|| {
        let by_days = |n_days| {
            let period = PeriodRule::Days(n_days);
            brand(MarkKind::Certification, BrandRules { period, ..rules() })
        };
        // 500 kg ÷ 365 on a mu and day, rounded down.
        let (day, year) = (by_days(1), by_days(365));
        assert_noop!(try_apply(day, asked(TIN, 1_369_864, &[0])), Error::<Test>::QuotaExceedsYield);
        assert_ok!(try_apply(day, asked(TIN, 1_369_863, &[0])));
        assert_noop!(
            try_apply(year, asked(TIN, 500 * KG + 1, &[0])),
            Error::<Test>::QuotaExceedsYield
        );
        assert_ok!(try_apply(year, asked(TIN, 500 * KG, &[0])));
    });
}

#[test]
fn apply_rejects_more_than_can_be_counted() {
    run(|| {
        let id = gi();
        let scope = CeilingScope::Category(TEA_CATEGORY);
        assert_ok!(Brands::set_yield_ceiling(by_governor(), scope, Some(u64::MAX)));
        // Twice the greatest area times the greatest ceiling is beyond 2^128.
        assert_noop!(try_apply(id, asked(TIN, KG, &[7, 8])), Error::<Test>::QuantityTooLarge);
        assert_ok!(try_apply(id, asked(TIN, MAX_QUOTA, &[7])));
    });
}

#[test]
fn apply_rejects_certificates_that_do_not_do() {
    run(|| {
        let id =
            brand(MarkKind::Certification, BrandRules { certificate_scheme: Some(4), ..rules() });
        let with = |certificate, quota| Application { certificate, ..asked(TIN, quota, &[0, 1]) };
        let without = gi();
        TableCertificates::issue(1, 4, 100 * KG);
        TableCertificates::issue(2, 5, 100 * KG);
        assert_noop!(try_apply(id, with(None, KG)), Error::<Test>::CertificateMissing);
        assert_noop!(try_apply(without, with(Some(1), KG)), Error::<Test>::CertificateNotAsked);
        for other in [2, 3] {
            assert_noop!(
                try_apply(id, with(Some(other), KG)),
                Error::<Test>::CertificateOfOtherScheme
            );
        }
        for status in [
            CertificateStatus::Suspended,
            CertificateStatus::Revoked,
            CertificateStatus::Cancelled,
            CertificateStatus::Expired,
        ] {
            TableCertificates::change(1, |it| it.status = status);
            assert_noop!(try_apply(id, with(Some(1), KG)), Error::<Test>::CertificateNotValid);
        }
        TableCertificates::change(1, |it| it.status = CertificateStatus::Valid);
        TableCertificates::change(1, |it| it.bases = vec![0]);
        assert_noop!(try_apply(id, with(Some(1), KG)), Error::<Test>::CertificateNotCovering);
        TableCertificates::change(1, |it| it.bases = vec![0, 1]);
        assert_noop!(
            try_apply(id, with(Some(1), 100 * KG + 1)),
            Error::<Test>::QuotaExceedsCertificate
        );
        assert_ok!(try_apply(id, with(Some(1), 100 * KG)));
        // The trial left nothing drawn.
        assert_eq!(TableCertificates::drawn(1), 0);
    });
}

#[test]
fn apply_boundary_open_licences() {
    run(|| {
        let id = gi();
        for n in 0..MAX_OPEN_LICENCES {
            let valid_until = START_MS + DAY_MS * u64::from(n + 1);
            let application = Application { valid_until, ..asked(TIN, KG, &[100 + n]) };
            licensed(GARDEN, id, application);
        }
        assert_noop!(try_apply(id, asked(TIN, KG, &[0])), Error::<Test>::TooManyLicences);
        // An expired licence makes room.
        pass(DAY_MS);
        assert_ok!(try_apply(id, asked(TIN, KG, &[0])));
        assert_noop!(try_apply(id, asked(TIN, KG, &[0])), Error::<Test>::TooManyLicences);
        assert_eq!(Brands::open_licences(id, GARDEN).len(), MAX_OPEN_LICENCES as usize);
    });
}

fn by_governor() -> RuntimeOrigin {
    RuntimeOrigin::signed(GOVERNOR)
}

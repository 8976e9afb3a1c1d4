//! Misuse and premium reports.

use super::*;

#[test]
fn record_misuse_works() {
    run(|| {
        let id = garden_licence();
        let kind = MisuseKind::QuotaExceeded;
        let record = |who, offender, licence, penalty, decision| {
            Brands::record_misuse(by(who), 0, offender, licence, kind, penalty, decision)
        };
        for (n, who) in [ASSOCIATION, COMPANY, SAMR].into_iter().enumerate() {
            assert_ok!(record(who, GARDEN, Some(id), 5_000, REASON));
            let misuse = n as u32;
            assert!(has_event(Event::MisuseRecorded { misuse, brand: 0, offender: GARDEN, kind }));
            let expected = Misuse {
                brand: 0,
                offender: GARDEN,
                licence: Some(id),
                kind,
                penalty_fen: 5_000,
                decision: REASON,
                by: who,
                at: START_MS,
            };
            assert_eq!(Brands::misuse(misuse), Some(expected));
        }
        assert_ok!(record(SAMR, FACTORY, None, MAX_FEE_FEN, REASON));
        assert_noop!(record(SAMR, FACTORY, Some(id), 0, REASON), Error::<Test>::NotLicensee);
        assert_noop!(record(SAMR, GARDEN, Some(9), 0, REASON), Error::<Test>::LicenceNotFound);
        assert_noop!(record(SAMR, 77, None, 0, REASON), Error::<Test>::OrganisationUnknown);
        // Registered in Huangshan.
        assert_noop!(record(SAMR, OTHER_OWNER, None, 0, REASON), FORBIDDEN);
        assert_noop!(record(GARDEN, FACTORY, None, 0, REASON), FORBIDDEN);
        assert_noop!(record(SAMR, FACTORY, None, 0, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(
            record(SAMR, FACTORY, None, MAX_FEE_FEN + 1, REASON),
            Error::<Test>::FeeTooLarge
        );
        assert_noop!(
            Brands::record_misuse(by(SAMR), 9, FACTORY, None, kind, 0, REASON),
            Error::<Test>::BrandNotFound
        );
    });
}

#[test]
fn report_premium_works() {
    run(|| {
        let id = garden_licence();
        let report = |who, period, report| Brands::report_premium(by(who), id, period, report);
        assert_ok!(report(GARDEN, 2026, REASON));
        assert!(has_event(Event::PremiumReported { licence: id, period: 2026, report: REASON }));
        assert_eq!(Brands::premium_report(id, 2026), Some(REASON));
        assert_noop!(report(GARDEN, 2026, [8; 32]), Error::<Test>::AlreadyReported);
        for period in [2025, 2027] {
            assert_noop!(report(GARDEN, period, REASON), Error::<Test>::PeriodInvalid);
        }
        pass_until(NEW_YEAR_MS);
        assert_noop!(report(GARDEN, 2027, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(report(FACTORY, 2027, REASON), Error::<Test>::NotLicensee);
        pass(1_000 * DAY_MS);
        assert_ok!(report(GARDEN, 2027, REASON));
        assert_noop!(report(GARDEN, 2028, REASON), Error::<Test>::PeriodInvalid);
        let applied = apply(GARDEN, 0, asked(TIN, KG, &[0]));
        let period = licence(applied).period_at(Brands::now());
        assert_noop!(
            Brands::report_premium(by(GARDEN), applied, period, REASON),
            Error::<Test>::PeriodInvalid
        );
    });
}

//! Joint samples: halves, disputes, decisions, missing months, exemptions, incidents.

use crate::{CONCENTRATION_MAX, Error, Event, Mean, Sample, SampleStatus, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

fn submit(station: u32, month: u8, values: &[u64]) -> DispatchResult {
    Compensation::submit_sample(signed(station), 0, 2025, 0, month, micrograms(values), DOCUMENT)
}

fn decide(by: u32, month: u8, values: &[u64]) -> DispatchResult {
    let reading = micrograms(values);
    Compensation::decide_sample(signed(by), 0, 2025, 0, month, reading, DOCUMENT)
}

fn dispute(by: u32, month: u8) -> DispatchResult {
    Compensation::dispute_sample(signed(by), 0, 2025, 0, month, DOCUMENT)
}

fn stands(month: u8) -> SampleStatus {
    Compensation::sample(0, 2025, 0, month).unwrap().status
}

#[test]
fn two_halves_that_agree_stand() {
    execute(|| {
        with_agreement();
        assert_ok!(submit(STATIONS[0], 1, &[1_000, 0, 10, 7]));
        assert_eq!(stands(1), SampleStatus::OneHalf);
        assert_ok!(submit(STATIONS[1], 1, &[1_011, 0, 9, 7]));
        let status = SampleStatus::Agreed(micrograms(&[1_006, 0, 10, 7]));
        assert_eq!(stands(1), status);
        System::assert_last_event(
            Event::SampleSubmitted {
                agreement: 0,
                key: (2025, 0, 1),
                station: STATIONS[1],
                status,
            }
            .into(),
        );
    });
}

#[test]
fn submit_sample_boundary_tolerance() {
    execute(|| {
        with_agreement();
        // 10 % of the larger half.
        assert_ok!(submit(STATIONS[0], 1, &[900, 1, 1, 1]));
        assert_ok!(submit(STATIONS[1], 1, &[1_000, 1, 1, 1]));
        assert_eq!(stands(1), SampleStatus::Agreed(micrograms(&[950, 1, 1, 1])));
        assert_ok!(submit(STATIONS[1], 2, &[1_000, 1, 1, 1]));
        assert_ok!(submit(STATIONS[0], 2, &[899, 1, 1, 1]));
        assert_eq!(stands(2), SampleStatus::Disputed);
    });
}

#[test]
fn submit_sample_rejects_bad_input() {
    execute(|| {
        with_agreement();
        let values = [1; 4];
        assert_noop!(submit(OTHER_STATION, 1, &values), Error::<Test>::StationNotInAgreement);
        assert_noop!(submit(NATIONAL, 1, &values), Error::<Test>::StationNotInAgreement);
        assert_noop!(submit(UPSTREAM, 1, &values), NO_CAPACITY);
        assert_noop!(submit(STATIONS[0], 0, &values), Error::<Test>::MonthInvalid);
        assert_noop!(submit(STATIONS[0], 13, &values), Error::<Test>::MonthInvalid);
        assert_noop!(submit(STATIONS[0], 1, &[1; 3]), Error::<Test>::ReadingIncomplete);
        assert_noop!(submit(STATIONS[0], 1, &[1; 5]), Error::<Test>::ReadingIncomplete);
        let too_high = [CONCENTRATION_MAX + 1, 1, 1, 1];
        assert_noop!(submit(STATIONS[0], 1, &too_high), Error::<Test>::ConcentrationOutOfRange);
        assert_ok!(submit(STATIONS[0], 1, &[CONCENTRATION_MAX, 1, 1, 1]));
        assert_noop!(submit(STATIONS[0], 1, &values), Error::<Test>::DuplicateSample);

        let call = |id, year, section, month, document| {
            let reading = micrograms(&values);
            Compensation::submit_sample(
                signed(STATIONS[0]),
                id,
                year,
                section,
                month,
                reading,
                document,
            )
        };
        assert_noop!(call(9, 2025, 0, 2, DOCUMENT), Error::<Test>::AgreementUnknown);
        for year in [2024, 2028] {
            assert_noop!(call(0, year, 0, 2, DOCUMENT), Error::<Test>::YearMismatch);
        }
        assert_noop!(call(0, 2025, 1, 2, DOCUMENT), Error::<Test>::SectionUnknown);
        assert_noop!(call(0, 2025, 0, 2, [0; 32]), Error::<Test>::CommitmentMissing);
        // It is 2 March 2026.
        assert_ok!(call(0, 2026, 0, 3, DOCUMENT));
        assert_noop!(call(0, 2026, 0, 4, DOCUMENT), Error::<Test>::MonthInFuture);
        Now::set(day(2026, 4, 1) - 1);
        assert_noop!(call(0, 2026, 0, 4, DOCUMENT), Error::<Test>::MonthInFuture);
        Now::set(day(2026, 4, 1));
        assert_ok!(call(0, 2026, 0, 4, DOCUMENT));
    });
}

#[test]
fn samples_need_an_agreement_in_force() {
    execute(|| {
        let terms = terms(&[UPSTREAM, DOWNSTREAM]);
        let rules = rules(vec![section(four_indicators())], ladder());
        assert_ok!(Compensation::propose_agreement(signed(UPSTREAM), terms, rules));
        assert_noop!(submit(STATIONS[0], 1, &[1; 4]), Error::<Test>::AgreementNotInForce);
    });
}

#[test]
fn the_national_station_decides_a_dispute() {
    execute(|| {
        with_agreement();
        assert_noop!(decide(NATIONAL, 1, &[1; 4]), Error::<Test>::SampleUnknown);
        assert_noop!(dispute(UPSTREAM, 1), Error::<Test>::SampleUnknown);
        sample(0, 2025, 0, 1, &[5; 4]);
        assert_noop!(decide(NATIONAL, 1, &[1; 4]), Error::<Test>::SampleClosed);
        assert_noop!(dispute(THIRD, 1), Error::<Test>::NotAParty);
        let no_document = Compensation::dispute_sample(signed(UPSTREAM), 0, 2025, 0, 1, [0; 32]);
        assert_noop!(no_document, Error::<Test>::CommitmentMissing);
        assert_ok!(dispute(DOWNSTREAM, 1));
        System::assert_last_event(
            Event::SampleDisputed { agreement: 0, key: (2025, 0, 1), party: 1, document: DOCUMENT }
                .into(),
        );
        assert_noop!(dispute(UPSTREAM, 1), Error::<Test>::SampleClosed);
        for station in [STATIONS[0], OTHER_STATION] {
            let call = decide(station, 1, &[1; 4]);
            assert_noop!(call, Error::<Test>::NotTheNationalStation);
        }
        assert_noop!(decide(SUPERIOR, 1, &[1; 4]), NO_CAPACITY);
        assert_noop!(decide(NATIONAL, 1, &[1; 3]), Error::<Test>::ReadingIncomplete);
        let reading = micrograms(&[1; 4]);
        let no_document =
            Compensation::decide_sample(signed(NATIONAL), 0, 2025, 0, 1, reading, [0; 32]);
        assert_noop!(no_document, Error::<Test>::CommitmentMissing);
        assert_ok!(decide(NATIONAL, 1, &[6; 4]));
        assert_eq!(stands(1), SampleStatus::Decided(micrograms(&[6; 4])));
        // What it decided stays.
        assert_noop!(dispute(UPSTREAM, 1), Error::<Test>::SampleClosed);
        // A month that one side did not sample.
        assert_ok!(submit(STATIONS[1], 2, &[5; 4]));
        assert_ok!(decide(NATIONAL, 2, &[7; 4]));
        assert_noop!(submit(STATIONS[0], 2, &[5; 4]), Error::<Test>::SampleClosed);
    });
}

#[test]
fn a_disaster_month_is_left_out() {
    execute(|| {
        with_agreement();
        let exempt = |by, month, document| {
            Compensation::exempt_month(signed(by), 0, 2025, 0, month, document)
        };
        assert_noop!(exempt(UPSTREAM, 6, DOCUMENT), Error::<Test>::NotTheSuperior);
        assert_noop!(exempt(SUPERIOR, 6, [0; 32]), Error::<Test>::CommitmentMissing);
        sample(0, 2025, 0, 6, &[9_999; 4]);
        assert_ok!(exempt(SUPERIOR, 6, DOCUMENT));
        System::assert_last_event(
            Event::MonthExempted { agreement: 0, key: (2025, 0, 6), document: DOCUMENT }.into(),
        );
        let Sample { halves, status } = Compensation::sample(0, 2025, 0, 6).unwrap();
        assert_eq!((halves.iter().flatten().count(), status), (2, SampleStatus::Exempt));
        assert_ok!(exempt(SUPERIOR, 7, DOCUMENT));
        for month in [1, 2, 3, 4, 5, 8, 9, 10, 11] {
            sample(0, 2025, 0, month, &[10; 4]);
        }
        // December is missing, which the rules allow once; June and July do not count.
        let rules = Compensation::agreement_rules(0, 1).unwrap();
        let means = Compensation::annual_means(0, &rules, 2025).unwrap();
        assert_eq!(means, [[Mean { sum: 90, months: 9 }; 4]]);
    });
}

#[test]
fn clauses_must_be_agreed() {
    execute(|| {
        let mut rules = rules(vec![section(four_indicators())], ladder());
        (rules.disaster_exempts, rules.incident_fails) = (false, false);
        let id = sign(&[UPSTREAM, DOWNSTREAM], rules);
        assert_noop!(
            Compensation::exempt_month(signed(SUPERIOR), id, 2025, 0, 1, DOCUMENT),
            Error::<Test>::NoDisasterClause
        );
        assert_noop!(
            Compensation::mark_incident(signed(SUPERIOR), id, 2025, 0, DOCUMENT),
            Error::<Test>::NoIncidentClause
        );
    });
}

#[test]
fn mark_incident_rejects_bad_input() {
    execute(|| {
        with_agreement();
        let mark = |by, year, section, document| {
            Compensation::mark_incident(signed(by), 0, year, section, document)
        };
        assert_noop!(mark(UPSTREAM, 2025, 0, DOCUMENT), Error::<Test>::NotTheSuperior);
        assert_noop!(mark(SUPERIOR, 2024, 0, DOCUMENT), Error::<Test>::YearMismatch);
        assert_noop!(mark(SUPERIOR, 2025, 1, DOCUMENT), Error::<Test>::SectionUnknown);
        assert_noop!(mark(SUPERIOR, 2025, 0, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_ok!(mark(SUPERIOR, 2025, 0, DOCUMENT));
        System::assert_last_event(
            Event::IncidentMarked { agreement: 0, year: 2025, section: 0, document: DOCUMENT }
                .into(),
        );
    });
}

/// One missing month is allowed; then the mean is of eleven, and not of twelve with a zero.
#[test]
fn missing_months_are_not_zero() {
    execute(|| {
        with_agreement();
        let means = || {
            let rules = Compensation::agreement_rules(0, 1).unwrap();
            Compensation::annual_means(0, &rules, 2025)
        };
        for month in 1..=10 {
            sample(0, 2025, 0, month, &[1_000; 4]);
        }
        assert_eq!(means(), Err(Error::<Test>::TooManyMonthsMissing));
        assert_ok!(submit(STATIONS[0], 11, &[1_000; 4]));
        assert_eq!(means(), Err(Error::<Test>::TooManyMonthsMissing));
        assert_ok!(submit(STATIONS[1], 11, &[1_000; 4]));
        assert_eq!(means(), Ok(vec![vec![Mean { sum: 11_000, months: 11 }; 4]]));
        assert_ok!(dispute(UPSTREAM, 11));
        assert_eq!(means(), Err(Error::<Test>::SampleInDispute));
    });
}

//! Programmes, tags, parts, flags.

use crate::{
    BudgetCode, Controller, Error, Event, Fen, Finding, Flag, MANAGERS_MAX, Part, PurposeFunds,
    TagDetails, mock::*,
};
use frame_support::{assert_noop, assert_ok};

#[test]
fn open_programme_works() {
    execute(|| {
        let details = Funds::programme(PROGRAMME).unwrap();
        assert_eq!(details.controller, Controller::Managers);
        assert_eq!(details.managers.into_inner(), [PROVINCE]);
        assert_eq!(details.code, code("2110602"));
        assert_ok!(Funds::open_programme(signed(OUTSIDE), code("X")));
        System::assert_last_event(
            Event::ProgrammeOpened {
                programme: 1,
                controller: Controller::Managers,
                managers: vec![OUTSIDE].try_into().unwrap(),
                code: code("X"),
            }
            .into(),
        );
    });
}

#[test]
fn open_programme_rejects_bad_input() {
    execute(|| {
        for bad in ["", "2 1", "专款"] {
            assert_noop!(
                Funds::open_programme(signed(PROVINCE), code(bad)),
                Error::<Test>::CodeInvalid
            );
        }
        for organisation in [VILLAGE, AUDIT, BANK] {
            assert_noop!(
                Funds::open_programme(signed(organisation), code("1")),
                Error::<Test>::NotAnOffice
            );
        }
        let too_many: Vec<_> = (0..=MANAGERS_MAX).map(|n| n % 8).collect();
        for managers in [&[][..], &[PROVINCE, PROVINCE], &[99], &too_many] {
            assert_noop!(
                <Funds as PurposeFunds<_>>::open_programme(managers, code("1")),
                Error::<Test>::ManagersInvalid
            );
        }
    });
}

#[test]
fn open_tag_works() {
    execute(|| {
        assert_ok!(Funds::open_tag(signed(PROVINCE), PROGRAMME, 3, code("A"), 5));
        let details = TagDetails {
            code: code("A"),
            source: PROVINCE,
            ceiling_fen: 5,
            appropriated_fen: 0,
            paid_fen: 0,
            clawed_back_fen: 0,
            held_fen: 0,
        };
        assert_eq!(Funds::tag(PROGRAMME, 3), Some(details));
        System::assert_last_event(
            Event::TagOpened {
                programme: PROGRAMME,
                tag: 3,
                source: PROVINCE,
                ceiling_fen: 5,
                code: code("A"),
            }
            .into(),
        );
    });
}

#[test]
fn open_tag_rejects_bad_input() {
    let open =
        |by, programme, tag, text: &str| Funds::open_tag(signed(by), programme, tag, code(text), 5);
    execute(|| {
        assert_noop!(open(VILLAGE, PROGRAMME, 3, "A"), Error::<Test>::NotAnOffice);
        assert_noop!(open(PROVINCE, 9, 3, "A"), Error::<Test>::ProgrammeUnknown);
        assert_noop!(open(COUNTY, PROGRAMME, 3, "A"), Error::<Test>::NotManager);
        assert_noop!(open(PROVINCE, PROGRAMME, 3, ""), Error::<Test>::CodeInvalid);
        assert_noop!(open(PROVINCE, PROGRAMME, FOREST, "A"), Error::<Test>::TagExists);
        let mechanism = <Funds as PurposeFunds<_>>::open_programme(&[PROVINCE], code("M")).unwrap();
        assert_noop!(open(PROVINCE, mechanism, 3, "A"), Error::<Test>::ProgrammeOfMechanism);
        assert_noop!(
            <Funds as PurposeFunds<_>>::open_tag((9, 1), PROVINCE, code("A"), 5),
            Error::<Test>::ProgrammeUnknown
        );
    });
}

#[test]
fn set_ceiling_boundary_appropriated() {
    let set = |by, programme, tag, fen: Fen| Funds::set_ceiling(signed(by), programme, tag, fen);
    execute(|| {
        assert_ok!(Funds::appropriate(signed(PROVINCE), PROGRAMME, FOREST, 100, DOCUMENT));
        assert_noop!(set(PROVINCE, PROGRAMME, FOREST, 99), Error::<Test>::CeilingExceeded);
        assert_ok!(set(PROVINCE, PROGRAMME, FOREST, 100));
        System::assert_last_event(
            Event::CeilingSet { programme: PROGRAMME, tag: FOREST, ceiling_fen: 100 }.into(),
        );
        assert_noop!(set(VILLAGE, PROGRAMME, FOREST, 1_000), Error::<Test>::NotAnOffice);
        assert_noop!(set(COUNTY, PROGRAMME, FOREST, 1_000), Error::<Test>::NotTheSource);
        assert_noop!(set(PROVINCE, PROGRAMME, 9, 1_000), Error::<Test>::TagUnknown);
        assert_noop!(set(PROVINCE, 9, FOREST, 1_000), Error::<Test>::ProgrammeUnknown);
        let mechanism = <Funds as PurposeFunds<_>>::open_programme(&[PROVINCE], code("M")).unwrap();
        assert_noop!(set(PROVINCE, mechanism, 1, 1), Error::<Test>::ProgrammeOfMechanism);
        assert_noop!(
            <Funds as PurposeFunds<_>>::set_ceiling((mechanism, 1), 1),
            Error::<Test>::TagUnknown
        );
    });
}

#[test]
fn set_part_works() {
    execute(|| {
        assert_eq!(Funds::part_of(PROGRAMME, PROVINCE), Some(Part::Intermediary));
        assert_eq!(Funds::part_of(PROGRAMME, VILLAGE), Some(Part::Payee));
        assert_ok!(Funds::set_part(signed(PROVINCE), PROGRAMME, VILLAGE, None));
        assert_eq!(Funds::part_of(PROGRAMME, VILLAGE), None);
        System::assert_last_event(
            Event::PartSet {
                programme: PROGRAMME,
                organisation: VILLAGE,
                part: None,
                by: Some(PROVINCE),
            }
            .into(),
        );
    });
}

#[test]
fn set_part_rejects_bad_input() {
    let set = |by, programme, organisation, part| {
        Funds::set_part(signed(by), programme, organisation, Some(part))
    };
    use Part::{Intermediary, Payee};
    execute(|| {
        assert_noop!(set(VILLAGE, PROGRAMME, HAMLET, Payee), Error::<Test>::NotAnOffice);
        assert_noop!(set(OUTSIDE, PROGRAMME, HAMLET, Payee), Error::<Test>::NotManager);
        assert_noop!(set(COUNTY, PROGRAMME, OUTSIDE, Intermediary), Error::<Test>::NotManager);
        let remove = Funds::set_part(signed(COUNTY), PROGRAMME, TOWNSHIP, None);
        assert_noop!(remove, Error::<Test>::NotManager);
        // An intermediary names the payees that it pays.
        assert_ok!(set(COUNTY, PROGRAMME, BANK, Payee));
        assert_noop!(
            <Funds as PurposeFunds<AccountId>>::name_intermediary(PROGRAMME, HAMLET),
            Error::<Test>::IntermediaryIsNoOffice
        );
        assert_noop!(
            <Funds as PurposeFunds<AccountId>>::name_intermediary(9, COUNTY),
            Error::<Test>::ProgrammeUnknown
        );
        assert_ok!(<Funds as PurposeFunds<AccountId>>::name_intermediary(PROGRAMME, PROVINCE));
        assert_noop!(set(PROVINCE, 9, HAMLET, Payee), Error::<Test>::ProgrammeUnknown);
        assert_noop!(set(PROVINCE, PROGRAMME, 99, Payee), Error::<Test>::OrganisationUnknown);
        assert_noop!(set(PROVINCE, PROGRAMME, PROVINCE, Payee), Error::<Test>::ManagerHasPart);
        assert_noop!(
            set(PROVINCE, PROGRAMME, HAMLET, Intermediary),
            Error::<Test>::IntermediaryIsNoOffice
        );
        for office in [COUNTY, OUTSIDE] {
            assert_noop!(set(PROVINCE, PROGRAMME, office, Payee), Error::<Test>::PayeeIsOffice);
        }
    });
}

#[test]
fn flag_and_lift_flag_work() {
    execute(|| {
        let finding = Finding::Interception;
        assert_ok!(Funds::flag(signed(AUDIT), PROGRAMME, COUNTY, finding, DOCUMENT));
        System::assert_last_event(
            Event::Flagged {
                programme: PROGRAMME,
                organisation: COUNTY,
                auditor: AUDIT,
                finding,
                document: DOCUMENT,
            }
            .into(),
        );
        let flag = Flag { auditor: AUDIT, finding, document: DOCUMENT, flagged_at: 1 };
        assert_eq!(Funds::flag_of(PROGRAMME, COUNTY), Some(flag));
        assert_noop!(
            Funds::flag(signed(AUDIT), PROGRAMME, COUNTY, finding, DOCUMENT),
            Error::<Test>::OrganisationFlagged
        );
        assert_noop!(
            Funds::lift_flag(signed(AUDIT), PROGRAMME, COUNTY, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
        assert_ok!(Funds::lift_flag(signed(AUDIT), PROGRAMME, COUNTY, DOCUMENT));
        System::assert_last_event(
            Event::FlagLifted {
                programme: PROGRAMME,
                organisation: COUNTY,
                auditor: AUDIT,
                document: DOCUMENT,
            }
            .into(),
        );
        assert_noop!(
            Funds::lift_flag(signed(AUDIT), PROGRAMME, COUNTY, DOCUMENT),
            Error::<Test>::FlagUnknown
        );
    });
}

#[test]
fn flag_rejects_bad_input() {
    let flag = |by, programme, organisation, document| {
        Funds::flag(signed(by), programme, organisation, Finding::Fraud, document)
    };
    execute(|| {
        let not_auditor = pallet_participants::Error::<Test>::RoleNotHeld;
        assert_noop!(flag(PROVINCE, PROGRAMME, COUNTY, DOCUMENT), not_auditor);
        assert_noop!(flag(AUDIT, 9, COUNTY, DOCUMENT), Error::<Test>::ProgrammeUnknown);
        assert_noop!(flag(AUDIT, PROGRAMME, 99, DOCUMENT), Error::<Test>::OrganisationUnknown);
        assert_noop!(flag(AUDIT, PROGRAMME, COUNTY, [0; 32]), Error::<Test>::CommitmentMissing);
        let lift = Funds::lift_flag(signed(COUNTY), PROGRAMME, COUNTY, DOCUMENT);
        assert!(lift.is_err());
    });
}

#[test]
fn a_code_has_a_longest_length() {
    assert!(BudgetCode::try_from(vec![b'1'; 33]).is_err());
}

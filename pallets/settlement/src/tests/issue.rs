//! Issuing.

use crate::{
    Error, Event, ExternalReference, Fen, InstitutionDetails, Institutions, Posting, PostingKind,
    mock::*,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{ArithmeticError, DispatchError::BadOrigin, DispatchResult};

fn issue(agent: Account, beneficiary: Account, amount_fen: Fen, text: &str) -> DispatchResult {
    let origin = RuntimeOrigin::signed(agent);
    Settlement::issue(origin, beneficiary, amount_fen, reference(text), COMMITMENT)
}

#[test]
fn issue_works() {
    ExtBuilder::with_banks().build_and_execute(|| {
        assert_ok!(issue(BANKER, HOLDER, 300, "B20260801-0001"));
        assert_eq!(Balances::free_balance(HOLDER), 300);
        let details = InstitutionDetails { ceiling_fen: 1_000, issued_fen: 300, redeemed_fen: 0 };
        assert_eq!(Settlement::institution(BANK), Some(details));
        assert_eq!(details.outstanding_fen(), 300);
        let posting = Posting {
            kind: PostingKind::Issue { document: COMMITMENT },
            account: HOLDER,
            amount_fen: 300,
            posted_at: 1,
        };
        assert_eq!(Settlement::posting(BANK, reference("B20260801-0001")), Some(posting));
        System::assert_last_event(
            Event::Issued {
                institution: BANK,
                beneficiary: HOLDER,
                amount_fen: 300,
                external_reference: reference("B20260801-0001"),
                document: COMMITMENT,
            }
            .into(),
        );
    });
}

#[test]
fn issue_rejects_unsigned_and_governance() {
    ExtBuilder::with_banks().build_and_execute(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                Settlement::issue(origin, HOLDER, 1, reference("D1"), COMMITMENT),
                BadOrigin
            );
        }
    });
}

#[test]
fn issue_rejects_those_who_are_no_institution() {
    ExtBuilder::with_banks().build_and_execute(|| {
        assert_noop!(issue(HOLDER, OTHER_HOLDER, 1, "D1"), NO_CAPACITY);
        assert_noop!(issue(STRANGER, HOLDER, 1, "D1"), UNKNOWN_AGENT);
        Suspended::set([BANK].into());
        assert_noop!(issue(BANKER, HOLDER, 1, "D1"), UNKNOWN_AGENT);
    });
}

#[test]
fn issue_rejects_an_institution_without_ceiling() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(issue(BANKER, HOLDER, 1, "D1"), Error::<Test>::InstitutionUnknown);
    });
}

#[test]
fn issue_rejects_nothing() {
    ExtBuilder::with_banks().build_and_execute(|| {
        assert_noop!(issue(BANKER, HOLDER, 0, "D1"), Error::<Test>::AmountZero);
    });
}

#[test]
fn issue_rejects_a_missing_document() {
    ExtBuilder::with_banks().build_and_execute(|| {
        let origin = RuntimeOrigin::signed(BANKER);
        assert_noop!(
            Settlement::issue(origin, HOLDER, 1, reference("D1"), [0; 32]),
            Error::<Test>::CommitmentMissing
        );
    });
}

#[test]
fn issue_rejects_bad_references() {
    ExtBuilder::with_banks().build_and_execute(|| {
        for bad in ["", "with space", "tab\t", "nul\0", "单号"] {
            assert_noop!(issue(BANKER, HOLDER, 1, bad), Error::<Test>::ReferenceInvalid);
        }
    });
}

#[test]
fn issue_boundary_reference_length() {
    ExtBuilder::with_banks().build_and_execute(|| {
        assert_ok!(issue(BANKER, HOLDER, 1, "!"));
        assert_ok!(issue(BANKER, HOLDER, 1, &"~".repeat(64)));
        assert!(ExternalReference::try_from(vec![b'a'; 65]).is_err());
    });
}

#[test]
fn issue_rejects_a_used_reference() {
    ExtBuilder::with_banks().build_and_execute(|| {
        assert_ok!(issue(BANKER, HOLDER, 1, "D1"));
        assert_noop!(issue(BANKER, HOLDER, 1, "D1"), Error::<Test>::ReferenceUsed);
        assert_noop!(issue(BANKER + 1, OTHER_HOLDER, 2, "D1"), Error::<Test>::ReferenceUsed);
        // References are an institution's own.
        assert_ok!(issue(OTHER_BANKER, HOLDER, 1, "D1"));
    });
}

#[test]
fn issue_rejects_beneficiaries_that_act_for_nobody() {
    ExtBuilder::with_banks().build_and_execute(|| {
        assert_noop!(issue(BANKER, STRANGER, 1, "D1"), Error::<Test>::BeneficiaryUnknown);
        Suspended::set([TEA].into());
        assert_noop!(issue(BANKER, HOLDER, 1, "D1"), Error::<Test>::BeneficiaryUnknown);
    });
}

#[test]
fn issue_rejects_the_institution_itself() {
    ExtBuilder::with_banks().build_and_execute(|| {
        for own in [BANKER, BANKER + 1] {
            assert_noop!(issue(BANKER, own, 1, "D1"), Error::<Test>::SameOrganisation);
        }
        // Another institution is a customer like any other.
        assert_ok!(issue(BANKER, OTHER_BANKER, 1, "D1"));
    });
}

#[test]
fn issue_boundary_ceiling() {
    ExtBuilder::with_banks().build_and_execute(|| {
        assert_noop!(issue(BANKER, HOLDER, 1_001, "D1"), Error::<Test>::CeilingExceeded);
        assert_ok!(issue(BANKER, HOLDER, 1_000, "D1"));
        assert_noop!(issue(BANKER, HOLDER, 1, "D2"), Error::<Test>::CeilingExceeded);
        assert_noop!(issue(BANKER, HOLDER, Fen::MAX, "D2"), Error::<Test>::CeilingExceeded);
        // The ceiling is each institution's own.
        assert_ok!(issue(OTHER_BANKER, HOLDER, 1_000, "D2"));
    });
}

#[test]
fn issue_boundary_of_all_money() {
    ExtBuilder::with_banks().build_and_execute(|| {
        for bank in [BANK, OTHER_BANK] {
            assert_ok!(Settlement::set_ceiling(RuntimeOrigin::root(), bank, Fen::MAX));
        }
        assert_ok!(issue(BANKER, HOLDER, Fen::MAX, "D1"));
        assert_noop!(issue(BANKER, OTHER_HOLDER, 1, "D2"), Error::<Test>::CeilingExceeded);
        // Total issuance is full.
        assert_noop!(issue(OTHER_BANKER, OTHER_HOLDER, 1, "D2"), ArithmeticError::Overflow);
    });
}

#[test]
fn issue_boundary_sum_of_issues() {
    ExtBuilder::with_banks().build_and_execute(|| {
        let ceiling_fen = Fen::MAX;
        let spent =
            InstitutionDetails { ceiling_fen, issued_fen: Fen::MAX, redeemed_fen: Fen::MAX };
        let before = Institutions::<Test>::get(BANK);
        Institutions::<Test>::insert(BANK, spent);
        assert_noop!(issue(BANKER, HOLDER, 1, "D1"), ArithmeticError::Overflow);
        Institutions::<Test>::set(BANK, before);
    });
}

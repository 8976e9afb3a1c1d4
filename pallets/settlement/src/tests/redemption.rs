//! Redeeming: request, accept, confirm, reject, cancel.

use crate::{
    Commitment, Error, Event, Fen, HoldReason, InstitutionDetails, Institutions,
    OPEN_REDEMPTIONS_MAX, OpenRedemptions, Posting, PostingKind, RedemptionDetails, RedemptionId,
    RedemptionStatus, Redemptions, RejectReason, mock::*,
};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        LockableCurrency, WithdrawReasons,
        fungible::{Inspect, InspectHold},
    },
};
use pallet_participants::{OnKeyReplaced, authority::OrganisationId};
use sp_runtime::{DispatchError::BadOrigin, DispatchResult, TokenError};

fn signed(account: Account) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

fn request(holder: Account, institution: OrganisationId, amount_fen: Fen) -> DispatchResult {
    Settlement::request_redemption(signed(holder), institution, amount_fen, COMMITMENT)
}

fn on_hold(holder: Account) -> Fen {
    Balances::balance_on_hold(&HoldReason::Redemption.into(), &holder)
}

fn status(id: RedemptionId) -> RedemptionStatus {
    Redemptions::<Test>::get(id).unwrap().status
}

/// [`BANK`] has issued 300 fen to [`HOLDER`].
fn with_money(test: impl FnOnce()) {
    ExtBuilder::with_banks().build_and_execute(|| {
        assert_ok!(Settlement::issue(signed(BANKER), HOLDER, 300, reference("D1"), COMMITMENT));
        next_block();
        test();
    });
}

/// The same, and [`HOLDER`] has requested 200 fen of [`BANK`], as redemption 0.
fn with_request(test: impl FnOnce()) {
    with_money(|| {
        assert_ok!(request(HOLDER, BANK, 200));
        next_block();
        test();
    });
}

#[test]
fn request_redemption_works() {
    with_money(|| {
        assert_ok!(request(HOLDER, BANK, 200));
        assert_eq!((Balances::free_balance(HOLDER), on_hold(HOLDER)), (100, 200));
        let redemption = RedemptionDetails {
            holder: HOLDER,
            institution: BANK,
            amount_fen: 200,
            payee_account: COMMITMENT,
            requested_at: 2,
            status: RedemptionStatus::Requested,
        };
        assert_eq!(Settlement::redemption(0), Some(redemption.clone()));
        assert_eq!(Settlement::open_redemptions(BANK, None, 10), [(0, redemption)]);
        assert_eq!(Settlement::open_redemptions(OTHER_BANK, None, 10), []);
        System::assert_last_event(
            Event::RedemptionRequested {
                id: 0,
                holder: HOLDER,
                institution: BANK,
                amount_fen: 200,
                payee_account: COMMITMENT,
            }
            .into(),
        );
        assert_ok!(request(HOLDER, OTHER_BANK, 1));
        assert_eq!(status(1), RedemptionStatus::Requested);
    });
}

#[test]
fn request_redemption_boundary_amount() {
    with_money(|| {
        assert_noop!(request(HOLDER, BANK, 301), TokenError::FundsUnavailable);
        assert_noop!(request(HOLDER, BANK, Fen::MAX), TokenError::FundsUnavailable);
        assert_noop!(request(HOLDER, BANK, 0), Error::<Test>::AmountZero);
        assert_ok!(request(HOLDER, BANK, 300));
        assert_noop!(request(HOLDER, BANK, 1), TokenError::FundsUnavailable);
    });
}

#[test]
fn request_redemption_keeps_money_from_transfers() {
    with_request(|| {
        assert_noop!(
            Balances::transfer_allow_death(signed(HOLDER), OTHER_HOLDER, 101),
            TokenError::FundsUnavailable
        );
    });
}

#[test]
fn request_redemption_boundary_open() {
    with_money(|| {
        for _ in 0..OPEN_REDEMPTIONS_MAX {
            assert_ok!(request(HOLDER, BANK, 1));
        }
        assert_noop!(request(HOLDER, OTHER_BANK, 1), Error::<Test>::TooManyOpenRedemptions);
        assert_ok!(Settlement::cancel_redemption(signed(HOLDER), 7));
        assert_ok!(request(HOLDER, OTHER_BANK, 1));
    });
}

#[test]
fn request_redemption_rejects_bad_input() {
    with_money(|| {
        let none: Commitment = [0; 32];
        assert_noop!(
            Settlement::request_redemption(signed(HOLDER), BANK, 1, none),
            Error::<Test>::CommitmentMissing
        );
        assert_noop!(request(STRANGER, BANK, 1), UNKNOWN_AGENT);
        assert_noop!(request(HOLDER, 77, 1), Error::<Test>::InstitutionUnknown);
        assert_noop!(request(BANKER, BANK, 1), Error::<Test>::SameOrganisation);
        Clearing::set([OTHER_BANK].into());
        assert_noop!(request(HOLDER, BANK, 1), Error::<Test>::InstitutionInactive);
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let call = Settlement::request_redemption(origin, BANK, 1, COMMITMENT);
            assert_noop!(call, BadOrigin);
        }
    });
}

#[test]
fn accept_redemption_works() {
    with_request(|| {
        assert_ok!(Settlement::accept_redemption(signed(BANKER + 1), 0));
        assert_eq!(status(0), RedemptionStatus::Accepted);
        assert_eq!(on_hold(HOLDER), 200);
        assert_eq!(OpenRedemptions::<Test>::get(BANK, 0), Some(200));
        System::assert_last_event(Event::RedemptionAccepted { id: 0, institution: BANK }.into());
        assert_noop!(
            Settlement::cancel_redemption(signed(HOLDER), 0),
            Error::<Test>::RedemptionNotRequested
        );
        assert_noop!(
            Settlement::accept_redemption(signed(BANKER), 0),
            Error::<Test>::RedemptionNotRequested
        );
    });
}

#[test]
fn confirm_redemption_works() {
    with_request(|| {
        assert_ok!(Settlement::accept_redemption(signed(BANKER), 0));
        assert_ok!(Settlement::confirm_redemption(signed(BANKER), 0, reference("P1")));
        assert_eq!((Balances::free_balance(HOLDER), on_hold(HOLDER)), (100, 0));
        assert_eq!(Balances::total_issuance(), 100);
        let external_reference = reference("P1");
        assert_eq!(status(0), RedemptionStatus::Confirmed { external_reference });
        assert_eq!(OpenRedemptions::<Test>::get(BANK, 0), None);
        let details = InstitutionDetails { ceiling_fen: 1_000, issued_fen: 300, redeemed_fen: 200 };
        assert_eq!(Settlement::institution(BANK), Some(details));
        let posting = Posting {
            kind: PostingKind::Redemption { id: 0 },
            account: HOLDER,
            amount_fen: 200,
            posted_at: 3,
        };
        assert_eq!(Settlement::posting(BANK, reference("P1")), Some(posting));
        System::assert_last_event(
            Event::RedemptionConfirmed {
                id: 0,
                holder: HOLDER,
                institution: BANK,
                amount_fen: 200,
                external_reference: reference("P1"),
            }
            .into(),
        );
    });
}

#[test]
fn confirm_redemption_works_without_accepting() {
    with_request(|| {
        assert_ok!(Settlement::confirm_redemption(signed(BANKER), 0, reference("P1")));
        assert_eq!(Balances::total_issuance(), 100);
    });
}

#[test]
fn confirm_redemption_makes_room_under_the_ceiling() {
    with_request(|| {
        let issue = |amount_fen| {
            Settlement::issue(signed(BANKER), HOLDER, amount_fen, reference("D2"), COMMITMENT)
        };
        assert_noop!(issue(701), Error::<Test>::CeilingExceeded);
        assert_ok!(Settlement::confirm_redemption(signed(BANKER), 0, reference("P1")));
        assert_noop!(issue(901), Error::<Test>::CeilingExceeded);
        assert_ok!(issue(900));
    });
}

#[test]
fn confirm_redemption_ignores_freezes() {
    with_request(|| {
        Balances::set_lock(*b"testlock", &HOLDER, 300, WithdrawReasons::all());
        assert_ok!(Settlement::confirm_redemption(signed(BANKER), 0, reference("P1")));
        assert_eq!(Balances::total_balance(&HOLDER), 100);
    });
}

#[test]
fn confirm_redemption_of_all_money_keeps_the_agent() {
    with_money(|| {
        assert_ok!(request(HOLDER, BANK, 300));
        assert_ok!(Settlement::confirm_redemption(signed(BANKER), 0, reference("P1")));
        assert_eq!(Balances::total_issuance(), 0);
        assert!(System::providers(&HOLDER) > 0);
    });
}

#[test]
fn confirm_redemption_rejects_bad_references() {
    with_request(|| {
        let confirm = |text| Settlement::confirm_redemption(signed(BANKER), 0, reference(text));
        for bad in ["", "with space", "\u{7f}"] {
            assert_noop!(confirm(bad), Error::<Test>::ReferenceInvalid);
        }
        // The reference of an issue.
        assert_noop!(confirm("D1"), Error::<Test>::ReferenceUsed);
        assert_ok!(confirm("P1"));
        assert_noop!(
            Settlement::issue(signed(BANKER), HOLDER, 1, reference("P1"), COMMITMENT),
            Error::<Test>::ReferenceUsed
        );
        assert_ok!(request(HOLDER, BANK, 1));
        assert_noop!(
            Settlement::confirm_redemption(signed(BANKER), 1, reference("P1")),
            Error::<Test>::ReferenceUsed
        );
    });
}

#[test]
fn confirm_redemption_boundary_outstanding() {
    with_money(|| {
        // OTHER_BANK has 99 fen outstanding.
        let other = || signed(OTHER_BANKER);
        assert_ok!(Settlement::issue(other(), OTHER_HOLDER, 99, reference("D1"), COMMITMENT));
        assert_ok!(request(HOLDER, OTHER_BANK, 100));
        assert_noop!(
            Settlement::confirm_redemption(other(), 0, reference("P1")),
            Error::<Test>::OutstandingExceeded
        );
        // Money that BANK issued is as good.
        assert_ok!(request(HOLDER, OTHER_BANK, 99));
        assert_ok!(Settlement::confirm_redemption(other(), 1, reference("P1")));
        let details = Settlement::institution(OTHER_BANK).unwrap();
        assert_eq!(details.outstanding_fen(), 0);
    });
}

#[test]
fn confirm_redemption_rejects_an_institution_that_was_lost() {
    with_request(|| {
        let before = Institutions::<Test>::take(BANK);
        assert_noop!(
            Settlement::confirm_redemption(signed(BANKER), 0, reference("P1")),
            Error::<Test>::InstitutionUnknown
        );
        Institutions::<Test>::set(BANK, before);
    });
}

#[test]
fn reject_redemption_works() {
    with_request(|| {
        let reason = RejectReason::AccountMismatch;
        assert_ok!(Settlement::reject_redemption(signed(BANKER), 0, reason));
        assert_eq!((Balances::free_balance(HOLDER), on_hold(HOLDER)), (300, 0));
        assert_eq!(status(0), RedemptionStatus::Rejected { reason });
        assert_eq!(OpenRedemptions::<Test>::get(BANK, 0), None);
        System::assert_last_event(
            Event::RedemptionRejected {
                id: 0,
                holder: HOLDER,
                amount_fen: 200,
                reason,
                by_governance: false,
            }
            .into(),
        );
    });
}

#[test]
fn reject_redemption_works_after_accepting() {
    with_request(|| {
        assert_ok!(Settlement::accept_redemption(signed(BANKER), 0));
        let reason = RejectReason::PaymentFailed;
        assert_ok!(Settlement::reject_redemption(signed(BANKER), 0, reason));
        assert_eq!(Balances::free_balance(HOLDER), 300);
    });
}

#[test]
fn reject_redemption_by_governance_frees_what_an_institution_leaves() {
    with_request(|| {
        assert_ok!(Settlement::accept_redemption(signed(BANKER), 0));
        Suspended::set([BANK].into());
        let reason = RejectReason::InstitutionInactive;
        assert_ok!(Settlement::reject_redemption(RuntimeOrigin::root(), 0, reason));
        assert_eq!(Balances::free_balance(HOLDER), 300);
        System::assert_last_event(
            Event::RedemptionRejected {
                id: 0,
                holder: HOLDER,
                amount_fen: 200,
                reason,
                by_governance: true,
            }
            .into(),
        );
        assert_noop!(
            Settlement::reject_redemption(RuntimeOrigin::root(), 0, reason),
            Error::<Test>::RedemptionClosed
        );
        assert_noop!(
            Settlement::reject_redemption(RuntimeOrigin::root(), 1, reason),
            Error::<Test>::RedemptionUnknown
        );
    });
}

#[test]
fn cancel_redemption_works() {
    with_request(|| {
        assert_ok!(Settlement::cancel_redemption(signed(HOLDER), 0));
        assert_eq!((Balances::free_balance(HOLDER), on_hold(HOLDER)), (300, 0));
        assert_eq!(status(0), RedemptionStatus::Cancelled);
        assert_eq!(OpenRedemptions::<Test>::get(BANK, 0), None);
        System::assert_last_event(
            Event::RedemptionCancelled { id: 0, holder: HOLDER, amount_fen: 200 }.into(),
        );
    });
}

#[test]
fn cancel_redemption_rejects_bad_input() {
    with_request(|| {
        let unknown = Error::<Test>::RedemptionUnknown;
        assert_noop!(Settlement::cancel_redemption(signed(HOLDER), 1), unknown);
        for other in [OTHER_HOLDER, BANKER, STRANGER] {
            assert_noop!(Settlement::cancel_redemption(signed(other), 0), Error::<Test>::NotHolder);
        }
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(Settlement::cancel_redemption(origin, 0), BadOrigin);
        }
    });
}

#[test]
fn institutions_calls_reject_others() {
    with_request(|| {
        type InstitutionCall = fn(RuntimeOrigin, RedemptionId) -> DispatchResult;
        let calls: [InstitutionCall; 3] = [
            Settlement::accept_redemption,
            |origin, id| Settlement::confirm_redemption(origin, id, reference("P1")),
            |origin, id| Settlement::reject_redemption(origin, id, RejectReason::DocumentsMissing),
        ];
        for call in calls {
            assert_noop!(call(signed(BANKER), 1), Error::<Test>::RedemptionUnknown);
            assert_noop!(call(signed(OTHER_BANKER), 0), Error::<Test>::NotTheInstitution);
            assert_noop!(call(signed(HOLDER), 0), NO_CAPACITY);
            assert_noop!(call(signed(STRANGER), 0), UNKNOWN_AGENT);
            assert_noop!(call(RuntimeOrigin::none(), 0), BadOrigin);
        }
        let root = RuntimeOrigin::root;
        assert_noop!(Settlement::accept_redemption(root(), 0), BadOrigin);
        assert_noop!(Settlement::confirm_redemption(root(), 0, reference("P1")), BadOrigin);
    });
}

#[test]
fn nothing_happens_to_closed_redemptions() {
    let confirm: fn() -> DispatchResult =
        || Settlement::confirm_redemption(signed(BANKER), 0, reference("P1"));
    let reject: fn() -> DispatchResult =
        || Settlement::reject_redemption(signed(BANKER), 0, RejectReason::PaymentForbidden);
    let cancel: fn() -> DispatchResult = || Settlement::cancel_redemption(signed(HOLDER), 0);
    for close in [confirm, reject, cancel] {
        with_request(|| {
            assert_ok!(close());
            let again = || Settlement::confirm_redemption(signed(BANKER), 0, reference("P2"));
            assert_noop!(again(), Error::<Test>::RedemptionClosed);
            assert_noop!(reject(), Error::<Test>::RedemptionClosed);
            assert_noop!(cancel(), Error::<Test>::RedemptionNotRequested);
            assert_noop!(
                Settlement::accept_redemption(signed(BANKER), 0),
                Error::<Test>::RedemptionNotRequested
            );
        });
    }
}

#[test]
fn a_new_key_takes_over_money_and_open_redemptions() {
    with_request(|| {
        assert_ok!(request(HOLDER, OTHER_BANK, 30));
        assert_ok!(request(HOLDER, BANK, 5));
        assert_ok!(Settlement::cancel_redemption(signed(HOLDER), 2));
        assert_ok!(Settlement::on_key_replaced(&HOLDER, &OTHER_HOLDER));
        assert_eq!(Balances::total_balance(&HOLDER), 0);
        assert_eq!((Balances::free_balance(OTHER_HOLDER), on_hold(OTHER_HOLDER)), (70, 230));
        assert_eq!(Settlement::open_redemptions_of(HOLDER), []);
        let moved = Settlement::open_redemptions_of(OTHER_HOLDER);
        assert!(
            moved
                .iter()
                .map(|(id, it)| (*id, it.holder))
                .eq([(0, OTHER_HOLDER), (1, OTHER_HOLDER)])
        );
        // What was closed remains the old holder's history.
        assert_eq!(Settlement::redemption(2).unwrap().holder, HOLDER);
        for id in [0, 1] {
            System::assert_has_event(
                Event::RedemptionHolderReplaced { id, old: HOLDER, new: OTHER_HOLDER }.into(),
            );
        }
        assert_noop!(Settlement::cancel_redemption(signed(HOLDER), 0), Error::<Test>::NotHolder);
        assert_ok!(Settlement::cancel_redemption(signed(OTHER_HOLDER), 0));
        assert_ok!(Settlement::issue(
            signed(OTHER_BANKER),
            OTHER_HOLDER,
            30,
            reference("D1"),
            COMMITMENT
        ));
        assert_ok!(Settlement::confirm_redemption(signed(OTHER_BANKER), 1, reference("P1")));
        assert_eq!((Balances::free_balance(OTHER_HOLDER), on_hold(OTHER_HOLDER)), (300, 0));
    });
}

#[test]
fn a_new_key_takes_over_where_nothing_is_open() {
    with_money(|| {
        assert_ok!(Settlement::on_key_replaced(&HOLDER, &OTHER_HOLDER));
        assert_eq!(Balances::free_balance(OTHER_HOLDER), 300);
        assert_ok!(Settlement::on_key_replaced(&HOLDER, &OTHER_HOLDER));
    });
}

#[test]
fn a_new_key_boundary_open() {
    with_money(|| {
        assert_ok!(Balances::transfer_allow_death(signed(HOLDER), OTHER_HOLDER, 100));
        assert_ok!(request(HOLDER, BANK, 1));
        for _ in 1..OPEN_REDEMPTIONS_MAX {
            assert_ok!(request(OTHER_HOLDER, BANK, 1));
        }
        assert_ok!(Settlement::on_key_replaced(&HOLDER, &OTHER_HOLDER));
        assert_ok!(Balances::transfer_allow_death(signed(OTHER_HOLDER), HOLDER, 100));
        assert_ok!(request(HOLDER, BANK, 1));
        let replaced = frame_support::storage::with_storage_layer(|| {
            Settlement::on_key_replaced(&HOLDER, &OTHER_HOLDER)
        });
        assert_eq!(replaced, Err(Error::<Test>::TooManyOpenRedemptions.into()));
    });
}

#[test]
fn open_redemptions_pages_through_all() {
    with_money(|| {
        for _ in 0..7 {
            assert_ok!(request(HOLDER, BANK, 10));
        }
        assert_ok!(Settlement::cancel_redemption(signed(HOLDER), 3));
        let mut seen = Vec::new();
        let mut last = None;
        loop {
            let page = Settlement::open_redemptions(BANK, last, 2);
            assert!(page.len() <= 2);
            let Some((id, _)) = page.last() else { break };
            last = Some(*id);
            seen.extend(page.into_iter().map(|(id, _)| id));
        }
        seen.sort();
        assert_eq!(seen, [0, 1, 2, 4, 5, 6]);
        assert_eq!(Settlement::open_redemptions(BANK, None, 0), []);
        assert_eq!(Settlement::open_redemptions(BANK, None, u32::MAX).len(), 6);
    });
}

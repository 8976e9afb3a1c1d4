//! Settlements: computed, confirmed, disputed, decided, paid.

use crate::{
    DecidedLegs, Due, DueKey, Error, Event, Fen, Leg, SettlementStatus, Trace, mock::*,
    pallet::PAGE_MAX,
};
use frame_support::{assert_noop, assert_ok};
use pallet_calendar::Calendar;
use pallet_funds::{Holder, Part};
use sp_runtime::DispatchResult;

const PARTIES: [u32; 2] = [UPSTREAM, DOWNSTREAM];
/// What the ladder of the mock pays.
const AMOUNT_FEN: Fen = 100 * MILLION_YUAN;

fn compute(by: u32) -> DispatchResult {
    Compensation::compute_settlement(signed(by), 0, 2025)
}

fn dispute(by: u32) -> DispatchResult {
    Compensation::dispute_settlement(signed(by), 0, 2025, DOCUMENT)
}

fn legs(of: &[(u8, u8, Fen)]) -> DecidedLegs {
    of.to_vec().try_into().unwrap()
}

fn decide(by: u32, of: &[(u8, u8, Fen)]) -> DispatchResult {
    Compensation::decide_settlement(signed(by), 0, 2025, legs(of), DOCUMENT)
}

fn pay_in(by: u32, fen: Fen) -> DispatchResult {
    Compensation::pay_in(signed(by), 0, 2025, fen, DOCUMENT)
}

fn pay(by: u32, leg: u8, fen: Fen) -> DispatchResult {
    Compensation::pay_settlement(signed(by), 0, 2025, leg, fen, DOCUMENT)
}

fn return_escrow(by: u32, fen: Fen) -> DispatchResult {
    Compensation::return_escrow(signed(by), 0, 2025, fen, DOCUMENT)
}

fn status() -> SettlementStatus {
    Compensation::settlement(0, 2025).unwrap().status
}

/// A good year, computed: downstream is to pay.
fn computed() {
    with_agreement();
    sample_year(0, 2025, 0, &[900; 4]);
    assert_ok!(compute(UPSTREAM));
}

/// The same, confirmed.
fn confirmed() {
    computed();
    confirm(0, 2025, &PARTIES);
}

#[test]
fn compute_settlement_works() {
    execute(|| {
        with_agreement();
        sample_year(0, 2025, 0, &[900; 4]);
        for by in [UPSTREAM, DOWNSTREAM, SUPERIOR] {
            assert_ok!(compute(by));
        }
        let settlement = Compensation::settlement(0, 2025).unwrap();
        let trace = Trace::WeightedIndex { index_ppb: 765_000_000, step: 0 };
        let leg = Leg { payer: 1, payee: 0, amount_fen: AMOUNT_FEN, paid_fen: 0 };
        assert_eq!(settlement.version, 1);
        assert_eq!(
            (settlement.trace.clone(), settlement.legs.to_vec()),
            (trace.clone(), vec![leg])
        );
        assert_eq!(settlement.status, SettlementStatus::Computed { confirmed: 0 });
        System::assert_last_event(
            Event::SettlementComputed {
                agreement: 0,
                year: 2025,
                version: 1,
                results_hash: settlement.results_hash,
                trace: trace.clone(),
                legs: settlement.legs.clone(),
            }
            .into(),
        );
        let recomputed = Compensation::recompute_settlement(0, 2025);
        assert_eq!(recomputed, Some((trace, settlement.legs)));
    });
}

#[test]
fn compute_settlement_rejects_bad_input() {
    execute(|| {
        with_agreement();
        let call = |by, id, year| Compensation::compute_settlement(signed(by), id, year);
        assert_noop!(call(UPSTREAM, 9, 2025), Error::<Test>::AgreementUnknown);
        assert_noop!(call(THIRD, 0, 2025), Error::<Test>::NotAParty);
        assert_noop!(call(PROVINCE, 0, 2025), NO_CAPACITY);
        for year in [2024, 2028] {
            assert_noop!(call(UPSTREAM, 0, year), Error::<Test>::YearMismatch);
        }
        assert_noop!(call(UPSTREAM, 0, 2026), Error::<Test>::YearNotOver);
        assert_noop!(call(UPSTREAM, 0, 2025), Error::<Test>::TooManyMonthsMissing);
        sample_year(0, 2025, 0, &[900; 4]);
        Now::set(day(2026, 1, 1) - 1);
        assert_noop!(call(UPSTREAM, 0, 2025), Error::<Test>::YearNotOver);
        Now::set(day(2026, 1, 1));
        assert_ok!(call(UPSTREAM, 0, 2025));
        assert_eq!(Compensation::recompute_settlement(0, 2026), None);
    });
}

#[test]
fn confirm_settlement_works() {
    execute(|| {
        computed();
        let hash = Compensation::settlement(0, 2025).unwrap().results_hash;
        let call = |by, year, hash| Compensation::confirm_settlement(signed(by), 0, year, hash);
        assert_noop!(call(THIRD, 2025, hash), Error::<Test>::NotAParty);
        assert_noop!(call(SUPERIOR, 2025, hash), Error::<Test>::NotAParty);
        assert_noop!(call(UPSTREAM, 2026, hash), Error::<Test>::NotComputed);
        assert_noop!(call(UPSTREAM, 2025, [9; 32]), Error::<Test>::HashMismatch);
        assert_ok!(call(UPSTREAM, 2025, hash));
        System::assert_last_event(
            Event::SettlementConfirmed { agreement: 0, year: 2025, party: 0 }.into(),
        );
        assert_noop!(call(UPSTREAM, 2025, hash), Error::<Test>::AlreadySigned);
        assert_eq!(status(), SettlementStatus::Computed { confirmed: 1 });
        assert_ok!(call(DOWNSTREAM, 2025, hash));
        assert_eq!(status(), SettlementStatus::Confirmed);
        let due_at = <()>::due(Now::get(), terms(&PARTIES).pay_term).unwrap();
        System::assert_last_event(
            Event::SettlementFellDue { agreement: 0, year: 2025, due_at }.into(),
        );
        let key = DueKey::Settlement { agreement: 0, year: 2025, leg: 0 };
        let due = Due { debtor: DOWNSTREAM, creditor: UPSTREAM, open_fen: AMOUNT_FEN, due_at };
        assert_eq!(Compensation::due(key), Some(due));

        // Nothing changes it any more.
        assert_noop!(call(DOWNSTREAM, 2025, hash), Error::<Test>::SettlementFinal);
        assert_noop!(compute(UPSTREAM), Error::<Test>::SettlementFinal);
        assert_noop!(dispute(UPSTREAM), Error::<Test>::SettlementFinal);
        assert_noop!(decide(SUPERIOR, &[]), Error::<Test>::SettlementFinal);
        assert_noop!(
            Compensation::dispute_sample(signed(UPSTREAM), 0, 2025, 0, 1, DOCUMENT),
            Error::<Test>::SettlementFinal
        );
        assert_noop!(
            Compensation::mark_incident(signed(SUPERIOR), 0, 2025, 0, DOCUMENT),
            Error::<Test>::SettlementFinal
        );
        assert_noop!(
            Compensation::exempt_month(signed(SUPERIOR), 0, 2025, 0, 1, DOCUMENT),
            Error::<Test>::SettlementFinal
        );
    });
}

#[test]
fn dispute_settlement_works() {
    execute(|| {
        with_agreement();
        assert_noop!(dispute(UPSTREAM), Error::<Test>::NotComputed);
        sample_year(0, 2025, 0, &[900; 4]);
        assert_ok!(compute(UPSTREAM));
        assert_noop!(dispute(SUPERIOR), Error::<Test>::NotAParty);
        let no_document = Compensation::dispute_settlement(signed(UPSTREAM), 0, 2025, [0; 32]);
        assert_noop!(no_document, Error::<Test>::CommitmentMissing);
        assert_ok!(dispute(DOWNSTREAM));
        System::assert_last_event(
            Event::SettlementDisputed { agreement: 0, year: 2025, party: 1, document: DOCUMENT }
                .into(),
        );
        assert_noop!(dispute(UPSTREAM), Error::<Test>::SettlementDisputed);
        let hash = Compensation::settlement(0, 2025).unwrap().results_hash;
        assert_noop!(
            Compensation::confirm_settlement(signed(UPSTREAM), 0, 2025, hash),
            Error::<Test>::SettlementDisputed
        );
        // Computing it again ends the dispute, as long as nothing is decided.
        assert_ok!(compute(UPSTREAM));
        assert_eq!(status(), SettlementStatus::Computed { confirmed: 0 });
    });
}

/// What comes in after the computation makes it wait for another; confirmations do not carry over.
#[test]
fn a_late_sample_or_incident_unsettles() {
    execute(|| {
        with_agreement();
        for month in 1..=11 {
            sample(0, 2025, 0, month, &[900; 4]);
        }
        assert_ok!(compute(UPSTREAM));
        let hash = Compensation::settlement(0, 2025).unwrap().results_hash;
        assert_ok!(Compensation::confirm_settlement(signed(UPSTREAM), 0, 2025, hash));
        sample(0, 2025, 0, 12, &[5_000; 4]);
        assert_eq!(status(), SettlementStatus::Disputed);
        assert_ok!(compute(UPSTREAM));
        assert_eq!(status(), SettlementStatus::Computed { confirmed: 0 });
        assert_noop!(
            Compensation::confirm_settlement(signed(DOWNSTREAM), 0, 2025, hash),
            Error::<Test>::HashMismatch
        );
        assert_ok!(Compensation::mark_incident(signed(SUPERIOR), 0, 2025, 0, DOCUMENT));
        assert_eq!(status(), SettlementStatus::Disputed);
        assert_ok!(compute(UPSTREAM));
        // The incident fails the section: upstream pays, whatever the index.
        let settlement = Compensation::settlement(0, 2025).unwrap();
        assert_eq!((settlement.legs[0].payer, settlement.legs[0].payee), (0, 1));
    });
}

#[test]
fn decide_settlement_works() {
    execute(|| {
        computed();
        assert_noop!(decide(SUPERIOR, &[]), Error::<Test>::NothingToDecide);
        assert_ok!(dispute(UPSTREAM));
        let no_document =
            Compensation::decide_settlement(signed(SUPERIOR), 0, 2025, legs(&[]), [0; 32]);
        assert_noop!(no_document, Error::<Test>::CommitmentMissing);
        assert_noop!(decide(UPSTREAM, &[(1, 0, 5)]), Error::<Test>::NotTheSuperior);
        assert_noop!(decide(SUPERIOR, &[(1, 1, 5)]), Error::<Test>::PayerIsPayee);
        assert_noop!(decide(SUPERIOR, &[(1, 2, 5)]), Error::<Test>::NotAParty);
        assert_noop!(decide(SUPERIOR, &[(1, 0, 0)]), Error::<Test>::AmountZero);
        let cap_fen = terms(&PARTIES).cap_fen;
        let too_much = [(1, 0, cap_fen), (0, 1, 1)];
        assert_noop!(decide(SUPERIOR, &too_much), Error::<Test>::CapExceeded);
        let overflow = [(1, 0, Fen::MAX), (0, 1, 1)];
        assert_noop!(decide(SUPERIOR, &overflow), Error::<Test>::CapExceeded);
        assert_ok!(decide(SUPERIOR, &[(1, 0, cap_fen - 1), (0, 1, 1)]));
        let settlement = Compensation::settlement(0, 2025).unwrap();
        assert_eq!(settlement.status, SettlementStatus::Decided);
        assert_eq!(settlement.trace, Trace::Decision);
        System::assert_has_event(
            Event::SettlementDecided {
                agreement: 0,
                year: 2025,
                legs: settlement.legs,
                document: DOCUMENT,
            }
            .into(),
        );
        assert_noop!(decide(SUPERIOR, &[]), Error::<Test>::SettlementFinal);
    });
}

#[test]
fn decide_settlement_arbitrates_missing_months() {
    execute(|| {
        with_agreement();
        sample(0, 2025, 0, 1, &[900; 4]);
        assert_noop!(compute(UPSTREAM), Error::<Test>::TooManyMonthsMissing);
        let early = Compensation::decide_settlement(signed(SUPERIOR), 0, 2026, legs(&[]), DOCUMENT);
        assert_noop!(early, Error::<Test>::YearNotOver);
        let outside =
            Compensation::decide_settlement(signed(SUPERIOR), 0, 2028, legs(&[]), DOCUMENT);
        assert_noop!(outside, Error::<Test>::YearMismatch);
        assert_ok!(decide(SUPERIOR, &[]));
        // Nothing to pay is paid.
        assert_eq!(status(), SettlementStatus::Paid);
    });
}

#[test]
fn payment_goes_from_escrow_to_the_payee_with_its_tag() {
    execute(|| {
        confirmed();
        assert_ok!(pay_in(DOWNSTREAM, AMOUNT_FEN + 500));
        System::assert_last_event(
            Event::PaidIn { agreement: 0, year: 2025, party: 1, amount_fen: AMOUNT_FEN + 500 }
                .into(),
        );
        let programme = Compensation::agreement(0).unwrap().programme.unwrap();
        let tag = 20_251;
        let has = |holder| Funds::holding(programme, tag, holder).balance_fen;
        assert_eq!(has(Holder::Escrow), AMOUNT_FEN + 500);

        assert_noop!(pay(DOWNSTREAM, 1, 1), Error::<Test>::LegUnknown);
        assert_noop!(pay(DOWNSTREAM, 0, AMOUNT_FEN + 1), Error::<Test>::LegExceeded);
        assert_noop!(pay(DOWNSTREAM, 0, Fen::MAX), Error::<Test>::LegExceeded);
        assert_noop!(pay(DOWNSTREAM, 0, 0), pallet_funds::Error::<Test>::AmountZero);
        assert_noop!(pay(THIRD, 0, 1), Error::<Test>::NotAParty);
        assert_noop!(return_escrow(DOWNSTREAM, 1), Error::<Test>::NotSettled);
        assert_ok!(pay(DOWNSTREAM, 0, AMOUNT_FEN - 7));
        System::assert_last_event(
            Event::SettlementPaid {
                agreement: 0,
                year: 2025,
                leg: 0,
                amount_fen: AMOUNT_FEN - 7,
                late: false,
            }
            .into(),
        );
        assert_eq!(status(), SettlementStatus::Confirmed);
        // The payee may draw what it is owed.
        assert_ok!(pay(UPSTREAM, 0, 7));
        assert_eq!(status(), SettlementStatus::Paid);
        assert_noop!(pay(UPSTREAM, 0, 1), Error::<Test>::NotConfirmed);
        let key = DueKey::Settlement { agreement: 0, year: 2025, leg: 0 };
        assert_eq!(Compensation::due(key), None);

        // Upstream holds purpose-bound money; it reaches a village under the same tag, and goes
        // nowhere else.
        let up = Holder::Organisation(UPSTREAM);
        assert_eq!((has(Holder::Escrow), has(up)), (500, AMOUNT_FEN));
        assert_eq!(Balances::free_balance(agent(UPSTREAM)), BUDGET_FEN);
        let to = agent(UPSTREAM);
        assert_noop!(
            Funds::pay(signed(UPSTREAM), programme, tag, to, 1, DOCUMENT),
            pallet_funds::Error::<Test>::PaymentToIntermediary
        );
        assert_noop!(
            Funds::pay(signed(UPSTREAM), programme, 20_250, agent(VILLAGE), 1, DOCUMENT),
            pallet_funds::Error::<Test>::TagUnknown
        );
        assert_noop!(
            Funds::transfer(signed(UPSTREAM), programme, tag, DOWNSTREAM, 1, DOCUMENT),
            pallet_funds::Error::<Test>::ProgrammeOfMechanism
        );
        let part = Some(Part::Intermediary);
        assert_ok!(Funds::set_part(signed(UPSTREAM), programme, COUNTIES[0], part));
        assert_ok!(Funds::transfer(
            signed(UPSTREAM),
            programme,
            tag,
            COUNTIES[0],
            AMOUNT_FEN,
            DOCUMENT
        ));
        let part = Some(Part::Payee);
        assert_ok!(Funds::set_part(signed(COUNTIES[0]), programme, VILLAGE, part));
        let to = agent(VILLAGE);
        assert_ok!(Funds::pay(signed(COUNTIES[0]), programme, tag, to, AMOUNT_FEN, DOCUMENT));
        assert_eq!(Balances::free_balance(agent(VILLAGE)), AMOUNT_FEN);
        let payment = pallet_funds::NextMovementId::<Test>::get() - 1;
        let origin = Funds::follow_back(payment, None, 10).movements.pop().unwrap();
        assert_eq!((origin.movement, origin.amount_fen), (0, AMOUNT_FEN));

        // What was paid in beyond goes back.
        assert_noop!(return_escrow(UPSTREAM, 1), pallet_funds::Error::<Test>::TagUnknown);
        let too_much = pallet_funds::Error::<Test>::HoldingTooSmall;
        assert_noop!(return_escrow(DOWNSTREAM, 501), too_much);
        assert_ok!(return_escrow(DOWNSTREAM, 500));
        System::assert_last_event(
            Event::EscrowReturned { agreement: 0, year: 2025, party: 1, amount_fen: 500 }.into(),
        );
        assert_eq!(Balances::free_balance(agent(DOWNSTREAM)), BUDGET_FEN - AMOUNT_FEN);
    });
}

#[test]
fn pay_settlement_needs_confirmation_and_escrow() {
    execute(|| {
        with_agreement();
        assert_noop!(pay(DOWNSTREAM, 0, 1), Error::<Test>::NotComputed);
        assert_noop!(return_escrow(DOWNSTREAM, 1), Error::<Test>::NotComputed);
        sample_year(0, 2025, 0, &[900; 4]);
        assert_ok!(compute(UPSTREAM));
        assert_noop!(pay(DOWNSTREAM, 0, 1), Error::<Test>::NotConfirmed);
        confirm(0, 2025, &PARTIES);
        assert_noop!(pay(DOWNSTREAM, 0, 1), pallet_funds::Error::<Test>::TagUnknown);
        assert_ok!(pay_in(DOWNSTREAM, 10));
        assert_noop!(pay(DOWNSTREAM, 0, 11), pallet_funds::Error::<Test>::HoldingTooSmall);
        assert_ok!(pay(DOWNSTREAM, 0, 10));
    });
}

#[test]
fn a_third_party_cannot_pay_for_others() {
    execute(|| {
        let parties = [UPSTREAM, DOWNSTREAM, THIRD];
        sign(&parties, rules(vec![section(four_indicators())], ladder()));
        sample_year(0, 2025, 0, &[900; 4]);
        assert_ok!(compute(THIRD));
        confirm(0, 2025, &parties);
        assert_noop!(pay(THIRD, 0, 1), Error::<Test>::NotPayerOrPayee);
    });
}

#[test]
fn pay_in_rejects_bad_input() {
    execute(|| {
        with_agreement();
        let call = |by, id, year, fen| Compensation::pay_in(signed(by), id, year, fen, DOCUMENT);
        assert_noop!(call(UPSTREAM, 9, 2025, 1), Error::<Test>::AgreementUnknown);
        assert_noop!(call(THIRD, 0, 2025, 1), Error::<Test>::NotAParty);
        assert_noop!(call(UPSTREAM, 0, 2028, 1), Error::<Test>::YearMismatch);
        let cap_fen = terms(&PARTIES).cap_fen;
        let too_much = pallet_funds::Error::<Test>::CeilingExceeded;
        assert_noop!(call(UPSTREAM, 0, 2025, cap_fen + 1), too_much);
        assert_ok!(call(UPSTREAM, 0, 2025, cap_fen));
    });
}

#[test]
fn late_payment_is_in_arrears() {
    execute(|| {
        confirmed();
        assert_ok!(pay_in(DOWNSTREAM, AMOUNT_FEN));
        let key = DueKey::Settlement { agreement: 0, year: 2025, leg: 0 };
        let due = Compensation::due(key).unwrap();
        Now::set(due.due_at - 1);
        assert_eq!(Compensation::arrears(None, PAGE_MAX).0, []);
        Now::set(due.due_at);
        assert_eq!(Compensation::arrears(None, PAGE_MAX).0, [(key, due)]);
        assert_ok!(pay(DOWNSTREAM, 0, AMOUNT_FEN));
        System::assert_last_event(
            Event::SettlementPaid {
                agreement: 0,
                year: 2025,
                leg: 0,
                amount_fen: AMOUNT_FEN,
                late: true,
            }
            .into(),
        );
        assert_eq!(Compensation::arrears(None, PAGE_MAX).0, []);
    });
}

/// Scenario S3: twelve samples, one disputed and decided, a decision of the superior, payment.
#[test]
fn a_river_year_runs_to_its_end() {
    execute(|| {
        with_agreement();
        sample_year(0, 2025, 0, &[900; 4]);
        assert_ok!(Compensation::dispute_sample(signed(UPSTREAM), 0, 2025, 0, 5, DOCUMENT));
        assert_noop!(compute(UPSTREAM), Error::<Test>::SampleInDispute);
        assert_ok!(Compensation::decide_sample(
            signed(NATIONAL),
            0,
            2025,
            0,
            5,
            micrograms(&[1_020; 4]),
            DOCUMENT
        ));
        assert_ok!(compute(DOWNSTREAM));
        assert_ok!(dispute(DOWNSTREAM));
        assert_ok!(decide(SUPERIOR, &[(1, 0, AMOUNT_FEN)]));
        assert_ok!(pay_in(DOWNSTREAM, AMOUNT_FEN));
        assert_ok!(pay(DOWNSTREAM, 0, AMOUNT_FEN));
        assert_eq!(status(), SettlementStatus::Paid);
    });
}

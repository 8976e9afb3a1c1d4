//! Appropriation, transfer, payment, claw back.

use crate::{
    Draws, Error, Event, Fen, Finding, HoldReason, Holder, Holding, LOTS_MAX, MovementKind, Part,
    ProgrammeId, PurposeFunds, Source, TagId, mock::*,
};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use pallet_participants::OrganisationId;
use sp_runtime::{DispatchError, DispatchResult, TokenError};

fn appropriate(fen: Fen) -> DispatchResult {
    Funds::appropriate(signed(PROVINCE), PROGRAMME, FOREST, fen, DOCUMENT)
}

fn transfer(from: OrganisationId, to: OrganisationId, fen: Fen) -> DispatchResult {
    Funds::transfer(signed(from), PROGRAMME, FOREST, to, fen, DOCUMENT)
        .map(|_| ())
        .map_err(|error| error.error)
}

fn pay(from: OrganisationId, to: AccountId, fen: Fen) -> DispatchResult {
    Funds::pay(signed(from), PROGRAMME, FOREST, to, fen, DOCUMENT)
        .map(|_| ())
        .map_err(|error| error.error)
}

fn claw_back(by: OrganisationId, from: OrganisationId, fen: Fen) -> DispatchResult {
    Funds::claw_back(signed(by), PROGRAMME, FOREST, from, fen, DOCUMENT)
        .map(|_| ())
        .map_err(|error| error.error)
}

fn balance(organisation: OrganisationId) -> Fen {
    Funds::holding(PROGRAMME, FOREST, held_by(organisation)).balance_fen
}

fn on_hold(tag: TagId) -> Fen {
    let account = Funds::tag_account((PROGRAMME, tag));
    Balances::balance_on_hold(&HoldReason::Purpose.into(), &account)
}

fn free(organisation: OrganisationId) -> Fen {
    Balances::free_balance(agent(organisation, 0))
}

#[test]
fn appropriate_works() {
    execute(|| {
        assert_ok!(appropriate(500));
        System::assert_last_event(
            Event::Appropriated {
                movement: 0,
                programme: PROGRAMME,
                tag: FOREST,
                from: agent(PROVINCE, 0),
                to: held_by(PROVINCE),
                amount_fen: 500,
                document: DOCUMENT,
            }
            .into(),
        );
        assert_eq!((free(PROVINCE), on_hold(FOREST)), (BUDGET_FEN - 500, 500));
        let holding = Holding {
            balance_fen: 500,
            received_fen: 500,
            lots: vec![0].try_into().unwrap(),
            ..Default::default()
        };
        assert_eq!(Funds::holding(PROGRAMME, FOREST, held_by(PROVINCE)), holding);
        let tag = Funds::tag(PROGRAMME, FOREST).unwrap();
        assert_eq!((tag.appropriated_fen, tag.held_fen), (500, 500));
    });
}

#[test]
fn appropriate_boundary_ceiling() {
    execute(|| {
        assert_noop!(appropriate(CEILING_FEN + 1), Error::<Test>::CeilingExceeded);
        assert_ok!(appropriate(CEILING_FEN));
        assert_noop!(appropriate(1), Error::<Test>::CeilingExceeded);
        // What went back may be appropriated again.
        assert_ok!(claw_back(PROVINCE, PROVINCE, 2));
        assert_noop!(appropriate(3), Error::<Test>::CeilingExceeded);
        assert_ok!(appropriate(2));
    });
}

#[test]
fn appropriate_boundary_free_money() {
    execute(|| {
        assert_ok!(Funds::set_ceiling(signed(PROVINCE), PROGRAMME, FOREST, Fen::MAX));
        assert_noop!(appropriate(BUDGET_FEN + 1), TokenError::FundsUnavailable);
        assert_ok!(appropriate(BUDGET_FEN));
        assert_eq!(free(PROVINCE), 0);
    });
}

#[test]
fn appropriate_rejects_bad_input() {
    let call = |by, programme: ProgrammeId, tag: TagId, fen, document| {
        Funds::appropriate(signed(by), programme, tag, fen, document)
    };
    execute(|| {
        let e = |error: Error<Test>| DispatchError::from(error);
        for (result, error) in [
            (call(PROVINCE, PROGRAMME, FOREST, 0, DOCUMENT), e(Error::AmountZero)),
            (call(PROVINCE, PROGRAMME, FOREST, 1, [0; 32]), e(Error::CommitmentMissing)),
            (call(PROVINCE, PROGRAMME, 9, 1, DOCUMENT), e(Error::TagUnknown)),
            (call(PROVINCE, 9, FOREST, 1, DOCUMENT), e(Error::ProgrammeUnknown)),
            (call(VILLAGE, PROGRAMME, FOREST, 1, DOCUMENT), e(Error::NotAnOffice)),
            (call(COUNTY, PROGRAMME, FOREST, 1, DOCUMENT), e(Error::NotTheSource)),
        ] {
            assert_noop!(result, error);
        }
        let mechanism = <Funds as PurposeFunds<_>>::open_programme(&[PROVINCE], code("M")).unwrap();
        assert_noop!(
            call(PROVINCE, mechanism, 1, 1, DOCUMENT),
            Error::<Test>::ProgrammeOfMechanism
        );
    });
}

#[test]
fn transfer_works() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_ok!(appropriate(200));
        assert_ok!(transfer(PROVINCE, COUNTY, 350));
        System::assert_last_event(
            Event::Transferred {
                movement: 2,
                programme: PROGRAMME,
                tag: FOREST,
                from: held_by(PROVINCE),
                to: held_by(COUNTY),
                amount_fen: 350,
                document: DOCUMENT,
            }
            .into(),
        );
        assert_eq!((balance(PROVINCE), balance(COUNTY), on_hold(FOREST)), (150, 350, 500));
        let movement = Funds::movement(2).unwrap();
        let from = |movement, offset_fen, amount_fen| Source { movement, offset_fen, amount_fen };
        assert_eq!(movement.sources.into_inner(), [from(0, 0, 300), from(1, 0, 50)]);
        let (county, province) = (held_by(COUNTY), held_by(PROVINCE));
        assert_eq!(movement.kind, MovementKind::Transfer { from: province, to: county });
        assert_eq!(Draws::<Test>::get(1, 2), Some(50));
        let holding = Funds::holding(PROGRAMME, FOREST, province);
        assert_eq!((holding.passed_on_fen, holding.lots.into_inner()), (350, vec![1]));
        // The oldest first, from where it was left.
        assert_ok!(transfer(PROVINCE, COUNTY, 100));
        assert_eq!(Funds::movement(3).unwrap().sources.into_inner(), [from(1, 50, 100)]);
    });
}

#[test]
fn transfer_boundary_balance() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_noop!(transfer(PROVINCE, COUNTY, 301), Error::<Test>::HoldingTooSmall);
        assert_noop!(transfer(PROVINCE, COUNTY, 0), Error::<Test>::AmountZero);
        assert_ok!(transfer(PROVINCE, COUNTY, 300));
        assert_noop!(transfer(PROVINCE, COUNTY, 1), Error::<Test>::TagNotHeld);
    });
}

#[test]
fn transfer_rejects_bad_input() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_noop!(transfer(VILLAGE, COUNTY, 1), Error::<Test>::NotAnOffice);
        assert_noop!(transfer(PROVINCE, PROVINCE, 1), Error::<Test>::SameHolder);
        assert_noop!(transfer(PROVINCE, VILLAGE, 1), Error::<Test>::TransferToPayee);
        assert_noop!(transfer(PROVINCE, OUTSIDE, 1), Error::<Test>::IntermediaryUnknown);
        assert_noop!(
            Funds::transfer(signed(PROVINCE), PROGRAMME, 9, COUNTY, 1, DOCUMENT),
            Error::<Test>::TagUnknown
        );
        assert_noop!(
            Funds::transfer(signed(PROVINCE), PROGRAMME, FOREST, COUNTY, 1, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
    });
}

#[test]
fn money_keeps_its_tag() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_ok!(transfer(PROVINCE, COUNTY, 300));
        // Under another tag of the same programme nothing of it can move.
        assert_noop!(
            Funds::transfer(signed(COUNTY), PROGRAMME, WATER, TOWNSHIP, 1, DOCUMENT),
            Error::<Test>::TagNotHeld
        );
        assert_noop!(
            Funds::pay(signed(COUNTY), PROGRAMME, WATER, agent(VILLAGE, 0), 1, DOCUMENT),
            Error::<Test>::TagNotHeld
        );
        assert_noop!(
            Funds::claw_back(signed(PROVINCE), PROGRAMME, WATER, COUNTY, 1, DOCUMENT),
            Error::<Test>::TagNotHeld
        );
    });
}

#[test]
fn transfer_boundary_lots() {
    execute(|| {
        for _ in 0..LOTS_MAX {
            assert_ok!(appropriate(10));
        }
        assert_noop!(appropriate(10), Error::<Test>::TooManyLots);
        // One movement draws on all of them.
        assert_ok!(transfer(PROVINCE, COUNTY, Fen::from(LOTS_MAX) * 10 - 1));
        let movement = Funds::movement(u64::from(LOTS_MAX)).unwrap();
        assert_eq!(movement.sources.len(), LOTS_MAX as usize);
        assert_eq!(Funds::holding(PROGRAMME, FOREST, held_by(PROVINCE)).lots.len(), 1);
        assert_ok!(appropriate(10));
        for _ in 1..LOTS_MAX {
            assert_ok!(appropriate(1));
            assert_ok!(transfer(PROVINCE, COUNTY, 1));
        }
        assert_noop!(transfer(PROVINCE, COUNTY, 1), Error::<Test>::TooManyLots);
    });
}

#[test]
fn pay_works() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_ok!(transfer(PROVINCE, COUNTY, 300));
        assert_ok!(pay(COUNTY, agent(VILLAGE, 1), 120));
        System::assert_last_event(
            Event::Paid {
                movement: 2,
                programme: PROGRAMME,
                tag: FOREST,
                from: held_by(COUNTY),
                payee: VILLAGE,
                to: agent(VILLAGE, 1),
                amount_fen: 120,
                document: DOCUMENT,
            }
            .into(),
        );
        assert_eq!(Balances::free_balance(agent(VILLAGE, 1)), 120);
        assert_eq!((balance(COUNTY), on_hold(FOREST)), (180, 180));
        let tag = Funds::tag(PROGRAMME, FOREST).unwrap();
        assert_eq!((tag.appropriated_fen, tag.paid_fen, tag.held_fen), (300, 120, 180));
        // The village's own: it may do with it what it likes.
        let village = RuntimeOrigin::signed(agent(VILLAGE, 1));
        assert_ok!(Balances::transfer_allow_death(village, agent(HAMLET, 0), 120));
        assert_ok!(pay(COUNTY, agent(HAMLET, 0), 180));
        assert_eq!(free(HAMLET), 300);
    });
}

#[test]
fn pay_rejects_intermediaries() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_ok!(transfer(PROVINCE, COUNTY, 300));
        for office in [PROVINCE, COUNTY, TOWNSHIP, OUTSIDE] {
            assert_noop!(pay(COUNTY, agent(office, 0), 1), Error::<Test>::PaymentToIntermediary);
        }
        // A payee that became an office since.
        let grant = pallet_participants::Grant {
            organisation: VILLAGE,
            role: pallet_participants::Role::GovParty,
            region: pallet_participants::RegionCode::COUNTRY,
            subjects: Default::default(),
            valid_from: 0,
            valid_until: None,
        };
        assert_ok!(Participants::grant_capacity(RuntimeOrigin::root(), grant, None));
        assert_noop!(pay(COUNTY, agent(VILLAGE, 0), 1), Error::<Test>::PaymentToIntermediary);
        // An intermediary that is no office any more is still no payee.
        assert_ok!(Participants::revoke_capacity(RuntimeOrigin::root(), 2, None));
        assert_noop!(pay(COUNTY, agent(TOWNSHIP, 0), 1), Error::<Test>::PaymentToIntermediary);
    });
}

#[test]
fn pay_rejects_bad_input() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_noop!(pay(VILLAGE, agent(VILLAGE, 0), 1), Error::<Test>::NotAnOffice);
        assert_noop!(pay(PROVINCE, agent(AUDIT, 0), 1), Error::<Test>::PayeeUnknown);
        assert_noop!(pay(PROVINCE, AccountId::new([9; 32]), 1), Error::<Test>::PayeeUnknown);
        assert_noop!(pay(PROVINCE, agent(VILLAGE, 0), 0), Error::<Test>::AmountZero);
        assert_noop!(pay(PROVINCE, agent(VILLAGE, 0), 301), Error::<Test>::HoldingTooSmall);
        assert_noop!(pay(COUNTY, agent(VILLAGE, 0), 1), Error::<Test>::TagNotHeld);
        let to = agent(VILLAGE, 0);
        assert_noop!(
            Funds::pay(signed(PROVINCE), PROGRAMME, 9, to.clone(), 1, DOCUMENT),
            Error::<Test>::TagUnknown
        );
        assert_noop!(
            Funds::pay(signed(PROVINCE), PROGRAMME, FOREST, to.clone(), 1, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
        assert_ok!(Funds::set_part(signed(PROVINCE), PROGRAMME, VILLAGE, None));
        assert_noop!(pay(PROVINCE, to, 1), Error::<Test>::PayeeUnknown);
    });
}

#[test]
fn claw_back_works() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_ok!(transfer(PROVINCE, COUNTY, 200));
        assert_ok!(claw_back(PROVINCE, COUNTY, 150));
        System::assert_last_event(
            Event::ClawedBack {
                movement: 2,
                programme: PROGRAMME,
                tag: FOREST,
                from: held_by(COUNTY),
                to: agent(PROVINCE, 0),
                amount_fen: 150,
                document: DOCUMENT,
            }
            .into(),
        );
        assert_eq!(free(PROVINCE), BUDGET_FEN - 150);
        assert_eq!((balance(PROVINCE), balance(COUNTY), on_hold(FOREST)), (100, 50, 150));
        assert_eq!(Funds::tag(PROGRAMME, FOREST).unwrap().clawed_back_fen, 150);
    });
}

#[test]
fn claw_back_rejects_bad_input() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_ok!(transfer(PROVINCE, COUNTY, 200));
        assert_noop!(claw_back(COUNTY, COUNTY, 1), Error::<Test>::NotTheSource);
        assert_noop!(claw_back(VILLAGE, COUNTY, 1), Error::<Test>::NotAnOffice);
        assert_noop!(claw_back(PROVINCE, COUNTY, 201), Error::<Test>::HoldingTooSmall);
        assert_noop!(claw_back(PROVINCE, COUNTY, 0), Error::<Test>::AmountZero);
        assert_noop!(claw_back(PROVINCE, TOWNSHIP, 1), Error::<Test>::TagNotHeld);
        let call = |programme, tag, document| {
            Funds::claw_back(signed(PROVINCE), programme, tag, COUNTY, 1, document)
        };
        assert_noop!(call(9, FOREST, DOCUMENT), Error::<Test>::ProgrammeUnknown);
        assert_noop!(call(PROGRAMME, 9, DOCUMENT), Error::<Test>::TagUnknown);
        assert_noop!(call(PROGRAMME, FOREST, [0; 32]), Error::<Test>::CommitmentMissing);
    });
}

#[test]
fn a_flag_stops_money_but_no_claw_back() {
    execute(|| {
        assert_ok!(appropriate(300));
        assert_ok!(transfer(PROVINCE, COUNTY, 200));
        assert_ok!(Funds::flag(signed(AUDIT), PROGRAMME, COUNTY, Finding::Diversion, DOCUMENT));
        let stopped = Error::<Test>::OrganisationFlagged;
        assert_noop!(pay(COUNTY, agent(VILLAGE, 0), 1), stopped);
        let stopped = Error::<Test>::OrganisationFlagged;
        assert_noop!(transfer(COUNTY, TOWNSHIP, 1), stopped);
        let stopped = Error::<Test>::OrganisationFlagged;
        assert_noop!(transfer(PROVINCE, COUNTY, 1), stopped);
        assert_ok!(claw_back(PROVINCE, COUNTY, 50));
        assert_ok!(Funds::lift_flag(signed(AUDIT), PROGRAMME, COUNTY, DOCUMENT));
        assert_ok!(pay(COUNTY, agent(VILLAGE, 0), 1));
        assert_ok!(Funds::flag(signed(AUDIT), PROGRAMME, VILLAGE, Finding::Fraud, DOCUMENT));
        let stopped = Error::<Test>::OrganisationFlagged;
        assert_noop!(pay(COUNTY, agent(VILLAGE, 0), 1), stopped);
        assert_ok!(Funds::flag(signed(AUDIT), PROGRAMME, PROVINCE, Finding::Arrears, DOCUMENT));
        assert_noop!(appropriate(1), Error::<Test>::OrganisationFlagged);
    });
}

#[test]
fn a_mechanism_decides_what_goes_back() {
    execute(|| {
        type Purpose = Funds;
        let programme =
            <Purpose as PurposeFunds<_>>::open_programme(&[PROVINCE, COUNTY], code("M")).unwrap();
        let tag = (programme, 1);
        assert_ok!(<Purpose as PurposeFunds<_>>::open_tag(tag, PROVINCE, code("M"), 500));
        assert_ok!(<Purpose as PurposeFunds<_>>::set_ceiling(tag, 400));
        let from = agent(PROVINCE, 0);
        let escrow = Holder::Escrow;
        assert_ok!(<Purpose as PurposeFunds<_>>::appropriate(tag, &from, escrow, 400, DOCUMENT));
        assert_ok!(<Purpose as PurposeFunds<_>>::transfer(
            tag,
            escrow,
            held_by(COUNTY),
            300,
            DOCUMENT
        ));
        assert_ok!(<Purpose as PurposeFunds<_>>::claw_back(tag, escrow, &from, 100, DOCUMENT));
        assert_eq!(<Purpose as PurposeFunds<AccountId>>::tag(tag).unwrap().held_fen, 300);
        let holding = <Purpose as PurposeFunds<AccountId>>::holding(tag, held_by(COUNTY));
        assert_eq!(holding.balance_fen, 300);

        let call = || Funds::claw_back(signed(PROVINCE), programme, 1, COUNTY, 300, DOCUMENT);
        assert_noop!(call(), Error::<Test>::HolderNotFlagged);
        assert_ok!(Funds::flag(signed(AUDIT), programme, COUNTY, Finding::Fraud, DOCUMENT));
        assert!(<Purpose as PurposeFunds<AccountId>>::is_flagged(programme, COUNTY));
        assert_ok!(call());
        let from_source = Funds::transfer(signed(PROVINCE), programme, 1, COUNTY, 1, DOCUMENT);
        assert_noop!(from_source, Error::<Test>::ProgrammeOfMechanism);
        let to_source = Funds::transfer(signed(COUNTY), programme, 1, PROVINCE, 1, DOCUMENT);
        assert_noop!(to_source, Error::<Test>::ProgrammeOfMechanism);
        let by_source = Funds::pay(signed(PROVINCE), programme, 1, agent(VILLAGE, 0), 1, DOCUMENT);
        assert_noop!(by_source, Error::<Test>::ProgrammeOfMechanism);
        // The receiver of mechanism money names payees and pays them itself.
        assert_ok!(Funds::lift_flag(signed(AUDIT), programme, COUNTY, DOCUMENT));
        assert_ok!(Funds::set_part(signed(COUNTY), programme, VILLAGE, Some(Part::Payee)));
    });
}

/// A mechanism stops its tag: money only goes back, and by the mechanism alone.
#[test]
fn a_stopped_tag_only_gives_back() {
    execute(|| {
        let programme = <Funds as PurposeFunds<_>>::open_programme(&[PROVINCE], code("M")).unwrap();
        let tag = (programme, 1);
        assert_noop!(
            <Funds as PurposeFunds<AccountId>>::set_stopped(tag, true),
            Error::<Test>::TagUnknown
        );
        assert_ok!(<Funds as PurposeFunds<_>>::open_tag(tag, PROVINCE, code("M"), 500));
        assert_ok!(<Funds as PurposeFunds<AccountId>>::name_intermediary(programme, COUNTY));
        let (province, county) = (Holder::Organisation(PROVINCE), Holder::Organisation(COUNTY));
        let from = agent(PROVINCE, 0);
        assert_ok!(<Funds as PurposeFunds<_>>::appropriate(tag, &from, county, 500, DOCUMENT));
        let part = Some(Part::Payee);
        assert_ok!(Funds::set_part(signed(COUNTY), programme, VILLAGE, part));
        assert_ok!(<Funds as PurposeFunds<AccountId>>::set_stopped(tag, true));
        System::assert_last_event(Event::StopSet { programme, tag: 1, stopped: true }.into());
        assert!(Funds::is_tag_stopped(programme, 1));
        assert_eq!(<Funds as PurposeFunds<AccountId>>::holders(tag, 9), [county]);
        let pass_on =
            || <Funds as PurposeFunds<AccountId>>::transfer(tag, county, province, 1, DOCUMENT);
        let pay = || Funds::pay(signed(COUNTY), programme, 1, agent(VILLAGE, 0), 1, DOCUMENT);
        assert_noop!(pass_on(), Error::<Test>::TagStopped);
        assert_noop!(pay(), Error::<Test>::TagStopped);
        assert_ok!(<Funds as PurposeFunds<_>>::claw_back(tag, county, &from, 1, DOCUMENT));
        assert_ok!(<Funds as PurposeFunds<AccountId>>::set_stopped(tag, false));
        assert!(!Funds::is_tag_stopped(programme, 1));
        assert_ok!(pass_on());
        assert_ok!(pay());
    });
}

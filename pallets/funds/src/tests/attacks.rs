//! Ways round the purpose, with the real pallets that move money.

use crate::{Error, Event, Fen, HoldReason, Holder, TagDetails, mock::*};
use frame_support::{
    assert_err, assert_noop, assert_ok,
    traits::{
        fungible::{InspectHold, Mutate},
        tokens::Preservation,
    },
    weights::Weight,
};
use pallet_participants::{OnKeyReplaced, Powers};
use sp_runtime::{DispatchError, TokenError};

const HELD_FEN: Fen = 500_000;

fn tag_account() -> AccountId {
    Funds::tag_account((PROGRAMME, FOREST))
}

fn on_hold() -> Fen {
    Balances::balance_on_hold(&HoldReason::Purpose.into(), &tag_account())
}

fn tag() -> TagDetails {
    Funds::tag(PROGRAMME, FOREST).unwrap()
}

/// The province appropriated, and the county holds, [`HELD_FEN`]; after the test they still do.
fn nothing_of_it_moves(test: impl FnOnce()) {
    execute(|| {
        let province = || signed(PROVINCE);
        assert_ok!(Funds::appropriate(province(), PROGRAMME, FOREST, HELD_FEN, DOCUMENT));
        assert_ok!(Funds::transfer(province(), PROGRAMME, FOREST, COUNTY, HELD_FEN, DOCUMENT));
        let before = tag();
        test();
        assert_eq!(tag(), before);
        assert_eq!(on_hold(), HELD_FEN);
        assert_eq!(Funds::holding(PROGRAMME, FOREST, held_by(COUNTY)).balance_fen, HELD_FEN);
    });
}

/// Even whoever could sign for the tag's account could move nothing.
#[test]
fn transfers_of_balances_take_nothing() {
    nothing_of_it_moves(|| {
        let as_tag = || RuntimeOrigin::signed(tag_account());
        let thief = || agent(COUNTY, 1);
        assert_noop!(
            Balances::transfer_allow_death(as_tag(), thief(), 1),
            TokenError::FundsUnavailable
        );
        assert_noop!(
            Balances::transfer_keep_alive(as_tag(), thief(), 1),
            TokenError::FundsUnavailable
        );
        assert_noop!(
            Balances::force_transfer(RuntimeOrigin::root(), tag_account(), thief(), 1),
            TokenError::FundsUnavailable
        );
        let _ = Balances::transfer_all(as_tag(), thief(), false);
        assert_eq!(Balances::free_balance(thief()), 0);
        assert!(Balances::burn(as_tag(), 1, false).is_err());
        assert_noop!(
            <Balances as Mutate<_>>::transfer(
                &tag_account(),
                &thief(),
                1,
                Preservation::Expendable
            ),
            TokenError::FundsUnavailable
        );
    });
}

/// A gift to the tag's account is nobody's money of the purpose, and frees nothing of it.
#[test]
fn gifts_to_the_account_free_nothing() {
    nothing_of_it_moves(|| {
        assert_ok!(Balances::transfer_allow_death(signed(PROVINCE), tag_account(), 77));
        let as_tag = RuntimeOrigin::signed(tag_account());
        assert_noop!(
            Balances::transfer_allow_death(as_tag, agent(COUNTY, 0), 78),
            TokenError::FundsUnavailable
        );
    });
}

/// A batch gets no further than its calls.
#[test]
fn batches_take_nothing() {
    nothing_of_it_moves(|| {
        let pay_oneself = RuntimeCall::Funds(crate::Call::pay {
            programme: PROGRAMME,
            tag: FOREST,
            to: agent(COUNTY, 1),
            amount_fen: HELD_FEN,
            document: DOCUMENT,
        });
        let spend = RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death {
            dest: agent(OUTSIDE, 0),
            value: HELD_FEN,
        });
        assert_err!(
            Utility::batch_all(signed(COUNTY), vec![pay_oneself.clone(), spend.clone()])
                .map_err(|error| error.error),
            Error::<Test>::PaymentToIntermediary
        );
        assert_err!(
            Utility::batch_all(signed(COUNTY), vec![spend.clone()]).map_err(|error| error.error),
            TokenError::FundsUnavailable
        );
        // An interrupted or forced batch leaves it where it is, too.
        assert_ok!(Utility::force_batch(signed(COUNTY), vec![pay_oneself, spend.clone()]));
        assert_ok!(Utility::as_derivative(signed(PROVINCE), 0, Box::new(spend)).map_or_else(
            |error| {
                assert_eq!(error.error, TokenError::FundsUnavailable.into());
                Ok::<_, DispatchError>(())
            },
            |_| panic!("a derived account has none of it"),
        ));
    });
}

/// Appropriating and spending in one batch fails as a whole.
#[test]
fn money_is_bound_within_the_batch_that_binds_it() {
    execute(|| {
        let bind = RuntimeCall::Funds(crate::Call::appropriate {
            programme: PROGRAMME,
            tag: FOREST,
            amount_fen: CEILING_FEN,
            document: DOCUMENT,
        });
        let spend = RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death {
            dest: agent(OUTSIDE, 0),
            value: BUDGET_FEN - CEILING_FEN + 1,
        });
        assert_noop!(
            Utility::batch_all(signed(PROVINCE), vec![bind, spend]).map_err(|error| error.error),
            DispatchError::from(TokenError::FundsUnavailable)
        );
    });
}

/// A multisig account that is an agent is bound by the same rules, and one that is none may not act.
#[test]
fn multisig_accounts_take_nothing() {
    nothing_of_it_moves(|| {
        let signers = [agent(COUNTY, 0), agent(COUNTY, 1)];
        let account = Multisig::multi_account_id(&signers, 1);
        let pay = |to| {
            Box::new(RuntimeCall::Funds(crate::Call::pay {
                programme: PROGRAMME,
                tag: FOREST,
                to,
                amount_fen: 1,
                document: DOCUMENT,
            }))
        };
        let others = || vec![agent(COUNTY, 1)];
        let last_multisig = || {
            System::events().iter().rev().find_map(|record| match &record.event {
                RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted {
                    result, ..
                }) => Some(*result),
                _ => None,
            })
        };
        // Dispatched by threshold 1, whose result is the call's own.
        let call = pay(agent(VILLAGE, 0));
        let result = Multisig::as_multi_threshold_1(signed(COUNTY), others(), call);
        assert_eq!(result.unwrap_err().error, Error::<Test>::NotAnOffice.into());

        let administrator = signed(COUNTY);
        assert_ok!(Participants::register_agent(administrator, COUNTY, account, Powers::ALL, None));
        let call = pay(agent(COUNTY, 0));
        let result = Multisig::as_multi_threshold_1(signed(COUNTY), others(), call);
        assert_eq!(result.unwrap_err().error, Error::<Test>::PaymentToIntermediary.into());
        let two = Multisig::multi_account_id(&signers, 2);
        assert_ne!(two, tag_account());
        let call = pay(agent(OUTSIDE, 0));
        let weight = Weight::from_parts(10_000_000_000, 0);
        assert_ok!(Multisig::as_multi(signed(COUNTY), 2, others(), None, call.clone(), weight));
        let when = pallet_multisig::Timepoint { height: 1, index: 0 };
        assert_ok!(Multisig::as_multi(
            RuntimeOrigin::signed(agent(COUNTY, 1)),
            2,
            vec![agent(COUNTY, 0)],
            Some(when),
            call,
            weight
        ));
        assert_eq!(last_multisig(), Some(Err(Error::<Test>::NotAnOffice.into())));
    });
}

/// A key that takes over acts for the organisation; it takes no money along, nor does the old one
/// keep any.
#[test]
fn key_rotation_takes_nothing() {
    nothing_of_it_moves(|| {
        let new = AccountId::new([0xaa; 32]);
        assert_ok!(Participants::rotate_key(signed(COUNTY), new.clone()));
        assert_eq!(Balances::free_balance(&new), 0);
        assert_noop!(
            Funds::pay(signed(COUNTY), PROGRAMME, FOREST, agent(VILLAGE, 0), 1, DOCUMENT),
            Error::<Test>::NotAnOffice
        );
    });
    execute(|| {
        assert_ok!(Funds::appropriate(signed(PROVINCE), PROGRAMME, FOREST, 10, DOCUMENT));
        let new = AccountId::new([0xaa; 32]);
        assert_ok!(Participants::rotate_key(signed(PROVINCE), new.clone()));
        let by_new = RuntimeOrigin::signed(new.clone());
        assert_ok!(Funds::pay(by_new.clone(), PROGRAMME, FOREST, agent(VILLAGE, 0), 3, DOCUMENT));
        // What goes back goes to the key that acts for the source.
        assert_ok!(Funds::claw_back(by_new, PROGRAMME, FOREST, PROVINCE, 7, DOCUMENT));
        assert_eq!(Balances::free_balance(&new), BUDGET_FEN - 3);
    });
}

/// An administrator who registers the tag's account as an agent, and then has another key take
/// over from it, gets nothing.
#[test]
fn registering_the_account_as_an_agent_takes_nothing() {
    nothing_of_it_moves(|| {
        let new = AccountId::new([0xaa; 32]);
        assert_ok!(Participants::register_agent(
            signed(COUNTY),
            COUNTY,
            tag_account(),
            Powers::ALL,
            None
        ));
        assert_ok!(Participants::recover_agent(signed(COUNTY), tag_account(), new.clone()));
        assert_eq!(Balances::free_balance(&new), 0);
        assert_ok!(<Settlement as OnKeyReplaced<_>>::on_key_replaced(&tag_account(), &new));
        assert_eq!(Balances::free_balance(&new), 0);
    });
}

/// Nothing of it can be redeemed: not by its holder, its source, or the account itself.
#[test]
fn redemption_takes_nothing() {
    nothing_of_it_moves(|| {
        for who in [agent(COUNTY, 0), agent(PROVINCE, 1)] {
            assert_noop!(
                Settlement::request_redemption(RuntimeOrigin::signed(who), BANK, 1, DOCUMENT),
                TokenError::FundsUnavailable
            );
        }
        assert_noop!(
            Settlement::request_redemption(
                signed(PROVINCE),
                BANK,
                BUDGET_FEN - HELD_FEN + 1,
                DOCUMENT
            ),
            TokenError::FundsUnavailable
        );
        let as_tag = RuntimeOrigin::signed(tag_account());
        assert!(Settlement::request_redemption(as_tag, BANK, 1, DOCUMENT).is_err());
    });
}

/// A suspended or closed office moves nothing; its money waits for its source.
#[test]
fn suspension_leaves_it_where_it_is() {
    nothing_of_it_moves(|| {
        assert_ok!(Participants::suspend_organisation(
            RuntimeOrigin::root(),
            COUNTY,
            [1; 32],
            None
        ));
        assert_noop!(
            Funds::pay(signed(COUNTY), PROGRAMME, FOREST, agent(VILLAGE, 0), 1, DOCUMENT),
            Error::<Test>::NotAnOffice
        );
    });
    execute(|| {
        assert_ok!(Funds::appropriate(signed(PROVINCE), PROGRAMME, FOREST, 10, DOCUMENT));
        assert_ok!(Funds::transfer(signed(PROVINCE), PROGRAMME, FOREST, COUNTY, 10, DOCUMENT));
        assert_ok!(Participants::suspend_organisation(
            RuntimeOrigin::root(),
            COUNTY,
            [1; 32],
            None
        ));
        assert_ok!(Funds::claw_back(signed(PROVINCE), PROGRAMME, FOREST, COUNTY, 10, DOCUMENT));
    });
}

/// Nobody acts for the escrow.
#[test]
fn escrow_is_nobodys() {
    execute(|| {
        use crate::PurposeFunds;
        let programme =
            <Funds as PurposeFunds<_>>::open_programme(&[PROVINCE, COUNTY], code("M")).unwrap();
        assert_ok!(<Funds as PurposeFunds<_>>::open_tag((programme, 1), PROVINCE, code("M"), 500));
        assert_ok!(<Funds as PurposeFunds<_>>::appropriate(
            (programme, 1),
            &agent(PROVINCE, 0),
            Holder::Escrow,
            500,
            DOCUMENT
        ));
        let source = Funds::transfer(signed(PROVINCE), programme, 1, COUNTY, 1, DOCUMENT);
        assert_noop!(source, Error::<Test>::ProgrammeOfMechanism);
        let to = agent(VILLAGE, 0);
        assert_ok!(Funds::set_part(signed(COUNTY), programme, VILLAGE, Some(crate::Part::Payee)));
        let other = Funds::pay(signed(COUNTY), programme, 1, to, 1, DOCUMENT);
        assert_noop!(other, Error::<Test>::TagNotHeld);
        System::assert_has_event(
            Event::TagOpened {
                programme,
                tag: 1,
                source: PROVINCE,
                ceiling_fen: 500,
                code: code("M"),
            }
            .into(),
        );
    });
}

//! Deliberate breaks, which the state check must see.

use crate::{
    Draws, Error, HoldReason, Holdings, Movements, NextMovementId, NextProgrammeId, Programmes,
    Stopped, Tags, mock::*,
};
use frame_support::{
    assert_noop, assert_ok,
    traits::{fungible::MutateHold, tokens::Precision},
};
use sp_runtime::TryRuntimeError;

/// Breaks the state after some movements, expects the sentence, and throws the state away.
fn breaks(how: impl FnOnce(), sentence: &'static str) {
    cast().execute_with(|| {
        assert_ok!(Funds::open_programme(signed(PROVINCE), code("1")));
        let tag = (PROGRAMME, FOREST);
        assert_ok!(Funds::open_tag(signed(PROVINCE), tag.0, tag.1, code("1"), CEILING_FEN));
        assert_ok!(Funds::set_part(
            signed(PROVINCE),
            PROGRAMME,
            COUNTY,
            Some(crate::Part::Intermediary)
        ));
        assert_ok!(Funds::appropriate(signed(PROVINCE), PROGRAMME, FOREST, 500, DOCUMENT));
        assert_ok!(Funds::transfer(signed(PROVINCE), PROGRAMME, FOREST, COUNTY, 200, DOCUMENT));
        assert_ok!(Funds::claw_back(signed(PROVINCE), PROGRAMME, FOREST, COUNTY, 50, DOCUMENT));
        assert_ok!(Funds::do_try_state());
        how();
        assert_eq!(Funds::do_try_state(), Err(TryRuntimeError::Other(sentence)));
    });
}

const TAG: crate::TagKey = (PROGRAMME, FOREST);

#[test]
fn money_that_left_the_account_is_seen() {
    breaks(
        || {
            let account = Funds::tag_account(TAG);
            assert_ok!(Balances::release(
                &HoldReason::Purpose.into(),
                &account,
                1,
                Precision::Exact
            ));
        },
        "1: what is held is on hold",
    );
}

#[test]
fn a_stop_of_a_managers_tag_is_seen() {
    let sentence = "1: a stopped tag is open, and of a mechanism";
    breaks(|| Stopped::<Test>::insert(TAG, ()), sentence);
    breaks(|| Stopped::<Test>::insert((9, 9), ()), sentence);
}

#[test]
fn a_changed_total_is_seen() {
    breaks(
        || Tags::<Test>::mutate(TAG, |tag| tag.as_mut().unwrap().paid_fen += 1),
        "2: a tag's totals are the sums of its movements",
    );
    breaks(
        || Tags::<Test>::mutate(TAG, |tag| tag.as_mut().unwrap().held_fen += 1),
        "1: money of a tag is conserved",
    );
    breaks(
        || Tags::<Test>::mutate(TAG, |tag| tag.as_mut().unwrap().ceiling_fen = 449),
        "1: a tag is within its ceiling",
    );
    breaks(
        || Holdings::<Test>::mutate(TAG, held_by(COUNTY), |it| it.received_fen += 1),
        "2: a holding's totals are the sums of its movements",
    );
    breaks(
        || Holdings::<Test>::mutate(TAG, held_by(COUNTY), |it| it.balance_fen += 1),
        "3: a balance is what lots have left",
    );
}

#[test]
fn a_changed_lot_is_seen() {
    breaks(
        || Holdings::<Test>::mutate(TAG, held_by(COUNTY), |it| it.lots.clear()),
        "3: a holding has all its open lots",
    );
    breaks(
        || {
            Holdings::<Test>::mutate(TAG, held_by(COUNTY), |it| {
                it.lots = vec![0].try_into().unwrap();
            });
        },
        "3: lots are the holder's and open",
    );
}

#[test]
fn a_changed_movement_is_seen() {
    let change = |id, how: fn(&mut crate::MovementOf<Test>)| {
        move || Movements::<Test>::mutate(id, |movement| how(movement.as_mut().unwrap()))
    };
    breaks(change(1, |it| it.tag.1 = WATER), "4: the tag is kept on every hop");
    breaks(change(1, |it| it.sources.clear()), "4: sources add up to the movement");
    breaks(change(0, |it| it.drawn_fen -= 1), "4: draws add up");
    breaks(change(2, |it| it.sources[0].offset_fen += 1), "4: draws are consecutive");
    breaks(|| Draws::<Test>::insert(0, 1, 199), "4: a source lists who drew on it");
    breaks(|| Draws::<Test>::insert(0, 9, 1), "4: who drew exists");
}

#[test]
fn lost_numbers_are_seen() {
    breaks(|| NextMovementId::<Test>::put(2), "5: the next movement is above all");
    breaks(|| NextProgrammeId::<Test>::put(0), "5: the next programme is above all");
    breaks(|| Programmes::<Test>::remove(PROGRAMME), "1: a tag has a programme");
    breaks(|| Tags::<Test>::remove(TAG), "2: every movement's tag is open");
}

#[test]
fn a_lost_lot_is_not_paid_from() {
    cast().execute_with(|| {
        assert_ok!(Funds::open_programme(signed(PROVINCE), code("1")));
        assert_ok!(Funds::open_tag(signed(PROVINCE), TAG.0, TAG.1, code("1"), CEILING_FEN));
        let part = Some(crate::Part::Intermediary);
        assert_ok!(Funds::set_part(signed(PROVINCE), PROGRAMME, COUNTY, part));
        assert_ok!(Funds::appropriate(signed(PROVINCE), PROGRAMME, FOREST, 500, DOCUMENT));
        Movements::<Test>::remove(0);
        assert_noop!(
            Funds::transfer(signed(PROVINCE), PROGRAMME, FOREST, COUNTY, 200, DOCUMENT),
            Error::<Test>::MovementUnknown
        );
    });
}

//! Following money forward and back.

use crate::{Fen, Followed, MovementId, MovementKind, Movements, mock::*, pallet::PAGE_MAX};
use frame_support::assert_ok;

fn followed(movement: MovementId, amount_fen: Fen, remaining_fen: Fen) -> Followed {
    Followed { movement, amount_fen, remaining_fen }
}

/// Two appropriations of 300 and 200 mix on the way:
///
/// ```text
/// 0: +300 ─┐                         ┌─ 4: pay 100 (county's fen 0..100 = 0's 0..100)
///          ├─ 2: 350 to county ──────┤
/// 1: +200 ─┘                         └─ 5: 220 to township (fen 100..320) ── 6: pay 210
///          └─ 3: 100 to county ──────── 7: pay 40 (fen 320..350 of 2, 0..10 of 3)
/// ```
fn with_two_appropriations(test: impl FnOnce()) {
    execute(|| {
        for fen in [300, 200] {
            assert_ok!(Funds::appropriate(signed(PROVINCE), PROGRAMME, FOREST, fen, DOCUMENT));
        }
        for fen in [350, 100] {
            assert_ok!(Funds::transfer(signed(PROVINCE), PROGRAMME, FOREST, COUNTY, fen, DOCUMENT));
        }
        let (village, hamlet) = (agent(VILLAGE, 0), agent(HAMLET, 0));
        let pay = |by, to, fen| {
            assert_ok!(Funds::pay(signed(by), PROGRAMME, FOREST, to, fen, DOCUMENT));
        };
        pay(COUNTY, village.clone(), 100);
        assert_ok!(Funds::transfer(signed(COUNTY), PROGRAMME, FOREST, TOWNSHIP, 220, DOCUMENT));
        pay(TOWNSHIP, hamlet, 210);
        pay(COUNTY, village, 40);
        test();
    });
}

#[test]
fn follow_forward_is_exact() {
    with_two_appropriations(|| {
        let page = Funds::follow_forward(0, 0, 100);
        assert_eq!(
            page.movements,
            [
                followed(0, 300, 0),
                followed(2, 300, 0),
                followed(4, 100, 0),
                followed(5, 200, 0),
                followed(6, 200, 0),
            ]
        );
        assert_eq!((page.next, page.truncated), (None, false));
        let page = Funds::follow_forward(1, 0, 100);
        assert_eq!(
            page.movements,
            [
                followed(1, 200, 50),
                followed(2, 50, 0),
                followed(3, 100, 90),
                followed(5, 20, 10),
                followed(6, 10, 0),
                followed(7, 40, 0),
            ]
        );
        // 50 with the province, 90 with the county, 10 with the township, 50 paid.
        assert_eq!(50 + 90 + 10 + 10 + 40, 200);
    });
}

#[test]
fn follow_back_is_exact() {
    with_two_appropriations(|| {
        let way = |of| Funds::follow_back(of, None, 100).movements;
        assert_eq!(
            way(6),
            [
                followed(6, 210, 0),
                followed(5, 210, 0),
                followed(2, 210, 0),
                followed(1, 10, 0),
                followed(0, 200, 0),
            ]
        );
        assert_eq!(
            way(7),
            [followed(7, 40, 0), followed(3, 10, 0), followed(2, 30, 0), followed(1, 40, 0)]
        );
        assert_eq!(way(99), []);
    });
}

#[test]
fn pages_join_to_the_whole_way() {
    with_two_appropriations(|| {
        let whole = Funds::follow_forward(1, 0, 100).movements;
        let (mut joined, mut start) = (vec![], Some(0));
        while let Some(from) = start {
            let page = Funds::follow_forward(1, from, 2);
            assert!(page.movements.len() <= 2);
            joined.extend(page.movements);
            start = page.next;
        }
        assert_eq!(joined, whole);

        let whole = Funds::follow_back(6, None, 100).movements;
        let (mut joined, mut start) = (vec![], None);
        loop {
            let page = Funds::follow_back(6, start, 2);
            joined.extend(page.movements);
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        assert_eq!(joined, whole);
        assert_eq!(Funds::draws(1, None, 1).len(), 1);
        let mut draws = Funds::draws(1, None, PAGE_MAX + 1);
        draws.sort_unstable();
        assert_eq!(draws, [(2, 50), (3, 100)]);
        let first = Funds::draws(1, None, 1)[0].0;
        assert_eq!(Funds::draws(1, Some(first), 9).len(), 1);
    });
}

/// For every appropriation, what was paid, clawed back and is left is the appropriation; for every
/// end, its appropriations add up to it.
pub(crate) fn assert_every_fen_is_followed() {
    for (id, movement) in Movements::<Test>::iter() {
        match movement.kind {
            MovementKind::Appropriation { .. } => {
                let (mut end_fen, mut start) = (0, Some(0));
                while let Some(from) = start {
                    let page = Funds::follow_forward(id, from, 7);
                    assert!(!page.truncated);
                    for step in page.movements {
                        let kind = Funds::movement(step.movement).unwrap().kind;
                        end_fen += step.remaining_fen;
                        end_fen += if kind.to().is_none() { step.amount_fen } else { 0 };
                    }
                    start = page.next;
                }
                assert_eq!(end_fen, movement.amount_fen, "appropriation {id}");
            }
            _ => {
                let (mut source_fen, mut start) = (0, None);
                loop {
                    let page = Funds::follow_back(id, start, 7);
                    assert!(!page.truncated);
                    for step in page.movements {
                        let kind = Funds::movement(step.movement).unwrap().kind;
                        source_fen += if kind.from().is_none() { step.amount_fen } else { 0 };
                    }
                    start = page.next;
                    if start.is_none() {
                        break;
                    }
                }
                assert_eq!(source_fen, movement.amount_fen, "movement {id}");
            }
        }
    }
}

#[test]
fn every_fen_is_followed() {
    with_two_appropriations(assert_every_fen_is_followed);
}

//! Breaks of who takes part.

use super::Break;
use crate::Runtime;
use pallet_collective::Instance1;
use pallet_participants::Organisations;
use pallet_validators::AfterNextValidators;

/// Of organisations, validators and the committee.
pub(super) const MEMBERS: &[Break] = &[
    (
        "an agent that nobody counts",
        || Organisations::<Runtime>::mutate(0, |it| it.as_mut().map(|it| it.agents -= 1)),
        "wrong number of agents",
    ),
    (
        "a validator twice",
        || {
            AfterNextValidators::<Runtime>::mutate(|it| {
                let again = *it.first()?;
                it.try_push(again).ok()
            })
        },
        "1: validators ascend by key",
    ),
    (
        "a membership without its seat on the committee",
        || {
            let members = pallet_collective::Members::<Runtime, Instance1>::mutate(|it| it.pop());
            members.map(|_| ())
        },
        "the members of the committee are those of its membership",
    ),
];

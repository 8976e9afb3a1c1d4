//! Breaks of money, and of what is owed.

use super::{Break, NOBODY, key_of};
use crate::{Balances, Funds, Runtime, tests::laws};
use frame_support::traits::{fungible::MutateHold, tokens::Precision};
use pallet_calendar::DAY_MS;
use pallet_compensation::{
    Allocations, Due, DueKey, Dues, Policies, PolicyStatus, SettlementDetails, SettlementStatus,
    Settlements,
};
use pallet_funds::{Holder, Holdings, MovementKind, Movements, TagDetails, TagKey, Tags};
use pallet_settlement::{Institutions, Redemptions};

/// A tag under which an organisation holds money in lots.
fn held_tag() -> Option<(TagKey, Holder)> {
    Holdings::<Runtime>::iter()
        .find(|(_, holder, it)| it.balance_fen > 0 && *holder != Holder::Escrow)
        .map(|(tag, holder, _)| (tag, holder))
}

fn change_tag(tag: TagKey, change: impl FnOnce(&mut TagDetails)) -> Option<()> {
    Tags::<Runtime>::mutate(tag, |it| it.as_mut().map(change))
}

/// What is still due of a share.
fn open_share() -> Option<DueKey> {
    Dues::<Runtime>::iter_keys().find(|key| matches!(key, DueKey::Allocation { .. }))
}

fn change_due(key: DueKey, change: impl FnOnce(&mut Due)) -> Option<()> {
    Dues::<Runtime>::mutate(key, |it| it.as_mut().map(change))
}

/// What is still due of a settlement: its key, and index of the payment.
fn open_leg() -> Option<(DueKey, usize)> {
    Dues::<Runtime>::iter_keys().find_map(|key| match key {
        DueKey::Settlement { leg, .. } => Some((key, usize::from(leg))),
        DueKey::Allocation { .. } => None,
    })
}

fn change_settlement(key: DueKey, change: impl FnOnce(&mut SettlementDetails)) -> Option<()> {
    let DueKey::Settlement { agreement, year, .. } = key else { return None };
    Settlements::<Runtime>::mutate(agreement, year, |it| it.as_mut().map(change))
}

/// Of money that is free, on hold and bound to a purpose.
pub(super) const MONEY: &[Break] = &[
    (
        "a fen from nowhere",
        || {
            let rich = key_of(frame_system::Account::<Runtime>::iter(), |it| it.data.free > 0)?;
            frame_system::Account::<Runtime>::mutate(rich, |it| it.data.free += 1);
            Some(())
        },
        "all money is in accounts",
    ),
    (
        "a fen less issued in all",
        || {
            pallet_balances::TotalIssuance::<Runtime>::mutate(|fen| *fen -= 1);
            Some(())
        },
        "1: money is conserved",
    ),
    (
        "an issue that nobody posted",
        || {
            pallet_balances::TotalIssuance::<Runtime>::mutate(|fen| *fen += 1);
            let id = key_of(Institutions::<Runtime>::iter(), |_| true)?;
            Institutions::<Runtime>::mutate(id, |it| it.as_mut().map(|it| it.issued_fen += 1))
        },
        "2: totals are the sums of postings",
    ),
    (
        "a redemption of more than is on hold",
        || {
            let id = key_of(Redemptions::<Runtime>::iter(), |it| it.status.is_open())?;
            Redemptions::<Runtime>::mutate(id, |it| it.as_mut().map(|it| it.amount_fen += 1))
        },
        "4: the open list has the open redemptions",
    ),
    (
        "purpose-bound money that became free",
        || {
            let (tag, _) = held_tag()?;
            let account = Funds::tag_account(tag);
            Balances::release(&laws::PURPOSE, &account, 1, Precision::Exact).ok().map(|_| ())
        },
        "1: what is held is on hold",
    ),
    (
        "a lot of another holder",
        || {
            let (tag, holder) = held_tag()?;
            let lot = *Holdings::<Runtime>::get(tag, holder).lots.first()?;
            Movements::<Runtime>::mutate(lot, |it| {
                let (it, new) = (it.as_mut()?, Holder::Organisation(NOBODY));
                match &mut it.kind {
                    MovementKind::Appropriation { to, .. } | MovementKind::Transfer { to, .. } => {
                        *to = new;
                    }
                    _ => return None,
                }
                Some(())
            })
        },
        "2: a holding's totals are the sums of its movements",
    ),
    (
        "a holder with a fen more than its lots",
        || {
            let (tag, holder) = held_tag()?;
            Holdings::<Runtime>::mutate(tag, holder, |it| it.balance_fen += 1);
            Some(())
        },
        "3: a balance is what lots have left",
    ),
    (
        "a purpose that more was paid for than left it",
        || change_tag(held_tag()?.0, |it| it.paid_fen += 1),
        "2: a tag's totals are the sums of its movements",
    ),
];

/// Of shares and settlements.
pub(super) const COMPENSATION: &[Break] = &[
    (
        "a share that is hidden from the arrears",
        || {
            Dues::<Runtime>::remove(open_share()?);
            Some(())
        },
        "4: what is not paid is due",
    ),
    (
        "a share that is due from somebody else",
        || change_due(open_share()?, |it| it.debtor = NOBODY),
        "4: it is due from who owes it to whom",
    ),
    (
        "a share that is due of more than the funds say",
        || change_due(open_share()?, |it| it.open_fen += 1),
        "4: what is due is what is not paid",
    ),
    (
        "a share with another ceiling in the funds",
        || {
            let policy = Policies::<Runtime>::iter_values()
                .find(|it| it.status == PolicyStatus::Published)?;
            let county = *policy.terms.counties.first()?;
            change_tag((policy.programme, county), |it| it.ceiling_fen += 1)
        },
        "2: the ceiling is the share",
    ),
    (
        "a share that is not what the data give",
        || {
            let (id, county, _) = Allocations::<Runtime>::iter().next()?;
            Allocations::<Runtime>::mutate(id, county, |it| {
                it.as_mut().map(|it| it.components_fen[0] += 1)
            })
        },
        "1: a share is what rules and data give",
    ),
    (
        "a payment that did not leave the escrow",
        || {
            let (key, leg) = open_leg()?;
            change_due(key, |it| it.open_fen -= 1)?;
            change_settlement(key, |it| it.legs[leg].paid_fen += 1)
        },
        "3: what is paid left the payer's escrow",
    ),
    (
        "a payment that is due a day later than the settlement says",
        || change_due(open_leg()?.0, |it| it.due_at += DAY_MS),
        "4: it is due when the settlement says",
    ),
    (
        "a settlement that is paid before it is",
        || change_settlement(open_leg()?.0, |it| it.status = SettlementStatus::Paid),
        "3: a paid settlement is paid",
    ),
];

//! The laws: every pallet's own, and those that only the runtime as a whole can see.

use crate::{
    AccountId, AllPalletsWithSystem, Balance, Balances, CommitteeMembership, Funds, Runtime,
    RuntimeEvent, RuntimeHoldReason, System,
};
use frame_support::{
    ensure,
    traits::{TryState, TryStateSelect, fungible::InspectHold},
};
use pallet_collective::Instance1;
use pallet_funds::TagKey;
use sp_runtime::TryRuntimeError;
use std::collections::BTreeMap;

/// What money is bound to by the funds.
pub(super) const PURPOSE: RuntimeHoldReason =
    RuntimeHoldReason::Funds(pallet_funds::HoldReason::Purpose);
/// What money is on hold for by redemptions.
const REDEMPTION: RuntimeHoldReason =
    RuntimeHoldReason::Settlement(pallet_settlement::HoldReason::Redemption);

/// Checks the laws over the whole state.
///
/// # Errors
/// The sentence that does not hold.
pub(super) fn check() -> Result<(), TryRuntimeError> {
    AllPalletsWithSystem::try_state(System::block_number(), TryStateSelect::All)?;
    ensure!(
        CommitteeMembership::members().into_inner()
            == pallet_collective::Members::<Runtime, Instance1>::get(),
        "the members of the committee are those of its membership"
    );
    check_money()
}

/// Money is in accounts, and what is on hold is on hold for a tag or a redemption.
fn check_money() -> Result<(), TryRuntimeError> {
    let in_accounts_fen: Balance = frame_system::Account::<Runtime>::iter_values()
        .map(|account| account.data.free + account.data.reserved)
        .sum();
    ensure!(in_accounts_fen == Balances::total_issuance(), "all money is in accounts");

    let mut held_fen: BTreeMap<AccountId, [Balance; 2]> = BTreeMap::new();
    for (tag, details) in pallet_funds::Tags::<Runtime>::iter() {
        held_fen.entry(Funds::tag_account(tag)).or_default()[0] += details.held_fen;
    }
    for redemption in pallet_settlement::Redemptions::<Runtime>::iter_values() {
        if redemption.status.is_open() {
            held_fen.entry(redemption.holder).or_default()[1] += redemption.amount_fen;
        }
    }
    for (account, data) in frame_system::Account::<Runtime>::iter() {
        let expected_fen = held_fen.remove(&account).unwrap_or_default();
        let on_hold_fen =
            [PURPOSE, REDEMPTION].map(|reason| Balances::balance_on_hold(&reason, &account));
        ensure!(on_hold_fen == expected_fen, "what is on hold is for a tag or a redemption");
        ensure!(
            on_hold_fen.iter().sum::<Balance>() == data.data.reserved,
            "money is on hold for known reasons only"
        );
    }
    ensure!(
        held_fen.into_values().all(|fen| fen == [0; 2]),
        "every tag and redemption has its money"
    );
    Ok(())
}

/// Money as the events tell it: issued and redeemed by institutions, and held under each tag.
///
/// The second book beside the ledger's: money comes into being only by issues, leaves only by
/// confirmed redemptions, and leaves a tag only by payments and claw backs.
#[derive(Default)]
pub(super) struct Book {
    issued_fen: Balance,
    redeemed_fen: Balance,
    held_fen: BTreeMap<TagKey, Balance>,
}

impl Book {
    /// Posts what the events of a block say, and compares the books.
    pub(super) fn post_block(&mut self) {
        for record in System::events() {
            match record.event {
                RuntimeEvent::Settlement(event) => self.post_settlement(&event),
                RuntimeEvent::Funds(event) => self.post_funds(&event),
                _ => (),
            }
        }
        assert_eq!(Balances::total_issuance(), self.issued_fen - self.redeemed_fen);
        for (tag, held_fen) in &self.held_fen {
            let on_hold_fen = Balances::balance_on_hold(&PURPOSE, &Funds::tag_account(*tag));
            assert_eq!(on_hold_fen, *held_fen, "held under {tag:?}");
        }
        assert_eq!(
            pallet_funds::Tags::<Runtime>::iter_values().map(|tag| tag.held_fen).sum::<Balance>(),
            self.held_fen.values().sum(),
        );
    }

    fn post_settlement(&mut self, event: &pallet_settlement::Event<Runtime>) {
        use pallet_settlement::Event::{Issued, RedemptionConfirmed};
        match event {
            Issued { amount_fen, .. } => self.issued_fen += amount_fen,
            RedemptionConfirmed { amount_fen, .. } => self.redeemed_fen += amount_fen,
            _ => (),
        }
    }

    fn post_funds(&mut self, event: &pallet_funds::Event<Runtime>) {
        use pallet_funds::Event::{Appropriated, ClawedBack, Paid};
        match event {
            Appropriated { programme, tag, amount_fen, .. } => {
                *self.held_fen.entry((*programme, *tag)).or_default() += amount_fen;
            }
            Paid { programme, tag, amount_fen, .. }
            | ClawedBack { programme, tag, amount_fen, .. } => {
                *self.held_fen.entry((*programme, *tag)).or_default() -= amount_fen;
            }
            _ => (),
        }
    }
}

//! Adding up: opening balances, movements, and whether they give the closing balances.

use super::Place;
use crate::{
    client::EventRecord,
    compensation::AgreementId,
    funds::{Holder, TagKey},
    gs1::Gtin,
    traceability::OrganisationId,
};
use serde::{Serialize, Serializer};
use std::{collections::BTreeMap, fmt};

/// Who or what has balances.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The account with this address.
    Account(String),
    /// All money under a purpose.
    Purpose(TagKey),
    /// One holder under a purpose.
    Holder(TagKey, Holder),
    /// A payment of a settlement: agreement, year, index.
    Leg(AgreementId, u16, u8),
    /// A certification body.
    Body(OrganisationId),
    /// A product under a certificate: the certificate's number on chain, GTIN-14.
    Certified(u32, Gtin),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(address) => write!(f, "account {address}"),
            Self::Purpose(key) => write!(f, "tag {key}"),
            Self::Holder(key, holder) => write!(f, "tag {key}, {holder}"),
            Self::Leg(agreement, year, leg) => {
                write!(f, "agreement {agreement}, {year}, payment {leg}")
            }
            Self::Body(id) => write!(f, "certification body {id}"),
            Self::Certified(certificate, gtin) => {
                write!(f, "certificate {certificate}, product {gtin}")
            }
        }
    }
}

/// Which balance of an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Measure {
    /// Free money of an account.
    Free,
    /// Money of an account on hold.
    OnHold,
    /// What a holder has under a purpose.
    Balance,
    /// What ever came to a holder.
    Received,
    /// What was paid to payees, by a holder or under a purpose, or of a payment.
    Paid,
    /// What a holder passed on to others.
    PassedOn,
    /// What was clawed back, from a holder or under a purpose.
    ClawedBack,
    /// Most that may be appropriated under a purpose.
    Ceiling,
    /// What was appropriated under a purpose.
    Appropriated,
    /// What holders have under a purpose.
    Held,
    /// Certifiers of a body.
    Certifiers,
    /// Certificates that a body issued.
    Issued,
    /// Certificates of a body that stand suspended.
    Suspended,
    /// Certificates of a body that were revoked.
    Revoked,
    /// Certificates of a body that were cancelled.
    Cancelled,
    /// Certified quantity.
    Quantity,
    /// What was drawn for marks and not given back.
    Marked,
    /// What is on transaction certificates that are not void.
    Sold,
}

impl Measure {
    /// Its unit: `fen`; `count`; or `content`, the content unit of the product (mg, ml or pieces).
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Free
            | Self::OnHold
            | Self::Balance
            | Self::Received
            | Self::Paid
            | Self::PassedOn
            | Self::ClawedBack
            | Self::Ceiling
            | Self::Appropriated
            | Self::Held => "fen",
            Self::Certifiers | Self::Issued | Self::Suspended | Self::Revoked | Self::Cancelled => {
                "count"
            }
            Self::Quantity | Self::Marked | Self::Sold => "content",
        }
    }
}

/// One balance of one owner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Line {
    /// Whose.
    #[serde(serialize_with = "as_text")]
    pub owner: Owner,
    /// Which.
    pub measure: Measure,
}

fn as_text<S: Serializer>(owner: &Owner, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(owner)
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?} in {}", self.owner, self.measure, self.measure.unit())
    }
}

/// A balance at both heights, added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Whose and which.
    #[serde(flatten)]
    pub line: Line,
    /// Before the first block.
    #[serde(with = "crate::integer")]
    pub opening: u128,
    /// Sum of all movements.
    #[serde(with = "crate::integer::signed")]
    pub change: i128,
    /// After the last block: what the state says, and `opening + change`.
    #[serde(with = "crate::integer")]
    pub closing: u128,
}

/// Why an audit fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Difference {
    /// Opening balance and movements do not give the closing balance.
    #[error(
        "{line}: opening balance {opening} and movements of {change} give {computed}, the state has {closing}{}",
        since(.first)
    )]
    Closing {
        /// Which balance.
        line: Line,
        /// Before the first block.
        opening: u128,
        /// Sum of all movements.
        change: i128,
        /// `opening + change`.
        computed: i128,
        /// What the state says.
        closing: u128,
        /// First height from which on the two differ.
        first: Option<u32>,
    },
    /// A movement would take more than there is.
    #[error(
        "{line}: {name} (event {} of block {}) takes {change} from {before}",
        .place.event,
        .place.height
    )]
    Overdrawn {
        /// Which balance.
        line: Line,
        /// Where.
        place: Place,
        /// The event.
        name: String,
        /// Balance before it.
        before: u128,
        /// The movement.
        change: i128,
    },
    /// An event does not say what is needed to add it up.
    #[error("{name} (event {} of block {}): {why}", .place.event, .place.height)]
    Unclear {
        /// Where.
        place: Place,
        /// The event.
        name: String,
        /// What is missing.
        why: String,
    },
}

fn since(first: &Option<u32>) -> String {
    first.map_or_else(String::new, |height| format!("; they differ from block {height} on"))
}

impl Difference {
    pub(super) fn unclear(place: Place, event: &EventRecord, why: String) -> Self {
        Self::Unclear { place, name: format!("{}.{}", event.pallet, event.name), why }
    }

    /// The same, with the first height at which it shows.
    pub(super) fn at(mut self, height: u32) -> Self {
        if let Self::Closing { first, .. } = &mut self {
            *first = Some(height);
        }
        self
    }
}

/// What an event does to a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It changes by so much.
    By(i128),
    /// It becomes so much.
    To(u128),
}

/// A change of a balance that an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) line: Line,
    pub(super) change: Change,
}

impl Posting {
    pub(super) fn new(owner: &Owner, measure: Measure, change: Change) -> Self {
        Self { line: Line { owner: owner.clone(), measure }, change }
    }
}

/// A posting as it was entered.
pub(super) struct Posted {
    pub(super) change: i128,
    pub(super) after: u128,
}

/// The movements of a balance.
#[derive(Default)]
struct Account {
    opening: u128,
    now: u128,
    /// Balance after each block that changed it.
    after_block: Vec<(u32, u128)>,
}

/// All balances that are added up.
#[derive(Default)]
pub(super) struct Ledger {
    owners: BTreeMap<Owner, ()>,
    lines: BTreeMap<Line, Account>,
}

impl Ledger {
    pub(super) fn knows(&self, owner: &Owner) -> bool {
        self.owners.contains_key(owner)
    }

    pub(super) fn owners(&self) -> impl Iterator<Item = &Owner> {
        self.owners.keys()
    }

    /// Enters an owner with what it had.
    pub(super) fn open(&mut self, owner: Owner, opening: BTreeMap<Line, u128>) {
        self.owners.insert(owner, ());
        for (line, opening) in opening {
            self.lines.insert(line, Account { opening, now: opening, after_block: Vec::new() });
        }
    }

    /// Enters a movement.
    pub(super) fn post(
        &mut self,
        place: Place,
        name: &str,
        Posting { line, change }: Posting,
    ) -> Result<Posted, Box<Difference>> {
        let account = self.lines.entry(line.clone()).or_default();
        let before = account.now;
        let (change, after) = match change {
            Change::By(change) => (change, before.checked_add_signed(change)),
            Change::To(after) => {
                let up = i128::try_from(after.saturating_sub(before)).ok();
                let down = i128::try_from(before.saturating_sub(after)).ok();
                let change = up.zip(down).map(|(up, down)| up - down);
                (change.unwrap_or_default(), change.map(|_| after))
            }
        };
        let Some(after) = after else {
            let name = name.to_owned();
            return Err(Box::new(Difference::Overdrawn { line, place, name, before, change }));
        };
        account.now = after;
        match account.after_block.last_mut() {
            Some((height, balance)) if *height == place.height => *balance = after,
            _ => account.after_block.push((place.height, after)),
        }
        Ok(Posted { change, after })
    }

    /// The balance that the movements up to block `height` give.
    pub(super) fn balance_at(&self, line: &Line, height: u32) -> u128 {
        let Some(account) = self.lines.get(line) else { return 0 };
        let n_before = account.after_block.partition_point(|(block, _)| *block <= height);
        let last = n_before.checked_sub(1).and_then(|index| account.after_block.get(index));
        last.map_or(account.opening, |(_, balance)| *balance)
    }

    /// Compares with what the state says; gives every balance, or the first that differs.
    pub(super) fn check(
        &self,
        closing: &BTreeMap<Line, u128>,
    ) -> Result<Vec<Balance>, Box<Difference>> {
        let mut balances = Vec::with_capacity(self.lines.len());
        let lines =
            self.lines.keys().chain(closing.keys().filter(|line| !self.lines.contains_key(line)));
        let nothing = Account::default();
        for line in lines {
            let account = self.lines.get(line).unwrap_or(&nothing);
            let (opening, now) = (account.opening, account.now);
            let closing = closing.get(line).copied().unwrap_or_default();
            let change = signed(now).saturating_sub(signed(opening));
            if now != closing {
                return Err(Box::new(Difference::Closing {
                    line: line.clone(),
                    opening,
                    change,
                    computed: signed(now),
                    closing,
                    first: None,
                }));
            }
            balances.push(Balance { line: line.clone(), opening, change, closing });
        }
        Ok(balances)
    }
}

/// Balances are far below 2¹²⁷.
fn signed(value: u128) -> i128 {
    i128::try_from(value).unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::utils::H256;

    fn line(measure: Measure) -> Line {
        Line { owner: Owner::Account("5A".into()), measure }
    }

    fn place(height: u32) -> Place {
        Place { height, block: H256::zero(), transaction: Some(1), event: 3 }
    }

    /// 100 before block 5; +50 in block 6, −30 in block 6, −20 in block 9.
    const MOVEMENTS: [(u32, i128); 3] = [(6, 50), (6, -30), (9, -20)];

    fn ledger(movements: &[(u32, i128)]) -> Ledger {
        let mut ledger = Ledger::default();
        let free = line(Measure::Free);
        ledger.open(free.owner.clone(), BTreeMap::from([(free.clone(), 100)]));
        for (height, change) in movements {
            let posting = Posting { line: free.clone(), change: Change::By(*change) };
            ledger.post(place(*height), "Balances.Transfer", posting).unwrap();
        }
        ledger
    }

    #[test]
    fn what_adds_up_is_told() {
        let closing = BTreeMap::from([(line(Measure::Free), 100), (line(Measure::OnHold), 0)]);
        let balances = ledger(&MOVEMENTS).check(&closing).unwrap();
        assert_eq!(balances.len(), 2);
        assert_eq!((balances[0].opening, balances[0].change, balances[0].closing), (100, 0, 100));
    }

    #[test]
    fn a_dropped_movement_is_caught() {
        let closing = BTreeMap::from([(line(Measure::Free), 100)]);
        for (index, (_, dropped)) in MOVEMENTS.iter().enumerate() {
            let mut movements = MOVEMENTS.to_vec();
            movements.remove(index);
            let difference = *ledger(&movements).check(&closing).unwrap_err();
            let Difference::Closing { line: found, computed, closing: 100, .. } = &difference
            else {
                panic!("{difference}");
            };
            assert_eq!(*found, line(Measure::Free));
            assert_eq!(*computed, 100 - dropped);
            let text = difference.at(6).to_string();
            assert!(text.contains("account 5A") && text.contains("from block 6 on"), "{text}");
        }
    }

    #[test]
    fn a_changed_expectation_is_caught() {
        for closing in [99, 101, 0] {
            let closing = BTreeMap::from([(line(Measure::Free), closing)]);
            assert!(ledger(&MOVEMENTS).check(&closing).is_err());
        }
        // Money that no event has brought.
        let closing = BTreeMap::from([(line(Measure::Free), 100), (line(Measure::OnHold), 1)]);
        assert!(ledger(&MOVEMENTS).check(&closing).is_err());
        // A balance that is gone from the state.
        assert!(ledger(&MOVEMENTS).check(&BTreeMap::new()).is_err());
    }

    #[test]
    fn a_movement_takes_no_more_than_there_is() {
        let mut ledger = ledger(&[]);
        let posting = Posting { line: line(Measure::Free), change: Change::By(-101) };
        let difference = ledger.post(place(7), "Balances.Transfer", posting).err().unwrap();
        let text = difference.to_string();
        assert!(text.contains("event 3 of block 7") && text.contains("-101 from 100"), "{text}");
    }

    #[test]
    fn balances_of_every_block_are_known() {
        let ledger = ledger(&MOVEMENTS);
        let at = |height| ledger.balance_at(&line(Measure::Free), height);
        assert_eq!([5, 6, 8, 9, 20].map(at), [100, 120, 120, 100, 100]);
        assert_eq!(ledger.balance_at(&line(Measure::OnHold), 9), 0);
    }

    #[test]
    fn an_absolute_change_is_a_difference() {
        let mut ledger = ledger(&[]);
        let to = |after| Posting { line: line(Measure::Free), change: Change::To(after) };
        let posted = ledger.post(place(7), "x", to(40)).unwrap();
        assert_eq!((posted.change, posted.after), (-60, 40));
        let posted = ledger.post(place(7), "x", to(41)).unwrap();
        assert_eq!((posted.change, posted.after), (1, 41));
    }
}

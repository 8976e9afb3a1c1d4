//! Audit (审计): every movement of an agreement, a programme, an account or a certification body
//! between two heights, read from the events of final blocks and added up against the state.
//!
//! The opening balance is the state before the first block, the closing balance the state after the
//! last. Every movement comes from an event; none is taken from a difference of states. Where the
//! two do not meet, the audit fails and names the balance and the first block from which on it is
//! another.
//!
//! Map: `ledger` (adding up), `money` (events of accounts and purposes), `bodies` (events of
//! certification bodies), `state` (what the state says).

mod bodies;
mod ledger;
mod money;
mod state;

pub use ledger::{Balance, Difference, Line, Measure, Owner};

use crate::{
    client::{Client, EventRecord},
    compensation::AgreementId,
    error::Error,
    events::{BlockEvents, PlacedEvent},
    funds::ProgrammeId,
    traceability::OrganisationId,
};
use bodies::BodyReader;
use futures::{StreamExt, TryStreamExt, stream};
use ledger::{Ledger, Posting};
use serde::Serialize;
use state::Snapshot;
use std::collections::BTreeSet;
use subxt::utils::H256;

/// Blocks that are asked for ahead of the one that is read.
const BLOCKS_AHEAD: usize = 16;

/// What is audited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// An agreement: its payments, the programme of its money, and all accounts that its money came
    /// from or went to.
    Agreement(AgreementId),
    /// A programme: its purposes and their holders, and all accounts that its money came from or
    /// went to.
    Programme(ProgrammeId),
    /// The account with this address.
    Account(String),
    /// A certification body: its tally, and what is certified, marked and sold under each of its
    /// certificates.
    Body(OrganisationId),
}

/// What is read, and between which heights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// What is audited.
    pub subject: Subject,
    /// First block, from 1.
    pub from: u32,
    /// Last block, final.
    pub to: u32,
}

/// Where something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Height of the block.
    pub height: u32,
    /// Its hash.
    pub block: H256,
    /// Index of the transaction; `None` for what the block itself did.
    pub transaction: Option<u32>,
    /// Index of the event in the block.
    pub event: u32,
}

/// A change of one balance by one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// The event, such as `Funds.Paid`.
    pub name: String,
    /// Whose balance, and which.
    #[serde(flatten)]
    pub line: Line,
    /// By how much, in the unit of the measure.
    #[serde(with = "crate::integer::signed")]
    pub change: i128,
    /// What it is after.
    #[serde(with = "crate::integer")]
    pub after: u128,
}

/// What an audit gives while it reads, in the order of the blocks.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Row {
    /// An event of what is audited.
    Event {
        /// Where.
        #[serde(flatten)]
        place: Place,
        /// The event.
        #[serde(flatten)]
        event: EventRecord,
    },
    /// A change of a balance by the event before.
    Movement(Movement),
}

/// How far an audit has come, in blocks.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Read.
    pub done: u64,
    /// To be read; each block twice where accounts have to be found first.
    pub all: u64,
}

/// Who is told.
pub struct Listener<'a> {
    /// Takes each row.
    pub row: &'a mut (dyn FnMut(Row) -> Result<(), Error> + Send),
    /// Hears of progress.
    pub progress: &'a mut (dyn FnMut(Progress) + Send),
}

impl Client {
    /// Reads every movement within `scope`, and checks that the opening balances and the movements
    /// give the closing balances; gives these.
    ///
    /// # Errors
    /// - [`Error::Arguments`] for heights that are none, or not final.
    /// - [`Error::NotFound`] when there is no such agreement, programme or certification body at
    ///   the last height.
    /// - [`Error::Audit`] when it does not add up, or an event does not say what is needed.
    /// - Those of the listener, [`Error::Connection`], [`Error::Decode`].
    pub async fn audit<'a>(
        &'a self,
        scope: &'a Scope,
        listener: Listener<'a>,
    ) -> Result<Vec<Balance>, Error> {
        let Scope { from, to, .. } = *scope;
        let last = self.height().await?;
        if from == 0 || from > to || to > last {
            return Err(Error::Arguments(format!(
                "heights: 1 ≤ from ≤ to ≤ {last}, the last final block, is expected, got {from} to {to}"
            )));
        }
        Auditor::new(self, scope, listener).await?.run().await
    }
}

/// An audit at work.
struct Auditor<'a> {
    client: &'a Client,
    scope: &'a Scope,
    listener: Listener<'a>,
    progress: Progress,
    /// The programme whose money is read.
    programme: Option<ProgrammeId>,
    /// Addresses of the accounts that are read.
    accounts: BTreeSet<String>,
    body: Option<BodyReader<'a>>,
    ledger: Ledger,
}

impl<'a> Auditor<'a> {
    async fn new(
        client: &'a Client,
        scope: &'a Scope,
        listener: Listener<'a>,
    ) -> Result<Self, Error> {
        let mut accounts = BTreeSet::new();
        let mut body = None;
        let programme = match &scope.subject {
            Subject::Agreement(id) => {
                let agreement = client.agreement(*id, Some(scope.to)).await?;
                existing("agreement", *id, scope.to, agreement)?.programme
            }
            Subject::Programme(id) => {
                let programme = client.programme(*id, Some(scope.to)).await?;
                existing("programme", *id, scope.to, programme)?;
                Some(*id)
            }
            Subject::Account(address) => {
                accounts.insert(state::canonical(address)?);
                None
            }
            Subject::Body(id) => {
                // An approval that is withdrawn stays on record.
                let approved = client.certification_body(*id, Some(scope.to)).await?;
                existing("certification body", *id, scope.to, approved)?;
                body = Some(BodyReader::open(client, *id, scope.from - 1).await?);
                None
            }
        };
        let blocks = u64::from(scope.to - scope.from) + 1;
        let all = if programme.is_some() { 2 * blocks } else { blocks };
        let progress = Progress { done: 0, all };
        let ledger = Ledger::default();
        Ok(Self { client, scope, listener, progress, programme, accounts, body, ledger })
    }

    async fn run(mut self) -> Result<Vec<Balance>, Error> {
        let before = self.scope.from - 1;
        if self.programme.is_some() {
            self.find_accounts().await?;
        }
        for owner in self.owners(before).await? {
            self.open(owner).await?;
        }
        let mut blocks = blocks(self.client, self.scope);
        while let Some(block) = blocks.try_next().await? {
            self.read(&block).await?;
            self.tell();
        }
        drop(blocks);
        // Also what came into being without any event would be found here.
        for owner in self.owners(self.scope.to).await? {
            self.open(owner).await?;
        }
        let owners: Vec<Owner> = self.ledger.owners().cloned().collect();
        let mut closing = Snapshot::new();
        for owner in owners {
            closing.extend(state::balances_of(self.client, &owner, self.scope.to).await?);
        }
        match self.ledger.check(&closing) {
            Ok(balances) => Ok(balances),
            Err(difference) => Err(Box::new(self.locate(*difference).await?).into()),
        }
    }

    /// Everybody whose money or marks the audit is about, as the state at `height` knows them.
    async fn owners(&self, height: u32) -> Result<Vec<Owner>, Error> {
        let mut owners: Vec<Owner> = self.accounts.iter().cloned().map(Owner::Account).collect();
        if let Some(programme) = self.programme {
            owners.extend(state::holders(self.client, programme, height).await?);
        }
        match self.scope.subject {
            Subject::Agreement(id) => owners.extend(state::legs(self.client, id, height).await?),
            Subject::Body(id) => {
                owners.extend(state::certificates(self.client, id, height).await?);
            }
            _ => {}
        }
        Ok(owners)
    }

    /// Enters what `owner` had before the first block, once.
    async fn open(&mut self, owner: Owner) -> Result<(), Error> {
        if !self.ledger.knows(&owner) {
            let opening = state::balances_of(self.client, &owner, self.scope.from - 1).await?;
            self.ledger.open(owner, opening);
        }
        Ok(())
    }

    /// Finds the accounts that money of the programme came from, went to, or was kept in.
    async fn find_accounts(&mut self) -> Result<(), Error> {
        let mut blocks = blocks(self.client, self.scope);
        while let Some(block) = blocks.try_next().await? {
            for placed in &block.events {
                if self.is_of_programme(&placed.event) {
                    self.accounts.extend(money::accounts_of(&placed.event));
                }
            }
            self.tell();
        }
        drop(blocks);
        if let Some(programme) = self.programme {
            for (key, _) in self.client.tags(programme, Some(self.scope.to)).await? {
                self.accounts.insert(state::tag_account(self.client, key).await?);
            }
        }
        Ok(())
    }

    fn tell(&mut self) {
        self.progress.done += 1;
        (self.listener.progress)(self.progress);
    }

    fn is_of_programme(&self, event: &EventRecord) -> bool {
        self.programme.is_some_and(|id| {
            event.pallet == "Funds" && event.fields["programme"].as_u64() == Some(id.into())
        })
    }

    /// Whether the event is one of what is audited, beside those that move something.
    fn is_of_subject(&self, event: &EventRecord) -> bool {
        match &self.scope.subject {
            Subject::Agreement(id) => {
                event.pallet == "Compensation"
                    && event.fields["agreement"].as_u64() == Some((*id).into())
            }
            Subject::Programme(_) => false,
            Subject::Account(_) => {
                let fields = event.fields.to_string();
                self.accounts.iter().any(|account| fields.contains(account))
            }
            Subject::Body(_) => self.body.as_ref().is_some_and(|body| body.is_named_in(event)),
        }
    }

    async fn read(&mut self, block: &BlockEvents) -> Result<(), Error> {
        for (index, placed) in (0u32..).zip(&block.events) {
            let place = Place {
                height: block.height,
                block: block.hash,
                transaction: placed.transaction,
                event: index,
            };
            let postings = self.postings(place, placed).await?;
            let event = &placed.event;
            let is_shown =
                !postings.is_empty() || self.is_of_programme(event) || self.is_of_subject(event);
            if is_shown {
                (self.listener.row)(Row::Event { place, event: event.clone() })?;
            }
            for posting in postings {
                self.post(place, event, posting).await?;
            }
        }
        Ok(())
    }

    async fn postings(
        &mut self,
        place: Place,
        placed: &PlacedEvent,
    ) -> Result<Vec<Posting>, Error> {
        let event = &placed.event;
        let unclear = |why: String| Error::from(Box::new(Difference::unclear(place, event, why)));
        let mut postings = Vec::new();
        if self.is_of_programme(event) {
            postings.extend(money::of_purpose(event).map_err(unclear)?);
        }
        if event.pallet == "Balances" && !self.accounts.is_empty() {
            let found = money::of_accounts(event, &self.accounts).map_err(unclear)?;
            postings.extend(found);
        }
        if let Subject::Agreement(id) = self.scope.subject {
            postings.extend(money::of_legs(event, id).map_err(unclear)?);
        }
        if let Some(body) = &mut self.body {
            postings.extend(body.read(event, place.height).await?);
        }
        Ok(postings)
    }

    async fn post(
        &mut self,
        place: Place,
        event: &EventRecord,
        posting: Posting,
    ) -> Result<(), Error> {
        self.open(posting.line.owner.clone()).await?;
        let line = posting.line.clone();
        let name = format!("{}.{}", event.pallet, event.name);
        let posted = self.ledger.post(place, &name, posting)?;
        let movement = Movement { place, name, line, change: posted.change, after: posted.after };
        (self.listener.row)(Row::Movement(movement))
    }

    /// Finds the first block from which on the state has another balance than the movements give.
    async fn locate(&self, difference: Difference) -> Result<Difference, Error> {
        let Difference::Closing { line, .. } = &difference else { return Ok(difference) };
        let (mut low, mut high) = (self.scope.from, self.scope.to);
        while low < high {
            let middle = low + (high - low) / 2;
            let state = state::balances_of(self.client, &line.owner, middle).await?;
            let is_equal = state.get(line).copied().unwrap_or_default()
                == self.ledger.balance_at(line, middle);
            if is_equal {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(difference.at(low))
    }
}

/// What was found of the subject with number `id` at `height`.
///
/// # Errors
/// [`Error::NotFound`] names it where there is none.
fn existing<T>(what: &str, id: u32, height: u32, found: Option<T>) -> Result<T, Error> {
    found.ok_or_else(|| Error::NotFound(format!("{what} {id} at height {height}")))
}

/// The events of the blocks in `scope`, in order.
fn blocks<'a>(
    client: &'a Client,
    scope: &Scope,
) -> impl futures::Stream<Item = Result<BlockEvents, Error>> + Unpin + use<'a> {
    let read = |height| client.block_events(height);
    Box::pin(stream::iter(scope.from..=scope.to).map(read).buffered(BLOCKS_AHEAD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_that_is_not_there_is_named_with_its_height() {
        assert_eq!(existing("programme", 3, 40, Some(7)).unwrap(), 7);
        let missing = existing::<()>("certification body", 99, 40, None).unwrap_err();
        assert!(matches!(missing, Error::NotFound(_)));
        assert_eq!(missing.to_string(), "there is no certification body 99 at height 40");
    }
}

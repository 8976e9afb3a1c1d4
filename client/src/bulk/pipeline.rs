//! Signs, notes, submits and follows rows, some hundred at a time.

use super::journal::{Journal, Settled, Signed};
use crate::{
    client::{At, Client, sign_offline, transaction_hash},
    error::Error,
    events::BlockFollower,
    signer::KeyPair,
};
use futures::{StreamExt, stream};
use serde_json::{Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
};
use subxt::{error::DispatchError, events::Phase, utils::H256};

/// Blocks in which a row's transaction can be applied: `BlockHashCount` of the chain, the longest
/// that it can check, and a power of two.
pub const MORTALITY_BLOCKS: u32 = 4_096;
/// Rows that are noted with one sync of the disk.
const CHUNK: usize = 64;
/// Submissions that wait for an answer at one time.
const SUBMISSIONS_MAX: usize = 16;
/// Bytes of transactions in the pool, half of what it takes of one account.
const WINDOW_BYTES: usize = 4 * 1024 * 1024;
/// Time without a final row after which every open row is looked up and submitted again: longer
/// than the pause between two blocks of an idle chain.
const STALL: Duration = Duration::from_secs(15);

/// How a run goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Rows submitted and not yet final; a node holds 1,024 transactions of one account.
    pub window: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { window: 512 }
    }
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows in all.
    pub rows: usize,
    /// Rows that are final and whose calls succeeded.
    pub applied: usize,
    /// Rows that are final and whose calls failed.
    pub failed: usize,
    /// Rows submitted and not yet final.
    pub open: usize,
}

/// Applies every row of `calls` that the journal does not know to be final, and returns when all
/// are. See [`crate::bulk`] for why none is applied twice.
///
/// - `calls`: encoded calls in the order of the journal's rows.
/// - `tell`: is told of every step.
///
/// # Errors
/// [`Error::Refused`] when the node takes no transactions of this key, as when its quota is used
/// up; [`Error::Connection`]; [`Error::Journal`]. The run can be begun again with the same journal
/// after any of them.
pub async fn run(
    client: &Client,
    key: &KeyPair,
    calls: &[Vec<u8>],
    journal: Journal,
    options: Options,
    tell: &mut (dyn FnMut(Progress) + Send),
) -> Result<Journal, Error> {
    if journal.rows().len() != calls.len() {
        return Err(Error::Arguments("the journal is for another number of rows".into()));
    }
    let at = client.at(None).await?;
    let height = u32::try_from(at.block_number()).map_err(Error::decode)?;
    let mut run = Run {
        key,
        calls,
        journal,
        options,
        follower: BlockFollower::new(client.clone(), height + 1),
        at,
        next_nonce: 0,
        queue: VecDeque::new(),
        open: BTreeMap::new(),
        open_bytes: 0,
        later: BTreeSet::new(),
        signed_anew: BTreeSet::new(),
        is_contested: false,
        settled_at: Instant::now(),
        progress: Progress { rows: calls.len(), ..Progress::default() },
    };
    run.go(tell).await?;
    Ok(run.journal)
}

struct Run<'a> {
    key: &'a KeyPair,
    calls: &'a [Vec<u8>],
    journal: Journal,
    options: Options,
    follower: BlockFollower,
    /// The last final block that was read; new transactions are valid from it on.
    at: At,
    next_nonce: u64,
    /// Rows without a nonce, in order.
    queue: VecDeque<usize>,
    /// Rows that are signed and not final, by the hashes of all that was signed for them.
    open: BTreeMap<H256, usize>,
    open_bytes: usize,
    /// Open rows that the node did not take and that are to be submitted again.
    later: BTreeSet<usize>,
    /// Rows that were signed anew because the node did not accept their signature.
    signed_anew: BTreeSet<usize>,
    /// Whether somebody else uses the key: a nonce was used, or is held, by another transaction.
    is_contested: bool,
    settled_at: Instant,
    progress: Progress,
}

/// What the node said to a submission.
enum Answer {
    /// It has it.
    Taken,
    /// Not now: the pool is full, the node busy.
    Later,
    /// The nonce is used or held by another transaction.
    Contested,
    /// The signature does not hold any more: the bytes have expired, or the runtime was replaced.
    Expired,
}

impl Run<'_> {
    async fn go(&mut self, tell: &mut (dyn FnMut(Progress) + Send)) -> Result<(), Error> {
        for row in 0..self.journal.rows.len() {
            self.take_up(row);
        }
        self.reconcile().await?;
        loop {
            self.fill().await?;
            self.progress.open = self.n_open();
            tell(self.progress);
            if self.queue.is_empty() && self.open.is_empty() {
                return Ok(());
            }
            if let Ok(block) = tokio::time::timeout(STALL, self.follower.next_block()).await {
                let (at, hashes) = block?;
                self.read_block(at, &hashes).await?;
            }
            if self.is_contested || self.settled_at.elapsed() >= STALL {
                self.reconcile().await?;
            } else {
                let later: Vec<_> = std::mem::take(&mut self.later).into_iter().collect();
                self.submit(&later).await?;
            }
        }
    }

    /// Puts a row where it stands by the journal.
    fn take_up(&mut self, row: usize) {
        let state = &self.journal.rows[row];
        match (&state.settled, state.signed.last()) {
            (Some(settled), _) if settled.error.is_none() => self.progress.applied += 1,
            (Some(_), _) => self.progress.failed += 1,
            (None, None) => self.queue.push_back(row),
            (None, Some(last)) => {
                self.open_bytes += last.bytes.len() / 2;
                self.open.extend(state.signed.iter().map(|signed| (signed.hash, row)));
            }
        }
    }

    fn n_open(&self) -> usize {
        self.open.values().collect::<BTreeSet<_>>().len()
    }

    /// Looks up every open row, frees those whose nonce another transaction has used, and submits
    /// the others again.
    async fn reconcile(&mut self) -> Result<(), Error> {
        let client = self.follower.client().clone();
        // The nonce before the hashes: see the module's documentation.
        let at = client.at(None).await?;
        let height = u32::try_from(at.block_number()).map_err(Error::decode)?;
        let nonce = client.nonce_at(&at, &self.key.public_key()).await?;
        let open: BTreeSet<usize> = self.open.values().copied().collect();
        let mut positions: BTreeMap<u32, Vec<(u32, usize, H256)>> = BTreeMap::new();
        let mut again = Vec::new();
        for row in open {
            let state = &self.journal.rows[row];
            if state.signed.last().is_some_and(|last| last.nonce >= nonce) {
                again.push(row);
                continue;
            }
            let mut found = None;
            for signed in &state.signed {
                let position: Option<Json> =
                    client.rpc("ecoledger_getTransaction", &[json!(signed.hash)]).await?;
                if let Some(position) = position {
                    found = Some((position, signed.hash));
                    break;
                }
            }
            match found {
                Some((position, hash)) => {
                    let number = crate::call::decode_field(&position, "blockNumber")?;
                    let index = crate::call::decode_field(&position, "index")?;
                    positions.entry(number).or_default().push((index, row, hash));
                }
                None => self.free(row)?,
            }
        }
        for (number, found) in positions {
            let at = client.at(Some(number)).await?;
            self.settle(&at, &found).await?;
        }
        let pooled = client.next_nonce(&self.key.public_key()).await?;
        let own = again.iter().filter_map(|row| self.journal.rows[*row].signed.last());
        let above = own.map(|signed| signed.nonce + 1).max().unwrap_or_default();
        self.next_nonce = pooled.max(above);
        self.sign_expired(&at, height, &again)?;
        self.journal.sync()?;
        self.at = at;
        self.is_contested = false;
        self.settled_at = Instant::now();
        self.later.clear();
        self.submit(&again).await
    }

    fn free(&mut self, row: usize) -> Result<(), Error> {
        for signed in &self.journal.rows[row].signed {
            self.open.remove(&signed.hash);
        }
        if let Some(last) = self.journal.rows[row].signed.last() {
            self.open_bytes = self.open_bytes.saturating_sub(last.bytes.len() / 2);
        }
        self.journal.freed(row)?;
        let place = self.queue.partition_point(|other| *other < row);
        self.queue.insert(place, row);
        Ok(())
    }

    /// Signs the rows anew whose bytes no block can take any more, each with the nonce it has.
    fn sign_expired(&mut self, at: &At, height: u32, rows: &[usize]) -> Result<(), Error> {
        for row in rows {
            let Some(last) = self.journal.rows[*row].signed.last() else { continue };
            if last.valid_until <= height {
                let nonce = last.nonce;
                self.sign(at, *row, nonce)?;
            }
        }
        Ok(())
    }

    fn sign(&mut self, at: &At, row: usize, nonce: u64) -> Result<(), Error> {
        let call = &self.calls[row];
        let bytes = sign_offline(at, self.key, call, nonce, u64::from(MORTALITY_BLOCKS))?;
        let height = u32::try_from(at.block_number()).map_err(Error::decode)?;
        let signed = Signed {
            nonce,
            hash: transaction_hash(&bytes),
            valid_until: height.saturating_add(MORTALITY_BLOCKS - 1),
            bytes: format!("0x{}", hex::encode(&bytes)),
        };
        self.open.insert(signed.hash, row);
        Ok(self.journal.signed(row, signed)?)
    }

    /// Binds queued rows to nonces and submits them, as many as there is room for.
    async fn fill(&mut self) -> Result<(), Error> {
        while !self.queue.is_empty() && !self.is_contested {
            let room = self.options.window.saturating_sub(self.n_open()).min(CHUNK);
            let mut rows = Vec::new();
            while rows.len() < room && self.open_bytes < WINDOW_BYTES {
                let Some(row) = self.queue.pop_front() else { break };
                let (at, nonce) = (self.at.clone(), self.next_nonce);
                self.sign(&at, row, nonce)?;
                self.next_nonce += 1;
                self.open_bytes += self.journal.rows[row].signed[0].bytes.len() / 2;
                rows.push(row);
            }
            if rows.is_empty() {
                break;
            }
            self.journal.sync()?;
            self.submit(&rows).await?;
        }
        Ok(())
    }

    async fn submit(&mut self, rows: &[usize]) -> Result<(), Error> {
        let client = self.follower.client().clone();
        let signed: Vec<_> = rows
            .iter()
            .filter(|row| self.journal.rows[**row].settled.is_none())
            .filter_map(|row| Some((*row, self.journal.rows[*row].signed.last()?.bytes.clone())))
            .collect();
        let mut answers = stream::iter(signed)
            .map(|(row, bytes)| {
                let client = client.clone();
                async move {
                    let answer: Result<H256, Error> =
                        client.rpc("author_submitExtrinsic", &[json!(bytes)]).await;
                    (row, answer)
                }
            })
            .buffered(SUBMISSIONS_MAX);
        let (mut fatal, mut expired) = (None, Vec::new());
        while let Some((row, answer)) = answers.next().await {
            match read_answer(answer.map(|_| ())) {
                Ok(Answer::Taken) => {}
                Ok(Answer::Later) => {
                    self.later.insert(row);
                }
                Ok(Answer::Contested) => {
                    self.later.insert(row);
                    self.is_contested = true;
                }
                Ok(Answer::Expired) if self.signed_anew.insert(row) => expired.push(row),
                Ok(Answer::Expired) => {
                    let message = "its signature is refused, also when it is made anew".into();
                    fatal = Some(Error::Refused { code: 1010, message });
                }
                // The others of this chunk are heard first: they are on their way already.
                Err(error) => fatal = Some(error),
            }
        }
        drop(answers);
        let at = self.at.clone();
        for row in &expired {
            let Some(last) = self.journal.rows[*row].signed.last() else { continue };
            let nonce = last.nonce;
            self.sign(&at, *row, nonce)?;
            self.later.insert(*row);
        }
        if !expired.is_empty() {
            self.journal.sync()?;
        }
        fatal.map_or(Ok(()), Err)
    }

    async fn read_block(&mut self, at: At, hashes: &[H256]) -> Result<(), Error> {
        let found: Vec<_> = hashes
            .iter()
            .enumerate()
            .filter_map(|(index, hash)| {
                let row = self.open.get(hash)?;
                Some((u32::try_from(index).unwrap_or(u32::MAX), *row, *hash))
            })
            .collect();
        if !found.is_empty() {
            self.settle(&at, &found).await?;
            self.settled_at = Instant::now();
        }
        self.at = at;
        Ok(())
    }

    /// Notes the outcome of rows in the block of `at`.
    async fn settle(&mut self, at: &At, found: &[(u32, usize, H256)]) -> Result<(), Error> {
        let height = u32::try_from(at.block_number()).map_err(Error::decode)?;
        let outcomes = outcomes(at).await?;
        for (index, row, hash) in found {
            let error = outcomes.get(index).cloned().ok_or_else(|| {
                Error::Decode(format!("block {height} says nothing of transaction {index}"))
            })?;
            match error {
                Some(_) => self.progress.failed += 1,
                None => self.progress.applied += 1,
            }
            for signed in &self.journal.rows[*row].signed {
                self.open.remove(&signed.hash);
            }
            if let Some(last) = self.journal.rows[*row].signed.last() {
                self.open_bytes = self.open_bytes.saturating_sub(last.bytes.len() / 2);
            }
            self.later.remove(row);
            self.journal.settled(*row, Settled { height, hash: *hash, error })?;
        }
        Ok(())
    }
}

/// Reads the node's answer by its code; see the README's table.
fn read_answer(answer: Result<(), Error>) -> Result<Answer, Error> {
    match answer {
        // 1013: it has it already.
        Ok(()) | Err(Error::Refused { code: 1013, .. }) => Ok(Answer::Taken),
        Err(Error::Refused { code: 1014, .. }) => Ok(Answer::Contested),
        Err(Error::Refused { code: 1010, message }) if message.contains("outdated") => {
            Ok(Answer::Contested)
        }
        Err(Error::Refused { code: 1010, message })
            if message.contains("bad signature") || message.contains("ancient birth block") =>
        {
            Ok(Answer::Expired)
        }
        Err(Error::Refused { code: 1012 | 1016 | 1021 | -32_999 | -32_009 | -32_020, .. }) => {
            Ok(Answer::Later)
        }
        Err(error) => Err(error),
    }
}

/// What became of each transaction in the block of `at`: `None` for success, else why it failed.
async fn outcomes(at: &At) -> Result<BTreeMap<u32, Option<String>>, Error> {
    let mut outcomes = BTreeMap::new();
    for event in at.events().fetch().await?.iter() {
        let event = event.map_err(Error::decode)?;
        let Phase::ApplyExtrinsic(index) = event.phase() else { continue };
        match (event.pallet_name(), event.event_name()) {
            ("System", "ExtrinsicSuccess") => {
                outcomes.insert(index, None);
            }
            ("System", "ExtrinsicFailed") => {
                let error = DispatchError::decode_from(event.field_bytes(), at.metadata())
                    .map_err(Error::decode)?;
                outcomes.insert(index, Some(Error::from(error).to_string()));
            }
            _ => {}
        }
    }
    Ok(outcomes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: i32, message: &str) -> Result<(), Error> {
        Err(Error::Refused { code, message: message.into() })
    }

    #[test]
    fn answers_are_read_by_their_codes() {
        assert!(matches!(read_answer(Ok(())), Ok(Answer::Taken)));
        assert!(matches!(read_answer(refused(1013, "already")), Ok(Answer::Taken)));
        assert!(matches!(read_answer(refused(1014, "priority")), Ok(Answer::Contested)));
        let stale = "Invalid Transaction: Transaction is outdated";
        assert!(matches!(read_answer(refused(1010, stale)), Ok(Answer::Contested)));
        let expired = "Invalid Transaction: Transaction has a bad signature";
        assert!(matches!(read_answer(refused(1010, expired)), Ok(Answer::Expired)));
        for code in [1012, 1016, 1021, -32_999, -32_009, -32_020] {
            assert!(matches!(read_answer(refused(code, "")), Ok(Answer::Later)), "{code}");
        }
        let quota = "Invalid Transaction: Custom error: 105";
        assert!(read_answer(refused(1010, quota)).is_err());
        assert!(read_answer(Err(Error::Connection("gone".into()))).is_err());
    }
}

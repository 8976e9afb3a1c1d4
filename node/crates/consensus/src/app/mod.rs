//! The application behind the engine: one loop, one `match`, one function for each message.
//!
//! The engine delivers its messages one after the other and waits for the answer to most of them,
//! so a message is answered before the next one is taken. Two things may be pending meanwhile: the
//! start of the next height ([`finalized`]) and blocks of a height that has not started
//! ([`received_part`]).

mod consensus_ready;
mod decided;
mod decided_values;
mod finalized;
mod get_value;
mod judge;
mod process_synced_value;
mod received_part;
mod restream;
mod started_round;
mod vote_extensions;

use crate::{
    assembler::{Assembled, Assembler},
    clock::Clock,
    context::{Address, ChainContext, Height, ValidatorSet},
    fatal::Fatal,
    limits::{EARLY_BLOCKS_MAX, EXECUTED_BLOCKS_MAX, HEIGHTS_AHEAD_MAX},
    peers::{NodeKey, Peer},
    signing::{ChainSigner, ChainVerifier},
};
use ecoledger_executor::{CommittedBlock, ExecutedBlock, Executor};
use ecoledger_mempool::Mempool;
use ecoledger_primitives::{BlockNumber, ValueId};
use finalized::Waiting;
use lru::LruCache;
use malachitebft_app_channel::{
    AppMsg, Channels, NetworkMsg,
    app::{
        engine::util::events::{Event, RxEvent},
        types::{
            SignedConsensusMsg,
            core::{HeightParams, LinearTimeouts},
        },
    },
};
use std::{
    collections::{BTreeSet, VecDeque},
    num::NonZeroUsize,
    sync::Arc,
    time::Duration,
};
use tokio::sync::{broadcast, mpsc, watch};
use tracing::error;

/// Times that the application keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// How long an idle chain waits before it decides an empty block.
    pub(crate) heartbeat: Duration,
    /// Shortest time from a decision to the start of the next height.
    pub(crate) block_interval_min: Duration,
    /// How far a proposed block's time may be ahead of the clock.
    pub(crate) clock_skew_max: Duration,
    /// The engine's timeouts.
    pub(crate) timeouts: LinearTimeouts,
}

/// What the application works with; all handles are shared.
pub(crate) struct Parts {
    pub(crate) executor: Executor,
    pub(crate) mempool: Mempool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) signer: Option<ChainSigner>,
    pub(crate) pace: Pace,
    /// Where the application says which nodes may connect.
    pub(crate) permitted: watch::Sender<Arc<BTreeSet<NodeKey>>>,
    /// Which of them are connected.
    pub(crate) connected: watch::Receiver<Vec<Peer>>,
}

/// The application's state.
pub(crate) struct App {
    executor: Executor,
    mempool: Mempool,
    clock: Arc<dyn Clock>,
    signer: Option<ChainSigner>,
    pace: Pace,
    permitted: watch::Sender<Arc<BTreeSet<NodeKey>>>,
    connected: watch::Receiver<Vec<Peer>>,
    verifier: ChainVerifier,
    network: mpsc::Sender<NetworkMsg<ChainContext>>,
    committed: broadcast::Receiver<Arc<CommittedBlock>>,
    assembler: Assembler,
    /// Blocks of the height after the next, until that starts.
    early: VecDeque<Assembled>,
    /// Executed blocks of the next height, so that the decided one need not be executed again.
    executed: LruCache<ValueId, ExecutedBlock>,
    /// The start of the next height, while it is put off.
    waiting: Option<Waiting>,
    /// Highest height that other validators were heard about.
    heard: Height,
    /// Tells streams of this node apart.
    stream_nonce: u64,
}

/// Why the loop ended without a failure of the application.
#[derive(Debug)]
pub(crate) struct EngineStopped {
    /// What the engine said about its log, if that was the reason.
    pub(crate) reason: Option<String>,
}

impl App {
    /// The application on top of the executor's head.
    ///
    /// # Errors
    /// [`Fatal`] when committed state cannot be read.
    pub(crate) fn new(
        parts: Parts,
        network: mpsc::Sender<NetworkMsg<ChainContext>>,
    ) -> Result<Self, Fatal> {
        let Parts { executor, mempool, clock, signer, pace, permitted, connected } = parts;
        let committed = Height(executor.head().number);
        let verifier = ChainVerifier { genesis: executor.genesis_hash() };
        let assembler = Assembler::new(verifier, committed, next_sets(&executor, committed)?);
        Ok(Self {
            committed: executor.subscribe(),
            executor,
            mempool,
            signer,
            pace,
            permitted,
            connected,
            verifier,
            network,
            assembler,
            early: VecDeque::with_capacity(EARLY_BLOCKS_MAX),
            executed: LruCache::new(
                NonZeroUsize::new(EXECUTED_BLOCKS_MAX).expect("a positive constant; qed"),
            ),
            waiting: None,
            heard: committed,
            stream_nonce: clock.now_ms(),
            clock,
        })
    }

    /// Serves the engine until it stops.
    ///
    /// # Errors
    /// [`Fatal`]: the caller has to stop the engine, because this node must not vote any more.
    pub(crate) async fn run(
        mut self,
        channels: &mut Channels<ChainContext>,
    ) -> Result<EngineStopped, Fatal> {
        let mut events = channels.events.subscribe();
        let mut reason = None;
        loop {
            tokio::select! {
                message = channels.consensus.recv() => match message {
                    Some(message) => self.handle(message).await?,
                    None => {
                        // Nothing is sent any more, but something may be unread.
                        while let Some(event) = next_event(&mut events) {
                            reason = log_failure(&event).or(reason);
                        }
                        return Ok(EngineStopped { reason });
                    }
                },
                event = events.recv() => match event {
                    Ok(Event::Received(message)) => self.hear_message(&message),
                    Ok(event) => reason = log_failure(&event).or(reason),
                    // What was missed because of other events says nothing that they do not.
                    Err(_) => {}
                },
                () = Waiting::over(self.waiting.as_ref(), &self.mempool) => self.start_next()?,
            }
        }
    }

    /// Answers one message of the engine.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub(crate) async fn handle(&mut self, message: AppMsg<ChainContext>) -> Result<(), Fatal> {
        match message {
            AppMsg::ConsensusReady { reply } => self.consensus_ready(reply).await,
            AppMsg::StartedRound { height, round, proposer, role, reply_value } => {
                self.started_round(height, round, proposer, role, reply_value).await
            }
            AppMsg::GetValue { height, round, timeout, reply } => {
                self.get_value(height, round, timeout, reply).await
            }
            AppMsg::ExtendVote { reply, .. } => vote_extensions::extend(reply),
            AppMsg::VerifyVoteExtensions { extensions, reply, .. } => {
                vote_extensions::verify(extensions, reply)
            }
            AppMsg::RestreamProposal { height, round, valid_round, value_id, .. } => {
                self.restream(height, round, valid_round, value_id).await
            }
            AppMsg::GetHistoryMinHeight { reply } => decided_values::history_min(reply),
            AppMsg::ReceivedProposalPart { from, published_by, part, reply } => {
                self.received_part(from, published_by, part, reply).await
            }
            AppMsg::Decided { certificate, reply, .. } => self.decided(certificate, reply).await,
            AppMsg::Finalized { certificate, evidence, reply, .. } => {
                self.finalized(certificate, &evidence, reply)
            }
            AppMsg::GetDecidedValues { range, reply } => self.decided_values(range, reply).await,
            AppMsg::ProcessSyncedValue { height, round, proposer, value_bytes, reply } => {
                self.process_synced_value(height, round, proposer, value_bytes, reply).await
            }
        }
    }

    /// Height of the newest committed block.
    fn head(&self) -> BlockNumber {
        self.executor.head().number
    }

    /// The height that is decided next.
    fn next_height(&self) -> Height {
        Height(self.head().saturating_add(1))
    }

    /// This node's address; [`Address::NONE`] without a key.
    fn address(&self) -> Address {
        self.signer.as_ref().map_or(Address::NONE, ChainSigner::address)
    }

    /// The engine's parameters of a height.
    fn height_params(&self, height: Height) -> Result<HeightParams<ChainContext>, Fatal> {
        let set = validator_set(&self.executor, height)?;
        // No target time: the next height starts when there is something to decide.
        Ok(HeightParams::new(set, self.pace.timeouts, None))
    }

    /// Whether this node votes at `height`, as far as that is known.
    fn is_validator_of(&self, height: Height) -> bool {
        let address = self.address();
        self.assembler.validators(height).is_some_and(|set| set.contains(&address))
    }

    /// Notes at which height a validator is that sent a vote or proposal. The engine has not
    /// verified it yet, and only a validator's word starts a height.
    fn hear_message(&mut self, message: &SignedConsensusMsg<ChainContext>) {
        let height = message.height();
        if height <= self.heard {
            return;
        }
        let sender = match message {
            SignedConsensusMsg::Vote(vote) => vote.message.validator,
            SignedConsensusMsg::Proposal(proposal) => proposal.message.proposer,
        };
        // Sets further ahead are not known; the last that is known is near enough to be heard.
        let known = Height(self.head().saturating_add(HEIGHTS_AHEAD_MAX)).min(height);
        let is_validator =
            self.assembler.validators(known).is_some_and(|set| set.contains(&sender));
        if is_validator && self.verifier.verify_message(message) {
            self.hear(height);
        }
    }

    /// Notes that others are at `height`; if that is above the committed one, so must this node.
    fn hear(&mut self, height: Height) {
        self.heard = self.heard.max(height);
        if let Some(waiting) = &mut self.waiting
            && waiting.is_passed_by(self.heard)
        {
            waiting.end();
        }
    }
}

/// The validators of a height.
fn validator_set(executor: &Executor, height: Height) -> Result<ValidatorSet, Fatal> {
    let set = executor.validator_set(height.0)?.ok_or(Fatal::NoValidatorSet(height.0))?;
    Ok(ValidatorSet::from(&set))
}

/// The validators of the two heights after `committed`.
fn next_sets(executor: &Executor, committed: Height) -> Result<[ValidatorSet; 2], Fatal> {
    Ok([
        validator_set(executor, Height(committed.0.saturating_add(1)))?,
        validator_set(executor, Height(committed.0.saturating_add(2)))?,
    ])
}

/// The next event that is there.
fn next_event(events: &mut RxEvent<ChainContext>) -> Option<Event<ChainContext>> {
    loop {
        match events.try_recv() {
            Ok(event) => return Some(event),
            Err(broadcast::error::TryRecvError::Lagged(_)) => {}
            Err(_) => return None,
        }
    }
}

/// What an event says against the write-ahead log.
fn log_failure(event: &Event<ChainContext>) -> Option<String> {
    let failure = match event {
        Event::WalCorrupted(failure) => format!("corrupt log: {failure}"),
        Event::WalReplayError(failure) => format!("log replay: {failure}"),
        Event::WalResetError(failure) => format!("log reset: {failure}"),
        _ => return None,
    };
    error!(target: "ecoledger::consensus", failure, "the write-ahead log failed");
    Some(failure)
}

/// Runs `job` where blocking is allowed.
async fn blocking<T: Send + 'static>(
    job: impl FnOnce() -> Result<T, Fatal> + Send + 'static,
) -> Result<T, Fatal> {
    tokio::task::spawn_blocking(job).await?
}

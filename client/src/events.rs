//! What happened in each final block, without gap and without doubling.

use crate::{
    client::{At, Client, EventRecord, connection, event_record},
    error::Error,
};
use futures::stream::{self, Stream};
use serde::Serialize;
use std::time::Duration;
use subxt::{SubstrateConfig, client::Blocks, events::Phase, utils::H256};

/// First pause before a lost connection is tried again; it doubles with each attempt.
const PAUSE_MIN: Duration = Duration::from_millis(200);
/// Longest pause between two attempts.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// An event with its place in a block.
#[derive(Clone, Debug, Serialize)]
pub struct PlacedEvent {
    /// Index of the transaction that caused it; `None` for what the block itself did.
    pub transaction: Option<u32>,
    /// The event.
    #[serde(flatten)]
    pub event: EventRecord,
}

/// All events of one final block, in their order.
#[derive(Clone, Debug, Serialize)]
pub struct BlockEvents {
    /// Height of the block.
    pub height: u32,
    /// Its hash.
    pub hash: H256,
    /// What happened.
    pub events: Vec<PlacedEvent>,
}

impl Client {
    /// The events of every final block from `from_height` on, one item for each block, for ever.
    ///
    /// A block is final the moment it exists and never changes, so that its height is all that a
    /// reader needs to remember: the stream asks for one height after the other, and goes to the
    /// next when the whole block has been read. When the node goes away it connects again, for as
    /// long as it takes, and asks for the same height; nothing is left out or told twice. To go on
    /// after the program's own end, pass the height behind the last item that was dealt with.
    ///
    /// # Errors
    /// [`Error::Decode`] when an event does not decode, and [`Error::WrongChain`] when another
    /// chain answers at the same address. The stream ends behind an error.
    pub fn events(
        &self,
        from_height: u32,
    ) -> impl Stream<Item = Result<BlockEvents, Error>> + Send + use<> {
        let follower = BlockFollower::new(self.clone(), from_height);
        stream::try_unfold(follower, |mut follower| async move {
            let events = follower.next_events().await?;
            Ok(Some((events, follower)))
        })
    }

    /// The events of the block at `height`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such block yet, [`Error::Connection`],
    /// [`Error::Decode`].
    pub async fn block_events(&self, height: u32) -> Result<BlockEvents, Error> {
        events_at(&self.at(Some(height)).await?).await
    }
}

pub(crate) async fn events_at(at: &At) -> Result<BlockEvents, Error> {
    let found = at.events().fetch().await?;
    events_of(at, &found)
}

/// The events `found` in the block of `at`.
pub(crate) fn events_of(
    at: &At,
    found: &subxt::events::Events<SubstrateConfig>,
) -> Result<BlockEvents, Error> {
    let metadata = at.metadata();
    let mut events = Vec::new();
    for event in found.iter() {
        let event = event.map_err(Error::decode)?;
        let transaction = match event.phase() {
            Phase::ApplyExtrinsic(index) => Some(index),
            Phase::Finalization | Phase::Initialization => None,
        };
        let event = event_record(&metadata, event.pallet_name(), event.event_name(), &event)?;
        events.push(PlacedEvent { transaction, event });
    }
    let height = u32::try_from(at.block_number()).map_err(Error::decode)?;
    Ok(BlockEvents { height, hash: at.block_hash(), events })
}

/// Gives final blocks one after the other, and connects again when the node goes away.
pub(crate) struct BlockFollower {
    client: Client,
    /// Height to be given next.
    next: u32,
    /// Highest height known to be final.
    last_final: Option<u32>,
    /// Tells of final blocks; `None` until it is needed, and after it broke.
    blocks: Option<Blocks<SubstrateConfig>>,
    pause: Duration,
}

impl BlockFollower {
    pub(crate) fn new(client: Client, from_height: u32) -> Self {
        Self { client, next: from_height, last_final: None, blocks: None, pause: PAUSE_MIN }
    }

    /// The connection in use, which changes when one is lost.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    async fn next_events(&mut self) -> Result<BlockEvents, Error> {
        loop {
            match self.try_events().await {
                Ok(events) => {
                    self.next += 1;
                    self.pause = PAUSE_MIN;
                    return Ok(events);
                }
                Err(Error::Connection(_)) => self.reconnect().await?,
                Err(error) => return Err(error),
            }
        }
    }

    async fn try_events(&mut self) -> Result<BlockEvents, Error> {
        self.wait_for_next().await?;
        self.client.block_events(self.next).await
    }

    /// Waits until the next height is final and gives it, its hash, and the hashes of its
    /// transactions in order.
    pub(crate) async fn next_block(&mut self) -> Result<(At, Vec<H256>), Error> {
        self.wait_for_next().await?;
        let at = self.client.at(Some(self.next)).await?;
        let (_, body) = self.client.header_and_body(at.block_hash()).await?;
        self.next += 1;
        Ok((at, body.iter().map(|bytes| crate::client::transaction_hash(bytes)).collect()))
    }

    async fn wait_for_next(&mut self) -> Result<(), Error> {
        while self.last_final.is_none_or(|height| height < self.next) {
            let blocks = match &mut self.blocks {
                Some(blocks) => blocks,
                none => none.insert(self.client.api().stream_blocks().await.map_err(connection)?),
            };
            match blocks.next().await {
                Some(Ok(block)) => {
                    self.last_final = Some(u32::try_from(block.number()).map_err(Error::decode)?);
                }
                Some(Err(error)) => {
                    self.blocks = None;
                    return Err(connection(error));
                }
                None => {
                    self.blocks = None;
                    return Err(connection("the node ended the subscription to final blocks"));
                }
            }
        }
        Ok(())
    }

    /// Connects anew, for as long as it takes.
    async fn reconnect(&mut self) -> Result<(), Error> {
        loop {
            tokio::time::sleep(self.pause).await;
            self.pause = (self.pause * 2).min(PAUSE_MAX);
            match self.client.reconnected().await {
                Ok(client) => {
                    self.client = client;
                    // The node may have been replaced by one that is behind.
                    self.last_final = None;
                    self.blocks = None;
                    return Ok(());
                }
                Err(Error::Connection(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

//! Following the chain block by block, each proven with all that happened in it.

use super::{
    Bounds, Bundle, Checkpoint, ProofError,
    make::untrue,
    trust::{self, set_hash},
};
use crate::{
    client::{Client, describe_transaction},
    error::Error,
    events::{BlockEvents, events_of},
    moment::Moment,
    validators::PublicKey,
};
use codec::DecodeAll;
use ecoledger_primitives::{
    EVENTS_KEY, Hash as BlockHash, Header, committed_value, extrinsics_root,
};
use serde_json::Value as Json;

/// A block that is proven to be decided, with its events, which are proven to be all.
#[derive(Clone, Debug)]
pub struct ProvenBlock {
    /// The block as a checkpoint: from it the next one is proven.
    pub checkpoint: Checkpoint,
    /// What happened in it. The bytes are proven; their meaning is by the metadata that the node
    /// gave at connection.
    pub events: BlockEvents,
    /// What its header commits to of its transactions.
    pub extrinsics_root: [u8; 32],
}

/// Bounds for blocks of the past: of any age. Only that the block is not ahead of the clock is asked.
fn of_the_past() -> Bounds {
    Bounds { age_max_ms: u64::MAX, trusting_period_ms: u64::MAX, ..Bounds::at(Moment::now()) }
}

impl Client {
    /// The block behind `from`, verified from it: signed by more than two thirds of the validators
    /// that `from` has for its height, and its events by their digest in the state.
    ///
    /// Whoever begins at a checkpoint that is older than the trusting period trusts all validators
    /// since then to have kept their keys; see [`super::TRUSTING_PERIOD_MS`].
    ///
    /// # Errors
    /// [`Error::NotFound`] when the block is not there yet, [`Error::Proof`] when what the node says
    /// of it does not hold, [`Error::Connection`], [`Error::Decode`].
    pub async fn proven_block(&self, from: &Checkpoint) -> Result<ProvenBlock, Error> {
        let height = from.height.saturating_add(1);
        let mut sets = Vec::new();
        let step = self.commit(height).await?.step(&mut sets)?;
        let at = self.at(Some(height)).await?;
        let events = at.events().fetch().await?;
        let (records, siblings) = self.proven_values(&at, &[EVENTS_KEY.to_vec()]).await?;
        if records.first().map(|it| &it.value[..])
            != Some(&committed_value(&EVENTS_KEY, events.bytes())[..])
        {
            return Err(ProofError::WrongRecords.into());
        }
        let genesis = self.genesis_hash().0;
        let bundle = Bundle { genesis, steps: vec![step], sets, records, siblings, item: None };
        let decided = trust::follow(&bundle, from, &of_the_past())?;
        bundle.check_records(&decided)?;
        let header = bundle.steps.first().map(|step| Header::decode_all(&mut &step.header[..]));
        let header = header.and_then(Result::ok).ok_or_else(|| untrue("no header"))?;
        let after_next = self.announced(height, decided.after_next, from).await?;
        Ok(ProvenBlock {
            checkpoint: Checkpoint {
                genesis: from.genesis.clone(),
                height,
                time_ms: decided.time,
                next: from.after_next.clone(),
                after_next,
            },
            events: events_of(&at, &events)?,
            extrinsics_root: header.extrinsics_root.0,
        })
    }

    /// The transactions of a proven block, in their order, each as [`Client::block`] gives it: held to
    /// what its header commits to of them.
    ///
    /// # Errors
    /// [`Error::Decode`] when the node gives others, [`Error::Connection`].
    pub async fn transactions_of(&self, block: &ProvenBlock) -> Result<Vec<Json>, Error> {
        let at = self.at(Some(block.checkpoint.height)).await?;
        let (_, body) = self.header_and_body(block.events.hash).await?;
        if extrinsics_root(body.clone()).0 != block.extrinsics_root {
            return Err(untrue("not the transactions of the block"));
        }
        let metadata = at.metadata();
        body.iter().map(|bytes| describe_transaction(bytes, &metadata)).collect()
    }

    /// The validator set with this hash, announced at `height`.
    async fn announced(
        &self,
        height: u32,
        hash: [u8; 32],
        from: &Checkpoint,
    ) -> Result<Vec<PublicKey>, Error> {
        let is_it = |keys: &[PublicKey]| {
            let keys: Result<Vec<_>, _> =
                keys.iter().map(|key| key.to_string().parse::<BlockHash>()).collect();
            keys.is_ok_and(|keys| {
                set_hash(&keys.iter().map(|key| key.0).collect::<Vec<_>>()) == hash
            })
        };
        if is_it(&from.after_next) {
            return Ok(from.after_next.clone());
        }
        let validators = self.after_next_validators(Some(height)).await?;
        let keys: Vec<_> = validators.into_iter().map(|it| it.key).collect();
        if is_it(&keys) { Ok(keys) } else { Err(untrue("not the validators that are announced")) }
    }
}

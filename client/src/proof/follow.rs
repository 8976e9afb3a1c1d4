//! Following the chain block by block, each proven with all that happened in it.

use super::{
    Bounds, Bundle, Checkpoint, ProofError,
    make::untrue,
    trust::{self, set_hash},
};
use crate::{
    client::Client,
    error::Error,
    events::{BlockEvents, events_of},
    moment::Moment,
    validators::PublicKey,
};
use ecoledger_primitives::{EVENTS_KEY, Hash as BlockHash, committed_value};

/// A block that is proven to be decided, with its events, which are proven to be all.
#[derive(Clone, Debug)]
pub struct ProvenBlock {
    /// The block as a checkpoint: from it the next one is proven.
    pub checkpoint: Checkpoint,
    /// What happened in it. The bytes are proven; their meaning is by the metadata that the node
    /// gave at connection.
    pub events: BlockEvents,
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
        })
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

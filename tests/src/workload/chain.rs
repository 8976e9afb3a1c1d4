//! A chain that is prepared for a load.

use super::{Lane, Pace, Signed};
use crate::{
    governance,
    network::Network,
    rpc::Rpc,
    sending,
    transaction::{Calls, Key, Terms, hash},
};
use ecoledger_client::{Client, Receipt};
use eyre::{WrapErr, eyre};
use serde_json::Value;

/// Transactions of one account that wait at a time while a chain is prepared. A pool takes 1,024 of
/// one, and the node that is sent to may be two such windows behind the one that is watched.
const WINDOW: usize = 340;

/// A network, and all that it takes to sign for its chain.
pub struct Chain<'a> {
    network: &'a Network,
    client: Client,
    rpc: Rpc,
    calls: Calls,
    terms: Terms,
}

impl<'a> Chain<'a> {
    /// Connects to the first node.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn of(network: &'a Network) -> eyre::Result<Self> {
        let client = network.client(0).await?;
        let rpc = network.rpc(0).await?;
        let calls = Calls::of(&client).await?;
        let terms = Terms::of(&rpc).await?;
        Ok(Self { network, client, rpc, calls, terms })
    }

    /// The network.
    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// A connection to the first node.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// A client of the first node.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What signatures cover.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Encodes a call.
    ///
    /// # Errors
    /// As [`Calls::encode`].
    pub fn encode(&self, pallet: &str, call: &str, arguments: &Value) -> eyre::Result<Vec<u8>> {
        self.calls.encode(pallet, call, arguments)
    }

    /// Makes one call by the development key `//name`; returns once it is final.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn act(
        &self,
        name: &str,
        pallet: &str,
        call: &str,
        arguments: &Value,
    ) -> eyre::Result<Receipt> {
        let what = || format!("{pallet}.{call} by {name}");
        let key = Key::for_client(name);
        let sent = self.client.submit(&key, pallet, call, arguments).await.wrap_err_with(what)?;
        sent.finalized().await.wrap_err_with(what)
    }

    /// Lets the committee carry a motion for `call`.
    ///
    /// # Errors
    /// As [`governance::enact`].
    pub async fn enact(&self, call: Value) -> eyre::Result<()> {
        governance::enact(&self.client, call).await.map(|_| ())
    }

    /// The number in a storage value; 0 where none was written.
    ///
    /// # Errors
    /// When it is no number.
    pub async fn number(&self, pallet: &str, item: &str) -> eyre::Result<u64> {
        match self.client.query(pallet, item, &[], None).await? {
            Some(value) => number(&value),
            None => Ok(0),
        }
    }

    /// Signs encoded calls by an account, from its next nonce on.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn sign(
        &self,
        key: &Key,
        call: &'static str,
        pace: Pace,
        calls: Vec<Vec<u8>>,
    ) -> eyre::Result<Lane> {
        let first = self.rpc.next_nonce(&key.account()).await.wrap_err("next nonce")?;
        let transactions = (first..)
            .zip(calls)
            .map(|(nonce, encoded)| {
                let bytes = self.terms.nonce(nonce).sign(key, &encoded);
                Signed { hash: hash(&bytes), bytes }
            })
            .collect();
        Ok(Lane { call, pace, transactions })
    }

    /// Makes encoded calls, each list by its development key, as fast as the chain takes them;
    /// returns once all are final.
    ///
    /// # Errors
    /// As [`sending::send`]. What a call came to is for the caller to check.
    pub async fn prepare(
        &self,
        lists: impl IntoIterator<Item = (&str, Vec<Vec<u8>>)>,
    ) -> eyre::Result<()> {
        let mut lanes = Vec::new();
        for (name, calls) in lists {
            let pace = Pace::Window(WINDOW);
            lanes.push(self.sign(&Key::ed25519(name), "preparation", pace, calls).await?);
        }
        sending::send(self.network, lanes).await.map(|_| ())
    }
}

/// A number as the chain's values are written in JSON.
///
/// # Errors
/// When it is none, or above 64 bits.
pub(crate) fn number(value: &Value) -> eyre::Result<u64> {
    let text = value.as_str().and_then(|text| text.parse().ok());
    value.as_u64().or(text).ok_or_else(|| eyre!("expected a number, got {value}"))
}

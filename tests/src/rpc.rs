//! A JSON-RPC connection, as any user of a node has one.

use codec::DecodeAll;
use ecoledger_primitives::{Block, BlockNumber, Hash, Header};
use ecoledger_rpc_api::types::{Certificate, PeerInfo, TransactionStatus};
use eyre::{WrapErr, bail, eyre};
use jsonrpsee::{
    core::{
        client::{ClientT, Error, Subscription, SubscriptionClientT},
        params::BatchRequestBuilder,
        traits::ToRpcParams,
    },
    rpc_params,
    ws_client::{WsClient, WsClientBuilder},
};
use serde::de::DeserializeOwned;
use sp_runtime::OpaqueExtrinsic;
use std::sync::Arc;

/// Longest answer that is read: a full block in hexadecimal.
const RESPONSE_BYTES_MAX: u32 = 64 << 20;
/// Requests that wait for an answer at once.
const REQUESTS_MAX: usize = 4_096;
/// Notifications that wait to be read, of each subscription.
const NOTIFICATIONS_MAX: usize = 1_024;

/// A connection to one node. Clones share it; it does not reconnect.
#[derive(Clone, Debug)]
pub struct Rpc(Arc<WsClient>);

impl Rpc {
    /// Connects to `url`.
    ///
    /// # Errors
    /// When nobody answers there.
    pub async fn connect(url: &str) -> eyre::Result<Self> {
        let client = WsClientBuilder::default()
            .max_request_size(RESPONSE_BYTES_MAX)
            .max_response_size(RESPONSE_BYTES_MAX)
            .max_concurrent_requests(REQUESTS_MAX)
            .max_buffer_capacity_per_subscription(NOTIFICATIONS_MAX)
            .build(url)
            .await
            .wrap_err_with(|| format!("connect to {url}"))?;
        Ok(Self(Arc::new(client)))
    }

    /// Calls a method.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        params: impl ToRpcParams + Send,
    ) -> Result<T, Error> {
        self.0.request(method, params).await
    }

    /// Submits a transaction and gives its hash.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn submit(&self, transaction: &[u8]) -> Result<Hash, Error> {
        self.call("author_submitExtrinsic", rpc_params![hex_of(transaction)]).await
    }

    /// Submits transactions, already in hexadecimal, in one message.
    ///
    /// # Errors
    /// When the message is not answered, or the node refuses one of them, with its words.
    pub async fn submit_all(&self, transactions: &[String]) -> eyre::Result<()> {
        let mut batch = BatchRequestBuilder::new();
        for transaction in transactions {
            batch
                .insert("author_submitExtrinsic", rpc_params![transaction])
                .wrap_err("encode a transaction")?;
        }
        let answers = self.0.batch_request::<Hash>(batch).await.wrap_err("submit")?;
        for (place, answer) in answers.into_iter().enumerate() {
            if let Err(refused) = answer {
                let (number, of) = (place + 1, transactions.len());
                let (code, words) = (refused.code(), refused.message());
                let data = refused.data().map(|data| data.get()).unwrap_or_default();
                bail!("transaction {number} of {of} was refused: {code} {words} {data}");
            }
        }
        Ok(())
    }

    /// Submits a transaction and follows what becomes of it.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn watch(
        &self,
        transaction: &[u8],
    ) -> Result<Subscription<TransactionStatus>, Error> {
        self.0
            .subscribe(
                "author_submitAndWatchExtrinsic",
                rpc_params![hex_of(transaction)],
                "author_unwatchExtrinsic",
            )
            .await
    }

    /// Submits a transaction and waits until it is final; gives its block's hash.
    ///
    /// # Errors
    /// When it is refused, or leaves the pool otherwise.
    pub async fn finalize(&self, transaction: &[u8]) -> eyre::Result<Hash> {
        let mut statuses = self.watch(transaction).await.wrap_err("submit")?;
        while let Some(status) = statuses.next().await {
            match status.wrap_err("read a status")? {
                TransactionStatus::Finalized(block) => return Ok(block),
                end @ (TransactionStatus::Usurped(_)
                | TransactionStatus::Dropped
                | TransactionStatus::Invalid) => {
                    return Err(eyre!("the transaction ended as {end:?}"));
                }
                _ => {}
            }
        }
        Err(eyre!("the node ended the subscription"))
    }

    /// Headers of blocks as they become final, the latest first of all.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn finalized_heads(&self) -> Result<Subscription<Header>, Error> {
        self.0
            .subscribe(
                "chain_subscribeFinalizedHeads",
                rpc_params![],
                "chain_unsubscribeFinalizedHeads",
            )
            .await
    }

    /// Waits until a block of at least `height` is final, and gives its height.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn wait_height(&self, height: BlockNumber) -> eyre::Result<BlockNumber> {
        let mut heads = self.finalized_heads().await.wrap_err("subscribe")?;
        while let Some(head) = heads.next().await {
            let head = head.wrap_err("read a header")?;
            if head.number >= height {
                return Ok(head.number);
            }
        }
        Err(eyre!("the node ended the subscription"))
    }

    /// The last final height.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn height(&self) -> eyre::Result<BlockNumber> {
        let header: Header =
            self.call("chain_getHeader", rpc_params![]).await.wrap_err("header")?;
        Ok(header.number)
    }

    /// The hash of the block at `height`.
    ///
    /// # Errors
    /// When there is none yet.
    pub async fn hash(&self, height: BlockNumber) -> eyre::Result<Hash> {
        let hash: Option<Hash> =
            self.call("chain_getBlockHash", rpc_params![height]).await.wrap_err("block hash")?;
        hash.ok_or_else(|| eyre!("there is no block {height}"))
    }

    /// A block.
    ///
    /// # Errors
    /// When there is no such block.
    pub async fn block(&self, block: Hash) -> eyre::Result<Block> {
        let mut answer: serde_json::Value =
            self.call("chain_getBlock", rpc_params![block]).await.wrap_err("block")?;
        let header = serde_json::from_value(answer["block"]["header"].take())
            .wrap_err_with(|| format!("there is no block {block:?}"))?;
        let extrinsics = bodies(&answer, block)?
            .iter()
            .map(|raw| OpaqueExtrinsic::decode_all(&mut raw.as_slice()).wrap_err("decode"))
            .collect::<eyre::Result<_>>()?;
        Ok(Block { header, extrinsics })
    }

    /// The transactions of a block, encoded.
    ///
    /// # Errors
    /// When there is no such block.
    pub async fn transactions(&self, block: Hash) -> eyre::Result<Vec<Vec<u8>>> {
        let answer: serde_json::Value =
            self.call("chain_getBlock", rpc_params![block]).await.wrap_err("block")?;
        bodies(&answer, block)
    }

    /// The certificate of `height`, with the header that it proves.
    ///
    /// # Errors
    /// When the height is not decided.
    pub async fn certificate(&self, height: BlockNumber) -> eyre::Result<Certificate> {
        let certificate: Option<Certificate> = self
            .call("ecoledger_getCertificate", rpc_params![height])
            .await
            .wrap_err("certificate")?;
        certificate.ok_or_else(|| eyre!("height {height} is not decided"))
    }

    /// The next nonce of an account, counting its transactions in the pool.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn next_nonce(&self, account: &[u8; 32]) -> Result<u32, Error> {
        self.call("system_accountNextIndex", rpc_params![ecoledger_client::address(account)]).await
    }

    /// Peer ids and roles of the nodes that it is connected with.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn peer_roles(&self) -> eyre::Result<Vec<(String, String)>> {
        let peers: Vec<PeerInfo> =
            self.call("system_peers", rpc_params![]).await.wrap_err("peers")?;
        Ok(peers.into_iter().map(|peer| (peer.peer_id, peer.roles)).collect())
    }

    /// Peer ids of the nodes that it is connected with.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn peer_ids(&self) -> eyre::Result<Vec<String>> {
        Ok(self.peer_roles().await?.into_iter().map(|(peer, _)| peer).collect())
    }

    /// Number of transactions that wait in the pool.
    ///
    /// # Errors
    /// As the node answers.
    pub async fn pending(&self) -> Result<usize, Error> {
        let pending: Vec<String> = self.call("author_pendingExtrinsics", rpc_params![]).await?;
        Ok(pending.len())
    }

    /// Resolves when the connection is gone.
    pub async fn disconnected(&self) {
        self.0.on_disconnect().await;
    }
}

/// The transactions in an answer with a block.
fn bodies(answer: &serde_json::Value, block: Hash) -> eyre::Result<Vec<Vec<u8>>> {
    answer["block"]["extrinsics"]
        .as_array()
        .ok_or_else(|| eyre!("there is no block {block:?}"))?
        .iter()
        .map(|raw| bytes_of(raw.as_str().unwrap_or_default()))
        .collect()
}

/// Bytes as JSON-RPC writes them.
pub fn hex_of(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// Reads bytes as JSON-RPC writes them.
///
/// # Errors
/// When they are not hexadecimal.
pub fn bytes_of(text: &str) -> eyre::Result<Vec<u8>> {
    hex::decode(text.trim_start_matches("0x")).wrap_err("read hexadecimal bytes")
}

/// The code and the words with which a node refused a call; `None` for any other failure.
pub fn refusal(error: &Error) -> Option<(i32, String)> {
    match error {
        Error::Call(refused) => {
            let data = refused.data().map(|data| data.get().to_owned()).unwrap_or_default();
            Some((refused.code(), format!("{} {data}", refused.message())))
        }
        _ => None,
    }
}

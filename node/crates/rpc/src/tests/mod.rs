//! The handlers over a real executor, store and pool; only consensus is replaced, by one that
//! decides at once.

mod author;
mod chain;
mod configuration;
mod ecoledger;
mod errors;
mod golden;
mod listing;
mod operators;
mod server;
mod state;
mod system;

use crate::{
    ChainInfo, NodeHealth, NodeInfo, RpcConfig, RpcContext, RpcLimits, handlers::Handlers,
};
use codec::{Compact, Encode};
use ecoledger_executor::{BuildBudget, Executor};
use ecoledger_mempool::{Mempool, MempoolConfig};
use ecoledger_primitives::{
    AccountId, CommitCertificate, CommitSignature, Hash, HeaderDigest, PreDigest, VoteKind,
    value_id, vote_bytes,
};
use ecoledger_rpc_api::types::{ChainType, NodeRole, PeerInfo};
use ecoledger_storage::{Durability, StateRetention, Storage, StorageConfig};
use jsonrpsee::RpcModule;
use serde_json::{Value, json, value::RawValue};
use sp_core::{Pair, ed25519};
use sp_io::hashing::blake2_256;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};

/// Seeds of the validators' keys.
const VALIDATORS: [[u8; 32]; 4] = [[1; 32], [2; 32], [3; 32], [4; 32]];

/// A chain of its own, with what the node would give to the interfaces.
struct Chain {
    executor: Executor,
    mempool: Mempool,
    peers: watch::Sender<Vec<PeerInfo>>,
    health: watch::Sender<NodeHealth>,
    _directory: TempDir,
}

fn validators() -> Vec<ed25519::Pair> {
    VALIDATORS.iter().map(ed25519::Pair::from_seed).collect()
}

fn alice() -> ed25519::Pair {
    ed25519::Pair::from_string("//Alice", None).unwrap()
}

impl Chain {
    /// The development chain at genesis.
    fn new() -> Self {
        Self::with_retention(StateRetention::Archive)
    }

    fn with_retention(retention: StateRetention) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut config = StorageConfig::new(retention);
        config.durability = Durability::ProcessDeath;
        let storage = Storage::open(directory.path(), config).unwrap();
        let mut genesis = ecoledger_executor::genesis::preset("development").unwrap();
        let keys: Vec<_> = validators()
            .iter()
            .enumerate()
            .map(|(index, pair)| {
                let node = ed25519::Pair::from_seed(&[index as u8 + 101; 32]);
                json!({ "key": Hash::from(pair.public().0), "nodeKey": Hash::from(node.public().0) })
            })
            .collect();
        genesis["validators"] = json!({ "validators": keys });
        let executor = Executor::open(storage, &genesis).unwrap();
        let mempool = Mempool::new(executor.clone(), MempoolConfig::default());
        Self {
            executor,
            mempool,
            peers: watch::Sender::new(Vec::new()),
            health: watch::Sender::new(NodeHealth::default()),
            _directory: directory,
        }
    }

    /// The development chain after `n` blocks without transactions.
    fn at(n: u32) -> Self {
        let chain = Self::new();
        (0..n).for_each(|_| {
            chain.produce();
        });
        chain
    }

    fn context(&self) -> RpcContext {
        RpcContext {
            executor: self.executor.clone(),
            mempool: self.mempool.clone(),
            chain: ChainInfo {
                name: "EcoLedger Development".into(),
                chain_type: ChainType::Local,
                properties: ChainInfo::default_properties(),
            },
            node: NodeInfo {
                name: "EcoLedger Node".into(),
                version: "0.1.0".into(),
                role: NodeRole::Authority,
                peer_id: "12D3KooWA".into(),
                listen_addresses: vec!["/ip4/127.0.0.1/tcp/30333/p2p/12D3KooWA".into()],
            },
            peers: self.peers.subscribe(),
            health: self.health.subscribe(),
            metrics: Vec::new(),
        }
    }

    /// All methods, without a network.
    fn methods(&self) -> RpcModule<()> {
        self.methods_with(RpcLimits::default(), true)
    }

    fn methods_with(&self, limits: RpcLimits, serves_unsafe: bool) -> RpcModule<()> {
        Handlers::new(self.context(), limits, serves_unsafe).into_methods().unwrap()
    }

    /// Decides a block with everything that is ready; answers its hash.
    fn produce(&self) -> Hash {
        let head = self.executor.head();
        let time_ms = HeaderDigest::of(&head.header)
            .map_or(1_700_000_000_000, |digest| digest.pre.time_ms + 1_000);
        let proposer = validators().first().unwrap().public().0;
        let pre = PreDigest { time_ms, proposer };
        let ready = self.mempool.ready(usize::MAX, usize::MAX).into_iter();
        let built = self.executor.build_block(pre, ready, BuildBudget::default()).unwrap();
        assert_eq!(built.rejected, vec![]);
        let certificate = self.certify(built.executed.header());
        let hash = built.executed.hash();
        let mut blocks = self.executor.subscribe();
        self.executor.commit(built.executed, certificate).unwrap();
        self.mempool.on_committed(&blocks.try_recv().unwrap());
        hash
    }

    /// A certificate with the precommits of three of the four validators.
    fn certify(&self, header: &ecoledger_primitives::Header) -> CommitCertificate {
        let value_id = value_id(header);
        let genesis = self.executor.genesis_hash();
        let bytes = vote_bytes(VoteKind::Precommit, &genesis, header.number, 0, Some(value_id));
        let signatures: Vec<_> = validators()
            .iter()
            .take(3)
            .map(|pair| CommitSignature {
                validator: pair.public().0,
                signature: pair.sign(&bytes).0,
            })
            .collect();
        CommitCertificate {
            height: header.number,
            round: 0,
            value_id,
            signatures: signatures.try_into().unwrap(),
        }
    }

    /// An immortal transaction of `signer` that remarks `remark`.
    fn remark(&self, signer: &ed25519::Pair, nonce: u32, remark: &[u8]) -> Vec<u8> {
        self.signed(signer, nonce, self.executor.genesis_hash(), remark)
    }

    fn signed(&self, signer: &ed25519::Pair, nonce: u32, genesis: Hash, remark: &[u8]) -> Vec<u8> {
        let version = self.executor.runtime_version();
        let call = (0u8, 0u8, remark).encode();
        let extension = (0u8, Compact(nonce)).encode();
        let implicit =
            (version.spec_version, version.transaction_version, genesis, genesis).encode();
        let mut payload = [call.clone(), extension.clone(), implicit].concat();
        if payload.len() > 256 {
            payload = blake2_256(&payload).to_vec();
        }
        let signature = signer.sign(&payload);
        let preamble = (0x84u8, 0u8, signer.public().0, 0u8, signature.0).encode();
        [preamble, extension, call].concat().encode()
    }
}

/// The storage key of an account's record.
fn account_key(account: &AccountId) -> Vec<u8> {
    let raw: &[u8; 32] = account.as_ref();
    [
        sp_io::hashing::twox_128(b"System").as_slice(),
        &sp_io::hashing::twox_128(b"Account"),
        &sp_io::hashing::blake2_128(raw),
        raw,
    ]
    .concat()
}

fn hex(bytes: &[u8]) -> String {
    sp_core::bytes::to_hex(bytes, false)
}

/// A call as it comes over the wire; answers `result` or `error`.
async fn call(module: &RpcModule<()>, method: &str, params: Value) -> Result<Value, Value> {
    subscribe(module, method, params).await.map(|(result, _)| result)
}

/// A subscription as it comes over the wire: its identifier, and its notifications.
async fn subscribe(
    module: &RpcModule<()>,
    method: &str,
    params: Value,
) -> Result<(Value, mpsc::Receiver<Box<RawValue>>), Value> {
    subscribe_with(module, method, params, 64).await
}

/// The same for a connection that buffers at most `buffered_max` messages.
async fn subscribe_with<C>(
    module: &RpcModule<C>,
    method: &str,
    params: Value,
    buffered_max: usize,
) -> Result<(Value, mpsc::Receiver<Box<RawValue>>), Value> {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let (response, notifications) =
        module.raw_json_request(&request.to_string(), buffered_max).await.unwrap();
    let mut response: Value = serde_json::from_str(response.get()).unwrap();
    assert_eq!(response["jsonrpc"], "2.0");
    assert_eq!(response["id"], 1);
    match response.get_mut("error") {
        Some(error) => Err(error.take()),
        None => Ok((response["result"].take(), notifications)),
    }
}

/// The next notification: its method name, and its result.
async fn next(notifications: &mut mpsc::Receiver<Box<RawValue>>) -> (String, Value) {
    let raw = notifications.recv().await.expect("the subscription has ended");
    let mut notification: Value = serde_json::from_str(raw.get()).unwrap();
    let method = notification["method"].as_str().unwrap().to_owned();
    (method, notification["params"]["result"].take())
}

/// A configuration that serves on free loopback ports.
fn loopback() -> RpcConfig {
    let mut config = RpcConfig::new("127.0.0.1:0".parse().unwrap());
    config.metrics_addr = Some("127.0.0.1:0".parse().unwrap());
    config
}

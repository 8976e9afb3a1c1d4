//! Keys and signed transactions, made without asking a node for each.
//!
//! ```text
//! transaction  compact length | 0x84 | 0x00 account[32] | scheme, signature[64] | era | compact nonce | call
//! signed       call | era | compact nonce | spec version u32 | transaction version u32
//!              | genesis[32] | checkpoint[32]; its BLAKE2b-256 hash when longer than 256 bytes
//! ```
//!
//! Source: Substrate's extrinsic format, version 4, with the extensions of this chain's metadata.

use crate::rpc::Rpc;
use codec::{Compact, Encode};
use ecoledger_client::{Error as ClientError, value::fields_from_json};
use ecoledger_primitives::Hash;
use eyre::{WrapErr, ensure, eyre};
use jsonrpsee::rpc_params;
use serde_json::Value;
use sp_core::{Pair, crypto::DEV_PHRASE, ed25519, sr25519};
use sp_io::hashing::blake2_256;
use sp_runtime::generic::Era;
use subxt::SubstrateConfig;

/// Version byte of a signed transaction of version 4.
const SIGNED_V4: u8 = 0x84;
/// Longest payload that is signed itself and not by its hash.
const PAYLOAD_BYTES_MAX: usize = 256;
/// Names of the agents of the development chain.
pub const AGENTS: [&str; 6] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"];

/// Extensions that the chain must have for [`Terms::sign`] to fit.
const EXTENSIONS: [&str; 8] = [
    "CheckNonZeroSender",
    "CheckSpecVersion",
    "CheckTxVersion",
    "CheckGenesis",
    "CheckMortality",
    "CheckParticipant",
    "CheckNonce",
    "CheckWeight",
];

/// The key of an agent.
#[derive(Clone)]
pub enum Key {
    /// RFC 8032.
    Ed25519(Box<ed25519::Pair>),
    /// Schnorrkel.
    Sr25519(Box<sr25519::Pair>),
}

impl Key {
    /// The ed25519 key of a name, such as `Alice` for `//Alice`.
    ///
    /// # Panics
    /// When the name is no derivation path.
    pub fn ed25519(name: &str) -> Self {
        let uri = format!("{DEV_PHRASE}//{name}");
        let pair = ed25519::Pair::from_string(&uri, None).expect("a name is a path; qed");
        Self::Ed25519(Box::new(pair))
    }

    /// The sr25519 key of a name, such as `Alice` for `//Alice`.
    ///
    /// # Panics
    /// When the name is no derivation path.
    pub fn sr25519(name: &str) -> Self {
        let uri = format!("{DEV_PHRASE}//{name}");
        let pair = sr25519::Pair::from_string(&uri, None).expect("a name is a path; qed");
        Self::Sr25519(Box::new(pair))
    }

    /// Both keys of every agent of the development chain.
    pub fn agents() -> Vec<Self> {
        AGENTS.iter().flat_map(|name| [Self::ed25519(name), Self::sr25519(name)]).collect()
    }

    /// The public key, which is also the account.
    pub fn account(&self) -> [u8; 32] {
        match self {
            Self::Ed25519(pair) => pair.public().0,
            Self::Sr25519(pair) => pair.public().0,
        }
    }

    /// The same key for `ecoledger_client`.
    ///
    /// # Panics
    /// Never: both schemes have a seed.
    pub fn for_client(name: &str) -> ecoledger_client::KeyPair {
        let uri = format!("{DEV_PHRASE}//{name}");
        let (_, seed) =
            ed25519::Pair::from_string_with_seed(&uri, None).expect("a name is a path; qed");
        ecoledger_client::KeyPair::from_ed25519_seed(seed.expect("ed25519 keys have seeds; qed"))
    }

    /// The scheme's number in a signature, and the signature.
    fn sign(&self, payload: &[u8]) -> (u8, [u8; 64]) {
        match self {
            Self::Ed25519(pair) => (0, pair.sign(payload).0),
            Self::Sr25519(pair) => (1, pair.sign(payload).0),
        }
    }
}

/// What a signature covers beside the call.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Hash of the chain's first block.
    pub genesis: Hash,
    /// Version of the runtime.
    pub spec_version: u32,
    /// Version of the transaction format.
    pub transaction_version: u32,
    /// Blocks in which the transaction is valid.
    pub era: Era,
    /// Hash of the block at which the era starts; of the first block when it has no end.
    pub checkpoint: Hash,
    /// The account's nonce.
    pub nonce: u32,
}

impl Terms {
    /// Terms of the chain behind `rpc`, valid in every block, with nonce 0.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn of(rpc: &Rpc) -> eyre::Result<Self> {
        let version: Value =
            rpc.call("state_getRuntimeVersion", rpc_params![]).await.wrap_err("version")?;
        let number = |name: &str| -> eyre::Result<u32> {
            let number = version[name].as_u64().and_then(|number| u32::try_from(number).ok());
            number.ok_or_else(|| eyre!("the version has no {name}"))
        };
        let genesis = rpc.hash(0).await?;
        Ok(Self {
            genesis,
            spec_version: number("specVersion")?,
            transaction_version: number("transactionVersion")?,
            era: Era::Immortal,
            checkpoint: genesis,
            nonce: 0,
        })
    }

    /// The same with another nonce.
    #[must_use]
    pub fn nonce(&self, nonce: u32) -> Self {
        Self { nonce, ..self.clone() }
    }

    /// Signs an encoded call.
    pub fn sign(&self, key: &Key, call: &[u8]) -> Vec<u8> {
        self.sign_as(&key.account(), call, |payload| key.sign(payload))
    }

    /// Puts a call and the signature that `sign` gives together: scheme and signature.
    pub fn sign_as(
        &self,
        account: &[u8; 32],
        call: &[u8],
        sign: impl FnOnce(&[u8]) -> (u8, [u8; 64]),
    ) -> Vec<u8> {
        let extra = (self.era, Compact(self.nonce)).encode();
        let mut payload = [call, &extra].concat();
        (self.spec_version, self.transaction_version, self.genesis, self.checkpoint)
            .encode_to(&mut payload);
        let (scheme, signature) = if payload.len() > PAYLOAD_BYTES_MAX {
            sign(&blake2_256(&payload))
        } else {
            sign(&payload)
        };
        let mut body = Vec::with_capacity(112 + call.len());
        body.push(SIGNED_V4);
        body.push(0);
        body.extend_from_slice(account);
        body.push(scheme);
        body.extend_from_slice(&signature);
        body.extend_from_slice(&extra);
        body.extend_from_slice(call);
        with_length(&body)
    }
}

/// A transaction's body behind its length.
pub fn with_length(body: &[u8]) -> Vec<u8> {
    body.to_vec().encode()
}

/// The hash by which nodes name a transaction.
pub fn hash(transaction: &[u8]) -> Hash {
    Hash::from(blake2_256(transaction))
}

/// `System.remark`, whose numbers are fixed in every FRAME chain that has `System` first.
pub fn remark(text: &[u8]) -> Vec<u8> {
    (0u8, 0u8, text).encode()
}

type At = subxt::client::ClientAtBlock<
    SubstrateConfig,
    subxt::client::OnlineClientAtBlockImpl<SubstrateConfig>,
>;

/// Encodes calls as the chain's metadata describes them.
#[derive(Clone)]
pub struct Calls(At);

impl Calls {
    /// Reads the metadata, and checks that [`Terms::sign`] fits the chain.
    ///
    /// # Errors
    /// When the node does not answer, or the chain has other extensions.
    pub async fn of(client: &ecoledger_client::Client) -> eyre::Result<Self> {
        let at = client.api().at_current_block().await.wrap_err("read metadata")?;
        let metadata = at.metadata();
        let names: Vec<_> = metadata
            .extrinsic()
            .transaction_extensions_by_version(0)
            .into_iter()
            .flatten()
            .map(|extension| extension.identifier().to_owned())
            .collect();
        ensure!(names == EXTENSIONS, "the chain has the extensions {names:?}");
        Ok(Self(at))
    }

    /// Encodes a call from its arguments in JSON, as `ecoledger tx` takes them.
    ///
    /// # Errors
    /// When the chain has no such call or an argument does not fit.
    pub fn encode(&self, pallet: &str, call: &str, arguments: &Value) -> eyre::Result<Vec<u8>> {
        let metadata = self.0.metadata();
        let variant = metadata
            .pallet_by_name(pallet)
            .and_then(|pallet| pallet.call_variant_by_name(call))
            .ok_or_else(|| eyre!("the chain has no call {pallet}.{call}"))?;
        let fields = fields_from_json(arguments, &variant.fields, metadata.types())
            .map_err(ClientError::from)?;
        self.0
            .transactions()
            .call_data(&subxt::dynamic::tx(pallet, call, fields))
            .wrap_err_with(|| format!("encode {pallet}.{call}"))
    }
}

//! What Substrate's interface does not have: state proofs, certificates, positions.

use crate::types::{Certificate, NumberOrHex, StateProof, TransactionPosition};
use ecoledger_primitives::Hash;
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use sp_core::storage::StorageKey;

/// State proofs, certificates and positions.
#[rpc(client, server)]
pub trait EcoledgerApi {
    /// Proves for each key its value, or that it has none, in the state after a block.
    ///
    /// Verify in this order: the certificate of the height proves the header, the header's state
    /// root is the root of each proof, each proof binds its key and value.
    #[method(name = "ecoledger_getProof")]
    async fn proof(&self, keys: Vec<StorageKey>, at: Option<Hash>) -> RpcResult<StateProof>;

    /// The commit certificate of a height with the header that it proves and the validators that
    /// could sign it, by default of the latest; `null` for the genesis block and above the head.
    #[method(name = "ecoledger_getCertificate")]
    async fn certificate(&self, height: Option<NumberOrHex>) -> RpcResult<Option<Certificate>>;

    /// Where the transaction with this hash is in the chain; `null` if it is not.
    ///
    /// A transaction that is not signed can have the bytes, and so the hash, of another; the
    /// first position is answered.
    #[method(name = "ecoledger_getTransaction")]
    async fn transaction(&self, hash: Hash) -> RpcResult<Option<TransactionPosition>>;
}

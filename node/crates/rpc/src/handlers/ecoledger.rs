//! State proofs, certificates, positions.

use super::Handlers;
use crate::{backend::committed, error::RpcError};
use codec::Encode;
use ecoledger_primitives::{BlockNumber, Hash};
use ecoledger_rpc_api::{
    Bytes, EcoledgerApiServer, StorageKey,
    types::{
        Certificate, KeyProof, NumberOrHex, PrecommitSignature, StateProof, TransactionPosition,
    },
};
use ecoledger_storage::Storage;
use jsonrpsee::core::{RpcResult, async_trait};

#[async_trait]
impl EcoledgerApiServer for Handlers {
    async fn proof(&self, keys: Vec<StorageKey>, at: Option<Hash>) -> RpcResult<StateProof> {
        Self::check_count(keys.len(), self.limits.proof_keys_max)?;
        let bytes_max = self.limits.values_bytes_max;
        let proof = self
            .backend
            .read_at(at, move |storage, number| prove(storage, number, keys, bytes_max));
        Ok(proof.await?)
    }

    async fn certificate(&self, height: Option<NumberOrHex>) -> RpcResult<Option<Certificate>> {
        let number = match height {
            None => self.backend.head().number,
            Some(NumberOrHex(number)) => {
                BlockNumber::try_from(number).map_err(|_| RpcError::BlockNumber(number))?
            }
        };
        Ok(self.backend.read(move |storage| certificate(storage, number)).await?)
    }

    async fn transaction(&self, hash: Hash) -> RpcResult<Option<TransactionPosition>> {
        Ok(self.backend.read(move |storage| position(storage, &hash)).await?)
    }
}

fn prove(
    storage: &Storage,
    number: BlockNumber,
    keys: Vec<StorageKey>,
    bytes_max: usize,
) -> Result<StateProof, RpcError> {
    let header = committed(storage.header(number)?, "header")?;
    let state = storage.state(number)?;
    let mut bytes = 0usize;
    let mut proofs = Vec::with_capacity(keys.len());
    for StorageKey(key) in keys {
        let value = state.get(&key)?;
        let proof = storage.prove(number, &key)?;
        bytes =
            bytes.saturating_add(proof.len()).saturating_add(value.as_ref().map_or(0, Vec::len));
        if bytes > bytes_max {
            return Err(RpcError::ValuesTooLong(bytes_max));
        }
        proofs.push(KeyProof { key: Bytes(key), value: value.map(Bytes), proof: Bytes(proof) });
    }
    Ok(StateProof {
        at: header.hash(),
        height: number,
        keys: proofs,
        header_encoded: Bytes(header.encode()),
        header,
    })
}

fn certificate(storage: &Storage, number: BlockNumber) -> Result<Option<Certificate>, RpcError> {
    let Some(certificate) = storage.certificate(number)? else { return Ok(None) };
    let header = committed(storage.header(number)?, "header")?;
    let validators = committed(storage.validator_set(number)?, "validator set")?;
    Ok(Some(Certificate {
        height: certificate.height,
        round: certificate.round,
        value_id: certificate.value_id.0.into(),
        signatures: certificate
            .signatures
            .iter()
            .map(|precommit| PrecommitSignature {
                validator: precommit.validator.into(),
                signature: Bytes(precommit.signature.to_vec()),
            })
            .collect(),
        encoded: Bytes(certificate.encode()),
        header_encoded: Bytes(header.encode()),
        header,
        validator_set: validators.keys().iter().map(Hash::from).collect(),
    }))
}

fn position(storage: &Storage, hash: &Hash) -> Result<Option<TransactionPosition>, RpcError> {
    let Some((number, index)) = storage.transaction(hash)? else { return Ok(None) };
    let block = committed(storage.block(number)?, "block")?;
    let extrinsic = committed(block.extrinsics.get(index as usize), "transaction")?;
    Ok(Some(TransactionPosition {
        block_hash: block.header.hash(),
        block_number: number,
        index,
        extrinsic: Bytes(extrinsic.encode()),
    }))
}

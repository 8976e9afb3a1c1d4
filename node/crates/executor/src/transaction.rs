//! Transactions: decoding them strictly, and judging them at the head.
//!
//! The ladder is raw bytes → decoded transaction → [`ValidatedTransaction`].

use crate::{
    Executor,
    backend::StateBackend,
    error::{ExecutorError, TransactionRefusal},
    run::Run,
};
use codec::{Compact, Decode, DecodeLimit, Encode};
use ecoledger_primitives::{AccountId, BlockNumber, Hash, Hashing, Nonce};
use ecoledger_runtime::{
    Runtime, System, UncheckedExtrinsic,
    limits::{TRANSACTION_DEPTH_MAX, TRANSACTION_LENGTH_MAX},
};
use ecoledger_storage::Head;
use frame_support::dispatch::{DispatchClass, GetDispatchInfo};
use frame_system::{ChainContext, CheckNonce};
use sp_runtime::{
    generic::Preamble,
    traits::{Applyable, Checkable, Hash as _, Lookup},
    transaction_validity::{InvalidTransaction, TransactionSource, ValidTransaction},
};
use std::sync::Arc;

/// Keys that judging a transaction may read; far above what its extensions do.
const VALIDATION_READS_MAX: u32 = 1_000;

/// A transaction that has the one right encoding and is signed, by whom it says.
pub(crate) struct DecodedTransaction {
    pub(crate) extrinsic: UncheckedExtrinsic,
    pub(crate) signer: AccountId,
    pub(crate) nonce: Nonce,
}

/// A transaction that the runtime would accept on top of the head, if those come before it that it
/// requires.
#[derive(Clone, Debug)]
pub struct ValidatedTransaction {
    /// BLAKE2b-256 of `bytes`.
    pub hash: Hash,
    /// Who signed it.
    pub signer: AccountId,
    /// The signer's nonce that it uses.
    pub nonce: Nonce,
    /// Priority, what it requires and provides, and for how many blocks it stays valid.
    pub valid: ValidTransaction,
    /// Its encoding, length prefix included.
    pub bytes: Arc<[u8]>,
}

/// Decodes a transaction from its encoding, length prefix included. There is one encoding for each
/// transaction; any other is refused, so that its hash is its identity.
///
/// # Errors
/// [`TransactionRefusal::TooLong`], [`TransactionRefusal::Malformed`],
/// [`TransactionRefusal::NotSigned`], or [`TransactionRefusal::Invalid`] where the signer is named
/// in a way that leads to no account.
pub(crate) fn decode(raw: &[u8]) -> Result<DecodedTransaction, TransactionRefusal> {
    let max = TRANSACTION_LENGTH_MAX as usize;
    if raw.len() > max {
        return Err(TransactionRefusal::TooLong { got: raw.len(), max });
    }
    let mut input = raw;
    let extrinsic = decode_extrinsic(&mut input)
        .map_err(|error| TransactionRefusal::Malformed(error.to_string()))?;
    if !input.is_empty() || extrinsic.encode() != raw {
        return Err(TransactionRefusal::Malformed("not the canonical encoding".into()));
    }
    let Preamble::Signed(address, _, extension) = &extrinsic.preamble else {
        return Err(TransactionRefusal::NotSigned);
    };
    let (_, _, _, _, _, _, CheckNonce(nonce), _) = extension;
    let nonce = *nonce;
    let signer = ChainContext::<Runtime>::default()
        .lookup(address.clone())
        .map_err(|error| TransactionRefusal::Invalid(error.into()))?;
    Ok(DecodedTransaction { extrinsic, signer, nonce })
}

/// Decodes an extrinsic from the front of `input`, with bounds on allocation and on depth.
pub(crate) fn decode_extrinsic(input: &mut &[u8]) -> Result<UncheckedExtrinsic, codec::Error> {
    // The decoder of extrinsics reserves as many bytes as the prefix says.
    let mut rest = *input;
    let length = Compact::<u32>::decode(&mut rest)?;
    if rest.len() < length.0 as usize {
        return Err("length prefix exceeds the input".into());
    }
    UncheckedExtrinsic::decode_with_depth_limit(TRANSACTION_DEPTH_MAX, input)
}

/// Puts the environment of the block after `head` in place, for judging transactions.
pub(crate) fn enter_next_block(head: BlockNumber, hash: &Hash) {
    System::initialize(&(head + 1), hash, &Default::default());
}

impl Executor {
    /// Judges a transaction on top of the head: encoding, signature, signer, replay, mortality,
    /// nonce, weight. A nonce in the future is accepted; see what it requires.
    ///
    /// Takes about as long as the verification of its signature. Call it from any number of
    /// threads.
    ///
    /// # Errors
    /// [`TransactionRefusal`].
    pub fn validate_transaction(
        &self,
        raw: &[u8],
    ) -> Result<ValidatedTransaction, TransactionRefusal> {
        let mut result = self.judge(raw);
        if matches!(result, Err(TransactionRefusal::Internal(_))) {
            // Commits may have overtaken the state that it was judged on; a failing disk fails
            // again.
            result = self.judge(raw);
        }
        if let Ok(transaction) = &result {
            self.admitted().lock().put(transaction.hash, ());
        }
        self.metrics().note_validation(result.is_ok());
        result
    }

    fn judge(&self, raw: &[u8]) -> Result<ValidatedTransaction, TransactionRefusal> {
        let DecodedTransaction { extrinsic, signer, nonce } = decode(raw)?;
        let head = self.head();
        let backend = StateBackend::for_call(self.storage(), head.number, VALIDATION_READS_MAX)
            .map_err(|error| TransactionRefusal::Internal(error.into()))?;
        let verdict = Run::new(&backend).transact(|| validate(extrinsic, raw.len(), &head));
        if let Some(failure) = backend.take_failure() {
            return Err(TransactionRefusal::Internal(failure.into()));
        }
        let valid = verdict.map_err(TransactionRefusal::Panicked)??;
        Ok(ValidatedTransaction {
            hash: Hashing::hash(raw),
            signer,
            nonce,
            valid,
            bytes: raw.into(),
        })
    }

    /// Verifies the signatures of transactions that a block brings and this node has not seen, on
    /// two threads, so that executing the block finds them verified. It judges nothing: whoever
    /// executes the block does.
    ///
    /// # Errors
    /// [`ExecutorError::Storage`] when the state cannot be read.
    pub fn verify_signatures<T: AsRef<[u8]> + Sync>(
        &self,
        transactions: &[T],
    ) -> Result<(), ExecutorError> {
        let head = self.head();
        let half = transactions.len().div_ceil(2);
        let (first, second) = transactions.split_at(half);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| self.verify_signatures_of(second, &head));
            self.verify_signatures_of(first, &head)?;
            other.join().unwrap_or(Ok(()))
        })
    }

    fn verify_signatures_of<T: AsRef<[u8]>>(
        &self,
        transactions: &[T],
        head: &Head,
    ) -> Result<(), ExecutorError> {
        let reads_max = VALIDATION_READS_MAX.saturating_mul(transactions.len() as u32 + 1);
        let backend = StateBackend::for_call(self.storage(), head.number, reads_max)?;
        // Whatever is wrong with a transaction, or panics on it, comes up when it is executed.
        let _ = Run::new(&backend).run(|| {
            enter_next_block(head.number, &head.hash);
            for raw in transactions {
                if let Ok(decoded) = decode(raw.as_ref()) {
                    let _ = decoded.extrinsic.check(&ChainContext::<Runtime>::default());
                }
            }
        });
        match backend.take_failure() {
            Some(failure) => Err(failure.into()),
            None => Ok(()),
        }
    }
}

fn validate(
    extrinsic: UncheckedExtrinsic,
    length: usize,
    head: &Head,
) -> Result<ValidTransaction, TransactionRefusal> {
    enter_next_block(head.number, &head.hash);
    let checked = extrinsic.check(&ChainContext::<Runtime>::default())?;
    let info = checked.get_dispatch_info();
    if info.class == DispatchClass::Mandatory {
        return Err(TransactionRefusal::Invalid(InvalidTransaction::MandatoryValidation.into()));
    }
    Ok(checked.validate::<Runtime>(TransactionSource::External, &info, length)?)
}

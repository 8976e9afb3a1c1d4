//! Answers to `state_call`: runtime APIs on the state of any height that is kept.

use crate::{
    Executor,
    backend::{Failure, StateBackend},
    error::CallError,
    run::Run,
    transaction::{self, decode_extrinsic},
};
use codec::{DecodeAll, DecodeLimit, Encode};
use ecoledger_primitives::{BlockNumber, Hash};
use ecoledger_runtime::{
    AllPalletsWithSystem, Executive, RuntimeCall, api,
    limits::{TRANSACTION_DEPTH_MAX, TRANSACTION_LENGTH_MAX},
};
use ecoledger_storage::StorageError;
use frame_support::traits::{TryState, TryStateSelect};
use parking_lot::Mutex;
use sp_runtime::transaction_validity::TransactionSource;
use std::{collections::BTreeMap, sync::Arc};

/// Keys that one call may read. Half a second's worth at most.
pub const READS_MAX: u32 = 100_000;

/// Longest arguments: a transaction and what goes with it.
pub const ARGUMENTS_MAX: usize = TRANSACTION_LENGTH_MAX as usize + 1024;

/// How the arguments of a function are checked before the runtime decodes them, with panics and
/// on a native stack.
enum Arguments {
    /// Decoding them allocates no more than a small multiple of their length.
    Flat,
    /// A transaction and a length.
    Transaction,
    /// A call and a length.
    Call,
    /// A source, a transaction and a block hash.
    Validation,
}

/// The functions that outsiders may call. All are read only; those that run blocks or build a
/// genesis state are not here.
fn arguments_of(method: &str) -> Option<Arguments> {
    Some(match method {
        "Core_version"
        | "Metadata_metadata"
        | "Metadata_metadata_at_version"
        | "Metadata_metadata_versions"
        | "RuntimeViewFunction_execute_view_function"
        | "AccountNonceApi_account_nonce"
        | "TransactionPaymentApi_query_weight_to_fee"
        | "TransactionPaymentApi_query_length_to_fee"
        | "TransactionPaymentCallApi_query_weight_to_fee"
        | "TransactionPaymentCallApi_query_length_to_fee"
        | "GenesisBuilder_get_preset"
        | "GenesisBuilder_preset_names"
        | "ValidatorsApi_validator_sets"
        | "ValidatorsApi_permitted_nodes" => Arguments::Flat,
        "TransactionPaymentApi_query_info" | "TransactionPaymentApi_query_fee_details" => {
            Arguments::Transaction
        }
        "TransactionPaymentCallApi_query_call_info"
        | "TransactionPaymentCallApi_query_call_fee_details" => Arguments::Call,
        "TaggedTransactionQueue_validate_transaction" => Arguments::Validation,
        _ => return None,
    })
}

impl Arguments {
    fn check(&self, mut args: &[u8]) -> Result<(), codec::Error> {
        let depth = TRANSACTION_DEPTH_MAX;
        let input = &mut args;
        match self {
            Self::Flat => return Ok(()),
            Self::Transaction => {
                decode_extrinsic(input)?;
                u32::decode_all(input)?;
            }
            Self::Call => {
                RuntimeCall::decode_with_depth_limit(depth, input)?;
                u32::decode_all(input)?;
            }
            Self::Validation => {
                TransactionSource::decode_with_depth_limit(depth, input)?;
                decode_extrinsic(input)?;
                Hash::decode_all(input)?;
            }
        }
        Ok(())
    }
}

/// Metadata by method and arguments. It depends on the binary alone, and takes milliseconds.
static METADATA: Mutex<BTreeMap<Question, Arc<[u8]>>> = Mutex::new(BTreeMap::new());

/// Method and arguments.
type Question = (String, Vec<u8>);

impl Executor {
    /// Calls a runtime API function on the state of `at`; nothing of what it changes is kept.
    ///
    /// - `method`: trait and function, as in `Core_version`.
    /// - `args`: SCALE encodings of the arguments, one after the other.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn call(&self, at: BlockNumber, method: &str, args: &[u8]) -> Result<Vec<u8>, CallError> {
        let result = self.answer(at, method, args);
        self.metrics().note_call(result.is_ok());
        result
    }

    fn answer(&self, at: BlockNumber, method: &str, args: &[u8]) -> Result<Vec<u8>, CallError> {
        let Some(arguments) = arguments_of(method) else {
            return Err(CallError::UnknownMethod { method: method.chars().take(64).collect() });
        };
        if args.len() > ARGUMENTS_MAX {
            return Err(CallError::ArgumentsTooLong { got: args.len(), max: ARGUMENTS_MAX });
        }
        arguments.check(args).map_err(|error| CallError::BadArguments(error.to_string()))?;
        if method.starts_with("Metadata_") {
            return self.metadata(at, method, args);
        }
        self.dispatch(at, method, args)
    }

    fn dispatch(&self, at: BlockNumber, method: &str, args: &[u8]) -> Result<Vec<u8>, CallError> {
        let backend = StateBackend::for_call(self.storage(), at, READS_MAX)?;
        let answer = Run::new(&backend).run(|| api::dispatch(method, args));
        outcome(&backend)?;
        answer
            .map_err(CallError::Panicked)?
            .ok_or_else(|| CallError::UnknownMethod { method: method.to_owned() })
    }

    fn metadata(&self, at: BlockNumber, method: &str, args: &[u8]) -> Result<Vec<u8>, CallError> {
        // Versions that do not exist all have the same answer, which is cheap: not kept.
        let known = match method {
            "Metadata_metadata_at_version" => {
                u32::decode_all(&mut &*args).is_ok_and(|version| (14..=16).contains(&version))
            }
            _ => args.is_empty(),
        };
        if !known {
            return self.dispatch(at, method, args);
        }
        let key = (method.to_owned(), args.to_vec());
        if let Some(answer) = METADATA.lock().get(&key) {
            return Ok(answer.to_vec());
        }
        let answer = self.dispatch(at, method, args)?;
        METADATA.lock().insert(key, answer.as_slice().into());
        Ok(answer)
    }

    /// Applies a transaction on top of the state of `at` and forgets what it does; answers the
    /// SCALE-encoded `ApplyExtrinsicResult`.
    ///
    /// # Errors
    /// [`CallError`]; a transaction that does not decode is [`CallError::BadArguments`].
    pub fn dry_run(&self, at: BlockNumber, raw: &[u8]) -> Result<Vec<u8>, CallError> {
        let decoded = transaction::decode(raw)
            .map_err(|refusal| CallError::BadArguments(refusal.to_string()))?;
        let hash = self
            .storage()
            .hash(at)?
            .ok_or(StorageError::UnknownHeight { number: at, head: Some(self.head().number) })?;
        let backend = StateBackend::for_call(self.storage(), at, READS_MAX)?;
        let answer = Run::new(&backend).run(|| {
            transaction::enter_next_block(at, &hash);
            Executive::apply_extrinsic(decoded.extrinsic).encode()
        });
        outcome(&backend)?;
        answer.map_err(CallError::Panicked)
    }

    /// Checks what every pallet says must always hold of its state, on the state of `at`. Reads all
    /// of it: for tests and for operators, not for the life of a block.
    ///
    /// # Errors
    /// [`CallError::Runtime`] with the first broken invariant, or what prevented the check.
    pub fn check_invariants(&self, at: BlockNumber) -> Result<(), CallError> {
        let backend = StateBackend::for_call(self.storage(), at, u32::MAX)?;
        let checked =
            Run::new(&backend).run(|| AllPalletsWithSystem::try_state(at, TryStateSelect::All));
        outcome(&backend)?;
        checked
            .map_err(CallError::Panicked)?
            .map_err(|broken| CallError::Runtime(format!("{broken:?}")))
    }

    /// The SCALE-encoded metadata of a version, 14 to 16, without its length prefix.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn metadata_at_version(&self, version: u32) -> Result<Option<Vec<u8>>, CallError> {
        let at = self.head().number;
        let answer = self.call(at, "Metadata_metadata_at_version", &version.encode())?;
        Option::<Vec<u8>>::decode_all(&mut answer.as_slice())
            .map_err(|error| CallError::Runtime(error.to_string()))
    }
}

/// What went wrong beneath the runtime, if anything did.
fn outcome(backend: &StateBackend) -> Result<(), CallError> {
    match backend.take_failure() {
        Some(Failure::Storage(error)) => Err(error.into()),
        Some(Failure::ReadLimit) => Err(CallError::TooExpensive { max: READS_MAX }),
        Some(other) => Err(CallError::Runtime(other.to_string())),
        None => Ok(()),
    }
}

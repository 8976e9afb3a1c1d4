//! The code, message and data of every refusal.

use crate::error::RpcError;
use ecoledger_mempool::{InvalidTransaction, PoolError, UnknownTransaction};
use ecoledger_primitives::Hash;
use jsonrpsee::types::ErrorObjectOwned;
use serde_json::{Value, json, to_value};

fn shown(error: impl Into<RpcError>) -> Value {
    to_value(ErrorObjectOwned::from(error.into())).unwrap()
}

#[test]
fn invalid_transactions_have_the_texts_of_substrate() {
    for (reason, text) in [
        (InvalidTransaction::Call, "Transaction call is not expected"),
        (InvalidTransaction::Payment, "Inability to pay some fees (e.g. account balance too low)"),
        (InvalidTransaction::Future, "Transaction will be valid in the future"),
        (InvalidTransaction::Stale, "Transaction is outdated"),
        (InvalidTransaction::BadProof, "Transaction has a bad signature"),
        (InvalidTransaction::AncientBirthBlock, "Transaction has an ancient birth block"),
        (InvalidTransaction::ExhaustsResources, "Transaction would exhaust the block limits"),
        (InvalidTransaction::Custom(7), "Custom error: 7"),
        (InvalidTransaction::BadSigner, "Invalid signing address"),
    ] {
        let expected = json!({ "code": 1010, "message": "Invalid Transaction", "data": text });
        assert_eq!(shown(PoolError::InvalidTransaction(reason)), expected);
    }
    let long = PoolError::TooLarge { bytes: 9, bytes_max: 8 };
    assert_eq!(shown(long)["data"], "Transaction would exhaust the block limits");
}

#[test]
fn other_refusals_of_the_pool_have_the_codes_of_substrate() {
    let hash = Hash::repeat_byte(1);
    for (error, expected) in [
        (
            PoolError::BadFormat("reason".into()),
            json!({ "code": 1001, "message": "Extrinsic has invalid format: reason" }),
        ),
        (
            PoolError::UnknownTransaction(UnknownTransaction::CannotLookup),
            json!({
                "code": 1011, "message": "Unknown Transaction Validity", "data": "CannotLookup",
            }),
        ),
        (
            PoolError::TemporarilyBanned,
            json!({ "code": 1012, "message": "Transaction is temporarily banned" }),
        ),
        (
            PoolError::AlreadyImported(hash),
            json!({
                "code": 1013, "message": "Transaction Already Imported",
                "data": format!("{hash:?}"),
            }),
        ),
        (
            PoolError::TooLowPriority { held: 2, got: 1 },
            json!({
                "code": 1014, "message": "Priority is too low: (2 vs 1)",
                "data": "The transaction has too low priority to replace another transaction \
                         already in the pool.",
            }),
        ),
        (
            PoolError::ImmediatelyDropped,
            json!({
                "code": 1016, "message": "Immediately Dropped",
                "data": "The transaction couldn't enter the pool because of the limit",
            }),
        ),
    ] {
        assert_eq!(shown(error), expected);
    }
    assert_eq!(shown(PoolError::TooManyWatched)["code"], 1016);
    assert_eq!(shown(PoolError::RejectedFuture { max: 1, got: 2 })["code"], 1021);
}

#[test]
fn internals_are_not_shown() {
    let expected = json!({ "code": -32603, "message": "Internal error" });
    assert_eq!(shown(PoolError::Internal("secret".into())), expected);
    assert_eq!(shown(RpcError::internal("act", &"secret")), expected);
    let storage = ecoledger_storage::StorageError::Corrupt { what: "secret".into() };
    assert_eq!(shown(storage), expected);
}

#[test]
fn refusals_for_lack_of_capacity_have_codes_of_their_own() {
    for (error, code) in [
        (RpcError::Busy, -32009),
        (RpcError::TimedOut, -32020),
        (RpcError::Unsafe, -32601),
        (RpcError::Count { value: 2, max: 1 }, 4002),
        (RpcError::ValuesTooLong(1), 4002),
        (RpcError::Unprovable("it is empty"), -32602),
    ] {
        assert_eq!(shown(error)["code"], code);
    }
}

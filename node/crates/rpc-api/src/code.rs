//! Error codes. They are part of the interface and never change their meaning.
//!
//! Source: Substrate's author, chain, state and system error codes; JSON-RPC 2.0 §5.1.

/// The bytes are no transaction.
pub const BAD_FORMAT: i32 = 1001;
/// The runtime could not verify the transaction.
pub const VERIFICATION: i32 = 1002;
/// The transaction is invalid; `data` says why.
pub const INVALID_TRANSACTION: i32 = 1010;
/// The validity of the transaction cannot be determined; `data` says why.
pub const UNKNOWN_VALIDITY: i32 = 1011;
/// The transaction failed recently and is not accepted for a while.
pub const TEMPORARILY_BANNED: i32 = 1012;
/// The transaction is already in the pool.
pub const ALREADY_IMPORTED: i32 = 1013;
/// Another transaction with this account and nonce is in the pool and has no lower priority.
pub const TOO_LOW_PRIORITY: i32 = 1014;
/// The transaction would depend on itself.
pub const CYCLE_DETECTED: i32 = 1015;
/// The pool is full.
pub const IMMEDIATELY_DROPPED: i32 = 1016;
/// The transaction can neither be sent to peers nor be included here.
pub const UNACTIONABLE: i32 = 1018;
/// The transaction provides nothing by which the pool could tell it from others.
pub const NO_TAGS: i32 = 1019;
/// The block that the transaction refers to is not known.
pub const INVALID_BLOCK_ID: i32 = 1020;
/// The nonce is too far ahead.
pub const FUTURE_TRANSACTION: i32 = 1021;
/// Any other failure of the author group.
pub const AUTHOR_OTHER: i32 = 1040;

/// A block number is out of range.
pub const CHAIN_NUMBER: i32 = 3001;
/// Any other failure of the chain group.
pub const CHAIN_OTHER: i32 = 3002;

/// A range of blocks cannot be resolved.
pub const STATE_RANGE: i32 = 4001;
/// A count or a list is above its limit.
pub const STATE_COUNT: i32 = 4002;
/// Unknown block, discarded state, or a failed runtime call.
pub const STATE_CLIENT: i32 = 4003;

/// A runtime call behind a convenience method failed.
pub const RUNTIME_CALL: i32 = 1;
/// The transaction given to a convenience method does not decode.
pub const DECODE: i32 = 2;

/// Calls come faster than the connection's limit.
pub const RATE_LIMIT: i32 = -32999;
/// The node has too much to do; try again.
pub const BUSY: i32 = -32009;
/// The answer took longer than its limit.
pub const TIMED_OUT: i32 = -32020;
/// Unknown method, or one that only the operator may call.
pub const METHOD_NOT_FOUND: i32 = -32601;
/// Parameters that do not fit the method.
pub const INVALID_PARAMS: i32 = -32602;
/// The node failed; the cause is in its log.
pub const INTERNAL: i32 = -32603;

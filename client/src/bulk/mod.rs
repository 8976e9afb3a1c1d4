//! Thousands of calls of one key, each applied at most once, whatever breaks on the way.
//!
//! # Why no row is applied twice
//!
//! A transaction carries its account's nonce. The chain applies a transaction only when its nonce
//! is the account's next one, and then counts up; the count never falls, and a withdrawn key never
//! acts again. So of all transactions with one nonce at most one is ever applied.
//!
//! 1. **A row is bound to a nonce before anything is sent.** Row, nonce, hash and signed bytes are
//!    written to the journal and synced to disk; only then are the bytes submitted. A transaction
//!    that a node may have is therefore in the journal, at whatever point the program is killed.
//! 2. **A row keeps its nonce** until a final block shows that another transaction has used it.
//!    Submitting the same bytes again does no harm, nor does signing the row anew with the same
//!    nonce when its bytes have expired: of all that was signed for the row, one is applied.
//! 3. **A row gets another nonce only when nothing signed for it can be applied any more**: the
//!    account's nonce in a final block is above the row's, and none of the row's hashes is in the
//!    chain. The nonce is read first and the hashes are looked up afterwards, so that a block that
//!    comes between cannot hide the row.
//!
//! Mortality is not what this rests on. The bytes are valid for [`MORTALITY_BLOCKS`], the longest
//! that the chain can check, so that the journal of a run that was given up loses its power by
//! itself: whoever finds the file later cannot submit what is in it.
//!
//! A failed call has used its nonce and changed nothing else; it is final, and told with the
//! pallet's error. [`Journal::retry_failed`] frees such rows for another attempt.
//!
//! Rows are applied in their order as long as nobody else uses the key meanwhile. What this does
//! not hold against: a journal that is deleted or restored from an older copy. Then only the chain's
//! own rules stop a second attempt, such as that a lot is made once.

mod journal;
mod pipeline;

pub use journal::{Journal, JournalError, RowState, Settled, Signed};
pub use pipeline::{MORTALITY_BLOCKS, Options, Progress, run};

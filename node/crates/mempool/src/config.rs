//! Limits of the pool, each with its reason.

use ecoledger_executor::TRANSACTION_LENGTH_MAX;
use ecoledger_primitives::BlockNumber;

/// Limits of a [`Mempool`](crate::Mempool).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MempoolConfig {
    /// Transactions held, ready and future together.
    ///
    /// 20,000 is about ten seconds of the chain's target throughput: more would only wait longer
    /// than a client does.
    pub transactions_max: usize,
    /// Bytes of transactions held; bounds memory whatever the size of single transactions.
    pub bytes_max: usize,
    /// How far the nonce of a transaction may be ahead of its account's next nonce on chain, and
    /// therefore also how many transactions of one account are held.
    ///
    /// 1,024 lets one gateway key fill a block or two, and leaves room for twenty such keys.
    pub account_transactions_max: u32,
    /// Bytes of transactions held of one account: an eighth of the pool.
    pub account_bytes_max: usize,
    /// Length of one encoded transaction in bytes.
    ///
    /// The runtime's own limit; a fraction of a gossip message.
    pub transaction_bytes_max: usize,
    /// Blocks after which an immortal transaction that was never included is dropped; the same as
    /// the longest mortality that a transaction can state.
    pub lifetime_blocks_max: BlockNumber,
    /// Hashes remembered as temporarily banned.
    pub banned_max: usize,
    /// Blocks for which a transaction that failed in a block is banned: long enough that peers
    /// have dropped it too, short enough that a correction of state can be retried.
    pub ban_blocks: BlockNumber,
    /// Transactions watched at a time; each costs about 2 KiB.
    pub watched_max: usize,
    /// Submissions that may wait for a validation thread; above it they are refused at once.
    pub waiting_max: usize,
    /// Validation threads used at a time. Block execution needs processors too.
    pub validators_max: usize,
}

impl Default for MempoolConfig {
    fn default() -> Self {
        Self {
            transactions_max: 20_000,
            bytes_max: 64 * 1024 * 1024,
            account_transactions_max: 1_024,
            account_bytes_max: 8 * 1024 * 1024,
            transaction_bytes_max: TRANSACTION_LENGTH_MAX as usize,
            lifetime_blocks_max: 65_536,
            banned_max: 4_096,
            ban_blocks: 32,
            watched_max: 8_192,
            waiting_max: 8_192,
            validators_max: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

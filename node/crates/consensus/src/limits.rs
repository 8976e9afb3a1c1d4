//! Limits of everything that comes from other nodes, each with its reason.

/// Bytes of a block in one proposal part: small enough that parts of a block interleave with
/// votes on a connection, large enough that a usual block is one part.
pub const PART_BYTES_MAX: u32 = 128 * 1024;

/// Data parts of one block.
pub const PARTS_MAX: u32 = BLOCK_BYTES_MAX / PART_BYTES_MAX;

/// Bytes of one encoded block: the longest body, and room for the header, which is below 4 KiB.
pub const BLOCK_BYTES_MAX: u32 = ecoledger_executor::BLOCK_LENGTH_MAX + PART_BYTES_MAX;

/// Bytes of the identifier of a stream of parts.
pub(crate) const STREAM_ID_BYTES_MAX: u32 = 32;

/// Bytes of one encoded message with a proposal part: the data and its envelope.
pub(crate) const PART_MESSAGE_BYTES_MAX: u32 = PART_BYTES_MAX + 1024;

/// Highest round that a message may name. None is ever reached: timeouts alone would take weeks.
pub(crate) const ROUND_MAX: u32 = 1_000_000;

/// Bytes of one vote or proposal; both are below 250.
pub(crate) const CONSENSUS_MESSAGE_BYTES_MAX: u32 = 1024;

/// Bytes of one liveness message: a certificate with a signature of each of 100 validators takes
/// 13 KiB.
pub(crate) const LIVENESS_MESSAGE_BYTES_MAX: u32 = 32 * 1024;

/// Bytes of an encoded peer id; those of ed25519 keys have 38.
pub(crate) const PEER_ID_BYTES_MAX: u32 = 64;

/// Blocks in one reply to a sync request.
pub(crate) const SYNC_BATCH_MAX: u32 = 32;

/// Bytes of one reply to a sync request; below the 10 MiB that the transport takes, and above the
/// longest block with its certificate, so that every height can be replied with.
pub(crate) const SYNC_RESPONSE_BYTES_MAX: u32 = 8 * 1024 * 1024;

/// Sync requests that are answered to one peer in ten seconds; with full batches they catch up
/// more blocks than a node can execute in that time.
pub(crate) const SYNC_REQUESTS_MAX: u32 = 200;

/// Sync requests that a node has under way at a time.
pub(crate) const SYNC_PARALLEL_MAX: usize = 3;

/// Streams that one node may have unfinished at a time: its proposal of this round, of the next,
/// and one of each repeated.
pub(crate) const STREAMS_PER_PUBLISHER_MAX: usize = 4;

/// Streams that may be unfinished at a time, over all nodes.
pub(crate) const STREAMS_MAX: usize = 64;

/// Data parts kept of a stream whose manifest has not arrived: parts overtake each other by a few
/// places only, and until then nobody answers for them.
pub(crate) const UNANNOUNCED_PARTS_MAX: usize = 8;

/// Bytes kept of unfinished streams, over all nodes: eight full blocks.
pub(crate) const STREAM_BYTES_MAX: usize = 8 * BLOCK_BYTES_MAX as usize;

/// How long a stream may stay unfinished. Parts are not sent again, so one that did not arrive
/// after the longest propose timeout never will.
pub(crate) const STREAM_AGE_MAX: std::time::Duration = std::time::Duration::from_secs(60);

/// How far above the committed height a stream may be: the sets of validators of the next two
/// heights are known, and so who may send.
pub(crate) const HEIGHTS_AHEAD_MAX: u32 = 2;

/// How far above the current round a stream may be; the engine drops proposals beyond it too.
pub(crate) const ROUNDS_AHEAD_MAX: u32 = 10;

/// The round from which any validator may stream the value that it is locked on, not only the
/// proposer of the round.
pub(crate) const RESTREAM_ROUND_MIN: u32 = 10;

/// Assembled blocks of a height that has not started, kept until it does.
pub(crate) const EARLY_BLOCKS_MAX: usize = 4;

/// Executed blocks kept for being decided. Each holds the changes of state of a block; one is
/// decided at each height, and rounds that fail add one each.
pub(crate) const EXECUTED_BLOCKS_MAX: usize = 4;

/// Requests to the engine's network that may wait.
pub(crate) const NETWORK_REQUESTS_MAX: usize = 128;

//! Byzantine fault tolerant agreement on blocks. The only crate that knows Malachite.
//!
//! What it is: the chain's types as the Tendermint engine sees them, their encodings on the wire
//! and in the write-ahead log, the validator's signatures, the streaming of proposed blocks, who
//! may connect, and the application loop that lets the engine decide what the executor builds,
//! verifies and commits.
//!
//! What it is not responsible for: the consensus algorithm, its log and its network (the engine's),
//! whether a block is valid (the executor's), which transactions wait (the mempool's), keys on
//! disk (the node's).
//!
//! Invariants:
//! - A block is on disk, with this node's verdict, before the engine hears of its value; so this
//!   node can commit whatever it voted for, and never proposes two values in one round.
//! - A decision is acknowledged only when its block is committed durably.
//! - A verdict depends on the header alone, apart from the clock at live receipt; a failure of
//!   this node is never a verdict.
//! - What is kept of other nodes' messages is bounded in number, bytes and age ([`limits`]).
//! - A height is never restarted, so the log is never reset below it.
//! - Nothing outside this crate names Malachite.
//!
//! Map: [`config`], `handle` (start, stop), [`peers`] (who may connect), [`limits`], [`clock`];
//! `app` (the application, a file for each message), `assembler` and `stream` (blocks in parts),
//! `undecided` (proposed blocks on disk), [`context`] (types), [`codec`] (encodings), `signing`,
//! `engine_config`, [`fatal`].
//!
//! Sources: Buchman, Kwon, Milosevic, "The latest gossip on BFT consensus" (Tendermint);
//! arc-malachitebft 0.8.2.

pub mod clock;
pub mod codec;
pub mod config;
pub mod context;
pub mod fatal;
pub mod limits;
pub mod peers;

mod app;
mod assembler;
mod engine_config;
mod handle;
mod signing;
mod stream;
mod undecided;

#[cfg(test)]
mod tests;

pub use clock::{Clock, SystemClock};
pub use config::{ConsensusConfig, Timeouts};
pub use fatal::Fatal;
pub use handle::{ConsensusHandle, encode_metrics, start};
pub use limits::{BLOCK_BYTES_MAX, PART_BYTES_MAX};
pub use peers::{Multiaddr, NodeKey, Peer, PeerAddressError, PeerHeights};

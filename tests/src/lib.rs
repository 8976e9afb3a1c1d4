//! Networks of real nodes, for tests of the whole and for its measurement.
//!
//! What it is: starts `ecoledger-node` processes on free ports of the loopback address, kills,
//! stops and starts them, loads them with transactions and keeps a journal of what was reported
//! final, and compares what the nodes hold. What it is not: a second implementation of anything;
//! it sees a node as its users do, through processes, ports and JSON-RPC.
//!
//! Invariants:
//! - What is waited for is an event: a line of a node's log, a subscription, the end of a process.
//!   The only clocks are deadlines and the pace of a load.
//! - Random choices come from a seed that is printed; `ECOLEDGER_TEST_SEED` repeats them.
//! - Processes and folders of a network are gone when it is dropped.
//!
//! Map: [`network`] (a chain's nodes), [`node`] (one process), [`ports`], [`binaries`], [`rpc`]
//! (connection), [`state`], [`transaction`] (keys and signing), [`load`] (load and journal), [`agreement`]
//! (comparing nodes), [`gateway`], [`governance`] (motions), [`trace`] (calls of the traceability pallet),
//! [`random`]; for measurement [`workload`] (what is sent), [`sending`], [`measure`], [`parts`].

pub mod agreement;
pub mod binaries;
pub mod chromium;
pub mod gateway;
pub mod governance;
pub mod load;
pub mod measure;
pub mod network;
pub mod node;
pub mod parts;
pub mod ports;
pub mod random;
pub mod rpc;
pub mod sending;
pub mod state;
pub mod trace;
pub mod transaction;
pub mod workload;

pub use gateway::{Answer, Gateway};
pub use load::{Journal, Load};
pub use network::{Network, NetworkBuilder, four_validators, validators};
pub use random::Random;
pub use rpc::Rpc;
pub use state::LastingState;
pub use transaction::{Key, Terms};

/// Whether the long forms of the tests run: `ECOLEDGER_TEST_LONG=1`.
pub fn long() -> bool {
    std::env::var_os("ECOLEDGER_TEST_LONG").is_some_and(|value| value != "0" && !value.is_empty())
}

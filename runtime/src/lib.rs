//! The EcoLedger runtime: which pallets the chain has, and how they are configured.
//!
//! What it is: real FRAME, executed natively. The executor calls [`Executive`] and [`apis`] inside
//! externalities over its own state backend; there is no WebAssembly.
//!
//! What it is not responsible for: storing state, ordering transactions, or deciding blocks.
//!
//! Invariants:
//! - Every transaction is signed (extrinsic format 4) and judged by
//!   [`ecoledger_primitives::Signature`]; strangers are refused by a transaction extension.
//! - No call replaces code, writes raw storage or burns money outside settlement: see
//!   [`filter::CallFilter`].
//! - No account has Root; what governs is a motion of two thirds of the committee.
//! - A block that is full by weight executes in at most 400 ms: see [`limits`].
//!
//! Map: [`configs`] (pallet configuration), [`limits`] (block and database weights), [`filter`]
//! (refused calls), [`apis`] (runtime APIs), [`genesis`] (presets), [`upgrade`] (code marker).

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(missing_docs, reason = "the runtime macros generate undocumented items")]

extern crate alloc;

pub mod apis;
pub mod configs;
mod demonstration;
pub mod filter;
pub mod genesis;
pub mod limits;
pub mod upgrade;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
#[cfg(test)]
mod tests;

pub use apis::{RUNTIME_API_VERSIONS, api};
pub use configs::GovernanceOrigin;
pub use ecoledger_primitives::{
    AccountId, Address, Balance, BlockNumber, Hash, Hashing, Header, Moment, Nonce, Signature,
};

use alloc::borrow::Cow;
use sp_runtime::generic;
use sp_version::RuntimeVersion;

/// Name and versions of this runtime; clients read it before anything else.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("ecoledger"),
    impl_name: Cow::Borrowed("ecoledger"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

#[frame_support::runtime]
mod runtime {
    /// The runtime; the order of its pallets is the order of their hooks and of genesis.
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;

    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;

    #[runtime::pallet_index(2)]
    pub type Balances = pallet_balances;

    #[runtime::pallet_index(3)]
    pub type Utility = pallet_utility;

    #[runtime::pallet_index(4)]
    pub type Multisig = pallet_multisig;

    #[runtime::pallet_index(5)]
    pub type Committee = pallet_collective<Instance1>;

    #[runtime::pallet_index(6)]
    pub type CommitteeMembership = pallet_membership<Instance1>;

    #[runtime::pallet_index(10)]
    pub type Participants = pallet_participants;

    #[runtime::pallet_index(11)]
    pub type Validators = pallet_validators;

    #[runtime::pallet_index(12)]
    pub type Settlement = pallet_settlement;

    #[runtime::pallet_index(13)]
    pub type Calendar = pallet_calendar;

    #[runtime::pallet_index(20)]
    pub type Traceability = pallet_traceability;

    #[runtime::pallet_index(21)]
    pub type Certification = pallet_certification;

    #[runtime::pallet_index(22)]
    pub type Brands = pallet_brands;

    #[runtime::pallet_index(23)]
    pub type Labels = pallet_labels;

    #[runtime::pallet_index(30)]
    pub type Funds = pallet_funds;

    #[runtime::pallet_index(31)]
    pub type Compensation = pallet_compensation;
}

/// What a transaction carries beside its call, and what is checked before it is applied.
///
/// The SDK's extensions keep their standard names and order, so that clients know how to encode
/// them; ours encodes to nothing, so that they need not know it.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckMortality<Runtime>,
    // Before the nonce: a stranger is to be told that it is one, not that it cannot pay.
    pallet_participants::CheckParticipant<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
);

/// A transaction as it is sent, before anything of it is checked.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// The bytes that the signer of a transaction signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;
/// A block with decoded transactions; encodes as [`ecoledger_primitives::Block`].
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// Runs blocks and transactions.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

//! Runtime APIs: what clients and the executor ask of the runtime.
//!
//! The executor runs blocks through [`crate::Executive`] directly; it answers `state_call` through
//! [`api::dispatch`], for an allow-list of the functions here.

use crate::{
    AccountId, Balance, Block, Executive, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig,
    System, UncheckedExtrinsic, VERSION, Validators, genesis,
};
use alloc::vec::Vec;
use ecoledger_primitives::ValidatorSet;
use frame_support::{
    dispatch::GetDispatchInfo,
    genesis_builder_helper,
    view_functions::{ViewFunctionDispatchError, ViewFunctionId},
    weights::Weight,
};
use pallet_transaction_payment_rpc_runtime_api::{FeeDetails, RuntimeDispatchInfo};
use sp_core::OpaqueMetadata;
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
    traits::Block as BlockT,
    transaction_validity::{TransactionSource, TransactionValidity},
};
use sp_version::RuntimeVersion;

sp_api::decl_runtime_apis! {
    /// Who may vote on the blocks that follow, and which nodes may connect.
    pub trait ValidatorsApi {
        /// The sets of the next height and of the height after it, as of the end of this block.
        fn validator_sets() -> (ValidatorSet, ValidatorSet);

        /// Ed25519 public keys of the nodes that may connect, ascending.
        fn permitted_nodes() -> Vec<[u8; 32]>;
    }
}

fn dispatch_info(call: &RuntimeCall, extension_weight: Weight) -> RuntimeDispatchInfo<Balance> {
    let info = call.get_dispatch_info();
    RuntimeDispatchInfo {
        weight: info.call_weight.saturating_add(extension_weight),
        class: info.class,
        // There is no fee.
        partial_fee: 0,
    }
}

fn no_fee() -> FeeDetails<Balance> {
    FeeDetails { inclusion_fee: None, tip: 0 }
}

sp_api::impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block)
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            use crate::InherentDataExt;
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: InherentData,
        ) -> CheckInherentsResult {
            use crate::InherentDataExt;
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
        for Runtime
    {
        fn query_info(uxt: UncheckedExtrinsic, _len: u32) -> RuntimeDispatchInfo<Balance> {
            dispatch_info(&uxt.function, uxt.extension_weight())
        }

        fn query_fee_details(_uxt: UncheckedExtrinsic, _len: u32) -> FeeDetails<Balance> {
            no_fee()
        }

        fn query_weight_to_fee(_weight: Weight) -> Balance {
            0
        }

        fn query_length_to_fee(_length: u32) -> Balance {
            0
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
        Block,
        Balance,
        RuntimeCall,
    > for Runtime
    {
        fn query_call_info(call: RuntimeCall, _len: u32) -> RuntimeDispatchInfo<Balance> {
            dispatch_info(&call, Weight::zero())
        }

        fn query_call_fee_details(_call: RuntimeCall, _len: u32) -> FeeDetails<Balance> {
            no_fee()
        }

        fn query_weight_to_fee(_weight: Weight) -> Balance {
            0
        }

        fn query_length_to_fee(_length: u32) -> Balance {
            0
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(json: Vec<u8>) -> sp_genesis_builder::Result {
            genesis::build_state(json)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            genesis_builder_helper::get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis::preset_names()
        }
    }

    impl self::ValidatorsApi<Block> for Runtime {
        fn validator_sets() -> (ValidatorSet, ValidatorSet) {
            Validators::validator_sets()
        }

        fn permitted_nodes() -> Vec<[u8; 32]> {
            Validators::permitted_nodes()
        }
    }
}

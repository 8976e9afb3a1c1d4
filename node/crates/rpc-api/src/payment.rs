//! What a transaction weighs and costs. There is no fee: every amount is zero.

use crate::types::{FeeDetails, RuntimeDispatchInfo};
use ecoledger_primitives::Hash;
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use sp_core::Bytes;

/// What a transaction weighs and costs.
#[rpc(client, server)]
pub trait PaymentApi {
    /// Weight, class and fee of a SCALE-encoded transaction.
    #[method(name = "payment_queryInfo")]
    async fn query_info(
        &self,
        extrinsic: Bytes,
        at: Option<Hash>,
    ) -> RpcResult<RuntimeDispatchInfo>;

    /// The parts of the fee of a SCALE-encoded transaction.
    #[method(name = "payment_queryFeeDetails")]
    async fn query_fee_details(&self, extrinsic: Bytes, at: Option<Hash>) -> RpcResult<FeeDetails>;
}

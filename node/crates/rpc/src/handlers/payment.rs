//! What a transaction weighs and costs.

use super::Handlers;
use crate::error::RpcError;
use codec::{DecodeAll, Encode};
use ecoledger_primitives::Hash;
use ecoledger_rpc_api::{
    Bytes, PaymentApiServer,
    types::{FeeDetails, RuntimeDispatchInfo},
};
use jsonrpsee::core::{RpcResult, async_trait};
use sp_runtime::OpaqueExtrinsic;

#[async_trait]
impl PaymentApiServer for Handlers {
    async fn query_info(
        &self,
        extrinsic: Bytes,
        at: Option<Hash>,
    ) -> RpcResult<RuntimeDispatchInfo> {
        let function = "TransactionPaymentApi_query_info";
        Ok(self.ask_about(function, "Unable to query dispatch info.", extrinsic, at).await?)
    }

    async fn query_fee_details(&self, extrinsic: Bytes, at: Option<Hash>) -> RpcResult<FeeDetails> {
        let function = "TransactionPaymentApi_query_fee_details";
        Ok(self.ask_about(function, "Unable to query fee details.", extrinsic, at).await?)
    }
}

impl Handlers {
    /// Asks the runtime about a transaction and its length.
    async fn ask_about<T: DecodeAll>(
        &self,
        function: &'static str,
        message: &'static str,
        extrinsic: Bytes,
        at: Option<Hash>,
    ) -> Result<T, RpcError> {
        OpaqueExtrinsic::decode_all(&mut &extrinsic[..])
            .map_err(|_| RpcError::Decode("length prefix does not match"))?;
        let length = u32::try_from(extrinsic.len())
            .map_err(|_| RpcError::Decode("length does not fit 32 bits"))?;
        let mut arguments = extrinsic.0;
        length.encode_to(&mut arguments);
        let answer =
            self.backend.call(at, function.into(), arguments).await.map_err(
                |error| match error {
                    RpcError::Execution(reason) => RpcError::Convenience { message, reason },
                    other => other,
                },
            )?;
        T::decode_all(&mut answer.as_slice()).map_err(|_| RpcError::UnexpectedAnswer(function))
    }
}

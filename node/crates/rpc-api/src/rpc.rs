//! The methods themselves.

use crate::types::Methods;
use jsonrpsee::{core::RpcResult, proc_macros::rpc};

/// The methods themselves.
#[rpc(client, server)]
pub trait RpcApi {
    /// The names of all methods that this node serves to this caller, aliases included.
    #[method(name = "rpc_methods")]
    async fn methods(&self) -> RpcResult<Methods>;
}

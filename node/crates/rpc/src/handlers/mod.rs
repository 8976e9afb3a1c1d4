//! The methods, one module for each group.

mod author;
mod chain;
mod ecoledger;
mod payment;
mod state;
mod system;

use crate::{
    backend::Backend, config::RpcLimits, context::RpcContext, error::RpcError, metrics::NodeMetrics,
};
use ecoledger_primitives::BlockNumber;
use ecoledger_rpc_api::{
    AuthorApiServer, AuthorUnsafeApiServer, ChainApiServer, EcoledgerApiServer, PaymentApiServer,
    RpcApiServer, StateApiServer, StateUnsafeApiServer, SystemApiServer, SystemUnsafeApiServer,
    types::Methods,
};
use jsonrpsee::{
    RpcModule,
    core::{RegisterMethodError, RpcResult, async_trait},
    types::ErrorObjectOwned,
};
use std::sync::Arc;

/// What every handler has. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Handlers {
    backend: Backend,
    context: RpcContext,
    limits: RpcLimits,
    serves_unsafe: bool,
    started_at: BlockNumber,
}

/// Lists the methods.
struct Listing(Methods);

#[async_trait]
impl RpcApiServer for Listing {
    async fn methods(&self) -> RpcResult<Methods> {
        Ok(self.0.clone())
    }
}

impl Handlers {
    pub(crate) fn new(context: RpcContext, limits: RpcLimits, serves_unsafe: bool) -> Self {
        let backend = Backend::new(context.executor.clone(), &limits);
        let started_at = backend.head().number;
        Self { backend, context, limits, serves_unsafe, started_at }
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }

    /// All methods that are served. Those that only the operator may call are either served and
    /// listed, or neither: then they answer that they are unsafe.
    pub(crate) fn into_methods(self) -> Result<RpcModule<()>, RegisterMethodError> {
        let mut module = RpcModule::new(());
        module.merge(AuthorApiServer::into_rpc(self.clone()))?;
        module.merge(ChainApiServer::into_rpc(self.clone()))?;
        module.merge(StateApiServer::into_rpc(self.clone()))?;
        module.merge(SystemApiServer::into_rpc(self.clone()))?;
        module.merge(PaymentApiServer::into_rpc(self.clone()))?;
        module.merge(EcoledgerApiServer::into_rpc(self.clone()))?;

        let mut operator = RpcModule::new(());
        operator.merge(AuthorUnsafeApiServer::into_rpc(self.clone()))?;
        operator.merge(StateUnsafeApiServer::into_rpc(self.clone()))?;
        operator.merge(SystemUnsafeApiServer::into_rpc(self.clone()))?;
        let denied: Vec<_> = if self.serves_unsafe {
            module.merge(operator)?;
            Vec::new()
        } else {
            operator.method_names().collect()
        };

        let mut methods: Vec<String> = module.method_names().map(String::from).collect();
        methods.push("rpc_methods".into());
        methods.sort_unstable();
        module.merge(RpcApiServer::into_rpc(Listing(Methods { methods })))?;
        for name in denied {
            module.register_method(name, |_, (), _| {
                Err::<(), ErrorObjectOwned>(RpcError::Unsafe.into())
            })?;
        }
        Ok(module)
    }

    /// A limit on the length of a list that a caller sent or asked for.
    fn check_count(value: usize, max: u32) -> Result<(), RpcError> {
        let max = max as usize;
        if value > max { Err(RpcError::Count { value, max }) } else { Ok(()) }
    }
}

/// Names under which calls are measured: those that are served, and one for all others.
pub(crate) fn measured_names(module: &RpcModule<()>, metrics: &Arc<NodeMetrics>) {
    metrics.set_methods(module.method_names());
}

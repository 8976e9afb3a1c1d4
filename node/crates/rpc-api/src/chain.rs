//! Blocks and heads. Every block is final as soon as it exists, so that "all", "new" and
//! "finalized" heads are the same sequence.

use crate::{
    SignedBlock,
    types::{ListOrValue, NumberOrHex},
};
use ecoledger_primitives::{Hash, Header};
use jsonrpsee::{
    core::{RpcResult, SubscriptionResult},
    proc_macros::rpc,
};

/// Blocks and heads.
#[rpc(client, server)]
pub trait ChainApi {
    /// The header of a block, by default of the latest; `null` for an unknown hash.
    #[method(name = "chain_getHeader")]
    async fn header(&self, hash: Option<Hash>) -> RpcResult<Option<Header>>;

    /// A block with its justification, by default the latest; `null` for an unknown hash.
    #[method(name = "chain_getBlock")]
    async fn block(&self, hash: Option<Hash>) -> RpcResult<Option<SignedBlock>>;

    /// The hash of the block with this number, by default of the latest; `null` for a number
    /// above the head. A list of numbers is answered by a list.
    #[method(name = "chain_getBlockHash", aliases = ["chain_getHead"])]
    async fn block_hash(
        &self,
        number: Option<ListOrValue<NumberOrHex>>,
    ) -> RpcResult<ListOrValue<Option<Hash>>>;

    /// The hash of the latest block.
    #[method(name = "chain_getFinalizedHead", aliases = ["chain_getFinalisedHead"])]
    async fn finalized_head(&self) -> RpcResult<Hash>;

    /// Headers as they become final, beginning with the latest.
    #[subscription(
        name = "chain_subscribeAllHeads" => "chain_allHead",
        unsubscribe = "chain_unsubscribeAllHeads",
        item = Header
    )]
    async fn subscribe_all_heads(&self) -> SubscriptionResult;

    /// Headers as they become final, beginning with the latest.
    #[subscription(
        name = "chain_subscribeNewHeads" => "chain_newHead",
        aliases = ["chain_subscribeNewHead", "subscribe_newHead"],
        unsubscribe = "chain_unsubscribeNewHeads",
        unsubscribe_aliases = ["chain_unsubscribeNewHead", "unsubscribe_newHead"],
        item = Header
    )]
    async fn subscribe_new_heads(&self) -> SubscriptionResult;

    /// Headers as they become final, beginning with the latest.
    #[subscription(
        name = "chain_subscribeFinalizedHeads" => "chain_finalizedHead",
        aliases = ["chain_subscribeFinalisedHeads"],
        unsubscribe = "chain_unsubscribeFinalizedHeads",
        unsubscribe_aliases = ["chain_unsubscribeFinalisedHeads"],
        item = Header
    )]
    async fn subscribe_finalized_heads(&self) -> SubscriptionResult;
}

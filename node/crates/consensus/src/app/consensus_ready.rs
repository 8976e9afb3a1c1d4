//! The engine is ready: where to start.

use super::App;
use crate::{
    context::{ChainContext, Height},
    fatal::Fatal,
};
use malachitebft_app_channel::{
    Reply,
    app::types::core::{HeightParams, ValidatorSet as _},
};
use std::time::Duration;
use tokio::time::timeout;
use tracing::info;

/// How long to wait for connections. What is proposed before there are any is lost, and costs a
/// round; but a node alone must start too.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

impl App {
    /// Answers with the height after the committed one and its validators, once as many nodes are
    /// connected as decide, or after a while.
    ///
    /// Not put off until there is something to decide, as the start of later heights is: before
    /// its first height the engine holds votes and proposals back and does not sync, so this node
    /// would neither hear a proposal nor fetch a block that it lacks. So a validator that starts
    /// on an idle chain causes one empty block.
    pub(super) async fn consensus_ready(
        &mut self,
        reply: Reply<(Height, HeightParams<ChainContext>)>,
    ) -> Result<(), Fatal> {
        let height = self.next_height();
        let params = self.height_params(height)?;
        let quorum = params.validator_set.count() * 2 / 3 + 1;
        let enough = self.connected.wait_for(|peers| peers.len() + 1 >= quorum);
        let connected = matches!(timeout(CONNECT_TIMEOUT, enough).await, Ok(Ok(_)));
        info!(target: "ecoledger::consensus", %height, connected, "consensus starts");
        // A reply that nobody waits for means that the engine is stopping; so everywhere below.
        let _ = reply.send((height, params));
        Ok(())
    }
}

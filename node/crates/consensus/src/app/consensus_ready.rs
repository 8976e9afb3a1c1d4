//! The engine is ready: where to start.

use super::App;
use crate::{
    context::{ChainContext, Height},
    fatal::Fatal,
};
use malachitebft_app_channel::{Reply, app::types::core::HeightParams};
use tracing::info;

impl App {
    /// Answers with the height after the committed one, and its validators.
    pub(super) fn consensus_ready(
        &mut self,
        reply: Reply<(Height, HeightParams<ChainContext>)>,
    ) -> Result<(), Fatal> {
        let height = self.next_height();
        info!(target: "ecoledger::consensus", %height, "consensus starts");
        let params = self.height_params(height)?;
        // A reply that nobody waits for means that the engine is stopping; so everywhere below.
        let _ = reply.send((height, params));
        Ok(())
    }
}

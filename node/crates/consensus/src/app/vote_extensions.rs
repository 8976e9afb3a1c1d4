//! Vote extensions, which this chain does not use.

use crate::{
    context::{Address, ChainContext},
    fatal::Fatal,
};
use malachitebft_app_channel::{
    Reply,
    app::consensus::{VoteExtensionError, VoteExtensionVerdicts},
};

/// There is none to extend a vote with.
pub(super) fn extend(reply: Reply<Option<()>>) -> Result<(), Fatal> {
    let _ = reply.send(None);
    Ok(())
}

/// None is acceptable.
pub(super) fn verify(
    extensions: Vec<(Address, ())>,
    reply: Reply<VoteExtensionVerdicts<ChainContext>>,
) -> Result<(), Fatal> {
    let verdicts = extensions
        .into_iter()
        .map(|(address, ())| (address, Err(VoteExtensionError::InvalidVoteExtension)))
        .collect();
    let _ = reply.send(verdicts);
    Ok(())
}

//! Serving decided blocks to nodes that are behind.

use super::{App, blocking};
use crate::{
    context::{Address, ChainContext, Height, Signature},
    fatal::Fatal,
    limits::{SYNC_BATCH_MAX, SYNC_RESPONSE_BYTES_MAX},
};
use codec::Encode;
use ecoledger_primitives::{BlockNumber, CommitCertificate};
use ecoledger_storage::Storage;
use malachitebft_app_channel::{
    Reply,
    app::types::{
        core::{ExtendedCommitCertificate, ExtendedCommitSignature, Height as _, Round},
        sync::RawDecidedValue,
    },
};
use std::ops::RangeInclusive;

/// Every block since the first is kept.
pub(super) fn history_min(reply: Reply<Height>) -> Result<(), Fatal> {
    let _ = reply.send(Height::INITIAL);
    Ok(())
}

impl App {
    /// Answers with the blocks from the start of the range on, as many as are committed and fit a
    /// reply. The range comes from a peer and may be anything.
    pub(super) async fn decided_values(
        &mut self,
        range: RangeInclusive<Height>,
        reply: Reply<Vec<RawDecidedValue<ChainContext>>>,
    ) -> Result<(), Fatal> {
        let last = self.head().min(range.end().0);
        let first = range.start().0;
        let storage = self.executor.storage().clone();
        let values = blocking(move || read(&storage, first, last)).await?;
        let _ = reply.send(values);
        Ok(())
    }
}

fn read(
    storage: &Storage,
    first: BlockNumber,
    last: BlockNumber,
) -> Result<Vec<RawDecidedValue<ChainContext>>, Fatal> {
    let mut values = Vec::new();
    let mut bytes_left = SYNC_RESPONSE_BYTES_MAX as usize;
    for number in (first..=last).take(SYNC_BATCH_MAX as usize) {
        // The genesis block has no certificate, and is not decided but agreed upon beforehand.
        let (Some(block), Some(certificate)) =
            (storage.block(number)?, storage.certificate(number)?)
        else {
            break;
        };
        let encoded = block.encode();
        let size = encoded.len().saturating_add(certificate.encoded_size());
        let Some(left) = bytes_left.checked_sub(size) else { break };
        bytes_left = left;
        values.push(RawDecidedValue::new(encoded.into(), from_certificate(&certificate)));
    }
    Ok(values)
}

fn from_certificate(certificate: &CommitCertificate) -> ExtendedCommitCertificate<ChainContext> {
    ExtendedCommitCertificate {
        height: Height(certificate.height),
        round: Round::Some(certificate.round),
        value_id: certificate.value_id,
        commit_signatures: certificate
            .signatures
            .iter()
            .map(|s| {
                let (address, signature) = (Address(s.validator), Signature(s.signature));
                ExtendedCommitSignature::new(address, signature, None)
            })
            .collect(),
    }
}

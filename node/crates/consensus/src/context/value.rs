use ecoledger_primitives::ValueId;
use malachitebft_app_channel::app::types::core;

/// What a height decides, named by its id: the SHA-256 of the block's header.
///
/// The block itself never passes through the engine. It is streamed in parts, and whoever reports
/// a value to the engine has stored its block durably before.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, codec::Encode, codec::Decode,
)]
pub struct Value(pub ValueId);

impl core::Value for Value {
    type Id = ValueId;

    fn id(&self) -> ValueId {
        self.0
    }
}

use ecoledger_primitives::BlockNumber;
use malachitebft_app_channel::app::types::core;
use std::fmt;

/// A height: the number of the block that is decided there.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, codec::Encode, codec::Decode,
)]
pub struct Height(pub BlockNumber);

impl fmt::Display for Height {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl core::Height for Height {
    const ZERO: Self = Self(0);
    const INITIAL: Self = Self(1);

    // Saturates: a peer's request may name any height, and none near the end is ever reached.
    fn increment_by(&self, n: u64) -> Self {
        Self(BlockNumber::try_from(u64::from(self.0).saturating_add(n)).unwrap_or(BlockNumber::MAX))
    }

    fn decrement_by(&self, n: u64) -> Option<Self> {
        self.0.checked_sub(BlockNumber::try_from(n).ok()?).map(Self)
    }

    fn as_u64(&self) -> u64 {
        u64::from(self.0)
    }
}

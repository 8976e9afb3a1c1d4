//! Rates, in integers.

use std::time::Duration;
use tokio::time::Instant;

/// A token bucket, kept as the time at which it would be full again.
#[derive(Debug)]
pub(crate) struct Rate {
    per_second: u64,
    /// How long the bucket takes to fill.
    burst: Duration,
    full_at: Instant,
}

impl Rate {
    /// A full bucket of `burst` tokens that gains `per_second` of them.
    pub(crate) fn new(per_second: u64, burst: u64, now: Instant) -> Self {
        let per_second = per_second.max(1);
        Self { per_second, burst: duration_of(burst, per_second), full_at: now }
    }

    /// Takes tokens; returns how long to wait until the bucket has had them.
    pub(crate) fn take(&mut self, tokens: u64, now: Instant) -> Duration {
        self.full_at = self.full_at.max(now) + duration_of(tokens, self.per_second);
        self.full_at.duration_since(now).saturating_sub(self.burst)
    }
}

/// How long a rate takes to gain `tokens`.
fn duration_of(tokens: u64, per_second: u64) -> Duration {
    let nanos = u128::from(tokens) * 1_000_000_000 / u128::from(per_second);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

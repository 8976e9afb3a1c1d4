//! Time, as the one thing that a node reads off its machine.

use ecoledger_primitives::Moment;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a node takes for the time.
pub trait Clock: Send + Sync + 'static {
    /// Unix time in milliseconds.
    fn now_ms(&self) -> Moment;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> Moment {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment::try_from(since_epoch.as_millis()).unwrap_or(Moment::MAX)
    }
}

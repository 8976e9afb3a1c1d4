//! Benchmarks, one for each call.

use pallet_participants::{OrganisationId, Role};

/// Gives benchmarks agents of organisations.
pub trait BenchmarkHelper<AccountId> {
    /// An agent that may act in `role` everywhere, and its organisation; another organisation for
    /// each `nth`.
    fn agent(role: Role, nth: u32) -> (AccountId, OrganisationId);
}

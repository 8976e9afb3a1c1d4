//! Who may write to the ledger, and what they record on it.

use crate::{Balances, GovernanceOrigin, Runtime, Timestamp};
use frame_support::traits::ConstU32;
use pallet_participants::MoveFunds;

impl pallet_participants::Config for Runtime {
    type WeightInfo = ();
    type GovernanceOrigin = GovernanceOrigin;
    type Time = Timestamp;
    type OnKeyReplaced = MoveFunds<Balances>;
    // Machines of a large operator, each with its own key.
    type AgentsMax = ConstU32<1_000>;
    // Regions and subjects that one organisation serves in one role.
    type CapacitiesMax = ConstU32<32>;
    // One every four seconds on average; governance raises it for all or for one organisation.
    type DefaultDailyQuota = ConstU32<20_000>;
}

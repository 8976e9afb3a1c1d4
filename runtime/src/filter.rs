//! Calls that nobody may make.

use crate::RuntimeCall;
use frame_support::traits::Contains;

/// Lets every call through but those that would go round the rules of the chain.
///
/// - Replacing code: the runtime is native, an upgrade is a new binary that validators adopt.
/// - Raw storage writes: state changes only by pallets that keep their invariants.
/// - Burning money: settlement money leaves the ledger only when it is redeemed.
pub struct CallFilter;

impl Contains<RuntimeCall> for CallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        use frame_system::Call as System;
        use pallet_balances::Call as Balances;
        !matches!(
            call,
            RuntimeCall::System(
                System::set_heap_pages { .. }
                    | System::set_code { .. }
                    | System::set_code_without_checks { .. }
                    | System::authorize_upgrade { .. }
                    | System::authorize_upgrade_without_checks { .. }
                    | System::apply_authorized_upgrade { .. }
                    | System::set_storage { .. }
                    | System::kill_storage { .. }
                    | System::kill_prefix { .. }
            ) | RuntimeCall::Balances(Balances::burn { .. })
        )
    }
}

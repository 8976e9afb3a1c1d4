//! What stands in the state where a WebAssembly runtime would be.

use crate::VERSION;
use codec::Encode;
use frame_support::{storage::unhashed, traits::OnRuntimeUpgrade, weights::Weight};
use sp_core::storage::well_known_keys::CODE;

/// The value of `:code`: BLAKE2b-256 of the SCALE-encoded name and version of the runtime.
///
/// Clients expect the key to exist and to change with the runtime; they never run it.
pub fn code_marker() -> [u8; 32] {
    sp_io::hashing::blake2_256(&(VERSION.spec_name, VERSION.spec_version).encode())
}

/// Writes [`code_marker`] at genesis, and in the first block that a new version executes.
pub struct WriteCodeMarker;

impl OnRuntimeUpgrade for WriteCodeMarker {
    fn on_runtime_upgrade() -> Weight {
        unhashed::put_raw(CODE, &code_marker());
        <crate::Runtime as frame_system::Config>::DbWeight::get().writes(1)
    }
}

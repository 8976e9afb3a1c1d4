//! Genesis presets.

use crate::{RuntimeGenesisConfig, upgrade::WriteCodeMarker};
use alloc::{string::ToString, vec, vec::Vec};
use frame_support::{genesis_builder_helper, traits::OnRuntimeUpgrade};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, PresetId};

/// Names of the presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![DEV_RUNTIME_PRESET.to_string()]
}

/// A preset as JSON, a patch of the default genesis configuration.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    (id == DEV_RUNTIME_PRESET).then(|| b"{}".to_vec())
}

/// Writes the genesis state that a complete configuration describes.
///
/// # Errors
/// What is wrong with the JSON. A configuration that breaks a pallet's rule panics, as genesis
/// builders do.
pub fn build_state(json: Vec<u8>) -> sp_genesis_builder::Result {
    genesis_builder_helper::build_state::<RuntimeGenesisConfig>(json)?;
    WriteCodeMarker::on_runtime_upgrade();
    Ok(())
}

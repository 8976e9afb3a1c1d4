//! Genesis presets.

use alloc::{string::ToString, vec, vec::Vec};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, PresetId};

/// Names of the presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![DEV_RUNTIME_PRESET.to_string()]
}

/// A preset as JSON, a patch of the default genesis configuration.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    (id == DEV_RUNTIME_PRESET).then(|| b"{}".to_vec())
}

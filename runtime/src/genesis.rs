//! Building the genesis state, and the presets that a chain specification starts from.

use crate::{RuntimeGenesisConfig, demonstration, upgrade::WriteCodeMarker};
use alloc::{string::ToString, vec, vec::Vec};
use frame_support::{genesis_builder_helper, traits::OnRuntimeUpgrade};
use pallet_calendar::{GenesisYear, genesis::year_2026};
use pallet_participants::genesis::{
    suggested_conflicts, suggested_grant_rules, suggested_registrar_roles,
};
use serde_json::{Value, json};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, PresetId};
use sp_keyring::Ed25519Keyring;

/// What the demonstration's settlement institution may have outstanding: a thousand million yuan.
const DEMONSTRATION_CEILING_FEN: u64 = 100_000_000_000;

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

/// Names of the presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![DEV_RUNTIME_PRESET.to_string()]
}

/// A preset as JSON, a patch of the default genesis configuration.
///
/// It names no validators: they belong to the machines that the chain starts on.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    (id == DEV_RUNTIME_PRESET).then(|| development().to_string().into_bytes())
}

/// 2027 by the statutory holidays and their substitutes alone (全国年节及纪念日放假办法), so that
/// terms can run into it; the State Council's notice for the year may replace it.
fn statutory_2027() -> GenesisYear {
    let days_off = [
        "2027-01-01",
        "2027-02-05",
        "2027-02-08",
        "2027-02-09",
        "2027-02-10",
        "2027-04-05",
        "2027-05-03",
        "2027-05-04",
        "2027-06-09",
        "2027-09-15",
        "2027-10-01",
        "2027-10-04",
        "2027-10-05",
    ];
    GenesisYear {
        year: 2027,
        days_off: days_off.iter().map(ToString::to_string).collect(),
        days_worked: Vec::new(),
    }
}

/// The development chain: demonstration organisations with the capacities that their parts need,
/// and a committee of three, by their ed25519 keys.
fn development() -> Value {
    let organisations = demonstration::organisations();
    let committee = [Ed25519Keyring::Alice, Ed25519Keyring::Bob, Ed25519Keyring::Charlie]
        .map(Ed25519Keyring::to_account_id);
    json!({
        "committeeMembership": { "members": committee },
        "participants": {
            "organisations": organisations,
            "grantRules": suggested_grant_rules(),
            "registrarRoles": suggested_registrar_roles(),
            "conflicts": suggested_conflicts(),
        },
        "calendar": { "years": [year_2026(), statutory_2027()] },
        "settlement": {
            "institutions": [
                { "organisation": demonstration::CLEARING, "ceilingFen": DEMONSTRATION_CEILING_FEN },
            ],
        },
    })
}

//! Building the genesis state, and the presets that a chain specification starts from.

use crate::{AccountId, RuntimeGenesisConfig, upgrade::WriteCodeMarker};
use alloc::{string::ToString, vec, vec::Vec};
use frame_support::{genesis_builder_helper, traits::OnRuntimeUpgrade};
use pallet_calendar::{GenesisYear, genesis::year_2026};
use pallet_participants::{
    GenesisAgent, GenesisCapacity, GenesisOrganisation, RegionCode, Role,
    genesis::{suggested_conflicts, suggested_grant_rules, suggested_registrar_roles},
};
use serde_json::{Value, json};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, PresetId};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// Transactions a day of each demonstration agent, enough for a day of load tests.
const DEMONSTRATION_QUOTA: u32 = 100_000_000;

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

/// One demonstration organisation: kinds of organisations that exist, under names that do not.
struct Demonstration {
    /// Its agents are this name's sr25519 and ed25519 development keys.
    agent: (Sr25519Keyring, Ed25519Keyring),
    /// Unified social credit code. The division in it exists, the register entry does not.
    uscc: &'static str,
    /// Location number under the prefix that GS1 reserves for demonstrations.
    gln: &'static str,
    name: &'static str,
    region: RegionCode,
    capacities: &'static [(Role, RegionCode)],
}

/// Zhejiang province.
const ZHEJIANG: RegionCode = RegionCode(330_000);
/// Xihu district of Hangzhou.
const HANGZHOU_XIHU: RegionCode = RegionCode(330_106);
/// Lishui city.
const LISHUI: RegionCode = RegionCode(331_100);
/// Jingning county of Lishui.
const JINGNING: RegionCode = RegionCode(331_127);

/// The organisations of the development chain, numbered in this order.
const DEMONSTRATIONS: [Demonstration; 6] = [
    // A supervising authority: registers organisations and farm inputs, holds, releases, recalls.
    Demonstration {
        agent: (Sr25519Keyring::Alice, Ed25519Keyring::Alice),
        uscc: "11331100MA2DEM017R",
        gln: "9506000100012",
        name: "丽水市演示监督管理局",
        region: LISHUI,
        capacities: &[(Role::Samr, ZHEJIANG), (Role::AgriAuth, ZHEJIANG)],
    },
    // A farmers' co-operative: grows and harvests tea.
    Demonstration {
        agent: (Sr25519Keyring::Bob, Ed25519Keyring::Bob),
        uscc: "93331127MA2DEM025A",
        gln: "9506000100029",
        name: "景宁演示茶叶专业合作社",
        region: JINGNING,
        capacities: &[(Role::TraceNode, ZHEJIANG)],
    },
    // A processor.
    Demonstration {
        agent: (Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
        uscc: "91331127MA2DEM033B",
        gln: "9506000100036",
        name: "景宁演示茶叶加工有限公司",
        region: JINGNING,
        capacities: &[(Role::TraceNode, ZHEJIANG)],
    },
    // A distributor and retailer.
    Demonstration {
        agent: (Sr25519Keyring::Dave, Ed25519Keyring::Dave),
        uscc: "91330106MA2DEM041C",
        gln: "9506000100043",
        name: "杭州演示茶叶销售有限公司",
        region: HANGZHOU_XIHU,
        capacities: &[(Role::TraceNode, RegionCode::COUNTRY)],
    },
    // A laboratory.
    Demonstration {
        agent: (Sr25519Keyring::Eve, Ed25519Keyring::Eve),
        uscc: "12331100MA2DEM05XY",
        gln: "9506000100050",
        name: "丽水演示农产品质量检测中心",
        region: LISHUI,
        capacities: &[(Role::Lab, ZHEJIANG)],
    },
    // A settlement institution.
    Demonstration {
        agent: (Sr25519Keyring::Ferdie, Ed25519Keyring::Ferdie),
        uscc: "91331100MA2DEM068R",
        gln: "9506000100067",
        name: "丽水演示结算中心",
        region: LISHUI,
        capacities: &[(Role::Clearing, ZHEJIANG)],
    },
];

/// Number of the demonstration's settlement institution.
const CLEARING: u32 = 5;

impl Demonstration {
    fn organisation(&self) -> GenesisOrganisation<AccountId> {
        let (sr25519, ed25519) = self.agent;
        GenesisOrganisation {
            uscc: self.uscc.to_string(),
            name: self.name.to_string(),
            region: self.region,
            gln: Some(self.gln.to_string()),
            did: None,
            agents: vec![
                GenesisAgent::with_all_powers(ed25519.to_account_id()),
                GenesisAgent::with_all_powers(sr25519.to_account_id()),
            ],
            capacities: self
                .capacities
                .iter()
                .map(|(role, region)| GenesisCapacity::unlimited(*role, *region))
                .collect(),
            daily_quota: Some(DEMONSTRATION_QUOTA),
        }
    }
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
    let organisations: Vec<_> = DEMONSTRATIONS.iter().map(Demonstration::organisation).collect();
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
                { "organisation": CLEARING, "ceilingFen": DEMONSTRATION_CEILING_FEN },
            ],
        },
    })
}

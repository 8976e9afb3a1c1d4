//! The organisations of the development chain: kinds that exist, under names that do not.

use crate::AccountId;
use alloc::{format, string::ToString, vec::Vec};
use pallet_participants::{GenesisAgent, GenesisCapacity, GenesisOrganisation, RegionCode, Role};
use sp_core::{Pair, ed25519, sr25519};

/// Transactions a day of each agent, enough for a day of load tests.
const DAILY_QUOTA: u32 = 100_000_000;

/// Number of the settlement institution.
pub(crate) const CLEARING: u32 = 5;

struct Demonstration {
    /// Names of its agents: each is the ed25519 and the sr25519 key of the secret `//Name`, with
    /// all powers.
    agents: &'static [&'static str],
    /// Unified social credit code. The division in it exists, the register entry does not.
    uscc: &'static str,
    /// Location number under the prefix that GS1 reserves for demonstrations.
    gln: &'static str,
    name: &'static str,
    region: RegionCode,
    capacities: &'static [(Role, RegionCode)],
}

/// Beijing.
const BEIJING: RegionCode = RegionCode(110_000);
/// Zhejiang province.
const ZHEJIANG: RegionCode = RegionCode(330_000);
/// Hangzhou city.
const HANGZHOU: RegionCode = RegionCode(330_100);
/// Xihu district of Hangzhou.
const HANGZHOU_XIHU: RegionCode = RegionCode(330_106);
/// Wenzhou city, at the mouth of the Ou river.
const WENZHOU: RegionCode = RegionCode(330_300);
/// Lishui city, at its springs.
const LISHUI: RegionCode = RegionCode(331_100);
/// Jingning county of Lishui.
const JINGNING: RegionCode = RegionCode(331_127);

/// Numbered in this order.
const DEMONSTRATIONS: [Demonstration; 22] = [
    // A supervising authority: registers organisations and farm inputs, holds, releases, recalls.
    Demonstration {
        agents: &["Alice"],
        uscc: "11331100MA2DEM017R",
        gln: "9506000100012",
        name: "丽水市演示监督管理局",
        region: LISHUI,
        capacities: &[(Role::Samr, ZHEJIANG), (Role::AgriAuth, ZHEJIANG)],
    },
    // A farmers' co-operative: grows and harvests tea.
    Demonstration {
        agents: &["Bob"],
        uscc: "93331127MA2DEM025A",
        gln: "9506000100029",
        name: "景宁演示茶叶专业合作社",
        region: JINGNING,
        capacities: &[(Role::TraceNode, ZHEJIANG)],
    },
    // A processor.
    Demonstration {
        agents: &["Charlie"],
        uscc: "91331127MA2DEM033B",
        gln: "9506000100036",
        name: "景宁演示茶叶加工有限公司",
        region: JINGNING,
        capacities: &[(Role::TraceNode, ZHEJIANG)],
    },
    // A distributor and retailer.
    Demonstration {
        agents: &["Dave"],
        uscc: "91330106MA2DEM041C",
        gln: "9506000100043",
        name: "杭州演示茶叶销售有限公司",
        region: HANGZHOU_XIHU,
        capacities: &[(Role::TraceNode, RegionCode::COUNTRY)],
    },
    // A laboratory.
    Demonstration {
        agents: &["Eve"],
        uscc: "12331100MA2DEM05XY",
        gln: "9506000100050",
        name: "丽水演示农产品质量检测中心",
        region: LISHUI,
        capacities: &[(Role::Lab, ZHEJIANG)],
    },
    // A settlement institution.
    Demonstration {
        agents: &["Ferdie"],
        uscc: "91331100MA2DEM068R",
        gln: "9506000100067",
        name: "丽水演示结算中心",
        region: LISHUI,
        capacities: &[(Role::Clearing, ZHEJIANG)],
    },
    // The authority that approves certification bodies and keeps their schemes in order.
    Demonstration {
        agents: &["Cnca"],
        uscc: "11110000MA2DEM076M",
        gln: "9506000100074",
        name: "国家演示认证认可监督管理部门",
        region: BEIJING,
        capacities: &[(Role::Cnca, RegionCode::COUNTRY)],
    },
    // The accreditation body.
    Demonstration {
        agents: &["Accreditor"],
        uscc: "12110000MA2DEM084D",
        gln: "9506000100081",
        name: "演示合格评定认可中心",
        region: BEIJING,
        capacities: &[(Role::AccredBody, RegionCode::COUNTRY)],
    },
    // A certification body: its head, a certifier who decides, and one who evaluates.
    Demonstration {
        agents: &["Certbody", "Certifier", "Evaluator"],
        uscc: "91330100MA2DEM092X",
        gln: "9506000100098",
        name: "浙江演示有机认证有限公司",
        region: HANGZHOU,
        capacities: &[(Role::CertBody, RegionCode::COUNTRY)],
    },
    // An inspection body.
    Demonstration {
        agents: &["Inspectorate"],
        uscc: "91331100MA2DEM1050",
        gln: "9506000100104",
        name: "丽水演示检查有限公司",
        region: LISHUI,
        capacities: &[(Role::InspectionBody, ZHEJIANG)],
    },
    // The owner of a regional brand.
    Demonstration {
        agents: &["Brandowner"],
        uscc: "52331100MA2DEM113U",
        gln: "9506000100111",
        name: "丽水演示区域公用品牌协会",
        region: LISHUI,
        capacities: &[(Role::BrandOwner, ZHEJIANG)],
    },
    // Who runs the regional brand for its owner.
    Demonstration {
        agents: &["Brandoperator"],
        uscc: "91331100MA2DEM121M",
        gln: "9506000100128",
        name: "丽水演示品牌运营有限公司",
        region: LISHUI,
        capacities: &[(Role::BrandOperator, ZHEJIANG)],
    },
    // A province with its finance department: gives to counties, decides between its cities.
    Demonstration {
        agents: &["Province"],
        uscc: "11330000MA2DEM13X4",
        gln: "9506000100135",
        name: "浙江演示省级部门",
        region: ZHEJIANG,
        capacities: &[(Role::Treasury, ZHEJIANG), (Role::GovParty, ZHEJIANG)],
    },
    // The city upstream, with its finance department.
    Demonstration {
        agents: &["Upstream"],
        uscc: "11331100MA2DEM148M",
        gln: "9506000100142",
        name: "丽水演示上游市级部门",
        region: LISHUI,
        capacities: &[(Role::Treasury, LISHUI), (Role::GovParty, LISHUI)],
    },
    // The city downstream, with its finance department.
    Demonstration {
        agents: &["Downstream"],
        uscc: "11330300MA2DEM156E",
        gln: "9506000100159",
        name: "温州演示下游市级部门",
        region: WENZHOU,
        capacities: &[(Role::Treasury, WENZHOU), (Role::GovParty, WENZHOU)],
    },
    // The monitoring station of the city upstream.
    Demonstration {
        agents: &["Upstation"],
        uscc: "12331100MA2DEM1648",
        gln: "9506000100166",
        name: "丽水演示生态环境监测中心",
        region: LISHUI,
        capacities: &[(Role::MonitorStation, ZHEJIANG)],
    },
    // The monitoring station of the city downstream.
    Demonstration {
        agents: &["Downstation"],
        uscc: "12330300MA2DEM1721",
        gln: "9506000100173",
        name: "温州演示生态环境监测中心",
        region: WENZHOU,
        capacities: &[(Role::MonitorStation, ZHEJIANG)],
    },
    // An audit office.
    Demonstration {
        agents: &["Auditor"],
        uscc: "11330000MA2DEM180F",
        gln: "9506000100180",
        name: "浙江演示审计部门",
        region: ZHEJIANG,
        capacities: &[(Role::Auditor, ZHEJIANG)],
    },
    // A county upstream, with its finance department.
    Demonstration {
        agents: &["County"],
        uscc: "11331127MA2DEM1992",
        gln: "9506000100197",
        name: "景宁演示县级部门",
        region: JINGNING,
        capacities: &[(Role::Treasury, JINGNING), (Role::GovParty, JINGNING)],
    },
    // A village's collective economy, paid for what it protects.
    Demonstration {
        agents: &["Village"],
        uscc: "N2331127MA2DEM201W",
        gln: "9506000100203",
        name: "景宁演示上村股份经济合作社",
        region: JINGNING,
        capacities: &[],
    },
    // Another village's collective economy.
    Demonstration {
        agents: &["Hamlet"],
        uscc: "N2331127MA2DEM21XL",
        gln: "9506000100210",
        name: "景宁演示下村股份经济合作社",
        region: JINGNING,
        capacities: &[],
    },
    // The national station, whose value decides between those of the cities.
    Demonstration {
        agents: &["Nationalstation"],
        uscc: "12110000MA2DEM228Y",
        gln: "9506000100227",
        name: "演示国家环境监测总站",
        region: BEIJING,
        capacities: &[(Role::MonitorStation, RegionCode::COUNTRY)],
    },
];

/// All of them, as the genesis configuration takes them.
pub(crate) fn organisations() -> Vec<GenesisOrganisation<AccountId>> {
    DEMONSTRATIONS.iter().map(Demonstration::organisation).collect()
}

impl Demonstration {
    fn organisation(&self) -> GenesisOrganisation<AccountId> {
        GenesisOrganisation {
            uscc: self.uscc.to_string(),
            name: self.name.to_string(),
            region: self.region,
            gln: Some(self.gln.to_string()),
            did: None,
            agents: self.agents.iter().flat_map(|name| agents(name)).collect(),
            capacities: self
                .capacities
                .iter()
                .map(|(role, region)| GenesisCapacity::unlimited(*role, *region))
                .collect(),
            daily_quota: Some(DAILY_QUOTA),
        }
    }
}

/// The ed25519 key of `//name` and its sr25519 key.
fn agents(name: &str) -> [GenesisAgent<AccountId>; 2] {
    let secret = format!("//{name}");
    let known = "a derivation from the development phrase is well-formed; qed";
    let ed25519 = ed25519::Pair::from_string(&secret, None).expect(known).public();
    let sr25519 = sr25519::Pair::from_string(&secret, None).expect(known).public();
    [ed25519.0, sr25519.0].map(|key| GenesisAgent::with_all_powers(AccountId::from(key)))
}

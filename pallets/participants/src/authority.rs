//! What other pallets ask about participants: the glue trait between them.

use crate::{Config, Error, FirstKeys, Organisations, Pallet, Powers};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::pallet_prelude::*;

/// Number of an organisation, given in order of registration.
pub type OrganisationId = u32;

/// Administrative division (行政区划), six digits PPCCDD of GB/T 2260; 0 is the whole country.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct RegionCode(pub u32);

impl RegionCode {
    /// The whole country, parent of every province.
    pub const COUNTRY: Self = Self(0);

    /// The division one level up: XXYYZZ → XXYY00 → XX0000 → the country.
    pub fn parent(self) -> Option<Self> {
        match self.0 {
            0 => None,
            code if code % 100 != 0 => Some(Self(code - code % 100)),
            code if code % 10_000 != 0 => Some(Self(code - code % 10_000)),
            _ => Some(Self::COUNTRY),
        }
    }

    /// Whether the code has the form of GB/T 2260: a province that exists, and a county only inside
    /// a prefecture. The country is well-formed; whether a prefecture or county exists is not
    /// looked at, because divisions change.
    pub fn is_well_formed(self) -> bool {
        let (province, prefecture, county) = (self.0 / 10_000, self.0 / 100 % 100, self.0 % 100);
        self == Self::COUNTRY
            || (matches!(
                province,
                11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82
            ) && (prefecture != 0 || county == 0))
    }

    /// Whether `other` is this division or lies inside it.
    pub fn covers(self, other: Self) -> bool {
        let mut at = Some(other);
        while let Some(code) = at {
            if code == self {
                return true;
            }
            at = code.parent();
        }
        false
    }
}

/// What an organisation may do (职能), held as a capacity for a region, subjects and a period.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[repr(u8)]
pub enum Role {
    /// 追溯节点经营者: registers batches and custody events.
    #[codec(index = 0)]
    TraceNode = 0,
    /// 检测机构: tests.
    #[codec(index = 1)]
    Lab = 1,
    /// 检查机构: inspects.
    #[codec(index = 2)]
    InspectionBody = 2,
    /// 认证机构: certifies.
    #[codec(index = 3)]
    CertBody = 3,
    /// 认可机构: accredits bodies and laboratories.
    #[codec(index = 4)]
    AccredBody = 4,
    /// 认监委: approves certification bodies.
    #[codec(index = 5)]
    Cnca = 5,
    /// 市场监管部门: holds, releases and recalls.
    #[codec(index = 6)]
    Samr = 6,
    /// 品牌所有人: owns a brand.
    #[codec(index = 7)]
    BrandOwner = 7,
    /// 品牌运营方: runs a brand.
    #[codec(index = 8)]
    BrandOperator = 8,
    /// 结算机构: issues and redeems settlement money.
    #[codec(index = 9)]
    Clearing = 9,
    /// 财政部门: budgets, transfers and claws back.
    #[codec(index = 10)]
    Treasury = 10,
    /// 地方人民政府: signs agreements.
    #[codec(index = 11)]
    GovParty = 11,
    /// 监测站: submits monitoring data of a section.
    #[codec(index = 12)]
    MonitorStation = 12,
    /// 审计部门: audits.
    #[codec(index = 13)]
    Auditor = 13,
    /// 农业农村部门: registers farm inputs and their pre-harvest intervals.
    #[codec(index = 14)]
    AgriAuth = 14,
}

impl Role {
    /// Every role, in order of its index.
    pub const ALL: [Self; 15] = [
        Self::TraceNode,
        Self::Lab,
        Self::InspectionBody,
        Self::CertBody,
        Self::AccredBody,
        Self::Cnca,
        Self::Samr,
        Self::BrandOwner,
        Self::BrandOperator,
        Self::Clearing,
        Self::Treasury,
        Self::GovParty,
        Self::MonitorStation,
        Self::Auditor,
        Self::AgriAuth,
    ];

    /// Index of the role in encodings and in an agent's powers.
    pub const fn index(self) -> u8 {
        self as u8
    }
}

/// What the ledger publishes of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationSummary {
    /// Division in which it is registered.
    pub region: RegionCode,
    /// Neither suspended nor closed.
    pub active: bool,
    /// GS1 Global Location Number (13 digits), if it has one.
    pub gln: Option<[u8; 13]>,
}

/// Lets a pallet ask who is acting, and whether they may.
pub trait Authority<AccountId> {
    /// The organisation that `agent` acts for.
    ///
    /// # Errors
    /// When `agent` is unknown or revoked, or its organisation is suspended.
    fn organisation_of(agent: &AccountId) -> Result<OrganisationId, DispatchError>;

    /// The key that the agent had first who has `agent` now: the same for all keys that took over
    /// from one another. Who is not to act twice is known by it.
    fn first_key(agent: &AccountId) -> AccountId;

    /// Checks that `agent` may act in `role` now, for `region` and `subject` where given, and
    /// returns its organisation.
    ///
    /// # Errors
    /// When the agent, its organisation or every matching capacity is missing, suspended, out of
    /// date, or does not cover the region or subject.
    fn ensure_role(
        agent: &AccountId,
        role: Role,
        region: Option<RegionCode>,
        subject: Option<&[u8]>,
    ) -> Result<OrganisationId, DispatchError>;

    /// What is known of organisation `id`.
    fn organisation(id: OrganisationId) -> Option<OrganisationSummary>;

    /// Whether organisation `id` is active and holds `role` now, by any capacity.
    fn holds_role(id: OrganisationId, role: Role) -> bool;
}

impl<T: Config> Authority<T::AccountId> for Pallet<T> {
    fn organisation_of(agent: &T::AccountId) -> Result<OrganisationId, DispatchError> {
        Ok(Self::active_agent(agent)?.0.organisation)
    }

    fn first_key(agent: &T::AccountId) -> T::AccountId {
        FirstKeys::<T>::get(agent).unwrap_or_else(|| agent.clone())
    }

    fn ensure_role(
        agent: &T::AccountId,
        role: Role,
        region: Option<RegionCode>,
        subject: Option<&[u8]>,
    ) -> Result<OrganisationId, DispatchError> {
        let (details, _) = Self::active_agent(agent)?;
        ensure!(details.powers.contains(Powers::role(role)), Error::<T>::PowerMissing);
        Self::capacity_for(details.organisation, role, region, subject)?;
        Ok(details.organisation)
    }

    fn organisation(id: OrganisationId) -> Option<OrganisationSummary> {
        let details = Organisations::<T>::get(id)?;
        Some(OrganisationSummary {
            region: details.region,
            active: details.status.is_active(),
            gln: details.gln,
        })
    }

    fn holds_role(id: OrganisationId, role: Role) -> bool {
        Organisations::<T>::get(id).is_some_and(|details| details.status.is_active())
            && Self::capacity_for(id, role, None, None).is_ok()
    }
}

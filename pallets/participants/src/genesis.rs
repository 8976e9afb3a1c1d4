//! State at the start, and the rules that the domain specification suggests.

use crate::{
    Config, DailyQuota, GenesisConfig, Grant, GrantRules, Granter, OrganisationId, Organisations,
    Pallet, Powers, RegionCode, RegistrarRoles, Registration, Role, RoleSet, Seconds, Subjects,
};
use alloc::{string::String, vec, vec::Vec};
use frame_support::BoundedVec;
use serde::{Deserialize, Serialize};
use sp_runtime::DispatchError;

/// An organisation of the genesis configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisOrganisation<AccountId> {
    /// Unified social credit code.
    pub uscc: String,
    /// Published legal name.
    pub name: String,
    /// Region of registration.
    pub region: RegionCode,
    /// Global Location Number.
    #[serde(default)]
    pub gln: Option<String>,
    /// Decentralised identifier.
    #[serde(default)]
    pub did: Option<String>,
    /// Its agents, of which the first administers.
    pub agents: Vec<GenesisAgent<AccountId>>,
    /// Its capacities, granted by governance.
    #[serde(default)]
    pub capacities: Vec<GenesisCapacity>,
    /// Transactions a day of each of its agents; `None` is the general quota.
    #[serde(default)]
    pub daily_quota: Option<u32>,
}

/// An agent of the genesis configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisAgent<AccountId> {
    /// Its account.
    pub account: AccountId,
    /// Whether it administers the organisation.
    #[serde(default)]
    pub administer: bool,
    /// Whether it may register organisations.
    #[serde(default)]
    pub register: bool,
    /// The roles in which it may act; `None` is all.
    #[serde(default)]
    pub roles: Option<Vec<Role>>,
}

impl<AccountId> GenesisAgent<AccountId> {
    /// An agent with all powers.
    pub fn with_all_powers(account: AccountId) -> Self {
        Self { account, administer: true, register: true, roles: None }
    }

    fn powers(&self) -> Powers {
        let mut powers = match &self.roles {
            None => Powers::ROLES,
            Some(roles) => {
                roles.iter().fold(Powers::NONE, |powers, role| powers.and(Powers::role(*role)))
            }
        };
        if self.administer {
            powers = powers.and(Powers::ADMINISTER);
        }
        if self.register {
            powers = powers.and(Powers::REGISTER);
        }
        powers
    }
}

/// A capacity of the genesis configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisCapacity {
    /// Its role.
    pub role: Role,
    /// Its region.
    pub region: RegionCode,
    /// Its subjects; none is not limited.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// First second in which it is in force.
    #[serde(default)]
    pub valid_from: Seconds,
    /// First second in which it is no longer in force; `None` is without end.
    #[serde(default)]
    pub valid_until: Option<Seconds>,
}

impl GenesisCapacity {
    /// A role for a region, all subjects and all time.
    pub fn unlimited(role: Role, region: RegionCode) -> Self {
        Self { role, region, subjects: Vec::new(), valid_from: 0, valid_until: None }
    }
}

/// Who grants which roles, as far as the granter is a role of this ledger; all others are
/// governance's to grant.
///
/// Source: domain specification 0.6, column "granted by".
pub fn suggested_grant_rules() -> Vec<(Role, Vec<Role>)> {
    vec![
        (
            Role::Cnca,
            vec![Role::Cnca, Role::AccredBody, Role::CertBody, Role::InspectionBody, Role::Lab],
        ),
        (Role::Samr, vec![Role::Samr, Role::TraceNode, Role::BrandOwner, Role::BrandOperator]),
        (Role::BrandOwner, vec![Role::BrandOperator]),
        (Role::Treasury, vec![Role::Treasury]),
        (Role::GovParty, vec![Role::GovParty]),
        (Role::AgriAuth, vec![Role::AgriAuth, Role::TraceNode]),
    ]
}

/// Which roles may register and suspend organisations in their region: the one that keeps the
/// register of enterprises.
pub fn suggested_registrar_roles() -> Vec<Role> {
    vec![Role::Samr]
}

/// Which roles exclude each other.
///
/// Source: domain specification 0.6: a certification body has no client, brand or product of
/// its own (Regulations on Certification and Accreditation, article 13), who accredits or approves
/// is not accredited, and who audits or supervises is not audited or supervised.
pub fn suggested_conflicts() -> Vec<(Role, Role)> {
    vec![
        (Role::CertBody, Role::TraceNode),
        (Role::CertBody, Role::BrandOwner),
        (Role::CertBody, Role::BrandOperator),
        (Role::CertBody, Role::AccredBody),
        (Role::CertBody, Role::Cnca),
        (Role::AccredBody, Role::Lab),
        (Role::AccredBody, Role::InspectionBody),
        (Role::AccredBody, Role::TraceNode),
        (Role::InspectionBody, Role::TraceNode),
        (Role::Lab, Role::TraceNode),
        (Role::Cnca, Role::TraceNode),
        (Role::Samr, Role::TraceNode),
        (Role::AgriAuth, Role::TraceNode),
        (Role::Auditor, Role::Treasury),
        (Role::Auditor, Role::GovParty),
        (Role::Auditor, Role::Clearing),
    ]
}

impl<T: Config> GenesisConfig<T> {
    /// Writes the state. Panics on a configuration that the calls would refuse: a chain without
    /// its participants must not start.
    pub(crate) fn build_state(&self) {
        for (granter, grants) in &self.grant_rules {
            GrantRules::<T>::insert(granter, role_set(grants));
        }
        RegistrarRoles::<T>::put(role_set(&self.registrar_roles));
        for (a, b) in &self.conflicts {
            if let Err(error) = Pallet::<T>::do_set_conflict(*a, *b, true) {
                panic!("genesis: conflict of {a:?} and {b:?}: {error:?}");
            }
        }
        if let Some(quota) = self.daily_quota {
            DailyQuota::<T>::put(quota);
        }
        for organisation in &self.organisations {
            if let Err(error) = build_organisation::<T>(organisation) {
                panic!("genesis: organisation {}: {error:?}", organisation.uscc);
            }
        }
    }
}

/// At most as many roles as there are, and a set may hold more.
fn role_set(roles: &[Role]) -> RoleSet {
    RoleSet::try_from(roles.iter().copied().collect::<alloc::collections::BTreeSet<_>>())
        .expect("there are fewer roles than ROLES_MAX; qed")
}

fn build_organisation<T: Config>(
    organisation: &GenesisOrganisation<T::AccountId>,
) -> Result<(), DispatchError> {
    let (administrator, agents) =
        organisation.agents.split_first().ok_or("it has no agent to administer it")?;
    let registration = Registration {
        uscc: fixed(&organisation.uscc)?,
        name: bounded(&organisation.name)?,
        region: organisation.region,
        gln: organisation.gln.as_deref().map(fixed).transpose()?,
        did: organisation.did.as_deref().map(bounded).transpose()?,
    };
    let id = Pallet::<T>::do_register_organisation(
        registration,
        administrator.account.clone(),
        None,
        Granter::Governance,
        0,
    )?;
    Pallet::<T>::do_set_agent_powers(administrator.account.clone(), administrator.powers())?;
    for agent in agents {
        Pallet::<T>::do_register_agent(id, agent.account.clone(), agent.powers(), None)?;
    }
    for capacity in &organisation.capacities {
        build_capacity::<T>(id, capacity)?;
    }
    if organisation.daily_quota.is_some() {
        Organisations::<T>::mutate(id, |details| {
            if let Some(details) = details {
                details.daily_quota = organisation.daily_quota;
            }
        });
    }
    Ok(())
}

fn build_capacity<T: Config>(
    organisation: OrganisationId,
    capacity: &GenesisCapacity,
) -> Result<(), DispatchError> {
    let subjects = capacity
        .subjects
        .iter()
        .map(|subject| bounded(subject))
        .collect::<Result<Vec<_>, DispatchError>>()?;
    let grant = Grant {
        organisation,
        role: capacity.role,
        region: capacity.region,
        subjects: Subjects::try_from(subjects).map_err(|_| "it has too many subjects")?,
        valid_from: capacity.valid_from,
        valid_until: capacity.valid_until,
    };
    Pallet::<T>::check_grant(&grant, 0)?;
    Pallet::<T>::do_grant_capacity(grant, Granter::Governance, 0)?;
    Ok(())
}

fn fixed<const N: usize>(text: &str) -> Result<[u8; N], DispatchError> {
    text.as_bytes().try_into().map_err(|_| "a code has the wrong length".into())
}

fn bounded<S: sp_core::Get<u32>>(text: &str) -> Result<BoundedVec<u8, S>, DispatchError> {
    BoundedVec::try_from(text.as_bytes().to_vec()).map_err(|_| "a text is too long".into())
}

//! Organisations, their agents and their capacities.

use super::{
    cast::{BODY, DOCUMENT, LISHUI, NATIONAL, PROVINCE, SUPERVISOR, ZHEJIANG, account, text, uscc},
    world::World,
};
use crate::Runtime;
use pallet_participants::{
    AgentStatus, Agents, Call, Grant, NextOrganisationId, OrganisationId, OrganisationStatus,
    Organisations, RegionCode, Registration, Role, Subjects,
    types::{Powers, RoleSet},
};

/// What the supervisor registers and grants as.
const SAMR: Option<Role> = Some(Role::Samr);

impl World {
    /// What every life begins with: the national station, and the two who act for the province
    /// together.
    pub(super) fn begin_members(&mut self) {
        self.register_organisation();
        let grant = Grant {
            organisation: NATIONAL,
            role: Role::MonitorStation,
            region: RegionCode::COUNTRY,
            subjects: Subjects::default(),
            valid_from: 0,
            valid_until: None,
        };
        assert!(self.motion(Call::<Runtime>::grant_capacity { grant, acting_as: None }));
        let (agent, _) = Self::joint_account();
        self.by(
            PROVINCE,
            Call::<Runtime>::register_agent {
                organisation: PROVINCE,
                agent,
                powers: Powers::ALL,
                commitment: None,
            },
        );
    }

    /// An organisation that is not of the genesis; `None` if only the station is there.
    fn newcomer(&mut self) -> Option<OrganisationId> {
        let end = NextOrganisationId::<Runtime>::get();
        let all: Vec<_> = (NATIONAL + 1..end).collect();
        self.numbers.one_of(&all)
    }

    fn register_organisation(&mut self) {
        let n = self.fresh();
        let registration = Registration {
            uscc: uscc(n),
            name: text(&format!("演示新设机构{n}")),
            region: LISHUI,
            gln: None,
            did: None,
        };
        let administrator = account(&format!("Administrator{n}"));
        self.by(
            SUPERVISOR,
            Call::<Runtime>::register_organisation {
                registration,
                administrator,
                commitment: Some(DOCUMENT),
                acting_as: SAMR,
            },
        );
    }

    /// Organisations come, change, are stopped and go.
    pub(super) fn change_organisations(&mut self) {
        let Some(organisation) = self.newcomer().filter(|_| !self.numbers.once_in(5)) else {
            return self.register_organisation();
        };
        match self.numbers.below(8) {
            0 | 1 => {
                self.by(
                    SUPERVISOR,
                    Call::<Runtime>::update_registration {
                        organisation,
                        name: text("演示更名机构"),
                        region: LISHUI,
                        acting_as: SAMR,
                    },
                );
            }
            2 | 3 => {
                let did = text(&format!("did:web:example.com:{}", self.fresh()));
                self.by(
                    organisation,
                    Call::<Runtime>::set_identifiers { organisation, gln: None, did: Some(did) },
                );
            }
            4 | 5 => {
                self.by(
                    SUPERVISOR,
                    Call::<Runtime>::suspend_organisation {
                        organisation,
                        decision: DOCUMENT,
                        acting_as: SAMR,
                    },
                );
            }
            _ => {
                self.motion(Call::<Runtime>::close_organisation { organisation });
            }
        }
    }

    /// Whoever was suspended goes on.
    pub(super) fn reinstate(&mut self) {
        let suspended: Vec<_> = Organisations::<Runtime>::iter()
            .filter(|(_, it)| matches!(it.status, OrganisationStatus::Suspended { .. }))
            .map(|(id, _)| id)
            .collect();
        if let Some(organisation) = self.numbers.one_of(&suspended) {
            self.by(
                SUPERVISOR,
                Call::<Runtime>::reinstate_organisation {
                    organisation,
                    decision: DOCUMENT,
                    acting_as: SAMR,
                },
            );
        }
    }

    /// A member of the cast is suspended, for a while.
    pub(super) fn suspend_somebody(&mut self) {
        // The supervisor itself is not in its own hands.
        let organisation = 1 + self.numbers.below(NATIONAL.into()) as OrganisationId;
        self.by(
            SUPERVISOR,
            Call::<Runtime>::suspend_organisation {
                organisation,
                decision: DOCUMENT,
                acting_as: SAMR,
            },
        );
    }

    /// Capacities of newcomers come and go.
    pub(super) fn change_capacities(&mut self) {
        let Some(organisation) = self.newcomer() else { return };
        if self.numbers.once_in(3) {
            let ids: Vec<_> =
                pallet_participants::CapacitiesByOrganisation::<Runtime>::iter_key_prefix(
                    organisation,
                )
                .collect();
            if let Some(capacity) = self.numbers.one_of(&ids) {
                self.by(SUPERVISOR, Call::<Runtime>::revoke_capacity { capacity, acting_as: SAMR });
            }
            return;
        }
        let days = 1 + self.numbers.below(200);
        let role = self.numbers.one_of(&Role::ALL).unwrap();
        let grant = Grant {
            organisation,
            role: if self.numbers.once_in(2) { Role::TraceNode } else { role },
            region: ZHEJIANG,
            subjects: Subjects::default(),
            valid_from: self.seconds(),
            valid_until: Some(self.seconds() + days * 86_400),
        };
        if self.numbers.once_in(2) {
            self.motion(Call::<Runtime>::grant_capacity { grant, acting_as: None });
        } else {
            self.by(SUPERVISOR, Call::<Runtime>::grant_capacity { grant, acting_as: SAMR });
        }
    }

    /// Keys come, change hands, are withdrawn and found again.
    pub(super) fn change_agents(&mut self) {
        let organisation = self.newcomer().unwrap_or(NATIONAL);
        let agent = self.agent(organisation);
        let new = self.new_account();
        match self.numbers.below(6) {
            0 | 1 => {
                self.by(
                    organisation,
                    Call::<Runtime>::register_agent {
                        organisation,
                        agent: new,
                        powers: Powers::ALL,
                        commitment: None,
                    },
                );
            }
            2 => {
                let powers = Powers::ALL.0 & !(self.numbers.next() & Powers::ROLES.0);
                let powers = Powers(powers);
                self.by(organisation, Call::<Runtime>::set_agent_powers { agent, powers });
            }
            3 => {
                let all = Organisations::<Runtime>::get(organisation).map_or(0, |it| it.agents);
                if all > 1 {
                    self.by(organisation, Call::<Runtime>::revoke_agent { agent });
                }
            }
            4 => {
                let revoked: Vec<_> = Agents::<Runtime>::iter()
                    .filter(|(_, it)| matches!(it.status, AgentStatus::Revoked { .. }))
                    .map(|(account, it)| (account, it.organisation))
                    .collect();
                if let Some((old, organisation)) = self.numbers.one_of(&revoked) {
                    self.by(organisation, Call::<Runtime>::recover_agent { old, new });
                }
            }
            // Whoever it is; those of the body are named in certification by their keys.
            _ => {
                let organisation = self.numbers.below(NATIONAL.into()) as OrganisationId;
                if organisation != BODY {
                    self.by(organisation, Call::<Runtime>::rotate_key { new });
                }
            }
        }
    }

    /// Who may grant and register what, what excludes each other, and how much is free.
    pub(super) fn govern_members(&mut self) {
        match self.numbers.below(4) {
            0 => {
                let grants = [Role::BrandOperator, Role::TraceNode];
                let roles: RoleSet = set(&grants[..1 + self.numbers.below(2) as usize]);
                let granter = Role::BrandOwner;
                self.motion(Call::<Runtime>::set_grant_rule { granter, grants: roles });
            }
            1 => {
                let roles = set(&[Role::Samr, Role::AgriAuth]);
                self.motion(Call::<Runtime>::set_registrar_roles { roles });
            }
            2 => {
                let excluded = self.numbers.once_in(2);
                let (a, b) = (Role::Lab, Role::Clearing);
                self.motion(Call::<Runtime>::set_conflict { a, b, excluded });
            }
            _ => {
                let organisation = self.newcomer();
                let per_day = Some(1_000 + self.numbers.below(100_000) as u32);
                self.motion(Call::<Runtime>::set_daily_quota { organisation, per_day });
            }
        }
    }
}

fn set(roles: &[Role]) -> RoleSet {
    let roles: std::collections::BTreeSet<_> = roles.iter().copied().collect();
    roles.try_into().unwrap()
}

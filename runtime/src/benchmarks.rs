//! Who acts in the benchmarks of the pallets that only participants may call.

use crate::{
    AccountId, Balance, Balances, Calendar, Funds, Participants, RuntimeOrigin, Timestamp,
};
use alloc::{format, string::ToString, vec::Vec};
use ecoledger_primitives::is_weak_ed25519_key;
use frame_support::{BoundedVec, traits::fungible::Mutate};
use pallet_calendar::{CivilDate, Dates};
use pallet_participants::{
    Authority, Grant, OrganisationId, RegionCode, Registration, Role, Subjects,
    identifiers::uscc_check_character, types::SUBJECTS_MAX,
};
use sp_io::hashing::blake2_256;

/// Capacities that an organisation holds in its role; only the last reaches everywhere. More than
/// organisations commonly hold: one for each region that they were appointed for.
const CAPACITIES: u32 = 4;
/// A region that no benchmark takes place in.
const ELSEWHERE: RegionCode = RegionCode(820_000);
/// Where the organisations are.
const HERE: RegionCode = RegionCode(331_100);

/// Organisations of the benchmarks, registered when they are first asked for.
pub struct Parties;

impl Parties {
    /// The agent of the `nth` organisation that holds `role`, and its number.
    fn agent_of(role: Role, nth: u32) -> (AccountId, OrganisationId) {
        let number = u32::from(role.index()).saturating_mul(100).saturating_add(nth);
        Self::agent_numbered(role, number)
    }

    /// The agent with this number, of an organisation that holds `role`, and the organisation's.
    fn agent_numbered(role: Role, number: u32) -> (AccountId, OrganisationId) {
        let agent = account(number);
        let known = pallet_participants::Agents::<crate::Runtime>::get(&agent);
        if let Some(details) = known {
            return (agent, details.organisation);
        }
        let id = pallet_participants::NextOrganisationId::<crate::Runtime>::get();
        let registration = Registration {
            uscc: uscc(number),
            name: BoundedVec::truncate_from(format!("organisation {number}").into_bytes()),
            region: HERE,
            gln: None,
            did: None,
        };
        Participants::register_organisation(
            RuntimeOrigin::root(),
            registration,
            agent.clone(),
            None,
            None,
        )
        .expect("the particulars are valid and new; qed");
        for n in 1..=CAPACITIES {
            let (region, subjects) = if n == CAPACITIES {
                (RegionCode::COUNTRY, Subjects::default())
            } else {
                (ELSEWHERE, subjects())
            };
            let grant = Grant {
                organisation: id,
                role,
                region,
                subjects,
                valid_from: 0,
                valid_until: None,
            };
            Participants::grant_capacity(RuntimeOrigin::root(), grant, None)
                .expect("nothing conflicts and there is room; qed");
        }
        (agent, id)
    }
}

/// An account with a key that an ed25519 signature could be made with.
fn account(number: u32) -> AccountId {
    let mut key = blake2_256(&number.to_le_bytes());
    while is_weak_ed25519_key(&key) {
        key = blake2_256(&key);
    }
    key.into()
}

fn uscc(number: u32) -> [u8; 18] {
    let mut code = *b"913301000000000000";
    for (to, from) in code.iter_mut().skip(8).zip(format!("{number:09}").bytes()) {
        *to = from;
    }
    let (check, body) = code.split_last_mut().expect("a code has characters; qed");
    let body: &[u8; 17] = (&*body).try_into().expect("18 characters less one; qed");
    *check = uscc_check_character(body).expect("digits are in the alphabet; qed");
    code
}

/// As many subjects as a capacity may have.
fn subjects() -> Subjects {
    let all: Vec<_> =
        (0..SUBJECTS_MAX).map(|n| BoundedVec::truncate_from(n.to_string().into_bytes())).collect();
    BoundedVec::truncate_from(all)
}

impl pallet_settlement::benchmarking::BenchmarkHelper<AccountId> for Parties {
    fn institution() -> (AccountId, OrganisationId) {
        Self::agent_of(Role::Clearing, 0)
    }

    fn holder() -> AccountId {
        Self::agent_of(Role::TraceNode, 0).0
    }
}

impl pallet_traceability::BenchmarkHelper<AccountId> for Parties {
    fn agent(role: Role, nth: u32) -> (AccountId, OrganisationId) {
        Self::agent_of(role, nth)
    }
}

impl pallet_funds::benchmarking::BenchmarkHelper<AccountId> for Parties {
    fn office(nth: u32) -> (AccountId, OrganisationId) {
        Self::agent_of(Role::Treasury, nth)
    }

    fn payee() -> (AccountId, OrganisationId) {
        Self::agent_of(Role::TraceNode, 0)
    }

    fn auditor() -> AccountId {
        Self::agent_of(Role::Auditor, 0).0
    }
}

impl pallet_compensation::benchmarking::BenchmarkHelper<AccountId> for Parties {
    fn prepare() {
        let this_year = CivilDate::from_moment(Timestamp::get()).year();
        for year in [this_year, this_year.saturating_add(1)] {
            let (days_off, days_worked) = (Dates::default(), Dates::default());
            Calendar::set_year(RuntimeOrigin::root(), year, days_off, days_worked)
                .expect("the year has no table, or one that may be replaced; qed");
        }
    }

    fn finance(nth: u32) -> (AccountId, OrganisationId) {
        // Numbers of accounts leave room for a hundred in each role.
        Self::agent_numbered(Role::Treasury, 10_000_u32.saturating_add(nth))
    }

    fn government(nth: u32) -> (AccountId, OrganisationId) {
        Self::agent_of(Role::GovParty, nth)
    }

    fn superior() -> (AccountId, OrganisationId) {
        Self::agent_of(Role::GovParty, 99)
    }

    fn station(nth: u32) -> (AccountId, OrganisationId) {
        Self::agent_of(Role::MonitorStation, nth)
    }

    fn auditor() -> AccountId {
        Self::agent_of(Role::Auditor, 0).0
    }

    fn payee() -> (AccountId, OrganisationId) {
        Self::agent_of(Role::TraceNode, 0)
    }

    fn endow(who: &AccountId, amount_fen: Balance) {
        Balances::set_balance(who, amount_fen);
    }

    fn pay(programme: u32, tag: u32, by: &AccountId, to: &AccountId, amount_fen: Balance) {
        let by = RuntimeOrigin::signed(by.clone());
        let payee = Participants::organisation_of(to).expect("it is an agent's account; qed");
        let part = Some(pallet_funds::Part::Payee);
        Funds::set_part(by.clone(), programme, payee, part)
            .expect("the payer is an intermediary and the payee no office; qed");
        Funds::pay(by, programme, tag, to.clone(), amount_fen, [1; 32])
            .expect("the payer holds as much; qed");
    }
}

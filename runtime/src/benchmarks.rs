//! Who acts in the benchmarks of the pallets that only participants may call.

use crate::{
    AccountId, Balance, Balances, Calendar, Funds, Participants, Runtime, RuntimeOrigin, Timestamp,
    Traceability,
};
use alloc::{format, string::ToString, vec, vec::Vec};
use ecoledger_primitives::is_weak_ed25519_key;
use frame_benchmarking::BenchmarkError;
use frame_support::{
    BoundedVec,
    traits::{UnixTime, fungible::Mutate},
};
use pallet_calendar::{CivilDate, Dates, YearTable, Years};
use pallet_certification::{Certificate, CertificateState, CertifiedProduct, StatusChange};
use pallet_participants::{
    Authority, Grant, OrganisationId, Powers, RegionCode, Registration, Role, Subjects,
    identifiers::uscc_check_character, types::SUBJECTS_MAX,
};
use pallet_traceability::{
    BaseUnit, BatchId, Batches, CertificateId, CertificateStatus, Claim, EventContext, Gtin, Lot,
    MAX_ANCESTORS_CHECKED, Measure, Part, PlaceDetails, PlaceId, Places, ProductDetails, Products,
    UnitCode, UnitRule, Units, has_valid_check_digit,
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
        let known = pallet_participants::Agents::<Runtime>::get(&agent);
        if let Some(details) = known {
            return (agent, details.organisation);
        }
        let id = pallet_participants::NextOrganisationId::<Runtime>::get();
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

    fn certificate(
        holder: OrganisationId,
        gtin: Gtin,
        bases: &[PlaceId],
    ) -> Result<CertificateId, BenchmarkError> {
        let now = u64::try_from(<Timestamp as UnixTime>::now().as_millis()).unwrap_or(u64::MAX);
        let today = CivilDate::from_moment(now);
        let quantity = 1_000_000_000;
        let product = CertifiedProduct { gtin, quantity, area_units: 0, drawn: 0, sold: 0 };
        let issue = StatusChange { at: now, status: CertificateStatus::Valid };
        let certificate = Certificate {
            number: Default::default(),
            holder,
            body: Self::agent_of(Role::CertBody, 0).1,
            scheme: 1,
            application: 0,
            products: BoundedVec::truncate_from(vec![product]),
            bases: BoundedVec::truncate_from(bases.to_vec()),
            issued_at: now,
            valid_from: today,
            expires: CivilDate(today.0.saturating_add(365)),
            state: CertificateState::InForce,
            request: None,
            changes: BoundedVec::truncate_from(vec![issue]),
            rule_set: 0,
        };
        pallet_certification::Certificates::<Runtime>::insert(FIRST_CERTIFICATE, certificate);
        Ok(FIRST_CERTIFICATE)
    }
}

/// The GTIN with this number before its check digit.
fn gtin(number: u32) -> Gtin {
    (0..10)
        .map(|digit| format!("{:013}{digit}", 690_100_000_000u64 + u64::from(number)))
        .find(|key| has_valid_check_digit(key.as_bytes()))
        .and_then(|key| Gtin::parse(&key))
        .expect("one of ten digits is right; qed")
}

/// A product counted in pieces, of the trace node.
fn product_in_pieces(number: u32) -> Gtin {
    let gtin = gtin(number);
    let details = ProductDetails {
        owner: Parties::agent_of(Role::TraceNode, 0).1,
        base_unit: BaseUnit::Each,
        net_content: None,
        density_mg_per_ml: None,
        category: 10_000_115,
    };
    pallet_traceability::Products::<Runtime>::insert(gtin, details);
    gtin
}

/// A base of the trace node.
fn base(id: PlaceId) -> PlaceId {
    let owner = Parties::agent_of(Role::TraceNode, 0).1;
    let details = PlaceDetails { owner, region: HERE, gln: None, area_units: 200_000 };
    pallet_traceability::Places::<Runtime>::insert(id, details);
    id
}

fn pieces(value: u32) -> Measure {
    let unit = UnitCode(*b"C62");
    let rule = UnitRule { base: BaseUnit::Each, numerator: 1, denominator: 1 };
    pallet_traceability::Units::<Runtime>::insert(unit, rule);
    Measure { value: value.into(), decimals: 0, unit }
}

fn lot(number: u32) -> Lot {
    BoundedVec::truncate_from(format!("LOT-{number:016}").into_bytes())
}

fn context() -> EventContext {
    let now = <Timestamp as UnixTime>::now().as_millis();
    let event_time = u64::try_from(now).unwrap_or(u64::MAX);
    EventContext { event_time, read_point: None, document: None }
}

impl pallet_brands::BenchmarkHelper<AccountId> for Parties {
    fn agent(role: Role) -> (AccountId, OrganisationId) {
        Self::agent_of(role, 0)
    }

    fn product(nth: u32) -> Gtin {
        product_in_pieces(nth)
    }

    fn base(nth: u32) -> PlaceId {
        base(nth)
    }
}

impl pallet_labels::BenchmarkHelper<AccountId> for Parties {
    fn labeller() -> AccountId {
        Self::agent_of(Role::TraceNode, 0).0
    }

    fn market_supervision() -> AccountId {
        Self::agent_of(Role::Samr, 0).0
    }

    fn batch(n_pieces: u32) -> BatchId {
        let (agent, gtin) = (RuntimeOrigin::signed(Self::labeller()), product_in_pieces(0));
        let (lot, place) = (lot(0), base(0));
        let id = BatchId::of(&gtin, &lot);
        Traceability::produce(agent, gtin, lot, pieces(n_pieces), place, context())
            .expect("the lot is new and the base its producer's; qed");
        id
    }

    fn descendant(batch: BatchId) -> BatchId {
        let gtin = product_in_pieces(0);
        let mut at = batch;
        for generation in 1..MAX_ANCESTORS_CHECKED {
            let part = Part { lot: lot(generation), quantity: pieces(1) };
            let agent = RuntimeOrigin::signed(Self::labeller());
            let parts = BoundedVec::truncate_from(vec![part]);
            Traceability::split(agent, at, parts, context())
                .expect("every generation has a piece; qed");
            at = BatchId::of(&gtin, &lot(generation));
        }
        at
    }
}

/// Number of the certificate that benchmarks of traceability claim.
const FIRST_CERTIFICATE: CertificateId = 1_000_000;

/// Numbers that benchmarks of certification give to bases; no other benchmark goes so far.
const FIRST_PLACE: PlaceId = 1_000_000;

impl pallet_certification::BenchmarkHelper<AccountId> for Parties {
    fn agent(role: Role, nth: u32) -> (AccountId, OrganisationId) {
        Self::agent_of(role, nth)
    }

    fn colleague(role: Role, number: u32) -> AccountId {
        let (_, organisation) = Self::agent_of(role, 0);
        let agent = account(10_000_u32.saturating_add(number));
        if !pallet_participants::Agents::<Runtime>::contains_key(&agent) {
            let root = RuntimeOrigin::root();
            Participants::register_agent(root, organisation, agent.clone(), Powers::ALL, None)
                .expect("the key is new and there is room; qed");
        }
        agent
    }

    fn product(number: u32) -> Gtin {
        let (_, owner) = Self::agent_of(Role::TraceNode, 0);
        let gtin = gtin(number);
        let details = ProductDetails {
            owner,
            base_unit: BaseUnit::Milligram,
            net_content: None,
            density_mg_per_ml: None,
            category: 10_000_115,
        };
        Products::<Runtime>::insert(gtin, details);
        gtin
    }

    fn place(number: u32) -> PlaceId {
        let (_, owner) = Self::agent_of(Role::TraceNode, 0);
        let id = FIRST_PLACE.saturating_add(number);
        let details = PlaceDetails { owner, region: HERE, gln: None, area_units: 200_000 };
        Places::<Runtime>::insert(id, details);
        id
    }

    fn batch(certificate: CertificateId) -> BatchId {
        let gram = UnitRule { base: BaseUnit::Milligram, numerator: 1_000, denominator: 1 };
        Units::<Runtime>::insert(UnitCode(*b"GRM"), gram);
        let (agent, _) = Self::agent_of(Role::TraceNode, 0);
        let (gtin, place) = (Self::product(0), Self::place(0));
        let lot = BoundedVec::truncate_from(b"LOT".to_vec());
        let id = BatchId::of(&gtin, &lot);
        let quantity = Measure { value: 1, decimals: 0, unit: UnitCode(*b"GRM") };
        let event_time =
            u64::try_from(<Timestamp as UnixTime>::now().as_millis()).unwrap_or(u64::MAX);
        let context = EventContext { event_time, read_point: None, document: None };
        let origin = RuntimeOrigin::signed(agent);
        Traceability::produce(origin, gtin, lot, quantity, place, context)
            .expect("product and base are the agent's; qed");
        let claim = Claim { certificate, made_while_suspended: false };
        Batches::<Runtime>::mutate(id, |batch| {
            if let Some(batch) = batch {
                batch.claims = BoundedVec::truncate_from(vec![claim]);
            }
        });
        id
    }

    fn set_calendar() {
        let now = u64::try_from(<Timestamp as UnixTime>::now().as_millis()).unwrap_or(u64::MAX);
        let this_year = CivilDate::from_moment(now).year();
        let table = YearTable {
            days_off: Default::default(),
            days_worked: Default::default(),
            rule_set: 0,
        };
        for year in this_year..=this_year.saturating_add(2) {
            Years::<Runtime>::insert(year, &table);
        }
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
        Self::agent_numbered(Role::Treasury, 20_000_u32.saturating_add(nth))
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

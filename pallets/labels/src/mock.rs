//! A runtime with this pallet, and tables of organisations, batches, certificates and licences.

use crate::{self as pallet_labels, *};
use codec::Encode;
use frame_support::{derive_impl, storage::unhashed, traits::UnixTime, weights::Weight};
use pallet_brands::{LicenceId, Licences, Period};
use pallet_participants::{Authority, OrganisationId, OrganisationSummary, RegionCode, Role};
use pallet_traceability::{
    BaseUnit, BatchDetails, BatchId, CertificateId, CertificateStatus, Certificates, Claim, Claims,
    Gtin, Lot, Measure, NetContent, Origins, PlaceId, ProductDetails, Quantities, SchemeId, Stage,
    UnitCode,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::{cell::RefCell, collections::BTreeMap, time::Duration};

pub(crate) type AccountId = u64;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Labels: pallet_labels,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

/// Packs tins and labels them.
pub(crate) const FACTORY: u32 = 1;
/// Sells them.
pub(crate) const SHOP: u32 = 2;
/// Another trace node.
pub(crate) const RIVAL: u32 = 3;
/// Market supervision of Lishui.
pub(crate) const SAMR: u32 = 4;
/// A participant without role of interest.
pub(crate) const BANK: u32 = 5;
/// Market supervision of Huangshan.
pub(crate) const SAMR_HUANGSHAN: u32 = 6;

/// Owns brands.
pub(crate) const OWNER: u32 = 7;

/// Account of nobody.
pub(crate) const STRANGER: AccountId = 1_000;

const LISHUI: RegionCode = RegionCode(331_100);
const HUANGSHAN: RegionCode = RegionCode(341_000);

fn roles(id: OrganisationId) -> &'static [(Role, RegionCode)] {
    match id {
        FACTORY | SHOP | RIVAL => &[(Role::TraceNode, RegionCode::COUNTRY)],
        SAMR => &[(Role::Samr, LISHUI)],
        SAMR_HUANGSHAN => &[(Role::Samr, HUANGSHAN)],
        OWNER => &[(Role::BrandOwner, RegionCode::COUNTRY)],
        BANK => &[(Role::Clearing, RegionCode::COUNTRY)],
        _ => &[],
    }
}

/// Authority by table.
pub struct TableAuthority;

/// What the table says when somebody may not act.
pub(crate) const FORBIDDEN: DispatchError = DispatchError::Other("may not act");

impl Authority<AccountId> for TableAuthority {
    fn organisation_of(agent: &AccountId) -> Result<OrganisationId, DispatchError> {
        let id = u32::try_from(*agent).map_err(|_| FORBIDDEN)?;
        if roles(id).is_empty() { Err(FORBIDDEN) } else { Ok(id) }
    }

    fn first_key(agent: &AccountId) -> AccountId {
        *agent
    }

    fn ensure_role(
        agent: &AccountId,
        role: Role,
        region: Option<RegionCode>,
        _: Option<&[u8]>,
    ) -> Result<OrganisationId, DispatchError> {
        let id = Self::organisation_of(agent)?;
        roles(id)
            .iter()
            .any(|(held, area)| *held == role && region.is_none_or(|wanted| area.covers(wanted)))
            .then_some(id)
            .ok_or(FORBIDDEN)
    }

    fn organisation(id: OrganisationId) -> Option<OrganisationSummary> {
        let summary = OrganisationSummary { region: LISHUI, active: true, gln: None };
        (!roles(id).is_empty()).then_some(summary)
    }

    fn holds_role(id: OrganisationId, role: Role) -> bool {
        roles(id).iter().any(|(held, _)| *held == role)
    }
}

/// Tin of 100 g.
pub(crate) const TIN: Gtin = Gtin(*b"06901234000016");
/// Bulk tea.
pub(crate) const TEA: Gtin = Gtin(*b"06901234000023");

thread_local! {
    static NOW_MS: RefCell<u64> = const { RefCell::new(START_MS) };
    static BATCHES: RefCell<BTreeMap<BatchId, (BatchDetails, Option<BatchId>)>> =
        const { RefCell::new(BTreeMap::new()) };
    static STOPPED_LICENCE: RefCell<bool> = const { RefCell::new(false) };
    static CERTIFICATE: RefCell<CertificateStatus> =
        const { RefCell::new(CertificateStatus::Valid) };
    static ORGANIC: RefCell<bool> = const { RefCell::new(false) };
}

/// Block time at the start of every test: 2026-04-01 in UTC.
pub(crate) const START_MS: u64 = 1_775_001_600_000;

/// Block time by thread.
pub struct MockTime;

impl UnixTime for MockTime {
    fn now() -> Duration {
        Duration::from_millis(NOW_MS.with_borrow(|now| *now))
    }
}

/// Lets time pass.
pub(crate) fn pass(ms: u64) {
    NOW_MS.with_borrow_mut(|now| *now += ms);
}

/// Batches by table.
pub struct TableBatches;

/// What the table says of a batch that is held or recalled.
pub(crate) const STOPPED: DispatchError = DispatchError::Other("stopped");

impl TableBatches {
    /// Puts in a batch at the factory, produced there from base 0, with certificate 7.
    pub(crate) fn put(number: u8, gtin: Gtin, pieces: u128) -> BatchId {
        let claim = Claim { certificate: 7, made_while_suspended: false };
        let batch = BatchDetails {
            gtin,
            lot: Lot::truncate_from(vec![b'A', number]),
            producer: FACTORY,
            holder: FACTORY,
            stage: Stage::Packed,
            quantities: Quantities::new(pieces),
            declared: Measure { value: pieces, decimals: 0, unit: UnitCode(*b"C62") },
            hold: None,
            n_recalls: 0,
            test: None,
            transit: None,
            unit: None,
            origins: Origins::truncate_from(vec![0]),
            claims: Claims::truncate_from(vec![claim]),
            produced_at: START_MS,
            last_event_time: START_MS,
            formed_by: None,
            n_derivations: 0,
            n_events: 1,
            history: [0; 32],
            rule_set: 0,
        };
        let id = BatchId([number; 16]);
        BATCHES.with_borrow_mut(|table| table.insert(id, (batch, None)));
        id
    }

    /// Puts in a part of a batch.
    pub(crate) fn split(number: u8, parent: BatchId, holder: OrganisationId) -> BatchId {
        let gtin = Self::batch(parent).unwrap().gtin;
        let id = Self::put(number, gtin, 10);
        Self::change(id, |batch| batch.holder = holder);
        BATCHES.with_borrow_mut(|table| table.get_mut(&id).unwrap().1 = Some(parent));
        id
    }

    /// Changes a batch.
    pub(crate) fn change(id: BatchId, change: impl FnOnce(&mut BatchDetails)) {
        BATCHES.with_borrow_mut(|table| change(&mut table.get_mut(&id).unwrap().0));
    }

    fn parent(id: BatchId) -> Option<BatchId> {
        BATCHES.with_borrow(|table| table.get(&id)?.1)
    }
}

impl BatchRegister for TableBatches {
    fn batch(id: BatchId) -> Option<BatchDetails> {
        BATCHES.with_borrow(|table| Some(table.get(&id)?.0.clone()))
    }

    fn product(gtin: &Gtin) -> Option<ProductDetails> {
        let (base_unit, net_content) = match *gtin {
            TIN => {
                let of = Some(TEA);
                let unit = BaseUnit::Milligram;
                (BaseUnit::Each, Some(NetContent { unit, quantity: 100_000, of }))
            }
            TEA => (BaseUnit::Milligram, None),
            _ => return None,
        };
        let (density_mg_per_ml, category) = (None, 10_000_115);
        Some(ProductDetails { owner: FACTORY, base_unit, net_content, density_mg_per_ml, category })
    }

    fn has_new_pieces(batch: &BatchDetails) -> bool {
        BATCHES.with_borrow(|table| {
            table.values().any(|(it, parent)| it.lot == batch.lot && parent.is_none())
        })
    }

    fn ensure_not_stopped(id: BatchId) -> DispatchResult {
        let stopped = Self::batch(id).is_some_and(|it| it.hold.is_some() || it.n_recalls > 0);
        if stopped { Err(STOPPED) } else { Ok(()) }
    }

    fn stop_check_weight() -> Weight {
        Weight::zero()
    }

    fn comes_from(batch: BatchId, ancestor: BatchId) -> bool {
        let mut at = Some(batch);
        while let Some(id) = at {
            if id == ancestor {
                return true;
            }
            at = Self::parent(id);
        }
        false
    }
}

/// Quantities that may be drawn, by kind and number; in state, so that draws are undone with it.
fn drawn(kind: &str, id: u32) -> u128 {
    unhashed::get_or_default(&(kind, id).encode())
}

fn draw(kind: &str, id: u32, quantity: u128) -> DispatchResult {
    let sum = drawn(kind, id).checked_add(quantity).filter(|sum| *sum <= QUOTA);
    unhashed::put(&(kind, id).encode(), &sum.ok_or(DispatchError::Exhausted)?);
    Ok(())
}

fn give_back(kind: &str, id: u32, quantity: u128) -> DispatchResult {
    let left = drawn(kind, id).checked_sub(quantity).ok_or(DispatchError::Unavailable)?;
    unhashed::put(&(kind, id).encode(), &left);
    Ok(())
}

/// What the certificate and the licence of the tests allow: 100 tins.
pub(crate) const QUOTA: u128 = 10_000_000;
/// The certificate of the tests, held by the factory.
pub(crate) const CERTIFICATE_ID: CertificateId = 7;
/// The licence of the tests, of the factory for base 0.
pub(crate) const LICENCE_ID: LicenceId = 8;

/// Certificates by table.
pub struct TableCertificates;

impl TableCertificates {
    /// What was drawn under the certificate.
    pub(crate) fn drawn() -> u128 {
        drawn("certificate", CERTIFICATE_ID)
    }

    /// Gives the certificate a status.
    pub(crate) fn set(status: CertificateStatus) {
        CERTIFICATE.set(status);
    }
}

impl Certificates for TableCertificates {
    fn status_at(id: CertificateId, _: Moment) -> Option<CertificateStatus> {
        (id == CERTIFICATE_ID).then(|| CERTIFICATE.with_borrow(|status| *status))
    }

    fn scheme(id: CertificateId) -> Option<SchemeId> {
        (id == CERTIFICATE_ID).then_some(1)
    }

    fn covers(_: CertificateId, holder: OrganisationId, _: &Gtin, _: &[PlaceId]) -> bool {
        holder == FACTORY
    }

    fn draw_marks(
        id: CertificateId,
        holder: OrganisationId,
        _: &Gtin,
        quantity: u128,
    ) -> DispatchResult {
        let valid = Self::status_at(id, 0) == Some(CertificateStatus::Valid);
        if holder != FACTORY || !valid {
            return Err(DispatchError::Unavailable);
        }
        draw("certificate", id, quantity)
    }

    fn return_marks(id: CertificateId, _: &Gtin, quantity: u128) -> DispatchResult {
        give_back("certificate", id, quantity)
    }

    fn drawn(id: CertificateId) -> u128 {
        drawn("certificate", id)
    }

    fn drawn_in_all() -> u128 {
        drawn("certificate", CERTIFICATE_ID)
    }
}

impl TableCertificates {
    /// Has the certificate's scheme ask for organic codes, or not.
    pub(crate) fn ask_for_organic_codes(asked: bool) {
        ORGANIC.set(asked);
    }
}

/// What the table says of a code of another body or year.
pub(crate) const OTHER_CODE: DispatchError = DispatchError::Other("other code");

/// Codes of body 134, of 2026 and 2027, where they are asked for.
impl MarkCodes for TableCertificates {
    fn asks_for_organic_codes(certificate: CertificateId) -> bool {
        certificate == CERTIFICATE_ID && ORGANIC.with_borrow(|asked| *asked)
    }

    fn ensure_organic_code(
        certificate: CertificateId,
        code: &[u8; ORGANIC_DIGITS],
    ) -> DispatchResult {
        let known = Self::asks_for_organic_codes(certificate);
        let fits = code.iter().all(u8::is_ascii_digit)
            && (code.starts_with(b"13426") || code.starts_with(b"13427"));
        if known && fits { Ok(()) } else { Err(OTHER_CODE) }
    }
}

/// Licences by table.
pub struct TableLicences;

impl TableLicences {
    /// Suspends the licence, or restores it.
    pub(crate) fn stop(stopped: bool) {
        STOPPED_LICENCE.set(stopped);
    }

    /// What was drawn under the licence.
    pub(crate) fn taken() -> u128 {
        drawn("licence", LICENCE_ID)
    }
}

impl Licences for TableLicences {
    fn draw(
        id: LicenceId,
        licensee: OrganisationId,
        _: &Gtin,
        quantity: u128,
    ) -> Result<Period, DispatchError> {
        if id != LICENCE_ID || licensee != FACTORY {
            return Err(DispatchError::Unavailable);
        }
        draw("licence", id, quantity)?;
        Ok(2026)
    }

    fn give_back(id: LicenceId, _: &Gtin, period: Period, quantity: u128) -> DispatchResult {
        assert_eq!(period, 2026);
        give_back("licence", id, quantity)
    }

    fn drawn(id: LicenceId, _: &Gtin, _: Period) -> u128 {
        drawn("licence", id)
    }

    fn drawn_in_all() -> u128 {
        drawn("licence", LICENCE_ID)
    }

    fn is_in_force(id: LicenceId, _: Moment) -> bool {
        id == LICENCE_ID
    }

    fn is_stopped(_: LicenceId) -> bool {
        STOPPED_LICENCE.with_borrow(|stopped| *stopped)
    }

    fn has_bases(id: LicenceId, bases: &[PlaceId]) -> bool {
        id == LICENCE_ID && bases == [0]
    }
}

impl Config for Test {
    type Time = MockTime;
    type Authority = TableAuthority;
    type Batches = TableBatches;
    type Certificates = TableCertificates;
    type MarkCodes = TableCertificates;
    type Licences = TableLicences;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = TableHelper;
}

/// Gives benchmarks what the tables have.
#[cfg(feature = "runtime-benchmarks")]
pub struct TableHelper;

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId> for TableHelper {
    fn labeller() -> AccountId {
        FACTORY.into()
    }

    fn market_supervision() -> AccountId {
        SAMR.into()
    }

    fn batch(pieces: u32) -> BatchId {
        TableBatches::put(1, TIN, pieces.into())
    }

    fn descendant(batch: BatchId) -> BatchId {
        TableBatches::split(2, batch, FACTORY)
    }
}

/// Externalities at block 1.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| {
        NOW_MS.set(START_MS);
        BATCHES.take();
        CERTIFICATE.set(CertificateStatus::Valid);
        ORGANIC.set(false);
        STOPPED_LICENCE.set(false);
        System::set_block_number(1);
    });
    ext
}

/// Runs `test` and checks afterwards what must always hold.
pub(crate) fn run(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Labels::do_try_state().unwrap();
    });
}

/// A signed origin of an organisation's agent.
pub(crate) fn by(organisation: u32) -> RuntimeOrigin {
    RuntimeOrigin::signed(AccountId::from(organisation))
}

/// Whether `event` was deposited.
pub(crate) fn has_event(event: Event<Test>) -> bool {
    let wanted = RuntimeEvent::from(event);
    System::events().into_iter().any(|record| record.event == wanted)
}

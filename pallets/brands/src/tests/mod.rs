//! Tests of every call, error and boundary, by topic, and of the laws over random lives.

mod applying;
mod brands;
mod ceilings;
mod exact;
mod granting;
mod invariants;
mod labels;
mod quotas;
mod random;
mod records;
mod status;
mod types;

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_participants::RegionCode;
use pallet_traceability::{CertificateStatus, PlaceId};
use sp_runtime::DispatchError;

/// Any commitment.
pub(crate) const REASON: Commitment = [7; 32];

/// Rules for tea and seedlings of Lishui by calendar year, without certificate.
pub(crate) fn rules() -> BrandRules {
    BrandRules {
        area: vec![LISHUI].try_into().unwrap(),
        categories: vec![TEA_CATEGORY, PLANT_CATEGORY].try_into().unwrap(),
        products: ScopeProducts::new(),
        document: [1; 32],
        certificate_scheme: None,
        period: PeriodRule::CalendarYear,
        registered_until: START_MS + 3_650 * DAY_MS,
    }
}

/// The number of a mark.
pub(crate) fn mark(text: &str) -> MarkNumber {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// Registers a brand of the association, which the company runs.
pub(crate) fn brand(kind: MarkKind, rules: BrandRules) -> BrandId {
    let id = NextBrandId::<Test>::get();
    let number = mark(&format!("G{id}"));
    assert_ok!(Brands::register_brand(by(ASSOCIATION), number, kind, rules));
    assert_ok!(Brands::set_operator(by(ASSOCIATION), id, Some(COMPANY)));
    id
}

/// A geographical indication under the usual rules.
pub(crate) fn gi() -> BrandId {
    brand(MarkKind::GeographicalIndication, rules())
}

/// An application for one product for a year from now.
pub(crate) fn asked(product: &str, quota: u128, bases: &[PlaceId]) -> Application {
    let now = Brands::now();
    Application {
        sub_brand: None,
        products: vec![LicensedProduct { gtin: gtin(product), quota }].try_into().unwrap(),
        bases: bases.to_vec().try_into().unwrap(),
        certificate: None,
        valid_from: now,
        valid_until: now + 365 * DAY_MS,
    }
}

/// Applies; returns the number of the licence.
pub(crate) fn apply(licensee: u32, brand: BrandId, asked: Application) -> LicenceId {
    let id = NextLicenceId::<Test>::get();
    assert_ok!(Brands::apply(by(licensee), brand, asked));
    id
}

/// Applies, inspects and grants.
pub(crate) fn licensed(licensee: u32, brand: BrandId, asked: Application) -> LicenceId {
    let id = apply(licensee, brand, asked);
    assert_ok!(Brands::inspect(by(INSPECTOR), id, true, REASON));
    assert_ok!(Brands::grant(by(ASSOCIATION), id, 100));
    id
}

/// A licence of the garden for 300 kg of tins from its base 0.
pub(crate) fn garden_licence() -> LicenceId {
    licensed(GARDEN, gi(), asked(TIN, 300 * KG, &[0]))
}

/// The licence on record.
pub(crate) fn licence(id: LicenceId) -> LicenceDetails {
    LicencesById::<Test>::get(id).unwrap()
}

/// What was labelled of tins in 2026.
pub(crate) fn usage(id: LicenceId) -> Usage {
    Usages::<Test>::get((id, gtin(TIN), 2026))
}

/// Orders labels for tins; returns the number of the order.
pub(crate) fn ordered(id: LicenceId, n_labels: u32) -> LabelOrderId {
    let order = NextLabelOrderId::<Test>::get();
    assert_ok!(Brands::order_labels(by(GARDEN), id, gtin(TIN), n_labels));
    order
}

/// Orders labels for tins, which the company issues.
pub(crate) fn issued(id: LicenceId, n_labels: u32) -> LabelOrderId {
    let order = ordered(id, n_labels);
    assert_ok!(Brands::issue_labels(by(COMPANY), order));
    order
}

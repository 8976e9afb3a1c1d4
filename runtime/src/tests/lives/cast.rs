//! Who lives on the development chain, and the names that they give.

use crate::AccountId;
use pallet_participants::{
    OrganisationId, RegionCode, identifiers::uscc_check_character, types::Uscc,
};
use pallet_traceability::{Gtin, has_valid_check_digit};
use sp_core::{Pair, ed25519};

/// Market supervision, and the agricultural authority.
pub(super) const SUPERVISOR: OrganisationId = 0;
/// Grows leaf.
pub(super) const GARDEN: OrganisationId = 1;
/// Grows and makes tea, and packs it.
pub(super) const FACTORY: OrganisationId = 2;
/// Sells.
pub(super) const SHOP: OrganisationId = 3;
/// Tests.
pub(super) const LAB: OrganisationId = 4;
/// Issues and redeems money.
pub(super) const CLEARING: OrganisationId = 5;
/// Approves certification bodies.
pub(super) const CNCA: OrganisationId = 6;
/// Accredits.
pub(super) const ACCREDITOR: OrganisationId = 7;
/// Certifies.
pub(super) const BODY: OrganisationId = 8;
/// Inspects.
pub(super) const INSPECTION: OrganisationId = 9;
/// Owns brands.
pub(super) const BRAND_OWNER: OrganisationId = 10;
/// Runs brands.
pub(super) const BRAND_OPERATOR: OrganisationId = 11;
/// The province: gives to counties, decides between cities.
pub(super) const PROVINCE: OrganisationId = 12;
/// The city upstream.
pub(super) const UPSTREAM: OrganisationId = 13;
/// The city downstream.
pub(super) const DOWNSTREAM: OrganisationId = 14;
/// The cities' stations, upstream's first.
pub(super) const STATIONS: [OrganisationId; 2] = [15, 16];
/// Audits.
pub(super) const AUDITOR: OrganisationId = 17;
/// A county.
pub(super) const COUNTY: OrganisationId = 18;
/// Villages.
pub(super) const VILLAGES: [OrganisationId; 2] = [19, 20];
/// The national station, which every life registers first.
pub(super) const NATIONAL: OrganisationId = 21;

/// Trace nodes.
pub(super) const TRACE_NODES: [OrganisationId; 3] = [GARDEN, FACTORY, SHOP];
/// Governments and their finance departments.
pub(super) const OFFICES: [OrganisationId; 4] = [PROVINCE, UPSTREAM, DOWNSTREAM, COUNTY];

/// Lishui city.
pub(super) const LISHUI: RegionCode = RegionCode(331_100);
/// Zhejiang province.
pub(super) const ZHEJIANG: RegionCode = RegionCode(330_000);

/// Category of leaf, tea and tins.
pub(super) const TEA_CATEGORY: u32 = 10_000_115;
/// Category of oil.
pub(super) const OIL_CATEGORY: u32 = 10_000_041;
/// A mu in area units.
pub(super) const MU: u64 = 200_000;
/// A kilogram in milligrams.
pub(super) const KG: u128 = 1_000_000;
/// A million yuan, in fen.
pub(super) const MILLION_YUAN: u128 = 100_000_000;
/// Any commitment.
pub(super) const DOCUMENT: [u8; 32] = [7; 32];

/// Leaf, in milligrams, of the garden.
pub(super) fn leaf() -> Gtin {
    gtin(1)
}

/// Tea, in milligrams, of the factory.
pub(super) fn tea() -> Gtin {
    gtin(2)
}

/// A tin of 100 g of tea, of the factory.
pub(super) fn tin() -> Gtin {
    gtin(3)
}

/// Camellia oil, in millilitres that weigh 920 mg, of the factory.
pub(super) fn oil() -> Gtin {
    gtin(4)
}

/// The `n`th product under a made-up prefix.
pub(super) fn gtin(n: u32) -> Gtin {
    (0..10)
        .map(|digit| format!("{:013}{digit}", 690_123_400_000u64 + u64::from(n)))
        .find(|key| has_valid_check_digit(key.as_bytes()))
        .and_then(|key| Gtin::parse(&key))
        .unwrap()
}

/// The `n`th unified social credit code that is of nobody else here.
pub(super) fn uscc(n: u32) -> Uscc {
    let mut code = *b"913311000000000000";
    code[8..17].copy_from_slice(format!("{n:09}").as_bytes());
    code[17] = uscc_check_character(code[..17].try_into().unwrap()).unwrap();
    code
}

/// The ed25519 key of `//name`.
pub(super) fn key(name: &str) -> [u8; 32] {
    ed25519::Pair::from_string(&format!("//{name}"), None).unwrap().public().0
}

/// The account of `//name`.
pub(super) fn account(name: &str) -> AccountId {
    key(name).into()
}

/// A short text as a bounded one.
pub(super) fn text<T: TryFrom<Vec<u8>>>(text: &str) -> T {
    T::try_from(text.as_bytes().to_vec()).ok().unwrap()
}

//! Records of the chain's state, as a scan reads them without a node.
//!
//! Layouts and keys are those of the runtime's storage, and proofs made by real nodes are read by
//! them in the tests of the whole. Fields stand in the order of their encoding.

#![allow(dead_code, reason = "fields that a scan does not show are part of the layout")]

use super::{Bundle, ProofError};
use crate::{
    brands::LicenceStatus,
    certification::CertificateStatus,
    labels::{ItemLife, SeriesState},
};
use codec::{Decode, DecodeAll, Encode};

mod graph;

pub(crate) use graph::*;

/// A map or value of the state.
pub(crate) struct Place {
    /// What errors call its record.
    pub(crate) name: &'static str,
    pub(crate) pallet: &'static str,
    pub(crate) item: &'static str,
    /// Twox-128 of the pallet's name and of the item's.
    prefix: [u8; 32],
    /// Bytes of the hash before each part of the key.
    hash_bytes: usize,
}

const fn place(
    name: &'static str,
    (pallet, item): (&'static str, &'static str),
    prefix: [u128; 2],
    hash_bytes: usize,
) -> Place {
    let mut bytes = [0; 32];
    let halves = [prefix[0].to_be_bytes(), prefix[1].to_be_bytes()];
    let mut at = 0;
    while at < 32 {
        bytes[at] = halves[at / 16][at % 16];
        at += 1;
    }
    Place { name, pallet, item, prefix: bytes, hash_bytes }
}

const TWOX_64: usize = 8;
const IDENTITY: usize = 0;

const LABELS: u128 = 0x8f89_edbe_fe12_c262_007e_b4e7_7795_5f69;
const TRACEABILITY: u128 = 0xe96d_b626_5ce9_2018_66cb_06c2_2e8f_1869;
const CERTIFICATION: u128 = 0xcf28_a86d_ca42_f8eb_29f1_5755_df89_7e10;
const BRANDS: u128 = 0xdf79_def5_054f_09a8_3576_a69c_5571_9ee8;
const PARTICIPANTS: u128 = 0x6b90_6651_59f1_fdee_7725_e53e_ebea_950e;

pub(crate) const SERIES: Place = place(
    "label series",
    ("Labels", "Series"),
    [LABELS, 0x7161_9794_279c_0b54_57fd_37b7_916a_648b],
    TWOX_64,
);
pub(crate) const ITEM_MARK: Place = place(
    "item",
    ("Labels", "ItemMarks"),
    [LABELS, 0xee42_76d1_0d11_2456_653d_dae0_2710_bafd],
    TWOX_64,
);
pub(crate) const BATCH: Place = place(
    "batch",
    ("Traceability", "Batches"),
    [TRACEABILITY, 0x6936_13c6_489d_72d2_393d_ccb4_49b7_d452],
    IDENTITY,
);
pub(crate) const BASE: Place = place(
    "production base",
    ("Traceability", "Places"),
    [TRACEABILITY, 0x133c_0e3e_dbfb_1100_c3b8_ceba_4009_0442],
    TWOX_64,
);
pub(crate) const OPEN_RECALLS: Place = place(
    "open recalls",
    ("Traceability", "OpenRecalls"),
    [TRACEABILITY, 0x564e_3f54_f73a_ea49_926c_4694_22c6_406f],
    IDENTITY,
);
pub(crate) const RECALL: Place = place(
    "recall",
    ("Traceability", "Recalls"),
    [TRACEABILITY, 0x4ced_178a_f7b9_65fb_cf2d_fbeb_8281_b980],
    TWOX_64,
);
pub(crate) const DERIVATION: Place = place(
    "derivation",
    ("Traceability", "Derivations"),
    [TRACEABILITY, 0x2b0d_0443_a594_ce69_20c5_1196_2e70_73d1],
    IDENTITY,
);
pub(crate) const CERTIFICATE: Place = place(
    "certificate",
    ("Certification", "Certificates"),
    [CERTIFICATION, 0xeb8f_749c_ac30_d481_f273_1d97_1c29_94e1],
    TWOX_64,
);
pub(crate) const LICENCE: Place = place(
    "licence",
    ("Brands", "LicencesById"),
    [BRANDS, 0x093f_dfc2_4869_cc2d_f14d_3de5_a0e9_ea99],
    TWOX_64,
);
pub(crate) const ORGANISATION: Place = place(
    "organisation",
    ("Participants", "Profiles"),
    [PARTICIPANTS, 0xc237_81d7_11d0_b132_d190_75eb_f151_6ee3],
    TWOX_64,
);

impl Place {
    /// Whether `key` is that of the record with these parts. The hashes within it are not computed:
    /// only the runtime writes keys, so that no other than the right ones are in the state.
    fn is_key(&self, key: &[u8], parts: &[Vec<u8>]) -> bool {
        let Some(mut rest) = key.strip_prefix(&self.prefix) else { return false };
        for part in parts {
            let Some(behind) =
                rest.get(self.hash_bytes..).and_then(|it| it.strip_prefix(&part[..]))
            else {
                return false;
            };
            rest = behind;
        }
        rest.is_empty()
    }

    /// A key whose hashes are zeros.
    #[cfg(test)]
    pub(crate) fn key_for_tests(&self, parts: &[Vec<u8>]) -> Vec<u8> {
        let mut key = self.prefix.to_vec();
        for part in parts {
            key.extend(vec![0; self.hash_bytes]);
            key.extend(part);
        }
        key
    }

    /// The parts of the only record of this place, each of `length` bytes.
    pub(crate) fn only_part(&self, bundle: &Bundle, length: usize) -> Result<Vec<u8>, ProofError> {
        let found = bundle.records.iter().filter_map(|record| {
            let rest = record.key.strip_prefix(&self.prefix)?.get(self.hash_bytes..)?;
            (rest.len() == length).then(|| rest.to_vec())
        });
        match found.collect::<Vec<_>>().as_slice() {
            [one] => Ok(one.clone()),
            _ => Err(ProofError::RecordMissing(self.name)),
        }
    }

    /// The record with these parts, if the bundle has it.
    pub(crate) fn find<T: Decode>(
        &self,
        bundle: &Bundle,
        parts: &[Vec<u8>],
    ) -> Result<Option<T>, ProofError> {
        let record = bundle.records.iter().find(|record| self.is_key(&record.key, parts));
        record
            .map(|record| T::decode_all(&mut record.value.as_slice()))
            .transpose()
            .map_err(|_| ProofError::RecordMalformed(self.name))
    }

    /// The record with these parts.
    pub(crate) fn get<T: Decode>(
        &self,
        bundle: &Bundle,
        parts: &[Vec<u8>],
    ) -> Result<T, ProofError> {
        self.find(bundle, parts)?.ok_or(ProofError::RecordMissing(self.name))
    }
}

pub(crate) type Gtin = [u8; 14];
pub(crate) type BatchKey = [u8; 16];

/// `Labels.Series`.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Series {
    pub(crate) batch: BatchKey,
    pub(crate) gtin: Gtin,
    pub(crate) labeller: u32,
    pub(crate) root: [u8; 32],
    pub(crate) n_codes: u32,
    pub(crate) scheme: CodeScheme,
    pub(crate) list: [u8; 32],
    pub(crate) state: SeriesState,
    pub(crate) state_since: u64,
    pub(crate) certificate: Option<u32>,
    pub(crate) made_while_suspended: bool,
    pub(crate) licence: Option<u32>,
    pub(crate) period: u32,
    #[codec(compact)]
    pub(crate) content: u128,
    #[codec(compact)]
    pub(crate) left_before: u128,
    pub(crate) created_at: u64,
    pub(crate) n_sold: u32,
    pub(crate) n_returned: u32,
    pub(crate) n_destroyed: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum CodeScheme {
    Gs1Serial,
    Organic { certifier: [u8; 3], year: [u8; 2] },
}

/// `Labels.ItemMarks`.
#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct ItemMark {
    pub(crate) life: ItemLife,
    pub(crate) at: u64,
    pub(crate) by: u32,
    pub(crate) n_marks: u32,
}

/// `Traceability.Batches`.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Batch {
    pub(crate) gtin: Gtin,
    pub(crate) lot: Vec<u8>,
    pub(crate) producer: u32,
    pub(crate) holder: u32,
    pub(crate) stage: Stage,
    pub(crate) quantities: Quantities,
    pub(crate) declared: Measure,
    pub(crate) hold: Option<Hold>,
    pub(crate) n_recalls: u32,
    pub(crate) test: Option<TestMark>,
    pub(crate) transit: Option<Transit>,
    pub(crate) unit: Option<[u8; 18]>,
    pub(crate) origins: Vec<u32>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) produced_at: u64,
    pub(crate) last_event_time: u64,
    pub(crate) formed_by: Option<BatchKey>,
    pub(crate) n_derivations: u32,
    pub(crate) n_events: u32,
    pub(crate) history: [u8; 32],
    pub(crate) rule_set: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Stage {
    Growing,
    Harvested,
    Stored,
    Processed,
    Packed,
    InTransit,
    Retail,
    Sold,
    Consumed,
    Destroyed,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct Quantities {
    #[codec(compact)]
    pub(crate) produced: u128,
    #[codec(compact)]
    pub(crate) on_hand: u128,
    #[codec(compact)]
    pub(crate) in_transit: u128,
    #[codec(compact)]
    pub(crate) consumed: u128,
    #[codec(compact)]
    pub(crate) sold: u128,
    #[codec(compact)]
    pub(crate) lost: u128,
    #[codec(compact)]
    pub(crate) destroyed: u128,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct Measure {
    #[codec(compact)]
    pub(crate) value: u128,
    pub(crate) decimals: u8,
    pub(crate) unit: [u8; 3],
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct Hold {
    pub(crate) authority: HoldAuthority,
    pub(crate) by: u32,
    pub(crate) since: u64,
    pub(crate) reason: Option<[u8; 32]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum HoldAuthority {
    Holder,
    FailedTest,
    MarketSupervision,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct TestMark {
    pub(crate) lab: u32,
    pub(crate) passed: bool,
    pub(crate) sampled_at: u64,
    pub(crate) report: [u8; 32],
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct Transit {
    pub(crate) consignee: u32,
    pub(crate) purpose: ShipPurpose,
    pub(crate) stage_before: Stage,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) enum ShipPurpose {
    Delivery,
    Return,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct Claim {
    pub(crate) certificate: u32,
    pub(crate) made_while_suspended: bool,
}

/// `Traceability.Places`.
#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct Base {
    pub(crate) owner: u32,
    pub(crate) region: u32,
    pub(crate) gln: Option<[u8; 13]>,
    #[codec(compact)]
    pub(crate) area_units: u64,
}

/// `Certification.Certificates`.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Certificate {
    pub(crate) number: Vec<u8>,
    pub(crate) holder: u32,
    pub(crate) body: u32,
    pub(crate) scheme: u32,
    pub(crate) application: u32,
    pub(crate) products: Vec<CertifiedProduct>,
    pub(crate) bases: Vec<u32>,
    pub(crate) issued_at: u64,
    /// Days since 1970-01-01.
    pub(crate) valid_from: u32,
    /// Days since 1970-01-01.
    pub(crate) expires: u32,
    pub(crate) state: CertificateState,
    pub(crate) request: Option<u64>,
    pub(crate) changes: Vec<StatusChange>,
    pub(crate) rule_set: u32,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct CertifiedProduct {
    pub(crate) gtin: Gtin,
    #[codec(compact)]
    pub(crate) quantity: u128,
    #[codec(compact)]
    pub(crate) area_units: u64,
    #[codec(compact)]
    pub(crate) drawn: u128,
    #[codec(compact)]
    pub(crate) sold: u128,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) enum CertificateState {
    InForce,
    Suspended(Suspension),
    Revoked(u32),
    Cancelled,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct Suspension {
    pub(crate) finding: u32,
    pub(crate) since: u64,
    pub(crate) earliest_end: u64,
    pub(crate) latest_end: u64,
    pub(crate) by_authority: bool,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct StatusChange {
    pub(crate) at: u64,
    pub(crate) status: CertificateStatus,
}

/// `Brands.LicencesById`.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Licence {
    pub(crate) brand: u32,
    pub(crate) licensee: u32,
    pub(crate) status: LicenceStatus,
    pub(crate) status_since: u64,
    pub(crate) sub_brand: Option<Vec<u8>>,
    pub(crate) products: Vec<LicensedProduct>,
    pub(crate) bases: Vec<u32>,
    pub(crate) certificate: Option<u32>,
    pub(crate) valid_from: u64,
    pub(crate) valid_until: u64,
    pub(crate) granted_at: Option<u64>,
    pub(crate) period: PeriodRule,
    #[codec(compact)]
    pub(crate) fee_fen: u128,
    pub(crate) rules_version: u32,
    pub(crate) rule_set: u32,
    pub(crate) n_changes: u32,
    pub(crate) n_inspections: u32,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct LicensedProduct {
    pub(crate) gtin: Gtin,
    #[codec(compact)]
    pub(crate) quota: u128,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) enum PeriodRule {
    CalendarYear,
    Days(u16),
}

/// `Participants.Profiles`.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Organisation {
    pub(crate) name: Vec<u8>,
    pub(crate) did: Option<Vec<u8>>,
    pub(crate) registered_at: u64,
    pub(crate) registrar: Granter,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) enum Granter {
    Governance,
    Capacity(u32),
}

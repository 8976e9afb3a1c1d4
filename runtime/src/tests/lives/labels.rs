//! Series of item codes, and the items that carry them.

use super::{
    cast::{DOCUMENT, FACTORY, KG, SHOP, SUPERVISOR, tea, tin},
    production::units,
    world::World,
};
use crate::Runtime;
use pallet_brands::LicencesById;
use pallet_certification::{Certificates, genesis::ORGANIC};
use pallet_labels::{
    Call, CodeProof, CodeScheme, FaultProof, ItemLife, ItemMarks, NewSeries, NextSeriesId, Series,
    SeriesId, SeriesState,
    codes::{self, GS1_SERIAL},
    merkle,
};
use pallet_traceability::{
    BatchDetails, BatchId, Batches, Call as Trace, CertificateStatus, EventContext, NewBatch, Taken,
};

/// Most codes of a series here.
const CODES_MAX: u64 = 24;

impl World {
    fn codes(&mut self, scheme: CodeScheme, n_codes: u64) -> Vec<Vec<u8>> {
        let prefix = self.fresh();
        let mut codes: Vec<_> = (1_000..1_000 + n_codes)
            .map(|n| match scheme {
                CodeScheme::Gs1Serial => {
                    [&[GS1_SERIAL], &tin().0[..], format!("{prefix}-{n}").as_bytes()].concat()
                }
                CodeScheme::Organic { certifier, year } => {
                    let random = format!("{prefix:0>8}{n}");
                    [&[codes::ORGANIC], &certifier[..], &year[..], random.as_bytes()].concat()
                }
            })
            .collect();
        match self.numbers.below(12) {
            // Out of order, or no code at all: what can be proven against a series.
            0 => codes.reverse(),
            1 => codes[0] = b"\x00no code".to_vec(),
            _ => (),
        }
        codes
    }

    /// The factory makes tea under a certificate of its own, and packs and labels it.
    pub(super) fn make_certified(&mut self) {
        let now = self.now();
        let valid: Vec<_> = Certificates::<Runtime>::iter()
            .filter(|(_, it)| it.holder == FACTORY)
            .filter(|(_, it)| it.status_at(now) == Some(CertificateStatus::Valid))
            .collect();
        let Some((certificate, of)) = self.numbers.one_of(&valid) else { return };
        let (place, lot, item_lot) = (of.bases[0], self.lot(), self.lot());
        let (made, packed) = (BatchId::of(&tea(), &lot), BatchId::of(&tin(), &item_lot));
        let context = EventContext { event_time: now, read_point: None, document: None };
        let quantity = units(&tea(), 3 * KG);
        let gtin = tea();
        self.by(FACTORY, Trace::<Runtime>::produce { gtin, lot, quantity, place, context });
        self.by(FACTORY, Trace::<Runtime>::claim_certificate { batch: made, certificate });
        let taken = Taken { batch: made, quantity };
        let item = NewBatch { gtin: tin(), lot: item_lot, quantity: units(&tin(), 30) };
        self.by(FACTORY, Trace::<Runtime>::pack { taken, item, loss: None, context });
        if let Some(details) = Batches::<Runtime>::get(packed) {
            self.label(packed, &details);
        }
    }

    /// The tins of a batch get labels.
    pub(super) fn create_series(&mut self) {
        let found = self
            .batch_where(|it| it.gtin == tin() && it.holder == FACTORY && it.stage.is_available());
        if let Some((batch, details)) = found {
            self.label(batch, &details);
        }
    }

    /// The tins of a batch get labels, with the mark and the brand that they may carry.
    fn label(&mut self, batch: BatchId, details: &BatchDetails) {
        let n_codes = 1 + self.numbers.below(CODES_MAX);
        let claims: Vec<_> = details.claims.iter().map(|claim| claim.certificate).collect();
        let now = self.now();
        let licences: Vec<_> = LicencesById::<Runtime>::iter()
            .filter(|(_, it)| it.is_in_force(now) && it.quota(&tin()).is_some())
            .map(|(id, _)| id)
            .collect();
        let certificate = self.numbers.one_of(&claims).filter(|_| !self.numbers.once_in(4));
        // Organic codes go with organic certificates, but for a mistake at times.
        let organic = certificate
            .and_then(Certificates::<Runtime>::get)
            .is_some_and(|it| it.scheme == ORGANIC);
        let year = if self.numbers.once_in(12) { 2_025 } else { self.today().year() };
        let year = format!("{:02}", year % 100).into_bytes().try_into().unwrap();
        let scheme = if organic != self.numbers.once_in(12) {
            CodeScheme::Organic { certifier: *b"101", year }
        } else {
            CodeScheme::Gs1Serial
        };
        let codes = self.codes(scheme, n_codes);
        let new = NewSeries {
            batch,
            root: merkle::root(&codes).unwrap(),
            n_codes: codes.len() as u32,
            scheme,
            list: DOCUMENT,
            certificate,
            licence: self.numbers.one_of(&licences).filter(|_| !self.numbers.once_in(4)),
        };
        // Another series may have been created by somebody who tries the call first.
        let (root, end) = (new.root, NextSeriesId::<Runtime>::get());
        self.by(FACTORY, Call::<Runtime>::create_series { new });
        for id in end..NextSeriesId::<Runtime>::get() {
            if Series::<Runtime>::get(id).is_some_and(|series| series.root == root) {
                self.leaves.insert(id, codes.clone());
            }
        }
    }

    fn some_series(&mut self, is_wanted: impl Fn(SeriesState) -> bool) -> Option<SeriesId> {
        let found: Vec<_> = Series::<Runtime>::iter()
            .filter(|(id, it)| is_wanted(it.state) && self.leaves.contains_key(id))
            .map(|(id, _)| id)
            .collect();
        self.numbers.one_of(&found)
    }

    fn proof(&mut self, series: SeriesId, index: u32) -> Option<CodeProof> {
        let codes = self.leaves.get(&series)?;
        Some(CodeProof {
            series,
            index,
            leaf: codes.get(index as usize)?.clone().try_into().ok()?,
            path: merkle::path(codes, index)?.try_into().ok()?,
        })
    }

    /// A series is given up, frozen, let go on, or proven faulty.
    pub(super) fn change_series(&mut self) {
        let reason = DOCUMENT;
        match self.numbers.below(5) {
            0 => {
                let frozen = self.some_series(|it| matches!(it, SeriesState::Frozen(_)));
                if let Some(series) = frozen {
                    self.by(SUPERVISOR, Call::<Runtime>::release_series { series, reason });
                }
            }
            1 => {
                if let Some(series) = self.some_series(|it| it == SeriesState::Active) {
                    self.by(SUPERVISOR, Call::<Runtime>::freeze_series { series, reason });
                }
            }
            2 => {
                if let Some(series) = self.some_series(|it| it == SeriesState::Active) {
                    self.by(FACTORY, Call::<Runtime>::void_series { series });
                }
            }
            n => {
                let Some(series) = self.some_series(|_| true) else { return };
                let (Some(first), Some(second)) = (self.proof(series, 0), self.proof(series, 1))
                else {
                    return;
                };
                let proof = match n {
                    3 => FaultProof::Malformed(first),
                    _ => FaultProof::Pair(first, second),
                };
                self.by(SHOP, Call::<Runtime>::report_fault { proof });
            }
        }
    }

    /// An item is sold, comes back or is destroyed, wherever the batch with it is.
    pub(super) fn mark_item(&mut self) {
        let Some(id) = self.some_series(|it| it != SeriesState::Void) else { return };
        let Some(series) = Series::<Runtime>::get(id) else { return };
        let index = self.numbers.below(series.n_codes.into()) as u32;
        let Some(proof) = self.proof(id, index) else { return };
        let known = ItemMarks::<Runtime>::get(id, index).map(|mark| mark.life);
        let life = match known {
            Some(ItemLife::Sold) => ItemLife::Returned,
            _ if self.numbers.once_in(5) => ItemLife::Destroyed,
            _ => ItemLife::Sold,
        };
        let found = self.batch_where(|it| it.gtin == tin() && it.quantities.produced > 0);
        let (other, _) = found.unwrap_or_else(|| panic!("a series has a batch"));
        let batch = if self.numbers.once_in(3) { other } else { series.batch };
        let holder = pallet_traceability::Batches::<Runtime>::get(batch).map_or(0, |it| it.holder);
        self.by(holder, Call::<Runtime>::mark_item { proof, batch, life });
    }
}

//! What a proof says of an item.

use super::{
    Bounds, Bundle, Checkpoint, ProofError,
    records::{self as state, CodeScheme, Place},
    trust::{self, Decided},
};
use crate::{
    brands::LicenceStatus,
    calendar::CivilDate,
    certification::CertificateStatus,
    gs1::{BatchId, Gtin, Lot},
    labels::{CodeProof, ItemLife, SeriesState, tree},
    moment::Moment,
};
use codec::Encode;
use serde::Serialize;
use std::str::FromStr;

/// The steps by which a scan is proven, in their order; pages show one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProofStep {
    /// The bundle is read.
    Bundle,
    /// Headers and signatures lead from the checkpoint to a block that the validators decided.
    Validators,
    /// The records add up to the state of that block.
    Records,
    /// The code is in the label series.
    Item,
    /// Batch, certificates, licence and recalls are read from the records.
    Story,
}

/// Why a scan proves nothing, and at which step that showed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct ScanError {
    /// The step that failed; those before it succeeded.
    pub step: ProofStep,
    /// Why.
    pub error: ProofError,
}

/// Whether goods are recalled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RecallVerdict {
    /// No recall reaches them.
    Clear,
    /// So many recalls reach them.
    Recalled(u32),
    /// A recall is spreading through the chain's records, and nothing proves that it does not reach
    /// them: not to be sold or eaten before it is known.
    BeingAssessed,
}

/// Something that stands against an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Objection {
    /// A recall reaches it.
    Recalled,
    /// A recall that is spreading may reach it.
    BeingAssessed,
    /// Its batch is stopped.
    OnHold,
    /// The latest test of its batch failed.
    TestFailed,
    /// All of its batch was destroyed or lost.
    BatchDestroyed,
    /// The item is marked as destroyed.
    ItemDestroyed,
    /// Its label series is frozen or void.
    SeriesStopped,
    /// A certificate was not in force when the goods that carry it were made.
    NotCertifiedWhenMade,
    /// A certificate is suspended or revoked.
    CertificateStopped,
    /// The certificate on the label has expired, was cancelled or has not begun.
    LabelCertificateEnded,
    /// The licence on the label is not in force.
    LicenceNotInForce,
}

impl Objection {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 11] = [
        Self::Recalled,
        Self::BeingAssessed,
        Self::OnHold,
        Self::TestFailed,
        Self::BatchDestroyed,
        Self::ItemDestroyed,
        Self::SeriesStopped,
        Self::NotCertifiedWhenMade,
        Self::CertificateStopped,
        Self::LabelCertificateEnded,
        Self::LicenceNotInForce,
    ];

    /// How people are told, in Chinese and in English; browsers use the same words.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Recalled => (
                "召回：请勿食用或出售，请联系销售者",
                "RECALLED: do not use or sell it; ask who sold it",
            ),
            Self::BeingAssessed => (
                "召回范围正在核定：查明之前请勿食用或出售",
                "A recall is being assessed: do not use or sell it before that is known",
            ),
            Self::OnHold => ("该批次已被停止流通", "The batch is stopped"),
            Self::TestFailed => ("最近一次检测不合格", "Its latest test failed"),
            Self::BatchDestroyed => (
                "该批次已全部登记销毁或损耗：不应再有此商品",
                "All of the batch is recorded as destroyed or lost: none of it should be anywhere",
            ),
            Self::ItemDestroyed => (
                "此编码已登记销毁：标签不应再出现",
                "This code is marked destroyed: the label should be nowhere",
            ),
            Self::SeriesStopped => (
                "该标签系列已冻结或作废：标签不可信",
                "The label series is frozen or void: the label does not count",
            ),
            Self::NotCertifiedWhenMade => (
                "采收或制成时，所附认证证书处于暂停状态或未被声明",
                "A certificate was suspended, or not claimed, when the goods that show it were made",
            ),
            Self::CertificateStopped => (
                "所附认证证书已被暂停或撤销",
                "A certificate that it carries is suspended or revoked",
            ),
            Self::LabelCertificateEnded => (
                "标签所示认证证书已过期、注销或尚未生效",
                "The certificate on the label has expired, was cancelled or has not begun",
            ),
            Self::LicenceNotInForce => {
                ("标签所示品牌许可无效", "The brand licence on the label is not in force")
            }
        }
    }
}

/// A certificate that goods carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateScan {
    /// Number on the chain.
    pub id: u32,
    /// Published number.
    pub number: String,
    /// Organisation that holds it.
    pub holder: u32,
    /// Certification body.
    pub body: u32,
    /// Scheme.
    pub scheme: u32,
    /// First date.
    pub valid_from: CivilDate,
    /// First date after its period.
    pub expires: CivilDate,
    /// Status when the goods that carry it were made, as the batch's claim says: whoever claims it first
    /// does so by the status at that time, and what is made of the goods inherits it. `None` if the batch
    /// does not carry it.
    pub when_made: Option<CertificateStatus>,
    /// Status at the time of the block.
    pub now: Option<CertificateStatus>,
    /// Whether the label shows its mark.
    pub is_on_label: bool,
}

impl CertificateScan {
    /// What it has against the goods: it must have been in force when they were made. A label's mark
    /// claims that it is in force now too; of the batch's other certificates it is enough that nothing
    /// was found against them since.
    fn against(&self) -> impl Iterator<Item = Objection> {
        use CertificateStatus::{Cancelled, Expired, Revoked, Suspended, Valid};
        let when_made = (self.when_made != Some(Valid)).then_some(Objection::NotCertifiedWhenMade);
        let now = match self.now {
            Some(Valid) => None,
            Some(Suspended | Revoked) => Some(Objection::CertificateStopped),
            Some(Cancelled | Expired) | None => {
                self.is_on_label.then_some(Objection::LabelCertificateEnded)
            }
        };
        when_made.into_iter().chain(now)
    }
}

/// A licence of a regional brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LicenceScan {
    /// Number on the chain.
    pub id: u32,
    /// Number of the brand.
    pub brand: u32,
    /// Organisation that may use it.
    pub licensee: u32,
    /// Name of the sub-brand, if any.
    pub sub_brand: Option<String>,
    /// Whether it is in force at the time of the block, and the certificate that it rests on.
    pub is_in_force: bool,
}

/// A production base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OriginScan {
    /// Number of the base.
    pub base: u32,
    /// Division by GB/T 2260; `None` where the bundle does not prove it.
    pub region: Option<u32>,
}

/// What is known of an item once its bundle is verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scan {
    /// Height of the block.
    pub height: u32,
    /// Time of the block.
    pub time: Moment,
    /// The item's code, as it stands on the label: a serial number or an organic code.
    pub code: String,
    /// Number of the label series.
    pub series: u32,
    /// Whether the series counts: neither frozen nor void.
    pub is_series_active: bool,
    /// The latest mark of the item. `None` says nothing: that there is no mark is not proven.
    pub mark: Option<(ItemLife, Moment)>,
    /// Product of the batch, for ever that of the item.
    pub gtin: Gtin,
    /// Lot of the batch.
    pub lot: Lot,
    /// Organisation that made it.
    pub producer: u32,
    /// Time of harvest or making.
    pub produced_at: Moment,
    /// Whether it is stopped.
    pub is_on_hold: bool,
    /// Whether all of it was destroyed or lost.
    pub is_batch_destroyed: bool,
    /// Result of the latest test, if there was one.
    pub test_passed: Option<bool>,
    /// Bases where all that is in it was grown.
    pub origins: Vec<OriginScan>,
    /// Certificates that the batch carries, and that of the label.
    pub certificates: Vec<CertificateScan>,
    /// Licence of the brand on the label.
    pub licence: Option<LicenceScan>,
    /// Whether it is recalled.
    pub recall: RecallVerdict,
    /// Published names of organisations that the bundle proves.
    pub names: Vec<(u32, String)>,
}

impl Scan {
    /// All that stands against the item, in the order of [`Objection::ALL`].
    pub fn against(&self) -> Vec<Objection> {
        let of_certificates: Vec<_> =
            self.certificates.iter().flat_map(CertificateScan::against).collect();
        let stands = |objection: &Objection| match objection {
            Objection::Recalled => matches!(self.recall, RecallVerdict::Recalled(_)),
            Objection::BeingAssessed => self.recall == RecallVerdict::BeingAssessed,
            Objection::OnHold => self.is_on_hold,
            Objection::TestFailed => self.test_passed == Some(false),
            Objection::BatchDestroyed => self.is_batch_destroyed,
            Objection::ItemDestroyed => matches!(self.mark, Some((ItemLife::Destroyed, _))),
            Objection::SeriesStopped => !self.is_series_active,
            Objection::LicenceNotInForce => self.licence.as_ref().is_some_and(|it| !it.is_in_force),
            Objection::NotCertifiedWhenMade
            | Objection::CertificateStopped
            | Objection::LabelCertificateEnded => of_certificates.contains(objection),
        };
        Objection::ALL.into_iter().filter(stands).collect()
    }

    /// Whether nothing stands against the item.
    pub fn is_in_order(&self) -> bool {
        self.against().is_empty()
    }
}

impl Bundle {
    /// Verifies the bundle, and says what it proves of its item. Asks nobody.
    ///
    /// # Errors
    /// [`ScanError`] with the first step that fails.
    pub fn scan(&self, checkpoint: &Checkpoint, bounds: &Bounds) -> Result<Scan, ScanError> {
        let at = |step| move |error| ScanError { step, error };
        let decided = trust::follow(self, checkpoint, bounds).map_err(at(ProofStep::Validators))?;
        self.check_records(&decided).map_err(at(ProofStep::Records))?;
        let (id, series) = self.check_item().map_err(at(ProofStep::Item))?;
        self.story(&decided, id, &series).map_err(at(ProofStep::Story))
    }

    /// The bundle and scan of another item of the same series, where `scan` is what this one proves: right
    /// where neither item has a mark, so that they differ in their place and code only.
    ///
    /// # Errors
    /// [`ScanError`] when the code is not in the series.
    pub fn scan_of(&self, scan: &Scan, code: &CodeProof) -> Result<(Self, Scan), ScanError> {
        let at_item = |error| ScanError { step: ProofStep::Item, error };
        let bundle = self.of_item(code).ok_or(ProofError::NoItem).map_err(at_item)?;
        let (_, series) = bundle.check_item().map_err(at_item)?;
        let leaf = bundle.item.as_ref().map_or(&[][..], |item| &item.leaf);
        let code = code_text(&series.scheme, leaf).map_err(at_item)?;
        Ok((bundle, Scan { code, ..scan.clone() }))
    }

    /// Verifies the bundle whatever its records are about, and gives height and time of the block
    /// that they are from.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn verify(
        &self,
        checkpoint: &Checkpoint,
        bounds: &Bounds,
    ) -> Result<(u32, Moment), ProofError> {
        let decided = trust::follow(self, checkpoint, bounds)?;
        self.check_records(&decided)?;
        Ok((decided.height, decided.time))
    }

    /// What its records prove to stand against a batch as such, whatever its label; for a bundle that was
    /// verified, with the batch, the open recalls, and while there are any, these and what the batch was
    /// made of: what of that is missing makes it being assessed.
    ///
    /// # Errors
    /// [`ProofError::RecordMissing`] without the batch or the list of open recalls, and
    /// [`ProofError::RecordMalformed`].
    pub fn against_batch(&self, id: &BatchId) -> Result<Vec<Objection>, ProofError> {
        let malformed = |_| ProofError::RecordMalformed(state::BATCH.name);
        let id = hex::decode(id.as_str().trim_start_matches("0x")).map_err(malformed)?;
        let batch: state::Batch = state::BATCH.get(self, std::slice::from_ref(&id))?;
        let id = id.try_into().map_err(|_| ProofError::RecordMalformed(state::BATCH.name))?;
        let recall = self.recall_verdict(id, &batch)?;
        let stands = |objection: &Objection| match objection {
            Objection::Recalled => matches!(recall, RecallVerdict::Recalled(_)),
            Objection::BeingAssessed => recall == RecallVerdict::BeingAssessed,
            Objection::OnHold => batch.hold.is_some(),
            Objection::TestFailed => batch.test.is_some_and(|test| !test.passed),
            Objection::BatchDestroyed => batch.stage == state::Stage::Destroyed,
            _ => false,
        };
        Ok(Objection::ALL.into_iter().filter(stands).collect())
    }

    /// Keys and values of the records.
    pub fn records(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.records.iter().map(|record| (record.key.as_slice(), record.value.as_slice()))
    }

    pub(super) fn check_records(&self, decided: &Decided) -> Result<(), ProofError> {
        if self.state_root()? == decided.state_root {
            Ok(())
        } else {
            Err(ProofError::WrongRecords)
        }
    }

    fn check_item(&self) -> Result<(u32, state::Series), ProofError> {
        let item = self.item.as_ref().ok_or(ProofError::NoItem)?;
        let part = state::SERIES.only_part(self, 4)?;
        let series: state::Series = state::SERIES.get(self, std::slice::from_ref(&part))?;
        if !tree::verify(&series.root, series.n_codes, item.index, &item.leaf, &item.path) {
            return Err(ProofError::NotInSeries);
        }
        if !is_code(series.scheme, &series.gtin, &item.leaf) {
            return Err(ProofError::CodeMalformed);
        }
        let id = part.try_into().map(u32::from_le_bytes);
        Ok((id.map_err(|_| ProofError::RecordMalformed(state::SERIES.name))?, series))
    }

    fn story(
        &self,
        decided: &Decided,
        id: u32,
        series: &state::Series,
    ) -> Result<Scan, ProofError> {
        let item = self.item.as_ref().ok_or(ProofError::NoItem)?;
        let batch: state::Batch = state::BATCH.get(self, &[series.batch.to_vec()])?;
        let recall = self.recall_verdict(series.batch, &batch)?;
        let mark: Option<state::ItemMark> =
            state::ITEM_MARK.find(self, &[id.encode(), item.index.encode()])?;
        let mut ids: Vec<u32> = batch.claims.iter().map(|claim| claim.certificate).collect();
        ids.extend(series.certificate);
        ids.sort_unstable();
        ids.dedup();
        let certificates = ids
            .into_iter()
            .map(|it| self.certificate(it, series, &batch, decided.time.0))
            .collect::<Result<Vec<_>, _>>()?;
        let licence = series.licence.map(|it| self.licence(it, decided.time.0)).transpose()?;
        let origins = batch
            .origins
            .iter()
            .map(|base| {
                let found: Option<state::Base> = state::BASE.find(self, &[base.encode()])?;
                Ok(OriginScan { base: *base, region: found.map(|it| it.region) })
            })
            .collect::<Result<Vec<_>, ProofError>>()?;
        let mut organisations = vec![batch.producer, batch.holder, series.labeller];
        organisations.extend(certificates.iter().flat_map(|it| [it.holder, it.body]));
        organisations.extend(licence.iter().map(|it| it.licensee));
        organisations.sort_unstable();
        organisations.dedup();
        let mut names = Vec::new();
        for organisation in organisations {
            let found: Option<state::Organisation> =
                state::ORGANISATION.find(self, &[organisation.encode()])?;
            if let Some(found) = found {
                names.push((organisation, text(&state::ORGANISATION, found.name)?));
            }
        }
        Ok(Scan {
            height: decided.height,
            time: decided.time,
            code: code_text(&series.scheme, &item.leaf)?,
            series: id,
            is_series_active: series.state == SeriesState::Active,
            mark: mark.map(|mark| (mark.life, Moment(mark.at))),
            gtin: parsed(&state::BATCH, batch.gtin.to_vec())?,
            lot: parsed(&state::BATCH, batch.lot)?,
            producer: batch.producer,
            produced_at: Moment(batch.produced_at),
            is_on_hold: batch.hold.is_some(),
            is_batch_destroyed: batch.stage == state::Stage::Destroyed,
            test_passed: batch.test.map(|test| test.passed),
            origins,
            certificates,
            licence,
            recall,
            names,
        })
    }

    fn certificate(
        &self,
        id: u32,
        series: &state::Series,
        batch: &state::Batch,
        now: u64,
    ) -> Result<CertificateScan, ProofError> {
        let record: state::Certificate = state::CERTIFICATE.get(self, &[id.encode()])?;
        let is_on_label = series.certificate == Some(id);
        let claim = batch.claims.iter().find(|claim| claim.certificate == id);
        let when_made = claim.map(|claim| {
            let was_suspended =
                claim.made_while_suspended || is_on_label && series.made_while_suspended;
            if was_suspended { CertificateStatus::Suspended } else { CertificateStatus::Valid }
        });
        Ok(CertificateScan {
            id,
            holder: record.holder,
            body: record.body,
            scheme: record.scheme,
            valid_from: CivilDate(record.valid_from),
            expires: CivilDate(record.expires),
            when_made,
            now: status_at(&record, now),
            is_on_label,
            number: text(&state::CERTIFICATE, record.number)?,
        })
    }

    fn licence(&self, id: u32, now: u64) -> Result<LicenceScan, ProofError> {
        let record: state::Licence = state::LICENCE.get(self, &[id.encode()])?;
        let is_granted = matches!(record.status, LicenceStatus::Granted | LicenceStatus::Restored);
        // A licence that rests on a certificate stops with it.
        let is_backed = match record.certificate {
            None => true,
            Some(id) => {
                let certificate: state::Certificate =
                    state::CERTIFICATE.get(self, &[id.encode()])?;
                status_at(&certificate, now) == Some(CertificateStatus::Valid)
            }
        };
        Ok(LicenceScan {
            id,
            brand: record.brand,
            licensee: record.licensee,
            sub_brand: record.sub_brand.map(|name| text(&state::LICENCE, name)).transpose()?,
            is_in_force: is_granted
                && is_backed
                && (record.valid_from..record.valid_until).contains(&now),
        })
    }
}

const DAY_MS: u64 = 24 * 3600 * 1000;
/// China Standard Time, in which dates are.
const CST_OFFSET_MS: u64 = 8 * 3600 * 1000;

/// Status in force at `at`; `None` before the certificate starts. Past the period, what was neither
/// revoked nor cancelled has expired.
fn status_at(certificate: &state::Certificate, at: u64) -> Option<CertificateStatus> {
    let start = |days: u32| (u64::from(days) * DAY_MS).saturating_sub(CST_OFFSET_MS);
    if at < certificate.issued_at.max(start(certificate.valid_from)) {
        return None;
    }
    let change = certificate.changes.iter().rev().find(|change| change.at <= at)?;
    let is_past = at >= start(certificate.expires);
    let ended = matches!(change.status, CertificateStatus::Revoked | CertificateStatus::Cancelled);
    Some(if is_past && !ended { CertificateStatus::Expired } else { change.status })
}

fn text(place: &Place, bytes: Vec<u8>) -> Result<String, ProofError> {
    String::from_utf8(bytes).map_err(|_| ProofError::RecordMalformed(place.name))
}

fn parsed<T: FromStr>(place: &Place, bytes: Vec<u8>) -> Result<T, ProofError> {
    text(place, bytes)?.parse().map_err(|_| ProofError::RecordMalformed(place.name))
}

/// Whether a leaf is a code of the series' scheme.
fn is_code(scheme: CodeScheme, gtin: &state::Gtin, leaf: &[u8]) -> bool {
    let is_serial = |serial: &[u8]| {
        (1..=20).contains(&serial.len())
            && serial.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(byte))
    };
    match (scheme, leaf.split_first()) {
        (CodeScheme::Gs1Serial, Some((0, code))) => code.strip_prefix(gtin).is_some_and(is_serial),
        (CodeScheme::Organic { certifier, year }, Some((1, code))) => {
            code.len() == 17
                && code.starts_with(&certifier)
                && code[3..].starts_with(&year)
                && code.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// The code without the scheme's byte; of a serial number, without the GTIN before it.
fn code_text(scheme: &CodeScheme, leaf: &[u8]) -> Result<String, ProofError> {
    let behind = match scheme {
        CodeScheme::Gs1Serial => 15,
        CodeScheme::Organic { .. } => 1,
    };
    let code = leaf.get(behind..).ok_or(ProofError::CodeMalformed)?;
    String::from_utf8(code.to_vec()).map_err(|_| ProofError::CodeMalformed)
}

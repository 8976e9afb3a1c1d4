//! Transaction certificates.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_calendar::Moment;
use pallet_participants::OrganisationId;
use pallet_traceability::{BatchId, CertificateId, Gtin};
use scale_info::TypeInfo;

/// Number of a transaction certificate, given in order of issue.
pub type TransactionCertificateId = u32;

/// A transaction certificate (销售证): so much of a batch was sold as certified to a buyer.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct TransactionCertificate {
    /// Certificate that it rests on.
    pub certificate: CertificateId,
    /// Seller: the holder of the certificate.
    pub seller: OrganisationId,
    /// Buyer.
    pub buyer: OrganisationId,
    /// Batch that was sold from.
    pub batch: BatchId,
    /// Certified product, which the batch is or is a pack of.
    pub gtin: Gtin,
    /// Content units sold.
    #[codec(compact)]
    pub quantity: u128,
    /// Block time.
    pub issued_at: Moment,
    /// When it was declared void; its quantity is free again.
    pub voided_at: Option<Moment>,
    /// Version of the governed data.
    pub rule_set: u32,
}

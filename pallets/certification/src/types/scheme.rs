//! Governed data: schemes, yield ceilings, and the rule set that they make up.

use super::Text;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_calendar::Term;
use pallet_traceability::{Gtin, SchemeId};
use scale_info::TypeInfo;

/// What certified goods carry.
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
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum LabelKind {
    /// Nothing on the goods.
    #[codec(index = 0)]
    None,
    /// A mark (认证标志).
    #[codec(index = 1)]
    Mark,
    /// A mark with a 17-digit organic code (有机码) for every smallest sales pack.
    #[codec(index = 2)]
    OrganicCode,
}

/// In how many days something must be done.
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
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SchemeTerms {
    /// To accept or refuse an application, from the day it was made.
    pub accept: Term,
    /// To decide on it, from the day it was accepted; `None` where the scheme sets no term.
    pub decide: Option<Term>,
    /// To suspend, from the finding.
    pub suspend: Term,
    /// To revoke, from the finding.
    pub revoke: Term,
    /// To cancel, from the holder's request.
    pub cancel: Term,
    /// To change a certificate, from the holder's request.
    pub change: Term,
    /// To publish a suspension, restoration, revocation or cancellation.
    pub publish: Term,
    /// To decide on a complaint or an appeal.
    pub complaint: Term,
}

impl SchemeTerms {
    /// All terms that are set.
    pub fn all(&self) -> impl Iterator<Item = Term> {
        [
            self.accept,
            self.suspend,
            self.revoke,
            self.cancel,
            self.change,
            self.publish,
            self.complaint,
        ]
        .into_iter()
        .chain(self.decide)
    }
}

/// A certification scheme (认证制度): what is certified, by which rules, for how long.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Scheme {
    /// Published name.
    pub name: Text,
    /// Standard that is certified to, such as `GB/T 19630-2019`.
    pub standard: Text,
    /// SHA-256 of the implementation rules (认证实施规则), which are published; `None` until a
    /// version of them is named.
    pub rules: Option<[u8; 32]>,
    /// Number under which the rules are filed with the CNCA, where a body wrote them itself
    /// (认证认可条例 Art. 17).
    pub filed_no: Option<Text>,
    /// Months that a certificate is valid, 1 to 120.
    pub validity_months: u16,
    /// A renewal is applied for at least so many months before the certificate ends.
    pub renewal_months: u16,
    /// Shortest suspension in months.
    pub suspension_months_min: u16,
    /// Longest suspension in months, at most 24.
    pub suspension_months_max: u16,
    /// Months after a revocation in which the client may not apply again.
    pub relock_months: u16,
    /// Legal terms.
    pub terms: SchemeTerms,
    /// What quantity may exceed area times yield ceiling by, in parts per billion; at most 10^9.
    pub tolerance_ppb: u32,
    /// Whether every product must have passed a laboratory's test.
    pub test_required: bool,
    /// Whether body and laboratories must be accredited for the scheme.
    pub accreditation_required: bool,
    /// What certified goods carry.
    pub label: LabelKind,
    /// Whether new applications are taken.
    pub open: bool,
}

/// To which products a yield ceiling applies; one for the product goes before one for its category.
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
pub enum CeilingScope {
    /// One product.
    #[codec(index = 0)]
    Product(Gtin),
    /// All products of a category of GS1's Global Product Classification.
    #[codec(index = 1)]
    Category(u32),
}

/// A change of the governed data, as hashed into the rule set.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum RuleChange {
    /// A scheme.
    #[codec(index = 0)]
    Scheme(SchemeId, Scheme),
    /// A yield ceiling in content units for a mu and a year; `None` ends it.
    #[codec(index = 1)]
    YieldCeiling(SchemeId, CeilingScope, Option<u64>),
}

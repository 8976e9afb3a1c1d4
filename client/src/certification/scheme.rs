//! Schemes, yield ceilings, and the rule set that they make up.

use crate::{calendar::Term, digest::Digest, gs1::Gtin};
use serde::{Deserialize, Serialize};

/// Number of a scheme.
pub type SchemeId = u32;

/// What certified goods carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelKind {
    /// Nothing on the goods.
    None,
    /// A mark (认证标志).
    Mark,
    /// A mark with a 17-digit organic code (有机码) for every smallest sales pack.
    OrganicCode,
}

/// In how many days something must be done under a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// A certification scheme (认证制度): what is certified, by which rules, for how long.
///
/// In JSON it is what `ecoledger cert scheme set` takes from a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Published name, at most 64 bytes of UTF-8.
    #[serde(with = "crate::text")]
    pub name: String,
    /// Standard that is certified to, such as `GB/T 19630-2019`.
    #[serde(with = "crate::text")]
    pub standard: String,
    /// SHA-256 of the published implementation rules (认证实施规则).
    #[serde(default)]
    pub rules: Option<Digest>,
    /// Number under which the rules are filed with the CNCA, where a body wrote them itself
    /// (认证认可条例 Art. 17).
    #[serde(default, with = "crate::text::optional")]
    pub filed_no: Option<String>,
    /// Months that a certificate is valid, 1 to 120.
    pub validity_months: u16,
    /// A renewal is applied for at least so many months before the certificate ends.
    pub renewal_months: u16,
    /// Shortest suspension in months, at least 1.
    pub suspension_months_min: u16,
    /// Longest suspension in months, at most 24.
    pub suspension_months_max: u16,
    /// Months after a revocation in which the client may not apply again, at most 120.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CeilingScope {
    /// One product.
    Product(Gtin),
    /// All products of a class in GS1's Global Product Classification, eight digits.
    Category(u32),
}

/// Version of the governed data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Counts every change.
    pub version: u32,
    /// SHA-256 over the previous hash and the change.
    pub hash: Digest,
}

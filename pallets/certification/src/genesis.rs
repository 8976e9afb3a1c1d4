//! Governed data from the first block on, in the words of a JSON chain specification.

use crate::{CeilingScope, Config, GenesisConfig, LabelKind, Pallet, Scheme, SchemeTerms, Text};
use alloc::{string::String, vec, vec::Vec};
use pallet_calendar::Term;
use pallet_traceability::{Gtin, SchemeId};
use serde::{Deserialize, Serialize};

/// A scheme; see [`Scheme`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisScheme {
    /// Its number.
    pub id: SchemeId,
    /// Published name.
    pub name: String,
    /// Standard.
    pub standard: String,
    /// SHA-256 of the implementation rules.
    #[serde(default)]
    pub rules: Option<[u8; 32]>,
    /// Number under which the rules are filed.
    #[serde(default)]
    pub filed_no: Option<String>,
    /// Months that a certificate is valid.
    pub validity_months: u16,
    /// Months before the end by which a renewal is applied for.
    pub renewal_months: u16,
    /// Shortest suspension in months.
    pub suspension_months_min: u16,
    /// Longest suspension in months.
    pub suspension_months_max: u16,
    /// Months of the lock after a revocation.
    pub relock_months: u16,
    /// Legal terms.
    pub terms: SchemeTerms,
    /// Tolerance of the yield in parts per billion.
    pub tolerance_ppb: u32,
    /// Whether every product must be tested.
    pub test_required: bool,
    /// Whether body and laboratories must be accredited.
    pub accreditation_required: bool,
    /// What goods carry.
    pub label: LabelKind,
}

/// A yield ceiling; for a product or for a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisYieldCeiling {
    /// Scheme.
    pub scheme: SchemeId,
    /// GTIN-14, or nothing for a category.
    #[serde(default)]
    pub gtin: Option<String>,
    /// GPC brick, where no GTIN is given.
    #[serde(default)]
    pub category: Option<u32>,
    /// Content units for a mu and a year.
    pub per_mu_year: u64,
}

/// Number of the scheme for organic products in the default.
pub const ORGANIC: SchemeId = 1;
/// Number of the scheme for green food in the default.
pub const GREEN_FOOD: SchemeId = 2;

/// Organic products and green food.
///
/// From their rules: validity, renewal three months before the end, suspension within 15 days for
/// one to three months, revocation within 7 days, a year's lock; 40 and 10 working days for green
/// food. Chosen here, for governance to change: the terms to publish and to decide on complaints,
/// green food's suspensions and lock, and a tolerance of 5 %.
pub fn default_schemes() -> Vec<GenesisScheme> {
    let terms = SchemeTerms {
        accept: Term::working(10),
        decide: None,
        suspend: Term::calendar(15),
        revoke: Term::calendar(7),
        cancel: Term::calendar(30),
        change: Term::calendar(30),
        publish: Term::calendar(7),
        complaint: Term::working(30),
    };
    let organic = GenesisScheme {
        id: ORGANIC,
        name: "有机产品认证".into(),
        standard: "GB/T 19630-2019".into(),
        rules: None,
        filed_no: None,
        validity_months: 12,
        renewal_months: 3,
        suspension_months_min: 1,
        suspension_months_max: 3,
        relock_months: 12,
        terms,
        tolerance_ppb: 50_000_000,
        test_required: true,
        accreditation_required: true,
        label: LabelKind::OrganicCode,
    };
    let green_food = GenesisScheme {
        id: GREEN_FOOD,
        name: "绿色食品标志许可".into(),
        standard: "NY/T 391-2021".into(),
        validity_months: 36,
        terms: SchemeTerms { accept: Term::working(40), decide: Some(Term::working(10)), ..terms },
        accreditation_required: false,
        label: LabelKind::Mark,
        ..organic.clone()
    };
    vec![organic, green_food]
}

impl From<&GenesisScheme> for Scheme {
    fn from(genesis: &GenesisScheme) -> Self {
        Self {
            name: text(&genesis.name),
            standard: text(&genesis.standard),
            rules: genesis.rules,
            filed_no: genesis.filed_no.as_deref().map(text),
            validity_months: genesis.validity_months,
            renewal_months: genesis.renewal_months,
            suspension_months_min: genesis.suspension_months_min,
            suspension_months_max: genesis.suspension_months_max,
            relock_months: genesis.relock_months,
            terms: genesis.terms,
            tolerance_ppb: genesis.tolerance_ppb,
            test_required: genesis.test_required,
            accreditation_required: genesis.accreditation_required,
            label: genesis.label,
            open: true,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Writes the genesis data through the same checks as the calls.
    ///
    /// # Panics
    /// When the data are not valid: a chain without a valid genesis must not start.
    pub(crate) fn build_genesis(data: &GenesisConfig<T>) {
        for scheme in &data.schemes {
            Self::do_set_scheme(scheme.id, scheme.into()).expect("genesis scheme is valid");
        }
        for ceiling in &data.yield_ceilings {
            let scope = match (&ceiling.gtin, ceiling.category) {
                (Some(gtin), None) => {
                    CeilingScope::Product(Gtin::parse(gtin).expect("genesis GTIN is valid"))
                }
                (None, Some(category)) => CeilingScope::Category(category),
                _ => panic!("genesis yield ceiling names either a GTIN or a category"),
            };
            Self::do_set_yield_ceiling(ceiling.scheme, scope, Some(ceiling.per_mu_year))
                .expect("genesis yield ceiling is valid");
        }
    }
}

/// A text of the genesis.
///
/// # Panics
/// When it is too long.
fn text(text: &str) -> Text {
    text.as_bytes().to_vec().try_into().expect("genesis text is short")
}

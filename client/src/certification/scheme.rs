//! Schemes, yield ceilings, and the rule set that they make up.

use crate::{
    calendar::{TERM_DAYS_MAX, Term},
    digest::Digest,
    error::Error,
    gs1::Gtin,
    value::check_line,
};
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

/// Longest name, standard or number of this pallet, in bytes.
pub const TEXT_BYTES_MAX: usize = 64;

impl Scheme {
    /// Checks what the chain would refuse, field by field.
    ///
    /// # Errors
    /// [`Error::Arguments`] names the field and its rule.
    pub fn check(&self) -> Result<(), Error> {
        let in_range = |field: &str, value: u32, range: std::ops::RangeInclusive<u32>| {
            if range.contains(&value) {
                return Ok(());
            }
            let (least, most) = (range.start(), range.end());
            Err(Error::Arguments(format!("{field}: {least} to {most} are expected, got {value}")))
        };
        check_line("name", &self.name, TEXT_BYTES_MAX)?;
        check_line("standard", &self.standard, TEXT_BYTES_MAX)?;
        if let Some(number) = &self.filed_no {
            check_line("filed_no", number, TEXT_BYTES_MAX)?;
        }
        let (shortest, longest) =
            (self.suspension_months_min.into(), self.suspension_months_max.into());
        in_range("validity_months", self.validity_months.into(), 1..=120)?;
        in_range("renewal_months", self.renewal_months.into(), 0..=self.validity_months.into())?;
        in_range("suspension_months_max", longest, 1..=24)?;
        in_range("suspension_months_min", shortest, 1..=longest)?;
        in_range("relock_months", self.relock_months.into(), 0..=120)?;
        in_range("tolerance_ppb", self.tolerance_ppb, 0..=1_000_000_000)?;
        let SchemeTerms { accept, decide, suspend, revoke, cancel, change, publish, complaint } =
            self.terms;
        let terms = [
            ("accept", Some(accept)),
            ("decide", decide),
            ("suspend", Some(suspend)),
            ("revoke", Some(revoke)),
            ("cancel", Some(cancel)),
            ("change", Some(change)),
            ("publish", Some(publish)),
            ("complaint", Some(complaint)),
        ];
        for (name, term) in terms {
            if let Some(Term { days, .. }) = term {
                in_range(&format!("terms.{name}.days"), days.into(), 1..=TERM_DAYS_MAX.into())?;
            }
        }
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The schemes that are shipped as examples.
    const ORGANIC: &str = include_str!("../../../scripts/demo-data/schemes/organic.json");
    const GREEN_FOOD: &str = include_str!("../../../scripts/demo-data/schemes/green-food.json");

    #[test]
    fn the_examples_are_schemes() {
        for (text, name, validity_months) in
            [(ORGANIC, "有机产品认证", 12), (GREEN_FOOD, "绿色食品标志许可", 36)]
        {
            let scheme: Scheme = serde_json::from_str(text).unwrap();
            scheme.check().unwrap();
            assert_eq!((scheme.name.as_str(), scheme.validity_months), (name, validity_months));
            // As the chain writes it: a name in other than ASCII characters is hexadecimal there.
            let mut chain = json!(scheme);
            chain["name"] = json!(format!("0x{}", hex::encode(name)));
            assert_eq!(serde_json::from_value::<Scheme>(chain).unwrap(), scheme);
        }
    }

    #[test]
    fn what_the_chain_would_refuse_is_named() {
        let refusal = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut json: serde_json::Value = serde_json::from_str(ORGANIC).unwrap();
            change(&mut json);
            serde_json::from_value::<Scheme>(json)
                .map_err(|error| error.to_string())
                .and_then(|scheme| scheme.check().map_err(|error| error.to_string()))
                .unwrap_err()
        };
        for (field, value) in [
            ("name", json!("")),
            ("standard", json!("x".repeat(65))),
            ("filed_no", json!("a\nb")),
            ("validity_months", json!(0)),
            ("renewal_months", json!(13)),
            ("suspension_months_min", json!(4)),
            ("suspension_months_max", json!(25)),
            ("relock_months", json!(121)),
            ("tolerance_ppb", json!(1_000_000_001)),
        ] {
            let text = refusal(&|json| json[field] = value.clone());
            assert!(text.starts_with(field) && text.contains("expected"), "{field}: {text}");
        }
        let text = refusal(&|json| json["terms"]["publish"]["days"] = json!(0));
        assert!(text.starts_with("terms.publish.days"), "{text}");
        let text = refusal(&|json| json["colour"] = json!("green"));
        assert!(text.contains("colour"), "{text}");
        let text = refusal(&|json| {
            json.as_object_mut().unwrap().remove("open");
        });
        assert!(text.contains("open"), "{text}");
    }
}

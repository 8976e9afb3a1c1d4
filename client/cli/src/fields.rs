//! Fields that several commands take, and how they are shown.

use crate::{
    output::{Printer, print_record},
    submit::commitment,
};
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use ecoledger_client::{
    Area, BaseUnit, CivilDate, Client, Digest, Error, Gtin, Moment, Quantity,
    certification::{CeilingScope, TEXT_BYTES_MAX},
    traceability::Commitment,
    value::check_line,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{fs, path::PathBuf, str::FromStr};

/// A document of one purpose: its commitment, or the file to commit to.
macro_rules! document_args {
    ($(#[$doc:meta])* $name:ident, $field:ident, $file:ident, $about:literal) => {
        $(#[$doc])*
        #[derive(Args, Clone, Debug)]
        pub(crate) struct $name {
            // The help of an argument is no doc comment where it is put together.
            #[arg(
                long,
                help = concat!("Commitment to ", $about, ": 0x and 64 digits"),
                conflicts_with = stringify!($file)
            )]
            $field: Option<Commitment>,
            #[arg(
                long,
                help = concat!("File with ", $about, "; its salt is kept beside it in FILE.salt"),
                value_name = "FILE",
                required_unless_present = stringify!($field)
            )]
            $file: Option<PathBuf>,
        }

        impl $name {
            /// The commitment that was given, or one to the file.
            pub(crate) fn read(&self) -> Result<Commitment, Error> {
                commitment(self.$field.as_ref(), self.$file.as_deref())?.ok_or_else(|| {
                    let name = stringify!($field);
                    Error::Arguments(format!("{name}: give --{name} or --{name}-file"))
                })
            }
        }
    };
}

document_args! {
    /// The document of a decision or request.
    DocumentArgs, document, document_file, "the document"
}

document_args! {
    /// Why something is done.
    WhyArgs, reason, reason_file, "the reason"
}

document_args! {
    /// What was found by an inspection or test.
    ReportArgs, report, report_file, "the report"
}

document_args! {
    /// What proves a finding.
    EvidenceArgs, evidence, evidence_file, "the evidence"
}

/// A published text, by its SHA-256.
#[derive(Args, Clone, Debug)]
pub(crate) struct TextArgs {
    /// SHA-256 of the published text: 0x and 64 digits.
    #[arg(long, conflicts_with = "text_file", required_unless_present = "text_file")]
    text: Option<Digest>,
    /// The published text.
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
}

impl TextArgs {
    pub(crate) fn read(&self) -> Result<Digest, Error> {
        match (&self.text, &self.text_file) {
            (Some(digest), _) => Ok(digest.clone()),
            (None, Some(file)) => fs::read(file)
                .map(|text| Digest::of(&text))
                .map_err(|error| Error::Arguments(format!("read {}: {error}", file.display()))),
            (None, None) => Err(Error::Arguments("text: give --text or --text-file".into())),
        }
    }
}

/// One of the chain's names in a form for people: `mark-misused` for `MarkMisused`.
///
/// - `names`: each with what it means, in the words of `--help`.
pub(crate) fn one_of<T>(
    names: &'static [(&'static str, &'static str)],
) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    let values = names.iter().map(|(name, help)| PossibleValue::new(*name).help(*help));
    PossibleValuesParser::new(values).try_map(|name| chain_name(&name))
}

/// Reads `mark-misused` as the variant `MarkMisused`.
fn chain_name<T: DeserializeOwned>(name: &str) -> Result<T, serde_json::Error> {
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    serde_json::from_value(Value::String(name.split('-').map(capital).collect()))
}

/// One line of text that the chain takes as a number or name.
pub(crate) fn line64(text: &str) -> Result<String, Error> {
    check_line("text", text, TEXT_BYTES_MAX)?;
    Ok(text.to_owned())
}

/// A date, or a moment within one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// A whole day in China Standard Time.
    Date(CivilDate),
    /// A moment.
    Moment(Moment),
}

impl FromStr for When {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let date = text.parse().map(Self::Date);
        date.or_else(|_| text.parse().map(Self::Moment)).map_err(|_| {
            Error::Arguments(format!(
                "time: YYYY-MM-DD, `now`, or RFC 3339 with an offset is expected, got {text:?}"
            ))
        })
    }
}

impl When {
    /// The moment, or the first of the date.
    pub(crate) fn start(self) -> Moment {
        match self {
            Self::Date(date) => date.start(),
            Self::Moment(moment) => moment,
        }
    }

    /// The moment, or the first behind the date.
    pub(crate) fn end(self) -> Moment {
        match self {
            Self::Date(date) => date.end(),
            Self::Moment(moment) => moment,
        }
    }

    /// The moment, or the last of the date; not after now, since nobody knows what will be.
    pub(crate) fn past(self) -> Moment {
        let last = match self {
            Self::Date(date) => Moment(date.end().0.saturating_sub(1)),
            Self::Moment(moment) => moment,
        };
        last.min(Moment::now())
    }
}

/// `GTIN=QUANTITY`, such as `09506000200026=430kg`.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub(crate) gtin: Gtin,
    pub(crate) quantity: Quantity,
}

impl FromStr for Share {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (gtin, quantity) = text.split_once('=').ok_or_else(|| {
            Error::Arguments(format!(
                "GTIN=QUANTITY is expected, such as 09506000200026=430kg, got {text:?}"
            ))
        })?;
        Ok(Self { gtin: gtin.parse()?, quantity: quantity.parse()? })
    }
}

/// `GTIN=QUANTITY@AREA`, such as `09506000200026=430kg@3mu`.
#[derive(Clone, Debug)]
pub(crate) struct Grown {
    pub(crate) share: Share,
    pub(crate) area: Area,
}

impl FromStr for Grown {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (share, area) = text.split_once('@').ok_or_else(|| {
            Error::Arguments(format!(
                "GTIN=QUANTITY@AREA is expected, such as 09506000200026=430kg@3mu, got {text:?}"
            ))
        })?;
        Ok(Self { share: share.parse()?, area: area.parse()? })
    }
}

/// To what a yield ceiling applies.
#[derive(Args, Clone, Debug)]
#[group(id = "scope", required = true, multiple = false)]
pub(crate) struct ScopeArgs {
    /// GTIN of one product; its ceiling goes before one of its category.
    #[arg(long, group = "scope")]
    gtin: Option<Gtin>,
    /// Class in GS1's Global Product Classification, eight digits.
    #[arg(long, group = "scope")]
    category: Option<u32>,
}

impl ScopeArgs {
    pub(crate) fn scope(&self) -> Result<CeilingScope, Error> {
        match (&self.gtin, self.category) {
            (Some(gtin), _) => Ok(CeilingScope::Product(gtin.clone())),
            (None, Some(category)) => Ok(CeilingScope::Category(category)),
            (None, None) => Err(Error::Arguments("give --gtin or --category".into())),
        }
    }
}

/// A ceiling, or its end.
#[derive(Args, Clone, Debug)]
#[group(id = "ceiling", required = true, multiple = false)]
pub(crate) struct CeilingArgs {
    /// The most that a mu (亩) bears in a year, with its unit, such as 150kg.
    #[arg(long, group = "ceiling", value_name = "QUANTITY")]
    per_mu: Option<Quantity>,
    /// End the ceiling; nothing can be certified or licensed by it then.
    #[arg(long, group = "ceiling")]
    end: bool,
}

impl CeilingArgs {
    /// Content units for a mu and a year.
    pub(crate) async fn content(
        &self,
        client: &Client,
        scope: &CeilingScope,
    ) -> Result<Option<u64>, Error> {
        let Some(quantity) = &self.per_mu else { return Ok(None) };
        let (_, content) = match scope {
            CeilingScope::Product(gtin) => client.in_content_units(gtin, quantity).await?,
            CeilingScope::Category(_) => client.in_base_units(quantity).await?,
        };
        let too_large = || Error::Arguments(format!("per-mu: {quantity} is too large"));
        u64::try_from(content).map(Some).map_err(|_| too_large())
    }
}

/// Reads content units, and the unit in which to show them, product by product.
pub(crate) async fn content_unit(client: &Client, gtin: &Gtin) -> Result<BaseUnit, Error> {
    let product = client.product(gtin, None).await?;
    Ok(product.ok_or_else(|| Error::NotFound(format!("product {gtin}")))?.content_unit())
}

/// Numbers in ascending order and each once, as the chain wants its lists.
pub(crate) fn ascending<T: Ord + Clone>(items: &[T]) -> Vec<T> {
    let mut items = items.to_vec();
    items.sort();
    items.dedup();
    items
}

/// One value for programs, or its record for people.
pub(crate) fn show(printer: Printer, value: &Value, rows: &[(&str, String)]) {
    if printer.is_json() {
        printer.value(value);
    } else {
        print_record(rows);
    }
}

/// Numbers, with commas between them.
pub(crate) fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

/// A value, or a dash.
pub(crate) fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecoledger_client::certification::Ground;

    #[test]
    fn names_are_written_with_hyphens() {
        assert_eq!(chain_name::<Ground>("mark-misused").unwrap(), Ground::MarkMisused);
        assert_eq!(chain_name::<Ground>("in-order").unwrap(), Ground::InOrder);
        assert!(chain_name::<Ground>("unknown").is_err());
    }

    #[test]
    fn a_date_is_a_whole_day() {
        let date: When = "2026-03-28".parse().unwrap();
        let moment = |text: &str| text.parse::<Moment>().unwrap();
        assert_eq!(date.start(), moment("2026-03-28T00:00:00+08:00"));
        assert_eq!(date.end(), moment("2026-03-29T00:00:00+08:00"));
        assert_eq!(date.past().0 + 1, date.end().0);
        let noon: When = "2026-03-28T12:00:00+08:00".parse().unwrap();
        assert_eq!((noon.start(), noon.end()), (noon.past(), noon.past()));
        let future: When = "9999-12-31".parse().unwrap();
        assert!(future.past() <= Moment::now());
        for text in ["2026-02-30", "28.03.2026", "2026-03-28T12:00:00", ""] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }

    #[test]
    fn shares_name_the_field_that_is_wrong() {
        let grown: Grown = "09506000200026=430kg@3mu".parse().unwrap();
        assert_eq!((grown.share.gtin.as_str(), grown.area.units), ("09506000200026", 600_000));
        assert_eq!(grown.share.quantity, Quantity::whole(430, "KGM"));
        for (text, word) in [
            ("09506000200026=430kg", "GTIN=QUANTITY@AREA"),
            ("09506000200027=430kg@3mu", "check digit"),
            ("09506000200026=430@3mu", "no unit"),
            ("09506000200026=430kg@3", "area"),
            ("09506000200026@3mu", "GTIN=QUANTITY"),
        ] {
            let error = text.parse::<Grown>().unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn lists_ascend() {
        assert_eq!(ascending(&[3, 1, 3, 2]), [1, 2, 3]);
    }
}

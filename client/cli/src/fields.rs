//! Fields that several commands take, and how they are shown.

use crate::output::{Printer, print_record};
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use ecoledger_client::{
    Area, BaseUnit, CivilDate, Client, Error, Gtin, Moment, Quantity,
    certification::{CeilingScope, TEXT_BYTES_MAX},
    value::check_line,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::str::FromStr;

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
    /// Now.
    Now,
    /// A whole day in China Standard Time.
    Date(CivilDate),
    /// A moment.
    Moment(Moment),
}

impl FromStr for When {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text == "now" {
            return Ok(Self::Now);
        }
        match (text.parse(), text.parse()) {
            (Ok(date), _) => Ok(Self::Date(date)),
            (_, Ok(moment)) => Ok(Self::Moment(moment)),
            // Whoever writes a time of day means a moment.
            (_, Err(error)) if text.contains('T') => Err(error),
            _ => Err(Error::Arguments(format!(
                "time: YYYY-MM-DD from 1970 on, `now`, or RFC 3339 with an offset is expected, got \
                 {text:?}"
            ))),
        }
    }
}

impl When {
    /// The moment, or the first of the date.
    pub(crate) fn start(self) -> Moment {
        match self {
            Self::Now => Moment::now(),
            Self::Date(date) => date.start(),
            Self::Moment(moment) => moment,
        }
    }

    /// The moment, or the first behind the date.
    pub(crate) fn end(self) -> Moment {
        match self {
            Self::Now => Moment::now(),
            Self::Date(date) => date.end(),
            Self::Moment(moment) => moment,
        }
    }

    /// The moment, or the last of the date. Without a time, and for a date that is not over, it is
    /// `last`, the time of the last block.
    ///
    /// # Errors
    /// [`Error::Arguments`] for a time behind `last`, since nobody knows what will be.
    pub(crate) fn past(self, last: Moment) -> Result<Moment, Error> {
        let (first, end) = match self {
            Self::Now => (last, last),
            Self::Date(date) => (date.start(), Moment(date.end().0.saturating_sub(1))),
            Self::Moment(moment) => (moment, moment),
        };
        if first > last {
            return Err(Error::Arguments(format!(
                "at: a time up to {last}, that of the last block, is expected, got {first}"
            )));
        }
        Ok(end.min(last))
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
        let noon: When = "2026-03-28T12:00:00+08:00".parse().unwrap();
        assert_eq!((noon.start(), noon.end()), (moment("2026-03-28T12:00:00+08:00"), noon.start()));
        for text in ["2026-02-30", "28.03.2026", "2026-03-28T12:00:00", ""] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }

    #[test]
    fn no_status_is_asked_for_behind_the_last_block() {
        let last: Moment = "2026-03-28T12:00:00+08:00".parse().unwrap();
        let at = |text: &str| text.parse::<When>().unwrap().past(last);
        assert_eq!(at("now").unwrap(), last);
        assert_eq!(at("2026-03-28T12:00:00+08:00").unwrap(), last);
        // The last moment of a date that is over, and as far as is known of one that is not.
        assert_eq!(at("2026-03-27").unwrap().to_string(), "2026-03-27T23:59:59.999+08:00");
        assert_eq!(at("2026-03-28").unwrap(), last);
        for text in ["2026-03-29", "2026-03-28T12:00:00.001+08:00", "9999-12-31"] {
            let error = at(text).unwrap_err().to_string();
            assert!(error.starts_with("at: ") && error.contains("the last block"), "{error}");
            assert!(error.contains("2026-03-28T12:00:00+08:00"), "{error}");
        }
    }

    #[test]
    fn times_before_1970_are_not_kept() {
        for (text, words) in [
            ("1969-12-31", "YYYY-MM-DD from 1970 on"),
            ("1900-01-01T00:00:00Z", "before 1970"),
            ("1970-01-01T00:00:00+08:00", "before 1970"),
            ("2026-01-01T00:00:00", "with an offset"),
            ("yesterday", "YYYY-MM-DD from 1970 on, `now`"),
        ] {
            let error = text.parse::<When>().unwrap_err().to_string();
            assert!(error.starts_with("time: ") && error.contains(words), "{error}");
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

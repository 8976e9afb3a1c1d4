//! Months, years, readings and payments, as they are written on the command line.

use ecoledger_client::{
    Error, Fen,
    compensation::{MicrogramsPerLitre, horizontal::Indicator},
};
use std::str::FromStr;

/// A month, `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Month {
    pub(super) year: u16,
    pub(super) month: u8,
}

impl FromStr for Month {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parts = text.split_once('-').and_then(|(year, month)| {
            let has_digits = year.len() == 4 && month.len() == 2;
            let month: u8 = month.parse().ok()?;
            let is_month = has_digits && (1..=12).contains(&month);
            is_month.then_some(Self { year: year.parse().ok()?, month })
        });
        parts.ok_or_else(|| {
            Error::Arguments(format!("month: YYYY-MM is expected, such as 2025-03, got {text:?}"))
        })
    }
}

/// First and last year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Years {
    pub(super) first: u16,
    pub(super) last: u16,
}

impl FromStr for Years {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let years = first.parse().ok().zip(last.parse().ok());
        years.map(|(first, last)| Self { first, last }).filter(|it| it.first <= it.last).ok_or_else(
            || {
                let rule = "first and last year are expected, such as 2025-2027";
                Error::Arguments(format!("years: {rule}, got {text:?}"))
            },
        )
    }
}

/// `INDICATOR=CONCENTRATION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    indicator: Indicator,
    value: MicrogramsPerLitre,
}

impl FromStr for Measured {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (indicator, value) = text.split_once('=').ok_or_else(|| {
            let rule = "INDICATOR=CONCENTRATION is expected, such as CODMn=4.1mg/L";
            Error::Arguments(format!("value: {rule}, got {text:?}"))
        })?;
        Ok(Self { indicator: indicator.parse()?, value: value.parse()? })
    }
}

/// `PAYER:PAYEE=AMOUNT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DecidedLeg {
    pub(super) payer: u8,
    pub(super) payee: u8,
    pub(super) amount: Fen,
}

impl FromStr for DecidedLeg {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parts = text.split_once('=').and_then(|(parties, amount)| {
            let (payer, payee) = parties.split_once(':')?;
            Some((payer.parse().ok()?, payee.parse().ok()?, amount))
        });
        let (payer, payee, amount) = parts.ok_or_else(|| {
            let rule = "PAYER:PAYEE=AMOUNT is expected, such as 1:0=100000000";
            Error::Arguments(format!("pay: {rule}, got {text:?}"))
        })?;
        Ok(Self { payer, payee, amount: amount.parse()? })
    }
}

/// Values in the order of a section's indicators, each of them once.
///
/// # Errors
/// Which value is missing, given twice, or not measured there.
pub(super) fn in_order(
    indicators: &[Indicator],
    values: &[Measured],
) -> Result<Vec<MicrogramsPerLitre>, Error> {
    let names: Vec<_> = indicators.iter().map(Indicator::to_string).collect();
    let refused = |what: &str, indicator: &Indicator| {
        Error::Arguments(format!(
            "value: one for each of {} is expected, {indicator} {what}",
            names.join(", ")
        ))
    };
    if let Some(other) = values.iter().find(|it| !indicators.contains(&it.indicator)) {
        return Err(refused("is not measured there", &other.indicator));
    }
    indicators
        .iter()
        .map(|indicator| {
            let mut found = values.iter().filter(|it| it.indicator == *indicator);
            match (found.next(), found.next()) {
                (Some(measured), None) => Ok(measured.value),
                (None, _) => Err(refused("is missing", indicator)),
                (Some(_), Some(_)) => Err(refused("is given twice", indicator)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_years_and_payments_are_written_plainly() {
        assert_eq!("2025-03".parse::<Month>().unwrap(), Month { year: 2025, month: 3 });
        for text in ["2025-3", "2025-13", "2025-00", "25-03", "2025", "2025-03-01"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
        assert_eq!("2025-2027".parse::<Years>().unwrap(), Years { first: 2025, last: 2027 });
        assert_eq!("2025".parse::<Years>().unwrap(), Years { first: 2025, last: 2025 });
        assert!("2027-2025".parse::<Years>().is_err());
        let leg: DecidedLeg = "1:0=100.50".parse().unwrap();
        assert_eq!(leg, DecidedLeg { payer: 1, payee: 0, amount: Fen(10_050) });
        for text in ["1=100", "1:0", "a:0=1", "1:0=1.234"] {
            assert!(text.parse::<DecidedLeg>().is_err(), "{text}");
        }
    }

    #[test]
    fn values_are_put_in_the_sections_order() {
        let indicators = [Indicator::PermanganateIndex, Indicator::AmmoniaNitrogen];
        let read = |texts: &[&str]| {
            let values: Vec<Measured> = texts.iter().map(|text| text.parse().unwrap()).collect();
            in_order(&indicators, &values).map_err(|error| error.to_string())
        };
        let both = [MicrogramsPerLitre(4_100), MicrogramsPerLitre(300)];
        assert_eq!(read(&["NH3-N=0.3mg/L", "CODMn=4.1mg/L"]).unwrap(), both);
        assert!(read(&["CODMn=4.1mg/L"]).unwrap_err().contains("NH3-N is missing"));
        let twice = read(&["CODMn=1mg/L", "CODMn=2mg/L", "NH3-N=1mg/L"]).unwrap_err();
        assert!(twice.contains("CODMn is given twice"), "{twice}");
        let other = read(&["CODMn=1mg/L", "NH3-N=1mg/L", "TP=1mg/L"]).unwrap_err();
        assert!(other.contains("TP is not measured there"), "{other}");
        assert!("CODMn=4.1".parse::<Measured>().unwrap_err().to_string().contains("unit"));
        assert!("pH=7mg/L".parse::<Measured>().unwrap_err().to_string().contains("indicator"));
    }
}

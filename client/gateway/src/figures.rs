//! Figures of pages with the records that they are from: the page carries the proof, and the reader's
//! browser holds every figure to it.

use crate::{app::App, problem::Problem, words::Language};
use ecoledger_client::{
    Moment,
    calendar::CivilDate,
    proof::{Bounds, Checkpoint, ProvenRecords, RECORDS_MAX, RecordName},
    value::text_from_json,
};
use maud::{Markup, PreEscaped, html};
use serde_json::Value as Json;
use std::sync::Arc;

/// How a figure is written. `figures.js` writes the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A whole number, with a comma before each three digits.
    Integer,
    /// Money: fen as yuan.
    Fen,
    /// Parts per billion as a decimal number.
    Ppb,
    /// µg/L as mg/L.
    MicrogramsPerLitre,
    /// Milligrams as kilograms.
    Kilograms,
    /// Millilitres as litres.
    Litres,
    /// A time, as day and minute in China Standard Time.
    Moment,
    /// Days since 1970-01-01, as a date.
    Date,
    /// The name of a variant, which a page says in its own words; digits and codes as they are.
    Word,
    /// A text, in any characters.
    Text,
}

impl Format {
    /// As `figures.js` knows it.
    fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Fen => "fen",
            Self::Ppb => "ppb",
            Self::MicrogramsPerLitre => "micrograms",
            Self::Kilograms => "kilograms",
            Self::Litres => "litres",
            Self::Moment => "moment",
            Self::Date => "date",
            Self::Word => "word",
            Self::Text => "text",
        }
    }

    /// The text of a value; `None` for one of another kind.
    pub(crate) fn text(self, value: &Json) -> Option<String> {
        let number = || match value {
            Json::Number(number) => number.as_i64().map(i128::from),
            Json::String(digits) => digits.parse().ok(),
            _ => None,
        };
        Some(match self {
            Self::Integer => decimal(number()?, 0, 0),
            Self::Fen => decimal(number()?, 2, 2),
            Self::Ppb => decimal(number()?, 9, 0),
            Self::MicrogramsPerLitre => decimal(number()?, 3, 0),
            Self::Kilograms => decimal(number()?, 6, 0),
            Self::Litres => decimal(number()?, 3, 0),
            Self::Moment => crate::pages::clock(Moment(number()?.try_into().ok()?)),
            Self::Date => CivilDate(number()?.try_into().ok()?).to_string(),
            Self::Word => word(value)?,
            Self::Text => text_from_json(value.as_str()?)?,
        })
    }
}

/// Where a record is given with its proof.
fn record_link(name: &RecordName) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("records", &name.to_string())
        .finish();
    format!("/api/v1/records?{query}")
}

/// A text, or the name of a variant.
fn word(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(value) => Some(value.to_string()),
        Json::Object(variant) => variant.keys().next().cloned(),
        Json::Null | Json::Array(_) => None,
    }
}

/// `value / 10^decimals` with at least `shown` decimals, and a comma before each three digits.
pub(crate) fn decimal(value: i128, decimals: usize, shown: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = decimals + 1);
    let (whole, part) = digits.split_at(digits.len() - decimals);
    let part = part.trim_end_matches('0');
    let mut text = String::new();
    if value < 0 {
        text.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !part.is_empty() || shown > 0 {
        text.push('.');
        text.push_str(&format!("{part:0<shown$}"));
    }
    text
}

/// Records that a page shows, proven in the last block that this gateway has.
pub(crate) struct Figures {
    language: Language,
    proven: Option<ProvenRecords>,
    height: u32,
    /// From where the page verifies them.
    pub(crate) anchor: Checkpoint,
}

impl App {
    /// Records for a page, with their proof; those that the chain does not have are left out.
    ///
    /// - `names`: what is above [`RECORDS_MAX`] is left out too; a page must not show so many.
    pub(crate) async fn figures(
        self: &Arc<Self>,
        language: Language,
        names: &[RecordName],
    ) -> Result<Figures, Problem> {
        let progress = self.progress();
        let height = progress.last.height;
        let names = &names[..names.len().min(RECORDS_MAX)];
        let anchor = progress.anchor;
        let found = self.client().proven_records(names, &anchor, &progress.before, height).await;
        let proven = match found {
            Ok(proven) => {
                let verified = proven.bundle.verify(&anchor, &Bounds::at(Moment::now()));
                verified.map_err(ecoledger_client::Error::from)?;
                Some(proven)
            }
            Err(ecoledger_client::Error::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Figures { language, proven, height, anchor })
    }
}

impl Figures {
    /// A record.
    pub(crate) fn record(&self, name: &RecordName) -> Option<&Json> {
        self.proven.as_ref()?.records.get(name)
    }

    /// A record as `T` has it; `None` too where it is none.
    pub(crate) fn read<T: serde::de::DeserializeOwned>(&self, name: &RecordName) -> Option<T> {
        serde_json::from_value(self.record(name)?.clone()).ok()
    }

    /// The records with their proof, if there are any.
    pub(crate) fn proven(&self) -> Option<&ProvenRecords> {
        self.proven.as_ref()
    }

    /// Height of the block that has them.
    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    /// The part of a record at `path`: names and positions with dots between.
    pub(crate) fn at(&self, name: &RecordName, path: &str) -> Option<&Json> {
        let mut value = self.record(name)?;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            value = match value {
                Json::Array(list) => list.get(step.parse::<usize>().ok()?)?,
                other => other.get(step)?,
            };
        }
        Some(value)
    }

    /// A figure, which the browser proves; it leads to its record.
    pub(crate) fn figure(&self, name: &RecordName, path: &str, format: Format) -> Markup {
        self.shown(name, path, format, None::<fn(&str) -> String>)
    }

    /// A figure that the page says in its own words, made by `words` of the plain text.
    pub(crate) fn worded(
        &self,
        name: &RecordName,
        path: &str,
        format: Format,
        words: impl FnOnce(&str) -> String,
    ) -> Markup {
        self.shown(name, path, format, Some(words))
    }

    fn shown(
        &self,
        name: &RecordName,
        path: &str,
        format: Format,
        words: Option<impl FnOnce(&str) -> String>,
    ) -> Markup {
        let Some(plain) = self.at(name, path).and_then(|value| format.text(value)) else {
            return html! { span.missing { (self.language.of("无记录", "no record")) } };
        };
        let is_worded = words.is_some();
        let text = words.map_or_else(|| plain.clone(), |words| words(&plain));
        html! {
            a.record href=(record_link(name)) title=(name) {
                data.figure data-record=(name) data-path=(path) data-format=(format.name())
                    data-worded[is_worded] value=(plain) { (text) }
            }
        }
    }

    /// The proof, what the browser makes of it, and what it is begun with.
    pub(crate) fn proof(&self) -> Markup {
        let checkpoint =
            serde_json::to_string(&self.anchor).unwrap_or_default().replace('<', "\\u003c");
        let Some(proven) = &self.proven else { return html! {} };
        let language = self.language;
        html! {
            section #proof aria-labelledby="proof-title" {
                h2 #proof-title { (language.of("证明", "Proof")) }
                p #verdict .banner.care role="status" { (language.of("正在您的浏览器中验证……", "Being verified in your browser…")) }
                noscript { p.banner.care { (language.of("没有 JavaScript，本页内容未在您的浏览器中验证。", "Without JavaScript nothing on this page is verified in your browser.")) } }
                p { (language.of(
                    "带勾的数字已由您的浏览器在下列区块的状态中验证；点选可见其记录与证明。验证程序由本网关提供。",
                    "Your browser has found each figure with a tick in the state of the block below; each leads to its record and the proof of it. The program that verifies was sent by this gateway.",
                )) }
                p { (language.of("区块", "Block")) " " (self.height) }
            }
            script type="application/json" #checkpoint { (PreEscaped(checkpoint)) }
            script type="text/plain" #bundle { (hex::encode(proven.bundle.to_bytes())) }
            script type="module" src="/assets/figures.js" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_are_written() {
        for (format, value, text) in [
            (Format::Integer, json!(0), "0"),
            (Format::Integer, json!(1_234_567), "1,234,567"),
            (Format::Integer, json!("12345678901234567890"), "12,345,678,901,234,567,890"),
            (Format::Fen, json!(5), "0.05"),
            (Format::Fen, json!(100_000), "1,000.00"),
            (Format::Fen, json!(-100_050), "-1,000.50"),
            (Format::Ppb, json!(864_875_000), "0.864875"),
            (Format::Ppb, json!(1_000_000_000), "1"),
            (Format::MicrogramsPerLitre, json!(4_100), "4.1"),
            (Format::Kilograms, json!(118_000_000), "118"),
            (Format::Litres, json!(1_500_250), "1,500.25"),
            (Format::Moment, json!(1_700_000_000_000_u64), "2023-11-15 06:13"),
            (Format::Date, json!(20_605), "2026-06-01"),
            (Format::Word, json!("Paid"), "Paid"),
            (Format::Word, json!({"Computed": {"confirmed": 1}}), "Computed"),
            (Format::Text, json!("0xe6b0b4"), "水"),
        ] {
            assert_eq!(format.text(&value).as_deref(), Some(text), "{value}");
        }
    }

    #[test]
    fn values_of_another_kind_have_no_text() {
        for (format, value) in [
            (Format::Integer, json!("x")),
            (Format::Fen, json!(null)),
            (Format::Moment, json!(-1)),
            (Format::Word, json!([1])),
        ] {
            assert_eq!(format.text(&value), None, "{value}");
        }
    }
}

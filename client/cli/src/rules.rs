//! Governed data of traceability: units, yields, farm inputs, recalls, the clock.

use crate::{
    fields::{one_of, show},
    motion::{MotionArgs, OriginArgs, propose},
    output::{Printer, line, print_table},
};
use clap::{ArgGroup, Args, Subcommand};
use ecoledger_client::{
    Client, Error, Gtin, Ppb,
    traceability::{
        self as trace, CLOCK_SKEW_MS_MAX, FarmInput, FarmInputId, FarmInputKind, RecallScope,
        UnitCode, UnitRule, YIELD_PPB_MAX, YieldRule, YieldScope,
    },
};
use serde_json::json;

/// Longest registration of a farm input, in bytes.
const REGISTRATION_BYTES_MAX: usize = 32;

/// What a farm input is.
const KINDS: &[(&str, &str)] = &[
    ("pesticide", "农药"),
    ("fertiliser", "肥料"),
    ("feed", "饲料"),
    ("veterinary-drug", "兽药"),
    ("other", "anything else with an interval"),
];

/// What a recall starts from, beside the batch that is named.
const SCOPES: &[(&str, &str)] = &[
    ("descendants", "nothing"),
    ("same-event", "what the derivation made that made it"),
    ("same-parents", "all that was derived directly from any parent of it"),
];

/// Rules of traceability. What changes them is proposed as a motion; the committee votes on it.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// Propose what a unit of measure is; it never changes its base unit.
    Unit {
        /// Code of UN/ECE Recommendation 20, such as DZN.
        code: UnitCode,
        /// What it is in mg, ml or pcs: such as 12pcs, 453592.37mg or 1000/3mg.
        rule: UnitRule,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose the most that a transformation may give, or the end of a limit.
    Yield {
        #[command(flatten)]
        scope: ScopeArgs,
        #[command(flatten)]
        limit: LimitArgs,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Set a farm input (农业投入品): the agricultural authority of the country, or the committee.
    FarmInput {
        /// Its number in this register.
        id: FarmInputId,
        /// What it is.
        #[arg(value_parser = one_of::<FarmInputKind>(KINDS))]
        kind: FarmInputKind,
        /// Its number in the national register.
        #[arg(value_parser = registration)]
        registration: String,
        /// Days that must pass between use and harvest (安全间隔期).
        #[arg(long, value_name = "DAYS")]
        interval: u16,
        /// It may no longer be used.
        #[arg(long)]
        forbidden: bool,
        #[command(flatten)]
        origin: OriginArgs,
    },
    /// Propose what a class of recall reaches; all descendants follow.
    Recall {
        /// Grade of danger (召回等级): 1 to 3, 1 being the gravest.
        #[arg(value_parser = clap::value_parser!(u8).range(1..=3))]
        class: u8,
        /// What it starts from, beside the batch that is named.
        #[arg(value_parser = one_of::<RecallScope>(SCOPES))]
        scope: RecallScope,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose how far event time may be ahead of block time.
    ClockSkew {
        /// In seconds or milliseconds, such as 30s or 500ms; at most a day.
        #[arg(value_parser = skew_ms)]
        skew: u64,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Show the units of measure.
    Units,
    /// Show the yield limits.
    Yields,
    /// Show the farm inputs.
    FarmInputs,
    /// Show what recalls reach, the clock, and the version of all rules.
    Show,
}

/// From what to what a yield limit applies.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("input").required(true).args(["from", "from_category"])))]
pub(crate) struct ScopeArgs {
    /// GTIN of the product that goes in; its limit goes before one of its category.
    #[arg(long, value_name = "GTIN", requires = "to")]
    from: Option<Gtin>,
    /// GTIN of the product that comes out.
    #[arg(long, value_name = "GTIN", requires = "from")]
    to: Option<Gtin>,
    /// Class in GS1's Global Product Classification that goes in, eight digits.
    #[arg(long, value_name = "CATEGORY", requires = "to_category")]
    from_category: Option<u32>,
    /// Class that comes out.
    #[arg(long, value_name = "CATEGORY", requires = "from_category")]
    to_category: Option<u32>,
}

impl ScopeArgs {
    fn scope(&self) -> Result<YieldScope, Error> {
        match (&self.from, &self.to, self.from_category, self.to_category) {
            (Some(input), Some(output), _, _) => {
                Ok(YieldScope::Product { input: input.clone(), output: output.clone() })
            }
            (_, _, Some(input), Some(output)) => Ok(YieldScope::Category { input, output }),
            _ => Err(Error::Arguments(
                "scope: give --from and --to, or --from-category and --to-category".into(),
            )),
        }
    }
}

/// A yield limit, or its end.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("limit").required(true).args(["max", "end"])))]
pub(crate) struct LimitArgs {
    /// Content units out of one that goes in (mg, ml or pieces), such as 25% or 0.25.
    #[arg(long, value_name = "RATIO", value_parser = yield_max)]
    max: Option<Ppb>,
    /// It comes beside the main products and does not use up their share of the input.
    #[arg(long, requires = "max")]
    by_product: bool,
    /// End the limit; nothing can be made by it then.
    #[arg(long)]
    end: bool,
}

fn yield_max(text: &str) -> Result<Ppb, Error> {
    match text.parse()? {
        Ppb(ppb) if !(1..=YIELD_PPB_MAX).contains(&ppb) => Err(Error::Arguments(format!(
            "yield: a ratio above 0 and at most 1000000 is expected, got {text:?}"
        ))),
        max => Ok(max),
    }
}

fn registration(text: &str) -> Result<String, Error> {
    let is_visible = |byte: u8| byte.is_ascii_graphic();
    if (1..=REGISTRATION_BYTES_MAX).contains(&text.len()) && text.bytes().all(is_visible) {
        return Ok(text.to_owned());
    }
    Err(Error::Arguments(format!(
        "registration: 1 to {REGISTRATION_BYTES_MAX} visible characters of ASCII are expected, got {text:?}"
    )))
}

/// Reads `30s` or `500ms` as milliseconds.
fn skew_ms(text: &str) -> Result<u64, Error> {
    let (number, per_unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (text.strip_suffix('s').unwrap_or_default(), 1000),
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let ms = number.parse::<u64>().ok().filter(|_| is_number);
    ms.and_then(|ms| ms.checked_mul(per_unit)).filter(|ms| *ms <= CLOCK_SKEW_MS_MAX).ok_or_else(
        || {
            Error::Arguments(format!(
                "skew: whole seconds or milliseconds, at most a day, are expected, such as 30s or 500ms, got {text:?}"
            ))
        },
    )
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &RulesCommand,
    printer: Printer,
) -> Result<(), Error> {
    let (call, motion) = match command {
        RulesCommand::Unit { code, rule, motion } => (trace::set_unit(code, *rule), motion),
        RulesCommand::Yield { scope, limit, motion } => {
            let rule = limit.max.map(|max_ppb| YieldRule { max_ppb, by_product: limit.by_product });
            (trace::set_yield(&scope.scope()?, rule), motion)
        }
        RulesCommand::FarmInput { id, kind, registration, interval, forbidden, origin } => {
            let input = FarmInput {
                kind: *kind,
                registration: registration.clone(),
                pre_harvest_days: *interval,
                permitted: !forbidden,
            };
            return origin.make(client, &trace::set_farm_input(*id, &input), printer).await;
        }
        RulesCommand::Recall { class, scope, motion } => {
            (trace::set_recall_rule(*class, *scope), motion)
        }
        RulesCommand::ClockSkew { skew, motion } => (trace::set_clock_skew(*skew), motion),
        RulesCommand::Units => return show_units(client, printer).await,
        RulesCommand::Yields => return show_yields(client, printer).await,
        RulesCommand::FarmInputs => return show_farm_inputs(client, printer).await,
        RulesCommand::Show => return show_rules(client, printer).await,
    };
    propose(client, motion, &call, printer).await
}

async fn show_units(client: &Client, printer: Printer) -> Result<(), Error> {
    let units = client.units(None).await?;
    if printer.is_json() {
        printer.value(&json!(units));
        return Ok(());
    }
    let rows = units.iter().map(|(code, rule)| vec![code.to_string(), rule.to_string()]);
    print_table(&["unit", "is"], rows);
    Ok(())
}

async fn show_yields(client: &Client, printer: Printer) -> Result<(), Error> {
    let yields = client.yields(None).await?;
    if printer.is_json() {
        printer.value(&json!(yields));
        return Ok(());
    }
    let rows = yields.iter().map(|(scope, rule)| {
        let (input, output) = match scope {
            YieldScope::Product { input, output } => (input.to_string(), output.to_string()),
            YieldScope::Category { input, output } => {
                (format!("category {input:08}"), format!("category {output:08}"))
            }
        };
        let kind = if rule.by_product { "by-product" } else { "product" };
        vec![input, output, rule.max_ppb.to_string(), kind.to_owned()]
    });
    print_table(&["from", "to", "at most", "as"], rows);
    Ok(())
}

async fn show_farm_inputs(client: &Client, printer: Printer) -> Result<(), Error> {
    let inputs = client.farm_inputs(None).await?;
    if printer.is_json() {
        printer.value(&json!(inputs));
        return Ok(());
    }
    let rows = inputs.iter().map(|(id, input)| {
        vec![
            id.to_string(),
            format!("{:?}", input.kind),
            input.registration.clone(),
            format!("{} days", input.pre_harvest_days),
            if input.permitted { "yes" } else { "no" }.to_owned(),
        ]
    });
    print_table(&["number", "kind", "registration", "before harvest", "permitted"], rows);
    Ok(())
}

async fn show_rules(client: &Client, printer: Printer) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let rules = client.traceability_rule_set(height).await?;
    let recalls = client.recall_rules(height).await?;
    let skew_ms = client.clock_skew_ms(height).await?;
    let reached: Vec<_> =
        recalls.iter().map(|(class, scope)| format!("class {class}: {scope:?}")).collect();
    show(
        printer,
        &json!({ "ruleSet": rules, "recallRules": recalls, "clockSkewMs": skew_ms }),
        &[
            ("version", rules.version.to_string()),
            ("hash", rules.hash.to_string()),
            ("recalls reach", reached.join("\n")),
            ("clock skew", format!("{skew_ms} ms")),
        ],
    );
    if !printer.is_json() {
        line("more: rules units, rules yields, rules farm-inputs");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skews_have_a_unit() {
        assert_eq!(skew_ms("30s").unwrap(), 30_000);
        assert_eq!(skew_ms("500ms").unwrap(), 500);
        assert_eq!(skew_ms("86400s").unwrap(), CLOCK_SKEW_MS_MAX);
        for text in ["", "30", "s", "86401s", "-1s", "+1s", "1.5s", "1min"] {
            let error = skew_ms(text).unwrap_err().to_string();
            assert!(error.starts_with("skew: whole seconds"), "{text}: {error}");
        }
    }

    #[test]
    fn yields_are_bounded() {
        assert_eq!(yield_max("25%").unwrap(), Ppb(250_000_000));
        assert_eq!(yield_max("1000000").unwrap(), Ppb(YIELD_PPB_MAX));
        for text in ["0", "1000000.1", "25 kg"] {
            assert!(yield_max(text).is_err(), "{text}");
        }
        assert!(registration("PD20080001").is_ok());
        for text in ["", "PD 1", "农药1", &"9".repeat(33)] {
            assert!(registration(text).unwrap_err().to_string().contains("registration: 1 to 32"));
        }
    }
}

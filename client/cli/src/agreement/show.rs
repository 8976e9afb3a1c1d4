//! Agreements, samples and settlements, for people.

use super::{YearArg, rules as file};
use crate::output::{Printer, line, print_record, print_table};
use ecoledger_client::{
    Client, Error, Fen, Ppb,
    compensation::{
        AgreementId, MicrogramsPerLitre,
        horizontal::{
            Agreement, AgreementRules, Formula, Half, Leg, Sample, SampleStatus, Section,
            Settlement, SettlementStatus, Trace, weighted_index,
        },
    },
};
use serde_json::json;

async fn read(client: &Client, id: AgreementId, height: Option<u32>) -> Result<Agreement, Error> {
    let agreement = client.agreement(id, height).await?;
    agreement.ok_or_else(|| Error::NotFound(format!("agreement {id}")))
}

pub(super) async fn agreement(
    client: &Client,
    id: AgreementId,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let agreement = read(client, id, height).await?;
    let pending = client.pending_rules(id, height).await?;
    let settlements = client.settlements(id, height).await?;
    if printer.is_json() {
        let settlements: Vec<_> = settlements
            .iter()
            .map(|(year, settlement)| json!({ "year": year, "settlement": settlement }))
            .collect();
        printer.value(&json!({
            "agreement": id, "details": agreement, "pending": pending, "settlements": settlements,
        }));
        return Ok(());
    }
    let terms = &agreement.terms;
    let parties: Vec<_> = (0u8..)
        .zip(&terms.parties)
        .map(|(index, party)| format!("{index}: organisation {party}"))
        .collect();
    let mut rows = vec![
        ("agreement", id.to_string()),
        ("parties", parties.join("\n")),
        ("superior", format!("organisation {}", terms.superior)),
        ("national station", format!("organisation {}", terms.national_station)),
        ("years", format!("{} to {}", terms.first_year, terms.last_year)),
        ("cap for a year", terms.cap_fen.to_string()),
        ("pay within", terms.pay_term.to_string()),
        ("budget code", terms.code.clone()),
        ("text", terms.text.to_string()),
        ("signed rules", format!("version {}", agreement.version)),
        ("status", format!("{:?}", agreement.status)),
    ];
    if let Some(programme) = agreement.programme {
        rows.push(("programme", format!("{programme}, tags are YEAR times ten plus the party")));
    }
    if let Some(pending) = &pending {
        let signed = parties_in(pending.signed.into(), terms.parties.len());
        rows.push(("to be signed", format!("{}\nsigned by {signed}", pending.hash)));
    }
    print_record(&rows);
    for (year, settlement) in &settlements {
        print_settlement(id, *year, settlement);
    }
    Ok(())
}

/// The indices in a set of bits.
fn parties_in(set: u32, count: usize) -> String {
    let has = |index: &u32| set.checked_shr(*index).is_some_and(|rest| rest & 1 == 1);
    let indices = (0u32..).take(count).filter(has).map(|index| index.to_string());
    let found: Vec<_> = indices.collect();
    if found.is_empty() { "none".into() } else { format!("party {}", found.join(", ")) }
}

/// Prints rules as a file.
pub(super) async fn rules(
    client: &Client,
    id: AgreementId,
    version: Option<u32>,
    pending: bool,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let agreement = read(client, id, height).await?;
    let found = if pending {
        client.pending_rules(id, height).await?.map(|pending| pending.rules)
    } else {
        let version = version.unwrap_or(agreement.version);
        client.agreement_rules(id, version, height).await?
    };
    let rules = found.ok_or_else(|| Error::NotFound(format!("rules of agreement {id} there")))?;
    line(file::write(&rules));
    Ok(())
}

/// The twelve months of a section.
pub(super) async fn samples(
    client: &Client,
    YearArg { agreement: id, year }: YearArg,
    index: u8,
    printer: Printer,
) -> Result<(), Error> {
    let height = client.height().await?;
    let (version, rules) = client.rules_of_year(id, year, Some(height)).await?;
    let section = rules.sections.get(usize::from(index)).ok_or_else(|| {
        Error::NotFound(format!("section {index} in version {version} of agreement {id}"))
    })?;
    let k0 = k0_of(&rules, index);
    let mut months = Vec::new();
    for month in 1..=12u8 {
        months.push((month, client.sample(id, (year, index, month), Some(height)).await?));
    }
    let recomputed = client.recompute_settlement(id, year, Some(height)).await?;
    let index_of = |sample: &Option<Sample>| {
        let reading = sample.as_ref()?.status.reading()?;
        weighted_index(section, k0, reading)
    };
    if printer.is_json() {
        let rows: Vec<_> = months
            .iter()
            .map(|(month, sample)| {
                json!({ "month": month, "sample": sample, "index_ppb": index_of(sample) })
            })
            .collect();
        printer.value(&json!({
            "agreement": id, "year": year, "section": index, "version": version,
            "indicators": section.indicators, "months": rows, "recomputed": recomputed,
        }));
        return Ok(());
    }
    let names: Vec<_> = section.indicators.iter().map(|it| it.indicator.to_string()).collect();
    let mut header = vec!["month", "what stands"];
    header.extend(names.iter().map(String::as_str));
    header.push("P");
    let mut rows: Vec<_> = months
        .iter()
        .map(|(month, sample)| {
            let mut row = vec![format!("{year}-{month:02}"), standing(sample.as_ref())];
            row.extend((0..names.len()).map(|n| value_of(sample.as_ref(), n)));
            row.push(index_of(sample).map_or_else(|| "—".into(), |index| index.to_string()));
            row
        })
        .collect();
    rows.push(mean_row(section, &months));
    print_table(&header, rows.into_iter());
    match recomputed {
        Some((trace, legs)) => {
            line(format_args!("by the chain: {}", described(&trace)));
            legs.iter().for_each(|leg| line(payment(leg)));
        }
        None => line("the year does not settle yet: months are missing or in dispute"),
    }
    Ok(())
}

/// The stability coefficient of the section's index; 1 where the formula has none.
fn k0_of(rules: &AgreementRules, index: u8) -> Ppb {
    match &rules.formula {
        Formula::WeightedIndex { section, k0_ppb, .. } if *section == index => *k0_ppb,
        _ => Ppb(1_000_000_000),
    }
}

fn standing(sample: Option<&Sample>) -> String {
    match sample.map(|sample| &sample.status) {
        None => "—",
        Some(SampleStatus::OneHalf) => "one half",
        Some(SampleStatus::Agreed(_)) => "agreed",
        Some(SampleStatus::Disputed) => "DISPUTED",
        Some(SampleStatus::Decided(_)) => "decided",
        Some(SampleStatus::Exempt) => "exempt",
    }
    .into()
}

/// What stands, or else what each side measured.
fn value_of(sample: Option<&Sample>, index: usize) -> String {
    let Some(sample) = sample else { return "—".into() };
    if let Some(reading) = sample.status.reading() {
        return reading.get(index).map_or_else(|| "—".into(), ToString::to_string);
    }
    let half = |half: &Option<Half>| {
        let value = half.as_ref().and_then(|half| half.reading.get(index));
        value.map_or_else(|| "—".into(), ToString::to_string)
    };
    let [upstream, downstream] = &sample.halves;
    format!("{} | {}", half(upstream), half(downstream))
}

/// Means of the months that have a value, half a µg/L rounded up; for people, the chain divides
/// exactly.
fn mean_row(section: &Section, months: &[(u8, Option<Sample>)]) -> Vec<String> {
    let readings: Vec<&[MicrogramsPerLitre]> =
        months.iter().filter_map(|(_, sample)| sample.as_ref()?.status.reading()).collect();
    let mean = |index: usize| {
        let sum: u64 = readings.iter().filter_map(|it| it.get(index)).map(|it| it.0).sum();
        let count = u64::try_from(readings.len()).ok().filter(|count| *count > 0)?;
        Some(MicrogramsPerLitre(sum.saturating_mul(2).saturating_add(count) / (2 * count)))
    };
    let mut row = vec!["mean".into(), format!("{} months", readings.len())];
    row.extend(
        (0..section.indicators.len())
            .map(|index| mean(index).map_or_else(|| "—".into(), |mean| mean.to_string())),
    );
    row
}

fn described(trace: &Trace) -> String {
    match trace {
        Trace::WeightedIndex { index_ppb, step } => {
            format!("P = {index_ppb}, step {step} of the ladder")
        }
        Trace::ClassAndChange { class, ratio_ppb, class_fen, change_fen } => format!(
            "class {class}, key pollutants at {ratio_ppb} of the year before; to upstream {class_fen} for the class and {change_fen} for the change"
        ),
        Trace::Pool { failed, contributions_fen, distributions_fen } => {
            let list = |fen: &[Fen]| fen.iter().map(Fen::to_string).collect::<Vec<_>>().join(", ");
            format!(
                "failed sections {failed:#b}; contributions {}; distributions {}",
                list(contributions_fen),
                list(distributions_fen)
            )
        }
        Trace::Decision => "decided by the superior".into(),
    }
}

fn payment(leg: &Leg) -> String {
    let Leg { payer, payee, amount_fen, .. } = leg;
    format!("party {payer} pays party {payee} {amount_fen}")
}

fn print_settlement(id: AgreementId, year: u16, settlement: &Settlement) {
    let status = match settlement.status {
        SettlementStatus::Computed { confirmed } => {
            format!("computed (已核算), confirmed by {}", parties_in(confirmed.into(), 4))
        }
        SettlementStatus::Disputed => "disputed (争议)".into(),
        SettlementStatus::Confirmed => "confirmed (已确认)".into(),
        SettlementStatus::Decided => "decided (已裁定)".into(),
        SettlementStatus::Paid => "paid (已支付)".into(),
    };
    let legs: Vec<_> = (0u8..)
        .zip(&settlement.legs)
        .map(|(index, leg)| {
            format!("{index}: {}, of which {} are paid", payment(leg), leg.paid_fen)
        })
        .collect();
    print_record(&[
        ("settlement", format!("agreement {id}, {year}")),
        ("rules", format!("version {}", settlement.version)),
        ("results", settlement.results_hash.to_string()),
        ("how", described(&settlement.trace)),
        ("payments", legs.join("\n")),
        ("status", status),
        ("late from", settlement.due_at.map_or_else(|| "—".into(), |at| at.to_string())),
    ]);
}

/// The settlement of a year, and what its samples give now.
pub(super) async fn settlement(
    client: &Client,
    YearArg { agreement: id, year }: YearArg,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    read(client, id, height).await?;
    let settlement = client
        .settlement(id, year, height)
        .await?
        .ok_or_else(|| Error::NotFound(format!("settlement of agreement {id} for {year}")))?;
    let recomputed = client.recompute_settlement(id, year, height).await?;
    let agrees = recomputed.as_ref().map(|(trace, legs)| {
        let same_legs = legs.len() == settlement.legs.len()
            && legs
                .iter()
                .zip(&settlement.legs)
                .all(|(a, b)| (a.payer, a.payee, a.amount_fen) == (b.payer, b.payee, b.amount_fen));
        *trace == settlement.trace && same_legs
    });
    if printer.is_json() {
        printer.value(&json!({
            "agreement": id, "year": year, "settlement": settlement,
            "recomputed": recomputed, "asRecomputed": agrees,
        }));
        return Ok(());
    }
    print_settlement(id, year, &settlement);
    line(match (agrees, &settlement.trace) {
        (_, Trace::Decision) => "decided; no formula applies".to_owned(),
        (Some(true), _) => "computed again from samples and rules: the same".into(),
        (Some(false), _) => "computed again from samples and rules: ANOTHER RESULT".into(),
        (None, _) => "cannot be computed again: months are missing or in dispute".into(),
    });
    Ok(())
}

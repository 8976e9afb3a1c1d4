//! Series, codes and items, shown.

use super::series_of;
use crate::{
    batch::recalls,
    fields::{content_unit, or_dash, show},
    output::{Printer, line, print_table},
};
use ecoledger_client::{
    BatchId, Client, Error,
    labels::{CodeProof, CodeScheme, ItemMark, SeriesState},
};
use serde_json::{Value, json};

/// Checks a proof here by the record of the series, and asks the chain.
pub(super) async fn verify(
    client: &Client,
    proof: &CodeProof,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let answer = client.check_code(proof, height).await?;
    let code = or_dash(proof.code());
    let series = answer.series.as_ref();
    let holds = series.is_some_and(|series| proof.holds(&series.root, series.n_codes));
    if !answer.genuine || !holds {
        let series = proof.series;
        return Err(Error::NotFound(format!(
            "code {code} at position {} of series {series}: the proof does not hold, or it is no code of the series",
            proof.index
        )));
    }
    let recall = match series {
        Some(series) => Some(client.recall_status(&series.batch, height).await?),
        None => None,
    };
    let state = series.map(|series| series.state);
    let mark = answer.mark.as_ref().map(mark_text);
    let licence = answer.licence_in_force.map(|it| if it { "in force" } else { "NOT in force" });
    let certificate = answer.certificate.map(|status| format!("{status:?}"));
    show(
        printer,
        &json!({ "code": code, "answer": answer, "recallStatus": recall }),
        &[
            ("code", code.clone()),
            ("genuine", "yes".to_owned()),
            ("series", format!("{}, {}", proof.series, or_dash(state.map(state_text)))),
            ("product", or_dash(series.map(|series| &series.gtin))),
            ("batch", or_dash(series.map(|series| &series.batch))),
            ("recalls", or_dash(recall.as_ref().map(recalls))),
            ("certificate", or_dash(certificate)),
            ("licence", or_dash(licence)),
            ("item", mark.unwrap_or_else(|| "not marked".to_owned())),
        ],
    );
    Ok(())
}

fn state_text(state: SeriesState) -> String {
    match state {
        SeriesState::Active => "active".to_owned(),
        SeriesState::Frozen(fault) => format!("FROZEN: {fault:?}"),
        SeriesState::Void => "VOID".to_owned(),
    }
}

fn mark_text(mark: &ItemMark) -> String {
    format!("{:?} since {} by organisation {}, mark {}", mark.life, mark.at, mark.by, mark.n_marks)
}

pub(super) async fn series(client: &Client, id: u32, printer: Printer) -> Result<(), Error> {
    let series = series_of(client, id).await?;
    let unit = content_unit(client, &series.gtin).await?;
    let scheme = match &series.scheme {
        CodeScheme::Gs1Serial => "serial numbers".to_owned(),
        CodeScheme::Organic { certifier, year } => {
            format!("organic codes of body {certifier} and year {year}")
        }
    };
    let certificate = series.certificate.map(|id| {
        let note = if series.made_while_suspended { ", made while it was suspended" } else { "" };
        format!("{id}{note}")
    });
    show(
        printer,
        &json!({ "id": id, "series": series }),
        &[
            ("series", id.to_string()),
            ("state", format!("{} since {}", state_text(series.state), series.state_since)),
            ("batch", series.batch.to_string()),
            ("product", series.gtin.to_string()),
            ("labeller", format!("organisation {}", series.labeller)),
            ("codes", format!("{} {scheme}", series.n_codes)),
            ("root", series.root.to_string()),
            ("list", series.list.to_string()),
            ("certificate", or_dash(certificate)),
            ("licence", or_dash(series.licence)),
            ("content", unit.show(series.content)),
            ("sold", series.n_sold.to_string()),
            ("returned", series.n_returned.to_string()),
            ("destroyed", series.n_destroyed.to_string()),
        ],
    );
    Ok(())
}

pub(super) async fn batch(client: &Client, batch: &BatchId, printer: Printer) -> Result<(), Error> {
    let (series, count) = client.series_of_batch(batch, None).await?;
    if printer.is_json() {
        let rows = series.iter().map(|(id, series)| json!({ "id": id, "series": series }));
        let rows = Value::Array(rows.collect());
        printer.value(&json!({ "batch": batch, "series": rows, "labelled": count }));
        return Ok(());
    }
    let rows = series.iter().map(|(id, series)| {
        vec![
            id.to_string(),
            state_text(series.state),
            series.n_codes.to_string(),
            or_dash(series.certificate),
            or_dash(series.licence),
            series.n_sold.to_string(),
        ]
    });
    print_table(&["series", "state", "codes", "certificate", "licence", "sold"], rows);
    line(format_args!("{} pieces labelled", count.n_pieces));
    Ok(())
}

pub(super) async fn item(
    client: &Client,
    series: u32,
    index: u32,
    printer: Printer,
) -> Result<(), Error> {
    let mark = client.item_mark(series, index, None).await?;
    let text = mark.as_ref().map_or_else(|| "not marked".to_owned(), mark_text);
    show(
        printer,
        &json!({ "series": series, "index": index, "mark": mark }),
        &[("series", series.to_string()), ("position", index.to_string()), ("item", text)],
    );
    Ok(())
}

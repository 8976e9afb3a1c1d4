//! Recalls: the list of them, and each with the goods that it reaches.

use super::{
    AskedPage,
    lot::lot_path,
    page,
    provenance::{balance::product_record, format_of},
    table,
};
use crate::{
    api::number_of,
    app::App,
    figures::{Figures, Format},
    problem::Problem,
    recalls,
    words::Language,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use ecoledger_client::{BaseUnit, proof::RecordName, value::text_from_json};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Recalls of a page.
const RECALLS_MAX: usize = 20;
/// Batches of a page.
const BATCHES_MAX: u32 = 50;

/// A batch by its id.
fn batch_name(id: &str) -> RecordName {
    RecordName::new("Traceability", "Batches", &[json!(id)])
}

/// Where a page of recalls goes on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecallsQuery {
    /// Last of the page before.
    before: Option<u32>,
}

/// Where a page of batches goes on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchesQuery {
    /// How many the pages before have.
    after: Option<u32>,
}

/// The list of recalls, newest first.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    AskedPage { language, query }: AskedPage<RecallsQuery>,
) -> Response {
    let answered = match query {
        Ok(query) => listed(&app, language, query.before).await,
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(|problem| super::refusal(&app, language, "/recalls", &problem))
}

async fn listed(
    app: &Arc<App>,
    language: Language,
    before: Option<u32>,
) -> Result<Response, Problem> {
    let ids = recalls::newest(app, before, RECALLS_MAX).await?;
    let names: Vec<_> = ids.iter().map(|id| recalls::name(*id)).collect();
    let mut wanted = names.clone();
    let first = app.figures(language, &names).await?;
    wanted.extend(
        names
            .iter()
            .filter_map(|name| first.at(name, "root").and_then(Json::as_str).map(batch_name)),
    );
    let figures = app.figures(language, &wanted).await?;
    let title = language.of("召回", "Recalls");
    let body = html! {
        @if ids.is_empty() { p { (language.of("链上没有召回。", "There is no recall on the chain.")) } }
        @else {
            (table(title, &html! {
                thead { tr {
                    th scope="col" { (language.of("编号", "Number")) }
                    th scope="col" { (language.of("批次", "Batch")) }
                    th scope="col" { (language.of("等级", "Class")) }
                    th scope="col" { (language.of("时间", "Opened")) }
                    th scope="col" { (language.of("波及批次", "Batches reached")) }
                    th scope="col" { (language.of("状态", "State")) }
                } }
                tbody { @for (id, name) in ids.iter().zip(&names) { tr {
                    th scope="row" { a href=(format!("/recall/{id}?lang={}", language.code())) { (id) } }
                    td { (root(&figures, name)) }
                    td { (figures.figure(name, "class", Format::Integer)) }
                    td { (figures.figure(name, "opened_at", Format::Moment)) }
                    td { (figures.figure(name, "n_affected", Format::Integer)) }
                    td { (phase(language, &figures, name)) }
                } } }
            }))
            @if let Some(last) = ids.last().filter(|last| **last > 0) {
                p { a rel="next" href=(format!("/recalls?before={last}&lang={}", language.code())) { (language.of("更早的召回", "Earlier recalls")) } }
            }
        }
        (figures.proof())
    };
    Ok(page(app, language, "/recalls", title, &body, StatusCode::OK))
}

fn root(figures: &Figures, recall: &RecordName) -> Markup {
    match figures.at(recall, "root").and_then(Json::as_str) {
        Some(id) => goods(figures, &batch_name(id)),
        None => html! {},
    }
}

/// Product and lot of a batch, leading to its page.
fn goods(figures: &Figures, batch: &RecordName) -> Markup {
    let text = |path| figures.at(batch, path).and_then(Json::as_str).and_then(text_from_json);
    match (text("gtin"), text("lot")) {
        (Some(gtin), Some(lot)) => html! {
            (figures.figure(batch, "gtin", Format::Word)) " · " (figures.figure(batch, "lot", Format::Text))
            " " a href=(lot_path(&gtin, &lot)) aria-label=(format!("{gtin} · {lot}")) { "→" }
        },
        _ => html! { code { (batch) } },
    }
}

/// So much of a batch, in the unit of its product.
fn quantity(language: Language, figures: &Figures, batch: &RecordName, path: &str) -> Markup {
    let product = figures.at(batch, "gtin").and_then(Json::as_str).map(product_record);
    let unit =
        product.and_then(|product| BaseUnit::deserialize(figures.at(&product, "base_unit")?).ok());
    html! { (figures.figure(batch, path, format_of(unit))) " " (language.unit(unit)) }
}

fn phase(language: Language, figures: &Figures, recall: &RecordName) -> Markup {
    figures.worded(recall, "phase", Format::Word, |phase| {
        let words = match phase {
            "Spreading" => ("范围正在核定", "being assessed"),
            "Complete" => ("有效", "in force"),
            "Lifting" => ("正在解除", "being lifted"),
            "Lifted" => ("已解除", "lifted"),
            other => return other.to_owned(),
        };
        language.of(words.0, words.1).to_owned()
    })
}

fn scope(language: Language, figures: &Figures, recall: &RecordName) -> Markup {
    figures.worded(recall, "scope", Format::Word, |scope| {
        let words = match scope {
            "Descendants" => {
                ("该批次及由其制成的全部批次", "the batch and all that was made of it")
            }
            "SameEvent" => (
                "与该批次同一次加工的批次，及由其制成的全部批次",
                "what was made together with the batch, and all that was made of that",
            ),
            "SameParents" => (
                "与该批次出自同一原料的批次，及由其制成的全部批次",
                "what was made from the same batches, and all that was made of that",
            ),
            other => return other.to_owned(),
        };
        language.of(words.0, words.1).to_owned()
    })
}

/// A recall and the batches that it reaches.
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    AskedPage { language, query }: AskedPage<BatchesQuery>,
) -> Response {
    let answered = match (number_of("recall", &id), query) {
        (Ok(number), Ok(query)) => {
            recall(&app, language, number, query.after.unwrap_or_default()).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    answered.unwrap_or_else(|problem| super::refusal(&app, language, "/recalls", &problem))
}

async fn recall(
    app: &Arc<App>,
    language: Language,
    id: u32,
    after: u32,
) -> Result<Response, Problem> {
    let height = app.progress().last.height;
    let name = recalls::name(id);
    let found = app.client().query("Traceability", "Recalls", &name.key(), Some(height)).await?;
    let record =
        found.ok_or_else(|| Problem::not_found(format!("recall {id}: it is not on the chain")))?;
    let reached = app.client().affected_by(id, after, BATCHES_MAX, height).await?;
    let opened_by = RecordName::new("Participants", "Profiles", &[record["opened_by"].clone()]);
    let mut names = vec![name.clone(), opened_by.clone()];
    names.extend(record["root"].as_str().map(batch_name));
    names.extend(reached.batches.iter().map(|batch| batch_name(batch)));
    let figures = app.figures(language, &names).await?;
    names.extend(reached.batches.iter().filter_map(|batch| {
        let gtin = figures.at(&batch_name(batch), "gtin").and_then(Json::as_str)?;
        Some(product_record(gtin))
    }));
    let figures = app.figures(language, &names).await?;
    let shown = after + u32::try_from(reached.batches.len()).unwrap_or(BATCHES_MAX);
    let title = format!("{} {id}", language.of("召回", "Recall"));
    let body = html! {
        @match record["phase"].as_str().unwrap_or("Spreading") {
            "Lifted" => { p.banner.good { (language.of("此召回已解除。", "This recall is lifted.")) } }
            "Complete" => { p.banner.bad role="alert" { (language.of("召回有效：下列批次请勿食用或出售。", "In force: do not use or sell the batches below.")) } }
            _ => { p.banner.bad role="alert" { (language.of("范围正在核定：除下列批次外，可能还有更多。", "Being assessed: there may be more batches than those below.")) } }
        }
        dl {
            dt { (language.of("批次", "Batch")) } dd { (root(&figures, &name)) }
            dt { (language.of("等级", "Class")) } dd { (figures.figure(&name, "class", Format::Integer)) " " (language.of("（一级最严重）", "(1 is the gravest)")) }
            dt { (language.of("范围", "Scope")) } dd { (scope(language, &figures, &name)) }
            dt { (language.of("由谁发起", "Opened by")) } dd { (figures.figure(&opened_by, "name", Format::Text)) }
            dt { (language.of("时间", "Opened")) } dd { (figures.figure(&name, "opened_at", Format::Moment)) }
            dt { (language.of("公告的摘要", "Commitment to the notice")) } dd { (figures.figure(&name, "reason", Format::Word)) }
            dt { (language.of("状态", "State")) } dd { (phase(language, &figures, &name)) }
            @if !record["lifted"].is_null() {
                dt { (language.of("解除时间", "Lifted")) } dd { (figures.figure(&name, "lifted.at", Format::Moment)) }
            }
        }
        section aria-labelledby="reached" {
            h2 #reached { (language.of("波及的批次", "Batches reached")) " · " (figures.figure(&name, "n_affected", Format::Integer)) }
            (table(language.of("波及的批次", "Batches reached"), &html! {
                thead { tr {
                    th scope="col" { (language.of("批次", "Batch")) }
                    th scope="col" { (language.of("在手", "On hand")) }
                    th scope="col" { (language.of("运输途中", "On the way")) }
                    th scope="col" { (language.of("已售", "Sold")) }
                    th scope="col" { (language.of("有效召回数", "Recalls in force")) }
                } }
                tbody { @for batch in &reached.batches {
                    @let batch = batch_name(batch);
                    tr {
                        th scope="row" { (goods(&figures, &batch)) }
                        td.number { (quantity(language, &figures, &batch, "quantities.on_hand")) }
                        td.number { (quantity(language, &figures, &batch, "quantities.in_transit")) }
                        td.number { (quantity(language, &figures, &batch, "quantities.sold")) }
                        td.number { (figures.figure(&batch, "n_recalls", Format::Integer)) }
                    }
                } }
            }))
            @if shown < reached.total {
                p { a rel="next" href=(format!("/recall/{id}?after={shown}&lang={}", language.code())) { (language.of("更多批次", "More batches")) } }
            }
        }
        (figures.proof())
    };
    Ok(page(app, language, &format!("/recall/{id}"), &title, &body, StatusCode::OK))
}

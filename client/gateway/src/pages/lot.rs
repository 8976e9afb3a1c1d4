//! Pages of a lot and of a product, and the custody of a lot.

use super::{clock, objections, provenance::explorer_path};
use crate::{
    api::DEPTH_MAX as ANCESTRY_DEPTH,
    app::App,
    figures::{Figures, Format},
    index::{Direction, Graph, Id, IndexedEvent},
    link::Link,
    problem::Problem,
    words::Language,
};
use axum::{http::StatusCode, response::Response};
use ecoledger_client::{
    Error, Moment,
    proof::{Objection, RecordName},
};
use maud::{Markup, html};
use serde_json::{Value, json};
use std::sync::Arc;

/// Events of a batch that a page shows.
const EVENTS_MAX: usize = 200;
/// Lots of a product that a page shows.
const LOTS_MAX: usize = 200;

pub(super) async fn history(
    app: &Arc<App>,
    batch: Id,
) -> Result<(Vec<IndexedEvent>, Graph), Problem> {
    app.blocking(move |app| -> Result<_, crate::index::IndexError> {
        let events = app.index.events_of(&format!("batch:{batch}"), None, EVENTS_MAX)?;
        Ok((events, app.index.trace(batch, Direction::Back, 1)?))
    })
    .await
}

pub(super) fn timeline(
    language: Language,
    events: &[IndexedEvent],
    names: &[(u32, String)],
) -> Markup {
    let party = |id: &serde_json::Value| {
        let found = names.iter().find(|(other, _)| Some(u64::from(*other)) == id.as_u64());
        found.map_or_else(
            || format!("{} {id}", language.of("机构", "organisation")),
            |(_, name)| name.clone(),
        )
    };
    let steps: Vec<_> = events.iter().filter(|event| event.name == "TraceEventRecorded").collect();
    html! {
        ol.timeline {
            @for event in steps {
                @let happened = &event.fields["event"];
                li {
                    time { (clock(moment(&happened["event_time"], event.time_ms))) }
                    (language.step(happened["biz_step"].as_str().unwrap_or_default()))
                    " · " (parties(happened, &party))
                    " · " (language.of("区块", "block")) " " (event.height)
                }
            }
        }
        @if events.len() == EVENTS_MAX { p { (language.of("更多记录见接口。", "There are more; see the API.")) } }
    }
}

/// Who did it, and to or from whom.
fn parties(happened: &serde_json::Value, party: &impl Fn(&serde_json::Value) -> String) -> String {
    let own = party(&happened["organisation"]);
    if happened["counterparty"].is_null() {
        return own;
    }
    let other = party(&happened["counterparty"]);
    match happened["biz_step"].as_str() {
        Some("Shipping") => format!("{own} → {other}"),
        Some("Receiving") => format!("{other} → {own}"),
        _ => format!("{own} · {other}"),
    }
}

fn moment(value: &serde_json::Value, otherwise: u64) -> Moment {
    Moment(value.as_u64().unwrap_or(otherwise))
}

/// What a batch was made from, and the way to its explorer.
pub(super) fn derivations(language: Language, made_from: &Graph) -> Markup {
    let own = made_from.nodes.first().and_then(|node| node.batch.name.as_ref());
    html! {
        @if let Some((_, derivation)) = made_from.derivations.first() {
            h3 { (language.of("由下列批次制成", "Made from")) " · " (language.kind(&derivation.kind)) }
            ul { @for node in made_from.nodes.iter().skip(1) {
                li { @match &node.batch.name {
                    Some((gtin, lot)) => { a href=(lot_path(gtin, lot)) { (gtin) " · " (lot) } }
                    None => { code { (node.id) } }
                } }
            } }
        }
        @if let Some((gtin, lot)) = own {
            p { a href=(format!("{}?lang={}", explorer_path(gtin, lot), language.code())) {
                (language.of("溯源图：由何制成，制成了什么", "Provenance: what it was made from, and what was made of it")) " →"
            } }
        }
    }
}

/// The page of a lot.
pub(super) async fn page(
    app: &Arc<App>,
    language: Language,
    path: &str,
    gtin: &str,
    lot: &str,
) -> Result<Response, Problem> {
    let (gtin, lot) = (gtin.to_owned(), lot.to_owned());
    let title = format!("{gtin} · {lot}");
    let id = app
        .blocking(move |app| app.index.batch(&gtin, &lot))
        .await?
        .ok_or_else(|| Problem::not_found(format!("{title}: no such lot is on the chain")))?;
    let (events, made_from) = history(app, id).await?;
    let batch = RecordName::new("Traceability", "Batches", &[json!(id)]);
    let figures = figures(app, language, id, &batch).await?;
    // Without a proof nothing is known of recalls.
    let against = match figures.proven() {
        Some(proven) => {
            let id = id.to_string().parse().map_err(|error| Problem::bad("bad-batch", error))?;
            proven.bundle.against_batch(&id).map_err(Error::from)?
        }
        None => vec![Objection::BeingAssessed],
    };
    let figure = |path, format| figures.figure(&batch, path, format);
    let body = html! {
        div #recalls { (objections(language, &against)) }
        section { dl {
            dt { (language.of("状态", "Stage")) } dd { (figures.worded(&batch, "stage", Format::Word, |it| language.stage(it))) }
            dt { (language.of("采收或制成", "Harvested or made")) } dd { (figure("produced_at", Format::Moment)) }
            dt { (language.of("有效召回数", "Recalls in force")) } dd { (figure("n_recalls", Format::Integer)) }
            dt { (language.of("停止流通自", "Stopped since")) } dd { (figure("hold.since", Format::Moment)) }
            dt { (language.of("最近检测", "Latest test")) } dd { (figures.worded(&batch, "test.passed", Format::Word, |it| match it {
                "true" => language.of("合格", "passed"),
                _ => language.of("不合格", "FAILED"),
            }.to_owned())) }
        } }
        section {
            h2 { (language.of("流通记录", "Custody")) }
            p.quiet { (language.of(
                "由本网关从已验证的区块中取得，不在证明之内；单件商品请扫描其编码，由浏览器自行验证。",
                "This gateway took it from blocks that it verified; it is no part of the proof. Scan the code of an item to have your own browser verify it.",
            )) }
            (timeline(language, &events, &[]))
            (derivations(language, &made_from))
        }
        (figures.proof())
    };
    Ok(super::page(app, language, &format!("/product{path}"), &title, &body, StatusCode::OK))
}

/// The batch, the open recalls, and while there are any, these and what the batch was made of, as far as
/// a proof has room: what is left out makes it being assessed.
async fn figures(
    app: &Arc<App>,
    language: Language,
    id: Id,
    batch: &RecordName,
) -> Result<Figures, Problem> {
    let name = |item: &str, key: Value| RecordName::new("Traceability", item, &[key]);
    let open = RecordName::new("Traceability", "OpenRecalls", &[]);
    let mut names = vec![batch.clone(), open.clone()];
    let figures = app.figures(language, &names).await?;
    let recalls = figures.record(&open).and_then(Value::as_array).cloned().unwrap_or_default();
    if recalls.is_empty() {
        return Ok(figures);
    }
    let lineage =
        app.blocking(move |app| app.index.trace(id, Direction::Back, ANCESTRY_DEPTH)).await?;
    names.extend(recalls.into_iter().map(|recall| name("Recalls", recall)));
    names.extend(lineage.nodes.iter().skip(1).map(|node| name("Batches", json!(node.id))));
    names.extend(lineage.derivations.iter().map(|(id, _)| name("Derivations", json!(id))));
    match app.figures(language, &names).await {
        Ok(more) => Ok(more),
        // Longer than a proof may be.
        Err(_) => Ok(figures),
    }
}

/// The page of a product: its lots.
pub(super) async fn product(
    app: &Arc<App>,
    language: Language,
    path: &str,
    gtin: &str,
) -> Result<Response, Problem> {
    let asked = gtin.to_owned();
    let lots = app.blocking(move |app| app.index.lots(&asked, None, LOTS_MAX)).await?;
    if lots.is_empty() {
        return Err(Problem::not_found(format!(
            "{gtin}: no batch of this product is on the chain"
        )));
    }
    let body = html! {
        section {
            h2 { (language.of("批次", "Lots")) }
            ul { @for (lot, _) in &lots { li { a href=(lot_path(gtin, lot)) { (lot) } } } }
        }
    };
    Ok(super::page(app, language, &format!("/product{path}"), gtin, &body, StatusCode::OK))
}

pub(super) fn lot_path(gtin: &str, lot: &str) -> String {
    let link = Link {
        gtin: gtin.into(),
        variant: None,
        lot: Some(lot.into()),
        serial: None,
        link_type: None,
        other_query: String::new(),
    };
    format!("/product{}", link.path())
}

//! Pages of a lot and of a product, and the custody of a lot.

use super::{clock, provenance::explorer_path};
use crate::{
    app::App,
    index::{Direction, Graph, Id, IndexedEvent},
    link::Link,
    problem::Problem,
    words::Language,
};
use axum::{http::StatusCode, response::Response};
use ecoledger_client::Moment;
use maud::{Markup, html};
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
    let n_recalls = events.iter().filter(|event| event.name == "BatchRecalled").count();
    let n_lifted = events.iter().filter(|event| event.name == "RecallMarkRemoved").count();
    let body = html! {
        div #recalls {
            @if n_recalls > n_lifted { p.banner.bad role="alert" { (language.of("召回：请勿食用或出售，请联系销售者", "RECALLED: do not use or sell it; ask who sold it")) } }
        }
        p { (language.of(
            "本页所列由本网关从已验证的区块中取得；单件商品请扫描其编码，由浏览器自行验证。",
            "This gateway took what is here from blocks that it verified. Scan the code of an item to have your own browser verify it.",
        )) }
        section { h2 { (language.of("流通记录", "Custody")) } (timeline(language, &events, &[])) (derivations(language, &made_from)) }
    };
    Ok(super::page(app, language, &format!("/product{path}"), &title, &body, StatusCode::OK))
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

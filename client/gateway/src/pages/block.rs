//! What a block, or one of its transactions, did: its events, as the index has them.

use super::{AskedPage, clock, provenance::named, refusal};
use crate::{
    api::number_of,
    app::App,
    index::{Batch, Id, IndexedEvent, batches_of},
    problem::Problem,
    words::Language,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use ecoledger_client::Moment;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::{collections::BTreeMap, sync::Arc};

/// Events of a page.
const EVENTS: usize = 100;
/// Batches of an event that are named.
const BATCHES_NAMED: usize = 32;

/// What a block page is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BlockQuery {
    /// Number of the first event.
    from: Option<String>,
}

/// The page of a block.
pub(crate) async fn block(
    State(app): State<Arc<App>>,
    Path(height): Path<String>,
    asked: AskedPage<BlockQuery>,
) -> Response {
    page(&app, (&height, None), asked).await
}

/// The page of a transaction.
pub(crate) async fn transaction(
    State(app): State<Arc<App>>,
    Path((height, transaction)): Path<(String, String)>,
    asked: AskedPage<BlockQuery>,
) -> Response {
    page(&app, (&height, Some(&transaction)), asked).await
}

async fn page(
    app: &Arc<App>,
    (height, transaction): (&str, Option<&str>),
    AskedPage { language, query }: AskedPage<BlockQuery>,
) -> Response {
    let path = match transaction {
        Some(transaction) => format!("/block/{height}/{transaction}"),
        None => format!("/block/{height}"),
    };
    let answered = match query {
        Ok(query) => answer(app, language, &path, (height, transaction), &query).await,
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(|problem| refusal(app, language, &path, &problem))
}

async fn answer(
    app: &Arc<App>,
    language: Language,
    path: &str,
    (height, transaction): (&str, Option<&str>),
    query: &BlockQuery,
) -> Result<Response, Problem> {
    let height = number_of("block", height)?;
    let transaction = transaction.map(|it| number_of("transaction", it)).transpose()?;
    let from = query.from.as_deref().map_or(Ok(0), |it| number_of("from", it))?;
    let last = app.progress().last.height;
    if height > last {
        let detail = format!("block {height}: this gateway has followed the chain up to {last}");
        return Err(Problem::not_found(detail));
    }
    let (mut events, batches) = app
        .blocking(move |app| -> Result<_, crate::index::IndexError> {
            let events = app.index.events_at(height, transaction, from, EVENTS + 1)?;
            let ids = events.iter().flat_map(batches_of);
            let batches = app.index.batches(ids)?;
            Ok((events, batches))
        })
        .await?;
    let next = events.get(EVENTS).map(|event| event.number);
    events.truncate(EVENTS);
    let Some(first) = events.first() else {
        return Err(Problem::not_found(format!(
            "{path}: nothing that this gateway lists happened there"
        )));
    };
    let time = clock(Moment(first.time_ms));
    let hash: Json = app.client().rpc("chain_getBlockHash", &[json!(height)]).await?;
    let title = match transaction {
        Some(it) => format!(
            "{} {height} · {} {it}",
            language.of("区块", "Block"),
            language.of("交易", "transaction")
        ),
        None => format!("{} {height}", language.of("区块", "Block")),
    };
    let body = html! {
        section {
            dl {
                dt { (language.of("区块高度", "Height")) } dd {
                    @if transaction.is_some() { a href=(format!("/block/{height}?lang={}", language.code())) { (height) } } @else { (height) }
                }
                @if let Some(transaction) = transaction { dt { (language.of("交易序号", "Transaction")) } dd { (transaction) } }
                dt { (language.of("时间", "Time")) } dd { (time) }
                dt { (language.of("区块哈希（据节点）", "Hash, as the node says")) } dd { code { (hash.as_str().unwrap_or_default()) } }
            }
            p { (language.of(
                "下列事件取自本网关以验证人签名核实过的区块。",
                "This gateway has verified these events by the signatures of the validators under their block.",
            )) }
        }
        section aria-labelledby="events-title" {
            h2 #events-title { (language.of("事件", "Events")) }
            ol.events start=(first.number) { @for event in &events { li value=(event.number) { (told(language, event, &batches)) } } }
            @if let Some(next) = next {
                nav.choices aria-label=(language.of("分页", "Pages")) { a rel="next" href=(format!("{path}?lang={}&from={next}", language.code())) { (language.of("下一页", "next")) " →" } }
            }
        }
    };
    Ok(super::page(app, language, &format!("{path}?from={from}"), &title, &body, StatusCode::OK))
}

/// An event: its name, the batches that it names, and its fields.
fn told(language: Language, event: &IndexedEvent, batches: &BTreeMap<Id, Batch>) -> Markup {
    let derivation = event.fields["derivation"].as_str().and_then(Id::read);
    html! {
        strong lang="en" { (event.pallet) "." (event.name) }
        @if let Some(id) = derivation {
            " · " a href=(format!("/provenance/derivation/{id}?lang={}", language.code())) { (language.of("物料平衡", "mass balance")) }
        }
        @for id in batches_of(event).into_iter().take(BATCHES_NAMED) {
            @if let Some(batch) = batches.get(&id) { " · " (named(batch, id, language)) }
        }
        details {
            summary { (language.of("内容", "fields")) }
            pre lang="en" { (serde_json::to_string_pretty(&event.fields).unwrap_or_default()) }
        }
    }
}

//! The page of an event that made batches from batches: its mass balance, with proof.

use super::{
    Sheet, View, amount,
    balance::{Balance, Line, batch_record, product_record},
    block_link, derivation_record, format_of, marks, named, profile,
};
use crate::{
    app::App,
    figures::Format,
    index::{Batch, Derivation, Id},
    pages::{self, AskedPage, asked::Nothing, clock, refusal},
    problem::Problem,
    words::Language,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use ecoledger_client::{Moment, proof::RecordName};
use maud::{Markup, html};
use std::{collections::BTreeMap, sync::Arc};

/// Records that one question to the interface may name.
const RECORDS_LINKED: usize = 32;

/// The page of a derivation.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    AskedPage { language, query }: AskedPage<Nothing>,
) -> Response {
    let path = format!("/provenance/derivation/{id}");
    let answered = match query {
        Ok(Nothing {}) => answer(&app, language, &path, &id).await,
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(|problem| refusal(&app, language, &path, &problem))
}

async fn answer(
    app: &Arc<App>,
    language: Language,
    path: &str,
    text: &str,
) -> Result<Response, Problem> {
    let id = Id::read(text).filter(|_| text.starts_with("0x")).ok_or_else(|| {
        Problem::bad("bad-derivation", format!("{text}: 0x and 32 hexadecimal digits are expected"))
    })?;
    let found = app.blocking(move |app| app.index.derivation(id)).await?;
    let (derivation, batches) = found
        .ok_or_else(|| Problem::not_found(format!("{id}: no such derivation is on the chain")))?;
    let record = derivation_record(id);
    let mut names = vec![record.clone(), profile(derivation.organisation)];
    names.extend(derivation.outputs.iter().map(|it| batch_record(it.batch)));
    for (gtin, _) in batches.values().filter_map(|it| it.name.as_ref()) {
        let product = product_record(gtin);
        if !names.contains(&product) {
            names.push(product);
        }
    }
    let figures = app.figures(language, &names).await?;
    let gtin_of = |id: Id| Some(batches.get(&id)?.name.as_ref()?.0.clone());
    let balance = Balance::read(&figures, &record, gtin_of)
        .ok_or_else(|| Problem::not_found(format!("{id}: its record is not on the chain")))?;
    let sheet = Sheet { language, figures: &figures, path, view: View::first() };
    let party = sheet.party(derivation.organisation);
    let table = Table { sheet, balance: &balance, batches: &batches };
    let body = html! {
        section {
            dl {
                dt { (language.of("由谁", "By")) } dd { (party) }
                dt { (language.of("何时（申报）", "When, as declared")) } dd { (figures.figure(&record, "event_time", Format::Moment)) }
                dt { (language.of("规则版本", "Version of the rules")) } dd { (figures.figure(&record, "rule_set", Format::Integer)) }
                dt { (language.of("交易", "Transaction")) } dd { (block_link(language, derivation.height, derivation.transaction)) }
                dt { (language.of("记录与证明", "Records with proof")) } dd { a href=(records_link(&names)) { "JSON" } }
            }
        }
        (table.balance()) (table.shares())
        (figures.proof())
    };
    let title = title(language, &derivation);
    Ok(pages::page(app, language, path, &title, &body, StatusCode::OK))
}

/// Where records are given with their proof.
fn records_link(names: &[RecordName]) -> String {
    let names: Vec<_> = names.iter().take(RECORDS_LINKED).map(ToString::to_string).collect();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("records", &names.join(" "))
        .finish();
    format!("/api/v1/records?{query}")
}

fn title(language: Language, derivation: &Derivation) -> String {
    format!("{} · {}", language.kind(&derivation.kind), clock(Moment(derivation.event_time)))
}

/// The balance as a table that adds up, and what went into what.
struct Table<'a> {
    sheet: Sheet<'a>,
    balance: &'a Balance,
    batches: &'a BTreeMap<Id, Batch>,
}

impl Table<'_> {
    fn total(&self, sum: Option<u128>) -> String {
        let unit = Some(self.balance.unit);
        sum.map_or_else(|| "—".into(), |sum| amount(self.sheet.language, unit, sum))
    }

    fn named(&self, id: Id) -> Markup {
        let batch = self.batches.get(&id).cloned().unwrap_or_default();
        html! { (named(&batch, id, self.sheet.language)) (marks(self.sheet.language, batch.marks)) }
    }

    fn balance(&self) -> Markup {
        let (language, figures, balance) = (self.sheet.language, self.sheet.figures, self.balance);
        let unit = Some(balance.unit);
        let accounted = Balance::sum(&balance.outputs);
        let accounted = accounted.and_then(|made| made.checked_add(balance.loss));
        html! {
            section aria-labelledby="balance-title" {
                h2 #balance-title { (language.of("物料平衡", "Mass balance")) }
                table.balance aria-labelledby="balance-title" {
                    thead { tr {
                        th scope="col" { (language.of("批次与数量", "Batch and quantity")) }
                        th scope="col" { (language.of("含量", "Content")) }
                    } }
                    tbody {
                        tr.group { th colspan="2" scope="rowgroup" { (language.of("投入", "Went in")) } }
                        @for line in &balance.inputs { (self.line(line)) }
                        tr.sum {
                            th scope="row" { (language.of("投入合计", "In, together")) }
                            td #taken { (self.total(Balance::sum(&balance.inputs))) }
                        }
                    }
                    tbody {
                        tr.group { th colspan="2" scope="rowgroup" { (language.of("产出与损耗", "Came out, or was lost")) } }
                        @for line in &balance.outputs { (self.line(line)) }
                        tr {
                            th scope="row" { (language.of("损耗", "Lost")) }
                            td { (figures.figure(&balance.record, "loss", format_of(unit))) " " (language.unit(unit)) }
                        }
                        tr.sum {
                            th scope="row" { (language.of("产出与损耗合计", "Out and lost, together")) }
                            td #accounted { (self.total(accounted)) }
                        }
                    }
                }
                @match balance.adds_up() {
                    Some(true) => { p.good { "✓ " (language.of("平衡：投入 = 产出 + 损耗", "It adds up: in = out + lost")) } }
                    Some(false) => { p.banner.bad role="alert" { (language.of("不平衡：投入与产出及损耗不等", "It does NOT add up: what went in is not what came out and was lost")) } }
                    None => { p.banner.care { (language.of("缺少商品记录，无法核算", "The record of a product is missing: it cannot be added up")) } }
                }
            }
        }
    }

    /// A batch in the balance: pieces by their net content, volumes by their density.
    fn line(&self, line: &Line) -> Markup {
        let (language, figures) = (self.sheet.language, self.sheet.figures);
        let unit = line.product.as_ref().map(|(_, product)| product.base_unit);
        let (record, path) = &line.quantity;
        html! {
            tr {
                th scope="row" {
                    (self.named(line.batch))
                    div {
                        (figures.figure(record, path, format_of(unit))) " " (language.unit(unit))
                        @if let Some((record, product)) = &line.product {
                            @if let Some(content) = &product.net_content {
                                " × " (figures.figure(record, "net_content.quantity", format_of(Some(content.unit))))
                                " " (language.unit(Some(content.unit)))
                            }
                            @if line.is_weighed(self.balance.unit) {
                                " × " (figures.figure(record, "density_mg_per_ml", Format::Integer)) " mg/mL"
                            }
                        }
                    }
                }
                td { (self.total(line.content)) }
            }
        }
    }

    /// How much of each input went into each output, where there are several of both kinds or outputs.
    fn shares(&self) -> Markup {
        let language = self.sheet.language;
        html! {
            @if self.balance.outputs.len() > 1 {
                section aria-labelledby="shares-title" {
                    h2 #shares-title { (language.of("各投入在各产出中的份额", "How much of what is in what")) }
                    p { (language.of(
                        "投入（含损耗）按产出的含量分摊，各份额之和恰为投入。",
                        "What went in, with its part of the loss, is shared by the content of what came out; the shares add up to exactly what went in.",
                    )) }
                    @for (at, output) in self.balance.outputs.iter().enumerate() {
                        details open[at == 0] {
                            summary { (self.lot(output.batch)) }
                            ul { @for (input, share) in self.balance.inputs.iter().zip(self.balance.shares(at)) {
                                li { (self.named(input.batch)) " · " (self.total(share)) }
                            } }
                        }
                    }
                }
            }
        }
    }

    fn lot(&self, id: Id) -> String {
        let name = self.batches.get(&id).and_then(|batch| batch.name.as_ref());
        name.map_or_else(|| id.to_string(), |(_, lot)| lot.clone())
    }
}

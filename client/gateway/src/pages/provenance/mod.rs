//! The provenance explorer: from a batch, what it was made from and what was made of it.
//!
//! The tree comes from the index, which holds proven events; what concerns the batch itself and the
//! events next to it are figures, proven in the reader's browser.

pub(super) mod balance;
mod derivation;
mod drawing;
mod outline;
mod tree;

pub(crate) use derivation::page as derivation;

use super::{AskedPage, lot::lot_path, refusal};
use crate::{
    api::DEPTH_MAX,
    app::App,
    figures::{Figures, Format},
    index::{Batch, Direction, Id, Marks},
    problem::Problem,
    words::Language,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use ecoledger_client::{BaseUnit, BatchId, Gtin, Lot, proof::RecordName};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use std::{collections::BTreeSet, sync::Arc};
use tree::{Step, Tree};

/// Rows of each of the two trees on a page.
const ROWS: usize = 100;
/// Generations unless asked otherwise.
const DEPTH: u32 = 3;
/// Generations that a page offers.
const DEPTHS: &[u32] = &[1, 3, 8, DEPTH_MAX];
/// Events next to the batch whose records a page proves.
const EVENTS_PROVEN: usize = 8;
/// Organisations whose names a page proves.
const NAMES_PROVEN: usize = 16;
/// Batches that something stands against and that a page names at its top, in each direction.
const MARKED_NAMED: usize = 12;

/// What an explorer page is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExplorerQuery {
    depth: Option<String>,
    up: Option<String>,
    down: Option<String>,
}

/// Which part of the graph is shown.
#[derive(Clone, Copy, Debug)]
struct View {
    depth: u32,
    up: usize,
    down: usize,
}

impl View {
    /// What is shown first.
    fn first() -> Self {
        Self { depth: DEPTH, up: 0, down: 0 }
    }

    fn read(query: &ExplorerQuery) -> Result<Self, Problem> {
        let depth = query.depth.as_deref().map_or(Ok(DEPTH), str::parse);
        let depth =
            depth.ok().filter(|depth| (1..=DEPTH_MAX).contains(depth)).ok_or_else(|| {
                Problem::bad(
                    "bad-depth",
                    format!("depth: 1 to {DEPTH_MAX} generations are expected"),
                )
            })?;
        let cursor = |text: &Option<String>| {
            text.as_deref().map_or(Ok(0), str::parse).map_err(|_| bad_cursor())
        };
        Ok(Self { depth, up: cursor(&query.up)?, down: cursor(&query.down)? })
    }

    /// Where it is shown of the explorer at `of`.
    fn path(self, of: &str) -> String {
        let Self { depth, up, down } = self;
        format!("{of}?depth={depth}&up={up}&down={down}")
    }

    fn cursor(self, direction: Direction) -> usize {
        match direction {
            Direction::Back => self.up,
            Direction::Forward => self.down,
        }
    }

    fn at(self, direction: Direction, cursor: usize) -> Self {
        match direction {
            Direction::Back => Self { up: cursor, ..self },
            Direction::Forward => Self { down: cursor, ..self },
        }
    }
}

fn bad_cursor() -> Problem {
    Problem::bad(
        "bad-cursor",
        "up, down: numbers of rows that there are, as links of the page give them",
    )
}

/// The explorer of a batch.
pub(crate) async fn explorer(
    State(app): State<Arc<App>>,
    Path((gtin, lot)): Path<(String, String)>,
    AskedPage { language, query }: AskedPage<ExplorerQuery>,
) -> Response {
    let path = format!("/provenance/{gtin}/{lot}");
    let answered = match query {
        Ok(query) => page(&app, language, &path, (&gtin, &lot), &query).await,
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(|problem| refusal(&app, language, &path, &problem))
}

async fn page(
    app: &Arc<App>,
    language: Language,
    path: &str,
    (gtin, lot): (&str, &str),
    query: &ExplorerQuery,
) -> Result<Response, Problem> {
    let view = View::read(query)?;
    let gtin: Gtin = gtin.parse().map_err(|error| Problem::bad("bad-gtin", error))?;
    let lot: Lot = lot.parse().map_err(|error| Problem::bad("bad-lot", error))?;
    let id = Id::from(&BatchId::of(&gtin, &lot));
    let title = format!("{gtin} · {lot}");
    let unknown = format!("{title}: no such lot is on the chain");
    let (up, down) = app
        .blocking(move |app| -> Result<_, Problem> {
            let up = app.index.trace(id, Direction::Back, DEPTH_MAX)?;
            let is_known = up.nodes.first().is_some_and(|node| node.batch.name.is_some());
            if !is_known {
                return Err(Problem::not_found(unknown));
            }
            Ok((up, app.index.trace(id, Direction::Forward, DEPTH_MAX)?))
        })
        .await?;
    let own = up.nodes.first().map(|node| node.batch.clone()).unwrap_or_default();
    let mut parts = Vec::new();
    for graph in [&up, &down] {
        let tree = Tree::of(graph, view.depth);
        let from = view.cursor(graph.direction);
        if from > 0 && from >= tree.n_rows() {
            return Err(bad_cursor());
        }
        let steps = tree.page(from..from.saturating_add(ROWS));
        parts.push((tree, steps));
    }
    let record = RecordName::new("Traceability", "Batches", &[json!(id)]);
    let figures = figures(app, language, &record, &parts).await?;
    let sheet = Sheet { language, figures: &figures, path, view };
    let body = html! {
        (sheet.alerts(&own, &parts))
        (sheet.facts(&record, &gtin, &lot))
        section aria-labelledby="drawing-title" {
            h2 #drawing-title { (language.of("前后一步", "One step up and down")) }
            (drawing::drawn(language, &up, &down))
        }
        @for (tree, steps) in &parts { (sheet.section(tree, steps)) }
        (sheet.whereabouts(&record, own.unit))
        (figures.proof())
    };
    Ok(super::page(app, language, &view.path(path), &title, &body, StatusCode::OK))
}

/// The records that a page proves: the batch, open recalls, the events next to it, names.
async fn figures(
    app: &Arc<App>,
    language: Language,
    batch: &RecordName,
    parts: &[(Tree<'_>, Vec<Step>)],
) -> Result<Figures, Problem> {
    let mut names = vec![batch.clone(), open_recalls()];
    let mut organisations = BTreeSet::new();
    for (tree, steps) in parts {
        for step in steps.iter().take(EVENTS_PROVEN) {
            names.extend(tree.derivation(step.derivation).map(|(id, _)| derivation_record(*id)));
        }
        organisations_of(tree, steps, &mut organisations);
    }
    names.extend(organisations.iter().take(NAMES_PROVEN).map(|id| profile(*id)));
    app.figures(language, &names).await
}

fn organisations_of(tree: &Tree<'_>, steps: &[Step], found: &mut BTreeSet<u32>) {
    for step in steps {
        found.extend(tree.derivation(step.derivation).map(|(_, it)| it.organisation));
        step.rows.iter().for_each(|row| organisations_of(tree, &row.steps, found));
    }
}

fn open_recalls() -> RecordName {
    RecordName::new("Traceability", "OpenRecalls", &[])
}

fn derivation_record(id: Id) -> RecordName {
    RecordName::new("Traceability", "Derivations", &[json!(id)])
}

fn profile(organisation: u32) -> RecordName {
    RecordName::new("Participants", "Profiles", &[json!(organisation)])
}

/// Where the explorer of a batch is.
pub(super) fn explorer_path(gtin: &str, lot: &str) -> String {
    format!("/provenance/{gtin}/{lot}")
}

/// A link to the explorer of a batch, by its lot, and its product.
pub(super) fn named(batch: &Batch, id: Id, language: Language) -> Markup {
    html! {
        @match &batch.name {
            Some((gtin, lot)) => {
                a href=(format!("{}?lang={}", explorer_path(gtin, lot), language.code())) { (lot) }
                " " small.quiet { (gtin) }
            }
            None => { code { (id) } }
        }
    }
}

/// How quantities in a unit are written.
pub(super) fn format_of(unit: Option<BaseUnit>) -> Format {
    match unit {
        Some(BaseUnit::Milligram) => Format::Kilograms,
        Some(BaseUnit::Millilitre) => Format::Litres,
        Some(BaseUnit::Each) | None => Format::Integer,
    }
}

/// So much in the unit that people use.
fn amount(language: Language, unit: Option<BaseUnit>, quantity: u128) -> String {
    let text = format_of(unit).text(&json!(quantity.to_string())).unwrap_or_default();
    format!("{text} {}", language.unit(unit))
}

/// What stands against a batch, where nobody can miss it.
fn marks(language: Language, marks: Marks) -> Markup {
    html! {
        @if marks.n_recalls > 0 { " " strong.mark { (language.of("已召回", "RECALLED")) } }
        @if marks.is_held { " " strong.mark { (language.of("停止流通", "STOPPED")) } }
        @if marks.test_failed { " " strong.mark { (language.of("检测不合格", "TEST FAILED")) } }
    }
}

/// What the parts of a page have in common.
struct Sheet<'a> {
    language: Language,
    figures: &'a Figures,
    /// Where the explorer of the batch is.
    path: &'a str,
    view: View,
}

impl Sheet<'_> {
    /// Another part of the graph.
    fn link(&self, view: View) -> String {
        format!("{}&lang={}", view.path(self.path), self.language.code())
    }

    /// What nobody may miss.
    fn alerts(&self, own: &Batch, parts: &[(Tree<'_>, Vec<Step>)]) -> Markup {
        let language = self.language;
        let is_open = self.figures.record(&open_recalls()).and_then(|it| it.as_array());
        html! {
            div #recalls {
                @if own.marks.n_recalls > 0 { p.banner.bad role="alert" { (language.of("本批次已被召回：不得转移、加工或出售", "This batch is RECALLED: it must not be moved, used or sold")) } }
                @if own.marks.is_held { p.banner.bad role="alert" { (language.of("本批次已被停止流通", "This batch is STOPPED")) } }
                @if own.marks.test_failed { p.banner.bad role="alert" { (language.of("本批次最近一次检测不合格", "The latest test of this batch FAILED")) } }
                @for (tree, _) in parts { (self.marked(tree)) }
                @if is_open.is_some_and(|it| !it.is_empty()) { p.banner.care role="alert" { (language.of("有召回范围正在核定：标记可能尚不完整", "A recall is being assessed: marks may not be complete yet")) } }
            }
        }
    }

    /// Batches of a tree against which something stands.
    fn marked(&self, tree: &Tree<'_>) -> Markup {
        let language = self.language;
        let (_, n_marked) = tree.behind(0);
        let nodes = tree.graph.nodes.iter().skip(1).filter(|it| !it.batch.marks.is_clear());
        let title = match tree.graph.direction {
            Direction::Back => language.of(
                "上游有问题批次",
                "Batches that it was made from are recalled, stopped or failed",
            ),
            Direction::Forward => language.of(
                "下游有问题批次",
                "Batches that were made of it are recalled, stopped or failed",
            ),
        };
        html! {
            @if n_marked > 0 {
                div.banner.bad role="alert" {
                    (title) ": " (n_marked)
                    ul { @for node in nodes.take(MARKED_NAMED) { li { (named(&node.batch, node.id, language)) (marks(language, node.batch.marks)) } } }
                    @if n_marked > MARKED_NAMED { p { "… " (language.of("其余见下", "the others are below")) } }
                }
            }
        }
    }

    fn party(&self, organisation: u32) -> Markup {
        let record = profile(organisation);
        html! {
            @if self.figures.record(&record).is_some() { (self.figures.figure(&record, "name", Format::Text)) }
            @else { (self.language.of("机构", "organisation")) " " (organisation) }
        }
    }

    fn facts(&self, record: &RecordName, gtin: &Gtin, lot: &Lot) -> Markup {
        let language = self.language;
        let query = format!("?lang={}", language.code());
        html! {
            section {
                p { (language.of(
                    "本页显示该批次由哪些批次制成，又制成了哪些批次。树取自本网关已验证的区块；带勾的数字由您的浏览器自行验证。",
                    "What this batch was made from, and what was made of it. The trees come from blocks that this gateway verified; your own browser verifies each figure with a tick.",
                )) }
                dl {
                    dt { (language.of("商品", "Product")) } dd { a href=(format!("/product/01/{gtin}{query}")) { (gtin) } }
                    dt { (language.of("批次", "Lot")) } dd { a href=(format!("{}{query}", lot_path(gtin.as_str(), lot.as_str()))) { (lot) } }
                    dt { (language.of("状态", "Stage")) } dd { (self.figures.worded(record, "stage", Format::Word, |it| language.stage(it))) }
                    dt { (language.of("采收或制成", "Harvested or made")) } dd { (self.figures.figure(record, "produced_at", Format::Moment)) }
                }
            }
        }
    }

    /// Where the units of the batch are: a sum that adds up.
    fn whereabouts(&self, record: &RecordName, unit: Option<BaseUnit>) -> Markup {
        let language = self.language;
        let places = [
            ("on_hand", "在持有者处", "with its holder"),
            ("in_transit", "运输途中", "on the way"),
            ("consumed", "用于制成其他批次", "gone into other batches"),
            ("sold", "售给消费者", "sold to consumers"),
            ("lost", "损耗", "lost"),
            ("destroyed", "销毁", "destroyed"),
        ];
        let figure = |field: &str| {
            html! {
                td { (self.figures.figure(record, &format!("quantities.{field}"), format_of(unit))) " " (language.unit(unit)) }
            }
        };
        html! {
            section aria-labelledby="whereabouts" {
                h2 #whereabouts { (language.of("该批次现在何处", "Where the batch is")) }
                table.balance aria-labelledby="whereabouts" {
                    tbody {
                        @for (field, chinese, english) in places {
                            tr { th scope="row" { (language.of(chinese, english)) } (figure(field)) }
                        }
                    }
                    tfoot { tr { th scope="row" { (language.of("合计：制成", "together: made")) } (figure("produced")) } }
                }
            }
        }
    }
}

/// A link to what a transaction did.
fn block_link(language: Language, height: u32, transaction: Option<u32>) -> Markup {
    let place = transaction.map_or(String::new(), |it| format!("/{it}"));
    html! {
        a href=(format!("/block/{height}{place}?lang={}", language.code())) {
            (language.of("区块", "block")) " " (height)
            @if let Some(transaction) = transaction { ", " (language.of("交易", "transaction")) " " (transaction) }
        }
    }
}

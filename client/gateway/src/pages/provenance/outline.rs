//! The two trees of an explorer page, as lists that unfold.

use super::{
    DEPTHS, ROWS, Sheet, View, amount, block_link, derivation_record, explorer_path, format_of,
    marks, named,
    tree::{Row, Step, Tree},
};
use crate::{
    index::{Derivation, Direction, Id, Node, quantity_of},
    pages::clock,
};
use ecoledger_client::Moment;
use maud::{Markup, html};

/// Generations that are unfolded unless something stands against what is below.
const OPEN_DEPTH: u32 = 2;

impl Sheet<'_> {
    /// One of the two trees.
    pub(super) fn section(&self, tree: &Tree<'_>, steps: &[Step]) -> Markup {
        let language = self.language;
        let id = anchor(tree.graph.direction);
        let (n_batches, n_marked) = tree.behind(0);
        let n_generations = tree.graph.nodes.last().map_or(0, |node| node.depth);
        html! {
            section id=(id) aria-labelledby=(format!("{id}-title")) {
                h2 id=(format!("{id}-title")) { (self.title(tree.graph.direction)) }
                @if n_batches == 0 {
                    p { (match tree.graph.direction {
                        Direction::Back => language.of("由生产基地采收或生产，并非由其他批次制成。", "It was harvested or produced, not made from other batches."),
                        Direction::Forward => language.of("尚未用于制成其他批次。", "Nothing has been made of it."),
                    }) }
                } @else {
                    p {
                        (n_batches) " " (language.of("个批次，", "batches, "))
                        (n_generations) " " (language.of("代", "generations"))
                        @if n_marked > 0 { " · " strong.mark { (n_marked) " " (language.of("个被召回、停止或不合格", "recalled, stopped or failed")) } }
                    }
                    @if !tree.graph.is_complete { p.banner.care { (language.of(
                        "批次过多，只列出最近的；请从其中某一批次继续。",
                        "There are more batches than are followed here; go on from one of those below.",
                    )) } }
                    (self.depths(tree.graph.direction))
                    @if let Some(first) = tree.graph.nodes.first() { (self.steps(tree, steps, first)) }
                    (self.pages(tree))
                }
            }
        }
    }

    fn title(&self, direction: Direction) -> &'static str {
        match direction {
            Direction::Back => self.language.of("由何制成", "What it was made from"),
            Direction::Forward => self.language.of("制成了什么", "What was made of it"),
        }
    }

    fn depths(&self, direction: Direction) -> Markup {
        let language = self.language;
        html! {
            nav.choices aria-label={ (language.of("显示的代数：", "Generations: ")) (self.title(direction)) } {
                span { (language.of("显示代数", "Generations")) }
                @for depth in DEPTHS {
                    @let view = View { depth: *depth, ..View::first() };
                    a href=(format!("{}#{}", self.link(view), anchor(direction)))
                        aria-current=[(self.view.depth == *depth).then_some("true")] { (depth) }
                }
            }
        }
    }

    fn pages(&self, tree: &Tree<'_>) -> Markup {
        let language = self.language;
        let direction = tree.graph.direction;
        let (from, n_rows) = (self.view.cursor(direction), tree.n_rows());
        let to = from.saturating_add(ROWS).min(n_rows);
        let link = |cursor| {
            let path = self.link(self.view.at(direction, cursor));
            format!("{path}#{}", anchor(direction))
        };
        html! {
            @if n_rows > ROWS {
                nav.choices aria-label={ (language.of("分页：", "Pages: ")) (self.title(direction)) } {
                    @if from > 0 { a rel="prev" href=(link(from.saturating_sub(ROWS))) { "← " (language.of("上一页", "before")) } }
                    span { (language.of("行", "rows")) " " (from + 1) "–" (to) " / " (n_rows) }
                    @if to < n_rows { a rel="next" href=(link(to)) { (language.of("下一页", "next")) " →" } }
                }
            }
        }
    }

    /// Events next to `near`.
    fn steps(&self, tree: &Tree<'_>, steps: &[Step], near: &Node) -> Markup {
        html! { @for step in steps { (self.step(tree, step, near)) } }
    }

    /// An event, which can be folded, with its batches on the far side.
    fn step(&self, tree: &Tree<'_>, step: &Step, near: &Node) -> Markup {
        let Some((id, derivation)) = tree.derivation(step.derivation) else { return html! {} };
        let language = self.language;
        let is_marked = step.rows.iter().any(|row| is_marked(tree, row));
        let is_open =
            near.depth < OPEN_DEPTH || is_marked || step.rows.iter().any(|it| it.is_before);
        let far = match tree.graph.direction {
            Direction::Back => language.of("投入批次", "batches in"),
            Direction::Forward => language.of("制成批次", "batches out"),
        };
        html! {
            details.step open[is_open] {
                summary {
                    (language.kind(&derivation.kind)) " · " (clock(Moment(derivation.event_time)))
                    " · " (derivation.far(tree.graph.direction).len()) " " (far)
                    @if is_marked { " " strong.mark { (language.of("内有问题批次", "look inside")) } }
                }
                p.event {
                    (self.side(tree, *id, derivation, near)) " · " (self.party(derivation.organisation)) " · "
                    a href=(format!("/provenance/derivation/{id}?lang={}", language.code())) { (language.of("物料平衡与证明", "mass balance and proof")) }
                    " · " (block_link(language, derivation.height, derivation.transaction))
                }
                @if step.is_elsewhere { p { (self.elsewhere(tree, tree.place_of(step.derivation))) } }
                @else {
                    ul.batches { @for row in &step.rows { (self.row(tree, row, *id, derivation)) } }
                }
            }
        }
    }

    /// What an event took or made of the batch before it.
    fn side(&self, tree: &Tree<'_>, id: Id, derivation: &Derivation, near: &Node) -> Markup {
        let language = self.language;
        match tree.graph.direction {
            Direction::Back => html! {
                (language.of("制成", "made")) " "
                (amount(language, near.batch.unit, quantity_of(&derivation.outputs, near.id)))
            },
            Direction::Forward => html! {
                (language.of("取用", "took")) " " (self.taken(id, derivation, near))
            },
        }
    }

    /// What an event took of a batch: proven, if the page has the record.
    fn taken(&self, id: Id, derivation: &Derivation, of: &Node) -> Markup {
        let record = derivation_record(id);
        let input = derivation.inputs.iter().position(|it| it.batch == of.id);
        html! {
            @match input.filter(|_| self.figures.record(&record).is_some()) {
                Some(input) => {
                    (self.figures.figure(&record, &format!("inputs.{input}.quantity"), format_of(of.batch.unit)))
                    " " (self.language.unit(of.batch.unit))
                }
                None => (amount(self.language, of.batch.unit, quantity_of(&derivation.inputs, of.id))),
            }
        }
    }

    fn row(&self, tree: &Tree<'_>, row: &Row, id: Id, derivation: &Derivation) -> Markup {
        let language = self.language;
        let Some(node) = row.node.and_then(|at| tree.graph.nodes.get(at)) else {
            return html! { li { code { (row.batch) } " " (language.of("（未继续追踪）", "(not followed)")) } };
        };
        let number = row.node.filter(|_| !row.is_elsewhere && !row.is_before);
        let number = number.and_then(|at| tree.row_of(at));
        let anchor = number.map(|number| format!("{}-{number}", anchor(tree.graph.direction)));
        html! {
            li id=[anchor] class=[(!node.batch.marks.is_clear()).then_some("against")] {
                p {
                    (named(&node.batch, node.id, language)) " · "
                    @match tree.graph.direction {
                        Direction::Back => { (language.of("取用", "took")) " " (self.taken(id, derivation, node)) }
                        Direction::Forward => {
                            (language.of("制成", "made")) " "
                            (amount(language, node.batch.unit, quantity_of(&derivation.outputs, node.id)))
                        }
                    }
                    (marks(language, node.batch.marks))
                    @if row.is_elsewhere { " · " (self.elsewhere(tree, Some(node))) }
                    @if row.is_before { " · " (language.of("接上页", "continued")) }
                }
                @if !row.is_elsewhere {
                    (self.steps(tree, &row.steps, node))
                    @if node.depth == self.view.depth { (self.behind(tree, row, node)) }
                }
            }
        }
    }

    /// The way on from a batch behind which nothing is shown.
    fn behind(&self, tree: &Tree<'_>, row: &Row, node: &Node) -> Markup {
        let language = self.language;
        let (n_behind, n_marked) = row.node.map_or((0, 0), |at| tree.behind(at));
        let place = node.batch.name.as_ref().map(|(gtin, lot)| explorer_path(gtin, lot));
        html! {
            @if let Some(place) = place.filter(|_| !node.followed.is_empty()) {
                p {
                    a href=(format!("{place}?lang={}#{}", language.code(), anchor(tree.graph.direction))) {
                        (language.of("继续", "go on")) ": " (n_behind) " " (language.of("个批次", "batches")) " →"
                    }
                    @if n_marked > 0 { " " strong.mark { (n_marked) " " (language.of("个有问题", "recalled, stopped or failed")) } }
                }
            }
        }
    }

    /// Where the row of a node is, if not here.
    fn elsewhere(&self, tree: &Tree<'_>, node: Option<&Node>) -> Markup {
        let language = self.language;
        let direction = tree.graph.direction;
        let Some(node) = node else { return html! {} };
        let lot =
            node.batch.name.as_ref().map_or_else(|| node.id.to_string(), |(_, lot)| lot.clone());
        let from = self.view.cursor(direction);
        let place = match tree.row_of_batch(node.id) {
            Some(row) if (from..from.saturating_add(ROWS)).contains(&row) => {
                format!("#{}-{row}", anchor(direction))
            }
            Some(row) => {
                let view = self.view.at(direction, row - row % ROWS);
                format!("{}#{}-{row}", self.link(view), anchor(direction))
            }
            None if node.depth == 0 => format!("#{}", anchor(direction)),
            None => match &node.batch.name {
                Some((gtin, lot)) => {
                    format!("{}?lang={}", explorer_path(gtin, lot), language.code())
                }
                None => return html! {},
            },
        };
        html! {
            (language.of("已列在", "already listed at")) " "
            a href=(place) { (lot) " (" (language.of("第", "generation ")) (node.depth) (language.of("代", "")) ")" }
        }
    }
}

fn is_marked(tree: &Tree<'_>, row: &Row) -> bool {
    let Some(node) = row.node.and_then(|at| tree.graph.nodes.get(at)) else { return false };
    let is_behind = !row.is_elsewhere && row.node.is_some_and(|at| tree.behind(at).1 > 0);
    is_behind || !node.batch.marks.is_clear()
}

/// Name of a tree in addresses.
fn anchor(direction: Direction) -> &'static str {
    match direction {
        Direction::Back => "up",
        Direction::Forward => "down",
    }
}

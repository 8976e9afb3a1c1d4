//! The batch with what is directly before and behind it, drawn.

use super::amount;
use crate::{
    index::{Graph, Node, quantity_of},
    words::Language,
};
use maud::{Markup, html};

/// Most batches that are drawn on each side.
const DRAWN_MAX: usize = 6;
/// Width of the drawing, in its own units.
const WIDTH: usize = 360;
/// Width of a box.
const BOX: usize = 108;
/// Height of a box, and from one to the next.
const HEIGHT: usize = 40;
const STEP: usize = 48;
/// Most characters of a lot in a box.
const LOT_MAX: usize = 15;

/// A batch on one of the sides.
struct Side<'a> {
    node: &'a Node,
    /// What was taken for the event between, and what was made of it, as text.
    quantity: String,
}

/// The batch between what it was made from and what was made of it.
pub(super) fn drawn(language: Language, up: &Graph, down: &Graph) -> Markup {
    let Some(own) = up.nodes.first() else { return html! {} };
    let (before, behind) = (sides(language, up), sides(language, down));
    let shown = |all: &[Side<'_>]| all.len().min(DRAWN_MAX);
    // One more line says how many are left out.
    let lines = |all: &[Side<'_>]| shown(all) + usize::from(all.len() > DRAWN_MAX);
    let n_lines = lines(&before).max(lines(&behind)).max(1);
    let height = n_lines * STEP + 8;
    let middle = height / 2;
    let x = [0, (WIDTH - BOX) / 2, WIDTH - BOX];
    html! {
        svg.drawing viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(described(language, own, &before, &behind)) {
            @for (at, side) in before.iter().take(DRAWN_MAX).enumerate() {
                path d=(edge(BOX, center(at, lines(&before), height), x[1], middle)) {}
                (boxed(language, x[0], center(at, lines(&before), height), side.node, Some(&side.quantity)))
            }
            @for (at, side) in behind.iter().take(DRAWN_MAX).enumerate() {
                path d=(edge(x[1] + BOX, middle, x[2], center(at, lines(&behind), height))) {}
                (boxed(language, x[2], center(at, lines(&behind), height), side.node, Some(&side.quantity)))
            }
            (more(x[0], &before, height)) (more(x[2], &behind, height))
            g.own { (boxed(language, x[1], middle, own, None)) }
        }
    }
}

/// The batches next to the first of a graph, each with how much of the older went into the event between.
fn sides<'a>(language: Language, graph: &'a Graph) -> Vec<Side<'a>> {
    let next = graph.nodes.iter().skip(1).take_while(|node| node.depth == 1);
    next.filter_map(|node| {
        let (_, derivation) = graph.derivations.get(node.reached?.1)?;
        let amounts = derivation.far(graph.direction);
        let quantity = amount(language, node.batch.unit, quantity_of(amounts, node.id));
        Some(Side { node, quantity })
    })
    .collect()
}

/// The middle of a line.
fn center(at: usize, n_lines: usize, height: usize) -> usize {
    (height - n_lines * STEP) / 2 + at * STEP + STEP / 2
}

/// A line from the right of one box to the left of another.
fn edge(x: usize, y: usize, to_x: usize, to_y: usize) -> String {
    let bend = (x + to_x) / 2;
    format!("M{x} {y}C{bend} {y} {bend} {to_y} {to_x} {to_y}")
}

fn lot(node: &Node) -> String {
    node.batch.name.as_ref().map_or_else(|| node.id.to_string(), |(_, lot)| lot.clone())
}

fn boxed(
    language: Language,
    x: usize,
    middle: usize,
    node: &Node,
    quantity: Option<&str>,
) -> Markup {
    let lot = lot(node);
    let short = match lot.char_indices().nth(LOT_MAX) {
        Some((end, _)) => format!("{}…", lot.get(..end).unwrap_or_default()),
        None => lot,
    };
    let marks = node.batch.marks;
    let against = [
        (marks.n_recalls > 0, language.of("已召回", "RECALLED")),
        (marks.is_held, language.of("停止流通", "STOPPED")),
        (marks.test_failed, language.of("不合格", "FAILED")),
    ];
    let against = against.into_iter().find(|(is_so, _)| *is_so).map(|(_, word)| word);
    html! {
        g.against[against.is_some()] {
            rect x=(x) y=(middle - HEIGHT / 2) width=(BOX) height=(HEIGHT) rx="6" {}
            text x=(x + BOX / 2) y=(middle - 4) { (short) }
            text.quiet x=(x + BOX / 2) y=(middle + 12) {
                @match (against, quantity) {
                    (Some(word), Some(quantity)) => { (word) " · " (quantity) }
                    (Some(word), None) => (word),
                    (None, Some(quantity)) => (quantity),
                    (None, None) => (language.of("本批次", "this batch")),
                }
            }
        }
    }
}

fn more(x: usize, all: &[Side<'_>], height: usize) -> Markup {
    html! {
        @if all.len() > DRAWN_MAX {
            text.quiet x=(x + BOX / 2) y=(center(DRAWN_MAX, DRAWN_MAX + 1, height)) { "+ " (all.len() - DRAWN_MAX) }
        }
    }
}

/// The drawing in words.
fn described(language: Language, own: &Node, before: &[Side<'_>], behind: &[Side<'_>]) -> String {
    let list = |all: &[Side<'_>]| {
        let shown: Vec<_> = all
            .iter()
            .take(DRAWN_MAX)
            .map(|side| format!("{} ({})", lot(side.node), side.quantity))
            .collect();
        match (all.is_empty(), all.len().checked_sub(DRAWN_MAX).filter(|more| *more > 0)) {
            (true, _) => language.of("无", "nothing").to_owned(),
            (_, Some(more)) => format!("{} … + {more}", shown.join(", ")),
            (_, None) => shown.join(", "),
        }
    };
    format!(
        "{} {}: {} {}; {} {}",
        language.of("批次", "Batch"),
        lot(own),
        language.of("由下列批次制成：", "made from"),
        list(before),
        language.of("用于制成：", "made into"),
        list(behind)
    )
}

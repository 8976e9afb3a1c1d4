//! A graph of batches as a tree of which a page shows a part.
//!
//! Each batch has one row, where the shortest way leads; each event has one place, at the first batch
//! that leads to it. Where another way leads to either, a row refers to that place.

use crate::index::{Derivation, Graph, Id, Node};
use std::{collections::BTreeMap, ops::Range};

/// A graph with the numbers of its rows.
pub(super) struct Tree<'a> {
    pub(super) graph: &'a Graph,
    /// Generations that have rows.
    depth: u32,
    nodes: BTreeMap<Id, usize>,
    /// The node under which each derivation has its place.
    places: Vec<usize>,
    /// Rows of each node, with those under it.
    sizes: Vec<usize>,
    /// Number of each node's row; `None` for those that have none.
    starts: Vec<Option<usize>>,
    /// Batches behind each node, and those of them against which something stands.
    behind: Vec<(usize, usize)>,
}

/// An event as a page shows it.
pub(super) struct Step {
    pub(super) derivation: usize,
    /// Its batches on the far side; none where it has its place elsewhere.
    pub(super) rows: Vec<Row>,
    pub(super) is_elsewhere: bool,
}

/// A batch as a page shows it.
pub(super) struct Row {
    pub(super) batch: Id,
    /// Its node; `None` if there were too many.
    pub(super) node: Option<usize>,
    pub(super) steps: Vec<Step>,
    /// Whether its row is elsewhere.
    pub(super) is_elsewhere: bool,
    /// Whether its row is on a page before, and stands here for those under it.
    pub(super) is_before: bool,
}

impl<'a> Tree<'a> {
    /// - `depth`: generations that have rows.
    pub(super) fn of(graph: &'a Graph, depth: u32) -> Self {
        let n = graph.nodes.len();
        let nodes = (0..).zip(&graph.nodes).map(|(at, node)| (node.id, at)).collect();
        let mut places = vec![usize::MAX; graph.derivations.len()];
        for (at, node) in graph.nodes.iter().enumerate().rev() {
            for derivation in &node.followed {
                if let Some(place) = places.get_mut(*derivation) {
                    *place = at;
                }
            }
        }
        let mut tree = Self {
            graph,
            depth,
            nodes,
            places,
            sizes: vec![1; n],
            starts: vec![None; n],
            behind: vec![(0, 0); n],
        };
        tree.count();
        tree.number();
        tree
    }

    /// From the farthest on: what is behind each node is counted before it.
    fn count(&mut self) {
        for at in (0..self.graph.nodes.len()).rev() {
            let (Some(node), Some(own)) = (self.graph.nodes.get(at), self.behind.get(at).copied())
            else {
                continue;
            };
            if let Some(behind) = node.reached.and_then(|(next, _)| self.behind.get_mut(next)) {
                behind.0 += own.0 + 1;
                behind.1 += own.1 + usize::from(!node.batch.marks.is_clear());
            }
            let size = 1 + self.parts(at).map(|part| self.size_of(&part)).sum::<usize>();
            if let Some(of) = self.sizes.get_mut(at) {
                *of = size;
            }
        }
    }

    /// From the nearest on: the rows of a node stand before those under it.
    fn number(&mut self) {
        if let Some(first) = self.starts.first_mut() {
            *first = Some(0);
        }
        for at in 0..self.graph.nodes.len() {
            let Some(Some(start)) = self.starts.get(at).copied() else { continue };
            let mut next = start + 1;
            let mut found = Vec::new();
            for part in self.parts(at) {
                if let Part::Node(_, child) = part {
                    found.push((child, next));
                }
                next += self.size_of(&part);
            }
            for (child, start) in found {
                if let Some(of) = self.starts.get_mut(child) {
                    *of = Some(start);
                }
            }
        }
    }

    /// Rows without that of the batch asked for.
    pub(super) fn n_rows(&self) -> usize {
        self.sizes.first().map_or(0, |size| size - 1)
    }

    /// Number of a node's row among them.
    pub(super) fn row_of(&self, node: usize) -> Option<usize> {
        self.starts.get(node).copied().flatten()?.checked_sub(1)
    }

    /// Number of a batch's row among them.
    pub(super) fn row_of_batch(&self, batch: Id) -> Option<usize> {
        self.row_of(*self.nodes.get(&batch)?)
    }

    /// Batches behind a node, and those of them against which something stands.
    pub(super) fn behind(&self, node: usize) -> (usize, usize) {
        self.behind.get(node).copied().unwrap_or_default()
    }

    /// The node under which a derivation has its place.
    pub(super) fn place_of(&self, derivation: usize) -> Option<&'a Node> {
        self.graph.nodes.get(*self.places.get(derivation)?)
    }

    pub(super) fn derivation(&self, at: usize) -> Option<&'a (Id, Derivation)> {
        self.graph.derivations.get(at)
    }

    /// The rows of a page, with those before that they stand under.
    pub(super) fn page(&self, rows: Range<usize>) -> Vec<Step> {
        self.steps(0, &(rows.start + 1..rows.end + 1))
    }

    fn steps(&self, at: usize, rows: &Range<usize>) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let mut next = self.starts.get(at).copied().flatten().unwrap_or_default() + 1;
        for part in self.parts(at) {
            let start = next;
            next += self.size_of(&part);
            if next <= rows.start || start >= rows.end {
                continue;
            }
            let derivation = part.derivation();
            let is_elsewhere = matches!(part, Part::Elsewhere(_));
            if steps.last().is_none_or(|step| step.derivation != derivation) {
                steps.push(Step { derivation, rows: Vec::new(), is_elsewhere });
            }
            let row = match part {
                Part::Elsewhere(_) => continue,
                Part::Node(_, child) => self.graph.nodes.get(child).map(|node| Row {
                    batch: node.id,
                    node: Some(child),
                    steps: self.steps(child, rows),
                    is_elsewhere: false,
                    is_before: start < rows.start,
                }),
                Part::Again(_, batch) => Some(Row {
                    batch,
                    node: self.nodes.get(&batch).copied(),
                    steps: Vec::new(),
                    is_elsewhere: true,
                    is_before: false,
                }),
            };
            if let Some(step) = steps.last_mut() {
                step.rows.extend(row);
            }
        }
        steps
    }

    /// What stands under a node.
    fn parts(&self, at: usize) -> impl Iterator<Item = Part> + '_ {
        let node = self.graph.nodes.get(at).filter(|node| node.depth < self.depth);
        let followed = node.map_or(&[][..], |node| &node.followed);
        followed.iter().flat_map(move |derivation| {
            let is_here = self.places.get(*derivation) == Some(&at);
            let far = self.graph.derivations.get(*derivation).filter(|_| is_here);
            let far = far.map_or(&[][..], |(_, it)| it.far(self.graph.direction));
            let elsewhere = (!is_here).then_some(Part::Elsewhere(*derivation));
            elsewhere.into_iter().chain(far.iter().map(move |amount| {
                let child = self.nodes.get(&amount.batch).copied();
                let reached = |child: &usize| {
                    let node = self.graph.nodes.get(*child);
                    node.is_some_and(|node| node.reached == Some((at, *derivation)))
                };
                match child.filter(reached) {
                    Some(child) => Part::Node(*derivation, child),
                    None => Part::Again(*derivation, amount.batch),
                }
            }))
        })
    }

    fn size_of(&self, part: &Part) -> usize {
        match part {
            Part::Node(_, child) => self.sizes.get(*child).copied().unwrap_or(1),
            Part::Elsewhere(_) | Part::Again(..) => 1,
        }
    }
}

/// What stands under a node.
enum Part {
    /// A batch of a derivation, with what stands under it.
    Node(usize, usize),
    /// A batch of a derivation that has its row elsewhere, or none.
    Again(usize, Id),
    /// A derivation that has its place elsewhere.
    Elsewhere(usize),
}

impl Part {
    fn derivation(&self) -> usize {
        match self {
            Self::Node(derivation, _)
            | Self::Again(derivation, _)
            | Self::Elsewhere(derivation) => *derivation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Amount, Batch, Direction};

    fn id(n: u8) -> Id {
        Id::read(&format!("0x{}", hex::encode([n; 16]))).unwrap()
    }

    fn derivation(from: &[u8], made: &[u8]) -> (Id, Derivation) {
        let amounts = |ids: &[u8]| -> Vec<_> {
            ids.iter().map(|n| Amount { batch: id(*n), quantity: 1 }).collect()
        };
        let derivation = Derivation {
            kind: "Split".into(),
            organisation: 1,
            event_time: 0,
            height: 1,
            transaction: None,
            inputs: amounts(from),
            outputs: amounts(made),
        };
        (id(made[0]), derivation)
    }

    /// 0 is parted into 1 and 2, of both together 3 and 4 are made, and 5 of 3. Against 5 stands a recall.
    fn graph() -> Graph {
        let node = |n: u8, depth, reached, followed: &[usize]| {
            let mut batch = Batch::default();
            batch.marks.n_recalls = u32::from(n == 5);
            Node { id: id(n), batch, depth, reached, followed: followed.into() }
        };
        Graph {
            direction: Direction::Forward,
            nodes: vec![
                node(0, 0, None, &[0]),
                node(1, 1, Some((0, 0)), &[1]),
                node(2, 1, Some((0, 0)), &[1]),
                node(3, 2, Some((1, 1)), &[2]),
                node(4, 2, Some((1, 1)), &[]),
                node(5, 3, Some((3, 2)), &[]),
            ],
            derivations: vec![
                derivation(&[0], &[1, 2]),
                derivation(&[1, 2], &[3, 4]),
                derivation(&[3], &[5]),
            ],
            is_complete: true,
        }
    }

    /// The rows of steps in words: a batch, what stands under it in brackets.
    fn told(steps: &[Step]) -> String {
        let row = |row: &Row| {
            let again = if row.is_elsewhere { "again " } else { "" };
            let before = if row.is_before { "before " } else { "" };
            let digit = row.batch.to_string().pop().unwrap();
            format!("{before}{again}{digit}{}", told(&row.steps))
        };
        let step = |step: &Step| {
            let rows: Vec<_> = step.rows.iter().map(row).collect();
            if step.is_elsewhere { "[elsewhere]".into() } else { format!("[{}]", rows.join(" ")) }
        };
        steps.iter().map(step).collect()
    }

    #[test]
    fn each_batch_and_each_event_has_one_place() {
        let graph = graph();
        let tree = Tree::of(&graph, 64);
        assert_eq!(tree.n_rows(), 6);
        assert_eq!(told(&tree.page(0..100)), "[1[3[5] 4] 2[elsewhere]]");
        assert_eq!(tree.place_of(1).map(|node| node.id), Some(id(1)));
        let rows: Vec<_> = (1..6).map(|node| tree.row_of(node).unwrap()).collect();
        assert_eq!(rows, [0, 4, 1, 3, 2]);
    }

    #[test]
    fn what_is_behind_is_counted_though_it_has_no_rows() {
        let graph = graph();
        let tree = Tree::of(&graph, 1);
        assert_eq!(told(&tree.page(0..100)), "[1 2]");
        assert_eq!((tree.behind(0), tree.behind(1), tree.behind(2)), ((5, 1), (3, 1), (0, 0)));
        assert_eq!(tree.row_of_batch(id(5)), None);
    }

    #[test]
    fn pages_together_are_the_whole() {
        let graph = graph();
        let tree = Tree::of(&graph, 64);
        assert_eq!(told(&tree.page(0..2)), "[1[3]]");
        assert_eq!(told(&tree.page(2..4)), "[before 1[before 3[5] 4]]");
        assert_eq!(told(&tree.page(4..6)), "[2[elsewhere]]");
        assert_eq!(told(&tree.page(5..6)), "[before 2[elsewhere]]");
        assert!(tree.page(6..9).is_empty());
    }

    #[test]
    fn a_batch_that_another_way_reached_is_referred_to() {
        let mut graph = graph();
        graph.direction = Direction::Forward;
        // 5 is reached from the first as well, which is the shorter way.
        graph.derivations[0] = derivation(&[0], &[1, 2, 5]);
        graph.nodes[5].reached = Some((0, 0));
        graph.nodes[5].depth = 1;
        let tree = Tree::of(&graph, 64);
        assert_eq!(told(&tree.page(0..100)), "[1[3[again 5] 4] 2[elsewhere] 5]");
    }
}

//! Walks over the graph of batches.

use super::{Amount, Batch, Derivation, Id, Index, IndexError, batches::Reader};
use ecoledger_client::BaseUnit;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most batches of a graph, beside the one that is asked for.
pub const GRAPH_MAX: usize = 20_000;

/// To what a batch was made from, or to what was made of it.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To what it was made from.
    #[default]
    Back,
    /// To what was made of it.
    Forward,
}

/// Batches that are reached from one, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// Which way.
    pub direction: Direction,
    /// The batch asked for, and then those that are reached, nearest first; each once, by the
    /// shortest way.
    pub nodes: Vec<Node>,
    /// What lies between them.
    pub derivations: Vec<(Id, Derivation)>,
    /// Whether none was left out for there being too many.
    pub is_complete: bool,
}

/// A batch of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its id.
    pub id: Id,
    /// What it is.
    pub batch: Batch,
    /// Generations away.
    pub depth: u32,
    /// The node next to it on the way, and the derivation between the two; `None` for the first.
    pub reached: Option<(usize, usize)>,
    /// The derivations behind it that were followed: by which it was made, or those that it went
    /// into, oldest first.
    pub followed: Vec<usize>,
}

/// A batch that was reached, as programs are told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TraceRow<'a> {
    batch: Id,
    #[serde(flatten)]
    facts: &'a Batch,
    depth: u32,
    next_to: Id,
    derivation: Id,
    kind: &'a str,
    organisation: u32,
    event_time: u64,
    height: u32,
    transaction: Option<u32>,
    /// Of the older of the two batches, by the whole derivation.
    taken: Quantity,
    /// Of the younger.
    made: Quantity,
}

/// So much of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Quantity {
    /// Base units, as digits.
    quantity: String,
    unit: Option<BaseUnit>,
}

impl Derivation {
    /// The batches on the far side of it.
    pub fn far(&self, direction: Direction) -> &[Amount] {
        match direction {
            Direction::Back => &self.inputs,
            Direction::Forward => &self.outputs,
        }
    }
}

/// How much of `batch` there is among `amounts`.
pub fn quantity_of(amounts: &[Amount], batch: Id) -> u128 {
    amounts.iter().find(|it| it.batch == batch).map_or(0, |it| it.quantity)
}

impl Graph {
    /// Rows for programs, nearest first, without the batch asked for.
    pub fn rows(&self) -> impl Iterator<Item = TraceRow<'_>> {
        self.nodes.iter().filter_map(|node| self.row(node))
    }

    fn row<'a>(&'a self, node: &'a Node) -> Option<TraceRow<'a>> {
        let (next_to, derivation) = node.reached?;
        let next_to = self.nodes.get(next_to)?;
        let (id, derivation) = self.derivations.get(derivation)?;
        let (older, younger) = match self.direction {
            Direction::Back => (node, next_to),
            Direction::Forward => (next_to, node),
        };
        let of = |amounts: &[Amount], node: &Node| Quantity {
            quantity: quantity_of(amounts, node.id).to_string(),
            unit: node.batch.unit,
        };
        Some(TraceRow {
            batch: node.id,
            facts: &node.batch,
            depth: node.depth,
            next_to: next_to.id,
            derivation: *id,
            kind: &derivation.kind,
            organisation: derivation.organisation,
            event_time: derivation.event_time,
            height: derivation.height,
            transaction: derivation.transaction,
            taken: of(&derivation.inputs, older),
            made: of(&derivation.outputs, younger),
        })
    }
}

impl Index {
    /// What a batch was made from, or what was made of it: at most [`GRAPH_MAX`] batches, within
    /// `depth` generations.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn trace(&self, batch: Id, direction: Direction, depth: u32) -> Result<Graph, IndexError> {
        let tables = self.tables()?;
        let mut walk = Walk::new(&tables, batch, direction)?;
        let mut at = 0;
        // Nearest first: behind one that is as far as wanted, all are.
        while let Some((from, generation)) = walk.at(at).filter(|it| it.1 < depth) {
            let ids = match direction {
                Direction::Back => tables.made_by(from)?.into_iter().collect(),
                Direction::Forward => tables.used_in(from, GRAPH_MAX)?,
            };
            for id in ids {
                walk.follow(at, generation + 1, id)?;
                if !walk.graph.is_complete {
                    return Ok(walk.graph);
                }
            }
            at += 1;
        }
        Ok(walk.graph)
    }

    /// How batches were made, and what they are.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn derivation(&self, id: Id) -> Result<Option<WholeDerivation>, IndexError> {
        let tables = self.tables()?;
        let Some(derivation) = tables.derivation(id)? else { return Ok(None) };
        let amounts = derivation.inputs.iter().chain(&derivation.outputs);
        let batches = amounts
            .map(|amount| Ok((amount.batch, tables.batch(amount.batch)?)))
            .collect::<Result<_, IndexError>>()?;
        Ok(Some((derivation, batches)))
    }
}

/// A derivation, and what its batches are.
pub type WholeDerivation = (Derivation, BTreeMap<Id, Batch>);

/// A graph in the making.
struct Walk<'a> {
    tables: &'a Reader,
    graph: Graph,
    /// Batches that have a node.
    seen: BTreeSet<Id>,
    /// Where derivations are in the graph.
    places: BTreeMap<Id, usize>,
}

impl<'a> Walk<'a> {
    fn new(tables: &'a Reader, batch: Id, direction: Direction) -> Result<Self, IndexError> {
        let first = Node {
            id: batch,
            batch: tables.batch(batch)?,
            depth: 0,
            reached: None,
            followed: Vec::new(),
        };
        Ok(Self {
            tables,
            graph: Graph {
                direction,
                nodes: vec![first],
                derivations: Vec::new(),
                is_complete: true,
            },
            seen: BTreeSet::from([batch]),
            places: BTreeMap::new(),
        })
    }

    /// A node's batch, and how far away it is.
    fn at(&self, node: usize) -> Option<(Id, u32)> {
        self.graph.nodes.get(node).map(|node| (node.id, node.depth))
    }

    /// Follows a derivation from a node to those behind it, unless another node led there.
    fn follow(&mut self, from: usize, generation: u32, id: Id) -> Result<(), IndexError> {
        let new = self.graph.derivations.len();
        let place = *self.places.entry(id).or_insert(new);
        if let Some(node) = self.graph.nodes.get_mut(from) {
            node.followed.push(place);
        }
        if place != new {
            return Ok(());
        }
        let derivation = self.tables.derivation(id)?;
        let derivation =
            derivation.ok_or_else(|| IndexError::Damaged(format!("derivation {id} is missing")))?;
        for amount in derivation.far(self.graph.direction) {
            if !self.seen.insert(amount.batch) {
                continue;
            }
            if self.graph.nodes.len() > GRAPH_MAX {
                self.graph.is_complete = false;
                break;
            }
            self.graph.nodes.push(Node {
                id: amount.batch,
                batch: self.tables.batch(amount.batch)?,
                depth: generation,
                reached: Some((from, place)),
                followed: Vec::new(),
            });
        }
        self.graph.derivations.push((id, derivation));
        Ok(())
    }
}

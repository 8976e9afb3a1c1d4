//! Measures how long it takes to trace graphs of 10,000 batches both ways, from the index to JSON.
//!
//! `lattice`: from one batch, by layers of derivations of 16 batches into 16 of which each takes from
//! several of the layer before, to one batch; `fan`: one batch of which 10,000 are made, each for
//! itself, and all of them merged again, 16 at a time.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

mod blocks;

use blocks::Chain;
use ecoledger_gateway::index::{Direction, Id};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// Most inputs and outputs of a derivation.
const PARTS: usize = 16;
/// Batches of a layer of the lattice, and layers.
const WIDTH: usize = 208;
const LAYERS: usize = 48;
/// Batches that are made of the fan's first.
const FAN: usize = 10_000;
/// Of so many runs the middle one is told.
const RUNS: usize = 21;
/// What is promised.
const LIMIT: Duration = Duration::from_millis(100);

fn main() {
    let mut is_kept = true;
    for (name, (chain, first, last)) in [("lattice", lattice()), ("fan", fan())] {
        for (direction, from) in [(Direction::Back, last), (Direction::Forward, first)] {
            let (took, n_batches, n_bytes) = measured(&chain, from, direction);
            println!(
                "  {name}, {direction:?}: {n_batches} batches, {}.{:01} ms, {n_bytes} bytes of JSON",
                took.as_millis(),
                took.as_micros() % 1_000 / 100
            );
            is_kept &= took < LIMIT;
        }
    }
    assert!(is_kept, "a trace took longer than {LIMIT:?}");
}

/// The middle of some runs, with batches and bytes of the answer.
fn measured(chain: &Chain, from: Id, direction: Direction) -> (Duration, usize, usize) {
    let mut took = Vec::new();
    let (mut n_batches, mut n_bytes) = (0, 0);
    for _ in 0..RUNS {
        let started = Instant::now();
        let graph = chain.index.trace(from, direction, 64).expect("the index is whole");
        let rows: Vec<_> = graph.rows().collect();
        let json = black_box(serde_json::to_vec(&rows).expect("rows are JSON"));
        took.push(started.elapsed());
        (n_batches, n_bytes) = (rows.len(), json.len());
        assert!(graph.is_complete, "the graph was cut off");
    }
    took.sort_unstable();
    (took.get(RUNS / 2).copied().unwrap_or_default(), n_batches, n_bytes)
}

/// Merges batches 16 at a time until there is one.
fn merged(chain: &mut Chain, name: &str, mut batches: Vec<Id>) -> Id {
    let mut round = 0;
    while batches.len() > 1 {
        let mut next = Vec::new();
        for (at, group) in batches.chunks(PARTS).enumerate() {
            let from: Vec<_> = group.iter().map(|batch| (*batch, 1)).collect();
            next.extend(chain.derive("Merge", &from, &[(&format!("{name}-{round}-{at}"), 16)]));
        }
        chain.block();
        (batches, round) = (next, round + 1);
    }
    batches.first().copied().expect("there are batches")
}

fn lattice() -> (Chain, Id, Id) {
    let mut chain = Chain::start();
    let first = chain.produce("FIRST", 1_000_000);
    chain.block();
    let split = |chain: &mut Chain, from: Id, name: &str, n: usize| {
        let lots: Vec<_> = (0..n).map(|at| format!("{name}-{at}")).collect();
        let parts: Vec<_> = lots.iter().map(|lot| (lot.as_str(), 1_000)).collect();
        chain.derive("Split", &[(from, 1_000 * n as u128)], &parts)
    };
    let some = split(&mut chain, first, "S", PARTS);
    let mut layer = Vec::new();
    for (at, from) in some.into_iter().enumerate() {
        layer.extend(split(&mut chain, from, &format!("L0-{at}"), WIDTH / PARTS));
    }
    chain.block();
    for n in 1..LAYERS {
        let mut next = Vec::new();
        for group in 0..WIDTH / PARTS {
            // Every 13th batch of the layer before: of each of its groups.
            let from = layer.iter().skip(group).step_by(WIDTH / PARTS);
            let from: Vec<_> = from.map(|batch| (*batch, 900)).collect();
            let lots: Vec<_> = (0..PARTS).map(|at| format!("L{n}-{group}-{at}")).collect();
            let made: Vec<_> = lots.iter().map(|lot| (lot.as_str(), 900)).collect();
            next.extend(chain.derive("Transformation", &from, &made));
        }
        chain.block();
        layer = next;
    }
    let last = merged(&mut chain, "M", layer);
    (chain, first, last)
}

fn fan() -> (Chain, Id, Id) {
    let mut chain = Chain::start();
    let first = chain.produce("FIRST", 1_000_000);
    chain.block();
    let mut made = Vec::new();
    for at in 0..FAN {
        made.extend(chain.derive("Packing", &[(first, 100)], &[(&format!("F-{at}"), 100)]));
        if at % 1_000 == 999 {
            chain.block();
        }
    }
    let last = merged(&mut chain, "M", made);
    (chain, first, last)
}

//! A pallet's `weights.rs` from what was measured.

use crate::fit::{Fit, Line};
use std::fmt::{Error, Write};

/// How the figures came about.
#[derive(Debug)]
pub(crate) struct Circumstances {
    /// Model of the processor and number of cores.
    pub machine: String,
    /// Day of the run.
    pub date: String,
    /// Timed runs at each point.
    pub repeats: u32,
    /// Values of each component.
    pub steps: u32,
}

/// The text of `weights.rs`.
///
/// # Errors
/// Never: it writes to memory.
pub(crate) fn weights(
    package: &str,
    fits: &[(String, Fit)],
    circumstances: &Circumstances,
) -> Result<String, Error> {
    let Circumstances { machine, date, repeats, steps } = circumstances;
    let mut out = String::new();
    write!(
        out,
        r#"//! Weights of the calls and steps of `{package}`.
//!
//! Measured, and written by `scripts/bench-weights`; not edited by hand. The benchmarks of the
//! pallet were executed natively in the runtime's configuration, in the profile that the node is
//! built with:
//!
//! - {date}, on {machine};
//! - {repeats} timed runs at each of up to {steps} values of every component.
//!
//! Times are picoseconds of execution over a state in memory: the line of least squares, raised so
//! that no median of the runs at one point lies above it. Reads and writes are different keys of
//! the state, at what a key costs the runtime; keys that every block or transaction touches are
//! not counted again. There are no proofs, so that the proof size is zero.

use core::marker::PhantomData;
use frame_support::{{
    traits::Get,
    weights::{{RuntimeDbWeight, Weight, constants::RocksDbWeight}},
}};

/// What the call or step of each name may cost, by the components of its benchmark.
pub trait WeightInfo {{
"#
    )?;
    for (name, fit) in fits {
        writeln!(out, "    /// {}.", medians(fit))?;
        writeln!(out, "    fn {name}({}) -> Weight;", parameters(fit, |_| true))?;
    }
    out.push_str("}\n\nmacro_rules! measured {\n    ($db:ty) => {\n");
    for (nth, (name, fit)) in fits.iter().enumerate() {
        if nth > 0 {
            out.push('\n');
        }
        function(&mut out, name, fit)?;
    }
    out.push_str(
        r#"    };
}

/// What was measured, at the runtime's own costs of a key.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    measured!(T::DbWeight);
}

/// The same at FRAME's default costs of a key, for tests.
impl WeightInfo for () {
    measured!(RocksDbWeight);
}
"#,
    );
    Ok(out)
}

/// The parameters of a weight function; those it does not depend on are marked as unused.
fn parameters(fit: &Fit, is_used: impl Fn(usize) -> bool) -> String {
    let parameters: Vec<_> = fit
        .components
        .iter()
        .enumerate()
        .map(|(nth, (letter, ..))| format!("{}{letter}: u32", if is_used(nth) { "" } else { "_" }))
        .collect();
    parameters.join(", ")
}

fn function(out: &mut String, name: &str, fit: &Fit) -> Result<(), Error> {
    let slope = |line: &Line, nth: usize| line.slopes.get(nth).copied().unwrap_or_default();
    let is_used = |nth| [&fit.time, &fit.reads, &fit.writes].iter().any(|of| slope(of, nth) > 0);
    let indent = "            ";
    writeln!(out, "        fn {name}({}) -> Weight {{", parameters(fit, is_used))?;
    write!(out, "{indent}Weight::from_parts({}, 0)", grouped(fit.time.base))?;
    let keys = |reads, writes| {
        format!("<$db as Get<RuntimeDbWeight>>::get().reads_writes({reads}, {writes})")
    };
    if (fit.reads.base, fit.writes.base) != (0, 0) {
        let keys = keys(fit.reads.base, fit.writes.base);
        write!(out, "\n{indent}    .saturating_add({keys})")?;
    }
    for (nth, (letter, ..)) in fit.components.iter().enumerate().filter(|(nth, _)| is_used(*nth)) {
        let time = format!("Weight::from_parts({}, 0)", grouped(slope(&fit.time, nth)));
        let (reads, writes) = (slope(&fit.reads, nth), slope(&fit.writes, nth));
        let each = match (reads, writes) {
            (0, 0) => time,
            _ => format!("{time}\n{indent}            .saturating_add({})", keys(reads, writes)),
        };
        write!(
            out,
            "\n{indent}    .saturating_add(\n{indent}        {each}\n{indent}            \
             .saturating_mul(u64::from({letter})),\n{indent}    )"
        )?;
    }
    writeln!(out, "\n        }}")
}

/// Median times as microseconds with two decimals, and the values of the components.
fn medians(fit: &Fit) -> String {
    let micros = |ns: u64| format!("{}.{:02}", ns / 1_000, ns % 1_000 / 10);
    let (least, most) = fit.medians_ns;
    if fit.components.is_empty() {
        return format!("Median {} µs", micros(most));
    }
    let ranges: Vec<_> = fit
        .components
        .iter()
        .map(|(letter, least, most)| format!("`{letter}` of {least} to {most}"))
        .collect();
    format!("Medians {} to {} µs, for {}", micros(least), micros(most), ranges.join(" and "))
}

/// Digits in groups of three.
pub(crate) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

//! Measures networks of one and of four validators on this machine: throughput, latency, cost.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

mod print;

use clap::{Parser, ValueEnum};
use ecoledger_tests::{
    Network,
    measure::{self, Report},
    parts::{self, Parts},
    validators,
    workload::{Batches, Chain, Lane, certificates, labels, settlements},
};
use eyre::{WrapErr, eyre};
use serde::Serialize;
use std::{path::PathBuf, time::Duration};

/// Most cases of a load: all of them are prepared and signed beforehand, in memory.
const CASES_MAX: u32 = 200_000;

/// Measures networks on this machine, each load on a network of its own: batches registered and
/// transferred, decisions on certificates, a label series, and settlements of compensation.
///
/// All is signed beforehand and sent at a fixed pace over JSON-RPC, whatever comes back. A step of
/// a decision or settlement that needs another one is sent once that one is final. Beside the
/// figures of the network stand those of the parts that no node can do without, measured in the
/// same run.
#[derive(Debug, Parser)]
struct Args {
    /// Validators of the networks that are measured, one network after the other.
    #[arg(long, value_delimiter = ',', default_value = "1,4")]
    validators: Vec<u16>,
    /// What is measured.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "batches,certificates,labels,settlements"
    )]
    only: Vec<Load>,
    /// Transactions a second of the batch load; the highest of the ramp that was kept up unless
    /// given.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// Rates of the batch load that are tried for a few seconds each, ascending.
    #[arg(
        long,
        value_delimiter = ',',
        value_parser = clap::value_parser!(u32).range(1..),
        default_value = "250,500,750,1000,1250,1500,1750,2000,2500,3000"
    )]
    ramp: Vec<u32>,
    /// Seconds of each step of the ramp.
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
    ramp_seconds: u32,
    /// Decisions a second: two transactions each, after five that prepare one.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    decision_rate: u32,
    /// Settlements a second: four transactions each, after 27 that prepare one.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    settlement_rate: u32,
    /// Item codes of the label series, at most a million.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    codes: u32,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// File for the figures as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Load {
    /// Batches registered, shipped and received.
    Batches,
    /// Decisions to certify: a certifier proposes, the head of the body signs.
    Certificates,
    /// A label series: its tree, its registration, the proof of one code.
    Labels,
    /// Settlements of compensation agreements: computed, confirmed by both, paid.
    Settlements,
}

/// Figures of one network size.
#[derive(Debug, Default, Serialize)]
struct Measured {
    validators: u16,
    batches: Option<BatchFigures>,
    certificates: Option<Figures>,
    labels: Option<labels::Report>,
    settlements: Option<Figures>,
}

#[derive(Debug, Serialize)]
struct BatchFigures {
    ramp: Vec<Report>,
    sustained: Report,
    parts: Parts,
}

#[derive(Debug, Serialize)]
struct Figures {
    sustained: Report,
    parts: Parts,
}

#[tokio::main]
async fn main() -> eyre::Result<()> {
    let args = Args::parse();
    let mut all = Vec::new();
    for n_validators in &args.validators {
        let mut measured = Measured { validators: *n_validators, ..Measured::default() };
        for load in [Load::Batches, Load::Certificates, Load::Labels, Load::Settlements] {
            if args.only.contains(&load) {
                one(&args, load, *n_validators, &mut measured).await?;
            }
        }
        all.push(measured);
    }
    if let Some(path) = &args.json {
        let text = serde_json::to_string_pretty(&all).wrap_err("encode figures")?;
        std::fs::write(path, text).wrap_err_with(|| format!("write {}", path.display()))?;
    }
    Ok(())
}

/// Measures one load on a network of its own.
async fn one(
    args: &Args,
    load: Load,
    n_validators: u16,
    measured: &mut Measured,
) -> eyre::Result<()> {
    println!("\n{load:?}, {n_validators} validator(s): preparing");
    let network: Network = validators(n_validators).start().await?;
    let chain = Chain::of(&network).await?;
    let time = Duration::from_secs(args.seconds.into());
    match load {
        Load::Batches => {
            let figures = batches(args, &chain).await?;
            print::load(&figures.sustained, &figures.parts);
            measured.batches = Some(figures);
        }
        Load::Certificates => {
            let count = count(args.decision_rate, args.seconds)?;
            let lanes = certificates::prepare(&chain, count, time).await?;
            let figures = cases(args, &chain, lanes).await?;
            certificates::check(&chain, count).await?;
            print::load(&figures.sustained, &figures.parts);
            measured.certificates = Some(figures);
        }
        Load::Labels => {
            let report = labels::run(&chain, args.codes).await?;
            print::labels(&report);
            measured.labels = Some(report);
        }
        Load::Settlements => {
            let count = count(args.settlement_rate, args.seconds)?;
            let lanes = settlements::prepare(&chain, count, time).await?;
            let figures = cases(args, &chain, lanes).await?;
            settlements::check(&chain, count).await?;
            print::load(&figures.sustained, &figures.parts);
            measured.settlements = Some(figures);
        }
    }
    network.assert_same_chain().await?;
    network.passed();
    Ok(())
}

/// Cases of a load.
fn count(per_second: u32, seconds: u32) -> eyre::Result<u32> {
    let count = per_second.checked_mul(seconds).filter(|count| *count <= CASES_MAX);
    count.ok_or_else(|| {
        eyre!(
            "{per_second} cases a second for {seconds} s are more than the {CASES_MAX} that can be \
             prepared; lower the rate or --seconds"
        )
    })
}

/// Finds the highest rate of the ramp that is kept up, unless one is given, and measures it.
async fn batches(args: &Args, chain: &Chain<'_>) -> eyre::Result<BatchFigures> {
    let network = chain.network();
    let mut workload = Batches::prepare(chain).await?;
    let first = workload.sign(u32::try_from(workload.accounts())? * 300, 1)?;
    let parts = parts::measure(network, first.get(..1).unwrap_or_default()).await?;
    // Those transactions were for the parts alone; the network has not seen them.
    let mut workload = workload.restart();

    let mut ramp = Vec::new();
    let rate = match args.rate {
        Some(rate) => rate,
        None => highest_kept_up(args, network, &mut workload, &mut ramp).await?,
    };
    println!("  measuring {rate} tx/s for {} s", args.seconds);
    let lanes = workload.sign(rate, args.seconds)?;
    let sustained = measure::run(network, lanes, args.seconds).await?;
    Ok(BatchFigures { ramp, sustained, parts })
}

/// The highest rate of the ramp that is kept up, or its first if none is.
async fn highest_kept_up(
    args: &Args,
    network: &Network,
    workload: &mut Batches<'_>,
    ramp: &mut Vec<Report>,
) -> eyre::Result<u32> {
    let mut rate = *args.ramp.first().ok_or_else(|| eyre!("--ramp names no rate"))?;
    for step in &args.ramp {
        let lanes = workload.sign(*step, args.ramp_seconds)?;
        let report = measure::run(network, lanes, args.ramp_seconds).await?;
        print::step(*step, &report);
        let kept_up = report.kept_up();
        ramp.push(report);
        if !kept_up {
            break;
        }
        rate = *step;
    }
    Ok(rate)
}

/// Measures a load of cases of several steps.
async fn cases(args: &Args, chain: &Chain<'_>, lanes: Vec<Lane>) -> eyre::Result<Figures> {
    let parts = parts::measure(chain.network(), &lanes).await?;
    println!("  measuring for {} s", args.seconds);
    let sustained = measure::run(chain.network(), lanes, args.seconds).await?;
    Ok(Figures { sustained, parts })
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::Parser;

    #[test]
    fn a_rate_is_taken_as_it_is_given() {
        let parse = |options: &[&str]| Args::try_parse_from(["bench"].iter().chain(options));
        assert_eq!(parse(&[]).unwrap().rate, None);
        assert_eq!(parse(&["--rate", "100"]).unwrap().rate, Some(100));
        for refused in [["--rate", "0"], ["--ramp", "0,250"], ["--ramp", ""]] {
            assert!(parse(&refused).is_err(), "{refused:?}");
        }
    }
}

//! Measures networks of one and of four validators on this machine: throughput, latency, cost.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use clap::Parser;
use ecoledger_tests::{
    Network, Terms, measure, measure::Report, parts, parts::Parts, validators, workload::Workload,
};
use eyre::WrapErr;
use serde::Serialize;
use std::path::PathBuf;

/// Measures networks on this machine with a mixed load of batch registrations and transfers.
#[derive(Debug, Parser)]
struct Args {
    /// Validators of the networks that are measured, one network after the other.
    #[arg(long, value_delimiter = ',', default_value = "1,4")]
    validators: Vec<u16>,
    /// Transactions a second; the highest of the ramp that was kept up unless given.
    #[arg(long)]
    rate: Option<u32>,
    /// Rates that are tried for a few seconds each, ascending.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "250,500,750,1000,1250,1500,1750,2000,2500,3000"
    )]
    ramp: Vec<u32>,
    /// Seconds of the measurement.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Seconds of each step of the ramp.
    #[arg(long, default_value_t = 9)]
    ramp_seconds: u32,
    /// File for the figures as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Measured {
    ramp: Vec<Report>,
    sustained: Report,
    parts: Parts,
}

#[tokio::main]
async fn main() -> eyre::Result<()> {
    let args = Args::parse();
    let mut all = Vec::new();
    for n_validators in &args.validators {
        let measured = network(&args, *n_validators).await?;
        print(&measured);
        all.push(measured);
    }
    if let Some(path) = &args.json {
        let text = serde_json::to_string_pretty(&all).wrap_err("encode figures")?;
        std::fs::write(path, text).wrap_err_with(|| format!("write {}", path.display()))?;
    }
    Ok(())
}

async fn network(args: &Args, n_validators: u16) -> eyre::Result<Measured> {
    println!("\n{n_validators} validator(s): preparing");
    let network: Network = validators(n_validators).start().await?;
    let client = network.client(0).await?;
    let terms = Terms::of(&network.rpc(0).await?).await?;
    let mut workload = Workload::prepare(&client, &terms).await?;
    let scratch = network.scratch().join("parts");
    let first = workload.sign(u32::try_from(workload.accounts())? * 300, 1)?;
    let load = first.first().map(Vec::as_slice).unwrap_or_default();
    let spec = network.root().join("chain-spec.json");
    let parts = parts::measure(&spec, &workload.preparation, load, &scratch)?;
    // Those transactions were for the parts alone; the network has not seen them.
    let mut workload = workload.restart();

    let mut ramp = Vec::new();
    let mut rate = args.rate.unwrap_or(0);
    if args.rate.is_none() {
        for step in &args.ramp {
            let report = measure::run(&network, &mut workload, *step, args.ramp_seconds).await?;
            println!(
                "  {:>5} tx/s offered: {:>5} committed, p95 {:>5} ms, waiting {:?}, refused {}",
                step, report.committed_per_s, report.latency_p95_ms, report.backlog, report.refused
            );
            let kept_up = report.kept_up();
            ramp.push(report);
            if !kept_up {
                break;
            }
            rate = *step;
        }
    }
    let rate = rate.max(args.ramp.first().copied().unwrap_or(100));
    println!("  measuring {rate} tx/s for {} s", args.seconds);
    let sustained = measure::run(&network, &mut workload, rate, args.seconds).await?;
    network.assert_same_chain().await?;
    network.passed();
    Ok(Measured { ramp, sustained, parts })
}

fn print(measured: &Measured) {
    let Measured { sustained, parts, .. } = measured;
    let rows = [
        ("validators", sustained.validators.to_string()),
        ("offered, tx/s", sustained.offered_per_s.to_string()),
        ("committed, tx/s", sustained.committed_per_s.to_string()),
        ("seconds", sustained.seconds.to_string()),
        ("transactions, refused", format!("{}, {}", sustained.sent, sustained.refused)),
        ("blocks", sustained.blocks.to_string()),
        ("waiting at 1/3, 2/3, end", format!("{:?}", sustained.backlog)),
        (
            "latency p50, p95 in ms",
            format!("{}, {}", sustained.latency_p50_ms, sustained.latency_p95_ms),
        ),
        ("node CPU, µs per tx", format!("{:?}", sustained.node_cpu_us_per_tx)),
        ("generator CPU, µs per tx", sustained.generator_cpu_us_per_tx.to_string()),
        ("disk, bytes per tx", sustained.disk_bytes_per_tx.to_string()),
        ("  of it: verify a signature, µs", parts.verify_signature_us.to_string()),
        ("  of it: apply a call, µs", parts.apply_call_us.to_string()),
        ("  of it: commit its keys, µs", parts.commit_keys_us.to_string()),
    ];
    for (name, value) in rows {
        println!("  {name:<34} {value}");
    }
}

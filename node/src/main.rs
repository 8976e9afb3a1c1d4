//! The EcoLedger node: a validator or a full node of a permissioned chain for ecological products.
//!
//! What it is: the command line, the chain specification, and the wiring of storage, executor,
//! mempool, consensus and RPC into one process. What it is not: any of those; each has its crate
//! under `node/crates`, and nothing here decides, executes or stores anything itself.
//!
//! Map: [`cli`] (options), [`chain_spec`] (which chain), [`addresses`] (of other nodes), [`lock`]
//! (one process on a base path), [`keys`] (key files and the `key` command), [`testnet`]
//! (configuration for N nodes), [`status`] (asks a running node), [`health`] (its peers, and how far
//! it is behind them), [`service`] (the only place where components meet).

// The binary talks to its operator on standard output.
#![allow(clippy::print_stdout)]

mod addresses;
mod chain_spec;
mod cli;
mod health;
mod keys;
mod lock;
mod service;
mod status;
mod testnet;

use clap::Parser;
use cli::{Cli, Command};
use eyre::WrapErr;
use std::{io::IsTerminal, process::ExitCode};

/// Execution and encoding allocate much and briefly: the system allocator takes up to a fifth of a
/// loaded node's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // One line with all causes: where in the source it arose helps no operator.
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> eyre::Result<()> {
    match cli.command {
        None => {
            init_logs(&cli.run)?;
            runtime()?.block_on(service::run(&cli.run))
        }
        Some(Command::Key(command)) => keys::run(&command),
        Some(Command::BuildSpec(command)) => chain_spec::build(&command),
        Some(Command::PurgeChain(command)) => chain_spec::purge(&command),
        Some(Command::Testnet(command)) => testnet::write(&command),
        Some(Command::Status(command)) => runtime()?.block_on(status::print(&command)),
    }
}

fn runtime() -> eyre::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().wrap_err("start tokio runtime")
}

fn init_logs(run: &cli::RunArgs) -> eyre::Result<()> {
    let filter = tracing_subscriber::EnvFilter::builder()
        .parse(&run.log)
        .wrap_err_with(|| format!("read log filter {:?}", run.log))?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match run.log_format {
        cli::LogFormat::Text => logs.init(),
        cli::LogFormat::Json => logs.json().init(),
    }
    Ok(())
}

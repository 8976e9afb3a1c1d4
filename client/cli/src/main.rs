//! The `ecoledger` command: every call and every record of the chain from a terminal.
//!
//! What it is: `tx` makes any call, `query` reads any storage item, `view` calls any view
//! function, `list` shows what there is, all from the chain's own metadata. What it is not: a
//! place where rules live; the chain refuses what is wrong, and this prints why.
//!
//! Exit codes: 0 done, 1 the chain refused or the call failed, 2 wrong usage, 3 no connection.

// A command's output is its purpose.
#![allow(clippy::print_stdout)]

mod arguments;
mod list;
mod output;
mod trace;

use clap::{Args, Parser, Subcommand};
use ecoledger_client::{Client, Error, KeyPair};
use output::{Format, Printer};
use serde_json::json;
use std::{path::PathBuf, process::ExitCode, time::Duration};

/// Pause between attempts to connect to a node that is starting.
const CONNECT_PAUSE: Duration = Duration::from_millis(100);

/// Every call and every record of the chain from a terminal.
#[derive(Debug, Parser)]
#[command(name = "ecoledger", version, about, arg_required_else_help = true)]
struct Cli {
    /// WebSocket address of a node.
    #[arg(long, global = true, env = "ECOLEDGER_URL", default_value = "ws://127.0.0.1:9944")]
    url: String,
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value = "table")]
    output: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a call: sign it, submit it, wait until it is final.
    Tx(TxArgs),
    /// Read a storage item.
    Query(QueryArgs),
    /// Call a view function.
    View(ViewArgs),
    /// Show pallets, or a pallet's calls, storage items, view functions, events and errors.
    List {
        /// Pallet to show.
        pallet: Option<String>,
    },
    /// Follow a batch back to its origins or forward to what was made of it.
    #[command(subcommand)]
    Trace(trace::TraceCommand),
    /// Show the transactions and events of a block.
    Block {
        /// Height; the last final block unless given.
        height: Option<u32>,
    },
    /// Call a JSON-RPC method of the node.
    Rpc {
        /// Method, such as chain_getFinalizedHead.
        method: String,
        /// Parameters in order; JSON or plain text.
        parameters: Vec<String>,
    },
    /// Wait until a height is final.
    Wait {
        /// Height to wait for.
        #[arg(long)]
        height: u32,
        /// Seconds after which to give up.
        #[arg(long, default_value_t = 60)]
        timeout_s: u64,
    },
    /// Show the account of a key.
    Account {
        /// Signing key.
        #[command(flatten)]
        key: KeyArgs,
    },
}

/// Signing key.
#[derive(Args, Debug)]
struct KeyArgs {
    /// File that holds the secret: 0x seed (ed25519), mnemonic or //Path (sr25519).
    #[arg(long, env = "ECOLEDGER_KEY_FILE", conflicts_with = "secret")]
    key: Option<PathBuf>,
    /// The secret itself; for development keys such as //Alice, since others see process lists.
    #[arg(long, env = "ECOLEDGER_SECRET", hide_env_values = true)]
    secret: Option<String>,
}

impl KeyArgs {
    fn load(&self) -> Result<KeyPair, Error> {
        let secret = match (&self.key, &self.secret) {
            (Some(path), _) => std::fs::read_to_string(path)
                .map_err(|error| Error::Arguments(format!("read {}: {error}", path.display())))?,
            (None, Some(secret)) => secret.clone(),
            (None, None) => {
                return Err(Error::Arguments("give --key FILE or --secret to sign with".into()));
            }
        };
        KeyPair::parse(&secret).map_err(|error| Error::Arguments(error.to_string()))
    }
}

#[derive(Args, Debug)]
struct TxArgs {
    /// Pallet, such as Traceability.
    pallet: String,
    /// Call, such as ship.
    call: String,
    /// Arguments as `name=value`; values are JSON or plain text.
    arguments: Vec<String>,
    /// Arguments as one JSON object; `-` reads it from standard input.
    #[arg(long, conflicts_with = "arguments")]
    json: Option<String>,
    #[command(flatten)]
    key: KeyArgs,
    /// Print the signed transaction and do not submit it.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args, Debug)]
struct QueryArgs {
    /// Pallet, such as Traceability.
    pallet: String,
    /// Storage item, such as Batches.
    item: String,
    /// Keys of a map, in order; JSON or plain text.
    keys: Vec<String>,
    /// List the entries whose leading keys are given.
    #[arg(long)]
    all: bool,
    /// Most entries to list.
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// Height to read at; the last final block unless given.
    #[arg(long)]
    at: Option<u32>,
}

#[derive(Args, Debug)]
struct ViewArgs {
    /// Pallet, such as Traceability.
    pallet: String,
    /// View function.
    function: String,
    /// Arguments in order; JSON or plain text.
    arguments: Vec<String>,
    /// Height to read at; the last final block unless given.
    #[arg(long)]
    at: Option<u32>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Printer::new(cli.output).error(&error);
            ExitCode::from(exit_code(&error))
        }
    }
}

fn exit_code(error: &Error) -> u8 {
    match error {
        Error::Connection(_) => 3,
        Error::Unknown { .. } | Error::Arguments(_) | Error::Value(_) => 2,
        _ => 1,
    }
}

async fn run(cli: &Cli) -> Result<(), Error> {
    let printer = Printer::new(cli.output);
    if let Command::Account { key } = &cli.command {
        printer.value(&output::account(&key.load()?));
        return Ok(());
    }
    if let Command::Wait { height, timeout_s } = &cli.command {
        let client = wait(&cli.url, *height, Duration::from_secs(*timeout_s)).await?;
        printer.value(&json!({ "height": client }));
        return Ok(());
    }
    let client = Client::connect(&cli.url).await?;
    match &cli.command {
        Command::Tx(args) => tx(&client, args, printer).await,
        Command::Query(args) => {
            let keys = arguments::list(&args.keys);
            if args.all {
                let entries =
                    client.entries(&args.pallet, &args.item, &keys, args.limit, args.at).await?;
                printer.entries(&entries);
                return Ok(());
            }
            let value = client.query(&args.pallet, &args.item, &keys, args.at).await?;
            printer.value(&value.unwrap_or_default());
            Ok(())
        }
        Command::View(args) => {
            let arguments = arguments::list(&args.arguments);
            let value = client.view(&args.pallet, &args.function, &arguments, args.at).await?;
            printer.value(&value);
            Ok(())
        }
        Command::List { pallet } => list::print(&client, pallet.as_deref(), printer).await,
        Command::Trace(command) => trace::run(&client, command, printer).await,
        Command::Rpc { method, parameters } => {
            printer.value(&client.rpc(method, &arguments::list(parameters)).await?);
            Ok(())
        }
        Command::Block { height } => {
            printer.value(&client.block(*height).await?);
            Ok(())
        }
        Command::Account { .. } | Command::Wait { .. } => Ok(()),
    }
}

/// Waits until `height` is final at the node, which may still be starting.
async fn wait(url: &str, height: u32, timeout: Duration) -> Result<u32, Error> {
    let waiting = async {
        let client = loop {
            match Client::connect(url).await {
                Ok(client) => break client,
                Err(Error::Connection(_)) => tokio::time::sleep(CONNECT_PAUSE).await,
                Err(error) => return Err(error),
            }
        };
        client.wait_for_height(height).await
    };
    tokio::time::timeout(timeout, waiting).await.unwrap_or_else(|_| {
        Err(Error::Connection(format!("{url}: height {height} is not final after {timeout:?}")))
    })
}

async fn tx(client: &Client, args: &TxArgs, printer: Printer) -> Result<(), Error> {
    let arguments = match &args.json {
        Some(text) => arguments::object(text)?,
        None => arguments::named(&args.arguments)?,
    };
    let key = args.key.load()?;
    if args.dry_run {
        let nonce = client.next_nonce(&key.public_key()).await?;
        let bytes = client.sign_only(&key, &args.pallet, &args.call, &arguments, nonce).await?;
        printer.value(&json!({ "transaction": format!("0x{}", hex::encode(bytes)) }));
        return Ok(());
    }
    let submission = client.submit(&key, &args.pallet, &args.call, &arguments).await?;
    printer.progress(&format!("submitted {:?}, waiting for finality", submission.hash()));
    printer.receipt(&submission.finalized().await?);
    Ok(())
}

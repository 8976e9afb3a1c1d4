//! The `ecoledger` command: daily work, every call and every record of the chain from a terminal.
//!
//! What it is: `batch`, `unit`, `product`, `place`, `test`, `org`, `account` for daily work, in the
//! words of labels and delivery notes; `cert`, `brand`, `label` for certificates and brands;
//! `agreement`, `policy`, `fund`, `money`, `calendar`, `audit` for compensation; `rules`,
//! `validator`, `motion` for what the committee decides; `bulk` for files of calls; `watch` for
//! events; `key` for key files; and below them `tx` (any call), `query` (any storage item), `view`
//! (any view function) and `list`, all from the chain's own metadata. What it is not: a place where
//! rules live; the chain refuses what is wrong, and this prints why. Names are checked here too, so
//! that a slip of the hand costs no transaction.
//!
//! Exit codes: 0 done, 1 the chain refused or a call failed, 2 wrong usage, 3 no connection. A
//! reader that goes away, as in `| head`, ends the command with 0 and without a word.
//!
//! Map: [`batch`], [`mod@unit`], [`trace`], [`master`], [`rules`] (traceability); [`org`], [`account`],
//! [`validator`] (who takes part); [`cert`], [`brand`], [`label`], [`proof`], [`gateway`]; [`agreement`], [`policy`],
//! [`fund`], [`money`], [`audit`] (compensation); [`calendar`], [`motion`] (the committee); [`bulk`],
//! [`watch`], [`list`]; [`keys`], [`submit`] (signing and asking first), [`arguments`],
//! [`document`], [`http`], [`files`], [`fields`], [`output`].

mod account;
mod agreement;
mod arguments;
mod audit;
mod batch;
mod brand;
mod bulk;
mod calendar;
mod cert;
mod document;
mod fields;
mod files;
mod fund;
mod gateway;
mod http;
mod keys;
mod label;
mod list;
mod master;
mod money;
mod motion;
mod org;
mod output;
mod policy;
mod proof;
mod rules;
mod submit;
mod trace;
mod unit;
mod validator;
mod watch;

use account::AccountArgs;
use agreement::AgreementCommand;
use audit::AuditCommand;
use batch::{BatchCommand, TestCommand};
use bulk::BulkArgs;
use calendar::CalendarCommand;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};
use clap_complete::Shell;
use document::DocumentCommand;
use ecoledger_client::{Client, Error};
use fund::FundCommand;
use keys::KeyCommand;
use master::{PlaceCommand, ProductCommand};
use money::MoneyCommand;
use org::OrgCommand;
use output::{Format, Printer, line};
use policy::PolicyCommand;
use rules::RulesCommand;
use serde_json::json;
use std::{
    ffi::{OsStr, OsString},
    process::ExitCode,
    time::Duration,
};
use submit::{SubmitArgs, call_of, send};
use unit::UnitCommand;
use validator::ValidatorCommand;
use watch::WatchArgs;

/// Pause between attempts to connect to a node that is starting.
const CONNECT_PAUSE: Duration = Duration::from_millis(100);

/// Under which `--help` shows the options of every command, behind its own.
const COMMON_HEADING: &str = "Node and output";

/// Every call and every record of the chain from a terminal.
#[derive(Debug, Parser)]
#[command(name = "ecoledger", version, about, arg_required_else_help = true)]
struct Cli {
    /// WebSocket address of a node.
    #[arg(
        long,
        global = true,
        env = "ECOLEDGER_URL",
        default_value = "ws://127.0.0.1:9944",
        help_heading = COMMON_HEADING
    )]
    url: String,
    /// How results are printed.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "table",
        help_heading = COMMON_HEADING
    )]
    output: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Register, produce, ship, receive, process, sell, hold and recall batches.
    #[command(subcommand)]
    Batch(BatchCommand),
    /// Pack batches into cartons, crates and pallets, and receive those (SSCC).
    #[command(subcommand)]
    Unit(UnitCommand),
    /// Register, license and show products.
    #[command(subcommand)]
    Product(ProductCommand),
    /// Register and show production bases (生产基地).
    #[command(subcommand)]
    Place(PlaceCommand),
    /// Record a laboratory's tests.
    #[command(subcommand)]
    Test(TestCommand),
    /// Certify: schemes, bodies, applications, certificates, findings, sales (认证).
    #[command(subcommand)]
    Cert(cert::CertCommand),
    /// Run a brand: marks, rules, licences, printed labels, misuse (区域公用品牌).
    #[command(subcommand)]
    Brand(brand::BrandCommand),
    /// Prove item codes to anybody, and verify such proofs without a node.
    #[command(subcommand)]
    Proof(proof::ProofCommand),
    /// Serve product pages, proofs and a read API to the public, beside a node.
    Gateway(gateway::GatewayArgs),
    /// Publish documents that the chain names at gateways, and fetch them by their digest.
    #[command(subcommand)]
    Document(DocumentCommand),
    /// Make codes, label items with them, print and check them, and mark what became of items (一品一码).
    #[command(subcommand, visible_alias = "labels")]
    Label(label::LabelCommand),
    /// Propose, sign, sample, settle and pay agreements between governments (横向补偿).
    #[command(subcommand)]
    Agreement(AgreementCommand),
    /// Create, compute, publish, pay and evaluate transfers to counties (纵向补偿).
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Pass on, pay, claw back and follow money with a purpose (专款专用).
    #[command(subcommand)]
    Fund(FundCommand),
    /// Issue money against deposits, redeem it and pay it out (结算).
    #[command(subcommand)]
    Money(MoneyCommand),
    /// Set and show working days, and when terms end.
    #[command(subcommand)]
    Calendar(CalendarCommand),
    /// Export movements that add up to the balances.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Register, empower, suspend and show organisations and the keys that act for them.
    #[command(subcommand)]
    Org(OrgCommand),
    /// Show the account of a key, or the money of an account.
    Account(AccountArgs),
    /// Propose calls to the committee, vote on them, and carry them out.
    #[command(subcommand)]
    Motion(motion::MotionCommand),
    /// Govern and show units, yields, farm inputs, recalls and the clock.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Add, change, remove and show validators and the nodes that may connect.
    #[command(subcommand)]
    Validator(ValidatorCommand),
    /// Make, import, show and export key files.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Make the calls of a file, each once, whatever breaks on the way.
    Bulk(BulkArgs),
    /// Show events as they become final.
    Watch(WatchArgs),
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
    /// Print a script that completes this command in a shell.
    Completions {
        /// bash, zsh, fish, and others.
        #[arg(value_enum)]
        shell: Shell,
    },
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
    submit: SubmitArgs,
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
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let cli = match parse(&arguments) {
        Ok(cli) => cli,
        Err(refusal) if refusal.use_stderr() && asks_for_json(&arguments) => {
            let error = Error::Arguments(usage_message(&refusal));
            Printer::new(Format::Json).error(&error);
            return ExitCode::from(exit_code(&error));
        }
        Err(refusal) => refusal.exit(),
    };
    match run(&cli).await {
        Ok(code) => code,
        Err(error) => {
            Printer::new(cli.output).error(&error);
            ExitCode::from(exit_code(&error))
        }
    }
}

/// Reads the command line, the program's name first.
fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    // Only then, since a slip such as --plce would be taken for a value too.
    if arguments.iter().any(|argument| is_negative(argument)) {
        command = with_negative_values(command);
    }
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

/// Whether an argument is a value below 0, such as -5kg; no option begins with a digit.
fn is_negative(argument: &OsStr) -> bool {
    let text = argument.to_string_lossy();
    text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Lets each value begin with a hyphen, so that -5kg is refused by the rule of its field.
fn with_negative_values(command: clap::Command) -> clap::Command {
    command.mut_subcommands(with_negative_values).mut_args(|argument| {
        // What takes many values would take the options behind it.
        let takes_one = argument.get_action().takes_values()
            && argument.get_num_args().is_none_or(|range| range.max_values() == 1);
        argument.allow_hyphen_values(takes_one)
    })
}

/// Whether a command line asks for JSON; also one that is wrong otherwise.
fn asks_for_json(arguments: &[OsString]) -> bool {
    let options: Vec<_> = arguments.iter().take_while(|argument| *argument != "--").collect();
    options.iter().any(|argument| *argument == "--output=json")
        || options.windows(2).any(|pair| pair[0] == "--output" && pair[1] == "json")
}

/// What is wrong with a command line, without usage and advice.
fn usage_message(refusal: &clap::Error) -> String {
    if refusal.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "a subcommand is expected; --help shows them".into();
    }
    let text = refusal.render().to_string();
    let end =
        ["\n\nUsage:", "\n\nFor more information"].iter().filter_map(|it| text.find(it)).min();
    let text = text.get(..end.unwrap_or(text.len())).unwrap_or(&text).trim();
    text.strip_prefix("error: ").unwrap_or(text).to_owned()
}

/// The README's table of exit codes.
fn exit_code(error: &Error) -> u8 {
    match error {
        Error::Connection(_) | Error::GatewayConnection(_) | Error::WrongChain { .. } => 3,
        Error::Unknown { .. }
        | Error::Arguments(_)
        | Error::Value(_)
        | Error::Name(_)
        | Error::Quantity(_)
        | Error::Code(_)
        | Error::Key(_)
        | Error::Keystore(_)
        | Error::Journal(_) => 2,
        _ => 1,
    }
}

async fn run(cli: &Cli) -> Result<ExitCode, Error> {
    let printer = Printer::new(cli.output);
    if let Some(done) = run_offline(&cli.command, printer) {
        return done;
    }
    if let Command::Wait { height, timeout_s } = &cli.command {
        let height = wait(&cli.url, *height, Duration::from_secs(*timeout_s)).await?;
        printer.value(&json!({ "height": height }));
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Gateway(args) = &cli.command {
        gateway::run(&cli.url, args, printer).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let client = Client::connect(&cli.url).await?;
    if let Command::Bulk(args) = &cli.command {
        let is_complete = bulk::run(&client, args, printer).await?;
        return Ok(if is_complete { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    // Each command's future is large; one at a time lives on the heap.
    Box::pin(run_online(&client, &cli.command, printer)).await.map(|()| ExitCode::SUCCESS)
}

/// Runs what needs no node; `None` for everything else.
fn run_offline(command: &Command, printer: Printer) -> Option<Result<ExitCode, Error>> {
    if let Command::Proof(command) = command {
        return proof::run_offline(command, printer);
    }
    let done = match command {
        Command::Key(command) => Some(keys::run(command, printer)),
        Command::Account(args) => args.run_offline(printer),
        Command::Document(command) => Some(document::run(command, printer)),
        Command::Label(command) => label::run_offline(command, printer),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "ecoledger", &mut script);
            line(String::from_utf8_lossy(&script));
            Some(Ok(()))
        }
        _ => None,
    };
    done.map(|done| done.map(|()| ExitCode::SUCCESS))
}

async fn run_online(client: &Client, command: &Command, printer: Printer) -> Result<(), Error> {
    match command {
        Command::Batch(command) => batch::run(client, command, printer).await,
        Command::Unit(command) => unit::run(client, command, printer).await,
        Command::Product(command) => master::run_product(client, command, printer).await,
        Command::Place(command) => master::run_place(client, command, printer).await,
        Command::Test(command) => batch::run_test(client, command, printer).await,
        Command::Agreement(command) => agreement::run(client, command, printer).await,
        Command::Policy(command) => policy::run(client, command, printer).await,
        Command::Fund(command) => fund::run(client, command, printer).await,
        Command::Calendar(command) => calendar::run(client, command, printer).await,
        Command::Audit(command) => audit::run(client, command, printer).await,
        Command::Money(command) => money::run(client, command, printer).await,
        Command::Org(command) => org::run(client, command, printer).await,
        Command::Account(args) => account::run(client, args, printer).await,
        Command::Rules(command) => rules::run(client, command, printer).await,
        Command::Validator(command) => validator::run(client, command, printer).await,
        Command::Cert(command) => cert::run(client, command, printer).await,
        Command::Brand(command) => brand::run(client, command, printer).await,
        Command::Label(command) => label::run(client, command, printer).await,
        Command::Motion(command) => motion::run(client, command, printer).await,
        Command::Watch(args) => watch::run(client, args, printer).await,
        Command::Tx(args) => tx(client, args, printer).await,
        Command::Query(args) => query(client, args, printer).await,
        Command::View(args) => {
            let arguments = arguments::list(&args.arguments);
            let value = client.view(&args.pallet, &args.function, &arguments, args.at).await?;
            printer.value(&value);
            Ok(())
        }
        Command::List { pallet } => list::print(client, pallet.as_deref(), printer).await,
        Command::Proof(command) => proof::run(client, command, printer).await,
        Command::Trace(command) => trace::run(client, command, printer).await,
        Command::Rpc { method, parameters } => {
            printer.value(&client.rpc(method, &arguments::list(parameters)).await?);
            Ok(())
        }
        Command::Block { height } => {
            printer.value(&client.block(*height).await?);
            Ok(())
        }
        Command::Key(_)
        | Command::Bulk(_)
        | Command::Gateway(_)
        | Command::Completions { .. }
        | Command::Document(_)
        | Command::Wait { .. } => Ok(()),
    }
}

async fn query(client: &Client, args: &QueryArgs, printer: Printer) -> Result<(), Error> {
    let keys = arguments::list(&args.keys);
    if args.all {
        let entries = client.entries(&args.pallet, &args.item, &keys, args.limit, args.at).await?;
        printer.entries(&entries);
        return Ok(());
    }
    let value = client.query(&args.pallet, &args.item, &keys, args.at).await?;
    printer.value(&value.unwrap_or_default());
    Ok(())
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
    let call = call_of(&args.pallet, &args.call, arguments);
    send(client, &args.submit, &call, printer).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// clap's own check needs debug assertions, which the profile leaves out.
    fn check(command: &clap::Command, path: &str) {
        assert!(command.get_about().is_some(), "{path} does not say what it is");
        let mut ids = std::collections::BTreeSet::new();
        let mut longs = std::collections::BTreeSet::new();
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            assert!(ids.insert(id), "{path}: two arguments are stored as {id}");
            if let Some(long) = argument.get_long() {
                assert!(longs.insert(long), "{path}: two options are --{long}");
            }
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty(), "{path}: {id} has no help");
        }
        for inner in command.get_subcommands() {
            check(inner, &format!("{path} {}", inner.get_name()));
        }
    }

    #[test]
    fn every_command_says_what_it_is_and_every_argument_has_a_place() {
        let mut command = Cli::command();
        command.build();
        check(&command, "ecoledger");
    }

    fn line_of(arguments: &[&str]) -> Vec<OsString> {
        ["ecoledger"].iter().chain(arguments).map(OsString::from).collect()
    }

    fn refusal(arguments: &[&str]) -> String {
        parse(&line_of(arguments)).unwrap_err().to_string()
    }

    #[test]
    fn a_negative_value_is_refused_by_the_rule_of_its_field() {
        let sell = ["batch", "sell", "09506000200019/TIN-1", "-5kg"];
        let text = refusal(&sell);
        assert!(text.contains("<QUANTITY>") && text.contains("from 0 on and a unit"), "{text}");
        // Options behind it are still options.
        let text = refusal(&[&sell[..], &["--secret", "//Alice", "--output", "json"]].concat());
        assert!(text.contains("'-5kg' for '<QUANTITY>'"), "{text}");
        let register =
            ["product", "register", "09506000200019", "--unit", "pcs", "--category", "1"];
        let text = refusal(&[&register[..], &["--content", "-100g"]].concat());
        assert!(text.contains("--content") && text.contains("from 0 on and a unit"), "{text}");
        let text = refusal(&["place", "register", "--region", "331127", "--area", "-10mu"]);
        assert!(text.contains("--area") && text.contains("from 0 on and mu"), "{text}");
        let text = refusal(&["fund", "pay", "3/1", "-1.50", "--to", "5A", "--document-file", "v"]);
        assert!(text.contains("<AMOUNT>") && text.contains("two decimals"), "{text}");
        let text = refusal(&["agreement", "pay-in", "0", "2025", "-1", "--document-file", "v"]);
        assert!(text.contains("<AMOUNT>") && text.contains("two decimals"), "{text}");
        // A slip in an option's name is no value.
        let text = refusal(&["batch", "produce", "09506000200019/TIN-1", "--plce", "3", "5kg"]);
        assert!(text.contains("--plce") && text.contains("--place"), "{text}");
        let call = ["tx", "System", "remark", "remark=-5", "-5", "--secret", "//Alice"];
        assert!(refusal(&call).contains("-5"), "many values take no options");
    }

    #[test]
    fn programs_get_usage_errors_as_json() {
        for (arguments, is_asked) in [
            (&["batch", "--output", "json"][..], true),
            (&["--output=json", "batch"], true),
            (&["batch", "--output", "table"], false),
            (&["tx", "A", "b", "--", "--output", "json"], false),
            (&["batch", "--output"], false),
        ] {
            assert_eq!(asks_for_json(&line_of(arguments)), is_asked, "{arguments:?}");
        }
        let error = |arguments: &[&str]| parse(&line_of(arguments)).unwrap_err();
        let text = usage_message(&error(&["cert", "show", "--output", "json"]));
        assert!(text.contains("<CERTIFICATE>") && !text.contains("Usage"), "{text}");
        let text = usage_message(&error(&["batch", "sell", "09506000200019/TIN-1", "40"]));
        assert!(text.starts_with("invalid value '40' for '<QUANTITY>'"), "{text}");
        assert!(text.contains("has no unit") && !text.contains("more information"), "{text}");
        for arguments in [&["--output", "json", "batch"][..], &["--output", "json"], &[]] {
            let refusal = error(arguments);
            assert!(refusal.use_stderr(), "{arguments:?}");
            assert!(usage_message(&refusal).contains("subcommand"), "{arguments:?}");
        }
        // Help and version are no errors.
        assert!(!error(&["--output", "json", "--help"]).use_stderr());
        assert!(!error(&["--output", "json", "--version"]).use_stderr());
    }

    #[test]
    fn a_missing_document_names_both_ways_to_give_it() {
        for (arguments, options) in [
            (&["agreement", "pay", "0", "2025", "5"][..], ["--document ", "--document-file "]),
            (&["batch", "lift-recall", "0"], ["--reason ", "--reason-file "]),
            (&["test", "record", "09506000200019/A", "passed"], ["--report ", "--report-file "]),
            (&["money", "request", "1", "5"], ["--account ", "--account-file "]),
        ] {
            let text = refusal(arguments);
            assert!(options.iter().all(|option| text.contains(option)), "{text}");
        }
        let both = ["agreement", "pay", "0", "2025", "5", "--document-file", "v", "--document"];
        let commitment = format!("0x{}", "00".repeat(32));
        let text = refusal(&[&both[..], &[&commitment]].concat());
        assert!(text.contains("cannot be used with"), "{text}");
    }

    #[test]
    fn mistakes_name_the_argument_and_the_rule() {
        let text = refusal(&["batch", "sell", "09506000200018/TIN-1", "40pcs"]);
        assert!(text.contains("<BATCH>") && text.contains("check digit"), "{text}");
        let text = refusal(&["batch", "sell", "09506000200019/TIN-1", "40"]);
        assert!(text.contains("<QUANTITY>") && text.contains("no unit"), "{text}");
        let text = refusal(&["batch", "ship", "--to", "2"]);
        assert!(text.contains("--unit"), "{text}");
        let text = refusal(&["place", "register", "--region", "331127", "--area", "10"]);
        assert!(text.contains("--area") && text.contains("mu"), "{text}");
        let text = refusal(&["fund", "pay", "3/1", "1.234", "--to", "5A", "--document-file", "v"]);
        assert!(text.contains("<AMOUNT>") && text.contains("two decimals"), "{text}");
        let text = refusal(&["fund", "pay", "3/1", "1", "--to", "5A"]);
        assert!(text.contains("--document"), "{text}");
        let text = refusal(&["agreement", "sample", "0", "2025-13", "--value", "TP=1mg/L"]);
        assert!(text.contains("<MONTH>") && text.contains("YYYY-MM"), "{text}");
        let text = refusal(&["org", "register", "93331127MA2DEM025B"]);
        assert!(text.contains("<USCC>") && text.contains("check character must be A"), "{text}");
        let text = refusal(&["org", "grant", "3", "lab", "--region", "160000"]);
        assert!(text.contains("--region") && text.contains("GB/T 2260"), "{text}");
        let text = refusal(&["org", "grant", "3", "lab", "--region", "331127"]);
        assert!(text.contains("--as"), "{text}");
        let text = refusal(&["org", "agent", "powers", "5A", "boss"]);
        assert!(text.contains("<POWERS>") && text.contains("administer"), "{text}");
        let text = refusal(&["money", "confirm", "0", "--reference", "PAY 1"]);
        assert!(text.contains("--reference") && text.contains("without spaces"), "{text}");
        let text = refusal(&["unit", "receive", "376104250021234560"]);
        assert!(text.contains("<SSCC>") && text.contains("check digit"), "{text}");
        let text = refusal(&["rules", "recall", "4", "descendants"]);
        assert!(text.contains("<CLASS>") && text.contains("1..=3"), "{text}");
        let text = refusal(&["bulk", "rows.csv", "--window", "2000"]);
        assert!(text.contains("--window"), "{text}");
    }
}

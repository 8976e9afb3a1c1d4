//! A day's work by hand: the commands that people use, and what they say when something is wrong.

use crate::programs::Programs;
use ecoledger_client::{BlockEvents, Client, Error};
use ecoledger_tests::{Key, Network, four_validators, governance, validators};
use eyre::{WrapErr, ensure, eyre};
use futures::StreamExt;
use serde_json::{Value, json};
use std::{fs, os::unix::fs::PermissionsExt, process::Stdio, time::Duration};
use tokio::time::timeout;

const LEAF: &str = "09506000200019";
const TEA: &str = "09506000200026";
const TIN: &str = "09506000200033";
const PROCESSOR: &str = "2";
const RETAILER: &str = "3";

/// Registers the three products and a base, and sets the yield of tea.
async fn master_data(network: &Network, programs: &Programs) -> eyre::Result<String> {
    let client = network.client(0).await?;
    governance::enact(
        &client,
        json!({ "Traceability": { "set_yield": {
            "scope": { "Product": { "input": LEAF, "output": TEA } },
            "rule": { "max_ppb": 250_000_000, "by_product": false },
        } } }),
    )
    .await?;
    let register = ["product", "register"];
    let leaf = [&register[..], &["9506000200019", "--unit", "mg", "--category", "10000115"]];
    programs.json("bob", &leaf.concat()).await?;
    let tea = [&register[..], &[TEA, "--unit", "mg", "--category", "10000116"]];
    programs.json("charlie", &tea.concat()).await?;
    let content = ["--content", "100g", "--of", TEA, "--category", "10000116"];
    let tin = [&register[..], &[TIN, "--unit", "pcs"], &content];
    programs.json("charlie", &tin.concat()).await?;
    let place = programs
        .json("bob", &["place", "register", "--region", "331127", "--area", "10mu"])
        .await?;
    let events = place["events"].as_array().cloned().unwrap_or_default();
    let place = events
        .iter()
        .find(|event| event["name"] == "PlaceRegistered")
        .and_then(|event| event["fields"]["place"].as_u64())
        .ok_or_else(|| eyre!("no base was registered: {place}"))?;
    Ok(place.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn tea_from_leaf_to_shop_by_hand() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let place = master_data(&network, &programs).await?;
    let scratch = network.scratch();
    let report = scratch.join("report.txt");
    fs::write(&report, "no residue found")?;
    let report = report.display().to_string();
    let (leaf, tea, tin) =
        (format!("{LEAF}/LEAF-1"), format!("{TEA}/TEA-1"), format!("{TIN}/TIN-1"));
    let steps: Vec<(&str, Vec<&str>)> = vec![
        ("bob", vec!["batch", "register", &leaf, "--place", &place]),
        ("bob", vec!["batch", "produce", &leaf, "120 kg", "--place", &place]),
        ("eve", vec!["test", "record", &leaf, "passed", "--report-file", &report]),
        ("bob", vec!["batch", "ship", &leaf, "--to", PROCESSOR]),
        ("charlie", vec!["batch", "receive", &leaf, "118kg", "--lost"]),
    ];
    for (agent, arguments) in steps {
        programs.json(agent, &arguments).await?;
    }
    dry_runs(&programs, &leaf, &tea).await?;
    let (from_leaf, make_tea) = (format!("{leaf}=118kg"), format!("{tea}=26kg"));
    let (from_tea, make_tin) = (format!("{tea}=16kg"), format!("{tin}=160pcs"));
    let one = format!("{TEA}/TEA-1B=4kg");
    let two = format!("{TEA}/TEA-1C=6000 g");
    let transform = ["batch", "transform", "--from", &from_leaf, "--make", &make_tea];
    let transform = [&transform[..], &["--loss", "92kg"]].concat();
    let split = ["batch", "split", &tea, "--part", "TEA-1B=4kg", "--part", "TEA-1C=6kg"];
    let merge = ["batch", "merge", "--from", &one, "--from", &two, "--lot", "TEA-1D"];
    let steps: Vec<(&str, Vec<&str>)> = vec![
        ("charlie", transform),
        ("charlie", split.to_vec()),
        ("charlie", merge.to_vec()),
        ("charlie", vec!["batch", "pack", "--from", &from_tea, "--make", &make_tin]),
        ("charlie", vec!["batch", "ship", &tin, "--to", RETAILER]),
        ("dave", vec!["batch", "reject", &tin]),
        ("charlie", vec!["batch", "ship", &tin, "--to", RETAILER]),
        // Without a quantity, all that is under way.
        ("dave", vec!["batch", "receive", &tin, "--into", "retail"]),
        ("dave", vec!["batch", "sell", &tin, "40 pcs"]),
        ("dave", vec!["batch", "take-back", &tin, "1 pcs"]),
        ("dave", vec!["batch", "lose", &tin, "2 pcs"]),
        ("dave", vec!["batch", "hold", &tin]),
        ("dave", vec!["batch", "release", &tin]),
        ("alice", vec!["batch", "recall", &leaf, "--class", "2", "--reason-file", &report]),
        ("dave", vec!["batch", "return", &tin]),
    ];
    for (agent, arguments) in steps {
        programs.json(agent, &arguments).await.wrap_err_with(|| agent.to_string())?;
    }
    what_is_shown(&programs, &leaf, &tin, &place).await?;
    watched(&programs, &network.client(0).await?, &tin).await?;
    network.passed();
    Ok(())
}

async fn dry_runs(programs: &Programs, leaf: &str, tea: &str) -> eyre::Result<()> {
    let from = format!("{leaf}=118kg");
    let make = |kg: &str| format!("{tea}={kg}");
    let before = programs.json("charlie", &["rpc", "chain_getHeader"]).await?;
    let good = make("26kg");
    let arguments =
        ["batch", "transform", "--from", &from, "--make", &good, "--loss", "92kg", "--dry-run"];
    let asked = programs.json("charlie", &arguments).await?;
    ensure!(asked["checked"] == "applied" && asked["refusal"].is_null(), "{asked}");
    ensure!(asked["call"]["name"] == "transform", "{asked}");
    ensure!(asked["summary"] == "would be accepted", "{asked}");
    let greedy = make("30kg");
    let arguments =
        ["batch", "transform", "--from", &from, "--make", &greedy, "--loss", "88kg", "--dry-run"];
    let (code, text) = programs.failure("charlie", &arguments).await?;
    ensure!(code == 1 && text.contains("YieldExceeded"), "{code} {text}");
    let table =
        programs.text("bob", &["tx", "System", "remark", "remark=hello", "--dry-run"]).await?;
    ensure!(table.contains("System.remark") && table.contains("would be accepted"), "{table}");
    // The chain has gone on by itself at most: nothing was submitted.
    let after = programs.json("charlie", &["rpc", "chain_getHeader"]).await?;
    ensure!(before["extrinsicsRoot"].is_string() && after["number"].is_string(), "{after}");
    let stored = programs.json("charlie", &["batch", "show", leaf]).await?;
    ensure!(stored["batch"]["stage"] == "Stored", "{stored}");
    Ok(())
}

async fn what_is_shown(
    programs: &Programs,
    leaf: &str,
    tin: &str,
    place: &str,
) -> eyre::Result<()> {
    let shown = programs.json("dave", &["batch", "show", tin]).await?;
    ensure!(shown["recallStatus"]["Recalled"] == json!([0]), "{shown}");
    ensure!(shown["batch"]["record"]["quantities"]["sold"] == 39, "{shown}");
    let table = programs.text("dave", &["batch", "show", leaf]).await?;
    ensure!(table.contains("RECALLED by recall 0") && table.contains("118 kg"), "{table}");
    let history = programs.json("dave", &["batch", "history", tin]).await?;
    let steps: Vec<_> = history["events"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|event| event["event"]["biz_step"].as_str())
        .collect();
    ensure!(steps.len() == history["batch"]["record"]["n_events"], "{history}");
    ensure!(steps.contains(&"RetailSelling") && steps.contains(&"Receiving"), "{steps:?}");
    let table = programs.text("dave", &["batch", "history", leaf]).await?;
    ensure!(table.contains("120 kg") && table.contains("their hash is the one"), "{table}");
    let product = programs.text("dave", &["product", "show", TIN]).await?;
    ensure!(product.contains("0.1 kg") && product.contains(TEA), "{product}");
    let place = programs.text("dave", &["place", "show", place]).await?;
    ensure!(place.contains("10 mu") && place.contains("331127"), "{place}");
    let org = programs.text("dave", &["org", "show", "1"]).await?;
    ensure!(org.contains("景宁演示茶叶专业合作社") && org.contains("TraceNode"), "{org}");
    let same = programs.json("dave", &["org", "show", "93331127MA2DEM025A"]).await?;
    ensure!(same["organisation"]["id"] == 1, "{same}");
    let balance = programs.json("dave", &["account", "balance"]).await?;
    ensure!(balance["balance"]["free_fen"] == 0, "{balance}");
    ensure!(balance["agent"]["may_act"] == true, "{balance}");
    for (arguments, name) in [
        (&["batch", "show", "09506000200019/NONE"][..], "notFound"),
        (&["product", "show", "09506000200040"], "notFound"),
        (&["org", "show", "99"], "notFound"),
    ] {
        let (code, text) = programs.failure("dave", arguments).await?;
        ensure!(code == 1 && text.contains(name), "{arguments:?}: {code} {text}");
    }
    Ok(())
}

async fn watched(programs: &Programs, client: &Client, tin: &str) -> eyre::Result<()> {
    let height = client.height().await?.to_string();
    let arguments = ["watch", "--from", "1", "--until", &height, "--output", "json"];
    let lines = programs.text("dave", &arguments).await?;
    let events: Vec<Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let count = |name: &str| events.iter().filter(|event| event["name"] == name).count();
    ensure!(count("BatchProduced") == 1 && count("BatchShipped") == 4, "{lines}");
    ensure!(count("ExtrinsicSuccess") == 0, "routine is left out");
    let arguments = ["--event", "BatchSold", "--batch", tin];
    let arguments = [&["watch", "--from", "1", "--until", &height][..], &arguments].concat();
    let table = programs.text("dave", &arguments).await?;
    ensure!(table.lines().count() == 1 && table.contains("Traceability.BatchSold"), "{table}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_named_before_anything_is_sent() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let client = network.client(0).await?;
    let bob = Key::for_client("Bob").public_key();
    let cases: [(&[&str], &[&str]); 7] = [
        (
            &["batch", "produce", "09506000200018/L", "1kg", "--place", "0"],
            &["check digit", "LABEL"],
        ),
        (&["batch", "produce", "09506000200019/L", "1", "--place", "0"], &["unit", "QUANTITY"]),
        (&["batch", "produce", "09506000200019/L L", "1kg", "--place", "0"], &["lot"]),
        (
            &["batch", "sell", "09506000200019/L", "1kg", "--time", "2026-03-28"],
            &["time", "RFC 3339"],
        ),
        (&["batch", "recall", "09506000200019/L", "--class", "1"], &["reason"]),
        (
            &["tx", "Traceability", "sell", "batch=09506000200018/L", "quantity=1kg"],
            &["batch", "check digit"],
        ),
        (
            &[
                "tx",
                "Traceability",
                "sell",
                "batch=09506000200019/L",
                "quantity=1",
                "context={\"event_time\":\"now\"}",
            ],
            &["quantity"],
        ),
    ];
    for (arguments, words) in cases {
        let (code, text) = programs.failure("bob", arguments).await?;
        ensure!(code == 2, "{arguments:?}: {code} {text}");
        for word in words {
            ensure!(text.contains(word), "{arguments:?}: {text} does not say {word}");
        }
    }
    ensure!(client.next_nonce(&bob).await? == 0, "nothing was sent");

    // A reader that goes away ends the command without a word.
    let mut child = programs
        .command("bob", &["list", "Traceability"])?
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    drop(child.stdout.take());
    let output = child.wait_with_output().await?;
    ensure!(output.status.success(), "{output:?}");
    ensure!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));

    for shell in ["bash", "zsh", "fish"] {
        let script = programs.text("bob", &["completions", shell]).await?;
        ensure!(script.contains("ecoledger") && script.contains("take-back"), "{shell}");
    }
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_live_in_files_that_a_password_opens() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let scratch = network.scratch();
    let path = |name: &str| scratch.join(name).display().to_string();
    let (file, words, password, wrong) =
        (path("mei.key"), path("words"), path("password"), path("wrong"));
    fs::write(&password, "correct horse battery staple\n")?;
    fs::write(&wrong, "incorrect\n")?;
    let with = |arguments: &[&'static str], file: &str, password: &str| {
        let mut all: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        all.extend([file.to_owned(), "--password-file".into(), password.to_owned()]);
        all
    };
    let new = with(&["key", "new", "--show-mnemonic"], &file, &password);
    let made = programs.json("bob", &refs(&new)).await?;
    ensure!(fs::metadata(&file)?.permissions().mode() & 0o777 == 0o600, "it is private");
    let mnemonic = made["mnemonic"].as_str().ok_or_else(|| eyre!("no words: {made}"))?;
    ensure!(mnemonic.split(' ').count() == 24, "{made}");
    let shown = programs.json("bob", &["key", "show", &file]).await?;
    ensure!(shown["address"] == made["address"], "{shown}");
    let export = with(&["key", "export"], &file, &password);
    let exported = programs.json("bob", &refs(&export)).await?;
    ensure!(exported["secret"] == made["mnemonic"], "the words come back");
    let export = with(&["key", "export"], &file, &wrong);
    let (code, text) = programs.failure("bob", &refs(&export)).await?;
    ensure!(code == 2 && text.contains("password is wrong"), "{code} {text}");
    let (code, text) = programs.failure("bob", &refs(&new)).await?;
    ensure!(code == 2 && text.contains("exists"), "{code} {text}");

    // What is imported from the development phrase is the agent that genesis knows.
    let seed = fs::read_to_string(programs.keys.join("bob.seed"))?;
    fs::write(&words, &seed)?;
    let imported = path("bob.key");
    let import = with(&["key", "import"], &imported, &password);
    let output =
        programs.command("bob", &refs(&import))?.stdin(fs::File::open(&words)?).output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let signing = with(&["tx", "System", "remark", "remark=mine", "--key"], &imported, &password);
    let mut command = programs.command("bob", &refs(&signing))?;
    let output = command.env_remove("ECOLEDGER_KEY_FILE").output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(&imported)?;
    ensure!(!text.contains(seed.trim().trim_start_matches("0x")), "the seed is not readable");
    fs::write(&imported, text.replace("\"iterations\": 3", "\"iterations\": 4"))?;
    let export = with(&["key", "export"], &imported, &password);
    let (code, text) = programs.failure("bob", &refs(&export)).await?;
    ensure!(code == 2 && text.contains("changed or damaged"), "{code} {text}");
    network.passed();
    Ok(())
}

fn refs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_go_on_where_they_stopped_when_the_node_comes_back() -> eyre::Result<()> {
    let mut network = validators(1).start().await?;
    let client = network.client(0).await?;
    let alice = Key::for_client("Alice");
    let remark = |text: &str| json!({ "remark": text });
    for text in ["one", "two"] {
        let call = client.submit(&alice, "System", "remark_with_event", &remark(text)).await?;
        call.finalized().await?;
    }
    let mut blocks = Box::pin(client.events(1));
    let mut heights = Vec::new();
    let mut remarks = 0;
    let before = client.height().await?;
    read_until(&mut blocks, before, &mut heights, &mut remarks).await?;
    ensure!(remarks == 2, "{remarks}");
    network.stop(0).await?;
    network.restart(0).await?;
    let client = network.client(0).await?;
    let call = client.submit(&alice, "System", "remark_with_event", &remark("three")).await?;
    let receipt = call.finalized().await?;
    read_until(&mut blocks, receipt.height, &mut heights, &mut remarks).await?;
    ensure!(remarks == 3, "{remarks}");
    let expected: Vec<_> = (1..=receipt.height).collect();
    ensure!(heights == expected, "each height once and in order: {heights:?}");
    network.passed();
    Ok(())
}

async fn read_until(
    blocks: &mut (impl StreamExt<Item = Result<BlockEvents, Error>> + Unpin),
    height: u32,
    heights: &mut Vec<u32>,
    remarks: &mut usize,
) -> eyre::Result<()> {
    while heights.last().is_none_or(|last| *last < height) {
        let block = timeout(Duration::from_secs(60), blocks.next())
            .await
            .wrap_err("wait for a block")?
            .ok_or_else(|| eyre!("the stream ended"))??;
        heights.push(block.height);
        *remarks += block.events.iter().filter(|placed| placed.event.name == "Remarked").count();
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_applies_nothing_for_outsiders_is_asked_what_it_answers() -> eyre::Result<()> {
    let network = validators(1).option("RPC_METHODS", "safe").start().await?;
    let programs = Programs::of(&network);
    let hold = ["batch", "hold", "09506000200019/NONE", "--dry-run"];
    let asked = programs.json("bob", &hold).await?;
    ensure!(asked["checked"] == "poolOnly" && asked["refusal"].is_null(), "{asked}");
    ensure!(asked["summary"].to_string().contains("was not checked"), "{asked}");
    fs::write(programs.keys.join("nobody.seed"), "//Nobody\n")?;
    let (code, text) = programs.failure("nobody", &hold).await?;
    ensure!(code == 1 && text.contains("no participant"), "{code} {text}");
    network.passed();
    Ok(())
}

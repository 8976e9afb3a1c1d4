//! The two programs as an operator and an agent use them.

use crate::programs::Programs;
use ecoledger_tests::{Network, binaries, trace, validators};
use eyre::{WrapErr, ensure, eyre};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{process::Command, time::timeout};

/// How long a program may take to refuse to run.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn ecoledger_calls_and_reads() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let programs = Programs::of(&network);
    let gtin = trace::gtin(7);

    // As it stands under a barcode, with 13 digits.
    let short = gtin.strip_prefix('0').ok_or_else(|| eyre!("{gtin} has 14 digits"))?;
    let product = trace::register_product(short, trace::CO_OPERATIVE).to_string();
    let receipt = programs
        .json("bob", &["tx", "Traceability", "register_product", "--json", &product])
        .await?;
    ensure!(receipt["height"].as_u64().is_some_and(|height| height > 0), "{receipt}");
    programs
        .json(
            "bob",
            &[
                "tx",
                "Traceability",
                "register_place",
                "region=331127",
                "gln=null",
                "area_units=20000",
            ],
        )
        .await?;
    let produce = trace::produce(&gtin, "CLI-1", 0, trace::now_ms()).to_string();
    programs.json("bob", &["tx", "Traceability", "produce", "--json", &produce]).await?;

    let batch = trace::batch_id(&gtin, "CLI-1");
    let stored = programs.json("bob", &["query", "Traceability", "Batches", &batch]).await?;
    ensure!(stored["lot"] == json!("CLI-1"), "{stored}");
    let all = programs.json("bob", &["query", "Traceability", "Batches", "--all"]).await?;
    ensure!(all.as_array().is_some_and(|entries| entries.len() == 1), "{all}");
    let viewed = programs.json("bob", &["view", "Traceability", "batch", &batch]).await?;
    ensure!(viewed == stored, "{viewed}");
    let list = programs.json("bob", &["list", "Traceability"]).await?;
    ensure!(list.to_string().contains("produce"), "{list}");
    let traced = programs.json("bob", &["trace", "back", &gtin, "CLI-1"]).await?;
    ensure!(traced.to_string().contains("CLI-1"), "{traced}");
    let height = receipt["height"].to_string();
    let block = programs.json("bob", &["block", &height]).await?;
    ensure!(block.to_string().contains("register_product"), "{block}");
    let head = programs.json("bob", &["rpc", "chain_getFinalizedHead"]).await?;
    ensure!(head.as_str().is_some_and(|hash| hash.len() == 66), "{head}");
    let account = programs.json("bob", &["account"]).await?;
    ensure!(account["scheme"] == json!("ed25519"), "{account}");
    let signed =
        programs.json("bob", &["tx", "System", "remark", "remark=hello", "--dry-run"]).await?;
    ensure!(signed["transaction"].as_str().is_some_and(|text| text.len() > 200), "{signed}");
    exit_codes(&programs).await?;
    network.passed();
    Ok(())
}

async fn exit_codes(programs: &Programs) -> eyre::Result<()> {
    // 1: the chain refused, with the error's name.
    let unknown = format!("batch=0x{}", "ab".repeat(16));
    let (code, text) =
        programs.failure("bob", &["tx", "Traceability", "hold", &unknown, "reason=null"]).await?;
    ensure!(code == 1 && text.contains("BatchNotFound"), "{code} {text}");
    // 2: usage.
    for arguments in [
        &["tx", "Traceability", "no_such_call"][..],
        &["tx", "Traceability", "hold", "batch=12"],
        &["query", "Traceability", "NoSuchItem"],
        &["query", "Traceability", "Batches"],
        &["view", "Traceability", "batch"],
        &["no-such-command"],
    ] {
        let (code, text) = programs.failure("bob", arguments).await?;
        ensure!(code == 2, "{arguments:?}: {code} {text}");
        ensure!(!text.is_empty(), "{arguments:?} says nothing");
    }
    // 3: no node. Port 1 of the loopback address has no listener.
    let away = Programs { url: "ws://127.0.0.1:1".into(), keys: programs.keys.clone() };
    let (code, text) = away.failure("bob", &["block"]).await?;
    ensure!(code == 3, "{code} {text}");
    Ok(())
}

/// Runs `ecoledger-node` and gives what it prints.
async fn node(arguments: &[&str]) -> eyre::Result<String> {
    let output = Command::new(binaries::find("ecoledger-node")?)
        .args(arguments)
        .kill_on_drop(true)
        .output()
        .await
        .wrap_err("run ecoledger-node")?;
    ensure!(
        output.status.success(),
        "ecoledger-node {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).wrap_err("read its output")
}

#[tokio::test(flavor = "multi_thread")]
async fn ecoledger_node_commands() -> eyre::Result<()> {
    let mut network = validators(1).start().await?;
    keys().await?;
    specification(&network).await?;

    let url = network.node(0).url().replace("ws://", "http://");
    let status: Value = serde_json::from_str(&node(&["status", "--json", "--url", &url]).await?)?;
    ensure!(status["chain"] == json!("EcoLedger Local Testnet"), "{status}");
    ensure!(status["height"].is_u64(), "{status}");
    ensure!(node(&["status", "--url", &url]).await?.contains("stateRoot"), "a table");

    let client = network.client(0).await?;
    let alice = ecoledger_tests::Key::for_client("Alice");
    client.submit(&alice, "System", "remark", &json!({ "remark": "x" })).await?.finalized().await?;
    one_process_on_a_base_path(&network).await?;
    // A lone validator has nobody to publish to, which is no error.
    let log = network.node(0).log();
    ensure!(log.contains("block committed") && !log.contains(" ERROR "), "{log}");

    // Without its chain a node starts from genesis again, with the keys that it had.
    network.stop(0).await?;
    let folder = network.node(0).folder().display().to_string();
    let key = network.key(0, "validator key").await?;
    ensure!(node(&["purge-chain", "--yes", "--base-path", &folder]).await?.contains("deleted"), "");
    ensure!(node(&["purge-chain", "--yes", "--base-path", &folder]).await?.contains("nothing"), "");
    ensure!(network.key(0, "validator key").await? == key, "the keys stay");
    network.restart(0).await?;
    let nonce = network.client(0).await?.next_nonce(&alice.public_key()).await?;
    ensure!(nonce == 0, "the chain starts anew");
    network.passed();
    Ok(())
}

/// Why `ecoledger-node` refuses: one line for its operator.
async fn refusal(arguments: &[&str]) -> eyre::Result<String> {
    let output = Command::new(binaries::find("ecoledger-node")?)
        .args(arguments)
        .output()
        .await
        .wrap_err("run ecoledger-node")?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.code() == Some(1), "{arguments:?}: {} {text}", output.status);
    ensure!(text.starts_with("Error: ") && text.lines().count() == 1, "{text}");
    Ok(text)
}

/// While a node runs nobody deletes its chain, and no other node starts there.
async fn one_process_on_a_base_path(network: &Network) -> eyre::Result<()> {
    let folder = network.node(0).folder().display().to_string();
    let chain = network.root().join("chain-spec.json").display().to_string();
    let height = network.height(0).await?;
    for arguments in [
        &["purge-chain", "--yes", "--base-path", &folder][..],
        &["--base-path", &folder, "--chain", &chain],
    ] {
        let refused = timeout(REFUSAL_TIMEOUT, node(arguments)).await.wrap_err("it runs")?;
        let text = refused.err().map(|error| error.to_string()).unwrap_or_default();
        ensure!(text.contains("a node runs on base path"), "{arguments:?}: {text}");
        ensure!(text.contains(&folder), "{arguments:?}: {text}");
    }
    ensure!(network.node(0).folder().join("chain").exists(), "the chain is there");
    ensure!(network.height(0).await? >= height, "the node goes on");
    Ok(())
}

async fn keys() -> eyre::Result<()> {
    let alice = node(&["key", "inspect", "--scheme", "sr25519", "//Alice"]).await?;
    ensure!(alice.contains("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"), "{alice}");
    let alice = node(&["key", "inspect", "//Alice"]).await?;
    ensure!(alice.contains("5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu"), "{alice}");
    let (first, second) = (node(&["key", "generate"]).await?, node(&["key", "generate"]).await?);
    ensure!(first != second && first.contains("address:"), "{first}");
    ensure!(node(&["key", "inspect", "not a secret"]).await.is_err(), "nonsense is no key");
    Ok(())
}

async fn specification(network: &Network) -> eyre::Result<()> {
    let path = network.root().join("chain-spec.json").display().to_string();
    let printed: Value = serde_json::from_str(&node(&["build-spec", "--chain", &path]).await?)?;
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    ensure!(printed == written, "a specification is printed as it was written");
    let base = network.scratch().join("dev").display().to_string();
    let dev: Value = serde_json::from_str(
        &node(&["build-spec", "--chain", "dev", "--base-path", &base]).await?,
    )?;
    ensure!(dev["properties"]["tokenSymbol"] == json!("CNY"), "{dev}");
    let no_file = refusal(&["build-spec", "--chain", "/no/such/file"]).await?;
    ensure!(no_file.contains("/no/such/file"), "{no_file}");
    for (place, value, reason) in [
        ("/validators/validators", json!([]), "name at least one"),
        ("/participants/organisations/0/uscc", json!("11331100MA2DEM0170"), "UsccInvalid"),
    ] {
        let mut broken = written.clone();
        *broken["genesis"]["runtimeGenesis"]["config"]
            .pointer_mut(place)
            .ok_or_else(|| eyre!("no {place} in {path}"))? = value;
        let path = network.scratch().join("broken.json").display().to_string();
        std::fs::write(&path, broken.to_string())?;
        let text = refusal(&["build-spec", "--chain", &path]).await?;
        ensure!(text.contains(reason) && text.contains("broken.json"), "{text}");
    }
    let dir = network.root().display().to_string();
    ensure!(node(&["testnet", "--dir", &dir]).await.is_err(), "a network is not overwritten");
    Ok(())
}

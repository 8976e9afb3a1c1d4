//! Bulk runs: each row once, whatever is killed on the way.

use crate::programs::Programs;
use ecoledger_client::{Client, traceability::Quantities};
use ecoledger_tests::{Key, Random, long, trace, validators};
use eyre::{WrapErr, ensure, eyre};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::time::{sleep, timeout};

/// Rows of the run that is killed.
fn n_rows() -> u32 {
    if long() { 10_000 } else { 3_000 }
}

/// A batch of a tonne at the co-operative, from which each row sells a gram: a row that was applied
/// twice would show in the sum.
async fn tonne(client: &Client, product: u32, lot: &str) -> eyre::Result<String> {
    let bob = Key::for_client("Bob");
    let gtin = trace::gtin(product);
    let product = trace::register_product(&gtin, trace::CO_OPERATIVE);
    client.submit(&bob, "Traceability", "register_product", &product).await?.finalized().await?;
    let place = trace::register_place();
    client.submit(&bob, "Traceability", "register_place", &place).await?.finalized().await?;
    let mut produce = trace::produce(&gtin, lot, 0, trace::now_ms());
    produce["quantity"] = json!("1t");
    client.submit(&bob, "Traceability", "produce", &produce).await?.finalized().await?;
    Ok(format!("{gtin}/{lot}"))
}

async fn sold(client: &Client, batch: &str) -> eyre::Result<u128> {
    let (gtin, lot) = batch.split_once('/').ok_or_else(|| eyre!("{batch} is no label"))?;
    let height = client.height().await?;
    let found = client.batch_by_lot(gtin, lot, height).await?;
    let found = found.ok_or_else(|| eyre!("there is no {batch}"))?;
    let quantities: Quantities = serde_json::from_value(found.record["quantities"].clone())?;
    Ok(quantities.sold)
}

fn lines_of(path: &Path) -> usize {
    fs::read(path).map_or(0, |text| text.iter().filter(|byte| **byte == b'\n').count())
}

fn journal_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".journal");
    name.into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_goes_on_without_doubling() -> eyre::Result<()> {
    let mut network = validators(1).start().await?;
    let programs = Programs::of(&network);
    let client = network.client(0).await?;
    let batch = tonne(&client, 1, "BULK-1").await?;
    let file = network.scratch().join("sales.csv");
    let mut text = String::from("batch,quantity\n");
    text.extend((0..n_rows()).map(|_| format!("{batch},1 g\n")));
    fs::write(&file, text)?;
    let name = file.display().to_string();
    let arguments = ["bulk", &name, "--call", "Traceability.sell"];

    let mut random = Random::seeded("kill a bulk run");
    for round in 0..3 {
        let lines = 1 + random.below(n_rows() as usize / 4);
        println!("round {round}: killed after {lines} more lines");
        run_and_kill(&programs, &file, &arguments, lines).await?;
    }
    // The node forgets its pool, and the nonce of the next row is used by somebody else.
    network.stop(0).await?;
    network.restart(0).await?;
    let client = network.client(0).await?;
    let bob = Key::for_client("Bob");
    let remark = json!({ "remark": "in between" });
    client.submit(&bob, "System", "remark", &remark).await?.finalized().await?;

    let summary = programs.json("bob", &arguments).await?;
    ensure!(summary["applied"] == n_rows() && summary["failed"] == 0, "{summary}");
    let grams = sold(&client, &batch).await?;
    ensure!(grams == u128::from(n_rows()) * 1_000, "{grams} mg were sold");
    // Three transactions of preparation, one in between, and one for each row: none was wasted.
    let nonce = client.next_nonce(&bob.public_key()).await?;
    ensure!(nonce == u64::from(n_rows()) + 4, "{nonce} transactions for {} rows", n_rows());

    // A run that is complete does nothing more.
    let again = programs.json("bob", &arguments).await?;
    ensure!(again == summary, "{again}");
    ensure!(sold(&client, &batch).await? == grams, "nothing more was sold");

    // Another input, or the same for another key, is not mixed up with it.
    let (code, text) = programs.failure("dave", &arguments).await?;
    ensure!(code == 2 && text.contains("another account"), "{code} {text}");
    fs::write(&file, format!("batch,quantity\n{batch},1 g\n"))?;
    let (code, text) = programs.failure("bob", &arguments).await?;
    ensure!(code == 2 && text.contains("another input"), "{code} {text}");
    network.passed();
    Ok(())
}

/// Starts the run and kills it as soon as its journal has `lines` more lines, or lets it end.
async fn run_and_kill(
    programs: &Programs,
    file: &Path,
    arguments: &[&str],
    lines: usize,
) -> eyre::Result<()> {
    let journal = journal_of(file);
    let goal = lines_of(&journal) + lines;
    let mut child = programs
        .command("bob", arguments)?
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .wrap_err("start a bulk run")?;
    let reached = timeout(Duration::from_secs(120), async {
        while lines_of(&journal) < goal && matches!(child.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(2)).await;
        }
    });
    reached.await.wrap_err("wait for the journal")?;
    child.kill().await.wrap_err("kill the bulk run")
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_fail_are_told_with_the_pallets_error() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let programs = Programs::of(&network);
    let client = network.client(0).await?;
    let batch = tonne(&client, 1, "BULK-2").await?;
    let file = network.scratch().join("mixed.jsonl");
    let name = file.display().to_string();
    let sell = |quantity: &str| {
        json!({ "call": "Traceability.sell", "batch": batch, "quantity": quantity }).to_string()
    };
    let hold = json!({ "call": "Traceability.hold", "batch": batch }).to_string();

    // One wrong row, and none is sent.
    let nonce = client.next_nonce(&Key::for_client("Bob").public_key()).await?;
    fs::write(&file, format!("{}\n{}\n", sell("1kg"), sell("1")))?;
    let (code, text) = programs.failure("bob", &["bulk", &name]).await?;
    ensure!(code == 2 && text.contains("line 2") && text.contains("quantity"), "{code} {text}");
    ensure!(
        client.next_nonce(&Key::for_client("Bob").public_key()).await? == nonce,
        "none is sent"
    );
    ensure!(!journal_of(&file).exists(), "no journal is begun");

    fs::write(&file, format!("{}\n{}\n{hold}\n{}\n", sell("1kg"), sell("2t"), sell("3kg")))?;
    let checked = programs.json("bob", &["bulk", &name, "--dry-run"]).await?;
    ensure!(checked["rows"] == 4, "{checked}");
    let output = programs.ecoledger("bob", &["bulk", &name]).await?;
    ensure!(output.status.code() == Some(1), "{output:?}");
    let summary: Value = serde_json::from_slice(&output.stdout)?;
    ensure!(summary["applied"] == 2 && summary["failed"] == 2, "{summary}");
    let failures = summary["failures"].as_array().cloned().unwrap_or_default();
    ensure!(failures[0]["line"] == 2, "{summary}");
    ensure!(failures[0]["error"].to_string().contains("QuantityInsufficient"), "{summary}");
    ensure!(failures[1]["line"] == 4, "{summary}");
    ensure!(failures[1]["error"].to_string().contains("BatchHeld"), "{summary}");

    // The cause is removed, and the failed rows alone are tried again.
    programs.json("bob", &["batch", "release", &batch]).await?;
    let table = programs.command("bob", &["bulk", &name, "--retry-failed"])?.output().await?;
    let text = String::from_utf8_lossy(&table.stdout).into_owned();
    ensure!(table.status.code() == Some(1) && text.contains("3 of 4 rows applied"), "{text}");
    ensure!(sold(&client, &batch).await? == 4_000_000, "1 kg and 3 kg were sold, each once");
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_waits_for_others_who_use_its_key() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let programs = Programs::of(&network);
    let client = network.client(0).await?;
    let rows = 400;
    let (mut files, mut batches) = (Vec::new(), Vec::new());
    // A batch for each, whose event times would otherwise overtake each other.
    for run in 1..=2 {
        let batch = tonne(&client, run, "BULK-3").await?;
        let file = network.scratch().join(format!("run-{run}.csv"));
        let mut text = String::from("call,batch,quantity\n");
        text.extend((0..rows).map(|_| format!("Traceability.sell,{batch},1 g\n")));
        fs::write(&file, text)?;
        files.push(file.display().to_string());
        batches.push(batch);
    }
    let (first, second) = (["bulk", &files[0]], ["bulk", &files[1]]);
    let (first, second) = tokio::join!(
        timeout(Duration::from_secs(180), programs.json("bob", &first)),
        timeout(Duration::from_secs(180), programs.json("bob", &second)),
    );
    for summary in [first??, second??] {
        ensure!(summary["applied"] == rows, "{summary}");
    }
    for batch in &batches {
        ensure!(sold(&client, batch).await? == rows as u128 * 1_000, "each row once");
    }
    network.passed();
    Ok(())
}

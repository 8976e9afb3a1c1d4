//! A gateway as people see it in headless Chromium, and as a resolver of Digital Links is asked.

use crate::{
    programs::Programs,
    proofs::{CODES, LOT, act, labelled},
    serving::folder,
};
use ecoledger_client::Client;
use ecoledger_tests::{Gateway, Network, binaries, chromium::browse, trace, validators};
use eyre::{WrapErr, ensure};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::process::Command;

/// A gateway beside one validator, with a labelled item and the verifier's page; and what the scripts
/// are told of it.
async fn scene(network: &Network) -> eyre::Result<(Gateway, String)> {
    let client = network.client(0).await?;
    labelled(&client).await?;
    let derivation = parted(&client).await?;
    let programs = Programs::of(network);
    let path = |name: &str| network.scratch().join(name).display().to_string();
    let (checkpoint, verifier) = (path("checkpoint.json"), path("verifier.html"));
    programs.json("bob", &["proof", "checkpoint", "--height", "0", "--out", &checkpoint]).await?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/verifier");
    let mut make = Command::new(script);
    let made = make.args(["--checkpoint", &checkpoint, "--out", &verifier]).output().await;
    let made = made.wrap_err(script)?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let options = ["--requests-per-second", "1000000", "--verifier", &verifier];
    let gateway = Gateway::start_with(&programs.url, &folder(network), &options).await?;
    gateway.reaches(&client).await?;
    gateway.publish(0, CODES).await?;

    let gtin = trace::gtin(77);
    let batch = format!("{gtin}/{LOT}");
    let program = binaries::find("ecoledger")?.display().to_string();
    let key = programs.keys.join("bob.seed").display().to_string();
    let scan = gateway.json(&format!("/api/v1/scan?code=(01){gtin}(21)A-05")).await?;
    let names = scan["scan"]["names"].as_array().into_iter().flatten().map(|it| it[1].clone());
    let scene = json!({
        "gateway": gateway.url,
        "gtin": gtin,
        "lot": LOT,
        "serial": "A-05",
        "names": names.collect::<Vec<_>>(),
        "derivation": derivation,
        "block": client.height().await?,
        "recall": [
            program, "--url", programs.url, "--output", "json", "batch", "recall", batch,
            "--class", "1", "--reason", format!("0x{}", "a5".repeat(32)), "--key", key,
        ],
    });
    published(&gateway, &verifier, &format!("/product/01/{gtin}/21/A-05")).await?;
    Ok((gateway, scene.to_string()))
}

/// Whoever gets the verifier's page from a gateway can compare it with the one that was published.
async fn published(gateway: &Gateway, verifier: &str, item: &str) -> eyre::Result<()> {
    let beside = std::fs::read_to_string(format!("{verifier}.sha256"))?;
    let digest = hex::encode(Sha256::digest(std::fs::read(verifier)?));
    ensure!(beside == format!("{digest}  verifier.html\n"), "{beside}");
    let status = gateway.json("/api/v1/status").await?;
    ensure!(status["verifier"] == digest.as_str(), "{status}");
    let saved = gateway.get("/verify?download").await?;
    ensure!(hex::encode(Sha256::digest(&saved.body)) == digest, "another page is saved");
    let disposition = saved.header("content-disposition");
    ensure!(disposition == "attachment; filename=\"verifier.html\"", "{disposition}");
    ensure!(gateway.get("/verify").await?.header("content-disposition").is_empty());
    for language in ["zh", "en"] {
        let page = gateway.page(&format!("{item}?lang={language}")).await?;
        ensure!(page.contains(&digest) && page.contains("/verify?download"), "{page}");
    }
    Ok(())
}

/// A batch in two parts; gives the id of their derivation, which is that of the first.
async fn parted(client: &Client) -> eyre::Result<String> {
    let pieces = |n: u32| json!({ "value": n, "decimals": 0, "unit": "H87" });
    let (gtin, context) = (trace::gtin(77), trace::context(trace::now_ms()));
    let whole = json!({
        "gtin": gtin, "lot": "WHOLE-1", "quantity": pieces(3), "place": 0, "context": context,
    });
    act(client, "produce", &whole).await?;
    let split = json!({
        "batch": trace::batch_id(&gtin, "WHOLE-1"),
        "parts": [
            { "lot": "PART-1", "quantity": pieces(1) },
            { "lot": "PART-2", "quantity": pieces(2) },
        ],
        "context": trace::context(trace::now_ms()),
    });
    act(client, "split", &split).await?;
    Ok(trace::batch_id(&gtin, "PART-1"))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_serve_whoever_reads_them() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let (_gateway, scene) = scene(&network).await?;
    let run = ["--test", "--test-timeout=300000", "browsing.test.mjs"];
    browse(&run, &[("ECOLEDGER_SCENE", &scene)]).await?;
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn digital_links_are_resolved_as_gs1_asks() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let (_gateway, scene) = scene(&network).await?;
    browse(&["--test", "resolver.test.mjs"], &[("ECOLEDGER_SCENE", &scene)]).await?;
    network.passed();
    Ok(())
}

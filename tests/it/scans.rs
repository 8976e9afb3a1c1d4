//! Scans are counted, and warn of copies: by the gateway, which keeps nothing of who scanned.

use crate::{
    proofs::{CODES, LOT, act, labelled},
    serving::folder,
};
use ecoledger_client::{
    Call,
    labels::{ItemLife, mark_item},
};
use ecoledger_tests::{Answer, Gateway, Key, trace, validators};
use eyre::ensure;
use serde_json::{Value, json};
use std::path::Path;

const OPTIONS: &[&str] =
    &["--behind-proxy", "--region-header", "X-Client-Region", "--warn-apart", "5,3"];

/// Asks from an address in a province, as the proxy says.
async fn scan(
    gateway: &Gateway,
    method: &str,
    path: &str,
    (address, region): (&str, &str),
) -> eyre::Result<Answer> {
    let headers = [("x-forwarded-for", address), ("x-client-region", region)];
    gateway.send(method, path, &headers, Vec::new()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_scans_from_far_apart_warn_of_a_copy() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    labelled(&client).await?;
    let node = network.node(0).url();
    let folder = folder(&network);
    let gateway = Gateway::start_with(&node, &folder, OPTIONS).await?;
    gateway.reaches(&client).await?;
    gateway.publish(0, CODES).await?;
    let page = format!("/product/01/{}/21/A-05?lang=en", trace::gtin(77));
    let proof = format!("/api/v1/proof?code=(01){}(21)A-05", trace::gtin(77));
    let counts = "/api/v1/scans/0/4";
    let none = gateway.get(counts).await?.json()?;
    ensure!(none["total"].is_null() && none["warning"].is_null(), "{none}");

    // One caller, whatever it says of its place and however often it asks, is one scan; who only
    // asks about the answer, and robots, are none.
    for region in ["33", "44", "65", "11", "51", "33"] {
        scan(&gateway, "GET", &page, ("203.0.113.201", region)).await?;
        scan(&gateway, "GET", &proof, ("203.0.113.201", region)).await?;
        scan(&gateway, "HEAD", &page, ("203.0.113.202", region)).await?;
        let robot = [("x-forwarded-for", "203.0.113.203"), ("user-agent", "Googlebot/2.1")];
        gateway.send("GET", &page, &robot, Vec::new()).await?;
    }
    let said = gateway.get(counts).await?.json()?;
    ensure!(said["total"]["scans"] == 1 && said["total"]["provinces"] == json!([33]), "{said}");

    // Five callers in three provinces, two of them far apart.
    for (address, region) in
        [("203.0.113.204", "44"), ("203.0.113.205", "440100"), ("203.0.113.206", "nowhere")]
    {
        let shown = scan(&gateway, "GET", &page, (address, region)).await?;
        ensure!(!shown.text().contains("may have been copied"), "{address}");
    }
    let shown = scan(&gateway, "GET", &proof, ("203.0.113.207", "65")).await?;
    ensure!(shown.status == 200, "{}", shown.text());
    let said = gateway.get(counts).await?.json()?;
    let expected = json!({ "scans": 5, "provinces": 3, "days": 7, "isSold": false });
    ensure!(said["warning"] == expected, "{said}");
    let own = ("203.0.113.201", "33");
    let warned = scan(&gateway, "GET", &page, own).await?.text();
    ensure!(warned.contains("scanned 5 times in 3 provinces in the last 7 days"), "{warned}");
    let chinese = scan(&gateway, "GET", &page.replace("en", "zh"), own).await?.text();
    ensure!(chinese.contains("在 3 个省份被查询 5 次"), "{chinese}");
    let other = gateway.get("/api/v1/scans/0/3").await?.json()?;
    ensure!(other["total"].is_null(), "{other}");
    for path in ["/api/v1/scans/0/7", "/api/v1/scans/1/0"] {
        ensure!(gateway.get(path).await?.status == 404, "{path}");
    }

    // A gateway that stops loses nothing, its index may be wiped, and its files know no address.
    gateway.stop().await?;
    std::fs::remove_file(folder.join("index.redb"))?;
    let gateway = Gateway::start_with(&node, &folder, OPTIONS).await?;
    gateway.reaches(&client).await?;
    let after = gateway.get(counts).await?.json()?;
    ensure!(after == said, "{after}");
    ensure!(!has(&folder.join("scans.redb"), &[203, 0, 113])?);
    ensure!(!has(&folder.join("scans.redb"), b"203.0.113")?);
    network.passed();
    Ok(())
}

fn has(file: &Path, bytes: &[u8]) -> eyre::Result<bool> {
    Ok(std::fs::read(file)?.windows(bytes.len()).any(|it| it == bytes))
}

/// A call as another one has it among its arguments.
fn nested(call: &Call) -> Value {
    json!({ &call.pallet: { &call.name: call.arguments } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_shows_and_a_second_one_is_counted() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    let code = labelled(&client).await?;
    let node = network.node(0).url();
    let folder = folder(&network);
    let gateway = Gateway::start(&node, &folder).await?;
    gateway.reaches(&client).await?;
    gateway.publish(0, CODES).await?;
    let batch = format!("{}/{LOT}", trace::gtin(77)).parse()?;
    let sell = mark_item(&code, &batch, ItemLife::Sold);
    let bob = Key::for_client("Bob");
    client.submit_call(&bob, &sell).await?.finalized().await?;
    let refused = client.submit_call(&bob, &sell).await?.finalized().await;
    ensure!(refused.is_err_and(|error| error.to_string().contains("AlreadySold")));
    // An item that is not sold is not said to be sold twice by another call that fails.
    act(&client, "register_product", &trace::register_product(&trace::gtin(78), 1)).await?;
    gateway.reaches(&client).await?;
    let said = gateway.get("/api/v1/scans/0/4").await?.json()?;
    ensure!(said["refusedSales"] == 1, "{said}");
    // Of a batch only the call that failed says which item it was for.
    let mut other = code.clone();
    other.index = 3;
    let others = mark_item(&other, &batch, ItemLife::Sold);
    let calls = json!({ "calls": [nested(&sell), nested(&others), nested(&sell)] });
    client.submit(&bob, "Utility", "force_batch", &calls).await?.finalized().await?;
    let calls =
        json!({ "calls": [nested(&others), { "System": { "remark": { "remark": "0x" } } }] });
    client.submit(&bob, "Utility", "force_batch", &calls).await?.finalized().await?;
    gateway.reaches(&client).await?;
    let said = gateway.get("/api/v1/scans/0/4").await?.json()?;
    ensure!(said["refusedSales"] == 3, "{said}");
    let said = gateway.get("/api/v1/scans/0/3").await?.json()?;
    ensure!(said["refusedSales"] == 0, "{said}");
    let page = format!("/product/01/{}/21/A-05?lang=en", trace::gtin(77));
    let shown = gateway.get(&page).await?.text();
    ensure!(shown.contains("This code was marked sold"), "{shown}");
    // Within ten minutes it is the same sale, sent twice.
    ensure!(!shown.contains("Its label was copied"), "{shown}");

    // The index says the same when it is built again.
    gateway.stop().await?;
    std::fs::remove_file(folder.join("index.redb"))?;
    let gateway = Gateway::start(&node, &folder).await?;
    gateway.reaches(&client).await?;
    let again = gateway.get("/api/v1/scans/0/4").await?.json()?;
    ensure!(again["refusedSales"] == 3, "{again}");
    network.passed();
    Ok(())
}

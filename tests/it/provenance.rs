//! The provenance explorer on a real network: quantities, balances, marks, pages, refusals, and in a
//! browser.

use crate::{
    proofs::act,
    serving::{as_described, folder, open_page},
};
use ecoledger_client::Client;
use ecoledger_tests::{Gateway, four_validators, trace};
use eyre::{OptionExt as _, ensure};
use serde_json::{Value, json};

/// Lots that are parted of one batch: more than a page of the explorer shows.
const PARTS: u32 = 112;

fn bulk() -> String {
    trace::gtin(501)
}

fn tin() -> String {
    trace::gtin(502)
}

fn taken(lot: &str, grams: u32) -> Value {
    json!({ "batch": trace::batch_id(&bulk(), lot), "quantity": trace::grams(grams) })
}

fn now() -> Value {
    trace::context(trace::now_ms())
}

/// A and B are mixed to M; of it X and Y are parted, and Y again into many. X is packed into tins.
async fn story(client: &Client) -> eyre::Result<()> {
    act(client, "register_product", &trace::register_product(&bulk(), trace::CO_OPERATIVE)).await?;
    let mut packed = trace::register_product(&tin(), trace::CO_OPERATIVE);
    packed["details"]["base_unit"] = json!("Each");
    packed["details"]["net_content"] =
        json!({ "unit": "Milligram", "quantity": 100_000, "of": bulk() });
    act(client, "register_product", &packed).await?;
    act(client, "register_place", &trace::register_place()).await?;
    for lot in ["A", "B"] {
        act(client, "produce", &trace::produce(&bulk(), lot, 0, trace::now_ms())).await?;
    }
    let merge =
        json!({ "inputs": [taken("A", 800), taken("B", 500)], "lot": "M", "context": now() });
    act(client, "merge", &merge).await?;
    split(client, "M", &[("X".into(), 900), ("Y".into(), 300)]).await?;
    let pack = json!({
        "taken": taken("X", 500),
        "item": {
            "gtin": tin(),
            "lot": "TINS",
            "quantity": { "value": 4, "decimals": 0, "unit": "H87" },
        },
        "loss": trace::grams(100),
        "context": now(),
    });
    act(client, "pack", &pack).await?;
    for first in (0..PARTS).step_by(16) {
        let parts: Vec<_> = (first..first + 16).map(|n| (format!("P-{n}"), 2)).collect();
        split(client, "Y", &parts).await?;
    }
    Ok(())
}

async fn split(client: &Client, lot: &str, parts: &[(String, u32)]) -> eyre::Result<()> {
    let parts: Vec<_> = parts
        .iter()
        .map(|(lot, grams)| json!({ "lot": lot, "quantity": trace::grams(*grams) }))
        .collect();
    let batch = trace::batch_id(&bulk(), lot);
    act(client, "split", &json!({ "batch": batch, "parts": parts, "context": now() })).await
}

/// The text of a page's body, tags left out and spaces as one.
async fn text(gateway: &Gateway, path: &str) -> eyre::Result<String> {
    let answer = gateway.get(path).await?;
    ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.text());
    let mut text = String::new();
    let mut is_tag = false;
    let page = answer.text();
    for letter in page.split("<body>").nth(1).unwrap_or_default().chars() {
        match letter {
            '<' => {
                is_tag = true;
                text.push(' ');
            }
            '>' => is_tag = false,
            letter if !is_tag => text.push(letter),
            _ => {}
        }
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The longest address of a link that begins so: of all records, not of one figure's.
async fn link(gateway: &Gateway, path: &str, begin: &str) -> eyre::Result<String> {
    let page = gateway.get(path).await?.text();
    let links = page.split("href=\"").filter(|rest| rest.starts_with(begin));
    let found = links.filter_map(|rest| rest.split('"').next()).max_by_key(|link| link.len());
    let found = found.ok_or_eyre(begin.to_owned())?;
    Ok(found.replace("&amp;", "&"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_explored_up_and_down() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let client = network.client(0).await?;
    story(&client).await?;
    let gateway = Gateway::start(&network.node(0).url(), &folder(&network)).await?;
    gateway.reaches(&client).await?;
    let explorer = |gtin: &str, lot: &str| format!("/provenance/{gtin}/{lot}?lang=en");
    let traced = format!("/api/v1/trace/{}%2FTINS?limit=1", tin());
    let first = gateway.json(&traced).await?;
    ensure!(first["rows"].as_array().map(Vec::len) == Some(1) && first["next"] == "1", "{first}");
    let second = format!("{traced}&cursor=1");
    as_described(&gateway, &[format!("200 GET {traced}"), format!("200 GET {second}")]).await?;

    // Quantities on the edges, both ways.
    let tins = text(&gateway, &explorer(&tin(), "TINS")).await?;
    for words in ["took 0.5 kg", "took 0.8 kg", "made 4 pcs", "4 batches, 3 generations"] {
        ensure!(tins.contains(words), "{words}: {tins}");
    }
    let merged = text(&gateway, &explorer(&bulk(), "M")).await?;
    for words in ["took 0.8 kg", "took 0.5 kg", "took 1.2 kg", "made 0.9 kg", "made 4 pcs"] {
        ensure!(merged.contains(words), "{words}: {merged}");
    }
    ensure!(!merged.contains("RECALLED"), "{merged}");

    // The mass balance of the packing adds up; it leads to its transaction and to its records.
    let derivation = format!("/provenance/derivation/{}?lang=en", trace::batch_id(&tin(), "TINS"));
    let balance = text(&gateway, &derivation).await?;
    for words in ["It adds up", "In, together 0.5 kg", "Out and lost, together 0.5 kg", "× 0.1 kg"]
    {
        ensure!(balance.contains(words), "{words}: {balance}");
    }
    let place = link(&gateway, &derivation, "/block/").await?;
    let events = text(&gateway, &place).await?;
    ensure!(events.contains("Traceability.BatchesDerived") && events.contains("TINS"), "{events}");
    let records = link(&gateway, &derivation, "/api/v1/records?").await?;
    let records = gateway.json(&records).await?;
    ensure!(records["records"].as_object().is_some_and(|it| it.len() >= 4), "{records}");

    // More than a page: each lot once, on one of its pages.
    let mut found = Vec::new();
    let mut next = Some(explorer(&bulk(), "Y"));
    while let Some(path) = next {
        let page = gateway.get(&path).await?;
        ensure!(page.status == 200 && page.body.len() < 200_000, "{path}: {}", page.body.len());
        let page = page.text();
        found.extend(page.split("<li id=\"down-").skip(1).filter_map(|row| {
            let lot = row.split("/P-").nth(1)?.split('?').next()?;
            lot.parse::<u32>().ok()
        }));
        next = page
            .split("rel=\"next\" href=\"")
            .nth(1)
            .and_then(|rest| Some(rest.split(['"', '#']).next()?.replace("&amp;", "&")));
    }
    found.sort_unstable();
    ensure!(found == (0..PARTS).collect::<Vec<_>>(), "{found:?}");

    // The lot's own page leads to the explorer.
    link(&gateway, &format!("/product/01/{}/10/M?lang=en", bulk()), "/provenance/").await?;
    refuses(&gateway).await?;

    // A recall shows on the page of what it reaches, and of what that was made from.
    let recall = json!({
        "batch": trace::batch_id(&bulk(), "X"),
        "class": 3,
        "reason": format!("0x{}", "5a".repeat(32)),
    });
    act(&client, "recall", &recall).await?;
    gateway.reaches(&client).await?;
    let tins = text(&gateway, &explorer(&tin(), "TINS")).await?;
    ensure!(tins.contains("This batch is RECALLED"), "{tins}");
    ensure!(tins.contains("Batches that it was made from are recalled"), "{tins}");
    let first = text(&gateway, &explorer(&bulk(), "A")).await?;
    ensure!(!first.contains("This batch is RECALLED"), "{first}");
    ensure!(first.contains("2 recalled, stopped or failed"), "{first}");

    // In a browser, on a phone, every figure is proven; a changed one is not believed.
    for language in ["zh", "en"] {
        let (page, derivation) = (explorer(&bulk(), "M"), derivation.clone());
        for path in [page, derivation] {
            let path = path.replace("lang=en", &format!("lang={language}"));
            open_page(&format!("{}{path}", gateway.url), None).await?;
        }
    }
    open_page(&format!("{}{derivation}", gateway.url), Some("page")).await?;
    network.passed();
    Ok(())
}

/// Bad input is named on a page of its own, with a status below 500.
async fn refuses(gateway: &Gateway) -> eyre::Result<()> {
    let of = |query: &str| format!("/provenance/{}/Y?lang=en{query}", bulk());
    let digit = bulk().chars().last().and_then(|it| it.to_digit(10)).unwrap_or_default();
    let wrong_check_digit = format!("{}{}", &bulk()[..13], (digit + 1) % 10);
    for (path, status, words) in [
        (format!("/provenance/{}/NONE?lang=en", bulk()), 404, "no such lot"),
        (format!("/provenance/{wrong_check_digit}/Y?lang=en"), 400, "GTIN"),
        (format!("/provenance/{}/a%20b?lang=en", bulk()), 400, "lot"),
        (of("&depth=0"), 400, "depth"),
        (of("&depth=65"), 400, "depth"),
        (of("&depth=x"), 400, "depth"),
        (of("&down=x"), 400, "up, down"),
        (of("&down=100000"), 400, "up, down"),
        (of("&up=100000"), 400, "up, down"),
        (of("&down=99999999999999999999999"), 400, "up, down"),
        (of("&more=1"), 400, "more"),
        ("/provenance/derivation/0x12?lang=en".into(), 400, "32 hexadecimal digits"),
        (
            format!("/provenance/derivation/0x{}?lang=en", "00".repeat(16)),
            404,
            "no such derivation",
        ),
        ("/block/x?lang=en".into(), 400, "a number is expected"),
        ("/block/4294967295?lang=en".into(), 404, "followed the chain up to"),
        ("/block/1/999?lang=en".into(), 404, "nothing"),
    ] {
        let answer = gateway.get(&path).await?;
        let page = answer.text();
        ensure!(answer.status == status, "{path}: {} {page}", answer.status);
        ensure!(
            answer.header("content-type").starts_with("text/html"),
            "{path}: {}",
            answer.header("content-type")
        );
        ensure!(page.contains("role=\"alert\"") && page.contains(words), "{path}: {page}");
    }
    Ok(())
}

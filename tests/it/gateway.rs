//! The gateway as a process, beside real nodes: what it serves is proven, what it is told is checked,
//! what it acknowledges is kept.

use crate::{
    programs::Programs,
    proofs::{CODES, LOT, act, labelled, produce},
    serving::{as_described, folder, liar, open_page},
};
use ecoledger_client::{
    Call, Gtin, Moment,
    gs1::BatchId,
    labels::{CodeScheme, NewSeries, commit_to, create_series},
    proof::{Bounds, Bundle, Objection},
    traceability::{Context, ObservedDisposition, ObservedStep, observe},
};
use ecoledger_tests::{Gateway, Key, Network, four_validators, trace, validators};
use eyre::{ensure, eyre};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_proves_what_it_serves() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let client = network.client(0).await?;
    let node = network.node(0).url();
    let checkpoint = client.wait_for_height(2).await.map(|_| client.checkpoint(Some(0)))?.await?;
    labelled(&client).await?;
    let gateway = Gateway::start(&node, &folder(&network)).await?;
    gateway.reaches(&client).await?;
    let gtin = trace::gtin(77);
    let code = format!("/api/v1/proof?code=(01){gtin}(21)A-05");

    // The list: not published yet, another's, of no series, the right one.
    let answer = gateway.get(&code).await?;
    ensure!(
        answer.status == 404 && answer.text().contains("was not published"),
        "{}",
        answer.text()
    );
    let other = gateway.put("/api/v1/series/0/list", b"A-01\nA-02\n".to_vec()).await?;
    ensure!(other.status == 422 && other.text().contains("another list"), "{}", other.text());
    let wrong = gateway.put("/api/v1/series/0/list", b"A-02\nA-01\n".to_vec()).await?;
    ensure!(wrong.status == 422 && wrong.text().contains("ascending"), "{}", wrong.text());
    let long = gateway.put("/api/v1/series/0/list", vec![b'A'; 10_000]).await?;
    ensure!(long.status == 413 && long.text().contains("7 codes"), "{}", long.text());
    let none = gateway.put("/api/v1/series/9/list", CODES).await?;
    ensure!(none.status == 404, "{}", none.text());
    let programs = Programs::of(&network);
    let codes = network.root().join("codes.txt");
    std::fs::write(&codes, CODES)?;
    let codes = codes.to_string_lossy().into_owned();
    let publish = ["label", "publish", "0", "--codes", &codes, "--gateway", &gateway.url];
    programs.json("bob", &publish).await?;

    // The proof is verified by who asks, from a checkpoint of its own.
    let answer = gateway.get(&format!("{code}&checkpoint=0")).await?;
    ensure!(answer.status == 200 && answer.header("content-type") == "application/octet-stream");
    let bundle = Bundle::from_bytes(&answer.body)?;
    let scan = bundle.scan(&checkpoint, &Bounds::at(Moment::now()))?;
    ensure!(scan.code == "A-05" && scan.lot.as_str() == LOT && scan.is_in_order(), "{scan:?}");
    let said = gateway.json(&code.replace("proof", "scan")).await?;
    ensure!(said["inOrder"] == true && said["scan"]["lot"] == LOT, "{said}");

    // The page of the item, as a browser verifies it, and lies on the way.
    let page = format!("{}/product/01/{gtin}/10/{LOT}/21/A-05?lang=en", gateway.url);
    open_page(&page, None).await?;
    for lie in ["proof", "page"] {
        open_page(&page, Some(lie)).await?;
    }
    for (lot, status) in [(LOT, 200), ("OTHER", 404)] {
        let label = format!("(01){gtin}(10){lot}(21)A-05");
        let answer = gateway.get(&format!("/api/v1/proof?code={label}")).await?;
        ensure!(answer.status == status, "{label}: {}", answer.status);
        let answer = gateway.get(&format!("/?code={label}")).await?;
        let page = format!("/product/01/{gtin}/10/{lot}/21/A-05?lang=zh");
        ensure!(answer.header("location") == page, "{label}: {}", answer.header("location"));
        ensure!(gateway.get(&page).await?.status == status, "{page}");
    }
    let facts = gateway.get(&format!("/product/01/{gtin}/21/A-05?lang=zh")).await?;
    ensure!(facts.text().contains(LOT) && facts.body.len() < 100_000, "{}", facts.body.len());
    resolves(&gateway, &gtin).await?;
    refuses(&gateway, &gtin).await?;
    let typed = format!("/?lang=en&code=(01){gtin}(10){LOT}(21)A-05");
    let found = gateway.get(&typed).await?;
    let page = format!("/product/01/{gtin}/10/{LOT}/21/A-05?lang=en");
    ensure!((found.status, found.header("location")) == (303, &page), "the lot is lost");

    // A record with its proof.
    let record = gateway.json(&format!("/api/v1/records/batch/{gtin}%2F{LOT}")).await?;
    let from = serde_json::from_value(record["checkpoint"].clone())?;
    let proof = Bundle::read(record["proof"].to_string().as_bytes())?;
    proof.verify(&from, &Bounds::at(Moment::now()))?;

    // A recall shows, and the index is the same when it is built again.
    let recall = json!({
        "batch": trace::batch_id(&gtin, LOT),
        "class": 1,
        "reason": format!("0x{}", "5a".repeat(32)),
    });
    act(&client, "recall", &recall).await?;
    gateway.reaches(&client).await?;
    let page = gateway.get(&format!("/product/01/{gtin}/21/A-05?lang=en")).await?;
    ensure!(page.text().contains("RECALLED"), "{}", page.text());
    // Without a verifier none is linked.
    ensure!(!page.text().contains("/verify") && gateway.get("/verify").await?.status == 404);
    let page = format!("{}/product/01/{gtin}/21/A-05?lang=zh", gateway.url);
    for lie in [None, Some("page")] {
        open_page(&page, lie).await?;
    }
    let batch = format!("{gtin}%2F{LOT}");
    let list = hex::encode(Sha256::digest(CODES));
    as_described(
        &gateway,
        &[
            "200 GET /api/v1/openapi.json".into(),
            "200 GET /api/v1/status".into(),
            format!("200 GET {code}"),
            format!("200 GET {}", code.replace("proof", "scan")),
            format!("200 GET /api/v1/products/{gtin}/lots?limit=1"),
            format!("200 GET /api/v1/events/batch/{batch}?limit=500"),
            "200 GET /api/v1/events/series/0".into(),
            "200 GET /api/v1/events/recall/0".into(),
            format!("200 GET /api/v1/trace/{batch}"),
            "200 GET /api/v1/agreements".into(),
            format!("200 GET /api/v1/records/batch/{batch}"),
            "200 GET /api/v1/records/series/0".into(),
            "200 GET /api/v1/records?records=Traceability.Recalls[0]".into(),
            "200 GET /api/v1/recalls".into(),
            "200 GET /api/v1/recalls/0/batches".into(),
            "200 GET /api/v1/scans/0/4".into(),
            "200 GET /api/v1/scans/0/6".into(),
            format!("201 PUT /api/v1/series/0/list {}", CODES.trim().replace('\n', " ")),
            "422 PUT /api/v1/series/0/list A-01".into(),
            "404 PUT /api/v1/series/9/list A-01".into(),
            format!("404 PUT /api/v1/documents/{list} A-01"),
            format!("404 GET /api/v1/documents/{list}"),
            "400 GET /api/v1/proof?code=nonsense".into(),
            "404 GET /api/v1/scan?code=13426123456789012".into(),
            "404 GET /api/v1/recalls/9/batches".into(),
        ],
    )
    .await?;
    let paths = [
        format!("/api/v1/events/batch/{gtin}%2F{LOT}?limit=500"),
        "/api/v1/events/series/0".into(),
        format!("/api/v1/trace/{gtin}%2F{LOT}?direction=forward"),
        format!("/api/v1/products/{gtin}/lots"),
    ];
    let mut before = Vec::new();
    for path in &paths {
        before.push(gateway.get(path).await?.body);
    }
    let gateway = gateway.again(&node).await?;
    std::fs::remove_file(gateway.folder.join("index.redb"))?;
    let gateway = gateway.again(&node).await?;
    gateway.reaches(&client).await?;
    for (path, before) in paths.iter().zip(before) {
        let after = gateway.get(path).await?;
        ensure!(after.body == before, "{path}: {}", after.text());
    }
    let list = gateway.list(&hex::encode(Sha256::digest(CODES))).await?;
    ensure!(list.text() == CODES, "{}", list.text());
    network.passed();
    Ok(())
}

/// Events of a batch behind the last that its page lists.
const EVENTS: usize = 210;

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_shows_what_stands_against_it_however_long_its_history() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    labelled(&client).await?;
    let gtin = trace::gtin(77);
    let batch: BatchId = format!("{gtin}/{LOT}").parse()?;
    let gateway = Gateway::start(&network.node(0).url(), &folder(&network)).await?;
    let (step, disposition) = (ObservedStep::CycleCounting, ObservedDisposition::Available);
    let call = observe(&batch, step, disposition, &Context::now());
    let calls = vec![json!({ call.pallet: { call.name: call.arguments } }); EVENTS / 3];
    let all = Call::new("Utility", "batch_all", json!({ "calls": calls }));
    for _ in 0..3 {
        client.submit_call(&Key::for_client("Bob"), &all).await?.finalized().await?;
    }
    let path = format!("/product/01/{gtin}/10/{LOT}?lang=");
    let alerts = async |language: &str| -> eyre::Result<Vec<String>> {
        gateway.reaches(&client).await?;
        let page = gateway.get(&format!("{path}{language}")).await?;
        ensure!(page.status == 200, "{}", page.text());
        let page = page.text();
        let parts = page.split("role=\"alert\">").skip(1);
        Ok(parts.filter_map(|it| Some(it.split_once('<')?.0.to_owned())).collect())
    };
    ensure!(alerts("en").await?.is_empty());
    open_page(&format!("{}{path}en", gateway.url), None).await?;
    open_page(&format!("{}{path}en", gateway.url), Some("page")).await?;

    act(&client, "hold", &json!({ "batch": batch, "reason": null })).await?;
    ensure!(alerts("en").await? == [Objection::OnHold.words().1]);
    let reason = format!("0x{}", "5a".repeat(32));
    act(&client, "recall", &json!({ "batch": batch, "class": 1, "reason": reason })).await?;
    let against = [Objection::Recalled, Objection::OnHold];
    ensure!(alerts("en").await? == against.map(|it| it.words().1));
    ensure!(alerts("zh").await? == against.map(|it| it.words().0));
    open_page(&format!("{}{path}zh", gateway.url), None).await?;
    // So does the page of an item, in the same words.
    gateway.publish(0, CODES).await?;
    let item = gateway.get(&format!("/product/01/{gtin}/21/A-05?lang=zh")).await?.text();
    ensure!(against.iter().all(|it| item.contains(it.words().0)), "{item}");
    network.passed();
    Ok(())
}

/// What a resolver of Digital Links must do.
async fn resolves(gateway: &Gateway, gtin: &str) -> eyre::Result<()> {
    let item = format!("/01/{gtin}/10/{LOT}/21/A-05");
    for (path, to) in [
        (item.clone(), format!("/product{item}")),
        (format!("{item}/"), format!("/product{item}")),
        (format!("{item}?17=271231&a=b"), format!("/product{item}?17=271231&a=b")),
        (format!("{item}?linkType=gs1:pip"), format!("/product{item}")),
        (
            format!("{item}?linkType=gs1:certificationInfo&x=1"),
            format!("/product{item}?x=1#certificates"),
        ),
        (format!("/01/{}", &gtin[1..]), format!("/product/01/{gtin}")),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = gateway.send(method, &path, &[], Vec::new()).await?;
            let expected = format!("{}{to}", gateway.url);
            ensure!(
                answer.status == 307 && answer.header("location") == expected,
                "{path}: {} {}",
                answer.status,
                answer.header("location")
            );
        }
    }
    let accept: &[_] = &[("Accept", "application/linkset+json")];
    for (headers, path) in [
        (&[][..], format!("{item}?linkType=linkset")),
        (&[], format!("{item}?linkType=all")),
        (accept, item.clone()),
    ] {
        let answer = gateway.send("GET", &path, headers, Vec::new()).await?;
        ensure!(
            answer.header("content-type") == "application/linkset+json",
            "{path}: {}",
            answer.header("content-type")
        );
        let linkset = answer.json()?["linkset"].clone();
        let anchors: Vec<_> = linkset
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| it["anchor"].as_str().unwrap_or_default().replace(&gateway.url, ""))
            .collect();
        let expected = [item.clone(), format!("/01/{gtin}/10/{LOT}"), format!("/01/{gtin}")];
        ensure!(anchors == expected, "{anchors:?}");
        for context in linkset.as_array().into_iter().flatten() {
            let default = &context["https://gs1.org/voc/defaultLink"];
            ensure!(default.as_array().map(Vec::len) == Some(1), "{context}");
            let described = context["itemDescription"].as_str().unwrap_or_default();
            ensure!(described.starts_with(&format!("(01){gtin}")), "{context}");
            ensure!(context["https://gs1.org/voc/pip"][0]["href"] == default[0]["href"]);
            ensure!(default[0].as_object().map(serde_json::Map::len) == Some(2), "{default}");
        }
    }
    let described = gateway.json("/.well-known/gs1resolver").await?;
    ensure!(described["resolverRoot"] == gateway.url, "{described}");
    Ok(())
}

/// Bad input is named, with a status below 500, and nothing is lost.
async fn refuses(gateway: &Gateway, gtin: &str) -> eyre::Result<()> {
    let long = "A".repeat(3_000);
    for (path, status, name) in [
        ("/01/09506000200034", 400, "bad-digital-link"),
        ("/01/0950600020003x", 400, "bad-digital-link"),
        (&*format!("/01/{gtin}/21/A/10/B"), 400, "bad-digital-link"),
        (&*format!("/01/{gtin}?linkType=gs1:nothing"), 404, "not-found"),
        (&*format!("/01/{}", trace::gtin(99)), 404, "not-found"),
        ("/00/006141411234567890", 404, "not-found"),
        ("/414/9506000134353", 400, "bad-digital-link"),
        (&*format!("/01/{gtin}/10/{long}"), 414, "uri-too-long"),
        ("/api/v1/proof", 400, "bad-query"),
        ("/api/v1/proof?code=nonsense", 400, "bad-code"),
        ("/api/v1/proof?code=13426123456789012", 404, "not-found"),
        (&*format!("/api/v1/proof?code=(01){gtin}(21)A-99"), 404, "not-found"),
        (
            &*format!("/api/v1/proof?code=(01){gtin}(21)A-05&checkpoint=4294967295"),
            400,
            "bad-checkpoint",
        ),
        ("/api/v1/events/batch/nonsense", 400, "bad-batch"),
        ("/api/v1/events/nonsense/1", 404, "not-found"),
        ("/api/v1/events/series/x", 400, "bad-number"),
        ("/api/v1/events/series/0?limit=0", 400, "bad-limit"),
        ("/api/v1/events/series/0?limit=501", 400, "bad-limit"),
        ("/api/v1/events/series/0?cursor=x", 400, "bad-cursor"),
        ("/api/v1/events/series/0?more=1", 400, "bad-query"),
        (&*format!("/api/v1/trace/{gtin}%2F{LOT}?depth=65"), 400, "bad-depth"),
        ("/api/v1/records/certificate/7", 404, "not-found"),
        ("/api/v1/records/key/7", 404, "not-found"),
        (&*format!("/api/v1/proof?code=(01){gtin}(10)OTHER(21)A-05"), 404, "not-found"),
        (&*format!("/api/v1/scan?code=/01/{gtin}/10/OTHER/21/A-05"), 404, "not-found"),
        (&*format!("/api/v1/events/batch/{gtin}%2FNOPE"), 404, "not-found"),
        ("/api/v1/events/certificate/999", 404, "not-found"),
        ("/api/v1/events/series/99", 404, "not-found"),
        ("/api/v1/events/series/99?cursor=1-0", 404, "not-found"),
        (&*format!("/api/v1/trace/{gtin}%2FNOPE"), 404, "not-found"),
        (&*format!("/api/v1/trace/{gtin}%2F{LOT}?cursor=x"), 400, "bad-cursor"),
        (&*format!("/api/v1/products/{}/lots", trace::gtin(99)), 404, "not-found"),
        ("/api/v1/lists/..%2Findex.redb", 404, "not-found"),
        ("/api/v1/nothing", 404, "not-found"),
        ("/assets/..%2Fx.js", 404, "not-found"),
    ] {
        let answer = gateway.get(path).await?;
        ensure!(
            answer.header("content-type") == "application/problem+json",
            "{path}: {}",
            answer.header("content-type")
        );
        let problem = answer.json()?;
        let expected = format!("urn:ecoledger:problem:{name}");
        ensure!(answer.status == status && problem["type"] == expected, "{path}: {problem}");
        ensure!(problem["detail"].as_str().is_some_and(|it| it.len() > 5), "{path}: {problem}");
    }
    // Pages tell it on a page.
    for (path, status) in [
        ("/recalls?before=x", 400),
        ("/recalls?lang=en&more=1", 400),
        ("/recall/x", 400),
        ("/recall/4294967295", 404),
        ("/certificate/x?lang=zh", 400),
        ("/certificate/7?more=1", 400),
        ("/certificate/7", 404),
        ("/?code=a&code=b", 400),
    ] {
        let answer = gateway.get(path).await?;
        ensure!(answer.status == status, "{path}: {} {}", answer.status, answer.text());
        ensure!(
            answer.header("content-type").starts_with("text/html"),
            "{path}: {}",
            answer.header("content-type")
        );
        ensure!(answer.text().contains("role=\"alert\""), "{path}: {}", answer.text());
    }
    let answer = gateway.put("/api/v1/status", Vec::new()).await?;
    ensure!(answer.status == 405, "{}", answer.status);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lying_node_is_caught() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let client = network.client(0).await?;
    labelled(&client).await?;
    let node = network.node(0).url();
    // The lot, in hexadecimal digits, wherever the node tells of it: events and records.
    let lies = Arc::new(AtomicBool::new(true));
    let lot = ("50524f56454e2d31", "50524f56454e2d32");
    let url = format!("ws://{}", liar(&node, lot, Arc::clone(&lies)).await?);
    let gateway = Gateway::start(&url, &folder(&network)).await?;
    let height = client.height().await?;
    let trouble = loop {
        let status = gateway.json("/api/v1/status").await?;
        ensure!(status["height"].as_u64() < Some(u64::from(height)), "a lie was taken: {status}");
        if let Some(trouble) = status["trouble"].as_str() {
            break trouble.to_owned();
        }
        // Blocks before the lie are being followed; the gateway itself tells of the next one.
        let next = status["height"].as_u64().unwrap_or_default() + 1;
        drop(gateway.get(&format!("/api/v1/status?height={next}")).await?);
    };
    ensure!(trouble.contains("proof"), "{trouble}");

    // Once the node is honest, the same gateway goes on.
    lies.store(false, Ordering::Relaxed);
    gateway.reaches(&client).await?;
    gateway.publish(0, CODES).await?;
    let path = format!("/api/v1/proof?code=(01){}(21)A-05", trace::gtin(77));
    let answer = gateway.get(&path).await?;
    ensure!(answer.status == 200, "{}: {}", answer.status, answer.text());

    // A node that lies of records only, in a block of which nothing is kept yet.
    lies.store(true, Ordering::Relaxed);
    let status = gateway.json("/api/v1/status").await?;
    let next = status["height"].as_u64().unwrap_or_default() + 1;
    act(&client, "register_product", &trace::register_product(&trace::gtin(79), 1)).await?;
    gateway.json(&format!("/api/v1/status?height={next}")).await?;
    let answer = gateway.get(&path).await?;
    ensure!(answer.status == 502, "{}: {}", answer.status, answer.text());
    network.passed();
    Ok(())
}

/// Codes of one series.
fn codes(series: u32) -> String {
    (0..3_000).map(|n| format!("S{series:02}-{n:05}\n")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_lists_survive_a_gateway_that_is_killed() -> eyre::Result<()> {
    const SERIES: u32 = 8;
    let network = four_validators().start().await?;
    let client = network.client(0).await?;
    let gtin = trace::gtin(78);
    produce(&client, &gtin, 100_000).await?;
    let product: Gtin = gtin.parse()?;
    for series in 0..SERIES {
        let list = commit_to(codes(series).as_bytes(), &CodeScheme::Gs1Serial, &product)?;
        let call = create_series(&NewSeries {
            batch: format!("{gtin}/{LOT}").parse()?,
            root: list.root,
            n_codes: list.n_codes,
            scheme: CodeScheme::Gs1Serial,
            list: list.list,
            certificate: None,
            licence: None,
        });
        client.submit_call(&Key::for_client("Bob"), &call).await?.finalized().await?;
    }
    let node = network.node(0).url();
    let mut gateway = Gateway::start(&node, &folder(&network)).await?;
    gateway.reaches(&client).await?;
    let mut acknowledged = Vec::new();
    for round in 0..3 * SERIES {
        let series = round % SERIES;
        let path = format!("/api/v1/series/{series}/list");
        let url = gateway.url.clone();
        let sending = tokio::spawn(async move {
            tokio::task::spawn_blocking(move || {
                ureq::put(format!("{url}{path}")).send(codes(series).as_bytes()).is_ok()
            })
            .await
        });
        // Killed at another moment of each upload: as soon as so many of its files are there.
        let n_files = |folder: &Path| std::fs::read_dir(folder.join("lists")).map(Iterator::count);
        let before = n_files(&gateway.folder)?;
        let killed_at = before + (round as usize % 4);
        while !sending.is_finished() && n_files(&gateway.folder)? < killed_at {
            tokio::task::yield_now().await;
        }
        gateway = gateway.again(&node).await?;
        if sending.await?? {
            acknowledged.push(series);
        }
        for series in &acknowledged {
            let list = gateway.list(&hex::encode(Sha256::digest(codes(*series)))).await?;
            ensure!(list.status == 200 && list.text() == codes(*series), "series {series} is lost");
        }
    }
    gateway.reaches(&client).await?;
    for series in 0..SERIES {
        gateway.publish(series, &codes(series)).await?;
        let path = format!("/api/v1/scan?code=(01){gtin}(21)S{series:02}-02999");
        ensure!(gateway.json(&path).await?["scan"]["series"] == series);
    }
    let whole: Vec<_> = std::fs::read_dir(gateway.folder.join("lists"))?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    ensure!(whole.len() == 2 * SERIES as usize, "{whole:?}");
    network.passed();
    Ok(())
}

/// Sends a signal to a node.
async fn signal(network: &Network, name: &str) -> eyre::Result<()> {
    let pid = network.node(0).pid().ok_or_else(|| eyre!("the node does not run"))?;
    let kill = format!("kill -{name} {pid}");
    let sent = tokio::process::Command::new("sh").args(["-c", &kill]).status().await?;
    ensure!(sent.success(), "{kill}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_hangs_is_told_of() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    labelled(&client).await?;
    let options = ["--requests-per-second", "5"];
    let node = network.node(0).url();
    let gateway = Gateway::start_with(&node, &folder(&network), &options).await?;
    gateway.reaches(&client).await?;
    gateway.publish(0, CODES).await?;
    let item = format!("/product/01/{}/21/A-05", trace::gtin(77));
    let browser: &[_] = &[("Accept", "text/html,*/*;q=0.8"), ("Accept-Language", "en")];

    signal(&network, "STOP").await?;
    let slow = gateway.send("GET", &item, browser, Vec::new()).await?;
    let program = gateway.get(&item).await?;
    let deadline = Instant::now() + Duration::from_secs(90);
    let trouble = loop {
        let status = gateway.json("/api/v1/status").await?;
        if let Some(trouble) = status["trouble"].as_str() {
            break trouble.to_owned();
        }
        ensure!(Instant::now() < deadline, "a node that hangs is no trouble: {status}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    signal(&network, "CONT").await?;
    ensure!(trouble.contains("no block came"), "{trouble}");
    ensure!(slow.status == 504 && slow.header("content-type").starts_with("text/html"));
    ensure!(slow.text().contains("This cannot be answered now"), "{}", slow.text());
    let kind = program.header("content-type");
    ensure!(program.status == 504 && kind == "application/problem+json", "{kind}");

    // It goes on once the node does.
    let next = client.height().await? + 1;
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        let answer = gateway.get(&format!("/api/v1/status?height={next}")).await?;
        if answer.status == 200 {
            ensure!(answer.json()?["trouble"].is_null(), "{}", answer.text());
            break;
        }
        ensure!(Instant::now() < deadline, "{}", answer.text());
    }

    // Who asks too fast is told in the same way.
    let mut refused = None;
    for _ in 0..40 {
        let answer = gateway.send("GET", "/?lang=zh", browser, Vec::new()).await?;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.ok_or_else(|| eyre!("nobody is too fast"))?;
    ensure!(refused.text().contains("请求过于频繁"), "{}", refused.text());
    ensure!(refused.header("retry-after") == "1", "no Retry-After");
    network.passed();
    Ok(())
}

//! The pages of compensation: every figure is the chain's, the money's way ends in the villages, and a
//! browser proves it.

use crate::{
    compensation_day::{Basin, basin, org},
    programs::Programs,
    proofs::{CODES, labelled},
    serving::{as_described, folder, open_page},
};
use ecoledger_client::{
    Client, Moment,
    proof::{Bounds, Bundle, RecordName},
    value::text_from_json,
};
use ecoledger_tests::{Answer, Gateway, four_validators, trace};
use eyre::{ensure, eyre};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A figure of a page: record, path, format, value.
struct Figure {
    record: String,
    path: String,
    format: String,
    value: String,
}

/// The value of an attribute, with its entities read.
fn attribute(tag: &str, name: &str) -> eyre::Result<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\"")).ok_or_else(|| eyre!("{name}: {tag}"))?;
    let (value, _) = rest.split_once('"').ok_or_else(|| eyre!("{name}: {tag}"))?;
    Ok(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&amp;", "&"))
}

fn figures(page: &str) -> eyre::Result<Vec<Figure>> {
    let tags = page.split("<data class=\"figure\"").skip(1);
    tags.map(|tag| {
        let tag = tag.split_once('>').map(|(tag, _)| tag).unwrap_or_default();
        Ok(Figure {
            record: attribute(tag, "data-record")?,
            path: attribute(tag, "data-path")?,
            format: attribute(tag, "data-format")?,
            value: attribute(tag, "value")?,
        })
    })
    .collect()
}

/// A figure as the integer that the chain has, by its decimals.
fn unscaled(value: &str, decimals: usize) -> String {
    let value = value.replace(',', "");
    let (whole, part) = value.split_once('.').unwrap_or((&value, ""));
    let digits = format!("{whole}{part:0<decimals$}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() { "0".into() } else { digits.into() }
}

/// The chain's own value of a figure, asked of a node.
fn part<'a>(record: &'a Value, path: &str) -> &'a Value {
    path.split('.').filter(|step| !step.is_empty()).fold(record, |value, step| {
        match step.parse::<usize>() {
            Ok(index) if value.is_array() => &value[index],
            _ => &value[step],
        }
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(variant) => variant.keys().next().cloned().unwrap_or_default(),
        other => other.to_string(),
    }
}

/// Every figure of a page is what a node says of the record; gives how many there are.
async fn equal_to_the_chain(page: &str, client: &Client) -> eyre::Result<usize> {
    let mut records: BTreeMap<String, Value> = BTreeMap::new();
    let figures = figures(page)?;
    for figure in &figures {
        if !records.contains_key(&figure.record) {
            let name: RecordName = figure.record.parse()?;
            let found = client.query(name.pallet(), name.item(), &name.key(), None).await?;
            let found = found.ok_or_else(|| eyre!("{name} is not on the chain"))?;
            records.insert(figure.record.clone(), found);
        }
        let expected = text(part(&records[&figure.record], &figure.path));
        let value = match figure.format.as_str() {
            "integer" => unscaled(&figure.value, 0),
            "fen" => unscaled(&figure.value, 2),
            "micrograms" => unscaled(&figure.value, 3),
            "ppb" => unscaled(&figure.value, 9),
            "word" => figure.value.clone(),
            "text" => {
                let expected = text_from_json(&expected);
                ensure!(expected.as_deref() == Some(figure.value.as_str()), "{expected:?}");
                continue;
            }
            "moment" => {
                let time = Moment(expected.parse()?).to_string().replace('T', " ");
                ensure!(time.starts_with(&figure.value), "{time} {}", figure.value);
                continue;
            }
            other => eyre::bail!("{other}: no such format"),
        };
        let place = format!("{} {}", figure.record, figure.path);
        ensure!(value == expected, "{place}: {value} is shown, the chain has {expected}");
    }
    Ok(figures.len())
}

/// What a page says, without its tags.
fn words(page: &str) -> String {
    let body = page.split_once("<main>").map_or(page, |(_, body)| body);
    // Behind them is the block of the proof, and blocks come while nothing happens too.
    let end = body.find("<h2 id=\"proof-title\"").or_else(|| body.find("<script"));
    let body = end.and_then(|end| body.get(..end)).unwrap_or(body);
    let mut words = String::new();
    for piece in body.split('<') {
        words.push(' ');
        words.push_str(piece.split_once('>').map_or(piece, |(_, words)| words));
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn contains(page: &str, expected: &[&str]) -> eyre::Result<()> {
    for text in expected {
        ensure!(page.contains(text), "{text} is not in: {page}");
    }
    Ok(())
}

/// How many movements the money of a movement came through, with itself, as the page draws it.
fn depth_of(page: &str, movement: &str) -> eyre::Result<usize> {
    let (_, money) = page.split_once("id=\"money-title\"").ok_or_else(|| eyre!("no money"))?;
    let place = format!("id=\"movement-{movement}\"");
    let (before, _) = money.split_once(&place).ok_or_else(|| eyre!("no movement {movement}"))?;
    Ok(before.matches("<ol class=\"money\"").count() - before.matches("</ol>").count())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_compensation_page_says_what_the_chain_has() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let client = network.client(0).await?;
    let programs = Programs::of(&network);
    let node = network.node(0).url();
    labelled(&client).await?;
    let Basin { agreement, programme, paid_in, one_fen, .. } = basin(&network, &programs).await?;
    let gateway = Gateway::start(&node, &folder(&network)).await?;
    gateway.reaches(&client).await?;
    let path = format!("/compensation/{agreement}");

    // In both languages, with every figure as the chain has it.
    let english = gateway.page(&format!("{path}?lang=en")).await?;
    let n_figures = equal_to_the_chain(&english, &client).await?;
    println!("{n_figures} figures in {} bytes", english.len());
    ensure!(n_figures > 200, "{n_figures}");
    let said = words(&english);
    contains(
        &said,
        &[
            "P of the settlement 0.864875",
            "P computed here of the months 0.864875 the same",
            "Status paid",
            "100,000,000.00 100,000,000.00 –",
            "丽水演示上游市级部门",
            "温州演示下游市级部门",
            "paid to the beneficiary 0.01 CNY",
            "paid to the beneficiary 999.99 CNY",
            "景宁演示县级部门 → 景宁演示上村股份经济合作社",
            "景宁演示县级部门 → 景宁演示下村股份经济合作社",
            "100,000,005.00 1,000.00 99,999,000.00 5.00",
        ],
    )?;
    ensure!(said.matches(" agreed").count() >= 10, "{said}");
    ensure!(said.matches("decided by the national station").count() == 2, "{said}");
    // In May the stations differ: 0.95 and 1.5 mg/L.
    ensure!(said.contains("0.95 / 1.5"), "{said}");
    let chinese = gateway.page(&format!("{path}?lang=zh")).await?;
    ensure!(equal_to_the_chain(&chinese, &client).await? == n_figures);
    contains(
        &words(&chinese),
        &[
            "清算所载 P 0.864875",
            "本页由各月计算的 P 0.864875 一致",
            "已支付",
            "支付到村 0.01 元",
            "国家站裁定",
        ],
    )?;
    // The way of the money is a tree: the villages are behind the county, the county behind upstream.
    for page in [&english, &chinese] {
        for (movement, depth) in [(&paid_in, 1), (&one_fen, 4)] {
            ensure!(depth_of(page, movement)? == depth, "movement {movement}: {page}");
        }
    }

    listed(&gateway, &client, &agreement).await?;
    api(&gateway, &client, &agreement, &programme).await?;
    refuses(&gateway, &path).await?;

    // The page of a product from the river's upper reaches says how its year was settled.
    gateway.publish(0, CODES).await?;
    let product = format!("/product/01/{}/21/A-05", trace::gtin(77));
    let said = gateway.page(&format!("{product}?lang=en")).await?;
    contains(&said, &[&format!("href=\"{path}?year=2025&amp;lang=en\"")])?;
    contains(
        &words(&said),
        &[
            "index P = 0.864875",
            "温州演示下游市级部门 → 丽水演示上游市级部门: 100,000,000.00 CNY, paid 100,000,000.00",
        ],
    )?;
    let said = gateway.page(&format!("{product}?lang=zh")).await?;
    contains(&words(&said), &["所在流域的已结算年度", "补偿指数 P = 0.864875"])?;

    // In a browser: proven, and not if anything was changed on the way.
    let page = format!("{}{path}?lang=en", gateway.url);
    open_page(&page, None).await?;
    open_page(&page, Some("page")).await?;
    open_page(&format!("{}/compensation?lang=zh", gateway.url), None).await?;

    // The index is the same when it is built again.
    let movements = format!("/api/v1/programmes/{programme}/movements");
    let before = (gateway.json(&movements).await?, words(&english));
    let gateway = gateway.again(&node).await?;
    std::fs::remove_file(gateway.folder.join("index.redb"))?;
    let gateway = gateway.again(&node).await?;
    gateway.reaches(&client).await?;
    let again = gateway.page(&format!("{path}?lang=en")).await?;
    ensure!((gateway.json(&movements).await?, words(&again)) == before);
    network.passed();
    Ok(())
}

async fn listed(gateway: &Gateway, client: &Client, agreement: &str) -> eyre::Result<()> {
    let front = gateway.page("/?lang=en").await?;
    contains(&front, &["href=\"/compensation?lang=en\""])?;
    let list = gateway.page("/compensation?lang=en").await?;
    ensure!(equal_to_the_chain(&list, client).await? >= 5);
    contains(&list, &[&format!("href=\"/compensation/{agreement}?lang=en\"")])?;
    contains(
        &words(&list),
        &["in force", "2025 – 2027", "丽水演示上游市级部门 ↔ 温州演示下游市级部门"],
    )?;
    let past = gateway.page("/compensation?cursor=4000000000&lang=en").await?;
    ensure!(!past.contains("href=\"/compensation/"), "{past}");
    Ok(())
}

async fn api(
    gateway: &Gateway,
    client: &Client,
    agreement: &str,
    programme: &str,
) -> eyre::Result<()> {
    let list = gateway.json("/api/v1/agreements?limit=1").await?;
    ensure!(text(&list["agreements"][0]["agreement"]) == agreement, "{list}");
    ensure!(list["agreements"][0]["record"]["status"] == "InForce" && list["next"] == Value::Null);
    let upstream = org::UPSTREAM.to_string();
    ensure!(list["names"][&upstream] == "丽水演示上游市级部门", "{list}");
    let past = gateway.json("/api/v1/agreements?cursor=1000").await?;
    ensure!(past["agreements"] == json!([]) && past["next"] == Value::Null, "{past}");

    let found = gateway.json(&format!("/api/v1/agreements/{agreement}")).await?;
    ensure!(found["year"] == 2025 && found["computed"]["indexPpb"] == 864_875_000, "{found}");
    let trace = &found["settlement"]["trace"]["WeightedIndex"];
    ensure!(trace["index_ppb"] == 864_875_000, "{found}");
    let months = found["sections"][0]["months"].as_array().cloned().unwrap_or_default();
    ensure!(months.len() == 12 && months.iter().all(Value::is_object), "{months:?}");
    ensure!(found["sections"][0]["means"][0] == json!({ "sum": 12_240, "months": 12 }), "{found}");
    let from = serde_json::from_value(found["checkpoint"].clone())?;
    let proof = Bundle::read(found["proof"].to_string().as_bytes())?;
    proof.verify(&from, &Bounds::at(Moment::now()))?;
    let unsettled = gateway.json(&format!("/api/v1/agreements/{agreement}?year=2026")).await?;
    ensure!(unsettled["settlement"] == Value::Null && unsettled["movements"] == json!([]));

    as_described(
        gateway,
        &[
            "200 GET /api/v1/agreements".into(),
            format!("200 GET /api/v1/agreements/{agreement}"),
            format!("200 GET /api/v1/agreements/{agreement}?year=2026"),
            format!("200 GET /api/v1/programmes/{programme}/movements?limit=2"),
            format!("200 GET /api/v1/records/agreement/{agreement}"),
            format!("200 GET /api/v1/events/programme/{programme}"),
            "200 GET /api/v1/recalls".into(),
            "404 GET /api/v1/agreements/99".into(),
        ],
    )
    .await?;

    // By pages of two, the movements are those of the chain, in order.
    let path = format!("/api/v1/programmes/{programme}/movements?limit=2");
    let (mut cursor, mut found) = (String::new(), Vec::new());
    loop {
        let page = gateway.json(&format!("{path}{cursor}")).await?;
        let rows = page["movements"].as_array().cloned().unwrap_or_default();
        // Pages are full, but the last.
        ensure!(rows.len() == 2 || rows.len() == 1 && page["next"].is_null(), "{page}");
        found.extend(rows);
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    ensure!(found.len() == 7, "{found:?}");
    ensure!(found.is_sorted_by_key(|row| row["movement"].as_u64()), "{found:?}");
    for row in &found {
        let id = row["movement"].clone();
        let record = client.query("Funds", "Movements", &[id], None).await?;
        ensure!(record.as_ref() == Some(&row["record"]), "{row}");
    }
    Ok(())
}

/// Bad input is named, with a status below 500.
async fn refuses(gateway: &Gateway, path: &str) -> eyre::Result<()> {
    for (page, status) in [
        ("/compensation/99".to_owned(), 404),
        ("/compensation/x".to_owned(), 400),
        ("/compensation/99999999999".to_owned(), 400),
        ("/compensation?cursor=x".to_owned(), 400),
        (format!("{path}?year=x"), 400),
        (format!("{path}?year=99999"), 400),
        (format!("{path}?year=1999"), 404),
        (format!("{path}?year=2028"), 404),
        (format!("{path}?section=1"), 404),
        (format!("{path}?section=-1"), 400),
        (format!("{path}?cursor=x"), 400),
    ] {
        for language in ["zh", "en"] {
            let separator = if page.contains('?') { '&' } else { '?' };
            let answer: Answer = gateway.get(&format!("{page}{separator}lang={language}")).await?;
            ensure!(answer.status == status, "{page}: {} {}", answer.status, answer.text());
            contains(&answer.text(), &["role=\"alert\"", "<h1>"])?;
        }
    }
    for (path, status, name) in [
        ("/api/v1/agreements?limit=0", 400, "bad-limit"),
        ("/api/v1/agreements?cursor=x", 400, "bad-cursor"),
        ("/api/v1/agreements?more=1", 400, "bad-query"),
        ("/api/v1/agreements/99", 404, "not-found"),
        ("/api/v1/agreements/x", 400, "bad-number"),
        ("/api/v1/agreements/0?year=x", 400, "bad-query"),
        ("/api/v1/agreements/0?year=1999", 404, "not-found"),
        ("/api/v1/agreements/0?section=16", 404, "not-found"),
        ("/api/v1/agreements/0?cursor=1", 400, "bad-cursor"),
        ("/api/v1/programmes/99/movements", 404, "not-found"),
        ("/api/v1/programmes/x/movements", 400, "bad-number"),
        ("/api/v1/programmes/0/movements?limit=501", 400, "bad-limit"),
        ("/api/v1/programmes/0/movements?cursor=x", 400, "bad-cursor"),
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
    }
    Ok(())
}

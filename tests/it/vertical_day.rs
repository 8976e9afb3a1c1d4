//! Vertical compensation by hand: a policy, counties' data, exact shares, and money down to villages.

use crate::{
    compensation_day::{DOCUMENT, address, event, issue, number, org, refused},
    coverage,
    programs::Programs,
};
use ecoledger_tests::{Network, four_validators};
use eyre::{WrapErr, ensure, eyre};
use serde_json::{Value, json};
use std::fs;

/// A published account that values are from, and when it was published.
const SOURCE: &str = "7,0x2222222222222222222222222222222222222222222222222222222222222222,2026-01-31T00:00:00+08:00";
/// The counties, ascending: each is an office.
const COUNTIES: [u32; 3] = [org::UPSTREAM, org::DOWNSTREAM, org::COUNTY];
/// Areas in the proportions of the vector `shaxian`, and shares of its 4,522,000 yuan in fen.
const AREAS: [(&str, u64); 3] =
    [("34mu", 153_748_000), ("25mu", 113_050_000), ("41mu", 185_402_000)];
/// A pool of 1.00 yuan among three gaps of the same size: the fen that is left goes to the first.
const GAPS: [u64; 3] = [34, 33, 33];

/// Creates the policy and records its data; gives its number and its programme.
async fn policy(network: &Network, programs: &Programs) -> eyre::Result<(String, String)> {
    let text = network.scratch().join("policy.txt");
    fs::write(&text, "转移支付办法")?;
    let text = text.display().to_string();
    let counties: Vec<String> =
        COUNTIES.iter().map(|county| format!("--county={county}")).collect();
    let counties: Vec<&str> = counties.iter().map(String::as_str).collect();
    let create = |weights: &str| -> Vec<String> {
        let component = format!("key=4522000:{weights}");
        let fixed =
            ["policy", "create", "--year", "2026", "--code", "2300223", "--text-file", &text];
        let pools = ["--component", &component, "--component", "guiding=1.00:gap"];
        [&fixed[..], &pools[..], &counties].concat().into_iter().map(str::to_owned).collect()
    };
    let run = |arguments: Vec<String>| async move {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        programs.failure("province", &arguments).await
    };
    let (code, text) = run(create("1/mu/60%,2/mu/41%")).await?;
    ensure!(code == 2 && text.contains("a sum of 1 is expected, got 1.01"), "{code} {text}");
    let arguments = create("1/mu/100%");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let receipt = programs.json("province", &arguments).await?;
    let created = event(&receipt, "PolicyCreated")?;
    let (id, programme) = (number(&created["policy"])?, number(&created["programme"])?);

    // The first county by hand, with what could be mistaken.
    let first = COUNTIES[0].to_string();
    let county = |value: &str| -> Vec<String> {
        let value = format!("{value}@{SOURCE}");
        ["policy", "county", &id, &first, "--value", &value].map(str::to_owned).into()
    };
    let (code, text) = run(county("34")).await?;
    ensure!(code == 2 && text.contains("1200mu"), "a bare number: {code} {text}");
    let (code, text) = run(county("34 persons")).await?;
    ensure!(code == 2 && text.contains("AreaUnits is expected"), "another unit: {code} {text}");
    let arguments = county(AREAS[0].0);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    programs.json("province", &arguments).await?;
    let freeze = ["policy", "freeze", &id];
    refused(programs, "province", &freeze, "FactorsIncomplete").await?;

    // The others, and the second component, as a file.
    let file = network.scratch().join("counties.csv");
    fs::write(&file, rest_of_data(&id))?;
    let name = file.display().to_string();
    let bulk = ["bulk", &name, "--call", "Compensation.submit_county"];
    let summary = programs.json("province", &bulk).await?;
    ensure!(summary["applied"] == 5 && summary["failed"] == 0, "{summary}");
    let data = programs.text("auditor", &["policy", "data", &id, &first]).await?;
    ensure!(data.contains("34 mu") && data.contains("300.00 CNY"), "{data}");
    programs.json("province", &freeze).await?;
    Ok((id, programme))
}

fn rest_of_data(policy: &str) -> String {
    let mut text = String::from("policy,component,county,data.coefficient_ppb,data.floor_fen");
    for value in 0..2 {
        for column in ["quantity", "source.record", "source.hash", "source.published_at"] {
            text += &format!(",data.values.{value}.{column}");
        }
    }
    let mut row = |component: u8, county: u32, values: &[&str]| {
        text += &format!("\n{policy},{component},{county},100%,0CNY");
        for value in values {
            text += &format!(",{value},{SOURCE}");
        }
        text += &",,,,".repeat(2 - values.len());
    };
    for (county, (area, _)) in COUNTIES.iter().zip(AREAS).skip(1) {
        row(0, *county, &[area]);
    }
    for county in COUNTIES {
        row(1, county, &["300CNY", "200CNY"]);
    }
    text + "\n"
}

fn share_of(shown: &Value, county: u32) -> eyre::Result<Value> {
    let mut shares = shown["shares"].as_array().into_iter().flatten();
    let share = shares.find(|share| share["county"] == county);
    share.map(|share| share["share"].clone()).ok_or_else(|| eyre!("no county {county}: {shown}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_from_factors_to_conclusion() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    issue(&programs, "province", "5000000", "D-1").await?;
    let (id, programme) = policy(&network, &programs).await.wrap_err("policy")?;
    let (id, programme) = (id.as_str(), programme.as_str());

    // Anybody computes the same shares, before and after the finance department does.
    let before = programs.json("village", &["policy", "shares", id]).await?;
    programs.json("province", &["policy", "compute", id]).await?;
    let after = programs.json("village", &["policy", "shares", id]).await?;
    for (index, (_, fen)) in AREAS.iter().enumerate() {
        let expected = json!([fen, GAPS[index]]);
        ensure!(before["shares"][index]["components_fen"] == expected, "{before}");
        ensure!(after["shares"][index]["components_fen"] == expected, "{after}");
        ensure!(after["shares"][index]["asRecorded"] == true, "{after}");
    }
    let table = programs.text("village", &["policy", "shares", id]).await?;
    ensure!(table.contains("4522000.00 CNY of a pool of 4522000.00 CNY"), "{table}");

    let county = org::COUNTY.to_string();
    let money =
        |verb, amount| ["policy", verb, id, county.as_str(), amount, "--document", DOCUMENT];
    refused(&programs, "province", &money("appropriate", "1"), "NotPublished").await?;
    programs.json("province", &["policy", "publish", id]).await?;
    let dues = programs.json("county", &["policy", "arrears", "--all"]).await?;
    ensure!(dues.as_array().is_some_and(|dues| dues.len() == 3), "{dues}");
    ensure!(programs.json("county", &["policy", "arrears"]).await? == json!([]), "none is late");

    refused(&programs, "province", &money("appropriate", "1854020.34"), "CeilingExceeded").await?;
    programs.json("province", &money("appropriate", "1854020.33")).await?;
    programs.json("province", &money("remit", "1000000")).await?;
    let dues = programs.json("county", &["policy", "arrears", "--all"]).await?;
    let open = dues.as_array().into_iter().flatten().find(|due| due["due"]["creditor"] == 18);
    ensure!(open.is_some_and(|due| due["due"]["open_fen"] == 85_402_033), "{dues}");
    disburse(&programs, id, programme).await.wrap_err("disburse")?;
    conclude(&programs, id, &county).await.wrap_err("conclude")?;

    // A new table is for policies that are created from then on.
    let unordered = ["policy", "set-grades", "10%,5%,2%,0,-2%,-5%,-4%"];
    let (code, text) = programs.failure("alice", &unordered).await?;
    ensure!(code == 2 && text.contains("descending and within ±100%"), "{code} {text}");
    programs.enact(&["policy", "set-grades", "12%,6%,3%,0,-3%,-6%,-12%"]).await?;
    let table = programs.text("village", &["policy", "grades"]).await?;
    ensure!(table.contains(" 0.12 ") && table.contains("-0.12"), "{table}");
    coverage::check(&network, "a_transfer_from_factors_to_conclusion").await?;
    network.passed();
    Ok(())
}

/// The county pays two villages and reports what they used.
async fn disburse(programs: &Programs, id: &str, programme: &str) -> eyre::Result<()> {
    let tag = format!("{programme}/{}", org::COUNTY);
    for (payee, agent, amount) in
        [(org::VILLAGE, "village", "600000.00"), (org::HAMLET, "hamlet", "150000.55")]
    {
        let payee = payee.to_string();
        programs.json("county", &["fund", "name", programme, &payee, "payee"]).await?;
        let to = address(programs, agent).await?;
        let pay = ["fund", "pay", &tag, amount, "--to", &to, "--document", DOCUMENT];
        programs.json("county", &pay).await?;
    }
    let report = |amount| ["policy", "use", id, amount, "--document", DOCUMENT];
    refused(programs, "county", &report("750000.56"), "UseExceedsPaid").await?;
    programs.json("county", &report("750000.55")).await?;
    let shown = programs.json("auditor", &["policy", "show", id]).await?;
    let share = share_of(&shown, org::COUNTY)?;
    ensure!(share["received_fen"] == 100_000_000, "{share}");
    ensure!(share["disbursed_fen"] == 75_000_055, "{share}");
    ensure!(share["allocation"]["status"] == "Used", "{share}");
    let table = programs.text("auditor", &["policy", "show", id]).await?;
    ensure!(table.contains("1854020.33 CNY") && table.contains("重点补助"), "{table}");
    Ok(())
}

/// An auditor grades the county, and the finance department takes back what the grade costs.
async fn conclude(programs: &Programs, id: &str, county: &str) -> eyre::Result<()> {
    let document = ["--document", DOCUMENT];
    let evaluate = [&["policy", "evaluate", id, county, "slightly-worse"][..], &document].concat();
    let conclude = [&["policy", "conclude", id, county][..], &document].concat();
    refused(programs, "province", &conclude, "NotEvaluated").await?;
    refused(programs, "county", &evaluate, "Participants").await?;
    programs.json("auditor", &evaluate).await?;
    let before = programs.json("province", &["account", "balance"]).await?;
    programs.json("province", &conclude).await?;
    let after = programs.json("province", &["account", "balance"]).await?;
    // 5 % of 1,854,020.33 yuan, half a fen rounded up: from what was not remitted.
    let fen = |balance: &Value| balance["balance"]["free_fen"].as_u64().unwrap_or_default();
    ensure!(fen(&after) - fen(&before) == 9_270_102, "{before} {after}");
    let shown = programs.json("auditor", &["policy", "show", id]).await?;
    let outcome = json!({ "Concluded": { "Deduct": {
        "due_fen": 9_270_102, "recovered_fen": 9_270_102,
    } } });
    let share = share_of(&shown, org::COUNTY)?;
    ensure!(share["allocation"]["status"] == outcome, "{share}");
    let table = programs.text("auditor", &["policy", "show", id]).await?;
    ensure!(table.contains("92701.02 CNY deducted"), "{table}");
    let grades = programs.text("auditor", &["policy", "grades"]).await?;
    ensure!(grades.contains("轻微变差") && grades.contains("-0.05"), "{grades}");
    Ok(())
}

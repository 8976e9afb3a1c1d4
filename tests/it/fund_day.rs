//! A programme of an office's own, and years that a superior decides: the calls that the other days
//! do not make.

use crate::{
    compensation_day::{DOCUMENT, address, event, issue, number, org, refused, sign, texts},
    coverage,
    programs::Programs,
};
use ecoledger_tests::four_validators;
use eyre::ensure;
use serde_json::json;
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn an_office_runs_a_programme_of_its_own() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    issue(&programs, "province", "10000", "D-1").await?;
    let opened = programs.json("province", &["fund", "open-programme", "2110501"]).await?;
    let programme = number(&event(&opened, "ProgrammeOpened")?["programme"])?;
    let tag = format!("{programme}/7");
    let open = ["fund", "open-tag", &tag, "2110502", "--ceiling", "500"];
    programs.json("province", &open).await?;
    refused(&programs, "province", &open, "TagExists").await?;
    let moved = |verb: &str, amount: &str, side: &[&str]| -> Vec<String> {
        let fixed = ["fund", verb, &tag, amount, "--document", DOCUMENT];
        [&fixed[..], side].concat().into_iter().map(str::to_owned).collect()
    };
    let appropriate = moved("appropriate", "500.01", &[]);
    refused(&programs, "province", &texts(&appropriate), "CeilingExceeded").await?;
    programs.json("province", &["fund", "ceiling", &tag, "500.01"]).await?;
    let receipt = programs.json("province", &texts(&appropriate)).await?;
    let appropriated = number(&event(&receipt, "Appropriated")?["movement"])?;

    let (county, village) = (org::COUNTY.to_string(), org::VILLAGE.to_string());
    let name = |id, part| ["fund", "name", programme.as_str(), id, part];
    programs.json("province", &name(&county, "intermediary")).await?;
    programs.json("province", &name(&village, "payee")).await?;
    // Money keeps its purpose: under another tag nobody has any of it.
    let other = format!("{programme}/8");
    let open = ["fund", "open-tag", &other, "2110503", "--ceiling", "1"];
    programs.json("province", &open).await?;
    let diverted = ["fund", "transfer", &other, "1", "--to", &county, "--document", DOCUMENT];
    refused(&programs, "province", &diverted, "TagNotHeld").await?;
    programs.json("province", &texts(&moved("transfer", "200.50", &["--to", &county]))).await?;
    let to = address(&programs, "village").await?;
    programs.json("county", &texts(&moved("pay", "100.25", &["--to", &to]))).await?;
    programs.json("province", &texts(&moved("claw-back", "50.05", &["--from", &county]))).await?;
    programs.json("province", &name(&village, "nothing")).await?;
    let again = moved("pay", "1", &["--to", &to]);
    refused(&programs, "county", &texts(&again), "PayeeUnknown").await?;

    let balances = programs.json("auditor", &["fund", "balances", &tag]).await?;
    let of = |id: u32| {
        let mut rows = balances.as_array().into_iter().flatten();
        let row = rows.find(|row| row["holder"] == json!({ "Organisation": id }));
        row.map(|row| row["holding"]["balance_fen"].clone()).unwrap_or_default()
    };
    ensure!(of(org::PROVINCE) == 29_951 && of(org::COUNTY) == 5_020, "{balances}");
    let shown = programs.json("auditor", &["fund", "movement", &appropriated]).await?;
    ensure!(shown["details"]["drawn_fen"] == 20_050, "{shown}");
    ensure!(shown["draws"].as_array().is_some_and(|draws| draws.len() == 1), "{shown}");
    let table = programs.text("auditor", &["fund", "movement", &appropriated]).await?;
    ensure!(table.contains("200.50 CNY by movement"), "{table}");
    for (arguments, code, words) in [
        (&["fund", "show", "99"][..], 1, "notFound"),
        (&["fund", "movement", "99"], 1, "notFound"),
        (&["fund", "follow", "99", "--back"], 1, "notFound"),
        (&["fund", "balances", "99/1"], 1, "notFound"),
        (&["fund", "follow", "3"], 2, "--back"),
        (&["fund", "follow", "x/1", "--back"], 2, "PROGRAMME/TAG"),
    ] {
        let (got, text) = programs.failure("auditor", arguments).await?;
        ensure!(got == code && text.contains(words), "{arguments:?}: {got} {text}");
    }
    coverage::check(&network, "an_office_runs_a_programme_of_its_own").await?;
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_with_too_few_samples_is_decided() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let (id, _) = sign(&network, &programs).await?;
    let document = ["--document", DOCUMENT];
    let with = |arguments: &[&str]| -> Vec<String> {
        [arguments, &document].concat().into_iter().map(str::to_owned).collect()
    };
    let exempt = with(&["agreement", "exempt", &id, "2025-07"]);
    refused(&programs, "upstream", &texts(&exempt), "NotTheSuperior").await?;
    programs.json("province", &texts(&exempt)).await?;
    programs.json("province", &texts(&with(&["agreement", "incident", &id, "2025"]))).await?;
    let table = programs.text("upstream", &["agreement", "samples", &id, "2025"]).await?;
    ensure!(table.contains("exempt"), "{table}");
    let settle = ["agreement", "settle", &id, "2025"];
    refused(&programs, "upstream", &settle, "TooManyMonthsMissing").await?;
    let (code, text) =
        programs.failure("upstream", &["agreement", "settlement", &id, "2025"]).await?;
    ensure!(code == 1 && text.contains("notFound"), "{code} {text}");
    let dispute = with(&["agreement", "dispute", &id, "2025"]);
    refused(&programs, "upstream", &texts(&dispute), "NotComputed").await?;
    let decide = with(&["agreement", "decide", &id, "2025", "--pay", "1:0=1000.10"]);
    programs.json("province", &texts(&decide)).await?;
    let table = programs.text("upstream", &["agreement", "settlement", &id, "2025"]).await?;
    ensure!(table.contains("已裁定") && table.contains("1000.10 CNY"), "{table}");
    let dues = programs.text("upstream", &["agreement", "arrears", "--all"]).await?;
    ensure!(dues.contains("1000.10 CNY") && dues.contains("0 in arrears"), "{dues}");

    // The next year has rules of its own, which begin as a copy of what was signed.
    let rules = programs.text("upstream", &["agreement", "show-rules", &id]).await?;
    let file = network.scratch().join("rules-2026.json");
    fs::write(&file, rules.replace("2025", "2026").replace("\"0.85\"", "\"0.9\""))?;
    let file = file.display().to_string();
    let receipt = programs.json("upstream", &["agreement", "rules", &id, "--rules", &file]).await?;
    let hash = event(&receipt, "RulesProposed")?["hash"].as_str().unwrap_or_default().to_owned();
    let pending =
        programs.text("downstream", &["agreement", "show-rules", &id, "--pending"]).await?;
    ensure!(pending.contains("\"0.9\"") && pending.contains("2026"), "{pending}");
    programs.json("downstream", &["agreement", "sign", &id, "--hash", &hash]).await?;
    let table = programs.text("downstream", &["agreement", "show", &id]).await?;
    ensure!(table.contains("version 2") && table.contains("已裁定"), "{table}");
    let old = ["agreement", "show-rules", &id, "--version", "1"];
    ensure!(programs.text("downstream", &old).await?.contains("\"0.85\""), "the first stays");
    coverage::check(&network, "a_year_with_too_few_samples_is_decided").await?;
    network.passed();
    Ok(())
}

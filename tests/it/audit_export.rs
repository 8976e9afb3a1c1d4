//! Audit exports that add up, by the command's own check and by one of these tests.

use crate::{
    compensation_day::{Basin, DOCUMENT, address, basin, number, org},
    programs::Programs,
};
use ecoledger_tests::{Network, validators};
use eyre::{WrapErr, ensure, eyre};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};

/// What an export is of.
struct Export {
    summary: Value,
    movements: Vec<Value>,
    balances: Vec<Value>,
}

/// A row's balance: whose and which.
fn line_of(row: &Value) -> (String, String) {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    (text("owner"), text("measure"))
}

fn integer(value: &Value) -> eyre::Result<i128> {
    match value {
        Value::String(text) => text.parse().wrap_err("read an integer"),
        value => value.as_i64().map(Into::into).ok_or_else(|| eyre!("no integer: {value}")),
    }
}

impl Export {
    /// Runs the command and reads what it wrote.
    async fn run(
        network: &Network,
        programs: &Programs,
        name: &str,
        subject: &[&str],
    ) -> eyre::Result<Self> {
        let out = network.scratch().join(name);
        let folder = out.display().to_string();
        let arguments = [&["audit", "export"][..], subject, &["--out", &folder]].concat();
        let summary = programs.json("auditor", &arguments).await?;
        ensure!(!out.with_extension("part").exists(), "nothing is left beside it");
        let export = Self {
            summary,
            movements: lines(&out.join("movements.jsonl"))?,
            balances: lines(&out.join("balances.jsonl"))?,
        };
        export.adds_up().wrap_err_with(|| name.to_owned())?;
        export.csv_is_the_same(&out)?;
        Ok(export)
    }

    /// Opening balances and movements give the closing balances, added up once more here.
    fn adds_up(&self) -> eyre::Result<()> {
        let mut sums: BTreeMap<(String, String), i128> = BTreeMap::new();
        for row in &self.movements {
            *sums.entry(line_of(row)).or_default() += integer(&row["change"])?;
        }
        for row in &self.balances {
            let change = sums.remove(&line_of(row)).unwrap_or_default();
            ensure!(integer(&row["change"])? == change, "{row}: movements of {change}");
            let closing = integer(&row["opening"])? + change;
            ensure!(integer(&row["closing"])? == closing, "{row}: {closing}");
        }
        ensure!(sums.is_empty(), "movements without a balance: {sums:?}");
        ensure!(self.summary["movements"] == self.movements.len(), "{}", self.summary);
        Ok(())
    }

    /// As many rows in the CSV files, and the same sums.
    fn csv_is_the_same(&self, out: &Path) -> eyre::Result<()> {
        for (name, rows) in [("movements", self.movements.len()), ("balances", self.balances.len())]
        {
            let text = fs::read_to_string(out.join(format!("{name}.csv")))?;
            ensure!(text.lines().count() == rows + 1, "{name}.csv: {text}");
        }
        let events = fs::read_to_string(out.join("events.jsonl"))?;
        ensure!(self.summary["events"] == events.lines().count(), "{}", self.summary);
        ensure!(out.join("events.csv").is_file() && out.join("summary.json").is_file(), "files");
        Ok(())
    }

    fn closing(&self, owner: &str, measure: &str) -> eyre::Result<i128> {
        let wanted = (owner.to_owned(), measure.to_owned());
        let row = self.balances.iter().find(|row| line_of(row) == wanted);
        integer(&row.ok_or_else(|| eyre!("no {measure} of {owner}"))?["closing"])
    }
}

fn lines(path: &Path) -> eyre::Result<Vec<Value>> {
    let text = fs::read_to_string(path).wrap_err_with(|| path.display().to_string())?;
    text.lines().map(|line| serde_json::from_str(line).wrap_err("read a row")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_add_up_to_the_balances() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let programs = Programs::of(&network);
    let Basin { agreement, programme, tag, .. } = basin(&network, &programs).await?;
    let downstream = address(&programs, "downstream").await?;
    let village = address(&programs, "village").await?;

    let subject = ["--programme", &programme];
    let money = Export::run(&network, &programs, "programme", &subject).await?;
    let purpose = format!("tag {tag}");
    ensure!(money.closing(&purpose, "appropriated")? == 10_000_000_500);
    ensure!(money.closing(&purpose, "paid")? == 100_000);
    ensure!(money.closing(&purpose, "clawedBack")? == 500);
    let upstream = format!("{purpose}, organisation {}", org::UPSTREAM);
    ensure!(money.closing(&upstream, "balance")? == 9_999_900_000);
    // The accounts that the money came from and went to, with all that became of them.
    ensure!(money.closing(&format!("account {downstream}"), "free")? == 5_000_000_000);
    ensure!(money.closing(&format!("account {village}"), "free")? == 1);
    // The purpose's own account has on hold what its holders have.
    let held = money.closing(&purpose, "held")?;
    let kept = money
        .balances
        .iter()
        .any(|row| row["measure"] == "onHold" && integer(&row["closing"]).ok() == Some(held));
    ensure!(kept && held > 0, "{:?}", money.balances);

    let subject = ["--agreement", &agreement];
    let settled = Export::run(&network, &programs, "agreement", &subject).await?;
    let leg = format!("agreement {agreement}, 2025, payment 0");
    ensure!(settled.closing(&leg, "paid")? == 10_000_000_000);
    ensure!(settled.closing(&purpose, "paid")? == 100_000);
    ensure!(settled.summary["events"].as_u64() > money.summary["events"].as_u64());

    for (name, address) in [("downstream", &downstream), ("village", &village)] {
        let subject = ["--account", address.as_str()];
        let account = Export::run(&network, &programs, name, &subject).await?;
        let balance = programs.json(name, &["account", "balance"]).await?;
        let free = account.closing(&format!("account {address}"), "free")?;
        ensure!(free == integer(&balance["balance"]["free_fen"])?, "{balance}");
    }

    // Any part of the chain adds up, from what was there before.
    let client = network.client(0).await?;
    let last = client.height().await?;
    for (index, from, to) in [(0, last / 2, last - 3), (1, last - 8, last), (2, last, last)] {
        let (from, to) = (from.to_string(), to.to_string());
        let subject = ["--agreement", &agreement, "--from", &from, "--to", &to];
        Export::run(&network, &programs, &format!("part-{index}"), &subject).await?;
    }
    refusals(&network, &programs, &programme).await?;
    network.passed();
    Ok(())
}

async fn refusals(network: &Network, programs: &Programs, programme: &str) -> eyre::Result<()> {
    let there = network.scratch().join("programme").display().to_string();
    let other = network.scratch().join("other").display().to_string();
    for (subject, out, code, words) in [
        (&["--programme", programme][..], &there, 2, "is there already"),
        (&["--programme", "999"], &other, 1, "notFound"),
        (&["--body", "99"], &other, 1, "certification body 99"),
        (&["--programme", programme, "--from", "0"], &other, 2, "heights"),
        (&["--programme", programme, "--to", "99999"], &other, 2, "last final block"),
        (&["--account", "nobody"], &other, 2, "SS58"),
        (&["--programme", programme, "--account", "x"], &other, 2, "cannot be used with"),
        (&[], &other, 2, "--agreement"),
    ] {
        let arguments = [&["audit", "export"][..], subject, &["--out", out]].concat();
        let (got, text) = programs.failure("auditor", &arguments).await?;
        ensure!(got == code && text.contains(words), "{arguments:?}: {got} {text}");
    }
    ensure!(!Path::new(&other).exists(), "nothing has the final name");
    let part = format!("{other}.part");
    ensure!(!Path::new(&part).exists(), "nothing is left of what was never read");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tally_of_a_certification_body_adds_up() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let programs = Programs::of(&network);
    let body = "8";
    let approve = json!({
        "organisation": 8,
        "terms": {
            "number": "CNCA-R-2026-008", "kind": "Domestic",
            "scope": { "schemes": [1], "categories": [] },
            // Both dates as days since 1970, so that the approval is in force for long.
            "period": { "from": 20_000, "until": 40_000 },
        },
        "head": address(&programs, "certbody").await?,
    });
    let approve = approve.to_string();
    programs.json("cnca", &["tx", "Certification", "approve_body", "--json", &approve]).await?;
    let agent = format!("agent={}", address(&programs, "certifier").await?);
    let person = format!("person={DOCUMENT}");
    let register = ["tx", "Certification", "register_certifier", &person, &agent];
    let registered = number(&programs.json("certbody", &register).await?["height"])?;
    let release = ["tx", "Certification", "release_certifier", &person];
    programs.json("certbody", &release).await?;

    let exported = Export::run(&network, &programs, "body", &["--body", body]).await?;
    ensure!(exported.summary["subject"] == json!({ "body": 8 }), "{}", exported.summary);
    ensure!(exported.summary["events"] == 3, "{}", exported.summary);
    ensure!(exported.movements.len() == 2, "{:?}", exported.movements);
    ensure!(exported.closing("certification body 8", "certifiers")? == 0, "released");
    ensure!(exported.closing("certification body 8", "issued")? == 0, "nothing is issued");
    let subject = ["--body", body, "--to", &registered];
    let exported = Export::run(&network, &programs, "registered", &subject).await?;
    ensure!(exported.closing("certification body 8", "certifiers")? == 1, "registered");
    network.passed();
    Ok(())
}

//! Horizontal compensation by hand: an agreement, a year of samples, its settlement, and its money
//! down to villages.

use crate::{coverage, programs::Programs};
use ecoledger_tests::{Network, four_validators, governance};
use eyre::{WrapErr, ensure, eyre};
use serde_json::{Value, json};
use std::fs;

/// Numbers of the development organisations.
pub(crate) mod org {
    pub(crate) const PROVINCE: u32 = 12;
    pub(crate) const UPSTREAM: u32 = 13;
    pub(crate) const DOWNSTREAM: u32 = 14;
    pub(crate) const UPSTATION: u32 = 15;
    pub(crate) const DOWNSTATION: u32 = 16;
    pub(crate) const COUNTY: u32 = 18;
    pub(crate) const VILLAGE: u32 = 19;
    pub(crate) const HAMLET: u32 = 20;
}

/// A commitment that stands for a document.
pub(crate) const DOCUMENT: &str =
    "0x1111111111111111111111111111111111111111111111111111111111111111";
/// A year that is over.
const YEAR: &str = "2025";
/// Mean concentrations of the vector `xaj_P`, in µg/L: ratios to the base limits of 1.02, 0.95,
/// 1.10 and 1.00.
const READING: [(&str, &str); 4] =
    [("CODMn", "1.02mg/L"), ("NH3-N", "0.95mg/L"), ("TP", "1.1mg/L"), ("TN", "1mg/L")];
/// What downstream pays for P = 0.864875.
const PAYMENT: &str = "100000000.00";

/// The first event of a receipt with this name: its fields.
pub(crate) fn event<'a>(receipt: &'a Value, name: &str) -> eyre::Result<&'a Value> {
    receipt["events"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|event| event["name"] == name)
        .map(|event| &event["fields"])
        .ok_or_else(|| eyre!("no {name} in {receipt}"))
}

/// A number in JSON, as text for a command line.
pub(crate) fn number(value: &Value) -> eyre::Result<String> {
    value.as_u64().map(|number| number.to_string()).ok_or_else(|| eyre!("no number: {value}"))
}

/// The address of an agent's key.
pub(crate) async fn address(programs: &Programs, agent: &str) -> eyre::Result<String> {
    let account = programs.json(agent, &["account"]).await?;
    account["address"].as_str().map(str::to_owned).ok_or_else(|| eyre!("no address: {account}"))
}

/// The settlement institution issues money to an agent's account.
pub(crate) async fn issue(
    programs: &Programs,
    agent: &str,
    amount: &str,
    reference: &str,
) -> eyre::Result<()> {
    let to = format!("beneficiary={}", address(programs, agent).await?);
    let amount = format!("amount_fen={amount}CNY");
    let reference = format!("external_reference={reference}");
    let document = format!("document={DOCUMENT}");
    let issue = ["tx", "Settlement", "issue", &to, &amount, &reference, &document];
    programs.json("ferdie", &issue).await.map(|_| ())
}

/// What is refused, by the name of its error.
pub(crate) async fn refused(
    programs: &Programs,
    agent: &str,
    arguments: &[&str],
    error: &str,
) -> eyre::Result<()> {
    let (code, text) = programs.failure(agent, arguments).await?;
    ensure!(code == 1 && text.contains(error), "{arguments:?}: {code} {text}, not {error}");
    Ok(())
}

/// An agreement that is settled for the year, with its money on the way.
pub(crate) struct Basin {
    pub(crate) agreement: String,
    pub(crate) programme: String,
    /// The purpose of what downstream paid in.
    pub(crate) tag: String,
    /// The movement by which downstream paid in.
    pub(crate) paid_in: String,
    /// The movement by which one fen reached the village.
    pub(crate) one_fen: String,
}

fn rules() -> Value {
    let indicators: Vec<_> = READING
        .iter()
        .map(|(name, _)| json!({ "indicator": name, "base": "1mg/L", "weight": "25%" }))
        .collect();
    json!({
        "fromYear": 2025,
        "sections": [{
            "upstream": 0, "downstream": 1,
            "stations": [org::UPSTATION, org::DOWNSTATION], "indicators": indicators,
        }],
        "missingMonths": 0, "tolerance": "10%", "incidentFails": true, "disasterExempts": true,
        "formula": { "weightedIndex": { "section": 0, "k0": "0.85", "steps": [
            { "upTo": "1", "payer": 1, "payee": 0, "amount": PAYMENT },
            { "payer": 0, "payee": 1, "amount": PAYMENT },
        ] } },
    })
}

/// Proposes and signs the agreement; gives its number and its programme.
pub(crate) async fn sign(network: &Network, programs: &Programs) -> eyre::Result<(String, String)> {
    let file = network.scratch().join("rules.json");
    fs::write(&file, rules().to_string())?;
    let rules = file.display().to_string();
    let text = network.scratch().join("agreement.txt");
    fs::write(&text, "补偿协议")?;
    let text = text.display().to_string();
    let (upstream, downstream) = (org::UPSTREAM.to_string(), org::DOWNSTREAM.to_string());
    let province = org::PROVINCE.to_string();
    let propose = [
        "agreement",
        "propose",
        "--party",
        &upstream,
        "--party",
        &downstream,
        "--superior",
        &province,
        "--national-station",
        &province,
        "--years",
        "2025-2027",
        "--cap",
        "200000000",
        "--pay-within",
        "30 working days",
        "--code",
        "2110401",
        "--text-file",
        &text,
        "--rules",
        &rules,
    ];
    let receipt = programs.json("upstream", &propose).await?;
    let agreement = number(&event(&receipt, "RulesProposed")?["agreement"])?;
    let shown = programs.json("downstream", &["agreement", "show", &agreement]).await?;
    let hash = shown["pending"]["hash"].as_str().ok_or_else(|| eyre!("no hash: {shown}"))?;
    let other = ["agreement", "sign", &agreement, "--hash", DOCUMENT];
    refused(programs, "downstream", &other, "HashMismatch").await?;
    programs.json("downstream", &["agreement", "sign", &agreement, "--hash", hash]).await?;
    let shown = programs.json("downstream", &["agreement", "show", &agreement]).await?;
    ensure!(shown["details"]["status"] == "InForce", "{shown}");
    // What is shown can be proposed again.
    let again = programs.text("upstream", &["agreement", "show-rules", &agreement]).await?;
    ensure!(again.contains("\"upTo\": \"1\"") && again.contains("0.85"), "{again}");
    Ok((agreement, number(&shown["details"]["programme"])?))
}

/// Both stations submit twelve months, eleven of them as files; May is disputed by its values, June
/// by a party, and the national station decides both.
async fn sample(network: &Network, programs: &Programs, agreement: &str) -> eyre::Result<()> {
    let values: Vec<String> =
        READING.iter().map(|(name, value)| format!("--value={name}={value}")).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    for station in ["upstation", "downstation"] {
        let file = network.scratch().join(format!("{station}.csv"));
        let mut text = String::from(
            "agreement,year,section,month,reading.0,reading.1,reading.2,reading.3,document\n",
        );
        for month in 1..=11 {
            // In May downstream measures more ammonia than the tolerance allows.
            let ammonia =
                if (station, month) == ("downstation", 5) { "1.5mg/L" } else { "0.95mg/L" };
            text += &format!(
                "{agreement},{YEAR},0,{month},1.02mg/L,{ammonia},1.1mg/L,1mg/L,{DOCUMENT}\n"
            );
        }
        fs::write(&file, text)?;
        let name = file.display().to_string();
        let bulk = ["bulk", &name, "--call", "Compensation.submit_sample"];
        let summary = programs.json(station, &bulk).await?;
        ensure!(summary["applied"] == 11 && summary["failed"] == 0, "{summary}");
        let december = ["agreement", "sample", agreement, "2025-12", "--document", DOCUMENT];
        programs.json(station, &[&december[..], &values].concat()).await?;
        refused(programs, station, &[&december[..], &values].concat(), "DuplicateSample").await?;
    }
    let half = ["agreement", "sample", agreement, "2025-12", "--document", DOCUMENT];
    let (code, text) =
        programs.failure("upstation", &[&half[..], &["--value", "TP=1mg/L"]].concat()).await?;
    ensure!(code == 2 && text.contains("CODMn is missing"), "{code} {text}");
    let settle = ["agreement", "settle", agreement, YEAR];
    refused(programs, "upstream", &settle, "SampleInDispute").await?;
    let dispute = ["agreement", "dispute-sample", agreement, "2025-06", "--document", DOCUMENT];
    programs.json("downstream", &dispute).await?;
    let table = programs.text("upstream", &["agreement", "samples", agreement, YEAR]).await?;
    ensure!(table.matches("DISPUTED").count() == 2, "{table}");
    ensure!(table.contains("does not settle yet") && table.contains("1.5 mg/L"), "{table}");
    for month in ["2025-05", "2025-06"] {
        let decide = ["agreement", "decide-sample", agreement, month, "--document", DOCUMENT];
        let decide = [&decide[..], &values].concat();
        refused(programs, "upstation", &decide, "NotTheNationalStation").await?;
        programs.json("province", &decide).await?;
    }
    let table = programs.text("upstream", &["agreement", "samples", agreement, YEAR]).await?;
    let rows = table.lines().filter(|line| line.contains("0.864875")).count();
    ensure!(rows == 13, "twelve months and the year have P = 0.864875: {table}");
    ensure!(
        table.matches("decided").count() == 2 && table.matches("agreed").count() == 10,
        "{table}"
    );
    Ok(())
}

/// Computes, confirms and pays the settlement of the year.
async fn settle(programs: &Programs, agreement: &str) -> eyre::Result<String> {
    programs.json("upstream", &["agreement", "settle", agreement, YEAR]).await?;
    let shown = programs.json("upstream", &["agreement", "settlement", agreement, YEAR]).await?;
    ensure!(shown["asRecomputed"] == true, "{shown}");
    let trace = json!({ "WeightedIndex": { "index_ppb": 864_875_000, "step": 0 } });
    ensure!(shown["settlement"]["trace"] == trace, "{shown}");
    let results = shown["settlement"]["results_hash"].as_str().unwrap_or_default().to_owned();
    let pay_in = |amount| ["agreement", "pay-in", agreement, YEAR, amount, "--document", DOCUMENT];
    let receipt = programs.json("downstream", &pay_in("100000005")).await?;
    let paid_in = number(&event(&receipt, "Appropriated")?["movement"])?;
    let pay = |amount| ["agreement", "pay", agreement, YEAR, amount, "--document", DOCUMENT];
    refused(programs, "downstream", &pay(PAYMENT), "NotConfirmed").await?;
    for party in ["upstream", "downstream"] {
        let confirm = ["agreement", "confirm", agreement, YEAR, "--results", &results];
        programs.json(party, &confirm).await?;
    }
    // Due, and not late.
    let dues = programs.json("upstream", &["agreement", "arrears", "--all"]).await?;
    ensure!(dues[0]["due"]["open_fen"] == 10_000_000_000u64 && dues[0]["late"] == false, "{dues}");
    let late = programs.text("upstream", &["agreement", "arrears"]).await?;
    ensure!(late.contains("0 in arrears"), "{late}");
    programs.json("downstream", &pay("40000000")).await?;
    refused(programs, "downstream", &pay("60000000.01"), "LegExceeded").await?;
    programs.json("upstream", &pay("60000000")).await?;
    let dues = programs.json("upstream", &["agreement", "arrears", "--all"]).await?;
    ensure!(dues == json!([]), "{dues}");
    let left = ["agreement", "return", agreement, YEAR, "5", "--document", DOCUMENT];
    programs.json("downstream", &left).await?;
    let shown = programs.json("upstream", &["agreement", "settlement", agreement, YEAR]).await?;
    ensure!(shown["settlement"]["status"] == "Paid", "{shown}");
    Ok(paid_in)
}

/// Passes money on to the county, which pays a fen to one village and the rest to the other.
async fn pass_on(programs: &Programs, programme: &str, tag: &str) -> eyre::Result<String> {
    let (county, village, hamlet) =
        (org::COUNTY.to_string(), org::VILLAGE.to_string(), org::HAMLET.to_string());
    let moved = |verb: &str, amount: &str, to: &str| -> Vec<String> {
        ["fund", verb, tag, amount, "--to", to, "--document", DOCUMENT].map(str::to_owned).into()
    };
    let to_county = moved("transfer", "1000", &county);
    refused(programs, "upstream", &texts(&to_county), "IntermediaryUnknown").await?;
    let name = |organisation, part| ["fund", "name", programme, organisation, part];
    programs.json("upstream", &name(&county, "intermediary")).await?;
    programs.json("upstream", &texts(&to_county)).await?;
    for payee in [&village, &hamlet] {
        programs.json("county", &name(payee, "payee")).await?;
    }
    let (to_village, to_hamlet) =
        (address(programs, "village").await?, address(programs, "hamlet").await?);
    // Purpose-bound money goes to its payees and nowhere else.
    let to_itself = address(programs, "county").await?;
    let to_a_stranger = address(programs, "eve").await?;
    for (arguments, error) in [
        (moved("pay", "1", &to_itself), "PaymentToIntermediary"),
        (moved("pay", "1", &to_a_stranger), "PayeeUnknown"),
        (moved("pay", "1000.01", &to_village), "HoldingTooSmall"),
        (moved("transfer", "1", &village), "TransferToPayee"),
    ] {
        refused(programs, "county", &texts(&arguments), error).await?;
    }
    let receipt = programs.json("county", &texts(&moved("pay", "0.01", &to_village))).await?;
    programs.json("county", &texts(&moved("pay", "999.99", &to_hamlet))).await?;
    number(&event(&receipt, "Paid")?["movement"])
}

/// Arguments as a command takes them.
pub(crate) fn texts(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Signs the agreement and brings in the samples of the year; gives agreement and programme.
async fn sampled(network: &Network, programs: &Programs) -> eyre::Result<(String, String)> {
    let client = network.client(0).await?;
    // The superior's own station decides between those of the cities.
    let grant = json!({ "Participants": { "grant_capacity": {
        "grant": {
            "organisation": org::PROVINCE, "role": "MonitorStation", "region": 330_000,
            "subjects": [], "valid_from": 0, "valid_until": null,
        },
        "acting_as": null,
    } } });
    governance::enact(&client, grant).await.wrap_err("make the superior a station")?;
    issue(programs, "downstream", "150000000", "D-1").await?;
    issue(programs, "upstream", "1000", "D-2").await?;
    let (agreement, programme) = sign(network, programs).await.wrap_err("sign")?;
    sample(network, programs, &agreement).await.wrap_err("sample")?;
    Ok((agreement, programme))
}

/// Runs the whole year.
pub(crate) async fn basin(network: &Network, programs: &Programs) -> eyre::Result<Basin> {
    let (agreement, programme) = sampled(network, programs).await?;
    let paid_in = settle(programs, &agreement).await.wrap_err("settle")?;
    let tag = format!("{programme}/20251");
    let one_fen = pass_on(programs, &programme, &tag).await.wrap_err("pass on")?;
    Ok(Basin { agreement, programme, tag, paid_in, one_fen })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disputed_settlement_is_decided() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let (agreement, _) = sampled(&network, &programs).await?;
    programs.json("upstream", &["agreement", "settle", &agreement, YEAR]).await?;
    let dispute = ["agreement", "dispute", &agreement, YEAR, "--document", DOCUMENT];
    programs.json("downstream", &dispute).await?;
    refused(&programs, "upstream", &dispute, "SettlementDisputed").await?;
    let decision = ["--pay", "1:0=90000000", "--document", DOCUMENT];
    let decide = [&["agreement", "decide", &agreement, YEAR][..], &decision].concat();
    programs.json("province", &decide).await?;
    refused(&programs, "province", &decide, "SettlementFinal").await?;
    let table = programs.text("upstream", &["agreement", "settlement", &agreement, YEAR]).await?;
    ensure!(table.contains("已裁定") && table.contains("90000000.00 CNY"), "{table}");
    coverage::check(&network, "a_disputed_settlement_is_decided").await?;
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_a_basin_from_samples_to_villages() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let Basin { programme, tag, paid_in, one_fen, .. } = basin(&network, &programs).await?;

    // One fen, back to what downstream paid in.
    let way = programs.json("auditor", &["fund", "follow", &one_fen, "--back"]).await?;
    let ids: Vec<_> =
        way["steps"].as_array().into_iter().flatten().map(|step| step["id"].to_string()).collect();
    ensure!(ids.first() == Some(&one_fen) && ids.last() == Some(&paid_in), "{way}");
    ensure!(way["appropriated_fen"] == 1 && way["truncated"] == false, "{way}");
    let is_one = |step: &Value| step["amount_fen"] == 1;
    ensure!(way["steps"].as_array().is_some_and(|steps| steps.iter().all(is_one)), "{way}");
    // Forward: all that was paid in is paid, with the county or upstream, or went back.
    let way = programs.json("auditor", &["fund", "follow", &paid_in, "--forward"]).await?;
    ensure!(way["paid_fen"] == 100_000, "{way}");
    ensure!(way["clawed_back_fen"] == 500, "{way}");
    ensure!(way["held_fen"] == 10_000_000_000u64 - 100_000, "{way}");
    let whole = programs.json("auditor", &["fund", "follow", &tag, "--forward"]).await?;
    ensure!(
        whole["paid_fen"] == way["paid_fen"] && whole["held_fen"] == way["held_fen"],
        "{whole}"
    );
    let table = programs.text("auditor", &["fund", "follow", &one_fen, "--back"]).await?;
    ensure!(table.contains("0.01 CNY") && table.contains("appropriated from"), "{table}");

    let table = programs.text("auditor", &["fund", "balances", &programme]).await?;
    ensure!(table.contains("99999000.00 CNY") && table.contains("organisation 18"), "{table}");
    let table = programs.text("auditor", &["fund", "show", &programme]).await?;
    ensure!(table.contains("organisation 19: Payee") && table.contains(&tag), "{table}");
    let balance = programs.text("village", &["account", "balance"]).await?;
    ensure!(balance.contains("0.01 yuan"), "{balance}");

    // An auditor's flag stops the money, and its source takes it back.
    let flag = ["fund", "flag", &programme, "13", "interception", "--document", DOCUMENT];
    programs.json("auditor", &flag).await?;
    let transfer = ["fund", "transfer", &tag, "1", "--to", "18", "--document", DOCUMENT];
    refused(&programs, "upstream", &transfer, "OrganisationFlagged").await?;
    let back = ["fund", "claw-back", &tag, "10", "--from", "13", "--document", DOCUMENT];
    programs.json("downstream", &back).await?;
    let lift = ["fund", "lift-flag", &programme, "13", "--document", DOCUMENT];
    programs.json("auditor", &lift).await?;
    refused(&programs, "downstream", &back, "HolderNotFlagged").await?;
    coverage::check(&network, "a_year_of_a_basin_from_samples_to_villages").await?;
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn days_and_terms_are_told() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let table = programs.text("county", &["calendar", "show", "2026"]).await?;
    ensure!(table.contains("2026-10-01"), "National Day is off: {table}");
    for (date, is_worked) in [("2026-10-01", false), ("2026-10-12", true), ("2026-10-25", false)] {
        let day = programs.json("county", &["calendar", "day", date]).await?;
        ensure!(day["worked"] == is_worked, "{day}");
    }
    let from = "2026-03-02T10:00:00+08:00";
    let due =
        programs.json("county", &["calendar", "due", "3 working days", "--from", from]).await?;
    ensure!(due["lateFrom"] == "2026-03-06T00:00:00+08:00", "{due}");
    let (code, text) =
        programs.failure("county", &["calendar", "due", "1000 days", "--from", from]).await?;
    ensure!(code == 1 && text.contains("working days of 2028"), "{code} {text}");
    let (code, text) = programs.failure("county", &["calendar", "day", "2026-02-30"]).await?;
    ensure!(code == 2 && text.contains("YYYY-MM-DD"), "{code} {text}");
    network.passed();
    Ok(())
}

//! Settlements of horizontal compensation agreements: the province computes, both cities confirm,
//! the city that owes pays from its escrow.
//!
//! Each agreement is one of its own between the same two cities, by a weighted index of four
//! indicators (新安江 formula). Before the load, all agreements are signed, all twelve samples of the
//! year are in, with both stations' halves, and the escrow is paid in. A step of a settlement is
//! sent once those before it are final, as each is another organisation's.

use super::{Chain, Lane, Pace};
use crate::transaction::Key;
use codec::Encode;
use eyre::{WrapErr, ensure};
use serde_json::{Value, json};
use sp_io::hashing::sha2_256;
use std::time::Duration;

/// Organisations of the development chain, and the names of their agents.
const PROVINCE: (u32, &str) = (12, "Province");
const UPSTREAM: (u32, &str) = (13, "Upstream");
const DOWNSTREAM: (u32, &str) = (14, "Downstream");
const STATIONS: [(u32, &str); 2] = [(15, "Upstation"), (16, "Downstation")];
const CLEARING: &str = "Ferdie";
/// A second agent of the city downstream, which pays: it does not wait for the first one's nonces.
const CASHIER: &str = "Downstream//cashier";
/// The power to act as a government and nothing else.
const GOVERNMENT_POWER: u64 = 1 << 11;

/// A year that is over.
const YEAR: u16 = 2_020;
/// What a settlement pays: 1,000.00 CNY.
const AMOUNT_FEN: u64 = 100_000;
/// 1.0 in parts per billion.
const ONE_PPB: u64 = 1_000_000_000;
/// Indicators of the section, their base limits and each month's value in µg/L: below the limits,
/// so that downstream pays.
const INDICATORS: [(&str, u64, u64); 4] = [
    ("PermanganateIndex", 2_100, 1_800),
    ("AmmoniaNitrogen", 120, 90),
    ("TotalPhosphorus", 28, 25),
    ("TotalNitrogen", 1_050, 990),
];
const MONTHS: u8 = 12;
/// Any commitment, and any digest.
const DOCUMENT: &str = "0x0707070707070707070707070707070707070707070707070707070707070707";

/// Brings `count` agreements so far that their year can be settled, and signs the settlements:
/// computations over `time`, and confirmations and payments that follow them.
///
/// # Errors
/// When a step is refused.
pub async fn prepare(chain: &Chain<'_>, count: u32, time: Duration) -> eyre::Result<Vec<Lane>> {
    endow(chain, count).await?;
    let first = agree(chain, count).await?;
    sample(chain, first, count).await?;

    let results = format!("0x{}", hex::encode(results_hash()));
    let (mut computed, mut confirmed, mut paid) = (Vec::new(), Vec::new(), Vec::new());
    for agreement in first..first + u64::from(count) {
        let compute = json!({ "agreement": agreement, "year": YEAR });
        computed.push(encode(chain, "compute_settlement", &compute)?);
        let confirm = json!({ "agreement": agreement, "year": YEAR, "results_hash": results });
        confirmed.push(encode(chain, "confirm_settlement", &confirm)?);
        let pay = json!({
            "agreement": agreement,
            "year": YEAR,
            "leg": 0,
            "amount_fen": AMOUNT_FEN,
            "document": DOCUMENT,
        });
        paid.push(encode(chain, "pay_settlement", &pay)?);
    }
    let confirm = "confirm_settlement";
    let [province, upstream, downstream, cashier] =
        [PROVINCE.1, UPSTREAM.1, DOWNSTREAM.1, CASHIER].map(Key::ed25519);
    Ok(vec![
        chain.sign(&province, "compute_settlement", Pace::Over(time), computed).await?,
        chain.sign(&upstream, confirm, Pace::After(vec![0]), confirmed.clone()).await?,
        chain.sign(&downstream, confirm, Pace::After(vec![0]), confirmed).await?,
        chain.sign(&cashier, "pay_settlement", Pace::After(vec![1, 2]), paid).await?,
    ])
}

/// Checks that on a chain without other purpose-bound money `count` settlements are paid: each has
/// moved money into the escrow and out of it.
///
/// # Errors
/// When it are fewer or more.
pub async fn check(chain: &Chain<'_>, count: u32) -> eyre::Result<()> {
    let movements = chain.number("Funds", "NextMovementId").await?;
    ensure!(
        movements == 2 * u64::from(count),
        "money moved {movements} times in {count} settlements"
    );
    Ok(())
}

/// Issues the money that downstream will owe, and registers the agent who pays it.
async fn endow(chain: &Chain<'_>, count: u32) -> eyre::Result<()> {
    let account = |name: &str| ecoledger_client::address(&Key::ed25519(name).account());
    let issue = json!({
        "beneficiary": account(DOWNSTREAM.1),
        // One fen stays, as an account without money is none.
        "amount_fen": u64::from(count) * AMOUNT_FEN + 1,
        "external_reference": "LOAD",
        "document": DOCUMENT,
    });
    chain.act(CLEARING, "Settlement", "issue", &issue).await?;
    let cashier = json!({
        "organisation": DOWNSTREAM.0,
        "agent": account(CASHIER),
        "powers": GOVERNMENT_POWER,
        "commitment": null,
    });
    chain.act(DOWNSTREAM.1, "Participants", "register_agent", &cashier).await.map(|_| ())
}

/// Signs agreements, and pays downstream's escrow of the year in; gives the number of the first.
async fn agree(chain: &Chain<'_>, count: u32) -> eyre::Result<u64> {
    let first = chain.number("Compensation", "NextAgreementId").await?;
    let proposal =
        encode(chain, "propose_agreement", &json!({ "terms": terms(), "rules": rules() }))?;
    // What is signed is the digest of terms and rules: the call without its two numbers.
    let hash = sha2_256(proposal.get(2..).unwrap_or_default());
    let hash = format!("0x{}", hex::encode(hash));
    chain
        .prepare([(UPSTREAM.1, vec![proposal; count as usize])])
        .await
        .wrap_err("propose agreements")?;
    let mut signed = Vec::new();
    for agreement in first..first + u64::from(count) {
        let sign = json!({ "agreement": agreement, "hash": hash });
        signed.push(encode(chain, "sign_rules", &sign)?);
        let pay_in = json!({
            "agreement": agreement,
            "year": YEAR,
            "amount_fen": AMOUNT_FEN,
            "document": DOCUMENT,
        });
        signed.push(encode(chain, "pay_in", &pay_in)?);
    }
    chain.prepare([(DOWNSTREAM.1, signed)]).await.wrap_err("sign agreements")?;
    let movements = chain.number("Funds", "NextMovementId").await?;
    ensure!(movements == u64::from(count), "{movements} of {count} escrows were paid in");
    Ok(first)
}

/// Has both stations submit their halves of all samples of the year.
async fn sample(chain: &Chain<'_>, first: u64, count: u32) -> eyre::Result<()> {
    let reading = INDICATORS.map(|(_, _, value)| value);
    let mut samples = Vec::new();
    for agreement in first..first + u64::from(count) {
        for month in 1..=MONTHS {
            let sample = json!({
                "agreement": agreement,
                "year": YEAR,
                "section": 0,
                "month": month,
                "reading": reading,
                "document": DOCUMENT,
            });
            samples.push(encode(chain, "submit_sample", &sample)?);
        }
    }
    chain.prepare(STATIONS.map(|(_, name)| (name, samples.clone()))).await.wrap_err("sample")
}

fn terms() -> Value {
    json!({
        "parties": [UPSTREAM.0, DOWNSTREAM.0],
        "superior": PROVINCE.0,
        // Decides between halves that differ; none do here.
        "national_station": PROVINCE.0,
        "first_year": YEAR,
        "last_year": YEAR,
        "cap_fen": AMOUNT_FEN,
        "pay_term": { "days": 30, "unit": "Calendar" },
        "code": "2110402",
        "text": DOCUMENT,
    })
}

fn rules() -> Value {
    let indicators = INDICATORS.map(|(indicator, base, _)| {
        json!({
            "indicator": indicator,
            "base": base,
            "weight_ppb": ONE_PPB / INDICATORS.len() as u64,
            "class_limits": null,
        })
    });
    let step = |up_to_ppb: u64, payer: u8, payee: u8| {
        json!({
            "up_to_ppb": up_to_ppb.to_string(),
            "payer": payer,
            "payee": payee,
            "amount_fen": AMOUNT_FEN,
        })
    };
    json!({
        "from_year": YEAR,
        "sections": [{
            "upstream": 0,
            "downstream": 1,
            "stations": STATIONS.map(|(station, _)| station),
            "indicators": indicators,
        }],
        "missing_months_max": 0,
        "tolerance_ppb": ONE_PPB / 10,
        "incident_fails": true,
        "disaster_exempts": true,
        "formula": { "WeightedIndex": {
            "section": 0,
            "k0_ppb": 850_000_000,
            "steps": [step(ONE_PPB, 1, 0), step(u64::MAX, 0, 1)],
        } },
    })
}

/// What is confirmed: the digest of the year's means, those that it is compared with, and the set of
/// incidents, as `SettlementDetails::results_hash` of the compensation pallet says.
fn results_hash() -> [u8; 32] {
    let means = INDICATORS.map(|(_, _, value)| (value * u64::from(MONTHS), MONTHS)).to_vec();
    let before = INDICATORS.map(|(_, base, _)| (base, 1u8)).to_vec();
    sha2_256(&(vec![means], vec![before], 0u16).encode())
}

fn encode(chain: &Chain<'_>, call: &str, arguments: &Value) -> eyre::Result<Vec<u8>> {
    chain.encode("Compensation", call, arguments)
}

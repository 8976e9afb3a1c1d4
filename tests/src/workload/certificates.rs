//! Decisions on applications for certificates: a certifier proposes, the head of the body signs.
//!
//! Each application has a base of its own, since a base stands on one live certificate of a scheme.
//! Before the load, all applications are accepted, inspected and tested. The head signs a proposal
//! once it is final, as his key is another account than the certifier's.

use super::{Chain, Lane, Pace};
use crate::{trace, transaction::Key};
use eyre::{WrapErr, ensure};
use serde_json::{Value, json};
use std::time::Duration;

/// Organisations of the development chain, and the names of their agents who act here.
const CLIENT: &str = "Bob";
const LAB: (u32, &str) = (4, "Eve");
const CNCA: &str = "Cnca";
const ACCREDITOR: &str = "Accreditor";
const BODY: u32 = 8;
const HEAD: &str = "Certbody";
const CERTIFIER: &str = "Certifier";
const INSPECTOR: &str = "Evaluator";

/// Number of the scheme, beside those that the chain starts with.
const SCHEME: u32 = 100;
/// Tea leaf in GS1's Global Product Classification, as [`trace::register_product`] has it.
const CATEGORY: u32 = 10_000_115;
/// Milligrams that a mu bears in a year: 200 kg.
const CEILING_MG: u64 = 200_000_000;
/// Area of each base, as [`trace::register_place`] has it: 10 mu.
const AREA_UNITS: u64 = 2_000_000;
/// Milligrams that each application is for: 1,000 kg, half of what the base may bear.
const QUANTITY_MG: u64 = 1_000_000_000;
/// Any commitment.
const DOCUMENT: &str = "0x0707070707070707070707070707070707070707070707070707070707070707";
/// A day in milliseconds, and what China Standard Time is ahead of UTC.
const DAY_MS: u64 = 86_400_000;
const CST_OFFSET_MS: u64 = 8 * 3_600_000;

/// Brings `count` applications so far that they can be decided, and signs the decisions: proposals
/// over `time`, and signatures that follow them.
///
/// # Errors
/// When a step is refused.
pub async fn prepare(chain: &Chain<'_>, count: u32, time: Duration) -> eyre::Result<Vec<Lane>> {
    let gtin = trace::gtin(41_000);
    let product = trace::register_product(&gtin, trace::CO_OPERATIVE);
    chain.act(CLIENT, "Traceability", "register_product", &product).await?;
    govern(chain).await?;
    approve(chain).await?;
    let first = evaluate(chain, &gtin, count).await?;

    // From tomorrow, so that midnight may pass meanwhile.
    let valid_from = today() + 1;
    let (mut proposals, mut signatures) = (Vec::new(), Vec::new());
    for id in first..first + u64::from(count) {
        let outcome = json!({ "Certify": {
            "number": format!("LOAD-{id}"), "products": [line(&gtin)], "valid_from": valid_from,
        } });
        let proposal = json!({ "id": id, "outcome": outcome });
        proposals.push(encode(chain, "propose_decision", &proposal)?);
        signatures.push(encode(chain, "sign_decision", &json!({ "id": id }))?);
    }
    let (certifier, head) = (Key::ed25519(CERTIFIER), Key::ed25519(HEAD));
    Ok(vec![
        chain.sign(&certifier, "propose_decision", Pace::Over(time), proposals).await?,
        chain.sign(&head, "sign_decision", Pace::After(vec![0]), signatures).await?,
    ])
}

/// Checks that a chain that had no certificates before the load has `count`.
///
/// # Errors
/// When it has fewer or more.
pub async fn check(chain: &Chain<'_>, count: u32) -> eyre::Result<()> {
    let certificates = chain.number("Certification", "NextCertificateId").await?;
    ensure!(
        certificates == u64::from(count),
        "{certificates} certificates were issued on {count} decisions"
    );
    Ok(())
}

/// Sets the scheme and the yield ceiling by motions.
async fn govern(chain: &Chain<'_>) -> eyre::Result<()> {
    let days = |days: u16| json!({ "days": days, "unit": "Calendar" });
    let scheme = json!({
        "name": "有机产品认证（负载测量）",
        "standard": "GB/T 19630-2019",
        "rules": null,
        "filed_no": null,
        "validity_months": 12,
        "renewal_months": 3,
        "suspension_months_min": 1,
        "suspension_months_max": 3,
        "relock_months": 12,
        "terms": {
            "accept": days(14), "decide": days(30), "suspend": days(15), "revoke": days(7),
            "cancel": days(30), "change": days(30), "publish": days(7), "complaint": days(30),
        },
        "tolerance_ppb": 50_000_000,
        "test_required": true,
        "accreditation_required": true,
        "label": "OrganicCode",
        "open": true,
    });
    let ceiling = json!({
        "scheme": SCHEME, "scope": { "Category": CATEGORY }, "ceiling": CEILING_MG,
    });
    let set_scheme = json!({ "set_scheme": { "id": SCHEME, "scheme": scheme } });
    chain.enact(json!({ "Certification": set_scheme })).await?;
    chain.enact(json!({ "Certification": { "set_yield_ceiling": ceiling } })).await
}

/// Approves and accredits the body, accredits the laboratory, registers the certifiers.
async fn approve(chain: &Chain<'_>) -> eyre::Result<()> {
    let scope = json!({ "schemes": [SCHEME], "categories": [CATEGORY] });
    let period = json!({ "from": today(), "until": today() + 400 });
    let account = |name: &str| ecoledger_client::address(&Key::ed25519(name).account());
    let approval = json!({
        "organisation": BODY,
        "terms": {
            "number": "CNCA-R-2026-101", "kind": "Domestic", "scope": scope, "period": period,
        },
        "head": account(HEAD),
    });
    chain.act(CNCA, "Certification", "approve_body", &approval).await?;
    for organisation in [BODY, LAB.0] {
        let accreditation = json!({
            "organisation": organisation,
            "number": format!("CNAS-{organisation}"),
            "scope": scope,
            "period": period,
        });
        chain.act(ACCREDITOR, "Certification", "accredit", &accreditation).await?;
    }
    for (person, name) in [(1u8, CERTIFIER), (2, INSPECTOR)] {
        let certifier = json!({
            "person": format!("0x{}", hex::encode([person; 32])), "agent": account(name),
        });
        chain.act(HEAD, "Certification", "register_certifier", &certifier).await?;
    }
    Ok(())
}

/// Files applications, and has them accepted, inspected and tested; gives the number of the first.
async fn evaluate(chain: &Chain<'_>, gtin: &str, count: u32) -> eyre::Result<u64> {
    let first_base = chain.number("Traceability", "NextPlaceId").await?;
    let first = chain.number("Certification", "NextApplicationId").await?;
    let bases = first_base..first_base + u64::from(count);
    let applications = first..first + u64::from(count);

    let place = chain.encode("Traceability", "register_place", &trace::register_place())?;
    let mut filed = vec![place; count as usize];
    for base in bases.clone() {
        let request = json!({
            "body": BODY,
            "scheme": SCHEME,
            "products": [line(gtin)],
            "bases": [base],
            "renews": null,
            "document": DOCUMENT,
        });
        filed.push(encode(chain, "apply", &json!({ "request": request }))?);
    }
    chain.prepare([(CLIENT, filed)]).await.wrap_err("apply")?;
    let all = |call: &str, arguments: &dyn Fn(u64) -> Value| {
        applications
            .clone()
            .map(|id| encode(chain, call, &arguments(id)))
            .collect::<eyre::Result<Vec<_>>>()
    };
    let accepted = all("accept_application", &|id| json!({ "id": id }))?;
    chain.prepare([(HEAD, accepted)]).await.wrap_err("accept applications")?;
    // After all applications and before the blocks that take the records.
    let now_ms = trace::now_ms();
    let inspected = all("record_inspection", &|id| {
        json!({
            "id": id,
            "inspected_at": now_ms,
            "bases": [first_base + (id - first)],
            "n_open_nonconformities": 0,
            "report": DOCUMENT,
        })
    })?;
    chain.prepare([(INSPECTOR, inspected)]).await.wrap_err("inspect")?;
    let tested = all("record_test", &|id| {
        json!({
            "id": id, "gtin": gtin, "passed": true, "sampled_at": now_ms, "report": DOCUMENT,
        })
    })?;
    chain.prepare([(LAB.1, tested)]).await.wrap_err("test")?;
    let filed = chain.number("Certification", "NextApplicationId").await? - first;
    ensure!(filed == u64::from(count), "{filed} of {count} applications were taken");
    Ok(first)
}

fn line(gtin: &str) -> Value {
    json!({ "gtin": gtin, "quantity": QUANTITY_MG, "area_units": AREA_UNITS })
}

fn encode(chain: &Chain<'_>, call: &str, arguments: &Value) -> eyre::Result<Vec<u8>> {
    chain.encode("Certification", call, arguments)
}

/// Today's date in China Standard Time, in days since 1970-01-01.
fn today() -> u64 {
    (trace::now_ms() + CST_OFFSET_MS) / DAY_MS
}

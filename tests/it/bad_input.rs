//! Calls with bad input: refused with the pallet's named error, and nothing has changed.

use ecoledger_client::{Client, Error};
use ecoledger_tests::{Key, LastingState, Rpc, governance, trace, validators};
use eyre::{WrapErr, bail, ensure, eyre};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_by_name() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    let rpc = network.rpc(0).await?;
    let batch = prepare(&client).await.wrap_err("prepare a batch")?;
    let before = state(&rpc).await?;

    for (signer, pallet, call, arguments, expected) in cases(&batch) {
        let outcome = client
            .submit(&Key::for_client(signer), pallet, call, &arguments)
            .await
            .wrap_err_with(|| format!("{pallet}.{call} {arguments}"))?
            .finalized()
            .await;
        match outcome {
            Err(Error::Dispatch { pallet, error, explanation }) => {
                let got = format!("{pallet}.{error}");
                ensure!(got == expected, "{pallet}.{call} {arguments}: {expected} expected, {got}");
                ensure!(!explanation.is_empty(), "{expected} does not say what to do");
            }
            other => bail!("{pallet}.{call} {arguments}: {expected} expected, got {other:?}"),
        }
        println!("{pallet}.{call}: {expected}");
    }
    let after = state(&rpc).await?;
    ensure!(after == before, "refused calls: {}", before.difference(&after));

    let only = network.key(0, "validator key").await?;
    for (call, expected) in motions(&only) {
        let got = governance::enact_refused(&client, call.clone())
            .await
            .wrap_err_with(|| call.to_string())?;
        ensure!(got == expected, "{call}: {expected} expected, got {got}");
        println!("motion {call}: {expected}");
    }
    let after = state(&rpc).await?;
    ensure!(after == before, "refused motions: {}", before.difference(&after));
    network.passed();
    Ok(())
}

/// A product, a place and a batch of the co-operative; gives the batch.
async fn prepare(client: &Client) -> eyre::Result<String> {
    let bob = Key::for_client("Bob");
    let gtin = trace::gtin(1);
    let product = trace::register_product(&gtin, trace::CO_OPERATIVE);
    client.submit(&bob, "Traceability", "register_product", &product).await?.finalized().await?;
    let place = client
        .submit(&bob, "Traceability", "register_place", &trace::register_place())
        .await?
        .finalized()
        .await?;
    let place = place
        .event("Traceability", "PlaceRegistered")
        .and_then(|event| event.fields["place"].as_u64())
        .and_then(|place| u32::try_from(place).ok())
        .ok_or_else(|| eyre!("no place: {place:?}"))?;
    let produce = trace::produce(&gtin, "LOT-1", place, trace::now_ms());
    client.submit(&bob, "Traceability", "produce", &produce).await?.finalized().await?;
    Ok(trace::batch_id(&gtin, "LOT-1"))
}

async fn state(rpc: &Rpc) -> eyre::Result<LastingState> {
    LastingState::at(rpc, rpc.hash(rpc.height().await?).await?).await
}

type Call = (&'static str, &'static str, &'static str, Value, &'static str);

fn cases(batch: &str) -> Vec<Call> {
    let now = trace::now_ms();
    let gtin = trace::gtin(1);
    let unknown = format!("0x{}", "ab".repeat(16));
    let commitment = format!("0x{}", "11".repeat(32));
    let none = format!("0x{}", "00".repeat(32));
    let bob = ecoledger_client::address(&Key::ed25519("Bob").account());
    let new = ecoledger_client::address(&Key::ed25519("New").account());
    let weak = ecoledger_client::address(&[0; 32]);
    let measure = |value: u64, unit: &str| json!({ "value": value, "decimals": 0, "unit": unit });
    let context = trace::context;
    let mut bad_check = gtin.clone();
    bad_check.pop();
    bad_check.push(if gtin.ends_with('0') { '1' } else { '0' });
    let produce = |gtin: &str, lot: &str, quantity: Value, place: u32, time: u64| json!({ "gtin": gtin, "lot": lot, "quantity": quantity, "place": place, "context": context(time) });
    let issue = |amount: u64, reference: &str, document: &str| json!({ "beneficiary": bob, "amount_fen": amount, "external_reference": reference, "document": document });
    let grams = measure(1_000, "GRM");
    vec![
        (
            "Bob",
            "Traceability",
            "register_product",
            trace::register_product(&bad_check, 1),
            "Traceability.InvalidGs1Key",
        ),
        (
            "Bob",
            "Traceability",
            "register_product",
            trace::register_product(&gtin, 1),
            "Traceability.ProductAlreadyRegistered",
        ),
        (
            "Bob",
            "Traceability",
            "produce",
            produce(&trace::gtin(2), "L", grams.clone(), 0, now),
            "Traceability.ProductNotFound",
        ),
        (
            "Bob",
            "Traceability",
            "produce",
            produce(&gtin, "LOT-1", grams.clone(), 0, now),
            "Traceability.BatchAlreadyExists",
        ),
        (
            "Bob",
            "Traceability",
            "produce",
            produce(&gtin, "", grams.clone(), 0, now),
            "Traceability.InvalidLot",
        ),
        (
            "Bob",
            "Traceability",
            "produce",
            produce(&gtin, "L", grams.clone(), 999, now),
            "Traceability.PlaceNotFound",
        ),
        (
            "Bob",
            "Traceability",
            "produce",
            produce(&gtin, "L", measure(0, "GRM"), 0, now),
            "Traceability.QuantityZero",
        ),
        (
            "Bob",
            "Traceability",
            "produce",
            produce(&gtin, "L", measure(1, "XXX"), 0, now),
            "Traceability.UnitUnknown",
        ),
        (
            "Bob",
            "Traceability",
            "produce",
            produce(&gtin, "L", grams.clone(), 0, now + 86_400_000),
            "Traceability.EventTimeInFuture",
        ),
        (
            "Bob",
            "Traceability",
            "ship",
            trace::ship(&unknown, trace::PROCESSOR, now),
            "Traceability.BatchNotFound",
        ),
        (
            "Bob",
            "Traceability",
            "ship",
            trace::ship(batch, trace::CO_OPERATIVE, trace::now_ms()),
            "Traceability.ConsigneeIsSender",
        ),
        (
            "Charlie",
            "Traceability",
            "ship",
            trace::ship(batch, trace::RETAILER, trace::now_ms()),
            "Traceability.NotHolder",
        ),
        (
            "Charlie",
            "Traceability",
            "receive",
            trace::receive(batch, trace::now_ms()),
            "Traceability.NotInTransit",
        ),
        (
            "Bob",
            "Traceability",
            "sell",
            json!({ "batch": batch, "quantity": measure(2_000, "GRM"), "context": context(trace::now_ms()) }),
            "Traceability.QuantityInsufficient",
        ),
        (
            "Charlie",
            "Traceability",
            "recall",
            json!({ "batch": batch, "class": 1, "reason": commitment }),
            "Participants.RoleNotHeld",
        ),
        ("Ferdie", "Settlement", "issue", issue(0, "R-1", &commitment), "Settlement.AmountZero"),
        (
            "Ferdie",
            "Settlement",
            "issue",
            issue(100, "", &commitment),
            "Settlement.ReferenceInvalid",
        ),
        ("Ferdie", "Settlement", "issue", issue(100, "R-1", &none), "Settlement.CommitmentMissing"),
        (
            "Ferdie",
            "Settlement",
            "issue",
            issue(1 << 50, "R-1", &commitment),
            "Settlement.CeilingExceeded",
        ),
        (
            "Ferdie",
            "Settlement",
            "accept_redemption",
            json!({ "id": 77 }),
            "Settlement.RedemptionUnknown",
        ),
        (
            "Bob",
            "Settlement",
            "request_redemption",
            json!({ "institution": 99, "amount_fen": 5, "payee_account": commitment }),
            "Settlement.InstitutionUnknown",
        ),
        (
            "Alice",
            "Participants",
            "suspend_organisation",
            json!({ "organisation": 999, "decision": commitment, "acting_as": "Samr" }),
            "Participants.OrganisationNotFound",
        ),
        (
            "Bob",
            "Participants",
            "register_agent",
            json!({ "organisation": 1, "agent": weak, "powers": 1, "commitment": null }),
            "Participants.WeakKey",
        ),
        (
            "Bob",
            "Participants",
            "register_agent",
            json!({ "organisation": 2, "agent": new, "powers": 1, "commitment": null }),
            "Participants.NotOfOrganisation",
        ),
        (
            "Bob",
            "Participants",
            "rotate_key",
            json!({ "new": ecoledger_client::address(&Key::ed25519("Charlie").account()) }),
            "Participants.AccountTaken",
        ),
        (
            "Alice",
            "Participants",
            "revoke_agent",
            json!({ "agent": new }),
            "Participants.AgentNotFound",
        ),
    ]
}

/// Calls that only governance makes.
fn motions(only: &str) -> Vec<(Value, &'static str)> {
    let unknown = format!("0x{}", "0a".repeat(32));
    let weak = format!("0x01{}", "00".repeat(31));
    vec![
        (
            json!({ "Validators": { "remove_validator": { "key": unknown } } }),
            "Validators.NotValidator",
        ),
        (
            json!({ "Validators": { "remove_validator": { "key": only } } }),
            "Validators.TooFewValidators",
        ),
        (
            json!({ "Validators": { "permit_node": { "node_key": weak, "label": "weak" } } }),
            "Validators.WeakKey",
        ),
        (
            json!({ "Validators": { "forbid_node": { "node_key": unknown } } }),
            "Validators.NodeNotPermitted",
        ),
    ]
}

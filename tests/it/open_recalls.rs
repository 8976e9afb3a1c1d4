//! Scans while a recall is spreading over more batches than a block marks: goods that it cannot reach
//! are clear, and goods that it has not reached yet are being assessed.

use crate::{proofs::act, serving::folder};
use ecoledger_client::{
    Call, Client, Moment,
    gs1::BatchId,
    labels::{CodeProof, CodeScheme, NewSeries, Wanted, commit_to, create_series, prove},
    proof::{Bounds, Checkpoint, Objection, RecallVerdict},
    traceability::{Context, NewBatch, Part, Taken, pack, split},
};
use ecoledger_tests::{Gateway, Key, trace, validators};
use eyre::{WrapErr, ensure, eyre};
use serde_json::{Value, json};

/// Parts of the field that is recalled: a recall follows each, some three hundred in a block.
const N_PARTS: u32 = 960;
/// Parts of one derivation.
const PARTS_MAX: u32 = 16;
/// Derivations of one transaction.
const CALLS_MAX: usize = 20;

fn leaf() -> String {
    trace::gtin(78)
}

fn tin() -> String {
    trace::gtin(79)
}

fn batch(gtin: &str, lot: &str) -> eyre::Result<BatchId> {
    Ok(format!("{gtin}/{lot}").parse()?)
}

/// Two fields, of which the first is parted; tins of its last part, and tins of the other field.
/// Gives a code of the first tins and one of the others.
async fn goods(client: &Client) -> eyre::Result<[CodeProof; 2]> {
    act(client, "register_place", &trace::register_place()).await?;
    act(client, "register_product", &trace::register_product(&leaf(), 1)).await?;
    let mut product = trace::register_product(&tin(), 1);
    product["details"]["base_unit"] = json!("Each");
    product["details"]["net_content"] =
        json!({ "unit": "Milligram", "quantity": 1_000, "of": leaf() });
    act(client, "register_product", &product).await?;
    for lot in ["FIELD-1", "FIELD-2"] {
        act(client, "produce", &trace::produce(&leaf(), lot, 0, trace::now_ms())).await?;
    }
    let mut parted = Vec::new();
    for first in (0..N_PARTS).step_by(PARTS_MAX as usize) {
        let parts: eyre::Result<Vec<_>> = (first..first + PARTS_MAX)
            .map(|n| Ok(Part { lot: format!("PART-{n}").parse()?, quantity: "1g".parse()? }))
            .collect();
        let call = split(&batch(&leaf(), "FIELD-1")?, &parts?, &Context::now());
        parted.push(json!({ call.pallet: { call.name: call.arguments } }));
    }
    for calls in parted.chunks(CALLS_MAX) {
        let all = Call::new("Utility", "batch_all", json!({ "calls": calls }));
        client.submit_call(&Key::for_client("Bob"), &all).await?.finalized().await?;
    }
    let last = format!("PART-{}", N_PARTS - 1);
    Ok([
        packed(client, &last, "TIN-1", 0).await.wrap_err("tins of the last part")?,
        packed(client, "FIELD-2", "TIN-2", 1).await.wrap_err("tins of the other field")?,
    ])
}

/// One tin of a gram, with a code of its own in series number `series`.
async fn packed(client: &Client, from: &str, lot: &str, series: u32) -> eyre::Result<CodeProof> {
    let taken = Taken { batch: batch(&leaf(), from)?, quantity: "1g".parse()? };
    let item = NewBatch { gtin: tin().parse()?, lot: lot.parse()?, quantity: "1pcs".parse()? };
    let packed = pack(&taken, &item, None, &Context::now());
    client.submit_call(&Key::for_client("Bob"), &packed).await?.finalized().await?;
    let codes = format!("{lot}-A\n");
    let list = commit_to(codes.as_bytes(), &CodeScheme::Gs1Serial, &item.gtin)?;
    let created = create_series(&NewSeries {
        batch: batch(&tin(), lot)?,
        root: list.root,
        n_codes: list.n_codes,
        scheme: CodeScheme::Gs1Serial,
        list: list.list,
        certificate: None,
        licence: None,
    });
    client.submit_call(&Key::for_client("Bob"), &created).await?.finalized().await?;
    let wanted = Wanted::Index(0);
    Ok(prove(codes.as_bytes(), &CodeScheme::Gs1Serial, &item.gtin, wanted)?.of_series(series))
}

/// What market supervision does; gives the height of its block, in which the recall is open.
async fn supervise(client: &Client, call: &str, arguments: &Value) -> eyre::Result<u32> {
    let submitted =
        client.submit(&Key::for_client("Alice"), "Traceability", call, arguments).await?;
    let height = submitted.finalized().await.wrap_err_with(|| call.to_owned())?.height;
    let open = open_recalls(client, height).await?;
    ensure!(open == 1, "{call}: {open} recalls are open behind block {height}");
    Ok(height)
}

async fn open_recalls(client: &Client, height: u32) -> eyre::Result<usize> {
    let open = client.query("Traceability", "OpenRecalls", &[], Some(height)).await?;
    open.as_ref().and_then(Value::as_array).map(Vec::len).ok_or_else(|| eyre!("{open:?}"))
}

fn reason() -> String {
    format!("0x{}", "5a".repeat(32))
}

async fn recall(client: &Client, lot: &str, class: u8) -> eyre::Result<u32> {
    let batch = batch(&leaf(), lot)?;
    supervise(client, "recall", &json!({ "batch": batch, "class": class, "reason": reason() }))
        .await
}

/// Makes blocks until no recall is open; gives the height of the last.
async fn settled(client: &Client, first_product: u32) -> eyre::Result<u32> {
    for index in first_product..first_product + 20 {
        let height = client.height().await?;
        if open_recalls(client, height).await? == 0 {
            return Ok(height);
        }
        act(client, "register_product", &trace::register_product(&trace::gtin(index), 1)).await?;
    }
    Err(eyre!("a recall of {N_PARTS} batches is still open"))
}

/// The verdict on a code in the block at `height`, and the number of records that prove it.
async fn scanned(
    client: &Client,
    code: &CodeProof,
    from: &Checkpoint,
    height: u32,
) -> eyre::Result<(RecallVerdict, usize)> {
    let bundle = client.prove_code(code, from, Some(height)).await?;
    let scan = bundle.scan(from, &Bounds::at(Moment::now()))?;
    let n_records = bundle.records().count();
    println!(
        "{} at {height}: {:?}, {n_records} records, {} bytes",
        scan.lot,
        scan.recall,
        bundle.to_bytes().len()
    );
    ensure!(scan.is_in_order() == (scan.recall == RecallVerdict::Clear), "{scan:?}");
    Ok((scan.recall, n_records))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_open_recall_cannot_reach_is_clear() -> eyre::Result<()> {
    use RecallVerdict::{BeingAssessed, Clear, Recalled};
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    let [related, unrelated] = goods(&client).await.wrap_err("goods")?;
    let from = client.checkpoint(Some(1)).await?;
    let both = async |height| -> eyre::Result<_> {
        let related = scanned(&client, &related, &from, height).await?;
        Ok((related, scanned(&client, &unrelated, &from, height).await?))
    };
    let ((verdict, usual), other) = both(client.height().await?).await?;
    ensure!((verdict, other) == (Clear, (Clear, usual)), "{verdict:?} {other:?}");

    // The recall, with its record, the field and what the tins were packed by.
    let gateway = Gateway::start(&network.node(0).url(), &folder(&network)).await?;
    gateway.reaches(&client).await?;
    let height = recall(&client, "FIELD-1", 3).await?;
    gateway.reaches(&client).await?;
    let status = gateway.json("/api/v1/status").await?;
    ensure!(status["height"] == height, "{status}");
    for (lot, is_assessed) in [("TIN-1", true), ("TIN-2", false)] {
        let page = gateway.get(&format!("/product/01/{}/10/{lot}?lang=en", tin())).await?;
        let words = Objection::BeingAssessed.words().1;
        ensure!(page.text().contains(words) == is_assessed, "{lot}: {}", page.text());
    }
    let spreading = both(height).await?;
    ensure!(spreading == ((BeingAssessed, usual), (Clear, usual + 3)), "{spreading:?}");
    let complete = both(settled(&client, 100).await?).await?;
    ensure!(complete == ((Recalled(1), usual), (Clear, usual)), "{complete:?}");

    // Marks are taken off from the last on: the tins are free before the field is.
    let lift = json!({ "recall": 0, "reason": reason() });
    let lifting = both(supervise(&client, "lift_recall", &lift).await?).await?;
    ensure!(lifting == ((Clear, usual + 1), (Clear, usual + 1)), "{lifting:?}");
    let lifted = both(settled(&client, 200).await?).await?;
    ensure!(lifted == ((Clear, usual), (Clear, usual)), "{lifted:?}");

    // Of a part, with all that were parted before.
    let siblings = both(recall(&client, "PART-0", 1).await?).await?;
    ensure!(siblings == ((BeingAssessed, usual), (Clear, usual + 3)), "{siblings:?}");
    let complete = both(settled(&client, 300).await?).await?;
    ensure!(complete == ((Recalled(1), usual), (Clear, usual)), "{complete:?}");
    network.passed();
    Ok(())
}

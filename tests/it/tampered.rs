//! Lies in a gateway's database, and lies on the way to a client: what a scan shows is proven to the
//! validators whatever they are.
//!
//! Of an item, its series, batch, certificates, licence and recalls are proven, so that a lie about
//! them is either refused by the gateway itself or by whoever verifies. The custody, the lists of lots
//! and the pages of lots are what the gateway took from proven blocks, and are not proven again:
//! `ecoledger batch history` holds a batch's custody to the chain, and an index that is deleted is made
//! again from the blocks.

use crate::{
    programs::Programs,
    proofs::{CODES, LOT, act, labelled},
    serving::{folder, liar, open_page},
};
use ecoledger_tests::{Gateway, Network, trace, validators};
use eyre::{WrapErr, ensure, eyre};
use redb::{ReadableTable, TableDefinition, WriteTransaction};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};
use tokio::time::timeout;

// Tables of the index, as `client/gateway/src/index.rs` lays them out.
const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const EVENTS: TableDefinition<'_, (u32, u32), &[u8]> = TableDefinition::new("events");
const LOTS: TableDefinition<'_, (&str, &str), &[u8; 16]> = TableDefinition::new("lots");
const SERIES: TableDefinition<'_, (&str, u32), ()> = TableDefinition::new("series");
const RECORDS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("records");

/// What is changed in the index.
type Change = fn(&WriteTransaction) -> eyre::Result<()>;

/// Changes a value that is JSON.
fn edit(bytes: &[u8], change: impl FnOnce(&mut Value)) -> eyre::Result<Vec<u8>> {
    let mut value = serde_json::from_slice(bytes)?;
    change(&mut value);
    Ok(value.to_string().into_bytes())
}

/// Changes the record of series 0.
fn edit_series(index: &WriteTransaction, change: impl FnOnce(&mut Value)) -> eyre::Result<()> {
    let mut records = index.open_table(RECORDS)?;
    let record = records.get(0)?.map(|it| it.value().to_vec());
    let record = edit(&record.ok_or_else(|| eyre!("there is no series"))?, change)?;
    records.insert(0, record.as_slice())?;
    Ok(())
}

/// A list that is not the one of the series: with a code more.
const FORGED: &str = "A-01\nA-02\nA-03\nA-04\nA-05\nA-06\nA-07\nA-08\n";

const VALIDATORS: &str = "the validators of the last block";

/// Lies about what a scan shows, and how the gateway itself names what is wrong when it is asked for
/// the proof of a genuine code; none where the lie changes nothing of what it proves.
const LIES: &[(&str, Change, Option<&str>)] = &[
    // It looks for a list that nobody published.
    (
        "the list of the series",
        |index| edit_series(index, |it| it["list"] = json!(format!("0x{}", "22".repeat(32)))),
        Some("not-found"),
    ),
    (
        "that there is a series",
        |index| {
            let mut series = index.open_table(SERIES)?;
            series.retain(|_, ()| false)?;
            Ok(())
        },
        Some("not-found"),
    ),
    // What is proven comes from the chain's records, not from these.
    (
        "the root of the series",
        |index| edit_series(index, |it| it["root"] = json!(format!("0x{}", "11".repeat(32)))),
        None,
    ),
    (
        VALIDATORS,
        |index| {
            let mut meta = index.open_table(META)?;
            let last = meta.get("checkpoint")?.map(|it| it.value().to_vec());
            let last = edit(&last.ok_or_else(|| eyre!("no checkpoint"))?, |it| {
                for set in ["next", "afterNext"] {
                    it[set] = json!([format!("0x{}", "33".repeat(32))]);
                }
            })?;
            meta.insert("checkpoint", last.as_slice())?;
            Ok(())
        },
        None,
    ),
    (
        "the batch of the lot",
        |index| {
            let mut lots = index.open_table(LOTS)?;
            let batch = trace::batch_id(&trace::gtin(77), "OTHER");
            let batch: [u8; 16] = hex::decode(batch.trim_start_matches("0x"))?
                .try_into()
                .map_err(|_| eyre!("{batch}"))?;
            lots.insert((trace::gtin(77).as_str(), LOT), &batch)?;
            Ok(())
        },
        None,
    ),
    (
        "who did what",
        |index| {
            let mut events = index.open_table(EVENTS)?;
            let keys: Vec<_> =
                events.iter()?.map(|it| Ok(it?.0.value())).collect::<eyre::Result<_>>()?;
            for key in keys {
                let event = events.get(key)?.map(|it| it.value().to_vec()).unwrap_or_default();
                let event = edit(&event, |it| {
                    if it["name"] == "TraceEventRecorded" {
                        it["fields"]["event"]["organisation"] = json!(3);
                    }
                })?;
                events.insert(key, event.as_slice())?;
            }
            Ok(())
        },
        None,
    ),
];

/// Whoever verifies: with a checkpoint of its own, and the command alone.
struct Verifier {
    programs: Programs,
    checkpoint: String,
    scratch: PathBuf,
}

impl Verifier {
    async fn of(network: &Network) -> eyre::Result<Self> {
        let (programs, scratch) = (Programs::of(network), network.scratch().to_owned());
        let checkpoint = scratch.join("checkpoint.json").display().to_string();
        let make = ["proof", "checkpoint", "--height", "0", "--out", &checkpoint];
        programs.json("bob", &make).await?;
        Ok(Self { programs, checkpoint, scratch })
    }

    fn file(&self, name: &str, bytes: &[u8]) -> eyre::Result<String> {
        let file = self.scratch.join(name);
        fs::write(&file, bytes)?;
        Ok(file.display().to_string())
    }

    /// What a proof says.
    async fn verify(&self, proof: &[u8]) -> eyre::Result<Value> {
        let file = self.file("proof", proof)?;
        let verify = ["proof", "verify", &file, "--checkpoint", &self.checkpoint];
        Ok(self.programs.json("bob", &verify).await?["scan"].clone())
    }

    /// Fails unless a proof is refused for `why`.
    async fn refuses(&self, proof: &str, why: &str) -> eyre::Result<()> {
        let verify = ["proof", "verify", proof, "--checkpoint", &self.checkpoint];
        let (code, text) = self.programs.failure("bob", &verify).await?;
        ensure!(code == 1 && text.contains(why), "{why}: {code} {text}");
        Ok(())
    }
}

fn proof_of(code: &str) -> String {
    format!("/api/v1/proof?code=(01){}(21){code}&checkpoint=0", trace::gtin(77))
}

/// Asks for the proof of a code: what a verifier finds in it, or the name of the problem.
async fn scanned(
    gateway: &Gateway,
    verifier: &Verifier,
    code: &str,
) -> eyre::Result<Result<Value, String>> {
    let answer = gateway.get(&proof_of(code)).await?;
    if answer.status == 200 {
        return Ok(Ok(verifier.verify(&answer.body).await?));
    }
    ensure!(answer.header("content-type") == "application/problem+json", "{}", answer.text());
    let kind = answer.json()?["type"].as_str().unwrap_or_default().to_owned();
    Ok(Err(kind.trim_start_matches("urn:ecoledger:problem:").to_owned()))
}

/// Nothing of the truth but the height, which is the latest.
fn facts(mut scan: Value) -> Value {
    for name in ["height", "time"] {
        scan[name].take();
    }
    scan
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tampered_database_proves_nothing_else() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    labelled(&client).await?;
    let (node, verifier) = (network.node(0).url(), Verifier::of(&network).await?);
    let gateway = Gateway::start(&node, &folder(&network)).await?;
    gateway.reaches(&client).await?;
    gateway.publish(0, CODES).await?;
    let honest = facts(scanned(&gateway, &verifier, "A-05").await?.map_err(|it| eyre!("{it}"))?);
    ensure!(honest["lot"] == LOT && honest["recall"] == "clear", "{honest}");
    let custody = format!("/api/v1/events/batch/{}%2F{LOT}", trace::gtin(77));
    let told = gateway.get(&custody).await?.body;
    let page = format!("/product/01/{}/21/A-05?lang=en", trace::gtin(77));
    gateway.stop().await?;
    let index = folder(&network).join("index.redb");
    let kept = fs::read(&index)?;

    for (lie, change, problem) in LIES {
        fs::write(&index, &kept)?;
        tamper(&index, *change).wrap_err(*lie)?;
        let gateway = Gateway::start(&node, &folder(&network)).await.wrap_err(*lie)?;
        let found = scanned(&gateway, &verifier, "A-05").await.wrap_err(*lie)?;
        match (found, problem) {
            (Ok(scan), None) => ensure!(facts(scan) == honest, "{lie}"),
            (Err(got), Some(expected)) => ensure!(got == *expected, "{lie}: {got}"),
            (found, _) => return Err(eyre!("{lie}: {found:?}")),
        }
        if *lie == VALIDATORS {
            // The next block is not signed by those.
            let status = gateway.json("/api/v1/status").await?;
            let product = trace::register_product(&trace::gtin(78), trace::CO_OPERATIVE);
            act(&client, "register_product", &product).await?;
            ensure!(trouble(&gateway).await?.contains("validators"), "{lie}");
            let after = gateway.json("/api/v1/status").await?;
            ensure!(after["height"] == status["height"], "{lie}: {after}");
        }
        // The page that was not refused is proven by the browser.
        if problem.is_none() {
            open_page(&format!("{}{page}", gateway.url), None).await.wrap_err(*lie)?;
        } else {
            let refused = gateway.get(&page).await?;
            ensure!(refused.status >= 400 && refused.text().contains("role=\"alert\""), "{lie}");
        }
        gateway.stop().await?;
    }

    // The last lie was about the custody, which no proof of an item carries: the client holds it to the
    // chain, and the index made again tells the truth.
    let gateway = Gateway::start(&node, &folder(&network)).await?;
    ensure!(gateway.get(&custody).await?.body != told, "the lie is not told");
    gateway.stop().await?;
    let batch = format!("{}/{LOT}", trace::gtin(77));
    let history = verifier.programs.json("bob", &["batch", "history", &batch]).await?;
    let events = history["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    let true_events = !events.is_empty() && !history.to_string().contains("\"organisation\":3");
    ensure!(true_events, "{history}");
    fs::remove_file(&index)?;
    let gateway = Gateway::start(&node, &folder(&network)).await?;
    gateway.reaches(&client).await?;
    ensure!(gateway.get(&custody).await?.body == told);
    gateway.stop().await?;
    lists(&network, &verifier, &honest).await.wrap_err("lists")?;
    bytes(&network, &verifier, &honest, &kept).await.wrap_err("bytes")?;
    network.passed();
    Ok(())
}

/// Why the gateway takes no block any more, once it does not.
async fn trouble(gateway: &Gateway) -> eyre::Result<String> {
    timeout(Duration::from_secs(30), async {
        loop {
            let status = gateway.json("/api/v1/status").await?;
            if let Some(trouble) = status["trouble"].as_str() {
                return Ok(trouble.to_owned());
            }
        }
    })
    .await?
}

fn tamper(index: &Path, change: Change) -> eyre::Result<()> {
    let database = redb::Database::open(index)?;
    let transaction = database.begin_write()?;
    change(&transaction)?;
    transaction.commit()?;
    Ok(())
}

/// Lies in the store of lists: codes that were made up are in no proof.
async fn lists(network: &Network, verifier: &Verifier, honest: &Value) -> eyre::Result<()> {
    let name = hex::encode(Sha256::digest(CODES));
    let list = folder(network).join("lists").join(&name);
    let tree = list.with_extension("tree");
    let forge = |text: &str| CODES.replace("A-06", text);
    let (node, dir) = (network.node(0).url(), folder(network));
    for (lie, codes, has_tree, is_found) in [
        // Behind all blocks that are read.
        ("a code more", FORGED.to_owned(), true, false),
        ("another code", forge("A-66"), true, true),
        ("a code less", CODES.replace("A-06\n", ""), true, true),
        // Its tree is made again, and is found to be another's.
        ("another code, and no tree", forge("A-66"), false, true),
    ] {
        fs::write(&list, &codes)?;
        if !has_tree {
            fs::remove_file(&tree)?;
        }
        let gateway = Gateway::start(&node, &dir).await?;
        for code in ["A-05", "A-66", "A-08"] {
            match scanned(&gateway, verifier, code).await.wrap_err(lie)? {
                Ok(scan) => ensure!(code == "A-05" && facts(scan) == *honest, "{lie}: {code}"),
                Err(name) => ensure!(name == "not-found", "{lie}: {code}: {name}"),
            }
        }
        // Nobody is told that a genuine label is made up; the list is set aside, to be published again.
        let genuine = gateway.get(&proof_of("A-05")).await?;
        ensure!((genuine.status == 404) == is_found && list.exists() != is_found, "{lie}");
        if is_found {
            let problem = genuine.text();
            ensure!(problem.contains("was not published"), "{lie}: {problem}");
        }
        gateway.publish(0, CODES).await?;
        let scan = scanned(&gateway, verifier, "A-05").await?.map_err(|it| eyre!("{lie}: {it}"))?;
        ensure!(facts(scan) == *honest, "{lie}");
        gateway.stop().await?;
    }
    // A tree that is damaged is made again.
    let mut damaged = fs::read(&tree)?;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(&tree, &damaged)?;
    let gateway = Gateway::start(&node, &dir).await?;
    let scan = scanned(&gateway, verifier, "A-05").await?.map_err(|it| eyre!("{it}"))?;
    ensure!(facts(scan) == *honest);
    gateway.stop().await
}

/// A database of which bytes are overwritten: the gateway refuses it by name, or proves the truth, or
/// says what it cannot do.
async fn bytes(
    network: &Network,
    verifier: &Verifier,
    honest: &Value,
    kept: &[u8],
) -> eyre::Result<()> {
    let index = folder(network).join("index.redb");
    // The magic number at its beginning.
    let mut broken = kept.to_vec();
    broken[..8].fill(0);
    fs::write(&index, &broken)?;
    let node = network.node(0).url();
    let dir = folder(network).display().to_string();
    let run = ["gateway", "--listen", "127.0.0.1:0", "--dir", &dir];
    let (code, text) = verifier.programs.failure("bob", &run).await?;
    ensure!(code == 2 && text.contains("index: "), "{code} {text}");
    // The lot, wherever it stands in the file.
    let mut lied = kept.to_vec();
    for at in 0..lied.len() - LOT.len() {
        if lied[at..].starts_with(LOT.as_bytes()) {
            lied[at + LOT.len() - 1] = b'2';
        }
    }
    ensure!(lied != kept, "the lot stands nowhere in the index");
    fs::write(&index, &lied)?;
    let gateway = Gateway::start(&node, &folder(network)).await?;
    let scan = scanned(&gateway, verifier, "A-05").await?.map_err(|it| eyre!("{it}"))?;
    ensure!(facts(scan) == *honest);
    gateway.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_refuses_what_a_node_or_gateway_made_up() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    let place = labelled(&client).await?;
    let verifier = Verifier::of(&network).await?;
    let place = verifier.file("place.json", json!(place).to_string().as_bytes())?;
    let proof = verifier.scratch.join("made.proof").display().to_string();
    let make = ["proof", "make", &place, "--checkpoint", &verifier.checkpoint, "--out", &proof];

    // A node that puts another lot into its records.
    let lies = Arc::new(AtomicBool::new(true));
    let lot = ("50524f56454e2d31", "50524f56454e2d32");
    let lying = format!("ws://{}", liar(&network.node(0).url(), lot, Arc::clone(&lies)).await?);
    let keys = verifier.programs.keys.clone();
    Programs { url: lying, keys }.json("bob", &make).await?;
    verifier.refuses(&proof, "the records are not those of the block that was decided").await?;
    verifier.programs.json("bob", &make).await?;
    ensure!(verifier.verify(&fs::read(&proof)?).await?["lot"] == LOT);

    // A gateway that puts another lot into its proofs.
    let mut gateway = Gateway::start(&network.node(0).url(), &folder(&network)).await?;
    gateway.reaches(&client).await?;
    gateway.publish(0, CODES).await?;
    let genuine = gateway.get(&proof_of("A-05")).await?;
    verifier.verify(&genuine.body).await?;
    let url = gateway.url.clone();
    for (truth, lie, why) in [
        (LOT, "PROVEN-2", "the records are not those of the block that was decided"),
        // The code on the label: no code of the series.
        ("A-05", "A-95", "the code is not in the label series"),
    ] {
        gateway.url = format!("http://{}", liar(&url, (truth, lie), Arc::clone(&lies)).await?);
        let answer = gateway.get(&proof_of("A-05")).await?;
        ensure!(answer.status == 200 && answer.body != genuine.body, "{}", answer.status);
        let forged = verifier.file("forged.proof", &answer.body)?;
        verifier.refuses(&forged, why).await?;
    }

    // What is proven to stand against the goods is said, and what is not proven too.
    let verify = ["proof", "verify", &proof, "--checkpoint", &verifier.checkpoint];
    let text = verifier.programs.text("bob", &verify).await?;
    ensure!(text.contains("sold or destroyed before is not part of the proof"), "{text}");
    let batch = trace::batch_id(&trace::gtin(77), LOT);
    act(&client, "hold", &json!({ "batch": batch, "reason": null })).await?;
    verifier.programs.json("bob", &make).await?;
    let shown = verifier.programs.json("bob", &verify).await?;
    ensure!(shown["against"] == json!(["onHold"]) && shown["inOrder"] == false, "{shown}");
    let text = verifier.programs.text("bob", &verify).await?;
    ensure!(text.contains("NOT in order") && text.contains("The batch is stopped"), "{text}");
    network.passed();
    Ok(())
}

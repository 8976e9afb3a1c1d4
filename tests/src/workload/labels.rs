//! A label series: the tree over its item codes, its registration, and the proof of one code.
//!
//! The series draws on no certificate and no licence. The registrations that are measured apart, as
//! one block, are of as many series of one batch as it may have.

use super::{Chain, Lane, Pace, scans, tree::Tree};
use crate::{
    parts::{self, Parts},
    rpc::hex_of,
    trace,
    transaction::Key,
};
use codec::Encode;
use ecoledger_client::{
    Gtin, Moment,
    labels::{CodeScheme, commit_to},
    proof::{Bounds, Bundle},
};
use ecoledger_primitives::Hash;
use eyre::{WrapErr, ensure, eyre};
use pallet_labels::{CodeProof, MAX_SERIES_OF_BATCH, codes::GS1_SERIAL, merkle};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// The trace node that labels, and the number of its organisation's batches' product.
const LABELLER: &str = "Bob";
const PRODUCT: u32 = 42_000;
const LOT: &str = "LABELLED";
/// Digits of a serial number.
const SERIAL_DIGITS: usize = 12;
/// Bytes of a leaf: scheme, GTIN, serial number.
const LEAF_BYTES: usize = 1 + 14 + SERIAL_DIGITS;
/// Hashes and proofs that are made for the figure of one.
const HASHES: u32 = 200_000;
const PROOFS: u32 = 10_000;
/// Times that one bundle is verified for the median of one.
const BUNDLES: usize = 1_001;

type Leaf = [u8; LEAF_BYTES];

/// What one series showed.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Validators of the network, all on this machine.
    pub validators: usize,
    /// Item codes of the series.
    pub codes: u32,
    /// Committing to the list of them on one core, as `ecoledger label series` does: each code is read
    /// and checked, the tree built, the list digested.
    pub commit_list_ms: u64,
    /// Building the tree over them on one core, codes ready: two hashes for each code.
    pub build_tree_ms: u64,
    /// Hashing one node of it.
    pub hash_node_ns: u64,
    /// Looking one path up in the tree and putting the proof together.
    pub make_proof_ns: u64,
    /// Verifying one proof against the root.
    pub verify_proof_ns: u64,
    /// Bytes of the encoded proof: series, position, code and path.
    pub proof_bytes: usize,
    /// Bytes of the bundle that proves one code to the validators, in its binary form.
    pub bundle_bytes: usize,
    /// Bytes of the same as JSON.
    pub bundle_json_bytes: usize,
    /// Reading and verifying that bundle: the median.
    pub verify_bundle_us: u64,
    /// What a gateway made of it.
    pub scans: scans::Report,
    /// Bytes of the transaction that registers the series.
    pub transaction_bytes: usize,
    /// From the submission of that transaction to its finality.
    pub registered_after_ms: u64,
    /// What its parts cost.
    pub parts: Parts,
}

/// Registers a series of `n_codes` codes on a chain that has none, and measures.
///
/// # Errors
/// When a step is refused, or the chain does not hold a code for genuine.
pub async fn run(chain: &Chain<'_>, n_codes: u32) -> eyre::Result<Report> {
    let gtin = trace::gtin(PRODUCT);
    produce(chain, &gtin, u64::from(n_codes) * u64::from(MAX_SERIES_OF_BATCH)).await?;
    let leaves = leaves(&gtin, n_codes)?;
    let started = Instant::now();
    let tree = Tree::of(&leaves).ok_or_else(|| eyre!("a series has at least one code"))?;
    let build_tree_ms = started.elapsed().as_millis() as u64;

    // The first is the series; the others have roots that are no tree's and stay off the network.
    let batch = trace::batch_id(&gtin, LOT);
    let serials: Vec<String> = (0..n_codes).map(serial).collect();
    let text: String = serials.iter().flat_map(|serial| [serial.as_str(), "\n"]).collect();
    let product: Gtin = gtin.parse()?;
    let started = Instant::now();
    let committed = commit_to(text.as_bytes(), &CodeScheme::Gs1Serial, &product)?;
    let commit_list_ms = started.elapsed().as_millis() as u64;
    ensure!(committed.root.to_string() == hex_of(&tree.root()), "two trees over the same codes");
    let roots = (1..MAX_SERIES_OF_BATCH).map(|n| sp_io::hashing::sha2_256(&n.to_be_bytes()));
    let calls = std::iter::once(tree.root())
        .chain(roots)
        .map(|root| {
            let new = json!({
                "batch": batch,
                "root": hex_of(&root),
                "n_codes": n_codes,
                "scheme": "Gs1Serial",
                "list": committed.list,
                "certificate": null,
                "licence": null,
            });
            chain.encode("Labels", "create_series", &json!({ "new": new }))
        })
        .collect::<eyre::Result<_>>()?;
    let pace = Pace::Over(Duration::ZERO);
    let lane = chain.sign(&Key::ed25519(LABELLER), "create_series", pace, calls).await?;
    let parts = parts::measure(chain.network(), std::slice::from_ref(&lane)).await?;
    let (transaction_bytes, registered) = register(chain, &lane).await?;

    let proofs = prove(&tree, &leaves, n_codes)?;
    let middle = proof(&tree, &leaves, n_codes / 2)?;
    genuine(chain, &middle).await?;
    let bundle = bundle(chain, &middle).await?;
    let scans = scans::run(chain, &gtin, LOT, serials).await.wrap_err("scans")?;
    Ok(Report {
        validators: chain.network().len(),
        codes: n_codes,
        commit_list_ms,
        build_tree_ms,
        hash_node_ns: hash_node_ns(),
        make_proof_ns: proofs.made_ns,
        verify_proof_ns: proofs.verified_ns,
        proof_bytes: middle.encode().len(),
        bundle_bytes: bundle.bytes,
        bundle_json_bytes: bundle.json_bytes,
        verify_bundle_us: bundle.verify_us,
        scans,
        transaction_bytes,
        registered_after_ms: registered.as_millis() as u64,
        parts,
    })
}

/// Registers a product in pieces and produces a batch of so many.
async fn produce(chain: &Chain<'_>, gtin: &str, pieces: u64) -> eyre::Result<()> {
    let mut product = trace::register_product(gtin, trace::CO_OPERATIVE);
    product["details"]["base_unit"] = json!("Each");
    chain.act(LABELLER, "Traceability", "register_product", &product).await?;
    let place = chain.number("Traceability", "NextPlaceId").await?;
    let register = trace::register_place();
    chain.act(LABELLER, "Traceability", "register_place", &register).await?;
    let produce = json!({
        "gtin": gtin,
        "lot": LOT,
        "quantity": { "value": pieces, "decimals": 0, "unit": "H87" },
        "place": place,
        "context": trace::context(trace::now_ms()),
    });
    chain.act(LABELLER, "Traceability", "produce", &produce).await.map(|_| ())
}

/// Codes with ascending serial numbers, as they stand in the tree.
fn leaves(gtin: &str, n_codes: u32) -> eyre::Result<Vec<Leaf>> {
    (0..n_codes)
        .map(|serial| {
            let code = format!("{gtin}{}", self::serial(serial));
            let leaf = [&[GS1_SERIAL], code.as_bytes()].concat();
            Leaf::try_from(leaf).map_err(|_| eyre!("{code} has not {LEAF_BYTES} bytes"))
        })
        .collect()
}

fn serial(number: u32) -> String {
    format!("{number:0SERIAL_DIGITS$}")
}

/// Sends the first transaction of a lane; gives its bytes and the time to its finality.
async fn register(chain: &Chain<'_>, lane: &Lane) -> eyre::Result<(usize, Duration)> {
    let series = lane.transactions.first().ok_or_else(|| eyre!("nothing is signed"))?;
    let started = Instant::now();
    let _: Hash = chain.rpc().finalize(&series.bytes).await.wrap_err("register the series")?;
    let registered = started.elapsed();
    let series_made = chain.number("Labels", "NextSeriesId").await?;
    ensure!(series_made == 1, "there are {series_made} series after the registration of one");
    Ok((series.bytes.len(), registered))
}

/// Times of making and of verifying one proof.
struct Proofs {
    made_ns: u64,
    verified_ns: u64,
}

/// Makes and verifies proofs of codes all over the series.
fn prove(tree: &Tree, leaves: &[Leaf], n_codes: u32) -> eyre::Result<Proofs> {
    let index = |n: u32| (u64::from(n) * u64::from(n_codes) / u64::from(PROOFS)) as u32;
    let started = Instant::now();
    let proofs =
        (0..PROOFS).map(|n| proof(tree, leaves, index(n))).collect::<eyre::Result<Vec<_>>>()?;
    let made = started.elapsed();
    let root = tree.root();
    let started = Instant::now();
    let hold = proofs.iter().all(|proof| black_box(proof.holds(&root, n_codes)));
    let verified = started.elapsed();
    ensure!(hold, "a proof does not hold");
    let each = |time: Duration| time.as_nanos() as u64 / u64::from(PROOFS);
    Ok(Proofs { made_ns: each(made), verified_ns: each(verified) })
}

/// The proof of the code at `index` of the first series.
fn proof(tree: &Tree, leaves: &[Leaf], index: u32) -> eyre::Result<CodeProof> {
    let leaf = leaves.get(index as usize).ok_or_else(|| eyre!("there is no code {index}"))?;
    let path = tree.path(index).ok_or_else(|| eyre!("there is no path of code {index}"))?;
    Ok(CodeProof {
        series: 0,
        index,
        leaf: leaf.to_vec().try_into().map_err(|_| eyre!("the code is too long"))?,
        path: path.try_into().map_err(|_| eyre!("the path is too long"))?,
    })
}

/// A proof of a code as the client writes it.
fn as_json(proof: &CodeProof) -> Value {
    json!({
        "series": proof.series,
        "index": proof.index,
        "leaf": hex_of(&proof.leaf),
        "path": proof.path.iter().map(|hash| hex_of(hash)).collect::<Vec<_>>(),
    })
}

/// A bundle that proves a code.
struct Measured {
    bytes: usize,
    json_bytes: usize,
    verify_us: u64,
}

/// Makes the bundle that proves a code, then reads and verifies it many times.
async fn bundle(chain: &Chain<'_>, proof: &CodeProof) -> eyre::Result<Measured> {
    let code = serde_json::from_value(as_json(proof)).wrap_err("the client's proof")?;
    let client = chain.client();
    let from = client.checkpoint(Some(1)).await.wrap_err("checkpoint")?;
    let bundle = client.prove_code(&code, &from, None).await.wrap_err("bundle")?;
    let (bytes, json) = (bundle.to_bytes(), bundle.to_json()?.to_string());
    let bounds = Bounds::at(Moment::now());
    let mut took = Vec::with_capacity(BUNDLES);
    for _ in 0..BUNDLES {
        let started = Instant::now();
        let scan = black_box(Bundle::from_bytes(&bytes)?.scan(&from, &bounds)?);
        took.push(started.elapsed().as_micros() as u64);
        ensure!(scan.is_in_order(), "{scan:?}");
    }
    took.sort_unstable();
    let verify_us = took.get(BUNDLES / 2).copied().unwrap_or_default();
    Ok(Measured { bytes: bytes.len(), json_bytes: json.len(), verify_us })
}

/// Checks that the chain holds the code for genuine.
async fn genuine(chain: &Chain<'_>, proof: &CodeProof) -> eyre::Result<()> {
    let proof = as_json(proof);
    let answer = chain.client().view("Labels", "check_code", &[proof], None).await?;
    ensure!(answer["genuine"] == json!(true), "the chain says of a code {answer}");
    Ok(())
}

fn hash_node_ns() -> u64 {
    let mut node = [7; 32];
    let started = Instant::now();
    for _ in 0..HASHES {
        node = black_box(merkle::node_hash(&node, &node));
    }
    started.elapsed().as_nanos() as u64 / u64::from(HASHES)
}

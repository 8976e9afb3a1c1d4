//! Proofs of item codes made by real nodes, verified from a checkpoint without any.

use codec::DecodeAll;
use ecoledger_client::{
    Client, Gtin, Moment,
    labels::{CodeProof, CodeScheme, NewSeries, Wanted, commit_to, create_series, prove},
    proof::{Bounds, Bundle, Checkpoint, Evidence, ProofError, RecallVerdict, Scan},
};
use ecoledger_primitives::{Hash, Header, VoteKind, value_id, vote_bytes};
use ecoledger_tests::{Key, binaries, four_validators, governance, trace};
use eyre::{WrapErr, ensure, eyre};
use serde_json::{Value, json};
use sp_core::{Pair as _, ed25519};
use std::path::Path;
use tokio::process::Command;

pub(crate) const LOT: &str = "PROVEN-1";
pub(crate) const CODES: &str = "A-01\nA-02\nA-03\nA-04\nA-05\nA-06\nA-07\n";

pub(crate) async fn act(client: &Client, call: &str, arguments: &Value) -> eyre::Result<()> {
    let submitted = client.submit(&Key::for_client("Bob"), "Traceability", call, arguments).await;
    submitted.wrap_err_with(|| call.to_owned())?.finalized().await.wrap_err("finality")?;
    Ok(())
}

/// Registers a product in pieces, and produces a batch of so many.
pub(crate) async fn produce(client: &Client, gtin: &str, pieces: u32) -> eyre::Result<()> {
    let mut product = trace::register_product(gtin, trace::CO_OPERATIVE);
    product["details"]["base_unit"] = json!("Each");
    act(client, "register_product", &product).await?;
    act(client, "register_place", &trace::register_place()).await?;
    let produce = json!({
        "gtin": gtin,
        "lot": LOT,
        "quantity": { "value": pieces, "decimals": 0, "unit": "H87" },
        "place": 0,
        "context": trace::context(trace::now_ms()),
    });
    act(client, "produce", &produce).await
}

/// A labelled batch of seven pieces; gives the place of the fifth code in its series.
pub(crate) async fn labelled(client: &Client) -> eyre::Result<CodeProof> {
    let gtin = trace::gtin(77);
    produce(client, &gtin, 7).await?;
    let gtin: Gtin = gtin.parse()?;
    let list = commit_to(CODES.as_bytes(), &CodeScheme::Gs1Serial, &gtin)?;
    let series = create_series(&NewSeries {
        batch: format!("{gtin}/{LOT}").parse()?,
        root: list.root,
        n_codes: list.n_codes,
        scheme: CodeScheme::Gs1Serial,
        list: list.list,
        certificate: None,
        licence: None,
    });
    client.submit_call(&Key::for_client("Bob"), &series).await?.finalized().await?;
    let wanted = Wanted::Code("A-05");
    Ok(prove(CODES.as_bytes(), &CodeScheme::Gs1Serial, &gtin, wanted)?.of_series(0))
}

/// Makes a proof and verifies it, in both forms.
async fn scan(client: &Client, code: &CodeProof, from: &Checkpoint) -> eyre::Result<Scan> {
    let bundle = client.prove_code(code, from, None).await.wrap_err("make a proof")?;
    let bounds = Bounds::at(Moment::now());
    let scan = bundle.scan(from, &bounds)?;
    let json = serde_json::to_vec(&bundle.to_json()?)?;
    ensure!(Bundle::read(&json)? == bundle, "the two forms differ");
    ensure!(Bundle::read(&bundle.to_bytes())?.scan(from, &bounds)? == scan);
    println!(
        "block {} from {}: {} bytes, {} as JSON",
        scan.height,
        from.height,
        bundle.to_bytes().len(),
        json.len()
    );
    Ok(scan)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_proven_to_the_validators() -> eyre::Result<()> {
    let mut network = four_validators().start().await?;
    let client = network.client(0).await?;
    let code = labelled(&client).await?;
    let early = client.checkpoint(Some(1)).await?;
    let late = client.checkpoint(None).await?;
    ensure!(late.height > early.height, "{} and {}", late.height, early.height);
    for from in [&early, &late] {
        let scan = scan(&client, &code, from).await?;
        ensure!(scan.is_in_order(), "{scan:?}");
        ensure!(scan.code == "A-05" && scan.lot.as_str() == LOT, "{scan:?}");
        ensure!(scan.origins.iter().all(|it| it.region == Some(331_127)), "{scan:?}");
        ensure!(scan.names.iter().any(|(id, _)| *id == trace::CO_OPERATIVE), "{scan:?}");
    }
    // Another node proves the same, though it may hold other signatures.
    let other = network.client(3).await?;
    ensure!(scan(&other, &code, &early).await?.series == 0);

    // The code is proven for its own place only.
    let bounds = Bounds::at(Moment::now());
    let moved = CodeProof { index: code.index + 1, ..code.clone() };
    let bundle = client.prove_code(&moved, &early, None).await?;
    let refused = bundle.scan(&early, &bounds).map_err(|it| it.error);
    ensure!(refused == Err(ProofError::NotInSeries), "{refused:?}");

    // Validators come, and the old ones endorse the way there.
    let fifth = network.add_node(true).await?;
    let add = json!({ "Validators": { "add_validator": {
        "key": network.key(fifth, "validator key").await?,
        "node_key": network.key(fifth, "node key").await?,
    }}});
    let added = governance::enact(&client, add).await.wrap_err("add a validator")?;
    network.restart(fifth).await?;
    // Blocks enough for the new set to vote.
    for index in 0..4 {
        act(&client, "register_product", &trace::register_product(&trace::gtin(80 + index), 1))
            .await?;
    }
    let changed = scan(&client, &code, &early).await?;
    ensure!(changed.height >= added.height + 4, "{changed:?}");
    let newest = client.checkpoint(None).await?;
    ensure!(newest.after_next.len() == 5, "{newest:?}");
    scan(&client, &code, &newest).await?;

    // A bundle from before the recall stays what it was; a new one shows it.
    let before = client.prove_code(&code, &early, None).await?;
    let recall = json!({
        "batch": trace::batch_id(&trace::gtin(77), LOT),
        "class": 1,
        "reason": format!("0x{}", "5a".repeat(32)),
    });
    act(&client, "recall", &recall).await?;
    let after = scan(&client, &code, &early).await?;
    ensure!(matches!(after.recall, RecallVerdict::Recalled(1)), "{after:?}");
    let earlier = before.scan(&early, &Bounds::at(Moment::now())).map_err(|it| eyre!("{it}"))?;
    ensure!(earlier.recall == RecallVerdict::Clear && earlier.height < after.height);
    network.passed();
    Ok(())
}

/// The proof whose verdicts all verifiers agree on, and the same with another block in its place, for
/// which three of the four validators have signed as well.
fn two_blocks(golden: &Value) -> eyre::Result<[Value; 2]> {
    let binary = golden["binary"].as_str().unwrap_or_default().trim_start_matches("0x");
    let one = Bundle::from_bytes(&hex::decode(binary)?)?.to_json()?;
    let mut other = one.clone();
    let genesis: Hash = serde_json::from_value(one["genesis"].clone())?;
    let steps = other["steps"].as_array_mut().ok_or_else(|| eyre!("no steps"))?;
    let step = steps.last_mut().ok_or_else(|| eyre!("no steps"))?;
    let header = step["header"].as_str().unwrap_or_default().trim_start_matches("0x");
    let mut header = hex::decode(header)?;
    header[0] ^= 1;
    let read = Header::decode_all(&mut header.as_slice())?;
    let round = u32::try_from(step["round"].as_u64().unwrap_or_default())?;
    let bytes =
        vote_bytes(VoteKind::Precommit, &genesis, read.number, round, Some(value_id(&read)));
    // The validators of that proof: their seeds have one byte throughout.
    let mut pairs: Vec<_> = (1..5u8).map(|seed| ed25519::Pair::from_seed(&[seed; 32])).collect();
    pairs.sort_by_key(ed25519::Pair::public);
    step["header"] = json!(format!("0x{}", hex::encode(&header)));
    step["precommits"] = (1..4usize)
        .map(|validator| {
            let signature = pairs[validator].sign(&bytes);
            json!({ "validator": validator, "signature": format!("0x{}", hex::encode(signature)) })
        })
        .collect();
    Ok([one, other])
}

#[tokio::test]
async fn who_signed_two_blocks_is_told() -> eyre::Result<()> {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../client/testdata/proof-v1.json");
    let golden: Value = serde_json::from_slice(&std::fs::read(golden)?)?;
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let [one, other] = two_blocks(&golden)?;
    for (name, content) in
        [("one.json", &one), ("other.json", &other), ("checkpoint.json", &golden["checkpoint"])]
    {
        std::fs::write(path(name), content.to_string())?;
    }
    let at = Moment(golden["now"].as_u64().unwrap_or_default()).to_string();
    let compare = async |pair: [&str; 2]| {
        Command::new(binaries::find("ecoledger")?)
            .args(["--output", "json", "proof", "compare", &path(pair[0]), &path(pair[1])])
            .args(["--checkpoint", &path("checkpoint.json"), "--at", &at])
            .args(["--out", &path("evidence.json")])
            .output()
            .await
            .wrap_err("run ecoledger")
    };
    let same = compare(["one.json", "one.json"]).await?;
    ensure!(same.status.code() == Some(0), "{same:?}");
    ensure!(!Path::new(&path("evidence.json")).exists());
    let found = compare(["one.json", "other.json"]).await?;
    ensure!(found.status.code() == Some(1), "{found:?}");
    let said: Value = serde_json::from_slice(&found.stdout)?;
    let conflict = &said["conflict"];
    ensure!(conflict["height"] == golden["scan"]["height"], "{said}");
    let validators: Vec<_> =
        golden["checkpoint"]["afterNext"].as_array().into_iter().flatten().collect();
    let both: Vec<_> = conflict["signedBoth"].as_array().into_iter().flatten().collect();
    ensure!(both == validators[1..3], "{said}");
    // The file says the same by itself.
    let evidence = Evidence::from_json(&std::fs::read(path("evidence.json"))?)?;
    ensure!(json!(evidence.check()?) == *conflict);
    // One that does not verify is no proof, and nothing is compared.
    let mut forged = other.clone();
    forged["steps"][1]["round"] = json!(7);
    std::fs::write(path("other.json"), forged.to_string())?;
    let refused = compare(["one.json", "other.json"]).await?;
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    ensure!(refused.status.code() == Some(1) && text.contains("forged"), "{refused:?}");
    ensure!(refused.stdout.is_empty(), "{refused:?}");
    Ok(())
}

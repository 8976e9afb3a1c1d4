//! What the commands of a test have made, by the chain's own metadata: calls in the blocks, and maps
//! of records that genesis did not have so.
//!
//! [`DAYS`] says which test makes each part of the pallets that no single test makes whole. A part
//! without a command is in no list, and fails [`every_part_has_its_day`].

use crate::programs::Programs;
use ecoledger_client::Client;
use ecoledger_tests::{Network, validators};
use eyre::{WrapErr, ensure};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Tests, and the calls and maps that each makes with commands alone: (test, pallet, parts).
const DAYS: &[(&str, &str, &[&str])] = &[];

/// The pallets of [`DAYS`].
const PALLETS: [&str; 5] = ["Certification", "Brands", "Labels", "Compensation", "Funds"];

/// The names of a pallet's parts of one kind, with what each takes, as `ecoledger list` shows them.
fn parts_of<'a>(parts: &'a Value, kind: &str) -> Vec<(&'a str, &'a str)> {
    let rows = parts.as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter()
        .filter(|row| row["kind"] == kind)
        .filter_map(|row| Some((row["name"].as_str()?, row["takes"].as_str()?)))
        .collect()
}

/// The calls and maps that a pallet has.
pub(crate) async fn parts(
    programs: &Programs,
    pallet: &str,
) -> eyre::Result<(BTreeSet<String>, BTreeSet<String>)> {
    let list = programs.json("alice", &["list", pallet]).await?;
    let names = |rows: Vec<(&str, &str)>| rows.into_iter().map(|(name, _)| name.to_owned());
    // A single value has no keys.
    let is_map = |(_, keys): &(&str, &str)| *keys != "0 keys";
    let calls: BTreeSet<_> = names(parts_of(&list, "call")).collect();
    let maps = parts_of(&list, "storage").into_iter().filter(is_map).collect();
    let maps: BTreeSet<_> = names(maps).collect();
    ensure!(!calls.is_empty() && !maps.is_empty(), "{pallet} has no parts: {list}");
    Ok((calls, maps))
}

/// The maps that have an entry which genesis did not give them.
pub(crate) async fn changed_maps(
    client: &Client,
    pallet: &str,
    maps: &BTreeSet<String>,
    height: u32,
) -> eyre::Result<BTreeSet<String>> {
    let mut changed = BTreeSet::new();
    for map in maps {
        let read = |at| async move {
            let entries = client.entries(pallet, map, &[], usize::MAX, Some(at)).await?;
            let rows = entries.into_iter().map(|entry| {
                let keys = serde_json::to_string(&entry.keys)?;
                Ok((keys, entry.value))
            });
            rows.collect::<eyre::Result<Map<String, Value>>>()
        };
        let (before, after) = (read(0).await?, read(height).await?);
        if after.iter().any(|(keys, value)| before.get(keys) != Some(value)) {
            changed.insert(map.clone());
        }
    }
    Ok(changed)
}

/// Pallet and name of every call in the blocks up to `height`, those of motions included.
pub(crate) async fn calls_made(
    client: &Client,
    height: u32,
) -> eyre::Result<BTreeSet<(String, String)>> {
    let mut made = BTreeSet::new();
    for at in 1..=height {
        let block = client.block(Some(at)).await?;
        for row in block["transactions"].as_array().into_iter().flatten() {
            let transaction = &row["transaction"];
            let name = |field: &str| transaction[field].as_str().unwrap_or_default().to_owned();
            made.insert((name("pallet"), name("call")));
            // A motion's call is `{"Pallet": {"call": {…}}}`.
            let proposal = transaction["arguments"]["proposal"].as_object();
            for (pallet, call) in proposal.into_iter().flatten() {
                let names = call.as_object().into_iter().flatten().map(|(name, _)| name);
                made.extend(names.map(|name| (pallet.clone(), name.clone())));
            }
        }
    }
    ensure!(!made.is_empty(), "the blocks show no calls");
    Ok(made)
}

/// Checks at the end of `test` that its network has all that [`DAYS`] says of it.
pub(crate) async fn check(network: &Network, test: &str) -> eyre::Result<()> {
    let programs = Programs::of(network);
    let client = network.client(0).await?;
    let height = client.height().await?;
    let calls = calls_made(&client, height).await?;
    for pallet in PALLETS {
        let (_, maps) = parts(&programs, pallet).await.wrap_err("parts")?;
        let mut made = changed_maps(&client, pallet, &maps, height).await?;
        let of_pallet = |(of, call): &(String, String)| (of == pallet).then(|| call.clone());
        made.extend(calls.iter().filter_map(of_pallet));
        println!("{test}: {pallet}: {made:?}");
        let days = DAYS.iter().filter(|(day, of, _)| *day == test && *of == pallet);
        for part in days.flat_map(|(_, _, parts)| *parts) {
            ensure!(made.contains(*part), "{test} does not make {pallet}.{part}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_has_its_day() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let programs = Programs::of(&network);
    for pallet in PALLETS {
        let (calls, maps) = parts(&programs, pallet).await?;
        let has: BTreeSet<_> = calls.union(&maps).map(String::as_str).collect();
        let days = DAYS.iter().filter(|(_, of, _)| *of == pallet);
        let made: BTreeSet<_> = days.flat_map(|(_, _, parts)| *parts).copied().collect();
        let (missing, gone): (Vec<_>, Vec<_>) =
            (has.difference(&made).collect(), made.difference(&has).collect());
        ensure!(missing.is_empty(), "{pallet}: no day makes {missing:?}");
        ensure!(gone.is_empty(), "{pallet} has no {gone:?}");
    }
    network.passed();
    Ok(())
}

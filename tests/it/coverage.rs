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
use std::collections::{BTreeMap, BTreeSet};

/// Tests, and the calls and maps that each makes with commands alone: (test, pallet, parts).
const DAYS: &[(&str, &str, &[&str])] = &[
    ("a_certificate_from_application_to_revocation", "Traceability", &["claim_certificate"]),
    (
        "a_certificate_from_application_to_revocation",
        "Certification",
        &[
            "Accreditations",
            "Applications",
            "Approvals",
            "BodyCodes",
            "CertificateNumbers",
            "Certificates",
            "CertifiedBases",
            "Certifiers",
            "CertifiersByAgent",
            "Claimed",
            "ClientLocks",
            "Complaints",
            "Duties",
            "Findings",
            "OpenDuties",
            "RuleSetHashes",
            "Schemes",
            "SoldFromBatches",
            "SoldFromLineages",
            "Tallies",
            "TransactionCertificates",
            "YieldCeilings",
            "accept_application",
            "accredit",
            "apply",
            "approve_body",
            "decide_complaint",
            "issue_transaction_certificate",
            "lodge",
            "propose_decision",
            "publish",
            "record_finding",
            "record_inspection",
            "record_test",
            "register_certifier",
            "restore",
            "return_proposal",
            "revoke",
            "set_scheme",
            "set_yield_ceiling",
            "sign_decision",
            "suspend",
            "void_transaction_certificate",
        ],
    ),
    (
        "a_holder_gives_up_and_a_body_loses_its_approval",
        "Certification",
        &[
            "bar_person",
            "cancel",
            "dismiss_finding",
            "reduce",
            "refuse_application",
            "release_certifier",
            "request_change",
            "set_accreditation_standing",
            "set_body_standing",
            "withdraw_application",
        ],
    ),
    (
        "a_brand_from_its_mark_to_a_copied_label",
        "Brands",
        &[
            "BrandsById",
            "BrandsByMark",
            "Inspections",
            "LabelOrders",
            "LicencesById",
            "Misuses",
            "PremiumReports",
            "RuleSetHashes",
            "RulesOf",
            "StatusChanges",
            "Tenures",
            "Usages",
            "YieldCeilings",
            "account_labels",
            "amend_rules",
            "apply",
            "cancel_order",
            "extend",
            "grant",
            "inspect",
            "issue_labels",
            "order_labels",
            "record_misuse",
            "register_brand",
            "replace_certificate",
            "report_premium",
            "restore",
            "revoke",
            "set_operator",
            "set_yield_ceiling",
            "suspend",
        ],
    ),
    (
        "a_brand_from_its_mark_to_a_copied_label",
        "Labels",
        &[
            "GoneFrom",
            "ItemMarks",
            "Labelled",
            "Series",
            "SeriesByRoot",
            "SeriesOfBatch",
            "create_series",
            "freeze_series",
            "mark_item",
            "release_series",
            "report_fault",
            "void_series",
        ],
    ),
    (
        "a_collective_mark_is_for_its_members",
        "Brands",
        &["admit_member", "refuse", "remove_member", "withdraw"],
    ),
    (
        "a_transfer_from_factors_to_conclusion",
        "Compensation",
        &[
            "RuleSets",
            "set_performance_table",
            "Allocations",
            "Counties",
            "Dues",
            "Policies",
            "appropriate",
            "compute_shares",
            "conclude",
            "create_policy",
            "evaluate",
            "freeze_factors",
            "publish_shares",
            "remit",
            "report_use",
            "submit_county",
        ],
    ),
    (
        "a_transfer_from_factors_to_conclusion",
        "Funds",
        &["Draws", "Holdings", "Movements", "Parts", "Programmes", "Tags", "pay", "set_part"],
    ),
    (
        "a_year_of_a_basin_from_samples_to_villages",
        "Compensation",
        &[
            "AgreementVersions",
            "Agreements",
            "Samples",
            "Settlements",
            "compute_settlement",
            "confirm_settlement",
            "decide_sample",
            "dispute_sample",
            "pay_in",
            "pay_settlement",
            "propose_agreement",
            "return_escrow",
            "sign_rules",
            "submit_sample",
        ],
    ),
    (
        "a_year_of_a_basin_from_samples_to_villages",
        "Funds",
        &["claw_back", "flag", "lift_flag", "transfer"],
    ),
    (
        "a_year_with_too_few_samples_is_decided",
        "Compensation",
        &["Incidents", "decide_settlement", "exempt_month", "mark_incident", "propose_rules"],
    ),
    ("a_disputed_settlement_is_decided", "Compensation", &["dispute_settlement"]),
    (
        "an_office_runs_a_programme_of_its_own",
        "Funds",
        &["appropriate", "open_programme", "open_tag", "set_ceiling"],
    ),
];

/// Maps that a day's call fills and another empties, or that it fills only where money is missing:
/// (pallet, map, the call's pallet, the call).
const TRANSIENT: &[(&str, &str, &str, &str)] = &[
    ("Brands", "Members", "Brands", "admit_member"),
    ("Brands", "OpenLicences", "Brands", "apply"),
    ("Compensation", "PendingVersions", "Compensation", "propose_rules"),
    ("Funds", "Flags", "Funds", "flag"),
    ("Funds", "Stopped", "Compensation", "conclude"),
];

/// The pallets that [`DAYS`] has whole.
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
    // A single value has no keys.
    let is_map = |(_, keys): &(&str, &str)| *keys != "0 keys";
    let name = |(name, _): (&str, &str)| name.to_owned();
    let calls: BTreeSet<_> = parts_of(&list, "call").into_iter().map(name).collect();
    let maps: BTreeSet<_> =
        parts_of(&list, "storage").into_iter().filter(is_map).map(name).collect();
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

/// Pallet and name of every call in the blocks up to `height` that was carried out, those of motions
/// included.
pub(crate) async fn calls_made(
    client: &Client,
    height: u32,
) -> eyre::Result<BTreeSet<(String, String)>> {
    let mut made = BTreeSet::new();
    // Calls of motions by the motion's hash: `{"Pallet": {"call": {…}}}`.
    let mut proposed: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for at in 1..=height {
        let block = client.block(Some(at)).await?;
        for row in block["transactions"].as_array().into_iter().flatten() {
            let phase = format!("ApplyExtrinsic({})", row["index"]);
            let events: Vec<_> = block["events"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|event| event["phase"] == phase.as_str())
                .map(|event| &event["event"])
                .collect();
            let named = |name: &str| -> Vec<&Value> {
                events.iter().copied().filter(|event| event["name"] == name).collect()
            };
            if named("ExtrinsicSuccess").is_empty() {
                continue;
            }
            let transaction = &row["transaction"];
            let name = |field: &str| transaction[field].as_str().unwrap_or_default().to_owned();
            made.insert((name("pallet"), name("call")));
            let hash_of = |event: &Value| event["fields"]["proposal_hash"].to_string();
            for event in named("Proposed") {
                let proposal = transaction["arguments"]["proposal"].as_object();
                for (pallet, call) in proposal.into_iter().flatten() {
                    let names = call.as_object().into_iter().flatten().map(|(name, _)| name);
                    let calls = names.map(|name| (pallet.clone(), name.clone()));
                    proposed.entry(hash_of(event)).or_default().extend(calls);
                }
            }
            for event in named("Executed") {
                if event["fields"]["result"]["Ok"].is_null() {
                    continue;
                }
                made.extend(proposed.remove(&hash_of(event)).into_iter().flatten());
            }
        }
    }
    ensure!(!made.is_empty(), "the blocks show no calls");
    Ok(made)
}

/// Whether [`DAYS`] has a test that makes this part.
pub(crate) fn has_a_day(pallet: &str, part: &str) -> bool {
    DAYS.iter().any(|(_, of, parts)| *of == pallet && parts.contains(&part))
}

/// Checks at the end of `test` that its network has all that [`DAYS`] says of it.
pub(crate) async fn check(network: &Network, test: &str) -> eyre::Result<()> {
    let programs = Programs::of(network);
    let client = network.client(0).await?;
    let height = client.height().await?;
    let calls = calls_made(&client, height).await?;
    let days: Vec<_> = DAYS.iter().filter(|(day, ..)| *day == test).collect();
    ensure!(!days.is_empty(), "no list says what {test} makes");
    for (_, pallet, expected) in days {
        let (_, maps) = parts(&programs, pallet).await.wrap_err("parts")?;
        let mut made = changed_maps(&client, pallet, &maps, height).await?;
        let of_pallet = |(of, call): &(String, String)| (of == pallet).then(|| call.clone());
        made.extend(calls.iter().filter_map(of_pallet));
        for part in *expected {
            ensure!(made.contains(*part), "{test} does not make {pallet}.{part}");
        }
    }
    Ok(())
}

/// The sources of the tests that [`DAYS`] names.
const SOURCES: [&str; 5] = [
    include_str!("brand_day.rs"),
    include_str!("certification_day.rs"),
    include_str!("compensation_day.rs"),
    include_str!("fund_day.rs"),
    include_str!("vertical_day.rs"),
];

#[test]
fn every_day_is_checked() {
    for (day, ..) in DAYS {
        let call = format!("coverage::check(&network, \"{day}\").await?;");
        assert!(
            SOURCES.iter().any(|source| source.contains(&call)),
            "{day} does not end with {call}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_has_its_day() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let programs = Programs::of(&network);
    let mut wrong = Vec::new();
    for pallet in PALLETS {
        let (calls, maps) = parts(&programs, pallet).await?;
        let has: BTreeSet<_> = calls.union(&maps).map(String::as_str).collect();
        let days = DAYS.iter().filter(|(_, of, _)| *of == pallet);
        let mut made: BTreeSet<_> = days.flat_map(|(_, _, parts)| *parts).copied().collect();
        for (_, map, of, call) in TRANSIENT.iter().filter(|(of, ..)| *of == pallet) {
            ensure!(has_a_day(of, call), "no day makes {of}.{call}, which fills {map}");
            made.insert(map);
        }
        wrong.extend(has.difference(&made).map(|part| format!("no day makes {pallet}.{part}")));
        wrong.extend(made.difference(&has).map(|part| format!("{pallet} has no {part}")));
    }
    ensure!(wrong.is_empty(), "{wrong:#?}");
    network.passed();
    Ok(())
}

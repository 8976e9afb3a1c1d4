//! Figures for people.

use ecoledger_tests::{
    measure::{Latency, Report},
    parts::Parts,
    workload::labels,
};

type Rows = Vec<(String, String)>;

/// A step of the ramp, in a line.
pub(crate) fn step(rate: u32, report: &Report) {
    println!(
        "  {rate:>5} tx/s offered: {:>5} committed, p95 {:>5} ms, waiting {:?}",
        report.committed_per_s, report.latency.latency_p95_ms, report.backlog
    );
}

/// A load and its parts.
pub(crate) fn load(report: &Report, parts: &Parts) {
    let mut rows = Rows::new();
    let mut row = |name: &str, value: String| rows.push((name.into(), value));
    row("validators", report.validators.to_string());
    if let Some(cases) = &report.cases {
        row("cases offered, cases/s", cases.offered_per_s.to_string());
        row("cases completed, cases/s", cases.completed_per_s.to_string());
        row("cases completed", cases.completed.to_string());
        row("first step to finality of the last", percentiles(cases.latency));
    }
    row("offered, tx/s", report.offered_per_s.to_string());
    row("committed, tx/s", report.committed_per_s.to_string());
    row("seconds", report.seconds.to_string());
    row("transactions", report.sent.to_string());
    row("blocks", report.blocks.to_string());
    row("waiting at 1/3, 2/3, end", format!("{:?}", report.backlog));
    row("latency p50, p95", percentiles(report.latency));
    if report.calls.len() > 1 {
        for call in &report.calls {
            row(&format!("  of {}", call.call), percentiles(call.latency));
        }
    }
    row("node CPU, µs per tx", format!("{:?}", report.node_cpu_us_per_tx));
    row("generator CPU, µs per tx", report.generator_cpu_us_per_tx.to_string());
    row("disk, bytes per tx", report.disk_bytes_per_tx.to_string());
    rows.extend(of_it(parts));
    print(&rows);
}

/// A label series.
pub(crate) fn labels(report: &labels::Report) {
    let mut rows = Rows::new();
    let mut row = |name: &str, value: String| rows.push((name.into(), value));
    row("validators", report.validators.to_string());
    row("item codes", report.codes.to_string());
    row("commit to the list, ms", report.commit_list_ms.to_string());
    row("build the tree, ms", report.build_tree_ms.to_string());
    row("  of it: hash a node, ns", report.hash_node_ns.to_string());
    row("make a proof, ns", report.make_proof_ns.to_string());
    row("verify a proof, ns", report.verify_proof_ns.to_string());
    row("proof, bytes", report.proof_bytes.to_string());
    let scans = &report.scans;
    row("bundle to the validators, bytes", report.bundle_bytes.to_string());
    row("  of a product page, bytes", scans.in_browser.bytes.to_string());
    row("  as JSON, bytes", report.bundle_json_bytes.to_string());
    row("read and verify a bundle, µs", report.verify_bundle_us.to_string());
    row("  in a browser, µs", scans.in_browser.median_us.to_string());
    row("publish the list at a gateway, ms", scans.publish_list_ms.to_string());
    for (name, scans) in [
        ("proofs of codes a second", scans.with_proof),
        ("Digital Links of codes a second, no proof", scans.resolved),
        ("events of a batch a second, from the index", scans.events),
    ] {
        row(name, scans.per_second.to_string());
        let latency = format!("{} and {} µs", scans.latency_p50_us, scans.latency_p99_us);
        row("  p50 and p99", latency);
    }
    row("registration, bytes", report.transaction_bytes.to_string());
    row("registration to finality, ms", report.registered_after_ms.to_string());
    rows.extend(of_it(&report.parts));
    print(&rows);
}

fn percentiles(latency: Latency) -> String {
    format!("{} and {} ms", latency.latency_p50_ms, latency.latency_p95_ms)
}

/// The parts that no node can do without.
fn of_it(parts: &Parts) -> Rows {
    let signature =
        ("  of it: verify a signature, µs".into(), parts.verify_signature_us.to_string());
    let mut rows = vec![signature];
    for (call, parts) in &parts.calls {
        rows.push((format!("  of it: apply {call}, µs"), parts.apply_call_us.to_string()));
        rows.push(("  of it: commit its keys, µs".into(), parts.commit_keys_us.to_string()));
    }
    rows
}

fn print(rows: &Rows) {
    for (name, value) in rows {
        println!("  {name:<44} {value}");
    }
}

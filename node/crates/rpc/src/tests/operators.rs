//! Metrics and health.

use super::{Chain, alice, loopback, server::http};
use crate::{RpcConfig, metrics_source, start};
use ecoledger_mempool::Source;
use prometheus_client::{metrics::counter::Counter, registry::Registry};
use serde_json::Value;
use std::{net::SocketAddr, sync::Arc, time::Duration};

async fn get(addr: SocketAddr, path: &str) -> (u16, String) {
    http(addr, "GET", path, &[], "").await
}

async fn get_json(addr: SocketAddr, path: &str) -> (u16, Value) {
    let (status, body) = get(addr, path).await;
    (status, serde_json::from_str(&body).unwrap())
}

#[tokio::test]
async fn metrics_have_the_names_that_operators_chart() {
    let chain = Chain::new();
    let mut context = chain.context();
    let mut registry = Registry::default();
    let counter = Counter::<u64>::default();
    registry.register("consensus_rounds", "Rounds", counter.clone());
    counter.inc();
    context.metrics.push(metrics_source(registry));
    context.metrics.push(Arc::new(|text| text.push_str("foreign 1\n# EOF\n")));
    let handle = start(loopback(), context).await.unwrap();
    chain.produce();
    chain.produce();
    chain.mempool.submit(chain.remark(&alice(), 0, b"tea"), Source::Local).await.unwrap();
    chain.health.send_modify(|health| health.highest_block = Some(9));
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"system_name"}"#;
    let headers = [("content-type", "application/json")];
    http(handle.rpc_addr(), "POST", "/", &headers, body).await;
    http(handle.rpc_addr(), "POST", "/", &headers, &body.replace("name", "made_up")).await;

    let (status, text) = get(handle.metrics_addr().unwrap(), "/metrics").await;
    assert_eq!(status, 200);
    let chain_label = r#"chain="EcoLedger Development""#;
    for line in [
        format!(r#"substrate_block_height{{{chain_label},status="best"}} 2"#),
        format!(r#"substrate_block_height{{{chain_label},status="finalized"}} 2"#),
        format!(r#"substrate_block_height{{{chain_label},status="sync_target"}} 9"#),
        format!("substrate_ready_transactions_number{{{chain_label}}} 1"),
        format!("substrate_sub_libp2p_peers_count{{{chain_label}}} 0"),
        format!("substrate_node_roles{{{chain_label}}} 4"),
        format!("substrate_number_leaves{{{chain_label}}} 1"),
        format!("ecoledger_consensus_halted{{{chain_label}}} 0"),
        format!(r#"substrate_rpc_calls_started{{{chain_label},method="system_name"}} 1"#),
        format!(r#"substrate_rpc_calls_started{{{chain_label},method="unknown"}} 1"#),
        format!(r#"ecoledger_blocks{{{chain_label},stage="committed"}} 2"#),
        format!("ecoledger_transactions_committed{{{chain_label}}} 2"),
        format!("ecoledger_oldest_state{{{chain_label}}} 0"),
        "consensus_rounds_total 1".into(),
        "foreign 1".into(),
    ] {
        assert!(text.lines().any(|found| found == line), "no {line} in\n{text}");
    }
    for start in [
        "substrate_build_info{",
        "substrate_process_start_time_seconds{",
        "substrate_rpc_calls_time_bucket{",
        "substrate_rpc_calls_finished{",
        "ecoledger_block_time_microseconds{",
        "ecoledger_database_bytes{",
    ] {
        assert!(text.lines().any(|line| line.starts_with(start)), "no {start} in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"));
    assert_eq!(text.matches("# EOF").count(), 1);
    assert!(!text.contains("made_up"));
}

#[tokio::test]
async fn a_node_that_serves_and_progresses_is_healthy_and_ready() {
    let chain = Chain::at(1);
    let handle = start(loopback(), chain.context()).await.unwrap();
    let addr = handle.metrics_addr().unwrap();
    for path in ["/health", "/ready", "/health/readiness"] {
        let (status, report) = get_json(addr, path).await;
        assert_eq!(status, 200);
        assert_eq!(report["healthy"], true);
        assert_eq!(report["ready"], true);
        assert_eq!(report["height"], 1);
    }
    assert_eq!(get(addr, "/").await.0, 404);
    assert_eq!(http(addr, "POST", "/metrics", &[], "").await.0, 405);
}

#[tokio::test]
async fn a_node_that_catches_up_is_healthy_and_not_ready() {
    let chain = Chain::new();
    let handle = start(loopback(), chain.context()).await.unwrap();
    let addr = handle.metrics_addr().unwrap();
    chain.health.send_modify(|health| health.syncing = true);
    assert_eq!(get(addr, "/health").await.0, 200);
    let (status, report) = get_json(addr, "/ready").await;
    assert_eq!(status, 503);
    assert_eq!(report["problems"][0], "catching up");
}

#[tokio::test]
async fn a_node_whose_consensus_halted_is_unhealthy() {
    let chain = Chain::new();
    let handle = start(loopback(), chain.context()).await.unwrap();
    let addr = handle.metrics_addr().unwrap();
    chain.health.send_modify(|health| health.halted = Some("write-ahead log failed".into()));
    let (status, report) = get_json(addr, "/health").await;
    assert_eq!(status, 503);
    assert_eq!(report["problems"][0], "consensus has halted: write-ahead log failed");
    assert_eq!(get(addr, "/ready").await.0, 503);
}

#[tokio::test]
async fn a_node_without_blocks_is_unhealthy_until_one_comes() {
    let chain = Chain::new();
    let config = RpcConfig { stalled_after: Duration::ZERO, ..loopback() };
    let handle = start(config, chain.context()).await.unwrap();
    assert_eq!(get(handle.metrics_addr().unwrap(), "/health").await.0, 503);
    drop(handle);
    let handle = start(loopback(), chain.context()).await.unwrap();
    assert_eq!(get(handle.metrics_addr().unwrap(), "/health").await.0, 200);
}

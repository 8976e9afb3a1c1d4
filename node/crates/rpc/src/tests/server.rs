//! The port: HTTP and WebSocket, limits, who may call.

use super::{Chain, alice, loopback};
use crate::{Cors, RpcConfig, RpcHandle, RpcMethods, start};
use ecoledger_rpc_api::{
    AuthorApiClient, Bytes, ChainApiClient, RpcApiClient, StateApiClient, SystemApiClient,
    types::TransactionStatus,
};
use jsonrpsee::{
    core::client::{ClientT, Error, Subscription, SubscriptionKind},
    http_client::HttpClientBuilder,
    rpc_params,
    types::SubscriptionId,
    ws_client::{HeaderMap, HeaderValue, WsClient, WsClientBuilder},
};
use serde_json::{Value, json};
use std::{net::SocketAddr, num::NonZeroU32};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn serve(chain: &Chain, config: RpcConfig) -> RpcHandle {
    start(config, chain.context()).await.unwrap()
}

async fn connect(handle: &RpcHandle) -> WsClient {
    WsClientBuilder::default().build(format!("ws://{}", handle.rpc_addr())).await.unwrap()
}

/// One HTTP request; answers status and body.
pub(super) async fn http(
    addr: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, String) {
    let mut request = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        request.push_str(&format!("host: {addr}\r\n"));
    }
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.unwrap();
    let response = String::from_utf8(response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// A JSON-RPC request over HTTP.
async fn post(addr: SocketAddr, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
    let headers = [&[("content-type", "application/json")], headers].concat();
    let (status, body) = http(addr, "POST", "/", &headers, &body.to_string()).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

fn request(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

#[tokio::test]
async fn http_and_websocket_share_a_port() {
    let chain = Chain::at(1);
    let handle = serve(&chain, loopback()).await;
    let url = format!("http://{}", handle.rpc_addr());
    let http = HttpClientBuilder::default().build(url).unwrap();
    let ws = connect(&handle).await;
    let head = chain.executor.head().hash;
    assert_eq!(ChainApiClient::finalized_head(&http).await.unwrap(), head);
    assert_eq!(ChainApiClient::finalized_head(&ws).await.unwrap(), head);
    let methods = RpcApiClient::methods(&http).await.unwrap().methods;
    assert_eq!(methods, RpcApiClient::methods(&ws).await.unwrap().methods);
    handle.stop().await.unwrap();
}

#[tokio::test]
async fn subscriptions_work_over_websocket_and_have_string_identifiers() {
    let chain = Chain::new();
    let handle = serve(&chain, loopback()).await;
    let ws = connect(&handle).await;
    let mut heads = ChainApiClient::subscribe_new_heads(&ws).await.unwrap();
    let SubscriptionKind::Subscription(SubscriptionId::Str(_)) = heads.kind() else {
        panic!("{:?}", heads.kind())
    };
    assert_eq!(heads.next().await.unwrap().unwrap().number, 0);
    let transaction = Bytes(chain.remark(&alice(), 0, b"tea"));
    let mut statuses = AuthorApiClient::watch_extrinsic(&ws, transaction).await.unwrap();
    assert_eq!(statuses.next().await.unwrap().unwrap(), TransactionStatus::Ready);
    let block = chain.produce();
    assert_eq!(statuses.next().await.unwrap().unwrap(), TransactionStatus::InBlock(block));
    assert_eq!(statuses.next().await.unwrap().unwrap(), TransactionStatus::Finalized(block));
    assert_eq!(heads.next().await.unwrap().unwrap().hash(), block);
    heads.unsubscribe().await.unwrap();
}

#[tokio::test]
async fn subscriptions_over_http_are_refused_by_name() {
    let chain = Chain::new();
    let handle = serve(&chain, loopback()).await;
    for method in ["chain_subscribeNewHeads", "chain_unsubscribeNewHeads"] {
        let body = request(method, json!([]));
        let (_, answer) = post(handle.rpc_addr(), &[], &body).await;
        assert_eq!(answer["error"]["code"], -32601, "{answer}");
        assert_eq!(answer["error"]["message"], "Subscriptions need a WebSocket connection");
        let (_, answers) = post(handle.rpc_addr(), &[], &json!([body])).await;
        assert_eq!(answers[0]["error"], answer["error"]);
    }
}

#[tokio::test]
async fn parameters_by_name_are_refused() {
    let chain = Chain::at(1);
    let handle = serve(&chain, loopback()).await;
    for params in [json!({ "hight": 0 }), json!({ "number": 0 }), json!({})] {
        let (_, answer) =
            post(handle.rpc_addr(), &[], &request("chain_getBlockHash", params)).await;
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
        assert_eq!(answer["error"]["message"], "Parameters are a list, in order");
    }
    let (_, answer) =
        post(handle.rpc_addr(), &[], &request("chain_getBlockHash", json!([0]))).await;
    assert_eq!(answer["result"], json!(chain.executor.genesis_hash()));
}

#[tokio::test]
async fn batches_are_answered_in_order_and_bounded() {
    let chain = Chain::new();
    let mut config = loopback();
    config.limits.batch_calls_max = 3;
    let handle = serve(&chain, config).await;
    let call = |id, method: &str| json!({ "jsonrpc": "2.0", "id": id, "method": method });
    let batch = json!([call(1, "system_name"), call(2, "no_such"), call(3, "chain_getBlockHash")]);
    let (status, answers) = post(handle.rpc_addr(), &[], &batch).await;
    assert_eq!(status, 200);
    assert_eq!(answers[0], json!({ "jsonrpc": "2.0", "id": 1, "result": "EcoLedger Node" }));
    assert_eq!(answers[1]["error"]["code"], -32601);
    assert_eq!(answers[2]["result"], json!(chain.executor.genesis_hash()));
    let batch = json!(vec![call(1, "system_name"); 4]);
    let (_, answer) = post(handle.rpc_addr(), &[], &batch).await;
    assert_eq!(answer["error"]["code"], -32010);
}

#[tokio::test]
async fn large_requests_and_responses_are_refused() {
    let chain = Chain::new();
    let mut config = loopback();
    config.limits.request_bytes_max = 1_000;
    config.limits.response_bytes_max = 2_000;
    let handle = serve(&chain, config).await;
    let large = request("state_getStorage", json!([format!("0x{}", "00".repeat(1_000))]));
    assert_eq!(post(handle.rpc_addr(), &[], &large).await.0, 413);
    let (_, answer) = post(handle.rpc_addr(), &[], &request("state_getMetadata", json!([]))).await;
    assert_eq!(answer["error"]["code"], -32008);
    let ws = connect(&handle).await;
    let error = StateApiClient::metadata(&ws, None).await.unwrap_err();
    assert!(matches!(error, Error::Call(error) if error.code() == -32008));
    let error = ws.request::<Value, _>("state_getStorage", rpc_params!["0".repeat(2_000)]).await;
    assert!(error.is_err());
}

#[tokio::test]
async fn connections_are_bounded() {
    let chain = Chain::new();
    let mut config = loopback();
    config.limits.connections_max = 1;
    let handle = serve(&chain, config).await;
    let first = connect(&handle).await;
    let name = request("system_name", json!([]));
    assert_eq!(post(handle.rpc_addr(), &[], &name).await.0, 429);
    // Those that say nothing take what places are left; then connections are closed unheard.
    let mut silent = Vec::new();
    loop {
        let mut stream = TcpStream::connect(handle.rpc_addr()).await.unwrap();
        let mut byte = [0];
        let wait = std::time::Duration::from_millis(50);
        match tokio::time::timeout(wait, stream.read(&mut byte)).await {
            Err(_) => silent.push(stream),
            Ok(end) => break assert!(!matches!(end, Ok(1))),
        }
        assert!(silent.len() < 100);
    }
    SystemApiClient::system_name(&first).await.unwrap();
    drop(silent);
    drop(first);
    // The places are free again as soon as the server has noticed.
    let url = format!("http://{}", handle.rpc_addr());
    let client = HttpClientBuilder::default().build(url).unwrap();
    while SystemApiClient::system_name(&client).await.is_err() {}
}

#[tokio::test]
async fn silent_connections_are_closed() {
    use crate::server::accept::Acceptor;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let acceptor = Acceptor::new(listener, 1, std::time::Duration::from_millis(20));
    let mut client = TcpStream::connect(addr).await.unwrap();
    let mut stream = acceptor.next().await;
    client.write_all(b"a").await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), b'a');
    stream.write_all(b"b").await.unwrap();
    assert_eq!(client.read_u8().await.unwrap(), b'b');
    let error = stream.read_u8().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn subscriptions_of_a_connection_are_bounded() {
    let chain = Chain::new();
    let mut config = loopback();
    config.limits.subscriptions_per_connection_max = 2;
    let handle = serve(&chain, config).await;
    let ws = connect(&handle).await;
    let first = ChainApiClient::subscribe_new_heads(&ws).await.unwrap();
    let _second = ChainApiClient::subscribe_all_heads(&ws).await.unwrap();
    let third = ChainApiClient::subscribe_finalized_heads(&ws).await;
    assert!(matches!(third, Err(Error::Call(error)) if error.code() == -32006));
    first.unsubscribe().await.unwrap();
    let _third: Subscription<_> = ChainApiClient::subscribe_finalized_heads(&ws).await.unwrap();
    // Another connection has its own allowance.
    let other = connect(&handle).await;
    let _fourth = ChainApiClient::subscribe_new_heads(&other).await.unwrap();
}

#[tokio::test]
async fn calls_of_a_connection_are_limited_in_rate() {
    let chain = Chain::new();
    let mut config = loopback();
    config.limits.calls_per_second_max = NonZeroU32::new(1);
    let handle = serve(&chain, config).await;
    let ws = connect(&handle).await;
    SystemApiClient::system_name(&ws).await.unwrap();
    let error = SystemApiClient::system_name(&ws).await.unwrap_err();
    assert!(matches!(error, Error::Call(error) if error.code() == -32999));
    SystemApiClient::system_name(&connect(&handle).await).await.unwrap();
}

#[tokio::test]
async fn pages_of_other_origins_are_turned_away() {
    let chain = Chain::new();
    let handle = serve(&chain, loopback()).await;
    let addr = handle.rpc_addr();
    let name = request("system_name", json!([]));
    assert_eq!(post(addr, &[("origin", "https://example.org")], &name).await.0, 403);
    assert_eq!(post(addr, &[("origin", "http://localhost:3000")], &name).await.0, 200);
    let mut headers = HeaderMap::new();
    headers.insert("origin", HeaderValue::from_static("https://example.org"));
    let url = format!("ws://{addr}");
    assert!(WsClientBuilder::default().set_headers(headers).build(url).await.is_err());
    // A name that someone else points at this machine.
    assert_eq!(post(addr, &[("host", "example.org")], &name).await.0, 403);

    let mut config = loopback();
    config.cors = Cors::Any;
    let handle = serve(&chain, config).await;
    let headers = [("origin", "https://example.org"), ("host", "example.org")];
    assert_eq!(post(handle.rpc_addr(), &headers, &name).await.0, 200);
}

#[tokio::test]
async fn unsafe_methods_follow_the_configuration() {
    let chain = Chain::new();
    let peers = request("system_peers", json!([]));
    for (methods, is_served) in
        [(RpcMethods::Auto, true), (RpcMethods::Safe, false), (RpcMethods::Unsafe, true)]
    {
        let mut config = loopback();
        config.methods = methods;
        let handle = serve(&chain, config).await;
        let (_, answer) = post(handle.rpc_addr(), &[], &peers).await;
        assert_eq!(answer["result"].is_array(), is_served);
    }
}

#[tokio::test]
async fn malformed_requests_are_refused() {
    let chain = Chain::new();
    let handle = serve(&chain, loopback()).await;
    let json = [("content-type", "application/json")];
    let without_method = r#"{"jsonrpc":"2.0","id":1}"#;
    for (body, code) in [("{", -32700), ("[]", -32600), (without_method, -32600), ("[1]", -32600)] {
        let (_, answer) = http(handle.rpc_addr(), "POST", "/", &json, body).await;
        assert!(answer.contains(&code.to_string()), "{body}: {answer}");
    }
    let too_many = request("chain_getHeader", json!(["0x01"]));
    let (_, answer) = post(handle.rpc_addr(), &[], &too_many).await;
    assert_eq!(answer["error"]["code"], -32602);
}

#[tokio::test]
async fn health_is_a_page_of_the_port() {
    let chain = Chain::new();
    let handle = serve(&chain, loopback()).await;
    let (status, body) = http(handle.rpc_addr(), "GET", "/health", &[], "").await;
    assert_eq!(status, 200);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, json!({ "peers": 0, "isSyncing": false, "shouldHavePeers": true }));
}

#[tokio::test]
async fn stop_ends_connections_and_frees_the_ports() {
    let chain = Chain::new();
    let handle = serve(&chain, loopback()).await;
    let (rpc, metrics) = (handle.rpc_addr(), handle.metrics_addr().unwrap());
    let ws = connect(&handle).await;
    handle.stop().await.unwrap();
    ws.on_disconnect().await;
    for addr in [rpc, metrics] {
        assert!(TcpStream::connect(addr).await.is_err());
    }
}

#[tokio::test]
async fn start_rejects_a_taken_port() {
    let chain = Chain::new();
    let handle = serve(&chain, loopback()).await;
    let config = RpcConfig::new(handle.rpc_addr());
    let error = start(config, chain.context()).await.unwrap_err();
    assert!(error.to_string().contains("cannot listen"));
}

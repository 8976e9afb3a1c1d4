//! The node's interface under misuse, and subxt as a user of it.

use ecoledger_tests::{
    Key, Rpc, Terms,
    rpc::{hex_of, refusal},
    transaction::remark,
    validators,
};
use eyre::{WrapErr, ensure, eyre};
use jsonrpsee::rpc_params;
use serde_json::{Value, json};
use subxt::{OnlineClient, SubstrateConfig, dynamic};

/// Longest request that a node reads, in bytes.
const REQUEST_BYTES_MAX: usize = 10 << 20;
/// Subscriptions of one connection.
const SUBSCRIPTIONS_MAX: usize = 1_024;

#[tokio::test(flavor = "multi_thread")]
async fn bad_calls_harm_nobody() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let rpc = network.rpc(0).await?;
    let terms = Terms::of(&rpc).await?;
    let alice = Key::ed25519("Alice");

    // Arguments on which the runtime's own decoding panics, and functions that are not for all.
    let unknown = "0xdead".to_owned();
    for (function, arguments) in [
        ("AccountNonceApi_account_nonce", "0x".to_owned()),
        ("AccountNonceApi_account_nonce", hex_of(&[1; 31])),
        ("RuntimeViewFunction_execute_view_function", unknown.clone()),
        ("Metadata_metadata_at_version", unknown.clone()),
        ("GenesisBuilder_get_preset", hex_of(&[0xff; 8])),
        ("TransactionPaymentApi_query_info", hex_of(&[0xff; 64])),
        ("TaggedTransactionQueue_validate_transaction", hex_of(&[0; 3])),
        ("Core_execute_block", unknown.clone()),
        ("GenesisBuilder_build_state", unknown.clone()),
        ("Nothing_of_this_name", unknown.clone()),
    ] {
        for _ in 0..5 {
            let answer = rpc.call::<Value>("state_call", rpc_params![function, &arguments]).await;
            let Err(error) = answer else {
                return Err(eyre!("{function}({arguments}) was answered: {answer:?}"));
            };
            let code = refusal(&error).map(|(code, _)| code);
            ensure!(code == Some(4003), "{function}({arguments}): {error:?}");
        }
    }
    // A transaction whose dispatch is dry run with garbage.
    let dry = rpc.call::<Value>("system_dryRun", rpc_params![hex_of(&[0xff; 40])]).await;
    ensure!(dry.is_err(), "garbage was dry run: {dry:?}");
    let head = rpc.finalize(&terms.sign(&alice, &remark(b"still here"))).await?;

    limits(&rpc, head).await?;
    oversized(&network.node(0).url()).await?;
    subscriptions(&network.node(0).url()).await?;
    rpc.finalize(&terms.nonce(1).sign(&alice, &remark(b"and still"))).await?;
    network.passed();
    Ok(())
}

async fn limits(rpc: &Rpc, head: ecoledger_primitives::Hash) -> eyre::Result<()> {
    for (method, params, code) in [
        ("state_getKeysPaged", json!(["0x", 1_001, null, head]), 4002),
        ("chain_getBlock", json!([ecoledger_primitives::Hash::repeat_byte(9)]), 0),
        ("state_getStorage", json!(["0x00", ecoledger_primitives::Hash::repeat_byte(9)]), 4003),
        ("chain_getBlockHash", json!([u64::MAX]), 3001),
        ("system_accountNextIndex", json!(["not an address"]), -32602),
        ("no_such_method", json!([]), -32601),
    ] {
        let answer =
            rpc.call::<Value>(method, serde_json::from_value::<Vec<Value>>(params.clone())?).await;
        match (answer, code) {
            // A block that is not there is no error in Substrate's interface.
            (Ok(value), 0) => ensure!(value.is_null(), "{method}: {value}"),
            (Ok(value), _) => return Err(eyre!("{method}{params} was answered: {value}")),
            (Err(error), code) => ensure!(
                refusal(&error).map(|(code, _)| code) == Some(code),
                "{method}{params}: expected {code}, got {error:?}"
            ),
        }
    }
    Ok(())
}

/// A request above the limit ends or is refused; the node goes on.
async fn oversized(url: &str) -> eyre::Result<()> {
    let rpc = Rpc::connect(url).await?;
    let huge = "0".repeat(REQUEST_BYTES_MAX + 1);
    let answer =
        rpc.call::<Value>("author_submitExtrinsic", rpc_params![format!("0x{huge}")]).await;
    ensure!(answer.is_err(), "a request of more than {REQUEST_BYTES_MAX} bytes was answered");
    Ok(())
}

/// One connection cannot hold more than its share of subscriptions.
async fn subscriptions(url: &str) -> eyre::Result<()> {
    let rpc = Rpc::connect(url).await?;
    let mut held = Vec::new();
    loop {
        match rpc.finalized_heads().await {
            Ok(subscription) => held.push(subscription),
            Err(error) => {
                ensure!(refusal(&error).is_some(), "{error:?}");
                break;
            }
        }
        ensure!(held.len() <= SUBSCRIPTIONS_MAX, "more subscriptions than the limit");
    }
    ensure!(held.len() == SUBSCRIPTIONS_MAX, "{} subscriptions were given", held.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn subxt_reads_and_signs() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let api = OnlineClient::<SubstrateConfig>::from_insecure_url(network.node(0).url()).await?;
    let at = api.at_current_block().await?;
    let alice = Key::for_client("Alice");

    let address = dynamic::storage::<Vec<dynamic::Value>, dynamic::Value>("System", "Account");
    let account = at
        .storage()
        .fetch(address, vec![dynamic::Value::from_bytes(alice.public_key())])
        .await
        .wrap_err("read an account")?;
    ensure!(account.bytes().len() > 4, "an account record");

    let remark = dynamic::Value::from_bytes(b"by subxt");
    let payload = dynamic::tx("System", "remark_with_event", vec![remark]);
    let included = at
        .transactions()
        .sign_and_submit_then_watch_default(&payload, &alice)
        .await?
        .wait_for_finalized()
        .await?;
    let events = included.wait_for_success().await?;
    let mut names = Vec::new();
    for event in events.iter() {
        let event = event.wrap_err("decode an event")?;
        names.push(format!("{}.{}", event.pallet_name(), event.event_name()));
    }
    ensure!(names.contains(&"System.Remarked".to_owned()), "{names:?}");

    // The other scheme, by subxt's own signer.
    let bob = subxt_signer::sr25519::dev::bob();
    let payload =
        dynamic::tx("System", "remark_with_event", vec![dynamic::Value::from_bytes(b"sr25519")]);
    let at = api.at_current_block().await?;
    at.transactions()
        .sign_and_submit_then_watch_default(&payload, &bob)
        .await?
        .wait_for_finalized_success()
        .await?;
    network.passed();
    Ok(())
}

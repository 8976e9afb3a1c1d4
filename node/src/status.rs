//! Asks a running node how it is.

use crate::cli::StatusArgs;
use eyre::WrapErr;
use jsonrpsee::{core::client::ClientT, http_client::HttpClientBuilder, rpc_params};
use serde_json::{Value, json};

/// Prints what the node at `args.url` says of itself.
pub(crate) async fn print(args: &StatusArgs) -> eyre::Result<()> {
    // One variable serves both programs, and the port both protocols.
    let url = args.url.replacen("ws", "http", usize::from(args.url.starts_with("ws")));
    let client = HttpClientBuilder::default().build(&url).wrap_err("read address")?;
    let ask = async |method: &str| -> eyre::Result<Value> {
        client
            .request(method, rpc_params![])
            .await
            .wrap_err_with(|| format!("ask {} for {method}; is the node running?", args.url))
    };
    let finalized = ask("chain_getFinalizedHead").await?;
    let header: Value = client
        .request("chain_getHeader", rpc_params![&finalized])
        .await
        .wrap_err("ask for the finalized header")?;
    let number = header["number"]
        .as_str()
        .and_then(|n| u64::from_str_radix(n.trim_start_matches("0x"), 16).ok());
    let status = json!({
        "chain": ask("system_chain").await?,
        "name": ask("system_name").await?,
        "version": ask("system_version").await?,
        "roles": ask("system_nodeRoles").await?,
        "peerId": ask("system_localPeerId").await?,
        "health": ask("system_health").await?,
        "height": number,
        "hash": finalized,
        "stateRoot": header["stateRoot"],
    });
    if args.json {
        println!("{}", serde_json::to_string_pretty(&status).wrap_err("encode status")?);
        return Ok(());
    }
    for (key, value) in status.as_object().into_iter().flatten() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        println!("{key:<10} {text}");
    }
    Ok(())
}

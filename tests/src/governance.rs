//! Motions of the governance committee: //Alice, //Bob and //Charlie by their ed25519 keys.

use crate::{rpc::bytes_of, transaction::Key};
use ecoledger_client::{Client, Receipt};
use eyre::{WrapErr, bail, ensure, eyre};
use futures::future::try_join_all;
use serde_json::{Value, json};

/// Members of the committee.
const COMMITTEE: [&str; 3] = ["Alice", "Bob", "Charlie"];
/// Length bound of a proposal, in bytes.
const PROPOSAL_BYTES: u32 = 4_096;

/// Proposes `call`, such as `{"Validators": {"forbid_node": {..}}}`, lets the committee vote for
/// it, closes the motion, and gives the receipt of the block in which the call took effect.
///
/// # Errors
/// When a step is refused, or the call fails.
pub async fn enact(client: &Client, call: Value) -> eyre::Result<Receipt> {
    let (receipt, result) = carry(client, call).await?;
    ensure!(result.get("Err").is_none(), "the motion was carried, its call failed: {result}");
    Ok(receipt)
}

/// As [`enact`] for a call that fails: gives the pallet's and the error's name.
///
/// # Errors
/// When a step is refused, or the call succeeds.
pub async fn enact_refused(client: &Client, call: Value) -> eyre::Result<String> {
    let (_, result) = carry(client, call).await?;
    let module = &result["Err"]["Module"];
    let metadata = client.metadata().await.wrap_err("read metadata")?;
    let pallet = module["index"].as_u64().and_then(|index| u8::try_from(index).ok());
    let error = module["error"].as_str().map(bytes_of).transpose()?;
    let (Some(pallet), Some([error, ..])) = (pallet, error.as_deref()) else {
        bail!("the motion was carried, its call ended as {result}");
    };
    let pallet = metadata
        .pallet_by_error_index(pallet)
        .ok_or_else(|| eyre!("there is no pallet {pallet}"))?;
    let error = pallet
        .error_variant_by_index(*error)
        .ok_or_else(|| eyre!("{} has no error {error}", pallet.name()))?;
    Ok(format!("{}.{}", pallet.name(), error.name))
}

/// The receipt of a motion's close, and what its call answered.
async fn carry(client: &Client, call: Value) -> eyre::Result<(Receipt, Value)> {
    let [proposer, ..] = COMMITTEE;
    let proposed = client
        .submit(
            &Key::for_client(proposer),
            "Committee",
            "propose",
            &json!({ "threshold": 3, "proposal": call, "length_bound": PROPOSAL_BYTES }),
        )
        .await
        .wrap_err("propose")?
        .finalized()
        .await
        .wrap_err("propose")?;
    let event = proposed
        .event("Committee", "Proposed")
        .ok_or_else(|| eyre!("no motion was opened: {:?}", proposed.events))?;
    let (motion, index) = (&event.fields["proposal_hash"], &event.fields["proposal_index"]);
    try_join_all(COMMITTEE.map(|member| async move {
        let vote = json!({ "proposal": motion, "index": index, "approve": true });
        let vote = client.submit(&Key::for_client(member), "Committee", "vote", &vote).await;
        vote.wrap_err("vote")?.finalized().await.wrap_err("vote")
    }))
    .await?;
    let close = json!({
        "proposal_hash": motion,
        "index": index,
        "proposal_weight_bound": { "ref_time": 100_000_000_000u64, "proof_size": 1_000_000 },
        "length_bound": PROPOSAL_BYTES,
    });
    let closed = client
        .submit(&Key::for_client(proposer), "Committee", "close", &close)
        .await
        .wrap_err("close")?
        .finalized()
        .await
        .wrap_err("close")?;
    let executed = closed
        .event("Committee", "Executed")
        .ok_or_else(|| eyre!("the motion was not carried: {:?}", closed.events))?;
    let result = executed.fields["result"].clone();
    Ok((closed, result))
}

//! Motions of the governance committee: //Alice, //Bob and //Charlie by their ed25519 keys.

use crate::transaction::Key;
use ecoledger_client::{Client, Receipt};
use eyre::{WrapErr, ensure, eyre};
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
    let result = executed.fields["result"].to_string();
    ensure!(!result.contains("Err"), "the motion was carried, its call failed: {result}");
    Ok(closed)
}

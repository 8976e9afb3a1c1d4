//! Motions of the committee: any call, proposed, voted on, and carried out.

use crate::{
    arguments,
    output::{Printer, cell, line, print_table},
    submit::{SubmitArgs, call_of, send, sent},
};
use clap::{ArgGroup, Args, Subcommand};
use ecoledger_client::{Call, Client, Error, MotionHash, Receipt, governance};
use serde_json::{Value, json};
use std::str::FromStr;

/// The committee carries out a call by vote. Two thirds of its members are what governance needs.
#[derive(Debug, Subcommand)]
pub(crate) enum MotionCommand {
    /// Propose a call: a member. Prints the motion's hash and index, by which others vote.
    Propose {
        /// Pallet and call, such as Traceability.set_yield.
        call: CallName,
        /// Arguments as `name=value`; values are JSON or plain text.
        arguments: Vec<String>,
        /// Arguments as one JSON object; `-` reads it from standard input.
        #[arg(long, conflicts_with = "arguments")]
        json: Option<String>,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Vote on a motion: a member. A later vote of the same member replaces the earlier one.
    #[command(group(ArgGroup::new("choice").required(true)))]
    Vote {
        /// The motion's hash: 0x and 64 digits.
        hash: MotionHash,
        /// The motion's index.
        index: u32,
        /// Vote for it.
        #[arg(long, group = "choice")]
        aye: bool,
        /// Vote against it.
        #[arg(long, group = "choice")]
        nay: bool,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Close a motion that has enough votes, or whose time is over: anyone. A call that was
    /// approved is carried out; the command fails if that call fails.
    Close {
        /// The motion's hash: 0x and 64 digits.
        hash: MotionHash,
        /// The motion's index.
        index: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show the motions that are not closed.
    List,
}

/// How a call is proposed to the committee.
#[derive(Args, Debug)]
pub(crate) struct MotionArgs {
    /// Approvals by which the motion is carried; two thirds of the members unless given.
    #[arg(long)]
    threshold: Option<u32>,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// Who makes a call that the committee may make too.
#[derive(Args, Debug)]
pub(crate) struct OriginArgs {
    /// Propose the call to the committee, as a member, instead of making it.
    #[arg(long)]
    propose: bool,
    #[command(flatten)]
    motion: MotionArgs,
}

impl OriginArgs {
    /// Signs `call` and submits it, or proposes it.
    pub(crate) async fn make(
        &self,
        client: &Client,
        call: &Call,
        printer: Printer,
    ) -> Result<(), Error> {
        if self.propose {
            return propose(client, &self.motion, call, printer).await;
        }
        if self.motion.threshold.is_some() {
            return Err(Error::Arguments("threshold: only --propose has one".into()));
        }
        send(client, &self.motion.submit, call, printer).await
    }
}

/// `Pallet.call`.
#[derive(Clone, Debug)]
pub(crate) struct CallName {
    pallet: String,
    call: String,
}

impl FromStr for CallName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once('.') {
            Some((pallet, call)) if !pallet.is_empty() && !call.is_empty() => {
                Ok(Self { pallet: pallet.to_owned(), call: call.to_owned() })
            }
            _ => Err(Error::Arguments(format!(
                "call: Pallet.call is expected, such as Traceability.set_yield, got {text:?}"
            ))),
        }
    }
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &MotionCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        MotionCommand::Propose { call, arguments, json, motion } => {
            let arguments = match json {
                Some(text) => arguments::object(text)?,
                None => arguments::named(arguments)?,
            };
            let call = call_of(&call.pallet, &call.call, arguments);
            propose(client, motion, &call, printer).await
        }
        MotionCommand::Vote { hash, index, aye, nay: _, submit } => {
            send(client, submit, &governance::vote(hash, *index, *aye), printer).await
        }
        MotionCommand::Close { hash, index, submit } => {
            close(client, hash, *index, submit, printer).await
        }
        MotionCommand::List => list(client, printer).await,
    }
}

/// Proposes `call` to the committee, and prints what others need to vote on it.
pub(crate) async fn propose(
    client: &Client,
    args: &MotionArgs,
    call: &Call,
    printer: Printer,
) -> Result<(), Error> {
    let proposal = client.propose(call, args.threshold).await?;
    let Some(receipt) = sent(client, &args.submit, &proposal, printer).await? else {
        return Ok(());
    };
    let Some(proposed) = receipt.event("Committee", "Proposed") else {
        // One approval was enough: the call was carried out at once.
        client.outcome(&receipt).await?;
        printer.receipt(&receipt);
        return Ok(());
    };
    let (hash, index) = (&proposed.fields["proposal_hash"], &proposed.fields["proposal_index"]);
    let threshold = &proposed.fields["threshold"];
    if printer.is_json() {
        let more = json!({ "hash": hash, "index": index, "threshold": threshold });
        printer.value(&with_receipt(more, &receipt));
        return Ok(());
    }
    let (hash, index) = (cell(hash), cell(index));
    line(format_args!("{}.{} is motion {hash} {index}", call.pallet, call.name));
    line(format_args!("members vote on it: ecoledger motion vote {hash} {index} --aye"));
    line(format_args!("with {threshold} ayes, anyone: ecoledger motion close {hash} {index}"));
    Ok(())
}

async fn close(
    client: &Client,
    hash: &MotionHash,
    index: u32,
    submit: &SubmitArgs,
    printer: Printer,
) -> Result<(), Error> {
    let call = client.close(hash, index).await?;
    let Some(receipt) = sent(client, submit, &call, printer).await? else { return Ok(()) };
    let is_carried = client.outcome(&receipt).await?;
    if printer.is_json() {
        let more = json!({ "hash": hash, "index": index, "carried": is_carried });
        printer.value(&with_receipt(more, &receipt));
        return Ok(());
    }
    line(if is_carried { "the motion was carried" } else { "the motion was not carried" });
    printer.receipt(&receipt);
    Ok(())
}

async fn list(client: &Client, printer: Printer) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let motions = client.motions(height).await?;
    if printer.is_json() {
        printer.value(&json!(motions));
        return Ok(());
    }
    let rows = motions.iter().map(|motion| {
        vec![
            motion.hash.to_string(),
            motion.index.to_string(),
            format!("{}.{}", motion.call.pallet, motion.call.name),
            cell(&motion.call.arguments),
            format!("{} of {}", motion.ayes.len(), motion.threshold),
            motion.nays.len().to_string(),
            motion.end.to_string(),
        ]
    });
    print_table(&["hash", "index", "call", "arguments", "ayes", "nays", "ends at height"], rows);
    Ok(())
}

/// A receipt with more fields.
fn with_receipt(mut more: Value, receipt: &Receipt) -> Value {
    if let (Some(fields), Value::Object(receipt)) = (more.as_object_mut(), json!(receipt)) {
        fields.extend(receipt);
    }
    more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_named_with_their_pallet() {
        let name: CallName = "Certification.set_scheme".parse().unwrap();
        assert_eq!((name.pallet.as_str(), name.call.as_str()), ("Certification", "set_scheme"));
        for text in ["set_scheme", ".set_scheme", "Certification.", ""] {
            let error = text.parse::<CallName>().unwrap_err().to_string();
            assert!(error.contains("Pallet.call"), "{error}");
        }
    }
}

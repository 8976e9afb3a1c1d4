//! Validators, and the nodes that may connect.

use crate::{
    motion::{MotionArgs, propose},
    output::{Printer, line, print_table},
};
use clap::Subcommand;
use ecoledger_client::{
    Client, Error,
    validators::{self, LABEL_BYTES_MAX, PublicKey},
    value::check_line,
};
use serde_json::{Value, json};

/// Validators and nodes. A key is 0x and 64 digits, as `ecoledger-node key inspect-node` prints it.
/// What changes them is proposed as a motion; the committee votes on it. A change of the set acts
/// on the second height behind the block that carries it out.
#[derive(Debug, Subcommand)]
pub(crate) enum ValidatorCommand {
    /// Propose to add a validator.
    Add {
        /// Key that it signs votes with.
        validator: PublicKey,
        /// Key of its node.
        #[arg(long, value_name = "NODE_KEY")]
        node: PublicKey,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose to remove a validator.
    Remove {
        /// Key that it signs votes with.
        validator: PublicKey,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose to give a validator another voting key.
    Rotate {
        /// Key that it signs votes with.
        old: PublicKey,
        /// Key that takes its place.
        new: PublicKey,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose to give a validator another node.
    ReplaceNode {
        /// Key that it signs votes with.
        validator: PublicKey,
        /// Key of the new node.
        node: PublicKey,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose that a node may connect in its own right.
    Permit {
        /// Key of the node.
        node: PublicKey,
        /// Which institution's node it is; public, so never a person's name.
        #[arg(long, value_parser = label)]
        label: String,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose that a node may no longer connect in its own right.
    Forbid {
        /// Key of the node.
        node: PublicKey,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Show the validators of the next two heights, and the nodes that may connect.
    List,
}

fn label(text: &str) -> Result<String, Error> {
    check_line("label", text, LABEL_BYTES_MAX)?;
    Ok(text.to_owned())
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &ValidatorCommand,
    printer: Printer,
) -> Result<(), Error> {
    let (call, motion) = match command {
        ValidatorCommand::Add { validator, node, motion } => {
            if validator == node {
                return Err(Error::Arguments(format!(
                    "node: another key than the one that signs votes is expected, got {node} for both"
                )));
            }
            (validators::add_validator(validator, node), motion)
        }
        ValidatorCommand::Remove { validator, motion } => {
            (validators::remove_validator(validator), motion)
        }
        ValidatorCommand::Rotate { old, new, motion } => {
            (validators::rotate_validator(old, new), motion)
        }
        ValidatorCommand::ReplaceNode { validator, node, motion } => {
            (validators::replace_node(validator, node), motion)
        }
        ValidatorCommand::Permit { node, label, motion } => {
            (validators::permit_node(node, label), motion)
        }
        ValidatorCommand::Forbid { node, motion } => (validators::forbid_node(node), motion),
        ValidatorCommand::List => return list(client, printer).await,
    };
    propose(client, motion, &call, printer).await
}

async fn list(client: &Client, printer: Printer) -> Result<(), Error> {
    let height = client.height().await?;
    let next = client.next_validators(Some(height)).await?;
    let after_next = client.after_next_validators(Some(height)).await?;
    let mut nodes = Vec::new();
    for node in client.permitted_nodes(Some(height)).await? {
        let label = client.node_label(&node, Some(height)).await?;
        nodes.push((node, label));
    }
    if printer.is_json() {
        let nodes = nodes.iter().map(|(node, label)| json!({ "nodeKey": node, "label": label }));
        printer.value(&json!({
            "height": height,
            "next": next,
            "afterNext": after_next,
            "nodes": Value::Array(nodes.collect()),
        }));
        return Ok(());
    }
    let mut members: Vec<_> = next.iter().chain(&after_next).collect();
    members.sort_unstable_by_key(|member| (&member.key, &member.node_key));
    members.dedup();
    let yes_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let rows = members.iter().map(|member| {
        vec![
            member.key.to_string(),
            member.node_key.to_string(),
            yes_no(next.contains(member)),
            yes_no(after_next.contains(member)),
        ]
    });
    let (first, second) = (height.saturating_add(1), height.saturating_add(2));
    let (first, second) = (format!("votes at {first}"), format!("votes from {second} on"));
    print_table(&["validator", "node", &first, &second], rows);
    let rows = nodes.iter().map(|(node, label)| {
        let label = label.clone().unwrap_or_else(|| "a validator's".to_owned());
        vec![node.to_string(), label]
    });
    print_table(&["node that may connect", "label"], rows);
    line(format_args!("{} validators, {} nodes", after_next.len(), nodes.len()));
    Ok(())
}

//! Agents: keys that act for an organisation.

use super::{HolderArgs, OrgName};
use crate::{
    fields::show,
    motion::OriginArgs,
    output::{Printer, cell},
    submit::{SubmitArgs, send},
};
use clap::Subcommand;
use ecoledger_client::{Client, Error, Powers, participants};
use serde_json::json;

/// Agents (经办人). ADDRESS is the account of a key, as `key show` prints it; POWERS are words of
/// administer, register and roles such as trace-node with commas between them, or all, or none.
#[derive(Debug, Subcommand)]
pub(crate) enum AgentCommand {
    /// Register a key that never acted: an administrator of the organisation.
    Add {
        /// The organisation.
        organisation: OrgName,
        /// Address of the key.
        address: String,
        /// What it may do.
        #[arg(long)]
        powers: Powers,
        #[command(flatten)]
        holder: HolderArgs,
        #[command(flatten)]
        origin: OriginArgs,
    },
    /// Set what an agent may do: an administrator of its organisation.
    Powers {
        /// Address of the agent.
        address: String,
        /// What it may do.
        powers: Powers,
        #[command(flatten)]
        origin: OriginArgs,
    },
    /// Put another key in the place of the one that signs, which can never act again.
    Rotate {
        /// Address of the new key, which never acted.
        new: String,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Withdraw a key for ever: an administrator of its organisation, or the agent itself.
    Revoke {
        /// Address of the agent.
        address: String,
        #[command(flatten)]
        origin: OriginArgs,
    },
    /// Put a new key in the place of one that is lost or withdrawn: an administrator of its
    /// organisation.
    Recover {
        /// Address of the key that is lost.
        old: String,
        /// Address of the new key, which never acted.
        new: String,
        #[command(flatten)]
        origin: OriginArgs,
    },
    /// Show for whom a key acts, and what it may do.
    Show {
        /// Address of the agent.
        address: String,
    },
}

/// Runs the command.
pub(super) async fn run(
    client: &Client,
    command: &AgentCommand,
    printer: Printer,
) -> Result<(), Error> {
    let (call, origin) = match command {
        AgentCommand::Add { organisation, address, powers, holder, origin } => {
            let organisation = organisation.number(client).await?;
            let holder = holder.read()?;
            let call =
                participants::register_agent(organisation, address, *powers, holder.as_ref());
            (call, origin)
        }
        AgentCommand::Powers { address, powers, origin } => {
            (participants::set_agent_powers(address, *powers), origin)
        }
        AgentCommand::Rotate { new, submit } => {
            return send(client, submit, &participants::rotate_key(new), printer).await;
        }
        AgentCommand::Revoke { address, origin } => (participants::revoke_agent(address), origin),
        AgentCommand::Recover { old, new, origin } => {
            (participants::recover_agent(old, new), origin)
        }
        AgentCommand::Show { address } => return show_agent(client, address, printer).await,
    };
    origin.make(client, &call, printer).await
}

async fn show_agent(client: &Client, address: &str, printer: Printer) -> Result<(), Error> {
    let agent = client.agent(address, None).await?;
    let agent = agent.ok_or_else(|| Error::NotFound(format!("agent {address}")))?;
    show(
        printer,
        &json!({ "address": address, "agent": agent, "powers": agent.powers.to_string() }),
        &[
            ("address", address.to_owned()),
            ("agent of", format!("organisation {}", agent.organisation)),
            ("powers", agent.powers.to_string()),
            ("status", cell(&agent.status)),
            ("may act", if agent.may_act { "yes" } else { "no" }.to_owned()),
            ("left today", format!("{} transactions", agent.quota_left)),
        ],
    );
    Ok(())
}

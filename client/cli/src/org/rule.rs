//! The rules by which organisations are registered and capacities granted.

use crate::{
    fields::{ascending, show},
    motion::{MotionArgs, propose},
    output::Printer,
};
use clap::{ArgGroup, Subcommand};
use ecoledger_client::{Client, Error, Role, participants};
use serde_json::json;

/// Rules. What changes them is proposed as a motion; the committee votes on it. A role is such as
/// trace-node.
#[derive(Debug, Subcommand)]
pub(crate) enum RuleCommand {
    /// Propose which roles a role may grant, in place of those before.
    #[command(group(ArgGroup::new("granted").required(true).args(["grants", "none"])))]
    GrantRule {
        /// The role that grants.
        granter: Role,
        /// What it may grant, with commas between them.
        #[arg(long, value_name = "ROLES", value_delimiter = ',')]
        grants: Vec<Role>,
        /// It may grant nothing.
        #[arg(long)]
        none: bool,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose which roles may register and suspend organisations, in place of those before.
    Registrars {
        /// The roles, with commas between them.
        #[arg(required = true, value_delimiter = ',')]
        roles: Vec<Role>,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose that two roles exclude each other; what was granted before stays.
    Conflict {
        /// One of them.
        a: Role,
        /// The other.
        b: Role,
        /// They no longer exclude each other.
        #[arg(long)]
        end: bool,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Show all rules and the general quota.
    Show,
}

/// Runs the command.
pub(super) async fn run(
    client: &Client,
    command: &RuleCommand,
    printer: Printer,
) -> Result<(), Error> {
    let (call, motion) = match command {
        RuleCommand::GrantRule { granter, grants, none: _, motion } => {
            (participants::set_grant_rule(*granter, &ascending(grants)), motion)
        }
        RuleCommand::Registrars { roles, motion } => {
            (participants::set_registrar_roles(&ascending(roles)), motion)
        }
        RuleCommand::Conflict { a, b, end, motion } => {
            if a == b {
                return Err(Error::Arguments(format!(
                    "conflict: two roles are expected, since none excludes itself, got {} twice",
                    a.name()
                )));
            }
            (participants::set_conflict(*a, *b, !end), motion)
        }
        RuleCommand::Show => return show_rules(client, printer).await,
    };
    propose(client, motion, &call, printer).await
}

async fn show_rules(client: &Client, printer: Printer) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let grant_rules = client.grant_rules(height).await?;
    let registrars = client.registrar_roles(height).await?;
    let conflicts = client.conflicts(height).await?;
    let quota = client.daily_quota(height).await?;
    let names =
        |roles: &[Role]| roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ");
    let grants: Vec<_> = grant_rules
        .iter()
        .map(|(granter, roles)| format!("{} grants {}", granter.name(), names(roles)))
        .collect();
    let pairs: Vec<_> =
        conflicts.iter().map(|(a, b)| format!("{} and {}", a.name(), b.name())).collect();
    show(
        printer,
        &json!({
            "grantRules": grant_rules,
            "registrarRoles": registrars,
            "conflicts": conflicts,
            "dailyQuota": quota,
        }),
        &[
            ("registrars", names(&registrars)),
            ("grant rules", grants.join("\n")),
            ("exclude each other", pairs.join("\n")),
            ("general quota", format!("{quota} transactions a day")),
        ],
    );
    Ok(())
}

//! Organisations, and the money of accounts.

use crate::{
    keys::{KeyArgs, show_account},
    output::{Printer, cell, print_record},
};
use clap::{Args, Subcommand};
use ecoledger_client::{Client, Error, Moment, address, quantity::decimal};
use serde_json::json;

/// The account of a key, or what to do with an account.
#[derive(Args, Debug)]
pub(crate) struct AccountArgs {
    #[command(flatten)]
    key: KeyArgs,
    #[command(subcommand)]
    command: Option<AccountCommand>,
}

/// Accounts.
#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Show the money and the rights of an account.
    Balance {
        /// SS58 address; that of the key unless given.
        address: Option<String>,
        #[command(flatten)]
        key: KeyArgs,
    },
}

impl AccountArgs {
    /// Shows the account of the key where no command follows; needs no node.
    pub(crate) fn run_offline(&self, printer: Printer) -> Option<Result<(), Error>> {
        self.command.is_none().then(|| show_account(&self.key, printer))
    }
}

/// Runs the command.
pub(crate) async fn run_account(
    client: &Client,
    args: &AccountArgs,
    printer: Printer,
) -> Result<(), Error> {
    let Some(AccountCommand::Balance { address: given, key }) = &args.command else {
        return show_account(&args.key, printer);
    };
    let account = match given {
        Some(address) => address.clone(),
        None if key.is_given() => address(&key.load()?.public_key()),
        None => return Err(Error::Arguments("give an address, --key FILE or --secret".into())),
    };
    let height = client.height().await?;
    let balance = client.balance(&account, Some(height)).await?;
    let agent = client.agent(&account, Some(height)).await?;
    if printer.is_json() {
        printer.value(&json!({
            "address": account, "height": height, "balance": balance, "agent": agent,
        }));
        return Ok(());
    }
    let yuan = |fen: u128| format!("{} yuan", decimal(fen, 2));
    let mut rows = vec![
        ("address", account),
        ("free", yuan(balance.free_fen)),
        ("on hold", yuan(balance.reserved_fen)),
        ("frozen", yuan(balance.frozen_fen)),
    ];
    match agent {
        Some(agent) => {
            rows.push(("agent of", format!("organisation {}", agent.organisation)));
            rows.push(("may act", if agent.may_act { "yes" } else { "no" }.into()));
            rows.push(("left today", format!("{} transactions", agent.quota_left)));
        }
        None => rows.push(("agent of", "no organisation".into())),
    }
    print_record(&rows);
    Ok(())
}

/// Organisations.
#[derive(Debug, Subcommand)]
pub(crate) enum OrgCommand {
    /// Show an organisation, its capacities (职能) and its agents.
    Show {
        /// Its number, or its unified social credit code (统一社会信用代码).
        organisation: String,
    },
}

/// Runs the command.
pub(crate) async fn run_org(
    client: &Client,
    command: &OrgCommand,
    printer: Printer,
) -> Result<(), Error> {
    let OrgCommand::Show { organisation: given } = command;
    let height = Some(client.height().await?);
    let found = match given.parse() {
        Ok(number) if given.len() < 11 => client.organisation(number, height).await?,
        _ if given.len() == 18 => client.organisation_by_uscc(given, height).await?,
        _ => {
            return Err(Error::Arguments(format!(
                "organisation: a number, or a unified social credit code of 18 characters is expected, got {given:?}"
            )));
        }
    };
    let organisation = found.ok_or_else(|| Error::NotFound(format!("organisation {given}")))?;
    let capacities = client.capacities(organisation.id, Moment::now().0 / 1000, height).await?;
    let agents = client.agents_of(organisation.id, height).await?;
    if printer.is_json() {
        printer.value(&json!({
            "organisation": organisation, "capacities": capacities, "agents": agents,
        }));
        return Ok(());
    }
    let capacities: Vec<_> = capacities
        .iter()
        .map(|capacity| {
            let until = capacity
                .valid_until
                .map(|end| format!(" until {}", Moment(end.saturating_mul(1000))));
            let subjects = if capacity.subjects.is_empty() {
                String::new()
            } else {
                format!(" for {}", capacity.subjects.join(", "))
            };
            let region = match capacity.region {
                0 => "the country".to_owned(),
                code => format!("{code:06}"),
            };
            format!("{} in {region}{subjects}{}", capacity.role, until.unwrap_or_default())
        })
        .collect();
    let none = || "—".to_owned();
    print_record(&[
        ("organisation", organisation.id.to_string()),
        ("name", organisation.name.clone()),
        ("uscc", organisation.uscc.clone()),
        ("region", format!("{:06}", organisation.region)),
        ("gln", organisation.gln.clone().unwrap_or_else(none)),
        ("did", organisation.did.clone().unwrap_or_else(none)),
        ("status", cell(&organisation.status)),
        ("capacities", capacities.join("\n")),
        ("agents", agents.join("\n")),
    ]);
    Ok(())
}

//! The account of a key, and the money of accounts.

use crate::{
    keys::{KeyArgs, show_account},
    output::{Printer, print_record},
};
use clap::{Args, Subcommand};
use ecoledger_client::{Client, Error, address, quantity::decimal};
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
pub(crate) async fn run(
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
            rows.push(("powers", agent.powers.to_string()));
            rows.push(("may act", if agent.may_act { "yes" } else { "no" }.into()));
            rows.push(("left today", format!("{} transactions", agent.quota_left)));
        }
        None => rows.push(("agent of", "no organisation".into())),
    }
    print_record(&rows);
    Ok(())
}

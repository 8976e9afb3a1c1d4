//! Settlement money: issued against deposits, redeemed and paid out.

use crate::{
    document::DocumentArgs,
    fields::{one_of, show},
    motion::{MotionArgs, OriginArgs, propose},
    output::{Printer, cell, line, print_table},
    submit::{SubmitArgs, commitment, send},
};
use clap::{ArgGroup, Args, Subcommand};
use ecoledger_client::{
    Call, Client, Error, Fen,
    settlement::{self, PostingKind, Redemption, RedemptionId, RejectReason},
    traceability::{Commitment, OrganisationId},
};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Longest external reference, in bytes.
const REFERENCE_BYTES_MAX: usize = 64;

/// Why a redemption is refused.
const REASONS: &[(&str, &str)] = &[
    ("account-mismatch", "the opened commitment is not the holder's account"),
    ("account-unavailable", "the bank account cannot be paid into"),
    ("documents-missing", "the commitment was not opened, or a document is missing"),
    ("payment-forbidden", "a court or supervisor forbids the payment"),
    ("payment-failed", "the payment was tried and came back"),
    ("institution-inactive", "the institution did not act, or acts no more"),
];

/// Money of a settlement institution. Amounts are yuan such as 1234.56; INSTITUTION is the number of
/// its organisation.
#[derive(Debug, Subcommand)]
pub(crate) enum MoneyCommand {
    /// Issue money against a deposit: a settlement institution.
    Issue {
        /// Address of the agent who gets it.
        beneficiary: String,
        /// How much, in yuan such as 1234.56.
        #[arg(value_parser = amount)]
        amount: Fen,
        /// The institution's number of the deposit, never used before; public.
        #[arg(long, value_parser = reference)]
        reference: String,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Ask an institution to pay out money of the signer, and put it on hold.
    Request {
        /// The institution.
        institution: OrganisationId,
        /// How much, in yuan such as 1234.56.
        #[arg(value_parser = amount)]
        amount: Fen,
        #[command(flatten)]
        account: AccountArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Announce that a redemption is being paid, so that it can no longer be cancelled: the
    /// institution.
    Accept {
        /// Number of the redemption.
        redemption: RedemptionId,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Confirm that a redemption was paid, and burn the money: the institution.
    Confirm {
        /// Number of the redemption.
        redemption: RedemptionId,
        /// The institution's number of the payment, never used before; public.
        #[arg(long, value_parser = reference)]
        reference: String,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Refuse a redemption that was not paid, and free the money: the institution.
    Reject {
        /// Number of the redemption.
        redemption: RedemptionId,
        /// Why.
        #[arg(value_parser = one_of::<RejectReason>(REASONS))]
        reason: RejectReason,
        #[command(flatten)]
        origin: OriginArgs,
    },
    /// Withdraw a request that was not accepted, and free the money: its holder.
    Cancel {
        /// Number of the redemption.
        redemption: RedemptionId,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Propose the most that an institution may have outstanding: a member of the committee.
    Ceiling {
        /// The institution.
        institution: OrganisationId,
        /// How much, in yuan such as 1234.56.
        ceiling: Fen,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Show a redemption.
    Show {
        /// Number of the redemption.
        redemption: RedemptionId,
    },
    /// Show the redemptions that are open.
    #[command(group(ArgGroup::new("whose").required(true)))]
    Open {
        /// Those that an institution was asked to pay.
        #[arg(long, group = "whose")]
        institution: Option<OrganisationId>,
        /// Those of the account with this address.
        #[arg(long, group = "whose", value_name = "ADDRESS")]
        holder: Option<String>,
    },
    /// Show what an institution may issue, and has issued and redeemed.
    Institution {
        /// The institution.
        institution: OrganisationId,
    },
    /// Show what an institution booked under a reference of its own.
    Posting {
        /// The institution.
        institution: OrganisationId,
        /// Its reference.
        #[arg(value_parser = reference)]
        reference: String,
    },
}

/// The bank account to be paid, as a commitment that is opened to the institution only.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct AccountArgs {
    /// Commitment to the bank account to be paid: 0x and 64 digits.
    #[arg(long)]
    account: Option<Commitment>,
    /// File that names the bank account; its salt is kept beside it in FILE.salt.
    #[arg(long, value_name = "FILE")]
    account_file: Option<PathBuf>,
}

impl AccountArgs {
    fn read(&self) -> Result<Commitment, Error> {
        commitment(self.account.as_ref(), self.account_file.as_deref())?
            .ok_or_else(|| Error::Arguments("account: give --account or --account-file".into()))
    }
}

/// An amount that moves.
fn amount(text: &str) -> Result<Fen, Error> {
    match text.parse()? {
        Fen(0) => Err(Error::Arguments("amount: at least 0.01 is expected, got 0".into())),
        amount => Ok(amount),
    }
}

/// A number from an institution's books.
fn reference(text: &str) -> Result<String, Error> {
    let is_visible = |byte: u8| byte.is_ascii_graphic();
    if (1..=REFERENCE_BYTES_MAX).contains(&text.len()) && text.bytes().all(is_visible) {
        return Ok(text.to_owned());
    }
    Err(Error::Arguments(format!(
        "reference: 1 to {REFERENCE_BYTES_MAX} visible characters of ASCII without spaces are expected, got {text:?}"
    )))
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &MoneyCommand,
    printer: Printer,
) -> Result<(), Error> {
    use MoneyCommand as M;
    let (call, submit): (Call, &SubmitArgs) = match command {
        M::Issue { beneficiary, amount, reference, document, submit } => {
            let document = document.read()?;
            (settlement::issue(beneficiary, amount.0, reference, &document), submit)
        }
        M::Request { institution, amount, account, submit } => {
            let account = account.read()?;
            (settlement::request_redemption(*institution, amount.0, &account), submit)
        }
        M::Accept { redemption, submit } => (settlement::accept_redemption(*redemption), submit),
        M::Confirm { redemption, reference, submit } => {
            (settlement::confirm_redemption(*redemption, reference), submit)
        }
        M::Cancel { redemption, submit } => (settlement::cancel_redemption(*redemption), submit),
        M::Reject { redemption, reason, origin } => {
            let call = settlement::reject_redemption(*redemption, *reason);
            return origin.make(client, &call, printer).await;
        }
        M::Ceiling { institution, ceiling, motion } => {
            let call = settlement::set_ceiling(*institution, ceiling.0);
            return propose(client, motion, &call, printer).await;
        }
        M::Show { redemption } => return show_redemption(client, *redemption, printer).await,
        M::Open { institution, holder } => {
            return show_open(client, *institution, holder.as_deref(), printer).await;
        }
        M::Institution { institution } => {
            return show_institution(client, *institution, printer).await;
        }
        M::Posting { institution, reference } => {
            return show_posting(client, *institution, reference, printer).await;
        }
    };
    send(client, submit, &call, printer).await
}

async fn show_redemption(client: &Client, id: RedemptionId, printer: Printer) -> Result<(), Error> {
    let found = client.redemption(id, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("redemption {id}")))?;
    show(
        printer,
        &json!({ "id": id, "redemption": found }),
        &[
            ("redemption", id.to_string()),
            ("holder", found.holder.clone()),
            ("institution", format!("organisation {}", found.institution)),
            ("amount", Fen(found.amount_fen).to_string()),
            ("status", cell(&found.status)),
        ],
    );
    Ok(())
}

async fn show_open(
    client: &Client,
    institution: Option<OrganisationId>,
    holder: Option<&str>,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let found: Vec<(RedemptionId, Redemption)> = match (institution, holder) {
        (Some(institution), _) => client.open_redemptions(institution, height).await?,
        (None, Some(holder)) => client.open_redemptions_of(holder, height).await?,
        (None, None) => return Err(Error::Arguments("give --institution or --holder".into())),
    };
    if printer.is_json() {
        let rows = found.iter().map(|(id, it)| json!({ "id": id, "redemption": it }));
        printer.value(&Value::Array(rows.collect()));
        return Ok(());
    }
    let rows = found.iter().map(|(id, it)| {
        let amount = Fen(it.amount_fen).to_string();
        vec![
            id.to_string(),
            it.holder.clone(),
            it.institution.to_string(),
            amount,
            cell(&it.status),
        ]
    });
    print_table(&["redemption", "holder", "institution", "amount", "status"], rows);
    let total = found.iter().map(|(_, it)| it.amount_fen).fold(0u128, u128::saturating_add);
    line(format_args!("{} open, {}", found.len(), Fen(total)));
    Ok(())
}

async fn show_institution(
    client: &Client,
    id: OrganisationId,
    printer: Printer,
) -> Result<(), Error> {
    let found = client.institution(id, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("settlement institution {id}")))?;
    let outstanding = found.issued_fen.saturating_sub(found.redeemed_fen);
    show(
        printer,
        &json!({ "organisation": id, "institution": found }),
        &[
            ("institution", format!("organisation {id}")),
            ("ceiling", Fen(found.ceiling_fen).to_string()),
            ("issued", Fen(found.issued_fen).to_string()),
            ("redeemed", Fen(found.redeemed_fen).to_string()),
            ("outstanding", Fen(outstanding).to_string()),
        ],
    );
    Ok(())
}

async fn show_posting(
    client: &Client,
    institution: OrganisationId,
    reference: &str,
    printer: Printer,
) -> Result<(), Error> {
    let found = client.posting(institution, reference, None).await?;
    let found = found.ok_or_else(|| {
        Error::NotFound(format!("posting {reference} of settlement institution {institution}"))
    })?;
    let kind = match &found.kind {
        PostingKind::Issue { document } => format!("issue for {document}"),
        PostingKind::Redemption { id } => format!("redemption {id}"),
    };
    show(
        printer,
        &json!({ "institution": institution, "reference": reference, "posting": found }),
        &[
            ("reference", reference.to_owned()),
            ("kind", kind),
            ("account", found.account.clone()),
            ("amount", Fen(found.amount_fen).to_string()),
            ("height", found.posted_at.to_string()),
        ],
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_visible() {
        assert_eq!(reference("DEP-2026/0001").unwrap(), "DEP-2026/0001");
        for text in ["", "DEP 1", "存款1", &"9".repeat(65)] {
            let error = reference(text).unwrap_err().to_string();
            assert!(error.starts_with("reference: 1 to 64 visible"), "{error}");
        }
    }

    #[test]
    fn nothing_is_no_amount() {
        assert_eq!(amount("0.01").unwrap(), Fen(1));
        assert!(amount("0").unwrap_err().to_string().starts_with("amount: at least 0.01"));
        assert!(amount("1.234").unwrap_err().to_string().contains("two decimals"));
    }
}

//! Licences (授权): from application to their end.

use super::show;
use crate::{
    cert::number_of,
    document::{ReportArgs, WhyArgs},
    fields::{Share, When, ascending, line64},
    output::Printer,
    submit::{SubmitArgs, send},
};
use clap::{Args, Subcommand, ValueEnum};
use ecoledger_client::{
    Call, Client, Error, Fen, Gtin,
    brands::{self, LicenceApplication, LicensedProduct},
};

/// Licences of a brand.
#[derive(Debug, Subcommand)]
pub(crate) enum LicenceCommand {
    /// Apply for a licence, for the signer's organisation.
    Apply(ApplyArgs),
    /// Record an inspection of an applicant or licensee: owner, operator or inspection body.
    Inspect {
        /// Number of the licence.
        licence: u32,
        /// Whether it was passed.
        #[arg(value_enum)]
        result: Inspected,
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Grant an inspected application, whose term begins now at the earliest: the owner.
    Grant {
        /// Number of the licence.
        licence: u32,
        /// Fee in yuan, as agreed; paid off chain.
        #[arg(long, value_name = "YUAN", default_value = "0")]
        fee: Fen,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Refuse an application: the owner.
    Refuse(JudgeArgs),
    /// Suspend a licence and freeze its labels in stock: owner or operator.
    Suspend(JudgeArgs),
    /// Restore a suspended licence: owner or operator.
    Restore(JudgeArgs),
    /// Revoke a licence for ever: owner or operator.
    Revoke(JudgeArgs),
    /// Give up an application or licence: the licensee.
    Withdraw {
        /// Number of the licence.
        licence: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Make the term of a licence in force longer: the owner.
    Extend {
        /// Number of the licence.
        licence: u32,
        /// New last date, or first moment behind the term.
        #[arg(long, value_name = "DATE")]
        until: When,
        /// What is added to the fee, in yuan.
        #[arg(long, value_name = "YUAN", default_value = "0")]
        fee: Fen,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Rest an application or licence on another certificate: the licensee.
    ReplaceCertificate {
        /// Number of the licence.
        licence: u32,
        /// The certificate: its number on chain, or its published number.
        certificate: String,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show a licence, its changes and inspections.
    Show {
        /// Number of the licence.
        licence: u32,
    },
    /// Show the status of a licence, now or in the past.
    Status {
        /// Number of the licence.
        licence: u32,
        /// Date, whose last moment counts, or RFC 3339 with an offset, up to the last block's time;
        /// that unless given.
        #[arg(long, value_name = "DATE")]
        at: Option<When>,
    },
    /// Show the licences of an organisation that may be or come in force.
    List {
        /// Number of the brand.
        brand: u32,
        /// Number of the organisation.
        licensee: u32,
    },
    /// Show quota and use of a product.
    Quota {
        /// Number of the licence.
        licence: u32,
        /// GTIN of the product.
        gtin: Gtin,
        /// A year, or the number of the period since the licence began; the one that runs now
        /// unless given.
        #[arg(long)]
        period: Option<u32>,
    },
}

/// Result of an inspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Inspected {
    /// It was passed.
    Passed,
    /// It was not.
    Failed,
}

/// A licence and why its status changes.
#[derive(Args, Debug)]
pub(crate) struct JudgeArgs {
    /// Number of the licence.
    licence: u32,
    #[command(flatten)]
    reason: WhyArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// What an applicant asks for.
#[derive(Args, Debug)]
pub(crate) struct ApplyArgs {
    /// Number of the brand.
    brand: u32,
    /// GTIN=QUANTITY of a product and its quota in each period; once for each.
    #[arg(long = "product", required = true, value_name = "GTIN=QUANTITY")]
    products: Vec<Share>,
    /// Number of a production base of the applicant; once for each.
    #[arg(long = "base", required = true, value_name = "PLACE")]
    bases: Vec<u32>,
    /// Name of the sub-brand (子品牌), at most 64 bytes, which stands beside the brand.
    #[arg(long, value_parser = line64)]
    sub_brand: Option<String>,
    /// Certificate, where the brand asks for one: its number on chain, or its published number.
    #[arg(long)]
    certificate: Option<String>,
    /// First date of the term, or its first moment.
    #[arg(long, value_name = "DATE", default_value = "now")]
    from: When,
    /// Last date of the term, or the first moment behind it.
    #[arg(long, value_name = "DATE")]
    until: When,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// Runs the command.
pub(super) async fn run(
    client: &Client,
    command: &LicenceCommand,
    printer: Printer,
) -> Result<(), Error> {
    use LicenceCommand as L;
    let judge: fn(u32, &ecoledger_client::traceability::Commitment) -> Call = match command {
        L::Refuse(_) => brands::refuse,
        L::Suspend(_) => brands::suspend,
        L::Restore(_) => brands::restore,
        _ => brands::revoke,
    };
    let (call, submit) = match command {
        L::Show { licence } => return show::licence(client, *licence, printer).await,
        L::Status { licence, at } => {
            return show::licence_status(client, *licence, *at, printer).await;
        }
        L::List { brand, licensee } => {
            return show::licences(client, *brand, *licensee, printer).await;
        }
        L::Quota { licence, gtin, period } => {
            return show::quota(client, *licence, gtin, *period, printer).await;
        }
        L::Apply(args) => (args.call(client).await?, &args.submit),
        L::Inspect { licence, result, report, submit } => {
            let passed = *result == Inspected::Passed;
            (brands::inspect(*licence, passed, &report.read()?), submit)
        }
        L::Grant { licence, fee, submit } => (brands::grant(*licence, *fee), submit),
        L::Refuse(args) | L::Suspend(args) | L::Restore(args) | L::Revoke(args) => {
            (judge(args.licence, &args.reason.read()?), &args.submit)
        }
        L::Withdraw { licence, submit } => (brands::withdraw(*licence), submit),
        L::Extend { licence, until, fee, submit } => {
            (brands::extend(*licence, until.end(), *fee), submit)
        }
        L::ReplaceCertificate { licence, certificate, submit } => {
            let certificate = number_of(client, certificate).await?;
            (brands::replace_certificate(*licence, certificate), submit)
        }
    };
    send(client, submit, &call, printer).await
}

impl ApplyArgs {
    async fn call(&self, client: &Client) -> Result<Call, Error> {
        let (valid_from, valid_until) = (self.from.start(), self.until.end());
        if valid_until <= valid_from {
            return Err(Error::Arguments(format!(
                "until: an end behind {valid_from}, when the term begins, is expected"
            )));
        }
        let mut products = Vec::with_capacity(self.products.len());
        for Share { gtin, quantity } in &self.products {
            let (_, quota) = client.in_content_units(gtin, quantity).await?;
            products.push(LicensedProduct { gtin: gtin.clone(), quota });
        }
        products.sort_by(|left, right| left.gtin.cmp(&right.gtin));
        let certificate = match &self.certificate {
            Some(certificate) => Some(number_of(client, certificate).await?),
            None => None,
        };
        let asked = LicenceApplication {
            sub_brand: self.sub_brand.clone(),
            products,
            bases: ascending(&self.bases),
            certificate,
            valid_from,
            valid_until,
        };
        Ok(brands::apply(self.brand, &asked))
    }
}

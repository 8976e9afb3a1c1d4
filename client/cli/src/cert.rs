//! Certification: schemes, bodies, applications, certificates, and what is decided about them.

mod bodies;
mod calls;
mod duties;
mod scheme;
mod show;

use crate::{
    batch::TestResult,
    document::{DocumentArgs, EvidenceArgs, ReportArgs, WhyArgs},
    fields::{Grown, line64, one_of},
    output::Printer,
    submit::{SubmitArgs, send},
};
use bodies::{AccreditArgs, AccreditationCommand, BodyCommand, CertifierCommand};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use ecoledger_client::{
    BatchId, CivilDate, Client, Error, Gtin, Quantity,
    certification::{ChangeRequest, Consequence, FinderKind, Ground},
};
use scheme::SchemeCommand;
use show::ShowCommand;

/// Why something is found against a certificate, and what each may demand.
const GROUNDS: &[(&str, &str)] = &[
    ("mark-misused", "certificate or mark misused (误用证书或标志)"),
    ("non-conformity", "a nonconformity that can be cured in time"),
    ("surveillance-refused", "the holder refuses surveillance"),
    ("mandatory-rules-failed", "mandatory rules are not met; demands revocation"),
    ("forbidden-substance", "a forbidden substance was detected; demands revocation"),
    ("false-statement", "certified by false statements; demands revocation"),
    ("not-cured", "a suspension ended without cure; demands revocation"),
    ("in-order", "surveillance found it in order; demands nothing"),
];

/// What a finding demands.
const CONSEQUENCES: &[(&str, &str)] = &[
    ("none", "nothing"),
    ("suspend", "that the certificate be suspended"),
    ("revoke", "that it be revoked"),
];

/// In which capacity something is found.
const FINDERS: &[(&str, &str)] = &[
    ("body", "the certification body itself, in surveillance"),
    ("inspection-body", "an inspection body"),
    ("lab", "a laboratory"),
    ("authority", "the CNCA or market supervision"),
];

/// What a holder asks for.
const REQUESTS: &[(&str, &str)] = &[
    ("cancel", "to cancel the certificate (注销)"),
    ("reduce", "to take products off it or lower a quantity (变更)"),
];

/// Certification bodies, schemes, applications and certificates. APPLICATION, FINDING and DUTY are
/// numbers that the chain gave; CERTIFICATE is its number on chain or its published number. A
/// quantity has its unit, such as 430kg; dates are YYYY-MM-DD in China Standard Time.
#[derive(Debug, Subcommand)]
pub(crate) enum CertCommand {
    /// Show schemes, and propose schemes and yield ceilings to the committee.
    #[command(subcommand)]
    Scheme(SchemeCommand),
    /// Approve certification bodies (认证机构), and suspend, reinstate and withdraw approvals.
    #[command(subcommand)]
    Body(BodyCommand),
    /// Accredit (认可) a certification body or laboratory: the accreditation body.
    Accredit(AccreditArgs),
    /// Suspend, reinstate, withdraw and show accreditations.
    #[command(subcommand)]
    Accreditation(AccreditationCommand),
    /// Register, release, bar and show certifiers (认证人员).
    #[command(subcommand)]
    Certifier(CertifierCommand),
    /// Apply for a certificate (申请), for the signer's organisation.
    Apply(ApplyArgs),
    /// Accept an application for evaluation (受理): its body.
    Accept {
        /// Number of the application.
        application: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Refuse to evaluate an application (不予受理): its body.
    Refuse {
        /// Number of the application.
        application: u32,
        #[command(flatten)]
        reason: WhyArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Give an application up: its client.
    Withdraw {
        /// Number of the application.
        application: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Record an inspection (现场检查): a certifier of the body, or an inspection body.
    Inspect {
        /// Number of the application.
        application: u32,
        /// Number of a base that was inspected; once for each.
        #[arg(long = "base", required = true, value_name = "PLACE")]
        bases: Vec<u32>,
        /// Nonconformities (不符合项) of the whole application that are not corrected.
        #[arg(long, default_value_t = 0)]
        open: u16,
        /// When it was: `now`, or RFC 3339 with an offset.
        #[arg(long, default_value = "now")]
        time: String,
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Record a test of a product (检测): a laboratory that is neither body nor client.
    Test {
        /// Number of the application.
        application: u32,
        /// GTIN of the product.
        gtin: Gtin,
        /// Whether the sample conformed.
        #[arg(value_enum)]
        result: TestResult,
        /// When the sample was taken: `now`, or RFC 3339 with an offset.
        #[arg(long, default_value = "now")]
        sampled_at: String,
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Propose and sign to certify: a certifier of the body who did not inspect.
    Propose {
        /// Number of the application.
        application: u32,
        /// Published number of the certificate, never used before.
        #[arg(long, value_parser = line64)]
        number: String,
        /// GTIN=QUANTITY@AREA to be certified, once for each; all that was applied for unless
        /// given.
        #[arg(long = "product", value_name = "GTIN=QUANTITY@AREA")]
        products: Vec<Grown>,
        /// First date of the certificate; today unless given.
        #[arg(long, value_name = "DATE")]
        from: Option<CivilDate>,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Propose and sign not to certify: a certifier of the body who did not inspect.
    Reject {
        /// Number of the application.
        application: u32,
        #[command(flatten)]
        reason: WhyArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Return a proposed decision to evaluation: the head of the body.
    Return {
        /// Number of the application.
        application: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Sign a proposed decision, which takes effect (发证): the head of the body.
    Sign {
        /// Number of the application.
        application: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Record a finding for or against a certificate.
    Find {
        /// The certificate: its number on chain, or its published number.
        certificate: String,
        /// In which capacity the signer acts.
        #[arg(long = "as", value_parser = one_of::<FinderKind>(FINDERS), value_name = "CAPACITY")]
        finder: FinderKind,
        /// What was found.
        #[arg(long, value_parser = one_of::<Ground>(GROUNDS))]
        ground: Ground,
        /// What it demands.
        #[arg(long, value_parser = one_of::<Consequence>(CONSEQUENCES), value_name = "CONSEQUENCE")]
        demands: Consequence,
        #[command(flatten)]
        evidence: EvidenceArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Dismiss a finding that is unfounded or whose certificate has ended.
    Dismiss {
        /// Number of the finding.
        finding: u32,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Suspend a certificate (暂停) on a finding: the body, the CNCA or market supervision.
    Suspend {
        /// Number of the finding.
        finding: u32,
        /// How many months at most, within the scheme's bounds.
        #[arg(long)]
        months: u16,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Lift a suspension once its ground is cured.
    Restore {
        /// The certificate: its number on chain, or its published number.
        certificate: String,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Revoke a certificate (撤销) on a finding: the body, the CNCA or market supervision.
    Revoke {
        /// Number of the finding.
        finding: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Ask the body to cancel or reduce a certificate: its holder.
    Request {
        /// The certificate: its number on chain, or its published number.
        certificate: String,
        /// What is asked.
        #[arg(value_parser = one_of::<ChangeRequest>(REQUESTS))]
        request: ChangeRequest,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Cancel a certificate (注销): the body at its holder's request, or an authority.
    Cancel {
        /// The certificate: its number on chain, or its published number.
        certificate: String,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Lower a certified quantity at the holder's request: the body.
    #[command(group(ArgGroup::new("rest").required(true)))]
    Reduce {
        /// The certificate: its number on chain, or its published number.
        certificate: String,
        /// GTIN of the product.
        gtin: Gtin,
        /// What stays certified.
        #[arg(long, group = "rest", value_name = "QUANTITY")]
        to: Option<Quantity>,
        /// Take the product off the certificate.
        #[arg(long, group = "rest")]
        off: bool,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Record that a change of a certificate's status was published: the body.
    Publish {
        /// Number of the duty to publish; see `cert duties`.
        duty: u64,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Complain (投诉) about a certificate: anybody but its body.
    Complain {
        /// The certificate: its number on chain, or its published number.
        certificate: String,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Appeal (申诉) against a decision: who applied, or who holds the certificate.
    #[command(group(ArgGroup::new("against").required(true)))]
    Appeal {
        /// Certificate that was suspended or revoked.
        #[arg(long, group = "against")]
        certificate: Option<String>,
        /// Number of the application that was refused or rejected.
        #[arg(long, group = "against")]
        application: Option<u32>,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Decide on a complaint or appeal: an agent of the body who had no part in what it is about.
    DecideComplaint {
        /// Number of the complaint or appeal.
        complaint: u32,
        /// Whether it is found right.
        #[arg(value_enum)]
        verdict: Verdict,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Issue a transaction certificate (销售证) for a sale of the holder: the body.
    Sale {
        /// The certificate: its number on chain, or its published number.
        certificate: String,
        /// The batch that is sold from: GTIN/LOT, or its id.
        #[arg(long)]
        batch: BatchId,
        /// Number of the organisation that buys.
        #[arg(long)]
        buyer: u32,
        /// How much.
        quantity: Quantity,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Declare a transaction certificate void: the body.
    VoidSale {
        /// Number of the transaction certificate.
        id: u32,
        #[command(flatten)]
        reason: WhyArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    #[command(flatten)]
    Show(ShowCommand),
}

/// What a client applies for.
#[derive(Args, Debug)]
pub(crate) struct ApplyArgs {
    /// Number of the certification body that is to certify.
    #[arg(long)]
    body: u32,
    /// Number of the scheme.
    #[arg(long)]
    scheme: u32,
    /// GTIN=QUANTITY@AREA: how much in the whole period of the certificate, grown on how much;
    /// once for each product.
    #[arg(long = "product", required = true, value_name = "GTIN=QUANTITY@AREA")]
    products: Vec<Grown>,
    /// Number of a production base of the client; once for each.
    #[arg(long = "base", required = true, value_name = "PLACE")]
    bases: Vec<u32>,
    /// Certificate of the same client and scheme that is to be renewed.
    #[arg(long, value_name = "CERTIFICATE")]
    renews: Option<String>,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// What is decided on a complaint or appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Verdict {
    /// It is found right.
    Upheld,
    /// It is not.
    Dismissed,
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &CertCommand,
    printer: Printer,
) -> Result<(), Error> {
    let (call, submit) = match command {
        CertCommand::Scheme(command) => return scheme::run(client, command, printer).await,
        CertCommand::Show(command) => return show::run(client, command, printer).await,
        CertCommand::Body(BodyCommand::Show { organisation }) => {
            return bodies::show_body(client, *organisation, printer).await;
        }
        CertCommand::Accreditation(AccreditationCommand::Show { organisation }) => {
            return bodies::show_accreditation(client, *organisation, printer).await;
        }
        CertCommand::Certifier(CertifierCommand::Show { person }) => {
            return bodies::show_certifier(client, person, printer).await;
        }
        CertCommand::Body(command) => bodies::body_call(command)?,
        CertCommand::Accredit(args) => args.call()?,
        CertCommand::Accreditation(command) => bodies::accreditation_call(command)?,
        CertCommand::Certifier(command) => bodies::certifier_call(command)?,
        CertCommand::Apply(args) => (args.call(client).await?, &args.submit),
        _ => Box::pin(calls::certificate_call(client, command)).await?,
    };
    send(client, submit, &call, printer).await
}

/// The number on chain of a certificate, by it or by the published number.
pub(crate) async fn number_of(client: &Client, text: &str) -> Result<u32, Error> {
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    let found = client.certificate_by_number(text, None).await?;
    let (number, _) = found.ok_or_else(|| Error::NotFound(format!("certificate {text}")))?;
    Ok(number)
}

//! Certification: schemes, bodies, applications, certificates, and what is decided about them.

mod bodies;
mod scheme;
mod show;

use crate::{
    batch::TestResult,
    document::{DocumentArgs, EvidenceArgs, ReportArgs, WhyArgs},
    fields::{Grown, When, ascending, line64, one_of},
    output::Printer,
    submit::{SubmitArgs, send},
};
use bodies::{AccreditArgs, AccreditationCommand, BodyCommand, CertifierCommand};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use ecoledger_client::{
    BatchId, Call, CivilDate, Client, Error, Gtin, Quantity,
    certification::{
        self as cert, ApplicationRequest, ChangeRequest, ComplaintKind, Consequence, FinderKind,
        Ground, Outcome, ProductLine,
    },
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
        /// The certificate.
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
        /// The certificate.
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
        /// The certificate.
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
        /// The certificate.
        certificate: String,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Lower a certified quantity at the holder's request: the body.
    #[command(group(ArgGroup::new("rest").required(true)))]
    Reduce {
        /// The certificate.
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
        /// The certificate.
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
        /// The certificate.
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
        _ => Box::pin(certificate_call(client, command)).await?,
    };
    send(client, submit, &call, printer).await
}

/// The calls of evaluation, decision and what follows.
async fn certificate_call<'a>(
    client: &Client,
    command: &'a CertCommand,
) -> Result<(Call, &'a SubmitArgs), Error> {
    use CertCommand as C;
    Ok(match command {
        C::Accept { application, submit } => (cert::accept_application(*application), submit),
        C::Refuse { application, reason, submit } => {
            (cert::refuse_application(*application, &reason.read()?), submit)
        }
        C::Withdraw { application, submit } => (cert::withdraw_application(*application), submit),
        C::Inspect { application, bases, open, time, report, submit } => {
            let (time, bases) = (time.parse()?, ascending(bases));
            let report = report.read()?;
            (cert::record_inspection(*application, time, &bases, *open, &report), submit)
        }
        C::Test { application, gtin, result, sampled_at, report, submit } => {
            let sampled_at = sampled_at.parse()?;
            let passed = *result == TestResult::Passed;
            let report = report.read()?;
            (cert::record_test(*application, gtin, passed, sampled_at, &report), submit)
        }
        C::Propose { application, number, products, from, submit } => {
            let products = match products.as_slice() {
                [] => applied_for(client, *application).await?,
                products => lines(client, products).await?,
            };
            let valid_from = from.unwrap_or_else(CivilDate::today);
            let outcome = Outcome::Certify { number: number.clone(), products, valid_from };
            (cert::propose_decision(*application, &outcome), submit)
        }
        C::Reject { application, reason, submit } => {
            let outcome = Outcome::Reject { reason: reason.read()? };
            (cert::propose_decision(*application, &outcome), submit)
        }
        C::Return { application, submit } => (cert::return_proposal(*application), submit),
        C::Sign { application, submit } => (cert::sign_decision(*application), submit),
        C::Find { certificate, finder, ground, demands, evidence, submit } => {
            let certificate = number_of(client, certificate).await?;
            let evidence = evidence.read()?;
            let call = cert::record_finding(certificate, *finder, *ground, *demands, &evidence);
            (call, submit)
        }
        C::Dismiss { finding, document, submit } => {
            (cert::dismiss_finding(*finding, &document.read()?), submit)
        }
        C::Suspend { finding, months, submit } => (cert::suspend(*finding, *months), submit),
        C::Restore { certificate, document, submit } => {
            let certificate = number_of(client, certificate).await?;
            (cert::restore(certificate, &document.read()?), submit)
        }
        C::Revoke { finding, submit } => (cert::revoke(*finding), submit),
        C::Request { certificate, request, document, submit } => {
            let certificate = number_of(client, certificate).await?;
            (cert::request_change(certificate, *request, &document.read()?), submit)
        }
        C::Cancel { certificate, document, submit } => {
            let certificate = number_of(client, certificate).await?;
            (cert::cancel(certificate, &document.read()?), submit)
        }
        C::Reduce { certificate, gtin, to, off: _, submit } => {
            let certificate = number_of(client, certificate).await?;
            let quantity = match to {
                Some(quantity) => client.in_content_units(gtin, quantity).await?.1,
                None => 0,
            };
            (cert::reduce(certificate, gtin, quantity), submit)
        }
        C::Publish { duty, document, submit } => (cert::publish(*duty, &document.read()?), submit),
        C::Complain { certificate, document, submit } => {
            let kind = ComplaintKind::Complaint(number_of(client, certificate).await?);
            (cert::lodge(kind, &document.read()?), submit)
        }
        C::Appeal { certificate, application, document, submit } => {
            let kind = match (certificate, application) {
                (Some(certificate), _) => {
                    ComplaintKind::CertificateAppeal(number_of(client, certificate).await?)
                }
                (None, Some(application)) => ComplaintKind::ApplicationAppeal(*application),
                (None, None) => {
                    return Err(Error::Arguments("give --certificate or --application".into()));
                }
            };
            (cert::lodge(kind, &document.read()?), submit)
        }
        C::DecideComplaint { complaint, verdict, document, submit } => {
            let upheld = *verdict == Verdict::Upheld;
            (cert::decide_complaint(*complaint, upheld, &document.read()?), submit)
        }
        C::Sale { certificate, batch, buyer, quantity, submit } => {
            let certificate = number_of(client, certificate).await?;
            let content = content_of(client, batch, quantity).await?;
            (cert::issue_transaction_certificate(certificate, *buyer, batch, content), submit)
        }
        C::VoidSale { id, reason, submit } => {
            (cert::void_transaction_certificate(*id, &reason.read()?), submit)
        }
        _ => return Err(Error::Arguments("this command makes no call".into())),
    })
}

impl ApplyArgs {
    async fn call(&self, client: &Client) -> Result<Call, Error> {
        let document = self.document.read()?;
        let renews = match &self.renews {
            Some(certificate) => Some(number_of(client, certificate).await?),
            None => None,
        };
        let request = ApplicationRequest {
            body: self.body,
            scheme: self.scheme,
            products: lines(client, &self.products).await?,
            bases: ascending(&self.bases),
            renews,
            document,
        };
        Ok(cert::apply(&request))
    }
}

/// Product lines in content units, ascending.
async fn lines(client: &Client, products: &[Grown]) -> Result<Vec<ProductLine>, Error> {
    let mut lines = Vec::with_capacity(products.len());
    for Grown { share, area } in products {
        let (_, quantity) = client.in_content_units(&share.gtin, &share.quantity).await?;
        lines.push(ProductLine { gtin: share.gtin.clone(), quantity, area_units: area.units });
    }
    lines.sort_by(|left, right| left.gtin.cmp(&right.gtin));
    if let Some(twice) = lines.windows(2).find(|pair| matches!(pair, [a, b] if a.gtin == b.gtin)) {
        let gtin = twice.first().map(|line| line.gtin.to_string()).unwrap_or_default();
        return Err(Error::Arguments(format!("product: {gtin} is given twice")));
    }
    Ok(lines)
}

/// All products of an application, as they were applied for.
async fn applied_for(client: &Client, application: u32) -> Result<Vec<ProductLine>, Error> {
    let found = client.application(application, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("application {application}")))?;
    Ok(found.request.products)
}

/// `quantity` of a batch in content units.
async fn content_of(client: &Client, batch: &BatchId, quantity: &Quantity) -> Result<u128, Error> {
    let height = client.height().await?;
    let found = client.batch(batch.as_str(), height).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("batch {batch}")))?;
    Ok(client.in_content_units(&found.gtin.parse()?, quantity).await?.1)
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

/// When a status is asked for: now unless given.
fn asked_at(at: Option<When>) -> ecoledger_client::Moment {
    at.map_or_else(ecoledger_client::Moment::now, When::past)
}

//! Approval of certification bodies, accreditation, and certifiers.

use crate::{
    document::DocumentArgs,
    fields::{joined, line64, one_of, or_dash, show},
    output::Printer,
    submit::SubmitArgs,
};
use clap::{Args, Subcommand};
use ecoledger_client::{
    Call, CivilDate, Client, Error,
    certification::{
        self as cert, ApprovalTerms, BodyKind, Period, PersonId, Scope, Standing, StandingChange,
    },
};
use serde_json::json;

/// What a certification body is in law.
const KINDS: &[(&str, &str)] = &[
    ("domestic", "a domestic legal person"),
    ("foreign-funded", "a foreign-funded legal person (外商投资)"),
    ("foreign-office", "a foreign body's office: may promote, may not certify"),
];

/// What an approval or accreditation is for, and when.
#[derive(Args, Debug)]
pub(crate) struct TermsArgs {
    /// Its published number; that of an approval ends in three digits, such as CNCA-R-2002-101.
    #[arg(long, value_parser = line64)]
    number: String,
    /// Number of a scheme that it is for; once for each.
    #[arg(long = "scheme", required = true)]
    schemes: Vec<u32>,
    /// Class in GS1's Global Product Classification that it is for, once for each; all unless
    /// given.
    #[arg(long = "category")]
    categories: Vec<u32>,
    /// First date.
    #[arg(long, value_name = "DATE")]
    from: CivilDate,
    /// Last date.
    #[arg(long, value_name = "DATE")]
    until: CivilDate,
}

impl TermsArgs {
    fn scope(&self) -> Scope {
        Scope::new(self.schemes.clone(), self.categories.clone())
    }

    fn period(&self) -> Result<Period, Error> {
        let Self { from, until, .. } = *self;
        if until < from {
            return Err(Error::Arguments(format!(
                "until: {from} or later is expected, since it begins then, got {until}"
            )));
        }
        Ok(Period { from, until })
    }
}

/// Whose standing is changed, and by which decision.
#[derive(Args, Debug)]
pub(crate) struct StandingArgs {
    /// Number of the organisation.
    organisation: u32,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// Certification bodies (认证机构).
#[derive(Debug, Subcommand)]
pub(crate) enum BodyCommand {
    /// Approve a certification body, or change its approval: the CNCA.
    Approve {
        /// Number of the organisation.
        organisation: u32,
        /// What it is in law.
        #[arg(long, value_parser = one_of::<BodyKind>(KINDS), default_value = "domestic")]
        kind: BodyKind,
        /// Address of the agent of its head (认证机构负责人), who signs its decisions.
        #[arg(long, value_name = "ADDRESS")]
        head: String,
        #[command(flatten)]
        terms: TermsArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Suspend an approval (暂停): the CNCA.
    Suspend(StandingArgs),
    /// Put a suspended approval in force again: the CNCA.
    Reinstate(StandingArgs),
    /// Withdraw an approval (撤销) for ever: the CNCA.
    Withdraw(StandingArgs),
    /// Show the approval of a body, and what it has done.
    Show {
        /// Number of the organisation.
        organisation: u32,
    },
}

/// Accreditations (认可).
#[derive(Debug, Subcommand)]
pub(crate) enum AccreditationCommand {
    /// Suspend an accreditation: the accreditation body.
    Suspend(StandingArgs),
    /// Put a suspended accreditation in force again: the accreditation body.
    Reinstate(StandingArgs),
    /// Withdraw an accreditation for ever: the accreditation body.
    Withdraw(StandingArgs),
    /// Show the accreditation of a body or laboratory.
    Show {
        /// Number of the organisation.
        organisation: u32,
    },
}

/// An accreditation.
#[derive(Args, Debug)]
pub(crate) struct AccreditArgs {
    /// Number of the certification body or laboratory.
    organisation: u32,
    #[command(flatten)]
    terms: TermsArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// Certifiers (认证人员): persons, each as the register's commitment, 0x and 64 digits.
#[derive(Debug, Subcommand)]
pub(crate) enum CertifierCommand {
    /// Register a certifier with the signer's body.
    Register {
        /// The person's commitment in the register of certifiers.
        person: PersonId,
        /// Address of his key, an agent of the body.
        #[arg(long, value_name = "ADDRESS")]
        agent: String,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// End a certifier's practice with the signer's body.
    Release {
        /// The person's commitment in the register of certifiers.
        person: PersonId,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Bar a person from practice before a date: the CNCA.
    Bar {
        /// The person's commitment in the register of certifiers.
        person: PersonId,
        /// First date on which he may practise again.
        #[arg(long, value_name = "DATE")]
        until: CivilDate,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show with which body a person practises, and until when he is barred.
    Show {
        /// The person's commitment in the register of certifiers.
        person: PersonId,
    },
}

/// The call of a command about bodies.
pub(super) fn body_call(command: &BodyCommand) -> Result<(Call, &SubmitArgs), Error> {
    let (args, standing) = match command {
        BodyCommand::Approve { organisation, kind, head, terms, submit } => {
            let approval = ApprovalTerms {
                number: terms.number.clone(),
                kind: *kind,
                scope: terms.scope(),
                period: terms.period()?,
            };
            if !approval.number.bytes().rev().take(3).all(|byte| byte.is_ascii_digit()) {
                return Err(Error::Arguments(format!(
                    "number: three digits at its end are expected, since the body's code is made of them, got {:?}",
                    approval.number
                )));
            }
            return Ok((cert::approve_body(*organisation, &approval, head), submit));
        }
        BodyCommand::Suspend(args) => (args, Standing::Suspended),
        BodyCommand::Reinstate(args) => (args, Standing::InForce),
        BodyCommand::Withdraw(args) => (args, Standing::Withdrawn),
        BodyCommand::Show { .. } => return Err(no_call()),
    };
    let document = args.document.read()?;
    Ok((cert::set_body_standing(args.organisation, standing, &document), &args.submit))
}

/// The call of a command about accreditations.
pub(super) fn accreditation_call(
    command: &AccreditationCommand,
) -> Result<(Call, &SubmitArgs), Error> {
    let (args, standing) = match command {
        AccreditationCommand::Suspend(args) => (args, Standing::Suspended),
        AccreditationCommand::Reinstate(args) => (args, Standing::InForce),
        AccreditationCommand::Withdraw(args) => (args, Standing::Withdrawn),
        AccreditationCommand::Show { .. } => return Err(no_call()),
    };
    let document = args.document.read()?;
    Ok((cert::set_accreditation_standing(args.organisation, standing, &document), &args.submit))
}

impl AccreditArgs {
    pub(super) fn call(&self) -> Result<(Call, &SubmitArgs), Error> {
        let Self { organisation, terms, submit } = self;
        let call = cert::accredit(*organisation, &terms.number, &terms.scope(), terms.period()?);
        Ok((call, submit))
    }
}

/// The call of a command about certifiers.
pub(super) fn certifier_call(command: &CertifierCommand) -> Result<(Call, &SubmitArgs), Error> {
    Ok(match command {
        CertifierCommand::Register { person, agent, submit } => {
            (cert::register_certifier(person, agent), submit)
        }
        CertifierCommand::Release { person, submit } => (cert::release_certifier(person), submit),
        CertifierCommand::Bar { person, until, document, submit } => {
            (cert::bar_person(person, *until, &document.read()?), submit)
        }
        CertifierCommand::Show { .. } => return Err(no_call()),
    })
}

fn no_call() -> Error {
    Error::Arguments("this command makes no call".into())
}

/// Shows the approval of a body.
pub(super) async fn show_body(client: &Client, body: u32, printer: Printer) -> Result<(), Error> {
    let info = client.certification_body(body, None).await?;
    let info =
        info.ok_or_else(|| Error::NotFound(format!("approval of certification body {body}")))?;
    let (approval, tally) = (&info.approval, &info.tally);
    let terms = &approval.terms;
    show(
        printer,
        &json!({ "organisation": body, "body": info }),
        &[
            ("organisation", body.to_string()),
            ("number", terms.number.clone()),
            ("code", approval.code.clone()),
            ("kind", format!("{:?}", terms.kind)),
            ("in force", if info.in_force { "yes" } else { "no" }.to_owned()),
            ("schemes", joined(&terms.scope.schemes)),
            ("categories", categories(&terms.scope)),
            ("period", period(terms.period)),
            ("standings", standings(&approval.standings)),
            ("head", approval.head.clone()),
            ("approved by", format!("organisation {}", approval.approved_by)),
            ("certifiers", tally.n_certifiers.to_string()),
            ("certificates issued", tally.n_issued.to_string()),
            ("suspended now", tally.n_suspended.to_string()),
            ("revoked", tally.n_revoked.to_string()),
            ("cancelled", tally.n_cancelled.to_string()),
        ],
    );
    Ok(())
}

/// Shows the accreditation of a body or laboratory.
pub(super) async fn show_accreditation(
    client: &Client,
    organisation: u32,
    printer: Printer,
) -> Result<(), Error> {
    let found = client.accreditation(organisation, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("accreditation of {organisation}")))?;
    show(
        printer,
        &json!({ "organisation": organisation, "accreditation": found }),
        &[
            ("organisation", organisation.to_string()),
            ("number", found.number.clone()),
            ("schemes", joined(&found.scope.schemes)),
            ("categories", categories(&found.scope)),
            ("period", period(found.period)),
            ("standings", standings(&found.standings)),
            ("accredited by", format!("organisation {}", found.accredited_by)),
        ],
    );
    Ok(())
}

/// Shows a certifier.
pub(super) async fn show_certifier(
    client: &Client,
    person: &PersonId,
    printer: Printer,
) -> Result<(), Error> {
    let found = client.certifier(person, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("certifier {person}")))?;
    let practice = found.practice.as_ref();
    show(
        printer,
        &json!({ "person": person, "certifier": found }),
        &[
            ("person", person.to_string()),
            ("body", or_dash(practice.map(|(body, _)| body))),
            ("agent", or_dash(practice.map(|(_, agent)| agent))),
            ("barred before", or_dash(found.barred_until)),
        ],
    );
    Ok(())
}

fn categories(scope: &Scope) -> String {
    if scope.categories.is_empty() {
        return "all".to_owned();
    }
    scope.categories.iter().map(|code| format!("{code:08}")).collect::<Vec<_>>().join(", ")
}

fn period(period: Period) -> String {
    format!("{} to {}", period.from, period.until)
}

fn standings(standings: &[StandingChange]) -> String {
    let rows = standings.iter().map(|change| format!("{:?} since {}", change.standing, change.at));
    rows.collect::<Vec<_>>().join("\n")
}

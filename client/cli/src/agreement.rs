//! Agreements of a basin's governments (横向补偿): rules, joint samples, settlements, payments.

mod rules;
mod show;
mod written;

use crate::{
    document::{DocumentArgs, TextArgs},
    output::Printer,
    policy,
    submit::{SubmitArgs, send},
};
use clap::{Args, Subcommand};
use ecoledger_client::{
    Call, Client, Digest, Error, Fen, Term,
    compensation::{
        AgreementId, MicrogramsPerLitre,
        horizontal::{self, AgreementTerms, Indicator, SampleKey},
    },
    traceability::OrganisationId,
};
use std::path::PathBuf;
use written::{DecidedLeg, Measured, Month, Years, in_order};

/// Compensation agreements (补偿协议). Parties and sections are named by their indices; amounts are
/// yuan such as 1234.56, concentrations 4.1mg/L or 20ug/L.
#[derive(Debug, Subcommand)]
pub(crate) enum AgreementCommand {
    /// Propose an agreement, and sign it for the signer's government.
    Propose {
        /// Number of a government's organisation, once for each party; the first has index 0.
        #[arg(long = "party", required = true)]
        parties: Vec<OrganisationId>,
        /// Number of the government above all parties (共同上级政府).
        #[arg(long)]
        superior: OrganisationId,
        /// Number of the station whose value decides between the halves of a sample.
        #[arg(long)]
        national_station: OrganisationId,
        /// First and last year, such as 2025-2027.
        #[arg(long)]
        years: Years,
        /// Most that is paid for one year.
        #[arg(long)]
        cap: Fen,
        /// In what time after confirmation or decision payment is due.
        #[arg(long)]
        pay_within: Term,
        /// Budget code (预算科目编码), public.
        #[arg(long)]
        code: String,
        #[command(flatten)]
        text: TextArgs,
        #[command(flatten)]
        rules: RulesArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Propose the next version of an agreement's rules, and sign it.
    Rules {
        /// Number of the agreement.
        agreement: AgreementId,
        #[command(flatten)]
        rules: RulesArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Sign proposed rules.
    Sign {
        /// Number of the agreement.
        agreement: AgreementId,
        /// Digest of what is signed, as `agreement show` says it.
        #[arg(long)]
        hash: Digest,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Submit one side's half of a joint sample (联合采样): a station of the section.
    Sample {
        #[command(flatten)]
        month: MonthArgs,
        #[command(flatten)]
        reading: ReadingArgs,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Dispute what stands for a month: a party.
    DisputeSample {
        #[command(flatten)]
        month: MonthArgs,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Decide a month that is disputed or has one half: the national station.
    DecideSample {
        #[command(flatten)]
        month: MonthArgs,
        #[command(flatten)]
        reading: ReadingArgs,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Leave a month out because of a natural disaster (自然灾害除外): the common superior.
    Exempt {
        #[command(flatten)]
        month: MonthArgs,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Mark a major incident (重大污染事件) attributable upstream: the common superior.
    Incident {
        #[command(flatten)]
        year: YearArg,
        /// Index of the section.
        #[arg(long, default_value_t = 0)]
        section: u8,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Compute the settlement (年度清算) of a year that is over.
    Settle {
        #[command(flatten)]
        year: YearArg,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Confirm a computed settlement: a party.
    Confirm {
        #[command(flatten)]
        year: YearArg,
        /// Digest of the results, as `agreement settlement` says it.
        #[arg(long)]
        results: Digest,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Dispute a computed settlement: a party.
    Dispute {
        #[command(flatten)]
        year: YearArg,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Decide a disputed year, or one with too few samples, bindingly: the common superior.
    Decide {
        #[command(flatten)]
        year: YearArg,
        /// PAYER:PAYEE=AMOUNT by the parties' indices, once for each payment; none is no payment.
        #[arg(long = "pay")]
        legs: Vec<DecidedLeg>,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Pay free money of the signer into its government's escrow for a year.
    PayIn {
        #[command(flatten)]
        money: EscrowArgs,
    },
    /// Pay from the payer's escrow to the payee, where the money stays bound to its purpose: the
    /// payer, or the payee, who may draw what was paid in without it.
    Pay {
        #[command(flatten)]
        money: EscrowArgs,
        /// Index of the payment.
        #[arg(long, default_value_t = 0)]
        leg: u8,
    },
    /// Give the signer what is left of its government's escrow once the year is paid.
    Return {
        #[command(flatten)]
        money: EscrowArgs,
    },
    /// Show an agreement, what waits for signatures, and its settlements.
    Show {
        /// Number of the agreement.
        agreement: AgreementId,
    },
    /// Print rules as a file for `propose` and `rules`.
    ShowRules {
        /// Number of the agreement.
        agreement: AgreementId,
        /// Version; the latest signed unless given.
        #[arg(long, conflicts_with = "pending")]
        version: Option<u32>,
        /// What waits for signatures.
        #[arg(long)]
        pending: bool,
    },
    /// Show the twelve months of a section in one year, with its index.
    Samples {
        #[command(flatten)]
        year: YearArg,
        /// Index of the section.
        #[arg(long, default_value_t = 0)]
        section: u8,
    },
    /// Show the settlement of a year, and compare it with what its samples give.
    Settlement {
        #[command(flatten)]
        year: YearArg,
    },
    /// Show what is in arrears (拖欠), of agreements and policies.
    Arrears {
        /// Also what is due later.
        #[arg(long)]
        all: bool,
    },
}

/// A year of an agreement.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct YearArg {
    /// Number of the agreement.
    agreement: AgreementId,
    /// The year.
    year: u16,
}

/// A month of a section.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct MonthArgs {
    /// Number of the agreement.
    agreement: AgreementId,
    /// The month, such as 2025-03.
    month: Month,
    /// Index of the section.
    #[arg(long, default_value_t = 0)]
    section: u8,
}

impl MonthArgs {
    fn key(&self) -> SampleKey {
        (self.month.year, self.section, self.month.month)
    }
}

/// What a station measured.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReadingArgs {
    /// INDICATOR=CONCENTRATION, once for each indicator of the section: such as CODMn=4.1mg/L.
    #[arg(long = "value", required = true)]
    values: Vec<Measured>,
}

/// An amount of a year's escrow.
#[derive(Args, Debug)]
pub(crate) struct EscrowArgs {
    #[command(flatten)]
    year: YearArg,
    /// How much, in yuan such as 1234.56.
    amount: Fen,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// The rules of an agreement, as a file.
#[derive(Args, Clone, Debug)]
pub(crate) struct RulesArgs {
    /// Rules as JSON, as `agreement show-rules` prints them: concentrations, ratios and amounts are
    /// texts with their units.
    #[arg(long, value_name = "FILE")]
    rules: PathBuf,
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &AgreementCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        AgreementCommand::Show { agreement } => show::agreement(client, *agreement, printer).await,
        AgreementCommand::ShowRules { agreement, version, pending } => {
            show::rules(client, *agreement, *version, *pending).await
        }
        AgreementCommand::Samples { year, section } => {
            show::samples(client, *year, *section, printer).await
        }
        AgreementCommand::Settlement { year } => show::settlement(client, *year, printer).await,
        AgreementCommand::Arrears { all } => policy::arrears(client, *all, printer).await,
        _ => {
            let (call, submit) = call_of(client, command).await?;
            send(client, submit, &call, printer).await
        }
    }
}

async fn call_of<'a>(
    client: &Client,
    command: &'a AgreementCommand,
) -> Result<(Call, &'a SubmitArgs), Error> {
    Ok(match command {
        AgreementCommand::Propose { rules, submit, .. } => {
            let rules = rules::read(&rules.rules)?;
            (horizontal::propose_agreement(&terms_of(command)?, &rules), submit)
        }
        AgreementCommand::Rules { agreement, rules, submit } => {
            (horizontal::propose_rules(*agreement, &rules::read(&rules.rules)?), submit)
        }
        AgreementCommand::Sign { agreement, hash, submit } => {
            (horizontal::sign_rules(*agreement, hash), submit)
        }
        AgreementCommand::Sample { month, reading, document, submit } => {
            let values = ordered(client, month, &reading.values).await?;
            let document = document.read()?;
            let call = horizontal::submit_sample(month.agreement, month.key(), &values, &document);
            (call, submit)
        }
        AgreementCommand::DecideSample { month, reading, document, submit } => {
            let values = ordered(client, month, &reading.values).await?;
            let document = document.read()?;
            let call = horizontal::decide_sample(month.agreement, month.key(), &values, &document);
            (call, submit)
        }
        AgreementCommand::DisputeSample { month, document, submit } => {
            let document = document.read()?;
            (horizontal::dispute_sample(month.agreement, month.key(), &document), submit)
        }
        AgreementCommand::Exempt { month, document, submit } => {
            let document = document.read()?;
            (horizontal::exempt_month(month.agreement, month.key(), &document), submit)
        }
        AgreementCommand::Incident { year, section, document, submit } => {
            let YearArg { agreement, year } = *year;
            (horizontal::mark_incident(agreement, year, *section, &document.read()?), submit)
        }
        _ => settled(command)?,
    })
}

/// Calls about settlements and their money.
fn settled(command: &AgreementCommand) -> Result<(Call, &SubmitArgs), Error> {
    Ok(match command {
        AgreementCommand::Settle { year, submit } => {
            (horizontal::compute_settlement(year.agreement, year.year), submit)
        }
        AgreementCommand::Confirm { year, results, submit } => {
            (horizontal::confirm_settlement(year.agreement, year.year, results), submit)
        }
        AgreementCommand::Dispute { year, document, submit } => {
            let document = document.read()?;
            (horizontal::dispute_settlement(year.agreement, year.year, &document), submit)
        }
        AgreementCommand::Decide { year, legs, document, submit } => {
            let legs: Vec<_> = legs.iter().map(|it| (it.payer, it.payee, it.amount)).collect();
            let document = document.read()?;
            (horizontal::decide_settlement(year.agreement, year.year, &legs, &document), submit)
        }
        AgreementCommand::PayIn { money } => {
            let YearArg { agreement, year } = money.year;
            let document = money.document.read()?;
            (horizontal::pay_in(agreement, year, money.amount, &document), &money.submit)
        }
        AgreementCommand::Pay { money, leg } => {
            let YearArg { agreement, year } = money.year;
            let document = money.document.read()?;
            let call = horizontal::pay_settlement(agreement, year, *leg, money.amount, &document);
            (call, &money.submit)
        }
        AgreementCommand::Return { money } => {
            let YearArg { agreement, year } = money.year;
            let document = money.document.read()?;
            (horizontal::return_escrow(agreement, year, money.amount, &document), &money.submit)
        }
        _ => return Err(Error::Arguments("this command makes no call".into())),
    })
}

fn terms_of(command: &AgreementCommand) -> Result<AgreementTerms, Error> {
    let AgreementCommand::Propose {
        parties,
        superior,
        national_station,
        years,
        cap,
        pay_within,
        code,
        text,
        ..
    } = command
    else {
        return Err(Error::Arguments("this command proposes no agreement".into()));
    };
    Ok(AgreementTerms {
        parties: parties.clone(),
        superior: *superior,
        national_station: *national_station,
        first_year: years.first,
        last_year: years.last,
        cap_fen: *cap,
        pay_term: *pay_within,
        code: code.clone(),
        text: text.read()?,
    })
}

/// Values in the order of the section's indicators, each of them once.
async fn ordered(
    client: &Client,
    month: &MonthArgs,
    values: &[Measured],
) -> Result<Vec<MicrogramsPerLitre>, Error> {
    let (_, rules) = client.rules_of_year(month.agreement, month.month.year, None).await?;
    let section = rules.sections.get(usize::from(month.section)).ok_or_else(|| {
        Error::Arguments(format!(
            "section: 0 to {} is expected, got {}",
            rules.sections.len().saturating_sub(1),
            month.section
        ))
    })?;
    let indicators: Vec<Indicator> = section.indicators.iter().map(|rule| rule.indicator).collect();
    in_order(&indicators, values)
}

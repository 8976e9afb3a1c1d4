//! Money with a purpose (专款专用): programmes, purposes, payees, payments, and its way.

mod show;

use crate::{
    fields::DocumentArgs,
    output::Printer,
    submit::{SubmitArgs, send},
};
use clap::{Args, Subcommand, ValueEnum};
use ecoledger_client::{
    Call, Client, Error, Fen,
    funds::{self, MovementId, ProgrammeId, TagKey},
    traceability::OrganisationId,
};
use std::str::FromStr;

/// Purpose-bound money. A tag is PROGRAMME/TAG, amounts are yuan such as 1234.56.
#[derive(Debug, Subcommand)]
pub(crate) enum FundCommand {
    /// Open a programme (项目) that the signer's office manages.
    OpenProgramme {
        /// Budget code (预算科目编码), public.
        code: String,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Open a purpose (专款用途) whose money comes from the signer's office.
    OpenTag {
        /// PROGRAMME/TAG; the tag is a number that the programme does not have yet.
        tag: TagKey,
        /// Budget code of the purpose, public.
        code: String,
        /// Most that may be appropriated.
        #[arg(long)]
        ceiling: Fen,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Set the most that may be appropriated under a purpose.
    Ceiling {
        /// PROGRAMME/TAG.
        tag: TagKey,
        /// Most that may be appropriated.
        ceiling: Fen,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Name an organisation an intermediary or a payee of a programme, or nothing any more.
    Name {
        /// Number of the programme.
        programme: ProgrammeId,
        /// Number of the organisation.
        organisation: OrganisationId,
        /// What it is.
        #[arg(value_enum)]
        part: Part,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Bind free money of the signer to a purpose (下达预算).
    Appropriate {
        #[command(flatten)]
        money: MoneyArgs,
    },
    /// Pass money on to an intermediary, with its purpose (转移支付).
    Transfer {
        #[command(flatten)]
        money: MoneyArgs,
        /// Number of the organisation that gets it.
        #[arg(long)]
        to: OrganisationId,
    },
    /// Pay a final beneficiary, whose own the money becomes (拨付).
    Pay {
        #[command(flatten)]
        money: MoneyArgs,
        /// Address of an account of the payee.
        #[arg(long)]
        to: String,
    },
    /// Take money that the signer's office appropriated back from its holder (收回).
    ClawBack {
        #[command(flatten)]
        money: MoneyArgs,
        /// Number of the organisation that has it.
        #[arg(long)]
        from: OrganisationId,
    },
    /// Stop an organisation's money in a programme after an audit.
    Flag {
        /// Number of the programme.
        programme: ProgrammeId,
        /// Number of the organisation.
        organisation: OrganisationId,
        /// What was found.
        #[arg(value_enum)]
        finding: Finding,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Let an organisation's money go on after rectification (整改).
    LiftFlag {
        /// Number of the programme.
        programme: ProgrammeId,
        /// Number of the organisation.
        organisation: OrganisationId,
        #[command(flatten)]
        document: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show a programme: its purposes, parts and flags.
    Show {
        /// Number of the programme.
        programme: ProgrammeId,
    },
    /// Show who has how much, by purpose and holder.
    Balances {
        /// PROGRAMME, or PROGRAMME/TAG.
        of: ProgrammeOrTag,
    },
    /// Show a movement of money.
    Movement {
        /// Its number.
        movement: MovementId,
    },
    /// Follow money, fen by fen: a lot from where it came or to where it went, or all of a purpose.
    #[command(group(clap::ArgGroup::new("direction").required(true)))]
    Follow {
        /// Number of the movement by which the lot came, or PROGRAMME/TAG.
        what: LotOrTag,
        /// Back to its appropriation.
        #[arg(long, group = "direction")]
        back: bool,
        /// Forward to its payees.
        #[arg(long, group = "direction")]
        forward: bool,
    },
}

/// A purpose and an amount under it.
#[derive(Args, Debug)]
pub(crate) struct MoneyArgs {
    /// PROGRAMME/TAG.
    tag: TagKey,
    /// How much, in yuan such as 1234.56.
    amount: Fen,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// What an organisation is in a programme.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Part {
    /// An office that passes money on.
    Intermediary,
    /// A final beneficiary, such as a village.
    Payee,
    /// Neither any more.
    Nothing,
}

/// Why an auditor stops an organisation's money.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Finding {
    /// 截留: kept instead of passed on.
    Interception,
    /// 占用、挪用: used for something else.
    Diversion,
    /// 拖欠: not paid when due.
    Arrears,
    /// 骗取: claimed by false records.
    Fraud,
}

/// `PROGRAMME` or `PROGRAMME/TAG`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ProgrammeOrTag {
    /// All purposes of a programme.
    Programme(ProgrammeId),
    /// One purpose.
    Tag(TagKey),
}

impl FromStr for ProgrammeOrTag {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.contains('/') {
            return text.parse().map(Self::Tag);
        }
        text.parse().map(Self::Programme).map_err(|_| {
            Error::Arguments(format!(
                "programme: PROGRAMME or PROGRAMME/TAG is expected, such as 3 or 3/20250, got {text:?}"
            ))
        })
    }
}

/// A lot or a purpose.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LotOrTag {
    /// The movement by which a lot came.
    Lot(MovementId),
    /// All money under a purpose.
    Tag(TagKey),
}

impl FromStr for LotOrTag {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.contains('/') {
            return text.parse().map(Self::Tag);
        }
        text.parse().map(Self::Lot).map_err(|_| {
            Error::Arguments(format!(
                "lot: the number of a movement or PROGRAMME/TAG is expected, such as 12 or 3/20250, got {text:?}"
            ))
        })
    }
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &FundCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        FundCommand::Show { programme } => show::programme(client, *programme, printer).await,
        FundCommand::Balances { of } => show::balances(client, *of, printer).await,
        FundCommand::Movement { movement } => show::movement(client, *movement, printer).await,
        FundCommand::Follow { what, forward, .. } => {
            show::follow(client, *what, *forward, printer).await
        }
        _ => {
            let (call, submit) = call_of(command)?;
            send(client, submit, &call, printer).await
        }
    }
}

fn call_of(command: &FundCommand) -> Result<(Call, &SubmitArgs), Error> {
    Ok(match command {
        FundCommand::OpenProgramme { code, submit } => (funds::open_programme(code), submit),
        FundCommand::OpenTag { tag, code, ceiling, submit } => {
            (funds::open_tag(*tag, code, *ceiling), submit)
        }
        FundCommand::Ceiling { tag, ceiling, submit } => {
            (funds::set_ceiling(*tag, *ceiling), submit)
        }
        FundCommand::Name { programme, organisation, part, submit } => {
            let part = match part {
                Part::Intermediary => Some(funds::Part::Intermediary),
                Part::Payee => Some(funds::Part::Payee),
                Part::Nothing => None,
            };
            (funds::set_part(*programme, *organisation, part), submit)
        }
        FundCommand::Appropriate { money } => {
            let document = money.document.read()?;
            (funds::appropriate(money.tag, money.amount, &document), &money.submit)
        }
        FundCommand::Transfer { money, to } => {
            let document = money.document.read()?;
            (funds::transfer(money.tag, *to, money.amount, &document), &money.submit)
        }
        FundCommand::Pay { money, to } => {
            let document = money.document.read()?;
            (funds::pay(money.tag, to, money.amount, &document), &money.submit)
        }
        FundCommand::ClawBack { money, from } => {
            let document = money.document.read()?;
            (funds::claw_back(money.tag, *from, money.amount, &document), &money.submit)
        }
        FundCommand::Flag { programme, organisation, finding, document, submit } => {
            let finding = match finding {
                Finding::Interception => funds::Finding::Interception,
                Finding::Diversion => funds::Finding::Diversion,
                Finding::Arrears => funds::Finding::Arrears,
                Finding::Fraud => funds::Finding::Fraud,
            };
            (funds::flag(*programme, *organisation, finding, &document.read()?), submit)
        }
        FundCommand::LiftFlag { programme, organisation, document, submit } => {
            (funds::lift_flag(*programme, *organisation, &document.read()?), submit)
        }
        FundCommand::Show { .. }
        | FundCommand::Balances { .. }
        | FundCommand::Movement { .. }
        | FundCommand::Follow { .. } => {
            return Err(Error::Arguments("this command makes no call".into()));
        }
    })
}

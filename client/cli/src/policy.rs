//! Transfers to counties (纵向补偿): policies, counties' data, shares and their money.

mod show;
mod terms;

use crate::{
    document::{DocumentArgs, TextArgs},
    motion::{MotionArgs, propose},
    output::Printer,
    submit::{SubmitArgs, send},
};
use clap::{Args, Subcommand, ValueEnum};
use ecoledger_client::{
    Call, Client, Error, Fen, Ppb, SignedPpb, Term,
    compensation::{
        PolicyId,
        vertical::{self, NewPolicy},
    },
    traceability::OrganisationId,
};
use std::str::FromStr;
use terms::{ComponentTerms, SourcedValue, county_data};

/// Transfer policies (转移支付办法). Amounts are yuan such as 1234.56, ratios 0.25 or 25%.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Create a policy of one year: a finance department.
    Create {
        /// Budget year.
        #[arg(long)]
        year: u16,
        /// Budget code (预算科目编码), public.
        #[arg(long)]
        code: String,
        #[command(flatten)]
        text: TextArgs,
        /// KIND=POOL:FORM, once for each component. KIND is key, prohibited, guiding or element;
        /// FORM is FACTOR/UNIT/WEIGHT,… with weights that sum to 1, or `gap`, or `gap-or-zero`
        /// where a county without a gap counts as 0. Such as key=10000000:1/mu/60%,2/persons/40%.
        #[arg(long = "component", required = true)]
        components: Vec<ComponentTerms>,
        /// Number of a county's organisation, once for each county.
        #[arg(long = "county", required = true)]
        counties: Vec<OrganisationId>,
        /// In what time after publication the money must have been remitted.
        #[arg(long, default_value = "30 working days")]
        remit_within: Term,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Record what a component is computed from in a county; until data are frozen, again.
    County {
        #[command(flatten)]
        share: ShareArg,
        /// Index of the component.
        #[arg(long, default_value_t = 0)]
        component: u8,
        /// Coefficient of the county.
        #[arg(long, default_value = "1")]
        coefficient: Ppb,
        /// Least of its share.
        #[arg(long, default_value = "0")]
        floor: Fen,
        /// Most of its share; without limit unless given.
        #[arg(long)]
        cap: Option<Fen>,
        /// QUANTITY@RECORD,HASH,PUBLISHED, once for each factor of the component in their order:
        /// such as 1200mu@77,0x…,2026-01-31T00:00:00+08:00.
        #[arg(long = "value", required = true)]
        values: Vec<SourcedValue>,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Freeze the data of a policy once they are complete.
    Freeze {
        #[command(flatten)]
        policy: PolicyArgs,
    },
    /// Compute the shares of all counties, which sum to every pool exactly.
    Compute {
        #[command(flatten)]
        policy: PolicyArgs,
    },
    /// Publish the shares, and start the term to remit.
    Publish {
        #[command(flatten)]
        policy: PolicyArgs,
    },
    /// Bind free money of the signer to a county's share (下达预算).
    Appropriate {
        #[command(flatten)]
        share: ShareArg,
        /// How much, in yuan such as 1234.56.
        amount: Fen,
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// Remit appropriated money to the county (拨付).
    Remit {
        #[command(flatten)]
        share: ShareArg,
        /// How much, in yuan such as 1234.56.
        amount: Fen,
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// Report what those whom the signer's county paid have used.
    Use {
        /// Number of the policy.
        policy: PolicyId,
        /// How much, in yuan such as 1234.56.
        amount: Fen,
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// Grade a county's performance (绩效评价): an auditor.
    Evaluate {
        #[command(flatten)]
        share: ShareArg,
        /// Grade of change of the assessed quality (生态环境质量变化等级).
        #[arg(value_enum)]
        grade: Grade,
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// Reward or deduct by the grade, or take back all that a flagged county has.
    Conclude {
        #[command(flatten)]
        share: ShareArg,
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// Show a policy and the share of every county.
    Show {
        /// Number of the policy.
        policy: PolicyId,
    },
    /// Compute the shares again from the recorded data, and compare them with the policy's.
    Shares {
        /// Number of the policy.
        policy: PolicyId,
    },
    /// Show the data of a county.
    Data {
        #[command(flatten)]
        share: ShareArg,
    },
    /// Propose the adjustments by grade of policies that are created from then on: a member of the
    /// committee.
    SetGrades {
        /// Parts of the share from the best grade to the worst, descending, within ±100%: such as
        /// 10%,5%,2%,0,-2%,-5%,-10%.
        #[arg(allow_hyphen_values = true, value_name = "SEVEN_PARTS")]
        parts: Grades,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Show the governed adjustments by grade.
    Grades {
        /// Version of the table; that of new policies unless given.
        version: Option<u32>,
    },
    /// Show what is in arrears (拖欠), of policies and agreements.
    Arrears {
        /// Also what is due later.
        #[arg(long)]
        all: bool,
    },
}

/// A policy, and who signs.
#[derive(Args, Debug)]
pub(crate) struct PolicyArgs {
    /// Number of the policy.
    policy: PolicyId,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// A county's share.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ShareArg {
    /// Number of the policy.
    policy: PolicyId,
    /// Number of the county's organisation.
    county: OrganisationId,
}

/// What proves a decision, and who signs.
#[derive(Args, Debug)]
pub(crate) struct DecisionArgs {
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// Grade of change of the assessed quality.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Grade {
    /// 明显变好.
    ObviouslyBetter,
    /// 一般变好.
    Better,
    /// 轻微变好.
    SlightlyBetter,
    /// 基本稳定.
    Stable,
    /// 轻微变差.
    SlightlyWorse,
    /// 一般变差.
    Worse,
    /// 明显变差.
    ObviouslyWorse,
}

impl From<Grade> for vertical::Grade {
    fn from(grade: Grade) -> Self {
        match grade {
            Grade::ObviouslyBetter => Self::ObviouslyBetter,
            Grade::Better => Self::Better,
            Grade::SlightlyBetter => Self::SlightlyBetter,
            Grade::Stable => Self::Stable,
            Grade::SlightlyWorse => Self::SlightlyWorse,
            Grade::Worse => Self::Worse,
            Grade::ObviouslyWorse => Self::ObviouslyWorse,
        }
    }
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &PolicyCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        PolicyCommand::Show { policy } => show::policy(client, *policy, printer).await,
        PolicyCommand::Shares { policy } => show::shares(client, *policy, printer).await,
        PolicyCommand::Data { share } => show::data(client, share, printer).await,
        PolicyCommand::SetGrades { parts, motion } => {
            let call = vertical::set_performance_table(&parts.0);
            propose(client, motion, &call, printer).await
        }
        PolicyCommand::Grades { version } => show::grades(client, *version, printer).await,
        PolicyCommand::Arrears { all } => show::arrears(client, *all, printer).await,
        _ => {
            let (call, submit) = call_of(client, command).await?;
            send(client, submit, &call, printer).await
        }
    }
}

async fn call_of<'a>(
    client: &Client,
    command: &'a PolicyCommand,
) -> Result<(Call, &'a SubmitArgs), Error> {
    Ok(match command {
        PolicyCommand::Create { year, code, text, components, counties, remit_within, submit } => {
            let mut counties = counties.clone();
            counties.sort_unstable();
            let terms = NewPolicy {
                year: *year,
                code: code.clone(),
                text: text.read()?,
                components: components.iter().map(ComponentTerms::component).collect(),
                counties,
                remit_term: *remit_within,
            };
            (vertical::create_policy(&terms), submit)
        }
        PolicyCommand::County { share, component, coefficient, floor, cap, values, submit } => {
            let data = county_data(*coefficient, *floor, *cap, values)?;
            let policy = show::read(client, share.policy, None).await?;
            terms::check(&policy, *component, share.county, &data)?;
            let call = vertical::submit_county(share.policy, *component, share.county, &data);
            (call, submit)
        }
        PolicyCommand::Freeze { policy } => {
            (vertical::freeze_factors(policy.policy), &policy.submit)
        }
        PolicyCommand::Compute { policy } => {
            (vertical::compute_shares(policy.policy), &policy.submit)
        }
        PolicyCommand::Publish { policy } => {
            (vertical::publish_shares(policy.policy), &policy.submit)
        }
        PolicyCommand::Appropriate { share, amount, decision } => {
            let document = decision.document.read()?;
            let call = vertical::appropriate(share.policy, share.county, *amount, &document);
            (call, &decision.submit)
        }
        PolicyCommand::Remit { share, amount, decision } => {
            let document = decision.document.read()?;
            let call = vertical::remit(share.policy, share.county, *amount, &document);
            (call, &decision.submit)
        }
        PolicyCommand::Use { policy, amount, decision } => {
            let document = decision.document.read()?;
            (vertical::report_use(*policy, *amount, &document), &decision.submit)
        }
        PolicyCommand::Evaluate { share, grade, decision } => {
            let document = decision.document.read()?;
            let grade = (*grade).into();
            let call = vertical::evaluate(share.policy, share.county, grade, &document);
            (call, &decision.submit)
        }
        PolicyCommand::Conclude { share, decision } => {
            let document = decision.document.read()?;
            (vertical::conclude(share.policy, share.county, &document), &decision.submit)
        }
        PolicyCommand::Show { .. }
        | PolicyCommand::Shares { .. }
        | PolicyCommand::Data { .. }
        | PolicyCommand::SetGrades { .. }
        | PolicyCommand::Grades { .. }
        | PolicyCommand::Arrears { .. } => {
            return Err(Error::Arguments("this command makes no call".into()));
        }
    })
}

/// Adjustments by grade, held to what the chain takes: seven, descending, within ±100%.
#[derive(Clone, Debug)]
pub(crate) struct Grades([SignedPpb; 7]);

impl FromStr for Grades {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        const ONE_PPB: u64 = 1_000_000_000;
        let parts = text.split(',').map(str::parse).collect::<Result<Vec<SignedPpb>, _>>()?;
        let is_descending = parts.is_sorted_by(|better, worse| better >= worse);
        let is_bounded = parts.iter().all(|part| part.0.unsigned_abs() <= ONE_PPB);
        let seven = parts.try_into().ok().filter(|_| is_descending && is_bounded);
        seven.map(Self).ok_or_else(|| {
            Error::Arguments(format!(
                "parts: seven parts of the share, descending and within ±100%, are expected, got {text}"
            ))
        })
    }
}

/// What is in arrears, or also due later; of policies and agreements.
pub(crate) async fn arrears(client: &Client, all: bool, printer: Printer) -> Result<(), Error> {
    show::arrears(client, all, printer).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjustments_descend_by_grade() {
        assert!("10%,5%,2%,0,-2%,-5%,-100%".parse::<Grades>().is_ok());
        for text in ["10%,5%,2%,0,-2%,-5%", "5%,10%,2%,0,-2%,-5%,-10%", "101%,5%,2%,0,-2%,-5%,-10%"]
        {
            let error = text.parse::<Grades>().unwrap_err().to_string();
            assert!(error.starts_with("parts: seven parts"), "{error}");
        }
    }
}

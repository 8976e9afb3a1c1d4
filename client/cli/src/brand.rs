//! Regional public brands (区域公用品牌): marks, rules, members, licences, labels, misuse.

mod licence;
mod show;

use crate::{
    document::{DocumentArgs, ReportArgs, WhyArgs},
    fields::{CeilingArgs, ScopeArgs, When, ascending, one_of},
    motion::{MotionArgs, propose},
    output::Printer,
    submit::{SubmitArgs, send},
};
use clap::{ArgGroup, Args, Subcommand};
use ecoledger_client::{
    Call, Client, Digest, Error, Fen, Gtin,
    brands::{self, BrandRules, LabelFate, MarkKind, MisuseKind, PeriodRule},
};
use licence::LicenceCommand;
use std::{fs, path::PathBuf, str::FromStr};

/// What kind of mark a brand is.
const KINDS: &[(&str, &str)] = &[
    ("collective", "集体商标: used by members of its owner only"),
    ("certification", "证明商标: certifies goods of others"),
    ("geographical-indication", "地理标志: goods from an area whose quality comes from there"),
];

/// What became of labels in stock.
const FATES: &[(&str, &str)] = &[
    ("used", "they went on pieces"),
    ("void", "they were spoilt before use (作废); their quota is free again"),
    ("destroyed", "they were destroyed unused (销毁); their quota is free again"),
];

/// How a brand was misused.
const MISUSES: &[(&str, &str)] = &[
    ("unlicensed", "used without a licence"),
    ("quota-exceeded", "used for more than the quota"),
    ("foreign-base", "goods from a base that is not licensed"),
    ("out-of-scope", "product out of the scope of the licence"),
    ("without-certificate", "certificate not in force"),
    ("copied-labels", "labels copied, or used twice"),
    ("sub-brand-alone", "sub-brand shown without the brand"),
    ("other", "anything else against the rules of the brand"),
];

/// Brands, licences and printed labels. BRAND, LICENCE and ORDER are numbers that the chain gave. A
/// quantity has its unit, such as 430kg; money is in yuan; dates are YYYY-MM-DD in China Standard
/// Time.
#[derive(Debug, Subcommand)]
pub(crate) enum BrandCommand {
    /// Register a brand of the signer's organisation: a brand owner.
    Register {
        /// Number of the mark in the trademark register (商标注册号).
        mark: MarkNumber,
        /// What kind of mark it is.
        #[arg(long, value_parser = one_of::<MarkKind>(KINDS))]
        kind: MarkKind,
        #[command(flatten)]
        rules: RulesArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Give a brand new rules: its owner.
    Amend {
        /// Number of the brand.
        brand: u32,
        #[command(flatten)]
        rules: RulesArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Have a brand operator run a brand, or nobody beside the owner: its owner.
    #[command(group(ArgGroup::new("runs").required(true)))]
    Operator {
        /// Number of the brand.
        brand: u32,
        /// Number of the operator's organisation.
        #[arg(group = "runs")]
        organisation: Option<u32>,
        /// Nobody but the owner runs it.
        #[arg(long, group = "runs")]
        none: bool,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Admit and remove members under a collective mark (集体商标).
    #[command(subcommand)]
    Member(MemberCommand),
    /// Propose the most that a product yields on a mu in a year, or its end: a member of the
    /// committee.
    SetCeiling {
        #[command(flatten)]
        scope: ScopeArgs,
        #[command(flatten)]
        ceiling: CeilingArgs,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Show a yield ceiling.
    Ceiling {
        #[command(flatten)]
        scope: ScopeArgs,
    },
    /// Apply for, inspect, grant, suspend, revoke and show licences (授权).
    #[command(subcommand)]
    Licence(LicenceCommand),
    /// Order, issue, account for and show printed labels (标识订单).
    #[command(subcommand)]
    Labels(LabelsCommand),
    /// Record a misuse and the penalty for it: owner, operator or market supervision.
    Misuse {
        /// Number of the brand.
        brand: u32,
        /// Number of the organisation that misused it.
        #[arg(long)]
        offender: u32,
        /// Its licence under the brand, if it broke one.
        #[arg(long)]
        licence: Option<u32>,
        /// How it was misused.
        #[arg(long, value_parser = one_of::<MisuseKind>(MISUSES))]
        kind: MisuseKind,
        /// Penalty in yuan, as decided or agreed; paid off chain.
        #[arg(long, value_name = "YUAN", default_value = "0")]
        penalty: Fen,
        #[command(flatten)]
        decision: DocumentArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show a recorded misuse.
    ShowMisuse {
        /// Its number.
        misuse: u32,
    },
    /// Commit to a report of the premium (溢价) that the brand earned in a period: the licensee.
    Premium {
        /// Number of the licence.
        licence: u32,
        /// The period: a year, or the number of the period since the licence began.
        period: u32,
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show the commitment to the premium report of a period.
    ShowPremium {
        /// Number of the licence.
        licence: u32,
        /// The period.
        period: u32,
    },
    /// Show a brand and its rules.
    Show {
        /// Number of the brand, or of its mark.
        brand: String,
    },
    /// Show a version of a brand's rules.
    Rules {
        /// Number of the brand.
        brand: u32,
        /// Version, from 0.
        version: u32,
    },
}

/// Number of a mark: 1 to 32 visible characters of ASCII.
#[derive(Clone, Debug)]
pub(crate) struct MarkNumber(String);

impl FromStr for MarkNumber {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::Arguments(format!(
            "mark: 1 to 32 visible characters of ASCII are expected, got {text:?}"
        )))
    }
}

/// The rules for the use of a brand (使用管理规则).
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("rules_text").required(true).args(["rules", "rules_file"])))]
pub(crate) struct RulesArgs {
    /// Division of GB/T 2260 in which bases of licensees lie, with all inside it; once for each.
    #[arg(long = "area", required = true, value_name = "DIVISION")]
    areas: Vec<u32>,
    /// Class in GS1's Global Product Classification that is in scope; once for each.
    #[arg(long = "category", required_unless_present = "products")]
    categories: Vec<u32>,
    /// GTIN of a single product that is in scope; once for each.
    #[arg(long = "product", id = "products", value_name = "GTIN")]
    products: Vec<Gtin>,
    /// The published rules; their SHA-256 goes on the chain.
    #[arg(long, value_name = "FILE")]
    rules_file: Option<PathBuf>,
    /// SHA-256 of the published rules: 0x and 64 digits.
    #[arg(long)]
    rules: Option<Digest>,
    /// Scheme of the certificate that every licensed product must have.
    #[arg(long, value_name = "SCHEME")]
    certificate_scheme: Option<u32>,
    /// Length of a quota period in days from the beginning of each licence; calendar years unless
    /// given.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..))]
    period_days: Option<u16>,
    /// Last date on which the mark is registered; no licence lasts longer.
    #[arg(long, value_name = "DATE")]
    registered_until: When,
}

impl RulesArgs {
    fn read(&self) -> Result<BrandRules, Error> {
        let document = match (&self.rules, &self.rules_file) {
            (Some(digest), _) => digest.clone(),
            (None, Some(file)) => Digest::of(&fs::read(file).map_err(|error| {
                Error::Arguments(format!("rules: {}: {error}", file.display()))
            })?),
            (None, None) => return Err(Error::Arguments("give --rules or --rules-file".into())),
        };
        Ok(BrandRules {
            area: ascending(&self.areas),
            categories: ascending(&self.categories),
            products: ascending(&self.products),
            document,
            certificate_scheme: self.certificate_scheme,
            period: self.period_days.map_or(PeriodRule::CalendarYear, PeriodRule::Days),
            registered_until: self.registered_until.end(),
        })
    }
}

/// Members under a collective mark.
#[derive(Debug, Subcommand)]
pub(crate) enum MemberCommand {
    /// Admit a member: the owner.
    Admit {
        /// Number of the brand.
        brand: u32,
        /// Number of the organisation.
        organisation: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Remove a member and end its licences: the owner.
    Remove {
        /// Number of the brand.
        brand: u32,
        /// Number of the organisation.
        organisation: u32,
        #[command(flatten)]
        reason: WhyArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Tell whether an organisation is a member.
    Show {
        /// Number of the brand.
        brand: u32,
        /// Number of the organisation.
        organisation: u32,
    },
}

/// Printed labels, one for a piece.
#[derive(Debug, Subcommand)]
pub(crate) enum LabelsCommand {
    /// Order labels for pieces of a licensed product: the licensee.
    Order {
        /// Number of the licence.
        licence: u32,
        /// GTIN of the product.
        gtin: Gtin,
        /// How many labels.
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        count: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Issue ordered labels and draw their content from the quota: owner or operator.
    Issue {
        /// Number of the order.
        order: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Call off an order that was not issued: licensee, owner or operator.
    Cancel {
        /// Number of the order.
        order: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Account for labels in stock: the licensee; destroyed ones, also owner or operator.
    Account {
        /// Number of the order.
        order: u32,
        /// What became of them.
        #[arg(value_parser = one_of::<LabelFate>(FATES))]
        fate: LabelFate,
        /// How many labels.
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        count: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show an order and its stock.
    Show {
        /// Number of the order.
        order: u32,
    },
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &BrandCommand,
    printer: Printer,
) -> Result<(), Error> {
    use BrandCommand as B;
    match command {
        B::SetCeiling { scope, ceiling, motion } => {
            let scope = scope.scope()?;
            let content = ceiling.content(client, &scope).await?;
            let call = brands::set_yield_ceiling(&scope, content);
            propose(client, motion, &call, printer).await
        }
        B::Ceiling { scope } => show::ceiling(client, &scope.scope()?, printer).await,
        B::Licence(command) => licence::run(client, command, printer).await,
        B::Member(MemberCommand::Show { brand, organisation }) => {
            show::member(client, *brand, *organisation, printer).await
        }
        B::Labels(LabelsCommand::Show { order }) => show::order(client, *order, printer).await,
        B::ShowMisuse { misuse } => show::misuse(client, *misuse, printer).await,
        B::ShowPremium { licence, period } => {
            show::premium(client, *licence, *period, printer).await
        }
        B::Show { brand } => show::brand(client, brand, printer).await,
        B::Rules { brand, version } => show::rules(client, *brand, *version, printer).await,
        _ => {
            let (call, submit) = call_of(command)?;
            send(client, submit, &call, printer).await
        }
    }
}

fn call_of(command: &BrandCommand) -> Result<(Call, &SubmitArgs), Error> {
    use BrandCommand as B;
    Ok(match command {
        B::Register { mark, kind, rules, submit } => {
            (brands::register_brand(&mark.0, *kind, &rules.read()?), submit)
        }
        B::Amend { brand, rules, submit } => (brands::amend_rules(*brand, &rules.read()?), submit),
        B::Operator { brand, organisation, none: _, submit } => {
            (brands::set_operator(*brand, *organisation), submit)
        }
        B::Member(MemberCommand::Admit { brand, organisation, submit }) => {
            (brands::admit_member(*brand, *organisation), submit)
        }
        B::Member(MemberCommand::Remove { brand, organisation, reason, submit }) => {
            (brands::remove_member(*brand, *organisation, &reason.read()?), submit)
        }
        B::Labels(LabelsCommand::Order { licence, gtin, count, submit }) => {
            (brands::order_labels(*licence, gtin, *count), submit)
        }
        B::Labels(LabelsCommand::Issue { order, submit }) => (brands::issue_labels(*order), submit),
        B::Labels(LabelsCommand::Cancel { order, submit }) => {
            (brands::cancel_order(*order), submit)
        }
        B::Labels(LabelsCommand::Account { order, fate, count, submit }) => {
            (brands::account_labels(*order, *fate, *count), submit)
        }
        B::Misuse { brand, offender, licence, kind, penalty, decision, submit } => {
            let decision = decision.read()?;
            let call =
                brands::record_misuse(*brand, *offender, *licence, *kind, *penalty, &decision);
            (call, submit)
        }
        B::Premium { licence, period, report, submit } => {
            (brands::report_premium(*licence, *period, &report.read()?), submit)
        }
        _ => return Err(Error::Arguments("this command makes no call".into())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_have_the_characters_of_the_register() {
        assert_eq!("G5330".parse::<MarkNumber>().unwrap().0, "G5330");
        for text in ["", "G 5330", "丽水", &"1".repeat(33)] {
            let error = text.parse::<MarkNumber>().unwrap_err().to_string();
            assert!(error.contains("mark"), "{error}");
        }
    }
}

//! Organisations: registered, described, suspended and closed; their agents, capacities and rules.

mod agent;
mod rule;
mod show;

use crate::{
    document::DocumentArgs,
    fields::{When, ascending},
    motion::{MotionArgs, OriginArgs, propose},
    output::Printer,
    submit::commitment,
};
use agent::AgentCommand;
use clap::{Args, Subcommand};
use ecoledger_client::{
    Call, Client, Error, Gln, Organisation, Region, Role, Uscc,
    participants::{
        self as participants, CapacityId, Did, Grant, LegalName, Registration, Subject,
    },
    traceability::{Commitment, OrganisationId},
};
use rule::RuleCommand;
use std::{path::PathBuf, str::FromStr};

/// Organisations. ORGANISATION is its number, or its unified social credit code (统一社会信用代码).
#[derive(Debug, Subcommand)]
pub(crate) enum OrgCommand {
    /// Register an organisation with its first agent, who gets all powers: a registrar.
    Register {
        /// Its unified social credit code, 18 characters.
        uscc: Uscc,
        /// Its published legal name.
        #[arg(long)]
        name: LegalName,
        /// Division of GB/T 2260 in which it is registered, six digits.
        #[arg(long)]
        region: Region,
        /// Address of its first agent, of a key that never acted.
        #[arg(long, value_name = "ADDRESS")]
        administrator: String,
        /// Its Global Location Number.
        #[arg(long)]
        gln: Option<Gln>,
        /// Its decentralised identifier: did:web:HOST or did:key:zKEY.
        #[arg(long)]
        did: Option<Did>,
        #[command(flatten)]
        holder: HolderArgs,
        #[command(flatten)]
        acting: ActingArgs,
    },
    /// Change the published name or region of an organisation after a change of its licence.
    Update {
        /// The organisation.
        organisation: OrgName,
        /// Its name; the same unless given.
        #[arg(long, required_unless_present = "region")]
        name: Option<LegalName>,
        /// Its region, six digits; the same unless given.
        #[arg(long)]
        region: Option<Region>,
        #[command(flatten)]
        acting: ActingArgs,
    },
    /// Set both identifiers of an organisation; one that is not given is removed: its
    /// administrator.
    Identify {
        /// The organisation.
        organisation: OrgName,
        /// Its Global Location Number.
        #[arg(long)]
        gln: Option<Gln>,
        /// Its decentralised identifier: did:web:HOST or did:key:zKEY.
        #[arg(long)]
        did: Option<Did>,
        #[command(flatten)]
        origin: OriginArgs,
    },
    /// Suspend an organisation, none of whose agents may act then: a registrar.
    Suspend(DecisionArgs),
    /// Let a suspended organisation act again: a registrar.
    Reinstate(DecisionArgs),
    /// Propose to close an organisation for good: a member of the committee.
    Close {
        /// The organisation.
        organisation: OrgName,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Register, empower, replace and withdraw keys that act for an organisation (经办人).
    #[command(subcommand)]
    Agent(AgentCommand),
    /// Grant a capacity (职能) to an organisation.
    Grant {
        /// The organisation.
        organisation: OrgName,
        /// What it allows, such as trace-node.
        role: Role,
        /// Where: a division of six digits with all inside it, or `country`.
        #[arg(long)]
        region: Region,
        /// To what it is limited, once for each; not limited unless given.
        #[arg(long = "subject")]
        subjects: Vec<Subject>,
        /// From when: a date, or RFC 3339 with an offset; from now on unless given.
        #[arg(long, value_name = "TIME")]
        from: Option<When>,
        /// Until when: a date that is its last, or RFC 3339 with an offset; without end unless
        /// given.
        #[arg(long, value_name = "TIME")]
        until: Option<When>,
        #[command(flatten)]
        acting: ActingArgs,
    },
    /// End a capacity: who may grant it, or without --as who holds it.
    Ungrant {
        /// Number of the capacity.
        capacity: CapacityId,
        /// Role in which the signer's organisation acts, such as samr.
        #[arg(long = "as", value_name = "ROLE", conflicts_with = "propose")]
        acting_as: Option<Role>,
        #[command(flatten)]
        origin: OriginArgs,
    },
    /// Propose how many transactions a day each agent may send: a member of the committee.
    #[command(group(clap::ArgGroup::new("quota").required(true)))]
    Quota {
        /// Whose agents; those of all that have no number of their own unless given.
        organisation: Option<OrgName>,
        /// Transactions a day of each agent; 0 lets none through.
        #[arg(long, group = "quota")]
        per_day: Option<u32>,
        /// The general quota again; for that itself, the chain's default.
        #[arg(long, group = "quota")]
        general: bool,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Show and propose the rules by which is registered and granted.
    #[command(subcommand)]
    Rule(RuleCommand),
    /// Show an organisation, its capacities (职能) and its agents.
    Show {
        /// The organisation.
        organisation: OrgName,
    },
}

/// A number, or a unified social credit code.
#[derive(Clone, Debug)]
pub(crate) enum OrgName {
    /// Its number on the chain.
    Number(OrganisationId),
    /// Its code.
    Uscc(Uscc),
}

impl FromStr for OrgName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.len() == 18 {
            return text.parse().map(Self::Uscc);
        }
        text.parse().map(Self::Number).map_err(|_| {
            Error::Arguments(format!(
                "organisation: a number, or a unified social credit code of 18 characters is expected, got {text:?}"
            ))
        })
    }
}

impl OrgName {
    /// What the chain has of it.
    pub(crate) async fn find(
        &self,
        client: &Client,
        height: Option<u32>,
    ) -> Result<Organisation, Error> {
        let (found, name) = match self {
            Self::Number(id) => (client.organisation(*id, height).await?, id.to_string()),
            Self::Uscc(uscc) => {
                (client.organisation_by_uscc(uscc.as_str(), height).await?, uscc.to_string())
            }
        };
        found.ok_or_else(|| Error::NotFound(format!("organisation {name}")))
    }

    /// Its number.
    pub(crate) async fn number(&self, client: &Client) -> Result<OrganisationId, Error> {
        match self {
            Self::Number(id) => Ok(*id),
            Self::Uscc(_) => Ok(self.find(client, None).await?.id),
        }
    }
}

/// In which role a registrar or granter acts.
#[derive(Args, Debug)]
pub(crate) struct ActingArgs {
    /// Role in which the signer's organisation acts, such as samr.
    #[arg(
        long = "as",
        value_name = "ROLE",
        required_unless_present = "propose",
        conflicts_with = "propose"
    )]
    acting_as: Option<Role>,
    #[command(flatten)]
    origin: OriginArgs,
}

/// Whose standing is changed, and by which decision.
#[derive(Args, Debug)]
pub(crate) struct DecisionArgs {
    /// The organisation.
    organisation: OrgName,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    acting: ActingArgs,
}

/// Who holds a key, as a commitment; never a name.
#[derive(Args, Clone, Debug)]
pub(crate) struct HolderArgs {
    /// Commitment to who holds the key: 0x and 64 digits.
    #[arg(long, conflicts_with = "holder_file")]
    holder: Option<Commitment>,
    /// File that says who holds the key; its salt is kept beside it in FILE.salt.
    #[arg(long, value_name = "FILE")]
    holder_file: Option<PathBuf>,
}

impl HolderArgs {
    pub(crate) fn read(&self) -> Result<Option<Commitment>, Error> {
        commitment(self.holder.as_ref(), self.holder_file.as_deref())
    }
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &OrgCommand,
    printer: Printer,
) -> Result<(), Error> {
    let (call, origin) = match command {
        OrgCommand::Show { organisation } => {
            return show::organisation(client, organisation, printer).await;
        }
        OrgCommand::Agent(command) => return agent::run(client, command, printer).await,
        OrgCommand::Rule(command) => return rule::run(client, command, printer).await,
        OrgCommand::Close { organisation, motion } => {
            let organisation = organisation.number(client).await?;
            let call = participants::close_organisation(organisation);
            return propose(client, motion, &call, printer).await;
        }
        OrgCommand::Quota { organisation, per_day, general: _, motion } => {
            let organisation = match organisation {
                Some(organisation) => Some(organisation.number(client).await?),
                None => None,
            };
            if organisation.is_none() && *per_day == Some(0) {
                return Err(Error::Arguments(
                    "per-day: at least 1 is expected of the general quota, since nobody could raise it again, got 0".into(),
                ));
            }
            let call = participants::set_daily_quota(organisation, *per_day);
            return propose(client, motion, &call, printer).await;
        }
        OrgCommand::Register { .. } => register(command)?,
        OrgCommand::Update { organisation, name, region, acting } => {
            let known = organisation.find(client, None).await?;
            let name = match name {
                Some(name) => name.clone(),
                None => known.name.parse()?,
            };
            let region = region.unwrap_or(known.region);
            let call = participants::update_registration(known.id, &name, region, acting.acting_as);
            (call, &acting.origin)
        }
        OrgCommand::Identify { organisation, gln, did, origin } => {
            let organisation = organisation.number(client).await?;
            (participants::set_identifiers(organisation, gln.as_ref(), did.as_ref()), origin)
        }
        OrgCommand::Suspend(args) => args.call(client, participants::suspend_organisation).await?,
        OrgCommand::Reinstate(args) => {
            args.call(client, participants::reinstate_organisation).await?
        }
        OrgCommand::Grant { organisation, role, region, subjects, from, until, acting } => {
            let grant = Grant {
                organisation: organisation.number(client).await?,
                role: *role,
                region: *region,
                subjects: ascending(subjects),
                // What is in the past counts as now, by the chain's clock.
                valid_from: from.map_or(0, |from| from.start().0 / 1000),
                valid_until: until.map(|until| until.end().0 / 1000),
            };
            check_period(&grant)?;
            (participants::grant_capacity(&grant, acting.acting_as), &acting.origin)
        }
        OrgCommand::Ungrant { capacity, acting_as, origin } => {
            (participants::revoke_capacity(*capacity, *acting_as), origin)
        }
    };
    origin.make(client, &call, printer).await
}

fn register(command: &OrgCommand) -> Result<(Call, &OriginArgs), Error> {
    let OrgCommand::Register { uscc, name, region, administrator, gln, did, holder, acting } =
        command
    else {
        return Err(Error::Arguments("this command registers nothing".into()));
    };
    let registration = Registration {
        uscc: uscc.clone(),
        name: name.clone(),
        region: *region,
        gln: gln.clone(),
        did: did.clone(),
    };
    let holder = holder.read()?;
    let call = participants::register_organisation(
        &registration,
        administrator,
        holder.as_ref(),
        acting.acting_as,
    );
    Ok((call, &acting.origin))
}

impl DecisionArgs {
    async fn call(
        &self,
        client: &Client,
        make: fn(OrganisationId, &Commitment, Option<Role>) -> Call,
    ) -> Result<(Call, &OriginArgs), Error> {
        let organisation = self.organisation.number(client).await?;
        let call = make(organisation, &self.document.read()?, self.acting.acting_as);
        Ok((call, &self.acting.origin))
    }
}

fn check_period(grant: &Grant) -> Result<(), Error> {
    match grant.valid_until {
        Some(until) if until <= grant.valid_from => Err(Error::Arguments(
            "until: a time after --from is expected, since the capacity begins then".into(),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisations_have_two_names() {
        assert!(matches!("7".parse::<OrgName>().unwrap(), OrgName::Number(7)));
        assert!(matches!("93331127MA2DEM025A".parse::<OrgName>().unwrap(), OrgName::Uscc(_)));
        for (text, word) in [
            ("93331127MA2DEM025B", "check character"),
            ("93331127MA2DEM025", "a number, or"),
            ("-1", "a number, or"),
            ("", "a number, or"),
        ] {
            let error = text.parse::<OrgName>().unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn a_capacity_ends_after_it_begins() {
        let grant = |valid_from, valid_until| Grant {
            organisation: 1,
            role: Role::TraceNode,
            region: Region::COUNTRY,
            subjects: Vec::new(),
            valid_from,
            valid_until,
        };
        assert!(check_period(&grant(7, None)).is_ok());
        assert!(check_period(&grant(7, Some(8))).is_ok());
        assert!(check_period(&grant(7, Some(7))).unwrap_err().to_string().starts_with("until: "));
    }
}

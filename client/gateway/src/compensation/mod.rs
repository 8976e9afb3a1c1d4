//! Agreements for pages and programs: which records say what happened in a year, and what follows from
//! them.
//!
//! What is read first, to know which records there are, is not proven; then all of them are, at once,
//! and only those are shown.

pub(crate) mod api;
mod basins;
mod means;

pub(crate) use basins::Rivers;
pub(crate) use means::{Mean, Means, change, class, is_above, means_of, weighted_index};

use crate::{app::App, figures::Figures, index::IndexedEvent, problem::Problem};
use ecoledger_client::{
    Client, Error, Moment,
    compensation::horizontal::{
        Agreement, AgreementRules, Formula, IndicatorRule, Sample, Settlement,
    },
    funds::{Holder, MovementId, TagKey},
    proof::{RECORDS_MAX, RecordName},
};
use serde_json::{Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Sections of an agreement that one answer shows.
pub(crate) const SECTIONS_SHOWN: usize = 8;
/// Movements of money that one answer shows: with the holders on both sides, and sections, parties and
/// stations, they stay within the records of one proof.
pub(crate) const MOVEMENTS_SHOWN: usize = 20;
/// Years before the last one among which the latest settled one is looked for.
const YEARS_TRIED: usize = 4;

const PALLET: &str = "Compensation";

/// What an agreement's year is asked for by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked {
    /// The year; the latest settled or sampled one unless given.
    pub(crate) year: Option<u16>,
    /// First section shown.
    pub(crate) section: usize,
    /// Height and number of the last event of the page of movements before.
    pub(crate) after: Option<(u32, u32)>,
}

/// A year of an agreement: names of the records that say what it was.
#[derive(Clone, Debug)]
pub(crate) struct Year {
    pub(crate) agreement: u32,
    pub(crate) year: u16,
    /// Years of the term that have begun.
    pub(crate) years: Vec<u16>,
    /// The rules, and where in their record they are.
    pub(crate) rules: RecordName,
    pub(crate) rules_path: &'static str,
    /// First section shown, and how many there are.
    pub(crate) section: usize,
    pub(crate) n_sections: usize,
    /// Section by whose results the formula goes, if by one.
    pub(crate) formula_section: Option<usize>,
    /// Payments that the settlement may have.
    pub(crate) n_legs: usize,
    /// Purposes of what the parties paid in for the year.
    pub(crate) purposes: Vec<TagKey>,
    /// Movements of their money, oldest first.
    pub(crate) movements: Vec<MovementId>,
    /// Whether there are movements before those.
    pub(crate) is_continued: bool,
    /// Where the next page of movements begins, if there is one.
    pub(crate) next: Option<(u32, u32)>,
    /// Who has or had the money of those movements.
    pub(crate) holders: BTreeSet<(TagKey, Holder)>,
    names: Vec<RecordName>,
}

pub(crate) fn agreement_name(id: u32) -> RecordName {
    RecordName::new(PALLET, "Agreements", &[json!(id)])
}

pub(crate) fn profile_name(organisation: u32) -> RecordName {
    RecordName::new("Participants", "Profiles", &[json!(organisation)])
}

pub(crate) fn settlement_name(agreement: u32, year: u16) -> RecordName {
    RecordName::new(PALLET, "Settlements", &[json!(agreement), json!(year)])
}

pub(crate) fn tag_name(key: TagKey) -> RecordName {
    RecordName::new("Funds", "Tags", &[json!(key)])
}

pub(crate) fn holding_name(key: TagKey, holder: Holder) -> RecordName {
    RecordName::new("Funds", "Holdings", &[json!(key), json!(holder)])
}

pub(crate) fn movement_name(id: MovementId) -> RecordName {
    RecordName::new("Funds", "Movements", &[json!(id)])
}

impl Year {
    pub(crate) fn agreement_name(&self) -> RecordName {
        agreement_name(self.agreement)
    }

    pub(crate) fn settlement_name(&self) -> RecordName {
        settlement_name(self.agreement, self.year)
    }

    pub(crate) fn incidents_name(&self) -> RecordName {
        RecordName::new(PALLET, "Incidents", &[json!(self.agreement), json!(self.year)])
    }

    pub(crate) fn sample_name(&self, year: u16, section: usize, month: u8) -> RecordName {
        let key = json!([year, section, month]);
        RecordName::new(PALLET, "Samples", &[json!(self.agreement), key])
    }

    pub(crate) fn due_name(&self, leg: usize) -> RecordName {
        let key = json!({ "agreement": self.agreement, "year": self.year, "leg": leg });
        RecordName::new(PALLET, "Dues", &[json!({ "Settlement": key })])
    }

    /// Indices of the sections shown.
    pub(crate) fn sections(&self) -> std::ops::Range<usize> {
        self.section..self.n_sections.min(self.section + SECTIONS_SHOWN)
    }

    /// Names of all records, for one proof.
    pub(crate) fn names(&self) -> &[RecordName] {
        &self.names
    }

    /// The agreement and the rules of the year, out of their proven records.
    ///
    /// # Errors
    /// `node` when they are not there: the node has changed its mind since they were looked up.
    pub(crate) fn agreed(&self, figures: &Figures) -> Result<(Agreement, AgreementRules), Problem> {
        let agreement = figures.read(&self.agreement_name());
        let path = self.rules_path.trim_end_matches('.');
        let rules = figures.at(&self.rules, path).cloned().map(read).transpose()?;
        let gone = || Error::NotFound(format!("agreement {}", self.agreement)).into();
        agreement.zip(rules).ok_or_else(gone)
    }

    /// The months of a section.
    pub(crate) fn months(
        &self,
        figures: &Figures,
        year: u16,
        section: usize,
    ) -> Vec<Option<Sample>> {
        (1..=12).map(|month| figures.read(&self.sample_name(year, section, month))).collect()
    }

    /// Means of a section.
    pub(crate) fn means(&self, figures: &Figures, rules: &AgreementRules, section: usize) -> Means {
        self.means_in(figures, rules, self.year, section)
    }

    fn means_in(
        &self,
        figures: &Figures,
        rules: &AgreementRules,
        year: u16,
        section: usize,
    ) -> Means {
        let n_indicators = rules.sections.get(section).map_or(0, |it| it.indicators.len());
        let months = self.months(figures, year, section);
        means_of(&months, n_indicators, rules.missing_months_max)
    }

    /// What the formula makes of the months, where it can be computed from those shown.
    pub(crate) fn computed(&self, figures: &Figures, rules: &AgreementRules) -> Computed {
        let Some(index) = self.formula_section else { return Computed::default() };
        let Some(section) = rules.sections.get(index) else { return Computed::default() };
        let found = self.means(figures, rules, index);
        if !found.is_whole {
            return Computed::default();
        }
        match &rules.formula {
            Formula::WeightedIndex { k0_ppb, .. } => Computed {
                index_ppb: weighted_index(k0_ppb.0, &section.indicators, &found.means),
                ..Computed::default()
            },
            Formula::ClassAndChange { .. } => {
                let before = if self.year > rules.from_year {
                    self.means_in(figures, rules, self.year - 1, index)
                } else {
                    let base = |rule: &IndicatorRule| Mean { sum: rule.base.0, months: 1 };
                    let means = section.indicators.iter().map(base).collect();
                    Means { means, is_whole: true }
                };
                let ratio_ppb =
                    before.is_whole.then(|| change(&found.means, &before.means)).flatten();
                let class = class(&section.indicators, &found.means);
                Computed { class, ratio_ppb, ..Computed::default() }
            }
            Formula::Pool { .. } => Computed::default(),
        }
    }
}

/// What follows from the months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Computed {
    /// P in parts per billion.
    pub(crate) index_ppb: Option<u64>,
    /// Class of the section.
    pub(crate) class: Option<u8>,
    /// Ratio to the year before in parts per billion.
    pub(crate) ratio_ppb: Option<u64>,
}

impl App {
    /// How many agreements there are.
    pub(crate) async fn n_agreements(&self) -> Result<u32, Problem> {
        let height = Some(self.progress().last.height);
        let next = self.client().query(PALLET, "NextAgreementId", &[], height).await?;
        next.map_or(Ok(0), read)
    }

    /// Records of the last block, verified here; those that it does not have are left out.
    pub(crate) async fn records(
        &self,
        names: &[RecordName],
    ) -> Result<BTreeMap<RecordName, Json>, Problem> {
        let progress = self.progress();
        let (before, height) = (&progress.before, progress.last.height);
        let client = self.client();
        let mut found = BTreeMap::new();
        for names in names.chunks(RECORDS_MAX) {
            match client.proven_records(names, before, before, height).await {
                Ok(proven) => found.extend(proven.records),
                Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found)
    }

    /// Which records say what an agreement's year was.
    ///
    /// # Errors
    /// `not-found` for an agreement that is not there, or a year or section that it does not have.
    pub(crate) async fn year_of(self: &Arc<Self>, id: u32, asked: Asked) -> Result<Year, Problem> {
        let progress = self.progress();
        let (client, height) = (self.client(), Some(progress.last.height));
        let agreement = client.query(PALLET, "Agreements", &[json!(id)], height).await?;
        let agreement: Agreement = agreement
            .map(read)
            .transpose()?
            .ok_or_else(|| Problem::not_found(format!("agreement {id} is not on the chain")))?;
        let terms = &agreement.terms;
        let last = terms.last_year.min(civil_year(progress.last.time_ms)).max(terms.first_year);
        let years: Vec<u16> = (terms.first_year..=last).collect();
        let year = match asked.year {
            Some(year) if years.contains(&year) => year,
            Some(year) => {
                let first = terms.first_year;
                return Err(Problem::not_found(format!(
                    "{year}: agreement {id} has the years {first} to {last} so far"
                )));
            }
            None => latest(&client, id, &agreement, &years, height).await?,
        };
        let (rules_name, rules_path, rules) =
            rules_of(&client, id, &agreement, year, height).await?;
        let n_sections = rules.sections.len();
        if asked.section >= n_sections {
            return Err(Problem::not_found(format!(
                "section {}: agreement {id} has {n_sections}, counted from 0",
                asked.section
            )));
        }
        let key = [json!(id), json!(year)];
        let settlement = client.query(PALLET, "Settlements", &key, height).await?;
        let settlement: Option<Settlement> = settlement.map(read).transpose()?;
        let parties = (0u8..).take(terms.parties.len());
        let mut found = Year {
            agreement: id,
            year,
            years,
            rules: rules_name,
            rules_path,
            section: asked.section,
            n_sections,
            formula_section: match &rules.formula {
                Formula::WeightedIndex { section, .. }
                | Formula::ClassAndChange { section, .. } => Some(usize::from(*section)),
                Formula::Pool { .. } => None,
            },
            n_legs: settlement.map_or(0, |it| it.legs.len()),
            purposes: parties.filter_map(|party| agreement.escrow_tag(year, party)).collect(),
            movements: Vec::new(),
            is_continued: asked.after.is_some(),
            next: None,
            holders: BTreeSet::new(),
            names: Vec::new(),
        };
        let organisations = self.moved(&mut found, asked.after).await?;
        found.name_all(&agreement, &rules, organisations);
        Ok(found)
    }

    /// Notes a page of movements of the year's money; gives the organisations that they name.
    async fn moved(
        self: &Arc<Self>,
        found: &mut Year,
        after: Option<(u32, u32)>,
    ) -> Result<BTreeSet<u32>, Problem> {
        let purposes = found.purposes.clone();
        let mut events = self
            .blocking(move |app| -> Result<_, crate::index::IndexError> {
                let mut events: Vec<IndexedEvent> = Vec::new();
                for purpose in purposes {
                    let subject = format!("purpose:{purpose}");
                    events.extend(app.index.events_of(&subject, after, MOVEMENTS_SHOWN + 1)?);
                }
                Ok(events)
            })
            .await?;
        events.sort_by_key(|event| (event.height, event.number));
        let has_more = events.len() > MOVEMENTS_SHOWN;
        events.truncate(MOVEMENTS_SHOWN);
        found.next = events.last().filter(|_| has_more).map(|event| (event.height, event.number));
        let mut organisations = BTreeSet::new();
        for event in &events {
            let fields = &event.fields;
            let number = |name: &str| fields[name].as_u64();
            let Some(movement) = number("movement") else { continue };
            found.movements.push(movement);
            let purpose = found.purposes.iter().find(|it| number("tag") == Some(it.tag.into()));
            for side in ["from", "to"] {
                // An account is no holder: whoever has its key holds nothing for a purpose.
                let holder = serde_json::from_value::<Holder>(fields[side].clone()).ok();
                let (Some(purpose), Some(holder)) = (purpose, holder) else { continue };
                found.holders.insert((*purpose, holder));
                if let Holder::Organisation(id) = holder {
                    organisations.insert(id);
                }
            }
            organisations.extend(number("payee").and_then(|id| u32::try_from(id).ok()));
        }
        Ok(organisations)
    }
}

/// The latest settled year, or else the last that was sampled.
async fn latest(
    client: &Client,
    id: u32,
    agreement: &Agreement,
    years: &[u16],
    height: Option<u32>,
) -> Result<u16, Problem> {
    for year in years.iter().rev().take(YEARS_TRIED) {
        let key = [json!(id), json!(year)];
        if client.query(PALLET, "Settlements", &key, height).await?.is_some() {
            return Ok(*year);
        }
    }
    Ok(agreement.sampled_year.unwrap_or(agreement.terms.first_year))
}

/// The signed rules of a year, or those that wait for signatures; with their record, and where in it
/// they are.
async fn rules_of(
    client: &Client,
    id: u32,
    agreement: &Agreement,
    year: u16,
    height: Option<u32>,
) -> Result<(RecordName, &'static str, AgreementRules), Problem> {
    for version in (1..=agreement.version).rev() {
        let key = [json!(id), json!(version)];
        let record = client.query(PALLET, "AgreementVersions", &key, height).await?;
        let rules: Option<AgreementRules> = record.map(read).transpose()?;
        if let Some(rules) = rules.filter(|rules| rules.from_year <= year) {
            return Ok((RecordName::new(PALLET, "AgreementVersions", &key), "", rules));
        }
    }
    let key = [json!(id)];
    let pending = client.query(PALLET, "PendingVersions", &key, height).await?;
    let mut pending = pending
        .ok_or_else(|| Problem::not_found(format!("agreement {id} has no rules for {year}")))?;
    let rules = read(pending["rules"].take())?;
    Ok((RecordName::new(PALLET, "PendingVersions", &key), "rules.", rules))
}

impl Year {
    fn name_all(
        &mut self,
        agreement: &Agreement,
        rules: &AgreementRules,
        mut organisations: BTreeSet<u32>,
    ) {
        let terms = &agreement.terms;
        let mut names = vec![
            self.agreement_name(),
            self.rules.clone(),
            self.settlement_name(),
            self.incidents_name(),
        ];
        names.extend((0..self.n_legs).map(|leg| self.due_name(leg)));
        organisations.extend(&terms.parties);
        organisations.extend([terms.superior, terms.national_station]);
        let mut sections: BTreeSet<usize> = self.sections().collect();
        for section in rules.sections.get(self.sections()).unwrap_or_default() {
            organisations.extend(section.stations);
        }
        sections.extend(self.formula_section);
        for section in sections {
            names.extend((1..=12).map(|month| self.sample_name(self.year, section, month)));
        }
        let by_change = matches!(rules.formula, Formula::ClassAndChange { .. });
        if let (Some(section), true) =
            (self.formula_section, by_change && self.year > rules.from_year)
        {
            names.extend((1..=12).map(|month| self.sample_name(self.year - 1, section, month)));
        }
        names.extend(organisations.into_iter().map(profile_name));
        if let Some(programme) = agreement.programme {
            names.push(RecordName::new("Funds", "Programmes", &[json!(programme)]));
        }
        names.extend(self.purposes.iter().map(|key| tag_name(*key)));
        names.extend(self.movements.iter().map(|id| movement_name(*id)));
        names.extend(self.holders.iter().map(|(key, holder)| holding_name(*key, *holder)));
        self.names = names;
    }
}

fn read<T: serde::de::DeserializeOwned>(record: Json) -> Result<T, Problem> {
    serde_json::from_value(record).map_err(|error| Error::Decode(error.to_string()).into())
}

/// The year of a time in China Standard Time.
fn civil_year(time: Moment) -> u16 {
    time.to_string().get(..4).and_then(|year| year.parse().ok()).unwrap_or_default()
}

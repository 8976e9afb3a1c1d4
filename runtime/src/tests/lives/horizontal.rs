//! Horizontal compensation, from an agreement to what is left of its escrow.

use super::{
    cast::{DOCUMENT, DOWNSTREAM, MILLION_YUAN, NATIONAL, PROVINCE, STATIONS, UPSTREAM, text},
    world::World,
};
use crate::{Funds, Runtime};
use pallet_calendar::Term;
use pallet_compensation::{
    AgreementDetails, AgreementId, AgreementRules, AgreementStatus, AgreementTerms, Agreements,
    Call, Formula, Indicator, IndicatorRule, MicrogramsPerLitre, PendingVersions, Reading,
    SampleStatus, Samples, Section, SettlementDetails, SettlementStatus, Settlements, Step,
};
use pallet_funds::Holder;
use pallet_participants::OrganisationId;

/// First year of the agreements: over when a life begins.
const FIRST_YEAR: u16 = 2025;

fn limits(values: [u64; 5]) -> Option<[MicrogramsPerLitre; 5]> {
    Some(values.map(MicrogramsPerLitre))
}

fn rules(formula: Formula, from_year: u16) -> AgreementRules {
    let indicator = |indicator, base, class_limits| IndicatorRule {
        indicator,
        base: MicrogramsPerLitre(base),
        weight_ppb: 500_000_000,
        class_limits,
    };
    let indicators = vec![
        indicator(
            Indicator::PermanganateIndex,
            4_000,
            limits([2_000, 4_000, 6_000, 10_000, 15_000]),
        ),
        indicator(Indicator::AmmoniaNitrogen, 500, limits([150, 500, 1_000, 1_500, 2_000])),
    ];
    let section = Section {
        upstream: 0,
        downstream: 1,
        stations: STATIONS,
        indicators: indicators.try_into().unwrap(),
    };
    AgreementRules {
        from_year,
        sections: vec![section].try_into().unwrap(),
        missing_months_max: 6,
        tolerance_ppb: 200_000_000,
        incident_fails: true,
        disaster_exempts: true,
        formula,
    }
}

impl World {
    fn formula(&mut self) -> Formula {
        let fen = |world: &mut Self| u128::from(1 + world.numbers.below(50)) * MILLION_YUAN;
        match self.numbers.below(3) {
            0 => {
                let step = |world: &mut Self, up_to_ppb, payer, payee| Step {
                    up_to_ppb,
                    payer,
                    payee,
                    amount_fen: fen(world),
                };
                let steps = vec![step(self, 1_000_000_000, 1, 0), step(self, u64::MAX, 0, 1)];
                let steps = steps.try_into().unwrap();
                Formula::WeightedIndex { section: 0, k0_ppb: 900_000_000, steps }
            }
            1 => Formula::ClassAndChange {
                section: 0,
                basis_class: 2,
                class_fen: fen(self),
                class_cap_fen: 60 * MILLION_YUAN,
                change_fen: fen(self),
                change_cap_fen: 30 * MILLION_YUAN,
            },
            _ => Formula::Pool {
                pool_fen: fen(self),
                contribution: vec![1, 2].try_into().unwrap(),
                distribution: vec![2, 1].try_into().unwrap(),
                failures: Default::default(),
            },
        }
    }

    /// The cities agree, under the province.
    pub(super) fn propose_agreement(&mut self) {
        let rules = rules(self.formula(), FIRST_YEAR);
        let terms = AgreementTerms {
            parties: vec![UPSTREAM, DOWNSTREAM].try_into().unwrap(),
            superior: PROVINCE,
            national_station: NATIONAL,
            first_year: FIRST_YEAR,
            last_year: FIRST_YEAR + 2,
            cap_fen: 100 * MILLION_YUAN,
            pay_term: Term::calendar(1 + self.numbers.below(40) as u16),
            code: text("2110602"),
            text: DOCUMENT,
        };
        self.by(UPSTREAM, Call::<Runtime>::propose_agreement { terms, rules });
    }

    fn some_agreement(&mut self) -> Option<(AgreementId, AgreementDetails)> {
        let all: Vec<_> = Agreements::<Runtime>::iter()
            .filter(|(_, it)| it.status == AgreementStatus::InForce)
            .collect();
        self.numbers.one_of(&all)
    }

    fn some_party(&mut self) -> OrganisationId {
        if self.numbers.once_in(2) { UPSTREAM } else { DOWNSTREAM }
    }

    /// What is proposed is signed; in an agreement in force, other rules are proposed.
    pub(super) fn sign_rules(&mut self) {
        let pending: Vec<_> = PendingVersions::<Runtime>::iter().collect();
        if let Some((agreement, rules)) = self.numbers.one_of(&pending) {
            let hash = rules.hash;
            for party in [UPSTREAM, DOWNSTREAM] {
                self.by(party, Call::<Runtime>::sign_rules { agreement, hash });
            }
            return;
        }
        if let Some((agreement, details)) = self.some_agreement()
            && !self.numbers.once_in(6)
        {
            let year = details.sampled_year.unwrap_or(FIRST_YEAR) + 1;
            let rules = rules(self.formula(), year);
            self.by(DOWNSTREAM, Call::<Runtime>::propose_rules { agreement, rules });
        } else {
            self.propose_agreement();
        }
    }

    /// The year that an agreement is about now: the first that is not settled.
    fn open_year(&self, agreement: AgreementId, details: &AgreementDetails) -> u16 {
        (details.terms.first_year..=details.terms.last_year)
            .find(|year| {
                Settlements::<Runtime>::get(agreement, year).is_none_or(|it| {
                    !matches!(it.status, SettlementStatus::Paid | SettlementStatus::Confirmed)
                })
            })
            .unwrap_or(details.terms.last_year)
    }

    fn reading(&mut self) -> Reading {
        let values = [2_000 + self.numbers.below(4_000), 200 + self.numbers.below(800)];
        values.map(MicrogramsPerLitre).to_vec().try_into().unwrap()
    }

    /// Both stations take a month's sample, mostly with the same result.
    pub(super) fn sample(&mut self) {
        let Some((agreement, details)) = self.some_agreement() else { return };
        let year = self.open_year(agreement, &details);
        let document = DOCUMENT;
        let this_month = u16::from(self.today().ymd().1) + 12 * self.today().year();
        let months: Vec<_> = (1..=12u8)
            .filter(|month| u16::from(*month) + 12 * year <= this_month)
            .filter(|month| {
                Samples::<Runtime>::get(agreement, (year, 0, *month))
                    .is_none_or(|it| it.status == SampleStatus::OneHalf)
            })
            .take(4)
            .collect();
        for month in months {
            let reading = self.reading();
            for station in STATIONS {
                let other = self.numbers.once_in(12);
                let reading = if other { self.reading() } else { reading.clone() };
                if self.numbers.once_in(20) {
                    continue;
                }
                self.by(
                    station,
                    Call::<Runtime>::submit_sample {
                        agreement,
                        year,
                        section: 0,
                        month,
                        reading,
                        document,
                    },
                );
            }
        }
    }

    /// A sample is disputed, decided or left out; an incident is marked.
    pub(super) fn judge_sample(&mut self) {
        let Some((agreement, details)) = self.some_agreement() else { return };
        let year = self.open_year(agreement, &details);
        let samples: Vec<_> = Samples::<Runtime>::iter_prefix(agreement)
            .filter(|((of, ..), _)| *of == year)
            .collect();
        let Some(((_, section, month), sample)) = self.numbers.one_of(&samples) else { return };
        let document = DOCUMENT;
        let open = matches!(sample.status, SampleStatus::Disputed | SampleStatus::OneHalf);
        match self.numbers.below(8) {
            0 => {
                let call =
                    Call::<Runtime>::exempt_month { agreement, year, section, month, document };
                self.by(PROVINCE, call);
            }
            1 => {
                let call = Call::<Runtime>::mark_incident { agreement, year, section, document };
                self.by(PROVINCE, call);
            }
            2 if !open => {
                let call =
                    Call::<Runtime>::dispute_sample { agreement, year, section, month, document };
                let by = self.some_party();
                self.by(by, call);
            }
            _ => {
                let disputed: Vec<_> = samples
                    .iter()
                    .filter(|(_, it)| it.status == SampleStatus::Disputed)
                    .map(|((_, _, month), _)| *month)
                    .collect();
                let month = self.numbers.one_of(&disputed).unwrap_or(month);
                let reading = self.reading();
                self.by(
                    NATIONAL,
                    Call::<Runtime>::decide_sample {
                        agreement,
                        year,
                        section,
                        month,
                        reading,
                        document,
                    },
                );
            }
        }
    }

    /// A year is computed, confirmed, disputed or decided.
    pub(super) fn settle_year(&mut self) {
        let Some((agreement, details)) = self.some_agreement() else { return };
        let year = self.open_year(agreement, &details);
        let document = DOCUMENT;
        let settlement = Settlements::<Runtime>::get(agreement, year);
        match settlement.map(|it| (it.status, it.results_hash)) {
            Some((SettlementStatus::Computed { .. }, results_hash)) => {
                let by = self.some_party();
                if self.numbers.once_in(8) {
                    self.by(by, Call::<Runtime>::dispute_settlement { agreement, year, document });
                } else {
                    let call =
                        Call::<Runtime>::confirm_settlement { agreement, year, results_hash };
                    self.by(by, call);
                }
            }
            Some((SettlementStatus::Disputed, _)) if self.numbers.once_in(3) => {
                let fen = u128::from(self.numbers.below(20)) * MILLION_YUAN;
                let legs = vec![(1, 0, fen)].try_into().unwrap();
                let call = Call::<Runtime>::decide_settlement { agreement, year, legs, document };
                self.by(PROVINCE, call);
            }
            _ if year >= self.today().year() && !self.numbers.once_in(8) => (),
            _ => {
                let by = self.some_party();
                self.by(by, Call::<Runtime>::compute_settlement { agreement, year });
            }
        }
    }

    /// Parties pay in, what is due is paid, and what is left goes back.
    pub(super) fn pay_settlement(&mut self) {
        let due: Vec<(AgreementId, u16, SettlementDetails)> = Settlements::<Runtime>::iter()
            .filter(|(_, _, it)| {
                use SettlementStatus::{Confirmed, Decided, Paid};
                matches!(it.status, Confirmed | Decided | Paid)
            })
            .collect();
        let Some((agreement, year, settlement)) = self.numbers.one_of(&due) else { return };
        let Some(details) = Agreements::<Runtime>::get(agreement) else { return };
        let Some(programme) = details.programme else { return };
        let document = DOCUMENT;
        let escrow_fen = |party: u8| {
            let tag = u32::from(year) * 10 + u32::from(party);
            Funds::holding(programme, tag, Holder::Escrow).balance_fen
        };
        if settlement.status == SettlementStatus::Paid {
            let party = self.numbers.below(2) as u8;
            if escrow_fen(party) == 0 && !self.numbers.once_in(8) {
                return;
            }
            let amount_fen = self.numbers.part(escrow_fen(party));
            let by = details.terms.parties[usize::from(party)];
            self.by(by, Call::<Runtime>::return_escrow { agreement, year, amount_fen, document });
            return;
        }
        let Some(leg) = settlement.legs.first() else { return };
        let open_fen = leg.amount_fen - leg.paid_fen;
        let payer = details.terms.parties[usize::from(leg.payer)];
        if escrow_fen(leg.payer) < open_fen || self.numbers.once_in(8) {
            let amount_fen = open_fen / (1 + u128::from(self.numbers.below(3))) + 1;
            let who = self.rich_agent(payer);
            self.call(&who, Call::<Runtime>::pay_in { agreement, year, amount_fen, document });
        } else {
            let (leg, amount_fen) = (0, self.numbers.part(open_fen));
            let call =
                Call::<Runtime>::pay_settlement { agreement, year, leg, amount_fen, document };
            let by = self.some_party();
            self.by(by, call);
        }
    }
}

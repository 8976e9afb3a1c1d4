//! Vertical compensation, from a policy to what became of each share.

use super::{
    cast::{AUDITOR, COUNTY, DOCUMENT, DOWNSTREAM, PROVINCE, UPSTREAM, VILLAGES, text},
    world::World,
};
use crate::{Funds, Runtime};
use pallet_calendar::{DAY_MS, Term};
use pallet_compensation::{
    Allocation, AllocationStatus, Allocations, Call, Component, ComponentKind, Counties,
    CountyData, FactorRule, FactorValue, Form, Grade, NewPolicy, Outcome, Policies, PolicyDetails,
    PolicyId, PolicyStatus, Quantity, SourceRecord, Unit,
};
use pallet_funds::{Call as FundsCall, Holder, Part};
use pallet_participants::OrganisationId;

/// A share, with its policy and county.
type Share = (PolicyId, PolicyDetails, OrganisationId, Allocation);

impl World {
    /// The province makes a policy of two components for its counties.
    pub(super) fn create_policy(&mut self) {
        let factor = |factor, unit, weight_ppb| FactorRule { factor, unit, weight_ppb };
        let area = self.numbers.below(1_000_000_001);
        let factors =
            vec![factor(1, Unit::AreaUnits, area), factor(2, Unit::Persons, 1_000_000_000 - area)];
        let mut component = |kind, form| Component {
            kind,
            pool_fen: u128::from(1 + self.numbers.below(1_000_000_000)),
            form,
        };
        let weighted = Form::Weighted(factors.try_into().unwrap());
        let components = vec![
            component(ComponentKind::Key, weighted),
            component(ComponentKind::Guiding, Form::Gap { negative_is_zero: true }),
        ];
        let terms = NewPolicy {
            year: self.today().year(),
            code: text("2300226"),
            text: DOCUMENT,
            components: components.try_into().unwrap(),
            counties: vec![UPSTREAM, DOWNSTREAM, COUNTY].try_into().unwrap(),
            remit_term: Term::working(1 + self.numbers.below(30) as u16),
        };
        self.by(PROVINCE, Call::<Runtime>::create_policy { terms });
    }

    fn data(&mut self, component: u8) -> CountyData {
        let source = SourceRecord {
            record: 9,
            hash: DOCUMENT,
            published_at: self.now() - self.numbers.below(DAY_MS),
        };
        let mut quantity = |bits: u32| u128::from(1 + self.numbers.below(1u64 << bits));
        let quantities = match component {
            0 => [Quantity::AreaUnits(quantity(40)), Quantity::Persons(quantity(20))],
            _ => [Quantity::Fen(quantity(40)), Quantity::Fen(quantity(38))],
        };
        let values = quantities.map(|quantity| FactorValue { quantity, source });
        let coefficient_ppb = 500_000_000 + self.numbers.below(1_000_000_000);
        CountyData {
            coefficient_ppb,
            floor_fen: u128::from(self.numbers.below(3)),
            cap_fen: None,
            values: values.to_vec().try_into().unwrap(),
        }
    }

    /// Takes a policy one step further.
    pub(super) fn advance_policy(&mut self) {
        let open: Vec<_> = Policies::<Runtime>::iter()
            .filter(|(_, it)| it.status != PolicyStatus::Published)
            .collect();
        let Some((policy, details)) = self.numbers.one_of(&open) else {
            return self.create_policy();
        };
        let by = details.treasury;
        match details.status {
            PolicyStatus::Open => {
                let missing: Vec<_> = (0..2u8)
                    .flat_map(|it| details.terms.counties.iter().map(move |county| (it, *county)))
                    .filter(|key| !Counties::<Runtime>::contains_key(policy, key))
                    .collect();
                for (component, county) in missing.into_iter().take(3) {
                    let data = self.data(component);
                    let call = Call::<Runtime>::submit_county { policy, component, county, data };
                    self.by(by, call);
                }
                self.by(by, Call::<Runtime>::freeze_factors { policy })
            }
            PolicyStatus::FactorsFrozen => self.by(by, Call::<Runtime>::compute_shares { policy }),
            _ => self.by(by, Call::<Runtime>::publish_shares { policy }),
        };
    }

    fn share_where(&mut self, is_wanted: impl Fn(AllocationStatus) -> bool) -> Option<Share> {
        let found: Vec<Share> = Allocations::<Runtime>::iter()
            .filter(|(_, _, it)| is_wanted(it.status))
            .filter_map(|(id, county, it)| Some((id, Policies::<Runtime>::get(id)?, county, it)))
            .collect();
        self.numbers.one_of(&found)
    }

    /// A share is appropriated and remitted.
    pub(super) fn fund_share(&mut self) {
        let Some((policy, details, county, _)) = self.share_where(|status| {
            !matches!(
                status,
                AllocationStatus::Computed
                    | AllocationStatus::Concluded(
                        Outcome::Kept | Outcome::Deduct { .. } | Outcome::ClawBack(_)
                    )
            )
        }) else {
            return;
        };
        let (programme, document) = (details.programme, DOCUMENT);
        let Some(tag) = Funds::tag(programme, county) else { return };
        let left_fen = tag.ceiling_fen - (tag.appropriated_fen - tag.clawed_back_fen);
        if left_fen > 0 && self.numbers.once_in(2) {
            let amount_fen = self.numbers.part(left_fen);
            let call = Call::<Runtime>::appropriate { policy, county, amount_fen, document };
            let who = self.rich_agent(details.treasury);
            self.call(&who, call);
        } else {
            let treasury = Holder::Organisation(details.treasury);
            let held_fen = Funds::holding(programme, county, treasury).balance_fen;
            if held_fen == 0 && !self.numbers.once_in(8) {
                return;
            }
            let amount_fen = self.numbers.part(held_fen);
            let call = Call::<Runtime>::remit { policy, county, amount_fen, document };
            self.by(details.treasury, call);
        }
    }

    /// A county pays a village of what it received, and reports it.
    pub(super) fn use_share(&mut self) {
        let Some((policy, details, county, share)) = self.share_where(|status| {
            matches!(status, AllocationStatus::Received | AllocationStatus::Used)
        }) else {
            return;
        };
        let (programme, tag, document) = (details.programme, county, DOCUMENT);
        let paid_fen = Funds::tag(programme, tag).map_or(0, |it| it.paid_fen);
        if paid_fen > share.reported_fen && self.numbers.once_in(2) {
            let amount_fen = self.numbers.part(paid_fen - share.reported_fen);
            self.by(county, Call::<Runtime>::report_use { policy, amount_fen, document });
            return;
        }
        let village = self.numbers.one_of(&VILLAGES).unwrap();
        let part = Some(Part::Payee);
        self.by(county, FundsCall::<Runtime>::set_part { programme, organisation: village, part });
        let own = Holder::Organisation(county);
        let held_fen = Funds::holding(programme, tag, own).balance_fen;
        if held_fen == 0 && !self.numbers.once_in(8) {
            return;
        }
        let (to, amount_fen) = (self.agent(village), self.numbers.part(held_fen));
        self.by(county, FundsCall::<Runtime>::pay { programme, tag, to, amount_fen, document });
    }

    /// An auditor grades a share, and the province draws the consequence.
    pub(super) fn judge_share(&mut self) {
        let Some((policy, details, county, share)) = self.share_where(|status| {
            matches!(status, AllocationStatus::Used | AllocationStatus::Evaluated(_))
        }) else {
            return;
        };
        let document = DOCUMENT;
        if share.status == AllocationStatus::Used {
            let grades =
                [Grade::ObviouslyBetter, Grade::Stable, Grade::Worse, Grade::ObviouslyWorse];
            let grade = self.numbers.one_of(&grades).unwrap();
            self.by(AUDITOR, Call::<Runtime>::evaluate { policy, county, grade, document });
        } else {
            self.by(details.treasury, Call::<Runtime>::conclude { policy, county, document });
        }
    }

    /// Adjustments by grade are governed anew.
    pub(super) fn govern_compensation(&mut self) {
        let best = 100_000_000 + self.numbers.below(200_000_000) as i64;
        let table = [best, best / 2, best / 4, 0, -best / 4, -best / 2, -best];
        self.motion(Call::<Runtime>::set_performance_table { table });
    }
}

//! Master data, and batches from the field to the pack.

use super::{
    cast::{
        FACTORY, GARDEN, KG, LAB, MU, OIL_CATEGORY, SHOP, SUPERVISOR, TEA_CATEGORY, TRACE_NODES,
        gtin, leaf, oil, tea, text, tin,
    },
    world::World,
};
use crate::Runtime;
use pallet_participants::{OrganisationId, RegionCode};
use pallet_traceability::{
    BaseUnit, BatchDetails, BatchId, Batches, Call, EventContext, FarmInput, FarmInputKind, Gtin,
    Lot, Measure, NetContent, NewBatch, Part, PlaceId, Places, ProductDetails, RecallScope, Stage,
    Taken, UnitCode, UnitRule, YieldRule, YieldScope,
};

/// A batch and its number.
pub(super) type Found = (BatchId, BatchDetails);

/// Jingning county.
const JINGNING: RegionCode = RegionCode(331_127);

/// So many base units.
pub(super) fn units(gtin: &Gtin, value: u128) -> Measure {
    let code = match *gtin {
        packed if packed == tin() => *b"C62",
        liquid if liquid == oil() => *b"MLT",
        _ => *b"MGM",
    };
    Measure { value, decimals: 0, unit: UnitCode(code) }
}

impl World {
    /// Products, bases, yields and farm inputs, as every life begins.
    pub(super) fn begin_production(&mut self) {
        let product = |owner, base_unit, net_content, density_mg_per_ml, category| ProductDetails {
            owner,
            base_unit,
            net_content,
            density_mg_per_ml,
            category,
        };
        let (mg, ml) = (BaseUnit::Milligram, BaseUnit::Millilitre);
        let packed = Some(NetContent { unit: mg, quantity: 100_000, of: Some(tea()) });
        for (owner, gtin, details) in [
            (GARDEN, leaf(), product(0, mg, None, None, TEA_CATEGORY)),
            (FACTORY, tea(), product(0, mg, None, None, TEA_CATEGORY)),
            (FACTORY, tin(), product(0, BaseUnit::Each, packed, None, TEA_CATEGORY)),
            (FACTORY, oil(), product(0, ml, None, Some(920), OIL_CATEGORY)),
        ] {
            assert!(self.must(owner, Call::<Runtime>::register_product { gtin, details }));
        }
        for owner in [GARDEN, FACTORY, FACTORY] {
            let (region, area_units) = (JINGNING, 3 * MU);
            let place = Call::<Runtime>::register_place { region, gln: None, area_units };
            assert!(self.must(owner, place));
        }
        let yields = |output, max_ppb, by_product| {
            let scope = YieldScope::Product { input: leaf(), output };
            Call::<Runtime>::set_yield { scope, rule: Some(YieldRule { max_ppb, by_product }) }
        };
        assert!(self.motion(yields(tea(), 250_000_000, false)));
        assert!(self.motion(yields(oil(), 100_000_000, true)));
        for id in 0..2 {
            self.set_farm_input(id);
        }
    }

    fn set_farm_input(&mut self, id: u32) {
        let input = FarmInput {
            kind: FarmInputKind::Fertiliser,
            registration: text("PD20260001"),
            pre_harvest_days: self.numbers.below(8) as u16,
            permitted: !self.numbers.once_in(6),
        };
        self.motion(Call::<Runtime>::set_farm_input { id, input });
    }

    /// More products, bases and producers.
    pub(super) fn change_master_data(&mut self) {
        let owner = self.numbers.one_of(&TRACE_NODES).unwrap();
        match self.numbers.below(4) {
            0 => {
                let gtin = gtin(100 + self.fresh());
                let details = ProductDetails {
                    owner,
                    base_unit: BaseUnit::Milligram,
                    net_content: None,
                    density_mg_per_ml: None,
                    category: TEA_CATEGORY,
                };
                self.by(owner, Call::<Runtime>::register_product { gtin, details });
            }
            1 => {
                let area_units = MU * (1 + self.numbers.below(9));
                let (region, gln) = (JINGNING, None);
                self.by(owner, Call::<Runtime>::register_place { region, gln, area_units });
            }
            _ => {
                let licensed = !self.numbers.once_in(3);
                let (gtin, organisation) = (leaf(), FACTORY);
                self.by(GARDEN, Call::<Runtime>::license_producer { gtin, organisation, licensed });
            }
        }
    }

    /// Units, yields, farm inputs and recalls are governed anew.
    pub(super) fn govern_production(&mut self) {
        match self.numbers.below(5) {
            0 => {
                let rule =
                    UnitRule { base: BaseUnit::Milligram, numerator: 500_000_000, denominator: 1 };
                let code = UnitCode(*b"X50");
                self.motion(Call::<Runtime>::set_unit { code, rule });
            }
            1 => {
                let scope = YieldScope::Category { input: TEA_CATEGORY, output: TEA_CATEGORY };
                let max_ppb = 1 + self.numbers.below(1_000_000_000);
                let rule = Some(YieldRule { max_ppb, by_product: self.numbers.once_in(2) });
                self.motion(Call::<Runtime>::set_yield { scope, rule });
            }
            2 => {
                let id = self.numbers.below(3) as u32;
                self.set_farm_input(id);
            }
            3 => {
                let class = 1 + self.numbers.below(3) as u8;
                let scopes =
                    [RecallScope::Descendants, RecallScope::SameEvent, RecallScope::SameParents];
                let scope = self.numbers.one_of(&scopes).unwrap();
                self.motion(Call::<Runtime>::set_recall_rule { class, scope });
            }
            _ => {
                let skew_ms = self.numbers.below(600_000);
                self.motion(Call::<Runtime>::set_clock_skew { skew_ms });
            }
        }
    }

    /// A lot that is new.
    pub(super) fn lot(&mut self) -> Lot {
        text(&format!("L{}", self.fresh()))
    }

    /// What is said of an event that happens now.
    pub(super) fn context(&mut self, batches: &[&BatchDetails]) -> EventContext {
        let latest = batches.iter().map(|batch| batch.last_event_time).max().unwrap_or_default();
        let earlier = self.numbers.below(3_600_000);
        let event_time = latest.max(self.now() - earlier);
        EventContext { event_time, read_point: None, document: None }
    }

    /// A batch that `is_wanted`.
    pub(super) fn batch_where(
        &mut self,
        is_wanted: impl Fn(&BatchDetails) -> bool,
    ) -> Option<Found> {
        let found: Vec<_> =
            Batches::<Runtime>::iter().filter(|(_, batch)| is_wanted(batch)).collect();
        self.numbers.one_of(&found)
    }

    /// A batch that its holder can act on, of a product.
    pub(super) fn free_batch(&mut self, gtin: Option<Gtin>) -> Option<Found> {
        self.batch_where(|batch| {
            batch.stage.is_available()
                && batch.hold.is_none()
                && batch.n_recalls == 0
                && batch.unit.is_none()
                && gtin.is_none_or(|gtin| batch.gtin == gtin)
        })
    }

    fn base_of(&mut self, owner: OrganisationId) -> Option<PlaceId> {
        let own: Vec<_> = Places::<Runtime>::iter()
            .filter(|(_, place)| place.owner == owner)
            .map(|(id, _)| id)
            .collect();
        self.numbers.one_of(&own)
    }

    /// Leaf, tea or oil comes from a base.
    pub(super) fn produce(&mut self) {
        let choices = [(GARDEN, leaf()), (FACTORY, tea()), (FACTORY, oil()), (FACTORY, leaf())];
        let (organisation, gtin) = self.numbers.one_of(&choices).unwrap();
        let Some(place) = self.base_of(organisation) else { return };
        let (lot, context) = (self.lot(), self.context(&[]));
        let quantity = units(&gtin, (1 + u128::from(self.numbers.below(60))) * KG);
        self.by(organisation, Call::<Runtime>::produce { gtin, lot, quantity, place, context });
    }

    /// A batch grows, is treated, and is harvested.
    pub(super) fn grow(&mut self) {
        let growing = self.batch_where(|batch| batch.stage == Stage::Growing);
        let Some((batch, details)) = growing.filter(|_| !self.numbers.once_in(3)) else {
            let Some(place) = self.base_of(GARDEN) else { return };
            let (gtin, lot, context) = (leaf(), self.lot(), self.context(&[]));
            self.by(GARDEN, Call::<Runtime>::register_batch { gtin, lot, place, context });
            return;
        };
        let context = self.context(&[&details]);
        if self.numbers.once_in(2) {
            let input = self.numbers.below(3) as u32;
            self.by(details.holder, Call::<Runtime>::use_input { batch, input, context });
        } else {
            let (gtin, lot, place) = (details.gtin, details.lot.clone(), details.origins[0]);
            let quantity = units(&gtin, 30 * KG);
            let call = Call::<Runtime>::produce { gtin, lot, quantity, place, context };
            self.by(details.holder, call);
        }
    }

    /// A laboratory tests a batch.
    pub(super) fn test_batch(&mut self) {
        let Some((batch, details)) = self.batch_where(|it| it.stage != Stage::Growing) else {
            return;
        };
        let context = self.context(&[&details]);
        let (passed, report) = (!self.numbers.once_in(5), super::cast::DOCUMENT);
        self.by(
            LAB,
            Call::<Runtime>::record_test {
                batch,
                passed,
                sampled_at: context.event_time,
                report,
                context,
            },
        );
    }

    /// Leaf becomes tea, and at times oil beside it; the rest is lost.
    pub(super) fn transform(&mut self) {
        let found = self.batch_where(|batch| {
            batch.gtin == leaf() && batch.holder == FACTORY && batch.stage.is_available()
        });
        let Some((batch, details)) = found else { return };
        let taken = self.numbers.part(details.quantities.on_hand);
        let made = taken / (4 + u128::from(self.numbers.below(3)));
        let mut outputs =
            vec![NewBatch { gtin: tea(), lot: self.lot(), quantity: units(&tea(), made) }];
        let mut gained = made;
        if self.numbers.once_in(3) {
            // A millilitre weighs 920 mg; at most a tenth of the leaf.
            let ml = taken / 10_000;
            gained += 920 * ml;
            outputs.push(NewBatch { gtin: oil(), lot: self.lot(), quantity: units(&oil(), ml) });
        }
        let inputs = vec![Taken { batch, quantity: units(&leaf(), taken) }].try_into().unwrap();
        let loss = Some(units(&tea(), taken.saturating_sub(gained))).filter(|it| it.value > 0);
        let (outputs, context) = (outputs.try_into().unwrap(), self.context(&[&details]));
        self.by(FACTORY, Call::<Runtime>::transform { inputs, outputs, loss, context });
    }

    /// Tea is packed into tins.
    pub(super) fn pack(&mut self) {
        let found = self.batch_where(|batch| {
            batch.gtin == tea() && batch.holder == FACTORY && batch.stage.is_available()
        });
        let Some((batch, details)) = found else { return };
        let taken = self.numbers.part(details.quantities.on_hand);
        let n_tins = taken / 100_000;
        let loss = Some(units(&tea(), taken % 100_000)).filter(|it| it.value > 0);
        let item = NewBatch { gtin: tin(), lot: self.lot(), quantity: units(&tin(), n_tins) };
        let taken = Taken { batch, quantity: units(&tea(), taken) };
        let context = self.context(&[&details]);
        self.by(FACTORY, Call::<Runtime>::pack { taken, item, loss, context });
    }

    /// A batch is parted.
    pub(super) fn split(&mut self) {
        let Some((batch, details)) = self.free_batch(None) else { return };
        let n = 1 + u128::from(self.numbers.below(3));
        let part = details.quantities.on_hand / (n + 1);
        let parts: Vec<_> = (0..n)
            .map(|_| Part { lot: self.lot(), quantity: units(&details.gtin, part) })
            .collect();
        let (parts, context) = (parts.try_into().unwrap(), self.context(&[&details]));
        self.by(details.holder, Call::<Runtime>::split { batch, parts, context });
    }

    /// Two batches of one product are mixed.
    pub(super) fn merge(&mut self) {
        let Some((first, a)) = self.free_batch(None) else { return };
        let second = self.batch_where(|it| {
            it.gtin == a.gtin && it.holder == a.holder && it.lot != a.lot && it.stage.is_available()
        });
        let Some((second, b)) = second else { return };
        let taken = |batch, of: &BatchDetails, quantity| Taken {
            batch,
            quantity: units(&of.gtin, quantity),
        };
        let part = self.numbers.part(a.quantities.on_hand);
        let inputs = vec![taken(first, &a, part), taken(second, &b, b.quantities.on_hand)];
        let (lot, context) = (self.lot(), self.context(&[&a, &b]));
        let inputs = inputs.try_into().unwrap();
        self.by(a.holder, Call::<Runtime>::merge { inputs, lot, context });
    }

    /// The holder or market supervision stops a batch, or lets it go on.
    pub(super) fn hold_or_release(&mut self) {
        let by_samr = self.numbers.once_in(3);
        let reason = Some(super::cast::DOCUMENT);
        if self.numbers.once_in(3) {
            let Some((batch, details)) = self.batch_where(|it| it.hold.is_none()) else { return };
            let by = if by_samr { SUPERVISOR } else { details.holder };
            self.by(by, Call::<Runtime>::hold { batch, reason });
        } else {
            let Some((batch, details)) = self.batch_where(|it| it.hold.is_some()) else { return };
            let by = if by_samr { SUPERVISOR } else { details.holder };
            self.by(by, Call::<Runtime>::release { batch, reason });
        }
    }

    /// The other organisation that a batch may go to.
    pub(super) fn another_node(&mut self, than: OrganisationId) -> OrganisationId {
        let others: Vec<_> = TRACE_NODES.into_iter().filter(|id| *id != than).collect();
        self.numbers.one_of(&others).unwrap_or(SHOP)
    }
}

//! Batches between holders, to consumers, and back.

use super::{
    cast::{DOCUMENT, SUPERVISOR},
    production::units,
    world::World,
};
use crate::Runtime;
use pallet_traceability::{
    BizStep, Call, Disposition, LogisticUnits, RecallPhase, Recalls, ReceiveInto, ShipPurpose,
    ShippedItem, Shortfall, Sscc, has_valid_check_digit,
};

impl World {
    /// A new code of a logistic unit.
    fn sscc(&mut self) -> Sscc {
        let n = self.fresh();
        (0..10)
            .map(|digit| format!("{:017}{digit}", 69_012_340_000_000u64 + u64::from(n)))
            .find(|key| has_valid_check_digit(key.as_bytes()))
            .and_then(|key| Sscc::parse(&key))
            .unwrap()
    }

    /// Batches go into a logistic unit.
    pub(super) fn aggregate(&mut self) {
        let Some((batch, details)) = self.free_batch(None) else { return };
        let sscc = self.sscc();
        let (contents, context) = (vec![batch].try_into().unwrap(), self.context(&[&details]));
        self.by(details.holder, Call::<Runtime>::aggregate { sscc, contents, context });
    }

    /// A logistic unit is filled up, unpacked, sent, received or sent back.
    pub(super) fn move_unit(&mut self) {
        let open: Vec<_> =
            LogisticUnits::<Runtime>::iter().filter(|(_, unit)| !unit.closed).collect();
        let Some((sscc, unit)) = self.numbers.one_of(&open) else { return };
        let batches: Vec<_> =
            unit.contents.iter().filter_map(pallet_traceability::Batches::<Runtime>::get).collect();
        let context = self.context(&batches.iter().collect::<Vec<_>>());
        if let Some(consignee) = unit.consignee {
            if self.numbers.once_in(4) {
                let item = ShippedItem::LogisticUnit(sscc);
                self.by(consignee, Call::<Runtime>::reject { item, context });
            } else {
                let into = ReceiveInto::Store;
                self.by(consignee, Call::<Runtime>::receive_unit { sscc, into, context });
            }
            return;
        }
        match self.numbers.below(4) {
            0 => {
                let contents = vec![unit.contents[0]].try_into().unwrap();
                self.by(unit.holder, Call::<Runtime>::disaggregate { sscc, contents, context });
            }
            1 => {
                let more = self.free_batch(None).filter(|(_, it)| it.holder == unit.holder);
                let Some((batch, details)) = more else { return };
                let contents = vec![batch].try_into().unwrap();
                let context = self.context(&[&details]);
                self.by(unit.holder, Call::<Runtime>::aggregate { sscc, contents, context });
            }
            _ => {
                let (item, purpose) = (ShippedItem::LogisticUnit(sscc), ShipPurpose::Delivery);
                let consignee = self.another_node(unit.holder);
                let call = Call::<Runtime>::ship { item, consignee, purpose, context };
                self.by(unit.holder, call);
            }
        }
    }

    /// A batch is sent, back to its producer if it is recalled.
    pub(super) fn ship(&mut self) {
        let found = self
            .batch_where(|it| it.stage.is_available() && it.unit.is_none() && it.hold.is_none());
        let Some((batch, details)) = found else { return };
        let back = details.n_recalls > 0 || self.numbers.once_in(6);
        let (consignee, purpose) = if back {
            (details.producer, ShipPurpose::Return)
        } else {
            (self.another_node(details.holder), ShipPurpose::Delivery)
        };
        let (item, context) = (ShippedItem::Batch(batch), self.context(&[&details]));
        self.by(details.holder, Call::<Runtime>::ship { item, consignee, purpose, context });
    }

    /// What is under way arrives: all of it, short of some, or not at all.
    pub(super) fn receive(&mut self) {
        let found = self.batch_where(|it| it.transit.is_some() && it.unit.is_none());
        let Some((batch, details)) = found else { return };
        let Some(transit) = details.transit else { return };
        let context = self.context(&[&details]);
        let shipped = details.quantities.in_transit;
        let (accepted, shortfall) = match self.numbers.below(6) {
            0 => {
                let item = ShippedItem::Batch(batch);
                self.by(transit.consignee, Call::<Runtime>::reject { item, context });
                return;
            }
            1 => (self.numbers.part(shipped), Some(Shortfall::Lost)),
            2 => (self.numbers.part(shipped), Some(Shortfall::Returned { lot: self.lot() })),
            _ => (shipped, None),
        };
        let into = if self.numbers.once_in(2) { ReceiveInto::Store } else { ReceiveInto::Retail };
        self.by(
            transit.consignee,
            Call::<Runtime>::receive {
                batch,
                quantity: units(&details.gtin, accepted),
                shortfall: shortfall.filter(|_| accepted < shipped),
                into,
                context,
            },
        );
    }

    /// A batch is sold, comes back, is seen, spoils or is destroyed.
    pub(super) fn use_up(&mut self) {
        let kind = self.numbers.below(6);
        let found = self.batch_where(|it| match kind {
            0 => it.quantities.sold > 0 && it.transit.is_none(),
            _ => it.stage.is_available() && it.unit.is_none(),
        });
        let Some((batch, details)) = found else { return };
        let context = self.context(&[&details]);
        let of = details.quantities;
        let part = self.numbers.part(if kind == 0 { of.sold } else { of.on_hand });
        let quantity = units(&details.gtin, part);
        let by = details.holder;
        match kind {
            0 => self.by(by, Call::<Runtime>::take_back { batch, quantity, context }),
            1 | 2 => self.by(by, Call::<Runtime>::sell { batch, quantity, context }),
            3 => {
                let steps = [BizStep::Storing, BizStep::Stocking, BizStep::Picking];
                let biz_step = self.numbers.one_of(&steps).unwrap();
                let disposition = Disposition::InProgress;
                self.by(by, Call::<Runtime>::observe { batch, biz_step, disposition, context })
            }
            4 => self.by(by, Call::<Runtime>::record_loss { batch, quantity, context }),
            _ => {
                let recalled = details.n_recalls > 0 && self.numbers.once_in(2);
                let by = if recalled { SUPERVISOR } else { by };
                self.by(by, Call::<Runtime>::destroy { batch, quantity, context })
            }
        };
    }

    /// A recall is opened by the producer or market supervision, or lifted.
    pub(super) fn recall_or_lift(&mut self) {
        let complete: Vec<_> = Recalls::<Runtime>::iter()
            .filter(|(_, recall)| recall.phase == RecallPhase::Complete)
            .map(|(id, _)| id)
            .collect();
        // Most are lifted, so that goods go on moving.
        if let Some(recall) = self.numbers.one_of(&complete)
            && !self.numbers.once_in(4)
        {
            self.by(SUPERVISOR, Call::<Runtime>::lift_recall { recall, reason: DOCUMENT });
            return;
        }
        let Some((batch, details)) = self.batch_where(|it| it.n_recalls == 0) else { return };
        let class = 1 + self.numbers.below(3) as u8;
        let by = if self.numbers.once_in(2) { SUPERVISOR } else { details.producer };
        self.by(by, Call::<Runtime>::recall { batch, class, reason: DOCUMENT });
    }

    /// A producer claims one of its certificates for a batch.
    pub(super) fn claim(&mut self) {
        let certificates: Vec<_> = pallet_certification::Certificates::<Runtime>::iter().collect();
        let Some((certificate, of)) = self.numbers.one_of(&certificates) else { return };
        let found = self.batch_where(|it| {
            it.producer == of.holder
                && it.holder == of.holder
                && it.stage.is_available()
                && it.produced_at >= of.starts_at()
                && it.claims.iter().all(|claim| claim.certificate != certificate)
                && (it.formed_by.is_some() || it.origins.iter().all(|base| of.bases.contains(base)))
                && of.products.iter().any(|product| product.gtin == it.gtin)
        });
        let Some((batch, details)) = found else { return };
        self.by(details.holder, Call::<Runtime>::claim_certificate { batch, certificate });
    }
}

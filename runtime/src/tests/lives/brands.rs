//! Brands, their licences and printed labels.

use super::{
    cast::{
        BRAND_OPERATOR, BRAND_OWNER, DOCUMENT, FACTORY, GARDEN, INSPECTION, KG, LISHUI, SUPERVISOR,
        TEA_CATEGORY, leaf, tea, text, tin,
    },
    world::World,
};
use crate::Runtime;
use pallet_brands::{
    Application, BrandDetails, BrandId, BrandRules, BrandsById, Call, CeilingScope, LabelFate,
    LabelOrderStatus, LabelOrders, LicenceDetails, LicenceId, LicenceStatus, LicencesById,
    LicensedProduct, MarkKind, Members, MisuseKind, PeriodRule,
};
use pallet_calendar::DAY_MS;
use pallet_certification::genesis::ORGANIC;
use pallet_traceability::Places;

impl World {
    /// A certification mark for organic goods, a collective mark by month, and a ceiling, as every
    /// life begins.
    pub(super) fn begin_brands(&mut self) {
        let scope = CeilingScope::Category(TEA_CATEGORY);
        let ceiling = Some(100_000_000);
        assert!(self.motion(Call::<Runtime>::set_yield_ceiling { scope, ceiling }));
        for (kind, scheme, period) in [
            (MarkKind::GeographicalIndication, None, PeriodRule::CalendarYear),
            (MarkKind::Certification, Some(ORGANIC), PeriodRule::CalendarYear),
            (MarkKind::Collective, None, PeriodRule::Days(30)),
        ] {
            let mark_number = text(&format!("G{}", self.fresh()));
            let rules = self.rules(scheme, period);
            let call = Call::<Runtime>::register_brand { mark_number, kind, rules };
            assert!(self.must(BRAND_OWNER, call));
        }
        for brand in 0..3 {
            let operator = Some(BRAND_OPERATOR);
            assert!(self.must(BRAND_OWNER, Call::<Runtime>::set_operator { brand, operator }));
        }
    }

    fn rules(&mut self, certificate_scheme: Option<u32>, period: PeriodRule) -> BrandRules {
        BrandRules {
            area: vec![LISHUI].try_into().unwrap(),
            categories: vec![TEA_CATEGORY].try_into().unwrap(),
            products: Default::default(),
            document: DOCUMENT,
            certificate_scheme,
            period,
            registered_until: self.now() + 3_650 * DAY_MS,
        }
    }

    fn some_brand(&mut self) -> Option<(BrandId, BrandDetails)> {
        let all: Vec<_> = BrandsById::<Runtime>::iter().collect();
        self.numbers.one_of(&all)
    }

    /// Rules are amended, operators set, members admitted and removed.
    pub(super) fn change_brands(&mut self) {
        let Some((brand, details)) = self.some_brand() else { return };
        let collective = details.kind == MarkKind::Collective;
        match self.numbers.below(6) {
            0 => {
                let operator = Some(BRAND_OPERATOR).filter(|_| !self.numbers.once_in(4));
                self.by(details.owner, Call::<Runtime>::set_operator { brand, operator });
            }
            1 => {
                let (version, owner) = (details.rules_version, details.owner);
                let Some(rules) = pallet_brands::RulesOf::<Runtime>::get(brand, version) else {
                    return;
                };
                let registered_until = rules.registered_until + DAY_MS;
                let rules = BrandRules { registered_until, ..rules };
                self.by(owner, Call::<Runtime>::amend_rules { brand, rules });
            }
            2 => {
                let scope = CeilingScope::Product(tin());
                let ceiling = Some(50_000_000 + self.numbers.below(100_000_000));
                self.motion(Call::<Runtime>::set_yield_ceiling { scope, ceiling });
            }
            _ if collective => {
                let members: Vec<_> = Members::<Runtime>::iter_key_prefix(brand).collect();
                let candidates = [GARDEN, FACTORY];
                let member = self.numbers.one_of(&candidates).unwrap();
                if members.contains(&member) && self.numbers.once_in(3) {
                    let reason = DOCUMENT;
                    let call = Call::<Runtime>::remove_member { brand, member, reason };
                    self.by(details.owner, call);
                } else {
                    self.by(details.owner, Call::<Runtime>::admit_member { brand, member });
                }
            }
            _ => (),
        }
    }

    /// Somebody applies for a licence for what grows on its own base.
    pub(super) fn apply_for_licence(&mut self) {
        let Some((brand, details)) = self.some_brand() else { return };
        let choices = [(GARDEN, leaf()), (FACTORY, tin()), (FACTORY, tin()), (FACTORY, tea())];
        let (licensee, gtin) = self.numbers.one_of(&choices).unwrap();
        let scheme = pallet_brands::RulesOf::<Runtime>::get(brand, details.rules_version)
            .and_then(|rules| rules.certificate_scheme);
        let now = self.now();
        let certificates: Vec<_> = pallet_certification::Certificates::<Runtime>::iter()
            .filter(|(_, it)| it.holder == licensee && Some(it.scheme) == scheme && it.is_live(now))
            .collect();
        let certificate = self.numbers.one_of(&certificates);
        let own: Vec<_> = Places::<Runtime>::iter()
            .filter(|(_, place)| place.owner == licensee)
            .map(|(id, _)| id)
            .collect();
        let base = match &certificate {
            Some((_, certificate)) => Some(certificate.bases[0]),
            None => self.numbers.one_of(&own),
        };
        let Some(base) = base else { return };
        let quota = u128::from(1 + self.numbers.below(60)) * KG;
        let days = 20 + self.numbers.below(500);
        let asked = Application {
            sub_brand: None,
            products: vec![LicensedProduct { gtin, quota }].try_into().unwrap(),
            bases: vec![base].try_into().unwrap(),
            certificate: certificate.map(|(id, _)| id),
            valid_from: now,
            valid_until: now + days * DAY_MS,
        };
        self.by(licensee, Call::<Runtime>::apply { brand, asked });
    }

    fn licence_where(
        &mut self,
        is_wanted: impl Fn(LicenceStatus) -> bool,
    ) -> Option<(LicenceId, LicenceDetails)> {
        let now = self.now();
        let found: Vec<_> = LicencesById::<Runtime>::iter()
            .filter(|(_, it)| is_wanted(it.status_now(now)))
            .collect();
        self.numbers.one_of(&found)
    }

    /// Takes an application for a licence one step further.
    pub(super) fn advance_licence(&mut self) {
        use LicenceStatus::{Applied, Inspected};
        let found = self.licence_where(|status| matches!(status, Applied | Inspected));
        let Some((licence, details)) = found else { return };
        let reason = DOCUMENT;
        if self.numbers.once_in(12) {
            self.by(BRAND_OWNER, Call::<Runtime>::refuse { licence, reason });
        } else if details.status == Applied || self.numbers.once_in(8) {
            let passed = !self.numbers.once_in(5);
            let by = if self.numbers.once_in(2) { INSPECTION } else { BRAND_OPERATOR };
            self.by(by, Call::<Runtime>::inspect { licence, passed, report: DOCUMENT });
        } else {
            let fee_fen = u128::from(self.numbers.below(1_000_000));
            self.by(BRAND_OWNER, Call::<Runtime>::grant { licence, fee_fen });
        }
    }

    /// A licence is suspended, restored, extended, ended or given up.
    pub(super) fn change_licence(&mut self) {
        let suspended = self.licence_where(|status| status == LicenceStatus::Suspended);
        let reason = DOCUMENT;
        if let Some((licence, _)) = suspended
            && self.numbers.once_in(2)
        {
            self.by(BRAND_OPERATOR, Call::<Runtime>::restore { licence, reason });
            return;
        }
        let Some((licence, details)) = self.licence_where(LicenceStatus::is_granted) else {
            return;
        };
        match self.numbers.below(10) {
            0 | 1 => self.by(BRAND_OPERATOR, Call::<Runtime>::suspend { licence, reason }),
            2 => self.by(BRAND_OPERATOR, Call::<Runtime>::revoke { licence, reason }),
            3 => self.by(details.licensee, Call::<Runtime>::withdraw { licence }),
            4 | 5 => {
                let valid_until = details.valid_until + (1 + self.numbers.below(90)) * DAY_MS;
                self.by(BRAND_OWNER, Call::<Runtime>::extend { licence, valid_until, fee_fen: 1 })
            }
            6 | 7 => {
                // The same one, or another of the licensee's.
                let all: Vec<_> = pallet_certification::Certificates::<Runtime>::iter()
                    .filter(|(_, it)| it.holder == details.licensee)
                    .map(|(id, _)| id)
                    .collect();
                let Some(other) = self.numbers.one_of(&all) else { return };
                let certificate = details.certificate.unwrap_or(other);
                let call = Call::<Runtime>::replace_certificate { licence, certificate };
                self.by(details.licensee, call)
            }
            _ => {
                let period = details.period_at(self.now());
                let report = DOCUMENT;
                let call = Call::<Runtime>::report_premium { licence, period, report };
                self.by(details.licensee, call)
            }
        };
    }

    /// Printed labels are ordered, issued and used.
    pub(super) fn use_printed_labels(&mut self) {
        let open: Vec<_> = LabelOrders::<Runtime>::iter()
            .filter(|(_, it)| match it.status {
                LabelOrderStatus::Ordered => true,
                LabelOrderStatus::Issued => it.n_stock > 0,
                LabelOrderStatus::Cancelled => false,
            })
            .collect();
        let some = self.numbers.one_of(&open).filter(|_| !self.numbers.once_in(3));
        let Some((order, details)) = some else {
            let Some((licence, of)) = self.licence_where(LicenceStatus::is_in_force) else {
                return;
            };
            let product = &of.products[0];
            let n_labels = self.numbers.part(product.quota / 100_000) as u32;
            let gtin = product.gtin;
            self.by(of.licensee, Call::<Runtime>::order_labels { licence, gtin, n_labels });
            return;
        };
        let licensee = LicencesById::<Runtime>::get(details.licence).map_or(0, |it| it.licensee);
        if details.status == LabelOrderStatus::Ordered {
            if self.numbers.once_in(5) {
                self.by(licensee, Call::<Runtime>::cancel_order { order });
            } else {
                self.by(BRAND_OPERATOR, Call::<Runtime>::issue_labels { order });
            }
            return;
        }
        let fates = [LabelFate::Used, LabelFate::Used, LabelFate::Void, LabelFate::Destroyed];
        let fate = self.numbers.one_of(&fates).unwrap();
        let n_labels = self.numbers.part(details.n_stock.into()) as u32;
        self.by(licensee, Call::<Runtime>::account_labels { order, fate, n_labels });
    }

    /// Somebody misuses a brand.
    pub(super) fn misuse_brand(&mut self) {
        let Some((brand, details)) = self.some_brand() else { return };
        let by = if self.numbers.once_in(2) { SUPERVISOR } else { details.owner };
        let penalty_fen = u128::from(self.numbers.below(1_000_000));
        self.by(
            by,
            Call::<Runtime>::record_misuse {
                brand,
                offender: FACTORY,
                licence: None,
                kind: MisuseKind::Unlicensed,
                penalty_fen,
                decision: DOCUMENT,
            },
        );
    }
}

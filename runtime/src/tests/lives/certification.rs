//! Certification, from the body's approval to what is sold under a certificate.

use super::{
    cast::{
        ACCREDITOR, BODY, CNCA, DOCUMENT, FACTORY, GARDEN, INSPECTION, KG, LAB, MU, SHOP,
        SUPERVISOR, TEA_CATEGORY, account, leaf, tea, text,
    },
    world::World,
};
use crate::{AccountId, Runtime};
use pallet_calendar::CivilDate;
use pallet_certification::{
    Application, ApplicationRequest, Applications, ApprovalTerms, Approvals, BodyKind, Call,
    CeilingScope, Certificate, CertificateState, Certificates, CertifiersByAgent, ChangeRequest,
    ComplaintKind, Complaints, Consequence, DutyKind, FinderKind, Findings, Ground, OpenDuties,
    Outcome, Period, ProductLine, Schemes, Scope, Stage, Standing, TransactionCertificates,
    genesis::{GREEN_FOOD, ORGANIC},
};
use pallet_participants::AgentsByOrganisation;
use pallet_traceability::{CertificateId, Places};

/// Persons as the register of certifiers knows them.
const PERSONS: [[u8; 32]; 3] = [[31; 32], [32; 32], [33; 32]];

impl World {
    /// The body is approved and accredited, and yields are governed, as every life begins.
    pub(super) fn begin_certification(&mut self) {
        self.approve_body();
        for organisation in [BODY, LAB] {
            self.accredit(organisation);
        }
        for (person, name) in [(PERSONS[0], "Certifier"), (PERSONS[1], "Evaluator")] {
            let agent = account(name);
            assert!(self.must(BODY, Call::<Runtime>::register_certifier { person, agent }));
        }
        for scheme in [ORGANIC, GREEN_FOOD] {
            let scope = CeilingScope::Category(TEA_CATEGORY);
            let ceiling = Some(150_000_000);
            assert!(self.motion(Call::<Runtime>::set_yield_ceiling { scheme, scope, ceiling }));
        }
    }

    fn scope() -> Scope {
        Scope {
            schemes: vec![ORGANIC, GREEN_FOOD].try_into().unwrap(),
            categories: Default::default(),
        }
    }

    fn period(&mut self) -> Period {
        Period {
            from: CivilDate::from_ymd(2026, 1, 1).unwrap(),
            until: CivilDate::from_ymd(2031, 12, 31).unwrap(),
        }
    }

    fn approve_body(&mut self) {
        let terms = ApprovalTerms {
            number: text("CNCA-R-2026-101"),
            kind: BodyKind::Domestic,
            scope: Self::scope(),
            period: self.period(),
        };
        let head = account("Certbody");
        // Under another number or scope nothing could be certified any more.
        self.must(CNCA, Call::<Runtime>::approve_body { organisation: BODY, terms, head });
    }

    fn accredit(&mut self, organisation: u32) {
        let (number, scope, period) = (text("CNAS C001-P"), Self::scope(), self.period());
        let call = Call::<Runtime>::accredit { organisation, number, scope, period };
        self.must(ACCREDITOR, call);
    }

    /// Approvals and accreditations are stopped, and go on; certifiers come and go.
    pub(super) fn change_bodies(&mut self) {
        let in_force = |standing| standing == Standing::InForce;
        let other =
            |standing| if in_force(standing) { Standing::Suspended } else { Standing::InForce };
        match self.numbers.below(9) {
            0 => self.approve_body(),
            1 => self.accredit(LAB),
            2 | 3 => {
                let now = Approvals::<Runtime>::get(BODY).map(|it| it.standing());
                // Seldom stopped, soon going on.
                if now.is_some_and(|now| !in_force(now) || self.numbers.once_in(4)) {
                    let (organisation, standing) = (BODY, other(now.unwrap()));
                    let document = DOCUMENT;
                    let call =
                        Call::<Runtime>::set_body_standing { organisation, standing, document };
                    self.by(CNCA, call);
                }
            }
            4 | 5 => {
                let now = pallet_certification::Accreditations::<Runtime>::get(LAB)
                    .map(|it| it.standing());
                if now.is_some_and(|now| !in_force(now) || self.numbers.once_in(4)) {
                    self.by(
                        ACCREDITOR,
                        Call::<Runtime>::set_accreditation_standing {
                            organisation: LAB,
                            standing: other(now.unwrap()),
                            document: DOCUMENT,
                        },
                    );
                }
            }
            6 | 7 => {
                // Who left comes again; the others stay.
                let person = PERSONS[2];
                let agents: Vec<_> =
                    AgentsByOrganisation::<Runtime>::iter_key_prefix(BODY).collect();
                let agent = self.numbers.one_of(&agents).unwrap_or_else(|| account("Certifier"));
                if CertifiersByAgent::<Runtime>::iter_values().any(|it| it == person) {
                    self.by(BODY, Call::<Runtime>::release_certifier { person });
                } else {
                    self.by(BODY, Call::<Runtime>::register_certifier { person, agent });
                }
            }
            _ => {
                let days = 1 + self.numbers.below(20) as u32;
                let (person, until) = (PERSONS[2], CivilDate(self.today().0 + days));
                let document = DOCUMENT;
                self.by(CNCA, Call::<Runtime>::bar_person { person, until, document });
            }
        }
    }

    /// Schemes and ceilings are governed anew.
    pub(super) fn govern_certification(&mut self) {
        let schemes = [ORGANIC, GREEN_FOOD];
        let id = self.numbers.one_of(&schemes).unwrap();
        if self.numbers.once_in(2) {
            let Some(mut scheme) = Schemes::<Runtime>::get(id) else { return };
            scheme.tolerance_ppb = self.numbers.below(100_000_000) as u32;
            scheme.open = !self.numbers.once_in(6);
            self.motion(Call::<Runtime>::set_scheme { id, scheme });
        } else {
            let scope = CeilingScope::Product(tea());
            let ceiling = Some(100_000_000 + self.numbers.below(100_000_000));
            self.motion(Call::<Runtime>::set_yield_ceiling { scheme: id, scope, ceiling });
        }
    }

    /// A client applies for a base of its own, at times to renew a certificate.
    pub(super) fn apply_for_certificate(&mut self) {
        let clients = [(GARDEN, leaf()), (FACTORY, tea())];
        let (client, gtin) = self.numbers.one_of(&clients).unwrap();
        let own: Vec<_> = Places::<Runtime>::iter()
            .filter(|(_, place)| place.owner == client)
            .map(|(id, _)| id)
            .collect();
        let Some(base) = self.numbers.one_of(&own) else { return };
        let old: Vec<_> = Certificates::<Runtime>::iter()
            .filter(|(_, it)| it.holder == client && it.bases.contains(&base))
            .filter(|(_, it)| it.is_live(self.now()))
            .map(|(id, it)| (id, it.scheme))
            .collect();
        let renewed = self.numbers.one_of(&old);
        let schemes = [ORGANIC, GREEN_FOOD];
        let scheme = renewed.map_or_else(|| self.numbers.one_of(&schemes).unwrap(), |(_, it)| it);
        let quantity = u128::from(50 + self.numbers.below(150)) * KG;
        let request = ApplicationRequest {
            body: BODY,
            scheme,
            products: vec![ProductLine { gtin, quantity, area_units: 2 * MU }].try_into().unwrap(),
            bases: vec![base].try_into().unwrap(),
            renews: renewed.map(|(id, _)| id),
            document: DOCUMENT,
        };
        self.by(client, Call::<Runtime>::apply { request });
    }

    /// Takes an open application one step further, or back.
    pub(super) fn advance_application(&mut self) {
        let open: Vec<_> =
            Applications::<Runtime>::iter().filter(|(_, it)| !it.stage.is_closed()).collect();
        let Some((id, application)) = self.numbers.one_of(&open) else { return };
        if self.numbers.once_in(20) {
            self.by(application.client, Call::<Runtime>::withdraw_application { id });
            return;
        }
        match application.stage {
            Stage::Applied if self.numbers.once_in(8) => {
                self.by(BODY, Call::<Runtime>::refuse_application { id, reason: DOCUMENT });
            }
            Stage::Applied => {
                self.by(BODY, Call::<Runtime>::accept_application { id });
            }
            Stage::Accepted => self.inspect_application(id, &application),
            Stage::Inspected => {
                let line = &application.request.products[0];
                let call = Call::<Runtime>::record_test {
                    id,
                    gtin: line.gtin,
                    passed: !self.numbers.once_in(6),
                    sampled_at: self.now(),
                    report: DOCUMENT,
                };
                self.by(LAB, call);
            }
            Stage::Tested => self.propose_decision(id, &application),
            _ => {
                let head = Approvals::<Runtime>::get(BODY).map(|approval| approval.head);
                let Some(head) = head else { return };
                if self.numbers.once_in(8) {
                    self.call(&head, Call::<Runtime>::return_proposal { id });
                } else {
                    self.call(&head, Call::<Runtime>::sign_decision { id });
                }
            }
        }
    }

    fn inspect_application(&mut self, id: u32, application: &Application<AccountId>) {
        let call = Call::<Runtime>::record_inspection {
            id,
            inspected_at: self.now(),
            bases: application.request.bases.clone(),
            n_open_nonconformities: u16::from(self.numbers.once_in(8)),
            report: DOCUMENT,
        };
        if self.numbers.once_in(3) {
            self.by(INSPECTION, call);
        } else {
            self.call(&account("Evaluator"), call);
        }
    }

    fn propose_decision(&mut self, id: u32, application: &Application<AccountId>) {
        let outcome = if self.numbers.once_in(6) {
            Outcome::Reject { reason: DOCUMENT }
        } else {
            // A renewal begins when the old certificate ends.
            let renewed = application.request.renews.and_then(Certificates::<Runtime>::get);
            let valid_from = renewed.map_or(self.today(), |old| old.expires.max(self.today()));
            Outcome::Certify {
                number: text(&format!("101OP{:07}", self.fresh())),
                products: application.request.products.clone(),
                valid_from,
            }
        };
        self.call(&account("Certifier"), Call::<Runtime>::propose_decision { id, outcome });
        // A day later the certificate would be backdated.
        if !self.numbers.once_in(4) {
            self.call(&account("Certbody"), Call::<Runtime>::sign_decision { id });
        }
    }

    fn live_certificate(
        &mut self,
        is_wanted: impl Fn(&Certificate) -> bool,
    ) -> Option<(CertificateId, Certificate)> {
        let now = self.now();
        let live: Vec<_> = Certificates::<Runtime>::iter()
            .filter(|(_, it)| it.is_live(now) && is_wanted(it))
            .collect();
        self.numbers.one_of(&live)
    }

    /// Something is found in surveillance, by a test or by an authority, and acted on.
    pub(super) fn find_fault(&mut self) {
        let Some((certificate, _)) = self.live_certificate(|_| true) else { return };
        let finders = [
            (BODY, FinderKind::Body),
            (INSPECTION, FinderKind::InspectionBody),
            (LAB, FinderKind::Lab),
            (SUPERVISOR, FinderKind::Authority),
        ];
        let (by, finder) = self.numbers.one_of(&finders).unwrap();
        let (ground, consequence) = match self.numbers.below(6) {
            0 | 3 => (Ground::ForbiddenSubstance, Consequence::Revoke),
            1 | 2 => (Ground::InOrder, Consequence::None),
            _ => (Ground::NonConformity, Consequence::Suspend),
        };
        let evidence = DOCUMENT;
        let call =
            Call::<Runtime>::record_finding { certificate, finder, ground, consequence, evidence };
        self.by(by, call);
    }

    /// The body or an authority acts on a finding.
    pub(super) fn act_on_finding(&mut self) {
        let open: Vec<_> =
            Findings::<Runtime>::iter().filter(|(_, finding)| finding.closed.is_none()).collect();
        let Some((finding, details)) = self.numbers.one_of(&open) else { return };
        let by = if self.numbers.once_in(4) { SUPERVISOR } else { BODY };
        if self.numbers.once_in(4) {
            self.by(by, Call::<Runtime>::dismiss_finding { finding, document: DOCUMENT });
        } else if details.consequence == Consequence::Revoke {
            self.by(by, Call::<Runtime>::revoke { finding });
        } else {
            let months = 1 + self.numbers.below(3) as u16;
            self.by(by, Call::<Runtime>::suspend { finding, months });
        }
    }

    /// A suspension is lifted once it may be.
    pub(super) fn restore_certificate(&mut self) {
        let now = self.now();
        let found = self.live_certificate(
            |it| matches!(&it.state, CertificateState::Suspended(it) if it.earliest_end <= now),
        );
        let Some((certificate, details)) = found else { return };
        let by_authority =
            matches!(details.state, CertificateState::Suspended(it) if it.by_authority);
        let by = if by_authority { SUPERVISOR } else { BODY };
        self.by(by, Call::<Runtime>::restore { certificate, document: DOCUMENT });
    }

    /// A holder asks for less, or for the end; the body does it.
    pub(super) fn change_certificate(&mut self) {
        let Some((certificate, details)) = self.live_certificate(|_| true) else { return };
        let document = DOCUMENT;
        let kind = details
            .request
            .and_then(pallet_certification::Duties::<Runtime>::get)
            .map(|duty| duty.kind);
        match kind {
            None => {
                let cancel = self.numbers.once_in(6);
                let request = if cancel { ChangeRequest::Cancel } else { ChangeRequest::Reduce };
                let call = Call::<Runtime>::request_change { certificate, request, document };
                self.by(details.holder, call);
            }
            Some(DutyKind::Cancel(_)) => {
                self.by(BODY, Call::<Runtime>::cancel { certificate, document });
            }
            Some(_) => {
                let product = &details.products[0];
                let used = product.drawn.max(product.sold);
                let quantity = product.quantity - (product.quantity - used) / 4;
                let gtin = product.gtin;
                self.by(BODY, Call::<Runtime>::reduce { certificate, gtin, quantity });
            }
        }
    }

    /// The body publishes what changed.
    pub(super) fn publish_change(&mut self) {
        let open: Vec<_> = OpenDuties::<Runtime>::iter_key_prefix(BODY)
            .filter(|id| {
                pallet_certification::Duties::<Runtime>::get(id)
                    .is_some_and(|duty| matches!(duty.kind, DutyKind::Publish(_)))
            })
            .collect();
        if let Some(duty) = self.numbers.one_of(&open) {
            self.by(BODY, Call::<Runtime>::publish { duty, document: DOCUMENT });
        }
    }

    /// A complaint or an appeal is lodged, or decided by somebody who had no part in it.
    pub(super) fn complain(&mut self) {
        let open: Vec<_> = Complaints::<Runtime>::iter()
            .filter(|(_, complaint)| complaint.decision.is_none())
            .map(|(id, _)| id)
            .collect();
        if let Some(complaint) = self.numbers.one_of(&open) {
            let upheld = self.numbers.once_in(2);
            let document = DOCUMENT;
            self.by(BODY, Call::<Runtime>::decide_complaint { complaint, upheld, document });
            return;
        }
        let against: Vec<_> = Applications::<Runtime>::iter()
            .filter(|(_, it)| matches!(it.stage, Stage::Refused | Stage::Rejected))
            .collect();
        let certificates: Vec<_> = Certificates::<Runtime>::iter().collect();
        let (by, kind) = match self.numbers.below(3) {
            0 => match self.numbers.one_of(&against) {
                Some((id, it)) => (it.client, ComplaintKind::ApplicationAppeal(id)),
                None => return,
            },
            n => match self.numbers.one_of(&certificates) {
                Some((id, it)) if n == 1 => (it.holder, ComplaintKind::CertificateAppeal(id)),
                Some((id, _)) => (SHOP, ComplaintKind::Complaint(id)),
                None => return,
            },
        };
        self.by(by, Call::<Runtime>::lodge { kind, document: DOCUMENT });
    }

    /// The body certifies a sale, or declares it void.
    pub(super) fn certify_sale(&mut self) {
        let standing: Vec<_> = TransactionCertificates::<Runtime>::iter()
            .filter(|(_, it)| it.voided_at.is_none())
            .map(|(id, _)| id)
            .collect();
        if self.numbers.once_in(4)
            && let Some(id) = self.numbers.one_of(&standing)
        {
            let reason = DOCUMENT;
            self.by(BODY, Call::<Runtime>::void_transaction_certificate { id, reason });
            return;
        }
        let Some((certificate, details)) = self.live_certificate(|_| true) else { return };
        let found = self.batch_where(|it| {
            it.holder == details.holder
                && it.hold.is_none()
                && it.claims.iter().any(|claim| claim.certificate == certificate)
        });
        let Some((batch, of)) = found else { return };
        let quantity = self.numbers.part(of.quantities.produced);
        let buyer = SHOP;
        self.by(
            BODY,
            Call::<Runtime>::issue_transaction_certificate { certificate, buyer, batch, quantity },
        );
    }
}

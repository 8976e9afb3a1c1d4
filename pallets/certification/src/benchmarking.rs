//! Benchmarks, one for each call, with the longest lists.

#![allow(clippy::float_arithmetic, reason = "in the expansion of the benchmarks macro")]

use crate::*;
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, traits::EnsureOrigin};
use frame_system::RawOrigin;
use pallet_calendar::{CivilDate, Term};
use pallet_participants::{OrganisationId, Role};
use pallet_traceability::{BatchId, CertificateId, Gtin, PlaceId, SchemeId};

/// Gives benchmarks agents, products, bases and batches.
pub trait BenchmarkHelper<AccountId> {
    /// An agent that may act in `role` everywhere, and its organisation; another organisation for
    /// each `nth`.
    fn agent(role: Role, nth: u32) -> (AccountId, OrganisationId);

    /// Another agent, with the same powers, of the first organisation that holds `role`.
    fn colleague(role: Role, number: u32) -> AccountId;

    /// A product of the first trace node, by weight; another one for each `number` up to
    /// [`MAX_PRODUCTS`].
    fn product(number: u32) -> Gtin;

    /// A base of the first trace node of at least a mu; another one for each `number` up to
    /// [`MAX_BASES`].
    fn place(number: u32) -> PlaceId;

    /// A batch of at least a gram of product 0 that the first trace node makes at base 0 now, and
    /// that carries `certificate`.
    fn batch(certificate: CertificateId) -> BatchId;

    /// Makes sure that working days are known this year and for two years to come.
    fn set_calendar();
}

type Signed<T> = RawOrigin<<T as frame_system::Config>::AccountId>;

const SCHEME: SchemeId = 7;
const DOCUMENT: [u8; 32] = [7; 32];
/// Milligrams of each product.
const QUANTITY: u128 = 1_000;

/// A body that may certify, and a client.
struct Scene<T: Config> {
    /// Any agent of the body.
    clerk: T::AccountId,
    inspector: T::AccountId,
    certifier: T::AccountId,
    head: T::AccountId,
    body: OrganisationId,
    client: T::AccountId,
    client_id: OrganisationId,
    lab: T::AccountId,
    lab_id: OrganisationId,
}

fn by<T: Config>(account: &T::AccountId) -> Signed<T> {
    RawOrigin::Signed(account.clone())
}

fn role<T: Config>(role: Role) -> (T::AccountId, OrganisationId) {
    T::BenchmarkHelper::agent(role, 0)
}

/// A text of the greatest length whose last three characters are digits.
fn longest(digits: &[u8; 3]) -> Text {
    let mut bytes = vec![b'N'; MAX_TEXT_BYTES as usize - 3];
    bytes.extend_from_slice(digits);
    BoundedVec::truncate_from(bytes)
}

fn scheme() -> Scheme {
    let term = Term::working(10);
    Scheme {
        name: longest(b"000"),
        standard: longest(b"000"),
        rules: Some([1; 32]),
        filed_no: Some(longest(b"000")),
        validity_months: 12,
        renewal_months: 3,
        suspension_months_min: 1,
        suspension_months_max: 3,
        relock_months: 12,
        terms: SchemeTerms {
            accept: term,
            decide: Some(term),
            suspend: term,
            revoke: term,
            cancel: term,
            change: term,
            publish: term,
            complaint: term,
        },
        tolerance_ppb: 0,
        test_required: true,
        accreditation_required: true,
        label: LabelKind::OrganicCode,
        open: true,
    }
}

fn governance<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

impl<T: Config> Scene<T> {
    fn new() -> Result<Self, BenchmarkError> {
        T::BenchmarkHelper::set_calendar();
        Pallet::<T>::do_set_scheme(SCHEME, scheme())?;
        let (clerk, body) = role::<T>(Role::CertBody);
        let colleague = |number| T::BenchmarkHelper::colleague(Role::CertBody, number);
        let (inspector, certifier, head) = (colleague(1), colleague(2), colleague(3));
        let (client, client_id) = role::<T>(Role::TraceNode);
        let (lab, lab_id) = role::<T>(Role::Lab);
        let scene =
            Self { clerk, inspector, certifier, head, body, client, client_id, lab, lab_id };
        for number in 0..MAX_PRODUCTS {
            let scope = CeilingScope::Product(T::BenchmarkHelper::product(number));
            Pallet::<T>::do_set_yield_ceiling(SCHEME, scope, Some(1_000_000_000))?;
        }
        scene.approve()?;
        for organisation in [scene.body, scene.lab_id] {
            let accreditor = role::<T>(Role::AccredBody).0;
            let (scope, period) = (scene.scope(), Self::period());
            Pallet::<T>::do_accredit(&accreditor, organisation, longest(b"000"), scope, period)?;
        }
        for (person, agent) in [([1; 32], &scene.inspector), ([2; 32], &scene.certifier)] {
            Pallet::<T>::do_register_certifier(&scene.clerk, person, agent.clone())?;
        }
        Ok(scene)
    }

    fn period() -> Period {
        let from = Pallet::<T>::today();
        Period { from, until: from.checked_add(400).unwrap_or(CivilDate::MAX) }
    }

    /// The scheme, and as many categories as there may be, the products' among them.
    fn scope(&self) -> Scope {
        let category = T::MasterData::product(&T::BenchmarkHelper::product(0))
            .map_or(0, |product| product.category);
        let categories: Vec<_> = (0..MAX_CATEGORIES).map(|n| category.saturating_add(n)).collect();
        Scope {
            schemes: BoundedVec::truncate_from(vec![SCHEME]),
            categories: BoundedVec::truncate_from(categories),
        }
    }

    fn terms(&self) -> ApprovalTerms {
        ApprovalTerms {
            number: longest(b"101"),
            kind: BodyKind::Domestic,
            scope: self.scope(),
            period: Self::period(),
        }
    }

    fn approve(&self) -> Result<(), BenchmarkError> {
        let cnca = role::<T>(Role::Cnca).0;
        Pallet::<T>::do_approve_body(&cnca, self.body, self.terms(), self.head.clone())?;
        Ok(())
    }

    fn bases(count: u32) -> BaseIds {
        let mut bases: Vec<_> = (0..count).map(T::BenchmarkHelper::place).collect();
        bases.sort_unstable();
        BoundedVec::truncate_from(bases)
    }

    fn lines() -> ProductLines {
        let mut lines: Vec<_> = (0..MAX_PRODUCTS)
            .map(|number| ProductLine {
                gtin: T::BenchmarkHelper::product(number),
                quantity: QUANTITY,
                area_units: 200_000,
            })
            .collect();
        lines.sort_unstable_by_key(|line| line.gtin);
        BoundedVec::truncate_from(lines)
    }

    fn request(&self, n_bases: u32) -> ApplicationRequest {
        ApplicationRequest {
            body: self.body,
            scheme: SCHEME,
            products: Self::lines(),
            bases: Self::bases(n_bases),
            renews: None,
            document: DOCUMENT,
        }
    }

    /// An application with all bases and products.
    fn applied(&self) -> Result<ApplicationId, BenchmarkError> {
        let id = NextApplicationId::<T>::get();
        Pallet::<T>::do_apply(&self.client, self.request(MAX_BASES))?;
        Ok(id)
    }

    fn accepted(&self) -> Result<ApplicationId, BenchmarkError> {
        let id = self.applied()?;
        Pallet::<T>::do_accept_application(&self.clerk, id)?;
        Ok(id)
    }

    fn inspect(&self, id: ApplicationId, n_bases: u32) -> Result<(), BenchmarkError> {
        let (at, bases) = (Pallet::<T>::now(), Self::bases(n_bases));
        Pallet::<T>::do_record_inspection(&self.inspector, id, at, bases, 0, DOCUMENT)?;
        Ok(())
    }

    /// With as many inspections and tests as there may be.
    fn evaluated(&self) -> Result<ApplicationId, BenchmarkError> {
        let id = self.accepted()?;
        for _ in 0..MAX_INSPECTIONS {
            self.inspect(id, MAX_BASES)?;
        }
        let at = Pallet::<T>::now();
        for line in Self::lines() {
            Pallet::<T>::do_record_test(&self.lab, id, line.gtin, true, at, DOCUMENT)?;
        }
        Ok(id)
    }

    fn outcome() -> Outcome {
        Outcome::Certify {
            number: longest(b"001"),
            products: Self::lines(),
            valid_from: Pallet::<T>::today(),
        }
    }

    fn proposed(&self) -> Result<ApplicationId, BenchmarkError> {
        let id = self.evaluated()?;
        Pallet::<T>::do_propose_decision(&self.certifier, id, Self::outcome())?;
        Ok(id)
    }

    fn certified(&self) -> Result<CertificateId, BenchmarkError> {
        let application = self.proposed()?;
        let id = NextCertificateId::<T>::get();
        Pallet::<T>::do_sign_decision(&self.head, application)?;
        Ok(id)
    }

    fn found(
        &self,
        id: CertificateId,
        consequence: Consequence,
    ) -> Result<FindingId, BenchmarkError> {
        let finding = NextFindingId::<T>::get();
        let (finder, ground) = (FinderKind::Body, Ground::NonConformity);
        Pallet::<T>::do_record_finding(&self.clerk, id, finder, ground, consequence, DOCUMENT)?;
        Ok(finding)
    }

    fn suspended(&self, id: CertificateId) -> Result<(), BenchmarkError> {
        let finding = self.found(id, Consequence::Suspend)?;
        Pallet::<T>::do_suspend(&self.clerk, finding, 3)?;
        Ok(())
    }

    fn sold(&self, id: CertificateId) -> Result<TransactionCertificateId, BenchmarkError> {
        let number = NextTransactionCertificateId::<T>::get();
        let buyer = T::BenchmarkHelper::agent(Role::TraceNode, 1).1;
        let batch = T::BenchmarkHelper::batch(id);
        Pallet::<T>::do_issue_transaction_certificate(&self.clerk, id, buyer, batch, 1)?;
        Ok(number)
    }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn approve_body() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let cnca = role::<T>(Role::Cnca).0;

        #[extrinsic_call]
        _(by::<T>(&cnca), scene.body, scene.terms(), scene.certifier.clone());

        assert!(Approvals::<T>::get(scene.body).is_some_and(|it| it.head == scene.certifier));
        Ok(())
    }

    #[benchmark]
    fn set_body_standing() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let cnca = role::<T>(Role::Cnca).0;

        #[extrinsic_call]
        _(by::<T>(&cnca), scene.body, Standing::Withdrawn, DOCUMENT);

        assert!(
            Approvals::<T>::get(scene.body).is_some_and(|it| it.standing() == Standing::Withdrawn)
        );
        Ok(())
    }

    #[benchmark]
    fn accredit() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let accreditor = role::<T>(Role::AccredBody).0;
        let (scope, period) = (scene.scope(), Scene::<T>::period());

        #[extrinsic_call]
        _(by::<T>(&accreditor), scene.body, longest(b"002"), scope, period);

        assert!(
            Accreditations::<T>::get(scene.body).is_some_and(|it| it.number == longest(b"002"))
        );
        Ok(())
    }

    #[benchmark]
    fn set_accreditation_standing() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let accreditor = role::<T>(Role::AccredBody).0;

        #[extrinsic_call]
        _(by::<T>(&accreditor), scene.body, Standing::Withdrawn, DOCUMENT);

        assert!(
            Accreditations::<T>::get(scene.body)
                .is_some_and(|it| it.standing() == Standing::Withdrawn)
        );
        Ok(())
    }

    #[benchmark]
    fn register_certifier() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;

        #[extrinsic_call]
        _(by::<T>(&scene.clerk), [3; 32], scene.head.clone());

        assert!(Certifiers::<T>::contains_key([3; 32]));
        Ok(())
    }

    #[benchmark]
    fn release_certifier() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;

        #[extrinsic_call]
        _(by::<T>(&scene.clerk), [1; 32]);

        assert!(!CertifiersByAgent::<T>::contains_key(&scene.inspector));
        Ok(())
    }

    #[benchmark]
    fn bar_person() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let cnca = role::<T>(Role::Cnca).0;
        let until = Scene::<T>::period().until;

        #[extrinsic_call]
        _(by::<T>(&cnca), [1; 32], until, DOCUMENT);

        assert!(!CertifiersByAgent::<T>::contains_key(&scene.inspector));
        Ok(())
    }

    #[benchmark]
    fn apply(b: Linear<1, { MAX_BASES }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let request = scene.request(b);
        let id = NextApplicationId::<T>::get();

        #[extrinsic_call]
        _(by::<T>(&scene.client), request);

        assert!(Applications::<T>::get(id).is_some_and(|it| it.client == scene.client_id));
        Ok(())
    }

    #[benchmark]
    fn accept_application() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.applied()?;

        #[extrinsic_call]
        _(by::<T>(&scene.clerk), id);

        assert!(Applications::<T>::get(id).is_some_and(|it| it.stage == Stage::Accepted));
        Ok(())
    }

    #[benchmark]
    fn refuse_application() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.applied()?;

        #[extrinsic_call]
        _(by::<T>(&scene.clerk), id, DOCUMENT);

        assert!(Applications::<T>::get(id).is_some_and(|it| it.stage == Stage::Refused));
        Ok(())
    }

    #[benchmark]
    fn withdraw_application() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.evaluated()?;

        #[extrinsic_call]
        _(by::<T>(&scene.client), id);

        assert!(Applications::<T>::get(id).is_some_and(|it| it.stage == Stage::Withdrawn));
        Ok(())
    }

    #[benchmark]
    fn record_inspection(b: Linear<1, { MAX_BASES }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.accepted()?;
        let (at, bases) = (Pallet::<T>::now(), Scene::<T>::bases(b));

        #[extrinsic_call]
        _(by::<T>(&scene.inspector), id, at, bases, 0, DOCUMENT);

        assert!(Applications::<T>::get(id).is_some_and(|it| it.stage == Stage::Inspected));
        Ok(())
    }

    #[benchmark]
    fn record_test() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.evaluated()?;
        let (at, gtin) = (Pallet::<T>::now(), T::BenchmarkHelper::product(0));

        #[extrinsic_call]
        _(by::<T>(&scene.lab), id, gtin, false, at, DOCUMENT);

        assert!(
            Applications::<T>::get(id).is_some_and(|it| it.tests.iter().any(|test| !test.passed))
        );
        Ok(())
    }

    #[benchmark]
    fn propose_decision() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.evaluated()?;
        let outcome = Scene::<T>::outcome();

        #[extrinsic_call]
        _(by::<T>(&scene.certifier), id, outcome);

        assert!(Applications::<T>::get(id).is_some_and(|it| it.stage == Stage::Proposed));
        Ok(())
    }

    #[benchmark]
    fn return_proposal() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.proposed()?;

        #[extrinsic_call]
        _(by::<T>(&scene.head), id);

        assert!(Applications::<T>::get(id).is_some_and(|it| it.stage == Stage::Tested));
        Ok(())
    }

    #[benchmark]
    fn sign_decision() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.proposed()?;
        let certificate = NextCertificateId::<T>::get();

        #[extrinsic_call]
        _(by::<T>(&scene.head), id);

        assert!(Certificates::<T>::contains_key(certificate));
        Ok(())
    }

    #[benchmark]
    fn record_finding() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        let finding = NextFindingId::<T>::get();
        // An authority is looked for among two roles.
        let samr = role::<T>(Role::Samr).0;
        let (ground, consequence) = (Ground::NonConformity, Consequence::Suspend);

        #[extrinsic_call]
        _(by::<T>(&samr), id, FinderKind::Authority, ground, consequence, DOCUMENT);

        assert!(Findings::<T>::contains_key(finding));
        Ok(())
    }

    #[benchmark]
    fn dismiss_finding() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        let finding = scene.found(id, Consequence::Suspend)?;
        let samr = role::<T>(Role::Samr).0;

        #[extrinsic_call]
        _(by::<T>(&samr), finding, DOCUMENT);

        assert!(Findings::<T>::get(finding).is_some_and(|it| it.closed.is_some()));
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        let finding = scene.found(id, Consequence::Suspend)?;
        let samr = role::<T>(Role::Samr).0;

        #[extrinsic_call]
        _(by::<T>(&samr), finding, 3);

        assert!(
            Certificates::<T>::get(id)
                .is_some_and(|it| matches!(it.state, CertificateState::Suspended(_)))
        );
        Ok(())
    }

    #[benchmark]
    fn restore() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        scene.suspended(id)?;
        Certificates::<T>::mutate(id, |certificate| {
            if let Some(CertificateState::Suspended(suspension)) =
                certificate.as_mut().map(|it| &mut it.state)
            {
                suspension.earliest_end = 0;
            }
        });
        let samr = role::<T>(Role::Samr).0;

        #[extrinsic_call]
        _(by::<T>(&samr), id, DOCUMENT);

        assert!(Certificates::<T>::get(id).is_some_and(|it| it.state == CertificateState::InForce));
        Ok(())
    }

    #[benchmark]
    fn revoke() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        scene.suspended(id)?;
        Pallet::<T>::do_request_change(&scene.client, id, ChangeRequest::Cancel, DOCUMENT)?;
        let finding = scene.found(id, Consequence::Revoke)?;
        let samr = role::<T>(Role::Samr).0;

        #[extrinsic_call]
        _(by::<T>(&samr), finding);

        assert!(ClientLocks::<T>::contains_key(scene.client_id, SCHEME));
        Ok(())
    }

    #[benchmark]
    fn request_change() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;

        #[extrinsic_call]
        _(by::<T>(&scene.client), id, ChangeRequest::Cancel, DOCUMENT);

        assert!(Certificates::<T>::get(id).is_some_and(|it| it.request.is_some()));
        Ok(())
    }

    #[benchmark]
    fn cancel() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        scene.suspended(id)?;
        Pallet::<T>::do_request_change(&scene.client, id, ChangeRequest::Cancel, DOCUMENT)?;
        let samr = role::<T>(Role::Samr).0;

        #[extrinsic_call]
        _(by::<T>(&samr), id, DOCUMENT);

        assert!(
            Certificates::<T>::get(id).is_some_and(|it| it.state == CertificateState::Cancelled)
        );
        Ok(())
    }

    #[benchmark]
    fn reduce() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        Pallet::<T>::do_request_change(&scene.client, id, ChangeRequest::Reduce, DOCUMENT)?;

        #[extrinsic_call]
        _(by::<T>(&scene.clerk), id, T::BenchmarkHelper::product(0), 1);

        assert!(Certificates::<T>::get(id).is_some_and(|it| it.request.is_none()));
        Ok(())
    }

    #[benchmark]
    fn publish() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        scene.suspended(id)?;
        let duty = NextDutyId::<T>::get().saturating_sub(1);

        #[extrinsic_call]
        _(by::<T>(&scene.clerk), duty, DOCUMENT);

        assert!(Duties::<T>::get(duty).is_some_and(|it| it.done_at.is_some()));
        Ok(())
    }

    #[benchmark]
    fn lodge() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        scene.suspended(id)?;
        let complaint = NextComplaintId::<T>::get();

        #[extrinsic_call]
        _(by::<T>(&scene.client), ComplaintKind::CertificateAppeal(id), DOCUMENT);

        assert!(Complaints::<T>::contains_key(complaint));
        Ok(())
    }

    #[benchmark]
    fn decide_complaint() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        scene.suspended(id)?;
        let complaint = NextComplaintId::<T>::get();
        let kind = ComplaintKind::CertificateAppeal(id);
        Pallet::<T>::do_lodge(&scene.client, kind, DOCUMENT)?;
        // The clerk suspended, all others had a part in the decision.
        let decider = T::BenchmarkHelper::colleague(Role::CertBody, 4);

        #[extrinsic_call]
        _(by::<T>(&decider), complaint, true, DOCUMENT);

        assert!(Complaints::<T>::get(complaint).is_some_and(|it| it.decision.is_some()));
        Ok(())
    }

    #[benchmark]
    fn issue_transaction_certificate() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        let buyer = T::BenchmarkHelper::agent(Role::TraceNode, 1).1;
        let batch = T::BenchmarkHelper::batch(id);

        #[extrinsic_call]
        _(by::<T>(&scene.clerk), id, buyer, batch, 1);

        assert!(SoldFromBatches::<T>::get(batch) == 1);
        Ok(())
    }

    #[benchmark]
    fn void_transaction_certificate() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let id = scene.certified()?;
        let number = scene.sold(id)?;

        #[extrinsic_call]
        _(by::<T>(&scene.clerk), number, DOCUMENT);

        assert!(TransactionCertificates::<T>::get(number).is_some_and(|it| it.voided_at.is_some()));
        Ok(())
    }

    #[benchmark]
    fn set_scheme() -> Result<(), BenchmarkError> {
        let origin = governance::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, SCHEME, scheme());

        assert!(Schemes::<T>::contains_key(SCHEME));
        Ok(())
    }

    #[benchmark]
    fn set_yield_ceiling() -> Result<(), BenchmarkError> {
        let origin = governance::<T>()?;
        Pallet::<T>::do_set_scheme(SCHEME, scheme())?;
        let scope = CeilingScope::Product(T::BenchmarkHelper::product(0));

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, SCHEME, scope, Some(1));

        assert!(YieldCeilings::<T>::contains_key(SCHEME, scope));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}

//! Benchmarks, one for each call, with the longest lists.

#![allow(clippy::float_arithmetic, reason = "in the expansion of the benchmarks macro")]

use crate::*;
use alloc::{format, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, traits::EnsureOrigin};
use frame_system::RawOrigin;
use pallet_participants::{OrganisationId, RegionCode, Role};
use pallet_traceability::{Gtin, PlaceId};

/// Gives benchmarks agents, products and bases.
pub trait BenchmarkHelper<AccountId> {
    /// An agent that may act in `role` everywhere, and its organisation.
    fn agent(role: Role) -> (AccountId, OrganisationId);

    /// A product counted in pieces; ascending with `nth`.
    fn product(nth: u32) -> Gtin;

    /// A base of the trace node in Lishui of a mu at least; ascending with `nth`.
    fn base(nth: u32) -> PlaceId;
}

const COMMITMENT: Commitment = [7; 32];
const DAY_MS: Moment = 86_400_000;

type Signed<T> = RawOrigin<<T as frame_system::Config>::AccountId>;

fn signed<T: Config>(role: Role) -> Signed<T> {
    RawOrigin::Signed(T::BenchmarkHelper::agent(role).0)
}

/// Rules with the longest lists, and `n_divisions` in the area.
fn rules<T: Config>(n_divisions: u32) -> BrandRules {
    let area: Vec<_> = (0..n_divisions).map(|n| RegionCode(331_100 + n)).collect();
    let products: Vec<_> = (0..MAX_SCOPE_PRODUCTS).map(T::BenchmarkHelper::product).collect();
    BrandRules {
        area: BoundedVec::truncate_from(area),
        categories: BoundedVec::truncate_from((0..MAX_CATEGORIES).collect()),
        products: BoundedVec::truncate_from(products),
        document: [1; 32],
        certificate_scheme: None,
        period: PeriodRule::CalendarYear,
        registered_until: Moment::MAX,
    }
}

/// A collective mark of which the trace node is a member.
fn brand<T: Config>() -> Result<BrandId, BenchmarkError> {
    let mark = BoundedVec::truncate_from(b"G5330".to_vec());
    let owner = signed::<T>(Role::BrandOwner);
    let (kind, rules) = (MarkKind::Collective, rules::<T>(1));
    Pallet::<T>::register_brand(owner.clone().into(), mark, kind, rules)?;
    let (_, operator) = T::BenchmarkHelper::agent(Role::BrandOperator);
    Pallet::<T>::set_operator(owner.clone().into(), 0, Some(operator))?;
    let (_, member) = T::BenchmarkHelper::agent(Role::TraceNode);
    Pallet::<T>::admit_member(owner.into(), 0, member)?;
    Ok(0)
}

fn asked<T: Config>(n_products: u32, bases: impl Iterator<Item = u32>) -> Application {
    let now = Pallet::<T>::now();
    let products: Vec<_> = (0..n_products)
        .map(|n| {
            let gtin = T::BenchmarkHelper::product(n);
            YieldCeilings::<T>::insert(CeilingScope::Product(gtin), 1_000_000_000);
            LicensedProduct { gtin, quota: 1_000_000 }
        })
        .collect();
    Application {
        sub_brand: Some(BoundedVec::truncate_from(alloc::vec![b'A'; 64])),
        products: BoundedVec::truncate_from(products),
        bases: BoundedVec::truncate_from(bases.map(T::BenchmarkHelper::base).collect()),
        certificate: None,
        valid_from: now,
        valid_until: now.saturating_add(DAY_MS),
    }
}

/// An application for the longest lists.
fn applied<T: Config>() -> Result<LicenceId, BenchmarkError> {
    let brand = brand::<T>()?;
    let asked = asked::<T>(MAX_PRODUCTS, 0..MAX_BASES);
    Pallet::<T>::apply(signed::<T>(Role::TraceNode).into(), brand, asked)?;
    Ok(0)
}

fn inspected<T: Config>(id: LicenceId) -> Result<(), BenchmarkError> {
    let inspector = signed::<T>(Role::InspectionBody);
    Pallet::<T>::inspect(inspector.into(), id, true, COMMITMENT)?;
    Ok(())
}

fn granted<T: Config>() -> Result<LicenceId, BenchmarkError> {
    let id = applied::<T>()?;
    inspected::<T>(id)?;
    Pallet::<T>::grant(signed::<T>(Role::BrandOwner).into(), id, 1)?;
    Ok(id)
}

fn ordered<T: Config>() -> Result<LabelOrderId, BenchmarkError> {
    let id = granted::<T>()?;
    let product = T::BenchmarkHelper::product(0);
    Pallet::<T>::order_labels(signed::<T>(Role::TraceNode).into(), id, product, 100)?;
    Ok(0)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_brand(a: Linear<1, { MAX_AREA }>) {
        let mark = BoundedVec::truncate_from(format!("{:032}", 1).into_bytes());
        let rules = rules::<T>(a);

        #[extrinsic_call]
        _(signed::<T>(Role::BrandOwner), mark, MarkKind::Collective, rules);

        assert!(BrandsById::<T>::contains_key(0));
    }

    #[benchmark]
    fn set_operator() -> Result<(), BenchmarkError> {
        let brand = brand::<T>()?;
        let (_, operator) = T::BenchmarkHelper::agent(Role::BrandOperator);

        #[extrinsic_call]
        _(signed::<T>(Role::BrandOwner), brand, Some(operator));

        assert!(BrandsById::<T>::get(brand).is_some_and(|it| it.operator == Some(operator)));
        Ok(())
    }

    #[benchmark]
    fn admit_member() -> Result<(), BenchmarkError> {
        let brand = brand::<T>()?;
        let (_, member) = T::BenchmarkHelper::agent(Role::InspectionBody);

        #[extrinsic_call]
        _(signed::<T>(Role::BrandOwner), brand, member);

        assert!(Members::<T>::contains_key(brand, member));
        Ok(())
    }

    /// `l` licences with as many bases and products as they share among the trace node's bases.
    #[benchmark]
    fn remove_member(l: Linear<0, { MAX_OPEN_LICENCES }>) -> Result<(), BenchmarkError> {
        let brand = brand::<T>()?;
        for id in 0..l {
            let asked = asked::<T>(MAX_PRODUCTS, [id].into_iter());
            Pallet::<T>::apply(signed::<T>(Role::TraceNode).into(), brand, asked)?;
            inspected::<T>(id)?;
            Pallet::<T>::grant(signed::<T>(Role::BrandOwner).into(), id, 1)?;
        }
        let (_, member) = T::BenchmarkHelper::agent(Role::TraceNode);

        #[extrinsic_call]
        _(signed::<T>(Role::BrandOwner), brand, member, COMMITMENT);

        assert!(!Members::<T>::contains_key(brand, member));
        Ok(())
    }

    #[benchmark]
    fn apply(
        p: Linear<1, { MAX_PRODUCTS }>,
        b: Linear<1, { MAX_BASES }>,
    ) -> Result<(), BenchmarkError> {
        let brand = brand::<T>()?;
        let asked = asked::<T>(p, 0..b);

        #[extrinsic_call]
        _(signed::<T>(Role::TraceNode), brand, asked);

        assert!(LicencesById::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn inspect() -> Result<(), BenchmarkError> {
        let id = applied::<T>()?;

        #[extrinsic_call]
        _(signed::<T>(Role::InspectionBody), id, true, COMMITMENT);

        assert!(Inspections::<T>::contains_key(id, 0));
        Ok(())
    }

    #[benchmark]
    fn grant(
        p: Linear<1, { MAX_PRODUCTS }>,
        b: Linear<1, { MAX_BASES }>,
    ) -> Result<(), BenchmarkError> {
        let brand = brand::<T>()?;
        let asked = asked::<T>(p, 0..b);
        Pallet::<T>::apply(signed::<T>(Role::TraceNode).into(), brand, asked)?;
        inspected::<T>(0)?;

        #[extrinsic_call]
        _(signed::<T>(Role::BrandOwner), 0, 1);

        assert!(LicencesById::<T>::get(0).is_some_and(|it| it.granted_at.is_some()));
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let id = granted::<T>()?;

        #[extrinsic_call]
        _(signed::<T>(Role::BrandOperator), id, COMMITMENT);

        assert!(LicencesById::<T>::get(id).is_some_and(|it| !it.status.is_in_force()));
        Ok(())
    }

    #[benchmark]
    fn end_licence() -> Result<(), BenchmarkError> {
        let id = granted::<T>()?;

        #[extrinsic_call]
        revoke(signed::<T>(Role::BrandOperator), id, COMMITMENT);

        assert!(LicencesById::<T>::get(id).is_some_and(|it| !it.status.is_open()));
        Ok(())
    }

    #[benchmark]
    fn order_labels() -> Result<(), BenchmarkError> {
        let id = granted::<T>()?;
        let product = T::BenchmarkHelper::product(0);

        #[extrinsic_call]
        _(signed::<T>(Role::TraceNode), id, product, 100);

        assert!(LabelOrders::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn issue_labels() -> Result<(), BenchmarkError> {
        let order = ordered::<T>()?;

        #[extrinsic_call]
        _(signed::<T>(Role::BrandOperator), order);

        assert!(LabelOrders::<T>::get(order).is_some_and(|it| it.n_stock == 100));
        Ok(())
    }

    #[benchmark]
    fn cancel_order() -> Result<(), BenchmarkError> {
        let order = ordered::<T>()?;

        #[extrinsic_call]
        _(signed::<T>(Role::BrandOperator), order);

        let cancelled = LabelOrderStatus::Cancelled;
        assert!(LabelOrders::<T>::get(order).is_some_and(|it| it.status == cancelled));
        Ok(())
    }

    #[benchmark]
    fn account_labels() -> Result<(), BenchmarkError> {
        let order = ordered::<T>()?;
        Pallet::<T>::issue_labels(signed::<T>(Role::BrandOperator).into(), order)?;

        #[extrinsic_call]
        _(signed::<T>(Role::BrandOperator), order, LabelFate::Destroyed, 10);

        assert!(LabelOrders::<T>::get(order).is_some_and(|it| it.n_destroyed == 10));
        Ok(())
    }

    #[benchmark]
    fn record_misuse() -> Result<(), BenchmarkError> {
        let id = granted::<T>()?;
        let (_, offender) = T::BenchmarkHelper::agent(Role::TraceNode);
        let kind = MisuseKind::QuotaExceeded;

        #[extrinsic_call]
        _(signed::<T>(Role::Samr), 0, offender, Some(id), kind, 1, COMMITMENT);

        assert!(Misuses::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn report_premium() -> Result<(), BenchmarkError> {
        let id = granted::<T>()?;
        let period = LicencesById::<T>::get(id)
            .map(|licence| licence.period_at(Pallet::<T>::now()))
            .ok_or(BenchmarkError::Stop("licence is granted"))?;

        #[extrinsic_call]
        _(signed::<T>(Role::TraceNode), id, period, COMMITMENT);

        assert!(PremiumReports::<T>::contains_key(id, period));
        Ok(())
    }

    #[benchmark]
    fn set_yield_ceiling() -> Result<(), BenchmarkError> {
        let origin =
            T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let scope = CeilingScope::Product(T::BenchmarkHelper::product(0));

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, scope, Some(1));

        assert!(YieldCeilings::<T>::contains_key(scope));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}

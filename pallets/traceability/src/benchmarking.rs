//! Benchmarks, one for each call, with the longest lists.
//!
//! Recall checks, which calls pay only while a recall is open, are measured apart.

#![allow(clippy::float_arithmetic, reason = "in the expansion of the benchmarks macro")]

use crate::*;
use alloc::{format, string::String, vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get, UnixTime},
};
use frame_system::RawOrigin;
use pallet_participants::{OrganisationId, RegionCode, Role};

/// Gives benchmarks agents of organisations.
pub trait BenchmarkHelper<AccountId> {
    /// An agent that may act in `role` everywhere, and its organisation; another organisation for
    /// each `nth`.
    fn agent(role: Role, nth: u32) -> (AccountId, OrganisationId);

    /// A certificate, valid since 1970, that names `holder`, `gtin` and `bases`.
    ///
    /// # Errors
    /// When the runtime keeps no certificates.
    fn certificate(
        holder: OrganisationId,
        gtin: Gtin,
        bases: &[PlaceId],
    ) -> Result<CertificateId, BenchmarkError>;
}

type Signed<T> = RawOrigin<<T as frame_system::Config>::AccountId>;

/// A trace node with leaf, tea and tins, and another one.
struct Scene<T: Config> {
    node: T::AccountId,
    other: T::AccountId,
    other_id: OrganisationId,
    place: PlaceId,
}

/// The GTIN with this number before its check digit.
fn gtin(number: u32) -> Gtin {
    Gtin::parse(&with_check_digit(&format!("{:013}", 690_000_000_000u64 + u64::from(number))))
        .expect("check digit is right; qed")
}

fn sscc(number: u32) -> Sscc {
    Sscc::parse(&with_check_digit(&format!("{:017}", 690_000_000_000u64 + u64::from(number))))
        .expect("check digit is right; qed")
}

fn with_check_digit(body: &str) -> String {
    (0..10)
        .map(|digit| format!("{body}{digit}"))
        .find(|key| has_valid_check_digit(key.as_bytes()))
        .expect("one of ten digits is right; qed")
}

/// A lot of the greatest length.
fn lot(number: u32) -> Lot {
    BoundedVec::truncate_from(format!("LOT-{number:016}").into_bytes())
}

fn grams(value: u128) -> Measure {
    Measure { value, decimals: 0, unit: UnitCode(*b"GRM") }
}

fn pieces(value: u128) -> Measure {
    Measure { value, decimals: 0, unit: UnitCode(*b"C62") }
}

fn context<T: Config>() -> EventContext {
    let now = u64::try_from(T::Time::now().as_millis()).unwrap_or(u64::MAX);
    EventContext {
        event_time: now,
        read_point: Gln::parse("6291041500213"),
        document: Some([1; 32]),
    }
}

fn details(base_unit: BaseUnit, net_content: Option<NetContent>) -> ProductDetails {
    ProductDetails {
        owner: 0,
        base_unit,
        net_content,
        density_mg_per_ml: None,
        category: 10_000_115,
    }
}

const LEAF: u32 = 1;
const TEA: u32 = 2;
const TIN: u32 = 3;

impl<T: Config> Scene<T> {
    /// Master data: leaf gives its weight in tea, a tin holds 100 g.
    fn new() -> Result<Self, BenchmarkError> {
        let (node, _) = T::BenchmarkHelper::agent(Role::TraceNode, 0);
        let (other, other_id) = T::BenchmarkHelper::agent(Role::TraceNode, 1);
        for (code, base, numerator) in
            [(*b"GRM", BaseUnit::Milligram, 1_000), (*b"C62", BaseUnit::Each, 1)]
        {
            Units::<T>::insert(UnitCode(code), UnitRule { base, numerator, denominator: 1 });
        }
        for class in 1..=3 {
            RecallRules::<T>::insert(class, RecallScope::SameParents);
        }
        let signed: Signed<T> = RawOrigin::Signed(node.clone());
        let content =
            NetContent { unit: BaseUnit::Milligram, quantity: 100_000, of: Some(gtin(TEA)) };
        for (number, unit, content) in [
            (LEAF, BaseUnit::Milligram, None),
            (TEA, BaseUnit::Milligram, None),
            (TIN, BaseUnit::Each, Some(content)),
        ] {
            Pallet::<T>::register_product(
                signed.clone().into(),
                gtin(number),
                details(unit, content),
            )?;
        }
        let place = NextPlaceId::<T>::get();
        Pallet::<T>::register_place(signed.into(), RegionCode(331_100), None, 1)?;
        let scope = YieldScope::Product { input: gtin(LEAF), output: gtin(TEA) };
        Yields::<T>::insert(scope, YieldRule { max_ppb: 1_000_000_000, by_product: false });
        Ok(Self { node, other, other_id, place })
    }

    fn signed(&self) -> Signed<T> {
        RawOrigin::Signed(self.node.clone())
    }

    /// A kilogram of leaf.
    fn leaf(&self, number: u32) -> Result<BatchId, BenchmarkError> {
        self.produce(LEAF, number)
    }

    /// A kilogram of a product by weight.
    fn produce(&self, product: u32, number: u32) -> Result<BatchId, BenchmarkError> {
        let (gtin, lot) = (gtin(product), lot(number));
        let id = BatchId::of(&gtin, &lot);
        let origin = self.signed().into();
        Pallet::<T>::produce(origin, gtin, lot, grams(1_000), self.place, context::<T>())?;
        Ok(id)
    }

    fn leaves(&self, count: u32) -> Result<Vec<BatchId>, BenchmarkError> {
        (0..count).map(|number| self.leaf(number)).collect()
    }

    fn unit_of(&self, count: u32) -> Result<Sscc, BenchmarkError> {
        let contents = BoundedVec::truncate_from(self.leaves(count)?);
        Pallet::<T>::aggregate(self.signed().into(), sscc(1), contents, context::<T>())
            .map_err(|error| error.error)?;
        Ok(sscc(1))
    }

    fn ship(&self, item: ShippedItem) -> Result<(), BenchmarkError> {
        let purpose = ShipPurpose::Delivery;
        Pallet::<T>::ship(self.signed().into(), item, self.other_id, purpose, context::<T>())
            .map_err(|error| error.error)?;
        Ok(())
    }

    fn split(&self, batch: BatchId, first: u32, count: u32) -> Result<(), BenchmarkError> {
        let origin = self.signed().into();
        Pallet::<T>::split(origin, batch, parts(first, count), context::<T>())
            .map_err(|error| error.error)?;
        Ok(())
    }
}

fn parts(first: u32, count: u32) -> Parts {
    BoundedVec::truncate_from(
        (0..count)
            .map(|number| Part { lot: lot(first.saturating_add(number)), quantity: grams(1) })
            .collect(),
    )
}

fn taken(batches: &[BatchId], quantity: Measure) -> TakenInputs {
    BoundedVec::truncate_from(
        batches.iter().map(|batch| Taken { batch: *batch, quantity }).collect(),
    )
}

fn samr<T: Config>() -> Signed<T> {
    RawOrigin::Signed(T::BenchmarkHelper::agent(Role::Samr, 0).0)
}

fn governance<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_product() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let content = NetContent { unit: BaseUnit::Milligram, quantity: 1, of: Some(gtin(TEA)) };

        #[extrinsic_call]
        _(scene.signed(), gtin(9), details(BaseUnit::Each, Some(content)));

        assert!(Products::<T>::contains_key(gtin(9)));
        Ok(())
    }

    #[benchmark]
    fn license_producer() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;

        #[extrinsic_call]
        _(scene.signed(), gtin(LEAF), scene.other_id, true);

        assert!(ProducerLicences::<T>::contains_key(gtin(LEAF), scene.other_id));
        Ok(())
    }

    #[benchmark]
    fn register_place() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;

        #[extrinsic_call]
        _(scene.signed(), RegionCode(331_100), Gln::parse("6291041500213"), 1);

        assert!(Places::<T>::contains_key(scene.place.saturating_add(1)));
        Ok(())
    }

    #[benchmark]
    fn register_batch() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;

        #[extrinsic_call]
        _(scene.signed(), gtin(LEAF), lot(1), scene.place, context::<T>());

        assert!(Batches::<T>::contains_key(BatchId::of(&gtin(LEAF), &lot(1))));
        Ok(())
    }

    #[benchmark]
    fn use_input() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let origin = scene.signed().into();
        Pallet::<T>::register_batch(origin, gtin(LEAF), lot(1), scene.place, context::<T>())?;
        FarmInputs::<T>::insert(1, farm_input());
        let batch = BatchId::of(&gtin(LEAF), &lot(1));

        #[extrinsic_call]
        _(scene.signed(), batch, 1, context::<T>());

        assert!(EarliestHarvest::<T>::contains_key(scene.place, gtin(LEAF)));
        Ok(())
    }

    fn farm_input() -> FarmInput {
        FarmInput {
            kind: FarmInputKind::Pesticide,
            registration: BoundedVec::truncate_from(vec![b'P'; 32]),
            pre_harvest_days: 0,
            permitted: true,
        }
    }

    #[benchmark]
    fn produce() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let origin = scene.signed().into();
        Pallet::<T>::register_batch(origin, gtin(LEAF), lot(1), scene.place, context::<T>())?;
        EarliestHarvest::<T>::insert(scene.place, gtin(LEAF), 1);

        #[extrinsic_call]
        _(scene.signed(), gtin(LEAF), lot(1), grams(1), scene.place, context::<T>());

        let batch = BatchId::of(&gtin(LEAF), &lot(1));
        assert!(Batches::<T>::get(batch).is_some_and(|made| made.stage == Stage::Harvested));
        Ok(())
    }

    #[benchmark]
    fn record_test() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(1)?;
        let (lab, _) = T::BenchmarkHelper::agent(Role::Lab, 0);
        let sampled_at = context::<T>().event_time;

        #[extrinsic_call]
        _(RawOrigin::Signed(lab), batch, false, sampled_at, [1; 32], context::<T>());

        assert!(Batches::<T>::get(batch).is_some_and(|tested| tested.hold.is_some()));
        Ok(())
    }

    #[benchmark]
    fn transform(
        i: Linear<1, { MAX_INPUTS }>,
        o: Linear<1, { MAX_OUTPUTS }>,
    ) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let inputs = taken(&scene.leaves(i)?, grams(100));
        let outputs = BoundedVec::truncate_from(
            (0..o)
                .map(|number| NewBatch { gtin: gtin(TEA), lot: lot(number), quantity: grams(1) })
                .collect(),
        );
        let loss = u128::from(i).saturating_mul(100).saturating_sub(u128::from(o));

        #[extrinsic_call]
        _(scene.signed(), inputs, outputs, Some(grams(loss)), context::<T>());

        assert!(Derivations::<T>::contains_key(BatchId::of(&gtin(TEA), &lot(0))));
        Ok(())
    }

    #[benchmark]
    fn split(p: Linear<1, { MAX_OUTPUTS }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(1)?;

        #[extrinsic_call]
        _(scene.signed(), batch, parts(10, p), context::<T>());

        assert!(Derivations::<T>::contains_key(BatchId::of(&gtin(LEAF), &lot(10))));
        Ok(())
    }

    #[benchmark]
    fn merge(i: Linear<2, { MAX_INPUTS }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let inputs = taken(&scene.leaves(i)?, grams(1_000));

        #[extrinsic_call]
        _(scene.signed(), inputs, lot(99), context::<T>());

        assert!(Derivations::<T>::contains_key(BatchId::of(&gtin(LEAF), &lot(99))));
        Ok(())
    }

    #[benchmark]
    fn pack() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.produce(TEA, 1)?;
        let from = Taken { batch, quantity: grams(1_000) };
        let item = NewBatch { gtin: gtin(TIN), lot: lot(1), quantity: pieces(9) };

        #[extrinsic_call]
        _(scene.signed(), from, item, Some(grams(100)), context::<T>());

        assert!(Batches::<T>::contains_key(BatchId::of(&gtin(TIN), &lot(1))));
        Ok(())
    }

    #[benchmark]
    fn aggregate(c: Linear<1, { MAX_CONTENTS }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let contents = BoundedVec::truncate_from(scene.leaves(c)?);

        #[extrinsic_call]
        _(scene.signed(), sscc(1), contents, context::<T>());

        assert!(LogisticUnits::<T>::contains_key(sscc(1)));
        Ok(())
    }

    #[benchmark]
    fn disaggregate(c: Linear<1, { MAX_CONTENTS }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let sscc = scene.unit_of(c)?;
        let contents = LogisticUnits::<T>::get(sscc).map(|unit| unit.contents).unwrap_or_default();

        #[extrinsic_call]
        _(scene.signed(), sscc, contents, context::<T>());

        assert!(LogisticUnits::<T>::get(sscc).is_some_and(|unit| unit.closed));
        Ok(())
    }

    #[benchmark]
    fn ship(b: Linear<1, { MAX_CONTENTS }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let item = ShippedItem::LogisticUnit(scene.unit_of(b)?);
        let purpose = ShipPurpose::Delivery;

        #[extrinsic_call]
        _(scene.signed(), item, scene.other_id, purpose, context::<T>());

        assert!(LogisticUnits::<T>::get(sscc(1)).is_some_and(|unit| unit.consignee.is_some()));
        Ok(())
    }

    #[benchmark]
    fn receive() -> Result<(), BenchmarkError> {
        // A part of a batch out of a full unit, the rest becoming a batch.
        let scene = Scene::<T>::new()?;
        scene.ship(ShippedItem::LogisticUnit(scene.unit_of(MAX_CONTENTS)?))?;
        let batch = BatchId::of(&gtin(LEAF), &lot(0));
        let rest = Some(Shortfall::Returned { lot: lot(99) });
        let to: Signed<T> = RawOrigin::Signed(scene.other.clone());

        #[extrinsic_call]
        _(to, batch, grams(1), rest, ReceiveInto::Store, context::<T>());

        assert!(Batches::<T>::get(batch).is_some_and(|got| got.holder == scene.other_id));
        Ok(())
    }

    #[benchmark]
    fn receive_unit(b: Linear<1, { MAX_CONTENTS }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let sscc = scene.unit_of(b)?;
        scene.ship(ShippedItem::LogisticUnit(sscc))?;
        let to: Signed<T> = RawOrigin::Signed(scene.other.clone());

        #[extrinsic_call]
        _(to, sscc, ReceiveInto::Store, context::<T>());

        assert!(LogisticUnits::<T>::get(sscc).is_some_and(|unit| unit.holder == scene.other_id));
        Ok(())
    }

    #[benchmark]
    fn reject(b: Linear<1, { MAX_CONTENTS }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let item = ShippedItem::LogisticUnit(scene.unit_of(b)?);
        scene.ship(item)?;

        #[extrinsic_call]
        _(scene.signed(), item, context::<T>());

        assert!(LogisticUnits::<T>::get(sscc(1)).is_some_and(|unit| unit.consignee.is_none()));
        Ok(())
    }

    #[benchmark]
    fn sell() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(1)?;

        #[extrinsic_call]
        _(scene.signed(), batch, grams(1), context::<T>());

        assert!(Batches::<T>::get(batch).is_some_and(|sold| sold.quantities.sold == 1_000));
        Ok(())
    }

    #[benchmark]
    fn take_back() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(1)?;
        Pallet::<T>::sell(scene.signed().into(), batch, grams(1), context::<T>())
            .map_err(|error| error.error)?;

        #[extrinsic_call]
        _(scene.signed(), batch, grams(1), context::<T>());

        assert!(Batches::<T>::get(batch).is_some_and(|back| back.quantities.sold == 0));
        Ok(())
    }

    #[benchmark]
    fn observe() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(1)?;
        let disposition = Disposition::InProgress;

        #[extrinsic_call]
        _(scene.signed(), batch, BizStep::Storing, disposition, context::<T>());

        assert!(Batches::<T>::get(batch).is_some_and(|seen| seen.stage == Stage::Stored));
        Ok(())
    }

    #[benchmark]
    fn record_loss() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(1)?;

        #[extrinsic_call]
        _(scene.signed(), batch, grams(1_000), context::<T>());

        assert!(Batches::<T>::get(batch).is_some_and(|lost| lost.stage == Stage::Destroyed));
        Ok(())
    }

    #[benchmark]
    fn hold() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(1)?;
        let origin = samr::<T>();

        #[extrinsic_call]
        _(origin, batch, Some([1; 32]));

        assert!(Batches::<T>::get(batch).is_some_and(|held| held.hold.is_some()));
        Ok(())
    }

    #[benchmark]
    fn release() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(1)?;
        Pallet::<T>::hold(samr::<T>().into(), batch, None)?;
        let origin = samr::<T>();

        #[extrinsic_call]
        _(origin, batch, Some([1; 32]));

        assert!(Batches::<T>::get(batch).is_some_and(|free| free.hold.is_none()));
        Ok(())
    }

    /// `s` derivations of one batch, with as many batches each as one can make; each step follows
    /// one. A kilogram is enough for 60 of them.
    #[benchmark]
    fn recall(
        s: Linear<1, { T::RecallStepsPerCall::get().min(60) }>,
    ) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(0)?;
        for number in 0..s {
            let first = number.saturating_mul(MAX_OUTPUTS).saturating_add(100);
            scene.split(batch, first, MAX_OUTPUTS)?;
        }
        let origin = samr::<T>();

        #[extrinsic_call]
        _(origin, batch, 3, [1; 32]);

        assert!(RecallsOf::<T>::contains_key(batch, 0));
        Ok(())
    }

    #[benchmark]
    fn lift_recall() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(0)?;
        scene.split(batch, 100, MAX_OUTPUTS)?;
        Pallet::<T>::recall(samr::<T>().into(), batch, 3, [1; 32]).map_err(|error| error.error)?;
        let origin = samr::<T>();

        #[extrinsic_call]
        _(origin, 0, [1; 32]);

        assert!(Recalls::<T>::get(0).is_some_and(|found| found.lifted.is_some()));
        Ok(())
    }

    /// One derivation with as many batches as it can make.
    #[benchmark]
    fn recall_step() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(0)?;
        scene.split(batch, 100, MAX_OUTPUTS)?;
        let mut opened = Pallet::<T>::benchmark_recall(batch)?;

        #[block]
        {
            Pallet::<T>::benchmark_step(&mut opened)?;
        }

        assert_eq!(opened.n_affected, MAX_OUTPUTS.saturating_add(1));
        Ok(())
    }

    /// The ancestors of a batch in a chain of `a`, against as many recalls as can be open.
    #[benchmark]
    fn check_recalls(a: Linear<1, { MAX_ANCESTORS_CHECKED }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let mut batch = scene.leaf(0)?;
        for number in 1..a {
            let lot_number = number.saturating_add(100);
            scene.split(batch, lot_number, 1)?;
            batch = BatchId::of(&gtin(LEAF), &lot(lot_number));
        }
        let elsewhere = scene.leaf(1)?;
        let mut opened = Pallet::<T>::benchmark_recall(elsewhere)?;
        let parent = SharedParent { batch: elsewhere, n_derivations: 1 };
        opened.parents = BoundedVec::truncate_from(vec![parent; MAX_INPUTS as usize]);
        for number in 0..MAX_OPEN_RECALLS {
            Recalls::<T>::insert(number, &opened);
        }
        OpenRecalls::<T>::put(BoundedVec::truncate_from((0..MAX_OPEN_RECALLS).collect()));
        let details = Batches::<T>::get(batch).ok_or(BenchmarkError::Stop("batch is made"))?;

        #[block]
        {
            Pallet::<T>::ensure_not_recalled(batch, &details)?;
        }

        Ok(())
    }

    #[benchmark]
    fn destroy() -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let batch = scene.leaf(1)?;
        Pallet::<T>::hold(samr::<T>().into(), batch, None)?;
        let origin = samr::<T>();

        #[extrinsic_call]
        _(origin, batch, grams(1_000), context::<T>());

        assert!(Batches::<T>::get(batch).is_some_and(|gone| gone.stage == Stage::Destroyed));
        Ok(())
    }

    /// A mixture of `p` certified batches, which its maker certifies anew.
    #[benchmark]
    fn claim_certificate(p: Linear<2, { MAX_INPUTS }>) -> Result<(), BenchmarkError> {
        let scene = Scene::<T>::new()?;
        let leaves = scene.leaves(p)?;
        let inputs: Vec<_> =
            leaves.iter().map(|batch| Taken { batch: *batch, quantity: grams(1) }).collect();
        let inputs = BoundedVec::truncate_from(inputs);
        Pallet::<T>::merge(scene.signed().into(), inputs, lot(1_000), context::<T>())
            .map_err(|error| error.error)?;
        let mixed = BatchId::of(&gtin(LEAF), &lot(1_000));
        let (_, holder) = T::BenchmarkHelper::agent(Role::TraceNode, 0);
        let certificate = T::BenchmarkHelper::certificate(holder, gtin(LEAF), &[scene.place])?;
        for batch in leaves {
            Batches::<T>::mutate(batch, |batch| {
                if let Some(batch) = batch {
                    let claim = Claim { certificate, made_while_suspended: true };
                    batch.claims = BoundedVec::truncate_from(vec![claim]);
                }
            });
        }

        #[extrinsic_call]
        _(scene.signed(), mixed, certificate);

        assert!(Batches::<T>::get(mixed).is_some_and(|batch| batch.claims.len() == 1));
        Ok(())
    }

    /// The longest of the governed values.
    #[benchmark]
    fn set_rule() -> Result<(), BenchmarkError> {
        let origin = governance::<T>()?;

        #[extrinsic_call]
        set_farm_input(origin as T::RuntimeOrigin, 1, farm_input());

        assert!(FarmInputs::<T>::contains_key(1));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}

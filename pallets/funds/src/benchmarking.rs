//! Benchmarks of every call, each on its most expensive path.

use super::*;
use crate::Pallet as Funds;
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::traits::fungible::Mutate;
use frame_system::RawOrigin;
use pallet_participants::authority::OrganisationId;

/// Registers the parties that benchmarks need, in the state that the benchmark starts from.
pub trait BenchmarkHelper<AccountId> {
    /// An agent of the `nth` finance department, and its organisation.
    fn office(nth: u32) -> (AccountId, OrganisationId);

    /// An agent of an organisation that is no office, and the organisation.
    fn payee() -> (AccountId, OrganisationId);

    /// An agent with the role `Auditor`.
    fn auditor() -> AccountId;
}

/// Any commitment.
const DOCUMENT: Commitment = [7; 32];
/// The purpose under test.
const TAG: TagId = 1;
/// What each lot has.
const LOT_FEN: Fen = 1_000;

fn code() -> BudgetCode {
    vec![b'2'; CODE_BYTES_MAX as usize].try_into().expect("it has CODE_BYTES_MAX bytes; qed")
}

/// The parties of a benchmark.
struct Scene<T: Config> {
    source: T::AccountId,
    source_id: OrganisationId,
    receiver_id: OrganisationId,
    payee: T::AccountId,
    programme: ProgrammeId,
}

/// A programme with an intermediary, a payee, and `n_lots` lots of the source.
fn scene<T: Config>(n_lots: u32) -> Result<Scene<T>, BenchmarkError> {
    let (source, source_id) = T::BenchmarkHelper::office(0);
    let (_, receiver_id) = T::BenchmarkHelper::office(1);
    let (payee, payee_id) = T::BenchmarkHelper::payee();
    T::Currency::set_balance(&source, LOT_FEN.saturating_mul(1_000));
    let programme = Funds::<T>::do_open_programme(Controller::Managers, &[source_id], code())?;
    Funds::<T>::do_open_tag((programme, TAG), source_id, code(), Fen::MAX)?;
    Funds::<T>::do_set_part(&source, programme, receiver_id, Some(Part::Intermediary))?;
    Funds::<T>::do_set_part(&source, programme, payee_id, Some(Part::Payee))?;
    let to = Holder::Organisation(source_id);
    for _ in 0..n_lots {
        Funds::<T>::do_appropriate((programme, TAG), &source, to, LOT_FEN, DOCUMENT)?;
    }
    Ok(Scene { source, source_id, receiver_id, payee, programme })
}

/// All of `n` lots but one fen, so that the last lot stays.
fn most_of(n: u32) -> Fen {
    LOT_FEN.saturating_mul(n.into()).saturating_sub(1)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn open_programme() -> Result<(), BenchmarkError> {
        let (source, _) = T::BenchmarkHelper::office(0);

        #[extrinsic_call]
        _(RawOrigin::Signed(source), code());

        assert_eq!(NextProgrammeId::<T>::get(), 1);
        Ok(())
    }

    #[benchmark]
    fn open_tag() -> Result<(), BenchmarkError> {
        let it = scene::<T>(0)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(it.source), it.programme, 2, code(), Fen::MAX);

        assert!(Tags::<T>::contains_key((it.programme, 2)));
        Ok(())
    }

    #[benchmark]
    fn set_ceiling() -> Result<(), BenchmarkError> {
        let it = scene::<T>(1)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(it.source), it.programme, TAG, LOT_FEN);

        assert!(Tags::<T>::get((it.programme, TAG)).is_some_and(|it| it.ceiling_fen == LOT_FEN));
        Ok(())
    }

    #[benchmark]
    fn set_part() -> Result<(), BenchmarkError> {
        let it = scene::<T>(0)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(it.source), it.programme, it.receiver_id, Some(Part::Intermediary));

        assert!(Parts::<T>::contains_key(it.programme, it.receiver_id));
        Ok(())
    }

    #[benchmark]
    fn appropriate() -> Result<(), BenchmarkError> {
        let it = scene::<T>(LOTS_MAX.saturating_sub(1))?;

        #[extrinsic_call]
        _(RawOrigin::Signed(it.source), it.programme, TAG, LOT_FEN, DOCUMENT);

        assert_eq!(NextMovementId::<T>::get(), MovementId::from(LOTS_MAX));
        Ok(())
    }

    #[benchmark]
    fn transfer(n: Linear<1, LOTS_MAX>) -> Result<(), BenchmarkError> {
        let it = scene::<T>(n)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(it.source), it.programme, TAG, it.receiver_id, most_of(n), DOCUMENT);

        let to = Holder::Organisation(it.receiver_id);
        assert_eq!(Holdings::<T>::get((it.programme, TAG), to).balance_fen, most_of(n));
        Ok(())
    }

    #[benchmark]
    fn pay(n: Linear<1, LOTS_MAX>) -> Result<(), BenchmarkError> {
        let it = scene::<T>(n)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(it.source), it.programme, TAG, it.payee, most_of(n), DOCUMENT);

        assert!(Tags::<T>::get((it.programme, TAG)).is_some_and(|it| it.paid_fen == most_of(n)));
        Ok(())
    }

    #[benchmark]
    fn claw_back(n: Linear<1, LOTS_MAX>) -> Result<(), BenchmarkError> {
        let it = scene::<T>(n)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(it.source), it.programme, TAG, it.source_id, most_of(n), DOCUMENT);

        let clawed_back_fen =
            Tags::<T>::get((it.programme, TAG)).map(|details| details.clawed_back_fen);
        assert_eq!(clawed_back_fen, Some(most_of(n)));
        Ok(())
    }

    #[benchmark]
    fn flag() -> Result<(), BenchmarkError> {
        let it = scene::<T>(0)?;
        let auditor = T::BenchmarkHelper::auditor();

        #[extrinsic_call]
        _(RawOrigin::Signed(auditor), it.programme, it.receiver_id, Finding::Fraud, DOCUMENT);

        assert!(Flags::<T>::contains_key(it.programme, it.receiver_id));
        Ok(())
    }

    #[benchmark]
    fn lift_flag() -> Result<(), BenchmarkError> {
        let it = scene::<T>(0)?;
        let auditor = T::BenchmarkHelper::auditor();
        Funds::<T>::do_flag(&auditor, it.programme, it.receiver_id, Finding::Fraud, DOCUMENT)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(auditor), it.programme, it.receiver_id, DOCUMENT);

        assert!(!Flags::<T>::contains_key(it.programme, it.receiver_id));
        Ok(())
    }

    impl_benchmark_test_suite!(Funds, crate::mock::benchmark_ext(), crate::mock::Test);
}

//! Benchmarks of every call, each on its most expensive path.

use super::*;
use crate::Pallet as Settlement;
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::{dispatch::DispatchResult, traits::EnsureOrigin};
use frame_system::RawOrigin;
use pallet_participants::authority::OrganisationId;

/// Registers the parties that benchmarks need, in the state that the benchmark starts from.
pub trait BenchmarkHelper<AccountId> {
    /// An agent that may act as `Clearing`, and its organisation.
    fn institution() -> (AccountId, OrganisationId);

    /// An agent of another organisation.
    fn holder() -> AccountId;
}

/// Ceiling of the institution under test.
const CEILING_FEN: Fen = 1_000_000_000_000;
/// Amount of each issue and redemption.
const AMOUNT_FEN: Fen = 1_000_000;
/// Any commitment.
const COMMITMENT: Commitment = [7; 32];

/// The longest reference whose last character is `last`.
fn reference(last: u8) -> ExternalReference {
    let mut bytes = vec![b'R'; REFERENCE_BYTES_MAX as usize - 1];
    bytes.push(last);
    bytes.try_into().expect("it has REFERENCE_BYTES_MAX bytes; qed")
}

/// An institution with money outstanding to a holder.
fn with_money<T: Config>() -> Result<(T::AccountId, OrganisationId, T::AccountId), BenchmarkError> {
    let (agent, institution) = T::BenchmarkHelper::institution();
    let holder = T::BenchmarkHelper::holder();
    Settlement::<T>::do_set_ceiling(institution, CEILING_FEN)?;
    let issue_fen = AMOUNT_FEN.saturating_mul(3);
    Settlement::<T>::do_issue(&agent, &holder, issue_fen, &reference(b'0'), COMMITMENT)?;
    Ok((agent, institution, holder))
}

/// Issues money to `holder`, an agent, and has it request as many redemptions as may be open.
pub(crate) fn give_what_moves<T: Config>(holder: &T::AccountId) -> DispatchResult {
    let (agent, institution) = T::BenchmarkHelper::institution();
    Settlement::<T>::do_set_ceiling(institution, CEILING_FEN)?;
    let issue_fen = AMOUNT_FEN.saturating_mul(u128::from(OPEN_REDEMPTIONS_MAX).saturating_add(1));
    Settlement::<T>::do_issue(&agent, holder, issue_fen, &reference(b'0'), COMMITMENT)?;
    for _ in 0..OPEN_REDEMPTIONS_MAX {
        Settlement::<T>::do_request_redemption(holder, institution, AMOUNT_FEN, COMMITMENT)?;
    }
    Ok(())
}

/// An institution with money outstanding to a holder, who requested a redemption.
fn with_redemption<T: Config>() -> Result<(T::AccountId, T::AccountId, RedemptionId), BenchmarkError>
{
    let (agent, institution, holder) = with_money::<T>()?;
    let id = Settlement::<T>::do_request_redemption(&holder, institution, AMOUNT_FEN, COMMITMENT)?;
    Ok((agent, holder, id))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_ceiling() -> Result<(), BenchmarkError> {
        let (_, institution) = T::BenchmarkHelper::institution();
        let origin = T::GovernanceOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, institution, CEILING_FEN);

        assert!(Institutions::<T>::contains_key(institution));
        Ok(())
    }

    #[benchmark]
    fn issue() -> Result<(), BenchmarkError> {
        let (agent, institution, holder) = with_money::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(agent), holder, AMOUNT_FEN, reference(b'1'), COMMITMENT);

        assert!(Postings::<T>::contains_key(institution, reference(b'1')));
        Ok(())
    }

    #[benchmark]
    fn request_redemption() -> Result<(), BenchmarkError> {
        let (_, institution, holder) = with_money::<T>()?;
        let id = NextRedemptionId::<T>::get();

        #[extrinsic_call]
        _(RawOrigin::Signed(holder), institution, AMOUNT_FEN, COMMITMENT);

        assert!(Redemptions::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn accept_redemption() -> Result<(), BenchmarkError> {
        let (agent, _, id) = with_redemption::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(agent), id);

        assert!(Redemptions::<T>::get(id).is_some_and(|redemption| redemption.status.is_open()));
        Ok(())
    }

    #[benchmark]
    fn confirm_redemption() -> Result<(), BenchmarkError> {
        let (agent, _, id) = with_redemption::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(agent), id, reference(b'1'));

        assert!(Redemptions::<T>::get(id).is_some_and(|redemption| !redemption.status.is_open()));
        Ok(())
    }

    #[benchmark]
    fn reject_redemption() -> Result<(), BenchmarkError> {
        let (agent, _, id) = with_redemption::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(agent), id, RejectReason::AccountMismatch);

        assert!(Redemptions::<T>::get(id).is_some_and(|redemption| !redemption.status.is_open()));
        Ok(())
    }

    #[benchmark]
    fn cancel_redemption() -> Result<(), BenchmarkError> {
        let (_, holder, id) = with_redemption::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(holder), id);

        assert!(Redemptions::<T>::get(id).is_some_and(|redemption| !redemption.status.is_open()));
        Ok(())
    }

    impl_benchmark_test_suite!(Settlement, crate::mock::benchmark_ext(), crate::mock::Test);
}

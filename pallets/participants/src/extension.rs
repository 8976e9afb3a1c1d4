//! Admission of transactions: agents of active organisations only, within their quota.

use crate::{AgentDetails, Agents, Config, Pallet, WeightInfo};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use frame_support::{CloneNoBound, EqNoBound, PartialEqNoBound, pallet_prelude::*};
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{
        AsSystemOriginSigner, DispatchInfoOf, DispatchOriginOf, Dispatchable, TransactionExtension,
        ValidateResult,
    },
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction,
    },
};

/// Why a transaction is refused, as [`InvalidTransaction::Custom`] with the variant's number.
///
/// The numbers are part of the interface towards clients; a retired one is not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    /// 101: the signer is no agent; an administrator of its organisation registers it.
    Stranger = 101,
    /// 102: the signer's key was revoked or replaced; sign with the key that took over.
    KeyWithdrawn = 102,
    /// 103: the signer's organisation is suspended.
    OrganisationSuspended = 103,
    /// 104: the signer's organisation is closed for good.
    OrganisationClosed = 104,
    /// 105: the signer has sent as many transactions today (China Standard Time) as it may.
    QuotaExceeded = 105,
}

impl From<Refusal> for TransactionValidityError {
    fn from(refusal: Refusal) -> Self {
        InvalidTransaction::Custom(refusal as u8).into()
    }
}

/// Transaction extension that refuses whoever is not an active agent of an active organisation
/// within its quota, in the pool and in blocks alike.
///
/// Encodes to nothing and signs nothing, so that clients need not know it. A transaction that is
/// included counts towards the signer's quota even if its call fails; the calls inside a batch or
/// a multisig do not count again. Accounts that do not sign, such as multisig and derived
/// accounts, are not looked at.
#[derive(
    Encode, Decode, DecodeWithMemTracking, CloneNoBound, EqNoBound, PartialEqNoBound, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct CheckParticipant<T: Config + Send + Sync>(PhantomData<T>);

impl<T: Config + Send + Sync> CheckParticipant<T> {
    /// The extension.
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Config + Send + Sync> Default for CheckParticipant<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Config + Send + Sync> core::fmt::Debug for CheckParticipant<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CheckParticipant")
    }
}

impl<T> TransactionExtension<T::RuntimeCall> for CheckParticipant<T>
where
    T: Config + Send + Sync,
    T::RuntimeCall: Dispatchable,
    DispatchOriginOf<T::RuntimeCall>: AsSystemOriginSigner<T::AccountId> + Clone,
{
    const IDENTIFIER: &'static str = "CheckParticipant";
    type Implicit = ();
    type Val = (T::AccountId, AgentDetails<T::AccountId>);
    type Pre = ();

    fn weight(&self, _: &T::RuntimeCall) -> Weight {
        T::WeightInfo::check_participant()
    }

    fn validate(
        &self,
        origin: DispatchOriginOf<T::RuntimeCall>,
        _call: &T::RuntimeCall,
        _info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
        _self_implicit: Self::Implicit,
        _inherited_implication: &impl Encode,
        _source: TransactionSource,
    ) -> ValidateResult<Self::Val, T::RuntimeCall> {
        // A general transaction without a signer: nobody answers for it.
        let Some(who) = origin.as_system_origin_signer() else {
            return Err(InvalidTransaction::BadSigner.into());
        };
        let agent = Pallet::<T>::admit(who)?;
        Ok((ValidTransaction::default(), (who.clone(), agent), origin))
    }

    fn prepare(
        self,
        (who, agent): Self::Val,
        _origin: &DispatchOriginOf<T::RuntimeCall>,
        _call: &T::RuntimeCall,
        _info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        // As admitted by `validate`, which a block calls right before this: no other extension
        // writes agents, so reading them again would tell nothing new.
        Agents::<T>::insert(who, agent);
        Ok(())
    }
}

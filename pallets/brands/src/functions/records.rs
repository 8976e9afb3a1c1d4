//! Misuse and premium reports.

use crate::{
    BrandId, Commitment, Config, Error, Event, Fen, LicenceId, MAX_FEE_FEN, Misuse, MisuseKind,
    Misuses, NextMisuseId, Pallet, Period, PremiumReports,
};
use frame_support::ensure;
use pallet_participants::{Authority, OrganisationId, Role};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::record_misuse`].
    pub(crate) fn do_record_misuse(
        who: &T::AccountId,
        brand_id: BrandId,
        offender: OrganisationId,
        licence: Option<LicenceId>,
        kind: MisuseKind,
        penalty_fen: Fen,
        decision: Commitment,
    ) -> DispatchResult {
        let brand = Self::brand_of(brand_id)?;
        let known = T::Authority::organisation(offender).ok_or(Error::<T>::OrganisationUnknown)?;
        let organisation = T::Authority::organisation_of(who)?;
        let by = if organisation == brand.owner || Some(organisation) == brand.operator {
            Self::brand_party(who, &brand)?
        } else {
            T::Authority::ensure_role(who, Role::Samr, Some(known.region), None)?
        };
        if let Some(id) = licence {
            let licence = Self::licence_of(id)?;
            let of_both = licence.brand == brand_id && licence.licensee == offender;
            ensure!(of_both, Error::<T>::NotLicensee);
        }
        ensure!(decision != [0; 32], Error::<T>::CommitmentMissing);
        ensure!(penalty_fen <= MAX_FEE_FEN, Error::<T>::FeeTooLarge);
        let id = NextMisuseId::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        NextMisuseId::<T>::put(next);
        let at = Self::now();
        let misuse =
            Misuse { brand: brand_id, offender, licence, kind, penalty_fen, decision, by, at };
        Misuses::<T>::insert(id, misuse);
        Self::deposit_event(Event::MisuseRecorded { misuse: id, brand: brand_id, offender, kind });
        Ok(())
    }

    /// See [`crate::Call::report_premium`].
    pub(crate) fn do_report_premium(
        who: &T::AccountId,
        id: LicenceId,
        period: Period,
        report: Commitment,
    ) -> DispatchResult {
        let (_, licence) = Self::own_licence(who, id)?;
        let now = Self::now();
        let last = now.min(licence.valid_until.saturating_sub(1));
        let run = now >= licence.valid_from
            && (licence.period_at(licence.valid_from)..=licence.period_at(last)).contains(&period);
        ensure!(run && licence.granted_at.is_some(), Error::<T>::PeriodInvalid);
        ensure!(report != [0; 32], Error::<T>::CommitmentMissing);
        ensure!(!PremiumReports::<T>::contains_key(id, period), Error::<T>::AlreadyReported);
        PremiumReports::<T>::insert(id, period, report);
        Self::deposit_event(Event::PremiumReported { licence: id, period, report });
        Ok(())
    }
}

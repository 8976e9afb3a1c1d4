//! From application to grant, and the longer term after it.

use crate::{
    Application, BrandDetails, BrandId, BrandRules, Commitment, Config, CurrentRuleSet, Error,
    Event, Fen, Inspection, Inspections, LicenceDetails, LicenceId, LicenceStatus, LicencesById,
    MAX_FEE_FEN, Moment, NextLicenceId, OpenLicences, Pallet, Tenure, Tenures,
};
use frame_support::ensure;
use pallet_participants::{Authority, Role};
use pallet_traceability::CertificateId;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::apply`].
    pub(crate) fn do_apply(
        who: &T::AccountId,
        brand_id: BrandId,
        asked: Application,
    ) -> DispatchResult {
        let licensee = Self::trace_node(who)?;
        let brand = Self::brand_of(brand_id)?;
        let rules = Self::rules_of(brand_id, &brand)?;
        Self::check_terms(brand_id, &brand, &rules, licensee, &asked)?;
        let now = Self::now();
        let mut open = OpenLicences::<T>::get(brand_id, licensee);
        open.retain(|id| {
            LicencesById::<T>::get(id).is_some_and(|licence| licence.status_now(now).is_open())
        });
        let id = NextLicenceId::<T>::get();
        open.try_push(id).map_err(|_| Error::<T>::TooManyLicences)?;
        let next = id.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        NextLicenceId::<T>::put(next);
        OpenLicences::<T>::insert(brand_id, licensee, open);
        let licence = LicenceDetails {
            brand: brand_id,
            licensee,
            status: LicenceStatus::Applied,
            status_since: now,
            sub_brand: asked.sub_brand,
            products: asked.products,
            bases: asked.bases,
            certificate: asked.certificate,
            valid_from: asked.valid_from,
            valid_until: asked.valid_until,
            period: rules.period,
            fee_fen: 0,
            rules_version: brand.rules_version,
            rule_set: CurrentRuleSet::<T>::get().version,
            n_changes: 0,
            n_inspections: 0,
            granted_at: None,
        };
        Self::change_status(id, licence, LicenceStatus::Applied, licensee, None)
    }

    /// See [`crate::Call::inspect`].
    pub(crate) fn do_inspect(
        who: &T::AccountId,
        id: LicenceId,
        passed: bool,
        report: Commitment,
    ) -> DispatchResult {
        let mut licence = Self::licence_of(id)?;
        let organisation = T::Authority::organisation_of(who)?;
        let brand = Self::brand_of(licence.brand)?;
        let by = if organisation == brand.owner || Some(organisation) == brand.operator {
            Self::brand_party(who, &brand)?
        } else {
            T::Authority::ensure_role(who, Role::InspectionBody, None, None)?
        };
        ensure!(by != licence.licensee, Error::<T>::InspectorNotIndependent);
        ensure!(report != [0; 32], Error::<T>::CommitmentMissing);
        ensure!(licence.status_now(Self::now()).is_open(), Error::<T>::StatusInvalid);
        let index = licence.n_inspections;
        licence.n_inspections = index.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let inspection = Inspection { at: Self::now(), by, passed, report };
        Inspections::<T>::insert(id, index, inspection);
        Self::deposit_event(Event::Inspected { licence: id, by, passed });
        // A failed inspection takes an application back to where another must be passed; what
        // follows for a licence that is granted, the brand decides.
        match (licence.status, passed) {
            (LicenceStatus::Applied, true) => {
                Self::change_status(id, licence, LicenceStatus::Inspected, by, Some(report))
            }
            (LicenceStatus::Inspected, false) => {
                Self::change_status(id, licence, LicenceStatus::Applied, by, Some(report))
            }
            _ => {
                LicencesById::<T>::insert(id, licence);
                Ok(())
            }
        }
    }

    /// See [`crate::Call::grant`].
    pub(crate) fn do_grant(who: &T::AccountId, id: LicenceId, fee_fen: Fen) -> DispatchResult {
        let mut licence = Self::licence_of(id)?;
        let brand = Self::brand_of(licence.brand)?;
        let owner = Self::owner(who, &brand)?;
        ensure!(licence.status == LicenceStatus::Inspected, Error::<T>::StatusInvalid);
        ensure!(fee_fen <= MAX_FEE_FEN, Error::<T>::FeeTooLarge);
        // What was applied for long ago begins now.
        licence.valid_from = licence.valid_from.max(Self::now());
        let rules = Self::apply_rules(&brand, &mut licence)?;
        licence.period = rules.period;
        licence.fee_fen = fee_fen;
        licence.granted_at = Some(Self::now());
        let until = licence.period_end(licence.valid_until.saturating_sub(1));
        let mut tenures = alloc::vec::Vec::with_capacity(licence.bases.len());
        for base in &licence.bases {
            let before = Tenures::<T>::get(licence.brand, base).map_or(0, |tenure| tenure.until);
            ensure!(licence.valid_from >= before, Error::<T>::BaseTaken);
            tenures.push((*base, Tenure { licence: id, before, until }));
        }
        for (base, tenure) in tenures {
            Tenures::<T>::insert(licence.brand, base, tenure);
        }
        Self::change_status(id, licence, LicenceStatus::Granted, owner, None)
    }

    /// See [`crate::Call::extend`].
    pub(crate) fn do_extend(
        who: &T::AccountId,
        id: LicenceId,
        valid_until: Moment,
        fee_fen: Fen,
    ) -> DispatchResult {
        let mut licence = Self::licence_of(id)?;
        let brand = Self::brand_of(licence.brand)?;
        Self::owner(who, &brand)?;
        ensure!(licence.status_now(Self::now()).is_in_force(), Error::<T>::StatusInvalid);
        ensure!(valid_until > licence.valid_until, Error::<T>::TermInvalid);
        licence.fee_fen = licence
            .fee_fen
            .checked_add(fee_fen)
            .filter(|fee_fen| *fee_fen <= MAX_FEE_FEN)
            .ok_or(Error::<T>::FeeTooLarge)?;
        let until_before = licence.period_end(licence.valid_until.saturating_sub(1));
        licence.valid_until = valid_until;
        let rules = Self::apply_rules(&brand, &mut licence)?;
        ensure!(licence.period == rules.period, Error::<T>::PeriodInvalid);
        let until = licence.period_end(valid_until.saturating_sub(1));
        let mut tenures = alloc::vec::Vec::with_capacity(licence.bases.len());
        for base in &licence.bases {
            let tenure = Tenures::<T>::get(licence.brand, base).ok_or(Error::<T>::Inconsistent)?;
            let own = tenure.licence == id;
            // A later licence may have been granted; if it has ended, the base is free again.
            ensure!(own || tenure.until <= until_before, Error::<T>::BaseTaken);
            let before = if own { tenure.before } else { licence.valid_from };
            tenures.push((*base, Tenure { licence: id, before, until }));
        }
        for (base, tenure) in tenures {
            Tenures::<T>::insert(licence.brand, base, tenure);
        }
        LicencesById::<T>::insert(id, licence);
        Self::deposit_event(Event::LicenceExtended { licence: id, valid_until, fee_fen });
        Ok(())
    }

    /// See [`crate::Call::replace_certificate`].
    pub(crate) fn do_replace_certificate(
        who: &T::AccountId,
        id: LicenceId,
        certificate: CertificateId,
    ) -> DispatchResult {
        let (_, mut licence) = Self::own_licence(who, id)?;
        ensure!(licence.status_now(Self::now()).is_open(), Error::<T>::StatusInvalid);
        let brand = Self::brand_of(licence.brand)?;
        licence.certificate = Some(certificate);
        let period = licence.period;
        let rules = Self::apply_rules(&brand, &mut licence)?;
        ensure!(period == rules.period || !licence.status.is_granted(), Error::<T>::PeriodInvalid);
        licence.period = rules.period;
        LicencesById::<T>::insert(id, licence);
        Self::deposit_event(Event::CertificateReplaced { licence: id, certificate });
        Ok(())
    }

    /// Holds `licence` to the rules and governed data in force, and notes their versions in it.
    fn apply_rules(
        brand: &BrandDetails,
        licence: &mut LicenceDetails,
    ) -> Result<BrandRules, DispatchError> {
        let rules = Self::rules_of(licence.brand, brand)?;
        let asked = Application {
            sub_brand: licence.sub_brand.clone(),
            products: licence.products.clone(),
            bases: licence.bases.clone(),
            certificate: licence.certificate,
            valid_from: licence.valid_from,
            valid_until: licence.valid_until,
        };
        Self::check_terms(licence.brand, brand, &rules, licence.licensee, &asked)?;
        licence.rules_version = brand.rules_version;
        licence.rule_set = CurrentRuleSet::<T>::get().version;
        Ok(rules)
    }
}

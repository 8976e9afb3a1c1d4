//! Who acts for a brand, and what a licence must fulfil.

use crate::{
    AREA_UNITS_PER_MU, Application, BrandDetails, BrandId, BrandRules, BrandsById, CeilingScope,
    Config, DAYS_PER_YEAR, Error, LicenceDetails, LicenceId, LicencesById, LicensedProduct,
    MAX_QUOTA, MarkKind, MasterData, Members, Moment, Pallet, PeriodRule, RulesOf, YieldCeiling,
    YieldCeilings,
};
use frame_support::{
    ensure,
    storage::{TransactionOutcome, with_transaction},
    traits::UnixTime,
};
use pallet_participants::{Authority, OrganisationId, Role};
use pallet_traceability::{CertificateStatus, Certificates, ProductDetails};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Block time in milliseconds.
    pub(crate) fn now() -> Moment {
        u64::try_from(T::Time::now().as_millis()).unwrap_or(u64::MAX)
    }

    /// The brand on record.
    pub(crate) fn brand_of(id: BrandId) -> Result<BrandDetails, DispatchError> {
        Ok(BrandsById::<T>::get(id).ok_or(Error::<T>::BrandNotFound)?)
    }

    /// The rules in force of a brand.
    pub(crate) fn rules_of(id: BrandId, brand: &BrandDetails) -> Result<BrandRules, DispatchError> {
        Ok(RulesOf::<T>::get(id, brand.rules_version).ok_or(Error::<T>::Inconsistent)?)
    }

    /// The licence on record.
    pub(crate) fn licence_of(id: LicenceId) -> Result<LicenceDetails, DispatchError> {
        Ok(LicencesById::<T>::get(id).ok_or(Error::<T>::LicenceNotFound)?)
    }

    /// The owner of `brand`, if `who` acts for it as such.
    pub(crate) fn owner(
        who: &T::AccountId,
        brand: &BrandDetails,
    ) -> Result<OrganisationId, DispatchError> {
        let role = Role::BrandOwner;
        let owner = T::Authority::ensure_role(who, role, None, Some(&brand.mark_number))?;
        ensure!(owner == brand.owner, Error::<T>::NotBrandParty);
        Ok(owner)
    }

    /// The owner or operator of `brand`, if `who` acts for it as such.
    pub(crate) fn brand_party(
        who: &T::AccountId,
        brand: &BrandDetails,
    ) -> Result<OrganisationId, DispatchError> {
        let organisation = T::Authority::organisation_of(who)?;
        if organisation == brand.owner {
            return Self::owner(who, brand);
        }
        ensure!(brand.operator == Some(organisation), Error::<T>::NotBrandParty);
        let role = Role::BrandOperator;
        T::Authority::ensure_role(who, role, None, Some(&brand.mark_number))
    }

    /// The trace node that `who` acts for.
    pub(crate) fn trace_node(who: &T::AccountId) -> Result<OrganisationId, DispatchError> {
        T::Authority::ensure_role(who, Role::TraceNode, None, None)
    }

    /// The licence, if `who` acts for its licensee.
    pub(crate) fn own_licence(
        who: &T::AccountId,
        id: LicenceId,
    ) -> Result<(OrganisationId, LicenceDetails), DispatchError> {
        let organisation = Self::trace_node(who)?;
        let licence = Self::licence_of(id)?;
        ensure!(licence.licensee == organisation, Error::<T>::NotLicensee);
        Ok((organisation, licence))
    }

    /// What `licensee` asks for under `brand` fulfils the rules in force and the governed data.
    pub(crate) fn check_terms(
        id: BrandId,
        brand: &BrandDetails,
        rules: &BrandRules,
        licensee: OrganisationId,
        asked: &Application,
    ) -> DispatchResult {
        ensure!(
            licensee != brand.owner && Some(licensee) != brand.operator,
            Error::<T>::LicenseeRunsBrand
        );
        if brand.kind == MarkKind::Collective {
            ensure!(Members::<T>::contains_key(id, licensee), Error::<T>::NotMember);
        }
        Self::check_shape(asked)?;
        ensure!(asked.valid_until <= rules.registered_until, Error::<T>::TermInvalid);
        ensure!(asked.valid_until > Self::now(), Error::<T>::TermInvalid);
        let mut area_units = 0u128;
        for base in &asked.bases {
            let place = T::MasterData::place(*base).ok_or(Error::<T>::BaseNotFound)?;
            ensure!(place.owner == licensee, Error::<T>::BaseNotLicensees);
            ensure!(rules.contains(place.region), Error::<T>::BaseOutsideArea);
            area_units = area_units
                .checked_add(u128::from(place.area_units))
                .ok_or(Error::<T>::QuantityTooLarge)?;
        }
        for product in &asked.products {
            let details =
                T::MasterData::product(&product.gtin).ok_or(Error::<T>::ProductNotFound)?;
            ensure!(rules.includes(&product.gtin, details.category), Error::<T>::ProductOutOfScope);
            let most = Self::most_yield(product, &details, area_units, rules.period)?;
            ensure!(product.quota <= most, Error::<T>::QuotaExceedsYield);
        }
        Self::check_certificate(rules, licensee, asked)
    }

    /// Lists ascend, nothing is empty, the term has an end behind its begin.
    fn check_shape(asked: &Application) -> DispatchResult {
        let products = &asked.products;
        ensure!(
            !products.is_empty()
                && products.is_sorted_by(|left, right| left.gtin < right.gtin)
                && !asked.bases.is_empty()
                && asked.bases.is_sorted_by(|left, right| left < right),
            Error::<T>::ListInvalid
        );
        ensure!(
            products.iter().all(|product| (1..=MAX_QUOTA).contains(&product.quota)),
            Error::<T>::QuotaInvalid
        );
        let named = asked.sub_brand.as_ref().is_none_or(|name| {
            !name.is_empty() && core::str::from_utf8(name).is_ok_and(is_one_line)
        });
        ensure!(named, Error::<T>::SubBrandInvalid);
        ensure!(asked.valid_from < asked.valid_until, Error::<T>::TermInvalid);
        Ok(())
    }

    /// The most that `area_units` give of a product in one period; see [`yield_of`].
    fn most_yield(
        product: &LicensedProduct,
        details: &ProductDetails,
        area_units: u128,
        period: PeriodRule,
    ) -> Result<u128, DispatchError> {
        let ceiling = YieldCeilings::<T>::get(CeilingScope::Product(product.gtin))
            .or_else(|| YieldCeilings::<T>::get(CeilingScope::Category(details.category)))
            .ok_or(Error::<T>::CeilingNotSet)?;
        yield_of(area_units, ceiling, period).ok_or_else(|| Error::<T>::QuantityTooLarge.into())
    }

    /// Where the rules ask for a certificate, it is of their scheme and valid, covers all products
    /// and bases, and so much may still be marked under it as the quotas of one period.
    fn check_certificate(
        rules: &BrandRules,
        licensee: OrganisationId,
        asked: &Application,
    ) -> DispatchResult {
        let (scheme, certificate) = match (rules.certificate_scheme, asked.certificate) {
            (None, None) => return Ok(()),
            (None, Some(_)) => return Err(Error::<T>::CertificateNotAsked.into()),
            (Some(_), None) => return Err(Error::<T>::CertificateMissing.into()),
            (Some(scheme), Some(certificate)) => (scheme, certificate),
        };
        ensure!(
            T::Certificates::scheme(certificate) == Some(scheme),
            Error::<T>::CertificateOfOtherScheme
        );
        Self::ensure_certificate_valid(Some(certificate))?;
        for product in &asked.products {
            ensure!(
                T::Certificates::covers(certificate, licensee, &product.gtin, &asked.bases),
                Error::<T>::CertificateNotCovering
            );
        }
        // Whether so much is left is found by drawing it, and undoing the draw.
        let drawn: Result<(), DispatchError> = with_transaction(|| {
            TransactionOutcome::Rollback(asked.products.iter().try_for_each(|product| {
                T::Certificates::draw_marks(certificate, licensee, &product.gtin, product.quota)
            }))
        });
        drawn.map_err(|_| Error::<T>::QuotaExceedsCertificate.into())
    }

    /// The certificate of a licence, if it has one, is valid now.
    pub(crate) fn ensure_certificate_valid(
        certificate: Option<pallet_traceability::CertificateId>,
    ) -> DispatchResult {
        let valid = certificate.is_none_or(|id| {
            T::Certificates::status_at(id, Self::now()) == Some(CertificateStatus::Valid)
        });
        ensure!(valid, Error::<T>::CertificateNotValid);
        Ok(())
    }
}

/// Whether a text has no control characters, so that it cannot break what it is shown in.
fn is_one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// The most that `area_units` yield in one period, in content units, rounded down: area × ceiling
/// of a mu and year ÷ 200,000, times days ÷ 365 where periods are given in days.
///
/// `None` if a number on the way is beyond 128 bits.
pub(crate) fn yield_of(
    area_units: u128,
    ceiling: YieldCeiling,
    period: PeriodRule,
) -> Option<u128> {
    let (numerator, denominator) = match period {
        PeriodRule::CalendarYear => (1, AREA_UNITS_PER_MU),
        PeriodRule::Days(length) => {
            (u128::from(length), AREA_UNITS_PER_MU.saturating_mul(DAYS_PER_YEAR))
        }
    };
    area_units
        .checked_mul(u128::from(ceiling))
        .and_then(|most| most.checked_mul(numerator))
        .and_then(|most| most.checked_div(denominator))
}

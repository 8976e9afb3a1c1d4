//! Brands, their rules, operators and members.

use crate::{
    BrandDetails, BrandId, BrandRules, BrandsById, BrandsByMark, Config, Error, Event,
    LicencesById, MarkKind, MarkNumber, Members, NextBrandId, OpenLicences, Pallet, PeriodRule,
    RulesOf,
};
use frame_support::ensure;
use pallet_participants::{Authority, OrganisationId, RegionCode, Role};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::register_brand`].
    pub(crate) fn do_register_brand(
        who: &T::AccountId,
        mark_number: MarkNumber,
        kind: MarkKind,
        rules: BrandRules,
    ) -> DispatchResult {
        ensure!(
            !mark_number.is_empty() && mark_number.iter().all(u8::is_ascii_graphic),
            Error::<T>::MarkNumberInvalid
        );
        ensure!(!BrandsByMark::<T>::contains_key(&mark_number), Error::<T>::MarkAlreadyRegistered);
        Self::check_rules(&rules)?;
        let owner = Self::owner_in_area(who, &rules, &mark_number)?;
        let brand = NextBrandId::<T>::get();
        let next = brand.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        NextBrandId::<T>::put(next);
        BrandsByMark::<T>::insert(&mark_number, brand);
        RulesOf::<T>::insert(brand, 0, rules);
        BrandsById::<T>::insert(
            brand,
            BrandDetails {
                mark_number: mark_number.clone(),
                kind,
                owner,
                operator: None,
                rules_version: 0,
                registered_at: Self::now(),
                n_members: 0,
            },
        );
        Self::deposit_event(Event::BrandRegistered { brand, mark_number, kind, owner });
        Ok(())
    }

    /// See [`crate::Call::amend_rules`].
    pub(crate) fn do_amend_rules(
        who: &T::AccountId,
        id: BrandId,
        rules: BrandRules,
    ) -> DispatchResult {
        let mut brand = Self::brand_of(id)?;
        Self::owner(who, &brand)?;
        Self::check_rules(&rules)?;
        Self::owner_in_area(who, &rules, &brand.mark_number)?;
        brand.rules_version =
            brand.rules_version.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let (version, document) = (brand.rules_version, rules.document);
        RulesOf::<T>::insert(id, version, rules);
        BrandsById::<T>::insert(id, brand);
        Self::deposit_event(Event::RulesAmended { brand: id, version, document });
        Ok(())
    }

    fn check_rules(rules: &BrandRules) -> DispatchResult {
        ensure!(
            !rules.area.is_empty()
                && rules.area.iter().copied().all(RegionCode::is_well_formed)
                && rules.area.is_sorted_by(|left, right| left < right)
                && rules.categories.is_sorted_by(|left, right| left < right)
                && rules.products.is_sorted_by(|left, right| left < right)
                && !(rules.categories.is_empty() && rules.products.is_empty()),
            Error::<T>::ListInvalid
        );
        ensure!(rules.document != [0; 32], Error::<T>::CommitmentMissing);
        ensure!(rules.period != PeriodRule::Days(0), Error::<T>::PeriodInvalid);
        ensure!(rules.registered_until > Self::now(), Error::<T>::TermInvalid);
        Ok(())
    }

    /// The brand owner that `who` acts for, if it may in the whole area.
    fn owner_in_area(
        who: &T::AccountId,
        rules: &BrandRules,
        mark_number: &MarkNumber,
    ) -> Result<OrganisationId, DispatchError> {
        let mut owner = T::Authority::organisation_of(who)?;
        for part in &rules.area {
            let (role, subject) = (Role::BrandOwner, Some(mark_number.as_slice()));
            owner = T::Authority::ensure_role(who, role, Some(*part), subject)?;
        }
        Ok(owner)
    }

    /// See [`crate::Call::set_operator`].
    pub(crate) fn do_set_operator(
        who: &T::AccountId,
        id: BrandId,
        operator: Option<OrganisationId>,
    ) -> DispatchResult {
        let mut brand = Self::brand_of(id)?;
        let owner = Self::owner(who, &brand)?;
        if let Some(operator) = operator {
            let able = operator != owner && T::Authority::holds_role(operator, Role::BrandOperator);
            ensure!(able, Error::<T>::NotOperator);
            let now = Self::now();
            let licensed = OpenLicences::<T>::get(id, operator)
                .into_iter()
                .filter_map(LicencesById::<T>::get)
                .any(|licence| licence.status_now(now).is_open());
            ensure!(!licensed, Error::<T>::LicenseeRunsBrand);
        }
        brand.operator = operator;
        BrandsById::<T>::insert(id, brand);
        Self::deposit_event(Event::OperatorSet { brand: id, operator });
        Ok(())
    }

    /// See [`crate::Call::admit_member`].
    pub(crate) fn do_admit_member(
        who: &T::AccountId,
        id: BrandId,
        member: OrganisationId,
    ) -> DispatchResult {
        let mut brand = Self::brand_of(id)?;
        Self::owner(who, &brand)?;
        ensure!(brand.kind == MarkKind::Collective, Error::<T>::NotCollective);
        let active = T::Authority::organisation(member).is_some_and(|known| known.active);
        ensure!(active, Error::<T>::OrganisationUnknown);
        ensure!(!Members::<T>::contains_key(id, member), Error::<T>::AlreadyMember);
        brand.n_members = brand.n_members.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        Members::<T>::insert(id, member, Self::now());
        BrandsById::<T>::insert(id, brand);
        Self::deposit_event(Event::MemberAdmitted { brand: id, member });
        Ok(())
    }

    /// See [`crate::Call::remove_member`]. Returns how many licences were ended.
    pub(crate) fn do_remove_member(
        who: &T::AccountId,
        id: BrandId,
        member: OrganisationId,
        reason: crate::Commitment,
    ) -> Result<u32, DispatchError> {
        let mut brand = Self::brand_of(id)?;
        let owner = Self::owner(who, &brand)?;
        ensure!(Members::<T>::contains_key(id, member), Error::<T>::NotMember);
        ensure!(reason != [0; 32], Error::<T>::CommitmentMissing);
        brand.n_members = brand.n_members.checked_sub(1).ok_or(Error::<T>::Inconsistent)?;
        Members::<T>::remove(id, member);
        BrandsById::<T>::insert(id, brand);
        let n_ended = Self::end_all(id, member, owner, reason)?;
        Self::deposit_event(Event::MemberRemoved { brand: id, member });
        Ok(n_ended)
    }
}

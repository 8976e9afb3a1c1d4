//! What must hold in storage after every call.

use crate::{
    BrandsById, BrandsByMark, Config, Inspections, LabelOrderStatus, LabelOrders, LicenceDetails,
    LicenceId, LicenceStatus, LicencesById, MarkKind, MasterData, Members, Misuses, NextBrandId,
    NextLabelOrderId, NextLicenceId, NextMisuseId, OpenLicences, Pallet, PremiumReports, RulesOf,
    StatusChanges, Tenures, Usages,
};
use alloc::collections::BTreeMap;
use pallet_traceability::Certificates;
use sp_runtime::TryRuntimeError;

macro_rules! require {
    ($condition:expr, $message:literal) => {
        if !$condition {
            return Err(TryRuntimeError::Other($message));
        }
    };
}

impl<T: Config> Pallet<T> {
    /// Checks the pallet's laws over its whole state:
    ///
    /// 1. brands and marks name each other, every version of a brand's rules is kept, and members
    ///    are counted and belong to collective marks;
    /// 2. a licence has the status of its latest change, changes follow the states and time, and
    ///    its lists ascend; its bases are its licensee's, its products and certificate exist;
    /// 3. a licence that is granted is of neither owner nor operator and, under a collective mark,
    ///    of a member; its bases are its own by tenure; it is listed as open, and what is listed
    ///    is open but for its term;
    /// 4. labels issued are used, void, destroyed or in stock;
    /// 5. what orders drew from a quota is the content of their labels in use and in stock, and
    ///    no more is drawn in a period than its quota;
    /// 6. numbers are below the next ones, and records refer to what exists.
    ///
    /// # Errors
    /// Says which law is broken.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_brands()?;
        Self::try_licences()?;
        Self::try_open()?;
        Self::try_labels()?;
        Self::try_records()
    }

    fn try_brands() -> Result<(), TryRuntimeError> {
        let next = NextBrandId::<T>::get();
        for (id, brand) in BrandsById::<T>::iter() {
            require!(id < next, "next brand is not above all brands");
            require!(
                BrandsByMark::<T>::get(&brand.mark_number) == Some(id),
                "mark does not name its brand"
            );
            let n_rules = RulesOf::<T>::iter_key_prefix(id).count();
            require!(
                n_rules == (brand.rules_version as usize).saturating_add(1)
                    && (0..=brand.rules_version).all(|it| RulesOf::<T>::contains_key(id, it)),
                "rules of a brand have a gap"
            );
            let n_members = Members::<T>::iter_key_prefix(id).count();
            require!(n_members == brand.n_members as usize, "count of members is wrong");
            require!(
                brand.kind == MarkKind::Collective || n_members == 0,
                "a mark that is not collective has members"
            );
        }
        require!(
            BrandsByMark::<T>::iter().count() == BrandsById::<T>::iter().count(),
            "mark without brand"
        );
        Ok(())
    }

    fn try_licences() -> Result<(), TryRuntimeError> {
        let (next, now) = (NextLicenceId::<T>::get(), Self::now());
        for (id, licence) in LicencesById::<T>::iter() {
            require!(id < next, "next licence is not above all licences");
            require!(
                licence.products.is_sorted_by(|left, right| left.gtin < right.gtin)
                    && licence.bases.is_sorted_by(|left, right| left < right)
                    && licence.valid_from < licence.valid_until,
                "lists or term of a licence are out of order"
            );
            let own = licence.bases.iter().all(|base| {
                T::MasterData::place(*base).is_some_and(|place| place.owner == licence.licensee)
            });
            require!(own, "licence for bases of another");
            let known =
                licence.products.iter().all(|it| T::MasterData::product(&it.gtin).is_some());
            require!(known, "licence for a product that does not exist");
            let certified =
                licence.certificate.is_none_or(|id| T::Certificates::scheme(id).is_some());
            require!(certified, "licence on a certificate that does not exist");
            Self::try_history(id, &licence)?;
            require!(
                Inspections::<T>::iter_key_prefix(id).count() == licence.n_inspections as usize,
                "count of inspections is wrong"
            );
            if licence.status_now(now).is_granted() {
                Self::try_granted(id, &licence)?;
            }
        }
        Ok(())
    }

    fn try_history(id: LicenceId, licence: &LicenceDetails) -> Result<(), TryRuntimeError> {
        use LicenceStatus::{
            Applied, Granted, Inspected, Refused, Restored, Revoked, Suspended, Withdrawn,
        };
        let mut latest: Option<crate::StatusChange> = None;
        for index in 0..licence.n_changes {
            let change = StatusChanges::<T>::get(id, index).ok_or("history has a gap")?;
            require!(
                latest.is_none_or(|before| before.at <= change.at),
                "history goes back in time"
            );
            let follows = matches!(
                (latest.map(|before| before.status), change.status),
                (None, Applied)
                    | (Some(Applied), Inspected | Withdrawn | Refused)
                    | (Some(Inspected), Applied | Granted | Withdrawn | Refused)
                    | (Some(Granted | Restored), Suspended | Revoked | Withdrawn)
                    | (Some(Suspended), Restored | Revoked | Withdrawn)
            );
            require!(follows, "a status does not follow from the one before");
            latest = Some(change);
        }
        let agrees = latest.is_some_and(|change| {
            change.status == licence.status && change.at == licence.status_since
        });
        require!(agrees, "status is not that of the latest change");
        require!(
            StatusChanges::<T>::iter_key_prefix(id).count() == licence.n_changes as usize,
            "change of status is not counted"
        );
        Ok(())
    }

    fn try_granted(id: LicenceId, licence: &LicenceDetails) -> Result<(), TryRuntimeError> {
        let brand = BrandsById::<T>::get(licence.brand).ok_or("licence of no brand")?;
        require!(
            licence.licensee != brand.owner && Some(licence.licensee) != brand.operator,
            "who runs a brand is licensed under it"
        );
        require!(
            brand.kind != MarkKind::Collective
                || Members::<T>::contains_key(licence.brand, licence.licensee),
            "a collective mark is licensed outside its members"
        );
        require!(licence.granted_at.is_some(), "licence in force was never granted");
        for base in &licence.bases {
            let tenure = Tenures::<T>::get(licence.brand, base).ok_or("base without tenure")?;
            let own = tenure.licence == id
                && tenure.before <= licence.valid_from
                && tenure.until >= licence.valid_until;
            // A later licence may be granted before this one is over.
            let later = tenure.licence != id && tenure.before >= licence.valid_until;
            require!(own || later, "another licence counts the base");
        }
        Ok(())
    }

    fn try_open() -> Result<(), TryRuntimeError> {
        for (brand, licensee, ids) in OpenLicences::<T>::iter() {
            require!(
                !ids.is_empty() && ids.is_sorted_by(|left, right| left < right),
                "list of open licences is empty or out of order"
            );
            for id in ids {
                let licence = LicencesById::<T>::get(id).ok_or("open licence does not exist")?;
                require!(
                    licence.brand == brand
                        && licence.licensee == licensee
                        && licence.status.is_open(),
                    "list of open licences is wrong"
                );
            }
        }
        let now = Self::now();
        for (id, licence) in LicencesById::<T>::iter() {
            let listed = OpenLicences::<T>::get(licence.brand, licence.licensee).contains(&id);
            require!(listed || !licence.status_now(now).is_open(), "open licence is not listed");
        }
        Ok(())
    }

    fn try_labels() -> Result<(), TryRuntimeError> {
        let next = NextLabelOrderId::<T>::get();
        let mut drawn = BTreeMap::<_, u128>::new();
        for (id, order) in LabelOrders::<T>::iter() {
            require!(id < next, "next label order is not above all orders");
            let accounted = [order.n_stock, order.n_used, order.n_void, order.n_destroyed]
                .into_iter()
                .try_fold(0u32, u32::checked_add);
            require!(
                accounted == Some(order.n_issued()),
                "labels issued are not used, void, destroyed or in stock"
            );
            if order.status == LabelOrderStatus::Issued {
                let out = order.content_of(order.n_stock.saturating_add(order.n_used));
                let sum = drawn.entry((order.licence, order.gtin, order.period)).or_default();
                *sum = sum.saturating_add(out);
            }
        }
        for ((licence, gtin, period), usage) in Usages::<T>::iter() {
            let by_orders = drawn.remove(&(licence, gtin, period)).unwrap_or(0);
            require!(usage.orders == by_orders, "draws of orders are not their labels");
            let quota = LicencesById::<T>::get(licence).and_then(|licence| licence.quota(&gtin));
            let within = quota.zip(usage.total()).is_some_and(|(quota, total)| total <= quota);
            require!(within, "more is labelled than the quota");
        }
        require!(drawn.is_empty(), "labels were issued without a draw");
        Ok(())
    }

    fn try_records() -> Result<(), TryRuntimeError> {
        for (brand, base, tenure) in Tenures::<T>::iter() {
            let licence = LicencesById::<T>::get(tenure.licence).ok_or("tenure of no licence")?;
            require!(
                licence.brand == brand && licence.bases.contains(&base),
                "tenure of another licence"
            );
        }
        let next = NextMisuseId::<T>::get();
        for (id, misuse) in Misuses::<T>::iter() {
            require!(
                id < next && BrandsById::<T>::contains_key(misuse.brand),
                "misuse of no brand, or next misuse is not above all misuses"
            );
        }
        for (id, _, _) in PremiumReports::<T>::iter() {
            let granted = LicencesById::<T>::get(id).is_some_and(|it| it.granted_at.is_some());
            require!(granted, "premium of a licence that was never granted");
        }
        Ok(())
    }
}

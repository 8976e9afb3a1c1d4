//! What must hold after every block.

use crate::{
    Applications, Approvals, BodyCodes, Certificate, CertificateNumbers, CertificateState,
    Certificates, CertifiedBases, Certifiers, CertifiersByAgent, Claimed, Complaints, Config,
    CurrentRuleSet, Duties, Findings, MasterData, NextApplicationId, NextCertificateId,
    NextComplaintId, NextDutyId, NextFindingId, NextTransactionCertificateId, OpenDuties, Pallet,
    RuleSetHashes, Signer, SoldFromBatches, SoldFromLineages, Stage, Tallies, Tally,
    TransactionCertificates, functions::sales::sold_of_parent,
};
use alloc::collections::BTreeMap;
use frame_support::ensure;
use pallet_participants::OrganisationId;
use pallet_traceability::{CertificateId, CertificateStatus};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks what must hold after every block.
    ///
    /// 1. Marks drawn for a product are within its certified quantity.
    /// 2. Transaction certificates that are not void sum up to what a certificate and a batch say,
    ///    and are within the certified quantity and what the batch was made of.
    /// 3. A certifier practises with one body under one key, and lists agree.
    /// 4. Tallies are the counts of the records.
    /// 5. A certificate's state is its last change, its changes are in order, its parts are in
    ///    order, its application and its number name it, and body and holder differ.
    /// 6. A base is on one live certificate of a scheme; it is the holder's, and products are known
    ///    and grown within its area.
    /// 7. Open lists have exactly the duties that are not done.
    /// 8. Two different agents signed a decision, and no inspector.
    /// 9. Codes of bodies belong to them.
    /// 10. Next numbers are above all numbers; rule sets are complete.
    /// 11. What a seller has sold of a batch and of what was made from it adds up, and is within
    ///     the batch.
    /// 12. What is claimed is of certificates and products.
    ///
    /// # Errors
    /// The sentence that does not hold.
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_state_quantities()?;
        Self::try_state_bodies()?;
        Self::try_state_certificates()?;
        Self::try_state_applications()?;
        Self::try_state_duties()?;
        Self::try_state_numbers()
    }

    /// Invariants 1 and 2.
    fn try_state_quantities() -> Result<(), TryRuntimeError> {
        let mut sold = BTreeMap::new();
        let mut sold_from_batches = BTreeMap::new();
        for transaction in
            TransactionCertificates::<T>::iter_values().filter(|it| it.voided_at.is_none())
        {
            let of_product: &mut u128 =
                sold.entry((transaction.certificate, transaction.gtin)).or_default();
            *of_product = of_product.checked_add(transaction.quantity).ok_or("2: it overflows")?;
            let of_batch: &mut u128 = sold_from_batches.entry(transaction.batch).or_default();
            *of_batch = of_batch.checked_add(transaction.quantity).ok_or("2: it overflows")?;
        }
        for (id, certificate) in Certificates::<T>::iter() {
            for product in &certificate.products {
                ensure!(product.drawn <= product.quantity, "1: marks are within the quantity");
                ensure!(product.sold <= product.quantity, "2: sales are within the quantity");
                let sum = sold.remove(&(id, product.gtin)).unwrap_or_default();
                ensure!(sum == product.sold, "2: sales are the transaction certificates");
            }
        }
        ensure!(sold.is_empty(), "2: only certified products are sold");
        for (batch, quantity) in SoldFromBatches::<T>::iter() {
            let sum = sold_from_batches.remove(&batch).unwrap_or_default();
            ensure!(sum == quantity, "2: sales of a batch are the transaction certificates");
            let content = T::MasterData::batch(batch)
                .and_then(|it| T::MasterData::product(&it.gtin)?.content(it.quantity));
            let within = content.is_some_and(|content| quantity <= content);
            ensure!(within, "2: no more of a batch is sold than it has");
        }
        ensure!(sold_from_batches.is_empty(), "2: every batch that was sold is counted");
        Self::try_state_lineages()
    }

    /// Invariants 11 and 12.
    fn try_state_lineages() -> Result<(), TryRuntimeError> {
        let mut expected: BTreeMap<_, u128> = BTreeMap::new();
        let mut add = |batch, seller, quantity: u128| {
            let sum: &mut u128 = expected.entry((batch, seller)).or_default();
            *sum = sum.checked_add(quantity).ok_or("11: it overflows")?;
            Ok::<_, TryRuntimeError>(())
        };
        for it in TransactionCertificates::<T>::iter_values().filter(|it| it.voided_at.is_none()) {
            add(it.batch, it.seller, it.quantity)?;
        }
        let mut counted = BTreeMap::new();
        for (batch, seller, sold) in SoldFromLineages::<T>::iter() {
            let content = Self::content_of(batch)?;
            ensure!(sold <= content, "11: no seller sells more of a batch than it has");
            for parent in T::MasterData::parents(batch)? {
                let of_parent = sold_of_parent(&parent, sold, content).ok_or("11: it overflows")?;
                if of_parent > 0 {
                    add(parent.batch, seller, of_parent)?;
                }
            }
            counted.insert((batch, seller), sold);
        }
        ensure!(counted == expected, "11: sales are counted for all that batches were made from");
        for (id, gtin, _) in Claimed::<T>::iter() {
            let known =
                Certificates::<T>::contains_key(id) && T::MasterData::product(&gtin).is_some();
            ensure!(known, "12: what is claimed is of a certificate and a product");
        }
        Ok(())
    }

    /// Invariants 3, 4 and 9.
    fn try_state_bodies() -> Result<(), TryRuntimeError> {
        let mut tallies: BTreeMap<OrganisationId, Tally> = BTreeMap::new();
        let mut n_practising = 0usize;
        for (person, certifier) in Certifiers::<T>::iter() {
            let Some((body, agent)) = certifier.practice else { continue };
            n_practising = n_practising.saturating_add(1);
            let listed = CertifiersByAgent::<T>::get(agent);
            ensure!(listed == Some(person), "3: a certifier practises under one key");
            tallies.entry(body).or_default().n_certifiers += 1;
        }
        let n_listed = CertifiersByAgent::<T>::iter_keys().count();
        ensure!(n_practising == n_listed, "3: every key is that of a practising certifier");
        for certificate in Certificates::<T>::iter_values() {
            let tally = tallies.entry(certificate.body).or_default();
            tally.n_issued += 1;
            match certificate.state {
                CertificateState::InForce => (),
                CertificateState::Suspended(_) => tally.n_suspended += 1,
                CertificateState::Revoked(_) => tally.n_revoked += 1,
                CertificateState::Cancelled => tally.n_cancelled += 1,
            }
        }
        for (body, tally) in Tallies::<T>::iter() {
            let counted = tallies.remove(&body).unwrap_or_default();
            ensure!(counted == tally, "4: tallies are the counts of the records");
        }
        ensure!(tallies.is_empty(), "4: every body with records has a tally");
        for (body, approval) in Approvals::<T>::iter() {
            let own = BodyCodes::<T>::get(approval.code) == Some(body);
            ensure!(own, "9: a body's code belongs to it");
        }
        Ok(())
    }

    /// Invariants 5 and 6.
    fn try_state_certificates() -> Result<(), TryRuntimeError> {
        let mut n_certificates = 0usize;
        for (id, certificate) in Certificates::<T>::iter() {
            n_certificates = n_certificates.saturating_add(1);
            Self::check_certificate(id, &certificate)?;
            for base in &certificate.bases {
                let latest = CertifiedBases::<T>::get(base, certificate.scheme)
                    .and_then(|latest| Some((latest, Certificates::<T>::get(latest)?)))
                    .ok_or("6: a certified base is listed")?;
                let (latest_id, latest) = latest;
                let alone = latest_id == id
                    || (latest_id > id
                        && latest.bases.contains(base)
                        && (!certificate.is_live(Self::now())
                            || certificate.expires <= latest.valid_from));
                ensure!(alone, "6: a base is on one live certificate of a scheme");
            }
        }
        let n_numbers = CertificateNumbers::<T>::iter_keys().count();
        ensure!(n_numbers == n_certificates, "5: numbers are those of certificates");
        Ok(())
    }

    fn check_certificate(
        id: CertificateId,
        certificate: &Certificate,
    ) -> Result<(), TryRuntimeError> {
        let last = certificate.changes.last().map(|change| change.status);
        let expected = match certificate.state {
            CertificateState::InForce => CertificateStatus::Valid,
            CertificateState::Suspended(_) => CertificateStatus::Suspended,
            CertificateState::Revoked(_) => CertificateStatus::Revoked,
            CertificateState::Cancelled => CertificateStatus::Cancelled,
        };
        ensure!(last == Some(expected), "5: the state is the last change");
        let in_order = certificate.changes.is_sorted_by(|left, right| left.at <= right.at)
            && certificate.products.is_sorted_by(|left, right| left.gtin < right.gtin)
            && certificate.bases.is_sorted_by(|left, right| left < right)
            && !certificate.products.is_empty()
            && certificate.valid_from < certificate.expires;
        ensure!(in_order, "5: changes, products, bases and dates are in order");
        ensure!(certificate.body != certificate.holder, "5: body and holder differ");
        let mut area_units = 0u64;
        for base in &certificate.bases {
            let place = T::MasterData::place(*base).ok_or("6: a certified base exists")?;
            ensure!(place.owner == certificate.holder, "6: a certified base is the holder's");
            area_units = area_units.saturating_add(place.area_units);
        }
        for product in &certificate.products {
            let known = T::MasterData::product(&product.gtin).is_some();
            ensure!(known, "6: a certified product exists");
            ensure!(product.area_units <= area_units, "6: products grow on the bases");
        }
        let named = CertificateNumbers::<T>::get(&certificate.number) == Some(id);
        ensure!(named, "5: the number names the certificate");
        let decided = Applications::<T>::get(certificate.application)
            .is_some_and(|application| application.stage == Stage::Certified(id));
        ensure!(decided, "5: the application names the certificate");
        Ok(())
    }

    /// Invariant 8.
    fn try_state_applications() -> Result<(), TryRuntimeError> {
        for application in Applications::<T>::iter_values() {
            if let Stage::Certified(id) = application.stage {
                ensure!(Certificates::<T>::contains_key(id), "5: a decision has a certificate");
            }
            let Some(head) = &application.signed_by else {
                let undecided = !matches!(application.stage, Stage::Certified(_) | Stage::Rejected);
                ensure!(undecided, "8: a decision is signed");
                continue;
            };
            let proposal = application.proposal.as_ref().ok_or("8: a decision was proposed")?;
            let head = Signer { agent: head.clone(), person: None };
            let person = Some(proposal.person);
            let certifier = Signer { agent: proposal.certifier.clone(), person };
            ensure!(certifier.agent != head.agent, "8: two agents sign");
            let apart =
                !application.was_inspected_by(&head) && !application.was_inspected_by(&certifier);
            ensure!(apart, "8: no inspector decides");
        }
        Ok(())
    }

    /// Invariant 7.
    fn try_state_duties() -> Result<(), TryRuntimeError> {
        let mut n_open = 0usize;
        for (id, duty) in Duties::<T>::iter() {
            let listed = OpenDuties::<T>::get(duty.body, id);
            let expected = duty.done_at.is_none().then_some(duty.start);
            ensure!(listed == expected, "7: open lists have the duties that are not done");
            n_open = n_open.saturating_add(usize::from(expected.is_some()));
        }
        ensure!(n_open == OpenDuties::<T>::iter_keys().count(), "7: nothing else is listed");
        Ok(())
    }

    /// Invariant 10.
    fn try_state_numbers() -> Result<(), TryRuntimeError> {
        let above = Applications::<T>::iter_keys().all(|id| id < NextApplicationId::<T>::get())
            && Certificates::<T>::iter_keys().all(|id| id < NextCertificateId::<T>::get())
            && Findings::<T>::iter_keys().all(|id| id < NextFindingId::<T>::get())
            && Duties::<T>::iter_keys().all(|id| id < NextDutyId::<T>::get())
            && Complaints::<T>::iter_keys().all(|id| id < NextComplaintId::<T>::get())
            && TransactionCertificates::<T>::iter_keys()
                .all(|id| id < NextTransactionCertificateId::<T>::get());
        ensure!(above, "10: next numbers are above all numbers");
        let current = CurrentRuleSet::<T>::get();
        let complete = (1..=current.version).all(RuleSetHashes::<T>::contains_key);
        let last = RuleSetHashes::<T>::get(current.version).unwrap_or_default();
        ensure!(complete && last == current.hash, "10: every rule set has its hash");
        Ok(())
    }
}

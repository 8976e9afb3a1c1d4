//! Every law is seen to be broken when it is.

use crate::{mock::*, *};
use frame_support::assert_ok;
use pallet_traceability::{CertificateStatus, Certificates as _};

/// What the check says after `break_it` has changed a ledger with certificates, sales, marks and
/// open duties.
fn broken(break_it: impl FnOnce()) -> sp_runtime::TryRuntimeError {
    new_test_ext().execute_with(|| {
        prepare();
        let id = certified();
        let batch = new_batch(1, tea(), kg(200));
        assert_ok!(Certification::draw_marks(id, GARDEN, &tea(), kg(100)));
        assert_ok!(Certification::issue_transaction_certificate(
            by(agent(BODY)),
            id,
            SHOP,
            batch,
            kg(150)
        ));
        found(id, Consequence::Suspend);
        assert_ok!(Certification::lodge(by(agent(SHOP)), ComplaintKind::Complaint(id), DOCUMENT));
        Certification::do_try_state().unwrap();
        break_it();
        Certification::do_try_state().expect_err("it is broken")
    })
}

fn change(change: impl FnOnce(&mut Certificate)) {
    Certificates::<Test>::mutate(0, |record| change(record.as_mut().unwrap()));
}

#[test]
fn marks_beyond_the_quantity() {
    let law = "1: marks are within the quantity";
    assert_eq!(broken(|| change(|record| record.products[0].drawn = kg(450) + 1)), law.into());
    assert_eq!(broken(|| change(|record| record.products[0].quantity = kg(99))), law.into());
}

#[test]
fn sales_that_do_not_add_up() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    let sums = || law("2: sales are the transaction certificates");
    assert_eq!(
        broken(|| change(|record| record.products[0].quantity = kg(149))),
        law("2: sales are within the quantity")
    );
    assert_eq!(broken(|| change(|record| record.products[0].sold = kg(151))), sums());
    let transaction = |change: fn(&mut TransactionCertificate)| {
        TransactionCertificates::<Test>::mutate(0, |record| change(record.as_mut().unwrap()));
    };
    assert_eq!(broken(|| transaction(|record| record.quantity += 1)), sums());
    assert_eq!(broken(|| transaction(|record| record.voided_at = Some(1))), sums());
    assert_eq!(broken(|| TransactionCertificates::<Test>::remove(0)), sums());
    assert_eq!(
        broken(|| {
            let mut other = TransactionCertificates::<Test>::get(0).unwrap();
            other.gtin = leaf();
            TransactionCertificates::<Test>::insert(1, other);
        }),
        law("2: only certified products are sold")
    );
    assert_eq!(
        broken(|| {
            let mut other = TransactionCertificates::<Test>::get(0).unwrap();
            other.quantity = u128::MAX;
            TransactionCertificates::<Test>::insert(1, other);
        }),
        law("2: it overflows")
    );
    let batch = pallet_traceability::BatchId([1; 16]);
    assert_eq!(
        broken(|| SoldFromBatches::<Test>::insert(batch, 1)),
        law("2: sales of a batch are the transaction certificates")
    );
    assert_eq!(
        broken(|| SoldFromBatches::<Test>::remove(batch)),
        law("2: every batch that was sold is counted")
    );
}

#[test]
fn a_certifier_with_two_bodies_or_keys() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    // The same key in two persons' records.
    assert_eq!(
        broken(|| {
            let certifier = Certifiers::<Test>::get(PERSON_ZHAO).unwrap();
            Certifiers::<Test>::insert([9; 32], certifier);
        }),
        law("3: a certifier practises under one key")
    );
    // The same person under a second key.
    assert_eq!(
        broken(|| CertifiersByAgent::<Test>::insert(agent(OTHER_BODY), PERSON_ZHAO)),
        law("3: every key is that of a practising certifier")
    );
    // With another body than the one that counts him.
    assert_eq!(
        broken(|| {
            Certifiers::<Test>::mutate(PERSON_ZHAO, |certifier| {
                certifier.as_mut().unwrap().practice = Some((OTHER_BODY, ZHAO));
            });
        }),
        law("4: tallies are the counts of the records")
    );
    assert_eq!(
        broken(|| CertifiersByAgent::<Test>::remove(ZHAO)),
        law("3: a certifier practises under one key")
    );
}

#[test]
fn counters_that_miscount() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    for miscount in [
        |tally: &mut Tally| tally.n_certifiers += 1,
        |tally: &mut Tally| tally.n_issued += 1,
        |tally: &mut Tally| tally.n_suspended += 1,
        |tally: &mut Tally| tally.n_revoked += 1,
        |tally: &mut Tally| tally.n_cancelled += 1,
    ] {
        assert_eq!(
            broken(|| Tallies::<Test>::mutate(BODY, miscount)),
            law("4: tallies are the counts of the records")
        );
    }
    assert_eq!(
        broken(|| Tallies::<Test>::remove(BODY)),
        law("4: every body with records has a tally")
    );
}

#[test]
fn certificates_that_contradict_themselves() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    assert_eq!(
        broken(|| change(|record| record.changes[0].status = CertificateStatus::Suspended)),
        law("5: the state is the last change")
    );
    let order = || law("5: changes, products, bases and dates are in order");
    assert_eq!(broken(|| change(|record| record.products.clear())), {
        // What was sold is missing first.
        law("2: only certified products are sold")
    });
    assert_eq!(broken(|| change(|record| record.expires = record.valid_from)), order());
    assert_eq!(
        broken(|| {
            change(|record| {
                let earlier = StatusChange { at: 1, ..record.changes[0] };
                record.changes.try_push(earlier).unwrap();
            });
        }),
        order()
    );
    assert_eq!(broken(|| change(|record| record.bases = bases(&[1, 0]))), order());
    assert_eq!(broken(|| change(|record| record.holder = BODY)), law("5: body and holder differ"));
    assert_eq!(
        broken(|| change(|record| record.number = text("other"))),
        law("5: the number names the certificate")
    );
    assert_eq!(
        broken(|| CertificateNumbers::<Test>::insert(text("other"), 0)),
        law("5: numbers are those of certificates")
    );
    assert_eq!(
        broken(|| change(|record| record.application = 9)),
        law("5: the application names the certificate")
    );
}

#[test]
fn a_base_on_two_certificates() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    assert_eq!(
        broken(|| CertifiedBases::<Test>::remove(0, ORGANIC)),
        law("6: a certified base is listed")
    );
    assert_eq!(
        broken(|| {
            // A second live certificate of the scheme has the base too.
            let second = Certificate { number: text("2"), application: 1, ..record(0) };
            let products = second.products.iter().map(|product| CertifiedProduct {
                drawn: 0,
                sold: 0,
                ..*product
            });
            let products = products.collect::<Vec<_>>().try_into().unwrap();
            Certificates::<Test>::insert(1, Certificate { products, ..second });
            let mut application = Applications::<Test>::get(0).unwrap();
            application.stage = Stage::Certified(1);
            Applications::<Test>::insert(1, application);
            CertificateNumbers::<Test>::insert(text("2"), 1);
            CertifiedBases::<Test>::insert(0, ORGANIC, 1);
            Tallies::<Test>::mutate(BODY, |tally| tally.n_issued += 1);
        }),
        law("6: a base is on one live certificate of a scheme")
    );
}

#[test]
fn duties_that_are_not_listed() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    // The finding's: the application's came before and is done.
    let open = 1;
    assert_eq!(
        broken(|| OpenDuties::<Test>::remove(BODY, open)),
        law("7: open lists have the duties that are not done")
    );
    assert_eq!(
        broken(|| {
            Duties::<Test>::mutate(open, |duty| duty.as_mut().unwrap().done_at = Some(1));
        }),
        law("7: open lists have the duties that are not done")
    );
    assert_eq!(
        broken(|| OpenDuties::<Test>::insert(OTHER_BODY, open, 1)),
        law("7: nothing else is listed")
    );
}

#[test]
fn decisions_of_one() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    let application = |change: fn(&mut ApplicationOf<Test>)| {
        Applications::<Test>::mutate(0, |record| change(record.as_mut().unwrap()));
    };
    assert_eq!(
        broken(|| application(|record| record.signed_by = Some(ZHAO))),
        law("8: two agents sign")
    );
    assert_eq!(
        broken(|| application(|record| record.signed_by = Some(QIAN))),
        law("8: no inspector decides")
    );
    assert_eq!(
        broken(|| application(|record| record.proposal.as_mut().unwrap().certifier = QIAN)),
        law("8: no inspector decides")
    );
    assert_eq!(
        broken(|| application(|record| record.proposal = None)),
        law("8: a decision was proposed")
    );
    assert_eq!(
        broken(|| application(|record| record.signed_by = None)),
        law("8: a decision is signed")
    );
    assert_eq!(
        broken(|| {
            let mut second = Applications::<Test>::get(0).unwrap();
            second.stage = Stage::Certified(9);
            Applications::<Test>::insert(1, second);
            NextApplicationId::<Test>::put(2);
        }),
        law("5: a decision has a certificate")
    );
}

#[test]
fn codes_and_numbers_out_of_place() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    assert_eq!(
        broken(|| BodyCodes::<Test>::insert(b"101", OTHER_BODY)),
        law("9: a body's code belongs to it")
    );
    let above = || law("10: next numbers are above all numbers");
    assert_eq!(broken(|| NextApplicationId::<Test>::put(0)), above());
    assert_eq!(broken(|| NextCertificateId::<Test>::put(0)), above());
    assert_eq!(broken(|| NextFindingId::<Test>::put(0)), above());
    assert_eq!(broken(|| NextDutyId::<Test>::put(0)), above());
    assert_eq!(broken(|| NextComplaintId::<Test>::put(0)), above());
    assert_eq!(broken(|| NextTransactionCertificateId::<Test>::put(0)), above());
    assert_eq!(broken(|| RuleSetHashes::<Test>::remove(1)), law("10: every rule set has its hash"));
    assert_eq!(
        broken(|| CurrentRuleSet::<Test>::mutate(|rules| rules.hash = [0; 32])),
        law("10: every rule set has its hash")
    );
}

#[test]
fn numbers_run_out() {
    run(|| {
        NextApplicationId::<Test>::put(u32::MAX);
        frame_support::assert_noop!(
            Certification::apply(by(agent(GARDEN)), request()),
            Error::<Test>::NumbersExhausted
        );
    });
}

#[test]
fn bases_products_and_batches_that_are_not_there() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    let broken_base = |base| {
        broken(|| {
            change(|record| record.bases = bases(&[base]));
            CertifiedBases::<Test>::insert(base, ORGANIC, 0);
        })
    };
    assert_eq!(broken_base(99), law("6: a certified base exists"));
    assert_eq!(broken_base(2), law("6: a certified base is the holder's"));
    let with_product = |gtin| {
        broken(move || {
            change(move |record| {
                record.products[0].gtin = gtin;
                record.products[0].sold = 0;
            });
            TransactionCertificates::<Test>::mutate(0, |it| {
                it.as_mut().unwrap().voided_at = Some(1)
            });
            SoldFromBatches::<Test>::remove(pallet_traceability::BatchId([1; 16]));
            SoldFromLineages::<Test>::remove(pallet_traceability::BatchId([1; 16]), GARDEN);
        })
    };
    assert_eq!(with_product(gtin(99)), law("6: a certified product exists"));
    assert_eq!(
        broken(|| change(|record| record.products[0].area_units = 3 * MU + 1)),
        law("6: products grow on the bases")
    );
    assert_eq!(
        broken(|| {
            change_batch(1, |batch| batch.quantity = kg(150) - 1);
        }),
        law("2: no more of a batch is sold than it has")
    );
}

#[test]
fn sales_that_are_not_counted_for_their_lineage() {
    let law = |text: &'static str| sp_runtime::TryRuntimeError::from(text);
    let batch = pallet_traceability::BatchId([1; 16]);
    let sums = || law("11: sales are counted for all that batches were made from");
    assert_eq!(broken(|| SoldFromLineages::<Test>::remove(batch, GARDEN)), sums());
    assert_eq!(broken(|| SoldFromLineages::<Test>::insert(batch, GARDEN, kg(149))), sums());
    assert_eq!(broken(|| SoldFromLineages::<Test>::insert(batch, FACTORY, 1)), sums());
    assert_eq!(
        broken(|| SoldFromLineages::<Test>::insert(batch, GARDEN, kg(200) + 1)),
        law("11: no seller sells more of a batch than it has")
    );
    // Of the parent, nothing is counted.
    assert_eq!(
        broken(|| {
            let raw = new_batch(2, tea(), kg(200));
            made_from(1, tea(), kg(200), &[(raw, kg(200))]);
        }),
        sums()
    );
    assert_eq!(
        broken(|| Claimed::<Test>::insert(9, tea(), 1)),
        law("12: what is claimed is of a certificate and a product")
    );
}

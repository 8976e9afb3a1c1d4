//! Attacks: copied, repeated, disordered and malformed codes, and false accusations.

use super::*;

fn report(who: u32, fault: FaultProof) -> Result<(), DispatchError> {
    Labels::report_fault(by(who), fault)
}

#[test]
fn a_malformed_code_freezes_its_series() {
    run(|| {
        let mut bad = leaves("A", 5);
        bad[3] = leaf("A 3");
        let id = create(new_series(tins(), &bad));
        let good_leaf = FaultProof::Malformed(proof(id, &bad, 1));
        assert_noop!(report(BANK, good_leaf), Error::<Test>::NoFault);
        let fault = FaultProof::Malformed(proof(id, &bad, 3));
        assert_noop!(
            Labels::report_fault(RuntimeOrigin::signed(STRANGER), fault.clone()),
            FORBIDDEN
        );
        assert_ok!(report(BANK, fault.clone()));
        assert_eq!(series(id).state, SeriesState::Frozen(Fault::Malformed));
        assert!(has_event(Event::SeriesFrozen {
            series: id,
            fault: Fault::Malformed,
            by: BANK,
            reason: None
        }));
        assert_noop!(report(RIVAL, fault), Error::<Test>::SeriesNotActive);
        // What is proven is not released.
        assert_noop!(
            Labels::release_series(by(SAMR), id, [1; 32]),
            Error::<Test>::SeriesNotReleasable
        );
    });
}

#[test]
fn codes_of_another_product_or_certifier_are_malformed() {
    run(|| {
        let mut foreign = leaves("A", 2);
        foreign[0][1..15].copy_from_slice(&TEA.0);
        let id = create(new_series(tins(), &foreign));
        assert_ok!(report(BANK, FaultProof::Malformed(proof(id, &foreign, 0))));
        let organic: Leaves = ["13426123456789012", "13526123456789012"]
            .map(|digits| [&[ORGANIC], digits.as_bytes()].concat())
            .to_vec();
        let scheme = CodeScheme::Organic { certifier: *b"134", year: *b"26" };
        let batch = TableBatches::put(2, TIN, 2);
        TableCertificates::ask_for_organic_codes(true);
        let certificate = Some(CERTIFICATE_ID);
        let id = create(NewSeries { scheme, certificate, ..new_series(batch, &organic) });
        assert_noop!(
            report(BANK, FaultProof::Malformed(proof(id, &organic, 0))),
            Error::<Test>::NoFault
        );
        assert_ok!(report(BANK, FaultProof::Malformed(proof(id, &organic, 1))));
    });
}

#[test]
fn a_code_twice_in_one_series_freezes_it() {
    run(|| {
        let mut codes = leaves("A", 6);
        codes[4] = codes[2].clone();
        let id = create(new_series(tins(), &codes));
        let pair = |a, b| FaultProof::Pair(proof(id, &codes, a), proof(id, &codes, b));
        // The same leaf shown twice, and two in order, prove nothing.
        assert_noop!(report(BANK, pair(2, 2)), Error::<Test>::NoFault);
        assert_noop!(report(BANK, pair(1, 2)), Error::<Test>::NoFault);
        assert_noop!(report(BANK, pair(2, 1)), Error::<Test>::NoFault);
        assert_ok!(report(BANK, pair(2, 4)));
        assert_eq!(series(id).state, SeriesState::Frozen(Fault::Duplicate));
    });
}

#[test]
fn codes_out_of_order_freeze_a_series() {
    for (first, second) in [(1, 2), (2, 1)] {
        run(|| {
            let mut codes = leaves("A", 4);
            codes.swap(1, 2);
            let id = create(new_series(tins(), &codes));
            let pair = FaultProof::Pair(proof(id, &codes, first), proof(id, &codes, second));
            assert_ok!(report(BANK, pair));
            assert_eq!(series(id).state, SeriesState::Frozen(Fault::Disordered));
        });
    }
}

#[test]
fn copying_a_code_freezes_the_copy_only() {
    for turned in [false, true] {
        run(|| {
            let original = leaves("A", 7);
            let first = create(new_series(tins(), &original));
            let copies: Leaves = vec![leaf("9"), original[5].clone(), leaf("Z")];
            let second = create(new_series(TableBatches::put(2, TIN, 3), &copies));
            let (a, b) = (proof(first, &original, 5), proof(second, &copies, 1));
            let other = proof(second, &copies, 2);
            assert_noop!(report(BANK, FaultProof::Pair(a.clone(), other)), Error::<Test>::NoFault);
            let pair = if turned { FaultProof::Pair(b, a) } else { FaultProof::Pair(a, b) };
            assert_ok!(report(FACTORY, pair.clone()));
            assert_eq!(series(first).state, SeriesState::Active);
            assert_eq!(series(second).state, SeriesState::Frozen(Fault::Duplicate));
            assert_noop!(report(BANK, pair), Error::<Test>::SeriesNotActive);
        });
    }
}

#[test]
fn codes_of_a_void_series_may_be_used_again() {
    run(|| {
        let codes = leaves("A", 7);
        let first = create(new_series(tins(), &codes));
        assert_ok!(Labels::void_series(by(FACTORY), first));
        let again: Leaves = codes[..6].to_vec();
        let second = create(new_series(TableBatches::put(2, TIN, 6), &again));
        let pair = FaultProof::Pair(proof(first, &codes, 0), proof(second, &again, 0));
        assert_noop!(report(BANK, pair), Error::<Test>::SeriesNotActive);
        let mut bad = leaves("B", 2);
        bad[0] = leaf("");
        let third = create(new_series(TableBatches::put(3, TIN, 2), &bad));
        assert_ok!(Labels::void_series(by(FACTORY), third));
        assert_noop!(
            report(BANK, FaultProof::Malformed(proof(third, &bad, 0))),
            Error::<Test>::SeriesNotActive
        );
    });
}

#[test]
fn a_proof_goes_before_an_order() {
    run(|| {
        let mut bad = leaves("A", 2);
        bad[0] = leaf("");
        let id = create(new_series(tins(), &bad));
        assert_ok!(Labels::freeze_series(by(SAMR), id, [1; 32]));
        assert_ok!(report(BANK, FaultProof::Malformed(proof(id, &bad, 0))));
        assert_eq!(series(id).state, SeriesState::Frozen(Fault::Malformed));
        assert_noop!(Labels::void_series(by(FACTORY), id), Error::<Test>::SeriesFrozen);
    });
}

#[test]
fn false_accusations_fail() {
    run(|| {
        let codes = leaves("A", 9);
        let id = create(new_series(tins(), &codes));
        let good = proof(id, &codes, 4);
        let forged = |change: &dyn Fn(&mut CodeProof)| {
            let mut proof = good.clone();
            change(&mut proof);
            FaultProof::Malformed(proof)
        };
        let accusations = [
            forged(&|it| it.leaf = b"nonsense".to_vec().try_into().unwrap()),
            forged(&|it| it.index = 3),
            forged(&|it| it.index = 9),
            forged(&|it| it.path = Path::new()),
            forged(&|it| it.path[0] = [0; 32]),
            // A node given out as a leaf.
            forged(&|it| {
                it.leaf = [tree::leaf_hash(&codes[4]), tree::leaf_hash(&codes[5])]
                    .concat()
                    .try_into()
                    .unwrap();
                it.index = 2;
                it.path.remove(0);
            }),
        ];
        for accusation in accusations {
            assert_noop!(report(RIVAL, accusation), Error::<Test>::ProofInvalid);
        }
        let unknown = forged(&|it| it.series = 9);
        assert_noop!(report(RIVAL, unknown), Error::<Test>::SeriesNotFound);
        let mut turned = good.clone();
        turned.index = 5;
        assert_noop!(report(RIVAL, FaultProof::Pair(good, turned)), Error::<Test>::ProofInvalid);
    });
}

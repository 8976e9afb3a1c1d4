//! Tests by laboratories.

use super::*;
use frame_support::assert_noop;

fn test(
    by: RuntimeOrigin,
    batch: BatchId,
    passed: bool,
    sampled_at: u64,
) -> sp_runtime::DispatchResult {
    Traceability::record_test(by, batch, passed, sampled_at, [5; 32], at_now())
}

#[test]
fn record_test_works() {
    run(|| {
        let leaf = harvest("A1", 1);
        assert_ok!(test(by(LAB), leaf, true, START_MS));
        let mark = TestMark { lab: LAB, passed: true, sampled_at: START_MS, report: [5; 32] };
        assert_eq!(batch(LEAF, "A1").test, Some(mark));
        assert_eq!(batch(LEAF, "A1").hold, None);
        assert!(has_event(Event::BatchTested { batch: leaf, lab: LAB, passed: true }));
        assert!(history_holds(leaf));
    });
}

#[test]
fn record_test_holds_what_failed() {
    run(|| {
        let leaf = harvest("A1", 1);
        assert_ok!(test(by(LAB), leaf, false, START_MS));
        let hold = batch(LEAF, "A1").hold.unwrap();
        assert_eq!((hold.authority, hold.by), (HoldAuthority::FailedTest, LAB));
        let authority = HoldAuthority::FailedTest;
        assert!(has_event(Event::BatchHeld { batch: leaf, authority }));
        assert_noop!(
            Traceability::sell(by(GARDEN), leaf, kg(1), at_now()),
            Error::<Test>::BatchHeld
        );
        // A later pass does not release it.
        assert_ok!(test(by(LAB), leaf, true, START_MS));
        assert_eq!(batch(LEAF, "A1").hold, Some(hold));
        // A stop by market supervision stands.
        hold_by_samr(leaf);
        assert_ok!(test(by(LAB), leaf, false, START_MS));
        assert_eq!(batch(LEAF, "A1").hold.unwrap().authority, HoldAuthority::MarketSupervision);
    });
}

#[test]
fn record_test_rejects_samples_of_other_times() {
    run(|| {
        let leaf = harvest("A1", 1);
        assert_noop!(test(by(LAB), leaf, true, START_MS - 1), Error::<Test>::SampleTimeInvalid);
        assert_noop!(test(by(LAB), leaf, true, START_MS + 1), Error::<Test>::SampleTimeInvalid);
        pass(10);
        assert_ok!(test(by(LAB), leaf, true, START_MS));
        assert_ok!(test(by(LAB), leaf, true, START_MS + 10));
    });
}

#[test]
fn record_test_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 1);
        assert_noop!(test(by(GARDEN), leaf, true, START_MS), FORBIDDEN);
        assert_noop!(test(by(LAB), id(LEAF, "Z"), true, START_MS), Error::<Test>::BatchNotFound);
        let growing = id(LEAF, "G1");
        assert_ok!(Traceability::register_batch(by(GARDEN), gtin(LEAF), lot("G1"), 0, at_now()));
        assert_noop!(test(by(LAB), growing, true, START_MS), Error::<Test>::BatchNotAvailable);
        assert_noop!(
            Traceability::record_test(by(LAB), leaf, true, START_MS - 9, [5; 32], at(START_MS - 1)),
            Error::<Test>::SampleTimeInvalid
        );
        assert_noop!(
            Traceability::record_test(
                by(LAB),
                leaf,
                true,
                START_MS,
                [5; 32],
                at(START_MS + 40_000)
            ),
            Error::<Test>::EventTimeInFuture
        );
        deliver(leaf, GARDEN, LAB_NODE);
        assert_noop!(test(by(LAB_NODE), leaf, true, START_MS), Error::<Test>::LabNotIndependent);
    });
}

#[test]
fn record_test_rejects_older_events() {
    run(|| {
        let leaf = harvest("A1", 1);
        pass(10);
        assert_ok!(test(by(LAB), leaf, true, START_MS));
        assert_noop!(
            Traceability::record_test(by(LAB), leaf, true, START_MS, [5; 32], at(START_MS + 9)),
            Error::<Test>::EventTimeNotMonotone
        );
    });
}

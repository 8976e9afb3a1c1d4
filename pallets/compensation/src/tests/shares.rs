//! From publication to conclusion: appropriation, remittance, use, grades.

use crate::{
    AllocationStatus, Due, DueKey, Error, Event, Fen, Grade, Outcome, mock::*, pallet::PAGE_MAX,
};
use frame_support::{assert_noop, assert_ok};
use pallet_calendar::Calendar;
use pallet_funds::{Finding, Holder, Part};
use pallet_participants::authority::OrganisationId;
use sp_runtime::DispatchResult;

/// The first county, and its share: 260,000 and 15,152 fen.
const COUNTY: OrganisationId = COUNTIES[0];
const SHARE_FEN: Fen = 275_152;

fn appropriate(fen: Fen) -> DispatchResult {
    Compensation::appropriate(signed(PROVINCE), POLICY, COUNTY, fen, DOCUMENT)
}

fn remit(fen: Fen) -> DispatchResult {
    Compensation::remit(signed(PROVINCE), POLICY, COUNTY, fen, DOCUMENT)
}

fn programme() -> u32 {
    Compensation::policy(POLICY).unwrap().programme
}

fn pay(fen: Fen) {
    let part = Some(Part::Payee);
    assert_ok!(Funds::set_part(signed(COUNTY), programme(), VILLAGE, part));
    let to = agent(VILLAGE);
    assert_ok!(Funds::pay(signed(COUNTY), programme(), COUNTY, to, fen, DOCUMENT));
}

fn report(fen: Fen) -> DispatchResult {
    Compensation::report_use(signed(COUNTY), POLICY, fen, DOCUMENT)
}

fn evaluate(grade: Grade) -> DispatchResult {
    Compensation::evaluate(signed(AUDIT), POLICY, COUNTY, grade, DOCUMENT)
}

fn conclude() -> DispatchResult {
    Compensation::conclude(signed(PROVINCE), POLICY, COUNTY, DOCUMENT)
}

fn status() -> AllocationStatus {
    Compensation::allocation(POLICY, COUNTY).unwrap().allocation.status
}

/// The county has 200,000 fen of its share, paid 50,000 of them, and is graded.
fn graded(grade: Grade) {
    with_shares();
    assert_ok!(appropriate(250_000));
    assert_ok!(remit(200_000));
    pay(50_000);
    assert_ok!(report(50_000));
    assert_ok!(evaluate(grade));
}

#[test]
fn publish_shares_opens_tags_and_dues() {
    execute(|| {
        with_shares();
        let due_at = <()>::due(Now::get(), new_policy().remit_term).unwrap();
        System::assert_last_event(Event::SharesPublished { policy: POLICY, due_at }.into());
        for county in COUNTIES {
            let info = Compensation::allocation(POLICY, county).unwrap();
            let total_fen = info.allocation.total_fen;
            assert_eq!(info.allocation.status, AllocationStatus::Published);
            let tag = Funds::tag(programme(), county).unwrap();
            assert_eq!((tag.source, tag.ceiling_fen), (PROVINCE, total_fen));
            let due = Due { debtor: PROVINCE, creditor: county, open_fen: total_fen, due_at };
            let key = DueKey::Allocation { policy: POLICY, county };
            assert_eq!(Compensation::due(key), Some(due));
        }
    });
}

#[test]
fn the_whole_path_works() {
    execute(|| {
        with_shares();
        assert_ok!(appropriate(SHARE_FEN));
        assert_eq!(status(), AllocationStatus::Appropriated);
        assert_ok!(remit(SHARE_FEN));
        assert_eq!(status(), AllocationStatus::Received);
        System::assert_last_event(
            Event::Remitted { policy: POLICY, county: COUNTY, amount_fen: SHARE_FEN, late: false }
                .into(),
        );
        let key = DueKey::Allocation { policy: POLICY, county: COUNTY };
        assert_eq!(Compensation::due(key), None);
        pay(SHARE_FEN);
        let info = Compensation::allocation(POLICY, COUNTY).unwrap();
        assert_eq!(
            (info.appropriated_fen, info.received_fen, info.disbursed_fen, info.held_fen),
            (SHARE_FEN, SHARE_FEN, SHARE_FEN, 0)
        );
        assert_ok!(report(SHARE_FEN));
        System::assert_last_event(
            Event::UseReported {
                policy: POLICY,
                county: COUNTY,
                amount_fen: SHARE_FEN,
                document: DOCUMENT,
            }
            .into(),
        );
        assert_eq!(status(), AllocationStatus::Used);
        let grade = Grade::Stable;
        assert_ok!(evaluate(grade));
        System::assert_last_event(
            Event::Evaluated { policy: POLICY, county: COUNTY, grade, document: DOCUMENT }.into(),
        );
        assert_ok!(conclude());
        let outcome = Outcome::Kept;
        System::assert_last_event(
            Event::Concluded { policy: POLICY, county: COUNTY, outcome, document: DOCUMENT }.into(),
        );
        assert_eq!(status(), AllocationStatus::Concluded(outcome));
        assert_eq!(Balances::free_balance(agent(VILLAGE)), SHARE_FEN);
        // Every fen leads back to its appropriation.
        let payment = pallet_funds::NextMovementId::<Test>::get() - 1;
        let way = Funds::follow_back(payment, None, 10).movements;
        let amounts: Vec<Fen> = way.iter().map(|step| step.amount_fen).collect();
        assert_eq!(amounts, [SHARE_FEN; 3]);
    });
}

#[test]
fn appropriate_boundary_share() {
    execute(|| {
        with_data();
        assert_noop!(appropriate(1), Error::<Test>::CountyUnknown);
        assert_ok!(Compensation::freeze_factors(signed(PROVINCE), POLICY));
        assert_ok!(Compensation::compute_shares(signed(PROVINCE), POLICY));
        assert_noop!(appropriate(1), Error::<Test>::NotPublished);
        assert_ok!(Compensation::publish_shares(signed(PROVINCE), POLICY));
        assert_noop!(remit(1), Error::<Test>::NotAppropriated);
        let too_much = pallet_funds::Error::<Test>::CeilingExceeded;
        assert_noop!(appropriate(SHARE_FEN + 1), too_much);
        assert_ok!(appropriate(SHARE_FEN));
        assert_noop!(remit(SHARE_FEN + 1), pallet_funds::Error::<Test>::HoldingTooSmall);
        assert_noop!(
            Compensation::appropriate(signed(ELSEWHERE), POLICY, COUNTY, 1, DOCUMENT),
            Error::<Test>::NotThePolicysTreasury
        );
        assert_noop!(
            Compensation::remit(signed(ELSEWHERE), POLICY, COUNTY, 1, DOCUMENT),
            Error::<Test>::NotThePolicysTreasury
        );
        assert_noop!(
            Compensation::remit(signed(PROVINCE), POLICY, ELSEWHERE, 1, DOCUMENT),
            Error::<Test>::CountyUnknown
        );
    });
}

/// The finance department's money moves by remittance only, so that received is at least disbursed.
#[test]
fn the_source_cannot_go_round_the_county() {
    execute(|| {
        with_shares();
        assert_ok!(appropriate(1_000));
        assert_ok!(Funds::set_part(signed(COUNTY), programme(), VILLAGE, Some(Part::Payee)));
        let refused = || pallet_funds::Error::<Test>::ProgrammeOfMechanism;
        let to = agent(VILLAGE);
        let pay = Funds::pay(signed(PROVINCE), programme(), COUNTY, to, 1, DOCUMENT);
        assert_noop!(pay, refused());
        let pass = Funds::transfer(signed(PROVINCE), programme(), COUNTY, COUNTY, 1, DOCUMENT);
        assert_noop!(pass, refused());
        let other = Funds::appropriate(signed(PROVINCE), programme(), COUNTY, 1, DOCUMENT);
        assert_noop!(other, refused());
        let county =
            Funds::pay(signed(COUNTY), programme(), COUNTIES[1], agent(VILLAGE), 1, DOCUMENT);
        assert_noop!(county, pallet_funds::Error::<Test>::TagNotHeld);
    });
}

#[test]
fn arrears_are_listed_after_the_term() {
    execute(|| {
        with_shares();
        assert_ok!(appropriate(SHARE_FEN));
        assert_ok!(remit(1_000));
        let key = DueKey::Allocation { policy: POLICY, county: COUNTY };
        let due = Compensation::due(key).unwrap();
        assert_eq!(due.open_fen, SHARE_FEN - 1_000);
        Now::set(due.due_at - 1);
        assert_eq!(Compensation::arrears(None, PAGE_MAX), (vec![], None));
        Now::set(due.due_at);
        let (arrears, next) = Compensation::arrears(None, PAGE_MAX);
        assert_eq!((arrears.len(), next), (3, None));
        assert!(arrears.contains(&(key, due)));
        let (first, next) = Compensation::arrears(None, 2);
        let (rest, end) = Compensation::arrears(next, 2);
        assert_eq!((first.len(), rest.len(), end), (2, 1, None));
        assert_ok!(remit(SHARE_FEN - 1_000));
        System::assert_last_event(
            Event::Remitted {
                policy: POLICY,
                county: COUNTY,
                amount_fen: SHARE_FEN - 1_000,
                late: true,
            }
            .into(),
        );
        assert_eq!(Compensation::arrears(None, PAGE_MAX).0.len(), 2);
    });
}

#[test]
fn report_use_boundary_paid() {
    execute(|| {
        with_shares();
        assert_noop!(report(1), Error::<Test>::NotReceived);
        assert_ok!(appropriate(1_000));
        assert_ok!(remit(1_000));
        pay(400);
        assert_noop!(report(401), Error::<Test>::UseExceedsPaid);
        assert_noop!(report(0), Error::<Test>::AmountZero);
        let no_document = Compensation::report_use(signed(COUNTY), POLICY, 1, [0; 32]);
        assert_noop!(no_document, Error::<Test>::CommitmentMissing);
        let unknown = Compensation::report_use(signed(COUNTY), 9, 1, DOCUMENT);
        assert_noop!(unknown, Error::<Test>::PolicyUnknown);
        let other = Compensation::report_use(signed(VILLAGE), POLICY, 1, DOCUMENT);
        assert_noop!(other, Error::<Test>::CountyUnknown);
        assert_ok!(report(300));
        assert_ok!(report(100));
        assert_noop!(report(1), Error::<Test>::UseExceedsPaid);
        assert_ok!(evaluate(Grade::Better));
        assert_noop!(report(1), Error::<Test>::NotReceived);
    });
}

/// A county that is an organisation without an office cannot be a county of a policy's money.
#[test]
fn publish_shares_rejects_counties_that_are_no_offices() {
    execute(|| {
        let mut terms = new_policy();
        terms.counties = vec![1, 2, VILLAGE].try_into().unwrap();
        terms.components.truncate(1);
        assert_ok!(Compensation::create_policy(signed(PROVINCE), terms));
        for county in [1, 2, VILLAGE] {
            let data = data(&[crate::Quantity::AreaUnits(1), crate::Quantity::Persons(1)]);
            assert_ok!(Compensation::submit_county(signed(PROVINCE), POLICY, 0, county, data));
        }
        assert_ok!(Compensation::freeze_factors(signed(PROVINCE), POLICY));
        assert_ok!(Compensation::compute_shares(signed(PROVINCE), POLICY));
        assert_noop!(
            Compensation::publish_shares(signed(PROVINCE), POLICY),
            pallet_funds::Error::<Test>::IntermediaryIsNoOffice
        );
        let report = Compensation::report_use(signed(VILLAGE), POLICY, 1, DOCUMENT);
        assert_noop!(report, Error::<Test>::NotTheCounty);
    });
}

#[test]
fn evaluate_rejects_bad_input() {
    execute(|| {
        with_shares();
        assert_noop!(evaluate(Grade::Stable), Error::<Test>::UseNotReported);
        let call = |by, policy, county, document| {
            Compensation::evaluate(signed(by), policy, county, Grade::Stable, document)
        };
        assert_noop!(call(PROVINCE, POLICY, COUNTY, DOCUMENT), NO_CAPACITY);
        assert_noop!(call(AUDIT, 9, COUNTY, DOCUMENT), Error::<Test>::PolicyUnknown);
        assert_noop!(call(AUDIT, POLICY, ELSEWHERE, DOCUMENT), Error::<Test>::CountyUnknown);
        assert_noop!(call(AUDIT, POLICY, COUNTY, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(conclude(), Error::<Test>::NotEvaluated);
        let call = |by, policy, county, document| {
            Compensation::conclude(signed(by), policy, county, document)
        };
        assert_noop!(call(PROVINCE, 9, COUNTY, DOCUMENT), Error::<Test>::PolicyUnknown);
        assert_noop!(
            call(ELSEWHERE, POLICY, COUNTY, DOCUMENT),
            Error::<Test>::NotThePolicysTreasury
        );
        assert_noop!(call(PROVINCE, POLICY, ELSEWHERE, DOCUMENT), Error::<Test>::CountyUnknown);
        assert_noop!(call(PROVINCE, POLICY, COUNTY, [0; 32]), Error::<Test>::CommitmentMissing);
    });
}

#[test]
fn a_better_grade_is_rewarded() {
    execute(|| {
        graded(Grade::SlightlyBetter);
        assert_ok!(conclude());
        // 5 % of 275,152, half a fen rounded up.
        let reward_fen = 13_758;
        assert_eq!(status(), AllocationStatus::Concluded(Outcome::Reward(reward_fen)));
        let left_fen = SHARE_FEN - 250_000 + reward_fen;
        let too_much = pallet_funds::Error::<Test>::CeilingExceeded;
        assert_noop!(appropriate(left_fen + 1), too_much);
        assert_ok!(appropriate(left_fen));
        assert_ok!(remit(left_fen));
        assert_noop!(conclude(), Error::<Test>::NotEvaluated);
    });
}

#[test]
fn a_worse_grade_is_deducted() {
    execute(|| {
        graded(Grade::ObviouslyWorse);
        let free_fen = Balances::free_balance(agent(PROVINCE));
        assert_ok!(conclude());
        // 20 % of 275,152: 25,152 not appropriated, 29,878 from the province's own 50,000.
        let due_fen = 55_030;
        let outcome = Outcome::Deduct { due_fen, recovered_fen: due_fen };
        assert_eq!(status(), AllocationStatus::Concluded(outcome));
        assert_eq!(Balances::free_balance(agent(PROVINCE)), free_fen + due_fen - 25_152);
        assert_noop!(appropriate(1), Error::<Test>::AlreadyConcluded);
        let key = DueKey::Allocation { policy: POLICY, county: COUNTY };
        assert_eq!(Compensation::due(key), None);
        let tag = Funds::tag(programme(), COUNTY).unwrap();
        assert_eq!(tag.ceiling_fen, SHARE_FEN - due_fen);
    });
}

#[test]
fn a_deduction_takes_no_more_than_there_is() {
    execute(|| {
        with_shares();
        assert_ok!(appropriate(SHARE_FEN));
        assert_ok!(remit(SHARE_FEN));
        pay(SHARE_FEN - 10);
        assert_ok!(report(1));
        assert_ok!(evaluate(Grade::Worse));
        assert_ok!(conclude());
        let outcome = Outcome::Deduct { due_fen: 27_515, recovered_fen: 10 };
        assert_eq!(status(), AllocationStatus::Concluded(outcome));
    });
}

#[test]
fn a_flagged_county_loses_what_it_has() {
    execute(|| {
        graded(Grade::ObviouslyBetter);
        assert_ok!(Funds::flag(signed(AUDIT), programme(), COUNTY, Finding::Diversion, DOCUMENT));
        let to = agent(VILLAGE);
        assert_noop!(
            Funds::pay(signed(COUNTY), programme(), COUNTY, to, 1, DOCUMENT),
            pallet_funds::Error::<Test>::OrganisationFlagged
        );
        assert_noop!(remit(1), pallet_funds::Error::<Test>::OrganisationFlagged);
        assert_ok!(conclude());
        assert_eq!(status(), AllocationStatus::Concluded(Outcome::ClawBack(150_000)));
        let holding = Funds::holding(programme(), COUNTY, Holder::Organisation(COUNTY));
        assert_eq!(holding.balance_fen, 0);
        assert_noop!(appropriate(1), Error::<Test>::AlreadyConcluded);
    });
}

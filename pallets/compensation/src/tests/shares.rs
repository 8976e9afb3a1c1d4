//! From publication to conclusion: appropriation, remittance, use, grades.

use crate::{
    AllocationStatus, Due, DueKey, Error, Event, Fen, Grade, Outcome, mock::*, pallet::PAGE_MAX,
};
use frame_support::{assert_noop, assert_ok};
use pallet_calendar::Calendar;
use pallet_funds::{Finding, Holder, Part};
use pallet_participants::authority::OrganisationId;
use sp_runtime::{DispatchError, DispatchResult};

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

/// An organisation without an office cannot be a county of a policy's money.
#[test]
fn create_policy_rejects_counties_that_are_no_offices() {
    execute(|| {
        let mut terms = new_policy();
        terms.counties = vec![1, 2, VILLAGE].try_into().unwrap();
        assert_noop!(
            Compensation::create_policy(signed(PROVINCE), terms),
            Error::<Test>::CountyIsNoOffice
        );
    });
}

/// Nor one whose office ends before its share is published.
#[test]
fn publish_shares_rejects_counties_that_are_no_offices() {
    execute(|| {
        with_data();
        assert_ok!(Compensation::freeze_factors(signed(PROVINCE), POLICY));
        assert_ok!(Compensation::compute_shares(signed(PROVINCE), POLICY));
        Suspended::mutate(|them| them.insert(COUNTY));
        assert_noop!(
            Compensation::publish_shares(signed(PROVINCE), POLICY),
            pallet_funds::Error::<Test>::IntermediaryIsNoOffice
        );
        Suspended::mutate(|them| them.remove(&COUNTY));
        assert_ok!(Compensation::publish_shares(signed(PROVINCE), POLICY));
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

/// What the county owes the province.
fn owed_fen() -> Option<Fen> {
    let due = Compensation::due(DueKey::Allocation { policy: POLICY, county: COUNTY })?;
    assert_eq!((due.debtor, due.creditor), (COUNTY, PROVINCE));
    Some(due.open_fen)
}

fn held_fen(holder: OrganisationId) -> Fen {
    Funds::holding(programme(), COUNTY, Holder::Organisation(holder)).balance_fen
}

/// `from` passes money of the county's share on.
fn pass_on(from: OrganisationId, to: OrganisationId, fen: Fen) -> DispatchResult {
    Funds::transfer(signed(from), programme(), COUNTY, to, fen, DOCUMENT)
        .map(|_| ())
        .map_err(|refused| refused.error)
}

/// The county has its whole share, and has paid 100 fen of it and reported that.
fn received() {
    with_shares();
    assert_ok!(appropriate(SHARE_FEN));
    assert_ok!(remit(SHARE_FEN));
    pay(100);
    assert_ok!(report(100));
}

/// The share goes to another county before the grade costs it a fifth.
#[test]
fn a_county_that_passes_its_money_on_is_deducted_all_the_same() {
    execute(|| {
        received();
        let friend = COUNTIES[1];
        assert_ok!(pass_on(COUNTY, friend, SHARE_FEN - 100));
        assert_ok!(evaluate(Grade::ObviouslyWorse));
        let free_fen = Balances::free_balance(agent(PROVINCE));
        assert_ok!(conclude());
        let due_fen = 55_030;
        let outcome = Outcome::Deduct { due_fen, recovered_fen: due_fen };
        assert_eq!(status(), AllocationStatus::Concluded(outcome));
        assert_eq!(Balances::free_balance(agent(PROVINCE)), free_fen + due_fen);
        assert_eq!(held_fen(friend), SHARE_FEN - 100 - due_fen);
        assert_eq!(owed_fen(), None);
        // What is left is the county's to pay out.
        assert_ok!(pass_on(friend, COUNTY, 1_000));
        pay(1_000);
    });
}

/// More hold the money than one conclusion asks: the rest is owed, and nothing moves meanwhile.
#[test]
fn what_is_not_recovered_is_owed_and_taken_first() {
    execute(|| {
        received();
        let friends = 100..112;
        for friend in friends.clone() {
            let part = Some(Part::Intermediary);
            assert_ok!(Funds::set_part(signed(PROVINCE), programme(), friend, part));
            assert_ok!(pass_on(COUNTY, friend, 5_000));
        }
        pay(SHARE_FEN - 100 - 60_000);
        assert_ok!(evaluate(Grade::ObviouslyWorse));
        assert_ok!(conclude());
        let (due_fen, asked) = (55_030, Fen::from(crate::HOLDERS_MAX) + 1);
        let recovered_fen = asked * 5_000;
        let outcome = |recovered_fen| Outcome::Deduct { due_fen, recovered_fen };
        assert_eq!(status(), AllocationStatus::Concluded(outcome(recovered_fen)));
        assert_eq!(owed_fen(), Some(due_fen - recovered_fen));
        let key = DueKey::Allocation { policy: POLICY, county: COUNTY };
        let late: Vec<_> = Compensation::arrears(None, PAGE_MAX).0;
        assert_eq!(late.iter().filter(|(of, _)| *of == key).count(), 1);
        assert!(Funds::is_tag_stopped(programme(), COUNTY));
        assert_ok!(Compensation::do_try_state());

        let stopped = DispatchError::from(pallet_funds::Error::<Test>::TagStopped);
        let holder = friends.clone().find(|friend| held_fen(*friend) > 0).unwrap();
        assert_noop!(pass_on(holder, COUNTY, 1), stopped);
        let to = agent(VILLAGE);
        assert_noop!(Funds::pay(signed(holder), programme(), COUNTY, to, 1, DOCUMENT), stopped);
        assert_noop!(appropriate(1), Error::<Test>::AlreadyConcluded);
        // The source does not go round the mechanism, which counts what comes back.
        assert_ok!(Funds::flag(signed(AUDIT), programme(), holder, Finding::Diversion, DOCUMENT));
        assert_noop!(
            Funds::claw_back(signed(PROVINCE), programme(), COUNTY, holder, 1, DOCUMENT),
            pallet_funds::Error::<Test>::TagStopped
        );
        assert_ok!(Funds::lift_flag(signed(AUDIT), programme(), holder, DOCUMENT));

        assert_ok!(conclude());
        assert_eq!(status(), AllocationStatus::Concluded(outcome(due_fen)));
        System::assert_last_event(
            Event::Concluded {
                policy: POLICY,
                county: COUNTY,
                outcome: outcome(due_fen),
                document: DOCUMENT,
            }
            .into(),
        );
        assert_eq!(owed_fen(), None);
        assert!(!Funds::is_tag_stopped(programme(), COUNTY));
        assert_eq!(friends.clone().map(held_fen).sum::<Fen>(), 60_000 - due_fen);
        let holder = friends.clone().find(|friend| held_fen(*friend) > 0).unwrap();
        assert_ok!(pass_on(holder, COUNTY, 1));
        assert_noop!(conclude(), Error::<Test>::NotEvaluated);
    });
}

#[test]
fn what_is_paid_out_stays_in_arrears() {
    execute(|| {
        received();
        pay(SHARE_FEN - 110);
        assert_ok!(evaluate(Grade::Worse));
        assert_ok!(conclude());
        assert_eq!(owed_fen(), Some(27_515 - 10));
        assert_noop!(conclude(), Error::<Test>::NothingToRecover);
        assert_noop!(remit(1), pallet_funds::Error::<Test>::TagStopped);
    });
}

#[test]
fn a_flagged_county_loses_what_it_passed_on() {
    execute(|| {
        received();
        let friend = COUNTIES[1];
        assert_ok!(pass_on(COUNTY, friend, SHARE_FEN - 300));
        assert_ok!(evaluate(Grade::Stable));
        assert_ok!(Funds::flag(signed(AUDIT), programme(), COUNTY, Finding::Diversion, DOCUMENT));
        assert_ok!(conclude());
        assert_eq!(status(), AllocationStatus::Concluded(Outcome::ClawBack(SHARE_FEN - 100)));
        assert_eq!((held_fen(COUNTY), held_fen(friend), owed_fen()), (0, 0, None));
    });
}

/// What others than are asked at once have is owed, until it is taken.
#[test]
fn a_flagged_county_owes_what_is_with_too_many() {
    execute(|| {
        received();
        let friends = 100..110;
        for friend in friends.clone() {
            let part = Some(Part::Intermediary);
            assert_ok!(Funds::set_part(signed(PROVINCE), programme(), friend, part));
            assert_ok!(pass_on(COUNTY, friend, 1_000));
        }
        assert_ok!(evaluate(Grade::Better));
        assert_ok!(Funds::flag(signed(AUDIT), programme(), COUNTY, Finding::Fraud, DOCUMENT));
        assert_ok!(conclude());
        let left_fen = 10_000 - (Fen::from(crate::HOLDERS_MAX) + 1) * 1_000;
        let back_fen = SHARE_FEN - 100 - left_fen;
        assert_eq!(status(), AllocationStatus::Concluded(Outcome::ClawBack(back_fen)));
        assert_eq!(owed_fen(), Some(left_fen));
        assert_ok!(Compensation::do_try_state());
        assert_ok!(conclude());
        assert_eq!(status(), AllocationStatus::Concluded(Outcome::ClawBack(SHARE_FEN - 100)));
        assert_eq!((friends.map(held_fen).sum::<Fen>(), owed_fen()), (0, None));
    });
}

/// Being flagged does not spare a county what a worse grade costs.
#[test]
fn a_flagged_county_owes_no_less_than_its_grade_costs() {
    execute(|| {
        received();
        pay(SHARE_FEN - 110);
        assert_ok!(evaluate(Grade::ObviouslyWorse));
        assert_ok!(Funds::flag(signed(AUDIT), programme(), COUNTY, Finding::Fraud, DOCUMENT));
        assert_ok!(conclude());
        assert_eq!(status(), AllocationStatus::Concluded(Outcome::ClawBack(10)));
        assert_eq!(owed_fen(), Some(55_030 - 10));
        assert_noop!(conclude(), Error::<Test>::NothingToRecover);
    });
}

//! From a checkpoint to the proven block, and no other way.

use super::*;

#[test]
fn the_chain_of_the_checkpoint_is_the_only_one() {
    let mut bundle = usual(&Facts::new());
    bundle.genesis = [8; 32];
    let refused = refusal(&bundle);
    assert_eq!(refused.error, ProofError::WrongChain([8; 32]));
    assert_eq!(refused.step, ProofStep::Validators);
}

#[test]
fn time_is_bounded_on_both_sides() {
    let bundle = usual(&Facts::new());
    let checkpoint = checkpoint(10, &four(), &four());
    let at = |now| bundle.scan(&checkpoint, &Bounds::at(Moment(now))).map_err(|it| it.error);
    let time = T0 + DAY;
    assert!(at(time - SKEW_MS).is_ok());
    assert_eq!(at(time - SKEW_MS - 1), Err(ProofError::FromFuture(Moment(time))));
    assert!(at(time + AGE_MAX_MS).is_ok());
    assert_eq!(at(time + AGE_MAX_MS + 1), Err(ProofError::Stale(Moment(time))));
    assert_eq!(at(T0 + TRUSTING_PERIOD_MS), Err(ProofError::CheckpointExpired(Moment(T0))));
}

#[test]
fn signatures_are_counted_and_checked() {
    let (facts, four) = (Facts::new(), four());
    let with = |endorsing: std::ops::Range<usize>, deciding: std::ops::Range<usize>| {
        let endorsed = Block { signers: endorsing, ..block(&facts, 999, &four) };
        let decided = Block { signers: deciding, ..block(&facts, 1000, &four) };
        bundle_of(&facts, &[endorsed, decided], &[])
            .scan(&checkpoint(10, &four, &four), &bounds())
            .map_err(|it| it.error)
    };
    assert!(with(0..2, 0..3).is_ok());
    assert_eq!(with(0..1, 0..3), Err(ProofError::NotEndorsed(999)));
    assert_eq!(with(0..3, 0..2), Err(ProofError::NoQuorum(1000)));
    let mut forged = usual(&facts);
    forged.steps[1].precommits[0].signature[5] ^= 1;
    assert_eq!(refusal(&forged).error, ProofError::BadSignature(1000));
    // A signature of another round is none of this one.
    let mut round = usual(&facts);
    round.steps[0].round = 2;
    assert_eq!(refusal(&round).error, ProofError::BadSignature(999));
}

#[test]
fn trust_goes_on_only_by_the_rules() {
    let (facts, old, new) = (Facts::new(), keys(1..5), keys(3..9));
    let verdict = |blocks: &[Block<'_>], more: &[&[SigningKey]]| {
        bundle_of(&facts, blocks, more)
            .scan(&checkpoint(10, &old, &old), &bounds())
            .map(|scan| scan.height)
            .map_err(|it| it.error)
    };
    // One and two behind the checkpoint need no endorsement.
    assert_eq!(verdict(&[block(&facts, 11, &old)], &[]), Ok(11));
    assert_eq!(verdict(&[block(&facts, 12, &old)], &[]), Ok(12));
    let alone = verdict(&[block(&facts, 13, &old)], &[]);
    assert_eq!(alone, Err(ProofError::BrokenTrust));
    assert_eq!(
        verdict(&[block(&facts, 10, &old)], &[]),
        Err(ProofError::BeforeCheckpoint { height: 10, checkpoint: 10 })
    );
    assert_eq!(
        verdict(&[block(&facts, 12, &old), block(&facts, 11, &old)], &[]),
        Err(ProofError::BrokenTrust)
    );
    // An endorsed header says who decides the next one, and nothing else.
    let gap = verdict(&[block(&facts, 20, &old), block(&facts, 22, &old)], &[]);
    assert_eq!(gap, Err(ProofError::BrokenTrust));
    // A change that was announced.
    let announces = || Block { after_next: &new, ..block(&facts, 11, &old) };
    let changed = || Block { signers: 0..5, ..block(&facts, 13, &new) };
    assert_eq!(verdict(&[announces(), changed()], &[]), Ok(13));
    let other = keys(20..24);
    assert_eq!(
        verdict(&[announces(), block(&facts, 13, &other)], &[]),
        Err(ProofError::WrongValidators(13))
    );
    // A change that happened on the way: two of the old four are among the six that sign.
    let endorses =
        |signers| Block { signers, next: &new, after_next: &new, ..block(&facts, 500, &new) };
    let decides = || Block { signers: 0..5, ..block(&facts, 501, &new) };
    assert_eq!(verdict(&[endorses(0..6), decides()], &[]), Ok(501));
    // Strangers endorse nothing, whatever they announce.
    let strangers = Block { signers: 0..4, next: &other, ..block(&facts, 500, &other) };
    let decided = Block { signers: 0..4, ..block(&facts, 501, &other) };
    assert_eq!(verdict(&[strangers, decided], &[]), Err(ProofError::NotEndorsed(500)));
    // The set that an endorsed header announces, and no other, decides.
    let swapped = Block { signers: 0..4, ..block(&facts, 501, &other) };
    assert_eq!(verdict(&[endorses(0..6), swapped], &[]), Err(ProofError::WrongValidators(501)));
}

#[test]
fn a_checkpoint_on_the_way_takes_a_shorter_path() {
    let (facts, four) = (Facts::new(), four());
    let bundle = usual(&facts);
    for height in [10, 996, 997, 998, 999] {
        let scan = bundle.scan(&checkpoint(height, &four, &four), &bounds());
        assert_eq!(scan.map(|it| it.height), Ok(1000), "from {height}");
    }
}

#[test]
fn headers_are_read_strictly() {
    let mut bundle = usual(&Facts::new());
    bundle.steps[1].header.push(0);
    assert_eq!(refusal(&bundle).error, ProofError::HeaderMalformed(1));
    let mut bundle = usual(&Facts::new());
    bundle.steps[0].header = vec![1; 40];
    assert_eq!(refusal(&bundle).error, ProofError::HeaderMalformed(0));
}

#[test]
fn two_decisions_at_one_height_are_evidence() {
    let (facts, four) = (Facts::new(), four());
    let mut other = Facts::new();
    other.batch.n_recalls = 1;
    let decided = |facts: &Facts, signers| {
        bundle_of(facts, &[Block { signers, ..block(facts, 12, &four) }], &[])
    };
    let (checkpoint, bounds) = (checkpoint(10, &four, &four), bounds());
    let between =
        |one: &Bundle, other: &Bundle| Evidence::between(one, other, &checkpoint, &bounds);
    let (one, two) = (decided(&facts, 0..3), decided(&other, 1..4));
    let evidence = between(&one, &two).unwrap().unwrap();
    let conflict = evidence.check().unwrap();
    assert_eq!((conflict.height, conflict.rounds), (12, [1, 1]));
    let both: Vec<_> =
        set(&four[1..3]).iter().map(|key| format!("0x{}", hex::encode(key))).collect();
    assert_eq!(conflict.signed_both, both);
    // Other signatures on the same block contradict nothing, nor do other heights.
    assert_eq!(between(&one, &decided(&facts, 1..4)), Ok(None));
    let next = bundle_of(&other, &[block(&other, 11, &four)], &[]);
    assert_eq!(between(&one, &next), Ok(None));
    // What does not verify is no evidence.
    assert_eq!(between(&one, &decided(&other, 0..2)), Err(ProofError::NoQuorum(12)));
    // Written down it shows the same, and each signature counts once.
    let written = evidence.to_json().unwrap().to_string();
    let mut read = Evidence::from_json(written.as_bytes()).unwrap();
    assert_eq!(read, evidence);
    read.steps[0].precommits[1] = read.steps[0].precommits[0].clone();
    assert_eq!(read.check(), Err(ProofError::Malformed("signers")));
}

#[test]
fn what_was_passed_over_or_only_endorsed_is_evidence_against_nobody() {
    let (facts, four, stranger) = (Facts::new(), four(), keys(30..31));
    let between = |pair: [&[Block<'_>]; 2], from| {
        let [one, other] = pair.map(|blocks| bundle_of(&facts, blocks, &[]));
        Evidence::between(&one, &other, &checkpoint(from, &four, &four), &bounds())
    };
    // A stranger signs two headers before the checkpoint, in front of a genuine bundle.
    let own = |time| Block { signers: 0..1, time, ..block(&facts, 50, &stranger) };
    let genuine = || block(&facts, 102, &four);
    let early = [[own(T0), genuine()], [own(T0 + 1), genuine()]];
    for bundle in early.each_ref().map(|blocks| bundle_of(&facts, blocks, &[])) {
        assert!(bundle.verify(&checkpoint(100, &four, &four), &bounds()).is_ok());
    }
    assert_eq!(between(early.each_ref().map(|it| &it[..]), 100), Ok(None));
    // Three that were voted for in another round, under a set made of just these.
    let three = &four[..3];
    let voted = |time| Block { time, next: &four, ..block(&facts, 999, three) };
    let endorsed = [voted(T0), voted(T0 + 1)].map(|first| [first, block(&facts, 1000, &four)]);
    assert_eq!(between(endorsed.each_ref().map(|it| &it[..]), 10), Ok(None));
    // Two sets for one height, both announced: nothing that one set signed.
    let new = keys(3..9);
    let announces = |next, time| Block { next, time, ..block(&facts, 500, &four) };
    let forked = [
        [announces(&four, T0), block(&facts, 501, &four)],
        [announces(&new, T0 + 1), Block { signers: 0..5, ..block(&facts, 501, &new) }],
    ];
    assert_eq!(
        between(forked.each_ref().map(|it| &it[..]), 10),
        Err(ProofError::WrongValidators(501))
    );
}

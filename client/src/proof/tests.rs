//! Proofs over a small chain with keys of fixed seeds.

use super::{
    bundle::{Item, Precommit, Record, Step},
    records as state,
    tree::{self, EMPTY, Hash, Leaf, sha256},
    trust::set_hash,
    *,
};
use crate::{certification::CertificateStatus, labels::tree as series_tree, moment::Moment};
use codec::Encode;
use ecoledger_primitives::{
    Header, PreDigest, ValidatorSetDigest, ValueId, VoteKind, value_id, vote_bytes,
};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

const GENESIS: Hash = [7; 32];
/// 2026-06-01T00:00:00Z.
const T0: u64 = 1_780_272_000_000;
const DAY: u64 = 24 * 3600 * 1000;

fn keys(seeds: std::ops::Range<u8>) -> Vec<SigningKey> {
    let mut keys: Vec<_> = seeds.map(|seed| SigningKey::from_bytes(&[seed; 32])).collect();
    keys.sort_by_key(|key| key.verifying_key().to_bytes());
    keys
}

fn set(keys: &[SigningKey]) -> Vec<Hash> {
    keys.iter().map(|key| key.verifying_key().to_bytes()).collect()
}

/// The root of a whole tree, made without the walk of proofs.
fn whole_root(leaves: &[Leaf], depth: u8) -> Hash {
    match leaves {
        [] => EMPTY,
        [leaf] => {
            // A leaf alone is its own proof.
            tree::root(&[Leaf { depth: 0, ..*leaf }], &[]).unwrap()
        }
        _ => {
            let at = leaves.partition_point(|leaf| {
                leaf.key[usize::from(depth / 8)] >> (7 - depth % 8) & 1 == 0
            });
            let (left, right) =
                (whole_root(&leaves[..at], depth + 1), whole_root(&leaves[at..], depth + 1));
            sha256(&[&b"JMT::IntrnalNode"[..], &left, &right].concat())
        }
    }
}

/// Depth of a leaf and the hashes beside its path, from the leaf up.
fn path_of(leaves: &[Leaf], key: &Hash, depth: u8) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let bit = |leaf: &Hash| leaf[usize::from(depth / 8)] >> (7 - depth % 8) & 1 == 1;
    let at = leaves.partition_point(|leaf| !bit(&leaf.key));
    let (left, right) = leaves.split_at(at);
    let (own, other) = if bit(key) { (right, left) } else { (left, right) };
    let mut path = path_of(own, key, depth + 1);
    path.push(whole_root(other, depth + 1));
    path
}

/// A state, of which some records are proven.
struct State(Vec<(Vec<u8>, Vec<u8>)>);

impl State {
    fn leaves(&self) -> Vec<Leaf> {
        let mut leaves: Vec<_> = self
            .0
            .iter()
            .map(|(key, value)| Leaf { key: sha256(key), value: sha256(value), depth: 0 })
            .collect();
        leaves.sort_by_key(|leaf| leaf.key);
        leaves
    }

    fn root(&self) -> Hash {
        whole_root(&self.leaves(), 0)
    }

    fn prove(&self, keys: &[&[u8]]) -> (Vec<Record>, Vec<Hash>) {
        let all = self.leaves();
        let mut rows: Vec<_> = keys
            .iter()
            .map(|key| {
                let (_, value) = self.0.iter().find(|(it, _)| it == key).unwrap();
                let path = path_of(&all, &sha256(key), 0);
                let depth = u8::try_from(path.len()).unwrap();
                (Record { key: key.to_vec(), value: value.clone(), depth }, path)
            })
            .collect();
        rows.sort_by_key(|(record, _)| sha256(&record.key));
        let (records, paths): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let leaves: Vec<_> = records
            .iter()
            .map(|it: &Record| Leaf {
                key: sha256(&it.key),
                value: sha256(&it.value),
                depth: it.depth,
            })
            .collect();
        let siblings = tree::siblings(&leaves, &paths).unwrap();
        (records, siblings)
    }
}

/// A storage key with hashes that nobody reads.
fn key(place: &state::Place, parts: &[Vec<u8>]) -> Vec<u8> {
    place.key_for_tests(parts)
}

const BATCH_ID: [u8; 16] = [9; 16];
const GTIN: [u8; 14] = *b"09506000200033";

fn codes() -> Vec<Vec<u8>> {
    (0..5).map(|n| format!("\u{1}13426{n:012}").into_bytes()).collect()
}

/// What the records of the item say, to be changed by tests.
struct Facts {
    series: state::Series,
    batch: state::Batch,
    certificate: state::Certificate,
    licence: state::Licence,
    open_recalls: Vec<u32>,
}

impl Facts {
    fn new() -> Self {
        let codes = codes();
        let mut builder = series_tree::TreeBuilder::default();
        codes.iter().for_each(|code| builder.push(code, false));
        let (root, _) = builder.finish().unwrap();
        let series = state::Series {
            batch: BATCH_ID,
            gtin: GTIN,
            labeller: 1,
            root,
            n_codes: 5,
            scheme: state::CodeScheme::Organic { certifier: *b"134", year: *b"26" },
            list: [3; 32],
            state: state::SeriesState::Active,
            state_since: T0,
            certificate: Some(4),
            made_while_suspended: false,
            licence: Some(2),
            period: 2026,
            content: 500_000_000,
            left_before: 0,
            created_at: T0,
            n_sold: 0,
            n_returned: 0,
            n_destroyed: 0,
        };
        let batch = state::Batch {
            gtin: GTIN,
            lot: b"TIN-1".to_vec(),
            producer: 1,
            holder: 3,
            stage: state::Stage::Retail,
            quantities: state::Quantities {
                produced: 5,
                on_hand: 5,
                in_transit: 0,
                consumed: 0,
                sold: 0,
                lost: 0,
                destroyed: 0,
            },
            declared: state::Measure { value: 5, decimals: 0, unit: *b"H87" },
            hold: None,
            n_recalls: 0,
            test: Some(state::TestMark { lab: 4, passed: true, sampled_at: T0, report: [5; 32] }),
            transit: None,
            unit: None,
            origins: vec![0, 1],
            claims: vec![state::Claim { certificate: 4, made_while_suspended: false }],
            produced_at: T0,
            last_event_time: T0,
            formed_by: Some([8; 16]),
            n_derivations: 0,
            n_events: 3,
            history: [6; 32],
            rule_set: 1,
        };
        let certificate = state::Certificate {
            number: b"134OP2600001".to_vec(),
            holder: 1,
            body: 8,
            scheme: 1,
            application: 0,
            products: vec![state::CertifiedProduct {
                gtin: GTIN,
                quantity: 200_000_000,
                area_units: 2_000_000,
                drawn: 0,
                sold: 0,
            }],
            bases: vec![0, 1],
            issued_at: T0 - DAY,
            valid_from: 20_603,
            expires: 20_968,
            state: state::CertificateState::InForce,
            request: None,
            changes: vec![state::StatusChange {
                at: T0 - DAY,
                status: state::CertificateStatus::Valid,
            }],
            rule_set: 1,
        };
        let licence = state::Licence {
            brand: 0,
            licensee: 1,
            status: state::LicenceStatus::Granted,
            status_since: T0,
            sub_brand: Some("云雾茶".as_bytes().to_vec()),
            products: vec![state::LicensedProduct { gtin: GTIN, quota: 100_000_000 }],
            bases: vec![0, 1],
            certificate: Some(4),
            valid_from: T0 - DAY,
            valid_until: T0 + 300 * DAY,
            granted_at: Some(T0),
            period: state::PeriodRule::CalendarYear,
            fee_fen: 0,
            rules_version: 0,
            rule_set: 1,
            n_changes: 1,
            n_inspections: 1,
        };
        Self { series, batch, certificate, licence, open_recalls: Vec::new() }
    }

    fn rows(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let base = state::Base { owner: 1, region: 331_127, gln: None, area_units: 1_000_000 };
        let organisation = state::Organisation {
            name: "景宁茶叶合作社".as_bytes().to_vec(),
            did: None,
            registered_at: 0,
            registrar: state::Granter::Governance,
        };
        let number = |n: u32| vec![n.encode()];
        vec![
            (key(&state::SERIES, &number(0)), self.series.encode()),
            (key(&state::BATCH, &[BATCH_ID.to_vec()]), self.batch.encode()),
            (key(&state::CERTIFICATE, &number(4)), self.certificate.encode()),
            (key(&state::LICENCE, &number(2)), self.licence.encode()),
            (key(&state::OPEN_RECALLS, &[]), self.open_recalls.encode()),
            (key(&state::BASE, &number(0)), base.encode()),
            (key(&state::ORGANISATION, &number(1)), organisation.encode()),
        ]
    }

    fn state(&self) -> State {
        let others = (0..200u32).map(|n| (format!("other {n}").into_bytes(), n.encode()));
        State(self.rows().into_iter().chain(others).collect())
    }
}

/// A header on its way into a bundle.
struct Block<'a> {
    height: u32,
    state_root: Hash,
    time: u64,
    /// Set of its height, and which of it sign.
    set: &'a [SigningKey],
    signers: std::ops::Range<usize>,
    next: &'a [SigningKey],
    after_next: &'a [SigningKey],
}

impl Block<'_> {
    fn header(&self) -> Header {
        let mut digest = PreDigest { time_ms: self.time, proposer: [1; 32] }.to_digest();
        digest.push(
            ValidatorSetDigest {
                next: set_hash(&set(self.next)),
                after_next: set_hash(&set(self.after_next)),
            }
            .to_item(),
        );
        Header {
            parent_hash: [2; 32].into(),
            number: self.height,
            state_root: self.state_root.into(),
            extrinsics_root: [4; 32].into(),
            digest,
        }
    }

    fn step(&self, sets: &mut Vec<Vec<Hash>>) -> Step {
        let keys = set(self.set);
        let index = sets.iter().position(|it| *it == keys).unwrap_or_else(|| {
            sets.push(keys);
            sets.len() - 1
        });
        let header = self.header();
        let value: ValueId = value_id(&header);
        let bytes = vote_bytes(VoteKind::Precommit, &GENESIS.into(), self.height, 1, Some(value));
        let precommits = self.signers.clone().map(|validator| Precommit {
            validator: u8::try_from(validator).unwrap(),
            signature: self.set[validator].sign(&bytes).to_bytes(),
        });
        Step {
            header: header.encode(),
            round: 1,
            set: u8::try_from(index).unwrap(),
            precommits: precommits.collect(),
        }
    }
}

fn bundle_of(facts: &Facts, blocks: &[Block<'_>], more_sets: &[&[SigningKey]]) -> Bundle {
    let state = facts.state();
    let rows = facts.rows();
    let keys: Vec<_> = rows.iter().map(|(key, _)| key.as_slice()).collect();
    let (records, siblings) = state.prove(&keys);
    let mut sets = Vec::new();
    let steps = blocks.iter().map(|block| block.step(&mut sets)).collect();
    sets.extend(more_sets.iter().map(|keys| set(keys)));
    let codes = codes();
    let mut builder = series_tree::TreeBuilder::default();
    codes.iter().enumerate().for_each(|(index, code)| builder.push(code, index == 3));
    let (_, path) = builder.finish().unwrap();
    let item = Some(Item { leaf: codes[3].clone(), index: 3, path });
    Bundle { genesis: GENESIS, steps, sets, records, siblings, item }
}

fn checkpoint(height: u32, next: &[SigningKey], after_next: &[SigningKey]) -> Checkpoint {
    let keys = |keys: &[SigningKey]| {
        set(keys).iter().map(|key| format!("0x{}", hex::encode(key)).parse().unwrap()).collect()
    };
    Checkpoint {
        genesis: format!("0x{}", hex::encode(GENESIS)).parse().unwrap(),
        height,
        time_ms: Moment(T0),
        next: keys(next),
        after_next: keys(after_next),
    }
}

/// Four validators, from first to last.
fn four() -> Vec<SigningKey> {
    keys(1..5)
}

fn block<'a>(facts: &Facts, height: u32, set: &'a [SigningKey]) -> Block<'a> {
    Block {
        height,
        state_root: facts.state().root(),
        time: T0 + DAY,
        set,
        signers: 0..3,
        next: set,
        after_next: set,
    }
}

/// An ordinary bundle: far from the checkpoint, the same validators.
fn usual(facts: &Facts) -> Bundle {
    let four = four();
    bundle_of(facts, &[block(facts, 999, &four), block(facts, 1000, &four)], &[])
}

fn bounds() -> Bounds {
    Bounds::at(Moment(T0 + DAY + 3_600_000))
}

fn scanned(facts: &Facts) -> Scan {
    usual(facts).scan(&checkpoint(10, &four(), &four()), &bounds()).unwrap()
}

fn refusal(bundle: &Bundle) -> ScanError {
    bundle.scan(&checkpoint(10, &four(), &four()), &bounds()).unwrap_err()
}

#[test]
fn a_scan_says_what_the_records_say() {
    let scan = scanned(&Facts::new());
    assert!(scan.is_in_order());
    assert_eq!((scan.height, scan.time), (1000, Moment(T0 + DAY)));
    assert_eq!(scan.code, "13426000000000003");
    assert_eq!((scan.gtin.as_str(), scan.lot.as_str()), ("09506000200033", "TIN-1"));
    assert_eq!(scan.recall, RecallVerdict::Clear);
    assert_eq!(scan.certificates[0].number, "134OP2600001");
    assert_eq!(scan.certificates[0].when_made, Some(CertificateStatus::Valid));
    assert_eq!(scan.certificates[0].now, Some(CertificateStatus::Valid));
    assert!(scan.certificates[0].is_on_label);
    assert!(scan.licence.as_ref().unwrap().is_in_force);
    assert_eq!(scan.origins[0], OriginScan { base: 0, region: Some(331_127) });
    assert_eq!(scan.origins[1], OriginScan { base: 1, region: None });
    assert_eq!(scan.names, [(1, "景宁茶叶合作社".to_owned())]);
}

#[test]
fn what_stands_against_an_item_shows() {
    let with = |change: fn(&mut Facts)| {
        let mut facts = Facts::new();
        change(&mut facts);
        let scan = scanned(&facts);
        assert!(!scan.is_in_order());
        scan
    };
    assert_eq!(with(|it| it.batch.n_recalls = 2).recall, RecallVerdict::Recalled(2));
    assert_eq!(with(|it| it.open_recalls = vec![7]).recall, RecallVerdict::BeingAssessed);
    assert!(!with(|it| it.series.state = state::SeriesState::Void).is_series_active);
    assert_eq!(with(|it| it.batch.test.as_mut().unwrap().passed = false).test_passed, Some(false));
    let hold = |it: &mut Facts| {
        let authority = state::HoldAuthority::FailedTest;
        it.batch.hold = Some(state::Hold { authority, by: 4, since: T0, reason: None });
    };
    assert!(with(hold).is_on_hold);
    let suspend = |it: &mut Facts| {
        let status = state::CertificateStatus::Suspended;
        it.certificate.changes.push(state::StatusChange { at: T0 + 1, status });
    };
    assert_eq!(with(suspend).certificates[0].now, Some(CertificateStatus::Suspended));
    assert_eq!(with(suspend).certificates[0].when_made, Some(CertificateStatus::Valid));
    let expired = with(|it| it.certificate.expires = 20_605);
    assert_eq!(expired.certificates[0].now, Some(CertificateStatus::Expired));
    assert!(
        !with(|it| it.licence.status = state::LicenceStatus::Suspended)
            .licence
            .unwrap()
            .is_in_force
    );
    assert!(!with(|it| it.licence.valid_until = T0 + DAY).licence.unwrap().is_in_force);
}

#[test]
fn both_forms_are_the_same() {
    let bundle = usual(&Facts::new());
    let bytes = bundle.to_bytes();
    assert_eq!(Bundle::from_bytes(&bytes).unwrap(), bundle);
    let json = serde_json::to_vec(&bundle.to_json().unwrap()).unwrap();
    assert_eq!(Bundle::from_json(&json).unwrap(), bundle);
    assert_eq!(Bundle::read(&json).unwrap(), Bundle::read(&bytes).unwrap());
}

#[test]
fn each_record_has_a_proof_that_ics23_accepts() {
    let facts = Facts::new();
    let root = facts.state().root().to_vec();
    let json = usual(&facts).to_json().unwrap();
    let bytes = |text: &serde_json::Value| hex::decode(&text.as_str().unwrap()[2..]).unwrap();
    let spec = jmt_spec();
    for record in json["records"].as_array().unwrap() {
        let proof: ics23::CommitmentProof =
            prost::Message::decode(bytes(&record["proof"]).as_slice()).unwrap();
        let (key, value) = (bytes(&record["key"]), bytes(&record["value"]));
        type Host = ics23::HostFunctionsManager;
        assert!(ics23::verify_membership::<Host>(&proof, &spec, &root, &key, &value));
        assert!(!ics23::verify_membership::<Host>(&proof, &spec, &root, &key, b"other"));
    }
}

/// The specification of `jmt`, by which outside libraries read proofs.
fn jmt_spec() -> ics23::ProofSpec {
    use ics23::{HashOp, InnerSpec, LeafOp, LengthOp, ProofSpec};
    ProofSpec {
        leaf_spec: Some(LeafOp {
            hash: HashOp::Sha256.into(),
            prehash_key: HashOp::Sha256.into(),
            prehash_value: HashOp::Sha256.into(),
            length: LengthOp::NoPrefix.into(),
            prefix: b"JMT::LeafNode".to_vec(),
        }),
        inner_spec: Some(InnerSpec {
            hash: HashOp::Sha256.into(),
            child_order: vec![0, 1],
            min_prefix_length: 16,
            max_prefix_length: 16,
            child_size: 32,
            empty_child: EMPTY.to_vec(),
        }),
        min_depth: 0,
        max_depth: 64,
        prehash_key_before_comparison: true,
    }
}

#[test]
fn every_byte_counts() {
    let bundle = usual(&Facts::new());
    let bytes = bundle.to_bytes();
    let checkpoint = checkpoint(10, &four(), &four());
    for at in 0..bytes.len() {
        for flip in [1, 0x10, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            let verdict = Bundle::from_bytes(&changed)
                .map_err(|error| error.name())
                .and_then(|it| it.scan(&checkpoint, &bounds()).map_err(|it| it.error.name()));
            assert!(verdict.is_err(), "byte {at} with {flip:#x} passes");
        }
        assert!(Bundle::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(Bundle::from_bytes(&longer), Err(ProofError::Malformed("encoding")));
}

/// Both forms, the checkpoint, and the verdict on tampering with every eleventh byte, as other
/// verifiers of this chain must find them; and bundles of goods that something stands against.
#[test]
fn the_format_is_golden() {
    let bundle = usual(&Facts::new());
    let checkpoint = checkpoint(10, &four(), &four());
    let bytes = bundle.to_bytes();
    let verdicts = (0..bytes.len()).step_by(11).map(|at| {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let verdict = Bundle::from_bytes(&changed)
            .map_err(|error| error.name())
            .and_then(|it| it.scan(&checkpoint, &bounds()).map_err(|it| it.error.name()));
        json!([at, verdict.unwrap_err()])
    });
    let with = |change: fn(&mut Facts)| {
        let mut facts = Facts::new();
        change(&mut facts);
        format!("0x{}", hex::encode(usual(&facts).to_bytes()))
    };
    let others = json!({
        "recalled": with(|it| it.batch.n_recalls = 1),
        "beingAssessed": with(|it| it.open_recalls = vec![7]),
        "expired": with(|it| it.certificate.expires = 20_605),
    });
    let expected = json!({
        "others": others,
        "now": bounds().now,
        "checkpoint": checkpoint,
        "binary": format!("0x{}", hex::encode(&bytes)),
        "json": bundle.to_json().unwrap(),
        "scan": bundle.scan(&checkpoint, &bounds()).unwrap(),
        "verdicts": verdicts.collect::<Vec<_>>(),
    });
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/proof-v1.json");
    let golden: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(golden[name], *value, "{name}");
    }
}

#[test]
fn bundles_of_other_kinds_are_refused() {
    let bytes = usual(&Facts::new()).to_bytes();
    assert_eq!(Bundle::from_bytes(b"hello"), Err(ProofError::Malformed("first bytes")));
    assert_eq!(Bundle::from_bytes(&MAGIC), Err(ProofError::Malformed("length")));
    let mut newer = bytes.clone();
    newer[4] = 2;
    assert_eq!(Bundle::from_bytes(&newer), Err(ProofError::Version(2)));
    let long = vec![0; BUNDLE_BYTES_MAX + 1];
    assert_eq!(Bundle::from_bytes(&long), Err(ProofError::TooLong(BUNDLE_BYTES_MAX + 1)));
    assert_eq!(Bundle::from_json(b"{}"), Err(ProofError::Malformed("JSON")));
}

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
fn records_are_those_of_the_block() {
    let mut changed = Facts::new();
    changed.batch.n_recalls = 1;
    // The state has the recall, and the bundle the record from before.
    let four = four();
    let recalled = block(&changed, 12, &four);
    let bundle = bundle_of(&Facts::new(), &[recalled], &[]);
    let refused = refusal(&bundle);
    assert_eq!((refused.step, refused.error), (ProofStep::Records, ProofError::WrongRecords));
}

/// A bundle without the records of one place.
fn without(place: &state::Place) -> Bundle {
    let facts = Facts::new();
    let mut bundle = usual(&facts);
    let rows = facts.rows();
    let kept: Vec<_> = rows
        .iter()
        .map(|(key, _)| key.as_slice())
        .filter(|key| !key.starts_with(&key_prefix(place)))
        .collect();
    (bundle.records, bundle.siblings) = facts.state().prove(&kept);
    bundle
}

fn key_prefix(place: &state::Place) -> Vec<u8> {
    key(place, &[])
}

#[test]
fn what_a_scan_needs_is_named_when_it_is_missing() {
    for (place, step) in [
        (&state::SERIES, ProofStep::Item),
        (&state::BATCH, ProofStep::Story),
        (&state::CERTIFICATE, ProofStep::Story),
        (&state::LICENCE, ProofStep::Story),
        (&state::OPEN_RECALLS, ProofStep::Story),
    ] {
        let refused = refusal(&without(place));
        assert_eq!(refused.error, ProofError::RecordMissing(place.name));
        assert_eq!(refused.step, step);
    }
    // What only adorns the page may be missing.
    for place in [&state::BASE, &state::ORGANISATION] {
        let bundle = without(place);
        assert!(bundle.scan(&checkpoint(10, &four(), &four()), &bounds()).is_ok());
    }
}

#[test]
fn codes_must_be_in_the_series() {
    let with = |change: fn(&mut Bundle)| {
        let mut bundle = usual(&Facts::new());
        change(&mut bundle);
        refusal(&bundle).error
    };
    assert_eq!(with(|it| it.item = None), ProofError::NoItem);
    fn item(bundle: &mut Bundle) -> Item {
        bundle.item.take().unwrap()
    }
    assert_eq!(with(|it| it.item = Some(Item { index: 2, ..item(it) })), ProofError::NotInSeries);
    assert_eq!(
        with(|it| it.item = Some(Item { leaf: b"\x0113426000000000009".to_vec(), ..item(it) })),
        ProofError::NotInSeries
    );
    let mut facts = Facts::new();
    facts.series.scheme = state::CodeScheme::Gs1Serial;
    assert_eq!(refusal(&usual(&facts)).error, ProofError::CodeMalformed);
}

#[test]
fn records_are_read_strictly() {
    let facts = Facts::new();
    let mut rows = facts.rows();
    rows[1].1.push(0);
    let state = State(rows.clone());
    let four = four();
    let mut bundle =
        bundle_of(&facts, &[Block { state_root: state.root(), ..block(&facts, 12, &four) }], &[]);
    let keys: Vec<_> = rows.iter().map(|(key, _)| key.as_slice()).collect();
    (bundle.records, bundle.siblings) = state.prove(&keys);
    assert_eq!(refusal(&bundle).error, ProofError::RecordMalformed("batch"));
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
}

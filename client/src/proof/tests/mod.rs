//! Proofs over a small chain with keys of fixed seeds.

use super::{
    bundle::{Item, Precommit, Record, Step},
    records as state,
    tree::{self, EMPTY, Hash, Leaf, sha256},
    trust::set_hash,
    *,
};
use crate::{
    brands::LicenceStatus,
    certification::CertificateStatus,
    labels::{ItemLife, SeriesState, tree as series_tree},
    moment::Moment,
};
use codec::Encode;
use ecoledger_primitives::{
    Header, PreDigest, ValidatorSetDigest, ValueId, VoteKind, value_id, vote_bytes,
};
use ed25519_dalek::{Signer as _, SigningKey};

mod format;
mod layouts;
mod recall_model;
mod recalls;
mod scan;
mod trust;

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
        let leaves: Vec<_> = records.iter().map(Record::leaf).collect();
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
    mark: Option<state::ItemMark>,
    /// Open recalls, and ancestors of the batch.
    recalls: Vec<(u32, state::Recall)>,
    ancestors: Vec<(state::BatchKey, state::Batch)>,
    derivations: Vec<(state::BatchKey, state::Derivation)>,
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
            state: SeriesState::Active,
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
            changes: vec![state::StatusChange { at: T0 - DAY, status: CertificateStatus::Valid }],
            rule_set: 1,
        };
        let licence = state::Licence {
            brand: 0,
            licensee: 1,
            status: LicenceStatus::Granted,
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
        Self {
            series,
            batch,
            certificate,
            licence,
            open_recalls: Vec::new(),
            mark: None,
            recalls: Vec::new(),
            ancestors: Vec::new(),
            derivations: Vec::new(),
        }
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
        // The item of the bundles is the fourth of its series.
        let mark_key = key(&state::ITEM_MARK, &[0u32.encode(), 3u32.encode()]);
        let mark = self.mark.iter().map(|mark| (mark_key.clone(), mark.encode()));
        let recalls =
            self.recalls.iter().map(|(id, it)| (key(&state::RECALL, &number(*id)), it.encode()));
        let ancestors =
            self.ancestors.iter().map(|(id, it)| (key(&state::BATCH, &[id.to_vec()]), it.encode()));
        let derivations = self
            .derivations
            .iter()
            .map(|(id, it)| (key(&state::DERIVATION, &[id.to_vec()]), it.encode()));
        let rows = vec![
            (key(&state::SERIES, &number(0)), self.series.encode()),
            (key(&state::BATCH, &[BATCH_ID.to_vec()]), self.batch.encode()),
            (key(&state::CERTIFICATE, &number(4)), self.certificate.encode()),
            (key(&state::LICENCE, &number(2)), self.licence.encode()),
            (key(&state::OPEN_RECALLS, &[]), self.open_recalls.encode()),
            (key(&state::BASE, &number(0)), base.encode()),
            (key(&state::ORGANISATION, &number(1)), organisation.encode()),
        ];
        rows.into_iter().chain(mark).chain(recalls).chain(ancestors).chain(derivations).collect()
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

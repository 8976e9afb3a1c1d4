//! What a commit accepts, refuses and leaves behind.

use super::{Chain, certify, config, next_block, owned, validators};
use crate::{
    StateChanges, StateRetention, Storage, StorageError, commitment::sha256, database::Column,
    proof_spec,
};
use codec::Encode;
use ecoledger_primitives::{EVENTS_KEY, Hash, Hashing};
use ics23::{CommitmentProof, HostFunctionsManager};
use prost::Message;
use sp_runtime::{OpaqueExtrinsic, traits::Hash as _};

fn extrinsic(seed: u8) -> OpaqueExtrinsic {
    OpaqueExtrinsic::from_blob(vec![seed; 40])
}

#[test]
fn open_of_a_new_directory_has_no_block() {
    let chain = Chain::new(StateRetention::Archive);
    assert_eq!(chain.storage.head(), None);
    assert_eq!(chain.storage.genesis_hash(), None);
    assert!(matches!(
        chain.storage.state(0),
        Err(StorageError::UnknownHeight { number: 0, head: None })
    ));
    assert_eq!(chain.storage.validator_set(1).unwrap(), None);
    assert_eq!(chain.storage.header(0).unwrap(), None);
    assert_eq!(chain.storage.hash(0).unwrap(), None);
    chain.storage.verify_consistency().unwrap();
}

#[test]
fn commit_works() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let extrinsics = vec![extrinsic(1), extrinsic(2), extrinsic(1)];
    let commit = next_block(&chain.storage, owned([("a", Some("1"))]), extrinsics.clone());
    let block = commit.block.clone();
    assert_eq!(commit.update.changes().collect::<Vec<_>>(), [(&b"a"[..], Some(&b"1"[..]))]);
    chain.storage.commit(commit.clone()).unwrap();

    let check = |storage: &Storage| {
        let head = storage.head().unwrap();
        assert_eq!((head.number, head.hash), (1, block.header.hash()));
        assert_eq!(head.header, block.header);
        assert_eq!(storage.genesis_hash(), storage.hash(0).unwrap());
        assert_eq!(storage.genesis_hash(), Some(block.header.parent_hash));
        assert_eq!(storage.header(1).unwrap().as_ref(), Some(&block.header));
        let stored = storage.block(1).unwrap().unwrap();
        assert_eq!(stored.encode(), block.encode());
        assert_eq!(storage.hash(1).unwrap(), Some(head.hash));
        assert_eq!(storage.number_of(&head.hash).unwrap(), Some(1));
        assert_eq!(storage.number_of(&Hash::repeat_byte(9)).unwrap(), None);
        assert_eq!(storage.certificate(0).unwrap(), None);
        assert_eq!(storage.certificate(1).unwrap(), commit.certificate);
        assert_eq!(storage.certificate(2).unwrap(), None);
        let position = |seed| storage.transaction(&Hashing::hash_of(&extrinsic(seed))).unwrap();
        assert_eq!(position(1), Some((1, 0)), "the first of two");
        assert_eq!(position(2), Some((1, 1)));
        assert_eq!(position(3), None);
        assert_eq!(storage.state(1).unwrap().get(b"a").unwrap(), Some(b"1".to_vec()));
        assert_eq!(storage.state(0).unwrap().get(b"a").unwrap(), None);
    };
    check(&chain.storage);
    let stats = chain.storage.stats().unwrap();
    assert_eq!(stats.columns.len(), Column::ALL.len());
    assert!(stats.log_bytes > 0 && stats.buffer_bytes > 0);
    assert!(stats.total_bytes() >= stats.log_bytes);
    let chain = chain.reopen();
    check(&chain.storage);
}

#[test]
fn transaction_that_comes_again_keeps_its_first_position() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    for _ in 0..2 {
        let commit = next_block(&chain.storage, StateChanges::new(), vec![extrinsic(7)]);
        chain.storage.commit(commit).unwrap();
    }
    let hash = Hashing::hash_of(&extrinsic(7));
    assert_eq!(chain.storage.transaction(&hash).unwrap(), Some((1, 0)));
}

#[test]
fn commit_again_changes_nothing() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let commit = chain.next([("a", Some("1"))]);
    chain.storage.commit(commit.clone()).unwrap();
    chain.storage.commit(commit.clone()).unwrap();
    chain.commit([("a", Some("2"))]);
    let mut other_signers = commit.clone();
    other_signers.certificate = Some(certify(&commit.block.header, 3));
    chain.storage.commit(other_signers).unwrap();
    assert_eq!(chain.head(), 2);
    assert_eq!(chain.storage.certificate(1).unwrap(), commit.certificate);
    assert_eq!(chain.storage.state(2).unwrap().get(b"a").unwrap(), Some(b"2".to_vec()));
    let chain = chain.reopen();
    chain.storage.commit(commit).unwrap();
    assert_eq!(chain.head(), 2);
}

#[test]
fn commit_rejects_conflict() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let other = chain.next([("a", Some("other"))]);
    let commit = chain.next([("a", Some("1"))]);
    let committed = commit.block.header.hash();
    chain.storage.commit(commit).unwrap();
    let offered = other.block.header.hash();
    assert!(matches!(
        chain.storage.commit(other),
        Err(StorageError::Conflict { number: 1, committed: c, offered: o })
            if c == committed && o == offered
    ));
    assert_eq!(chain.storage.state(1).unwrap().get(b"a").unwrap(), Some(b"1".to_vec()));
}

#[test]
fn commit_rejects_what_does_not_belong_together() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let commit = chain.next([("a", Some("1"))]);
    let mut bad = vec![commit.clone(); 7];
    bad[0].block.header.number = 2;
    bad[1].block.header.parent_hash = Hash::repeat_byte(1);
    bad[2].block.header.state_root = Hash::repeat_byte(1);
    bad[3].certificate = None;
    bad[4].certificate.as_mut().unwrap().height = 2;
    bad[5].certificate.as_mut().unwrap().value_id.0 = [0; 32];
    bad[6].validator_sets[0].0 = 3;
    for (index, bad) in bad.into_iter().enumerate() {
        assert!(
            matches!(chain.storage.commit(bad), Err(StorageError::InvalidCommit { .. })),
            "{index}"
        );
    }
    chain.storage.commit(commit).unwrap();

    let empty = Chain::new(StateRetention::Archive);
    let mut genesis = empty.next([("a", Some("1"))]);
    genesis.certificate = Some(certify(&genesis.block.header, 0));
    assert!(matches!(empty.storage.commit(genesis), Err(StorageError::InvalidCommit { .. })));
}

#[test]
fn commit_rejects_update_of_another_parent() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let stale = chain.next([("a", Some("1"))]).update;
    chain.commit([("b", Some("1"))]);
    let mut commit = chain.next([("a", Some("1"))]);
    commit.block.header.state_root = stale.root();
    commit.certificate = Some(certify(&commit.block.header, 0));
    commit.update = stale;
    assert!(matches!(
        chain.storage.commit(commit),
        Err(StorageError::NotOnHead { parent: Some(0), head: Some(1) })
    ));
    assert!(matches!(
        chain.storage.compute_update(Some(0), StateChanges::new()),
        Err(StorageError::NotOnHead { parent: Some(0), head: Some(1) })
    ));
    // A genesis can be computed again, to compare it, but not committed.
    let genesis = chain.storage.compute_update(None, owned([("genesis", Some("here"))])).unwrap();
    assert_eq!(genesis.root(), chain.storage.header(0).unwrap().unwrap().state_root);
}

#[test]
fn update_drops_changes_that_change_nothing() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let update = chain.next([("genesis", Some("here")), ("nowhere", None)]).update;
    assert_eq!(update.changes().len(), 0);
    assert_eq!(update.root(), chain.storage.head().unwrap().header.state_root);
}

#[test]
fn commit_without_changes_has_a_state_of_its_own() {
    let chain = Chain::with_genesis(super::recent(2));
    for _ in 0..5 {
        chain.commit(Vec::<(&str, Option<&str>)>::new());
    }
    assert_eq!(chain.storage.state(5).unwrap().get(b"genesis").unwrap(), Some(b"here".to_vec()));
    assert!(chain.storage.prove(5, b"genesis").is_ok());
    assert!(chain.storage.prove(4, b"genesis").is_ok());
}

#[test]
fn validator_sets_hold_until_the_next_change() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    for number in 1..=6 {
        let mut commit = chain.next([("n", Some([number as u8]))]);
        // Decided in block 3, active from height 5.
        let set = |height: u32| validators(if height >= 5 { 2 } else { 1 });
        commit.validator_sets = [(number + 1, set(number + 1)), (number + 2, set(number + 2))];
        chain.storage.commit(commit).unwrap();
    }
    let check = |storage: &Storage| {
        assert_eq!(storage.validator_set(0).unwrap(), None);
        for height in 1..=4 {
            assert_eq!(storage.validator_set(height).unwrap(), Some(validators(1)));
        }
        for height in 5..=8 {
            assert_eq!(storage.validator_set(height).unwrap(), Some(validators(2)));
        }
        assert_eq!(storage.validator_set(9).unwrap(), None);
    };
    check(&chain.storage);
    let chain = chain.reopen();
    check(&chain.storage);
    let mut commit = chain.next([("n", Some("7"))]);
    commit.validator_sets = [(8, validators(3)), (9, validators(3))];
    assert!(matches!(chain.storage.commit(commit), Err(StorageError::InvalidCommit { .. })));
}

#[test]
fn failed_write_poisons() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    chain.commit([("a", Some("1"))]);
    let commit = chain.next([("a", Some("2"))]);
    chain.storage.inner.database.fail_writes();
    assert!(matches!(chain.storage.commit(commit.clone()), Err(StorageError::Database { .. })));
    assert!(matches!(chain.storage.commit(commit.clone()), Err(StorageError::Poisoned)));
    assert!(matches!(chain.storage.update_pool([]), Err(StorageError::Poisoned)));
    assert_eq!(chain.head(), 1, "what was not written is not the head");
    assert_eq!(chain.storage.state(1).unwrap().get(b"a").unwrap(), Some(b"1".to_vec()));
    let chain = chain.reopen();
    assert_eq!(chain.head(), 1);
    chain.storage.commit(commit).unwrap();
    assert_eq!(chain.head(), 2);
}

#[test]
fn open_rejects_unknown_schema() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let mut batch = chain.storage.inner.database.batch();
    batch.put(Column::Meta, crate::schema::meta::SCHEMA, 77u32.to_be_bytes());
    batch.write().unwrap();
    let Chain { storage, dir, .. } = chain;
    drop(storage);
    let error = Storage::open(dir.path(), config(StateRetention::Archive)).err().unwrap();
    assert!(matches!(&error, StorageError::UnknownSchema { found, expected: 2 } if found == "77"));
    assert_eq!(
        error.to_string(),
        "database has schema 77, expected 2; use the version that wrote it"
    );
}

/// A database of these columns, and a version where there is a column for it.
fn foreign(columns: &[&str], version: Option<u32>) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut options = rocksdb::Options::default();
    options.create_if_missing(true);
    options.create_missing_column_families(true);
    let db = rocksdb::DB::open_cf(&options, dir.path(), columns).unwrap();
    if let Some(version) = version {
        db.put_cf(db.cf_handle("meta").unwrap(), b"schema", version.to_be_bytes()).unwrap();
    }
    dir
}

#[test]
fn open_rejects_other_columns_and_leaves_them() {
    let names = |dir: &tempfile::TempDir| {
        rocksdb::DB::list_cf(&rocksdb::Options::default(), dir.path()).unwrap()
    };
    for (columns, version, expected) in [
        (&["later"][..], None, "with column later"),
        (&["meta", "later"], Some(77), "77 with column later"),
        (&["meta", "state"], Some(0), "0"),
    ] {
        let dir = foreign(columns, version);
        let before = names(&dir);
        assert!(matches!(
            Storage::open(dir.path(), config(StateRetention::Archive)),
            Err(StorageError::UnknownSchema { found, .. }) if found == expected
        ));
        assert_eq!(names(&dir), before);
    }
    let dir = foreign(&["meta", "state"], Some(crate::schema::SCHEMA_VERSION));
    assert!(matches!(
        Storage::open(dir.path(), config(StateRetention::Archive)),
        Err(StorageError::Corrupt { .. })
    ));
}

#[test]
fn open_finishes_a_creation_that_was_cut_short() {
    let dir = foreign(&["meta", "state"], None);
    let storage = Storage::open(dir.path(), config(StateRetention::Archive)).unwrap();
    assert_eq!(storage.head(), None);
}

#[test]
fn open_rejects_a_second_time() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    assert!(matches!(
        Storage::open(chain.dir.path(), chain.config),
        Err(StorageError::Database { action: "open database", .. })
    ));
}

#[test]
fn open_rejects_a_tree_that_is_not_the_headers() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let mut batch = chain.storage.inner.database.batch();
    batch.put(Column::Nodes, [0, 0, 0, 0, 0], [0]);
    batch.write().unwrap();
    let Chain { storage, dir, config } = chain;
    drop(storage);
    assert!(matches!(Storage::open(dir.path(), config), Err(StorageError::Corrupt { .. })));
}

#[test]
fn verify_consistency_finds_a_changed_value() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let mut batch = chain.storage.inner.database.batch();
    batch.put(Column::State, b"genesis", b"there");
    batch.write().unwrap();
    assert!(matches!(chain.storage.verify_consistency(), Err(StorageError::Corrupt { .. })));
}

#[test]
fn events_are_committed_by_their_digest() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let events = vec![7u8; 1 << 20];
    chain.commit([(&EVENTS_KEY[..], Some(&events[..])), (b"other", Some(b"value"))]);

    let encoded = chain.storage.prove(1, &EVENTS_KEY).unwrap();
    assert!(encoded.len() < 4_096, "{} bytes", encoded.len());
    let proof = CommitmentProof::decode(encoded.as_slice()).unwrap();
    let root = chain.storage.head().unwrap().header.state_root.as_bytes().to_vec();
    let proves = |value: &[u8]| {
        let spec = proof_spec();
        ics23::verify_membership::<HostFunctionsManager>(&proof, &spec, &root, &EVENTS_KEY, value)
    };
    assert!(proves(&sha256(&events)));
    assert!(!proves(&events));
    // The flat state has them whole, and the whole agrees with the root.
    assert_eq!(chain.storage.state(1).unwrap().get(&EVENTS_KEY).unwrap(), Some(events));
    chain.storage.verify_consistency().unwrap();
}

//! What is left when the process, or the end of the log, is lost.

use super::{Chain, config, next_block, owned};
use crate::{StateRetention, Storage, StorageError};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Names the directory in which [`commit_until_killed`] commits.
const DIR: &str = "ECOLEDGER_STORAGE_CRASH_DIR";

fn commit_number(storage: &Storage) -> u32 {
    let number = storage.head().map_or(0, |head| head.number + 1);
    let changes = owned([
        ("number".to_owned(), Some(number.to_be_bytes().to_vec())),
        (format!("key {number}"), Some(vec![1; 300])),
        (format!("key {}", number / 2), None),
    ]);
    storage.commit(next_block(storage, changes, Vec::new())).unwrap();
    number
}

/// The head is whole: state, tree, header and indexes are of the same height.
fn check_whole(storage: &Storage) -> u32 {
    storage.verify_consistency().unwrap();
    let head = storage.head().unwrap();
    let state = storage.state(head.number).unwrap();
    assert_eq!(state.get(b"number").unwrap(), Some(head.number.to_be_bytes().to_vec()));
    assert_eq!(storage.number_of(&head.hash).unwrap(), Some(head.number));
    assert!(storage.block(head.number).unwrap().is_some());
    assert_eq!(storage.block(head.number + 1).unwrap(), None);
    head.number
}

/// The other half of [`kill_loses_no_acknowledged_block`]; does nothing on its own.
#[test]
fn commit_until_killed() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let storage = Storage::open(Path::new(&dir), config(StateRetention::Archive)).unwrap();
    loop {
        println!("committed {}", commit_number(&storage));
    }
}

#[test]
fn kill_loses_no_acknowledged_block() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = None;
    for kill_after in [1, 7, 40, 150] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::crash::commit_until_killed", "--nocapture"])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut seen = 0;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            // The harness prints the test's name in front of the first one.
            let line = line.unwrap();
            let Some((_, number)) = line.split_once("committed ") else { continue };
            acknowledged = Some(number.parse::<u32>().unwrap());
            seen += 1;
            if seen == kill_after {
                // SIGKILL on Unix. What the pipe still holds was acknowledged too.
                child.kill().unwrap();
            }
        }
        assert!(seen >= kill_after && !child.wait().unwrap().success());
        let storage = Storage::open(dir.path(), config(StateRetention::Archive)).unwrap();
        let head = check_whole(&storage);
        assert!(Some(head) >= acknowledged, "head {head}, acknowledged {acknowledged:?}");
        commit_number(&storage);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() != "LOCK" {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn newest_log(dir: &Path) -> PathBuf {
    let logs = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    logs.filter(|path| path.extension().is_some_and(|e| e == "log")).max().unwrap()
}

/// A chain of 20 blocks whose log is intact, and the log's length after each block.
fn chain_and_log_lengths() -> (Chain, Vec<u64>) {
    let chain = Chain::new(StateRetention::Archive);
    let log = newest_log(chain.dir.path());
    let lengths = (0..20).map(|_| {
        commit_number(&chain.storage);
        fs::metadata(&log).unwrap().len()
    });
    let lengths = lengths.collect();
    (chain, lengths)
}

#[test]
fn torn_end_of_the_log_loses_only_what_is_torn() {
    let (chain, lengths) = chain_and_log_lengths();
    let end = *lengths.last().unwrap();
    for cut in [0, 1, 7, 100, 700, 1500, end - lengths[10], end - lengths[10] + 1] {
        let dir = tempfile::tempdir().unwrap();
        let copied = dir.path().join("db");
        copy(chain.dir.path(), &copied);
        fs::File::options()
            .write(true)
            .open(newest_log(&copied))
            .unwrap()
            .set_len(end - cut)
            .unwrap();
        let storage = Storage::open(&copied, config(StateRetention::Archive)).unwrap();
        let head = check_whole(&storage);
        let whole = lengths.iter().filter(|length| **length <= end - cut).count() as u32;
        assert_eq!(head + 1, whole, "{cut} bytes torn off");
        assert_eq!(commit_number(&storage), whole);
        check_whole(&storage);
    }
}

#[test]
fn damage_inside_the_log_is_refused() {
    let (chain, lengths) = chain_and_log_lengths();
    for at in [lengths[0] + 3, lengths[5] + 200, lengths[12] + 50] {
        let dir = tempfile::tempdir().unwrap();
        let copied = dir.path().join("db");
        copy(chain.dir.path(), &copied);
        let log = newest_log(&copied);
        let mut bytes = fs::read(&log).unwrap();
        bytes[at as usize] ^= 0x40;
        fs::write(&log, bytes).unwrap();
        assert!(
            matches!(
                Storage::open(&copied, config(StateRetention::Archive)),
                Err(StorageError::Database { action: "open database", .. })
            ),
            "flipped a bit at {at}"
        );
    }
}

#[test]
fn damaged_table_is_never_read_as_data() {
    let chain = Chain::new(StateRetention::Archive);
    for _ in 0..20 {
        commit_number(&chain.storage);
    }
    chain.storage.inner.database.flush().unwrap();
    let tables = fs::read_dir(chain.dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let is_table =
        |name: &std::ffi::OsString| Path::new(name).extension().is_some_and(|e| e == "sst");
    let mut found = 0;
    for table in tables.filter(is_table) {
        let dir = tempfile::tempdir().unwrap();
        let copied = dir.path().join("db");
        copy(chain.dir.path(), &copied);
        let path = copied.join(&table);
        let mut bytes = fs::read(&path).unwrap();
        // The first data block: behind it lie filters and indexes.
        bytes[20] ^= 0x40;
        fs::write(&path, bytes).unwrap();
        let Ok(storage) = Storage::open(&copied, config(StateRetention::Archive)) else {
            found += 1;
            continue;
        };
        let mut is_damaged = false;
        for number in 0..20u32 {
            match storage.state(number).unwrap().get(b"number") {
                Ok(value) => assert_eq!(value, Some(number.to_be_bytes().to_vec())),
                Err(error) => is_damaged |= matches!(error, StorageError::Database { .. }),
            }
            match storage.block(number) {
                Ok(block) => assert_eq!(block, chain.storage.block(number).unwrap()),
                Err(error) => is_damaged |= matches!(error, StorageError::Database { .. }),
            }
        }
        found += u32::from(is_damaged);
    }
    assert!(found >= 4, "tables of state, history, nodes, headers and bodies: {found}");
}

#[test]
fn block_that_was_computed_but_not_committed_leaves_nothing() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    let lost = chain.next([("a", Some("lost"))]);
    drop(lost);
    let chain = chain.reopen();
    assert_eq!(chain.head(), 0);
    assert_eq!(chain.storage.state(0).unwrap().get(b"a").unwrap(), None);
    chain.commit([("a", Some("kept"))]);
    let chain = chain.reopen();
    assert_eq!(chain.storage.state(1).unwrap().get(b"a").unwrap(), Some(b"kept".to_vec()));
}

use super::chain::TestChain;
use crate::{
    CallError, ExecutorError,
    backend::{Failure, StateBackend},
    run::Run,
};
use ecoledger_storage::{StateRetention, StorageError};
use frame_support::StoragePrefixedMap;
use sp_core::storage::StateVersion;
use sp_state_machine::{Backend, IterArgs};
use std::{cell::Cell, num::NonZeroU32};

fn root() -> Vec<u8> {
    sp_externalities::with_externalities(|ext| ext.storage_root(StateVersion::V1)).unwrap()
}

#[test]
fn child_tries_are_refused() {
    let chain = TestChain::new();
    for use_child in [
        (|| sp_io::default_child_storage::set(b"child", b"key", b"value")) as fn(),
        || drop(sp_io::default_child_storage::get(b"child", b"key")),
        || drop(sp_io::default_child_storage::next_key(b"child", b"key")),
    ] {
        let backend = StateBackend::for_block(chain.storage(), Some(0)).unwrap();
        let _ = Run::new(&backend).run(|| {
            use_child();
            root();
        });
        assert!(matches!(backend.take_failure(), Some(Failure::ChildTrie)));
    }
}

#[test]
fn changes_of_a_panic_are_undone_at_every_depth() {
    let chain = TestChain::new();
    let backend = StateBackend::for_block(chain.storage(), Some(0)).unwrap();
    let mut run = Run::new(&backend);
    let reached = Cell::new(false);
    let panic = run
        .run(|| {
            sp_io::storage::set(b"outer", b"1");
            frame_support::storage::with_storage_layer(|| {
                sp_io::storage::set(b"inner", b"2");
                reached.set(true);
                if reached.get() {
                    panic!("in the middle of {}", "a layer");
                }
                Ok::<(), sp_runtime::DispatchError>(())
            })
        })
        .unwrap_err();
    assert!(reached.get());
    assert_eq!(panic.message, "in the middle of a layer");
    assert!(panic.location.starts_with("state.rs:"), "{panic}");
    let left = run.run(|| (sp_io::storage::get(b"outer"), sp_io::storage::get(b"inner"))).unwrap();
    assert_eq!(left, (None, None));
    // The next run is none the worse.
    run.run(|| sp_io::storage::set(b"next", b"3")).unwrap();
    assert_eq!(run.run(|| sp_io::storage::get(b"next")).unwrap().unwrap(), &b"3"[..]);
}

#[test]
fn an_error_undoes_changes_without_a_panic() {
    let chain = TestChain::new();
    let backend = StateBackend::for_block(chain.storage(), Some(0)).unwrap();
    let mut run = Run::new(&backend);
    let result = run.transact(|| {
        sp_io::storage::set(b"key", b"value");
        Err::<(), _>("no")
    });
    assert_eq!(result.unwrap(), Err("no"));
    assert_eq!(run.run(|| sp_io::storage::get(b"key")).unwrap(), None);
}

#[test]
fn writes_without_effect_are_no_changes() {
    let chain = TestChain::new();
    let code = chain.storage().state(0).unwrap().get(b":code").unwrap().unwrap();
    let backend = StateBackend::for_block(chain.storage(), Some(0)).unwrap();
    Run::new(&backend)
        .run(|| {
            sp_io::storage::set(b":code", &code);
            sp_io::storage::set(b"scratch", b"x");
            sp_io::storage::clear(b"scratch");
            sp_io::storage::clear(b"never there");
            sp_io::storage::set(b"kept", b"y");
            root()
        })
        .unwrap();
    let update = backend.take_update().unwrap();
    let changes: Vec<_> = update.changes().collect();
    assert_eq!(changes, [(&b"kept"[..], Some(&b"y"[..]))]);
}

#[test]
fn keys_are_walked_in_order_and_within_the_prefix() {
    let chain = TestChain::new();
    type Accounts = frame_system::Account<ecoledger_runtime::Runtime>;
    let prefix = Accounts::final_prefix();
    let backend = StateBackend::for_block(chain.storage(), Some(0)).unwrap();
    let mut run = Run::new(&backend);
    // The agents of the demonstration organisations.
    let n_accounts = run.run(|| Accounts::iter_keys().count()).unwrap();
    assert!(n_accounts > 6, "{n_accounts}");
    let cleared = run.run(|| Accounts::clear(5, None)).unwrap();
    assert_eq!(cleared.unique, 5);
    assert_eq!(run.run(|| Accounts::iter_keys().count()).unwrap(), n_accounts - 5);
    let next = run.run(|| sp_io::storage::next_key(&prefix)).unwrap().unwrap();
    assert!(next.starts_with(&prefix));
    let _ = run.run(|| Accounts::clear(u32::MAX, None)).unwrap();
    assert_eq!(run.run(|| Accounts::iter_keys().count()).unwrap(), 0);
    drop(run);
    let mut from = IterArgs::default();
    (from.prefix, from.start_at) = (Some(prefix.as_slice()), Some(next.as_slice()));
    assert_eq!(backend.keys(from).unwrap().count(), n_accounts - 5);
    let mut after = IterArgs::default();
    (after.prefix, after.start_at) = (Some(prefix.as_slice()), Some(next.as_slice()));
    after.start_at_exclusive = true;
    assert_eq!(backend.keys(after).unwrap().count(), n_accounts - 6);
}

/// A state that cannot be read is this node's problem, never the block's.
#[test]
fn a_storage_failure_is_no_verdict() {
    let chain = TestChain::keeping(StateRetention::Recent(NonZeroU32::new(2).unwrap()));
    chain.extend(&[]);
    let backend = StateBackend::for_block(chain.storage(), Some(1)).unwrap();
    for _ in 0..4 {
        chain.extend(&[]);
    }
    let result = Run::new(&backend).run(|| sp_io::storage::get(b"any key at all"));
    assert!(result.is_err());
    let failure = backend.take_failure().unwrap();
    assert!(matches!(&failure, Failure::Storage(StorageError::StatePruned { .. })), "{failure}");
    assert!(matches!(ExecutorError::from(failure), ExecutorError::Storage(_)));
    let error = chain.call(1, "Core_version", &[]).unwrap_err();
    assert!(matches!(error, CallError::Storage(StorageError::StatePruned { .. })), "{error}");
}

#[test]
fn calls_have_a_limit_of_reads_and_no_root() {
    let chain = TestChain::new();
    let backend = StateBackend::for_call(chain.storage(), 0, 2).unwrap();
    let result = Run::new(&backend).run(|| {
        sp_io::storage::get(b"a");
        sp_io::storage::get(b"a");
        sp_io::storage::get(b"b");
        sp_io::storage::get(b"c");
    });
    assert!(result.is_err());
    assert!(matches!(backend.take_failure(), Some(Failure::ReadLimit)));
    let backend = StateBackend::for_call(chain.storage(), 0, 2).unwrap();
    let _ = Run::new(&backend).run(root);
    assert!(matches!(backend.take_failure(), Some(Failure::NoRoot)));
}

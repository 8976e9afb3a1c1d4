//! Genesis: the state that the runtime builds from its configuration, and block 0 over it.

use crate::{backend::StateBackend, error::ExecutorError, panics, run::Run};
use ecoledger_primitives::{Block, Hash, Hashing, Header};
use ecoledger_runtime::{VERSION, Validators};
use ecoledger_storage::{BlockCommit, Storage};
use serde_json::Value;
use sp_core::storage::StateVersion;

/// Names of the built-in genesis configurations.
pub fn preset_names() -> Vec<String> {
    ecoledger_runtime::genesis::preset_names()
}

/// A built-in genesis configuration, as a patch of the default one; `None` if it does not exist.
pub fn preset(name: &str) -> Option<Value> {
    let json = ecoledger_runtime::genesis::preset(&name.to_owned())?;
    serde_json::from_slice(&json).ok()
}

/// The complete genesis configuration that `patch` makes of the runtime's default.
///
/// # Errors
/// [`ExecutorError::GenesisConfig`] when the default is not JSON.
pub fn complete(patch: &Value) -> Result<Value, ExecutorError> {
    let default = serde_json::to_value(ecoledger_runtime::RuntimeGenesisConfig::default())
        .map_err(|error| ExecutorError::GenesisConfig(error.to_string()))?;
    Ok(merge(default, patch))
}

/// Merges as RFC 7386 says, but that null stays null.
fn merge(base: Value, patch: &Value) -> Value {
    match (base, patch) {
        (Value::Object(mut base), Value::Object(patch)) => {
            for (key, value) in patch {
                let merged = merge(base.remove(key).unwrap_or(Value::Null), value);
                base.insert(key.clone(), merged);
            }
            Value::Object(base)
        }
        (_, patch) => patch.clone(),
    }
}

/// Builds the state of a configuration or a patch of the default one, and keeps nothing.
///
/// # Errors
/// [`ExecutorError::GenesisConfig`] when no chain can start from it.
pub fn check(config: &Value) -> Result<(), ExecutorError> {
    panics::install_hook();
    let backend = StateBackend::empty();
    write_state(&mut Run::new(&backend), config)
}

fn write_state(run: &mut Run<'_>, config: &Value) -> Result<(), ExecutorError> {
    let config = complete(config)?;
    // The runtime builds such a state for tools, and says nothing that an operator understands.
    if config["validators"]["validators"].as_array().is_some_and(Vec::is_empty) {
        return Err(ExecutorError::GenesisConfig(
            "validators.validators is empty; name at least one, or no block can follow".into(),
        ));
    }
    let json = serde_json::to_vec(&config)
        .map_err(|error| ExecutorError::GenesisConfig(error.to_string()))?;
    run.transact(|| ecoledger_runtime::genesis::build_state(json))
        .map_err(|panic| ExecutorError::GenesisConfig(panic.message))?
        .map_err(ExecutorError::GenesisConfig)
}

/// Builds block 0 from a configuration or a patch of the default one, for an empty store.
pub(crate) fn build(storage: &Storage, config: &Value) -> Result<BlockCommit, ExecutorError> {
    let backend = StateBackend::for_block(storage, None)?;
    let mut run = Run::new(&backend);
    write_state(&mut run, config)?;
    let outcome = run
        .run(|| (Validators::validator_sets(), storage_root()))
        .map_err(|panic| ExecutorError::GenesisConfig(panic.message))?;
    if let Some(failure) = backend.take_failure() {
        return Err(failure.into());
    }
    let ((first, second), state_root) = outcome;
    let update = backend
        .take_update()
        .ok_or_else(|| ExecutorError::Runtime("genesis has no state root".into()))?;
    let header = Header {
        parent_hash: Hash::zero(),
        number: 0,
        state_root,
        extrinsics_root: frame_system::extrinsics_data_root::<Hashing>(
            vec![],
            VERSION.extrinsics_root_state_version(),
        ),
        digest: Default::default(),
    };
    Ok(BlockCommit {
        block: Block { header, extrinsics: vec![] },
        update,
        certificate: None,
        validator_sets: [(1, first), (2, second)],
    })
}

fn storage_root() -> Hash {
    let root = sp_externalities::with_externalities(|ext| ext.storage_root(StateVersion::V1));
    Hash::from_slice(&root.expect("runs inside externalities; qed"))
}

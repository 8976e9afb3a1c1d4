//! Running a piece of the runtime over a backend, all or nothing.

use crate::{
    backend::StateBackend,
    panics::{self, Panic},
};
use ecoledger_primitives::Hashing;
use sp_state_machine::{Ext, OverlayedChanges};

/// Changes on top of a backend, made by one or more runs.
pub(crate) struct Run<'a> {
    overlay: OverlayedChanges<Hashing>,
    backend: &'a StateBackend,
}

impl<'a> Run<'a> {
    pub(crate) fn new(backend: &'a StateBackend) -> Self {
        Self { overlay: OverlayedChanges::default(), backend }
    }

    /// Runs `f`, which always keeps its changes unless it panics.
    pub(crate) fn run<R>(&mut self, f: impl FnOnce() -> R) -> Result<R, Panic> {
        self.transact(|| Ok::<R, std::convert::Infallible>(f())).map(|result| match result {
            Ok(value) => value,
            Err(never) => match never {},
        })
    }

    /// Runs `f` and keeps its changes if it succeeds; an error or a panic undoes all of them,
    /// those of storage transactions that the panic left open included.
    pub(crate) fn transact<T, E>(
        &mut self,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<Result<T, E>, Panic> {
        self.overlay.start_transaction();
        self.overlay.enter_runtime().expect("the overlay leaves the runtime below; qed");
        let result = {
            let mut ext = Ext::new(&mut self.overlay, self.backend, None);
            panics::catch(|| sp_externalities::set_and_run_with_externalities(&mut ext, f))
        };
        self.overlay.exit_runtime().expect("entered above; qed");
        if matches!(result, Ok(Ok(_))) {
            self.overlay.commit_transaction()
        } else {
            self.overlay.rollback_transaction()
        }
        .expect("started above, and the runtime cannot close it; qed");
        result
    }
}

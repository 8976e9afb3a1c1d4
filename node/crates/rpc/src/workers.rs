//! Blocking threads, bounded.

use crate::error::RpcError;
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// Runs blocking work on a bounded number of threads.
#[derive(Clone, Debug)]
pub(crate) struct Workers {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    timeout: Duration,
}

impl Workers {
    /// `running_max` pieces of work run at a time, `waiting_max` more wait; each is given up
    /// after waiting, and again after running, for `timeout`.
    pub(crate) fn new(running_max: usize, waiting_max: usize, timeout: Duration) -> Self {
        Self {
            running: Arc::new(Semaphore::new(running_max.max(1))),
            waiting: Arc::new(Semaphore::new(running_max.max(1).saturating_add(waiting_max))),
            timeout,
        }
    }

    /// Runs `work` and answers its result.
    ///
    /// # Errors
    /// - [`RpcError::Busy`]: too much work waits, or this waited too long.
    /// - [`RpcError::TimedOut`]: it runs too long. Its thread stays taken until it ends.
    /// - whatever `work` answers.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, RpcError>
    where
        F: FnOnce() -> Result<T, RpcError> + Send + 'static,
        T: Send + 'static,
    {
        let _waiting = self.waiting.try_acquire().map_err(|_| RpcError::Busy)?;
        let running = tokio::time::timeout(self.timeout, Arc::clone(&self.running).acquire_owned())
            .await
            .map_err(|_| RpcError::Busy)?
            .map_err(|_| RpcError::Busy)?;
        let task = tokio::task::spawn_blocking(move || {
            let _running = running;
            work()
        });
        match tokio::time::timeout(self.timeout, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(error)) => Err(RpcError::internal("run a blocking task", &error)),
            Err(_) => Err(RpcError::TimedOut),
        }
    }
}

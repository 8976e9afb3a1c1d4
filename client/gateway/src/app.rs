//! What handlers share, and how a code is looked up and proven.

use crate::{
    code::ItemCode, compensation::Basins, follow::Progress, index::Index, lists::Lists,
    problem::Problem,
};
use axum::http::StatusCode;
use ecoledger_client::{
    Client, Moment,
    labels::CodeProof,
    proof::{Bounds, Bundle, Checkpoint, Scan},
};
use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use tokio::sync::watch;

/// Answers that are kept for those who ask the same in the same block.
const ANSWERS_MAX: NonZeroUsize = NonZeroUsize::new(4096).expect("4096 is not zero; qed");

/// Series whose records are kept for the scans of one block.
const BUNDLES_MAX: NonZeroUsize = NonZeroUsize::new(256).expect("256 is not zero; qed");

/// Which answer: code, height of the verifier's checkpoint, height of the block.
type Asked = (ItemCode, Option<u32>, u32);

/// Bundles of series: series, height of the verifier's checkpoint, height of the block.
type Bundles = lru::LruCache<(u32, Option<u32>, u32), Arc<Bundle>>;

/// A proof and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) bundle: Bundle,
    pub(crate) scan: Scan,
    pub(crate) code: CodeProof,
}

/// What handlers share.
pub(crate) struct App {
    pub(crate) client: Arc<RwLock<Client>>,
    pub(crate) index: Arc<Index>,
    pub(crate) lists: Arc<Lists>,
    pub(crate) progress: watch::Receiver<Progress>,
    /// Where this gateway is reached, without a slash at the end.
    pub(crate) public_url: String,
    /// The page that verifies proofs, if the operator gave one.
    pub(crate) verifier: Option<String>,
    /// From where its own pages verify.
    pub(crate) anchor: Checkpoint,
    answers: Mutex<lru::LruCache<Asked, Arc<Answer>>>,
    /// From which the bundles of unmarked items are made.
    bundles: Mutex<Bundles>,
    /// Rivers over places, for some blocks.
    pub(crate) basins: tokio::sync::Mutex<Option<Basins>>,
}

impl App {
    pub(crate) fn new(
        client: Arc<RwLock<Client>>,
        index: Arc<Index>,
        lists: Arc<Lists>,
        progress: watch::Receiver<Progress>,
        public_url: String,
        verifier: Option<String>,
        anchor: Checkpoint,
    ) -> Self {
        let answers = Mutex::new(lru::LruCache::new(ANSWERS_MAX));
        let bundles = Mutex::new(lru::LruCache::new(BUNDLES_MAX));
        let basins = tokio::sync::Mutex::new(None);
        Self {
            client,
            index,
            lists,
            progress,
            public_url,
            verifier,
            anchor,
            answers,
            bundles,
            basins,
        }
    }

    pub(crate) fn client(&self) -> Client {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// Runs what reads the disk beside the threads that serve.
    pub(crate) async fn blocking<T, E>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&app)).await;
        match done {
            Ok(result) => result.map_err(Into::into),
            Err(error) => {
                tracing::error!(%error, "a reader of the disk ended");
                Err(Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "the answer cannot be made",
                ))
            }
        }
    }

    /// The places of a code in label series, oldest first.
    async fn places_of(self: &Arc<Self>, code: &ItemCode) -> Result<Vec<CodeProof>, Problem> {
        let asked = code.clone();
        let (found, missing, n_series) = self
            .blocking(move |app| -> Result<_, Problem> {
                let (mut found, mut missing) = (Vec::new(), Vec::new());
                let series = app.index.series_at(asked.place())?;
                let n_series = series.len();
                for (id, record) in series.into_iter().rev() {
                    if !app.lists.has(&record)? {
                        missing.push(id);
                    } else if let Some(place) = app.lists.prove(id, &record, asked.in_list())? {
                        found.push(place);
                    }
                }
                Ok((found, missing, n_series))
            })
            .await?;
        if !found.is_empty() {
            return Ok(found);
        }
        Err(Problem::not_found(match (n_series, missing.as_slice()) {
            (0, _) => format!("{code}: no label series of this product is on the chain"),
            (_, []) => format!("{code}: no label series has it; the label may be made up"),
            (_, missing) => format!(
                "{code}: no list that is here has it; of series {missing:?} the list was not published to this gateway"
            ),
        }))
    }

    /// The proof of a code in the last block that this gateway has, verified from the blocks that it
    /// has followed.
    ///
    /// - `checkpoint`: height from which whoever asked will verify it.
    ///
    /// # Errors
    /// `not-found`, `unproven` when the node lies, `node-unreachable`.
    pub(crate) async fn prove(
        self: &Arc<Self>,
        code: &ItemCode,
        checkpoint: Option<u32>,
    ) -> Result<Arc<Answer>, Problem> {
        let progress = self.progress();
        let asked = (code.clone(), checkpoint, progress.last.height);
        if let Some(answer) = self.answers().get(&asked) {
            return Ok(Arc::clone(answer));
        }
        let mut chosen: Option<Answer> = None;
        for place in self.places_of(code).await? {
            let answer = self.make(&place, checkpoint, &progress).await?;
            // Codes of a series that was given up may be in a later one.
            let is_better = chosen.as_ref().is_none_or(|it| !it.scan.is_series_active);
            if is_better {
                chosen = Some(answer);
            }
        }
        let answer = Arc::new(chosen.ok_or_else(|| Problem::not_found(code))?);
        self.answers().put(asked, Arc::clone(&answer));
        Ok(answer)
    }

    /// Where whoever asks begins to verify: the block at `known`, or the one before the last.
    ///
    /// # Errors
    /// `bad-checkpoint` when it is not before the last block, `node-unreachable`.
    pub(crate) async fn checkpoint(
        &self,
        known: Option<u32>,
        progress: &Progress,
    ) -> Result<Checkpoint, Problem> {
        let height = progress.last.height;
        match known {
            Some(known) if known == self.anchor.height => Ok(self.anchor.clone()),
            Some(known) if known < height => Ok(self.client().checkpoint(Some(known)).await?),
            Some(known) => Err(Problem::bad(
                "bad-checkpoint",
                format!(
                    "checkpoint: this gateway is at block {height}, and {known} is not before it"
                ),
            )),
            None => Ok(progress.before.clone()),
        }
    }

    async fn make(
        self: &Arc<Self>,
        place: &CodeProof,
        checkpoint: Option<u32>,
        progress: &Progress,
    ) -> Result<Answer, Problem> {
        let client = self.client();
        let height = progress.last.height;
        let from = self.checkpoint(checkpoint, progress).await?;
        let (series, index) = (place.series, place.index);
        // Items that nothing is recorded of differ in their place only; the index knows all marks.
        let is_marked = self.blocking(move |app| app.index.is_marked(series, index)).await?;
        let kept = (series, checkpoint, height);
        let known = if is_marked { None } else { self.bundles().get(&kept).cloned() };
        let bundle = match known.and_then(|bundle| bundle.of_item(place)) {
            Some(bundle) => bundle,
            None => {
                let bundle = client.prove_code(place, &from, Some(height)).await?;
                if !is_marked {
                    self.bundles().put(kept, Arc::new(bundle.clone()));
                }
                bundle
            }
        };
        // From the last blocks that were followed: whoever asked will do so from its own.
        let scan = bundle.scan(&progress.before, &Bounds::at(Moment::now()))?;
        Ok(Answer { bundle, scan, code: place.clone() })
    }

    fn bundles(&self) -> std::sync::MutexGuard<'_, Bundles> {
        self.bundles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self) -> std::sync::MutexGuard<'_, lru::LruCache<Asked, Arc<Answer>>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What handlers share, and how a code is looked up and proven.

use crate::{
    code::{ItemCode, LabelCode},
    compensation::Basins,
    documents::Documents,
    files,
    follow::Progress,
    index::{Id, Index},
    life::Life,
    lists::Lists,
    peers::{Outcome, Peers, Wanted},
    problem::Problem,
    scans::{self, Counts, Scans, Warning},
};
use axum::http::StatusCode;
use ecoledger_client::{
    Client, Digest, Moment,
    labels::{CodeProof, Series},
    proof::{Bounds, Bundle, Checkpoint, Scan},
};
use std::{
    num::NonZeroUsize,
    ops::Deref,
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

/// Lists that a scan has other gateways asked for.
const LISTS_ASKED_MAX: usize = 8;

/// Where a code was looked for.
struct Looked {
    /// Its places, oldest first.
    found: Vec<CodeProof>,
    /// Series whose list is not here, oldest first.
    missing: Vec<(u32, Box<Series>)>,
    n_series: usize,
}

/// A proof and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) bundle: Bundle,
    pub(crate) scan: Scan,
    pub(crate) code: CodeProof,
}

/// What is in the gateway's folder, and those who have what is not.
pub(crate) struct Kept {
    pub(crate) index: Arc<Index>,
    pub(crate) lists: Arc<Lists>,
    pub(crate) documents: Arc<Documents>,
    pub(crate) scans: Arc<Scans>,
    pub(crate) peers: Peers,
}

/// What became of an item, and how often it was scanned.
pub(crate) struct Watched {
    pub(crate) life: Life,
    pub(crate) counts: Counts,
    /// That its label may have been copied, by the counts.
    pub(crate) warning: Option<Warning>,
}

/// The page that verifies proofs.
pub(crate) struct Verifier {
    pub(crate) page: String,
    /// Of the page, 64 digits: to be compared with the one that is published with a release.
    pub(crate) sha256: String,
}

impl Verifier {
    pub(crate) fn new(page: String) -> Self {
        let sha256 = Digest::of(page.as_bytes()).to_string();
        Self { page, sha256: sha256.trim_start_matches("0x").to_owned() }
    }
}

/// What handlers share.
pub(crate) struct App {
    pub(crate) client: Arc<RwLock<Client>>,
    kept: Kept,
    pub(crate) progress: watch::Receiver<Progress>,
    /// Where this gateway is reached, without a slash at the end.
    pub(crate) public_url: String,
    /// The page that verifies proofs, if the operator gave one.
    pub(crate) verifier: Option<Verifier>,
    /// From where its own pages verify.
    pub(crate) anchor: Checkpoint,
    /// Header by which the proxy says from which province somebody asks.
    pub(crate) region_header: Option<String>,
    answers: Mutex<lru::LruCache<Asked, Arc<Answer>>>,
    /// From which the bundles of unmarked items are made.
    bundles: Mutex<Bundles>,
    /// Rivers over places, for some blocks.
    pub(crate) basins: tokio::sync::Mutex<Option<Basins>>,
}

fn other_lot(label: &LabelCode, lot: &str) -> Problem {
    Problem::not_found(format!(
        "{}: this code belongs to another lot than {lot}; the label may be wrong",
        label.code
    ))
}

impl Deref for App {
    type Target = Kept;

    fn deref(&self) -> &Kept {
        &self.kept
    }
}

impl App {
    pub(crate) fn new(
        client: Arc<RwLock<Client>>,
        kept: Kept,
        progress: watch::Receiver<Progress>,
        public_url: String,
        verifier: Option<Verifier>,
        anchor: Checkpoint,
        region_header: Option<String>,
    ) -> Self {
        let answers = Mutex::new(lru::LruCache::new(ANSWERS_MAX));
        let bundles = Mutex::new(lru::LruCache::new(BUNDLES_MAX));
        let basins = tokio::sync::Mutex::new(None);
        Self {
            client,
            kept,
            progress,
            public_url,
            verifier,
            anchor,
            region_header,
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
        let mut looked = self.look_for(code).await?;
        if looked.found.is_empty() && !looked.missing.is_empty() {
            let newest = looked.missing.iter().rev().take(LISTS_ASKED_MAX);
            let fetched = newest.map(|(_, series)| self.peers.fetch(Wanted::List(series.clone())));
            let outcomes = futures::future::join_all(fetched).await;
            if outcomes.contains(&Outcome::Fetched) {
                looked = self.look_for(code).await?;
            }
            if looked.found.is_empty() && outcomes.contains(&Outcome::OnItsWay) {
                return Err(files::on_its_way("the list of codes"));
            }
        }
        if !looked.found.is_empty() {
            return Ok(looked.found);
        }
        let missing: Vec<_> = looked.missing.iter().map(|(id, _)| id).collect();
        Err(Problem::not_found(match (looked.n_series, missing.as_slice()) {
            (0, _) => format!("{code}: no label series of this product is on the chain"),
            (_, []) => format!("{code}: no label series has it; the label may be made up"),
            (_, missing) => format!(
                "{code}: no list that is here has it; of series {missing:?} the list was not published to this gateway"
            ),
        }))
    }

    async fn look_for(self: &Arc<Self>, code: &ItemCode) -> Result<Looked, Problem> {
        let code = code.clone();
        self.blocking(move |app| -> Result<_, Problem> {
            let series = app.index.series_at(code.place())?;
            let (mut found, mut missing) = (Vec::new(), Vec::new());
            let n_series = series.len();
            for (id, record) in series.into_iter().rev() {
                if !app.lists.has(&record)? {
                    missing.push((id, Box::new(record)));
                } else if let Some(place) = app.lists.prove(id, &record, code.in_list())? {
                    found.push(place);
                }
            }
            Ok(Looked { found, missing, n_series })
        })
        .await
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

    /// As [`App::prove`], of what a label says.
    ///
    /// # Errors
    /// `not-found` also when the code belongs to another lot than the label says.
    pub(crate) async fn prove_label(
        self: &Arc<Self>,
        label: &LabelCode,
        checkpoint: Option<u32>,
    ) -> Result<Arc<Answer>, Problem> {
        let answer = self.prove(&label.code, checkpoint).await?;
        match &label.lot {
            Some(lot) if lot != answer.scan.lot.as_str() => Err(other_lot(label, lot)),
            _ => Ok(answer),
        }
    }

    /// Product and lot of what a label is on, from the index; the lot of a batch that is older than
    /// the index is not known.
    ///
    /// # Errors
    /// `not-found` when no list has the code, or the code belongs to another lot than the label says.
    pub(crate) async fn labelled(
        self: &Arc<Self>,
        label: &LabelCode,
    ) -> Result<(String, Option<String>), Problem> {
        let places = self.places_of(&label.code).await?;
        let labelled = self
            .blocking(move |app| -> Result<Vec<_>, Problem> {
                let mut found = Vec::new();
                for place in places.iter().rev() {
                    let Some(series) = app.index.series(place.series)? else { continue };
                    let batches = app.index.batches([Id::from(&series.batch)])?;
                    let name = batches.into_values().next().and_then(|batch| batch.name);
                    found.push((series.gtin.to_string(), name.map(|(_, lot)| lot)));
                }
                Ok(found)
            })
            .await?;
        let is_so =
            |lot: &Option<String>| label.lot.is_none() || lot.is_none() || *lot == label.lot;
        labelled
            .into_iter()
            .find(|(_, lot)| is_so(lot))
            .ok_or_else(|| other_lot(label, label.lot.as_deref().unwrap_or_default()))
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
        let is_marked = self.blocking(move |app| app.index.life(series, index)).await?.is_some();
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

    /// What became of an item, and what was counted of it.
    pub(crate) async fn watched(
        self: &Arc<Self>,
        series: u32,
        index: u32,
    ) -> Result<Watched, Problem> {
        self.blocking(move |app| -> Result<_, Problem> {
            let life = app.index.life(series, index)?.unwrap_or_default();
            let counts = app.scans.of((series, index))?;
            let (today, sold_on) =
                (scans::day_of(Moment::now()), life.sold_at().map(scans::day_of));
            let warning = app.scans.thresholds().warning(&counts, today, sold_on);
            Ok(Watched { life, counts, warning })
        })
        .await
    }

    fn bundles(&self) -> std::sync::MutexGuard<'_, Bundles> {
        self.bundles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self) -> std::sync::MutexGuard<'_, lru::LruCache<Asked, Arc<Answer>>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

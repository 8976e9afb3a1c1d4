//! What handlers share, and how a code is looked up and proven.

use crate::{
    code::{ItemCode, LabelCode},
    compensation::Rivers,
    documents::Documents,
    files,
    follow::Progress,
    index::{Id, Index, IndexError},
    life::Life,
    lists::{ListError, Lists},
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

/// Series of which an answer is kept for the scans of one block.
const OF_SERIES_MAX: NonZeroUsize = NonZeroUsize::new(256).expect("256 is not zero; qed");

/// Which answer: code, height of the verifier's checkpoint, height of the block.
type Asked = (ItemCode, Option<u32>, u32);

/// An answer of each series: series, height of the verifier's checkpoint, height of the block.
type OfSeries = lru::LruCache<(u32, Option<u32>, u32), Arc<Answer>>;

/// Lists that a scan has other gateways asked for.
const LISTS_ASKED_MAX: usize = 8;

/// Series of a place, as the index has them at a height.
type SeriesAt = lru::LruCache<(String, u32), Arc<Vec<(u32, Series)>>>;

/// Places of which the series are kept in memory.
const PLACES_MAX: NonZeroUsize = NonZeroUsize::new(64).expect("64 is not zero; qed");

/// A code in a series.
struct Found {
    code: CodeProof,
    /// Whether something is recorded of the item; the index knows all marks.
    is_marked: bool,
}

/// Where a code was looked for.
struct Looked {
    /// Its places, oldest first.
    found: Vec<Found>,
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
    /// Header by which the proxy says from which province somebody asks.
    pub(crate) region_header: Option<String>,
    answers: Mutex<lru::LruCache<Asked, Arc<Answer>>>,
    /// From which the answers of unmarked items are made.
    of_series: Mutex<OfSeries>,
    series_at: Mutex<SeriesAt>,
    pub(crate) rivers: Rivers,
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
        region_header: Option<String>,
    ) -> Self {
        let answers = Mutex::new(lru::LruCache::new(ANSWERS_MAX));
        let of_series = Mutex::new(lru::LruCache::new(OF_SERIES_MAX));
        let series_at = Mutex::new(lru::LruCache::new(PLACES_MAX));
        Self {
            client,
            kept,
            progress,
            public_url,
            verifier,
            region_header,
            answers,
            of_series,
            series_at,
            rivers: Rivers::default(),
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
    async fn places_of(self: &Arc<Self>, code: &ItemCode) -> Result<Vec<Found>, Problem> {
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
            let series = app.series_at(code.place())?;
            let (mut found, mut missing) = (Vec::new(), Vec::new());
            for (id, record) in series.iter().rev() {
                match app.lists.prove(*id, record, code.in_list()) {
                    Ok(Some(code)) => {
                        let is_marked = app.index.life(code.series, code.index)?.is_some();
                        found.push(Found { code, is_marked });
                    }
                    Ok(None) => {}
                    Err(ListError::Missing) => missing.push((*id, Box::new(record.clone()))),
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(Looked { found, missing, n_series: series.len() })
        })
        .await
    }

    /// The series in which a code can be, newest first.
    fn series_at(&self, place: &str) -> Result<Arc<Vec<(u32, Series)>>, IndexError> {
        let asked = (place.to_owned(), self.progress.borrow().last.height);
        let lock = || self.series_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&asked) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(self.index.series_at(place)?);
        lock().put(asked, Arc::clone(&found));
        Ok(found)
    }

    /// The proof of a code in the last block that this gateway has, verified from the blocks that it
    /// has followed, and from the anchor if that is where it will be verified.
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
        let mut chosen = None;
        for place in self.places_of(code).await? {
            let answer = self.make(&place, checkpoint, &progress).await?;
            let is_active = answer.scan.is_series_active;
            // Codes of a series that was given up may be in a later one.
            chosen = Some(answer);
            if is_active {
                break;
            }
        }
        let answer = chosen.ok_or_else(|| Problem::not_found(code))?;
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
                    let Some(series) = app.index.series(place.code.series)? else { continue };
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
            Some(known) if known == progress.anchor.height => Ok(progress.anchor.clone()),
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
        place: &Found,
        checkpoint: Option<u32>,
        progress: &Progress,
    ) -> Result<Arc<Answer>, Problem> {
        let height = progress.last.height;
        let code = place.code.clone();
        // Items that nothing is recorded of differ in their place only.
        let kept = (!place.is_marked).then_some((code.series, checkpoint, height));
        if let Some(kept) = kept {
            let known = self.of_series().get(&kept).cloned();
            if let Some(known) = known {
                let (bundle, scan) = known.bundle.scan_of(&known.scan, &code)?;
                return Ok(Arc::new(Answer { bundle, scan, code }));
            }
        }
        let from = self.checkpoint(checkpoint, progress).await?;
        let bundle = self.client().prove_code(&code, &from, Some(height)).await?;
        // The way from a checkpoint that is not this gateway's is verified by whoever has it.
        let known = if from == progress.anchor { &progress.anchor } else { &progress.before };
        let scan = bundle.scan(known, &Bounds::at(Moment::now()))?;
        let answer = Arc::new(Answer { bundle, scan, code });
        if let Some(kept) = kept {
            self.of_series().put(kept, Arc::clone(&answer));
        }
        Ok(answer)
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

    fn of_series(&self) -> std::sync::MutexGuard<'_, OfSeries> {
        self.of_series.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self) -> std::sync::MutexGuard<'_, lru::LruCache<Asked, Arc<Answer>>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

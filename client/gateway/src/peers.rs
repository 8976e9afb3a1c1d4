//! Other gateways, from which lists and documents that are missing here are fetched by their digest.
//!
//! Only those are asked that the operator names, only for what the chain names, and what they send is
//! checked as an upload is. A gateway asks its peers for what its own callers need; a peer answers with
//! what it has, and asks nobody: nothing goes in circles.

use crate::{
    address::read_address,
    app::App,
    documents::{DocumentError, Documents},
    lists::{self, ListError, Lists},
    problem::Problem,
    store::StoreError,
};
use ecoledger_client::labels::Series;
use std::{
    io::{self, BufReader, Read as _, Write as _},
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

/// How long a peer may take to be connected to, and then to begin to answer.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(3);
const HEAD_TIME_MAX: Duration = Duration::from_secs(10);
/// How long one answer may take, whole.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(120);
/// How long those who need something wait for it, from when it is first asked for.
const WAIT_MAX: Duration = Duration::from_secs(3);
/// How long what no peer has is not asked for again.
const MISSING_FOR: Duration = Duration::from_secs(15);
/// How often lists that are missing are asked for unasked: those of the latest series, and of all.
const LATEST_EVERY: Duration = Duration::from_secs(30);
const ALL_EVERY: Duration = Duration::from_secs(600);
/// So many series are the latest.
const LATEST: u32 = 32;
/// Series of which the index tells at a time.
const PAGE: usize = 64;
/// Pause between two questions unasked: peers limit who asks.
const PAUSE: Duration = Duration::from_millis(40);
/// Things of which it is known that they are on their way or missing.
const KNOWN_MAX: NonZeroUsize = NonZeroUsize::new(4096).expect("4096 is not zero; qed");
/// Things that are fetched at a time, and that wait for it.
const FETCHED_MAX: usize = 4;
const WAITING_MAX: usize = 256;

/// Something with a digest that the chain names.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    List(Box<Series>),
    /// By its 64 digits.
    Document(String),
}

impl Wanted {
    /// Where a gateway serves it.
    fn path(&self) -> String {
        match self {
            Self::List(series) => format!("/api/v1/lists/{}", lists::name_of(series)),
            Self::Document(digest) => format!("/api/v1/documents/{digest}?local=true"),
        }
    }
}

/// What became of something that was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is here.
    Fetched,
    /// It may come yet.
    OnItsWay,
    /// No peer has it, or there are none.
    Missing,
}

/// Why peers cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum PeersError {
    /// An address is none.
    #[error("peer {0}: an address is expected, such as https://trace.example")]
    Url(String),
    /// The operating system gives no threads.
    #[error("peers: {0}")]
    Threads(#[from] io::Error),
}

/// Why a peer's answer is no good.
#[derive(Debug, thiserror::Error)]
enum PeerError {
    #[error("{0}")]
    Http(Box<ureq::Error>),
    #[error("it answers with {0}")]
    Status(u16),
    #[error("it has more than {0} bytes")]
    TooLong(u64),
    #[error("it breaks off: {0}")]
    Broken(io::Error),
    #[error(transparent)]
    List(#[from] ListError),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is known of something that was wanted.
enum Known {
    /// Asked for since, and whether it is here once that is known.
    Asked(Instant, watch::Receiver<Option<bool>>),
    MissingUntil(Instant),
}

type Job = (Wanted, watch::Sender<Option<bool>>);

/// The peers.
pub(crate) struct Peers {
    known: Arc<Mutex<lru::LruCache<String, Known>>>,
    /// `None` without peers.
    jobs: Option<mpsc::SyncSender<Job>>,
}

impl Peers {
    /// Those at `urls`, none or more.
    ///
    /// # Errors
    /// [`PeersError`].
    pub(crate) fn new(
        urls: &[String],
        lists: &Arc<Lists>,
        documents: &Arc<Documents>,
    ) -> Result<Self, PeersError> {
        let read = |url: &String| read_address(url).map_err(|_| PeersError::Url(url.clone()));
        let urls = urls.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let known = Arc::new(Mutex::new(lru::LruCache::new(KNOWN_MAX)));
        if urls.is_empty() {
            return Ok(Self { known, jobs: None });
        }
        let (jobs, waiting) = mpsc::sync_channel::<Job>(WAITING_MAX);
        let waiting = Arc::new(Mutex::new(waiting));
        let fetcher = Arc::new(Fetcher {
            urls,
            agent: ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .timeout_connect(Some(CONNECT_TIME_MAX))
                .timeout_recv_response(Some(HEAD_TIME_MAX))
                .timeout_global(Some(ANSWER_TIME_MAX))
                .build()
                .new_agent(),
            lists: Arc::clone(lists),
            documents: Arc::clone(documents),
        });
        // Threads of their own: a peer that hangs keeps no process from ending.
        for number in 0..FETCHED_MAX {
            let (waiting, fetcher) = (Arc::clone(&waiting), Arc::clone(&fetcher));
            let known = Arc::clone(&known);
            thread::Builder::new().name(format!("peers-{number}")).spawn(move || {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((wanted, done)) = next else { break };
                    let is_here = fetcher.fetch(&wanted);
                    if is_here {
                        lock(&known).pop(&wanted.path());
                    } else {
                        let missing = Known::MissingUntil(Instant::now() + MISSING_FOR);
                        lock(&known).put(wanted.path(), missing);
                    }
                    done.send_replace(Some(is_here));
                }
            })?;
        }
        Ok(Self { known, jobs: Some(jobs) })
    }

    /// Asks for something that is not here, unless that is known to be in vain, and waits a while.
    pub(crate) async fn fetch(&self, wanted: Wanted) -> Outcome {
        let Some((since, mut done)) = self.ask(wanted) else { return Outcome::Missing };
        let until = (since + WAIT_MAX).into();
        match tokio::time::timeout_at(until, done.wait_for(Option::is_some)).await {
            Ok(Ok(is_here)) if *is_here == Some(true) => Outcome::Fetched,
            Ok(_) => Outcome::Missing,
            Err(_) => Outcome::OnItsWay,
        }
    }

    /// Asks for something that is not here, and waits as long as it takes.
    pub(crate) async fn gather(&self, wanted: Wanted) {
        if let Some((_, mut done)) = self.ask(wanted) {
            // An error is that nobody asks any more.
            drop(done.wait_for(Option::is_some).await);
        }
    }

    fn ask(&self, wanted: Wanted) -> Option<(Instant, watch::Receiver<Option<bool>>)> {
        let jobs = self.jobs.as_ref()?;
        let now = Instant::now();
        let mut known = lock(&self.known);
        match known.get(&wanted.path()) {
            Some(Known::Asked(since, done)) => return Some((*since, done.clone())),
            Some(Known::MissingUntil(until)) if now < *until => return None,
            _ => {}
        }
        let (sender, done) = watch::channel(None);
        let path = wanted.path();
        // With so many waiting it is asked for the next time.
        jobs.try_send((wanted, sender)).ok()?;
        known.put(path, Known::Asked(now, done.clone()));
        Some((now, done))
    }
}

/// Fetches the lists of new series, and of those whose list is missing, without being asked.
pub(crate) async fn follow(app: Arc<App>) {
    let mut progress = app.progress.clone();
    let (mut all, mut latest) = (interval(ALL_EVERY), interval(LATEST_EVERY));
    let mut next = 0u32;
    loop {
        let from = tokio::select! {
            _ = all.tick() => 0,
            _ = latest.tick() => next.saturating_sub(LATEST),
            changed = progress.changed() => match changed {
                Ok(()) => next,
                Err(_) => break,
            },
        };
        match gather(&app, from).await {
            Ok(behind) => next = next.max(behind),
            Err(problem) => tracing::error!(?problem, "lists are not looked for"),
        }
    }
}

/// Fetches what is missing of the series from `from` on; gives the number behind the last one.
async fn gather(app: &Arc<App>, mut from: u32) -> Result<u32, Problem> {
    let mut pause = interval(PAUSE);
    pause.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let page = app
            .blocking(move |app| -> Result<_, Problem> {
                let page = app.index.series_from(from, PAGE)?;
                let mut found = Vec::new();
                for (id, series) in page {
                    found.push((id, if app.lists.has(&series)? { None } else { Some(series) }));
                }
                Ok(found)
            })
            .await?;
        let Some((last, _)) = page.last() else { return Ok(from) };
        from = last.saturating_add(1);
        for (_, missing) in page {
            if let Some(series) = missing {
                pause.tick().await;
                app.peers.gather(Wanted::List(Box::new(series))).await;
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Fetcher {
    urls: Vec<String>,
    agent: ureq::Agent,
    lists: Arc<Lists>,
    documents: Arc<Documents>,
}

impl Fetcher {
    /// Whether it is here afterwards.
    fn fetch(&self, wanted: &Wanted) -> bool {
        for url in &self.urls {
            let path = wanted.path();
            match self.fetch_from(url, wanted) {
                Ok(true) => {
                    tracing::info!(peer = url, path, "fetched");
                    return true;
                }
                Ok(false) => {}
                Err(error) => tracing::warn!(peer = url, path, %error, "not fetched"),
            }
        }
        false
    }

    /// Whether the peer has it; then it is kept.
    fn fetch_from(&self, url: &str, wanted: &Wanted) -> Result<bool, PeerError> {
        let asked = self.agent.get(format!("{url}{}", wanted.path())).call();
        let mut answer = asked.map_err(|error| PeerError::Http(Box::new(error)))?;
        match answer.status().as_u16() {
            200 => {}
            404 => return Ok(false),
            status => return Err(PeerError::Status(status)),
        }
        let (mut incoming, bytes_max) = match wanted {
            Wanted::List(series) => (self.lists.incoming()?, lists::bytes_max(series)),
            Wanted::Document(_) => (self.documents.incoming()?, self.documents.bytes_max),
        };
        let body = answer.body_mut().with_config().limit(u64::MAX).reader();
        let copied = io::copy(&mut body.take(bytes_max + 1), &mut incoming);
        if incoming.is_full() {
            return Err(StoreError::Full.into());
        }
        if copied.map_err(PeerError::Broken)? > bytes_max {
            return Err(PeerError::TooLong(bytes_max));
        }
        incoming.flush().map_err(StoreError::from)?;
        match wanted {
            Wanted::List(series) => {
                self.lists.put(series, BufReader::new(incoming.reader()?))?;
            }
            Wanted::Document(digest) => self.documents.put(digest, incoming)?,
        }
        Ok(true)
    }
}

//! Other gateways, from which lists and documents that are missing here are fetched by their digest.
//!
//! Only those are asked that the operator names, only for what the chain names, and what they send is
//! checked as an upload is. A gateway asks its peers for what its own callers need; a peer answers with
//! what it has, and asks nobody: nothing goes in circles.
//!
//! Documents are public. Lists are not: who has one can print labels of every code in it. They are
//! given to those only who know a [`Secret`] that the operators of gateways share.

use crate::{
    address::read_address,
    app::App,
    documents::{DocumentError, Documents},
    lists::{self, ListError, Lists},
    problem::Problem,
    store::StoreError,
};
use axum::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use ecoledger_client::labels::Series;
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, BufReader, Read as _, Write as _},
    num::NonZeroUsize,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
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

/// Fewest and most characters of a secret.
const SECRET_CHARS_MIN: usize = 32;
const SECRET_CHARS_MAX: usize = 512;

/// Why a file is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Anybody on the machine can read it.
    #[error("everybody on this machine may read it; chmod 600 it")]
    Public,
    /// It can be guessed, or is none.
    #[error(
        "{SECRET_CHARS_MIN} to {SECRET_CHARS_MAX} characters are expected, got {0}; \
         `openssl rand -hex 32` makes some"
    )]
    Length(usize),
    /// It does not fit into a header.
    #[error("one line of letters, digits and signs is expected, without spaces")]
    Characters,
}

/// What those know who are given lists; sent as `Authorization: Bearer …`.
pub(crate) struct Secret(HeaderValue);

impl Secret {
    /// Reads it from a file; white space around it is none of it.
    ///
    /// # Errors
    /// [`PeersError::Secret`].
    pub(crate) fn read(file: &Path) -> Result<Self, PeersError> {
        Self::read_from(file).map_err(|error| PeersError::Secret { file: file.to_owned(), error })
    }

    fn read_from(file: &Path) -> Result<Self, SecretError> {
        let file = File::open(file)?;
        if file.metadata()?.permissions().mode() & 0o007 != 0 {
            return Err(SecretError::Public);
        }
        let mut bytes = Vec::new();
        file.take(2 * SECRET_CHARS_MAX as u64).read_to_end(&mut bytes)?;
        let secret = bytes.trim_ascii();
        if !(SECRET_CHARS_MIN..=SECRET_CHARS_MAX).contains(&secret.len()) {
            return Err(SecretError::Length(secret.len()));
        }
        if !secret.iter().all(u8::is_ascii_graphic) {
            return Err(SecretError::Characters);
        }
        let mut value = HeaderValue::from_bytes(&[b"Bearer ", secret].concat())
            .map_err(|_| SecretError::Characters)?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// Whether somebody's headers have it. By digests, whose comparison tells nothing of where two
    /// secrets differ, however long it takes.
    fn is_in(&self, headers: &HeaderMap) -> bool {
        let digest = |value: &HeaderValue| Sha256::digest(value.as_bytes());
        headers.get(AUTHORIZATION).is_some_and(|given| {
            let pairs = digest(given).into_iter().zip(digest(&self.0));
            pairs.fold(0, |differences, (one, other)| differences | (one ^ other)) == 0
        })
    }
}

/// Why peers cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum PeersError {
    /// The secret cannot be used.
    #[error("peer secret {}: {error}", file.display())]
    Secret {
        /// The file.
        file: PathBuf,
        /// Why.
        error: SecretError,
    },
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
    #[error("it gives lists to those only who have its --peer-secret")]
    Secret,
    #[error("it has more than {0} bytes")]
    TooLong(u64),
    #[error("it sent another list")]
    Other,
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
    secret: Option<Arc<Secret>>,
    known: Arc<Mutex<lru::LruCache<String, Known>>>,
    /// `None` without peers.
    jobs: Option<mpsc::SyncSender<Job>>,
}

impl Peers {
    /// Those at `urls`, none or more.
    ///
    /// - `secret`: what those must know who are given lists, and is told to `urls`.
    ///
    /// # Errors
    /// [`PeersError`].
    pub(crate) fn new(
        urls: &[String],
        secret: Option<Secret>,
        lists: &Arc<Lists>,
        documents: &Arc<Documents>,
    ) -> Result<Self, PeersError> {
        let read = |url: &String| read_address(url).map_err(|_| PeersError::Url(url.clone()));
        let urls = urls.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let known = Arc::new(Mutex::new(lru::LruCache::new(KNOWN_MAX)));
        let secret = secret.map(Arc::new);
        if urls.is_empty() {
            return Ok(Self { secret, known, jobs: None });
        }
        let (jobs, waiting) = mpsc::sync_channel::<Job>(WAITING_MAX);
        let waiting = Arc::new(Mutex::new(waiting));
        let fetcher = Arc::new(Fetcher {
            urls,
            secret: secret.clone(),
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
        Ok(Self { secret, known, jobs: Some(jobs) })
    }

    /// Whether somebody with these headers is a gateway that may have lists.
    pub(crate) fn is_one(&self, headers: &HeaderMap) -> bool {
        self.secret.as_ref().is_some_and(|secret| secret.is_in(headers))
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
    secret: Option<Arc<Secret>>,
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
        let mut asked = self.agent.get(format!("{url}{}", wanted.path()));
        if let (Wanted::List(_), Some(secret)) = (wanted, &self.secret) {
            asked = asked.header(AUTHORIZATION, &secret.0);
        }
        let mut answer = asked.call().map_err(|error| PeerError::Http(Box::new(error)))?;
        match answer.status().as_u16() {
            200 => {}
            403 => return Err(PeerError::Secret),
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
                // Before a tree is built of it.
                if incoming.digest() != lists::name_of(series) {
                    return Err(PeerError::Other);
                }
                self.lists.put(series, BufReader::new(incoming.reader()?))?;
            }
            Wanted::Document(digest) => self.documents.put(digest, incoming)?,
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_and_nobody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let read = |text: &str, mode| {
            let file = folder.path().join("secret");
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            Secret::read(&file)
        };
        let good = "0123456789abcdef0123456789abcdef";
        let secret = read(&format!("{good}\n"), 0o600).unwrap();
        let has = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            secret.is_in(&headers)
        };
        assert!(has(&format!("Bearer {good}")) && !secret.is_in(&HeaderMap::new()));
        for other in ["", "Bearer ", good, &format!("Bearer {good}0"), &format!("Basic {good}")] {
            assert!(!has(other), "{other}");
        }
        assert!(read(good, 0o640).is_ok());
        let refusal = |text: &str, mode| read(text, mode).err().unwrap().to_string();
        assert!(refusal(good, 0o604).contains("chmod 600"));
        assert!(refusal("", 0o600).contains("got 0"));
        assert!(refusal(&good[1..], 0o600).contains("got 31"));
        assert!(refusal(&good.repeat(17), 0o600).contains("got 544"));
        assert!(refusal(&format!("{good} {good}"), 0o600).contains("without spaces"));
        let missing = Secret::read(&folder.path().join("none")).err().unwrap().to_string();
        assert!(missing.contains("none: No such file"), "{missing}");
    }
}

//! Who scans, as far as counting needs to know; nothing of it is stored.

use crate::{
    app::{Answer, App},
    map,
    problem::Problem,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use ecoledger_client::Moment;
use sha2::{Digest as _, Sha256};
use std::{net::IpAddr, num::NonZeroUsize, sync::Arc};

/// How long a further scan of an item by one address does not count, in milliseconds.
const ONCE_EVERY_MS: u64 = 3600 * 1000;
/// Scans that are remembered for that, about 60 bytes each: more than one address can make in the
/// time, at the usual rate.
const REMEMBERED_MAX: NonZeroUsize = NonZeroUsize::new(1 << 18).expect("2^18 is not zero; qed");
/// Words by which robots name themselves.
const ROBOTS: &[&str] = &["bot", "crawl", "spider", "slurp", "preview", "monitor"];

/// Address of who asks, as the server found it: for IPv6 that of the line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller(pub(crate) Option<IpAddr>);

/// Who scans.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visitor {
    address: Option<IpAddr>,
    /// Place of the province in [`crate::map`], if the proxy says it.
    pub(super) province: Option<usize>,
}

impl Visitor {
    pub(super) fn new(address: Option<IpAddr>, province: Option<usize>) -> Self {
        Self { address, province }
    }

    /// A province by the first two digits of its division; anything else is no place.
    fn province(headers: &HeaderMap, name: &str) -> Option<usize> {
        let text = headers.get(name)?.to_str().ok()?.trim();
        let is_division =
            matches!(text.len(), 2 | 6 | 9 | 12) && text.bytes().all(|byte| byte.is_ascii_digit());
        map::province(text.get(..2).filter(|_| is_division)?.parse().ok()?)
    }
}

/// Whether a person asks, or something on its own: a robot, a browser ahead of its reader, a question
/// about the answer only.
fn is_person(method: &Method, headers: &HeaderMap) -> bool {
    let text = |name: &str| {
        let value = headers.get(name).and_then(|it| it.to_str().ok());
        value.unwrap_or_default().to_ascii_lowercase()
    };
    let agent = text(header::USER_AGENT.as_str());
    let is_ahead = text("sec-purpose").contains("prefetch") || text("purpose") == "prefetch";
    *method == Method::GET && !is_ahead && !ROBOTS.iter().any(|word| agent.contains(word))
}

/// `None` for what is no scan by a person.
pub(crate) struct Counted(Option<Visitor>);

impl Counted {
    /// Counts the scan that was answered so.
    pub(crate) fn scan(&self, app: &App, answer: &Answer) {
        if let Some(visitor) = &self.0 {
            app.scans.count((answer.code.series, answer.code.index), visitor, Moment::now());
        }
    }
}

impl FromRequestParts<Arc<App>> for Counted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        if !is_person(&parts.method, &parts.headers) {
            return Ok(Self(None));
        }
        let address = parts.extensions.get::<Caller>().and_then(|it| it.0);
        let province =
            app.region_header.as_deref().and_then(|name| Visitor::province(&parts.headers, name));
        Ok(Self(Some(Visitor::new(address, province))))
    }
}

/// Who has scanned what within the hour, as digests under a salt of the day that is nowhere written.
pub(super) struct Seen {
    day: u32,
    salt: [u8; 32],
    digests: lru::LruCache<u64, Moment>,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { day: u32::MAX, salt: [0; 32], digests: lru::LruCache::new(REMEMBERED_MAX) }
    }

    /// Whether this is the first scan of the item by that address within the hour; remembers it.
    pub(super) fn is_first(&mut self, item: (u32, u32), visitor: &Visitor, now: Moment) -> bool {
        let day = super::day_of(now);
        if self.day != day {
            self.digests.clear();
            // Without randomness nobody can be told apart, and nothing counts.
            if getrandom::fill(&mut self.salt).is_err() {
                return false;
            }
            self.day = day;
        }
        let digest = self.digest(item, visitor.address);
        match self.digests.get(&digest) {
            Some(before) if now.0.saturating_sub(before.0) < ONCE_EVERY_MS => false,
            _ => {
                self.digests.put(digest, now);
                true
            }
        }
    }

    fn digest(&self, item: (u32, u32), address: Option<IpAddr>) -> u64 {
        let mut hasher = Sha256::new_with_prefix(self.salt);
        hasher.update(item.0.to_le_bytes());
        hasher.update(item.1.to_le_bytes());
        match address {
            Some(IpAddr::V4(address)) => hasher.update(address.octets()),
            Some(IpAddr::V6(address)) => hasher.update(address.octets()),
            None => {}
        }
        let digest = hasher.finalize();
        digest.first_chunk().map(|it| u64::from_le_bytes(*it)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<HeaderMap>()
    }

    #[test]
    fn robots_and_browsers_ahead_of_their_readers_are_no_scans() {
        let phone = headers(&[("user-agent", "Mozilla/5.0 (iPhone) MicroMessenger/8.0")]);
        assert!(is_person(&Method::GET, &phone) && is_person(&Method::GET, &HeaderMap::new()));
        assert!(!is_person(&Method::HEAD, &phone));
        for pair in [
            ("user-agent", "Mozilla/5.0 (compatible; Baiduspider/2.0)"),
            ("user-agent", "Googlebot/2.1"),
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "prefetch"),
        ] {
            assert!(!is_person(&Method::GET, &headers(&[pair])), "{pair:?}");
        }
    }

    #[test]
    fn places_are_provinces_or_nothing() {
        let place = |text: &str| Visitor::province(&headers(&[("x-region", text)]), "x-region");
        assert_eq!(place("33"), map::province(33));
        assert_eq!(place("331127"), map::province(33));
        for text in ["", "3", "99", "331", "CN", "33,44", "33112x", "003311"] {
            assert_eq!(place(text), None, "{text}");
        }
        assert_eq!(Visitor::province(&HeaderMap::new(), "x-region"), None);
    }

    #[test]
    fn an_address_counts_once_an_hour_and_its_digest_is_new_each_day() {
        let visitor = |text: &str| Visitor::new(Some(text.parse().unwrap()), None);
        let (one, other) = (visitor("203.0.113.7"), visitor("203.0.113.8"));
        let at = |ms: u64| Moment(20_000 * 86_400_000 + ms);
        let mut seen = Seen::new();
        assert!(seen.is_first((0, 1), &one, at(0)));
        assert!(!seen.is_first((0, 1), &one, at(ONCE_EVERY_MS - 1)));
        assert!(seen.is_first((0, 1), &one, at(ONCE_EVERY_MS)));
        assert!(seen.is_first((0, 1), &other, at(0)) && seen.is_first((0, 2), &one, at(0)));
        let before = seen.digest((0, 1), one.address);
        assert!(seen.is_first((0, 1), &one, at(86_400_000)));
        assert_ne!(seen.digest((0, 1), one.address), before);
    }

    #[test]
    fn one_address_cannot_make_its_own_scans_forgotten_within_the_hour() {
        // Fifty requests a second for an hour.
        assert!(REMEMBERED_MAX.get() > 50 * 3600);
    }
}

//! Who asks, as far as limits need to know.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What limits count as one: an address, or all addresses of a line, which has 2^64 of them by IPv6.
pub(crate) fn line(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(own) => Ipv6Addr::from_bits(own.to_bits() >> 64 << 64).into(),
        own => own,
    }
}

/// Something of which each line may have so much at a time.
#[derive(Debug)]
pub(crate) struct Shares {
    each_max: usize,
    taken: Mutex<BTreeMap<IpAddr, usize>>,
}

impl Shares {
    pub(crate) fn new(each_max: usize) -> Arc<Self> {
        Arc::new(Self { each_max, taken: Mutex::new(BTreeMap::new()) })
    }

    /// One more for an address, until it is dropped; `None` if its line has as many as it may.
    pub(crate) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Share> {
        let line = line(address);
        let mut taken = self.taken();
        let n_taken = taken.entry(line).or_default();
        if *n_taken >= self.each_max {
            return None;
        }
        *n_taken += 1;
        Some(Share { shares: Arc::clone(self), line })
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a line has taken; dropped, it is given back.
#[derive(Debug)]
pub(crate) struct Share {
    shares: Arc<Shares>,
    line: IpAddr,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken();
        if let Some(n_taken) = taken.get_mut(&self.line) {
            *n_taken -= 1;
            // Lines without any are not remembered.
            if *n_taken == 0 {
                taken.remove(&self.line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_share_and_others_have_theirs() {
        let shares = Shares::new(2);
        let take = |address: &str| shares.take(address.parse().unwrap());
        let first = take("2001:db8:1:2::1").unwrap();
        let _second = take("2001:db8:1:2:ffff::9").unwrap();
        assert!(take("2001:db8:1:2::3").is_none());
        let _of_others = [take("2001:db8:1:3::1").unwrap(), take("203.0.113.7").unwrap()];
        let _mapped = take("::ffff:203.0.113.7").unwrap();
        assert!(take("203.0.113.7").is_none());
        drop(first);
        drop(take("2001:db8:1:2::3").unwrap());
        assert_eq!(shares.taken().len(), 3);
    }

    #[test]
    fn who_has_nothing_is_forgotten() {
        let shares = Shares::new(1);
        drop(shares.take("203.0.113.7".parse().unwrap()));
        assert!(shares.taken().is_empty());
    }
}

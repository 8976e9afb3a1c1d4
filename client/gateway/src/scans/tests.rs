//! Counts on a disk: kept, bounded, and without a trace of who scanned.

use super::*;
use std::net::IpAddr;

const NOW: Moment = Moment(20_000 * DAY_MS);

fn open(folder: &Path, items_max: u64) -> Scans {
    Scans::open(&folder.join("scans.redb"), "0xab", Thresholds::default(), items_max).unwrap()
}

fn visitor(number: u32, province: u32) -> Visitor {
    let address = IpAddr::from(std::net::Ipv4Addr::from(0xcb00_7100 + number));
    Visitor::new(Some(address), crate::map::province(province))
}

fn n_scans(scans: &Scans, item: Item) -> u32 {
    scans.of(item).unwrap().total().map_or(0, |it| it.n_scans)
}

#[test]
fn what_is_written_is_there_after_a_restart_and_what_waits_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let scans = open(folder.path(), 10);
    scans.count((3, 4), &visitor(1, 33), NOW);
    scans.count((3, 4), &visitor(1, 33), NOW);
    scans.count((3, 4), &visitor(2, 44), NOW);
    assert_eq!(n_scans(&scans, (3, 4)), 2);
    scans.write().unwrap();
    scans.count((3, 4), &visitor(3, 99), Moment(NOW.0 + DAY_MS));
    let total = scans.of((3, 4)).unwrap().total().unwrap();
    assert_eq!((total.day, total.n_scans, total.provinces.len()), (day_of(NOW), 3, 2));
    drop(scans);
    // What waited is lost with a crash; the rest is not.
    assert_eq!(n_scans(&open(folder.path(), 10), (3, 4)), 2);
}

#[test]
fn one_caller_reloading_raises_no_warning() {
    let folder = tempfile::tempdir().unwrap();
    let scans = open(folder.path(), 10);
    let provinces = [33, 44, 65];
    for number in 0..3000u32 {
        let moment = Moment(NOW.0 + u64::from(number));
        scans.count((0, 0), &visitor(1, provinces[number as usize % 3]), moment);
    }
    let counts = scans.of((0, 0)).unwrap();
    assert_eq!(counts.total().unwrap().n_scans, 1);
    assert_eq!(scans.thresholds().warning(&counts, day_of(NOW), None), None);
    // Ten callers are another matter.
    for number in 2..=10 {
        scans.count((0, 0), &visitor(number, provinces[number as usize % 3]), NOW);
    }
    let counts = scans.of((0, 0)).unwrap();
    assert!(scans.thresholds().warning(&counts, day_of(NOW), None).is_some());
}

#[test]
fn the_items_that_rested_longest_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let scans = open(folder.path(), 3);
    for (number, day) in [(0, 5), (1, 1), (2, 2), (3, 3)] {
        scans.count((7, number), &visitor(1, 33), Moment(NOW.0 + day * DAY_MS));
        scans.write().unwrap();
    }
    let left: Vec<_> = (0..4).map(|number| n_scans(&scans, (7, number))).collect();
    assert_eq!(left, [1, 0, 1, 1]);
    // Scanned again, it is not the one that rested longest.
    scans.count((7, 2), &visitor(1, 33), Moment(NOW.0 + 9 * DAY_MS));
    scans.count((7, 4), &visitor(1, 33), Moment(NOW.0 + 9 * DAY_MS));
    scans.write().unwrap();
    let left: Vec<_> = (0..5).map(|number| n_scans(&scans, (7, number))).collect();
    assert_eq!(left, [1, 0, 2, 0, 1]);
}

#[test]
fn nothing_of_who_scanned_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let scans = open(folder.path(), 10);
    let address = [203, 0, 113, 77];
    let line: IpAddr = "2001:db8:77:88::1".parse().unwrap();
    scans.count((1, 2), &Visitor::new(Some(address.into()), None), NOW);
    scans.count((1, 2), &Visitor::new(Some(line), None), NOW);
    scans.write().unwrap();
    assert_eq!(n_scans(&scans, (1, 2)), 2);
    drop(scans);
    let bytes = std::fs::read(folder.path().join("scans.redb")).unwrap();
    let IpAddr::V6(line) = line else { unreachable!() };
    let mut reversed = address;
    reversed.reverse();
    for trace in [&address[..], &reversed, &line.octets()[..8], b"203.0.113.77", b"2001:db8:77:88"]
    {
        assert!(!bytes.windows(trace.len()).any(|it| it == trace), "{trace:?}");
    }
}

#[test]
fn counts_of_another_chain_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path(), 10));
    let other = Scans::open(&folder.path().join("scans.redb"), "0xcd", Thresholds::default(), 10);
    let error = other.err().unwrap().to_string();
    assert!(error.contains("0xab") && error.contains("0xcd"), "{error}");
}

#[test]
fn days_are_those_of_china() {
    assert_eq!(date_of(day_of(Moment(0))), "1970-01-01");
    assert_eq!(day_of(Moment(16 * 3600 * 1000 - 1)), 0);
    assert_eq!((day_of(Moment(16 * 3600 * 1000)), date_of(1).as_str()), (1, "1970-01-02"));
}

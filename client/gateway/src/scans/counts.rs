//! What is counted of one item.

/// Days that are told apart; older ones are folded together.
pub(crate) const DAYS_MAX: usize = 32;
/// Bytes of a day: day (u32), scans (u32), provinces (u64), little-endian.
const DAY_BYTES: usize = 16;

/// A set of provinces, one bit each by their place in [`crate::map`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Provinces(u64);

impl Provinces {
    /// The set of one, or of none.
    pub(crate) fn of(province: Option<usize>) -> Self {
        Self(province.and_then(|it| 1u64.checked_shl(u32::try_from(it).ok()?)).unwrap_or_default())
    }

    /// How many.
    pub(crate) fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Their places.
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> + Clone {
        (0..64).filter(move |place| self.0 >> place & 1 == 1)
    }
}

/// Scans of a day, or of several that are folded together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Day {
    /// Days since 1970 in China Standard Time; the first of those that are folded together.
    pub(crate) day: u32,
    pub(crate) n_scans: u32,
    pub(crate) provinces: Provinces,
}

impl Day {
    /// Folds the scans of another day into these.
    pub(crate) fn fold(&mut self, other: Self) {
        self.day = self.day.min(other.day);
        self.n_scans = self.n_scans.saturating_add(other.n_scans);
        self.provinces.0 |= other.provinces.0;
    }
}

/// Scans of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// What is older than `days`.
    earlier: Option<Day>,
    /// The latest days with scans, at most [`DAYS_MAX`], ascending.
    days: Vec<Day>,
}

impl Counts {
    /// Adds scans of a day.
    pub(crate) fn add(&mut self, more: Day) {
        match self.days.iter_mut().find(|it| it.day == more.day) {
            Some(day) => day.fold(more),
            None => {
                self.days.insert(self.days.partition_point(|it| it.day < more.day), more);
            }
        }
        if self.days.len() > DAYS_MAX {
            let oldest = self.days.remove(0);
            self.fold(oldest);
        }
    }

    /// Adds scans that were counted apart.
    pub(crate) fn merge(&mut self, more: &Self) {
        more.days.iter().for_each(|day| self.add(*day));
        if let Some(earlier) = more.earlier {
            self.fold(earlier);
        }
    }

    fn fold(&mut self, day: Day) {
        match &mut self.earlier {
            Some(earlier) => earlier.fold(day),
            None => self.earlier = Some(day),
        }
    }

    /// The days that are told apart, ascending.
    pub(crate) fn days(&self) -> &[Day] {
        &self.days
    }

    /// All scans; the day is the first. `None` without any.
    pub(crate) fn total(&self) -> Option<Day> {
        self.earlier.iter().chain(&self.days).copied().reduce(|mut sum, day| {
            sum.fold(day);
            sum
        })
    }

    /// The last day with scans.
    pub(crate) fn last_day(&self) -> u32 {
        self.days.last().map(|it| it.day).unwrap_or_default()
    }

    /// One day each: first that of what is folded together, without scans if there is none.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let earlier = self.earlier.unwrap_or_default();
        let mut bytes = Vec::with_capacity((self.days.len() + 1) * DAY_BYTES);
        for day in std::iter::once(&earlier).chain(&self.days) {
            bytes.extend(day.day.to_le_bytes());
            bytes.extend(day.n_scans.to_le_bytes());
            bytes.extend(day.provinces.0.to_le_bytes());
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` if it is something else.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (chunks, []) = bytes.as_chunks::<DAY_BYTES>() else { return None };
        let mut days = chunks.iter().map(|chunk| {
            let (day, rest) = chunk.split_first_chunk::<4>()?;
            let (n_scans, rest) = rest.split_first_chunk::<4>()?;
            let provinces = Provinces(u64::from_le_bytes(rest.try_into().ok()?));
            let (day, n_scans) = (u32::from_le_bytes(*day), u32::from_le_bytes(*n_scans));
            Some(Day { day, n_scans, provinces })
        });
        let earlier = Some(days.next()??).filter(|it| it.n_scans > 0);
        Some(Self { earlier, days: days.collect::<Option<_>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32, n_scans: u32, province: usize) -> Day {
        Day { day, n_scans, provinces: Provinces::of(Some(province)) }
    }

    #[test]
    fn days_add_up_and_the_oldest_are_folded_together() {
        let mut counts = Counts::default();
        assert_eq!(counts.total(), None);
        for number in (0..40).rev() {
            counts.add(day(100 + number, 2, 3));
            counts.add(day(100 + number, 1, 4));
        }
        assert_eq!(counts.days().len(), DAYS_MAX);
        let total = counts.total().unwrap();
        assert_eq!((total.day, total.n_scans, total.provinces.len()), (100, 120, 2));
        // What is told apart is the latest, in whatever order it came.
        assert_eq!((counts.days()[0].day, counts.last_day()), (108, 139));
        assert_eq!(counts.days()[0].n_scans, 3);
    }

    #[test]
    fn what_was_counted_apart_adds_up_to_the_same() {
        let all: Vec<_> = (0..100u32).map(|it| day(it * 7 % 50, it, it as usize % 34)).collect();
        let mut whole = Counts::default();
        let (mut one, mut other) = (Counts::default(), Counts::default());
        for (number, day) in all.into_iter().enumerate() {
            whole.add(day);
            if number % 3 == 0 { one.add(day) } else { other.add(day) }
        }
        one.merge(&other);
        assert_eq!(one.total(), whole.total());
        assert_eq!(one.days(), whole.days());
    }

    #[test]
    fn bytes_are_read_as_they_were_written() {
        let mut counts = Counts::default();
        for number in 0..40 {
            let bytes = counts.to_bytes();
            assert_eq!(Counts::from_bytes(&bytes), Some(counts.clone()));
            assert_eq!(Counts::from_bytes(&bytes[1..]), None);
            assert!(bytes.len() <= (DAYS_MAX + 1) * DAY_BYTES);
            counts.add(day(20_000 + number, 1, 33));
        }
        assert_eq!(Counts::from_bytes(b""), None);
    }
}

//! Annual means, the index, the change and the class of a year, computed from its months as the chain
//! computes them: exactly.

use ecoledger_client::compensation::{
    MicrogramsPerLitre,
    horizontal::{IndicatorRule, Sample, SampleStatus},
};
use primitive_types::U512;

/// Parts per billion of one.
const ONE: u64 = 1_000_000_000;

/// A mean: a sum and by how many months it is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mean {
    /// In µg/L.
    pub(crate) sum: u64,
    /// Above 0.
    pub(crate) months: u8,
}

impl Mean {
    /// In ng/L, half rounded up.
    pub(crate) fn nanograms(self) -> u128 {
        let months = u128::from(self.months.max(1));
        (u128::from(self.sum) * 2_000 + months) / (months * 2)
    }

    fn exceeds(self, limit: MicrogramsPerLitre) -> bool {
        u128::from(self.sum) > u128::from(limit.0) * u128::from(self.months)
    }
}

/// Means of a section in a year, by indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Means {
    /// None while no month has a value.
    pub(crate) means: Vec<Mean>,
    /// Whether the year can be settled with them: nothing is in dispute, enough months are there.
    pub(crate) is_whole: bool,
}

/// The means of twelve months; a month left out for a disaster does not count as missing.
pub(crate) fn means_of(months: &[Option<Sample>], n_indicators: usize, missing_max: u8) -> Means {
    let mut sums = vec![0_u64; n_indicators];
    let (mut n_months, mut n_missing, mut is_disputed) = (0_u8, 0_u8, false);
    for month in months {
        match month.as_ref().map(|it| &it.status) {
            Some(SampleStatus::Agreed(reading) | SampleStatus::Decided(reading)) => {
                n_months += 1;
                for (sum, value) in sums.iter_mut().zip(reading) {
                    *sum = sum.saturating_add(value.0);
                }
            }
            Some(SampleStatus::Disputed) => is_disputed = true,
            Some(SampleStatus::Exempt) => {}
            Some(SampleStatus::OneHalf) | None => n_missing += 1,
        }
    }
    let means = match n_months {
        0 => Vec::new(),
        months => sums.into_iter().map(|sum| Mean { sum, months }).collect(),
    };
    Means { is_whole: n_months > 0 && !is_disputed && n_missing <= missing_max, means }
}

/// A ratio; its denominator is above 0. Eight terms stay below 512 bits.
#[derive(Clone, Copy)]
struct Ratio(U512, U512);

impl Ratio {
    /// Σ of numerators and denominators.
    fn sum(terms: impl Iterator<Item = (U512, U512)>) -> Option<Self> {
        let mut total = Self(U512::zero(), U512::one());
        for (numerator, denominator) in terms {
            if denominator.is_zero() {
                return None;
            }
            let left = total.0.checked_mul(denominator)?;
            let right = numerator.checked_mul(total.1)?;
            total = Self(left.checked_add(right)?, total.1.checked_mul(denominator)?);
        }
        Some(total)
    }

    /// In parts per billion, half rounded up.
    fn to_ppb(self) -> Option<u64> {
        let twice = self.0.checked_mul(U512::from(2 * ONE))?.checked_add(self.1)?;
        let rounded = twice / self.1.checked_mul(U512::from(2))?;
        (rounded <= U512::from(u64::MAX)).then(|| rounded.low_u64())
    }
}

/// `P = k₀ · Σ kᵢ · Cᵢ / Cᵢ₀` in parts per billion, half rounded up.
pub(crate) fn weighted_index(
    k0_ppb: u64,
    indicators: &[IndicatorRule],
    means: &[Mean],
) -> Option<u64> {
    let terms = indicators.iter().zip(means).map(|(rule, mean)| {
        let numerator = U512::from(rule.weight_ppb.0) * U512::from(mean.sum);
        (numerator, U512::from(rule.base.0) * U512::from(mean.months))
    });
    let Ratio(numerator, denominator) = Ratio::sum(terms)?;
    let one = U512::from(ONE);
    let numerator = numerator.checked_mul(k0_ppb.into())?;
    Ratio(numerator, denominator.checked_mul(one)?.checked_mul(one)?).to_ppb()
}

/// Mean ratio of the indicators to the year before, in parts per billion, half rounded up.
pub(crate) fn change(means: &[Mean], before: &[Mean]) -> Option<u64> {
    let terms = means.iter().zip(before).map(|(now, then)| {
        let numerator = U512::from(now.sum) * U512::from(then.months);
        (numerator, U512::from(then.sum) * U512::from(now.months))
    });
    let Ratio(numerator, denominator) = Ratio::sum(terms)?;
    Ratio(numerator, denominator.checked_mul(means.len().max(1).into())?).to_ppb()
}

/// Class of GB 3838 of a section, that of its worst indicator: 1 to 5, or 6 beyond all (劣Ⅴ类); `None`
/// where an indicator has no limits of classes.
pub(crate) fn class(indicators: &[IndicatorRule], means: &[Mean]) -> Option<u8> {
    indicators.iter().zip(means).try_fold(1, |worst: u8, (rule, mean)| {
        let limits = rule.class_limits?;
        let class = (1..).zip(limits).find(|(_, limit)| !mean.exceeds(*limit));
        Some(worst.max(class.map_or(6, |(class, _)| class)))
    })
}

/// Whether a mean of a section is above its base limit.
pub(crate) fn is_above(indicators: &[IndicatorRule], means: &[Mean]) -> bool {
    indicators.iter().zip(means).any(|(rule, mean)| mean.exceeds(rule.base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecoledger_client::{Ppb, compensation::horizontal::Indicator};

    fn indicators(bases: &[u64], weight_ppb: u64) -> Vec<IndicatorRule> {
        let rule = |base: &u64| IndicatorRule {
            indicator: Indicator::TotalNitrogen,
            base: MicrogramsPerLitre(*base),
            weight_ppb: Ppb(weight_ppb),
            class_limits: Some([1, 2, 3, 4, 5].map(|n| MicrogramsPerLitre(n * base))),
        };
        bases.iter().map(rule).collect()
    }

    fn month(status: SampleStatus) -> Option<Sample> {
        Some(Sample { halves: [None, None], status })
    }

    /// Xin'an River, first round: ratios of 1.02, 0.95, 1.10, 1.00 with k₀ = 0.85 give 0.864875.
    #[test]
    fn the_index_of_xin_an_river() {
        let rules = indicators(&[1_000; 4], 250_000_000);
        let means = [12_240, 11_400, 13_200, 12_000].map(|sum| Mean { sum, months: 12 });
        assert_eq!(weighted_index(850_000_000, &rules, &means), Some(864_875_000));
        assert_eq!(change(&means, &means), Some(1_000_000_000));
        assert_eq!(class(&rules, &means), Some(2));
        assert!(is_above(&rules, &means));
        assert!(!is_above(&rules[1..2], &means[1..2]));
    }

    #[test]
    fn the_largest_numbers_that_an_agreement_may_have_fit() {
        let rules = indicators(&[1_000_000_000; 8], 125_000_000);
        let means = [Mean { sum: 12_000_000_000, months: 12 }; 8];
        assert_eq!(weighted_index(10_000_000_000, &rules, &means), Some(10_000_000_000));
        assert_eq!(change(&means, &means), Some(1_000_000_000));
        let thirds = indicators(&[3], ONE);
        let two = [Mean { sum: 2, months: 1 }];
        assert_eq!(weighted_index(ONE, &thirds, &two), Some(666_666_667));
        assert_eq!(change(&two, &[Mean { sum: 0, months: 1 }]), None);
    }

    #[test]
    fn means_are_of_the_months_that_have_a_value() {
        let value = |n: u64| vec![MicrogramsPerLitre(n)];
        let mut months = vec![month(SampleStatus::Agreed(value(10))); 10];
        months.push(month(SampleStatus::Exempt));
        months.push(month(SampleStatus::OneHalf));
        let found = means_of(&months, 1, 1);
        assert_eq!(found, Means { means: vec![Mean { sum: 100, months: 10 }], is_whole: true });
        assert!(!means_of(&months, 1, 0).is_whole);
        months.push(month(SampleStatus::Disputed));
        assert!(!means_of(&months, 1, 12).is_whole);
        months.push(month(SampleStatus::Decided(value(21))));
        let mean = means_of(&months, 1, 12).means[0];
        assert_eq!((mean, mean.nanograms()), (Mean { sum: 121, months: 11 }, 11_000));
        assert_eq!(Mean { sum: 2, months: 3 }.nanograms(), 667);
        let none = Means { means: vec![], is_whole: false };
        assert_eq!(means_of(&[None], 1, 11), none);
    }
}

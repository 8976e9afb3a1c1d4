//! The weighted index of one reading, for tables; what is paid, the chain computes exactly.

use super::Section;
use crate::{compensation::MicrogramsPerLitre, ratio::Ppb};

/// One in the unit of intermediate terms, 10⁻¹⁸.
const FINE: u128 = 1_000_000_000;

/// `P = k₀ · Σ kᵢ · Cᵢ / Cᵢ₀` of one reading, half rounded up at the ninth decimal; terms are cut at
/// the eighteenth, so that the last decimal may be one too small.
///
/// `None` when the reading has another number of values than the section has indicators, or the
/// index is above 1.8 · 10¹⁰.
pub fn weighted_index(section: &Section, k0: Ppb, reading: &[MicrogramsPerLitre]) -> Option<Ppb> {
    if reading.len() != section.indicators.len() {
        return None;
    }
    let mut sum: u128 = 0;
    for (rule, value) in section.indicators.iter().zip(reading) {
        let product = u128::from(rule.weight_ppb.0).checked_mul(value.0.into())?;
        let term = product.checked_mul(FINE)?.checked_div(rule.base.0.into())?;
        sum = sum.checked_add(term)?;
    }
    let scaled = sum.checked_mul(k0.0.into())?;
    let divisor = FINE.checked_mul(FINE)?;
    let rounded = scaled.checked_add(divisor / 2)? / divisor;
    u64::try_from(rounded).ok().map(Ppb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compensation::horizontal::{Indicator, IndicatorRule};

    fn section(bases: &[u64], weight_ppb: u64) -> Section {
        let indicators = [
            Indicator::PermanganateIndex,
            Indicator::AmmoniaNitrogen,
            Indicator::TotalPhosphorus,
            Indicator::TotalNitrogen,
        ];
        let rules = indicators.into_iter().zip(bases).map(|(indicator, base)| IndicatorRule {
            indicator,
            base: MicrogramsPerLitre(*base),
            weight_ppb: Ppb(weight_ppb),
            class_limits: None,
        });
        Section { upstream: 0, downstream: 1, stations: [2, 3], indicators: rules.collect() }
    }

    /// Xin'an River, first round: ratios of 1.02, 0.95, 1.10, 1.00 with k₀ = 0.85 give 0.864875.
    #[test]
    fn the_index_of_xin_an_river() {
        let section = section(&[1_000; 4], 250_000_000);
        let reading = [1_020, 950, 1_100, 1_000].map(MicrogramsPerLitre);
        let index = weighted_index(&section, Ppb(850_000_000), &reading);
        assert_eq!(index, Some(Ppb(864_875_000)));
        assert_eq!(weighted_index(&section, Ppb(850_000_000), &reading[..3]), None);
    }

    #[test]
    fn what_does_not_fit_has_no_index() {
        let section = section(&[1], 1_000_000_000);
        let index =
            |value| weighted_index(&section, Ppb(1_000_000_000), &[MicrogramsPerLitre(value)]);
        assert_eq!(index(2), Some(Ppb(2_000_000_000)));
        assert_eq!(index(1_000_000_000), Some(Ppb(1_000_000_000_000_000_000)));
        assert_eq!(index(u64::MAX), None);
        let thirds = super::tests::section(&[3], 1_000_000_000);
        let third = weighted_index(&thirds, Ppb(1_000_000_000), &[MicrogramsPerLitre(2)]);
        assert_eq!(third, Some(Ppb(666_666_667)));
    }
}

//! What a county's share of a pool is in proportion to.

use crate::{
    Fault,
    exact::{add, lcm, mul, sum},
};
use alloc::vec::Vec;
use sp_core::U512;

/// One county's part in the weighted form.
pub struct Basis<'a> {
    /// Values of the factors, in the component's order and units.
    pub values: &'a [u128],
    /// Coefficient of the county in parts per billion.
    pub coefficient_ppb: u64,
}

/// Scores of counties by weighted factors: `s_i = k_i · Σ_j w_j · x_ij · L / X_j`, where `X_j` is the
/// sum of factor j over all counties and `L` the least common multiple of all `X_j`.
///
/// They are `raw_i = P · Σ_j w_j · (x_ij / X_j) · k_i` times a common number, so that the split in
/// proportion to them is exactly the renormalised split in proportion to `raw_i`.
///
/// The largest number on the way, in bits, is at most the bits of all `X_j` together, 60 for the
/// weight and the coefficient, and 3 for the sum; the split adds the bits of the pool and of the
/// number of counties. What leaves 512 bits is refused.
///
/// # Errors
/// - [`Fault::FactorSumZero`]: a factor is 0 in every county.
/// - [`Fault::TooLarge`]: see above.
pub fn weighted(weights_ppb: &[u64], counties: &[Basis<'_>]) -> Result<Vec<U512>, Fault> {
    let mut sums = Vec::with_capacity(weights_ppb.len());
    let mut common = U512::one();
    for n in 0..weights_ppb.len() {
        let column: Vec<U512> = counties
            .iter()
            .map(|county| county.values.get(n).copied().unwrap_or_default().into())
            .collect();
        let whole = sum(&column)?;
        if whole.is_zero() {
            return Err(Fault::FactorSumZero);
        }
        common = lcm(common, whole)?;
        sums.push(whole);
    }
    counties
        .iter()
        .map(|county| {
            let mut score = U512::zero();
            for ((weight, value), whole) in weights_ppb.iter().zip(county.values).zip(&sums) {
                let term = mul(mul((*weight).into(), (*value).into())?, common / *whole)?;
                score = add(score, term)?;
            }
            mul(score, county.coefficient_ppb.into())
        })
        .collect()
}

/// Score of a county by its standard fiscal gap (标准财政收支缺口): `max(0, E − R) · coef`.
///
/// # Errors
/// - [`Fault::NegativeGap`]: the revenue is above the expenditure, unless `negative_is_zero`.
/// - [`Fault::TooLarge`]: never for 128 bits of gap and 64 of coefficient.
pub fn gap(
    expenditure_fen: u128,
    revenue_fen: u128,
    coefficient_ppb: u64,
    negative_is_zero: bool,
) -> Result<U512, Fault> {
    match expenditure_fen.checked_sub(revenue_fen) {
        Some(gap_fen) => mul(gap_fen.into(), coefficient_ppb.into()),
        None if negative_is_zero => Ok(U512::zero()),
        None => Err(Fault::NegativeGap),
    }
}

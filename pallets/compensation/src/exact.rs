//! Exact arithmetic: shares of money and ratios of measurements, without rounding until a leaf.
//!
//! All steps are on integers of 512 bits, checked: a step that would leave them is refused as
//! [`Fault::TooLarge`], never wrapped. Ratios are compared by cross multiplication.

use crate::{Fault, Fen};
use alloc::{vec, vec::Vec};
use sp_core::U512;

/// 1.0 in parts per billion.
pub const ONE_PPB: u64 = 1_000_000_000;

/// `a · b`.
///
/// # Errors
/// [`Fault::TooLarge`].
pub(crate) fn mul(a: U512, b: U512) -> Result<U512, Fault> {
    a.checked_mul(b).ok_or(Fault::TooLarge)
}

/// `a + b`.
///
/// # Errors
/// [`Fault::TooLarge`].
pub(crate) fn add(a: U512, b: U512) -> Result<U512, Fault> {
    a.checked_add(b).ok_or(Fault::TooLarge)
}

/// Sum of all.
///
/// # Errors
/// [`Fault::TooLarge`].
pub(crate) fn sum(values: &[U512]) -> Result<U512, Fault> {
    values.iter().try_fold(U512::zero(), |total, value| add(total, *value))
}

/// The least common multiple of two numbers above 0.
///
/// # Errors
/// [`Fault::TooLarge`].
pub(crate) fn lcm(a: U512, b: U512) -> Result<U512, Fault> {
    let (mut x, mut y) = (a, b);
    while !y.is_zero() {
        (x, y) = (y, x % y);
    }
    mul(a / x, b)
}

/// `numerator / denominator`, half a unit rounded up; `denominator` is above 0.
///
/// # Errors
/// [`Fault::TooLarge`], also when the answer is beyond 128 bits.
pub(crate) fn half_up(numerator: U512, denominator: U512) -> Result<u128, Fault> {
    let (quotient, remainder) = numerator.div_mod(denominator);
    // Not `2 · remainder`, which could leave 512 bits.
    let up = remainder >= denominator - remainder;
    let rounded = add(quotient, U512::from(u8::from(up)))?;
    u128::try_from(rounded).map_err(|_| Fault::TooLarge)
}

/// `amount · ratio_ppb / 10⁹` in fen, half a fen rounded up.
///
/// # Errors
/// [`Fault::TooLarge`].
pub fn share_of(amount_fen: Fen, ratio_ppb: u64) -> Result<Fen, Fault> {
    half_up(mul(amount_fen.into(), ratio_ppb.into())?, ONE_PPB.into())
}

/// Splits `total_fen` in proportion to `weights` by largest remainders (最大余数法): each part is its
/// quota rounded down, and the fen that are left go one each to the parts with the largest
/// remainders; of equal ones, to those listed first.
///
/// # Errors
/// - [`Fault::NoBasis`]: all weights are 0 and there is something to split.
/// - [`Fault::TooLarge`]: the total times a weight, or the sum of weights, leaves 512 bits.
pub fn largest_remainder(total_fen: Fen, weights: &[U512]) -> Result<Vec<Fen>, Fault> {
    let whole = sum(weights)?;
    if whole.is_zero() {
        return if total_fen == 0 { Ok(vec![0; weights.len()]) } else { Err(Fault::NoBasis) };
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left_fen = total_fen;
    for (n, weight) in weights.iter().enumerate() {
        let (quota, remainder) = mul(total_fen.into(), *weight)?.div_mod(whole);
        // A quota is at most the total.
        let quota_fen = u128::try_from(quota).map_err(|_| Fault::TooLarge)?;
        left_fen = left_fen.saturating_sub(quota_fen);
        parts.push(quota_fen);
        remainders.push((remainder, n));
    }
    remainders.sort_by(|(a, n), (b, m)| b.cmp(a).then(n.cmp(m)));
    for (_, n) in remainders {
        if left_fen == 0 {
            break;
        }
        if let Some(part) = parts.get_mut(n) {
            *part = part.saturating_add(1);
            left_fen = left_fen.saturating_sub(1);
        }
    }
    Ok(parts)
}

/// The least and the most of a part, in fen.
pub type Bounds = (Fen, Fen);

/// Splits `total_fen` in proportion to `weights`, each part within its bounds, by water-filling.
///
/// In each round, what is not fixed yet is split in proportion. If the parts together miss their
/// floors by more than they exceed their caps, those below their floors are fixed at them; if by
/// less, those above their caps are fixed at them; if by as much, both. The round in which nothing
/// is beyond its bounds is split by [`largest_remainder`]. So every part is its floor, its cap, or
/// in proportion with all others that are neither.
///
/// # Errors
/// - [`Fault::BoundsInvalid`]: a floor is above its cap.
/// - [`Fault::FloorsExceedPool`], [`Fault::CapsBelowPool`]: no split is within all bounds.
/// - [`Fault::NoBasis`], [`Fault::TooLarge`]: see [`largest_remainder`].
pub fn water_fill(total_fen: Fen, weights: &[U512], bounds: &[Bounds]) -> Result<Vec<Fen>, Fault> {
    if bounds.len() != weights.len() || bounds.iter().any(|(floor, cap)| floor > cap) {
        return Err(Fault::BoundsInvalid);
    }
    let floors = sum(&bounds.iter().map(|(floor, _)| (*floor).into()).collect::<Vec<_>>())?;
    let caps = sum(&bounds.iter().map(|(_, cap)| (*cap).into()).collect::<Vec<_>>())?;
    if floors > total_fen.into() {
        return Err(Fault::FloorsExceedPool);
    }
    if caps < total_fen.into() {
        return Err(Fault::CapsBelowPool);
    }

    // What is not fixed yet: number, weight, bounds.
    let mut open: Vec<(usize, U512, Bounds)> =
        weights.iter().zip(bounds).enumerate().map(|(n, (w, b))| (n, *w, *b)).collect();
    let mut parts = vec![0; weights.len()];
    let mut rest_fen = total_fen;
    loop {
        let weights: Vec<U512> = open.iter().map(|(_, weight, _)| *weight).collect();
        let whole = sum(&weights)?;
        // With no weight at all every quota is 0, whatever it is divided by.
        let divisor = whole.max(U512::one());
        let (mut missing, mut exceeding) = (U512::zero(), U512::zero());
        for (_, weight, (floor, cap)) in &open {
            let quota = mul(rest_fen.into(), *weight)?;
            let floor = mul((*floor).into(), divisor)?;
            // A cap without a limit is above everything; cut it so that the product fits.
            let cap = mul((*cap).min(total_fen).into(), divisor)?;
            missing = add(missing, floor.saturating_sub(quota))?;
            exceeding = add(exceeding, quota.saturating_sub(cap))?;
        }
        if missing.is_zero() && exceeding.is_zero() {
            for ((n, ..), part) in open.iter().zip(largest_remainder(rest_fen, &weights)?) {
                if let Some(to) = parts.get_mut(*n) {
                    *to = part;
                }
            }
            return Ok(parts);
        }
        let fixed_from_fen = rest_fen;
        let mut still_open = Vec::with_capacity(open.len());
        for (n, weight, (floor, cap)) in open {
            let quota = mul(fixed_from_fen.into(), weight)?;
            let below = quota < mul(floor.into(), divisor)?;
            let above = quota > mul(cap.min(total_fen).into(), divisor)?;
            let part = if below && missing >= exceeding {
                floor
            } else if above && exceeding >= missing {
                cap
            } else {
                still_open.push((n, weight, (floor, cap)));
                continue;
            };
            rest_fen = rest_fen.checked_sub(part).ok_or(Fault::BoundsInvalid)?;
            if let Some(to) = parts.get_mut(n) {
                *to = part;
            }
        }
        open = still_open;
    }
}

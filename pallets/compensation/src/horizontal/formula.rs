//! From annual means to payments: pure functions of results and rules.

use super::types::{
    AgreementRules, CLASSES, FailureRule, Formula, IndicatorRule, Leg, Legs, Mean,
    MicrogramsPerLitre, Step, Trace,
};
use crate::{
    Fault, Fen,
    exact::{ONE_PPB, add, half_up, largest_remainder, lcm, mul, share_of, sum},
};
use alloc::{vec, vec::Vec};
use frame_support::BoundedVec;
use sp_core::U512;

/// An exact ratio; its denominator is above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line.
    pub numerator: U512,
    /// Below the line.
    pub denominator: U512,
}

impl Ratio {
    /// In parts per billion, half rounded up.
    ///
    /// # Errors
    /// [`Fault::TooLarge`].
    pub fn to_ppb(self) -> Result<u64, Fault> {
        let ppb = half_up(mul(self.numerator, ONE_PPB.into())?, self.denominator)?;
        u64::try_from(ppb).map_err(|_| Fault::TooLarge)
    }

    /// Whether it is at most `ppb` parts per billion, exactly.
    ///
    /// # Errors
    /// [`Fault::TooLarge`].
    pub fn is_at_most(self, ppb: u64) -> Result<bool, Fault> {
        Ok(mul(self.numerator, ONE_PPB.into())? <= mul(ppb.into(), self.denominator)?)
    }
}

/// Weighted index `P = k₀ · Σ kᵢ · Cᵢ / Cᵢ₀` of annual means.
///
/// With 8 indicators and what passes the check of an agreement, the largest number on the way has
/// at most 403 bits: 272 for the common denominator, 34 for a sum of 12 months, 30 for a weight, 34
/// for k₀, 3 for the sum of terms, 30 for parts per billion. So it never leaves 512 bits.
///
/// # Errors
/// [`Fault::BaseZero`], [`Fault::TooLarge`].
pub fn weighted_index(
    k0_ppb: u64,
    indicators: &[IndicatorRule],
    means: &[Mean],
) -> Result<Ratio, Fault> {
    let mut common = U512::one();
    for (rule, mean) in indicators.iter().zip(means) {
        let divisor = mul(rule.base.0.into(), mean.months.into())?;
        if divisor.is_zero() {
            return Err(Fault::BaseZero);
        }
        common = lcm(common, divisor)?;
    }
    let mut total = U512::zero();
    for (rule, mean) in indicators.iter().zip(means) {
        let divisor = mul(rule.base.0.into(), mean.months.into())?;
        let term = mul(mul(rule.weight_ppb.into(), mean.sum.into())?, common / divisor)?;
        total = add(total, term)?;
    }
    let one = U512::from(ONE_PPB);
    Ok(Ratio { numerator: mul(total, k0_ppb.into())?, denominator: mul(mul(common, one)?, one)? })
}

/// Class of a mean: the best whose limit it does not exceed, or 6 beyond all (劣Ⅴ类).
pub fn class_of(mean: Mean, limits: &[MicrogramsPerLitre; 5]) -> u8 {
    (1u8..)
        .zip(limits)
        .find(|(_, limit)| !exceeds(mean, **limit))
        .map_or(*CLASSES.end(), |(class, _)| class)
}

/// Whether a mean is above a limit, exactly.
fn exceeds(mean: Mean, limit: MicrogramsPerLitre) -> bool {
    u128::from(mean.sum) > u128::from(limit.0).saturating_mul(mean.months.into())
}

/// Class of a section: that of its worst indicator.
///
/// # Errors
/// [`Fault::ClassTableMissing`]: an indicator has no limits of classes.
pub fn section_class(indicators: &[IndicatorRule], means: &[Mean]) -> Result<u8, Fault> {
    indicators.iter().zip(means).try_fold(*CLASSES.start(), |worst, (rule, mean)| {
        let limits = rule.class_limits.as_ref().ok_or(Fault::ClassTableMissing)?;
        Ok(worst.max(class_of(*mean, limits)))
    })
}

/// Mean ratio of key pollutants to the year before: `K = (1/m) · Σ Cᵢ,t / Cᵢ,t−1`.
///
/// # Errors
/// [`Fault::BaseZero`]: a mean of the year before is 0. [`Fault::TooLarge`].
pub fn change_ratio(means: &[Mean], before: &[Mean]) -> Result<Ratio, Fault> {
    let mut common = U512::one();
    for (now, then) in means.iter().zip(before) {
        let divisor = mul(then.sum.into(), now.months.into())?;
        if divisor.is_zero() {
            return Err(Fault::BaseZero);
        }
        common = lcm(common, divisor)?;
    }
    let mut total = U512::zero();
    for (now, then) in means.iter().zip(before) {
        let divisor = mul(then.sum.into(), now.months.into())?;
        let term = mul(mul(now.sum.into(), then.months.into())?, common / divisor)?;
        total = add(total, term)?;
    }
    let n = U512::from(means.len().max(1));
    Ok(Ratio { numerator: total, denominator: mul(common, n)? })
}

/// Cuts an amount with a direction to a cap.
fn signed(amount_fen: Fen, cap_fen: Fen, to_upstream: bool) -> Result<i128, Fault> {
    let fen = i128::try_from(amount_fen.min(cap_fen)).map_err(|_| Fault::TooLarge)?;
    Ok(if to_upstream { fen } else { fen.saturating_neg() })
}

/// Set of sections that fail: a mean above its base limit, or an incident.
fn failed_sections(rules: &AgreementRules, means: &[Vec<Mean>], incidents: u16) -> u16 {
    (0u16..).zip(&rules.sections).zip(means).fold(0, |failed, ((n, section), means)| {
        let bit = 1u16.checked_shl(n.into()).unwrap_or_default();
        let above =
            section.indicators.iter().zip(means).any(|(rule, mean)| exceeds(*mean, rule.base));
        if above || (rules.incident_fails && incidents & bit != 0) { failed | bit } else { failed }
    })
}

/// Payments and trace of a year.
///
/// - `means`: by section and indicator, in the order of the rules.
/// - `before`: the same of the year before; base limits where there is none.
/// - `incidents`: set of sections with a major incident attributable upstream.
///
/// # Errors
/// Those of [`Fault`]; rules that pass the check of an agreement have none.
pub fn settle(
    rules: &AgreementRules,
    means: &[Vec<Mean>],
    before: &[Vec<Mean>],
    incidents: u16,
) -> Result<(Trace, Legs), Fault> {
    let fails = |section: u8| {
        let bit = 1u16.checked_shl(section.into()).unwrap_or_default();
        rules.incident_fails && incidents & bit != 0
    };
    match &rules.formula {
        Formula::WeightedIndex { section, k0_ppb, steps } => {
            let n = usize::from(*section);
            let of = rules.sections.get(n).ok_or(Fault::SectionUnknown)?;
            let means = means.get(n).ok_or(Fault::SectionUnknown)?;
            let index = weighted_index(*k0_ppb, &of.indicators, means)?;
            by_ladder(index, steps, fails(*section))
        }
        Formula::ClassAndChange { section, .. } => {
            let n = usize::from(*section);
            let means = means.get(n).ok_or(Fault::SectionUnknown)?;
            let before = before.get(n).ok_or(Fault::SectionUnknown)?;
            by_class(rules, means, before, fails(*section))
        }
        Formula::Pool { pool_fen, contribution, distribution, failures } => {
            let failed = failed_sections(rules, means, incidents);
            by_pool(*pool_fen, contribution, distribution, failures, failed)
        }
    }
}

/// The step of a ladder that an index is on, and its payment.
fn by_ladder(index: Ratio, steps: &[Step], failed: bool) -> Result<(Trace, Legs), Fault> {
    let mut chosen = None;
    for (n, step) in (0u8..).zip(steps) {
        chosen = Some((n, step));
        if !failed && index.is_at_most(step.up_to_ppb)? {
            break;
        }
    }
    let (n, step) = chosen.ok_or(Fault::StepMissing)?;
    let trace = Trace::WeightedIndex { index_ppb: index.to_ppb()?, step: n };
    Ok((trace, legs([(step.payer, step.payee, step.amount_fen)])))
}

/// Payment by class and change.
fn by_class(
    rules: &AgreementRules,
    means: &[Mean],
    before: &[Mean],
    failed: bool,
) -> Result<(Trace, Legs), Fault> {
    let Formula::ClassAndChange {
        section,
        basis_class,
        class_fen,
        class_cap_fen,
        change_fen,
        change_cap_fen,
    } = &rules.formula
    else {
        return Err(Fault::SectionUnknown);
    };
    let of = rules.sections.get(usize::from(*section)).ok_or(Fault::SectionUnknown)?;
    let measured = section_class(&of.indicators, means)?;
    let class = if failed { *CLASSES.end() } else { measured };
    let steps = class_fen.saturating_mul(basis_class.abs_diff(class).into());
    let for_class = signed(steps, *class_cap_fen, class <= *basis_class)?;

    let ratio = change_ratio(means, before)?;
    let (top, bottom) = (ratio.numerator, ratio.denominator);
    let better = top <= bottom;
    let difference = if better { bottom - top } else { top - bottom };
    let for_change = if failed {
        signed(*change_cap_fen, *change_cap_fen, false)?
    } else {
        signed(half_up(mul((*change_fen).into(), difference)?, bottom)?, *change_cap_fen, better)?
    };
    let total = for_class.saturating_add(for_change);
    let (payer, payee) =
        if total >= 0 { (of.downstream, of.upstream) } else { (of.upstream, of.downstream) };
    let trace = Trace::ClassAndChange {
        class,
        ratio_ppb: ratio.to_ppb()?,
        class_fen: for_class,
        change_fen: for_change,
    };
    Ok((trace, legs([(payer, payee, total.unsigned_abs())])))
}

/// Contributions and distributions of a pool, and the payments of those who contribute more than
/// they get to those who get more, in the order of the parties.
fn by_pool(
    pool_fen: Fen,
    contribution: &[u32],
    distribution: &[u32],
    failures: &[FailureRule],
    failed: u16,
) -> Result<(Trace, Legs), Fault> {
    let wide = |ratios: &[u32]| ratios.iter().map(|ratio| (*ratio).into()).collect::<Vec<U512>>();
    let contributions = largest_remainder(pool_fen, &wide(contribution))?;
    let agreed = largest_remainder(pool_fen, &wide(distribution))?;
    let mut distributions = agreed.clone();
    for rule in failures {
        let bit = 1u16.checked_shl(rule.section.into()).unwrap_or_default();
        if failed & bit == 0 {
            continue;
        }
        let from = usize::from(rule.from);
        let whole_fen = agreed.get(from).copied().ok_or(Fault::PartyUnknown)?;
        let left = distributions.get_mut(from).ok_or(Fault::PartyUnknown)?;
        // Several failures together cost no more than the whole.
        let lost_fen = share_of(whole_fen, rule.share_ppb)?.min(*left);
        *left = left.saturating_sub(lost_fen);
        for (to, gain_fen) in
            distributions.iter_mut().zip(largest_remainder(lost_fen, &wide(&rule.to))?)
        {
            *to = to.checked_add(gain_fen).ok_or(Fault::TooLarge)?;
        }
    }

    let mut owed: Vec<Fen> = vec![];
    let mut due: Vec<Fen> = vec![];
    for (pays, gets) in contributions.iter().zip(&distributions) {
        owed.push(pays.saturating_sub(*gets));
        due.push(gets.saturating_sub(*pays));
    }
    let mut payments = vec![];
    for (payer, owed_fen) in (0u8..).zip(owed) {
        let mut left_fen = owed_fen;
        for (payee, due_fen) in (0u8..).zip(&mut due) {
            let fen = left_fen.min(*due_fen);
            left_fen = left_fen.saturating_sub(fen);
            *due_fen = due_fen.saturating_sub(fen);
            payments.push((payer, payee, fen));
        }
    }
    let trace = Trace::Pool {
        failed,
        contributions_fen: BoundedVec::truncate_from(contributions),
        distributions_fen: BoundedVec::truncate_from(distributions),
    };
    Ok((trace, legs(payments)))
}

/// Payments of more than nothing. Of four parties, at most three payments balance a pool.
fn legs(payments: impl IntoIterator<Item = (u8, u8, Fen)>) -> Legs {
    let legs = payments
        .into_iter()
        .filter(|(_, _, fen)| *fen > 0)
        .map(|(payer, payee, amount_fen)| Leg { payer, payee, amount_fen, paid_fen: 0 })
        .collect();
    BoundedVec::truncate_from(legs)
}

/// Most that rules can make anybody pay for one year, in fen.
///
/// # Errors
/// [`Fault::TooLarge`].
pub fn most_paid(formula: &Formula) -> Result<U512, Fault> {
    match formula {
        Formula::WeightedIndex { steps, .. } => {
            Ok(steps.iter().map(|step| U512::from(step.amount_fen)).max().unwrap_or_default())
        }
        Formula::ClassAndChange { class_cap_fen, change_cap_fen, .. } => {
            sum(&[(*class_cap_fen).into(), (*change_cap_fen).into()])
        }
        Formula::Pool { pool_fen, .. } => Ok((*pool_fen).into()),
    }
}

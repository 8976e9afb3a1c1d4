//! Mass balance: what went in comes out or is lost, and no product exceeds its yield. Pure functions
//! of amounts and rules.

use crate::{BaseUnit, Gtin, ONE_PPB, ProductDetails, YieldRule};
use alloc::vec::Vec;
use sp_runtime::{Rounding, helpers_128bit};

/// 1.0 of the share that a main product has in the inputs.
const WHOLE_SHARE: u128 = 1_000_000_000_000_000_000;

/// So much of a product.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    pub(crate) gtin: Gtin,
    pub(crate) product: ProductDetails,
    /// Base units.
    pub(crate) quantity: u128,
}

/// Why amounts do not balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A content cannot be measured in the unit of the others.
    DimensionMismatch,
    /// A number is beyond 128 bits.
    TooLarge,
    /// No yield is governed for a product, or for an input.
    YieldNotGoverned,
    /// More came out than the inputs may yield.
    YieldExceeded,
}

/// The unit in which contents are compared: their own if it is the same for all, else mass; `None`
/// if there are no products.
pub(crate) fn common_unit<'a>(
    products: impl IntoIterator<Item = &'a ProductDetails>,
) -> Option<BaseUnit> {
    let mut units = products.into_iter().map(ProductDetails::content_unit);
    let first = units.next()?;
    Some(if units.all(|unit| unit == first) { first } else { BaseUnit::Milligram })
}

/// The content of all amounts together, in `unit`.
///
/// # Errors
/// [`Fault::DimensionMismatch`], [`Fault::TooLarge`].
pub(crate) fn content_of(unit: BaseUnit, amounts: &[Amount]) -> Result<u128, Fault> {
    amounts.iter().try_fold(0u128, |sum, amount| {
        let content = amount.product.content_in(unit, amount.quantity);
        sum.checked_add(content.ok_or(Fault::DimensionMismatch)?).ok_or(Fault::TooLarge)
    })
}

/// No product exceeds what the inputs may yield, nor do the main products together.
///
/// Outputs of one product are summed. Of inputs, only those count for a product from which a yield
/// to it is governed, and each must count for one product at least.
///
/// - `rule`: the yield that is governed from an input to an output.
///
/// # Errors
/// [`Fault::YieldNotGoverned`], [`Fault::YieldExceeded`], [`Fault::TooLarge`].
pub(crate) fn check_yields(
    inputs: &[Amount],
    outputs: &[Amount],
    rule: impl Fn(&Amount, &Amount) -> Option<YieldRule>,
) -> Result<(), Fault> {
    let mut totals: Vec<(Amount, u128)> = Vec::new();
    for output in outputs {
        let content = output.product.content(output.quantity).ok_or(Fault::TooLarge)?;
        match totals.iter_mut().find(|(of, _)| of.gtin == output.gtin) {
            Some((_, sum)) => *sum = sum.checked_add(content).ok_or(Fault::TooLarge)?,
            None => totals.push((*output, content)),
        }
    }
    let mut used = alloc::vec![false; inputs.len()];
    let mut share = 0u128;
    for (output, total) in totals {
        // Content units times 10^9.
        let mut limit = 0u128;
        let mut by_product = true;
        for (input, used) in inputs.iter().zip(&mut used) {
            let Some(rule) = rule(input, &output) else { continue };
            *used = true;
            by_product &= rule.by_product;
            let content = input.product.content(input.quantity).ok_or(Fault::TooLarge)?;
            limit = content
                .checked_mul(u128::from(rule.max_ppb))
                .and_then(|most| limit.checked_add(most))
                .ok_or(Fault::TooLarge)?;
        }
        if limit == 0 {
            return Err(Fault::YieldNotGoverned);
        }
        let scaled = total.checked_mul(ONE_PPB).ok_or(Fault::TooLarge)?;
        if scaled > limit {
            return Err(Fault::YieldExceeded);
        }
        if !by_product {
            // Rounded down, so that exact shares of 1.0 together are not refused; what is too much
            // by less than 10^-18 for each product is not seen.
            let part = helpers_128bit::multiply_by_rational_with_rounding(
                scaled,
                WHOLE_SHARE,
                limit,
                Rounding::Down,
            )
            .ok_or(Fault::TooLarge)?;
            share = share.saturating_add(part);
        }
    }
    if used.contains(&false) {
        return Err(Fault::YieldNotGoverned);
    }
    if share > WHOLE_SHARE { Err(Fault::YieldExceeded) } else { Ok(()) }
}

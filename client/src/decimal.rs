//! Decimal numbers as people write them, and the integers that the chain keeps; never a float.

use crate::{error::Error, quantity::decimal};

/// Splits `118.5kg` into its number and its unit, both without the space around them.
pub(crate) fn split_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    let is_number = |c: char| c.is_ascii_digit() || c == '.' || c == '_';
    let end = text.find(|c: char| !is_number(c)).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim())
}

/// Reads digits with at most one point, and underscores between them if wanted; gives the digits
/// without the point, and how many of them are behind it.
///
/// `None` for anything else, and beyond 128 bits.
pub(crate) fn digits(number: &str) -> Option<(u128, u32)> {
    let digits = number.replace('_', "");
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits.as_str(), ""),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let value = format!("{whole}{fraction}").parse().ok()?;
    Some((value, u32::try_from(fraction.len()).ok()?))
}

/// `number · per_unit`, where that is a whole number of at most 128 bits.
pub(crate) fn scaled(number: &str, per_unit: u128) -> Option<u128> {
    let (value, decimals) = digits(number)?;
    let product = value.checked_mul(per_unit)?;
    let divisor = 10u128.checked_pow(decimals)?;
    (product % divisor == 0).then_some(product / divisor)
}

/// Writes `value / 10^decimals` without zeros at its end.
pub(crate) fn trimmed(value: u128, decimals: usize) -> String {
    let text = decimal(value, decimals);
    if decimals == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The error for a text that breaks a rule: which field, the rule, and what was given.
pub(crate) fn refused(field: &str, rule: &str, text: &str) -> Error {
    Error::Arguments(format!("{field}: {rule}, got {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_refused() {
        assert_eq!(scaled("1234.56", 100), Some(123_456));
        assert_eq!(scaled("1234", 100), Some(123_400));
        assert_eq!(scaled("1_234.5", 100), Some(123_450));
        assert_eq!(scaled("1.50", 2), Some(3));
        for text in ["", ".", "1.", ".5", "1.2.3", "-1", "+1", "1,5", "1e3", "0.001", " 1"] {
            assert_eq!(scaled(text, 100), None, "{text}");
        }
        assert_eq!(scaled(&u128::MAX.to_string(), 1), Some(u128::MAX));
        assert_eq!(scaled(&u128::MAX.to_string(), 2), None);
        assert_eq!(scaled(&format!("1.{}", "0".repeat(40)), 1), None);
        assert_eq!(trimmed(1_500, 3), "1.5");
        assert_eq!(trimmed(0, 3), "0");
        assert_eq!(trimmed(100, 0), "100");
    }
}

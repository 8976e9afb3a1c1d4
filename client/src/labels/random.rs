//! Codes that nobody can guess.

use super::{CODES_MAX, CodeError, CodeScheme};
use std::collections::BTreeSet;

/// Characters of a serial number that is made here: digits and capitals, without I, L, O and U, which
/// people mistake for others (Crockford's base 32).
const SERIAL_CHARS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Length of such a serial number: 80 bits.
const SERIAL_LENGTH: usize = 16;
/// Behind body and year an organic code has so many random digits.
const ORGANIC_RANDOM_DIGITS: usize = 12;

/// Makes codes of a scheme from the operating system's randomness: distinct, and in the order in which
/// a list has them.
///
/// - `n_codes`: 1 to [`CODES_MAX`].
///
/// An organic code has 12 random digits, as its rules say: of two lists of a million codes of one body
/// and year one code is expected to stand in both.
///
/// # Errors
/// [`CodeError::Empty`], [`CodeError::TooMany`], [`CodeError::NoRandomness`].
pub fn random_codes(scheme: &CodeScheme, n_codes: u32) -> Result<BTreeSet<String>, CodeError> {
    match n_codes {
        0 => return Err(CodeError::Empty),
        1..=CODES_MAX => {}
        _ => return Err(CodeError::TooMany(CODES_MAX)),
    }
    let mut codes = BTreeSet::new();
    while codes.len() < n_codes as usize {
        codes.insert(match scheme {
            CodeScheme::Gs1Serial => serial()?,
            CodeScheme::Organic { certifier, year } => format!("{certifier}{year}{}", digits()?),
        });
    }
    Ok(codes)
}

fn serial() -> Result<String, CodeError> {
    let random: [u8; SERIAL_LENGTH] = random()?;
    // 256 is a multiple of 32: each character is as likely as another.
    Ok(random.iter().map(|byte| char::from(SERIAL_CHARS[usize::from(byte % 32)])).collect())
}

fn digits() -> Result<String, CodeError> {
    const N_NUMBERS: u64 = 10u64.pow(ORGANIC_RANDOM_DIGITS as u32);
    loop {
        // 40 bits hold the numbers; those above are drawn again, so that none is likelier.
        let number = u64::from_le_bytes(random()?) >> 24;
        if number < N_NUMBERS {
            return Ok(format!("{number:0ORGANIC_RANDOM_DIGITS$}"));
        }
    }
}

fn random<const N: usize>() -> Result<[u8; N], CodeError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| CodeError::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{super::commit_to, *};

    #[test]
    fn codes_make_a_list_and_are_never_the_same_again() {
        let gtin = "09506000200033".parse().unwrap();
        let organic = CodeScheme::organic_like("13426000000000000").unwrap();
        for scheme in [CodeScheme::Gs1Serial, organic] {
            let codes = random_codes(&scheme, 2_000).unwrap();
            let list: String = codes.iter().map(|code| format!("{code}\n")).collect();
            assert_eq!(commit_to(list.as_bytes(), &scheme, &gtin).unwrap().n_codes, 2_000);
            assert!(codes.is_disjoint(&random_codes(&scheme, 2_000).unwrap()));
        }
    }

    #[test]
    fn every_character_is_used() {
        let codes = random_codes(&CodeScheme::Gs1Serial, 500).unwrap();
        let organic = CodeScheme::organic_like("13426000000000000").unwrap();
        let digits = random_codes(&organic, 500).unwrap();
        for at in 0..SERIAL_LENGTH {
            let used: BTreeSet<_> = codes.iter().map(|code| code.as_bytes()[at]).collect();
            assert_eq!(used.len(), 32, "character {at}");
        }
        for at in 5..17 {
            let used: BTreeSet<_> = digits.iter().map(|code| code.as_bytes()[at]).collect();
            assert_eq!(used.len(), 10, "digit {at}");
        }
    }

    #[test]
    fn counts_are_bounded() {
        let make = |n_codes| random_codes(&CodeScheme::Gs1Serial, n_codes);
        assert_eq!(make(0), Err(CodeError::Empty));
        assert_eq!(make(CODES_MAX + 1), Err(CodeError::TooMany(CODES_MAX)));
    }
}

//! Rules about the content of one component of a value.
//!
//! Source: the linters that the GS1 Barcode Syntax Dictionary names; the findings bear the names
//! of its reference implementation without the prefix `GS1_LINTER_`. A linter sees a component
//! only after the length and the character set were found right.

use super::{
    check_digit_is_right,
    code_lists::{ISO3166_ALPHA2, ISO3166_NUMERIC, ISO4217_NUMERIC, PACKAGE_TYPES, contains},
    coupons::{couponcode, couponposoffer},
};

/// Name of the rule that a component breaks.
pub(super) type Finding = &'static str;

/// A rule about the content of a component.
pub(super) type Linter = fn(&str) -> Result<(), Finding>;

/// The linter that the dictionary calls `name`.
pub(super) fn by_name(name: &str) -> Option<Linter> {
    Some(match name {
        "couponcode" => couponcode,
        "couponposoffer" => couponposoffer,
        "csum" => csum,
        "csumalpha" => csumalpha,
        "gcppos1" => gcppos1,
        "gcppos2" => |value| gcppos1(value.get(1..).unwrap_or_default()),
        "hasnondigit" => |value| when(!all_digits(value), "REQUIRES_NON_DIGIT_CHARACTER"),
        "hh" => hh,
        "hhmi" => hhmi,
        "hyphen" => |value| when(value.bytes().all(|byte| byte == b'-'), "NOT_HYPHEN"),
        "iban" => iban,
        "importeridx" => importeridx,
        "iso3166" => |value| when(contains(ISO3166_NUMERIC, value), "NOT_ISO3166"),
        "iso3166999" => {
            |value| when(value == "999" || contains(ISO3166_NUMERIC, value), "NOT_ISO3166_OR_999")
        }
        "iso3166alpha2" => |value| when(contains(ISO3166_ALPHA2, value), "NOT_ISO3166_ALPHA2"),
        "iso4217" => |value| when(contains(ISO4217_NUMERIC, value), "NOT_ISO4217"),
        "iso5218" => {
            |value| when(matches!(value, "0" | "1" | "2" | "9"), "INVALID_BIOLOGICAL_SEX_CODE")
        }
        // Degrees times 10^7, counted from the south pole and from 180 degrees west.
        "latitude" => |value| when(number(value) <= 1_800_000_000, "INVALID_LATITUDE"),
        "longitude" => |value| when(number(value) <= 3_600_000_000, "INVALID_LONGITUDE"),
        "mediatype" => {
            |value| when(matches!(number(value), 1..=10 | 80..=99), "INVALID_MEDIA_TYPE")
        }
        "mi" => |value| when(number(value) < 60, "ILLEGAL_MINUTE"),
        "nonzero" => |value| when(number(value) != 0, "ILLEGAL_ZERO_VALUE"),
        "nozeroprefix" => |value| when(!value.starts_with('0'), "ILLEGAL_ZERO_PREFIX"),
        "packagetype" => |value| when(contains(PACKAGE_TYPES, value), "INVALID_PACKAGE_TYPE"),
        "pcenc" => pcenc,
        "pieceoftotal" => pieceoftotal,
        "posinseqslash" => posinseqslash,
        "ss" => |value| when(number(value) < 60, "ILLEGAL_SECOND"),
        "winding" => |value| when(matches!(value, "0" | "1" | "9"), "INVALID_WINDING_DIRECTION"),
        "yesno" => |value| when(matches!(value, "0" | "1"), "NOT_ZERO_OR_ONE"),
        "yymmd0" => yymmd0,
        "yymmdd" => yymmdd,
        "yyyymmdd" => yyyymmdd,
        "zero" => |value| when(number(value) == 0, "NOT_ZERO"),
        _ => return None,
    })
}

/// The 82 characters of character set 82 in the order of their weights for [`csumalpha`]
/// (GS1 General Specifications, figure 7.11-1).
const CSET_82: &str = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_\
                       abcdefghijklmnopqrstuvwxyz";

pub(super) fn only_digits(value: &str) -> Result<(), Finding> {
    when(all_digits(value), "NON_DIGIT_CHARACTER")
}

pub(super) fn cset82(value: &str) -> Result<(), Finding> {
    when(value.chars().all(|char| CSET_82.contains(char)), "INVALID_CSET82_CHARACTER")
}

/// GS1 General Specifications, figure 7.11-2.
pub(super) fn cset39(value: &str) -> Result<(), Finding> {
    let allowed = |char: char| {
        char.is_ascii_uppercase() || char.is_ascii_digit() || matches!(char, '#' | '-' | '/')
    };
    when(value.chars().all(allowed), "INVALID_CSET39_CHARACTER")
}

/// GS1 General Specifications, figure 7.11-3: base64url with optional padding.
///
/// A padded value must have a length that is a multiple of three, as in the reference linter.
/// RFC 4648 would have a multiple of four there; the linter of the standard decides.
pub(super) fn cset64(value: &str) -> Result<(), Finding> {
    let data = value.trim_end_matches('=');
    let padding = value.len() - data.len();
    if padding > 2 || (padding > 0 && !value.len().is_multiple_of(3)) {
        return Err("INVALID_CSET64_PADDING");
    }
    when(data.chars().all(is_word_or_hyphen), "INVALID_CSET64_CHARACTER")
}

fn when(holds: bool, finding: Finding) -> Result<(), Finding> {
    if holds { Ok(()) } else { Err(finding) }
}

fn all_digits(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word_or_hyphen(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '_')
}

/// The number that digits stand for; components that linters read as a number have at most ten.
fn number(digits: &str) -> u64 {
    digits.parse().unwrap_or(u64::MAX)
}

fn csum(value: &str) -> Result<(), Finding> {
    when(check_digit_is_right(value), "INCORRECT_CHECK_DIGIT")
}

/// GS1 General Specifications clause 7.9.5: two check characters over alphanumeric data.
///
/// The weights are the prime numbers from right to left, the sum is taken modulo 1021.
fn csumalpha(value: &str) -> Result<(), Finding> {
    const CSET_32: &str = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let length = value.len().checked_sub(2).ok_or("TOO_SHORT_FOR_CHECK_PAIR")?;
    let (data, pair) = value.split_at_checked(length).ok_or("INVALID_CSET82_CHARACTER")?;
    let mut primes = (2_usize..).filter(|&n| (2..n).all(|divisor| n % divisor != 0));
    let mut sum = 0;
    for (char, prime) in data.chars().rev().zip(&mut primes) {
        sum += CSET_82.find(char).ok_or("INVALID_CSET82_CHARACTER")? * prime;
    }
    sum %= 1021;
    let expected = [CSET_32.as_bytes()[sum >> 5], CSET_32.as_bytes()[sum & 31]];
    when(pair.as_bytes() == expected, "INCORRECT_CHECK_PAIR")
}

/// The shortest GS1 Company Prefix has four digits; which prefixes are allocated is not checked.
fn gcppos1(value: &str) -> Result<(), Finding> {
    let prefix = value.get(..4).ok_or("TOO_SHORT_FOR_GCP")?;
    when(all_digits(prefix), "INVALID_GCP_PREFIX")
}

/// ISO 13616: country, check digits over the whole modulo 97, account.
fn iban(value: &str) -> Result<(), Finding> {
    let (country, _) = value.split_at_checked(2).ok_or("IBAN_TOO_SHORT")?;
    let (head, account) = value.split_at_checked(4).ok_or("IBAN_TOO_SHORT")?;
    when(contains(ISO3166_ALPHA2, country), "ILLEGAL_IBAN_COUNTRY_CODE")?;
    when(value.len() > 10, "IBAN_TOO_SHORT")?;
    when(value.len() <= 34, "IBAN_TOO_LONG")?;
    let mut remainder = 0;
    for char in account.chars().chain(head.chars()) {
        let weight = char.to_digit(36).filter(|_| !char.is_ascii_lowercase());
        let weight = weight.ok_or("INVALID_IBAN_CHARACTER")?;
        remainder = (remainder * if weight < 10 { 10 } else { 100 } + weight) % 97;
    }
    when(remainder == 1, "INCORRECT_IBAN_CHECKSUM")
}

fn importeridx(value: &str) -> Result<(), Finding> {
    when(value.len() == 1, "IMPORTER_IDX_MUST_BE_ONE_CHARACTER")?;
    when(value.chars().all(is_word_or_hyphen), "INVALID_IMPORT_IDX_CHARACTER")
}

/// Percent sequences in a value are whole; this is about the decoded value, not about the URI.
fn pcenc(value: &str) -> Result<(), Finding> {
    let whole = |after: &str| {
        after.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    when(value.split('%').skip(1).all(whole), "INVALID_PERCENT_SEQUENCE")
}

fn pieceoftotal(value: &str) -> Result<(), Finding> {
    let (piece, total) = value.split_at(value.len() / 2);
    when(piece.len() == total.len(), "INVALID_LENGTH_FOR_PIECE_OF_TOTAL")?;
    when(number(piece) != 0, "ZERO_PIECE_NUMBER")?;
    when(number(total) != 0, "ZERO_TOTAL_PIECES")?;
    when(number(piece) <= number(total), "PIECE_NUMBER_EXCEEDS_TOTAL")
}

fn posinseqslash(value: &str) -> Result<(), Finding> {
    let malformed = "POSITION_IN_SEQUENCE_MALFORMED";
    let (position, end) = value.split_once('/').ok_or(malformed)?;
    for part in [position, end] {
        when(!part.is_empty() && all_digits(part), malformed)?;
    }
    for part in [position, end] {
        when(!part.starts_with('0'), "ILLEGAL_ZERO_PREFIX")?;
    }
    when(number(position) <= number(end), "POSITION_EXCEEDS_END")
}

fn hh(value: &str) -> Result<(), Finding> {
    when(number(value) < 24, "ILLEGAL_HOUR")
}

fn hhmi(value: &str) -> Result<(), Finding> {
    let (hour, minute) = value.split_at(value.len() / 2);
    hh(hour)?;
    when(number(minute) < 60, "ILLEGAL_MINUTE")
}

/// YYMMDD with a day of 00 for "the month as a whole".
///
/// The two digits of the year stand for one of 1951 to 2050 at present (GS1 General
/// Specifications clause 7.12), and every fourth of those is a leap year.
fn yymmd0(value: &str) -> Result<(), Finding> {
    month_and_day(value, |year| year.is_multiple_of(4))
}

/// YYMMDD.
pub(super) fn yymmdd(value: &str) -> Result<(), Finding> {
    yymmd0(value)?;
    when(!value.ends_with("00"), "ILLEGAL_DAY")
}

/// YYYYMMDD in the Gregorian calendar.
fn yyyymmdd(value: &str) -> Result<(), Finding> {
    month_and_day(value, |year| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    })?;
    when(!value.ends_with("00"), "ILLEGAL_DAY")
}

/// Checks a year of any number of digits, a month of two, and a day of two that may be 00.
fn month_and_day(value: &str, is_leap: fn(u64) -> bool) -> Result<(), Finding> {
    only_digits(value)?;
    let length = value.len().checked_sub(4).ok_or("DATE_TOO_SHORT")?;
    let (year, rest) = value.split_at(length);
    let (month, day) = rest.split_at(2);
    let last = match number(month) {
        2 if is_leap(number(year)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err("ILLEGAL_MONTH"),
    };
    when(number(day) <= last, "ILLEGAL_DAY")
}

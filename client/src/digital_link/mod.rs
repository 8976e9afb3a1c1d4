//! GS1 Digital Link URIs and GS1 Application Identifier (AI) syntax.
//!
//! An AI is a number of two to four digits that says what the value behind it means: (01) a
//! GTIN, (10) a batch or lot. AIs with their values are written in three ways, and this module
//! translates between them and checks them:
//!
//! - an element string, as in a barcode: `^010952123454321310ABC`, with `^` for FNC1;
//! - bracketed, for people: `(01)09521234543213(10)ABC`;
//! - a GS1 Digital Link URI: `https://id.gs1.org/01/09521234543213/10/ABC`.
//!
//! What each AI allows comes from the GS1 Barcode Syntax Dictionary, which is a part of this
//! module. Sources: GS1 General Specifications; GS1 Digital Link Standard: URI Syntax 1.2.
//!
//! ```
//! # use ecoledger_client::digital_link;
//! use digital_link::{DigitalLink, Options};
//!
//! let uri = "https://example.com/some/shop/01/09521234543213/10/A%2FB?linkType=gs1:pip&17=261231";
//! let link = DigitalLink::parse(uri, &Options::default())?;
//! assert_eq!(link.key, ("01".to_owned(), "09521234543213".to_owned()));
//! assert_eq!(link.canonical(), "https://id.gs1.org/01/09521234543213/10/A%2FB?17=261231");
//! assert_eq!(link.element_string(), "^010952123454321310A/B^17261231");
//! # Ok::<(), digital_link::DigitalLinkError>(())
//! ```

mod code_lists;
mod coupons;
mod dictionary;
mod elements;
mod error;
mod linters;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt::Write;

pub use elements::ElementString;
pub use error::DigitalLinkError;

/// Longest URI, element string or bracketed text that is read, bytes.
pub const MAX_BYTES: usize = 2048;

/// Most elements that are read from one input.
pub const MAX_ELEMENTS: usize = 64;

/// Scheme and domain of canonical URIs (GS1 Digital Link URI Syntax 1.2 clause 4.11).
pub const CANONICAL_DOMAIN: &str = "https://id.gs1.org";

/// An AI, two to four digits, and its value, decoded and at most 90 bytes of ASCII.
pub type Element = (String, String);

/// What to accept beyond the standard; the default is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Accept a GTIN of 8, 12 or 13 digits in a URI and put zeros in front of it to make 14.
    pub permit_zero_suppressed_gtin: bool,
    /// Accept the deprecated names of keys and qualifiers in a path, such as `/gtin/` for `/01/`.
    pub permit_convenience_alphas: bool,
    /// What to do with AIs that are not in the dictionary.
    pub unknown_ais: UnknownAis,
}

/// What to do with AIs that are not in the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownAis {
    /// They are an error.
    #[default]
    Reject,
    /// Accept them in element strings with a value of the character set 82, but not in the query
    /// of a URI.
    PermitInElementStrings,
    /// Accept them in element strings, and as data attributes in the query of a URI.
    Permit,
}

/// A GS1 Digital Link: a primary key with its qualifiers and data attributes.
///
/// Source: GS1 Digital Link URI Syntax 1.2. One that was read is valid; one that
/// a caller puts together or changes is not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitalLink {
    /// The primary key.
    pub key: Element,
    /// The qualifiers of the key in the order of the standard.
    pub qualifiers: Vec<Element>,
    /// The AIs of the query in the order of reading.
    pub attributes: Vec<Element>,
    /// The other parameters of the query, undecoded: name, and value if there is a `=`.
    pub other_query: Vec<(String, Option<String>)>,
}

impl DigitalLink {
    /// The element string, in which a `^` stands for FNC1: key, qualifiers, attributes.
    #[must_use]
    pub fn element_string(&self) -> String {
        elements::element_string(
            std::iter::once(&self.key).chain(&self.qualifiers).chain(&self.attributes),
        )
    }

    /// The canonical URI: under [`CANONICAL_DOMAIN`], see [`canonical_at`](Self::canonical_at).
    ///
    /// Source: GS1 Digital Link URI Syntax 1.2 clause 4.11.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.canonical_at(CANONICAL_DOMAIN)
    }

    /// The URI in canonical form under another domain: attributes in the ascending order of
    /// their AIs as text, everything outside `A-Za-z0-9-._~` percent-encoded, no other
    /// parameters. Two links with the same elements thus have the same text.
    ///
    /// `domain` is as for [`uri`](Self::uri).
    #[must_use]
    pub fn canonical_at(&self, domain: &str) -> String {
        let mut attributes: Vec<&Element> = self.attributes.iter().collect();
        attributes.sort();
        self.write_uri(domain, &attributes)
    }

    /// The URI with the attributes as a GS1 barcode would have them: those with a predefined
    /// length first, otherwise in the order of reading.
    ///
    /// `domain` is the scheme, the domain and possibly a stem, such as `https://example.com/shop`;
    /// a slash at its end is dropped, nothing else about it is checked. A text can become three
    /// times as long as the one that was read, where characters are encoded that need not be.
    #[must_use]
    pub fn uri(&self, domain: &str) -> String {
        let mut attributes: Vec<&Element> = self.attributes.iter().collect();
        attributes.sort_by_key(|(ai, _)| !elements::has_predefined_length(ai));
        self.write_uri(domain, &attributes)
    }

    fn write_uri(&self, domain: &str, attributes: &[&Element]) -> String {
        let mut uri = domain.strip_suffix('/').unwrap_or(domain).to_owned();
        for (ai, value) in std::iter::once(&self.key).chain(&self.qualifiers) {
            uri += "/";
            uri += ai;
            uri += "/";
            encode(&mut uri, value);
        }
        let mut separator = "?";
        for (ai, value) in attributes {
            uri += separator;
            uri += ai;
            uri += "=";
            encode(&mut uri, value);
            separator = "&";
        }
        uri
    }
}

/// Whether the last digit is the check digit of those before it: GTIN, SSCC, GLN and so on.
///
/// Source: GS1 General Specifications clause 7.9.1; weights 3 and 1 alternate from the right,
/// and the sum with the check digit is a multiple of ten. False for a text that is empty or has
/// a character other than a digit.
#[must_use]
pub fn check_digit_is_right(digits: &str) -> bool {
    let weighted = digits.bytes().rev().zip([1, 3].into_iter().cycle());
    let sum: u64 = weighted.map(|(byte, weight)| u64::from(byte.wrapping_sub(b'0')) * weight).sum();
    dictionary::is_digits(digits) && sum.is_multiple_of(10)
}

/// Appends a value, percent-encoding all but the unreserved characters of RFC 3986 clause 2.3.
fn encode(uri: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            uri.push(byte.into());
        } else {
            write!(uri, "%{byte:02X}").expect("writing to a String cannot fail; qed");
        }
    }
}

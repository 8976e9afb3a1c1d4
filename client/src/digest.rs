//! Digests of published documents.

use crate::error::Error;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{fmt, str::FromStr};

/// SHA-256 of something published, as `0x` and 64 digits; without a salt, so that everybody can
/// check it. What stays off the chain has a [`Commitment`](crate::traceability::Commitment).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of a document's bytes.
    pub fn of(document: &[u8]) -> Self {
        Self(format!("0x{}", hex::encode(Sha256::digest(document))))
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digits = text.strip_prefix("0x").unwrap_or_default();
        if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Error::Arguments(format!(
                "digest: 0x and 64 hexadecimal digits are expected, got {text:?}"
            )))
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_64_digits() {
        let empty = "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b"").to_string(), empty);
        assert_eq!(
            empty.to_uppercase().replace("0X", "0x").parse::<Digest>().unwrap(),
            Digest::of(b"")
        );
        for text in ["", "0x", "e3b0", &empty[2..], &format!("{empty}0")] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}

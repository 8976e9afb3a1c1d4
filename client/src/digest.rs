//! Digests of published documents.

use crate::hex32::hex32;
use sha2::{Digest as _, Sha256};

hex32! {
    /// SHA-256 of something published, as `0x` and 64 digits; without a salt, so that everybody can
    /// check it. What stays off the chain has a [`Commitment`](crate::traceability::Commitment).
    Digest, "digest"
}

impl Digest {
    /// The digest of a document's bytes.
    pub fn of(document: &[u8]) -> Self {
        Self(format!("0x{}", hex::encode(Sha256::digest(document))))
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

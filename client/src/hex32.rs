//! Texts of `0x` and 64 digits: 32 bytes, each kind under a name of its own, so that none is taken for
//! another.

use crate::{decimal::refused, error::Error};

/// Declares such a text, which is read strictly and kept in lower case.
///
/// - `$what`: what an error calls it.
macro_rules! hex32 {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(
            Clone,
            Debug,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            Hash,
            serde::Serialize,
            serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(String);

        impl std::str::FromStr for $name {
            type Err = crate::error::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                crate::hex32::read($what, text).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use hex32;

pub(crate) fn read(what: &str, text: &str) -> Result<String, Error> {
    let digits = text.strip_prefix("0x").unwrap_or_default();
    if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(refused(what, "0x and 64 hexadecimal digits are expected", text))
    }
}

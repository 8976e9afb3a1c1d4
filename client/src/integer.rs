//! Integers in JSON as [`crate::value`] writes them: a number, or a decimal string where a reader
//! might not keep a number exact.

use crate::value::EXACT_MAX;
use serde::{Deserialize, Deserializer, Serializer, de::Error as _};
use std::{fmt::Display, str::FromStr};

pub(crate) fn serialize<T, S>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Copy + Into<u128>,
    S: Serializer,
{
    let value: u128 = (*value).into();
    match u64::try_from(value) {
        Ok(small) if value <= EXACT_MAX => serializer.serialize_u64(small),
        _ => serializer.collect_str(&value),
    }
}

pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<u64> + FromStr,
    <T as FromStr>::Err: Display,
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => {
            T::try_from(number).map_err(|_| D::Error::custom(format!("{number} is too large")))
        }
        Either::Text(text) => text.parse().map_err(D::Error::custom),
    }
}

/// The same for integers that may be below 0.
pub(crate) mod signed {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(value: &i128, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(*value) {
            Ok(small) if value.unsigned_abs() <= super::EXACT_MAX => {
                serializer.serialize_i64(small)
            }
            _ => serializer.collect_str(value),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<i128, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(i64),
            Text(String),
        }
        match Either::deserialize(deserializer)? {
            Either::Number(number) => Ok(number.into()),
            Either::Text(text) => text.parse().map_err(D::Error::custom),
        }
    }
}

//! Quantities: declared with a unit, held as integers of the product's base unit.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Largest quantity of one batch, in base units: 10^18 mg is 10^9 t.
pub const MAX_QUANTITY: u128 = 1_000_000_000_000_000_000;

/// Most decimals of a declared value.
pub const MAX_DECIMALS: u8 = 9;

/// 1.0 of a ratio in parts per billion.
pub const ONE_PPB: u128 = 1_000_000_000;

/// Unit in which a product's quantities are kept.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum BaseUnit {
    /// Mass, UN/ECE `MGM`.
    #[codec(index = 0)]
    Milligram,
    /// Volume, UN/ECE `MLT`.
    #[codec(index = 1)]
    Millilitre,
    /// Pieces, UN/ECE `C62`.
    #[codec(index = 2)]
    Each,
}

impl BaseUnit {
    /// The unit's own code.
    pub fn unit_code(self) -> UnitCode {
        UnitCode(match self {
            Self::Milligram => *b"MGM",
            Self::Millilitre => *b"MLT",
            Self::Each => *b"C62",
        })
    }
}

/// Unit of measure code of UN/ECE Recommendation 20, ASCII, padded with spaces on the right.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct UnitCode(pub [u8; 3]);

impl UnitCode {
    /// Reads a code of two or three capital letters or digits; `None` if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let code = match *text.as_bytes() {
            [a, b] => Self([a, b, b' ']),
            [a, b, c] => Self([a, b, c]),
            _ => return None,
        };
        code.is_valid().then_some(code)
    }

    /// Whether the code has two or three capital letters or digits.
    pub fn is_valid(&self) -> bool {
        let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let [a, b, c] = self.0;
        letter(a) && letter(b) && (letter(c) || c == b' ')
    }
}

/// What one unit is in base units, exactly: `numerator / denominator`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct UnitRule {
    /// Base unit of the same dimension.
    pub base: BaseUnit,
    /// At least 1.
    pub numerator: u64,
    /// At least 1.
    pub denominator: u64,
}

/// A quantity as declared: `value / 10^decimals` of `unit`, so 12.5 kg is (125, 1, `KGM`).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Measure {
    /// The digits, without decimal point.
    #[codec(compact)]
    pub value: u128,
    /// Digits behind the decimal point, at most [`MAX_DECIMALS`].
    pub decimals: u8,
    /// Unit, one of the governed table.
    pub unit: UnitCode,
}

/// Why a measure cannot be expressed in base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureError {
    /// Not a whole number of base units, or too many decimals.
    Inexact,
    /// More than [`MAX_QUANTITY`].
    TooLarge,
}

impl Measure {
    /// The exact number of base units under `rule`.
    ///
    /// # Errors
    /// [`MeasureError`] when it is no whole number or too large.
    pub fn in_base_units(&self, rule: &UnitRule) -> Result<u128, MeasureError> {
        if self.decimals > MAX_DECIMALS {
            return Err(MeasureError::Inexact);
        }
        let scaled =
            self.value.checked_mul(u128::from(rule.numerator)).ok_or(MeasureError::TooLarge)?;
        let divisor = u128::from(rule.denominator)
            .checked_mul(10u128.saturating_pow(u32::from(self.decimals)))
            .ok_or(MeasureError::TooLarge)?;
        if divisor == 0 || !scaled.is_multiple_of(divisor) {
            return Err(MeasureError::Inexact);
        }
        let quantity = scaled / divisor;
        if quantity > MAX_QUANTITY { Err(MeasureError::TooLarge) } else { Ok(quantity) }
    }
}

/// Where the units of a batch are. Every field counts base units of the product.
///
/// Law: `produced = on_hand + in_transit + consumed + sold + lost + destroyed`, kept because units
/// only ever [`shift`](Self::shift) from one place to another.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Quantities {
    /// All that ever belonged to the batch.
    #[codec(compact)]
    pub produced: u128,
    /// At the holder.
    #[codec(compact)]
    pub on_hand: u128,
    /// Shipped and neither received nor rejected.
    #[codec(compact)]
    pub in_transit: u128,
    /// Went into other batches, or was lost in making them.
    #[codec(compact)]
    pub consumed: u128,
    /// Sold to consumers.
    #[codec(compact)]
    pub sold: u128,
    /// Spoilt, spilt or missing on receipt.
    #[codec(compact)]
    pub lost: u128,
    /// Destroyed under record.
    #[codec(compact)]
    pub destroyed: u128,
}

/// A place where units of a batch can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// [`Quantities::on_hand`].
    OnHand,
    /// [`Quantities::in_transit`].
    InTransit,
    /// [`Quantities::consumed`].
    Consumed,
    /// [`Quantities::sold`].
    Sold,
    /// [`Quantities::lost`].
    Lost,
    /// [`Quantities::destroyed`].
    Destroyed,
}

impl Quantities {
    /// A new batch of `quantity`, all of it at its holder.
    pub fn new(quantity: u128) -> Self {
        Self { produced: quantity, on_hand: quantity, ..Self::default() }
    }

    /// Moves `quantity` between places; `None`, and nothing moved, if there is not so much.
    pub fn shift(&mut self, from: Bucket, to: Bucket, quantity: u128) -> Option<()> {
        let left = self.bucket(from).checked_sub(quantity)?;
        if from == to {
            return Some(());
        }
        let gained = self.bucket(to).checked_add(quantity)?;
        *self.bucket(from) = left;
        *self.bucket(to) = gained;
        Some(())
    }

    /// Whether every unit produced is accounted for in exactly one place.
    pub fn is_balanced(&self) -> bool {
        [self.on_hand, self.in_transit, self.consumed, self.sold, self.lost, self.destroyed]
            .into_iter()
            .try_fold(0u128, u128::checked_add)
            == Some(self.produced)
    }

    /// Whether neither the holder nor a carrier has any left.
    pub fn is_exhausted(&self) -> bool {
        self.on_hand == 0 && self.in_transit == 0
    }

    fn bucket(&mut self, bucket: Bucket) -> &mut u128 {
        match bucket {
            Bucket::OnHand => &mut self.on_hand,
            Bucket::InTransit => &mut self.in_transit,
            Bucket::Consumed => &mut self.consumed,
            Bucket::Sold => &mut self.sold,
            Bucket::Lost => &mut self.lost,
            Bucket::Destroyed => &mut self.destroyed,
        }
    }
}

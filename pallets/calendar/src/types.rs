//! What the pallet stores.

use crate::CivilDate;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use scale_info::TypeInfo;

/// Most days of a year that depart from the week in one direction.
///
/// Notices of the last years name about 20 weekdays off and 7 weekend days worked.
pub const DEPARTURES_MAX: u32 = 64;

/// Dates of one year, ascending, each once.
pub type Dates = BoundedVec<CivilDate, ConstU32<DEPARTURES_MAX>>;

/// The days of a year that depart from Monday to Friday.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct YearTable {
    /// Mondays to Fridays that are not worked: holidays, and days taken off beside them.
    pub days_off: Dates,
    /// Saturdays and Sundays that are worked in exchange (调休上班).
    pub days_worked: Dates,
    /// Version of the rule set that this table made.
    pub rule_set: u32,
}

impl YearTable {
    /// Whether `date`, of this table's year, is worked.
    pub fn is_working(&self, date: CivilDate) -> bool {
        if date.is_weekend() {
            self.days_worked.binary_search(&date).is_ok()
        } else {
            self.days_off.binary_search(&date).is_err()
        }
    }
}

/// Version of all tables together, recorded with what was reckoned by them.
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
pub struct RuleSet {
    /// Counts every change.
    pub version: u32,
    /// SHA-256 over the previous hash and the SCALE-encoded year, days off and days worked.
    pub hash: [u8; 32],
}

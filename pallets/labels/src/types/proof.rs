//! Proofs that codes are in series.

use super::{LEAF_BYTES_MAX, PATH_MAX, SeriesId};
use crate::merkle;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use scale_info::TypeInfo;

/// Bytes of a leaf: the scheme's byte and a code.
pub type Leaf = BoundedVec<u8, ConstU32<LEAF_BYTES_MAX>>;
/// Siblings from the leaf up.
pub type Path = BoundedVec<[u8; 32], ConstU32<PATH_MAX>>;

/// Proof that a leaf is in a series.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct CodeProof {
    /// The series.
    pub series: SeriesId,
    /// Position of the leaf, from 0.
    pub index: u32,
    /// The leaf.
    pub leaf: Leaf,
    /// Its path.
    pub path: Path,
}

impl CodeProof {
    /// Whether it proves the leaf under `root` over `n_codes` leaves.
    pub fn holds(&self, root: &[u8; 32], n_codes: u32) -> bool {
        merkle::verify(root, n_codes, self.index, &self.leaf, &self.path)
    }
}

/// Proof that a series is not as it must be.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum FaultProof {
    /// One leaf that is no code of the series' scheme.
    #[codec(index = 0)]
    Malformed(CodeProof),
    /// Two leaves: one code twice, in one series or in two; or, in one series, two codes of which
    /// the later stands first.
    #[codec(index = 1)]
    Pair(CodeProof, CodeProof),
}

/// What a code is worth, as view functions answer it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CodeAnswer {
    /// Whether the proof holds and the leaf is a code of the series' scheme.
    pub genuine: bool,
    /// The series, if there is one.
    pub series: Option<super::SeriesDetails>,
    /// The latest mark of the item, if the code is genuine and it has one.
    pub mark: Option<super::ItemMark>,
    /// Status of the certificate now.
    pub certificate: Option<pallet_traceability::CertificateStatus>,
    /// Whether the licence is in force now; `None` without licence.
    pub licence_in_force: Option<bool>,
}

//! Certificates that batches carry: what this pallet, brands and labels ask of whoever keeps
//! certificates.

use crate::{Gtin, MAX_CLAIMS, Moment, PlaceId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_participants::OrganisationId;
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

/// Number of a certificate (认证证书), given in order of registration by whoever keeps them.
pub type CertificateId = u32;

/// Number of a certification scheme (认证制度).
pub type SchemeId = u32;

/// A certificate that a batch carries.
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
pub struct Claim {
    /// The certificate.
    pub certificate: CertificateId,
    /// Whether goods that carry it were produced while it was suspended.
    pub made_while_suspended: bool,
}

/// Certificates that a batch carries, ascending by number and without repetition.
pub type Claims = BoundedVec<Claim, ConstU32<MAX_CLAIMS>>;

/// Whether a certificate is in force.
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
pub enum CertificateStatus {
    /// In force (有效).
    #[codec(index = 0)]
    Valid,
    /// Out of force for the time being (暂停).
    #[codec(index = 1)]
    Suspended,
    /// Withdrawn for breach (撤销), for ever.
    #[codec(index = 2)]
    Revoked,
    /// Given up (注销), for ever.
    #[codec(index = 3)]
    Cancelled,
    /// Past its last day (过期).
    #[codec(index = 4)]
    Expired,
}

/// A claim with the status of its certificate, as view functions answer it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CertificateOfBatch {
    /// The claim.
    pub claim: Claim,
    /// Status when the batch was produced; `None` before issue or if the certificate is unknown.
    pub status_when_made: Option<CertificateStatus>,
    /// Status now.
    pub status_now: Option<CertificateStatus>,
}

/// What traceability, brands and labels ask of certificates.
pub trait Certificates {
    /// Status in force at `at`, any past moment or now; `None` before issue or if unknown.
    fn status_at(id: CertificateId, at: Moment) -> Option<CertificateStatus>;

    /// Scheme of the certificate; it never changes.
    fn scheme(id: CertificateId) -> Option<SchemeId>;

    /// Whether the certificate names `holder` as its holder and `gtin` among its products, and all
    /// of `bases` are among its bases.
    fn covers(id: CertificateId, holder: OrganisationId, gtin: &Gtin, bases: &[PlaceId]) -> bool;

    /// Counts a claim of the certificate for a batch of `quantity` of `gtin`, in content units as
    /// for [`draw_marks`](Self::draw_marks). `grown` is whether the batch was produced at a base,
    /// and not made from other batches.
    ///
    /// # Errors
    /// When more would be claimed than is certified.
    fn count_claim(
        _id: CertificateId,
        _gtin: &Gtin,
        _quantity: u128,
        _grown: bool,
    ) -> DispatchResult {
        Ok(())
    }

    /// Draws `quantity` from what may still be marked as `gtin` under the certificate: its
    /// certified quantity less what was drawn. The unit is the product's content unit, mg, ml or
    /// pieces, as of [`ProductDetails::content`](crate::ProductDetails::content).
    ///
    /// # Errors
    /// When it is not valid now, does not cover the holder or product, or less is left.
    fn draw_marks(
        id: CertificateId,
        holder: OrganisationId,
        gtin: &Gtin,
        quantity: u128,
    ) -> DispatchResult;

    /// Gives back what was drawn for marks that were void before use, in the unit of the draw.
    ///
    /// # Errors
    /// When it is more than was drawn.
    fn return_marks(id: CertificateId, gtin: &Gtin, quantity: u128) -> DispatchResult;

    /// What was drawn under the certificate and not given back, for all its products together.
    fn drawn(id: CertificateId) -> u128;

    /// What was drawn under all certificates and not given back.
    fn drawn_in_all() -> u128;
}

/// A chain without certificates.
impl Certificates for () {
    fn status_at(_: CertificateId, _: Moment) -> Option<CertificateStatus> {
        None
    }

    fn scheme(_: CertificateId) -> Option<SchemeId> {
        None
    }

    fn covers(_: CertificateId, _: OrganisationId, _: &Gtin, _: &[PlaceId]) -> bool {
        false
    }

    fn draw_marks(_: CertificateId, _: OrganisationId, _: &Gtin, _: u128) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }

    fn return_marks(_: CertificateId, _: &Gtin, _: u128) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }

    fn drawn(_: CertificateId) -> u128 {
        0
    }

    fn drawn_in_all() -> u128 {
        0
    }
}

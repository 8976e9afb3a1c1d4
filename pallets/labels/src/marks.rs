//! What this pallet asks of certificates about codes.

use pallet_traceability::CertificateId;
use sp_runtime::{DispatchError, DispatchResult};

/// Digits of an organic code (有机码).
pub const ORGANIC_DIGITS: usize = 17;

/// What this pallet asks of certificates about codes.
///
/// Source: 有机产品认证管理办法: every mark has a unique organic code, traceable to its certificate.
pub trait MarkCodes {
    /// Whether each item with the mark of the certificate has an organic code, by the rules of its
    /// scheme; not if the certificate is unknown.
    fn asks_for_organic_codes(certificate: CertificateId) -> bool;

    /// Checks that ASCII digits can be an organic code under the certificate.
    ///
    /// # Errors
    /// When the certificate is unknown or its scheme has no such codes, when the first three digits
    /// are not the code of the body that issued it, or when the next two are of no year in which it
    /// is valid.
    fn ensure_organic_code(
        certificate: CertificateId,
        code: &[u8; ORGANIC_DIGITS],
    ) -> DispatchResult;
}

/// A chain without organic codes.
impl MarkCodes for () {
    fn asks_for_organic_codes(_: CertificateId) -> bool {
        false
    }

    fn ensure_organic_code(_: CertificateId, _: &[u8; ORGANIC_DIGITS]) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }
}

//! Commit certificates: proof that more than two thirds of the validators decided a header.

use crate::{
    BlockNumber, Hash, Header, ValidatorId, ValidatorSet, ValueId, VoteKind, ed25519_verify,
    validators::VALIDATORS_MAX, value_id, vote_bytes,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// One validator's precommit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct CommitSignature {
    /// Who signed.
    pub validator: ValidatorId,
    /// Ed25519 signature over [`vote_bytes`] of the precommit.
    pub signature: [u8; 64],
}

/// Precommits for one value at one height and round.
///
/// Two nodes may hold different certificates for the same height: each keeps the precommits that
/// it saw first. Never compare certificates byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct CommitCertificate {
    /// Height that is decided.
    pub height: BlockNumber,
    /// Round in which it was decided.
    pub round: u32,
    /// SHA-256 of the decided header's encoding.
    pub value_id: ValueId,
    /// At most one signature of each validator.
    pub signatures: BoundedVec<CommitSignature, ConstU32<{ VALIDATORS_MAX as u32 }>>,
}

/// Why a certificate does not prove a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateError {
    /// The certificate is for another height than the header.
    WrongHeight,
    /// The certificate is for another header.
    WrongValue,
    /// A signer is not in the validator set.
    UnknownValidator,
    /// A validator signed twice.
    DuplicateSignature,
    /// A signature does not verify.
    BadSignature,
    /// Valid, but not more than two thirds of the set.
    NoQuorum,
}

impl core::fmt::Display for CertificateError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::WrongHeight => "certificate is for another height",
            Self::WrongValue => "certificate is for another header",
            Self::UnknownValidator => "certificate has a signer outside the validator set",
            Self::DuplicateSignature => "certificate has two signatures of one validator",
            Self::BadSignature => "certificate has an invalid signature",
            Self::NoQuorum => "certificate has no more than two thirds of the votes",
        })
    }
}

impl core::error::Error for CertificateError {}

impl CommitCertificate {
    /// Checks that the certificate proves `header` on the chain with the given genesis hash, when
    /// `validators` is the set of the header's height.
    ///
    /// # Errors
    /// [`CertificateError`], the first of its rules that is broken.
    pub fn verify(
        &self,
        genesis: &Hash,
        header: &Header,
        validators: &ValidatorSet,
    ) -> Result<(), CertificateError> {
        if self.height != header.number {
            return Err(CertificateError::WrongHeight);
        }
        if self.value_id != value_id(header) {
            return Err(CertificateError::WrongValue);
        }
        let mut signers: Vec<_> = self.signatures.iter().map(|s| s.validator).collect();
        signers.sort_unstable();
        if signers.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(CertificateError::DuplicateSignature);
        }
        if signers.iter().any(|key| !validators.contains(key)) {
            return Err(CertificateError::UnknownValidator);
        }
        if signers.len() < validators.quorum() {
            return Err(CertificateError::NoQuorum);
        }
        let bytes =
            vote_bytes(VoteKind::Precommit, genesis, self.height, self.round, Some(self.value_id));
        for CommitSignature { validator, signature } in &self.signatures {
            if !ed25519_verify(signature, &bytes, validator) {
                return Err(CertificateError::BadSignature);
            }
        }
        Ok(())
    }
}

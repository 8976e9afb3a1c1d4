//! Certificates and liveness messages.

use super::{
    CodecError, Wire,
    consensus::{VoteKind, VoteLayout, from_option, to_option, vote_from_layout, vote_to_layout},
    defined, round,
};
use crate::{
    context::{Address, ChainContext, Height, Signature},
    limits::LIVENESS_MESSAGE_BYTES_MAX,
};
use codec::{Decode, Encode};
use ecoledger_primitives::{ValueId, validators::VALIDATORS_MAX};
use malachitebft_app_channel::app::{
    consensus::LivenessMsg,
    types::core::{
        ExtendedCommitCertificate, ExtendedCommitSignature, PolkaCertificate, PolkaSignature,
        RoundCertificate, RoundCertificateType, RoundSignature,
    },
};
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// One entry for each validator.
pub(crate) type PerValidator<T> = BoundedVec<T, ConstU32<{ VALIDATORS_MAX as u32 }>>;

fn bounded<T>(entries: Vec<T>) -> Result<PerValidator<T>, CodecError> {
    entries
        .try_into()
        .map_err(|_| CodecError::Invalid("a certificate with more signatures than validators"))
}

/// Signatures of one value at one height and round, on the wire.
#[derive(Encode, Decode)]
pub(crate) struct CertificateLayout {
    height: Height,
    round: u32,
    value_id: ValueId,
    signatures: PerValidator<(Address, Signature)>,
}

impl Wire for PolkaCertificate<ChainContext> {
    const BYTES_MAX: u32 = LIVENESS_MESSAGE_BYTES_MAX;
    type Layout = CertificateLayout;

    fn to_layout(&self) -> Result<CertificateLayout, CodecError> {
        let signatures = self.polka_signatures.iter().map(|s| (s.address, s.signature)).collect();
        Ok(CertificateLayout {
            height: self.height,
            round: defined(self.round)?,
            value_id: self.value_id,
            signatures: bounded(signatures)?,
        })
    }

    fn from_layout(layout: CertificateLayout) -> Result<Self, CodecError> {
        Ok(Self {
            height: layout.height,
            round: round(layout.round)?,
            value_id: layout.value_id,
            polka_signatures: layout
                .signatures
                .into_iter()
                .map(|(address, signature)| PolkaSignature::new(address, signature))
                .collect(),
        })
    }
}

impl Wire for ExtendedCommitCertificate<ChainContext> {
    const BYTES_MAX: u32 = LIVENESS_MESSAGE_BYTES_MAX;
    type Layout = CertificateLayout;

    fn to_layout(&self) -> Result<CertificateLayout, CodecError> {
        if self.commit_signatures.iter().any(|s| s.extension.is_some()) {
            return Err(CodecError::Invalid("a vote extension"));
        }
        let signatures = self.commit_signatures.iter().map(|s| (s.address, s.signature)).collect();
        Ok(CertificateLayout {
            height: self.height,
            round: defined(self.round)?,
            value_id: self.value_id,
            signatures: bounded(signatures)?,
        })
    }

    fn from_layout(layout: CertificateLayout) -> Result<Self, CodecError> {
        Ok(Self {
            height: layout.height,
            round: round(layout.round)?,
            value_id: layout.value_id,
            commit_signatures: layout
                .signatures
                .into_iter()
                .map(|(address, signature)| ExtendedCommitSignature::new(address, signature, None))
                .collect(),
        })
    }
}

/// A signature in a certificate that justifies a round, on the wire.
#[derive(Encode, Decode)]
pub(crate) struct RoundSignatureLayout {
    kind: VoteKind,
    value: Option<ValueId>,
    validator: Address,
    signature: Signature,
}

/// A certificate that justifies entering a round, on the wire.
#[derive(Encode, Decode)]
pub(crate) struct RoundCertificateLayout {
    height: Height,
    round: u32,
    /// `false`: a third of the validators are in the round; `true`: two thirds precommitted.
    precommit: bool,
    signatures: PerValidator<RoundSignatureLayout>,
}

fn round_to_layout(
    certificate: &RoundCertificate<ChainContext>,
) -> Result<RoundCertificateLayout, CodecError> {
    let signatures = certificate
        .round_signatures
        .iter()
        .map(|s| RoundSignatureLayout {
            kind: s.vote_type.into(),
            value: to_option(&s.value_id),
            validator: s.address,
            signature: s.signature,
        })
        .collect();
    Ok(RoundCertificateLayout {
        height: certificate.height,
        round: defined(certificate.round)?,
        precommit: matches!(certificate.cert_type, RoundCertificateType::Precommit),
        signatures: bounded(signatures)?,
    })
}

fn round_from_layout(
    layout: RoundCertificateLayout,
) -> Result<RoundCertificate<ChainContext>, CodecError> {
    Ok(RoundCertificate {
        height: layout.height,
        round: round(layout.round)?,
        cert_type: if layout.precommit {
            RoundCertificateType::Precommit
        } else {
            RoundCertificateType::Skip
        },
        round_signatures: layout
            .signatures
            .into_iter()
            .map(|s| {
                RoundSignature::new(s.kind.into(), from_option(s.value), s.validator, s.signature)
            })
            .collect(),
    })
}

/// A liveness message on the wire.
#[derive(Encode, Decode)]
pub(crate) enum LivenessLayout {
    #[codec(index = 0)]
    Vote(VoteLayout),
    #[codec(index = 1)]
    Polka(CertificateLayout),
    #[codec(index = 2)]
    Round(RoundCertificateLayout),
}

impl Wire for LivenessMsg<ChainContext> {
    const BYTES_MAX: u32 = LIVENESS_MESSAGE_BYTES_MAX;
    type Layout = LivenessLayout;

    fn to_layout(&self) -> Result<LivenessLayout, CodecError> {
        Ok(match self {
            Self::Vote(vote) => LivenessLayout::Vote(vote_to_layout(vote)?),
            Self::PolkaCertificate(certificate) => LivenessLayout::Polka(certificate.to_layout()?),
            Self::SkipRoundCertificate(certificate) => {
                LivenessLayout::Round(round_to_layout(certificate)?)
            }
        })
    }

    fn from_layout(layout: LivenessLayout) -> Result<Self, CodecError> {
        Ok(match layout {
            LivenessLayout::Vote(vote) => Self::Vote(vote_from_layout(vote)?),
            LivenessLayout::Polka(layout) => {
                Self::PolkaCertificate(PolkaCertificate::from_layout(layout)?)
            }
            LivenessLayout::Round(layout) => Self::SkipRoundCertificate(round_from_layout(layout)?),
        })
    }
}

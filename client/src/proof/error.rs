//! Why a proof is refused.

use crate::moment::Moment;

/// Why a proof is refused; [`name`](Self::name) is the same in every verifier of this chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The bytes are no bundle of this version, or not its one canonical form.
    #[error("the proof is damaged: {0}")]
    Malformed(&'static str),
    /// A bundle of another version.
    #[error("the proof has version {0}; this verifier reads version 1")]
    Version(u8),
    /// Longer than any bundle may be.
    #[error("the proof has {0} bytes; at most {max} are read", max = super::BUNDLE_BYTES_MAX)]
    TooLong(usize),
    /// Proven on another chain.
    #[error("the proof is of another chain, whose first block is 0x{}", hex::encode(.0))]
    WrongChain([u8; 32]),
    /// A header that is none, or has no digest of validator sets.
    #[error("header {0} of the proof is no header of this chain")]
    HeaderMalformed(usize),
    /// Headers do not ascend, or the proof ends with one that is only endorsed.
    #[error("the headers of the proof do not lead from the checkpoint to the proven block")]
    BrokenTrust,
    /// All of it is at or before the checkpoint.
    #[error("the proof is of block {height}, and the checkpoint of block {checkpoint}")]
    BeforeCheckpoint {
        /// Height that is proven.
        height: u32,
        /// Height of the checkpoint.
        checkpoint: u32,
    },
    /// The validators of the checkpoint may have changed hands since.
    #[error("the checkpoint is of {0}, too long ago to be trusted; take a newer one")]
    CheckpointExpired(Moment),
    /// Validators that no trusted header announces.
    #[error("block {0} is signed by other validators than the chain announced")]
    WrongValidators(u32),
    /// A validator's signature that does not verify.
    #[error("a validator's signature on block {0} is forged")]
    BadSignature(u32),
    /// Too few of the block's validators signed.
    #[error("no more than two thirds of the validators signed block {0}")]
    NoQuorum(u32),
    /// Too few of the validators that are trusted signed.
    #[error("no more than a third of the trusted validators signed block {0}")]
    NotEndorsed(u32),
    /// The block's time is ahead of the clock.
    #[error("the proof is of {0}, which is in the future; is this device's clock right?")]
    FromFuture(Moment),
    /// Older than whoever asks accepts.
    #[error("the proof is of {0}, which is too old")]
    Stale(Moment),
    /// The values do not add up to the state that was decided.
    #[error("the records are not those of the block that was decided")]
    WrongRecords,
    /// The bundle says nothing of the record.
    #[error("the proof lacks the record of the {0}")]
    RecordMissing(&'static str),
    /// A record that is not laid out as this chain does.
    #[error("the record of the {0} cannot be read")]
    RecordMalformed(&'static str),
    /// The bundle is not of an item.
    #[error("the proof is not of an item code")]
    NoItem,
    /// The code is not in the series.
    #[error("the code is not in the label series: the label is not genuine")]
    NotInSeries,
    /// The leaf is no code of the series' scheme.
    #[error("the code is not one that the label series may have")]
    CodeMalformed,
}

impl ProofError {
    /// The error's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "Malformed",
            Self::Version(_) => "Version",
            Self::TooLong(_) => "TooLong",
            Self::WrongChain(_) => "WrongChain",
            Self::HeaderMalformed(_) => "HeaderMalformed",
            Self::BrokenTrust => "BrokenTrust",
            Self::BeforeCheckpoint { .. } => "BeforeCheckpoint",
            Self::CheckpointExpired(_) => "CheckpointExpired",
            Self::WrongValidators(_) => "WrongValidators",
            Self::BadSignature(_) => "BadSignature",
            Self::NoQuorum(_) => "NoQuorum",
            Self::NotEndorsed(_) => "NotEndorsed",
            Self::FromFuture(_) => "FromFuture",
            Self::Stale(_) => "Stale",
            Self::WrongRecords => "WrongRecords",
            Self::RecordMissing(_) => "RecordMissing",
            Self::RecordMalformed(_) => "RecordMalformed",
            Self::NoItem => "NoItem",
            Self::NotInSeries => "NotInSeries",
            Self::CodeMalformed => "CodeMalformed",
        }
    }
}

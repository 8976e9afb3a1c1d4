//! The document that an instruction, voucher, report or decision is proven by.

use crate::submit::commitment;
use clap::Args;
use ecoledger_client::{Digest, Error, traceability::Commitment};
use std::{fs, path::PathBuf};

/// What the chain keeps of a document: a commitment, never the document.
#[derive(Args, Clone, Debug)]
pub(crate) struct DocumentArgs {
    /// Commitment to the document: 0x and 64 digits.
    #[arg(long, conflicts_with = "document_file", required_unless_present = "document_file")]
    document: Option<Commitment>,
    /// The document; its salt is kept beside it in FILE.salt.
    #[arg(long, value_name = "FILE")]
    document_file: Option<PathBuf>,
}

impl DocumentArgs {
    pub(crate) fn read(&self) -> Result<Commitment, Error> {
        commitment(self.document.as_ref(), self.document_file.as_deref())?
            .ok_or_else(|| Error::Arguments("document: give --document or --document-file".into()))
    }
}

/// A published text, by its SHA-256.
#[derive(Args, Clone, Debug)]
pub(crate) struct TextArgs {
    /// SHA-256 of the published text: 0x and 64 digits.
    #[arg(long, conflicts_with = "text_file", required_unless_present = "text_file")]
    text: Option<Digest>,
    /// The published text.
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
}

impl TextArgs {
    pub(crate) fn read(&self) -> Result<Digest, Error> {
        match (&self.text, &self.text_file) {
            (Some(digest), _) => Ok(digest.clone()),
            (None, Some(file)) => fs::read(file)
                .map(|text| Digest::of(&text))
                .map_err(|error| Error::Arguments(format!("read {}: {error}", file.display()))),
            (None, None) => Err(Error::Arguments("text: give --text or --text-file".into())),
        }
    }
}

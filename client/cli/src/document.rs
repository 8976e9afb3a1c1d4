//! Documents that prove what is done: the chain keeps commitments to them, and digests of those that
//! are published.

mod published;

pub(crate) use published::{DocumentCommand, run};

use crate::submit::commitment;
use clap::Args;
use ecoledger_client::{Digest, Error, traceability::Commitment};
use std::{fs, path::PathBuf};

/// A document of one purpose: its commitment, or the file to commit to.
macro_rules! document_args {
    ($(#[$doc:meta])* $name:ident, $field:ident, $file:ident, $about:literal) => {
        $(#[$doc])*
        #[derive(Args, Clone, Debug)]
        #[group(required = true, multiple = false)]
        pub(crate) struct $name {
            #[arg(
                long,
                help = concat!("Commitment to ", $about, ": 0x and 64 digits"),
            )]
            $field: Option<Commitment>,
            #[arg(
                long,
                value_name = "FILE",
                help = concat!("File with ", $about, "; its salt is kept beside it in FILE.salt"),
            )]
            $file: Option<PathBuf>,
        }

        impl $name {
            /// The commitment that was given, or one to the file.
            pub(crate) fn read(&self) -> Result<Commitment, Error> {
                commitment(self.$field.as_ref(), self.$file.as_deref())?.ok_or_else(|| {
                    let name = stringify!($field);
                    Error::Arguments(format!("{name}: give --{name} or --{name}-file"))
                })
            }
        }
    };
}

document_args! {
    /// The document of a decision or request.
    DocumentArgs, document, document_file, "the document"
}

document_args! {
    /// Why something is done.
    WhyArgs, reason, reason_file, "the reason"
}

document_args! {
    /// What was found by an inspection or test.
    ReportArgs, report, report_file, "the report"
}

document_args! {
    /// What proves a finding.
    EvidenceArgs, evidence, evidence_file, "the evidence"
}

/// A published text, by its SHA-256.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct TextArgs {
    /// SHA-256 of the published text: 0x and 64 digits.
    #[arg(long)]
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

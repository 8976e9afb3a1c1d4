//! Lists of item codes: one code a line, ascending by its bytes.
//!
//! A list is read once from its beginning to its end; what is kept does not grow with it, so that a
//! million codes need no more memory than ten. Its hash on chain is SHA-256 over the codes, each
//! with one line feed behind it: what `sha256sum` says of the published file.

use super::{
    CodeError, CodeScheme, LEAF_BYTES_MAX,
    codes::code_of_leaf,
    tree::{Hash, TreeBuilder, verify},
};
use crate::{digest::Digest, error::Error, gs1::Gtin};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{BufRead, Read};

/// Most codes of one series.
pub const CODES_MAX: u32 = 1_000_000;

/// What a series commits to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeriesList {
    /// Codes.
    pub n_codes: u32,
    /// Root of the tree over their leaves.
    pub root: Digest,
    /// SHA-256 of the list.
    pub list: Digest,
}

/// Which code of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// The first one that is this text.
    Code(&'a str),
    /// The one at this position, from 0.
    Index(u32),
}

/// A code of a list with its path, and what the list commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePath {
    /// What the whole list commits to.
    pub committed: SeriesList,
    pub(super) index: u32,
    pub(super) leaf: Vec<u8>,
    pub(super) path: Vec<Hash>,
}

impl CodePath {
    /// The proof that the code is in a series.
    pub fn of_series(&self, series: u32) -> CodeProof {
        CodeProof {
            series,
            index: self.index,
            leaf: format!("0x{}", hex::encode(&self.leaf)),
            path: self.path.iter().map(digest).collect(),
        }
    }
}

/// Proof that a code is in a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeProof {
    /// The series.
    pub series: u32,
    /// Position of the code, from 0.
    pub index: u32,
    /// Its leaf, `0x` and hexadecimal digits.
    pub leaf: String,
    /// Siblings from the leaf up.
    pub path: Vec<Digest>,
}

impl CodeProof {
    /// Whether it proves its leaf under `root` over `n_codes` leaves.
    pub fn holds(&self, root: &Digest, n_codes: u32) -> bool {
        match (hash(root), self.leaf_bytes(), self.hashes()) {
            (Some(root), Some(leaf), Some(path)) => {
                verify(&root, n_codes, self.index, &leaf, &path)
            }
            _ => false,
        }
    }

    /// The code that it proves, without its GTIN; `None` if it is no text.
    pub fn code(&self) -> Option<String> {
        code_of_leaf(&self.leaf_bytes()?)
    }

    /// Siblings from the leaf up.
    pub(crate) fn hashes(&self) -> Option<Vec<Hash>> {
        self.path.iter().map(hash).collect()
    }

    pub(crate) fn leaf_bytes(&self) -> Option<Vec<u8>> {
        hex::decode(self.leaf.strip_prefix("0x")?).ok()
    }
}

/// Reads a list of codes and commits to it.
///
/// - `list`: one code a line, ascending by its bytes and without repetition, 1 to [`CODES_MAX`];
///   of a GS1 serial the serial number alone, since the GTIN is that of the series.
///
/// # Errors
/// [`Error::Code`] names the line and the rule, [`Error::Arguments`] when it cannot be read.
pub fn commit_to(
    list: impl BufRead,
    scheme: &CodeScheme,
    gtin: &Gtin,
) -> Result<SeriesList, Error> {
    commit(list, scheme, gtin, |_, _| {})
}

/// As [`commit_to`]; `seen` is given each code with its leaf.
pub(super) fn commit(
    list: impl BufRead,
    scheme: &CodeScheme,
    gtin: &Gtin,
    mut seen: impl FnMut(&str, &[u8]),
) -> Result<SeriesList, Error> {
    let mut before: Option<String> = None;
    let (committed, _) = read(list, |tree, _, code| {
        scheme.check(code)?;
        if let Some(before) = before.as_deref().filter(|before| *before >= code) {
            let twice = before == code;
            let wrong = if twice { CodeError::Twice } else { CodeError::Disordered };
            return Err(wrong(code.to_owned()));
        }
        let leaf = scheme.leaf(gtin, code);
        tree.push(&leaf, false);
        seen(code, &leaf);
        before = Some(code.to_owned());
        Ok(())
    })?;
    Ok(committed)
}

/// Reads a list of codes and gives the path of one of them.
///
/// Codes and their order are taken as they stand, so that faults of a published list can be shown.
///
/// # Errors
/// As [`commit_to`], but not for what codes are and how they are ordered; [`CodeError::NotListed`].
pub fn prove(
    list: impl BufRead,
    scheme: &CodeScheme,
    gtin: &Gtin,
    wanted: Wanted<'_>,
) -> Result<CodePath, Error> {
    let mut found: Option<(u32, Vec<u8>)> = None;
    let (committed, path) = read(list, |tree, index, code| {
        let is_wanted = found.is_none()
            && match wanted {
                Wanted::Code(text) => text == code,
                Wanted::Index(number) => number == index,
            };
        let leaf = scheme.leaf(gtin, code);
        if leaf.is_empty() || leaf.len() > LEAF_BYTES_MAX {
            return Err(CodeError::Text(LEAF_BYTES_MAX));
        }
        tree.push(&leaf, is_wanted);
        if is_wanted {
            found = Some((index, leaf));
        }
        Ok(())
    })?;
    let (index, leaf) = found.ok_or_else(|| {
        CodeError::NotListed(match wanted {
            Wanted::Code(text) => text.to_owned(),
            Wanted::Index(number) => format!("position {number}"),
        })
    })?;
    Ok(CodePath { committed, index, leaf, path })
}

/// Reads lines one after the other, gives each to `take` with its position, and what they commit to.
fn read(
    mut list: impl BufRead,
    mut take: impl FnMut(&mut TreeBuilder, u32, &str) -> Result<(), CodeError>,
) -> Result<(SeriesList, Vec<Hash>), Error> {
    let mut tree = TreeBuilder::default();
    let mut hasher = Sha256::new();
    let mut n_codes: u32 = 0;
    let mut bytes = Vec::with_capacity(LEAF_BYTES_MAX);
    // A line with its end, and one byte more that tells a longer one.
    let limit = u64::try_from(LEAF_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(3);
    loop {
        bytes.clear();
        list.by_ref()
            .take(limit)
            .read_until(b'\n', &mut bytes)
            .map_err(|error| Error::Arguments(format!("codes: {error}")))?;
        if bytes.is_empty() {
            break;
        }
        let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if n_codes == CODES_MAX {
            return Err(CodeError::TooMany(CODES_MAX).into());
        }
        let taken = match std::str::from_utf8(line) {
            Ok(code) if code.len() <= LEAF_BYTES_MAX => take(&mut tree, n_codes, code),
            _ => Err(CodeError::Text(LEAF_BYTES_MAX)),
        };
        n_codes = n_codes.saturating_add(1);
        taken.map_err(|error| CodeError::Line { line: n_codes, error: Box::new(error) })?;
        hasher.update(line);
        hasher.update(b"\n");
    }
    let (root, path) = tree.finish().ok_or(CodeError::Empty)?;
    let list = digest(&hasher.finalize().into());
    Ok((SeriesList { n_codes, root: digest(&root), list }, path))
}

pub(super) fn digest(hash: &Hash) -> Digest {
    format!("0x{}", hex::encode(hash)).parse().expect("a hash has 64 digits; qed")
}

pub(super) fn hash(digest: &Digest) -> Option<Hash> {
    let text = digest.to_string();
    let mut hash = [0; 32];
    hex::decode_to_slice(text.trim_start_matches("0x"), &mut hash).ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn tin() -> Gtin {
        "06901234000016".parse().unwrap()
    }

    fn committed(list: &str) -> Result<SeriesList, String> {
        commit_to(list.as_bytes(), &CodeScheme::Gs1Serial, &tin()).map_err(|it| it.to_string())
    }

    fn proven(list: &str, wanted: Wanted<'_>) -> Result<CodePath, String> {
        prove(list.as_bytes(), &CodeScheme::Gs1Serial, &tin(), wanted).map_err(|it| it.to_string())
    }

    #[test]
    fn a_list_has_the_root_of_the_pallets_vector() {
        let list = committed("A-1\nA-2\nA-3\n").unwrap();
        let golden = "0x823b30d14828fb8b0a17a5d5dc5de06cfc75f736f62dec985e306006a993917f";
        assert_eq!((list.n_codes, list.root.to_string().as_str()), (3, golden));
        assert_eq!(list.list, Digest::of(b"A-1\nA-2\nA-3\n"));
        // The last line may end without, and lines with, a carriage return.
        assert_eq!(committed("A-1\r\nA-2\r\nA-3").unwrap(), list);
    }

    #[test]
    fn mistakes_name_line_and_rule() {
        for (list, words) in [
            ("A-1\nA 2\n", ["line 2", "A-Z a-z"]),
            ("A-1\n\nA-2\n", ["line 2", "1 to 20"]),
            ("A-1\nA-1\n", ["line 2", "twice"]),
            ("A-1\nA-3\nA-2\n", ["line 3", "LC_ALL=C sort"]),
            ("", ["codes", "empty"]),
        ] {
            let text = committed(list).unwrap_err();
            assert!(words.iter().all(|word| text.contains(word)), "{list:?}: {text}");
        }
        let text = committed(&format!("A-1\n{}\n", "x".repeat(10_000))).unwrap_err();
        assert!(text.contains("line 2") && text.contains("64 bytes"), "{text}");
        let organic = CodeScheme::organic_like("13426123456789012").unwrap();
        let list = "13426123456789012\n13427123456789012\n";
        let text = commit_to(list.as_bytes(), &organic, &tin()).unwrap_err().to_string();
        assert!(text.contains("line 2") && text.contains("13426 are expected first"), "{text}");
    }

    #[test]
    fn codes_are_proven_by_text_and_by_position() {
        let list: String = (100..133).map(|n| format!("S{n}\n")).collect();
        let committed = committed(&list).unwrap();
        for n in 0..33 {
            let code = format!("S{}", 100 + n);
            let found = proven(&list, Wanted::Code(&code)).unwrap();
            assert_eq!(found, proven(&list, Wanted::Index(n)).unwrap());
            assert_eq!(found.committed, committed);
            let proof = found.of_series(4);
            assert!(proof.holds(&committed.root, 33));
            assert!(!proof.holds(&committed.root, 32) && !proof.holds(&committed.list, 33));
            assert_eq!((proof.series, proof.index, proof.code()), (4, n, Some(code)));
            let written = serde_json::to_string(&proof).unwrap();
            assert_eq!(serde_json::from_str::<CodeProof>(&written).unwrap(), proof);
        }
        let text = proven(&list, Wanted::Code("S99")).unwrap_err();
        assert!(text.contains("not in the list"), "{text}");
        let text = proven(&list, Wanted::Index(33)).unwrap_err();
        assert!(text.contains("position 33"), "{text}");
    }

    #[test]
    fn faults_of_a_published_list_can_be_shown() {
        let list = "B\nA\nA\nnot a code\n";
        for index in 0..4 {
            let found = proven(list, Wanted::Index(index)).unwrap();
            assert!(found.of_series(0).holds(&found.committed.root, 4), "{index}");
        }
    }

    /// Codes that are made as they are read, so that the list itself takes no memory.
    struct Codes {
        next: u32,
        line: Vec<u8>,
    }

    impl Read for Codes {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.line.is_empty() && self.next < CODES_MAX {
                self.line = format!("{:07}\n", self.next).into_bytes();
                self.next += 1;
            }
            let n = buffer.len().min(self.line.len());
            for (to, from) in buffer.iter_mut().zip(self.line.drain(..n)) {
                *to = from;
            }
            Ok(n)
        }
    }

    #[test]
    fn a_million_codes_are_read_as_they_come() {
        let codes = || BufReader::new(Codes { next: 0, line: Vec::new() });
        let committed = commit_to(codes(), &CodeScheme::Gs1Serial, &tin()).unwrap();
        assert_eq!(committed.n_codes, CODES_MAX);
        let last = prove(codes(), &CodeScheme::Gs1Serial, &tin(), Wanted::Index(999_999)).unwrap();
        assert!(last.of_series(0).holds(&committed.root, CODES_MAX));
        let more = codes().chain("1000000\n".as_bytes());
        let text = commit_to(more, &CodeScheme::Gs1Serial, &tin()).unwrap_err().to_string();
        assert!(text.contains("at most 1000000"), "{text}");
    }
}

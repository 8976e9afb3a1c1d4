//! Where codes stand in a long list, so that one is proven without reading the whole.
//!
//! Codes are in blocks of 64. Of each block the index has its place in the file and the root of the
//! tree over it; what is above is computed from those. Of each code it has four bytes of the hash of its
//! leaf, by which a list that lacks a code says so without being read: of 4,000 codes that are not in a
//! million one is looked for in vain. A million codes take 4.6 MB; a proof reads one code of some 14
//! blocks, and one block.

use super::{
    CodeError, CodeScheme,
    list::{CODES_MAX, CodePath, SeriesList, commit},
    tree::{Hash, leaf_hash, node_hash},
};
use crate::{digest::Digest, error::Error, gs1::Gtin};
use codec::{Decode, DecodeAll, Encode};
use sha2::{Digest as _, Sha256};
use std::{
    cmp::Ordering,
    io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom},
};

/// Codes of a block.
const BLOCK: u32 = 64;
/// Longest line, with its end.
const LINE_BYTES_MAX: u64 = super::LEAF_BYTES_MAX as u64 + 2;

/// The index of a list whose lines end with one line feed each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListIndex {
    committed: SeriesList,
    stored: Stored,
    /// Hashes above the blocks, from those up; of the last node of an odd level, itself.
    levels: Vec<Vec<Hash>>,
}

/// What [`ListIndex::to_bytes`] writes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Stored {
    n_codes: u32,
    list: Hash,
    /// Offsets of the blocks' first bytes, and of the end.
    offsets: Vec<u32>,
    /// Roots of the trees over the blocks.
    roots: Vec<Hash>,
    /// Prefixes of the codes' leaf hashes, ascending.
    prefixes: Vec<u32>,
}

fn prefix(leaf: &Hash) -> u32 {
    leaf.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

impl ListIndex {
    /// Reads a list, commits to it, and writes its codes to `out`, each with one line feed behind
    /// it: what the digest is of.
    ///
    /// # Errors
    /// As [`super::commit_to`]; [`Error::Arguments`] when `out` cannot be written.
    pub fn build(
        list: impl BufRead,
        scheme: &CodeScheme,
        gtin: &Gtin,
        mut out: impl std::io::Write,
    ) -> Result<Self, Error> {
        let (mut offsets, mut roots, mut prefixes) = (Vec::new(), Vec::new(), Vec::new());
        let (mut at, mut block) = (0u32, Vec::new());
        let mut failed = None;
        let committed = commit(list, scheme, gtin, |code, leaf| {
            if block.is_empty() {
                offsets.push(at);
            }
            let leaf = leaf_hash(leaf);
            prefixes.push(prefix(&leaf));
            block.push(leaf);
            if block.len() == BLOCK as usize {
                roots.push(root_of(std::mem::take(&mut block)));
            }
            // At most a million codes of 64 bytes: less than 2^32.
            at = at.saturating_add(u32::try_from(code.len()).unwrap_or(u32::MAX)).saturating_add(1);
            if failed.is_none()
                && let Err(error) =
                    out.write_all(code.as_bytes()).and_then(|()| out.write_all(b"\n"))
            {
                failed = Some(error);
            }
        })?;
        if let Some(error) = failed {
            return Err(Error::Arguments(format!("codes: they cannot be written: {error}")));
        }
        if !block.is_empty() {
            roots.push(root_of(block));
        }
        offsets.push(at);
        let list = super::list::hash(&committed.list).unwrap_or_default();
        prefixes.sort_unstable();
        Self::of(Stored { n_codes: committed.n_codes, list, offsets, roots, prefixes })
    }

    fn of(stored: Stored) -> Result<Self, Error> {
        let n_blocks = stored.n_codes.div_ceil(BLOCK) as usize;
        let is_whole = (1..=CODES_MAX).contains(&stored.n_codes)
            && stored.roots.len() == n_blocks
            && stored.offsets.len() == n_blocks + 1
            && stored.offsets.windows(2).all(|pair| pair[0] < pair[1])
            && stored.prefixes.len() == stored.n_codes as usize
            && stored.prefixes.is_sorted();
        if !is_whole {
            return Err(Error::Decode("the index of a list is damaged".into()));
        }
        let mut levels = vec![stored.roots.clone()];
        while let Some(level) = levels.last().filter(|level| level.len() > 1) {
            let above = above(level);
            levels.push(above);
        }
        let root = levels.last().and_then(|level| level.first()).copied().unwrap_or_default();
        let committed =
            SeriesList { n_codes: stored.n_codes, root: digest(&root), list: digest(&stored.list) };
        Ok(Self { committed, stored, levels })
    }

    /// What the list commits to.
    pub fn committed(&self) -> &SeriesList {
        &self.committed
    }

    /// Bytes that it takes in memory.
    pub fn n_bytes(&self) -> usize {
        let n_hashes = self.stored.roots.len() + self.levels.iter().map(Vec::len).sum::<usize>();
        n_hashes * size_of::<Hash>()
            + (self.stored.offsets.len() + self.stored.prefixes.len()) * size_of::<u32>()
    }

    /// SCALE: codes (u32), digest of the list (32 B), offsets of the blocks and of the end (list of
    /// u32), roots of the blocks (list of 32 B), first four bytes of the codes' leaf hashes (list of
    /// u32); behind it its SHA-256.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.stored.encode();
        let sum = Sha256::digest(&bytes);
        bytes.extend(sum);
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::Decode`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let whole = bytes.split_last_chunk::<32>();
        let whole = whole.filter(|(stored, sum)| Sha256::digest(stored)[..] == sum[..]);
        let (mut stored, _) =
            whole.ok_or_else(|| Error::Decode("the index of a list is damaged".into()))?;
        Self::of(Stored::decode_all(&mut stored).map_err(Error::decode)?)
    }

    /// Whether a code may be in the list; `false` is certain.
    pub fn may_have(&self, scheme: &CodeScheme, gtin: &Gtin, code: &str) -> bool {
        let prefix = prefix(&leaf_hash(&scheme.leaf(gtin, code)));
        self.stored.prefixes.binary_search(&prefix).is_ok()
    }

    /// The path of a code; `None` if it is not in the list.
    ///
    /// - `list`: the list as [`Self::build`] wrote it.
    ///
    /// # Errors
    /// [`CodeError::Damaged`] when the list is another, [`Error::Arguments`] when it cannot be read.
    pub fn prove(
        &self,
        list: &mut (impl Read + Seek),
        scheme: &CodeScheme,
        gtin: &Gtin,
        code: &str,
    ) -> Result<Option<CodePath>, Error> {
        if !self.may_have(scheme, gtin, code) {
            return Ok(None);
        }
        let offsets = &self.stored.offsets;
        let (mut low, mut high) = (0, self.stored.roots.len());
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            match first_line(list, offsets[middle])?.as_str().cmp(code) {
                Ordering::Greater => high = middle,
                _ => low = middle,
            }
        }
        let text = block_text(list, offsets[low], offsets[low + 1])?;
        let codes: Vec<&str> = text.lines().collect();
        let leaves: Vec<_> = codes.iter().map(|it| leaf_hash(&scheme.leaf(gtin, it))).collect();
        if self.stored.roots.get(low) != Some(&root_of(leaves.clone())) {
            return Err(CodeError::Damaged.into());
        }
        let Ok(place) = codes.binary_search(&code) else {
            // What led here was not verified.
            return if self.is_whole(list)? { Ok(None) } else { Err(CodeError::Damaged.into()) };
        };
        let mut path = Vec::new();
        let mut at = place;
        let mut level = leaves;
        while level.len() > 1 {
            path.extend(level.get(at ^ 1));
            at /= 2;
            level = above(&level);
        }
        at = low;
        for level in &self.levels {
            path.extend(level.get(at ^ 1));
            at /= 2;
        }
        let index = u32::try_from(low * BLOCK as usize + place)
            .map_err(|_| Error::Code(CodeError::TooMany(CODES_MAX)))?;
        Ok(Some(CodePath {
            committed: self.committed.clone(),
            index,
            leaf: scheme.leaf(gtin, code),
            path,
        }))
    }

    /// Whether the list is the one that the index was made of.
    fn is_whole(&self, list: &mut (impl Read + Seek)) -> Result<bool, Error> {
        list.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        let mut hasher = Sha256::new();
        std::io::copy(list, &mut hasher).map_err(unreadable)?;
        Ok(hasher.finalize()[..] == self.stored.list[..])
    }
}

/// The level above: of two nodes their parent, of one without neighbour itself.
fn above(level: &[Hash]) -> Vec<Hash> {
    level
        .chunks(2)
        .map(|pair| match pair {
            [left, right] => node_hash(left, right),
            rest => rest.first().copied().unwrap_or_default(),
        })
        .collect()
}

fn root_of(mut level: Vec<Hash>) -> Hash {
    while level.len() > 1 {
        level = above(&level);
    }
    level.first().copied().unwrap_or_default()
}

fn unreadable(error: std::io::Error) -> Error {
    match error.kind() {
        // No UTF-8, as codes are.
        ErrorKind::InvalidData => CodeError::Damaged.into(),
        _ => Error::Arguments(format!("codes: {error}")),
    }
}

fn first_line(list: &mut (impl Read + Seek), offset: u32) -> Result<String, Error> {
    list.seek(SeekFrom::Start(u64::from(offset))).map_err(unreadable)?;
    let mut line = String::new();
    BufReader::with_capacity(LINE_BYTES_MAX as usize, list.take(LINE_BYTES_MAX))
        .read_line(&mut line)
        .map_err(unreadable)?;
    line.truncate(line.trim_end().len());
    Ok(line)
}

fn block_text(list: &mut (impl Read + Seek), from: u32, to: u32) -> Result<String, Error> {
    list.seek(SeekFrom::Start(u64::from(from))).map_err(unreadable)?;
    let mut text = String::new();
    list.take(u64::from(to.saturating_sub(from))).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

fn digest(hash: &Hash) -> Digest {
    super::list::digest(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::{Wanted, commit_to, prove};
    use std::io::Cursor;

    fn gtin() -> Gtin {
        "06901234000016".parse().unwrap()
    }

    fn list(count: u32) -> String {
        (0..count).map(|n| format!("S{n:05}\n")).collect()
    }

    const SCHEME: CodeScheme = CodeScheme::Gs1Serial;

    #[test]
    fn every_code_of_every_size_has_the_path_of_the_whole_list() {
        for count in [1, 2, 3, 63, 64, 65, 127, 128, 129, 200, 449, 1_000] {
            let text = list(count);
            let mut written = Vec::new();
            let index = ListIndex::build(text.as_bytes(), &SCHEME, &gtin(), &mut written).unwrap();
            assert_eq!(written, text.as_bytes());
            let committed = commit_to(text.as_bytes(), &SCHEME, &gtin()).unwrap();
            assert_eq!(*index.committed(), committed, "{count}");
            assert_eq!(ListIndex::from_bytes(&index.to_bytes()).unwrap(), index);
            let mut file = Cursor::new(text.as_bytes());
            for n in (0..count).step_by(7).chain([count - 1]) {
                let code = format!("S{n:05}");
                let found = index.prove(&mut file, &SCHEME, &gtin(), &code).unwrap().unwrap();
                let whole = prove(text.as_bytes(), &SCHEME, &gtin(), Wanted::Index(n)).unwrap();
                assert_eq!(found, whole, "{n} of {count}");
            }
            for absent in ["", "A", "S00000x", "S99999", "T"] {
                assert!(index.prove(&mut file, &SCHEME, &gtin(), absent).unwrap().is_none());
            }
        }
    }

    #[test]
    fn lines_are_written_as_the_digest_has_them() {
        let mut written = Vec::new();
        let index =
            ListIndex::build("A-1\r\nA-2".as_bytes(), &SCHEME, &gtin(), &mut written).unwrap();
        assert_eq!(written, b"A-1\nA-2\n");
        assert_eq!(index.committed().list, Digest::of(&written));
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let index = ListIndex::build(list(130).as_bytes(), &SCHEME, &gtin(), Vec::new()).unwrap();
        let bytes = index.to_bytes();
        for changed in [&bytes[..bytes.len() - 1], &[&bytes[..], b"x"].concat(), b""] {
            assert!(ListIndex::from_bytes(changed).is_err());
        }
        let mut fewer = index.stored.clone();
        fewer.n_codes = 0;
        assert!(ListIndex::of(fewer).is_err());
        for (at, byte) in [(5, b'x'), (20, 0xff), (127 * 7 + 5, b'x'), (64 * 7, b'T')] {
            let mut damaged = list(130).into_bytes();
            damaged[at] = byte;
            let mut file = Cursor::new(damaged);
            // Whoever asks for what is there is never told that it is not.
            for code in (0..130).map(|n| format!("S{n:05}")) {
                match index.prove(&mut file, &SCHEME, &gtin(), &code) {
                    Ok(Some(path)) => assert_eq!(path.leaf, SCHEME.leaf(&gtin(), &code)),
                    Err(Error::Code(CodeError::Damaged)) => {}
                    other => panic!("{at}, {code}: {other:?}"),
                }
            }
        }
        let full = std::io::Cursor::new([0u8; 4]);
        let mut full = full;
        let error =
            ListIndex::build(list(10).as_bytes(), &SCHEME, &gtin(), &mut full.get_mut()[..]);
        assert!(error.unwrap_err().to_string().contains("cannot be written"));
    }
}

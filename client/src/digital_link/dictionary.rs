//! The GS1 Barcode Syntax Dictionary: one entry for each Application Identifier (AI).
//!
//! The entries come from `gs1-syntax-dictionary.txt` (GS1 AISBL, Apache License 2.0), whose head
//! describes the syntax. It is read once; all texts of the entries point into it.

use std::sync::OnceLock;

use super::{
    error::DigitalLinkError,
    linters::{self, Finding, Linter},
};

/// The entries of the dictionary in the order of their AIs, and the rules for unknown AIs.
pub(super) struct Dictionary {
    entries: Vec<Entry>,
    unknown: Entry,
    unknown_of_6: Entry,
    unknown_of_13: Entry,
}

/// What the dictionary says about an AI or about a range of AIs.
pub(super) struct Entry {
    first: &'static str,
    last: &'static str,
    /// No FNC1 is needed behind the value, because its length follows from the AI.
    pub(super) predefined_length: bool,
    /// May occur in the query of a GS1 Digital Link URI.
    pub(super) attribute: bool,
    components: Vec<Component>,
    /// Of each text, such as `01+21,8006`, one alternative must occur in full.
    pub(super) required: Vec<&'static str>,
    /// AIs that must not occur with this one; an `n` stands for any digit.
    pub(super) excluded: Vec<&'static str>,
    /// For a primary key the alternative sequences of its qualifiers, such as `22,10,21|235`.
    key: Option<&'static str>,
}

struct Component {
    charset: Charset,
    min: usize,
    max: usize,
    optional: bool,
    linters: Vec<Linter>,
}

/// A character set: the linter that tests for it, and what that linter finds.
#[derive(Clone, Copy)]
struct Charset(Linter, Finding);

impl Dictionary {
    /// The dictionary, read at the first call.
    pub(super) fn get() -> &'static Self {
        static DICTIONARY: OnceLock<Dictionary> = OnceLock::new();
        DICTIONARY.get_or_init(|| {
            Self::read(include_str!("gs1-syntax-dictionary.txt"))
                .expect("the text is part of the source and a test reads it; qed")
        })
    }

    fn read(text: &'static str) -> Option<Self> {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
        let entries = lines.filter(|line| !line.trim().is_empty()).map(Entry::read);
        Some(Self {
            entries: entries.collect::<Option<_>>()?,
            unknown: Entry::read("00-99 ? X..90")?,
            unknown_of_6: Entry::read("00-99 *? X6")?,
            unknown_of_13: Entry::read("00-99 *? X13")?,
        })
    }

    /// The entry of exactly this AI.
    pub(super) fn known(&self, ai: &str) -> Option<&Entry> {
        let after = self.entries.partition_point(|entry| entry.first <= ai);
        let entry = self.entries.get(after.checked_sub(1)?)?;
        (entry.first.len() == ai.len() && ai <= entry.last && is_digits(ai)).then_some(entry)
    }

    /// The entry of an AI, or the rules for an unknown one.
    ///
    /// An unknown AI has two to four digits, and as many as the known ones that start with the
    /// same two, if there are any. Its value has the predefined length for these two digits
    /// (GS1 General Specifications, figure 7.8.5-2), or else at most 90 characters.
    pub(super) fn any(&self, ai: &str) -> Option<&Entry> {
        if let Some(entry) = self.known(ai) {
            return Some(entry);
        }
        if !is_digits(ai) || !(2..=4).contains(&ai.len()) {
            return None;
        }
        let length = self.ai_length(ai);
        if length.is_some_and(|length| length != ai.len()) {
            return None;
        }
        Some(match (ai.get(..2)?, length) {
            ("31" | "32" | "33" | "34" | "35" | "36", Some(4)) => &self.unknown_of_6,
            ("41", Some(3)) => &self.unknown_of_13,
            _ => &self.unknown,
        })
    }

    /// How many digits the known AIs have that share their first two digits with `text`.
    pub(super) fn ai_length(&self, text: &str) -> Option<usize> {
        let prefix = text.get(..2)?;
        let shares = |entry: &&Entry| (&entry.first[..2]..=&entry.last[..2]).contains(&prefix);
        self.entries.iter().find(shares).map(|entry| entry.first.len())
    }
}

impl Entry {
    /// Reads `AIs [Flags] Specification [Attributes]`, that is a line without its title.
    fn read(line: &'static str) -> Option<Self> {
        let mut words = line.split_whitespace().peekable();
        let ais = words.next()?;
        let (first, last) = ais.split_once('-').unwrap_or((ais, ais));
        if !is_digits(first) || !is_digits(last) || first.len() != last.len() || first.len() < 2 {
            return None;
        }
        let flags = words.next_if(|word| word.starts_with(['*', '?'])).unwrap_or_default();
        let mut entry = Self {
            first,
            last,
            predefined_length: flags.contains('*'),
            attribute: flags.contains('?'),
            components: Vec::new(),
            required: Vec::new(),
            excluded: Vec::new(),
            key: None,
        };
        for word in words {
            match word.split_once('=').unwrap_or((word, "")) {
                ("req", groups) => entry.required.push(groups),
                ("ex", patterns) => entry.excluded.extend(patterns.split(',')),
                ("dlpkey", qualifiers) => entry.key = Some(qualifiers),
                _ => entry.components.push(Component::read(word)?),
            }
        }
        (!entry.components.is_empty()).then_some(entry)
    }

    /// Whether the AI is a primary key of GS1 Digital Link.
    pub(super) fn is_key(&self) -> bool {
        self.key.is_some()
    }

    /// The alternative sequences of qualifiers of this key.
    pub(super) fn qualifiers(&self) -> impl Iterator<Item = Vec<&'static str>> {
        let split = |sequence: &'static str| {
            sequence.split(',').filter(|qualifier| !qualifier.is_empty()).collect()
        };
        self.key.into_iter().flat_map(|key| key.split('|')).map(split)
    }

    /// Whether this is a key that can have these qualifiers in this order.
    pub(super) fn accepts(&self, qualifiers: &[&str]) -> bool {
        self.qualifiers().any(|alternative| {
            let mut rest = alternative.iter();
            qualifiers.iter().all(|wanted| rest.any(|qualifier| qualifier == wanted))
        })
    }

    /// The shortest value, bytes: the one without optional components.
    pub(super) fn min_length(&self) -> usize {
        self.components.iter().filter(|part| !part.optional).map(|part| part.min).sum()
    }

    /// The longest value, bytes.
    pub(super) fn max_length(&self) -> usize {
        self.components.iter().map(|part| part.max).sum()
    }

    /// Checks the length and then the content of a value of `ai`, which has this entry.
    pub(super) fn check(&self, ai: &str, value: &str) -> Result<(), DigitalLinkError> {
        let length = || DigitalLinkError::Length { ai: ai.to_owned() };
        let finding = |rule| DigitalLinkError::Value { ai: ai.to_owned(), rule };
        if !(self.min_length()..=self.max_length()).contains(&value.len()) {
            return Err(length());
        }
        let mut rest = value;
        for component in &self.components {
            if component.optional && rest.is_empty() {
                continue;
            }
            let Charset(charset, outside) = component.charset;
            let taken = component.max.min(rest.len());
            if taken < component.min {
                return Err(length());
            }
            // Only a character that is in no character set can lie across the border.
            let (part, tail) = rest.split_at_checked(taken).ok_or_else(|| finding(outside))?;
            charset(part).map_err(finding)?;
            component.linters.iter().try_for_each(|linter| linter(part)).map_err(finding)?;
            rest = tail;
        }
        if rest.is_empty() { Ok(()) } else { Err(length()) }
    }
}

impl Component {
    /// Reads a component such as `N13,csum`, `X..20` or `[N6],yymmdd`.
    fn read(word: &str) -> Option<Self> {
        let mut parts = word.split(',');
        let format = parts.next()?;
        let inner = format.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
        let (charset, length) = inner.unwrap_or(format).split_at_checked(1)?;
        let charset = match charset {
            "N" => Charset(linters::only_digits, "NON_DIGIT_CHARACTER"),
            "X" => Charset(linters::cset82, "INVALID_CSET82_CHARACTER"),
            "Y" => Charset(linters::cset39, "INVALID_CSET39_CHARACTER"),
            "Z" => Charset(linters::cset64, "INVALID_CSET64_CHARACTER"),
            _ => return None,
        };
        let (min, max) = match length.strip_prefix("..") {
            Some(max) => (1, max.parse().ok()?),
            None => (length.parse().ok()?, length.parse().ok()?),
        };
        let linters = parts.map(linters::by_name).collect::<Option<_>>()?;
        Some(Self { charset, min, max, optional: inner.is_some(), linters })
    }
}

/// Whether `ai` matches `pattern`, in which an `n` stands for any digit.
pub(super) fn matches(pattern: &str, ai: &str) -> bool {
    pattern.len() == ai.len()
        && pattern.bytes().zip(ai.bytes()).all(|(wanted, byte)| wanted == b'n' || wanted == byte)
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

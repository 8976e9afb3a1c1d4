//! Element strings: AIs with their values, as they stand in a barcode.

use super::{
    DigitalLink, Element, MAX_BYTES, MAX_ELEMENTS, Options, UnknownAis,
    dictionary::{Dictionary, Entry, is_digits, matches},
    error::DigitalLinkError,
};

/// AIs with their values in the order of reading.
///
/// Source: GS1 General Specifications clauses 3 and 7.8. Reading checks each value for itself.
/// Which AIs must or must not occur together is a question about all barcodes of an item, so it
/// is asked apart, by [`check_associations`](Self::check_associations).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementString {
    /// The elements, at least one and at most [`MAX_ELEMENTS`].
    pub elements: Vec<Element>,
}

impl ElementString {
    /// Reads an element string in which a `^` stands for FNC1, such as `^0109521234543213`.
    ///
    /// # Errors
    ///
    /// [`TooLong`](DigitalLinkError::TooLong),
    /// [`TooManyElements`](DigitalLinkError::TooManyElements),
    /// [`IllegalCharacter`](DigitalLinkError::IllegalCharacter) for one that is not ASCII,
    /// [`MissingFnc1`](DigitalLinkError::MissingFnc1), [`Empty`](DigitalLinkError::Empty),
    /// [`ExpectedAi`](DigitalLinkError::ExpectedAi), [`UnknownAi`](DigitalLinkError::UnknownAi)
    /// also for a permitted one if no known AI tells its length,
    /// [`Length`](DigitalLinkError::Length) and [`Value`](DigitalLinkError::Value).
    pub fn parse(text: &str, options: &Options) -> Result<Self, DigitalLinkError> {
        check_input(text)?;
        let dictionary = Dictionary::get();
        let mut rest = text.strip_prefix('^').ok_or(DigitalLinkError::MissingFnc1)?;
        let mut elements = Vec::new();
        while !rest.is_empty() {
            let position = text.len() - rest.len();
            let Some(length) = dictionary.ai_length(rest) else {
                // Where an AI of unknown length ends and its value starts cannot be told.
                let ai = rest.get(..2).filter(|ai| is_digits(ai));
                return Err(match ai {
                    Some(ai) => DigitalLinkError::UnknownAi { ai: ai.to_owned() },
                    None => DigitalLinkError::ExpectedAi { position },
                });
            };
            let (ai, data) =
                rest.split_at_checked(length).ok_or(DigitalLinkError::ExpectedAi { position })?;
            let entry = entry(ai, options)?;
            let mut end = data.find('^').unwrap_or(data.len());
            if entry.predefined_length {
                end = end.min(entry.max_length());
            }
            let (value, tail) = data.split_at(end);
            push(&mut elements, entry, ai, value)?;
            rest = tail.strip_prefix('^').unwrap_or(tail);
        }
        Self::of(elements)
    }

    /// Reads the bracketed form, such as `(01)09521234543213(10)ABC`.
    ///
    /// A `(` that belongs to a value has a `\` in front of it.
    ///
    /// # Errors
    ///
    /// The same as for [`parse`](Self::parse), except `MissingFnc1`.
    pub fn parse_bracketed(text: &str, options: &Options) -> Result<Self, DigitalLinkError> {
        check_input(text)?;
        let mut rest = text;
        let mut elements = Vec::new();
        while !rest.is_empty() {
            let position = text.len() - rest.len();
            let (ai, data) = rest
                .strip_prefix('(')
                .and_then(|rest| rest.split_once(')'))
                .ok_or(DigitalLinkError::ExpectedAi { position })?;
            let is_next = |&(at, _): &(usize, &str)| !data[..at].ends_with('\\');
            let end = data.match_indices('(').find(is_next).map_or(data.len(), |(at, _)| at);
            let (value, tail) = data.split_at(end);
            push(&mut elements, entry(ai, options)?, ai, &value.replace("\\(", "("))?;
            rest = tail;
        }
        Self::of(elements)
    }

    fn of(elements: Vec<Element>) -> Result<Self, DigitalLinkError> {
        if elements.is_empty() { Err(DigitalLinkError::Empty) } else { Ok(Self { elements }) }
    }

    /// The bracketed form of the elements, such as `(01)09521234543213(10)ABC`.
    #[must_use]
    pub fn bracketed(&self) -> String {
        let mut text = String::new();
        for (ai, value) in &self.elements {
            text += "(";
            text += ai;
            text += ")";
            text += &value.replace('(', "\\(");
        }
        text
    }

    /// The element string, in which a `^` stands for FNC1.
    #[must_use]
    pub fn element_string(&self) -> String {
        element_string(&self.elements)
    }

    /// Checks which AIs occur together: required and excluded ones, repeated ones, and keys next
    /// to a digital signature.
    ///
    /// Source: the attributes `req` and `ex` of the dictionary; GS1 General Specifications
    /// clause 4.13 for associations, and the definition of (8030) for signatures. A repeated AI
    /// must have the same value each time.
    ///
    /// # Errors
    ///
    /// In this order: [`Excluded`](DigitalLinkError::Excluded),
    /// [`Required`](DigitalLinkError::Required),
    /// [`ConflictingValues`](DigitalLinkError::ConflictingValues),
    /// [`SerialMissing`](DigitalLinkError::SerialMissing).
    pub fn check_associations(&self) -> Result<(), DigitalLinkError> {
        check_associations(&self.elements)
    }

    /// The elements as a GS1 Digital Link: the first primary key, as many of its qualifiers as
    /// there are, and the other AIs as attributes.
    ///
    /// # Errors
    ///
    /// Those of [`check_associations`](Self::check_associations),
    /// [`NoKey`](DigitalLinkError::NoKey), and
    /// [`NotAnAttribute`](DigitalLinkError::NotAnAttribute) if one of the other AIs may occur in
    /// a path only, or in no URI.
    pub fn digital_link(&self, options: &Options) -> Result<DigitalLink, DigitalLinkError> {
        self.check_associations()?;
        let find = |ai: &str| self.elements.iter().find(|element| element.0 == ai);
        let (key, entry) = self
            .elements
            .iter()
            .find_map(|key| {
                Dictionary::get().known(&key.0).filter(|entry| entry.is_key()).map(|e| (key, e))
            })
            .ok_or(DigitalLinkError::NoKey)?;
        let mut qualifiers: Vec<Element> = Vec::new();
        for alternative in entry.qualifiers() {
            let found: Vec<_> = alternative.iter().filter_map(|ai| find(ai)).cloned().collect();
            // Of alternatives with as many qualifiers the dictionary's first is taken.
            if found.len() > qualifiers.len() {
                qualifiers = found;
            }
        }
        let mut attributes: Vec<Element> = Vec::new();
        for element in &self.elements {
            let same = |other: &Element| other.0 == element.0;
            if same(key) || qualifiers.iter().any(same) || attributes.iter().any(same) {
                continue;
            }
            check_attribute(&element.0, options)?;
            attributes.push(element.clone());
        }
        Ok(DigitalLink { key: key.clone(), qualifiers, attributes, other_query: Vec::new() })
    }
}

/// Checks the bounds that element strings of both forms share.
fn check_input(text: &str) -> Result<(), DigitalLinkError> {
    if text.len() > MAX_BYTES {
        return Err(DigitalLinkError::TooLong { bytes: text.len() });
    }
    match text.bytes().position(|byte| !byte.is_ascii()) {
        Some(position) => Err(DigitalLinkError::IllegalCharacter { position }),
        None => Ok(()),
    }
}

/// The entry of an AI; of an unknown one only if the options permit it.
pub(super) fn entry(ai: &str, options: &Options) -> Result<&'static Entry, DigitalLinkError> {
    let dictionary = Dictionary::get();
    let found = match options.unknown_ais {
        UnknownAis::Reject => dictionary.known(ai),
        UnknownAis::PermitInElementStrings | UnknownAis::Permit => dictionary.any(ai),
    };
    found.ok_or_else(|| DigitalLinkError::UnknownAi { ai: ai.to_owned() })
}

/// Checks that an AI may occur in the query of a URI.
pub(super) fn check_attribute(ai: &str, options: &Options) -> Result<(), DigitalLinkError> {
    let permitted = match Dictionary::get().known(ai) {
        Some(entry) => entry.attribute,
        None => options.unknown_ais == UnknownAis::Permit,
    };
    if permitted { Ok(()) } else { Err(DigitalLinkError::NotAnAttribute { ai: ai.to_owned() }) }
}

/// Appends an element after checking its value and the number of elements.
pub(super) fn push(
    elements: &mut Vec<Element>,
    entry: &Entry,
    ai: &str,
    value: &str,
) -> Result<(), DigitalLinkError> {
    entry.check(ai, value)?;
    if elements.len() == MAX_ELEMENTS {
        return Err(DigitalLinkError::TooManyElements);
    }
    elements.push((ai.to_owned(), value.to_owned()));
    Ok(())
}

/// Joins elements with a `^` (FNC1) at the start and behind each value without predefined length.
pub(super) fn element_string<'a>(elements: impl IntoIterator<Item = &'a Element>) -> String {
    let mut text = String::new();
    let mut separator = "^";
    for (ai, value) in elements {
        for part in [separator, ai, value] {
            text += part;
        }
        separator = if has_predefined_length(ai) { "" } else { "^" };
    }
    text
}

/// Whether no FNC1 is needed behind a value of this AI.
pub(super) fn has_predefined_length(ai: &str) -> bool {
    Dictionary::get().any(ai).is_some_and(|entry| entry.predefined_length)
}

/// See [`ElementString::check_associations`].
pub(super) fn check_associations(elements: &[Element]) -> Result<(), DigitalLinkError> {
    let dictionary = Dictionary::get();
    let known = || {
        elements.iter().filter_map(|(ai, value)| dictionary.known(ai).map(|rule| (ai, value, rule)))
    };
    // An AI neither excludes nor satisfies itself, even if it matches a pattern of its entry.
    let other = |pattern: &str, ai: &str| {
        elements.iter().map(|element| &element.0).find(|&o| o != ai && matches(pattern, o))
    };
    for (ai, _, rule) in known() {
        if let Some(other) = rule.excluded.iter().find_map(|pattern| other(pattern, ai)) {
            return Err(DigitalLinkError::Excluded { ai: ai.clone(), other: other.clone() });
        }
    }
    for (ai, _, rule) in known() {
        let is_there = |group: &str| group.split('+').all(|pattern| other(pattern, ai).is_some());
        if let Some(required) = rule.required.iter().find(|req| !req.split(',').any(is_there)) {
            return Err(DigitalLinkError::Required { ai: ai.clone(), required });
        }
    }
    for (index, (ai, value)) in elements.iter().enumerate() {
        if elements[..index].iter().any(|(before, other)| before == ai && other != value) {
            return Err(DigitalLinkError::ConflictingValues { ai: ai.clone() });
        }
    }
    if elements.iter().any(|(ai, _)| ai == "8030") {
        for (ai, value, rule) in known() {
            let may_have_serial = matches!(ai.as_str(), "253" | "255" | "8003");
            if may_have_serial && value.len() == rule.min_length() {
                return Err(DigitalLinkError::SerialMissing { ai: ai.clone() });
            }
        }
    }
    Ok(())
}

//! What can be wrong with a GS1 Digital Link URI or with GS1 AI syntax.

use thiserror::Error;

/// Why data was rejected: names the Application Identifier (AI) and the rule that it breaks.
///
/// `rule` texts of [`DigitalLinkError::Value`] are the names that the GS1 Barcode Syntax
/// Dictionary's reference linters give to their findings, without the prefix `GS1_LINTER_`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DigitalLinkError {
    /// The input is longer than [`MAX_BYTES`](super::MAX_BYTES).
    #[error("the input has {bytes} bytes, more than {}", super::MAX_BYTES)]
    TooLong {
        /// Length of the input, bytes.
        bytes: usize,
    },
    /// There are more elements than [`MAX_ELEMENTS`](super::MAX_ELEMENTS).
    #[error("there are more than {} elements", super::MAX_ELEMENTS)]
    TooManyElements,
    /// A character may not occur in a URI (RFC 3986 clause 2), or is not ASCII.
    #[error("the character at byte {position} is not allowed")]
    IllegalCharacter {
        /// Offset into the input, bytes.
        position: usize,
    },
    /// The URI starts with neither `http://` nor `https://`, all lower case or all upper case.
    #[error("the scheme is neither http nor https")]
    Scheme,
    /// The URI has no domain, or one with a character outside `A-Za-z0-9-.:[]`.
    #[error("the domain is missing or malformed")]
    Domain,
    /// The path holds no primary key: no `/AI/value` pair whose AI is one.
    #[error("the path holds no primary key")]
    NoKey,
    /// A `%` of a value is not followed by two hexadecimal digits.
    #[error("({ai}) holds a malformed percent-encoding")]
    PercentEncoding {
        /// The AI of the value.
        ai: String,
    },
    /// An AI is not in the dictionary.
    #[error("({ai}) is not a known AI")]
    UnknownAi {
        /// The AI.
        ai: String,
    },
    /// A value has a length that its AI does not allow.
    #[error("({ai}) has a value of a length that it does not allow")]
    Length {
        /// The AI.
        ai: String,
    },
    /// The content of a value breaks a rule.
    #[error("({ai}) breaks the rule {rule}")]
    Value {
        /// The AI.
        ai: String,
        /// Name of the rule, such as `INCORRECT_CHECK_DIGIT`.
        rule: &'static str,
    },
    /// The AIs of the path are not a key and its qualifiers in their order.
    #[error("the path has the AIs {sequence}, which are no key with its qualifiers in order")]
    QualifierSequence {
        /// The AIs of the path with a comma between two.
        sequence: String,
    },
    /// An AI may not be a data attribute, that is occur in the query of a URI.
    #[error("({ai}) is not allowed as a data attribute")]
    NotAnAttribute {
        /// The AI.
        ai: String,
    },
    /// An AI is in the query, but qualifies the key and so belongs into the path.
    #[error("({ai}) qualifies the key and belongs into the path")]
    QualifierInQuery {
        /// The AI.
        ai: String,
    },
    /// An AI occurs twice in a URI.
    #[error("({ai}) occurs more than once")]
    Duplicate {
        /// The AI.
        ai: String,
    },
    /// An AI occurs with two different values.
    #[error("({ai}) occurs with different values")]
    ConflictingValues {
        /// The AI.
        ai: String,
    },
    /// Two AIs may not occur together.
    #[error("({ai}) excludes ({other})")]
    Excluded {
        /// The AI whose dictionary entry excludes the other.
        ai: String,
        /// The excluded AI.
        other: String,
    },
    /// An AI needs another one that is not there.
    #[error("({ai}) requires one of {required}")]
    Required {
        /// The AI.
        ai: String,
        /// Alternatives as in the dictionary, such as `01+21,8006`; an `n` stands for any digit.
        required: &'static str,
    },
    /// A key that a digital signature (8030) refers to has no serial component.
    #[error("({ai}) needs its serial component next to (8030)")]
    SerialMissing {
        /// The AI of the key.
        ai: String,
    },
    /// An element string does not start with `^` (FNC1).
    #[error("the element string does not start with ^ (FNC1)")]
    MissingFnc1,
    /// There is no element at all.
    #[error("there is no element")]
    Empty,
    /// Neither an AI nor the end was found where one of both must be.
    #[error("no AI at byte {position}")]
    ExpectedAi {
        /// Offset into the input, bytes.
        position: usize,
    },
}

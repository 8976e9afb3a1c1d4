//! Reading GS1 Digital Link URIs.

use super::{
    DigitalLink, Element, MAX_BYTES, Options,
    dictionary::{Entry, is_digits},
    elements::{check_associations, check_attribute, entry, push},
    error::DigitalLinkError,
};

impl DigitalLink {
    /// Reads a URI `http(s)://domain[/stem]/key/value[/qualifier/value...][?query][#fragment]`.
    ///
    /// The domain and the stem can be any; they and the fragment are not kept. The scheme is all
    /// lower case or all upper case. Percent-encodings are decoded in values, and in the query a
    /// `+` is a space. Compressed URIs are not read.
    ///
    /// # Errors
    ///
    /// [`TooLong`](DigitalLinkError::TooLong),
    /// [`IllegalCharacter`](DigitalLinkError::IllegalCharacter),
    /// [`Scheme`](DigitalLinkError::Scheme), [`Domain`](DigitalLinkError::Domain) and those of
    /// [`parse_path`](Self::parse_path).
    pub fn parse(uri: &str, options: &Options) -> Result<Self, DigitalLinkError> {
        check_characters(uri)?;
        let rest = ["https://", "HTTPS://", "http://", "HTTP://"]
            .iter()
            .find_map(|scheme| uri.strip_prefix(scheme))
            .ok_or(DigitalLinkError::Scheme)?;
        let (domain, path_and_query) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let in_domain = |char: char| {
            char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | ':' | '[' | ']')
        };
        if domain.is_empty() || !domain.chars().all(in_domain) {
            return Err(DigitalLinkError::Domain);
        }
        Self::parse_path(path_and_query, options)
    }

    /// Reads the path and the query of a URI, as a server sees them: `/01/...?17=...`.
    ///
    /// The last primary key of the path counts, everything before it is the stem. A slash at the
    /// end is an error; a server that tolerates one takes it away first.
    ///
    /// # Errors
    ///
    /// [`TooLong`](DigitalLinkError::TooLong),
    /// [`IllegalCharacter`](DigitalLinkError::IllegalCharacter),
    /// [`NoKey`](DigitalLinkError::NoKey), [`UnknownAi`](DigitalLinkError::UnknownAi),
    /// [`PercentEncoding`](DigitalLinkError::PercentEncoding),
    /// [`Length`](DigitalLinkError::Length), [`Value`](DigitalLinkError::Value),
    /// [`TooManyElements`](DigitalLinkError::TooManyElements),
    /// [`QualifierSequence`](DigitalLinkError::QualifierSequence),
    /// [`Duplicate`](DigitalLinkError::Duplicate),
    /// [`NotAnAttribute`](DigitalLinkError::NotAnAttribute),
    /// [`QualifierInQuery`](DigitalLinkError::QualifierInQuery), and those of
    /// [`ElementString::check_associations`](super::ElementString::check_associations).
    pub fn parse_path(path_and_query: &str, options: &Options) -> Result<Self, DigitalLinkError> {
        check_characters(path_and_query)?;
        let uri = path_and_query.split('#').next().unwrap_or_default();
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let (key_entry, mut elements) = read_path(path, options)?;
        let in_path = elements.len();
        let other_query = read_query(query, options, &mut elements)?;

        let sequence: Vec<&str> = elements[..in_path].iter().map(|(ai, _)| ai.as_str()).collect();
        if !key_entry.accepts(&sequence[1..]) {
            return Err(DigitalLinkError::QualifierSequence { sequence: sequence.join(",") });
        }
        for (index, (ai, _)) in elements.iter().enumerate() {
            if elements[..index].iter().any(|(before, _)| before == ai) {
                return Err(DigitalLinkError::Duplicate { ai: ai.clone() });
            }
        }
        for (ai, _) in &elements[in_path..] {
            check_attribute(ai, options)?;
            let fits_at = |index| {
                let mut longer = sequence.clone();
                longer.insert(index, ai.as_str());
                key_entry.accepts(&longer[1..])
            };
            if (1..=in_path).any(fits_at) {
                return Err(DigitalLinkError::QualifierInQuery { ai: ai.clone() });
            }
        }
        check_associations(&elements)?;

        let attributes = elements.split_off(in_path);
        let qualifiers = elements.split_off(1);
        let key = elements.pop().ok_or(DigitalLinkError::NoKey)?;
        Ok(Self { key, qualifiers, attributes, other_query })
    }
}

/// Checks the length and that all characters may occur in a URI (RFC 3986 clause 2).
fn check_characters(uri: &str) -> Result<(), DigitalLinkError> {
    if uri.len() > MAX_BYTES {
        return Err(DigitalLinkError::TooLong { bytes: uri.len() });
    }
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    match uri.bytes().position(|byte| !allowed(byte)) {
        Some(position) => Err(DigitalLinkError::IllegalCharacter { position }),
        None => Ok(()),
    }
}

/// Reads the key and its qualifiers from a path; gives them with the entry of the key.
fn read_path(
    path: &str,
    options: &Options,
) -> Result<(&'static Entry, Vec<Element>), DigitalLinkError> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    // From the end, because a stem may hold what looks like a key.
    let mut start = segments.len();
    let key_entry = loop {
        start = start.checked_sub(2).ok_or(DigitalLinkError::NoKey)?;
        let ai = ai_of_segment(segments[start], options);
        match entry(ai, options) {
            Ok(entry) if entry.is_key() => break entry,
            Ok(_) => {}
            Err(error) if is_digits(ai) && ai.len() <= 4 => return Err(error),
            Err(_) => return Err(DigitalLinkError::NoKey),
        }
    };
    let mut elements = Vec::new();
    for pair in segments[start..].chunks_exact(2) {
        let ai = ai_of_segment(pair[0], options);
        let value = decode(ai, pair[1], options)?;
        push(&mut elements, entry(ai, options)?, ai, &value)?;
    }
    Ok((key_entry, elements))
}

/// Appends the AIs of a query to `elements`; gives the other parameters as they are.
fn read_query(
    query: &str,
    options: &Options,
    elements: &mut Vec<Element>,
) -> Result<Vec<(String, Option<String>)>, DigitalLinkError> {
    let mut others = Vec::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            // A name of digits only is kept for AIs, hence an unknown one is an error.
            Some((ai, value)) if is_digits(ai) => {
                let value = decode(ai, &value.replace('+', "%20"), options)?;
                push(elements, entry(ai, options)?, ai, &value)?;
            }
            Some((name, value)) => others.push((name.to_owned(), Some(value.to_owned()))),
            None => others.push((parameter.to_owned(), None)),
        }
    }
    Ok(others)
}

/// Decodes a value; pads a GTIN if it lacks its leading zeros and the options permit that.
fn decode(ai: &str, text: &str, options: &Options) -> Result<String, DigitalLinkError> {
    let malformed = || DigitalLinkError::PercentEncoding { ai: ai.to_owned() };
    let mut parts = text.split('%');
    let mut value = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, tail) = part.split_at_checked(2).ok_or_else(malformed)?;
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(malformed());
        }
        // A byte outside ASCII becomes some character outside ASCII: no character set has it.
        value.push(u8::from_str_radix(hex, 16).map_err(|_| malformed())?.into());
        value += tail;
    }
    if options.permit_zero_suppressed_gtin && ai == "01" && matches!(value.len(), 8 | 12 | 13) {
        value = format!("{value:0>14}");
    }
    Ok(value)
}

/// The AI that a segment of a path stands for: itself, or the one of a convenience alpha.
fn ai_of_segment<'a>(segment: &'a str, options: &Options) -> &'a str {
    /// GS1 Digital Link URI Syntax 1.2 (grammar); deprecated there.
    const CONVENIENCE_ALPHAS: [(&str, &str); 22] = [
        ("cpid", "8010"),
        ("cpsn", "8011"),
        ("cpv", "22"),
        ("gcn", "255"),
        ("gdti", "253"),
        ("giai", "8004"),
        ("ginc", "401"),
        ("gln", "414"),
        ("glnx", "254"),
        ("gmn", "8013"),
        ("grai", "8003"),
        ("gsin", "402"),
        ("gsrn", "8018"),
        ("gsrnp", "8017"),
        ("gtin", "01"),
        ("itip", "8006"),
        ("lot", "10"),
        ("party", "417"),
        ("refno", "8020"),
        ("ser", "21"),
        ("srin", "8019"),
        ("sscc", "00"),
    ];
    let of_alpha = CONVENIENCE_ALPHAS.iter().find(|(alpha, _)| *alpha == segment);
    match of_alpha {
        Some((_, ai)) if options.permit_convenience_alphas => ai,
        _ => segment,
    }
}

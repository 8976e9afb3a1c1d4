//! Tests against the vectors of the official GS1 engine, and on random input.
//!
//! The vectors are read from the folder in the environment variable `ECOLEDGER_FIXTURES`.

#![allow(clippy::unwrap_used)]

use std::{env, fs};

use serde_json::Value;

use super::{dictionary::Dictionary, *};

/// The vectors of a file, none if the folder is not set outside CI.
fn vectors(file: &str) -> Vec<Value> {
    let Ok(folder) = env::var("ECOLEDGER_FIXTURES") else {
        assert!(
            env::var("CI").as_deref() != Ok("true"),
            "ECOLEDGER_FIXTURES must be set in CI to read {file}"
        );
        eprintln!("note: ECOLEDGER_FIXTURES is not set, {file} is not tested");
        return Vec::new();
    };
    let text = fs::read_to_string(format!("{folder}/gs1-digital-link/{file}")).unwrap();
    let vectors: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(!vectors.is_empty(), "{file} holds vectors");
    vectors
}

/// Runs `test` on each vector of a file and counts them.
fn each(file: &str, mut test: impl FnMut(&Value, &Options)) {
    let vectors = vectors(file);
    for vector in &vectors {
        test(vector, &options(&vector["engine_settings"]));
    }
    eprintln!("note: {} vectors of {file} pass", vectors.len());
}

/// The options that correspond to the settings of the engine.
fn options(settings: &Value) -> Options {
    let mut options = Options::default();
    let mut unknown_in_element_strings = false;
    let mut unknown_as_attribute = false;
    for (name, value) in settings.as_object().into_iter().flatten() {
        let on = value == "true";
        match name.as_str() {
            "PermitZeroSuppressedGTINinDLuris" => options.permit_zero_suppressed_gtin = on,
            "PermitConvenienceAlphas" => options.permit_convenience_alphas = on,
            "PermitUnknownAIs" => unknown_in_element_strings = on,
            "ValidationEnabled:gs1_encoder_vUNKNOWN_AI_NOT_DL_ATTR" => unknown_as_attribute = !on,
            // Not a setting but the URI that the engine was given in the step before; the test
            // of generation reads it on its own.
            "DataStr" => {}
            other => panic!("no option corresponds to the engine setting {other}"),
        }
    }
    options.unknown_ais = match (unknown_in_element_strings, unknown_as_attribute) {
        (false, _) => UnknownAis::Reject,
        (true, false) => UnknownAis::PermitInElementStrings,
        (true, true) => UnknownAis::Permit,
    };
    options
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_else(|| panic!("{vector} has a text {name}"))
}

/// Checks a result against `valid` of a vector; gives it if it is and shall be right.
fn expect<T: std::fmt::Debug>(vector: &Value, result: Result<T, DigitalLinkError>) -> Option<T> {
    assert_eq!(result.is_ok(), vector["valid"] == true, "{vector}: {result:?}");
    result.ok()
}

#[test]
fn parses_uris() {
    each("dl_parse.json", |vector, options| {
        let uri = text(vector, "uri");
        let Some(link) = expect(vector, DigitalLink::parse(uri, options)) else { return };
        assert_eq!(link.element_string(), text(vector, "element_string"), "{uri}");

        let path = &uri[uri.find("//").unwrap() + 2..];
        let path = &path[path.find('/').unwrap()..];
        assert_eq!(DigitalLink::parse_path(path, options).as_ref(), Ok(&link), "{uri}");

        let again = DigitalLink::parse(&link.uri("https://example.com/x/"), options).unwrap();
        let canonical = DigitalLink::parse(&link.canonical(), options).unwrap();
        assert_eq!(again.canonical(), link.canonical(), "{uri}");
        assert_eq!(canonical.canonical(), link.canonical(), "{uri}");
    });
}

#[test]
fn generates_uris() {
    each("dl_generate.json", |vector, options| {
        let elements = ElementString::parse_bracketed(text(vector, "bracketed_ai"), options);
        let link = elements.and_then(|elements| elements.digital_link(options));
        if let Some(link) = expect(vector, link) {
            let domain = vector["stem"].as_str().unwrap_or(CANONICAL_DOMAIN);
            assert_eq!(link.uri(domain), text(vector, "uri"));
            assert_eq!(DigitalLink::parse(&link.uri(domain), options).unwrap().key, link.key);
        }
        if let Some(uri) = vector["engine_settings"]["DataStr"].as_str() {
            assert_eq!(DigitalLink::parse(uri, options).unwrap().uri("https://example.com"), uri);
        }
    });
}

#[test]
fn reads_bracketed_elements() {
    each("ai_bracketed_parse.json", |vector, options| {
        let bracketed = text(vector, "bracketed_ai");
        let result = ElementString::parse_bracketed(bracketed, options);
        let Some(elements) = expect(vector, result) else { return };
        assert_eq!(elements.element_string(), text(vector, "element_string"));
        assert_eq!(elements.bracketed(), bracketed);
        assert_eq!(ElementString::parse(&elements.element_string(), options), Ok(elements));
    });
}

#[test]
fn reads_element_strings() {
    each("ai_element_string.json", |vector, options| {
        let result = ElementString::parse(text(vector, "element_string"), options);
        let Some(elements) = expect(vector, result) else { return };
        let again = ElementString::parse(&elements.element_string(), options);
        assert_eq!(again.as_ref(), Ok(&elements), "{vector}");
        let again = ElementString::parse_bracketed(&elements.bracketed(), options);
        assert_eq!(again, Ok(elements), "{vector}");
    });
}

#[test]
fn names_the_finding_of_a_linter() {
    each("ai_linters.json", |vector, options| {
        let finding = match ElementString::parse_bracketed(text(vector, "bracketed_ai"), options) {
            Ok(_) => "OK",
            Err(DigitalLinkError::Value { rule, .. }) => rule,
            Err(error) => panic!("{vector}: {error}"),
        };
        assert_eq!(format!("GS1_LINTER_{finding}"), text(vector, "expect"), "{vector}");
    });
}

#[test]
fn checks_associations_by_rule() {
    use DigitalLinkError::*;
    each("ai_pairing_rules.json", |vector, options| {
        let elements = ElementString::parse_bracketed(text(vector, "bracketed_ai"), options);
        let result = elements.unwrap().check_associations();
        // The vectors apply one rule alone, here all of them are applied, in a fixed order.
        let rule = match &result {
            Ok(()) => None,
            Err(Excluded { .. }) => Some("validateAImutex"),
            Err(Required { .. }) => Some("validateAIrequisites"),
            Err(ConflictingValues { .. }) => Some("validateAIrepeats"),
            Err(SerialMissing { .. }) => Some("validateDigSigRequiresSerialisedKey"),
            Err(error) => panic!("{vector}: {error}"),
        };
        let broken = (vector["valid"] == false).then(|| text(vector, "rule"));
        assert_eq!(rule, broken, "{vector}: {result:?}");
    });
}

#[test]
fn accepts_the_sequences_of_a_path() {
    each("dl_path_ai_sequences_valid.json", |vector, _| {
        let ais: Vec<&str> =
            vector.as_array().unwrap().iter().map(|ai| ai.as_str().unwrap()).collect();
        let accepts = |ais: &[&str]| {
            Dictionary::get().known(ais[0]).is_some_and(|entry| entry.accepts(&ais[1..]))
        };
        assert!(accepts(&ais), "{ais:?}");
        let reversed: Vec<&str> = ais.iter().rev().copied().collect();
        assert!(ais.len() == 1 || !accepts(&reversed), "{reversed:?}");
    });
}

#[test]
fn names_the_ai_and_the_rule() {
    use DigitalLinkError::*;
    let parse = |uri: &str| DigitalLink::parse(uri, &Options::default()).unwrap_err();
    let ai = |ai: &str| ai.to_owned();
    let gtin = "https://a/01/09520123456788";
    for (uri, error) in [
        ("ftp://a/01/09520123456788".into(), Scheme),
        ("https:///01/09520123456788".into(), Domain),
        ("https://a?/01/09520123456788".into(), Domain),
        ("https://a".into(), NoKey),
        ("https://a/x/y".into(), NoKey),
        ("https://a/01/09520123456788^".into(), IllegalCharacter { position: 27 }),
        (format!("{gtin}/89/X"), UnknownAi { ai: ai("89") }),
        (format!("{gtin}/10/A%2"), PercentEncoding { ai: ai("10") }),
        (format!("{gtin}/10/%C3%A4"), Value { ai: ai("10"), rule: "INVALID_CSET82_CHARACTER" }),
        (format!("{gtin}/10/"), Length { ai: ai("10") }),
        (format!("{gtin}/21/A/10/B"), QualifierSequence { sequence: ai("01,21,10") }),
        (format!("{gtin}/10/A/10/A"), QualifierSequence { sequence: ai("01,10,10") }),
        (format!("{gtin}?10=B"), QualifierInQuery { ai: ai("10") }),
        (format!("{gtin}/10/B?10=B"), Duplicate { ai: ai("10") }),
        (format!("{gtin}?17=261231&17=261231"), Duplicate { ai: ai("17") }),
        (format!("{gtin}?8200=x"), NotAnAttribute { ai: ai("8200") }),
        (format!("{gtin}?17=261331"), Value { ai: ai("17"), rule: "ILLEGAL_MONTH" }),
        (format!("{gtin}?91=a+b"), Value { ai: ai("91"), rule: "INVALID_CSET82_CHARACTER" }),
        (format!("{gtin}?37=1"), Excluded { ai: ai("01"), other: ai("37") }),
        (
            "https://a/8004/1234567?17=261231".into(),
            Required { ai: ai("17"), required: "01,02,03,255,8006,8026" },
        ),
        (format!("{gtin}?{}", "x".repeat(MAX_BYTES)), TooLong { bytes: MAX_BYTES + 28 }),
    ] {
        assert_eq!(parse(&uri), error, "{uri}");
    }
}

#[test]
fn keeps_other_parameters_and_sorts_attributes() {
    let uri = "https://a/01/09520123456788?linkType=gs1%3Apip&91=z&x&3103=000195&17=261231&y=#f";
    let link = DigitalLink::parse(uri, &Options::default()).unwrap();
    let other = [("linkType", Some("gs1%3Apip")), ("x", None), ("y", Some(""))];
    let other = other.map(|(name, value)| (name.to_owned(), value.map(str::to_owned)));
    assert_eq!(link.other_query, other);
    assert_eq!(
        link.canonical_at("https://b/"),
        "https://b/01/09520123456788?17=261231&3103=000195&91=z"
    );
    assert_eq!(link.uri("https://b"), "https://b/01/09520123456788?3103=000195&17=261231&91=z");
}

#[test]
fn check_digits() {
    for right in ["09520123456788", "4006381333931", "96385074", "123456789012345675", "0"] {
        assert!(check_digit_is_right(right), "{right}");
    }
    for wrong in ["", "09520123456789", "0952012345678x", "1", "\u{661}"] {
        assert!(!check_digit_is_right(wrong), "{wrong}");
    }
}

/// A linear congruential generator (Knuth's MMIX constants): the same input in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

#[test]
fn no_input_panics() {
    let mut random = Random(1);
    let alphabet: Vec<char> =
        "0123456789/?&=%^()\\#;+-:.[]AZaz~_ \"\u{e4}\u{20ac}\u{1f600}\0".chars().collect();
    let starts = ["", "^", "(01)", "https://a/01/", "/01/09520123456788", "(8110)01", "^8013"];
    let every = Options {
        permit_zero_suppressed_gtin: true,
        permit_convenience_alphas: true,
        unknown_ais: UnknownAis::Permit,
    };
    let mut read = 0;
    for round in 0..200_000 {
        let mut input = starts[random.below(starts.len())].to_owned();
        if random.below(3) == 0 {
            let bytes: Vec<u8> = (0..random.below(40)).map(|_| random.below(256) as u8).collect();
            input += &String::from_utf8_lossy(&bytes);
        } else {
            let length = random.below(40);
            input.extend((0..length).map(|_| alphabet[random.below(alphabet.len())]));
        }
        let _ = check_digit_is_right(&input);
        let options = if round % 2 == 0 { every } else { Options::default() };
        let links =
            [DigitalLink::parse(&input, &options), DigitalLink::parse_path(&input, &options)];
        for link in links.into_iter().flatten() {
            let again = DigitalLink::parse(&link.canonical(), &options).unwrap();
            assert_eq!(again.canonical(), link.canonical(), "{input}");
            let elements = ElementString::parse(&link.element_string(), &options);
            read += usize::from(elements.is_ok());
        }
        let both = [
            ElementString::parse(&input, &options),
            ElementString::parse_bracketed(&input, &options),
        ];
        for elements in both.into_iter().flatten() {
            let again = ElementString::parse_bracketed(&elements.bracketed(), &options);
            assert_eq!(again.as_ref(), Ok(&elements), "{input}");
            read += usize::from(elements.digital_link(&options).is_ok());
        }
    }
    assert!(read > 0, "some random input is right");
}

#[test]
fn every_value_of_an_entry_is_checked_without_panic() {
    let mut random = Random(2);
    let alphabet: Vec<char> = "00112233456789-/=%AZaz_:\u{e4}".chars().collect();
    for ai in 0..10_000 {
        for ai in [format!("{ai:02}"), format!("{ai:03}"), format!("{ai:04}")] {
            let Some(entry) = Dictionary::get().known(&ai) else { continue };
            for _ in 0..200 {
                let length = random.below(entry.max_length() + 2);
                let value: String =
                    (0..length).map(|_| alphabet[random.below(alphabet.len())]).collect();
                let digits = value.replace(|char: char| !char.is_ascii_digit(), "1");
                for value in [value, digits] {
                    let _ = entry.check(&ai, &value);
                }
            }
        }
    }
}

#[test]
fn the_dictionary_is_complete_and_sorted() {
    let ais =
        (0..10_000).flat_map(|ai| [format!("{ai:02}"), format!("{ai:03}"), format!("{ai:04}")]);
    let ais: std::collections::BTreeSet<String> = ais.collect();
    let known = ais.iter().filter(|ai| Dictionary::get().known(ai).is_some()).count();
    assert_eq!(known, 541);
}

//! JSON on one side, the chain's types on the other, as its metadata describes them.
//!
//! People and scripts write calls in JSON; the metadata says what each field is. The same rules
//! hold in both directions, so that what is read can be written back:
//!
//! | chain | JSON |
//! | --- | --- |
//! | integers | number, or decimal string (always a string above 2⁵³ − 1) |
//! | bytes (`Vec<u8>`, `[u8; n]`) | text where it is printable ASCII and does not start with `0x`, else `0x…` |
//! | account, `MultiAddress::Id` | SS58 address (or `0x…`) |
//! | structure with named fields | object; an absent field that may be `None` is `None` |
//! | tuple, list | array |
//! | structure with one unnamed field | that field |
//! | `Option` | `null` or the value |
//! | variant | its name, or `{"Name": fields}` |
//!
//! What people write by hand is read too, by the names that the chain gives its types:
//!
//! | chain | text |
//! | --- | --- |
//! | `Measure` | a quantity with a unit, such as `118kg` ([`crate::quantity`]) |
//! | `BatchId` | `GTIN/LOT`, such as `09506000200019/LEAF-1` |
//! | `Moment` | `now`, or RFC 3339 with an offset |
//! | `CivilDate` | `YYYY-MM-DD` |
//! | `…_fen` | yuan with its currency, such as `1234.56CNY` ([`crate::money`]) |
//! | `…_ppb` | a percentage, such as `25%` ([`crate::ratio`]) |
//! | `MicrogramsPerLitre` | a concentration, such as `4.1mg/L` |
//! | `Quantity` | a factor's value with its unit, such as `1200mu` ([`crate::compensation`]) |
//! | `Gtin` | 8, 12 or 13 digits are filled to 14, by [`fields_from_people`] only |
//!
//! [`fields_from_people`] checks GS1 check digits and the characters of lots as well, so that a
//! slip of the hand costs no transaction; [`fields_from_json`] leaves that to the chain.

use crate::{
    calendar::CivilDate,
    compensation::{FactorQuantity, MicrogramsPerLitre},
    error::{Error, ValueError},
    gs1::{BatchId, Gln, Gtin, Lot, NameError, Sscc},
    moment::Moment,
    money::Fen,
    quantity::Quantity,
    ratio::Ppb,
};
use scale_info::{Field, PortableRegistry, TypeDef, TypeDefPrimitive, form::PortableForm};
use scale_value::{BitSequence, Composite, Primitive, Value, ValueDef, Variant};
use serde_json::{Map, Value as Json, json};
use std::str::FromStr;
use subxt::utils::AccountId32;

/// Largest integer that every JSON reader keeps exact.
pub(crate) const EXACT_MAX: u128 = (1 << 53) - 1;
/// Deepest nesting that is followed.
const DEPTH_MAX: usize = 64;

/// Reads JSON as a value of the chain's type `type_id`.
///
/// # Errors
/// [`ValueError`] names the place, what the chain expects there and what was given.
pub fn from_json(
    json: &Json,
    type_id: u32,
    types: &PortableRegistry,
) -> Result<Value<()>, ValueError> {
    Reader { types, is_strict: false }.value(json, type_id, "", 0)
}

/// Reads the fields of a call or variant: an object with each field's name, or an array.
///
/// # Errors
/// [`ValueError`] as [`from_json`]; an unknown field name is an error too.
pub fn fields_from_json(
    json: &Json,
    fields: &[Field<PortableForm>],
    types: &PortableRegistry,
) -> Result<Composite<()>, ValueError> {
    Reader { types, is_strict: false }.fields(json, fields, "", 0)
}

/// As [`fields_from_json`], and checks and fills GS1 keys and lots on the way.
///
/// # Errors
/// As [`fields_from_json`], and [`ValueError`] for a key or lot that the chain would refuse.
pub fn fields_from_people(
    json: &Json,
    fields: &[Field<PortableForm>],
    types: &PortableRegistry,
) -> Result<Composite<()>, ValueError> {
    Reader { types, is_strict: true }.fields(json, fields, "", 0)
}

/// Writes a decoded value as JSON.
pub fn to_json(value: &Value<u32>, types: &PortableRegistry) -> Json {
    let path = types.resolve(value.context).map(|ty| ty.path.segments.as_slice());
    match &value.value {
        ValueDef::Primitive(primitive) => primitive_json(primitive),
        ValueDef::BitSequence(bits) => bits_json(bits),
        ValueDef::Variant(variant) => variant_json(variant, path, types),
        ValueDef::Composite(composite) => {
            if is_bytes(value.context, types, 0) {
                let bytes = bytes_of(composite);
                return match path.and_then(<[_]>::last).map(String::as_str) {
                    Some("AccountId32") => account_json(&bytes),
                    Some("H256") => Json::String(hex_text(&bytes)),
                    _ => bytes_json(&bytes),
                };
            }
            let is_list = types.resolve(value.context).is_some_and(|ty| {
                matches!(ty.type_def, TypeDef::Sequence(_) | TypeDef::Array(_) | TypeDef::Tuple(_))
            });
            composite_json(composite, is_list, types)
        }
    }
}

fn primitive_json(primitive: &Primitive) -> Json {
    match primitive {
        Primitive::Bool(value) => json!(value),
        Primitive::Char(value) => json!(value),
        Primitive::String(value) => json!(value),
        Primitive::U128(value) if *value <= EXACT_MAX => json!(*value as u64),
        Primitive::U128(value) => json!(value.to_string()),
        Primitive::I128(value) if value.unsigned_abs() <= EXACT_MAX => json!(*value as i64),
        Primitive::I128(value) => json!(value.to_string()),
        Primitive::U256(bytes) | Primitive::I256(bytes) => Json::String(hex_text(bytes)),
    }
}

fn bits_json(bits: &BitSequence) -> Json {
    Json::String(bits.iter().map(|bit| if bit { '1' } else { '0' }).collect())
}

fn variant_json(variant: &Variant<u32>, path: Option<&[String]>, types: &PortableRegistry) -> Json {
    let is_option = path.is_some_and(|path| matches!(path, [name] if name == "Option"));
    let is_address = path.and_then(<[_]>::last).is_some_and(|name| name == "MultiAddress");
    let first = variant.values.values().next();
    match (variant.name.as_str(), first) {
        ("None", None) if is_option => Json::Null,
        ("Some", Some(value)) if is_option => to_json(value, types),
        ("Id", Some(value)) if is_address => to_json(value, types),
        (name, None) => json!(name),
        (name, Some(_)) => Json::Object(Map::from_iter([(
            name.into(),
            composite_json(&variant.values, false, types),
        )])),
    }
}

/// A list keeps its brackets even round a single element; a wrapped field needs none.
fn composite_json(composite: &Composite<u32>, is_list: bool, types: &PortableRegistry) -> Json {
    match composite {
        Composite::Named(fields) => Json::Object(
            fields.iter().map(|(name, value)| (name.clone(), to_json(value, types))).collect(),
        ),
        Composite::Unnamed(values) => match values.as_slice() {
            [only] if !is_list => to_json(only, types),
            many => Json::Array(many.iter().map(|value| to_json(value, types)).collect()),
        },
    }
}

fn is_bytes(type_id: u32, types: &PortableRegistry, depth: usize) -> bool {
    let Some(ty) = types.resolve(type_id) else { return false };
    let is_u8 = |id: u32| {
        types
            .resolve(id)
            .is_some_and(|ty| matches!(ty.type_def, TypeDef::Primitive(TypeDefPrimitive::U8)))
    };
    match &ty.type_def {
        TypeDef::Sequence(list) => is_u8(list.type_param.id),
        TypeDef::Array(list) => is_u8(list.type_param.id),
        TypeDef::Composite(inner) => match inner.fields.as_slice() {
            [only] if only.name.is_none() && depth < DEPTH_MAX => {
                is_bytes(only.ty.id, types, depth + 1)
            }
            _ => false,
        },
        _ => false,
    }
}

fn bytes_of(composite: &Composite<u32>) -> Vec<u8> {
    composite
        .values()
        .flat_map(|value| match &value.value {
            ValueDef::Primitive(Primitive::U128(byte)) => vec![*byte as u8],
            ValueDef::Composite(inner) => bytes_of(inner),
            _ => Vec::new(),
        })
        .collect()
}

fn account_json(bytes: &[u8]) -> Json {
    match <[u8; 32]>::try_from(bytes) {
        Ok(account) => Json::String(AccountId32(account).to_string()),
        Err(_) => Json::String(hex_text(bytes)),
    }
}

fn bytes_json(bytes: &[u8]) -> Json {
    let printable = bytes.iter().all(|byte| (0x20..0x7f).contains(byte));
    match std::str::from_utf8(bytes) {
        Ok(text) if printable && !text.is_empty() && !text.starts_with("0x") => json!(text),
        _ => Json::String(hex_text(bytes)),
    }
}

fn hex_text(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

struct Reader<'a> {
    types: &'a PortableRegistry,
    /// Whether the names of things are checked.
    is_strict: bool,
}

impl Reader<'_> {
    fn value(
        &self,
        json: &Json,
        type_id: u32,
        path: &str,
        depth: usize,
    ) -> Result<Value<()>, ValueError> {
        let Some(ty) = self.types.resolve(type_id).filter(|_| depth < DEPTH_MAX) else {
            return Err(mismatch(path, "a known type of bounded depth", json));
        };
        let name = ty.path.segments.last().map_or("", String::as_str);
        // A lot or code that happens to look like a number.
        let digits = match json {
            Json::Number(number) if is_bytes(type_id, self.types, 0) => {
                Some(Json::String(number.to_string()))
            }
            _ => None,
        };
        let json = digits.as_ref().unwrap_or(json);
        if let Json::String(text) = json
            && let Some(read) = self.written_by_people(text, type_id, name, path)
        {
            return self.value(&read?, type_id, path, depth + 1);
        }
        if let Json::String(text) = json
            && is_bytes(type_id, self.types, 0)
        {
            return self.bytes(text, type_id, name, path, json);
        }
        match &ty.type_def {
            TypeDef::Primitive(primitive) => self.primitive(json, primitive, path),
            TypeDef::Compact(inner) => self.value(json, inner.type_param.id, path, depth + 1),
            TypeDef::Composite(inner) => match inner.fields.as_slice() {
                [only] if only.name.is_none() => {
                    let value = self.value(json, only.ty.id, path, depth + 1)?;
                    Ok(Value::unnamed_composite([value]))
                }
                fields => Ok(Value {
                    value: ValueDef::Composite(self.fields(json, fields, path, depth + 1)?),
                    context: (),
                }),
            },
            TypeDef::Variant(inner) => self.variant(json, &inner.variants, name, path, depth),
            TypeDef::Sequence(list) => self.list(json, list.type_param.id, None, path, depth),
            TypeDef::Array(list) => {
                self.list(json, list.type_param.id, Some(list.len as usize), path, depth)
            }
            TypeDef::Tuple(tuple) => {
                let Json::Array(items) = json else {
                    return Err(mismatch(path, "an array", json));
                };
                if items.len() != tuple.fields.len() {
                    let expected = format!("an array of {}", tuple.fields.len());
                    return Err(mismatch(path, &expected, json));
                }
                let values = items
                    .iter()
                    .zip(&tuple.fields)
                    .enumerate()
                    .map(|(i, (item, ty))| self.value(item, ty.id, &at(path, i), depth + 1))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Value::unnamed_composite(values))
            }
            TypeDef::BitSequence(_) => {
                let bits = json.as_str().and_then(|text| {
                    text.chars()
                        .map(|c| match c {
                            '0' => Some(false),
                            '1' => Some(true),
                            _ => None,
                        })
                        .collect::<Option<Vec<_>>>()
                });
                bits.map(|bits| Value::bit_sequence(bits.into_iter().collect()))
                    .ok_or_else(|| mismatch(path, "a string of 0 and 1", json))
            }
        }
    }

    /// Turns a text into the plain form of a type that people write in another one; `None` where
    /// the text is in its plain form.
    fn written_by_people(
        &self,
        text: &str,
        type_id: u32,
        name: &str,
        path: &str,
    ) -> Option<Result<Json, ValueError>> {
        let key = |name: Result<String, NameError>| match name {
            Ok(digits) if digits == text => None,
            Ok(digits) => Some(Ok(Json::String(digits))),
            Err(error) => Some(Err(mismatch(path, &error.expected(), &json!(text)))),
        };
        match (name, self.array_len(type_id, 0)) {
            ("Measure", _) => Some(match text.parse::<Quantity>() {
                Ok(quantity) => serde_json::to_value(quantity)
                    .map_err(|_| mismatch(path, "a quantity", &json!(text))),
                Err(error) => Err(mismatch(path, &error.expected(), &json!(text))),
            }),
            ("BatchId", Some(16)) if !text.starts_with("0x") => {
                key(text.parse::<BatchId>().map(String::from))
            }
            ("CivilDate", _) if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(match text.parse::<CivilDate>() {
                    Ok(date) => Ok(json!(date)),
                    Err(_) => Err(mismatch(path, "a date as YYYY-MM-DD", &json!(text))),
                })
            }
            ("MicrogramsPerLitre", _) if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(match text.parse::<MicrogramsPerLitre>() {
                    Ok(value) => Ok(json!(value)),
                    Err(_) => Err(mismatch(
                        path,
                        "a concentration, such as 4.1mg/L or 20ug/L",
                        &json!(text),
                    )),
                })
            }
            ("Quantity", _) => Some(match text.parse::<FactorQuantity>() {
                Ok(quantity) => Ok(json!(quantity)),
                Err(_) => {
                    Err(mismatch(path, "a quantity with its unit, such as 1200mu", &json!(text)))
                }
            }),
            _ if !self.is_strict || text.starts_with("0x") => None,
            ("Gtin", Some(14)) => key(text.parse::<Gtin>().map(String::from)),
            ("Gln", Some(13)) => key(text.parse::<Gln>().map(String::from)),
            ("Sscc", Some(18)) => key(text.parse::<Sscc>().map(String::from)),
            _ => None,
        }
    }

    /// The same for types that only the field that has them names.
    fn field_written_by_people(
        &self,
        text: &str,
        type_name: &str,
        path: &str,
    ) -> Option<Result<Json, ValueError>> {
        let read = |wanted: &str, read: Result<Json, Error>| {
            Some(read.map_err(|_| mismatch(path, wanted, &json!(text))))
        };
        // The unit is in the name of the field; a text that names another one is converted.
        if path.ends_with("_fen") && Fen::is_named(text) {
            return read(
                "yuan with at most two decimals, such as 1234.56CNY",
                text.parse::<Fen>().map(|fen| json!(fen)),
            );
        }
        if path.ends_with("_ppb") && text.ends_with('%') {
            return read(
                "a percentage with at most seven decimals, such as 25%",
                text.parse::<Ppb>().map(|ppb| json!(ppb)),
            );
        }
        match type_name {
            "Moment" if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') => {
                Some(match text.parse::<Moment>() {
                    Ok(moment) => Ok(json!(moment.0)),
                    Err(_) => Err(mismatch(
                        path,
                        "`now`, or RFC 3339 with an offset, from 1970 on",
                        &json!(text),
                    )),
                })
            }
            "Lot" if self.is_strict && !text.starts_with("0x") => match text.parse::<Lot>() {
                Ok(_) => None,
                Err(error) => Some(Err(mismatch(path, &error.expected(), &json!(text)))),
            },
            _ => None,
        }
    }

    fn list(
        &self,
        json: &Json,
        item_type: u32,
        len: Option<usize>,
        path: &str,
        depth: usize,
    ) -> Result<Value<()>, ValueError> {
        let Json::Array(items) = json else { return Err(mismatch(path, "an array", json)) };
        if len.is_some_and(|len| len != items.len()) {
            let expected = format!("an array of {}", len.unwrap_or_default());
            return Err(mismatch(path, &expected, json));
        }
        let values = items
            .iter()
            .enumerate()
            .map(|(i, item)| self.value(item, item_type, &at(path, i), depth + 1))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Value::unnamed_composite(values))
    }

    fn bytes(
        &self,
        text: &str,
        type_id: u32,
        name: &str,
        path: &str,
        json: &Json,
    ) -> Result<Value<()>, ValueError> {
        let bytes = if let Some(digits) = text.strip_prefix("0x") {
            hex::decode(digits).map_err(|_| mismatch(path, "hexadecimal after 0x", json))?
        } else if name == "AccountId32" {
            let account = AccountId32::from_str(text)
                .map_err(|_| mismatch(path, "an SS58 address or 0x and 64 digits", json))?;
            account.0.to_vec()
        } else {
            text.as_bytes().to_vec()
        };
        if let Some(len) = self.array_len(type_id, 0).filter(|len| *len != bytes.len()) {
            return Err(mismatch(path, &format!("{len} bytes"), json));
        }
        Ok(self.wrap_bytes(&bytes, type_id))
    }

    /// Nests `bytes` as deep as the type's single-field wrappers are.
    fn wrap_bytes(&self, bytes: &[u8], type_id: u32) -> Value<()> {
        match self.types.resolve(type_id).map(|ty| &ty.type_def) {
            Some(TypeDef::Composite(inner)) => match inner.fields.as_slice() {
                [only] => Value::unnamed_composite([self.wrap_bytes(bytes, only.ty.id)]),
                _ => Value::from_bytes(bytes),
            },
            _ => Value::from_bytes(bytes),
        }
    }

    fn array_len(&self, type_id: u32, depth: usize) -> Option<usize> {
        match &self.types.resolve(type_id)?.type_def {
            TypeDef::Array(list) => Some(list.len as usize),
            TypeDef::Composite(inner) if depth < DEPTH_MAX => match inner.fields.as_slice() {
                [only] => self.array_len(only.ty.id, depth + 1),
                _ => None,
            },
            _ => None,
        }
    }

    fn primitive(
        &self,
        json: &Json,
        primitive: &TypeDefPrimitive,
        path: &str,
    ) -> Result<Value<()>, ValueError> {
        use TypeDefPrimitive as P;
        let unsigned = |max: u128| {
            let number = match json {
                Json::Number(number) => number.as_u64().map(u128::from),
                Json::String(text) => text.replace('_', "").parse().ok(),
                _ => None,
            };
            number
                .filter(|number| *number <= max)
                .map(Value::u128)
                .ok_or_else(|| mismatch(path, &format!("an integer from 0 to {max}"), json))
        };
        let signed = |max: i128| {
            let number = match json {
                Json::Number(number) => number.as_i64().map(i128::from),
                Json::String(text) => text.replace('_', "").parse().ok(),
                _ => None,
            };
            number
                .filter(|number| *number <= max && *number >= -max - 1)
                .map(Value::i128)
                .ok_or_else(|| mismatch(path, &format!("an integer of at most {max}"), json))
        };
        match primitive {
            P::Bool => {
                json.as_bool().map(Value::bool).ok_or_else(|| mismatch(path, "true or false", json))
            }
            P::Char => json
                .as_str()
                .and_then(|text| text.chars().next())
                .map(Value::char)
                .ok_or_else(|| mismatch(path, "a character", json)),
            P::Str => {
                json.as_str().map(Value::string).ok_or_else(|| mismatch(path, "a text", json))
            }
            P::U8 => unsigned(u8::MAX.into()),
            P::U16 => unsigned(u16::MAX.into()),
            P::U32 => unsigned(u32::MAX.into()),
            P::U64 => unsigned(u64::MAX.into()),
            P::U128 => unsigned(u128::MAX),
            P::I8 => signed(i8::MAX.into()),
            P::I16 => signed(i16::MAX.into()),
            P::I32 => signed(i32::MAX.into()),
            P::I64 => signed(i64::MAX.into()),
            P::I128 => signed(i128::MAX),
            P::U256 | P::I256 => Err(mismatch(path, "a type of at most 128 bits", json)),
        }
    }

    fn variant(
        &self,
        json: &Json,
        variants: &[scale_info::Variant<PortableForm>],
        type_name: &str,
        path: &str,
        depth: usize,
    ) -> Result<Value<()>, ValueError> {
        if type_name == "Option" {
            let Some(some) = variants.iter().find(|variant| variant.name == "Some") else {
                return Err(mismatch(path, "an option", json));
            };
            return match (json, some.fields.first()) {
                (Json::Null, _) | (_, None) => Ok(Value::unnamed_variant("None", [])),
                (json, Some(field)) => {
                    let value = self.value(json, field.ty.id, path, depth + 1)?;
                    Ok(Value::unnamed_variant("Some", [value]))
                }
            };
        }
        let find = |name: &str| variants.iter().find(|variant| variant.name == name);
        if let (Json::String(_), "MultiAddress", Some(id)) = (json, type_name, find("Id")) {
            let values = self.wrapped_fields(json, &id.fields, path, depth)?;
            return Ok(Value::variant("Id", values));
        }
        let expected = || {
            let names: Vec<_> = variants.iter().map(|variant| variant.name.as_str()).collect();
            format!("one of {}", names.join(", "))
        };
        match json {
            Json::String(name) => match find(name) {
                Some(variant) if variant.fields.is_empty() => {
                    Ok(Value::unnamed_variant(name.clone(), []))
                }
                _ => Err(mismatch(path, &expected(), json)),
            },
            Json::Object(object) => match (object.len(), object.iter().next()) {
                (1, Some((name, inner))) => {
                    let variant = find(name).ok_or_else(|| mismatch(path, &expected(), json))?;
                    let path = join(path, name);
                    let values = self.wrapped_fields(inner, &variant.fields, &path, depth)?;
                    Ok(Value::variant(name.clone(), values))
                }
                _ => Err(mismatch(path, &expected(), json)),
            },
            _ => Err(mismatch(path, &expected(), json)),
        }
    }

    /// Fields of a variant; a single unnamed field needs no array round it.
    fn wrapped_fields(
        &self,
        json: &Json,
        fields: &[Field<PortableForm>],
        path: &str,
        depth: usize,
    ) -> Result<Composite<()>, ValueError> {
        match fields {
            [only] if only.name.is_none() => {
                let value = self.value(json, only.ty.id, path, depth + 1)?;
                Ok(Composite::unnamed([value]))
            }
            fields => self.fields(json, fields, path, depth + 1),
        }
    }

    fn fields(
        &self,
        json: &Json,
        fields: &[Field<PortableForm>],
        path: &str,
        depth: usize,
    ) -> Result<Composite<()>, ValueError> {
        match json {
            Json::Object(object) => {
                let known =
                    |name: &String| fields.iter().any(|field| field.name.as_ref() == Some(name));
                if let Some(unknown) = object.keys().find(|name| !known(name)) {
                    let names: Vec<_> =
                        fields.iter().filter_map(|field| field.name.as_deref()).collect();
                    let expected = format!("only the fields {}", names.join(", "));
                    return Err(mismatch(&join(path, unknown), &expected, json));
                }
                let values = fields
                    .iter()
                    .map(|field| {
                        let name = field.name.clone().unwrap_or_default();
                        let path = join(path, &name);
                        let given = object.get(&name).unwrap_or(&Json::Null);
                        if given.is_null() && !self.is_option(field.ty.id) {
                            let expected = field.type_name.as_deref().unwrap_or("a value");
                            return Err(ValueError {
                                path,
                                expected: expected.to_owned(),
                                got: "nothing".into(),
                            });
                        }
                        let read = match (given, field.type_name.as_deref()) {
                            (Json::String(text), Some(type_name)) => {
                                self.field_written_by_people(text, type_name, &path).transpose()?
                            }
                            _ => None,
                        };
                        let given = read.as_ref().unwrap_or(given);
                        Ok((name, self.value(given, field.ty.id, &path, depth + 1)?))
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Composite::Named(values))
            }
            Json::Array(items) if items.len() == fields.len() => {
                let values = items
                    .iter()
                    .zip(fields)
                    .enumerate()
                    .map(|(i, (item, field))| {
                        self.value(item, field.ty.id, &at(path, i), depth + 1)
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Composite::Unnamed(values))
            }
            Json::Null if fields.is_empty() => Ok(Composite::Unnamed(Vec::new())),
            _ => {
                let expected = format!("an object, or an array of {}", fields.len());
                Err(mismatch(path, &expected, json))
            }
        }
    }

    fn is_option(&self, type_id: u32) -> bool {
        self.types
            .resolve(type_id)
            .is_some_and(|ty| matches!(ty.path.segments.as_slice(), [name] if name == "Option"))
    }
}

fn at(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn mismatch(path: &str, expected: &str, json: &Json) -> ValueError {
    let text = json.to_string();
    let shown = if text.chars().count() > 80 {
        text.chars().take(79).chain(['…']).collect()
    } else {
        text
    };
    let path = if path.is_empty() { "value" } else { path };
    ValueError { path: path.into(), expected: expected.into(), got: shown }
}

/// Checks a name or number that the chain takes as one line of UTF-8.
///
/// # Errors
/// [`Error::Arguments`] names `field` when the text is empty, has control characters, or more than
/// `bytes_max` bytes.
pub fn check_line(field: &str, text: &str, bytes_max: usize) -> Result<(), Error> {
    if (1..=bytes_max).contains(&text.len()) && !text.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Error::Arguments(format!(
        "{field}: one line of 1 to {bytes_max} bytes of UTF-8 is expected, got {} bytes: {text:?}",
        text.len()
    )))
}

/// Writes a text, such as a lot, so that it is read back as the same bytes.
pub fn text_to_json(text: &str) -> Json {
    if text.starts_with("0x") { Json::String(hex_text(text.as_bytes())) } else { json!(text) }
}

/// Reads a text that [`to_json`] wrote, such as a lot or a name; `None` if it is not UTF-8.
pub fn text_from_json(json: &str) -> Option<String> {
    match json.strip_prefix("0x") {
        Some(digits) => String::from_utf8(hex::decode(digits).ok()?).ok(),
        None => Some(json.to_owned()),
    }
}

/// Decodes `bytes` as the chain's type `type_id` and writes them as JSON.
///
/// # Errors
/// [`Error::Decode`] when they are not of that type.
pub fn decode_json(bytes: &[u8], type_id: u32, types: &PortableRegistry) -> Result<Json, Error> {
    let value = scale_value::scale::decode_as_type(&mut &bytes[..], type_id, types)
        .map_err(Error::decode)?;
    Ok(to_json(&value, types))
}

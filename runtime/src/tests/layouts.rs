//! The layouts by which browsers read records are those of the runtime.

use crate::Runtime;

use scale_info::{Field, PortableRegistry, TypeDef, TypeDefPrimitive, Variant, form::PortableForm};
use serde_json::{Value, json};
use sp_core::hexdisplay::HexDisplay;
use sp_io::hashing::twox_128;
use std::{collections::BTreeMap, fmt::Write as _};

/// Records that pages show.
const SHOWN: &[(&str, &[&str])] = &[
    ("Brands", &["LicencesById"]),
    ("Certification", &["Certificates", "Schemes"]),
    (
        "Compensation",
        &[
            "AgreementVersions",
            "Agreements",
            "Allocations",
            "Dues",
            "Incidents",
            "NextAgreementId",
            "PendingVersions",
            "Policies",
            "Samples",
            "Settlements",
        ],
    ),
    ("Funds", &["Holdings", "Movements", "Parts", "Programmes", "Tags"]),
    ("Labels", &["ItemMarks", "Series"]),
    ("Participants", &["Profiles"]),
    ("Traceability", &["Batches", "Derivations", "OpenRecalls", "Places", "Products", "Recalls"]),
];

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../client/web/verifier/layouts.js");

/// The layouts of types, in the words of `records.js`.
struct Layouts<'a> {
    types: &'a PortableRegistry,
    /// Where structures and variants by number of their type are in `written`.
    known: BTreeMap<u32, usize>,
    written: Vec<Value>,
}

impl Layouts<'_> {
    fn of(&mut self, id: u32) -> Value {
        let ty = self.types.resolve(id).unwrap();
        let is_named = |name: &str| ty.path.segments.last().is_some_and(|it| it == name);
        match &ty.type_def {
            TypeDef::Primitive(primitive) => json!(primitive_name(primitive)),
            TypeDef::Compact(_) => json!("compact"),
            TypeDef::Tuple(tuple) => {
                let parts: Vec<_> = tuple.fields.iter().map(|it| self.of(it.id)).collect();
                json!({ "tuple": parts })
            }
            TypeDef::Sequence(list) => match self.of(list.type_param.id) {
                Value::String(item) if item == "u8" => json!("bytes"),
                item => json!({ "list": item }),
            },
            TypeDef::Array(array) => match self.of(array.type_param.id) {
                Value::String(item) if item == "u8" => json!({ "bytes": array.len }),
                item => json!({ "list": item, "length": array.len }),
            },
            TypeDef::Variant(variants) if is_named("Option") => {
                let some = variants.variants.iter().find(|it| it.name == "Some").unwrap();
                json!({ "option": self.of(some.fields[0].ty.id) })
            }
            TypeDef::Composite(inner) => match inner.fields.as_slice() {
                [only] if only.name.is_none() => self.of(only.ty.id),
                fields => self.numbered(id, |layouts| layouts.fields(fields)),
            },
            TypeDef::Variant(inner) => self.numbered(id, |layouts| {
                let variants: Vec<_> =
                    inner.variants.iter().map(|variant| layouts.variant(variant)).collect();
                json!({ "variants": variants })
            }),
            TypeDef::BitSequence(_) => panic!("type {id}: no record has bits"),
        }
    }

    fn numbered(&mut self, id: u32, layout: impl FnOnce(&mut Self) -> Value) -> Value {
        if let Some(at) = self.known.get(&id) {
            return json!(at);
        }
        let layout = layout(self);
        self.written.push(layout);
        self.known.insert(id, self.written.len() - 1);
        json!(self.written.len() - 1)
    }

    fn fields(&mut self, fields: &[Field<PortableForm>]) -> Value {
        if fields.iter().all(|field| field.name.is_none()) {
            let parts: Vec<_> = fields.iter().map(|field| self.of(field.ty.id)).collect();
            return json!({ "tuple": parts });
        }
        let fields: Vec<_> =
            fields.iter().map(|field| json!([field.name, self.of(field.ty.id)])).collect();
        json!({ "fields": fields })
    }

    fn variant(&mut self, variant: &Variant<PortableForm>) -> Value {
        match variant.fields.as_slice() {
            [] => json!([variant.index, variant.name]),
            [only] if only.name.is_none() => {
                json!([variant.index, variant.name, self.of(only.ty.id)])
            }
            fields => json!([variant.index, variant.name, self.fields(fields)]),
        }
    }
}

fn primitive_name(primitive: &TypeDefPrimitive) -> &'static str {
    use TypeDefPrimitive as P;
    match primitive {
        P::Bool => "bool",
        P::U8 => "u8",
        P::U16 => "u16",
        P::U32 => "u32",
        P::U64 => "u64",
        P::U128 => "u128",
        P::I64 => "i64",
        P::I128 => "i128",
        other => panic!("{other:?}: records.js does not read it"),
    }
}

/// The file, as the metadata has it.
fn written() -> String {
    use frame_metadata::{RuntimeMetadata, v14::StorageEntryType, v14::StorageHasher as H};
    let RuntimeMetadata::V14(metadata) = Runtime::metadata().1 else { panic!("version 14") };
    let mut layouts =
        Layouts { types: &metadata.types, known: BTreeMap::new(), written: Vec::new() };
    let mut places = Vec::new();
    for (pallet, items) in SHOWN {
        let storage = metadata.pallets.iter().find(|it| it.name == *pallet).unwrap();
        let storage = storage.storage.as_ref().unwrap();
        for item in *items {
            let entry = storage.entries.iter().find(|it| it.name == *item);
            let entry = entry.unwrap_or_else(|| panic!("{pallet}.{item} is not in the state"));
            let (keys, value) = match &entry.ty {
                StorageEntryType::Plain(value) => (Vec::new(), value.id),
                StorageEntryType::Map { hashers, key, value } => {
                    let parts = match &metadata.types.resolve(key.id).unwrap().type_def {
                        TypeDef::Tuple(tuple) if hashers.len() > 1 => {
                            tuple.fields.iter().map(|it| it.id).collect()
                        }
                        _ => vec![key.id],
                    };
                    let keys = hashers.iter().zip(parts).map(|(hasher, part)| {
                        let n_bytes = match hasher {
                            H::Identity => 0,
                            H::Twox64Concat => 8,
                            H::Blake2_128Concat => 16,
                            other => panic!("{other:?} hides the key"),
                        };
                        json!([n_bytes, layouts.of(part)])
                    });
                    (keys.collect(), value.id)
                }
            };
            let prefix = [twox_128(storage.prefix.as_bytes()), twox_128(item.as_bytes())].concat();
            let value = layouts.of(value);
            let prefix = format!("0x{}", HexDisplay::from(&prefix));
            places.push(json!([format!("{pallet}.{item}"), prefix, keys, value]));
        }
    }
    let mut text = String::from(
        "// Layouts of records of the chain's state: a test of the runtime holds them to its metadata, and\n// writes them where ECOLEDGER_WRITE_LAYOUTS is set.\n",
    );
    for (about, name, rows) in [
        (
            "Name, start of the key, bytes of the hash and layout of each part, layout of the value.",
            "PLACES",
            places,
        ),
        ("Structures and variants, to which numbers point.", "TYPES", layouts.written),
    ] {
        let rows: Vec<_> = rows.iter().map(|row| format!("  {row},")).collect();
        write!(text, "\n/** {about} */\nexport const {name} = [\n{}\n];\n", rows.join("\n"))
            .unwrap();
    }
    text
}

#[test]
fn browsers_read_records_by_the_runtimes_layouts() {
    let expected = written();
    if std::env::var_os("ECOLEDGER_WRITE_LAYOUTS").is_some() {
        std::fs::write(FILE, &expected).unwrap();
    }
    let found = std::fs::read_to_string(FILE).unwrap();
    assert!(found == expected, "run this test with ECOLEDGER_WRITE_LAYOUTS=1 and commit {FILE}");
}

//! The JSON form of a bundle: the same, with an ICS-23 proof for each record, so that outside
//! libraries can check those.

use super::{
    Evidence, ProofError,
    bundle::{BUNDLE_BYTES_MAX, Bundle, Item, Precommit, Record, Step, VERSION},
    tree::{self, Hash, INNER_DOMAIN, LEAF_DOMAIN, bit, sha256},
};
use ics23::{
    CommitmentProof, ExistenceProof, HashOp, InnerOp, LeafOp, LengthOp, commitment_proof::Proof,
};
use prost::Message as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// What `format` says.
const FORMAT: &str = "ecoledger-proof";
const EVIDENCE_FORMAT: &str = "ecoledger-evidence";
/// The JSON form is longer than the binary one: hexadecimal, and a whole path for each record.
const JSON_BYTES_MAX: usize = 16 * BUNDLE_BYTES_MAX;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleJson {
    format: String,
    version: u8,
    genesis: Bytes<Hash>,
    steps: Vec<StepJson>,
    sets: Vec<Vec<Bytes<Hash>>>,
    records: Vec<RecordJson>,
    item: Option<ItemJson>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepJson {
    header: Bytes<Vec<u8>>,
    round: u32,
    set: u8,
    precommits: Vec<PrecommitJson>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PrecommitJson {
    validator: u8,
    signature: Bytes<[u8; 64]>,
}

impl From<&Step> for StepJson {
    fn from(step: &Step) -> Self {
        let precommit = |it: &Precommit| PrecommitJson {
            validator: it.validator,
            signature: Bytes(it.signature),
        };
        Self {
            header: Bytes(step.header.clone()),
            round: step.round,
            set: step.set,
            precommits: step.precommits.iter().map(precommit).collect(),
        }
    }
}

impl From<StepJson> for Step {
    fn from(step: StepJson) -> Self {
        let precommit =
            |it: PrecommitJson| Precommit { validator: it.validator, signature: it.signature.0 };
        Self {
            header: step.header.0,
            round: step.round,
            set: step.set,
            precommits: step.precommits.into_iter().map(precommit).collect(),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceJson {
    format: String,
    version: u8,
    genesis: Bytes<Hash>,
    set: Vec<Bytes<Hash>>,
    steps: [StepJson; 2],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordJson {
    key: Bytes<Vec<u8>>,
    value: Bytes<Vec<u8>>,
    /// ICS-23 `CommitmentProof` in Protocol Buffers.
    proof: Bytes<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemJson {
    leaf: Bytes<Vec<u8>>,
    index: u32,
    path: Vec<Bytes<Hash>>,
}

/// `0x` and two lower-case digits a byte.
struct Bytes<T>(T);

impl<T: AsRef<[u8]>> Serialize for Bytes<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("0x{}", hex::encode(&self.0)))
    }
}

impl<'de, T: TryFrom<Vec<u8>>> Deserialize<'de> for Bytes<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix("0x").ok_or_else(|| D::Error::custom("0x is missing"))?;
        if digits.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(D::Error::custom("digits in upper case"));
        }
        let bytes = hex::decode(digits).map_err(D::Error::custom)?;
        T::try_from(bytes).map(Self).map_err(|_| D::Error::custom("wrong length"))
    }
}

pub(crate) fn read(bytes: &[u8]) -> Result<Bundle, ProofError> {
    if bytes.len() > JSON_BYTES_MAX {
        return Err(ProofError::TooLong(bytes.len()));
    }
    let json: BundleJson =
        serde_json::from_slice(bytes).map_err(|_| ProofError::Malformed("JSON"))?;
    if json.format != FORMAT {
        return Err(ProofError::Malformed("format"));
    }
    if json.version != VERSION {
        return Err(ProofError::Version(json.version));
    }
    let mut records = Vec::new();
    let mut paths = Vec::new();
    for record in json.records {
        let (key, value) = (record.key.0, record.value.0);
        let path = read_ics23(&key, &value, &record.proof.0)?;
        let depth = u8::try_from(path.len()).map_err(|_| ProofError::Malformed("path"))?;
        records.push(Record { key, value, depth });
        paths.push(path);
    }
    let leaves: Vec<_> = records.iter().map(Record::leaf).collect();
    if !leaves.windows(2).all(|pair| pair[0].key < pair[1].key) {
        return Err(ProofError::Malformed("order of records"));
    }
    let siblings = tree::siblings(&leaves, &paths)?;
    // Paths that do not belong to one tree would be lost on the way.
    if tree::paths(&leaves, &siblings)? != paths {
        return Err(ProofError::Malformed("paths of different trees"));
    }
    let hashes = |hashes: Vec<Bytes<Hash>>| hashes.into_iter().map(|hash| hash.0).collect();
    Ok(Bundle {
        genesis: json.genesis.0,
        steps: json.steps.into_iter().map(Step::from).collect(),
        sets: json.sets.into_iter().map(hashes).collect(),
        records,
        siblings,
        item: json.item.map(|item| Item {
            leaf: item.leaf.0,
            index: item.index,
            path: hashes(item.path),
        }),
    })
}

pub(crate) fn write(bundle: &Bundle) -> Result<serde_json::Value, ProofError> {
    let paths = tree::paths(&bundle.leaves(), &bundle.siblings)?;
    let hashes = |hashes: &[Hash]| hashes.iter().copied().map(Bytes).collect();
    let record = |(record, path): (&Record, &Vec<Hash>)| RecordJson {
        key: Bytes(record.key.clone()),
        value: Bytes(record.value.clone()),
        proof: Bytes(ics23_proof(&record.key, &record.value, path).encode_to_vec()),
    };
    let json = BundleJson {
        format: FORMAT.into(),
        version: VERSION,
        genesis: Bytes(bundle.genesis),
        steps: bundle.steps.iter().map(StepJson::from).collect(),
        sets: bundle.sets.iter().map(|set| hashes(set)).collect(),
        records: bundle.records.iter().zip(&paths).map(record).collect(),
        item: bundle.item.as_ref().map(|item| ItemJson {
            leaf: Bytes(item.leaf.clone()),
            index: item.index,
            path: hashes(&item.path),
        }),
    };
    serde_json::to_value(json).map_err(|_| ProofError::Malformed("JSON"))
}

pub(crate) fn read_evidence(bytes: &[u8]) -> Result<Evidence, ProofError> {
    if bytes.len() > JSON_BYTES_MAX {
        return Err(ProofError::TooLong(bytes.len()));
    }
    let json: EvidenceJson =
        serde_json::from_slice(bytes).map_err(|_| ProofError::Malformed("JSON"))?;
    if json.format != EVIDENCE_FORMAT {
        return Err(ProofError::Malformed("format"));
    }
    if json.version != VERSION {
        return Err(ProofError::Version(json.version));
    }
    Ok(Evidence {
        genesis: json.genesis.0,
        set: json.set.into_iter().map(|key| key.0).collect(),
        steps: json.steps.map(Step::from),
    })
}

pub(crate) fn write_evidence(evidence: &Evidence) -> Result<serde_json::Value, ProofError> {
    let json = EvidenceJson {
        format: EVIDENCE_FORMAT.into(),
        version: VERSION,
        genesis: Bytes(evidence.genesis),
        set: evidence.set.iter().copied().map(Bytes).collect(),
        steps: evidence.steps.each_ref().map(StepJson::from),
    };
    serde_json::to_value(json).map_err(|_| ProofError::Malformed("JSON"))
}

/// The ICS-23 proof of one record, from the hashes beside its path.
pub(crate) fn ics23_proof(key: &[u8], value: &[u8], path: &[Hash]) -> CommitmentProof {
    let key_hash = sha256(key);
    let inner = |(above, sibling): (usize, &Hash)| {
        let (prefix, suffix) = if bit(&key_hash, (path.len() - 1 - above) as u8) {
            ([INNER_DOMAIN, sibling].concat(), Vec::new())
        } else {
            (INNER_DOMAIN.to_vec(), sibling.to_vec())
        };
        InnerOp { hash: HashOp::Sha256.into(), prefix, suffix }
    };
    let leaf = LeafOp {
        hash: HashOp::Sha256.into(),
        prehash_key: HashOp::Sha256.into(),
        prehash_value: HashOp::Sha256.into(),
        length: LengthOp::NoPrefix.into(),
        prefix: LEAF_DOMAIN.to_vec(),
    };
    let exist = ExistenceProof {
        key: key.to_vec(),
        value: value.to_vec(),
        leaf: Some(leaf),
        path: path.iter().enumerate().map(inner).collect(),
    };
    CommitmentProof { proof: Some(Proof::Exist(exist)) }
}

/// The hashes beside a record's path, from its ICS-23 proof.
///
/// # Errors
/// [`ProofError::Malformed`] unless it is the proof that [`ics23_proof`] makes of them.
pub(crate) fn read_ics23(key: &[u8], value: &[u8], proof: &[u8]) -> Result<Vec<Hash>, ProofError> {
    let wrong = || ProofError::Malformed("ICS-23 proof");
    let decoded = CommitmentProof::decode(proof).map_err(|_| wrong())?;
    let Some(Proof::Exist(exist)) = &decoded.proof else { return Err(wrong()) };
    let path = exist
        .path
        .iter()
        .map(|inner| {
            let sibling = if inner.suffix.is_empty() {
                inner.prefix.strip_prefix(INNER_DOMAIN)?
            } else {
                &inner.suffix
            };
            Hash::try_from(sibling).ok()
        })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(wrong)?;
    let is_same = path.len() < 256
        && ics23_proof(key, value, &path) == decoded
        && decoded.encode_to_vec() == proof;
    if is_same { Ok(path) } else { Err(wrong()) }
}

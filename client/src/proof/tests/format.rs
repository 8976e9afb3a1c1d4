//! The two forms: strict, golden, and read by others.

use super::*;
use serde_json::{Value, json};

#[test]
fn both_forms_are_the_same() {
    let bundle = usual(&Facts::new());
    let bytes = bundle.to_bytes();
    assert_eq!(Bundle::from_bytes(&bytes).unwrap(), bundle);
    let json = serde_json::to_vec(&bundle.to_json().unwrap()).unwrap();
    assert_eq!(Bundle::from_json(&json).unwrap(), bundle);
    assert_eq!(Bundle::read(&json).unwrap(), Bundle::read(&bytes).unwrap());
}

#[test]
fn each_record_has_a_proof_that_ics23_accepts() {
    let facts = Facts::new();
    let root = facts.state().root().to_vec();
    let json = usual(&facts).to_json().unwrap();
    let bytes = |text: &serde_json::Value| hex::decode(&text.as_str().unwrap()[2..]).unwrap();
    let spec = jmt_spec();
    for record in json["records"].as_array().unwrap() {
        let proof: ics23::CommitmentProof =
            prost::Message::decode(bytes(&record["proof"]).as_slice()).unwrap();
        let (key, value) = (bytes(&record["key"]), bytes(&record["value"]));
        type Host = ics23::HostFunctionsManager;
        assert!(ics23::verify_membership::<Host>(&proof, &spec, &root, &key, &value));
        assert!(!ics23::verify_membership::<Host>(&proof, &spec, &root, &key, b"other"));
    }
}

/// The specification of `jmt`, by which outside libraries read proofs.
fn jmt_spec() -> ics23::ProofSpec {
    use ics23::{HashOp, InnerSpec, LeafOp, LengthOp, ProofSpec};
    ProofSpec {
        leaf_spec: Some(LeafOp {
            hash: HashOp::Sha256.into(),
            prehash_key: HashOp::Sha256.into(),
            prehash_value: HashOp::Sha256.into(),
            length: LengthOp::NoPrefix.into(),
            prefix: b"JMT::LeafNode".to_vec(),
        }),
        inner_spec: Some(InnerSpec {
            hash: HashOp::Sha256.into(),
            child_order: vec![0, 1],
            min_prefix_length: 16,
            max_prefix_length: 16,
            child_size: 32,
            empty_child: EMPTY.to_vec(),
        }),
        min_depth: 0,
        max_depth: 64,
        prehash_key_before_comparison: true,
    }
}

/// Goods that an open recall does not reach.
fn elsewhere() -> Bundle {
    usual(&Facts::with_open(vec![recalls::spreading([6; 16])]))
}

#[test]
fn every_byte_counts() {
    every_byte_of(&usual(&Facts::new()));
}

#[test]
fn every_byte_counts_while_a_recall_is_open() {
    every_byte_of(&elsewhere());
}

fn every_byte_of(bundle: &Bundle) {
    let bytes = bundle.to_bytes();
    let checkpoint = checkpoint(10, &four(), &four());
    for at in 0..bytes.len() {
        for flip in [1, 0x10, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            let verdict = Bundle::from_bytes(&changed)
                .map_err(|error| error.name())
                .and_then(|it| it.scan(&checkpoint, &bounds()).map_err(|it| it.error.name()));
            assert!(verdict.is_err(), "byte {at} with {flip:#x} passes");
        }
        assert!(Bundle::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(Bundle::from_bytes(&longer), Err(ProofError::Malformed("encoding")));
}

/// The verdict on tampering with every eleventh byte.
fn tampered(bundle: &Bundle, checkpoint: &Checkpoint) -> Vec<Value> {
    let bytes = bundle.to_bytes();
    let verdicts = (0..bytes.len()).step_by(11).map(|at| {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let verdict = Bundle::from_bytes(&changed)
            .map_err(|error| error.name())
            .and_then(|it| it.scan(checkpoint, &bounds()).map_err(|it| it.error.name()));
        json!([at, verdict.unwrap_err()])
    });
    verdicts.collect()
}

/// Both forms, the checkpoint, and the verdict on tampering, as other verifiers of this chain must
/// find them; bundles of goods with what stands against them; and bundles made while recalls are
/// open, with their verdicts.
#[test]
fn the_format_is_golden() {
    let bundle = usual(&Facts::new());
    let checkpoint = checkpoint(10, &four(), &four());
    let bytes = bundle.to_bytes();
    let others = scan::objections().into_iter().map(|(name, facts, against)| {
        let binary = format!("0x{}", hex::encode(usual(&facts).to_bytes()));
        json!({ "name": name, "binary": binary, "against": against })
    });
    let open = recalls::cases().into_iter().map(|(name, facts)| {
        let bundle = usual(&facts);
        let scan = bundle.scan(&checkpoint, &bounds());
        json!({
            "name": name,
            "binary": format!("0x{}", hex::encode(bundle.to_bytes())),
            "recall": scan.unwrap().recall,
        })
    });
    let expected = json!({
        "others": others.collect::<Vec<_>>(),
        "open": open.collect::<Vec<_>>(),
        "openVerdicts": tampered(&elsewhere(), &checkpoint),
        "now": bounds().now,
        "checkpoint": checkpoint,
        "binary": format!("0x{}", hex::encode(&bytes)),
        "json": bundle.to_json().unwrap(),
        "scan": bundle.scan(&checkpoint, &bounds()).unwrap(),
        "verdicts": tampered(&bundle, &checkpoint),
    });
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/proof-v1.json");
    let golden: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(golden[name], *value, "{name}");
    }
}

#[test]
fn bundles_of_other_kinds_are_refused() {
    let bytes = usual(&Facts::new()).to_bytes();
    assert_eq!(Bundle::from_bytes(b"hello"), Err(ProofError::Malformed("first bytes")));
    assert_eq!(Bundle::from_bytes(&MAGIC), Err(ProofError::Malformed("length")));
    let mut newer = bytes.clone();
    newer[4] = 2;
    assert_eq!(Bundle::from_bytes(&newer), Err(ProofError::Version(2)));
    let long = vec![0; BUNDLE_BYTES_MAX + 1];
    assert_eq!(Bundle::from_bytes(&long), Err(ProofError::TooLong(BUNDLE_BYTES_MAX + 1)));
    assert_eq!(Bundle::from_json(b"{}"), Err(ProofError::Malformed("JSON")));
}

//! JSON of header, block and justification, byte for byte.

use codec::Encode;
use ecoledger_primitives::{
    Block, CommitCertificate, CommitSignature, ENGINE_ID, Hash, Header, PreDigest,
    ValidatorSetDigest, value_id,
};
use ecoledger_rpc_api::SignedBlock;
use serde_json::to_string;
use sp_runtime::{Justifications, OpaqueExtrinsic};

fn header() -> Header {
    let pre = PreDigest { time_ms: 1_700_000_000_000, proposer: [1; 32] };
    let mut digest = pre.to_digest();
    digest.push(ValidatorSetDigest { next: [2; 32], after_next: [3; 32] }.to_item());
    Header {
        parent_hash: Hash::repeat_byte(4),
        number: 258,
        state_root: Hash::repeat_byte(5),
        extrinsics_root: Hash::repeat_byte(6),
        digest,
    }
}

const HEADER: &str = concat!(
    r#"{"parentHash":"0x0404040404040404040404040404040404040404040404040404040404040404","#,
    r#""number":"0x102","#,
    r#""stateRoot":"0x0505050505050505050505050505050505050505050505050505050505050505","#,
    r#""extrinsicsRoot":"0x0606060606060606060606060606060606060606060606060606060606060606","#,
    r#""digest":{"logs":["0x0642465443a00068e5cf8b010000"#,
    r#"0101010101010101010101010101010101010101010101010101010101010101","#,
    r#""0x044246544301010202020202020202020202020202020202020202020202020202020202020202"#,
    r#"0303030303030303030303030303030303030303030303030303030303030303"]}}"#,
);

#[test]
fn header_json_is_golden() {
    assert_eq!(to_string(&header()).unwrap(), HEADER);
}

#[test]
fn block_json_is_golden() {
    let header = header();
    let certificate = CommitCertificate {
        height: 258,
        round: 1,
        value_id: value_id(&header),
        signatures: vec![CommitSignature { validator: [7; 32], signature: [8; 64] }]
            .try_into()
            .unwrap(),
    };
    let justification = certificate.encode();
    assert_eq!(justification.len(), 4 + 4 + 32 + 1 + 32 + 64);
    let block = SignedBlock {
        block: Block { header, extrinsics: vec![OpaqueExtrinsic::from_blob(vec![9, 10, 11])] },
        justifications: Some(Justifications::from((ENGINE_ID, justification.clone()))),
    };
    let bytes: Vec<_> = justification.iter().map(u8::to_string).collect();
    let expected = format!(
        r#"{{"block":{{"header":{HEADER},"extrinsics":["0x0c090a0b"]}},"justifications":[[[66,70,84,67],[{}]]]}}"#,
        bytes.join(","),
    );
    assert_eq!(to_string(&block).unwrap(), expected);
    let genesis = SignedBlock { justifications: None, ..block };
    assert!(to_string(&genesis).unwrap().ends_with(r#""justifications":null}"#));
}

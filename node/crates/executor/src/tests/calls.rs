use super::chain::{TestChain, node_key, remark};
use crate::{CallError, calls::ARGUMENTS_MAX};
use codec::{Compact, Decode, DecodeAll, Encode};
use ecoledger_primitives::{Nonce, ValidatorSet};
use ecoledger_runtime::VERSION;
use ecoledger_storage::StorageError;
use sp_keyring::Ed25519Keyring::Alice;
use sp_runtime::transaction_validity::{TransactionSource, TransactionValidity};

#[test]
fn version_works() {
    let chain = TestChain::new();
    let answer = chain.call(0, "Core_version", &[]).unwrap();
    // Spec name and version are what every client reads first.
    let (name, implementation, _, spec) =
        <(String, String, u32, u32)>::decode(&mut answer.as_slice()).unwrap();
    assert_eq!((name, implementation), ("ecoledger".into(), "ecoledger".into()));
    assert_eq!(spec, VERSION.spec_version);
}

#[test]
fn metadata_has_versions_14_to_16() {
    let chain = TestChain::new();
    let versions = chain.call(0, "Metadata_metadata_versions", &[]).unwrap();
    let versions = Vec::<u32>::decode_all(&mut versions.as_slice()).unwrap();
    for version in [14u32, 15, 16] {
        assert!(versions.contains(&version), "{versions:?}");
        let metadata = chain.metadata_at_version(version).unwrap().unwrap();
        assert_eq!(metadata[..5], [b"meta".as_slice(), &[version as u8]].concat());
        // From memory the second time, and the same.
        assert_eq!(chain.metadata_at_version(version).unwrap().unwrap(), metadata);
    }
    assert_eq!(chain.metadata_at_version(13).unwrap(), None);
    let legacy = chain.call(0, "Metadata_metadata", &[]).unwrap();
    assert_eq!(
        Vec::<u8>::decode_all(&mut legacy.as_slice()).unwrap(),
        chain.metadata_at_version(14).unwrap().unwrap()
    );
}

#[test]
fn calls_answer_for_the_height_asked() {
    let chain = TestChain::new();
    chain.extend(&[chain.sign(Alice, 0, remark("x"))]);
    chain.extend(&[chain.sign(Alice, 1, remark("y"))]);
    for height in 0..3u32 {
        let answer = chain
            .call(height, "AccountNonceApi_account_nonce", &Alice.to_account_id().encode())
            .unwrap();
        assert_eq!(Nonce::decode_all(&mut answer.as_slice()).unwrap(), height);
    }
    let error = chain.call(3, "Core_version", &[]).unwrap_err();
    assert!(
        matches!(error, CallError::Storage(StorageError::UnknownHeight { number: 3, .. })),
        "{error}"
    );
}

#[test]
fn validators_and_nodes_are_callable() {
    let chain = TestChain::new();
    let answer = chain.call(0, "ValidatorsApi_validator_sets", &[]).unwrap();
    let (next, _) = <(ValidatorSet, ValidatorSet)>::decode_all(&mut answer.as_slice()).unwrap();
    assert_eq!(Some(next), chain.validator_set(1).unwrap());
    let answer = chain.call(0, "ValidatorsApi_permitted_nodes", &[]).unwrap();
    let nodes = Vec::<[u8; 32]>::decode_all(&mut answer.as_slice()).unwrap();
    assert!(nodes.contains(&node_key(2)));
}

#[test]
fn view_functions_are_callable() {
    use frame_support::view_functions::{ViewFunctionDispatchError, ViewFunctionId};
    let chain = TestChain::new();
    let call = |id: ViewFunctionId, input: Vec<u8>| {
        let answer = chain
            .call(0, "RuntimeViewFunction_execute_view_function", &(id, input).encode())
            .unwrap();
        Result::<Vec<u8>, ViewFunctionDispatchError>::decode_all(&mut answer.as_slice()).unwrap()
    };
    let metadata = chain.metadata_at_version(16).unwrap().unwrap();
    let frame_metadata::RuntimeMetadata::V16(metadata) =
        frame_metadata::RuntimeMetadataPrefixed::decode_all(&mut metadata.as_slice()).unwrap().1
    else {
        panic!("metadata 16 is version 16")
    };
    let pallet = metadata.pallets.iter().find(|pallet| pallet.name == "Validators").unwrap();
    let function =
        pallet.view_functions.iter().find(|function| function.name == "permitted_nodes").unwrap();
    let id = ViewFunctionId::decode_all(&mut function.id.as_slice()).unwrap();
    let answer = call(id.clone(), vec![]).unwrap();
    let nodes = Vec::<[u8; 32]>::decode_all(&mut answer.as_slice()).unwrap();
    assert_eq!(nodes.len(), 4);
    assert!(matches!(call(id, vec![1]), Err(ViewFunctionDispatchError::Codec)));
    let unknown = ViewFunctionId { prefix: [0; 16], suffix: [0; 16] };
    assert!(matches!(call(unknown, vec![]), Err(ViewFunctionDispatchError::NotFound(_))));
}

#[test]
fn fees_are_zero_and_weights_are_not() {
    let chain = TestChain::new();
    let raw = chain.sign(Alice, 0, remark("x"));
    let args = [raw.clone(), (raw.len() as u32).encode()].concat();
    let answer = chain.call(0, "TransactionPaymentApi_query_info", &args).unwrap();
    let (weight, _class, fee) =
        <((Compact<u64>, Compact<u64>), u8, u128)>::decode_all(&mut answer.as_slice()).unwrap();
    assert!(weight.0.0 > 0);
    assert_eq!(fee, 0);
}

#[test]
fn transactions_can_be_judged_by_a_call() {
    let chain = TestChain::new();
    let judge = |raw: Vec<u8>| {
        let head = chain.head();
        let args = [TransactionSource::External.encode(), raw, head.hash.encode()].concat();
        let answer =
            chain.call(head.number, "TaggedTransactionQueue_validate_transaction", &args).unwrap();
        TransactionValidity::decode_all(&mut answer.as_slice()).unwrap()
    };
    let raw = chain.sign(Alice, 0, remark("x"));
    assert_eq!(judge(raw.clone()), Ok(chain.validate_transaction(&raw).unwrap().valid));
    chain.extend(std::slice::from_ref(&raw));
    judge(raw).unwrap_err();
}

#[test]
fn calls_refuse_what_is_not_allowed() {
    let chain = TestChain::new();
    for method in [
        "Core_execute_block",
        "Core_initialize_block",
        "BlockBuilder_finalize_block",
        "BlockBuilder_apply_extrinsic",
        "GenesisBuilder_build_state",
        "TryRuntime_execute_block",
        "",
        "Core_version ",
    ] {
        let error = chain.call(0, method, &[]).unwrap_err();
        assert!(matches!(error, CallError::UnknownMethod { .. }), "{method}: {error}");
    }
}

#[test]
fn calls_survive_bad_arguments() {
    let chain = TestChain::new();
    let root = chain.head().header.state_root;
    // Decoded by the runtime itself, which panics.
    for (method, args) in [
        ("Core_version", vec![1]),
        ("AccountNonceApi_account_nonce", vec![1, 2, 3]),
        ("Metadata_metadata_at_version", vec![]),
        ("GenesisBuilder_get_preset", vec![1, 255]),
    ] {
        let error = chain.call(0, method, &args).unwrap_err();
        assert!(matches!(error, CallError::Panicked(_)), "{method}: {error}");
    }
    // Checked before the runtime sees them.
    let raw = chain.sign(Alice, 0, remark("x"));
    for (method, args) in [
        ("TransactionPaymentApi_query_info", raw.clone()),
        ("TransactionPaymentApi_query_info", Compact(u32::MAX).encode()),
        ("TaggedTransactionQueue_validate_transaction", raw),
        ("TransactionPaymentCallApi_query_call_info", [3, 0, 4].repeat(1_000)),
    ] {
        let error = chain.call(0, method, &args).unwrap_err();
        assert!(matches!(error, CallError::BadArguments(_)), "{method}: {error}");
    }
    let long = vec![0; ARGUMENTS_MAX + 1];
    let error = chain.call(0, "Core_version", &long).unwrap_err();
    assert!(matches!(error, CallError::ArgumentsTooLong { .. }), "{error}");
    // Nothing of it harmed the chain.
    assert_eq!(chain.head().header.state_root, root);
    chain.extend(&[]);
}

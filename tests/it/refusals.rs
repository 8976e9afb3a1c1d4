//! Transactions that the pool refuses, with the codes that Substrate's tools know.

use ecoledger_primitives::Hash;
use ecoledger_tests::{
    Key, LastingState, Terms,
    rpc::{Rpc, refusal},
    transaction::{Calls, remark, with_length},
    validators,
};
use eyre::{WrapErr, ensure, eyre};
use serde_json::json;
use sp_runtime::generic::Era;

/// A transaction that must be refused, and how.
struct Case {
    name: &'static str,
    transaction: Vec<u8>,
    code: i32,
    /// Part of the words that come with the code.
    words: &'static str,
}

/// A point of order 8: any message has a valid signature under it, unless it is refused.
const SMALL_ORDER: [u8; 32] = [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
    0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
];

#[tokio::test(flavor = "multi_thread")]
async fn bad_transactions_are_refused_at_the_pool() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let rpc = network.rpc(0).await?;
    let calls = Calls::of(&network.client(0).await?).await?;
    let alice = Key::ed25519("Alice");
    let fresh = Terms::of(&rpc).await?;
    // One that is good, so that there is a nonce to be behind of and a block to be mortal from.
    let first = fresh.sign(&alice, &remark(b"first"));
    let block = rpc.finalize(&first).await?;
    let terms = fresh.nonce(1);
    let height = rpc.height().await?;
    let checkpoint = rpc.hash(height).await?;
    let mortal = Terms { era: Era::mortal(4, u64::from(height)), checkpoint, ..terms.clone() };
    let bob = Key::ed25519("Bob");
    for nonce in 0..5 {
        rpc.finalize(&fresh.nonce(nonce).sign(&bob, &remark(b"time goes by"))).await?;
    }

    for case in cases(&terms, &mortal, &alice, &calls)? {
        let Err(error) = rpc.submit(&case.transaction).await else {
            return Err(eyre!("{}: was accepted", case.name));
        };
        let (code, words) = refusal(&error).ok_or_else(|| eyre!("{}: {error:?}", case.name))?;
        ensure!(
            code == case.code && words.contains(case.words),
            "{}: expected {} {:?}, got {code} {words:?}",
            case.name,
            case.code,
            case.words
        );
        println!("{:<32} {code} {words}", case.name);
    }
    duplicates(&rpc, &terms, &alice, &first).await?;

    // None of them has left a trace: the nonces 0 to 3 went to those that were accepted.
    let final_block = rpc.finalize(&terms.nonce(3).sign(&alice, &remark(b"after"))).await?;
    let account = network
        .client(0)
        .await?
        .query("System", "Account", &[json!(ecoledger_client::address(&alice.account()))], None)
        .await?
        .ok_or_else(|| eyre!("no account"))?;
    ensure!(account["nonce"] == json!(4), "{account}");
    let (old, new) =
        (LastingState::at(&rpc, block).await?, LastingState::at(&rpc, final_block).await?);
    ensure!(old == new, "{}", old.difference(&new));
    network.passed();
    Ok(())
}

fn cases(terms: &Terms, expired: &Terms, alice: &Key, calls: &Calls) -> eyre::Result<Vec<Case>> {
    let good = terms.sign(alice, &remark(b"good"));
    let case = |name, transaction, code, words| Case { name, transaction, code, words };
    let longer = [&good[..], &[0]].concat();
    let wrong_signature = terms.sign_as(&alice.account(), &remark(b"forged"), |_| (0, [7; 64]));
    let weak_signature = {
        // R is the neutral element and s is 0.
        let mut signature = [0; 64];
        signature[0] = 1;
        signature
    };
    let small_order =
        terms.nonce(0).sign_as(&SMALL_ORDER, &remark(b"weak"), |_| (0, weak_signature));
    let other_chain =
        Terms { genesis: Hash::repeat_byte(7), checkpoint: Hash::repeat_byte(7), ..terms.clone() };
    let other_version = Terms { spec_version: terms.spec_version + 1, ..terms.clone() };
    // A general transaction of version 5 with extension version 0, and a bare one.
    let general = with_length(
        &[&[0x45, 0, 0][..], &codec::Encode::encode(&codec::Compact(1u32)), &remark(b"v5")]
            .concat(),
    );
    let bare = with_length(&[&[0x05][..], &remark(b"bare")].concat());
    let unsigned = with_length(&[&[0x04][..], &remark(b"unsigned")].concat());
    let set_time = calls.encode("Timestamp", "set", &json!({ "now": 1 }))?;
    Ok(vec![
        case("empty", vec![], 1001, "invalid format"),
        case("noise", vec![0xff; 100], 1001, "invalid format"),
        case("cut short", good[..good.len() - 1].to_vec(), 1001, "invalid format"),
        case("bytes behind the end", longer, 1001, "invalid format"),
        case("unknown call", terms.sign(alice, &[0xfe, 0, 0]), 1001, "invalid format"),
        case("oversized", terms.sign(alice, &remark(&vec![0; 1 << 20])), 1010, "exhaust"),
        case(
            "another chain's",
            other_chain.sign(alice, &remark(b"replayed")),
            1010,
            "bad signature",
        ),
        case(
            "another version's",
            other_version.sign(alice, &remark(b"old")),
            1010,
            "bad signature",
        ),
        // What is signed names the block from which it is valid. The node takes the latest one that
        // the era fits, which is another once the era has passed: as in Substrate, the signature
        // is then one of something else.
        case("expired", expired.sign(alice, &remark(b"expired")), 1010, "bad signature"),
        case("nonce used before", terms.nonce(0).sign(alice, &remark(b"stale")), 1010, "outdated"),
        case(
            "nonce far ahead",
            terms.nonce(1_000_000).sign(alice, &remark(b"future")),
            1021,
            "future",
        ),
        case("stranger", terms.nonce(0).sign(&Key::ed25519("Nobody"), &remark(b"hi")), 1010, "101"),
        case(
            "stranger, sr25519",
            terms.nonce(0).sign(&Key::sr25519("Nobody"), &remark(b"hi")),
            1010,
            "101",
        ),
        case("key of small order", small_order, 1010, "bad signature"),
        case("forged signature", wrong_signature, 1010, "bad signature"),
        case("version 5, general", general, 1011, "NoUnsignedValidator"),
        case("version 5, bare", bare, 1011, "NoUnsignedValidator"),
        case("unsigned", unsigned, 1011, "NoUnsignedValidator"),
        case("inherent", terms.sign(alice, &set_time), 1010, "mandatory"),
    ])
}

/// The same transaction again, in the pool and after it is final, and another with its nonce.
async fn duplicates(rpc: &Rpc, terms: &Terms, alice: &Key, first: &[u8]) -> eyre::Result<()> {
    // One nonce ahead: it waits in the pool.
    let waiting = terms.nonce(2).sign(alice, &remark(b"last"));
    rpc.submit(&waiting).await.wrap_err("submit a future transaction")?;
    let again = rpc.submit(&waiting).await.err().and_then(|error| refusal(&error));
    ensure!(matches!(again, Some((1013, _))), "the same transaction twice: {again:?}");
    let other = terms.nonce(2).sign(alice, &remark(b"instead"));
    let replaced = rpc.submit(&other).await.err().and_then(|error| refusal(&error));
    ensure!(matches!(replaced, Some((1014, _))), "another with its nonce: {replaced:?}");
    let used = rpc.submit(first).await.err().and_then(|error| refusal(&error));
    ensure!(matches!(used, Some((1010, _))), "a final transaction again: {used:?}");
    rpc.finalize(&terms.nonce(1).sign(alice, &remark(b"second"))).await?;
    Ok(())
}

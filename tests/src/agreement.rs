//! Whether nodes hold the same chain, and whether it proves itself.

use crate::{rpc::Rpc, transaction::hash};
use codec::{DecodeAll, Encode};
use ecoledger_primitives::{
    BlockNumber, CommitCertificate, Hash, HeaderDigest, ValidatorSet, value_id,
};
use eyre::{WrapErr, ensure, eyre};
use sp_io::hashing::blake2_256;
use std::collections::BTreeMap;

/// Checks every height up to the lowest head: each node has the same header, so the same state
/// root; its certificate proves the header under the validators of that height; and those are the
/// ones that the header before it names, from `anchor`, the validators of the first block, on.
///
/// Gives the height up to which it has checked.
///
/// # Errors
/// What differs, and where.
pub async fn verify_chain(nodes: &[Rpc], anchor: &ValidatorSet) -> eyre::Result<BlockNumber> {
    let mut lowest = BlockNumber::MAX;
    for node in nodes {
        lowest = lowest.min(node.height().await?);
    }
    let first = nodes.first().ok_or_else(|| eyre!("no node runs"))?;
    let genesis = first.hash(0).await?;
    for node in nodes {
        ensure!(node.hash(0).await? == genesis, "the nodes have different first blocks");
    }
    let mut parent = genesis;
    let mut expected_set = anchor.hash();
    for height in 1..=lowest {
        let mut headers = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let answer = node.certificate(height).await?;
            let header = answer.header;
            let at = || format!("height {height}, connection {index}");
            let set = answer.validator_set.iter().map(|key| key.0).collect();
            let set = ValidatorSet::new(set).map_err(|error| eyre!("{}: {error:?}", at()))?;
            ensure!(set.hash() == expected_set, "{}: not the validators of this height", at());
            let certificate =
                CommitCertificate::decode_all(&mut answer.encoded.as_ref()).wrap_err_with(at)?;
            certificate.verify(&genesis, &header, &set).wrap_err_with(at)?;
            ensure!(answer.value_id.0 == value_id(&header).0, "{}: another value", at());
            ensure!(header.parent_hash == parent, "{}: does not follow its parent", at());
            ensure!(
                node.hash(height).await? == Hash::from(blake2_256(&header.encode())),
                "{}: the hash is not the header's",
                at()
            );
            headers.push(header);
        }
        let header = headers.first().ok_or_else(|| eyre!("no header"))?;
        ensure!(
            headers.iter().all(|other| other == header),
            "height {height}: the nodes have different headers: {headers:#?}"
        );
        parent = Hash::from(blake2_256(&header.encode()));
        expected_set =
            HeaderDigest::of(header).ok_or_else(|| eyre!("height {height}: no digest"))?.sets.next;
    }
    Ok(lowest)
}

/// How often each transaction is in the chain of a node, up to `height`.
///
/// # Errors
/// When a block is missing.
pub async fn transaction_counts(
    node: &Rpc,
    height: BlockNumber,
) -> eyre::Result<BTreeMap<Hash, u32>> {
    let mut counts = BTreeMap::new();
    for number in 1..=height {
        let block = node.hash(number).await?;
        for transaction in node.transactions(block).await? {
            *counts.entry(hash(&transaction)).or_insert(0) += 1;
        }
    }
    Ok(counts)
}

/// Checks that each of `transactions` is in the chain of every node exactly once.
///
/// # Errors
/// Which one is not, and where.
pub async fn verify_exactly_once(
    nodes: &[Rpc],
    height: BlockNumber,
    transactions: impl Iterator<Item = Hash> + Clone,
) -> eyre::Result<()> {
    for (index, node) in nodes.iter().enumerate() {
        let counts = transaction_counts(node, height).await?;
        for transaction in transactions.clone() {
            let count = counts.get(&transaction).copied().unwrap_or_default();
            ensure!(
                count == 1,
                "connection {index}: {transaction:?} is {count} times in the chain up to {height}"
            );
        }
    }
    Ok(())
}

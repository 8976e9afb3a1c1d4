mod assembler;
mod byzantine;
mod codec;
mod context;
mod network;
mod peers;
mod signing;

use crate::{
    context::{Height, ValidatorSet, Value},
    signing::{ChainSigner, ChainVerifier},
};
use ecoledger_primitives::{Hash, ValueId};
use malachitebft_app_channel::app::types::core::{Round, Validator as _};

/// Genesis hash of the chain under test.
fn genesis() -> Hash {
    Hash::repeat_byte(7)
}

/// Signers of validators, ascending by address.
fn signers(n: u8) -> Vec<ChainSigner> {
    let mut signers: Vec<_> =
        (1..=n).map(|seed| ChainSigner::new(genesis(), &[seed; 32])).collect();
    signers.sort_by_key(ChainSigner::address);
    signers
}

fn set_of(signers: &[ChainSigner]) -> ValidatorSet {
    let keys = signers.iter().map(|signer| signer.address().0).collect();
    ValidatorSet::from(&ecoledger_primitives::ValidatorSet::new(keys).unwrap())
}

fn verifier() -> ChainVerifier {
    ChainVerifier { genesis: genesis() }
}

fn value(byte: u8) -> Value {
    Value(ValueId([byte; 32]))
}

/// The signer that proposes at a height and round.
fn proposer(signers: &[ChainSigner], height: Height, round: u32) -> &ChainSigner {
    let set = set_of(signers);
    let address = *set.proposer(height, Round::Some(round)).address();
    signers.iter().find(|signer| signer.address() == address).unwrap()
}

//! Signed transactions, with everything that a signature covers in the test's hands.

use crate::Executor;
use codec::Encode;
use ecoledger_primitives::{AccountId, Hash, Nonce, Signature};
use ecoledger_runtime::{RuntimeCall, SignedPayload, TxExtension, UncheckedExtrinsic, VERSION};
use frame_system::{
    CheckGenesis, CheckMortality, CheckNonZeroSender, CheckNonce, CheckSpecVersion, CheckTxVersion,
    CheckWeight,
};
use pallet_participants::CheckParticipant;
use sp_keyring::Ed25519Keyring;
use sp_runtime::generic::Era;

/// What a signature covers besides the call.
#[derive(Clone, Copy)]
pub struct Signing {
    /// The signer's nonce.
    pub nonce: Nonce,
    /// Hash of the chain's genesis block.
    pub genesis: Hash,
    /// How long the transaction is valid.
    pub era: Era,
    /// Hash of the block from which on it is valid; that of genesis if there is none.
    pub era_hash: Option<Hash>,
}

impl Signing {
    /// For a transaction of this chain that never expires.
    pub fn new(executor: &Executor, nonce: Nonce) -> Self {
        Self { nonce, genesis: executor.genesis_hash(), era: Era::Immortal, era_hash: None }
    }

    /// The extensions as the transaction carries them.
    pub fn extension(&self) -> TxExtension {
        (
            CheckNonZeroSender::new(),
            CheckSpecVersion::new(),
            CheckTxVersion::new(),
            CheckGenesis::new(),
            CheckMortality::from(self.era),
            CheckParticipant::new(),
            CheckNonce::from(self.nonce),
            CheckWeight::new(),
        )
    }

    /// What is signed.
    pub fn payload(&self, call: RuntimeCall) -> SignedPayload {
        let era_hash = self.era_hash.unwrap_or(self.genesis);
        let implicit = (
            (),
            VERSION.spec_version,
            VERSION.transaction_version,
            self.genesis,
            era_hash,
            (),
            (),
            (),
        );
        SignedPayload::from_raw(call, self.extension(), implicit)
    }

    /// The signed transaction's encoding.
    pub fn sign(&self, who: Ed25519Keyring, call: RuntimeCall) -> Vec<u8> {
        let signature = self.payload(call.clone()).using_encoded(|payload| who.sign(payload));
        self.assemble(who.to_account_id(), signature.into(), call)
    }

    /// The encoding of a transaction with a signature from elsewhere.
    pub fn assemble(&self, who: AccountId, signature: Signature, call: RuntimeCall) -> Vec<u8> {
        UncheckedExtrinsic::new_signed(call, who.into(), signature, self.extension()).encode()
    }
}

/// A call that anybody may make, with an event.
pub fn remark(text: &str) -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::remark_with_event { remark: text.into() })
}

//! Signing and verifying of consensus messages. There is one verdict on a signature, that of
//! [`ed25519_verify`].

use crate::context::{
    Address, ChainContext, Ed25519, Manifest, Proposal, PublicKey, Signature, Vote,
};
use async_trait::async_trait;
use ecoledger_primitives::{Hash, ed25519_verify};
use ed25519_dalek::{Signer as _, SigningKey};
use malachitebft_app_channel::{
    Signer, Verifier,
    app::types::{
        SignedConsensusMsg,
        core::{SignedMessage, SigningScheme as _, ValidatorProof, VoteExtensionScope},
    },
};
use malachitebft_signing::{Error, VerificationResult};

/// Judges signatures of consensus messages of one chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChainVerifier {
    /// Hash of the genesis block: a signature counts on one chain only.
    pub(crate) genesis: Hash,
}

impl ChainVerifier {
    fn verify(
        bytes: Option<Vec<u8>>,
        signature: &Signature,
        key: &PublicKey,
    ) -> VerificationResult {
        VerificationResult::from_bool(
            bytes.is_some_and(|bytes| ed25519_verify(&signature.0, &bytes, &key.0)),
        )
    }

    /// Whether the validator that a vote or proposal names signed it.
    pub(crate) fn verify_message(&self, message: &SignedConsensusMsg<ChainContext>) -> bool {
        let (bytes, signer) = match message {
            SignedConsensusMsg::Vote(vote) => {
                (vote.message.signed_bytes(&self.genesis), vote.message.validator)
            }
            SignedConsensusMsg::Proposal(proposal) => {
                (proposal.message.signed_bytes(&self.genesis), proposal.message.proposer)
            }
        };
        Self::verify(bytes, message.signature(), &PublicKey(signer.0)).is_valid()
    }

    /// Whether the sender that a manifest names signed it.
    pub(crate) fn verify_manifest(&self, manifest: &Manifest, signature: &Signature) -> bool {
        ed25519_verify(&signature.0, &manifest.signed_bytes(&self.genesis), &manifest.sender.0)
    }
}

#[async_trait]
impl Verifier<ChainContext> for ChainVerifier {
    async fn verify_signed_vote(
        &self,
        vote: &Vote,
        signature: &Signature,
        public_key: &PublicKey,
    ) -> Result<VerificationResult, Error> {
        Ok(Self::verify(vote.signed_bytes(&self.genesis), signature, public_key))
    }

    async fn verify_signed_proposal(
        &self,
        proposal: &Proposal,
        signature: &Signature,
        public_key: &PublicKey,
    ) -> Result<VerificationResult, Error> {
        Ok(Self::verify(proposal.signed_bytes(&self.genesis), signature, public_key))
    }

    async fn verify_signed_vote_extension(
        &self,
        _scope: &VoteExtensionScope<ChainContext>,
        _extension: &(),
        _signature: &Signature,
        _public_key: &PublicKey,
    ) -> Result<VerificationResult, Error> {
        // Extensions are disabled at every height.
        Ok(VerificationResult::Invalid)
    }

    async fn verify_validator_proof(
        &self,
        proof: &ValidatorProof<ChainContext>,
    ) -> Result<VerificationResult, Error> {
        Ok(match Ed25519::decode_public_key(&proof.public_key) {
            Ok(key) => Self::verify(Some(proof.preimage()), &proof.signature, &key),
            Err(_) => VerificationResult::Invalid,
        })
    }
}

/// Signs consensus messages of one chain with a validator's key.
#[derive(Clone)]
pub(crate) struct ChainSigner {
    genesis: Hash,
    key: SigningKey,
}

/// A message without a defined round was to be signed; nothing sends one.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("round is not defined")]
struct UndefinedRound;

impl ChainSigner {
    /// A signer for the chain with hash `genesis`; `seed` is the secret of RFC 8032.
    pub(crate) fn new(genesis: Hash, seed: &[u8; 32]) -> Self {
        Self { genesis, key: SigningKey::from_bytes(seed) }
    }

    /// The validator that signs.
    pub(crate) fn address(&self) -> Address {
        Address(self.key.verifying_key().to_bytes())
    }

    fn sign(&self, bytes: &[u8]) -> Signature {
        Signature(self.key.sign(bytes).to_bytes())
    }

    /// Signs the manifest of a stream that this validator sends.
    pub(crate) fn sign_manifest(&self, manifest: &Manifest) -> Signature {
        self.sign(&manifest.signed_bytes(&self.genesis))
    }
}

#[async_trait]
impl Signer<ChainContext> for ChainSigner {
    async fn sign_vote(&self, vote: Vote) -> Result<SignedMessage<ChainContext, Vote>, Error> {
        let bytes =
            vote.signed_bytes(&self.genesis).ok_or_else(|| Error::from_source(UndefinedRound))?;
        let signature = self.sign(&bytes);
        Ok(SignedMessage::new(vote, signature))
    }

    async fn sign_proposal(
        &self,
        proposal: Proposal,
    ) -> Result<SignedMessage<ChainContext, Proposal>, Error> {
        let bytes = proposal
            .signed_bytes(&self.genesis)
            .ok_or_else(|| Error::from_source(UndefinedRound))?;
        let signature = self.sign(&bytes);
        Ok(SignedMessage::new(proposal, signature))
    }

    async fn sign_vote_extension(
        &self,
        _scope: VoteExtensionScope<ChainContext>,
        _extension: (),
    ) -> Result<SignedMessage<ChainContext, ()>, Error> {
        // Extensions are disabled at every height.
        Err(Error::new())
    }

    async fn sign_validator_proof(
        &self,
        public_key: Vec<u8>,
        peer_id: Vec<u8>,
    ) -> Result<ValidatorProof<ChainContext>, Error> {
        let signature =
            self.sign(&ValidatorProof::<ChainContext>::signing_bytes(&public_key, &peer_id));
        Ok(ValidatorProof::new(public_key, peer_id, signature))
    }
}

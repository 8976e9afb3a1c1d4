//! Executing a block: for a proposal, and to judge another's.
//!
//! Both go through one `Execution`, so that what a proposer builds is what a validator verifies.

use crate::{
    Executor,
    backend::{Failure, StateBackend},
    error::{ExecutorError, InvalidBlock, TransactionRefusal, VerifyError},
    panics::Panic,
    run::Run,
    transaction,
};
use codec::{DecodeAll, Encode};
use ecoledger_primitives::{
    Block, BlockNumber, Hash, Hashing, Header, HeaderDigest, Moment, PreDigest, ValidatorSet,
    extrinsics_root,
};
use ecoledger_runtime::{
    Executive, RuntimeCall, UncheckedExtrinsic, Validators, limits::BLOCK_LENGTH_MAX,
};
use ecoledger_storage::{Head, StateUpdate, StorageError};
use sp_runtime::{
    OpaqueExtrinsic,
    traits::Hash as _,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Transactions that do not fit before a proposer takes the block to be full. They may differ in
/// size, so the first one that does not fit says little.
const MISFITS_MAX: usize = 8;

/// Transactions from which on signatures are verified ahead of execution.
const AHEAD_MIN: usize = 64;

/// What a proposer may put in a block, besides the runtime's own limits.
#[derive(Clone, Copy, Debug)]
pub struct BuildBudget {
    /// Most bytes of transactions.
    pub bytes_max: usize,
    /// Most transactions.
    pub transactions_max: usize,
    /// When to stop adding transactions; finishing the block comes on top.
    pub time_max: Duration,
}

impl Default for BuildBudget {
    fn default() -> Self {
        Self {
            // Room for the header and for what the runtime counts besides the body.
            bytes_max: BLOCK_LENGTH_MAX as usize - 16 * 1024,
            transactions_max: 10_000,
            time_max: Duration::from_millis(400),
        }
    }
}

/// A block that was executed on top of the head, with all that committing it takes.
///
/// Only the executor makes one.
pub struct ExecutedBlock {
    pub(crate) block: Block,
    pub(crate) hash: Hash,
    pub(crate) extrinsic_hashes: Vec<Hash>,
    pub(crate) update: StateUpdate,
    pub(crate) validator_sets: [(BlockNumber, ValidatorSet); 2],
}

impl ExecutedBlock {
    /// The block.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// Its header.
    pub fn header(&self) -> &Header {
        &self.block.header
    }

    /// Its header's BLAKE2b-256 hash.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// What it changes of the state.
    pub fn update(&self) -> &StateUpdate {
        &self.update
    }

    /// Hashes of its transactions, in order; the first is the timestamp's.
    pub fn extrinsic_hashes(&self) -> &[Hash] {
        &self.extrinsic_hashes
    }
}

impl std::fmt::Debug for ExecutedBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExecutedBlock")
            .field("number", &self.block.header.number)
            .field("hash", &self.hash)
            .field("extrinsics", &self.extrinsic_hashes.len())
            .finish_non_exhaustive()
    }
}

/// A block for proposal.
#[derive(Debug)]
pub struct BuiltBlock {
    /// The block, executed.
    pub executed: ExecutedBlock,
    /// Transactions that were offered and are invalid on top of the head, with the reason. Those
    /// that merely do not fit, or wait for an earlier nonce, are not here.
    pub rejected: Vec<(Hash, String)>,
}

/// The first transaction of every block: its timestamp, as an unsigned extrinsic of version 4.
pub(crate) fn timestamp(time_ms: Moment) -> UncheckedExtrinsic {
    UncheckedExtrinsic::new_bare_legacy(RuntimeCall::Timestamp(pallet_timestamp::Call::set {
        now: time_ms,
    }))
}

/// Why execution came to nothing.
pub(crate) enum Stop {
    Panicked(Panic),
    Failed(Failure),
}

impl From<Panic> for Stop {
    fn from(panic: Panic) -> Self {
        Self::Panicked(panic)
    }
}

impl From<Stop> for ExecutorError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Panicked(panic) => Self::Runtime(panic.to_string()),
            Stop::Failed(failure) => failure.into(),
        }
    }
}

impl From<Stop> for VerifyError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Panicked(panic) => Self::Invalid(InvalidBlock::Panicked(panic)),
            Stop::Failed(Failure::Storage(error)) => Self::Internal(error.into()),
            Stop::Failed(_) => Self::Invalid(InvalidBlock::UncommittableState),
        }
    }
}

/// A block in the middle of its execution.
pub(crate) struct Execution<'a> {
    run: Run<'a>,
    backend: &'a StateBackend,
    extrinsics: Vec<OpaqueExtrinsic>,
    hashes: Vec<Hash>,
}

impl<'a> Execution<'a> {
    pub(crate) fn begin(
        backend: &'a StateBackend,
        head: &Head,
        pre: PreDigest,
    ) -> Result<Self, Stop> {
        let header = Header::new_from_parent(head, pre);
        let mut this = Self { run: Run::new(backend), backend, extrinsics: vec![], hashes: vec![] };
        let begun = this.run.run(|| Executive::initialize_block(&header));
        this.check(begun)?;
        Ok(this)
    }

    /// Prefers what the backend knows to the panic that it caused.
    fn check<T>(&self, result: Result<T, Panic>) -> Result<T, Stop> {
        match self.backend.take_failure() {
            Some(failure) => Err(Stop::Failed(failure)),
            None => Ok(result?),
        }
    }

    /// Applies a transaction; `raw` is its encoding, `hash` that of `raw`. A refused one leaves no
    /// trace.
    pub(crate) fn apply(
        &mut self,
        raw: &[u8],
        hash: Hash,
        extrinsic: UncheckedExtrinsic,
    ) -> Result<Result<(), TransactionRefusal>, Stop> {
        let applied = self.run.transact(|| Executive::apply_extrinsic(extrinsic));
        if let Some(failure) = self.backend.take_failure() {
            return Err(Stop::Failed(failure));
        }
        let verdict = match applied {
            // A dispatch error is an outcome: the transaction is in the block and has failed.
            Ok(Ok(_outcome)) => Ok(()),
            Ok(Err(error)) => Err(TransactionRefusal::Invalid(error)),
            Err(panic) => Err(TransactionRefusal::Panicked(panic)),
        };
        if verdict.is_ok() {
            let opaque = OpaqueExtrinsic::decode_all(&mut &*raw);
            self.extrinsics.push(opaque.expect("a decoded extrinsic has a length prefix; qed"));
            self.hashes.push(hash);
        }
        Ok(verdict)
    }

    /// Ends the block: its header, its state update, and the validator sets that follow.
    pub(crate) fn finish(mut self) -> Result<ExecutedBlock, Stop> {
        let header = self.run.run(Executive::finalize_block);
        let header = self.check(header)?;
        let sets = self.run.run(Validators::validator_sets);
        let (next, after_next) = self.check(sets)?;
        let number = header.number;
        let update = self.backend.take_update().ok_or(Stop::Failed(Failure::NoRoot))?;
        Ok(ExecutedBlock {
            hash: header.hash(),
            block: Block { header, extrinsics: self.extrinsics },
            extrinsic_hashes: self.hashes,
            update,
            validator_sets: [(number + 1, next), (number + 2, after_next)],
        })
    }
}

/// What a block starts from.
trait StartHeader {
    fn new_from_parent(head: &Head, pre: PreDigest) -> Self;
}

impl StartHeader for Header {
    fn new_from_parent(head: &Head, pre: PreDigest) -> Self {
        Self {
            parent_hash: head.hash,
            number: head.number + 1,
            state_root: Hash::zero(),
            extrinsics_root: Hash::zero(),
            digest: pre.to_digest(),
        }
    }
}

/// Time of the head, Unix milliseconds; 0 for genesis.
fn time_of(head: &Head) -> Moment {
    HeaderDigest::of(&head.header).map_or(0, |digest| digest.pre.time_ms)
}

/// The digest of an executed block must say what the state says.
fn check_sets(executed: &ExecutedBlock) -> Result<(), ExecutorError> {
    let digest = HeaderDigest::of(executed.header())
        .ok_or_else(|| ExecutorError::Runtime("block ends without its digest items".into()))?;
    let [(_, next), (_, after_next)] = &executed.validator_sets;
    if digest.sets.next != next.hash() || digest.sets.after_next != after_next.hash() {
        return Err(ExecutorError::Runtime("digest and state have other validator sets".into()));
    }
    Ok(())
}

impl Executor {
    /// Builds and executes the block that follows the head.
    ///
    /// - `pre`: its time, after the parent's, and its proposer, a validator of the height.
    /// - `transactions`: encodings, in the order in which they are wanted. Those that are refused,
    ///   do not fit or panic are left out.
    ///
    /// # Errors
    /// [`ExecutorError`]; nothing of it is the fault of a transaction.
    /// [`ExecutorError::HeadMoved`] when a block is committed meanwhile: ask again.
    pub fn build_block(
        &self,
        pre: PreDigest,
        transactions: impl Iterator<Item = Arc<[u8]>>,
        budget: BuildBudget,
    ) -> Result<BuiltBlock, ExecutorError> {
        let started = Instant::now();
        let head = self.head();
        let built = self.build_on(&head, pre, transactions, budget, started);
        if matches!(built, Err(ExecutorError::Storage(_))) && self.head().number != head.number {
            return Err(ExecutorError::HeadMoved { from: head.number });
        }
        if built.is_ok() {
            self.metrics().note_built(started.elapsed());
        }
        built
    }

    fn build_on(
        &self,
        head: &Head,
        pre: PreDigest,
        transactions: impl Iterator<Item = Arc<[u8]>>,
        budget: BuildBudget,
        started: Instant,
    ) -> Result<BuiltBlock, ExecutorError> {
        let number = head.number + 1;
        let parent_ms = time_of(head);
        if pre.time_ms <= parent_ms {
            return Err(ExecutorError::TimeNotAfterParent { time_ms: pre.time_ms, parent_ms });
        }
        if !self.set_of(number)?.contains(&pre.proposer) {
            return Err(ExecutorError::UnknownProposer(number));
        }
        let backend = StateBackend::for_block(self.storage(), Some(head.number))?;
        let mut execution = Execution::begin(&backend, head, pre)?;
        let inherent = timestamp(pre.time_ms);
        let raw = inherent.encode();
        execution
            .apply(&raw, Hashing::hash(&raw), inherent)?
            .map_err(|refusal| ExecutorError::Runtime(format!("timestamp: {refusal}")))?;
        let rejected = fill(&mut execution, transactions, budget, started)?;
        let executed = execution.finish()?;
        check_sets(&executed)?;
        Ok(BuiltBlock { executed, rejected })
    }

    /// Whether the body of `block` is the one that its header commits to.
    ///
    /// A header with another body says nothing about the header: whoever judges headers by their
    /// hash checks this before [`Self::verify_block`].
    pub fn has_own_body(&self, block: &Block) -> bool {
        let body = block.extrinsics.iter().map(Encode::encode).collect();
        extrinsics_root(body) == block.header.extrinsics_root
    }

    /// Executes a block on top of the head and compares all of its header.
    ///
    /// The verdict depends on the block and the head alone: no clock, no configuration.
    ///
    /// # Errors
    /// [`VerifyError::Invalid`] when the block breaks a rule, [`VerifyError::NotNext`] when it is
    /// for another height, [`VerifyError::Internal`] when this node cannot tell: stop then.
    pub fn verify_block(&self, block: Block) -> Result<ExecutedBlock, VerifyError> {
        let started = Instant::now();
        let head = self.head();
        let number = block.header.number;
        let mut result = self.execute_given(&head, block);
        let moved = self.head().number;
        if matches!(result, Err(VerifyError::Internal(_))) && moved != head.number {
            // What failed was reading a state that a commit has overtaken.
            result = Err(VerifyError::NotNext { expected: moved + 1, got: number });
        }
        match &result {
            Ok(_) => self.metrics().note_verified(true, started.elapsed()),
            Err(VerifyError::Invalid(_)) => self.metrics().note_verified(false, started.elapsed()),
            Err(_) => {}
        }
        result
    }

    fn execute_given(&self, head: &Head, block: Block) -> Result<ExecutedBlock, VerifyError> {
        let pre = self.check_outside(head, &block)?;
        let raw: Vec<Vec<u8>> = block.extrinsics.iter().map(Encode::encode).collect();
        let length: usize = raw.iter().map(Vec::len).sum();
        if length > BLOCK_LENGTH_MAX as usize {
            let max = BLOCK_LENGTH_MAX as usize;
            return Err(InvalidBlock::TooLong { got: length, max }.into());
        }
        let inherent = timestamp(pre.time_ms);
        let Some((first, transactions)) = raw.split_first() else {
            return Err(InvalidBlock::BadTimestamp.into());
        };
        if *first != inherent.encode() {
            return Err(InvalidBlock::BadTimestamp.into());
        }
        let hashes: Vec<Hash> = raw.iter().map(|raw| Hashing::hash(raw)).collect();
        self.verify_ahead(transactions, &hashes[1..])?;
        let backend = StateBackend::for_block(self.storage(), Some(head.number))?;
        let mut execution = Execution::begin(&backend, head, pre)?;
        let refused = |index| move |refusal| InvalidBlock::Transaction { index, refusal };
        execution.apply(first, hashes[0], inherent)?.map_err(refused(0))?;
        for (index, (raw, hash)) in raw.iter().zip(&hashes).enumerate().skip(1) {
            let decoded = transaction::decode(raw).map_err(refused(index))?;
            execution.apply(raw, *hash, decoded.extrinsic)?.map_err(refused(index))?;
        }
        let executed = execution.finish()?;
        compare(executed.header(), &block.header)?;
        check_sets(&executed)?;
        Ok(executed)
    }

    /// Verifies the signatures of those transactions that were not admitted here, when they are
    /// many.
    fn verify_ahead(&self, transactions: &[Vec<u8>], hashes: &[Hash]) -> Result<(), ExecutorError> {
        let unknown: Vec<&Vec<u8>> = {
            let admitted = self.admitted().lock();
            let known = |hash: &Hash| admitted.contains(hash);
            transactions
                .iter()
                .zip(hashes)
                .filter(|(_, hash)| !known(hash))
                .map(|(raw, _)| raw)
                .collect()
        };
        if unknown.len() < AHEAD_MIN { Ok(()) } else { self.verify_signatures(&unknown) }
    }

    /// What can be said of a block without executing it.
    fn check_outside(&self, head: &Head, block: &Block) -> Result<PreDigest, VerifyError> {
        let header = &block.header;
        let expected = head.number + 1;
        if header.number != expected {
            return Err(VerifyError::NotNext { expected, got: header.number });
        }
        if header.parent_hash != head.hash {
            let (expected, got) = (head.hash, header.parent_hash);
            return Err(InvalidBlock::WrongParent { expected, got }.into());
        }
        let Some(HeaderDigest { pre, .. }) = HeaderDigest::of(header) else {
            return Err(InvalidBlock::BadDigest.into());
        };
        if !self.set_of(expected)?.contains(&pre.proposer) {
            return Err(InvalidBlock::UnknownProposer.into());
        }
        let (time_ms, parent_ms) = (pre.time_ms, time_of(head));
        if time_ms <= parent_ms {
            return Err(InvalidBlock::TimeNotAfterParent { time_ms, parent_ms }.into());
        }
        Ok(pre)
    }

    fn set_of(&self, height: BlockNumber) -> Result<ValidatorSet, ExecutorError> {
        self.validator_set(height)?.ok_or_else(|| {
            ExecutorError::Storage(StorageError::UnknownHeight {
                number: height,
                head: Some(self.head().number),
            })
        })
    }
}

/// Adds transactions until one of the limits is met; returns those that are invalid.
fn fill(
    execution: &mut Execution<'_>,
    transactions: impl Iterator<Item = Arc<[u8]>>,
    budget: BuildBudget,
    started: Instant,
) -> Result<Vec<(Hash, String)>, ExecutorError> {
    let mut rejected = Vec::new();
    let mut bytes_left = budget.bytes_max;
    let mut added = 0;
    let mut misfits = 0;
    for raw in transactions {
        if added >= budget.transactions_max
            || misfits >= MISFITS_MAX
            || started.elapsed() >= budget.time_max
        {
            break;
        }
        if raw.len() > bytes_left {
            misfits += 1;
            continue;
        }
        let hash = Hashing::hash(&raw);
        let verdict = match transaction::decode(&raw) {
            Ok(decoded) => execution.apply(&raw, hash, decoded.extrinsic)?,
            Err(refusal) => Err(refusal),
        };
        match verdict {
            Ok(()) => {
                bytes_left -= raw.len();
                added += 1;
            }
            Err(TransactionRefusal::Invalid(TransactionValidityError::Invalid(
                InvalidTransaction::ExhaustsResources,
            ))) => misfits += 1,
            Err(TransactionRefusal::Invalid(TransactionValidityError::Invalid(
                InvalidTransaction::Future,
            ))) => {}
            Err(refusal) => rejected.push((hash, refusal.to_string())),
        }
    }
    Ok(rejected)
}

fn compare(expected: &Header, got: &Header) -> Result<(), InvalidBlock> {
    let mismatch = |field, expected: String, got: String| {
        Err(InvalidBlock::HeaderMismatch { field, expected, got })
    };
    if expected.extrinsics_root != got.extrinsics_root {
        return mismatch(
            "extrinsics root",
            expected.extrinsics_root.to_string(),
            got.extrinsics_root.to_string(),
        );
    }
    if expected.digest != got.digest {
        return mismatch(
            "digest",
            format!("{:?}", HeaderDigest::of(expected)),
            format!("{:?}", HeaderDigest::of(got)),
        );
    }
    if expected.state_root != got.state_root {
        return mismatch("state root", expected.state_root.to_string(), got.state_root.to_string());
    }
    if expected != got {
        return mismatch("header", expected.hash().to_string(), got.hash().to_string());
    }
    Ok(())
}

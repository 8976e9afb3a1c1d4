//! A development chain that lives block by block, and what its driver remembers of it.

use super::{cast, reached::Reached};
use crate::{
    AccountId, Balances, BlockNumber, Executive, Hash, Header, Moment, Runtime, RuntimeCall,
    RuntimeOrigin, System, Timestamp,
    tests::{PROPOSER, laws},
};
use codec::{DecodeAll, Encode};
use ecoledger_primitives::PreDigest;
use pallet_calendar::{CivilDate, DAY_MS};
use pallet_labels::SeriesId;
use pallet_participants::{AgentsByOrganisation, OrganisationId};
use sp_runtime::{DispatchError, StateVersion, traits::Dispatchable};
use std::collections::BTreeMap;

/// Calls that are remembered, to be made again by others and with other arguments.
const REMEMBERED: usize = 64;

/// A small generator of numbers, the same on every run (SplitMix64).
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// Once in `n` times.
    pub(super) fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of `items`; `None` if there are none.
    pub(super) fn one_of<T: Clone>(&mut self, items: &[T]) -> Option<T> {
        let index = usize::try_from(self.below(items.len() as u64)).unwrap();
        items.get(index).cloned()
    }

    /// A part of `whole`: mostly some of it, at times all, nothing or more than it.
    pub(super) fn part(&mut self, whole: u128) -> u128 {
        match self.below(12) {
            0 => 0,
            1 => whole.saturating_add(1),
            2..=4 => whole,
            _ => whole / u128::from(1 + self.below(6)),
        }
    }
}

/// The chain's driver.
pub(super) struct World {
    pub(super) numbers: Numbers,
    /// How often each call was done and refused.
    pub(super) reached: Reached,
    /// Codes of label series, which the chain knows only the roots of.
    pub(super) leaves: BTreeMap<SeriesId, Vec<Vec<u8>>>,
    /// Names that were given.
    serial: u32,
    now: Moment,
    number: BlockNumber,
    parent: Hash,
    recent: Vec<RuntimeCall>,
    book: laws::Book,
}

impl World {
    /// Before the first block, at 2026-01-05 in China Standard Time.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            numbers: Numbers(seed),
            reached: Reached::default(),
            leaves: BTreeMap::new(),
            serial: 0,
            now: CivilDate::from_ymd(2026, 1, 5).unwrap().start(),
            number: 1,
            parent: Hash::zero(),
            recent: Vec::new(),
            book: laws::Book::default(),
        }
    }

    /// Runs a block in which `steps` happen; afterwards every law holds.
    pub(super) fn block(&mut self, steps: impl FnOnce(&mut Self)) {
        self.number += 1;
        let pre = PreDigest { time_ms: self.now, proposer: PROPOSER.to_raw_public() };
        let root = Default::default();
        let header = Header {
            parent_hash: self.parent,
            number: self.number,
            state_root: root,
            extrinsics_root: root,
            digest: pre.to_digest(),
        };
        Executive::initialize_block(&header);
        Timestamp::set(RuntimeOrigin::none(), self.now).unwrap();
        steps(self);
        self.parent = Executive::finalize_block().hash();
        self.book.post_block();
        if let Err(broken) = laws::check() {
            panic!("block {}: {broken:?}", self.number);
        }
    }

    /// Lets minutes, days or weeks pass until the next block.
    pub(super) fn pass(&mut self) {
        let (n, unit) = match self.numbers.below(20) {
            0..=11 => (1 + self.numbers.below(120), 60_000),
            12..=16 => (1 + self.numbers.below(24), DAY_MS / 24),
            17 | 18 => (1 + self.numbers.below(9), DAY_MS),
            _ => (10 + self.numbers.below(30), DAY_MS),
        };
        self.now += n * unit;
    }

    /// Block time in milliseconds.
    pub(super) fn now(&self) -> Moment {
        self.now
    }

    /// Block time in seconds, in which capacities are counted.
    pub(super) fn seconds(&self) -> u64 {
        self.now / 1_000
    }

    /// The date of block time.
    pub(super) fn today(&self) -> CivilDate {
        CivilDate::from_moment(self.now)
    }

    /// A number that is given once.
    pub(super) fn fresh(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    /// An account that nobody has yet.
    pub(super) fn new_account(&mut self) -> AccountId {
        let n = self.fresh();
        cast::account(&format!("New{n}"))
    }

    /// An agent of an organisation that may act for it; the zero key if there is none.
    pub(super) fn agent(&mut self, organisation: OrganisationId) -> AccountId {
        let agents: Vec<_> =
            AgentsByOrganisation::<Runtime>::iter_key_prefix(organisation).collect();
        self.numbers.one_of(&agents).unwrap_or_else(|| [0; 32].into())
    }

    /// The agent of an organisation with the most free money.
    pub(super) fn rich_agent(&mut self, organisation: OrganisationId) -> AccountId {
        AgentsByOrganisation::<Runtime>::iter_key_prefix(organisation)
            .max_by_key(|who| Balances::free_balance(who))
            .unwrap_or_else(|| [0; 32].into())
    }

    /// Some agent of some organisation.
    fn anyone(&mut self) -> AccountId {
        let end = pallet_participants::NextOrganisationId::<Runtime>::get();
        let organisation = self.numbers.below(end.into()) as OrganisationId;
        self.agent(organisation)
    }

    /// Has an agent of an organisation make a call, and others spoil it first; whether it was
    /// done.
    pub(super) fn by(
        &mut self,
        organisation: OrganisationId,
        call: impl Into<RuntimeCall>,
    ) -> bool {
        let who = self.agent(organisation);
        self.call(&who, call)
    }

    /// Has an agent of an organisation make a call that nobody spoils; whether it was done.
    pub(super) fn must(
        &mut self,
        organisation: OrganisationId,
        call: impl Into<RuntimeCall>,
    ) -> bool {
        let who = self.agent(organisation);
        self.attempt(RuntimeOrigin::signed(who), call.into()).is_ok()
    }

    /// Has an account make a call, and others spoil it first; whether it was done.
    pub(super) fn call(&mut self, who: &AccountId, call: impl Into<RuntimeCall>) -> bool {
        let call = call.into();
        self.spoil(who, &call);
        let done = self.attempt(RuntimeOrigin::signed(who.clone()), call.clone()).is_ok();
        if self.recent.len() < REMEMBERED {
            self.recent.push(call);
        } else {
            let slot = self.numbers.below(REMEMBERED as u64) as usize;
            self.recent[slot] = call;
        }
        done
    }

    /// At times somebody else makes the call, or it is made with another argument; whether that is
    /// allowed does not matter.
    fn spoil(&mut self, who: &AccountId, call: &RuntimeCall) {
        if self.numbers.once_in(8) {
            let other = self.anyone();
            let _ = self.attempt(RuntimeOrigin::signed(other), call.clone());
        }
        if self.numbers.once_in(4)
            && let Some(other) = self.with_another_argument(call)
        {
            let _ = self.attempt(RuntimeOrigin::signed(who.clone()), other);
        }
    }

    /// Somebody makes a call of before again, at times with another argument.
    pub(super) fn repeat(&mut self) {
        let Some(call) = self.numbers.one_of(&self.recent) else { return };
        let who = self.anyone();
        let call = self.with_another_argument(&call).unwrap_or(call);
        let _ = self.attempt(RuntimeOrigin::signed(who), call);
    }

    /// The call with a byte of its arguments changed; `None` if it is no call then.
    fn with_another_argument(&mut self, call: &RuntimeCall) -> Option<RuntimeCall> {
        let mut bytes = call.encode();
        // The first two say which call it is.
        let arguments = bytes.get_mut(2..).filter(|arguments| !arguments.is_empty())?;
        let at = self.numbers.below(arguments.len() as u64) as usize;
        let byte = arguments.get_mut(at)?;
        *byte = match self.numbers.below(4) {
            0 => 0,
            1 => u8::MAX,
            2 => *byte ^ 1,
            _ => self.numbers.next() as u8,
        };
        RuntimeCall::decode_all(&mut bytes.as_slice()).ok()
    }

    /// Makes a call as a block does: it is done whole, or refused and nothing is written.
    pub(super) fn attempt(
        &mut self,
        origin: RuntimeOrigin,
        call: RuntimeCall,
    ) -> Result<(), DispatchError> {
        let before = root();
        match call.clone().dispatch(origin) {
            Ok(_) => {
                self.reached.count(&call, true);
                Ok(())
            }
            Err(refusal) => {
                assert!(
                    root() == before,
                    "block {}: refused by {:?}, but something was written: {call:?}",
                    self.number,
                    refusal.error
                );
                self.reached.count(&call, false);
                Err(refusal.error)
            }
        }
    }
}

/// The state as one digest.
fn root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

/// What happened in the block so far, the latest last.
pub(super) fn events() -> impl DoubleEndedIterator<Item = crate::RuntimeEvent> {
    System::events().into_iter().map(|record| record.event)
}

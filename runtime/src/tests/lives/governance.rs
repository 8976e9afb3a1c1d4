//! The committee and what it governs: its members, validators, calendars; and wrapped calls.

use super::{
    cast::{DOCUMENT, PROVINCE, account, text},
    world::{World, events},
};
use crate::{
    AccountId, Address, Hash, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
    limits::BlockWeights, tests::PROPOSER,
};
use codec::Encode;
use frame_support::weights::Weight;
use pallet_calendar::{CivilDate, Dates, Years};
use pallet_collective::Instance1;
use sp_io::hashing::blake2_256;

type Committee = pallet_collective::Call<Runtime, Instance1>;
type Membership = pallet_membership::Call<Runtime, Instance1>;
type Validators = pallet_validators::Call<Runtime>;
type Utility = pallet_utility::Call<Runtime>;
type Multisig = pallet_multisig::Call<Runtime>;

/// Who signs for the organisation that two persons act for together.
const SIGNERS: [&str; 2] = ["Signer1", "Signer2"];

impl World {
    fn members() -> Vec<AccountId> {
        pallet_collective::Members::<Runtime, Instance1>::get()
    }

    /// Has the committee carry a motion; whether its call was done.
    pub(super) fn motion(&mut self, call: impl Into<RuntimeCall>) -> bool {
        let call = call.into();
        let Some((hash, index)) = self.propose(&call) else { return false };
        let members = Self::members();
        for member in members.iter().take(members.len() * 2 / 3 + 1) {
            let vote = Committee::vote { proposal: hash, index, approve: true };
            let _ = self.attempt(RuntimeOrigin::signed(member.clone()), vote.into());
        }
        self.close(hash, index, &call)
    }

    /// A member proposes a motion; its hash and number.
    fn propose(&mut self, call: &RuntimeCall) -> Option<(Hash, u32)> {
        let members = Self::members();
        let member = self.numbers.one_of(&members)?;
        let index = pallet_collective::ProposalCount::<Runtime, Instance1>::get();
        let propose = Committee::propose {
            threshold: (members.len() as u32 * 2).div_ceil(3),
            proposal: Box::new(call.clone()),
            length_bound: call.encoded_size() as u32,
        };
        self.attempt(RuntimeOrigin::signed(member), propose.into()).ok()?;
        Some((blake2_256(&call.encode()).into(), index))
    }

    /// Closes a motion; whether its call was done.
    fn close(&mut self, hash: Hash, index: u32, call: &RuntimeCall) -> bool {
        let close = Committee::close {
            proposal_hash: hash,
            index,
            proposal_weight_bound: BlockWeights::get().max_block / 2,
            length_bound: call.encoded_size() as u32,
        };
        let members = Self::members();
        let Some(member) = self.numbers.one_of(&members) else { return false };
        if self.attempt(RuntimeOrigin::signed(member), close.into()).is_err() {
            return false;
        }
        let result = events().rev().find_map(|event| match event {
            RuntimeEvent::Committee(pallet_collective::Event::Executed { result, .. }) => {
                Some(result)
            }
            _ => None,
        });
        let done = matches!(result, Some(Ok(())));
        self.reached.count(call, done);
        done
    }

    /// A motion that is not carried: it stays open, and later falls.
    pub(super) fn lose_a_motion(&mut self) {
        let remark = frame_system::Call::remark { remark: self.fresh().encode() };
        let call = RuntimeCall::from(remark);
        let Some((hash, index)) = self.propose(&call) else { return };
        for member in Self::members() {
            let approve = self.numbers.once_in(3);
            let vote = Committee::vote { proposal: hash, index, approve };
            self.call(&member, vote);
        }
        if self.numbers.once_in(2) {
            self.motion(Committee::disapprove_proposal { proposal_hash: hash });
        } else {
            self.close(hash, index, &call);
        }
    }

    /// A member has the committee's least power for one call.
    pub(super) fn execute_alone(&mut self) {
        let remark = RuntimeCall::from(frame_system::Call::remark { remark: vec![1] });
        let length_bound = remark.encoded_size() as u32;
        let execute = Committee::execute { proposal: Box::new(remark), length_bound };
        let members = Self::members();
        if let Some(member) = self.numbers.one_of(&members) {
            self.call(&member, execute);
        }
    }

    /// Another member comes, and goes; the first three stay.
    pub(super) fn change_members(&mut self) {
        let [third, fourth] = ["Charlie", "Dave"].map(|name| Address::Id(account(name)));
        if Self::members().contains(&account("Dave")) {
            self.motion(Membership::remove_member { who: fourth });
        } else if self.numbers.once_in(2) {
            self.motion(Membership::swap_member { remove: third.clone(), add: fourth.clone() });
            self.motion(Membership::swap_member { remove: fourth, add: third });
        } else {
            self.motion(Membership::add_member { who: fourth });
        }
    }

    /// Validators other than the one that proposes, and nodes, come and go.
    pub(super) fn change_validators(&mut self) {
        let own = PROPOSER.to_raw_public();
        let others: Vec<_> = pallet_validators::AfterNextValidators::<Runtime>::get()
            .into_iter()
            .map(|validator| validator.key)
            .filter(|key| *key != own)
            .collect();
        let new = |world: &mut Self| <[u8; 32]>::from(world.new_account());
        let some = self.numbers.one_of(&others);
        match (self.numbers.below(6), some) {
            (0, Some(key)) => {
                self.motion(Validators::remove_validator { key });
            }
            (1, Some(old)) => {
                let new = new(self);
                self.motion(Validators::rotate_validator { old, new });
            }
            (2, Some(key)) => {
                let node_key = new(self);
                self.motion(Validators::replace_node { key, node_key });
            }
            (3, _) => {
                let node_key = new(self);
                self.motion(Validators::permit_node { node_key, label: text("a gateway") });
            }
            (4, _) => {
                let nodes: Vec<_> =
                    pallet_validators::PermittedNodes::<Runtime>::iter_keys().collect();
                if let Some(node_key) = self.numbers.one_of(&nodes) {
                    self.motion(Validators::forbid_node { node_key });
                }
            }
            _ => {
                let (key, node_key) = (new(self), new(self));
                self.motion(Validators::add_validator { key, node_key });
            }
        }
    }

    /// The calendar of the next year without one, or of the next year anew.
    pub(super) fn set_calendar(&mut self) {
        let this_year = self.today().year();
        let year = (this_year..)
            .find(|year| !Years::<Runtime>::contains_key(year))
            .filter(|year| *year <= this_year + 2)
            .unwrap_or(this_year + 1);
        // The first days of October that are no weekend.
        let days_off: Vec<_> = (1..=7)
            .filter_map(|day| CivilDate::from_ymd(year, 10, day))
            .filter(|date| !date.is_weekend())
            .collect();
        self.motion(pallet_calendar::Call::set_year {
            year,
            days_off: days_off.try_into().unwrap(),
            days_worked: Dates::default(),
        });
    }

    /// Calls in one transaction: all or none, as far as they go, each by itself, or one for another.
    pub(super) fn batch(&mut self) {
        let who = self.agent(PROVINCE);
        let remark = |n: u8| RuntimeCall::from(frame_system::Call::remark { remark: vec![n] });
        let bad = RuntimeCall::from(pallet_funds::Call::lift_flag {
            programme: u32::MAX,
            organisation: 0,
            document: DOCUMENT,
        });
        let good = RuntimeCall::from(pallet_funds::Call::open_programme { code: text("2110602") });
        match self.numbers.below(7) {
            0 => self.call(&who, Utility::batch { calls: vec![good, bad, remark(1)] }),
            1 => self.call(&who, Utility::batch_all { calls: vec![good.clone(), remark(2)] }),
            2 => self.call(&who, Utility::batch_all { calls: vec![good, remark(3), bad] }),
            3 => self.call(&who, Utility::force_batch { calls: vec![bad, good, remark(4)] }),
            4 => {
                let (main, fallback) = (Box::new(bad), Box::new(good));
                self.call(&who, Utility::if_else { main, fallback })
            }
            5 => {
                let call = Box::new(remark(5));
                self.call(&who, Utility::as_derivative { index: 1, call })
            }
            // Nobody is Root, however it is asked for.
            _ => {
                let as_origin = Box::new(frame_system::RawOrigin::Root.into());
                let call = Box::new(good);
                assert!(!self.call(&who, Utility::dispatch_as { as_origin, call }));
                true
            }
        };
    }

    /// The account that two signers act through together, and the signers in order.
    pub(super) fn joint_account() -> (AccountId, [AccountId; 2]) {
        let mut signers = SIGNERS.map(account);
        signers.sort();
        (pallet_multisig::Pallet::<Runtime>::multi_account_id(&signers, 2), signers)
    }

    /// Two signers make a call for the province, or one calls it off.
    pub(super) fn sign_together(&mut self) {
        let (_, [first, second]) = Self::joint_account();
        let code = text(&format!("J{}", self.fresh()));
        let call = RuntimeCall::from(pallet_funds::Call::open_programme { code });
        let call_hash = blake2_256(&call.encode());
        let approve = Multisig::approve_as_multi {
            threshold: 2,
            other_signatories: vec![second.clone()],
            maybe_timepoint: None,
            call_hash,
            max_weight: Weight::zero(),
        };
        self.call(&first, approve);
        let (joint, _) = Self::joint_account();
        let pending = pallet_multisig::Multisigs::<Runtime>::get(joint, call_hash);
        let Some(timepoint) = pending.map(|pending| pending.when) else { return };
        if self.numbers.once_in(4) {
            self.call(
                &first,
                Multisig::cancel_as_multi {
                    threshold: 2,
                    other_signatories: vec![second],
                    timepoint,
                    call_hash,
                },
            );
            return;
        }
        self.call(
            &second,
            Multisig::as_multi {
                threshold: 2,
                other_signatories: vec![first],
                maybe_timepoint: Some(timepoint),
                call: Box::new(call),
                max_weight: BlockWeights::get().max_block,
            },
        );
    }

    /// One of two signers suffices.
    pub(super) fn sign_alone(&mut self) {
        let (_, [first, second]) = Self::joint_account();
        let call = Box::new(RuntimeCall::from(frame_system::Call::remark { remark: vec![6] }));
        let other_signatories = vec![second];
        self.call(&first, Multisig::as_multi_threshold_1 { other_signatories, call });
    }
}

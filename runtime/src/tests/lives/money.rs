//! Money issued and redeemed, and money with a purpose under programmes of their own.

use super::{
    cast::{
        AUDITOR, CLEARING, COUNTY, DOCUMENT, FACTORY, GARDEN, MILLION_YUAN, OFFICES, SHOP,
        VILLAGES, text,
    },
    world::World,
};
use crate::{Address, Balances, Runtime};
use pallet_funds::{
    Call as Funds, Controller, Finding, Flags, Holder, Holdings, Part, Parts, ProgrammeId,
    Programmes, TagId, Tags,
};
use pallet_participants::OrganisationId;
use pallet_settlement::{Call as Settlement, RedemptionStatus, Redemptions, RejectReason};

/// A tag with money at an organisation: programme, tag, holder, fen.
type Held = (ProgrammeId, TagId, OrganisationId, u128);

impl World {
    /// Money for the offices, as every life begins.
    pub(super) fn begin_money(&mut self) {
        for office in OFFICES {
            for _ in 0..3 {
                self.issue(office, 100 * MILLION_YUAN);
            }
        }
    }

    fn issue(&mut self, to: OrganisationId, amount_fen: u128) {
        let beneficiary = self.agent(to);
        let external_reference = text(&format!("D{}", self.fresh()));
        let document = DOCUMENT;
        let call =
            Settlement::<Runtime>::issue { beneficiary, amount_fen, external_reference, document };
        self.by(CLEARING, call);
    }

    /// A deposit comes in, or the ceiling of the institution changes.
    pub(super) fn deposit(&mut self) {
        if self.numbers.once_in(8) {
            let ceiling_fen = (600 + u128::from(self.numbers.below(2_000))) * MILLION_YUAN;
            let institution = CLEARING;
            self.motion(Settlement::<Runtime>::set_ceiling { institution, ceiling_fen });
            return;
        }
        let receivers = [OFFICES, [GARDEN, FACTORY, SHOP, COUNTY]].concat();
        let to = self.numbers.one_of(&receivers).unwrap();
        let amount_fen = u128::from(1 + self.numbers.below(1_000_000_000));
        self.issue(to, amount_fen);
    }

    /// Somebody pays somebody.
    pub(super) fn transfer_money(&mut self) {
        let payers = [OFFICES, [VILLAGES[0], VILLAGES[1], GARDEN, SHOP]].concat();
        let from = self.numbers.one_of(&payers).unwrap();
        let to = self.numbers.one_of(&payers).unwrap();
        let (from, to) = (self.rich_agent(from), self.agent(to));
        let value = self.numbers.part(Balances::free_balance(&from) / 16);
        let dest = Address::Id(to);
        match self.numbers.below(3) {
            0 => self.call(&from, pallet_balances::Call::transfer_keep_alive { dest, value }),
            1 => self.call(&from, pallet_balances::Call::transfer_allow_death { dest, value }),
            // What Root may do, nobody may.
            _ => {
                let call = pallet_balances::Call::force_set_balance { who: dest, new_free: value };
                assert!(!self.call(&from, call));
                true
            }
        };
    }

    /// Money is redeemed: asked for, accepted, and paid out or not.
    pub(super) fn redeem(&mut self) {
        let open: Vec<_> =
            Redemptions::<Runtime>::iter().filter(|(_, it)| it.status.is_open()).collect();
        let some = self.numbers.one_of(&open).filter(|_| !self.numbers.once_in(3));
        let Some((id, details)) = some else {
            let holders = [OFFICES, [VILLAGES[0], VILLAGES[1], GARDEN, SHOP]].concat();
            let holder = self.numbers.one_of(&holders).unwrap();
            let who = self.rich_agent(holder);
            let amount_fen = self.numbers.part(Balances::free_balance(&who) / 8);
            let (institution, payee_account) = (CLEARING, DOCUMENT);
            self.call(
                &who,
                Settlement::<Runtime>::request_redemption {
                    institution,
                    amount_fen,
                    payee_account,
                },
            );
            return;
        };
        match self.numbers.below(6) {
            0 if details.status == RedemptionStatus::Requested => {
                self.call(&details.holder, Settlement::<Runtime>::cancel_redemption { id });
            }
            1 => {
                let reason = RejectReason::PaymentFailed;
                self.by(CLEARING, Settlement::<Runtime>::reject_redemption { id, reason });
            }
            2 if details.status == RedemptionStatus::Requested => {
                self.by(CLEARING, Settlement::<Runtime>::accept_redemption { id });
            }
            3 if self.numbers.once_in(4) => {
                let reason = RejectReason::InstitutionInactive;
                self.motion(Settlement::<Runtime>::reject_redemption { id, reason });
            }
            _ => {
                let external_reference = text(&format!("P{}", self.fresh()));
                let call = Settlement::<Runtime>::confirm_redemption { id, external_reference };
                self.by(CLEARING, call);
            }
        }
    }

    /// A programme of an office's own, and its purposes.
    pub(super) fn open_purpose(&mut self) {
        let own: Vec<_> = Programmes::<Runtime>::iter()
            .filter(|(_, it)| it.controller == Controller::Managers)
            .map(|(id, it)| (id, it.managers[0]))
            .collect();
        let some = self.numbers.one_of(&own).filter(|_| !self.numbers.once_in(6));
        let Some((programme, manager)) = some else {
            let office = self.numbers.one_of(&OFFICES).unwrap();
            self.by(office, Funds::<Runtime>::open_programme { code: text("2110602") });
            return;
        };
        let tag = self.numbers.below(4) as TagId;
        let ceiling_fen = u128::from(self.numbers.below(2_000_000_000));
        if Tags::<Runtime>::contains_key((programme, tag)) {
            self.by(manager, Funds::<Runtime>::set_ceiling { programme, tag, ceiling_fen });
        } else {
            let code = text("2110602");
            let call = Funds::<Runtime>::open_tag { programme, tag, code, ceiling_fen };
            self.by(manager, call);
        }
    }

    /// An office says who passes money on and who is paid.
    pub(super) fn name_parts(&mut self) {
        let all: Vec<_> = Programmes::<Runtime>::iter().collect();
        let Some((programme, details)) = self.numbers.one_of(&all) else { return };
        let parts: Vec<_> = Parts::<Runtime>::iter_prefix(programme).collect();
        let by = match self.numbers.one_of(&parts) {
            Some((id, Part::Intermediary)) if self.numbers.once_in(2) => id,
            _ => details.managers[0],
        };
        let (organisation, part) = match self.numbers.below(5) {
            0 => (self.numbers.one_of(&OFFICES).unwrap(), Some(Part::Intermediary)),
            1 if self.numbers.once_in(4) => (VILLAGES[0], None),
            _ => (self.numbers.one_of(&VILLAGES).unwrap(), Some(Part::Payee)),
        };
        self.by(by, Funds::<Runtime>::set_part { programme, organisation, part });
    }

    /// An office binds its free money to a purpose of its own programme.
    pub(super) fn appropriate_own(&mut self) {
        let own: Vec<_> = Tags::<Runtime>::iter()
            .filter(|(tag, _)| {
                Programmes::<Runtime>::get(tag.0)
                    .is_some_and(|it| it.controller == Controller::Managers)
            })
            .collect();
        let Some(((programme, tag), details)) = self.numbers.one_of(&own) else { return };
        let net_fen = details.appropriated_fen - details.clawed_back_fen;
        let amount_fen = self.numbers.part((details.ceiling_fen - net_fen) / 3);
        let (document, who) = (DOCUMENT, self.rich_agent(details.source));
        let call = Funds::<Runtime>::appropriate { programme, tag, amount_fen, document };
        self.call(&who, call);
    }

    fn held(&mut self) -> Option<Held> {
        let held: Vec<Held> = Holdings::<Runtime>::iter()
            .filter(|(_, _, holding)| holding.balance_fen > 0)
            .filter_map(|((programme, tag), holder, holding)| match holder {
                Holder::Organisation(id) => Some((programme, tag, id, holding.balance_fen)),
                Holder::Escrow => None,
            })
            .collect();
        self.numbers.one_of(&held)
    }

    /// Who has a part of a programme; one of others if nobody has.
    fn part_of(
        &mut self,
        programme: ProgrammeId,
        part: Part,
        others: &[OrganisationId],
    ) -> OrganisationId {
        let named: Vec<_> = Parts::<Runtime>::iter_prefix(programme)
            .filter(|(_, it)| *it == part)
            .map(|(id, _)| id)
            .collect();
        self.numbers.one_of(if named.is_empty() { others } else { &named }).unwrap()
    }

    /// Money with a purpose is passed on, paid, or taken back.
    pub(super) fn move_purpose_money(&mut self) {
        let Some((programme, tag, holder, balance_fen)) = self.held() else { return };
        let (amount_fen, document) = (self.numbers.part(balance_fen), DOCUMENT);
        match self.numbers.below(6) {
            0 | 1 => {
                let others: Vec<_> = OFFICES.into_iter().filter(|id| *id != holder).collect();
                let to = self.part_of(programme, Part::Intermediary, &others);
                let call = Funds::<Runtime>::transfer { programme, tag, to, amount_fen, document };
                self.by(holder, call);
            }
            2 => {
                let source = Tags::<Runtime>::get((programme, tag)).map_or(0, |it| it.source);
                let from = holder;
                let call =
                    Funds::<Runtime>::claw_back { programme, tag, from, amount_fen, document };
                self.by(source, call);
            }
            _ => {
                let payee = self.part_of(programme, Part::Payee, &VILLAGES);
                let to = self.agent(payee);
                let call = Funds::<Runtime>::pay { programme, tag, to, amount_fen, document };
                self.by(holder, call);
            }
        }
    }

    /// An auditor stops an organisation in a programme, or lets it go on.
    pub(super) fn audit(&mut self) {
        let flags: Vec<_> = Flags::<Runtime>::iter().collect();
        let document = DOCUMENT;
        if let Some((programme, organisation, _)) = self.numbers.one_of(&flags)
            && !self.numbers.once_in(3)
        {
            self.by(AUDITOR, Funds::<Runtime>::lift_flag { programme, organisation, document });
            return;
        }
        let Some((programme, _, organisation, _)) = self.held() else { return };
        let finding = Finding::Arrears;
        self.by(AUDITOR, Funds::<Runtime>::flag { programme, organisation, finding, document });
    }
}

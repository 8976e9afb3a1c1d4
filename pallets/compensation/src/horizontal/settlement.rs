//! Settlements: computing, confirming, deciding, paying.

use super::{
    formula,
    functions::{all, bit},
    types::{
        AgreementDetails, AgreementId, LEGS_MAX, Leg, Legs, SettlementDetails, SettlementStatus,
        Trace,
    },
};
use crate::{
    Commitment, Config, Digest, Due, DueKey, Dues, Error, Event, Fen, Incidents, Pallet,
    Settlements,
};
use codec::Encode;
use frame_support::{BoundedVec, ensure, pallet_prelude::*};
use pallet_calendar::{Calendar, CivilDate};
use pallet_funds::{Holder, PurposeFunds, TagId, TagKey};
use sp_io::hashing::sha2_256;

/// Payments as a superior decides them: indices of payer and payee, and how much in fen.
pub type DecidedLegs = BoundedVec<(u8, u8, Fen), ConstU32<LEGS_MAX>>;

impl<T: Config> Pallet<T> {
    fn settlement_of(id: AgreementId, year: u16) -> Result<SettlementDetails, Error<T>> {
        Settlements::<T>::get(id, year).ok_or(Error::<T>::NotComputed)
    }

    /// The tag of what a party pays in for a year: the year times ten, plus its index.
    pub(crate) fn escrow_tag(
        details: &AgreementDetails,
        year: u16,
        party: u8,
    ) -> Result<TagKey, Error<T>> {
        let programme = details.programme.ok_or(Error::<T>::AgreementNotInForce)?;
        let tag = TagId::from(year).saturating_mul(10).saturating_add(party.into());
        Ok((programme, tag))
    }

    /// Version, hash of the results, trace and payments of a year: a pure function of what is
    /// recorded.
    ///
    /// # Errors
    /// [`Error::YearMismatch`], those of [`Self::annual_means`] and of the formula.
    pub(crate) fn outcome(
        id: AgreementId,
        details: &AgreementDetails,
        year: u16,
    ) -> Result<(u32, Digest, Trace, Legs), Error<T>> {
        let (version, rules) = Self::rules_of(id, details, year)?;
        let means = Self::annual_means(id, &rules, year)?;
        let before = Self::means_before(id, &rules, year)?;
        let incidents = Incidents::<T>::get(id, year).unwrap_or_default();
        let (trace, legs) =
            formula::settle(&rules, &means, &before, incidents).map_err(Error::<T>::from)?;
        let results_hash = sha2_256(&(means, before, incidents).encode());
        Ok((version, results_hash, trace, legs))
    }

    /// Computes the settlement of a year that is over.
    ///
    /// # Errors
    /// Those of [`Self::agreement_in_force`]; the caller is neither party nor superior;
    /// [`Error::YearMismatch`], [`Error::YearNotOver`], [`Error::SettlementFinal`], and those of
    /// [`Self::outcome`].
    pub(crate) fn do_compute_settlement(
        agent: &T::AccountId,
        id: AgreementId,
        year: u16,
    ) -> DispatchResult {
        let details = Self::agreement_in_force(id)?;
        Self::party_of(agent, &details.terms)
            .map(|_| ())
            .or_else(|error| Self::ensure_superior(agent, &details.terms).map_err(|_| error))?;
        Self::rules_of(id, &details, year)?;
        Self::ensure_year_over(year)?;
        Self::ensure_year_open(id, year)?;
        let (version, results_hash, trace, legs) = Self::outcome(id, &details, year)?;
        let settlement = SettlementDetails {
            version,
            results_hash,
            trace: trace.clone(),
            legs: legs.clone(),
            status: SettlementStatus::Computed { confirmed: 0 },
            due_at: None,
        };
        Settlements::<T>::insert(id, year, settlement);
        Self::deposit_event(Event::SettlementComputed {
            agreement: id,
            year,
            version,
            results_hash,
            trace,
            legs,
        });
        Ok(())
    }

    fn ensure_year_over(year: u16) -> Result<(), Error<T>> {
        let over = CivilDate::from_ymd(year.saturating_add(1), 1, 1)
            .is_some_and(|day| day.start() <= Self::now());
        ensure!(over, Error::<T>::YearNotOver);
        Ok(())
    }

    /// Confirms a computed settlement for the caller's government; with the last confirmation,
    /// payment falls due.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotComputed`],
    /// [`Error::SettlementDisputed`], [`Error::SettlementFinal`], [`Error::AlreadySigned`],
    /// [`Error::HashMismatch`], those of [`Self::party_of`] and of the calendar.
    pub(crate) fn do_confirm_settlement(
        agent: &T::AccountId,
        id: AgreementId,
        year: u16,
        results_hash: Digest,
    ) -> DispatchResult {
        let details = Self::agreement_in_force(id)?;
        let party = Self::party_of(agent, &details.terms)?;
        let mut settlement = Self::settlement_of(id, year)?;
        let confirmed = match settlement.status {
            SettlementStatus::Computed { confirmed } => confirmed,
            SettlementStatus::Disputed => return Err(Error::<T>::SettlementDisputed.into()),
            _ => return Err(Error::<T>::SettlementFinal.into()),
        };
        // Another computation may have come in between.
        ensure!(settlement.results_hash == results_hash, Error::<T>::HashMismatch);
        ensure!(confirmed & bit(party) == 0, Error::<T>::AlreadySigned);
        let confirmed = confirmed | bit(party);
        Self::deposit_event(Event::SettlementConfirmed { agreement: id, year, party });
        if confirmed == all(&details.terms) {
            settlement.status = SettlementStatus::Confirmed;
            return Self::fall_due(id, &details, year, settlement);
        }
        settlement.status = SettlementStatus::Computed { confirmed };
        Settlements::<T>::insert(id, year, settlement);
        Ok(())
    }

    /// Starts the term of payment; what has no payments is paid.
    fn fall_due(
        id: AgreementId,
        details: &AgreementDetails,
        year: u16,
        mut settlement: SettlementDetails,
    ) -> DispatchResult {
        let due_at = T::Calendar::due(Self::now(), details.terms.pay_term)?;
        settlement.due_at = Some(due_at);
        for (n, leg) in (0u8..).zip(&settlement.legs) {
            let due = Due {
                debtor: Self::party(&details.terms, leg.payer)?,
                creditor: Self::party(&details.terms, leg.payee)?,
                open_fen: leg.amount_fen,
                due_at,
            };
            Dues::<T>::insert(DueKey::Settlement { agreement: id, year, leg: n }, due);
        }
        if settlement.legs.is_empty() {
            settlement.status = SettlementStatus::Paid;
        }
        Self::deposit_event(Event::SettlementFellDue { agreement: id, year, due_at });
        Settlements::<T>::insert(id, year, settlement);
        Ok(())
    }

    /// Disputes a computed settlement for the caller's government.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::CommitmentMissing`],
    /// [`Error::NotComputed`], [`Error::SettlementDisputed`], [`Error::SettlementFinal`], and
    /// those of [`Self::party_of`].
    pub(crate) fn do_dispute_settlement(
        agent: &T::AccountId,
        id: AgreementId,
        year: u16,
        document: Commitment,
    ) -> DispatchResult {
        let details = Self::agreement_in_force(id)?;
        let party = Self::party_of(agent, &details.terms)?;
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        let mut settlement = Self::settlement_of(id, year)?;
        Self::ensure_year_open(id, year)?;
        let disputed = settlement.status == SettlementStatus::Disputed;
        ensure!(!disputed, Error::<T>::SettlementDisputed);
        settlement.status = SettlementStatus::Disputed;
        Settlements::<T>::insert(id, year, settlement);
        Self::deposit_event(Event::SettlementDisputed { agreement: id, year, party, document });
        Ok(())
    }

    /// Decides a dispute, or a year that has too few samples, bindingly.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::CommitmentMissing`],
    /// [`Error::YearMismatch`], [`Error::YearNotOver`], [`Error::SettlementFinal`],
    /// [`Error::NothingToDecide`], [`Error::PayerIsPayee`], [`Error::NotAParty`],
    /// [`Error::AmountZero`], [`Error::CapExceeded`], those of [`Self::ensure_superior`] and of
    /// the calendar.
    pub(crate) fn do_decide_settlement(
        agent: &T::AccountId,
        id: AgreementId,
        year: u16,
        decided: DecidedLegs,
        document: Commitment,
    ) -> DispatchResult {
        let details = Self::agreement_in_force(id)?;
        Self::ensure_superior(agent, &details.terms)?;
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        let (version, rules) = Self::rules_of(id, &details, year)?;
        Self::ensure_year_over(year)?;
        Self::ensure_year_open(id, year)?;
        let before = Settlements::<T>::get(id, year);
        let disputed = before.as_ref().is_some_and(|it| it.status == SettlementStatus::Disputed);
        let arbitrated = || {
            let means = Self::annual_means(id, &rules, year);
            matches!(means, Err(Error::<T>::TooManyMonthsMissing | Error::<T>::SampleInDispute))
        };
        ensure!(disputed || arbitrated(), Error::<T>::NothingToDecide);
        let mut total_fen: Fen = 0;
        for (payer, payee, fen) in &decided {
            ensure!(payer != payee, Error::<T>::PayerIsPayee);
            Self::party(&details.terms, *payer)?;
            Self::party(&details.terms, *payee)?;
            ensure!(*fen > 0, Error::<T>::AmountZero);
            total_fen = total_fen.checked_add(*fen).ok_or(Error::<T>::CapExceeded)?;
        }
        ensure!(total_fen <= details.terms.cap_fen, Error::<T>::CapExceeded);

        let legs: Legs = BoundedVec::truncate_from(
            decided
                .iter()
                .map(|(payer, payee, amount_fen)| Leg {
                    payer: *payer,
                    payee: *payee,
                    amount_fen: *amount_fen,
                    paid_fen: 0,
                })
                .collect(),
        );
        let settlement = SettlementDetails {
            version,
            results_hash: before.map_or(Digest::default(), |it| it.results_hash),
            trace: Trace::Decision,
            legs: legs.clone(),
            status: SettlementStatus::Decided,
            due_at: None,
        };
        Self::deposit_event(Event::SettlementDecided { agreement: id, year, legs, document });
        Self::fall_due(id, &details, year, settlement)
    }

    /// Pays free money of the caller into the escrow of its government's party for a year.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::YearMismatch`], those
    /// of [`Self::party_of`] and of the funds.
    pub(crate) fn do_pay_in(
        agent: &T::AccountId,
        id: AgreementId,
        year: u16,
        amount_fen: Fen,
        document: Commitment,
    ) -> DispatchResult {
        let details = Self::agreement_in_force(id)?;
        let party = Self::party_of(agent, &details.terms)?;
        Self::rules_of(id, &details, year)?;
        let tag = Self::escrow_tag(&details, year, party)?;
        if T::Funds::tag(tag).is_none() {
            let source = Self::party(&details.terms, party)?;
            let code = details.terms.code.clone();
            T::Funds::open_tag(tag, source, code, details.terms.cap_fen)?;
        }
        T::Funds::appropriate(tag, agent, Holder::Escrow, amount_fen, document)?;
        Self::deposit_event(Event::PaidIn { agreement: id, year, party, amount_fen });
        Ok(())
    }

    /// Pays from the payer's escrow to the payee, where it stays bound to its purpose.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotComputed`],
    /// [`Error::NotConfirmed`], [`Error::LegUnknown`], [`Error::NotPayerOrPayee`],
    /// [`Error::LegExceeded`], those of [`Self::party_of`] and of the funds.
    pub(crate) fn do_pay_settlement(
        agent: &T::AccountId,
        id: AgreementId,
        year: u16,
        leg: u8,
        amount_fen: Fen,
        document: Commitment,
    ) -> DispatchResult {
        let details = Self::agreement_in_force(id)?;
        let party = Self::party_of(agent, &details.terms)?;
        let mut settlement = Self::settlement_of(id, year)?;
        let payable =
            matches!(settlement.status, SettlementStatus::Confirmed | SettlementStatus::Decided);
        ensure!(payable, Error::<T>::NotConfirmed);
        let of = settlement.legs.get_mut(usize::from(leg)).ok_or(Error::<T>::LegUnknown)?;
        ensure!(party == of.payer || party == of.payee, Error::<T>::NotPayerOrPayee);
        of.paid_fen = of
            .paid_fen
            .checked_add(amount_fen)
            .filter(|fen| *fen <= of.amount_fen)
            .ok_or(Error::<T>::LegExceeded)?;
        let tag = Self::escrow_tag(&details, year, of.payer)?;
        let to = Holder::Organisation(Self::party(&details.terms, of.payee)?);
        T::Funds::transfer(tag, Holder::Escrow, to, amount_fen, document)?;
        let late = Self::settle_due(DueKey::Settlement { agreement: id, year, leg }, amount_fen);
        if settlement.legs.iter().all(|leg| leg.paid_fen == leg.amount_fen) {
            settlement.status = SettlementStatus::Paid;
        }
        Settlements::<T>::insert(id, year, settlement);
        Self::deposit_event(Event::SettlementPaid { agreement: id, year, leg, amount_fen, late });
        Ok(())
    }

    /// Gives a party back what is left of its escrow once the year is settled.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotComputed`],
    /// [`Error::NotSettled`], those of [`Self::party_of`] and of the funds.
    pub(crate) fn do_return_escrow(
        agent: &T::AccountId,
        id: AgreementId,
        year: u16,
        amount_fen: Fen,
        document: Commitment,
    ) -> DispatchResult {
        let details = Self::agreement_in_force(id)?;
        let party = Self::party_of(agent, &details.terms)?;
        let settlement = Self::settlement_of(id, year)?;
        ensure!(settlement.status == SettlementStatus::Paid, Error::<T>::NotSettled);
        let tag = Self::escrow_tag(&details, year, party)?;
        T::Funds::claw_back(tag, Holder::Escrow, agent, amount_fen, document)?;
        Self::deposit_event(Event::EscrowReturned { agreement: id, year, party, amount_fen });
        Ok(())
    }
}

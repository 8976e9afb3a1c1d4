//! Deliberate breaks of a chain that has lived, each of which a law sees.

use super::{laws, lives};
use crate::{
    AccountId, Balances, Brands, Calendar, Certification, Compensation, Funds, Labels,
    Participants, Runtime, Settlement, System, Traceability, Validators,
};
use frame_support::{
    storage::with_transaction,
    traits::{Hooks, fungible::MutateHold, tokens::Precision},
};
use pallet_brands::{LicencesById, Usages};
use pallet_certification::{CertificateState, Certificates, SoldFromBatches};
use pallet_compensation::{Allocations, DueKey, Dues, SettlementStatus, Settlements};
use pallet_funds::{Holder, Holdings, MovementKind, Movements, Tags};
use pallet_labels::{Series, SeriesState};
use pallet_settlement::{Institutions, Redemptions};
use pallet_traceability::{Batches, Claim, Derivations, Places};
use sp_runtime::{DispatchError, TransactionOutcome, TryRuntimeError};

/// A number that no record has.
const NOBODY: u32 = 9_999;

/// What is broken, how, and the sentence of the law that sees it.
type Break = (&'static str, fn(), &'static str);

/// The first law that a pallet of this chain says is broken.
fn broken_law() -> Option<&'static str> {
    let now = System::block_number();
    let found = [
        Participants::try_state(now),
        Validators::try_state(now),
        Settlement::try_state(now),
        Calendar::try_state(now),
        Traceability::try_state(now),
        Certification::try_state(now),
        Brands::try_state(now),
        Labels::try_state(now),
        Funds::try_state(now),
        Compensation::try_state(now),
        laws::check(),
    ];
    found.into_iter().find_map(Result::err).map(|error| match error {
        TryRuntimeError::Other(sentence) => sentence,
        _ => "another error",
    })
}

/// The key of the first record that is as wanted.
macro_rules! key_of {
    ($records:expr, $wanted:expr) => {
        $records.find($wanted).expect("the chain has lived long enough").0
    };
}

/// Changes the record of a batch that is as wanted.
fn change_batch(
    is_wanted: impl Fn(&pallet_traceability::BatchDetails) -> bool,
    change: impl FnOnce(&mut pallet_traceability::BatchDetails),
) {
    let id = key_of!(Batches::<Runtime>::iter(), |(_, it)| is_wanted(it));
    Batches::<Runtime>::mutate(id, |it| change(it.as_mut().unwrap()));
}

/// Changes the first certificate that is as wanted.
fn change_certificate(
    is_wanted: impl Fn(&pallet_certification::Certificate) -> bool,
    change: impl FnOnce(&mut pallet_certification::Certificate),
) {
    let id = key_of!(Certificates::<Runtime>::iter(), |(_, it)| is_wanted(it));
    Certificates::<Runtime>::mutate(id, |it| change(it.as_mut().unwrap()));
}

/// Changes the first label series that counts and is as wanted.
fn change_series(
    is_wanted: impl Fn(&pallet_labels::SeriesDetails) -> bool,
    change: impl FnOnce(&mut pallet_labels::SeriesDetails),
) {
    let id = key_of!(Series::<Runtime>::iter(), |(_, it)| it.state != SeriesState::Void
        && is_wanted(it));
    Series::<Runtime>::mutate(id, |it| change(it.as_mut().unwrap()));
}

/// A tag under which an organisation holds money in lots.
fn held_tag() -> (pallet_funds::TagKey, Holder) {
    Holdings::<Runtime>::iter()
        .find(|(_, holder, it)| it.balance_fen > 0 && *holder != Holder::Escrow)
        .map(|(tag, holder, _)| (tag, holder))
        .expect("the chain has lived long enough")
}

/// A payment of a settlement that is still due, and its settlement.
fn open_leg() -> (DueKey, u32, u16, usize) {
    Dues::<Runtime>::iter_keys()
        .find_map(|key| match key {
            DueKey::Settlement { agreement, year, leg } => {
                Some((key, agreement, year, usize::from(leg)))
            }
            DueKey::Allocation { .. } => None,
        })
        .expect("the chain has lived long enough")
}

/// A share that is still due.
fn open_share() -> DueKey {
    Dues::<Runtime>::iter_keys()
        .find(|key| matches!(key, DueKey::Allocation { .. }))
        .expect("the chain has lived long enough")
}

const BATCHES: &[Break] = &[
    (
        "a gram more in a batch",
        || change_batch(|it| it.stage.is_available(), |it| it.quantities.on_hand += 1_000),
        "units of a batch do not add up",
    ),
    (
        "a batch that lost to another what no derivation took",
        || {
            change_batch(
                |it| it.quantities.on_hand > 1,
                |it| {
                    it.quantities.on_hand -= 1;
                    it.quantities.consumed += 1;
                },
            );
        },
        "units consumed do not agree with the derivations",
    ),
    (
        "a derivation that loses less than it did",
        || {
            let id = key_of!(Derivations::<Runtime>::iter(), |(_, it)| it.loss > 0);
            Derivations::<Runtime>::mutate(id, |it| it.as_mut().unwrap().loss -= 1);
        },
        "a derivation does not balance",
    ),
    (
        "a batch at nobody",
        || change_batch(|it| it.unit.is_none(), |it| it.holder = NOBODY),
        "batch of no organisation",
    ),
    (
        "a batch from another base",
        || {
            change_batch(
                |it| it.formed_by.is_some() && it.origins[0] > 0,
                |it| it.origins = vec![0].try_into().unwrap(),
            );
        },
        "origins are not the union",
    ),
    (
        "a batch that carries a certificate of nobody",
        || {
            change_batch(
                |it| it.formed_by.is_none() && it.stage.is_available(),
                |it| {
                    let claim = Claim { certificate: NOBODY, made_while_suspended: false };
                    it.claims.try_push(claim).unwrap();
                },
            );
        },
        "a claim is not what the certificate's status was when the batch was made",
    ),
    (
        "a batch that carries a certificate from before its issue",
        || {
            change_batch(
                |it| it.formed_by.is_none() && !it.claims.is_empty(),
                |it| it.produced_at = 1,
            );
        },
        "a claim is not what the certificate's status was when the batch was made",
    ),
    (
        "a batch that says it was made while its certificate was suspended",
        || {
            change_batch(
                |it| it.formed_by.is_none() && !it.claims.is_empty(),
                |it| it.claims[0].made_while_suspended ^= true,
            );
        },
        "a claim is not what the certificate's status was when the batch was made",
    ),
];

const CERTIFICATES: &[Break] = &[
    (
        "a certificate in force again, without a change of its status",
        || {
            change_certificate(
                |it| it.state != CertificateState::InForce,
                |it| it.state = CertificateState::InForce,
            );
        },
        "5: the state is the last change",
    ),
    (
        "a certificate that was issued just now",
        || {
            let carried: Vec<_> = Batches::<Runtime>::iter_values()
                .filter(|it| it.formed_by.is_none())
                .flat_map(|it| it.claims.into_iter().map(|claim| claim.certificate))
                .collect();
            let id = *carried.first().expect("the chain has lived long enough");
            Certificates::<Runtime>::mutate(id, |it| it.as_mut().unwrap().issued_at = u64::MAX);
        },
        "a claim is not what the certificate's status was when the batch was made",
    ),
    (
        "marks that nobody has",
        || {
            change_certificate(
                |it| it.products[0].drawn < it.products[0].quantity,
                |it| it.products[0].drawn += 1,
            );
        },
        "draws on a certificate are not those of its series",
    ),
    (
        "more sold of a batch than it has",
        || {
            let (id, batch) = pallet_certification::TransactionCertificates::<Runtime>::iter()
                .find(|(_, it)| it.voided_at.is_none())
                .map(|(id, it)| (id, it.batch))
                .expect("the chain has lived long enough");
            let more = 1_000_000_000_000;
            pallet_certification::TransactionCertificates::<Runtime>::mutate(id, |it| {
                let it = it.as_mut().unwrap();
                it.quantity += more;
                Certificates::<Runtime>::mutate(it.certificate, |of| {
                    let gtin = it.gtin;
                    let products = &mut of.as_mut().unwrap().products;
                    let of = products.iter_mut().find(|of| of.gtin == gtin).unwrap();
                    of.sold += more;
                    of.quantity += more;
                });
            });
            SoldFromBatches::<Runtime>::mutate(batch, |sold| *sold += more);
        },
        "2: no more of a batch is sold than it has",
    ),
    (
        "a certified base of somebody else",
        || {
            let base = Certificates::<Runtime>::iter_values().next().unwrap().bases[0];
            Places::<Runtime>::mutate(base, |it| it.as_mut().unwrap().owner = NOBODY);
        },
        "6: a certified base is the holder's",
    ),
];

const LABELS: &[Break] = &[
    (
        "more labelled than the quota",
        || {
            let key = key_of!(Usages::<Runtime>::iter(), |(_, it)| it.series > 0);
            Usages::<Runtime>::mutate(key, |it| it.series = u128::MAX / 2);
        },
        "more is labelled than the quota",
    ),
    (
        "a labelled count that no series has",
        || {
            let key = key_of!(Usages::<Runtime>::iter(), |(_, it)| it.series > 1);
            Usages::<Runtime>::mutate(key, |it| it.series -= 1);
        },
        "draws on a licence are not those of its series",
    ),
    (
        "a draw on a quota of another year",
        || {
            let (id, gtin, period) = key_of!(Usages::<Runtime>::iter(), |(_, it)| it.total()
                == Some(0)
                || it.series > 0);
            Usages::<Runtime>::mutate((id, gtin, period + 50), |it| it.series = 1);
        },
        "draw on a licence without series",
    ),
    (
        "a series without the licence that it drew on",
        || change_series(|it| it.licence.is_some(), |it| it.licence = None),
        "draw on a licence without series",
    ),
    (
        "a series without the certificate that it drew on",
        || change_series(|it| it.certificate.is_some(), |it| it.certificate = None),
        "draws on a certificate are not those of its series",
    ),
    (
        "a series of a certificate that its batch does not carry",
        || change_series(|it| it.certificate.is_some(), |it| it.certificate = Some(NOBODY)),
        "labels of a certificate that the batch does not carry",
    ),
    (
        "a series for other bases than its licence has",
        || {
            let batch = Series::<Runtime>::iter_values()
                .find(|it| it.licence.is_some())
                .expect("the chain has lived long enough")
                .licence
                .unwrap();
            LicencesById::<Runtime>::mutate(batch, |it| {
                it.as_mut().unwrap().bases = vec![0].try_into().unwrap();
            });
        },
        "licence for bases of another",
    ),
    (
        "a licence on a certificate of nobody",
        || {
            let id = key_of!(LicencesById::<Runtime>::iter(), |_| true);
            LicencesById::<Runtime>::mutate(id, |it| {
                it.as_mut().unwrap().certificate = Some(NOBODY);
            });
        },
        "licence on a certificate that does not exist",
    ),
    (
        "more codes than pieces",
        || {
            let batch = Series::<Runtime>::iter_values()
                .find(|it| it.state != SeriesState::Void)
                .expect("the chain has lived long enough")
                .batch;
            pallet_labels::Labelled::<Runtime>::mutate(batch, |it| it.n_pieces += 1);
        },
        "count of labelled pieces is wrong",
    ),
];

const MONEY: &[Break] = &[
    (
        "a fen from nowhere",
        || {
            let someone =
                key_of!(frame_system::Account::<Runtime>::iter(), |(_, it)| it.data.free > 0);
            frame_system::Account::<Runtime>::mutate(someone, |it| it.data.free += 1);
        },
        "all money is in accounts",
    ),
    (
        "a fen less issued in all",
        || pallet_balances::TotalIssuance::<Runtime>::mutate(|fen| *fen -= 1),
        "1: money is conserved",
    ),
    (
        "an issue that nobody posted",
        || {
            let id = key_of!(Institutions::<Runtime>::iter(), |_| true);
            Institutions::<Runtime>::mutate(id, |it| it.as_mut().unwrap().issued_fen += 1);
            pallet_balances::TotalIssuance::<Runtime>::mutate(|fen| *fen += 1);
        },
        "2: totals are the sums of postings",
    ),
    (
        "a redemption of more than is on hold",
        || {
            let id = key_of!(Redemptions::<Runtime>::iter(), |(_, it)| it.status.is_open());
            Redemptions::<Runtime>::mutate(id, |it| it.as_mut().unwrap().amount_fen += 1);
        },
        "4: the open list has the open redemptions",
    ),
    (
        "purpose-bound money that became free",
        || {
            let (tag, _) = held_tag();
            let account: AccountId = Funds::tag_account(tag);
            Balances::release(&laws::PURPOSE, &account, 1, Precision::Exact).unwrap();
        },
        "1: what is held is on hold",
    ),
    (
        "a lot of another holder",
        || {
            let (tag, holder) = held_tag();
            let lot = Holdings::<Runtime>::get(tag, holder).lots[0];
            Movements::<Runtime>::mutate(lot, |it| {
                let to = Holder::Organisation(NOBODY);
                let it = it.as_mut().unwrap();
                it.kind = match it.kind.clone() {
                    MovementKind::Appropriation { from, .. } => {
                        MovementKind::Appropriation { from, to }
                    }
                    MovementKind::Transfer { from, .. } => MovementKind::Transfer { from, to },
                    other => other,
                };
            });
        },
        "2: a holding's totals are the sums of its movements",
    ),
    (
        "a holder with a fen more than its lots",
        || {
            let (tag, holder) = held_tag();
            Holdings::<Runtime>::mutate(tag, holder, |it| it.balance_fen += 1);
        },
        "3: a balance is what lots have left",
    ),
    (
        "a purpose that more was paid for than left it",
        || {
            let (tag, _) = held_tag();
            Tags::<Runtime>::mutate(tag, |it| it.as_mut().unwrap().paid_fen += 1);
        },
        "2: a tag's totals are the sums of its movements",
    ),
];

const COMPENSATION: &[Break] = &[
    (
        "a share that is hidden from the arrears",
        || Dues::<Runtime>::remove(open_share()),
        "4: what is not paid is due",
    ),
    (
        "a share that is due from somebody else",
        || Dues::<Runtime>::mutate(open_share(), |it| it.as_mut().unwrap().debtor = NOBODY),
        "4: it is due from who owes it to whom",
    ),
    (
        "a share that is due of less than the funds say",
        || Dues::<Runtime>::mutate(open_share(), |it| it.as_mut().unwrap().open_fen -= 1),
        "4: what is due is what is not paid",
    ),
    (
        "a share with another ceiling in the funds",
        || {
            let policy = pallet_compensation::Policies::<Runtime>::iter_values()
                .find(|it| it.status == pallet_compensation::PolicyStatus::Published)
                .expect("the chain has lived long enough");
            Tags::<Runtime>::mutate((policy.programme, policy.terms.counties[0]), |it| {
                it.as_mut().unwrap().ceiling_fen += 1;
            });
        },
        "2: the ceiling is the share",
    ),
    (
        "a share that is not what the data give",
        || {
            let (id, county, _) = Allocations::<Runtime>::iter().next().unwrap();
            Allocations::<Runtime>::mutate(id, county, |it| {
                it.as_mut().unwrap().components_fen[0] += 1;
            });
        },
        "1: a share is what rules and data give",
    ),
    (
        "a payment that did not leave the escrow",
        || {
            let (key, agreement, year, leg) = open_leg();
            Dues::<Runtime>::mutate(key, |it| it.as_mut().unwrap().open_fen -= 1);
            Settlements::<Runtime>::mutate(agreement, year, |it| {
                it.as_mut().unwrap().legs[leg].paid_fen += 1;
            });
        },
        "3: what is paid left the payer's escrow",
    ),
    (
        "a payment that is late by a day more than the settlement says",
        || {
            let (key, ..) = open_leg();
            Dues::<Runtime>::mutate(key, |it| {
                it.as_mut().unwrap().due_at += pallet_calendar::DAY_MS;
            });
        },
        "4: it is due when the settlement says",
    ),
    (
        "a settlement that is paid before it is",
        || {
            let (_, agreement, year, _) = open_leg();
            Settlements::<Runtime>::mutate(agreement, year, |it| {
                it.as_mut().unwrap().status = SettlementStatus::Paid;
            });
        },
        "3: a paid settlement is paid",
    ),
];

const MEMBERS: &[Break] = &[
    (
        "an agent that nobody counts",
        || {
            pallet_participants::Organisations::<Runtime>::mutate(0, |it| {
                it.as_mut().unwrap().agents -= 1;
            });
        },
        "wrong number of agents",
    ),
    (
        "a validator twice",
        || {
            pallet_validators::AfterNextValidators::<Runtime>::mutate(|it| {
                let again = it[0].clone();
                it.try_push(again).unwrap();
            });
        },
        "1: validators ascend by key",
    ),
    (
        "a member of the committee without membership",
        || {
            pallet_collective::Members::<Runtime, pallet_collective::Instance1>::mutate(|it| {
                it.pop();
            });
        },
        "the members of the committee are those of its membership",
    ),
];

#[test]
fn every_break_is_seen() {
    let mut chain = lives::grown();
    chain.execute_with(|| {
        assert_eq!(broken_law(), None);
        let mut missed = Vec::new();
        for table in [BATCHES, CERTIFICATES, LABELS, MONEY, COMPENSATION, MEMBERS] {
            for (what, how, sentence) in table {
                let (seen, by_runtime) = with_transaction(|| {
                    how();
                    let seen = (broken_law(), laws::check().is_err());
                    TransactionOutcome::Rollback(Ok::<_, DispatchError>(seen))
                })
                .unwrap();
                if seen != Some(*sentence) || !by_runtime {
                    missed.push(format!("{what}: {seen:?} instead of {sentence:?}"));
                }
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
        assert_eq!(broken_law(), None);
    });
}

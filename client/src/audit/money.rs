//! What events say about accounts, purposes, holders and payments.
//!
//! Pure: an event in, changes of balances out, or why it does not say enough.

use super::ledger::{Change, Measure, Owner, Posting};
use crate::{
    client::EventRecord,
    compensation::AgreementId,
    funds::{Holder, TagKey},
    money::Fen,
};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

type Postings = Result<Vec<Posting>, String>;

/// A field of an event.
fn field<T: DeserializeOwned>(event: &EventRecord, name: &str) -> Result<T, String> {
    let value = event.fields.get(name).ok_or_else(|| format!("it has no field {name}"))?;
    serde_json::from_value(value.clone()).map_err(|error| format!("{name}: {error}"))
}

/// An amount of an event, as a change upwards.
fn amount(event: &EventRecord, name: &str) -> Result<i128, String> {
    let Fen(amount) = field(event, name)?;
    i128::try_from(amount).map_err(|_| format!("{name} is too large to be added up"))
}

fn by(owner: &Owner, measure: Measure, change: i128) -> Posting {
    Posting::new(owner, measure, Change::By(change))
}

/// The accounts that an event of the funds pallet names.
pub(super) fn accounts_of(event: &EventRecord) -> Option<String> {
    let name = match event.name.as_str() {
        "Appropriated" => "from",
        "Paid" | "ClawedBack" => "to",
        _ => return None,
    };
    event.fields[name].as_str().map(str::to_owned)
}

/// What an event of the funds pallet does to its purpose and the holders.
pub(super) fn of_purpose(event: &EventRecord) -> Postings {
    use Measure as M;
    let tag = |event| {
        Ok::<_, String>(TagKey { programme: field(event, "programme")?, tag: field(event, "tag")? })
    };
    let holder = |name| Ok::<_, String>(Owner::Holder(tag(event)?, field::<Holder>(event, name)?));
    let purpose = || Ok::<_, String>(Owner::Purpose(tag(event)?));
    let fen = || amount(event, "amount_fen");
    Ok(match event.name.as_str() {
        "TagOpened" | "CeilingSet" => {
            let Fen(ceiling) = field(event, "ceiling_fen")?;
            vec![Posting::new(&purpose()?, M::Ceiling, Change::To(ceiling))]
        }
        "Appropriated" => {
            let (purpose, to, fen) = (purpose()?, holder("to")?, fen()?);
            vec![
                by(&purpose, M::Appropriated, fen),
                by(&purpose, M::Held, fen),
                by(&to, M::Balance, fen),
                by(&to, M::Received, fen),
            ]
        }
        "Transferred" => {
            let (from, to, fen) = (holder("from")?, holder("to")?, fen()?);
            vec![
                by(&from, M::Balance, -fen),
                by(&from, M::PassedOn, fen),
                by(&to, M::Balance, fen),
                by(&to, M::Received, fen),
            ]
        }
        "Paid" => left(&purpose()?, &holder("from")?, M::Paid, fen()?),
        "ClawedBack" => left(&purpose()?, &holder("from")?, M::ClawedBack, fen()?),
        "ProgrammeOpened" | "PartSet" | "Flagged" | "FlagLifted" => Vec::new(),
        _ => return Err("this event of the funds pallet is not known".into()),
    })
}

/// Money leaves its purpose.
fn left(purpose: &Owner, from: &Owner, measure: Measure, fen: i128) -> Vec<Posting> {
    vec![
        by(purpose, measure, fen),
        by(purpose, Measure::Held, -fen),
        by(from, Measure::Balance, -fen),
        by(from, measure, fen),
    ]
}

/// What an event of the compensation pallet does to payments of an agreement's settlements.
pub(super) fn of_legs(event: &EventRecord, id: AgreementId) -> Postings {
    let is_payment = event.pallet == "Compensation" && event.name == "SettlementPaid";
    if !is_payment || field::<AgreementId>(event, "agreement")? != id {
        return Ok(Vec::new());
    }
    let owner = Owner::Leg(id, field(event, "year")?, field(event, "leg")?);
    Ok(vec![by(&owner, Measure::Paid, amount(event, "amount_fen")?)])
}

/// What an event of the balances pallet does to the money of `accounts`.
pub(super) fn of_accounts(event: &EventRecord, accounts: &BTreeSet<String>) -> Postings {
    use Measure::{Free, OnHold};
    let is_named = accounts.iter().any(|account| names(event, account));
    if !is_named {
        return Ok(Vec::new());
    }
    let owner = |name| field(event, name).map(Owner::Account);
    let fen = || amount(event, "amount");
    let one =
        |measure, sign: i128| Ok::<_, String>(vec![by(&owner("who")?, measure, sign * fen()?)]);
    let both = |free: i128| {
        let (who, fen) = (owner("who")?, fen()?);
        Ok::<_, String>(vec![by(&who, Free, free * fen), by(&who, OnHold, -free * fen)])
    };
    let postings = match event.name.as_str() {
        "Minted" | "Deposit" | "Restored" => one(Free, 1)?,
        "Burned" | "Withdraw" | "Suspended" => one(Free, -1)?,
        "BurnedHeld" => one(OnHold, -1)?,
        "Held" | "Reserved" => both(-1)?,
        "Released" | "Unreserved" => both(1)?,
        "DustLost" => vec![by(&owner("account")?, Free, -fen()?)],
        "BalanceSet" => {
            let Fen(free) = field(event, "free")?;
            vec![Posting::new(&owner("who")?, Free, Change::To(free))]
        }
        "Transfer" => {
            let fen = fen()?;
            vec![by(&owner("from")?, Free, -fen), by(&owner("to")?, Free, fen)]
        }
        "TransferAndHold" => {
            let fen = amount(event, "transferred")?;
            vec![by(&owner("source")?, Free, -fen), by(&owner("dest")?, OnHold, fen)]
        }
        "TransferOnHold" => {
            let fen = fen()?;
            let arrives = arrival_of(event)?;
            vec![by(&owner("source")?, OnHold, -fen), by(&owner("dest")?, arrives, fen)]
        }
        "ReserveRepatriated" => {
            let fen = fen()?;
            let to = match event.fields["destination_status"].as_str() {
                Some("Free") => Free,
                Some("Reserved") => OnHold,
                _ => return Err("it does not say whether the money is free at its end".into()),
            };
            vec![by(&owner("from")?, OnHold, -fen), by(&owner("to")?, to, fen)]
        }
        // Told beside what moved the money, or without a movement.
        "Endowed" | "Locked" | "Unlocked" | "Frozen" | "Thawed" | "Upgraded" => Vec::new(),
        _ => return Err("it does not say whether free money or money on hold has moved".into()),
    };
    let is_wanted = |posting: &Posting| match &posting.line.owner {
        Owner::Account(address) => accounts.contains(address),
        _ => true,
    };
    Ok(postings.into_iter().filter(is_wanted).collect())
}

/// Whether one of the event's fields is the account.
fn names(event: &EventRecord, account: &str) -> bool {
    let fields = event.fields.as_object();
    fields.is_some_and(|fields| fields.values().any(|value| value.as_str() == Some(account)))
}

/// Whether money that moved on hold is free at its end: the event does not say so, the reason of the
/// hold does. Money with a purpose is paid out; a redemption goes to a new key of its holder.
fn arrival_of(event: &EventRecord) -> Result<Measure, String> {
    let reason = &event.fields["reason"];
    match (reason["Funds"].as_str(), reason["Settlement"].as_str()) {
        (Some("Purpose"), _) => Ok(Measure::Free),
        (_, Some("Redemption")) => Ok(Measure::OnHold),
        _ => Err(format!("it does not say whether money on hold as {reason} is free at its end")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    fn event(pallet: &str, name: &str, fields: Json) -> EventRecord {
        EventRecord { pallet: pallet.into(), name: name.into(), fields }
    }

    fn of(name: &str, fields: Json) -> Result<Vec<(String, Measure, i128)>, String> {
        let accounts = BTreeSet::from(["A".to_owned(), "B".to_owned()]);
        let postings = of_accounts(&event("Balances", name, fields), &accounts)?;
        let plain = |posting: Posting| match posting.change {
            Change::By(change) => (posting.line.owner.to_string(), posting.line.measure, change),
            Change::To(_) => panic!("{posting:?}"),
        };
        Ok(postings.into_iter().map(plain).collect())
    }

    #[test]
    fn events_of_accounts_say_what_moved() {
        use Measure::{Free, OnHold};
        let (a, b) = (|| "account A".to_owned(), || "account B".to_owned());
        let purpose = json!({ "Funds": "Purpose" });
        let redemption = json!({ "Settlement": "Redemption" });
        let cases = [
            ("Minted", json!({ "who": "A", "amount": 5 }), vec![(a(), Free, 5)]),
            ("Minted", json!({ "who": "C", "amount": 5 }), vec![]),
            ("Endowed", json!({ "account": "A", "free_balance": 5 }), vec![]),
            (
                "Transfer",
                json!({ "from": "A", "to": "B", "amount": "5" }),
                vec![(a(), Free, -5), (b(), Free, 5)],
            ),
            ("Transfer", json!({ "from": "C", "to": "B", "amount": 5 }), vec![(b(), Free, 5)]),
            (
                "Held",
                json!({ "reason": redemption, "who": "A", "amount": 5 }),
                vec![(a(), Free, -5), (a(), OnHold, 5)],
            ),
            (
                "Released",
                json!({ "reason": redemption, "who": "A", "amount": 5 }),
                vec![(a(), Free, 5), (a(), OnHold, -5)],
            ),
            (
                "TransferAndHold",
                json!({ "reason": purpose, "source": "A", "dest": "B", "transferred": 5 }),
                vec![(a(), Free, -5), (b(), OnHold, 5)],
            ),
            (
                "TransferOnHold",
                json!({ "reason": purpose, "source": "A", "dest": "B", "amount": 5 }),
                vec![(a(), OnHold, -5), (b(), Free, 5)],
            ),
            (
                "TransferOnHold",
                json!({ "reason": redemption, "source": "A", "dest": "B", "amount": 5 }),
                vec![(a(), OnHold, -5), (b(), OnHold, 5)],
            ),
        ];
        for (name, fields, expected) in cases {
            assert_eq!(of(name, fields).unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn an_event_that_says_too_little_is_named() {
        for (name, fields) in [
            ("Slashed", json!({ "who": "A", "amount": 5 })),
            ("Novelty", json!({ "who": "A" })),
            (
                "TransferOnHold",
                json!({ "reason": { "X": "Y" }, "source": "A", "dest": "B", "amount": 1 }),
            ),
            ("Transfer", json!({ "from": "A", "to": "B" })),
            ("Minted", json!({ "who": "A", "amount": u128::MAX.to_string() })),
        ] {
            assert!(of(name, fields).is_err(), "{name}");
        }
        assert_eq!(of("Novelty", json!({ "who": "C" })).unwrap(), vec![]);
        assert!(of_purpose(&event("Funds", "Novelty", json!({}))).is_err());
    }

    #[test]
    fn events_of_purposes_keep_their_sums() {
        let base = |name, more: Json| {
            let mut fields = json!({ "programme": 3, "tag": 7, "amount_fen": 5 });
            fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            of_purpose(&event("Funds", name, fields)).unwrap()
        };
        let (one, two) = (json!({ "Organisation": 1 }), json!({ "Organisation": 2 }));
        for postings in [
            base("Appropriated", json!({ "from": "A", "to": "Escrow" })),
            base("Transferred", json!({ "from": one, "to": two })),
            base("Paid", json!({ "from": one, "payee": 9, "to": "A" })),
            base("ClawedBack", json!({ "from": "Escrow", "to": "A" })),
        ] {
            let sum = |wanted: fn(&Owner) -> bool, measure| -> i128 {
                let of_measure = postings.iter().filter(|it| it.line.measure == measure);
                of_measure
                    .filter(|it| wanted(&it.line.owner))
                    .map(|it| match it.change {
                        Change::By(change) => change,
                        Change::To(_) => panic!("{it:?}"),
                    })
                    .sum()
            };
            // What holders have is what the purpose holds.
            let holders = sum(|it| matches!(it, Owner::Holder(..)), Measure::Balance);
            assert_eq!(holders, sum(|it| matches!(it, Owner::Purpose(_)), Measure::Held));
        }
        let opened = base("TagOpened", json!({ "ceiling_fen": 9 }));
        assert_eq!(opened[0].change, Change::To(9));
    }
}

//! What the chain keeps of programmes, purposes, holders and movements.

use super::{MovementId, ProgrammeId, TagId};
use crate::{
    decimal::refused,
    error::Error,
    money::Fen,
    traceability::{Commitment, OrganisationId},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A purpose of a programme, which money keeps on every hop; `PROGRAMME/TAG` in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct TagKey {
    /// The programme.
    pub programme: ProgrammeId,
    /// Number of the purpose within it.
    pub tag: TagId,
}

impl From<(u32, u32)> for TagKey {
    fn from((programme, tag): (u32, u32)) -> Self {
        Self { programme, tag }
    }
}

impl From<TagKey> for (u32, u32) {
    fn from(key: TagKey) -> Self {
        (key.programme, key.tag)
    }
}

impl FromStr for TagKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parts = text.split_once('/').and_then(|(programme, tag)| {
            Some(Self { programme: programme.parse().ok()?, tag: tag.parse().ok()? })
        });
        parts.ok_or_else(|| refused("tag", "PROGRAMME/TAG is expected, such as 3/20250", text))
    }
}

impl fmt::Display for TagKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.programme, self.tag)
    }
}

/// Who lets money into a programme, and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Controller {
    /// The managers.
    Managers,
    /// Another pallet, by its rules.
    Mechanism,
}

/// A programme (项目).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// Who lets money in.
    pub controller: Controller,
    /// Offices that name parts and open purposes; they hold money as intermediaries do.
    pub managers: Vec<OrganisationId>,
    /// Budget code.
    #[serde(with = "crate::text")]
    pub code: String,
}

/// What an organisation is in a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// An office that passes money on with its purpose: it is never paid.
    Intermediary,
    /// A final beneficiary (最终受益人): money paid to it is its own.
    Payee,
}

/// Who has purpose-bound money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Holder {
    /// An organisation, whichever key acts for it.
    Organisation(OrganisationId),
    /// Nobody: paid in under an agreement, until its settlement says whose it is.
    Escrow,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation(id) => write!(f, "organisation {id}"),
            Self::Escrow => f.write_str("escrow"),
        }
    }
}

/// Why an auditor stopped an organisation's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Finding {
    /// Interception (截留): kept instead of passed on.
    Interception,
    /// Occupation or diversion (占用、挪用): used for something else.
    Diversion,
    /// Arrears (拖欠): not paid when due.
    Arrears,
    /// Fraud (骗取): claimed by false records.
    Fraud,
}

/// An auditor's stop on an organisation in a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// The auditing organisation.
    pub auditor: OrganisationId,
    /// What it found.
    pub finding: Finding,
    /// Commitment to the audit report.
    pub document: Commitment,
    /// Height of the block.
    pub flagged_at: u32,
}

/// A purpose (专款用途) and the totals of its money.
///
/// `appropriated = paid + clawed back + held`, always.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Budget code.
    #[serde(with = "crate::text")]
    pub code: String,
    /// Whose money it is until it is paid.
    pub source: OrganisationId,
    /// Most that may be appropriated, net of what was clawed back.
    pub ceiling_fen: Fen,
    /// Sum of appropriations.
    pub appropriated_fen: Fen,
    /// Sum of payments to payees.
    pub paid_fen: Fen,
    /// Sum of what went back to the source.
    pub clawed_back_fen: Fen,
    /// What holders have.
    pub held_fen: Fen,
}

/// What one holder has and had under one purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// What it has.
    pub balance_fen: Fen,
    /// All that ever came to it.
    pub received_fen: Fen,
    /// All that it paid to payees.
    pub paid_fen: Fen,
    /// All that it passed on to other holders.
    pub passed_on_fen: Fen,
    /// All that was clawed back from it.
    pub clawed_back_fen: Fen,
    /// The movements by which its balance came, oldest first; money leaves in this order.
    pub lots: Vec<MovementId>,
}

/// Which part of another movement's money a movement moved on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The movement by which the money had come.
    #[serde(with = "crate::integer")]
    pub movement: MovementId,
    /// First fen of it that was moved on; its fen are numbered from 0.
    pub offset_fen: Fen,
    /// How many fen from there.
    pub amount_fen: Fen,
}

/// Where a movement took money from and brought it to; accounts are addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MovementKind {
    /// Free money of the source became purpose-bound.
    Appropriation {
        /// The account that it came from.
        from: String,
        /// Who holds it.
        to: Holder,
    },
    /// Passed on with its purpose.
    Transfer {
        /// Who had it.
        from: Holder,
        /// Who holds it.
        to: Holder,
    },
    /// Paid to a final beneficiary.
    Payment {
        /// Who had it.
        from: Holder,
        /// The beneficiary.
        payee: OrganisationId,
        /// The account that was paid.
        to: String,
    },
    /// Back to the source.
    ClawBack {
        /// Who had it.
        from: Holder,
        /// The account that got it.
        to: String,
    },
}

/// One hop of purpose-bound money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// Programme and purpose; the same on every hop.
    pub tag: TagKey,
    /// From where to where.
    pub kind: MovementKind,
    /// How much.
    pub amount_fen: Fen,
    /// How much of it has moved on; its fen leave in order of their numbers.
    pub drawn_fen: Fen,
    /// Height of the block.
    pub recorded_at: u32,
    /// Commitment to the instruction or voucher.
    pub document: Commitment,
    /// What it moved on, in order; nothing for an appropriation.
    pub sources: Vec<Source>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tags_are_two_numbers() {
        let key: TagKey = "3/20250".parse().unwrap();
        assert_eq!(key, TagKey { programme: 3, tag: 20_250 });
        assert_eq!(key.to_string(), "3/20250");
        assert_eq!(json!(key), json!([3, 20_250]));
        assert_eq!(serde_json::from_value::<TagKey>(json!([3, 20_250])).unwrap(), key);
        for text in ["3", "3/", "/1", "3/x", "3/1/1", "-1/1"] {
            assert!(text.parse::<TagKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn movements_are_read_as_the_chain_writes_them() {
        let json = json!({
            "tag": [3, 20_250],
            "kind": { "Transfer": { "from": "Escrow", "to": { "Organisation": 13 } } },
            "amount_fen": "10000000000000000000",
            "drawn_fen": 7,
            "recorded_at": 12,
            "document": format!("0x{}", "11".repeat(32)),
            "sources": [{ "movement": 0, "offset_fen": 0, "amount_fen": 7 }],
        });
        let movement: Movement = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(movement.amount_fen, Fen(10_000_000_000_000_000_000));
        let (from, to) = (Holder::Escrow, Holder::Organisation(13));
        assert_eq!(movement.kind, MovementKind::Transfer { from, to });
        assert_eq!(json!(movement), json);
    }
}

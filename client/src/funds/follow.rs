//! Following money, fen by fen, back to its appropriation and forward to its payees.

use super::{Movement, MovementId, MovementKind, PALLET};
use crate::{client::Client, error::Error, money::Fen, traceability::decode};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// Most movements that one answer of the chain has.
const PAGE_MAX: u32 = 100;

/// A movement on the way of followed money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its number.
    pub id: MovementId,
    /// How much of the followed money it carried.
    pub amount_fen: Fen,
    /// How much of that its receiver still holds; 0 after payment or claw back.
    pub remaining_fen: Fen,
    /// The movement.
    pub movement: Movement,
}

/// The way of a movement's money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Way {
    /// The movements, the followed one first: ascending where it was followed forward, descending
    /// where back.
    pub steps: Vec<Step>,
    /// Whether the way has more movements than the chain goes through (10,000), so that its end is
    /// missing.
    pub truncated: bool,
}

impl Way {
    /// How much of the followed money was appropriated by the movements of the way: followed back
    /// to its end, all of it.
    pub fn appropriated(&self) -> Fen {
        self.sum(|kind| matches!(kind, MovementKind::Appropriation { .. }))
    }

    /// How much of it reached final beneficiaries.
    pub fn paid(&self) -> Fen {
        self.sum(|kind| matches!(kind, MovementKind::Payment { .. }))
    }

    /// How much of it went back to its source.
    pub fn clawed_back(&self) -> Fen {
        self.sum(|kind| matches!(kind, MovementKind::ClawBack { .. }))
    }

    /// How much of it holders on the way still have.
    ///
    /// Followed forward to its end, `paid + clawed back + held` is the amount followed.
    pub fn held(&self) -> Fen {
        Fen(self.steps.iter().fold(0, |sum, step| sum.saturating_add(step.remaining_fen.0)))
    }

    fn sum(&self, wanted: impl Fn(&MovementKind) -> bool) -> Fen {
        let steps = self.steps.iter().filter(|step| wanted(&step.movement.kind));
        Fen(steps.fold(0, |sum, step| sum.saturating_add(step.amount_fen.0)))
    }
}

/// A page of the chain's answer.
#[derive(Deserialize)]
struct Page {
    movements: Vec<Followed>,
    next: Option<MovementId>,
    truncated: bool,
}

#[derive(Deserialize)]
struct Followed {
    #[serde(with = "crate::integer")]
    movement: MovementId,
    amount_fen: Fen,
    remaining_fen: Fen,
}

impl Client {
    /// The way of a movement's money forward, to where it was paid, went back, or is now.
    ///
    /// - `height`: at which the whole way is read.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such movement, and as [`Client::view`].
    pub async fn follow_forward(&self, id: MovementId, height: u32) -> Result<Way, Error> {
        self.follow(id, "follow_forward", json!(0), height).await
    }

    /// The way of a movement's money back to its appropriations.
    ///
    /// - `height`: at which the whole way is read.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such movement, and as [`Client::view`].
    pub async fn follow_back(&self, id: MovementId, height: u32) -> Result<Way, Error> {
        self.follow(id, "follow_back", Json::Null, height).await
    }

    /// The movements that drew on a movement, with how many fen.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn draws(
        &self,
        id: MovementId,
        height: u32,
    ) -> Result<Vec<(MovementId, Fen)>, Error> {
        let mut found: Vec<(MovementId, Fen)> = Vec::new();
        loop {
            let last = found.last().map(|(id, _)| *id);
            let arguments = [json!(id), json!(last), json!(PAGE_MAX)];
            let page: Vec<(MovementId, Fen)> =
                decode(self.view(PALLET, "draws", &arguments, Some(height)).await?)?;
            let is_last = page.len() < PAGE_MAX as usize;
            found.extend(page);
            if is_last {
                return Ok(found);
            }
        }
    }

    async fn follow(
        &self,
        id: MovementId,
        function: &str,
        mut start: Json,
        height: u32,
    ) -> Result<Way, Error> {
        let mut way = Way { steps: Vec::new(), truncated: false };
        loop {
            let arguments = [json!(id), start, json!(PAGE_MAX)];
            let page: Page = decode(self.view(PALLET, function, &arguments, Some(height)).await?)?;
            way.truncated |= page.truncated;
            for Followed { movement: id, amount_fen, remaining_fen } in page.movements {
                let movement = self.movement(id, Some(height)).await?;
                let movement =
                    movement.ok_or_else(|| Error::Decode(format!("movement {id} is missing")))?;
                way.steps.push(Step { id, amount_fen, remaining_fen, movement });
            }
            match page.next {
                Some(next) => start = json!(next),
                None if way.steps.is_empty() => {
                    return Err(Error::NotFound(format!("movement {id}")));
                }
                None => return Ok(way),
            }
        }
    }
}

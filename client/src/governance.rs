//! Motions of the committee: calls that it carries out by vote.
//!
//! What governs the chain, such as schemes, yield ceilings and calendars, changes by a motion that
//! two thirds of the committee's members approved. A member proposes a call, members vote, anyone
//! closes; the call is carried out when the motion is closed.

use crate::{
    call::{Call, CallCodec, decode_field},
    client::Client,
    error::Error,
    hex32::hex32,
};
use codec::{Decode, Encode};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use subxt::ArcMetadata;

const PALLET: &str = "Committee";

/// Room that is left above the length of a proposal, in bytes.
const LENGTH_MARGIN: u32 = 16;

hex32! {
    /// Name of a motion: BLAKE2b-256 of its call, `0x` and 64 lower-case digits.
    MotionHash, "motion"
}

/// A motion that is not closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Motion {
    /// Its name.
    pub hash: MotionHash,
    /// Its number; one call may be proposed again later, under another number.
    pub index: u32,
    /// Approvals by which it is carried.
    pub threshold: u32,
    /// Addresses of members who are for it.
    pub ayes: Vec<String>,
    /// Addresses of members who are against it.
    pub nays: Vec<String>,
    /// Height from which on members who have not voted count as against it.
    pub end: u32,
    /// What it would do.
    pub call: Call,
}

/// The approvals that governance needs in a committee of so many members: two thirds, rounded up.
pub fn two_thirds(n_members: u32) -> u32 {
    n_members.saturating_mul(2).div_ceil(3)
}

/// Votes for (`aye`) or against a motion, as a member.
pub fn vote(hash: &MotionHash, index: u32, aye: bool) -> Call {
    Call::new(PALLET, "vote", json!({ "proposal": hash, "index": index, "approve": aye }))
}

impl Client {
    /// Addresses of the committee's members at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn committee(&self, height: Option<u32>) -> Result<Vec<String>, Error> {
        let members = self.query(PALLET, "Members", &[], height).await?;
        members.map_or(Ok(Vec::new()), |members| {
            serde_json::from_value(members).map_err(Error::decode)
        })
    }

    /// The motions that are not closed, in order of proposal.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn motions(&self, height: Option<u32>) -> Result<Vec<Motion>, Error> {
        let hashes = self.query(PALLET, "Proposals", &[], height).await?.unwrap_or(json!([]));
        let hashes: Vec<MotionHash> = serde_json::from_value(hashes).map_err(Error::decode)?;
        let mut motions = Vec::with_capacity(hashes.len());
        for hash in hashes {
            motions.extend(self.motion(&hash, height).await?);
        }
        Ok(motions)
    }

    /// The motion of this name, if it is not closed.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn motion(
        &self,
        hash: &MotionHash,
        height: Option<u32>,
    ) -> Result<Option<Motion>, Error> {
        let Some(votes) = self.query(PALLET, "Voting", &[json!(hash)], height).await? else {
            return Ok(None);
        };
        let at = self.at(height).await?;
        let Some(bytes) = self.stored(&at, PALLET, "ProposalOf", &[json!(hash)]).await?.0 else {
            return Ok(None);
        };
        Ok(Some(Motion {
            hash: hash.clone(),
            index: decode_field(&votes, "index")?,
            threshold: decode_field(&votes, "threshold")?,
            ayes: decode_field(&votes, "ayes")?,
            nays: decode_field(&votes, "nays")?,
            end: decode_field(&votes, "end")?,
            call: CallCodec::new(at).decode(&bytes)?,
        }))
    }

    /// The call by which a member proposes `call` to the committee.
    ///
    /// - `threshold`: approvals by which it is carried; two thirds of the members unless given. A
    ///   motion for which one is enough is carried out at once.
    ///
    /// # Errors
    /// As [`CallCodec::encode`]: names and numbers of `call` are checked before it is proposed.
    pub async fn propose(&self, call: &Call, threshold: Option<u32>) -> Result<Call, Error> {
        let codec = self.codec().await?;
        let bytes = codec.encode(call)?;
        // As it reads back: with every GTIN, date and quantity in the chain's own form.
        let Call { pallet, name, arguments } = codec.decode(&bytes)?;
        let inner = match &arguments {
            Json::Object(fields) if fields.is_empty() => json!(name),
            _ => Json::Object(Map::from_iter([(name, arguments)])),
        };
        let threshold = match threshold {
            Some(threshold) => threshold,
            None => {
                let n_members = self.committee(None).await?.len();
                two_thirds(u32::try_from(n_members).map_err(Error::decode)?)
            }
        };
        let proposal = Json::Object(Map::from_iter([(pallet, inner)]));
        let length_bound = length_bound(&bytes)?;
        let arguments =
            json!({ "threshold": threshold, "proposal": proposal, "length_bound": length_bound });
        Ok(Call::new(PALLET, "propose", arguments))
    }

    /// The call by which anyone closes a motion that has enough votes, or whose time is over.
    ///
    /// It may cost what the chain says that the proposed call costs at most.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such motion, and as [`Client::query`].
    pub async fn close(&self, hash: &MotionHash, index: u32) -> Result<Call, Error> {
        #[derive(Decode)]
        struct Weight {
            #[codec(compact)]
            ref_time: u64,
            #[codec(compact)]
            proof_size: u64,
        }
        let at = self.at(None).await?;
        let bytes = self
            .stored(&at, PALLET, "ProposalOf", &[json!(hash)])
            .await?
            .0
            .ok_or_else(|| Error::NotFound(format!("open motion {hash}")))?;
        let length = u32::try_from(bytes.len()).map_err(Error::decode)?;
        let asked = [bytes.clone(), length.encode()].concat();
        let parameters = [
            json!("TransactionPaymentCallApi_query_call_info"),
            json!(format!("0x{}", hex::encode(asked))),
            json!(at.block_hash()),
        ];
        let answer: String = self.rpc("state_call", &parameters).await?;
        let answer = hex::decode(answer.trim_start_matches("0x")).map_err(Error::decode)?;
        let weight = Weight::decode(&mut answer.as_slice()).map_err(Error::decode)?;
        let arguments = json!({
            "proposal_hash": hash,
            "index": index,
            "proposal_weight_bound": {
                "ref_time": weight.ref_time,
                "proof_size": weight.proof_size.to_string(),
            },
            "length_bound": length_bound(&bytes)?,
        });
        Ok(Call::new(PALLET, "close", arguments))
    }

    /// What became of the call of a motion that was closed, by what its close answered.
    ///
    /// `Ok(true)` when it was carried out, `Ok(false)` when the motion was not carried.
    ///
    /// # Errors
    /// [`Error::Dispatch`] when the motion was carried and its call failed.
    pub async fn outcome(&self, receipt: &crate::Receipt) -> Result<bool, Error> {
        let Some(executed) = receipt.event(PALLET, "Executed") else { return Ok(false) };
        let result = &executed.fields["result"];
        let Some(error) = result.get("Err") else { return Ok(true) };
        let other = || Error::Dispatch {
            pallet: "Runtime".into(),
            error: error.to_string(),
            explanation: "the motion was carried, its call failed".into(),
        };
        Err(pallet_error(&self.metadata().await?, error).unwrap_or_else(other))
    }
}

/// The pallet's error that a `DispatchError` as JSON names; `None` if it is none of a pallet.
pub fn pallet_error(metadata: &ArcMetadata, error: &Json) -> Option<Error> {
    let module = &error["Module"];
    let index = module["index"].as_u64().and_then(|index| u8::try_from(index).ok())?;
    let bytes = hex::decode(module["error"].as_str()?.trim_start_matches("0x")).ok()?;
    let pallet = metadata.pallet_by_error_index(index)?;
    let variant = pallet.error_variant_by_index(*bytes.first()?)?;
    Some(Error::Dispatch {
        pallet: pallet.name().to_owned(),
        error: variant.name.clone(),
        explanation: variant.docs.join(" "),
    })
}

fn length_bound(bytes: &[u8]) -> Result<u32, Error> {
    let length = u32::try_from(bytes.len()).map_err(Error::decode)?;
    Ok(length.saturating_add(LENGTH_MARGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_thirds_are_rounded_up() {
        for (n_members, expected) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (50, 34)] {
            assert_eq!(two_thirds(n_members), expected, "{n_members}");
        }
    }

    #[test]
    fn motions_have_hashes() {
        let text = format!("0x{}", "aB".repeat(32));
        assert_eq!(text.parse::<MotionHash>().unwrap().to_string(), text.to_ascii_lowercase());
        for text in ["", "0x12", &"ab".repeat(32), &format!("0x{}", "zz".repeat(32))] {
            let error = text.parse::<MotionHash>().unwrap_err().to_string();
            assert!(error.contains("motion"), "{error}");
        }
    }
}

//! Settlement money: issue, redemption, and what an account has.
//!
//! Amounts are in fen (分), 0.01 CNY.

use crate::{
    call::{Call, decode_field},
    client::Client,
    error::Error,
    traceability::{Commitment, OrganisationId},
    value::text_to_json,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

const PALLET: &str = "Settlement";

/// Most redemptions in one answer; the chain's own bound.
const PAGE_MAX: usize = 100;

/// Number of a redemption.
pub type RedemptionId = u64;

/// Money of an account, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// May be spent, less what `frozen_fen` keeps.
    #[serde(with = "crate::integer")]
    pub free_fen: u128,
    /// On hold, as for an open redemption.
    #[serde(with = "crate::integer")]
    pub reserved_fen: u128,
    /// Part of `free_fen` that may not be spent.
    #[serde(with = "crate::integer")]
    pub frozen_fen: u128,
}

/// What a settlement institution may issue, and has issued and redeemed, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// No issue may bring `issued_fen - redeemed_fen` above this.
    #[serde(with = "crate::integer")]
    pub ceiling_fen: u128,
    /// Sum of all issues.
    #[serde(with = "crate::integer")]
    pub issued_fen: u128,
    /// Sum of all confirmed redemptions.
    #[serde(with = "crate::integer")]
    pub redeemed_fen: u128,
}

/// A holder's request to be paid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redemption {
    /// Address of the account whose money it is.
    pub holder: String,
    /// The institution asked to pay.
    pub institution: OrganisationId,
    /// How much, in fen.
    #[serde(with = "crate::integer")]
    pub amount_fen: u128,
    /// `"Requested"`, `"Accepted"`, `"Cancelled"`, or `{"Confirmed": …}` or `{"Rejected": …}`.
    pub status: Json,
}

/// What an external reference was used for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PostingKind {
    /// A deposit came in and money was issued.
    Issue {
        /// Commitment to the deposit's document.
        document: Commitment,
    },
    /// Money was redeemed and the deposit was paid out.
    Redemption {
        /// The redemption that was confirmed.
        #[serde(with = "crate::integer")]
        id: RedemptionId,
    },
}

/// One line of an institution's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Whether money came or went, and by what.
    pub kind: PostingKind,
    /// Address of who received the money, or whose was redeemed.
    pub account: String,
    /// How much, in fen.
    #[serde(with = "crate::integer")]
    pub amount_fen: u128,
    /// Height of the block that did it.
    pub posted_at: u32,
}

/// Why a redemption is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RejectReason {
    /// The opened commitment does not match the holder's account.
    AccountMismatch,
    /// The bank account cannot be paid into.
    AccountUnavailable,
    /// The holder did not open the commitment, or a document is missing.
    DocumentsMissing,
    /// A court or supervisor forbids the payment.
    PaymentForbidden,
    /// The payment was tried and came back.
    PaymentFailed,
    /// The institution did not act, or acts no more.
    InstitutionInactive,
}

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Sets the most that an institution may have outstanding; by the committee's motion.
///
/// - `institution`: to issue, it also needs the capacity `Clearing`.
pub fn set_ceiling(institution: OrganisationId, ceiling_fen: u128) -> Call {
    call(
        "set_ceiling",
        json!({ "institution": institution, "ceiling_fen": ceiling_fen.to_string() }),
    )
}

/// Issues money against a deposit that the signer's institution has received.
///
/// - `beneficiary`: address of an agent of another organisation.
/// - `external_reference`: the institution's number of the deposit, 1 to 64 visible characters of
///   ASCII, never used before; public.
/// - `document`: commitment to the deposit's document.
pub fn issue(
    beneficiary: &str,
    amount_fen: u128,
    external_reference: &str,
    document: &Commitment,
) -> Call {
    call(
        "issue",
        json!({
            "beneficiary": beneficiary,
            "amount_fen": amount_fen.to_string(),
            "external_reference": text_to_json(external_reference),
            "document": document,
        }),
    )
}

/// Asks an institution to pay out money of the signer, and puts it on hold.
///
/// - `payee_account`: commitment to the bank account to be paid.
pub fn request_redemption(
    institution: OrganisationId,
    amount_fen: u128,
    payee_account: &Commitment,
) -> Call {
    call(
        "request_redemption",
        json!({
            "institution": institution,
            "amount_fen": amount_fen.to_string(),
            "payee_account": payee_account,
        }),
    )
}

/// Announces that the signer's institution is paying; the holder can no longer cancel.
pub fn accept_redemption(id: RedemptionId) -> Call {
    call("accept_redemption", json!({ "id": id }))
}

/// Confirms that the signer's institution has paid, and burns the money.
pub fn confirm_redemption(id: RedemptionId, external_reference: &str) -> Call {
    let reference = text_to_json(external_reference);
    call("confirm_redemption", json!({ "id": id, "external_reference": reference }))
}

/// Refuses a redemption that was not paid, and frees the money.
pub fn reject_redemption(id: RedemptionId, reason: RejectReason) -> Call {
    call("reject_redemption", json!({ "id": id, "reason": reason }))
}

/// Withdraws a request that no institution has accepted, and frees the money.
pub fn cancel_redemption(id: RedemptionId) -> Call {
    call("cancel_redemption", json!({ "id": id }))
}

impl Client {
    /// The money of the account with this address (SS58) at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::query`]; [`Error::Value`] when it is no address.
    pub async fn balance(&self, address: &str, height: Option<u32>) -> Result<Balance, Error> {
        #[derive(Deserialize)]
        struct Data {
            #[serde(with = "crate::integer")]
            free: u128,
            #[serde(with = "crate::integer")]
            reserved: u128,
            #[serde(with = "crate::integer")]
            frozen: u128,
        }
        let Some(account) = self.query("System", "Account", &[json!(address)], height).await?
        else {
            return Ok(Balance::default());
        };
        let Data { free, reserved, frozen } = decode_field(&account, "data")?;
        Ok(Balance { free_fen: free, reserved_fen: reserved, frozen_fen: frozen })
    }

    /// Ceiling and totals of an institution.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn institution(
        &self,
        id: OrganisationId,
        height: Option<u32>,
    ) -> Result<Option<Institution>, Error> {
        let institution = self.view(PALLET, "institution", &[json!(id)], height).await?;
        serde_json::from_value(institution).map_err(Error::decode)
    }

    /// A redemption, open or closed.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn redemption(
        &self,
        id: RedemptionId,
        height: Option<u32>,
    ) -> Result<Option<Redemption>, Error> {
        let redemption = self.view(PALLET, "redemption", &[json!(id)], height).await?;
        serde_json::from_value(redemption).map_err(Error::decode)
    }

    /// What an institution posted under an external reference.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn posting(
        &self,
        institution: OrganisationId,
        external_reference: &str,
        height: Option<u32>,
    ) -> Result<Option<Posting>, Error> {
        let arguments = [json!(institution), text_to_json(external_reference)];
        let posting = self.view(PALLET, "posting", &arguments, height).await?;
        serde_json::from_value(posting).map_err(Error::decode)
    }

    /// The open redemptions that an institution was asked to pay, ascending.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn open_redemptions(
        &self,
        institution: OrganisationId,
        height: Option<u32>,
    ) -> Result<Vec<(RedemptionId, Redemption)>, Error> {
        let mut found: Vec<(RedemptionId, Redemption)> = Vec::new();
        loop {
            let last = found.last().map(|(id, _)| *id);
            let arguments = [json!(institution), json!(last), json!(PAGE_MAX)];
            let page = self.view(PALLET, "open_redemptions", &arguments, height).await?;
            let page: Vec<_> = serde_json::from_value(page).map_err(Error::decode)?;
            let is_last = page.len() < PAGE_MAX;
            found.extend(page);
            if is_last {
                break;
            }
        }
        // Pages come in the order of storage.
        found.sort_unstable_by_key(|(id, _)| *id);
        Ok(found)
    }

    /// The open redemptions of the account with this address (SS58), oldest first.
    ///
    /// # Errors
    /// As [`Client::view`]; [`Error::Value`] when it is no address.
    pub async fn open_redemptions_of(
        &self,
        holder: &str,
        height: Option<u32>,
    ) -> Result<Vec<(RedemptionId, Redemption)>, Error> {
        let found = self.view(PALLET, "open_redemptions_of", &[json!(holder)], height).await?;
        serde_json::from_value(found).map_err(Error::decode)
    }
}

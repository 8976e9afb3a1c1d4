//! Whether a call would be accepted, without submitting it.

use crate::{
    call::{Call, CallCodec},
    client::{At, Client, MORTALITY_BLOCKS, sign_offline},
    error::{Error, INVALID_TRANSACTION, custom_reason},
    signer::KeyPair,
};
use codec::Decode;
use serde::Serialize;
use serde_json::{Value as Json, json};
use subxt::transactions::{TransactionInvalid, TransactionUnknown, ValidationResult};

/// JSON-RPC code of a method that the node does not have or keeps to itself.
const NO_SUCH_METHOD: i32 = -32601;
/// Answers of `system_dryRun` begin with these.
const OK: u8 = 0;

/// What a dry run found.
#[derive(Debug, Serialize)]
pub struct DryRun {
    /// The call as it reads back from the signed bytes.
    pub call: Call,
    /// The signed transaction, `0x` and hexadecimal; never submitted.
    pub transaction: String,
    /// Height of the state that was asked.
    pub height: u32,
    /// What was asked of the node.
    pub checked: Checked,
    /// Why it would be refused, if it would.
    #[serde(serialize_with = "refusal")]
    pub refusal: Option<Error>,
}

/// How far a dry run could look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Checked {
    /// The call was applied to the last final state and forgotten: what the pallet says is known.
    Applied,
    /// The transaction was judged as the pool judges it: signature, signer, quota, nonce, weight.
    /// The node does not apply calls for outsiders, so that what the pallet says is not known.
    PoolOnly,
}

fn refusal<S: serde::Serializer>(error: &Option<Error>, serializer: S) -> Result<S::Ok, S::Error> {
    match error {
        Some(error) => serializer.serialize_some(&error.to_string()),
        None => serializer.serialize_none(),
    }
}

impl Client {
    /// Signs a call and asks the node whether it would be accepted on top of the last final block.
    ///
    /// The transaction takes the account's nonce in that block, not the one behind its
    /// transactions in the pool. The node applies it with `system_dryRun`, which it serves on
    /// loopback or where its operator allows unsafe methods; elsewhere it judges it with
    /// `TaggedTransactionQueue_validate_transaction`, and [`DryRun::checked`] says so.
    ///
    /// # Errors
    /// As [`Client::sign_only`]; that it would be refused is no error but an answer.
    pub async fn dry_run(&self, key: &KeyPair, call: &Call) -> Result<DryRun, Error> {
        let at = self.at(None).await?;
        let height = u32::try_from(at.block_number()).map_err(Error::decode)?;
        let nonce = self.nonce_at(&at, &key.public_key()).await?;
        let codec = CallCodec::new(at.clone());
        let bytes = codec.encode(call)?;
        let transaction = sign_offline(&at, key, &bytes, nonce, MORTALITY_BLOCKS)?;
        let call = codec.decode(&bytes)?;
        let text = format!("0x{}", hex::encode(&transaction));
        let asked =
            self.rpc::<String>("system_dryRun", &[json!(text), json!(at.block_hash())]).await;
        let (checked, refusal) = match asked {
            Ok(answer) => (Checked::Applied, verdict(&at, &answer)?),
            Err(Error::Refused { code: NO_SUCH_METHOD, .. }) => {
                (Checked::PoolOnly, self.judged(&at, &transaction).await?)
            }
            Err(error) => return Err(error),
        };
        Ok(DryRun { call, transaction: text, height, checked, refusal })
    }

    async fn judged(&self, at: &At, transaction: &[u8]) -> Result<Option<Error>, Error> {
        let transaction = at.transactions().from_bytes(transaction.to_vec());
        Ok(match transaction.validate().await? {
            ValidationResult::Valid(_) => None,
            ValidationResult::Invalid(invalid) => Some(invalid_error(&invalid)),
            ValidationResult::Unknown(unknown) => Some(unknown_error(&unknown)),
        })
    }
}

/// Reads `Result<Result<(), DispatchError>, TransactionValidityError>`.
fn verdict(at: &At, answer: &str) -> Result<Option<Error>, Error> {
    let bytes = hex::decode(answer.trim_start_matches("0x")).map_err(Error::decode)?;
    match bytes.as_slice() {
        [OK, OK, ..] => Ok(None),
        [OK, _, error @ ..] => {
            let error = subxt::error::DispatchError::decode_from(error, at.metadata())
                .map_err(Error::decode)?;
            Ok(Some(error.into()))
        }
        [_, OK, invalid @ ..] => {
            let invalid = TransactionInvalid::decode(&mut &*invalid).map_err(Error::decode)?;
            Ok(Some(invalid_error(&invalid)))
        }
        [_, _, unknown @ ..] => {
            let unknown = TransactionUnknown::decode(&mut &*unknown).map_err(Error::decode)?;
            Ok(Some(unknown_error(&unknown)))
        }
        _ => Err(Error::Decode(format!("system_dryRun answered {answer}"))),
    }
}

fn invalid_error(invalid: &TransactionInvalid) -> Error {
    let reason = match invalid {
        TransactionInvalid::Custom(number) => custom_reason(*number),
        _ => None,
    };
    let message = match reason {
        Some(reason) => reason.to_owned(),
        None => format!("the transaction is invalid: {invalid:?}"),
    };
    Error::Refused { code: INVALID_TRANSACTION, message }
}

fn unknown_error(unknown: &TransactionUnknown) -> Error {
    Error::Refused { code: 1011, message: format!("its validity is unknown: {unknown:?}") }
}

impl DryRun {
    /// What the result means, in one line.
    pub fn summary(&self) -> Json {
        let verdict = match (&self.refusal, self.checked) {
            (Some(error), _) => format!("would be refused: {error}"),
            (None, Checked::Applied) => "would be accepted".to_owned(),
            (None, Checked::PoolOnly) => "would enter the pool; whether the call itself would \
                 succeed was not checked, since this node applies no calls for outsiders"
                .to_owned(),
        };
        json!(verdict)
    }
}

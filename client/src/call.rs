//! Calls: what a transaction asks the chain to do.

use crate::{
    client::{At, Client, Submission, pallet_of},
    error::Error,
    signer::KeyPair,
    value::fields_from_people,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use subxt::dynamic;

/// A call with its arguments, not yet encoded.
///
/// Make one with the functions of [`crate::traceability`] and [`crate::settlement`], or of any
/// other pallet with [`Call::new`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Pallet, such as `Traceability`.
    pub pallet: String,
    /// Call, such as `ship`.
    pub name: String,
    /// An object with each argument's name; see [`crate::value`] for how types are written.
    pub arguments: Json,
}

impl Call {
    /// A call of any pallet.
    pub fn new(pallet: &str, name: &str, arguments: Json) -> Self {
        Self { pallet: pallet.into(), name: name.into(), arguments }
    }
}

/// Encodes and decodes calls as the metadata of one block describes them, without asking the node.
#[derive(Clone)]
pub struct CallCodec {
    at: At,
}

impl CallCodec {
    pub(crate) fn new(at: At) -> Self {
        Self { at }
    }

    /// The call's bytes: the numbers of pallet and call, then the arguments in SCALE.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Value`].
    pub fn encode(&self, call: &Call) -> Result<Vec<u8>, Error> {
        let metadata = self.at.metadata();
        let variant =
            pallet_of(&metadata, &call.pallet)?.call_variant_by_name(&call.name).ok_or_else(
                || Error::Unknown { kind: "call", name: format!("{}.{}", call.pallet, call.name) },
            )?;
        let fields = fields_from_people(&call.arguments, &variant.fields, metadata.types())?;
        let payload = dynamic::tx(&call.pallet, &call.name, fields);
        Ok(self.at.transactions().call_data(&payload)?)
    }

    /// Reads a call's bytes.
    ///
    /// # Errors
    /// [`Error::Decode`] when they are no call of this chain.
    pub fn decode(&self, bytes: &[u8]) -> Result<Call, Error> {
        let metadata = self.at.metadata();
        let [pallet_index, call_index, ..] = *bytes else {
            return Err(Error::Decode("a call has at least two bytes".into()));
        };
        let unknown = || Error::Decode(format!("no call {call_index} of pallet {pallet_index}"));
        let pallet = metadata.pallet_by_call_index(pallet_index).ok_or_else(unknown)?;
        let variant = pallet.call_variant_by_index(call_index).ok_or_else(unknown)?;
        let mut rest = &bytes[2..];
        let mut arguments = Map::new();
        for (index, field) in variant.fields.iter().enumerate() {
            let value =
                scale_value::scale::decode_as_type(&mut rest, field.ty.id, metadata.types())
                    .map_err(Error::decode)?;
            let name = field.name.clone().unwrap_or_else(|| index.to_string());
            arguments.insert(name, crate::value::to_json(&value, metadata.types()));
        }
        if !rest.is_empty() {
            return Err(Error::Decode(format!("{} bytes are left behind the call", rest.len())));
        }
        Ok(Call::new(pallet.name(), &variant.name, Json::Object(arguments)))
    }

    /// The names of a call's arguments, with what the chain calls their types.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn arguments_of(&self, pallet: &str, call: &str) -> Result<Vec<(String, String)>, Error> {
        let metadata = self.at.metadata();
        let variant = pallet_of(&metadata, pallet)?
            .call_variant_by_name(call)
            .ok_or_else(|| Error::Unknown { kind: "call", name: format!("{pallet}.{call}") })?;
        Ok(variant
            .fields
            .iter()
            .map(|field| {
                let ty = field.type_name.clone().unwrap_or_default();
                (field.name.clone().unwrap_or_default(), ty)
            })
            .collect())
    }
}

impl Client {
    /// Encodes and decodes calls by the metadata of the last final block.
    ///
    /// # Errors
    /// [`Error::Connection`].
    pub async fn codec(&self) -> Result<CallCodec, Error> {
        Ok(CallCodec::new(self.at(None).await?))
    }

    /// Signs a call with `key` and submits it, with GS1 keys checked and filled as
    /// [`CallCodec::encode`] does.
    ///
    /// # Errors
    /// As [`Client::submit`].
    pub async fn submit_call(&self, key: &KeyPair, call: &Call) -> Result<Submission, Error> {
        let at = self.at(None).await?;
        let bytes = CallCodec::new(at.clone()).encode(call)?;
        let payload = at.transactions().from_call_data_bytes(&bytes)?;
        self.submit_payload(&at, key, &payload).await
    }
}

/// The fields of an event or the arguments of a call are objects; this reads one of them.
pub(crate) fn decode_field<T: serde::de::DeserializeOwned>(
    object: &Json,
    name: &str,
) -> Result<T, Error> {
    let value = object.get(name).cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(|error| Error::Decode(format!("{name}: {error}")))
}

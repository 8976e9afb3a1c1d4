//! Connection to a node: read, submit, follow to finality.

use crate::{
    error::Error,
    moment::Moment,
    signer::KeyPair,
    value::{decode_json, fields_from_json, from_json},
};
use blake2::{Blake2b, Digest, digest::consts::U32};
use codec::{Decode, Encode};
use scale_value::Composite;
use serde_json::{Map, Value as Json, json};
use std::time::Duration;
use subxt::{
    ArcMetadata, OnlineClient, SubstrateConfig,
    backend::LegacyBackend,
    config::DefaultExtrinsicParamsBuilder,
    dynamic,
    rpcs::{
        RpcClient,
        client::{ReconnectingRpcClient, RpcParams, reconnecting_rpc_client::ExponentialBackoff},
    },
    tx::{DynamicPayload, Payload, SubmittableTransaction, TransactionProgress},
    utils::{AccountId32, H256},
};

/// Blocks during which a transaction may be included unless told otherwise.
pub(crate) const MORTALITY_BLOCKS: u64 = 256;
/// Attempts to reconnect before a call fails.
const RECONNECT_ATTEMPTS_MAX: usize = 10;
/// Longest pause between two attempts to reconnect.
const RECONNECT_PAUSE_MAX: Duration = Duration::from_secs(5);
/// Longest answer that is read: a page of storage or a full block.
const RESPONSE_BYTES_MAX: u32 = 64 * 1024 * 1024;

pub(crate) type At = subxt::client::ClientAtBlock<
    SubstrateConfig,
    subxt::client::OnlineClientAtBlockImpl<SubstrateConfig>,
>;

/// A connection to one node. Clones share it; it reconnects by itself.
#[derive(Clone)]
pub struct Client {
    url: std::sync::Arc<str>,
    api: OnlineClient<SubstrateConfig>,
    rpc: RpcClient,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.api.genesis_hash())
    }
}

/// One event of a transaction or block.
#[derive(Clone, Debug, serde::Serialize)]
pub struct EventRecord {
    /// Pallet that emitted it.
    pub pallet: String,
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Json,
}

/// Where and how a transaction became final.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Receipt {
    /// BLAKE2b-256 hash of the transaction.
    pub transaction: H256,
    /// Height of its block.
    pub height: u32,
    /// Hash of its block.
    pub block: H256,
    /// What it did.
    pub events: Vec<EventRecord>,
}

impl Receipt {
    /// The first event with this name, such as `("Traceability", "BatchProduced")`.
    pub fn event(&self, pallet: &str, name: &str) -> Option<&EventRecord> {
        self.events.iter().find(|event| event.pallet == pallet && event.name == name)
    }
}

/// A transaction that the node's pool has accepted.
pub struct Submission {
    progress: TransactionProgress<
        SubstrateConfig,
        subxt::client::OnlineClientAtBlockImpl<SubstrateConfig>,
    >,
}

impl Submission {
    /// BLAKE2b-256 hash of the transaction.
    pub fn hash(&self) -> H256 {
        self.progress.extrinsic_hash()
    }

    /// Waits until the transaction is final.
    ///
    /// # Errors
    /// [`Error::Dispatch`] when it is final and its call failed, [`Error::NotApplied`] when it
    /// left the pool, [`Error::Connection`] when the node cannot be reached.
    pub async fn finalized(self) -> Result<Receipt, Error> {
        let included = self.progress.wait_for_finalized().await?;
        let events = included.wait_for_success().await?;
        let at = included.at().await?;
        let metadata = at.metadata();
        let events = events
            .iter()
            .map(|event| {
                let event = event.map_err(Error::decode)?;
                event_record(&metadata, event.pallet_name(), event.event_name(), &event)
            })
            .collect::<Result<_, _>>()?;
        Ok(Receipt {
            transaction: included.extrinsic_hash(),
            height: u32::try_from(at.block_number()).map_err(Error::decode)?,
            block: included.block_hash(),
            events,
        })
    }
}

/// The hash by which nodes name a transaction: BLAKE2b-256 of its bytes.
pub(crate) fn transaction_hash(bytes: &[u8]) -> H256 {
    H256::from(<[u8; 32]>::from(Blake2b::<U32>::digest(bytes)))
}

pub(crate) fn event_record(
    metadata: &ArcMetadata,
    pallet: &str,
    name: &str,
    event: &subxt::events::Event<'_, SubstrateConfig>,
) -> Result<EventRecord, Error> {
    let fields = metadata
        .pallet_by_event_index(event.pallet_index())
        .and_then(|pallet| pallet.event_variant_by_index(event.event_index()))
        .map(|variant| variant.fields.as_slice())
        .unwrap_or_default();
    let mut bytes = event.field_bytes();
    let mut object = Map::new();
    for (index, field) in fields.iter().enumerate() {
        let value = scale_value::scale::decode_as_type(&mut bytes, field.ty.id, metadata.types())
            .map_err(Error::decode)?;
        let key = field.name.clone().unwrap_or_else(|| index.to_string());
        object.insert(key, crate::value::to_json(&value, metadata.types()));
    }
    Ok(EventRecord { pallet: pallet.into(), name: name.into(), fields: Json::Object(object) })
}

/// One storage entry: the keys that can be told from it, and its value.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Entry {
    /// Keys of the map; a hashed key that does not carry its original is its hash.
    pub keys: Vec<Json>,
    /// The value.
    pub value: Json,
}

impl Client {
    /// Connects to the node at `url` (`ws://` or `wss://`).
    ///
    /// # Errors
    /// [`Error::Connection`] when no node answers there.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let unreachable =
            |error: &dyn std::fmt::Display| Error::Connection(format!("{url}: {error}"));
        // A client that reconnects is patient from the start; a wrong address is to be known at once.
        RpcClient::from_insecure_url(url).await.map_err(|error| unreachable(&error))?;
        let socket = ReconnectingRpcClient::builder()
            .max_response_size(RESPONSE_BYTES_MAX)
            .retry_policy(
                ExponentialBackoff::from_millis(100)
                    .max_delay(RECONNECT_PAUSE_MAX)
                    .take(RECONNECT_ATTEMPTS_MAX),
            )
            .build(url)
            .await
            .map_err(|error| unreachable(&error))?;
        let rpc = RpcClient::new(socket);
        let backend = LegacyBackend::builder().build(rpc.clone());
        let api = OnlineClient::from_backend(std::sync::Arc::new(backend)).await?;
        Ok(Self { url: url.into(), api, rpc })
    }

    /// A new connection to the same address, when this one has given up.
    ///
    /// # Errors
    /// [`Error::Connection`], and [`Error::WrongChain`] when another chain answers there now.
    pub async fn reconnected(&self) -> Result<Self, Error> {
        let client = Self::connect(&self.url).await?;
        if client.genesis_hash() == self.genesis_hash() {
            Ok(client)
        } else {
            Err(Error::WrongChain {
                expected: format!("{:?}", self.genesis_hash()),
                got: format!("{:?}", client.genesis_hash()),
            })
        }
    }

    /// The underlying subxt client, for what this library does not wrap.
    pub fn api(&self) -> &OnlineClient<SubstrateConfig> {
        &self.api
    }

    /// Hash of the chain's first block.
    pub fn genesis_hash(&self) -> H256 {
        self.api.genesis_hash()
    }

    /// Calls any JSON-RPC method.
    ///
    /// # Errors
    /// [`Error::Refused`] with the node's code, or [`Error::Connection`].
    pub async fn rpc<T: serde::de::DeserializeOwned>(
        &self,
        method: &str,
        parameters: &[Json],
    ) -> Result<T, Error> {
        let mut params = RpcParams::new();
        for parameter in parameters {
            params.push(parameter)?;
        }
        Ok(self.rpc.request(method, params).await?)
    }

    pub(crate) async fn at(&self, height: Option<u32>) -> Result<At, Error> {
        Ok(match height {
            Some(height) => self.api.at_block(u64::from(height)).await?,
            None => self.api.at_current_block().await?,
        })
    }

    /// The chain's types, calls, storage, events and errors.
    ///
    /// # Errors
    /// [`Error::Connection`].
    pub async fn metadata(&self) -> Result<ArcMetadata, Error> {
        Ok(self.at(None).await?.metadata())
    }

    /// The transactions and events of the block at `height`, or of the last final one.
    ///
    /// # Errors
    /// [`Error::Connection`] when there is no such block or node.
    pub async fn block(&self, height: Option<u32>) -> Result<Json, Error> {
        let at = self.at(height).await?;
        let metadata = at.metadata();
        let hash = at.block_hash();
        let (header, body) = self.header_and_body(hash).await?;
        let mut transactions = Vec::new();
        for (index, bytes) in body.iter().enumerate() {
            let call = describe_transaction(bytes, &metadata)?;
            transactions.push(json!({ "index": index, "transaction": call }));
        }
        let mut events = Vec::new();
        for event in at.events().fetch().await.map_err(Error::decode)?.iter() {
            let event = event.map_err(Error::decode)?;
            events.push(json!({
                "phase": format!("{:?}", event.phase()),
                "event": event_record(&metadata, event.pallet_name(), event.event_name(), &event)?,
            }));
        }
        Ok(json!({
            "height": at.block_number(),
            "hash": hash,
            "parentHash": header["parentHash"],
            "stateRoot": header["stateRoot"],
            "transactions": transactions,
            "events": events,
        }))
    }

    /// What the node says of a block: its header, and its transactions' encodings.
    pub(crate) async fn header_and_body(&self, hash: H256) -> Result<(Json, Vec<Vec<u8>>), Error> {
        let mut answer: Json = self.rpc("chain_getBlock", &[json!(hash)]).await?;
        let mut block = answer["block"].take();
        let texts: Vec<String> =
            serde_json::from_value(block["extrinsics"].take()).map_err(Error::decode)?;
        let body = texts.iter().map(|text| hex::decode(text.trim_start_matches("0x")));
        let body = body.collect::<Result<_, _>>().map_err(Error::decode)?;
        Ok((block["header"].take(), body))
    }

    /// Height of the last final block.
    ///
    /// # Errors
    /// [`Error::Connection`].
    pub async fn height(&self) -> Result<u32, Error> {
        u32::try_from(self.at(None).await?.block_number()).map_err(Error::decode)
    }

    /// Time of the block at `height`, or of the last final one.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn time(&self, height: Option<u32>) -> Result<Moment, Error> {
        let now = self.query("Timestamp", "Now", &[], height).await?;
        serde_json::from_value(now.unwrap_or_default()).map_err(Error::decode)
    }

    /// Waits until a block of at least `height` is final, and gives its height.
    ///
    /// # Errors
    /// [`Error::Connection`] when the node goes away for longer than the client retries.
    pub async fn wait_for_height(&self, height: u32) -> Result<u32, Error> {
        let mut blocks = self.api.stream_blocks().await.map_err(connection)?;
        while let Some(block) = blocks.next().await {
            let number =
                u32::try_from(block.map_err(connection)?.number()).map_err(Error::decode)?;
            if number >= height {
                return Ok(number);
            }
        }
        Err(Error::Connection("the node ended the subscription to final blocks".into()))
    }

    /// The next nonce of `account`, counting its transactions in the pool.
    ///
    /// # Errors
    /// [`Error::Connection`].
    pub async fn next_nonce(&self, account: &[u8; 32]) -> Result<u64, Error> {
        let address = AccountId32(*account).to_string();
        self.rpc("system_accountNextIndex", &[Json::String(address)]).await
    }

    /// Signs a call with `key` and submits it.
    ///
    /// - `arguments`: an object with each argument's name, or an array in their order; see
    ///   [`crate::value`] for how types are written.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Value`] before anything is sent; [`Error::Refused`] when the
    /// pool refuses it.
    pub async fn submit(
        &self,
        key: &KeyPair,
        pallet: &str,
        call: &str,
        arguments: &Json,
    ) -> Result<Submission, Error> {
        let at = self.at(None).await?;
        let payload = payload(&at, pallet, call, arguments)?;
        self.submit_payload(&at, key, &payload).await
    }

    /// Signs a call and gives the transaction's bytes, without submitting it.
    ///
    /// # Errors
    /// As [`Client::submit`], except that nothing is sent.
    pub async fn sign_only(
        &self,
        key: &KeyPair,
        pallet: &str,
        call: &str,
        arguments: &Json,
        nonce: u64,
    ) -> Result<Vec<u8>, Error> {
        let at = self.at(None).await?;
        let payload = payload(&at, pallet, call, arguments)?;
        Ok(sign(&at, key, &payload, nonce).await?.into_encoded())
    }

    /// Signs a payload with the account's next nonce and submits it.
    pub(crate) async fn submit_payload(
        &self,
        at: &At,
        key: &KeyPair,
        payload: &impl Payload,
    ) -> Result<Submission, Error> {
        let nonce = self.next_nonce(&key.public_key()).await?;
        let signed = sign(at, key, payload, nonce).await?;
        Ok(Submission { progress: signed.submit_and_watch().await? })
    }

    /// The account's nonce in the state of `at`: how many of its transactions were applied.
    pub(crate) async fn nonce_at(&self, at: &At, account: &[u8; 32]) -> Result<u64, Error> {
        Ok(at.transactions().account_nonce(&AccountId32(*account)).await?)
    }

    /// Reads one storage item at `height`, or at the last final block.
    ///
    /// # Errors
    /// [`Error::Unknown`] and [`Error::Value`] name what does not fit.
    pub async fn query(
        &self,
        pallet: &str,
        item: &str,
        keys: &[Json],
        height: Option<u32>,
    ) -> Result<Option<Json>, Error> {
        let at = self.at(height).await?;
        let (bytes, type_id) = self.stored(&at, pallet, item, keys).await?;
        bytes.map(|bytes| decode_json(&bytes, type_id, at.metadata().types())).transpose()
    }

    /// As [`Client::query`]; what the chain takes in its place where nothing is stored.
    pub(crate) async fn query_or_default(
        &self,
        pallet: &str,
        item: &str,
        height: Option<u32>,
    ) -> Result<Json, Error> {
        let at = self.at(height).await?;
        let (bytes, type_id) = self.stored(&at, pallet, item, &[]).await?;
        let metadata = at.metadata();
        let default = storage_entry(&metadata, pallet, item)?.default_value();
        let bytes = bytes.or_else(|| default.map(<[u8]>::to_vec)).unwrap_or_default();
        decode_json(&bytes, type_id, metadata.types())
    }

    /// The storage key of one item.
    pub(crate) fn key_of(
        &self,
        at: &At,
        pallet: &str,
        item: &str,
        keys: &[Json],
    ) -> Result<Vec<u8>, Error> {
        let parts = key_parts(at, pallet, item, keys)?;
        let address = dynamic::storage::<Vec<scale_value::Value>, scale_value::Value>(pallet, item);
        let entry = at.storage().entry(address).map_err(Error::decode)?;
        entry.fetch_key(parts).map_err(Error::decode)
    }

    /// The number of the type of a storage item.
    pub(crate) fn type_of(&self, at: &At, pallet: &str, item: &str) -> Result<u32, Error> {
        Ok(storage_entry(&at.metadata(), pallet, item)?.value_ty())
    }

    /// The bytes of one storage item, and the number of their type.
    pub(crate) async fn stored(
        &self,
        at: &At,
        pallet: &str,
        item: &str,
        keys: &[Json],
    ) -> Result<(Option<Vec<u8>>, u32), Error> {
        let metadata = at.metadata();
        let entry = storage_entry(&metadata, pallet, item)?;
        let parts = key_parts(at, pallet, item, keys)?;
        let address = dynamic::storage::<Vec<scale_value::Value>, scale_value::Value>(pallet, item);
        let value = at.storage().try_fetch(address, parts).await.map_err(Error::decode)?;
        Ok((value.map(|value| value.bytes().to_vec()), entry.value_ty()))
    }

    /// Lists the entries of a storage map whose leading keys are `keys`, at most `limit`.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn entries(
        &self,
        pallet: &str,
        item: &str,
        keys: &[Json],
        limit: usize,
        height: Option<u32>,
    ) -> Result<Vec<Entry>, Error> {
        let at = self.at(height).await?;
        let metadata = at.metadata();
        let entry = storage_entry(&metadata, pallet, item)?;
        let parts = entry
            .keys()
            .zip(keys)
            .map(|(info, json)| from_json(json, info.key_id, metadata.types()))
            .collect::<Result<Vec<_>, _>>()?;
        let address = dynamic::storage::<Vec<scale_value::Value>, scale_value::Value>(pallet, item);
        let mut stream = at.storage().iter(address, parts).await.map_err(Error::decode)?;
        let mut found = Vec::new();
        while found.len() < limit {
            let Some(next) = stream.next().await else { break };
            let pair = next.map_err(Error::decode)?;
            let key = pair.key().map_err(Error::decode)?;
            let keys = key
                .parts()
                .zip(entry.keys())
                .map(|(part, info)| match part.value_bytes() {
                    [] => Ok(Json::String(format!("0x{}", hex::encode(part.hash_bytes())))),
                    bytes => decode_json(bytes, info.key_id, metadata.types()),
                })
                .collect::<Result<_, Error>>()?;
            let value = decode_json(pair.value().bytes(), entry.value_ty(), metadata.types())?;
            found.push(Entry { keys, value });
        }
        Ok(found)
    }

    /// Calls a pallet's view function at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn view(
        &self,
        pallet: &str,
        function: &str,
        arguments: &[Json],
        height: Option<u32>,
    ) -> Result<Json, Error> {
        let at = self.at(height).await?;
        let metadata = at.metadata();
        let described =
            pallet_of(&metadata, pallet)?.view_function_by_name(function).ok_or_else(|| {
                Error::Unknown { kind: "view function", name: format!("{pallet}.{function}") }
            })?;
        let inputs: Vec<_> = described.inputs().collect();
        if inputs.len() != arguments.len() {
            let names: Vec<_> = inputs.iter().map(|input| input.name.to_string()).collect();
            return Err(Error::Arguments(format!(
                "{pallet}.{function} takes {} arguments ({}), got {}",
                inputs.len(),
                names.join(", "),
                arguments.len()
            )));
        }
        let values = inputs
            .iter()
            .zip(arguments)
            .map(|(input, json)| from_json(json, input.id, metadata.types()))
            .collect::<Result<Vec<_>, _>>()?;
        let payload =
            dynamic::view_function_call::<_, scale_value::Value>(pallet, function, values);
        let encoded = at.view_functions().encode_args(&payload).map_err(Error::decode)?;
        // The runtime takes the arguments as one list of bytes; subxt leaves its length out.
        let (id, arguments) = encoded.split_at(described.query_id().len());
        let mut call = id.to_vec();
        arguments.encode_to(&mut call);
        let bytes = at.view_functions().call_raw(Some(&call)).await.map_err(connection)?;
        let answer = Result::<Vec<u8>, ViewFunctionError>::decode(&mut bytes.as_slice())
            .map_err(Error::decode)?
            .map_err(|error| Error::Decode(format!("{pallet}.{function}: {error:?}")))?;
        decode_json(&answer, described.output_ty(), metadata.types())
    }
}

/// The keys of a storage item, as many as it takes.
fn key_parts(
    at: &At,
    pallet: &str,
    item: &str,
    keys: &[Json],
) -> Result<Vec<scale_value::Value>, Error> {
    let metadata = at.metadata();
    let entry = storage_entry(&metadata, pallet, item)?;
    let n_keys = entry.keys().count();
    if keys.len() != n_keys {
        return Err(Error::Arguments(format!(
            "{pallet}.{item} takes {n_keys} keys, got {}; `--all` lists its entries",
            keys.len()
        )));
    }
    let parts =
        entry.keys().zip(keys).map(|(info, json)| from_json(json, info.key_id, metadata.types()));
    Ok(parts.collect::<Result<_, _>>()?)
}

/// A call with its arguments as JSON; what they say is left to the chain.
fn payload(
    at: &At,
    pallet: &str,
    call: &str,
    arguments: &Json,
) -> Result<DynamicPayload<Composite<()>>, Error> {
    let metadata = at.metadata();
    let variant = pallet_of(&metadata, pallet)?
        .call_variant_by_name(call)
        .ok_or_else(|| Error::Unknown { kind: "call", name: format!("{pallet}.{call}") })?;
    let fields = fields_from_json(arguments, &variant.fields, metadata.types())?;
    Ok(dynamic::tx(pallet, call, fields))
}

async fn sign(
    at: &At,
    key: &KeyPair,
    payload: &impl Payload,
    nonce: u64,
) -> Result<
    SubmittableTransaction<
        SubstrateConfig,
        subxt::client::OnlineClientAtBlockImpl<SubstrateConfig>,
    >,
    Error,
> {
    let params = DefaultExtrinsicParamsBuilder::new().nonce(nonce).mortal(MORTALITY_BLOCKS).build();
    Ok(at.transactions().create_signed(payload, key, params).await?)
}

/// Signs an encoded call without asking the node.
///
/// - `mortality_blocks`: a power of two; the transaction can be in the block after `at` and in
///   that many less one behind it.
pub(crate) fn sign_offline(
    at: &At,
    key: &KeyPair,
    call: &[u8],
    nonce: u64,
    mortality_blocks: u64,
) -> Result<Vec<u8>, Error> {
    let client = at.transactions();
    let payload = client.from_call_data_bytes(call)?;
    let params = DefaultExtrinsicParamsBuilder::new()
        .nonce(nonce)
        .mortal_from_unchecked(mortality_blocks, at.block_number(), at.block_hash())
        .build();
    let signed = client.create_signable_offline(&payload, params)?.sign(key)?.into_encoded();
    // The call was read and written once more on the way; what is signed must be what was asked.
    if signed.ends_with(call) {
        Ok(signed)
    } else {
        Err(Error::Decode("the call does not keep its bytes when it is read and written".into()))
    }
}

/// Names the call, and the signer where there is one, of a transaction's bytes.
pub(crate) fn describe_transaction(bytes: &[u8], metadata: &ArcMetadata) -> Result<Json, Error> {
    let extrinsic =
        frame_decode::extrinsics::decode_extrinsic(&mut &bytes[..], &**metadata, metadata.types())
            .map_err(Error::decode)?;
    let mut arguments = Map::new();
    for argument in extrinsic.call_data() {
        let value = decode_json(&bytes[argument.range()], *argument.ty(), metadata.types())?;
        arguments.insert(argument.name().to_owned(), value);
    }
    let signer = extrinsic
        .signature_payload()
        .map(|signed| {
            decode_json(&bytes[signed.address_range()], *signed.address_type(), metadata.types())
        })
        .transpose()?;
    Ok(json!({
        "pallet": extrinsic.pallet_name(),
        "call": extrinsic.call_name(),
        "signer": signer,
        "arguments": arguments,
    }))
}

/// Why the runtime could not answer a view function; mirrors FRAME's type of that name.
#[derive(Debug, Decode)]
enum ViewFunctionError {
    NotImplemented,
    #[allow(dead_code, reason = "shown by Debug")]
    NotFound([u8; 32]),
    Codec,
}

pub(crate) fn connection(error: impl std::fmt::Display) -> Error {
    Error::Connection(error.to_string())
}

pub(crate) fn pallet_of<'a>(
    metadata: &'a ArcMetadata,
    pallet: &str,
) -> Result<subxt::metadata::PalletMetadata<'a>, Error> {
    metadata
        .pallet_by_name(pallet)
        .ok_or_else(|| Error::Unknown { kind: "pallet", name: pallet.into() })
}

fn storage_entry<'a>(
    metadata: &'a ArcMetadata,
    pallet: &str,
    item: &str,
) -> Result<&'a subxt::metadata::StorageEntryMetadata, Error> {
    pallet_of(metadata, pallet)?
        .storage()
        .and_then(|storage| storage.entry_by_name(item))
        .ok_or_else(|| Error::Unknown { kind: "storage item", name: format!("{pallet}.{item}") })
}

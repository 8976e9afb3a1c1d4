//! Making bundles from what a full node says.
//!
//! Nothing that the node says is believed: a bundle made of lies does not verify.

use super::{
    Bundle, Checkpoint, ProofError, STEPS_MAX,
    bundle::{Item, Precommit, Record, Step},
    json,
    recalls::Ancestry,
    records::{self as state, BatchKey, Place},
    tree::{self, Hash, sha256},
};
use crate::{
    client::{At, Client},
    error::Error,
    labels::CodeProof,
    moment::Moment,
    validators::PublicKey,
};
use codec::{Decode, DecodeAll};
use ecoledger_primitives::{Hash as BlockHash, Header, HeaderDigest, committed_value};
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// Keys of one question for proofs; a node answers no more.
const PROOF_KEYS_MAX: usize = 64;

/// Answer of `ecoledger_getCertificate`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Certificate {
    height: u32,
    round: u32,
    signatures: Vec<Signature>,
    header_encoded: String,
    validator_set: Vec<BlockHash>,
}

#[derive(Deserialize)]
struct Signature {
    validator: BlockHash,
    signature: String,
}

/// Answer of `ecoledger_getProof`.
#[derive(Deserialize)]
struct StateProof {
    keys: Vec<KeyProof>,
}

#[derive(Deserialize)]
struct KeyProof {
    key: String,
    value: Option<String>,
    proof: String,
}

impl Certificate {
    fn set(&self) -> Vec<Hash> {
        self.validator_set.iter().map(|key| key.0).collect()
    }

    /// Whether more than a third of `trusted` signed.
    fn endorses(&self, trusted: &[Hash]) -> bool {
        let n_trusted =
            self.signatures.iter().filter(|it| trusted.contains(&it.validator.0)).count();
        n_trusted * 3 > trusted.len()
    }

    pub(super) fn step(&self, sets: &mut Vec<Vec<Hash>>) -> Result<Step, Error> {
        let set = self.set();
        let mut precommits = Vec::new();
        for signature in &self.signatures {
            let validator = set.binary_search(&signature.validator.0).ok();
            let validator = validator.and_then(|index| u8::try_from(index).ok());
            let bytes = bytes(&signature.signature)?;
            precommits.push(Precommit {
                validator: validator.ok_or_else(|| untrue("a signer is no validator"))?,
                signature: bytes.try_into().map_err(|_| untrue("a signature has 64 bytes"))?,
            });
        }
        precommits.sort_by_key(|precommit| precommit.validator);
        Ok(Step {
            header: bytes(&self.header_encoded)?,
            round: self.round,
            set: position(sets, set)?,
            precommits,
        })
    }
}

fn position(sets: &mut Vec<Vec<Hash>>, set: Vec<Hash>) -> Result<u8, Error> {
    let index = sets.iter().position(|it| *it == set).unwrap_or_else(|| {
        sets.push(set);
        sets.len() - 1
    });
    u8::try_from(index).map_err(|_| untrue("too many validator sets"))
}

fn bytes(text: &str) -> Result<Vec<u8>, Error> {
    let digits = text.strip_prefix("0x").ok_or_else(|| untrue("0x is missing"))?;
    hex::decode(digits).map_err(Error::decode)
}

fn hexadecimal(id: &BatchKey) -> Json {
    json!(format!("0x{}", hex::encode(id)))
}

pub(super) fn untrue(what: &str) -> Error {
    Error::Decode(format!("the node's answer is no proof: {what}"))
}

impl Bundle {
    /// The same records for another code of the same series: right for one that has no mark, where
    /// `self` was made for one that has none. `None` if the code's leaf or path is no hexadecimal text.
    pub(super) fn of_item(&self, code: &CodeProof) -> Option<Self> {
        let item = Item { leaf: code.leaf_bytes()?, index: code.index, path: code.hashes()? };
        Some(Self { item: Some(item), ..self.clone() })
    }
}

impl Client {
    /// The block at `height`, or the second before the last final one, as a checkpoint: what the
    /// node says, for whoever trusts it. The first block, at height 0, is given the time of the next.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless two blocks are final behind it.
    pub async fn checkpoint(&self, height: Option<u32>) -> Result<Checkpoint, Error> {
        let head = self.height().await?;
        let height = height.unwrap_or(head.saturating_sub(2));
        if height.saturating_add(2) > head {
            return Err(Error::NotFound(format!(
                "a checkpoint at height {height}: two blocks are final behind one, and the last is {head}"
            )));
        }
        let at = self.commit(height.max(1)).await?;
        let keys = |set: Vec<Hash>| {
            set.iter()
                .map(|key| format!("0x{}", hex::encode(key)).parse())
                .collect::<Result<Vec<PublicKey>, _>>()
        };
        let header = Header::decode_all(&mut bytes(&at.header_encoded)?.as_slice())
            .map_err(Error::decode)?;
        let digest = HeaderDigest::of(&header).ok_or_else(|| untrue("a header has a digest"))?;
        Ok(Checkpoint {
            genesis: format!("{:?}", self.genesis_hash()).parse()?,
            height,
            time_ms: Moment(digest.pre.time_ms),
            next: keys(self.commit(height + 1).await?.set())?,
            after_next: keys(self.commit(height + 2).await?.set())?,
        })
    }

    /// A bundle that proves an item code with all that a scan shows, in the block at `height` or in
    /// the last final one.
    ///
    /// - `code`: the code's place in its series, as [`crate::labels::prove`] gives it.
    /// - `checkpoint`: where its verifiers begin; one with a later checkpoint verifies it too.
    ///
    /// # Errors
    /// [`Error::NotFound`] names what the chain does not have.
    pub async fn prove_code(
        &self,
        code: &CodeProof,
        checkpoint: &Checkpoint,
        height: Option<u32>,
    ) -> Result<Bundle, Error> {
        let at = self.at(height).await?;
        let (keys, ancestry) = self.keys_of_scan(&at, code).await?;
        let all = [&keys[..], &ancestry[..]].concat();
        let bundle = match self.prove_at(&at, &all, checkpoint).await {
            // Goods whose ancestry is too long to be shown are being assessed.
            Err(Error::Proof(ProofError::TooLong(_))) if !ancestry.is_empty() => {
                self.prove_at(&at, &keys, checkpoint).await?
            }
            made => made?,
        };
        bundle.of_item(code).ok_or_else(|| untrue("the path of a code is malformed"))
    }

    /// A bundle that proves the values of storage keys in the last final block; keys without value
    /// are left out.
    ///
    /// # Errors
    /// [`Error::NotFound`] if none has a value.
    pub async fn prove_keys(
        &self,
        keys: &[Vec<u8>],
        checkpoint: &Checkpoint,
    ) -> Result<Bundle, Error> {
        let at = self.at(None).await?;
        self.prove_at(&at, keys, checkpoint).await
    }

    pub(super) async fn prove_at(
        &self,
        at: &At,
        keys: &[Vec<u8>],
        checkpoint: &Checkpoint,
    ) -> Result<Bundle, Error> {
        let height = u32::try_from(at.block_number()).map_err(Error::decode)?;
        let (steps, sets) = self.way(checkpoint, height).await?;
        let (records, siblings) = self.proven_values(at, keys).await?;
        let genesis = self.genesis_hash().0;
        let bundle = Bundle { genesis, steps, sets, records, siblings, item: None };
        // Held to the bounds that whoever reads it holds it to.
        Ok(Bundle::from_bytes(&bundle.to_bytes())?)
    }

    pub(super) async fn commit(&self, height: u32) -> Result<Certificate, Error> {
        let found: Option<Certificate> =
            self.rpc("ecoledger_getCertificate", &[json!(height)]).await?;
        let found = found.ok_or_else(|| Error::NotFound(format!("block {height}")))?;
        if found.height == height { Ok(found) } else { Err(untrue("another height")) }
    }

    /// Headers with signatures, from behind the checkpoint to `height`.
    async fn way(
        &self,
        checkpoint: &Checkpoint,
        height: u32,
    ) -> Result<(Vec<Step>, Vec<Vec<Hash>>), Error> {
        let (mut steps, mut sets) = (Vec::new(), Vec::new());
        let mut trusted = checkpoint.height;
        let keys = checkpoint.after_next.iter().map(|key| key.to_string().parse::<BlockHash>());
        let mut set = keys
            .map(|key| key.map(|key| key.0).map_err(Error::decode))
            .collect::<Result<Vec<_>, _>>()?;
        if height <= trusted {
            return Err(ProofError::BeforeCheckpoint { height, checkpoint: trusted }.into());
        }
        while trusted < height {
            if steps.len() + 2 > STEPS_MAX {
                return Err(Error::NotFound(format!(
                    "way from block {trusted} to {height} that is short enough: the validators changed too often; take a newer checkpoint"
                )));
            }
            if height - trusted <= 2 {
                steps.push(self.commit(height).await?.step(&mut sets)?);
                break;
            }
            // Two blocks behind a trusted one need no endorsement.
            let near = trusted + 2;
            let mut reach = height - 1;
            let mut found = self.commit(reach).await?;
            while reach > near && !found.endorses(&set) {
                reach = near.max(trusted + (reach - trusted) / 2);
                found = self.commit(reach).await?;
            }
            steps.push(found.step(&mut sets)?);
            trusted = reach;
            if reach > near {
                trusted += 1;
                steps.push(self.commit(trusted).await?.step(&mut sets)?);
            }
            if height > trusted + 2 {
                set = self.commit(trusted + 2).await?.set();
                position(&mut sets, set.clone())?;
            }
        }
        Ok((steps, sets))
    }

    /// The values of keys with their proof.
    ///
    /// [`PROOF_KEYS_MAX`] are asked for at a time.
    pub(super) async fn proven_values(
        &self,
        at: &At,
        keys: &[Vec<u8>],
    ) -> Result<(Vec<Record>, Vec<Hash>), Error> {
        let block = json!(format!("{:?}", at.block_hash()));
        let mut rows = Vec::new();
        for some in keys.chunks(PROOF_KEYS_MAX) {
            let texts: Vec<_> = some.iter().map(|key| format!("0x{}", hex::encode(key))).collect();
            let answer: StateProof =
                self.rpc("ecoledger_getProof", &[json!(texts), block.clone()]).await?;
            for row in answer.keys {
                let (Some(value), key) = (row.value, bytes(&row.key)?) else { continue };
                let value = committed_value(&key, &bytes(&value)?).into_owned();
                let path = json::read_ics23(&key, &value, &bytes(&row.proof)?)?;
                let depth = u8::try_from(path.len()).map_err(Error::decode)?;
                rows.push((Record { key, value, depth }, path));
            }
        }
        if rows.is_empty() {
            return Err(Error::NotFound("a value of these keys".into()));
        }
        rows.sort_by_key(|(record, _)| sha256(&record.key));
        rows.dedup_by(|(one, _), (other, _)| one.key == other.key);
        let (records, paths): (Vec<Record>, Vec<_>) = rows.into_iter().unzip();
        let leaves: Vec<_> = records.iter().map(Record::leaf).collect();
        let siblings = tree::siblings(&leaves, &paths)?;
        Ok((records, siblings))
    }

    /// The storage keys of what a scan of an item shows, and of what [`keys_of_ancestry`] gives.
    ///
    /// [`keys_of_ancestry`]: Self::keys_of_ancestry
    async fn keys_of_scan(
        &self,
        at: &At,
        code: &CodeProof,
    ) -> Result<(Vec<Vec<u8>>, Vec<Vec<u8>>), Error> {
        let mut keys = Vec::new();
        let number = |n: u32| vec![json!(n)];
        let series: state::Series =
            self.record(at, &state::SERIES, &number(code.series), &mut keys).await?;
        let batch: state::Batch =
            self.record(at, &state::BATCH, &[hexadecimal(&series.batch)], &mut keys).await?;
        let mut organisations = vec![batch.producer, batch.holder, series.labeller];
        let mut certificates: Vec<_> = batch.claims.iter().map(|claim| claim.certificate).collect();
        certificates.extend(series.certificate);
        if let Some(id) = series.licence {
            let record: state::Licence =
                self.record(at, &state::LICENCE, &number(id), &mut keys).await?;
            organisations.push(record.licensee);
            certificates.extend(record.certificate);
        }
        certificates.sort_unstable();
        certificates.dedup();
        for id in certificates {
            let record: state::Certificate =
                self.record(at, &state::CERTIFICATE, &number(id), &mut keys).await?;
            organisations.extend([record.holder, record.body]);
        }
        let open: Vec<u32> = self.record(at, &state::OPEN_RECALLS, &[], &mut keys).await?;
        let mark = [json!(code.series), json!(code.index)];
        keys.push(self.storage_key(at, &state::ITEM_MARK, &mark)?);
        for base in batch.origins {
            keys.push(self.storage_key(at, &state::BASE, &number(base))?);
        }
        organisations.sort_unstable();
        organisations.dedup();
        for organisation in organisations {
            keys.push(self.storage_key(at, &state::ORGANISATION, &number(organisation))?);
        }
        Ok((keys, self.keys_of_ancestry(at, series.batch, &open).await?))
    }

    /// The storage keys of what proves that no open recall reaches a batch; none where none is open,
    /// or where it cannot be proven.
    async fn keys_of_ancestry(
        &self,
        at: &At,
        batch: BatchKey,
        open: &[u32],
    ) -> Result<Vec<Vec<u8>>, Error> {
        let mut keys = Vec::new();
        let mut recalls = Vec::new();
        for recall in open {
            recalls.push(self.record(at, &state::RECALL, &[json!(recall)], &mut keys).await?);
        }
        let mut ancestry = Ancestry::of(batch, recalls);
        while let Some(id) = ancestry.next() {
            let batch: state::Batch =
                self.record(at, &state::BATCH, &[hexadecimal(&id)], &mut keys).await?;
            let made_by: Option<state::Derivation> = match batch.formed_by {
                None => None,
                Some(id) => {
                    Some(self.record(at, &state::DERIVATION, &[hexadecimal(&id)], &mut keys).await?)
                }
            };
            if !ancestry.goes_on(id, &batch, made_by.as_ref()) {
                return Ok(Vec::new());
            }
        }
        Ok(keys)
    }

    async fn record<T: Decode>(
        &self,
        at: &At,
        place: &Place,
        parts: &[Json],
        keys: &mut Vec<Vec<u8>>,
    ) -> Result<T, Error> {
        keys.push(self.storage_key(at, place, parts)?);
        let (found, _) = self.stored(at, place.pallet, place.item, parts).await?;
        let found = found.ok_or_else(|| Error::NotFound(format!("the {}", place.name)))?;
        T::decode_all(&mut found.as_slice())
            .map_err(|_| ProofError::RecordMalformed(place.name).into())
    }

    fn storage_key(&self, at: &At, place: &Place, parts: &[Json]) -> Result<Vec<u8>, Error> {
        self.key_of(at, place.pallet, place.item, parts)
    }
}

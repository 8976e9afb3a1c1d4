//! Questions to the chain about programmes, purposes, holders and movements.

use super::{
    Flag, Holder, Holding, Movement, MovementId, PALLET, Part, Programme, ProgrammeId, Tag, TagKey,
};
use crate::{
    client::Client,
    error::Error,
    traceability::{OrganisationId, decode},
};
use serde_json::{Value as Json, json};

impl Client {
    /// A programme at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn programme(
        &self,
        id: ProgrammeId,
        height: Option<u32>,
    ) -> Result<Option<Programme>, Error> {
        decode(self.view(PALLET, "programme", &[json!(id)], height).await?)
    }

    /// A purpose with its totals.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn tag(&self, key: TagKey, height: Option<u32>) -> Result<Option<Tag>, Error> {
        let arguments = [json!(key.programme), json!(key.tag)];
        decode(self.view(PALLET, "tag", &arguments, height).await?)
    }

    /// What a holder has and had under a purpose; nothing where it never had anything.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn holding(
        &self,
        key: TagKey,
        holder: Holder,
        height: Option<u32>,
    ) -> Result<Holding, Error> {
        let arguments = [json!(key.programme), json!(key.tag), json!(holder)];
        decode(self.view(PALLET, "holding", &arguments, height).await?)
    }

    /// What an organisation is in a programme; managers are intermediaries.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn part_of(
        &self,
        programme: ProgrammeId,
        organisation: OrganisationId,
        height: Option<u32>,
    ) -> Result<Option<Part>, Error> {
        let arguments = [json!(programme), json!(organisation)];
        decode(self.view(PALLET, "part_of", &arguments, height).await?)
    }

    /// The auditor's stop on an organisation in a programme.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn flag_of(
        &self,
        programme: ProgrammeId,
        organisation: OrganisationId,
        height: Option<u32>,
    ) -> Result<Option<Flag>, Error> {
        let arguments = [json!(programme), json!(organisation)];
        decode(self.view(PALLET, "flag_of", &arguments, height).await?)
    }

    /// A movement of money.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn movement(
        &self,
        id: MovementId,
        height: Option<u32>,
    ) -> Result<Option<Movement>, Error> {
        decode(self.view(PALLET, "movement", &[json!(id)], height).await?)
    }

    /// The organisations that have a part in a programme beside its managers.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn parts(
        &self,
        programme: ProgrammeId,
        height: Option<u32>,
    ) -> Result<Vec<(OrganisationId, Part)>, Error> {
        self.entries_under("Parts", json!(programme), height).await
    }

    /// The organisations that an auditor stopped in a programme.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn flags(
        &self,
        programme: ProgrammeId,
        height: Option<u32>,
    ) -> Result<Vec<(OrganisationId, Flag)>, Error> {
        self.entries_under("Flags", json!(programme), height).await
    }

    /// All holders under a purpose.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn holdings(
        &self,
        key: TagKey,
        height: Option<u32>,
    ) -> Result<Vec<(Holder, Holding)>, Error> {
        self.entries_under("Holdings", json!(key), height).await
    }

    /// The purposes of a programme, ascending. Reads the purposes of all programmes.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn tags(
        &self,
        programme: ProgrammeId,
        height: Option<u32>,
    ) -> Result<Vec<(TagKey, Tag)>, Error> {
        let mut found: Vec<(TagKey, Tag)> = self.all_entries("Tags", &[], 0, height).await?;
        found.retain(|(key, _)| key.programme == programme);
        found.sort_by_key(|(key, _)| *key);
        Ok(found)
    }

    /// The movements under a purpose, ascending. Reads the movements of all purposes.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn movements(
        &self,
        key: TagKey,
        height: Option<u32>,
    ) -> Result<Vec<(MovementId, Movement)>, Error> {
        let mut found: Vec<(MovementId, Movement)> =
            self.all_entries("Movements", &[], 0, height).await?;
        found.retain(|(_, movement)| movement.tag == key);
        found.sort_by_key(|(id, _)| *id);
        Ok(found)
    }

    /// The entries of a double map under its first key, with the second.
    async fn entries_under<K, V>(
        &self,
        item: &str,
        first: Json,
        height: Option<u32>,
    ) -> Result<Vec<(K, V)>, Error>
    where
        K: serde::de::DeserializeOwned,
        V: serde::de::DeserializeOwned,
    {
        self.all_entries(item, &[first], 1, height).await
    }

    /// All entries under `keys`, with the key at `position`.
    async fn all_entries<K, V>(
        &self,
        item: &str,
        keys: &[Json],
        position: usize,
        height: Option<u32>,
    ) -> Result<Vec<(K, V)>, Error>
    where
        K: serde::de::DeserializeOwned,
        V: serde::de::DeserializeOwned,
    {
        let entries = self.entries(PALLET, item, keys, usize::MAX, height).await?;
        entries
            .into_iter()
            .map(|mut entry| {
                let key = entry.keys.get_mut(position).map(Json::take).unwrap_or_default();
                Ok((decode(key)?, decode(entry.value)?))
            })
            .collect()
    }
}

//! What the chain keeps of products, bases, batches and recalls.

use super::{OrganisationId, PALLET, PlaceId, RecallId};
use crate::{
    certification::CertificateId,
    client::Client,
    error::Error,
    gs1::{BatchId, Gln, Gtin, Lot},
    moment::Moment,
    participants::Region,
    quantity::{BaseUnit, Quantity},
    trace::Batch,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// What one piece of a trade item holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetContent {
    /// Unit of the content: a mass or a volume.
    pub unit: BaseUnit,
    /// Content of one piece in base units, at least 1.
    #[serde(with = "crate::integer")]
    pub quantity: u64,
    /// The bulk product that is packed, where the item is a pack of one.
    pub of: Option<Gtin>,
}

/// Master data of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductDetails {
    /// Organisation that owns the GTIN; set by the chain when a product is registered.
    pub owner: OrganisationId,
    /// Unit of every quantity of the product's batches.
    pub base_unit: BaseUnit,
    /// Content of a piece; only where the base unit is [`BaseUnit::Each`].
    pub net_content: Option<NetContent>,
    /// Mass of a millilitre in milligrams, where quantities by volume must be weighed.
    pub density_mg_per_ml: Option<u32>,
    /// Class in GS1's Global Product Classification, eight digits.
    pub category: u32,
}

impl ProductDetails {
    /// Unit in which certificates, licences and labels count the product: that of its content.
    pub fn content_unit(&self) -> BaseUnit {
        self.net_content.as_ref().map_or(self.base_unit, |content| content.unit)
    }

    /// The content of `quantity` base units, in [`content_unit`](Self::content_unit); `None` beyond
    /// 128 bits.
    pub fn content(&self, quantity: u128) -> Option<u128> {
        match &self.net_content {
            Some(content) => quantity.checked_mul(content.quantity.into()),
            None => Some(quantity),
        }
    }
}

/// A production base (生产基地).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Organisation that runs it.
    pub owner: OrganisationId,
    /// Administrative division.
    pub region: Region,
    /// Its GLN, if it has one.
    pub gln: Option<Gln>,
    /// Area in units of 1/300 m²; 1 mu is 200,000.
    #[serde(with = "crate::integer")]
    pub area_units: u64,
}

/// Where the units of a batch are, each in base units of its product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantities {
    /// All that ever belonged to the batch: the sum of the others.
    #[serde(with = "crate::integer")]
    pub produced: u128,
    /// At the holder.
    #[serde(with = "crate::integer")]
    pub on_hand: u128,
    /// Shipped and neither received nor rejected.
    #[serde(with = "crate::integer")]
    pub in_transit: u128,
    /// Went into other batches, or was lost in making them.
    #[serde(with = "crate::integer")]
    pub consumed: u128,
    /// Sold to consumers.
    #[serde(with = "crate::integer")]
    pub sold: u128,
    /// Spoilt, spilt or missing on receipt.
    #[serde(with = "crate::integer")]
    pub lost: u128,
    /// Destroyed under record.
    #[serde(with = "crate::integer")]
    pub destroyed: u128,
}

/// A certificate that a batch carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its number on chain.
    pub certificate: CertificateId,
    /// Whether goods that carry it were produced while it was suspended.
    pub made_while_suspended: bool,
}

impl Batch {
    /// The certificates that it carries, ascending by number.
    ///
    /// # Errors
    /// [`Error::Decode`] for a record of another form.
    pub fn claims(&self) -> Result<Vec<Claim>, Error> {
        serde_json::from_value(self.record["claims"].clone())
            .map_err(|error| Error::Decode(format!("claims: {error}")))
    }
}

/// What is known about a batch and the recalls in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecallStatus {
    /// No recall in force affects it.
    Clear,
    /// These recalls affect it, whether or not the mark has reached it.
    Recalled(Vec<RecallId>),
    /// It has too many ancestors to say so in one answer.
    TooManyAncestors,
}

impl Client {
    /// The product `gtin` at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn product(
        &self,
        gtin: &Gtin,
        height: Option<u32>,
    ) -> Result<Option<ProductDetails>, Error> {
        decode(self.view(PALLET, "product", &[json!(gtin)], height).await?)
    }

    /// The organisations that may produce `gtin` beside its owner, with the time of each licence.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn producer_licences(
        &self,
        gtin: &Gtin,
        height: Option<u32>,
    ) -> Result<Vec<(OrganisationId, Moment)>, Error> {
        let entries =
            self.entries(PALLET, "ProducerLicences", &[json!(gtin)], usize::MAX, height).await?;
        let rows = entries.into_iter().map(|entry| {
            let (_, organisation): (Json, _) = decode(Json::Array(entry.keys))?;
            Ok((organisation, decode(entry.value)?))
        });
        let mut rows = rows.collect::<Result<Vec<_>, Error>>()?;
        rows.sort_unstable();
        Ok(rows)
    }

    /// The production base `place` at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn place(&self, place: PlaceId, height: Option<u32>) -> Result<Option<Place>, Error> {
        decode(self.view(PALLET, "place", &[json!(place)], height).await?)
    }

    /// `quantity` in base units, by the chain's governed table of units.
    ///
    /// # Errors
    /// [`Error::Arguments`] when the table does not have the unit, or the quantity is no whole
    /// number of base units.
    pub async fn in_base_units(&self, quantity: &Quantity) -> Result<(BaseUnit, u128), Error> {
        #[derive(Deserialize)]
        struct Rule {
            base: BaseUnit,
            numerator: u64,
            denominator: u64,
        }
        let unit = quantity.unit.trim_end();
        let rule = self.query(PALLET, "Units", &[json!(quantity.unit)], None).await?;
        let Rule { base, numerator, denominator } = decode(rule.ok_or_else(|| {
            Error::Arguments(format!("quantity: the chain's table of units does not have {unit}"))
        })?)?;
        let scaled = quantity.value.checked_mul(numerator.into());
        let divisor = 10u128
            .checked_pow(quantity.decimals.into())
            .and_then(|power| power.checked_mul(denominator.into()));
        match (scaled, divisor) {
            (Some(scaled), Some(divisor)) if divisor > 0 && scaled % divisor == 0 => {
                Ok((base, scaled / divisor))
            }
            _ => Err(Error::Arguments(format!(
                "quantity: {quantity} is no whole number of {base:?}s that fits 128 bits"
            ))),
        }
    }

    /// `quantity` of the product `gtin` in content units, in which certificates, licences and labels
    /// count; a quantity in pieces counts with the content of each.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the product is not registered; [`Error::Arguments`] when it is
    /// measured in another unit; and as [`Client::in_base_units`].
    pub async fn in_content_units(
        &self,
        gtin: &Gtin,
        quantity: &Quantity,
    ) -> Result<(BaseUnit, u128), Error> {
        let product = self
            .product(gtin, None)
            .await?
            .ok_or_else(|| Error::NotFound(format!("product {gtin}")))?;
        let (unit, amount) = self.in_base_units(quantity).await?;
        let wanted = product.content_unit();
        if unit == wanted {
            return Ok((wanted, amount));
        }
        if unit != product.base_unit {
            return Err(Error::Arguments(format!(
                "quantity: {gtin} is counted in {wanted:?}s, and {quantity} are {unit:?}s"
            )));
        }
        let content = product
            .content(amount)
            .ok_or_else(|| Error::Arguments(format!("quantity: {quantity} is too large")))?;
        Ok((wanted, content))
    }

    /// Which recalls in force affect `batch`, exactly, whether or not marks have reached it.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn recall_status(
        &self,
        batch: &BatchId,
        height: Option<u32>,
    ) -> Result<RecallStatus, Error> {
        decode(self.view(PALLET, "recall_status", &[json!(batch)], height).await?)
    }

    /// The batch with the label `gtin`, `lot` at `height`, or at the last final block.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing has this label, and as [`Client::view`].
    pub async fn labelled_batch(
        &self,
        gtin: &Gtin,
        lot: &Lot,
        height: u32,
    ) -> Result<Batch, Error> {
        let id = BatchId::of(gtin, lot);
        self.batch(id.as_str(), height)
            .await?
            .ok_or_else(|| Error::NotFound(format!("batch with GTIN {gtin} and lot {lot}")))
    }
}

pub(crate) fn decode<T: serde::de::DeserializeOwned>(json: Json) -> Result<T, Error> {
    serde_json::from_value(json).map_err(Error::decode)
}

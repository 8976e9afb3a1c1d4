//! What events say about a certification body: its tally, and what is certified, marked and sold.
//!
//! Events of labels and sales name a record and not what it is about; the record, which keeps that
//! for ever, is read beside them.

use super::{
    ledger::{Change, Measure, Owner, Posting},
    state::{certificate_of, certificates_of},
};
use crate::{
    client::{Client, EventRecord},
    error::Error,
    gs1::Gtin,
    traceability::{OrganisationId, decode},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use std::collections::BTreeMap;

/// A certificate of the body.
struct Known {
    is_suspended: bool,
    products: Vec<Gtin>,
}

/// Reads events for one body.
pub(super) struct BodyReader<'a> {
    client: &'a Client,
    body: OrganisationId,
    certificates: BTreeMap<u32, Known>,
}

impl<'a> BodyReader<'a> {
    /// Begins with the certificates that the body has at `height`.
    pub(super) async fn open(
        client: &'a Client,
        body: OrganisationId,
        height: u32,
    ) -> Result<Self, Error> {
        let certificates = certificates_of(client, body, height)
            .await?
            .into_iter()
            .map(|(id, certificate)| {
                let is_suspended = certificate.state.get("Suspended").is_some();
                let products = certificate.products.into_iter().map(|product| product.gtin);
                (id, Known { is_suspended, products: products.collect() })
            })
            .collect();
        Ok(Self { client, body, certificates })
    }

    /// Whether the event names the body or one of its certificates.
    pub(super) fn is_named_in(&self, event: &EventRecord) -> bool {
        let number = |name: &str| event.fields[name].as_u64().and_then(|n| u32::try_from(n).ok());
        event.pallet == "Certification"
            && (number("body") == Some(self.body)
                || number("certificate").is_some_and(|id| self.certificates.contains_key(&id)))
    }

    /// What an event in block `height` does to the body's balances.
    pub(super) async fn read(
        &mut self,
        event: &EventRecord,
        height: u32,
    ) -> Result<Vec<Posting>, Error> {
        match (event.pallet.as_str(), event.name.as_str()) {
            ("Labels", "SeriesCreated") => self.marks(event, height, 1).await,
            ("Labels", "SeriesVoided") => self.marks(event, height, -1).await,
            ("Certification", "TransactionCertificateIssued") => self.sale(event, height, 1).await,
            ("Certification", "TransactionCertificateVoided") => self.sale(event, height, -1).await,
            ("Certification", "CertificateIssued") if self.is_named_in(event) => {
                self.issue(field(event, "certificate")?, height).await
            }
            ("Certification", _) if self.is_named_in(event) => self.change(event),
            _ => Ok(Vec::new()),
        }
    }

    fn count(&self, measure: Measure, change: i128) -> Posting {
        Posting::new(&Owner::Body(self.body), measure, Change::By(change))
    }

    async fn issue(&mut self, id: u32, height: u32) -> Result<Vec<Posting>, Error> {
        let certificate = certificate_of(self.client, id, height)
            .await?
            .ok_or_else(|| Error::Decode(format!("certificate {id} has no record")))?;
        let mut postings = vec![self.count(Measure::Issued, 1)];
        let mut products = Vec::new();
        for product in certificate.products {
            let quantity = amount(product.quantity)?;
            let owner = Owner::Certified(id, product.gtin.clone());
            postings.push(Posting::new(&owner, Measure::Quantity, Change::By(quantity)));
            products.push(product.gtin);
        }
        self.certificates.insert(id, Known { is_suspended: false, products });
        Ok(postings)
    }

    /// Changes of certificates and certifiers.
    fn change(&mut self, event: &EventRecord) -> Result<Vec<Posting>, Error> {
        let by = match event.name.as_str() {
            "CertifierRegistered" => return Ok(vec![self.count(Measure::Certifiers, 1)]),
            "CertifierReleased" => return Ok(vec![self.count(Measure::Certifiers, -1)]),
            "CertificateReduced" => {
                let owner = Owner::Certified(field(event, "certificate")?, field(event, "gtin")?);
                let Amount(quantity) = field(event, "quantity")?;
                return Ok(vec![Posting::new(&owner, Measure::Quantity, Change::To(quantity))]);
            }
            "CertificateSuspended" => (true, None),
            "CertificateRestored" => (false, None),
            "CertificateRevoked" => (false, Some(Measure::Revoked)),
            "CertificateCancelled" => (false, Some(Measure::Cancelled)),
            _ => return Ok(Vec::new()),
        };
        let (is_suspended, ended) = by;
        let id: u32 = field(event, "certificate")?;
        let known = self
            .certificates
            .get_mut(&id)
            .ok_or_else(|| Error::Decode(format!("certificate {id} is not known")))?;
        let was_suspended = std::mem::replace(&mut known.is_suspended, is_suspended);
        let mut postings: Vec<Posting> = ended.map(|it| self.count(it, 1)).into_iter().collect();
        if was_suspended != is_suspended {
            let change = if is_suspended { 1 } else { -1 };
            postings.push(self.count(Measure::Suspended, change));
        }
        Ok(postings)
    }

    /// Marks drawn for a series of labels, or given back.
    async fn marks(
        &self,
        event: &EventRecord,
        height: u32,
        sign: i128,
    ) -> Result<Vec<Posting>, Error> {
        #[derive(Deserialize)]
        struct Series {
            certificate: Option<u32>,
            gtin: Gtin,
            #[serde(with = "crate::integer")]
            content: u128,
        }
        let id: u32 = field(event, "series")?;
        let record = self.client.query("Labels", "Series", &[json!(id)], Some(height)).await?;
        let record = record.ok_or_else(|| Error::Decode(format!("series {id} has no record")))?;
        let Series { certificate, gtin, content } = decode(record)?;
        let Some(certificate) = certificate else { return Ok(Vec::new()) };
        let change = sign * amount(content)?;
        self.of_product(certificate, gtin, Measure::Marked, change, height).await
    }

    /// A sale that was certified, or whose certificate is void.
    async fn sale(
        &self,
        event: &EventRecord,
        height: u32,
        sign: i128,
    ) -> Result<Vec<Posting>, Error> {
        #[derive(Deserialize)]
        struct Sale {
            certificate: u32,
            gtin: Gtin,
            #[serde(with = "crate::integer")]
            quantity: u128,
        }
        let id: u64 = field(event, "id")?;
        let keys = [json!(id)];
        let view =
            self.client.view("Certification", "transaction_certificate", &keys, Some(height));
        let Sale { certificate, gtin, quantity } = decode(view.await?)?;
        let change = sign * amount(quantity)?;
        self.of_product(certificate, gtin, Measure::Sold, change, height).await
    }

    /// A change for the product of a certificate that covers `gtin`: itself, or what it is a pack
    /// of.
    async fn of_product(
        &self,
        certificate: u32,
        gtin: Gtin,
        measure: Measure,
        change: i128,
        height: u32,
    ) -> Result<Vec<Posting>, Error> {
        let Some(known) = self.certificates.get(&certificate) else { return Ok(Vec::new()) };
        let product = if known.products.contains(&gtin) {
            gtin
        } else {
            let pack = self.client.product(&gtin, Some(height)).await?;
            pack.and_then(|pack| pack.net_content?.of)
                .filter(|bulk| known.products.contains(bulk))
                .ok_or_else(|| {
                    Error::Decode(format!("certificate {certificate} does not cover {gtin}"))
                })?
        };
        let owner = Owner::Certified(certificate, product);
        Ok(vec![Posting::new(&owner, measure, Change::By(change))])
    }
}

/// A quantity in JSON.
#[derive(Deserialize)]
#[serde(transparent)]
struct Amount(#[serde(with = "crate::integer")] u128);

fn field<T: DeserializeOwned>(event: &EventRecord, name: &str) -> Result<T, Error> {
    crate::call::decode_field(&event.fields, name)
}

fn amount(quantity: u128) -> Result<i128, Error> {
    i128::try_from(quantity)
        .map_err(|_| Error::Decode(format!("{quantity} is too large to be added up")))
}

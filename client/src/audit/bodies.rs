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

/// A body and its certificates, as the events up to now leave them.
struct Register {
    body: OrganisationId,
    certificates: BTreeMap<u32, Known>,
}

/// Reads events for one body.
pub(super) struct BodyReader<'a> {
    client: &'a Client,
    register: Register,
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
        Ok(Self { client, register: Register { body, certificates } })
    }

    /// Whether the event names the body or one of its certificates.
    pub(super) fn is_named_in(&self, event: &EventRecord) -> bool {
        self.register.is_named_in(event)
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
            ("Certification", _) if self.is_named_in(event) => self.register.change(event),
            _ => Ok(Vec::new()),
        }
    }

    async fn issue(&mut self, id: u32, height: u32) -> Result<Vec<Posting>, Error> {
        let certificate = certificate_of(self.client, id, height)
            .await?
            .ok_or_else(|| Error::Decode(format!("certificate {id} has no record")))?;
        let mut postings = vec![self.register.count(Measure::Issued, 1)];
        let mut products = Vec::new();
        for product in certificate.products {
            let quantity = amount(product.quantity)?;
            let owner = Owner::Certified(id, product.gtin.clone());
            postings.push(Posting::new(&owner, Measure::Quantity, Change::By(quantity)));
            products.push(product.gtin);
        }
        self.register.certificates.insert(id, Known { is_suspended: false, products });
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
        let Some(known) = self.register.certificates.get(&certificate) else {
            return Ok(Vec::new());
        };
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

impl Register {
    /// Whether the event names the body or one of its certificates.
    fn is_named_in(&self, event: &EventRecord) -> bool {
        let number = |name: &str| event.fields[name].as_u64().and_then(|n| u32::try_from(n).ok());
        event.pallet == "Certification"
            && (number("body") == Some(self.body)
                || number("certificate").is_some_and(|id| self.certificates.contains_key(&id)))
    }

    fn count(&self, measure: Measure, change: i128) -> Posting {
        Posting::new(&Owner::Body(self.body), measure, Change::By(change))
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value as Json;

    fn event(name: &str, fields: Json) -> EventRecord {
        EventRecord { pallet: "Certification".into(), name: name.into(), fields }
    }

    fn register() -> Register {
        let product: Gtin = "09506000200019".parse().unwrap();
        let known = |is_suspended| Known { is_suspended, products: vec![product.clone()] };
        Register { body: 8, certificates: BTreeMap::from([(0, known(false)), (1, known(true))]) }
    }

    fn changes(register: &mut Register, name: &str, fields: Json) -> Vec<(Measure, i128)> {
        let postings = register.change(&event(name, fields)).unwrap();
        let plain = |posting: Posting| match posting.change {
            Change::By(change) => (posting.line.measure, change),
            Change::To(_) => panic!("{posting:?}"),
        };
        postings.into_iter().map(plain).collect()
    }

    #[test]
    fn a_suspension_ends_once() {
        use Measure::{Cancelled, Revoked, Suspended};
        let mut register = register();
        let of = |certificate: u32| json!({ "certificate": certificate });
        let suspended = changes(&mut register, "CertificateSuspended", of(0));
        assert_eq!(suspended, [(Suspended, 1)]);
        assert_eq!(changes(&mut register, "CertificateRestored", of(0)), [(Suspended, -1)]);
        assert_eq!(changes(&mut register, "CertificateCancelled", of(0)), [(Cancelled, 1)]);
        // One that stood suspended before the first block.
        let revoked = changes(&mut register, "CertificateRevoked", of(1));
        assert_eq!(revoked, [(Revoked, 1), (Suspended, -1)]);
        assert_eq!(changes(&mut register, "FindingRecorded", of(1)), []);
    }

    #[test]
    fn a_reduction_sets_the_quantity() {
        let fields = json!({ "certificate": 0, "gtin": "09506000200019", "quantity": "7" });
        let postings = register().change(&event("CertificateReduced", fields)).unwrap();
        assert_eq!(postings[0].change, Change::To(7));
        assert_eq!(postings[0].line.measure, Measure::Quantity);
    }

    #[test]
    fn events_of_others_are_left_out() {
        let register = register();
        let named = |fields| register.is_named_in(&event("Any", fields));
        assert!(named(json!({ "body": 8 })) && named(json!({ "certificate": 1 })));
        assert!(!named(json!({ "body": 9 })) && !named(json!({ "certificate": 2 })));
        assert!(!named(json!({ "certificate": "1" })) && !named(json!({})));
    }
}

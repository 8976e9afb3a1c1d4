//! What the state says of balances at a height.

use super::ledger::{Line, Measure, Owner};
use crate::{
    client::Client,
    compensation::AgreementId,
    decimal::refused,
    error::Error,
    funds::{ProgrammeId, TagKey},
    gs1::Gtin,
    traceability::{OrganisationId, decode},
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::{collections::BTreeMap, str::FromStr};
use subxt::utils::AccountId32;

/// Balances by line; one that is not there is 0.
pub(super) type Snapshot = BTreeMap<Line, u128>;

/// A certificate, as far as it is audited.
#[derive(Deserialize)]
pub(super) struct Certificate {
    pub(super) body: OrganisationId,
    pub(super) products: Vec<Product>,
    pub(super) state: Json,
}

/// A product under a certificate, in content units.
#[derive(Deserialize)]
pub(super) struct Product {
    pub(super) gtin: Gtin,
    #[serde(with = "crate::integer")]
    pub(super) quantity: u128,
    #[serde(with = "crate::integer")]
    pub(super) drawn: u128,
    #[serde(with = "crate::integer")]
    pub(super) sold: u128,
}

/// An address as the chain writes it.
pub(super) fn canonical(address: &str) -> Result<String, Error> {
    AccountId32::from_str(address)
        .map(|account| account.to_string())
        .map_err(|_| refused("account", "an SS58 address is expected", address))
}

/// The account that keeps the money of a purpose, which nobody has a key of: `modl`, the pallet's
/// id of 8 bytes, programme and tag (4 bytes each, little-endian), and zeros.
pub(super) async fn tag_account(client: &Client, key: TagKey) -> Result<String, Error> {
    let metadata = client.metadata().await?;
    let pallet = crate::client::pallet_of(&metadata, crate::funds::PALLET)?;
    let id = pallet.constant_by_name("PalletId").ok_or_else(|| Error::Unknown {
        kind: "constant",
        name: format!("{}.PalletId", crate::funds::PALLET),
    })?;
    let mut account = [0u8; 32];
    let parts =
        [b"modl", id.value(), &key.programme.to_le_bytes(), &key.tag.to_le_bytes()].concat();
    for (to, from) in account.iter_mut().zip(parts) {
        *to = from;
    }
    Ok(AccountId32(account).to_string())
}

/// The balances of an owner in the state of block `height`.
pub(super) async fn balances_of(
    client: &Client,
    owner: &Owner,
    height: u32,
) -> Result<Snapshot, Error> {
    use Measure as M;
    let at = Some(height);
    let values = match owner {
        Owner::Account(address) => {
            let balance = client.balance(address, at).await?;
            vec![(M::Free, balance.free_fen), (M::OnHold, balance.reserved_fen)]
        }
        Owner::Purpose(key) => client.tag(*key, at).await?.map_or_else(Vec::new, |tag| {
            vec![
                (M::Ceiling, tag.ceiling_fen.0),
                (M::Appropriated, tag.appropriated_fen.0),
                (M::Paid, tag.paid_fen.0),
                (M::ClawedBack, tag.clawed_back_fen.0),
                (M::Held, tag.held_fen.0),
            ]
        }),
        Owner::Holder(key, holder) => {
            let holding = client.holding(*key, *holder, at).await?;
            vec![
                (M::Balance, holding.balance_fen.0),
                (M::Received, holding.received_fen.0),
                (M::Paid, holding.paid_fen.0),
                (M::PassedOn, holding.passed_on_fen.0),
                (M::ClawedBack, holding.clawed_back_fen.0),
            ]
        }
        Owner::Leg(agreement, year, leg) => {
            let settlement = client.settlement(*agreement, *year, at).await?;
            let legs = settlement.map(|settlement| settlement.legs).unwrap_or_default();
            let paid = legs.get(usize::from(*leg)).map(|leg| leg.paid_fen.0);
            vec![(M::Paid, paid.unwrap_or_default())]
        }
        Owner::Body(id) => tally(client, *id, height).await?,
        Owner::Certified(certificate, gtin) => {
            let products = certificate_of(client, *certificate, height)
                .await?
                .map(|certificate| certificate.products)
                .unwrap_or_default();
            let product = products.into_iter().find(|product| product.gtin == *gtin);
            product.map_or_else(Vec::new, |product| {
                vec![
                    (M::Quantity, product.quantity),
                    (M::Marked, product.drawn),
                    (M::Sold, product.sold),
                ]
            })
        }
    };
    let line = |measure| Line { owner: owner.clone(), measure };
    Ok(values.into_iter().map(|(measure, value)| (line(measure), value)).collect())
}

async fn tally(
    client: &Client,
    body: OrganisationId,
    height: u32,
) -> Result<Vec<(Measure, u128)>, Error> {
    #[derive(Deserialize)]
    struct Tally {
        n_certifiers: u32,
        n_issued: u32,
        n_suspended: u32,
        n_revoked: u32,
        n_cancelled: u32,
    }
    let tally = client.view("Certification", "tally", &[json!(body)], Some(height)).await?;
    let Tally { n_certifiers, n_issued, n_suspended, n_revoked, n_cancelled } = decode(tally)?;
    Ok(vec![
        (Measure::Certifiers, n_certifiers.into()),
        (Measure::Issued, n_issued.into()),
        (Measure::Suspended, n_suspended.into()),
        (Measure::Revoked, n_revoked.into()),
        (Measure::Cancelled, n_cancelled.into()),
    ])
}

/// The purposes of a programme and everybody who has or had money under them.
pub(super) async fn holders(
    client: &Client,
    programme: ProgrammeId,
    height: u32,
) -> Result<Vec<Owner>, Error> {
    let mut owners = Vec::new();
    for (key, _) in client.tags(programme, Some(height)).await? {
        owners.push(Owner::Purpose(key));
        let holders = client.holdings(key, Some(height)).await?;
        owners.extend(holders.into_iter().map(|(holder, _)| Owner::Holder(key, holder)));
    }
    Ok(owners)
}

/// The payments of an agreement's settlements.
pub(super) async fn legs(
    client: &Client,
    agreement: AgreementId,
    height: u32,
) -> Result<Vec<Owner>, Error> {
    let settlements = client.settlements(agreement, Some(height)).await?;
    Ok(settlements
        .into_iter()
        .flat_map(|(year, settlement)| {
            (0u8..).zip(settlement.legs).map(move |(leg, _)| Owner::Leg(agreement, year, leg))
        })
        .collect())
}

/// A body and the products under its certificates.
pub(super) async fn certificates(
    client: &Client,
    body: OrganisationId,
    height: u32,
) -> Result<Vec<Owner>, Error> {
    let mut owners = vec![Owner::Body(body)];
    for (id, certificate) in certificates_of(client, body, height).await? {
        let products = certificate.products.into_iter();
        owners.extend(products.map(|product| Owner::Certified(id, product.gtin)));
    }
    Ok(owners)
}

/// A certificate's record.
pub(super) async fn certificate_of(
    client: &Client,
    id: u32,
    height: u32,
) -> Result<Option<Certificate>, Error> {
    let keys = [json!(id)];
    let record = client.query("Certification", "Certificates", &keys, Some(height)).await?;
    record.map(decode).transpose()
}

/// The certificates of a body. Reads those of all bodies.
pub(super) async fn certificates_of(
    client: &Client,
    body: OrganisationId,
    height: u32,
) -> Result<Vec<(u32, Certificate)>, Error> {
    let entries =
        client.entries("Certification", "Certificates", &[], usize::MAX, Some(height)).await?;
    let mut found = Vec::new();
    for mut entry in entries {
        let id = decode(entry.keys.first_mut().map(Json::take).unwrap_or_default())?;
        let certificate: Certificate = decode(entry.value)?;
        if certificate.body == body {
            found.push((id, certificate));
        }
    }
    Ok(found)
}

//! Products and production bases.

use crate::{
    org::OrgName,
    output::{Printer, print_record},
    submit::{SubmitArgs, send},
};
use clap::Subcommand;
use ecoledger_client::{
    Area, BaseUnit, Client, Error, Gln, Gtin, Quantity, Region,
    traceability::{
        NetContent, ProductDetails, license_producer, register_place, register_product,
    },
};
use serde_json::json;

/// Products (GTINs).
#[derive(Debug, Subcommand)]
pub(crate) enum ProductCommand {
    /// Register a product under the signer's organisation.
    Register {
        /// GTIN of 8, 12, 13 or 14 digits.
        gtin: Gtin,
        /// Unit in which its quantities are kept: mg (mass), ml (volume) or pcs (pieces).
        #[arg(long)]
        unit: BaseUnit,
        /// Class in GS1's Global Product Classification, eight digits.
        #[arg(long)]
        category: u32,
        /// What one piece holds, such as 100g; where the unit is pcs.
        #[arg(long)]
        content: Option<Quantity>,
        /// GTIN of the bulk product that is packed.
        #[arg(long, requires = "content")]
        of: Option<Gtin>,
        /// Mass of a millilitre in milligrams, where quantities by volume must be weighed.
        #[arg(long)]
        density_mg_per_ml: Option<u32>,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Let an organisation produce a product beside its owner, or no longer: the owner.
    License {
        /// GTIN of 8, 12, 13 or 14 digits.
        gtin: Gtin,
        /// The organisation: its number, or its unified social credit code.
        #[arg(long)]
        organisation: OrgName,
        /// End the licence; what was produced under it stays.
        #[arg(long)]
        end: bool,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show a product's master data, and who may produce it.
    Show {
        /// GTIN of 8, 12, 13 or 14 digits.
        gtin: Gtin,
    },
}

/// Runs the command.
pub(crate) async fn run_product(
    client: &Client,
    command: &ProductCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        ProductCommand::Register {
            gtin,
            unit,
            category,
            content,
            of,
            density_mg_per_ml,
            submit,
        } => {
            let net_content = match content {
                Some(content) => {
                    let (unit, quantity) = client.in_base_units(content).await?;
                    let quantity = u64::try_from(quantity).map_err(|_| {
                        Error::Arguments(format!("content: {content} is too large"))
                    })?;
                    Some(NetContent { unit, quantity, of: of.clone() })
                }
                None => None,
            };
            let details = ProductDetails {
                owner: 0,
                base_unit: *unit,
                net_content,
                density_mg_per_ml: *density_mg_per_ml,
                category: *category,
            };
            send(client, submit, &register_product(gtin, &details), printer).await
        }
        ProductCommand::License { gtin, organisation, end, submit } => {
            let organisation = organisation.number(client).await?;
            send(client, submit, &license_producer(gtin, organisation, !end), printer).await
        }
        ProductCommand::Show { gtin } => show_product(client, gtin, printer).await,
    }
}

async fn show_product(client: &Client, gtin: &Gtin, printer: Printer) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let product = client
        .product(gtin, height)
        .await?
        .ok_or_else(|| Error::NotFound(format!("product {gtin}")))?;
    let licences = client.producer_licences(gtin, height).await?;
    if printer.is_json() {
        printer.value(&json!({ "gtin": gtin, "details": product, "licences": licences }));
        return Ok(());
    }
    let mut rows = vec![
        ("gtin", gtin.to_string()),
        ("owner", format!("organisation {}", product.owner)),
        ("unit", format!("{:?}", product.base_unit)),
    ];
    if let Some(content) = &product.net_content {
        rows.push(("content", content.unit.show(content.quantity.into())));
        if let Some(of) = &content.of {
            rows.push(("of", of.to_string()));
        }
    }
    if let Some(density) = product.density_mg_per_ml {
        rows.push(("density", format!("{density} mg/ml")));
    }
    rows.push(("category", format!("{:08}", product.category)));
    let licensed: Vec<_> = licences
        .iter()
        .map(|(organisation, since)| format!("organisation {organisation} since {since}"))
        .collect();
    if !licensed.is_empty() {
        rows.push(("licensed", licensed.join("\n")));
    }
    print_record(&rows);
    Ok(())
}

/// Production bases (生产基地).
#[derive(Debug, Subcommand)]
pub(crate) enum PlaceCommand {
    /// Register a production base of the signer's organisation.
    Register {
        /// Administrative division of GB/T 2260, six digits.
        #[arg(long)]
        region: Region,
        /// Area with its unit: mu (亩), ha, m2 or km2, such as 10mu.
        #[arg(long)]
        area: Area,
        /// GLN of the base.
        #[arg(long)]
        gln: Option<Gln>,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show a production base.
    Show {
        /// Its number.
        place: u32,
    },
}

/// Runs the command.
pub(crate) async fn run_place(
    client: &Client,
    command: &PlaceCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        PlaceCommand::Register { region, area, gln, submit } => {
            let call = register_place(*region, gln.as_ref(), area.units);
            send(client, submit, &call, printer).await
        }
        PlaceCommand::Show { place } => {
            let details = client
                .place(*place, None)
                .await?
                .ok_or_else(|| Error::NotFound(format!("production base {place}")))?;
            if printer.is_json() {
                printer.value(&json!({ "place": place, "details": details }));
                return Ok(());
            }
            print_record(&[
                ("place", place.to_string()),
                ("owner", format!("organisation {}", details.owner)),
                ("region", details.region.to_string()),
                ("gln", details.gln.map_or_else(|| "—".into(), |gln| gln.to_string())),
                ("area", Area { units: details.area_units }.to_string()),
            ]);
            Ok(())
        }
    }
}

//! Products and production bases.

use crate::{
    output::{Printer, print_record},
    submit::{SubmitArgs, send},
};
use clap::Subcommand;
use ecoledger_client::{
    BaseUnit, Client, Error, Gln, Gtin, Quantity,
    quantity::decimal,
    traceability::{NetContent, ProductDetails, register_place, register_product},
};
use serde_json::json;
use std::str::FromStr;

/// Products (GTINs).
#[derive(Debug, Subcommand)]
pub(crate) enum ProductCommand {
    /// Register a product under the signer's organisation.
    Register {
        /// GTIN of 8, 12, 13 or 14 digits.
        gtin: Gtin,
        /// Unit in which its quantities are kept: mg, ml or pcs.
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
    /// Show a product's master data.
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
        ProductCommand::Show { gtin } => {
            let product = client
                .product(gtin, None)
                .await?
                .ok_or_else(|| Error::NotFound(format!("product {gtin}")))?;
            if printer.is_json() {
                printer.value(&json!({ "gtin": gtin, "details": product }));
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
            print_record(&rows);
            Ok(())
        }
    }
}

/// Production bases (生产基地).
#[derive(Debug, Subcommand)]
pub(crate) enum PlaceCommand {
    /// Register a production base of the signer's organisation.
    Register {
        /// Administrative division of GB/T 2260, six digits.
        #[arg(long)]
        region: u32,
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
                ("region", format!("{:06}", details.region)),
                ("gln", details.gln.map_or_else(|| "—".into(), |gln| gln.to_string())),
                ("area", Area { units: details.area_units }.show()),
            ]);
            Ok(())
        }
    }
}

/// An area in units of 1/300 m², in which square metres, hectares and mu are all whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    units: u64,
}

/// Units of area and how many 1/300 m² each is.
const AREA_UNITS: [(&str, u64); 10] = [
    ("mu", 200_000),
    ("亩", 200_000),
    ("ha", 3_000_000),
    ("公顷", 3_000_000),
    ("m2", 300),
    ("m²", 300),
    ("平方米", 300),
    ("km2", 300_000_000),
    ("km²", 300_000_000),
    ("平方公里", 300_000_000),
];

impl Area {
    /// In mu where it has at most two decimals, else in square metres.
    fn show(self) -> String {
        if self.units.is_multiple_of(2_000) {
            let text = decimal((self.units / 2_000).into(), 2);
            return format!("{} mu", text.trim_end_matches('0').trim_end_matches('.'));
        }
        let whole = self.units / 300;
        match self.units % 300 {
            0 => format!("{whole} m2"),
            rest => format!("{whole} and {rest}/300 m2"),
        }
    }
}

impl FromStr for Area {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |rule: &str| Error::Arguments(format!("area: {rule}, got {text:?}"));
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let (_, per_unit) = AREA_UNITS
            .iter()
            .find(|(name, _)| *name == unit.trim())
            .ok_or_else(|| wrong("a number and mu, ha, m2 or km2 are expected, such as 10mu"))?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let decimals = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
        let value: Option<u64> = format!("{whole}{fraction}").parse().ok();
        let units = value
            .and_then(|value| value.checked_mul(*per_unit))
            .zip(10u64.checked_pow(decimals))
            .ok_or_else(|| wrong("a decimal number of at most 19 digits is expected"))?;
        match units {
            (scaled, power) if scaled % power == 0 => Ok(Self { units: scaled / power }),
            _ => Err(wrong("a whole number of 1/300 m² is expected; give fewer decimals")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_exact() {
        let area = |text: &str| text.parse::<Area>().map(|area| area.units).ok();
        assert_eq!(area("10mu"), Some(2_000_000));
        assert_eq!(area("10 亩"), Some(2_000_000));
        assert_eq!(area("0.01mu"), Some(2_000));
        assert_eq!(area("1ha"), Some(3_000_000));
        assert_eq!(area("1.5 m2"), Some(450));
        assert_eq!(area("2km2"), Some(600_000_000));
        for text in ["10", "mu", "", "1.2.3mu", "0.0000001mu", "99999999999999999999mu", "-1mu"] {
            assert_eq!(area(text), None, "{text}");
        }
        assert_eq!(Area { units: 2_000_000 }.show(), "10 mu");
        assert_eq!(Area { units: 2_000 }.show(), "0.01 mu");
        assert_eq!(Area { units: 300 }.show(), "1 m2");
        assert_eq!(Area { units: 301 }.show(), "1 and 1/300 m2");
    }
}

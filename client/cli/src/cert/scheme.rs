//! Schemes and yield ceilings: shown, and proposed to the committee.

use crate::{
    arguments,
    fields::{CeilingArgs, ScopeArgs, content_unit, or_dash, show},
    motion::{MotionArgs, propose},
    output::Printer,
};
use clap::Subcommand;
use ecoledger_client::{
    Client, Error, Gtin,
    certification::{self as cert, Scheme},
};
use serde_json::json;
use std::{fs, path::PathBuf};

/// Schemes (认证制度). What changes them is proposed as a motion; the committee votes on it.
#[derive(Debug, Subcommand)]
pub(crate) enum SchemeCommand {
    /// Show a scheme.
    Show {
        /// Number of the scheme.
        scheme: u32,
    },
    /// Propose to set a scheme as a file describes it: a member of the committee.
    Set {
        /// Number of the scheme.
        scheme: u32,
        /// JSON file with all fields of the scheme; see scripts/demo-data/schemes.
        file: PathBuf,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Propose the most that a mu bears in a year under a scheme, or its end: a member of the
    /// committee.
    SetCeiling {
        /// Number of the scheme.
        scheme: u32,
        #[command(flatten)]
        scope: ScopeArgs,
        #[command(flatten)]
        ceiling: CeilingArgs,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Show the yield ceiling of a product under a scheme.
    Ceiling {
        /// Number of the scheme.
        scheme: u32,
        /// GTIN of the product.
        gtin: Gtin,
    },
    /// Show the version of the governed data, which applications and certificates keep.
    Rules,
}

/// Runs the command.
pub(super) async fn run(
    client: &Client,
    command: &SchemeCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        SchemeCommand::Show { scheme } => show_scheme(client, *scheme, printer).await,
        SchemeCommand::Set { scheme, file, motion } => {
            let call = cert::set_scheme(*scheme, &read(file)?);
            propose(client, motion, &call, printer).await
        }
        SchemeCommand::SetCeiling { scheme, scope, ceiling, motion } => {
            let scope = scope.scope()?;
            let content = ceiling.content(client, &scope).await?;
            let call = cert::set_yield_ceiling(*scheme, &scope, content);
            propose(client, motion, &call, printer).await
        }
        SchemeCommand::Ceiling { scheme, gtin } => {
            let ceiling = client.certified_yield_ceiling(*scheme, gtin, None).await?;
            let ceiling = ceiling.ok_or_else(|| {
                Error::NotFound(format!("yield ceiling for {gtin} under scheme {scheme}"))
            })?;
            let unit = content_unit(client, gtin).await?;
            show(
                printer,
                &json!({ "scheme": scheme, "gtin": gtin, "perMuYear": ceiling }),
                &[("gtin", gtin.to_string()), ("per mu and year", unit.show(ceiling.into()))],
            );
            Ok(())
        }
        SchemeCommand::Rules => {
            let rules = client.certification_rule_set(None).await?;
            show(
                printer,
                &json!(rules),
                &[("version", rules.version.to_string()), ("hash", rules.hash.to_string())],
            );
            Ok(())
        }
    }
}

/// Reads a scheme, and checks what the chain would refuse.
fn read(file: &std::path::Path) -> Result<Scheme, Error> {
    let wrong = |error: &dyn std::fmt::Display| {
        Error::Arguments(format!("scheme: {}: {error}", file.display()))
    };
    let text = fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let scheme: Scheme = arguments::typed(&text).map_err(|error| wrong(&error))?;
    scheme.check().map_err(|error| wrong(&error))?;
    Ok(scheme)
}

async fn show_scheme(client: &Client, number: u32, printer: Printer) -> Result<(), Error> {
    let scheme = client.scheme(number, None).await?;
    let scheme = scheme.ok_or_else(|| Error::NotFound(format!("scheme {number}")))?;
    let yes_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let terms = &scheme.terms;
    let ppb = ecoledger_client::quantity::decimal(scheme.tolerance_ppb.into(), 7);
    let mut value = json!(scheme);
    // The name itself, and not its bytes.
    value["name"] = json!(scheme.name);
    show(
        printer,
        &json!({ "id": number, "scheme": value }),
        &[
            ("scheme", number.to_string()),
            ("name", scheme.name.clone()),
            ("standard", scheme.standard.clone()),
            ("rules", or_dash(scheme.rules.as_ref())),
            ("filed as", or_dash(scheme.filed_no.as_ref())),
            ("valid", format!("{} months", scheme.validity_months)),
            ("renewal", format!("{} months before the end", scheme.renewal_months)),
            (
                "suspension",
                format!(
                    "{} to {} months",
                    scheme.suspension_months_min, scheme.suspension_months_max
                ),
            ),
            ("lock after revocation", format!("{} months", scheme.relock_months)),
            ("to accept", terms.accept.to_string()),
            ("to decide", or_dash(terms.decide)),
            ("to suspend", terms.suspend.to_string()),
            ("to revoke", terms.revoke.to_string()),
            ("to cancel", terms.cancel.to_string()),
            ("to change", terms.change.to_string()),
            ("to publish", terms.publish.to_string()),
            ("to decide complaints", terms.complaint.to_string()),
            ("tolerance", format!("{ppb} %")),
            ("tests", yes_no(scheme.test_required)),
            ("accreditation", yes_no(scheme.accreditation_required)),
            ("label", format!("{:?}", scheme.label)),
            ("open", yes_no(scheme.open)),
        ],
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_file_that_is_wrong_is_named_with_its_field() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("scheme.json");
        let organic = include_str!("../../../../scripts/demo-data/schemes/organic.json");
        fs::write(&file, organic).unwrap();
        assert_eq!(read(&file).unwrap().validity_months, 12);
        for (from, to, word) in [
            ("\"validity_months\": 12", "\"validity_months\": 0", "validity_months"),
            ("\"label\": \"OrganicCode\"", "\"label\": \"Sticker\"", "label: unknown variant"),
            ("\"validity_months\": 12", "\"validity_months\": \"12\"", "validity_months: invalid"),
            ("\"validity_months\": 12", "\"validity_months\": -1", "validity_months: invalid"),
            ("\"open\": true", "\"opened\": true", "opened"),
        ] {
            fs::write(&file, organic.replace(from, to)).unwrap();
            let error = read(&file).unwrap_err().to_string();
            assert!(error.contains("scheme.json") && error.contains(word), "{error}");
        }
        let error = read(&folder.path().join("none.json")).unwrap_err().to_string();
        assert!(error.contains("none.json"), "{error}");
    }
}

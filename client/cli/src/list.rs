//! What the chain has: pallets, calls, storage items, view functions, events, errors.

use crate::output::Printer;
use ecoledger_client::{Client, Error};
use serde_json::{Value, json};

/// Prints the pallets, or what `pallet` has.
pub(crate) async fn print(
    client: &Client,
    pallet: Option<&str>,
    printer: Printer,
) -> Result<(), Error> {
    let metadata = client.metadata().await?;
    let Some(name) = pallet else {
        let rows: Vec<_> = metadata
            .pallets()
            .map(|pallet| {
                json!({
                    "pallet": pallet.name(),
                    "calls": pallet.call_variants().map_or(0, <[_]>::len),
                    "storage": pallet.storage().map_or(0, |storage| storage.entries().len()),
                    "views": pallet.view_functions().count(),
                })
            })
            .collect();
        printer.value(&Value::Array(rows));
        return Ok(());
    };
    let pallet = metadata
        .pallet_by_name(name)
        .ok_or_else(|| Error::Unknown { kind: "pallet", name: name.into() })?;
    let mut rows = Vec::new();
    let mut row = |kind: &str, name: &str, fields: String, docs: &[String]| {
        let about = docs.iter().find(|line| !line.trim().is_empty());
        let about = about.map(|line| line.trim()).unwrap_or_default();
        rows.push(json!({ "kind": kind, "name": name, "takes": fields, "about": about }));
    };
    for call in pallet.call_variants().unwrap_or_default() {
        let fields = call.fields.iter().map(|field| {
            let name = field.name.as_deref().unwrap_or("_");
            format!("{name}: {}", field.type_name.as_deref().unwrap_or("?"))
        });
        row("call", &call.name, fields.collect::<Vec<_>>().join("\n"), &call.docs);
    }
    for item in pallet.storage().map(|storage| storage.entries()).unwrap_or_default() {
        row("storage", item.name(), format!("{} keys", item.keys().count()), item.docs());
    }
    for view in pallet.view_functions() {
        let fields: Vec<_> = view.inputs().map(|input| input.name.to_string()).collect();
        row("view", view.name(), fields.join(", "), view.docs());
    }
    for error in pallet.error_variants().unwrap_or_default() {
        row("error", &error.name, String::new(), &error.docs);
    }
    printer.value(&Value::Array(rows));
    Ok(())
}

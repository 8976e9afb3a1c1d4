//! Brands, licences and label orders, shown.

use crate::{
    fields::{When, content_unit, joined, or_dash, show},
    output::{Printer, print_record, print_table},
};
use ecoledger_client::{
    Client, Error, Gtin,
    brands::{BrandRules, CeilingScope, Licence, PeriodRule},
};
use serde_json::{Value, json};

fn organisation(id: u32) -> String {
    format!("organisation {id}")
}

/// Shows a brand with its rules.
pub(super) async fn brand(client: &Client, text: &str, printer: Printer) -> Result<(), Error> {
    let missing = || Error::NotFound(format!("brand {text}"));
    let found = match text.parse() {
        Ok(id) => client.brand(id, None).await?.map(|found| (id, found)),
        Err(_) => None,
    };
    let (id, (brand, rules)) = match found {
        Some(found) => found,
        None => {
            let id = client.brand_by_mark(text, None).await?.ok_or_else(missing)?;
            (id, client.brand(id, None).await?.ok_or_else(missing)?)
        }
    };
    let mut rows = vec![
        ("brand", id.to_string()),
        ("mark", format!("{} ({:?})", brand.mark_number, brand.kind)),
        ("owner", organisation(brand.owner)),
        ("operator", or_dash(brand.operator.map(organisation))),
        ("members", brand.n_members.to_string()),
        ("registered", brand.registered_at.to_string()),
        ("rules", format!("version {}", brand.rules_version)),
    ];
    rows.extend(rule_rows(&rules));
    show(printer, &json!({ "id": id, "brand": brand, "rules": rules }), &rows);
    Ok(())
}

/// Shows a version of a brand's rules.
pub(super) async fn rules(
    client: &Client,
    brand: u32,
    version: u32,
    printer: Printer,
) -> Result<(), Error> {
    let rules = client.brand_rules(brand, version, None).await?;
    let rules =
        rules.ok_or_else(|| Error::NotFound(format!("version {version} of brand {brand}")))?;
    show(printer, &json!(rules), &rule_rows(&rules));
    Ok(())
}

fn rule_rows(rules: &BrandRules) -> Vec<(&'static str, String)> {
    let codes = |codes: &[u32], width: usize| {
        let codes = codes.iter().map(|code| format!("{code:0width$}"));
        codes.collect::<Vec<_>>().join(", ")
    };
    vec![
        ("area", codes(&rules.area, 6)),
        ("categories", codes(&rules.categories, 8)),
        ("products", joined(&rules.products)),
        ("rules document", rules.document.to_string()),
        ("certificate scheme", or_dash(rules.certificate_scheme)),
        ("quota period", period(rules.period)),
        ("registered until", rules.registered_until.to_string()),
    ]
}

fn period(rule: PeriodRule) -> String {
    match rule {
        PeriodRule::CalendarYear => "calendar year".to_owned(),
        PeriodRule::Days(days) => format!("{days} days"),
    }
}

/// Tells whether an organisation is a member.
pub(super) async fn member(
    client: &Client,
    brand: u32,
    member: u32,
    printer: Printer,
) -> Result<(), Error> {
    let is_member = client.is_brand_member(brand, member, None).await?;
    show(
        printer,
        &json!({ "brand": brand, "organisation": member, "isMember": is_member }),
        &[
            ("organisation", member.to_string()),
            ("member", if is_member { "yes" } else { "no" }.to_owned()),
        ],
    );
    Ok(())
}

/// Shows a yield ceiling.
pub(super) async fn ceiling(
    client: &Client,
    scope: &CeilingScope,
    printer: Printer,
) -> Result<(), Error> {
    let found = client.brand_yield_ceiling(scope, None).await?;
    let ceiling = found.ok_or_else(|| Error::NotFound("such yield ceiling".into()))?;
    let text = match scope {
        CeilingScope::Product(gtin) => content_unit(client, gtin).await?.show(ceiling.into()),
        CeilingScope::Category(_) => format!("{ceiling} mg, ml or pieces"),
    };
    show(printer, &json!({ "scope": scope, "perMuYear": ceiling }), &[("per mu and year", text)]);
    Ok(())
}

/// Shows a licence with its changes and inspections.
pub(super) async fn licence(client: &Client, id: u32, printer: Printer) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let found = client.licence(id, height).await?;
    let (licence, status) = found.ok_or_else(|| Error::NotFound(format!("licence {id}")))?;
    let mut changes = Vec::new();
    while changes.len() < usize::try_from(licence.n_changes).unwrap_or_default() {
        let start = u32::try_from(changes.len()).unwrap_or_default();
        let page = client.licence_changes(id, start, height).await?;
        if page.is_empty() {
            break;
        }
        changes.extend(page);
    }
    let mut inspections = Vec::new();
    while inspections.len() < usize::try_from(licence.n_inspections).unwrap_or_default() {
        let start = u32::try_from(inspections.len()).unwrap_or_default();
        let page = client.licence_inspections(id, start, height).await?;
        if page.is_empty() {
            break;
        }
        inspections.extend(page);
    }
    if printer.is_json() {
        printer.value(&json!({
            "id": id, "licence": licence, "status": status,
            "changes": changes, "inspections": inspections,
        }));
        return Ok(());
    }
    let products = product_quotas(client, &licence).await?;
    let changes = changes.iter().map(|it| format!("{:?} since {} by {}", it.status, it.at, it.by));
    let inspections = inspections.iter().map(|it| {
        let result = if it.passed { "passed" } else { "FAILED" };
        format!("{} {result}, by organisation {}", it.at, it.by)
    });
    print_record(&[
        ("licence", id.to_string()),
        ("brand", licence.brand.to_string()),
        ("status", format!("{status:?}")),
        ("licensee", organisation(licence.licensee)),
        ("sub-brand", or_dash(licence.sub_brand.as_ref())),
        ("products", products),
        ("bases", joined(&licence.bases)),
        ("certificate", or_dash(licence.certificate)),
        ("from", licence.valid_from.to_string()),
        ("until", licence.valid_until.to_string()),
        ("granted", or_dash(licence.granted_at)),
        ("quota period", period(licence.period)),
        ("fee", licence.fee_fen.to_string()),
        ("changes", changes.collect::<Vec<_>>().join("\n")),
        ("inspections", inspections.collect::<Vec<_>>().join("\n")),
    ]);
    Ok(())
}

async fn product_quotas(client: &Client, licence: &Licence) -> Result<String, Error> {
    let mut rows = Vec::new();
    for product in &licence.products {
        let unit = content_unit(client, &product.gtin).await?;
        rows.push(format!("{}: {} in a period", product.gtin, unit.show(product.quota)));
    }
    Ok(rows.join("\n"))
}

/// Shows the status of a licence at a moment.
pub(super) async fn licence_status(
    client: &Client,
    id: u32,
    at: Option<When>,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let at = at.unwrap_or(When::Now).past(client.time(height).await?)?;
    client.licence(id, height).await?.ok_or_else(|| Error::NotFound(format!("licence {id}")))?;
    let status = client.licence_status(id, at, height).await?;
    let text = status.map_or_else(|| "not applied for".to_owned(), |it| format!("{it:?}"));
    show(
        printer,
        &json!({ "id": id, "at": at, "status": status }),
        &[("licence", id.to_string()), ("at", at.to_string()), ("status", text)],
    );
    Ok(())
}

/// Shows the licences of an organisation that may be or come in force.
pub(super) async fn licences(
    client: &Client,
    brand: u32,
    licensee: u32,
    printer: Printer,
) -> Result<(), Error> {
    let found = client.open_licences(brand, licensee, None).await?;
    if printer.is_json() {
        let rows = found.iter().map(|(id, licence)| json!({ "id": id, "licence": licence }));
        printer.value(&Value::Array(rows.collect()));
        return Ok(());
    }
    let mut rows = Vec::new();
    for (id, licence) in &found {
        rows.push(vec![
            id.to_string(),
            format!("{:?}", licence.status),
            product_quotas(client, licence).await?,
            joined(&licence.bases),
            licence.valid_from.to_string(),
            licence.valid_until.to_string(),
        ]);
    }
    print_table(&["licence", "status", "products", "bases", "from", "until"], rows.into_iter());
    Ok(())
}

/// Shows quota and use of a product.
pub(super) async fn quota(
    client: &Client,
    licence: u32,
    gtin: &Gtin,
    period: Option<u32>,
    printer: Printer,
) -> Result<(), Error> {
    let found = client.quota_use(licence, gtin, period, None).await?;
    let found =
        found.ok_or_else(|| Error::NotFound(format!("quota of {gtin} in licence {licence}")))?;
    let unit = content_unit(client, gtin).await?;
    let left = found.quota.saturating_sub(found.orders).saturating_sub(found.series);
    show(
        printer,
        &json!({ "licence": licence, "gtin": gtin, "use": found }),
        &[
            ("period", found.period.to_string()),
            ("quota", unit.show(found.quota)),
            ("labels issued", unit.show(found.orders)),
            ("label series", unit.show(found.series)),
            ("left", unit.show(left)),
        ],
    );
    Ok(())
}

/// Shows a label order.
pub(super) async fn order(client: &Client, id: u32, printer: Printer) -> Result<(), Error> {
    let found = client.label_order(id, None).await?;
    let (order, frozen) = found.ok_or_else(|| Error::NotFound(format!("label order {id}")))?;
    let unit = content_unit(client, &order.gtin).await?;
    show(
        printer,
        &json!({ "id": id, "order": order, "frozen": frozen }),
        &[
            ("order", id.to_string()),
            ("licence", order.licence.to_string()),
            ("product", format!("{}, {} a piece", order.gtin, unit.show(order.content.into()))),
            ("status", format!("{:?} since {}", order.status, order.status_since)),
            ("labels", order.n_labels.to_string()),
            ("in stock", format!("{}{}", order.n_stock, if frozen { ", FROZEN" } else { "" })),
            ("used", order.n_used.to_string()),
            ("void", order.n_void.to_string()),
            ("destroyed", order.n_destroyed.to_string()),
        ],
    );
    Ok(())
}

/// Shows a recorded misuse.
pub(super) async fn misuse(client: &Client, id: u32, printer: Printer) -> Result<(), Error> {
    let found = client.misuse(id, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("misuse {id}")))?;
    show(
        printer,
        &json!({ "id": id, "misuse": found }),
        &[
            ("misuse", id.to_string()),
            ("brand", found.brand.to_string()),
            ("offender", organisation(found.offender)),
            ("licence", or_dash(found.licence)),
            ("kind", format!("{:?}", found.kind)),
            ("penalty", found.penalty_fen.to_string()),
            ("decision", found.decision.to_string()),
            ("recorded", format!("{} by organisation {}", found.at, found.by)),
        ],
    );
    Ok(())
}

/// Shows the commitment to a premium report.
pub(super) async fn premium(
    client: &Client,
    licence: u32,
    period: u32,
    printer: Printer,
) -> Result<(), Error> {
    let found = client.premium_report(licence, period, None).await?;
    let report = found.ok_or_else(|| {
        Error::NotFound(format!("premium report of licence {licence} for period {period}"))
    })?;
    show(
        printer,
        &json!({ "licence": licence, "period": period, "report": report }),
        &[
            ("licence", licence.to_string()),
            ("period", period.to_string()),
            ("report", report.to_string()),
        ],
    );
    Ok(())
}

//! The page of a certificate: what it covers, and every change of its status.

use super::{
    AskedPage,
    asked::Nothing,
    page,
    provenance::{balance::product_record, format_of},
    table,
};
use crate::{api::number_of, app::App, figures::Format, map, problem::Problem, words::Language};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use ecoledger_client::{CivilDate, Moment, proof::RecordName, traceability::ProductDetails};
use maud::html;
use serde::Deserialize as _;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A certificate.
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    AskedPage { language, query }: AskedPage<Nothing>,
) -> Response {
    let answered = match (number_of("certificate", &id), query) {
        (Ok(number), Ok(Nothing {})) => certificate(&app, language, number).await,
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    answered.unwrap_or_else(|problem| {
        let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
        super::refusal(&app, language, &format!("/certificate/{id}"), &problem)
    })
}

/// Why a certificate is not in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// It was suspended, revoked or cancelled.
    Decided,
    /// Its period is over.
    Expired,
}

/// Why a certificate is not in force at a time, if it is not; its record does not change when it expires.
fn ended(record: &Json, at: Moment) -> Option<Ended> {
    let of_variant = || record["state"].as_object()?.keys().next().map(String::as_str);
    let state = record["state"].as_str().or_else(of_variant);
    let expires = record["expires"].as_u64().and_then(|days| u32::try_from(days).ok());
    let is_past = expires.is_none_or(|days| at >= CivilDate(days).start());
    match state {
        Some("InForce" | "Suspended") if is_past => Some(Ended::Expired),
        Some("InForce") => None,
        _ => Some(Ended::Decided),
    }
}

async fn certificate(app: &Arc<App>, language: Language, id: u32) -> Result<Response, Problem> {
    let last = app.progress().last;
    let height = last.height;
    let name = RecordName::new("Certification", "Certificates", &[json!(id)]);
    let found =
        app.client().query("Certification", "Certificates", &name.key(), Some(height)).await?;
    let record = found
        .ok_or_else(|| Problem::not_found(format!("certificate {id}: it is not on the chain")))?;
    let of = |pallet, item, key: &Json| RecordName::new(pallet, item, std::slice::from_ref(key));
    let holder = of("Participants", "Profiles", &record["holder"]);
    let body_of = of("Participants", "Profiles", &record["body"]);
    let scheme = of("Certification", "Schemes", &record["scheme"]);
    let list = |field: &str| record[field].as_array().cloned().unwrap_or_default();
    let bases: Vec<_> =
        list("bases").iter().map(|base| of("Traceability", "Places", base)).collect();
    let mut names = vec![name.clone(), holder.clone(), body_of.clone(), scheme.clone()];
    names.extend(bases.iter().cloned());
    let products: Vec<_> = list("products")
        .iter()
        .map(|product| product_record(product["gtin"].as_str().unwrap_or_default()))
        .collect();
    names.extend(products.iter().cloned());
    names.sort();
    names.dedup();
    let figures = app.figures(language, &names).await?;
    let regions: Vec<u32> = bases
        .iter()
        .filter_map(|base| figures.at(base, "region")?.as_u64()?.try_into().ok())
        .collect();
    let status = |path: &str| {
        figures.worded(&name, path, Format::Word, |status| language.certificate(status))
    };
    let ended = ended(&record, last.time_ms);
    let number = record["number"].as_str().unwrap_or_default();
    let title = format!("{} {number}", language.of("认证证书", "Certificate"));
    let body = html! {
        @match ended {
            None => {}
            Some(Ended::Decided) => { p.banner.bad role="alert" { (language.of("此证书现已失效：", "This certificate is not in force: ")) (status("state")) } }
            Some(Ended::Expired) => { p.banner.bad role="alert" { (language.of("此证书已过期，有效期至（不含）：", "This certificate has expired. It was valid until, not included: ")) (figures.figure(&name, "expires", Format::Date)) } }
        }
        dl {
            dt { (language.of("证书编号", "Number")) } dd { (figures.figure(&name, "number", Format::Text)) }
            dt { (language.of("持有人", "Holder")) } dd { (figures.figure(&holder, "name", Format::Text)) }
            dt { (language.of("认证机构", "Certification body")) } dd { (figures.figure(&body_of, "name", Format::Text)) }
            dt { (language.of("认证项目", "Scheme")) } dd { (figures.figure(&scheme, "name", Format::Text)) " · " (figures.figure(&scheme, "standard", Format::Text)) }
            dt { (language.of("决定的状态", "State as decided")) } dd { (status("state")) }
            dt { (language.of("有效期自", "Valid from")) } dd { (figures.figure(&name, "valid_from", Format::Date)) }
            dt { (language.of("有效期至（不含）", "Until (not included)")) } dd { (figures.figure(&name, "expires", Format::Date)) }
        }
        section aria-labelledby="products" {
            h2 #products { (language.of("产品", "Products")) }
            (table(language.of("产品与数量", "Products and quantities"), &html! {
                thead { tr {
                    th scope="col" { "GTIN" }
                    th scope="col" { (language.of("认证数量", "Certified quantity")) }
                    th scope="col" { (language.of("已用于标签", "Drawn for labels")) }
                    th scope="col" { (language.of("已随销售证书售出", "On sale certificates")) }
                } }
                tbody { @for (at, product) in products.iter().enumerate() {
                    @let unit = figures.record(product).and_then(|it| Some(ProductDetails::deserialize(it).ok()?.content_unit()));
                    @let figure = |field: &str, format| figures.figure(&name, &format!("products.{at}.{field}"), format);
                    tr {
                        th scope="row" { (figure("gtin", Format::Word)) }
                        @for field in ["quantity", "drawn", "sold"] {
                            td.number { (figure(field, format_of(unit))) " " (language.unit(unit)) }
                        }
                    }
                } }
            }))
        }
        section aria-labelledby="changes" {
            h2 #changes { (language.of("状态变化", "Changes of status")) }
            ol.timeline { @for at in 0..list("changes").len() {
                li {
                    (figures.figure(&name, &format!("changes.{at}.at"), Format::Moment)) " · "
                    (status(&format!("changes.{at}.status")))
                }
            } }
        }
        section aria-labelledby="bases" {
            h2 #bases { (language.of("生产基地", "Production bases")) }
            (map::drawn(language, &regions))
            ul { @for base in &bases {
                li { (language.of("生产基地", "production base")) " " (base.key().first().unwrap_or(&Json::Null)) " · GB/T 2260 " (figures.figure(base, "region", Format::Word)) }
            } }
        }
        (figures.proof())
    };
    Ok(page(app, language, &format!("/certificate/{id}"), &title, &body, StatusCode::OK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_end_by_decision_or_by_themselves() {
        let expires = CivilDate(20_605);
        let (before, at) = (Moment(expires.start().0 - 1), expires.start());
        let suspended = json!({ "Suspended": { "finding": 1 } });
        for (state, while_valid, when_past) in [
            (json!("InForce"), None, Ended::Expired),
            (suspended, Some(Ended::Decided), Ended::Expired),
            (json!({ "Revoked": 3 }), Some(Ended::Decided), Ended::Decided),
            (json!("Cancelled"), Some(Ended::Decided), Ended::Decided),
        ] {
            let record = json!({ "state": state, "expires": expires.0 });
            assert_eq!(ended(&record, before), while_valid, "{state}");
            assert_eq!(ended(&record, at), Some(when_past), "{state}");
        }
    }
}

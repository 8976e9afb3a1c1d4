//! GS1 Digital Link: from what a label carries to the pages and data of the item.
//!
//! Sources: GS1 Digital Link URI Syntax; GS1-Conformant Resolver Standard 1.2; RFC 9264.

use crate::{app::App, link::Link, problem::Problem};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Namespace of the link types.
const VOCABULARY: &str = "https://gs1.org/voc/";
const CONTEXT: &str = "https://ref.gs1.org/standards/resolver/linkset-context";
const LINKSET: &str = "application/linkset+json";

/// A link of the linkset.
struct Target {
    /// Name of the link type, behind [`VOCABULARY`].
    relation: &'static str,
    title: &'static str,
    media_type: &'static str,
    href: String,
}

/// What there is for an identifier, from the finest level that it names up to the product.
fn targets(base: &str, link: &Link) -> Vec<Target> {
    let page = format!("{base}/product{}", link.path());
    let html = "text/html";
    let mut found = vec![
        Target { relation: "pip", title: "Product page", media_type: html, href: page.clone() },
        Target {
            relation: "certificationInfo",
            title: "Certificates",
            media_type: html,
            href: format!("{page}#certificates"),
        },
        Target {
            relation: "recallStatus",
            title: "Recalls",
            media_type: html,
            href: format!("{page}#recalls"),
        },
    ];
    if let Some(lot) = &link.lot {
        found.push(Target {
            relation: "traceability",
            title: "Events of the batch",
            media_type: "application/json",
            href: format!("{base}/api/v1/events/batch/{}%2F{lot}", link.gtin),
        });
    }
    found.push(Target {
        relation: "masterData",
        title: "Lots of the product",
        media_type: "application/json",
        href: format!("{base}/api/v1/products/{}/lots", link.gtin),
    });
    found
}

fn linkset(base: &str, link: &Link) -> Value {
    let mut anchors = Vec::new();
    // From the identifier itself up to the product.
    for level in link.levels() {
        let found = targets(base, &level);
        let mut context = Map::new();
        context.insert("anchor".into(), json!(format!("{base}{}", level.path())));
        context.insert("itemDescription".into(), json!(level.described()));
        if let Some(first) = found.first() {
            let default = json!([{ "href": first.href, "title": first.title }]);
            context.insert(format!("{VOCABULARY}defaultLink"), default);
        }
        for target in found {
            let described = json!([{
                "href": target.href,
                "title": target.title,
                "type": target.media_type,
                "hreflang": ["zh", "en"],
            }]);
            context.insert(format!("{VOCABULARY}{}", target.relation), described);
        }
        anchors.push(Value::Object(context));
    }
    json!({ "linkset": anchors })
}

/// Answers a Digital Link.
pub(crate) async fn resolve(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let link = Link::read(uri.path(), uri.query().unwrap_or_default())?;
    let gtin = link.gtin.clone();
    let is_known = app
        .blocking(move |app| -> Result<_, Problem> {
            Ok(!app.index.lots(&gtin, None, 1)?.is_empty()
                || !app.index.series_at(&gtin)?.is_empty())
        })
        .await?;
    if !is_known {
        return Err(Problem::not_found(format!(
            "{}: no batch of this product is on the chain",
            link.gtin
        )));
    }
    let base = &app.public_url;
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let wanted = link.link_type.as_deref();
    if matches!(wanted, Some("linkset" | "all")) || (wanted.is_none() && accept.contains(LINKSET)) {
        let context = format!("<{CONTEXT}>; rel=\"http://www.w3.org/ns/json-ld#context\"");
        let mut response = Json(linkset(base, &link)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(LINKSET));
        headers.insert(header::LINK, value(&context)?);
        headers.insert(header::VARY, HeaderValue::from_static("accept"));
        return Ok(response);
    }
    let found = targets(base, &link);
    let target = match wanted.map(|it| it.strip_prefix("gs1:").unwrap_or(it)) {
        None | Some("defaultLink") => found.into_iter().next(),
        Some(name) => {
            let name = name.strip_prefix(VOCABULARY).unwrap_or(name);
            found.into_iter().find(|target| target.relation == name)
        }
    };
    let target = target.ok_or_else(|| {
        Problem::not_found(format!(
            "linkType {}: there is no such link; ?linkType=linkset shows those that there are",
            wanted.unwrap_or_default()
        ))
    })?;
    let location = with_query(&target.href, &link.other_query);
    let all =
        format!("<{base}{}?linkType=linkset>; rel=\"linkset\"; type=\"{LINKSET}\"", link.path());
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, value(&location)?);
    headers.insert(header::LINK, value(&all)?);
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

/// The address with a query behind its path and before its fragment.
fn with_query(href: &str, query: &str) -> String {
    if query.is_empty() {
        return href.to_owned();
    }
    let (path, fragment) = href.split_once('#').map_or((href, None), |(it, rest)| (it, Some(rest)));
    let fragment = fragment.map(|it| format!("#{it}")).unwrap_or_default();
    format!("{path}?{query}{fragment}")
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text)
        .map_err(|_| Problem::bad("bad-uri", "it has characters that no header carries"))
}

/// `/.well-known/gs1resolver`.
pub(crate) async fn description(State(app): State<Arc<App>>) -> Response {
    Json(json!({
        "name": "EcoLedger gateway",
        "resolverRoot": app.public_url,
        "supportedPrimaryKeys": ["01"],
        "linkTypeDefaultCanBeLinkset": false,
        "supportedLinkType": [{
            "namespace": VOCABULARY,
            "prefix": "gs1:",
            "profile": "https://www.gs1.org/voc/?show=linktypes",
        }],
    }))
    .into_response()
}

/// What may be done with an identifier.
pub(crate) async fn options() -> Response {
    (StatusCode::NO_CONTENT, [(header::ALLOW, "GET, HEAD, OPTIONS")]).into_response()
}

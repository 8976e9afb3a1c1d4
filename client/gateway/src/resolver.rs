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

/// Type of the link that is the default one.
const DEFAULT: &str = "pip";
/// Where the Chinese pages are meant for (ISO 3166).
const CHINA: &str = "CN";

/// A link of the linkset.
struct Target {
    /// Name of the link type, behind [`VOCABULARY`].
    relation: &'static str,
    title: &'static str,
    media_type: &'static str,
    /// Languages of what it leads to; several where that chooses by itself, none for data.
    languages: &'static [&'static str],
    /// What it is meant for, where it is for anything in particular.
    context: Option<&'static str>,
    href: String,
}

/// What there is for an identifier, from the finest level that it names up to the product. The first
/// link of a type is that for whoever asks for nothing in particular.
fn targets(base: &str, link: &Link) -> Vec<Target> {
    let mut found = Vec::new();
    for (relation, chinese, english, part) in [
        (DEFAULT, "商品页", "Product page", ""),
        ("certificationInfo", "认证证书", "Certificates", "#certificates"),
        ("recallStatus", "召回", "Recalls", "#recalls"),
    ] {
        let href = format!("{base}/product{}{part}", link.path());
        for (title, languages, context, query) in [
            (english, &["zh", "en"][..], None, ""),
            (chinese, &["zh"], Some(CHINA), "lang=zh"),
            (english, &["en"], None, "lang=en"),
        ] {
            let href = with_query(&href, query);
            let media_type = "text/html";
            found.push(Target { relation, title, media_type, languages, context, href });
        }
    }
    let mut data = |relation, title, href| {
        let media_type = "application/json";
        found.push(Target { relation, title, media_type, languages: &[], context: None, href });
    };
    if let Some(lot) = &link.lot {
        let lot: String = form_urlencoded::byte_serialize(lot.as_bytes()).collect();
        let href = format!("{base}/api/v1/events/batch/{}%2F{lot}", link.gtin);
        data("traceability", "Events of the batch", href);
    }
    let href = format!("{base}/api/v1/products/{}/lots", link.gtin);
    data("masterData", "Lots of the product", href);
    found
}

/// What whoever asks would rather have, among links of one type.
struct Wish<'a> {
    accept: &'a str,
    languages: &'a str,
    context: Option<&'a str>,
}

impl Wish<'_> {
    /// The link that fits best, by media type, then language, then context; the first of equals.
    fn best<'t>(&self, links: impl Iterator<Item = &'t Target>) -> Option<&'t Target> {
        let fit = |target: &Target| {
            let media = weight(self.accept, |range| {
                range == "*/*"
                    || range == target.media_type
                    || range.strip_suffix('*').is_some_and(|it| target.media_type.starts_with(it))
            });
            // A page of several languages may turn out to be in any of them.
            let spoken = |language: &&str| {
                weight(self.languages, |range| {
                    range == "*" || range.split('-').next() == Some(*language)
                })
            };
            let language = target.languages.iter().map(spoken).min().unwrap_or_default();
            let is_meant = self.context.is_some() && self.context == target.context;
            (media, language, is_meant)
        };
        // Of equals `max_by_key` gives the last.
        links.enumerate().max_by_key(|(n, it)| (fit(it), std::cmp::Reverse(*n))).map(|(_, it)| it)
    }
}

/// How much, of 1,000, a header such as `zh-CN, en;q=0.8` wants what `matches` tells of its ranges.
fn weight(header: &str, matches: impl Fn(&str) -> bool) -> u32 {
    let weights = header.split(',').filter_map(|part| {
        let mut parts = part.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default().to_ascii_lowercase();
        let given = parts.find_map(|it| it.strip_prefix("q=")).unwrap_or("1");
        let (whole, part) = given.split_once('.').unwrap_or((given, ""));
        let thousandths = format!("{part:0<3}").get(..3)?.parse::<u32>().ok()?;
        matches(&range).then_some((whole.parse::<u32>().ok()? * 1_000 + thousandths).min(1_000))
    });
    weights.max().unwrap_or_default()
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
            let mut described = json!({
                "href": target.href,
                "title": target.title,
                "type": target.media_type,
            });
            if !target.languages.is_empty() {
                described["hreflang"] = json!(target.languages);
            }
            if let Some(meant) = target.context {
                described["context"] = json!([meant]);
            }
            let links = context.entry(format!("{VOCABULARY}{}", target.relation));
            if let Value::Array(links) = links.or_insert_with(|| json!([])) {
                links.push(described);
            }
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
    let said = |name| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let accept = said(header::ACCEPT);
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
    let relation = match wanted.map(|it| it.strip_prefix("gs1:").unwrap_or(it)) {
        None | Some("defaultLink") => DEFAULT,
        Some(name) => name.strip_prefix(VOCABULARY).unwrap_or(name),
    };
    let context = link.other_query.split('&').find_map(|part| part.strip_prefix("context="));
    let wish = Wish { accept, languages: said(header::ACCEPT_LANGUAGE), context };
    let found = targets(base, &link);
    let target = wish.best(found.iter().filter(|it| it.relation == relation)).ok_or_else(|| {
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
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    Ok(response)
}

/// The address with more of a query behind its path and before its fragment.
fn with_query(href: &str, query: &str) -> String {
    if query.is_empty() {
        return href.to_owned();
    }
    let (path, fragment) = href.split_once('#').map_or((href, None), |(it, rest)| (it, Some(rest)));
    let fragment = fragment.map(|it| format!("#{it}")).unwrap_or_default();
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{query}{fragment}")
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
        "supportedContextValuesEnumerated": [CHINA],
        "jsonLdContextLocation": CONTEXT,
        "supportedLinkType": [{
            "namespace": VOCABULARY,
            "prefix": "gs1:",
            "profile": "https://www.gs1.org/voc/?show=linktypes",
        }],
    }))
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read() {
        for (header, english) in [
            ("", 0),
            ("en", 1_000),
            ("EN-gb", 1_000),
            ("zh-CN, en;q=0.8", 800),
            ("zh ; q=1.0 , en ; q=0.25", 250),
            ("en;q=1.5, zh", 1_000),
            ("en;q=x, zh", 0),
            ("english", 0),
        ] {
            let found = weight(header, |range| range.split('-').next() == Some("en"));
            assert_eq!(found, english, "{header}");
        }
    }

    #[test]
    fn the_best_of_a_type_is_chosen() {
        let link = Link::read("/01/9506000200033/10/L", "").unwrap();
        let found = targets("", &link);
        let best = |accept, languages, context| {
            let wish = Wish { accept, languages, context };
            wish.best(found.iter().filter(|it| it.relation == DEFAULT)).unwrap().href.clone()
        };
        let page = "/product/01/09506000200033/10/L";
        assert_eq!(best("", "", None), page);
        assert_eq!(best("*/*", "fr, *;q=0.1", None), page);
        assert_eq!(
            best("text/html, */*;q=0.8", "en-GB, zh;q=0.5", None),
            format!("{page}?lang=en")
        );
        assert_eq!(best("", "", Some("CN")), format!("{page}?lang=zh"));
        assert_eq!(best("", "en", Some("CN")), format!("{page}?lang=en"));
        assert_eq!(best("", "", Some("LK")), page);
    }

    #[test]
    fn lots_stand_encoded_in_addresses() {
        let link = Link::read("/01/9506000200033/10/A%22%3C%25%2F1", "").unwrap();
        let found = targets("", &link);
        let events = found.iter().find(|it| it.relation == "traceability").unwrap();
        assert_eq!(events.href, "/api/v1/events/batch/09506000200033%2FA%22%3C%25%2F1");
    }

    #[test]
    fn queries_are_joined() {
        for (href, query, joined) in [
            ("/a", "", "/a"),
            ("/a", "b=c", "/a?b=c"),
            ("/a#d", "b=c", "/a?b=c#d"),
            ("/a?e=f#d", "b=c", "/a?e=f&b=c#d"),
        ] {
            assert_eq!(with_query(href, query), joined);
        }
    }
}

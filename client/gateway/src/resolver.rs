//! GS1 Digital Link: from what a label carries to the pages and data of the item.
//!
//! Sources: GS1 Digital Link URI Syntax; GS1-Conformant Resolver Standard 1.2; RFC 9264.

use crate::{
    app::App,
    code::{ItemCode, LabelCode},
    link::{Link, value_of},
    problem::Problem,
};
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

/// A level of what is named: an item, its lot, its product.
struct Level {
    /// Under which it is asked for.
    path: String,
    /// Where its page is.
    page: String,
    /// As it stands on a label for people.
    described: String,
    gtin: String,
    lot: Option<String>,
}

impl Level {
    fn of(link: &Link) -> Self {
        Self {
            path: link.path(),
            page: format!("/product{}", link.path()),
            described: link.described(),
            gtin: link.gtin.clone(),
            lot: link.lot.clone(),
        }
    }
}

/// What there is for a level. The first link of a type is that for whoever asks for nothing in
/// particular.
fn targets(base: &str, level: &Level) -> Vec<Target> {
    let mut found = Vec::new();
    for (relation, chinese, english, part) in [
        (DEFAULT, "商品页", "Product page", ""),
        ("certificationInfo", "认证证书", "Certificates", "#certificates"),
        ("recallStatus", "召回", "Recalls", "#recalls"),
    ] {
        let href = format!("{base}{}{part}", level.page);
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
    if let Some(lot) = &level.lot {
        let lot: String = form_urlencoded::byte_serialize(lot.as_bytes()).collect();
        let href = format!("{base}/api/v1/events/batch/{}%2F{lot}", level.gtin);
        data("traceability", "Events of the batch", href);
    }
    let href = format!("{base}/api/v1/products/{}/lots", level.gtin);
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
            let media = media_weight(self.accept, target.media_type);
            // A page of several languages may turn out to be in any of them.
            let spoken = |language: &&str| language_weight(self.languages, language);
            let language = target.languages.iter().map(spoken).min().unwrap_or_default();
            let is_meant = self.context.is_some() && self.context == target.context;
            (media, language, is_meant)
        };
        // Of equals `max_by_key` gives the last.
        links.enumerate().max_by_key(|(n, it)| (fit(it), std::cmp::Reverse(*n))).map(|(_, it)| it)
    }
}

/// How much, of 1,000, a header such as `zh-CN, en;q=0.8` wants something; `fits` tells how closely a
/// range fits it, 0 for not at all. The closest range says it (RFC 9110, section 12.5.1).
fn weight(header: &str, fits: impl Fn(&str) -> u8) -> u32 {
    let weights = header.split(',').filter_map(|part| {
        let mut parts = part.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default().to_ascii_lowercase();
        let given = parts.find_map(|it| it.strip_prefix(['q', 'Q'])?.strip_prefix('='));
        let (whole, part) = given.map_or(("1", ""), |it| it.split_once('.').unwrap_or((it, "")));
        let thousandths = format!("{part:0<3}").get(..3)?.parse::<u32>().ok()?;
        let weight = (whole.parse::<u32>().ok()? * 1_000 + thousandths).min(1_000);
        let fit = fits(&range);
        (fit > 0).then_some((fit, weight))
    });
    weights.max().map(|(_, weight)| weight).unwrap_or_default()
}

/// How much, of 1,000, `Accept` wants a media type.
fn media_weight(accept: &str, media_type: &str) -> u32 {
    weight(accept, |range| match range.strip_suffix('*') {
        _ if range == media_type => 3,
        Some("*/") => 1,
        Some(kind) if media_type.starts_with(kind) => 2,
        _ => 0,
    })
}

/// How much, of 1,000, `Accept-Language` wants a language.
fn language_weight(languages: &str, language: &str) -> u32 {
    weight(languages, |range| match range.split('-').next() {
        Some("*") => 1,
        Some(first) if first == language => 2,
        _ => 0,
    })
}

/// Whether `Accept` names a media type itself, as browsers name `text/html`, and with what weight.
fn named_weight(accept: &str, media_type: &str) -> u32 {
    weight(accept, |range| u8::from(range == media_type))
}

/// Whether a person in front of a browser asks.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    named_weight(said(headers, header::ACCEPT), "text/html") > 0
}

fn said(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

fn linkset(base: &str, levels: &[Level]) -> Value {
    let mut anchors = Vec::new();
    for level in levels {
        let found = targets(base, level);
        let mut context = Map::new();
        context.insert("anchor".into(), json!(format!("{base}{}", level.path)));
        context.insert("itemDescription".into(), json!(level.described));
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

/// That what a link names is on the chain.
///
/// GS1's resolver standard has a resolver walk up to the lot and product where it knows nothing of an
/// item, and answer 404 for what does not exist. The chain has every lot of a product and the list of a
/// series every code: what is not there does not exist, and a label that was made up must not lead to
/// the page of genuine goods.
async fn exists(app: &Arc<App>, link: &Link) -> Result<(), Problem> {
    if let Some(serial) = &link.serial {
        let code = ItemCode::serial(&link.gtin, serial)?;
        app.labelled(&LabelCode { code, lot: link.lot.clone() }).await?;
        return Ok(());
    }
    let (gtin, lot) = (link.gtin.clone(), link.lot.clone());
    app.blocking(move |app| match lot {
        Some(lot) if app.index.batch(&gtin, &lot)?.is_none() => {
            Err(Problem::not_found(format!("{gtin} · {lot}: no such lot is on the chain")))
        }
        None if app.index.lots(&gtin, None, 1)?.is_empty() => {
            Err(Problem::not_found(format!("{gtin}: no batch of this product is on the chain")))
        }
        _ => Ok(()),
    })
    .await
}

/// Answers a Digital Link.
pub(crate) async fn resolve(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let link = Link::read(uri.path(), uri.query().unwrap_or_default())?;
    exists(&app, &link).await?;
    let levels: Vec<_> = link.levels().iter().map(Level::of).collect();
    let wanted = link.link_type.as_deref();
    answer(&app.public_url, &levels, wanted, &link.other_query, &headers)
}

/// Answers an organic code as a Digital Link of its item would be, which it has none of: GS1 knows its
/// lot and product. `None` where the page itself is asked for.
pub(crate) async fn organic(
    app: &Arc<App>,
    code: &ItemCode,
    query: &str,
    headers: &HeaderMap,
) -> Result<Option<Response>, Problem> {
    let wanted = query.split('&').find_map(|part| value_of(part, "linkType"));
    if wanted.is_none() && !wants_linkset(headers) {
        return Ok(None);
    }
    let label = LabelCode { code: code.clone(), lot: None };
    let (gtin, lot) = app.labelled(&label).await?;
    let link = Link {
        gtin: gtin.clone(),
        variant: None,
        lot: lot.clone(),
        serial: None,
        link_type: None,
        other_query: String::new(),
    };
    let page = label.page();
    let item = Level { path: page.clone(), page, described: code.to_string(), gtin, lot };
    let levels: Vec<_> = std::iter::once(item).chain(link.levels().iter().map(Level::of)).collect();
    let others = query.split('&').filter(|it| value_of(it, "linkType").is_none());
    let others: Vec<_> = others.filter(|it| !it.is_empty()).collect();
    answer(&app.public_url, &levels, wanted.as_deref(), &others.join("&"), headers).map(Some)
}

/// Whether the linkset is wanted rather than a page.
fn wants_linkset(headers: &HeaderMap) -> bool {
    let accept = said(headers, header::ACCEPT);
    let wanted = named_weight(accept, LINKSET);
    wanted > 0 && wanted >= media_weight(accept, "text/html")
}

/// The linkset, or the way to the link that is wanted.
fn answer(
    base: &str,
    levels: &[Level],
    wanted: Option<&str>,
    other_query: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    if matches!(wanted, Some("linkset" | "all")) || (wanted.is_none() && wants_linkset(headers)) {
        let context = format!("<{CONTEXT}>; rel=\"http://www.w3.org/ns/json-ld#context\"");
        let mut response = Json(linkset(base, levels)).into_response();
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
    let context = other_query.split('&').find_map(|part| value_of(part, "context"));
    let wish = Wish {
        accept: said(headers, header::ACCEPT),
        languages: said(headers, header::ACCEPT_LANGUAGE),
        context: context.as_deref(),
    };
    let finest = levels.first().ok_or_else(|| Problem::not_found("nothing is named"))?;
    let found = targets(base, finest);
    let target = wish.best(found.iter().filter(|it| it.relation == relation)).ok_or_else(|| {
        Problem::not_found(format!(
            "linkType {}: there is no such link; ?linkType=linkset shows those that there are",
            wanted.unwrap_or_default()
        ))
    })?;
    let location = with_query(&target.href, other_query);
    let all =
        format!("<{base}{}?linkType=linkset>; rel=\"linkset\"; type=\"{LINKSET}\"", finest.path);
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
            ("en;Q=0.5", 500),
            ("en;q=1.5, zh", 1_000),
            ("en;q=x, zh", 0),
            ("english", 0),
            ("*", 1_000),
            ("*, en;q=0.2", 200),
            ("en;q=0, *", 0),
        ] {
            assert_eq!(language_weight(header, "en"), english, "{header}");
        }
        for (header, html) in [
            ("text/*;q=0.5, */*;q=0.1", 500),
            ("text/html;q=0.1, text/*, */*", 100),
            ("application/json", 0),
        ] {
            assert_eq!(media_weight(header, "text/html"), html, "{header}");
        }
    }

    #[test]
    fn linksets_are_for_those_who_would_rather_have_them() {
        for (accept, is_wanted) in [
            ("", false),
            ("*/*", false),
            ("application/*", false),
            ("application/linkset+json", true),
            ("text/html;q=0.5, application/linkset+json", true),
            ("application/linkset+json;q=0.9, */*;q=0.8", true),
            ("application/linkset+json;q=0, text/html", false),
            ("text/html, application/linkset+json;q=0.1", false),
            ("application/linkset+json;q=0", false),
        ] {
            let headers =
                HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(wants_linkset(&headers), is_wanted, "{accept}");
        }
    }

    #[test]
    fn the_best_of_a_type_is_chosen() {
        let link = Link::read("/01/9506000200033/10/L", "").unwrap();
        let found = targets("", &Level::of(&link));
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
        let found = targets("", &Level::of(&link));
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

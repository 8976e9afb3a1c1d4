//! Pages for people. What they say can be read without JavaScript; with it, the reader's own browser
//! proves it, and what is proven takes the place of what this gateway said.

mod asked;
mod block;
pub(crate) mod certificate;
pub(crate) mod compensation;
mod item;
mod lot;
mod provenance;
pub(crate) mod recalls;
mod river;
mod scans;

use asked::{Anything, AskedPage};
pub(crate) use block::{block, transaction};
pub(crate) use provenance::{derivation, explorer};

use crate::{
    app::App,
    code::{ItemCode, LabelCode},
    link::Link,
    problem::Problem,
    resolver,
    scans::Counted,
    words::Language,
};
use axum::{
    extract::{FromRequestParts as _, OriginalUri, Path, RawQuery, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use ecoledger_client::{Moment, proof::Objection};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;
use std::sync::Arc;

const STYLE: &str = concat!(
    include_str!("../../../web/verifier/verifier.css"),
    include_str!("../../../web/product/product.css"),
    include_str!("../../../web/product/provenance.css"),
    include_str!("../../../web/product/compensation.css")
);

/// Modules by which a browser verifies, by the name under which they import one another.
const MODULES: &[(&str, &str)] = &[
    ("bundle", include_str!("../../../web/verifier/bundle.js")),
    ("bytes", include_str!("../../../web/verifier/bytes.js")),
    ("code", include_str!("../../../web/verifier/code.js")),
    ("ed25519", include_str!("../../../web/verifier/ed25519.js")),
    ("errors", include_str!("../../../web/verifier/errors.js")),
    ("fetch", include_str!("../../../web/verifier/fetch.js")),
    ("figures", include_str!("../../../web/product/figures.js")),
    ("layouts", include_str!("../../../web/verifier/layouts.js")),
    ("product", include_str!("../../../web/product/product.js")),
    ("records", include_str!("../../../web/verifier/records.js")),
    ("scale", include_str!("../../../web/verifier/scale.js")),
    ("scan", include_str!("../../../web/verifier/scan.js")),
    ("story", include_str!("../../../web/verifier/story.js")),
    ("texts", include_str!("../../../web/verifier/texts.js")),
    ("trees", include_str!("../../../web/verifier/trees.js")),
    ("trust", include_str!("../../../web/verifier/trust.js")),
];

/// Nothing but this gateway's own modules runs on its pages.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A module.
pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Problem> {
    let found = name
        .strip_suffix(".js")
        .and_then(|name| MODULES.iter().find(|(module, _)| *module == name))
        .ok_or_else(|| Problem::not_found(format!("{name}: there is no such module")))?;
    // Modules import one another by names; here each has an address.
    let mut text = found.1.to_owned();
    for (name, _) in MODULES {
        text = text.replace(&format!("\"#{name}\""), &format!("\"./{name}.js\""));
    }
    Ok(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text).into_response())
}

/// The page that verifies proofs; with `download` in the query a file to keep.
pub(crate) async fn verifier(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let verifier = app.verifier.as_ref().ok_or_else(|| {
        Problem::not_found("this gateway has no verifier; its operator gives one with --verifier")
    })?;
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (kind, verifier.page.clone()).into_response();
    let query = query.unwrap_or_default();
    if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "download") {
        let saved = HeaderValue::from_static("attachment; filename=\"verifier.html\"");
        response.headers_mut().insert(header::CONTENT_DISPOSITION, saved);
    }
    Ok(response)
}

/// How somebody verifies a code without believing this gateway; `place` is the code as it is written.
fn without_gateways(app: &App, language: Language, place: &str) -> Markup {
    html! {
        p {
            (language.of(
                "验证由本网关提供的程序完成。若要不依赖任何网关，请使用您自己保存的验证页。",
                "This check was done by code that this gateway sent. To depend on no gateway, use a verifier page that you keep yourself. ",
            ))
            @if let Some(verifier) = &app.verifier {
                @let query = form_urlencoded::Serializer::new(String::new())
                    .append_pair("gateway", &app.public_url)
                    .append_pair("code", place)
                    .finish();
                (language.of("本网关提供一份：", "This gateway has one: "))
                a href=(format!("/verify?{query}")) rel="noopener" { (language.of("打开验证页", "open the verifier")) }
                (language.of("，或", ", or "))
                a href="/verify?download" { (language.of("下载保存", "save it")) }
                (language.of("。其 SHA-256：", ". Its SHA-256: ")) code.hash { (verifier.sha256) }
                (language.of(
                    "。请与随软件版本公布的值核对；更好的办法是自己保存一份核对过的验证页。",
                    ". Compare it with the one that is published with the release; better still, keep a copy that you have compared.",
                ))
            }
        }
    }
}

/// What the front page is asked: a code to be looked up.
#[derive(Debug, Deserialize)]
pub(crate) struct FrontQuery {
    code: Option<String>,
}

/// The front page.
pub(crate) async fn front(
    State(app): State<Arc<App>>,
    AskedPage { language, query }: AskedPage<FrontQuery>,
) -> Response {
    let query = match query {
        Ok(query) => query,
        Err(problem) => return refusal(&app, language, "/", &problem),
    };
    if let Some(code) = query.code.as_deref() {
        let place = LabelCode::parse(code)
            .map(|label| format!("{}?lang={}", label.page(), language.code()));
        return match place.map(|it| HeaderValue::from_str(&it)) {
            Ok(Ok(place)) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
            Ok(Err(_)) => {
                Problem::bad("bad-code", "code: it cannot stand in an address").into_response()
            }
            Err(problem) => refusal(&app, language, "/", &problem),
        };
    }
    let title = language.of("查询标签", "Look a label up");
    let body = html! {
        (form(language))
        ul {
            li { a href=(format!("/recalls?lang={}", language.code())) { (language.of("全部召回", "All recalls")) } }
            li { a href=(format!("/compensation?lang={}", language.code())) { (language.of("生态保护补偿协议", "Compensation agreements")) } }
        }
    };
    page(&app, language, "/", title, &body, StatusCode::OK)
}

/// Where a code is typed in.
fn form(language: Language) -> Markup {
    html! {
        form action="/" {
            label {
                (language.of("标签上的编码：17 位有机码，或 (01)…(21)…", "The code on the label: 17 digits, or (01)…(21)…"))
                input name="code" required autocomplete="off" maxlength="200";
            }
            input type="hidden" name="lang" value=(language.code());
            button.main { (language.of("查询", "Look it up")) }
        }
    }
}

/// The page of an item, a lot or a product.
pub(crate) async fn product(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    AskedPage { language, .. }: AskedPage<Anything>,
    headers: HeaderMap,
    counted: Counted,
) -> Response {
    let path = uri.path().strip_prefix("/product").unwrap_or_default();
    let path = path.strip_suffix('/').unwrap_or(path).to_owned();
    let answered = match path.strip_prefix("/organic/") {
        Some(digits) => match ItemCode::organic(digits) {
            Ok(code) => {
                let query = uri.query().unwrap_or_default();
                match resolver::organic(&app, &code, query, &headers).await.transpose() {
                    Some(resolved) => return resolved.into_response(),
                    None => item::page(&app, language, &path, code, None, &counted).await,
                }
            }
            Err(problem) => Err(problem),
        },
        None => match Link::read(&path, "") {
            Ok(link) => by_link(&app, language, &path, link, &counted).await,
            Err(problem) => Err(problem),
        },
    };
    answered.unwrap_or_else(|problem| refusal(&app, language, &format!("/product{path}"), &problem))
}

async fn by_link(
    app: &Arc<App>,
    language: Language,
    path: &str,
    link: Link,
    counted: &Counted,
) -> Result<Response, Problem> {
    match (&link.serial, &link.lot) {
        (Some(serial), lot) => {
            let code = ItemCode::serial(&link.gtin, serial)?;
            item::page(app, language, path, code, lot.clone(), counted).await
        }
        (None, Some(lot)) => lot::page(app, language, path, &link.gtin, lot).await,
        (None, None) => lot::product(app, language, path, &link.gtin).await,
    }
}

/// Day and minute, in China Standard Time.
pub(crate) fn clock(moment: Moment) -> String {
    let text = moment.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute}"),
        _ => text,
    }
}

/// What stands against goods, where nobody may miss it.
fn objections(language: Language, against: &[Objection]) -> Markup {
    html! {
        @for objection in against {
            @let (chinese, english) = objection.words();
            p.banner.bad role="alert" { (language.of(chinese, english)) }
        }
    }
}

/// Says of what follows that no proof is about it.
fn own_word(language: Language) -> Markup {
    html! {
        p.own-word.quiet { (language.of("以下由本网关提供，不在证明之内。", "What follows is this gateway's word, and no part of the proof.")) }
    }
}

/// A table with a name; one that is wider than a phone is scrolled by itself, with a keyboard too.
fn table(name: &str, rows: &Markup) -> Markup {
    html! {
        div.wide role="region" tabindex="0" aria-label=(name) { table aria-label=(name) { (rows) } }
    }
}

/// Tells what is wrong on a page where a person asks for one.
pub(crate) async fn told_on_a_page(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let is_for_people = resolver::wants_page(request.headers()) && !path.starts_with("/api/");
    let (mut parts, body) = request.into_parts();
    let asked = AskedPage::<Anything>::from_request_parts(&mut parts, &()).await;
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let problem = response.extensions_mut().remove::<Problem>();
    if let (true, Some(problem), Ok(AskedPage { language, .. })) = (is_for_people, problem, asked) {
        let (page, body) = refusal(&app, language, &path, &problem).into_parts();
        // Others, such as Retry-After, stay.
        response.headers_mut().extend(page.headers);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = body;
    }
    response
}

fn refusal(app: &App, language: Language, path: &str, problem: &Problem) -> Response {
    let is_code = ["/product", "/01/"].iter().any(|it| path.starts_with(it)) || path == "/";
    let title = match problem.status {
        StatusCode::TOO_MANY_REQUESTS => language.of("请求过于频繁", "Too many requests"),
        StatusCode::NOT_FOUND if is_code => language.of("没有此编码", "There is no such code"),
        StatusCode::NOT_FOUND => language.of("没有此记录", "There is no such record"),
        status if !status.is_client_error() => {
            language.of("暂时无法查询", "This cannot be answered now")
        }
        _ if is_code => language.of("编码有误", "This is no code"),
        _ => language.of("网址有误", "This address is wrong"),
    };
    let chinese = match problem.status {
        StatusCode::TOO_MANY_REQUESTS => "此地址的请求过于频繁，请稍后再试。",
        StatusCode::NOT_FOUND if is_code => {
            "账本上没有此编码：标签可能是伪造的，或其编码清单未发布到本网关。"
        }
        StatusCode::NOT_FOUND => "账本上没有此记录，或本网关尚未跟进到它所在的区块。",
        status if !status.is_client_error() => "请稍后再试，或换一个网关。",
        _ if is_code => "请核对编码：17 位有机码，或 (01)…(21)…。",
        _ => "请核对网址，或从批次页面的链接进入。",
    };
    refused(app, language, path, title, chinese, problem)
}

/// The page of what is wrong; `chinese` says it to those who read Chinese.
fn refused(
    app: &App,
    language: Language,
    path: &str,
    title: &str,
    chinese: &str,
    problem: &Problem,
) -> Response {
    let body = html! {
        @if language == Language::Chinese {
            p.banner.bad role="alert" { (chinese) }
            p lang="en" { (problem.detail) }
        } @else {
            p.banner.bad role="alert" { (problem.detail) }
        }
        (form(language))
    };
    page(app, language, path, title, &body, problem.status)
}

fn page(
    app: &App,
    language: Language,
    path: &str,
    title: &str,
    body: &Markup,
    status: StatusCode,
) -> Response {
    let (other, name) = language.other();
    let joint = if path.contains('?') { '&' } else { '?' };
    let progress = app.progress();
    let text = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    nav { a href=(format!("{path}{joint}lang={}", other.code())) hreflang=(other.tag()) lang=(other.tag()) { (name) } }
                }
                main { (body) }
                footer {
                    p { (language.of("已验证至区块", "Verified up to block")) " " (progress.last.height) " · " (clock(progress.last.time_ms)) " " (language.of("（时间均为北京时间）", "(all times: Beijing, UTC+8)")) }
                    @if progress.trouble.is_some() {
                        p.bad { (language.of("与节点的联系中断：以上可能不是最新。", "The node does not answer: this may not be the latest.")) }
                    }
                }
            }
        }
    };
    let mut response = (status, text.into_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

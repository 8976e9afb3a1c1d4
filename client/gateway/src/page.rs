//! Pages for people. What they say can be read without JavaScript; with it, the reader's own browser
//! proves it, and what is proven takes the place of what this gateway said.

use crate::{
    app::{Answer, App},
    code::ItemCode,
    index::{Derivation, IndexedEvent},
    link::Link,
    problem::Problem,
    words::Language,
};
use axum::{
    extract::{OriginalUri, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use ecoledger_client::{
    Moment, certification::CertificateStatus, labels::ItemLife, proof::RecallVerdict,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;
use std::sync::Arc;

/// Events of a batch that a page shows.
const EVENTS_MAX: usize = 200;
/// Lots of a product that a page shows.
const LOTS_MAX: usize = 200;

const STYLE: &str = concat!(
    include_str!("../../web/verifier/verifier.css"),
    include_str!("../../web/product/product.css")
);

/// Modules by which a browser verifies, by the name under which they import one another.
const MODULES: &[(&str, &str)] = &[
    ("bundle", include_str!("../../web/verifier/bundle.js")),
    ("bytes", include_str!("../../web/verifier/bytes.js")),
    ("ed25519", include_str!("../../web/verifier/ed25519.js")),
    ("errors", include_str!("../../web/verifier/errors.js")),
    ("product", include_str!("../../web/product/product.js")),
    ("records", include_str!("../../web/verifier/records.js")),
    ("scale", include_str!("../../web/verifier/scale.js")),
    ("scan", include_str!("../../web/verifier/scan.js")),
    ("texts", include_str!("../../web/verifier/texts.js")),
    ("trees", include_str!("../../web/verifier/trees.js")),
    ("trust", include_str!("../../web/verifier/trust.js")),
];

/// Nothing but this gateway's own modules runs on its pages.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Steps of the proof, in the order of `ProofStep`.
const STEPS: &[(&str, &str, &str)] = &[
    ("bundle", "证明完整，格式正确", "The proof is whole and well-formed"),
    (
        "validators",
        "区块由超过三分之二的验证人签署",
        "More than two thirds of the validators signed the block",
    ),
    ("records", "记录属于该区块的状态", "The records belong to the state of that block"),
    ("item", "编码在标签系列之中", "The code is in its label series"),
    (
        "story",
        "批次、证书、许可与召回记录齐全，与本页一致",
        "Batch, certificates, licence and recalls are as this page says",
    ),
];

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

/// The page that verifies proofs.
pub(crate) async fn verifier(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let page = app.verifier.clone().ok_or_else(|| {
        Problem::not_found("this gateway has no verifier; its operator gives one with --verifier")
    })?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct PageQuery {
    lang: Option<String>,
    code: Option<String>,
}

/// Where a code is typed in.
pub(crate) async fn front(
    State(app): State<Arc<App>>,
    Query(query): Query<PageQuery>,
    headers: HeaderMap,
) -> Response {
    let language = language(&query, &headers);
    if let Some(code) = query.code.as_deref() {
        let place = ItemCode::parse(code).map(|code| match code {
            ItemCode::Serial { gtin, serial } => format!("/product/01/{gtin}/21/{serial}"),
            ItemCode::Organic(digits) => format!("/product/organic/{digits}"),
        });
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
        form action="/" {
            label {
                (language.of("标签上的编码：17 位有机码，或 (01)…(21)…", "The code on the label: 17 digits, or (01)…(21)…"))
                input name="code" required autocomplete="off" maxlength="200";
            }
            input type="hidden" name="lang" value=(language.code());
            button.main { (language.of("查询", "Look it up")) }
        }
    };
    page(&app, language, "/", title, &body, StatusCode::OK)
}

fn language(query: &PageQuery, headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    Language::choose(query.lang.as_deref(), accepted.unwrap_or_default())
}

/// The page of an item, a lot or a product.
pub(crate) async fn product(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<PageQuery>,
    headers: HeaderMap,
) -> Response {
    let language = language(&query, &headers);
    let path = uri.path().strip_prefix("/product").unwrap_or_default().to_owned();
    let answered = match path.strip_prefix("/organic/") {
        Some(digits) => match ItemCode::organic(digits) {
            Ok(code) => item(&app, language, &path, code, None).await,
            Err(problem) => Err(problem),
        },
        None => match Link::read(&path, "") {
            Ok(link) => by_link(&app, language, &path, link).await,
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
) -> Result<Response, Problem> {
    match (&link.serial, &link.lot) {
        (Some(serial), lot) => {
            let code = ItemCode::serial(&link.gtin, serial)?;
            item(app, language, path, code, lot.clone()).await
        }
        (None, Some(lot)) => batch(app, language, path, &link.gtin, lot).await,
        (None, None) => lots(app, language, path, &link.gtin).await,
    }
}

async fn item(
    app: &Arc<App>,
    language: Language,
    path: &str,
    code: ItemCode,
    lot: Option<String>,
) -> Result<Response, Problem> {
    let answer = app.prove(&code, Some(app.anchor.height)).await?;
    let scan = &answer.scan;
    if lot.is_some_and(|lot| lot != scan.lot.as_str()) {
        return Err(Problem::not_found(language.of(
            "此编码属于另一批次：标签可能有误",
            "this code belongs to another lot; the label may be wrong",
        )));
    }
    let batch = format!("{}/{}", scan.gtin, scan.lot);
    let batch: ecoledger_client::BatchId =
        batch.parse().map_err(|error| Problem::bad("bad-batch", error))?;
    let (events, made_from) = history(app, batch.as_str()).await?;
    let title = format!("{} · {}", scan.gtin, scan.lot);
    let banners = banners(language, &answer);
    let checkpoint = serde_json::to_string(&app.anchor).unwrap_or_default().replace('<', "\\u003c");
    let place = code.to_string();
    let verify_at = format!("/verify?{}", query_of(&app.public_url, &place));
    let body = html! {
        (banners)
        section #proof data-place=(place) data-code=(scan.code) {
            p #verdict .banner.care role="status" { (language.of("正在您的浏览器中验证……", "Being verified in your browser…")) }
            noscript { p.banner.care { (language.of("没有 JavaScript，本页内容未在您的浏览器中验证。", "Without JavaScript nothing on this page is verified in your browser.")) } }
            (facts(language, &answer))
        }
        section #certificates { h2 { (language.of("认证与许可", "Certificates and licence")) } (certificates(language, &answer)) }
        section #origin { h2 { (language.of("产地", "Origin")) } (origin(language, &answer)) }
        section { h2 { (language.of("流通记录", "Custody")) } (timeline(language, &events, &scan.names)) (derivations(language, &made_from)) }
        section aria-labelledby="steps-title" {
            h2 #steps-title { (language.of("验证步骤", "Steps of the proof")) }
            ol #steps aria-live="polite" {
                @for (step, chinese, english) in STEPS {
                    li.pending data-step=(step) {
                        span.state { (language.of("等待", "waiting")) } " "
                        span { (language.of(chinese, english)) }
                        p.why {}
                    }
                }
            }
            p { (language.of(
                "验证由本网关提供的程序完成。若要不依赖任何网关，请使用另存的验证页：",
                "This check was done by code that this gateway sent. To depend on no gateway, use a verifier page that you keep yourself: ",
            )) a href=(verify_at) rel="noopener" { (language.of("打开验证页", "open the verifier")) } }
        }
        script type="application/json" #checkpoint { (PreEscaped(checkpoint)) }
        script type="module" src="/assets/product.js" {}
    };
    Ok(page(app, language, &format!("/product{path}"), &title, &body, StatusCode::OK))
}

/// What nobody may miss.
fn banners(language: Language, answer: &Answer) -> Markup {
    let scan = &answer.scan;
    let mut found = Vec::new();
    match scan.recall {
        RecallVerdict::Clear => {}
        RecallVerdict::Recalled(_) => found.push(language.of(
            "召回：请勿食用或出售，请联系销售者",
            "RECALLED: do not use or sell it; ask who sold it",
        )),
        RecallVerdict::BeingAssessed => found.push(language.of(
            "召回范围正在核定：查明之前请勿食用或出售",
            "A recall is being assessed: do not use or sell it before that is known",
        )),
    }
    let stopped = [Some(CertificateStatus::Suspended), Some(CertificateStatus::Revoked)];
    if scan.certificates.iter().any(|it| stopped.contains(&it.now)) {
        found.push(language.of(
            "所附认证证书已被暂停或撤销",
            "A certificate that it carries is suspended or revoked",
        ));
    }
    if scan.is_on_hold {
        found.push(language.of("该批次已被停止流通", "The batch is stopped"));
    }
    if scan.test_passed == Some(false) {
        found.push(language.of("最近一次检测不合格", "Its latest test failed"));
    }
    if !scan.is_series_active {
        found.push(language.of(
            "该标签系列已冻结或作废：标签不可信",
            "The label series is frozen or void: the label does not count",
        ));
    }
    match scan.mark {
        Some((ItemLife::Destroyed, _)) => found.push(language.of(
            "此编码已登记销毁：标签不应再出现",
            "This code is marked destroyed: the label should be nowhere",
        )),
        Some((ItemLife::Sold | ItemLife::Returned, _)) | None => {}
    }
    let sold = matches!(scan.mark, Some((ItemLife::Sold, _))).then(|| {
        language.of(
            "此编码已登记售出：若您刚刚购买且并非您所为，标签可能被复制",
            "This code is marked sold: if it is new to you and you did not buy it then, the label may be a copy",
        )
    });
    html! {
        div #recalls {
            @for text in found { p.banner.bad role="alert" { (text) } }
            @if let Some(text) = sold { p.banner.care { (text) } }
        }
    }
}

fn named(language: Language, answer: &Answer, id: u32) -> String {
    let found = answer.scan.names.iter().find(|(other, _)| *other == id);
    found.map_or_else(
        || format!("{} {id}", language.of("机构", "organisation")),
        |(_, name)| name.clone(),
    )
}

/// As the browser names what is proven.
fn recall_name(recall: RecallVerdict) -> &'static str {
    match recall {
        RecallVerdict::Clear => "clear",
        RecallVerdict::Recalled(_) => "recalled",
        RecallVerdict::BeingAssessed => "beingAssessed",
    }
}

fn facts(language: Language, answer: &Answer) -> Markup {
    let scan = &answer.scan;
    let name = |id: u32| {
        answer.scan.names.iter().find(|(other, _)| *other == id).map(|(_, it)| it.clone())
    };
    let producer_value = name(scan.producer).unwrap_or_else(|| scan.producer.to_string());
    let recall = match scan.recall {
        RecallVerdict::Clear => language.of("无", "none").to_owned(),
        RecallVerdict::Recalled(n_recalls) => format!("{n_recalls}"),
        RecallVerdict::BeingAssessed => language.of("正在核定", "being assessed").to_owned(),
    };
    let test = match scan.test_passed {
        None => language.of("无记录", "none recorded"),
        Some(true) => language.of("合格", "passed"),
        Some(false) => language.of("不合格", "FAILED"),
    };
    html! {
        dl {
            dt { (language.of("商品（GTIN）", "Product (GTIN)")) } dd data-fact="gtin" data-value=(scan.gtin) { (scan.gtin) }
            dt { (language.of("批号", "Lot")) } dd data-fact="lot" data-value=(scan.lot) { (scan.lot) }
            dt { (language.of("编码", "Code")) } dd data-fact="code" data-value=(scan.code) { (scan.code) }
            dt { (language.of("生产者", "Made by")) } dd data-fact="producer" data-value=(producer_value) { (named(language, answer, scan.producer)) }
            dt { (language.of("采收或制成", "Harvested or made")) } dd { (clock(scan.produced_at)) }
            dt { (language.of("最近检测", "Latest test")) } dd { (test) }
            dt { (language.of("召回", "Recalls")) } dd data-fact="recall" data-value=(recall_name(scan.recall)) { (recall) }
            dt { (language.of("区块", "Block")) } dd { (scan.height) " · " (clock(scan.time)) }
        }
    }
}

fn certificates(language: Language, answer: &Answer) -> Markup {
    let scan = &answer.scan;
    html! {
        @if scan.certificates.is_empty() && scan.licence.is_none() { p { (language.of("无", "none")) } }
        ul {
            @for certificate in &scan.certificates {
                li {
                    strong { (certificate.number) } " · " (named(language, answer, certificate.body))
                    br;
                    (language.of("生产时：", "when made: ")) (language.status(certificate.when_made))
                    " · " (language.of("现在：", "now: ")) strong { (language.status(certificate.now)) }
                    " · " (certificate.valid_from) " – " (certificate.expires)
                }
            }
            @if let Some(licence) = &scan.licence {
                li {
                    (language.of("区域公用品牌许可", "Licence of the regional brand")) " "
                    @if let Some(name) = &licence.sub_brand { (name) " " }
                    (named(language, answer, licence.licensee)) " · "
                    strong { (if licence.is_in_force { language.of("有效", "in force") } else { language.of("无效", "NOT in force") }) }
                }
            }
        }
    }
}

fn origin(language: Language, answer: &Answer) -> Markup {
    let regions: Vec<u32> = answer.scan.origins.iter().filter_map(|it| it.region).collect();
    html! {
        (crate::map::drawn(language, &regions))
        ul {
            @for origin in &answer.scan.origins {
                li {
                    (language.of("生产基地", "production base")) " " (origin.base)
                    @if let Some(region) = origin.region { " · GB/T 2260 " (region) }
                }
            }
        }
    }
}

async fn history(
    app: &Arc<App>,
    batch: &str,
) -> Result<(Vec<IndexedEvent>, Vec<Derivation>), Problem> {
    let batch = batch.to_owned();
    app.blocking(move |app| -> Result<_, crate::index::IndexError> {
        let events = app.index.events_of(&format!("batch:{batch}"), None, EVENTS_MAX)?;
        Ok((events, app.index.derivations_of(&batch, false)?))
    })
    .await
}

fn timeline(language: Language, events: &[IndexedEvent], names: &[(u32, String)]) -> Markup {
    let party = |id: &serde_json::Value| {
        let found = names.iter().find(|(other, _)| Some(u64::from(*other)) == id.as_u64());
        found.map_or_else(
            || format!("{} {id}", language.of("机构", "organisation")),
            |(_, name)| name.clone(),
        )
    };
    let steps: Vec<_> = events.iter().filter(|event| event.name == "TraceEventRecorded").collect();
    html! {
        ol.timeline {
            @for event in steps {
                @let happened = &event.fields["event"];
                li {
                    time { (clock(moment(&happened["event_time"], event.time_ms))) }
                    (language.step(happened["biz_step"].as_str().unwrap_or_default()))
                    " · " (parties(happened, &party))
                    " · " (language.of("区块", "block")) " " (event.height)
                }
            }
        }
        @if events.len() == EVENTS_MAX { p { (language.of("更多记录见接口。", "There are more; see the API.")) } }
    }
}

/// Who did it, and to or from whom.
fn parties(happened: &serde_json::Value, party: &impl Fn(&serde_json::Value) -> String) -> String {
    let own = party(&happened["organisation"]);
    if happened["counterparty"].is_null() {
        return own;
    }
    let other = party(&happened["counterparty"]);
    match happened["biz_step"].as_str() {
        Some("Shipping") => format!("{own} → {other}"),
        Some("Receiving") => format!("{other} → {own}"),
        _ => format!("{own} · {other}"),
    }
}

/// Day and minute, in China Standard Time.
fn clock(moment: Moment) -> String {
    let text = moment.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute}"),
        _ => text,
    }
}

fn moment(value: &serde_json::Value, otherwise: u64) -> Moment {
    Moment(value.as_u64().unwrap_or(otherwise))
}

fn derivations(language: Language, made_from: &[Derivation]) -> Markup {
    html! {
        @if !made_from.is_empty() {
            h3 { (language.of("由下列批次制成", "Made from")) }
            ul { @for derivation in made_from { @for input in &derivation.inputs {
                li {
                    @match &input.name {
                        Some((gtin, lot)) => { a href=(lot_path(gtin, lot)) { (gtin) " · " (lot) } }
                        None => { code { (input.batch) } }
                    }
                    " · " (language.kind(&derivation.kind))
                }
            } } }
        }
    }
}

async fn batch(
    app: &Arc<App>,
    language: Language,
    path: &str,
    gtin: &str,
    lot: &str,
) -> Result<Response, Problem> {
    let (gtin, lot) = (gtin.to_owned(), lot.to_owned());
    let title = format!("{gtin} · {lot}");
    let id = app
        .blocking(move |app| app.index.batch(&gtin, &lot))
        .await?
        .ok_or_else(|| Problem::not_found(format!("{title}: no such lot is on the chain")))?;
    let (events, made_from) = history(app, &id).await?;
    let n_recalls = events.iter().filter(|event| event.name == "BatchRecalled").count();
    let n_lifted = events.iter().filter(|event| event.name == "RecallMarkRemoved").count();
    let body = html! {
        div #recalls {
            @if n_recalls > n_lifted { p.banner.bad role="alert" { (language.of("召回：请勿食用或出售，请联系销售者", "RECALLED: do not use or sell it; ask who sold it")) } }
        }
        p { (language.of(
            "本页所列由本网关从已验证的区块中取得；单件商品请扫描其编码，由浏览器自行验证。",
            "This gateway took what is here from blocks that it verified. Scan the code of an item to have your own browser verify it.",
        )) }
        section { h2 { (language.of("流通记录", "Custody")) } (timeline(language, &events, &[])) (derivations(language, &made_from)) }
    };
    Ok(page(app, language, &format!("/product{path}"), &title, &body, StatusCode::OK))
}

async fn lots(
    app: &Arc<App>,
    language: Language,
    path: &str,
    gtin: &str,
) -> Result<Response, Problem> {
    let asked = gtin.to_owned();
    let lots = app.blocking(move |app| app.index.lots(&asked, None, LOTS_MAX)).await?;
    if lots.is_empty() {
        return Err(Problem::not_found(format!(
            "{gtin}: no batch of this product is on the chain"
        )));
    }
    let body = html! {
        section {
            h2 { (language.of("批次", "Lots")) }
            ul { @for (lot, _) in &lots { li { a href=(lot_path(gtin, lot)) { (lot) } } } }
        }
    };
    Ok(page(app, language, &format!("/product{path}"), gtin, &body, StatusCode::OK))
}

fn lot_path(gtin: &str, lot: &str) -> String {
    let link = Link {
        gtin: gtin.into(),
        variant: None,
        lot: Some(lot.into()),
        serial: None,
        link_type: None,
        other_query: String::new(),
    };
    format!("/product{}", link.path())
}

fn refusal(app: &App, language: Language, path: &str, problem: &Problem) -> Response {
    let title = match problem.status {
        StatusCode::NOT_FOUND => language.of("没有此编码", "There is no such code"),
        status if status.is_client_error() => language.of("编码有误", "This is no code"),
        _ => language.of("暂时无法查询", "This cannot be answered now"),
    };
    let chinese = match problem.status {
        StatusCode::NOT_FOUND => "账本上没有此编码：标签可能是伪造的，或其编码清单未发布到本网关。",
        status if status.is_client_error() => "请核对编码：17 位有机码，或 (01)…(21)…。",
        _ => "请稍后再试，或换一个网关。",
    };
    let body = html! {
        @if language == Language::Chinese {
            p.banner.bad role="alert" { (chinese) }
            p lang="en" { (problem.detail) }
        } @else {
            p.banner.bad role="alert" { (problem.detail) }
        }
    };
    page(app, language, path, title, &body, problem.status)
}

fn query_of(gateway: &str, code: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("gateway", gateway)
        .append_pair("code", code)
        .finish()
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
                    nav { a href=(format!("{path}?lang={}", other.code())) hreflang=(other.tag()) lang=(other.tag()) { (name) } }
                }
                main { (body) }
                footer {
                    p { (language.of("已验证至区块", "Verified up to block")) " " (progress.last.height) " · " (clock(progress.last.time_ms)) }
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

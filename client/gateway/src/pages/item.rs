//! The page of an item.

use super::{clock, lot, scans};
use crate::{
    app::{Answer, App},
    code::ItemCode,
    index::Id,
    problem::Problem,
    scans::Counted,
    words::Language,
};
use axum::{http::StatusCode, response::Response};
use ecoledger_client::{certification::CertificateStatus, labels::ItemLife, proof::RecallVerdict};
use maud::{Markup, PreEscaped, html};
use std::sync::Arc;

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

/// The page of `code`, which is of `lot` if its label says so.
pub(super) async fn page(
    app: &Arc<App>,
    language: Language,
    path: &str,
    code: ItemCode,
    lot: Option<String>,
    counted: &Counted,
) -> Result<Response, Problem> {
    let answer = app.prove(&code, Some(app.anchor.height)).await?;
    let scan = &answer.scan;
    if lot.is_some_and(|lot| lot != scan.lot.as_str()) {
        return Err(Problem::not_found(language.of(
            "此编码属于另一批次：标签可能有误",
            "this code belongs to another lot; the label may be wrong",
        )));
    }
    counted.scan(app, &answer);
    let watched = app.watched(answer.code.series, answer.code.index).await?;
    let batch = format!("{}/{}", scan.gtin, scan.lot);
    let batch: ecoledger_client::BatchId =
        batch.parse().map_err(|error| Problem::bad("bad-batch", error))?;
    let (events, made_from) = lot::history(app, Id::from(&batch)).await?;
    let title = format!("{} · {}", scan.gtin, scan.lot);
    let banners = banners(language, &answer);
    let checkpoint = serde_json::to_string(&app.anchor).unwrap_or_default().replace('<', "\\u003c");
    let place = code.to_string();
    let regions: Vec<u32> = scan.origins.iter().filter_map(|it| it.region).collect();
    let river = super::river::section(app, language, &regions).await;
    let body = html! {
        (banners)
        (scans::banners(language, &watched))
        section #proof data-place=(place) data-code=(scan.code) {
            p #verdict .banner.care role="status" { (language.of("正在您的浏览器中验证……", "Being verified in your browser…")) }
            noscript { p.banner.care { (language.of("没有 JavaScript，本页内容未在您的浏览器中验证。", "Without JavaScript nothing on this page is verified in your browser.")) } }
            (facts(language, &answer))
        }
        section #certificates { h2 { (language.of("认证与许可", "Certificates and licence")) } (certificates(language, &answer)) }
        section #origin { h2 { (language.of("产地", "Origin")) } (origin(language, &answer)) }
        (river)
        section { h2 { (language.of("流通记录", "Custody")) } (lot::timeline(language, &events, &scan.names)) (lot::derivations(language, &made_from)) }
        (scans::section(language, &watched))
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
            (super::without_gateways(app, language, &place))
        }
        script type="application/json" #checkpoint { (PreEscaped(checkpoint)) }
        script type="module" src="/assets/product.js" {}
    };
    Ok(super::page(app, language, &format!("/product{path}"), &title, &body, StatusCode::OK))
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
    let sold = match scan.mark {
        Some((ItemLife::Sold, at)) => Some(clock(at)),
        _ => None,
    };
    html! {
        div #recalls {
            @for text in found { p.banner.bad role="alert" { (text) } }
            @if let Some(at) = sold {
                p.banner.care { (at) " " (language.of(
                    "此编码已登记售出：若您并非当时购买，标签可能被复制",
                    "This code was marked sold: if that is not when you bought it, the label may be a copy",
                )) }
            }
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
                    strong { a href=(format!("/certificate/{}?lang={}", certificate.id, language.code())) { (certificate.number) } } " · " (named(language, answer, certificate.body))
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

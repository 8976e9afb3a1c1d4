//! The page of an item.

use super::{clock, lot, objections, own_word, scans};
use crate::{
    app::App, code::ItemCode, index::Id, problem::Problem, scans::Counted, words::Language,
};
use axum::{http::StatusCode, response::Response};
use ecoledger_client::{
    CivilDate,
    labels::ItemLife,
    proof::{RecallVerdict, Scan},
};
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
        "批次、证书、许可与召回记录齐全，上列事实即其所载",
        "Batch, certificates, licence and recalls are all there, and say the facts above",
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
    let anchor = app.progress().anchor;
    let answer = app.prove(&code, Some(anchor.height)).await?;
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
    let banners = banners(language, scan);
    let checkpoint = serde_json::to_string(&anchor).unwrap_or_default().replace('<', "\\u003c");
    let place = code.to_string();
    let regions: Vec<u32> = scan.origins.iter().filter_map(|it| it.region).collect();
    let river = super::river::section(app, language, &regions).await;
    let body = html! {
        (banners)
        div #proof {
            p #verdict .banner.care role="status" { (language.of("正在您的浏览器中验证……", "Being verified in your browser…")) }
            noscript { p.banner.care { (language.of("没有 JavaScript，本页内容未在您的浏览器中验证。", "Without JavaScript nothing on this page is verified in your browser.")) } }
        }
        @if watched.life.second.is_some() || watched.warning.is_some() {
            div #warnings { (own_word(language)) (scans::banners(language, &watched)) }
        }
        (story(language, scan))
        div #own {
            (own_word(language))
            @if !regions.is_empty() {
                section { h2 { (language.of("产地示意图", "Map of the origin")) } (crate::map::drawn(language, &regions)) }
            }
            (river)
            section { h2 { (language.of("流通记录", "Custody")) } (lot::timeline(language, &events, &scan.names)) (lot::derivations(language, &made_from)) }
            (scans::section(language, &watched))
        }
        section #checked aria-labelledby="steps-title" {
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
fn banners(language: Language, scan: &Scan) -> Markup {
    html! {
        div #recalls {
            (objections(language, &scan.against()))
            @if let Some((ItemLife::Sold, at)) = scan.mark {
                p.banner.care { (clock(at)) " " (language.of(
                    "此编码已登记售出：若您并非当时购买，标签可能被复制",
                    "This code was marked sold: if that is not when you bought it, the label may be a copy",
                )) }
            }
        }
    }
}

fn named(language: Language, scan: &Scan, id: u32) -> String {
    let found = scan.names.iter().find(|(other, _)| *other == id);
    found.map_or_else(
        || format!("{} {id}", language.of("机构", "organisation")),
        |(_, name)| name.clone(),
    )
}

/// What the proof says, for whoever reads without JavaScript; the browser puts its own in the place of
/// it, made by `story.js` of what it has verified.
fn story(language: Language, scan: &Scan) -> Markup {
    html! {
        div #story {
            section { (facts(language, scan)) }
            section #certificates { h2 { (language.of("认证与许可", "Certificates and licence")) } (certificates(language, scan)) }
            section #origin { h2 { (language.of("产地", "Origin")) } (origin(language, scan)) }
        }
    }
}

fn facts(language: Language, scan: &Scan) -> Markup {
    let recall = match scan.recall {
        RecallVerdict::Clear => language.of("无", "none"),
        RecallVerdict::Recalled(_) => language.of("已召回", "RECALLED"),
        RecallVerdict::BeingAssessed => language.of("正在核定", "being assessed"),
    };
    let test = match scan.test_passed {
        None => language.of("无记录", "none recorded"),
        Some(true) => language.of("合格", "passed"),
        Some(false) => language.of("不合格", "FAILED"),
    };
    let mark = match scan.mark {
        None => language
            .of(
                "此前是否已售出或销毁，不在证明之内",
                "whether it was sold or destroyed before is not part of the proof",
            )
            .to_owned(),
        Some((life, at)) => {
            let words = match life {
                ItemLife::Sold => ("已售出", "sold"),
                ItemLife::Returned => ("已退回", "returned"),
                ItemLife::Destroyed => ("已销毁", "destroyed"),
            };
            format!("{} · {}", language.of(words.0, words.1), clock(at))
        }
    };
    html! {
        dl {
            dt { (language.of("商品（GTIN）", "Product (GTIN)")) } dd data-fact="gtin" { (scan.gtin) }
            dt { (language.of("批号", "Lot")) } dd data-fact="lot" { (scan.lot) }
            dt { (language.of("编码", "Code")) } dd data-fact="code" { (scan.code) }
            dt { (language.of("生产者", "Made by")) } dd { (named(language, scan, scan.producer)) }
            dt { (language.of("采收或制成", "Harvested or made")) } dd data-fact="producedAt" { (clock(scan.produced_at)) }
            dt { (language.of("最近检测", "Latest test")) } dd { (test) }
            dt { (language.of("召回", "Recalls")) } dd { (recall) }
            dt { (language.of("单品状态", "Item")) } dd.quiet[scan.mark.is_none()] { (mark) }
            dt { (language.of("区块", "Block")) } dd data-fact="block" { (scan.height) " · " (clock(scan.time)) }
        }
    }
}

fn certificates(language: Language, scan: &Scan) -> Markup {
    html! {
        @if scan.certificates.is_empty() && scan.licence.is_none() { p { (language.of("无", "none")) } }
        @else { ul {
            @for certificate in &scan.certificates {
                li {
                    strong { a href=(format!("/certificate/{}?lang={}", certificate.id, language.code())) { (certificate.number) } } " · " (named(language, scan, certificate.body))
                    br;
                    (language.of("生产时：", "when made: ")) (certificate.when_made.map_or(language.of("未声明", "not claimed"), |it| language.status(Some(it))))
                    " · " (language.of("现在：", "now: ")) strong { (language.status(certificate.now)) }
                    " · " (certificate.valid_from) " – " (CivilDate(certificate.expires.0.saturating_sub(1)))
                }
            }
            @if let Some(licence) = &scan.licence {
                li {
                    (language.of("区域公用品牌许可", "Licence of the regional brand")) " "
                    @if let Some(name) = &licence.sub_brand { (name) " " }
                    (named(language, scan, licence.licensee)) " · "
                    strong { (if licence.is_in_force { language.of("有效", "in force") } else { language.of("无效", "NOT in force") }) }
                }
            }
        } }
    }
}

fn origin(language: Language, scan: &Scan) -> Markup {
    html! {
        @if scan.origins.is_empty() { p { (language.of("无", "none")) } }
        @else { ul {
            @for origin in &scan.origins {
                li {
                    (language.of("生产基地", "production base")) " " (origin.base)
                    @if let Some(region) = origin.region { " · GB/T 2260 " (region) }
                }
            }
        } }
    }
}

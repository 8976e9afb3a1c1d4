//! What a product page says of copies of its label.

use super::clock;
use crate::{
    app::Watched,
    map,
    scans::{Warning, date_of},
    words::Language,
};
use maud::{Markup, html};

/// That the label may have been copied: by sales that the chain refused, and by scans.
pub(super) fn banners(language: Language, watched: &Watched) -> Markup {
    html! {
        @if let Some((n_sales, at)) = watched.life.second {
            p #resale .banner.bad role="alert" {
                (match language {
                    Language::Chinese => format!(
                        "此编码售出后又被登记出售 {n_sales} 次，均被账本拒绝（最近一次：{}）：标签已被复制，或销售者重复登记",
                        clock(at)
                    ),
                    Language::English => format!(
                        "After this code was sold, a second sale was tried and refused by the ledger, \
                         times: {n_sales}, last: {}. Its label was copied, or its seller registered the sale again",
                        clock(at)
                    ),
                })
            }
        }
        @if let Some(warning) = &watched.warning {
            p #copied .banner.care role="alert" { (copied(language, warning)) }
        }
    }
}

fn copied(language: Language, warning: &Warning) -> String {
    let Warning { n_scans, n_provinces, days, is_sold } = *warning;
    match language {
        Language::Chinese => {
            let sold = if is_sold { "售出之后，" } else { "" };
            let places = match n_provinces {
                0 => String::new(),
                n => format!("在 {n} 个省份"),
            };
            format!(
                "{sold}此编码在最近 {days} 天内{places}被查询 {n_scans} 次：标签可能已被复制。请核对包装、购买渠道和售出时间。"
            )
        }
        Language::English => {
            let sold = if is_sold { "After it was sold, this" } else { "This" };
            let places = match n_provinces {
                0 => String::new(),
                1 => " in one province".to_owned(),
                n => format!(" in {n} provinces"),
            };
            format!(
                "{sold} code was scanned {n_scans} times{places} in the last {days} days: the label may \
                 have been copied. Compare the package, the seller and when it was sold."
            )
        }
    }
}

/// What was counted, as this gateway's own word.
pub(super) fn section(language: Language, watched: &Watched) -> Markup {
    let total = watched.counts.total();
    let provinces: Vec<_> = total
        .iter()
        .flat_map(|it| it.provinces.iter())
        .filter_map(|place| map::name_of(language, place))
        .collect();
    html! {
        section #scans {
            h2 { (language.of("查询记录", "Scans")) }
            @if let Some(total) = total {
                dl {
                    dt { (language.of("首次查询", "First scan")) } dd { (date_of(total.day)) }
                    dt { (language.of("查询次数", "Scans")) } dd { (total.n_scans) }
                    @if !provinces.is_empty() {
                        dt { (language.of("查询地", "From")) } dd { (provinces.join(language.of("、", ", "))) }
                    }
                    @if watched.life.n_sales > 1 {
                        dt { (language.of("售出次数（其间退回）", "Sold (returned between)")) } dd { (watched.life.n_sales) }
                    }
                }
            } @else {
                p { (language.of("尚无", "none yet")) }
            }
            p { (language.of(
                "以上由本网关统计，不在证明之内：其他网关的查询不计，同一地址一小时内只计一次；不记录是谁查询。",
                "Counted by this gateway, and no part of the proof: scans at other gateways are not in it, an address counts once an hour, and nothing is kept of who scanned.",
            )) }
        }
    }
}

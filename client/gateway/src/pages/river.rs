//! The settled year of the river that a product is from.

use crate::{app::App, figures::decimal, words::Language};
use ecoledger_client::compensation::horizontal::{SettlementStatus, Trace};
use maud::{Markup, html};
use std::sync::Arc;

/// Agreements over places, by their divisions of GB/T 2260, with the latest settled year of each; nothing
/// where there is none.
pub(super) async fn section(app: &Arc<App>, language: Language, regions: &[u32]) -> Markup {
    let rivers = app.rivers_over(regions).await;
    let fen = |amount: u128| decimal(i128::try_from(amount).unwrap_or(i128::MAX), 2, 2);
    html! {
        @if !rivers.is_empty() {
            section #river {
                h2 { (language.of("所在流域的已结算年度", "The river's settled year")) }
                ul { @for river in &rivers {
                    @let party = |index: u8| river.parties.get(usize::from(index)).cloned().unwrap_or_default();
                    @let address = format!("/compensation/{}?year={}&lang={}", river.agreement, river.year, language.code());
                    li {
                        a href=(address) { (language.of("补偿协议 ", "Compensation agreement ")) (river.agreement) " · " (river.year) }
                        " · " (river.parties.join(" ↔ "))
                        @if let Trace::WeightedIndex { index_ppb, .. } = &river.settlement.trace {
                            br; (language.of("补偿指数 P = ", "index P = ")) strong { (decimal(index_ppb.0.into(), 9, 0)) }
                        }
                        @for leg in &river.settlement.legs {
                            br; (party(leg.payer)) " → " (party(leg.payee)) (language.of("：", ": "))
                            strong { (fen(leg.amount_fen.0)) } (language.of(" 元，已付 ", " CNY, paid ")) (fen(leg.paid_fen.0))
                        }
                        @if river.settlement.legs.is_empty() { br; (language.of("无需支付", "nobody pays")) }
                        @if river.settlement.status == SettlementStatus::Decided { br; (language.of("由上级裁定", "decided by the superior")) }
                    }
                } }
                p { (language.of("每个数字的证明见协议页。", "The agreement's page has the proof of every figure.")) }
            }
        }
    }
}

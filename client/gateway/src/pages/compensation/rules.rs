//! The rules in force, in plain words.

use super::{super::table, View};
use crate::figures::Format;
use ecoledger_client::compensation::horizontal::{FailureRule, Formula, Rung};
use maud::{Markup, html};

impl View<'_> {
    /// The rules of the year.
    pub(super) fn agreed(&self) -> Markup {
        let rules = &self.rules;
        let is_signed = self.year.rules_path.is_empty();
        html! {
            section aria-labelledby="rules-title" {
                h2 #rules-title { (self.of("规则", "The rules")) }
                @if !is_signed {
                    p.banner.care role="alert" { (self.of("尚未由各方签署：这些规则仅为提议。", "Not signed by all parties: these rules are a proposal.")) }
                }
                p { (self.of("自年度起适用：", "In force from the year ")) (self.rule("from_year", Format::Word)) }
                (self.formula())
                ul {
                    li { (self.of("两岸各采半份；相差不超过较大值的此部分时，取其平均：", "Each side takes half of a sample; their mean stands if they differ by no more than this part of the larger: ")) (self.rule("tolerance_ppb", Format::Ppb)) }
                    li { (self.of("全年可缺月数至多：", "Months of a year that may be missing: ")) (self.rule("missing_months_max", Format::Integer)) }
                    @if rules.disaster_exempts {
                        li { (self.of("自然灾害的月份由上级除外。", "The superior leaves out months of a natural disaster.")) }
                    }
                    @if rules.incident_fails {
                        li { (self.of("上游责任的重大污染事件视该断面不达标。", "A major pollution incident attributable upstream fails its section.")) }
                    }
                }
            }
        }
    }

    fn formula(&self) -> Markup {
        match &self.rules.formula {
            Formula::WeightedIndex { section, steps, .. } => html! {
                p {
                    (self.of("补偿指数 ", "The index ")) b { "P = k₀ · Σ kᵢ · Cᵢ / Cᵢ₀" }
                    (self.of("：断面 ", " of section ")) (u32::from(*section) + 1)
                    (self.of(
                        " 各指标年均浓度 Cᵢ 与基本限值 Cᵢ₀ 之比，按权重 kᵢ 相加，再乘以稳定系数 k₀ = ",
                        ": each indicator's annual mean Cᵢ over its base limit Cᵢ₀, added up by their weights kᵢ, times the stability coefficient k₀ = ",
                    ))
                    (self.rule("formula.WeightedIndex.k0_ppb", Format::Ppb))
                    (self.of("。P 落在哪一级，即按该级支付：", ". The step on which P is says who pays:"))
                }
                (self.ladder(steps))
            },
            Formula::ClassAndChange { section, .. } => {
                let rule = |field: &str, format| {
                    self.rule(&format!("formula.ClassAndChange.{field}"), format)
                };
                let class = self.rule_path("formula.ClassAndChange.basis_class");
                html! {
                    p {
                        (self.of("断面 ", "Section ")) (u32::from(*section) + 1)
                        (self.of(
                            "：水质优于基准类别，下游付上游；劣于基准类别，上游付下游。主要污染物较上年下降，下游付上游；上升则相反。",
                            ": downstream pays upstream for water better than the basic class, and is paid for worse; likewise for key pollutants that fall or rise against the year before.",
                        ))
                    }
                    dl {
                        dt { (self.of("基准类别", "Basic class")) } dd { (self.figures.worded(&self.year.rules, &class, Format::Integer, |text| self.language.class(text))) }
                        dt { (self.of("每一类别（元）", "For each class (CNY)")) } dd { (rule("class_fen", Format::Fen)) }
                        dt { (self.of("类别至多（元）", "Most for classes (CNY)")) } dd { (rule("class_cap_fen", Format::Fen)) }
                        dt { (self.of("变化每 1.0（元）", "For a change by 1.0 (CNY)")) } dd { (rule("change_fen", Format::Fen)) }
                        dt { (self.of("变化至多（元）", "Most for the change (CNY)")) } dd { (rule("change_cap_fen", Format::Fen)) }
                    }
                }
            }
            Formula::Pool { failures, .. } => self.pool(failures),
        }
    }

    fn ladder(&self, steps: &[Rung]) -> Markup {
        let rows = html! {
            thead { tr {
                th scope="col" { (self.of("级", "Step")) } th scope="col" { "P" }
                th scope="col" { (self.of("付款方", "Pays")) } th scope="col" { (self.of("收款方", "Is paid")) }
                th scope="col" { (self.of("金额（元）", "Amount (CNY)")) }
            } }
            tbody { @for (n, step) in steps.iter().enumerate() {
                @let path = format!("formula.WeightedIndex.steps.{n}");
                tr {
                    th scope="row" { (n + 1) }
                    td {
                        @if step.up_to_ppb.0 == u64::MAX { (self.of("其余", "otherwise")) }
                        @else { "≤ " (self.rule(&format!("{path}.up_to_ppb"), Format::Ppb)) }
                    }
                    td { (self.party(step.payer)) } td { (self.party(step.payee)) }
                    td.number { (self.rule(&format!("{path}.amount_fen"), Format::Fen)) }
                }
            } }
        };
        table(self.of("支付级次", "Steps of payment"), &rows)
    }

    fn pool(&self, failures: &[FailureRule]) -> Markup {
        let n_parties = u8::try_from(self.agreement.terms.parties.len()).unwrap_or_default();
        let rows = html! {
            thead { tr {
                th scope="col" { (self.of("缔约方", "Party")) }
                th scope="col" { (self.of("出资份额", "Contributes")) }
                th scope="col" { (self.of("分配份额", "Gets")) }
            } }
            tbody { @for party in 0..n_parties {
                tr {
                    th scope="row" { (self.party(party)) }
                    td.number { (self.rule(&format!("formula.Pool.contribution.{party}"), Format::Integer)) }
                    td.number { (self.rule(&format!("formula.Pool.distribution.{party}"), Format::Integer)) }
                }
            } }
        };
        html! {
            p {
                (self.of("资金池（元）：", "Pool (CNY): ")) (self.rule("formula.Pool.pool_fen", Format::Fen))
                (self.of(
                    "。各方按份额出资；断面全部达标时按份额分配，不达标的断面按下列规则扣减。",
                    ". The parties contribute by their shares, and get theirs if all sections meet their targets; failed sections cost what follows.",
                ))
            }
            (table(self.of("资金池份额", "Shares of the pool"), &rows))
            @if !failures.is_empty() {
                ul { @for (n, rule) in failures.iter().enumerate() {
                    li {
                        (self.of("断面 ", "Section ")) (u32::from(rule.section) + 1)
                        (self.of(" 不达标：从 ", " fails: from ")) (self.party(rule.from))
                        (self.of(" 的分配中扣减 ", " goes this part of what it gets: "))
                        (self.rule(&format!("formula.Pool.failures.{n}.share_ppb"), Format::Ppb))
                    }
                } }
            }
        }
    }
}

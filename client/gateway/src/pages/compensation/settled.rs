//! The months of the year, the index, and the settlement.

use super::{super::table, View, named};
use crate::{
    compensation::{SECTIONS_SHOWN, is_above},
    figures::{Format, decimal},
};
use ecoledger_client::compensation::horizontal::{
    Formula, Sample, SampleStatus, Section, Settlement, Trace,
};
use maud::{Markup, html};

impl View<'_> {
    /// The months by section.
    pub(super) fn months(&self) -> Markup {
        let (year, shown) = (self.year.year, self.year.sections());
        let before = shown.start.checked_sub(SECTIONS_SHOWN);
        let link = |first: usize, chinese, english| {
            let address = self.address(year, &format!("&section={first}#months-title"));
            html! { a href=(address) { (self.of(chinese, english)) } }
        };
        html! {
            section aria-labelledby="months-title" {
                h2 #months-title { (self.of("各月联合采样", "Joint samples by month")) }
                @for index in shown.clone() {
                    @if let Some(section) = self.rules.sections.get(index) { (self.section(index, section)) }
                }
                @if let Some(first) = before { p { (link(first, "前面的断面", "Sections before")) } }
                @if shown.end < self.year.n_sections { p { (link(shown.end, "后面的断面", "Sections after")) } }
            }
        }
    }

    fn section(&self, index: usize, section: &Section) -> Markup {
        let [upper, lower] = section.stations;
        let rows = html! {
            thead {
                tr {
                    th scope="col" { (self.of("月", "Month")) }
                    @for rule in &section.indicators {
                        th scope="col" { (rule.indicator) br; small { (self.language.indicator(rule.indicator)) } }
                    }
                    th scope="col" { (self.of("状态", "Status")) }
                }
                tr {
                    th scope="row" { (self.of("限值 Cᵢ₀", "Limit Cᵢ₀")) }
                    @for n in 0..section.indicators.len() {
                        td.number { (self.rule(&format!("sections.{index}.indicators.{n}.base"), Format::MicrogramsPerLitre)) }
                    }
                    td {}
                }
                tr {
                    th scope="row" { (self.of("权重 kᵢ", "Weight kᵢ")) }
                    @for n in 0..section.indicators.len() {
                        td.number { (self.rule(&format!("sections.{index}.indicators.{n}.weight_ppb"), Format::Ppb)) }
                    }
                    td {}
                }
            }
            tbody { @for month in 1..=12 { (self.month(index, section, month)) } }
            tfoot { (self.mean(index, section)) }
        };
        html! {
            h3 {
                (self.of("断面 ", "Section ")) (index + 1) "："
                (self.party(section.upstream)) " → " (self.party(section.downstream))
            }
            p.quiet {
                (self.of(
                    "单位 mg/L。每月大字为有效值；小字为上游站与下游站各自的半份。上游站：",
                    "In mg/L. For each month the value that stands, and small what the stations upstream and downstream measured. Upstream: ",
                ))
                (named(self.figures, upper))
                (self.of("；下游站：", "; downstream: ")) (named(self.figures, lower))
            }
            (table(self.of("各月浓度", "Concentrations by month"), &rows))
        }
    }

    fn month(&self, index: usize, section: &Section, month: u8) -> Markup {
        let name = self.year.sample_name(self.year.year, index, month);
        let sample: Option<Sample> = self.figures.read(&name);
        let value = |path: String| self.figures.figure(&name, &path, Format::MicrogramsPerLitre);
        let half = |sample: &Sample, side: usize, n: usize| match sample.halves.get(side) {
            Some(Some(_)) => value(format!("halves.{side}.reading.{n}")),
            _ => html! { "–" },
        };
        let standing = |status: &SampleStatus| match status {
            SampleStatus::Agreed(_) => Some("Agreed"),
            SampleStatus::Decided(_) => Some("Decided"),
            SampleStatus::OneHalf | SampleStatus::Disputed | SampleStatus::Exempt => None,
        };
        html! {
            tr {
                th scope="row" { (month) }
                @match &sample {
                    None => {
                        @for _ in &section.indicators { td.number { "–" } }
                        td { (self.of("缺测", "missing")) }
                    }
                    Some(sample) => {
                        @for n in 0..section.indicators.len() {
                            td.number {
                                @match standing(&sample.status) {
                                    Some(variant) => { (value(format!("status.{variant}.{n}"))) }
                                    None => { "–" }
                                }
                                br;
                                small { (half(sample, 0, n)) " / " (half(sample, 1, n)) }
                            }
                        }
                        td { (self.figures.worded(&name, "status", Format::Word, |_| self.language.sample_status(&sample.status).to_owned())) }
                    }
                }
            }
        }
    }

    /// The annual means, which this page computes.
    fn mean(&self, index: usize, section: &Section) -> Markup {
        let found = self.year.means(self.figures, &self.rules, index);
        html! {
            tr.computed {
                th scope="row" { (self.of("年均", "Mean")) br; small { (self.of("本页计算", "computed")) } }
                @if found.means.is_empty() { @for _ in &section.indicators { td.number { "–" } } }
                @for mean in &found.means {
                    td.number data-computed="mean" { (decimal(mean.nanograms().try_into().unwrap_or(i128::MAX), 6, 0)) }
                }
                td {
                    @if !found.is_whole { (self.of("尚不足以清算", "not enough to settle yet")) }
                    @else if is_above(&section.indicators, &found.means) { (self.of("有超限值", "above a limit")) }
                    @else { (self.of("均在限值内", "within all limits")) }
                }
            }
        }
    }

    /// What the year's results came to.
    pub(super) fn index(&self) -> Markup {
        let settlement: Option<Settlement> = self.figures.read(&self.year.settlement_name());
        let trace = settlement.as_ref().map(|it| &it.trace);
        let incidents = self.year.incidents_name();
        html! {
            section aria-labelledby="index-title" {
                h2 #index-title { (self.of("结果", "The result")) }
                @if let Some(set) = self.figures.read::<u32>(&incidents).filter(|set| *set > 0) {
                    p.banner.care role="alert" {
                        (self.of("上游责任的重大污染事件，断面：", "Major pollution incident attributable upstream, section: "))
                        @for index in (0..16).filter(|index| set >> index & 1 == 1) { " " (index + 1) }
                    }
                }
                @match &self.rules.formula {
                    Formula::WeightedIndex { .. } => { (self.weighted_index(trace)) }
                    Formula::ClassAndChange { .. } => { (self.class_and_change(trace)) }
                    Formula::Pool { .. } => { (self.pooled(trace)) }
                }
                @if matches!(trace, Some(Trace::Decision)) {
                    p { (self.of("金额由共同上级政府裁定，未按公式。", "The amounts were decided by the common superior, not by the formula.")) }
                }
            }
        }
    }

    fn traced(&self, path: &str, format: Format) -> Markup {
        self.figures.figure(&self.year.settlement_name(), &format!("trace.{path}"), format)
    }

    /// What the page computes beside what the chain has, and whether they are the same.
    fn compared(&self, computed: Option<String>, on_chain: Option<String>) -> Markup {
        html! {
            @match (computed, on_chain) {
                (None, _) => { (self.of("各月不足以计算", "the months are not enough to compute it")) }
                (Some(computed), None) => { span data-computed="index" { (computed) } }
                (Some(computed), Some(on_chain)) => {
                    span data-computed="index" { (computed) } " "
                    @if computed == on_chain { strong.good { (self.of("一致", "the same")) } }
                    @else { strong.bad role="alert" { (self.of("与链上不一致", "NOT what the chain has")) } }
                }
            }
        }
    }

    fn weighted_index(&self, trace: Option<&Trace>) -> Markup {
        let ppb = |value: u64| decimal(value.into(), 9, 0);
        let computed = self.year.computed(self.figures, &self.rules).index_ppb.map(ppb);
        let found = match trace {
            Some(Trace::WeightedIndex { index_ppb, step }) => Some((ppb(index_ppb.0), *step)),
            _ => None,
        };
        html! {
            dl {
                @if let Some((_, step)) = &found {
                    dt { (self.of("清算所载 P", "P of the settlement")) } dd.large { (self.traced("WeightedIndex.index_ppb", Format::Ppb)) }
                    dt { (self.of("所在级", "On step")) } dd { (self.figures.worded(&self.year.settlement_name(), "trace.WeightedIndex.step", Format::Integer, |_| (u32::from(*step) + 1).to_string())) }
                }
                dt { (self.of("本页由各月计算的 P", "P computed here of the months")) } dd { (self.compared(computed, found.map(|(index, _)| index))) }
            }
        }
    }

    fn class_and_change(&self, trace: Option<&Trace>) -> Markup {
        let computed = self.year.computed(self.figures, &self.rules);
        let class = |class: u8| self.language.class(&class.to_string());
        let ratio = |ppb: u64| decimal(ppb.into(), 9, 0);
        let found = match trace {
            Some(Trace::ClassAndChange { class, ratio_ppb, .. }) => Some((*class, ratio_ppb.0)),
            _ => None,
        };
        let is_failed =
            self.figures.read::<u32>(&self.year.incidents_name()).is_some_and(|it| it > 0);
        html! {
            dl {
                @if found.is_some() {
                    dt { (self.of("清算所载类别", "Class of the settlement")) } dd { (self.figures.worded(&self.year.settlement_name(), "trace.ClassAndChange.class", Format::Integer, |text| self.language.class(text))) }
                    dt { (self.of("与上年之比", "Ratio to the year before")) } dd { (self.traced("ClassAndChange.ratio_ppb", Format::Ppb)) }
                    dt { (self.of("类别金额（元，正为付上游）", "For the class (CNY, above 0 to upstream)")) } dd { (self.traced("ClassAndChange.class_fen", Format::Fen)) }
                    dt { (self.of("变化金额（元，正为付上游）", "For the change (CNY, above 0 to upstream)")) } dd { (self.traced("ClassAndChange.change_fen", Format::Fen)) }
                }
                dt { (self.of("本页计算的类别", "Class computed here")) }
                // An incident takes the worst class, whatever was measured.
                dd { (self.compared(computed.class.map(class), found.filter(|_| !is_failed).map(|it| class(it.0)))) }
                dt { (self.of("本页计算的比", "Ratio computed here")) } dd { (self.compared(computed.ratio_ppb.map(ratio), found.map(|it| ratio(it.1)))) }
            }
        }
    }

    fn pooled(&self, trace: Option<&Trace>) -> Markup {
        let Some(Trace::Pool { failed, contributions_fen, .. }) = trace else {
            return html! { p { (self.of("尚未清算", "not settled yet")) } };
        };
        let rows = html! {
            thead { tr {
                th scope="col" { (self.of("缔约方", "Party")) }
                th scope="col" { (self.of("出资（元）", "Contributes (CNY)")) }
                th scope="col" { (self.of("分得（元）", "Gets (CNY)")) }
            } }
            tbody { @for (party, _) in (0u8..).zip(contributions_fen) {
                tr {
                    th scope="row" { (self.party(party)) }
                    td.number { (self.traced(&format!("Pool.contributions_fen.{party}"), Format::Fen)) }
                    td.number { (self.traced(&format!("Pool.distributions_fen.{party}"), Format::Fen)) }
                }
            } }
        };
        html! {
            p {
                (self.of("不达标的断面：", "Sections that failed: "))
                @if *failed == 0 { (self.of("无", "none")) }
                @for index in (0..16).filter(|index| failed >> index & 1 == 1) { " " (index + 1) }
            }
            (table(self.of("出资与分配", "Contributions and distributions"), &rows))
        }
    }

    /// Who pays whom.
    pub(super) fn settlement(&self) -> Markup {
        let name = self.year.settlement_name();
        let Some(settlement) = self.figures.read::<Settlement>(&name) else {
            return html! {
                section aria-labelledby="settlement-title" {
                    h2 #settlement-title { (self.of("年度清算", "Settlement")) }
                    p { (self.of("该年度尚未清算。", "This year is not settled yet.")) }
                }
            };
        };
        let (figures, language) = (self.figures, self.language);
        let rows = html! {
            thead { tr {
                th scope="col" { (self.of("付款方", "Pays")) } th scope="col" { (self.of("收款方", "Is paid")) }
                th scope="col" { (self.of("金额（元）", "Amount (CNY)")) } th scope="col" { (self.of("已付（元）", "Paid (CNY)")) }
                th scope="col" { (self.of("到期未付（元）", "Due and open (CNY)")) }
            } }
            tbody { @for (n, leg) in settlement.legs.iter().enumerate() {
                @let due = self.year.due_name(n);
                tr {
                    td { (self.party(leg.payer)) } td { (self.party(leg.payee)) }
                    td.number { (figures.figure(&name, &format!("legs.{n}.amount_fen"), Format::Fen)) }
                    td.number { (figures.figure(&name, &format!("legs.{n}.paid_fen"), Format::Fen)) }
                    td.number {
                        @if figures.record(&due).is_some() { (figures.figure(&due, "open_fen", Format::Fen)) } @else { "–" }
                    }
                }
            } }
        };
        html! {
            section aria-labelledby="settlement-title" {
                h2 #settlement-title { (self.of("年度清算", "Settlement")) }
                dl {
                    dt { (self.of("状态", "Status")) } dd { strong { (figures.worded(&name, "status", Format::Word, |text| language.settlement_status(text))) } }
                    @if settlement.due_at.is_some() {
                        dt { (self.of("应于此前支付", "To be paid before")) } dd { (figures.figure(&name, "due_at", Format::Moment)) }
                    }
                    dt { (self.of("规则版本", "Version of the rules")) } dd { (figures.figure(&name, "version", Format::Integer)) }
                    dt { (self.of("结果摘要", "Digest of the results")) } dd { code { (figures.figure(&name, "results_hash", Format::Word)) } }
                }
                @if settlement.legs.is_empty() { p { (self.of("无需支付。", "Nobody pays.")) } }
                @else { (table(self.of("谁付给谁", "Who pays whom"), &rows)) }
            }
        }
    }
}

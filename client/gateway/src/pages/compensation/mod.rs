//! Pages of compensation: the agreements, and one of them in a year: months, index, settlement, and the
//! way of the money down to villages.

mod money;
mod rules;
mod settled;
mod words;

use super::AskedPage;
use crate::{
    app::App,
    compensation::{self, Year, agreement_name, profile_name},
    figures::{Figures, Format},
    problem::Problem,
    words::Language,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use ecoledger_client::{
    compensation::horizontal::{Agreement, AgreementRules},
    proof::RecordName,
};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Agreements of one page.
const AGREEMENTS_SHOWN: u32 = 20;

#[derive(Debug, Deserialize)]
pub(crate) struct CompensationQuery {
    year: Option<String>,
    section: Option<String>,
    cursor: Option<String>,
}

impl CompensationQuery {
    fn asked(&self) -> Result<compensation::Asked, Problem> {
        Ok(compensation::Asked {
            year: number("year", self.year.as_deref())?,
            section: number("section", self.section.as_deref())?.unwrap_or_default(),
            after: self.cursor.as_deref().map(crate::api::read_cursor).transpose()?,
        })
    }
}

fn number<T: std::str::FromStr>(name: &str, text: Option<&str>) -> Result<Option<T>, Problem> {
    let read = |text: &str| {
        let wrong = format!("{name}: a number is expected, got {text}");
        text.parse().map_err(|_| Problem::bad("bad-number", wrong))
    };
    text.map(read).transpose()
}

/// The agreements, oldest first.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    AskedPage { language, query }: AskedPage<CompensationQuery>,
) -> Response {
    match agreements(&app, language, query).await {
        Ok(body) => {
            let title = language.of("生态保护补偿协议", "Compensation agreements");
            super::page(&app, language, "/compensation", title, &body, StatusCode::OK)
        }
        Err(problem) => refusal(&app, language, "/compensation", &problem),
    }
}

async fn agreements(
    app: &Arc<App>,
    language: Language,
    query: Result<CompensationQuery, Problem>,
) -> Result<Markup, Problem> {
    let query = query?;
    let start: u32 = number("cursor", query.cursor.as_deref())?.unwrap_or_default();
    let n_agreements = app.n_agreements().await?;
    let end = n_agreements.min(start.saturating_add(AGREEMENTS_SHOWN));
    let total = RecordName::new("Compensation", "NextAgreementId", &[]);
    let mut names: Vec<_> = (start..end).map(agreement_name).collect();
    let mut parties: Vec<u32> = Vec::new();
    for record in app.records(&names).await?.into_values() {
        let agreement: Option<Agreement> = serde_json::from_value(record).ok();
        parties.extend(agreement.iter().flat_map(|it| &it.terms.parties));
    }
    parties.sort_unstable();
    parties.dedup();
    names.extend(parties.into_iter().map(profile_name));
    names.push(total.clone());
    let figures = app.figures(language, &names).await?;
    let found = (start..end).filter_map(|id| {
        let agreement: Agreement = figures.read(&agreement_name(id))?;
        Some((id, agreement))
    });
    let code = language.code();
    Ok(html! {
        section {
            @if n_agreements == 0 { p { (language.of("无", "none")) } }
            @else { p { (language.of("共有协议：", "Agreements in all: ")) (figures.figure(&total, "", Format::Integer)) } }
            ul.agreements {
                @for (id, agreement) in found {
                    @let name = agreement_name(id);
                    li {
                        a href=(format!("/compensation/{id}?lang={code}")) { (language.of("协议", "Agreement")) " " (id) }
                        " · " (figures.worded(&name, "status", Format::Word, |_| language.agreement_status(agreement.status).to_owned()))
                        " · " (figures.figure(&name, "terms.first_year", Format::Word)) "–" (figures.figure(&name, "terms.last_year", Format::Word))
                        br;
                        @for (n, party) in agreement.terms.parties.iter().enumerate() {
                            @if n > 0 { " ↔ " }
                            (named(&figures, *party))
                        }
                    }
                }
            }
            @if end < n_agreements {
                p { a rel="next" href=(format!("/compensation?cursor={end}&lang={code}")) { (language.of("更多协议", "More agreements")) } }
            }
        }
        (figures.proof())
    })
}

/// The name of an organisation.
fn named(figures: &Figures, organisation: u32) -> Markup {
    figures.figure(&profile_name(organisation), "name", Format::Text)
}

/// An agreement in a year.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    AskedPage { language, query }: AskedPage<CompensationQuery>,
) -> Response {
    match year(&app, language, &id, query).await {
        Ok((path, title, body)) => {
            super::page(&app, language, &path, &title, &body, StatusCode::OK)
        }
        Err(problem) => refusal(&app, language, "/compensation", &problem),
    }
}

async fn year(
    app: &Arc<App>,
    language: Language,
    id: &str,
    query: Result<CompensationQuery, Problem>,
) -> Result<(String, String, Markup), Problem> {
    let query = query?;
    let id = number("agreement", Some(id))?.unwrap_or_default();
    let year = app.year_of(id, query.asked()?).await?;
    let figures = app.figures(language, year.names()).await?;
    let (agreement, rules) = year.agreed(&figures)?;
    let view = View { language, year: &year, figures: &figures, agreement, rules };
    let title = match language {
        Language::Chinese => format!("补偿协议 {id} · {} 年", year.year),
        Language::English => format!("Compensation agreement {id} · {}", year.year),
    };
    let body = html! {
        (view.years())
        (view.terms())
        (view.agreed())
        (view.months())
        (view.index())
        (view.settlement())
        (view.money())
        (figures.proof())
    };
    Ok((format!("/compensation/{id}?year={}", year.year), title, body))
}

/// What the parts of the page share.
struct View<'a> {
    language: Language,
    year: &'a Year,
    figures: &'a Figures,
    agreement: Agreement,
    rules: AgreementRules,
}

impl View<'_> {
    fn of<'b>(&self, chinese: &'b str, english: &'b str) -> &'b str {
        self.language.of(chinese, english)
    }

    /// A party by its index.
    fn party(&self, index: u8) -> Markup {
        match self.agreement.terms.parties.get(usize::from(index)) {
            Some(party) => named(self.figures, *party),
            None => html! { (self.of("缔约方", "party")) " " (index) },
        }
    }

    /// A figure of the rules.
    fn rule(&self, path: &str, format: Format) -> Markup {
        self.figures.figure(&self.year.rules, &self.rule_path(path), format)
    }

    fn rule_path(&self, path: &str) -> String {
        format!("{}{path}", self.year.rules_path)
    }

    fn address(&self, year: u16, rest: &str) -> String {
        let (id, code) = (self.year.agreement, self.language.code());
        format!("/compensation/{id}?year={year}&lang={code}{rest}")
    }

    /// Links to the other years.
    fn years(&self) -> Markup {
        html! {
            nav.years aria-label=(self.of("年度", "Years")) {
                a href=(format!("/compensation?lang={}", self.language.code())) { (self.of("全部协议", "All agreements")) }
                @for year in &self.year.years {
                    @if *year == self.year.year { strong aria-current="page" { (year) } }
                    @else { a href=(self.address(*year, "")) { (year) } }
                }
            }
        }
    }

    /// Who agreed to what.
    fn terms(&self) -> Markup {
        let name = self.year.agreement_name();
        let (figures, terms) = (self.figures, &self.agreement.terms);
        let status = self.language.agreement_status(self.agreement.status);
        html! {
            section aria-labelledby="terms-title" {
                h2 #terms-title { (self.of("协议", "The agreement")) }
                dl {
                    @for (n, party) in terms.parties.iter().enumerate() {
                        dt { (self.of("缔约方", "Party")) " " (n + 1) } dd { (named(figures, *party)) }
                    }
                    dt { (self.of("共同上级", "Superior")) } dd { (named(figures, terms.superior)) }
                    dt { (self.of("国家监测站", "National station")) } dd { (named(figures, terms.national_station)) }
                    dt { (self.of("状态", "Status")) } dd { (figures.worded(&name, "status", Format::Word, |_| status.to_owned())) }
                    dt { (self.of("年度", "Years")) } dd { (figures.figure(&name, "terms.first_year", Format::Word)) " – " (figures.figure(&name, "terms.last_year", Format::Word)) }
                    dt { (self.of("每年至多（元）", "Most for a year (CNY)")) } dd { (figures.figure(&name, "terms.cap_fen", Format::Fen)) }
                    dt { (self.of("付款期限", "To be paid within")) } dd { (figures.worded(&name, "terms.pay_term.days", Format::Word, |_| self.language.term(terms.pay_term))) }
                    dt { (self.of("预算科目", "Budget code")) } dd { (figures.figure(&name, "terms.code", Format::Word)) }
                    dt { (self.of("文本摘要", "Digest of the text")) } dd { code { (figures.figure(&name, "terms.text", Format::Word)) } }
                }
            }
        }
    }
}

fn refusal(app: &App, language: Language, path: &str, problem: &Problem) -> Response {
    let (title, chinese) = match problem.status {
        StatusCode::NOT_FOUND => (
            language.of("没有此协议或年度", "There is no such agreement or year"),
            "账本上没有此协议、年度或断面。",
        ),
        status if status.is_client_error() => {
            (language.of("地址有误", "This address is wrong"), "请核对地址中的编号。")
        }
        _ => (
            language.of("暂时无法查询", "This cannot be answered now"),
            "请稍后再试，或换一个网关。",
        ),
    };
    super::refused(app, language, path, title, chinese, problem)
}

//! The way of the year's money: from what the parties paid in, over offices, down to villages.

use super::{super::table, View, named};
use crate::{
    compensation::{holding_name, movement_name, tag_name},
    figures::Format,
};
use ecoledger_client::{
    funds::{Holder, Movement, MovementId, MovementKind, Programme, Tag},
    proof::RecordName,
};
use maud::{Markup, html};
use serde_json::json;
use std::collections::BTreeMap;

/// Movements of the page, and which of them moved on the money of which.
struct Way {
    movements: BTreeMap<MovementId, Movement>,
    /// By the movement whose money came first; those of movements on other pages stand under none.
    followed_by: BTreeMap<Option<MovementId>, Vec<MovementId>>,
}

impl Way {
    fn new(movements: BTreeMap<MovementId, Movement>) -> Self {
        let mut followed_by: BTreeMap<Option<MovementId>, Vec<MovementId>> = BTreeMap::new();
        for (id, movement) in &movements {
            let sources = movement.sources.iter().map(|source| source.movement);
            let first = sources.into_iter().find(|source| movements.contains_key(source));
            followed_by.entry(first).or_default().push(*id);
        }
        Self { movements, followed_by }
    }
}

impl View<'_> {
    /// The money: purposes, holders, movements.
    pub(super) fn money(&self) -> Markup {
        let read = |id: &MovementId| Some((*id, self.figures.read(&movement_name(*id))?));
        let way = Way::new(self.year.movements.iter().filter_map(read).collect());
        let next = self.year.next.map(|(height, number)| {
            self.address(self.year.year, &format!("&cursor={height}-{number}#money-title"))
        });
        let first = self.address(self.year.year, "#money-title");
        html! {
            section aria-labelledby="money-title" {
                h2 #money-title { (self.of("资金去向", "The way of the money")) }
                @if way.movements.is_empty() { p { (self.of("本年度尚无资金。", "There is no money of this year yet.")) } }
                (self.purposes())
                (self.holders())
                @if !way.movements.is_empty() {
                    h3 { (self.of("逐笔流向", "Movement by movement")) }
                    p.quiet { (self.of(
                        "缩进表示资金来自上面的一笔。凭证以承诺（加盐 SHA-256）上链，由持有人出示核对。",
                        "What is indented moved on money of the movement above it. Vouchers are on the chain as commitments (salted SHA-256), opened by who has them.",
                    )) }
                }
                @if self.year.is_continued { p { a href=(first) { (self.of("回到最早的流向", "Back to the first movements")) } } }
                (self.branch(&way, None))
                @if let Some(next) = next { p { a rel="next" href=(next) { (self.of("后续流向", "Later movements")) } } }
            }
        }
    }

    fn purposes(&self) -> Markup {
        let mut found = (0u8..).zip(&self.year.purposes).filter_map(|(party, key)| {
            self.figures.read::<Tag>(&tag_name(*key)).map(|_| (party, *key))
        });
        let Some(programme) = self.agreement.programme else { return html! {} };
        let name = RecordName::new("Funds", "Programmes", &[json!(programme)]);
        let code = self
            .figures
            .read::<Programme>(&name)
            .map(|_| self.figures.figure(&name, "code", Format::Word));
        let rows = html! {
            thead { tr {
                th scope="col" { (self.of("缴入方", "Paid in by")) } th scope="col" { (self.of("预算科目", "Budget code")) }
                th scope="col" { (self.of("缴入（元）", "Paid in (CNY)")) }
                th scope="col" { (self.of("支付到村（元）", "Paid to beneficiaries (CNY)")) }
                th scope="col" { (self.of("途中（元）", "On the way (CNY)")) }
                th scope="col" { (self.of("收回（元）", "Taken back (CNY)")) }
            } }
            tbody { @for (party, key) in found.by_ref() {
                @let name = tag_name(key);
                @let fen = |field: &str| self.figures.figure(&name, field, Format::Fen);
                tr {
                    th scope="row" { (self.party(party)) }
                    td { (self.figures.figure(&name, "code", Format::Word)) }
                    td.number { (fen("appropriated_fen")) } td.number { (fen("paid_fen")) }
                    td.number { (fen("held_fen")) } td.number { (fen("clawed_back_fen")) }
                }
            } }
        };
        html! {
            @if let Some(code) = code {
                p { (self.of("项目 ", "Programme ")) (self.figures.figure(&self.year.agreement_name(), "programme", Format::Word)) (self.of("，预算科目 ", ", budget code ")) (code) }
            }
            @if !self.year.movements.is_empty() { (table(self.of("专款总额", "Totals by purpose"), &rows)) }
        }
    }

    fn holders(&self) -> Markup {
        let found: Vec<_> = self
            .year
            .holders
            .iter()
            .map(|(key, holder)| (holding_name(*key, *holder), *holder))
            .filter(|(name, _)| self.figures.record(name).is_some())
            .collect();
        let rows = html! {
            thead { tr {
                th scope="col" { (self.of("持有者", "Holder")) }
                th scope="col" { (self.of("现有（元）", "Has (CNY)")) } th scope="col" { (self.of("收到（元）", "Received (CNY)")) }
                th scope="col" { (self.of("转拨（元）", "Passed on (CNY)")) } th scope="col" { (self.of("支付（元）", "Paid (CNY)")) }
                th scope="col" { (self.of("被收回（元）", "Taken back (CNY)")) }
            } }
            tbody { @for (name, holder) in &found {
                @let fen = |field: &str| self.figures.figure(name, field, Format::Fen);
                tr {
                    th scope="row" { (self.holder(*holder)) }
                    td.number { (fen("balance_fen")) } td.number { (fen("received_fen")) }
                    td.number { (fen("passed_on_fen")) } td.number { (fen("paid_fen")) }
                    td.number { (fen("clawed_back_fen")) }
                }
            } }
        };
        html! {
            @if !found.is_empty() {
                h3 { (self.of("持有者", "Who has it")) }
                (table(self.of("持有者", "Who has it"), &rows))
            }
        }
    }

    fn holder(&self, holder: Holder) -> Markup {
        match holder {
            Holder::Organisation(id) => named(self.figures, id),
            Holder::Escrow => {
                html! { (self.of("协议专户（尚不属任何一方）", "escrow of the agreement")) }
            }
        }
    }

    /// Movements that moved on the money of another, and theirs.
    fn branch(&self, way: &Way, of: Option<MovementId>) -> Markup {
        let Some(ids) = way.followed_by.get(&of) else { return html! {} };
        html! {
            ol.money {
                @for id in ids {
                    @if let Some(movement) = way.movements.get(id) {
                        li id=(format!("movement-{id}")) {
                            (self.movement(*id, movement))
                            (self.branch(way, Some(*id)))
                        }
                    }
                }
            }
        }
    }

    fn movement(&self, id: MovementId, movement: &Movement) -> Markup {
        let (name, figures) = (movement_name(id), self.figures);
        let sides = match &movement.kind {
            MovementKind::Appropriation { to, .. } => html! {
                (self.of("自 ", "by ")) (self.payer(movement)) " → " (self.holder(*to))
            },
            MovementKind::Transfer { from, to } => {
                html! { (self.holder(*from)) " → " (self.holder(*to)) }
            }
            MovementKind::Payment { from, payee, .. } => html! {
                (self.holder(*from)) " → " strong { (named(figures, *payee)) }
            },
            MovementKind::ClawBack { from, .. } => html! {
                (self.holder(*from)) " → " (self.payer(movement))
            },
        };
        html! {
            p {
                (figures.worded(&name, "kind", Format::Word, |kind| self.language.movement(kind)))
                " " strong.amount { (figures.figure(&name, "amount_fen", Format::Fen)) " " (self.of("元", "CNY")) }
                br; (sides) br;
                small {
                    (self.of("第 ", "No. ")) (id) (self.of(" 笔", "")) " · " (self.of("区块 ", "block ")) (figures.figure(&name, "recorded_at", Format::Integer))
                    @for (n, source) in movement.sources.iter().enumerate() {
                        " · " (self.of("来自第 ", "of no. ")) (source.movement) (self.of(" 笔：", ": "))
                        (figures.figure(&name, &format!("sources.{n}.amount_fen"), Format::Fen))
                    }
                    details {
                        summary { (self.of("凭证承诺", "Commitment to the voucher")) }
                        code { (figures.figure(&name, "document", Format::Word)) }
                    }
                }
            }
        }
    }

    /// The party whose money it was.
    fn payer(&self, movement: &Movement) -> Markup {
        let purposes = self.year.purposes.iter();
        let found = (0u8..).zip(purposes).find(|(_, key)| **key == movement.tag);
        found.map_or_else(|| html! { "–" }, |(party, _)| self.party(party))
    }
}

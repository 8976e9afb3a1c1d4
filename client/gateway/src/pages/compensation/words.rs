//! What pages of compensation say, in Chinese and English.

use crate::words::Language;
use ecoledger_client::{
    Term,
    calendar::DayUnit,
    compensation::horizontal::{AgreementStatus, Indicator, SampleStatus},
};

impl Language {
    pub(super) fn indicator(self, indicator: Indicator) -> &'static str {
        match indicator {
            Indicator::PermanganateIndex => self.of("高锰酸盐指数", "permanganate index"),
            Indicator::ChemicalOxygenDemand => self.of("化学需氧量", "chemical oxygen demand"),
            Indicator::AmmoniaNitrogen => self.of("氨氮", "ammonia nitrogen"),
            Indicator::TotalPhosphorus => self.of("总磷", "total phosphorus"),
            Indicator::TotalNitrogen => self.of("总氮", "total nitrogen"),
        }
    }

    pub(super) fn agreement_status(self, status: AgreementStatus) -> &'static str {
        match status {
            AgreementStatus::Negotiating => self.of("协商中", "being negotiated"),
            AgreementStatus::InForce => self.of("已生效", "in force"),
        }
    }

    /// What stands for a month.
    pub(super) fn sample_status(self, status: &SampleStatus) -> &'static str {
        match status {
            SampleStatus::OneHalf => self.of("缺一方", "one half missing"),
            SampleStatus::Agreed(_) => self.of("双方一致", "agreed"),
            SampleStatus::Disputed => self.of("有争议", "disputed"),
            SampleStatus::Decided(_) => self.of("国家站裁定", "decided by the national station"),
            SampleStatus::Exempt => self.of("灾害除外", "exempt: natural disaster"),
        }
    }

    /// How far a settlement has come, by the name of its variant.
    pub(crate) fn settlement_status(self, status: &str) -> String {
        match status {
            "Computed" => self.of("已核算，待各方确认", "computed, not confirmed by all"),
            "Disputed" => self.of("有争议", "disputed"),
            "Confirmed" => self.of("各方已确认", "confirmed by all parties"),
            "Decided" => self.of("上级已裁定", "decided by the superior"),
            "Paid" => self.of("已支付", "paid"),
            other => other,
        }
        .to_owned()
    }

    /// A movement of money, by the name of its variant.
    pub(super) fn movement(self, kind: &str) -> String {
        match kind {
            "Appropriation" => self.of("缴入", "paid in"),
            "Transfer" => self.of("转拨", "passed on"),
            "Payment" => self.of("支付到村", "paid to the beneficiary"),
            "ClawBack" => self.of("收回", "taken back"),
            other => other,
        }
        .to_owned()
    }

    pub(super) fn term(self, term: Term) -> String {
        let days = term.days;
        match (self, term.unit) {
            (Self::Chinese, DayUnit::Working) => format!("{days} 个工作日"),
            (Self::Chinese, DayUnit::Calendar) => format!("{days} 日"),
            (Self::English, DayUnit::Working) => format!("{days} working days"),
            (Self::English, DayUnit::Calendar) => format!("{days} days"),
        }
    }

    /// Class of surface water by GB 3838.
    pub(super) fn class(self, class: &str) -> String {
        match class {
            "1" => "Ⅰ",
            "2" => "Ⅱ",
            "3" => "Ⅲ",
            "4" => "Ⅳ",
            "5" => "Ⅴ",
            "6" => self.of("劣Ⅴ", "worse than Ⅴ"),
            other => other,
        }
        .to_owned()
    }
}

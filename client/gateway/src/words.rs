//! What pages say, in Chinese and English.

use ecoledger_client::BaseUnit;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Chinese,
    English,
}

impl Language {
    /// By `lang` of the query, or what the browser accepts first.
    pub(crate) fn choose(wanted: Option<&str>, accepted: &str) -> Self {
        match wanted {
            Some("zh") => Self::Chinese,
            Some("en") => Self::English,
            _ if accepted.trim_start().to_ascii_lowercase().starts_with("en") => Self::English,
            _ => Self::Chinese,
        }
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Chinese => "zh",
            Self::English => "en",
        }
    }

    /// As HTML names it.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    pub(crate) fn other(self) -> (Self, &'static str) {
        match self {
            Self::Chinese => (Self::English, "English"),
            Self::English => (Self::Chinese, "中文"),
        }
    }

    /// The first of the two in Chinese, the second in English.
    pub(crate) fn of<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// A step of the custody of goods (CBV 2.0 business step).
    pub(crate) fn step(self, step: &str) -> String {
        let words = match step {
            "Commissioning" => ("采收或制成", "harvested or made"),
            "CreatingClassInstance" => ("制成新批次", "made into a new batch"),
            "Shipping" => ("发运", "shipped"),
            "Receiving" => ("收货", "received"),
            "Packing" => ("包装", "packed"),
            "Unpacking" => ("拆包", "unpacked"),
            "RetailSelling" => ("售出", "sold"),
            "Inspecting" => ("检测", "tested"),
            "Holding" => ("停止流通", "held"),
            "Destroying" => ("销毁", "destroyed"),
            "Encoding" => ("赋码", "given codes"),
            "Storing" => ("仓储", "stored"),
            "Transporting" => ("运输", "transported"),
            "VoidShipping" => ("拒收", "shipment refused"),
            "SensorReporting" => ("传感器记录", "sensors read"),
            "Sampling" => ("取样", "sampled"),
            "Accepting" => ("验收", "accepted"),
            _ => return step.to_owned(),
        };
        self.of(words.0, words.1).to_owned()
    }

    /// How a batch was made from others.
    pub(crate) fn kind(self, kind: &str) -> String {
        let words = match kind {
            "Transformation" => ("加工", "processing"),
            "Split" => ("分批", "split"),
            "Merge" => ("合并", "merging"),
            "Packing" => ("包装", "packing"),
            "Return" => ("部分拒收退回", "part given back"),
            _ => return kind.to_owned(),
        };
        self.of(words.0, words.1).to_owned()
    }

    /// What was decided of a certificate, by the name of the variant.
    pub(crate) fn certificate(self, state: &str) -> String {
        let words = match state {
            "InForce" | "Valid" => ("有效", "valid"),
            "Suspended" => ("暂停", "suspended"),
            "Revoked" => ("撤销", "revoked"),
            "Cancelled" => ("注销", "cancelled"),
            "Expired" => ("过期", "expired"),
            _ => return state.to_owned(),
        };
        self.of(words.0, words.1).to_owned()
    }

    /// How far a batch has come.
    pub(crate) fn stage(self, stage: &str) -> String {
        let words = match stage {
            "Growing" => ("生长中", "growing"),
            "Harvested" => ("已采收", "harvested"),
            "Stored" => ("在库", "in store"),
            "Processed" => ("已加工", "processed"),
            "Packed" => ("已包装", "packed"),
            "InTransit" => ("运输中", "on the way"),
            "Retail" => ("在售", "on sale"),
            "Sold" => ("已售完", "sold"),
            "Consumed" => ("已用完", "used up"),
            "Destroyed" => ("已销毁", "destroyed"),
            _ => return stage.to_owned(),
        };
        self.of(words.0, words.1).to_owned()
    }

    /// The unit in which people are told quantities that are kept in `unit`.
    pub(crate) fn unit(self, unit: Option<BaseUnit>) -> &'static str {
        match unit {
            Some(BaseUnit::Milligram) => "kg",
            Some(BaseUnit::Millilitre) => "L",
            Some(BaseUnit::Each) => self.of("件", "pcs"),
            None => "",
        }
    }

    /// Status of a certificate.
    pub(crate) fn status(
        self,
        status: Option<ecoledger_client::certification::CertificateStatus>,
    ) -> &'static str {
        use ecoledger_client::certification::CertificateStatus as S;
        let words = match status {
            None => ("尚未生效", "not begun"),
            Some(S::Valid) => ("有效", "valid"),
            Some(S::Suspended) => ("暂停", "suspended"),
            Some(S::Revoked) => ("撤销", "revoked"),
            Some(S::Cancelled) => ("注销", "cancelled"),
            Some(S::Expired) => ("过期", "expired"),
        };
        self.of(words.0, words.1)
    }
}

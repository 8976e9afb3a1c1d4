//! Roles of organisations, and the powers of their agents.

use crate::{decimal::refused, error::Error};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What an organisation may do (职能), held as a capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// 追溯节点经营者: registers batches and custody events.
    TraceNode,
    /// 检测机构: tests.
    Lab,
    /// 检查机构: inspects.
    InspectionBody,
    /// 认证机构: certifies.
    CertBody,
    /// 认可机构: accredits bodies and laboratories.
    AccredBody,
    /// 认监委: approves certification bodies.
    Cnca,
    /// 市场监管部门: registers organisations; holds, releases and recalls.
    Samr,
    /// 品牌所有人: owns a brand.
    BrandOwner,
    /// 品牌运营方: runs a brand.
    BrandOperator,
    /// 结算机构: issues and redeems settlement money.
    Clearing,
    /// 财政部门: budgets, transfers and claws back.
    Treasury,
    /// 地方人民政府: signs agreements.
    GovParty,
    /// 监测站: submits monitoring data.
    MonitorStation,
    /// 审计部门: audits.
    Auditor,
    /// 农业农村部门: registers farm inputs.
    AgriAuth,
}

impl Role {
    /// Every role, in order of its index on the chain, as people write it.
    const NAMES: [(&'static str, Self); 15] = [
        ("trace-node", Self::TraceNode),
        ("lab", Self::Lab),
        ("inspection-body", Self::InspectionBody),
        ("cert-body", Self::CertBody),
        ("accred-body", Self::AccredBody),
        ("cnca", Self::Cnca),
        ("samr", Self::Samr),
        ("brand-owner", Self::BrandOwner),
        ("brand-operator", Self::BrandOperator),
        ("clearing", Self::Clearing),
        ("treasury", Self::Treasury),
        ("gov-party", Self::GovParty),
        ("monitor-station", Self::MonitorStation),
        ("auditor", Self::Auditor),
        ("agri-auth", Self::AgriAuth),
    ];

    /// The role as people write it, such as `trace-node`.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, role)| *role == self).map_or("", |(name, _)| name)
    }
}

impl FromStr for Role {
    type Err = Error;

    /// Reads `trace-node` or `TraceNode`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let chain_name = |role: &Self| format!("{role:?}") == text;
        Self::NAMES
            .iter()
            .find(|(name, role)| *name == text || chain_name(role))
            .map(|(_, role)| *role)
            .ok_or_else(|| {
                let names = Self::NAMES.map(|(name, _)| name).join(", ");
                refused("role", &format!("one of {names} is expected"), text)
            })
    }
}

impl fmt::Display for Role {
    /// The chain's name, such as `TraceNode`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{self:?}"))
    }
}

/// What an agent may do for its organisation, as far as that has it: bits 0 to 55 are roles, 62 is
/// to register other organisations, 63 to administer its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Powers(#[serde(with = "crate::integer")] pub u64);

impl Powers {
    /// Nothing but to rotate and revoke its own key.
    pub const NONE: Self = Self(0);
    /// The right over the organisation's own agents and identifiers.
    pub const ADMINISTER: Self = Self(1 << 63);
    /// The right to register and suspend other organisations.
    pub const REGISTER: Self = Self(1 << 62);
    /// Every role, those that the chain does not have yet included.
    pub const ROLES: Self = Self((1 << 56) - 1);
    /// Everything.
    pub const ALL: Self = Self(Self::ADMINISTER.0 | Self::REGISTER.0 | Self::ROLES.0);

    /// The power to act in `role`.
    pub const fn role(role: Role) -> Self {
        Self(1 << role as u8)
    }

    /// Whether all powers of `other` are among these.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl FromStr for Powers {
    type Err = Error;

    /// Reads words with commas between them: `administer`, `register`, roles such as `trace-node`,
    /// `roles` for every role; or `all`, or `none`.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "all" => return Ok(Self::ALL),
            "none" => return Ok(Self::NONE),
            _ => {}
        }
        text.split(',').try_fold(Self::NONE, |powers, word| {
            let power = match word.trim() {
                "administer" => Self::ADMINISTER,
                "register" => Self::REGISTER,
                "roles" => Self::ROLES,
                word => word.parse().map(Self::role).map_err(|_| {
                    let names = Role::NAMES.map(|(name, _)| name).join(", ");
                    let rule = format!(
                        "`all`, `none`, or words of administer, register, roles, {names} with commas between them are expected"
                    );
                    refused("powers", &rule, text)
                })?,
            };
            Ok(Self(powers.0 | power.0))
        })
    }
}

impl fmt::Display for Powers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ALL => return f.pad("all"),
            Self::NONE => return f.pad("none"),
            _ => {}
        }
        let mut words = Vec::new();
        words.extend(self.contains(Self::ADMINISTER).then_some("administer"));
        words.extend(self.contains(Self::REGISTER).then_some("register"));
        if self.contains(Self::ROLES) {
            words.push("roles");
        } else {
            let roles = Role::NAMES.iter().filter(|(_, role)| self.contains(Self::role(*role)));
            words.extend(roles.map(|(name, _)| *name));
        }
        f.pad(&words.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn roles_have_two_spellings() {
        for (index, (name, role)) in Role::NAMES.into_iter().enumerate() {
            assert_eq!(usize::from(role as u8), index);
            assert_eq!(name.parse::<Role>().unwrap(), role);
            assert_eq!(role.to_string().parse::<Role>().unwrap(), role);
            assert_eq!(json!(role), json!(role.to_string()));
            assert_eq!(role.name(), name);
        }
        let error = "farmer".parse::<Role>().unwrap_err().to_string();
        assert!(error.starts_with("role: one of trace-node, lab,"), "{error}");
    }

    #[test]
    fn powers_are_words() {
        let powers: Powers = "administer, trace-node,lab".parse().unwrap();
        assert_eq!(powers, Powers(Powers::ADMINISTER.0 | 0b11));
        assert_eq!(powers.to_string(), "administer,trace-node,lab");
        for text in ["all", "none", "register,roles", "auditor,agri-auth"] {
            assert_eq!(text.parse::<Powers>().unwrap().to_string(), text);
        }
        assert_eq!("administer,register,roles".parse::<Powers>().unwrap(), Powers::ALL);
        assert_eq!(json!(Powers::ADMINISTER), json!("9223372036854775808"));
        for text in ["", "administer,", "admin", "all,lab", "3"] {
            let error = text.parse::<Powers>().unwrap_err().to_string();
            assert!(error.starts_with("powers: `all`, `none`, or words"), "{error}");
        }
    }
}

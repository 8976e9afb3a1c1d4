//! What the chain keeps of policies and shares.

use crate::{
    calendar::Term,
    client::Client,
    compensation::{FactorQuantity, PALLET, PolicyId, Unit},
    digest::Digest,
    error::Error,
    funds::ProgrammeId,
    moment::Moment,
    money::Fen,
    ratio::{Ppb, SignedPpb},
    traceability::{OrganisationId, decode},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What a component of the transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComponentKind {
    /// 重点补助: counties of key ecological functions.
    Key,
    /// 禁止开发区补助: areas closed to development.
    Prohibited,
    /// 引导性补助: guiding.
    Guiding,
    /// 分类补偿: by element, such as forest or wetland.
    Element,
}

/// A factor of the weighted form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorRule {
    /// Number of the factor in the catalogue of published statistics.
    pub factor: u16,
    /// Unit that its values must have.
    pub unit: Unit,
    /// Its weight; those of a component sum to 1.
    pub weight_ppb: Ppb,
}

/// How a component's pool is split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// 因素法: by weighted factors, at most 8.
    Weighted(Vec<FactorRule>),
    /// By the standard fiscal gap (标准财政收支缺口): its values are standard expenditure and
    /// standard revenue.
    Gap {
        /// Whether a county with more revenue than expenditure counts as without a gap; otherwise
        /// its data are refused.
        negative_is_zero: bool,
    },
}

/// A component of a policy with its pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What it is.
    pub kind: ComponentKind,
    /// What is split, above 0.
    pub pool_fen: Fen,
    /// How it is split.
    pub form: Form,
}

/// What a policy is created with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPolicy {
    /// Budget year.
    pub year: u16,
    /// Budget code of the transfer (预算科目编码), 1 to 32 visible characters of ASCII.
    #[serde(with = "crate::text")]
    pub code: String,
    /// SHA-256 of the published text of the rules.
    pub text: Digest,
    /// Its components, 1 to 4.
    pub components: Vec<Component>,
    /// Organisations of the counties, 1 to 200, ascending.
    pub counties: Vec<OrganisationId>,
    /// In what time after publication the money must have been remitted.
    pub remit_term: Term,
}

/// How far a policy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PolicyStatus {
    /// Data of counties are being submitted.
    Open,
    /// Data do not change any more.
    FactorsFrozen,
    /// Shares are computed.
    Computed,
    /// Shares are published; money may be appropriated.
    Published,
}

/// A transfer policy (转移支付办法) of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The finance department that transfers.
    pub treasury: OrganisationId,
    /// What it was created with.
    pub terms: NewPolicy,
    /// Version of the governed table of adjustments that applies to it.
    pub rule_set: u32,
    /// SHA-256 of the encoded terms and rule set: what every amount is computed by.
    pub rules_hash: Digest,
    /// SHA-256 of all encoded data of counties, once they are frozen.
    pub factors_hash: Option<Digest>,
    /// The programme of its money; its purposes have the numbers of the counties' organisations.
    pub programme: ProgrammeId,
    /// How far it has come.
    pub status: PolicyStatus,
}

/// A published record that a value is taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Number of the account or catalogue entry.
    #[serde(with = "crate::integer")]
    pub record: u64,
    /// SHA-256 of the record.
    pub hash: Digest,
    /// When it was published.
    pub published_at: Moment,
}

/// A value of one factor in one county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorValue {
    /// The value, in the unit of the factor's rule.
    pub quantity: FactorQuantity,
    /// Where it is published.
    pub source: SourceRecord,
}

/// What one component is computed from in one county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountyData {
    /// Coefficient of the county, at most 10.
    pub coefficient_ppb: Ppb,
    /// Least of its share.
    pub floor_fen: Fen,
    /// Most of its share; `None` is without limit.
    pub cap_fen: Option<Fen>,
    /// Values in the order of the component's factors; of the gap form, expenditure and revenue.
    pub values: Vec<FactorValue>,
}

/// Grade of change of the assessed quality (生态环境质量变化等级).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grade {
    /// 明显变好.
    ObviouslyBetter,
    /// 一般变好.
    Better,
    /// 轻微变好.
    SlightlyBetter,
    /// 基本稳定.
    Stable,
    /// 轻微变差.
    SlightlyWorse,
    /// 一般变差.
    Worse,
    /// 明显变差.
    ObviouslyWorse,
}

/// What became of an evaluated share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Nothing was adjusted.
    Kept,
    /// 奖励: so much more may be appropriated.
    Reward(Fen),
    /// 扣减.
    Deduct {
        /// What was to be deducted.
        due_fen: Fen,
        /// What of it was not appropriated yet or could be taken back.
        recovered_fen: Fen,
    },
    /// 收回: the county was flagged by an auditor; so much was taken back, all it had.
    ClawBack(Fen),
}

/// How far a share has come; how much of it is disbursed, the ledger of its money says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AllocationStatus {
    /// 已测算.
    Computed,
    /// 已下达.
    Published,
    /// 已安排: some money is appropriated.
    Appropriated,
    /// 已到达: some money is with the county.
    Received,
    /// 已使用: the county reported use.
    Used,
    /// 已评价.
    Evaluated(Grade),
    /// 已清算.
    Concluded(Outcome),
}

/// A county's share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Its shares of the components, in their order.
    pub components_fen: Vec<Fen>,
    /// Their sum.
    pub total_fen: Fen,
    /// How far it has come.
    pub status: AllocationStatus,
    /// What the county reported as used by those it paid.
    pub reported_fen: Fen,
}

/// A share with what the ledger says of its money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// The share.
    #[serde(rename = "allocation")]
    pub share: Share,
    /// Appropriated net of what went back.
    pub appropriated_fen: Fen,
    /// Remitted to the county.
    pub received_fen: Fen,
    /// Paid to final beneficiaries by the county or whom it passed money on to (已拨付).
    pub disbursed_fen: Fen,
    /// Held by whoever.
    pub held_fen: Fen,
}

impl Client {
    /// A transfer policy at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn policy(&self, id: PolicyId, height: Option<u32>) -> Result<Option<Policy>, Error> {
        decode(self.view(PALLET, "policy", &[json!(id)], height).await?)
    }

    /// Adjustments of shares by grade, from best to worst, of a version of the rules.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn performance_table(
        &self,
        version: u32,
        height: Option<u32>,
    ) -> Result<Option<[SignedPpb; 7]>, Error> {
        decode(self.view(PALLET, "performance_table", &[json!(version)], height).await?)
    }

    /// What a component is computed from in a county.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn county_data(
        &self,
        policy: PolicyId,
        component: u8,
        county: OrganisationId,
        height: Option<u32>,
    ) -> Result<Option<CountyData>, Error> {
        let arguments = [json!(policy), json!(component), json!(county)];
        decode(self.view(PALLET, "county_data", &arguments, height).await?)
    }

    /// A county's share, and what the ledger says of its money.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn allocation(
        &self,
        policy: PolicyId,
        county: OrganisationId,
        height: Option<u32>,
    ) -> Result<Option<Allocation>, Error> {
        let arguments = [json!(policy), json!(county)];
        decode(self.view(PALLET, "allocation", &arguments, height).await?)
    }

    /// Shares of all counties computed again, by component and then by county in the policy's
    /// order; `None` while data are missing or give none.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn recompute_shares(
        &self,
        policy: PolicyId,
        height: Option<u32>,
    ) -> Result<Option<Vec<Vec<Fen>>>, Error> {
        decode(self.view(PALLET, "recompute_shares", &[json!(policy)], height).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_as_the_chain_writes_them() {
        let json = json!({
            "allocation": {
                "components_fen": [60_000, 1],
                "total_fen": 60_001,
                "status": { "Concluded": { "Deduct": { "due_fen": 5, "recovered_fen": 3 } } },
                "reported_fen": 0,
            },
            "appropriated_fen": 60_001, "received_fen": 0, "disbursed_fen": 0, "held_fen": 60_001,
        });
        let allocation: Allocation = serde_json::from_value(json.clone()).unwrap();
        let outcome = Outcome::Deduct { due_fen: Fen(5), recovered_fen: Fen(3) };
        assert_eq!(allocation.share.status, AllocationStatus::Concluded(outcome));
        assert_eq!(json!(allocation), json);
        for json in [json!("Kept"), json!({ "Reward": 7 }), json!({ "ClawBack": 7 })] {
            assert_eq!(json!(serde_json::from_value::<Outcome>(json.clone()).unwrap()), json);
        }
        let form = json!({ "Weighted": [{ "factor": 1, "unit": "AreaUnits", "weight_ppb": 1 }] });
        assert_eq!(json!(serde_json::from_value::<Form>(form.clone()).unwrap()), form);
    }
}

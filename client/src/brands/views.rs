//! What is asked of the pallet.

use super::{
    Brand, BrandId, BrandRules, CeilingScope, LabelOrder, LabelOrderId, Licence, LicenceChange,
    LicenceId, LicenceInspection, LicenceStatus, Misuse, MisuseId, PALLET, QuotaPeriod, QuotaUse,
};
use crate::{
    client::Client,
    error::Error,
    gs1::Gtin,
    moment::Moment,
    traceability::{Commitment, OrganisationId, decode},
    value::text_to_json,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};

/// Most rows in one answer; the chain's own bound.
const PAGE_MAX: u32 = 200;

/// Every question is of the state at `height`, or at the last final block.
impl Client {
    async fn brands<T: DeserializeOwned>(
        &self,
        function: &str,
        arguments: &[Json],
        height: Option<u32>,
    ) -> Result<T, Error> {
        decode(self.view(PALLET, function, arguments, height).await?)
    }

    /// A brand and its rules in force.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn brand(
        &self,
        id: BrandId,
        height: Option<u32>,
    ) -> Result<Option<(Brand, BrandRules)>, Error> {
        self.brands("brand", &[json!(id)], height).await
    }

    /// The brand of the mark with this number.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn brand_by_mark(
        &self,
        mark_number: &str,
        height: Option<u32>,
    ) -> Result<Option<BrandId>, Error> {
        self.brands("brand_by_mark", &[text_to_json(mark_number)], height).await
    }

    /// A version of a brand's rules.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn brand_rules(
        &self,
        brand: BrandId,
        version: u32,
        height: Option<u32>,
    ) -> Result<Option<BrandRules>, Error> {
        self.brands("rules", &[json!(brand), json!(version)], height).await
    }

    /// Whether an organisation is a member under a collective mark.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn is_brand_member(
        &self,
        brand: BrandId,
        organisation: OrganisationId,
        height: Option<u32>,
    ) -> Result<bool, Error> {
        self.brands("is_member", &[json!(brand), json!(organisation)], height).await
    }

    /// A licence, and its status now.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn licence(
        &self,
        id: LicenceId,
        height: Option<u32>,
    ) -> Result<Option<(Licence, LicenceStatus)>, Error> {
        self.brands("licence", &[json!(id)], height).await
    }

    /// The status of a licence at any past moment; `None` before it was applied for, and where
    /// there is no such licence.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn licence_status(
        &self,
        id: LicenceId,
        at: Moment,
        height: Option<u32>,
    ) -> Result<Option<LicenceStatus>, Error> {
        self.brands("licence_status_at", &[json!(id), json!(at)], height).await
    }

    /// Changes of a licence's status, oldest first, at most 200 from number `start` on.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn licence_changes(
        &self,
        id: LicenceId,
        start: u32,
        height: Option<u32>,
    ) -> Result<Vec<LicenceChange>, Error> {
        self.brands("status_changes", &[json!(id), json!(start), json!(PAGE_MAX)], height).await
    }

    /// Inspections of a licensee, oldest first, at most 200 from number `start` on.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn licence_inspections(
        &self,
        id: LicenceId,
        start: u32,
        height: Option<u32>,
    ) -> Result<Vec<LicenceInspection>, Error> {
        self.brands("inspections", &[json!(id), json!(start), json!(PAGE_MAX)], height).await
    }

    /// Licences of an organisation under a brand that may be or come in force.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn open_licences(
        &self,
        brand: BrandId,
        licensee: OrganisationId,
        height: Option<u32>,
    ) -> Result<Vec<(LicenceId, Licence)>, Error> {
        self.brands("open_licences", &[json!(brand), json!(licensee)], height).await
    }

    /// Quota and use of a product in a period; without `period`, in the one that runs now. `None`
    /// where the licence does not name the product.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn quota_use(
        &self,
        id: LicenceId,
        gtin: &Gtin,
        period: Option<QuotaPeriod>,
        height: Option<u32>,
    ) -> Result<Option<QuotaUse>, Error> {
        #[derive(Deserialize)]
        struct Usage {
            #[serde(with = "crate::integer")]
            orders: u128,
            #[serde(with = "crate::integer")]
            series: u128,
        }
        #[derive(Deserialize)]
        struct Quota(#[serde(with = "crate::integer")] u128);
        let arguments = [json!(id), json!(gtin), json!(period)];
        let found: Option<(QuotaPeriod, Quota, Usage)> =
            self.brands("quota_use", &arguments, height).await?;
        Ok(found.map(|(period, Quota(quota), Usage { orders, series })| QuotaUse {
            period,
            quota,
            orders,
            series,
        }))
    }

    /// A label order, and whether its stock is frozen.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn label_order(
        &self,
        id: LabelOrderId,
        height: Option<u32>,
    ) -> Result<Option<(LabelOrder, bool)>, Error> {
        self.brands("label_order", &[json!(id)], height).await
    }

    /// A recorded misuse.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn misuse(&self, id: MisuseId, height: Option<u32>) -> Result<Option<Misuse>, Error> {
        self.brands("misuse", &[json!(id)], height).await
    }

    /// The commitment to the premium report of a period.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn premium_report(
        &self,
        id: LicenceId,
        period: QuotaPeriod,
        height: Option<u32>,
    ) -> Result<Option<Commitment>, Error> {
        self.brands("premium_report", &[json!(id), json!(period)], height).await
    }

    /// The yield ceiling for a product or category, in content units (mg, ml or pieces) on a mu in
    /// a year.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn brand_yield_ceiling(
        &self,
        scope: &CeilingScope,
        height: Option<u32>,
    ) -> Result<Option<u64>, Error> {
        #[derive(Deserialize)]
        struct Ceiling(#[serde(with = "crate::integer")] u64);
        let found: Option<Ceiling> = self.brands("yield_ceiling", &[json!(scope)], height).await?;
        Ok(found.map(|Ceiling(ceiling)| ceiling))
    }
}

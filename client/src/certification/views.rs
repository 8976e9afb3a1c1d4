//! What is asked of the pallet.

use super::{
    Accreditation, Application, ApplicationId, Approval, CertificateId, CertificateInfo,
    CertificateStatus, Certifier, Complaint, ComplaintId, DutyId, DutyRow, Finding, FindingId,
    PALLET, PersonId, RuleSet, Scheme, SchemeId, Tally, TransactionCertificate,
    TransactionCertificateId,
};
use crate::{
    calendar::CivilDate,
    client::Client,
    error::Error,
    gs1::Gtin,
    moment::Moment,
    traceability::{OrganisationId, decode},
    value::text_to_json,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};

/// Most rows in one answer; the chain's own bound.
const PAGE_MAX: u32 = 100;

/// The approval of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BodyInfo {
    /// Its record.
    pub approval: Approval,
    /// Whether it is in force now.
    pub in_force: bool,
    /// What the body has done.
    pub tally: Tally,
}

/// A page of a body's duties that are not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DutyPage {
    /// Duties, in the order of storage.
    pub rows: Vec<DutyRow>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<DutyId>,
}

/// Every question is of the state at `height`, or at the last final block.
impl Client {
    async fn certification<T: DeserializeOwned>(
        &self,
        function: &str,
        arguments: &[Json],
        height: Option<u32>,
    ) -> Result<T, Error> {
        decode(self.view(PALLET, function, arguments, height).await?)
    }

    /// A certificate with its status now, by its number on chain.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn certificate(
        &self,
        id: CertificateId,
        height: Option<u32>,
    ) -> Result<Option<CertificateInfo>, Error> {
        self.certification("certificate", &[json!(id)], height).await
    }

    /// The certificate with a published number, and its number on chain.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn certificate_by_number(
        &self,
        number: &str,
        height: Option<u32>,
    ) -> Result<Option<(CertificateId, CertificateInfo)>, Error> {
        self.certification("certificate_by_number", &[text_to_json(number)], height).await
    }

    /// Status of a certificate at a moment, past or now; `None` before it started, and where there
    /// is no such certificate.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn certificate_status(
        &self,
        id: CertificateId,
        at: Moment,
        height: Option<u32>,
    ) -> Result<Option<CertificateStatus>, Error> {
        self.certification("certificate_status", &[json!(id), json!(at)], height).await
    }

    /// An application with inspections, tests and signatures.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn application(
        &self,
        id: ApplicationId,
        height: Option<u32>,
    ) -> Result<Option<Application>, Error> {
        self.certification("application", &[json!(id)], height).await
    }

    /// A scheme.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn scheme(&self, id: SchemeId, height: Option<u32>) -> Result<Option<Scheme>, Error> {
        self.certification("scheme", &[json!(id)], height).await
    }

    /// The yield ceiling for a product under a scheme, in content units (mg, ml or pieces) for a
    /// mu and a year.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn certified_yield_ceiling(
        &self,
        scheme: SchemeId,
        gtin: &Gtin,
        height: Option<u32>,
    ) -> Result<Option<u64>, Error> {
        #[derive(Deserialize)]
        struct Ceiling(#[serde(with = "crate::integer")] u64);
        let arguments = [json!(scheme), json!(gtin)];
        let found: Option<Ceiling> =
            self.certification("yield_ceiling", &arguments, height).await?;
        Ok(found.map(|Ceiling(ceiling)| ceiling))
    }

    /// The approval of a certification body, and what it has done.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn certification_body(
        &self,
        id: OrganisationId,
        height: Option<u32>,
    ) -> Result<Option<BodyInfo>, Error> {
        let found: Option<(Approval, bool)> =
            self.certification("body", &[json!(id)], height).await?;
        let Some((approval, in_force)) = found else { return Ok(None) };
        let tally = self.certification("tally", &[json!(id)], height).await?;
        Ok(Some(BodyInfo { approval, in_force, tally }))
    }

    /// The accreditation of a certification body or laboratory.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn accreditation(
        &self,
        id: OrganisationId,
        height: Option<u32>,
    ) -> Result<Option<Accreditation>, Error> {
        self.certification("accreditation", &[json!(id)], height).await
    }

    /// A certifier.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn certifier(
        &self,
        person: &PersonId,
        height: Option<u32>,
    ) -> Result<Option<Certifier>, Error> {
        self.certification("certifier", &[json!(person)], height).await
    }

    /// A finding.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn finding(
        &self,
        id: FindingId,
        height: Option<u32>,
    ) -> Result<Option<Finding>, Error> {
        self.certification("finding", &[json!(id)], height).await
    }

    /// A duty, done or not.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn duty(&self, id: DutyId, height: Option<u32>) -> Result<Option<DutyRow>, Error> {
        self.certification("duty", &[json!(id)], height).await
    }

    /// A page of a body's duties that are not done.
    ///
    /// - `only_late`: only those whose due moment has passed.
    /// - `start_after`: `next` of the page before; `None` for the first page.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn open_duties(
        &self,
        body: OrganisationId,
        only_late: bool,
        start_after: Option<DutyId>,
        height: Option<u32>,
    ) -> Result<DutyPage, Error> {
        let arguments = [json!(body), json!(only_late), json!(start_after), json!(PAGE_MAX)];
        let (rows, next) = self.certification("open_duties", &arguments, height).await?;
        Ok(DutyPage { rows, next })
    }

    /// Certificates whose suspension has outlasted its end, among the 100 from `start` on.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn overdue_suspensions(
        &self,
        start: CertificateId,
        height: Option<u32>,
    ) -> Result<Vec<CertificateId>, Error> {
        let arguments = [json!(start), json!(PAGE_MAX)];
        self.certification("overdue_suspensions", &arguments, height).await
    }

    /// How many certificates have been issued; they are numbered from 0.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn n_certificates(&self, height: Option<u32>) -> Result<u32, Error> {
        let next = self.query(PALLET, "NextCertificateId", &[], height).await?;
        next.map_or(Ok(0), decode)
    }

    /// A complaint or appeal.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn complaint(
        &self,
        id: ComplaintId,
        height: Option<u32>,
    ) -> Result<Option<Complaint>, Error> {
        self.certification("complaint", &[json!(id)], height).await
    }

    /// A transaction certificate.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn transaction_certificate(
        &self,
        id: TransactionCertificateId,
        height: Option<u32>,
    ) -> Result<Option<TransactionCertificate>, Error> {
        self.certification("transaction_certificate", &[json!(id)], height).await
    }

    /// Whether digits could be an organic code (有机码) under a certificate; `None` if there is no
    /// such certificate.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn is_organic_code_of(
        &self,
        id: CertificateId,
        code: &str,
        height: Option<u32>,
    ) -> Result<Option<bool>, Error> {
        let arguments = [json!(id), text_to_json(code)];
        self.certification("is_organic_code_of", &arguments, height).await
    }

    /// First date on which a client may apply for a scheme again; `None` if at any time.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn client_lock(
        &self,
        client: OrganisationId,
        scheme: SchemeId,
        height: Option<u32>,
    ) -> Result<Option<CivilDate>, Error> {
        self.certification("client_lock", &[json!(client), json!(scheme)], height).await
    }

    /// The rule set in force.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn certification_rule_set(&self, height: Option<u32>) -> Result<RuleSet, Error> {
        self.certification("rule_set", &[], height).await
    }
}

//! The calls of evaluation, decision and what follows.

use super::{ApplyArgs, CertCommand, Verdict, number_of};
use crate::{
    batch::TestResult,
    fields::{Grown, ascending},
    submit::SubmitArgs,
};
use ecoledger_client::{
    BatchId, Call, CivilDate, Client, Error, Quantity,
    certification::{self as cert, ApplicationRequest, ComplaintKind, Outcome, ProductLine},
};

/// The call of a command about an application or certificate.
pub(super) async fn certificate_call<'a>(
    client: &Client,
    command: &'a CertCommand,
) -> Result<(Call, &'a SubmitArgs), Error> {
    use CertCommand as C;
    Ok(match command {
        C::Accept { application, submit } => (cert::accept_application(*application), submit),
        C::Refuse { application, reason, submit } => {
            (cert::refuse_application(*application, &reason.read()?), submit)
        }
        C::Withdraw { application, submit } => (cert::withdraw_application(*application), submit),
        C::Inspect { application, bases, open, time, report, submit } => {
            let (time, bases) = (time.parse()?, ascending(bases));
            let report = report.read()?;
            (cert::record_inspection(*application, time, &bases, *open, &report), submit)
        }
        C::Test { application, gtin, result, sampled_at, report, submit } => {
            let sampled_at = sampled_at.parse()?;
            let passed = *result == TestResult::Passed;
            let report = report.read()?;
            (cert::record_test(*application, gtin, passed, sampled_at, &report), submit)
        }
        C::Propose { application, number, products, from, submit } => {
            let products = match products.as_slice() {
                [] => applied_for(client, *application).await?,
                products => lines(client, products).await?,
            };
            let valid_from = from.unwrap_or_else(CivilDate::today);
            let outcome = Outcome::Certify { number: number.clone(), products, valid_from };
            (cert::propose_decision(*application, &outcome), submit)
        }
        C::Reject { application, reason, submit } => {
            let outcome = Outcome::Reject { reason: reason.read()? };
            (cert::propose_decision(*application, &outcome), submit)
        }
        C::Return { application, submit } => (cert::return_proposal(*application), submit),
        C::Sign { application, submit } => (cert::sign_decision(*application), submit),
        C::Find { certificate, finder, ground, demands, evidence, submit } => {
            let certificate = number_of(client, certificate).await?;
            let evidence = evidence.read()?;
            let call = cert::record_finding(certificate, *finder, *ground, *demands, &evidence);
            (call, submit)
        }
        C::Dismiss { finding, document, submit } => {
            (cert::dismiss_finding(*finding, &document.read()?), submit)
        }
        C::Suspend { finding, months, submit } => (cert::suspend(*finding, *months), submit),
        C::Restore { certificate, document, submit } => {
            let certificate = number_of(client, certificate).await?;
            (cert::restore(certificate, &document.read()?), submit)
        }
        C::Revoke { finding, submit } => (cert::revoke(*finding), submit),
        C::Request { certificate, request, document, submit } => {
            let certificate = number_of(client, certificate).await?;
            (cert::request_change(certificate, *request, &document.read()?), submit)
        }
        C::Cancel { certificate, document, submit } => {
            let certificate = number_of(client, certificate).await?;
            (cert::cancel(certificate, &document.read()?), submit)
        }
        C::Reduce { certificate, gtin, to, off: _, submit } => {
            let certificate = number_of(client, certificate).await?;
            let quantity = match to {
                Some(quantity) => client.in_content_units(gtin, quantity).await?.1,
                None => 0,
            };
            (cert::reduce(certificate, gtin, quantity), submit)
        }
        C::Publish { duty, document, submit } => (cert::publish(*duty, &document.read()?), submit),
        C::Complain { certificate, document, submit } => {
            let kind = ComplaintKind::Complaint(number_of(client, certificate).await?);
            (cert::lodge(kind, &document.read()?), submit)
        }
        C::Appeal { certificate, application, document, submit } => {
            let kind = match (certificate, application) {
                (Some(certificate), _) => {
                    ComplaintKind::CertificateAppeal(number_of(client, certificate).await?)
                }
                (None, Some(application)) => ComplaintKind::ApplicationAppeal(*application),
                (None, None) => {
                    return Err(Error::Arguments("give --certificate or --application".into()));
                }
            };
            (cert::lodge(kind, &document.read()?), submit)
        }
        C::DecideComplaint { complaint, verdict, document, submit } => {
            let upheld = *verdict == Verdict::Upheld;
            (cert::decide_complaint(*complaint, upheld, &document.read()?), submit)
        }
        C::Sale { certificate, batch, buyer, quantity, submit } => {
            let certificate = number_of(client, certificate).await?;
            let content = content_of(client, batch, quantity).await?;
            (cert::issue_transaction_certificate(certificate, *buyer, batch, content), submit)
        }
        C::VoidSale { id, reason, submit } => {
            (cert::void_transaction_certificate(*id, &reason.read()?), submit)
        }
        _ => return Err(Error::Arguments("this command makes no call".into())),
    })
}

impl ApplyArgs {
    pub(super) async fn call(&self, client: &Client) -> Result<Call, Error> {
        let document = self.document.read()?;
        let renews = match &self.renews {
            Some(certificate) => Some(number_of(client, certificate).await?),
            None => None,
        };
        let request = ApplicationRequest {
            body: self.body,
            scheme: self.scheme,
            products: lines(client, &self.products).await?,
            bases: ascending(&self.bases),
            renews,
            document,
        };
        Ok(cert::apply(&request))
    }
}

/// Product lines in content units, ascending.
async fn lines(client: &Client, products: &[Grown]) -> Result<Vec<ProductLine>, Error> {
    let mut lines = Vec::with_capacity(products.len());
    for Grown { share, area } in products {
        let (_, quantity) = client.in_content_units(&share.gtin, &share.quantity).await?;
        lines.push(ProductLine { gtin: share.gtin.clone(), quantity, area_units: area.units });
    }
    lines.sort_by(|left, right| left.gtin.cmp(&right.gtin));
    if let Some(twice) = lines.windows(2).find(|pair| matches!(pair, [a, b] if a.gtin == b.gtin)) {
        let gtin = twice.first().map(|line| line.gtin.to_string()).unwrap_or_default();
        return Err(Error::Arguments(format!("product: {gtin} is given twice")));
    }
    Ok(lines)
}

/// All products of an application, as they were applied for.
async fn applied_for(client: &Client, application: u32) -> Result<Vec<ProductLine>, Error> {
    let found = client.application(application, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("application {application}")))?;
    Ok(found.request.products)
}

/// `quantity` of a batch in content units.
async fn content_of(client: &Client, batch: &BatchId, quantity: &Quantity) -> Result<u128, Error> {
    let height = client.height().await?;
    let found = client.batch(batch.as_str(), height).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("batch {batch}")))?;
    Ok(client.in_content_units(&found.gtin.parse()?, quantity).await?.1)
}

//! Certificates, applications, findings and duties, shown.

use super::{duties, number_of};
use crate::{
    fields::{When, content_unit, joined, or_dash, show},
    output::{Printer, line, print_record},
};
use clap::Subcommand;
use ecoledger_client::{
    Area, Client, Error, Gtin,
    certification::{
        CertificateInfo, CertificateState, ComplaintKind, Outcome, ProductLine, Stage,
    },
};
use serde_json::json;

/// What is shown.
#[derive(Debug, Subcommand)]
pub(crate) enum ShowCommand {
    /// Show a certificate (认证证书) with its status now.
    Show {
        /// Its number on chain, or its published number.
        certificate: String,
    },
    /// Show the status of a certificate, now or in the past.
    Status {
        /// Its number on chain, or its published number.
        certificate: String,
        /// Date, whose last moment counts, or RFC 3339 with an offset, up to the last block's time;
        /// that unless given.
        #[arg(long, value_name = "DATE")]
        at: Option<When>,
    },
    /// Show an application with inspections, tests and signatures.
    Application {
        /// Its number.
        application: u32,
    },
    /// Show a finding.
    Finding {
        /// Its number.
        finding: u32,
    },
    /// Show a duty (a legal deadline), done or not.
    Duty {
        /// Its number.
        duty: u64,
    },
    /// Show a body's duties that are not done.
    Duties {
        /// Number of the body.
        body: u32,
        /// Only those whose due moment has passed.
        #[arg(long)]
        late: bool,
    },
    /// Show the certificates whose suspension has outlasted its end, which are to be revoked.
    Overdue,
    /// Show a complaint or appeal.
    Complaint {
        /// Its number.
        complaint: u32,
    },
    /// Show a transaction certificate (销售证).
    Transaction {
        /// Its number.
        id: u32,
    },
    /// Show from when on a client may apply for a scheme again after a revocation.
    Lock {
        /// Number of the client's organisation.
        client: u32,
        /// Number of the scheme.
        scheme: u32,
    },
    /// Tell whether digits could be an organic code (有机码) under a certificate.
    OrganicCode {
        /// Its number on chain, or its published number.
        certificate: String,
        /// 17 digits.
        code: String,
    },
}

/// Runs the command.
pub(super) async fn run(
    client: &Client,
    command: &ShowCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        ShowCommand::Show { certificate } => show_certificate(client, certificate, printer).await,
        ShowCommand::Status { certificate, at } => {
            show_status(client, certificate, *at, printer).await
        }
        ShowCommand::Application { application } => {
            show_application(client, *application, printer).await
        }
        ShowCommand::Finding { finding } => show_finding(client, *finding, printer).await,
        ShowCommand::Duty { duty } => duties::show_duty(client, *duty, printer).await,
        ShowCommand::Duties { body, late } => {
            duties::show_open(client, *body, *late, printer).await
        }
        ShowCommand::Overdue => overdue(client, printer).await,
        ShowCommand::Complaint { complaint } => show_complaint(client, *complaint, printer).await,
        ShowCommand::Transaction { id } => show_transaction(client, *id, printer).await,
        ShowCommand::Lock { client: organisation, scheme } => {
            let until = client.client_lock(*organisation, *scheme, None).await?;
            let until_text = until.map(|date| date.to_string());
            show(
                printer,
                &json!({ "client": organisation, "scheme": scheme, "lockedUntil": until_text }),
                &[
                    ("client", format!("organisation {organisation}")),
                    ("scheme", scheme.to_string()),
                    ("may apply from", until_text.clone().unwrap_or_else(|| "now".to_owned())),
                ],
            );
            Ok(())
        }
        ShowCommand::OrganicCode { certificate, code } => {
            let number = number_of(client, certificate).await?;
            let fits = client.is_organic_code_of(number, code, None).await?;
            let fits = fits.ok_or_else(|| Error::NotFound(format!("certificate {certificate}")))?;
            let answer = if fits { "yes" } else { "no" }.to_owned();
            show(
                printer,
                &json!({ "certificate": number, "code": code, "fits": fits }),
                &[("code", code.clone()), ("could be of it", answer)],
            );
            Ok(())
        }
    }
}

async fn find(client: &Client, text: &str) -> Result<(u32, CertificateInfo), Error> {
    let number = number_of(client, text).await?;
    let info = client.certificate(number, None).await?;
    Ok((number, info.ok_or_else(|| Error::NotFound(format!("certificate {text}")))?))
}

async fn show_certificate(client: &Client, text: &str, printer: Printer) -> Result<(), Error> {
    let (number, info) = find(client, text).await?;
    if printer.is_json() {
        let mut value = json!(info);
        value["id"] = json!(number);
        printer.value(&value);
        return Ok(());
    }
    let certificate = &info.certificate;
    let mut products = Vec::new();
    for product in &certificate.products {
        let unit = content_unit(client, &product.gtin).await?;
        products.push(format!(
            "{}: {} on {}, {} marked, {} sold",
            product.gtin,
            unit.show(product.quantity),
            Area { units: product.area_units },
            unit.show(product.drawn),
            unit.show(product.sold),
        ));
    }
    let state = match certificate.state {
        CertificateState::InForce => "nothing against it".to_owned(),
        CertificateState::Suspended(suspension) => format!(
            "suspended on finding {} since {}, may be restored from {}, is to be revoked from {}{}",
            suspension.finding,
            suspension.since,
            suspension.earliest_end,
            suspension.latest_end,
            if info.suspension_overdue { ": OVERDUE" } else { "" }
        ),
        CertificateState::Revoked(finding) => format!("revoked on finding {finding}"),
        CertificateState::Cancelled => "cancelled".to_owned(),
    };
    let changes =
        certificate.changes.iter().map(|change| format!("{:?} since {}", change.status, change.at));
    let body = format!(
        "organisation {}, its approval {}",
        certificate.body,
        if info.body_approved { "in force" } else { "NOT in force" }
    );
    print_record(&[
        ("certificate", format!("{number}, published as {}", certificate.number)),
        ("status", status_text(info.status.map(|status| format!("{status:?}")))),
        ("state", state),
        ("holder", format!("organisation {}", certificate.holder)),
        ("body", body),
        ("scheme", certificate.scheme.to_string()),
        ("valid from", certificate.valid_from.to_string()),
        ("expires", certificate.expires.to_string()),
        ("products", products.join("\n")),
        ("bases", joined(&certificate.bases)),
        ("application", certificate.application.to_string()),
        ("pending request", or_dash(certificate.request.map(|duty| format!("duty {duty}")))),
        ("changes", changes.collect::<Vec<_>>().join("\n")),
        ("rule set", certificate.rule_set.to_string()),
    ]);
    Ok(())
}

fn status_text(status: Option<String>) -> String {
    status.unwrap_or_else(|| "not begun".to_owned())
}

async fn show_status(
    client: &Client,
    text: &str,
    at: Option<When>,
    printer: Printer,
) -> Result<(), Error> {
    let (number, info) = find(client, text).await?;
    let height = Some(client.height().await?);
    let at = at.unwrap_or(When::Now).past(client.time(height).await?)?;
    let status = client.certificate_status(number, at, height).await?;
    show(
        printer,
        &json!({ "id": number, "number": info.certificate.number, "at": at, "status": status }),
        &[
            ("certificate", format!("{number}, published as {}", info.certificate.number)),
            ("at", at.to_string()),
            ("status", status_text(status.map(|status| format!("{status:?}")))),
        ],
    );
    Ok(())
}

async fn product_lines(client: &Client, lines: &[ProductLine]) -> Result<String, Error> {
    let mut rows = Vec::new();
    for ProductLine { gtin, quantity, area_units } in lines {
        let unit = content_unit(client, gtin).await?;
        rows.push(format!("{gtin}: {} on {}", unit.show(*quantity), Area { units: *area_units }));
    }
    Ok(rows.join("\n"))
}

async fn show_application(client: &Client, number: u32, printer: Printer) -> Result<(), Error> {
    let found = client.application(number, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("application {number}")))?;
    if printer.is_json() {
        printer.value(&json!({ "id": number, "application": found }));
        return Ok(());
    }
    let request = &found.request;
    let stage = match found.stage {
        Stage::Certified(certificate) => format!("Certified as {certificate}"),
        stage => format!("{stage:?}"),
    };
    let inspections = found.inspections.iter().map(|it| {
        format!(
            "{} by organisation {}: bases {}, {} nonconformities open",
            it.inspected_at,
            it.organisation,
            joined(&it.bases),
            it.n_open_nonconformities
        )
    });
    let tests = found.tests.iter().map(|it| {
        let result = if it.passed { "passed" } else { "FAILED" };
        format!("{} {result}, sampled {}, laboratory {}", it.gtin, it.sampled_at, it.lab)
    });
    let proposal = match &found.proposal {
        None => "—".to_owned(),
        Some(proposal) => match &proposal.outcome {
            Outcome::Certify { number, products, valid_from } => format!(
                "to certify as {number} from {valid_from}, by {}\n{}",
                proposal.certifier,
                product_lines(client, products).await?
            ),
            Outcome::Reject { .. } => format!("not to certify, by {}", proposal.certifier),
        },
    };
    print_record(&[
        ("application", number.to_string()),
        ("stage", stage),
        ("client", format!("organisation {}", found.client)),
        ("body", format!("organisation {}", request.body)),
        ("scheme", request.scheme.to_string()),
        ("products", product_lines(client, &request.products).await?),
        ("bases", joined(&request.bases)),
        ("renews", or_dash(request.renews)),
        ("filed", found.applied_at.to_string()),
        ("inspections", inspections.collect::<Vec<_>>().join("\n")),
        ("tests", tests.collect::<Vec<_>>().join("\n")),
        ("proposal", proposal),
        ("signed by", or_dash(found.signed_by.as_ref())),
        ("duty that runs", or_dash(found.duty)),
    ]);
    Ok(())
}

async fn show_finding(client: &Client, number: u32, printer: Printer) -> Result<(), Error> {
    let found = client.finding(number, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("finding {number}")))?;
    let closed = found.closed.as_ref().map(|(closure, by)| format!("{closure:?} by {by}"));
    show(
        printer,
        &json!({ "id": number, "finding": found }),
        &[
            ("finding", number.to_string()),
            ("certificate", found.certificate.to_string()),
            ("found by", format!("organisation {} as {:?}", found.found_by, found.finder)),
            ("ground", format!("{:?}", found.ground)),
            ("demands", format!("{:?}", found.consequence)),
            ("at", found.at.to_string()),
            ("evidence", found.evidence.to_string()),
            ("duty", or_dash(found.duty)),
            ("closed", or_dash(closed)),
        ],
    );
    Ok(())
}

async fn overdue(client: &Client, printer: Printer) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let n_certificates = client.n_certificates(height).await?;
    let mut found = Vec::new();
    for start in (0..n_certificates).step_by(100) {
        found.extend(client.overdue_suspensions(start, height).await?);
    }
    if printer.is_json() {
        printer.value(&json!(found));
    } else if found.is_empty() {
        line("no suspension has outlasted its end");
    } else {
        line(format_args!("to be revoked: certificates {}", joined(&found)));
    }
    Ok(())
}

async fn show_complaint(client: &Client, number: u32, printer: Printer) -> Result<(), Error> {
    let found = client.complaint(number, None).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("complaint {number}")))?;
    let about = match found.kind {
        ComplaintKind::Complaint(id) => format!("complaint about certificate {id}"),
        ComplaintKind::ApplicationAppeal(id) => format!("appeal in application {id}"),
        ComplaintKind::CertificateAppeal(id) => format!("appeal about certificate {id}"),
    };
    let decision = found.decision.as_ref().map(|it| {
        let verdict = if it.upheld { "upheld" } else { "dismissed" };
        format!("{verdict} {} by {}", it.at, it.decided_by)
    });
    show(
        printer,
        &json!({ "id": number, "complaint": found }),
        &[
            ("number", number.to_string()),
            ("about", about),
            ("body", format!("organisation {}", found.body)),
            ("lodged by", format!("organisation {}", found.lodged_by)),
            ("lodged", found.lodged_at.to_string()),
            ("duty", found.duty.to_string()),
            ("decision", or_dash(decision)),
        ],
    );
    Ok(())
}

async fn show_transaction(client: &Client, number: u32, printer: Printer) -> Result<(), Error> {
    let found = client.transaction_certificate(number, None).await?;
    let found =
        found.ok_or_else(|| Error::NotFound(format!("transaction certificate {number}")))?;
    let gtin: &Gtin = &found.gtin;
    let unit = content_unit(client, gtin).await?;
    show(
        printer,
        &json!({ "id": number, "transaction": found }),
        &[
            ("transaction certificate", number.to_string()),
            ("certificate", found.certificate.to_string()),
            ("seller", format!("organisation {}", found.seller)),
            ("buyer", format!("organisation {}", found.buyer)),
            ("batch", found.batch.to_string()),
            ("certified product", gtin.to_string()),
            ("quantity", unit.show(found.quantity)),
            ("issued", found.issued_at.to_string()),
            ("void since", or_dash(found.voided_at)),
        ],
    );
    Ok(())
}

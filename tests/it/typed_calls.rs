//! The typed calls of the client fit the chain: each is a call of its metadata, and none is missing.

use ecoledger_client::{
    Call, CivilDate, Client, Fen, Gtin, Moment, brands,
    brands::{
        BrandRules, LabelFate, LicenceApplication, LicensedProduct, MarkKind, MisuseKind,
        PeriodRule,
    },
    certification as cert,
    certification::{
        ApplicationRequest, ApprovalTerms, BodyKind, CeilingScope, ChangeRequest, ComplaintKind,
        Consequence, FinderKind, Ground, Outcome, Period, ProductLine, Scheme, Scope, Standing,
    },
    labels,
    labels::{CodeScheme, FaultProof, ItemLife, NewSeries, Wanted, commit_to, prove},
    traceability::Commitment,
};
use ecoledger_tests::{Key, validators};
use eyre::{WrapErr, ensure, eyre};
use std::{collections::BTreeSet, fs};

/// What calls are made of.
struct Parts {
    gtin: Gtin,
    document: Commitment,
    address: String,
    period: Period,
    at: Moment,
}

impl Parts {
    fn certification(&self) -> eyre::Result<Vec<Call>> {
        let Self { gtin, document, address, period, at } = self;
        let scope = Scope::new(vec![2, 1, 2], vec![10_000_116]);
        let products = vec![ProductLine { gtin: gtin.clone(), quantity: 1 << 70, area_units: 1 }];
        let terms = ApprovalTerms {
            number: "CNCA-R-2002-134".into(),
            kind: BodyKind::Domestic,
            scope: scope.clone(),
            period: *period,
        };
        let request = ApplicationRequest {
            body: 8,
            scheme: 1,
            products: products.clone(),
            bases: vec![0, 1],
            renews: Some(3),
            document: document.clone(),
        };
        let outcome =
            Outcome::Certify { number: "有机1号".into(), products, valid_from: period.from };
        let file = crate::certified::scheme_file("green-food.json");
        let scheme: Scheme = serde_json::from_str(&fs::read_to_string(file)?)?;
        let person = format!("0x{}", "a1".repeat(32)).parse()?;
        let batch = "09506000200019/LEAF-1".parse()?;
        let category = CeilingScope::Category(10_000_116);
        Ok(vec![
            cert::approve_body(8, &terms, address),
            cert::set_body_standing(8, Standing::Suspended, document),
            cert::accredit(8, "认可1号", &scope, *period),
            cert::set_accreditation_standing(8, Standing::Withdrawn, document),
            cert::register_certifier(&person, address),
            cert::release_certifier(&person),
            cert::bar_person(&person, period.until, document),
            cert::apply(&request),
            cert::accept_application(0),
            cert::refuse_application(0, document),
            cert::withdraw_application(0),
            cert::record_inspection(0, *at, &[0, 1], 2, document),
            cert::record_test(0, gtin, true, *at, document),
            cert::propose_decision(0, &outcome),
            cert::propose_decision(0, &Outcome::Reject { reason: document.clone() }),
            cert::return_proposal(0),
            cert::sign_decision(0),
            cert::record_finding(
                0,
                FinderKind::Lab,
                Ground::ForbiddenSubstance,
                Consequence::Revoke,
                document,
            ),
            cert::dismiss_finding(0, document),
            cert::suspend(0, 3),
            cert::restore(0, document),
            cert::revoke(0),
            cert::request_change(0, ChangeRequest::Reduce, document),
            cert::cancel(0, document),
            cert::reduce(0, gtin, 1 << 70),
            cert::publish(0, document),
            cert::lodge(ComplaintKind::CertificateAppeal(0), document),
            cert::decide_complaint(0, false, document),
            cert::issue_transaction_certificate(0, 2, &batch, 1 << 70),
            cert::void_transaction_certificate(0, document),
            cert::set_scheme(2, &scheme),
            cert::set_yield_ceiling(2, &CeilingScope::Product(gtin.clone()), None),
            cert::set_yield_ceiling(2, &category, Some(1_000_000_000_000_000)),
        ])
    }

    fn brands(&self) -> eyre::Result<Vec<Call>> {
        let Self { gtin, document, at, .. } = self;
        let rules = BrandRules {
            area: vec![331_100],
            categories: vec![10_000_116],
            products: vec![gtin.clone()],
            document: document.to_string().parse()?,
            certificate_scheme: None,
            period: PeriodRule::Days(100),
            registered_until: *at,
        };
        let asked = LicenceApplication {
            sub_brand: Some("山里茶".into()),
            products: vec![LicensedProduct { gtin: gtin.clone(), quota: 1 << 70 }],
            bases: vec![0],
            certificate: None,
            valid_from: *at,
            valid_until: *at,
        };
        let fee = Fen(10_000_000_000_000_000);
        Ok(vec![
            brands::register_brand("G5330", MarkKind::GeographicalIndication, &rules),
            brands::amend_rules(0, &rules),
            brands::set_operator(0, None),
            brands::admit_member(0, 2),
            brands::remove_member(0, 2, document),
            brands::apply(0, &asked),
            brands::inspect(0, false, document),
            brands::grant(0, fee),
            brands::refuse(0, document),
            brands::suspend(0, document),
            brands::restore(0, document),
            brands::revoke(0, document),
            brands::withdraw(0),
            brands::extend(0, *at, fee),
            brands::replace_certificate(0, 1),
            brands::order_labels(0, gtin, 5),
            brands::issue_labels(0),
            brands::cancel_order(0),
            brands::account_labels(0, LabelFate::Destroyed, 1),
            brands::record_misuse(0, 2, Some(0), MisuseKind::SubBrandAlone, fee, document),
            brands::report_premium(0, 2026, document),
            brands::set_yield_ceiling(&CeilingScope::Product(gtin.clone()), Some(u64::MAX)),
        ])
    }

    fn labels(&self) -> eyre::Result<Vec<Call>> {
        let Self { gtin, document, .. } = self;
        let (list, scheme) = ("13426000000000001\n13426000000000002\n", "13426000000000001");
        let scheme = CodeScheme::organic_like(scheme)?;
        let committed = commit_to(list.as_bytes(), &scheme, gtin)?;
        let found = prove(list.as_bytes(), &scheme, gtin, Wanted::Index(1))?;
        let (one, other) = (found.of_series(0), found.of_series(1));
        let batch = "09506000200033/TIN-1".parse()?;
        let new = NewSeries {
            batch: "09506000200033/TIN-1".parse()?,
            root: committed.root,
            n_codes: committed.n_codes,
            scheme,
            list: committed.list,
            certificate: Some(0),
            licence: None,
        };
        Ok(vec![
            labels::create_series(&new),
            labels::create_series(&NewSeries { scheme: CodeScheme::Gs1Serial, ..new }),
            labels::void_series(0),
            labels::report_fault(&FaultProof::Malformed(one.clone())),
            labels::report_fault(&FaultProof::Pair(one.clone(), other)),
            labels::mark_item(&one, &batch, ItemLife::Returned),
            labels::freeze_series(0, document),
            labels::release_series(0, document),
        ])
    }
}

/// Encodes each call, reads it back, and compares their names with those of the pallet.
pub(crate) async fn fit(client: &Client, pallet: &str, calls: &[Call]) -> eyre::Result<()> {
    let codec = client.codec().await?;
    for call in calls {
        let bytes = codec.encode(call).wrap_err_with(|| format!("{call:?}"))?;
        let read = codec.decode(&bytes)?;
        ensure!((&read.pallet, &read.name) == (&call.pallet, &call.name), "{read:?}");
        ensure!(codec.encode(&read)? == bytes, "{call:?} reads back as {read:?}");
    }
    let metadata = client.metadata().await?;
    let known = metadata.pallet_by_name(pallet).ok_or_else(|| eyre!("no pallet {pallet}"))?;
    let known: BTreeSet<_> =
        known.call_variants().unwrap_or_default().iter().map(|call| call.name.as_str()).collect();
    let made: BTreeSet<_> = calls.iter().map(|call| call.name.as_str()).collect();
    ensure!(made == known, "of {pallet} the client makes {made:?}, the chain has {known:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_makes_every_call_of_certification_brands_and_labels() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    let alice = Key::for_client("Alice").public_key();
    let today = CivilDate::today();
    let parts = Parts {
        gtin: "09506000200026".parse()?,
        document: Commitment::with_salt(&[7; 32], b"document"),
        address: ecoledger_client::address(&alice),
        period: Period { from: today, until: CivilDate(today.0 + 365) },
        at: Moment::now(),
    };
    fit(&client, "Certification", &parts.certification()?).await?;
    fit(&client, "Brands", &parts.brands()?).await?;
    fit(&client, "Labels", &parts.labels()?).await?;
    network.passed();
    Ok(())
}

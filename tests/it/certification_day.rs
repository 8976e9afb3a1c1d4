//! The work of certification by hand: from the scheme to the revocation, as separate processes.

use crate::{
    certified::{self, BODY, Wish, date_in, document, scheme_file},
    coverage,
    programs::{Programs, number},
};
use ecoledger_client::Moment;
use ecoledger_tests::{Key, four_validators};
use eyre::ensure;
use serde_json::Value;

const LEAF: &str = "09506000200019";
const PROCESSOR: &str = "2";
const SCHEME: &str = "3";
const NUMBER: &str = "134OP2600001";

/// Registers tea leaf and a base of 10 mu of the co-operative; gives the base.
async fn master_data(programs: &Programs) -> eyre::Result<String> {
    let product = ["product", "register", LEAF, "--unit", "mg", "--category", "10000115"];
    programs.json("bob", &product).await?;
    let place = ["place", "register", "--region", "331127", "--area", "10mu"];
    number(&programs.json("bob", &place).await?, "PlaceRegistered", "place")
}

/// Sets the scheme and the yield of leaf, each by a motion.
async fn scheme(programs: &Programs) -> eyre::Result<()> {
    let file = scheme_file("organic.json");
    // Nobody but a member proposes, and a proposal alone changes nothing.
    let set = ["cert", "scheme", "set", SCHEME, &file];
    programs.refused("dave", &set, "Committee.NotMember").await?;
    let proposed = programs.json("alice", &set).await?;
    let hash = proposed["hash"].as_str().unwrap_or_default().to_owned();
    let index = proposed["index"].to_string();
    let (code, text) = programs.failure("dave", &["cert", "scheme", "show", SCHEME]).await?;
    ensure!(code == 1 && text.contains("scheme 3"), "{code} {text}");
    let open = programs.json("dave", &["motion", "list"]).await?;
    ensure!(open[0]["hash"] == hash.as_str() && open[0]["call"]["name"] == "set_scheme", "{open}");
    let close = ["motion", "close", &hash, &index];
    programs.refused("dave", &close, "Committee.TooEarly").await?;
    programs.json("charlie", &["motion", "vote", &hash, &index, "--nay"]).await?;
    for member in ["alice", "bob"] {
        programs.json(member, &["motion", "vote", &hash, &index, "--aye"]).await?;
    }
    let closed = programs.json("dave", &close).await?;
    ensure!(closed["carried"] == true, "{closed}");
    ensure!(programs.json("dave", &["motion", "list"]).await? == Value::Array(Vec::new()));
    let shown = programs.json("dave", &["cert", "scheme", "show", SCHEME]).await?;
    ensure!(shown["scheme"]["name"] == "有机产品认证", "{shown}");
    ensure!(shown["scheme"]["label"] == "OrganicCode", "{shown}");
    let ceiling = ["cert", "scheme", "set-ceiling", SCHEME, "--gtin", LEAF, "--per-mu", "100kg"];
    programs.enact(&ceiling).await?;
    let table = programs.text("dave", &["cert", "scheme", "ceiling", SCHEME, LEAF]).await?;
    ensure!(table.contains("100 kg"), "{table}");

    // A motion whose call fails is carried, and the command says why it failed.
    let unknown = ["cert", "scheme", "set-ceiling", "99", "--gtin", LEAF, "--per-mu", "1kg"];
    let proposed = programs.json("alice", &unknown).await?;
    let hash = proposed["hash"].as_str().unwrap_or_default().to_owned();
    let index = proposed["index"].to_string();
    for member in ["alice", "charlie"] {
        programs.json(member, &["motion", "vote", &hash, &index, "--aye"]).await?;
    }
    let close = ["motion", "close", &hash, &index];
    programs.refused("alice", &close, "Certification.SchemeNotFound").await
}

/// What the chain refuses on the way of an application, which changes nothing of it.
async fn refusals(programs: &Programs, id: &str, document: &str) -> eyre::Result<()> {
    let show = ["cert", "application", id];
    let before = programs.json("dave", &show).await?;
    let report = ["--report-file", document];
    let test = [&["cert", "test", id, LEAF, "passed"][..], &report].concat();
    let inspect = [&["cert", "inspect", id, "--base", "7"][..], &report].concat();
    let own = [&["cert", "inspect", id, "--base", "0"][..], &report].concat();
    let propose = ["cert", "propose", id, "--number", NUMBER];
    let more = format!("{LEAF}=121kg@10mu");
    let greedy = [&propose[..], &["--product", &more]].concat();
    let late = date_in(-1);
    let backdated = [&propose[..], &["--from", &late]].concat();
    let refusals: [(&str, &[&str], &str); 8] = [
        ("eve", &test, "Certification.WrongStage"),
        ("inspectorate", &inspect, "Certification.BasesInvalid"),
        ("bob", &own, "Participants.RoleNotHeld"),
        ("certbody", &propose, "Certification.NotCertifier"),
        ("certifier", &propose, "Certification.InspectionIncomplete"),
        ("certifier", &greedy, "Certification.InspectionIncomplete"),
        ("certifier", &backdated, "Certification.InspectionIncomplete"),
        ("certifier", &["cert", "sign", id], "Certification.NotHeadOfBody"),
    ];
    for (agent, arguments, error) in refusals {
        programs.refused(agent, arguments, error).await?;
    }
    ensure!(programs.json("dave", &show).await? == before, "a refusal changed the application");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_from_application_to_revocation() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let document = document(&network)?;
    let base = master_data(&programs).await?;
    scheme(&programs).await?;
    certified::bodies(&programs, SCHEME).await?;

    let wish = Wish {
        client: "bob",
        scheme: SCHEME,
        gtin: LEAF,
        grown: "120kg@10mu",
        base: &base,
        number: NUMBER,
        document: &document,
    };
    let id = wish.apply(&programs).await?;
    let duties = programs.json("certbody", &["cert", "duties", BODY]).await?;
    ensure!(duties[0]["duty"]["kind"]["Accept"] == 0 && duties[0]["late"] == false, "{duties}");
    let refuse = [
        "cert",
        "apply",
        "--body",
        BODY,
        "--scheme",
        SCHEME,
        "--base",
        &base,
        "--document-file",
        &document,
        "--product",
    ];
    let wide = format!("{LEAF}=120kg@11mu");
    let apply = [&refuse[..], &[&wide]].concat();
    programs.refused("bob", &apply, "Certification.AreaExceedsBases").await?;
    programs.json("certbody", &["cert", "accept", &id]).await?;
    refusals(&programs, &id, &document).await?;
    let report = ["--report-file", &document];
    let inspect = [&["cert", "inspect", &id, "--base", &base][..], &report].concat();
    programs.json("inspectorate", &inspect).await?;
    let propose = ["cert", "propose", &id, "--number", NUMBER];
    programs.refused("certifier", &propose, "Certification.TestMissing").await?;
    let test = [&["cert", "test", &id, LEAF, "passed"][..], &report].concat();
    programs.json("eve", &test).await?;
    let more = format!("{LEAF}=121kg@10mu");
    let greedy = [&propose[..], &["--product", &more]].concat();
    programs.refused("certifier", &greedy, "Certification.ExceedsApplication").await?;
    let asked = programs.json("certifier", &[&propose[..], &["--dry-run"]].concat()).await?;
    ensure!(asked["summary"] == "would be accepted", "{asked}");
    let shown = programs.json("dave", &["cert", "application", &id]).await?;
    ensure!(shown["application"]["stage"] == "Tested", "it was only asked: {shown}");
    programs.json("certifier", &propose).await?;
    programs.json("certbody", &["cert", "return", &id]).await?;
    let less = format!("{LEAF}=110kg@10mu");
    programs.json("certifier", &[&propose[..], &["--product", &less]].concat()).await?;
    let signed = programs.json("certbody", &["cert", "sign", &id]).await?;
    ensure!(number(&signed, "CertificateIssued", "certificate")? == "0", "{signed}");
    let table = programs.text("dave", &["cert", "application", &id]).await?;
    ensure!(table.contains("Certified as 0") && table.contains("110 kg on 10 mu"), "{table}");

    sales(&programs, &document, &base).await?;
    stops(&programs, &document).await?;
    ending(&programs, &document, &base).await?;
    coverage::check(&network, "a_certificate_from_application_to_revocation").await?;
    network.passed();
    Ok(())
}

/// Status now: `Valid`, `Suspended`, `Revoked`.
async fn status(programs: &Programs, at: Option<&str>) -> eyre::Result<Value> {
    let mut arguments = vec!["cert", "status", NUMBER];
    arguments.extend(at.into_iter().flat_map(|at| ["--at", at]));
    Ok(programs.json("dave", &arguments).await?["status"].take())
}

/// A harvest, and what is sold of it with a transaction certificate.
async fn sales(programs: &Programs, document: &str, base: &str) -> eyre::Result<()> {
    ensure!(status(programs, None).await? == "Valid");
    // Before it was issued there was none.
    ensure!(status(programs, Some(&date_in(-1))).await?.is_null());
    ensure!(status(programs, Some(&date_in(0))).await? == "Valid");
    let batch = format!("{LEAF}/LEAF-1");
    programs.json("bob", &["batch", "produce", &batch, "100kg", "--place", base]).await?;
    programs.json("bob", &["batch", "claim", &batch, "--certificate", NUMBER]).await?;
    let sale = ["cert", "sale", NUMBER, "--buyer", PROCESSOR, "--batch", &batch];
    let sold = programs.json("certbody", &[&sale[..], &["60 kg"]].concat()).await?;
    let first = number(&sold, "TransactionCertificateIssued", "id")?;
    let more = [&sale[..], &["41kg"]].concat();
    programs.refused("certbody", &more, "Certification.BatchQuantityExceeded").await?;
    let foreign = [&sale[..], &["1kg"]].concat();
    programs.refused("bob", &foreign, "Participants.RoleNotHeld").await?;
    let second = programs.json("certbody", &[&sale[..], &["40kg"]].concat()).await?;
    let second = number(&second, "TransactionCertificateIssued", "id")?;
    let void = ["cert", "void-sale", &second, "--reason-file", document];
    programs.json("certbody", &void).await?;
    let table = programs.text("dave", &["cert", "transaction", &first]).await?;
    ensure!(table.contains("60 kg") && table.contains("organisation 2"), "{table}");
    let shown = programs.json("dave", &["cert", "transaction", &second]).await?;
    ensure!(shown["transaction"]["voided_at"].is_u64(), "{shown}");
    let shown = programs.json("dave", &["cert", "show", "0"]).await?;
    ensure!(shown["certificate"]["products"][0]["sold"] == 60_000_000, "{shown}");
    Ok(())
}

/// A finding, a suspension, an appeal that is upheld, and the restoration; all published.
async fn stops(programs: &Programs, document: &str) -> eyre::Result<()> {
    let before = Moment::now().to_string();
    let evidence = ["--evidence-file", document];
    let find = ["cert", "find", NUMBER, "--as", "body", "--ground", "mark-misused"];
    let find = [&find[..], &["--demands", "suspend"], &evidence].concat();
    let found = programs.json("certbody", &find).await?;
    let finding = number(&found, "FindingRecorded", "finding")?;
    let suspend = ["cert", "suspend", &finding, "--months"];
    let long = [&suspend[..], &["4"]].concat();
    programs.refused("certbody", &long, "Certification.SuspensionTermInvalid").await?;
    programs.json("certbody", &[&suspend[..], &["1"]].concat()).await?;
    ensure!(status(programs, None).await? == "Suspended");
    ensure!(status(programs, Some(&before)).await? == "Valid");
    let batch = format!("{LEAF}/LEAF-1");
    let sale = ["cert", "sale", NUMBER, "--buyer", PROCESSOR, "--batch", &batch, "1kg"];
    programs.refused("certbody", &sale, "Certification.CertificateNotValid").await?;

    let with = ["--document-file", document];
    let restore = [&["cert", "restore", NUMBER][..], &with].concat();
    programs.refused("certbody", &restore, "Certification.SuspensionTooShort").await?;
    let appeal = [&["cert", "appeal", "--certificate", NUMBER][..], &with].concat();
    let lodged = programs.json("bob", &appeal).await?;
    let complaint = number(&lodged, "ComplaintLodged", "complaint")?;
    let decide = [&["cert", "decide-complaint", &complaint, "upheld"][..], &with].concat();
    programs.refused("certifier", &decide, "Certification.DeciderInvolved").await?;
    programs.json("evaluator", &decide).await?;
    let table = programs.text("dave", &["cert", "complaint", &complaint]).await?;
    ensure!(table.contains("upheld") && table.contains("certificate 0"), "{table}");
    programs.json("certbody", &restore).await?;
    ensure!(status(programs, None).await? == "Valid");

    let duties = programs.json("certbody", &["cert", "duties", BODY]).await?;
    let open: Vec<_> = duties.as_array().into_iter().flatten().collect();
    ensure!(open.len() == 2, "a suspension and a restoration are to be published: {duties}");
    for duty in open {
        ensure!(duty["duty"]["kind"]["Publish"] == 0, "{duty}");
        let id = duty["id"].to_string();
        programs.json("certbody", &[&["cert", "publish", &id][..], &with].concat()).await?;
        let done = programs.json("dave", &["cert", "duty", &id]).await?;
        ensure!(done["duty"]["done_at"].is_u64() && done["late"] == false, "{done}");
    }
    let late = programs.text("certbody", &["cert", "duties", BODY, "--late"]).await?;
    ensure!(late.contains("0 duties"), "{late}");
    let overdue = programs.text("certbody", &["cert", "overdue"]).await?;
    ensure!(overdue.contains("no suspension"), "{overdue}");
    Ok(())
}

/// A second finding, the revocation, and the lock after it.
async fn ending(programs: &Programs, document: &str, base: &str) -> eyre::Result<()> {
    let before = Moment::now().to_string();
    let find = ["cert", "find", "0", "--as", "lab", "--ground", "forbidden-substance"];
    let evidence = ["--evidence-file", document];
    let mild = [&find[..], &["--demands", "suspend"], &evidence].concat();
    programs.refused("eve", &mild, "Certification.ConsequenceInvalid").await?;
    let grave = [&find[..], &["--demands", "revoke"], &evidence].concat();
    let finding = number(&programs.json("eve", &grave).await?, "FindingRecorded", "finding")?;
    let suspend = ["cert", "suspend", &finding, "--months", "1"];
    programs.refused("certbody", &suspend, "Certification.FindingDemandsRevocation").await?;
    programs.json("certbody", &["cert", "revoke", &finding]).await?;
    ensure!(status(programs, None).await? == "Revoked");
    ensure!(status(programs, Some(&before)).await? == "Valid");
    let table = programs.text("dave", &["cert", "show", NUMBER]).await?;
    for word in ["revoked on finding 1", "Suspended since", "110 kg on 10 mu", "Revoked"] {
        ensure!(table.contains(word), "{table}");
    }
    let table = programs.text("dave", &["cert", "finding", &finding]).await?;
    ensure!(table.contains("ForbiddenSubstance") && table.contains("Revoked by"), "{table}");
    let lock = programs.json("dave", &["cert", "lock", "1", SCHEME]).await?;
    ensure!(lock["lockedUntil"].is_string(), "{lock}");
    let product = format!("{LEAF}=120kg@10mu");
    let again = [
        "cert",
        "apply",
        "--body",
        BODY,
        "--scheme",
        SCHEME,
        "--base",
        base,
        "--product",
        &product,
        "--document-file",
        document,
    ];
    programs.refused("bob", &again, "Certification.ClientLocked").await?;
    let restore = ["cert", "restore", NUMBER, "--document-file", document];
    programs.refused("certbody", &restore, "Certification.CertificateEnded").await?;
    let body = programs.json("dave", &["cert", "body", "show", BODY]).await?;
    ensure!(body["body"]["tally"]["n_revoked"] == 1, "{body}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_gives_up_and_a_body_loses_its_approval() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let document = document(&network)?;
    let base = master_data(&programs).await?;
    let ceiling = ["cert", "scheme", "set-ceiling", "1", "--category", "10000115", "--per-mu"];
    programs.enact(&[&ceiling[..], &["100kg"]].concat()).await?;
    certified::bodies(&programs, "1").await?;
    let with = ["--document-file", &document];
    let wish = Wish {
        client: "bob",
        scheme: "1",
        gtin: LEAF,
        grown: "120kg@10mu",
        base: &base,
        number: NUMBER,
        document: &document,
    };

    // What is refused, rejected and withdrawn on the way.
    let first = wish.apply(&programs).await?;
    let refuse = ["cert", "refuse", &first, "--reason-file", &document];
    programs.json("certbody", &refuse).await?;
    let appeal = [&["cert", "appeal", "--application", &first][..], &with].concat();
    let appeal = number(&programs.json("bob", &appeal).await?, "ComplaintLodged", "complaint")?;
    let dismiss = [&["cert", "decide-complaint", &appeal, "dismissed"][..], &with].concat();
    programs.json("evaluator", &dismiss).await?;
    let second = wish.apply(&programs).await?;
    programs.json("bob", &["cert", "withdraw", &second]).await?;
    let third = wish.apply(&programs).await?;
    programs.json("certbody", &["cert", "accept", &third]).await?;
    let reject = ["cert", "reject", &third, "--reason-file", &document];
    programs.json("certifier", &reject).await?;
    programs.json("certbody", &["cert", "sign", &third]).await?;
    for (id, stage) in [(&first, "Refused"), (&second, "Withdrawn"), (&third, "Rejected")] {
        let shown = programs.json("dave", &["cert", "application", id]).await?;
        ensure!(shown["application"]["stage"] == stage, "{shown}");
    }

    let id = wish.apply(&programs).await?;
    let certificate = wish.decide(&programs, &id).await?;
    let fits = ["cert", "organic-code", &certificate];
    let year = &date_in(0)[2..4];
    let code = format!("134{year}000000000001");
    let shown = programs.json("dave", &[&fits[..], &[&code]].concat()).await?;
    ensure!(shown["fits"] == true, "{shown}");
    let shown = programs.json("dave", &[&fits[..], &["13526000000000001"]].concat()).await?;
    ensure!(shown["fits"] == false, "{shown}");

    // In order, and unfounded: neither does anything to the certificate.
    let evidence = ["--evidence-file", &document];
    let find = ["cert", "find", &certificate, "--as", "body", "--ground"];
    let good = [&find[..], &["in-order", "--demands", "none"], &evidence].concat();
    programs.json("certbody", &good).await?;
    let bad = [&find[..], &["non-conformity", "--demands", "suspend"], &evidence].concat();
    let finding = number(&programs.json("certbody", &bad).await?, "FindingRecorded", "finding")?;
    programs.json("certbody", &[&["cert", "dismiss", &finding][..], &with].concat()).await?;
    supervision(&programs, &certificate, &document).await?;
    let complain = [&["cert", "complain", NUMBER][..], &with].concat();
    programs.json("dave", &complain).await?;

    // Reduced, then cancelled, each at the holder's request only.
    let reduce = ["cert", "reduce", NUMBER, LEAF, "--to", "90kg"];
    programs.refused("certbody", &reduce, "Certification.NotRequested").await?;
    let request = ["cert", "request", NUMBER];
    programs.json("bob", &[&request[..], &["reduce"], &with].concat()).await?;
    programs.json("certbody", &reduce).await?;
    let shown = programs.text("dave", &["cert", "show", NUMBER]).await?;
    ensure!(shown.contains("90 kg on 10 mu"), "{shown}");
    programs.json("bob", &[&request[..], &["cancel"], &with].concat()).await?;
    programs.json("certbody", &[&["cert", "cancel", NUMBER][..], &with].concat()).await?;
    ensure!(status(&programs, None).await? == "Cancelled");

    // The body: a certifier leaves and is barred, accreditation and approval are stopped.
    let person = format!("0x{}", "b2".repeat(32));
    programs.json("certbody", &["cert", "certifier", "release", &person]).await?;
    let until = date_in(1_825);
    let bar = ["cert", "certifier", "bar", &person, "--until", &until];
    programs.json("cnca", &[&bar[..], &with].concat()).await?;
    let shown = programs.text("dave", &["cert", "certifier", "show", &person]).await?;
    ensure!(shown.contains(&until), "{shown}");
    for (agent, kind) in [("accreditor", "accreditation"), ("cnca", "body")] {
        for (verb, standing) in
            [("suspend", "Suspended"), ("reinstate", "InForce"), ("withdraw", "Withdrawn")]
        {
            let change = [&["cert", kind, verb, BODY][..], &with].concat();
            programs.json(agent, &change).await?;
            let shown = programs.text("dave", &["cert", kind, "show", BODY]).await?;
            ensure!(shown.contains(&format!("{standing} since")), "{shown}");
        }
    }
    let shown = programs.text("dave", &["cert", "show", NUMBER]).await?;
    ensure!(shown.contains("NOT in force"), "{shown}");
    coverage::check(&network, "a_holder_gives_up_and_a_body_loses_its_approval").await?;
    network.passed();
    Ok(())
}

/// What an inspection body finds is the body's to judge; what market supervision finds is not.
async fn supervision(programs: &Programs, certificate: &str, document: &str) -> eyre::Result<()> {
    let find = |finder| {
        let what = ["--ground", "non-conformity", "--demands", "suspend"];
        let evidence = ["--evidence-file", document];
        [&["cert", "find", certificate, "--as", finder][..], &what, &evidence].concat()
    };
    let with = ["--document-file", document];
    let found = programs.json("inspectorate", &find("inspection-body")).await?;
    let finding = number(&found, "FindingRecorded", "finding")?;
    programs.json("certbody", &[&["cert", "dismiss", &finding][..], &with].concat()).await?;
    programs.refused("eve", &find("authority"), "Participants.RoleNotHeld").await?;
    let found = programs.json("alice", &find("authority")).await?;
    let finding = number(&found, "FindingRecorded", "finding")?;
    let dismiss = [&["cert", "dismiss", &finding][..], &with].concat();
    programs.refused("certbody", &dismiss, "Certification.AuthorityOnly").await?;
    programs.json("alice", &dismiss).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_in_certification_are_named_before_anything_is_sent() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let client = network.client(0).await?;
    let document = document(&network)?;
    let (broken, none) = (network.scratch().join("broken.json"), "/no/such/file");
    std::fs::write(&broken, r#"{ "name": "x" }"#)?;
    let broken = broken.display().to_string();
    let with = ["--document-file", document.as_str()];
    let apply = ["cert", "apply", "--body", "8", "--scheme", "1", "--base", "0", "--product"];
    let approve = ["cert", "body", "approve", "8", "--scheme", "1", "--head", "x", "--from"];
    let cases: [(Vec<&str>, &[&str]); 15] = [
        ([&apply[..], &["09506000200018=1kg@1mu"], &with].concat(), &["--product", "check digit"]),
        ([&apply[..], &["09506000200019=1@1mu"], &with].concat(), &["--product", "no unit"]),
        ([&apply[..], &["09506000200019=1kg@1"], &with].concat(), &["--product", "area"]),
        ([&apply[..], &["09506000200019=1kg@1mu"]].concat(), &["--document-file"]),
        (
            [&apply[..], &["09506000200019=1kg@1mu", "--document-file", none]].concat(),
            &["/no/such/file"],
        ),
        (vec!["cert", "sign", "first"], &["<APPLICATION>"]),
        (
            vec!["cert", "propose", "0", "--number", "N1", "--from", "2026-02-30"],
            &["--from", "date"],
        ),
        (vec!["cert", "propose", "0", "--number", ""], &["--number", "1 to 64 bytes"]),
        (
            [&["cert", "certifier", "register", "0x12", "--agent", "x"][..]].concat(),
            &["PERSON", "64 hexadecimal digits"],
        ),
        (
            [&approve[..], &["2026-01-01", "--until", "2025-01-01", "--number", "N-101"]].concat(),
            &["until", "2026-01-01"],
        ),
        (
            [&approve[..], &["2026-01-01", "--until", "2027-01-01", "--number", "N"]].concat(),
            &["number", "three digits"],
        ),
        (
            [&approve[..], &["2026-01-01", "--until", "2027-01-01", "--number", "N-101"]].concat(),
            &["head", "SS58"],
        ),
        (
            vec![
                "cert",
                "inspect",
                "0",
                "--base",
                "0",
                "--time",
                "2026-03-28",
                "--report-file",
                none,
            ],
            &["time", "RFC 3339"],
        ),
        (
            vec![
                "cert",
                "find",
                "0",
                "--as",
                "neighbour",
                "--ground",
                "in-order",
                "--demands",
                "none",
                "--evidence-file",
                none,
            ],
            &["--as", "inspection-body"],
        ),
        (vec!["cert", "scheme", "set", "1", &broken], &["broken.json", "standard"]),
    ];
    for (arguments, words) in &cases {
        let (code, text) = programs.failure("alice", arguments).await?;
        ensure!(code == 2, "{arguments:?}: {code} {text}");
        for word in *words {
            ensure!(text.contains(word), "{arguments:?}: {text} does not say {word}");
        }
    }
    for (arguments, word) in [
        (&["cert", "show", "0"][..], "certificate 0"),
        (&["cert", "status", "134OP2699999"], "134OP2699999"),
        (&["cert", "application", "0"], "application 0"),
        (&["cert", "finding", "0"], "finding 0"),
        (&["cert", "accreditation", "show", "8"], "accreditation of 8"),
    ] {
        let (code, text) = programs.failure("alice", arguments).await?;
        ensure!(code == 1 && text.contains(word), "{arguments:?}: {code} {text}");
    }
    let alice = Key::for_client("Alice").public_key();
    ensure!(client.next_nonce(&alice).await? == 0, "nothing was sent");
    let rules = programs.json("alice", &["cert", "scheme", "rules"]).await?;
    ensure!(rules["version"] == 2, "{rules}");
    network.passed();
    Ok(())
}

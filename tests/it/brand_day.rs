//! The work of a regional brand by hand: from the mark to the copy of a label, as separate
//! processes.

use crate::{
    certified::{self, Wish, date_in, document},
    coverage,
    programs::{Programs, number},
    serving::{as_described, folder},
};
use ecoledger_client::Moment;
use ecoledger_tests::{Gateway, Key, Network, four_validators};
use eyre::ensure;
use serde_json::{Value, json};
use std::fs;

const TEA: &str = "09506000200026";
const TIN: &str = "09506000200033";
const OPERATOR: &str = "11";
const PROCESSOR: &str = "2";
const NUMBER: &str = "134OP2600002";

/// Registers tea, tins of 100 g and a base of 10 mu of the processor, and certifies the tea; gives
/// the base.
async fn certified_tea(programs: &Programs, document: &str) -> eyre::Result<String> {
    let register = ["product", "register"];
    let tea = [&register[..], &[TEA, "--unit", "mg", "--category", "10000116"]].concat();
    programs.json("charlie", &tea).await?;
    let content = ["--content", "100g", "--of", TEA, "--category", "10000116"];
    let tin = [&register[..], &[TIN, "--unit", "pcs"], &content].concat();
    programs.json("charlie", &tin).await?;
    let place = ["place", "register", "--region", "331127", "--area", "10mu"];
    let base = number(&programs.json("charlie", &place).await?, "PlaceRegistered", "place")?;
    let ceiling = ["cert", "scheme", "set-ceiling", "1", "--gtin", TEA, "--per-mu", "50kg"];
    programs.enact(&ceiling).await?;
    certified::bodies(programs, "1").await?;
    let wish = Wish {
        client: "charlie",
        scheme: "1",
        gtin: TEA,
        grown: "300kg@10mu",
        base: &base,
        number: NUMBER,
        document,
    };
    let application = wish.apply(programs).await?;
    wish.decide(programs, &application).await?;
    Ok(base)
}

/// Registers the brand with its rules, operator and yield ceiling.
async fn brand(programs: &Programs, document: &str) -> eyre::Result<()> {
    let until = date_in(1_000);
    let register = ["brand", "register", "G5330", "--kind", "certification", "--area", "331100"];
    let rules = ["--rules-file", document, "--registered-until", &until, "--category", "10000116"];
    let register = [&register[..], &rules, &["--certificate-scheme", "1"]].concat();
    programs.refused("charlie", &register, "Participants.RoleNotHeld").await?;
    let registered = programs.json("brandowner", &register).await?;
    ensure!(number(&registered, "BrandRegistered", "brand")? == "0", "{registered}");
    let rules = ["brand", "amend", "0", "--area", "331100", "--area", "330100", "--product", TIN];
    let terms = ["--rules-file", document, "--registered-until", &until];
    let amend = [&rules[..], &terms, &["--certificate-scheme", "1"]].concat();
    programs.json("brandowner", &amend).await?;
    programs.json("brandowner", &["brand", "operator", "0", OPERATOR]).await?;
    let admit = ["brand", "member", "admit", "0", PROCESSOR];
    programs.refused("brandowner", &admit, "Brands.NotCollective").await?;
    let ceiling = ["brand", "set-ceiling", "--category", "10000116", "--per-mu", "50kg"];
    programs.enact(&ceiling).await?;
    let table = programs.text("dave", &["brand", "show", "G5330"]).await?;
    for word in ["G5330", "organisation 11", "330100, 331100", "calendar year", TIN] {
        ensure!(table.contains(word), "{table} does not say {word}");
    }
    let shown = programs.json("dave", &["brand", "rules", "0", "0"]).await?;
    ensure!(shown["area"] == json!([331_100]), "{shown}");
    let shown = programs.json("dave", &["brand", "ceiling", "--category", "10000116"]).await?;
    ensure!(shown["perMuYear"] == 50_000_000, "{shown}");
    Ok(())
}

/// Applies for a licence, has it inspected and granted.
async fn licence(programs: &Programs, document: &str, base: &str) -> eyre::Result<()> {
    let (until, report) = (date_in(300), ["--report-file", document]);
    let product = format!("{TIN}=100kg");
    let apply = ["brand", "licence", "apply", "0", "--base", base, "--until", &until];
    let apply = [&apply[..], &["--sub-brand", "山里茶", "--certificate", NUMBER]].concat();
    let greedy = format!("{TIN}=501kg");
    let greedy = [&apply[..], &["--product", &greedy]].concat();
    programs.refused("charlie", &greedy, "Brands.QuotaExceedsYield").await?;
    programs.json("charlie", &[&apply[..], &["--product", &product]].concat()).await?;
    let grant = ["brand", "licence", "grant", "0", "--fee", "5000.50"];
    programs.refused("brandowner", &grant, "Brands.StatusInvalid").await?;
    let inspect = ["brand", "licence", "inspect", "0"];
    programs.json("brandoperator", &[&inspect[..], &["failed"], &report].concat()).await?;
    programs.json("inspectorate", &[&inspect[..], &["passed"], &report].concat()).await?;
    programs.refused("brandoperator", &grant, "Participants.RoleNotHeld").await?;
    programs.json("brandowner", &grant).await?;
    let table = programs.text("dave", &["brand", "licence", "show", "0"]).await?;
    for word in ["Granted", "山里茶", "100 kg in a period", "5000.50 CNY", "FAILED"] {
        ensure!(table.contains(word), "{table} does not say {word}");
    }
    let list = programs.json("dave", &["brand", "licence", "list", "0", PROCESSOR]).await?;
    ensure!(list[0]["id"] == 0 && list[0]["licence"]["fee_fen"] == 500_050, "{list}");
    Ok(())
}

/// Orders printed labels, has them issued, and accounts for some.
async fn printed_labels(programs: &Programs) -> eyre::Result<()> {
    programs.json("charlie", &["brand", "labels", "order", "0", TIN, "50"]).await?;
    programs.json("charlie", &["brand", "labels", "order", "0", TIN, "7"]).await?;
    programs.json("charlie", &["brand", "labels", "cancel", "1"]).await?;
    programs.refused("charlie", &["brand", "labels", "issue", "0"], "Brands.NotBrandParty").await?;
    programs.json("brandoperator", &["brand", "labels", "issue", "0"]).await?;
    let account = ["brand", "labels", "account", "0"];
    for (fate, count) in [("used", "10"), ("void", "2"), ("destroyed", "3")] {
        programs.json("charlie", &[&account[..], &[fate, count]].concat()).await?;
    }
    let more = [&account[..], &["used", "36"]].concat();
    programs.refused("charlie", &more, "Brands.StockInsufficient").await?;
    let shown = programs.json("dave", &["brand", "labels", "show", "0"]).await?;
    let order = &shown["order"];
    ensure!(order["n_stock"] == 35 && order["n_used"] == 10 && order["n_void"] == 2, "{shown}");
    ensure!(shown["frozen"] == false, "{shown}");
    let quota = programs.text("dave", &["brand", "licence", "quota", "0", TIN]).await?;
    // 50 labels of 100 g, less 5 that came back.
    ensure!(quota.contains("4.5 kg") && quota.contains("95.5 kg"), "{quota}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brand_from_its_mark_to_a_copied_label() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let document = document(&network)?;
    let base = certified_tea(&programs, &document).await?;
    brand(&programs, &document).await?;
    licence(&programs, &document, &base).await?;
    printed_labels(&programs).await?;

    let (tea, tins) = (format!("{TEA}/T1"), format!("{TIN}/P1"));
    programs.json("charlie", &["batch", "produce", &tea, "40kg", "--place", &base]).await?;
    programs.json("charlie", &["batch", "claim", &tea, "--certificate", NUMBER]).await?;
    let (from, make) = (format!("{tea}=16kg"), format!("{tins}=160pcs"));
    programs.json("charlie", &["batch", "pack", "--from", &from, "--make", &make]).await?;
    item_codes(&network, &programs, &tins).await?;
    by_order(&programs, &document).await?;
    licence_ends(&programs, &document).await?;
    coverage::check(&network, "a_brand_from_its_mark_to_a_copied_label").await?;
    network.passed();
    Ok(())
}

/// Writes organic codes of the body and this year, one a line; gives the file.
fn codes(
    network: &Network,
    name: &str,
    serials: impl Iterator<Item = u32>,
) -> eyre::Result<String> {
    let file = network.scratch().join(name);
    let list: String = serials.map(|serial| format!("{}\n", code(serial))).collect();
    fs::write(&file, list)?;
    Ok(file.display().to_string())
}

fn code(serial: u32) -> String {
    format!("134{}{serial:012}", &date_in(0)[2..4])
}

/// Series of item codes: proven, sold, sold twice, copied, and reported.
async fn item_codes(network: &Network, programs: &Programs, tins: &str) -> eyre::Result<()> {
    let path = |name: &str| network.scratch().join(name).display().to_string();
    let brand = ["--organic", "--certificate", NUMBER, "--licence", "0"];
    let (few, first) = (codes(network, "few", 0..10)?, codes(network, "first", 100..200)?);
    // The last of them is one of the first series.
    let second = codes(network, "second", (20..79).chain([150]))?;
    let series = ["label", "series", tins, "--codes"];
    let make = |list| [&series[..], &[list], &brand].concat();
    programs.json("charlie", &make(&few)).await?;
    programs.json("charlie", &["label", "void", "0"]).await?;
    programs.refused("dave", &make(&first), "Labels.NotHolder").await?;
    let made = programs.json("charlie", &make(&first)).await?;
    ensure!(number(&made, "SeriesCreated", "series")? == "1", "{made}");
    let table = programs.text("dave", &["label", "show", "1"]).await?;
    for word in ["100 organic codes of body 134", "10 kg", "active"] {
        ensure!(table.contains(word), "{table} does not say {word}");
    }

    // Anyone with the published list proves a code, and anyone with the proof checks it.
    let (one, copy) = (path("one.json"), path("copy.json"));
    let code = code(150);
    let prove = ["label", "prove", "1", &code, "--codes"];
    programs.json("dave", &[&prove[..], &[&first, "--proof", &one]].concat()).await?;
    let (exit, text) = programs.failure("dave", &[&prove[..], &[&second]].concat()).await?;
    ensure!(exit == 2 && text.contains("is not the list of series 1"), "{exit} {text}");
    let verify = ["label", "verify", one.as_str()];
    let shown = programs.json("dave", &verify).await?;
    ensure!(shown["answer"]["genuine"] == true && shown["code"] == code.as_str(), "{shown}");
    ensure!(shown["answer"]["certificate"] == "Valid", "{shown}");
    ensure!(shown["answer"]["licence_in_force"] == true, "{shown}");
    let mut changed: Value = serde_json::from_str(&fs::read_to_string(&one)?)?;
    changed["index"] = json!(51);
    let forged = path("forged.json");
    fs::write(&forged, changed.to_string())?;
    let (exit, text) = programs.failure("dave", &["label", "verify", &forged]).await?;
    ensure!(exit == 1 && text.contains("does not hold"), "{exit} {text}");

    // Sold once; the second sale is of a copy.
    let mark = ["label", "mark", one.as_str()];
    let of_batch = ["--batch", tins];
    let sold = [&mark[..], &["sold"], &of_batch].concat();
    programs.json("charlie", &sold).await?;
    programs.refused("charlie", &sold, "Labels.AlreadySold").await?;
    let table = programs.text("dave", &verify).await?;
    ensure!(table.contains("Sold since") && table.contains("organisation 2"), "{table}");
    let item = programs.json("dave", &["label", "item", "1", "50"]).await?;
    ensure!(item["mark"]["life"] == "Sold", "{item}");
    proven(network, programs, &one).await?;

    // A second series repeats the code: whoever shows both proofs freezes it.
    programs.json("charlie", &make(&second)).await?;
    let all = programs.json("dave", &["label", "batch", tins]).await?;
    ensure!(
        all["labelled"]["n_pieces"] == 160 && all["series"].as_array().map(Vec::len) == Some(3)
    );
    let more = codes(network, "more", 900..901)?;
    programs.refused("charlie", &make(&more), "Labels.AllLabelled").await?;
    let by_position =
        ["label", "prove", "2", "--index", "59", "--codes", &second, "--proof", &copy];
    programs.json("dave", &by_position).await?;
    programs.refused("dave", &["label", "report", &copy], "Labels.NoFault").await?;
    let report = ["label", "report", &one, &copy];
    programs.json("dave", &report).await?;
    programs.refused("dave", &report, "Labels.SeriesNotActive").await?;
    let shown = programs.json("dave", &["label", "show", "2"]).await?;
    ensure!(shown["series"]["state"]["Frozen"] == "Duplicate", "{shown}");
    let table = programs.text("dave", &["label", "verify", &copy]).await?;
    ensure!(table.contains("FROZEN: Duplicate"), "{table}");
    let mark = ["label", "mark", &copy, "sold", "--batch", tins];
    programs.refused("charlie", &mark, "Labels.SeriesNotActive").await?;
    let shown = programs.json("dave", &["label", "show", "1"]).await?;
    ensure!(shown["series"]["state"] == "Active", "the first series stays: {shown}");
    addresses(network, programs, &first, &code).await
}

/// An organic code is found however it is written, and its address answers as a resolver does.
async fn addresses(
    network: &Network,
    programs: &Programs,
    codes: &str,
    code: &str,
) -> eyre::Result<()> {
    let gateway = Gateway::start(&programs.url, &folder(network)).await?;
    gateway.reaches(&network.client(0).await?).await?;
    let publish = ["label", "publish", "1", "--codes", codes, "--gateway", &gateway.url];
    programs.json("charlie", &publish).await?;
    let item = format!("/product/organic/{code}");
    let spaced = format!("{}%20{}%20{}", &code[..5], &code[5..9], &code[9..]);
    let printed = format!("https%3A%2F%2Ftrace.example{}", item.replace('/', "%2F"));
    for written in [code, &spaced, &printed, &item] {
        let scan = gateway.json(&format!("/api/v1/scan?code={written}")).await?;
        ensure!(scan["scan"]["code"] == code, "{written}: {scan}");
        let found = gateway.get(&format!("/?lang=en&code={written}")).await?;
        ensure!(found.header("location") == format!("{item}?lang=en"), "{written}");
    }
    for address in [format!("{item}?lang=en"), format!("{item}/?lang=en")] {
        ensure!(gateway.page(&address).await?.contains(code), "{address}");
    }
    let lot = gateway.json(&format!("/api/v1/scan?code={code}")).await?["scan"]["lot"].clone();
    let lot = lot.as_str().unwrap_or_default().to_owned();
    let accept: &[_] = &[("Accept", "application/linkset+json")];
    for (address, headers) in
        [(format!("{item}?linkType=linkset"), &[][..]), (item.clone(), accept)]
    {
        let answer = gateway.send("GET", &address, headers, Vec::new()).await?;
        ensure!(answer.header("content-type") == "application/linkset+json", "{address}");
        let said = answer.json()?;
        let anchors = said["linkset"].as_array().into_iter().flatten();
        let anchors: Vec<_> = anchors.filter_map(|it| it["anchor"].as_str()).collect();
        let expected = [&item, &format!("/01/{TIN}/10/{lot}"), &format!("/01/{TIN}")];
        ensure!(anchors == expected.map(|it| format!("{}{it}", gateway.url)), "{anchors:?}");
    }
    for (wanted, status, to) in [
        ("gs1%3acertificationInfo&x=1", 307, format!("{item}?x=1#certificates")),
        ("gs1:pip", 307, item.clone()),
        ("gs1:nothing", 404, String::new()),
    ] {
        let answer = gateway.get(&format!("{item}?linkType={wanted}")).await?;
        let location = answer.header("location").replace(&gateway.url, "");
        ensure!((answer.status, &location) == (status, &to), "{wanted}: {location}");
    }
    as_described(
        &gateway,
        &[
            format!("200 GET /api/v1/scan?code={code}"),
            format!("200 GET /api/v1/proof?code={code}"),
            "200 GET /api/v1/records/licence/0".into(),
            "200 GET /api/v1/events/certificate/0".into(),
            "200 GET /api/v1/events/brand/0".into(),
            format!("200 GET /api/v1/trace/{TIN}%2F{lot}"),
        ],
    )
    .await
}

/// The copy of a proof in a file is all that is needed to verify it: no node is asked.
async fn proven(network: &Network, programs: &Programs, code: &str) -> eyre::Result<()> {
    let path = |name: &str| network.scratch().join(name).display().to_string();
    let checkpoint = path("checkpoint.json");
    programs.json("dave", &["proof", "checkpoint", "--height", "1", "--out", &checkpoint]).await?;
    let from = ["--checkpoint", &checkpoint];
    let nobody = Programs { url: "ws://127.0.0.1:1".into(), keys: programs.keys.clone() };
    for name in ["code.proof", "code.proof.json"] {
        let file = path(name);
        let make = [&["proof", "make", code][..], &from, &["--out", &file]].concat();
        programs.json("dave", &make).await?;
        let verify = [&["proof", "verify", &file][..], &from].concat();
        let shown = nobody.json("dave", &verify).await?;
        let scan = &shown["scan"];
        ensure!(shown["inOrder"] == true, "{shown}");
        ensure!(scan["certificates"][0]["number"] == NUMBER, "{shown}");
        ensure!(scan["certificates"][0]["now"] == "Valid", "{shown}");
        ensure!(scan["licence"]["isInForce"] == true, "{shown}");
        ensure!(scan["mark"][0] == "Sold" && scan["recall"] == "clear", "{shown}");
        let text = nobody.text("dave", &verify).await?;
        ensure!(text.contains("genuine, and in order") && text.contains("Sold since"), "{text}");
    }
    let mut forged = fs::read(path("code.proof"))?;
    let last = forged.len() - 1;
    forged[last] ^= 1;
    fs::write(path("forged.proof"), forged)?;
    let file = path("forged.proof");
    let (exit, text) =
        nobody.failure("dave", &[&["proof", "verify", &file][..], &from].concat()).await?;
    ensure!(exit == 1 && text.contains("not in the label series"), "{exit} {text}");
    let (exit, text) =
        nobody.failure("dave", &[&["proof", "verify", code][..], &from].concat()).await?;
    ensure!(exit == 1 && text.contains("damaged"), "{exit} {text}");
    Ok(())
}

/// Market supervision freezes a series and releases it.
async fn by_order(programs: &Programs, document: &str) -> eyre::Result<()> {
    let reason = ["--reason-file", document];
    let freeze = [&["label", "freeze", "1"][..], &reason].concat();
    programs.refused("dave", &freeze, "Participants.RoleNotHeld").await?;
    programs.json("alice", &freeze).await?;
    let shown = programs.json("dave", &["label", "show", "1"]).await?;
    ensure!(shown["series"]["state"]["Frozen"] == "Ordered", "{shown}");
    programs.json("alice", &[&["label", "release", "1"][..], &reason].concat()).await?;
    let proven = [&["label", "release", "2"][..], &reason].concat();
    programs.refused("alice", &proven, "Labels.SeriesNotReleasable").await
}

/// Suspended, restored and revoked; a misuse and a premium on record.
async fn licence_ends(programs: &Programs, document: &str) -> eyre::Result<()> {
    let before = Moment::now().to_string();
    let reason = ["--reason-file", document];
    let judge = |verb| [&["brand", "licence", verb, "0"][..], &reason].concat();
    let order = ["brand", "labels", "order", "0", TIN, "5"];
    programs.json("brandoperator", &judge("suspend")).await?;
    programs.refused("charlie", &order, "Brands.LicenceNotInForce").await?;
    let shown = programs.json("dave", &["brand", "labels", "show", "0"]).await?;
    ensure!(shown["frozen"] == true, "{shown}");
    programs.json("brandoperator", &judge("restore")).await?;
    programs.json("charlie", &order).await?;
    let until = date_in(400);
    let extend = ["brand", "licence", "extend", "0", "--until", &until, "--fee", "100"];
    programs.json("brandowner", &extend).await?;
    let replace = ["brand", "licence", "replace-certificate", "0", NUMBER];
    programs.json("charlie", &replace).await?;
    let period = &date_in(0)[..4];
    let premium = ["brand", "premium", "0", period, "--report-file", document];
    programs.json("charlie", &premium).await?;
    programs.refused("charlie", &premium, "Brands.AlreadyReported").await?;
    programs.json("dave", &["brand", "show-premium", "0", period]).await?;
    let misuse = ["brand", "misuse", "0", "--offender", PROCESSOR, "--licence", "0"];
    let more = ["--kind", "copied-labels", "--penalty", "2000", "--document-file", document];
    programs.json("alice", &[&misuse[..], &more].concat()).await?;
    let table = programs.text("dave", &["brand", "show-misuse", "0"]).await?;
    ensure!(table.contains("CopiedLabels") && table.contains("2000.00 CNY"), "{table}");
    programs.json("brandowner", &judge("revoke")).await?;
    for (at, status) in [(None, "Revoked"), (Some(before.as_str()), "Granted")] {
        let mut arguments = vec!["brand", "licence", "status", "0"];
        arguments.extend(at.into_iter().flat_map(|at| ["--at", at]));
        let shown = programs.json("dave", &arguments).await?;
        ensure!(shown["status"] == status, "{shown}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collective_mark_is_for_its_members() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let document = document(&network)?;
    let register = ["product", "register", TEA, "--unit", "mg", "--category", "10000116"];
    programs.json("charlie", &register).await?;
    let place = ["place", "register", "--region", "331127", "--area", "10mu"];
    programs.json("charlie", &place).await?;
    let ceiling = ["brand", "set-ceiling", "--gtin", TEA, "--per-mu", "50kg"];
    programs.enact(&ceiling).await?;
    let until = date_in(1_000);
    let register = ["brand", "register", "C1", "--kind", "collective", "--area", "331100"];
    let rules = ["--rules-file", &document, "--registered-until", &until, "--category", "10000116"];
    let register = [&register[..], &rules, &["--period-days", "100"]].concat();
    programs.json("brandowner", &register).await?;
    let (product, until) = (format!("{TEA}=100kg"), date_in(200));
    let apply = ["brand", "licence", "apply", "0", "--base", "0", "--product", &product];
    let apply = [&apply[..], &["--until", &until]].concat();
    programs.refused("charlie", &apply, "Brands.NotMember").await?;
    let member = |verb| vec!["brand", "member", verb, "0", PROCESSOR];
    programs.json("brandowner", &member("admit")).await?;
    let shown = programs.json("dave", &member("show")).await?;
    ensure!(shown["isMember"] == true, "{shown}");
    for _ in 0..3 {
        programs.json("charlie", &apply).await?;
    }
    let reason = ["--reason-file", &document];
    programs.json("charlie", &["brand", "licence", "withdraw", "0"]).await?;
    let refuse = [&["brand", "licence", "refuse", "1"][..], &reason].concat();
    programs.json("brandowner", &refuse).await?;
    let remove = [&member("remove")[..], &reason].concat();
    programs.json("brandowner", &remove).await?;
    for (licence, status) in [("0", "Withdrawn"), ("1", "Refused"), ("2", "Refused")] {
        let shown = programs.json("dave", &["brand", "licence", "status", licence]).await?;
        ensure!(shown["status"] == status, "{shown}");
    }
    programs.enact(&["brand", "set-ceiling", "--gtin", TEA, "--end"]).await?;
    let (code, text) = programs.failure("dave", &["brand", "ceiling", "--gtin", TEA]).await?;
    ensure!(code == 1 && text.contains("yield ceiling"), "{code} {text}");
    programs.json("brandowner", &["brand", "operator", "0", OPERATOR]).await?;
    programs.json("brandowner", &["brand", "operator", "0", "--none"]).await?;
    let shown = programs.json("dave", &["brand", "show", "0"]).await?;
    ensure!(shown["brand"]["operator"].is_null() && shown["brand"]["n_members"] == 0, "{shown}");
    coverage::check(&network, "a_collective_mark_is_for_its_members").await?;
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_with_brands_and_labels_are_named_before_anything_is_sent() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let programs = Programs::of(&network);
    let client = network.client(0).await?;
    let document = document(&network)?;
    let register = ["product", "register", TIN, "--unit", "pcs", "--category", "10000116"];
    programs.json("charlie", &register).await?;
    let place = ["place", "register", "--region", "331127", "--area", "10mu"];
    programs.json("charlie", &place).await?;
    let tins = format!("{TIN}/P1");
    programs.json("charlie", &["batch", "produce", &tins, "5pcs", "--place", "0"]).await?;
    let charlie = Key::for_client("Charlie").public_key();
    let nonce = client.next_nonce(&charlie).await?;

    let list = network.scratch().join("list");
    let file = list.display().to_string();
    let series = ["label", "series", &tins, "--codes", &file];
    for (text, organic, words) in [
        ("A-1\nA-1\n", false, ["line 2", "twice"]),
        ("A-2\nA-1\n", false, ["line 2", "LC_ALL=C sort"]),
        ("A-1\nA 2\n", false, ["line 2", "A-Z a-z"]),
        ("", false, ["codes", "empty"]),
        ("1342600000000001\n", true, ["organic code", "17 digits"]),
        ("13426000000000001\n13426000000000x02\n", true, ["line 2", "17 digits"]),
        ("13426000000000001\n13427000000000002\n", true, ["line 2", "13426"]),
    ] {
        fs::write(&list, text)?;
        let organic: &[&str] = if organic { &["--organic"] } else { &[] };
        let (code, text) = programs.failure("charlie", &[&series[..], organic].concat()).await?;
        ensure!(code == 2 && words.iter().all(|word| text.contains(word)), "{code} {text}");
    }
    let rules = ["--area", "331100", "--rules-file", &document, "--registered-until"];
    let register =
        |mark| [&["brand", "register", mark, "--kind", "collective"][..], &rules].concat();
    let apply = ["brand", "licence", "apply", "0", "--base", "0", "--product"];
    let cases: [(Vec<&str>, &[&str]); 7] = [
        ([&register("G 1")[..], &["2030-01-01", "--category", "1"]].concat(), &["MARK", "ASCII"]),
        ([&register("G1")[..], &["soon", "--category", "1"]].concat(), &["--registered-until"]),
        ([&register("G1")[..], &["2030-01-01"]].concat(), &["--category"]),
        (
            [&apply[..], &["09506000200034=1kg", "--until", "2030-01-01"]].concat(),
            &["--product", "check digit"],
        ),
        (
            [&apply[..], &["09506000200033=1pcs", "--from", "2030-01-02", "--until", "2030-01-01"]]
                .concat(),
            &["until", "behind"],
        ),
        (vec!["brand", "licence", "grant", "0", "--fee", "1.234"], &["--fee", "two decimals"]),
        (vec!["brand", "labels", "order", "0", TIN, "0"], &["COUNT"]),
    ];
    for (arguments, words) in &cases {
        let (code, text) = programs.failure("charlie", arguments).await?;
        ensure!(code == 2, "{arguments:?}: {code} {text}");
        for word in *words {
            ensure!(text.contains(word), "{arguments:?}: {text} does not say {word}");
        }
    }
    for arguments in [
        &["brand", "show", "G9"][..],
        &["brand", "licence", "show", "0"],
        &["brand", "labels", "show", "0"],
        &["label", "show", "0"],
    ] {
        let (code, text) = programs.failure("charlie", arguments).await?;
        ensure!(code == 1 && text.contains("notFound"), "{arguments:?}: {code} {text}");
    }
    ensure!(client.next_nonce(&charlie).await? == nonce, "nothing was sent");

    // Serial numbers of a GTIN need neither certificate nor licence.
    fs::write(&list, "A-1\nA-2\nA-3\n")?;
    programs.json("charlie", &series).await?;
    let code = format!("(01){TIN}(21)A-2");
    let prove = ["label", "prove", "0", &code, "--codes", &file];
    let proof = programs.text("dave", &prove).await?;
    let one = network.scratch().join("one.json");
    fs::write(&one, proof)?;
    let shown = programs.json("dave", &["label", "verify", &one.display().to_string()]).await?;
    ensure!(shown["code"] == "A-2" && shown["answer"]["series"]["n_codes"] == 3, "{shown}");
    network.passed();
    Ok(())
}

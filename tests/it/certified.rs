//! What a certificate needs, made with the command alone: documents, bodies, and an application
//! that goes its way.

use crate::programs::{Programs, number};
use ecoledger_client::CivilDate;
use ecoledger_tests::Network;
use eyre::ensure;
use std::{fs, path::PathBuf};

/// Numbers of the demonstration organisations.
pub(crate) const LABORATORY: &str = "4";
pub(crate) const BODY: &str = "8";
/// The body's number of approval; its organic codes begin with the last three digits.
pub(crate) const APPROVAL: &str = "CNCA-R-2002-134";

/// A document whose commitment goes on the chain.
pub(crate) fn document(network: &Network) -> eyre::Result<String> {
    let file = network.scratch().join("document.txt");
    fs::write(&file, "what was found and decided")?;
    Ok(file.display().to_string())
}

/// An example of a scheme, as it is shipped.
pub(crate) fn scheme_file(name: &str) -> String {
    let schemes = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scripts/demo-data/schemes");
    schemes.join(name).display().to_string()
}

/// A date so many days from today.
pub(crate) fn date_in(days: i32) -> String {
    CivilDate(CivilDate::today().0.saturating_add_signed(days)).to_string()
}

/// Has the body approved and accredited for `scheme`, the laboratory accredited, and two
/// certifiers registered.
pub(crate) async fn bodies(programs: &Programs, scheme: &str) -> eyre::Result<()> {
    let head = programs.address("certbody").await?;
    let (from, until) = (date_in(-1), date_in(800));
    let term = ["--scheme", scheme, "--from", &from, "--until", &until];
    let approve = ["cert", "body", "approve", BODY, "--number", APPROVAL, "--head", &head];
    programs.json("cnca", &[&approve[..], &term].concat()).await?;
    for (organisation, number) in [(BODY, "DEMO-P134"), (LABORATORY, "DEMO-L4711")] {
        let accredit = ["cert", "accredit", organisation, "--number", number];
        programs.json("accreditor", &[&accredit[..], &term].concat()).await?;
    }
    for (agent, digit) in [("certifier", "a1"), ("evaluator", "b2")] {
        let (person, key) = (format!("0x{}", digit.repeat(32)), programs.address(agent).await?);
        let register = ["cert", "certifier", "register", &person, "--agent", &key];
        programs.json("certbody", &register).await?;
        let shown = programs.json("dave", &["cert", "certifier", "show", &person]).await?;
        ensure!(shown["certifier"]["practice"][0] == 8, "{shown}");
    }
    let shown = programs.json("dave", &["cert", "body", "show", BODY]).await?;
    ensure!(shown["body"]["in_force"] == true && shown["body"]["approval"]["code"] == "134");
    ensure!(shown["body"]["tally"]["n_certifiers"] == 2, "{shown}");
    Ok(())
}

/// What is to be certified.
pub(crate) struct Wish<'a> {
    /// Agent of the client.
    pub(crate) client: &'a str,
    /// Number of the scheme.
    pub(crate) scheme: &'a str,
    /// GTIN of the product.
    pub(crate) gtin: &'a str,
    /// QUANTITY@AREA.
    pub(crate) grown: &'a str,
    /// Number of the base.
    pub(crate) base: &'a str,
    /// Published number of the certificate.
    pub(crate) number: &'a str,
    /// File with a document.
    pub(crate) document: &'a str,
}

impl Wish<'_> {
    /// Applies, and gives the number of the application.
    pub(crate) async fn apply(&self, programs: &Programs) -> eyre::Result<String> {
        let product = format!("{}={}", self.gtin, self.grown);
        let apply = ["cert", "apply", "--body", BODY, "--scheme", self.scheme];
        let what = ["--product", &product, "--base", self.base, "--document-file", self.document];
        let applied = programs.json(self.client, &[&apply[..], &what].concat()).await?;
        number(&applied, "Applied", "application")
    }

    /// Accepts, inspects and tests the application, proposes and signs; gives the number of the
    /// certificate.
    pub(crate) async fn decide(&self, programs: &Programs, id: &str) -> eyre::Result<String> {
        let report = ["--report-file", self.document];
        let inspect = ["cert", "inspect", id, "--base", self.base];
        let test = ["cert", "test", id, self.gtin, "passed"];
        programs.json("certbody", &["cert", "accept", id]).await?;
        programs.json("inspectorate", &[&inspect[..], &report].concat()).await?;
        programs.json("eve", &[&test[..], &report].concat()).await?;
        let propose = ["cert", "propose", id, "--number", self.number];
        programs.json("certifier", &propose).await?;
        let signed = programs.json("certbody", &["cert", "sign", id]).await?;
        number(&signed, "CertificateIssued", "certificate")
    }
}

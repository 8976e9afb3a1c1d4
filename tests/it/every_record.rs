//! Every kind of record and every call of the pallets below, made with the commands that people use
//! alone: no `tx`, no library.
//!
//! What maps and calls there are comes from the chain's own metadata, so that one without a command
//! fails here.

use crate::{
    coverage,
    programs::{Programs, number},
};
use ecoledger_client::{CivilDate, Client};
use ecoledger_tests::{Network, four_validators};
use eyre::{WrapErr, ensure, eyre};
use std::{collections::BTreeSet, fs};

/// Pallets whose records are made here.
const PALLETS: [&str; 5] = ["Participants", "Validators", "Settlement", "Calendar", "Traceability"];

const LEAF: &str = "09506000200019";
const TEA: &str = "09506000200026";
const TIN: &str = "09506000200033";
const SSCC: &str = "376104250021234569";
/// Organisations by number.
const PROCESSOR: &str = "2";
const RETAILER: &str = "3";
const CLEARING: &str = "5";
/// Two organisations that are registered here.
const FARM: &str = "91331127MA2DEM9015";
const MILL: &str = "91331127MA2DEM9028";

#[tokio::test(flavor = "multi_thread")]
async fn every_record_and_call_has_a_command() -> eyre::Result<()> {
    // Four, so that a fifth that never runs does not stop the chain.
    let network = four_validators().start().await?;
    let story = Story::of(&network)?;
    story.rules().await.wrap_err("rules")?;
    story.participants().await.wrap_err("participants")?;
    story.products().await.wrap_err("products")?;
    story.batches().await.wrap_err("batches")?;
    story.units().await.wrap_err("units")?;
    story.recalls().await.wrap_err("recalls")?;
    story.money().await.wrap_err("money")?;
    story.validators().await.wrap_err("validators")?;
    let client = network.client(0).await?;
    let height = client.height().await?;
    let made = coverage::calls_made(&client, height).await?;
    for pallet in PALLETS {
        every_part_made(&client, &story.programs, pallet, &made, height).await?;
    }
    network.passed();
    Ok(())
}

/// Every storage map has an entry that genesis did not give it, and every call was made.
async fn every_part_made(
    client: &Client,
    programs: &Programs,
    pallet: &str,
    made: &BTreeSet<(String, String)>,
    height: u32,
) -> eyre::Result<()> {
    let (calls, maps) = coverage::parts(programs, pallet).await?;
    let changed = coverage::changed_maps(client, pallet, &maps, height).await?;
    let unchanged: Vec<_> = maps.difference(&changed).collect();
    ensure!(unchanged.is_empty(), "no command made a record of {pallet}'s {unchanged:?}");
    for call in calls {
        let is_made = made.contains(&(pallet.to_owned(), call.clone()));
        let is_elsewhere = coverage::has_a_day(pallet, &call);
        ensure!(
            is_made != is_elsewhere,
            "{pallet}.{call}: made here {is_made}, or elsewhere {is_elsewhere}"
        );
    }
    Ok(())
}

/// What the commands need beside their arguments.
struct Story<'a> {
    network: &'a Network,
    programs: Programs,
    password: String,
    document: String,
}

impl<'a> Story<'a> {
    fn of(network: &'a Network) -> eyre::Result<Self> {
        let path = |name: &str| network.scratch().join(name).display().to_string();
        let (password, document) = (path("password"), path("document.txt"));
        fs::write(&password, "correct horse battery staple\n")?;
        fs::write(&document, "记录")?;
        fs::write(format!("{document}.salt"), format!("0x{}\n", "5a".repeat(32)))?;
        Ok(Self { network, programs: Programs::of(network), password, document })
    }

    /// Runs commands one after the other, each as an agent; all must succeed.
    async fn run(&self, steps: &[(&str, &[&str])]) -> eyre::Result<()> {
        for (agent, arguments) in steps {
            self.programs
                .json(agent, arguments)
                .await
                .wrap_err_with(|| format!("{arguments:?}"))?;
        }
        Ok(())
    }

    /// Runs commands that propose motions, and carries those out.
    async fn enact(&self, motions: &[&[&str]]) -> eyre::Result<()> {
        for arguments in motions {
            self.programs.enact(arguments).await.wrap_err_with(|| format!("{arguments:?}"))?;
        }
        Ok(())
    }

    /// File and address of a new key.
    async fn key(&self, name: &str) -> eyre::Result<(String, String)> {
        let file = self.network.scratch().join(name).display().to_string();
        let new = ["key", "new", &file, "--password-file", &self.password];
        let made = self.programs.json("alice", &new).await?;
        let address = made["address"].as_str().ok_or_else(|| eyre!("no address: {made}"))?;
        Ok((file, address.to_owned()))
    }

    async fn rules(&self) -> eyre::Result<()> {
        let input = ["rules", "farm-input", "1", "fertiliser", "ZH-1", "--interval", "0"];
        let farm_input = [&input[..], &["--propose"]].concat();
        let next_but_one = (year_now()? + 2).to_string();
        let new_year = format!("{next_but_one}-01-01");
        let weekday: CivilDate = new_year.parse()?;
        let side = if weekday.is_weekend() { "--worked" } else { "--off" };
        self.enact(&[
            &farm_input,
            &["rules", "unit", "XBX", "24pcs"],
            &["rules", "yield", "--from", LEAF, "--to", TEA, "--max", "25%"],
            &["rules", "recall", "3", "same-event"],
            &["rules", "clock-skew", "45s"],
            &["calendar", "set", &next_but_one, side, &new_year],
            &["org", "rule", "grant-rule", "agri-auth", "--grants", "trace-node,agri-auth,lab"],
            &["org", "rule", "registrars", "samr,agri-auth"],
            &["org", "rule", "conflict", "auditor", "lab"],
            &["org", "quota", "--per-day", "50000"],
            &["money", "ceiling", CLEARING, "2000000"],
        ])
        .await?;
        let units = self.programs.text("bob", &["rules", "units"]).await?;
        ensure!(units.contains("XBX") && units.contains("24pcs"), "{units}");
        let yields = self.programs.text("bob", &["rules", "yields"]).await?;
        ensure!(yields.contains(TEA) && yields.contains("0.25"), "{yields}");
        let inputs = self.programs.text("bob", &["rules", "farm-inputs"]).await?;
        ensure!(inputs.contains("ZH-1") && inputs.contains("Fertiliser"), "{inputs}");
        let rules = self.programs.text("bob", &["rules", "show"]).await?;
        ensure!(rules.contains("45000 ms") && rules.contains("class 3: SameEvent"), "{rules}");
        let rules = self.programs.text("bob", &["org", "rule", "show"]).await?;
        ensure!(rules.contains("agri-auth grants trace-node, lab, agri-auth"), "{rules}");
        ensure!(rules.contains("samr, agri-auth") && rules.contains("50000"), "{rules}");
        ensure!(rules.contains("lab and auditor"), "{rules}");
        let table = self.programs.text("bob", &["calendar", "show", &next_but_one]).await?;
        ensure!(table.contains(&new_year), "{table}");
        Ok(())
    }

    async fn participants(&self) -> eyre::Result<()> {
        let (first, address) = self.key("first.key").await?;
        let (second, second_address) = self.key("second.key").await?;
        let (_, clerk) = self.key("clerk.key").await?;
        let (_, successor) = self.key("successor.key").await?;
        let (_, miller) = self.key("miller.key").await?;
        let samr = ["--as", "samr"];
        let named = ["--region", "331127", "--administrator"];
        let register = |uscc, name, administrator| {
            [&["org", "register", uscc, "--name", name][..], &named, &[administrator], &samr]
                .concat()
        };
        let decided = |what| {
            let document = ["--document-file", &self.document];
            [&["org", what, FARM][..], &document, &samr].concat()
        };
        let by = |key| ["--key", key, "--password-file", &self.password];
        let did = "did:web:farm.example.cn";
        let identify = ["org", "identify", FARM, "--gln", "9506000109015", "--did", did];
        let rotate = ["org", "agent", "rotate", &second_address];
        let add = ["org", "agent", "add", FARM, &clerk, "--powers", "lab"];
        let powers = ["org", "agent", "powers", &clerk, "trace-node"];
        let revoke = ["org", "agent", "revoke", &clerk];
        let recover = ["org", "agent", "recover", &clerk, &successor];
        let grant = ["org", "grant", FARM, "trace-node", "--region", "331127"];
        let steps: Vec<(&str, Vec<&str>)> = vec![
            ("alice", register(FARM, "景宁演示新茶农场", &address)),
            ("alice", register(MILL, "景宁演示新茶工坊", &miller)),
            ("alice", [&["org", "update", FARM, "--region", "331100"][..], &samr].concat()),
            ("alice", [&identify[..], &by(&first)].concat()),
            ("alice", [&rotate[..], &by(&first)].concat()),
            ("alice", [&add[..], &by(&second)].concat()),
            ("alice", [&powers[..], &by(&second)].concat()),
            ("alice", [&revoke[..], &by(&second)].concat()),
            ("alice", [&recover[..], &by(&second)].concat()),
            ("alice", [&grant[..], &samr].concat()),
            ("alice", decided("suspend")),
            ("alice", decided("reinstate")),
        ];
        for (agent, arguments) in &steps {
            self.programs.json(agent, arguments).await?;
        }
        let again = [&grant[..], &["--subject", "茶叶"], &samr].concat();
        let receipt = self.programs.json("alice", &again).await?;
        let capacity = number(&receipt, "CapacityGranted", "capacity")?;
        self.programs.json("alice", &["org", "ungrant", &capacity, "--as", "samr"]).await?;
        self.enact(&[&["org", "quota", FARM, "--per-day", "30000"], &["org", "close", MILL]])
            .await?;
        let shown = self.programs.text("bob", &["org", "show", FARM]).await?;
        ensure!(shown.contains(did) && shown.contains("30000"), "{shown}");
        let shown = self.programs.text("bob", &["org", "show", MILL]).await?;
        ensure!(shown.contains("Closed"), "{shown}");
        Ok(())
    }

    async fn products(&self) -> eyre::Result<()> {
        let category = ["--category", "10000115"];
        let leaf = [&["product", "register", LEAF, "--unit", "mg"][..], &category].concat();
        let tea = [&["product", "register", TEA, "--unit", "mg"][..], &category].concat();
        let tin = ["product", "register", TIN, "--unit", "pcs", "--content", "100g", "--of", TEA];
        let tin = [&tin[..], &category].concat();
        self.run(&[
            ("bob", &leaf),
            ("charlie", &tea),
            ("charlie", &tin),
            ("bob", &["product", "license", LEAF, "--organisation", PROCESSOR]),
            ("bob", &["place", "register", "--region", "331127", "--area", "10mu"]),
        ])
        .await?;
        let shown = self.programs.text("bob", &["product", "show", LEAF]).await?;
        ensure!(shown.contains("organisation 2 since"), "{shown}");
        Ok(())
    }

    async fn batches(&self) -> eyre::Result<()> {
        let (leaf, tea) = (format!("{LEAF}/L1"), format!("{TEA}/T1"));
        let report = ["--report-file", &self.document];
        let test = [&["test", "record", &leaf, "passed"][..], &report].concat();
        let (from, make) = (format!("{leaf}=118kg"), format!("{tea}=26kg"));
        let transform = ["batch", "transform", "--from", &from, "--make", &make, "--loss", "92kg"];
        let split = ["batch", "split", &tea, "--part", "T2=4kg", "--part", "T3=6kg"];
        let (two, three) = (format!("{TEA}/T2=4kg"), format!("{TEA}/T3=6kg"));
        let merge = ["batch", "merge", "--from", &two, "--from", &three, "--lot", "T4"];
        let (from_tea, make_tins) = (format!("{tea}=16kg"), format!("{TIN}/P1=160pcs"));
        self.run(&[
            ("bob", &["batch", "register", &leaf, "--place", "0"]),
            ("bob", &["batch", "input", &leaf, "1"]),
            ("bob", &["batch", "produce", &leaf, "120kg", "--place", "0"]),
            ("bob", &["batch", "observe", &leaf, "storing", "--disposition", "available"]),
            ("eve", &test),
            ("bob", &["batch", "ship", &leaf, "--to", PROCESSOR]),
            ("charlie", &["batch", "reject", &leaf]),
            ("bob", &["batch", "ship", &leaf, "--to", PROCESSOR]),
            ("charlie", &["batch", "receive", &leaf, "118kg", "--lost"]),
            ("charlie", &transform),
            ("charlie", &split),
            ("charlie", &merge),
            ("charlie", &["batch", "pack", "--from", &from_tea, "--make", &make_tins]),
        ])
        .await?;
        let history = self.programs.text("bob", &["batch", "history", &leaf]).await?;
        ensure!(history.contains("Storing") && history.contains("Available"), "{history}");
        Ok(())
    }

    async fn units(&self) -> eyre::Result<()> {
        let (tin, tea) = (format!("{TIN}/P1"), format!("{TEA}/T4"));
        let twice = ["unit", "aggregate", SSCC, &tin, &tin];
        let (code, text) = self.programs.failure("charlie", &twice).await?;
        ensure!(code == 2 && text.contains("each is expected once"), "{code} {text}");
        self.run(&[
            ("charlie", &["unit", "aggregate", SSCC, &tin, &tea]),
            ("charlie", &["unit", "disaggregate", SSCC, &tea]),
            ("charlie", &["batch", "ship", "--unit", SSCC, "--to", RETAILER]),
            ("dave", &["unit", "receive", SSCC, "--into", "retail"]),
        ])
        .await?;
        let shown = self.programs.text("bob", &["unit", "show", SSCC]).await?;
        ensure!(shown.contains(&tin) && shown.contains("organisation 3"), "{shown}");
        self.run(&[
            ("dave", &["unit", "disaggregate", SSCC, &tin]),
            ("dave", &["batch", "sell", &tin, "40pcs"]),
            ("dave", &["batch", "take-back", &tin, "1pcs"]),
            ("dave", &["batch", "lose", &tin, "2pcs"]),
            ("dave", &["batch", "destroy", &tin, "3pcs"]),
            ("dave", &["batch", "hold", &tin]),
            ("dave", &["batch", "release", &tin]),
        ])
        .await
    }

    async fn recalls(&self) -> eyre::Result<()> {
        let (leaf, tea) = (format!("{LEAF}/L1"), format!("{TEA}/T4"));
        let why = ["--reason-file", &self.document];
        let recall =
            |batch, class| [&["batch", "recall", batch, "--class", class][..], &why].concat();
        let receipt = self.programs.json("alice", &recall(&leaf, "2")).await?;
        let first = number(&receipt, "RecallOpened", "recall")?;
        let lift = [&["batch", "lift-recall", &first][..], &why].concat();
        self.programs.refused("bob", &lift, "Participants.RoleNotHeld").await?;
        self.programs.json("alice", &lift).await?;
        self.programs.json("alice", &recall(&tea, "3")).await?;
        let shown = self.programs.text("bob", &["batch", "show", &leaf]).await?;
        ensure!(shown.contains("recalls") && !shown.contains("RECALLED"), "{shown}");
        let shown = self.programs.text("bob", &["batch", "show", &tea]).await?;
        ensure!(shown.contains("RECALLED"), "{shown}");
        Ok(())
    }

    async fn money(&self) -> eyre::Result<()> {
        let bob = self.programs.address("bob").await?;
        let document = ["--document-file", &self.document];
        let account = ["--account-file", &self.document];
        let issue = ["money", "issue", &bob, "100", "--reference", "DEP-1"];
        self.programs.json("ferdie", &[&issue[..], &document].concat()).await?;
        let mut redemptions = Vec::new();
        for amount in ["10", "20", "30", "40"] {
            let request = [&["money", "request", CLEARING, amount][..], &account].concat();
            let receipt = self.programs.json("bob", &request).await?;
            redemptions.push(number(&receipt, "RedemptionRequested", "id")?);
        }
        let [paid, refused, withdrawn, open] = redemptions.as_slice() else {
            return Err(eyre!("four were requested: {redemptions:?}"));
        };
        self.run(&[
            ("ferdie", &["money", "accept", paid]),
            ("ferdie", &["money", "confirm", paid, "--reference", "PAY-1"]),
            ("ferdie", &["money", "reject", refused, "account-mismatch"]),
            ("bob", &["money", "cancel", withdrawn]),
        ])
        .await?;
        let shown = self.programs.json("bob", &["money", "open", "--holder", &bob]).await?;
        let ids: Vec<_> = shown.as_array().into_iter().flatten().map(|row| &row["id"]).collect();
        ensure!(ids.len() == 1 && ids[0].as_u64() == open.parse().ok(), "{shown}");
        let shown = self.programs.text("bob", &["money", "show", refused]).await?;
        ensure!(shown.contains("AccountMismatch"), "{shown}");
        let shown = self.programs.text("bob", &["money", "institution", CLEARING]).await?;
        ensure!(shown.contains("90.00 CNY") && shown.contains("2000000.00 CNY"), "{shown}");
        Ok(())
    }

    /// A validator that never runs comes, changes its keys, and goes.
    async fn validators(&self) -> eyre::Result<()> {
        let mut keys = Vec::new();
        for name in ["vote-1", "vote-2", "node-1", "node-2", "gateway", "visitor"] {
            let (file, _) = self.key(name).await?;
            let shown = self.programs.json("alice", &["key", "show", &file]).await?;
            let key = shown["publicKey"].as_str().ok_or_else(|| eyre!("no key: {shown}"))?;
            keys.push(key.to_owned());
        }
        let [vote, vote_after, node, node_after, gateway, visitor] = keys.as_slice() else {
            return Err(eyre!("six keys were made: {keys:?}"));
        };
        let same = ["validator", "add", vote, "--node", vote];
        let (code, text) = self.programs.failure("alice", &same).await?;
        ensure!(code == 2 && text.contains("another key"), "{code} {text}");
        self.enact(&[
            &["validator", "permit", gateway, "--label", "演示公共网关"],
            &["validator", "permit", visitor, "--label", "演示访客"],
            &["validator", "forbid", visitor],
            &["validator", "add", vote, "--node", node],
            &["validator", "rotate", vote, vote_after],
            &["validator", "replace-node", vote_after, node_after],
        ])
        .await?;
        let shown = self.programs.text("bob", &["validator", "list"]).await?;
        ensure!(shown.contains("5 validators, "), "{shown}");
        ensure!(shown.contains(vote_after) && shown.contains(node_after), "{shown}");
        ensure!(shown.contains("演示公共网关") && !shown.contains(visitor), "{shown}");
        self.enact(&[&["validator", "remove", vote_after]]).await?;
        let shown = self.programs.json("bob", &["validator", "list"]).await?;
        ensure!(shown["afterNext"].as_array().map_or(0, Vec::len) == 4, "{shown}");
        Ok(())
    }
}

/// The year by this machine's clock, China Standard Time.
fn year_now() -> eyre::Result<u16> {
    let today = CivilDate::today();
    today.year().ok_or_else(|| eyre!("no year: {today}"))
}

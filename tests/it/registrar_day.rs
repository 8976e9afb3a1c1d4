//! A registrar's day by hand: an organisation comes to the chain, is trusted with a role, changes
//! its key, is stopped and let go on, and gets its money paid out.

use crate::programs::{Programs, number};
use ecoledger_client::Client;
use ecoledger_tests::{Key, Network, four_validators};
use eyre::{ensure, eyre};
use serde_json::{Value, json};
use std::fs;

/// Under a check character that GB 32100 gives, for a number that no register has.
const USCC: &str = "91331127MA2DEM9015";
const GLN: &str = "9506000109015";
const PRODUCT: &str = "09506000299013";
const OTHER_PRODUCT: &str = "09506000299020";
/// The settlement institution.
const CLEARING: &str = "5";
/// The processor.
const PROCESSOR: &str = "2";

/// The new organisation's keys, each in a file that a password opens, and a document.
struct Desk {
    programs: Programs,
    client: Client,
    password: String,
    document: String,
}

/// A key in a file.
struct KeyFile {
    file: String,
    address: String,
}

impl Desk {
    async fn of(network: &Network) -> eyre::Result<Self> {
        let path = |name: &str| network.scratch().join(name).display().to_string();
        let (password, document) = (path("password"), path("decision.txt"));
        fs::write(&password, "correct horse battery staple\n")?;
        fs::write(&document, "行政决定书")?;
        fs::write(format!("{document}.salt"), format!("0x{}\n", "5a".repeat(32)))?;
        let client = network.client(0).await?;
        Ok(Self { programs: Programs::of(network), client, password, document })
    }

    async fn key(&self, network: &Network, name: &str) -> eyre::Result<KeyFile> {
        let file = network.scratch().join(name).display().to_string();
        let new = ["key", "new", &file, "--password-file", &self.password];
        let made = self.programs.json("alice", &new).await?;
        let address = made["address"].as_str().ok_or_else(|| eyre!("no address: {made}"))?;
        Ok(KeyFile { file, address: address.to_owned() })
    }

    /// `arguments`, signed with `key` and not with the key of the environment.
    fn signed<'a>(&'a self, arguments: &[&'a str], key: &'a KeyFile) -> Vec<&'a str> {
        [arguments, &["--key", &key.file, "--password-file", &self.password]].concat()
    }

    async fn json(&self, key: &KeyFile, arguments: &[&str]) -> eyre::Result<Value> {
        self.programs.json("alice", &self.signed(arguments, key)).await
    }

    async fn refused(&self, key: &KeyFile, arguments: &[&str], error: &str) -> eyre::Result<()> {
        self.programs.refused("alice", &self.signed(arguments, key), error).await
    }

    /// What the pool must refuse with a number of README's table.
    async fn kept_out(&self, key: &KeyFile, arguments: &[&str], code: u32) -> eyre::Result<()> {
        let (exit, text) = self.programs.failure("alice", &self.signed(arguments, key)).await?;
        let told: Value = serde_json::from_str(&text).unwrap_or_default();
        ensure!(exit == 1 && told["error"]["code"] == 1010, "{arguments:?}: {exit} {text}");
        let message = told["error"]["message"].as_str().unwrap_or_default();
        ensure!(message.contains(&format!("({code})")), "{arguments:?}: {text}");
        Ok(())
    }
}

fn register_product(gtin: &str) -> Vec<&str> {
    vec!["product", "register", gtin, "--unit", "mg", "--category", "10000115"]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_from_its_registration_to_its_money() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let desk = Desk::of(&network).await?;
    let first = desk.key(&network, "first.key").await?;
    mistakes_cost_nothing(&desk, &first).await?;
    let organisation = registered(&desk, &first).await?;
    trusted(&desk, &first, &organisation).await?;
    let second = desk.key(&network, "second.key").await?;
    agents_and_keys(&desk, &network, &organisation, &first, &second).await?;
    stopped_and_let_go_on(&desk, &organisation, &second).await?;
    paid_out(&desk, &second).await?;
    network.passed();
    Ok(())
}

/// Slips of the hand are named with field and rule, and nothing is sent.
async fn mistakes_cost_nothing(desk: &Desk, key: &KeyFile) -> eyre::Result<()> {
    let address = &key.address;
    let register = |uscc, region, gln| {
        let what = ["org", "register", uscc, "--name", "新", "--region", region, "--gln", gln];
        [&what[..], &["--administrator", address, "--as", "samr"]].concat()
    };
    let grant = ["org", "grant", "1", "trace-node", "--region", "331127", "--as", "samr"];
    let period = ["--from", "2030-01-02", "--until", "2030-01-01"];
    let cases: Vec<(Vec<&str>, [&str; 2])> = vec![
        (register("91331127MA2DEM9014", "331127", GLN), ["uscc", "check character must be 5"]),
        (register("91331127MA2DEM901", "331127", GLN), ["uscc", "18 characters"]),
        (register(USCC, "160000", GLN), ["region", "GB/T 2260"]),
        (register(USCC, "331127", "9506000109016"), ["GLN", "check digit"]),
        ([&grant[..], &period].concat(), ["until", "after --from"]),
        (vec!["org", "agent", "powers", address, "boss"], ["powers", "administer"]),
        (vec!["org", "agent", "revoke", "5Grwva"], ["agent", "SS58 address"]),
        (vec!["org", "rule", "conflict", "lab", "lab"], ["conflict", "two roles"]),
        (vec!["money", "request", CLEARING, "0", "--account-file", "x"], ["amount", "0.01"]),
        (
            vec!["money", "issue", address, "1", "--reference", "A 1", "--document-file", "x"],
            ["reference", "without spaces"],
        ),
        (
            vec!["money", "issue", address, "1.234", "--reference", "A", "--document-file", "x"],
            ["amount", "two decimals"],
        ),
    ];
    for (arguments, words) in cases {
        let (code, text) = desk.programs.failure("alice", &arguments).await?;
        ensure!(code == 2, "{arguments:?}: {code} {text}");
        for word in words {
            ensure!(text.contains(word), "{arguments:?}: {text} does not say {word}");
        }
    }
    let alice = Key::for_client("Alice").public_key();
    ensure!(desk.client.next_nonce(&alice).await? == 0, "nothing was sent");
    let (code, text) = desk.programs.failure("alice", &["org", "show", USCC]).await?;
    ensure!(code == 1 && text.contains("notFound"), "{code} {text}");
    Ok(())
}

/// Market supervision registers the organisation, which cannot do anything yet.
async fn registered(desk: &Desk, key: &KeyFile) -> eyre::Result<String> {
    let what = ["org", "register", USCC, "--name", "景宁演示新茶农场", "--region", "331127"];
    let keys = ["--administrator", &key.address, "--holder-file", &desk.document];
    let register = [&what[..], &["--gln", GLN], &keys].concat();
    // Nobody but a registrar, and in its region.
    let acting = |role| [&register[..], &["--as", role]].concat();
    desk.programs.refused("bob", &acting("trace-node"), "Participants.RoleMayNotRegister").await?;
    desk.programs.refused("bob", &acting("samr"), "Participants.RoleNotHeld").await?;
    desk.kept_out(key, &register_product(PRODUCT), 101).await?;
    let receipt = desk.programs.json("alice", &acting("samr")).await?;
    let organisation = number(&receipt, "OrganisationRegistered", "organisation")?;
    desk.programs.refused("alice", &acting("samr"), "Participants.UsccTaken").await?;

    desk.refused(key, &register_product(PRODUCT), "Participants.RoleNotHeld").await?;
    let did = "did:web:farm.example.cn";
    let identify = ["org", "identify", USCC, "--gln", GLN, "--did", did];
    desk.json(key, &identify).await?;
    let update = ["org", "update", USCC, "--name", "景宁演示新茶合作农场", "--as", "samr"];
    desk.programs.json("alice", &update).await?;
    let shown = desk.programs.json("bob", &["org", "show", USCC]).await?;
    let found = &shown["organisation"];
    ensure!(
        found["id"].as_u64() == organisation.parse().ok() && found["region"] == 331_127,
        "{shown}"
    );
    ensure!(found["name"] == "景宁演示新茶合作农场" && found["did"] == did, "{shown}");
    ensure!(shown["agents"] == json!([key.address]), "{shown}");
    Ok(organisation)
}

/// It is granted the role of a trace node for its county, until a date, and registers a product.
async fn trusted(desk: &Desk, key: &KeyFile, organisation: &str) -> eyre::Result<()> {
    let grant = ["org", "grant", organisation, "trace-node", "--region", "331127"];
    let period = ["--until", "2035-12-31", "--as", "samr"];
    let grant = [&grant[..], &period].concat();
    let lab = ["org", "grant", organisation, "lab", "--region", "331127", "--as", "samr"];
    desk.programs.refused("alice", &lab, "Participants.RoleMayNotGrant").await?;
    let receipt = desk.programs.json("alice", &grant).await?;
    let capacity = number(&receipt, "CapacityGranted", "capacity")?;
    let shown = desk.programs.text("bob", &["org", "show", organisation]).await?;
    let line = format!("{capacity}: TraceNode in 331127 until 2036-01-01T00:00:00+08:00");
    ensure!(shown.contains(&line), "{shown}");
    desk.json(key, &register_product(PRODUCT)).await?;

    // A second capacity, given up by its holder.
    let wider = ["org", "grant", organisation, "trace-node", "--region", "331100"];
    let subject = ["--subject", "茶叶", "--as", "samr"];
    let receipt = desk.programs.json("alice", &[&wider[..], &subject].concat()).await?;
    let second = number(&receipt, "CapacityGranted", "capacity")?;
    let shown = desk.programs.text("bob", &["org", "show", organisation]).await?;
    ensure!(shown.contains("TraceNode in 331100 for 茶叶"), "{shown}");
    desk.programs
        .refused("bob", &["org", "ungrant", &second], "Participants.NotOfOrganisation")
        .await?;
    desk.json(key, &["org", "ungrant", &second]).await?;
    let again = ["org", "ungrant", &second, "--as", "samr"];
    desk.programs.refused("alice", &again, "Participants.CapacityRevoked").await?;
    Ok(())
}

/// An agent with one power, and a key that another takes over from.
async fn agents_and_keys(
    desk: &Desk,
    network: &Network,
    organisation: &str,
    first: &KeyFile,
    second: &KeyFile,
) -> eyre::Result<()> {
    let clerk = desk.key(network, "clerk.key").await?;
    let add = ["org", "agent", "add", organisation, &clerk.address, "--powers", "none"];
    desk.json(first, &add).await?;
    desk.refused(first, &add, "Participants.AccountTaken").await?;
    let product = register_product(OTHER_PRODUCT);
    desk.refused(&clerk, &product, "Participants.PowerMissing").await?;
    let powers = ["org", "agent", "powers", &clerk.address, "trace-node"];
    desk.refused(&clerk, &powers, "Participants.PowerMissing").await?;
    desk.json(first, &powers).await?;
    desk.json(&clerk, &product).await?;
    let shown = desk.programs.json("bob", &["org", "agent", "show", &clerk.address]).await?;
    ensure!(shown["powers"] == "trace-node" && shown["agent"]["may_act"] == true, "{shown}");

    desk.json(first, &["org", "agent", "rotate", &second.address]).await?;
    let license = ["product", "license", PRODUCT, "--organisation", PROCESSOR];
    desk.kept_out(first, &license, 102).await?;
    desk.json(second, &license).await?;
    let shown = desk.programs.json("bob", &["product", "show", PRODUCT]).await?;
    ensure!(shown["licences"][0][0].as_u64() == PROCESSOR.parse().ok(), "{shown}");
    let shown = desk.programs.json("bob", &["org", "agent", "show", &second.address]).await?;
    ensure!(shown["powers"] == "all", "{shown}");

    desk.json(second, &["org", "agent", "revoke", &clerk.address]).await?;
    desk.kept_out(&clerk, &license, 102).await?;
    let lone = ["org", "agent", "revoke", &second.address];
    desk.refused(second, &lone, "Participants.LastAdministrator").await?;
    let successor = desk.key(network, "successor.key").await?;
    desk.json(second, &["org", "agent", "recover", &clerk.address, &successor.address]).await?;
    let shown = desk.programs.json("bob", &["org", "show", organisation]).await?;
    let agents = shown["agents"].as_array().map_or(0, Vec::len);
    ensure!(agents == 2, "{shown}");
    Ok(())
}

/// Suspended, none of its agents gets past the pool; reinstated, they go on.
async fn stopped_and_let_go_on(desk: &Desk, organisation: &str, key: &KeyFile) -> eyre::Result<()> {
    let decided = |what| {
        let why = ["--document-file", &desk.document, "--as", "samr"];
        [&["org", what, organisation][..], &why].concat()
    };
    let license = ["product", "license", PRODUCT, "--organisation", PROCESSOR, "--end"];
    let reinstate = decided("reinstate");
    desk.programs.refused("alice", &reinstate, "Participants.OrganisationNotSuspended").await?;
    desk.programs.json("alice", &decided("suspend")).await?;
    desk.kept_out(key, &license, 103).await?;
    let shown = desk.programs.text("bob", &["org", "show", organisation]).await?;
    ensure!(shown.contains("Suspended"), "{shown}");
    desk.programs.json("alice", &reinstate).await?;
    desk.json(key, &license).await?;
    let shown = desk.programs.json("bob", &["product", "show", PRODUCT]).await?;
    ensure!(shown["licences"] == json!([]), "{shown}");
    Ok(())
}

/// Money that came in for it, and went out to its bank account.
async fn paid_out(desk: &Desk, key: &KeyFile) -> eyre::Result<()> {
    let programs = &desk.programs;
    let issue = ["money", "issue", &key.address, "1234.56", "--reference", "DEP-2026-1"];
    let issue = [&issue[..], &["--document-file", &desk.document]].concat();
    programs.refused("bob", &issue, "Participants.RoleNotHeld").await?;
    programs.json("ferdie", &issue).await?;
    programs.refused("ferdie", &issue, "Settlement.ReferenceUsed").await?;
    let account = ["--account-file", &desk.document];
    let request = |amount| [&["money", "request", CLEARING, amount][..], &account].concat();
    let receipt = desk.json(key, &request("1000.06")).await?;
    let redemption = number(&receipt, "RedemptionRequested", "id")?;
    let open = programs.text("ferdie", &["money", "open", "--institution", CLEARING]).await?;
    ensure!(open.contains("1 open, 1000.06 CNY") && open.contains(&key.address), "{open}");
    let balance = programs.json("bob", &["account", "balance", &key.address]).await?;
    ensure!(balance["balance"]["free_fen"] == 23_450, "{balance}");
    ensure!(balance["balance"]["reserved_fen"] == 100_006, "{balance}");

    let confirm = ["money", "confirm", &redemption, "--reference", "PAY-2026-1"];
    programs.refused("eve", &confirm, "Participants.RoleNotHeld").await?;
    programs.json("ferdie", &["money", "accept", &redemption]).await?;
    let cancel = ["money", "cancel", &redemption];
    desk.refused(key, &cancel, "Settlement.RedemptionNotRequested").await?;
    programs.json("ferdie", &confirm).await?;
    let reject = ["money", "reject", &redemption, "payment-failed"];
    programs.refused("ferdie", &reject, "Settlement.RedemptionClosed").await?;

    let shown = programs.text("bob", &["money", "show", &redemption]).await?;
    ensure!(shown.contains("1000.06 CNY") && shown.contains("PAY-2026-1"), "{shown}");
    let shown = programs.json("bob", &["money", "institution", CLEARING]).await?;
    ensure!(shown["institution"]["issued_fen"] == 123_456, "{shown}");
    ensure!(shown["institution"]["redeemed_fen"] == 100_006, "{shown}");
    let posting = ["money", "posting", CLEARING, "PAY-2026-1"];
    let shown = programs.json("bob", &posting).await?;
    ensure!(shown["posting"]["amount_fen"] == 100_006, "{shown}");
    ensure!(shown["posting"]["account"] == key.address.as_str(), "{shown}");
    let posting = programs.text("bob", &["money", "posting", CLEARING, "DEP-2026-1"]).await?;
    ensure!(posting.contains("issue for 0x"), "{posting}");
    let balance = programs.json("bob", &["account", "balance", &key.address]).await?;
    ensure!(balance["balance"]["free_fen"] == 23_450, "{balance}");
    ensure!(balance["balance"]["reserved_fen"] == 0, "{balance}");
    Ok(())
}

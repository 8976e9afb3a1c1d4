//! Configuration of a network: a chain specification, keys, and an environment file for each
//! node, in the form that `systemd` and shells read.

use crate::{
    chain_spec::{ChainSpec, GenesisValidator},
    cli::TestnetArgs,
    keys::{KeyFile, NODE_KEY_FILE, VALIDATOR_KEY_FILE, peer_id, write_secret},
};
use ecoledger_rpc::ChainType;
use eyre::{WrapErr, bail, ensure, eyre};
use serde_json::json;
use sp_core::{
    Pair,
    crypto::{AccountId32, Ss58Codec},
    ed25519, sr25519,
};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{self, Path, PathBuf},
};

/// Distance of a node's gossip port from its consensus port.
pub(crate) const GOSSIP_PORT_OFFSET: u16 = 1000;

struct NodePlan {
    folder: PathBuf,
    node_key: [u8; 32],
    validator_key: Option<[u8; 32]>,
    ports: Ports,
}

/// Where a node listens.
struct Ports {
    consensus: u16,
    gossip: u16,
    rpc: u16,
    prometheus: u16,
}

impl Ports {
    fn of(args: &TestnetArgs, index: u16) -> eyre::Result<Self> {
        let port = |option: &str, base: u16, offset: u16| {
            base.checked_add(offset).and_then(|port| port.checked_add(index)).ok_or_else(|| {
                eyre!("node {index} needs a port above 65535, the highest; lower {option}")
            })
        };
        Ok(Self {
            consensus: port("--port", args.port, 0)?,
            gossip: port("--port", args.port, GOSSIP_PORT_OFFSET)?,
            rpc: port("--rpc-port", args.rpc_port, 0)?,
            prometheus: port("--prometheus-port", args.prometheus_port, 0)?,
        })
    }

    /// The ports of every node, each its own.
    fn of_all(args: &TestnetArgs) -> eyre::Result<Vec<Self>> {
        let nodes = (0..args.validators + args.full_nodes)
            .map(|index| Self::of(args, index))
            .collect::<eyre::Result<Vec<_>>>()?;
        let mut users = BTreeMap::new();
        for (index, node) in nodes.iter().enumerate() {
            for (what, port) in [
                ("consensus", node.consensus),
                ("gossip", node.gossip),
                ("JSON-RPC", node.rpc),
                ("metrics", node.prometheus),
            ] {
                let user = format!("{what} of node {index}");
                if let Some(other) = users.insert(port, user.clone()) {
                    bail!(
                        "port {port} is for {other} and for {user}; move --port (gossip has it \
                         plus {GOSSIP_PORT_OFFSET}), --rpc-port or --prometheus-port"
                    );
                }
            }
        }
        Ok(nodes)
    }
}

/// Writes the network's configuration below `args.dir`.
pub(crate) fn write(args: &TestnetArgs) -> eyre::Result<()> {
    let spec_path = args.dir.join("chain-spec.json");
    ensure!(
        !spec_path.exists(),
        "{} holds a network already; delete it or choose another folder",
        args.dir.display()
    );
    let ports = Ports::of_all(args)?;
    text_of(&path::absolute(&args.dir).wrap_err("resolve folder")?)?;
    fs::create_dir_all(&args.dir).wrap_err_with(|| format!("create {}", args.dir.display()))?;
    let root = args.dir.canonicalize().wrap_err("resolve folder")?;
    let nodes = (0..)
        .zip(ports)
        .map(|(index, ports)| plan(args, &root, index, ports))
        .collect::<eyre::Result<Vec<_>>>()?;

    let validators: Vec<_> = nodes
        .iter()
        .filter_map(|node| {
            let validator_key = node.validator_key?;
            Some(GenesisValidator { validator_key, node_key: node.node_key })
        })
        .collect();
    let full_nodes: Vec<_> =
        nodes.iter().filter(|n| n.validator_key.is_none()).map(|n| n.node_key).collect();
    let spec = ChainSpec::development(
        "EcoLedger Local Testnet",
        "local",
        ChainType::Local,
        &validators,
        &full_nodes,
    )?;
    for node in &nodes {
        let text = environment(args, &root, node, &nodes)?;
        fs::write(node.folder.join("env"), text).wrap_err("write environment file")?;
    }
    write_demonstration_keys(&root.join("keys"))?;
    // Last, because its presence says that the network is whole.
    let text = serde_json::to_string_pretty(&spec).wrap_err("encode chain specification")?;
    fs::write(&spec_path, text).wrap_err("write chain specification")?;
    println!(
        "wrote {} validators and {} full nodes below {}",
        args.validators,
        args.full_nodes,
        root.display()
    );
    Ok(())
}

fn plan(args: &TestnetArgs, root: &Path, index: u16, ports: Ports) -> eyre::Result<NodePlan> {
    let folder = root.join(format!("node-{index}"));
    let node = KeyFile::read_or_generate(&folder.join(NODE_KEY_FILE))?;
    let validator = KeyFile::read_or_generate(&folder.join(VALIDATOR_KEY_FILE))?;
    Ok(NodePlan {
        folder,
        node_key: node.public(),
        validator_key: (index < args.validators).then(|| validator.public()),
        ports,
    })
}

/// Agents of the demonstration organisations, by their well-known derivation paths.
const DEMONSTRATION_AGENTS: [(&str, &str); 24] = [
    ("alice", "market supervision and agriculture authority; committee"),
    ("bob", "tea co-operative; committee"),
    ("charlie", "tea processor; committee"),
    ("dave", "distributor and retailer"),
    ("eve", "laboratory"),
    ("ferdie", "settlement institution"),
    ("cnca", "authority that approves certification bodies"),
    ("accreditor", "accreditation body"),
    ("certbody", "certification body; its head"),
    ("certifier", "certification body; who decides"),
    ("evaluator", "certification body; who evaluates"),
    ("inspectorate", "inspection body"),
    ("brandowner", "owner of a regional brand"),
    ("brandoperator", "operator of the regional brand"),
    ("province", "province and its finance department"),
    ("upstream", "city upstream and its finance department"),
    ("downstream", "city downstream and its finance department"),
    ("upstation", "monitoring station of the city upstream"),
    ("downstation", "monitoring station of the city downstream"),
    ("auditor", "audit office"),
    ("county", "county upstream and its finance department"),
    ("village", "collective economy of a village"),
    ("hamlet", "collective economy of another village"),
    ("nationalstation", "national monitoring station"),
];

/// Writes each agent's ed25519 seed to a file of its own, and all addresses to one.
fn write_demonstration_keys(folder: &Path) -> eyre::Result<()> {
    fs::create_dir_all(folder).wrap_err("create keys folder")?;
    let mut agents = Vec::new();
    for (name, organisation) in DEMONSTRATION_AGENTS {
        let mut path: String = name.into();
        if let Some(first) = path.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let uri = format!("//{path}");
        let (ed25519, seed) = ed25519::Pair::from_string_with_seed(&uri, None)
            .map_err(|error| eyre!("derive {uri}: {error:?}"))?;
        let seed = seed.ok_or_else(|| eyre!("{uri} has no seed"))?;
        let sr25519 = sr25519::Pair::from_string(&uri, None)
            .map_err(|error| eyre!("derive {uri}: {error:?}"))?;
        let seed_file = format!("{name}.seed");
        write_secret(&folder.join(&seed_file), &format!("0x{}\n", hex::encode(seed)))?;
        let describe = |public: [u8; 32]| {
            json!({
                "address": AccountId32::from(public).to_ss58check(),
                "publicKey": format!("0x{}", hex::encode(public)),
            })
        };
        agents.push(json!({
            "name": name,
            "organisation": organisation,
            "seedFile": seed_file,
            "ed25519": describe(ed25519.public().0),
            "sr25519": describe(sr25519.public().0),
            "sr25519Secret": uri,
        }));
    }
    let text = serde_json::to_string_pretty(&agents).wrap_err("encode addresses")?;
    fs::write(folder.join("addresses.json"), text).wrap_err("write addresses")
}

fn environment(
    args: &TestnetArgs,
    root: &Path,
    node: &NodePlan,
    all: &[NodePlan],
) -> eyre::Result<String> {
    let mut bootnodes = Vec::new();
    let mut gossip = Vec::new();
    for peer in all.iter().filter(|peer| peer.node_key != node.node_key) {
        let id = peer_id(&peer.node_key)?;
        let kind = if args.host.is_ipv4() { "ip4" } else { "ip6" };
        bootnodes.push(format!("/{kind}/{}/tcp/{}/p2p/{id}", args.host, peer.ports.consensus));
        gossip.push(format!("/{kind}/{}/tcp/{}/p2p/{id}", args.host, peer.ports.gossip));
    }
    let mut text = String::new();
    let mut line = |key: &str, value: &str| writeln!(text, "ECOLEDGER_{key}={}", quoted(value));
    line("CHAIN", text_of(&root.join("chain-spec.json"))?)?;
    line("BASE_PATH", text_of(&node.folder)?)?;
    line("VALIDATOR", if node.validator_key.is_some() { "true" } else { "false" })?;
    line("LISTEN_ADDR", &args.host.to_string())?;
    line("PORT", &node.ports.consensus.to_string())?;
    line("RPC_PORT", &node.ports.rpc.to_string())?;
    line("PROMETHEUS_PORT", &node.ports.prometheus.to_string())?;
    line("BOOTNODES", &bootnodes.join(","))?;
    line("GOSSIP_BOOTNODES", &gossip.join(","))?;
    Ok(text)
}

/// A path as text; a line of an environment file holds no other.
fn text_of(path: &Path) -> eyre::Result<&str> {
    path.to_str().filter(|text| !text.contains(char::is_control)).ok_or_else(|| {
        eyre!(
            "{} has characters that no environment file holds; choose another --dir",
            path.display()
        )
    })
}

/// A value that shells and `systemd` both read as it is, a folder's spaces and quotes included.
fn quoted(value: &str) -> Cow<'_, str> {
    if value.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:,@%+".contains(c)) {
        return value.into();
    }
    format!("'{}'", value.replace('\'', r"'\''")).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, process::Command};

    fn testnet(dir: &Path, ports: [u16; 3]) -> TestnetArgs {
        let [port, rpc_port, prometheus_port] = ports;
        TestnetArgs {
            validators: 4,
            full_nodes: 1,
            dir: dir.to_owned(),
            host: [127, 0, 0, 1].into(),
            port,
            rpc_port,
            prometheus_port,
        }
    }

    #[test]
    fn ports_that_do_not_fit_are_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("net");
        for (ports, reason) in [
            ([64_600, 9_944, 9_615], "lower --port"),
            ([64_532, 9_944, 9_615], "node 4 needs a port above 65535, the highest; lower --port"),
            ([30_333, 65_532, 9_615], "lower --rpc-port"),
            ([30_333, 9_944, 65_535], "lower --prometheus-port"),
            ([30_333, 30_334, 9_615], "port 30334 is for"),
            ([30_333, 9_944, 9_948], "port 9948 is for"),
            ([30_333, 31_337, 9_615], "port 31337 is for"),
        ] {
            let error = write(&testnet(&dir, ports)).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
            assert!(!dir.exists(), "{ports:?} left {} behind", dir.display());
        }
        // The highest that fit.
        write(&testnet(&dir, [64_531, 9_944, 9_949])).unwrap();
    }

    #[test]
    fn a_shell_reads_the_environment_of_a_folder_with_spaces() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("a farmer's $HOME; net");
        write(&testnet(&dir, [30_333, 9_944, 9_615])).unwrap();
        let script = r#". ./env && printf '%s\n' "$ECOLEDGER_CHAIN" "$ECOLEDGER_BASE_PATH" "$ECOLEDGER_RPC_PORT""#;
        let node = dir.canonicalize().unwrap().join("node-2");
        let output = Command::new("sh").args(["-c", script]).current_dir(&node).output().unwrap();
        let chain = node.with_file_name("chain-spec.json");
        let expected = format!("{}\n{}\n9946\n", chain.display(), node.display());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
        let dir = folder.path().join("two\nlines");
        let error = write(&testnet(&dir, [30_333, 9_944, 9_615])).unwrap_err();
        assert!(
            error.to_string().contains("no environment file holds") && !dir.exists(),
            "{error}"
        );
    }

    #[test]
    fn the_demonstration_agents_are_those_of_the_preset() {
        let folder = tempfile::tempdir().unwrap();
        write_demonstration_keys(folder.path()).unwrap();
        let text = fs::read_to_string(folder.path().join("addresses.json")).unwrap();
        let agents: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let address = |agent: &serde_json::Value, scheme: &str| {
            agent[scheme]["address"].as_str().unwrap().to_owned()
        };
        let written: BTreeSet<_> = agents
            .iter()
            .flat_map(|agent| [address(agent, "ed25519"), address(agent, "sr25519")])
            .collect();
        let spec = ChainSpec::development("Test", "test", ChainType::Local, &[], &[]).unwrap();
        let config = &spec.genesis.runtime_genesis.config;
        let organisations = config["participants"]["organisations"].as_array().unwrap();
        let preset: BTreeSet<_> = organisations
            .iter()
            .flat_map(|organisation| organisation["agents"].as_array().unwrap())
            .map(|agent| agent["account"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(written, preset);
    }
}

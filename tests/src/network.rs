//! A network of nodes on this machine.

use crate::{
    agreement, binaries,
    node::Node,
    ports::{NODES_MAX, PortLease},
    rpc::Rpc,
};
use ecoledger_client::Client;
use ecoledger_primitives::{BlockNumber, ValidatorSet};
use eyre::{WrapErr, bail, ensure, eyre};
use futures::future::try_join_all;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    process::Command,
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

/// How long a node may take to reach a height that the chain is to reach.
pub const HEIGHT_TIMEOUT: Duration = Duration::from_secs(180);

/// Networks of one program run one after the other: each uses all of the machine.
static TURN: std::sync::LazyLock<Arc<Mutex<()>>> = std::sync::LazyLock::new(Arc::default);

/// A network of four validators, the smallest that survives the loss of one.
pub fn four_validators() -> NetworkBuilder {
    validators(4)
}

/// A network of `count` validators.
pub fn validators(count: u16) -> NetworkBuilder {
    NetworkBuilder { validators: count, options: Vec::new() }
}

/// What a network is to be.
#[derive(Clone, Debug)]
pub struct NetworkBuilder {
    validators: u16,
    options: Vec<(String, String)>,
}

impl NetworkBuilder {
    /// Sets an option of every node, such as `("LOG", "debug")`.
    #[must_use]
    pub fn option(mut self, name: &str, value: &str) -> Self {
        self.options.push((name.into(), value.into()));
        self
    }

    /// Writes the configuration and starts every node; returns when each answers.
    ///
    /// # Errors
    /// When a program is missing or a node does not start, with the end of its log.
    pub async fn start(self) -> eyre::Result<Network> {
        let turn = Arc::clone(&TURN).lock_owned().await;
        let folder = tempfile::Builder::new()
            .prefix("ecoledger-net-")
            .tempdir()
            .wrap_err("make a folder")?;
        let ports = PortLease::take()?;
        let root = folder.path().join("net");
        let output = Command::new(binaries::find("ecoledger-node")?)
            .args(["testnet", "--validators", &self.validators.to_string()])
            .arg("--dir")
            .arg(&root)
            .args(["--port", &ports.consensus().to_string()])
            .args(["--rpc-port", &ports.rpc().to_string()])
            .args(["--prometheus-port", &ports.metrics().to_string()])
            .output()
            .await
            .wrap_err("run ecoledger-node testnet")?;
        ensure!(
            output.status.success(),
            "ecoledger-node testnet: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut nodes = (0..self.validators)
            .map(|index| Node::at(root.join(format!("node-{index}"))))
            .collect::<eyre::Result<Vec<_>>>()?;
        for node in &mut nodes {
            for (name, value) in &self.options {
                node.set_option(name, value.as_str());
            }
        }
        let mut network = Network { nodes, root, ports, folder, passed: false, _turn: turn };
        network.start_all().await?;
        Ok(network)
    }
}

/// Nodes of one chain, and their folders and ports.
#[derive(Debug)]
pub struct Network {
    // Dropped, and so killed, before the folder that they write to.
    nodes: Vec<Node>,
    root: PathBuf,
    ports: PortLease,
    folder: TempDir,
    passed: bool,
    _turn: OwnedMutexGuard<()>,
}

impl Network {
    /// Ends the network of a test that has passed. One that is dropped otherwise shows its logs.
    pub fn passed(mut self) {
        self.passed = true;
    }

    /// Number of nodes, running or not.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The folder that `testnet` wrote.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A folder that goes away with the network.
    pub fn scratch(&self) -> &Path {
        self.folder.path()
    }

    /// Node `index`.
    ///
    /// # Panics
    /// When there is no such node.
    pub fn node(&self, index: usize) -> &Node {
        self.nodes.get(index).expect("a test names nodes that it made; qed")
    }

    /// Node `index`, to be changed.
    ///
    /// # Panics
    /// When there is no such node.
    pub fn node_mut(&mut self, index: usize) -> &mut Node {
        self.nodes.get_mut(index).expect("a test names nodes that it made; qed")
    }

    /// WebSocket addresses of all nodes.
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(Node::url).collect()
    }

    /// Nodes that run.
    pub fn running(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|index| self.node(*index).is_running()).collect()
    }

    /// A JSON-RPC connection to node `index`.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn rpc(&self, index: usize) -> eyre::Result<Rpc> {
        Rpc::connect(&self.node(index).url()).await
    }

    /// A client of node `index`.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn client(&self, index: usize) -> eyre::Result<Client> {
        Client::connect(&self.node(index).url()).await.wrap_err("connect a client")
    }

    /// Kills node `index` at once.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn kill(&mut self, index: usize) -> eyre::Result<&mut Self> {
        self.node_mut(index).kill().await?;
        Ok(self)
    }

    /// Kills every running node at once, before waiting for the end of any.
    ///
    /// # Errors
    /// When one cannot be killed.
    pub async fn kill_all(&mut self) -> eyre::Result<&mut Self> {
        let pids: Vec<_> = self.nodes.iter().filter_map(Node::pid).map(|p| p.to_string()).collect();
        let command = format!("kill -KILL {}", pids.join(" "));
        let status = Command::new("sh").args(["-c", &command]).status().await.wrap_err("run sh")?;
        ensure!(status.success(), "{command} failed");
        for node in self.nodes.iter_mut().filter(|node| node.is_running()) {
            node.ended().await?;
        }
        Ok(self)
    }

    /// Asks node `index` to stop, and waits until it has.
    ///
    /// # Errors
    /// When it does not run, or does not stop in time.
    pub async fn stop(&mut self, index: usize) -> eyre::Result<ExitStatus> {
        self.node_mut(index).stop().await
    }

    /// Starts node `index` and waits until it answers.
    ///
    /// # Errors
    /// When it ends before.
    pub async fn restart(&mut self, index: usize) -> eyre::Result<&mut Self> {
        self.node_mut(index).start().await?;
        Ok(self)
    }

    /// Starts every node that does not run, at the same time.
    ///
    /// # Errors
    /// When one ends before it answers.
    pub async fn start_all(&mut self) -> eyre::Result<&mut Self> {
        let stopped = self.nodes.iter_mut().filter(|node| !node.is_running());
        try_join_all(stopped.map(Node::start)).await?;
        Ok(self)
    }

    /// Adds a node with fresh keys, not started: its peers are all others, its chain is theirs.
    ///
    /// # Errors
    /// When keys or options cannot be written.
    pub async fn add_node(&mut self, validator: bool) -> eyre::Result<usize> {
        let index = u16::try_from(self.nodes.len()).wrap_err("too many nodes")?;
        ensure!(index < NODES_MAX, "a network has at most {NODES_MAX} nodes");
        let folder = self.root.join(format!("node-{index}"));
        let output = Command::new(binaries::find("ecoledger-node")?)
            .args(["key", "generate-node", "--base-path"])
            .arg(&folder)
            .output()
            .await
            .wrap_err("run ecoledger-node key")?;
        ensure!(output.status.success(), "ecoledger-node key generate-node failed");
        let mut bootnodes = Vec::new();
        let mut gossip = Vec::new();
        for (peer, node) in self.nodes.iter().enumerate() {
            let peer_id = inspect(node.folder(), "peer id").await?;
            let port = self.ports.consensus() + u16::try_from(peer).wrap_err("too many nodes")?;
            bootnodes.push(format!("/ip4/127.0.0.1/tcp/{port}/p2p/{peer_id}"));
            gossip.push(format!("/ip4/127.0.0.1/tcp/{}/p2p/{peer_id}", port + 1000));
        }
        let options = [
            ("CHAIN", self.root.join("chain-spec.json").display().to_string()),
            ("BASE_PATH", folder.display().to_string()),
            ("VALIDATOR", validator.to_string()),
            ("LISTEN_ADDR", "127.0.0.1".into()),
            ("PORT", (self.ports.consensus() + index).to_string()),
            ("RPC_PORT", (self.ports.rpc() + index).to_string()),
            ("PROMETHEUS_PORT", (self.ports.metrics() + index).to_string()),
            ("BOOTNODES", bootnodes.join(",")),
            ("GOSSIP_BOOTNODES", gossip.join(",")),
        ];
        let text: String =
            options.iter().map(|(name, value)| format!("ECOLEDGER_{name}={value}\n")).collect();
        fs::write(folder.join("env"), text).wrap_err("write options")?;
        self.nodes.push(Node::at(folder)?);
        Ok(usize::from(index))
    }

    /// What `key inspect-node` says of node `index`: `peer id`, `node key` or `validator key`.
    ///
    /// # Errors
    /// When it says nothing of that name.
    pub async fn key(&self, index: usize, name: &str) -> eyre::Result<String> {
        inspect(self.node(index).folder(), name).await
    }

    /// The last final height of node `index`.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn height(&self, index: usize) -> eyre::Result<BlockNumber> {
        self.rpc(index).await?.height().await
    }

    /// Waits until node `index` has a final block of at least `height`.
    ///
    /// # Errors
    /// When it does not in time, with the end of its log.
    pub async fn wait_height_of(&self, index: usize, height: BlockNumber) -> eyre::Result<()> {
        let rpc = self.rpc(index).await?;
        match timeout(HEIGHT_TIMEOUT, rpc.wait_height(height)).await {
            Ok(reached) => reached.map(|_| ()),
            Err(_) => bail!(
                "node {index} has not reached height {height} after {HEIGHT_TIMEOUT:?}, it is at {:?}:\n{}",
                rpc.height().await.ok(),
                self.node(index).log_tail()
            ),
        }
    }

    /// Waits until every running node has a final block of at least `height`.
    ///
    /// # Errors
    /// As [`Network::wait_height_of`].
    pub async fn wait_height(&self, height: BlockNumber) -> eyre::Result<()> {
        for index in self.running() {
            self.wait_height_of(index, height).await?;
        }
        Ok(())
    }

    /// Brings every running node to the highest final height that one of them has, and gives it.
    ///
    /// # Errors
    /// As [`Network::wait_height_of`].
    pub async fn wait_level(&self) -> eyre::Result<BlockNumber> {
        let mut highest = 0;
        for index in self.running() {
            highest = highest.max(self.height(index).await?);
        }
        self.wait_height(highest).await?;
        Ok(highest)
    }

    /// Checks that every running node holds the same chain, up to the height that all have, and
    /// gives that height. See [`agreement::verify_chain`].
    ///
    /// # Errors
    /// What differs, and where.
    pub async fn assert_same_chain(&self) -> eyre::Result<BlockNumber> {
        let anchor = self.genesis_validators()?;
        let mut connections = Vec::new();
        for index in self.running() {
            connections.push(self.rpc(index).await?);
        }
        agreement::verify_chain(&connections, &anchor).await
    }

    /// The validators that the chain starts with, as its specification names them.
    ///
    /// # Errors
    /// When the specification cannot be read.
    pub fn genesis_validators(&self) -> eyre::Result<ValidatorSet> {
        let text = fs::read_to_string(self.root.join("chain-spec.json")).wrap_err("read spec")?;
        let spec: Value = serde_json::from_str(&text).wrap_err("decode spec")?;
        let validators = &spec["genesis"]["runtimeGenesis"]["config"]["validators"]["validators"];
        let keys = validators
            .as_array()
            .into_iter()
            .flatten()
            .map(|validator| {
                let mut key = [0; 32];
                let text = validator["key"].as_str().unwrap_or_default();
                hex::decode_to_slice(text.trim_start_matches("0x"), &mut key)
                    .wrap_err("decode a validator's key")?;
                Ok(key)
            })
            .collect::<eyre::Result<Vec<_>>>()?;
        ValidatorSet::new(keys).map_err(|error| eyre!("genesis validators: {error:?}"))
    }
}

impl Drop for Network {
    /// Shows the logs unless the test has passed; processes end with their handles.
    #[allow(clippy::print_stdout, reason = "shown beside the failure that it explains")]
    fn drop(&mut self) {
        if !self.passed {
            for node in &self.nodes {
                println!("--- log of {}\n{}", node.folder().display(), node.log_tail());
            }
        }
    }
}

async fn inspect(folder: &Path, name: &str) -> eyre::Result<String> {
    let output = Command::new(binaries::find("ecoledger-node")?)
        .args(["key", "inspect-node", "--base-path"])
        .arg(folder)
        .output()
        .await
        .wrap_err("run ecoledger-node key")?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim))
        .map(str::to_owned)
        .ok_or_else(|| eyre!("key inspect-node says nothing of a {name}"))
}

//! Which chain a node follows: a JSON specification in Substrate's shape.

use crate::{
    cli::{BuildSpecArgs, PurgeChainArgs},
    keys::{KeyFile, NODE_KEY_FILE, VALIDATOR_KEY_FILE},
    lock::BasePathLock,
};
use ecoledger_rpc::ChainType;
use eyre::{WrapErr, bail, ensure};
use libp2p::Multiaddr;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

/// The runtime's genesis preset with demonstration organisations.
const DEVELOPMENT_PRESET: &str = "development";
/// Longest id of a chain.
const ID_CHARS_MAX: usize = 64;
/// Largest specification that is read, in bytes.
const SPEC_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A chain specification.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ChainSpec {
    /// Name for people.
    pub(crate) name: String,
    /// Name of folders and files.
    pub(crate) id: String,
    /// `Development`, `Local` or `Live`: what wallets show, and whether a node without peers is
    /// as it should be.
    pub(crate) chain_type: ChainType,
    /// Consensus addresses that every node tries.
    #[serde(default)]
    pub(crate) boot_nodes: Vec<Multiaddr>,
    /// Token symbol, decimals and address format, as wallets read them.
    pub(crate) properties: serde_json::Map<String, Value>,
    /// The first state.
    pub(crate) genesis: Genesis,
}

/// The first state of a chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Genesis {
    /// Built by the runtime.
    pub(crate) runtime_genesis: RuntimeGenesis,
}

/// What the runtime builds the first state from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RuntimeGenesis {
    /// Genesis configuration of every pallet.
    pub(crate) config: Value,
}

/// A validator of the first set and its node.
#[derive(Clone, Debug)]
pub(crate) struct GenesisValidator {
    /// Key that signs votes.
    pub(crate) validator_key: [u8; 32],
    /// Key that names its node to peers.
    pub(crate) node_key: [u8; 32],
}

impl ChainSpec {
    /// The specification of a development network with the given validators and full nodes.
    pub(crate) fn development(
        name: &str,
        id: &str,
        chain_type: ChainType,
        validators: &[GenesisValidator],
        full_nodes: &[[u8; 32]],
    ) -> eyre::Result<Self> {
        let mut config = ecoledger_executor::genesis::preset(DEVELOPMENT_PRESET)
            .ok_or_else(|| eyre::eyre!("the runtime has no preset {DEVELOPMENT_PRESET}"))?;
        let hex = |key: &[u8; 32]| format!("0x{}", hex::encode(key));
        config["validators"] = json!({
            "validators": validators
                .iter()
                .map(|v| json!({
                    "key": hex(&v.validator_key),
                    "nodeKey": hex(&v.node_key),
                }))
                .collect::<Vec<_>>(),
            "nodes": full_nodes
                .iter()
                .enumerate()
                .map(|(i, key)| json!({ "nodeKey": hex(key), "label": format!("full node {i}") }))
                .collect::<Vec<_>>(),
        });
        let properties = json!({ "ss58Format": 42, "tokenDecimals": 2, "tokenSymbol": "CNY" });
        Ok(Self {
            name: name.into(),
            id: id.into(),
            chain_type,
            boot_nodes: Vec::new(),
            properties: properties.as_object().cloned().unwrap_or_default(),
            genesis: Genesis { runtime_genesis: RuntimeGenesis { config } },
        })
    }

    /// Loads `dev` or the specification at a path. The development chain has one validator: the
    /// node whose keys lie in `base_path`.
    pub(crate) fn load(chain: &str, base_path: &Path) -> eyre::Result<Self> {
        if chain == "dev" {
            let node = KeyFile::read_or_generate(&base_path.join(NODE_KEY_FILE))?;
            let validator = KeyFile::read_or_generate(&base_path.join(VALIDATOR_KEY_FILE))?;
            let validator =
                GenesisValidator { validator_key: validator.public(), node_key: node.public() };
            return Self::development(
                "EcoLedger Development",
                "dev",
                ChainType::Development,
                &[validator],
                &[],
            );
        }
        Self::read(Path::new(chain))
    }

    fn read(path: &Path) -> eyre::Result<Self> {
        let mut text = String::new();
        fs::File::open(path)
            .wrap_err_with(|| {
                format!("open chain specification {}; `testnet` writes one", path.display())
            })?
            .take(SPEC_BYTES_MAX + 1)
            .read_to_string(&mut text)
            .wrap_err("read chain specification")?;
        ensure!(
            text.len() as u64 <= SPEC_BYTES_MAX,
            "chain specification {} is larger than {SPEC_BYTES_MAX} bytes",
            path.display()
        );
        let spec: Self = serde_json::from_str(&text)
            .wrap_err_with(|| format!("decode chain specification {}", path.display()))?;
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
        ensure!(
            (1..=ID_CHARS_MAX).contains(&spec.id.len()) && spec.id.chars().all(is_plain),
            "the specification's id names a folder: 1 to {ID_CHARS_MAX} of a-z, 0-9, _ and -; got {:?}",
            spec.id
        );
        Ok(spec)
    }
}

/// The base path of a node: as given, or one under the user's data folder.
pub(crate) fn base_path(given: Option<&Path>) -> eyre::Result<PathBuf> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    let home =
        std::env::var_os("HOME").ok_or_else(|| eyre::eyre!("HOME is not set; give --base-path"))?;
    Ok(PathBuf::from(home).join(".local/share/ecoledger"))
}

/// Prints a specification from which a chain can start.
pub(crate) fn build(args: &BuildSpecArgs) -> eyre::Result<()> {
    let spec = ChainSpec::load(&args.chain, &base_path(args.base_path.as_deref())?)?;
    ecoledger_executor::genesis::check(&spec.genesis.runtime_genesis.config)
        .wrap_err_with(|| format!("build the genesis of {}", args.chain))?;
    println!("{}", serde_json::to_string_pretty(&spec).wrap_err("encode chain specification")?);
    Ok(())
}

/// Folder of a base path's database and write-ahead log.
pub(crate) const CHAIN_FOLDER: &str = "chain";

/// Deletes what a node can get again from its peers, unless it runs.
pub(crate) fn purge(args: &PurgeChainArgs) -> eyre::Result<()> {
    let folder = args.base_path.join(CHAIN_FOLDER);
    if !folder.exists() {
        println!("nothing to delete: {} does not exist", folder.display());
        return Ok(());
    }
    let _lock = BasePathLock::take(&args.base_path)?;
    if !args.yes {
        print!(
            "delete {}? A validator may vote twice if it starts again before its peers have moved on. [y/N] ",
            folder.display()
        );
        std::io::stdout().flush().wrap_err("ask")?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).wrap_err("read answer")?;
        if !matches!(answer.trim(), "y" | "Y" | "yes") {
            bail!("nothing deleted");
        }
    }
    fs::remove_dir_all(&folder).wrap_err_with(|| format!("delete {}", folder.display()))?;
    println!("deleted {}", folder.display());
    Ok(())
}

//! Deployments are data: one JSON file per chain, written by `deploy`, read by all others.

use crate::deploy::Target;
use crate::{Failure, Result};
use alloy::primitives::{Address, B256, U256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the contracts of one chain are and what they were made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// EIP-155 id.
    pub chain_id: u64,
    /// Hash of the chain's first block, which tells chains of one id apart.
    #[serde(default)]
    pub genesis: Option<B256>,
    /// Scheme, host and port of the endpoint it was deployed through; never a key or a path.
    pub rpc_url: String,
    /// How the contracts run.
    #[serde(default)]
    pub target: Target,
    /// The token that is staked.
    #[serde(deserialize_with = "crate::address::deserialize")]
    pub vvv: Address,
    /// Staked VVV.
    #[serde(deserialize_with = "crate::address::deserialize")]
    pub s_vvv: Address,
    /// DIEM.
    #[serde(deserialize_with = "crate::address::deserialize")]
    pub diem: Address,
    /// Owner of sVVV and DIEM, or who has been offered to be.
    #[serde(deserialize_with = "crate::address::deserialize")]
    pub owner: Address,
    /// Who signed the deployment.
    #[serde(default, deserialize_with = "crate::address::deserialize_some")]
    pub deployer: Option<Address>,
    /// Guardian that the deployment named.
    #[serde(default, deserialize_with = "crate::address::deserialize_some")]
    pub guardian: Option<Address>,
    /// The owner's rules, where it is the timelock that the deployment made.
    #[serde(default)]
    pub timelock: Option<Timelock>,
    /// What the contracts' addresses were derived from, beside their code and arguments.
    #[serde(default)]
    pub salt: Option<B256>,
    /// Receives the yield fee.
    #[serde(deserialize_with = "crate::address::deserialize")]
    pub treasury: Address,
    /// Arguments of the constructors, in wei.
    pub arguments: Arguments,
    /// How each contract came to be, by the names above.
    pub contracts: Contracts,
    /// What `diem deploy` did not come to do, though the contracts are whole and wired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<String>,
}

/// The last step before which the contracts cannot be used.
pub(crate) const WIRE: &str = "wire sVVV to DIEM";

/// OpenZeppelin's TimelockController as the deployment set it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timelock {
    /// Least seconds between announcing an act and carrying it out.
    pub delay: u64,
    /// Who may announce, and take back.
    pub proposers: Vec<Address>,
    /// Who may carry out; the zero address stands for anybody.
    pub executors: Vec<Address>,
}

/// A deployment under way, in the same form: what is not there yet is null.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Draft {
    pub(crate) chain_id: u64,
    pub(crate) genesis: Option<B256>,
    pub(crate) rpc_url: String,
    pub(crate) target: Target,
    pub(crate) vvv: Option<Address>,
    pub(crate) s_vvv: Option<Address>,
    pub(crate) diem: Option<Address>,
    pub(crate) owner: Address,
    pub(crate) deployer: Address,
    pub(crate) guardian: Option<Address>,
    pub(crate) treasury: Address,
    pub(crate) timelock: Option<Timelock>,
    pub(crate) salt: B256,
    pub(crate) arguments: Arguments,
    pub(crate) contracts: DraftContracts,
    /// The step that is next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unfinished: Option<String>,
    /// What else has to be known to go on; gone when all is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resume: Option<Resume>,
}

/// What a deployment that stopped is taken up by.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resume {
    /// The latest block before the first transaction.
    pub(crate) since: u64,
    /// Whether VVV is the stand-in, which the deployment makes.
    pub(crate) stand_in: bool,
    /// Whether the programs shall be put in the chain's cache.
    pub(crate) cache: bool,
    /// keccak256 of what creates each contract, arguments included.
    pub(crate) creations: BTreeMap<String, B256>,
    /// The transaction that was signed last, and the step it is for: noted before it is sent.
    pub(crate) sent: Option<(String, B256)>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DraftContracts {
    pub(crate) vvv: Option<Record>,
    pub(crate) s_vvv: Option<Record>,
    pub(crate) diem: Option<Record>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timelock: Option<Record>,
}

/// What the constructors were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Arguments {
    /// sVVV per DIEM at supply 0.
    pub base_rate: U256,
    /// DIEM.
    pub target_supply: U256,
    /// VVV per second.
    pub emission_rate: U256,
    /// The highest rate that the owner can ever set, VVV per second.
    pub max_emission_rate: U256,
}

/// The records of the contracts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contracts {
    /// VVV; nothing but code hash and ABI when it was there before.
    pub vvv: Record,
    /// sVVV.
    pub s_vvv: Record,
    /// DIEM.
    pub diem: Record,
    /// The timelock, where the deployment made one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timelock: Option<Record>,
}

/// How one contract came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Block of the deployment, or an earlier one where somebody else sent the same first.
    pub block: Option<u64>,
    /// Transaction of the deployment.
    pub transaction: Option<B256>,
    /// Gas that transaction used, activation included.
    pub gas_used: Option<u64>,
    /// keccak256 of the account's code.
    pub codehash: B256,
    /// keccak256 of the committed ABI file; none of the timelock, whose ABI is OpenZeppelin's.
    pub abi_hash: Option<B256>,
    /// Whether the program was in the chain's cache at the end.
    pub cached: bool,
}

/// The file of a chain.
#[must_use]
pub fn path(directory: &Path, chain_id: u64) -> PathBuf {
    directory.join(format!("{chain_id}.json"))
}

impl Deployment {
    /// Reads the deployment of a chain.
    ///
    /// # Errors
    /// There is none, the file is damaged, or it tells of another chain.
    pub fn read(directory: &Path, chain_id: u64) -> Result<Self> {
        let path = path(directory, chain_id);
        let bytes = std::fs::read(&path).map_err(|error| {
            Failure::refused("no deployment on this chain", error.to_string())
                .with("chain id", chain_id)
                .with("file", path.display())
                .hint("deploy with `diem deploy`, or name the directory with --deployments")
        })?;
        let deployment: Self = serde_json::from_slice(&bytes).map_err(|error| {
            let found = serde_json::from_slice::<Stopped>(&bytes);
            match found.ok().and_then(|found| found.unfinished) {
                Some(step) => stopped(&step),
                None => Failure::broken("the deployment file is damaged", error.to_string())
                    .hint("deploy again with `diem deploy`, or restore the file"),
            }
            .with("file", path.display())
        })?;
        if deployment.unfinished.as_deref() == Some(WIRE) {
            return Err(stopped(WIRE).with("file", path.display()));
        }
        if deployment.chain_id == chain_id {
            return Ok(deployment);
        }
        Err(Failure::refused(
            "the deployment record is of another chain",
            "the file's name and content disagree",
        )
        .with("file", path.display())
        .with("chain id in the file", deployment.chain_id)
        .with("chain id of the node", chain_id)
        .hint("deploy with `diem deploy`, or name the directory with --deployments"))
    }
}

impl Draft {
    /// Reads what `deploy` wrote last, finished or not.
    ///
    /// # Errors
    /// There is nothing, or nothing that could be gone on with.
    pub(crate) fn read(directory: &Path, chain_id: u64) -> Result<Self> {
        let path = path(directory, chain_id);
        let bytes = std::fs::read(&path).map_err(|error| {
            Failure::refused("there is no deployment to go on with", error.to_string())
                .with("chain id", chain_id)
                .with("file", path.display())
                .hint("name the directory with --deployments, or leave --resume out to begin one")
        })?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Failure::broken("cannot go on with this deployment", error.to_string())
                .with("file", path.display())
                .hint("restore the file; one of an earlier release cannot be gone on with")
        })
    }

    /// Writes what there is so far, whole or not at all.
    pub(crate) fn write(&self, directory: &Path) -> Result<PathBuf> {
        write(self, &path(directory, self.chain_id))
    }
}

/// What is left of a record that `deploy` did not finish.
#[derive(Deserialize)]
struct Stopped {
    unfinished: Option<String>,
}

fn stopped(step: &str) -> Failure {
    Failure::refused(
        "the deployment was not finished",
        format!("it stopped before this step: {step}"),
    )
    .hint("`diem deploy --resume` goes on with it")
}

fn write(record: &impl Serialize, path: &Path) -> Result<PathBuf> {
    let broken = |cause: String| {
        Failure::broken("cannot write the deployment", cause)
            .with("file", path.display())
            .hint("make the directory writable, or name another with --deployments")
    };
    let text = serde_json::to_string_pretty(record).map_err(|error| broken(error.to_string()))?;
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).map_err(|error| broken(error.to_string()))?;
    }
    let draft = path.with_extension("json.new");
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all((text + "\n").as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| broken(error.to_string()))?;
    std::fs::rename(&draft, path).map_err(|error| broken(error.to_string()))?;
    Ok(path.to_owned())
}

/// Finds out whether a record could be written, and leaves nothing behind.
///
/// # Errors
/// It could not.
pub(crate) fn check_writable(directory: &Path, chain_id: u64) -> Result<()> {
    let broken = |error: std::io::Error| {
        Failure::broken("cannot write the deployment", error.to_string())
            .with("directory", directory.display())
            .hint("make the directory writable, or name another with --deployments")
    };
    std::fs::create_dir_all(directory).map_err(broken)?;
    let probe = path(directory, chain_id).with_extension("json.new");
    std::fs::write(&probe, "").map_err(broken)?;
    std::fs::remove_file(&probe).map_err(broken)
}

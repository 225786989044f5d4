//! Deployments are data: one JSON file per chain, written by `deploy`, read by all others.

use crate::{Failure, Result};
use alloy::primitives::{Address, B256, U256};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Where the contracts of one chain are and what they were made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// EIP-155 id.
    pub chain_id: u64,
    /// The endpoint it was deployed through.
    pub rpc_url: String,
    /// The token that is staked.
    pub vvv: Address,
    /// Staked VVV.
    pub s_vvv: Address,
    /// DIEM.
    pub diem: Address,
    /// Owner of sVVV and DIEM, or who has been offered to be.
    pub owner: Address,
    /// Receives the yield fee.
    pub treasury: Address,
    /// Arguments of the constructors, in wei.
    pub arguments: Arguments,
    /// How each contract came to be, by the names above.
    pub contracts: Contracts,
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
}

/// The records of the three contracts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contracts {
    /// VVV; nothing but code hash and ABI when it was there before.
    pub vvv: Record,
    /// sVVV.
    pub s_vvv: Record,
    /// DIEM.
    pub diem: Record,
}

/// How one contract came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Block of the deployment.
    pub block: Option<u64>,
    /// Transaction of the deployment.
    pub transaction: Option<B256>,
    /// Gas that transaction used, activation included.
    pub gas_used: Option<u64>,
    /// keccak256 of the account's code.
    pub codehash: B256,
    /// keccak256 of the committed ABI file.
    pub abi_hash: B256,
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
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Failure::refused("no deployment on this chain", error.to_string())
                .with("chain id", chain_id)
                .with("file", path.display())
                .hint("deploy with `diem deploy`, or name the directory with --deployments")
        })?;
        let deployment: Self = serde_json::from_str(&text).map_err(|error| {
            Failure::broken("the deployment file is damaged", error.to_string())
                .with("file", path.display())
                .hint("deploy again with `diem deploy`, or restore the file")
        })?;
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

    /// Writes the deployment, whole or not at all. Returns the file.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub fn write(&self, directory: &Path) -> Result<PathBuf> {
        let path = path(directory, self.chain_id);
        let broken = |error: std::io::Error| {
            Failure::broken("cannot write the deployment", error.to_string())
                .with("file", path.display())
        };
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Failure::broken("cannot write the deployment", error.to_string()))?;
        std::fs::create_dir_all(directory).map_err(broken)?;
        let draft = path.with_extension("json.new");
        std::fs::write(&draft, text + "\n").map_err(broken)?;
        std::fs::rename(&draft, &path).map_err(broken)?;
        Ok(path)
    }
}

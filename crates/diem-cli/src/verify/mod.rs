//! Whether the bytes on a chain are these sources: each contract's code is taken apart into the
//! module that was deployed, and held against the one that the local build made.
//!
//! The module is what counts. Its compressed form depends on the compressor too, which comes with
//! Node; the same module compressed by another release is told as such.

mod build;
mod code;

pub use build::{Build, Made};

use crate::chain::Chain;
use crate::deployment::Deployment;
use crate::program::{self, PREFIX};
use crate::{Failure, Result};
use alloy::primitives::{Address, B256, keccak256};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;

/// A deployment held against a build.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// EIP-155 id.
    pub chain_id: u64,
    /// Whether every contract that the deployment made is of this build.
    pub verified: bool,
    /// What the modules were made of, and how.
    pub build: Build,
    /// The contracts that the deployment made.
    pub contracts: Vec<Contract>,
}

/// A contract on the chain, beside what the build made of its name.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    /// Name of its module.
    pub name: &'static str,
    /// Where it is.
    pub address: Address,
    /// keccak256 of the account's code.
    pub codehash: B256,
    /// SHA-256 of the module as it is compressed there; none where the code is no program.
    pub compressed_sha256: Option<String>,
    /// SHA-256 of the module; none where it cannot be decompressed.
    pub sha256: Option<String>,
    /// What the comparison found.
    pub verdict: Verdict,
    /// Why there is nothing to compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// What a comparison found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// The account's code is the build's, byte for byte.
    Same,
    /// The module is the build's, byte for byte; it was compressed by another compressor.
    SameModule,
    /// Something else.
    Different,
}

/// Holds each contract that the deployment made against the build in `wasm_dir`. A VVV that was
/// there before is not of these sources and left out.
///
/// # Errors
/// There is no build, it is not whole, or the node does not answer. A contract that differs is no
/// error here: see [`Verified::verified`].
pub async fn verify(chain: &Chain, at: &Deployment, wasm_dir: &Path) -> Result<Verified> {
    let build = Build::read(wasm_dir)?;
    let vvv = at.contracts.vvv.transaction.map(|_| ("vvv", at.vvv));
    let ours = [("staked_vvv", at.s_vvv), ("diem", at.diem)];
    let mut contracts = Vec::new();
    for (name, address) in vvv.into_iter().chain(ours) {
        let module = program::read(wasm_dir, name)?;
        let made = build.made(name)?;
        let code = chain.code(address).await?;
        contracts.push(compare(name, address, &code, &module.code, made));
    }
    Ok(Verified {
        chain_id: chain.id(),
        verified: contracts
            .iter()
            .all(|contract| contract.verdict != Verdict::Different),
        build,
        contracts,
    })
}

fn compare(
    name: &'static str,
    address: Address,
    found: &[u8],
    expected: &[u8],
    made: &Made,
) -> Contract {
    let compressed_sha256 = found.strip_prefix(&PREFIX).map(digest);
    let module = code::module(found);
    let sha256 = module.as_deref().ok().map(digest);
    let verdict = if found == expected {
        Verdict::Same
    } else if sha256.as_ref() == Some(&made.sha256) {
        Verdict::SameModule
    } else {
        Verdict::Different
    };
    Contract {
        name,
        address,
        codehash: keccak256(found),
        compressed_sha256,
        sha256,
        verdict,
        cause: module.err().map(str::to_owned),
    }
}

impl Verified {
    /// Writes it as a file to publish.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let broken = |cause: String| {
            Failure::broken("cannot write what was verified", cause)
                .with("file", path.display())
                .hint("name another file with --out")
        };
        let text = serde_json::to_string_pretty(self).map_err(|error| broken(error.to_string()))?;
        std::fs::write(path, text + "\n").map_err(|error| broken(error.to_string()))
    }
}

impl Contract {
    /// The verdict in words.
    #[must_use]
    pub fn told(&self) -> String {
        let address = self.address;
        match (self.verdict, &self.cause) {
            (Verdict::Same, _) => format!("{address}: the build's, byte for byte"),
            (Verdict::SameModule, _) => {
                format!("{address}: the build's module, compressed by another compressor")
            }
            (Verdict::Different, Some(cause)) => format!("{address}: not the build's: {cause}"),
            (Verdict::Different, None) => format!("{address}: not the build's: another module"),
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

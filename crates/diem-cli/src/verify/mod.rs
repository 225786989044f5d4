//! Whether the bytes on a chain are these sources. A program's code is taken apart into the
//! module that was deployed, and held against the one that the local build made; EVM code is held
//! against what the local build compiled, what only the constructor knows left out.
//!
//! The module is what counts. Its compressed form depends on the compressor too, which comes with
//! Node; the same module compressed by another release is told as such.

mod build;
mod code;
mod solidity;

pub use build::{Build, Made};
pub use solidity::{Compiled, Held, Immutable, Place, Solidity};

use crate::chain::Chain;
use crate::deploy::Target;
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
    /// What the modules were made of, and how; none where all is EVM code.
    pub build: Option<Build>,
    /// What EVM code was compiled of, and how; none where all are programs.
    pub solidity: Option<Solidity>,
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
    /// SHA-256 of the module; none where it cannot be decompressed. Of EVM code, with zeros for
    /// its immutables.
    pub sha256: Option<String>,
    /// What the constructor put into EVM code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub immutables: Vec<Held>,
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
    /// EVM code is the build's, byte for byte; its immutables are what its constructor was given.
    SameButImmutables,
    /// Something else.
    Different,
}

/// Where the builds are to compare with.
#[derive(Clone, Copy, Debug)]
pub struct Builds<'a> {
    /// What scripts/build-wasm left.
    pub wasm: &'a Path,
    /// What evm/build.mjs left.
    pub evm: &'a Path,
}

/// Holds each contract that the deployment made against the builds. A VVV that was there before
/// is not of these sources and left out.
///
/// # Errors
/// There is no build, it is not whole, or the node does not answer. A contract that differs is no
/// error here: see [`Verified::verified`].
pub async fn verify(chain: &Chain, at: &Deployment, builds: Builds<'_>) -> Result<Verified> {
    let vvv = at.contracts.vvv.transaction.map(|_| ("vvv", at.vvv));
    let ours = [("staked_vvv", at.s_vvv), ("diem", at.diem)];
    // The timelock is EVM code in either form.
    let timelock = at.timelock.as_ref().map(|_| ("timelock", at.owner));
    let ours = vvv.into_iter().chain(ours).chain(timelock);
    let (mut build, mut compiled) = (None, None);
    let mut contracts = Vec::new();
    for (name, address) in ours {
        let code = chain.code(address).await?;
        contracts.push(match at.target {
            Target::Stylus if name != "timelock" => {
                let build: &mut Build = slot(&mut build, || Build::read(builds.wasm))?;
                let module = program::read(builds.wasm, name)?;
                compare(name, address, &code, &module.code, build.made(name)?)
            }
            _ => {
                let compiled: &mut Solidity = slot(&mut compiled, || Solidity::read(builds.evm))?;
                let (expected, made) = compiled.runtime(builds.evm, name)?;
                solidity::compare(name, address, &code, &expected, made)
            }
        });
    }
    Ok(Verified {
        chain_id: chain.id(),
        verified: contracts
            .iter()
            .all(|contract| contract.verdict != Verdict::Different),
        build,
        solidity: compiled,
        contracts,
    })
}

/// What is there, or is made now.
fn slot<T>(slot: &mut Option<T>, make: impl FnOnce() -> Result<T>) -> Result<&mut T> {
    match slot {
        Some(there) => Ok(there),
        empty => Ok(empty.insert(make()?)),
    }
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
        immutables: Vec::new(),
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
            (Verdict::SameButImmutables, _) => {
                let told = |held: &Held| format!("{} = {}", held.name, held.value);
                let values: Vec<String> = self.immutables.iter().map(told).collect();
                format!(
                    "{address}: the build's, byte for byte, with {}",
                    values.join(", ")
                )
            }
            (Verdict::Different, Some(cause)) => format!("{address}: not the build's: {cause}"),
            (Verdict::Different, None) => format!("{address}: not the build's: another module"),
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

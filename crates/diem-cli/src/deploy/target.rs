//! Which of its two forms the protocol takes on a chain.

use crate::chain::Chain;
use crate::{Failure, Result, output};
use diem_abi::arbitrum::{ARB_WASM, IArbWasm};
use serde::{Deserialize, Serialize};

/// How the contracts run. Both forms answer to the same interfaces with the same numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// Stylus programs: cheaper, where the chain runs Stylus.
    #[default]
    Stylus,
    /// EVM code, for every other chain.
    Evm,
}

/// The target that was asked for, or the one that fits: the chain itself says whether it runs
/// Stylus.
///
/// # Errors
/// Stylus was asked for where there is none; or the node does not answer.
pub async fn choose(chain: &Chain, asked: Option<Target>) -> Result<Target> {
    let version = stylus_version(chain).await?;
    let target = asked.unwrap_or(match version {
        Some(_) => Target::Stylus,
        None => Target::Evm,
    });
    let chain_runs = match version {
        Some(version) => format!("this chain runs Stylus {version}"),
        None => "this chain runs no Stylus".to_owned(),
    };
    if target == Target::Stylus && version.is_none() {
        return Err(
            Failure::refused("cannot deploy Stylus programs", chain_runs)
                .with("chain id", chain.id())
                .hint("leave --target away: the contracts run as EVM code as well"),
        );
    }
    let form = match target {
        Target::Stylus => "Stylus programs",
        Target::Evm => "EVM code",
    };
    let why = if asked.is_some() {
        format!("as asked; {chain_runs}")
    } else {
        chain_runs
    };
    output::story(&format!("target    {form}: {why}"));
    Ok(target)
}

/// What ArbWasm answers; `None` where there is no such precompile.
async fn stylus_version(chain: &Chain) -> Result<Option<u16>> {
    if chain.codehash_if_any(ARB_WASM).await?.is_none() {
        return Ok(None);
    }
    let version = chain
        .call(ARB_WASM, &IArbWasm::stylusVersionCall {})
        .await?;
    Ok(Some(version))
}

//! What is typed about a deployment.

use super::{diem, svvv, vvv};
use crate::Amount;
use crate::address::{parse as address, parse_or_nobody};
use crate::deploy::Target;
use alloy::primitives::Address;
use std::path::PathBuf;

/// Two days.
const USUAL_DELAY_SECONDS: u64 = 172_800;

#[derive(Debug, clap::Args)]
pub(crate) struct DeployArgs {
    /// Go on with the deployment that the record on this chain tells of, as it was begun.
    #[arg(
        long,
        conflicts_with_all = [
            "vvv", "owner", "proposer", "executor", "timelock_delay", "guardian", "treasury",
            "base_rate", "target_supply", "emission_rate", "max_emission_rate", "target", "no_cache",
        ]
    )]
    pub(crate) resume: bool,
    /// VVV, on a chain that is no devnet and has none in the list of networks.
    #[arg(long, value_parser = address)]
    pub(crate) vvv: Option<Address>,
    /// Let a new timelock own the contracts, where this account may announce acts and take them
    /// back; may be given several times.
    #[arg(long, value_parser = address, conflicts_with = "owner", requires = "guardian")]
    pub(crate) proposer: Vec<Address>,
    /// Who may carry out what the timelock has announced; may be given several times, `anybody`
    /// too. By default the proposers.
    #[arg(long, value_parser = executor, requires = "proposer")]
    pub(crate) executor: Vec<Address>,
    /// Least seconds between announcing an act and carrying it out.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = USUAL_DELAY_SECONDS,
        value_parser = clap::value_parser!(u64).range(1..),
        requires = "proposer"
    )]
    pub(crate) timelock_delay: u64,
    /// Who may stop minting and gateways at once, or `nobody`.
    #[arg(long, value_parser = parse_or_nobody)]
    pub(crate) guardian: Option<Address>,
    /// An account that shall own the contracts: offered to it after the wiring, to be accepted by
    /// it. On a devnet the deployer, where no owner is named.
    #[arg(long, value_parser = address)]
    pub(crate) owner: Option<Address>,
    /// Who receives the yield fee; by default the owner.
    #[arg(long, value_parser = address)]
    pub(crate) treasury: Option<Address>,
    /// sVVV per DIEM at supply 0.
    #[arg(long, value_parser = svvv, default_value = "90sVVV")]
    pub(crate) base_rate: Amount,
    /// DIEM at which the rate is e^2 times the base rate; the cap is twice as much.
    #[arg(long, value_parser = diem, default_value = "40000DIEM")]
    pub(crate) target_supply: Amount,
    /// VVV emitted per second from the funded reserve.
    #[arg(long, value_parser = vvv, default_value = "0.25VVV")]
    pub(crate) emission_rate: Amount,
    /// The highest emission rate that the owner can ever set, per second: for good.
    #[arg(long, value_parser = vvv, default_value = "1VVV")]
    pub(crate) max_emission_rate: Amount,
    /// How the contracts shall run; by default as Stylus programs where the chain runs Stylus, as
    /// EVM code elsewhere.
    #[arg(long, value_enum)]
    pub(crate) target: Option<Target>,
    /// Directory of the modules that scripts/build-wasm makes.
    #[arg(long, value_name = "DIR", default_value = "target/wasm")]
    pub(crate) wasm_dir: PathBuf,
    /// Directory of the creation code that evm/build.mjs makes.
    #[arg(long, value_name = "DIR", default_value = "target/evm")]
    pub(crate) evm_dir: PathBuf,
    /// Do not put the programs in the chain's cache.
    #[arg(long)]
    pub(crate) no_cache: bool,
}

/// An executor, or `anybody`, which is the zero address.
fn executor(text: &str) -> Result<Address, String> {
    if text.eq_ignore_ascii_case("anybody") {
        return Ok(Address::ZERO);
    }
    address(text).map_err(|error| format!("{error}, or `anybody`"))
}

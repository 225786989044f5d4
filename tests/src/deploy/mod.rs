//! Puts the three contracts on a chain, on either target, with any parameters and any VVV: the tests' own
//! deployment, so that they can build worlds that no user would.

mod evm;
pub mod stylus;

use crate::abi::IStakedVvv;
use crate::actors::Who;
use crate::chain::Chain;
use crate::model::{Contracts, Parameters};
use alloy::sol_types::abi::TokenSeq;
use alloy::sol_types::{SolType, SolValue};
use alloy_primitives::{Address, Bytes};
use std::path::PathBuf;

/// How the protocol runs: as Stylus programs, or as EVM code on chains without Stylus. Both answer to the same
/// interfaces with the same numbers, so a test needs nothing of its target but a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// `src` and `contracts/`, compiled to WASM.
    Stylus,
    /// `evm/`, compiled by solc.
    Evm,
}

impl Target {
    /// As it is named on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stylus => "stylus",
            Self::Evm => "evm",
        }
    }

    /// Deploys all three contracts and wires them, as [`Who::Owner`] does.
    pub fn deploy(self, chain: &Chain, parameters: &Parameters) -> Contracts {
        contracts_with(parameters, chain, None, |name, arguments| {
            self.try_contract(chain, name, arguments)
        })
    }

    /// Deploys sVVV and DIEM around an existing VVV.
    pub fn deploy_around(self, chain: &Chain, vvv: Address, parameters: &Parameters) -> Contracts {
        contracts_with(parameters, chain, Some(vvv), |name, arguments| {
            self.try_contract(chain, name, arguments)
        })
    }

    /// Deploys and constructs one contract: `vvv`, `staked_vvv` or `diem`.
    ///
    /// # Panics
    /// When that is refused.
    pub fn contract(self, chain: &Chain, name: &str, arguments: Bytes) -> Address {
        self.try_contract(chain, name, arguments)
            .unwrap_or_else(|| panic!("deployment of {name} was refused"))
    }

    /// As [`Target::contract`]; `None` when the constructor refuses.
    pub fn try_contract(self, chain: &Chain, name: &str, arguments: Bytes) -> Option<Address> {
        match self {
            Self::Stylus => stylus::contract(chain, name, arguments),
            Self::Evm => evm::contract(chain, name, arguments),
        }
    }
}

/// Deploys what `deploy` makes of each name and its constructor's arguments, and wires it.
fn contracts_with(
    p: &Parameters,
    chain: &Chain,
    vvv: Option<Address>,
    deploy: impl Fn(&str, Bytes) -> Option<Address>,
) -> Contracts {
    let must = |name: &str, arguments| {
        deploy(name, arguments).unwrap_or_else(|| panic!("deployment of {name} was refused"))
    };
    let vvv = vvv.unwrap_or_else(|| must("vvv", Bytes::new()));
    let terms = (vvv, p.owner, p.emission_rate, p.max_emission_rate);
    let s_vvv = must("staked_vvv", arguments(&terms));
    let terms = (s_vvv, p.owner, p.treasury, p.base_rate, p.target_supply);
    let diem = must("diem", arguments(&terms));
    chain.send(Who::Owner, s_vvv, &IStakedVvv::setDiemCall { diem });
    Contracts { vvv, s_vvv, diem }
}

/// A constructor's arguments, encoded.
pub fn arguments<A: SolValue>(arguments: &A) -> Bytes
where
    for<'a> <A::SolType as SolType>::Token<'a>: TokenSeq<'a>,
{
    arguments.abi_encode_params().into()
}

/// Deploys a Solidity artifact without arguments, by its contract's name.
///
/// # Panics
/// When that is refused.
pub fn artifact(chain: &Chain, contract: &str) -> Address {
    Target::Evm.contract(chain, contract, Bytes::new())
}

/// Root of the repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

//! The owner's acts: from their names to calls, and back to words.

use crate::args::{Act, OwnerAct};
use crate::chain::Call;
use crate::deployment::Deployment;
use crate::output::span;
use crate::{Failure, Result, show};
use alloy::dyn_abi::{DynSolValue, JsonAbiExt};
use alloy::json_abi::JsonAbi;
use alloy::primitives::{Address, U256, keccak256};
use diem_abi::openzeppelin::ITimelockController;
use diem_abi::{IDiem, IStakedVvv, json};

/// What an act calls on the contracts and on the timelock that carries it out.
pub(crate) fn calls(act: &Act, at: &Deployment, timelock: Address) -> Vec<Call> {
    match act {
        Act::Owner(act) => owners_calls(act, at),
        Act::SetGateway { gateway } => vec![Call::new(at.diem, &allowing(*gateway, true))],
        Act::RevokeGateway { gateway } => vec![Call::new(at.diem, &allowing(*gateway, false))],
        Act::SetDefaultGateway { gateway } => {
            let call = IDiem::setDefaultGatewayCall { gateway: *gateway };
            vec![Call::new(at.diem, &call)]
        }
        Act::SetDelay { seconds } => {
            let call = ITimelockController::updateDelayCall {
                newDelay: U256::from(*seconds),
            };
            vec![Call::new(timelock, &call)]
        }
    }
}

/// What an act of the owner calls, each contract for itself.
pub(crate) fn owners_calls(act: &OwnerAct, at: &Deployment) -> Vec<Call> {
    let (diem, s_vvv) = (at.diem, at.s_vvv);
    match act {
        OwnerAct::SetTreasury { treasury } => {
            let call = IDiem::setTreasuryCall {
                newTreasury: *treasury,
            };
            vec![Call::new(diem, &call)]
        }
        OwnerAct::SetGuardian { guardian } => {
            let call = IDiem::setGuardianCall {
                newGuardian: *guardian,
            };
            vec![Call::new(diem, &call)]
        }
        OwnerAct::UnpauseMint => vec![Call::new(diem, &IDiem::unpauseMintCall {})],
        OwnerAct::SetEmission { rate } => {
            let call = IStakedVvv::setEmissionRateCall {
                newEmissionRate: rate.wei,
            };
            vec![Call::new(s_vvv, &call)]
        }
        OwnerAct::AcceptOwnership => vec![
            Call::new(s_vvv, &IStakedVvv::acceptOwnershipCall {}),
            Call::new(diem, &IDiem::acceptOwnershipCall {}),
        ],
        OwnerAct::TransferOwnership { owner } => {
            let s_vvv_call = IStakedVvv::transferOwnershipCall { newOwner: *owner };
            let diem_call = IDiem::transferOwnershipCall { newOwner: *owner };
            vec![Call::new(s_vvv, &s_vvv_call), Call::new(diem, &diem_call)]
        }
        OwnerAct::RenounceOwnership => vec![
            Call::new(s_vvv, &IStakedVvv::renounceOwnershipCall {}),
            Call::new(diem, &IDiem::renounceOwnershipCall {}),
        ],
    }
}

fn allowing(gateway: Address, allowed: bool) -> IDiem::setGatewayCall {
    IDiem::setGatewayCall { gateway, allowed }
}

/// Finds words for calls of our contracts and of the timelock itself.
#[derive(Debug)]
pub(crate) struct Words {
    contracts: Vec<(&'static str, Address, JsonAbi)>,
}

impl Words {
    /// For the contracts of a deployment and its timelock.
    ///
    /// # Errors
    /// An ABI is damaged.
    pub(crate) fn new(at: &Deployment, timelock: Address) -> Result<Self> {
        let parsed = |name: &'static str, abi: &[u8]| -> Result<JsonAbi> {
            serde_json::from_slice(abi).map_err(|error| {
                Failure::broken("read an ABI", error.to_string()).with("contract", name)
            })
        };
        let delay = JsonAbi::parse([
            "function updateDelay(uint256 newDelay)",
            "function grantRole(bytes32 role, address account)",
            "function revokeRole(bytes32 role, address account)",
        ]);
        let delay = delay.map_err(|error| {
            Failure::broken("read an ABI", error.to_string()).with("contract", "timelock")
        })?;
        Ok(Self {
            contracts: vec![
                ("sVVV", at.s_vvv, parsed("sVVV", json::STAKED_VVV)?),
                ("DIEM", at.diem, parsed("DIEM", json::DIEM)?),
                ("timelock", timelock, delay),
            ],
        })
    }

    /// A call in words: by the contract's name, or as it is.
    pub(crate) fn of(&self, call: &Call) -> String {
        let known = self.contracts.iter().find_map(|(name, address, abi)| {
            let selector = call.data.get(..4).filter(|_| *address == call.to)?;
            let function = abi.functions().find(|one| one.selector() == selector)?;
            let values = function.abi_decode_input(call.data.get(4..)?).ok()?;
            let given: Vec<String> = function
                .inputs
                .iter()
                .zip(&values)
                .map(|(input, value)| format!("{}={}", input.name, word(&input.name, value)))
                .collect();
            Some(format!("{name}.{}({})", function.name, given.join(", ")))
        });
        known.unwrap_or_else(|| format!("{} on {}", call.data, call.to))
    }
}

/// Roles of a timelock, each known there by the hash of its name.
const ROLES: [&str; 3] = ["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"];

/// A value with its unit, which the name of the parameter tells.
fn word(name: &str, value: &DynSolValue) -> String {
    match value {
        DynSolValue::Uint(rate, _) if name == "newEmissionRate" => {
            format!("{} VVV per second", show(*rate))
        }
        DynSolValue::Uint(seconds, _) if name == "newDelay" => span(seconds.saturating_to()),
        DynSolValue::Uint(number, _) => number.to_string(),
        DynSolValue::Address(address) => address.to_string(),
        DynSolValue::Bool(yes) => yes.to_string(),
        DynSolValue::FixedBytes(word, _) => {
            let role = ROLES.iter().find(|role| keccak256(role) == *word);
            role.map_or_else(|| word.to_string(), |role| (*role).to_owned())
        }
        other => format!("{other:?}"),
    }
}

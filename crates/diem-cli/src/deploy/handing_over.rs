//! OpenZeppelin's TimelockController as owner. It starts with a delay of 0 and the deployer as its
//! only proposer and executor; one batch then accepts both ownerships, gives the roles to who shall
//! have them, takes the deployer's and raises the delay. All of that happens in one transaction or
//! not at all, so nobody ever has a role with a delay of 0 beside the deployer, and the deployer
//! never has one with contracts to lose. The timelock administers its own roles.

use super::verify::Addresses;
use crate::chain::{Call, Chain};
use crate::deployment::Timelock;
use crate::timelock::columns;
use crate::{Result, timelock};
use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolValue;
use diem_abi::openzeppelin::ITimelockController;
use diem_abi::{IDiem, IStakedVvv};

/// Stamp of an operation that was carried out.
const DONE_STAMP: U256 = U256::ONE;
/// Who may grant and take all roles.
pub(super) const ADMIN_ROLE: B256 = B256::ZERO;

pub(super) fn proposer_role() -> B256 {
    keccak256("PROPOSER_ROLE")
}

pub(super) fn executor_role() -> B256 {
    keccak256("EXECUTOR_ROLE")
}

pub(super) fn canceller_role() -> B256 {
    keccak256("CANCELLER_ROLE")
}

/// The constructor's arguments: no delay yet, the deployer alone, and no administrator.
pub(super) fn constructor(deployer: Address) -> Vec<u8> {
    let only = vec![deployer];
    (U256::ZERO, only.clone(), only, Address::ZERO).abi_encode_params()
}

/// The batch.
#[derive(Clone, Debug)]
pub(super) struct HandingOver {
    pub(super) timelock: Address,
    /// By which the timelock knows the batch.
    pub(super) id: B256,
    calls: Vec<Call>,
}

impl HandingOver {
    pub(super) fn new(
        timelock: Address,
        terms: &Timelock,
        at: Addresses,
        deployer: Address,
    ) -> Self {
        let grant = |role, account| {
            let call = ITimelockController::grantRoleCall { role, account };
            Call::new(timelock, &call)
        };
        let revoke = |role| {
            let account = deployer;
            let call = ITimelockController::revokeRoleCall { role, account };
            Call::new(timelock, &call)
        };
        let mut calls = vec![
            Call::new(at.s_vvv, &IStakedVvv::acceptOwnershipCall {}),
            Call::new(at.diem, &IDiem::acceptOwnershipCall {}),
        ];
        for proposer in &terms.proposers {
            calls.push(grant(proposer_role(), *proposer));
            calls.push(grant(canceller_role(), *proposer));
        }
        for executor in &terms.executors {
            calls.push(grant(executor_role(), *executor));
        }
        let roles = [proposer_role(), canceller_role(), executor_role()];
        calls.extend(roles.map(revoke));
        let new_delay = ITimelockController::updateDelayCall {
            newDelay: U256::from(terms.delay),
        };
        calls.push(Call::new(timelock, &new_delay));
        let (targets, values, payloads) = columns(&calls);
        let encoded = (targets, values, payloads, B256::ZERO, B256::ZERO).abi_encode_params();
        Self {
            timelock,
            id: keccak256(encoded),
            calls,
        }
    }

    pub(super) fn announcement(&self) -> Call {
        let (targets, values, payloads) = columns(&self.calls);
        let call = ITimelockController::scheduleBatchCall {
            targets,
            values,
            payloads,
            predecessor: B256::ZERO,
            salt: B256::ZERO,
            delay: U256::ZERO,
        };
        Call::new(self.timelock, &call)
    }

    pub(super) fn execution(&self) -> Call {
        let (targets, values, payloads) = columns(&self.calls);
        let call = ITimelockController::executeBatchCall {
            targets,
            values,
            payloads,
            predecessor: B256::ZERO,
            salt: B256::ZERO,
        };
        Call::new(self.timelock, &call)
    }

    pub(super) async fn is_announced(&self, chain: &Chain) -> Result<bool> {
        Ok(!self.stamp(chain).await?.is_zero())
    }

    pub(super) async fn is_done(&self, chain: &Chain) -> Result<bool> {
        Ok(self.stamp(chain).await? == DONE_STAMP)
    }

    /// Zero too while there is no timelock.
    async fn stamp(&self, chain: &Chain) -> Result<U256> {
        if chain.codehash_if_any(self.timelock).await?.is_none() {
            return Ok(U256::ZERO);
        }
        timelock::stamp(chain, self.timelock, self.id).await
    }
}

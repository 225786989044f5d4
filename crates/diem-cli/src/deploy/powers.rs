//! That the deployer has nothing left, and the timelock only what was asked for: read from the
//! chain, from the first event of the timelock on.

use super::handing_over::{ADMIN_ROLE, canceller_role, executor_role, proposer_role};
use super::system::System;
use super::verify::{self, differs};
use super::{Owner, Plan};
use crate::chain::Chain;
use crate::{Result, output};
use alloy::primitives::{Address, B256};
use alloy::sol_types::SolEvent;
use diem_abi::openzeppelin::ITimelockController as Timelock;
use diem_abi::{IDiem, IStakedVvv};
use std::collections::BTreeSet;

/// Holds what the chain says against the plan.
///
/// # Errors
/// Somebody can do something that the plan does not give.
pub(super) async fn see_powerless(
    chain: &Chain,
    plan: &Plan,
    system: &System,
    since: u64,
) -> Result<()> {
    let (Some(over), Owner::Timelock(terms)) = (system.handing_over(), &plan.owner) else {
        return Ok(());
    };
    verify::contracts(chain, plan, system).await?;
    let (deployer, s_vvv, diem) = (plan.deployer, system.at.s_vvv, system.at.diem);
    let nobody = Address::ZERO;
    for (what, is, expected) in [
        (
            "sVVV's owner",
            chain.call(s_vvv, &IStakedVvv::ownerCall {}).await?,
            over.timelock,
        ),
        (
            "DIEM's owner",
            chain.call(diem, &IDiem::ownerCall {}).await?,
            over.timelock,
        ),
        (
            "sVVV's pending owner",
            chain.call(s_vvv, &IStakedVvv::pendingOwnerCall {}).await?,
            nobody,
        ),
        (
            "DIEM's pending owner",
            chain.call(diem, &IDiem::pendingOwnerCall {}).await?,
            nobody,
        ),
        (
            "DIEM's guardian",
            chain.call(diem, &IDiem::guardianCall {}).await?,
            plan.guardian,
        ),
    ] {
        if is != expected {
            return Err(differs(what, is, expected));
        }
    }
    let gateway = IDiem::isGatewayCall { account: deployer };
    if chain.call(diem, &gateway).await? {
        return Err(differs("whether the deployer is a gateway", true, false));
    }
    let delay = chain.call(over.timelock, &Timelock::getMinDelayCall {});
    let delay: u64 = delay.await?.saturating_to();
    if delay != terms.delay {
        return Err(differs("the timelock's delay", delay, terms.delay));
    }

    let expected: BTreeSet<(B256, Address)> = [(ADMIN_ROLE, over.timelock)]
        .into_iter()
        .chain(
            terms
                .proposers
                .iter()
                .flat_map(|proposer| [(proposer_role(), *proposer), (canceller_role(), *proposer)]),
        )
        .chain(
            terms
                .executors
                .iter()
                .map(|executor| (executor_role(), *executor)),
        )
        .collect();
    let (holders, operations) = history(chain, over.timelock, since).await?;
    if holders != expected {
        let told = |roles: &BTreeSet<(B256, Address)>| {
            let told = roles
                .iter()
                .map(|(role, account)| format!("{role} of {account}"));
            told.collect::<Vec<_>>().join(", ")
        };
        return Err(differs(
            "who has which role of the timelock",
            told(&holders),
            told(&expected),
        ));
    }
    // One that was announced while the delay was 0 could be carried out at any time.
    if operations != BTreeSet::from([over.id]) {
        let told: Vec<String> = operations.iter().map(B256::to_string).collect();
        return Err(differs(
            "what was announced on the timelock",
            told.join(", "),
            over.id,
        ));
    }
    output::story(&format!(
        "powerless {deployer}: owns, guards and receives nothing, has none of the {} roles of the timelock, \
         on which nothing is announced",
        holders.len()
    ));
    Ok(())
}

/// Who has a role of the timelock, and what was ever announced on it.
async fn history(
    chain: &Chain,
    timelock: Address,
    since: u64,
) -> Result<(BTreeSet<(B256, Address)>, BTreeSet<B256>)> {
    let (mut holders, mut operations) = (BTreeSet::new(), BTreeSet::new());
    let head = chain.head(None).await?.number;
    chain
        .logs(&[timelock], since, head, |log| {
            match log.topic0() {
                Some(&Timelock::RoleGranted::SIGNATURE_HASH) => {
                    if let Ok(log) = log.log_decode::<Timelock::RoleGranted>() {
                        holders.insert((log.inner.role, log.inner.account));
                    }
                }
                Some(&Timelock::RoleRevoked::SIGNATURE_HASH) => {
                    if let Ok(log) = log.log_decode::<Timelock::RoleRevoked>() {
                        holders.remove(&(log.inner.role, log.inner.account));
                    }
                }
                Some(&Timelock::CallScheduled::SIGNATURE_HASH) => {
                    if let Ok(log) = log.log_decode::<Timelock::CallScheduled>() {
                        operations.insert(log.inner.id);
                    }
                }
                _ => {}
            }
            Ok(())
        })
        .await?;
    Ok((holders, operations))
}

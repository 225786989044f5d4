//! Reads back what was asked for: all that is settled for good, or that only the deployer can
//! move by then. What a stranger can move, such as the supply and with it the mint rate, says
//! nothing about the deployment.

use super::Plan;
use super::system::System;
use crate::chain::Chain;
use crate::{Failure, Result, show};
use alloy::primitives::{Address, B256, U256};
use diem_abi::{IDiem, IStakedVvv};

/// Where the contracts are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addresses {
    pub(super) vvv: Address,
    pub(super) s_vvv: Address,
    pub(super) diem: Address,
}

pub(super) fn differs(
    what: &str,
    is: impl std::fmt::Display,
    expected: impl std::fmt::Display,
) -> Failure {
    Failure::refused("the deployment is not what was asked for", what)
        .with("is", is)
        .with("expected", expected)
        .hint("do not use these contracts; the record tells where they are")
}

/// The chain holds the code that was sent.
pub(super) fn code(address: Address, found: B256, sent: B256) -> Result<()> {
    if found == sent {
        Ok(())
    } else {
        Err(differs("the code", found, sent).with("contract", address))
    }
}

/// Wiring, roles and numbers, before anybody else is offered anything.
pub(super) async fn contracts(chain: &Chain, plan: &Plan, system: &System) -> Result<()> {
    let at = system.at;
    let (s_vvv, diem) = (at.s_vvv, at.diem);
    let addresses = [
        (
            "sVVV's VVV",
            chain.call(s_vvv, &IStakedVvv::veniceCall {}).await?,
            at.vvv,
        ),
        (
            "sVVV's DIEM",
            chain.call(s_vvv, &IStakedVvv::diemCall {}).await?,
            diem,
        ),
        (
            "DIEM's sVVV",
            chain.call(diem, &IDiem::sVvvCall {}).await?,
            s_vvv,
        ),
        (
            "DIEM's treasury",
            chain.call(diem, &IDiem::treasuryCall {}).await?,
            system.treasury,
        ),
    ];
    for (what, is, expected) in addresses {
        if is != expected {
            return Err(differs(what, is, expected));
        }
    }
    // Who shall own them may have accepted already.
    for (what, is) in [
        (
            "sVVV's owner",
            chain.call(s_vvv, &IStakedVvv::ownerCall {}).await?,
        ),
        (
            "DIEM's owner",
            chain.call(diem, &IDiem::ownerCall {}).await?,
        ),
    ] {
        if is != system.owner && is != plan.deployer {
            return Err(differs(what, is, plan.deployer));
        }
    }
    let arguments = &plan.arguments;
    let numbers: [(&str, U256, U256); 4] = [
        (
            "the base rate",
            chain.call(diem, &IDiem::baseRateCall {}).await?,
            arguments.base_rate,
        ),
        (
            "the target supply",
            chain.call(diem, &IDiem::targetSupplyCall {}).await?,
            arguments.target_supply,
        ),
        (
            "the emission rate",
            chain
                .call(s_vvv, &IStakedVvv::emissionRatePerSecondCall {})
                .await?,
            arguments.emission_rate,
        ),
        (
            "the maximum of the emission rate",
            chain
                .call(s_vvv, &IStakedVvv::maxEmissionRatePerSecondCall {})
                .await?,
            arguments.max_emission_rate,
        ),
    ];
    for (what, is, expected) in numbers {
        if is != expected {
            return Err(differs(what, show(is), show(expected)));
        }
    }
    Ok(())
}

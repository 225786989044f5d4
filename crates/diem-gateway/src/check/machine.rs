//! What the chain has to say: contract, registration, default, gas money, clock, finality.

use alloy::{
    eips::BlockId,
    primitives::{Address, U256, utils::format_ether},
};
use diem_abi::IDiem;

use super::{Finding, Verdict, had};
use crate::{
    chain::{ChainError, Node},
    config::Config,
    settling::Fees,
};

/// How far the machine's clock may be from the chain's, in seconds.
const CLOCK_SECONDS: u64 = 2;
/// Full statements that the account should be able to pay for: a day of them every quarter of an hour.
const STATEMENTS: u64 = 96;

pub(super) async fn look(node: &Node, config: &Config, findings: &mut Vec<Finding>) {
    let contract = had("contract", contract(node, config).await);
    let there = contract.verdict != Verdict::Bad;
    findings.push(contract);
    if there {
        findings.push(had("registered", registered(node, config).await));
        findings.push(had("default", default(node, config).await));
    }
    findings.push(had("gas money", money(node, config).await));
    findings.push(had("clock", clock(node, config).await));
    findings.push(had("finality", finality(node).await));
}

async fn contract(node: &Node, config: &Config) -> Result<Finding, ChainError> {
    let diem = config.place.diem;
    if node.code(diem).await?.is_empty() {
        return Ok(Finding::bad(
            "contract",
            format!("there is no code at {diem}"),
        ));
    }
    let call = IDiem::lineOfCall {
        account: Address::ZERO,
    };
    Ok(match node.call(diem, &call, false).await {
        Ok(line) => Finding::good("contract", format!("{diem} is in epoch {}", line.epoch)),
        Err(error @ ChainError::Silent { .. }) => return Err(error),
        Err(error) => {
            let told = format!("{diem} keeps no credit lines: {error}");
            Finding::bad("contract", told)
        }
    })
}

async fn registered(node: &Node, config: &Config) -> Result<Finding, ChainError> {
    let (diem, account) = (config.place.diem, config.gateway());
    let call = IDiem::isGatewayCall { account };
    Ok(if node.call(diem, &call, false).await? {
        Finding::good(
            "registered",
            format!("{account} settles for whoever chose it"),
        )
    } else {
        let owner = node.call(diem, &IDiem::ownerCall {}, false).await?;
        let told = format!(
            "{account} is not registered, or is revoked; the owner {owner} registers it: `diem gateway set {account}`"
        );
        Finding::bad("registered", told)
    })
}

async fn default(node: &Node, config: &Config) -> Result<Finding, ChainError> {
    let account = config.gateway();
    let call = IDiem::defaultGatewayCall {};
    let is = node.call(config.place.diem, &call, false).await?;
    Ok(if is.today == account {
        Finding::good("default", "whoever never chose is served here")
    } else if is.next == account {
        let told = format!(
            "from epoch {} on, whoever never chose is served here",
            is.fromEpoch
        );
        Finding::note("default", told)
    } else {
        Finding::note("default", "only who chose this gateway is served here")
    })
}

async fn money(node: &Node, config: &Config) -> Result<Finding, ChainError> {
    let account = config.gateway();
    let balance = node.balance(account).await?;
    let fees = Fees::fresh(node.base_fee().await?, config.settle.tip);
    let one = U256::from(fees.max) * U256::from(config.settle.most_gas);
    let told = format!(
        "{account} has {} ETH; a full statement may need {} at this base fee",
        format_ether(balance),
        format_ether(one)
    );
    Ok(if balance < one {
        Finding::bad("gas money", format!("{told}: send it some"))
    } else if balance < one * U256::from(STATEMENTS) {
        Finding::note("gas money", told)
    } else {
        Finding::good("gas money", told)
    })
}

async fn clock(node: &Node, config: &Config) -> Result<Finding, ChainError> {
    let chain = node.pending_time().await?;
    let machine = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs());
    let apart = machine.abs_diff(chain);
    let told = format!("the machine's is {apart} seconds from the chain's");
    Ok(if apart <= CLOCK_SECONDS {
        Finding::good("clock", told)
    } else if config.devnet {
        Finding::note("clock", format!("{told}; on a devnet the chain's counts"))
    } else {
        let told = format!("{told}, {CLOCK_SECONDS} are allowed: let a time service set it");
        Finding::bad("clock", told)
    })
}

async fn finality(node: &Node) -> Result<Finding, ChainError> {
    Ok(match node.settled_block(BlockId::finalized()).await? {
        Some(block) => Finding::good("finality", format!("block {block} is final")),
        None => Finding::note(
            "finality",
            "the node tells no final block; statements stay unconfirmed",
        ),
    })
}

//! One contract onto the chain, in one transaction: constructed as it is created, so that there
//! is no moment in which a stranger could initialise it.

use super::checks::{self, Priced};
use super::{Plan, Target, record, verify};
use crate::chain::{Chain, Sent};
use crate::deployment::Record;
use crate::{Result, output, program, show};
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use diem_abi::arbitrum::{IStylusDeployer, STYLUS_CONSTRUCTOR, STYLUS_DEPLOYER};

/// Creates and constructs one contract; a program is activated as well. `arguments` are those
/// of its constructor; `None` when it has none. `made` is told the address at once.
pub(super) async fn construct(
    chain: &Chain,
    plan: &Plan,
    priced: &Priced,
    arguments: Option<Vec<u8>>,
    abi: &[u8],
    made: impl FnOnce(Address) -> Result<()>,
) -> Result<(Address, Record)> {
    let name = priced.module.name;
    let (address, sent) = match plan.target {
        Target::Stylus => program(chain, plan, priced, arguments).await?,
        Target::Evm => code(chain, plan, priced, arguments).await?,
    };
    made(address)?;
    let (size, gas) = (priced.module.code.len(), sent.gas());
    let codehash = match plan.target {
        Target::Stylus => {
            output::story(&format!(
                "deployed  {name} at {address}: {size} compressed bytes, {gas} gas, activation fee {} ETH",
                show(priced.fee)
            ));
            let codehash = keccak256(&priced.module.code);
            verify::code(chain, address, codehash).await?;
            codehash
        }
        Target::Evm => {
            output::story(&format!(
                "deployed  {name} at {address}: {size} bytes of creation code, {gas} gas"
            ));
            chain.codehash(address).await?
        }
    };
    Ok((
        address,
        record(chain, plan, codehash, Some(&sent), abi).await?,
    ))
}

/// A Stylus program, created, activated and constructed by the StylusDeployer.
async fn program(
    chain: &Chain,
    plan: &Plan,
    priced: &Priced,
    arguments: Option<Vec<u8>>,
) -> Result<(Address, Sent)> {
    let init_data = arguments.map_or_else(Bytes::new, |arguments| {
        [STYLUS_CONSTRUCTOR.as_slice(), &arguments].concat().into()
    });
    let call = IStylusDeployer::deployCall {
        bytecode: program::init_code(&priced.module.code),
        initData: init_data,
        initValue: U256::ZERO,
        salt: B256::ZERO,
    };
    let value = checks::with_margin(priced.fee);
    let sent = chain
        .pay(plan.deployer, STYLUS_DEPLOYER, &call, value)
        .await?;
    let event: IStylusDeployer::ContractDeployed = sent.event(STYLUS_DEPLOYER)?;
    Ok((event.deployedContract, sent))
}

/// EVM code, whose creation code is followed by the constructor's arguments.
async fn code(
    chain: &Chain,
    plan: &Plan,
    priced: &Priced,
    arguments: Option<Vec<u8>>,
) -> Result<(Address, Sent)> {
    let init_code = [
        &priced.module.code,
        arguments.unwrap_or_default().as_slice(),
    ]
    .concat();
    chain
        .create(plan.deployer, priced.module.name, init_code.into())
        .await
}

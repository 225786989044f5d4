//! What every suite uses.

pub(crate) use alloy_primitives::{Address, Bytes, U256};
pub(crate) use e2e::abi::{IDiem, IStakedVvv, IVVV};
pub(crate) use e2e::action::Action::*;
pub(crate) use e2e::actors::Who::{self, *};
pub(crate) use e2e::history::History;
pub(crate) use e2e::model::{DAY, WAD};
pub(crate) use e2e::world::{START, World};

/// A wei amount as the ABI has it.
pub(crate) fn wei(amount: u128) -> U256 {
    U256::from(amount)
}

/// Whole tokens in wei.
pub(crate) fn tokens(amount: u128) -> U256 {
    U256::from(amount * WAD)
}

/// Alice has staked 1,000,000 VVV and holds the DIEM of half of it, at the beginning of the curve.
pub(crate) fn with_minter(world: &World) -> History<'_> {
    let mut h = world.history();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1_000_000 * WAD,
    });
    h.act(Mint {
        who: Alice,
        amount: 500_000 * WAD,
        least: 0,
    });
    h
}

/// As [`with_minter`], with 100,000 VVV of rewards funded.
pub(crate) fn with_earning_minter(world: &World) -> History<'_> {
    let mut h = with_minter(world);
    h.act(FundRewards {
        who: Owner,
        amount: 100_000 * WAD,
    });
    h
}

/// Alice has staked 1,000 DIEM; it is the start of a day.
pub(crate) fn with_staker(world: &World) -> History<'_> {
    let mut h = with_minter(world);
    h.act(StakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.at(START + 10 * DAY);
    h
}

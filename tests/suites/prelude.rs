//! What every suite uses.

pub(crate) use crate::TARGET;
use alloy::sol_types::{Panic, PanicKind};
pub(crate) use alloy_primitives::{Address, Bytes, U256};
pub(crate) use e2e::abi::{IDiem, IStakedVvv, IVVV};
pub(crate) use e2e::action::Action::{self, *};
pub(crate) use e2e::action::{Owned, Token};
pub(crate) use e2e::actors::Who::{self, *};
pub(crate) use e2e::history::History;
pub(crate) use e2e::model::{DAY, WAD};
pub(crate) use e2e::world::{World, start};

/// A wei amount as the ABI has it.
pub(crate) fn wei(amount: u128) -> U256 {
    U256::from(amount)
}

/// Whole tokens in wei.
pub(crate) fn tokens(amount: u128) -> U256 {
    U256::from(amount * WAD)
}

/// How VVV refuses where a balance or an allowance falls short: an arithmetic underflow, as on the live token.
pub(crate) fn vvv_falls_short() -> Panic {
    Panic::from(PanicKind::UnderOverflow)
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

/// Alice has staked 1,000 DIEM; it is the start of a day, and lines that never chose are Gateway's.
pub(crate) fn with_staker(world: &World) -> History<'_> {
    let mut h = with_minter(world);
    h.act(set_default(Gateway));
    h.act(StakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.at(start() + 10 * DAY);
    h
}

/// The owner sets the default gateway.
pub(crate) fn set_default(gateway: impl Into<Option<Who>>) -> Action {
    SetDefaultGateway {
        who: Owner,
        gateway: gateway.into(),
    }
}

/// The owner registers a gateway, or lets it back.
pub(crate) fn register(gateway: Who) -> Action {
    SetGateway {
        who: Owner,
        gateway,
        allowed: true,
    }
}

/// The guardian revokes a gateway.
pub(crate) fn revoke(gateway: Who) -> Action {
    RevokeGateway {
        who: Guardian,
        gateway,
    }
}

/// An account chooses who settles its line.
pub(crate) fn choose(who: Who, gateway: impl Into<Option<Who>>) -> Action {
    ChooseGateway {
        who,
        gateway: gateway.into(),
    }
}

/// An account's line, as the chain tells it.
pub(crate) fn line_of(h: &History<'_>, account: Who) -> IDiem::lineOfReturn {
    h.world.chain.set_time(h.model.now);
    let account = account.address();
    let diem = h.world.contracts.diem;
    h.world.chain.view(diem, &IDiem::lineOfCall { account })
}

/// A lease's line, as the chain tells it.
pub(crate) fn lease_line_of(h: &History<'_>, id: u64) -> IDiem::leaseLineOfReturn {
    h.world.chain.set_time(h.model.now);
    let id = U256::from(id);
    let diem = h.world.contracts.diem;
    h.world.chain.view(diem, &IDiem::leaseLineOfCall { id })
}

//! Owners, upgrades, and what owners may switch on.

use alloy_primitives::Address;

use super::ArbOwner::*;
use crate::{
    precompiles::{Context, Failure},
    state::{AddressSet, Cell},
};

/// From this version on changes of the owners are logged by events of their own.
const OWNER_EVENTS: u64 = 60;
/// Seconds between switching a feature on and its start: a week.
const ENABLE_DELAY: u64 = 7 * 24 * 60 * 60;

pub(super) fn add_chain_owner(
    context: &mut Context<'_>,
    call: addChainOwnerCall,
) -> Result<addChainOwnerReturn, Failure> {
    let owners = context.state.chain_owners();
    owners.add(context, call.newOwner)?;
    if context.arbos_version() >= OWNER_EVENTS {
        context.emit(&ChainOwnerAdded {
            newOwner: call.newOwner,
        })?;
    }
    Ok(addChainOwnerReturn {})
}

pub(super) fn remove_chain_owner(
    context: &mut Context<'_>,
    call: removeChainOwnerCall,
) -> Result<removeChainOwnerReturn, Failure> {
    let owners = context.state.chain_owners();
    remove_member(context, owners, call.ownerToRemove)?;
    if context.arbos_version() >= OWNER_EVENTS {
        context.emit(&ChainOwnerRemoved {
            removedOwner: call.ownerToRemove,
        })?;
    }
    Ok(removeChainOwnerReturn {})
}

pub(super) fn schedule_upgrade(
    context: &mut Context<'_>,
    call: scheduleArbOSUpgradeCall,
) -> Result<scheduleArbOSUpgradeReturn, Failure> {
    let state = context.state;
    state.upgrade_version().set(context, call.newVersion)?;
    state.upgrade_timestamp().set(context, call.timestamp)?;
    Ok(scheduleArbOSUpgradeReturn {})
}

/// Replaces the chain configuration; it must be JSON and keep the chain id.
pub(super) fn set_chain_config(
    context: &mut Context<'_>,
    call: setChainConfigCall,
) -> Result<setChainConfigReturn, Failure> {
    let config: serde_json::Value = serde_json::from_str(&call.chainConfig)
        .map_err(|_| Failure::internal("invalid chain config, can't deserialize"))?;
    let chain_id = config.get("chainId").and_then(serde_json::Value::as_u64);
    if chain_id != Some(context.host.chain().chain_id) {
        return Err(Failure::internal("invalid chain config, chain id mismatch"));
    }
    let stored = context.state.chain_config();
    if stored.get(context)? == call.chainConfig.as_bytes() {
        return Err(Failure::internal(
            "new chain config is the same as old one in ArbOS state",
        ));
    }
    stored.set(context, call.chainConfig.as_bytes())?;
    Ok(setChainConfigReturn {})
}

/// Sets when a feature starts, never sooner than the waiting period allows; 0 switches it off.
pub(super) fn enable_from(
    context: &mut Context<'_>,
    from: Cell<u64>,
    timestamp: u64,
) -> Result<(), Failure> {
    if timestamp != 0 {
        let stored = from.get(context)?;
        let now = context.now();
        let soonest = now.saturating_add(ENABLE_DELAY);
        if (stored == 0 || stored > soonest) && timestamp < soonest {
            return Err(Failure::internal(
                "a feature must be enabled at least 7 days in advance",
            ));
        }
        if stored > now && stored <= soonest && timestamp < stored {
            return Err(Failure::internal(
                "a feature may not be enabled sooner than already scheduled",
            ));
        }
    }
    from.set(context, timestamp)
}

pub(super) fn require_enabled(context: &mut Context<'_>, from: Cell<u64>) -> Result<(), Failure> {
    let from = from.get(context)?;
    if from == 0 || from > context.now() {
        return Err(Failure::internal("the feature is not enabled yet"));
    }
    Ok(())
}

/// Removes a member that must be there.
pub(super) fn remove_member(
    context: &mut Context<'_>,
    set: AddressSet,
    member: Address,
) -> Result<(), Failure> {
    if !set.contains(context, member)? {
        return Err(Failure::internal("tried to remove what is not there"));
    }
    let version = context.arbos_version();
    set.remove(context, member, version)
}

//! Prices of gas and of L1 data.

use alloy_primitives::{U256, uint};

use super::ArbOwner::*;
use crate::{
    gas_price,
    precompiles::{Context, Failure, gas_info::RESOURCE_KINDS},
    state::{Constraint, L1_PRICER_FUNDS, Storage},
};

/// Highest brotli level.
const MAX_BROTLI_LEVEL: u64 = 11;
/// From this version on transactions have a gas limit of their own, apart from the block's.
const TX_LIMIT: u64 = 50;
/// Bit of the features word that raises the calldata price.
const CALLDATA_PRICE: U256 = uint!(1_U256);

pub(super) fn set_calldata_price_increase(
    context: &mut Context<'_>,
    call: setCalldataPriceIncreaseCall,
) -> Result<setCalldataPriceIncreaseReturn, Failure> {
    let features = context.state.features();
    let bits = features.get(context)?;
    let bits = if call.enable {
        bits | CALLDATA_PRICE
    } else {
        bits & !CALLDATA_PRICE
    };
    features.set(context, bits)?;
    Ok(setCalldataPriceIncreaseReturn {})
}

pub(super) fn set_brotli_level(
    context: &mut Context<'_>,
    call: setBrotliCompressionLevelCall,
) -> Result<setBrotliCompressionLevelReturn, Failure> {
    if call.level > MAX_BROTLI_LEVEL {
        return Err(Failure::internal("invalid brotli compression level"));
    }
    let cell = context.state.brotli_level();
    cell.set(context, call.level)?;
    Ok(setBrotliCompressionLevelReturn {})
}

pub(super) fn set_speed_limit(
    context: &mut Context<'_>,
    call: setSpeedLimitCall,
) -> Result<setSpeedLimitReturn, Failure> {
    if call.limit == 0 {
        return Err(Failure::internal("speed limit must be nonzero"));
    }
    let cell = context.state.l2_pricing().speed_limit();
    cell.set(context, call.limit)?;
    Ok(setSpeedLimitReturn {})
}

pub(super) fn set_max_tx_gas_limit(
    context: &mut Context<'_>,
    call: setMaxTxGasLimitCall,
) -> Result<setMaxTxGasLimitReturn, Failure> {
    let pricing = context.state.l2_pricing();
    let cell = if context.arbos_version() < TX_LIMIT {
        pricing.block_gas_limit()
    } else {
        pricing.tx_gas_limit()
    };
    cell.set(context, call.limit)?;
    Ok(setMaxTxGasLimitReturn {})
}

pub(super) fn set_l2_inertia(
    context: &mut Context<'_>,
    call: setL2GasPricingInertiaCall,
) -> Result<setL2GasPricingInertiaReturn, Failure> {
    if call.sec == 0 {
        return Err(Failure::internal("price inertia must be nonzero"));
    }
    let cell = context.state.l2_pricing().inertia();
    cell.set(context, call.sec)?;
    Ok(setL2GasPricingInertiaReturn {})
}

pub(super) fn set_constraints(
    context: &mut Context<'_>,
    call: setGasPricingConstraintsCall,
) -> Result<setGasPricingConstraintsReturn, Failure> {
    let stored = context.state.l2_pricing().constraints();
    stored.clear(context)?;
    for [target, adjustment_window, backlog] in call.constraints {
        if target == 0 || adjustment_window == 0 {
            return Err(Failure::internal("invalid constraint"));
        }
        stored.push(
            context,
            Constraint {
                target,
                adjustment_window,
                backlog,
            },
        )?;
    }
    Ok(setGasPricingConstraintsReturn {})
}

/// Clears the prices by resource, of which there are never any. None are set here: refused, after
/// what Nitro itself refuses.
pub(super) fn set_multi_gas_constraints(
    context: &mut Context<'_>,
    call: setMultiGasPricingConstraintsCall,
) -> Result<setMultiGasPricingConstraintsReturn, Failure> {
    context.burn(gas_price::STORAGE_READ)?;
    for (resources, adjustment_window, target, _backlog) in &call.constraints {
        let known = resources.iter().all(|(kind, _)| *kind < RESOURCE_KINDS);
        if !known || *adjustment_window == 0 || *target == 0 {
            return Err(Failure::internal("invalid constraint"));
        }
    }
    if call.constraints.is_empty() {
        return Ok(setMultiGasPricingConstraintsReturn {});
    }
    let signature = <setMultiGasPricingConstraintsCall as alloy_sol_types::SolCall>::SIGNATURE;
    Err(Failure::absent("ArbOwner", signature, super::MULTI_GAS))
}

/// Recognises wei of the L1 pricer's pool that nobody has claimed yet, at most the given amount.
pub(super) fn release_surplus(
    context: &mut Context<'_>,
    call: releaseL1PricerSurplusFundsCall,
) -> Result<U256, Failure> {
    let held = context.host.balance(L1_PRICER_FUNDS);
    let available = context.state.l1_pricing().l1_fees_available();
    let recognized = available.get(context)?;
    let released = held.saturating_sub(recognized).min(call.maxWeiToRelease);
    let recognized = available.get(context)?;
    available.set(context, recognized + released)?;
    Ok(released)
}

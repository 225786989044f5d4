//! Parameters of programs.

use stylus_vm::params::{
    COST_SCALAR_PERCENT, MIN_CACHED_GAS_UNIT, MIN_INIT_GAS_UNIT, StylusParams,
};

use super::ArbOwner::*;
use crate::precompiles::{Context, Failure};

/// Ink prices have 24 bits.
const MAX_INK_PRICE: u32 = (1 << 24) - 1;

/// Reads the parameters, changes them and writes them back.
pub(super) fn change(
    context: &mut Context<'_>,
    change: impl FnOnce(&mut StylusParams),
) -> Result<(), Failure> {
    let programs = context.state.programs();
    let mut params = programs.params(context)?;
    change(&mut params);
    programs.set_params(context, &params)
}

pub(super) fn set_ink_price(
    context: &mut Context<'_>,
    call: setInkPriceCall,
) -> Result<setInkPriceReturn, Failure> {
    if !(1..=MAX_INK_PRICE).contains(&call.inkPrice) {
        return Err(Failure::internal("ink price must be a positive uint24"));
    }
    change(context, |params| params.ink_price = call.inkPrice)?;
    Ok(setInkPriceReturn {})
}

/// Rounds gas up to whole units: what is set is never less than what was asked for.
pub(super) fn set_min_init_gas(
    context: &mut Context<'_>,
    call: setWasmMinInitGasCall,
) -> Result<setWasmMinInitGasReturn, Failure> {
    change(context, |params| {
        params.min_init_gas = units_up(call.gas.into(), MIN_INIT_GAS_UNIT);
        params.min_cached_init_gas = units_up(call.cached.into(), MIN_CACHED_GAS_UNIT);
    })?;
    Ok(setWasmMinInitGasReturn {})
}

pub(super) fn set_init_cost_scalar(
    context: &mut Context<'_>,
    call: setWasmInitCostScalarCall,
) -> Result<setWasmInitCostScalarReturn, Failure> {
    change(context, |params| {
        params.init_cost_scalar = units_up(call.percent, COST_SCALAR_PERCENT);
    })?;
    Ok(setWasmInitCostScalarReturn {})
}

fn units_up(amount: u64, unit: u64) -> u8 {
    u8::try_from(amount.div_ceil(unit)).unwrap_or(u8::MAX)
}

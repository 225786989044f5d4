//! Activating programs and prolonging their life (stylus-vm sections 2.2, 2.6 and 2.7).

use alloy_primitives::{B256, U256, keccak256};
use stylus_vm::{Activation, ActivationConfig, data_fee, params::StylusParams};

use super::{
    ArbWasm::{
        ProgramActivated, ProgramInsufficientValue, ProgramKeepaliveTooSoon,
        ProgramLifetimeExtended, ProgramUpToDate, activateProgramCall, activateProgramReturn,
        codehashKeepaliveCall, codehashKeepaliveReturn,
    },
    source, view,
};
use crate::{
    precompiles::{Context, Failure},
    state::{ProgramRecord, Storage, keepalive_seconds},
};

/// Gas every activation burns.
const ACTIVATION_GAS: u64 = 1_659_168;
/// From this version on the chain owner may set a further charge.
const OWNER_SETS_GAS: u64 = 60;
/// Bytes in a KiB.
const KIB: u32 = 1_024;
/// Largest size estimate that fits a record, in KiB.
const MAX_ASM_KB: u32 = 0xff_ffff;

pub(super) fn activate(
    context: &mut Context<'_>,
    call: activateProgramCall,
) -> Result<activateProgramReturn, Failure> {
    burn_fixed_gas(context)?;
    if context.host.is_self_destructed(call.program) {
        return Err(Failure::internal("self destructed"));
    }
    let code_hash = context.host.code_hash(call.program);
    let programs = context.state.programs();
    let params = programs.params(context)?;
    let old = programs.record(context, code_hash)?;
    if old.version == params.version && !needs_renewal(&old, &params, context.now()) {
        return Err(Failure::solidity(ProgramUpToDate {}));
    }
    let wasm = source::module(context, call.program, &params)?;
    let activation = check_module(context, &wasm, &params)?;

    let module_cell = programs.module_hash(code_hash);
    if old.cached {
        // The module it was cached with; what is cached here is found by code hash instead.
        module_cell.get(context)?;
    }
    let module_hash = module_hash(code_hash, params.version);
    module_cell.set(context, module_hash)?;
    let asm_estimate_kb = activation.asm_estimate.div_ceil(KIB);
    if asm_estimate_kb > MAX_ASM_KB {
        return Err(context.burn_out());
    }
    let fee = charge_demand(context, activation.asm_estimate)?;
    let record = ProgramRecord {
        version: params.version,
        init_cost: activation.init_cost,
        cached_cost: activation.cached_init_cost,
        footprint: activation.footprint,
        activated_at: ProgramRecord::hours_at(context.now()),
        asm_estimate_kb,
        cached: old.cached,
    };
    programs.set_record(context, code_hash, &record)?;
    pay(context, fee)?;
    context.emit(&ProgramActivated {
        codehash: code_hash,
        moduleHash: module_hash,
        program: call.program,
        dataFee: fee,
        version: params.version,
    })?;
    context
        .host
        .remember_program(code_hash, &activation.program);
    Ok(activateProgramReturn {
        version: params.version,
        dataFee: fee,
    })
}

pub(super) fn keep_alive(
    context: &mut Context<'_>,
    call: codehashKeepaliveCall,
) -> Result<codehashKeepaliveReturn, Failure> {
    let (mut record, params) = view::active(context, call.codehash)?;
    let age = record.age(context.now());
    if age < keepalive_seconds(&params) {
        return Err(Failure::solidity(ProgramKeepaliveTooSoon {
            ageInSeconds: age,
        }));
    }
    let fee = charge_demand(context, record.asm_size())?;
    record.activated_at = ProgramRecord::hours_at(context.now());
    let programs = context.state.programs();
    programs.set_record(context, call.codehash, &record)?;
    pay(context, fee)?;
    context.emit(&ProgramLifetimeExtended {
        codehash: call.codehash,
        dataFee: fee,
    })?;
    Ok(codehashKeepaliveReturn {})
}

fn burn_fixed_gas(context: &mut Context<'_>) -> Result<(), Failure> {
    if context.arbos_version() >= OWNER_SETS_GAS {
        let cell = context.state.programs().activation_gas();
        let extra = cell.get(context)?;
        context.burn(extra)?;
    }
    context.burn(ACTIVATION_GAS)
}

/// Whether a record of the right version still has to be made anew.
fn needs_renewal(record: &ProgramRecord, params: &StylusParams, now: u64) -> bool {
    record.activated_at == 0 || record.is_expired(params, now)
}

/// Validates and prices the module; a failure takes all gas and is no revert.
fn check_module(
    context: &mut Context<'_>,
    wasm: &[u8],
    params: &StylusParams,
) -> Result<Activation, Failure> {
    let config = ActivationConfig {
        arbos_version: context.arbos_version(),
        stylus_version: params.version,
        page_limit: params.page_limit.saturating_sub(context.host.pages_open()),
        debug_chain: context.host.chain().allow_debug_precompiles,
    };
    stylus_vm::activate(wasm, &config, context.gas_mut())
        .map_err(|error| Failure::Fatal(format!("program activation failed: {error}")))
}

/// Adds `bytes` of native code to the demand and returns their fee in wei.
fn charge_demand(context: &mut Context<'_>, bytes: u32) -> Result<U256, Failure> {
    let stored = context.state.programs().data_pricer();
    let mut pricer = data_fee::DataPricer {
        demand: stored.demand().get(context)?,
        bytes_per_second: stored.bytes_per_second().get(context)?,
        last_update: stored.last_update().get(context)?,
        min_price: stored.min_price().get(context)?,
        inertia: stored.inertia().get(context)?,
    };
    let fee = pricer.add(bytes, context.now());
    stored.demand().set(context, pricer.demand)?;
    stored.last_update().set(context, pricer.last_update)?;
    Ok(fee)
}

/// Moves the fee to the network and what is left of the value back to the caller.
fn pay(context: &mut Context<'_>, fee: U256) -> Result<(), Failure> {
    let value = context.call.value;
    let Some(rest) = value.checked_sub(fee) else {
        return Err(Failure::solidity(ProgramInsufficientValue {
            have: value,
            want: fee,
        }));
    };
    let network = context.state.network_fee_account().get(context)?;
    let (own, caller) = (context.call.address, context.caller());
    let paid = context.host.transfer(own, network, fee) && context.host.transfer(own, caller, rest);
    if paid {
        Ok(())
    } else {
        Err(Failure::internal("value not received"))
    }
}

/// Stands in for Nitro's hash of its proving module; clients only display it.
fn module_hash(code_hash: B256, version: u16) -> B256 {
    keccak256([code_hash.as_slice(), &version.to_be_bytes()].concat())
}

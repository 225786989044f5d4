//! ArbWasm (0x71): Stylus programs and their prices.

mod activation;
mod source;
mod view;

use alloy_sol_types::{SolError, sol};
use stylus_vm::{
    call_cost::{cached_gas, init_gas},
    params::{COST_SCALAR_PERCENT, MIN_CACHED_GAS_UNIT, MIN_INIT_GAS_UNIT, PAGE_RAMP},
};

use super::{Access, Precompile, describe::describe, method::method, numbered};
use crate::state::expiry_seconds;
pub(super) use view::inactive;

sol! {
    interface ArbWasm {
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        function codehashKeepalive(bytes32 codehash) external payable;
        function stylusVersion() external view returns (uint16 version);
        function codehashVersion(bytes32 codehash) external view returns (uint16 version);
        function programVersion(address program) external view returns (uint16 version);
        function codehashAsmSize(bytes32 codehash) external view returns (uint32 size);
        function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
        function programMemoryFootprint(address program) external view returns (uint16 footprint);
        function programTimeLeft(address program) external view returns (uint64 timeLeft);
        function inkPrice() external view returns (uint32 price);
        function maxStackDepth() external view returns (uint32 depth);
        function freePages() external view returns (uint16 pages);
        function pageGas() external view returns (uint16 gas);
        function pageRamp() external view returns (uint64 ramp);
        function pageLimit() external view returns (uint16 limit);
        function minInitGas() external view returns (uint64 gas, uint64 cached);
        function initCostScalar() external view returns (uint64 percent);
        function expiryDays() external view returns (uint16 _days);
        function keepaliveDays() external view returns (uint16 _days);
        function blockCacheSize() external view returns (uint16 count);
        function activationGas() external view returns (uint64 gas);

        event ProgramActivated(bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version);
        event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);

        error ProgramNotWasm();
        error ProgramNotActivated();
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
        error ProgramExpired(uint64 ageInSeconds);
        error ProgramUpToDate();
        error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
        error ProgramInsufficientValue(uint256 have, uint256 want);
    }
}
use ArbWasm::*;

/// Stylus version from which every start pays the cached cost.
const ALWAYS_PAYS_CACHED: u16 = 2;
/// ArbOS version that brought programs.
pub(super) const ARBOS_STYLUS: u64 = 30;

/// Reads one parameter.
macro_rules! param {
    ($call:ty, $params:ident => $value:expr) => {
        method!(View, $call, |context, _| {
            let programs = context.state.programs();
            let $params = programs.params(context)?;
            Ok($value)
        })
    };
}

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbWasm",
    address: numbered(0x71),
    since: ARBOS_STYLUS,
    access: Access::Anyone,
    methods: &[
        method!(Payable, activateProgramCall, activation::activate)
            .approximate("the module hash is a keccak of code hash and version"),
        method!(Payable, codehashKeepaliveCall, activation::keep_alive),
        param!(stylusVersionCall, params => params.version),
        method!(View, codehashVersionCall, |context, call| {
            let (record, _) = view::active(context, call.codehash)?;
            Ok(record.version)
        }),
        method!(View, programVersionCall, |context, call| {
            let (record, _) = view::active_at(context, call.program)?;
            Ok(record.version)
        }),
        method!(View, codehashAsmSizeCall, |context, call| {
            let (record, _) = view::active(context, call.codehash)?;
            Ok(record.asm_size())
        }),
        method!(View, programInitGasCall, |context, call| {
            let (record, params) = view::active_at(context, call.program)?;
            let cached = cached_gas(&params, record.cached_cost);
            let init = init_gas(&params, record.init_cost);
            let always = if params.version >= ALWAYS_PAYS_CACHED {
                cached
            } else {
                0
            };
            Ok(programInitGasReturn {
                gas: init.saturating_add(always),
                gasWhenCached: cached,
            })
        }),
        method!(View, programMemoryFootprintCall, |context, call| {
            let (record, _) = view::active_at(context, call.program)?;
            Ok(record.footprint)
        }),
        method!(View, programTimeLeftCall, |context, call| {
            let (record, params) = view::active_at(context, call.program)?;
            let age = record.age(context.now());
            Ok(expiry_seconds(&params).saturating_sub(age))
        }),
        param!(inkPriceCall, params => params.ink_price),
        param!(maxStackDepthCall, params => params.max_stack_depth),
        param!(freePagesCall, params => params.free_pages),
        param!(pageGasCall, params => params.page_gas),
        param!(pageRampCall, _params => PAGE_RAMP),
        param!(pageLimitCall, params => params.page_limit),
        param!(minInitGasCall, params => minInitGasReturn {
            gas: u64::from(params.min_init_gas) * MIN_INIT_GAS_UNIT,
            cached: u64::from(params.min_cached_init_gas) * MIN_CACHED_GAS_UNIT,
        }),
        param!(initCostScalarCall, params => {
            u64::from(params.init_cost_scalar) * COST_SCALAR_PERCENT
        }),
        param!(expiryDaysCall, params => params.expiry_days),
        param!(keepaliveDaysCall, params => params.keepalive_days),
        param!(blockCacheSizeCall, params => params.block_cache_size),
        method!(View, activationGasCall, |context, _| {
            let gas = context.state.programs().activation_gas();
            gas.get(context)
        })
        .since(60),
    ],
    describe: |data| describe(&ERRORS, data),
};

/// Signatures of the errors programs are refused with.
pub(super) const ERRORS: [&str; 7] = [
    ProgramNotWasm::SIGNATURE,
    ProgramNotActivated::SIGNATURE,
    ProgramNeedsUpgrade::SIGNATURE,
    ProgramExpired::SIGNATURE,
    ProgramUpToDate::SIGNATURE,
    ProgramKeepaliveTooSoon::SIGNATURE,
    ProgramInsufficientValue::SIGNATURE,
];

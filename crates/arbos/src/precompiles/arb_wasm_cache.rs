//! ArbWasmCache (0x72): which programs start cheaply.

use alloy_primitives::B256;
use alloy_sol_types::sol;

use super::{
    Access, Context, Failure, Precompile,
    arb_wasm::{ARBOS_STYLUS, ERRORS, inactive},
    describe::describe,
    method::method,
    numbered,
};
use crate::state::{Inactive, Storage};

sol! {
    interface ArbWasmCache {
        function isCacheManager(address manager) external view returns (bool);
        function allCacheManagers() external view returns (address[] managers);
        function cacheCodehash(bytes32 codehash) external;
        function cacheProgram(address addr) external;
        function evictCodehash(bytes32 codehash) external;
        function codehashIsCached(bytes32 codehash) external view returns (bool);

        event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);
    }
}
use ArbWasmCache::*;

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbWasmCache",
    address: numbered(0x72),
    since: ARBOS_STYLUS,
    access: Access::Anyone,
    methods: &[
        method!(View, isCacheManagerCall, |context, call| {
            let managers = context.state.programs().cache_managers();
            managers.contains(context, call.manager)
        }),
        method!(View, allCacheManagersCall, |context, _| {
            let managers = context.state.programs().cache_managers();
            managers.members(context)
        }),
        method!(Write, cacheCodehashCall, |context, call| {
            set_cached(context, call.codehash, true)?;
            Ok(cacheCodehashReturn {})
        })
        .until(ARBOS_STYLUS),
        method!(Write, cacheProgramCall, |context, call| {
            let code_hash = context.code_hash(call.addr)?;
            set_cached(context, code_hash, true)?;
            Ok(cacheProgramReturn {})
        })
        .since(31),
        method!(Write, evictCodehashCall, |context, call| {
            set_cached(context, call.codehash, false)?;
            Ok(evictCodehashReturn {})
        }),
        method!(View, codehashIsCachedCall, |context, call| {
            let programs = context.state.programs();
            let record = programs.record(context, call.codehash)?;
            Ok(record.cached)
        }),
    ],
    describe: |data| describe(&ERRORS, data),
};

/// Sets a program's cache flag; nothing more happens when it is as wanted already.
///
/// Caching needs an active program; an expired or outdated one may still be evicted.
fn set_cached(context: &mut Context<'_>, code_hash: B256, cached: bool) -> Result<(), Failure> {
    authorize(context)?;
    let programs = context.state.programs();
    let params = programs.params(context)?;
    let mut record = programs.record(context, code_hash)?;
    if cached && record.version != params.version {
        return Err(inactive(Inactive::NeedsUpgrade {
            program: record.version,
            current: params.version,
        }));
    }
    if cached {
        record
            .check_active(&params, context.now())
            .map_err(inactive)?;
    }
    if record.cached == cached {
        return Ok(());
    }
    context.emit(&UpdateProgramCache {
        manager: context.caller(),
        codehash: code_hash,
        cached,
    })?;
    context.burn(record.init_cost.into())?;
    programs.module_hash(code_hash).get(context)?;
    record.cached = cached;
    programs.set_record(context, code_hash, &record)
}

/// Cache managers and chain owners only; anyone else loses all gas.
fn authorize(context: &mut Context<'_>) -> Result<(), Failure> {
    let caller = context.caller();
    let managers = context.state.programs().cache_managers();
    if managers.contains(context, caller)? || context.is_chain_owner(caller)? {
        Ok(())
    } else {
        Err(context.burn_out())
    }
}

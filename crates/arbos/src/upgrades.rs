//! What each ArbOS version changes in the state when it takes over, one step at a time.

use alloy_primitives::{Address, Bytes, U256};

use crate::{
    history::{HISTORY_ADDRESS, HISTORY_CODE, HISTORY_SINCE},
    precompiles::{self, STUB_CODE},
    state::{
        ArbosState, Free, L1_PRICER_FUNDS, StateAccess, StylusParams, TX_GAS_LIMIT, Word, sure,
    },
};

/// Highest version on ordinary chains, and what a dev chain starts with.
pub const DEFAULT_VERSION: u64 = 51;
/// Highest version, on chains that allow debug precompiles.
pub const MAX_DEBUG_VERSION: u64 = 60;

/// Gas added for each batch from version 11 on.
const BATCH_GAS_CHARGE: i64 = 210_000;
/// Words of stack from version 50 on, unless fewer were set.
const MAX_STACK_DEPTH: u32 = 22_000;
/// Fragments of a root program from version 60 on.
const MAX_FRAGMENTS: u8 = 2;

/// The state as an upgrade may change it.
pub trait UpgradeHost: StateAccess {
    /// Wei held by `address`.
    fn balance(&mut self, address: Address) -> U256;
    /// Makes `address` a contract; its storage and balance stay.
    fn set_contract(&mut self, address: Address, nonce: u64, code: Bytes);
}

/// Highest version a chain may run.
pub fn highest_version(debug_chain: bool) -> u64 {
    if debug_chain {
        MAX_DEBUG_VERSION
    } else {
        DEFAULT_VERSION
    }
}

/// The scheduled version, if its time has come at `now` (Unix seconds) and this node knows it.
/// An unknown one stays scheduled and is never applied; Nitro would stop there.
pub fn due(access: &mut dyn StateAccess, debug_chain: bool, now: u64) -> Option<u64> {
    let state = ArbosState::open_current(access);
    let (version, timestamp) = state.scheduled_upgrade(access);
    let known = version <= highest_version(debug_chain);
    (version > state.arbos_version() && now >= timestamp && known).then_some(version)
}

/// Takes every step from `from` (exclusive) to `to` (inclusive).
pub fn apply(host: &mut dyn UpgradeHost, from: u64, to: u64) {
    for version in from + 1..=to {
        step(host, version);
        sure(
            ArbosState::open(version)
                .version()
                .set(&mut Free(as_access(host)), version),
        );
    }
}

fn step(host: &mut dyn UpgradeHost, version: u64) {
    for precompile in precompiles::precompiles().filter(|it| it.since == version) {
        host.set_contract(precompile.address, 0, Bytes::from_static(&STUB_CODE));
    }
    let state = ArbosState::open(version);
    let l1 = state.l1_pricing();
    match version {
        3 => {
            write(host, l1.per_batch_gas_charge(), 0);
            write(host, l1.amortized_cost_cap_bips(), u64::MAX);
        }
        10 => {
            let held = host.balance(L1_PRICER_FUNDS);
            write(host, l1.l1_fees_available(), held);
        }
        11 => {
            write(host, l1.per_batch_gas_charge(), BATCH_GAS_CHARGE);
            // 0 is what switches the cap off; version 3 meant to and did not.
            write(host, l1.amortized_cost_cap_bips(), 0);
        }
        20 => write(host, state.brotli_level(), 1),
        30 => introduce_programs(host, state),
        31 => change_params(host, version, |params| {
            params.version = 2;
            params.min_init_gas = 69;
        }),
        40 => {
            let code = Bytes::from_static(&HISTORY_CODE);
            host.set_contract(HISTORY_ADDRESS, 1, code);
            change_params(host, version, |_| {});
        }
        50 => {
            change_params(host, version, |params| {
                params.max_stack_depth = params.max_stack_depth.min(MAX_STACK_DEPTH);
            });
            write(host, state.l2_pricing().tx_gas_limit(), TX_GAS_LIMIT);
        }
        60 => change_params(host, version, |params| {
            params.max_fragment_count = MAX_FRAGMENTS;
        }),
        _ => {}
    }
}
const _: () = assert!(HISTORY_SINCE == 40);

fn introduce_programs(host: &mut dyn UpgradeHost, state: ArbosState) {
    let params = StylusParams {
        version: 1,
        max_stack_depth: 262_144,
        min_init_gas: 72,
        max_fragment_count: 0,
        ..StylusParams::default()
    };
    let storage = &mut Free(as_access(host));
    sure(state.programs().set_params(storage, &params));
    sure(state.programs().data_pricer().initialize(storage));
}

/// Rewrites the parameters from the layout of the version before into that of `version`.
fn change_params(host: &mut dyn UpgradeHost, version: u64, change: impl FnOnce(&mut StylusParams)) {
    let access = as_access(host);
    let mut params = ArbosState::open(version - 1).stylus_params(access);
    change(&mut params);
    let programs = ArbosState::open(version).programs();
    sure(programs.set_params(&mut Free(access), &params));
}

fn write<T: Word>(host: &mut dyn UpgradeHost, cell: crate::state::Cell<T>, value: T) {
    sure(cell.set(&mut Free(as_access(host)), value));
}

fn as_access(host: &mut dyn UpgradeHost) -> &mut dyn StateAccess {
    host
}

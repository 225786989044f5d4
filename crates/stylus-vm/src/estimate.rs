//! The figures measured at activation: size gas, start costs, size of native code.
//!
//! Every product is divided on its own and rounded down, in 64 bits.

use crate::ActivationError;
use crate::module::{Module, rule};
use crate::validate::{ADDED_GLOBALS, Checked};

/// ArbOS version from which the bytes of a module are paid for.
const ARBOS_PAYS_WASM_BYTES: u64 = 32;
/// Gas of one microsecond of activation.
const MICROSECOND_GAS: u64 = 28;
/// Stylus version that adds the cached part to the uncached one itself.
const VERSION_ADDS_CACHED: u16 = 1;

/// Start costs in gas (before scaling) and native code in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Estimates {
    pub(crate) init_cost: u16,
    pub(crate) cached_init_cost: u16,
    pub(crate) asm_estimate: u32,
}

/// Estimates a module.
pub(crate) fn estimate(
    module: &Module<'_>,
    checked: &Checked,
    stylus_version: u16,
) -> Result<Estimates, ActivationError> {
    let funcs = module.functions.len() as u64;
    let types = module
        .functions
        .iter()
        .filter_map(|index| module.types.get(*index as usize));
    let type_len: u64 = types
        .map(|ty| (ty.params().len() + ty.results().len()) as u64)
        .sum();
    let wasm_len = module.wasm_len as u64;
    let globals = u64::from(module.globals + ADDED_GLOBALS);
    let segments = module.datas.iter().chain(&module.elements);
    let data_len: u64 = segments.map(|segment| segment.encoded_len).sum();
    let footprint = u64::from(checked.footprint);

    let asm =
        512_000 + funcs * 996_829 / 1_000 + type_len * 11_416 / 1_000 + wasm_len * 62_628 / 10_000;
    let cached = funcs * 13_420 / 100_000
        + type_len * 89 / 100_000
        + wasm_len * 122 / 100_000
        + globals * 1_628 / 1_000
        + data_len * 75_244 / 100_000
        + footprint * 5;
    let mut init = funcs * 8_252 / 1_000 + type_len * 1_059 / 1_000 + wasm_len * 1_286 / 10_000;
    if stylus_version == VERSION_ADDS_CACHED {
        init += cached;
    }
    Ok(Estimates {
        init_cost: u16::try_from(init).map_err(|_| rule("init cost too high"))?,
        cached_init_cost: u16::try_from(cached).map_err(|_| rule("cached init cost too high"))?,
        asm_estimate: u32::try_from(asm).map_err(|_| rule("asm estimate too large"))?,
    })
}

/// Charges the size of a module, term by term.
pub(crate) fn charge_size(
    module: &Module<'_>,
    checked: &Checked,
    operators: u64,
    arbos_version: u64,
    gas: &mut u64,
) -> Result<(), ActivationError> {
    let wasm_len = if arbos_version >= ARBOS_PAYS_WASM_BYTES {
        module.wasm_len as u64
    } else {
        0
    };
    let data_bytes: u64 = module.datas.iter().map(|segment| segment.len).sum();
    let element_bytes: u64 = module
        .elements
        .iter()
        .map(|segment| segment.encoded_len)
        .sum();
    for microseconds in [
        wasm_len * 31_733 / 100_000,
        module.functions.len() as u64 * 17_263 / 100_000,
        data_bytes * 17_376 / 100_000,
        element_bytes * 17_376 / 100_000,
        u64::from(checked.footprint) * 2_217,
        operators * 535 / 1_000,
    ] {
        let cost = microseconds * MICROSECOND_GAS;
        *gas = match gas.checked_sub(cost) {
            Some(left) => left,
            None => {
                *gas = 0;
                return Err(ActivationError::OutOfGas);
            }
        };
    }
    Ok(())
}

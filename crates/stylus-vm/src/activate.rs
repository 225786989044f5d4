//! Activation: from WebAssembly bytes to a program and its prices.

use crate::instrument::instrument;
use crate::module::Module;
use crate::{ActivationError, Program, estimate, validate};

/// The rules a module is activated under.
#[derive(Clone, Copy, Debug)]
pub struct ActivationConfig {
    /// The ArbOS version.
    pub arbos_version: u64,
    /// Version of the Stylus parameters, 1 or 2.
    pub stylus_version: u16,
    /// Pages the transaction may still open; a larger initial memory is refused.
    pub page_limit: u16,
    /// Whether debug imports and start functions are tolerated.
    pub debug_chain: bool,
}

/// An activated module.
#[derive(Clone, Debug)]
pub struct Activation {
    /// Ready to run.
    pub program: Program,
    /// Unscaled cost of starting the program when it is not cached.
    pub init_cost: u16,
    /// Unscaled cost of starting the program when it is cached.
    pub cached_init_cost: u16,
    /// Estimated size of native code in bytes; priced by the data fee.
    pub asm_estimate: u32,
    /// Initial memory in pages of 64 KiB.
    pub footprint: u16,
    /// Function index of the entry point.
    pub user_main: u32,
    /// Index of the first of the four globals added by instrumentation:
    /// ink left, ink status, scratch, stack left.
    pub first_added_global: u32,
}

/// Checks, meters, prices and compiles a module.
///
/// Size gas is taken from `gas`; on success the rest stays there.
///
/// # Errors
/// Any broken rule, with its reason; out of gas when `gas` does not cover the size.
/// The caller consumes all gas then.
pub fn activate(
    wasm: &[u8],
    cfg: &ActivationConfig,
    gas: &mut u64,
) -> Result<Activation, ActivationError> {
    let mut module = Module::parse(wasm)?;
    let checked = validate::check(&mut module, cfg)?;
    let instrumented = instrument(&module, &checked)?;
    estimate::charge_size(
        &module,
        &checked,
        instrumented.operators,
        cfg.arbos_version,
        gas,
    )?;
    let estimates = estimate::estimate(&module, &checked, cfg.stylus_version)?;
    let first_added_global = instrumented.first_added_global;
    Ok(Activation {
        program: Program::build(&module, &checked, instrumented)?,
        init_cost: estimates.init_cost,
        cached_init_cost: estimates.cached_init_cost,
        asm_estimate: estimates.asm_estimate,
        footprint: checked.footprint,
        user_main: checked.user_main,
        first_added_global,
    })
}

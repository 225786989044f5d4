//! Rewriting a module so that it meters itself.
//!
//! Passes in order, each seeing what the one before left: the start function
//! is moved aside, the ink meter charges basic blocks, the dynamic meter
//! charges bulk memory by the byte, the depth checker bounds the stack, and
//! the heap bound pays for memory growth. Code added by the depth checker and
//! the heap bound is therefore not metered, while the depth checker does see
//! what the meters added. All of them only insert code, so one scan
//! ([`plan`]) finds the insertion points and one copy ([`emit`]) writes them.

mod costs;
mod emit;
mod height;
mod plan;

use crate::ActivationError;
use crate::module::Module;
use crate::validate::Checked;

pub(crate) use emit::{INK_LEFT, INK_STATUS, STACK_LEFT};

/// A module that meters itself.
#[derive(Debug)]
pub(crate) struct Instrumented {
    /// The new encoding.
    pub(crate) wasm: Vec<u8>,
    /// Operators of all bodies, added ones included.
    pub(crate) operators: u64,
    /// Index of the first of the four added globals.
    pub(crate) first_added_global: u32,
}

/// Instruments a module that keeps the rules.
///
/// # Errors
/// Floating point arithmetic, refused instructions, or a body that is too
/// large or too deep once instrumented.
pub(crate) fn instrument(
    module: &Module<'_>,
    checked: &Checked,
) -> Result<Instrumented, ActivationError> {
    let mut plans = Vec::with_capacity(module.bodies.len());
    for (index, body) in module.bodies.iter().enumerate() {
        plans.push(plan::plan(module, checked, index, body)?);
    }
    Ok(Instrumented {
        operators: plans.iter().map(|plan| plan.operators).sum(),
        first_added_global: module.globals,
        wasm: emit::emit(module, checked, &plans),
    })
}

//! A bound of the compiler's work that no rule of Stylus sets.

use wasmparser::{FuncType, Operator};

use crate::ProgramError;
use crate::module::Module;

/// Words that all calls of a module may pass and take back together. Each is some 16 bytes of native
/// code, so that a module of 128 KiB could become gigabytes by calls of two bytes each.
const MAX_CALL_WORDS: usize = 2 << 20;
/// Words of a call that are in proportion to any module's size.
const FEW_WORDS: usize = 16;

/// Refuses a module whose calls would not be compiled in proportion to its size.
pub(super) fn check(module: &Module<'_>) -> Result<(), ProgramError> {
    let words = |ty: &FuncType| ty.params().len() + ty.results().len();
    if module.types.iter().all(|ty| words(ty) <= FEW_WORDS) {
        return Ok(());
    }
    let invalid = |error: wasmparser::Error| ProgramError::Module(error.to_string());
    let mut sum = 0usize;
    for body in &module.bodies {
        for operator in body.get_operators_reader().map_err(invalid)? {
            let ty = match operator.map_err(invalid)? {
                Operator::Call { function_index } => module.function_type(function_index),
                Operator::CallIndirect { type_index, .. } => module.types.get(type_index as usize),
                _ => None,
            };
            sum = sum.saturating_add(ty.map_or(0, words));
        }
    }
    if sum > MAX_CALL_WORDS {
        return Err(ProgramError::Compile(format!(
            "calls pass {sum} words, more than {MAX_CALL_WORDS}"
        )));
    }
    Ok(())
}

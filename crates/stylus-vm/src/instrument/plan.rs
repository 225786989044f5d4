//! Where to insert what in a function body.

use wasmparser::{FunctionBody, Operator};

use super::costs::instruction;
use super::height::Height;
use crate::ActivationError;
use crate::module::{Module, invalid, rule};
use crate::pricing::BLOCK_HEADER_INK;
use crate::validate::Checked;

/// Most operators a body may have once instrumented.
const MAX_OPERATORS: u64 = 65_536;
/// Most words a frame may take.
const MAX_FRAME_WORDS: u32 = 10_240;
/// Most operands a function may hold at once.
const MAX_OPERANDS: u32 = 4_096;
/// Words each frame takes besides locals and operands.
const FRAME_OVERHEAD_WORDS: u32 = 4;

/// Operators of a block's ink check.
const METER_OPERATORS: u64 = 12;
/// Operators of a charge by the byte.
const DYNAMIC_OPERATORS: u64 = 17;
/// Operators of the stack check at a function's entry.
const ENTRY_OPERATORS: u64 = 12;
/// Operators that give a frame's words back.
const EXIT_OPERATORS: u64 = 4;
/// Operators of the payment before growing memory.
const GROW_OPERATORS: u64 = 4;

/// Code to insert before an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Insertion {
    /// Pay for the block that starts here, in ink.
    Block(u64),
    /// Pay for as many bytes as the top of the stack says.
    Bytes,
    /// Give the frame's words back.
    Leave,
    /// Give the frame's words back and return.
    FinalReturn,
    /// Pay for as many pages as the top of the stack says.
    Grow,
}

/// How to rewrite one function.
#[derive(Debug)]
pub(super) struct Plan {
    /// Insertions with their offsets in the body, in order.
    pub(super) insertions: Vec<(usize, Insertion)>,
    /// Offset of the first operator in the body.
    pub(super) code_start: usize,
    /// Words the function takes from the stack.
    pub(super) frame_words: u32,
    /// Operators of the instrumented body.
    pub(super) operators: u64,
}

/// Scans one function body.
pub(super) fn plan(
    module: &Module<'_>,
    checked: &Checked,
    index: usize,
    body: &FunctionBody<'_>,
) -> Result<Plan, ActivationError> {
    let base = body.range().start;
    let mut locals = 0u32;
    for group in body.get_locals_reader().map_err(invalid)? {
        locals = locals.saturating_add(group.map_err(invalid)?.0);
    }
    let mut reader = body.get_operators_reader().map_err(invalid)?;
    let code_start = (reader.original_position() - base) as usize;

    let mut insertions: Vec<(usize, Insertion)> = Vec::new();
    let mut height = Height::new();
    let mut operators = 0u64;
    let mut block: Option<(usize, u64)> = None;
    let mut last = code_start;
    while !reader.eof() {
        let at = (reader.original_position() - base) as usize;
        let operator = reader.read().map_err(invalid)?;
        let instruction = instruction(&operator, module)?;
        operators += 1;
        last = at;

        let (slot, ink) = *block.get_or_insert_with(|| {
            operators += METER_OPERATORS;
            height.push(2);
            height.pop(2);
            insertions.push((at, Insertion::Block(0)));
            (insertions.len() - 1, BLOCK_HEADER_INK)
        });
        let ink = ink.saturating_add(instruction.ink);
        block = Some((slot, ink));

        match operator {
            Operator::MemoryCopy { .. } | Operator::MemoryFill { .. } => {
                operators += DYNAMIC_OPERATORS;
                dynamic_meter(&mut height);
                insertions.push((at, Insertion::Bytes));
            }
            Operator::MemoryGrow { .. } if checked.pay_for_grow.is_some() => {
                operators += GROW_OPERATORS;
                insertions.push((at, Insertion::Grow));
            }
            Operator::Return => {
                operators += EXIT_OPERATORS;
                insertions.push((at, Insertion::Leave));
            }
            _ => {}
        }
        height.apply(instruction.effect);
        if instruction.ends_block {
            if let Some((_, insertion)) = insertions.get_mut(slot) {
                *insertion = Insertion::Block(ink);
            }
            block = None;
        }
    }
    insertions.push((last, Insertion::FinalReturn));
    operators += ENTRY_OPERATORS + EXIT_OPERATORS + 1;

    let worst = height.worst();
    if worst > MAX_OPERANDS {
        let text = "too many values on the stack at once";
        return Err(rule(format!(
            "{text} in func {index}: {worst} > {MAX_OPERANDS}"
        )));
    }
    let frame_words = worst
        .saturating_add(locals)
        .saturating_add(FRAME_OVERHEAD_WORDS);
    if frame_words > MAX_FRAME_WORDS {
        let text = "frame too large";
        return Err(rule(format!(
            "{text} in func {index}: {frame_words} > {MAX_FRAME_WORDS}"
        )));
    }
    if operators > MAX_OPERATORS {
        let text = "too many wasm opcodes in func body";
        return Err(rule(format!("{text}: {operators} > {MAX_OPERATORS}")));
    }
    Ok(Plan {
        insertions,
        code_start,
        frame_words,
        operators,
    })
}

/// What the charge by the byte does to the height: the length moves aside,
/// the charge is computed, and the length comes back.
fn dynamic_meter(height: &mut Height) {
    height.pop(1);
    height.push(4);
    height.pop(3);
    height.push(1);
    height.pop(2);
    height.push(1);
    height.pop(1);
    height.push(1);
}

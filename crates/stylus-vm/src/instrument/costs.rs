//! What each instruction costs and does to the operand stack, and which are refused.

use wasmparser::{BlockType, FuncType, Operator};

use crate::ActivationError;
use crate::module::{Module, rule};
use crate::pricing::UNPAYABLE_INK;

/// What an instruction means for the passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    /// Price in ink.
    pub(super) ink: u64,
    /// Effect on the height of the operand stack, as the depth checker sees it.
    pub(super) effect: Effect,
    /// Whether a basic block ends after it.
    pub(super) ends_block: bool,
}

/// How an instruction changes the height. Pushes come before pops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Pushes, then pops.
    Flat(u32, u32),
    /// Pops first (the condition of an `if`), pushes and pops, then opens a scope.
    Open(u32, u32, u32),
    /// Returns to the height at the start of the scope.
    Reset,
    /// Closes the scope and returns to its height.
    Close,
}

impl Effect {
    const NONE: Self = Self::Flat(0, 0);
    const PUSH: Self = Self::Flat(1, 0);
    const POP: Self = Self::Flat(0, 1);
    const POP2: Self = Self::Flat(0, 2);
    const POP3: Self = Self::Flat(0, 3);
}

const fn plain(ink: u64, effect: Effect) -> Instruction {
    Instruction {
        ink,
        effect,
        ends_block: false,
    }
}

const fn ending(ink: u64, effect: Effect) -> Instruction {
    Instruction {
        ink,
        effect,
        ends_block: true,
    }
}

/// Looks an instruction up.
///
/// # Errors
/// Floating point arithmetic and instructions that are refused outright.
pub(super) fn instruction(
    operator: &Operator<'_>,
    module: &Module<'_>,
) -> Result<Instruction, ActivationError> {
    use Operator as O;
    Ok(match operator {
        O::Unreachable | O::Nop => plain(1, Effect::NONE),
        O::Return => ending(1, Effect::NONE),
        O::I32Const { .. } | O::I64Const { .. } => plain(1, Effect::PUSH),

        O::Block { blockty } => plain(1, open(0, *blockty, module)?),
        O::Loop { blockty } => ending(1, open(0, *blockty, module)?),
        O::If { blockty } => ending(765, open(1, *blockty, module)?),
        O::Else => ending(1, Effect::Reset),
        O::End => ending(1, Effect::Close),
        O::Br { .. } => ending(765, Effect::NONE),
        O::BrIf { .. } => ending(765, Effect::POP),
        O::BrTable { targets } => ending(2_400 + 325 * u64::from(targets.len()), Effect::POP),
        O::Call { function_index } => {
            let (params, results) = arity(module.function_type(*function_index))?;
            ending(3_800, Effect::Flat(results, params))
        }
        O::CallIndirect { type_index, .. } => {
            let (params, results) = arity(module.types.get(*type_index as usize))?;
            ending(
                13_610 + 650 * u64::from(params),
                Effect::Flat(results, params + 1),
            )
        }

        O::Drop => plain(9, Effect::POP),
        O::Select => plain(1_250, Effect::POP2),
        O::LocalGet { .. } => plain(75, Effect::PUSH),
        O::LocalTee { .. } => plain(75, Effect::NONE),
        O::LocalSet { .. } => plain(210, Effect::POP),
        O::GlobalGet { .. } => plain(225, Effect::PUSH),
        O::GlobalSet { .. } => plain(575, Effect::POP),

        O::I32Load { .. }
        | O::I32Load8S { .. }
        | O::I32Load8U { .. }
        | O::I32Load16S { .. }
        | O::I32Load16U { .. } => plain(670, Effect::NONE),
        O::I64Load { .. }
        | O::I64Load8S { .. }
        | O::I64Load8U { .. }
        | O::I64Load16S { .. }
        | O::I64Load16U { .. }
        | O::I64Load32S { .. }
        | O::I64Load32U { .. } => plain(680, Effect::NONE),
        O::I32Store { .. } | O::I32Store8 { .. } | O::I32Store16 { .. } => plain(825, Effect::POP2),
        O::I64Store { .. } | O::I64Store8 { .. } | O::I64Store16 { .. } | O::I64Store32 { .. } => {
            plain(950, Effect::POP2)
        }
        O::MemorySize { .. } => plain(3_000, Effect::PUSH),
        O::MemoryGrow { .. } => plain(8_050, Effect::NONE),
        O::MemoryCopy { .. } | O::MemoryFill { .. } => plain(950, Effect::POP3),

        O::I32Eqz => plain(170, Effect::NONE),
        O::I32Eq
        | O::I32Ne
        | O::I32LtS
        | O::I32LtU
        | O::I32GtS
        | O::I32GtU
        | O::I32LeS
        | O::I32LeU
        | O::I32GeS
        | O::I32GeU => plain(170, Effect::POP),
        O::I64Eqz => plain(225, Effect::NONE),
        O::I64Eq
        | O::I64Ne
        | O::I64LtS
        | O::I64LtU
        | O::I64GtS
        | O::I64GtU
        | O::I64LeS
        | O::I64LeU
        | O::I64GeS
        | O::I64GeU => plain(225, Effect::POP),

        O::I32Clz | O::I32Ctz | O::I64Clz | O::I64Ctz => plain(210, Effect::NONE),
        O::I32Popcnt => plain(2_650, Effect::NONE),
        O::I64Popcnt => plain(6_000, Effect::NONE),
        O::I32Add
        | O::I32Sub
        | O::I32And
        | O::I32Or
        | O::I32Xor
        | O::I32Shl
        | O::I32ShrS
        | O::I32ShrU
        | O::I32Rotl
        | O::I32Rotr => plain(70, Effect::POP),
        O::I64Add
        | O::I64Sub
        | O::I64And
        | O::I64Or
        | O::I64Xor
        | O::I64Shl
        | O::I64ShrS
        | O::I64ShrU
        | O::I64Rotl
        | O::I64Rotr => plain(100, Effect::POP),
        O::I32Mul | O::I64Mul => plain(160, Effect::POP),
        O::I32DivS | O::I32DivU | O::I32RemS | O::I32RemU => plain(1_120, Effect::POP),
        O::I64DivS | O::I64DivU | O::I64RemS | O::I64RemU => plain(1_270, Effect::POP),
        O::I32WrapI64
        | O::I64ExtendI32S
        | O::I64ExtendI32U
        | O::I32Extend8S
        | O::I32Extend16S
        | O::I64Extend8S
        | O::I64Extend16S
        | O::I64Extend32S => plain(100, Effect::NONE),

        // Floats may be moved about in code that never runs.
        O::F32Const { .. } | O::F64Const { .. } => plain(UNPAYABLE_INK, Effect::PUSH),
        O::F32Load { .. }
        | O::F64Load { .. }
        | O::I32ReinterpretF32
        | O::I64ReinterpretF64
        | O::F32ReinterpretI32
        | O::F64ReinterpretI64 => plain(UNPAYABLE_INK, Effect::NONE),
        O::F32Store { .. } | O::F64Store { .. } => plain(UNPAYABLE_INK, Effect::POP2),

        // Everything else that validation lets pass is float arithmetic or an
        // instruction on passive segments and tables.
        other => return Err(rule(format!("unsupported opcode {other:?}"))),
    })
}

fn open(pops: u32, blockty: BlockType, module: &Module<'_>) -> Result<Effect, ActivationError> {
    Ok(match blockty {
        BlockType::Empty => Effect::Open(pops, 0, 0),
        BlockType::Type(_) => Effect::Open(pops, 1, 0),
        BlockType::FuncType(index) => {
            let (params, results) = arity(module.types.get(index as usize))?;
            Effect::Open(pops, results, params)
        }
    })
}

/// Numbers of parameters and results.
fn arity(ty: Option<&FuncType>) -> Result<(u32, u32), ActivationError> {
    let ty = ty.ok_or_else(|| rule("missing function type"))?;
    // Validation allows at most a thousand of each.
    Ok((ty.params().len() as u32, ty.results().len() as u32))
}

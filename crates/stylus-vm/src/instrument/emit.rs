//! Writing the instrumented module.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, Encode, ExportKind, ExportSection, GlobalType,
    Instruction as I, RawSection, ValType,
};
use wasmparser::{ExternalKind, FunctionBody};

use super::plan::{Insertion, Plan};
use crate::module::{Module, section};
use crate::pricing::MEMORY_BYTE_INK;
use crate::validate::{ADDED_GLOBALS, Checked, START_EXPORT};

/// Export of the ink that is left.
pub(crate) const INK_LEFT: &str = "stylus_ink_left";
/// Export of the ink status: 0 ready, 1 exhausted.
pub(crate) const INK_STATUS: &str = "stylus_ink_status";
/// Export of the meters' scratch space.
const SCRATCH: &str = "stylus_scratch_global";
/// Export of the stack words that are left.
pub(crate) const STACK_LEFT: &str = "stylus_stack_left";

/// Indices of the added globals.
#[derive(Clone, Copy)]
struct Globals {
    ink: u32,
    status: u32,
    scratch: u32,
    stack: u32,
}

/// Encodes the module with the planned insertions.
pub(super) fn emit(module: &Module<'_>, checked: &Checked, plans: &[Plan]) -> Vec<u8> {
    let first = module.globals;
    let globals = Globals {
        ink: first,
        status: first + 1,
        scratch: first + 2,
        stack: first + 3,
    };
    let mut out = wasm_encoder::Module::new();
    let copy = |out: &mut wasm_encoder::Module, id: u8| {
        if let Some(data) = module.raw.get(&id) {
            out.section(&RawSection { id, data });
        }
    };
    copy(&mut out, section::TYPE);
    copy(&mut out, section::IMPORT);
    copy(&mut out, section::FUNCTION);
    copy(&mut out, section::TABLE);
    copy(&mut out, section::MEMORY);
    let data = encode_globals(module);
    out.section(&RawSection {
        id: section::GLOBAL,
        data: &data,
    });
    out.section(&encode_exports(module, globals));
    copy(&mut out, section::ELEMENT);
    out.section(&encode_code(module, checked, plans, globals));
    copy(&mut out, section::DATA);
    out.finish()
}

fn encode_globals(module: &Module<'_>) -> Vec<u8> {
    let types = [ValType::I64, ValType::I32, ValType::I32, ValType::I32];
    let zero = |ty| match ty {
        ValType::I64 => ConstExpr::i64_const(0),
        _ => ConstExpr::i32_const(0),
    };
    let mut data = Vec::new();
    (module.globals + ADDED_GLOBALS).encode(&mut data);
    data.extend_from_slice(module.raw_globals);
    for val_type in types {
        GlobalType {
            val_type,
            mutable: true,
            shared: false,
        }
        .encode(&mut data);
        zero(val_type).encode(&mut data);
    }
    data
}

fn encode_exports(module: &Module<'_>, globals: Globals) -> ExportSection {
    let mut exports = ExportSection::new();
    for export in &module.exports {
        let kind = match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
            ExternalKind::Table => ExportKind::Table,
            ExternalKind::Memory => ExportKind::Memory,
            ExternalKind::Global => ExportKind::Global,
            ExternalKind::Tag => ExportKind::Tag,
        };
        exports.export(export.name, kind, export.index);
    }
    if let Some(start) = module.start {
        exports.export(START_EXPORT, ExportKind::Func, start);
    }
    for (name, index) in [
        (INK_LEFT, globals.ink),
        (INK_STATUS, globals.status),
        (SCRATCH, globals.scratch),
        (STACK_LEFT, globals.stack),
    ] {
        exports.export(name, ExportKind::Global, index);
    }
    exports
}

fn encode_code(
    module: &Module<'_>,
    checked: &Checked,
    plans: &[Plan],
    globals: Globals,
) -> CodeSection {
    let mut code = CodeSection::new();
    let mut bytes = Vec::new();
    for (body, plan) in module.bodies.iter().zip(plans) {
        bytes.clear();
        encode_body(&mut bytes, body, plan, checked, globals);
        code.raw(&bytes);
    }
    code
}

fn encode_body(
    out: &mut Vec<u8>,
    body: &FunctionBody<'_>,
    plan: &Plan,
    checked: &Checked,
    globals: Globals,
) {
    let source = body.as_bytes();
    out.extend_from_slice(&source[..plan.code_start]);
    enter_frame(out, plan.frame_words, globals);
    let mut copied = plan.code_start;
    for (at, insertion) in &plan.insertions {
        out.extend_from_slice(&source[copied..*at]);
        copied = *at;
        match insertion {
            Insertion::Block(ink) => pay_for_block(out, *ink, globals),
            Insertion::Bytes => pay_for_bytes(out, globals),
            Insertion::Leave => leave_frame(out, plan.frame_words, globals),
            Insertion::FinalReturn => {
                leave_frame(out, plan.frame_words, globals);
                I::Return.encode(out);
            }
            Insertion::Grow => {
                if let Some(hook) = checked.pay_for_grow {
                    pay_for_pages(out, hook, globals);
                }
            }
        }
    }
    out.extend_from_slice(&source[copied..]);
}

fn write(out: &mut Vec<u8>, instructions: &[I<'_>]) {
    for instruction in instructions {
        instruction.encode(out);
    }
}

/// Traps with status 1 when the ink does not cover the block, else pays.
fn pay_for_block(out: &mut Vec<u8>, ink: u64, globals: Globals) {
    let cost = I::I64Const(ink as i64);
    write(
        out,
        &[
            I::GlobalGet(globals.ink),
            cost.clone(),
            I::I64LtU,
            I::If(BlockType::Empty),
            I::I32Const(1),
            I::GlobalSet(globals.status),
            I::Unreachable,
            I::End,
            I::GlobalGet(globals.ink),
            cost,
            I::I64Sub,
            I::GlobalSet(globals.ink),
        ],
    );
}

/// Traps with status 1 when the ink does not cover the bytes, else pays. Keeps the length.
fn pay_for_bytes(out: &mut Vec<u8>, globals: Globals) {
    write(
        out,
        &[
            I::GlobalSet(globals.scratch),
            I::GlobalGet(globals.ink),
            I::GlobalGet(globals.ink),
            I::GlobalGet(globals.scratch),
            I::I64ExtendI32U,
            I::I64Const(MEMORY_BYTE_INK as i64),
            I::I64Mul,
            I::I64Sub,
            I::GlobalSet(globals.ink),
            I::GlobalGet(globals.ink),
            I::I64LtU,
            I::If(BlockType::Empty),
            I::I32Const(1),
            I::GlobalSet(globals.status),
            I::Unreachable,
            I::End,
            I::GlobalGet(globals.scratch),
        ],
    );
}

/// Traps with no stack left when the words do not suffice, else takes them.
fn enter_frame(out: &mut Vec<u8>, words: u32, globals: Globals) {
    let size = I::I32Const(words as i32);
    write(
        out,
        &[
            I::GlobalGet(globals.stack),
            size.clone(),
            I::I32LeU,
            I::If(BlockType::Empty),
            I::I32Const(0),
            I::GlobalSet(globals.stack),
            I::Unreachable,
            I::End,
            I::GlobalGet(globals.stack),
            size,
            I::I32Sub,
            I::GlobalSet(globals.stack),
        ],
    );
}

fn leave_frame(out: &mut Vec<u8>, words: u32, globals: Globals) {
    write(
        out,
        &[
            I::GlobalGet(globals.stack),
            I::I32Const(words as i32),
            I::I32Add,
            I::GlobalSet(globals.stack),
        ],
    );
}

/// Calls the host function that pays, keeping the number of pages.
fn pay_for_pages(out: &mut Vec<u8>, hook: u32, globals: Globals) {
    write(
        out,
        &[
            I::GlobalSet(globals.scratch),
            I::GlobalGet(globals.scratch),
            I::Call(hook),
            I::GlobalGet(globals.scratch),
        ],
    );
}

//! Arbitrary modules by wasm-smith, given the door of a program: it calls the generated entry
//! point and returns all memory.

use arbitrary::Unstructured;
use stylus_vm::hostio::{HostFunction, Type, VM_HOOKS};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction, MemorySection, MemoryType, Module, RawSection, TypeSection, ValType,
};
use wasmparser::{Parser, Payload};

use crate::second::IMPORTED;

/// Choices that a seed gives the generator.
const CHOICES: usize = 6_000;
/// Indices in the shape below.
const WRITE_RESULT: u32 = 0;
const READ_ARGS: u32 = 1;

pub(crate) fn module(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    // Not every string of choices makes a module.
    loop {
        let choices: Vec<u8> = (0..CHOICES)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 33) as u8
            })
            .collect();
        if let Ok(wasm) = generate(&mut Unstructured::new(&choices), seed.is_multiple_of(2)) {
            return with_door(&wasm);
        }
    }
}

fn generate(u: &mut Unstructured<'_>, grows: bool) -> arbitrary::Result<Vec<u8>> {
    let config = wasm_smith::Config {
        module_shape: Some(shape(grows)),
        allow_floats: false,
        allow_start_export: false,
        // It would bring segments that are refused; the other generator copies and fills.
        bulk_memory_enabled: false,
        max_data_segments: 3,
        min_data_segments: 0,
        multi_value_enabled: true,
        compact_imports_enabled: false,
        exceptions_enabled: false,
        extended_const_enabled: false,
        gc_enabled: false,
        generate_custom_sections: false,
        max_element_segments: 2,
        // Imports are among them.
        max_funcs: 22,
        max_globals: 8,
        max_instructions: 400,
        max_table_elements: 16,
        memory64_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..wasm_smith::Config::default()
    };
    Ok(wasm_smith::Module::new(config, u)?.to_bytes())
}

/// What every generated module imports and exports.
fn shape(grows: bool) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    let mut import = |name: &str, index: u32, types: &mut TypeSection| {
        let row = HostFunction::find(VM_HOOKS, name).unwrap();
        let values = |list: &[Type]| list.iter().copied().map(value).collect::<Vec<_>>();
        let (params, results) = (values(row.params), values(row.result.as_slice()));
        types.ty().function(params, results);
        imports.import(VM_HOOKS, name, EntityType::Function(index));
    };
    import("write_result", 1, &mut types);
    import("read_args", 2, &mut types);
    let mut next = 3;
    for name in IMPORTED {
        if !["write_result", "read_args"].contains(&name) {
            import(name, next, &mut types);
            next += 1;
        }
    }
    if grows {
        import("pay_for_memory_grow", next, &mut types);
    }
    let count = imports.len();
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: if grows { Some(5) } else { Some(1) },
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("inner", ExportKind::Func, count);
    let mut body = Function::new([]);
    body.instruction(&Instruction::Unreachable);
    body.instruction(&Instruction::End);
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&memories)
        .section(&exports)
        .section(&code);
    module.finish()
}

fn value(ty: Type) -> ValType {
    match ty {
        Type::I32 => ValType::I32,
        Type::I64 => ValType::I64,
        Type::F32 => ValType::F32,
        Type::F64 => ValType::F64,
    }
}

/// Adds the entry point: reads the calldata, calls `inner`, returns all memory and its status.
fn with_door(wasm: &[u8]) -> Vec<u8> {
    let mut module = Module::new();
    let (mut inner, mut imported, mut own) = (0, 0, 0);
    let mut code = CodeSection::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.unwrap();
        match &payload {
            Payload::ImportSection(reader) => {
                imported = reader.clone().into_imports().count() as u32;
            }
            Payload::FunctionSection(reader) => {
                let mut functions = FunctionSection::new();
                for ty in reader.clone() {
                    functions.function(ty.unwrap());
                }
                own = functions.len();
                functions.function(0);
                module.section(&functions);
                continue;
            }
            Payload::ExportSection(reader) => {
                let mut exports = ExportSection::new();
                for export in reader.clone() {
                    let export = export.unwrap();
                    match export.name {
                        "inner" => inner = export.index,
                        _ => {
                            exports.export(export.name, ExportKind::Memory, export.index);
                        }
                    }
                }
                exports.export("user_entrypoint", ExportKind::Func, imported + own);
                module.section(&exports);
                continue;
            }
            Payload::CodeSectionEntry(body) => {
                code.raw(body.as_bytes());
                if code.len() == own {
                    code.function(&door(inner));
                    module.section(&code);
                }
                continue;
            }
            _ => {}
        }
        if let Some((id, range)) = payload.as_section()
            && !matches!(payload, Payload::CodeSectionStart { .. })
        {
            let data = &wasm[range.start as usize..range.end as usize];
            module.section(&RawSection { id, data });
        }
    }
    module.finish()
}

fn door(inner: u32) -> Function {
    use Instruction as I;
    let mut door = Function::new([]);
    for instruction in [
        I::I32Const(64),
        I::Call(READ_ARGS),
        I::LocalGet(0),
        I::Call(inner),
        I::I32Const(0),
        I::MemorySize(0),
        I::I32Const(16),
        I::I32Shl,
        I::Call(WRITE_RESULT),
        I::End,
    ] {
        door.instruction(&instruction);
    }
    door
}

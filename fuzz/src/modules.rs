//! Modules that look like programs: right exports, real host functions, arbitrary insides.

use arbitrary::{Result, Unstructured};
use stylus_vm::hostio::{HOST_FUNCTIONS, Type, VM_HOOKS};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction, MemorySection, MemoryType, Module, TypeSection, ValType,
};

/// Most host functions one module imports, besides the payment for growth.
const MAX_IMPORTS: usize = 8;
/// Most pages at the start: more than the free ones.
const MAX_PAGES: u64 = 4;

/// Makes a module of arbitrary functions, mostly within what activation accepts.
pub(crate) fn generate(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let odd = |u: &mut Unstructured<'_>| u.ratio(1u8, 16);
    let config = wasm_smith::Config {
        module_shape: Some(shape(u)?),
        allow_floats: odd(u)?,
        allow_invalid_funcs: odd(u)?,
        allow_start_export: odd(u)?,
        bulk_memory_enabled: u.ratio(1u8, 4)?,
        multi_value_enabled: u.ratio(1u8, 4)?,
        compact_imports_enabled: false,
        exceptions_enabled: false,
        extended_const_enabled: odd(u)?,
        gc_enabled: false,
        generate_custom_sections: odd(u)?,
        max_data_segments: 4,
        max_element_segments: 4,
        max_funcs: 12,
        max_globals: 12,
        max_instructions: 300,
        max_table_elements: 64,
        memory64_enabled: false,
        reference_types_enabled: odd(u)?,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        simd_enabled: false,
        tail_call_enabled: odd(u)?,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Default::default()
    };
    Ok(wasm_smith::Module::new(config, u)?.to_bytes())
}

/// A module with the imports and exports the generated one shall have.
fn shape(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    let grows = u.ratio(1u8, 2)?;
    if grows {
        types.ty().function([ValType::I32], []);
        imports.import(VM_HOOKS, "pay_for_memory_grow", EntityType::Function(1));
    }
    for _ in 0..u.int_in_range(0..=MAX_IMPORTS)? {
        let function = u.choose(HOST_FUNCTIONS)?;
        let index = types.len();
        let values = |list: &[Type]| list.iter().copied().map(value).collect::<Vec<_>>();
        types
            .ty()
            .function(values(function.params), values(function.result.as_slice()));
        imports.import(function.module, function.name, EntityType::Function(index));
    }
    let count = imports.len();
    let mut functions = FunctionSection::new();
    functions.function(0);
    let minimum = u.int_in_range(0..=MAX_PAGES)?;
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum,
        maximum: (!grows).then_some(minimum),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("user_entrypoint", ExportKind::Func, count);
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
    Ok(module.finish())
}

fn value(ty: Type) -> ValType {
    match ty {
        Type::I32 => ValType::I32,
        Type::I64 => ValType::I64,
        Type::F32 => ValType::F32,
        Type::F64 => ValType::F64,
    }
}

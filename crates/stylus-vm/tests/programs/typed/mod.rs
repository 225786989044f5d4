//! Valid modules made for what an engine can get wrong in control flow: operands wait on the stack
//! while blocks, loops and ifs with parameters and several results come and go, branches of every
//! kind carry values over them, and whatever was waiting goes into a sum that is returned.

mod body;
mod choices;
mod control;
mod values;

use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection,
    MemoryType, Module, RefType, TableSection, TableType, TypeSection, ValType,
};

use stylus_vm::hostio::{HostFunction, Type, VM_HOOKS};

use self::body::Body;
use self::choices::Choices;
use crate::second::IMPORTED;

/// Functions besides the entry point.
const HELPERS: u32 = 4;
/// Entries of the table, two of them empty.
const TABLE: u64 = HELPERS as u64 + 2;

/// Globals: two sums, and three that the code plays with.
const SUM: u32 = 0;
const GLOBALS: [ValType; 5] = [V64, V64, V32, V64, V32];
const V32: ValType = ValType::I32;
const V64: ValType = ValType::I64;

type Signature = (Vec<ValType>, Vec<ValType>);

/// The module of a seed.
pub(crate) fn module(seed: u64) -> Vec<u8> {
    let mut choices = Choices(seed.wrapping_mul(0xd134_2543_de82_ef95) | 1);
    for _ in 0..4 {
        choices.next();
    }
    let grows = choices.one_in(2);
    let mut types = Types::default();
    let entry = types.index((vec![V32], vec![V32]));

    let mut imports = ImportSection::new();
    let mut imported = Vec::new();
    let names = IMPORTED.iter().copied();
    for name in names.chain(grows.then_some("pay_for_memory_grow")) {
        let row = HostFunction::find(VM_HOOKS, name).unwrap();
        let values = |list: &[Type]| list.iter().map(value).collect::<Vec<_>>();
        let signature = (values(row.params), values(row.result.as_slice()));
        imports.import(
            VM_HOOKS,
            name,
            EntityType::Function(types.index(signature.clone())),
        );
        imported.push((name, signature));
    }

    let helpers: Vec<Signature> = (0..HELPERS)
        .map(|_| (choices.values(3), choices.values(3)))
        .collect();
    let mut functions = FunctionSection::new();
    for helper in &helpers {
        functions.function(types.index(helper.clone()));
    }
    functions.function(entry);

    let mut code = CodeSection::new();
    for (number, (params, results)) in helpers.iter().enumerate() {
        let body = Body::new(&mut choices, &mut types, &imported, &helpers, number);
        code.function(&body.write(params.clone(), results.clone(), false));
    }
    let body = Body::new(&mut choices, &mut types, &imported, &helpers, helpers.len());
    code.function(&body.write(vec![V32], vec![V32], true));

    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: TABLE,
        maximum: None,
        shared: false,
    });
    let first = imported.len() as u32;
    let mut elements = ElementSection::new();
    let list: Vec<u32> = (first..first + HELPERS).collect();
    elements.active(
        None,
        &ConstExpr::i32_const(1),
        Elements::Functions(list.into()),
    );

    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: if grows { Some(4) } else { Some(1) },
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    for val_type in GLOBALS {
        let start = match val_type {
            V32 => ConstExpr::i32_const(choices.constant() as i32),
            _ => ConstExpr::i64_const(choices.constant()),
        };
        let ty = GlobalType {
            val_type,
            mutable: true,
            shared: false,
        };
        globals.global(ty, &start);
    }
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("user_entrypoint", ExportKind::Func, first + HELPERS);
    let mut datas = DataSection::new();
    let bytes: Vec<u8> = (0..64).map(|_| choices.next() as u8).collect();
    datas.active(0, &ConstExpr::i32_const(100), bytes);

    let mut module = Module::new();
    module
        .section(&types.section)
        .section(&imports)
        .section(&functions)
        .section(&tables)
        .section(&memories)
        .section(&globals)
        .section(&exports)
        .section(&elements)
        .section(&code)
        .section(&datas);
    module.finish()
}

fn value(ty: &Type) -> ValType {
    match ty {
        Type::I32 => V32,
        Type::I64 => V64,
        Type::F32 => ValType::F32,
        Type::F64 => ValType::F64,
    }
}

/// The type section, each signature once.
#[derive(Default)]
struct Types {
    section: TypeSection,
    known: Vec<Signature>,
}

impl Types {
    fn index(&mut self, signature: Signature) -> u32 {
        let found = self.known.iter().position(|known| *known == signature);
        found.unwrap_or_else(|| {
            let (params, results) = signature.clone();
            self.section.ty().function(params, results);
            self.known.push(signature);
            self.known.len() - 1
        }) as u32
    }
}

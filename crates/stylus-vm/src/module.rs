//! A module taken apart: what the rules, the prices and the rewriting need to know.

use std::collections::HashMap;
use std::ops::Range;

use wasmparser::{
    CompositeInnerType, ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, FuncType,
    FunctionBody, KnownCustom, MemoryType, Name, Operator, Parser, Payload, TypeRef, ValidPayload,
    Validator, WasmFeatures,
};

use crate::ActivationError;

/// Section ids in the order sections are written.
pub(crate) mod section {
    pub(crate) const TYPE: u8 = 1;
    pub(crate) const IMPORT: u8 = 2;
    pub(crate) const FUNCTION: u8 = 3;
    pub(crate) const TABLE: u8 = 4;
    pub(crate) const MEMORY: u8 = 5;
    pub(crate) const GLOBAL: u8 = 6;
    pub(crate) const ELEMENT: u8 = 9;
    pub(crate) const DATA: u8 = 11;
}

/// An imported function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Import<'a> {
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    pub(crate) type_index: u32,
}

/// An exported item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Export<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: ExternalKind,
    pub(crate) index: u32,
}

/// A data or element segment: where it is written and how much of it there is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    /// Target and constant offset; `None` when the segment is not active.
    pub(crate) active: Option<(u32, u32)>,
    /// Bytes or elements.
    pub(crate) len: u64,
    /// Encoded bytes, header included.
    pub(crate) encoded_len: u64,
}

/// A validated module.
#[derive(Debug, Default)]
pub(crate) struct Module<'a> {
    pub(crate) wasm_len: usize,
    pub(crate) types: Vec<FuncType>,
    pub(crate) imports: Vec<Import<'a>>,
    /// Type indices of the local functions.
    pub(crate) functions: Vec<u32>,
    pub(crate) bodies: Vec<FunctionBody<'a>>,
    /// Initial sizes of the tables.
    pub(crate) tables: Vec<u64>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) globals: u32,
    /// The encoded globals, without their count.
    pub(crate) raw_globals: &'a [u8],
    pub(crate) exports: Vec<Export<'a>>,
    pub(crate) start: Option<u32>,
    pub(crate) elements: Vec<Segment>,
    pub(crate) datas: Vec<Segment>,
    pub(crate) module_name: &'a str,
    /// Sections that are copied as they are, by id.
    pub(crate) raw: HashMap<u8, &'a [u8]>,
}

/// What the validator lets pass.
fn features() -> WasmFeatures {
    WasmFeatures::FLOATS
        | WasmFeatures::GC_TYPES
        | WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::MULTI_VALUE
}

impl<'a> Module<'a> {
    /// Validates and takes apart a module.
    pub(crate) fn parse(wasm: &'a [u8]) -> Result<Self, ActivationError> {
        let mut parser = Parser::new(0);
        parser.set_features(features());
        let mut validator = Validator::new_with_features(features());
        let mut pending = Vec::new();
        let mut module = Self {
            wasm_len: wasm.len(),
            ..Self::default()
        };
        for payload in parser.parse_all(wasm) {
            let payload = payload.map_err(invalid)?;
            if let ValidPayload::Func(func, body) = validator.payload(&payload).map_err(invalid)? {
                pending.push((func, body));
            }
            module.take(payload, wasm)?;
        }
        let mut allocations = wasmparser::FuncValidatorAllocations::default();
        for (func, body) in pending {
            let mut func = func.into_validator(allocations);
            func.validate(&body).map_err(invalid)?;
            allocations = func.into_allocations();
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>, wasm: &'a [u8]) -> Result<(), ActivationError> {
        match payload {
            Payload::TypeSection(reader) => {
                self.copy(section::TYPE, reader.range(), wasm);
                for group in reader {
                    for ty in group.map_err(invalid)?.into_types() {
                        match ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => self.types.push(ty),
                            _ => return Err(rule("unsupported type")),
                        }
                    }
                }
            }
            Payload::ImportSection(reader) => {
                self.copy(section::IMPORT, reader.range(), wasm);
                for import in reader.into_imports() {
                    let import = import.map_err(invalid)?;
                    let TypeRef::Func(type_index) = import.ty else {
                        return Err(rule(format!("unsupported import kind {import:?}")));
                    };
                    let (module, name) = (import.module, import.name);
                    self.imports.push(Import {
                        module,
                        name,
                        type_index,
                    });
                }
            }
            Payload::FunctionSection(reader) => {
                self.copy(section::FUNCTION, reader.range(), wasm);
                self.functions = reader
                    .into_iter()
                    .collect::<Result<_, _>>()
                    .map_err(invalid)?;
            }
            Payload::TableSection(reader) => {
                self.copy(section::TABLE, reader.range(), wasm);
                for table in reader {
                    let table = table.map_err(invalid)?;
                    if table.ty.element_type != wasmparser::RefType::FUNCREF {
                        return Err(rule("unsupported table type"));
                    }
                    self.tables.push(table.ty.initial);
                }
            }
            Payload::MemorySection(reader) => {
                self.copy(section::MEMORY, reader.range(), wasm);
                self.memories = reader
                    .into_iter()
                    .collect::<Result<_, _>>()
                    .map_err(invalid)?;
            }
            Payload::GlobalSection(reader) => {
                self.globals = reader.count();
                self.raw_globals = slice(wasm, reader.original_position()..reader.range().end);
                for global in reader {
                    single_constant(&global.map_err(invalid)?.init_expr)?;
                }
            }
            Payload::ExportSection(reader) => {
                for export in reader {
                    let export = export.map_err(invalid)?;
                    let (name, kind, index) = (export.name, export.kind, export.index);
                    self.exports.push(Export { name, kind, index });
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(reader) => {
                self.copy(section::ELEMENT, reader.range(), wasm);
                for element in reader {
                    let element = element.map_err(invalid)?;
                    let active = match element.kind {
                        ElementKind::Active {
                            table_index,
                            offset_expr,
                        } => Some((table_index.unwrap_or(0), constant_offset(&offset_expr)?)),
                        ElementKind::Passive | ElementKind::Declared => None,
                    };
                    let len = u64::from(match element.items {
                        ElementItems::Functions(items) => items.count(),
                        ElementItems::Expressions(_, items) => items.count(),
                    });
                    let encoded_len = element.range.end - element.range.start;
                    self.elements.push(Segment {
                        active,
                        len,
                        encoded_len,
                    });
                }
            }
            Payload::DataCountSection { .. } => {
                return Err(rule("unsupported section type DataCountSection"));
            }
            Payload::DataSection(reader) => {
                self.copy(section::DATA, reader.range(), wasm);
                for data in reader {
                    let data = data.map_err(invalid)?;
                    let active = match data.kind {
                        DataKind::Active {
                            memory_index,
                            offset_expr,
                        } => Some((memory_index, constant_offset(&offset_expr)?)),
                        DataKind::Passive => None,
                    };
                    let encoded_len = data.range.end - data.range.start;
                    self.datas.push(Segment {
                        active,
                        len: data.data.len() as u64,
                        encoded_len,
                    });
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(reader) => {
                if let KnownCustom::Name(names) = reader.as_known() {
                    for name in names {
                        match name.map_err(invalid)? {
                            Name::Module { name, .. } => self.module_name = name,
                            Name::Function(map) => {
                                for naming in map {
                                    naming.map_err(invalid)?;
                                }
                            }
                            _ => {}
                        }
                    }
                }
            }
            Payload::Version { .. } | Payload::CodeSectionStart { .. } | Payload::End(_) => {}
            _ => return Err(rule("unsupported section")),
        }
        Ok(())
    }

    fn copy(&mut self, id: u8, range: Range<u64>, wasm: &'a [u8]) {
        self.raw.insert(id, slice(wasm, range));
    }

    /// The type of a function by its index, imports first.
    pub(crate) fn function_type(&self, index: u32) -> Option<&FuncType> {
        self.types.get(self.function_type_index(index)? as usize)
    }

    /// The index of a function's type.
    pub(crate) fn function_type_index(&self, index: u32) -> Option<u32> {
        let index = index as usize;
        match self.imports.get(index) {
            Some(import) => Some(import.type_index),
            None => self.functions.get(index - self.imports.len()).copied(),
        }
    }

    /// The first export with this name and kind.
    pub(crate) fn export(&self, name: &str, kind: ExternalKind) -> Option<u32> {
        let found = self
            .exports
            .iter()
            .find(|export| export.name == name && export.kind == kind);
        found.map(|export| export.index)
    }
}

fn slice(wasm: &[u8], range: Range<u64>) -> &[u8] {
    let (start, end) = (range.start as usize, range.end as usize);
    wasm.get(start..end).unwrap_or_default()
}

fn single_constant(expr: &ConstExpr<'_>) -> Result<i64, ActivationError> {
    let mut reader = expr.get_operators_reader();
    let value = match reader.read().map_err(invalid)? {
        Operator::I32Const { value } => i64::from(value),
        Operator::I64Const { value } => value,
        Operator::F32Const { value } => i64::from(value.bits()),
        Operator::F64Const { value } => value.bits() as i64,
        _ => return Err(rule("unsupported constant expression")),
    };
    match reader.read().map_err(invalid)? {
        Operator::End => Ok(value),
        _ => Err(rule("unsupported constant expression")),
    }
}

fn constant_offset(expr: &ConstExpr<'_>) -> Result<u32, ActivationError> {
    // Validation has made sure that the constant is an i32; it is an unsigned offset.
    Ok(single_constant(expr)? as u32)
}

pub(crate) fn invalid(error: wasmparser::Error) -> ActivationError {
    ActivationError::Invalid(format!("failed to validate user: {error}"))
}

pub(crate) fn rule(text: impl Into<String>) -> ActivationError {
    ActivationError::Rule(text.into())
}

//! The rules a module must keep beyond being valid WebAssembly.

use std::collections::{HashMap, HashSet};

use wasmparser::{BlockType, ExternalKind, MemoryType, Operator, ValType};

use crate::hostio::{self, HostFunction};
use crate::memory::PAGE_BYTES;
use crate::module::{Import, Module, invalid, rule};
use crate::{ActivationConfig, ActivationError};

/// Export that calls enter through.
pub(crate) const ENTRY_POINT: &str = "user_entrypoint";
/// Export a start function is moved to on debug chains; nothing calls it.
pub(crate) const START_EXPORT: &str = "stylus_start";
/// Export of the memory.
pub(crate) const MEMORY_EXPORT: &str = "memory";
/// Host function that pays for memory growth.
pub(crate) const PAY_FOR_GROW: &str = "pay_for_memory_grow";

/// Names that start like this belong to the instrumentation.
const RESERVED_PREFIX: &str = "stylus";
/// Separates a linker's prefix from the name of an export.
const EXPORT_SEPARATOR: &str = "__";
/// ArbOS version that limits the number of imports.
const ARBOS_LIMITS_IMPORTS: u64 = 32;
/// ArbOS version that refuses multiple results.
const ARBOS_SINGLE_VALUE: u64 = 60;

const MAX_DATA_SEGMENTS: usize = 128;
const MAX_ELEMENT_SEGMENTS: usize = 128;
const MAX_EXPORTS: usize = 1_024;
const MAX_FUNCTIONS: usize = 4_096;
const MAX_GLOBALS: u32 = 32_768;
const MAX_LOCALS: u64 = 348;
const MAX_IMPORTS: usize = 513;
const MAX_TABLE_ENTRIES: u64 = 4_096;
const MAX_ELEMENT_BYTES: u64 = 4_096;
const MAX_NAME_BYTES: usize = 512;
/// Largest initial memory, whatever the page limit of the moment.
const MAX_MEMORY_PAGES: u64 = 128;
/// Globals that instrumentation adds, each of them exported.
pub(crate) const ADDED_GLOBALS: u32 = 4;

/// What the rules found out on their way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked {
    /// Initial memory in pages.
    pub(crate) footprint: u16,
    /// Function index of the entry point.
    pub(crate) user_main: u32,
    /// Function index of the payment for growth, when the memory can grow.
    pub(crate) pay_for_grow: Option<u32>,
}

/// Applies every rule and limit; drops the exports nobody may see.
pub(crate) fn check(
    module: &mut Module<'_>,
    cfg: &ActivationConfig,
) -> Result<Checked, ActivationError> {
    check_names(module)?;
    let memory = check_memory(module, cfg.page_limit)?;
    let user_main = check_entry_point(module)?;
    let pay_for_grow = check_growth(module, &memory)?;
    check_start(module, cfg.debug_chain)?;
    if !cfg.debug_chain {
        let kept = [ENTRY_POINT, START_EXPORT, MEMORY_EXPORT];
        module.exports.retain(|export| kept.contains(&export.name));
    }
    check_counts(module, cfg.arbos_version)?;
    check_segments(module, &memory)?;
    check_bodies(module)?;
    if cfg.arbos_version >= ARBOS_SINGLE_VALUE {
        check_single_values(module)?;
    }
    for import in &module.imports {
        check_import(module, import, cfg.debug_chain)?;
    }
    let footprint = u16::try_from(memory.initial).map_err(|_| rule("memory too large"))?;
    Ok(Checked {
        footprint,
        user_main,
        pay_for_grow,
    })
}

/// Imports must be consistent, and exports may neither shadow them nor use reserved names.
fn check_names(module: &Module<'_>) -> Result<(), ActivationError> {
    let mut seen = HashMap::new();
    let mut names = HashSet::new();
    for Import {
        module: from,
        name,
        type_index,
    } in &module.imports
    {
        if *seen.entry((from, name)).or_insert(type_index) != type_index {
            return Err(rule(format!("inconsistent imports {from} {name}")));
        }
        if name.starts_with(RESERVED_PREFIX) {
            return Err(rule(format!("binary imports reserved symbol {name}")));
        }
        names.insert(*name);
    }
    for export in &module.exports {
        let name = export
            .name
            .rsplit(EXPORT_SEPARATOR)
            .next()
            .unwrap_or(export.name);
        if name.starts_with(RESERVED_PREFIX) {
            return Err(rule(format!("binary exports reserved symbol {name}")));
        }
        if names.contains(name) {
            return Err(rule(format!(
                "binary exports an import with the same name {name}"
            )));
        }
    }
    Ok(())
}

fn check_memory(module: &Module<'_>, page_limit: u16) -> Result<MemoryType, ActivationError> {
    let exported = module.export(MEMORY_EXPORT, ExternalKind::Memory);
    let ([memory], Some(0)) = (module.memories.as_slice(), exported) else {
        return Err(rule(format!(
            "missing memory with export name {MEMORY_EXPORT}"
        )));
    };
    let bound = MAX_MEMORY_PAGES.min(u64::from(page_limit));
    if memory.initial > bound {
        return Err(rule(format!(
            "memory size {} exceeds bound {bound}",
            memory.initial
        )));
    }
    Ok(*memory)
}

fn check_entry_point(module: &Module<'_>) -> Result<u32, ActivationError> {
    let index = module
        .export(ENTRY_POINT, ExternalKind::Func)
        .ok_or_else(|| rule(format!("missing export with name {ENTRY_POINT}")))?;
    match module.function_type(index) {
        Some(ty) if ty.params() == [ValType::I32] && ty.results() == [ValType::I32] => Ok(index),
        ty => Err(rule(format!("wrong type for {ENTRY_POINT}: {ty:?}"))),
    }
}

/// A memory that can grow needs the host function that pays for it.
fn check_growth(module: &Module<'_>, memory: &MemoryType) -> Result<Option<u32>, ActivationError> {
    if memory.maximum == Some(memory.initial) {
        return Ok(None);
    }
    let found = module
        .imports
        .iter()
        .position(|import| import.module == hostio::VM_HOOKS && import.name == PAY_FOR_GROW)
        .ok_or_else(|| rule(format!("missing import {PAY_FOR_GROW}")))?;
    let index = u32::try_from(found).map_err(|_| rule("too many wasm imports"))?;
    match module.function_type(index) {
        Some(ty) if ty.params() == [ValType::I32] && ty.results().is_empty() => Ok(Some(index)),
        ty => Err(rule(format!("wrong type for {PAY_FOR_GROW}: {ty:?}"))),
    }
}

fn check_start(module: &Module<'_>, debug_chain: bool) -> Result<(), ActivationError> {
    match module.start {
        Some(_) if !debug_chain => Err(rule("start functions not allowed")),
        Some(_)
            if module
                .exports
                .iter()
                .any(|export| export.name == START_EXPORT) =>
        {
            Err(rule(format!("export {START_EXPORT} already exists")))
        }
        _ => Ok(()),
    }
}

/// Limits hold for the instrumented module: what instrumentation adds counts.
fn check_counts(module: &Module<'_>, arbos_version: u64) -> Result<(), ActivationError> {
    fn limit<T: PartialOrd + std::fmt::Display>(
        what: &str,
        count: T,
        max: T,
    ) -> Result<(), ActivationError> {
        if count > max {
            return Err(rule(format!("too many wasm {what}: {count} > {max}")));
        }
        Ok(())
    }
    limit("datas", module.datas.len(), MAX_DATA_SEGMENTS)?;
    limit("elements", module.elements.len(), MAX_ELEMENT_SEGMENTS)?;
    let exports = module.exports.len() + usize::from(module.start.is_some());
    limit("exports", exports + ADDED_GLOBALS as usize, MAX_EXPORTS)?;
    limit("functions", module.functions.len(), MAX_FUNCTIONS)?;
    limit(
        "globals",
        module.globals.saturating_add(ADDED_GLOBALS),
        MAX_GLOBALS,
    )?;
    if arbos_version >= ARBOS_LIMITS_IMPORTS {
        limit("imports", module.imports.len(), MAX_IMPORTS)?;
    }
    let entries = module
        .tables
        .iter()
        .fold(0u64, |sum, table| sum.saturating_add(*table));
    limit("table entries", entries, MAX_TABLE_ENTRIES)?;
    let bytes = module
        .elements
        .iter()
        .fold(0u64, |sum, segment| sum + segment.encoded_len);
    limit("element bytes", bytes, MAX_ELEMENT_BYTES)?;
    let names = module.exports.iter().map(|export| export.name);
    for name in names.chain([module.module_name]) {
        limit("name bytes", name.len(), MAX_NAME_BYTES)?;
    }
    Ok(())
}

/// Active segments must fit before anything runs.
fn check_segments(module: &Module<'_>, memory: &MemoryType) -> Result<(), ActivationError> {
    let fits = |offset: u32, len: u64, room: u64| u64::from(offset).saturating_add(len) <= room;
    for segment in &module.datas {
        let Some((_, offset)) = segment.active else {
            continue;
        };
        if !fits(offset, segment.len, memory.initial * PAGE_BYTES as u64) {
            let text = format!("Out-of-bounds data memory init with offset {offset}");
            return Err(ActivationError::Import(format!(
                "{text} and size {}",
                segment.len
            )));
        }
    }
    for segment in &module.elements {
        let Some((table, offset)) = segment.active else {
            continue;
        };
        let room = module.tables.get(table as usize).copied().unwrap_or(0);
        if !fits(offset, segment.len, room) {
            let text = format!("Out of bounds element segment at offset {offset}");
            return Err(ActivationError::Import(format!(
                "{text} and length {}",
                segment.len
            )));
        }
    }
    Ok(())
}

fn check_bodies(module: &Module<'_>) -> Result<(), ActivationError> {
    for body in &module.bodies {
        let mut locals = 0u64;
        for group in body.get_locals_reader().map_err(invalid)? {
            locals += u64::from(group.map_err(invalid)?.0);
        }
        if locals > MAX_LOCALS {
            return Err(rule(format!(
                "too many wasm locals: {locals} > {MAX_LOCALS}"
            )));
        }
    }
    Ok(())
}

/// No type may have several results, used or not, and no block may name a type.
fn check_single_values(module: &Module<'_>) -> Result<(), ActivationError> {
    if module.types.iter().any(|ty| ty.results().len() > 1) {
        return Err(rule("multi-value functions not supported"));
    }
    for body in &module.bodies {
        for operator in body.get_operators_reader().map_err(invalid)? {
            if let Operator::Block { blockty }
            | Operator::Loop { blockty }
            | Operator::If { blockty } = operator.map_err(invalid)?
                && matches!(blockty, BlockType::FuncType(_))
            {
                return Err(rule("multi-value blocks not supported"));
            }
        }
    }
    Ok(())
}

/// Every import must be a known host function of exactly this type.
fn check_import(
    module: &Module<'_>,
    import: &Import<'_>,
    debug_chain: bool,
) -> Result<(), ActivationError> {
    let Import {
        module: from,
        name,
        type_index,
    } = import;
    let Some(function) = HostFunction::find(from, name) else {
        return Err(ActivationError::Import(format!(
            "No such import {name} in {from} for user"
        )));
    };
    if function.is_debug() && !debug_chain {
        return Err(ActivationError::Import(format!(
            "Host func {name} in {from} not enabled"
        )));
    }
    let same = module
        .types
        .get(*type_index as usize)
        .is_some_and(|ty| function.has_type(ty));
    if !same {
        let text = format!("Import {name} for user has different function signature than export.");
        return Err(ActivationError::Import(text));
    }
    Ok(())
}

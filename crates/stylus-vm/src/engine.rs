//! Compiled programs.

use std::sync::Arc;

use wasmi::{CompilationMode, Config, Engine, Linker, Module as Compiled};

use crate::hostio::{self, Host, HostFunction};
use crate::instrument::{Instrumented, instrument};
use crate::module::Module;
use crate::validate::{self, Checked};
use crate::{ActivationConfig, ActivationError, ProgramError};

/// Deepest recursion the engine bears. The depth checker must always end a
/// program first: at the largest stack a chain ever allowed (262,144 words)
/// and four words a frame that is 65,536 frames.
const ENGINE_RECURSION: usize = 1 << 17;
/// Largest engine stack in bytes. An instrumented frame of `n` words takes a
/// few engine cells for each word; 8 bytes each and 32 times that leaves room.
const ENGINE_STACK_BYTES: usize = 64 << 20;
/// Engine stacks kept for the next run of the same program.
const ENGINE_CACHED_STACKS: usize = 8;

/// How a module is compiled.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompileConfig {
    /// Whether debug imports exist.
    pub debug_chain: bool,
}

/// An instrumented, compiled module. Cheap to clone; compile once per code hash.
#[derive(Clone)]
pub struct Program {
    inner: Arc<Inner>,
}

struct Inner {
    /// An engine of its own: its code is freed together with the program.
    engine: Engine,
    module: Compiled,
    /// Holds the imports of this module only.
    linker: Linker<Host>,
    footprint: u16,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program")
            .field("footprint", &self.inner.footprint)
            .finish_non_exhaustive()
    }
}

impl Program {
    /// Validates, instruments and compiles an (uncompressed) module.
    ///
    /// Applies the rules that never change; what only activation limits (the
    /// page limit of the moment, forms refused by later versions) does not
    /// stop a program that is already active.
    ///
    /// # Errors
    /// The first broken rule, or the engine's refusal.
    pub fn compile(wasm: &[u8], cfg: &CompileConfig) -> Result<Self, ProgramError> {
        let rules = ActivationConfig {
            arbos_version: 0,
            stylus_version: 0,
            page_limit: u16::MAX,
            debug_chain: cfg.debug_chain,
        };
        let refused = |error: ActivationError| ProgramError::Module(error.to_string());
        let mut module = Module::parse(wasm).map_err(refused)?;
        let checked = validate::check(&mut module, &rules).map_err(refused)?;
        let instrumented = instrument(&module, &checked).map_err(refused)?;
        Self::build(&module, &checked, &instrumented)
    }

    /// Compiles an instrumented module.
    pub(crate) fn build(
        module: &Module<'_>,
        checked: &Checked,
        instrumented: &Instrumented,
    ) -> Result<Self, ProgramError> {
        let refused = |error: wasmi::Error| ProgramError::Compile(error.to_string());
        let engine = Engine::new(&engine_config());
        let compiled = Compiled::new(&engine, &instrumented.wasm).map_err(refused)?;
        let mut linker = Linker::new(&engine);
        linker.allow_shadowing(true);
        for import in &module.imports {
            let function = HostFunction::find(import.module, import.name);
            let known = match function {
                Some(function) => hostio::define(&mut linker, function).map_err(refused)?,
                None => false,
            };
            if !known {
                return Err(ProgramError::Compile(format!(
                    "no such import {}",
                    import.name
                )));
            }
        }
        let footprint = checked.footprint;
        Ok(Self {
            inner: Arc::new(Inner {
                engine,
                module: compiled,
                linker,
                footprint,
            }),
        })
    }

    /// Initial memory in pages of 64 KiB.
    #[must_use]
    pub fn footprint(&self) -> u16 {
        self.inner.footprint
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn module(&self) -> &Compiled {
        &self.inner.module
    }

    pub(crate) fn linker(&self) -> &Linker<Host> {
        &self.inner.linker
    }
}

fn engine_config() -> Config {
    let mut config = Config::default();
    config
        .set_max_recursion_depth(ENGINE_RECURSION)
        .set_max_stack_height(ENGINE_STACK_BYTES)
        .set_max_cached_stacks(ENGINE_CACHED_STACKS)
        .compilation_mode(CompilationMode::Eager)
        .ignore_custom_sections(true)
        .allow_start_fn(false)
        .wasm_multi_value(true)
        .wasm_multi_memory(false)
        .wasm_reference_types(false)
        .wasm_tail_call(false)
        .wasm_extended_const(false);
    config
}

//! Compiled programs.

mod bounds;
mod settings;

use std::sync::{Arc, OnceLock};

use wasmtime::{InstancePre, Module as Compiled, ModuleExport};

use self::settings::{Engines, Place};
use crate::hostio::{Host, HostFunction};
use crate::instrument::{INK_LEFT, INK_STATUS, Instrumented, STACK_LEFT, instrument};
use crate::memory::MAX_PAYABLE_PAGES;
use crate::module::Module;
use crate::validate::{self, Checked, ENTRY_POINT, MEMORY_EXPORT};
use crate::{ActivationConfig, ActivationError, ProgramError, RunInput};

/// Most stack words that a run in the pool may have: what chains start out with.
const POOL_STACK_WORDS: u32 = 22_000;
/// Pages of the largest memory there is.
const ALL_PAGES: u64 = 65_536;

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
    /// The instrumented module, for when it is needed in the other place.
    wasm: Vec<u8>,
    footprint: u16,
    /// Whether its memory may grow to 4 GiB at the price of nothing: from no pages, by all there are.
    may_grow_whole: bool,
    /// For runs in the pool.
    pooled: OnceLock<Result<Code, ProgramError>>,
    /// For runs that need more room than the pool gives, or find it full.
    roomy: OnceLock<Result<Code, ProgramError>>,
}

/// A module of one of the engines, with its imports resolved and what every run looks up.
pub(crate) struct Code {
    pub(crate) instance: InstancePre<Host>,
    pub(crate) exports: Exports,
    /// Whether its instances are in the pool.
    pub(crate) in_pool: bool,
}

/// Where the exports are that every run needs.
pub(crate) struct Exports {
    pub(crate) ink: ModuleExport,
    pub(crate) status: ModuleExport,
    pub(crate) stack: ModuleExport,
    pub(crate) memory: ModuleExport,
    pub(crate) entry: ModuleExport,
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
        let (module, checked, instrumented) = prepare(wasm, cfg)?;
        Self::build(&module, &checked, instrumented)
    }

    /// The module as the engine gets it: what another engine must be given to be compared.
    ///
    /// # Errors
    /// The first broken rule.
    pub fn instrumented(wasm: &[u8], cfg: &CompileConfig) -> Result<Vec<u8>, ProgramError> {
        Ok(prepare(wasm, cfg)?.2.wasm)
    }

    /// Compiles an instrumented module.
    pub(crate) fn build(
        module: &Module<'_>,
        checked: &Checked,
        instrumented: Instrumented,
    ) -> Result<Self, ProgramError> {
        for import in &module.imports {
            if HostFunction::find(import.module, import.name).is_none() {
                let text = format!("no such import {}", import.name);
                return Err(ProgramError::Compile(text));
            }
        }
        bounds::check(module)?;
        let may_grow_whole = checked.footprint == 0
            && module
                .memories
                .first()
                .is_some_and(|memory| memory.maximum.is_none_or(|maximum| maximum >= ALL_PAGES));
        let program = Self {
            inner: Arc::new(Inner {
                wasm: instrumented.wasm,
                footprint: checked.footprint,
                may_grow_whole,
                pooled: OnceLock::new(),
                roomy: OnceLock::new(),
            }),
        };
        let usual = if may_grow_whole {
            Place::Roomy
        } else {
            Place::Pooled
        };
        program.code(usual)?;
        Ok(program)
    }

    /// Initial memory in pages of 64 KiB.
    #[must_use]
    pub fn footprint(&self) -> u16 {
        self.inner.footprint
    }

    /// Bytes of memory it takes: native code and the module it was made of.
    #[must_use]
    pub fn size(&self) -> usize {
        let codes = [&self.inner.pooled, &self.inner.roomy].map(|code| {
            let code = code.get().and_then(|code| code.as_ref().ok());
            let image = code.map(|code| code.instance.module().image_range());
            image.map_or(0, |image| image.end.addr() - image.start.addr())
        });
        self.inner.wasm.len() + codes.iter().sum::<usize>()
    }

    /// The code for a run: in the pool, unless the run may need more than it gives.
    pub(crate) fn code_for(&self, input: &RunInput) -> Result<&Code, ProgramError> {
        let roomy = self.inner.may_grow_whole
            || input.free_pages > MAX_PAYABLE_PAGES
            || input.max_stack_depth > POOL_STACK_WORDS;
        self.code(if roomy { Place::Roomy } else { Place::Pooled })
    }

    /// The code for a run outside of the pool.
    pub(crate) fn roomy_code(&self) -> Result<&Code, ProgramError> {
        self.code(Place::Roomy)
    }

    fn code(&self, place: Place) -> Result<&Code, ProgramError> {
        let slot = match place {
            Place::Pooled => &self.inner.pooled,
            Place::Roomy => &self.inner.roomy,
        };
        slot.get_or_init(|| Code::compile(&self.inner.wasm, place))
            .as_ref()
            .map_err(Clone::clone)
    }
}

impl Code {
    fn compile(wasm: &[u8], place: Place) -> Result<Self, ProgramError> {
        let refused = |error: wasmtime::Error| ProgramError::Compile(format!("{error:#}"));
        let Engines {
            engine,
            linker,
            place,
        } = settings::engines(place)?;
        let module = Compiled::from_binary(engine, wasm).map_err(refused)?;
        let export = |name: &str| {
            module
                .get_export_index(name)
                .ok_or_else(|| ProgramError::Compile(format!("no export {name}")))
        };
        let exports = Exports {
            ink: export(INK_LEFT)?,
            status: export(INK_STATUS)?,
            stack: export(STACK_LEFT)?,
            memory: export(MEMORY_EXPORT)?,
            entry: export(ENTRY_POINT)?,
        };
        Ok(Self {
            instance: linker.instantiate_pre(&module).map_err(refused)?,
            exports,
            in_pool: *place == Place::Pooled,
        })
    }
}

/// Takes apart, checks and instruments a module under the rules that never change.
fn prepare<'a>(
    wasm: &'a [u8],
    cfg: &CompileConfig,
) -> Result<(Module<'a>, Checked, Instrumented), ProgramError> {
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
    Ok((module, checked, instrumented))
}

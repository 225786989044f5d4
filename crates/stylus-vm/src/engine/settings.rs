//! The two engines that programs run on, set up alike but for the room they give.
//!
//! Winch compiles in one pass: its time and its frames grow with the module and nothing else, so
//! that no module is slow to compile, and the native stack that a function takes is in proportion
//! to the words that the depth checker counts. An optimising compiler has neither bound.

use std::sync::LazyLock;

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, Linker, PoolingAllocationConfig, Strategy,
};

use crate::ProgramError;
use crate::hostio::{self, HOST_FUNCTIONS, Host};
use crate::memory::{MAX_PAYABLE_PAGES, PAGE_BYTES};

/// Where a run gets its memory and its stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Slots that are mapped once and used again.
    Pooled,
    /// Mapped for each run: any memory, and the deepest stack.
    Roomy,
}

/// Programs that run or wait in the pool at once. More of them run outside.
const POOL_SLOTS: u32 = 256;
/// Bytes of the largest memory in the pool.
const POOL_MEMORY: usize = MAX_PAYABLE_PAGES as usize * PAGE_BYTES;
/// Native stack for host functions, beyond what programs may use.
const HOST_STACK: usize = 512 << 10;
/// Native stack of a program in the pool. 22,000 words of the depth checker's take at most a MiB:
/// see `the_depth_checker_ends_recursion_before_the_native_stack_does`.
const POOL_STACK: usize = 3 << 19;
/// Native stack of a program outside: for twelve times the words, the most a chain ever started with.
const ROOMY_STACK: usize = 32 << 20;
/// Bytes at the start of a memory in the pool that are zeroed for the next program rather than
/// given back: the shadow stack, the data and some heap of a program as compilers make them. Only
/// pages that were written to are touched, where the kernel tells.
const KEPT_MEMORY: usize = 2 << 20;
/// Slots that are left with what they keep while others could be used.
const WARM_SLOTS: u32 = 32;
/// Entries of tables: the limit of activation.
const MAX_TABLE_ENTRIES: usize = 4_096;
/// Tables and globals of the largest module that activation lets through, in bytes of its instance.
const MAX_INSTANCE_BYTES: usize = 2 << 20;

/// An engine and all host functions.
pub(super) struct Engines {
    pub(super) engine: Engine,
    pub(super) linker: Linker<Host>,
    /// Where its instances really are.
    pub(super) place: Place,
}

/// The engine of a place. Made when the first program needs it.
pub(super) fn engines(place: Place) -> Result<&'static Engines, ProgramError> {
    static POOLED: LazyLock<Result<Engines, String>> = LazyLock::new(|| {
        // Where so much cannot be mapped at once, programs map what they need.
        Engines::new(Place::Pooled).or_else(|_| Engines::new(Place::Roomy))
    });
    static ROOMY: LazyLock<Result<Engines, String>> = LazyLock::new(|| Engines::new(Place::Roomy));
    let engines = match place {
        Place::Pooled => &*POOLED,
        Place::Roomy => &*ROOMY,
    };
    engines
        .as_ref()
        .map_err(|text| ProgramError::Compile(text.clone()))
}

impl Engines {
    fn new(place: Place) -> Result<Self, String> {
        let failed = |error: wasmtime::Error| format!("{error:#}");
        let engine = Engine::new(&config(place)).map_err(failed)?;
        let mut linker = Linker::new(&engine);
        for function in HOST_FUNCTIONS {
            hostio::define(&mut linker, function).map_err(failed)?;
        }
        Ok(Self {
            engine,
            linker,
            place,
        })
    }
}

fn config(place: Place) -> Config {
    let mut config = Config::new();
    let stack = match place {
        Place::Pooled => POOL_STACK,
        Place::Roomy => ROOMY_STACK,
    };
    config
        .strategy(Strategy::Winch)
        // Nobody looks at where a program trapped, and a trap must not cost more for it.
        .wasm_backtrace_max_frames(None)
        .native_unwind_info(false)
        .generate_address_map(false)
        .concurrency_support(false)
        .max_wasm_stack(stack)
        .async_stack_size(stack + HOST_STACK)
        // Memories of the size that can be paid for do not move; larger ones are copied as they grow.
        .memory_reservation(POOL_MEMORY as u64)
        .memory_reservation_for_growth(0)
        .memory_guard_size(PAGE_BYTES as u64)
        .guard_before_linear_memory(false)
        // Segments are small: copying them is cheaper than a file descriptor for each program.
        .memory_init_cow(false);
    if place == Place::Pooled {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_core_instances(POOL_SLOTS)
            .total_memories(POOL_SLOTS)
            .total_tables(POOL_SLOTS)
            .total_stacks(POOL_SLOTS)
            .max_memory_size(POOL_MEMORY)
            .max_core_instance_size(MAX_INSTANCE_BYTES)
            .max_tables_per_module(1)
            .max_unused_warm_slots(WARM_SLOTS)
            .pagemap_scan(Enabled::Auto)
            .linear_memory_keep_resident(KEPT_MEMORY)
            .table_keep_resident(MAX_TABLE_ENTRIES * size_of::<usize>())
            .table_elements(MAX_TABLE_ENTRIES);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    config
}

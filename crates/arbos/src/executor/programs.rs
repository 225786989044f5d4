//! Compiled programs, kept across transactions, and the per-block list of recent ones.

use std::num::NonZeroUsize;

use alloy_primitives::B256;
use lru::LruCache;
use parking_lot::Mutex;
use stylus_vm::Program;

/// Bytes of compiled programs to keep: some hundred of the largest that can be deployed.
const CAPACITY: usize = 128 << 20;

/// Compiled programs by code hash. Purely an optimisation: what it holds never changes a result.
#[derive(Default)]
pub(crate) struct ProgramCache(Mutex<Shelf>);

/// Programs and their sizes, and the sum of these.
struct Shelf {
    programs: LruCache<B256, (Program, usize)>,
    bytes: usize,
}

impl std::fmt::Debug for ProgramCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProgramCache")
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            programs: LruCache::unbounded(),
            bytes: 0,
        }
    }
}

impl Shelf {
    fn put(&mut self, code_hash: B256, program: Program, capacity: usize) {
        let size = program.size();
        self.bytes += size;
        if let Some((_, (_, size))) = self.programs.push(code_hash, (program, size)) {
            self.bytes -= size;
        }
        while self.bytes > capacity {
            let Some((_, (_, size))) = self.programs.pop_lru() else {
                return;
            };
            self.bytes -= size;
        }
    }
}

impl ProgramCache {
    pub(crate) fn get(&self, code_hash: B256) -> Option<Program> {
        let shelf = &mut *self.0.lock();
        let (program, size) = shelf.programs.get_mut(&code_hash)?;
        // It grows when it is compiled a second time, for a run that needs more room.
        let grown = program.size();
        shelf.bytes += grown.saturating_sub(*size);
        *size = grown.max(*size);
        Some(program.clone())
    }

    pub(crate) fn put(&self, code_hash: B256, program: Program) {
        self.0.lock().put(code_hash, program, CAPACITY);
    }
}

/// Code hashes of the programs called most recently in a block, from ArbOS 60 on.
///
/// Not journaled: a reverted call leaves its program in. Its capacity is what the
/// parameters say when it is first used in the block, but at least one.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecentPrograms(Option<LruCache<B256, ()>>);

impl RecentPrograms {
    /// Moves `code_hash` to the front; true when it was in already.
    pub(crate) fn touch(&mut self, code_hash: B256, block_cache_size: u16) -> bool {
        let cache = self.0.get_or_insert_with(|| {
            LruCache::new(
                NonZeroUsize::new(usize::from(block_cache_size)).unwrap_or(NonZeroUsize::MIN),
            )
        });
        cache.put(code_hash, ()).is_some()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn program(functions: usize) -> Program {
        let text = format!(
            r#"(module (memory (export "memory") 1 1) {}
            (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#,
            "(func (local i64) (local.set 0 (i64.const 1)))".repeat(functions)
        );
        let wasm = wat::parse_str(text).unwrap();
        Program::compile(&wasm, &stylus_vm::CompileConfig::default()).unwrap()
    }

    #[test]
    fn compiled_programs_are_kept_as_long_as_they_fit_the_last_used_first() {
        let mut shelf = Shelf::default();
        let (small, large) = (program(1), program(500));
        let room = 3 * small.size() + large.size();
        let hashes: Vec<_> = (0..6).map(B256::repeat_byte).collect();
        for hash in &hashes[..3] {
            shelf.put(*hash, small.clone(), room);
        }
        shelf.put(hashes[3], large.clone(), room);
        shelf.put(hashes[3], large.clone(), room); // the same again takes no more
        assert_eq!((shelf.programs.len(), shelf.bytes), (4, room));
        shelf.programs.get(&hashes[0]);
        shelf.put(hashes[4], small.clone(), room);
        assert!(shelf.programs.contains(&hashes[0]) && !shelf.programs.contains(&hashes[1]));
        shelf.put(hashes[5], program(400), room);
        assert!(shelf.bytes <= room && shelf.programs.contains(&hashes[5]));
        let sum: usize = shelf.programs.iter().map(|(_, (_, size))| size).sum();
        assert_eq!(shelf.bytes, sum);
    }

    #[test]
    fn a_recent_program_hits_until_enough_others_were_called() {
        let mut recent = RecentPrograms::default();
        let [a, b, c] = [1, 2, 3].map(B256::repeat_byte);
        assert!(!recent.touch(a, 2));
        assert!(!recent.touch(b, 2));
        assert!(recent.touch(a, 2));
        assert!(!recent.touch(c, 2));
        assert!(!recent.touch(b, 2));
    }

    #[test]
    fn a_cache_of_no_size_still_holds_one_program() {
        let mut recent = RecentPrograms::default();
        assert!(!recent.touch(B256::ZERO, 0));
        assert!(recent.touch(B256::ZERO, 0));
    }
}

//! Compiled programs, kept across transactions, and the per-block list of recent ones.

use std::num::NonZeroUsize;

use alloy_primitives::B256;
use lru::LruCache;
use parking_lot::Mutex;
use stylus_vm::Program;

/// Compiled programs to keep. One takes a few times its module's size.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(256).expect("not zero");

/// Compiled programs by code hash. Purely an optimisation: what it holds never changes a result.
pub(crate) struct ProgramCache(Mutex<LruCache<B256, Program>>);

impl std::fmt::Debug for ProgramCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProgramCache")
    }
}

impl Default for ProgramCache {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(CAPACITY)))
    }
}

impl ProgramCache {
    pub(crate) fn get(&self, code_hash: B256) -> Option<Program> {
        self.0.lock().get(&code_hash).cloned()
    }

    pub(crate) fn put(&self, code_hash: B256, program: Program) {
        self.0.lock().put(code_hash, program);
    }
}

/// Code hashes of the programs called most recently in a block, from ArbOS 60 on.
///
/// Not journaled: a reverted call leaves its program in. Its capacity is what the
/// parameters say when it is first used in the block, but at least one.
#[derive(Debug, Default)]
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
mod tests {
    use super::*;

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

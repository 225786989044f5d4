//! Leave to hold memory that nobody pays for.

use std::sync::atomic::{AtomicUsize, Ordering};

use wasmtime::ResourceLimiter;

use crate::memory::{MAX_PAYABLE_PAGES, PAGE_BYTES};

/// Bytes of the largest memory that can be paid for.
const PAYABLE_BYTES: usize = MAX_PAYABLE_PAGES as usize * PAGE_BYTES;
/// Bytes beyond it that all programs of the process may hold at once: one whole memory. Growth by
/// exactly 65,536 pages costs nothing, so that nothing else keeps nested frames from holding
/// one each.
const UNPAID_BYTES: usize = 1 << 32;

/// Bytes beyond the payable ones that are held now.
static HELD: AtomicUsize = AtomicUsize::new(0);

/// What one program holds of them.
#[derive(Debug, Default)]
pub(crate) struct Grant(usize);

impl Grant {
    fn reach(&mut self, bytes: usize) -> bool {
        let more = bytes.saturating_sub(PAYABLE_BYTES).saturating_sub(self.0);
        let taken = HELD.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |held| {
            held.checked_add(more).filter(|sum| *sum <= UNPAID_BYTES)
        });
        if taken.is_ok() {
            self.0 += more;
        }
        taken.is_ok()
    }
}

impl Drop for Grant {
    fn drop(&mut self) {
        HELD.fetch_sub(self.0, Ordering::Relaxed);
    }
}

impl ResourceLimiter for Grant {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= PAYABLE_BYTES || self.reach(desired))
    }

    fn table_growing(
        &mut self,
        _current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(true) // only at the start: no instruction grows a table
    }
}

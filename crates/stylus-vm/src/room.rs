//! Room that nobody pays for: instances outside of the pool, and memory beyond what has a price.
//! A process has so much of it, and whoever can have none must not notice that others have some:
//! a transaction waits for it, and where waiting does not help it ends without a result.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wasmtime::ResourceLimiter;

use crate::memory::{MAX_PAYABLE_PAGES, PAGE_BYTES};

/// Bytes of the largest memory that can be paid for.
const PAYABLE_BYTES: usize = MAX_PAYABLE_PAGES as usize * PAGE_BYTES;
/// Bytes beyond it that the programs of a transaction may hold: one whole memory. Growth by exactly
/// 65,536 pages costs nothing, so that nothing else keeps nested frames from holding one each.
const UNPAID_BYTES: usize = 1 << 32;
/// How long a transaction waits for others. Even the longest calls are over by then.
const PATIENCE: Duration = Duration::from_secs(20);

/// Transactions that may have instances outside of the pool at a time. Where pages are free each may
/// have a thousand, of some mappings each, and a process has 65,530 mappings.
static OUTSIDE: Seats = Seats::new(4);
/// Transactions that may hold unpaid memory at a time. All of them have a seat outside already,
/// since the pool has no such memory, so that no two wait for each other.
static UNPAID: Seats = Seats::new(1);

/// Why a program cannot go on: for want of room that real Nitro may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Shortage {
    /// The transaction holds too much itself.
    #[error(
        "its programs ask for more than {UNPAID_BYTES} bytes of memory beyond what can be paid for"
    )]
    Own,
    /// Others hold it, and did not end in time.
    #[error("other transactions' programs held all room for {} s", PATIENCE.as_secs())]
    Others,
}

/// What the programs of one transaction have of it. Clones are the same transaction's.
#[derive(Clone, Debug, Default)]
pub struct Room(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
struct Taken {
    /// Instances outside of the pool.
    instances: usize,
    outside: Option<Seat>,
    /// Unpaid bytes.
    bytes: usize,
    unpaid: Option<Seat>,
}

impl Room {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one instance has of its transaction's room, and gives back when it is dropped.
#[derive(Debug)]
pub(crate) struct Grant {
    room: Room,
    outside: bool,
    bytes: usize,
    shortage: Option<Shortage>,
}

impl Grant {
    /// For an instance in the pool.
    pub(crate) const fn inside(room: Room) -> Self {
        Self {
            room,
            outside: false,
            bytes: 0,
            shortage: None,
        }
    }

    /// For an instance outside of the pool. Waits until there is a seat.
    pub(crate) fn outside(room: Room) -> Result<Self, Shortage> {
        let mut taken = room.taken();
        if taken.outside.is_none() {
            taken.outside = Some(OUTSIDE.take()?);
        }
        taken.instances += 1;
        drop(taken);
        let mut grant = Self::inside(room);
        grant.outside = true;
        Ok(grant)
    }

    /// Why growth ended the program.
    pub(crate) const fn shortage(&self) -> Option<Shortage> {
        self.shortage
    }

    fn reach(&mut self, bytes: usize) -> Result<(), Shortage> {
        let more = bytes.saturating_sub(PAYABLE_BYTES + self.bytes);
        if more == 0 {
            return Ok(());
        }
        let mut taken = self.room.taken();
        let sum = taken.bytes.saturating_add(more);
        if sum > UNPAID_BYTES {
            return Err(Shortage::Own);
        }
        if taken.unpaid.is_none() {
            taken.unpaid = Some(UNPAID.take()?);
        }
        taken.bytes = sum;
        self.bytes += more;
        Ok(())
    }
}

impl Drop for Grant {
    fn drop(&mut self) {
        let mut taken = self.room.taken();
        taken.bytes -= self.bytes;
        if taken.bytes == 0 {
            taken.unpaid = None;
        }
        taken.instances -= usize::from(self.outside);
        if taken.instances == 0 {
            taken.outside = None;
        }
    }
}

impl ResourceLimiter for Grant {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.reach(desired).map_err(|shortage| {
            self.shortage = Some(shortage);
            wasmtime::Error::new(shortage)
        })?;
        Ok(true)
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

/// Seats that transactions wait for.
#[derive(Debug)]
struct Seats {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Seats {
    const fn new(count: usize) -> Self {
        Self {
            free: Mutex::new(count),
            freed: Condvar::new(),
        }
    }

    fn take(&'static self) -> Result<Seat, Shortage> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut free, waited) = self
            .freed
            .wait_timeout_while(free, PATIENCE, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(Shortage::Others);
        }
        *free -= 1;
        Ok(Seat(self))
    }
}

/// A seat until it is dropped.
#[derive(Debug)]
struct Seat(&'static Seats);

impl Drop for Seat {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

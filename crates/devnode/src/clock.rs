//! The only source of time.

use std::time::{SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;

/// Wall clock, shifted by what developers asked for.
#[derive(Debug, Default)]
pub struct Clock(Mutex<Setting>);

/// How far, and how, the clock differs from the wall's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    offset: i64,
    next: Option<u64>,
    interval: Option<u64>,
}

/// A wish the clock cannot grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// Blocks never go back in time.
    #[error("timestamp {wanted} is lower than the latest block's timestamp {latest}")]
    BeforeLatest {
        /// Asked for, Unix seconds.
        wanted: u64,
        /// Of the newest block, Unix seconds.
        latest: u64,
    },
    /// Past the end of 64-bit time.
    #[error("timestamp out of range")]
    OutOfRange,
}

/// Largest stamp the clock deals in: leaves room for any sum of two of them.
const LATEST_STAMP: u64 = i64::MAX as u64 / 4;

impl Clock {
    /// Unix seconds, shifted.
    pub fn now(&self) -> u64 {
        self.0.lock().now()
    }

    /// Stamp for a block on top of one stamped `parent`: never before it. Uses up a stamp set by
    /// [`Clock::set_next`]; time then goes on from there.
    pub fn stamp(&self, parent: u64) -> u64 {
        let mut setting = self.0.lock();
        let stamp = setting.next_stamp(parent);
        if setting.next.take().is_some() {
            setting.offset = shift(stamp);
        }
        stamp
    }

    /// The stamp that [`Clock::stamp`] would give.
    pub fn preview(&self, parent: u64) -> u64 {
        self.0.lock().next_stamp(parent)
    }

    /// Shifts time forward and returns the whole shift in seconds. A stamp set by
    /// [`Clock::set_next`] stays what it is.
    pub fn increase(&self, seconds: u64) -> Result<i64, ClockError> {
        let mut setting = self.0.lock();
        let seconds = i64::try_from(seconds).map_err(|_| ClockError::OutOfRange)?;
        let offset = setting
            .offset
            .checked_add(seconds)
            .ok_or(ClockError::OutOfRange)?;
        if wall().saturating_add_signed(offset) > LATEST_STAMP {
            return Err(ClockError::OutOfRange);
        }
        setting.offset = offset;
        Ok(offset)
    }

    /// Time goes on from `stamp`; returns the whole shift in seconds.
    pub fn set(&self, stamp: u64) -> Result<i64, ClockError> {
        if stamp > LATEST_STAMP {
            return Err(ClockError::OutOfRange);
        }
        let mut setting = self.0.lock();
        setting.offset = shift(stamp);
        setting.next = None;
        Ok(setting.offset)
    }

    /// The next block is stamped `stamp`, and time goes on from there.
    pub fn set_next(&self, stamp: u64, latest: u64) -> Result<(), ClockError> {
        if stamp < latest {
            return Err(ClockError::BeforeLatest {
                wanted: stamp,
                latest,
            });
        }
        if stamp > LATEST_STAMP {
            return Err(ClockError::OutOfRange);
        }
        self.0.lock().next = Some(stamp);
        Ok(())
    }

    /// Every block comes `seconds` after its parent, whatever the wall clock says; `None` ends it.
    pub fn set_interval(&self, seconds: Option<u64>) {
        self.0.lock().interval = seconds;
    }

    /// The setting, to come back to.
    pub fn setting(&self) -> Setting {
        *self.0.lock()
    }

    /// Comes back to a setting.
    pub fn restore(&self, setting: Setting) {
        *self.0.lock() = setting;
    }
}

impl Setting {
    fn now(&self) -> u64 {
        wall().saturating_add_signed(self.offset)
    }

    fn next_stamp(&self, parent: u64) -> u64 {
        match (self.next, self.interval) {
            (Some(next), _) => next.max(parent),
            (None, Some(interval)) => parent.saturating_add(interval).min(LATEST_STAMP),
            (None, None) => self.now().max(parent),
        }
    }
}

fn wall() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}

fn shift(stamp: u64) -> i64 {
    i64::try_from(i128::from(stamp) - i128::from(wall())).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_stamp_is_used_once_and_time_goes_on_from_it() {
        let clock = Clock::default();
        let far = wall() + 1_000_000;
        clock.set_next(far, 0).expect("not before the latest block");
        assert_eq!(clock.stamp(0), far);
        let after = clock.stamp(far);
        assert!((far..far + 5).contains(&after), "{after}");
    }

    #[test]
    fn blocks_never_go_back_in_time() {
        let clock = Clock::default();
        let parent = wall() + 500;
        assert_eq!(clock.stamp(parent), parent);
        assert_eq!(
            clock.set_next(parent - 1, parent),
            Err(ClockError::BeforeLatest {
                wanted: parent - 1,
                latest: parent
            })
        );
    }

    #[test]
    fn increases_add_up_and_refuse_to_leave_64_bits() {
        let clock = Clock::default();
        assert_eq!(clock.increase(10), Ok(10));
        assert_eq!(clock.increase(5), Ok(15));
        assert!(clock.now() >= wall() + 14);
        assert_eq!(clock.increase(u64::MAX), Err(ClockError::OutOfRange));
        assert_eq!(clock.increase(i64::MAX as u64), Err(ClockError::OutOfRange));
    }
}

//! How much a trace may hold: what costs little gas to do can take much memory to describe.

/// Most bytes that one trace may take while it is recorded and turned into JSON, as estimated
/// here. A trace that needs more is given up.
pub const MAX_TRACE_BYTES: usize = 512 << 20;

/// The trace was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the trace takes more than {MAX_TRACE_BYTES} bytes: trace with less gas, fewer fields or a limit"
)]
pub struct TraceTooLarge;

/// What a step, a frame, a log or a host function takes besides its data: the record itself and
/// about ten fields of a JSON object.
const ENTRY_BYTES: usize = 1_024;
/// A byte of data is kept as it is, and written as two digits, twice at worst.
const DATA_FACTOR: usize = 4;

/// The room that is left for a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room(Option<usize>);

impl Default for Room {
    fn default() -> Self {
        Self(Some(MAX_TRACE_BYTES))
    }
}

impl Room {
    /// No room at all.
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// Whether the room ran out.
    pub(super) fn is_none(self) -> bool {
        self.0.is_none()
    }

    /// Takes so many bytes; false when there was no room for them, and ever after.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        self.0 = self.0.and_then(|left| left.checked_sub(bytes));
        self.0.is_some()
    }
}

/// Bytes of an entry with so many bytes of data.
pub(super) fn entry(len: usize) -> usize {
    ENTRY_BYTES + data(len)
}

/// Bytes of so much data.
pub(super) fn data(len: usize) -> usize {
    len.saturating_mul(DATA_FACTOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_that_ran_out_stays_so() {
        let mut room = Room::default();
        assert!(room.take(MAX_TRACE_BYTES));
        assert!(room.take(0));
        assert!(!room.take(1));
        assert!(!room.take(0) && room.is_none());
    }
}

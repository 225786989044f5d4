//! What a program's host functions left behind, as long as it fits.

use crate::HostioRecord;

/// Most bytes of records that are kept until they are taken. A host function that
/// moves memory costs far less gas than the memory its record takes.
pub const MAX_TRACE_BYTES: usize = 256 << 20;

/// Records since the last time they were taken.
#[derive(Debug, Default)]
pub(crate) struct TraceBuffer {
    records: Vec<HostioRecord>,
    bytes: usize,
    /// Too much happened: nothing is kept any more.
    overflown: bool,
}

impl TraceBuffer {
    pub(crate) fn push(&mut self, record: HostioRecord) {
        if self.overflown {
            return;
        }
        self.bytes += size_of::<HostioRecord>() + record.args.len() + record.outs.len();
        if self.bytes > MAX_TRACE_BYTES {
            self.overflown = true;
            self.records = Vec::new();
        } else {
            self.records.push(record);
        }
    }

    pub(crate) fn take(&mut self) -> Option<Vec<HostioRecord>> {
        self.bytes = 0;
        (!self.overflown).then(|| std::mem::take(&mut self.records))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(len: usize) -> HostioRecord {
        HostioRecord {
            name: "write_result",
            args: vec![0; len].into(),
            outs: Default::default(),
            start_ink: 0,
            end_ink: 0,
        }
    }

    #[test]
    fn records_past_the_limit_are_given_up_for_good() {
        let mut buffer = TraceBuffer::default();
        let page = record(1 << 20);
        for _ in 0..200 {
            buffer.push(page.clone());
        }
        assert_eq!(buffer.take().map(|records| records.len()), Some(200));
        for _ in 0..300 {
            buffer.push(page.clone());
        }
        assert_eq!(buffer.take(), None);
        buffer.push(record(0));
        assert_eq!(buffer.take(), None);
    }
}

//! Records: length, checksum, payload.

use std::io::{self, Read};

/// Length and checksum, four bytes each, little-endian.
const HEADER: usize = 8;

/// Largest payload believed. A longer one can only be a broken length.
const MAX_PAYLOAD: usize = 1 << 30;

/// Appends one record whose payload `payload` writes.
pub(super) fn write(out: &mut Vec<u8>, payload: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; HEADER]);
    payload(out);
    let body = &out[start + HEADER..];
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes();
    let checksum = crc32fast::hash(body).to_le_bytes();
    out[start..start + 4].copy_from_slice(&length);
    out[start + 4..start + HEADER].copy_from_slice(&checksum);
}

/// Reads records one after the other.
pub(super) struct Reader<R> {
    source: R,
    position: u64,
    payload: Vec<u8>,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            position: 0,
            payload: Vec::new(),
        }
    }

    /// Offset behind the last record returned.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Reads bytes that must be `expected`.
    pub(super) fn skip(&mut self, expected: &[u8]) -> io::Result<bool> {
        let mut bytes = vec![0; expected.len()];
        let whole = self.fill(&mut bytes)?;
        self.position += expected.len() as u64;
        Ok(whole && bytes == expected)
    }

    /// The next record's payload, or nothing at the end or where a record is broken.
    pub(super) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        let mut header = [0; HEADER];
        if !self.fill(&mut header)? {
            return Ok(None);
        }
        let [a, b, c, d, checksum @ ..] = header;
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > MAX_PAYLOAD {
            return Ok(None);
        }
        let mut payload = std::mem::take(&mut self.payload);
        payload.clear();
        // Grows with what is really there, so a broken length cannot ask for memory.
        let read = (&mut self.source)
            .take(length as u64)
            .read_to_end(&mut payload)?;
        self.payload = payload;
        if read < length || crc32fast::hash(&self.payload) != u32::from_le_bytes(checksum) {
            return Ok(None);
        }
        self.position += (HEADER + length) as u64;
        Ok(Some(&self.payload))
    }

    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        match self.source.read_exact(buffer) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }
}

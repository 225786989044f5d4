//! Logs.

use alloy_primitives::B256;

use super::context::{Hostio, Reply, Stop};
use crate::pricing::{MAX_LOG_TOPICS, WORD_BYTES, log_gas, read_ink};
use crate::{Answer, Request};

/// Emits a log whose topics are the first words of the data.
pub(super) fn emit_log(h: &mut Hostio<'_>, data: u32, len: u32, topics: u32) -> Result<(), Stop> {
    let topic_bytes = topics.saturating_mul(WORD_BYTES);
    if topics > MAX_LOG_TOPICS || len < topic_bytes {
        return Err(Stop::Failure);
    }
    h.buy(read_ink(len))?;
    h.buy_gas(log_gas(topics, len - topic_bytes))?;
    let bytes = h.read(data, len)?;
    if h.input().is_static {
        return Err(Stop::Failure);
    }
    let split = topic_bytes as usize;
    let words = bytes[..split]
        .chunks_exact(WORD_BYTES as usize)
        .map(B256::from_slice)
        .collect();
    let request = Request::Log {
        topics: words,
        data: bytes.slice(split..),
    };
    h.ask(request, move |h, answer| {
        let Answer::Done = answer else {
            return Err(Stop::Failure);
        };
        h.trace(&[&topics.to_be_bytes(), &bytes], &[]);
        Ok(Reply::None)
    })
}

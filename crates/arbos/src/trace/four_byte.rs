//! `4byteTracer`: how often each selector was called, with how much calldata.

use std::collections::BTreeMap;

use alloy_primitives::hex;
use serde_json::json;

use super::{Trace, recorder::FrameRecord};

pub(super) fn trace(frames: &[FrameRecord]) -> Trace {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for frame in frames.iter().filter(|frame| !frame.kind.is_create()) {
        if let Some(selector) = frame.input.first_chunk::<4>() {
            let key = format!(
                "0x{}-{}",
                hex::encode(selector),
                frame.input.len() - selector.len()
            );
            *counts.entry(key).or_default() += 1;
        }
    }
    json!(counts)
}

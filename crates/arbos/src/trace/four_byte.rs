//! `4byteTracer`: how often each selector was called, with how much calldata.

use std::collections::BTreeMap;

use alloy_primitives::{Address, hex};
use serde_json::json;

use super::{Trace, frames::FrameRecord};

/// Precompiles are left out, as in geth.
pub(super) fn trace(frames: &[FrameRecord], is_precompile: &dyn Fn(Address) -> bool) -> Trace {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let called = frames
        .iter()
        .filter(|frame| !frame.kind.is_create() && !frame.to.is_some_and(is_precompile));
    for frame in called {
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

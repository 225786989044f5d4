//! Ether that moves, told as logs of a token at a known address (ERC-7528).

use alloy_primitives::{Address, B256, Bytes, Log, U64, U256, address, b256};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// Who emits them.
const ETHER: Address = address!("EeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE");

/// `Transfer(address,address,uint256)`.
const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

/// The logs and transfers of a call, in their order, from what `callTracer` told of it.
pub(super) fn among_logs(frame: &Value) -> Vec<Log> {
    let mut found = Vec::new();
    walk(frame, &mut found);
    found
}

/// A log of a frame, and how many of the frame's calls came before it.
#[derive(Deserialize)]
struct Emitted {
    address: Address,
    topics: Vec<B256>,
    data: Bytes,
    position: U64,
}

fn walk(frame: &Value, found: &mut Vec<Log>) {
    if frame.get("error").is_some() {
        return;
    }
    found.extend(transfer(frame));
    let calls = frame["calls"].as_array().map_or(&[][..], Vec::as_slice);
    let mut logs = field::<Vec<Emitted>>(frame, "logs")
        .unwrap_or_default()
        .into_iter()
        .peekable();
    for (index, call) in calls.iter().enumerate() {
        let before = U64::from(index);
        while let Some(log) = logs.next_if(|log| log.position <= before) {
            found.push(log.into());
        }
        walk(call, found);
    }
    found.extend(logs.map(Log::from));
}

/// The transfer that a frame begins with, unless it acts in somebody else's place.
fn transfer(frame: &Value) -> Option<Log> {
    let value: U256 = field(frame, "value")?;
    if value.is_zero() || frame["type"] == "DELEGATECALL" {
        return None;
    }
    let (from, to): (Address, Address) = (field(frame, "from")?, field(frame, "to")?);
    let topics = vec![TRANSFER, from.into_word(), to.into_word()];
    Some(Log::new_unchecked(
        ETHER,
        topics,
        value.to_be_bytes_vec().into(),
    ))
}

fn field<T: DeserializeOwned>(frame: &Value, name: &str) -> Option<T> {
    T::deserialize(frame.get(name)?).ok()
}

impl From<Emitted> for Log {
    fn from(emitted: Emitted) -> Self {
        Self::new_unchecked(emitted.address, emitted.topics, emitted.data)
    }
}

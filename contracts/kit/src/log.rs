//! Event logs in plain words.

use crate::store::Vm;
use alloc::vec::Vec;
use alloy_primitives::{B256, U256};
#[allow(unused_imports, reason = "the mocked host brings its own methods")]
use stylus_sdk::prelude::*;

/// Emits a log: the event's topic, its indexed fields, its data.
pub fn emit(vm: &Vm, topic: B256, indexed: &[U256], data: &[U256]) {
    let mut bytes = Vec::with_capacity(32 * (1 + indexed.len() + data.len()));
    bytes.extend_from_slice(topic.as_slice());
    for word in indexed.iter().chain(data) {
        bytes.extend_from_slice(&word.to_be_bytes::<32>());
    }
    vm.emit_log(&bytes, 1 + indexed.len());
}

/// Emits an event of a `sol!` interface: `event!(vm, Interface::Event, [indexed], [data])`.
#[macro_export]
macro_rules! event {
    ($vm:expr, $event:ty, [$($indexed:expr),*], [$($data:expr),*]) => {{
        #[allow(unused_imports, reason = "an event without fields needs no words")]
        use $crate::word::ToWord;
        $crate::log::emit(
            $vm,
            <$event as $crate::SolEvent>::SIGNATURE_HASH,
            &[$($indexed.to_word()),*],
            &[$($data.to_word()),*],
        )
    }};
}

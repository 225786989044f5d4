//! Event logs, built from the Solidity events of an interface.

use crate::out::Out;
use crate::store::Vm;
use stylus_sdk::prelude::*;

/// Emits a finished log with its number of topics.
#[inline(never)]
pub fn emit(vm: &Vm, topics: usize, log: Out) {
    vm.emit_log(log.bytes(), topics);
}

/// The quarters of a topic.
#[must_use]
pub const fn quarters(topic: [u8; 32]) -> [u64; 4] {
    let mut quarters = [0; 4];
    let mut i = 0;
    while i < 32 {
        quarters[i / 8] = quarters[i / 8] << 8 | topic[i] as u64;
        i += 1;
    }
    quarters
}

/// Emits an event of a `sol!` interface: `event!(vm, Interface::Event, [indexed], [data])`.
/// The numbers of fields are held against the interface by the compiler.
#[macro_export]
macro_rules! event {
    ($vm:expr, $event:path, [$($indexed:expr),*], [$($data:expr),*]) => {{
        const TOPIC: [u64; 4] =
            $crate::log::quarters(<$event as $crate::SolEvent>::SIGNATURE_HASH.0);
        const INDEXED: &[&str] = &[$(stringify!($indexed)),*];
        const DATA: &[&str] = &[$(stringify!($data)),*];
        const { $crate::log::assert_fields::<$event>(INDEXED.len(), DATA.len()) };
        let mut log = $crate::out::Out::topic(TOPIC[0], TOPIC[1], TOPIC[2], TOPIC[3]);
        $(log.put(&$indexed);)*
        $(log.put(&$data);)*
        $crate::log::emit($vm, 1 + INDEXED.len(), log);
    }};
}

/// Fails to compile unless the event `E` has so many indexed fields and static data words.
pub const fn assert_fields<E: alloy_sol_types::SolEvent>(indexed: usize, data: usize) {
    use alloy_sol_types::{SolType, TopicList};
    assert!(<E::TopicList as TopicList>::COUNT == 1 + indexed);
    assert!(matches!(
        <E::DataTuple<'static> as SolType>::ENCODED_SIZE,
        Some(size) if size == 32 * data
    ));
}

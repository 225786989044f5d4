//! Persistent storage behind a cache of the frame, and transient storage.

use std::collections::BTreeMap;

use alloy_primitives::B256;

use super::context::{Hostio, Reply, Stop};
use crate::pricing::{
    COLD_SLOAD_GAS, EVM_API_INK, SSTORE_SENTRY_GAS, STORAGE_CACHE_READ_STEPS,
    STORAGE_CACHE_REQUIRED_GAS, STORAGE_CACHE_WRITE_STEPS, TRANSIENT_GAS, stepped_gas,
};
use crate::{Answer, Request};

/// ArbOS version that corrected what a miss costs and charges flushes.
const ARBOS_CHARGING_FIXES: u64 = 32;
/// ArbOS version from which a flush out of gas is told apart from a refused one.
const ARBOS_DISTINCT_OUT_OF_GAS: u64 = 50;

/// The slots a frame has seen. Shared with no other frame, written back by nobody but the program.
#[derive(Debug, Default)]
pub(crate) struct StorageCache {
    slots: BTreeMap<B256, Slot>,
    reads: u32,
    writes: u32,
}

#[derive(Debug)]
struct Slot {
    value: B256,
    /// The value in state, where it is known.
    known: Option<B256>,
}

impl StorageCache {
    /// Gas of one more read.
    fn read_gas(&mut self) -> u64 {
        let gas = stepped_gas(&STORAGE_CACHE_READ_STEPS, self.reads);
        self.reads = self.reads.saturating_add(1);
        gas
    }

    /// Gas of one more write.
    fn write_gas(&mut self) -> u64 {
        let gas = stepped_gas(&STORAGE_CACHE_WRITE_STEPS, self.writes);
        self.writes = self.writes.saturating_add(1);
        gas
    }

    fn get(&self, key: &B256) -> Option<B256> {
        self.slots.get(key).map(|slot| slot.value)
    }

    fn learn(&mut self, key: B256, value: B256) {
        self.slots.insert(
            key,
            Slot {
                value,
                known: Some(value),
            },
        );
    }

    fn set(&mut self, key: B256, value: B256) {
        self.slots
            .entry(key)
            .or_insert(Slot { value, known: None })
            .value = value;
    }

    /// Takes the slots to write, which count as written from now on.
    fn dirty(&mut self, clear: bool) -> Vec<(B256, B256)> {
        let mut writes = Vec::new();
        for (key, slot) in &mut self.slots {
            if slot.known != Some(slot.value) {
                slot.known = Some(slot.value);
                writes.push((*key, slot.value));
            }
        }
        if clear {
            self.slots.clear();
        }
        writes
    }
}

/// Gas of the round trip a cache miss makes.
fn miss_gas(h: &Hostio<'_>) -> u64 {
    if h.input().arbos_version >= ARBOS_CHARGING_FIXES {
        EVM_API_INK / h.ink_price()
    } else {
        // Once charged as if it were gas.
        EVM_API_INK
    }
}

/// Reads a slot through the cache.
pub(super) fn load(h: &mut Hostio<'_>, key: u32, dest: u32) -> Result<(), Stop> {
    let miss = miss_gas(h);
    h.require_gas(COLD_SLOAD_GAS + STORAGE_CACHE_REQUIRED_GAS + miss)?;
    let key = h.read_word(key)?;
    let access = h.host().storage.read_gas();
    if let Some(value) = h.host().storage.get(&key) {
        h.buy_gas(access)?;
        return loaded(h, key, value, dest);
    }
    h.ask(Request::StorageLoad { key }, move |h, answer| {
        let Answer::Storage { value, gas } = answer else {
            return Err(Stop::Failure);
        };
        h.host().storage.learn(key, value);
        h.buy_gas(access.saturating_add(gas).saturating_add(miss))?;
        loaded(h, key, value, dest)?;
        Ok(Reply::None)
    })
}

fn loaded(h: &mut Hostio<'_>, key: B256, value: B256, dest: u32) -> Result<(), Stop> {
    h.write(dest, value.as_slice())?;
    h.trace(&[key.as_slice()], &[value.as_slice()]);
    Ok(())
}

/// Writes a slot in the cache only.
pub(super) fn cache(h: &mut Hostio<'_>, key: u32, value: u32) -> Result<(), Stop> {
    h.require_gas(SSTORE_SENTRY_GAS + STORAGE_CACHE_REQUIRED_GAS)?;
    let (key, value) = (h.read_word(key)?, h.read_word(value)?);
    let access = h.host().storage.write_gas();
    h.buy_gas(access)?;
    h.host().storage.set(key, value);
    h.trace(&[key.as_slice(), value.as_slice()], &[]);
    Ok(())
}

/// Writes the dirty slots to state.
pub(super) fn flush(h: &mut Hostio<'_>, clear: u32) -> Result<(), Stop> {
    let clear = clear != 0;
    h.require_gas(SSTORE_SENTRY_GAS)?;
    let budget = h.gas_left().saturating_add(1);
    let writes = h.host().storage.dirty(clear);
    if writes.is_empty() {
        h.trace(&[&[u8::from(clear)]], &[]);
        return Ok(());
    }
    if h.input().is_static {
        return Err(Stop::Failure);
    }
    h.ask(
        Request::StorageFlush { writes, budget },
        move |h, answer| {
            let Answer::Flush { gas, out_of_gas } = answer else {
                return Err(Stop::Failure);
            };
            let arbos_version = h.input().arbos_version;
            if arbos_version >= ARBOS_CHARGING_FIXES {
                h.buy_gas(gas)?;
            }
            if out_of_gas {
                let distinct = arbos_version >= ARBOS_DISTINCT_OUT_OF_GAS;
                return Err(if distinct {
                    Stop::OutOfInk
                } else {
                    Stop::Failure
                });
            }
            h.trace(&[&[u8::from(clear)]], &[]);
            Ok(Reply::None)
        },
    )
}

/// Reads transient storage.
pub(super) fn transient_load(h: &mut Hostio<'_>, key: u32, dest: u32) -> Result<(), Stop> {
    h.buy_gas(TRANSIENT_GAS)?;
    let key = h.read_word(key)?;
    h.ask(Request::TransientLoad { key }, move |h, answer| {
        let Answer::Word(value) = answer else {
            return Err(Stop::Failure);
        };
        loaded(h, key, value, dest)?;
        Ok(Reply::None)
    })
}

/// Writes transient storage.
pub(super) fn transient_store(h: &mut Hostio<'_>, key: u32, value: u32) -> Result<(), Stop> {
    h.buy_gas(TRANSIENT_GAS)?;
    let (key, value) = (h.read_word(key)?, h.read_word(value)?);
    if h.input().is_static {
        return Err(Stop::Failure);
    }
    h.ask(Request::TransientStore { key, value }, move |h, answer| {
        let Answer::Done = answer else {
            return Err(Stop::Failure);
        };
        h.trace(&[key.as_slice(), value.as_slice()], &[]);
        Ok(Reply::None)
    })
}

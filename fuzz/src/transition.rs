//! A state transition that remembers only storage: every request gets a plausible answer.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes};
use stylus_vm::{Answer, Request, StylusParams, memory::Pages};

/// Gas of touching anything for the first time; nothing is ever warm here.
const COLD: u64 = 2_600;
/// Gas of writing a slot.
const WRITE: u64 = 5_000;

/// State of one run.
#[derive(Default)]
pub(crate) struct Transition {
    storage: BTreeMap<B256, B256>,
    transient: BTreeMap<B256, B256>,
    pages: Pages,
    params: StylusParams,
}

impl Transition {
    pub(crate) fn answer(&mut self, request: Request) -> Answer {
        match request {
            Request::StorageLoad { key } => Answer::Storage {
                value: self.storage.get(&key).copied().unwrap_or_default(),
                gas: COLD,
            },
            Request::StorageFlush { writes, budget } => {
                let gas = WRITE * writes.len() as u64;
                self.storage.extend(writes);
                Answer::Flush {
                    gas,
                    out_of_gas: gas >= budget,
                }
            }
            Request::TransientLoad { key } => {
                Answer::Word(self.transient.get(&key).copied().unwrap_or_default())
            }
            Request::TransientStore { key, value } => {
                self.transient.insert(key, value);
                Answer::Done
            }
            Request::Log { topics, .. } => {
                assert!(topics.len() <= 4, "a log with {} topics", topics.len());
                Answer::Done
            }
            Request::Balance { address } | Request::CodeHash { address } => Answer::Account {
                word: address.into_word(),
                gas: COLD,
            },
            Request::Code { address, .. } => Answer::Code {
                code: Bytes::copy_from_slice(address.as_slice()),
                gas: COLD,
            },
            Request::AddPages { pages } => Answer::Gas(self.pages.add(pages, &self.params)),
            Request::Call {
                input,
                gas_left,
                gas_requested,
                ..
            } => {
                assert!(gas_requested <= gas_left, "offers more gas than there is");
                Answer::Call {
                    status: if input.len().is_multiple_of(2) { 0 } else { 2 },
                    gas_cost: COLD + gas_requested / 2,
                    return_data: input,
                }
            }
            Request::Create { code, gas_left, .. } => Answer::Create {
                address: Address::left_padding_from(&code[..code.len().min(20)]),
                gas_cost: gas_left / 2,
                return_data: code,
            },
        }
    }
}

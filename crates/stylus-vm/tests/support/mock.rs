//! Answers a program's requests from a map, with the EVM's gas rules for storage.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use stylus_vm::memory::Pages;
use stylus_vm::{Answer, Request, StylusParams};

/// State of one acting address within one transaction.
#[derive(Clone, Default)]
pub struct Mock {
    pub acting: Address,
    pub storage: BTreeMap<B256, B256>,
    pub original: BTreeMap<B256, B256>,
    pub warm_slots: BTreeSet<B256>,
    pub warm: BTreeSet<Address>,
    pub transient: BTreeMap<B256, B256>,
    pub balances: BTreeMap<Address, U256>,
    pub codes: BTreeMap<Address, Bytes>,
    pub code_hashes: BTreeMap<Address, B256>,
    /// Accounts whose balance depends on what the transaction pays.
    pub payers: BTreeSet<Address>,
    pub pages: Pages,
    pub params: StylusParams,
    pub logs: Vec<(Vec<B256>, Bytes)>,
    /// Set when something was asked that this stand-in cannot answer.
    pub stuck: bool,
}

impl Mock {
    pub fn answer(&mut self, request: Request) -> Answer {
        match request {
            Request::StorageLoad { key } => {
                let gas = if self.warm_slots.insert(key) {
                    2_100
                } else {
                    100
                };
                Answer::Storage {
                    value: self.slot(&key),
                    gas,
                }
            }
            Request::StorageFlush { writes, budget } => self.flush(writes, budget),
            Request::TransientLoad { key } => {
                Answer::Word(self.transient.get(&key).copied().unwrap_or_default())
            }
            Request::TransientStore { key, value } => {
                self.transient.insert(key, value);
                Answer::Done
            }
            Request::Log { topics, data } => {
                self.logs.push((topics, data));
                Answer::Done
            }
            Request::Balance { address } => {
                let gas = self.touch(address);
                self.stuck |= self.payers.contains(&address);
                let balance = self.balances.get(&address).copied().unwrap_or_default();
                Answer::Account {
                    word: balance.into(),
                    gas,
                }
            }
            Request::CodeHash { address } => {
                let gas = self.touch(address);
                let hash = match (self.code_hashes.get(&address), self.codes.get(&address)) {
                    (Some(hash), _) => *hash,
                    (None, Some(code)) => keccak256(code),
                    _ if self.balances.contains_key(&address) => keccak256([]),
                    _ => B256::ZERO,
                };
                Answer::Account { word: hash, gas }
            }
            Request::Code { address, gas_left } => {
                let gas = 700 + self.touch(address);
                self.stuck |= self.code_hashes.contains_key(&address);
                let code = self.codes.get(&address).cloned().unwrap_or_default();
                Answer::Code {
                    code: if gas_left < gas { Bytes::new() } else { code },
                    gas,
                }
            }
            Request::AddPages { pages } => Answer::Gas(self.pages.add(pages, &self.params)),
            Request::Call { .. } => {
                self.stuck = true;
                Answer::Call {
                    status: 2,
                    gas_cost: 0,
                    return_data: Bytes::new(),
                }
            }
            Request::Create { .. } => {
                self.stuck = true;
                Answer::Create {
                    address: Address::ZERO,
                    gas_cost: 0,
                    return_data: Bytes::new(),
                }
            }
        }
    }

    fn slot(&self, key: &B256) -> B256 {
        self.storage.get(key).copied().unwrap_or_default()
    }

    fn touch(&mut self, address: Address) -> u64 {
        if self.warm.insert(address) {
            2_600
        } else {
            100
        }
    }

    fn flush(&mut self, writes: Vec<(B256, B256)>, mut budget: u64) -> Answer {
        let mut total = 0;
        for (key, new) in writes {
            let current = self.slot(&key);
            let original = *self.original.entry(key).or_insert(current);
            let cold = if self.warm_slots.insert(key) {
                2_100
            } else {
                0
            };
            let gas = cold
                + if current == new || original != current {
                    100
                } else if original.is_zero() {
                    20_000
                } else {
                    2_900
                };
            if gas > budget {
                return Answer::Flush {
                    gas: total,
                    out_of_gas: true,
                };
            }
            budget -= gas;
            total += gas;
            self.storage.insert(key, new);
            if budget == 0 {
                return Answer::Flush {
                    gas: total,
                    out_of_gas: true,
                };
            }
        }
        Answer::Flush {
            gas: total,
            out_of_gas: false,
        }
    }
}

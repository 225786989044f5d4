//! A world of plain maps.

use std::collections::BTreeSet;

use alloy_primitives::{Address, B256, Bytes, Log, U256, keccak256};

use crate::{
    genesis::{GenesisConfig, GenesisState},
    host::{BlockEnv, ChainConfig, PrecompileHost, TxInfo},
    state::{ArbosState, BATCH_POSTER, Free, STATE_ADDRESS, StateAccess},
};

#[derive(Clone)]
pub(super) struct World {
    pub(super) state: GenesisState,
    pub(super) warm: BTreeSet<Address>,
    pub(super) destroyed: BTreeSet<Address>,
    pub(super) logs: Vec<Log>,
    pub(super) transfers: Vec<(Address, Address, U256)>,
    pub(super) depth: usize,
    pub(super) callers_caller: Option<Address>,
    pub(super) pages_open: u16,
    pub(super) block: BlockEnv,
    pub(super) tx: TxInfo,
    pub(super) chain: ChainConfig,
    pub(super) remembered: Vec<B256>,
}

impl World {
    /// A fresh dev chain at block 1,000, in the year 2026.
    pub(super) fn at(arbos_version: u64) -> Self {
        let config = GenesisConfig {
            arbos_version,
            ..GenesisConfig::default()
        };
        Self {
            state: GenesisState::new(&config).expect("a known version"),
            warm: BTreeSet::new(),
            destroyed: BTreeSet::new(),
            logs: Vec::new(),
            transfers: Vec::new(),
            depth: 1,
            callers_caller: None,
            pages_open: 0,
            block: BlockEnv {
                number: 1_000,
                timestamp: 1_780_000_000,
                base_fee: U256::from(100_000_000),
                l1_block_number: 0,
                arbos_version,
                coinbase: BATCH_POSTER,
                gas_limit: 1 << 50,
            },
            tx: TxInfo::default(),
            chain: ChainConfig::default(),
            remembered: Vec::new(),
        }
    }

    pub(super) fn arbos(&self) -> ArbosState {
        ArbosState::open(self.block.arbos_version)
    }

    /// Storage at no charge.
    pub(super) fn free(&mut self) -> Free<'_> {
        Free(self)
    }

    pub(super) fn credit(&mut self, address: Address, amount: U256) {
        self.state.account(address).balance += amount;
    }

    pub(super) fn put_code(&mut self, address: Address, code: impl Into<Bytes>) -> B256 {
        let code = code.into();
        let hash = keccak256(&code);
        self.state.account(address).code = code;
        hash
    }
}

impl StateAccess for World {
    fn read(&mut self, slot: U256) -> U256 {
        self.sload(STATE_ADDRESS, slot)
    }

    fn write(&mut self, slot: U256, value: U256) {
        self.sstore(STATE_ADDRESS, slot, value);
    }
}

impl PrecompileHost for World {
    fn sload(&mut self, address: Address, slot: U256) -> U256 {
        self.state.account(address).storage.read(slot)
    }

    fn sstore(&mut self, address: Address, slot: U256, value: U256) {
        self.state.account(address).storage.write(slot, value);
    }

    fn balance(&mut self, address: Address) -> U256 {
        self.state.account(address).balance
    }

    fn transfer(&mut self, from: Address, to: Address, amount: U256) -> bool {
        let moved = self.burn(from, amount);
        if moved {
            self.credit(to, amount);
            self.transfers.push((from, to, amount));
        }
        moved
    }

    fn mint(&mut self, to: Address, amount: U256) {
        self.credit(to, amount);
    }

    fn burn(&mut self, from: Address, amount: U256) -> bool {
        let balance = &mut self.state.account(from).balance;
        match balance.checked_sub(amount) {
            Some(left) => {
                *balance = left;
                true
            }
            None => false,
        }
    }

    fn code(&mut self, address: Address) -> Bytes {
        self.state.account(address).code.clone()
    }

    fn code_hash(&mut self, address: Address) -> B256 {
        match self.state.accounts.get(&address) {
            Some(account) => keccak256(&account.code),
            None => B256::ZERO,
        }
    }

    fn set_code(&mut self, address: Address, code: Bytes) {
        self.state.account(address).code = code;
    }

    fn nonce(&mut self, address: Address) -> u64 {
        self.state.account(address).nonce
    }

    fn is_self_destructed(&mut self, address: Address) -> bool {
        self.destroyed.contains(&address)
    }

    fn warm(&mut self, address: Address) -> bool {
        self.warm.insert(address)
    }

    fn log(&mut self, log: Log) {
        self.logs.push(log);
    }

    fn call_depth(&self) -> usize {
        self.depth
    }

    fn callers_caller(&self) -> Option<Address> {
        self.callers_caller
    }

    fn pages_open(&self) -> u16 {
        self.pages_open
    }

    fn block(&self) -> &BlockEnv {
        &self.block
    }

    fn tx(&self) -> &TxInfo {
        &self.tx
    }

    fn chain(&self) -> &ChainConfig {
        &self.chain
    }

    fn block_hash(&mut self, number: u64) -> Option<B256> {
        Some(B256::from(U256::from(number)))
    }

    fn remember_program(&mut self, code_hash: B256, _program: &stylus_vm::Program) {
        self.remembered.push(code_hash);
    }
}

//! How many transactions the executor runs in a second, without a chain around it:
//! `cargo run --release -p arbos --example throughput`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement, not a program"
)]

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use alloy_primitives::{Address, B256, Bytes, U256, address, bytes, map::AddressMap};
use arbos::{
    Account, ChainConfig, Code, ExecOptions, Executor, Fees, ParentBlock, State, StateDiff,
    TxInput,
    genesis::{DEV_ACCOUNT, GenesisConfig, GenesisState},
};

#[derive(Default)]
struct Maps {
    accounts: AddressMap<Account>,
    codes: HashMap<B256, Code>,
    storage: HashMap<(Address, U256), U256>,
}

impl State for Maps {
    fn account(&self, address: Address) -> Option<Account> {
        self.accounts.get(&address).copied()
    }

    fn code(&self, hash: B256) -> Code {
        self.codes.get(&hash).cloned().unwrap_or_default()
    }

    fn storage(&self, address: Address, slot: U256) -> U256 {
        self.storage
            .get(&(address, slot))
            .copied()
            .unwrap_or_default()
    }

    fn block_hash(&self, _number: u64) -> B256 {
        B256::ZERO
    }
}

impl Maps {
    fn apply(&mut self, diff: StateDiff) {
        for (address, change) in diff.accounts {
            if let Some(account) = change.account {
                self.accounts.insert(address, account);
            }
            if let Some(code) = change.code {
                self.codes.insert(code.hash(), code);
            }
            self.storage.extend(
                change
                    .storage
                    .into_iter()
                    .map(|(slot, value)| ((address, slot), value)),
            );
        }
    }

    fn place(&mut self, address: Address, code: Bytes) {
        let code = Code::new(code);
        let account = Account {
            code_hash: code.hash(),
            nonce: 1,
            ..Account::default()
        };
        self.accounts.insert(address, account);
        self.codes.insert(code.hash(), code);
    }
}

const PLAIN: Address = address!("00000000000000000000000000000000000b0b00");
const COUNTER: Address = address!("00000000000000000000000000000000c0de0001");
const PROGRAM: Address = address!("00000000000000000000000000000000c0de0002");

fn main() {
    let executor = Executor::new(ChainConfig::default());
    let mut state = Maps::default();
    state.apply(
        GenesisState::new(&GenesisConfig::ready_made())
            .unwrap()
            .into_diff(),
    );
    // Adds one to slot 0.
    state.place(COUNTER, bytes!("5f546001015f5500"));
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../vectors/stylus/erc20_small.wasm"
    );
    let mut program = vec![0xef, 0xf0, 0x00, 0x00];
    let params = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(
        &mut &std::fs::read(path).unwrap()[..],
        &mut program,
        &params,
    )
    .unwrap();
    state.place(PROGRAM, program.into());
    let activate = [&bytes!("58c780c2")[..], &[0; 12], PROGRAM.as_slice()].concat();
    run(
        &executor,
        &mut state,
        1,
        ARB_WASM,
        activate.into(),
        U256::from(10).pow(U256::from(18)),
    );

    let balance_of = [&bytes!("70a08231")[..], &[0; 12], DEV_ACCOUNT.as_slice()].concat();
    for (name, to, data) in [
        ("plain transfer", PLAIN, Bytes::new()),
        ("EVM counter", COUNTER, Bytes::new()),
        ("Stylus ERC-20 balanceOf", PROGRAM, balance_of.into()),
    ] {
        let took = run(&executor, &mut state, 20_000, to, data, U256::ZERO);
        println!(
            "{name:>24}: {:>8.1} µs each",
            took.as_secs_f64() * 1e6 / 20_000.0
        );
    }
}

const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");

fn run(
    executor: &Executor,
    state: &mut Maps,
    count: usize,
    to: Address,
    data: Bytes,
    value: U256,
) -> Duration {
    let mut started = executor.start_block(&*state, &ParentBlock::default(), 1_750_000_000, 0);
    state.apply(std::mem::take(&mut started.diff));
    let mut tx = TxInput {
        from: DEV_ACCOUNT,
        to: Some(to),
        data,
        value,
        gas_limit: 20_000_000,
        fees: Fees::Legacy {
            gas_price: started.env.base_fee.to(),
        },
        ..TxInput::default()
    };
    let start = Instant::now();
    for _ in 0..count {
        tx.nonce = Some(state.accounts[&DEV_ACCOUNT].nonce);
        let outcome = executor
            .transact(
                &*state,
                &started.env,
                &mut started.context,
                &tx,
                &ExecOptions::default(),
            )
            .unwrap();
        assert!(outcome.is_success(), "{:?}", outcome.error);
        state.apply(outcome.diff);
    }
    start.elapsed()
}

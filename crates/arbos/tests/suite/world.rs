//! A chain in a test: real genesis, blocks and transactions, one after another.

use alloy_primitives::{Address, Bytes, U256, address};
use alloy_sol_types::SolCall;
use arbos::{
    BlockContext, BlockEnv, ChainConfig, ExecOptions, Executor, Fees, Mode, Outcome, ParentBlock,
    State, TraceConfig, TxError, TxInput,
    genesis::{DEV_ACCOUNT, GenesisConfig, GenesisState},
};

use crate::common::MapState;

/// Somebody with money and no other meaning.
pub(crate) const ALICE: Address = address!("a11ce00000000000000000000000000000000001");
/// Time of the genesis block's child.
pub(crate) const NOW: u64 = 1_750_000_000;
/// Enough for anything that is not about gas.
pub(crate) const PLENTY: u64 = 30_000_000;

pub(crate) struct World {
    pub(crate) executor: Executor,
    pub(crate) state: MapState,
    pub(crate) env: BlockEnv,
    pub(crate) block: BlockContext,
}

impl World {
    /// The ready-made dev chain at `arbos_version`, in its first block.
    pub(crate) fn at(arbos_version: u64) -> Self {
        Self::born(GenesisConfig {
            arbos_version,
            ..GenesisConfig::ready_made()
        })
    }

    pub(crate) fn new() -> Self {
        Self::at(51)
    }

    pub(crate) fn born(config: GenesisConfig) -> Self {
        let mut state = MapState::default();
        state.apply(GenesisState::new(&config).unwrap().into_diff());
        state.fund(ALICE, ether(1_000));
        let executor = Executor::new(ChainConfig::default());
        let started = executor.start_block(&state, &ParentBlock::default(), NOW, 0);
        state.apply(started.diff);
        Self {
            executor,
            state,
            env: started.env,
            block: started.context,
        }
    }

    /// Ends the block and starts the next `seconds` later.
    pub(crate) fn next_block(&mut self, seconds: u64) {
        let parent = ParentBlock {
            number: self.env.number,
            timestamp: self.env.timestamp,
            ..ParentBlock::default()
        };
        let started =
            self.executor
                .start_block(&self.state, &parent, self.env.timestamp + seconds, 0);
        self.state.apply(started.diff);
        (self.env, self.block) = (started.env, started.context);
    }

    /// A transaction with the right nonce and price.
    pub(crate) fn tx(&self, from: Address, to: Option<Address>, data: impl Into<Bytes>) -> TxInput {
        TxInput {
            tx_type: 2,
            from,
            to,
            data: data.into(),
            gas_limit: PLENTY,
            fees: Fees::Dynamic {
                max_fee: self.env.base_fee.to::<u128>(),
                max_priority_fee: 0,
            },
            nonce: Some(self.state.account(from).unwrap_or_default().nonce),
            ..TxInput::default()
        }
    }

    /// Runs a transaction and keeps what it did.
    pub(crate) fn send(&mut self, tx: &TxInput) -> Result<Outcome, TxError> {
        self.send_with(tx, ExecOptions::default())
    }

    pub(crate) fn send_traced(&mut self, tx: &TxInput, trace: TraceConfig) -> Outcome {
        self.send_with(
            tx,
            ExecOptions {
                trace: Some(trace),
                ..ExecOptions::default()
            },
        )
        .unwrap()
    }

    fn send_with(&mut self, tx: &TxInput, options: ExecOptions) -> Result<Outcome, TxError> {
        let outcome =
            self.executor
                .transact(&self.state, &self.env, &mut self.block, tx, &options)?;
        self.state.apply(outcome.diff.clone());
        Ok(outcome)
    }

    /// Runs a call without keeping anything.
    pub(crate) fn call(&self, tx: &TxInput) -> Result<Outcome, TxError> {
        let options = ExecOptions {
            mode: Mode::Call,
            ..ExecOptions::default()
        };
        self.executor.transact(
            &self.state,
            &self.env,
            &mut BlockContext::default(),
            tx,
            &options,
        )
    }

    /// Calls `to` from nobody, for nothing.
    pub(crate) fn view(&self, to: Address, data: impl Into<Bytes>) -> Outcome {
        let tx = TxInput {
            to: Some(to),
            data: data.into(),
            gas_limit: PLENTY,
            ..TxInput::default()
        };
        self.call(&tx).unwrap()
    }

    /// Sends an ABI call from the dev account, which owns the chain, and expects success.
    pub(crate) fn own(&mut self, to: Address, call: impl SolCall) -> Outcome {
        let tx = self.tx(DEV_ACCOUNT, Some(to), call.abi_encode());
        let outcome = self.send(&tx).unwrap();
        assert!(outcome.is_success(), "{:?}", outcome.error);
        outcome
    }

    /// Puts code at an address.
    pub(crate) fn place(&mut self, code: impl Into<Bytes>) -> Address {
        let count = self.state.codes.len() as u64;
        let target = Address::left_padding_from(&(0xc0de_0000_0000 + count).to_be_bytes());
        self.state.set_code(target, code.into());
        target
    }

    /// Puts a program at an address and activates it.
    pub(crate) fn place_program(&mut self, wasm: &[u8]) -> Address {
        let target = self.place(crate::common::container(wasm));
        let outcome = self.activate(target, ether(1));
        assert!(outcome.is_success(), "{:?}", outcome.error);
        target
    }

    pub(crate) fn activate(&mut self, target: Address, value: U256) -> Outcome {
        let tx = TxInput {
            value,
            ..self.tx(
                ALICE,
                Some(ARB_WASM),
                ArbWasm::activateProgramCall { target }.abi_encode(),
            )
        };
        self.send(&tx).unwrap()
    }
}

pub(crate) fn ether(amount: u64) -> U256 {
    U256::from(amount) * U256::from(10).pow(U256::from(18))
}

/// A recorded program.
pub(crate) fn recorded(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/../../vectors/stylus/{name}.wasm",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(path).unwrap()
}

pub(crate) const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");
pub(crate) const ARB_OWNER: Address = address!("0000000000000000000000000000000000000070");
pub(crate) const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");

alloy_sol_types::sol! {
    interface ArbWasm {
        function activateProgram(address target) external payable returns (uint16 version, uint256 dataFee);
        function programTimeLeft(address target) external view returns (uint64);
        error ProgramNotActivated();
        error ProgramUpToDate();
    }

    interface ArbOwner {
        function scheduleArbOSUpgrade(uint64 version, uint64 timestamp) external;
        function setL1PricePerUnit(uint256 price) external;
        function setL2BaseFee(uint256 price) external;
        function setMinimumL2BaseFee(uint256 price) external;
        function setCalldataPriceIncrease(bool enable) external;
        function setWasmExpiryDays(uint16 expiry) external;
        function setWasmFreePages(uint16 pages) external;
        function setCollectTips(bool collect) external;
    }

    interface StylusDeployer {
        function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) external payable returns (address);
    }
}

//! Ethereum's precompiles and ArbOS's, as revm's frames meet them.

use alloy_primitives::{Address, B256, Bytes, Log, U256, map::AddressSet};
use revm::{
    context_interface::JournalTr,
    handler::{EthPrecompiles, PrecompileProvider},
    interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult},
    primitives::hardfork::SpecId,
};

use super::{
    context::Ctx,
    journal::{self, sure},
    rules,
};
use crate::{
    error::ExecError,
    frame::is_delegate,
    host::{BlockEnv, ChainConfig, PrecompileHost, TxInfo},
    precompiles::{self, PrecompileCall, PrecompileStatus},
    world::Code,
};

/// L2 blocks whose hashes `ArbSys` still tells.
const BLOCK_HASH_HISTORY: u64 = 256;

/// Whether a precompile, Ethereum's or ArbOS's, is at `address` at `arbos_version`.
pub fn is_any_precompile(address: Address, arbos_version: u64) -> bool {
    let spec = rules::spec(arbos_version);
    precompiles::is_precompile(address, arbos_version)
        || EthPrecompiles::new(spec)
            .warm_addresses()
            .contains(&address)
}

/// Every precompile of one set of rules.
#[derive(Clone, Debug)]
pub(crate) struct EvmPrecompiles {
    ethereum: EthPrecompiles,
    arbos_version: u64,
    warm: AddressSet,
}

impl EvmPrecompiles {
    pub(crate) fn new(spec: SpecId, arbos_version: u64) -> Self {
        let ethereum = EthPrecompiles::new(spec);
        let mut warm = ethereum.warm_addresses().clone();
        warm.extend(precompiles::addresses(arbos_version));
        Self {
            ethereum,
            arbos_version,
            warm,
        }
    }

    /// Addresses that every transaction starts with as warm.
    pub(crate) fn warm(&self) -> &AddressSet {
        &self.warm
    }
}

impl<'a> PrecompileProvider<Ctx<'a>> for EvmPrecompiles {
    type Output = InterpreterResult;

    fn set_spec(&mut self, _spec: SpecId) -> bool {
        false
    }

    fn run(
        &mut self,
        ctx: &mut Ctx<'a>,
        inputs: &CallInputs,
    ) -> Result<Option<InterpreterResult>, String> {
        match ctx.chain.pretence.precompile_at(inputs.bytecode_address) {
            Some(None) => return Ok(None),
            Some(Some(original)) => return self.run_moved(ctx, inputs, original),
            None => {}
        }
        if precompiles::is_precompile(inputs.bytecode_address, self.arbos_version) {
            return Ok(Some(run_arbos(ctx, inputs)));
        }
        PrecompileProvider::<Ctx<'a>>::run(&mut self.ethereum, ctx, inputs)
    }

    fn warm_addresses(&self) -> &AddressSet {
        &self.warm
    }
}

impl EvmPrecompiles {
    /// Runs Ethereum's precompile of the address `original` elsewhere.
    fn run_moved(
        &mut self,
        ctx: &mut Ctx<'_>,
        inputs: &CallInputs,
        original: Address,
    ) -> Result<Option<InterpreterResult>, String> {
        if precompiles::is_precompile(original, self.arbos_version) {
            let mut gas = Gas::new(inputs.gas_limit);
            gas.spend_all();
            let (status, output) = (InstructionResult::Revert, Bytes::new());
            return Ok(Some(InterpreterResult::new(status, output, gas)));
        }
        let inputs = CallInputs {
            bytecode_address: original,
            ..inputs.clone()
        };
        PrecompileProvider::<Ctx<'_>>::run(&mut self.ethereum, ctx, &inputs)
    }
}

fn run_arbos(ctx: &mut Ctx<'_>, inputs: &CallInputs) -> InterpreterResult {
    let call = PrecompileCall {
        address: inputs.bytecode_address,
        caller: inputs.caller,
        acting: if is_delegate(inputs.scheme) {
            inputs.target_address
        } else {
            inputs.bytecode_address
        },
        value: inputs.call_value(),
        input: inputs.input.bytes_local(&ctx.local),
        gas: inputs.gas_limit,
        is_static: inputs.is_static,
    };
    let depth = ctx.chain.next_depth();
    let result = precompiles::run(&mut JournalHost(ctx), &call);
    let mut gas = Gas::new(inputs.gas_limit);
    gas.set_remaining(result.gas_left.min(inputs.gas_limit));
    let status = match result.status {
        PrecompileStatus::Success => InstructionResult::Return,
        PrecompileStatus::Revert => InstructionResult::Revert,
        PrecompileStatus::Error(text) => {
            ctx.chain.note_error(depth, ExecError::Other(text));
            gas.spend_all();
            InstructionResult::PrecompileError
        }
        PrecompileStatus::Crash => {
            ctx.chain.note_error(depth, ExecError::Crashed);
            gas.spend_all();
            InstructionResult::PrecompileError
        }
    };
    InterpreterResult::new(status, result.output, gas)
}

/// The journal as a precompile may use it.
struct JournalHost<'c, 'a>(&'c mut Ctx<'a>);

impl JournalHost<'_, '_> {
    /// Tells the recorder of wei that moved; from or to the zero address where they begin or end.
    fn record_move(&mut self, from: Address, to: Address, amount: U256) {
        if self.0.chain.recorder.is_none() {
            return;
        }
        let code_size = journal::peek_code_size(self.0, to);
        if let Some(recorder) = &mut self.0.chain.recorder {
            recorder.balance_moved(from, to, amount, code_size);
        }
    }
}

impl PrecompileHost for JournalHost<'_, '_> {
    fn sload(&mut self, address: Address, slot: U256) -> U256 {
        journal::sload(self.0, address, slot)
    }

    fn sstore(&mut self, address: Address, slot: U256, value: U256) {
        journal::sstore(self.0, address, slot, value);
    }

    fn balance(&mut self, address: Address) -> U256 {
        journal::balance(self.0, address)
    }

    fn transfer(&mut self, from: Address, to: Address, amount: U256) -> bool {
        journal::load_quietly(self.0, from);
        journal::load_quietly(self.0, to);
        let moved = self
            .0
            .journaled_state
            .transfer_loaded(from, to, amount)
            .is_none();
        if moved {
            self.record_move(from, to, amount);
        }
        moved
    }

    fn mint(&mut self, to: Address, amount: U256) {
        journal::credit(self.0, to, amount);
        self.record_move(Address::ZERO, to, amount);
    }

    fn burn(&mut self, from: Address, amount: U256) -> bool {
        let burned = journal::debit(self.0, from, amount);
        if burned {
            self.record_move(from, Address::ZERO, amount);
        }
        burned
    }

    fn code(&mut self, address: Address) -> Bytes {
        journal::stored_code(self.0, address).1.original_bytes()
    }

    fn code_hash(&mut self, address: Address) -> B256 {
        journal::code_hash(self.0, address)
    }

    fn set_code(&mut self, address: Address, code: Bytes) {
        journal::set_code(self.0, address, Code::new(code));
    }

    fn nonce(&mut self, address: Address) -> u64 {
        journal::nonce(self.0, address)
    }

    fn is_self_destructed(&mut self, address: Address) -> bool {
        self.0
            .journaled_state
            .inner
            .state
            .get(&address)
            .is_some_and(|account| account.is_selfdestructed())
    }

    fn warm(&mut self, address: Address) -> bool {
        sure(self.0.journaled_state.load_account(address)).is_cold
    }

    fn log(&mut self, log: Log) {
        if let Some(recorder) = &mut self.0.chain.recorder {
            recorder.log(&log);
        }
        self.0.journaled_state.log(log);
    }

    fn call_depth(&self) -> usize {
        self.0.chain.next_depth() + 1
    }

    fn callers_caller(&self) -> Option<Address> {
        self.0.chain.callers.last().copied()
    }

    fn pages_open(&self) -> u16 {
        self.0.chain.pages.open
    }

    fn block(&self) -> &BlockEnv {
        &self.0.chain.block
    }

    fn tx(&self) -> &TxInfo {
        &self.0.chain.tx
    }

    fn chain(&self) -> &ChainConfig {
        self.0.chain.chain
    }

    fn block_hash(&mut self, number: u64) -> Option<B256> {
        let current = self.0.chain.block.number;
        let known = number < current && current - number <= BLOCK_HASH_HISTORY;
        let pretended = self.0.chain.pretence.block_hashes.get(&number).copied();
        known.then(|| pretended.unwrap_or_else(|| self.0.chain.state.block_hash(number)))
    }

    fn remember_program(&mut self, code_hash: B256, program: &stylus_vm::Program) {
        self.0.chain.programs.put(code_hash, program.clone());
    }
}

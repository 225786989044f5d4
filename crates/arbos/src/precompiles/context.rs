//! A running precompile call: its gas, its view of the state, its ways to fail.

use alloy_primitives::{Address, B256, Log, U256};
use alloy_sol_types::{SolError, SolEvent};

use super::PrecompileCall;
use crate::{
    gas_price,
    host::PrecompileHost,
    state::{ArbosState, STATE_ADDRESS, Storage},
};

/// Why a method gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The arguments are not what the signature says: reverts without data, all gas used.
    Undecodable,
    /// An ABI error: reverts with this data, unused gas returned.
    Solidity(Vec<u8>),
    /// An internal error: reverts without data, unused gas returned.
    Internal(String),
    /// The gas is used up: reverts without data.
    OutOfGas,
    /// An error that is not a revert, with the text clients see: all gas used.
    Fatal(String),
    /// A crash of whatever answers the request: all gas used.
    Crash,
}

impl Failure {
    /// An ABI error.
    pub(super) fn solidity<E: SolError>(error: E) -> Self {
        Self::Solidity(error.abi_encode())
    }

    /// An internal error.
    pub(super) fn internal(text: impl Into<String>) -> Self {
        Self::Internal(text.into())
    }

    /// A method this node does not have, named with the reason.
    pub(super) fn absent(precompile: &str, signature: &str, reason: &str) -> Self {
        Self::Fatal(format!(
            "{precompile}.{signature} is not supported: {reason}"
        ))
    }

    /// A read-only frame tried to write.
    fn write_protection() -> Self {
        Self::internal("write protection")
    }
}

/// Everything a method works with.
pub(crate) struct Context<'a> {
    /// The world. What a method does there it pays for through the context.
    pub(super) host: &'a mut dyn PrecompileHost,
    /// The call.
    pub(super) call: &'a PrecompileCall,
    /// Typed ArbOS state; reads and writes go through this context, which charges for them.
    pub(super) state: ArbosState,
    gas_left: u64,
    read_only: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        host: &'a mut dyn PrecompileHost,
        call: &'a PrecompileCall,
        gas: u64,
        read_only: bool,
    ) -> Self {
        let state = ArbosState::open(host.block().arbos_version);
        Self {
            host,
            call,
            state,
            gas_left: gas,
            read_only,
        }
    }

    /// Gas not yet used.
    pub(super) fn gas_left(&self) -> u64 {
        self.gas_left
    }

    /// ArbOS version in force.
    pub(super) fn arbos_version(&self) -> u64 {
        self.state.arbos_version()
    }

    /// Unix seconds of the block.
    pub(super) fn now(&self) -> u64 {
        self.host.block().timestamp
    }

    /// Who called.
    pub(super) fn caller(&self) -> Address {
        self.call.caller
    }

    /// Uses up all gas, the way Nitro refuses some callers.
    pub(super) fn burn_out(&mut self) -> Failure {
        self.gas_left = 0;
        Failure::OutOfGas
    }

    /// Lets a callee take gas directly.
    pub(super) fn gas_mut(&mut self) -> &mut u64 {
        &mut self.gas_left
    }

    /// Hash of an account's code; charged as a cold access.
    pub(super) fn code_hash(&mut self, address: Address) -> Result<B256, Failure> {
        self.burn(gas_price::COLD_ACCOUNT)?;
        Ok(self.host.code_hash(address))
    }

    /// Emits an event from the precompile's address.
    pub(super) fn emit<E: SolEvent>(&mut self, event: &E) -> Result<(), Failure> {
        if self.read_only {
            return Err(Failure::write_protection());
        }
        let data = event.encode_log_data();
        self.burn(gas_price::log_gas(data.topics().len(), data.data.len()))?;
        self.host.log(Log {
            address: self.call.address,
            data,
        });
        Ok(())
    }

    /// Whether `address` is a chain owner; one read.
    pub(super) fn is_chain_owner(&mut self, address: Address) -> Result<bool, Failure> {
        self.state.chain_owners().contains(self, address)
    }
}

impl Storage for Context<'_> {
    type Error = Failure;

    fn get(&mut self, slot: U256) -> Result<U256, Failure> {
        self.burn(gas_price::STORAGE_READ)?;
        Ok(self.host.sload(STATE_ADDRESS, slot))
    }

    fn set(&mut self, slot: U256, value: U256) -> Result<(), Failure> {
        if self.read_only {
            return Err(Failure::write_protection());
        }
        self.burn(if value.is_zero() {
            gas_price::STORAGE_CLEAR
        } else {
            gas_price::STORAGE_WRITE
        })?;
        self.host.sstore(STATE_ADDRESS, slot, value);
        Ok(())
    }

    fn peek(&mut self, slot: U256) -> U256 {
        self.host.sload(STATE_ADDRESS, slot)
    }

    fn burn(&mut self, gas: u64) -> Result<(), Failure> {
        match self.gas_left.checked_sub(gas) {
            Some(left) => {
                self.gas_left = left;
                Ok(())
            }
            None => Err(self.burn_out()),
        }
    }
}

//! The contract: the shared token and a faucet.

use crate::interface::IVVV;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use contract_kit::error::{Error, Result};
use contract_kit::store::Store;
use contract_kit::word::Entry;
use contract_kit::{event, refuse};
use contract_token::{ALLOWANCES, BALANCES, IEip712, Token, refused};
use stylus_sdk::ArbResult;
use stylus_sdk::host::VM;
use stylus_sdk::prelude::*;

/// The domain that permits are signed for.
#[storage]
pub(crate) struct Domain {}

impl IEip712 for Domain {
    const NAME: &'static str = "Venice Token";
    const VERSION: &'static str = "1";
}

/// The contract. Slots 0 to 3 are the token's: balances, allowances, total supply, nonces.
pub(crate) struct Vvv {
    pub(crate) store: Store,
    token: Token<Domain>,
}

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    let token = Token::new(&vm);
    Vvv {
        store: Store::new(vm),
        token,
    }
    .enter(&input)
}

contract_kit::contract! { Vvv }

contract_token::token_methods! { Vvv, Domain, "VVV" }

/// What Solidity's `Panic(uint256)` says of arithmetic that left its range.
const ARITHMETIC: u64 = 0x11;

// Transfers as the live token has them, which is no OpenZeppelin token.
impl Vvv {
    pub(crate) fn transfer(&mut self, to: Address, value: U256) -> Result<bool> {
        self.move_tokens(self.store.caller(), to, value)
    }

    pub(crate) fn transfer_from(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
    ) -> Result<bool> {
        let given = self.store.entry(ALLOWANCES, &from);
        let entry = self.store.inner_entry(given, &self.store.caller());
        if self.store.get_at(entry, 0) != U256::MAX {
            self.take(entry, value)?;
        }
        self.move_tokens(from, to, value)
    }

    fn move_tokens(&mut self, from: Address, to: Address, value: U256) -> Result<bool> {
        self.take(self.store.entry(BALANCES, &from), value)?;
        let entry = self.store.entry(BALANCES, &to);
        // Part of the total supply, which fits.
        let balance = self.store.get_at(entry, 0).wrapping_add(value);
        self.store.set_at(entry, 0, balance);
        event!(self.store.vm(), IVVV::Transfer, [from, to], [value]);
        Ok(true)
    }

    /// Takes `value` off a balance or an allowance.
    fn take(&mut self, entry: Entry, value: U256) -> Result<()> {
        let left = self.store.get_at(entry, 0).checked_sub(value);
        let left = left.ok_or_else(|| Error::panic(ARITHMETIC))?;
        self.store.set_at(entry, 0, left);
        Ok(())
    }

    pub(crate) fn mint(&mut self, to: Address, amount: U256) -> Result<()> {
        let supply = self.total_supply();
        if supply.checked_add(amount).is_none() {
            return Err(refuse!(IVVV::SupplyOverflow, supply, amount));
        }
        self.token.erc20._mint(to, amount).map_err(refused)
    }
}

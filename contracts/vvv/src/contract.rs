//! The contract: the shared token and a faucet.

use crate::interface::IVVV;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use contract_kit::error::Result;
use contract_kit::refuse;
use contract_kit::store::Store;
use contract_token::{IEip712, Token, refused};
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

impl Vvv {
    pub(crate) fn mint(&mut self, to: Address, amount: U256) -> Result<()> {
        let supply = self.total_supply();
        if supply.checked_add(amount).is_none() {
            return Err(refuse!(IVVV::SupplyOverflow, supply, amount));
        }
        self.token.erc20._mint(to, amount).map_err(refused)
    }
}

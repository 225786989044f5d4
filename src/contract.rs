//! The way in, the constructor, and the methods that need no room of their own.

use crate::errors::{Error, Result, refuse};
use crate::interface::IDiem;
use crate::storage::{CURVE, OWNER, STAKED_VVV};
use crate::token::Token;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use contract_kit::store::Store;
use contract_kit::word::{ToWord, from_u128, low, pair};
use stylus_sdk::ArbResult;
use stylus_sdk::host::VM;
use stylus_sdk::prelude::*;

/// The contract: its storage, its host and OpenZeppelin's token parts.
pub(crate) struct Diem {
    pub(crate) store: Store,
    pub(crate) token: Token,
}

#[entrypoint]
fn main(input: Vec<u8>, vm: VM) -> ArbResult {
    Diem {
        token: Token::new(&vm),
        store: Store::new(vm),
    }
    .enter(&input)
}

contract_kit::contract! { Diem:
    (s_vvv: Address, owner: Address, treasury: Address, base_rate: U256, target_supply: U256)
}

impl Diem {
    pub(crate) fn constructor(
        &mut self,
        s_vvv: Address,
        owner: Address,
        treasury: Address,
        base_rate: U256,
        target_supply: U256,
    ) -> Result<()> {
        if s_vvv.is_zero() {
            return Err(refuse!(IDiem::ZeroAddress));
        }
        // Set for good by the constructor: so it runs once.
        if !self.store.get(STAKED_VVV).is_zero() {
            return Err(Error::silent());
        }
        crate::position::new_curve(base_rate, target_supply)?;
        self.store.set(STAKED_VVV, s_vvv.to_word());
        self.store
            .set(CURVE, pair(low(base_rate), low(target_supply)));
        OWNER.construct(&mut self.store, owner)?;
        self.write_treasury(treasury)
    }

    pub(crate) fn s_vvv(&self) -> Address {
        self.staked_vvv()
    }

    pub(crate) fn mint_rate_at(&self, supply: U256) -> Result<U256> {
        self.rate_at(supply)
    }

    pub(crate) fn base_rate(&self) -> U256 {
        from_u128(low(self.store.get(CURVE)))
    }

    pub(crate) fn target_supply(&self) -> U256 {
        self.store.get(CURVE) >> 128
    }
}

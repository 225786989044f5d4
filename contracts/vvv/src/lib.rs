//! # VVV, a stand-in for devnets
//!
//! **Purpose.** On a real chain VVV is an existing ERC-20; this one takes its place where
//! none exists, so that the other contracts can be tried. Anybody may mint.
//!
//! **What it holds.** OpenZeppelin's ERC-20, nonces and permit; nothing of its own.
//!
//! **Roles.** None. **Known limits.** Worthless by design: never deploy it on a live chain.
//! The interface is documented in `abi/IVVV.sol`.

extern crate alloc;

use alloc::{string::String, vec::Vec};
use alloy_primitives::{Address, B256, FixedBytes, U8, U256};
use alloy_sol_types::SolError;
use openzeppelin_stylus::token::erc20::extensions::Erc20Permit;
use openzeppelin_stylus::token::erc20::{Erc20, IErc20};
use openzeppelin_stylus::utils::cryptography::eip712::IEip712;
use openzeppelin_stylus::utils::nonces::{INonces, Nonces};
use stylus_sdk::prelude::*;

const DECIMALS: u64 = 18;

alloy_sol_types::sol! {
    error SupplyOverflow(uint256 supply, uint256 amount);
}

/// The domain that permits are signed for.
#[storage]
pub struct Domain {}

impl IEip712 for Domain {
    const NAME: &'static str = "Venice Token";
    const VERSION: &'static str = "1";
}

/// Storage root.
///
/// | slot | content |
/// | --- | --- |
/// | 0 | balances: address to uint256 |
/// | 1 | allowances: owner to spender to uint256 |
/// | 2 | total supply |
/// | 3 | permit nonces: address to uint256 |
#[entrypoint]
#[storage]
pub struct Vvv {
    erc20: Erc20,
    nonces: Nonces,
    permit: Erc20Permit<Domain>,
    domain: Domain,
}

#[public]
#[allow(missing_docs, reason = "documented in abi/IVVV.sol")]
impl Vvv {
    pub fn name(&self) -> String {
        Domain::NAME.into()
    }

    pub fn symbol(&self) -> String {
        "VVV".into()
    }

    pub fn decimals(&self) -> U8 {
        U8::from(DECIMALS)
    }

    pub fn total_supply(&self) -> U256 {
        self.erc20.total_supply()
    }

    pub fn balance_of(&self, account: Address) -> U256 {
        self.erc20.balance_of(account)
    }

    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.erc20.allowance(owner, spender)
    }

    pub fn approve(&mut self, spender: Address, value: U256) -> Result<bool, Vec<u8>> {
        Ok(self.erc20.approve(spender, value)?)
    }

    pub fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        Ok(self.erc20.transfer(to, value)?)
    }

    pub fn transfer_from(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
    ) -> Result<bool, Vec<u8>> {
        Ok(self.erc20.transfer_from(from, to, value)?)
    }

    #[allow(clippy::too_many_arguments, reason = "ERC-2612 has seven")]
    pub fn permit(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<(), Vec<u8>> {
        Ok(self.permit.permit(
            owner,
            spender,
            value,
            deadline,
            v,
            r,
            s,
            &mut self.erc20,
            &mut self.nonces,
        )?)
    }

    pub fn nonces(&self, owner: Address) -> U256 {
        self.nonces.nonces(owner)
    }

    #[selector(name = "DOMAIN_SEPARATOR")]
    pub fn domain_separator(&self) -> B256 {
        self.permit.domain_separator()
    }

    #[selector(name = "eip712Domain")]
    pub fn eip712_domain(
        &self,
    ) -> (
        FixedBytes<1>,
        String,
        String,
        U256,
        Address,
        B256,
        Vec<U256>,
    ) {
        let (fields, name, version, chain_id, contract, salt, extensions) =
            self.domain.eip712_domain();
        (
            fields.into(),
            name,
            version,
            chain_id,
            contract,
            salt.into(),
            extensions,
        )
    }

    pub fn mint(&mut self, to: Address, amount: U256) -> Result<(), Vec<u8>> {
        let supply = self.erc20.total_supply();
        if supply.checked_add(amount).is_none() {
            return Err(SolError::abi_encode(&SupplyOverflow { supply, amount }));
        }
        Ok(self.erc20._mint(to, amount)?)
    }
}

//! The token: OpenZeppelin's ERC-20, nonces and permit, wired and not rewritten.

use crate::Diem;
use crate::errors::{Result, token_error};
use crate::storage::{ERC20, NONCES};
use alloy_primitives::{Address, B256, U256};
use contract_kit::eip712;
use openzeppelin_stylus::token::erc20::extensions::Erc20Permit;
use openzeppelin_stylus::token::erc20::{Erc20, IErc20};
use openzeppelin_stylus::utils::cryptography::eip712::IEip712;
use openzeppelin_stylus::utils::nonces::{INonces, Nonces};
use stylus_sdk::host::VM;
use stylus_sdk::prelude::*;

/// The domain that permits are signed for.
#[storage]
pub(crate) struct Domain {}

impl IEip712 for Domain {
    const NAME: &'static str = "Diem";
    const VERSION: &'static str = "1";
}

/// The parts.
pub(crate) struct Token {
    pub(crate) erc20: Erc20,
    nonces: Nonces,
    permit: Erc20Permit<Domain>,
}

impl Token {
    pub(crate) fn new(host: &VM) -> Self {
        // SAFETY: the slots are assigned to these parts alone, in the table of `storage`.
        unsafe {
            Self {
                erc20: Erc20::new(slot(ERC20), 0, host.clone()),
                nonces: Nonces::new(slot(NONCES), 0, host.clone()),
                // Has no storage of its own.
                permit: Erc20Permit::new(slot(NONCES), 0, host.clone()),
            }
        }
    }
}

/// A slot as OpenZeppelin's parts take it.
fn slot(number: u64) -> U256 {
    U256::from_limbs([number, 0, 0, 0])
}

impl Diem {
    pub(crate) fn name(&self) -> &'static str {
        Domain::NAME
    }

    pub(crate) fn symbol(&self) -> &'static str {
        "DIEM"
    }

    pub(crate) fn decimals(&self) -> u8 {
        18
    }

    pub(crate) fn total_supply(&self) -> U256 {
        self.token.erc20.total_supply()
    }

    pub(crate) fn balance_of(&self, account: Address) -> U256 {
        self.token.erc20.balance_of(account)
    }

    pub(crate) fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.token.erc20.allowance(owner, spender)
    }

    pub(crate) fn approve(&mut self, spender: Address, value: U256) -> Result<bool> {
        self.token
            .erc20
            .approve(spender, value)
            .map_err(token_error)
    }

    pub(crate) fn transfer(&mut self, to: Address, value: U256) -> Result<bool> {
        self.token.erc20.transfer(to, value).map_err(token_error)
    }

    pub(crate) fn transfer_from(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
    ) -> Result<bool> {
        self.token
            .erc20
            .transfer_from(from, to, value)
            .map_err(token_error)
    }

    #[allow(clippy::too_many_arguments, reason = "ERC-2612 has seven")]
    pub(crate) fn permit(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<()> {
        let Token {
            erc20,
            nonces,
            permit,
        } = &mut self.token;
        permit
            .permit(owner, spender, value, deadline, v, r, s, erc20, nonces)
            .map_err(token_error)
    }

    pub(crate) fn nonces(&self, owner: Address) -> U256 {
        self.token.nonces.nonces(owner)
    }

    pub(crate) fn domain_separator(&self) -> B256 {
        self.token.permit.domain_separator()
    }

    pub(crate) fn eip712_domain(&self) -> eip712::Domain {
        eip712::Domain {
            name: Domain::NAME,
            version: Domain::VERSION,
            chain_id: self.store.chain_id(),
            contract: self.store.here(),
        }
    }
}

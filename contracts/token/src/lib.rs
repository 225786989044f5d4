//! The token that VVV and DIEM share: OpenZeppelin's audited ERC-20, nonces and EIP-712
//! domain, wired and not rewritten; see `permit` for the one exception. Compiles to nothing
//! off the chain.

#![cfg(target_arch = "wasm32")]

extern crate alloc;

mod permit;

use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use contract_kit::Error;
use openzeppelin_stylus::token::erc20::Erc20;
use openzeppelin_stylus::utils::nonces::Nonces;
use stylus_sdk::host::VM;
use stylus_sdk::storage::{StorageMap, StorageType, StorageU256};

pub use openzeppelin_stylus::token::erc20::IErc20;
pub use openzeppelin_stylus::utils::cryptography::eip712::IEip712;
pub use openzeppelin_stylus::utils::nonces::INonces;
pub use permit::{Permit, Signature};

/// Slots 0 to 2: balances, allowances, total supply.
const ERC20: u64 = 0;
/// Slot 0, among them.
pub const BALANCES: u64 = 0;
/// Slot 1, among them.
pub const ALLOWANCES: u64 = 1;
/// Slot 3: permit nonces.
const NONCES: u64 = 3;

/// The parts. `D` is the domain that permits are signed for; it has no storage.
pub struct Token<D: IEip712 + StorageType> {
    /// Balances and allowances.
    pub erc20: Erc20,
    /// The allowances again: permits write them, and OpenZeppelin keeps its own door private.
    allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
    /// Permit nonces.
    pub nonces: Nonces,
    /// The domain that permits are signed for.
    pub domain: D,
}

impl<D: IEip712 + StorageType> Token<D> {
    /// The token in slots 0 to 3 of the running contract.
    #[must_use]
    pub fn new(host: &VM) -> Self {
        let slot = |number| U256::from_limbs([number, 0, 0, 0]);
        // SAFETY: every contract with a token leaves slots 0 to 3 to it.
        unsafe {
            Self {
                erc20: Erc20::new(slot(ERC20), 0, host.clone()),
                allowances: StorageMap::new(slot(ALLOWANCES), 0, host.clone()),
                nonces: Nonces::new(slot(NONCES), 0, host.clone()),
                domain: D::new(slot(NONCES), 0, host.clone()),
            }
        }
    }
}

/// What one of OpenZeppelin's parts refused: its errors are those of the interfaces.
#[cold]
pub fn refused(error: impl Into<Vec<u8>>) -> Error {
    Error::from(error.into())
}

/// The token's methods, forwarded: `token_methods! { Contract, Domain, "SYMBOL" }`. The
/// contract has fields `token` and `store`, and its own rules for transfers.
#[macro_export]
macro_rules! token_methods {
    ($contract:ident, $domain:ident, $symbol:literal) => {
        #[allow(missing_docs, reason = "documented in the interface")]
        impl $contract {
            pub(crate) fn name(&self) -> &'static str {
                <$domain as $crate::IEip712>::NAME
            }

            pub(crate) fn symbol(&self) -> &'static str {
                $symbol
            }

            pub(crate) fn decimals(&self) -> u8 {
                18
            }

            pub(crate) fn total_supply(&self) -> ::alloy_primitives::U256 {
                $crate::IErc20::total_supply(&self.token.erc20)
            }

            pub(crate) fn balance_of(
                &self,
                account: ::alloy_primitives::Address,
            ) -> ::alloy_primitives::U256 {
                $crate::IErc20::balance_of(&self.token.erc20, account)
            }

            pub(crate) fn allowance(
                &self,
                owner: ::alloy_primitives::Address,
                spender: ::alloy_primitives::Address,
            ) -> ::alloy_primitives::U256 {
                $crate::IErc20::allowance(&self.token.erc20, owner, spender)
            }

            pub(crate) fn approve(
                &mut self,
                spender: ::alloy_primitives::Address,
                value: ::alloy_primitives::U256,
            ) -> ::contract_kit::error::Result<bool> {
                $crate::IErc20::approve(&mut self.token.erc20, spender, value)
                    .map_err($crate::refused)
            }

            #[allow(clippy::too_many_arguments, reason = "ERC-2612 has seven")]
            pub(crate) fn permit(
                &mut self,
                owner: ::alloy_primitives::Address,
                spender: ::alloy_primitives::Address,
                value: ::alloy_primitives::U256,
                deadline: ::alloy_primitives::U256,
                v: u8,
                r: ::alloy_primitives::B256,
                s: ::alloy_primitives::B256,
            ) -> ::contract_kit::error::Result<()> {
                let permit = $crate::Permit {
                    owner,
                    spender,
                    value,
                    deadline,
                };
                self.token
                    .permit(self.store.vm(), &permit, &$crate::Signature { v, r, s })
            }

            pub(crate) fn nonces(
                &self,
                owner: ::alloy_primitives::Address,
            ) -> ::alloy_primitives::U256 {
                $crate::INonces::nonces(&self.token.nonces, owner)
            }

            pub(crate) fn domain_separator(&self) -> ::alloy_primitives::B256 {
                $crate::IEip712::domain_separator_v4(&self.token.domain)
            }

            pub(crate) fn eip712_domain(&self) -> ::contract_kit::eip712::Domain {
                ::contract_kit::eip712::Domain {
                    name: <$domain as $crate::IEip712>::NAME,
                    version: <$domain as $crate::IEip712>::VERSION,
                    chain_id: self.store.chain_id(),
                    contract: self.store.here(),
                }
            }
        }
    };
}

//! The token: OpenZeppelin's ERC-20, nonces and permit, wired in `contract-token`.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::interface::IDiem;
use alloy_primitives::{Address, U256};
pub(crate) use contract_token::refused as token_error;
use contract_token::{IEip712, IErc20};
use stylus_sdk::prelude::*;

/// The domain that permits are signed for.
#[storage]
pub(crate) struct Domain {}

impl IEip712 for Domain {
    const NAME: &'static str = "Diem";
    const VERSION: &'static str = "1";
}

/// The parts, in slots 0 to 3.
pub(crate) type Token = contract_token::Token<Domain>;

contract_token::token_methods! { Diem, Domain, "DIEM" }

impl Diem {
    pub(crate) fn transfer(&mut self, to: Address, value: U256) -> Result<bool> {
        self.check_receiver(to)?;
        self.token.erc20.transfer(to, value).map_err(token_error)
    }

    pub(crate) fn transfer_from(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
    ) -> Result<bool> {
        self.check_receiver(to)?;
        self.token
            .erc20
            .transfer_from(from, to, value)
            .map_err(token_error)
    }

    /// DIEM sent here would be nobody's, and its minter's sVVV locked for good.
    fn check_receiver(&self, to: Address) -> Result<()> {
        if to == self.store.here() {
            return Err(refuse!(IDiem::ERC20InvalidReceiver, to));
        }
        Ok(())
    }
}

//! The token: OpenZeppelin's ERC-20, nonces and permit, wired in `contract-token`.

use crate::contract::Diem;
use contract_token::IEip712;
pub(crate) use contract_token::refused as token_error;
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

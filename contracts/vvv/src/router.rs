//! The methods, as the interface declares them: one line each.
//!
//! The compiler holds each line against the method, the test below against the interface.

#[cfg(target_arch = "wasm32")]
use crate::contract::Vvv;
use crate::interface::IVVV;
use alloy_primitives::{Address, B256, U256};

contract_kit::routes! { Vvv: IVVV;
    DOMAIN_SEPARATORCall => domain_separator() -> B256;
    allowanceCall => allowance(owner: Address, spender: Address) -> U256;
    approveCall => approve(spender: Address, value: U256) -> bool;
    balanceOfCall => balance_of(account: Address) -> U256;
    decimalsCall => decimals() -> u8;
    eip712DomainCall => eip712_domain() -> contract_kit::eip712::Domain;
    mintCall => mint(to: Address, amount: U256) -> ();
    nameCall => name() -> &'static str;
    noncesCall => nonces(owner: Address) -> U256;
    permitCall => permit(owner: Address, spender: Address, value: U256, deadline: U256, v: u8, r: B256, s: B256) -> ();
    symbolCall => symbol() -> &'static str;
    totalSupplyCall => total_supply() -> U256;
    transferCall => transfer(to: Address, value: U256) -> bool;
    transferFromCall => transfer_from(from: Address, to: Address, value: U256) -> bool;
}

#[cfg(test)]
mod tests {
    use super::routes;
    use crate::interface::IVVV::IVVVCalls;

    #[test]
    fn every_method_of_the_interface_is_routed_and_no_other() {
        let mut routed: alloc::vec::Vec<_> = routes().iter().map(|route| route.selector).collect();
        routed.sort_unstable();
        assert_eq!(routed, IVVVCalls::SELECTORS);
    }

    #[test]
    fn every_route_has_the_types_of_the_interface() {
        for route in routes() {
            assert_eq!(route.difference(), None);
        }
    }
}

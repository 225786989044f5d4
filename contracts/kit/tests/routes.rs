//! The checker of routes, shown routes that are wrong: what never refuses proves nothing.

extern crate alloc;

/// What is routed below.
mod interface {
    #![allow(missing_docs, reason = "nobody calls it")]

    alloy_sol_types::sol! {
        interface IThing {
            function give(address to, uint256 amount) external returns (bool);
            function look() external view returns (uint256, address);
            function name() external view returns (string);
            function rest() external;
        }
    }
}

/// Each set of routes in a room of its own, as a contract has it.
macro_rules! routed {
    ($name:ident: $($call:ident => $method:ident($($arg:ident: $type:ty),*) -> $answer:ty;)+) => {
        mod $name {
            use crate::interface::IThing;
            #[allow(unused_imports, reason = "not every set has an address")]
            use contract_kit::{Address, U256};

            contract_kit::routes! { Thing: IThing;
                $($call => $method($($arg: $type),*) -> $answer;)+
            }
        }
    };
}

routed! { right:
    giveCall => give(to: Address, amount: U256) -> bool;
    lookCall => look() -> (U256, Address);
    nameCall => name() -> &'static str;
    restCall => rest() -> ();
}

routed! { wrong:
    giveCall => give(to: Address, amount: Address) -> bool;
    giveCall => give(amount: U256, to: Address) -> bool;
    giveCall => give(to: Address) -> bool;
    giveCall => give(to: Address, amount: U256, more: U256) -> bool;
    giveCall => give(to: Address, amount: U256) -> U256;
    giveCall => give(to: Address, amount: U256) -> ();
    lookCall => look() -> U256;
    lookCall => look() -> (Address, U256);
    lookCall => look() -> (U256, Address, U256);
    lookCall => look(id: U256) -> (U256, Address);
    nameCall => name() -> U256;
    nameCall => name() -> ();
    restCall => rest() -> bool;
    restCall => rest(id: u32) -> ();
}

routed! { doubled:
    giveCall => give(to: Address, amount: U256) -> bool;
    giveCall => give(to: Address, amount: U256) -> bool;
    lookCall => look() -> (U256, Address);
    nameCall => name() -> &'static str;
    restCall => rest() -> ();
}

routed! { missing:
    giveCall => give(to: Address, amount: U256) -> bool;
    lookCall => look() -> (U256, Address);
    restCall => rest() -> ();
}

fn selectors(routes: Vec<contract_kit::abi::Route>) -> Vec<[u8; 4]> {
    let mut selectors: Vec<_> = routes.iter().map(|route| route.selector).collect();
    selectors.sort_unstable();
    selectors
}

#[test]
fn routes_with_the_types_of_the_interface_differ_in_nothing() {
    for route in right::routes() {
        assert_eq!(route.difference(), None);
    }
    let all = interface::IThing::IThingCalls::SELECTORS;
    assert_eq!(selectors(right::routes()), all);
}

#[test]
fn a_route_with_another_type_order_or_count_is_told_with_both_forms() {
    for route in wrong::routes() {
        let said = route.difference();
        assert!(said.is_some(), "{route:?}");
        let said = said.unwrap_or_default();
        assert!(said.starts_with(route.declared), "{said}");
        assert!(
            said.ends_with(&format!("returns {}", route.results)),
            "{said}"
        );
    }
    let first = wrong::routes().swap_remove(0).difference();
    assert_eq!(
        first.as_deref(),
        Some("give(address,uint256) returns bool: routed as give(address,address) returns bool")
    );
}

#[test]
fn a_method_that_is_routed_twice_or_not_at_all_shows_in_the_selectors() {
    let all = interface::IThing::IThingCalls::SELECTORS;
    assert_ne!(selectors(doubled::routes()), all);
    assert_ne!(selectors(missing::routes()), all);
}

#[test]
fn the_types_of_answers_are_spelt_as_the_interface_spells_them() {
    let results: Vec<_> = right::routes()
        .into_iter()
        .map(|route| route.results)
        .collect();
    assert_eq!(results, ["bool", "uint256,address", "string", ""]);
}

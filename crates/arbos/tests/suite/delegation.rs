//! EIP-7702 accounts that point at what is no ordinary contract.

use alloy_primitives::{Address, Bytes, U256, address, bytes};

use crate::world::{ALICE, PLENTY, World};

/// Calls the address in its calldata and returns whether that succeeded.
const CALLS: Bytes = bytes!("5f5f5f5f5f5f355af15f5260205ff3");
/// The same by `DELEGATECALL`.
const DELEGATES: Bytes = bytes!("5f5f5f5f5f355af45f5260205ff3");

const BORROWER: Address = address!("de1e9a7ed0000000000000000000000000000002");

fn point_at(world: &mut World, target: Address) {
    let designator = [&[0xef, 0x01, 0x00], target.as_slice()].concat();
    world.state.set_code(BORROWER, designator.into());
}

/// Whether a call of the borrower succeeds: directly, by `CALL`, and by `DELEGATECALL`.
fn calls(world: &mut World) -> [bool; 3] {
    let direct = world.view(BORROWER, bytes!("01020304"));
    if direct.is_success() {
        assert!(direct.output.is_empty());
    }
    let by = [CALLS, DELEGATES].map(|code| {
        let caller = world.place(code);
        let outcome = world.view(caller, BORROWER.into_word());
        assert!(outcome.is_success());
        U256::from_be_slice(&outcome.output) == U256::from(1)
    });
    [direct.is_success(), by[0], by[1]]
}

#[test]
fn an_account_that_is_delegated_to_a_precompile_runs_no_code_and_succeeds() {
    for version in [51, 60] {
        let mut world = World::at(version);
        // Ethereum's, ArbOS's own, an owner's, Stylus's, the filters', the debug chain's.
        for number in [1u8, 2, 9, 0x64, 0x70, 0x71, 0x74, 0xff] {
            point_at(&mut world, Address::with_last_byte(number));
            assert_eq!(calls(&mut world), [true; 3], "0x{number:x} at {version}");
        }
        let gas = |world: &World, to| {
            let outcome = world
                .call(&world.tx(ALICE, Some(to), Bytes::new()))
                .unwrap();
            assert!(outcome.gas_used < PLENTY);
            outcome.gas_used
        };
        assert_eq!(gas(&world, BORROWER), 21_000, "nothing runs");
    }
}

#[test]
fn code_that_looks_like_a_precompiles_stub_still_fails_where_it_stands_and_where_it_is_borrowed() {
    let mut world = World::new();
    let invalid = world.place(bytes!("fe"));
    assert!(!world.view(invalid, Bytes::new()).is_success());
    point_at(&mut world, invalid);
    assert_eq!(calls(&mut world), [false; 3]);
}

//! The rules common to all precompiles.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;

use super::{ALICE, Ask, OPEN, PLENTY, READ, WORD, mock::World, ok};
use crate::{
    precompiles::{
        PrecompileStatus, addresses, arb_owner::ArbOwner, arb_sys::ArbSys, arb_test::ArbosTest,
        arb_wasm::ArbWasm, describe_error, is_precompile, numbered, owner_public::ArbOwnerPublic,
        run,
    },
    state::sure,
};

#[test]
fn before_its_version_a_precompile_is_an_account_without_code() {
    let mut world = World::at(20);
    let answer = Ask::new(0x71, ArbWasm::stylusVersionCall {}).run(&mut world);
    assert_eq!(answer.result.status, PrecompileStatus::Success);
    assert!(answer.result.output.is_empty());
    assert_eq!(answer.gas_used, 0);
    assert!(!is_precompile(numbered(0x71), 20));
    assert!(is_precompile(numbered(0x71), 30));
    for (number, known_since) in [(0x64, 0), (0x71, 30), (0x73, 30), (0x74, 50)] {
        let known_at = |version| addresses(version).any(|address| address == numbered(number));
        assert!(known_at(known_since) && known_at(60), "{number:x}");
        assert!(known_since == 0 || !known_at(known_since - 1), "{number:x}");
    }
}

#[test]
fn an_address_that_is_no_precompile_answers_like_one_without_code() {
    let mut world = World::at(51);
    let answer = Ask::raw(0x6a, [1, 2, 3, 4]).run(&mut world);
    assert!(answer.result.is_success());
    assert_eq!(answer.gas_used, 0);
    assert!(!is_precompile(ALICE, 51));
}

#[test]
fn short_calldata_and_unknown_selectors_take_all_gas() {
    let mut world = World::at(51);
    for input in [&b""[..], b"\x01\x02\x03", b"\x01\x02\x03\x04"] {
        let answer = Ask::raw(0x64, Bytes::copy_from_slice(input)).run(&mut world);
        answer.assert_revert(b"", PLENTY);
    }
}

#[test]
fn methods_exist_only_within_their_versions() {
    let mut world = World::at(51);
    Ask::new(0x71, ArbWasm::activationGasCall {})
        .run(&mut world)
        .assert_revert(b"", PLENTY);
    let mut world = World::at(60);
    let (gas, used) = ok(&mut world, 0x71, ArbWasm::activationGasCall {});
    assert_eq!((gas, used), (0, OPEN + 800 + WORD));
}

#[test]
fn only_pure_methods_run_under_a_delegate_call() {
    let mut world = World::at(51);
    let pure = ArbosTest::burnArbGasCall {
        gasAmount: U256::ZERO,
    };
    let answer = Ask::new(0x69, pure).delegated().run(&mut world);
    assert!(answer.result.is_success());
    Ask::new(0x64, ArbSys::arbBlockNumberCall {})
        .delegated()
        .run(&mut world)
        .assert_revert(b"", PLENTY);
}

#[test]
fn writing_methods_take_all_gas_in_a_static_frame() {
    let mut world = World::at(51);
    let call = ArbSys::withdrawEthCall { destination: ALICE };
    Ask::new(0x64, call)
        .static_()
        .run(&mut world)
        .assert_revert(b"", PLENTY);
    let answer = Ask::new(0x64, ArbSys::arbChainIDCall {})
        .static_()
        .run(&mut world);
    assert!(answer.result.is_success());
}

#[test]
fn value_takes_all_gas_unless_the_method_is_payable() {
    let mut world = World::at(51);
    Ask::new(0x64, ArbSys::arbBlockNumberCall {})
        .value(1)
        .run(&mut world)
        .assert_revert(b"", PLENTY);
}

#[test]
fn arguments_the_state_and_the_output_are_paid_for() {
    let mut world = World::at(51);
    let burn = ArbosTest::burnArbGasCall {
        gasAmount: U256::from(1_000),
    };
    let answer = Ask::new(0x69, burn).run(&mut world);
    assert_eq!(answer.gas_used, 1_000 + WORD);
    let (_, gas) = ok(&mut world, 0x64, ArbSys::arbBlockNumberCall {});
    assert_eq!(gas, OPEN + WORD);
}

#[test]
fn running_out_of_gas_anywhere_takes_all_of_it() {
    let mut world = World::at(51);
    for gas in [0, OPEN - 1, OPEN, OPEN + WORD - 1] {
        Ask::new(0x64, ArbSys::arbBlockNumberCall {})
            .gas(gas)
            .run(&mut world)
            .assert_revert(b"", gas);
    }
    let answer = Ask::new(0x64, ArbSys::arbBlockNumberCall {})
        .gas(OPEN + WORD)
        .run(&mut world);
    assert!(answer.result.is_success());
}

#[test]
fn burning_more_gas_than_there_is_burns_all_of_it_and_succeeds() {
    let mut world = World::at(51);
    for amount in [5_000 - WORD, 5_000, u64::MAX] {
        let gasAmount = U256::from(amount);
        let answer = Ask::new(0x69, ArbosTest::burnArbGasCall { gasAmount })
            .gas(5_000)
            .run(&mut world);
        assert!(answer.result.is_success(), "{amount}");
        assert_eq!(answer.gas_used, 5_000);
    }
    let gasAmount = U256::from(u64::MAX) + U256::from(1);
    Ask::new(0x69, ArbosTest::burnArbGasCall { gasAmount })
        .gas(5_000)
        .run(&mut world)
        .assert_revert(b"", WORD);
}

/// Words of arguments with bytes where the type leaves none.
#[test]
fn dirty_bytes_are_dropped_from_addresses_and_refused_in_numbers_and_flags() {
    let dirty = |at: usize| {
        let mut word = [0; 32];
        word[31] = 1;
        word[at] = 0xff;
        word
    };
    let call = |selector: [u8; 4], word: [u8; 32]| [&selector[..], &word].concat();
    let mut world = World::at(60);
    let owner = Address::with_last_byte(1);
    let owners = world.arbos().chain_owners();
    let _: () = sure(owners.add(&mut world.free(), owner));

    let is_owner = ArbOwnerPublic::isChainOwnerCall::SELECTOR;
    for at in [0, 11] {
        let answer = Ask::raw(0x6b, call(is_owner, dirty(at))).run(&mut world);
        assert_eq!(
            answer.result.output[..],
            U256::from(1).to_be_bytes::<32>(),
            "an address with byte {at} dirty"
        );
        assert_eq!(answer.gas_used, OPEN + WORD + READ + WORD);
    }
    let numbers = [
        (ArbOwner::setInkPriceCall::SELECTOR, 4),
        (ArbOwner::setWasmFreePagesCall::SELECTOR, 2),
        (ArbOwner::setMaxStylusContractFragmentsCall::SELECTOR, 1),
        (ArbOwner::setSpeedLimitCall::SELECTOR, 8),
        (ArbOwner::setPerBatchGasChargeCall::SELECTOR, 8),
        (ArbOwner::setCollectTipsCall::SELECTOR, 1),
    ];
    for (selector, bytes) in numbers {
        let run = |world: &mut World, word| {
            let ask = Ask::raw(0x70, call(selector, word)).from(owner);
            ask.run(world).result.is_success()
        };
        assert!(run(&mut world, U256::from(1).to_be_bytes()));
        for at in [0, 31 - bytes] {
            assert!(!run(&mut world, dirty(at)), "{selector:x?}, byte {at}");
        }
    }
    // A flag is 0 or 1.
    let mut two = [0; 32];
    two[31] = 2;
    let flag = call(ArbOwner::setCollectTipsCall::SELECTOR, two);
    let answer = Ask::raw(0x70, flag).from(owner).run(&mut world);
    assert!(!answer.result.is_success());
}

#[test]
fn dirty_bytes_are_dropped_from_addresses_between_other_arguments() {
    let mut world = World::at(51);
    world.credit(numbered(0x64), U256::from(5));
    let mut input = ArbSys::sendTxToL1Call {
        destination: ALICE,
        data: Bytes::from_static(b"to the parent"),
    }
    .abi_encode();
    input[4] = 0xee;
    let answer = Ask::raw(0x64, input).run(&mut world);
    assert!(answer.result.is_success());
    assert_eq!(world.logs[0].topics()[1], ALICE.into_word());
}

#[test]
fn dirty_bytes_are_refused_in_signed_numbers_and_in_members_of_arrays() {
    let mut world = World::at(51);
    let owner = Address::with_last_byte(1);
    let owners = world.arbos().chain_owners();
    let _: () = sure(owners.add(&mut world.free(), owner));
    let mut taken = |input: Vec<u8>| {
        let ask = Ask::raw(0x70, input).from(owner);
        ask.run(&mut world).result.is_success()
    };

    let signed = |word: [u8; 32]| {
        [
            &ArbOwner::setPerBatchGasChargeCall::SELECTOR[..],
            word.as_slice(),
        ]
        .concat()
    };
    let mut word = [0xff; 32];
    assert!(taken(signed(word)), "-1");
    for dirty in [0, 23] {
        word = [0xff; 32];
        word[dirty] = 0;
        assert!(!taken(signed(word)), "-1 with byte {dirty} cleared");
    }
    word = [0xff; 32];
    word[24] = 0x7f;
    assert!(!taken(signed(word)), "below the least");

    let constraints = vec![[7_000_000, 100, 0], [8_000_000, 100, 0]];
    let list = ArbOwner::setGasPricingConstraintsCall { constraints }.abi_encode();
    assert!(taken(list.clone()));
    let first = list.len() - 6 * 32;
    for member in 0..6 {
        for byte in [0, 23] {
            let mut dirty = list.clone();
            dirty[first + 32 * member + byte] = 1;
            assert!(!taken(dirty), "member {member}, byte {byte}");
        }
    }
}

#[test]
fn dirty_bytes_are_dropped_after_a_byte_string_and_refused_in_where_it_is() {
    let mut world = World::at(51);
    let clean = ArbSys::sendTxToL1Call {
        destination: ALICE,
        data: Bytes::from_static(b"to the parent"),
    }
    .abi_encode();
    let send = |world: &mut World, at: usize| {
        let mut input = clean.clone();
        input[at] = 0xee;
        Ask::raw(0x64, input).run(world)
    };
    for at in [clean.len() - 1, clean.len() - 32 + 13] {
        assert!(send(&mut world, at).result.is_success(), "byte {at}");
    }
    let data = world.logs.iter().map(|log| log.data.data.clone());
    let data = data.filter(|data| !data.is_empty());
    for data in data.collect::<Vec<_>>() {
        assert_eq!(data[data.len() - 32..][..13], *b"to the parent");
        assert_eq!(data[data.len() - 19..], [0; 19]);
    }
    for at in [4 + 32, 4 + 64] {
        send(&mut world, at).assert_revert(b"", PLENTY);
    }
}

#[test]
fn undecodable_arguments_take_all_gas() {
    let mut world = World::at(51);
    let mut input = ArbSys::arbBlockHashCall::SELECTOR.to_vec();
    input.extend_from_slice(&[0; 31]);
    Ask::raw(0x64, input)
        .run(&mut world)
        .assert_revert(b"", PLENTY);
}

#[test]
fn abi_errors_are_described_for_clients() {
    let data = alloy_primitives::hex!("6f809c4e");
    for number in [0x71, 0x72] {
        assert_eq!(
            describe_error(numbered(number), &data).as_deref(),
            Some("error ProgramNotActivated()")
        );
    }
    assert_eq!(describe_error(numbered(0x65), &data), None);
    assert_eq!(describe_error(ALICE, &data), None);
}

#[test]
fn no_input_whatever_makes_a_precompile_panic() {
    for version in [1, 30, 51, 60] {
        let mut world = World::at(version);
        for row in crate::precompiles::methods() {
            for tail in [0usize, 31, 32, 33, 64, 96, 500] {
                for fill in [0x00, 0x01, 0x20, 0x7f, 0xff] {
                    let mut input = row.method.selector.to_vec();
                    input.resize(4 + tail, fill);
                    let mut call = Ask::raw(0, input).gas(3_000_000).0;
                    call.address = row.precompile.address;
                    call.acting = call.address;
                    let before = world.clone();
                    run(&mut world, &call);
                    world = before;
                }
            }
        }
    }
}

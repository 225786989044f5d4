//! Malformed calldata reverts and changes nothing.

use crate::prelude::*;
use alloy::sol_types::SolCall;

/// Every entry point that writes, with arguments that would be accepted.
fn writes() -> Vec<(bool, Vec<u8>)> {
    let (account, one) = (Alice.address(), wei(1));
    vec![
        (
            false,
            IStakedVvv::stakeCall {
                recipient: account,
                amount: one,
            }
            .abi_encode(),
        ),
        (
            false,
            IStakedVvv::initiateUnstakeCall { amount: one }.abi_encode(),
        ),
        (
            false,
            IStakedVvv::fundRewardsCall { amount: one }.abi_encode(),
        ),
        (
            false,
            IStakedVvv::mintDiemCall {
                sVVVAmountToLock: tokens(1),
                minDiemAmountOut: one,
            }
            .abi_encode(),
        ),
        (
            false,
            IStakedVvv::burnDiemCall {
                diemAmountToBurn: one,
            }
            .abi_encode(),
        ),
        (
            true,
            IDiem::mintCall {
                sVVVAmount: tokens(1),
                minDiemOut: one,
            }
            .abi_encode(),
        ),
        (true, IDiem::burnCall { diemAmount: one }.abi_encode()),
        (
            true,
            IDiem::transferCall {
                to: account,
                value: one,
            }
            .abi_encode(),
        ),
        (true, IDiem::stakeCall { amount: one }.abi_encode()),
        (
            true,
            IDiem::chooseGatewayCall {
                gateway: Gateway.address(),
            }
            .abi_encode(),
        ),
        (
            true,
            IDiem::leaseCall {
                lessee: account,
                amount: one,
                epochs: 1,
            }
            .abi_encode(),
        ),
    ]
}

fn target(world: &World, diem: bool) -> Address {
    if diem {
        world.contracts.diem
    } else {
        world.contracts.s_vvv
    }
}

#[test]
fn calldata_cut_short_anywhere_reverts() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    world.chain.set_time(h.model.now);
    for (diem, call) in writes() {
        let to = target(&world, diem);
        let whole = world
            .chain
            .call_raw(Alice.address(), to.into(), call.clone().into());
        assert!(whole.is_ok(), "the whole call is accepted: {whole:?}");
        for length in [0, 1, 3, 4, 5, call.len() - 32, call.len() - 1] {
            let cut: Bytes = call[..length].to_vec().into();
            let answer = world
                .chain
                .call_raw(Alice.address(), to.into(), cut.clone());
            assert!(answer.is_err(), "{cut} answered {answer:?}");
            assert!(
                !world
                    .chain
                    .transact(Alice, to.into(), cut, U256::ZERO)
                    .status()
            );
        }
    }
    h.wait(1);
    h.compare_views();
}

#[test]
fn dirty_high_bits_revert() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    world.chain.set_time(h.model.now);
    let (account, one) = (Alice.address(), wei(1));
    // The call, and which argument does not fill its word.
    let narrow: [(bool, Vec<u8>, usize); 8] = [
        (
            false,
            IStakedVvv::stakeCall {
                recipient: account,
                amount: one,
            }
            .abi_encode(),
            0,
        ),
        (false, IStakedVvv::balanceOfCall { account }.abi_encode(), 0),
        (
            true,
            IDiem::transferCall {
                to: account,
                value: one,
            }
            .abi_encode(),
            0,
        ),
        (
            true,
            IDiem::approveCall {
                spender: account,
                value: one,
            }
            .abi_encode(),
            0,
        ),
        (
            true,
            IDiem::leaseCall {
                lessee: account,
                amount: one,
                epochs: 1,
            }
            .abi_encode(),
            0,
        ),
        (
            true,
            IDiem::leaseCall {
                lessee: account,
                amount: one,
                epochs: 1,
            }
            .abi_encode(),
            2,
        ),
        (true, IDiem::creditsOfCall { account }.abi_encode(), 0),
        (
            true,
            IDiem::setGatewayCall {
                gateway: account,
                allowed: true,
            }
            .abi_encode(),
            1,
        ),
    ];
    for (diem, call, argument) in narrow {
        let who = if call[..4] == IDiem::setGatewayCall::SELECTOR {
            Owner
        } else {
            Alice
        };
        let to = target(&world, diem);
        assert!(
            world
                .chain
                .call_raw(who.address(), to.into(), call.clone().into())
                .is_ok()
        );
        let mut dirty = call;
        dirty[4 + 32 * argument] = 0x80;
        let answer = world
            .chain
            .call_raw(who.address(), to.into(), dirty.clone().into());
        assert!(
            answer.is_err(),
            "{} answered {answer:?}",
            Bytes::from(dirty)
        );
    }
    h.wait(1);
    h.compare_views();
}

#[test]
fn a_bool_other_than_zero_and_one_reverts() {
    let world = World::of(TARGET);
    let mut call = IDiem::setGatewayCall {
        gateway: Bob.address(),
        allowed: true,
    }
    .abi_encode();
    *call.last_mut().unwrap() = 2;
    let answer = world
        .chain
        .call_raw(Owner.address(), world.contracts.diem.into(), call.into());
    assert!(answer.is_err(), "{answer:?}");
}

#[test]
fn unknown_selectors_and_empty_calldata_revert() {
    let world = World::of(TARGET);
    let at = world.contracts;
    for contract in [at.vvv, at.s_vvv, at.diem] {
        for data in [&[][..], &[0xde, 0xad, 0xbe, 0xef], &[0; 4], &[0xff; 36]] {
            let answer =
                world
                    .chain
                    .call_raw(Alice.address(), contract.into(), data.to_vec().into());
            assert!(
                answer.is_err(),
                "{contract} answered {data:?} with {answer:?}"
            );
        }
    }
}

#[test]
fn value_sent_along_reverts() {
    let world = World::of(TARGET);
    let mut h = with_staker(&world);
    world.chain.set_time(h.model.now);
    for (diem, call) in writes() {
        let receipt =
            world
                .chain
                .transact(Alice, target(&world, diem).into(), call.into(), U256::ONE);
        assert!(!receipt.status());
    }
    for contract in [
        world.contracts.vvv,
        world.contracts.s_vvv,
        world.contracts.diem,
    ] {
        assert!(
            !world
                .chain
                .transact(Alice, contract.into(), Bytes::new(), U256::ONE)
                .status()
        );
    }
    h.wait(1);
    h.compare_views();
}

/// The gateway's statement that Alice used a wei today, said `times` times: epoch, two offsets, two arrays.
fn batch(h: &History<'_>, times: usize) -> Vec<u8> {
    IDiem::settleBatchCall {
        epoch: U256::from(h.today()),
        accounts: vec![Alice.address(); times],
        used: vec![wei(1); times],
    }
    .abi_encode()
}

#[test]
fn batch_arrays_that_point_outside_the_calldata_revert() {
    let world = World::of(TARGET);
    let h = with_staker(&world);
    world.chain.set_time(h.model.now);
    let call = batch(&h, 1);
    let whole = world.chain.call_raw(
        Gateway.address(),
        world.contracts.diem.into(),
        call.clone().into(),
    );
    assert!(whole.is_ok(), "the whole call is accepted: {whole:?}");
    let word = |index: usize| 4 + 32 * index;
    // Offsets and lengths that no calldata satisfies: near the end of 32, 64 and 256 bits.
    for place in [1, 2, 3, 5] {
        for wrong in [
            U256::from(u32::MAX),
            U256::from(u64::MAX),
            U256::MAX,
            U256::MAX - U256::from(31),
        ] {
            let mut broken = call.clone();
            broken[word(place)..word(place + 1)].copy_from_slice(&wrong.to_be_bytes::<32>());
            let answer = world.chain.call_raw(
                Gateway.address(),
                world.contracts.diem.into(),
                broken.into(),
            );
            assert!(
                answer.is_err(),
                "word {place} = {wrong} answered {answer:?}"
            );
        }
    }
}

#[test]
fn dirty_high_bits_of_a_batchs_account_revert() {
    let world = World::of(TARGET);
    let h = with_staker(&world);
    world.chain.set_time(h.model.now);
    let call = batch(&h, 2);
    let answer = |call: &[u8]| {
        let (from, to) = (Gateway.address(), world.contracts.diem.into());
        world.chain.call_raw(from, to, call.to_vec().into())
    };
    assert!(answer(&call).is_ok());
    // After the epoch, two offsets and the length.
    for item in [4, 5] {
        let mut dirty = call.clone();
        dirty[4 + 32 * item] = 0x80;
        let answer = answer(&dirty);
        assert!(answer.is_err(), "word {item} answered {answer:?}");
    }
}

/// Nothing is made of items that are not there, however many are announced.
#[test]
fn a_length_past_the_calldata_costs_no_more_than_one_item_too_many() {
    let world = World::of(TARGET);
    let h = with_staker(&world);
    world.chain.set_time(h.model.now);
    let call = batch(&h, 1);
    let gas = |length: u32| {
        let mut broken = call.clone();
        // Four bytes at the end of the word that holds the first array's length.
        broken[4 + 32 * 4 - 4..][..4].copy_from_slice(&length.to_be_bytes());
        let to = world.contracts.diem.into();
        let receipt = world.chain.transact(Gateway, to, broken.into(), U256::ZERO);
        assert!(!receipt.status(), "{length} items");
        receipt.gas_used
    };
    // The calldata that follows the length has room for three words.
    let least = gas(4);
    for length in [3_000, 0x1_0000, 0x100_0000, u32::MAX] {
        let used = gas(length);
        assert!(
            used < least + 1_000,
            "{length} items: {used} against {least}"
        );
    }
}

/// Wallets and routers append attribution to calldata; as in Solidity, what follows the arguments is not read.
#[test]
fn bytes_after_the_arguments_are_ignored() {
    let world = World::of(TARGET);
    let h = with_staker(&world);
    world.chain.set_time(h.model.now);
    for (diem, call) in writes() {
        let to = target(&world, diem);
        let whole = world
            .chain
            .call_raw(Alice.address(), to.into(), call.clone().into());
        let longer: Bytes = [call, b"attribution".to_vec()].concat().into();
        let answer = world.chain.call_raw(Alice.address(), to.into(), longer);
        assert_eq!(answer, whole);
    }
}

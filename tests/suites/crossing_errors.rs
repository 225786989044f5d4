//! Errors that cross contracts are in the ABI of the contract that is called: a client that knows that one ABI alone
//! can say why.

use crate::prelude::*;
use alloy::sol_types::{SolCall, SolInterface};

fn revert<C: SolCall>(world: &World, who: Who, to: Address, call: &C) -> Bytes {
    world.chain.refusal(who, to, call).data
}

fn name(data: &Bytes, by_svvv: bool) -> String {
    let shown = if by_svvv {
        format!("{:?}", IStakedVvv::IStakedVvvErrors::abi_decode(data))
    } else {
        format!("{:?}", IDiem::IDiemErrors::abi_decode(data))
    };
    assert!(shown.starts_with("Ok("), "{data} cannot be decoded");
    shown
}

#[test]
fn every_revert_of_another_contract_can_be_decoded_by_the_abi_of_the_one_that_was_called() {
    let world = World::new();
    let mut h = with_earning_minter(&world);
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 5_000 * WAD,
    });
    let (at, most) = (world.contracts, U256::MAX);
    let too_much = tokens(900_000);
    let s_vvv = |who, least: U256, amount: U256| {
        let call = IStakedVvv::mintDiemCall {
            sVVVAmountToLock: amount,
            minDiemAmountOut: least,
        };
        name(&revert(&world, who, at.s_vvv, &call), true)
    };
    let burn = |who, amount: U256| {
        let call = IStakedVvv::burnDiemCall {
            diemAmountToBurn: amount,
        };
        name(&revert(&world, who, at.s_vvv, &call), true)
    };
    let mut seen = vec![
        s_vvv(Alice, tokens(2), tokens(10)),
        s_vvv(Alice, U256::ZERO, wei(1)),
        burn(Bob, tokens(1)),
        burn(Alice, tokens(5_500)),
    ];
    let quote = IStakedVvv::getDiemAmountOutCall {
        sVVVAmountToLock: most,
    };
    seen.push(name(&revert(&world, Alice, at.s_vvv, &quote), true));
    let mint = IDiem::mintCall {
        sVVVAmount: too_much,
        minDiemOut: U256::ZERO,
    };
    seen.push(name(&revert(&world, Alice, at.diem, &mint), false));
    let exact = IDiem::mintExactCall {
        diemAmount: tokens(9_000),
        maxSVVV: most,
    };
    seen.push(name(&revert(&world, Alice, at.diem, &exact), false));
    h.act(PauseMint { who: Guardian });
    seen.push(s_vvv(Alice, U256::ZERO, tokens(10)));
    let expected = [
        "SlippageExceeded",
        "ZeroAmount",
        "InsufficientOutstanding",
        "ERC20InsufficientBalance",
        "MintCapExceeded",
        "InsufficientUnlocked",
        "InsufficientUnlocked",
        "MintingPaused",
    ];
    for (shown, expected) in seen.iter().zip(expected) {
        assert!(shown.contains(expected), "{shown} is not {expected}");
    }
    assert_eq!(seen.len(), expected.len());
}

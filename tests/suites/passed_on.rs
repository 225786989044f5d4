//! Errors that cross contracts are in the ABI of the contract that was called: its clients can read them.

use crate::prelude::*;
use alloy::sol_types::{SolCall, SolError, SolInterface};
use e2e::chain::Refusal;
use e2e::deploy::arguments;

fn by_diem(refusal: &Refusal) -> IDiem::IDiemErrors {
    IDiem::IDiemErrors::abi_decode(&refusal.data).unwrap_or_else(|_| panic!("{refusal}"))
}

fn by_s_vvv(refusal: &Refusal) -> IStakedVvv::IStakedVvvErrors {
    IStakedVvv::IStakedVvvErrors::abi_decode(&refusal.data).unwrap_or_else(|_| panic!("{refusal}"))
}

#[test]
fn what_svvv_refuses_behind_diem_is_an_error_of_diem() {
    let world = World::of(TARGET);
    let h = with_minter(&world);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    let unlocked = h.model.account(Alice.address()).free;
    let amount = unlocked + U256::ONE;
    let call = IDiem::mintCall {
        sVVVAmount: amount,
        minDiemOut: U256::ZERO,
    };
    let expected = IDiem::InsufficientUnlocked { unlocked, amount };
    assert_eq!(
        by_diem(&chain.refusal(Alice, diem, &call)),
        IDiem::IDiemErrors::InsufficientUnlocked(expected)
    );
    // A second DIEM, to which sVVV is not wired.
    let p = world.parameters;
    let terms = (
        world.contracts.s_vvv,
        p.owner,
        p.treasury,
        p.base_rate,
        p.target_supply,
    );
    let other = TARGET.contract(chain, "diem", arguments(&terms));
    let call = IDiem::mintCall {
        sVVVAmount: tokens(1),
        minDiemOut: U256::ZERO,
    };
    assert_eq!(
        by_diem(&chain.refusal(Alice, other, &call)),
        IDiem::IDiemErrors::OnlyDiem(IDiem::OnlyDiem {})
    );
}

#[test]
fn what_diem_refuses_behind_svvv_is_an_error_of_svvv() {
    let world = World::of(TARGET);
    let mut h = with_minter(&world);
    h.act(Transfer {
        who: Alice,
        to: Bob,
        amount: 10 * WAD,
    });
    let (chain, s_vvv) = (&world.chain, world.contracts.s_vvv);
    let account = h.model.account(Alice.address());
    let mint = |amount, least| IStakedVvv::mintDiemCall {
        sVVVAmountToLock: amount,
        minDiemAmountOut: least,
    };
    let burn = |amount| IStakedVvv::burnDiemCall {
        diemAmountToBurn: amount,
    };
    let refused = |call: Vec<u8>| {
        let answer = chain.call_raw(Alice.address(), s_vvv.into(), call.into());
        by_s_vvv(&answer.expect_err("refused"))
    };
    use IStakedVvv::IStakedVvvErrors as E;
    let out = h.model.preview_mint(tokens(90)).unwrap();
    let limit = out + U256::ONE;
    assert_eq!(
        refused(mint(tokens(90), limit).abi_encode()),
        E::SlippageExceeded(IStakedVvv::SlippageExceeded { actual: out, limit })
    );
    assert!(matches!(
        refused(mint(wei(1), U256::ZERO).abi_encode()),
        E::ZeroAmount(_)
    ));
    let (outstanding, amount) = (account.outstanding, account.outstanding + U256::ONE);
    assert_eq!(
        refused(burn(amount).abi_encode()),
        E::InsufficientOutstanding(IStakedVvv::InsufficientOutstanding {
            outstanding,
            amount
        })
    );
    assert_eq!(
        refused(burn(outstanding).abi_encode()),
        E::ERC20InsufficientBalance(IStakedVvv::ERC20InsufficientBalance {
            sender: Alice.address(),
            balance: account.diem,
            needed: outstanding,
        })
    );
    let past = IStakedVvv::getDiemAmountOutCall {
        sVVVAmountToLock: U256::MAX,
    };
    assert!(matches!(refused(past.abi_encode()), E::MintCapExceeded(_)));
    h.act(PauseMint { who: Guardian });
    assert!(matches!(
        refused(mint(tokens(90), U256::ZERO).abi_encode()),
        E::MintingPaused(_)
    ));
    // A curve so short that the end of the live grid has no rate.
    let tiny = e2e::model::Parameters {
        target_supply: tokens(1),
        ..e2e::world::parameters()
    };
    let world = World::with(TARGET, tiny);
    let index = U256::from(255);
    let call = IStakedVvv::diemMintRatesCall { index };
    let refusal = world.chain.refusal(Alice, world.contracts.s_vvv, &call);
    assert!(matches!(by_s_vvv(&refusal), E::RateOverflow(_)));
}

/// The same error has the same selector everywhere, so that tables of selectors serve all three.
#[test]
fn errors_that_are_passed_on_have_one_selector() {
    assert_eq!(
        IDiem::InsufficientUnlocked::SELECTOR,
        IStakedVvv::InsufficientUnlocked::SELECTOR
    );
    assert_eq!(
        IDiem::SlippageExceeded::SELECTOR,
        IStakedVvv::SlippageExceeded::SELECTOR
    );
    assert_eq!(
        IDiem::InsufficientGas::SELECTOR,
        IStakedVvv::InsufficientGas::SELECTOR
    );
}

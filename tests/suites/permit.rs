//! ERC-2612 on VVV and DIEM, and staking behind a permit.

use crate::prelude::*;
use alloy::signers::SignerSync;
use alloy::sol_types::{Eip712Domain, SolEvent, SolStruct, eip712_domain};
use e2e::action::permit::ORDER;
use e2e::action::permit::signed::Permit;
use e2e::chain::Chain;

struct Signed {
    v: u8,
    r: alloy_primitives::B256,
    s: alloy_primitives::B256,
}

fn domain(world: &World, token: Address, name: &'static str) -> Eip712Domain {
    eip712_domain! {
        name: name,
        version: "1",
        chain_id: world.chain.chain_id(),
        verifying_contract: token,
    }
}

fn sign(who: Who, domain: &Eip712Domain, permit: &Permit) -> Signed {
    let signature = who
        .signer()
        .sign_hash_sync(&permit.eip712_signing_hash(domain))
        .unwrap();
    Signed {
        v: 27 + u8::from(signature.v()),
        r: signature.r().into(),
        s: signature.s().into(),
    }
}

pub(crate) fn diem_permit(world: &World, signer: Who, deadline: u64) -> IDiem::permitCall {
    let owner = Alice.address();
    let nonce = world
        .chain
        .view(world.contracts.diem, &IDiem::noncesCall { owner });
    let (spender, value, deadline) = (Bob.address(), tokens(5), U256::from(deadline));
    let permit = Permit {
        owner,
        spender,
        value,
        nonce,
        deadline,
    };
    let Signed { v, r, s } = sign(
        signer,
        &domain(world, world.contracts.diem, "Diem"),
        &permit,
    );
    IDiem::permitCall {
        owner,
        spender,
        value,
        deadline,
        v,
        r,
        s,
    }
}

#[test]
fn a_permit_sets_an_allowance_once_whoever_submits_it() {
    let world = World::of(TARGET);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    let permit = diem_permit(&world, Alice, start() + DAY);
    chain.send(Stranger, diem, &permit);
    let (owner, spender) = (Alice.address(), Bob.address());
    assert_eq!(
        chain.view(diem, &IDiem::allowanceCall { owner, spender }),
        tokens(5)
    );
    assert_eq!(chain.view(diem, &IDiem::noncesCall { owner }), U256::ONE);
    let refusal = chain.refusal(Stranger, diem, &permit);
    assert!(
        refusal
            .data
            .starts_with(&<IDiem::ERC2612InvalidSigner as alloy::sol_types::SolError>::SELECTOR),
        "{refusal}"
    );
}

#[test]
fn a_permit_tells_of_the_allowance_that_it_sets() {
    let world = World::of(TARGET);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    let permit = diem_permit(&world, Alice, start());
    let logs = Chain::logs_of(&chain.send(Stranger, diem, &permit));
    assert_eq!(logs.len(), 1);
    let told = IDiem::Approval::decode_log(&logs[0]).unwrap();
    assert_eq!(told.address, diem);
    let allowance = (permit.owner, permit.spender, permit.value);
    assert_eq!((told.owner, told.spender, told.value), allowance);
}

#[test]
fn a_permit_is_valid_up_to_its_deadline_inclusive() {
    let world = World::of(TARGET);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    let permit = diem_permit(&world, Alice, start() + 100);
    chain.set_time(start() + 101);
    let refusal = chain.refusal(Stranger, diem, &permit);
    assert!(
        refusal.is(&IDiem::ERC2612ExpiredSignature {
            deadline: U256::from(start() + 100)
        }),
        "{refusal}"
    );
    let permit = diem_permit(&world, Alice, start() + 101);
    chain.send(Stranger, diem, &permit);
}

#[test]
fn a_permit_signed_by_somebody_else_reverts() {
    let world = World::of(TARGET);
    let permit = diem_permit(&world, Bob, start() + DAY);
    let refusal = world.chain.refusal(Bob, world.contracts.diem, &permit);
    let expected = IDiem::ERC2612InvalidSigner {
        signer: Bob.address(),
        owner: Alice.address(),
    };
    assert!(refusal.is(&expected), "{refusal}");
}

/// Every call with a signature like this must fail alike, and leave nonce and allowance as they are.
fn refuses_signature<E: alloy::sol_types::SolError>(
    spoil: impl Fn(&mut IDiem::permitCall),
    expected: &E,
) {
    let world = World::of(TARGET);
    let (chain, at) = (&world.chain, world.contracts);
    let mut call = diem_permit(&world, Alice, start() + DAY);
    spoil(&mut call);
    // VVV and DIEM share the selector; a signature like this is bad under any domain.
    for token in [at.diem, at.vvv] {
        let refusal = chain.refusal(Stranger, token, &call);
        assert!(refusal.is(expected), "{refusal}");
        let (owner, spender) = (call.owner, call.spender);
        let nonce = chain.view(token, &IDiem::noncesCall { owner });
        let allowance = chain.view(token, &IDiem::allowanceCall { owner, spender });
        assert!(nonce.is_zero() && allowance.is_zero());
    }
}

#[test]
fn a_permit_for_nobody_reverts() {
    let world = World::of(TARGET);
    let at = world.contracts;
    let (owner, spender) = (Alice.address(), Address::ZERO);
    let permit = Permit {
        owner,
        spender,
        value: wei(1),
        nonce: U256::ZERO,
        deadline: U256::MAX,
    };
    for (token, name) in [(at.vvv, "Venice Token"), (at.diem, "Diem")] {
        let Signed { v, r, s } = sign(Alice, &domain(&world, token, name), &permit);
        let Permit {
            value, deadline, ..
        } = permit;
        let call = IDiem::permitCall {
            owner,
            spender,
            value,
            deadline,
            v,
            r,
            s,
        };
        let refusal = world.chain.refusal(Stranger, token, &call);
        assert!(
            refusal.is(&IDiem::ERC20InvalidSpender { spender }),
            "{name}: {refusal}"
        );
    }
}

#[test]
fn a_permit_without_a_recovery_id_reverts() {
    for v in [0, 1] {
        refuses_signature(|call| call.v = v, &IDiem::ECDSAInvalidSignature {});
    }
}

#[test]
fn the_s_of_a_permit_is_at_most_half_the_order() {
    let world = World::of(TARGET);
    let refusal = |s: U256| {
        let mut call = diem_permit(&world, Alice, start() + DAY);
        call.s = s.into();
        world
            .chain
            .refusal(Stranger, world.contracts.diem, &call)
            .name()
    };
    let half = ORDER >> 1_usize;
    // Somebody signed this, if not Alice.
    assert_eq!(refusal(half), "ERC2612InvalidSigner");
    assert_eq!(refusal(half + U256::ONE), "ECDSAInvalidSignatureS");
}

#[test]
fn a_permit_with_the_malleable_twin_of_its_signature_reverts() {
    let world = World::of(TARGET);
    let call = diem_permit(&world, Alice, start() + DAY);
    let s = (ORDER - U256::from_be_bytes(call.s.0)).into();
    let spoil = |call: &mut IDiem::permitCall| (call.s, call.v) = (s, call.v ^ 7);
    refuses_signature(spoil, &IDiem::ECDSAInvalidSignatureS { s });
}

#[test]
fn a_permit_that_nobody_can_have_signed_reverts() {
    let (zero, most) = (
        alloy_primitives::B256::ZERO,
        alloy_primitives::B256::repeat_byte(0xff),
    );
    let invalid = IDiem::ECDSAInvalidSignature {};
    refuses_signature(|call| call.v = 29, &invalid);
    refuses_signature(|call| (call.r, call.s) = (zero, zero), &invalid);
    refuses_signature(|call| call.r = most, &invalid);
}

#[test]
fn the_domain_is_that_of_erc_5267() {
    let world = World::of(TARGET);
    let (chain, diem) = (&world.chain, world.contracts.diem);
    let answer = chain.view(diem, &IDiem::eip712DomainCall {});
    assert_eq!(answer.fields.0, [0x0f]);
    assert_eq!(
        (answer.name.as_str(), answer.version.as_str()),
        ("Diem", "1")
    );
    assert_eq!(answer.chainId, U256::from(chain.chain_id()));
    assert_eq!(answer.verifyingContract, diem);
    assert!(answer.salt.is_zero() && answer.extensions.is_empty());
    let separator = chain.view(diem, &IDiem::DOMAIN_SEPARATORCall {});
    assert_eq!(separator, domain(&world, diem, "Diem").separator());
}

pub(crate) fn stake_with_permit(
    world: &World,
    amount: U256,
    deadline: u64,
) -> IStakedVvv::stakeWithPermitCall {
    let (owner, spender) = (Erin.address(), world.contracts.s_vvv);
    let nonce = world
        .chain
        .view(world.contracts.vvv, &IVVV::noncesCall { owner });
    let deadline = U256::from(deadline);
    let permit = Permit {
        owner,
        spender,
        value: amount,
        nonce,
        deadline,
    };
    let Signed { v, r, s } = sign(
        Erin,
        &domain(world, world.contracts.vvv, "Venice Token"),
        &permit,
    );
    IStakedVvv::stakeWithPermitCall {
        recipient: owner,
        amount,
        deadline,
        v,
        r,
        s,
    }
}

#[test]
fn stake_with_permit_needs_no_approval_before() {
    let world = World::of(TARGET);
    let (chain, at) = (&world.chain, world.contracts);
    chain.send(
        Erin,
        at.vvv,
        &IVVV::mintCall {
            to: Erin.address(),
            amount: tokens(9),
        },
    );
    let call = stake_with_permit(&world, tokens(9), start() + DAY);
    chain.send(Erin, at.s_vvv, &call);
    assert_eq!(
        chain.view(
            at.s_vvv,
            &IStakedVvv::balanceOfCall {
                account: Erin.address()
            }
        ),
        tokens(9)
    );
}

#[test]
fn a_permit_submitted_by_somebody_else_before_does_not_block_the_stake() {
    let world = World::of(TARGET);
    let (chain, at) = (&world.chain, world.contracts);
    chain.send(
        Erin,
        at.vvv,
        &IVVV::mintCall {
            to: Erin.address(),
            amount: tokens(9),
        },
    );
    let call = stake_with_permit(&world, tokens(9), start() + DAY);
    let (v, r, s) = (call.v, call.r, call.s);
    let front_run = IVVV::permitCall {
        owner: Erin.address(),
        spender: at.s_vvv,
        value: call.amount,
        deadline: call.deadline,
        v,
        r,
        s,
    };
    chain.send(Stranger, at.vvv, &front_run);
    chain.send(Erin, at.s_vvv, &call);
    assert_eq!(
        chain.view(
            at.s_vvv,
            &IStakedVvv::balanceOfCall {
                account: Erin.address()
            }
        ),
        tokens(9)
    );
}

#[test]
fn a_worthless_permit_leaves_the_decision_to_the_allowance() {
    let world = World::of(TARGET);
    let (chain, at) = (&world.chain, world.contracts);
    chain.send(
        Erin,
        at.vvv,
        &IVVV::mintCall {
            to: Erin.address(),
            amount: tokens(9),
        },
    );
    let mut call = stake_with_permit(&world, tokens(9), start() + DAY);
    call.v ^= 1;
    let refusal = chain.refusal(Erin, at.s_vvv, &call);
    assert!(refusal.is(&vvv_falls_short()), "{refusal}");
}

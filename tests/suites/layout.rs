//! The storage layout is an interface: raw words against the tables in the contracts' `storage.rs`.

use crate::prelude::*;
use alloy_primitives::{B256, keccak256};
use e2e::model::INDEX_SCALE;

/// `count` bits of a word, from bit `start` on.
fn bits(word: B256, start: usize, count: usize) -> U256 {
    let shifted = U256::from_be_bytes(word.0) >> start;
    if count == 256 {
        shifted
    } else {
        shifted & ((U256::ONE << count) - U256::ONE)
    }
}

/// Slot of a mapping's entry, as Solidity places it.
fn entry(key: impl Into<U256>, mapping: u64) -> U256 {
    let key: U256 = key.into();
    let preimage = [
        key.to_be_bytes::<32>(),
        U256::from(mapping).to_be_bytes::<32>(),
    ]
    .concat();
    keccak256(preimage).into()
}

fn key(who: Who) -> U256 {
    address(who.address())
}

fn address(address: Address) -> U256 {
    U256::from_be_slice(address.as_slice())
}

/// A life with something in every word.
fn scenario(world: &World) -> History<'_> {
    let mut h = with_earning_minter(world);
    h.act(StakeVvv {
        who: Bob,
        recipient: Bob,
        amount: 2_000 * WAD,
    });
    h.wait(1_000);
    h.act(ClaimYield { who: Alice });
    h.act(CollectFees { who: Bob });
    h.act(InitiateUnstakeVvv {
        who: Alice,
        amount: 77 * WAD,
    });
    h.act(Burn {
        who: Alice,
        amount: 5 * WAD,
    });
    h.act(StakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 40 * WAD,
        epochs: 3,
    });
    h.wait(DAY);
    h.act(Spend {
        who: Gateway,
        account: Alice,
        amount: 6 * WAD,
    });
    h.act(SpendLease {
        who: Gateway,
        id: 1,
        amount: 7 * WAD,
    });
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    h.act(SetEmissionRate {
        who: Owner,
        rate: 12_345,
    });
    let at = world.contracts;
    let new_owner = Bob.address();
    world.chain.send(
        Owner,
        at.s_vvv,
        &IStakedVvv::transferOwnershipCall {
            newOwner: new_owner,
        },
    );
    world.chain.send(
        Owner,
        at.diem,
        &IDiem::transferOwnershipCall {
            newOwner: new_owner,
        },
    );
    let value = wei(9);
    world.chain.send(
        Alice,
        at.diem,
        &IDiem::approveCall {
            spender: new_owner,
            value,
        },
    );
    h
}

#[test]
fn svvv_keeps_its_words_where_its_table_says() {
    let world = World::new();
    let h = scenario(&world);
    let (m, at) = (&h.model, world.contracts);
    let word = |slot: u64| world.chain.storage(at.s_vvv, U256::from(slot));
    assert_eq!(bits(word(0), 0, 40), U256::from(m.accrued_at));
    assert_eq!(bits(word(0), 40, 216), m.index);
    assert_eq!(bits(word(1), 0, 128), m.staked());
    assert_eq!(bits(word(1), 128, 128), m.locked());
    assert_eq!(bits(word(2), 0, 128), m.reserve);
    assert_eq!(bits(word(2), 128, 128), m.locked_yield_paid);
    for (slot, contract) in [(3, at.vvv), (4, at.diem)] {
        assert_eq!(bits(word(slot), 0, 160), address(contract));
        assert_eq!(bits(word(slot), 160, 96), wei(12_345));
    }
    let debt = (m.locked() * m.index).wrapping_sub(m.locked_yield_scaled);
    assert_eq!(bits(word(5), 0, 256), debt);
    assert_eq!(bits(word(6), 0, 256), tokens(100_000));
    assert_eq!(bits(word(8), 0, 160), key(Owner));
    assert_eq!(bits(word(9), 0, 160), key(Bob));

    let account = m.account(Alice.address());
    let base = entry(key(Alice), 7);
    let word = |offset: u64| world.chain.storage(at.s_vvv, base + U256::from(offset));
    assert_eq!(bits(word(0), 0, 120), account.free);
    assert_eq!(bits(word(0), 120, 120), account.locked);
    assert_eq!(bits(word(0), 240, 16), U256::ONE);
    let debt = (account.free * account.rewards.seen).wrapping_sub(account.rewards.raw);
    assert_eq!(bits(word(1), 0, 256), debt);
    assert_eq!(bits(word(2), 0, 128), account.cooling);
    assert_eq!(bits(word(2), 128, 64), U256::from(account.cooldown_end));
}

#[test]
fn diem_keeps_its_words_where_its_table_says() {
    let world = World::new();
    let h = scenario(&world);
    let (m, at) = (&h.model, world.contracts);
    let word = |slot: U256| world.chain.storage(at.diem, slot);
    let fixed = |slot: u64| word(U256::from(slot));
    let account = m.account(Alice.address());
    assert_eq!(bits(word(entry(key(Alice), 0)), 0, 256), account.diem);
    let allowances: u64 = 1;
    let inner = keccak256(
        [
            key(Bob).to_be_bytes::<32>(),
            entry(key(Alice), allowances).to_be_bytes::<32>(),
        ]
        .concat(),
    );
    assert_eq!(bits(word(inner.into()), 0, 256), wei(9));
    assert_eq!(bits(fixed(2), 0, 256), m.diem_supply());
    assert_eq!(bits(fixed(4), 0, 160), address(at.s_vvv));
    assert_eq!(bits(fixed(4), 160, 96), U256::ZERO);
    assert_eq!(bits(fixed(5), 0, 128), tokens(90));
    assert_eq!(bits(fixed(5), 128, 128), tokens(40_000));
    let roles = [(6, Owner), (7, Bob), (8, Guardian), (9, Treasury)];
    for (slot, who) in roles {
        assert_eq!(bits(fixed(slot), 0, 256), key(who), "slot {slot}");
    }
    assert_eq!(bits(fixed(10), 0, 256), m.fees_collected);
    assert_eq!(bits(fixed(11), 0, 256), tokens(1_000));
    assert_eq!(bits(fixed(12), 0, 256), U256::ONE);
    assert_eq!(bits(word(entry(key(Gateway), 15)), 0, 256), U256::ONE);

    let position = entry(key(Alice), 13);
    assert_eq!(bits(word(position), 0, 128), account.locked);
    assert_eq!(bits(word(position), 128, 128), account.outstanding);
    let debt = (account.locked * account.yields.seen).wrapping_sub(account.yields.raw);
    assert_eq!(bits(word(position + U256::ONE), 0, 256), debt);
    // What is not yet a whole wei stays with the account.
    assert!(account.yields.raw < INDEX_SCALE * tokens(1));

    let stake = entry(key(Alice), 14);
    assert_eq!(bits(word(stake), 0, 96), account.active - account.leased);
    assert_eq!(bits(word(stake), 96, 96), tokens(6));
    assert_eq!(bits(word(stake), 192, 32), U256::from(m.epoch()));
    assert_eq!(bits(word(stake), 224, 32), U256::ONE);
    assert_eq!(bits(word(stake + U256::ONE), 0, 96), tokens(40));
    assert_eq!(bits(word(stake + U256::ONE), 96, 96), account.bucket);
    assert_eq!(
        bits(word(stake + U256::ONE), 192, 64),
        U256::from(account.bucket_end)
    );

    let lease = entry(U256::ONE, 16);
    let terms = &m.leases[&U256::ONE];
    assert_eq!(bits(word(lease), 0, 160), key(Alice));
    assert_eq!(bits(word(lease), 160, 96), U256::from(terms.start));
    assert_eq!(bits(word(lease + U256::ONE), 0, 256), key(Bob));
    let credit = word(lease + U256::from(2));
    assert_eq!(bits(credit, 0, 96), tokens(40));
    assert_eq!(bits(credit, 96, 96), tokens(7));
    assert_eq!(bits(credit, 192, 32), U256::from(m.epoch()));
    assert_eq!(bits(credit, 224, 32), U256::from(terms.end));
}

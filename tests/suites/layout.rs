//! The storage layout is an interface: raw words against the tables in the Stylus contracts' `storage.rs`, and
//! against where solc places them in the twin. Words are packed alike; what never changes is in the twin's code.

use crate::prelude::*;
use alloy_primitives::{B256, keccak256};
use e2e::action::Permit;
use e2e::deploy::Target;
use e2e::model::INDEX_SCALE;

/// Slots of sVVV.
struct StakedVvvSlots {
    /// The first of three: index and time, totals, funds.
    pool: u64,
    /// The contracts that stand beside the emission rate.
    vvv: Option<u64>,
    diem: u64,
    /// The first of two: lock debt, VVV funded.
    lock_debt: u64,
    accounts: u64,
    /// The first of two: owner, pending owner.
    owner: u64,
    max_rate: Option<u64>,
    allowances: u64,
}

const STAKED_VVV: StakedVvvSlots = match TARGET {
    Target::Stylus => StakedVvvSlots {
        pool: 0,
        vvv: Some(3),
        diem: 4,
        lock_debt: 5,
        accounts: 7,
        owner: 8,
        max_rate: Some(10),
        allowances: 11,
    },
    Target::Evm => StakedVvvSlots {
        pool: 3,
        vvv: None,
        diem: 2,
        lock_debt: 6,
        accounts: 8,
        owner: 0,
        max_rate: None,
        allowances: 9,
    },
};

/// Slots of DIEM; its token has the first three on both targets.
pub(crate) struct DiemSlots {
    s_vvv: Option<u64>,
    curve: Option<u64>,
    /// The first of two: owner, pending owner.
    owner: u64,
    guardian: u64,
    treasury: u64,
    fees_collected: u64,
    total_staked: u64,
    lease_count: u64,
    positions: u64,
    pub(crate) lines: u64,
    pub(crate) gateways: u64,
    leases: u64,
    gateway_addresses: u64,
    pub(crate) default_gateway: u64,
    nonces: u64,
    /// Where bit 160 says whether minting is paused.
    paused: u64,
}

pub(crate) const DIEM: DiemSlots = match TARGET {
    Target::Stylus => DiemSlots {
        s_vvv: Some(4),
        curve: Some(5),
        owner: 6,
        guardian: 8,
        treasury: 9,
        fees_collected: 10,
        total_staked: 11,
        lease_count: 12,
        positions: 13,
        lines: 14,
        gateways: 15,
        leases: 16,
        gateway_addresses: 17,
        default_gateway: 18,
        nonces: 3,
        paused: 4,
    },
    Target::Evm => DiemSlots {
        s_vvv: None,
        curve: None,
        owner: 8,
        guardian: 10,
        treasury: 18,
        fees_collected: 19,
        total_staked: 14,
        lease_count: 16,
        positions: 20,
        lines: 15,
        gateways: 11,
        leases: 17,
        gateway_addresses: 12,
        default_gateway: 13,
        nonces: 7,
        paused: 18,
    },
};

/// Slots of VVV.
struct VvvSlots {
    balances: u64,
    allowances: u64,
    supply: u64,
    nonces: u64,
}

const VVV: VvvSlots = match TARGET {
    Target::Stylus => VvvSlots {
        balances: 0,
        allowances: 1,
        supply: 2,
        nonces: 3,
    },
    Target::Evm => VvvSlots {
        balances: 9,
        allowances: 1,
        supply: 8,
        nonces: 7,
    },
};

/// `count` bits of a word, from bit `start` on.
pub(crate) fn bits(word: B256, start: usize, count: usize) -> U256 {
    let shifted = U256::from_be_bytes(word.0) >> start;
    if count == 256 {
        shifted
    } else {
        shifted & ((U256::ONE << count) - U256::ONE)
    }
}

/// Slot of a mapping's entry, as Solidity places it.
pub(crate) fn entry(key: impl Into<U256>, mapping: u64) -> U256 {
    let key: U256 = key.into();
    let preimage = [
        key.to_be_bytes::<32>(),
        U256::from(mapping).to_be_bytes::<32>(),
    ]
    .concat();
    keccak256(preimage).into()
}

/// Slot of an entry of the mapping that stands at `outer`.
fn inner_entry(who: Who, outer: U256) -> U256 {
    let preimage = [key(who).to_be_bytes::<32>(), outer.to_be_bytes::<32>()].concat();
    keccak256(preimage).into()
}

pub(crate) fn key(who: Who) -> U256 {
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
    h.act(register(Rival));
    h.act(set_default(Gateway));
    h.wait(2 * DAY);
    h.act(set_default(Rival));
    h.act(h.settle(Gateway, Alice, 6 * WAD));
    h.act(h.settle_leases(Gateway, &[(1, 7 * WAD)]));
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    h.act(choose(Alice, Rival));
    h.act(ChooseLeaseGateway {
        who: Bob,
        id: 1,
        gateway: None,
    });
    // Two lines to which nothing was done but this.
    h.act(choose(Bob, Rival));
    h.act(Lease {
        who: Alice,
        lessee: Carol,
        amount: 30 * WAD,
        epochs: 5,
    });
    h.act(SetEmissionRate {
        who: Owner,
        rate: 12_345,
    });
    for of in [Owned::SVvv, Owned::Diem] {
        let (who, to) = (Owner, Bob);
        h.act(OfferOwnership { of, who, to });
    }
    for (token, amount) in [(Token::SVvv, 8), (Token::Diem, 9)] {
        h.act(Approve {
            token,
            who: Alice,
            spender: Bob,
            amount,
        });
    }
    h
}

#[test]
fn vvv_keeps_its_words_where_its_table_says() {
    let world = World::of(TARGET);
    let mut h = scenario(&world);
    h.act(UsePermit {
        token: Token::Vvv,
        who: Stranger,
        permit: Permit {
            owner: Alice,
            spender: Dave,
            amount: 7,
            nonce: 0,
            deadline: u64::MAX,
            signer: Alice,
        },
    });
    let (m, at) = (&h.model, world.contracts);
    let word = |slot: U256| bits(world.chain.storage(at.vvv, slot), 0, 256);
    let supply = m.total(|account| account.vvv);
    assert_eq!(word(U256::from(VVV.supply)), supply);
    for held in [Alice.address(), Bob.address(), at.s_vvv] {
        let balance = word(entry(address(held), VVV.balances));
        assert_eq!(balance, m.account(held).vvv, "{held}");
        assert!(!balance.is_zero(), "{held}");
    }
    let given = entry(key(Alice), VVV.allowances);
    assert_eq!(word(inner_entry(Dave, given)), wei(7));
    assert_eq!(word(entry(key(Alice), VVV.nonces)), U256::ONE);
    assert_eq!(word(entry(key(Bob), VVV.nonces)), U256::ZERO);
}

#[test]
fn svvv_keeps_its_words_where_its_table_says() {
    let world = World::of(TARGET);
    let h = scenario(&world);
    let (m, at) = (&h.model, world.contracts);
    let slots = STAKED_VVV;
    let word = |slot: u64| world.chain.storage(at.s_vvv, U256::from(slot));
    assert_eq!(bits(word(slots.pool), 0, 40), U256::from(m.accrued_at));
    assert_eq!(bits(word(slots.pool), 40, 216), m.index);
    assert_eq!(bits(word(slots.pool + 1), 0, 128), m.staked());
    assert_eq!(bits(word(slots.pool + 1), 128, 128), m.locked());
    assert_eq!(bits(word(slots.pool + 2), 0, 128), m.reserve);
    assert_eq!(bits(word(slots.pool + 2), 128, 128), m.locked_yield_paid);
    for (slot, contract) in [(slots.vvv, at.vvv), (Some(slots.diem), at.diem)] {
        if let Some(slot) = slot {
            assert_eq!(bits(word(slot), 0, 160), address(contract));
            assert_eq!(bits(word(slot), 160, 96), wei(12_345));
        }
    }
    let debt = (m.locked() * m.index).wrapping_sub(m.locked_yield_scaled);
    assert_eq!(bits(word(slots.lock_debt), 0, 256), debt);
    assert_eq!(bits(word(slots.lock_debt + 1), 0, 256), tokens(100_000));
    if let Some(slot) = slots.max_rate {
        assert_eq!(bits(word(slot), 0, 256), m.max_emission_rate);
    }
    let allowance = inner_entry(Bob, entry(key(Alice), slots.allowances));
    assert_eq!(
        bits(world.chain.storage(at.s_vvv, allowance), 0, 256),
        wei(8)
    );
    assert_eq!(bits(word(slots.owner), 0, 160), key(Owner));
    assert_eq!(bits(word(slots.owner + 1), 0, 160), key(Bob));

    let account = m.account(Alice.address());
    let base = entry(key(Alice), slots.accounts);
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
fn an_account_whose_lock_is_gone_and_whose_yield_is_paid_asks_diem_no_more() {
    let world = World::of(TARGET);
    let mut h = with_earning_minter(&world);
    h.wait(1_000);
    let settles = || {
        let balances = entry(key(Alice), STAKED_VVV.accounts);
        bits(
            world.chain.storage(world.contracts.s_vvv, balances),
            240,
            16,
        )
    };
    h.act(Claim { who: Alice });
    assert_eq!(settles(), U256::ONE, "sVVV is locked");
    let amount = h.model.account(Alice.address()).outstanding.to();
    h.act(Burn { who: Alice, amount });
    assert_eq!(settles(), U256::ONE, "its yield is not paid");
    h.act(Claim { who: Alice });
    assert_eq!(settles(), U256::ZERO);
}

#[test]
fn diem_keeps_its_words_where_its_table_says() {
    let world = World::of(TARGET);
    let h = scenario(&world);
    let (m, at) = (&h.model, world.contracts);
    let word = |slot: U256| world.chain.storage(at.diem, slot);
    let fixed = |slot: u64| word(U256::from(slot));
    let account = m.account(Alice.address());
    assert_eq!(bits(word(entry(key(Alice), 0)), 0, 256), account.diem);
    let allowance = inner_entry(Bob, entry(key(Alice), 1));
    assert_eq!(bits(word(allowance), 0, 256), wei(9));
    assert_eq!(bits(fixed(2), 0, 256), m.diem_supply());
    if let Some(slot) = DIEM.s_vvv {
        assert_eq!(bits(fixed(slot), 0, 160), address(at.s_vvv));
        assert_eq!(bits(fixed(slot), 160, 96), U256::ZERO);
    }
    if let Some(slot) = DIEM.curve {
        assert_eq!(bits(fixed(slot), 0, 128), tokens(90));
        assert_eq!(bits(fixed(slot), 128, 128), tokens(40_000));
    }
    let roles = [
        (DIEM.owner, Owner),
        (DIEM.owner + 1, Bob),
        (DIEM.guardian, Guardian),
        (DIEM.treasury, Treasury),
    ];
    for (slot, who) in roles {
        assert_eq!(bits(fixed(slot), 0, 256), key(who), "slot {slot}");
    }
    assert_eq!(bits(fixed(DIEM.fees_collected), 0, 256), m.fees_collected);
    assert_eq!(bits(fixed(DIEM.total_staked), 0, 256), tokens(1_000));
    assert_eq!(bits(fixed(DIEM.lease_count), 0, 256), wei(2));

    let position = entry(key(Alice), DIEM.positions);
    assert_eq!(bits(word(position), 0, 128), account.locked);
    assert_eq!(bits(word(position), 128, 128), account.outstanding);
    let debt = (account.locked * account.yields.seen).wrapping_sub(account.yields.raw);
    assert_eq!(bits(word(position + U256::ONE), 0, 256), debt);
    // What is not yet a whole wei stays with the account.
    assert!(account.yields.raw < INDEX_SCALE * tokens(1));
}

#[test]
fn diem_keeps_its_pause_and_its_permits_where_its_tables_say() {
    let world = World::of(TARGET);
    let mut h = scenario(&world);
    let word = |slot: U256| world.chain.storage(world.contracts.diem, slot);
    let before = word(U256::from(DIEM.paused));
    assert_eq!(bits(before, 160, 96), U256::ZERO);
    h.act(PauseMint { who: Guardian });
    let paused = word(U256::from(DIEM.paused));
    assert_eq!(bits(paused, 0, 160), bits(before, 0, 160));
    assert_eq!(bits(paused, 160, 96), U256::ONE);
    for nonce in [0, 1] {
        let permit = Permit {
            owner: Alice,
            spender: Dave,
            amount: 7,
            nonce,
            deadline: u64::MAX,
            signer: Alice,
        };
        h.act(UsePermit {
            token: Token::Diem,
            who: Stranger,
            permit,
        });
    }
    let nonce = word(entry(key(Alice), DIEM.nonces));
    assert_eq!(bits(nonce, 0, 256), wei(2));
    let allowance = inner_entry(Dave, entry(key(Alice), 1));
    assert_eq!(bits(word(allowance), 0, 256), wei(7));
}

/// Numbers of gateways in the scenario.
const GATEWAY: u64 = 2;
const RIVAL: u64 = 3;

#[test]
fn diem_keeps_its_lines_where_its_tables_say() {
    let world = World::of(TARGET);
    let h = scenario(&world);
    let (m, at) = (&h.model, world.contracts);
    let word = |slot: U256, offset: u64| world.chain.storage(at.diem, slot + U256::from(offset));
    let (account, today) = (m.account(Alice.address()), U256::from(m.epoch()));

    let line = word(entry(key(Alice), DIEM.lines), 0);
    assert_eq!(bits(line, 0, 91), account.line.today.allowance);
    assert_eq!(bits(line, 0, 91), tokens(960));
    assert_eq!(bits(line, 91, 91), tokens(6));
    assert_eq!(bits(line, 182, 24), today);
    assert_eq!(bits(line, 206, 24), U256::ZERO, "never chose");
    assert_eq!(bits(line, 230, 26), U256::ONE, "a change waits");
    let waiting = word(entry(key(Alice), DIEM.lines), 1);
    assert_eq!(bits(waiting, 0, 91), tokens(130), "leaving");
    assert_eq!(bits(waiting, 91, 91), account.bucket);
    assert_eq!(bits(waiting, 182, 40), U256::from(account.bucket_end));
    assert_eq!(bits(waiting, 222, 34), U256::from(RIVAL));
    let leased = word(entry(key(Alice), DIEM.lines), 2);
    assert_eq!(bits(leased, 0, 256), tokens(70));

    let line = word(entry(key(Bob), DIEM.lines), 0);
    assert_eq!(bits(line, 0, 182), U256::ZERO);
    assert_eq!(bits(line, 182, 24), today);
    assert_eq!(bits(line, 206, 50), U256::from(RIVAL), "at once");
    assert_eq!(
        bits(word(entry(key(Bob), DIEM.lines), 1), 0, 256),
        U256::ZERO
    );

    let lease = entry(U256::ONE, DIEM.leases);
    let terms = &m.leases[&U256::ONE];
    assert_eq!(bits(word(lease, 0), 0, 160), key(Alice));
    assert_eq!(bits(word(lease, 0), 160, 96), U256::from(terms.start));
    assert_eq!(bits(word(lease, 1), 0, 160), key(Bob));
    assert_eq!(bits(word(lease, 1), 160, 96), U256::ONE, "nobody, next");
    let line = word(lease, 2);
    assert_eq!(bits(line, 0, 91), tokens(40));
    assert_eq!(bits(line, 91, 91), tokens(7));
    assert_eq!(bits(line, 182, 24), today);
    assert_eq!(bits(line, 206, 24), U256::from(terms.end));
    assert_eq!(bits(line, 230, 24), U256::ZERO, "never chose");
    assert_eq!(bits(line, 254, 2), U256::ONE, "a change waits");

    let line = word(entry(U256::from(2), DIEM.leases), 2);
    assert_eq!(bits(line, 0, 182), tokens(30));
    assert_eq!(bits(line, 206, 24), today + U256::from(6));
    assert_eq!(bits(line, 230, 26), U256::from(2 << 24), "opening");
}

#[test]
fn diem_keeps_its_gateways_where_its_tables_say() {
    let world = World::of(TARGET);
    let mut h = scenario(&world);
    h.act(revoke(Rival));
    let word = |slot: U256| world.chain.storage(world.contracts.diem, slot);
    let by_address = |who| word(entry(key(who), DIEM.gateways));
    let allowed = U256::ONE << 24_usize;
    assert_eq!(
        bits(by_address(Gateway), 0, 256),
        U256::from(GATEWAY) | allowed
    );
    assert_eq!(bits(by_address(Rival), 0, 256), U256::from(RIVAL));
    assert_eq!(bits(by_address(Newcomer), 0, 256), U256::ZERO);
    for (number, who) in [(GATEWAY, Gateway), (RIVAL, Rival)] {
        let slot = entry(U256::from(number), DIEM.gateway_addresses);
        assert_eq!(bits(word(slot), 0, 256), key(who));
    }
    let default = word(U256::from(DIEM.default_gateway));
    assert_eq!(bits(default, 0, 24), U256::from(GATEWAY), "counts");
    assert_eq!(bits(default, 24, 24), U256::from(RIVAL), "waits");
    assert_eq!(bits(default, 48, 24), U256::from(h.today() + 2));
    assert_eq!(bits(default, 72, 184), wei(2), "registered");
}

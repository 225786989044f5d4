//! Each of the three programs live and cached, live and out of the cache, expired, or waiting for the activation that a
//! new Stylus version asks for: in every combination, acts happen whole or not at all, and whoever renews what is dead
//! finds every number where it would have been.

use super::arb_wasm;
use crate::prelude::*;
use crate::views::all_views;
use crate::writes::{Write, old_hands_of, writes};
use alloy::sol;
use alloy::sol_types::SolCall;
use alloy_primitives::{Log, TxKind, address, keccak256};
use devnode::NodeConfig;
use diem_abi::arbitrum::{ARB_WASM, ARB_WASM_CACHE, IArbWasm, IArbWasmCache};
use e2e::chain::Chain;

sol! {
    #[allow(missing_docs, reason = "Arbitrum's")]
    interface IArbOwner {
        function scheduleArbOSUpgrade(uint64 newVersion, uint64 timestamp) external;
    }
}

const ARB_OWNER: Address = address!("0000000000000000000000000000000000000070");
/// The dev chain's owner.
const CHAIN_OWNER: Address = address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");
/// The first version with Stylus, and one whose Stylus version is higher.
const BEFORE: u64 = 30;
const AFTER: u64 = 51;
/// When the chain takes the higher version.
fn upgrade() -> u64 {
    start() + 10 * DAY
}
/// When what is to live is renewed for another year.
fn renewal() -> u64 {
    start() + 200 * DAY
}
/// When what was not renewed has expired; noon, as everywhere among the writes.
fn now() -> u64 {
    start() + 380 * DAY + DAY / 2
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Cached,
    Uncached,
    Expired,
    AwaitsUpgrade,
}

use State::*;

impl State {
    const ALL: [Self; 4] = [Cached, Uncached, Expired, AwaitsUpgrade];

    fn lives(self) -> bool {
        matches!(self, Cached | Uncached)
    }

    /// Whether the program is in this state.
    fn holds(self, world: &World, program: Address) -> bool {
        let chain = &world.chain;
        let left = chain.call(
            Stranger,
            ARB_WASM,
            &IArbWasm::programTimeLeftCall { program },
        );
        let codehash = keccak256(chain.code(program));
        let cached = IArbWasmCache::codehashIsCachedCall { codehash };
        let cached = chain.view(ARB_WASM_CACHE, &cached);
        match (self, left) {
            (Cached, Ok(_)) => cached,
            (Uncached, Ok(_)) => !cached,
            (Expired, Err(refusal)) => refusal
                .data
                .starts_with(&<IArbWasm::ProgramExpired as alloy::sol_types::SolError>::SELECTOR),
            (AwaitsUpgrade, Err(refusal)) => refusal.is(&IArbWasm::ProgramNeedsUpgrade {
                version: 1,
                stylusVersion: 2,
            }),
            _ => false,
        }
    }
}

/// Old hands on a chain that is about to take a new Stylus version.
fn before_the_upgrade() -> World {
    let config = NodeConfig {
        arbos_version: BEFORE,
        ..NodeConfig::default()
    };
    let world = World::on(config, e2e::world::parameters(), |chain, parameters| {
        TARGET.deploy(chain, parameters)
    });
    let world = old_hands_of(world);
    let params = serde_json::json!([CHAIN_OWNER, wei(100 * WAD)]);
    world
        .chain
        .rpc::<serde_json::Value>("anvil_setBalance", params);
    let schedule = IArbOwner::scheduleArbOSUpgradeCall {
        newVersion: AFTER,
        timestamp: upgrade(),
    };
    world.chain.send_as(CHAIN_OWNER, ARB_OWNER, &schedule);
    world
}

fn programs(world: &World) -> [Address; 3] {
    let at = world.contracts;
    [at.vvv, at.s_vvv, at.diem]
}

fn activate(world: &World, program: Address) {
    arb_wasm(world, &IArbWasm::activateProgramCall { program });
}

/// Brings each program into its state, at [`now`].
fn bring(world: &World, states: [State; 3]) {
    let chain = &world.chain;
    let all = || programs(world).into_iter().zip(states);
    chain.set_time(upgrade());
    for (program, _) in all().filter(|(_, state)| *state != AwaitsUpgrade) {
        activate(world, program);
    }
    for (program, _) in all().filter(|(_, state)| *state == Cached) {
        let cache = IArbWasmCache::cacheProgramCall { program };
        chain.send_as(CHAIN_OWNER, ARB_WASM_CACHE, &cache);
    }
    chain.set_time(renewal());
    for (program, _) in all().filter(|(_, state)| state.lives()) {
        let codehash = keccak256(chain.code(program));
        arb_wasm(world, &IArbWasm::codehashKeepaliveCall { codehash });
    }
    // A block of that time, so that calls and transactions agree on it.
    chain.set_time(now());
    chain.transact(
        Stranger,
        Stranger.address().into(),
        Bytes::new(),
        U256::ZERO,
    );
    for (program, state) in all() {
        assert!(state.holds(world, program), "{program} is not {state:?}");
    }
}

/// What a write does now: its events, or nothing.
fn effect(world: &World, write: &Write) -> Option<Vec<Log>> {
    let snapshot = world.chain.snapshot();
    let to = TxKind::from(write.to);
    let data = write.data.clone();
    let receipt = world.chain.transact(write.who, to, data, U256::ZERO);
    world.chain.revert(snapshot);
    receipt.status().then(|| Chain::logs_of(&receipt))
}

fn combinations() -> Vec<[State; 3]> {
    let mut all = Vec::new();
    for vvv in State::ALL {
        for s_vvv in State::ALL {
            all.extend(State::ALL.map(|diem| [vvv, s_vvv, diem]));
        }
    }
    all
}

/// Acts that pay, without DIEM, what does not depend on it; the suite `claim_without_diem` has their amounts.
fn pays_in_parts(write: &Write) -> bool {
    [
        IStakedVvv::claimCall::SIGNATURE,
        IStakedVvv::claimAndStakeCall::SIGNATURE,
    ]
    .contains(&write.name)
}

#[test]
fn in_every_combination_acts_happen_whole_or_not_at_all_and_renewal_brings_everything_back() {
    let world = before_the_upgrade();
    let start = world.chain.snapshot();
    let mut start = Some(start);
    let mut again = |world: &World, states| {
        if let Some(start) = start.take() {
            world.chain.revert(start);
        }
        start = Some(world.chain.snapshot());
        bring(world, states);
    };

    again(&world, [Cached; 3]);
    let writes: Vec<_> = writes(&world);
    let whole: Vec<_> = writes.iter().map(|write| effect(&world, write)).collect();
    let views = all_views(&world);
    let happen = whole.iter().flatten().count();
    assert!(happen > 30, "{happen} of {} acts happen", writes.len());

    for states in combinations() {
        again(&world, states);
        let [_, s_vvv, diem] = states;
        let mut done = 0;
        for (write, whole) in writes.iter().zip(&whole) {
            let Some(logs) = effect(&world, write) else {
                continue;
            };
            done += 1;
            if pays_in_parts(write) && !diem.lives() {
                continue;
            }
            assert_eq!(Some(&logs), whole.as_ref(), "{} in {states:?}", write.name);
            let of = programs(&world).iter().position(|it| *it == write.to);
            let of = of.expect("a call of one of the three");
            assert!(states[of].lives(), "{} of a dead program", write.name);
        }
        if states.iter().all(|state| state.lives()) {
            assert_eq!(done, happen, "{states:?}");
        }
        if states == [Cached, Cached, Expired] || states == [Cached, Cached, AwaitsUpgrade] {
            assert!(
                s_vvv.lives() && done > 10,
                "sVVV goes on without DIEM: {done}"
            );
        }
        for (program, _) in programs(&world)
            .into_iter()
            .zip(states)
            .filter(|(_, state)| !state.lives())
        {
            activate(&world, program);
        }
        for ((name, answer), (_, expected)) in all_views(&world).iter().zip(&views) {
            assert_eq!(answer, expected, "{name} after {states:?}");
        }
    }
}

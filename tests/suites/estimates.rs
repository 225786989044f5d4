//! An estimate suffices in any later second: what a client is told in the very second in which somebody else has
//! touched the pool is enough whenever the call is sent, with no headroom.

use crate::prelude::*;
use crate::writes::*;
use alloy::sol_types::SolCall;
use std::path::PathBuf;
use std::process::Command;

/// Somebody else touches the pool, the subject asks for an estimate in that second, and sends later.
fn holds(world: &World, writes: &[Write]) {
    holds_after(world, writes, |world| stake(world, Bob, 1));
}

/// As [`holds`], where something else happens before in that second.
fn holds_after(world: &World, writes: &[Write], before: impl Fn(&World)) {
    let chain = &world.chain;
    let now = chain.time();
    for write in writes {
        for later in [1, 2 * 3_600, NOON - 1, NOON, NOON + 5, 3 * DAY] {
            if write.today_only && later >= NOON {
                continue;
            }
            let snapshot = chain.snapshot();
            before(world);
            let (who, to, data) = (write.who, write.to.into(), write.data.clone());
            let estimate = chain
                .estimate(who, to, data.clone())
                .unwrap_or_else(|refusal| panic!("{} by {who:?}: {refusal}", write.name));
            chain.set_time(now + later);
            let receipt = chain.transact_with(who, to, data.clone(), estimate);
            assert!(
                receipt.status(),
                "{} by {who:?} was estimated at {estimate} and failed {later} s later, having used {}; asked again: {:?}",
                write.name,
                receipt.gas_used,
                chain.call_raw(who.address(), to, data)
            );
            chain.revert(snapshot);
            chain.set_time(now);
        }
    }
}

#[test]
fn an_estimate_of_every_write_function_holds_in_any_later_second() {
    let world = old_hands();
    let writes = writes(&world);
    holds(&world, &writes);
    assert_all_are_there(&writes);
}

#[test]
fn an_estimate_holds_on_lines_that_were_touched_today() {
    let world = busy_hands();
    // The bucket's clock was restarted, so it cannot be emptied.
    let credit = |write: &Write| {
        write.to == world.contracts.diem && write.name != IDiem::unstakeCall::SIGNATURE
    };
    let writes: Vec<_> = writes(&world).into_iter().filter(credit).collect();
    holds(&world, &writes);
}

/// Nothing was ever emitted, so every word that accrual writes is a fresh slot.
#[test]
fn an_estimate_of_a_newcomer_holds_where_nothing_was_ever_emitted() {
    let world = World::of(TARGET);
    let at = world.contracts;
    fund_and_approve(&world);
    appoint(&world);
    world.chain.set_time(start() + NOON);
    let (carol, amount) = (Carol.address(), tokens(10));
    let (locked, least) = (amount, U256::ZERO);
    let first = [
        write(
            Carol,
            at.s_vvv,
            IStakedVvv::stakeCall {
                recipient: carol,
                amount,
            },
        ),
        write(Carol, at.s_vvv, IStakedVvv::claimCall {}),
        write(Carol, at.diem, IDiem::claimYieldCall {}),
        write(Carol, at.diem, IDiem::collectFeesCall {}),
        write(
            Carol,
            at.diem,
            IDiem::chooseGatewayCall {
                gateway: Stranger.address(),
            },
        ),
    ];
    holds(&world, &first);
    stake(&world, Carol, 1_000);
    let staked = [
        write(Carol, at.s_vvv, IStakedVvv::initiateUnstakeCall { amount }),
        write(Carol, at.s_vvv, IStakedVvv::claimCall {}),
        write(
            Carol,
            at.diem,
            IDiem::mintCall {
                sVVVAmount: locked,
                minDiemOut: least,
            },
        ),
        write(
            Carol,
            at.diem,
            IDiem::mintExactCall {
                diemAmount: wei(WAD),
                maxSVVV: U256::MAX,
            },
        ),
        write(
            Carol,
            at.s_vvv,
            IStakedVvv::mintDiemCall {
                sVVVAmountToLock: amount,
                minDiemAmountOut: U256::ZERO,
            },
        ),
        write(Carol, at.s_vvv, IStakedVvv::fundRewardsCall { amount }),
    ];
    holds(&world, &staked);
    mint(&world, Carol, 900);
    let all = world
        .chain
        .view(at.diem, &IDiem::balanceOfCall { account: carol });
    let minted = [
        write(
            Carol,
            at.diem,
            IDiem::burnCall {
                diemAmount: wei(WAD),
            },
        ),
        write(Carol, at.diem, IDiem::burnCall { diemAmount: all }),
        write(
            Carol,
            at.s_vvv,
            IStakedVvv::burnDiemCall {
                diemAmountToBurn: wei(WAD),
            },
        ),
        write(Carol, at.s_vvv, IStakedVvv::claimCall {}),
        write(Carol, at.diem, IDiem::claimYieldCall {}),
        write(Carol, at.diem, IDiem::collectFeesCall {}),
        write(
            Carol,
            at.diem,
            IDiem::mintCall {
                sVVVAmount: locked,
                minDiemOut: least,
            },
        ),
        write(Carol, at.diem, IDiem::stakeCall { amount: wei(WAD) }),
    ];
    holds(&world, &minted);
    let amount = wei(5 * WAD);
    send(&world, Carol, at.diem, IDiem::stakeCall { amount });
    let lender = [
        write(Carol, at.diem, IDiem::stakeCall { amount: wei(1) }),
        write(
            Carol,
            at.diem,
            IDiem::initiateUnstakeCall { amount: wei(WAD) },
        ),
        write(
            Carol,
            at.diem,
            IDiem::leaseCall {
                lessee: carol,
                amount: wei(WAD),
                epochs: 1,
            },
        ),
        write(
            Carol,
            at.diem,
            IDiem::chooseGatewayCall {
                gateway: Stranger.address(),
            },
        ),
    ];
    holds(&world, &lender);
}

/// Nothing was ever funded, staked or emitted: all words of the pool and its balance of VVV are fresh slots, and the
/// allowance is used up.
#[test]
fn an_estimate_of_the_first_funding_and_the_first_stake_holds() {
    let world = World::of(TARGET);
    let at = world.contracts;
    let (owner, amount) = (Owner.address(), tokens(1_000));
    let mint = IVVV::mintCall { to: owner, amount };
    send(&world, Owner, at.vvv, mint);
    let (spender, value) = (at.s_vvv, amount);
    send(&world, Owner, at.vvv, IVVV::approveCall { spender, value });
    let recipient = owner;
    let first = [
        write(Owner, at.s_vvv, IStakedVvv::fundRewardsCall { amount }),
        write(Owner, at.s_vvv, IStakedVvv::stakeCall { recipient, amount }),
        write(
            Owner,
            at.s_vvv,
            IStakedVvv::setEmissionRateCall {
                newEmissionRate: wei(WAD),
            },
        ),
    ];
    // A block in the second of the estimate, in which nothing is accrued.
    holds_after(&world, &first, |_| ());
    let touch = IVVV::mintCall {
        to: Stranger.address(),
        amount,
    };
    holds_after(&world, &first, |world| {
        send(world, Stranger, at.vvv, touch.clone())
    });
}

/// viem, ethers and cast, each with the gas that it was told and no more.
#[test]
fn viem_ethers_and_cast_need_no_headroom() {
    let world = World::of(TARGET);
    // The script sets the time as well.
    world.chain.needs_a_clock_that_can_be_set();
    let at = world.contracts;
    fund_and_approve(&world);
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("clients/estimates.mjs");
    let keys = [Bob, Carol, Dave].map(|who| who.signer().to_bytes().to_string());
    let output = Command::new("node")
        .arg(script)
        .arg(world.chain.url())
        .args([at.vvv, at.s_vvv, at.diem].map(|address| address.to_string()))
        .args(keys)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.trim().ends_with("all estimates hold"),
        "{said}\n{complaint}"
    );
}

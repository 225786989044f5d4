//! An estimate suffices in any later second: what a client is told in the very second in which somebody else has
//! touched the pool is enough whenever the call is sent, with no headroom.

use crate::permit::diem_permit;
use crate::prelude::*;
use alloy::sol_types::SolCall;
use e2e::deploy::repository;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// Midday, so that a later second can be in the same epoch or in the next.
const NOON: u64 = DAY / 2;

/// One call of a write function.
struct Write {
    name: &'static str,
    who: Who,
    to: Address,
    data: Bytes,
    /// A statement about today is refused tomorrow, whatever its gas.
    today_only: bool,
}

fn write<C: SolCall>(who: Who, to: Address, call: C) -> Write {
    Write {
        name: C::SIGNATURE,
        who,
        to,
        data: call.abi_encode().into(),
        today_only: false,
    }
}

fn settlement<C: SolCall>(to: Address, call: C) -> Write {
    Write {
        today_only: true,
        ..write(Gateway, to, call)
    }
}

/// Sends what must succeed while a state is prepared.
fn send<C: SolCall>(world: &World, who: Who, to: Address, call: C) {
    world.chain.send(who, to, &call);
}

fn fund_and_approve(world: &World) {
    let at = world.contracts;
    for who in [Alice, Bob, Carol, Dave, Owner] {
        let (to, amount) = (who.address(), tokens(10_000_000));
        send(world, who, at.vvv, IVVV::mintCall { to, amount });
        world.approve_vvv(who, at.s_vvv);
    }
    let amount = tokens(100_000);
    send(
        world,
        Owner,
        at.s_vvv,
        IStakedVvv::fundRewardsCall { amount },
    );
}

fn stake(world: &World, who: Who, amount: u128) {
    let (recipient, amount) = (who.address(), tokens(amount));
    send(
        world,
        who,
        world.contracts.s_vvv,
        IStakedVvv::stakeCall { recipient, amount },
    );
}

fn mint(world: &World, who: Who, amount: u128) {
    let call = IDiem::mintCall {
        sVVVAmount: tokens(amount),
        minDiemOut: U256::ZERO,
    };
    send(world, who, world.contracts.diem, call);
}

/// Roles, and what the credit lines of old hands need.
fn appoint(world: &World) {
    let (diem, gateway) = (world.contracts.diem, Gateway.address());
    let allowed = true;
    send(
        world,
        Owner,
        diem,
        IDiem::setGatewayCall { gateway, allowed },
    );
    let other = Stranger.address();
    send(
        world,
        Owner,
        diem,
        IDiem::setGatewayCall {
            gateway: other,
            allowed,
        },
    );
    send(world, Owner, diem, IDiem::setDefaultGatewayCall { gateway });
    let new_guardian = Guardian.address();
    send(
        world,
        Owner,
        diem,
        IDiem::setGuardianCall {
            newGuardian: new_guardian,
        },
    );
}

/// A world in which everything has happened before, at noon nine days later.
fn old_hands() -> World {
    let world = World::of(TARGET);
    let (chain, at) = (&world.chain, world.contracts);
    fund_and_approve(&world);
    appoint(&world);
    stake(&world, Bob, 1_000);
    for who in [Alice, Dave] {
        stake(&world, who, 1_000_000);
        mint(&world, who, 500_000);
    }
    let amount = tokens(1_000);
    send(&world, Alice, at.diem, IDiem::stakeCall { amount });
    let lessee = Bob.address();
    for epochs in [1, 30] {
        let amount = tokens(100);
        send(
            &world,
            Alice,
            at.diem,
            IDiem::leaseCall {
                lessee,
                amount,
                epochs,
            },
        );
    }
    let amount = tokens(10);
    send(
        &world,
        Alice,
        at.diem,
        IDiem::initiateUnstakeCall { amount },
    );
    send(
        &world,
        Alice,
        at.s_vvv,
        IStakedVvv::initiateUnstakeCall { amount },
    );
    let (spender, value) = (Dave.address(), tokens(1));
    send(
        &world,
        Alice,
        at.diem,
        IDiem::approveCall { spender, value },
    );
    let new_owner = Erin.address();
    send(
        &world,
        Owner,
        at.s_vvv,
        IStakedVvv::transferOwnershipCall {
            newOwner: new_owner,
        },
    );
    send(
        &world,
        Owner,
        at.diem,
        IDiem::transferOwnershipCall {
            newOwner: new_owner,
        },
    );
    chain.set_time(START + 9 * DAY + NOON);
    world
}

/// As [`old_hands`], after everybody's credit line was touched this very day.
fn busy_hands() -> World {
    let world = old_hands();
    let diem = world.contracts.diem;
    let amount = tokens(5);
    send(&world, Alice, diem, IDiem::initiateUnstakeCall { amount });
    let gateway = Stranger.address();
    send(&world, Alice, diem, IDiem::chooseGatewayCall { gateway });
    let id = wei(2);
    send(
        &world,
        Bob,
        diem,
        IDiem::chooseLeaseGatewayCall { id, gateway },
    );
    send(
        &world,
        Owner,
        diem,
        IDiem::setDefaultGatewayCall { gateway },
    );
    let (epoch, account) = (U256::from(world.chain.time() / DAY), Alice.address());
    let used = tokens(1);
    send(
        &world,
        Gateway,
        diem,
        IDiem::settleCall {
            epoch,
            account,
            used,
        },
    );
    world
}

/// Every write function that a client can call, as old hands call them.
fn writes(world: &World) -> Vec<Write> {
    let at = world.contracts;
    let (alice, stranger) = (Alice.address(), Stranger.address());
    let amount = tokens(10);
    let epoch = U256::from(world.chain.time() / DAY);
    let none = alloy_primitives::B256::ZERO;
    let id = U256::ONE;
    let mut all = vec![
        // VVV
        write(Alice, at.vvv, IVVV::mintCall { to: alice, amount }),
        write(
            Alice,
            at.vvv,
            IVVV::approveCall {
                spender: stranger,
                value: amount,
            },
        ),
        write(
            Alice,
            at.vvv,
            IVVV::transferCall {
                to: stranger,
                value: amount,
            },
        ),
        // sVVV
        write(
            Alice,
            at.s_vvv,
            IStakedVvv::stakeCall {
                recipient: alice,
                amount,
            },
        ),
        write(
            Alice,
            at.s_vvv,
            IStakedVvv::stakeCall {
                recipient: stranger,
                amount,
            },
        ),
        write(
            Alice,
            at.s_vvv,
            IStakedVvv::stakeWithPermitCall {
                // Refused by VVV, which does not block the stake: the allowance decides.
                recipient: alice,
                amount,
                deadline: U256::MAX,
                v: 27,
                r: none,
                s: none,
            },
        ),
        write(Dave, at.s_vvv, IStakedVvv::initiateUnstakeCall { amount }),
        write(Alice, at.s_vvv, IStakedVvv::finalizeUnstakeCall {}),
        write(Alice, at.s_vvv, IStakedVvv::claimCall {}),
        write(Bob, at.s_vvv, IStakedVvv::claimCall {}),
        write(Stranger, at.s_vvv, IStakedVvv::claimCall {}),
        write(Alice, at.s_vvv, IStakedVvv::claimAndStakeCall {}),
        write(
            Alice,
            at.s_vvv,
            IStakedVvv::mintDiemCall {
                sVVVAmountToLock: amount,
                minDiemAmountOut: U256::ZERO,
            },
        ),
        write(
            Alice,
            at.s_vvv,
            IStakedVvv::burnDiemCall {
                diemAmountToBurn: amount,
            },
        ),
        write(
            Alice,
            at.s_vvv,
            IStakedVvv::approveCall {
                spender: stranger,
                value: amount,
            },
        ),
        write(Owner, at.s_vvv, IStakedVvv::fundRewardsCall { amount }),
        write(
            Owner,
            at.s_vvv,
            IStakedVvv::setEmissionRateCall {
                newEmissionRate: wei(1),
            },
        ),
        write(
            Owner,
            at.s_vvv,
            IStakedVvv::transferOwnershipCall { newOwner: stranger },
        ),
        write(Erin, at.s_vvv, IStakedVvv::acceptOwnershipCall {}),
        write(Owner, at.s_vvv, IStakedVvv::renounceOwnershipCall {}),
        // DIEM
        write(
            Alice,
            at.diem,
            IDiem::mintCall {
                sVVVAmount: amount,
                minDiemOut: U256::ZERO,
            },
        ),
        write(
            Bob,
            at.diem,
            IDiem::mintCall {
                sVVVAmount: amount,
                minDiemOut: U256::ZERO,
            },
        ),
        write(
            Alice,
            at.diem,
            IDiem::mintExactCall {
                diemAmount: wei(WAD),
                maxSVVV: U256::MAX,
            },
        ),
        write(Alice, at.diem, IDiem::burnCall { diemAmount: amount }),
        write(Alice, at.diem, IDiem::claimYieldCall {}),
        write(Stranger, at.diem, IDiem::claimYieldCall {}),
        write(Stranger, at.diem, IDiem::collectFeesCall {}),
        write(Alice, at.diem, IDiem::stakeCall { amount }),
        write(Dave, at.diem, IDiem::stakeCall { amount }),
        write(Alice, at.diem, IDiem::initiateUnstakeCall { amount }),
        write(Alice, at.diem, IDiem::unstakeCall {}),
        write(
            Alice,
            at.diem,
            IDiem::leaseCall {
                lessee: alice,
                amount,
                epochs: 7,
            },
        ),
        write(Bob, at.diem, IDiem::transferLeaseCall { id, to: alice }),
        write(Stranger, at.diem, IDiem::closeLeaseCall { id }),
        write(
            Owner,
            at.diem,
            IDiem::setGatewayCall {
                gateway: alice,
                allowed: true,
            },
        ),
        write(
            Owner,
            at.diem,
            IDiem::setTreasuryCall { newTreasury: alice },
        ),
        write(
            Owner,
            at.diem,
            IDiem::setGuardianCall { newGuardian: alice },
        ),
        write(Guardian, at.diem, IDiem::pauseMintCall {}),
        write(Owner, at.diem, IDiem::unpauseMintCall {}),
        write(
            Guardian,
            at.diem,
            IDiem::revokeGatewayCall { gateway: stranger },
        ),
        write(
            Alice,
            at.diem,
            IDiem::transferCall {
                to: stranger,
                value: amount,
            },
        ),
        write(
            Dave,
            at.diem,
            IDiem::transferFromCall {
                from: alice,
                to: stranger,
                value: wei(1),
            },
        ),
        write(
            Alice,
            at.diem,
            IDiem::approveCall {
                spender: stranger,
                value: amount,
            },
        ),
        write(Stranger, at.diem, diem_permit(world, Alice, u64::MAX)),
        write(
            Owner,
            at.diem,
            IDiem::transferOwnershipCall { newOwner: stranger },
        ),
        write(Erin, at.diem, IDiem::acceptOwnershipCall {}),
        write(Owner, at.diem, IDiem::renounceOwnershipCall {}),
        settlement(
            at.diem,
            IDiem::settleCall {
                epoch,
                account: alice,
                used: tokens(2),
            },
        ),
        settlement(
            at.diem,
            IDiem::settleCall {
                epoch,
                account: alice,
                used: U256::ZERO,
            },
        ),
        settlement(
            at.diem,
            IDiem::settleBatchCall {
                epoch,
                accounts: vec![alice; 3],
                used: vec![tokens(2), tokens(4), tokens(3)],
            },
        ),
        settlement(
            at.diem,
            IDiem::settleLeasesCall {
                epoch,
                ids: vec![wei(2)],
                used: vec![tokens(2)],
            },
        ),
    ];
    for gateway in [Gateway.address(), stranger, Address::ZERO] {
        all.push(write(Alice, at.diem, IDiem::chooseGatewayCall { gateway }));
        all.push(write(Dave, at.diem, IDiem::chooseGatewayCall { gateway }));
        let id = wei(2);
        all.push(write(
            Bob,
            at.diem,
            IDiem::chooseLeaseGatewayCall { id, gateway },
        ));
        all.push(write(
            Owner,
            at.diem,
            IDiem::setDefaultGatewayCall { gateway },
        ));
    }
    all
}

/// Somebody else touches the pool, the subject asks for an estimate in that second, and sends later.
fn holds(world: &World, writes: &[Write]) {
    let chain = &world.chain;
    let now = chain.time();
    for write in writes {
        for later in [1, 2 * 3_600, NOON - 1, NOON, NOON + 5, 3 * DAY] {
            if write.today_only && later >= NOON {
                continue;
            }
            let snapshot = chain.snapshot();
            stake(world, Bob, 1);
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
    world.chain.set_time(START + NOON);
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

/// Every write function of the interfaces is among the writes, so that a new one cannot be forgotten.
fn assert_all_are_there(writes: &[Write]) {
    let tried: BTreeSet<&str> = writes.iter().map(|write| write.name).collect();
    // For contracts only, refused to clients.
    let others = [
        "lock(address,uint256)",
        "unlock(address,uint256)",
        "payLockedYield(address,uint256)",
        "mintLocked(address,uint256,uint256,uint256)",
        "burnUnlocked(address,uint256,uint256)",
        "settleYield(address,uint256)",
        // sVVV is not transferable.
        "transfer(address,uint256)",
        "transferFrom(address,address,uint256)",
        // Wires a contract once, before anything can be touched.
        "setDiem(address)",
    ];
    for name in ["IStakedVvv", "IDiem"] {
        let path = repository().join(format!("abi/{name}.json"));
        let abi: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for entry in abi.as_array().unwrap() {
            if entry["type"] != "function" || entry["stateMutability"] != "nonpayable" {
                continue;
            }
            let types: Vec<_> = entry["inputs"]
                .as_array()
                .unwrap()
                .iter()
                .map(|input| input["type"].as_str().unwrap())
                .collect();
            let signature = format!("{}({})", entry["name"].as_str().unwrap(), types.join(","));
            let known = tried.contains(&*signature) || others.contains(&&*signature);
            assert!(known, "nobody estimates {name}.{signature}");
        }
    }
}

/// viem, ethers and cast, each with the gas that it was told and no more.
#[test]
fn viem_ethers_and_cast_need_no_headroom() {
    let world = World::of(TARGET);
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

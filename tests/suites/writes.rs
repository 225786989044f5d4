//! Every write function that a client can call, and worlds in which each of them succeeds.

use crate::permit::diem_permit;
use crate::prelude::*;
use alloy::sol_types::SolCall;
use std::collections::BTreeSet;

/// Midday, so that a later second can be in the same epoch or in the next.
pub(crate) const NOON: u64 = DAY / 2;

/// One call of a write function.
pub(crate) struct Write {
    pub(crate) name: &'static str,
    pub(crate) who: Who,
    pub(crate) to: Address,
    pub(crate) data: Bytes,
    /// A statement about today is refused tomorrow, whatever its gas.
    pub(crate) today_only: bool,
}

pub(crate) fn write<C: SolCall>(who: Who, to: Address, call: C) -> Write {
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
pub(crate) fn send<C: SolCall>(world: &World, who: Who, to: Address, call: C) {
    world.chain.send(who, to, &call);
}

pub(crate) fn fund_and_approve(world: &World) {
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

pub(crate) fn stake(world: &World, who: Who, amount: u128) {
    let (recipient, amount) = (who.address(), tokens(amount));
    send(
        world,
        who,
        world.contracts.s_vvv,
        IStakedVvv::stakeCall { recipient, amount },
    );
}

pub(crate) fn mint(world: &World, who: Who, amount: u128) {
    let call = IDiem::mintCall {
        sVVVAmount: tokens(amount),
        minDiemOut: U256::ZERO,
    };
    send(world, who, world.contracts.diem, call);
}

/// Roles, and what the credit lines of old hands need.
pub(crate) fn appoint(world: &World) {
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
pub(crate) fn old_hands() -> World {
    old_hands_of(World::of(TARGET))
}

/// As [`old_hands`], in a world of its own kind in which nothing has happened yet.
pub(crate) fn old_hands_of(world: World) -> World {
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
    chain.set_time(start() + 9 * DAY + NOON);
    world
}

/// As [`old_hands`], after everybody's credit line was touched this very day.
pub(crate) fn busy_hands() -> World {
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
pub(crate) fn writes(world: &World) -> Vec<Write> {
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

/// Every write function of the interfaces is among the writes, so that a new one cannot be forgotten.
pub(crate) fn assert_all_are_there(writes: &[Write]) {
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
        for function in e2e::abi::writes(name) {
            let signature = function.signature();
            let known = tried.contains(&*signature) || others.contains(&&*signature);
            assert!(known, "nobody estimates {name}.{signature}");
        }
    }
}

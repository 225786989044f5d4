//! Every function that changes state, as `abi/*.sol` declares them, tried by everybody: who may is in
//! `data/permissions.tsv`, which is read by eye. A function that the table does not have fails, and so does one for
//! which there are no arguments here: they are such that whoever may call it succeeds.

use crate::prelude::*;
use alloy::sol_types::SolCall;
use alloy_primitives::keccak256;
use e2e::action::Permit;
use e2e::deploy::repository;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Everybody that there is, and what for.
const ROLES: [(&str, Who); 12] = [
    ("owner", Owner),
    ("pending owner", Erin),
    ("guardian", Guardian),
    ("its gateway", Gateway),
    ("another gateway", Rival),
    ("a revoked gateway", Newcomer),
    ("treasury", Treasury),
    ("holder", Alice),
    ("another holder", Carol),
    ("lessee", Bob),
    ("operator", Dave),
    ("stranger", Stranger),
];

/// The lease that the lessee holds, and one whose term is over.
const OPEN: u64 = 1;
const OVER: u64 = 2;

/// A life in which everybody has become what they are, and everything can be done.
pub(crate) fn grown(world: &World) -> History<'_> {
    let mut h = with_earning_minter(world);
    h.act(register(Rival));
    h.act(register(Newcomer));
    h.act(choose(Alice, Gateway));
    h.act(StakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    for epochs in [300, 1] {
        h.act(Lease {
            who: Alice,
            lessee: Bob,
            amount: 40 * WAD,
            epochs,
        });
    }
    h.act(ChooseLeaseGateway {
        who: Bob,
        id: OPEN,
        gateway: Some(Gateway),
    });
    h.act(InitiateUnstakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    // Cooled when the day comes; a second one would only be refused.
    h.act(InitiateUnstakeVvv {
        who: Alice,
        amount: 77 * WAD,
    });
    h.act(StakeVvv {
        who: Carol,
        recipient: Carol,
        amount: 1_000 * WAD,
    });
    h.act(revoke(Newcomer));
    for token in [Token::Vvv, Token::Diem] {
        h.act(Approve {
            token,
            who: Alice,
            spender: Dave,
            amount: WAD,
        });
    }
    for of in [Owned::SVvv, Owned::Diem] {
        h.act(OfferOwnership {
            of,
            who: Owner,
            to: Erin,
        });
    }
    h.at(start() + 10 * DAY);
    h
}

/// A function that changes state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Function {
    contract: String,
    signature: String,
}

/// All functions of an interface that are neither views nor pure, read from its Solidity.
fn functions(contract: &str) -> Vec<Function> {
    let path = repository().join(format!("abi/{contract}.sol"));
    let source = std::fs::read_to_string(path).unwrap();
    let code: Vec<&str> = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join(" ");
    let declared = code.split("function ").skip(1).map(|rest| {
        let (declaration, _) = rest.split_once(';').expect("a declaration ends");
        let (head, tail) = declaration.split_once(')').expect("arguments end");
        let (name, arguments) = head.split_once('(').expect("arguments begin");
        let types: Vec<&str> = arguments
            .split(',')
            .filter_map(|argument| argument.split_whitespace().next())
            .collect();
        let before_returns = tail.split("returns").next().unwrap_or_default();
        let reads = ["view", "pure"]
            .iter()
            .any(|word| before_returns.split_whitespace().any(|w| w == *word));
        (format!("{}({})", name.trim(), types.join(",")), reads)
    });
    declared
        .filter(|(_, reads)| !reads)
        .map(|(signature, _)| Function {
            contract: contract.to_owned(),
            signature,
        })
        .collect()
}

/// Calldata by contract and signature.
struct Arguments(BTreeMap<Function, Bytes>);

impl Arguments {
    fn add<C: SolCall>(&mut self, contract: &str, call: &C) {
        let function = Function {
            contract: contract.to_owned(),
            signature: C::SIGNATURE.to_owned(),
        };
        self.0.insert(function, call.abi_encode().into());
    }

    /// The call `C` as `act` makes it.
    fn act<C: SolCall>(&mut self, contract: &str, world: &World, act: Action) {
        let request = act.request(&world.contracts, world.chain.chain_id());
        let function = Function {
            contract: contract.to_owned(),
            signature: C::SIGNATURE.to_owned(),
        };
        self.0.insert(function, request.unwrap().calldata);
    }
}

/// A permit that Alice signed and anybody may submit.
fn use_permit(token: Token) -> Action {
    let permit = Permit {
        owner: Alice,
        spender: Stranger,
        amount: WAD,
        nonce: 0,
        deadline: u64::MAX,
        signer: Alice,
    };
    let who = Stranger;
    UsePermit { token, who, permit }
}

/// For each function a call that who may succeeds with.
fn arguments(h: &History<'_>) -> Arguments {
    let mut all = Arguments(BTreeMap::new());
    add_vvv(&mut all, h.world);
    add_s_vvv(&mut all, h.world);
    add_diem(&mut all, h);
    add_lines(&mut all, h);
    add_roles(&mut all);
    all
}

fn add_vvv(all: &mut Arguments, world: &World) {
    use IVVV::*;
    let (to, from, value) = (Stranger.address(), Alice.address(), wei(1));
    let spender = Stranger.address();
    all.add("IVVV", &mintCall { to, amount: value });
    all.add("IVVV", &approveCall { spender, value });
    all.add("IVVV", &transferCall { to, value });
    all.add("IVVV", &transferFromCall { from, to, value });
    all.act::<permitCall>("IVVV", world, use_permit(Token::Vvv));
}

fn add_s_vvv(all: &mut Arguments, world: &World) {
    use IStakedVvv::*;
    const NAME: &str = "IStakedVvv";
    let (to, from, value) = (Stranger.address(), Alice.address(), wei(1));
    let (account, recipient, amount) = (Alice.address(), Alice.address(), tokens(1));
    let spender = Stranger.address();
    all.add(NAME, &approveCall { spender, value });
    all.add(NAME, &transferCall { to, value });
    all.add(NAME, &transferFromCall { from, to, value });
    all.add(NAME, &stakeCall { recipient, amount });
    let act = StakeWithPermit {
        who: Alice,
        recipient: Alice,
        amount: WAD,
        nonce: 0,
        deadline: u64::MAX,
        signer: Alice,
    };
    all.act::<stakeWithPermitCall>(NAME, world, act);
    all.add(NAME, &initiateUnstakeCall { amount });
    all.add(NAME, &finalizeUnstakeCall {});
    all.add(NAME, &claimCall {});
    all.add(NAME, &claimAndStakeCall {});
    let call = mintDiemCall {
        sVVVAmountToLock: amount,
        minDiemAmountOut: U256::ZERO,
    };
    all.add(NAME, &call);
    let call = burnDiemCall {
        diemAmountToBurn: value,
    };
    all.add(NAME, &call);
    all.add(NAME, &fundRewardsCall { amount });
    let diem = world.contracts.diem;
    all.add(NAME, &setDiemCall { diem });
    let call = setEmissionRateCall {
        newEmissionRate: value,
    };
    all.add(NAME, &call);
    let new_owner = Stranger.address();
    let call = transferOwnershipCall {
        newOwner: new_owner,
    };
    all.add(NAME, &call);
    all.add(NAME, &acceptOwnershipCall {});
    all.add(NAME, &renounceOwnershipCall {});
    all.add(NAME, &lockCall { account, amount });
    all.add(NAME, &unlockCall { account, amount });
    all.add(NAME, &payLockedYieldCall { to, amount: value });
}

fn add_diem(all: &mut Arguments, h: &History<'_>) {
    use IDiem::*;
    const NAME: &str = "IDiem";
    let (to, from, value) = (Stranger.address(), Alice.address(), wei(1));
    let (account, amount) = (Alice.address(), tokens(1));
    let spender = Stranger.address();
    all.add(NAME, &approveCall { spender, value });
    all.add(NAME, &transferCall { to, value });
    all.add(NAME, &transferFromCall { from, to, value });
    all.act::<permitCall>(NAME, h.world, use_permit(Token::Diem));
    let call = mintCall {
        sVVVAmount: amount,
        minDiemOut: U256::ZERO,
    };
    all.add(NAME, &call);
    let call = mintExactCall {
        diemAmount: value,
        maxSVVV: U256::MAX,
    };
    all.add(NAME, &call);
    all.add(NAME, &burnCall { diemAmount: value });
    all.add(NAME, &claimYieldCall {});
    all.add(NAME, &collectFeesCall {});
    let index = h.model.pending().0;
    let call = mintLockedCall {
        account,
        sVVVAmount: amount,
        minDiemOut: U256::ZERO,
        index,
    };
    all.add(NAME, &call);
    let call = burnUnlockedCall {
        account,
        diemAmount: value,
        index,
    };
    all.add(NAME, &call);
    all.add(NAME, &settleYieldCall { account, index });
}

fn add_lines(all: &mut Arguments, h: &History<'_>) {
    use IDiem::*;
    const NAME: &str = "IDiem";
    let (account, amount, used) = (Alice.address(), wei(1), wei(1));
    let (lessee, to, epochs) = (Stranger.address(), Stranger.address(), 1);
    let (epoch, gateway, id) = (U256::from(h.today()), Gateway.address(), U256::from(OPEN));
    all.add(NAME, &stakeCall { amount });
    all.add(NAME, &initiateUnstakeCall { amount });
    all.add(NAME, &unstakeCall {});
    all.add(NAME, &chooseGatewayCall { gateway });
    let call = settleCall {
        epoch,
        account,
        used,
    };
    all.add(NAME, &call);
    let call = settleBatchCall {
        epoch,
        accounts: vec![account],
        used: vec![used],
    };
    all.add(NAME, &call);
    let call = settleLeasesCall {
        epoch,
        ids: vec![id],
        used: vec![used],
    };
    all.add(NAME, &call);
    let call = leaseCall {
        lessee,
        amount,
        epochs,
    };
    all.add(NAME, &call);
    all.add(NAME, &transferLeaseCall { id, to });
    all.add(NAME, &chooseLeaseGatewayCall { id, gateway });
    let id = U256::from(OVER);
    all.add(NAME, &closeLeaseCall { id });
}

fn add_roles(all: &mut Arguments) {
    use IDiem::*;
    const NAME: &str = "IDiem";
    let (gateway, newcomer) = (Gateway.address(), Stranger.address());
    let call = setGatewayCall {
        gateway: newcomer,
        allowed: true,
    };
    all.add(NAME, &call);
    all.add(NAME, &setDefaultGatewayCall { gateway });
    all.add(NAME, &revokeGatewayCall { gateway });
    let call = setTreasuryCall {
        newTreasury: newcomer,
    };
    all.add(NAME, &call);
    let call = setGuardianCall {
        newGuardian: newcomer,
    };
    all.add(NAME, &call);
    all.add(NAME, &pauseMintCall {});
    all.add(NAME, &unpauseMintCall {});
    let call = transferOwnershipCall { newOwner: newcomer };
    all.add(NAME, &call);
    all.add(NAME, &acceptOwnershipCall {});
    all.add(NAME, &renounceOwnershipCall {});
}

/// The table as the chain has it: for each function who may, and what the others are told.
fn observed(h: &History<'_>) -> String {
    let (world, at) = (h.world, h.world.contracts);
    let mut callers: Vec<_> = ROLES
        .iter()
        .map(|(role, who)| (*role, who.address()))
        .collect();
    callers.extend([
        ("nobody", Address::ZERO),
        ("VVV itself", at.vvv),
        ("sVVV itself", at.s_vvv),
        ("DIEM itself", at.diem),
    ]);
    let arguments = arguments(h);
    let mut table = String::from("contract\tfunction\twho may\twhat others are told\n");
    world.chain.set_time(h.model.now);
    for (contract, address) in [
        ("IVVV", at.vvv),
        ("IStakedVvv", at.s_vvv),
        ("IDiem", at.diem),
    ] {
        for function in functions(contract) {
            let data = arguments.0.get(&function);
            let data = data.unwrap_or_else(|| panic!("nobody tries {function:?}"));
            assert_eq!(data[..4], keccak256(&function.signature)[..4]);
            let (mut may, mut told) = (Vec::new(), BTreeSet::new());
            for (role, caller) in &callers {
                match world.chain.call_raw(*caller, address.into(), data.clone()) {
                    Ok(_) => may.push(*role),
                    Err(refusal) => drop(told.insert(refusal.name())),
                }
            }
            let may = if may.len() == callers.len() {
                "everybody".to_owned()
            } else {
                may.join(", ")
            };
            let told: Vec<_> = told.into_iter().collect();
            let signature = function.signature;
            let _ = writeln!(table, "{contract}\t{signature}\t{may}\t{}", told.join(", "));
        }
    }
    table
}

#[test]
fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let world = World::of(TARGET);
    let table = observed(&grown(&world));
    let path = repository().join("tests/data/permissions.tsv");
    let reviewed = std::fs::read_to_string(path).unwrap();
    let missing: Vec<_> = table
        .lines()
        .filter(|line| !reviewed.lines().any(|known| known == *line))
        .collect();
    assert!(
        table == reviewed,
        "tests/data/permissions.tsv differs; what it does not have:\n{}",
        missing.join("\n")
    );
}

/// As transactions: what is refused leaves every view as it was.
#[test]
fn what_somebody_may_not_do_changes_nothing() {
    let world = World::of(TARGET);
    let h = grown(&world);
    let at = world.contracts;
    let arguments = arguments(&h);
    let mut refused = 0;
    for (contract, address) in [
        ("IVVV", at.vvv),
        ("IStakedVvv", at.s_vvv),
        ("IDiem", at.diem),
    ] {
        for function in functions(contract) {
            let data = &arguments.0[&function];
            for (_, who) in ROLES {
                let answer = world
                    .chain
                    .call_raw(who.address(), address.into(), data.clone());
                if answer.is_err() {
                    let receipt =
                        world
                            .chain
                            .transact(who, address.into(), data.clone(), U256::ZERO);
                    assert!(
                        !receipt.status() && receipt.logs().is_empty(),
                        "{function:?}"
                    );
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 300, "only {refused} were refused");
    h.compare_views();
}

#[test]
fn the_reader_of_interfaces_finds_what_solidity_declares() {
    for name in ["IVVV", "IStakedVvv", "IDiem"] {
        let declared: BTreeSet<_> = e2e::abi::writes(name)
            .iter()
            .map(|function| function.signature())
            .collect();
        let read: BTreeSet<_> = functions(name)
            .into_iter()
            .map(|function| function.signature)
            .collect();
        assert_eq!(read, declared, "{name}");
    }
}

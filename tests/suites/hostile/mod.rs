//! Hostile neighbours: VVV tokens that take a fee, lie, refuse, and call back. The order of effects is the defence.

mod blocked;
mod donations;

use crate::prelude::*;
use alloy::sol;
use alloy::sol_types::{SolCall, SolError, SolEvent};
use e2e::chain::Refusal;

sol! {
    #![sol(all_derives)]
    #[allow(missing_docs, reason = "documented in tests/solidity/HostileVvv.sol")]
    interface IHostile {
        enum Temper {
            Honest, TakesFee, GivesMore, AnswersFalse, AnswersFalseButMoves, AnswersNothing, AnswersNonsense,
            AnswersShort, RevertsBare, RevertsLate, ReEnters, LiesAboutBalance, Peeks, AnswersHugely,
            AnswersHugelyFalse, RevertsHugely, BurnsAllGas, Paused, ShowsShortBalance, ShowsHugeBalance
        }
        error Moody(uint256 amount);
        error EnforcedPause();
        error Blocked(address account);
        event CalledBack(bool success, bytes answer);
        function setTemper(Temper temper) external;
        function setBlocked(address account, bool blocked) external;
        function setCallback(address target, bytes callback) external;
    }
}

use IHostile::Temper;

/// Tempers under which nothing that moves VVV may succeed, in either direction.
const REFUSING: [Temper; 10] = [
    Temper::AnswersFalse,
    Temper::AnswersFalseButMoves,
    Temper::AnswersNonsense,
    Temper::AnswersShort,
    Temper::RevertsBare,
    Temper::RevertsLate,
    Temper::AnswersHugelyFalse,
    Temper::RevertsHugely,
    Temper::BurnsAllGas,
    Temper::Paused,
];

/// What a token of a temper has to say when it answers or refuses at length.
const HUGE: usize = 200_000;

/// Alice has free and locked sVVV, rewards, locked yield, and VVV whose cooldown is over.
struct Nest(World);

impl Nest {
    fn new() -> Self {
        let world = World::deployed(e2e::world::parameters(), |chain, parameters| {
            let vvv = e2e::deploy::artifact(chain, "HostileVvv");
            TARGET.deploy_around(chain, vvv, parameters)
        });
        let (chain, at) = (&world.chain, world.contracts);
        let alice = Alice.address();
        chain.send(
            Alice,
            at.vvv,
            &IVVV::mintCall {
                to: alice,
                amount: tokens(1_000_000),
            },
        );
        chain.send(
            Alice,
            at.s_vvv,
            &IStakedVvv::stakeCall {
                recipient: alice,
                amount: tokens(100_000),
            },
        );
        chain.send(
            Alice,
            at.s_vvv,
            &IStakedVvv::fundRewardsCall {
                amount: tokens(100_000),
            },
        );
        chain.send(
            Alice,
            at.diem,
            &IDiem::mintCall {
                sVVVAmount: tokens(50_000),
                minDiemOut: U256::ZERO,
            },
        );
        chain.send(
            Alice,
            at.s_vvv,
            &IStakedVvv::initiateUnstakeCall {
                amount: tokens(10_000),
            },
        );
        chain.set_time(start() + 7 * DAY);
        Self(world)
    }

    fn turn(&self, temper: Temper) {
        self.0.chain.send(
            Stranger,
            self.0.contracts.vvv,
            &IHostile::setTemperCall { temper },
        );
    }

    /// Every act that moves VVV in.
    fn pulls(&self) -> Vec<(Address, Vec<u8>)> {
        let s_vvv = self.0.contracts.s_vvv;
        let (recipient, amount) = (Alice.address(), tokens(100));
        vec![
            (
                s_vvv,
                IStakedVvv::stakeCall { recipient, amount }.abi_encode(),
            ),
            (s_vvv, IStakedVvv::fundRewardsCall { amount }.abi_encode()),
        ]
    }

    /// Every act that moves VVV out.
    fn payments(&self) -> Vec<(Address, Vec<u8>)> {
        let at = self.0.contracts;
        vec![
            (at.s_vvv, IStakedVvv::finalizeUnstakeCall {}.abi_encode()),
            (at.s_vvv, IStakedVvv::claimCall {}.abi_encode()),
            (at.diem, IDiem::claimYieldCall {}.abi_encode()),
            (at.diem, IDiem::collectFeesCall {}.abi_encode()),
        ]
    }

    fn ask(&self, to: Address, call: &[u8]) -> Result<Bytes, Refusal> {
        self.0
            .chain
            .call_raw(Alice.address(), to.into(), call.to_vec().into())
    }

    /// Whether a transaction of Alice succeeds.
    fn does(&self, to: Address, call: Vec<u8>) -> bool {
        let chain = &self.0.chain;
        let receipt = chain.transact(Alice, to.into(), call.into(), U256::ZERO);
        receipt.status()
    }

    /// Everything that must not change when a call is refused.
    fn fingerprint(&self) -> Vec<U256> {
        let (chain, at) = (&self.0.chain, self.0.contracts);
        let account = Alice.address();
        let stakes = chain.view(at.s_vvv, &IStakedVvv::stakesCall { user: account });
        vec![
            chain.view(at.s_vvv, &IStakedVvv::totalSupplyCall {}),
            chain.view(at.s_vvv, &IStakedVvv::balanceOfCall { account }),
            chain.view(at.s_vvv, &IStakedVvv::rewardReserveCall {}),
            chain.view(at.s_vvv, &IStakedVvv::pendingRewardsCall { user: account }),
            chain.view(at.s_vvv, &IStakedVvv::lockedYieldCall {}).paid,
            chain.view(at.diem, &IDiem::pendingYieldCall { account }),
            chain.view(at.diem, &IDiem::pendingFeesCall {}),
            stakes.rewardDebt,
            stakes.cooldownAmount,
        ]
    }
}

#[test]
fn a_pull_that_moves_another_amount_than_asked_reverts() {
    let nest = Nest::new();
    let expected = tokens(100);
    let received = [
        (Temper::TakesFee, tokens(99)),
        (Temper::GivesMore, tokens(100) + U256::ONE),
        (Temper::LiesAboutBalance, U256::ZERO),
    ];
    for (temper, received) in received {
        nest.turn(temper);
        for (to, call) in nest.pulls() {
            let refusal = nest.ask(to, &call).unwrap_err();
            assert!(
                refusal.is(&IStakedVvv::InexactTransfer { expected, received }),
                "{temper:?}: {refusal}"
            );
        }
    }
}

/// Nothing, as old tokens, or far too much: what arrived decides.
#[test]
fn a_token_that_answers_nothing_or_at_length_is_taken_at_its_balance() {
    for temper in [
        Temper::AnswersNothing,
        Temper::AnswersHugely,
        Temper::ShowsHugeBalance,
    ] {
        let nest = Nest::new();
        nest.turn(temper);
        for (to, call) in nest.pulls().into_iter().chain(nest.payments()) {
            assert!(nest.does(to, call), "{temper:?}");
        }
    }
}

#[test]
fn a_balance_of_less_than_a_word_stops_what_comes_in_and_nothing_that_goes_out() {
    let nest = Nest::new();
    nest.turn(Temper::ShowsShortBalance);
    for (to, call) in nest.pulls() {
        let refusal = nest.ask(to, &call).unwrap_err();
        assert!(refusal.is(&IStakedVvv::VvvCallFailed {}), "{refusal}");
    }
    for (to, call) in nest.payments() {
        assert!(nest.does(to, call));
    }
}

#[test]
fn a_token_that_refuses_or_lies_stops_the_act_and_nothing_else() {
    let nest = Nest::new();
    let before = nest.fingerprint();
    for temper in REFUSING {
        nest.turn(temper);
        for (to, call) in nest.pulls().into_iter().chain(nest.payments()) {
            let refusal = nest.ask(to, &call).unwrap_err();
            let named = match temper {
                Temper::RevertsBare => refusal.data.is_empty(),
                Temper::RevertsLate => refusal.data.starts_with(&IHostile::Moody::SELECTOR),
                Temper::RevertsHugely => refusal.data.len() == HUGE,
                Temper::BurnsAllGas => refusal.data.is_empty(),
                Temper::Paused => refusal.is(&IHostile::EnforcedPause {}),
                _ => refusal.is(&IStakedVvv::VvvCallFailed {}),
            };
            assert!(named, "{temper:?}: {refusal}");
            assert!(!nest.does(to, call), "{temper:?}");
        }
    }
    nest.turn(Temper::Honest);
    assert_eq!(nest.fingerprint(), before);
    for (to, call) in nest.payments() {
        assert!(
            nest.does(to, call),
            "once the token behaves again everybody is paid"
        );
    }
}

#[test]
fn a_fee_on_the_way_out_is_the_receivers_loss_alone() {
    let nest = Nest::new();
    let (chain, at) = (&nest.0.chain, nest.0.contracts);
    nest.turn(Temper::TakesFee);
    let held = || chain.view(at.vvv, &IVVV::balanceOfCall { account: at.s_vvv });
    let before = held();
    chain.send(Alice, at.s_vvv, &IStakedVvv::finalizeUnstakeCall {});
    assert_eq!(before - held(), tokens(10_000));
}

/// The token calls back in the middle of each act; nobody gets in, and the act itself goes through once.
#[test]
fn a_token_that_calls_back_gets_in_nowhere() {
    let nest = Nest::new();
    let (chain, at) = (&nest.0.chain, nest.0.contracts);
    let (recipient, one) = (at.vvv, tokens(1));
    // The token is a staker itself, with rewards to claim.
    chain.send(
        Alice,
        at.s_vvv,
        &IStakedVvv::stakeCall {
            recipient,
            amount: one,
        },
    );
    chain.send(
        Stranger,
        at.vvv,
        &IVVV::mintCall {
            to: at.vvv,
            amount: one,
        },
    );
    chain.set_time(start() + 8 * DAY);
    let callbacks: Vec<(Address, Vec<u8>)> = [
        vec![
            (
                at.s_vvv,
                IStakedVvv::stakeCall {
                    recipient,
                    amount: one,
                }
                .abi_encode(),
            ),
            (
                at.s_vvv,
                IStakedVvv::initiateUnstakeCall { amount: one }.abi_encode(),
            ),
            (at.s_vvv, IStakedVvv::claimAndStakeCall {}.abi_encode()),
            (
                at.diem,
                IDiem::mintCall {
                    sVVVAmount: one,
                    minDiemOut: U256::ZERO,
                }
                .abi_encode(),
            ),
            // Reads as well: in the middle of an act they would tell what is not yet, or no longer, true.
            (at.s_vvv, IStakedVvv::totalSupplyCall {}.abi_encode()),
            (
                at.s_vvv,
                IStakedVvv::pendingRewardsCall { user: at.vvv }.abi_encode(),
            ),
            (
                at.diem,
                IDiem::positionCall { account: at.vvv }.abi_encode(),
            ),
        ],
        nest.payments(),
    ]
    .concat();
    nest.turn(Temper::ReEnters);
    let snapshot = chain.snapshot();
    let mut snapshot = Some(snapshot);
    for (target, callback) in callbacks {
        for (to, act) in nest.pulls().into_iter().chain(nest.payments()) {
            if let Some(id) = snapshot.take() {
                chain.revert(id);
            }
            snapshot = Some(chain.snapshot());
            let callback: Bytes = callback.clone().into();
            chain.send(
                Stranger,
                at.vvv,
                &IHostile::setCallbackCall {
                    target,
                    callback: callback.clone(),
                },
            );
            let receipt = chain.transact(Alice, to.into(), act.into(), U256::ZERO);
            assert!(receipt.status(), "the act itself goes through");
            let called: Vec<_> = receipt
                .logs()
                .iter()
                .filter_map(|log| IHostile::CalledBack::decode_log(&log.inner).ok())
                .collect();
            assert_eq!(called.len(), 1);
            assert!(!called[0].success, "{callback} got in during {to}");
        }
    }
}

/// Asked for its balance in the middle of an act, the token asks back what the act has only half written.
#[test]
fn a_token_that_is_asked_for_a_balance_reads_nothing_back() {
    let nest = Nest::new();
    let (chain, at) = (&nest.0.chain, nest.0.contracts);
    nest.turn(Temper::Peeks);
    for callback in [
        IStakedVvv::totalSupplyCall {}.abi_encode(),
        IStakedVvv::rewardReserveCall {}.abi_encode(),
    ] {
        let outside = chain.call_raw(Stranger.address(), at.s_vvv.into(), callback.clone().into());
        assert!(outside.is_ok(), "whoever is outside may ask");
        let (target, callback) = (at.s_vvv, callback.into());
        let set = IHostile::setCallbackCall { target, callback };
        chain.send(Stranger, at.vvv, &set);
        for (to, act) in nest.pulls() {
            let receipt = chain.transact(Alice, to.into(), act.into(), U256::ZERO);
            assert!(receipt.status(), "the token got an answer");
        }
    }
}

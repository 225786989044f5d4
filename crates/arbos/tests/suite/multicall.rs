//! Multicall3 as a ready-made chain has it.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{Revert, SolCall, SolError};
use arbos::{
    Outcome, TxInput,
    genesis::{DEV_ACCOUNT, DEV_BALANCE, MULTICALL3},
};

use crate::world::{ALICE, World};

alloy_sol_types::sol! {
    interface Multicall {
        struct Call { address target; bytes callData; }
        struct Call3 { address target; bool allowFailure; bytes callData; }
        struct Call3Value { address target; bool allowFailure; uint256 value; bytes callData; }
        struct Result { bool success; bytes returnData; }
        function aggregate(Call[] calls) external payable returns (uint256 blockNumber, bytes[] returnData);
        function tryAggregate(bool requireSuccess, Call[] calls) external payable returns (Result[] returnData);
        function tryBlockAndAggregate(bool requireSuccess, Call[] calls) external payable returns (uint256 blockNumber, bytes32 blockHash, Result[] returnData);
        function blockAndAggregate(Call[] calls) external payable returns (uint256 blockNumber, bytes32 blockHash, Result[] returnData);
        function aggregate3(Call3[] calls) external payable returns (Result[] returnData);
        function aggregate3Value(Call3Value[] calls) external payable returns (Result[] returnData);
        function getBasefee() external view returns (uint256);
        function getBlockHash(uint256 number) external view returns (bytes32);
        function getBlockNumber() external view returns (uint256);
        function getChainId() external view returns (uint256);
        function getCurrentBlockCoinbase() external view returns (address);
        function getCurrentBlockDifficulty() external view returns (uint256);
        function getCurrentBlockGasLimit() external view returns (uint256);
        function getCurrentBlockTimestamp() external view returns (uint256);
        function getEthBalance(address holder) external view returns (uint256);
        function getLastBlockHash() external view returns (bytes32);
    }
}
use Multicall::*;

/// Answers with the caller and the wei that came along.
const MIRROR: &[u8] = &[
    0x33, 0x5f, 0x52, // caller
    0x34, 0x60, 0x20, 0x52, // callvalue
    0x60, 0x40, 0x5f, 0xf3, // return both
];
/// Reverts with one byte of its own.
const REFUSER: &[u8] = &[0x60, 0xaa, 0x5f, 0x53, 0x60, 0x01, 0x5f, 0xfd];

struct Stage {
    world: World,
    mirror: Address,
    refuser: Address,
}

impl Stage {
    fn new() -> Self {
        let mut world = World::new();
        let mirror = world.place(MIRROR);
        let refuser = world.place(REFUSER);
        Self {
            world,
            mirror,
            refuser,
        }
    }

    fn run(&self, value: U256, call: impl SolCall) -> Outcome {
        let tx = TxInput {
            value,
            ..self.world.tx(ALICE, Some(MULTICALL3), call.abi_encode())
        };
        self.world.call(&tx).unwrap()
    }

    #[track_caller]
    fn ask<C: SolCall>(&self, call: C) -> C::Return {
        let outcome = self.run(U256::ZERO, call);
        assert!(outcome.is_success(), "{:?}", outcome.error);
        C::abi_decode_returns(&outcome.output).unwrap()
    }

    fn calls(&self) -> Vec<Call> {
        [self.mirror, self.refuser]
            .map(|target| Call {
                target,
                callData: Bytes::new(),
            })
            .to_vec()
    }
}

fn mirrored(value: u64) -> Bytes {
    let caller = MULTICALL3.into_word();
    let value = U256::from(value).to_be_bytes::<32>();
    [caller.as_slice(), &value].concat().into()
}

fn refused() -> Bytes {
    Bytes::from_static(&[0xaa])
}

#[track_caller]
fn assert_reason(outcome: &Outcome, reason: &str) {
    assert!(!outcome.is_success());
    assert_eq!(
        outcome.output,
        Bytes::from(Revert::from(reason).abi_encode())
    );
}

#[test]
fn a_failure_ends_everything_where_success_is_required() {
    let stage = Stage::new();
    let calls = stage.calls();
    let (good, bad) = (calls[..1].to_vec(), calls);
    let reason = "Multicall3: call failed";

    let answer = stage.ask(aggregateCall {
        calls: good.clone(),
    });
    assert_eq!(answer.returnData, [mirrored(0)]);
    let refused = stage.run(U256::ZERO, aggregateCall { calls: bad.clone() });
    assert_reason(&refused, reason);

    let answer = stage.ask(blockAndAggregateCall { calls: good });
    assert!(answer.returnData[0].success);
    assert_eq!(answer.returnData[0].returnData, mirrored(0));
    let refused = stage.run(U256::ZERO, blockAndAggregateCall { calls: bad.clone() });
    assert_reason(&refused, reason);

    let strict = tryAggregateCall {
        requireSuccess: true,
        calls: bad,
    };
    assert_reason(&stage.run(U256::ZERO, strict), reason);
}

#[test]
fn a_failure_is_reported_where_it_is_allowed() {
    let stage = Stage::new();
    let both = |answer: &[Multicall::Result]| {
        assert!(answer[0].success);
        assert_eq!(answer[0].returnData, mirrored(0));
        assert!(!answer[1].success);
        assert_eq!(answer[1].returnData, refused());
        assert_eq!(answer.len(), 2);
    };
    both(&stage.ask(tryAggregateCall {
        requireSuccess: false,
        calls: stage.calls(),
    }));
    let answer = stage.ask(tryBlockAndAggregateCall {
        requireSuccess: false,
        calls: stage.calls(),
    });
    assert_eq!(answer.blockNumber, U256::ZERO); // the parent chain's
    assert_eq!(answer.blockHash, [0; 32]);
    both(&answer.returnData);

    let some = |allowed: [bool; 2]| aggregate3Call {
        calls: std::iter::zip(stage.calls(), allowed)
            .map(|(call, allowed)| Call3 {
                target: call.target,
                allowFailure: allowed,
                callData: call.callData,
            })
            .collect(),
    };
    both(&stage.ask(some([false, true])));
    let outcome = stage.run(U256::ZERO, some([true, false]));
    assert_reason(&outcome, "Multicall3: call failed");
}

#[test]
fn ether_is_passed_on_to_the_wei_or_everything_ends() {
    let stage = Stage::new();
    let calls = || aggregate3ValueCall {
        calls: [(stage.mirror, 3), (stage.mirror, 4), (stage.refuser, 5)]
            .map(|(target, value)| Call3Value {
                target,
                allowFailure: target == stage.refuser,
                value: U256::from(value),
                callData: Bytes::new(),
            })
            .to_vec(),
    };
    let outcome = stage.run(U256::from(12), calls());
    assert!(outcome.is_success(), "{:?}", outcome.error);
    let answer = aggregate3ValueCall::abi_decode_returns(&outcome.output).unwrap();
    assert_eq!(answer[0].returnData, mirrored(3));
    assert_eq!(answer[1].returnData, mirrored(4));
    assert!(!answer[2].success);
    let too_much = stage.run(U256::from(13), calls());
    assert_reason(&too_much, "Multicall3: value mismatch");
    // The second call finds too little.
    let too_little = stage.run(U256::from(6), calls());
    assert_reason(&too_little, "Multicall3: call failed");
}

#[test]
fn it_answers_what_a_call_can_know_of_its_block() {
    let stage = Stage::new();
    let env = &stage.world.env;
    assert_eq!(stage.ask(getBasefeeCall {}), env.base_fee);
    assert_eq!(stage.ask(getBlockNumberCall {}), U256::ZERO);
    assert_eq!(stage.ask(getChainIdCall {}), U256::from(412_346));
    assert_eq!(stage.ask(getCurrentBlockDifficultyCall {}), U256::ONE);
    assert_eq!(stage.ask(getCurrentBlockCoinbaseCall {}), env.coinbase);
    let gas_limit = stage.ask(getCurrentBlockGasLimitCall {});
    assert_eq!(gas_limit, U256::from(1u64 << 50));
    let stamp = stage.ask(getCurrentBlockTimestampCall {});
    assert_eq!(stamp, U256::from(env.timestamp));
    let holder = DEV_ACCOUNT;
    assert_eq!(stage.ask(getEthBalanceCall { holder }), DEV_BALANCE);
    let number = U256::from(7);
    assert_eq!(stage.ask(getBlockHashCall { number }), [0; 32]);
    // NUMBER is 0, before which there is nothing: no underflow.
    assert_eq!(stage.ask(getLastBlockHashCall {}), [0; 32]);
}

#[test]
fn it_works_at_the_oldest_arbos_version() {
    let world = World::at(1);
    let outcome = world.view(MULTICALL3, getChainIdCall {}.abi_encode());
    assert!(outcome.is_success(), "{:?}", outcome.error);
}

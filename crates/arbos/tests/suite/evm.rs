//! EVM transactions under Nitro's rules.

use alloy_primitives::{Address, B256, Bytes, U256, address, bytes};
use arbos::{ExecError, Fees, Status, TxError, TxInput, genesis::DEV_ACCOUNT, state::BATCH_POSTER};

use crate::world::{ALICE, ARB_OWNER, ArbOwner, PLENTY, World, ether};

const BOB: Address = address!("b0b0000000000000000000000000000000000002");

/// Code that returns what one opcode pushes.
fn pushes(opcode: u8) -> Bytes {
    [&[opcode], bytes!("5f5260205ff3").as_ref()].concat().into()
}

/// Code that returns what an opcode makes of one word.
fn pushes_with(argument: u8, opcode: u8) -> Bytes {
    [&[0x60, argument, opcode], bytes!("5f5260205ff3").as_ref()]
        .concat()
        .into()
}

fn word(outcome: &arbos::Outcome) -> U256 {
    assert!(outcome.is_success(), "{:?}", outcome.error);
    U256::from_be_slice(&outcome.output)
}

/// Initcode that deploys `code`.
fn deploys(code: &[u8]) -> Bytes {
    let mut init = vec![0x7f];
    init.extend_from_slice(&U256::from(code.len()).to_be_bytes::<32>());
    init.extend_from_slice(&[0x80, 0x60, 0x2b, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3, 0x00]);
    init.extend_from_slice(code);
    init.into()
}

#[test]
fn a_transfer_moves_value_and_pays_the_network_account() {
    let mut world = World::new();
    let before = world.state.accounts[&ALICE].balance;
    let network_before = world
        .state
        .accounts
        .get(&Address::ZERO)
        .map_or(U256::ZERO, |account| account.balance);
    let tx = TxInput {
        value: ether(1),
        ..world.tx(ALICE, Some(BOB), Bytes::new())
    };
    let outcome = world.send(&tx).unwrap();
    assert_eq!(
        (outcome.status, outcome.gas_used),
        (Status::Success, 21_000)
    );
    assert_eq!(world.state.accounts[&BOB].balance, ether(1));
    let fee = world.env.base_fee * U256::from(21_000);
    assert_eq!(
        world.state.accounts[&ALICE].balance,
        before - ether(1) - fee
    );
    assert_eq!(
        world.state.accounts[&Address::ZERO].balance,
        network_before + fee
    );
    assert_eq!(world.state.accounts[&ALICE].nonce, 1);
}

#[test]
fn block_opcodes_tell_what_nitro_tells() {
    let mut world = World::new();
    world.env.l1_block_number = 7;
    let base_fee = world.env.base_fee;
    let expected = [
        (0x43, U256::from(7)),
        (0x41, BATCH_POSTER.into_word().into()),
        (0x44, U256::from(1)),
        (0x45, U256::from(1u64 << 50)),
        (0x48, base_fee),
        (0x3a, base_fee),
        (0x46, U256::from(412_346)),
    ];
    for (opcode, value) in expected {
        let code = world.place(pushes(opcode));
        let tx = world.tx(ALICE, Some(code), Bytes::new());
        assert_eq!(word(&world.send(&tx).unwrap()), value, "opcode {opcode:x}");
    }
    let code = world.place(pushes_with(6, 0x40));
    assert_eq!(
        word(&world.view(code, Bytes::new())),
        U256::ZERO,
        "BLOCKHASH"
    );
}

#[test]
fn blob_base_fee_is_no_opcode() {
    let mut world = World::new();
    let code = world.place(pushes(0x4a));
    let outcome = world.view(code, Bytes::new());
    assert_eq!(outcome.status, Status::Halt);
    assert!(matches!(outcome.error, Some(ExecError::InvalidOpcode(_))));
}

#[test]
fn a_call_without_a_price_sees_no_base_fee() {
    let mut world = World::new();
    for opcode in [0x48, 0x3a] {
        let code = world.place(pushes(opcode));
        assert_eq!(word(&world.view(code, Bytes::new())), U256::ZERO);
        let priced = TxInput {
            from: ALICE,
            nonce: None,
            ..world.tx(ALICE, Some(code), Bytes::new())
        };
        assert_eq!(word(&world.call(&priced).unwrap()), world.env.base_fee);
    }
}

#[test]
fn tips_are_neither_charged_nor_seen_by_gasprice() {
    let mut world = World::new();
    let code = world.place(pushes(0x3a));
    let base_fee: u128 = world.env.base_fee.to();
    let fees = Fees::Dynamic {
        max_fee: 3 * base_fee,
        max_priority_fee: base_fee,
    };
    let tx = TxInput {
        fees,
        ..world.tx(ALICE, Some(code), Bytes::new())
    };
    let before = world.state.accounts[&ALICE].balance;
    let outcome = world.send(&tx).unwrap();
    assert_eq!(outcome.effective_gas_price, base_fee);
    assert_eq!(word(&outcome), world.env.base_fee);
    let paid = before - world.state.accounts[&ALICE].balance;
    assert_eq!(paid, world.env.base_fee * U256::from(outcome.gas_used));
}

#[test]
fn tips_are_charged_once_the_owner_says_so() {
    let mut world = World::at(60);
    world.own(ARB_OWNER, ArbOwner::setCollectTipsCall { collect: true });
    let base_fee: u128 = world.env.base_fee.to();
    let fees = Fees::Dynamic {
        max_fee: 3 * base_fee,
        max_priority_fee: base_fee,
    };
    let tx = TxInput {
        fees,
        ..world.tx(ALICE, Some(BOB), Bytes::new())
    };
    assert_eq!(world.send(&tx).unwrap().effective_gas_price, 2 * base_fee);
}

#[test]
fn transactions_that_may_not_run_say_why() {
    let mut world = World::new();
    let good = world.tx(ALICE, Some(BOB), Bytes::new());
    let base_fee: u128 = world.env.base_fee.to();
    let dynamic = |max_fee, max_priority_fee| Fees::Dynamic {
        max_fee,
        max_priority_fee,
    };
    let cases = [
        (
            TxInput {
                nonce: Some(1),
                ..good.clone()
            },
            "nonce too high",
        ),
        (
            TxInput {
                gas_limit: 20_999,
                ..good.clone()
            },
            "intrinsic gas too low",
        ),
        (
            TxInput {
                value: ether(5_000),
                ..good.clone()
            },
            "insufficient funds for gas * price + value",
        ),
        (
            TxInput {
                fees: dynamic(base_fee - 1, 0),
                ..good.clone()
            },
            "max fee per gas less than block base fee",
        ),
        (
            TxInput {
                fees: dynamic(base_fee, base_fee + 1),
                ..good.clone()
            },
            "max priority fee per gas higher",
        ),
        (
            TxInput {
                chain_id: Some(1),
                ..good.clone()
            },
            "invalid chain id",
        ),
        (
            TxInput {
                tx_type: 3,
                ..good.clone()
            },
            "transaction type not supported",
        ),
        (
            TxInput {
                to: None,
                data: vec![0; 49_153].into(),
                ..good.clone()
            },
            "max initcode size exceeded",
        ),
    ];
    for (tx, text) in cases {
        let error = world.send(&tx).unwrap_err().to_string();
        assert!(error.starts_with(text), "{error:?} instead of {text:?}");
    }
    world.send(&good).unwrap();
    assert!(matches!(
        world.send(&good),
        Err(TxError::NonceTooLow {
            tx: 0,
            state: 1,
            ..
        })
    ));
}

#[test]
fn a_sender_with_code_is_refused_unless_impersonated() {
    let mut world = World::new();
    let contract = world.place(pushes(0x43));
    world.state.fund(contract, ether(1));
    let tx = world.tx(contract, Some(BOB), Bytes::new());
    assert!(matches!(world.send(&tx), Err(TxError::SenderNotEoa { .. })));
}

#[test]
fn compute_gas_is_capped_and_the_rest_given_back() {
    let mut world = World::new();
    let endless = world.place(bytes!("5b5f56"));
    let tx = TxInput {
        gas_limit: 100_000_000,
        ..world.tx(ALICE, Some(endless), Bytes::new())
    };
    let outcome = world.send(&tx).unwrap();
    assert_eq!(
        (outcome.status, outcome.gas_used),
        (Status::Halt, 32_000_000)
    );
    assert_eq!(outcome.error, Some(ExecError::OutOfGas));
    let call = TxInput {
        gas_limit: 50_000_000,
        fees: Fees::Free,
        ..tx
    };
    assert_eq!(
        world.call(&call).unwrap().gas_used,
        50_000_000,
        "calls are not capped"
    );
}

#[test]
fn code_starting_with_ef_is_deployed_only_with_a_stylus_prefix() {
    let mut world = World::new();
    let cases: [(&[u8], bool); 5] = [
        (&[0xef], false),
        (&[0xef, 0xf0, 0x00], false),
        (&[0xef, 0xf0, 0x00, 0x00], true),
        (&[0xef, 0xf0, 0x01, 0x00], false),
        (&[0xef, 0x00, 0x00, 0x00], false),
    ];
    for (code, accepted) in cases {
        let tx = world.tx(ALICE, None, deploys(code));
        let outcome = world.send(&tx).unwrap();
        assert_eq!(outcome.is_success(), accepted, "{code:x?}");
        if accepted {
            let hash = world.state.accounts[&outcome.created.unwrap()].code_hash;
            assert_eq!(world.state.codes[&hash].bytes().as_ref(), code);
        } else {
            assert_eq!(outcome.error, Some(ExecError::CodeStartsWithEf));
            assert_eq!(outcome.gas_used, PLENTY);
        }
    }
    let mut world = World::at(60);
    let tx = world.tx(ALICE, None, deploys(&[0xef, 0xf0, 0x01, 0x00]));
    assert!(
        world.send(&tx).unwrap().is_success(),
        "fragments exist from 60 on"
    );
}

#[test]
fn the_calldata_floor_holds_only_when_the_owner_wants_it() {
    let mut world = World::new();
    let data = Bytes::from(vec![1; 1_000]);
    let tx = world.tx(ALICE, Some(BOB), data.clone());
    assert_eq!(world.send(&tx).unwrap().gas_used, 21_000 + 16_000);
    world.own(
        ARB_OWNER,
        ArbOwner::setCalldataPriceIncreaseCall { enable: true },
    );
    let tx = world.tx(ALICE, Some(BOB), data);
    assert_eq!(world.send(&tx).unwrap().gas_used, 21_000 + 40_000);
}

#[test]
fn the_l1_share_is_part_of_gas_used_and_never_refunded() {
    let mut world = World::new();
    world.own(
        ARB_OWNER,
        ArbOwner::setL1PricePerUnitCall {
            price: U256::from(50_000_000_000u64),
        },
    );
    let encoded: Bytes = (0..200u8).collect::<Vec<_>>().into();
    let tx = TxInput {
        encoded: Some(encoded.clone()),
        ..world.tx(ALICE, Some(BOB), Bytes::new())
    };
    let outcome = world.send(&tx).unwrap();
    let cost = U256::from(arbos::gas::l1::units(&encoded, 1)) * U256::from(50_000_000_000u64);
    assert_eq!(
        outcome.gas_used_for_l1,
        (cost / world.env.base_fee).to::<u64>()
    );
    assert_eq!(outcome.gas_used, 21_000 + outcome.gas_used_for_l1);
    let funds = world.state.accounts[&arbos::state::L1_PRICER_FUNDS].balance;
    assert_eq!(
        funds,
        U256::from(outcome.gas_used_for_l1) * world.env.base_fee
    );

    let tight = TxInput {
        gas_limit: outcome.gas_used - 1,
        encoded: Some(encoded),
        ..world.tx(ALICE, Some(BOB), Bytes::new())
    };
    assert!(matches!(
        world.send(&tight),
        Err(TxError::IntrinsicGas { .. })
    ));
}

#[test]
fn a_refund_reaches_a_fifth_of_what_was_used() {
    let mut world = World::new();
    let clears = world.place(bytes!("5f5f55"));
    world
        .state
        .storage
        .insert((clears, U256::ZERO), U256::from(1));
    let tx = world.tx(ALICE, Some(clears), Bytes::new());
    let outcome = world.send(&tx).unwrap();
    assert_eq!(outcome.gas_refunded, 4_800);
    assert_eq!(outcome.gas_used, 21_000 + 2 + 2 + 5_000 - 4_800);
    assert_eq!(
        outcome.diff.accounts[&clears].storage,
        vec![(U256::ZERO, U256::ZERO)]
    );
}

#[test]
fn an_access_list_names_what_was_touched() {
    let mut world = World::new();
    let reads = world.place(bytes!("6005545f5260205ff3"));
    let options = arbos::ExecOptions {
        mode: arbos::Mode::Call,
        collect_access_list: true,
        ..Default::default()
    };
    let tx = world.tx(DEV_ACCOUNT, Some(reads), Bytes::new());
    let outcome = world
        .executor
        .transact(
            &world.state,
            &world.env,
            &mut arbos::BlockContext::default(),
            &tx,
            &options,
        )
        .unwrap();
    let list = outcome.access_list.unwrap();
    assert_eq!(list.0.len(), 1);
    assert_eq!(
        (list.0[0].address, list.0[0].storage_keys.clone()),
        (reads, vec![B256::with_last_byte(5)])
    );
}

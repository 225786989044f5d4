//! The smaller precompiles.

use alloy_primitives::{Address, B256, Bytes, U256, hex};

use super::{ALICE, Ask, CLEAR, OPEN, OWNER, PLENTY, READ, WORD, WRITE, mock::World, ok};
use crate::{
    precompiles::{
        ARBOS_ADDRESS, address_table::ArbAddressTable, aggregator::ArbAggregator,
        arbos_acts::ArbosActs, filtered_transactions::ArbFilteredTransactionsManager,
        function_table::ArbFunctionTable, owner_public::ArbOwnerPublic, retryable::ArbRetryableTx,
        start_block_data, statistics::ArbStatistics,
    },
    state::BATCH_POSTER,
};

#[test]
fn the_address_table_numbers_and_compresses_addresses() {
    use ArbAddressTable::*;
    let mut world = World::at(51);
    let addr = ALICE;
    assert!(!ok(&mut world, 0x66, addressExistsCall { addr }).0);
    let (index, gas) = ok(&mut world, 0x66, registerCall { addr });
    assert_eq!(index, U256::ZERO);
    assert_eq!(gas, OPEN + WORD + 2 * READ + 3 * WRITE + WORD);
    let (again, gas) = ok(&mut world, 0x66, registerCall { addr });
    assert_eq!((again, gas), (U256::ZERO, OPEN + WORD + READ + WORD));
    assert_eq!(ok(&mut world, 0x66, lookupCall { addr }).0, U256::ZERO);
    let index = U256::ZERO;
    assert_eq!(ok(&mut world, 0x66, lookupIndexCall { index }).0, addr);
    assert_eq!(ok(&mut world, 0x66, sizeCall {}).0, U256::from(1));

    let unknown = Address::repeat_byte(9);
    for (addr, len) in [(addr, 1), (unknown, 21)] {
        let (buf, _) = ok(&mut world, 0x66, compressCall { addr });
        assert_eq!(buf.len(), len);
        let offset = U256::ZERO;
        let (back, _) = ok(&mut world, 0x66, decompressCall { buf, offset });
        assert_eq!((back._0, back._1), (addr, U256::from(len)));
    }
    let looked = OPEN + WORD + READ;
    Ask::new(0x66, lookupCall { addr: unknown })
        .run(&mut world)
        .assert_revert(b"", looked);
    Ask::new(
        0x66,
        lookupIndexCall {
            index: U256::from(1),
        },
    )
    .run(&mut world)
    .assert_revert(b"", looked);
    let outside = decompressCall {
        buf: Bytes::new(),
        offset: U256::from(1),
    };
    Ask::new(0x66, outside)
        .run(&mut world)
        .assert_revert(b"", OPEN + 3 * WORD);
}

#[test]
fn the_function_table_is_empty() {
    use ArbFunctionTable::*;
    let mut world = World::at(51);
    ok(&mut world, 0x68, uploadCall { buf: Bytes::new() });
    assert_eq!(ok(&mut world, 0x68, sizeCall { addr: ALICE }).0, U256::ZERO);
    let get = getCall {
        addr: ALICE,
        index: U256::ZERO,
    };
    Ask::new(0x68, get)
        .run(&mut world)
        .assert_revert(b"", OPEN + 2 * WORD);
    Ask::raw(0x67, [0; 4])
        .run(&mut world)
        .assert_revert(b"", PLENTY);
}

#[test]
fn the_batch_poster_has_no_fee_collector_until_told_otherwise() {
    use ArbAggregator::*;
    let mut world = World::at(51);
    let (preferred, _) = ok(&mut world, 0x6d, getPreferredAggregatorCall { addr: ALICE });
    assert_eq!((preferred._0, preferred._1), (BATCH_POSTER, true));
    assert_eq!(
        ok(&mut world, 0x6d, getDefaultAggregatorCall {}).0,
        BATCH_POSTER
    );
    assert_eq!(
        ok(&mut world, 0x6d, getBatchPostersCall {}).0,
        [BATCH_POSTER]
    );
    let batchPoster = BATCH_POSTER;
    let collector = getFeeCollectorCall { batchPoster };
    assert_eq!(ok(&mut world, 0x6d, collector.clone()).0, Address::ZERO);
    let set = setFeeCollectorCall {
        batchPoster,
        newFeeCollector: ALICE,
    };
    let refused = Ask::new(0x6d, set.clone()).run(&mut world);
    assert_eq!(refused.result.output, Bytes::new());
    assert!(!refused.result.is_success());
    Ask::new(0x6d, set)
        .from(BATCH_POSTER)
        .ok::<setFeeCollectorCall>(&mut world);
    assert_eq!(ok(&mut world, 0x6d, collector).0, ALICE);

    let add = addBatchPosterCall {
        newBatchPoster: ALICE,
    };
    Ask::new(0x6d, add.clone())
        .run(&mut world)
        .assert_revert(b"", OPEN + WORD + READ);
    // Owner, membership thrice, owed, payee, size, place, member, size read again and written.
    let (_, gas) = Ask::new(0x6d, add.clone())
        .from(OWNER)
        .ok::<addBatchPosterCall>(&mut world);
    assert_eq!(
        gas,
        OPEN + WORD + 4 * READ + CLEAR + WRITE + READ + 2 * WRITE + READ + WRITE
    );
    // One that is there already is looked up once.
    let (_, gas) = Ask::new(0x6d, add)
        .from(OWNER)
        .ok::<addBatchPosterCall>(&mut world);
    assert_eq!(gas, OPEN + WORD + 2 * READ);
    assert_eq!(
        ok(&mut world, 0x6d, getBatchPostersCall {}).0,
        [BATCH_POSTER, ALICE]
    );
}

#[test]
fn there_are_never_tickets() {
    use ArbRetryableTx::*;
    let mut world = World::at(51);
    let (lifetime, gas) = ok(&mut world, 0x6e, getLifetimeCall {});
    assert_eq!((lifetime, gas), (U256::from(604_800), OPEN + WORD));
    assert_eq!(
        ok(&mut world, 0x6e, getCurrentRedeemerCall {}).0,
        Address::ZERO
    );
    let ticketId = B256::repeat_byte(1);
    let none = hex!("80698456");
    let gas = OPEN + WORD + READ + WORD;
    // To redeem is to look twice: for the ticket's size, and for the ticket.
    Ask::new(0x6e, redeemCall { ticketId })
        .run(&mut world)
        .assert_revert(none, gas + READ);
    for ask in [
        Ask::new(0x6e, getTimeoutCall { ticketId }),
        Ask::new(0x6e, keepaliveCall { ticketId }),
        Ask::new(0x6e, getBeneficiaryCall { ticketId }),
        Ask::new(0x6e, cancelCall { ticketId }),
    ] {
        ask.run(&mut world).assert_revert(none, gas);
    }
    let submit = submitRetryableCall {
        requestId: B256::ZERO,
        l1BaseFee: U256::ZERO,
        deposit: U256::ZERO,
        callvalue: U256::ZERO,
        gasFeeCap: U256::ZERO,
        gasLimit: 0,
        maxSubmissionFee: U256::ZERO,
        feeRefundAddress: ALICE,
        beneficiary: ALICE,
        retryTo: ALICE,
        retryData: Bytes::new(),
    };
    let refused = Ask::new(0x6e, submit).run(&mut world);
    assert_eq!(refused.result.output[..], hex!("902824c1"));
}

#[test]
fn statistics_tell_the_block_and_nothing_else() {
    let (stats, _) = ok(&mut World::at(51), 0x6f, ArbStatistics::getStatsCall {});
    assert_eq!(stats._0, U256::from(1_000));
    assert_eq!(stats._5, U256::ZERO);
}

#[test]
fn only_arbos_may_start_a_block() {
    let mut world = World::at(51);
    let data = start_block_data(&world.block, U256::from(3), 4);
    assert_eq!(data[..4], hex!("6bf6a42d"));
    let mut call = Ask::raw(0, data.clone());
    call.0.address = ARBOS_ADDRESS;
    call.0.acting = ARBOS_ADDRESS;
    call.run(&mut world)
        .assert_revert(hex!("f812e656"), OPEN + 4 * WORD + WORD);
    use alloy_sol_types::SolCall;
    let decoded = ArbosActs::startBlockCall::abi_decode(&data).unwrap();
    assert_eq!((decoded.l2BlockNumber, decoded.timePassed), (1_000, 4));
}

#[test]
fn nothing_is_ever_filtered_and_asking_costs_two_reads() {
    use ArbFilteredTransactionsManager::*;
    let mut world = World::at(60);
    let txHash = B256::ZERO;
    let (filtered, gas) = ok(&mut world, 0x74, isTransactionFilteredCall { txHash });
    assert_eq!((filtered, gas), (false, OPEN + READ));
    for ask in [
        Ask::new(0x74, addFilteredTransactionCall { txHash }),
        Ask::new(0x74, deleteFilteredTransactionCall { txHash }),
        Ask::raw(0x74, [1, 2, 3, 4]),
        Ask::raw(0x74, []),
    ] {
        ask.run(&mut world).assert_revert(b"", OPEN + READ);
    }
    Ask::new(0x74, isTransactionFilteredCall { txHash })
        .gas(OPEN + READ - 1)
        .run(&mut world)
        .assert_revert(b"", OPEN + READ - 1);
}

#[test]
fn the_filters_precompile_costs_two_reads_and_succeeds_before_it_exists() {
    use ArbFilteredTransactionsManager::*;
    let mut world = World::at(51);
    let txHash = B256::ZERO;
    for ask in [
        Ask::new(0x74, addFilteredTransactionCall { txHash }),
        Ask::new(0x74, isTransactionFilteredCall { txHash }),
        Ask::raw(0x74, []),
    ] {
        let answer = ask.run(&mut world);
        assert!(answer.result.is_success() && answer.result.output.is_empty());
        assert_eq!(answer.gas_used, OPEN + READ);
    }
}

#[test]
fn a_rectified_owner_was_out_of_place() {
    let mut world = World::at(51);
    let call = ArbOwnerPublic::rectifyChainOwnerCall {
        ownerToRectify: ALICE,
    };
    Ask::new(0x6b, call)
        .run(&mut world)
        .assert_revert(b"", OPEN + WORD + READ);
    let call = ArbOwnerPublic::rectifyChainOwnerCall {
        ownerToRectify: OWNER,
    };
    let refused = Ask::new(0x6b, call).run(&mut world);
    assert!(!refused.result.is_success());
}

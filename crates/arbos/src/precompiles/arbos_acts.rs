//! ArbosActs (0xA4B05): the calls ArbOS makes to itself at the start of a block.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError, sol};

use super::{Access, Failure, Precompile, describe::describe, method::method, numbered};
use crate::host::BlockEnv;

sol! {
    interface ArbosActs {
        function startBlock(uint256 l1BaseFee, uint64 l1BlockNumber, uint64 l2BlockNumber, uint64 timePassed) external;
        function batchPostingReport(uint256 batchTimestamp, address batchPosterAddress, uint64 batchNumber, uint64 batchDataGas, uint256 l1BaseFeeWei) external;
        function batchPostingReportV2(uint256 batchTimestamp, address batchPosterAddress, uint64 batchNumber, uint64 batchCalldataLength, uint64 batchCalldataNonZeros, uint64 batchExtraGas, uint256 l1BaseFeeWei) external;
        error CallerNotArbOS();
    }
}
use ArbosActs::*;

/// Sender and recipient of the internal transaction that starts each block.
pub const ARBOS_ADDRESS: Address = numbered(0x0a4b05);

/// Calldata of the internal transaction that starts `block`, `seconds` after its parent.
pub(crate) fn start_block_data(block: &BlockEnv, l1_base_fee: U256, seconds: u64) -> Bytes {
    startBlockCall {
        l1BaseFee: l1_base_fee,
        l1BlockNumber: block.l1_block_number,
        l2BlockNumber: block.number,
        timePassed: seconds,
    }
    .abi_encode()
    .into()
}

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbosActs",
    address: ARBOS_ADDRESS,
    since: 0,
    access: Access::Anyone,
    methods: &[
        method!(Write, startBlockCall, |_,
                                        _|
         -> Result<
            startBlockReturn,
            Failure,
        > {
            Err(Failure::solidity(CallerNotArbOS {}))
        }),
        method!(Write, batchPostingReportCall, |_,
                                                _|
         -> Result<
            batchPostingReportReturn,
            Failure,
        > {
            Err(Failure::solidity(CallerNotArbOS {}))
        }),
        method!(Write, batchPostingReportV2Call, |_,
                                                  _|
         -> Result<
            batchPostingReportV2Return,
            Failure,
        > {
            Err(Failure::solidity(CallerNotArbOS {}))
        })
        .since(50),
    ],
    describe: |data| describe(&[CallerNotArbOS::SIGNATURE], data),
};

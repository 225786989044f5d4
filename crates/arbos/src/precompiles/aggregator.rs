//! ArbAggregator (0x6d): who posts batches, and where their payments go.

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;

use super::{Access, Context, Failure, Precompile, method::method, no_errors, numbered};
use crate::state::BATCH_POSTER;

sol! {
    interface ArbAggregator {
        function getPreferredAggregator(address addr) external view returns (address, bool);
        function getDefaultAggregator() external view returns (address);
        function getBatchPosters() external view returns (address[]);
        function addBatchPoster(address newBatchPoster) external;
        function getFeeCollector(address batchPoster) external view returns (address);
        function setFeeCollector(address batchPoster, address newFeeCollector) external;
        function getTxBaseFee(address aggregator) external view returns (uint256);
        function setTxBaseFee(address aggregator, uint256 feeInL1Gas) external;
    }
}
use ArbAggregator::*;

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbAggregator",
    address: numbered(0x6d),
    since: 0,
    access: Access::Anyone,
    methods: &[
        method!(View, getPreferredAggregatorCall, |_, _| {
            Ok(getPreferredAggregatorReturn {
                _0: BATCH_POSTER,
                _1: true,
            })
        }),
        method!(View, getDefaultAggregatorCall, |_, _| Ok(BATCH_POSTER)),
        method!(View, getBatchPostersCall, |context, _| {
            let posters = context.state.l1_pricing().batch_posters();
            posters.members(context)
        }),
        method!(Write, addBatchPosterCall, add_batch_poster),
        method!(View, getFeeCollectorCall, |context, call| {
            fee_collector(context, call.batchPoster)
        }),
        method!(Write, setFeeCollectorCall, set_fee_collector),
        method!(View, getTxBaseFeeCall, |_, _| Ok(U256::ZERO)),
        method!(Write, setTxBaseFeeCall, |_, _| Ok(setTxBaseFeeReturn {})),
    ],
    describe: no_errors,
};

fn add_batch_poster(
    context: &mut Context<'_>,
    call: addBatchPosterCall,
) -> Result<addBatchPosterReturn, Failure> {
    if !context.is_chain_owner(context.caller())? {
        return Err(Failure::internal("must be called by chain owner"));
    }
    let pricing = context.state.l1_pricing();
    let poster = call.newBatchPoster;
    if !pricing.batch_posters().contains(context, poster)? {
        pricing.add_poster(context, poster, poster)?;
    }
    Ok(addBatchPosterReturn {})
}

fn fee_collector(context: &mut Context<'_>, poster: Address) -> Result<Address, Failure> {
    let pricing = context.state.l1_pricing();
    if !pricing.batch_posters().contains(context, poster)? {
        return Err(Failure::internal("tried to open nonexistent batch poster"));
    }
    pricing.poster_pay_to(poster).get(context)
}

fn set_fee_collector(
    context: &mut Context<'_>,
    call: setFeeCollectorCall,
) -> Result<setFeeCollectorReturn, Failure> {
    let collector = fee_collector(context, call.batchPoster)?;
    let caller = context.caller();
    let may =
        caller == call.batchPoster || caller == collector || context.is_chain_owner(caller)?;
    if !may {
        return Err(Failure::internal(
            "only a batch poster (or its fee collector / chain owner) may change its fee collector",
        ));
    }
    let pay_to = context.state.l1_pricing().poster_pay_to(call.batchPoster);
    pay_to.set(context, call.newFeeCollector)?;
    Ok(setFeeCollectorReturn {})
}

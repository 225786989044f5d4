//! ArbGasInfo (0x6c): what gas costs.

use alloy_primitives::{I256, U256};
use alloy_sol_types::sol;

use super::{Access, Context, Failure, Precompile, method::method, no_errors, numbered};
use crate::{
    gas_price::{STORAGE_READ, STORAGE_WRITE},
    state::{L1_PRICER_FUNDS, Storage, UNITS_PER_BYTE},
};

sol! {
    interface ArbGasInfo {
        function getPricesInWei() external view returns (uint256, uint256, uint256, uint256, uint256, uint256);
        function getPricesInWeiWithAggregator(address aggregator) external view returns (uint256, uint256, uint256, uint256, uint256, uint256);
        function getPricesInArbGas() external view returns (uint256, uint256, uint256);
        function getPricesInArbGasWithAggregator(address aggregator) external view returns (uint256, uint256, uint256);
        function getGasAccountingParams() external view returns (uint256, uint256, uint256);
        function getMaxTxGasLimit() external view returns (uint256);
        function getMaxBlockGasLimit() external view returns (uint64);
        function getMinimumGasPrice() external view returns (uint256);
        function getL1BaseFeeEstimate() external view returns (uint256);
        function getL1BaseFeeEstimateInertia() external view returns (uint64);
        function getL1RewardRate() external view returns (uint64);
        function getL1RewardRecipient() external view returns (address);
        function getL1GasPriceEstimate() external view returns (uint256);
        function getCurrentTxL1GasFees() external view returns (uint256);
        function getGasBacklog() external view returns (uint64);
        function getPricingInertia() external view returns (uint64);
        function getGasBacklogTolerance() external view returns (uint64);
        function getL1PricingSurplus() external view returns (int256);
        function getPerBatchGasCharge() external view returns (int64);
        function getAmortizedCostCapBips() external view returns (uint64);
        function getL1FeesAvailable() external view returns (uint256);
        function getL1PricingEquilibrationUnits() external view returns (uint256);
        function getLastL1PricingUpdateTime() external view returns (uint64);
        function getL1PricingFundsDueForRewards() external view returns (uint256);
        function getL1PricingUnitsSinceUpdate() external view returns (uint64);
        function getLastL1PricingSurplus() external view returns (int256);
        function getGasPricingConstraints() external view returns (uint64[3][]);
        function getMultiGasPricingConstraints() external view returns (((uint8,uint64)[],uint32,uint64,uint64)[]);
        function getMultiGasBaseFee() external view returns (uint256[]);
    }
}
use ArbGasInfo::*;

/// Bytes a simple transaction is assumed to have.
const ASSUMED_TX_BYTES: u64 = 140;
/// Resources that gas is told apart by (≥60).
pub(super) const RESOURCE_KINDS: u8 = 9;
const NO_CONSTRAINTS: &str = "always empty: prices by resource are not kept";
const ONE_PRICE: &str = "the base fee nine times: prices by resource are not kept";

/// Reads one cell of the state.
macro_rules! stored {
    ($call:ty, $region:ident.$cell:ident) => {
        method!(View, $call, |context, _| {
            let cell = context.state.$region().$cell();
            cell.get(context)
        })
    };
}

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbGasInfo",
    address: numbered(0x6c),
    since: 0,
    access: Access::Anyone,
    methods: &[
        method!(View, getPricesInWeiCall, |context, _| {
            let [_0, _1, _2, _3, _4, _5] = prices_in_wei(context)?;
            Ok(getPricesInWeiReturn {
                _0,
                _1,
                _2,
                _3,
                _4,
                _5,
            })
        }),
        method!(View, getPricesInWeiWithAggregatorCall, |context, _| {
            let [_0, _1, _2, _3, _4, _5] = prices_in_wei(context)?;
            Ok(getPricesInWeiWithAggregatorReturn {
                _0,
                _1,
                _2,
                _3,
                _4,
                _5,
            })
        }),
        method!(View, getPricesInArbGasCall, |context, _| {
            let [_0, _1, _2] = prices_in_gas(context)?;
            Ok(getPricesInArbGasReturn { _0, _1, _2 })
        }),
        method!(View, getPricesInArbGasWithAggregatorCall, |context, _| {
            let [_0, _1, _2] = prices_in_gas(context)?;
            Ok(getPricesInArbGasWithAggregatorReturn { _0, _1, _2 })
        }),
        method!(View, getGasAccountingParamsCall, |context, _| {
            let pricing = context.state.l2_pricing();
            let speed = pricing.speed_limit().get(context)?;
            let limit = U256::from(pricing.block_gas_limit().get(context)?);
            Ok(getGasAccountingParamsReturn {
                _0: U256::from(speed),
                _1: limit,
                _2: limit,
            })
        }),
        method!(View, getMaxTxGasLimitCall, |context, _| {
            let pricing = context.state.l2_pricing();
            let limit = if context.arbos_version() < 50 {
                pricing.block_gas_limit()
            } else {
                pricing.tx_gas_limit()
            };
            limit.get(context).map(U256::from)
        }),
        stored!(getMaxBlockGasLimitCall, l2_pricing.block_gas_limit).since(50),
        stored!(getMinimumGasPriceCall, l2_pricing.min_base_fee),
        stored!(getL1BaseFeeEstimateCall, l1_pricing.price_per_unit),
        stored!(getL1BaseFeeEstimateInertiaCall, l1_pricing.inertia),
        stored!(getL1RewardRateCall, l1_pricing.per_unit_reward).since(11),
        stored!(getL1RewardRecipientCall, l1_pricing.pay_rewards_to).since(11),
        stored!(getL1GasPriceEstimateCall, l1_pricing.price_per_unit),
        method!(View, getCurrentTxL1GasFeesCall, |context, _| {
            Ok(context.host.tx().poster_fee)
        }),
        stored!(getGasBacklogCall, l2_pricing.backlog),
        stored!(getPricingInertiaCall, l2_pricing.inertia),
        stored!(getGasBacklogToleranceCall, l2_pricing.backlog_tolerance),
        method!(View, getL1PricingSurplusCall, surplus),
        stored!(getPerBatchGasChargeCall, l1_pricing.per_batch_gas_charge),
        stored!(
            getAmortizedCostCapBipsCall,
            l1_pricing.amortized_cost_cap_bips
        ),
        stored!(getL1FeesAvailableCall, l1_pricing.l1_fees_available).since(10),
        stored!(
            getL1PricingEquilibrationUnitsCall,
            l1_pricing.equilibration_units
        )
        .since(20),
        stored!(getLastL1PricingUpdateTimeCall, l1_pricing.last_update_time).since(20),
        stored!(
            getL1PricingFundsDueForRewardsCall,
            l1_pricing.funds_due_for_rewards
        )
        .since(20),
        stored!(
            getL1PricingUnitsSinceUpdateCall,
            l1_pricing.units_since_update
        )
        .since(20),
        stored!(getLastL1PricingSurplusCall, l1_pricing.last_surplus).since(20),
        method!(View, getGasPricingConstraintsCall, |context, _| {
            let constraints = context.state.l2_pricing().constraints();
            let all = constraints.all(context)?;
            Ok(all
                .into_iter()
                .map(|it| [it.target, it.adjustment_window, it.backlog])
                .collect())
        })
        .since(50),
        method!(View, getMultiGasPricingConstraintsCall, |context, _| {
            // Their number, which is none.
            context.burn(STORAGE_READ)?;
            Ok(Vec::new())
        })
        .since(60)
        .approximate(NO_CONSTRAINTS),
        method!(View, getMultiGasBaseFeeCall, |context, _| {
            let base_fee = context.state.l2_pricing().base_fee().get(context)?;
            // A price for each resource, none of which differs from the rest.
            context.burn(STORAGE_READ * u64::from(RESOURCE_KINDS))?;
            Ok(vec![base_fee; usize::from(RESOURCE_KINDS)])
        })
        .since(60)
        .approximate(ONE_PRICE),
    ],
    describe: no_errors,
};

/// Wei: of a simple transaction's L1 data, of a calldata byte, of a storage slot, and the base fee in
/// its two parts and as a whole.
fn prices_in_wei(context: &mut Context<'_>) -> Result<[U256; 6], Failure> {
    let per_unit = context.state.l1_pricing().price_per_unit().get(context)?;
    let base = context.host.block().base_fee;
    let min = context
        .state
        .l2_pricing()
        .min_base_fee()
        .get(context)?
        .min(base);
    let per_byte = per_unit.saturating_mul(U256::from(UNITS_PER_BYTE));
    Ok([
        per_byte.saturating_mul(U256::from(ASSUMED_TX_BYTES)),
        per_byte,
        base.saturating_mul(U256::from(STORAGE_WRITE)),
        min,
        base - min,
        base,
    ])
}

/// The first three of the prices in wei, in gas.
fn prices_in_gas(context: &mut Context<'_>) -> Result<[U256; 3], Failure> {
    let per_unit = context.state.l1_pricing().price_per_unit().get(context)?;
    let base = context.host.block().base_fee;
    let per_byte = per_unit.saturating_mul(U256::from(UNITS_PER_BYTE));
    let per_tx = per_byte.saturating_mul(U256::from(ASSUMED_TX_BYTES));
    let in_gas = |wei: U256| wei.checked_div(base).unwrap_or_default();
    Ok([in_gas(per_tx), in_gas(per_byte), U256::from(STORAGE_WRITE)])
}

/// What the L1 pricer holds beyond what it owes; negative when it owes more.
fn surplus(context: &mut Context<'_>, _: getL1PricingSurplusCall) -> Result<I256, Failure> {
    let pricing = context.state.l1_pricing();
    let for_posters = pricing.total_funds_due().get(context)?;
    let for_rewards = pricing.funds_due_for_rewards().get(context)?;
    let held = if context.arbos_version() < 10 {
        context.host.balance(L1_PRICER_FUNDS)
    } else {
        pricing.l1_fees_available().get(context)?
    };
    let owed = for_posters.wrapping_add(for_rewards);
    Ok(I256::from_raw(held.wrapping_sub(owed)))
}

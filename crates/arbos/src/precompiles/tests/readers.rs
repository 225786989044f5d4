//! ArbGasInfo and ArbInfo on a fresh chain.

use alloy_primitives::{Address, I256, U256};

use super::{ALICE, OPEN, READ, WORD, mock::World, ok};
use crate::precompiles::{
    gas_info::ArbGasInfo::*,
    info::ArbInfo::{getBalanceCall, getCodeCall},
};

#[test]
fn a_fresh_chain_has_the_prices_of_the_reference() {
    let mut world = World::at(51);
    let base = U256::from(100_000_000);
    let l1 = U256::from(50_000_000_000u64);
    let (wei, gas) = ok(&mut world, 0x6c, getPricesInWeiCall {});
    let l1_byte = l1 * U256::from(16);
    assert_eq!(
        [wei._0, wei._1, wei._2, wei._3, wei._4, wei._5],
        [
            l1_byte * U256::from(140),
            l1_byte,
            base * U256::from(20_000),
            base,
            U256::ZERO,
            base
        ]
    );
    assert_eq!(gas, OPEN + 2 * READ + 6 * WORD);
    let aggregator = Address::ZERO;
    let (same, _) = ok(
        &mut world,
        0x6c,
        getPricesInWeiWithAggregatorCall { aggregator },
    );
    assert_eq!(same._0, wei._0);
    let (in_gas, used) = ok(&mut world, 0x6c, getPricesInArbGasCall {});
    assert_eq!(
        [in_gas._0, in_gas._1, in_gas._2],
        [wei._0 / base, wei._1 / base, U256::from(20_000)]
    );
    assert_eq!(used, OPEN + READ + 3 * WORD);
    let (limits, used) = ok(&mut world, 0x6c, getGasAccountingParamsCall {});
    assert_eq!(
        [limits._0, limits._1, limits._2],
        [7_000_000, 32_000_000, 32_000_000].map(U256::from)
    );
    assert_eq!(used, OPEN + 2 * READ + 3 * WORD);
}

#[test]
fn a_fresh_chain_has_the_settings_of_the_reference() {
    let mut world = World::at(51);
    let one = OPEN + READ + WORD;
    let word = |value: u64| U256::from(value);
    let world = &mut world;
    assert_eq!(
        ok(world, 0x6c, getMaxTxGasLimitCall {}),
        (word(32_000_000), one)
    );
    assert_eq!(
        ok(world, 0x6c, getMaxBlockGasLimitCall {}),
        (32_000_000, one)
    );
    assert_eq!(
        ok(world, 0x6c, getMinimumGasPriceCall {}),
        (word(100_000_000), one)
    );
    assert_eq!(
        ok(world, 0x6c, getL1BaseFeeEstimateCall {}),
        (word(50_000_000_000), one)
    );
    assert_eq!(
        ok(world, 0x6c, getL1GasPriceEstimateCall {}),
        (word(50_000_000_000), one)
    );
    assert_eq!(
        ok(world, 0x6c, getL1BaseFeeEstimateInertiaCall {}),
        (10, one)
    );
    assert_eq!(ok(world, 0x6c, getL1RewardRateCall {}), (10, one));
    assert_eq!(
        ok(world, 0x6c, getL1RewardRecipientCall {}),
        (Address::ZERO, one)
    );
    assert_eq!(ok(world, 0x6c, getGasBacklogCall {}), (0, one));
    assert_eq!(ok(world, 0x6c, getPricingInertiaCall {}), (102, one));
    assert_eq!(ok(world, 0x6c, getGasBacklogToleranceCall {}), (10, one));
    assert_eq!(ok(world, 0x6c, getPerBatchGasChargeCall {}), (210_000, one));
    assert_eq!(ok(world, 0x6c, getAmortizedCostCapBipsCall {}), (0, one));
    assert_eq!(
        ok(world, 0x6c, getL1FeesAvailableCall {}),
        (U256::ZERO, one)
    );
    assert_eq!(
        ok(world, 0x6c, getL1PricingEquilibrationUnitsCall {}),
        (word(160_000_000), one)
    );
    assert_eq!(ok(world, 0x6c, getLastL1PricingUpdateTimeCall {}), (0, one));
    assert_eq!(
        ok(world, 0x6c, getL1PricingFundsDueForRewardsCall {}),
        (U256::ZERO, one)
    );
    assert_eq!(
        ok(world, 0x6c, getL1PricingUnitsSinceUpdateCall {}),
        (0, one)
    );
    assert_eq!(
        ok(world, 0x6c, getLastL1PricingSurplusCall {}),
        (I256::ZERO, one)
    );
    let three = OPEN + 3 * READ + WORD;
    assert_eq!(
        ok(world, 0x6c, getL1PricingSurplusCall {}),
        (I256::ZERO, three)
    );
    let empty = ok(world, 0x6c, getGasPricingConstraintsCall {});
    assert_eq!(empty, (Vec::new(), OPEN + READ + 2 * WORD));
}

#[test]
fn the_poster_fee_of_the_transaction_is_told() {
    let mut world = World::at(51);
    world.tx.poster_fee = U256::from(77);
    let (fee, gas) = ok(&mut world, 0x6c, getCurrentTxL1GasFeesCall {});
    assert_eq!((fee, gas), (U256::from(77), OPEN + WORD));
}

#[test]
fn every_resource_has_the_base_fee_for_its_price_from_60_on() {
    let mut world = World::at(60);
    let (prices, gas) = ok(&mut world, 0x6c, getMultiGasBaseFeeCall {});
    assert_eq!(prices, [U256::from(100_000_000); 9]);
    assert_eq!(gas, OPEN + 10 * READ + 11 * WORD);
    let (constraints, gas) = ok(&mut world, 0x6c, getMultiGasPricingConstraintsCall {});
    assert!(constraints.is_empty());
    assert_eq!(gas, OPEN + READ + 2 * WORD);
}

#[test]
fn balance_and_code_of_an_account_are_told() {
    let mut world = World::at(51);
    world.credit(ALICE, U256::from(9));
    world.put_code(ALICE, vec![1u8; 33]);
    let (balance, gas) = ok(&mut world, 0x65, getBalanceCall { account: ALICE });
    assert_eq!((balance, gas), (U256::from(9), OPEN + WORD + 700 + WORD));
    let (code, gas) = ok(&mut world, 0x65, getCodeCall { account: ALICE });
    assert_eq!(code, vec![1u8; 33]);
    // Two words of code; the output has an offset and a length besides.
    assert_eq!(gas, OPEN + WORD + 2_100 + 2 * WORD + 4 * WORD);
}

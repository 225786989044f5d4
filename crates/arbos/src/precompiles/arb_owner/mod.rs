//! ArbOwner (0x70): everything a chain owner may set. Free of gas, each act logged.

mod features;
mod fees;
mod interface;
mod stylus;

use super::{Access, Precompile, method::method, no_errors, numbered, owner_public::SLOT_NOTE};
pub(super) use interface::ArbOwner;
use interface::ArbOwner::*;

/// Writes one argument to one cell of the state.
macro_rules! set {
    ($call:ident, $return:ident, $argument:ident => $cell:ident $(. $inner:ident)?) => {
        method!(Write, $call, |context, call| {
            let cell = context.state.$cell()$(.$inner())?;
            cell.set(context, call.$argument)?;
            Ok($return {})
        })
    };
}

/// Writes one argument to one of the Stylus parameters.
macro_rules! set_param {
    ($call:ident, $return:ident, $argument:ident => $field:ident) => {
        method!(Write, $call, |context, call| {
            stylus::change(context, |params| params.$field = call.$argument)?;
            Ok($return {})
        })
    };
}

/// Reads one cell of the state.
macro_rules! get {
    ($call:ident => $cell:ident) => {
        method!(View, $call, |context, _| {
            let cell = context.state.$cell();
            cell.get(context)
        })
    };
}

/// Lists, or looks an address up in, a set of the state.
macro_rules! members {
    ($contains:ident($argument:ident), $list:ident => $set:ident, since $since:literal) => {
        [
            method!(View, $contains, |context, call| {
                let set = context.state.$set();
                set.contains(context, call.$argument)
            })
            .since($since),
            method!(View, $list, |context, _| {
                let set = context.state.$set();
                set.members(context)
            })
            .since($since),
        ]
    };
}

const OWNERS: [super::Method; 2] =
    members!(isChainOwnerCall(addr), getAllChainOwnersCall => chain_owners, since 0);
const TOKEN_OWNERS: [super::Method; 2] = members!(
    isNativeTokenOwnerCall(addr), getAllNativeTokenOwnersCall => native_token_owners, since 41
);
const FILTERERS: [super::Method; 2] = members!(
    isTransactionFiltererCall(filterer), getAllTransactionFilterersCall => transaction_filterers,
    since 60
);

const DELAYS: &str = "the waiting period's edges are assumed";
const MULTI_GAS: &str = "prices by resource are not kept";

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbOwner",
    address: numbered(0x70),
    since: 0,
    access: Access::ChainOwner,
    methods: &[
        // Who rules.
        method!(Write, addChainOwnerCall, features::add_chain_owner),
        method!(Write, removeChainOwnerCall, features::remove_chain_owner),
        OWNERS[0],
        OWNERS[1],
        method!(Write, scheduleArbOSUpgradeCall, features::schedule_upgrade),
        method!(Write, setChainConfigCall, features::set_chain_config).since(11),
        // Native token.
        method!(Write, setNativeTokenManagementFromCall, |context, call| {
            let from = context.state.native_token_from();
            features::enable_from(context, from, call.timestamp)?;
            Ok(setNativeTokenManagementFromReturn {})
        })
        .since(41)
        .approximate(DELAYS),
        method!(Write, addNativeTokenOwnerCall, |context, call| {
            let (from, owners) = (
                context.state.native_token_from(),
                context.state.native_token_owners(),
            );
            features::require_enabled(context, from)?;
            owners.add(context, call.newOwner)?;
            Ok(addNativeTokenOwnerReturn {})
        })
        .since(41),
        method!(Write, removeNativeTokenOwnerCall, |context, call| {
            let owners = context.state.native_token_owners();
            features::remove_member(context, owners, call.ownerToRemove)?;
            Ok(removeNativeTokenOwnerReturn {})
        })
        .since(41),
        TOKEN_OWNERS[0],
        TOKEN_OWNERS[1],
        // Filtering.
        method!(Write, setTransactionFilteringFromCall, |context, call| {
            let from = context.state.transaction_filtering_from();
            features::enable_from(context, from, call.timestamp)?;
            Ok(setTransactionFilteringFromReturn {})
        })
        .since(60)
        .approximate(DELAYS),
        method!(Write, addTransactionFiltererCall, |context, call| {
            let (from, filterers) = (
                context.state.transaction_filtering_from(),
                context.state.transaction_filterers(),
            );
            features::require_enabled(context, from)?;
            filterers.add(context, call.filterer)?;
            Ok(addTransactionFiltererReturn {})
        })
        .since(60)
        .approximate(SLOT_NOTE),
        method!(Write, removeTransactionFiltererCall, |context, call| {
            let filterers = context.state.transaction_filterers();
            features::remove_member(context, filterers, call.filterer)?;
            Ok(removeTransactionFiltererReturn {})
        })
        .since(60),
        FILTERERS[0],
        FILTERERS[1],
        method!(Write, setFilteredFundsRecipientCall, |context, call| {
            let recipient = context.state.filtered_funds_recipient();
            recipient.set(context, call.newRecipient)?;
            context.emit(&FilteredFundsRecipientSet {
                newRecipient: call.newRecipient,
            })?;
            Ok(setFilteredFundsRecipientReturn {})
        })
        .since(60)
        .approximate(SLOT_NOTE),
        get!(getFilteredFundsRecipientCall => filtered_funds_recipient)
            .since(60)
            .approximate(SLOT_NOTE),
        // Fees.
        get!(getNetworkFeeAccountCall => network_fee_account),
        set!(setNetworkFeeAccountCall, setNetworkFeeAccountReturn,
            newNetworkFeeAccount => network_fee_account),
        get!(getInfraFeeAccountCall => infra_fee_account).since(5),
        set!(setInfraFeeAccountCall, setInfraFeeAccountReturn,
            newInfraFeeAccount => infra_fee_account)
        .since(5),
        set!(setCollectTipsCall, setCollectTipsReturn, collectTips => collect_tips)
            .since(60)
            .approximate(SLOT_NOTE),
        method!(
            Write,
            setCalldataPriceIncreaseCall,
            fees::set_calldata_price_increase
        )
        .since(40),
        method!(Write, setBrotliCompressionLevelCall, fees::set_brotli_level).since(20),
        // L2 gas.
        set!(setL2BaseFeeCall, setL2BaseFeeReturn, priceInWei => l2_pricing.base_fee),
        set!(setMinimumL2BaseFeeCall, setMinimumL2BaseFeeReturn,
            priceInWei => l2_pricing.min_base_fee),
        method!(Write, setSpeedLimitCall, fees::set_speed_limit),
        method!(Write, setMaxTxGasLimitCall, fees::set_max_tx_gas_limit),
        set!(setMaxBlockGasLimitCall, setMaxBlockGasLimitReturn,
            limit => l2_pricing.block_gas_limit)
        .since(50),
        method!(Write, setL2GasPricingInertiaCall, fees::set_l2_inertia),
        set!(setL2GasBacklogToleranceCall, setL2GasBacklogToleranceReturn,
            sec => l2_pricing.backlog_tolerance),
        set!(setGasBacklogCall, setGasBacklogReturn, backlog => l2_pricing.backlog).since(50),
        method!(Write, setGasPricingConstraintsCall, fees::set_constraints).since(50),
        method!(
            Write,
            setMultiGasPricingConstraintsCall,
            fees::set_multi_gas_constraints
        )
        .since(60)
        .approximate("prices by resource are not kept: only an empty list is taken"),
        // L1 data.
        set!(setL1PricePerUnitCall, setL1PricePerUnitReturn,
            pricePerUnit => l1_pricing.price_per_unit),
        set!(setL1BaseFeeEstimateInertiaCall, setL1BaseFeeEstimateInertiaReturn,
            inertia => l1_pricing.inertia),
        set!(setL1PricingEquilibrationUnitsCall, setL1PricingEquilibrationUnitsReturn,
            equilibrationUnits => l1_pricing.equilibration_units),
        set!(setL1PricingInertiaCall, setL1PricingInertiaReturn, inertia => l1_pricing.inertia),
        set!(setL1PricingRewardRecipientCall, setL1PricingRewardRecipientReturn,
            recipient => l1_pricing.pay_rewards_to),
        set!(setL1PricingRewardRateCall, setL1PricingRewardRateReturn,
            weiPerUnit => l1_pricing.per_unit_reward),
        set!(setPerBatchGasChargeCall, setPerBatchGasChargeReturn,
            cost => l1_pricing.per_batch_gas_charge),
        set!(setAmortizedCostCapBipsCall, setAmortizedCostCapBipsReturn,
            cap => l1_pricing.amortized_cost_cap_bips),
        set!(setParentGasFloorPerTokenCall, setParentGasFloorPerTokenReturn,
            floorPerToken => l1_pricing.gas_floor_per_token)
        .since(50),
        method!(
            Write,
            releaseL1PricerSurplusFundsCall,
            fees::release_surplus
        )
        .since(10),
        // Programs.
        method!(Write, setInkPriceCall, stylus::set_ink_price).since(30),
        set_param!(setWasmMaxStackDepthCall, setWasmMaxStackDepthReturn,
            depth => max_stack_depth)
        .since(30),
        set_param!(setWasmFreePagesCall, setWasmFreePagesReturn, pages => free_pages).since(30),
        set_param!(setWasmPageGasCall, setWasmPageGasReturn, gas => page_gas).since(30),
        set_param!(setWasmPageLimitCall, setWasmPageLimitReturn, limit => page_limit).since(30),
        method!(Write, setWasmMinInitGasCall, stylus::set_min_init_gas).since(30),
        method!(
            Write,
            setWasmInitCostScalarCall,
            stylus::set_init_cost_scalar
        )
        .since(30),
        set_param!(setWasmExpiryDaysCall, setWasmExpiryDaysReturn, _days => expiry_days).since(30),
        set_param!(setWasmKeepaliveDaysCall, setWasmKeepaliveDaysReturn,
            _days => keepalive_days)
        .since(30),
        set_param!(setWasmBlockCacheSizeCall, setWasmBlockCacheSizeReturn,
            count => block_cache_size)
        .since(30),
        set_param!(setWasmMaxSizeCall, setWasmMaxSizeReturn, size => max_wasm_size).since(40),
        set_param!(setMaxStylusContractFragmentsCall, setMaxStylusContractFragmentsReturn,
            count => max_fragment_count)
        .since(60),
        method!(Write, setWasmActivationGasCall, |context, call| {
            let cell = context.state.programs().activation_gas();
            cell.set(context, call.gas)?;
            Ok(setWasmActivationGasReturn {})
        })
        .since(60),
        method!(Write, addWasmCacheManagerCall, |context, call| {
            let managers = context.state.programs().cache_managers();
            managers.add(context, call.manager)?;
            Ok(addWasmCacheManagerReturn {})
        })
        .since(30),
        method!(Write, removeWasmCacheManagerCall, |context, call| {
            let managers = context.state.programs().cache_managers();
            features::remove_member(context, managers, call.manager)?;
            Ok(removeWasmCacheManagerReturn {})
        })
        .since(30),
    ],
    describe: no_errors,
};

//! ArbOwnerPublic (0x6b): what anyone may know of what owners have set.

use alloy_sol_types::sol;

use super::{Access, Failure, Precompile, method::method, no_errors, numbered};

sol! {
    interface ArbOwnerPublic {
        function isChainOwner(address addr) external view returns (bool);
        function getAllChainOwners() external view returns (address[]);
        function rectifyChainOwner(address ownerToRectify) external;
        function isNativeTokenOwner(address addr) external view returns (bool);
        function getAllNativeTokenOwners() external view returns (address[]);
        function getNativeTokenManagementFrom() external view returns (uint64);
        function getNetworkFeeAccount() external view returns (address);
        function getInfraFeeAccount() external view returns (address);
        function getBrotliCompressionLevel() external view returns (uint64);
        function getScheduledUpgrade() external view returns (uint64 arbosVersion, uint64 scheduledForTimestamp);
        function isCalldataPriceIncreaseEnabled() external view returns (bool);
        function getParentGasFloorPerToken() external view returns (uint64);
        function getMaxStylusContractFragments() external view returns (uint8);
        function getCollectTips() external view returns (bool);
        function getTransactionFilteringFrom() external view returns (uint64);
        function isTransactionFilterer(address filterer) external view returns (bool);
        function getAllTransactionFilterers() external view returns (address[]);
        function getFilteredFundsRecipient() external view returns (address);

        event ChainOwnerRectified(address rectifiedOwner);
    }
}
use ArbOwnerPublic::*;

/// Slots of ArbOS 60's settings beyond the packed words.
pub(super) const SLOT_NOTE: &str = "storage slot of this setting is not Nitro's";

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbOwnerPublic",
    address: numbered(0x6b),
    since: 0,
    access: Access::Anyone,
    methods: &[
        method!(View, isChainOwnerCall, |context, call| {
            context.is_chain_owner(call.addr)
        }),
        method!(View, getAllChainOwnersCall, |context, _| {
            let owners = context.state.chain_owners();
            owners.members(context)
        }),
        method!(Write, rectifyChainOwnerCall, |context, call| {
            let owners = context.state.chain_owners();
            let owner = call.ownerToRectify;
            if !owners.rectify(context, owner)? {
                return Err(Failure::internal("not an owner, or already in its place"));
            }
            context.emit(&ChainOwnerRectified {
                rectifiedOwner: owner,
            })?;
            Ok(rectifyChainOwnerReturn {})
        })
        .since(11),
        method!(View, isNativeTokenOwnerCall, |context, call| {
            let owners = context.state.native_token_owners();
            owners.contains(context, call.addr)
        })
        .since(41),
        method!(View, getAllNativeTokenOwnersCall, |context, _| {
            let owners = context.state.native_token_owners();
            owners.members(context)
        })
        .since(41),
        method!(View, getNativeTokenManagementFromCall, |context, _| {
            let from = context.state.native_token_from();
            from.get(context)
        })
        .since(50),
        method!(View, getNetworkFeeAccountCall, |context, _| {
            let account = context.state.network_fee_account();
            account.get(context)
        }),
        method!(View, getInfraFeeAccountCall, |context, _| {
            let account = if context.arbos_version() < 6 {
                context.state.network_fee_account()
            } else {
                context.state.infra_fee_account()
            };
            account.get(context)
        }),
        method!(View, getBrotliCompressionLevelCall, |context, _| {
            let level = context.state.brotli_level();
            level.get(context)
        })
        .since(20),
        method!(View, getScheduledUpgradeCall, |context, _| {
            let state = context.state;
            let version = state.upgrade_version().get(context)?;
            let timestamp = state.upgrade_timestamp().get(context)?;
            let pending = version > context.arbos_version();
            Ok(getScheduledUpgradeReturn {
                arbosVersion: if pending { version } else { 0 },
                scheduledForTimestamp: if pending { timestamp } else { 0 },
            })
        })
        .since(20),
        method!(View, isCalldataPriceIncreaseEnabledCall, |context, _| {
            let features = context.state.features();
            features.get(context).map(|bits| bits.bit(0))
        })
        .since(40),
        method!(View, getParentGasFloorPerTokenCall, |context, _| {
            let floor = context.state.l1_pricing().gas_floor_per_token();
            floor.get(context)
        })
        .since(50),
        method!(View, getMaxStylusContractFragmentsCall, |context, _| {
            let programs = context.state.programs();
            programs
                .params(context)
                .map(|params| params.max_fragment_count)
        })
        .since(60),
        method!(View, getCollectTipsCall, |context, _| {
            let collects = context.state.collect_tips();
            collects.get(context)
        })
        .since(60)
        .approximate(SLOT_NOTE),
        method!(View, getTransactionFilteringFromCall, |context, _| {
            let from = context.state.transaction_filtering_from();
            from.get(context)
        })
        .since(60)
        .approximate(SLOT_NOTE),
        method!(View, isTransactionFiltererCall, |context, call| {
            let filterers = context.state.transaction_filterers();
            filterers.contains(context, call.filterer)
        })
        .since(60),
        method!(View, getAllTransactionFilterersCall, |context, _| {
            let filterers = context.state.transaction_filterers();
            filterers.members(context)
        })
        .since(60),
        method!(View, getFilteredFundsRecipientCall, |context, _| {
            let recipient = context.state.filtered_funds_recipient();
            recipient.get(context)
        })
        .since(60)
        .approximate(SLOT_NOTE),
    ],
    describe: no_errors,
};

//! Development methods under the names of anvil and hardhat.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use alloy_primitives::{Address, B256, Bytes, U64, U256};
use jsonrpsee::server::RegisterMethodError;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;

use super::{
    RpcError,
    evm::set_interval,
    methods::Methods,
    param::{Param, plain, plain_params},
    quantity::Quantity,
};
use crate::{node::Node, sequencer::Mining, state::Edit, store::StoreError};

/// Anvil's names; hardhat's are aliases of them.
const HARDHAT_ALIASES: [(&str, &str); 14] = [
    ("hardhat_setBalance", "anvil_setBalance"),
    ("hardhat_setCode", "anvil_setCode"),
    ("hardhat_setNonce", "anvil_setNonce"),
    ("hardhat_setStorageAt", "anvil_setStorageAt"),
    ("hardhat_impersonateAccount", "anvil_impersonateAccount"),
    (
        "hardhat_stopImpersonatingAccount",
        "anvil_stopImpersonatingAccount",
    ),
    (
        "hardhat_autoImpersonateAccount",
        "anvil_autoImpersonateAccount",
    ),
    ("hardhat_mine", "anvil_mine"),
    ("hardhat_getAutomine", "anvil_getAutomine"),
    (
        "hardhat_setNextBlockBaseFeePerGas",
        "anvil_setNextBlockBaseFeePerGas",
    ),
    ("hardhat_setCoinbase", "anvil_setCoinbase"),
    ("hardhat_dropTransaction", "anvil_dropTransaction"),
    ("hardhat_metadata", "anvil_metadata"),
    ("hardhat_reset", "anvil_reset"),
];

/// Anvil's names for what the `evm` namespace has.
const EVM_ALIASES: [(&str, &str); 8] = [
    ("anvil_snapshot", "evm_snapshot"),
    ("anvil_revert", "evm_revert"),
    ("anvil_increaseTime", "evm_increaseTime"),
    ("anvil_setTime", "evm_setTime"),
    ("anvil_setNextBlockTimestamp", "evm_setNextBlockTimestamp"),
    ("anvil_setAutomine", "evm_setAutomine"),
    ("anvil_setIntervalMining", "evm_setIntervalMining"),
    ("evm_setAccountNonce", "anvil_setNonce"),
];

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    edits(methods)?;
    impersonation(methods)?;
    mining(methods)?;
    information(methods)?;
    methods.waiting("anvil_reset", 1, |args| args.optional(0), reset)?;
    for (alias, name) in HARDHAT_ALIASES.into_iter().chain(EVM_ALIASES) {
        methods.alias(alias, name)?;
    }
    Ok(())
}

fn edits(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.waiting(
        "anvil_setBalance",
        2,
        |args| Ok((args.required(0)?, args.required(1)?)),
        |node, (address, wei): (Address, Quantity)| {
            edit(node, move |edit| edit.balance(address, wei.word()))
        },
    )?;
    methods.waiting(
        "anvil_addBalance",
        2,
        |args| Ok((args.required(0)?, args.required(1)?)),
        |node, (address, wei): (Address, Quantity)| {
            edit(node, move |edit| {
                let balance = edit.base().balance(&address).saturating_add(wei.word());
                edit.balance(address, balance)
            })
        },
    )?;
    methods.waiting(
        "anvil_setNonce",
        2,
        |args| Ok((args.required(0)?, args.required(1)?)),
        |node, (address, nonce): (Address, Quantity)| {
            edit(node, move |edit| {
                edit.nonce(address, nonce.saturating_u64())
            })
        },
    )?;
    methods.waiting(
        "anvil_setCode",
        2,
        |args| Ok((args.required(0)?, args.required(1)?)),
        |node, (address, code): (Address, Bytes)| edit(node, move |edit| edit.code(address, code)),
    )?;
    methods.waiting(
        "anvil_setStorageAt",
        3,
        |args| Ok((args.required(0)?, args.required(1)?, args.required(2)?)),
        |node, (address, slot, word): (Address, Quantity, Quantity)| {
            edit(node, move |edit| {
                edit.slot(address, slot.word(), word.word())
            })
        },
    )
}

async fn edit(
    node: Arc<Node>,
    change: impl FnOnce(Edit<'_>) -> Edit<'_> + Send + 'static,
) -> Result<bool, RpcError> {
    node.sequencer
        .run(|sequencer| sequencer.edit(|edit| change(edit).finish()))
        .await??;
    Ok(true)
}

fn impersonation(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.quick("anvil_impersonateAccount", 1, |node, args| {
        node.wallet.impersonate(args.required(0)?);
        Ok(true)
    })?;
    methods.quick("anvil_stopImpersonatingAccount", 1, |node, args| {
        node.wallet.stop_impersonating(args.required(0)?);
        Ok(true)
    })?;
    methods.quick("anvil_autoImpersonateAccount", 1, |node, args| {
        node.wallet.impersonate_everybody(args.required(0)?);
        Ok(true)
    })
}

fn mining(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.waiting(
        "anvil_mine",
        2,
        |args| Ok((args.optional(0)?, args.optional(1)?)),
        |node, (blocks, interval): (Option<Quantity>, Option<Quantity>)| async move {
            let blocks = blocks.map_or(1, Quantity::saturating_u64);
            let interval = interval.map(Quantity::saturating_u64);
            node.sequencer
                .run(move |sequencer| sequencer.mine(blocks, interval))
                .await??;
            Ok(true)
        },
    )?;
    methods.waiting(
        "anvil_getAutomine",
        0,
        |_| Ok(()),
        |node, ()| async move {
            Ok(node.sequencer.run(|sequencer| sequencer.mining()).await? == Mining::Instant)
        },
    )?;
    methods.waiting(
        "anvil_getIntervalMining",
        0,
        |_| Ok(()),
        |node, ()| async move {
            Ok(
                match node.sequencer.run(|sequencer| sequencer.mining()).await? {
                    Mining::Interval(every) => Some(every.as_secs()),
                    Mining::Instant | Mining::Manual => None,
                },
            )
        },
    )?;
    methods.waiting(
        "anvil_setBlockTime",
        1,
        |args| args.required(0),
        |node, every: Quantity| set_interval(node, Duration::from_secs(every.saturating_u64())),
    )?;
    methods.quick("anvil_setBlockTimestampInterval", 1, |node, args| {
        let seconds: Quantity = args.required(0)?;
        node.clock().set_interval(Some(seconds.saturating_u64()));
        Ok(true)
    })?;
    methods.quick("anvil_removeBlockTimestampInterval", 0, |node, _| {
        node.clock().set_interval(None);
        Ok(true)
    })?;
    methods.waiting(
        "anvil_setNextBlockBaseFeePerGas",
        1,
        |args| args.required(0),
        |node, fee: Quantity| async move {
            let fee = fee.word();
            if fee > U256::from(u64::MAX) {
                return Err(RpcError::params("base fee out of range"));
            }
            node.sequencer
                .run(move |sequencer| sequencer.wish(|wishes| wishes.base_fee = Some(fee)))
                .await?;
            Ok(true)
        },
    )?;
    methods.waiting(
        "anvil_setCoinbase",
        1,
        |args| args.required(0),
        |node, coinbase| async move {
            node.sequencer
                .run(move |sequencer| sequencer.wish(|wishes| wishes.coinbase = coinbase))
                .await?;
            Ok(true)
        },
    )?;
    methods.waiting(
        "anvil_dropTransaction",
        1,
        |args| args.required(0),
        drop_transaction,
    )?;
    methods.waiting(
        "anvil_dropAllTransactions",
        0,
        |_| Ok(()),
        |node, ()| async move {
            node.sequencer.run(|sequencer| sequencer.drop_all()).await?;
            Ok(true)
        },
    )
}

async fn drop_transaction(node: Arc<Node>, hash: B256) -> Result<Option<B256>, RpcError> {
    let dropped = node
        .sequencer
        .run(move |sequencer| sequencer.drop_transaction(&hash))
        .await?;
    Ok(dropped.then_some(hash))
}

fn information(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.quick("anvil_nodeInfo", 0, |node, _| {
        let head = Arc::clone(node.chain().head());
        let price = node.next_base_fee();
        Ok(json!({
            "currentBlockNumber": U64::from(head.number()),
            "currentBlockTimestamp": head.header.timestamp,
            "currentBlockHash": head.hash,
            "hardFork": format!("ArbOS {}", head.arbitrum().arbos_version),
            "transactionOrder": "fifo",
            "environment": {
                "baseFee": price,
                "chainId": node.chain_id(),
                "gasLimit": U64::from(head.header.gas_limit),
                "gasPrice": price,
            },
            "forkConfig": {
                "forkUrl": null,
                "forkBlockNumber": null,
                "forkRetryBackoff": null,
            },
        }))
    })?;
    methods.quick("anvil_metadata", 0, |node, _| {
        let chain = node.chain();
        let head = chain.head();
        let snapshots: BTreeMap<U64, _> = chain
            .snapshots()
            .map(|(id, block)| (U64::from(id), (block.number(), block.hash)))
            .collect();
        Ok(json!({
            "clientVersion": node.config.client_version,
            "chainId": node.chain_id(),
            "instanceId": node.instance,
            "latestBlockNumber": head.number(),
            "latestBlockHash": head.hash,
            "forkedNetwork": null,
            "snapshots": snapshots,
        }))
    })
}

/// Where the chain could be reset to.
#[derive(Clone, Debug, Deserialize)]
struct ResetOptions {
    forking: Option<IgnoredAny>,
}

plain_params! { ResetOptions, }

/// Back to the genesis, which is the only place there is: nothing is forked.
async fn reset(node: Arc<Node>, options: Option<ResetOptions>) -> Result<bool, RpcError> {
    if options.is_some_and(|options| options.forking.is_some()) {
        return Err(RpcError::params(
            "this node forks no other chain: leave 'forking' out to go back to the genesis",
        ));
    }
    let wallet = Arc::clone(&node);
    node.sequencer
        .run(move |sequencer| {
            sequencer.reset()?;
            wallet.wallet.forget_impersonations();
            Ok::<_, StoreError>(())
        })
        .await??;
    Ok(true)
}

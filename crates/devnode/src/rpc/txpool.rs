//! The `txpool` namespace, and what `eth` tells of the pool. On Nitro the pool is always empty; here transactions can wait
//! while blocks are not made at once.

use std::{collections::BTreeMap, sync::Arc};

use alloy_primitives::{Address, U64};
use jsonrpsee::server::RegisterMethodError;
use serde_json::{Value, json};

use super::{
    RpcError,
    encode::{self, TransactionJson},
    methods::Methods,
};
use crate::node::Node;

/// Transactions by sender and nonce.
type Waiting = BTreeMap<Address, BTreeMap<u64, TransactionJson>>;

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.waiting(
        "txpool_status",
        0,
        |_| Ok(()),
        |node, ()| async move {
            let (pending, queued) = split(&node).await?;
            let count =
                |waiting: Waiting| U64::from(waiting.values().map(BTreeMap::len).sum::<usize>());
            Ok(json!({ "pending": count(pending), "queued": count(queued) }))
        },
    )?;
    methods.waiting(
        "txpool_content",
        0,
        |_| Ok(()),
        |node, ()| async move {
            let (pending, queued) = split(&node).await?;
            Ok(json!({ "pending": pending, "queued": queued }))
        },
    )?;
    methods.waiting(
        "txpool_contentFrom",
        1,
        |args| args.required(0),
        |node, sender: Address| async move {
            let (mut pending, mut queued) = split(&node).await?;
            let of = |waiting: &mut Waiting| -> BTreeMap<u64, TransactionJson> {
                waiting.remove(&sender).unwrap_or_default()
            };
            Ok(json!({ "pending": of(&mut pending), "queued": of(&mut queued) }))
        },
    )?;
    methods.waiting(
        "eth_pendingTransactions",
        0,
        |_| Ok(()),
        |node, ()| async move {
            let own = node.wallet.addresses();
            let waiting = node.sequencer.run(move |sequencer| {
                sequencer
                    .waiting()
                    .filter(|waiting| own.contains(&waiting.tx.from))
                    .map(|waiting| encode::waiting(&waiting.tx.envelope, waiting.tx.from))
                    .collect::<Vec<_>>()
            });
            Ok(waiting.await?)
        },
    )?;
    methods.waiting(
        "txpool_inspect",
        0,
        |_| Ok(()),
        |node, ()| async move {
            let (pending, queued) = split(&node).await?;
            Ok(json!({ "pending": inspect(&pending), "queued": inspect(&queued) }))
        },
    )
}

/// Those that can run in the next block, and those that wait for others.
async fn split(node: &Arc<Node>) -> Result<(Waiting, Waiting), RpcError> {
    let split = node.sequencer.run(|sequencer| {
        let (mut pending, mut queued) = (Waiting::new(), Waiting::new());
        for waiting in sequencer.waiting() {
            let sender = waiting.tx.from;
            let nonce = waiting.input.nonce.unwrap_or_default();
            let side = if nonce < sequencer.next_nonce(sender) {
                &mut pending
            } else {
                &mut queued
            };
            let json = encode::waiting(&waiting.tx.envelope, sender);
            side.entry(sender).or_default().insert(nonce, json);
        }
        (pending, queued)
    });
    Ok(split.await?)
}

fn inspect(waiting: &Waiting) -> Value {
    let lines = waiting.iter().map(|(sender, transactions)| {
        let lines: BTreeMap<_, _> = transactions
            .iter()
            .map(|(nonce, tx)| (nonce, tx.summary()))
            .collect();
        (sender, lines)
    });
    json!(lines.collect::<BTreeMap<_, _>>())
}

//! Proofs that a message to the parent chain was sent.

use alloy_primitives::{Address, B256, address, keccak256};
use alloy_sol_types::{SolEvent, sol};

use crate::{chain::Chain, rpc::RpcError};

sol! {
    event L2ToL1Tx(address caller, address indexed destination, uint256 indexed hash, uint256 indexed position, uint256 arbBlockNum, uint256 ethBlockNum, uint256 timestamp, uint256 callvalue, bytes data);
}

const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");
/// Most leaves a proof is made over.
const MAX_LEAVES: u64 = 1 << 16;

/// A message and what leads from it to the root over the first messages.
pub(super) struct Proof {
    pub(super) send: B256,
    pub(super) root: B256,
    pub(super) siblings: Vec<B256>,
}

/// The proof of message `leaf` among the first `size`. One that was never sent counts as zero.
pub(super) fn prove(chain: &Chain, size: u64, leaf: u64) -> Result<Proof, RpcError> {
    if leaf >= size {
        return Err(RpcError::refused(format!(
            "leaf {leaf} is newer than root of size {size}"
        )));
    }
    if size > MAX_LEAVES {
        return Err(RpcError::refused(format!(
            "proofs are made over {MAX_LEAVES} messages at most"
        )));
    }
    let mut sends = sends(chain);
    sends.resize(usize::try_from(size).unwrap_or(usize::MAX), B256::ZERO);
    let mut at = usize::try_from(leaf).unwrap_or(usize::MAX);
    let send = sends.get(at).copied().unwrap_or_default();
    let mut row: Vec<B256> = sends.into_iter().map(keccak256).collect();
    let mut siblings = Vec::new();
    while row.len() > 1 {
        siblings.push(row.get(at ^ 1).copied().unwrap_or_default());
        row = row.chunks(2).map(join).collect();
        at /= 2;
    }
    Ok(Proof {
        send,
        root: row.first().copied().unwrap_or_default(),
        siblings,
    })
}

/// Hashes of all messages in their order.
fn sends(chain: &Chain) -> Vec<B256> {
    let is_send = |log: &&alloy_primitives::Log| {
        log.address == ARB_SYS && log.topics().first() == Some(&L2ToL1Tx::SIGNATURE_HASH)
    };
    chain
        .range(0, chain.height())
        .iter()
        .flat_map(|block| &block.receipts)
        .flat_map(|receipt| &receipt.logs)
        .filter(is_send)
        .filter_map(|log| log.topics().get(2).copied())
        .collect()
}

/// Of one or two nodes, a missing one being zero.
fn join(pair: &[B256]) -> B256 {
    let mut bytes = [0; 64];
    for (half, node) in bytes.chunks_mut(32).zip(pair) {
        half.copy_from_slice(node.as_slice());
    }
    keccak256(bytes)
}

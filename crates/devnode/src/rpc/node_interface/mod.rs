//! NodeInterface (0xc8): a contract that exists only for whoever calls it through this door.

mod outbox;

use alloy_primitives::{Address, B256, Bytes, TxKind, U256, address};
use alloy_rpc_types_eth::TransactionRequest;
use alloy_sol_types::{SolCall, SolInterface, sol};

use super::{RpcError, eth::estimate, request::CallRequest};
use crate::{node::Node, simulate::Scene};

sol! {
    interface NodeInterface {
        function gasEstimateComponents(address to, bool contractCreation, bytes data) external payable
            returns (uint64 gasEstimate, uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate);
        function gasEstimateL1Component(address to, bool contractCreation, bytes data) external payable
            returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate);
        function estimateRetryableTicket(address sender, uint256 deposit, address to, uint256 l2CallValue,
            address excessFeeRefundAddress, address callValueRefundAddress, bytes data) external;
        function findBatchContainingBlock(uint64 blockNum) external view returns (uint64 batch);
        function getL1Confirmations(bytes32 blockHash) external view returns (uint64 confirmations);
        function constructOutboxProof(uint64 size, uint64 leaf) external view
            returns (bytes32 send, bytes32 root, bytes32[] proof);
        function nitroGenesisBlock() external view returns (uint256 number);
        function blockL1Num(uint64 l2BlockNum) external view returns (uint64 l1BlockNum);
        function l2BlockRangeForL1(uint64 blockNum) external view returns (uint64 firstBlock, uint64 lastBlock);
        function legacyLookupMessageBatchProof(uint256 batchNum, uint64 index) external view;
    }
}

/// Where it answers.
const ADDRESS: Address = address!("00000000000000000000000000000000000000c8");

/// Whether a call is for NodeInterface.
pub(super) fn is_target(tx: &TransactionRequest) -> bool {
    tx.to == Some(TxKind::Call(ADDRESS))
}

/// Answers a call. Whatever goes wrong in there is a revert, though not one with data.
pub(super) fn call(node: &Node, scene: &Scene, request: CallRequest) -> Result<Bytes, RpcError> {
    answer(node, scene, request).map_err(|error| match error {
        RpcError::Refused(text) | RpcError::NotThere(text) => {
            RpcError::Refused(format!("execution reverted: {text}"))
        }
        RpcError::Reverted { message, .. } => RpcError::Refused(message),
        other => other,
    })
}

fn answer(node: &Node, scene: &Scene, request: CallRequest) -> Result<Bytes, RpcError> {
    use NodeInterface::NodeInterfaceCalls as Call;
    let data = request.tx.input.input().cloned().unwrap_or_default();
    let call = Call::abi_decode(&data).map_err(|_| RpcError::reverted(Bytes::new(), None))?;
    match call {
        Call::gasEstimateComponents(it) => {
            let inner = target(request, it.to, it.contractCreation, it.data)?;
            let gas = estimate(node, scene, inner.clone())?;
            Ok(
                NodeInterface::gasEstimateComponentsCall::abi_encode_returns(
                    &NodeInterface::gasEstimateComponentsReturn {
                        gasEstimate: gas,
                        gasEstimateForL1: l1_gas(node, scene, inner)?,
                        baseFee: scene.next_base_fee(),
                        l1BaseFeeEstimate: scene.l1_base_fee(),
                    },
                )
                .into(),
            )
        }
        Call::gasEstimateL1Component(it) => {
            let inner = target(request, it.to, it.contractCreation, it.data)?;
            Ok(
                NodeInterface::gasEstimateL1ComponentCall::abi_encode_returns(
                    &NodeInterface::gasEstimateL1ComponentReturn {
                        gasEstimateForL1: l1_gas(node, scene, inner)?,
                        baseFee: scene.next_base_fee(),
                        l1BaseFeeEstimate: scene.l1_base_fee(),
                    },
                )
                .into(),
            )
        }
        Call::nitroGenesisBlock(_) => Ok(word(0)),
        Call::getL1Confirmations(it) => confirmations(node, it.blockHash),
        Call::blockL1Num(it) => {
            let block = node.chain().block(it.l2BlockNum).cloned();
            let block = block.ok_or_else(|| RpcError::refused("block not found"))?;
            Ok(word(block.arbitrum().l1_block_number))
        }
        Call::l2BlockRangeForL1(it) => {
            let (first, last) = l2_range(node, it.blockNum)?;
            Ok(NodeInterface::l2BlockRangeForL1Call::abi_encode_returns(
                &NodeInterface::l2BlockRangeForL1Return {
                    firstBlock: first,
                    lastBlock: last,
                },
            )
            .into())
        }
        Call::findBatchContainingBlock(_) => Err(no_parent("findBatchContainingBlock")),
        Call::constructOutboxProof(it) => {
            let proof = outbox::prove(&node.chain(), it.size, it.leaf)?;
            Ok(NodeInterface::constructOutboxProofCall::abi_encode_returns(
                &NodeInterface::constructOutboxProofReturn {
                    send: proof.send,
                    root: proof.root,
                    proof: proof.siblings,
                },
            )
            .into())
        }
        Call::estimateRetryableTicket(_) => Err(no_parent("estimateRetryableTicket")),
        Call::legacyLookupMessageBatchProof(_) => Err(no_parent("legacyLookupMessageBatchProof")),
    }
}

/// The inner request that an estimate is about; sender, value, gas and prices are the outer one's.
fn target(
    outer: CallRequest,
    to: Address,
    creation: bool,
    data: Bytes,
) -> Result<CallRequest, RpcError> {
    if to == ADDRESS {
        return Err(RpcError::refused("cannot estimate virtual contract"));
    }
    let mut inner = outer;
    inner.tx.to = Some(if creation {
        TxKind::Create
    } else {
        TxKind::Call(to)
    });
    inner.tx.input = data.into();
    Ok(inner)
}

/// Gas for L1 data in an estimate of a request.
fn l1_gas(node: &Node, scene: &Scene, request: CallRequest) -> Result<u64, RpcError> {
    let input = request.into_input(&node.config)?;
    Ok(node.executor().l1_gas(&scene.view, &scene.env, &input))
}

/// No parent chain ever confirms anything.
fn confirmations(node: &Node, hash: B256) -> Result<Bytes, RpcError> {
    match node.chain().number_of(&hash) {
        Some(_) => Ok(word(0)),
        None => Err(RpcError::refused("unknown block hash")),
    }
}

fn l2_range(node: &Node, l1_block: u64) -> Result<(u64, u64), RpcError> {
    let chain = node.chain();
    let blocks = chain.range(0, chain.height());
    // L1 heights never decrease along the chain.
    let first = blocks.partition_point(|it| it.arbitrum().l1_block_number < l1_block);
    let end = blocks.partition_point(|it| it.arbitrum().l1_block_number <= l1_block);
    if first == end {
        return Err(RpcError::refused(
            "requested L1 block number not found in chain",
        ));
    }
    Ok((first as u64, end as u64 - 1))
}

fn no_parent(method: &str) -> RpcError {
    RpcError::refused(format!(
        "NodeInterface.{method}: this chain has no parent chain"
    ))
}

fn word(number: u64) -> Bytes {
    U256::from(number).to_be_bytes::<32>().into()
}

//! NodeInterface: what only the node can answer.

use alloy::{
    primitives::{Address, B256, Bytes, U256, address, keccak256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol,
    sol_types::SolCall,
};
use serde_json::json;
use stylus_devnode::RunningNode;

use crate::support::{ALICE, BOB, ask, client, node};

const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");
const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000c8");

sol! {
    function sendTxToL1(address destination, bytes data) external payable returns (uint256);
    function constructOutboxProof(uint64 size, uint64 leaf) external view returns (bytes32 send, bytes32 root, bytes32[] proof);
    function findBatchContainingBlock(uint64 blockNum) external view returns (uint64 batch);
    function gasEstimateComponents(address to, bool contractCreation, bytes data) external payable
        returns (uint64 gasEstimate, uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate);
}

async fn view<C: SolCall>(node: &RunningNode, call: C) -> Result<C::Return, serde_json::Value> {
    let data = Bytes::from(call.abi_encode());
    let params = json!([{ "from": ALICE, "to": NODE_INTERFACE, "data": data }, "latest"]);
    let output = ask(node, "eth_call", params).await?;
    let output: Bytes = serde_json::from_value(output).unwrap();
    Ok(C::abi_decode_returns(&output).unwrap())
}

#[tokio::test]
async fn messages_to_the_parent_chain_are_proved_up_to_the_send_root_of_the_header() {
    let node = node().await;
    let provider = client(&node, 0);
    for count in 1..=5u8 {
        let data = sendTxToL1Call {
            destination: BOB,
            data: vec![count].into(),
        };
        let tx = TransactionRequest::default()
            .to(ARB_SYS)
            .input(data.abi_encode().into());
        let receipt = provider.send_transaction(tx).await.unwrap();
        assert!(receipt.get_receipt().await.unwrap().status());
        let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))
            .await
            .unwrap();
        for leaf in 0..u64::from(count) {
            let size = count.into();
            let proof = view(&node, constructOutboxProofCall { size, leaf })
                .await
                .unwrap();
            assert_eq!(json!(proof.root), block["sendRoot"], "{leaf} of {count}");
            let root = (0..).zip(&proof.proof).fold(
                keccak256(proof.send),
                |hash: B256, (level, sibling)| {
                    let pair = match leaf >> level & 1 {
                        0 => [hash, *sibling],
                        _ => [*sibling, hash],
                    };
                    keccak256(pair.concat())
                },
            );
            assert_eq!(root, proof.root, "{leaf} of {count}");
        }
    }
    let beyond = constructOutboxProofCall { size: 5, leaf: 5 };
    assert!(view(&node, beyond).await.is_err());
}

#[tokio::test]
async fn what_node_interface_cannot_answer_is_a_revert_without_data() {
    let node = node().await;
    let no_batch = view(&node, findBatchContainingBlockCall { blockNum: 1 })
        .await
        .unwrap_err();
    let fails = gasEstimateComponentsCall {
        to: Address::ZERO,
        contractCreation: true,
        data: Bytes::from_static(&[0xfe]),
    };
    let itself = gasEstimateComponentsCall {
        to: NODE_INTERFACE,
        contractCreation: false,
        data: Bytes::new(),
    };
    for error in [
        no_batch,
        view(&node, fails).await.err().unwrap(),
        view(&node, itself).await.err().unwrap(),
    ] {
        assert_eq!(error["code"], -32_000, "{error}");
        assert_eq!(error.get("data"), None, "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("execution reverted: "), "{message}");
    }
}

#[tokio::test]
async fn the_components_of_an_estimate_are_those_of_eth_estimate_gas() {
    let node = node().await;
    let tx = json!([{ "from": ALICE, "to": BOB, "data": "0x010203" }, "latest"]);
    let whole: U256 =
        serde_json::from_value(ask(&node, "eth_estimateGas", tx).await.unwrap()).unwrap();
    let parts = gasEstimateComponentsCall {
        to: BOB,
        contractCreation: false,
        data: Bytes::from_static(&[1, 2, 3]),
    };
    let parts = view(&node, parts).await.unwrap();
    assert_eq!(U256::from(parts.gasEstimate), whole);
    assert_eq!(parts.gasEstimateForL1, 0, "L1 data cost nothing here");
}

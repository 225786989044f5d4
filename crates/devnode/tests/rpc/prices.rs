//! What gas costs, before and after it is paid.

use serde_json::json;

use crate::support::{ALICE, BOB, STRANGER, ask, message, mine, node};

#[tokio::test]
async fn defaults_and_prices_fit_the_block_that_is_made_next() {
    let node = node().await;
    for fee in [0_u64, 5_000_000_000, 1, 7] {
        let wish = json!([format!("{fee:#x}")]);
        ask(&node, "anvil_setNextBlockBaseFeePerGas", wish)
            .await
            .unwrap();
        let price = ask(&node, "eth_gasPrice", json!([])).await;
        assert_eq!(price, Ok(json!(format!("{fee:#x}"))));
        let history = ask(&node, "eth_feeHistory", json!([1, "latest", []]))
            .await
            .unwrap();
        assert_eq!(history["baseFeePerGas"][1], format!("{fee:#x}"));
        for expected in [fee, 100_000_000] {
            let tx = json!([{ "from": ALICE, "to": BOB, "value": "0x1" }]);
            let hash = ask(&node, "eth_sendTransaction", tx).await.expect("fits");
            let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash])).await;
            assert_eq!(
                receipt.unwrap()["effectiveGasPrice"],
                format!("{expected:#x}")
            );
        }
        let price = ask(&node, "eth_gasPrice", json!([])).await;
        assert_eq!(price, Ok(json!("0x5f5e100")));
    }
}

#[tokio::test]
async fn an_estimate_at_the_price_of_the_next_block_is_made() {
    let node = node().await;
    ask(
        &node,
        "anvil_setNextBlockBaseFeePerGas",
        json!(["0x12a05f200"]),
    )
    .await
    .unwrap();
    mine(&node).await;
    let tx = json!([{ "from": ALICE, "to": BOB, "gasPrice": "0x5f5e100" }]);
    assert_eq!(ask(&node, "eth_estimateGas", tx).await, Ok(json!("0x5208")));
}

#[tokio::test]
async fn fee_history_ends_with_the_base_fee_of_the_block_after() {
    let node = node().await;
    for fee in ["0x3b9aca00", "0x77359400"] {
        ask(&node, "anvil_setNextBlockBaseFeePerGas", json!([fee]))
            .await
            .unwrap();
        mine(&node).await;
    }
    for (newest, fees) in [
        ("0x0", json!(["0x5f5e100", "0x3b9aca00"])),
        ("0x1", json!(["0x3b9aca00", "0x77359400"])),
        ("0x2", json!(["0x77359400", "0x5f5e100"])),
    ] {
        let history = ask(&node, "eth_feeHistory", json!([1, newest, []]))
            .await
            .unwrap();
        assert_eq!(history["baseFeePerGas"], fees, "{newest}");
    }
}

#[tokio::test]
async fn a_sender_without_funds_hears_what_it_lacks() {
    let node = node().await;
    let tx = json!([{ "from": STRANGER, "to": BOB, "gasPrice": "0x3b9aca00" }]);
    let error = ask(&node, "eth_estimateGas", tx).await.unwrap_err();
    assert_eq!(message(&error), "insufficient funds for transfer");
}

#[tokio::test]
async fn a_mined_transaction_tells_what_it_offered() {
    let node = node().await;
    for (cap, tip, price) in [
        ("0x3b9aca00", "0x7", "0x5f5e107"),
        ("0x5f5e103", "0x7", "0x5f5e103"),
        ("0x5f5e100", "0x0", "0x5f5e100"),
    ] {
        let tx =
            json!([{ "from": ALICE, "to": BOB, "maxFeePerGas": cap, "maxPriorityFeePerGas": tip }]);
        let hash = ask(&node, "eth_sendTransaction", tx).await.unwrap();
        let tx = ask(&node, "eth_getTransactionByHash", json!([hash])).await;
        assert_eq!(tx.unwrap()["gasPrice"], price);
        let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash])).await;
        assert_eq!(receipt.unwrap()["effectiveGasPrice"], "0x5f5e100");
    }
}

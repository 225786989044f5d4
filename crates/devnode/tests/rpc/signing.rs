//! What the dev accounts sign without sending it.

use alloy::primitives::bytes;
use serde_json::json;

use crate::support::{ALICE, BOB, ask, node};

#[tokio::test]
async fn messages_are_signed_with_the_dev_keys() {
    let node = node().await;
    let message = bytes!("68656c6c6f");
    let signature = ask(&node, "personal_sign", json!([message, ALICE]))
        .await
        .unwrap();
    assert_eq!(
        ask(&node, "eth_sign", json!([ALICE, message]))
            .await
            .unwrap(),
        signature
    );
    let signature: alloy::primitives::Signature =
        signature.as_str().unwrap().parse().expect("a signature");
    assert_eq!(signature.recover_address_from_msg(&message).unwrap(), ALICE);
    let typed = json!({
        "types": {
            "EIP712Domain": [{ "name": "name", "type": "string" }],
            "Mail": [{ "name": "text", "type": "string" }]
        },
        "primaryType": "Mail",
        "domain": { "name": "test" },
        "message": { "text": "hi" }
    });
    let one = ask(&node, "eth_signTypedData_v4", json!([ALICE, typed]))
        .await
        .unwrap();
    let two = ask(
        &node,
        "eth_signTypedData_v4",
        json!([ALICE, typed.to_string()]),
    )
    .await
    .unwrap();
    assert_eq!(one, two);
}

#[tokio::test]
async fn a_transaction_that_was_signed_or_filled_is_whole() {
    let node = node().await;
    let tx = json!([{ "from": ALICE, "to": BOB, "value": "0x1" }]);
    let signed = ask(&node, "eth_signTransaction", tx.clone()).await.unwrap();
    let filled = ask(&node, "eth_fillTransaction", tx).await.unwrap();
    for answer in [&signed, &filled] {
        assert!(answer["raw"].as_str().unwrap().starts_with("0x02"));
        for field in [
            "type",
            "nonce",
            "gas",
            "gasPrice",
            "maxFeePerGas",
            "maxPriorityFeePerGas",
            "value",
            "input",
            "chainId",
            "v",
            "r",
            "s",
            "hash",
            "to",
        ] {
            assert!(answer["tx"][field].is_string(), "{field}: {answer}");
        }
        // The specification's signed transaction has no place in a chain, and its signature says whose it is.
        for field in ["blockHash", "blockNumber", "transactionIndex", "from"] {
            assert_eq!(answer["tx"].get(field), None, "{field}: {answer}");
        }
    }
    let hash = ask(&node, "eth_sendRawTransaction", json!([signed["raw"]])).await;
    assert_eq!(hash, Ok(signed["tx"]["hash"].clone()));
}

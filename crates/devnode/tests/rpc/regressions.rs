//! What fuzzing and reviews found, one test for each bug.

use serde_json::json;

use crate::support::{ask, node};

#[tokio::test]
async fn an_interval_past_the_end_of_time_does_not_stop_the_sequencer() {
    let node = node().await;
    let forever = json!([u64::MAX]);
    assert_eq!(
        ask(&node, "evm_setIntervalMining", forever).await,
        Ok(json!(true))
    );
    assert_eq!(ask(&node, "evm_mine", json!([])).await, Ok(json!("0x0")));
    assert_eq!(
        ask(&node, "anvil_getIntervalMining", json!([])).await,
        Ok(json!(u64::MAX))
    );
}

//! The end of the day.

use diem_gateway::{chain::Lines as _, money::Usd};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, cents, data, header, micros};

#[tokio::test(flavor = "multi_thread")]
async fn after_the_cut_off_nothing_is_admitted_until_midnight() {
    let house = House::new().await;
    let key = house.key(0).await;
    house.before_midnight(90).await;
    assert_eq!(house.chat(&key, json!({})).await.status(), StatusCode::OK);
    house.before_midnight(30).await;
    let answer = house.chat(&key, json!({})).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = header(&answer, "retry-after").parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    house.midnight().await;
    let answer = house.chat(&key, json!({})).await;
    assert_eq!(
        (
            answer.status(),
            crate::house::amount(&answer, "x-diem-balance")
        ),
        (StatusCode::OK, cents(100).saturating_sub(micros(33)))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_over_midnight_is_paid_by_the_day_that_admitted_it() {
    let house = House::new().await;
    let key = house.key(0).await;
    house.before_midnight(90).await;
    let yesterday = house.chain.clock().epoch;
    let more = json!({"stream": true, "stand_in": {"words": 30, "between_ms": 50}});
    let answer = house.chat(&key, more).await;
    assert_eq!(header(&answer, "x-diem-epoch"), yesterday.to_string());
    house.midnight().await;
    let text = answer.text().await.unwrap();
    let events = data(&text);
    let last: Value = serde_json::from_str(events[events.len() - 2]).unwrap();
    assert_eq!(last["diem"]["epoch"], json!(yesterday));
    let old = house
        .ledger
        .line(house.line(0), yesterday)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((old.committed, old.reserved), (micros(9 + 60), Usd::ZERO));
    // The new day is untouched.
    let answer = house.chat(&key, json!({"model": "flat"})).await;
    assert_eq!(header(&answer, "x-diem-epoch"), (yesterday + 1).to_string());
    assert_eq!(house.state(0).await.remaining(), cents(97));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_gateway_serves_nothing() {
    let house = House::new().await;
    let key = house.key(0).await;
    let gateway = house.signer.address();
    house
        .send(
            house.dev,
            house.at.diem,
            &diem_abi::IDiem::setGatewayCall {
                gateway,
                allowed: false,
            },
        )
        .await;
    house.chain.look().await.unwrap();
    assert_eq!(
        house.chat(&key, json!({})).await.status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(
        house.get("/readyz").send().await.unwrap().status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
}

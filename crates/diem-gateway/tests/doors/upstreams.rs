//! Servers that fail, and what is charged then.

use std::time::Duration;

use diem_gateway::{
    money::Usd,
    upstream::{Patience, stand_in::StandIn},
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, Plans, amount, cents, header, micros, upstream};

/// An address at which nobody listens.
async fn nobody() -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    format!("http://{}/v1", listener.local_addr().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn reservations_do_not_leak_when_the_upstream_never_began() {
    let house = House::built(Plans {
        upstreams: vec![upstream("gone", &nobody().await, 1)],
        ..Plans::default()
    })
    .await;
    let key = house.key(0).await;
    for _ in 0..40 {
        // Each reserves three cents of a dollar; were one left open, the last would be refused for want of credit.
        let answer = house.chat(&key, json!({"model": "flat"})).await;
        assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    }
    let state = house.state(0).await;
    assert_eq!(
        (state.committed, state.reserved, state.remaining()),
        (Usd::ZERO, Usd::ZERO, cents(100))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_had_not_begun_goes_to_the_next_upstream() {
    let sound = StandIn::start().await.unwrap();
    let upstreams = vec![
        upstream("gone", &nobody().await, 1000),
        upstream("sound", sound.base(), 1),
    ];
    let house = House::built(Plans {
        upstreams,
        ..Plans::default()
    })
    .await;
    let key = house.key(0).await;
    for _ in 0..4 {
        assert_eq!(house.chat(&key, json!({})).await.status(), StatusCode::OK);
    }
    assert_eq!(sound.ended(), 4);
    assert_eq!(house.state(0).await.committed, micros(4 * 33));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_begun_is_charged_once_and_tried_nowhere_else() {
    let (first, second) = (
        StandIn::start().await.unwrap(),
        StandIn::start().await.unwrap(),
    );
    let upstreams = vec![
        upstream("first", first.base(), 1),
        upstream("second", second.base(), 0),
    ];
    let house = House::built(Plans {
        upstreams,
        ..Plans::default()
    })
    .await;
    let key = house.key(0).await;
    let answer = house
        .chat(&key, json!({"stand_in": {"break_after": 1}}))
        .await;
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(header(&answer, "x-should-retry"), "false");
    let charged = amount(&answer, "x-diem-cost");
    assert!(
        charged > Usd::ZERO && charged <= amount(&answer, "x-diem-reserved"),
        "{charged}"
    );
    assert_eq!((first.begun(), second.begun()), (1, 0));
    assert_eq!(house.state(0).await.committed, charged);
    // The upstream failed in the middle of its work: what was read is charged, nothing was written.
    let answer = house.chat(&key, json!({"stand_in": {"status": 500}})).await;
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert!(amount(&answer, "x-diem-cost") < micros(20));
    assert_eq!((first.begun(), second.begun()), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_is_too_busy_passes_the_request_on() {
    let second = StandIn::start().await.unwrap();
    let first = StandIn::start().await.unwrap();
    let upstreams = vec![
        upstream("first", first.base(), 1),
        upstream("second", second.base(), 0),
    ];
    let house = House::built(Plans {
        upstreams,
        ..Plans::default()
    })
    .await;
    let key = house.key(0).await;
    // Both are asked to refuse; neither had begun, so nothing is charged.
    for status in [429, 503] {
        let answer = house
            .chat(&key, json!({"stand_in": {"status": status}}))
            .await;
        assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    }
    assert_eq!((first.begun(), second.begun()), (2, 2));
    assert_eq!(house.state(0).await.held, Usd::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_takes_too_long_is_504_and_may_have_begun() {
    let patience = Patience {
        begin: Duration::from_millis(300),
        ..Patience::default()
    };
    let house = House::built(Plans {
        patience,
        ..Plans::default()
    })
    .await;
    let key = house.key(0).await;
    let answer = house
        .chat(&key, json!({"stand_in": {"delay_ms": 5000}}))
        .await;
    assert_eq!(answer.status(), StatusCode::GATEWAY_TIMEOUT);
    assert!(amount(&answer, "x-diem-cost") > Usd::ZERO);
    assert_eq!(house.state(0).await.reserved, Usd::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_says_of_the_request_is_told_and_costs_nothing() {
    let house = House::new().await;
    let key = house.key(0).await;
    let answer = house.chat(&key, json!({"stand_in": {"status": 422}})).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let error = &answer.json::<Value>().await.unwrap()["error"];
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("asked to refuse"),
        "{error}"
    );
    assert_eq!(error["upstream"]["type"], "invalid_request_error");
    assert_eq!(house.state(0).await.held, Usd::ZERO);
    // What is wrong with the gateway's own access is not the client's to know.
    let answer = house.chat(&key, json!({"stand_in": {"status": 401}})).await;
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert!(!answer.text().await.unwrap().contains("asked to refuse"));
}

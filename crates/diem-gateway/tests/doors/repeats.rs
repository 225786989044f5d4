//! `Idempotency-Key`: same body, same answer, one charge.

use diem_gateway::money::Usd;
use futures_util::future::join_all;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::house::{House, amount, chat, data, header, micros};

async fn ask(house: &House, key: &str, name: &str, more: Value) -> Response {
    let request = house
        .post("/v1/chat/completions", &chat(more))
        .bearer_auth(key);
    request
        .header("idempotency-key", name)
        .send()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_is_answered_alike_and_charged_once() {
    let house = House::new().await;
    let key = house.key(0).await;
    let first = ask(&house, &key, "one", json!({})).await;
    let (receipt, cost) = (
        header(&first, "x-diem-receipt"),
        amount(&first, "x-diem-cost"),
    );
    let text = first.text().await.unwrap();
    let again = ask(&house, &key, "one", json!({})).await;
    assert_eq!(header(&again, "x-diem-replayed"), "true");
    assert_eq!(
        (
            header(&again, "x-diem-receipt"),
            amount(&again, "x-diem-cost")
        ),
        (receipt, cost)
    );
    assert_eq!(again.text().await.unwrap(), text);
    assert_eq!(
        (house.state(0).await.committed, house.stand_in.begun()),
        (micros(33), 1)
    );
    // Another name is another request, and so is the same name of another key.
    assert_eq!(
        ask(&house, &key, "two", json!({})).await.status(),
        StatusCode::OK
    );
    let other = house.key(0).await;
    let answer = ask(&house, &other, "one", json!({})).await;
    assert!(answer.headers().get("x-diem-replayed").is_none());
    assert_eq!(
        (house.state(0).await.committed, house.stand_in.begun()),
        (micros(99), 3)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_body_under_the_same_name_is_409() {
    let house = House::new().await;
    let key = house.key(0).await;
    assert_eq!(
        ask(&house, &key, "one", json!({})).await.status(),
        StatusCode::OK
    );
    let answer = ask(&house, &key, "one", json!({"temperature": 0.5})).await;
    assert_eq!(
        (answer.status(), header(&answer, "x-should-retry").as_str()),
        (StatusCode::CONFLICT, "false")
    );
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["code"], "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_runs_and_the_others_wait_or_get_its_answer() {
    let house = House::new().await;
    let key = house.key(0).await;
    let wish = json!({"stand_in": {"delay_ms": 300}});
    let answers = join_all((0..8).map(|_| ask(&house, &key, "one", wish.clone()))).await;
    let served = answers
        .iter()
        .filter(|answer| answer.status() == StatusCode::OK)
        .count();
    let waiting = answers
        .iter()
        .filter(|answer| answer.status() == StatusCode::CONFLICT)
        .count();
    assert_eq!((served, waiting), (1, 7));
    assert_eq!(
        (house.state(0).await.committed, house.stand_in.begun()),
        (micros(33), 1)
    );
    assert_eq!(
        ask(&house, &key, "one", wish).await.status(),
        StatusCode::OK
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_repeated_as_a_stream() {
    let house = House::new().await;
    let key = house.key(0).await;
    let stream = json!({"stream": true});
    let first = ask(&house, &key, "one", stream.clone())
        .await
        .text()
        .await
        .unwrap();
    let again = ask(&house, &key, "one", stream).await;
    assert_eq!(header(&again, "content-type"), "text/event-stream");
    let again = again.text().await.unwrap();
    let said = |text: &str| -> String {
        let events = data(text)
            .into_iter()
            .filter_map(|event| serde_json::from_str::<Value>(event).ok());
        events
            .filter_map(|event| Some(event["choices"][0]["delta"]["content"].as_str()?.to_owned()))
            .collect()
    };
    assert_eq!(said(&first), said(&again));
    assert!(
        again.ends_with("data: [DONE]\n\n") && again.contains("\"cost\":{\"diem\":0.000033"),
        "{again}"
    );
    assert_eq!(
        (house.state(0).await.committed, house.stand_in.begun()),
        (micros(33), 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_began_may_be_asked_again_under_its_name() {
    let house = House::new().await;
    let key = house.key(0).await;
    let refused = json!({"stand_in": {"status": 503}});
    for _ in 0..2 {
        assert_eq!(
            ask(&house, &key, "one", refused.clone()).await.status(),
            StatusCode::BAD_GATEWAY
        );
    }
    assert_eq!(
        (house.state(0).await.held, house.stand_in.begun()),
        (Usd::ZERO, 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_answer_that_was_charged_is_not_charged_again() {
    let house = House::new().await;
    let key = house.key(0).await;
    let broken = json!({"stand_in": {"break_after": 1}});
    assert_eq!(
        ask(&house, &key, "one", broken.clone()).await.status(),
        StatusCode::BAD_GATEWAY
    );
    let charged = house.state(0).await.committed;
    let answer = ask(&house, &key, "one", broken).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["code"], "ANSWER_NOT_KEPT");
    assert_eq!(house.state(0).await.committed, charged);
}

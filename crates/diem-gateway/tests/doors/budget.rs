//! What a line and a key pay for, and what they do not.

use diem_gateway::money::Usd;
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, amount, cents, chat, cost_of, header, json_of, micros};

fn flat() -> Value {
    chat(json!({"model": "flat"}))
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_never_pass_the_budget() {
    let house = House::new().await;
    let key = house.key(0).await;
    let ask = || async {
        house
            .post("/v1/chat/completions", &flat())
            .bearer_auth(&key)
            .send()
            .await
            .unwrap()
            .status()
    };
    let statuses = join_all((0..100).map(|_| ask())).await;
    let served = statuses
        .iter()
        .filter(|status| **status == StatusCode::OK)
        .count();
    let refused = statuses
        .iter()
        .filter(|status| **status == StatusCode::PAYMENT_REQUIRED)
        .count();
    // A dollar pays for 33 requests of three cents each, and one cent is left.
    assert_eq!((served, refused), (33, 67));
    let state = house.state(0).await;
    assert_eq!(
        (state.committed, state.reserved, state.remaining()),
        (cents(99), Usd::ZERO, cents(1))
    );
    assert_eq!(
        house.stand_in.begun(),
        33,
        "who is refused never reaches the model"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_served_to_its_last_unit() {
    let house = House::of_cents(3).await;
    let key = house.key(0).await;
    let first = house.chat(&key, flat()).await;
    assert_eq!(
        (first.status(), amount(&first, "x-diem-balance")),
        (StatusCode::OK, Usd::ZERO)
    );
    let second = house.chat(&key, flat()).await;
    assert_eq!(second.status(), StatusCode::PAYMENT_REQUIRED);
}

#[tokio::test(flavor = "multi_thread")]
async fn cached_tokens_are_not_charged_twice() {
    let house = House::new().await;
    let key = house.key(0).await;
    let answer = house.chat(&key, json!({"stand_in": {"cached": 5}})).await;
    let charged = amount(&answer, "x-diem-cost");
    let body: Value = answer.json().await.unwrap();
    let usage = &body["usage"];
    assert_eq!(usage["prompt_tokens_details"]["cached_tokens"], 5);
    // Of eight tokens read, three at the full and five at the cached price; twelve were written.
    assert_eq!(
        (usage["prompt_tokens"].as_u64(), charged),
        (Some(9), Usd(micros(4 + 24).0 + micros(5).0 / 2))
    );
    assert_eq!(charged, cost_of(usage));
    assert_eq!(house.state(0).await.committed, charged);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_max_tokens_what_fits_is_reserved_and_sent_as_the_limit() {
    let house = House::new().await;
    let key = house.key(0).await;
    // A thousand dollars for a million tokens: a dollar pays for fewer than a thousand words, and none is refused.
    let more = json!({"model": "unbounded", "max_tokens": null, "stand_in": {"words": 5000}});
    let answer = house.chat(&key, more).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(amount(&answer, "x-diem-reserved"), cents(100));
    assert!(amount(&answer, "x-diem-cost") <= cents(100));
    let body: Value = answer.json().await.unwrap();
    let written = body["usage"]["completion_tokens"].as_u64().unwrap();
    assert!((990..1000).contains(&written), "{written}");
    assert_eq!(body["choices"][0]["finish_reason"], "length");
    // And the worst case of one who asks for more than there is is refused.
    let refused = house
        .chat(&key, json!({"model": "unbounded", "max_tokens": 5000}))
        .await;
    assert_eq!(refused.status(), StatusCode::PAYMENT_REQUIRED);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_balance_in_the_header_is_the_one_after_the_request() {
    let house = House::new().await;
    let key = house.key(0).await;
    let mut before = cents(100);
    for _ in 0..3 {
        let answer = house.chat(&key, json!({})).await;
        let (balance, cost) = (
            amount(&answer, "x-diem-balance"),
            amount(&answer, "x-diem-cost"),
        );
        assert!(cost > Usd::ZERO);
        assert_eq!(balance, before.saturating_sub(cost));
        assert_eq!(
            header(&answer, "x-venice-balance-diem"),
            header(&answer, "x-diem-balance")
        );
        assert_eq!(balance, house.state(0).await.remaining());
        before = balance;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_no_limit_has_the_lines_allowance_and_one_with_zero_says_so() {
    let house = House::new().await;
    let open = house.key(0).await;
    let balance = json_of(house.get("/api/v1/billing/balance").bearer_auth(&open)).await;
    assert_eq!(
        (&balance["canConsume"], &balance["keyRemaining"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(house.chat(&open, flat()).await.status(), StatusCode::OK);

    let shut = house
        .key_with(0, "INFERENCE", json!({"consumptionLimit": {"diem": 0}}))
        .await;
    let refused = house.chat(&shut, flat()).await;
    assert_eq!(refused.status(), StatusCode::PAYMENT_REQUIRED);
    let error = &refused.json::<Value>().await.unwrap()["error"];
    assert_eq!(error["code"], "API_KEY_DIEM_SPEND_LIMIT_EXCEEDED");
    assert_eq!(
        (&error["limit"], &error["remaining"]),
        (&json!(0), &json!(0))
    );
    assert!(
        error["resets_at"].as_str().unwrap().ends_with("T00:00:00Z"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keys_own_limit_is_kept_beside_the_lines() {
    let house = House::new().await;
    let narrow = house
        .key_with(
            0,
            "INFERENCE",
            json!({"consumptionLimit": {"usd": 0.06}, "limitPeriod": "EPOCH"}),
        )
        .await;
    let wide = house.key(0).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(house.chat(&narrow, flat()).await.status());
    }
    assert_eq!(
        statuses,
        [StatusCode::OK, StatusCode::OK, StatusCode::PAYMENT_REQUIRED]
    );
    assert_eq!(house.chat(&wide, flat()).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refusal_of_an_empty_line_names_limit_rest_and_reset() {
    let house = House::of_cents(2).await;
    let key = house.key(0).await;
    let refused = house.chat(&key, flat()).await;
    assert_eq!(refused.status(), StatusCode::PAYMENT_REQUIRED);
    assert_eq!(amount(&refused, "x-diem-balance"), cents(2));
    let error = &refused.json::<Value>().await.unwrap()["error"];
    assert_eq!(error["code"], "INSUFFICIENT_BALANCE");
    assert_eq!(
        (&error["limit"], &error["remaining"]),
        (&json!(0.02), &json!(0.02))
    );
    assert!(
        error["resets_at"].as_str().unwrap().ends_with("T00:00:00Z"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allowance_that_rose_meanwhile_is_noticed_when_it_is_needed() {
    let house = House::of_cents(2).await;
    let key = house.key(0).await;
    assert_eq!(
        house.chat(&key, flat()).await.status(),
        StatusCode::PAYMENT_REQUIRED
    );
    let holder = house.holders[0].address();
    let value = alloy::primitives::U256::from(cents(2).0);
    house
        .send(
            house.dev,
            house.at.diem,
            &diem_abi::IDiem::transferCall { to: holder, value },
        )
        .await;
    house
        .send(
            holder,
            house.at.diem,
            &diem_abi::IDiem::stakeCall { amount: value },
        )
        .await;
    let served = house.chat(&key, flat()).await;
    assert_eq!(
        (served.status(), amount(&served, "x-diem-balance")),
        (StatusCode::OK, cents(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_costs_more_than_reserved_is_paid_as_far_as_the_line_carries_it() {
    let house = House::of_cents(1).await;
    let key = house.key(0).await;
    // The server says that it wrote ten times what it was allowed to.
    let usage = json!({"prompt_tokens": 10, "completion_tokens": 640, "total_tokens": 650});
    let answer = house
        .chat(&key, json!({"stand_in": {"usage": usage}}))
        .await;
    assert!(amount(&answer, "x-diem-cost") > amount(&answer, "x-diem-reserved"));
    assert_eq!(amount(&answer, "x-diem-cost"), micros(10 + 1280));
    let usage =
        json!({"prompt_tokens": 10, "completion_tokens": 1_000_000, "total_tokens": 1_000_010});
    let answer = house
        .chat(&key, json!({"stand_in": {"usage": usage}}))
        .await;
    assert_eq!(
        (answer.status(), amount(&answer, "x-diem-balance")),
        (StatusCode::OK, Usd::ZERO)
    );
    assert_eq!(
        amount(&answer, "x-diem-cost"),
        cents(1).saturating_sub(micros(1290))
    );
    assert!(
        header(&answer, "x-diem-receipt")
            .contains(&format!(";cost={};", amount(&answer, "x-diem-cost").0))
    );
    assert_eq!(house.state(0).await.committed, cents(1));
}

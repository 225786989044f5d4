//! For who runs the gateway, and for pages of other origins.

use std::{collections::BTreeSet, process::Command};

use diem_gateway::money::Usd;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{House, Plans, header, json_of, micros};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_may_ask_and_read_the_headers() {
    let house = House::new().await;
    let key = house.key(0).await;
    let asked = house
        .client
        .request(
            Method::OPTIONS,
            format!("{}/v1/chat/completions", house.url),
        )
        .header("origin", "https://page.example")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,content-type,idempotency-key",
        );
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(header(&answer, "access-control-allow-origin"), "*");
    assert!(header(&answer, "access-control-allow-headers").contains("authorization"));
    assert!(
        answer
            .headers()
            .get("access-control-allow-credentials")
            .is_none()
    );
    let body = crate::house::chat(json!({}));
    let ask = house
        .post("/v1/chat/completions", &body)
        .bearer_auth(&key)
        .header("origin", "https://page.example");
    let answer = ask.send().await.unwrap();
    let exposed = header(&answer, "access-control-expose-headers");
    for name in answer
        .headers()
        .keys()
        .map(|name| name.as_str())
        .filter(|name| name.starts_with("x-"))
    {
        assert!(exposed.contains(name), "{name} is not in {exposed}");
    }
    assert!(exposed.contains("retry-after"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_names_every_door_with_a_summary() {
    let house = House::new().await;
    let api = json_of(house.get("/openapi.json")).await;
    let mut doors = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, door) in methods.as_object().unwrap() {
            assert!(door["summary"].is_string(), "{method} {path}");
            assert!(
                ids.insert(door["operationId"].to_string()),
                "two doors are called {}",
                door["operationId"]
            );
            doors.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    for door in [
        "POST /api/v1/chat/completions",
        "POST /api/v1/completions",
        "POST /api/v1/embeddings",
        "POST /api/v1/images/generations",
        "POST /api/v1/responses",
        "GET /api/v1/models",
        "GET /api/v1/api_keys/generate_web3_key",
        "POST /api/v1/api_keys/generate_web3_key",
        "GET /api/v1/api_keys",
        "POST /api/v1/api_keys",
        "PATCH /api/v1/api_keys",
        "DELETE /api/v1/api_keys",
        "GET /api/v1/api_keys/rate_limits",
        "GET /api/v1/billing/balance",
        "GET /api/v1/billing/usage",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
    ] {
        assert!(doors.contains(door), "{door} is not in {doors:?}");
    }
    let page = house.get("/docs").send().await.unwrap();
    assert!(header(&page, "content-security-policy").contains("default-src 'none'"));
    assert!(page.text().await.unwrap().contains("/docs/page.js"));
    assert_eq!(
        house.get("/docs/page.js").send().await.unwrap().status(),
        StatusCode::OK
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_asks_too_often_is_told_when_to_come_back() {
    let house = House::built(Plans {
        per_minute: 6,
        ..Plans::default()
    })
    .await;
    let key = house.key(0).await;
    let mut last = None;
    for _ in 0..7 {
        last = Some(house.chat(&key, json!({})).await);
    }
    let last = last.unwrap();
    assert_eq!(last.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!((1..=60).contains(&header(&last, "retry-after").parse::<u64>().unwrap()));
    let body: Value = last.json().await.unwrap();
    assert_eq!(body["error"]["code"], "rate_limit_exceeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_stops_ends_what_is_open_and_takes_nothing_new() {
    let mut house = House::new().await;
    let key = house.key(0).await;
    let more = json!({"stream": true, "stand_in": {"words": 30, "between_ms": 30}});
    let answer = house.chat(&key, more).await;
    house.told_to_stop();
    let running = house.gateway.serving().running();
    assert_eq!(running, 1);
    let text = answer.text().await.unwrap();
    assert!(text.ends_with("data: [DONE]\n\n"), "{text}");
    let state = house.until(0, |state| state.reserved == Usd::ZERO).await;
    assert_eq!(state.committed, micros(9 + 60));
    let refused = house
        .post("/v1/chat/completions", &crate::house::chat(json!({})))
        .bearer_auth(&key)
        .send()
        .await;
    assert!(refused.is_err() || refused.unwrap().status() == StatusCode::SERVICE_UNAVAILABLE);
}

/// Set where a test runs in a process of its own.
const ALONE: &str = "DIEM_TEST_ALONE";

/// What is counted is counted by the process, and other tests may run in this one: the test starts itself again.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_counted() {
    if std::env::var_os(ALONE).is_some() {
        return count_what_was_done().await;
    }
    let mut alone = Command::new(std::env::current_exe().unwrap());
    alone
        .args([
            "operations::what_was_done_is_counted",
            "--exact",
            "--nocapture",
        ])
        .env(ALONE, "1");
    let output = tokio::task::block_in_place(|| alone.output()).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{complaint}"
    );
}

async fn count_what_was_done() {
    let mut house = House::new().await;
    let handle = diem_gateway::doors::prometheus().unwrap();
    let key = house.key(0).await;
    house.chat(&key, json!({})).await;
    let text = house
        .get("/metrics")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        text.contains("diem_gateway_requests_total{model=\"stand-in\",counted_by=\"upstream\"} 1"),
        "{text}"
    );
    assert!(
        text.contains("diem_gateway_charged_microdollars_total 33"),
        "{text}"
    );
    assert!(text.contains("diem_gateway_requests_running 0"), "{text}");
    assert!(handle.render().contains("diem_gateway_tokens_total"));
    assert_eq!(
        house.get("/healthz").send().await.unwrap().status(),
        StatusCode::OK
    );
    assert_eq!(
        house.get("/readyz").send().await.unwrap().status(),
        StatusCode::OK
    );
    house.stopped().await;
}

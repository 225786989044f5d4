//! Every family, and every refusal.

use diem_abi::IDiem;
use diem_gateway::{money::Usd, receipts};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{House, Plans, amount, cents, chat, header, json_of, micros};

#[tokio::test(flavor = "multi_thread")]
async fn every_family_is_served_under_both_paths() {
    let house = House::new().await;
    let key = house.key(0).await;
    let chat = chat(json!({}));
    let bodies = [
        ("chat/completions", chat, micros(33)),
        (
            "completions",
            json!({"model": "stand-in", "prompt": "one two", "max_tokens": 5}),
            micros(2 + 10),
        ),
        (
            "embeddings",
            json!({"model": "vectors", "input": ["one two", "three"]}),
            micros(3),
        ),
        (
            "images/generations",
            json!({"model": "pictures", "prompt": "a heron", "n": 2}),
            cents(8),
        ),
        (
            "responses",
            json!({"model": "stand-in", "input": "one two", "max_output_tokens": 6}),
            micros(2 + 12),
        ),
    ];
    for prefix in ["/v1", "/api/v1"] {
        for (path, body, cost) in &bodies {
            let answer = house
                .post(&format!("{prefix}/{path}"), body)
                .bearer_auth(&key)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            assert_eq!(amount(&answer, "x-diem-cost"), *cost, "{path}");
            let receipt = header(&answer, "x-diem-receipt");
            assert_eq!(
                receipts::signer_of(&receipt).unwrap(),
                house.signer.address()
            );
            let epoch: u64 = header(&answer, "x-diem-epoch").parse().unwrap();
            assert_eq!(epoch, house.node.node().clock().now() / crate::stage::DAY);
            let body: Value = answer.json().await.unwrap();
            assert_eq!(
                body["cost"]["usd"].to_string().parse::<f64>().ok(),
                cost.to_string().parse().ok(),
                "{body}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_images_and_unknown_fields_pass_through() {
    let house = House::new().await;
    let key = house.key(0).await;
    let picture = json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}});
    let content = json!([{"type": "text", "text": "What is this?"}, picture]);
    let parameters = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    let tools =
        json!([{"type": "function", "function": {"name": "weather", "parameters": parameters}}]);
    let messages = json!([{"role": "user", "content": content}]);
    let more = json!({"messages": messages, "tools": tools, "venice_parameters": {"x": 1}, "stand_in": {"cached": 1}});
    let body: Value = house.chat(&key, more).await.json().await.unwrap();
    let call = &body["choices"][0]["message"]["tool_calls"][0]["function"];
    assert_eq!(
        (&call["name"], &call["arguments"]),
        (&json!("weather"), &json!("{\"city\":\"amber\"}"))
    );
    assert_eq!(
        body["usage"]["prompt_tokens_details"]["cached_tokens"], 1,
        "the unknown field arrived"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_served_is_refused_by_name() {
    let house = House::built(Plans {
        body_bytes: 20_000,
        ..Plans::default()
    })
    .await;
    let key = house.key(0).await;
    let long = "x".repeat(30_000);
    let cases = [
        (json!({"model": "nobody's"}), 404, "model_not_found"),
        (json!({"model": null}), 400, "invalid_request"),
        (json!({"model": "pictures"}), 404, "model_not_found"),
        (json!({"max_tokens": "ten"}), 400, "invalid_request"),
        (json!({"n": 0}), 400, "invalid_request"),
        (json!({"user": long}), 413, "body_too_large"),
        (json!({"max_tokens": u64::MAX}), 402, "INSUFFICIENT_BALANCE"),
        (
            json!({"max_tokens": u64::MAX, "n": u64::MAX}),
            402,
            "INSUFFICIENT_BALANCE",
        ),
    ];
    for (more, status, code) in cases {
        let answer = house.chat(&key, more.clone()).await;
        assert_eq!(answer.status().as_u16(), status, "{more:.100}");
        assert!(
            answer
                .headers()
                .contains_key("x-ratelimit-remaining-requests")
        );
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["code"], code, "{body}");
        for field in ["message", "type", "param", "code"] {
            assert!(body["error"].get(field).is_some(), "{field} of {body}");
        }
    }
    for body in ["", "[]", "{", "null", "{\"model\":1}"] {
        let ask = house
            .client
            .post(format!("{}/v1/chat/completions", house.url))
            .bearer_auth(&key)
            .body(body);
        assert_eq!(
            ask.send().await.unwrap().status(),
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    let response = json!({"model": "stand-in", "input": "x", "background": true});
    let answer = house
        .post("/v1/responses", &response)
        .bearer_auth(&key)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    for (method, path, status) in [
        (Method::GET, "/v1/nowhere", 404),
        (Method::PUT, "/v1/models", 405),
    ] {
        let answer = house
            .client
            .request(method, format!("{}{path}", house.url))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert!(answer.json::<Value>().await.unwrap()["error"]["code"].is_string());
    }
    assert_eq!((house.stand_in.begun(), house.stand_in.ended()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_key_that_works_is_401() {
    let house = House::new().await;
    let expired = house
        .key_with(0, "INFERENCE", json!({"expiresAt": "2999-01-01"}))
        .await;
    let unknown = format!("diem_{}", "0".repeat(64));
    for key in [
        "",
        "sk-wrong",
        unknown.as_str(),
        &expired[..expired.len() - 1],
    ] {
        let answer = house.chat(key, json!({})).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let text = answer.text().await.unwrap();
        assert!(
            text.contains("invalid_api_key") && (key.len() < 3 || !text.contains(key)),
            "{text}"
        );
    }
    let answer = house
        .post("/v1/chat/completions", &chat(json!({})))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        house.chat(&expired, json!({})).await.status(),
        StatusCode::OK
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_leaves_is_served_to_the_end_of_the_day_and_no_longer() {
    let house = House::new().await;
    let key = house.key(0).await;
    let holder = house.holders[0].address();
    let other = alloy::primitives::Address::repeat_byte(0x77);
    house
        .send(
            house.dev,
            house.at.diem,
            &IDiem::setGatewayCall {
                gateway: other,
                allowed: true,
            },
        )
        .await;
    house
        .send(
            holder,
            house.at.diem,
            &IDiem::chooseGatewayCall { gateway: other },
        )
        .await;
    assert_eq!(house.chat(&key, json!({})).await.status(), StatusCode::OK);
    house.midnight().await;
    let answer = house.chat(&key, json!({})).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["code"], "OTHER_GATEWAY");
    let message = body["error"]["message"].as_str().unwrap();
    assert!(
        message.contains(&other.to_string()) && message.contains("chooseGateway"),
        "{message}"
    );
    // Coming back counts from tomorrow, and the refusal says so.
    let gateway = house.signer.address();
    house
        .send(holder, house.at.diem, &IDiem::chooseGatewayCall { gateway })
        .await;
    let body: Value = house.chat(&key, json!({})).await.json().await.unwrap();
    let tomorrow = house.node.node().clock().now() / crate::stage::DAY + 1;
    assert!(
        body["error"]["message"]
            .as_str()
            .unwrap()
            .contains(&format!("ours from epoch {tomorrow}")),
        "{body}"
    );
    let balance = json_of(house.get("/api/v1/billing/balance").bearer_auth(&key)).await;
    assert_eq!(
        (&balance["canConsume"], &balance["balances"]["diem"]),
        (&json!(false), &json!(0))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_with_nothing_at_all_is_402() {
    let house = House::built(Plans {
        holders: 2,
        ..Plans::default()
    })
    .await;
    let holder = house.holders[1].address();
    let amount_staked = alloy::primitives::U256::from(cents(100).0);
    house
        .send(
            holder,
            house.at.diem,
            &IDiem::initiateUnstakeCall {
                amount: amount_staked,
            },
        )
        .await;
    let key = house.key(1).await;
    assert_eq!(
        house.chat(&key, json!({})).await.status(),
        StatusCode::OK,
        "today is firm"
    );
    house.midnight().await;
    let answer = house.chat(&key, json!({})).await;
    assert_eq!(
        (answer.status(), amount(&answer, "x-diem-balance")),
        (StatusCode::PAYMENT_REQUIRED, Usd::ZERO)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn models_are_listed_with_their_prices() {
    let house = House::new().await;
    let list = json_of(house.get("/v1/models")).await;
    let names: Vec<&str> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "elsewhere",
            "flat",
            "pictures",
            "stand-in",
            "unbounded",
            "vectors"
        ]
    );
    let one = json_of(house.get("/api/v1/models/stand-in")).await;
    assert_eq!(one["pricing"]["cached_input"], json!(0.5));
    assert_eq!(
        house
            .get("/v1/models/some/other")
            .send()
            .await
            .unwrap()
            .status(),
        StatusCode::NOT_FOUND
    );
}

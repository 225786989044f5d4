//! Answers in pieces.

use diem_gateway::money::Usd;
use futures_util::StreamExt as _;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, amount, chat, cost_of, data, header, micros};

#[tokio::test(flavor = "multi_thread")]
async fn the_client_disconnects_and_pays_for_what_the_upstream_wrote() {
    let house = House::new().await;
    let key = house.key(0).await;
    let more =
        json!({"stream": true, "max_tokens": 100, "stand_in": {"words": 40, "between_ms": 20}});
    let answer = house.chat(&key, more).await;
    let mut pieces = answer.bytes_stream();
    pieces.next().await.unwrap().unwrap();
    drop(pieces);
    let state = house.until(0, |state| state.reserved == Usd::ZERO).await;
    // Nine tokens read, forty written.
    assert_eq!(state.committed, micros(9 + 80));
    assert_eq!(
        house.stand_in.ended(),
        1,
        "the upstream was read to its end"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_disconnects_before_an_answer_at_once_and_pays_for_it() {
    let house = House::new().await;
    let key = house.key(0).await;
    let body = chat(json!({"stand_in": {"delay_ms": 600}}));
    let asked = house.post("/v1/chat/completions", &body).bearer_auth(&key);
    let left = tokio::time::timeout(std::time::Duration::from_millis(200), asked.send()).await;
    assert!(left.is_err(), "the client left before the answer");
    let state = house
        .until(0, |state| {
            state.reserved == Usd::ZERO && state.committed > Usd::ZERO
        })
        .await;
    assert_eq!(state.committed, micros(9 + 24));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_without_usage_is_charged_by_the_gateways_own_count() {
    let house = House::new().await;
    let key = house.key(0).await;
    let wish = json!({"without_usage": true, "words": 20});
    let answer = house
        .chat(&key, json!({"stream": true, "stand_in": wish}))
        .await;
    let text = answer.text().await.unwrap();
    let events = data(&text);
    let last: Value = serde_json::from_str(events[events.len() - 2]).unwrap();
    assert_eq!(events.last(), Some(&"[DONE]"));
    let state = house.state(0).await;
    assert!(state.committed > micros(20 * 2), "{:?}", state.committed);
    assert!(
        state.reserved == Usd::ZERO && state.committed < micros(60 * 2),
        "{:?}",
        state.committed
    );
    assert!(
        last["diem"]["receipt"]
            .as_str()
            .unwrap()
            .contains(";counted=gateway;"),
        "{last}"
    );
    // The same at once.
    let answer = house.chat(&key, json!({"stand_in": wish})).await;
    assert!(header(&answer, "x-diem-receipt").contains(";counted=gateway;"));
    assert_eq!(amount(&answer, "x-diem-cost"), state.committed);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cost_is_in_the_journal_before_the_last_chunk() {
    let house = House::new().await;
    let key = house.key(0).await;
    let answer = house.chat(&key, json!({"stream": true})).await;
    assert_eq!(header(&answer, "content-type"), "text/event-stream");
    let reserved = amount(&answer, "x-diem-reserved");
    assert_eq!(
        amount(&answer, "x-diem-balance"),
        crate::house::cents(100).saturating_sub(reserved)
    );
    let mut pieces = answer.bytes_stream();
    let mut text = String::new();
    let mut seen = None;
    while let Some(piece) = pieces.next().await {
        text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        if seen.is_none() && text.contains("finish_reason\":\"stop") {
            // The last chunk is here: its cost must be in the ledger already, whatever comes after.
            seen = Some(house.state(0).await);
        }
    }
    let seen = seen.unwrap();
    assert_eq!((seen.committed, seen.reserved), (micros(9 + 24), Usd::ZERO));
    let events = data(&text);
    let last: Value = serde_json::from_str(events[events.len() - 2]).unwrap();
    assert_eq!(last["cost"], json!({"diem": 0.000033, "usd": 0.000033}));
    let receipt = last["diem"]["receipt"].as_str().unwrap();
    let kept = house
        .ledger
        .usage(&Default::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(
        house.ledger.receipt(kept[0].id).await.unwrap().as_deref(),
        Some(receipt)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_that_the_client_did_not_ask_for_is_not_told() {
    let house = House::new().await;
    let key = house.key(0).await;
    let plain = house
        .chat(&key, json!({"stream": true}))
        .await
        .text()
        .await
        .unwrap();
    for event in data(&plain).into_iter().filter(|event| *event != "[DONE]") {
        let event: Value = serde_json::from_str(event).unwrap();
        assert_eq!(
            event["choices"].as_array().map(Vec::len),
            Some(1),
            "{event}"
        );
        assert!(event.get("usage").is_none_or(Value::is_null), "{event}");
    }
    let asked = json!({"stream": true, "stream_options": {"include_usage": true}});
    let told = house.chat(&key, asked).await.text().await.unwrap();
    let events = data(&told);
    let last: Value = serde_json::from_str(events[events.len() - 2]).unwrap();
    assert_eq!(last["choices"], json!([]));
    assert_eq!(Some(cost_of(&last["usage"])), Some(micros(33)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_asked_for_usage_gets_it_though_the_upstream_told_none() {
    let house = House::new().await;
    let key = house.key(0).await;
    let more = json!({"stream": true, "stream_options": {"include_usage": true}, "stand_in": {"without_usage": true}});
    let told = house.chat(&key, more).await.text().await.unwrap();
    let events = data(&told);
    let last: Value = serde_json::from_str(events[events.len() - 2]).unwrap();
    assert_eq!(cost_of(&last["usage"]), house.state(0).await.committed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_off_is_charged_for_what_came_and_says_so() {
    let house = House::new().await;
    let key = house.key(0).await;
    let wish = json!({"words": 50, "break_after": 11});
    let answer = house
        .chat(&key, json!({"stream": true, "stand_in": wish}))
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
    let text = answer.text().await.unwrap();
    let events = data(&text);
    let last: Value = serde_json::from_str(events.last().unwrap()).unwrap();
    assert_eq!(last["error"]["code"], "upstream_error", "{text}");
    assert!(!text.contains("[DONE]"));
    let state = house.state(0).await;
    assert!(
        state.committed > micros(10 * 2) && state.committed < micros(40 * 2),
        "{:?}",
        state.committed
    );
    assert_eq!(state.reserved, Usd::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_choices_and_tool_calls_stream_through() {
    let house = House::new().await;
    let key = house.key(0).await;
    let text = house
        .chat(&key, json!({"stream": true, "n": 3}))
        .await
        .text()
        .await
        .unwrap();
    let events: Vec<Value> = data(&text)
        .into_iter()
        .filter(|event| *event != "[DONE]")
        .map(|event| serde_json::from_str(event).unwrap())
        .collect();
    for index in 0..3 {
        let of = |event: &&Value| event["choices"][0]["index"] == index;
        let said: String = events
            .iter()
            .filter(of)
            .filter_map(|event| event["choices"][0]["delta"]["content"].as_str())
            .collect();
        assert_eq!(said.split(' ').count(), 12, "{said}");
    }
    assert_eq!(house.state(0).await.committed, micros(9 + 3 * 24));
    let parameters = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    let tools =
        json!([{"type": "function", "function": {"name": "weather", "parameters": parameters}}]);
    let text = house
        .chat(&key, json!({"stream": true, "tools": tools}))
        .await
        .text()
        .await
        .unwrap();
    assert!(
        text.contains("\"name\":\"weather\"")
            && text.contains("tool_calls")
            && text.contains("[DONE]"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_stream_with_their_events_and_end_without_a_mark() {
    let house = House::new().await;
    let key = house.key(0).await;
    let body = json!({"model": "stand-in", "input": "Say a few words.", "stream": true});
    let answer = house
        .post("/v1/responses", &body)
        .bearer_auth(&key)
        .send()
        .await
        .unwrap();
    let text = answer.text().await.unwrap();
    assert!(
        text.contains("event: response.output_text.delta\n") && !text.contains("[DONE]"),
        "{text}"
    );
    let last: Value = serde_json::from_str(data(&text).last().unwrap()).unwrap();
    assert_eq!(last["type"], "response.completed");
    // Four tokens read, twelve written.
    assert_eq!(last["cost"]["diem"], json!(0.000028));
    assert_eq!(house.state(0).await.committed, micros(28));
}

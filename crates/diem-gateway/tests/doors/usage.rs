//! What was used, and receipts against what the chain has settled.

use diem_gateway::{
    line::Line,
    money::Usd,
    receipts,
    settling::{self, Settler},
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, Plans, json_of, micros};

#[tokio::test(flavor = "multi_thread")]
async fn the_receipts_of_a_line_add_up_to_what_the_chain_has_settled() {
    let house = House::new().await;
    let key = house.key_with(0, "ADMIN", json!({})).await;
    for words in 1..6 {
        let more = json!({"stream": words % 2 == 0, "stand_in": {"words": words}});
        house.chat(&key, more).await.text().await.unwrap();
    }
    let settler = Settler::new(
        house.chain.clone(),
        house.ledger.clone(),
        house.signer.clone(),
        settling::Settings::default(),
    );
    settling::start(settler).stop().await;
    let usage = json_of(house.get("/api/v1/billing/usage").bearer_auth(&key)).await;
    let mut sum = 0_u128;
    for entry in usage["data"].as_array().unwrap() {
        let receipt = entry["receipt"].as_str().unwrap();
        assert_eq!(
            receipts::signer_of(receipt).unwrap(),
            house.signer.address()
        );
        let field = |name: &str| {
            receipt
                .split(';')
                .find_map(|field| field.strip_prefix(name))
                .unwrap()
        };
        assert_eq!(field("request="), entry["inferenceDetails"]["requestId"]);
        sum += field("cost=").parse::<u128>().unwrap();
    }
    let account = house.holders[0].address();
    let settled = house
        .owner
        .call(house.at.diem, &diem_abi::IDiem::lineOfCall { account })
        .await
        .unwrap()
        .used;
    assert_eq!(sum, u128::try_from(settled).unwrap());
    // Nine tokens read each time, fifteen written in all.
    assert_eq!(Usd(sum), micros(5 * 9 + 15 * 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_is_told_by_request_by_day_and_as_a_table() {
    let house = House::built(Plans {
        holders: 2,
        ..Plans::default()
    })
    .await;
    let admin = house.key_with(0, "ADMIN", json!({})).await;
    let app = house.key(0).await;
    let foreign = house.key_with(1, "ADMIN", json!({})).await;
    for key in [&admin, &app, &app] {
        assert_eq!(house.chat(key, json!({})).await.status(), StatusCode::OK);
    }
    house.chat(&foreign, json!({"model": "flat"})).await;
    let count = |value: &Value| value["data"].as_array().unwrap().len();
    let get = |key: &str, query: &str| {
        house
            .get(&format!("/api/v1/billing/usage{query}"))
            .bearer_auth(key.to_owned())
    };

    // Page by page, newest first; each request once.
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = json_of(get(&admin, &format!("?limit=2{cursor}"))).await;
        seen.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry["inferenceDetails"]["requestId"].clone()),
        );
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 3);
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].as_str() > pair[1].as_str()),
        "{seen:?}"
    );

    assert_eq!(
        count(&json_of(get(&app, "")).await),
        2,
        "an INFERENCE key sees its own"
    );
    assert_eq!(count(&json_of(get(&foreign, "")).await), 1);
    let days = json_of(get(&admin, "?by=day")).await;
    assert_eq!(count(&days), 2, "{days}");
    let requests: u64 = days["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sum| sum["requests"].as_u64().unwrap())
        .sum();
    assert_eq!(
        (requests, count(&json_of(get(&admin, "?model=flat")).await)),
        (3, 0)
    );
    assert_eq!(count(&json_of(get(&admin, "?endDate=2001-01-01")).await), 0);
    let one = &json_of(get(&app, "?limit=1")).await["data"][0];
    assert_eq!(
        (&one["amount"], &one["currency"]),
        (&json!(-0.000033), &json!("DIEM"))
    );

    let table = get(&app, "?format=csv")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].starts_with("timestamp,sku,amount")
            && lines[1].contains(",\"stand-in\",-0.000033,DIEM,"),
        "{table}"
    );
    for query in ["?by=week", "?cursor=x", "?key=x", "?startDate=x"] {
        assert_eq!(
            get(&admin, query).send().await.unwrap().status(),
            StatusCode::BAD_REQUEST,
            "{query}"
        );
    }
    assert!(matches!(house.line(0), Line::Account(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn rate_limits_and_balance_have_venices_fields() {
    let house = House::new().await;
    let key = house.key(0).await;
    house.chat(&key, json!({})).await;
    let limits = json_of(house.get("/api/v1/api_keys/rate_limits").bearer_auth(&key)).await;
    let data = &limits["data"];
    assert_eq!(data["accessPermitted"], json!(true));
    assert_eq!(data["balances"], json!({"DIEM": 0.999967, "USD": 0}));
    assert!(
        data["nextEpochBegins"]
            .as_str()
            .unwrap()
            .ends_with("T00:00:00Z")
    );
    assert_eq!(
        data["rateLimits"][0]["rateLimits"][0],
        json!({"amount": 100_000, "type": "RPM"})
    );
    let balance = json_of(house.get("/api/v1/billing/balance").bearer_auth(&key)).await;
    assert_eq!(
        (
            &balance["consumptionCurrency"],
            &balance["diemEpochAllocation"]
        ),
        (&json!("DIEM"), &json!(1))
    );
    assert_eq!(balance["balances"]["diem"], json!(0.999967));
}

//! Whose address is counted, with and without a proxy of the operator's before the gateway.

use reqwest::StatusCode;

use crate::house::{House, Plans};

/// Requests that an address may begin at once.
const MOST: u32 = 3;

async fn house(behind_proxy: bool) -> House {
    House::built(Plans {
        per_minute: MOST,
        behind_proxy,
        ..Plans::default()
    })
    .await
}

/// The status of a request that comes with these lines of `X-Forwarded-For`.
async fn asked(house: &House, forwarded: &[&str]) -> StatusCode {
    let mut request = house.get("/api/v1/api_keys/generate_web3_key");
    for line in forwarded {
        request = request.header("x-forwarded-for", *line);
    }
    request.send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_each_client_has_its_own_rate_and_cannot_say_that_it_is_another() {
    let house = house(true).await;
    for _ in 0..MOST {
        assert_eq!(asked(&house, &["203.0.113.1"]).await, StatusCode::OK);
    }
    // What the client wrote itself stands before what the proxy wrote, in one line or in several.
    for lines in [
        &["203.0.113.1"][..],
        &["203.0.113.9, 203.0.113.1"],
        &["203.0.113.9", "203.0.113.1"],
    ] {
        assert_eq!(
            asked(&house, lines).await,
            StatusCode::TOO_MANY_REQUESTS,
            "{lines:?}"
        );
    }
    assert_eq!(asked(&house, &["203.0.113.2"]).await, StatusCode::OK);
    assert_eq!(asked(&house, &["2001:db8::1"]).await, StatusCode::OK);
    // No address: the connection's counts.
    for _ in 0..MOST {
        assert_eq!(asked(&house, &["unknown"]).await, StatusCode::OK);
    }
    assert_eq!(asked(&house, &[]).await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_proxy_nobody_escapes_the_rate_by_a_header() {
    let house = house(false).await;
    for number in 0..MOST {
        let forwarded = format!("203.0.113.{number}");
        assert_eq!(asked(&house, &[&forwarded]).await, StatusCode::OK);
    }
    assert_eq!(
        asked(&house, &["203.0.113.77"]).await,
        StatusCode::TOO_MANY_REQUESTS
    );
}

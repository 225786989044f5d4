//! Keys by signature, and what is done with them.

use alloy::{
    primitives::{U256, hex},
    signers::SignerSync as _,
};
use diem_abi::IDiem;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, Plans, cents, json_of};

const DOOR: &str = "/api/v1/api_keys/generate_web3_key";

async fn refused(house: &House, body: &Value) -> (StatusCode, String) {
    let answer = house.post(DOOR, body).send().await.unwrap();
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    (
        status,
        body["error"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("{body}"))
            .to_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_makes_one_key_and_its_secret_is_shown_once() {
    let house = House::new().await;
    let body = house
        .signed(
            0,
            "ADMIN",
            json!({"description": "mine", "limitPeriod": "MONTH"}),
        )
        .await;
    let made = json_of(house.post(DOOR, &body)).await;
    assert_eq!(made["success"], json!(true));
    let secret = made["data"]["apiKey"].as_str().unwrap();
    assert_eq!(
        refused(&house, &body).await,
        (StatusCode::UNAUTHORIZED, "token_spent".into())
    );
    let list = json_of(house.get("/api/v1/api_keys").bearer_auth(secret)).await;
    let shown = &list["data"][0];
    assert_eq!(
        (&shown["description"], &shown["limitPeriod"]),
        (&json!("mine"), &json!("MONTH"))
    );
    assert!(secret.ends_with(shown["last6Chars"].as_str().unwrap()));
    assert!(
        !list.to_string().contains(secret) && shown.get("apiKey").is_none(),
        "{list}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_without_an_address_may_be_signed_by_any_account() {
    let house = House::new().await;
    let signer = &house.holders[0];
    let token = house.token(None).await;
    let signature = hex::encode_prefixed(
        signer
            .sign_message_sync(token.as_bytes())
            .unwrap()
            .as_bytes(),
    );
    let body = json!({"address": signer.address(), "signature": signature, "token": token, "apiKeyType": "INFERENCE"});
    let made = json_of(house.post(DOOR, &body)).await;
    let key = made["data"]["apiKey"].as_str().unwrap();
    assert_eq!(house.chat(key, json!({})).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_key_for_what_another_signed() {
    let house = House::built(Plans {
        holders: 2,
        ..Plans::default()
    })
    .await;
    let mut body = house.signed(0, "INFERENCE", json!({})).await;
    let victim = house.holders[1].address();
    body["address"] = json!(victim);
    assert_eq!(refused(&house, &body).await.0, StatusCode::BAD_REQUEST);
    // A text for anybody, signed by the one and claimed for the other.
    let token = house.token(None).await;
    let signature = hex::encode_prefixed(
        house.holders[0]
            .sign_message_sync(token.as_bytes())
            .unwrap()
            .as_bytes(),
    );
    let stolen =
        json!({"address": victim, "signature": signature, "token": token, "apiKeyType": "ADMIN"});
    assert_eq!(
        refused(&house, &stolen).await,
        (StatusCode::UNAUTHORIZED, "invalid_signature".into())
    );
    // A text of another domain, of no gateway, changed, and no signature at all.
    let sound = house.signed(0, "INFERENCE", json!({})).await;
    for (field, value) in [
        (
            "token",
            json!(
                sound["token"]
                    .as_str()
                    .unwrap()
                    .replacen("127.0.0.1", "127.0.0.2", 1)
            ),
        ),
        (
            "token",
            json!(
                sound["token"]
                    .as_str()
                    .unwrap()
                    .replacen("Version: 1", "Version: 2", 1)
            ),
        ),
        ("token", json!("")),
        ("signature", json!("0x")),
        ("signature", json!("0x00")),
        ("signature", json!("zz")),
        ("address", json!("me")),
        ("apiKeyType", json!("OWNER")),
        ("expiresAt", json!("yesterday")),
        ("expiresAt", json!("2001-01-01")),
        ("consumptionLimit", json!({"usd": -1})),
        ("consumptionLimit", json!({"usd": "1e99"})),
        ("description", json!("x".repeat(257))),
    ] {
        let mut body = sound.clone();
        body[field] = value;
        let (status, code) = refused(&house, &body).await;
        assert!(status.is_client_error(), "{field}: {status} {code}");
    }
    // None of that used the text up.
    assert_eq!(
        house.post(DOOR, &sound).send().await.unwrap().status(),
        StatusCode::OK
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_key_manages_the_accounts_keys_and_no_others() {
    let house = House::built(Plans {
        holders: 2,
        ..Plans::default()
    })
    .await;
    let admin = house.key_with(0, "ADMIN", json!({})).await;
    let foreign = house.key_with(1, "ADMIN", json!({})).await;
    let wish = json!({"apiKeyType": "INFERENCE", "description": "app", "consumptionLimit": {"diem": "0.5"}});
    let made = json_of(house.post("/api/v1/api_keys", &wish).bearer_auth(&admin)).await;
    let (id, secret) = (
        made["data"]["id"].as_str().unwrap(),
        made["data"]["apiKey"].as_str().unwrap(),
    );
    assert_eq!(made["data"]["consumptionLimit"]["usd"], json!(0.5));
    assert_eq!(house.chat(secret, json!({})).await.status(), StatusCode::OK);

    let patch = |key: &str, body: Value| {
        house
            .client
            .patch(format!("{}/api/v1/api_keys", house.url))
            .bearer_auth(key)
            .json(&body)
    };
    let changed = json_of(patch(
        &admin,
        json!({"id": id, "consumptionLimit": {"usd": 0}, "expiresAt": "2999-01-01"}),
    ))
    .await;
    assert_eq!(changed["data"]["consumptionLimits"]["diem"], json!(0));
    assert_eq!(
        house.chat(secret, json!({})).await.status(),
        StatusCode::PAYMENT_REQUIRED
    );
    let changed = json_of(patch(
        &admin,
        json!({"id": id, "consumptionLimit": null, "description": "again"}),
    ))
    .await;
    assert_eq!(
        (
            &changed["data"]["consumptionLimits"]["diem"],
            &changed["data"]["expiresAt"]
        ),
        (&Value::Null, &json!("2999-01-01T00:00:00Z"))
    );
    assert_eq!(house.chat(secret, json!({})).await.status(), StatusCode::OK);

    // An INFERENCE key manages nothing, another account's ADMIN key finds nothing.
    for key in [secret, foreign.as_str()] {
        let status = patch(key, json!({"id": id, "description": "stolen"}))
            .send()
            .await
            .unwrap()
            .status();
        assert!(
            matches!(status, StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND),
            "{status}"
        );
    }
    let delete = |key: &str| {
        house
            .client
            .delete(format!("{}/api/v1/api_keys?id={id}", house.url))
            .bearer_auth(key.to_owned())
    };
    assert_eq!(
        delete(&foreign).send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        delete(&admin).send().await.unwrap().status(),
        StatusCode::OK
    );
    assert_eq!(
        house.chat(secret, json!({})).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        delete(&admin).send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leases_key_is_its_lessees_and_ends_with_the_lease() {
    let house = House::built(Plans {
        holders: 2,
        ..Plans::default()
    })
    .await;
    let (lessor, lessee) = (house.holders[0].address(), house.holders[1].address());
    let amount = U256::from(cents(40).0);
    house
        .send(
            lessor,
            house.at.diem,
            &IDiem::leaseCall {
                lessee,
                amount,
                epochs: 3,
            },
        )
        .await;
    let id = U256::from(1);
    let gateway = house.signer.address();
    house
        .send(
            lessee,
            house.at.diem,
            &IDiem::chooseLeaseGatewayCall { id, gateway },
        )
        .await;
    let body = house.signed(0, "INFERENCE", json!({"lease": 1})).await;
    assert_eq!(
        refused(&house, &body).await,
        (StatusCode::FORBIDDEN, "NOT_THE_LESSEE".into())
    );
    let key = house.key_with(1, "INFERENCE", json!({"lease": 1})).await;
    house.midnight().await;
    let answer = house.chat(&key, json!({"model": "flat"})).await;
    assert_eq!(crate::house::amount(&answer, "x-diem-balance"), cents(37));
    assert!(crate::house::header(&answer, "x-diem-receipt").contains(";line=lease:1;"));
    // It goes to another: the key that its old holder made spends nothing more.
    house
        .send(
            lessee,
            house.at.diem,
            &IDiem::transferLeaseCall { id, to: lessor },
        )
        .await;
    let answer = house.chat(&key, json!({})).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["code"], "NOT_THE_LESSEE");
}

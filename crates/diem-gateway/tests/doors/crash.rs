//! A gateway that dies at any write or send of a request: what it answered to the end is paid, what was begun is paid
//! once, and no reservation stays open.

use std::{fs, io::Write as _, path::Path};

use alloy::{
    primitives::hex,
    signers::{SignerSync as _, local::PrivateKeySigner},
};
use diem_gateway::{money::Usd, receipts, upstream::Patience};
use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::{
    house::{House, cents, chat, upstream},
    kill::{Doomed, Kill, Life, armed, kills_of},
    site::Site,
};

/// The test that a process to be killed runs.
const DOOMED: &str =
    "crash::a_gateway_killed_at_any_step_of_a_request_loses_nothing_and_charges_nothing_twice";

/// The requests of a life: at once, in a stream, one that no server takes, one that costs more than was reserved.
fn requests() -> [Value; 4] {
    let usage = json!({"prompt_tokens": 10, "completion_tokens": 640, "total_tokens": 650});
    [
        chat(json!({})),
        chat(json!({"stream": true})),
        chat(json!({"stand_in": {"status": 503}})),
        chat(json!({"stand_in": {"usage": usage}})),
    ]
}

/// A life that is to end at some step: a key, and what is asked with it.
async fn live(doomed: Doomed) {
    let text = |name: &str| doomed.orders[name].as_str().unwrap().to_owned();
    let site = site(&doomed.orders, &doomed.folder);
    let list = vec![upstream("stand-in", &text("upstream"), 1)];
    let opened = site.open(list, Patience::default(), 1_000, 1_000_000).await;

    let (client, url) = (Client::new(), opened.url.clone());
    let door = format!("{url}/api/v1/api_keys/generate_web3_key");
    let holder: PrivateKeySigner = text("holder").parse().unwrap();
    let token: Value = client
        .get(&door)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = token["data"]["token"].as_str().unwrap().to_owned();
    let signature = holder.sign_message_sync(token.as_bytes()).unwrap();
    let body = json!({
        "address": holder.address(), "token": token, "apiKeyType": "INFERENCE",
        "signature": hex::encode_prefixed(signature.as_bytes()),
    });
    let made: Value = client
        .post(&door)
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let key = made["data"]["apiKey"].as_str().unwrap();

    let mut notes = fs::File::create(doomed.folder.join("answered")).unwrap();
    for request in requests() {
        let ask = client
            .post(format!("{url}/v1/chat/completions"))
            .bearer_auth(key);
        let answer: Response = ask.json(&request).send().await.unwrap();
        let text = answer.text().await.unwrap();
        // Told to the end: its cost must stand, whatever happens next.
        writeln!(notes, "{}", cost_in(&text)).unwrap();
    }
    doomed.survived();
}

/// The cost that an answer or the end of a stream tells, as it is written there; nothing where none is told.
fn cost_in(text: &str) -> String {
    let told = text.split("\"cost\":{\"diem\":").nth(1);
    told.and_then(|rest| rest.split(',').next())
        .unwrap_or("0")
        .to_owned()
}

fn site(orders: &Value, folder: &Path) -> Site {
    let text = |name: &str| orders[name].as_str().unwrap();
    Site {
        rpc: text("rpc").to_owned(),
        chain_id: orders["chain_id"].as_u64().unwrap(),
        diem: text("diem").parse().unwrap(),
        signer: text("signer").parse().unwrap(),
        folder: folder.to_owned(),
        behind_proxy: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_killed_at_any_step_of_a_request_loses_nothing_and_charges_nothing_twice() {
    if let Some(doomed) = armed() {
        return live(doomed).await;
    }
    let house = House::new().await;
    let secret = |signer: &PrivateKeySigner| hex::encode(signer.to_bytes());
    let orders = json!({
        "rpc": house.node.http_url(), "diem": house.at.diem, "chain_id": house.ledger_home().chain_id,
        "signer": secret(&house.signer), "holder": secret(&house.holders[0]), "upstream": house.stand_in.base(),
    });
    let whole = house.folder.path().join("whole");
    fs::create_dir(&whole).unwrap();
    for kill in kills_of(Life::Request, DOOMED, &whole, &orders) {
        let Kill { step, side, count } = kill;
        let folder = format!("{}-{side:?}-{count}", step.name());
        let folder = house.folder.path().join(folder);
        fs::create_dir(&folder).unwrap();
        let before = house.stand_in.begun();
        kill.happens_in(DOOMED, &folder, &orders);
        let begun = house.stand_in.begun() - before;
        after(kill, &site(&orders, &folder), begun).await;
    }
}

/// What stands after a kill.
async fn after(kill: Kill, site: &Site, begun: u64) {
    let ledger = site.ledger().await;
    let audit = ledger.audit().await.unwrap();
    assert!(
        audit.disagreements.is_empty(),
        "{kill:?}: {:?}",
        audit.disagreements
    );
    let used = ledger.usage(&Default::default(), None, 100).await.unwrap();
    let charged: u128 = used.iter().map(|entry| entry.charged.0).sum();
    for line in &audit.lines {
        assert_eq!(
            (line.open, line.charged),
            (Usd::ZERO, Usd(charged)),
            "{kill:?}"
        );
        assert!(line.charged <= cents(100), "{kill:?}");
    }
    // Newest first: turned round, the entries are in the order of the requests; the third was never to be paid.
    let mut paid: Vec<String> = used
        .iter()
        .rev()
        .map(|entry| entry.charged.to_string())
        .collect();
    let answered = fs::read_to_string(site.folder.join("answered")).unwrap_or_default();
    for cost in answered.lines().filter(|cost| *cost != "0") {
        assert_eq!(
            cost,
            paid.remove(0),
            "{kill:?}: what was answered is not what was charged"
        );
    }
    // Whatever a server began is paid; at most the one request that was open is paid without it.
    let due = if begun > 2 { begun - 1 } else { begun };
    let entries = used.len() as u64;
    assert!(
        (due..=due + 1).contains(&entries),
        "{kill:?}: {begun} begun, {entries} paid"
    );
    ledger.close().await;
    drop(ledger);
    // A gateway that is started on it gives every charge its receipt.
    let list = vec![upstream("stand-in", "http://127.0.0.1:9/v1", 1)];
    let opened = site.open(list, Patience::default(), 1_000, 1_000_000).await;
    reqwest::get(format!("{}/healthz", opened.url))
        .await
        .unwrap();
    for entry in opened
        .ledger
        .usage(&Default::default(), None, 100)
        .await
        .unwrap()
    {
        let receipt = opened.ledger.receipt(entry.id).await.unwrap().unwrap();
        let body = hex::encode_prefixed(entry.body_hash);
        assert!(
            receipt.contains(&format!(";body={body};")) && entry.body_hash != [0; 32],
            "{kill:?}: {receipt}"
        );
        assert_eq!(
            receipts::signer_of(&receipt).unwrap(),
            site.signer.address(),
            "{kill:?}"
        );
    }
    opened.stop.send(()).unwrap();
    opened.task.await.unwrap();
    opened.ledger.close().await;
}

//! A gateway that dies at any write or send of a request: what it answered to the end is paid, what was begun is paid
//! once, and no reservation stays open.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Mutex, OnceLock},
};

use alloy::{
    primitives::hex,
    signers::{SignerSync as _, local::PrivateKeySigner},
};
use diem_gateway::{
    money::Usd,
    steps::{self, Side, Step},
    upstream::Patience,
};
use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::{
    house::{House, cents, chat, upstream},
    site::Site,
};

const DOOMED: &str = "crash::a_gateway_that_is_to_die";
const ORDERS: &str = "DIEM_TEST_ORDERS";
const ABORTED: i32 = 6;
/// The steps of a request and of the key that it needs.
const STEPS: [Step; 11] = [
    Step::Migrate,
    Step::Observe,
    Step::Reserve,
    Step::Extend,
    Step::Commit,
    Step::Release,
    Step::KeyAdd,
    Step::NonceGive,
    Step::NonceTake,
    Step::Ask,
    Step::Answer,
];

static KILL: OnceLock<String> = OnceLock::new();
static PASSED: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// A step's side by name, `reserve before`.
fn place(step: Step, side: Side) -> String {
    let side = match side {
        Side::Before => "before",
        Side::After => "after",
    };
    format!("{} {side}", step.name())
}

fn passed(step: Step, side: Side) {
    let place = place(step, side);
    let mut passed = PASSED.lock().unwrap();
    let count = passed.entry(place.clone()).or_default();
    *count += 1;
    if KILL.get() == Some(&format!("{place} {count}")) {
        // Nothing is unwound, dropped or flushed.
        std::process::abort();
    }
}

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

/// Runs in a process of its own, which the test below starts; there is nothing to do in any other.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_to_die() {
    let Ok(orders) = std::env::var(ORDERS) else {
        return;
    };
    let orders: Value = serde_json::from_str(&orders).unwrap();
    let text = |name: &str| orders[name].as_str().unwrap().to_owned();
    KILL.set(text("kill")).unwrap();
    assert!(steps::watch(passed));
    let folder = PathBuf::from(text("folder"));
    let site = site(&orders, &folder);
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

    let mut notes = fs::File::create(folder.join("answered")).unwrap();
    for request in requests() {
        let ask = client
            .post(format!("{url}/v1/chat/completions"))
            .bearer_auth(key);
        let answer: Response = ask.json(&request).send().await.unwrap();
        let text = answer.text().await.unwrap();
        // Told to the end: its cost must stand, whatever happens next.
        writeln!(notes, "{}", cost_in(&text)).unwrap();
    }
    let passed = PASSED.lock().unwrap();
    let lines = passed
        .iter()
        .map(|(place, count)| format!("{place} {count}\n"));
    fs::write(folder.join("passed"), lines.collect::<String>()).unwrap();
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
    }
}

fn run(orders: &Value) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args([DOOMED, "--exact", "--nocapture"])
        .env(ORDERS, orders.to_string())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_killed_at_any_step_of_a_request_loses_nothing_and_charges_nothing_twice() {
    let house = House::new().await;
    let secret = |signer: &PrivateKeySigner| hex::encode(signer.to_bytes());
    let orders = |kill: &str, folder: &Path| {
        json!({
            "kill": kill, "folder": folder, "rpc": house.node.http_url(), "diem": house.at.diem,
            "chain_id": house.ledger_home().chain_id, "signer": secret(&house.signer),
            "holder": secret(&house.holders[0]), "upstream": house.stand_in.base(),
        })
    };
    let folder = |name: &str| {
        let folder = house.folder.path().join(name.replace(' ', "-"));
        fs::create_dir(&folder).unwrap();
        folder
    };
    let whole = folder("whole");
    let lived = run(&orders("nowhere", &whole));
    assert!(
        lived.status.success(),
        "{}",
        String::from_utf8_lossy(&lived.stderr)
    );
    let counts = fs::read_to_string(whole.join("passed")).unwrap();
    let mut kills = Vec::new();
    for step in STEPS {
        for side in [Side::Before, Side::After] {
            let place = place(step, side);
            let count = counts
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{place} ")));
            let count: usize = count
                .unwrap_or_else(|| panic!("nothing passes {place}"))
                .parse()
                .unwrap();
            kills.extend((1..=count).map(|count| format!("{place} {count}")));
        }
    }
    for kill in kills {
        let folder = folder(&kill);
        let orders = orders(&kill, &folder);
        let before = house.stand_in.begun();
        let died = run(&orders);
        let told = String::from_utf8_lossy(&died.stderr).into_owned();
        assert_eq!(
            died.status.signal(),
            Some(ABORTED),
            "it lives past {kill}: {told}"
        );
        let begun = house.stand_in.begun() - before;
        after(&kill, &site(&orders, &folder), begun).await;
    }
}

/// What stands after a kill.
async fn after(kill: &str, site: &Site, begun: u64) {
    let ledger = site.ledger().await;
    let audit = ledger.audit().await.unwrap();
    assert!(
        audit.disagreements.is_empty(),
        "{kill}: {:?}",
        audit.disagreements
    );
    let used = ledger.usage(&Default::default(), None, 100).await.unwrap();
    let charged: u128 = used.iter().map(|entry| entry.charged.0).sum();
    for line in &audit.lines {
        assert_eq!(
            (line.open, line.charged),
            (Usd::ZERO, Usd(charged)),
            "{kill}"
        );
        assert!(line.charged <= cents(100), "{kill}");
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
            "{kill}: what was answered is not what was charged"
        );
    }
    // Whatever a server began is paid; at most the one request that was open is paid without it.
    let due = if begun > 2 { begun - 1 } else { begun };
    let entries = used.len() as u64;
    assert!(
        (due..=due + 1).contains(&entries),
        "{kill}: {begun} begun, {entries} paid"
    );
    ledger.close().await;
    drop(ledger);
    // A gateway that is started on it gives every charge its receipt.
    let list = vec![upstream("stand-in", "http://127.0.0.1:9/v1", 1)];
    let opened = site.open(list, Patience::default(), 1_000, 1_000_000).await;
    reqwest::get(format!("{}/healthz", opened.url))
        .await
        .unwrap();
    assert!(
        opened.ledger.without_receipt(9).await.unwrap().is_empty(),
        "{kill}"
    );
    opened.stop.send(()).unwrap();
    opened.task.await.unwrap();
    opened.ledger.close().await;
}

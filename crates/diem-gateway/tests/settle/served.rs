//! The whole gateway over real HTTP: a key by signature, requests, and the end of a day.

use std::time::Duration;

use alloy::{primitives::Address, signers::SignerSync};
use diem_abi::IDiem;
use diem_gateway::{
    chain::{Lines, Rules},
    check,
    config::{Config, Server, Where},
    doors::Rates,
    line::{Epoch, Line},
    money::Usd,
    pricing::decimal_up,
    run::{self, Running},
};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    proxy::Way,
    world::{World, until, usd},
};

fn config(world: &World) -> Config {
    let mut place = world.place();
    place.poll = Duration::from_millis(100);
    place.rules = Rules {
        machine_counts: false,
        ..Rules::default()
    };
    let many = 1_000_000.try_into().unwrap();
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: "http://gateway.test".into(),
        ledger: format!("sqlite:{}", world.folder.path().join("served.db").display()),
        signer: world.gateway.clone(),
        place,
        devnet: true,
        settle: World::settings(),
        upstreams: vec![Server {
            name: "stand-in".into(),
            place: Where::StandIn,
            key: None,
            weight: 1,
            models: std::collections::BTreeMap::new(),
            completion_limit: false,
        }],
        upstream_waits: [Duration::from_secs(30); 3],
        prices: vec![
            concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../examples/gateway/prices.toml"
            )
            .into(),
        ],
        rates: Rates {
            key: many,
            address: many,
        },
        behind_proxy: false,
        most_body_bytes: 1 << 20,
        keep_answers: 3_600,
        least_allowance: Usd::ZERO,
    }
}

struct Client {
    base: String,
    key: String,
    client: reqwest::Client,
}

impl Client {
    /// A key for a holder, by signature.
    async fn new(world: &World, running: &Running, holder: usize) -> Self {
        let base = format!("http://{}", running.address());
        let door = format!("{base}/api/v1/api_keys/generate_web3_key");
        let client = reqwest::Client::new();
        let account = world.holders[holder];
        let given = client
            .get(format!("{door}?address={account}"))
            .send()
            .await
            .unwrap();
        let given: Value = given.json().await.unwrap();
        let text = given["data"]["token"].as_str().unwrap();
        let signature = world.signers[holder]
            .sign_message_sync(text.as_bytes())
            .unwrap();
        let body = json!({
            "address": account, "token": text, "signature": signature.to_string(), "apiKeyType": "INFERENCE",
            "consumptionLimit": { "diem": 9 }, "limitPeriod": "EPOCH",
        });
        let made = client.post(door).json(&body).send().await.unwrap();
        assert!(made.status().is_success(), "{}", made.text().await.unwrap());
        let made: Value = made.json().await.unwrap();
        let key = made["data"]["apiKey"].as_str().unwrap().to_owned();
        Self { base, key, client }
    }

    async fn ask(&self, wish: Value) -> Response {
        let body = json!({
            "model": "stand-in", "max_tokens": 40, "stand_in": wish,
            "messages": [{ "role": "user", "content": "What is a dollar a day worth?" }],
        });
        let request = self
            .client
            .post(format!("{}/v1/chat/completions", self.base))
            .bearer_auth(&self.key);
        request.json(&body).send().await.unwrap()
    }
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().unwrap()
}

fn cost(answer: &Response) -> Usd {
    Usd(decimal_up(header(answer, "x-diem-cost"), 18).unwrap())
}

fn epoch(answer: &Response) -> Epoch {
    header(answer, "x-diem-epoch").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_answer_costs_is_settled_by_itself_and_the_rest_at_the_stop() {
    let world = World::new(1).await;
    let running = run::start(config(&world)).await.unwrap();
    let client = Client::new(&world, &running, 0).await;
    let first = client.ask(json!({})).await;
    assert_eq!(first.status(), StatusCode::OK);
    let (line, mut sum) = (world.line(0), cost(&first));
    assert!(sum > Usd::ZERO);
    until("settling", async || world.used(line).await == sum).await;
    for _ in 0..3 {
        sum = sum.checked_add(cost(&client.ask(json!({})).await)).unwrap();
    }
    running.stop().await;
    assert_eq!(world.used(line).await, sum);
    let audit = run::audit(&config(&world), 0).await.unwrap();
    assert!(audit.disagreements.is_empty(), "{:?}", audit.disagreements);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_cut_off_requests_wait_for_the_new_day_which_pays_for_them() {
    let world = World::new(1).await;
    let running = run::start(config(&world)).await.unwrap();
    let client = Client::new(&world, &running, 0).await;
    let today = epoch(&client.ask(json!({})).await);
    world.before_midnight(45).await;
    until("the cut-off", async || !running.chain().clock().admits()).await;
    let refused = client.ask(json!({})).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = header(&refused, "retry-after").parse().unwrap();
    assert!((1..=45).contains(&wait), "{wait}");
    world.wait(50).await;
    until("the new day", async || running.chain().clock().admits()).await;
    let answer = client.ask(json!({})).await;
    assert_eq!(
        (answer.status(), epoch(&answer)),
        (StatusCode::OK, today + 1)
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_a_line_that_leaves_works_to_the_end_of_the_day_and_no_longer() {
    let world = World::new(1).await;
    let running = run::start(config(&world)).await.unwrap();
    let client = Client::new(&world, &running, 0).await;
    let call = IDiem::chooseGatewayCall {
        gateway: Address::ZERO,
    };
    world.send(world.holders[0], world.at.diem, &call).await;
    assert_eq!(client.ask(json!({})).await.status(), StatusCode::OK);
    world.midnight().await;
    let today = (world.now() / 86_400) as Epoch;
    until("the new day", async || {
        running.chain().clock().epoch == today
    })
    .await;
    assert_eq!(client.ask(json!({})).await.status(), StatusCode::FORBIDDEN);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn midnight_in_the_middle_of_fifty_requests_charges_each_to_the_day_that_admitted_it() {
    let world = World::new(1).await;
    let running = run::start(config(&world)).await.unwrap();
    let client = std::sync::Arc::new(Client::new(&world, &running, 0).await);
    let (line, today) = (world.line(0), running.chain().clock().epoch);
    let ask = |n: u64| {
        let client = client.clone();
        tokio::spawn(async move { client.ask(json!({ "delay_ms": 3_000 + 40 * n })).await })
    };
    let asked: Vec<_> = (0..50).map(ask).collect();
    until("fifty reservations", async || {
        running
            .ledger()
            .audit()
            .await
            .unwrap()
            .lines
            .first()
            .is_some_and(|line| line.open > Usd::ZERO)
            && running.stand_in().unwrap().begun() == 50
    })
    .await;
    let held = running
        .ledger()
        .line(line, today)
        .await
        .unwrap()
        .unwrap()
        .held;
    world.before_midnight(40).await;
    until("the cut-off's statement", async || {
        world.used(line).await == held
    })
    .await;
    world.wait(45).await;
    until("the new day", async || {
        running.chain().clock().epoch == today + 1
    })
    .await;
    let mut charged = Usd::ZERO;
    for answer in asked {
        let answer = answer.await.unwrap();
        assert_eq!((answer.status(), epoch(&answer)), (StatusCode::OK, today));
        charged = charged.checked_add(cost(&answer)).unwrap();
    }
    let new = client.ask(json!({})).await;
    assert_eq!(epoch(&new), today + 1);
    let old = running.ledger().line(line, today).await.unwrap().unwrap();
    assert_eq!((old.committed, old.reserved), (charged, Usd::ZERO));
    running.stop().await;
    assert_eq!(
        world.used(line).await,
        cost(&new),
        "the new day pays for its own alone"
    );
    let events = check::settled(
        &node(&world).await,
        world.at.diem,
        world.gateway.address(),
        0,
    )
    .await
    .unwrap();
    assert_eq!(
        events[&(line, today)],
        held,
        "the day was stated with all that was open"
    );
    assert!(charged <= held);
}

async fn node(world: &World) -> diem_gateway::chain::Node {
    let place = world.place();
    diem_gateway::chain::Node::connect(&place.rpc, place.timeout, place.chain_id)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_gas_money_settles_nothing_and_serves_on() {
    let world = World::new(1).await;
    let running = run::start(config(&world)).await.unwrap();
    let client = Client::new(&world, &running, 0).await;
    let gateway = world.gateway.address();
    world.rpc("anvil_setBalance", json!([gateway, "0x1"])).await;
    let mut sum = Usd::ZERO;
    for _ in 0..2 {
        let answer = client.ask(json!({})).await;
        assert_eq!(answer.status(), StatusCode::OK);
        sum = sum.checked_add(cost(&answer)).unwrap();
        let asked = world.proxy.seen("eth_estimateGas").len();
        until("a try to settle", async || {
            world.proxy.seen("eth_estimateGas").len() > asked
        })
        .await;
        assert_eq!(world.used(world.line(0)).await, Usd::ZERO);
    }
    let found = check::check(&config(&world)).await;
    let poor = found.iter().find(|finding| finding.what == "gas money");
    assert_eq!(poor.unwrap().verdict, check::Verdict::Bad);
    world
        .rpc("anvil_setBalance", json!([gateway, "0x8ac7230489e80000"]))
        .await;
    until("settling", async || world.used(world.line(0)).await == sum).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_out_of_reach_stops_no_line_that_was_read_until_patience_ends() {
    let world = World::new(1).await;
    let running = run::start(config(&world)).await.unwrap();
    let client = Client::new(&world, &running, 0).await;
    assert_eq!(client.ask(json!({})).await.status(), StatusCode::OK);
    world.proxy.meddle(|_, _| Way::Break);
    let last = client.ask(json!({})).await;
    assert_eq!(last.status(), StatusCode::OK);
    world.proxy.calm();
    running.stop().await;

    let mut config = config(&world);
    config.place.rules.patience = 0;
    let running = run::start(config).await.unwrap();
    let client = Client::new(&world, &running, 0).await;
    world.proxy.meddle(|_, _| Way::Break);
    until("the end of patience", async || {
        client.ask(json!({})).await.status() == StatusCode::SERVICE_UNAVAILABLE
    })
    .await;
    world.proxy.calm();
    until("another look", async || {
        client.ask(json!({})).await.status() == StatusCode::OK
    })
    .await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn check_names_everything_that_is_missing() {
    let world = World::new(1).await;
    let good = check::check(&config(&world)).await;
    let bad = |findings: &[check::Finding]| -> Vec<&'static str> {
        let bad = findings
            .iter()
            .filter(|finding| finding.verdict == check::Verdict::Bad);
        bad.map(|finding| finding.what).collect()
    };
    assert_eq!(bad(&good), Vec::<&str>::new(), "{good:?}");

    world.register(false).await;
    world
        .rpc("anvil_setBalance", json!([world.gateway.address(), "0x1"]))
        .await;
    let mut config = config(&world);
    config.prices.clear();
    config.upstreams[0].place = Where::Url("http://127.0.0.1:9/v1".into());
    config.devnet = false;
    world.wait(7).await;
    let found = check::check(&config).await;
    assert_eq!(
        bad(&found),
        ["registered", "gas money", "clock", "prices", "upstream"],
        "{found:?}"
    );
    config.place.diem = Address::repeat_byte(9);
    let found = check::check(&config).await;
    assert!(bad(&found).contains(&"contract"), "{found:?}");
    config.place.chain_id += 1;
    assert_eq!(bad(&check::check(&config).await)[0], "node");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_nobodys_is_told_so() {
    let world = World::new(1).await;
    let chain = world.chain().await;
    let standing = chain.standing(Line::Lease(77)).await.unwrap();
    assert_eq!((standing.allowance, standing.gateway), (usd(0), None));
}

//! Gateways as processes of their own: one on SQLite, several on one PostgreSQL.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Body, http::header::CONTENT_TYPE, routing::post};
use diem_gateway::{
    ledger::{Ledger, LineState, StatementState},
    money::{DOLLAR, Usd},
    upstream::stand_in::StandIn,
};
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

use crate::{
    folder::sqlite,
    postgres::Postgres,
    process::{Process, options, run},
    world::{World, until},
};

/// What `odd` costs; 76 of these fit into a dollar.
const PRICE: Usd = Usd(13_000_000_000_000_007);

/// A hundred requests at once on one dollar, taken in turns by these processes: exactly what fits is served, then what
/// is left, and then not even the least there is.
async fn hundred_at_once(world: &World, processes: &[Arc<Process>], upstream: &StandIn) {
    let key = processes[0].key(world).await;
    let asked = (0..100).map(|number| {
        let (process, key) = (
            Arc::clone(&processes[number % processes.len()]),
            key.clone(),
        );
        tokio::spawn(async move {
            let answer = process.chat(&key, json!({ "model": "odd" })).await.unwrap();
            (answer.status(), answer.json::<Value>().await.unwrap())
        })
    });
    let mut served = 0;
    for answer in join_all(asked.collect::<Vec<_>>()).await {
        let (status, body) = answer.unwrap();
        match status {
            StatusCode::OK => served += 1,
            StatusCode::PAYMENT_REQUIRED => {
                assert_eq!(body["error"]["code"], "INSUFFICIENT_BALANCE", "{body}")
            }
            _ => panic!("{status}: {body}"),
        }
    }
    assert_eq!(served, DOLLAR / PRICE.0);
    assert_eq!(
        u128::from(upstream.begun()),
        served,
        "who is refused never reaches the model"
    );
    for (model, status) in [
        ("rest", StatusCode::OK),
        ("unit", StatusCode::PAYMENT_REQUIRED),
    ] {
        for process in processes {
            let answer = process.chat(&key, json!({ "model": model })).await.unwrap();
            // The rest is there once, whichever process is asked for it first.
            let first = Arc::ptr_eq(process, &processes[0]);
            let status = if first {
                status
            } else {
                StatusCode::PAYMENT_REQUIRED
            };
            assert_eq!(answer.status(), status, "{model}");
        }
    }
}

/// Ends the processes, and shows that journal, receipts and chain agree on what was paid.
async fn all_is_settled(
    world: &World,
    processes: Vec<Arc<Process>>,
    options: &[String],
    paid: Usd,
) {
    for process in processes {
        let process = Arc::into_inner(process).unwrap();
        assert!(process.stop().await.success());
    }
    assert_eq!(world.used(world.line(0)).await, paid);
    let audit = run("audit", options).await;
    let said = String::from_utf8_lossy(&audit.stdout);
    assert!(audit.status.success(), "{said}");
    assert!(said.contains("1 sums of lines agree"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hundred_requests_at_once_are_served_to_the_last_unit_of_a_dollar() {
    let world = World::of_one_dollar().await;
    let upstream = StandIn::start().await.unwrap();
    let options = options(&world, &sqlite(world.folder.path()), upstream.base());
    let process = vec![Arc::new(Process::start(&options).await)];
    hundred_at_once(&world, &process, &upstream).await;
    let audit = run("audit", &options).await;
    assert!(
        audit.status.success(),
        "the gateway runs on meanwhile: {audit:?}"
    );
    all_is_settled(&world, process, &options, Usd(DOLLAR)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_postgresql_serve_one_dollar_to_its_last_unit_together() {
    let (world, server) = (World::of_one_dollar().await, Postgres::start().await);
    let upstream = StandIn::start().await.unwrap();
    let ledger = server.database("gateway").await;
    let options = options(&world, &ledger, upstream.base());
    let processes = vec![
        Arc::new(Process::start(&options).await),
        Arc::new(Process::start(&options).await),
    ];
    hundred_at_once(&world, &processes, &upstream).await;
    all_is_settled(&world, processes, &options, Usd(DOLLAR)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_in_mid_flight_is_settled_by_the_other_one_to_the_last_unit() {
    let (world, server) = (World::of_one_dollar().await, Postgres::start().await);
    let upstream = StandIn::start().await.unwrap();
    let url = server.database("gateway").await;
    let options = options(&world, &url, upstream.base());
    let one = Arc::new(Process::start(&options).await);
    let other = Arc::new(Process::start(&options).await);
    let key = one.key(&world).await;
    until("one settles", async || {
        one.leads().await || other.leads().await
    })
    .await;
    assert!(
        !(one.leads().await && other.leads().await),
        "both say that they settle"
    );
    let (leader, follower) = if one.leads().await {
        (one, other)
    } else {
        (other, one)
    };

    // The leader dies with eight requests under way; the eight of the other one come to their end.
    let ask = |process: &Arc<Process>, delay_ms: u64| {
        let (process, key) = (Arc::clone(process), key.clone());
        let body = json!({ "model": "odd", "stand_in": { "delay_ms": delay_ms } });
        tokio::spawn(async move { process.chat(&key, body).await.map(|answer| answer.status()) })
    };
    let lost: Vec<_> = (0..8).map(|_| ask(&leader, 600_000)).collect();
    let kept: Vec<_> = (0..8).map(|_| ask(&follower, 1_000)).collect();
    until("sixteen requests", async || upstream.begun() == 16).await;
    leader.kill();
    for answer in lost {
        assert!(answer.await.unwrap().is_err());
    }
    for answer in kept {
        assert_eq!(answer.await.unwrap().unwrap(), StatusCode::OK);
    }
    until("the other one settles", async || follower.leads().await).await;

    // What the dead one had reserved is committed in full by whoever looks first, here its successor.
    let successor = Arc::new(Process::start(&options).await);
    let ledger = Ledger::open(&url, &world.home()).await.unwrap();
    let paid = Usd(16 * PRICE.0);
    let line = async || -> LineState {
        let epoch = (world.now() / crate::stage::DAY).try_into().unwrap();
        let line = ledger.line(world.line(0), epoch).await.unwrap();
        line.unwrap()
    };
    until("every reservation's end", async || {
        let line = line().await;
        (line.committed, line.reserved) == (paid, Usd::ZERO)
    })
    .await;
    until("every receipt", async || {
        ledger.without_receipt(1).await.unwrap().is_empty()
    })
    .await;
    until("settling", async || world.used(world.line(0)).await == paid).await;
    assert!(!successor.leads().await, "the first to take over leads on");

    // Each nonce was used once: nobody else has stated anything beside the one who leads.
    let statements = ledger.statements(line().await.epoch).await.unwrap();
    let nonces: BTreeSet<u64> = statements.iter().map(|one| one.sent.nonce).collect();
    assert_eq!(nonces.len(), statements.len(), "{statements:?}");
    let failed = |state: &StatementState| matches!(state, StatementState::Failed(_));
    assert!(
        !statements.iter().any(|one| failed(&one.state)),
        "{statements:?}"
    );
    ledger.close().await;
    all_is_settled(&world, vec![follower, successor], &options, paid).await;
}

/// A server that says a word, and the rest when it is told to.
async fn hesitant() -> (String, mpsc::Sender<Result<String, std::io::Error>>) {
    let (tell, told) = mpsc::channel(8);
    let told = Arc::new(Mutex::new(Some(told)));
    let answer = post(move || {
        let mut told = told.lock().unwrap().take().unwrap();
        let stream = futures_util::stream::poll_fn(move |context| told.poll_recv(context));
        let answer = (
            [(CONTENT_TYPE, "text/event-stream")],
            Body::from_stream(stream),
        );
        async { answer }
    });
    let router = Router::new().route("/v1/chat/completions", answer);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (base, tell)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_does_not_answer_is_503_and_no_answer_comes_to_its_end() {
    let (world, server) = (World::of_one_dollar().await, Postgres::start().await);
    let (base, tell) = hesitant().await;
    let options = options(&world, &server.database("gateway").await, &base);
    let process = Process::start(&options).await;
    let key = process.key(&world).await;
    let piece = |word: &str, end: Value| {
        let choice = json!({ "index": 0, "delta": { "content": word }, "finish_reason": end });
        Ok(format!("data: {}\n\n", json!({ "choices": [choice] })))
    };
    tell.send(piece("first", Value::Null)).await.unwrap();
    let streamed = json!({ "model": "odd", "stream": true });
    let answer = process.chat(&key, streamed).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    drop(server);
    tell.send(piece("last", json!("stop"))).await.unwrap();
    tell.send(Ok("data: [DONE]\n\n".into())).await.unwrap();
    drop(tell);
    let text = answer.text().await.unwrap();
    assert!(text.contains("first"), "{text}");
    assert!(text.contains("error") && !text.contains("last"), "{text}");
    assert!(!text.contains("[DONE]"), "{text}");

    let answer = process.chat(&key, json!({ "model": "odd" })).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(!process.ready().await);
}

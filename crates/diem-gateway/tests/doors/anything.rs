//! Anything through any door: bodies that are nearly right, and bodies that are nothing; keys, names for repeats and
//! kinds of content likewise. Whatever comes, the answer is one of the documented ones, nothing breaks inside, and no
//! dollar stays held. `PROPTEST_CASES` says how many are tried.

use std::{cell::Cell, time::Duration};

use diem_gateway::money::Usd;
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};
use reqwest::{Method, Response, header::HeaderValue};
use serde_json::{Map, Number, Value, json};

use crate::house::{House, Plans, json_of};

/// How many requests the gate tries.
const CASES: u32 = 400;
/// Longer than any door takes, whatever else the machine does.
const ANSWERED_WITHIN: Duration = Duration::from_secs(120);
/// Texts that mean something somewhere, and texts that should mean nothing anywhere.
const WORDS: [&str; 12] = [
    "",
    "stand-in",
    "unbounded",
    "pictures",
    "user",
    "base64",
    "\u{0}",
    "\u{202e}",
    "<b>",
    "../../etc",
    "0x0000000000000000000000000000000000000000",
    "2026-11-26T00:00:00Z",
];

/// What may stand where something else should.
fn anything() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|it| Number::from_f64(it).map_or(Value::Null, Value::from)),
        Just(Value::from(0)),
        Just(Value::from(-1)),
        Just(Value::from(0.1)),
    ];
    let text = prop_oneof![
        any::<Index>().prop_map(|it| Value::from(*it.get(&WORDS))),
        ".{0,40}".prop_map(Value::from),
        // No longer than one read of the socket: who is refused before the body was read may find the connection closed.
        (1..2_000_usize).prop_map(|long| Value::from("a".repeat(long))),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        text
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((any::<Index>(), inner), 0..4).prop_map(|pairs| {
                let named = |(name, value): (Index, Value)| (name.get(&FIELDS).to_string(), value);
                Value::Object(pairs.into_iter().map(named).collect::<Map<_, _>>())
            }),
            // Deeper than a parser should follow.
            (1..400_usize).prop_map(|deep| (0..deep).fold(Value::Null, |it, _| json!([it]))),
        ]
    })
}

const FIELDS: [&str; 20] = [
    "model",
    "messages",
    "role",
    "content",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "n",
    "stream",
    "stream_options",
    "include_usage",
    "input",
    "prompt",
    "size",
    "stand_in",
    "apiKeyType",
    "consumptionLimit",
    "diem",
    "limitPeriod",
    "expiresAt",
];

/// Bodies that doors take, to be spoiled.
fn bodies() -> Vec<Value> {
    vec![
        crate::house::chat(json!({})),
        crate::house::chat(json!({"stream": true, "n": 2})),
        json!({"model": "stand-in", "prompt": ["one two", "three"], "max_tokens": 5}),
        json!({"model": "vectors", "input": ["one two", "three"], "encoding_format": "float"}),
        json!({"model": "pictures", "prompt": "a heron", "n": 2, "size": "1024x1024"}),
        json!({"model": "stand-in", "input": [{"role": "user", "content": "one"}], "max_output_tokens": 6}),
        json!({"apiKeyType": "INFERENCE", "description": "mine", "consumptionLimit": {"diem": 0.5}, "limitPeriod": "EPOCH"}),
        json!({"id": "4d0b1a3e-0000-4000-8000-000000000000", "description": "x"}),
        json!({"address": "0x0000000000000000000000000000000000000001", "signature": "0x00", "token": "words", "apiKeyType": "ADMIN"}),
    ]
}

#[derive(Clone, Debug)]
enum Body {
    None,
    Bytes(Vec<u8>),
    /// A good one, with changes at places.
    Spoiled(Index, Vec<(Index, Value)>),
    Anything(Value),
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        1 => Just(Body::None),
        1 => vec(any::<u8>(), 0..200).prop_map(Body::Bytes),
        8 => (any::<Index>(), vec((any::<Index>(), anything()), 0..3))
            .prop_map(|(which, changes)| Body::Spoiled(which, changes)),
        1 => anything().prop_map(Body::Anything),
    ]
}

impl Body {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Bytes(bytes) => bytes.clone(),
            Self::Anything(value) => value.to_string().into_bytes(),
            Self::Spoiled(which, changes) => {
                let mut value = which.get(&bodies()).clone();
                for (place, other) in changes {
                    spoil(&mut value, place, other);
                }
                value.to_string().into_bytes()
            }
        }
    }
}

/// Puts something else at one of the places of a value.
fn spoil(value: &mut Value, place: &Index, other: &Value) {
    let mut places = Vec::new();
    list(value, &mut String::new(), &mut places);
    let at = place.get(&places);
    *value.pointer_mut(at).unwrap() = other.clone();
}

fn list(value: &Value, at: &mut String, places: &mut Vec<String>) {
    places.push(at.clone());
    let length = at.len();
    let mut under = |name: &str, inner: &Value| {
        at.push('/');
        at.push_str(&name.replace('~', "~0").replace('/', "~1"));
        list(inner, at, places);
        at.truncate(length);
    };
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                under(&index.to_string(), item);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                under(name, field);
            }
        }
        _ => {}
    }
}

#[derive(Clone, Debug)]
struct Request {
    door: Index,
    query: Option<String>,
    body: Body,
    /// Mostly the good key.
    key: Option<Option<Vec<u8>>>,
    repeat: Option<Vec<u8>>,
    kind: Option<Index>,
}

fn request() -> impl Strategy<Value = Request> {
    let key = prop_oneof![6 => Just(None), 1 => option::of(vec(any::<u8>(), 0..80)).prop_map(Some)];
    let query = option::weighted(0.2, "[a-zA-Z]{1,12}=.{0,30}");
    let repeat = option::weighted(0.2, vec(any::<u8>(), 0..300));
    let kind = option::weighted(0.3, any::<Index>());
    (any::<Index>(), query, body(), key, repeat, kind).prop_map(
        |(door, query, body, key, repeat, kind)| Request {
            door,
            query,
            body,
            key,
            repeat,
            kind,
        },
    )
}

const KINDS: [&str; 5] = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "",
];

/// Every door of the description, with something in place of what stands in braces.
async fn doors(house: &House) -> Vec<(Method, String)> {
    let api = json_of(house.get("/openapi.json")).await;
    let mut doors = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase().parse().unwrap();
            doors.push((method, path.replace(['{', '}'], "")));
        }
    }
    doors
}

async fn ask(house: &House, doors: &[(Method, String)], key: &str, request: &Request) -> Response {
    let (method, path) = request.door.get(doors);
    let mut url = reqwest::Url::parse(&house.url).unwrap();
    url.set_path(path);
    url.set_query(request.query.as_deref());
    let kind = request
        .kind
        .map_or("application/json", |it| *it.get(&KINDS));
    let mut sent = house
        .client
        .request(method.clone(), url)
        .header("content-type", kind);
    if *method == Method::POST || *method == Method::PATCH {
        sent = sent.body(request.body.bytes());
    }
    match &request.key {
        None => sent = sent.bearer_auth(key),
        Some(None) => {}
        Some(Some(bytes)) => {
            if let Ok(value) = HeaderValue::from_bytes(&[b"Bearer ", &bytes[..]].concat()) {
                sent = sent.header("authorization", value);
            }
        }
    }
    if let Some(Ok(value)) = request.repeat.as_deref().map(HeaderValue::from_bytes) {
        sent = sent.header("idempotency-key", value);
    }
    let answer = tokio::time::timeout(ANSWERED_WITHIN, sent.send()).await;
    answer
        .unwrap_or_else(|_| panic!("no answer to {request:?}"))
        .unwrap()
}

/// One of the documented answers: a refusal says why in words and in a code.
async fn documented(request: &Request, answer: Response) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.as_u16() != 500, "{status} to {request:?}: {text}");
    if status.is_success() {
        return;
    }
    let body: Value = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{status} to {request:?}: {text}: {error}"));
    let (error, code) = (&body["error"]["message"], &body["error"]["code"]);
    assert!(
        error.as_str().is_some_and(|words| !words.is_empty()) && code.is_string(),
        "{status} to {request:?}: {text}"
    );
}

#[test]
fn anything_through_any_door_is_answered_as_documented_and_holds_no_dollar() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let house = runtime.block_on(House::built(Plans {
        cents: 10_000,
        ..Plans::default()
    }));
    let key = runtime.block_on(house.key_with(0, "ADMIN", json!({})));
    let doors = runtime.block_on(doors(&house));
    let cases = std::env::var("PROPTEST_CASES").map_or(CASES, |text| text.parse().unwrap());
    let (served, refused) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&request(), |request| {
        runtime.block_on(async {
            // An administrator's key may have been deleted by what came before.
            let answer = ask(&house, &doors, &key, &request).await;
            let count = if answer.status().is_success() {
                &served
            } else {
                &refused
            };
            count.set(count.get() + 1);
            documented(&request, answer).await;
        });
        Ok(())
    });
    outcome.unwrap();
    let state = runtime.block_on(house.until(0, |state| state.held == state.committed));
    assert!(state.committed > Usd::ZERO, "nothing was served");
    let (served, refused) = (served.get(), refused.get());
    assert!(
        served > cases / 8 && refused > cases / 8,
        "{served} served, {refused} refused"
    );
}

//! How many requests a second the ledger reserves and commits, each on disk before it is answered.
//!
//! `cargo run --release --example ledger_load -- sqlite:/tmp/load.db [CLIENTS] [SECONDS] [PROCESSES]`

use std::time::{Duration, Instant};

use alloy::primitives::Address;
use diem_gateway::{
    ledger::{
        Actual, CountedBy, Home, KeyId, KeyKind, Ledger, LineSeen, NewKey, Period, RequestId,
        Reserve, Usage, Want,
    },
    line::Line,
    money::{DOLLAR, Usd},
};
use tokio::task::JoinSet;

const EPOCH: u32 = 20_783;
const LINES: u64 = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let url = args
        .next()
        .ok_or("the ledger's address, sqlite:PATH or postgres://…, is missing")?;
    let mut number = |otherwise: u64| args.next().map_or(Ok(otherwise), |text| text.parse());
    let (clients, seconds, processes) = (number(64)?, number(10)?, number(1)?);
    tokio::runtime::Runtime::new()?.block_on(load(
        &url,
        clients,
        Duration::from_secs(seconds),
        processes,
    ))
}

async fn load(
    url: &str,
    clients: u64,
    span: Duration,
    processes: u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let home = Home {
        chain_id: 1,
        diem: Address::ZERO,
        gateway: Address::ZERO,
    };
    let mut ledgers = Vec::new();
    for _ in 0..processes {
        ledgers.push(Ledger::open(url, &home).await?);
    }
    let mut keys = Vec::new();
    for id in 0..LINES {
        let (line, key) = (Line::Lease(id), KeyId::new());
        let seen = LineSeen {
            line,
            epoch: EPOCH,
            allowance: Usd(DOLLAR << 20),
            used: Usd::ZERO,
            block: 1,
        };
        ledgers[0].observe(seen).await?;
        let key = NewKey {
            id: key,
            hash: *alloy::primitives::keccak256(key.0.as_bytes()),
            tail: String::new(),
            account: Address::ZERO,
            line,
            kind: KeyKind::Inference,
            description: String::new(),
            limit: None,
            period: Period::Epoch,
            expires_at: None,
            created_at: 0,
        };
        ledgers[0].add_key(key.clone()).await?;
        keys.push((key.id, line));
    }

    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let ledger = ledgers[client as usize % ledgers.len()].clone();
        let (key, line) = keys[client as usize % keys.len()];
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            while begun.elapsed() < span {
                let asked = Instant::now();
                request(&ledger, key, line).await?;
                latencies.push(asked.elapsed());
            }
            Ok::<_, String>(latencies)
        });
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done??);
    }
    let took = begun.elapsed();
    latencies.sort();
    let rate = latencies.len() as f64 / took.as_secs_f64();
    let at = |part: usize| {
        latencies
            .get(latencies.len() * part / 100)
            .copied()
            .unwrap_or_default()
    };
    let told = serde_json::json!({
        "requests": latencies.len(),
        "requests_per_second": rate.round(),
        "clients": clients,
        "processes": processes,
        "reserve_and_commit_ms": { "p50": at(50).as_secs_f64() * 1e3, "p99": at(99).as_secs_f64() * 1e3 },
        "disagreements": ledgers[0].audit().await?.disagreements.len(),
    });
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{told:#}")?;
    Ok(())
}

async fn request(ledger: &Ledger, key: KeyId, line: Line) -> Result<(), String> {
    let ask = Reserve {
        id: RequestId::new(),
        key,
        line,
        epoch: EPOCH,
        model: "stand-in".into(),
        want: Want::Exactly(Usd(DOLLAR / 1000)),
        idempotency: None,
        body_hash: [7; 32],
    };
    let reservation = ledger
        .reserve(ask)
        .await
        .map_err(|error| error.to_string())?;
    let actual = Actual {
        cost: Usd(DOLLAR / 3000),
        usage: Usage {
            input: 100,
            cached: 0,
            output: 50,
            images: 0,
        },
        counted_by: CountedBy::Upstream,
        answer: None,
        receipt: Some("x".repeat(400)),
    };
    ledger
        .commit(reservation.id, actual)
        .await
        .map_err(|error| error.to_string())?;
    Ok(())
}

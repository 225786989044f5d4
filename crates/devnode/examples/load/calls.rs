//! `eth_call`: how many a second, and how long one takes.

use std::time::{Duration, Instant};

use alloy_primitives::{Address, Bytes};
use hyper::body::Bytes as Body;
use serde_json::{Value, json};

use crate::{
    Failure,
    door::{Door, request},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the node answers
    #[arg(long)]
    host: String,

    /// Whom to call
    #[arg(long)]
    to: Address,

    /// With what
    #[arg(long)]
    data: Bytes,

    /// Connections, each with one call under way at a time
    #[arg(long, default_value_t = 1)]
    connections: usize,

    /// For how long
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

/// Calls as fast as the connections allow; calls per second, and microseconds of one.
pub(crate) async fn run(args: Args) -> Result<Value, Failure> {
    let call = json!([{ "to": args.to, "data": args.data }, "latest"]);
    let body = Body::from(request(1, "eth_call", &call));
    let mut doors = Vec::new();
    for _ in 0..args.connections {
        let mut door = Door::open(&args.host).await?;
        door.post(body.clone()).await?; // the first call may have to load something
        doors.push(door);
    }
    let since = Instant::now();
    let until = since + Duration::from_secs(args.seconds);
    let running: Vec<_> = doors
        .into_iter()
        .map(|door| tokio::spawn(repeat(door, body.clone(), until)))
        .collect();
    let mut times = Vec::new();
    for lane in running {
        times.append(&mut lane.await??);
    }
    let taken = since.elapsed();
    times.sort_unstable();
    Ok(json!({
        "connections": args.connections,
        "count": times.len(),
        "perSecond": times.len() as f64 / taken.as_secs_f64(),
        "p50Us": percentile(&times, 50),
        "p99Us": percentile(&times, 99),
    }))
}

async fn repeat(mut door: Door, body: Body, until: Instant) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    loop {
        let since = Instant::now();
        if since >= until {
            return Ok(times);
        }
        door.post(body.clone()).await?;
        times.push(since.elapsed());
    }
}

/// Microseconds that `percent` of the sorted `times` do not exceed.
fn percentile(times: &[Duration], percent: usize) -> Option<f64> {
    let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
    Some(times.get(rank)?.as_secs_f64() * 1e6)
}

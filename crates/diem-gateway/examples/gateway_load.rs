//! Chat completions over kept-open connections, one under way on each: how many, how fast, with which answers.
//!
//! `cargo run --release --example gateway_load -- --url http://127.0.0.1:8548/v1 --key KEY --connections 8 --seconds 5`
//!
//! It writes the same bytes again and again and reads no more of an answer than where it ends, so that little of the
//! machine's time is its own.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use clap::Parser;
use serde_json::json;

const OK: u16 = 200;

/// What is asked, of whom, and how often.
#[derive(Clone, Parser)]
struct Args {
    /// Base URL, with `/v1`.
    #[arg(long)]
    url: String,
    /// Bearer of every request.
    #[arg(long, default_value = "none")]
    key: String,
    #[arg(long, default_value = "stand-in")]
    model: String,
    #[arg(long, default_value_t = 1)]
    connections: usize,
    /// Begins no request after so many seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Begins no more than so many requests.
    #[arg(long, default_value_t = u64::MAX)]
    count: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::parse();
    let begun = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let connections: Vec<_> = (0..args.connections)
        .map(|_| {
            let (args, begun) = (args.clone(), Arc::clone(&begun));
            thread::spawn(move || ask_on(&args, &begun, start))
        })
        .collect();
    let mut latencies = Vec::new();
    let mut answers = BTreeMap::new();
    for connection in connections {
        let told = connection
            .join()
            .map_err(|_| "a connection's thread panicked")??;
        for (status, took) in told {
            *answers.entry(status).or_insert(0_u64) += 1;
            if status == OK {
                latencies.push(took);
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    latencies.sort();
    let at = |percent: usize| {
        latencies
            .get(latencies.len() * percent / 100)
            .map(|took| took.as_secs_f64() * 1e6)
    };
    let told = json!({
        "count": latencies.len(),
        "answers": answers,
        "p50Us": at(50),
        "p99Us": at(99),
        "perSecond": latencies.len() as f64 / seconds,
    });
    writeln!(io::stdout(), "{told}")?;
    Ok(())
}

/// Asks on one connection until time or count are over; each answer's status and how long it took to its end.
fn ask_on(args: &Args, begun: &AtomicU64, start: Instant) -> io::Result<Vec<(u16, Duration)>> {
    let rest = args
        .url
        .strip_prefix("http://")
        .ok_or_else(|| wrong("the URL must begin with http://"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let body = json!({
        "model": args.model,
        "max_tokens": 16,
        "messages": [{"role": "user", "content": "How long is the coast of Norway?"}],
    })
    .to_string();
    let request = format!(
        "POST /{path}/chat/completions HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        args.key,
        body.len()
    );
    let mut connection = connect(host)?;
    let mut answers = Vec::new();
    while start.elapsed() < Duration::from_secs(args.seconds)
        && begun.fetch_add(1, Ordering::Relaxed) < args.count
    {
        let asked = Instant::now();
        connection.get_mut().write_all(request.as_bytes())?;
        let (status, goes_on) = read_answer(&mut connection)?;
        answers.push((status, asked.elapsed()));
        if !goes_on {
            connection = connect(host)?;
        }
    }
    Ok(answers)
}

fn connect(host: &str) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(host)?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}

/// Reads one answer to its end; its status, and whether the connection takes another request.
fn read_answer(connection: &mut BufReader<TcpStream>) -> io::Result<(u16, bool)> {
    let mut line = String::new();
    let mut next = |connection: &mut BufReader<TcpStream>| {
        line.clear();
        if connection.read_line(&mut line)? == 0 {
            return Err(wrong("the connection broke off"));
        }
        Ok(line.trim_end().to_ascii_lowercase())
    };
    let head = next(connection)?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .ok_or_else(|| wrong("the answer has no status"))?;
    let (mut length, mut chunked, mut goes_on) = (0, false, true);
    loop {
        let header = next(connection)?;
        match header.split_once(": ") {
            None => break,
            Some(("content-length", bytes)) => {
                length = bytes.parse().map_err(|_| wrong("no length"))?
            }
            Some(("transfer-encoding", form)) => chunked = form == "chunked",
            Some(("connection", what)) => goes_on = what != "close",
            Some(_) => {}
        }
    }
    if !chunked {
        skip(connection, length)?;
        return Ok((status, goes_on));
    }
    loop {
        let size = u64::from_str_radix(&next(connection)?, 16).map_err(|_| wrong("no chunk"))?;
        skip(connection, size)?;
        // The line's end after each chunk.
        next(connection)?;
        if size == 0 {
            return Ok((status, goes_on));
        }
    }
}

fn skip(connection: &mut BufReader<TcpStream>, bytes: u64) -> io::Result<()> {
    let read = io::copy(&mut connection.take(bytes), &mut io::sink())?;
    if read < bytes {
        return Err(wrong("the answer broke off"));
    }
    Ok(())
}

fn wrong(why: &str) -> io::Error {
    io::Error::other(why)
}

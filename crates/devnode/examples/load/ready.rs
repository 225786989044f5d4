//! How soon a node answers after its start.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{Failure, door::request};

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(1);

/// After this the node has failed to start.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the program will answer
    #[arg(long)]
    host: String,

    /// How often to start it
    #[arg(long, default_value_t = 5)]
    runs: usize,

    /// The program and its arguments
    #[arg(last = true, required = true)]
    program: Vec<String>,
}

/// Starts the program several times; milliseconds of each start, quickest first.
pub(crate) fn run(args: &Args) -> Result<Value, Failure> {
    let mut times = Vec::new();
    for _ in 0..args.runs {
        times.push(start(args)?.as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2);
    Ok(json!({ "medianMs": median, "runsMs": times }))
}

fn start(args: &Args) -> Result<Duration, Failure> {
    let (program, arguments) = args.program.split_first().ok_or("no program")?;
    let since = Instant::now();
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()?;
    let mut child = Stopped(child);
    loop {
        if let Ok(true) = answers(&args.host) {
            return Ok(since.elapsed());
        }
        if let Some(status) = child.0.try_wait()? {
            return Err(format!("{program} ended: {status}").into());
        }
        if since.elapsed() > PATIENCE {
            return Err(format!("{program} does not answer on {}", args.host).into());
        }
        thread::sleep(PAUSE);
    }
}

/// Whether a JSON-RPC answer comes.
fn answers(host: &str) -> io::Result<bool> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let body = request(1, "eth_chainId", &json!([]));
    write!(
        stream,
        "POST / HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len(),
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.contains("\"result\""))
}

/// A child that does not outlive its measurement.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

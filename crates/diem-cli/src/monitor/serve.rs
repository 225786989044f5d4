//! Looks again and again, and answers Prometheus with the last findings.

use super::{Books, Look, exposition, look};
use crate::chain::Chain;
use crate::deployment::Deployment;
use crate::{Failure, Result, output};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;

/// A connection that is silent for longer is closed.
const SILENCE: Duration = Duration::from_secs(30);

/// What is told to whoever asks.
#[derive(Default)]
struct Told {
    look: Option<Look>,
    up: bool,
    at: u64,
}

/// Serves `GET /metrics` on `address` until Ctrl-C, with a look `every` so often. Findings that are
/// worse or better than before are told on the way.
///
/// # Errors
/// The address is taken.
pub async fn serve(
    chain: &Chain,
    at: &Deployment,
    devnet: bool,
    address: SocketAddr,
    every: Duration,
) -> Result<()> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        Failure::broken("cannot serve metrics", error.to_string())
            .with("address", address)
            .hint("name another address with --serve")
    })?;
    let bound = listener.local_addr().unwrap_or(address);
    output::story(&format!("serving   http://{bound}/metrics"));
    let told = Arc::new(RwLock::new(Told::default()));
    tokio::select! {
        () = keep_looking(chain, at, devnet, every, &told) => {}
        () = keep_answering(&listener, &told) => {}
        _ = tokio::signal::ctrl_c() => output::story("stopped"),
    }
    Ok(())
}

async fn keep_looking(
    chain: &Chain,
    at: &Deployment,
    devnet: bool,
    every: Duration,
    told: &RwLock<Told>,
) {
    let mut books = Books::default();
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let found = look(chain, at, devnet, &mut books).await;
        let mut told = told.write().unwrap_or_else(PoisonError::into_inner);
        told.at = now.map_or(0, |now| now.as_secs());
        told.up = found.is_ok();
        match found {
            Ok(look) => {
                tell_changes(told.look.as_ref(), &look);
                told.look = Some(look);
            }
            Err(failure) => output::story(&failure.to_string()),
        }
    }
}

/// A line for each finding whose level is another than before.
fn tell_changes(before: Option<&Look>, now: &Look) {
    for finding in &now.findings {
        let same = |other: &&super::Finding| {
            (other.check, &other.subject) == (finding.check, &finding.subject)
        };
        let then = before
            .and_then(|look| look.findings.iter().find(same))
            .map_or(super::Level::Ok, |finding| finding.level);
        if then != finding.level {
            output::story(&format!(
                "{:9} {} {}: {}",
                finding.level.told(),
                finding.check,
                finding.subject,
                finding.told
            ));
        }
    }
}

async fn keep_answering(listener: &TcpListener, told: &Arc<RwLock<Told>>) {
    loop {
        // A refused connection is the client's affair; out of files, the next one has to wait.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let told = Arc::clone(told);
        tokio::spawn(async move {
            let service = service_fn(|request: Request<Incoming>| {
                let answer = answer(request.uri().path(), &told);
                async { Ok::<_, Infallible>(answer) }
            });
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(SILENCE)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

fn answer(path: &str, told: &RwLock<Told>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    let kind = if path == "/metrics" {
        let told = told.read().unwrap_or_else(PoisonError::into_inner);
        *response.body_mut() = exposition(told.look.as_ref(), told.up, told.at).into();
        "text/plain; version=0.0.4"
    } else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        *response.body_mut() = "GET /metrics\n".into();
        "text/plain"
    };
    let kind = header::HeaderValue::from_static(kind);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

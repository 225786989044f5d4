//! For who runs the gateway: is it alive, is it ready, what has it done.

use std::sync::{Mutex, PoisonError};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::future::BoxFuture;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Gateway;
use crate::{chain::Gate, utc};

static PROMETHEUS: Mutex<Option<PrometheusHandle>> = Mutex::new(None);

/// Whether what is behind the doors works, beside what they know themselves.
pub trait Readiness: Send + Sync {
    /// What does not work, in words that name no secret; nothing when all does.
    fn missing(&self) -> BoxFuture<'_, Vec<String>>;
}

/// The process's recorder of metrics, made at the first call. Another recorder's being there is an error.
pub fn prometheus() -> Result<PrometheusHandle, String> {
    let mut made = PROMETHEUS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*made {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| error.to_string())?;
    Ok(made.insert(handle).clone())
}

#[derive(Serialize, ToSchema)]
struct Alive {
    status: &'static str,
    version: &'static str,
}

#[derive(Serialize, ToSchema)]
struct Ready {
    ready: bool,
    /// The gateway's account, which holders choose on chain.
    gateway: String,
    /// What does not work.
    missing: Vec<String>,
    epoch: u32,
    resets_at: String,
    /// Requests that have not ended.
    running: usize,
}

pub(super) fn doors() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(alive))
        .routes(routes!(ready))
        .routes(routes!(metrics))
}

/// Whether the process answers.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, body = Alive)))]
async fn alive() -> Json<Alive> {
    Json(Alive {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Whether it takes requests: a balancer sends it none while it does not.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses((status = 200, body = Ready), (status = 503, body = Ready)))]
async fn ready(State(gateway): State<Gateway>) -> Response {
    let serving = gateway.serving();
    let clock = serving.parts().lines.clock();
    let mut missing = gateway.0.readiness.missing().await;
    match clock.gate {
        // Midnight passes on every gateway alike: a balancer has nowhere better to go.
        Gate::Open | Gate::CutOff | Gate::NotBegun => {}
        Gate::OutOfReach => missing.push("the chain is out of reach".into()),
        Gate::Revoked => missing.push("this gateway is not registered on chain".into()),
    }
    if serving.stopping() {
        missing.push("the gateway is being stopped".into());
    }
    let ready = missing.is_empty();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let (epoch, resets_at) = (clock.epoch, utc::written(clock.resets_at));
    (
        status,
        Json(Ready {
            ready,
            gateway: serving.parts().home.gateway.to_string(),
            missing,
            epoch,
            resets_at,
            running: serving.running(),
        }),
    )
        .into_response()
}

/// What it has done, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses((status = 200, body = String)))]
async fn metrics(State(gateway): State<Gateway>) -> Response {
    match prometheus() {
        Ok(handle) => {
            ::metrics::gauge!("diem_gateway_requests_running").set(f64::from(
                u32::try_from(gateway.serving().running()).unwrap_or(u32::MAX),
            ));
            handle.run_upkeep();
            (
                [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
                handle.render(),
            )
                .into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error).into_response(),
    }
}

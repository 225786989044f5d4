//! The HTTP doors: OpenAI's, Venice's for keys and billing, and the operator's. One file for each family.

mod amount;
mod asked;
mod auth;
mod billing;
mod body;
mod cors;
mod error;
mod headers;
mod key_body;
mod keys;
mod models;
mod openai;
mod operations;
mod page;
mod rate;
mod usage;

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, extract::DefaultBodyLimit};
use tokio::net::TcpListener;
use tower_http::trace::TraceLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

pub use error::Refused;
pub use operations::{Readiness, prometheus};
use page::Bearer;
pub use rate::Rates;

use crate::{
    chain::Accounts,
    keys::Place,
    serving::{Parts, Serving},
};

/// What a gateway decides of its doors.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where keys are made, as the texts to sign name it.
    pub place: Place,
    /// How often a key and an address may ask.
    pub rates: Rates,
    /// The largest body of a request, in bytes.
    pub body_bytes: usize,
    /// Whether a proxy of the operator's stands before the gateway, whose `X-Forwarded-For` tells the client's address.
    pub behind_proxy: bool,
}

/// A gateway's doors and what is behind them. Clones share it.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    serving: Arc<Serving>,
    accounts: Arc<dyn Accounts>,
    readiness: Arc<dyn Readiness>,
    settings: Settings,
    limits: rate::Limits,
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "DIEM gateway",
        description = "Inference paid by the daily credit of staked DIEM. Inference takes OpenAI's requests; keys and billing take Venice's. Amounts are dollars; in headers and in fields named so they are exact decimal texts."
    ),
    modifiers(&Bearer),
    tags(
        (name = "inference", description = "OpenAI's requests, as any of its clients sends them"),
        (name = "keys", description = "API keys, made for a wallet's signature"),
        (name = "billing", description = "What is left, and what was used"),
        (name = "operations", description = "For who runs the gateway")
    )
)]
struct Api;

impl Gateway {
    /// The doors before what serves.
    pub fn new(
        parts: Parts,
        accounts: Arc<dyn Accounts>,
        readiness: Arc<dyn Readiness>,
        settings: Settings,
    ) -> Self {
        let limits = rate::Limits::new(settings.rates);
        let serving = Arc::new(Serving::new(parts, Arc::clone(&accounts)));
        Self(Arc::new(Inner {
            serving,
            accounts,
            readiness,
            settings,
            limits,
        }))
    }

    /// What serves.
    pub fn serving(&self) -> &Arc<Serving> {
        &self.0.serving
    }

    /// All doors.
    pub fn router(&self) -> Router {
        let api = || {
            OpenApiRouter::new()
                .merge(openai::doors())
                .merge(models::doors())
                .merge(keys::doors())
                .merge(billing::doors())
        };
        // OpenAI's clients look under one path, Venice's under the other; one description is enough.
        let (plain, _) = api().split_for_parts();
        let described = OpenApiRouter::with_openapi(Api::openapi())
            .nest("/api/v1", api())
            .merge(operations::doors());
        let (router, description) = described.split_for_parts();
        router
            .nest("/v1", plain)
            .merge(page::doors(&description))
            .fallback(error::no_door)
            .method_not_allowed_fallback(error::other_method)
            .layer(DefaultBodyLimit::max(self.0.settings.body_bytes))
            .layer(cors::layer())
            .layer(TraceLayer::new_for_http().make_span_with(headers::span))
            .with_state(self.clone())
    }

    /// Answers on `listener` until `stop` ends; then takes no new requests, and returns when the open ones have ended.
    pub async fn answer(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let serving = Arc::clone(self.serving());
        if let Err(error) = serving.sign_what_is_left().await {
            tracing::error!(%error, "what a dead process left has no receipts yet");
        }
        let stopped = async move {
            stop.await;
            serving.stop();
            // Whoever left its stream does not end it.
            serving.drained().await;
        };
        let service = self
            .router()
            .into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service)
            .with_graceful_shutdown(stopped)
            .await
    }
}

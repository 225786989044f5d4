//! The doors' description, and a page that shows it.

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse},
    routing::get,
};
use utoipa::{
    Modify,
    openapi::{
        OpenApi,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::Gateway;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const POLICY: HeaderName = HeaderName::from_static("content-security-policy");

/// Says in the description how keys are sent.
pub(super) struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("diem_ and 64 digits")
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

pub(super) fn doors(description: &OpenApi) -> Router<Gateway> {
    // A description of ours is always JSON; were it not, the door would say so by an empty one.
    let json = description.to_json().unwrap_or_else(|_| "{}".into());
    Router::new()
        .route(
            "/openapi.json",
            get(|| async move { ([(header::CONTENT_TYPE, "application/json")], json) }),
        )
        .route("/docs", get(page))
        .route(
            "/docs/page.js",
            get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], SCRIPT) }),
        )
}

async fn page() -> impl IntoResponse {
    let policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'";
    ([(POLICY, HeaderValue::from_static(policy))], Html(PAGE))
}

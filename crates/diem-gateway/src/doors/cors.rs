//! Pages of any origin may ask, without cookies, and read what answers tell in their headers.

use std::time::Duration;

use axum::http::{Method, header};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use super::headers;

pub(super) fn layer() -> CorsLayer {
    let exposed = headers::ALL.into_iter().chain([header::RETRY_AFTER]);
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        // A star would leave out Authorization.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(exposed.collect::<Vec<_>>())
        .max_age(Duration::from_secs(3600))
}

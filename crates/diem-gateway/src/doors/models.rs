//! The models sold, with their prices.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Gateway, Refused, amount::Dollars, asked::Path, auth::Anybody};
use crate::{
    money::Usd,
    pricing::{ModelPrice, Rate},
};

#[derive(Serialize, ToSchema)]
struct List {
    object: &'static str,
    data: Vec<Model>,
}

#[derive(Serialize, ToSchema)]
struct Model {
    id: String,
    object: &'static str,
    created: u64,
    owned_by: &'static str,
    pricing: Pricing,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_input_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u64>,
}

/// Dollars: of tokens for a million, of the rest for one.
#[derive(Serialize, ToSchema)]
struct Pricing {
    input: Dollars,
    cached_input: Dollars,
    output: Dollars,
    request: Dollars,
    image: Dollars,
    /// For a million pixels.
    pixels: Dollars,
}

pub(super) fn doors() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(list_models))
        .routes(routes!(one_model))
}

/// The models sold here.
#[utoipa::path(get, path = "/models", tag = "inference", responses((status = 200, body = List)))]
async fn list_models(State(gateway): State<Gateway>, _: Anybody) -> Json<List> {
    let parts = gateway.serving().parts();
    let sold = parts
        .prices
        .iter()
        .filter(|(name, _)| parts.upstreams.serves(name));
    Json(List {
        object: "list",
        data: sold.map(|(name, price)| model(name, price)).collect(),
    })
}

/// One model. Its name may have slashes.
#[utoipa::path(get, path = "/models/{*model}", tag = "inference", params(("model" = String, Path)),
    responses((status = 200, body = Model), (status = 404, description = "Not sold here")))]
async fn one_model(
    State(gateway): State<Gateway>,
    _: Anybody,
    Path(name): Path<String>,
) -> Result<Json<Model>, Refused> {
    let parts = gateway.serving().parts();
    match parts
        .prices
        .of(&name)
        .filter(|_| parts.upstreams.serves(&name))
    {
        Some(price) => Ok(Json(model(&name, price))),
        None => {
            let message = format!("the model {name:?} does not exist, or has no price here");
            Err(Refused::new(StatusCode::NOT_FOUND, "model_not_found", message).param("model"))
        }
    }
}

fn model(name: &str, price: &ModelPrice) -> Model {
    // Units of 1e-24 dollar for one are units of 1e-18 dollar for a million.
    let million = |rate: Rate| Dollars(Usd(rate.0));
    let pricing = Pricing {
        input: million(price.input),
        cached_input: million(price.cached),
        output: million(price.output),
        request: Dollars(price.request),
        image: Dollars(price.image),
        pixels: million(price.pixel),
    };
    Model {
        id: name.into(),
        object: "model",
        created: 0,
        owned_by: "diem-gateway",
        pricing,
        max_input_tokens: price.max_input,
        max_output_tokens: price.max_output,
    }
}

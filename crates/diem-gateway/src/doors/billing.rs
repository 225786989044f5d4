//! What is left of the day.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Gateway, Refused, amount::Dollars, auth::Caller, headers, usage};
use crate::{ledger::LineState, money::Usd, utc};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Balance {
    can_consume: bool,
    consumption_currency: &'static str,
    balances: Balances,
    diem_epoch_allocation: Dollars,
    next_epoch_begins: String,
    epoch: u32,
    line: String,
    /// The most that this key may still spend: the line's rest, or what its own limit leaves.
    key_remaining: Dollars,
    /// Dollars of ended requests, and of those that have not ended.
    committed: Dollars,
    reserved: Dollars,
}

#[derive(Serialize, ToSchema)]
struct Balances {
    diem: Dollars,
    usd: Dollars,
}

#[derive(Serialize, ToSchema)]
struct Limits {
    data: LimitsData,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LimitsData {
    access_permitted: bool,
    api_tier: Tier,
    balances: UpperBalances,
    key_expiration: Option<String>,
    next_epoch_begins: String,
    rate_limits: Vec<ModelLimits>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Tier {
    id: &'static str,
    is_charged: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
struct UpperBalances {
    diem: Dollars,
    usd: Dollars,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ModelLimits {
    api_model_id: String,
    rate_limits: Vec<ModelLimit>,
}

#[derive(Serialize, ToSchema)]
struct ModelLimit {
    amount: u32,
    /// RPM: requests per minute, of all models together.
    r#type: &'static str,
}

pub(super) fn doors() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(balance))
        .routes(routes!(rate_limits))
        .merge(usage::doors())
}

/// What a caller's line and key have left.
struct Left {
    line: LineState,
    key: Usd,
    resets_at: u64,
    /// Whether the gateway would serve the line now.
    served: bool,
}

/// What is left of the key's line today.
#[utoipa::path(get, path = "/billing/balance", tag = "billing", security(("key" = [])), responses((status = 200, body = Balance)))]
async fn balance(State(gateway): State<Gateway>, caller: Caller) -> Result<Response, Refused> {
    let left = left(&gateway, &caller).await?;
    let rest = Dollars(left.line.remaining());
    let body = Balance {
        can_consume: left.served && left.key > Usd::ZERO,
        consumption_currency: "DIEM",
        balances: Balances {
            diem: rest,
            usd: Dollars(Usd::ZERO),
        },
        diem_epoch_allocation: Dollars(left.line.allowance),
        next_epoch_begins: utc::written(left.resets_at),
        epoch: left.line.epoch,
        line: left.line.line.to_string(),
        key_remaining: Dollars(left.key),
        committed: Dollars(left.line.committed),
        reserved: Dollars(left.line.reserved),
    };
    Ok(with_headers(Json(body).into_response(), &left, &caller))
}

/// What is left, and how often the key may ask.
#[utoipa::path(get, path = "/api_keys/rate_limits", tag = "keys", security(("key" = [])), responses((status = 200, body = Limits)))]
async fn rate_limits(State(gateway): State<Gateway>, caller: Caller) -> Result<Response, Refused> {
    let left = left(&gateway, &caller).await?;
    let parts = gateway.serving().parts();
    let amount = gateway.0.limits.rates().key.get();
    let sold = parts
        .prices
        .iter()
        .filter(|(name, _)| parts.upstreams.serves(name));
    let models = sold.map(|(name, _)| ModelLimits {
        api_model_id: name.into(),
        rate_limits: vec![ModelLimit {
            amount,
            r#type: "RPM",
        }],
    });
    let data = LimitsData {
        access_permitted: left.served && left.key > Usd::ZERO,
        api_tier: Tier {
            id: "paid",
            is_charged: true,
        },
        balances: UpperBalances {
            diem: Dollars(left.line.remaining()),
            usd: Dollars(Usd::ZERO),
        },
        key_expiration: caller.key.key.expires_at.map(utc::written),
        next_epoch_begins: utc::written(left.resets_at),
        rate_limits: models.collect(),
    };
    Ok(with_headers(
        Json(Limits { data }).into_response(),
        &left,
        &caller,
    ))
}

async fn left(gateway: &Gateway, caller: &Caller) -> Result<Left, Refused> {
    let parts = gateway.serving().parts();
    let clock = parts.lines.clock();
    let key = &caller.key.key;
    // Read anew: who looks at a balance has often just staked.
    let standing = parts.lines.fresh(key.line).await?;
    let ours = standing.gateway == Some(parts.home.gateway);
    // A line of another's is not the ledger's to know.
    let line = if ours {
        gateway.serving().known(&standing).await?
    } else {
        unknown(&standing)
    };
    let used = parts.ledger.key_use(key.id, standing.epoch).await?;
    let limited = used.and_then(|used| Some(used.limit?.saturating_sub(used.held)));
    let key = limited.map_or(line.remaining(), |left| left.min(line.remaining()));
    Ok(Left {
        line,
        key,
        resets_at: clock.resets_at,
        served: ours && clock.admits(),
    })
}

/// A line that this gateway may not settle: nothing of it can be spent here.
const fn unknown(standing: &crate::chain::Standing) -> LineState {
    LineState {
        line: standing.line,
        epoch: standing.epoch,
        allowance: Usd::ZERO,
        held: Usd::ZERO,
        committed: Usd::ZERO,
        reserved: Usd::ZERO,
    }
}

fn with_headers(mut response: Response, left: &Left, caller: &Caller) -> Response {
    headers::balance(response.headers_mut(), left.line.remaining());
    headers::epoch(response.headers_mut(), left.line.epoch);
    headers::of_rate(response.headers_mut(), caller.left);
    response
}

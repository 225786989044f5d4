//! What was used: request by request, by day, model and key, and the receipts.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Gateway, Refused, amount::Dollars, asked::Query, auth::Caller};
use crate::{
    ledger::{CountedBy, KeyId, KeyKind, RequestId, UsageEntry, UsageFilter, UsageSum},
    line::Epoch,
    utc,
};

const PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 1000;

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct Asked {
    /// The first day, as `2026-11-26` or a time in it.
    start_date: Option<String>,
    /// The last day.
    end_date: Option<String>,
    /// One model.
    model: Option<String>,
    /// One key. An INFERENCE key sees its own alone.
    key: Option<String>,
    /// `day`: sums by day, model and key instead of requests.
    by: Option<String>,
    /// Where the last page ended.
    cursor: Option<String>,
    /// Most requests of a page, 1 to 1000.
    limit: Option<u32>,
    /// `csv`, as `Accept: text/csv`.
    format: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    data: Vec<T>,
    /// Where to go on; nothing on the last page.
    next_cursor: Option<String>,
}

/// One request. `amount` is negative: it was taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Entry {
    timestamp: String,
    sku: String,
    amount: Taken,
    currency: &'static str,
    notes: &'static str,
    epoch: Epoch,
    line: String,
    key_id: String,
    inference_details: Details,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Details {
    request_id: String,
    prompt_tokens: u64,
    cached_tokens: u64,
    completion_tokens: u64,
    images: u64,
    counted_by: &'static str,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Sum {
    date: String,
    epoch: Epoch,
    model: String,
    key_id: String,
    requests: u64,
    prompt_tokens: u64,
    cached_tokens: u64,
    completion_tokens: u64,
    images: u64,
    amount: Taken,
    currency: &'static str,
}

/// Dollars taken, as an exact negative number.
#[derive(Clone, Copy)]
struct Taken(crate::money::Usd);

impl Serialize for Taken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = serde_json::value::RawValue::from_string(self.text());
        raw.map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl Taken {
    fn text(self) -> String {
        if self.0 == crate::money::Usd::ZERO {
            "0".into()
        } else {
            format!("-{}", self.0)
        }
    }
}

impl utoipa::PartialSchema for Taken {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        Dollars::schema()
    }
}

impl ToSchema for Taken {}

pub(super) fn doors() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new().routes(routes!(usage))
}

/// What the account's requests cost, newest first; their receipts with them.
#[utoipa::path(get, path = "/billing/usage", tag = "billing", security(("key" = [])), params(Asked),
    responses((status = 200, body = Page<Entry>, description = "With `by=day` sums; as CSV on request")))]
async fn usage(
    State(gateway): State<Gateway>,
    caller: Caller,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let ledger = &gateway.serving().parts().ledger;
    let filter = filter(&gateway, &caller, &asked).await?;
    let csv = asked.format.as_deref() == Some("csv")
        || headers
            .get(header::ACCEPT)
            .and_then(|form| form.to_str().ok())
            .is_some_and(|form| form.contains("text/csv"));
    if asked.by.as_deref() == Some("day") {
        let data: Vec<Sum> = ledger
            .usage_sums(&filter)
            .await?
            .into_iter()
            .map(sum)
            .collect();
        return Ok(if csv {
            table(SUM_HEAD, data.iter().map(Sum::row))
        } else {
            Json(Page {
                data,
                next_cursor: None,
            })
            .into_response()
        });
    }
    if asked.by.is_some() {
        return Err(Refused::wrong("by takes day, or is left out").param("by"));
    }
    let cursor = asked
        .cursor
        .as_deref()
        .map(|text| number(text, "cursor"))
        .transpose()?
        .map(RequestId);
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let page = ledger.usage(&filter, cursor, limit).await?;
    let next_cursor = page
        .last()
        .filter(|_| page.len() as u64 >= u64::from(limit))
        .map(|entry| entry.id.to_string());
    let mut data = Vec::with_capacity(page.len());
    for used in page {
        let receipt = ledger.receipt(used.id).await?;
        data.push(entry(used, receipt));
    }
    Ok(if csv {
        table(ENTRY_HEAD, data.iter().map(Entry::row))
    } else {
        Json(Page { data, next_cursor }).into_response()
    })
}

async fn filter(gateway: &Gateway, caller: &Caller, asked: &Asked) -> Result<UsageFilter, Refused> {
    let own = &caller.key.key;
    let asked_key = asked
        .key
        .as_deref()
        .map(|text| number(text, "key"))
        .transpose()?
        .map(KeyId);
    let key = match (own.kind, asked_key) {
        (KeyKind::Inference, _) => Some(own.id),
        (KeyKind::Admin, None) => None,
        (KeyKind::Admin, Some(id)) => {
            let keys = gateway
                .serving()
                .parts()
                .ledger
                .list_keys(own.account)
                .await?;
            if !keys.iter().any(|key| key.key.id == id) {
                return Err(crate::ledger::KeyError::Gone(id).into());
            }
            Some(id)
        }
    };
    // All keys of an account share its line; one made for a lease is asked for by its id.
    let line = if key.is_some() { None } else { Some(own.line) };
    let day = |text: &Option<String>, name: &str| match text {
        None => Ok(None),
        Some(text) => match utc::read(text).and_then(|at| Epoch::try_from(at / utc::DAY).ok()) {
            Some(epoch) => Ok(Some(epoch)),
            None => {
                Err(Refused::wrong(format!("{name} must be a day such as 2026-11-26")).param(name))
            }
        },
    };
    Ok(UsageFilter {
        line,
        key,
        from: day(&asked.start_date, "startDate")?,
        to: day(&asked.end_date, "endDate")?,
        model: asked.model.clone(),
    })
}

fn number(text: &str, name: &str) -> Result<uuid::Uuid, Refused> {
    text.parse()
        .map_err(|_| Refused::wrong(format!("{name} is no id")).param(name))
}

fn entry(used: UsageEntry, receipt: Option<String>) -> Entry {
    Entry {
        timestamp: utc::written(used.ended_at / 1000),
        sku: used.model,
        amount: Taken(used.charged),
        currency: "DIEM",
        notes: "API Inference",
        epoch: used.epoch,
        line: used.line.to_string(),
        key_id: used.key.to_string(),
        inference_details: Details {
            request_id: used.id.to_string(),
            prompt_tokens: used.usage.input,
            cached_tokens: used.usage.cached,
            completion_tokens: used.usage.output,
            images: used.usage.images,
            counted_by: match used.counted_by {
                CountedBy::Upstream => "upstream",
                CountedBy::Gateway => "gateway",
                CountedBy::Reservation => "reservation",
            },
        },
        receipt,
    }
}

fn sum(sum: UsageSum) -> Sum {
    Sum {
        date: utc::written(u64::from(sum.epoch) * utc::DAY)[..10].to_owned(),
        epoch: sum.epoch,
        model: sum.model,
        key_id: sum.key.to_string(),
        requests: sum.requests,
        prompt_tokens: sum.usage.input,
        cached_tokens: sum.usage.cached,
        completion_tokens: sum.usage.output,
        images: sum.usage.images,
        amount: Taken(sum.charged),
        currency: "DIEM",
    }
}

const ENTRY_HEAD: &str = "timestamp,sku,amount,currency,epoch,line,keyId,requestId,promptTokens,cachedTokens,completionTokens,images,countedBy";
const SUM_HEAD: &str =
    "date,model,keyId,requests,promptTokens,cachedTokens,completionTokens,images,amount,currency";

impl Entry {
    fn row(&self) -> String {
        let Self {
            timestamp,
            sku,
            amount,
            currency,
            epoch,
            line,
            key_id,
            inference_details: details,
            ..
        } = self;
        let Details {
            request_id,
            prompt_tokens,
            cached_tokens,
            completion_tokens,
            images,
            counted_by,
        } = details;
        let (sku, amount) = (quoted(sku), amount.text());
        format!(
            "{timestamp},{sku},{amount},{currency},{epoch},{line},{key_id},{request_id},{prompt_tokens},{cached_tokens},{completion_tokens},{images},{counted_by}"
        )
    }
}

impl Sum {
    fn row(&self) -> String {
        let Self {
            date,
            model,
            key_id,
            requests,
            prompt_tokens,
            cached_tokens,
            completion_tokens,
            images,
            amount,
            currency,
            ..
        } = self;
        let (model, amount) = (quoted(model), amount.text());
        format!(
            "{date},{model},{key_id},{requests},{prompt_tokens},{cached_tokens},{completion_tokens},{images},{amount},{currency}"
        )
    }
}

/// A name as a field: in quotes, and never the beginning of a spreadsheet's formula.
fn quoted(text: &str) -> String {
    let lead = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{lead}{}\"", text.replace('"', "\"\""))
}

fn table(head: &str, rows: impl Iterator<Item = String>) -> Response {
    let mut text = format!("{head}\r\n");
    for row in rows {
        text.push_str(&row);
        text.push_str("\r\n");
    }
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
}

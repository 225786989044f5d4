//! What every answer tells in its headers.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Request},
};

use super::rate::Left;
use crate::{line::Epoch, money::Usd, serving::Facts};

pub(super) const VENICE_BALANCE: HeaderName = HeaderName::from_static("x-venice-balance-diem");
pub(super) const BALANCE: HeaderName = HeaderName::from_static("x-diem-balance");
pub(super) const COST: HeaderName = HeaderName::from_static("x-diem-cost");
pub(super) const EPOCH: HeaderName = HeaderName::from_static("x-diem-epoch");
pub(super) const RESERVED: HeaderName = HeaderName::from_static("x-diem-reserved");
pub(super) const RECEIPT: HeaderName = HeaderName::from_static("x-diem-receipt");
pub(super) const REQUEST: HeaderName = HeaderName::from_static("x-request-id");
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("x-diem-replayed");
pub(super) const LIMIT_REQUESTS: HeaderName = HeaderName::from_static("x-ratelimit-limit-requests");
pub(super) const REMAINING_REQUESTS: HeaderName =
    HeaderName::from_static("x-ratelimit-remaining-requests");
pub(super) const RESET_REQUESTS: HeaderName = HeaderName::from_static("x-ratelimit-reset-requests");

/// All of them, for pages of other origins.
pub(super) const ALL: [HeaderName; 11] = [
    VENICE_BALANCE,
    BALANCE,
    COST,
    EPOCH,
    RESERVED,
    RECEIPT,
    REQUEST,
    REPLAYED,
    LIMIT_REQUESTS,
    REMAINING_REQUESTS,
    RESET_REQUESTS,
];

/// Text of ours, ASCII throughout; what is none is left out rather than told wrong.
fn put(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

/// What the line has left.
pub(super) fn balance(headers: &mut HeaderMap, balance: Usd) {
    let text = balance.to_string();
    put(headers, VENICE_BALANCE, &text);
    put(headers, BALANCE, &text);
}

/// A request's money: the balance is the one after it; while a stream lasts, the one with all of its reservation gone.
pub(super) fn of_facts(headers: &mut HeaderMap, facts: &Facts) {
    balance(headers, facts.balance);
    epoch(headers, facts.epoch);
    put(headers, RESERVED, &facts.reserved.to_string());
    put(headers, REQUEST, &facts.request.to_string());
    if let Some(cost) = facts.cost {
        put(headers, COST, &cost.to_string());
    }
    if let Some(receipt) = &facts.receipt {
        put(headers, RECEIPT, receipt);
    }
}

/// The day that an answer speaks of.
pub(super) fn epoch(headers: &mut HeaderMap, epoch: Epoch) {
    headers.insert(EPOCH, HeaderValue::from(epoch));
}

/// How often a key may still ask.
pub(super) fn of_rate(headers: &mut HeaderMap, left: Left) {
    headers.insert(LIMIT_REQUESTS, HeaderValue::from(left.limit));
    headers.insert(REMAINING_REQUESTS, HeaderValue::from(left.remaining));
    put(headers, RESET_REQUESTS, &format!("{}s", left.resets_in));
}

/// A request in the log: its method and path. No header and no query, since both may carry secrets.
pub(super) fn span(request: &Request<Body>) -> tracing::Span {
    tracing::debug_span!("request", method = %request.method(), path = request.uri().path())
}

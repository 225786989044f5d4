//! How often a key and an address may ask.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::http::StatusCode;
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};

use super::Refused;
use crate::ledger::KeyId;

/// Checks after which those are forgotten who have not asked for long.
const TIDY: u32 = 4096;

/// Requests in a minute, as many at once.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Of one key.
    pub key: NonZeroU32,
    /// Of one address, whatever its keys: it also bounds guessing.
    pub address: NonZeroU32,
}

/// What a key has left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    /// Seconds until all of it is there again.
    pub(super) resets_in: u64,
}

type Limiter<K> =
    RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

pub(super) struct Limits {
    keys: Limiter<KeyId>,
    addresses: Limiter<IpAddr>,
    rates: Rates,
    checks: AtomicU32,
}

impl Limits {
    pub(super) fn new(rates: Rates) -> Self {
        let clock = DefaultClock::default();
        let (keys, addresses) = (
            Quota::per_minute(rates.key),
            Quota::per_minute(rates.address),
        );
        Self {
            keys: RateLimiter::dashmap_with_clock(keys, clock.clone()).with_middleware(),
            addresses: RateLimiter::dashmap_with_clock(addresses, clock).with_middleware(),
            rates,
            checks: AtomicU32::new(0),
        }
    }

    pub(super) const fn rates(&self) -> Rates {
        self.rates
    }

    /// One request of this address.
    pub(super) fn address(&self, address: IpAddr) -> Result<(), Refused> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % TIDY == TIDY - 1 {
            self.keys.retain_recent();
            self.addresses.retain_recent();
        }
        check(&self.addresses, &address, self.rates.address, "address").map(drop)
    }

    /// One request of this key.
    pub(super) fn key(&self, key: KeyId) -> Result<Left, Refused> {
        check(&self.keys, &key, self.rates.key, "API key")
    }
}

fn check<K: std::hash::Hash + Eq + Clone>(
    limiter: &Limiter<K>,
    who: &K,
    rate: NonZeroU32,
    what: &str,
) -> Result<Left, Refused> {
    match limiter.check_key(who) {
        Ok(state) => {
            let remaining = state.remaining_burst_capacity();
            let missing = u64::from(rate.get().saturating_sub(remaining));
            Ok(Left {
                limit: rate.get(),
                remaining,
                resets_in: (missing * 60).div_ceil(u64::from(rate.get())),
            })
        }
        Err(until) => {
            let wait = until
                .wait_time_from(DefaultClock::default().now())
                .as_secs()
                + 1;
            let message = format!(
                "this {what} has asked more than {rate} times a minute; ask again in {wait} seconds"
            );
            Err(Refused::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limit_exceeded",
                message,
            )
            .after(wait))
        }
    }
}

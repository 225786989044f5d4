//! The bodies of the key doors, by Venice's names.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{Refused, amount::Dollars};
use crate::{
    keys::KeyWish,
    ledger::{Key, KeyKind, KeyUse, NewKey, Period},
    money::Usd,
    pricing::decimal_up,
    utc,
};

/// The holder's words for a key are at most so long.
const LONGEST_DESCRIPTION: usize = 256;

#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Kind {
    Inference,
    Admin,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Window {
    Epoch,
    Month,
    Lifetime,
}

/// Dollars, as a number or a decimal text. Where both are given, the smaller counts: a DIEM's credit is a dollar.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct Limit {
    #[schema(value_type = Option<f64>)]
    usd: Option<Box<RawValue>>,
    #[schema(value_type = Option<f64>)]
    diem: Option<Box<RawValue>>,
}

/// The signature for a key; the key's own fields stand beside these. Read apart from them: a flattened form could not
/// read amounts from their text.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Signed {
    /// The account.
    pub(super) address: String,
    /// Its signature on the token, as wallets sign texts (EIP-191), or what its contract takes (ERC-1271).
    pub(super) signature: String,
    /// The text that the same path gave.
    pub(super) token: String,
}

/// What a key is to be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wish {
    api_key_type: Kind,
    description: Option<String>,
    /// A time or a day; nothing or an empty text: never.
    expires_at: Option<String>,
    consumption_limit: Option<Limit>,
    limit_period: Option<Window>,
    /// The id of a lease whose credit the key spends, held by the account.
    lease: Option<u64>,
}

/// What to change of a key. What is left out stays; `null` takes an expiry or a limit away.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    pub(super) id: String,
    pub(super) description: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub(super) expires_at: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Limit>)]
    pub(super) consumption_limit: Option<Option<Limit>>,
    pub(super) limit_period: Option<Window>,
}

/// A key as it is shown: never its secret, but for the one answer that makes it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<String>,
    api_key_type: Kind,
    description: String,
    last6_chars: String,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    consumption_limits: ShownLimit,
    consumption_limit: ShownLimit,
    limit_period: Window,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_period_usage: Option<ShownLimit>,
    /// The account, or `lease:` and its id.
    line: String,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
pub(super) struct ShownLimit {
    usd: Option<Dollars>,
    diem: Option<Dollars>,
}

/// Tells what is left out from what is `null`.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Limit {
    /// The smaller of the two; `None` where none is given.
    pub(super) fn amount(&self) -> Result<Option<Usd>, Refused> {
        let read = |value: &Option<Box<RawValue>>| match value.as_ref().map(|value| value.get()) {
            None | Some("null") => Ok(None),
            Some(text) => decimal_up(text.trim_matches('"'), 18).map(|units| Some(Usd(units))),
        };
        let wrong = |error: crate::pricing::NotDecimal| {
            Refused::wrong(error.to_string()).param("consumptionLimit")
        };
        let (usd, diem) = (
            read(&self.usd).map_err(wrong)?,
            read(&self.diem).map_err(wrong)?,
        );
        Ok(match (usd, diem) {
            (Some(usd), Some(diem)) => Some(usd.min(diem)),
            (usd, diem) => usd.or(diem),
        })
    }
}

/// An expiry; an empty text is none.
pub(super) fn expiry(text: Option<&str>) -> Result<Option<u64>, Refused> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match utc::read(text) {
            Some(at) => Ok(Some(at)),
            None => Err(Refused::wrong(
                "expiresAt must be a time such as 2027-01-31T12:00:00Z, or a day",
            )
            .param("expiresAt")),
        },
    }
}

/// The holder's words, if they are few enough.
pub(super) fn described(text: String) -> Result<String, Refused> {
    match text.chars().count() <= LONGEST_DESCRIPTION {
        true => Ok(text),
        false => Err(Refused::wrong(format!(
            "description has more than {LONGEST_DESCRIPTION} characters"
        ))
        .param("description")),
    }
}

impl Wish {
    pub(super) fn read(self) -> Result<KeyWish, Refused> {
        Ok(KeyWish {
            kind: match self.api_key_type {
                Kind::Inference => KeyKind::Inference,
                Kind::Admin => KeyKind::Admin,
            },
            description: described(self.description.unwrap_or_default())?,
            limit: self
                .consumption_limit
                .as_ref()
                .map_or(Ok(None), Limit::amount)?,
            period: self.limit_period.unwrap_or(Window::Epoch).into(),
            expires_at: expiry(self.expires_at.as_deref())?,
            lease: self.lease,
        })
    }
}

impl From<Window> for Period {
    fn from(window: Window) -> Self {
        match window {
            Window::Epoch => Self::Epoch,
            Window::Month => Self::Month,
            Window::Lifetime => Self::Lifetime,
        }
    }
}

impl From<Period> for Window {
    fn from(period: Period) -> Self {
        match period {
            Period::Epoch => Self::Epoch,
            Period::Month => Self::Month,
            Period::Lifetime => Self::Lifetime,
        }
    }
}

impl ShownLimit {
    fn of(limit: Option<Usd>) -> Self {
        Self {
            usd: limit.map(Dollars),
            diem: limit.map(Dollars),
        }
    }
}

impl Shown {
    /// A key that was just made, with its secret.
    pub(super) fn made(key: &NewKey, secret: &str) -> Self {
        Self {
            api_key: Some(secret.into()),
            ..Self::new(key)
        }
    }

    /// A key of the ledger, and what it has used.
    pub(super) fn kept(key: &Key, used: Option<KeyUse>) -> Self {
        Self {
            last_used_at: key.last_used_at.map(utc::written),
            current_period_usage: used.map(|used| ShownLimit::of(Some(used.held))),
            ..Self::new(&key.key)
        }
    }

    fn new(key: &NewKey) -> Self {
        let limit = ShownLimit::of(key.limit);
        Self {
            id: key.id.to_string(),
            api_key: None,
            api_key_type: match key.kind {
                KeyKind::Inference => Kind::Inference,
                KeyKind::Admin => Kind::Admin,
            },
            description: key.description.clone(),
            last6_chars: key.tail.clone(),
            created_at: utc::written(key.created_at),
            expires_at: key.expires_at.map(utc::written),
            last_used_at: None,
            consumption_limits: limit,
            consumption_limit: limit,
            limit_period: key.period.into(),
            current_period_usage: None,
            line: key.line.to_string(),
        }
    }
}

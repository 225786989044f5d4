//! Making a key: the gateway gives a text, the wallet signs it, the gateway shows the key once.

use super::Gateway;
use crate::wallet::Signing;
use crate::{Failure, Result};
use serde_json::{Map, Value, json};

/// Where the text is given and the key is made.
const DOOR: &str = "/api/v1/api_keys/generate_web3_key";

/// What the key shall be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// May it make and revoke keys, beside asking for inference.
    pub(crate) admin: bool,
    /// What lists call it.
    pub(crate) description: Option<String>,
    /// Dollars that it may spend in a period, as a decimal number.
    pub(crate) limit: Option<String>,
    /// The period: EPOCH, MONTH or LIFETIME.
    pub(crate) period: Option<&'static str>,
    /// When it ends, as RFC 3339 has it.
    pub(crate) expires: Option<String>,
    /// The lease that it spends from, instead of the account's own credit.
    pub(crate) lease: Option<u64>,
}

/// A key that was made. The secret is shown this once.
pub(crate) struct Made {
    /// The secret.
    pub(crate) secret: String,
    /// Its name in lists.
    pub(crate) id: String,
}

impl Gateway {
    /// Makes a key for the account of `signer`.
    pub(crate) async fn make_key(&self, signer: &Signing, wish: &Wish) -> Result<Made> {
        let address = signer.address();
        let given = self.get(&format!("{DOOR}?address={address}")).await?;
        let text = text(&given.body, "/data/token")?;
        let signature = signer.sign_message(text).await?;
        let mut body = Map::new();
        body.insert("address".into(), json!(address));
        body.insert("token".into(), json!(text));
        body.insert("signature".into(), json!(signature));
        let kind = if wish.admin { "ADMIN" } else { "INFERENCE" };
        body.insert("apiKeyType".into(), json!(kind));
        let rest = [
            (
                "description",
                wish.description.as_ref().map(|text| json!(text)),
            ),
            (
                "consumptionLimit",
                wish.limit.as_ref().map(|limit| json!({ "diem": limit })),
            ),
            ("limitPeriod", wish.period.map(|period| json!(period))),
            ("expiresAt", wish.expires.as_ref().map(|time| json!(time))),
            ("lease", wish.lease.map(|id| json!(id))),
        ];
        for (name, value) in rest {
            if let Some(value) = value {
                body.insert(name.into(), value);
            }
        }
        let made = self.post(DOOR, &Value::Object(body)).await?;
        Ok(Made {
            secret: self::text(&made.body, "/data/apiKey")?.to_owned(),
            id: self::text(&made.body, "/data/id")?.to_owned(),
        })
    }
}

/// A text that an answer must have.
fn text<'a>(body: &'a Value, pointer: &str) -> Result<&'a str> {
    body.pointer(pointer)
        .and_then(Value::as_str)
        .ok_or_else(|| {
            Failure::refused(
                "make a key",
                format!("the gateway's answer has no {pointer}"),
            )
            .hint("see whether a diem-gateway answers at this address")
        })
}

//! Keys: made for a signature, listed, changed, revoked.

use alloy::primitives::{Address, hex};
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Gateway, Refused,
    asked::Query,
    auth::{Admin, Anybody},
    body::{self, Sent},
    key_body::{Change, Limit, Shown, Signed, Wish, described, expiry},
};
use crate::{
    keys::{self, Made},
    ledger::{Key, KeyChange, KeyError, KeyId},
    utc,
};

#[derive(Serialize, ToSchema)]
struct One<T> {
    success: bool,
    data: T,
}

#[derive(Serialize, ToSchema)]
struct List {
    object: &'static str,
    data: Vec<Shown>,
}

#[derive(Serialize, ToSchema)]
struct Token {
    /// The text to sign.
    token: String,
}

#[derive(Serialize, ToSchema)]
struct Gone {
    success: bool,
}

#[derive(Deserialize, IntoParams)]
struct Whose {
    /// The account that will sign. Without it the text names the zero address, and any account may sign it; wallets
    /// that read such texts warn then.
    address: Option<String>,
}

#[derive(Deserialize, IntoParams)]
struct Which {
    /// The key.
    id: String,
}

pub(super) fn doors() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(key_text, make_key))
        .routes(routes!(list_keys, add_key, change_key, revoke_key))
}

/// A text for a wallet to sign, good for fifteen minutes and one key.
#[utoipa::path(get, path = "/api_keys/generate_web3_key", tag = "keys", params(Whose), responses((status = 200, body = One<Token>)))]
async fn key_text(
    State(gateway): State<Gateway>,
    _: Anybody,
    Query(whose): Query<Whose>,
) -> Result<Json<One<Token>>, Refused> {
    let account = whose.address.as_deref().map(address).transpose()?;
    let parts = gateway.serving().parts();
    let token = keys::invite(
        &parts.ledger,
        &gateway.0.settings.place,
        account,
        utc::machine_now(),
    )
    .await?;
    Ok(one(Token { token }))
}

/// A key for a signature. Its secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/api_keys/generate_web3_key", tag = "keys",
    request_body(content = Signed, description = "The signature, and beside it what the key is to be, as for `POST /api_keys`"),
    responses((status = 200, body = One<Shown>), (status = 401, description = "Another's signature, or a text used before")))]
async fn make_key(
    State(gateway): State<Gateway>,
    _: Anybody,
    sent: Sent,
) -> Result<Json<One<Shown>>, Refused> {
    let bytes = body::whole(sent)?;
    let Signed {
        address: account,
        signature,
        token,
    } = body::json(&bytes)?;
    let wish: Wish = body::json(&bytes)?;
    let account = address(&account)?;
    let signature = hex::decode(&signature)
        .map_err(|_| Refused::wrong("signature is no hexadecimal text").param("signature"))?;
    let (inner, ledger) = (&gateway.0, &gateway.serving().parts().ledger);
    let signed = (account, token.as_str(), signature.as_slice());
    let made = keys::make(
        ledger,
        inner.accounts.as_ref(),
        &inner.settings.place,
        signed,
        wish.read()?,
        utc::machine_now(),
    );
    Ok(shown(&made.await?))
}

/// The account's keys, without their secrets.
#[utoipa::path(get, path = "/api_keys", tag = "keys", security(("key" = [])), responses((status = 200, body = List)))]
async fn list_keys(
    State(gateway): State<Gateway>,
    Admin(caller): Admin,
) -> Result<Json<List>, Refused> {
    let parts = gateway.serving().parts();
    let epoch = parts.lines.clock().epoch;
    let mut data = Vec::new();
    for key in working(&gateway, caller.key.key.account).await? {
        let used = parts.ledger.key_use(key.key.id, epoch).await?;
        data.push(Shown::kept(&key, used));
    }
    Ok(Json(List {
        object: "list",
        data,
    }))
}

/// A further key of the account.
#[utoipa::path(post, path = "/api_keys", tag = "keys", security(("key" = [])), request_body = Wish, responses((status = 200, body = One<Shown>)))]
async fn add_key(
    State(gateway): State<Gateway>,
    Admin(caller): Admin,
    sent: Sent,
) -> Result<Json<One<Shown>>, Refused> {
    let wish: Wish = body::json(&body::whole(sent)?)?;
    let (accounts, ledger) = (
        gateway.0.accounts.as_ref(),
        &gateway.serving().parts().ledger,
    );
    let account = caller.key.key.account;
    Ok(shown(
        &keys::make_for(ledger, accounts, account, wish.read()?, utc::machine_now()).await?,
    ))
}

/// Changes a key of the account.
#[utoipa::path(patch, path = "/api_keys", tag = "keys", security(("key" = [])), request_body = Change, responses((status = 200, body = One<Shown>)))]
async fn change_key(
    State(gateway): State<Gateway>,
    Admin(caller): Admin,
    sent: Sent,
) -> Result<Json<One<Shown>>, Refused> {
    let change: Change = body::json(&body::whole(sent)?)?;
    let key = mine(&gateway, caller.key.key.account, number(&change.id)?).await?;
    let limit = change
        .consumption_limit
        .map(|limit| limit.as_ref().map_or(Ok(None), Limit::amount))
        .transpose()?;
    let change = KeyChange {
        description: change.description.map(described).transpose()?,
        limit,
        period: change.limit_period.map(Into::into),
        expires_at: change
            .expires_at
            .map(|end| expiry(end.as_deref()))
            .transpose()?,
    };
    let parts = gateway.serving().parts();
    let changed = parts
        .ledger
        .change_key(key, change, parts.lines.clock().epoch)
        .await?;
    Ok(one(Shown::kept(&changed, None)))
}

/// Revokes a key of the account, at once and for good.
#[utoipa::path(delete, path = "/api_keys", tag = "keys", security(("key" = [])), params(Which), responses((status = 200, body = Gone)))]
async fn revoke_key(
    State(gateway): State<Gateway>,
    Admin(caller): Admin,
    Query(which): Query<Which>,
) -> Result<Json<Gone>, Refused> {
    let key = mine(&gateway, caller.key.key.account, number(&which.id)?).await?;
    gateway
        .serving()
        .parts()
        .ledger
        .revoke_key(key, utc::machine_now())
        .await?;
    Ok(Json(Gone { success: true }))
}

async fn working(gateway: &Gateway, account: Address) -> Result<Vec<Key>, Refused> {
    let keys = gateway.serving().parts().ledger.list_keys(account).await?;
    Ok(keys
        .into_iter()
        .filter(|key| key.revoked_at.is_none())
        .collect())
}

/// A key of the account's: another's is as unknown as one that never was.
async fn mine(gateway: &Gateway, account: Address, id: KeyId) -> Result<KeyId, Refused> {
    let is = working(gateway, account)
        .await?
        .iter()
        .any(|key| key.key.id == id);
    if is {
        Ok(id)
    } else {
        Err(KeyError::Gone(id).into())
    }
}

fn address(text: &str) -> Result<Address, Refused> {
    text.parse()
        .map_err(|_| Refused::wrong("address is none").param("address"))
}

/// A key's number; a text that is none is no key's.
fn number(text: &str) -> Result<KeyId, Refused> {
    text.parse()
        .map(KeyId)
        .map_err(|_| Refused::wrong("id is no key's id").param("id"))
}

fn shown(made: &Made) -> Json<One<Shown>> {
    one(Shown::made(&made.key, made.secret.expose()))
}

const fn one<T>(data: T) -> Json<One<T>> {
    Json(One {
        success: true,
        data,
    })
}

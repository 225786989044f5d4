//! Keys and usage at an inference gateway, and running one.

use crate::args::{Common, GatewayArgs, LimitPeriod, NewKeyArgs};
use crate::deployment::path;
use crate::inference::{Gateway, Wish};
use crate::output::{answer, columns, story};
use crate::settings::Settings;
use crate::{Failure, Result};
use alloy::primitives::utils::format_ether;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Variable that may hold a gateway's key.
const API_KEY: &str = "DIEM_API_KEY";
/// The gateway's program.
const PROGRAM: &str = "diem-gateway";

/// The gateway, asked with the key that file or environment name.
fn opened(common: &Common, at: &GatewayArgs) -> Result<Gateway> {
    let gateway = reached(common, at)?;
    let key = match &at.api_key_file {
        Some(path) => std::fs::read_to_string(path).map_err(|error| {
            Failure::broken("cannot read the gateway's key", error.to_string())
                .with("file", path.display())
                .hint("--api-key-file names a file that holds the key and nothing else")
        })?,
        None => std::env::var(API_KEY).map_err(|_| {
            Failure::broken(
                "no key for the gateway",
                "neither file nor environment has one",
            )
            .with("gateway", gateway.base())
            .hint(format!(
                "set {API_KEY}, or name a file with --api-key-file; `diem key create` makes a key"
            ))
        })?,
    };
    Ok(gateway.with_key(&key))
}

fn reached(common: &Common, at: &GatewayArgs) -> Result<Gateway> {
    Gateway::new(&at.gateway, Duration::from_secs_f64(common.timeout))
}

pub(super) async fn create(settings: &Settings, common: &Common, key: NewKeyArgs) -> Result<()> {
    settings.only_sends("key create")?;
    let gateway = reached(common, &key.at)?;
    let account = settings.account()?;
    let signer = settings.signer.as_ref().ok_or_else(|| {
        Failure::broken("cannot sign", "there is no key").with("account", account)
    })?;
    settings.confirm(&format!(
        "letting a new key spend the credit of {account} at {}",
        gateway.base()
    ))?;
    let period = key.limit.map(|_| match key.per {
        LimitPeriod::Day => "EPOCH",
        LimitPeriod::Month => "MONTH",
        LimitPeriod::Lifetime => "LIFETIME",
    });
    let wish = Wish {
        admin: key.admin,
        description: key.description,
        limit: key.limit.map(|limit| format_ether(limit.wei)),
        period,
        expires: key.expires,
        lease: key.lease,
    };
    let made = gateway.make_key(signer, &wish).await?;
    story("this key is shown once, and whoever has it can spend the credit");
    let base = format!("{}/v1", gateway.base());
    let value = json!({ "apiKey": made.secret, "id": made.id, "baseUrl": base });
    let text = columns(&[("key", made.secret), ("id", made.id), ("base URL", base)]);
    answer(settings.json, &value, &text);
    Ok(())
}

pub(super) async fn list(common: &Common, at: &GatewayArgs) -> Result<()> {
    let list = opened(common, at)?.get("/api/v1/api_keys").await?.body;
    let keys = list["data"].as_array().cloned().unwrap_or_default();
    let lines: Vec<String> = keys
        .iter()
        .map(|key| {
            let field = |name: &str| key[name].as_str().unwrap_or("-").to_owned();
            let [id, kind, last, told] =
                ["id", "apiKeyType", "last6Chars", "description"].map(field);
            format!("{id}  {kind:9}  …{last}  {told}")
        })
        .collect();
    let text = if lines.is_empty() {
        "no keys".to_owned()
    } else {
        lines.join("\n")
    };
    answer(common.json, &list, &text);
    Ok(())
}

pub(super) async fn revoke(common: &Common, at: &GatewayArgs, id: &str) -> Result<()> {
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(
            Failure::broken("not a key's id", "letters, digits and hyphens make one")
                .with("id", id)
                .hint("`diem key list` shows the ids; a key itself is no id"),
        );
    }
    let gateway = opened(common, at)?;
    gateway.delete(&format!("/api/v1/api_keys?id={id}")).await?;
    let value = json!({ "revoked": id });
    answer(common.json, &value, &format!("{id} opens nothing any more"));
    Ok(())
}

pub(super) async fn usage(common: &Common, at: &GatewayArgs) -> Result<()> {
    let gateway = opened(common, at)?;
    let balance = gateway.get("/api/v1/billing/balance").await?;
    let usage = gateway.get("/api/v1/billing/usage?by=day").await?.body;
    let left = balance.header("x-diem-balance").unwrap_or("-");
    let begins = balance.body["nextEpochBegins"].as_str().unwrap_or("-");
    let mut rows = vec![
        ("left today", format!("${left}")),
        ("next day", begins.to_owned()),
    ];
    let days = usage["data"].as_array().cloned().unwrap_or_default();
    rows.extend(days.iter().map(|day| ("used", spent(day))));
    if days.is_empty() {
        rows.push(("used", "nothing yet".to_owned()));
    }
    answer(
        common.json,
        &json!({ "balance": balance.body, "usage": usage }),
        &columns(&rows),
    );
    Ok(())
}

/// What a key used of a model on a day, as a line.
fn spent(day: &Value) -> String {
    let field = |name: &str| day[name].as_str().unwrap_or("-");
    let requests = day["requests"].as_u64().unwrap_or_default();
    // Taken amounts are negative.
    let amount = day["amount"].as_f64().unwrap_or_default().abs();
    format!(
        "{}  {}  {requests} requests  ${amount}",
        field("date"),
        field("model")
    )
}

/// Hands this process over to `diem-gateway serve`.
pub(super) async fn run_gateway(
    settings: &Settings,
    common: &Common,
    arguments: &[OsString],
) -> Result<()> {
    let at = settings.deployment().await?;
    let program = program();
    let mut command = Command::new(&program);
    command.arg("serve");
    // What the environment or a file of the gateway's own says counts over what this command line knows.
    let unset = |name: &str| std::env::var_os(name).is_none();
    let told = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if !told("--config") && unset("DIEM_GATEWAY_CONFIG") {
        command.env("DIEM_GATEWAY_RPC", common.endpoint()?);
        command.env(
            "DIEM_GATEWAY_DEPLOYMENT",
            path(&settings.deployments, at.chain_id),
        );
        if settings.network.devnet {
            command.env("DIEM_GATEWAY_DEVNET", "true");
        }
    }
    if !told("--key-file") && unset("DIEM_GATEWAY_KEY") && unset("DIEM_GATEWAY_KEY_FILE") {
        let account = settings.account()?;
        story(&format!("the gateway's account is {account}"));
        if let Some(signer) = &settings.signer {
            let key = signer.key("a gateway")?;
            command.env("DIEM_GATEWAY_KEY", key.to_bytes().to_string());
        }
    }
    let error = command.args(arguments).exec();
    Err(Failure::broken("cannot run the gateway", error.to_string())
        .with("program", program.display())
        .hint("cargo build --release --manifest-path crates/Cargo.toml -p diem-gateway"))
}

/// The gateway's program: beside this one, else wherever the shell would find it.
fn program() -> PathBuf {
    let beside = std::env::current_exe()
        .ok()
        .and_then(|path| Some(path.parent()?.join(PROGRAM)))
        .filter(|path| path.exists());
    beside.unwrap_or_else(|| PROGRAM.into())
}

//! What the gateway sells, and who answers for it: price tables and upstreams.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::Value;

use super::Finding;
use crate::{
    config::{Config, Server, Where, prices},
    pricing::Prices,
};

/// Longest wait for an upstream's list of models.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn look(config: &Config, findings: &mut Vec<Finding>) {
    let table = match prices(&config.prices) {
        Ok(prices) => Some(prices),
        Err(error) => {
            findings.push(Finding::bad("prices", error.to_string()));
            None
        }
    };
    if let Some(prices) = &table {
        findings.push(match prices.iter().count() {
            0 => Finding::bad(
                "prices",
                "no model has a price, and one without is not sold (--prices FILE)",
            ),
            count => Finding::good("prices", format!("{count} models have one")),
        });
    }
    for server in &config.upstreams {
        findings.push(upstream(server, table.as_ref()).await);
    }
}

async fn upstream(server: &Server, prices: Option<&Prices>) -> Finding {
    let name = &server.name;
    let Where::Url(base) = &server.place else {
        return Finding::note(
            "upstream",
            "the stand-in makes its answers up: for devnets only",
        );
    };
    let models = match models(base, server).await {
        Ok(models) => models,
        Err(cause) => return Finding::bad("upstream", format!("{name}: {cause}")),
    };
    let Some(prices) = prices else {
        return Finding::good("upstream", format!("{name} answers"));
    };
    let sold = if server.models.is_empty() {
        let sold = models.iter().filter(|model| prices.of(model).is_some());
        sold.count()
    } else {
        let there = |theirs: &String| models.contains(theirs);
        if let Some((ours, theirs)) = server.models.iter().find(|(_, theirs)| !there(theirs)) {
            let told = format!("{name} has no model {theirs:?}, which {ours:?} stands for");
            return Finding::bad("upstream", told);
        }
        server
            .models
            .keys()
            .filter(|ours| prices.of(ours).is_some())
            .count()
    };
    let told = format!(
        "{name} has {} models, {sold} of them have a price",
        models.len()
    );
    if sold == 0 {
        Finding::bad("upstream", format!("{told}: {}", models.join(", ")))
    } else {
        Finding::good("upstream", told)
    }
}

async fn models(base: &str, server: &Server) -> Result<Vec<String>, String> {
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .build()
        .map_err(|error| error.to_string())?;
    let mut request = client.get(format!("{}/models", base.trim_end_matches('/')));
    if let Some(key) = &server.key {
        request = request.bearer_auth(key.expose_secret());
    }
    // The client's own words name the whole address, which may carry a password.
    let response = request.send().await.map_err(|error| {
        let told = if error.is_timeout() {
            "no answer in time"
        } else {
            "nobody answers there"
        };
        told.to_owned()
    })?;
    let status = response.status();
    if !status.is_success() {
        return Err(format!("its list of models is answered with {status}"));
    }
    let text = response
        .text()
        .await
        .map_err(|_| "its list of models breaks off".to_owned())?;
    let list: Value = serde_json::from_str(&text)
        .map_err(|_| "its list of models is no JSON: does the address end with /v1?".to_owned())?;
    let data = list["data"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let id = |model: &Value| model["id"].as_str().map(str::to_owned);
    Ok(data.iter().filter_map(id).collect())
}

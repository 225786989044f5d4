//! A walk through the protocol on a devnet: each step does one thing, prints what came of
//! it, and holds it against a model that never asks the contracts for an answer.

mod credits;
mod guide;
mod inference;
mod life;
mod line;
mod model;

use crate::settings::Settings;
use crate::{Failure, Result, output};
use guide::Guide;
use serde_json::json;

/// Runs the whole tour, which ends at the gateway at this address if there is one.
///
/// # Errors
/// The chain is no devnet, a step is refused, or a check fails: then with exit code 1.
pub async fn run(settings: &Settings, gateway: Option<&str>) -> Result<()> {
    settings.only_sends("tour")?;
    if !settings.network.devnet {
        return Err(Failure::refused(
            "no tour here",
            "it moves the clock and spends tokens freely",
        )
        .with("network", &settings.network.name)
        .hint("start a dev node with scripts/run"));
    }
    let mut guide = Guide::prepare(settings).await?;
    life::invest(&mut guide).await?;
    life::earn(&mut guide).await?;
    let bob = credits::day(&mut guide).await?;
    credits::lease(&mut guide, bob).await?;
    life::leave(&mut guide).await?;
    let left = match gateway {
        Some(url) => Some(inference::day(&mut guide, url).await?),
        None => None,
    };
    let (checks, gas) = guide.totals();
    let mut text = format!("{checks} checks against the model, all exact; {gas} gas in all");
    let mut value = json!({ "steps": guide.steps(), "checks": checks, "gasUsed": gas });
    if let Some(left) = left {
        let rows = [
            ("base URL", left.base.clone()),
            ("API key", left.key.clone()),
            ("try it", left.curl()),
        ];
        text = format!("{text}\n\n{}", output::columns(&rows));
        value["inference"] =
            json!({ "baseUrl": left.base, "apiKey": left.key, "model": left.model });
    }
    output::answer(settings.json, &value, &text);
    Ok(())
}

//! A walk through the protocol on a devnet: each step does one thing, prints what came of
//! it, and holds it against a model that never asks the contracts for an answer.

mod credits;
mod guide;
mod life;
mod line;
mod model;

use crate::settings::Settings;
use crate::{Failure, Result, output};
use guide::Guide;
use serde_json::json;

/// Runs the whole tour.
///
/// # Errors
/// The chain is no devnet, a step is refused, or a check fails: then with exit code 1.
pub async fn run(settings: &Settings) -> Result<()> {
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
    let (checks, gas) = guide.totals();
    let text = format!("{checks} checks against the model, all exact; {gas} gas in all");
    if settings.json {
        output::answer(
            true,
            &json!({ "steps": guide.steps(), "checks": checks, "gasUsed": gas }),
            "",
        );
    } else {
        output::answer(false, &json!(null), &text);
    }
    Ok(())
}

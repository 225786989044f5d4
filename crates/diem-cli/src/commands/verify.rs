//! Whether what is on the chain is what these sources make.

use crate::deployment::Deployment;
use crate::output::{answer, columns, story};
use crate::settings::Settings;
use crate::verify::{Builds, Verdict, verify};
use crate::{Failure, Result};
use serde_json::json;
use std::path::Path;

/// Compares every contract before it says no. The record is taken as it is written: whether the
/// code is what it says is the question.
pub(super) async fn run(settings: &Settings, builds: Builds<'_>, out: Option<&Path>) -> Result<()> {
    let chain = &settings.chain;
    let at = Deployment::read(&settings.deployments, chain.id())?;
    let verified = verify(chain, &at, builds).await?;
    if let Some(path) = out {
        verified.write(path)?;
        story(&format!("written   {}", path.display()));
    }
    let contracts = verified.contracts.iter();
    let mut rows: Vec<_> = contracts
        .map(|contract| (contract.name, contract.told()))
        .collect();
    let made = verified
        .build
        .iter()
        .map(|build| (&build.sources, &build.compiler));
    let compiled = verified
        .solidity
        .iter()
        .map(|build| (&build.sources, &build.compiler));
    for (sources, compiler) in made.chain(compiled) {
        rows.push(("sources", format!("sha256 {sources}, {compiler}")));
    }
    answer(settings.json, &json!(verified), &columns(&rows));
    let differs = verified
        .contracts
        .iter()
        .find(|contract| contract.verdict == Verdict::Different);
    match differs {
            None => Ok(()),
            Some(contract) => Err(Failure::refused(
                "what is on the chain is not what these sources make",
                contract.told(),
            )
            .with("contract", contract.name)
            .hint("check out the sources of the release that was deployed, and build them with scripts/build-wasm and `node evm/build.mjs`")),
        }
}

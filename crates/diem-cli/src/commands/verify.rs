//! Whether what is on the chain is what these sources make.

use crate::deploy::Target;
use crate::deployment::Deployment;
use crate::output::{answer, columns, story};
use crate::settings::Settings;
use crate::verify::{Verdict, verify};
use crate::{Failure, Result};
use serde_json::json;
use std::path::Path;

/// Compares every contract before it says no. The record is taken as it is written: whether the
/// code is what it says is the question.
pub(super) async fn run(settings: &Settings, wasm_dir: &Path, out: Option<&Path>) -> Result<()> {
    let chain = &settings.chain;
    let at = Deployment::read(&settings.deployments, chain.id())?;
    if at.target == Target::Evm {
        return Err(Failure::refused(
            "cannot verify these contracts here",
            "they are EVM code, of which no module can be taken",
        )
        .with("DIEM", at.diem)
        .hint("let an explorer compile evm/ with the settings in evm/build.mjs"));
    }
    let verified = verify(chain, &at, wasm_dir).await?;
    if let Some(path) = out {
        verified.write(path)?;
        story(&format!("written   {}", path.display()));
    }
    let contracts = verified.contracts.iter();
    let mut rows: Vec<_> = contracts
        .map(|contract| (contract.name, contract.told()))
        .collect();
    rows.push(("sources", format!("sha256 {}", verified.build.sources)));
    rows.push(("compiler", verified.build.compiler.clone()));
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
            .hint("check out the sources of the release that was deployed, and build them with scripts/build-wasm")),
        }
}

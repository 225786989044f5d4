//! A transaction that is not mined yet, at a higher fee.

use super::receipt;
use crate::output::answer;
use crate::settings::Settings;
use crate::{Result, show};
use alloy::primitives::B256;

pub(super) async fn run(settings: &Settings, hash: B256, cancel: bool) -> Result<()> {
    let account = settings.account()?;
    let waiting = settings.chain.waiting(account, hash).await?;
    let preview = if cancel {
        format!("taking {hash} back: nothing happens in its place")
    } else {
        format!(
            "offering {hash} again at a higher fee: {} at {}, {} ETH along",
            waiting.call.function,
            waiting.call.to,
            show(waiting.call.value)
        )
    };
    let instead = settings
        .chain
        .replacement(account, &waiting, cancel)
        .await?;
    if !settings.offer(account, &preview, &instead).await? {
        return Ok(());
    }
    let (sent, replaced) = settings.chain.replace(account, &waiting, &instead).await?;
    let done = match (replaced, cancel) {
        (true, true) => format!("{hash} was taken back"),
        (true, false) => format!("{hash} was replaced"),
        (false, _) => format!("{hash} was mined itself"),
    };
    let (value, text) = receipt(&done, &sent);
    answer(settings.json, &value, &text);
    Ok(())
}

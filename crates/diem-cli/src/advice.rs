//! What to try when the chain says no.

/// What helps against a contract's error, by the error's name.
pub(crate) fn on_revert(error: &str) -> Option<&'static str> {
    let name = error.split(['(', ' ']).next().unwrap_or_default();
    Some(match name {
        "SlippageExceeded" => "look at `diem quote` and mint again, or allow more with --slippage",
        "MintCapExceeded" => "mint less: the supply never passes twice the target",
        "MintingPaused" => "wait until the owner lets minting go on",
        "InsufficientUnlocked" => {
            "`diem status` shows what is free; `diem stake` adds to it, `diem burn` unlocks"
        }
        "InsufficientOutstanding" => {
            "`diem status` shows what is outstanding; only who minted can burn"
        }
        "InsufficientStake" => {
            "`diem status` shows the stake; what is leased out comes back when its lease is closed"
        }
        "ERC20InsufficientBalance" => "`diem status` shows the balances",
        "CooldownInProgress" => "`diem withdraw` when it is over",
        "CooldownNotOver" => "wait until then",
        "NothingToClaim" => "wait: rewards grow while sVVV is staked and the reserve lasts",
        "ZeroAmount" => "name a larger amount",
        "ProgramNotActivated" | "ProgramNeedsUpgrade" | "ProgramExpired" => {
            "`diem activate`, which anybody may pay for"
        }
        "BidTooSmall" => "bid more, or leave --bid out to bid the least that wins",
        _ => return None,
    })
}

/// What helps when the node refuses a request without running it.
pub(crate) fn on_message(message: &str) -> Option<&'static str> {
    let message = message.to_ascii_lowercase();
    let broke = ["insufficient funds", "insufficient balance"];
    broke
        .iter()
        .any(|words| message.contains(words))
        .then_some("send ETH for gas to the account that signs, or sign with another key")
}

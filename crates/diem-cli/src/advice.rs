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
            "`diem credit show` tells what tomorrow starts with; what is leased out comes back when \
             its lease is closed"
        }
        "OnlyGateway" | "UnknownGateway" => "`diem gateway list` shows who may settle",
        "NotItsGateway" | "InsufficientCredits" => {
            "`diem credit show` tells the gateway and the allowance of today"
        }
        "NotItsLeaseGateway" | "InsufficientLeaseCredits" | "OnlyLessee" | "LeaseNotOver" => {
            "`diem lease show` tells its lessee, days, gateway and allowance"
        }
        "WrongEpoch" => {
            "only today's credit can be settled; what was not stated by 00:00 UTC is gone"
        }
        "InsufficientGas" => "send it again with the gas that an estimate asks for",
        "OnlyGuardian" | "OwnableUnauthorizedAccount" => {
            "sign with the key of that role, or ask who holds it; where a timelock does: \
             `diem timelock schedule`"
        }
        "ERC20InsufficientBalance" => "`diem status` shows the balances",
        "ERC20InvalidReceiver" | "ERC20InvalidSpender" => "name somebody's account",
        "NonTransferable" => "sVVV stays with who staked; `diem unstake` gives VVV back",
        "CooldownInProgress" => "`diem withdraw` when it is over",
        "CooldownNotOver" => "wait until then",
        "NothingToClaim" => "wait: rewards grow while sVVV is staked and the reserve lasts",
        "ZeroAmount" => "name a larger amount",
        "AmountTooLarge" => "name a smaller amount",
        "EmissionRateTooHigh" => "set a rate within the maximum, which stands for good",
        "InvalidTreasury" => "name an account that is none of the protocol's contracts",
        "ZeroAddress" | "OwnableInvalidOwner" => "name somebody's account",
        "InvalidLeaseTerm" => "lease for 1 to 365 days",
        "UnknownLease" => "`diem lease list` shows the open ones",
        "TooManyGateways" => "`diem gateway list` shows them; no more can ever be registered",
        "NoCooldown" => "`diem unstake` starts a cooldown",
        "AlreadyWired" => "nothing is to be done: it is wired for good",
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
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if says(&["insufficient funds", "insufficient balance"]) {
        Some("send ETH for gas to the account that signs, or sign with another key")
    } else if says(&["out of gas", "gas required exceeds"]) {
        Some("try again: the chain changed between the estimate and the transaction")
    } else {
        None
    }
}

//! Staked DIEM and the daily credit it gives.

mod daily;
mod gateways;
mod stake;

use crate::prelude::*;

fn insufficient(account: Who, remaining: U256, amount: U256) -> IDiem::InsufficientCredits {
    IDiem::InsufficientCredits {
        account: account.address(),
        remaining,
        amount,
    }
}

//! Staked DIEM and the credit lines of accounts.

mod choices;
mod daily;
mod defaults;
mod firm;
mod gateways;
mod settlement;
mod stake;

use crate::prelude::*;

fn insufficient(account: Who, allowance: U256, used: U256) -> IDiem::InsufficientCredits {
    IDiem::InsufficientCredits {
        account: account.address(),
        allowance,
        used,
    }
}

fn not_its(account: Who, gateway: Who) -> IDiem::NotItsGateway {
    IDiem::NotItsGateway {
        account: account.address(),
        gateway: gateway.address(),
    }
}

fn only_gateway(caller: Who) -> IDiem::OnlyGateway {
    IDiem::OnlyGateway {
        caller: caller.address(),
    }
}

fn unknown(gateway: Who) -> IDiem::UnknownGateway {
    IDiem::UnknownGateway {
        gateway: gateway.address(),
    }
}

fn wrong_epoch(epoch: u64, today: u64) -> IDiem::WrongEpoch {
    IDiem::WrongEpoch {
        epoch: U256::from(epoch),
        today: U256::from(today),
    }
}

/// As [`with_staker`], with Rival registered as well.
fn with_two_gateways(world: &World) -> History<'_> {
    let mut h = with_staker(world);
    h.act(register(Rival));
    h
}

/// Gateways of an account's line, today's and the next.
fn gateways_of(h: &History<'_>, account: Who) -> (Option<Who>, Option<Who>) {
    let line = line_of(h, account);
    (Who::of(line.gateway), Who::of(line.nextGateway))
}

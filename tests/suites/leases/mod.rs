//! Leases: part of a daily credit in somebody else's hands, for a term, as a line of its own.

mod day;
mod hands;
mod lines;
mod refusals;
mod terms;

use crate::prelude::*;

/// Alice, who staked 1,000 DIEM, leased 400 dollars a day to Bob.
fn leased(world: &World, epochs: u32) -> History<'_> {
    let mut h = with_staker(world);
    h.act(register(Rival));
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 400 * WAD,
        epochs,
    });
    h
}

/// The lessee chooses who settles the lease's line.
fn choose_for(who: Who, id: u64, gateway: impl Into<Option<Who>>) -> Action {
    ChooseLeaseGateway {
        who,
        id,
        gateway: gateway.into(),
    }
}

fn insufficient(id: u64, allowance: U256, used: u128) -> IDiem::InsufficientLeaseCredits {
    IDiem::InsufficientLeaseCredits {
        id: U256::from(id),
        allowance,
        used: wei(used),
    }
}

fn not_its(id: u64, gateway: Who) -> IDiem::NotItsLeaseGateway {
    IDiem::NotItsLeaseGateway {
        id: U256::from(id),
        gateway: gateway.address(),
    }
}

/// Gateways of a lease's line, today's and the next.
fn gateways_of(h: &History<'_>, id: u64) -> (Option<Who>, Option<Who>) {
    let line = lease_line_of(h, id);
    (Who::of(line.gateway), Who::of(line.nextGateway))
}

//! Leases: part of a daily credit in somebody else's hands, for a term.

mod hands;
mod refusals;
mod terms;

use crate::prelude::*;

fn leased(world: &World, epochs: u32) -> History<'_> {
    let mut h = with_staker(world);
    h.act(Lease {
        who: Alice,
        lessee: Bob,
        amount: 400 * WAD,
        epochs,
    });
    h
}

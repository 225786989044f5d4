//! Payment for memory growth.

use super::context::{Hostio, Reply, Stop};
use crate::pricing::HOST_CALL_INK;
use crate::{Answer, Request};

/// Pays for pages; only the lower 16 bits of the number count.
pub(super) fn pay_for_grow(h: &mut Hostio<'_>, pages: u32) -> Result<(), Stop> {
    let pages = pages as u16;
    if pages == 0 {
        h.buy(HOST_CALL_INK)?;
        h.trace(&[&pages.to_be_bytes()], &[]);
        return Ok(());
    }
    h.ask(Request::AddPages { pages }, move |h, answer| {
        let Answer::Gas(gas) = answer else {
            return Err(Stop::Failure);
        };
        h.buy_gas(gas)?;
        h.trace(&[&pages.to_be_bytes()], &[]);
        Ok(Reply::None)
    })
}

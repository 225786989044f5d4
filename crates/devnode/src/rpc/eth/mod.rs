//! The `eth` namespace.

mod blocks;
mod call;
mod config;
mod fees;
mod filters;
mod nesting;
mod send;
mod sign;
mod simulate;
mod state;
mod subscribe;
mod transactions;

use jsonrpsee::server::RegisterMethodError;

use super::methods::Methods;

pub(super) use call::{estimate, trace_scene};
pub(super) use transactions::locate;

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    blocks::register(methods)?;
    call::register(methods)?;
    config::register(methods)?;
    fees::register(methods)?;
    filters::register(methods)?;
    send::register(methods)?;
    sign::register(methods)?;
    simulate::register(methods)?;
    state::register(methods)?;
    subscribe::register(methods)?;
    transactions::register(methods)
}

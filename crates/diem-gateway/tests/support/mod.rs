//! What the gateway's tests share.

pub(crate) mod folder;
pub(crate) mod kill;
pub(crate) mod postgres;

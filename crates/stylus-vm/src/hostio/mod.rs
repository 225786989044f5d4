//! The host functions a program can import.
//!
//! [`HOST_FUNCTIONS`] is the table of them; each family has a file with the
//! bodies. A body keeps one order: charge, read, act, write, trace. The base
//! price of the table is charged before a body starts.

mod account;
mod call;
mod context;
mod create;
mod crypto;
mod debug;
mod environment;
mod link;
mod log;
mod math;
mod memory;
mod program;
mod storage;
mod table;

pub(crate) use context::{Handles, Host, Hostio, Reply, Stop};
pub(crate) use link::define;
pub(crate) use storage::StorageCache;
pub use table::{CONSOLE, Fidelity, HOST_FUNCTIONS, HostFunction, Type, VM_HOOKS};

//! The WebAssembly side of Arbitrum Stylus, without an EVM.
//!
//! A contract's code is decoded ([`container`]), checked, metered and priced
//! ([`activate()`]), compiled to a [`Program`], and run as an [`Execution`]:
//! a coroutine that yields a [`Request`] whenever it needs the state
//! transition and is resumed with an [`Answer`]. Nothing here knows a
//! database, a call stack or a transaction.

mod activate;
pub mod call_cost;
mod console;
pub mod container;
pub mod data_fee;
mod desk;
mod engine;
mod error;
mod estimate;
mod execution;
pub mod hostio;
mod input;
mod instrument;
pub mod memory;
mod module;
mod outcome;
pub mod params;
pub mod pricing;
mod request;
mod room;
mod trace;
mod validate;

pub use activate::{Activation, ActivationConfig, activate};
pub use engine::{CompileConfig, Program};
pub use error::{ActivationError, ProgramError};
pub use execution::Execution;
pub use input::{RunEnv, RunInput};
pub use outcome::{Finished, HostioRecord, Outcome, Step};
pub use params::StylusParams;
pub use request::{Answer, CallKind, Request};
pub use room::{Room, Shortage};
pub use trace::MAX_TRACE_BYTES;

//! What a transaction did, step by step, in the shapes that clients read.
//!
//! One recorder watches the frames; each tracer is a view of what it saw.

mod always_read;
mod call;
mod config;
mod erc7562;
mod flat;
mod four_byte;
mod frames;
mod hostio_opcodes;
mod op_notes;
mod prestate;
mod recorder;
mod revert_reason;
mod room;
mod runs;
mod struct_log;
mod stylus;
mod transfers;

pub use config::{
    CallConfig, Erc7562Config, FlatConfig, PrestateConfig, StructLogConfig, TraceConfig,
    TraceConfigError,
};
pub use flat::TxPlace;
pub use room::{MAX_TRACE_BYTES, TraceTooLarge};

pub(crate) use self::{
    recorder::{Recorder, Scene},
    room::Room,
    runs::ProgramRun,
    transfers::{Purpose, Transfer},
};

/// Why there is no trace of a transaction that ran.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// It would have taken too much memory.
    #[error(transparent)]
    TooLarge(#[from] TraceTooLarge),
    /// A program's call was refused before it opened a frame: `stylusTracer` cannot show it.
    #[error("trace inconsistency for {hostio}: last opcode is {last}")]
    CallWithoutFrame {
        /// The host function.
        hostio: &'static str,
        /// What the trace shows before it.
        last: String,
    },
}

/// A finished trace, as the JSON that JSON-RPC returns.
pub type Trace = serde_json::Value;

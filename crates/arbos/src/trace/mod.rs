//! What a transaction did, step by step, in the shapes that clients read.
//!
//! One recorder watches the frames; each tracer is a view of what it saw.

mod call;
mod config;
mod four_byte;
mod hostio_opcodes;
mod prestate;
mod recorder;
mod room;
mod runs;
mod struct_log;
mod stylus;

pub use config::{CallConfig, PrestateConfig, StructLogConfig, TraceConfig, TraceConfigError};

pub use room::{MAX_TRACE_BYTES, TraceTooLarge};

pub(crate) use self::{recorder::Recorder, room::Room, runs::ProgramRun};

/// A finished trace, as the JSON that JSON-RPC returns.
pub type Trace = serde_json::Value;

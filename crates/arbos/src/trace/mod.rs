//! What a transaction did, step by step, in the shapes that clients read.

mod config;

pub use config::{CallConfig, PrestateConfig, StructLogConfig, TraceConfig, TraceConfigError};

/// A finished trace, as the JSON that JSON-RPC returns.
pub type Trace = serde_json::Value;

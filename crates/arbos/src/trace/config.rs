//! Which tracer a client asked for.

use serde::Deserialize;
use serde_json::Value;

/// What to record while a transaction runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceConfig {
    /// Opcode by opcode, hostios as synthetic opcodes: the default of `debug_trace*`.
    StructLog(StructLogConfig),
    /// `callTracer`: the tree of frames.
    Call(CallConfig),
    /// `prestateTracer`: accounts before, or before and after.
    Prestate(PrestateConfig),
    /// `stylusTracer`: host functions of Stylus programs.
    Stylus,
    /// `stylusProgramTracer`, our own: what each call of a program cost, in gas and ink.
    Programs,
    /// `4byteTracer`: selectors called with their calldata sizes.
    FourByte,
    /// `noopTracer`: nothing.
    Noop,
}

/// Options of the struct-log tracer, as in geth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StructLogConfig {
    /// Include memory words.
    pub enable_memory: bool,
    /// Leave out the stack.
    pub disable_stack: bool,
    /// Leave out storage.
    pub disable_storage: bool,
    /// Include return data.
    pub enable_return_data: bool,
    /// Stop recording after so many steps; 0 for all.
    pub limit: usize,
}

/// Options of `callTracer`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallConfig {
    /// Leave out inner calls.
    pub only_top_call: bool,
    /// Include logs.
    pub with_log: bool,
}

/// Options of `prestateTracer`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PrestateConfig {
    /// Show what changed, before and after, instead of all that was touched.
    pub diff_mode: bool,
    /// Leave out code.
    pub disable_code: bool,
    /// Leave out storage.
    pub disable_storage: bool,
}

/// The tracer is unknown here, or its options do not parse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraceConfigError {
    /// No such tracer. JavaScript is understood only when it collects host functions.
    #[error(
        "unsupported tracer {0:?}: native tracers are callTracer, prestateTracer, stylusTracer, stylusProgramTracer, 4byteTracer and noopTracer"
    )]
    UnknownTracer(String),
    /// Options that do not fit the tracer.
    #[error("invalid tracer config: {0}")]
    Config(String),
}

impl TraceConfig {
    /// From the options object of `debug_traceTransaction` and `debug_traceCall`
    /// (`tracer`, `tracerConfig`, or struct-log options at its top).
    ///
    /// A `tracer` that is JavaScript source with a `hostio` callback is what cargo-stylus
    /// sends, and gets the native result that its callbacks would build.
    pub fn from_rpc(options: &Value) -> Result<Self, TraceConfigError> {
        let config = options.get("tracerConfig").cloned().unwrap_or(Value::Null);
        match options.get("tracer").and_then(Value::as_str) {
            None | Some("") => Ok(Self::StructLog(parse(options.clone())?)),
            Some("callTracer") => Ok(Self::Call(parse(config)?)),
            Some("prestateTracer") => Ok(Self::Prestate(parse(config)?)),
            Some("stylusTracer") => Ok(Self::Stylus),
            Some("stylusProgramTracer") => Ok(Self::Programs),
            Some("4byteTracer") => Ok(Self::FourByte),
            Some("noopTracer") => Ok(Self::Noop),
            Some(source) if source.trim_start().starts_with('{') && source.contains("hostio") => {
                Ok(Self::Stylus)
            }
            Some(other) => Err(TraceConfigError::UnknownTracer(
                other.chars().take(64).collect(),
            )),
        }
    }
}

fn parse<T: Default + for<'de> Deserialize<'de>>(value: Value) -> Result<T, TraceConfigError> {
    if value.is_null() {
        return Ok(T::default());
    }
    serde_json::from_value(value).map_err(|error| TraceConfigError::Config(error.to_string()))
}

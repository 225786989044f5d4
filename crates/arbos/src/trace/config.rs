//! Which tracer a client asked for.

use alloy_primitives::U64;
use revm::bytecode::opcode;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Trace, TxPlace, flat};

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
    /// `flatCallTracer`: the frames in a row, as Parity listed them.
    Flat(FlatConfig),
    /// `erc7562Tracer`: frames with what bundlers of user operations must know.
    Erc7562(Erc7562Config),
    /// `keccak256PreimageTracer`: what was hashed.
    KeccakPreimages,
    /// `muxTracer`: several tracers at once, by name.
    Mux(Vec<(String, TraceConfig)>),
    /// `noopTracer`: nothing.
    Noop,
}

/// Options of `flatCallTracer`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FlatConfig {
    /// Give errors the names that Parity gave them.
    pub convert_parity_errors: bool,
    /// Show plain calls of precompiles.
    pub include_precompiles: bool,
}

/// Options of `erc7562Tracer`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Erc7562Config {
    /// Opcodes that are not counted; those that only compute, when not given.
    pub ignored_opcodes: Option<Vec<U64>>,
    /// Include logs.
    pub with_log: bool,
}

impl Erc7562Config {
    /// Whether an opcode is not counted.
    pub(super) fn ignores(&self, op: u8) -> bool {
        match &self.ignored_opcodes {
            Some(ignored) => ignored.contains(&U64::from(op)),
            None => (opcode::PUSH0..=opcode::SWAP16).contains(&op) || ONLY_COMPUTES.contains(&op),
        }
    }
}

/// Opcodes that a user operation's validation may always run, besides pushes, copies and swaps.
const ONLY_COMPUTES: [u8; 16] = [
    opcode::POP,
    opcode::ADD,
    opcode::SUB,
    opcode::MUL,
    opcode::DIV,
    opcode::EQ,
    opcode::LT,
    opcode::GT,
    opcode::SLT,
    opcode::SGT,
    opcode::SHL,
    opcode::SHR,
    opcode::AND,
    opcode::OR,
    opcode::NOT,
    opcode::ISZERO,
];

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
    /// No such tracer: geth takes the name for JavaScript, and says what its engine says of it.
    #[error("ReferenceError: {0} is not defined at <eval>:1:2(0)")]
    UnknownTracer(String),
    /// JavaScript, which is understood only when it collects host functions.
    #[error(
        "JavaScript tracers are not supported: use callTracer, flatCallTracer, prestateTracer, stylusTracer, stylusProgramTracer, 4byteTracer, erc7562Tracer, keccak256PreimageTracer, muxTracer or noopTracer"
    )]
    JavaScript,
    /// A tracer that cannot be one of several.
    #[error("tracer not found")]
    NotInMux,
    /// A time limit that is no duration.
    #[error("time: invalid duration {0:?}")]
    Timeout(String),
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
        check_timeout(options.get("timeout"))?;
        let config = options.get("tracerConfig").cloned().unwrap_or(Value::Null);
        match options.get("tracer").and_then(Value::as_str) {
            None | Some("") => Ok(Self::StructLog(parse(options.clone())?)),
            Some(source) if source.trim_start().starts_with('{') && source.contains("hostio") => {
                Ok(Self::Stylus)
            }
            Some(name) => Self::named(name, config)?.ok_or_else(|| unknown(name)),
        }
    }

    fn named(name: &str, config: Value) -> Result<Option<Self>, TraceConfigError> {
        Ok(Some(match name {
            "callTracer" => Self::Call(parse(config)?),
            "prestateTracer" => Self::Prestate(parse(config)?),
            "flatCallTracer" => Self::Flat(parse(config)?),
            "erc7562Tracer" => Self::Erc7562(parse(config)?),
            "keccak256PreimageTracer" => Self::KeccakPreimages,
            "muxTracer" => {
                let tracers: Map<String, Value> = parse(config)?;
                let tracers = tracers.into_iter().map(|(name, config)| {
                    let tracer = Self::named(&name, config)?;
                    Ok((name, tracer.ok_or(TraceConfigError::NotInMux)?))
                });
                Self::Mux(tracers.collect::<Result<_, _>>()?)
            }
            "stylusTracer" => Self::Stylus,
            "stylusProgramTracer" => Self::Programs,
            "4byteTracer" => Self::FourByte,
            "noopTracer" => Self::Noop,
            _ => return Ok(None),
        }))
    }

    /// Whether any of the tracers is one that `wanted` names.
    pub(super) fn any(&self, wanted: &dyn Fn(&Self) -> bool) -> bool {
        match self {
            Self::Mux(tracers) => tracers.iter().any(|(_, tracer)| tracer.any(wanted)),
            tracer => wanted(tracer),
        }
    }

    /// Writes into a trace where its transaction stands in the chain, if the tracer shows that.
    pub fn place(&self, trace: &mut Trace, place: &TxPlace) {
        match self {
            Self::Flat(_) => flat::place(trace, place),
            Self::Mux(tracers) => {
                for (name, tracer) in tracers {
                    if let Some(trace) = trace.get_mut(name) {
                        tracer.place(trace, place);
                    }
                }
            }
            _ => {}
        }
    }
}

fn unknown(name: &str) -> TraceConfigError {
    let is_name = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "_$".contains(letter));
    if is_name && name.len() <= 64 {
        TraceConfigError::UnknownTracer(name.into())
    } else {
        TraceConfigError::JavaScript
    }
}

/// A time limit is read as Go reads it, and then not needed: room in memory and the gas cap end a
/// trace, at the same place on every machine.
fn check_timeout(timeout: Option<&Value>) -> Result<(), TraceConfigError> {
    let text = match timeout {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(text)) => text,
        Some(other) => return Err(TraceConfigError::Config(format!("timeout: {other}"))),
    };
    if is_duration(text) {
        Ok(())
    } else {
        Err(TraceConfigError::Timeout(text.chars().take(64).collect()))
    }
}

/// Whether a text is a duration of Go's: an optional sign, then numbers with units; or a bare 0.
fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let (number, after) = split(rest, |letter| letter.is_ascii_digit() || letter == '.');
        let (unit, after) = split(after, |letter| !letter.is_ascii_digit() && letter != '.');
        let is_number = number.parse::<f64>().is_ok();
        let is_unit = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"].contains(&unit);
        if !is_number || !is_unit {
            return false;
        }
        rest = after;
    }
    true
}

/// The part of a text whose letters fit, and what follows.
fn split(text: &str, fits: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|letter| !fits(letter)).unwrap_or(text.len()))
}

fn parse<T: Default + for<'de> Deserialize<'de>>(value: Value) -> Result<T, TraceConfigError> {
    if value.is_null() {
        return Ok(T::default());
    }
    serde_json::from_value(value).map_err(|error| TraceConfigError::Config(error.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for right in ["5s", "1h30m", "-1.5h", "300ms", "0", "+2us", ".5s", "1.s"] {
            assert!(is_duration(right), "{right}");
        }
        for wrong in ["", "5", "s", "five", "5 s", "1d", "-", "1s2", ".s", "5S"] {
            assert!(!is_duration(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_tracer_nobody_knows_is_no_reference_and_a_script_is_not_run() {
        let error = |tracer: &str| {
            TraceConfig::from_rpc(&json!({ "tracer": tracer }))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            error("gasDimensionLogger"),
            "ReferenceError: gasDimensionLogger is not defined at <eval>:1:2(0)"
        );
        for script in ["{ step: function() {} }", "a b", &"x".repeat(65)] {
            assert!(error(script).starts_with("JavaScript tracers"), "{script}");
        }
        let mux = |tracers: Value| {
            TraceConfig::from_rpc(&json!({ "tracer": "muxTracer", "tracerConfig": tracers }))
        };
        assert_eq!(
            mux(json!({ "nobody": {} })),
            Err(TraceConfigError::NotInMux)
        );
        assert_eq!(mux(json!({})), Ok(TraceConfig::Mux(Vec::new())));
        assert!(mux(json!(["callTracer"])).is_err());
    }

    #[test]
    fn a_timeout_must_be_a_duration() {
        let timeout = |timeout: Value| TraceConfig::from_rpc(&json!({ "timeout": timeout }));
        assert!(timeout(json!("10s")).is_ok() && timeout(Value::Null).is_ok());
        assert_eq!(
            timeout(json!("soon")).unwrap_err().to_string(),
            "time: invalid duration \"soon\""
        );
        assert!(timeout(json!(5)).is_err());
    }
}

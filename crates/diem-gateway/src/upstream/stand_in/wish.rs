//! How a request wants to be answered.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The request's field `stand_in`. Whatever is left out is as a quick, sound server does it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wish {
    /// Milliseconds before anything is answered.
    pub delay_ms: u64,
    /// Milliseconds before each piece of a stream.
    pub between_ms: u64,
    /// Words of the answer, where no limit comes first. 12 where not said.
    pub words: Option<u64>,
    /// Tokens of the prompt that count as cached.
    pub cached: Option<u64>,
    /// Say nothing of usage.
    pub without_usage: bool,
    /// Say this usage, whatever was written.
    pub usage: Option<Value>,
    /// Break the connection off after so many pieces; in the middle, where the answer is whole.
    pub break_after: Option<usize>,
    /// Answer with this status and nothing else.
    pub status: Option<u16>,
}

impl Wish {
    /// What the body asks for.
    pub(super) fn read(body: &Map<String, Value>) -> Result<Self, serde_json::Error> {
        body.get("stand_in").map_or_else(
            || Ok(Self::default()),
            |wish| serde_json::from_value(wish.clone()),
        )
    }
}

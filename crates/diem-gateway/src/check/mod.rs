//! What is missing before the gateway can serve, and whether journal and chain agree afterwards.

mod audit;
mod machine;
mod trade;

use std::fmt;

pub use audit::{Settled, audit, settled};

use crate::{
    chain::{ChainError, Node},
    config::Config,
};

/// How it is with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// It serves all the same, and somebody should know.
    Note,
    /// It cannot serve so.
    Bad,
}

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// With the values, and what to do where something is to be done.
    pub told: String,
}

impl Finding {
    fn new(what: &'static str, verdict: Verdict, told: impl Into<String>) -> Self {
        Self {
            what,
            verdict,
            told: told.into(),
        }
    }

    fn good(what: &'static str, told: impl Into<String>) -> Self {
        Self::new(what, Verdict::Good, told)
    }

    fn note(what: &'static str, told: impl Into<String>) -> Self {
        Self::new(what, Verdict::Note, told)
    }

    fn bad(what: &'static str, told: impl Into<String>) -> Self {
        Self::new(what, Verdict::Bad, told)
    }
}

/// `ok    registered     0x… settles for whoever chose it`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.verdict {
            Verdict::Good => "ok",
            Verdict::Note => "note",
            Verdict::Bad => "BAD",
        };
        write!(f, "{mark:5} {:14} {}", self.what, self.told)
    }
}

/// Looks at everything, and goes on where something is bad.
pub async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let place = &config.place;
    match Node::connect(&place.rpc, place.timeout, place.chain_id).await {
        Ok(node) => {
            let told = format!("{} is of chain {}", node.origin(), node.id());
            findings.push(Finding::good("node", told));
            machine::look(&node, config, &mut findings).await;
        }
        Err(error) => findings.push(Finding::bad("node", error.to_string())),
    }
    trade::look(config, &mut findings).await;
    findings
}

/// The finding, or that it could not be had.
fn had(what: &'static str, finding: Result<Finding, ChainError>) -> Finding {
    finding.unwrap_or_else(|error| Finding::bad(what, error.to_string()))
}

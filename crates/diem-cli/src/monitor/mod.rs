//! What an operator has to know of a live system: each check a line with a level, a figure and
//! what to do. docs/monitoring.md tells of each.

mod books;
mod checks;
mod metrics;
mod serve;

pub use books::Books;
pub use metrics::exposition;
pub use serve::serve;

use crate::Result;
use crate::chain::Chain;
use crate::deployment::Deployment;
use serde::Serialize;

/// How urgent a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Somebody should look within days.
    Warning,
    /// Somebody must act.
    Alert,
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Name of the check, one of docs/monitoring.md.
    pub check: &'static str,
    /// Of what: a contract's name or an account.
    pub subject: String,
    /// How urgent.
    pub level: Level,
    /// The figure that was judged, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
    /// What was found, in words.
    pub told: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
}

/// A figure for dashboards, not for accounts: what is exact is in the words.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// How much.
    pub value: f64,
    /// Of what: `days`, `seconds`, `ether`, `tokens`, or `count`.
    pub unit: &'static str,
}

/// All findings of one look, the most urgent first.
#[derive(Clone, Debug, Serialize)]
pub struct Look {
    /// Block at which was looked.
    pub block: u64,
    /// The most urgent level found.
    pub level: Level,
    /// What each check found.
    pub findings: Vec<Finding>,
}

/// Looks once. `books` go on from where they were, so that a repeated look reads only what is new.
///
/// # Errors
/// The node does not answer, which is worth an alarm of its own.
pub async fn look(chain: &Chain, at: &Deployment, devnet: bool, books: &mut Books) -> Result<Look> {
    let head = books.read(chain, at).await?;
    let mut findings = checks::all(chain, at, devnet, books, head).await?;
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let level = findings.first().map_or(Level::Ok, |finding| finding.level);
    Ok(Look {
        block: head.number,
        level,
        findings,
    })
}

impl Finding {
    fn new(check: &'static str, subject: impl ToString, told: impl Into<String>) -> Self {
        Self {
            check,
            subject: subject.to_string(),
            level: Level::Ok,
            figure: None,
            told: told.into(),
            advice: None,
        }
    }

    fn figure(mut self, value: f64, unit: &'static str) -> Self {
        self.figure = Some(Figure { value, unit });
        self
    }

    /// Raises the level where something is as it should not be.
    fn raise(mut self, wrong: bool, level: Level, advice: &'static str) -> Self {
        if wrong && level > self.level {
            self.level = level;
            self.advice = Some(advice);
        }
        self
    }
}

impl Level {
    /// For people.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Alert => "ALERT",
        }
    }
}

//! What a history did, counted.

use crate::action::Action;
use crate::history::History;
use crate::model::DAY;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Counts of one history.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Acts that the contracts took, by their names.
    pub taken: BTreeMap<String, u64>,
    /// Acts that they refused, by the error's name.
    pub refused: BTreeMap<String, u64>,
    /// Acts in the same second as the act before.
    pub same_second: u64,
    /// Acts within a second of midnight.
    pub at_midnight: u64,
    /// Seconds from the first to the last step.
    pub seconds: u64,
    began: Option<u64>,
    last: Option<u64>,
}

impl Figures {
    /// Counts a step that `h` has just done. The passing of time is no act.
    pub fn count(&mut self, action: &Action, h: &History<'_>) {
        let now = h.model.now;
        self.seconds = now - *self.began.get_or_insert(now);
        if matches!(action, Action::Wait { .. }) {
            return;
        }
        let entry = match h.refusal() {
            None => self.taken.entry(action.name()).or_default(),
            Some(error) => self.refused.entry(error.to_owned()).or_default(),
        };
        *entry += 1;
        self.same_second += u64::from(self.last == Some(now));
        self.at_midnight += u64::from((now + 1) % DAY <= 2);
        self.last = Some(now);
    }

    /// Acts in all. Each is asked by `eth_call` first, and then sent: two calls.
    pub fn acts(&self) -> u64 {
        self.taken() + self.refused()
    }

    /// Acts that the contracts took.
    pub fn taken(&self) -> u64 {
        self.taken.values().sum()
    }

    /// Acts that they refused.
    pub fn refused(&self) -> u64 {
        self.refused.values().sum()
    }

    /// A line of a record.
    pub fn line(&self, target: &str, seed: u64, steps: u64) -> Value {
        json!({
            "target": target,
            "seed": seed,
            "steps": steps,
            "acts": self.acts(),
            "refusals": self.refused(),
            "sameSecond": self.same_second,
            "atMidnight": self.at_midnight,
            "days": self.seconds / DAY,
            "taken": self.taken,
            "refused": self.refused,
        })
    }
}

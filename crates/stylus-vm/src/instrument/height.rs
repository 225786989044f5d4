//! The highest the operand stack of a function can get, by a linear scan.

use super::costs::Effect;

/// Height of the operand stack while scanning a body.
///
/// Deliberately simple: heights do not reset after unconditional branches, and
/// popping an empty stack leaves it empty.
#[derive(Debug)]
pub(super) struct Height {
    now: u32,
    worst: u32,
    scopes: Vec<u32>,
}

impl Height {
    /// A body's outermost scope is open from the start.
    pub(super) fn new() -> Self {
        Self {
            now: 0,
            worst: 0,
            scopes: vec![0],
        }
    }

    pub(super) fn worst(&self) -> u32 {
        self.worst
    }

    pub(super) fn push(&mut self, count: u32) {
        self.now = self.now.saturating_add(count);
        self.worst = self.worst.max(self.now);
    }

    pub(super) fn pop(&mut self, count: u32) {
        self.now = self.now.saturating_sub(count);
    }

    pub(super) fn apply(&mut self, effect: Effect) {
        match effect {
            Effect::Flat(pushes, pops) => {
                self.push(pushes);
                self.pop(pops);
            }
            Effect::Open(first, pushes, pops) => {
                self.pop(first);
                self.push(pushes);
                self.pop(pops);
                self.scopes.push(self.now);
            }
            Effect::Reset => self.now = self.scopes.last().copied().unwrap_or(0),
            Effect::Close => self.now = self.scopes.pop().unwrap_or(0),
        }
    }
}

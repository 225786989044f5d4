//! The states of the most recent blocks.

use std::collections::VecDeque;

use crate::state::View;

/// States after each of the last blocks, newest last. Never empty.
#[derive(Clone, Debug)]
pub struct History {
    views: VecDeque<View>,
    /// Block that the oldest view belongs to.
    oldest: u64,
    depth: usize,
}

impl History {
    /// Starts at block 0 and keeps the state of `depth` blocks, at least one.
    pub fn new(genesis: View, depth: usize) -> Self {
        Self {
            views: VecDeque::from([genesis]),
            oldest: 0,
            depth: depth.max(1),
        }
    }

    /// State after the newest block, later edits included.
    pub fn head(&self) -> &View {
        // `views` starts with one element and only ever loses one after gaining one.
        self.views
            .back()
            .unwrap_or_else(|| unreachable!("history is never empty"))
    }

    /// The newest state, for an edit.
    pub fn head_mut(&mut self) -> &mut View {
        self.views
            .back_mut()
            .unwrap_or_else(|| unreachable!("history is never empty"))
    }

    /// State after block `number`, while it is remembered.
    pub fn at(&self, number: u64) -> Option<&View> {
        let index = usize::try_from(number.checked_sub(self.oldest)?).ok()?;
        self.views.get(index)
    }

    /// Appends the state after the next block.
    pub fn push(&mut self, view: View) {
        self.views.push_back(view);
        if self.views.len() > self.depth {
            self.views.pop_front();
            self.oldest += 1;
        }
    }
}

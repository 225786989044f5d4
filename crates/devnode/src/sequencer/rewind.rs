//! Going back: to snapshots, and to the genesis.

use super::{Sequencer, Wishes};
use crate::{chain::Event, clock::Setting, store::StoreError};

/// What a snapshot brings back besides the chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    clock: Setting,
    wishes: Wishes,
}

impl Sequencer {
    /// Takes a snapshot and returns its id.
    pub fn snapshot(&mut self) -> Result<u64, StoreError> {
        let id = self.parts.chain.read().next_snapshot();
        self.commit(&Event::Snapshot)?;
        let moment = Moment {
            clock: self.parts.clock.setting(),
            wishes: *self.parts.wishes.lock(),
        };
        self.moments.push((id, moment));
        Ok(id)
    }

    /// Goes back to a snapshot and uses it up, with all later ones; false when there is none.
    /// Waiting transactions are dropped; clock and wishes go back to how they were.
    pub fn revert(&mut self, id: u64) -> Result<bool, StoreError> {
        if !self.parts.chain.read().has_snapshot(id) {
            return Ok(false);
        }
        self.drop_all();
        self.commit(&Event::Revert { id })?;
        if let Some((_, moment)) = self.moments.iter().find(|(known, _)| *known == id) {
            self.parts.clock.restore(moment.clock);
            *self.parts.wishes.lock() = moment.wishes;
        }
        self.moments.retain(|(known, _)| *known < id);
        Ok(true)
    }

    /// Goes back to the genesis. Snapshots and waiting transactions are gone, the clock goes with
    /// the wall again; how blocks are made stays.
    pub fn reset(&mut self) -> Result<(), StoreError> {
        self.drop_all();
        self.commit(&Event::Reset)?;
        self.moments.clear();
        self.parts.clock.restore(Setting::default());
        *self.parts.wishes.lock() = Wishes::default();
        Ok(())
    }
}

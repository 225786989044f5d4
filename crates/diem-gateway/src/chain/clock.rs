//! Midnight by two clocks, as a function of what was read: no node, no wall clock.

use crate::line::Epoch;

/// Seconds of an epoch.
const DAY: u64 = diem_math::epoch::EPOCH_SECONDS;

/// How careful to be around midnight. All in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Nothing is admitted in the last so many seconds of an epoch.
    pub cut_off: u64,
    /// How much a pending read may be ahead of the blocks to come.
    pub skew: u64,
    /// How long to go on without an answer of the node.
    pub patience: u64,
    /// Whether the machine's clock counts. Not on devnets, whose clock is moved at will.
    pub machine_counts: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            cut_off: 60,
            skew: 2,
            patience: 300,
            machine_counts: true,
        }
    }
}

/// What was read, and how long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Readings {
    /// Time of the latest block, in seconds since 1970.
    pub(super) latest: u64,
    /// Time of the block to come, as the node would have it.
    pub(super) pending: u64,
    /// Seconds since both were read.
    pub(super) age: u64,
    /// The machine's clock now, in seconds since 1970.
    pub(super) machine: u64,
    /// Whether the gateway was registered when last asked.
    pub(super) allowed: bool,
}

/// Whether requests are admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// They are.
    Open,
    /// The epoch is in its last seconds; what is open is being settled.
    CutOff,
    /// Midnight has passed by one clock, and nothing of the new epoch stands yet.
    NotBegun,
    /// The node has not answered for longer than the rules allow.
    OutOfReach,
    /// The gateway is not registered, or was revoked: it could settle nothing.
    Revoked,
}

/// What the clocks say. Times in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The last epoch that has begun for certain.
    pub epoch: Epoch,
    /// The time by the clock that is ahead.
    pub now: u64,
    /// From then on nothing is admitted in `epoch`.
    pub cut_off: u64,
    /// 00:00 UTC, when the next epoch begins.
    pub resets_at: u64,
    /// Whether requests are admitted.
    pub gate: Gate,
}

impl Clock {
    /// Whether a request may be admitted in `epoch` now.
    #[must_use]
    pub fn admits(&self) -> bool {
        self.gate == Gate::Open
    }

    /// Seconds until it is worth asking again; at least 1, and `None` while open.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        (!self.admits()).then(|| self.resets_at.saturating_sub(self.now).max(1))
    }

    /// Whether the epoch is in its last seconds, or over: what is open must be stated with what is committed.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.now >= self.cut_off
    }
}

/// What these readings say under these rules.
pub(super) fn tell(rules: Rules, read: Readings) -> Clock {
    // A block that stands has begun its epoch for good; a block to come may still get an earlier time, by the skew.
    let begun = read.latest.max(read.pending.saturating_sub(rules.skew)) / DAY;
    let chain = read.latest.max(read.pending).saturating_add(read.age);
    let now = if rules.machine_counts {
        chain.max(read.machine)
    } else {
        chain
    };
    let resets_at = (begun + 1) * DAY;
    let cut_off = resets_at.saturating_sub(rules.cut_off);
    let gate = if !read.allowed {
        Gate::Revoked
    } else if read.age > rules.patience {
        Gate::OutOfReach
    } else if now >= resets_at {
        Gate::NotBegun
    } else if now >= cut_off {
        Gate::CutOff
    } else {
        Gate::Open
    };
    Clock {
        // Past the year 11 million there is no epoch to tell.
        epoch: Epoch::try_from(begun).unwrap_or(Epoch::MAX),
        now,
        cut_off,
        resets_at,
        gate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT: u64 = 20_000 * DAY;

    fn at(latest: u64, pending: u64, machine: u64) -> Clock {
        tell(
            Rules::default(),
            Readings {
                latest,
                pending,
                age: 0,
                machine,
                allowed: true,
            },
        )
    }

    #[test]
    fn the_cut_off_goes_by_the_clock_that_is_ahead() {
        let noon = MIDNIGHT - DAY / 2;
        assert_eq!(at(noon, noon, MIDNIGHT - 61).gate, Gate::Open);
        assert_eq!(at(noon, noon, MIDNIGHT - 60).gate, Gate::CutOff);
        assert_eq!(at(noon, MIDNIGHT - 60, noon).gate, Gate::CutOff);
        assert_eq!(at(noon, MIDNIGHT - 60, noon).retry_after(), Some(60));
    }

    #[test]
    fn nothing_is_admitted_in_an_epoch_that_only_the_machine_has_begun() {
        let clock = at(MIDNIGHT - 5, MIDNIGHT - 1, MIDNIGHT + 3);
        assert_eq!((clock.epoch, clock.gate), (19_999, Gate::NotBegun));
        assert_eq!(clock.retry_after(), Some(1));
    }

    #[test]
    fn an_idle_chain_begins_its_epoch_by_a_pending_read_after_the_skew() {
        let evening = MIDNIGHT - 3_600;
        assert_eq!(at(evening, MIDNIGHT + 1, MIDNIGHT + 1).gate, Gate::NotBegun);
        let clock = at(evening, MIDNIGHT + 2, MIDNIGHT + 2);
        assert_eq!((clock.epoch, clock.gate), (20_000, Gate::Open));
    }

    #[test]
    fn a_block_begins_its_epoch_at_once() {
        let clock = at(MIDNIGHT, MIDNIGHT, MIDNIGHT - 1);
        assert_eq!((clock.epoch, clock.gate), (20_000, Gate::Open));
    }

    #[test]
    fn a_reading_grows_old_towards_the_cut_off_and_past_patience() {
        let read = Readings {
            latest: MIDNIGHT - 100,
            pending: MIDNIGHT - 100,
            age: 40,
            machine: 0,
            allowed: true,
        };
        assert_eq!(tell(Rules::default(), read).gate, Gate::CutOff);
        let old = Readings {
            latest: MIDNIGHT,
            pending: MIDNIGHT,
            age: 301,
            ..read
        };
        assert_eq!(tell(Rules::default(), old).gate, Gate::OutOfReach);
    }

    #[test]
    fn a_devnets_clock_need_not_agree_with_the_machines() {
        let rules = Rules {
            machine_counts: false,
            ..Rules::default()
        };
        let read = Readings {
            latest: 5 * DAY,
            pending: 5 * DAY,
            age: 0,
            machine: MIDNIGHT,
            allowed: true,
        };
        assert_eq!(tell(rules, read).gate, Gate::Open);
        assert_eq!(tell(Rules::default(), read).gate, Gate::NotBegun);
    }

    #[test]
    fn a_revoked_gateway_admits_nothing() {
        let read = Readings {
            latest: MIDNIGHT,
            pending: MIDNIGHT,
            age: 0,
            machine: MIDNIGHT,
            allowed: false,
        };
        assert_eq!(tell(Rules::default(), read).gate, Gate::Revoked);
    }
}

//! Credit lines, pure: what they hold, how an epoch changes them, and how they are packed.
//!
//! A line is true for its `epoch`; [`Line::roll`] and [`LeaseLine::roll`] bring it to
//! today, which every act does first. A change that waits for the next epoch stands in a
//! second word, and counts only where the line's flag says that it was made in the line's
//! epoch: so settling, the frequent act, neither reads nor clears that word in most epochs.
//!
//! An account's words:
//!
//! | word | bits | content |
//! | --- | --- | --- |
//! | 0 | 0..91 | allowance of the epoch below, dollars |
//! | | 91..182 | used of it, in all |
//! | | 182..206 | epoch |
//! | | 206..230 | number of the gateway; see `gateways` |
//! | | 230 | whether word 1 holds a change that was made in that epoch |
//! | 1 | 0..91 | leaving: what the allowance falls by in the next epoch; void without the flag |
//! | | 91..182 | DIEM in the cooldown bucket |
//! | | 182..222 | when the bucket opens, seconds |
//! | | 222..246 | number of the next gateway, 0 for no change; void without the flag |
//! | 2 | 0..91 | leased out, dollars a day |
//!
//! The word of a lease's line: dollars a day (0..91), used (91..182), epoch (182..206), the
//! epoch after the last (206..230), gateway (230..254), whether the lease's word 1 holds a
//! gateway chosen in that epoch (254), whether that epoch is the opening one (255).

use crate::storage::{AMOUNT_BITS, EPOCH_BITS, NUMBER_BITS, TIME_BITS};
use alloy_primitives::U256;
use contract_kit::word::{at, field, from_u128, low, max};

const USED_AT: usize = AMOUNT_BITS;
const EPOCH_AT: usize = USED_AT + AMOUNT_BITS;
const GATEWAY_AT: usize = EPOCH_AT + EPOCH_BITS;
const CHANGED_BIT: usize = GATEWAY_AT + NUMBER_BITS;

const COOLING_AT: usize = AMOUNT_BITS;
const BUCKET_END_AT: usize = COOLING_AT + AMOUNT_BITS;
const NEXT_AT: usize = BUCKET_END_AT + TIME_BITS;

const LEASE_END_AT: usize = EPOCH_AT + EPOCH_BITS;
const LEASE_GATEWAY_AT: usize = LEASE_END_AT + EPOCH_BITS;
const LEASE_CHANGED_BIT: usize = LEASE_GATEWAY_AT + NUMBER_BITS;
const OPENING_BIT: usize = LEASE_CHANGED_BIT + 1;
const _: () = assert!(OPENING_BIT == 255 && NEXT_AT + NUMBER_BITS <= 256);

/// The number of a line's gateway, see `gateways`.
pub(crate) type Number = u32;
/// Nobody was ever chosen: the line follows the default.
pub(crate) const NEVER_CHOSE: Number = 0;

/// Takes a statement that `total` was used in all, within `allowance`. Gives back whether
/// it is news; nothing when it is too much.
#[inline(never)]
fn state(used: &mut u128, allowance: u128, total: U256) -> Option<bool> {
    if total > from_u128(allowance) {
        return None;
    }
    let news = low(total) > *used;
    if news {
        *used = low(total);
    }
    Some(news)
}

/// Word 0 of an account: its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Dollars of `epoch`.
    pub(crate) allowance: u128,
    /// Used of them, in all; never more than the allowance.
    pub(crate) used: u128,
    /// The epoch of which all this is true.
    pub(crate) epoch: u64,
    /// Who settles it.
    pub(crate) gateway: Number,
    /// Whether a change of `epoch` waits in word 1.
    pub(crate) changed: bool,
}

impl Line {
    pub(crate) fn unpack(word: U256) -> Self {
        Self {
            allowance: field(word, 0, AMOUNT_BITS),
            used: field(word, USED_AT, AMOUNT_BITS),
            epoch: field(word, EPOCH_AT, EPOCH_BITS) as u64,
            gateway: field(word, GATEWAY_AT, NUMBER_BITS) as Number,
            changed: word.bit(CHANGED_BIT),
        }
    }

    /// Every field fits: amounts of DIEM by the curve's cap, epochs by the calendar.
    pub(crate) fn pack(&self) -> U256 {
        from_u128(self.allowance)
            | at(self.used, USED_AT)
            | at(u128::from(self.epoch) & max(EPOCH_BITS), EPOCH_AT)
            | at(u128::from(self.gateway), GATEWAY_AT)
            | at(u128::from(self.changed), CHANGED_BIT)
    }

    /// Brings the line to `today`. `waiting` is asked only where a change waits.
    pub(crate) fn roll(&mut self, today: u64, waiting: impl FnOnce() -> Waiting) {
        if self.epoch == today {
            return;
        }
        if self.changed {
            let waiting = waiting();
            self.allowance = self.allowance.saturating_sub(waiting.leaving);
            if waiting.next != NEVER_CHOSE {
                self.gateway = waiting.next;
            }
            self.changed = false;
        }
        self.used = 0;
        self.epoch = today;
    }

    /// Takes a statement; see [`state`].
    pub(crate) fn state(&mut self, total: U256) -> Option<bool> {
        state(&mut self.used, self.allowance, total)
    }

    /// Lets `gateway` settle the line, at once where there is no allowance today; gives back
    /// whether it was at once.
    pub(crate) fn choose(&mut self, waiting: &mut Waiting, gateway: Number) -> bool {
        if self.allowance == 0 {
            // Nothing can be leaving, so nothing else waits.
            self.gateway = gateway;
            self.changed = false;
            return true;
        }
        if gateway == self.gateway {
            waiting.next = NEVER_CHOSE;
        } else {
            waiting.next = gateway;
            self.changed = true;
        }
        false
    }

    /// What the next epoch starts with.
    pub(crate) const fn next_allowance(&self, waiting: &Waiting) -> u128 {
        self.allowance.saturating_sub(waiting.leaving)
    }

    /// Who settles the line in the next epoch.
    pub(crate) const fn next_gateway(&self, waiting: &Waiting) -> Number {
        if waiting.next == NEVER_CHOSE {
            self.gateway
        } else {
            waiting.next
        }
    }
}

/// Word 1 of an account: what waits, and the cooldown bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// What the allowance falls by in the next epoch.
    pub(crate) leaving: u128,
    /// DIEM in the bucket.
    pub(crate) cooling: u128,
    /// When the bucket opens, seconds; 0 when it is empty.
    pub(crate) end: u64,
    /// The next gateway; 0 for no change.
    pub(crate) next: Number,
}

impl Waiting {
    pub(crate) fn unpack(word: U256) -> Self {
        Self {
            leaving: field(word, 0, AMOUNT_BITS),
            cooling: field(word, COOLING_AT, AMOUNT_BITS),
            end: field(word, BUCKET_END_AT, TIME_BITS) as u64,
            next: field(word, NEXT_AT, NUMBER_BITS) as Number,
        }
    }

    pub(crate) fn pack(&self) -> U256 {
        from_u128(self.leaving)
            | at(self.cooling, COOLING_AT)
            | at(u128::from(self.end) & max(TIME_BITS), BUCKET_END_AT)
            | at(u128::from(self.next), NEXT_AT)
    }

    /// Forgets a change of an older epoch.
    pub(crate) const fn forget(&mut self) {
        self.leaving = 0;
        self.next = NEVER_CHOSE;
    }
}

/// The line of a lease.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeaseLine {
    /// Dollars a day.
    pub(crate) amount: u128,
    /// Used in `epoch`, in all.
    pub(crate) used: u128,
    /// The epoch of which `used` and `gateway` are true.
    pub(crate) epoch: u64,
    /// The epoch after the last.
    pub(crate) end: u64,
    /// Who settles it.
    pub(crate) gateway: Number,
    /// Whether a gateway that was chosen in `epoch` waits in the lease's word 1.
    pub(crate) changed: bool,
    /// Whether `epoch` is the one in which the lease was opened.
    pub(crate) opening: bool,
}

impl LeaseLine {
    /// The line of a lease of `amount`, opened in epoch `today` for the `epochs` after it.
    pub(crate) const fn open(amount: u128, today: u64, epochs: u32) -> Self {
        Self {
            amount,
            used: 0,
            epoch: today,
            end: today.saturating_add(1).saturating_add(epochs as u64),
            gateway: NEVER_CHOSE,
            changed: false,
            opening: true,
        }
    }

    pub(crate) fn unpack(word: U256) -> Self {
        Self {
            amount: field(word, 0, AMOUNT_BITS),
            used: field(word, USED_AT, AMOUNT_BITS),
            epoch: field(word, EPOCH_AT, EPOCH_BITS) as u64,
            end: field(word, LEASE_END_AT, EPOCH_BITS) as u64,
            gateway: field(word, LEASE_GATEWAY_AT, NUMBER_BITS) as Number,
            changed: word.bit(LEASE_CHANGED_BIT),
            opening: word.bit(OPENING_BIT),
        }
    }

    pub(crate) fn pack(&self) -> U256 {
        from_u128(self.amount)
            | at(self.used, USED_AT)
            | at(u128::from(self.epoch) & max(EPOCH_BITS), EPOCH_AT)
            | at(u128::from(self.end) & max(EPOCH_BITS), LEASE_END_AT)
            | at(u128::from(self.gateway), LEASE_GATEWAY_AT)
            | at(u128::from(self.changed), LEASE_CHANGED_BIT)
            | at(u128::from(self.opening), OPENING_BIT)
    }

    /// Brings the line to `today`. `next` is asked only where a choice waits.
    pub(crate) fn roll(&mut self, today: u64, next: impl FnOnce() -> Number) {
        if self.epoch == today {
            return;
        }
        if self.changed {
            self.gateway = next();
            self.changed = false;
        }
        self.used = 0;
        self.epoch = today;
        self.opening = false;
    }

    /// Dollars of `epoch`.
    pub(crate) const fn allowance(&self) -> u128 {
        if self.opening || self.epoch >= self.end {
            0
        } else {
            self.amount
        }
    }

    /// Dollars of the epoch after.
    pub(crate) const fn next_allowance(&self) -> u128 {
        if self.epoch + 1 < self.end {
            self.amount
        } else {
            0
        }
    }

    /// Takes a statement; see [`state`].
    pub(crate) fn state(&mut self, total: U256) -> Option<bool> {
        let allowance = self.allowance();
        state(&mut self.used, allowance, total)
    }

    /// Lets `gateway` settle the line: at once, when this gives back true, else from the
    /// next epoch on, by the word beside it.
    pub(crate) fn choose(&mut self, gateway: Number) -> bool {
        let at_once = self.allowance() == 0;
        if at_once {
            self.gateway = gateway;
        }
        // Naming today's gateway takes a choice back that waits.
        self.changed = gateway != self.gateway;
        at_once
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;

//! The protocol in plain integers, as the specification states it: what every step of the
//! tour is compared with. Knows the curve through `diem-math` and nothing of the contracts.

use alloy::primitives::U256;
use diem_math::{Curve, Quote};

/// Scale of the reward index, 1e36.
fn index_scale() -> U256 {
    U256::from(10).pow(U256::from(36))
}

/// The pool that all sVVV earns from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    /// Gross reward per sVVV, scaled by 1e36.
    pub(super) index: U256,
    /// VVV left to emit.
    pub(super) reserve: U256,
    /// VVV per second.
    pub(super) rate: U256,
    /// All sVVV.
    pub(super) staked: U256,
    /// When the index was brought to date, in seconds since 1970.
    pub(super) updated: u64,
}

impl Pool {
    /// Emits `min(rate * elapsed, reserve)` to all sVVV alike.
    pub(super) fn accrue(&mut self, now: u64) {
        let elapsed = U256::from(now.saturating_sub(self.updated));
        self.updated = now;
        if self.staked.is_zero() {
            return;
        }
        let emitted = (self.rate * elapsed).min(self.reserve);
        let growth = emitted * index_scale() / self.staked;
        self.index += growth;
        self.reserve -= (growth * self.staked).div_ceil(index_scale());
    }
}

/// What a balance has earned: its reward at full precision, and what of it was taken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Earner {
    /// sVVV that earns.
    pub(super) balance: U256,
    earned: U256,
    taken: U256,
    index: U256,
}

impl Earner {
    /// Nothing, from this index on.
    pub(super) fn new(index: U256) -> Self {
        Self {
            index,
            ..Self::default()
        }
    }

    pub(super) fn checkpoint(&mut self, index: U256) {
        self.earned += self.balance * (index - self.index);
        self.index = index;
    }

    /// Gross reward since the beginning, in wei, rounded down.
    pub(super) fn gross(&self) -> U256 {
        self.earned / index_scale()
    }

    /// Takes what is pending, in wei, rounded down; a fraction stays for the next time.
    pub(super) fn take(&mut self) -> U256 {
        let pending = self.gross() - self.taken;
        self.taken += pending;
        pending
    }
}

/// 80% of a gross yield, rounded down.
fn net(gross: U256) -> U256 {
    gross * U256::from(4) / U256::from(5)
}

/// 20% of a gross yield, rounded down.
pub(super) fn fee(gross: U256) -> U256 {
    gross / U256::from(5)
}

/// One account with a position.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    /// Free sVVV.
    pub(super) free: Earner,
    /// Locked sVVV.
    pub(super) locked: Earner,
    /// DIEM that was minted against the locked sVVV.
    pub(super) outstanding: U256,
    /// The curve of the deployment.
    pub(super) curve: Curve,
    /// DIEM in existence.
    pub(super) supply: U256,
    /// VVV paid out as rewards so far.
    pub(super) received: U256,
}

impl Holder {
    /// Brings both balances to an index.
    pub(super) fn checkpoint(&mut self, index: U256) {
        self.free.checkpoint(index);
        self.locked.checkpoint(index);
    }

    /// Takes the yield of the position. Gives gross and, rounded down, the owner's 80%.
    pub(super) fn claim_yield(&mut self, index: U256) -> (U256, U256) {
        self.checkpoint(index);
        let gross = self.locked.take();
        self.received += net(gross);
        (gross, net(gross))
    }

    /// Takes all rewards: of free sVVV, and of the position net of the fee.
    pub(super) fn claim(&mut self, index: U256) -> U256 {
        let (_, net) = self.claim_yield(index);
        let free = self.free.take();
        self.received += free;
        free + net
    }

    /// Locks sVVV for what the curve says.
    pub(super) fn mint(&mut self, index: U256, quote: Quote) {
        self.checkpoint(index);
        self.free.balance -= quote.svvv;
        self.locked.balance += quote.svvv;
        self.outstanding += quote.diem;
        self.supply += quote.diem;
    }

    /// Unlocks the share of the locked sVVV that `diem` is of the outstanding DIEM.
    pub(super) fn burn(&mut self, index: U256, diem: U256) -> U256 {
        self.checkpoint(index);
        let unlocked = diem * self.locked.balance / self.outstanding;
        self.locked.balance -= unlocked;
        self.free.balance += unlocked;
        self.outstanding -= diem;
        self.supply -= diem;
        unlocked
    }
}

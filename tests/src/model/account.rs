//! What the model knows of one account, and of one lease.

use super::INDEX_SCALE;
use alloy_primitives::{Address, U256};

/// One account in all three contracts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Liquid VVV.
    pub vvv: U256,
    /// sVVV that may be unstaked or locked.
    pub free: U256,
    /// sVVV behind DIEM.
    pub locked: U256,
    /// VVV on its way back.
    pub cooling: U256,
    /// When it arrives; 0 when nothing is cooling.
    pub cooldown_end: u64,
    /// Rewards of free sVVV.
    pub rewards: Earner,
    /// Yield of locked sVVV, fee included.
    pub yields: Earner,
    /// DIEM owed.
    pub outstanding: U256,
    /// Liquid DIEM.
    pub diem: U256,
    /// Staked DIEM, what is leased out included.
    pub active: U256,
    /// The part of `active` that backs open leases.
    pub leased: U256,
    /// DIEM in the cooldown bucket.
    pub bucket: U256,
    /// When the bucket opens; 0 when it is empty.
    pub bucket_end: u64,
    /// Credit spent in `used_epoch`.
    pub used: U256,
    /// The epoch of the last spending.
    pub used_epoch: u64,
}

/// What an amount has earned from the index and its owner not taken, at scale 1e36: nothing is rounded off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earner {
    /// Index up to which `raw` counts.
    pub seen: U256,
    /// Earned up to there, scaled by 1e36.
    pub raw: U256,
}

impl Earner {
    /// Earned at `index` by who held `amount` since the last checkpoint, scaled by 1e36.
    pub fn raw_at(&self, index: U256, amount: U256) -> U256 {
        self.raw + amount * (index - self.seen)
    }

    /// Earned at `index`, in whole wei, rounded down.
    pub fn whole_at(&self, index: U256, amount: U256) -> U256 {
        self.raw_at(index, amount) / INDEX_SCALE
    }

    /// Books what `amount` earned up to `index`.
    pub fn checkpoint(&mut self, index: U256, amount: U256) {
        self.raw = self.raw_at(index, amount);
        self.seen = index;
    }

    /// Takes the whole wei; a fraction stays for the next time.
    pub fn take(&mut self) -> U256 {
        let whole = self.raw / INDEX_SCALE;
        self.raw -= whole * INDEX_SCALE;
        whole
    }
}

/// Part of somebody's daily credit, in somebody else's hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Whose stake backs it.
    pub lessor: Address,
    /// Whose credit it is.
    pub lessee: Address,
    /// Dollars a day.
    pub amount: U256,
    /// First epoch served.
    pub start: u64,
    /// First epoch not served.
    pub end: u64,
    /// Spent in `used_epoch`.
    pub used: U256,
    /// The epoch of the last spending.
    pub used_epoch: u64,
}

impl Lease {
    /// Whether it serves this epoch.
    pub fn serves(&self, epoch: u64) -> bool {
        (self.start..self.end).contains(&epoch)
    }

    /// Left to spend in `epoch`; zero outside the term.
    pub fn remaining(&self, epoch: u64) -> U256 {
        if !self.serves(epoch) {
            return U256::ZERO;
        }
        self.amount - self.used_in(epoch)
    }

    /// Spent in `epoch`.
    pub fn used_in(&self, epoch: u64) -> U256 {
        if self.used_epoch == epoch {
            self.used
        } else {
            U256::ZERO
        }
    }
}

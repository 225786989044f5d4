//! What the model knows of one account, and of one lease.

use super::{INDEX_SCALE, Line};
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
    /// Its credit line: staked DIEM without what is leased out.
    pub line: Line,
    /// Dollars a day that it leased out and did not take back.
    pub leased: U256,
    /// DIEM in the cooldown bucket.
    pub bucket: U256,
    /// When the bucket opens; 0 when it is empty.
    pub bucket_end: u64,
}

impl Account {
    /// Active stake, what is leased out included: what the live interface calls staked.
    pub fn active(&self) -> U256 {
        self.line.tomorrow.allowance + self.leased
    }
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
    /// Its gateways and what was used; the allowances follow from the term.
    pub line: Line,
}

impl Lease {
    /// A lease that begins tomorrow, for which nobody chose yet.
    pub fn opened(
        lessor: Address,
        lessee: Address,
        amount: U256,
        (start, end): (u64, u64),
    ) -> Self {
        let mut lease = Self {
            lessor,
            lessee,
            amount,
            start,
            end,
            line: Line::default(),
        };
        lease.bring_to(start - 1);
        lease
    }

    /// Dollars of an epoch.
    pub fn allowance_in(&self, epoch: u64) -> U256 {
        if (self.start..self.end).contains(&epoch) {
            self.amount
        } else {
            U256::ZERO
        }
    }

    /// Brings the line to an epoch.
    pub fn bring_to(&mut self, epoch: u64) {
        self.line.bring_to(epoch);
        self.line.today.allowance = self.allowance_in(epoch);
        self.line.tomorrow.allowance = self.allowance_in(epoch + 1);
    }

    /// The line as it is in an epoch.
    pub fn line_in(&self, epoch: u64) -> Line {
        let mut lease = self.clone();
        lease.bring_to(epoch);
        lease.line
    }
}

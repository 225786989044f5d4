//! A credit line as its holder and its gateway see it: what is true today, and what tomorrow begins with.

use alloy_primitives::{Address, U256};

/// Who settles a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Nothing was ever chosen: the default gateway.
    #[default]
    Never,
    /// Nobody, by choice.
    Nobody,
    /// This gateway, revoked or not.
    Gateway(Address),
}

/// What counts for one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Dollars.
    pub allowance: U256,
    /// Who settles them.
    pub gateway: Choice,
}

/// Today, tomorrow, and what was used today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The epoch that `today` means.
    pub epoch: u64,
    /// Firm.
    pub today: Day,
    /// A forecast.
    pub tomorrow: Day,
    /// Used today, in all.
    pub used: U256,
}

impl Line {
    /// Brings the line to an epoch, which is not before its own.
    pub fn bring_to(&mut self, epoch: u64) {
        if epoch > self.epoch {
            self.today = self.tomorrow;
            self.used = U256::ZERO;
            self.epoch = epoch;
        }
    }

    /// The line as it is in an epoch.
    pub fn in_epoch(mut self, epoch: u64) -> Self {
        self.bring_to(epoch);
        self
    }

    /// Credit that comes counts at once.
    pub fn add(&mut self, amount: U256) {
        self.today.allowance += amount;
        self.tomorrow.allowance += amount;
    }

    /// Lets `gateway` settle the line; the epoch from which it does.
    pub fn choose(&mut self, gateway: Choice) -> u64 {
        self.tomorrow.gateway = gateway;
        if self.today.allowance.is_zero() {
            self.today.gateway = gateway;
            return self.epoch;
        }
        self.epoch + 1
    }

    /// Takes a statement of what was used in all, which the allowance covers; whether it is news.
    pub fn state(&mut self, used: U256) -> bool {
        let news = used > self.used;
        self.used = self.used.max(used);
        news
    }

    /// Left of today's allowance.
    pub fn remaining(&self) -> U256 {
        self.today.allowance - self.used
    }
}

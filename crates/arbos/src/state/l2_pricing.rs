//! What ArbOS keeps about the price of L2 gas.

use alloy_primitives::U256;

use super::storage::{Cell, Space, Storage};
use crate::math::approx_exp_bips;

/// 0.1 gwei: the smallest and the first base fee.
pub const INITIAL_BASE_FEE: u64 = 100_000_000;
/// Gas per second the chain is meant to sustain.
pub const SPEED_LIMIT: u64 = 7_000_000;
/// Compute gas a block may hold.
pub const BLOCK_GAS_LIMIT: u64 = 32_000_000;
/// Compute gas one transaction may use, from ArbOS 50 on.
pub const TX_GAS_LIMIT: u64 = 32_000_000;
/// How slowly the price reacts.
pub const INERTIA: u64 = 102;
/// Seconds of full speed a backlog may hold before the price moves.
pub const BACKLOG_TOLERANCE: u64 = 10;
/// Terms of the exponential series in the base fee.
const FEE_TERMS: u32 = 4;

/// The L2 pricing region, root sub-space 1.
#[derive(Clone, Copy, Debug)]
pub struct L2Pricing(Space);

impl L2Pricing {
    pub(super) fn open(root: Space) -> Self {
        Self(root.region(&[1]))
    }

    /// Gas per second.
    pub fn speed_limit(self) -> Cell<u64> {
        self.0.cell(0)
    }

    /// Compute gas per block.
    pub fn block_gas_limit(self) -> Cell<u64> {
        self.0.cell(1)
    }

    /// Wei per gas.
    pub fn base_fee(self) -> Cell<U256> {
        self.0.cell(2)
    }

    /// Smallest base fee, wei per gas.
    pub fn min_base_fee(self) -> Cell<U256> {
        self.0.cell(3)
    }

    /// Gas used beyond the speed limit.
    pub fn backlog(self) -> Cell<u64> {
        self.0.cell(4)
    }

    /// How slowly the price reacts.
    pub fn inertia(self) -> Cell<u64> {
        self.0.cell(5)
    }

    /// Seconds of full speed a backlog may hold before the price moves.
    pub fn backlog_tolerance(self) -> Cell<u64> {
        self.0.cell(6)
    }

    /// Compute gas per transaction, from ArbOS 50 on.
    pub fn tx_gas_limit(self) -> Cell<u64> {
        self.0.cell(7)
    }

    /// Gas constraints, from ArbOS 50 on.
    pub fn constraints(self) -> Constraints {
        Constraints(self.0.region(&[0]))
    }

    /// The words a new chain starts with.
    pub fn initialize<S: Storage>(self, storage: &mut S, base_fee: U256) -> Result<(), S::Error> {
        self.speed_limit().set(storage, SPEED_LIMIT)?;
        self.block_gas_limit().set(storage, BLOCK_GAS_LIMIT)?;
        self.base_fee().set(storage, base_fee)?;
        self.backlog().set(storage, 0)?;
        self.inertia().set(storage, INERTIA)?;
        self.backlog_tolerance().set(storage, BACKLOG_TOLERANCE)?;
        self.min_base_fee().set(storage, base_fee)
    }

    /// Adds the compute gas of a transaction to the backlog of whichever model is in force.
    pub fn add_gas_used<S: Storage>(self, storage: &mut S, gas: u64) -> Result<(), S::Error> {
        if self.constraints().len(storage)? > 0 {
            return self.constraints().add_gas_used(storage, gas);
        }
        let backlog = self.backlog().get(storage)?;
        self.backlog().set(storage, backlog.saturating_add(gas))
    }

    /// Lets `seconds` drain the backlog and sets the base fee of the coming block.
    ///
    /// `base = min` while the backlog is within tolerance, else
    /// `min · exp((backlog − tolerance·speed) / (inertia·speed))`; with constraints, the exponents
    /// of all of them are added up.
    pub fn start_block<S: Storage>(self, storage: &mut S, seconds: u64) -> Result<(), S::Error> {
        let exponent_bips = if self.constraints().len(storage)? > 0 {
            self.constraints().drain(storage, seconds)?
        } else {
            self.drain(storage, seconds)?
        };
        let min = self.min_base_fee().get(storage)?;
        let base_fee = if exponent_bips == 0 {
            min
        } else {
            let factor = approx_exp_bips(exponent_bips, FEE_TERMS);
            min.saturating_mul(U256::from(factor)) / U256::from(10_000)
        };
        self.base_fee().set(storage, base_fee)
    }

    fn drain<S: Storage>(self, storage: &mut S, seconds: u64) -> Result<u64, S::Error> {
        let speed = self.speed_limit().get(storage)?;
        let backlog = self.backlog().get(storage)?;
        let left = backlog.saturating_sub(seconds.saturating_mul(speed));
        self.backlog().set(storage, left)?;
        let inertia = self.inertia().get(storage)?;
        let tolerated = self.backlog_tolerance().get(storage)?.saturating_mul(speed);
        let excess = left.saturating_sub(tolerated);
        Ok(excess
            .saturating_mul(10_000)
            .checked_div(inertia.saturating_mul(speed))
            .unwrap_or(0))
    }
}

/// One gas constraint: a target, how long it looks back, and what is over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Gas per second.
    pub target: u64,
    /// Seconds over which an excess is priced in.
    pub adjustment_window: u64,
    /// Gas over the target.
    pub backlog: u64,
}

/// The list of gas constraints: length at key 0, each constraint in a sub-space of its own.
#[derive(Clone, Copy, Debug)]
pub struct Constraints(Space);

impl Constraints {
    /// Number of constraints.
    pub fn len<S: Storage>(self, storage: &mut S) -> Result<u64, S::Error> {
        self.size().get(storage)
    }

    /// The constraint at `index`; three reads.
    pub fn get<S: Storage>(self, storage: &mut S, index: u64) -> Result<Constraint, S::Error> {
        let at = self.at(index);
        Ok(Constraint {
            target: at.cell(0).get(storage)?,
            adjustment_window: at.cell(1).get(storage)?,
            backlog: at.cell(2).get(storage)?,
        })
    }

    /// Every constraint in order.
    pub fn all<S: Storage>(self, storage: &mut S) -> Result<Vec<Constraint>, S::Error> {
        let len = self.len(storage)?;
        (0..len).map(|index| self.get(storage, index)).collect()
    }

    /// Appends a constraint.
    pub fn push<S: Storage>(self, storage: &mut S, constraint: Constraint) -> Result<(), S::Error> {
        let len = self.len(storage)?;
        let at = self.at(len);
        at.cell(0).set(storage, constraint.target)?;
        at.cell(1).set(storage, constraint.adjustment_window)?;
        at.cell(2).set(storage, constraint.backlog)?;
        self.size().set(storage, len + 1)
    }

    /// Removes every constraint.
    pub fn clear<S: Storage>(self, storage: &mut S) -> Result<(), S::Error> {
        let len = self.len(storage)?;
        for index in (0..len).rev() {
            for offset in 0..3 {
                self.at(index).cell::<u64>(offset).set(storage, 0)?;
            }
            self.size().set(storage, index)?;
        }
        Ok(())
    }

    /// Replaces the backlog at `index`.
    pub fn set_backlog<S: Storage>(
        self,
        storage: &mut S,
        index: u64,
        backlog: u64,
    ) -> Result<(), S::Error> {
        self.at(index).cell(2).set(storage, backlog)
    }

    fn add_gas_used<S: Storage>(self, storage: &mut S, gas: u64) -> Result<(), S::Error> {
        for index in 0..self.len(storage)? {
            let backlog: u64 = self.at(index).cell(2).get(storage)?;
            self.set_backlog(storage, index, backlog.saturating_add(gas))?;
        }
        Ok(())
    }

    /// Drains every backlog and returns the sum of the exponents in basis points.
    fn drain<S: Storage>(self, storage: &mut S, seconds: u64) -> Result<u64, S::Error> {
        let mut exponent = 0u64;
        for index in 0..self.len(storage)? {
            let constraint = self.get(storage, index)?;
            let drained = seconds.saturating_mul(constraint.target);
            let left = constraint.backlog.saturating_sub(drained);
            self.set_backlog(storage, index, left)?;
            let divisor = constraint
                .adjustment_window
                .saturating_mul(constraint.target);
            let bips = left.saturating_mul(10_000).checked_div(divisor);
            exponent = exponent.saturating_add(bips.unwrap_or(0));
        }
        Ok(exponent)
    }

    fn size(self) -> Cell<u64> {
        self.0.cell(0)
    }

    fn at(self, index: u64) -> Space {
        self.0.region(&[0]).region(&index.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::state::storage::{Free, sure};

    #[test]
    fn the_base_fee_stays_at_the_minimum_within_tolerance_and_rises_beyond() {
        let mut words = BTreeMap::new();
        let mut storage = Free(&mut words);
        let pricing = L2Pricing::open(Space::ROOT);
        let min = U256::from(INITIAL_BASE_FEE);
        sure(pricing.initialize(&mut storage, min));
        sure(pricing.add_gas_used(&mut storage, 77_000_000));
        sure(pricing.start_block(&mut storage, 1));
        assert_eq!(sure(pricing.backlog().get(&mut storage)), 70_000_000);
        assert_eq!(sure(pricing.base_fee().get(&mut storage)), min);

        // One inertia above the tolerance: e, as four terms of the series see it.
        sure(pricing.add_gas_used(&mut storage, INERTIA * SPEED_LIMIT));
        sure(pricing.start_block(&mut storage, 0));
        assert_eq!(
            sure(pricing.base_fee().get(&mut storage)),
            U256::from(270_830_000u64)
        );
    }
}

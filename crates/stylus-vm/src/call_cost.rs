//! What a call of a program costs before it starts, and for what it returns.

use crate::memory::Pages;
use crate::params::{COST_SCALAR_PERCENT, MIN_CACHED_GAS_UNIT, MIN_INIT_GAS_UNIT, StylusParams};
use crate::pricing::WORD_BYTES;

/// Parameter version from which the cached part is always paid.
const VERSION_ADDS_CACHED: u16 = 2;
/// Gas of each word of EVM memory.
const MEMORY_WORD_GAS: u64 = 3;
/// Divisor of the quadratic part of the EVM memory price.
const MEMORY_QUADRATIC: u128 = 512;

/// The figures measured at activation, as a program's record stores them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartCosts {
    /// Unscaled cost of an uncached start.
    pub init_cost: u16,
    /// Unscaled cost of a cached start.
    pub cached_cost: u16,
    /// Initial pages.
    pub footprint: u16,
}

/// The parts of the cost of a call, in gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallCost {
    /// Opening the program's initial pages.
    pub pages: u64,
    /// The part paid by cached programs; since version 2 by all.
    pub cached: u64,
    /// The part paid by uncached programs only.
    pub init: u64,
}

impl CallCost {
    /// Everything to charge.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.pages
            .saturating_add(self.cached)
            .saturating_add(self.init)
    }
}

/// Gas of an uncached start, without pages and without the cached part. Rounds up.
#[must_use]
pub fn init_gas(params: &StylusParams, init_cost: u16) -> u64 {
    let base = u64::from(params.min_init_gas) * MIN_INIT_GAS_UNIT;
    base + scaled_up(init_cost, params.init_cost_scalar)
}

/// Gas of a cached start, without pages. Rounds up.
#[must_use]
pub fn cached_gas(params: &StylusParams, cached_cost: u16) -> u64 {
    let base = u64::from(params.min_cached_init_gas) * MIN_CACHED_GAS_UNIT;
    base + scaled_up(cached_cost, params.cached_cost_scalar)
}

/// Gas to charge a call before the program starts.
#[must_use]
pub fn call_cost(
    params: &StylusParams,
    costs: &StartCosts,
    cached: bool,
    pages: Pages,
) -> CallCost {
    let pays_cached = cached || params.version >= VERSION_ADDS_CACHED;
    CallCost {
        pages: pages.cost(costs.footprint, params),
        cached: if pays_cached {
            cached_gas(params, costs.cached_cost)
        } else {
            0
        },
        init: if cached {
            0
        } else {
            init_gas(params, costs.init_cost)
        },
    }
}

/// Least gas a frame must use for returning `len` bytes: what EVM memory of that size costs.
#[must_use]
pub fn return_data_gas(len: usize) -> u64 {
    let words = (len as u64).div_ceil(u64::from(WORD_BYTES));
    let quadratic = u128::from(words) * u128::from(words) / MEMORY_QUADRATIC;
    (MEMORY_WORD_GAS * words).saturating_add(u64::try_from(quadratic).unwrap_or(u64::MAX))
}

fn scaled_up(cost: u16, scalar: u8) -> u64 {
    (u64::from(cost) * u64::from(scalar) * COST_SCALAR_PERCENT).div_ceil(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_example_holds() {
        let params = StylusParams::default();
        let costs = StartCosts {
            init_cost: 1_825,
            cached_cost: 715,
            footprint: 17,
        };
        assert_eq!(
            init_gas(&params, costs.init_cost) + cached_gas(&params, 715),
            11_724
        );
        let cost = call_cost(&params, &costs, true, Pages::default());
        assert_eq!((cost.cached, cost.init, cost.pages), (1_067, 0, 15_008));
    }

    #[test]
    fn version_one_pays_one_part_only() {
        let params = StylusParams {
            version: 1,
            min_init_gas: 72,
            ..Default::default()
        };
        let costs = StartCosts {
            init_cost: 100,
            cached_cost: 10,
            footprint: 1,
        };
        assert_eq!(
            call_cost(&params, &costs, false, Pages::default()).total(),
            9_216 + 100
        );
        assert_eq!(
            call_cost(&params, &costs, true, Pages::default()).total(),
            352 + 10
        );
    }

    #[test]
    fn returned_bytes_cost_evm_memory() {
        assert_eq!([0, 1, 32, 33].map(return_data_gas), [0, 3, 3, 6]);
        assert_eq!(return_data_gas(1024 * 32), 3 * 1024 + 2048);
    }
}

//! The reward index, what it owes, and the fee on locked yield.
//!
//! The index is the gross reward per staked sVVV since the start, scaled by 1e36. What
//! an account earned is its balance times the growth of the index since its checkpoint.
//! Rounding: the index grows down, what the reserve gives up for it rounds up, and what
//! an account earns rounds down, so the sum of all rewards never exceeds what was set
//! aside for them.

use crate::MathError;
use crate::wad::{WAD, mul_div_down, mul_div_up};
use ruint::aliases::U256;

/// Scale of the reward index: 1e36.
pub const INDEX_SCALE: U256 =
    U256::from_limbs([0xb34b_9f10_0000_0000, 0x00c0_97ce_7bc9_0715, 0, 0]);

/// Protocol share of the gross yield of locked sVVV: 20%, WAD. Never of principal.
pub const YIELD_FEE: U256 = U256::from_limbs([200_000_000_000_000_000, 0, 0, 0]);

/// What remains of locked yield for the owner of the position: 80%, WAD.
pub const YIELD_NET: U256 = U256::from_limbs([800_000_000_000_000_000, 0, 0, 0]);

const _: () = {
    let [fee, ..] = YIELD_FEE.into_limbs();
    let [net, ..] = YIELD_NET.into_limbs();
    let [wad, ..] = WAD.into_limbs();
    assert!(fee + net == wad);
};

/// What one accrual changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accrual {
    /// Added to the index. Scaled by 1e36, rounded down.
    pub index_growth: U256,
    /// Taken from the reserve: what the growth makes payable, rounded up. VVV, WAD.
    pub paid: U256,
}

impl Accrual {
    /// Nothing happens.
    pub const NONE: Self = Self {
        index_growth: U256::ZERO,
        paid: U256::ZERO,
    };
}

/// The accrual over `elapsed` seconds.
///
/// Units: `emission_rate` VVV wei per second, `reserve` and `total_staked` WAD. Emits
/// `min(emission_rate * elapsed, reserve)`, nothing with nothing staked. `paid` is never
/// more than `reserve`. Fails with `Overflow` when the index would grow past 256 bits.
pub fn accrue(
    emission_rate: U256,
    elapsed: u64,
    reserve: U256,
    total_staked: U256,
) -> Result<Accrual, MathError> {
    if total_staked.is_zero() {
        return Ok(Accrual::NONE);
    }
    let emitted = emission_rate
        .saturating_mul(U256::from(elapsed))
        .min(reserve);
    if emitted.is_zero() {
        return Ok(Accrual::NONE);
    }
    let index_growth = mul_div_down(emitted, INDEX_SCALE, total_staked)?;
    let paid = mul_div_up(index_growth, total_staked, INDEX_SCALE)?;
    Ok(Accrual { index_growth, paid })
}

/// Gross reward of `balance` while the index grew by `index_growth`. WAD, rounded down.
///
/// Fails with `Overflow` when it needs more than 256 bits.
pub fn reward_down(balance: U256, index_growth: U256) -> Result<U256, MathError> {
    mul_div_down(balance, index_growth, INDEX_SCALE)
}

/// The owner's 80% of a gross locked yield, rounded down. WAD.
pub fn net_of_fee_down(gross: U256) -> Result<U256, MathError> {
    mul_div_down(gross, YIELD_NET, WAD)
}

/// The protocol's 20% of a gross locked yield, rounded down. WAD.
pub fn fee_down(gross: U256) -> Result<U256, MathError> {
    mul_div_down(gross, YIELD_FEE, WAD)
}

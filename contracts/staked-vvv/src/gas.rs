//! Gas that a call may need in another second: an estimate suffices whenever the call is sent.
//!
//! Clients estimate at one second and send at another, and what a call has to do depends on
//! the second: whether somebody else has accrued in it, what is pending. So each call whose
//! work depends on the second insists at its beginning on the gas of the most work that it
//! can be in any, without spending it: then the least limit with which it passes is the same
//! in all of them. What a claim asks for once more, before it calls DIEM, is within that.
//!
//! Figures are upper bounds in gas, fresh slots and programs that are not cached counted as
//! such; tests send what was estimated in busy and quiet seconds in later ones of both kinds.

use crate::contract::StakedVvv;
use crate::errors::{Result, refuse};
use crate::interface::IStakedVvv;

/// Three fresh slots, five that change, and a pull of VVV to which this contract is new.
pub(crate) const STAKE: u64 = 140_000;
/// What a permit adds: a signature, a nonce and an allowance.
pub(crate) const PERMIT: u64 = 70_000;
/// Two fresh slots and four that change.
pub(crate) const UNSTAKE: u64 = 90_000;
/// Accrual, DIEM's part, and a payment to a fresh balance.
pub(crate) const CLAIM: u64 = 200_000;
/// The lock, DIEM's position and balance, every slot fresh.
pub(crate) const MINT: u64 = 210_000;
/// The unlock and DIEM's position, every debt fresh.
pub(crate) const BURN: u64 = 160_000;
/// Accrual, two fresh slots, and a pull of VVV to which this contract is new.
pub(crate) const FUND: u64 = 150_000;
/// Accrual and two slots.
pub(crate) const RATE: u64 = 40_000;
/// What DIEM needs to settle an account's locked yield, at the most: entering a program
/// that is not cached, five slots, one of them fresh, a log.
pub(crate) const SETTLEMENT: u64 = 80_000;
/// What must be left for that to be given: a call keeps a sixty-fourth back, and costs.
pub(crate) const ASK_FOR_SETTLEMENT: u64 = SETTLEMENT + SETTLEMENT / 63 + 6_000;
// What a claim insists on covers what it asks for DIEM, and as much again.
const _: () = assert!(CLAIM > 2 * ASK_FOR_SETTLEMENT);

impl StakedVvv {
    /// Refuses to go on unless `needed` gas is left.
    pub(crate) fn insist(&self, needed: u64) -> Result<()> {
        let left = self.store.gas_left();
        if left < needed {
            return Err(refuse!(IStakedVvv::InsufficientGas, left, needed));
        }
        Ok(())
    }
}

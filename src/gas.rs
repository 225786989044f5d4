//! Gas that a later second needs: an estimate suffices whenever the call is sent.
//!
//! Clients estimate at one second and send at another. Where a call does less now than it
//! would do later, with the same state, it insists that the difference is left when it is
//! done, without spending it; so the least gas with which it passes now is enough then.
//! Figures are upper bounds of what the EVM's rules and the programs' own work can add,
//! fresh slots counted as such; tests compare them with what is measured.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::interface::IDiem;

/// What the next epoch adds to an act on a line that was touched in this one: both its words
/// are written again, or the second is read.
pub(crate) const CALENDAR: u64 = 7_000;
/// What paying adds to a claim that finds nothing now: the books (with a fresh slot), the
/// call to sVVV with its accrual, and VVV's transfer to a fresh balance.
pub(crate) const PAYMENT: u64 = 150_000;

impl Diem {
    /// Refuses to go on unless `needed` gas is left after what was written is paid for.
    #[inline(never)]
    pub(crate) fn insist(&self, needed: u64) -> Result<()> {
        let left = self.store.gas_left_when_written();
        if left < needed {
            return Err(refuse!(IDiem::InsufficientGas, left, needed));
        }
        Ok(())
    }

    /// [`Self::insist`] where a later second would need more.
    pub(crate) fn insist_where(&self, later: bool, needed: u64) -> Result<()> {
        if later { self.insist(needed) } else { Ok(()) }
    }
}

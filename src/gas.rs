//! Gas that a call may need in another second: an estimate suffices whenever the call is sent.
//!
//! Clients estimate at one second and send at another, and what a call has to do depends on
//! the second: whether somebody else has accrued in it, what is pending, whether a day began.
//! So each call whose work depends on the second insists at its beginning on the gas of the
//! most work that it can be in any, without spending it: then the least limit with which it
//! passes is the same in all of them. Nothing is asked for later: a check whose outcome
//! depends on the second would itself make estimates wrong.
//!
//! Figures are upper bounds in gas, fresh slots and programs that are not cached counted as
//! such; tests send what was estimated in busy and quiet seconds in later ones of both kinds.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::interface::IDiem;

/// The lock in sVVV, position and balance, every slot fresh.
pub(crate) const MINT: u64 = 210_000;
/// The unlock in sVVV and the position, every debt fresh.
pub(crate) const BURN: u64 = 160_000;
/// A position's debt, fresh, and a payment by sVVV to a fresh balance of VVV.
pub(crate) const YIELD: u64 = 190_000;
/// A line and the total, fresh, a balance that changes, and what waits is read.
pub(crate) const STAKE: u64 = 90_000;
/// Both words of a line, the second one fresh.
pub(crate) const UNSTAKE: u64 = 45_000;
/// A gateway, and both words of a line, the second one fresh.
pub(crate) const CHOICE: u64 = 50_000;
/// The lessor's three words and the lease's three, most of them fresh.
pub(crate) const LEASE: u64 = 165_000;
/// The lessor's words change, the lease's are cleared.
pub(crate) const CLOSING: u64 = 45_000;
/// A gateway, and the default's word, fresh.
pub(crate) const DEFAULT: u64 = 45_000;

impl Diem {
    /// Refuses to go on unless `needed` gas is left.
    #[inline(never)]
    pub(crate) fn insist(&self, needed: u64) -> Result<()> {
        let left = self.store.gas_left();
        if left < needed {
            return Err(refuse!(IDiem::InsufficientGas, left, needed));
        }
        Ok(())
    }
}

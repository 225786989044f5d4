//! The storage layout. Append only; never reorder.
//!
//! | slot | bits | content |
//! | --- | --- | --- |
//! | 0 | 0..40 | when the index was last brought to now, seconds |
//! | | 40..256 | reward index, scale 1e36 |
//! | 1 | 0..128 | sVVV in existence |
//! | | 128..256 | sVVV locked |
//! | 2 | 0..128 | reward reserve, VVV |
//! | | 128..256 | yield of locked sVVV paid so far, VVV |
//! | 3 | 0..160 | VVV |
//! | | 160..256 | emission rate, VVV wei per second |
//! | 4 | 0..160 | DIEM, zero before wiring |
//! | | 160..256 | emission rate again: each path reads one of the two words only |
//! | 5 | | lock debt: sum over locks of amount times index then, less the same over unlocks, modulo 2^256 |
//! | 6 | | VVV funded so far; bounds all rewards ever, see `emissions` |
//! | 7 | | accounts: address to three words |
//! | 8 | 0..160 | owner |
//! | 9 | 0..160 | pending owner |
//! | 10 | 0..96 | highest emission rate ever, VVV wei per second |
//! | 11 | | allowances, without power: owner to spender to uint256 |
//!
//! An account's words:
//!
//! | word | bits | content |
//! | --- | --- | --- |
//! | 0 | 0..120 | free sVVV |
//! | | 120..240 | locked sVVV |
//! | | 240 | set once the account locked: DIEM may hold yield for it |
//! | 1 | | reward debt, see `account` |
//! | 2 | 0..128 | VVV in cooldown |
//! | | 128..192 | when the cooldown ends, seconds |

use alloy_primitives::{Address, U256};
#[cfg(target_arch = "wasm32")]
use contract_kit::owner::Owner;

pub(crate) const INDEX: u64 = 0;
pub(crate) const TOTALS: u64 = 1;
pub(crate) const FUNDS: u64 = 2;
pub(crate) const VENICE: u64 = 3;
pub(crate) const DIEM: u64 = 4;
pub(crate) const LOCK_DEBT: u64 = 5;
pub(crate) const FUNDED: u64 = 6;
pub(crate) const ACCOUNTS: u64 = 7;
pub(crate) const MAX_RATE: u64 = 10;
pub(crate) const ALLOWANCES: u64 = 11;
/// And, in the slot after it, the pending owner.
#[cfg(target_arch = "wasm32")]
pub(crate) const OWNER: Owner = Owner(8);

/// Words of an account, counted from its entry.
pub(crate) const ACCOUNT_BALANCES: u64 = 0;
/// See above.
pub(crate) const ACCOUNT_DEBT: u64 = 1;
/// See above.
pub(crate) const ACCOUNT_COOLDOWN: u64 = 2;

/// Bits of a balance. 2^120 wei are 1.3e18 VVV, ten billion times what exists.
pub(crate) const BALANCE_BITS: usize = 120;
/// Bits of an address.
pub(crate) const ADDRESS_BITS: usize = 160;
/// Bits of the emission rate: 7.9e10 VVV per second.
pub(crate) const RATE_BITS: usize = 96;
/// Bits of the time of the last accrual.
pub(crate) const TIME_BITS: usize = 40;
/// Bits of the reward index.
pub(crate) const INDEX_BITS: usize = 256 - TIME_BITS;

/// A contract's address and the emission rate, as slots 3 and 4 hold them.
pub(crate) fn contract_and_rate(contract: Address, rate: u128) -> U256 {
    use contract_kit::word::{ToWord, at};
    contract.to_word() | at(rate, ADDRESS_BITS)
}

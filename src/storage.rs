//! The storage layout. Append only; never reorder.
//!
//! | slot | bits | content |
//! | --- | --- | --- |
//! | 0 | | balances: address to uint256 (OpenZeppelin) |
//! | 1 | | allowances: owner to spender to uint256 (OpenZeppelin) |
//! | 2 | | total supply (OpenZeppelin) |
//! | 3 | | permit nonces: address to uint256 (OpenZeppelin) |
//! | 4 | 0..160 | sVVV |
//! | | 160 | whether minting is paused |
//! | 5 | 0..128 | base rate of the curve |
//! | | 128..256 | target supply of the curve |
//! | 6 | 0..160 | owner |
//! | 7 | 0..160 | pending owner |
//! | 8 | 0..160 | guardian |
//! | 9 | 0..160 | treasury |
//! | 10 | | yield fees collected so far |
//! | 11 | | DIEM staked, active and cooling |
//! | 12 | | leases opened so far |
//! | 13 | | positions: address to two words |
//! | 14 | | stakes: address to two words |
//! | 15 | | gateways: address to 0 or 1 |
//! | 16 | | leases: id to three words |
//!
//! A position: word 0 holds locked sVVV (0..128) and outstanding DIEM (128..256), word 1
//! the yield debt (see `position`). Stakes and leases: see `credits` and `leases`.

#[cfg(target_arch = "wasm32")]
use contract_kit::owner::Owner;

pub(crate) const STAKED_VVV: u64 = 4;
pub(crate) const CURVE: u64 = 5;
/// And, in the slot after it, the pending owner.
#[cfg(target_arch = "wasm32")]
pub(crate) const OWNER: Owner = Owner(6);
pub(crate) const GUARDIAN: u64 = 8;
pub(crate) const TREASURY: u64 = 9;
pub(crate) const FEES_COLLECTED: u64 = 10;
pub(crate) const TOTAL_STAKED: u64 = 11;
pub(crate) const LEASE_COUNT: u64 = 12;
pub(crate) const POSITIONS: u64 = 13;
pub(crate) const STAKES: u64 = 14;
pub(crate) const GATEWAYS: u64 = 15;
pub(crate) const LEASES: u64 = 16;

/// Bit of slot 4 that says whether minting is paused.
pub(crate) const PAUSED_BIT: usize = 160;
/// Bits of an amount of DIEM or of credit. The curve's limits keep the supply below 2^91.
pub(crate) const AMOUNT_BITS: usize = 96;

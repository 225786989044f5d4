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
//! | 14 | | lines: address to three words |
//! | 15 | 0..24 | gateways, by address: number |
//! | | 24 | whether it is allowed |
//! | 16 | | leases: id to three words |
//! | 17 | 0..160 | gateways, by number: address |
//! | 18 | | the default gateway, see `gateways` |
//!
//! A position: word 0 holds locked sVVV (0..128) and outstanding DIEM (128..256), word 1
//! the yield debt (see `position`). Lines and leases: see `ledger` and `leases`.

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
pub(crate) const LINES: u64 = 14;
pub(crate) const GATEWAYS: u64 = 15;
pub(crate) const LEASES: u64 = 16;
pub(crate) const GATEWAY_ADDRESSES: u64 = 17;
pub(crate) const DEFAULT_GATEWAY: u64 = 18;

/// Bit of slot 4 that says whether minting is paused.
pub(crate) const PAUSED_BIT: usize = 160;
/// Bits of an amount of DIEM or of credit. The curve's limits keep the supply below 2^91.
pub(crate) const AMOUNT_BITS: usize = 91;
/// Bits of an epoch. 2^24 days are 45,000 years.
pub(crate) const EPOCH_BITS: usize = 24;
/// Bits of a gateway's number.
pub(crate) const NUMBER_BITS: usize = 24;
/// Bits of a time, seconds. 2^40 seconds are 34,000 years.
pub(crate) const TIME_BITS: usize = 40;
/// Bits of an address.
pub(crate) const ADDRESS_BITS: usize = 160;

//! sVVV: staking, rewards, leaving, locks.

mod emissions;
mod leaving;
mod locks;
mod receipt;
mod staking;

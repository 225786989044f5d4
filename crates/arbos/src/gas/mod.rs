//! Gas that the EVM does not know of.

pub mod l1;

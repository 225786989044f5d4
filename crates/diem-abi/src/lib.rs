//! What the contracts look like from outside: bindings generated from `abi/`, the
//! Arbitrum contracts they live beside, and one table that turns their errors into
//! sentences with numbers. The CLI, scripts and tests read the chain through this.

pub mod arbitrum;
mod contracts;
pub mod create2;
mod errors;
pub mod openzeppelin;
pub mod optimism;

pub use contracts::{IDiem, IStakedVvv, IVVV};
pub use errors::{Refusal, explain};

/// The committed ABI of a contract, as bytes: its hash is recorded with a deployment.
pub mod json {
    /// VVV stand-in.
    pub const VVV: &[u8] = include_bytes!("../../../abi/IVVV.json");
    /// sVVV.
    pub const STAKED_VVV: &[u8] = include_bytes!("../../../abi/IStakedVvv.json");
    /// DIEM.
    pub const DIEM: &[u8] = include_bytes!("../../../abi/IDiem.json");
}
